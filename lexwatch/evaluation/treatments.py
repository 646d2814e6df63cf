"""What headnotes do to earlier decisions: target and treatment, against what a person marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lexwatch.evaluation.labels import Label, Labelled, Rows, read
from lexwatch.evaluation.score import Score, interval, share
from pipeline import cite, referral
from pipeline.citator.model import Treatment, TreatmentForm, TreatmentKind
from pipeline.citator.treatments import REFERRAL, treatments
from pipeline.model import Block, BlockKind, Document, Version

# Labels call them "other": what is ordered of the case's own decision below.
_OF_THE_CASE = frozenset({TreatmentKind.REFERRED, TreatmentKind.STAYED})
_HEADLINE = frozenset({TreatmentForm.TAG.value, TreatmentForm.OPERATIVE.value})
_NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)  # of a text that nobody fetched


class Marked(Label):
    """A treatment as a person marked it: "other" is none, but for the detail "not_followed"."""

    key: str
    target_citation: str
    treatment: str
    in_part: bool = False
    form: str
    detail: str = ""


class Decision(Label):
    """A decision's headnotes, and the treatments in them; `title` ends with its citation."""

    key: str
    title: str
    text: str
    marked: tuple[Marked, ...] = ()


@dataclass(frozen=True, kw_only=True, order=True)
class _Said:
    """What a decision says of a target, as labels spell it."""

    where: str
    target: str
    treatment: str


_Parts = Mapping[_Said, bool]  # and whether in part


def decisions(folder: Path) -> Rows[Decision]:
    """Read the decisions of `treatments/`, each with its labels. A label of no decision there
    can't be used."""
    folder = folder / "treatments"
    told = read(folder, Marked, lambda row: "treatment" in row)
    texts = read(folder, Decision, lambda row: "treatment" not in row)
    by_key: dict[str, list[Marked]] = defaultdict(list)
    for row in told.labelled:
        by_key[row.label.key].append(row.label)
    keys = {row.label.key for row in texts.labelled}
    strays = [
        f"{row.where}: no decision has the key {row.label.key}; add it or mend the row"
        for row in told.labelled
        if row.label.key not in keys
    ]
    unusable = dict.fromkeys((*texts.unusable, *told.unusable, *strays))  # each reads every line
    return Rows(
        labelled=tuple(
            Labelled(
                label=row.label.model_copy(update={"marked": tuple(by_key[row.label.key])}),
                where=row.where,
            )
            for row in texts.labelled
        ),
        unusable=tuple(unusable),
    )


def measure(rows: Sequence[Labelled[Decision]]) -> dict[str, Any]:
    """The headline is of closing tags and holdings, strictly: decision, target and treatment.
    `alarms` are decisions without any in which we find one; discussion is told apart, since
    people differ on it."""
    said = [(row, each) for row in rows for each in _found(row.label)]
    found = _parts((row, each) for row, each in said if each.form.value in _HEADLINE)
    wanted = _labels(rows, _HEADLINE)
    right = found.keys() & wanted.keys()
    parts_right = sum(found[each] == wanted[each] for each in right)
    quiet = {row.where for row in rows if not any(map(_treatment, row.label.marked))}
    return {
        "decisions": len(rows),
        **_figures(found, wanted),
        "in_part_accuracy": share(parts_right, len(right)),
        "without_any": len(quiet),
        "alarms": sorted({each.where for each in found if each.where in quiet}),
        "per_treatment": {
            name: _figures(_of(found, name), _of(wanted, name))
            for name in sorted({each.treatment for each in found.keys() | wanted.keys()})
        },
        "discussion": {
            "in running text": _figures(
                _parts((row, x) for row, x in said if x.form is TreatmentForm.DISCUSSION),
                _labels(rows, {TreatmentForm.DISCUSSION.value}),
            )
        },
        "wrong": [
            {
                "at": each.where,
                "target": each.target,
                "treatment": each.treatment,
                "is": "missed" if each in wanted else "stray",
            }
            for each in sorted(found.keys() ^ wanted.keys())
        ],
    }


def _figures(found: Collection[_Said], wanted: Collection[_Said]) -> dict[str, Any]:
    score = Score.of(found, wanted)
    return {
        "n": score.wanted,
        "found": score.found,
        "right": score.right,
        "precision": score.precision,
        "precision_95": interval(score.right, score.found),
        "recall": score.recall,
        "recall_95": interval(score.right, score.wanted),
    }


def _of(said: Collection[_Said], treatment: str) -> set[_Said]:
    return {each for each in said if each.treatment == treatment}


def _labels(rows: Iterable[Labelled[Decision]], forms: Collection[str]) -> _Parts:
    return {
        _Said(
            where=row.where, target=_canonical(mark.target_citation), treatment=name
        ): mark.in_part
        for row in rows
        for mark in row.label.marked
        if mark.form in forms and (name := _treatment(mark))
    }


def _parts(said: Iterable[tuple[Labelled[Decision], Treatment]]) -> _Parts:
    return {
        _Said(where=row.where, target=each.target, treatment=each.kind.value): each.in_part
        for row, each in said
    }


def _treatment(mark: Marked) -> str:
    """The kind that a label names; "" of one that is no treatment."""
    if mark.treatment != "other":
        return mark.treatment.replace("_", " ")
    is_refused = mark.detail == "not_followed"
    return TreatmentKind.NOT_FOLLOWED.value if is_refused else ""


def _canonical(citation: str) -> str:
    found = cite.lookup(citation) if citation else None
    return found.canonical if found else citation


def _found(decision: Decision) -> list[Treatment]:
    """What the headnotes say of other decisions; of the case's own below labels count nothing."""
    return [
        treatment
        for treatment in treatments(_version(decision))
        if treatment.target and treatment.kind not in _OF_THE_CASE
    ]


def _version(decision: Decision) -> Version:
    """The headnotes as a version of the listing holds them."""
    name, _, citation = decision.title.rpartition(", ")
    is_chief = "A.G." in citation
    kind = "ag-precedent" if is_chief else "bia-precedent"
    if is_chief and referral.act(decision.text):
        kind = REFERRAL
    return Version(
        document=Document(source="bia_decisions", key=decision.key, kind=kind),
        title=name,
        citation=citation,
        issuer="",
        url="",
        blocks=(Block(kind=BlockKind.PARAGRAPH, text=decision.text),),
        seen_at=_NO_MOMENT,
        parser="",
    )
