"""Say where a draft calls an authority otherwise than what is held does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.citator.held import Authority
from pipeline.citator.samename import Agreement, same_name
from pipeline.model import Citation

FEWEST = 2  # held texts that must agree on a name before another one is told as a slip
_YEAR = re.compile(r"\b(?:1[789]|20)\d\d\b")
_COURT = re.compile(r"\((?P<court>[^()]*\d{4})\)\s*$")


def misnamed(authority: Authority, citation: Citation) -> str:
    """What disagrees between a full citation and what we hold at its place: the name, who decided,
    the year; "" where nothing does, or nothing can be compared. Of what is not held, at least two
    citations in held texts must agree with each other and none with the draft."""
    said = [*_name(authority, citation), *_court(authority, citation)]
    return "; ".join(said)


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
    first, second = (_decider(each) for each in (one, other))
    return not first or not second or first == second or first in second or second in first


def _decider(court: str) -> str:
    return re.sub(r"\W", "", _YEAR.sub("", court)).casefold()


def _stated(citation: str) -> str:
    found = _COURT.search(citation)
    return found["court"] if found else ""
