"""Search: one function behind the command line, the web pages and the alerts."""

from index.search.model import Count, Filters, Found, Hit, Meaning, Results
from index.search.search import search

__all__ = ["Count", "Filters", "Found", "Hit", "Meaning", "Results", "search"]
