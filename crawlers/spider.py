"""The spider every source is made of: fetch, commit the raw page, follow; reading comes later."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Protocol

import scrapy

from crawlers.source import Facts, Follow, Visit
from pipeline.model import Page, Reading


class Archive(Protocol):
    """Where pages are committed. `keep` returns after the commit; `latest` is the newest page kept
    for an address, in any run, with its body."""

    def keep(self, page: Page) -> None: ...

    def latest(self, url: str) -> Page | None: ...


class SourceSpider(scrapy.Spider):
    """One publisher. A source subclasses this with facts and three pure functions."""

    facts: ClassVar[Facts]

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:
        """Say where a visit begins."""
        raise NotImplementedError

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        """Say which pages this page leads to. Raises `PageChanged` where it lost its shape."""
        raise NotImplementedError

    @staticmethod
    def read(page: Page) -> Reading:
        """Say what this page says. Raises `PageChanged` where it lost its shape."""
        raise NotImplementedError
