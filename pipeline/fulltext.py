"""Read the Federal Register's other full texts: the body as HTML, and the raw text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise, takewhile

from bs4.element import Tag

from pipeline import normalise
from pipeline.errors import PageChanged
from pipeline.fedreg import FILED, NUMBER, RIN, Printed, dockets, parts
from pipeline.mentions import first_date
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
_LINE = re.compile(r"\[FR Doc[^\]]*\bFiled\b[^\]]*\](?:\s*BILLING CODE [\w-]+)?", re.IGNORECASE)
_BRACKETED = re.compile(r"\[((?:[^\[\]]*(?:\bDocket\b|\bNos?\. )|[A-Z]{2,}-)[^\[\]]*)\]")
_SUBJECTS = re.compile(r"lists? of subjects", re.IGNORECASE)
_DATED = re.compile(
    r"(?:Dated|Signed|Issued|Done)\b[^.]{0,60}?(?:day of \w+,? \d{4}|\w+ \d\d?, \d{4})\."
)
_NOT_AN_AGENCY = re.compile(r"\d|[\[\]]|^(?:RIN|Part|Vol\.|No\.|Billing)\b", re.IGNORECASE)


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
    details = re.sub(r"\s+", " ", details).strip()
    for detail in scope.select(".document_details"):
        detail.decompose()
    return _printed(
        form="HTML", kind=_kind(scope), blocks=normalise.blocks(scope), filed=_filing(details)
    )


def read_raw(body: bytes) -> Printed:
    """Read the raw text of one document: its head in brackets, then paragraphs."""
    text = body.decode("utf-8", errors="replace")
    head = _HEADER.search(text)
    if head is None:
        raise PageChanged("the raw text lacks its head, [Federal Register …]: look at the page")
    number, pages = _DOC.search(text), _PAGES.search(text)
    filed = _LINE.search(text)
    return _printed(
        form="raw text",
        kind=_KINDS.get(head[1].strip().lower(), ""),
        number=number[1].strip() if number else "",
        blocks=tuple(_paragraphs(_LINE.sub("", text[head.end() :]))),
        filed=_filing(normalise.normalise(filed[0])) if filed else "",
        issued=head[0],
        pages=(pages[1], pages[2] or pages[1]) if pages else ("", ""),
    )


def _filing(details: str) -> str:
    """The line "[FR Doc. … Filed …]" alone, without the billing code."""
    return details.partition("]")[0] + "]" if FILED.search(details) else details


def _printed(
    *,
    form: str,
    kind: str,
    blocks: tuple[Block, ...],
    filed: str,
    number: str = "",
    issued: str = "",
    pages: tuple[str, str] = ("", ""),
) -> Printed:
    title = _title(blocks)
    front = [block.text for block in takewhile(lambda block: not _is_body(block), blocks)]
    numbered = NUMBER.search(filed)
    subjects = [block.text for block in blocks if _SUBJECTS.match(block.text)]
    brackets = (bracket for text in front for bracket in _BRACKETED.findall(text))
    return Printed(
        form=form,
        kind=kind,
        number=number or (numbered[1] if numbered else ""),
        title=title,
        agencies=_agencies(blocks, title),
        cfr=_distinct(part for text in (*front, *subjects) for part in parts(text)),
        dockets=_distinct(docket for docket in dockets(brackets) if not RIN.search(docket)),
        rins=_distinct(rin for text in front for rin in RIN.findall(text)),
        action=_under(blocks, "ACTION"),
        summary=_under(blocks, "SUMMARY"),
        dates=_under(blocks, "DATES") or _under(blocks, "EFFECTIVE DATE"),
        signers=tuple(_signers(blocks)),
        signed=_distinct(found[0] for block in blocks if (found := _DATED.match(block.text))),
        first_page=pages[0],
        last_page=pages[1],
        blocks=blocks,
        filed=filed,
        issued=first_date(issued),
    )


def _is_body(block: Block) -> bool:
    """Whether the preamble's fields end here: what follows cites others' dockets and parts."""
    return block.kind is BlockKind.HEADING and _label(block.text) not in ("", "AGENCY", "ACTION")


def _label(text: str) -> str:
    return text.strip(": ").upper()


def _distinct(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


def _kind(scope: Tag) -> str:
    named = [_KINDS[name] for name in scope.get_attribute_list("class") if name in _KINDS]
    return named[0] if named else ""


def _title(blocks: tuple[Block, ...]) -> str:
    """What stands right before "AGENCY:"; the HTML body begins below its title and has none."""
    for before, block in pairwise(blocks):
        if block.kind is BlockKind.HEADING and _label(block.text) == "AGENCY":
            return before.text
    return ""


def _agencies(blocks: tuple[Block, ...], title: str) -> tuple[str, ...]:
    """The names printed in capitals above the title and what stands right under them; without
    such, what "AGENCY:" names."""
    above = takewhile(lambda block: title and block.text != title, blocks)
    before = [block.text for block in above if block.kind is BlockKind.PARAGRAPH]
    for number, text in enumerate(before):
        if text.isupper() and not _NOT_AN_AGENCY.search(text):
            under = takewhile(lambda name: not _NOT_AN_AGENCY.search(name), before[number:])
            return tuple(under)
    return tuple(filter(None, [_under(blocks, "AGENCY").rstrip(".")]))


def _signers(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Who signs below "Dated: …", with the title: in the same paragraph, or in two that follow."""
    for dated, name, office in zip(blocks, blocks[1:], blocks[2:], strict=False):
        if (found := _DATED.match(dated.text)) and name.text.endswith(","):
            yield f"{name.text} {office.text}".rstrip(". ")
    for block in blocks:
        found = _DATED.match(block.text)
        if found and (signer := block.text[found.end() :].strip(" .")):
            yield signer


def _under(blocks: tuple[Block, ...], heading: str) -> str:
    said = [b.text for b in blocks if b.trail and _label(b.trail[-1]) == heading]
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
