"""Topics: the tags that words and meaning give a text, against those a person gave it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lexwatch.evaluation.labels import Label, Labelled, Rows, read
from lexwatch.evaluation.score import Score
from pipeline.meaning import telling
from pipeline.topics import Taxonomy

ENRICHED = "fr_enriched"  # chosen so that rare topics have support: not what a crawl brings in
# What a crawl knows besides the text. A set says nothing of the Federal Register's kinds.
KINDS: Mapping[str, str] = {"bia": "bia-precedent", "pm_update": "policy-alert"}

Answer = tuple[set[str], set[str]]


class Item(Label):
    """A text with its topics; `source` says how it came into the set."""

    title: str
    text: str
    topics: frozenset[str]
    key: str = ""
    source: str = ""


def items(folder: Path) -> Rows[Item]:
    """Read the labelled texts."""
    return read(folder / "topics", Item)


def measure(rows: Sequence[Labelled[Item]], taxonomy: Taxonomy) -> dict[str, Any]:
    """Micro-averaged over pairs of text and topic; `per_topic` counts labels as `n`.

    `words_alone` and `meaning_alone` say what each brings: meaning the topic that a text is clearly
    nearest to, of every text. Where the taxonomy is without meaning, they are left out.
    """
    answers = [(_tags(row.label, taxonomy), set(row.label.topics)) for row in rows]
    natural = [
        answer for answer, row in zip(answers, rows, strict=True) if row.label.source != ENRICHED
    ]
    named = sorted({topic for found, wanted in answers for topic in found | wanted})
    return {
        "n": len(answers),
        "micro_f1": _score(answers).f1,
        "n_natural_mix": len(natural),
        "micro_f1_natural_mix": _score(natural).f1,
        **_apart([row.label for row in rows], taxonomy),
        "per_topic": {topic: _row(topic, answers) for topic in named},
        "wrong": [
            {
                "item": row.label.key or row.where,
                "missed": sorted(wanted - found),
                "stray": sorted(found - wanted),
            }
            for row, (found, wanted) in zip(rows, answers, strict=True)
            if found != wanted
        ],
    }


def _tags(item: Item, taxonomy: Taxonomy) -> set[str]:
    kind = KINDS.get(item.source, "")
    return {tag.topic for tag in taxonomy.classify_text(item.title, item.text, kind=kind)}


def _apart(items: Sequence[Item], taxonomy: Taxonomy) -> dict[str, Any]:
    if taxonomy.meaning is None:
        return {}
    by_words = replace(taxonomy, meaning=None)
    nearest = taxonomy.meaning.nearest([telling([item.title], [item.text]) for item in items])
    return {
        "words_alone": _score((_tags(item, by_words), set(item.topics)) for item in items).f1,
        "meaning_alone": _score(
            ({near.topic} if near.is_clear else set(), set(item.topics))
            for item, near in zip(items, nearest, strict=True)
        ).f1,
    }


def _score(answers: Iterable[Answer]) -> Score:
    return sum((Score.of(found, wanted) for found, wanted in answers), Score())


def _row(topic: str, answers: Iterable[Answer]) -> dict[str, Any]:
    score = _score((found & {topic}, wanted & {topic}) for found, wanted in answers)
    return {
        "n": score.wanted,
        "precision": score.precision,
        "recall": score.recall,
        "f1": score.f1,
    }
