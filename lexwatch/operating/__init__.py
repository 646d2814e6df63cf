"""The operator's view: what ails this installation, and what to do about it."""
