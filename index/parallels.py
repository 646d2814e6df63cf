"""The other reporters in which one decision is printed, as held texts print them side by side."""

from __future__ import annotations

import re
from collections.abc import Collection

from sqlalchemy import Connection, and_, func, or_, select

from index import schema
from index.kept import kept
from index.treatments import batches

_REPORT = re.compile(r"\d+ (?P<reporter>\D.*?) \d+")
_DECISIONS = "I&N Dec."  # printed in no other reporter
_ROUNDS = 2  # of three in a row the first and the last stand too far apart
_BETWEEN = 3  # a comma and spaces


def parallels(connection: Connection, names: Collection[str]) -> dict[str, tuple[str, ...]]:
    """By canonical name the parallel citations of a decision: "141 S. Ct. 1474" of "593 U.S. 155".

    Two citations are of one decision where a text prints them with one name, which is too long to
    stand between them a second time, and one court, in two reporters.
    """
    asked = [name for name in names if _reporter(name) not in ("", _DECISIONS)]
    known: dict[str, tuple[str, ...]] = kept(connection, "parallels")
    if lacking := [name for name in asked if name not in known]:
        known.update(_read(connection, lacking))
    return {name: known[name] for name in asked}


def _read(connection: Connection, names: Collection[str]) -> dict[str, tuple[str, ...]]:
    found = {name: {name} for name in names}
    for _ in range(_ROUNDS):
        beside = _beside(connection, {each for group in found.values() for each in group})
        for group in found.values():
            reporters = {_reporter(each) for each in group}
            more = {one for each in group for one in beside.get(each, ())}
            group |= {each for each in more if _reporter(each) not in reporters}
    return {name: tuple(sorted(group - {name})) for name, group in found.items()}


def _beside(connection: Connection, names: Collection[str]) -> dict[str, set[str]]:
    one, other = schema.citation.alias("one"), schema.citation.alias("other")
    gap = func.length(one.c.name) + _BETWEEN
    is_beside = and_(
        *(one.c[column] == other.c[column] for column in ("version_id", "block", "name", "court")),
        or_(
            other.c.start.between(one.c.end + 1, one.c.end + gap),
            one.c.start.between(other.c.end + 1, other.c.end + gap),
        ),
    )
    found: dict[str, set[str]] = {}
    for batch in batches(names):
        query = (
            select(one.c.canonical, other.c.canonical)
            .distinct()
            .join_from(one, other, is_beside)
            .where(
                one.c.canonical.in_(batch),
                one.c.name != "",
                *(each.c.kind == "case_reporter" for each in (one, other)),
            )
        )
        for name, parallel in connection.execute(query):
            if _reporter(parallel) not in ("", _DECISIONS):
                found.setdefault(name, set()).add(parallel)
    return found


def _reporter(name: str) -> str:
    report = _REPORT.fullmatch(name)
    return report["reporter"] if report and " § " not in name else ""
