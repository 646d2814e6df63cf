"""What must be said of a name: that it isn't that of the citation, and that others bear it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from index import treatments
from index.authorities import SHOWN, as_held
from index.called import candidates
from pipeline import cite
from pipeline.citator.deed import printed
from pipeline.citator.model import Bearing, Finding, Status
from pipeline.citator.samename import Agreement, same_name

_REPORTED = "I&N Dec."


def disagreeing(asked: str, called: str) -> str:
    """That a query gives a citation behind the name of another case than the one `called` so."""
    typed = cite.lookup(asked)
    if not (typed and typed.name and called):
        return ""
    each_of = called.split("; ")  # two decisions may begin on one page
    if any(same_name(typed.name, each) is not Agreement.DIFFERENT for each in each_of):
        return ""
    return (
        f"name and citation disagree: {typed.canonical} is {called} in what we hold, and not "
        f"{typed.name}; the answer is that of the citation"
    )


def namesakes(connection: Connection, told: Status) -> Iterator[str]:
    """That other decisions bear the name of one: they may be of the same case, and a later one that
    isn't held may have done something to it."""
    if not told.name or _REPORTED not in told.authority:
        return
    alike = [
        each.canonical
        for each in candidates(connection, told.name)
        if each.canonical != told.authority and same_name(each.name, told.name) is Agreement.MATCH
    ]
    if alike:
        more = f"; and {len(alike) - SHOWN} more" if len(alike) > SHOWN else ""
        yield f"other decisions of this name: {'; '.join(alike[:SHOWN])}{more}"
    later = [each for each in alike if _is_later(each, told.authority)]
    kinds = (*treatments.NEGATIVE, *treatments.RESTORING)
    for canonical, each in as_held(connection, later).items():
        about = treatments.about(connection, each.names, kinds)
        if not each.held and any(map(_weighs, about)):
            yield (
                f"a later decision of this name, {canonical}, is not held, and others say what "
                "became of it; whether it touches this one is not stated in what we hold"
            )


def _weighs(finding: Finding) -> bool:
    said = finding.treatment
    return said.kind.bearing is Bearing.NEGATIVE or said.gives_back


def _is_later(canonical: str, authority: str) -> bool:
    place, own = printed(canonical), printed(authority)
    return place is not None and own is not None and place > own
