"""USCIS policy memoranda: the list, and the PDF of each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from crawlers import newsroom
from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from crawlers.uscis import HOST, ISSUER
from pipeline import memorandum, pdf
from pipeline.errors import PageChanged
from pipeline.mentions import first_date
from pipeline.model import Block, DateKind, Document, Page, Reading, StatedDate, Version
from pipeline.normalise import blocks
from pipeline.onset import onset

NAME = "uscis_memoranda"
HOME = f"https://{HOST}/laws-and-policy/policy-memoranda"
PARSER = f"{NAME}/1"


class UscisMemorandaSpider(SourceSpider):
    """Reads each memorandum's PDF, with what the list says of it as its context."""

    name = NAME
    facts: ClassVar[Facts] = Facts(
        name=NAME,
        title="USCIS policy memoranda",
        publisher=ISSUER,
        home=HOME,
        hosts=(HOST,),
        paths=("/laws-and-policy/policy-memoranda",),
        delay=10.0,  # what the site's robots.txt asked for
        cadence=timedelta(days=1),
        times=("25 0 * * *",),
        floor=10,  # unmeasured: far below any count that is known of the list
        ceiling=1_000,
        enumerates=False,  # what is superseded is taken off the list and put into an archive
        one_per_page=True,
        # The agency stamps a superseded memorandum and puts it back at its address.
        full_every=timedelta(days=30),
        fills={"title": 0.95, "text": 0.95},
        unverified=(
            "public copies of the words of the list, the site's design of lists as recorded in "
            "July 2025, and memoranda of 2013 to 2018; the markup of this list was never seen"
        ),
        scope=(
            "Every memorandum on the list with the text of its PDF; of a scan without a text only "
            "what the list says. Superseded ones are taken off the list by the agency, which is "
            "not noticed"
        ),
    )

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:
        """Begin at the list: all of it in a whole visit, else as far as its last 30 days."""
        return (Follow(url=HOME, context={"whole": True} if visit.whole else {}),)

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        """Lead from the list to its PDFs, and on with the list. A visit to the whole asks for all
        of them again, since they are stamped where they stand."""
        if newsroom.is_list(page, HOME):
            rows = newsroom.rows(page)
            for row in rows:
                settled = not (page.context.get("whole") or row.is_recent(page))
                yield Follow(url=row.url, context=row.context, settled=settled)
            yield from newsroom.following(page, rows)

    @staticmethod
    def read(page: Page) -> Reading:
        """Read a memorandum; the list names those there are."""
        if newsroom.is_list(page, HOME):
            rows = newsroom.rows(page)
            return Reading(listed=tuple(dict.fromkeys(key(row.title, row.url) for row in rows)))
        if not {"title", "released"} <= page.context.keys():
            raise PageChanged(f"{page.url} was reached without its list; crawl the list again")
        return Reading(versions=(_version(page),))


def key(title: str, url: str) -> str:
    """Give a memorandum's number, if its title or file name has it, and its title, as
    "pm-602-0187/notices-to-appear": a memorandum and its appendix share a number.

    Not the number in its text: the list must know a memorandum before its PDF is read.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")
    return "/".join(filter(None, (_number(title, url).lower(), slug)))


def _number(title: str, url: str) -> str:
    name = unquote(urlsplit(url).path.rpartition("/")[2])
    return memorandum.number_in(title) or memorandum.number_in(name)


def _version(page: Page) -> Version:
    title, listed = str(page.context["title"]), _listed(page)
    said, is_held = _text(page)
    own = memorandum.read(said if is_held else ())
    dated = own.dated or listed
    stated = onset(said, dated.on, "memorandum" if is_held else "list")
    number = own.number or _number(title, page.url)
    return Version(
        document=Document(source=NAME, key=key(title, page.url), kind="uscis-memorandum"),
        title=title,
        citation=f"USCIS Policy Memorandum {number}" if number else "",
        issuer=ISSUER,
        url=page.url,
        blocks=said,
        seen_at=page.fetched_at,
        parser=PARSER,
        dates=(listed, *filter(None, (own.dated,)), *stated),
        metadata=_metadata(own, is_held=is_held),
    )


def _text(page: Page) -> tuple[tuple[Block, ...], bool]:
    """Give the memorandum's text; for a scan the list's summary, and that it is no more."""
    try:
        return memorandum.text(pdf.blocks(page.body)), True
    except pdf.NoText:
        pass
    except PageChanged as error:
        raise PageChanged(f"{page.url}: {error}") from error
    return blocks(str(page.context.get("summary", ""))), False


def _listed(page: Page) -> StatedDate:
    words = str(page.context["released"])
    on = first_date(words)
    if on is None:
        raise PageChanged(f"{page.url}: the list gives the day “{words}”; look at the list")
    return StatedDate(kind=DateKind.ANNOUNCED, on=on, words=words, read_from="list")


def _metadata(own: memorandum.Memorandum, *, is_held: bool) -> dict[str, Any]:
    stated = {
        "status": own.status,
        "supersedes": list(own.supersedes),
        "superseded_numbers": list(own.ended),
        "text": "" if is_held else "abstract only",
    }
    return {name: value for name, value in stated.items() if value}
