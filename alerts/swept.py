"""A sweep as readers are told it: once, with every document it went through."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from alerts import wording
from alerts.deadlines import urgent
from alerts.redline import Line, Mark, redline, shorten
from alerts.untrusted import plain
from pipeline.model import Change, ChangeClass
from pipeline.sweep import Sweep, sweeps

WORDS = 60  # of the example
_NUMBER = re.compile(r"(\d+)")


@dataclass(frozen=True, kw_only=True)
class Swept:
    """A sweep in words. `words` say which term became which and where; `only` names the documents
    in which nothing else changed, under `only_words`; `besides` those told in full, under
    `besides_words`; `example` is one block of it, None where each document is told in full."""

    words: str
    only_words: str
    only: tuple[str, ...]
    besides_words: str
    besides: tuple[str, ...]
    example: Line | None


@dataclass(frozen=True, kw_only=True)
class Told:
    """The sweeps of a period, and the changes that nothing but their lines need tell."""

    sweeps: tuple[Swept, ...]
    once: frozenset[int]


def told(changes: Iterable[Change], names: Mapping[str, str]) -> Told:
    """Find the sweeps. A change that can't wait, or on whose document others acted, is told in full
    whatever it consists of. `names` holds what readers call sources, by id."""
    given = tuple(changes)
    found = sweeps(given)
    alone = {each.id for sweep in found for each in sweep.only if _can_be_short(each)}
    return Told(sweeps=tuple(_swept(sweep, alone, names) for sweep in found), once=frozenset(alone))


def _can_be_short(change: Change) -> bool:
    return not (urgent(change) or change.relations or change.standings)


def _swept(sweep: Sweep, alone: set[int], names: Mapping[str, str]) -> Swept:
    short = [each for each in sweep.documents if each.id in alone]
    full = [each for each in sweep.documents if each.id not in alone]
    source = names.get(sweep.source, sweep.source)
    where = wording.counted(len(sweep.documents), "document")
    times = wording.counted(sweep.blocks, "place")
    lines = [replace(line, pieces=shorten(line.pieces, WORDS)) for line in _shown(short, sweep)]
    return Swept(
        words=f"“{plain(sweep.old)}” became “{plain(sweep.new)}” in {where} ({times}): {source}",
        only_words=f"Nothing but replaced terms changed in {len(short):,} ({_classes(short)})",
        only=_named(short),
        besides_words=f"Something else changed too, or is to be told, in {len(full):,}: see each",
        besides=_named(full),
        example=next(iter(lines), None),
    )


def _shown(short: Sequence[Change], sweep: Sweep) -> Iterator[Line]:
    """The lines that show the sweep at hand and not another that went through the same document."""
    for line in (line for change in short for line in redline(change)):
        gone = " ".join(piece.text for piece in line.pieces if piece.mark is Mark.DELETED)
        if sweep.old in gone.casefold():
            yield line
            return


def _classes(changes: Sequence[Change]) -> str:
    """How many there are of each class: a term that no rule knows is substantive till a lawyer has
    read it."""
    counts = Counter(change.difference.change_class for change in changes)
    return ", ".join(f"{counts[each]:,} {each}" for each in ChangeClass if counts[each])


def _named(changes: Iterable[Change]) -> tuple[str, ...]:
    ordered = sorted(changes, key=lambda each: _natural(each.document.key))
    return tuple(
        wording.shortened(plain(each.new.citation or each.new.title), 120) for each in ordered
    )


def _natural(key: str) -> list[tuple[bool, int, str]]:
    """Volume 2 stands before volume 12."""
    parts = filter(None, _NUMBER.split(key))
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]
