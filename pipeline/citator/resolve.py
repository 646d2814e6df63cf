"""Say of every citation of a document which case it names, and of a short form what it takes up."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from pipeline import cite
from pipeline.act import is_ina
from pipeline.citator.antecedents import Antecedents
from pipeline.citator.casename import named
from pipeline.citator.idem import taken_up
from pipeline.citator.reading import Cited, Short, marked, ordered, read, sentence_end, short
from pipeline.citator.shortname import ShortNames, Use
from pipeline.legible import Legible, legible
from pipeline.model import Block, BlockKind, Citation

# What may stand between a case's name and its citation.
_LEADS_TO = re.compile(r"\s*(?:\([^()]{1,60}\))?\s*,?\s*(?:supra,?\s*)?")
_BEFORE_SUPRA = re.compile(r"\A(?!supra\b)[^,]*?(?=(?:,|(?<!\s))\s++supra|\Z)")
_PAGE = re.compile(r"(?:,|(?<!\s))\s++at\s++(?P<page>\d{1,4})")
_STRAY = 6  # characters between a name and its citation: a comma, spaces
_SECTION = 60  # characters after "Id." in which its section stands


def citations(blocks: Sequence[Block]) -> tuple[tuple[int, Citation], ...]:
    """What the blocks of one document cite, in the order of blocks: (index of the block, citation).

    Citations of cases have `name` and `court`; a short form has those of the case that it takes up,
    and its canonical as `authority`, "" where the document leaves open which is meant. Antecedents
    stand before what takes them up, a note where it is called; a name may have its citation in the
    note that its own sentence calls. Beside what `cite.find` finds there
    are the places that call a case, after its citation, by the name that the text defined for it
    ("A-B- II"), by "X v. Y" alone, or by one party ("under Niz-Chavez"): kind "case_short".
    """
    shown = [legible(block.text) for block in blocks]
    plain = [*map(_plain, blocks, shown)]
    act = is_ina("\n".join(block.text for block in plain))
    cited = cite.find_each([block.text for block in plain], act=act)
    found = [read(block.text, each) for block, each in zip(plain, cited, strict=True)]
    cases = Antecedents(ordered(plain, found))
    named_too = ordered(plain, [*_with_names(plain, found, cases)])
    told = [
        (index, _printed(citation, blocks[index], shown[index]))
        for index, citation in _told(plain, named_too, cases)
    ]
    return tuple(sorted(told, key=lambda each: (each[0], each[1].start)))


def resolved(text: str) -> tuple[Citation, ...]:
    """What a text that stands alone cites, as `citations` gives it."""
    block = Block(kind=BlockKind.PARAGRAPH, text=text)
    return tuple(citation for _, citation in citations((block,)))


def _plain(block: Block, shown: Legible) -> Block:
    """A block in its legible form: all reading is done in that."""
    if shown.text == block.text:
        return block
    marks = tuple(
        replace(mark, offset=len(legible(block.text[: mark.offset]).text)) for mark in block.marks
    )
    return replace(block, text=shown.text, marks=marks)


def _printed(citation: Citation, block: Block, shown: Legible) -> Citation:
    start, end = shown.printed(citation.start, citation.end)
    return replace(citation, raw=block.text[start:end], start=start, end=end)


def _with_names(
    blocks: Sequence[Block], found: Sequence[list[Cited]], cases: Antecedents
) -> Iterator[list[Cited]]:
    """Block by block what was found, and where a case is called by a name alone."""
    names = ShortNames(cases)
    for block, cited in zip(blocks, found, strict=True):
        uses = [_called(block.text, use) for use in names.uses(block.text)]
        yield marked(block.text, [*_merged(block.text, cited, uses)])


def _called(text: str, use: Use) -> Cited:
    raw = text[use.start : use.end]
    return Cited(
        citation=Citation(
            raw=raw,
            start=use.start,
            end=use.end,
            kind="case_short",
            canonical=raw.replace("\n", " "),
            authority=use.case.canonical,
        )
    )


def _merged(text: str, found: Sequence[Cited], uses: Sequence[Cited]) -> Iterator[Cited]:
    """What was found, and those names between that belong to none of it."""
    waiting = deque(uses)
    done = 0
    for each in found:
        while waiting and waiting[0].citation.start < each.citation.start:
            use = waiting.popleft()
            if use.citation.start >= done and not _leads(use.citation, each.citation, text):
                yield use
        yield each
        done = each.citation.end + each.tail  # where the text defines a name is no use of it
    yield from (use for use in waiting if use.citation.start >= done)


def _leads(name: Citation, following: Citation, text: str) -> bool:
    """Whether a name belongs to the citation behind it."""
    return name.end > following.start or bool(_LEADS_TO.fullmatch(text, name.end, following.start))


def _told(
    blocks: Sequence[Block], cited: Sequence[Cited], cases: Antecedents
) -> Iterator[tuple[int, Citation]]:
    """The citations, each with what it takes up."""
    streams: dict[bool, list[Cited]] = {False: [], True: []}
    authorities: dict[bool, list[str]] = {False: [], True: []}
    for each, following in zip_longest(cited, cited[1:]):
        case = cases.case(each.citation.authority)
        if case is not None and case.first >= each.place:
            continue
        stream, known = streams[each.is_note], authorities[each.is_note]
        stream.append(each)
        text = blocks[each.block].text
        authority = _authority(each, following, text, cases) if short(each.citation) else ""
        if short(each.citation) is Short.IDEM:
            after = text[each.citation.end : each.citation.end + _SECTION]
            authority = taken_up(stream, known, cases, after)
        known.append(authority or replace(each.citation, authority="").cited)
        yield each.block, _filled(each.citation, authority, cases)


def _authority(each: Cited, following: Cited | None, text: str, cases: Antecedents) -> str:
    """The canonical of what a short form by page or name takes up, "" where that is open."""
    citation = each.citation
    if citation.authority:
        return citation.authority
    if short(citation) is Short.REGISTER:
        return cases.in_register(citation, each.place)
    if short(citation) is Short.PAGE:
        found = cases.at_page(citation, each.place)
        return found.canonical if found else ""
    if following and following.block == each.block and _is_name_of(citation, following, text):
        return following.leads
    printed = _BEFORE_SUPRA.match(citation.raw)
    name = named(f"{printed[0]}, ") if printed and printed[0] else citation.name
    page = _PAGE.search(citation.raw) or _PAGE.match(text, citation.end)
    ends = 0 if each.is_note else sentence_end(text, citation.end)
    pin = page["page"] if page else ""
    found = cases.by_name(name, pin, each.place, ends) if name else None
    return found.canonical if found else ""


def _is_name_of(name: Citation, following: Cited, text: str) -> bool:
    """Whether a name is that of the full citation behind it, or begins that."""
    full = following.citation
    is_begun = full.name.startswith(name.canonical) and (
        full.start - name.start <= len(full.name) + _STRAY
    )
    return bool(following.leads) and (is_begun or _leads(name, full, text))


def _filled(citation: Citation, authority: str, cases: Antecedents) -> Citation:
    case = cases.case(authority)
    if case is None or citation.kind != "case_short":
        return replace(citation, authority=authority)
    return replace(citation, authority=authority, name=case.name or citation.name, court=case.court)
