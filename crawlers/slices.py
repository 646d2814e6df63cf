"""Federal Register lists, sliced by publication date: whether one is whole, and how it is split."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from crawlers.source import Follow
from pipeline.entries import FIELDS, key
from pipeline.errors import PageChanged
from pipeline.model import Page

API = "https://www.federalregister.gov/api/v1"
OVERLAP = timedelta(days=7)  # entries are corrected, and XML arrives, days after publication
PER_PAGE = 100  # the stated limit is 1,000, others report less; above it a page silently has 20
COUNT_CAP = 10_000  # where the publisher stops counting
PAGE_CAP = 50  # beyond it a page number silently means the first page
MOST = 1_000  # in one slice: what its pages named travels from page to page, to be reconciled
MONTH = 31  # days

_SINCE = "conditions[publication_date][gte]"
_UNTIL = "conditions[publication_date][lte]"


def slices(condition: Mapping[str, Any], since: date, until: date) -> Iterator[Follow]:
    """Ask one condition from `since` to `until`, by calendar month where that is more than one.

    A slice that ended more than OVERLAP before `until` is settled: once it is archived it need not
    be asked again, so the archive is the checkpoint of a long first run.
    """
    start = since
    while start <= until:
        month = (start.replace(day=1) + timedelta(days=MONTH)).replace(day=1) - timedelta(days=1)
        end = until if (until - since).days < MONTH else min(month, until)
        settled = end < until - OVERLAP
        yield _asked(_search(condition, start, end), settled=settled)
        start = end + timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One page of a slice. `first` is the address of the slice's first page; `seen` holds the keys
    of all that was named up to here, this page included, each once."""

    page: Page
    first: str
    count: int
    pages: int
    following: str
    entries: tuple[Mapping[str, Any], ...]
    seen: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is withheld, so far; if something is, its halves are to be asked."""
        return not self._lack()

    def checked(self) -> tuple[Mapping[str, Any], ...]:
        """Give the entries. Raises `PageChanged` where some are withheld and the list can't be
        halved, since it is of one day or states no dates."""
        if (why := self._lack()) and not self._days():
            raise PageChanged(
                f"{self.page.url} {why}, and can't be split any further: documents may be missing;"
                " run again, and if it stays so narrow the `conditions`"
            )
        return self.entries

    def leads(self) -> Iterator[Follow]:
        """Give the next page, verbatim as it is named; of what is not whole the halves. Raises as
        `checked` does."""
        self.checked()
        settled = bool(self.page.context.get("settled"))
        if not self.is_whole:
            since, until = _bounds(self.first)
            middle = since + (until - since) // 2
            yield _asked(_between(self.first, since, middle), settled=settled)
            yield _asked(_between(self.first, middle + timedelta(days=1), until), settled=settled)
        elif self.following:
            context = {**self.page.context, "first": self.first, "seen": list(self.seen)}
            yield Follow(url=self.following, context=context, settled=settled)

    def _lack(self) -> str:
        before = len(self.page.context.get("seen", ()))
        if self.count >= COUNT_CAP:
            return f"matches {self.count} documents or more, where the publisher stops counting"
        if self.pages > PAGE_CAP or (
            self.following and self.count > self.pages * len(self.entries)
        ):
            return f"matches {self.count} documents, more than its pages can show"
        if self.count > MOST and self._days():
            return f"matches {self.count} documents"
        if self.following and len(self.seen) == before:
            return "repeats what earlier pages named"
        if not self.following and len(self.seen) != self.count and self._is_counted():
            return f"ends a list of {self.count} documents after {len(self.seen)}"
        return ""

    def _days(self) -> int:
        """How many times the slice can still be halved, at the least; 0 for one day."""
        try:
            since, until = _bounds(self.first)
        except (KeyError, ValueError):
            return 0
        return max((until - since).days, 0)

    def _is_counted(self) -> bool:
        """Whether we know what came before: a first page, or one we were led to."""
        return "seen" in self.page.context or "page" not in parse_qs(urlsplit(self.page.url).query)


def listing(page: Page, said: Mapping[str, Any]) -> Listing:
    """Read one page of a list. Raises `PageChanged` where it has lost its shape."""
    count, entries = said.get("count"), said.get("results")
    pages, following = said.get("total_pages") or 1, said.get("next_page_url") or ""
    if not isinstance(count, int) or not (isinstance(entries, list) or count == 0):
        raise PageChanged(f"{page.url} counts {count!r} documents and lists none: look at it")
    if not isinstance(pages, int) or not isinstance(following, str):
        raise PageChanged(f"{page.url} has {pages!r} pages, then {following!r}: look at it")
    entries = entries or []
    for entry in entries:
        named = isinstance(entry, Mapping) and entry.get("document_number")
        if not (named and entry.get("publication_date")):
            raise PageChanged(f"{page.url} lists {str(entry)[:80]!r}, without number or date")
    return Listing(
        page=page,
        first=str(page.context.get("first", page.url)),
        count=count,
        pages=pages,
        following=following,
        entries=tuple(entries),
        seen=tuple(dict.fromkeys((*page.context.get("seen", ()), *map(key, entries)))),
    )


def _asked(url: str, *, settled: bool) -> Follow:
    return Follow(url=url, context={"settled": True} if settled else {}, settled=settled)


def _search(condition: Mapping[str, Any], since: date, until: date) -> str:
    query = [
        *_pairs("conditions", condition),
        (_SINCE, since.isoformat()),
        (_UNTIL, until.isoformat()),
        *_pairs("fields", FIELDS),
        ("order", "oldest"),
        ("per_page", str(PER_PAGE)),
    ]
    return f"{API}/documents.json?{urlencode(query)}"


def _pairs(name: str, value: object) -> Iterator[tuple[str, str]]:
    """Spell a nested value as the API's query does: `conditions[cfr][title]`, `fields[]`."""
    if isinstance(value, Mapping):
        for part, inner in value.items():
            yield from _pairs(f"{name}[{part}]", inner)
    elif isinstance(value, list | tuple):
        yield from ((f"{name}[]", str(each)) for each in value)
    else:
        yield name, str(value)


def _bounds(url: str) -> tuple[date, date]:
    query = dict(parse_qsl(urlsplit(url).query))
    return date.fromisoformat(query[_SINCE]), date.fromisoformat(query[_UNTIL])


def _between(url: str, since: date, until: date) -> str:
    bounds = {_SINCE: since.isoformat(), _UNTIL: until.isoformat()}
    parts = urlsplit(url)
    pairs = [(name, bounds.get(name, value)) for name, value in parse_qsl(parts.query)]
    return parts._replace(query=urlencode(pairs)).geturl()
