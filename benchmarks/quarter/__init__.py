"""A quarter, or a year, of five publishers, four readers and everything that goes wrong."""
