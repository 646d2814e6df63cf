"""The carriers between a source and the crawl: its facts, its visits, what it follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known about a publisher before the first request.

    `delay` is seconds between requests, `cadence` how often a run is due. `floor` and `ceiling` are
    how many documents a healthy full run reads, `fills` the least share of documents that state a
    field (named as in `pipeline.health`); a run outside them is a failed run. `enumerates` is true
    where the listing names every document, so that absence can mean anything at all. `silence` is
    for how many federal working days nothing new may come before that is worth a word; None: any.
    `full_every` is how often the whole source is due, by days of the Eastern calendar, where a
    visit in between only looks at what was announced; None: every visit reads the whole.
    `unverified` says, where its pages were never recorded, after what its reader was written; such
    a source is off until it is switched on. `one_per_page` is true where a document has an address
    of its own, so that a missing page says something of it.
    `paths` are how the paths of its own pages begin, in lower case, on any of `hosts`; PDFs are
    none of them.
    `times` are the cron lines, Eastern, at which the schedule visits it: after the publisher's own
    hours where those are known, else at night, apart from others on its host. `working` is true
    where nothing is published but on federal working days.
    """

    name: str
    title: str
    publisher: str
    home: str
    hosts: tuple[str, ...]
    delay: float
    cadence: timedelta
    floor: int
    ceiling: int
    enumerates: bool
    scope: str
    paths: tuple[str, ...] = ("/",)
    fills: Mapping[str, float] = field(default_factory=dict)
    silence: int | None = None
    one_per_page: bool = False
    full_every: timedelta | None = None
    unverified: str = ""
    times: tuple[str, ...] = ("15 3 * * *",)
    working: bool = False

    def covers(self, url: str) -> bool:
        """Whether an address is one of this source's own."""
        parts = urlsplit(url)
        path = parts.path.lower()
        is_page = path.startswith(self.paths) and not path.endswith(".pdf")
        return parts.hostname in self.hosts and is_page


@dataclass(frozen=True, kw_only=True)
class Follow:
    """A page to fetch next. `context` is archived with that page (see `pipeline.model.Page`);
    `settled` says the page never changes once published, so one that is held with the same
    context is not asked for again. `otherwise` is asked where this address has no page (404, 410)
    or one that can't be read: the same document in another form."""

    url: str
    context: Mapping[str, Any] = field(default_factory=dict)
    settled: bool = False
    otherwise: Follow | None = None


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What a source may know when it says where to begin.

    `whole`: the visit is to read everything; else it is enough to look at what the publisher
    announces (only where `Facts.full_every` is stated). `last_complete` is the start of the last
    complete run that asked the same question, `last_whole` when the last reading of the whole was
    begun that came to its end.
    """

    now: datetime
    last_complete: datetime | None = None
    whole: bool = True
    last_whole: datetime | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
