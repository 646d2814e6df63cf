"""Citations: exact span and type of each one found, against those a person marked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lexwatch.evaluation.labels import Label, Labelled, Rows, read
from lexwatch.evaluation.score import Score, interval, share
from pipeline.cite import find


class Marked(Label):
    """A citation as a person marked it. One that is `extra` counts neither way."""

    start: int
    end: int
    type: str
    normalized: str
    alt_normalized: tuple[str, ...] = ()
    extra: bool = False


class Passage(Label):
    """A text with its citations."""

    text: str
    citations: tuple[Marked, ...]


@dataclass(frozen=True, kw_only=True, order=True)
class _Place:
    """A span of a row's text, and the type of what stands there."""

    where: str
    start: int
    end: int
    kind: str
    text: str


def passages(folder: Path) -> Rows[Passage]:
    """Read the labelled texts."""
    return read(folder / "citations", Passage)


def measure(rows: Sequence[Labelled[Passage]]) -> dict[str, Any]:
    """`canonical` is the share of the right ones that are also spelled as the label wants."""
    wanted = {place: names for at in rows for place, names in _wanted(at).items()}
    found = {place: name for at in rows for place, name in _found(at).items()}
    right = found.keys() & wanted.keys()
    score = Score.of(found.keys(), wanted.keys())
    return {
        "n": score.wanted,
        "found": score.found,
        "right": score.right,
        "precision": score.precision,
        "precision_95": interval(score.right, score.found),
        "recall": score.recall,
        "recall_95": interval(score.right, score.wanted),
        "canonical": share(sum(found[place] in wanted[place] for place in right), score.right),
        "per_type": {
            kind: _row(kind, found.keys(), wanted.keys())
            for kind in sorted({place.kind for place in found.keys() | wanted.keys()})
        },
        "wrong": [
            {
                "at": place.where,
                "text": place.text,
                "type": place.kind,
                "is": "missed" if place in wanted else "stray",
            }
            for place in sorted(found.keys() ^ wanted.keys())
        ],
    }


def _wanted(row: Labelled[Passage]) -> dict[_Place, tuple[str, ...]]:
    """Where the citations that count stand, with every right spelling of each."""
    return {
        _place(row, mark.start, mark.end, mark.type): (mark.normalized, *mark.alt_normalized)
        for mark in row.label.citations
        if not mark.extra
    }


def _found(row: Labelled[Passage]) -> dict[_Place, str]:
    """What we find, without what touches a citation that counts neither way."""
    extra = [(mark.start, mark.end) for mark in row.label.citations if mark.extra]
    return {
        _place(row, cited.start, cited.end, cited.kind): cited.canonical
        for cited in find(row.label.text)
        if not any(cited.start < end and start < cited.end for start, end in extra)
    }


def _place(row: Labelled[Passage], start: int, end: int, kind: str) -> _Place:
    text = row.label.text[start:end]
    return _Place(where=row.where, start=start, end=end, kind=kind, text=text)


def _row(kind: str, found: Collection[_Place], wanted: Collection[_Place]) -> dict[str, Any]:
    score = Score.of(
        [place for place in found if place.kind == kind],
        [place for place in wanted if place.kind == kind],
    )
    return {
        "n": score.wanted,
        "precision": score.precision,
        "precision_95": interval(score.right, score.found),
        "recall": score.recall,
        "recall_95": interval(score.right, score.wanted),
    }
