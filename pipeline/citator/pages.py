"""Read pin pages, and say whether a decision has them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.citator.quotation import Match
from pipeline.model import Citation

_PAGES = re.compile(r"\*?(\d{1,5})(?:\s*[-–—]\s*\*?(\d{1,5}))?")
# The notes of a page: one, or several numbered in a row; what follows a comma is a page again.
_NOTES = re.compile(
    r"&?\s{0,9}+(?:(?:nn|notes|fns)\.?\s*\d+(?:\s*[-–—&]\s*\d+|\s*,\s*\d{1,2}(?!\d))*"
    r"|(?:n|note|fn)\.?\s*\d+)"
)
_FIRST = re.compile(r"\A\d++ \S.*? (\d+)")
_REGISTER, _DECISIONS = " FR ", " I&N Dec. "
_AT = re.compile(r"\A(\d++ \S.*?) at \d.*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
MOST = 400  # pages that a range may have; a longer one is a slip


def pinned(citation: Citation) -> frozenset[int]:
    """The pages of a pin: "888-89, 891 n.5" has 888, 889 and 891 (Bluebook rule 3.2). The Federal
    Register prints its own with a comma: "62,288"."""
    pages = _NOTES.sub(" ", citation.pin)
    pages = _THOUSANDS.sub("", pages) if _REGISTER in citation.cited else pages
    found: set[int] = set()
    for one, other in _PAGES.findall(pages):
        last = other or one
        whole = one[: max(0, len(one) - len(last))] + last
        found |= {int(one)} | {*range(int(one), min(int(whole), int(one) + MOST) + 1)}
    return frozenset(found)


def printed(citation: Citation) -> str:
    """A pin as the draft prints it."""
    squeezed = re.sub(r"\s", "", citation.raw)
    if not squeezed.endswith(citation.pin):
        return citation.pin
    rest = len(squeezed) - len(citation.pin)
    places = [at for at, sign in enumerate(citation.raw) if not sign.isspace()]
    return citation.raw[places[rest] :].strip() if citation.pin else ""


def span(match: Match) -> str:
    """The pages on which words stand: "889" or "889–890"."""
    return match.first if match.first == match.last else f"{match.first}–{match.last}"


def beyond(citation: Citation, pages: Sequence[int], following: int) -> str:
    """Why a decision does not have the pages that are cited, in words; "" where nothing held says
    so. It has those from its first page on, to the last of its text, or before `following`, the
    first page of the next decision."""
    first, pin = _FIRST.fullmatch(citation.cited), printed(citation)
    if first is None or not _is_paged_so(citation) or not (wanted := pinned(citation)):
        return ""
    begins = int(first[1])
    if min(wanted) < begins:
        return f"the draft cites page {pin}; the decision begins on page {begins}"
    if pages and max(wanted) > max(pages):
        return f"the draft cites page {pin}; the decision ends on page {max(pages)}"
    if following and max(wanted) >= following:
        return f"the draft cites page {pin}; on page {following} another decision begins"
    return ""


def is_of_parallel(citation: Citation) -> bool:
    """Whether a pin is of a parallel citation's pages: "68 S. Ct. at 12" of "332 U.S. 388"."""
    at = _AT.fullmatch(citation.canonical)
    return at is not None and not citation.cited.startswith(f"{at[1]} ")


def _is_paged_so(citation: Citation) -> bool:
    """Whether a pin is of the pages that what is cited goes by: "Id." may be of a parallel
    citation, but our own decisions have none with pages."""
    if _REGISTER in citation.cited or is_of_parallel(citation):
        return False
    is_own = citation.canonical == citation.cited or _AT.fullmatch(citation.canonical) is not None
    return is_own or _DECISIONS in citation.cited
