"""What held texts call an authority, and which authorities go by a name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, String, and_, cast, false, func, or_, select

from index import schema
from index.kept import kept, whole
from index.treatments import batches
from pipeline.citator.samename import Agreement, party, same_name
from pipeline.identifiers import REPORTED

_REPORTED = re.compile(r"\d+ I&N Dec\. \d+")
_UNACCENTED = "bdfghjklmpqrtvwx"
LETTERS = 4  # at the beginning of a name by which titles are narrowed down
SUGGESTED = 3  # names in "did you mean"
SHORTEST, INITIALS = 2, 5  # letters: of any name, and of one that may be initials alone
NEAR, SAME = 82, 100  # of 100: "Casto-Tum" is 94 like "Castro-Tum"
_BEFORE = ("", "Matter of ", "In re ")


@dataclass(frozen=True, kw_only=True)
class Called:
    """What held texts call an authority, and who they say decided it; `times` how often."""

    canonical: str
    name: str
    court: str
    times: int


def called_by(connection: Connection, names: Iterable[str]) -> dict[str, list[Called]]:
    """What current texts call these authorities, by canonical name."""
    asked = [*names]
    known: dict[str, list[Called]] = kept(connection, "called")
    if lacking := [name for name in asked if name not in known]:
        found: dict[str, list[Called]] = {name: [] for name in lacking}
        for batch in batches(lacking):
            for each in _said(connection, schema.citation.c.cited.in_(batch)):
                found[each.canonical].append(each)
        known.update(found)
    return {name: known[name] for name in asked if known[name]}


def frequent(said: Iterable[Iterable[Called]]) -> tuple[Called, ...]:
    """The most frequent first; where nothing names it, last."""
    every = [each for group in said for each in group]
    return tuple(sorted(every, key=lambda each: (not each.name, -each.times, each.name)))


def candidates(connection: Connection, name: str) -> tuple[Called, ...]:
    """The cases that go by a name, held or cited in what we hold, in the order of their citations.
    The same initials name many people: none is ever chosen for another. Where none is spelled so,
    those that differ by a given name alone."""
    found = {**_cited_as(connection, name), **_held_as(connection, name)}
    return _spelled(found, name) or _in_order(found.values())


def cited_as(connection: Connection, name: str) -> tuple[Called, ...]:
    """The cases that current texts cite by just this name, in the order of their citations."""
    return _spelled(_cited_as(connection, name), name)


def alike(connection: Connection, name: str) -> tuple[Called, ...]:
    """The precedents, held or cited, whose names are nearly one that was typed, the nearest first.
    Initials are told apart by a single letter: of these the letters must be the same."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - asked only where nothing bears the name

    asked = _letters(name)
    if len(asked) < SHORTEST:
        return ()
    known = whole(connection, "precedents", lambda: _by_letters(_precedents(connection)))
    least = SAME if len(asked) <= INITIALS else NEAR
    near = process.extract(
        asked, list(known), scorer=fuzz.ratio, score_cutoff=least, limit=SUGGESTED
    )
    found = {each.canonical: each for letters, *_ in near for each in known[letters]}
    return tuple(found.values())[:SUGGESTED]


def _by_letters(precedents: Iterable[Called]) -> Mapping[str, Sequence[Called]]:
    found: dict[str, list[Called]] = {}
    for each in precedents:
        found.setdefault(_letters(each.name), []).append(each)
    return found


def _precedents(connection: Connection) -> list[Called]:
    table, document, version = schema.citation, schema.document, schema.version
    titles = select(version.c.title, version.c.citation).join(
        document, document.c.current == version.c.id
    )
    held = connection.execute(titles.where(document.c.kind.in_(REPORTED)))
    said = select(table.c.cited, table.c.name, table.c.court).distinct()
    cited = connection.execute(said.where(table.c.name != "", table.c.cited.contains("I&N Dec.")))
    return [
        *(
            Called(canonical=at[0], name=row.title, court=_court(row.citation), times=0)
            for row in held
            if (at := _REPORTED.match(row.citation))
        ),
        *(Called(canonical=row.cited, name=row.name, court=row.court, times=1) for row in cited),
    ]


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", party(name).lower())


def current(connection: Connection) -> frozenset[int]:
    """The numbers of the current versions. Asked for apart: joined, SQLite begins with these and
    goes through all that they cite."""

    def read() -> frozenset[int]:
        # One text of numbers is read many times as fast as rows.
        column = cast(schema.document.c.current, String)
        listed = connection.execute(select(func.aggregate_strings(column, ","))).scalar()
        return frozenset(map(int, listed.split(",") if listed else ()))

    return whole(connection, "current", read)


def begins(
    connection: Connection, column: ColumnElement[str], starts: Iterable[str]
) -> ColumnElement[bool]:
    """The condition that a column begins with one of these, answered from its index."""
    if connection.dialect.name != "sqlite":
        return or_(*(column.startswith(start, autoescape=True) for start in starts))
    # SQLite compares by code point, so what begins alike stands together; its LIKE reads every row.
    return or_(false(), *(and_(column >= start, column < f"{start}\U0010ffff") for start in starts))


def _cited_as(connection: Connection, name: str) -> dict[str, Called]:
    """The authorities that current texts cite by a name, each as most do."""
    table, words = schema.citation, party(name).split()
    if not words:
        return {}
    spelled = {words[0], words[0].upper(), words[0].title(), words[0].capitalize()}
    starts = [before + word for before in _BEFORE for word in spelled]
    condition = begins(connection, table.c.name, starts) & (table.c.cited != "")
    found: dict[str, list[Called]] = {}
    for each in _said(connection, condition):
        if same_name(each.name, name) is not Agreement.DIFFERENT:
            found.setdefault(each.canonical, []).append(each)
    return {canonical: frequent([each])[0] for canonical, each in found.items()}


def _held_as(connection: Connection, name: str) -> dict[str, Called]:
    """The precedents held whose titles are a name."""
    document, version = schema.document, schema.version
    rows = connection.execute(
        select(version.c.title, version.c.citation)
        .join(document, document.c.current == version.c.id)
        .where(document.c.kind.in_(REPORTED), version.c.title.ilike(_pattern(name)))
    )
    return {
        at[0]: Called(canonical=at[0], name=row.title, court=_court(row.citation), times=0)
        for row in rows
        if (at := _REPORTED.match(row.citation))
        and same_name(row.title, name) is not Agreement.DIFFERENT
    }


def _pattern(name: str) -> str:
    """What the database can tell of a name before it is compared: its letters in order. Left out
    are those that may bear an accent, and the end of a word, which may be cut short; initials
    ("A-B-") are neither."""
    first = party(name).split(" ")[0]
    letters = re.findall(rf"[a-z](?=-)|[{_UNACCENTED}]", first[:LETTERS])
    return "".join(("%", *(f"{letter}%" for letter in letters)))


def _said(connection: Connection, condition: ColumnElement[bool]) -> list[Called]:
    """The authorities that current texts cite, as each name and court stands with them."""
    table = schema.citation
    said = table.c.cited, table.c.name, table.c.court
    newest = current(connection)
    rows = connection.execute(select(table.c.version_id, *said).where(condition))
    found = Counter(tuple(row[1:]) for row in rows if row.version_id in newest)
    return [
        Called(canonical=cited, name=name, court=court, times=times)
        for (cited, name, court), times in found.items()
    ]


def _court(citation: str) -> str:
    return citation.partition("(")[2].rstrip(") ")


def _spelled(found: Mapping[str, Called], name: str) -> tuple[Called, ...]:
    return _in_order(
        each for each in found.values() if same_name(each.name, name) is Agreement.MATCH
    )


def _in_order(found: Iterable[Called]) -> tuple[Called, ...]:
    return tuple(sorted(found, key=lambda each: _numbers(each.canonical)))


def _numbers(canonical: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", canonical)))
