"""USCIS form pages: editions, fees and payment, where to file; with the fee schedule G-1055."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from bs4.element import Tag

from crawlers import uscis
from crawlers.options import texts
from crawlers.scope import address, linked, one, tree
from crawlers.source import Follow, Visit
from crawlers.spider import SourceSpider
from pipeline import fees, forms, pdf
from pipeline.errors import PageChanged, SettingsError
from pipeline.model import Block, Document, Page, Reading, Version
from pipeline.normalise import normalise

NAME = "uscis_forms"
MOST_FORMS = 300  # in a run; twice as many as there are
SITE = f"https://{uscis.HOST}"
ALL_FORMS = f"{SITE}/forms/all-forms"
FEE_SCHEDULE = f"{SITE}/g-1055"
PARSER = f"{NAME}/2"
LISTED = "main .views-row a[href]"
NEXT_LIST = "main .pager__item--next a[href]"
# The forms that the fee schedule has fees for; the fees themselves come by script.
ENTRIES = ".form-fee-title.form-fee-listing"
FILES = ".files-listing a[href]"
FEES_PDF = re.compile(r"/sites/default/files/[^?]*/g-1055\.pdf")
FORMAT = re.compile(r"\s*\(PDF.*\)$")


class UscisFormsSpider(SourceSpider):
    """Reads the page of each form, the addresses it leads to, and the fee schedule."""

    name = NAME
    options = ("forms",)
    facts: ClassVar[uscis.SiteFacts] = uscis.SiteFacts(
        name=NAME,
        title="USCIS forms",
        publisher=uscis.ISSUER,
        home=ALL_FORMS,
        hosts=(uscis.HOST,),
        pattern=f"{uscis.FORM}|{uscis.PLACES}",
        delay=10.0,  # what the site's robots.txt asked for
        cadence=timedelta(days=1),
        times=("45 0 * * *",),
        # In October 2025 the fee schedule had entries for 115 forms, supplements among them; others
        # counted 103 pages. A dozen of them lead to a page of addresses.
        floor=70,
        ceiling=MOST_FORMS,
        enumerates=False,  # the list was never recorded; a form that is gone answers 404 itself
        one_per_page=True,
        fills={"title": 0.95, "text": 0.95},  # all of 64 pages recorded state both
        scope=(
            "The pages of the forms that the site lists, the filing addresses they lead to, and "
            "the PDF of the fee schedule; not the forms and instructions themselves, which are "
            "PDFs, nor the fees on the web page of the schedule, which shows them by script. The "
            "list of forms and the PDF were never recorded and are read after descriptions"
        ),
    )

    @classmethod
    def question(cls, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """The forms that are named in place of all, as paths."""
        return {"forms": [*map(_form, texts(NAME, options, "forms", most=MOST_FORMS))]}

    @classmethod
    def seeds(cls, visit: Visit) -> Iterable[Follow]:
        """Begin at the list of all forms, or at those that the option `forms` names."""
        named = [Follow(url=f"{SITE}{each}") for each in cls.question(visit.options)["forms"]]
        return (*(named or [Follow(url=ALL_FORMS)]), Follow(url=FEE_SCHEDULE))

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        """Lead from the list to every form, from a form to the addresses it names."""
        if _is_list(page):
            yield from (Follow(url=url) for url in _list(page))
            yield from (Follow(url=url) for url in _next(page))
        elif not FEES_PDF.search(page.url):
            yield from _led_to(page)

    @staticmethod
    def read(page: Page) -> Reading:
        """Read the list's forms, or what a form's page states."""
        if _is_list(page):
            return Reading(listed=tuple(_key(url) for url in _list(page)))
        version = _fees(page) if FEES_PDF.search(page.url) else _form_page(page)
        return Reading(versions=(version,))


def _form(named: str) -> str:
    """The path of a form, by its number: "I-765", "n-400"."""
    path = f"/{named.strip().lower()}"
    if not re.fullmatch(uscis.FORM, path):
        raise SettingsError(f"{named!r} of {NAME} is no form: write its number, as in I-765")
    return path


def _is_list(page: Page) -> bool:
    return uscis.path(page.url) == uscis.path(ALL_FORMS)


def _list(page: Page) -> tuple[str, ...]:
    """The addresses of the forms that a page of the list names."""
    found = [address(link, page) for link in tree(page).select(LISTED)]
    named = [url for url in found if _is(uscis.FORM, url)]
    if not named:
        raise PageChanged(f"{page.url}: “{LISTED}” names no form; look at the kept page")
    return tuple(dict.fromkeys(named))


def _next(page: Page) -> Iterator[str]:
    return (address(link, page) for link in tree(page).select(NEXT_LIST))


def _led_to(page: Page) -> Iterator[Follow]:
    for link in uscis.article(page).body.select("a[href]"):
        url = address(link, page)
        if _is(uscis.PLACES, url) and _is(uscis.FORM, page.url):
            yield Follow(url=url)
        elif FEES_PDF.search(url) and _key(page.url) == _key(FEE_SCHEDULE):
            yield Follow(url=url, context={"named": normalise(link.get_text())})


def _is(pattern: str, url: str) -> bool:
    return url.startswith(SITE) and re.fullmatch(pattern, uscis.path(url)) is not None


def _key(url: str) -> str:
    return uscis.path(url).rsplit("/", 1)[-1]


def _form_page(page: Page) -> Version:
    article = uscis.article(page)
    key = _key(page.url)
    is_schedule = key == _key(FEE_SCHEDULE)
    blocks = (*article.blocks, *(_entries(page) if is_schedule else ()))
    archived = {"status": uscis.ARCHIVED_BY} if article.archived else {}
    return Version(
        document=Document(source=NAME, key=key, kind="fee-schedule" if is_schedule else "form"),
        title=article.title,
        citation="",
        issuer=uscis.ISSUER,
        url=page.url,
        blocks=blocks,
        seen_at=page.fetched_at,
        parser=PARSER,
        dates=forms.dates(blocks),
        metadata=forms.facts(blocks) | archived,
        links={_file(link): address(link, page) for link in article.body.select(FILES)},
        linked=linked(article.body, page),
    )


def _entries(page: Page) -> tuple[Block, ...]:
    """The forms whose fees one can ask to be shown: which they are is a part of the schedule."""
    return uscis.content(one(tree(page), ENTRIES, page))


def _file(link: Tag) -> str:
    return FORMAT.sub("", normalise(link.get_text()))


def _fees(page: Page) -> Version:
    return Version(
        document=Document(source=NAME, key=_key(page.url), kind="fee-schedule"),
        title=str(page.context.get("named") or "USCIS Fee Schedule"),
        citation="",
        issuer=uscis.ISSUER,
        url=page.url,
        blocks=fees.rows(pdf.sheets(page.body)),
        seen_at=page.fetched_at,
        parser=PARSER,
    )
