"""Stored pages and reviewed expectations: what a source reads, as JSON a person can check.

Of pages that we wrote an expectation holds everything that is read; of pages in ../shared/recorded
only keys, counts and digests, since none of their text may stand here.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from crawlers.spider import SourceSpider
from pipeline import fedreg
from pipeline.errors import PageChanged
from pipeline.health import tally
from pipeline.model import Page, Reading

STORED = Path(__file__).parent / "sources"
CONTENT_TYPES = {
    ".html": "text/html",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".xml": "text/xml",
}
UNSTATED = ("seen_at", "parser")  # ours, not the page's
EMPTY: tuple[Any, ...] = (None, "", (), 0, False, {})
# Where a source leads beyond the pages it `covers`: a document's text is found by its listing.
LED_TO = {
    "bia_decisions": ("https://www.justice.gov/eoir/page/file/",),
    "federal_register": (
        "https://www.federalregister.gov/api/v1/agencies",
        "https://www.federalregister.gov/api/v1/document",
        "https://www.federalregister.gov/api/v1/error",
        "https://www.federalregister.gov/documents/",
        "https://www.govinfo.gov/content/pkg/FR-",
    ),
    "public_inspection": ("https://www.federalregister.gov/api/v1/public-inspection-",),
}
FIELD = re.compile(r"(?:\w+:)?[a-z_-]+")  # no link named by the section it leads to
LONGEST_KEY = 40  # longer ones hold a title


def spider(name: str) -> type[SourceSpider]:
    module = importlib.import_module(f"crawlers.sources.{name}")
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, SourceSpider)
        and value.__module__ == module.__name__
    ]
    assert [source.name for source in found] == [name]
    return found[0]


def stored(path: Path) -> Page:
    context = path.with_suffix(".context.json")
    url = json.loads(path.with_suffix(".meta.json").read_text("utf-8"))["url"]
    return page(
        path.parent.name,
        url,
        path.read_bytes(),
        content_type=f"{CONTENT_TYPES[path.suffix]}; charset=utf-8",
        context=json.loads(context.read_text("utf-8")) if context.exists() else {},
    )


def page(
    source: str,
    url: str,
    body: bytes,
    *,
    content_type: str = "text/html; charset=utf-8",
    context: dict[str, Any] | None = None,
) -> Page:
    return Page(
        source=source,
        url=url,
        final_url=url,
        asked=url,
        status=200,
        headers={"Content-Type": content_type},
        body=body,
        fetched_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
        context=context or {},
    )


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A page of ../shared/recorded, what its source reads in it and where it leads; None where that
    cannot be read."""

    capture: str
    page: Page
    reading: Reading | None
    leads: Sequence[str] | None

    @property
    def summary(self) -> dict[str, Any]:
        """Keys, counts and digests; `all` names the fields that every document states."""
        led = {"leads": "PageChanged" if self.leads is None else _counted(self.leads)}
        if self.reading is None:
            return {"read": "PageChanged"} | led
        counts, versions = tally(self.reading), self.reading.versions
        named = {name: n for name, n in counts.fields.items() if FIELD.fullmatch(name)}
        blocks = Counter(block.kind.value for version in versions for block in version.blocks)
        said = sorted((v.document.key, v.text_digest, v.metadata_digest) for v in versions)
        summary = {
            "keys": _by_kind(self.reading),
            "all": " ".join(name for name, n in named.items() if n == counts.versions),
            "some": {name: n for name, n in named.items() if n < counts.versions},
            "blocks": dict(sorted(blocks.items())),
            "said": digest(said) if said else "",
            "listed": _counted(self.reading.listed),
        }
        return {name: value for name, value in (summary | led).items() if value not in EMPTY}


@cache
def recorded(folder: Path, source: str) -> tuple[Recorded, ...]:
    """Every recorded page that is the source's, each read once in a process."""
    found = spider(source)
    pages = []
    for row in map(json.loads, (folder / "index.jsonl").read_text("utf-8").splitlines()):
        if found.facts.covers(row["url"]) or row["url"].startswith(LED_TO.get(source, ())):
            body = (folder / row["file"]).read_bytes()
            given = _as_listed(source, row["url"], body)
            one = page(source, row["url"], body, content_type=row["content_type"], context=given)
            reading = outcome(partial(found.read, one))
            leads = outcome(partial(_leads, found, one))
            kept = reading if isinstance(reading, Reading) else None
            led = leads if isinstance(leads, list) else None
            pages.append(Recorded(capture=row["capture"], page=one, reading=kept, leads=led))
    return tuple(pages)


def _leads(found: type[SourceSpider], page: Page) -> list[str]:
    return [follow.url for follow in found.follow(page)]


def outcome(read: Callable[[], Any]) -> Any:
    """What is read, or in what words the page is refused."""
    try:
        return read()
    except PageChanged as error:
        return {"PageChanged": str(error)}


def compare(golden: Path, said: Any) -> None:
    if not golden.exists():
        golden.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", "utf-8")
        pytest.fail(f"review it: {golden} was written and holds what the source reads now")
    assert said == json.loads(golden.read_text("utf-8"))


def compare_lines(golden: Path, said: Mapping[str, Any]) -> None:
    """Compare entry by entry, in a file with one entry a line; missing ones are written."""
    reviewed = json.loads(golden.read_text("utf-8")) if golden.exists() else {}
    if missing := said.keys() - reviewed.keys():
        entries = sorted((reviewed | {name: said[name] for name in missing}).items())
        golden.parent.mkdir(exist_ok=True)
        lines = (f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in entries)
        golden.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
        pytest.fail(f"review it: {len(missing)} of the entries in {golden} were written now")
    assert {n: e for n, e in said.items() if e != reviewed[n]} == {
        n: e for n, e in reviewed.items() if e != said.get(n)
    }


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]


def _as_listed(source: str, url: str, body: bytes) -> dict[str, Any]:
    """Stand in for the list entry by which a Federal Register text is found, on a day made up.

    An XML document says its number and not its day; of a page of HTML only the file's name says it.
    """
    made_up = {"publication_date": "2000-01-03"}
    if source != "federal_register" or "/documents/full_text/" not in url:
        return {}
    if url.endswith(".xml"):
        printed = fedreg.read(body)
        return made_up | {"document_number": printed[0].number} if len(printed) == 1 else {}
    if found := re.search(r"/(\d{4}-\d+)-([a-z]+)-[a-z-]+\.html$", url):
        named = {"document_number": found[1], "type": found[2], "title": "As listed"}
        return made_up | named
    return {}


def _by_kind(reading: Reading) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for version in reading.versions:
        key = version.document.key
        short = key if len(key) <= LONGEST_KEY else f"…{digest(key)}"
        found.setdefault(version.document.kind, []).append(short)
    return found


def _counted(names: Iterable[str]) -> str:
    """How many there are, and a digest of them in their order."""
    given = list(names)
    return f"{len(given)} {digest(given)}" if given else ""


def plain(value: Any) -> Any:
    """JSON without what is empty or ours, so that a person can read an expectation."""
    if is_dataclass(value):
        named = {f.name: getattr(value, f.name) for f in fields(value) if f.name not in UNSTATED}
        return {
            name: plain(v) for name, v in named.items() if v not in (None, "", (), 0, False, {})
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | type(Page.__dataclass_fields__)):
        return {name: plain(v) for name, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value
