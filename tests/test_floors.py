"""What each ability must reach: on the labelled sets of ../shared/eval, and on a small one here.

A floor stands below what is reached, since a better rule may cost an item; a change that law turns
on is the exception: none may be missed, and no control may alarm. `docs/accuracy.md` has the
figures themselves, also on sets that nobody saw while the rules were written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from lexwatch.app import App
from lexwatch.evaluate import Evaluation, evaluate
from lexwatch.evaluation import Ability
from lexwatch.settings import Data, Settings, Topics

OWN = Path(__file__).with_name("evalset")
# Of one the shared sets have nothing; the other asks for all the universe's documents.
APART = frozenset({Ability.COURT_ACTIONS, Ability.RETRIEVAL})
SUPPORT = 5  # labels; below, one more right or wrong says nothing of a topic or a type

Figures = Callable[[Ability], Mapping[str, Any]]


@cache
def measured(folder: Path, ability: Ability) -> Evaluation:
    return evaluate(App(Settings()), folder, ability)


@pytest.fixture(params=["shared", "own"])
def figures(request: pytest.FixtureRequest) -> Figures:
    """The figures of one of the two sets, by ability."""
    is_own = request.param == "own"
    folder = OWN if is_own else request.getfixturevalue("shared") / "eval"
    return lambda ability: measured(folder, ability).figures[ability.value]


def low(rows: Mapping[str, Mapping[str, Any]], figure: str, floor: float) -> dict[str, Any]:
    """The rows with support whose figure is below the floor."""
    return {
        name: row
        for name, row in rows.items()
        if row["n"] >= SUPPORT and (row[figure] is None or row[figure] < floor)
    }


@pytest.mark.parametrize(
    "ability", ["changes", "federal_register_pairs", "topics", "citations", "treatments"]
)
def test_every_row_is_measured(figures: Figures, ability: str) -> None:
    assert figures(Ability(ability))["unusable"] == []


def test_every_real_change_is_found_with_its_phrases_and_nothing_else_alarms(
    figures: Figures,
) -> None:
    found = figures(Ability.CHANGES)
    assert found["real"] and found["controls"]
    assert (found["missed"], found["alarms"]) == ({}, [])
    assert found["substantive"] == found["real"]


def test_what_a_document_does_to_another_is_told(figures: Figures) -> None:
    found = figures(Ability.FEDERAL_REGISTER_PAIRS)
    assert found["accuracy"] >= 0.95, found["wrong"]
    assert found["precision_of_relations"] >= 0.95, found["wrong"]


def test_documents_are_tagged_with_their_topics(figures: Figures) -> None:
    found = figures(Ability.TOPICS)
    assert found["micro_f1"] >= 0.9, found["wrong"]
    assert found["micro_f1_natural_mix"] >= 0.9, found["wrong"]
    assert low(found["per_topic"], "f1", 0.8) == {}, found["wrong"]


def test_citations_are_found_where_they_stand_and_spelled_in_one_way(figures: Figures) -> None:
    found = figures(Ability.CITATIONS)
    for figure in ("precision", "recall", "canonical"):
        assert found[figure] >= 0.97, (figure, found["wrong"])
    for figure in ("precision", "recall"):
        assert low(found["per_type"], figure, 0.9) == {}, found["wrong"]


def test_what_headnotes_do_to_earlier_decisions_is_found(figures: Figures) -> None:
    found = figures(Ability.TREATMENTS)
    assert found["precision"] >= 0.97, found["wrong"]
    assert found["recall"] >= 0.95, found["wrong"]
    assert found["in_part_accuracy"] == 1.0
    assert found["alarms"] == []


def test_what_courts_did_is_found_in_sentences() -> None:
    """The shared sets have none for it."""
    found = measured(OWN, Ability.COURT_ACTIONS).figures["court_actions"]
    assert found["unusable"] == []
    assert (found["precision"], found["recall"]) == (1.0, 1.0), found["wrong"]


def test_the_shared_sets_are_those_that_the_floors_were_set_for(shared: Path) -> None:
    """A set that shrank would reach any floor."""
    found = {
        each.value: measured(shared / "eval", each).figures[each.value]
        for each in Ability
        if each not in APART
    }
    changes = found["changes"]
    assert (changes["real"], changes["controls"]) == (7, 36)
    assert {name: found[name]["n"] for name in found if name != "changes"} == {
        "federal_register_pairs": 41,
        "topics": 185,
        "citations": 273,
        "treatments": 28,
    }
    assert found["treatments"]["decisions"] == 85


def test_search_brings_the_precedent_that_answers(shared: Path, tmp_path: Path) -> None:
    """On the decisions of the universe alone: to embed all of it would take minutes."""
    judged = _of_decisions(shared / "eval" / "retrieval", tmp_path / "sets" / "retrieval")
    app = App(Settings(data=Data(folder=str(tmp_path / "data")), topics=Topics(meaning=False)))
    found = evaluate(app, tmp_path / "sets", Ability.RETRIEVAL).figures["retrieval"]
    assert found["n"] == judged >= 25
    assert found["ndcg_10"] >= 0.85, found["queries"]
    assert found["recall_10"] >= 0.9, found["queries"]


def _of_decisions(given: Path, made: Path) -> int:
    """Write a set that is the given one as far as decisions go; returns how many queries it has."""
    made.mkdir(parents=True)
    listed = (given / "universe.txt").read_text("utf-8").split()
    made.joinpath("universe.txt").write_text("\n".join(each for each in listed if _is(each)))
    rows = [line.split("\t") for line in (given / "qrels.tsv").read_text("utf-8").splitlines()]
    kept = [row for row in rows if _is(row[1])]
    made.joinpath("qrels.tsv").write_text("\n".join(map("\t".join, kept)))
    answered = {query for query, _, grade in kept if grade == "2"}
    lines = (given / "queries.jsonl").read_text("utf-8").splitlines()
    asked = [line for line in lines if json.loads(line)["qid"] in answered]
    made.joinpath("queries.jsonl").write_text("\n".join(asked))
    return len(asked)


def _is(key: str) -> bool:
    return key.startswith("bia:")
