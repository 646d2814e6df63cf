"""Make a version of a Federal Register document from its API entry, its print, or both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from pipeline.dates import read_dates
from pipeline.effects import operative
from pipeline.errors import PageChanged
from pipeline.fedreg import FILED, Printed
from pipeline.mentions import first_date
from pipeline.model import Block, BlockKind, DateKind, Document, Page, StatedDate, Version
from pipeline.normalise import normalise
from pipeline.subtype import subtype

PARSER = "federal_register/2"
FIRST_VOLUME = 1935  # volume 91 is 2026
LAST_SHORT_YEAR = 90  # "Filed 7-9-94" is of 1994: the register's text begins that year
FIELDS = (
    *("document_number", "publication_date", "type", "subtype", "title", "abstract", "action"),
    *("agencies", "citation", "volume", "start_page", "end_page"),
    *("dates", "effective_on", "comments_close_on", "signing_date"),
    *("docket_ids", "regulation_id_numbers", "cfr_references", "significant", "topics"),
    *("correction_of", "corrections", "disposition_notes", "not_received_for_publication"),
    *("president", "executive_order_number", "proclamation_number"),
    *("presidential_document_number", "toc_doc", "toc_subject"),
    *("html_url", "json_url", "pdf_url", "full_text_xml_url", "raw_text_url", "body_html_url"),
    *("comment_url", "regulations_dot_gov_url"),
)
LINKS = {
    "html": "html_url",
    "pdf": "pdf_url",
    "xml": "full_text_xml_url",
    "comment": "comment_url",
    "docket": "regulations_dot_gov_url",
}
_AS_STATED = (
    *("docket_ids", "significant", "topics", "start_page", "end_page", "disposition_notes"),
    *("executive_order_number", "proclamation_number"),
    *("presidential_document_number", "not_received_for_publication"),
)
_PAPERWORK = re.compile(r"\binformation collection|\bpaperwork reduction act", re.IGNORECASE)
_ON_PATH = re.compile(r"/(\d{4})/(\d{2})/(\d{2})/")
_QUOTES = str.maketrans("“”„‘’", '"""\'\'')


def key(entry: Mapping[str, Any]) -> str:
    """Number and date: numbers were used again before 2016."""
    return f"{entry['document_number']}@{entry['publication_date']}"


def kept(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an API entry that count or lead somewhere; what churns is left out."""
    stated = {name: entry[name] for name in FIELDS if entry.get(name) not in (None, "", [], {})}
    if "agencies" in stated:
        names = [each.get("name") or each.get("raw_name") for each in entry["agencies"]]
        stated["agencies"] = [{"name": name} for name in names]
    return stated


def version(page: Page, entry: Mapping[str, Any], printed: Printed | None) -> Version:
    """Make a version of what the API states, what is printed, or both; what is stated goes first.

    Raises `PageChanged` where the two are of different documents, or neither says which one it is.
    """
    number, published = _number(page, entry, printed), _published(page, entry, printed)
    printed = printed or Printed(kind="", number=number, blocks=_abstract(page, entry))
    metadata = _metadata(entry, printed)
    metadata["document_number"] = number
    if not entry.get("title") and not printed.title:
        raise PageChanged(f"{page.url} has no title: look at the page")
    kind = str(entry.get("type", "")).casefold().replace(" ", "-") or printed.kind
    title = _plain(entry.get("title") or printed.title)
    if not kind:
        raise PageChanged(f"{page.url} doesn't say what kind of document it is: look at the page")
    stated: Iterable[StatedDate] = _dates(entry, printed, published)
    if kind == "notice" and _PAPERWORK.search(f"{title} {metadata.get('action', '')}"):
        stated = map(_on_paperwork, stated)
    return Version(
        document=Document(
            source=page.source, key=f"{number}@{published.on.isoformat()}", kind=kind
        ),
        title=title,
        citation=str(entry.get("citation") or _citation(printed, published.on)),
        issuer="; ".join(metadata.get("agencies", ())),
        url=str(entry.get("html_url") or page.url),
        blocks=printed.blocks,
        seen_at=page.fetched_at,
        parser=PARSER,
        dates=tuple(dict.fromkeys(stated)),
        metadata=metadata,
        links={name: str(entry[field]) for name, field in LINKS.items() if entry.get(field)},
    )


def _number(page: Page, entry: Mapping[str, Any], printed: Printed | None) -> str:
    stated, on_paper = entry.get("document_number", ""), printed.number if printed else ""
    if stated and on_paper and stated != on_paper:
        raise PageChanged(f"{page.url} holds {on_paper}, listed as {stated}: compare the two")
    name = urlsplit(page.url).path.rpartition("/")[2].partition(".")[0]
    number = stated or on_paper or (name if re.fullmatch(r"(?:\w+-)?\w+-\d+", name) else "")
    if not number:
        raise PageChanged(f"{page.url} nowhere says its document number: look at the page")
    return str(number)


def _published(page: Page, entry: Mapping[str, Any], printed: Printed | None) -> StatedDate:
    if stated := entry.get("publication_date"):
        return _stated(DateKind.PUBLISHED, stated, "API publication_date")
    if printed and printed.issued:
        issued = printed.issued
        return StatedDate(
            kind=DateKind.PUBLISHED, on=issued, words=issued.isoformat(), read_from="issue"
        )
    if found := _ON_PATH.search(urlsplit(page.url).path):
        return _stated(DateKind.PUBLISHED, "-".join(found.groups()), "address")
    raise PageChanged(
        f"{page.url} says neither in its text nor in its address when it was published, which is"
        " part of the document's name: follow it from a list"
    )


def _stated(kind: DateKind, value: str, read_from: str) -> StatedDate:
    try:
        return StatedDate(kind=kind, on=date.fromisoformat(value), words=value, read_from=read_from)
    except ValueError as error:
        raise PageChanged(f"{read_from} is {value!r}, no calendar date: look at it") from error


def _abstract(page: Page, entry: Mapping[str, Any]) -> tuple[Block, ...]:
    if not entry:
        raise PageChanged(f"{page.url} states nothing of a document: look at the page")
    text = _plain(entry.get("abstract") or "")
    return (Block(kind=BlockKind.PARAGRAPH, text=text),) if text else ()


def _dates(
    entry: Mapping[str, Any], printed: Printed, published: StatedDate
) -> Iterable[StatedDate]:
    """What the text says first, then what the API made of it; where they differ, both stand."""
    yield published
    if printed.dates:
        yield from read_dates(printed.dates, "DATES", published.on)
    else:
        yield from read_dates(normalise(entry.get("dates") or ""), "API dates", published.on)
    for kind, name in (
        (DateKind.EFFECTIVE, "effective_on"),
        (DateKind.COMMENTS_CLOSE, "comments_close_on"),
        (DateKind.SIGNED, "signing_date"),
    ):
        if entry.get(name):
            yield _stated(kind, entry[name], f"API {name}")
    if printed.kind == "presidential-document" and not printed.dates:
        yield from read_dates(operative(printed.blocks), "text", published.on)
    yield from _signed(printed)
    yield from _filed(printed)


def _signed(printed: Printed) -> Iterator[StatedDate]:
    for words, read_from in (
        (printed.order, "heading"),
        *((s, "signature") for s in printed.signed),
    ):
        if on := first_date(words):
            yield StatedDate(kind=DateKind.SIGNED, on=on, words=words, read_from=read_from)


def _filed(printed: Printed) -> Iterator[StatedDate]:
    """When it was filed for public inspection: "[FR Doc. 2026-1 Filed 7-9-26; 8:45 am]"."""
    if found := FILED.search(printed.filed):
        month, day, year = map(int, found.groups())
        kind = DateKind.INSPECTION
        try:
            on = date(year + (1900 if year > LAST_SHORT_YEAR else 2000), month, day)
        except ValueError:
            return  # a misprint
        yield StatedDate(kind=kind, on=on, words=printed.filed, read_from="filing line")


def _on_paperwork(stated: StatedDate) -> StatedDate:
    """A notice that is all about an information collection asks for comments on nothing else."""
    if stated.kind is DateKind.COMMENTS_CLOSE:
        return replace(stated, kind=DateKind.PRA_COMMENTS_CLOSE)
    return stated


def _metadata(entry: Mapping[str, Any], printed: Printed) -> dict[str, Any]:
    """The publisher's own fields; what the API doesn't state is taken from the print."""
    on_paper = {
        "action": printed.action,
        "agencies": list(printed.agencies),
        "docket_ids": list(printed.dockets),
        "rins": list(printed.rins),
        "cfr_references": list(printed.cfr),
        "abstract": _plain(printed.summary),
        "start_page": _whole(printed.first_page),
        "end_page": _whole(printed.last_page),
        "subtype": subtype(printed.number, entry.get("action") or printed.action, printed.order),
        "graphics": list(printed.graphics),
        "signed_by": list(printed.signers),
        "amends": [asdict(each) for each in printed.amends],
        "text": _read_from(printed),
    }
    stated = {
        **{name: entry.get(name) for name in _AS_STATED},
        "action": normalise(entry.get("action") or ""),
        "agencies": [agency["name"] for agency in entry.get("agencies", ())],
        "rins": entry.get("regulation_id_numbers"),
        "cfr_references": [
            f"{each['title']} CFR {each['part']}" if each.get("part") else f"{each['title']} CFR"
            for each in entry.get("cfr_references", ())
        ],
        "abstract": _plain(entry.get("abstract") or ""),
        "subtype": entry.get("subtype"),
        "president": entry.get("president", {}).get("name"),
        "corrections": [_last(address) for address in entry.get("corrections", ())],
        "correction_of": _last(entry.get("correction_of", "")),
    }
    return {**_without_empty(on_paper), **_without_empty(stated)}


def _read_from(printed: Printed) -> str:
    """What the text was read from, where that is not the XML; how much there is, where not all."""
    if printed.kind or printed.form:
        return printed.form
    return "abstract only" if printed.blocks else "title only"


def _without_empty(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def _citation(printed: Printed, published: date) -> str:
    if not printed.first_page.isdecimal():
        return ""
    return f"{published.year - FIRST_VOLUME} FR {printed.first_page}"


def _plain(text: str) -> str:
    """Write quotes one way: the API has re-encoded them, which is no change in what is said."""
    said = unescape(text).replace("``", '"').replace("''", '"').translate(_QUOTES)
    return normalise(said)


def _last(address: str) -> str:
    return urlsplit(address).path.rpartition("/")[2].removesuffix(".json")


def _whole(page: str) -> int | None:
    return int(page) if page.isdecimal() else None
