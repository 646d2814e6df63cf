"""Read the Federal Register's other full texts: the body as HTML, and the raw text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from bs4.element import Tag

from pipeline import normalise
from pipeline.dates import first_date
from pipeline.errors import PageChanged
from pipeline.fedreg import NUMBER, Printed
from pipeline.model import Block, BlockKind

_KINDS = {
    "doc_rule": "rule",
    "doc_prorule": "proposed-rule",
    "doc_proposed": "proposed-rule",
    "doc_notice": "notice",
    "doc_presdocu": "presidential-document",
    "rules and regulations": "rule",
    "proposed rules": "proposed-rule",
    "notices": "notice",
    "presidential documents": "presidential-document",
}
_UNSAID = (".back_to_top", ".table_of_contents", "#table_of_contents", ".divider", ".printed_page")
_HEADER = re.compile(r"\[Federal Register[^\]]*\][\s\[]*([\w ]+)\]")
_DOC = re.compile(r"\[FR Doc No: ([^\]]+)\]")
_PAGES = re.compile(r"\[Pages? (\d+)(?:-(\d+))?\]")
_TURN = re.compile(r"\[\[Page (\d+)\]\]")
_RULED = re.compile(r"-{20,}")
_LABEL = re.compile(r"([A-Z][A-Z ]{3,40}): ?")


def read_html(body: bytes, headers: Mapping[str, str]) -> Printed:
    """Read the body of one document. Raises `PageChanged` where there isn't exactly one."""
    found = normalise.parse(body, headers).select("div.fulltextWrapper")
    if len(found) != 1:
        raise PageChanged(
            f"the full text has {len(found)} div.fulltextWrapper, not one: look at it"
        )
    scope = found[0]
    for unsaid in scope.select(",".join(_UNSAID)):
        unsaid.decompose()
    details = " ".join(each.get_text(" ") for each in scope.select(".document_details"))
    number = NUMBER.search(re.sub(r"\s+", " ", details))
    for detail in scope.select(".document_details"):
        detail.decompose()
    return _printed(
        kind=_kind(scope),
        number=number[1] if number else "",
        blocks=normalise.blocks(scope),
    )


def read_raw(body: bytes) -> Printed:
    """Read the raw text of one document: its head in brackets, then paragraphs."""
    text = body.decode("utf-8", errors="replace")
    head = _HEADER.search(text)
    if head is None:
        raise PageChanged("the raw text lacks its head, [Federal Register …]: look at the page")
    number, pages = _DOC.search(text), _PAGES.search(text)
    return _printed(
        kind=_KINDS.get(head[1].strip().lower(), ""),
        number=number[1].strip() if number else "",
        blocks=tuple(_paragraphs(text[head.end() :])),
        issued=head[0],
        first=pages[1] if pages else "",
        last=(pages[2] or pages[1]) if pages else "",
    )


def _printed(
    *,
    kind: str,
    number: str,
    blocks: tuple[Block, ...],
    issued: str = "",
    first: str = "",
    last: str = "",
) -> Printed:
    return Printed(
        kind=kind,
        number=number,
        title=_title(blocks),
        action=_under(blocks, "ACTION"),
        summary=_under(blocks, "SUMMARY"),
        dates=_under(blocks, "DATES"),
        first_page=first,
        last_page=last,
        blocks=blocks,
        issued=first_date(issued),
    )


def _kind(scope: Tag) -> str:
    named = [_KINDS[name] for name in scope.get_attribute_list("class") if name in _KINDS]
    return named[0] if named else ""


def _title(blocks: tuple[Block, ...]) -> str:
    """What stands right before "AGENCY:"; the HTML body begins below its title and has none."""
    for before, block in pairwise(blocks):
        if block.kind is BlockKind.HEADING and block.text == "AGENCY:":
            return before.text
    return ""


def _under(blocks: tuple[Block, ...], heading: str) -> str:
    said = [b.text for b in blocks if b.trail and b.trail[-1].strip(": ").upper() == heading]
    return "\n".join(said)


def _paragraphs(text: str) -> Iterator[Block]:
    page, label = "", ""
    for lines in re.split(r"\n\s*\n", text):
        if turned := _TURN.search(lines):
            page = turned[1]
        unbroken = _RULED.sub("", _TURN.sub("", lines)).replace("-\n", "-")
        words = normalise.normalise(unbroken)
        if words.startswith("[") and words.endswith("]"):
            continue  # the rest of the head
        if found := _LABEL.match(words):
            label, words = found[0].strip(), words[found.end() :]
            yield Block(kind=BlockKind.HEADING, text=label, level=1, page=page)
        if words:
            trail = (label,) if label else ()
            yield Block(kind=BlockKind.PARAGRAPH, text=words, trail=trail, page=page)
