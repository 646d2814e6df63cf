"""The commands, by what they are about: each reads what was typed and calls what does it."""
