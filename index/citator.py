"""The citator's questions to the store: what was done to an authority, and who cites it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain

from sqlalchemy import Connection

from index import treatments
from index.authorities import (
    Resolved,
    as_held,
    coverage,
    held,
    named,
    resolve_all,
    unheld,
)
from index.cites import Cite, Cites, are_cited, cites
from index.database import Database
from index.kept import whole
from index.namesakes import disagreeing, namesakes
from index.relying import Day, warnings
from pipeline import cite
from pipeline.citator import caution, deed
from pipeline.citator import status as judge
from pipeline.citator.model import Bearing, Finding, Forum, Status
from pipeline.citator.samename import Agreement, same_name
from pipeline.errors import NotHeld
from pipeline.identifiers import broader, narrower

__all__ = [
    "Cite",
    "Cites",
    "Resolved",
    "cites",
    "coverage",
    "resolve_all",
    "status",
    "statuses",
]

UNREAD = (
    "what texts do to earlier authorities was not yet read from those that an older lexwatch took "
    "in: run `lexwatch rebuild` once"
)
_REPORTED = "I&N Dec."


def status(database: Database, name: str, forum: Forum | None, on: date) -> Status:
    """What may be said of an authority on a day, for a forum (None: for all); `name` as
    `authorities.named` takes it. What is not held itself has one too where held texts speak of it.

    Raises `NotHeld` for a name that may be several's, and for what nothing held is, cites or
    treats.
    """
    with database.read() as connection:
        canonical = named(connection, name)
        beside = caution.counterpart(canonical)
        found = statuses(connection, [canonical], forum, on)
        if canonical not in found:
            said = "; ".join(filter(None, (unheld(canonical), beside, held(connection))))
            raise NotHeld(f"nothing we hold is {name.strip()}, cites it or treats it; {said}")
        told = found[canonical]
        names = (disagreeing(name, told.name), *namesakes(connection, told))
        first = filter(None, (*names, beside))
        return replace(told, cautions=(*first, *told.cautions))


def statuses(
    connection: Connection, canonicals: Collection[str], forum: Forum | None, on: date
) -> dict[str, Status]:
    """The same for many authorities by their canonical names; those of which we know nothing are
    left out."""
    known = resolve_all(connection, canonicals)
    about = treatments.about(connection, _names(known))
    around = _around(connection, known)
    every = (*about, *(each for several in around.values() for each in several))
    doers = as_held(connection, deed.doers(filter(_weighs, every)))
    called = _called(doers)
    of_doers = [_by_name(each, called) for each in treatments.about(connection, _names(doers))]
    untargeted = whole(connection, "untargeted", lambda: treatments.untargeted(connection))
    rests_on = whole(connection, "coverage", lambda: coverage(connection))
    unread = (UNREAD,) if treatments.are_unread(connection) else ()
    warned = warnings(connection, known.values())
    found = {}
    for canonical, each in known.items():
        own = (one for one in about if one.treatment.target in each.names)
        said = tuple(_by_name(one, called) for one in (*own, *around[canonical]))
        if said or each.held or each.called or are_cited(connection, each.names):
            judged = judge.status(
                authority=canonical,
                name=each.name,
                about=said,
                on=on,
                forum=forum,
                warnings=warned[canonical],
                coverage=rests_on,
                of_doers=of_doers,
                of_case=_of_case(untargeted, each.name),
                held={called[name] for name, doer in doers.items() if doer.held},
                since=Day.of(each).first,
            )
            first = (*unread, *_of_two(each))
            found[canonical] = replace(judged, cautions=(*first, *judged.cautions))
    return found


def _names(known: Mapping[str, Resolved]) -> list[str]:
    return [name for each in known.values() for name in each.names]


def _weighs(finding: Finding) -> bool:
    """Whether it takes from an authority or gives back: what became of who did that counts."""
    said = finding.treatment
    return said.kind.bearing is Bearing.NEGATIVE or said.directs or said.gives_back


def _of_case(untargeted: Iterable[Finding], name: str) -> tuple[Finding, ...]:
    return tuple(
        each
        for each in untargeted
        if same_name(each.treatment.name or each.title, name) is Agreement.MATCH
    )


def _around(
    connection: Connection, known: Mapping[str, Resolved]
) -> dict[str, tuple[Finding, ...]]:
    """What was done to the parts of each authority, and to the wholes of which it is a part."""
    names = {
        canonical: [name for name in each.names if _REPORTED not in name]
        for canonical, each in known.items()
    }
    wholes = {canonical: {*chain(*map(_wholes, each))} for canonical, each in names.items()}
    starts = {canonical: (*chain(*map(narrower, each)),) for canonical, each in names.items()}
    of_wholes = treatments.about(connection, {*chain(*wholes.values())})
    of_parts = treatments.within(connection, {*chain(*starts.values())})
    return {
        canonical: (
            *(
                replace(one, of=f"{one.treatment.target} as a whole")
                for one in of_wholes
                if one.treatment.target in wholes[canonical]
            ),
            *(
                _of_part(one)
                for one in of_parts
                if one.treatment.target.startswith(starts[canonical])
            ),
        )
        for canonical in known
    }


def _wholes(name: str) -> Iterator[str]:
    """8 CFR § 208.16(b)(1) lies in § 208.16(b), and that in § 208.16."""
    while name != broader(name):
        name = name.rpartition("(")[0].rstrip()
        yield name


def _of_part(finding: Finding) -> Finding:
    said = replace(finding.treatment, in_part=True)
    return replace(finding, treatment=said, of=said.target)


def _called(doers: Mapping[str, Resolved]) -> dict[str, str]:
    """By each name of those that did something the one under which all of them are judged: that by
    which it is cited where it is held, else the first of its names that is met."""
    found: dict[str, str] = {}
    for name, each in doers.items():
        if len(each.held) == 1:
            version = each.held[0].version
            stated = cite.lookup(version.citation)
            main = stated.canonical if stated else version.document.name
        else:
            main = next((found[other] for other in each.names if other in found), name)
        found |= {other: main for other in (name, *each.names) if other not in found}
    return found


def _by_name(finding: Finding, called: Mapping[str, str]) -> Finding:
    """A finding by and about doers under the names under which these are judged."""
    said = finding.treatment
    by, target = called.get(said.by, said.by), called.get(said.target, said.target)
    if (by, target) == (said.by, said.target):
        return finding
    return replace(finding, treatment=replace(said, by=by, target=target))


def _of_two(this: Resolved) -> tuple[str, ...]:
    if len(this.held) < 2:
        return ()
    several = "; ".join(each.version.title for each in this.held)
    return (
        f"{len(this.held)} documents held go by {this.canonical}: {several}; which of them "
        "others mean is not always stated",
    )
