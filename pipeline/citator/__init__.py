"""What authorities say of each other: citations resolved, treatments, status, drafts checked."""
