"""The Policy Manual's update history: its entries, and the policy alerts' PDFs they lead to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from bs4.element import Tag

from crawlers.manual import HOME, ISSUER, NAME, PARSER, key, printed, tab_of
from crawlers.scope import address, addresses, linked, one
from crawlers.source import Follow
from pipeline import alert
from pipeline.announced import UPDATES, cited, place
from pipeline.calendar import eastern
from pipeline.errors import PageChanged
from pipeline.model import Block, BlockKind, DateKind, Document, Page, Reading, StatedDate, Version
from pipeline.normalise import blocks, normalise

TITLE = re.compile(r"(policy alert|technical update)\s*[-–—:]\s*(.+)", re.IGNORECASE)
KINDS = {"policy alert": "policy-alert", "technical update": "technical-update"}
READ_FROM = "updates page"
SUMMARY_ONLY = "summary only"
RECENT = timedelta(days=14)  # for how long after an update its sections are read at once


def entries(soup: Tag, page: Page) -> tuple[Version, ...]:
    """Read the entries in the order of the page. Raises `PageChanged` where there is none."""
    found = soup.select(".pm-updates")
    if not found:
        raise PageChanged(f"{page.url}: “.pm-updates” finds no update")
    # Counted from the bottom, where the oldest stand: an entry keeps its key when another with
    # its date and title is put above it.
    seen: Counter[str] = Counter()
    oldest_first = [_entry(each, page, seen) for each in reversed(found)]
    return tuple(reversed(oldest_first))


def own(soup: Tag, page: Page) -> tuple[str, ...]:
    """The keys of the updates that a chapter's own tab names. Their words are no part of its text:
    the tab repeats every update of the whole volume."""
    tab = tab_of(soup, "updates", page)
    named = (_identity(entry, page) for entry in tab.select(".pm-updates")) if tab else ()
    return tuple(dict.fromkeys(named))


def leads(versions: tuple[Version, ...], page: Page) -> Iterator[Follow]:
    """Where the history leads: to every alert's PDF, with what the entry says of it; and, where it
    was asked for the news alone, to the pages that news names."""
    for version in versions:
        if "pdf" in version.links:
            yield Follow(url=version.links["pdf"], context=_context(version), settled=True)
    if page.context.get("named"):
        news = (each for each in versions if _is_news(each, eastern(page.fetched_at)))
        sections = (url for each in news for name, url in each.links.items() if _is_section(url))
        for slug in dict.fromkeys(map(key, sections)):
            yield Follow(url=f"{HOME}/{slug}", context={"named": True})


def policy_alert(page: Page) -> Reading:
    """Read an alert's PDF with its entry: one document, of which the entry alone is the poorer
    form. A scan says nothing more than the entry does. Raises `PageChanged` for what is no PDF."""
    entry = page.context
    said = printed(page)
    if not said:
        return Reading(listed=(str(entry["key"]),))
    announced = StatedDate(
        kind=DateKind.ANNOUNCED,
        on=date.fromisoformat(entry["announced"]),
        words=entry["announced_words"],
        read_from=READ_FROM,
    )
    summary = tuple(Block(kind=BlockKind(kind), text=text) for kind, text in entry["summary"])
    read = alert.read(said, announced.on)
    version = Version(
        document=Document(source=NAME, key=entry["key"], kind=entry["kind"]),
        title=entry["title"],
        citation=read.number,
        issuer=ISSUER,
        url=page.url,
        blocks=(*summary, *said),
        seen_at=page.fetched_at,
        parser=PARSER,
        dates=alert.united(announced, _summary_dates(summary, announced.on), read.dates),
        metadata={"affected_sections": entry["affected_sections"]} | read.fields,
        links={"pdf": page.url, "updates": UPDATES},
    )
    return Reading(versions=(version,))


def _entry(entry: Tag, page: Page, seen: Counter[str]) -> Version:
    kind, title = _heading(entry, page)
    announced = _announced(entry, page)
    identity = _identity(entry, page)
    seen[identity] += 1
    body = one(entry, ".pm-resource__content > .field--name-body", page)
    said = blocks(body)
    links = _links(entry, page)
    sections = [_section(section, page) for section in entry.select("p.affected-sections")]
    return Version(
        document=Document(
            source=NAME,
            key=identity if seen[identity] == 1 else f"{identity}/{seen[identity]}",
            kind=kind,
        ),
        title=title,
        citation="",
        issuer=ISSUER,
        url=page.url,
        blocks=said,
        seen_at=page.fetched_at,
        parser=PARSER,
        dates=alert.united(announced, _summary_dates(said, announced.on)),
        metadata={"affected_sections": sections}
        | ({"text": SUMMARY_ONLY} if "pdf" in links else {}),
        links=links,
        linked=linked(body, page),
    )


def _identity(entry: Tag, page: Page) -> str:
    _, title = _heading(entry, page)
    slug = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")
    return f"update/{_announced(entry, page).on.isoformat()}/{slug}"


def _heading(entry: Tag, page: Page) -> tuple[str, str]:
    """The kind and the title of an entry. The kind is the publisher's label and weighs nothing:
    technical updates have changed what officers must do."""
    heading = normalise(one(entry, ".pm-resource__update_header", page).get_text())
    match = TITLE.fullmatch(heading)
    if not match:
        raise PageChanged(f"{page.url}: neither a policy alert nor a technical update: “{heading}”")
    return KINDS[match[1].lower()], match[2]


def _announced(entry: Tag, page: Page) -> StatedDate:
    """Read the date in the attribute, whose hour is always noon UTC: the same day in Washington."""
    time = one(entry, "time[datetime]", page)
    try:
        on = date.fromisoformat(str(time["datetime"])[:10])
    except ValueError as error:
        raise PageChanged(f"{page.url}: an update's date is “{time['datetime']}”") from error
    words = normalise(time.get_text())
    return StatedDate(kind=DateKind.ANNOUNCED, on=on, words=words, read_from=READ_FROM)


def _summary_dates(summary: tuple[Block, ...], announced: date) -> tuple[StatedDate, ...]:
    return alert.dates((block.text for block in summary), READ_FROM, announced)


def _section(section: Tag, page: Page) -> str:
    """Give the citation of an affected section; where it has none that of the one place it leads
    to; else its words."""
    citation = section.select_one(".citation")
    if citation is None:
        places = {place(key(url)) for url in addresses(section, page)} - {()}
        if len(places) == 1:
            return cited(*places)
    return normalise((citation or section).get_text())


def _links(entry: Tag, page: Page) -> dict[str, str]:
    """Name the alert's PDF "pdf" (a page in its place: "more"), a section by its citation."""
    links = {
        _section(section, page): next(addresses(section, page), "")
        for section in entry.select("p.affected-sections")
    }
    for link in entry.select(".pm-resource__content > a[href]"):
        target = address(link, page)
        links["pdf" if target.lower().endswith(".pdf") else "more"] = target
    return links


def _context(entry: Version) -> Mapping[str, Any]:
    """What an entry says of its PDF. Its words are part of it: USCIS has noted a changed effective
    date in the entry and left the PDF as it was."""
    announced = entry.dates[0]
    return {
        "key": entry.document.key,
        "kind": entry.document.kind,
        "title": entry.title,
        "announced": announced.on.isoformat(),
        "announced_words": announced.words,
        "affected_sections": entry.metadata["affected_sections"],
        "summary": [[block.kind.value, block.text] for block in entry.blocks],
    }


def _is_news(entry: Version, today: date) -> bool:
    """Whether an entry was announced, or its guidance took effect, in the last two weeks."""
    told = (DateKind.ANNOUNCED, DateKind.EFFECTIVE)
    days = (stated.on for stated in entry.dates if stated.kind in told)
    return any(today - RECENT <= day <= today for day in days)


def _is_section(url: str) -> bool:
    return bool(key(url))
