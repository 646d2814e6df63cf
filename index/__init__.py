"""Remember: the store (SQL), the keyword index, the vectors (Chroma), search."""
