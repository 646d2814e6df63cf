"""The commands of the citator, over the sample site's decisions: SAMPLE-E- overrules SAMPLE-B-."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rehearsed import read
from typer.testing import CliRunner, Result

from lexwatch import settings
from lexwatch.app import App
from lexwatch.cli import cli
from lexwatch.settings import Settings

pytestmark = pytest.mark.usefixtures("warm")

AFTER = "2026-11-22T18:00:00"
SAMPLE_B, SAMPLE_E = "99 I&N Dec. 112", "99 I&N Dec. 140"
WATCHED = ("bia_decisions", "federal_register")


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A settings file whose data folder holds the sample site's decisions and rules."""
    folder = tmp_path_factory.mktemp("citator")
    path = folder / "config.toml"
    others = "".join(
        f"[sources.{name}]\nenabled = false\n"
        for name in App(Settings()).sources
        if name not in WATCHED
    )
    path.write_text(
        f"[data]\nfolder = {json.dumps(str(folder))}\n[topics]\nmeaning = false\n{others}",
        encoding="utf-8",
    )
    read(settings.load(path))
    return path


def invoked(config: Path, *words: str) -> Result:
    given = ["--config", str(config), "--at", AFTER, *words]
    return CliRunner().invoke(cli, given)


def said(config: Path, *words: str) -> str:
    done = CliRunner().invoke(
        cli, ["--config", str(config), "--at", AFTER, *words], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


def row(config: Path, *words: str) -> dict[str, object]:
    done = CliRunner().invoke(
        cli, ["--config", str(config), "--at", AFTER, *words, "--json"], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_a_status_begins_with_what_it_is_and_its_one_line(config: Path) -> None:
    told = said(config, "status", SAMPLE_B)
    assert told.startswith("Matter of SAMPLE-B-, 99 I&N Dec. 112 (BIA 2026) Held: full text")
    assert "Negative treatment in part found" in told
    assert f"Overruled in part by Matter of SAMPLE-E-, {SAMPLE_E} (BIA 2026), October 5" in told
    assert "“Matter of SAMPLE-B-, 99 I&N Dec. 112 (BIA 2026), overruled in part" in told
    assert told.index("Overruled in part by") < told.index("What this rests on")
    assert "Court decisions are not fully covered" in told
    assert "good law" not in told


def test_a_status_is_that_of_the_day_and_the_forum_asked_about(config: Path) -> None:
    before = said(config, "status", SAMPLE_B, "--on", "2026-10-01")
    assert "No negative treatment found in what we hold, as of October 1, 2026" in before
    assert "as of November 22, 2026" in said(config, "status", SAMPLE_B, "--on", "2026")
    asked = said(config, "status", SAMPLE_B, "--circuit", "first")
    assert "Asked: before an immigration court in the First Circuit" in asked
    given = row(config, "status", SAMPLE_B, "--before", "uscis", "--circuit", "ca9")
    assert given["forum"] == {"before": "USCIS", "circuit": "9"}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["status", SAMPLE_B, "--on", "2027-01-02"], "lies ahead"),
        (["status", SAMPLE_B, "--on", "soon"], "is no day"),
        (["status", SAMPLE_B, "--circuit", "14"], "no circuit"),
        (["status", SAMPLE_B, "--circuit", "Boston"], '"first" to "eleventh"'),
        (["status", ""], "name an authority"),
        (["status", "Matter of SAMPEL-B-"], "did you mean Matter of SAMPLE-B-, 99 I&N Dec. 112"),
        (["status", "8 CFR 999.9"], "ecfr.gov"),
        (["status", SAMPLE_B, "--before", "a magistrate"], "names no forum"),
        (["status", SAMPLE_B, "--before", "uscis texas", "--circuit", "1"], "two circuits"),
        (["status", "98 I&N Dec. 1"], "nothing we hold is"),
        (["cites", "98 I&N Dec. 1"], "nothing we hold is"),
    ],
)
def test_what_cannot_be_answered_says_why(config: Path, words: list[str], reason: str) -> None:
    done = invoked(config, *words)
    assert done.exit_code
    assert reason in " ".join(f"{done.exception} {done.output}".replace("│", " ").split())


def test_an_authority_that_is_not_held_is_answered_for_by_those_that_speak_of_it(
    config: Path,
) -> None:
    told = said(config, "status", "24 I&N Dec. 37")
    assert told.startswith("Matter of Guerra, 24 I&N Dec. 37 (BIA 2006) Not held itself")
    assert "No negative treatment found in what we hold" in told
    assert "Followed by Matter of SAMPLE-E-" in told


def test_a_status_in_json_has_the_findings_with_stable_keys(config: Path) -> None:
    told = row(config, "status", SAMPLE_B)
    assert told["status"] == "negative treatment in part found"
    assert isinstance(told["findings"], list) and told["held"]
    first = told["findings"][0]
    keys = {"treatment", "bearing", "target", "in_part", "sentence", "citation", "on", "url"}
    assert keys <= first.keys() and first["on"] == "2026-10-05" and first["in_part"] is True
    assert {"authority", "name", "line", "cautions", "forum", "on", "elsewhere", "undated"} <= (
        told.keys()
    )
    assert {"warnings", "coverage"} <= told.keys()


def test_the_status_of_a_rule_begins_with_what_later_documents_did_to_it(config: Path) -> None:
    told = said(config, "status", "2026-99103")
    later = told.index("Corrected by FR Doc. C1-2026-99103")
    assert later < told.index("Beside that, of how other texts speak of it: No negative treatment")
    assert "The source of this text, federal_register, was last read completely on " in told
    given = row(config, "status", "2026-99103")
    assert given["status"] == "a later document or a court acted on it"
    relations = given["relations"]
    assert isinstance(relations, list) and "corrects" in {each["kind"] for each in relations}


def test_the_status_of_a_statute_names_its_other_number_and_counts_who_cites_it(
    config: Path,
) -> None:
    told = said(config, "status", "INA 236(a)")
    assert "the same as 8 USC § 1226(a); cited by 3 documents that we hold" in told
    assert "Nothing found that strikes, limits or replaces it in what we hold" in told
    given = row(config, "status", "INA 236(a)")
    assert given["names"] == ["INA § 236(a)", "8 USC § 1226(a)"]
    assert given["documents"] == 3
    assert "Counted with it: 8 USC § 1226(a)" in said(config, "cites", "INA 236(a)")


def test_cites_go_both_ways_with_whole_sentences(config: Path) -> None:
    told = said(config, "cites", SAMPLE_B)
    assert "Cited by 1 document that we hold" in told
    assert "holds that an uncorroborated report may not be considered, we overrule it.”" in told
    assert "cite as 99 I&N Dec. 140, 141 (BIA 2026)" in told
    assert "Overrules in part Matter of SAMPLE-B-" in told
    assert "Only what is held counts" in told
    of = said(config, "cites", SAMPLE_E)
    assert "Matter of Guerra, 24 I&N Dec. 37 (not held)" in of
    given = row(config, "cites", SAMPLE_E)
    known = {"authority", "name", "names", "cautions", "held", "documents", "citing", "cited"}
    assert known == given.keys()


def test_show_begins_with_the_status_and_search_has_it_in_a_line(config: Path) -> None:
    told = said(config, "show", SAMPLE_B)
    assert told.index("Negative treatment in part found") < told.index("custody redetermination")
    assert f'lexwatch status "{SAMPLE_B}"' in told
    other = said(config, "show", SAMPLE_E)
    assert "Overrules in part Matter of SAMPLE-B-, 99 I&N Dec. 112 (BIA 2026)" in other
    found = said(config, "search", "--words", "arrest report corroborated bond")
    assert f"Overruled in part by Matter of SAMPLE-E-, {SAMPLE_E} (BIA 2026)" in found


def test_a_new_decision_says_at_its_top_what_it_does_to_others(config: Path) -> None:
    told = said(config, "changes", "--source", "bia_decisions")
    overrules = told.index("Overrules in part Matter of SAMPLE-B-, 99 I&N Dec. 112 (BIA 2026)")
    assert overrules < told.index("“(1) In custody") if "“(1) In custody" in told else overrules
