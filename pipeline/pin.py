"""Cite the page of a reporter on which a passage stands."""

from __future__ import annotations

import re

from pipeline.model import Block

STAR = "*"  # "*885" marks where page 885 begins, as star paging does
_REPORTED = re.compile(r"(?P<before>\d+ I&N Dec\. )(?P<first>\d+)(?P<court> \([^()]*\d{4}\))")


def pin(citation: str, page: str) -> str:
    """A citation with a pin page: "26 I&N Dec. 884, 889 (AAO 2016)"; "" where no page is known, or
    the citation is none of a reporter's, or the page lies before its first: no pin is better than a
    wrong one. The first page is cited as itself: "26 I&N Dec. 884, 884 (AAO 2016)"."""
    found = _REPORTED.fullmatch(citation)
    first, _, last = page.partition("-")
    if not found or not first.isdigit() or int(first) < int(found["first"]):
        return ""
    pages = _short(first, last) if last else first
    return f"{found['before']}{found['first']}, {pages}{found['court']}"


def page_at(block: Block, offset: int) -> str:
    """The page on which a character of a block stands; "" where the block has none."""
    turned = (mark for mark in block.marks if _is_turn(mark.label) and mark.offset <= offset)
    return block.page and next((mark.label[1:] for mark in reversed(tuple(turned))), block.page)


def _is_turn(label: str) -> bool:
    return label.startswith(STAR) and label[1:].isdigit()


def _short(first: str, last: str) -> str:
    """A range with two digits of its last page, where these suffice: 888–89 (Bluebook rule 3.2)."""
    same_hundred = len(first) == len(last) > 2 and first[:-2] == last[:-2]
    return f"{first}–{last[-2:] if same_hundred else last}"
