"""What each ability scores on labelled sets, by the same code that does the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from lexwatch.app import App
from lexwatch.evaluation import Ability, changes, citations, relations, topics
from pipeline.model import Page, Reading

SHARED = Path(__file__).resolve().parents[2] / "shared"  # beside the checkout
ABSENT = "NOT MEASURED: {folder} holds no labelled rows for it"
UNBUILT = "not measured: not built yet"

Rows = Callable[[Path], Sequence[Any]]
Measure = Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """The figures of each ability that was measured, and of the others why they were not.

    `is_whole` is false where a set that was asked for is absent, or its ability not built.
    """

    figures: Mapping[str, Mapping[str, Any]]
    unmeasured: Mapping[str, str]
    is_whole: bool


def evaluate(app: App, folder: Path | None = None, only: Ability | None = None) -> Evaluation:
    """Measure on the sets in `folder`; without one, on `../shared/eval` beside the checkout.

    Paths in rows are looked for beside the folder, in it, and in `../shared`. Raises
    `SettingsError` for a row that can't be used.
    """
    sets = (folder or SHARED / "eval").resolve()
    measures = _measures(app, tuple(dict.fromkeys((sets.parent, sets, SHARED))))
    asked = (only,) if only else tuple(Ability)
    figures: dict[str, Mapping[str, Any]] = {}
    unmeasured: dict[str, str] = {}
    for ability in asked:
        if ability not in measures:
            unmeasured[ability.value] = UNBUILT
            continue
        rows, measure = measures[ability]
        if labelled := rows(sets):
            figures[ability.value] = measure(labelled)
        else:
            unmeasured[ability.value] = ABSENT.format(folder=sets)
    is_whole = not any(only or reason != UNBUILT for reason in unmeasured.values())
    return Evaluation(figures=figures, unmeasured=unmeasured, is_whole=is_whole)


def reader(app: App) -> Callable[[Page], Reading | None]:
    """Read a page with the source that covers its address; None where none does."""

    def read(page: Page) -> Reading | None:
        for source in app.sources.values():
            if source.facts.covers(page.url):
                return source.read(page)
        return None

    return read


def _measures(app: App, folders: tuple[Path, ...]) -> Mapping[Ability, tuple[Rows, Measure]]:
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
    }
