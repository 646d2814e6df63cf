"""Read the Federal Register's XML: one document, or a day's whole issue, as printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from lxml import etree
from lxml.etree import _Element as Element

from pipeline.amendments import Amendment, read_amendments
from pipeline.errors import PageChanged
from pipeline.mentions import first_date
from pipeline.model import Block
from pipeline.typeset import blocks, words

DEPTH = 200  # elements within elements; the deepest real document has about ten
KINDS = {
    "RULE": "rule",
    "PRORULE": "proposed-rule",
    "NOTICE": "notice",
    "PRESDOCU": "presidential-document",
}
_ORDERS = ("EXECORDR", "PROC", "MEMO", "DETNO", "PRNOTICE", "ORDER")
NUMBER = re.compile(r"FR Doc\.?:?\s*((?:[A-Z]\d+-)?[A-Z]?\d+-\d+)", re.IGNORECASE)
FILED = re.compile(r"\bfiled:? (\d\d?)[-–](\d\d?)[-–](\d\d)\b", re.IGNORECASE)
RIN = re.compile(r"\d{4}-[A-Z]{2}\d{2}")
_CFR = re.compile(r"(\d+) CFR Parts? ([^;]*?)(?=\d+ CFR|;|$)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Printed:
    """A document as its XML prints it. What it doesn't print is empty, never made up.

    `order` is a presidential document's line ("Proclamation 9423 of April 12, 2016"); `dates` the
    text under "DATES:", a paragraph a line; `issued` the issue's date, where the whole issue is
    at hand; pages are the register's own, of the page the document begins and ends on. `filed` is
    the line at its end that says when it was filed for public inspection, `signers` each with the
    title, `form` what the text was read from, where that is not the XML.
    """

    kind: str
    number: str
    blocks: tuple[Block, ...]
    title: str = ""
    agencies: tuple[str, ...] = ()
    cfr: tuple[str, ...] = ()
    dockets: tuple[str, ...] = ()
    rins: tuple[str, ...] = ()
    action: str = ""
    summary: str = ""
    dates: str = ""
    order: str = ""
    signed: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    filed: str = ""
    amends: tuple[Amendment, ...] = ()
    first_page: str = ""
    last_page: str = ""
    graphics: tuple[str, ...] = ()
    issued: date | None = None
    form: str = ""


def read(body: bytes) -> tuple[Printed, ...]:
    """Read every document in a body. Raises `PageChanged` where it is malformed or has none."""
    root = _parse(body)
    if root.tag in KINDS:
        return (_document(root, ""),)
    issued = first_date(words(root.find("DATE"))) if root.tag == "FEDREG" else None
    found, page = [], ""
    for element in root.iter("PRTPAGE", *KINDS):
        if element.tag == "PRTPAGE":
            page = element.get("P") or page
        else:
            found.append(replace(_document(element, page), issued=issued))
    if not found:
        raise PageChanged(
            f"the XML begins with <{root.tag}> and holds no document: look at the page and at"
            " pipeline/fedreg.py"
        )
    return tuple(found)


def parts(text: str) -> Iterator[str]:
    """Cite each part of a line such as "8 CFR Parts 103, 212 and 214"."""
    for title, parts in _CFR.findall(text):
        for part in re.findall(r"\b\d+[a-z]{0,2}\b", parts):
            yield f"{title} CFR {part}"


def dockets(texts: Iterable[str]) -> Iterator[str]:
    """The docket numbers of lines such as "[Docket No. USCIS-2026-0001; CIS No. 2530-12]"."""
    for text in texts:
        for docket in text.strip("[] ").split(";"):
            yield re.sub(r"^Docket (?:ID|Nos?\.?|Number):?\s*", "", docket.strip())


def _parse(body: bytes) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = deepest = 0
    try:
        root = etree.fromstring(body, parser)
        for event, _ in etree.iterwalk(root, events=("start", "end")):
            depth += 1 if event == "start" else -1
            deepest = max(depth, deepest)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PageChanged(f"the XML is malformed ({error}): fetch the page again") from error
    if next(root.iter(etree.Entity), None) is not None:
        raise PageChanged("the XML uses entities of its own: no document of the register does")
    if deepest > DEPTH:
        raise PageChanged(f"the XML nests {deepest} elements: no document of the register does")
    return root


def _document(root: Element, page: str) -> Printed:
    first = _first_page(root) or page
    pages = [first, *(each.get("P", "") for each in root.iter("PRTPAGE"))]
    preamble = root.find(".//PREAMB")
    heads = root if preamble is None else preamble
    cfr = tuple(dict.fromkeys(part for text in _texts(heads, "CFR") for part in parts(text)))
    return Printed(
        kind=KINDS[str(root.tag)],
        number=_number(root),
        title=_title(root, heads),
        agencies=tuple(_texts(heads, "AGENCY", "SUBAGY")),
        cfr=cfr,
        dockets=tuple(dockets(_texts(heads, "DEPDOC"))),
        rins=tuple(dict.fromkeys(rin for t in _texts(heads, "RIN") for rin in RIN.findall(t))),
        action=_section(heads, "ACT"),
        summary=_section(heads, "SUM"),
        dates=_section(heads, "DATES", "EFFDATE"),
        order=next(_texts(root, *_ORDERS), ""),
        signed=tuple(_texts(root, "DATED")),
        signers=tuple(_signers(root)),
        filed=next((t for t in _texts(root, "FILED", "FRDOC") if FILED.search(t)), ""),
        amends=read_amendments(root, cfr),
        first_page=first,
        last_page=pages[-1],
        graphics=tuple(_texts(root, "GID", "MID")),
        blocks=blocks(root, first),
    )


def _first_page(root: Element) -> str:
    """The page named before the document's first words, if there is one."""
    for element in root.iter():
        if element.tag == "PRTPAGE":
            return element.get("P", "")
        if (element.text or "").strip() and element.tag not in ("TITLE3", "PRES"):
            return ""
    return ""


def _number(root: Element) -> str:
    printed = (text.replace("–", "-") for text in _texts(root, "FRDOC"))
    numbers = {match[1] for text in printed if (match := NUMBER.search(text))}
    if len(numbers) > 1:
        raise PageChanged(f"one document prints several numbers: {', '.join(sorted(numbers))}")
    return numbers.pop() if numbers else ""


def _title(root: Element, heads: Element) -> str:
    subjects = [words(each) for each in heads.findall("SUBJECT")]
    return "; ".join(subjects) or next(_texts(root, "HD"), "")


def _section(heads: Element, *tags: str) -> str:
    paragraphs = (p for tag in tags for each in heads.iter(tag) for p in each.iter("P", "FP"))
    return "\n".join(words(each) for each in paragraphs).strip()


def _signers(root: Element) -> Iterator[str]:
    for name in root.iter("NAME"):
        parent, title = name.getparent(), name.getnext()
        if parent is None or parent.tag != "SIG":
            continue
        office = words(title) if title is not None and title.tag == "TITLE" else ""
        yield ", ".join(filter(None, (words(name).rstrip(", "), office.rstrip(". "))))


def _texts(root: Element, *tags: str) -> Iterator[str]:
    return (text for each in root.iter(*tags) if (text := words(each)))
