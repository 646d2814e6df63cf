"""A page of the Policy Manual: its address, contents, place, guidance and resources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bs4.element import Tag

from crawlers.scope import addresses, linked, one
from pipeline import pdf
from pipeline.errors import PageChanged
from pipeline.model import Block, Document, Page, Version
from pipeline.normalise import blocks, normalise

NAME = "uscis_policy_manual"
HOME = "https://www.uscis.gov/policy-manual"
PARSER = f"{NAME}/3"
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
TREE = "toc-tree"
MENUS = frozenset({"leftnav-menu", TREE})
BESIDE = frozenset({"level--2", "level--3"})  # volumes and parts stand beside the tree, not in it
STATUSES = r"(reserved|rescinded|superseded|withdrawn|obsolete)"
# "Chapter 5 - Reserved", "Chapter 8 - Parents of U.S. Citizens [Reserved]"; a text that is no more
# than the word; a text that begins by saying it of itself, and not of a part of itself.
LABELLED = re.compile(rf"(?:.*\[|.*\s[-–—]\s|\W*){STATUSES}\W*", re.IGNORECASE)
ENDED = re.compile(
    r"\W*(?:(?:note|important|alert)\b\W*)?this (?:volume|part|chapter)(?: \([^()]*\))?,?"
    rf" (?:is|was|has been) (?:\w+ly )?{STATUSES}\b(?! in part| for\b| as to\b| except)",
    re.IGNORECASE,
)


def key(url: str) -> str:
    """Give the key of the volume, part or chapter at an address, old or new; "" elsewhere."""
    if match := ADDRESS.fullmatch(url):
        return match[1].lower()
    if match := OLD_ADDRESS.fullmatch(url):
        return re.sub(r"(?<=[a-z])(?=\d)|(?<=part)(?=[a-z])", "-", match[1].lower())
    return ""


def contents(soup: Tag, page: Page) -> tuple[str, ...]:
    """Give the keys of the volumes, parts and chapters that a page's table of contents names."""
    # One pass: a selector with siblings takes four times as long on pages of this size.
    menus = (tag for tag in soup.find_all(class_=[*MENUS, *BESIDE]) if _is_menu(tag))
    found = (key(url) for menu in menus for url in addresses(menu, page))
    return tuple(dict.fromkeys(slug for slug in found if slug))


def guidance(soup: Tag, page: Page, slug: str) -> Version | None:
    """Read a page's guidance; None where a volume or part has its text in what is below it.

    Its resources stand in the metadata: links of the publisher's choice, and no words of guidance.
    Raises `PageChanged` for a chapter that says nothing and is not called reserved or the like.
    """
    text = one(soup, "div#guidance", page)
    heading = normalise(one(soup, "h1.page-title", page).get_text())
    places = places_of(soup, page)
    has_text = bool(normalise(text.get_text()))
    body = one(soup, "div#guidance > .field--name-body", page) if has_text else None
    said = blocks(body) if body else ()
    status = _status(heading, said)
    if not (said or status):
        if "chapter" in places:
            raise PageChanged(f"{page.url}: the chapter has no text, and does not say why")
        return None
    return Version(
        document=Document(source=NAME, key=slug, kind="policy-manual-chapter"),
        title=heading,
        citation=_citation(places),
        issuer=ISSUER,
        url=page.url,
        blocks=said,
        seen_at=page.fetched_at,
        parser=PARSER,
        linked=linked(body, page) if body else (),
        metadata=places
        | ({"status": status} if status else {})
        | ({"resources": listed} if (listed := _resources(soup, page)) else {}),
    )


def places_of(soup: Tag, page: Page) -> dict[str, str]:
    """Give the volume, part and chapter that a page stands in, as its breadcrumbs print them."""
    crumbs = (normalise(crumb.get_text()) for crumb in soup.select("ol.nav--crumbs li"))
    places = {match[1].lower(): crumb for crumb in crumbs if (match := CRUMB.match(crumb))}
    if "volume" not in places:
        raise PageChanged(f"{page.url}: the breadcrumbs name no volume")
    return places


def tab_of(soup: Tag, name: str, page: Page) -> Tag | None:
    """A page's tab; None where it has none besides the guidance, as in the manual's first years."""
    tabs = soup.find_all("div", class_="tabcontent")
    if all(tab.get("id") == "guidance" for tab in tabs):
        return None
    named = [tab for tab in tabs if tab.get("id") == name]
    return named[0] if len(named) == 1 else one(soup, f"div#{name}", page)


def printed(page: Page) -> tuple[Block, ...]:
    """The text of a PDF; () for a scan, which adds nothing to what leads to it. Raises
    `PageChanged` for what is no PDF."""
    try:
        return pdf.blocks(page.body)
    except pdf.NoText:
        return ()
    except PageChanged as error:
        raise PageChanged(f"{page.url}: {error}") from error


def _is_menu(tag: Tag) -> bool:
    """Whether links below an element are of the contents: a menu, or what stands beside the tree of
    volumes."""
    if not MENUS.isdisjoint(tag.get_attribute_list("class")):
        return True
    beside = (each for each in tag.previous_siblings if isinstance(each, Tag))
    return any(TREE in each.get_attribute_list("class") for each in beside)


def _status(heading: str, said: tuple[Block, ...]) -> str:
    """In one word why a page is no guidance in force: "" where it is, or does not say."""
    if match := LABELLED.fullmatch(heading):
        return match[1].lower()
    if len(said) == 1 and (match := LABELLED.fullmatch(said[0].text)):
        return match[1].lower()
    match = ENDED.match(said[0].text) if said else None
    return match[1].lower() if match else ""


def _citation(places: Mapping[str, str]) -> str:
    """Cite as USCIS does: "12 USCIS-PM D.3", "12 USCIS-PM D", "12 USCIS-PM"."""
    volume, *inner = (crumb.split()[1] for crumb in places.values())
    return f"{volume} USCIS-PM {'.'.join(inner)}".rstrip()


def _resources(soup: Tag, page: Page) -> list[str]:
    """Give the resources as "Forms: G-28, Notice of …", by group and then by name: their order on
    the page means nothing."""
    tab = tab_of(soup, "resources", page)
    groups = tab.select(".pm-resource__container") if tab else []
    if tab and not groups:
        raise PageChanged(f"{page.url}: the resources stand in no group")
    return [line for group in groups for line in _group(group, page)]


def _group(group: Tag, page: Page) -> Iterator[str]:
    name = normalise(one(group, ".pm-resource__header", page).get_text())
    for item in sorted({normalise(row.get_text()) for row in group.select(".row-data")}):
        yield f"{name}: {item}"
