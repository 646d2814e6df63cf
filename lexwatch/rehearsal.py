"""A rehearsal: the same crawl over recorded pages, on a day gone by, with that day's clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawlers.replay import ReplayServer
from crawlers.spider import SourceSpider
from lexwatch.settings import Settings, Source


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What replaces the live sites: where to ask, when it is, and what was recorded by then."""

    settings: Settings
    at: datetime
    seeds: tuple[str, ...]

    def seeds_of(self, sources: Mapping[str, type[SourceSpider]]) -> dict[str, list[str]]:
        """What was recorded of each source's site."""
        return {
            name: [url for url in self.seeds if source.facts.covers(url)]
            for name, source in sources.items()
        }

    @property
    def clock(self) -> Callable[[], datetime]:
        return lambda: self.at


@contextmanager
def rehearse(
    settings: Settings, known: Mapping[str, type[SourceSpider]], folder: Path, day: str
) -> Iterator[Rehearsal]:
    """Serve `folder` as of `day` on loopback while the context lasts; every origin maps to it.

    A recording is a part of a site, so the floors of a whole one do not apply, and every visit
    reads all that was recorded. A source of whose pages none was recorded is off.
    """
    with ReplayServer(folder, day) as server:
        pages = tuple(url for url in server.seeds if urlsplit(url).path != "/robots.txt")
        sources = {}
        for name, source in known.items():
            changed: dict[str, Any] = {"floor": 0, "full_every_days": 0}
            if not any(map(source.facts.covers, pages)):
                changed["enabled"] = False
            sources[name] = settings.sources.get(name, Source()).model_copy(update=changed)
        mapped = settings.model_copy(update={"origins": dict(server.origins), "sources": sources})
        yield Rehearsal(settings=mapped, at=server.clock, seeds=pages)
