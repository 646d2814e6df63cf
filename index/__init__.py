"""Remember: the archive, the store, the keyword index, the vectors, and search over them."""
