"""Find where an authority is printed: from its name to the last parenthesis after its citation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Citation

CASES = ("case_reporter", "case_short", "interim_decision", "docket")
LAWS = ("ina", "usc", "cfr", "public_law", "stat", "fr_cite")
_PINS = re.compile(
    r"(?:\s{0,3}+(?:(?:,|&|and\b)\s{0,3}+)?(?:(?:nn?\."
    r"|at\b)\s{0,3}+)?\d{1,5}(?:[-\u2010-\u2014]\d{1,5})?"
    r"(?:\s?nn?\.\s?\d{1,3})?(?![\w.]|\s{1,2}[A-Z])){0,6}"
)
_MARK = re.compile(
    r"(?:\s{0,2}\[\^?\s?\d{1,3}\])*\s{0,3},?\s{0,3}(?=[(\[{])|(?:\s{0,2}\[\^?\s?\d{1,3}\])+"
)
_PARENTHESIS = re.compile(r"[()\[\]{}]")
_LONGEST = 700  # characters of one parenthesis
_DEEPEST = 24  # signs of parentheses in one of them
_MOST = 6  # parentheses after one citation
_PDF = re.compile(r"\(PDF\)[\s,-]{0,4}\Z")


@dataclass(frozen=True, kw_only=True)
class Printed:
    """An authority as a text has it: text[start:end] is all of it, `asides` are what stands in each
    of the parentheses after it, half-open and without their signs."""

    citation: Citation
    start: int
    end: int
    asides: tuple[tuple[int, int], ...]

    @property
    def target(self) -> str:
        return self.citation.cited

    @property
    def name(self) -> str:
        return self.citation.name or (
            "" if self.citation.kind != "case_short" else _spaced(self.citation.raw)
        )

    @property
    def is_case(self) -> bool:
        return self.citation.kind in CASES


def printed(text: str, cited: Sequence[Citation]) -> tuple[Printed, ...]:
    """The citations of a text in its order, each with what is printed around it."""
    found: list[Printed] = []
    for citation in sorted(cited, key=lambda each: each.start):
        end, asides = _after(text, citation.end)
        start = _name_start(text, citation, found[-1].citation.end if found else 0)
        found.append(Printed(citation=citation, start=start, end=end, asides=asides))
    return tuple(found)


def _after(text: str, end: int) -> tuple[int, tuple[tuple[int, int], ...]]:
    asides = []
    pins = _PINS.match(text, end)
    end = pins.end() if pins else end
    for _ in range(_MOST):
        mark = _MARK.match(text, end)
        closed = _closing(text, mark.end()) if mark else -1
        if mark is None or closed < 0:
            break
        asides.append((mark.end() + 1, closed))
        end = closed + 1
    return end, tuple(asides)


def _closing(text: str, start: int) -> int:
    """Where the parenthesis is closed that opens at `start`; -1 where none is near."""
    depth = 0
    for count, sign in enumerate(_PARENTHESIS.finditer(text, start, start + _LONGEST)):
        depth += 1 if sign[0] in "([{" else -1
        if depth == 0:
            return sign.start()
        if count > _DEEPEST:
            break
    return -1


def _name_start(text: str, citation: Citation, least: int) -> int:
    """Where the name begins, compared letter by letter: print has other hyphens and spaces."""
    at = citation.start
    if not citation.name or _begins_with(citation):
        return at
    if pdf := _PDF.search(text, max(0, at - 12), at):
        at = pdf.start()
    for letter in reversed(citation.name.casefold()):
        if not letter.isalnum():
            continue
        while at > 0 and not text[at - 1].isalnum() and citation.start - at < _LONGEST:
            at -= 1
        if at == 0 or text[at - 1].casefold() != letter:
            return citation.start
        at -= 1
    return at if at >= least else citation.start


def _begins_with(citation: Citation) -> bool:
    """Whether the citation itself has the name: "Matter of A-B-", a short form."""
    letters = [each for each in citation.name.casefold() if each.isalnum()]
    return [each for each in citation.raw.casefold() if each.isalnum()][: len(letters)] == letters


def _spaced(raw: str) -> str:
    return re.sub(r"\s+", " ", raw)
