"""Relations: what a later Federal Register document is told to do to an earlier one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from lexwatch.evaluation.labels import Label, Labelled, Rows, read
from lexwatch.evaluation.score import interval, share
from pipeline.model import (
    Block,
    BlockKind,
    DateKind,
    Document,
    RelationKind,
    StatedDate,
    Version,
)
from pipeline.normalise import normalise
from pipeline.papers import paper
from pipeline.relations import relate

CORPORA = "corpora"
DOCUMENTS = "federal_register_*.jsonl"
NOT_RELATED = "unrelated"
# What the set calls each relation. It tells neither parts of a withdrawal nor what is extended, and
# names nothing that courts do.
LABELS = {
    RelationKind.CORRECTS: "correction_of",
    RelationKind.WITHDRAWS: "withdrawal",
    RelationKind.WITHDRAWS_IN_PART: "withdrawal",
    RelationKind.DELAYS: "delay",
    RelationKind.EXTENDS: "extension",
    RelationKind.EXTENDS_COMMENTS: "extension",
    RelationKind.REOPENS_COMMENTS: "extension",
    RelationKind.FINALISES: "proposed->final",
    RelationKind.SAME_SERIES: "same-series",
    RelationKind.PUBLISHES: "publication",
}


class Couple(Label):
    """Two documents, by number, and what the later one does to the earlier."""

    earlier: str
    later: str
    earlier_title: str
    later_title: str
    earlier_date: date
    later_date: date
    relation: str
    id: str = ""
    later_abstract: str = ""


def couples(folder: Path) -> Rows[Couple]:
    """Read the labelled couples of documents."""
    return read(folder / "changes", Couple, lambda row: "earlier" in row)


def measure(rows: Sequence[Labelled[Couple]], folders: tuple[Path, ...]) -> dict[str, Any]:
    """The share told right. A label that we have no relation for is told right by none."""
    numbers = {number for row in rows for number in (row.label.earlier, row.label.later)}
    abstracts = _abstracts(numbers, folders)
    told = [(row.label, _told(row.label, abstracts)) for row in rows]
    right = [_wanted(couple) for couple, relation in told if relation == _wanted(couple)]
    wanted = [_wanted(couple) for couple, _ in told]
    return {
        "n": len(told),
        "right": len(right),
        "accuracy": share(len(right), len(told)),
        "accuracy_95": interval(len(right), len(told)),
        "by_relation": {
            name: {
                "n": wanted.count(name),
                "right": right.count(name),
                "accuracy": share(right.count(name), wanted.count(name)),
                "accuracy_95": interval(right.count(name), wanted.count(name)),
            }
            for name in sorted(set(wanted))
        },
        "precision_of_relations": _precision(told),
        "wrong": [
            {"earlier": couple.earlier, "later": couple.later, "is": _wanted(couple), "told": said}
            for couple, said in told
            if said != _wanted(couple)
        ],
    }


def _precision(told: Sequence[tuple[Couple, str]]) -> float | None:
    """Of the couples that we join, the share that is joined rightly."""
    joined = [couple for couple, relation in told if relation != NOT_RELATED]
    right = sum(relation == _wanted(couple) != NOT_RELATED for couple, relation in told)
    return share(right, len(joined))


def _wanted(couple: Couple) -> str:
    return couple.relation.removesuffix(" notice")  # of two spellings in the set: "same-series"


def _told(couple: Couple, abstracts: Mapping[str, str]) -> str:
    earlier = _version(
        couple.earlier,
        couple.earlier_title,
        couple.earlier_date,
        abstracts.get(couple.earlier, ""),
    )
    later = _version(
        couple.later,
        couple.later_title,
        couple.later_date,
        abstracts.get(couple.later, couple.later_abstract),
    )
    found = relate(paper(earlier), paper(later))
    return LABELS.get(found.kind, NOT_RELATED) if found else NOT_RELATED


def _abstracts(numbers: set[str], folders: tuple[Path, ...]) -> Mapping[str, str]:
    """The abstracts that the corpora beside the set have of these documents, by number."""
    paths = [path for folder in folders for path in sorted((folder / CORPORA).glob(DOCUMENTS))]
    found: dict[str, str] = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").split("\n"):
            row = json.loads(line) if line.strip() else {}
            if row.get("document_number") in numbers and row.get("abstract"):
                found.setdefault(row["document_number"], row["abstract"])
    return found


def _version(number: str, title: str, published: date, abstract: str) -> Version:
    """A document as the Federal Register's list states it, without what the set doesn't have."""
    said = normalise(abstract)
    stated = StatedDate(
        kind=DateKind.PUBLISHED, on=published, words=published.isoformat(), read_from="label"
    )
    return Version(
        document=Document(
            source="federal_register", key=f"{number}@{published.isoformat()}", kind=""
        ),
        title=normalise(title),
        citation="",
        issuer="",
        url="",
        blocks=(Block(kind=BlockKind.PARAGRAPH, text=said),) if said else (),
        seen_at=datetime.fromtimestamp(0, UTC),
        parser="labelled/1",
        dates=(stated,),
        metadata={"document_number": number, "abstract": said},
    )
