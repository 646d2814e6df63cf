"""The entries of the thesaurus as data, `docs/thesaurus.md` says how to edit."""
