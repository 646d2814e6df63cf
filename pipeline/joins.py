"""What joins two Federal Register documents: evidence that one speaks of the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.acts import reprinted
from pipeline.calendar import spelled
from pipeline.papers import Paper, dated, issued_on
from pipeline.titles import (
    alike,
    designated,
    is_paperwork,
    programmes,
    series,
    spoken,
    stem,
)

TELLING = 4  # words; a shorter title found in a text may be there by chance
BEFORE = 60  # characters before a title, in which it is said whose it is
# An agency acts after what the President signed, and never on it.
_PRESIDENT = re.compile(r"\b(?:executive order|proclamation|memorandum)\b")


@dataclass(frozen=True, kw_only=True)
class Join:
    """Evidence in words, and how much it decides.

    `named`: the later says which document it means, and it is this one; `other`: it says which, and
    it is another; `is_short`: the title they share has hardly a word; `apart`: both bear dockets or
    RINs, and share none; `program`: they have no more in common than a designation, or a title of
    another year.
    """

    words: tuple[str, ...]
    named: bool = False
    other: bool = False
    apart: bool = False
    same_title: bool = False
    same_series: bool = False
    is_short: bool = False
    program: bool = False


def join(earlier: Paper, later: Paper) -> Join | None:
    """The evidence that joins two documents, None where there is none.

    A RIN alone never joins (they are used again, and shared), nor do like titles or subjects.
    """
    named = tuple(_named(earlier, later))
    same = bool(stem(earlier.title)) and stem(earlier.title) == stem(later.title)
    edition = series(later.title)
    shared = tuple(_shared(earlier, later, same)) if _could_share(earlier, later) else ()
    words = (*named, *shared)
    if not words:
        return None
    return Join(
        words=words,
        named=bool(named),
        other=not named and _says_another(earlier, later),
        apart=not named and _numbered_apart(earlier, later),
        same_title=same,
        same_series=bool(edition) and edition == series(earlier.title),
        is_short=not named and len(edition.split()) < TELLING - 1,
        program=not named and not same and not _docket(earlier, later),
    )


def _named(earlier: Paper, later: Paper) -> Iterator[str]:
    """How the later names this very document: a stated link, its number, its page, its day."""
    if earlier.number and earlier.number in (later.correction_of, reprinted(later.number)):
        yield f"it is published as the correction of FR Doc. {earlier.number}"
    if later.number and later.number in earlier.corrections:
        yield f"the register lists it among the corrections of FR Doc. {earlier.number}"
    for name in sorted(later.cited_in_summary & earlier.names):
        yield f"its summary cites {name}"
    said = f"{later.title}. {later.abstract}"
    same = bool(stem(earlier.title)) and stem(earlier.title) == stem(later.title)
    is_titled = same or earlier.title.casefold() == later.title.casefold()
    if earlier.published in dated(said) and (is_titled or _quotes(said, earlier.title)):
        yield f"it names the document of {spelled(earlier.published)}"
    elif earlier.published in issued_on(said) and alike(earlier.title, later.title):
        yield f"it names a document of {spelled(earlier.published)}, of a like title"
    elif _may_name(later, same) and _quotes(later.abstract, earlier.title):
        yield f"its summary names “{earlier.title}”"
    if earlier.names & later.cites and (
        same or _shares_number(earlier, later) or alike(earlier.title, later.title)
    ):
        yield f"its text cites {earlier.name}"


def _may_name(later: Paper, same: bool) -> bool:
    """Whether a title that stands in a summary may be a document's: a notice on paperwork names
    programmes, and one that names a day says which document it means."""
    said = f"{later.title}. {later.abstract}"
    return not same and not issued_on(said) and not is_paperwork(later.title)


def _shared(earlier: Paper, later: Paper, same: bool) -> Iterator[str]:
    """What both have: a title, a docket with a RIN, a designation."""
    if docket := _docket(earlier, later):
        yield docket
    if same:
        yield f"but for the sort of document, both are titled “{earlier.title}”"
    elif series(earlier.title) and series(earlier.title) == series(later.title):
        yield f"the series of “{earlier.title}”"
    for programme in sorted(programmes(earlier.title) & programmes(later.title)):
        yield f"both titles name the {programme}"
    for state in sorted(designated(earlier.title) & designated(later.title)):
        yield f"both are on the designation of {state.title()} for Temporary Protected Status"


def _docket(earlier: Paper, later: Paper) -> str:
    dockets, rins = set(earlier.dockets) & set(later.dockets), set(earlier.rins) & set(later.rins)
    if not dockets or not rins:
        return ""
    return f"both bear docket {min(dockets)} and RIN {min(rins)}"


def _says_another(earlier: Paper, later: Paper) -> bool:
    """Whether the later says which document it means by number, page or day, and this isn't it."""
    numbers = {later.correction_of, reprinted(later.number)} - {""}
    pages = {name for name in later.cited_in_summary if " FR " in name}
    return bool(numbers) or bool(issued_on(later.abstract)) or bool(earlier.citation and pages)


def _numbered_apart(earlier: Paper, later: Paper) -> bool:
    are_stated = (earlier.dockets and later.dockets) or (earlier.rins and later.rins)
    return bool(are_stated) and not _shares_number(earlier, later)


def _shares_number(earlier: Paper, later: Paper) -> bool:
    return bool(set(earlier.dockets) & set(later.dockets) or set(earlier.rins) & set(later.rins))


def _could_share(earlier: Paper, later: Paper) -> bool:
    """A name is an agency's own, and one of a collection is none of a rule."""
    if earlier.agencies and later.agencies and not set(earlier.agencies) & set(later.agencies):
        return False
    return is_paperwork(earlier.title) == is_paperwork(later.title) or bool(_docket(earlier, later))


def _quotes(abstract: str, title: str) -> bool:
    wanted = stem(title)
    if len(wanted.split()) < TELLING:
        return False
    before, found, _ = f" {spoken(abstract)} ".partition(f" {wanted} ")
    return bool(found) and not _PRESIDENT.search(before[-BEFORE:])
