"""What each ability scores on labelled sets, by the same code that does the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from lexwatch.app import App
from lexwatch.evaluation import (
    Ability,
    changes,
    citations,
    court_actions,
    relations,
    retrieval,
    topics,
    treatments,
)
from lexwatch.evaluation.labels import Rows
from pipeline.model import Page, Reading

SHARED = Path(__file__).resolve().parents[2] / "shared"  # beside the checkout
ABSENT = "NOT MEASURED: {folder} holds no labelled rows for it"
USELESS = "NOT MEASURED: no row of it can be used; the first: {first}"
OPTIONAL = frozenset({Ability.COURT_ACTIONS, Ability.RETRIEVAL})  # a folder need not hold them

Read = Callable[[Path], Rows[Any]]
Measure = Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """The figures of each ability that was measured, and of the others why they were not.

    `is_whole` is false where a set that was asked for is absent; one that is optional is asked for
    only by name.
    """

    figures: Mapping[str, Mapping[str, Any]]
    unmeasured: Mapping[str, str]
    is_whole: bool


def evaluate(app: App, folder: Path | None = None, only: Ability | None = None) -> Evaluation:
    """Measure on the sets in `folder`; without one, on `../shared/eval` beside the checkout.

    Paths in rows are looked for beside the folder, in it, and in `../shared`. A row that can't be
    used counts in no figure; `unusable` in the ability's figures says where it stands and why.
    """
    sets = (folder or SHARED / "eval").resolve()
    measures = _measures(app, sets, tuple(dict.fromkeys((sets.parent, sets, SHARED))))
    asked = (only,) if only else tuple(Ability)
    spare = {each.value for each in OPTIONAL if not (sets / each.value).is_dir()}
    figures: dict[str, Mapping[str, Any]] = {}
    unmeasured: dict[str, str] = {}
    for ability in asked:
        read, measure = measures[ability]
        rows = read(sets)
        if rows.labelled:
            figures[ability.value] = _with_unusable(measure(rows.labelled), rows)
        else:
            useless = USELESS.format(first=rows.unusable[0]) if rows.unusable else ""
            unmeasured[ability.value] = useless or ABSENT.format(folder=sets)
    is_whole = not any(only or name not in spare for name in unmeasured)
    return Evaluation(figures=figures, unmeasured=unmeasured, is_whole=is_whole)


def reader(app: App) -> Callable[[Page], Reading | None]:
    """Read a page with the source that covers its address; None where none does."""

    def read(page: Page) -> Reading | None:
        for name, source in app.sources.items():
            if source.facts.covers(page.url):
                return source.read(replace(page, source=name))
        return None

    return read


def _with_unusable(measured: Mapping[str, Any], rows: Rows[Any]) -> Mapping[str, Any]:
    unusable = [*rows.unusable, *measured.get("unusable", ())]
    return {**measured, "unusable": unusable}


def _measures(
    app: App, sets: Path, folders: tuple[Path, ...]
) -> Mapping[Ability, tuple[Read, Measure]]:
    """What is built: how its rows are read, and how its figures are made of them."""
    return {
        Ability.CHANGES: (
            changes.pairs,
            partial(changes.measure, folders=folders, read_page=reader(app)),
        ),
        Ability.FEDERAL_REGISTER_PAIRS: (
            relations.couples,
            partial(relations.measure, folders=folders),
        ),
        Ability.TOPICS: (topics.items, partial(topics.measure, taxonomy=app.taxonomy)),
        Ability.CITATIONS: (citations.passages, citations.measure),
        Ability.COURT_ACTIONS: (court_actions.sentences, court_actions.measure),
        Ability.TREATMENTS: (treatments.decisions, treatments.measure),
        Ability.RETRIEVAL: (
            retrieval.queries,
            partial(retrieval.measure, app=app, sets=sets, folders=folders),
        ),
    }
