"""The USCIS Policy Manual: its chapters, and the policy alerts and technical updates to them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import ClassVar

from bs4.element import Tag

from crawlers.scope import address, addresses, one, tree
from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from pipeline.errors import PageChanged
from pipeline.model import DateKind, Document, Page, Reading, StatedDate, Version
from pipeline.normalise import blocks, normalise

NAME = "uscis_policy_manual"
HOME = "https://www.uscis.gov/policy-manual"
UPDATES = f"{HOME}/updates"
PARSER = f"{NAME}/1"
ISSUER = "U.S. Citizenship and Immigration Services"

HOST = r"https?://(?:www\.)?uscis\.gov"
ADDRESS = re.compile(rf"{HOST}/policy-manual/(volume-\d+(?:-[a-z0-9]+)*)/?", re.IGNORECASE)
# The manual's addresses until about 2020.
OLD_ADDRESS = re.compile(
    rf"{HOST}/policymanual/HTML/PolicyManual-(Volume\d+(?:-Part[A-Z]+(?:-Chapter\d+)?)?)\.html",
    re.IGNORECASE,
)
CRUMB = re.compile(r"(Volume|Part|Chapter) \w+\b")
# The book's own table of contents. Links in its text and its update history go stale; these do not.
CONTENTS = ".leftnav-menu, .toc-tree, .toc-tree ~ .level--2, .toc-tree ~ .level--3"
UPDATE_TITLE = re.compile(r"(policy alert|technical update)\s*[-–—:]\s*(.+)", re.IGNORECASE)
KINDS = {"policy alert": "policy-alert", "technical update": "technical-update"}


class UscisPolicyManualSpider(SourceSpider):
    """Reads each page's guidance; resources, appendices and a page's own update tab stay unread."""

    name = NAME
    facts: ClassVar[Facts] = Facts(
        name=NAME,
        title="USCIS Policy Manual",
        publisher=ISSUER,
        home=HOME,
        hosts=("www.uscis.gov",),
        paths=("/policy-manual", "/policymanual/html/"),
        delay=10.0,  # what the site's robots.txt asked for
        cadence=timedelta(days=1),
        # In October 2025 the contents named 447 volumes, parts and chapters, of which some 350 have
        # text of their own, and the update history 311 entries; both have only grown.
        floor=600,
        ceiling=1_500,
        enumerates=True,
        one_per_page=True,
        # Stated by all 245 pages of guidance and all 311 updates recorded. Guidance has citations
        # and footnotes, updates have dates, and what a run reads of each varies: only what both
        # state has one share over a run.
        fills={"title": 0.95, "text": 0.95},
        # The longest pause between two updates since 2020: 19 October to 9 December 2022.
        silence=34,
        scope=(
            "Guidance of every volume, part and chapter with its footnotes, and the history of "
            "policy alerts and technical updates; not the resources, the appendices, the retired "
            "Adjudicator's Field Manual or the alerts' PDFs"
        ),
    )

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:  # noqa: ARG004 - always from the top
        """Begin at the contents, which name the volumes, and at the update history."""
        return (Follow(url=HOME), Follow(url=f"{HOME}/table-of-contents"), Follow(url=UPDATES))

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        """Follow the contents that stand on every page of the book; it opens one part at a time."""
        if _is_updates(page):
            return
        slugs = _contents(tree(page), page)
        if not slugs:
            raise PageChanged(f"{page.url}: “{CONTENTS}” names no volume, part or chapter")
        for slug in slugs:
            yield Follow(url=f"{HOME}/{slug}")

    @staticmethod
    def read(page: Page) -> Reading:
        """Read guidance, an update history, or a table of contents, by the page's address."""
        soup = tree(page)
        if _is_updates(page):
            versions = _updates(soup, page)
            return Reading(versions=versions, listed=tuple(v.document.key for v in versions))
        listed = _contents(soup, page)
        slug = key(page.url)
        if not slug:
            return Reading(listed=listed)
        version = _guidance(soup, page, slug)
        if version is None:
            return Reading(listed=listed)
        return Reading(versions=(version,), listed=tuple(dict.fromkeys((slug, *listed))))


def key(url: str) -> str:
    """Give the key of the volume, part or chapter at an address, old or new; "" elsewhere."""
    if match := ADDRESS.fullmatch(url):
        return match[1].lower()
    if match := OLD_ADDRESS.fullmatch(url):
        return re.sub(r"(?<=[a-z])(?=\d)|(?<=part)(?=[a-z])", "-", match[1].lower())
    return ""


def _is_updates(page: Page) -> bool:
    return page.url.rstrip("/") == UPDATES


def _contents(soup: Tag, page: Page) -> tuple[str, ...]:
    named = (key(url) for menu in soup.select(CONTENTS) for url in addresses(menu, page))
    return tuple(dict.fromkeys(slug for slug in named if slug))


def _guidance(soup: Tag, page: Page, slug: str) -> Version | None:
    """Read a page's guidance; a part whose text is all in its chapters has none of its own."""
    guidance = one(soup, "div#guidance", page)
    if not normalise(guidance.get_text()):
        return None
    heading = normalise(one(soup, "h1.page-title", page).get_text())
    places = _places(soup)
    if "volume" not in places:
        raise PageChanged(f"{page.url}: the breadcrumbs name no volume")
    return Version(
        document=Document(source=NAME, key=slug, kind="policy-manual-chapter"),
        title=heading,
        citation=_citation(places),
        issuer=ISSUER,
        url=page.url,
        blocks=blocks(one(soup, "div#guidance > .field--name-body", page)),
        seen_at=page.fetched_at,
        parser=PARSER,
        metadata=places,
    )


def _places(soup: Tag) -> dict[str, str]:
    """Give the volume, part and chapter that a page stands in, as its breadcrumbs print them."""
    crumbs = (normalise(crumb.get_text()) for crumb in soup.select("ol.nav--crumbs li"))
    return {match[1].lower(): crumb for crumb in crumbs if (match := CRUMB.match(crumb))}


def _citation(places: Mapping[str, str]) -> str:
    """Cite as USCIS does: "12 USCIS-PM D.3", "12 USCIS-PM D", "12 USCIS-PM"."""
    volume, *inner = (crumb.split()[1] for crumb in places.values())
    return f"{volume} USCIS-PM {'.'.join(inner)}".rstrip()


def _updates(soup: Tag, page: Page) -> tuple[Version, ...]:
    entries = soup.select(".pm-updates")
    if not entries:
        raise PageChanged(f"{page.url}: “.pm-updates” finds no update")
    # Counted from the bottom, where the oldest stand: an entry keeps its key when another with
    # its date and title is put above it.
    seen: Counter[str] = Counter()
    oldest_first = [_update(entry, page, seen) for entry in reversed(entries)]
    return tuple(reversed(oldest_first))


def _update(entry: Tag, page: Page, seen: Counter[str]) -> Version:
    heading = normalise(one(entry, ".pm-resource__update_header", page).get_text())
    match = UPDATE_TITLE.fullmatch(heading)
    if not match:
        raise PageChanged(f"{page.url}: neither a policy alert nor a technical update: “{heading}”")
    announced = _announced(one(entry, "time[datetime]", page), page)
    identity = f"update/{announced.on.isoformat()}/{_slug(match[2])}"
    seen[identity] += 1
    affected = entry.select("p.affected-sections")
    return Version(
        document=Document(
            source=NAME,
            key=identity if seen[identity] == 1 else f"{identity}/{seen[identity]}",
            kind=KINDS[match[1].lower()],
        ),
        title=match[2],
        citation="",
        issuer=ISSUER,
        url=page.url,
        blocks=blocks(one(entry, ".pm-resource__content > .field--name-body", page)),
        seen_at=page.fetched_at,
        parser=PARSER,
        dates=(announced,),
        metadata={"affected_sections": [_section(section) for section in affected]},
        links=_links(entry, page),
    )


def _announced(time: Tag, page: Page) -> StatedDate:
    """Read the date in the attribute, whose hour is always noon UTC: the same day in Washington."""
    try:
        on = date.fromisoformat(str(time["datetime"])[:10])
    except ValueError as error:
        raise PageChanged(f"{page.url}: an update's date is “{time['datetime']}”") from error
    words = normalise(time.get_text())
    return StatedDate(kind=DateKind.ANNOUNCED, on=on, words=words, read_from="updates page")


def _section(section: Tag) -> str:
    """Give the citation of an affected section, or its words where it has none."""
    citation = section.select_one(".citation")
    return normalise((citation or section).get_text())


def _links(entry: Tag, page: Page) -> dict[str, str]:
    """Name the alert's PDF "pdf" (a page in its place: "more"), a section by its citation."""
    links = {
        _section(section): next(addresses(section, page), "")
        for section in entry.select("p.affected-sections")
    }
    for link in entry.select(".pm-resource__content > a[href]"):
        target = address(link, page)
        links["pdf" if target.lower().endswith(".pdf") else "more"] = target
    return links


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")
