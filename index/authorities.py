"""Which authority a person means, whether we hold it, and what held texts call it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, select

from index import schema, store
from index.called import Called, alike, called_by, candidates, frequent
from index.parallels import parallels
from index.runs import RunState
from index.treatments import batches
from pipeline import cite
from pipeline.citator.model import Coverage
from pipeline.citator.twins import twins
from pipeline.errors import NotHeld
from pipeline.identifiers import REPORTED, broader, own
from pipeline.model import Citation, Document, Version

SOURCE = "bia_decisions"
POORER = ("headnote only", "title only")  # what a listing gives where the decision was not read
NUMBERED = ("interim_decision", "fr_docnum")  # numbers of what is reported elsewhere
SHOWN = 20  # candidates named in an error
_REPORTED = re.compile(r"(?P<volume>\d+) I&N Dec\. (?P<page>\d+)")
_HYPHENS = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A document held that goes by a name: its row's number and that of its current version, and
    its versions without their texts, oldest first (`store.version` gives a text)."""

    document: int
    current: int
    versions: tuple[Version, ...]

    @property
    def version(self) -> Version:
        """The newest, without its text."""
        return self.versions[-1]


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """What we know of an authority by its citation.

    `names` are all canonical names that mean it, its own first: its twin, its parallel citations
    in other reporters, its interim decision number, its document number. `held` are the documents
    that go by one of them: two where two decisions begin on one page, or none; `called` the names
    under which held texts cite it, the most frequent first.
    """

    canonical: str
    names: tuple[str, ...]
    held: tuple[Holding, ...]
    called: tuple[Called, ...]

    @property
    def name(self) -> str:
        """As held, else as held texts call it; "" where they give no name."""
        if self.held:
            return "; ".join(dict.fromkeys(each.version.title for each in self.held))
        return next((each.name for each in self.called if each.name), "")


def resolve_all(connection: Connection, canonicals: Iterable[str]) -> dict[str, Resolved]:
    """The same for many canonical names at once; a subdivision of a chapter of the Policy Manual is
    held with its chapter."""
    found = as_held(connection, canonicals)
    called = called_by(connection, {name for each in found.values() for name in each.names})
    return {
        name: replace(each, called=frequent(called.get(one, ()) for one in each.names))
        for name, each in found.items()
    }


def as_held(connection: Connection, canonicals: Iterable[str]) -> dict[str, Resolved]:
    """The same, without what held texts call them."""
    asked = tuple(dict.fromkeys(canonicals))
    beside = parallels(connection, asked)
    wanted = {name: (name, *twins(name), *beside.get(name, ())) for name in asked}
    owners = _owners(connection, [_keeper(name) for names in wanted.values() for name in names])
    holdings = _holdings(connection, {number for each in owners.values() for number in each})
    held = {
        name: [holdings[n] for each in names for n in owners.get(_keeper(each), ())]
        for name, names in wanted.items()
    }
    spelled = {
        name: tuple(dict.fromkeys((*names, *_own_names(name, held[name]))))
        for name, names in wanted.items()
    }
    return {
        name: Resolved(
            canonical=name,
            names=names,
            held=tuple({each.document: each for each in held[name]}.values()),
            called=(),
        )
        for name, names in spelled.items()
    }


def named(connection: Connection, name: str) -> str:
    """The canonical name of what a person means, in any spelling: a citation, an identifier,
    `source:key`, a title or address of what is held, or the name of a case alone where only one
    goes by it. Raises `NotHeld` where several do, or nothing."""
    asked = name.strip()
    if not asked:
        raise NotHeld("name an authority: a citation, the name of a case, a section or a number")
    if found := cite.lookup(asked):
        return _reported(connection, found)
    if number := _spelled_out(connection, asked):
        return _canonical(connection, number, asked)
    cases = candidates(connection, asked)
    if len(cases) > 1:
        several = "; ".join(map(_spelled, cases[:SHOWN]))
        more = f"; and {len(cases) - SHOWN} more" if len(cases) > SHOWN else ""
        raise NotHeld(f"{asked} may be any of: {several}{more}. Name one of these by its citation")
    if cases:
        return cases[0].canonical
    documents = store.find_documents(connection, asked)
    if len(documents) > 1:
        several = "; ".join(document.name for _, document in documents[:SHOWN])
        raise NotHeld(f"{asked!r} may be any of: {several}. Name one of these")
    if not documents:
        near = alike(connection, asked)
        meant = f"did you mean {' or '.join(map(_spelled, near))}? " if near else ""
        raise NotHeld(
            f"nothing we hold is {asked!r}, cites it or treats it; {meant}{held(connection)}"
        )
    number, document = documents[0]
    return _canonical(connection, number, document.name)


def _spelled_out(connection: Connection, name: str) -> int | None:
    """The document that `source:key` names."""
    source, mark, key = name.partition(":")
    return store.known(connection, Document(source=source, key=key, kind="")) if mark else None


def _canonical(connection: Connection, number: int, name: str) -> str:
    """By what a document is cited; its own name where nothing cites it otherwise."""
    stated = cite.lookup(store.without_text(connection, [number])[number].citation)
    return stated.canonical if stated else name


def _reported(connection: Connection, found: Citation) -> str:
    """Where what has a number of its own is reported, if we hold that."""
    if found.kind not in NUMBERED:
        return found.canonical
    (this,) = as_held(connection, [found.canonical]).values()
    stated = [cite.lookup(each.version.citation) for each in this.held]
    return stated[0].canonical if len(stated) == 1 and stated[0] else found.canonical


def coverage(connection: Connection) -> Coverage:
    """What of the precedents we hold, and as of when."""
    document, version = schema.document, schema.version
    query = select(version.c.citation, version.c.metadata["text"].as_string().label("form")).join(
        document, document.c.current == version.c.id
    )
    rows = connection.execute(query.where(document.c.kind.in_(REPORTED))).all()
    volumes: dict[int, list[int]] = {}
    for row in rows:
        if at := _REPORTED.match(row.citation):
            volumes.setdefault(int(at["volume"]), []).append(int(at["page"]))
    run = schema.run
    last = select(func.max(run.c.started_at)).where(
        run.c.source == SOURCE, run.c.state == RunState.COMPLETE, run.c.is_whole
    )
    return Coverage(
        decisions=len(rows),
        volumes=tuple((n, len(at), min(at), max(at)) for n, at in sorted(volumes.items())),
        full_texts=sum(row.form not in POORER for row in rows),
        as_of=connection.execute(last).scalar(),
    )


def held(connection: Connection) -> str:
    """What of the precedents we hold, in words for an error."""
    said = coverage(connection)
    volumes = ", ".join(str(volume) for volume, *_ in said.volumes)
    several = "s" if len(said.volumes) > 1 else ""
    of = f" of volume{several} {volumes} of I&N Decisions" if volumes else ""
    decisions = "decision" if said.decisions == 1 else "decisions"
    return f"we hold {said.decisions:,} precedent {decisions}{of}, and what other sources gave"


def unheld(canonical: str) -> str:
    """Where the text stands of what no source here has; "" of what one has."""
    if " CFR " in canonical:
        return (
            "the texts of regulations are held only where the source `ecfr` is switched on: read "
            "them at ecfr.gov"
        )
    if canonical.startswith("INA ") or " USC " in canonical:
        return "the texts of statutes are not held: read them at uscode.house.gov"
    return ""


def _keeper(name: str) -> str:
    """The name under which a document would be held that has what is named."""
    return broader(name) if "USCIS-PM" in name else name


def _owners(connection: Connection, names: Collection[str]) -> dict[str, list[int]]:
    """The documents that go by each name; a filing for public inspection is none of its own."""
    table, known = schema.identifier, schema.document
    found: dict[str, list[int]] = {}
    for batch in batches(names):
        query = select(table).join(known).where(table.c.canonical.in_(batch))
        for row in connection.execute(query.order_by(table.c.document_id)):
            found.setdefault(row.canonical, []).append(row.document_id)
    for name in {*names} - found.keys():
        if number := _spelled_out(connection, name):
            found[name] = [number]
    return found


def _holdings(connection: Connection, documents: Collection[int]) -> dict[int, Holding]:
    known, version = schema.document, schema.version
    rows = connection.execute(
        select(known.c.id, known.c.current, version.c.id.label("version"))
        .join(version, version.c.document_id == known.c.id)
        .where(known.c.id.in_(documents), version.c.parser != "")  # no mark of a removal
        .order_by(version.c.seen_at, version.c.id)
    ).all()
    light = store.versions_without_text(connection, [row.version for row in rows])
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row)
    return {
        number: Holding(
            document=number,
            current=each[0].current,
            versions=tuple(light[row.version] for row in each),
        )
        for number, each in found.items()
    }


def _own_names(name: str, holdings: Iterable[Holding]) -> list[str]:
    """The other names of documents that bear the name itself; what several share is none."""
    names = [own(each.version) for each in holdings]
    return [other for each in names if name in each for other in sorted(each)]


def _spelled(case: Called) -> str:
    return f"{case.name}, {case.canonical}" + (f" ({case.court})" if case.court else "")
