"""The table of authorities: what the developments are and cite, grouped as briefs group them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from alerts import lineage, treated, wording
from alerts.cle.citing import NO_AUTHORITIES, Group, constitution, form, group
from alerts.cle.development import Authority, Development, Shelf
from alerts.cle.sources import Sources
from alerts.packet.content import Cell, Run
from alerts.packet.draft import Draft, cell
from alerts.untrusted import plain
from pipeline.citator.model import Bearing, Status, StatusKind
from pipeline.citator.twins import twins
from pipeline.citator.worth import NOTHING_DONE
from pipeline.model import Document, RelationKind

LINE = 360  # characters of a status that says more than that nothing was found
NOTED = 3  # sources named of one status; the citator tells all
_CONSTITUTION = "constitution"
_NOTHING = re.compile(
    rf"\A(?:{StatusKind.NONE_FOUND}|{NOTHING_DONE} in what we hold)", re.IGNORECASE
)
_UNCOVERED = "Not looked for: what courts make of the Constitution is not held."


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An authority in the table, as a brief cites it, and the developments that are it or cite
    it."""

    authority: Authority
    words: str
    found_in: tuple[Development, ...]


def tell(
    draft: Draft,
    developments: Sequence[Development],
    shelf: Shelf,
    sources: Sources,
    *,
    is_whole: bool = True,
) -> None:
    """Write the table: each authority with its status on the day of printing and where it
    appears. `is_whole`: these are all developments of the packet."""
    draft.heading("Table of authorities", 1, key="authorities")
    draft.paragraph(
        "The last column names the sections of these materials that are the authority or cite it. "
        "The status is what the documents held say of the authority: “None found” that none of "
        "them is known to strike, limit, replace or speak against it. Silence of what is held is "
        "no word that it is good law. Courts’ decisions are not fully covered: check each "
        "authority in a citator of its own before relying on it."
        + ("" if is_whole else " What stands for reading alone, and what that cites, is left out."),
        ours=True,
    )
    for heading, members in table(developments, shelf).items():
        draft.heading(heading, 2)
        draft.table(
            f"{heading}, with status and where they appear",
            ("Authority", "Status", "Appears in"),
            [_row(one, sources) for one in members],
            (0.52, 0.34, 0.14),
            has_row_heads=True,
        )


def table(developments: Sequence[Development], shelf: Shelf) -> dict[Group, tuple[Entry, ...]]:
    """The groups that have a member, in a brief's order: cases by name, all else as a reader
    counts, so that 5 U.S.C. comes before 44 U.S.C."""
    found: dict[str, dict[int, Development]] = {}
    kinds: dict[str, str] = {}
    own = {item.canonical: _own(item, shelf) for item in developments}
    for item in developments:
        for kind, name in _named(item, shelf):
            kinds[name] = kinds.get(name) or kind
            found.setdefault(name, {})[item.number] = item
    entries: dict[Group, list[Entry]] = {each: [] for each in Group}
    for name, of in found.items():
        known = own.get(name) or shelf.authority(name)
        where = tuple(of[number] for number in sorted(of))
        one = Entry(authority=known, words=form(known), found_in=where)
        entries[group(kinds[name], known)].append(one)
    return {
        under: tuple(sorted(members, key=lambda one: _place(one.words)))
        for under, members in entries.items()
        if members
    }


def cited(item: Development, shelf: Shelf) -> dict[str, str]:
    """What a development cites, by canonical name, each with the kind of its citation: a section
    of the U.S. Code under the section of the Act that it codifies."""
    found: dict[str, str] = {}
    for citation in shelf.citations.get(item.change.id, ()):
        name = citation.cited
        if not name or citation.kind in NO_AUTHORITIES:
            continue
        if acts := codified(name):
            found.setdefault(acts[0], "ina")
        else:
            found.setdefault(shelf.authority(name).canonical, citation.kind)
    return found


def codified(name: str) -> tuple[str, ...]:
    """The section of the Act that a section of the U.S. Code codifies, where it is one alone."""
    acts = tuple(each for each in twins(name) if each.startswith("INA "))
    return acts if " USC " in name and len(acts) == 1 else ()


def status(authority: Authority, sources: Sources) -> tuple[str, tuple[int, ...]]:
    """What became of an authority by the day of printing, in a sentence, and on which sources that
    rests."""
    if done := _done(authority):
        others = [sources.of(other) for _, other in done[:NOTED]]
        more = len(done) - NOTED
        words = "; ".join(words for words, _ in done[:NOTED])
        rest = f"; and {wording.counted(more, 'more act')}" if more > 0 else ""
        return wording.sentence(f"{words}{rest}"), tuple(others)
    if authority.status is None:
        return "Nothing held says what became of it.", (sources.record,)
    return _line(authority.status), (sources.record, *_against(authority.status, sources))


def _named(item: Development, shelf: Shelf) -> Iterator[tuple[str, str]]:
    """Its own name, and what its changed text cites, with the kind of citation."""
    yield "", item.canonical
    for name, kind in cited(item, shelf).items():
        if name != item.canonical:
            yield kind, name
    for block in item.change.new.blocks:
        for provision in constitution(block.text):
            yield _CONSTITUTION, provision


def _own(item: Development, shelf: Shelf) -> Authority:
    """A development as an authority: as its own text has it, from which names were taken."""
    known = shelf.authority(item.canonical)
    return replace(known, name="", held=wording.last_text(item.change))


def _row(one: Entry, sources: Sources) -> tuple[Cell, ...]:
    is_covered = not one.words.startswith("U.S. Const.")
    words, notes = status(one.authority, sources) if is_covered else (_UNCOVERED, ())
    where: list[str | Run] = []
    for item in one.found_in:
        where += [", ", Run(text=str(item.number), to=item.key)]
    first = one.found_in[0].number
    return cell(one.words), cell(words, notes=(first, *notes)), cell(*where[1:])


def _done(authority: Authority) -> list[tuple[str, Document]]:
    """What later documents did to it, in words, and which; next year's notice does nothing."""
    if authority.held is None:
        return []
    document = authority.held.document
    done = [
        each
        for each in authority.relations
        if each.earlier == document and each.kind is not RelationKind.SAME_SERIES
    ]
    return [(each.words, each.other) for each in lineage.related(document, done)]


def _line(told: Status) -> str:
    if told.kind is StatusKind.NONE_FOUND:
        # What follows says how far the holdings reach, which the table's lead says of all.
        return wording.sentence(_NOTHING.sub("none found", plain(told.line).partition(";")[0]))
    return wording.sentence(wording.shortened(plain(told.line), LINE))


def _against(told: Status, sources: Sources) -> Iterator[int]:
    against = [
        each.document
        for each in (*told.findings, *told.elsewhere)
        if treated.weighs(each.treatment) is Bearing.NEGATIVE
    ]
    yield from (sources.of(document) for document in [*dict.fromkeys(against)][:NOTED])


def _place(words: str) -> list[tuple[bool, int, str]]:
    """Words in pieces that sort as a reader counts."""
    pieces = re.split(r"(\d+)", words.casefold())
    return [
        (not piece.isdecimal(), int(piece) if piece.isdecimal() else 0, piece)
        for piece in pieces
        if piece
    ]
