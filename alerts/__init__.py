"""Tell: subscriptions, matching, digests, mail, CLE packets."""
