"""Decide: nouns and pure functions over them; no input or output, no clock."""
