"""A rehearsal: the same crawl over recorded pages, on a day gone by, with that day's clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

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
    settings: Settings, names: Iterable[str], folder: Path, day: str
) -> Iterator[Rehearsal]:
    """Serve `folder` as of `day` on loopback while the context lasts; every origin maps to it.

    A recording is a part of a site, so the floors of a whole one do not apply.
    """
    with ReplayServer(folder, day) as server:
        sources = {
            name: settings.sources.get(name, Source()).model_copy(update={"floor": 0})
            for name in names
        }
        mapped = settings.model_copy(update={"origins": dict(server.origins), "sources": sources})
        yield Rehearsal(settings=mapped, at=server.clock, seeds=server.seeds)
