"""What "Id." takes up: the one authority that the citation before it names (Bluebook, rule 4.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.citator.antecedents import Antecedents, may_run_to
from pipeline.citator.reading import Cited
from pipeline.citator.twins import twins

# Names of papers and dockets are no sources that a page or a section could be cited of.
_NO_SOURCES = ("form", "docket", "rin")
_PAGED = ("case_reporter", "case_short", "fr_cite", "interim_decision", "policy_memo", "stat")
_FAR = 40  # citations back; a sentence with more names several authorities
_BARE, _PINNED = 2, 5  # sentences back
_CODES = ("ina", "usc", "cfr")
_SECTIONED = (*_CODES, "public_law")
# How sections are numbered: those of the CFR alone have a period, the INA's three digits, and what
# title 8 has of it four.
_CFR, _USC = re.compile(r"\d{1,4}[a-z]?\.\d[\w.-]{0,12}"), re.compile(r"\d[\w-]{0,12}")
_NUMBERS = {"INA": re.compile(r"[1-5]\d\d[A-Z]?"), "8 USC": re.compile(r"1[1-5]\d\d[a-z]?")}
# Paragraphs, exhibits and pages of databases: of papers that we do not read.
_ELSEWHERE = re.compile(r",?\s{1,3}(?:at\s{1,3})?(?:¶|\*|Exh?\.|Exhibit|Tab\b)")
# "Id. § 1231(b)", "id. at § 1231(b)", "id. at 1003.23(b)"; "id. at (d)(3)" is of the same section.
_SECTION = re.compile(
    r",?\s{0,3}(?:(?:at\s{1,3})?§{1,2}\s{0,3}(?P<place>\d[\w.-]{0,12}\w|\d)"
    r"|at\s{1,3}(?P<number>\d{1,4}\.\d{1,4}[a-z]?)(?!\w)|at\s{1,3}(?=\((?!\d{4}\))))"
    r"(?P<subs>(?:\(\w{1,4}\)){0,8})"
)


def taken_up(
    stream: Sequence[Cited], authorities: Sequence[str], cases: Antecedents, after: str
) -> str:
    """The canonical of what the "Id." at the end of a stream (the body, or the notes) takes up, ""
    where that is open.

    `authorities` are the canonicals of all before it, "" of what is unresolved; `after` the words
    behind it, for "Id. § 1231(b)", which is another section of the same code. It is open
    where the sentence before names several authorities, where a source stands between that we do
    not read, and where the page cited can be none of the authority's.
    """
    me = stream[-1]
    section = _SECTION.match(after)
    page = _page(me.citation.pin)
    kinds = _SECTIONED if section else _PAGED if page else ()
    if _ELSEWHERE.match(after):
        return ""
    sources = _sources(stream, authorities, kinds)
    if not kinds and any(_is_mention(stream[each]) for each in sources):
        return ""
    found = _untwinned([_one(authorities[each], cases) for each in reversed(sources)])
    if page:
        found = {each for each in found if _may_have(each, page, cases)}
    if len(found) != 1 or not (authority := found.pop()):
        return ""
    if not section:
        return authority
    return _in_code(authority, section["place"] or section["number"] or "", section["subs"])


def _is_mention(each: Cited) -> bool:
    """Whether it is a provision that a sentence speaks of: "Id." behind that may as well take up
    the citation before."""
    return each.is_spoken_of and each.citation.kind in _CODES


def _page(pin: str) -> int:
    """The page cited, 0 where none is."""
    page = re.match(r"\d+", pin)
    return int(page[0]) if page else 0


def _may_have(authority: str, page: int, cases: Antecedents) -> bool:
    if " FR " in authority:
        return may_run_to(authority, page)
    case = cases.case(authority)
    return case is None or not case.pages or case.may_have(page)


def _sources(
    stream: Sequence[Cited], authorities: Sequence[str], kinds: tuple[str, ...]
) -> list[int]:
    """The citations of the nearest clause before, in the same sentence, or of the nearest sentence
    or note before that has any."""
    found: list[int] = []
    me, at = stream[-1], len(stream) - 1
    for index in range(at - 1, max(-1, at - 1 - _FAR), -1):
        each, later = stream[index], stream[index + 1]
        if each.paragraph < me.paragraph - 1 or (not found and _is_parted(each, later)):
            break
        if each.is_aside or each.citation.kind in _NO_SOURCES or _is_quoted(each, me):
            continue
        if kinds and _sort(each, authorities[index]) not in kinds:
            continue
        if not found and not _is_close(each, me, is_pinned=bool(kinds)):
            break
        if found and not _is_beside(each, stream[found[0]], me):
            break
        found.append(index)
    return found


def _is_quoted(each: Cited, me: Cited) -> bool:
    """Whether it is cited by words that are quoted, and not by those that say "Id."."""
    return each.quotation > 0 and (each.block, each.quotation) != (me.block, me.quotation)


def _sort(each: Cited, authority: str) -> str:
    """The kind of authority that a citation is of; a short form's own where that is of a case."""
    is_section = each.citation.kind == "case_short" and "§" in authority
    return "cfr" if is_section else each.citation.kind


def _is_close(each: Cited, me: Cited, *, is_pinned: bool) -> bool:
    """Whether it stands close enough to be meant: with what is said of it, "Id." is two sentences
    behind; where a page or a section fits, a few more."""
    if each.block != me.block:
        return me.sentence <= (_PINNED if is_pinned else _BARE)
    return me.sentence - each.sentence <= (_PINNED if is_pinned else _BARE)


def _is_parted(each: Cited, later: Cited) -> bool:
    """Whether a source that we do not read stands between two citations."""
    return later.is_foreign or (each.block != later.block and each.ends_foreign)


def _is_beside(each: Cited, nearest: Cited, me: Cited) -> bool:
    if me.is_note and nearest.paragraph != me.paragraph:
        return each.paragraph == nearest.paragraph
    if (each.block, each.sentence) != (nearest.block, nearest.sentence):
        return False
    is_same = (me.block, me.sentence) == (nearest.block, nearest.sentence)
    return not is_same or each.clause == nearest.clause


def _one(authority: str, cases: Antecedents) -> str:
    """Parallel citations are of one authority."""
    case = cases.case(authority)
    return case.canonical if case else authority


def _untwinned(found: Sequence[str]) -> set[str]:
    """The authorities among some canonicals in order, those of one provision once."""
    kept: list[str] = []
    for each in found:
        if not set(twins(each)) & set(kept):
            kept.append(each)
    return set(kept)


def _in_code(authority: str, place: str, subs: str) -> str:
    """Another section of the code in which an authority is, or another part of its section; ""
    where the code has no such number."""
    code, sign, own = authority.partition(" § ")
    known = _CFR if code.endswith(" CFR") else _NUMBERS.get(code, _USC)
    if not sign or (place and not known.fullmatch(place)):
        return ""
    return f"{code} § {place or own.partition('(')[0]}{subs}"
