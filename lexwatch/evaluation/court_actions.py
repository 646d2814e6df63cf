"""What sentences report that courts did: whether one is found, against what a person said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lexwatch.evaluation.labels import Label, Labelled, Rows, read
from lexwatch.evaluation.score import Score, interval
from pipeline.judicial import deeds


class Sentence(Label):
    """A sentence, and whether it says that a court acted on a rule, and with what verb."""

    text: str
    is_action: bool
    verb: str = ""


def sentences(folder: Path) -> Rows[Sentence]:
    """Read the labelled sentences."""
    return read(folder / "court_actions", Sentence)


def measure(rows: Sequence[Labelled[Sentence]]) -> dict[str, Any]:
    """A sentence counts once, however much it reports."""
    found = {row.where for row in rows if deeds(row.label.text)}
    wanted = {row.where for row in rows if row.label.is_action}
    score = Score.of(found, wanted)
    return {
        "n": len(rows),
        "actions": score.wanted,
        "found": score.found,
        "right": score.right,
        "precision": score.precision,
        "precision_95": interval(score.right, score.found),
        "recall": score.recall,
        "recall_95": interval(score.right, score.wanted),
        "wrong": [
            {
                "at": row.where,
                "text": row.label.text,
                "verb": row.label.verb,
                "is": "missed" if row.label.is_action else "stray",
            }
            for row in rows
            if (row.where in found) != row.label.is_action
        ],
    }
