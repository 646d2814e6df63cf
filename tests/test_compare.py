"""Two texts side by side, and points in time, as the commands print them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from publisher import DAY, NOW, Reader, page, rules_of, visit
from typer.testing import CliRunner

from lexwatch import settings
from lexwatch.app import App
from lexwatch.cli import cli
from pipeline.errors import LexwatchError
from pipeline.health import Normal

REST = "The fee is $100, which is paid with the request at the office that takes it in"
OLD = f"An applicant must file within 30 days. {REST} for all."
NEW = f"An applicant may file within 60 days. {REST}."
FIRST, LAST = "2026-10-05", "2026-10-09"
URL = "https://example.gov/"


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    """An office that read one document on two days, and beside it one that says nearly the same."""
    path = tmp_path / "config.toml"
    path.write_text(f"[data]\nfolder = {json.dumps(str(tmp_path))}\n", encoding="utf-8")
    app = App(settings.load(path))
    rules = rules_of(Reader())
    visit(app.database, rules, NOW, page({"a": OLD}, NOW, f"{URL}a"), page({"b": OLD}, NOW, URL))
    later = NOW + 4 * DAY
    visit(app.database, rules, later, page({"a": NEW}, later, f"{URL}a"))
    app.database.close()
    yield path


def run(config: Path, *words: str) -> str:
    done = CliRunner().invoke(cli, ["--config", str(config), *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


def refused(config: Path, *words: str) -> str:
    with pytest.raises(LexwatchError) as error:
        CliRunner().invoke(cli, ["--config", str(config), *words], catch_exceptions=False)
    return str(error.value)


@pytest.mark.parametrize(
    "asked",
    [
        ("--from", FIRST, "--to", LAST),
        ("--from", "2026-10-08"),
        ("--from-version", "1"),
        ("--from-version", "1", "--to-version", "2"),
    ],
)
def test_two_texts_of_a_document_are_a_redline_with_its_class_and_reasons(
    config: Path, asked: tuple[str, ...]
) -> None:
    said = run(config, "compare", "sample:a", *asked)
    assert "from: Notice a (sample:a, first seen" in said
    assert "Substantive: operative word" in said
    assert f"[-must-] {{+may+}} file within [-30-] {{+60+}} days. {REST}" in said
    row = json.loads(run(config, "compare", "sample:a", *asked, "--json"))
    assert (row["same"], row["class"]) == (False, "substantive")
    assert "operative word" in row["weights"]
    assert row["summary"] and row["reasons"] and row["redline"]
    assert row["old"]["first_seen"] < row["new"]["first_seen"]


def test_what_its_site_has_removed_since_is_not_compared_as_if_it_stood(config: Path) -> None:
    app = App(settings.load(config))
    for days in (6, 8):
        at = NOW + days * DAY
        visit(app.database, rules_of(Reader()), at, page({"c": "Other."}, at, f"{URL}c"),
              normal=Normal(floor=0, ceiling=1000, enumerates=True, one_per_page=True))  # fmt: skip
    app.database.close()
    assert "was removed from its site" in refused(config, "compare", "sample:a", "--from", FIRST)
    asked = ("compare", "sample:a", "--from", FIRST, "--to", LAST)
    assert "Substantive" in run(config, *asked)


def test_two_days_with_one_text_differ_in_nothing(config: Path) -> None:
    asked = ("compare", "sample:a", "--from", FIRST, "--to", "2026-10-08")
    assert "No difference, down to the typography." in run(config, *asked)
    assert json.loads(run(config, *asked, "--json"))["same"] is True


def test_two_documents_held_are_compared_as_they_are_now(config: Path) -> None:
    row = json.loads(run(config, "compare", "sample:b", "sample:a", "--json"))
    assert [row[side]["document"] for side in ("old", "new")] == ["sample:b", "sample:a"]
    assert row["class"] == "substantive"


def test_what_is_not_held_is_said_with_the_day_from_which_it_is(config: Path) -> None:
    said = refused(config, "compare", "sample:a", "--from", "2026-10-04", "--to", LAST)
    assert "is not held: first read on October 5, 2026" in said
    assert "there is no 9" in refused(config, "compare", "sample:a", "--from-version", "9")


@pytest.mark.parametrize(
    "asked",
    [
        (),
        ("--to", LAST),
        ("--to-version", "2"),
        ("sample:b", "--from", FIRST),
        ("--from", FIRST, "--from-version", "1"),
    ],
)
def test_a_question_that_is_not_clear_is_refused(config: Path, asked: tuple[str, ...]) -> None:
    assert "say what to compare" in refused(config, "compare", "sample:a", *asked)


def test_days_out_of_order_are_refused(config: Path) -> None:
    said = refused(config, "compare", "sample:a", "--from", LAST, "--to", FIRST)
    assert "lies before the first" in said


def test_a_document_is_shown_as_the_site_showed_it_on_a_day(config: Path) -> None:
    said = run(config, "show", "sample:a", "--seen-on", "2026-10-08")
    assert "As the site showed it on October 8, 2026: version 1." in said
    assert "what took its place was first seen" in said
    assert "30 days" in said and "60 days" not in said
    row = json.loads(run(config, "show", "sample:a", "--seen-on", LAST, "--json"))
    assert row["seen_on"]["version"] == 2
    assert row["seen_on"]["followed"] is None
    assert row["blocks"][0]["text"] == NEW


def test_what_governed_is_another_question_than_what_was_seen(config: Path) -> None:
    said = run(config, "show", "sample:a", "--governed-on", "2026-10-08")
    assert said.startswith("No document held says what governed on October 8, 2026.")
    row = json.loads(run(config, "show", "sample:a", "--governed-on", "2026-10-08", "--json"))
    assert row["day"] == "2026-10-08"
    assert row["litigation"] == []
    assert "--governed-on" in refused(
        config, "show", "sample:a", "--seen-on", LAST, "--governed-on", LAST
    )


def test_the_day_before_the_first_reading_is_refused_by_show_too(config: Path) -> None:
    day = (NOW - timedelta(days=1)).date().isoformat()
    assert "first read on" in refused(config, "show", "sample:a", "--seen-on", day)
