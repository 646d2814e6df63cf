"""A set that a folder need not hold: without it the rest is whole, and asked for it is absent."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from test_floors import OWN

from lexwatch.app import App
from lexwatch.evaluate import evaluate
from lexwatch.evaluation import Ability
from lexwatch.settings import Settings


@pytest.mark.parametrize(("only", "is_whole"), [(None, True), (Ability.COURT_ACTIONS, False)])
def test_only_a_set_that_was_asked_for_makes_the_whole_fail(
    tmp_path: Path, only: Ability | None, is_whole: bool
) -> None:
    sets = tmp_path / "evalset"
    shutil.copytree(OWN, sets, ignore=shutil.ignore_patterns("court_actions"))
    found = evaluate(App(Settings()), sets, only)
    assert found.unmeasured["court_actions"].startswith("NOT MEASURED")
    assert found.is_whole is is_whole
