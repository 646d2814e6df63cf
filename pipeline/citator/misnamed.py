"""Say where a draft calls an authority otherwise than what is held does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.citator.held import Authority, Namesake
from pipeline.citator.samename import Agreement, same_name
from pipeline.model import Citation

MOST = 4  # cases of one name that are told
FEWEST = 2  # held texts that must agree on a name before another one is told as a slip
_YEAR = re.compile(r"\b(?:1[789]|20)\d\d\b")
_DAY = re.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\b\.?\s\d{1,2}\b"
)
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh"),
)
_ORDINAL = re.compile(
    rf"\b(?:(?P<number>\d{{1,2}})(?:st|nd|rd|th|d)|(?P<word>{'|'.join(_ORDINALS)}))"
    r"\s?cir(?:cuit\b|\b\.?)"
)
_ACTING = r"(?:acting|deputy|dep|assistant|asst|associate|assoc)*(?:ins|cis|uscis)?"
# Who decides in the agency, as the Bluebook, the reports and briefs abbreviate them, letters alone.
# A Commissioner's and a Director's deputies decide in their place, and so does who acts as one.
_SPELLED = {
    who: re.compile(spelled)
    for who, spelled in {
        "attorney general": rf"{_ACTING}(?:us|unitedstates)?(?:ag|att(?:y|orney)gen(?:eral)?)",
        "board": r"(?:us)?(?:bia|(?:bd|board)(?:of)?imm(?:igr?|igration)?(?:app|appeals?|appls?))",
        "commissioner": rf"{_ACTING}comm(?:r|issioner)?(?:examinations|exams?)?",
        "regional commissioner": rf"{_ACTING}(?:reg(?:l|ional)?comm(?:r|issioner)?|rc)",
        "district director": rf"{_ACTING}(?:dist(?:rict)?dir(?:ector)?|dd)",
        "appeals office": (
            r"(?:us)?(?:cis|ins)?(?:aao|aau|admin(?:istrative)?(?:app|appeals?)(?:ofc|off|office|unit))"
        ),
        "homeland security": (
            r"(?:us)?(?:dhs|(?:dept|department|secy|secretary)(?:of)?homelandsec(?:urity)?)"
        ),
    }.items()
}
_PLACE = re.compile(r"\A(?P<volume>\d++) (?P<reporter>\D.*?) (?P<page>\d+)")
_PRECEDENTS = "I&N Dec."
_COURT = re.compile(r"\((?P<court>[^()]*\d{4})\)\s*$")


def namesakes(authority: Authority, citation: Citation) -> tuple[Namesake, ...]:
    """Those that go by the name of one citation, and not by what it disagrees with in its court."""
    alike = (each for each in authority.namesakes if _goes_by(each.name, citation.name))
    return tuple(each for each in alike if _agree(each.court, citation.court))


def renumbered(authority: Authority, citation: Citation) -> tuple[Namesake, ...]:
    """The cases that a citation may be meant for which nothing held knows at its place: of the same
    name, reporter, court and year. Court decisions of one name are many in a year: of these volume
    or page must be the same."""
    so = (each for each in authority.called if not each.name or _goes_by(each.name, citation.name))
    if authority.versions or any(so):
        return ()
    alike = namesakes(authority, citation)
    return tuple(each for each in alike if is_near(authority.canonical, each.canonical))


def is_near(one: str, other: str) -> bool:
    """Whether one citation may be a slip for another, of a case of the same name."""
    place, at = _PLACE.fullmatch(one), _PLACE.fullmatch(other)
    if place is None or at is None or place["reporter"] != at["reporter"]:
        return False
    is_precedent = place["reporter"] == _PRECEDENTS
    return is_precedent or at["volume"] == place["volume"] or at["page"] == place["page"]


def misnamed(authority: Authority, citation: Citation) -> str:
    """What disagrees between a full citation and what we hold at its place: the name, who decided,
    the year; "" where nothing does, or nothing can be compared. Of what is not held, at least two
    citations in held texts must agree with each other and none with the draft."""
    slip = [*_name(authority, citation)]
    alike = _of_that_name(authority, citation) if slip else ""
    return f"{'; '.join((*slip, *_court(authority, citation)))}{alike}"


def _name(authority: Authority, citation: Citation) -> Iterator[str]:
    if not citation.name:
        return
    if authority.versions and not authority.is_within:
        titles = [version.title for version in authority.versions]
        if all(same_name(title, citation.name) is Agreement.DIFFERENT for title in titles):
            yield (
                f"the draft calls {authority.canonical} {citation.name}; what we hold there is "
                f"{' and '.join(titles)}"
            )
        return
    named = [each for each in authority.called if each.name]
    alike = [each for each in named if same_name(each.name, citation.name) is Agreement.DIFFERENT]
    if len(alike) == len(named) and sum(each.times for each in named) >= FEWEST:
        yield (
            f"the draft calls {authority.canonical} {citation.name}; held documents cite it as "
            f"{' and '.join(dict.fromkeys(each.name for each in named[:3]))}"
        )


def _goes_by(name: str, other: str) -> bool:
    return same_name(name, other) is Agreement.MATCH


def _of_that_name(authority: Authority, citation: Citation) -> str:
    """Which other citations the name is known under; those of its court and year if any are."""
    alike = namesakes(authority, replace(citation, court=""))
    exact = namesakes(authority, citation)
    told = [*map(called, exact or alike)][:MOST]
    return f". Of that name we know {'; '.join(told)}" if told else ""


def called(namesake: Namesake) -> str:
    """As in "Matter of X, 27 I&N Dec. 1 (A.G. 2018), which we hold"."""
    court = f" ({namesake.court})" if namesake.court else ""
    held = ", which we hold" if namesake.is_held else ", which held documents cite"
    return f"{namesake.name}, {namesake.canonical}{court}{held}"


def _court(authority: Authority, citation: Citation) -> Iterator[str]:
    """Who decided and when; a court is compared only where both state one."""
    if not citation.court:
        return
    held = [_stated(version.citation) for version in authority.versions]
    given = [each for each in held if each] if held else [c.court for c in authority.called]
    given = [each for each in dict.fromkeys(given) if each]
    if not given or authority.is_within or any(_agree(each, citation.court) for each in given):
        return
    if not held and sum(each.times for each in authority.called if each.court) < FEWEST:
        return
    who = "what we hold has" if held else "held documents have"
    yield f"the draft has ({citation.court}); {who} ({') and ('.join(given[:3])})"


def _agree(one: str, other: str) -> bool:
    years = set(_YEAR.findall(one)), set(_YEAR.findall(other))
    if all(years) and years[0].isdisjoint(years[1]):
        return False
    first, second = (_deciders(each) for each in (one, other))
    return not first or not second or any(_is_one(a, b) for a in first for b in second)


def _deciders(court: str) -> frozenset[str]:
    """Who decided, of "BIA 1988; A.G. 1990" both, each in one spelling."""
    named = (_decider(each) for each in court.split(";"))
    return frozenset(each for each in named if each)


def _decider(court: str) -> str:
    words = _ORDINAL.sub(_numeral, _YEAR.sub("", _DAY.sub("", court.casefold())))
    closed = re.sub(r"\W", "", words)
    return next((who for who, spelled in _SPELLED.items() if spelled.fullmatch(closed)), closed)


def _numeral(ordinal: re.Match[str]) -> str:
    """The circuits of "2nd Cir.", "2d Circuit" and "Second Circuit" are one."""
    number = ordinal["number"] or str(1 + _ORDINALS.index(ordinal["word"]))
    return f"{number} cir"


def _is_one(one: str, other: str) -> bool:
    """Whether two deciders are one; of courts that we don't know, one may be spelled out longer."""
    if one in _SPELLED or other in _SPELLED:
        return one == other
    return one.startswith(other) or other.startswith(one)


def _stated(citation: str) -> str:
    found = _COURT.search(citation)
    return found["court"] if found else ""
