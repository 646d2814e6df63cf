"""Fetch: one small file per source in `crawlers/sources/`, and the machinery they share."""
