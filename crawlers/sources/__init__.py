"""One module per publisher: its facts, what to follow, how to read its pages."""
