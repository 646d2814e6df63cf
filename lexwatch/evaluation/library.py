"""The documents of a judged set, as the pages from which they are taken in.

A key names a document: `bia:<EOIR id>` (its headnotes), `pm:<slug>` (a recorded chapter),
`fr:<number>` (title and abstract), `biaunpub:<n>` and `opinion:<n>`. The last two are texts that no
source reads; `decision` reads them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from typing import Any

from crawlers.simulated.corpus import from_corpus
from lexwatch.evaluation.labels import find
from pipeline.errors import SettingsError
from pipeline.model import (
    Block,
    BlockKind,
    DateKind,
    Document,
    Page,
    Reading,
    StatedDate,
    Version,
)

CAPTURE = "recorded/2025-10/www.uscis.gov/policy-manual"
EOIR = "https://www.justice.gov/eoir"
UNPUBLISHED, OPINIONS = "unpublished_decisions", "court_opinions"
SOURCES = {  # by the word a key begins with: whose reader reads it, and the corpus that holds it
    "bia": ("bia_decisions", "bia_headnotes.jsonl"),
    "pm": ("uscis_policy_manual", ""),
    "fr": ("federal_register", "federal_register_immigration.jsonl"),
    "biaunpub": (UNPUBLISHED, "bia_unpublished.jsonl"),
    "opinion": (OPINIONS, "federal_opinions.jsonl"),
}
FETCHED = datetime(2026, 11, 22, tzinfo=UTC)  # the day from which the corpora are looked at
JSON, HTML = "application/json", "text/html; charset=utf-8"

# A file's name: number, initials, "AXXX-XXX-611", then the day.
_FILE = re.compile(r"\d+-(?P<name>.+?)-AX.*?-BIA-(?P<day>[A-Z][a-z]{2,8}-\d{1,2}-\d{4})")
_ENDS = re.compile(r"[.:;?!][\"”’)\]]{0,2}$")  # a line that ends a paragraph, or nearly so
_CIRCUIT = re.compile(r"\bfor\s+the\s+([a-z]+(?:\s[a-z]+)?)\s+circuit\b", re.IGNORECASE)
_PARTIES = re.compile(r"\A\d+_(?P<one>.+?)_v_(?P<other>.+)\Z")


@dataclass(frozen=True, kw_only=True)
class Shelved:
    """A document of the set: its key there, the source whose reader reads it, and its page."""

    key: str
    source: str
    page: Page


def library(keys: Iterable[str], folders: tuple[Path, ...]) -> Iterator[Shelved]:
    """The documents that `keys` name, in their order, from the corpora and recordings in `folders`.

    Raises `SettingsError` where one is not there.
    """
    wanted = tuple(dict.fromkeys(keys))
    makers: dict[str, Callable[[str], tuple[str, str, bytes]]] = {
        "bia": _by_key(_corpus("bia", folders), "eoir_id", _listing),
        "fr": _by_key(_corpus("fr", folders), "document_number", _entry),
        "biaunpub": _by_key(_corpus("biaunpub", folders), "key", _row),
        "opinion": _by_key(_corpus("opinion", folders), "key", _row),
        "pm": lambda slug: _chapter(slug, folders),
    }
    for key in wanted:
        sort, _, name = key.partition(":")
        if sort not in makers:
            raise SettingsError(f"{key} is no document's key: it begins with none of {[*makers]}")
        try:
            url, form, body = makers[sort](key if sort in ("biaunpub", "opinion") else name)
        except KeyError as error:
            raise SettingsError(f"{key} is not in {SOURCES[sort][1]}; leave it out") from error
        source = SOURCES[sort][0]
        yield Shelved(key=key, source=source, page=_page(source, url, form, body))


def decision(page: Page) -> Reading:
    """Read a row of the unpublished decisions or of the courts' opinions."""
    row = json.loads(page.body)
    is_opinion = page.source == OPINIONS
    key = row["key"].partition(":")[2]
    title, citation, dates = _opinion(row) if is_opinion else _unpublished(row)
    version = Version(
        document=Document(
            source=page.source, key=key, kind="court-opinion" if is_opinion else "bia-unpublished"
        ),
        title=title,
        citation=citation,
        issuer=_court(row["text"]) if is_opinion else "Board of Immigration Appeals",
        url=page.url,
        blocks=tuple(
            Block(kind=BlockKind.PARAGRAPH, text=text) for text in _paragraphs(row["text"])
        ),
        seen_at=page.fetched_at,
        parser="corpus/1",
        dates=dates,
    )
    return Reading(versions=(version,), listed=(key,))


def volume(name: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """A volume page of EOIR's, in the layout of 2024, that lists these rows of the corpus."""
    listed = "<hr>".join(map(_listed, rows))
    return (
        f"<html><body><main><h1>{escape(name)}</h1>"
        f'<div class="text-formatted field_body">{listed}</div></main></body></html>'
    )


def _corpus(sort: str, folders: tuple[Path, ...]) -> Iterator[dict[str, Any]]:
    path = find(f"corpora/{SOURCES[sort][1]}", folders, "the set's universe")
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _by_key(
    rows: Iterable[dict[str, Any]],
    field: str,
    make: Callable[[dict[str, Any]], tuple[str, str, bytes]],
) -> Callable[[str], tuple[str, str, bytes]]:
    """Read the corpus when its first document is asked for."""
    held: dict[str, dict[str, Any]] = {}

    def made(name: str) -> tuple[str, str, bytes]:
        if not held:
            held.update({str(row[field]): row for row in rows})
        return make(held[name])

    return made


def _page(source: str, url: str, form: str, body: bytes) -> Page:
    return Page(
        source=source,
        url=url,
        final_url=url,
        asked=url,
        status=200,
        headers={"content-type": form},
        body=body,
        fetched_at=FETCHED,
    )


def _listing(row: dict[str, Any]) -> tuple[str, str, bytes]:
    number = row["citation"].partition(" ")[0]
    return f"{EOIR}/volume-{number}", HTML, volume(f"Volume {number}", [row]).encode()


def _listed(row: Mapping[str, Any]) -> str:
    """One decision: a table with its name and number, its headnotes below."""
    number, link = row["eoir_id"], escape(row["pdf_url"])
    notes = "".join(f"<p>{escape(headnote)}</p>" for headnote in row["headnotes"])
    return (
        '<table class="no-background"><tbody><tr>'
        f"<td><strong>{escape(row['case_name'])}</strong>, {escape(row['citation'])}</td>"
        f'<td><a href="{link}">ID {number}</a> (PDF)</td></tr></tbody></table>{notes}'
    )


def _entry(row: dict[str, Any]) -> tuple[str, str, bytes]:
    said = next(iter(from_corpus([row])))
    url = f"https://www.federalregister.gov/api/v1/documents/{row['document_number']}.json"
    return url, JSON, json.dumps(said).encode()


def _chapter(slug: str, folders: tuple[Path, ...]) -> tuple[str, str, bytes]:
    path = find(f"{CAPTURE}/{slug}.html", folders, f"pm:{slug}")
    return f"https://www.uscis.gov/policy-manual/{slug}", HTML, path.read_bytes()


def _row(row: dict[str, Any]) -> tuple[str, str, bytes]:
    sort, _, number = row["key"].partition(":")
    return f"https://example.invalid/{sort}/{number}", JSON, json.dumps(row).encode()


def _unpublished(row: Mapping[str, Any]) -> tuple[str, str, tuple[StatedDate, ...]]:
    named = _FILE.match(row["title"])
    name = f"{named['name'].strip('-')}-" if named else row["key"]
    title = f"Matter of {name} (unpublished)"
    day = _day(named["day"]) if named else None
    if named is None or day is None:
        return title, "", ()
    stated = StatedDate(
        kind=DateKind.DECIDED, on=day, words=named["day"].replace("-", " "), read_from="file name"
    )
    return title, f"{name} (BIA {day:%b} {day.day}, {day.year})", (stated,)


def _day(words: str) -> date | None:
    for form in ("%b-%d-%Y", "%B-%d-%Y"):
        try:
            return datetime.strptime(words, form).date()  # noqa: DTZ007 - a calendar date
        except ValueError:
            continue
    return None


def _opinion(row: Mapping[str, Any]) -> tuple[str, str, tuple[StatedDate, ...]]:
    named = _PARTIES.match(row["title"])
    if named is None:
        return row["title"].partition("_")[2].replace("_", " ").title(), "", ()
    sides = (side.replace("_", " ").title() for side in (named["one"], named["other"]))
    return " v. ".join(sides), "", ()


def _court(text: str) -> str:
    """Who decided, where the opinion's head says so; "" where it doesn't. The head of a court of
    appeals names the district court appealed from, too."""
    head = text[:2_000]
    if found := _CIRCUIT.search(head):
        return f"United States Court of Appeals for the {found[1].title()} Circuit"
    if re.search(r"Circuit Judges?\b", head):
        return "United States Court of Appeals"
    is_of_district = re.search(r"United States District (?:Judge|Court)", head, re.IGNORECASE)
    return "United States District Court" if is_of_district else ""


def _paragraphs(text: str) -> Iterator[str]:
    """The text's paragraphs: lines as printed, joined until one ends a sentence."""
    held: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        held.append(line)
        if _ENDS.search(line):
            yield " ".join(held)
            held = []
    if held:
        yield " ".join(held)


def documents(keys: Collection[str]) -> frozenset[str]:
    """Names (`source:key`) of the documents that keys stand for."""
    parted = (key.partition(":") for key in keys)
    return frozenset(f"{SOURCES[sort][0]}:{name}" for sort, _, name in parted if sort in SOURCES)
