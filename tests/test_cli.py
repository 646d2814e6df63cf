"""The commands: each documented, each honest about its errors."""

from __future__ import annotations

import email
import json
import re
import subprocess
import sys
from email.policy import default
from pathlib import Path

import pytest
import typer
from rehearsed import read
from typer.testing import CliRunner

from lexwatch import settings
from lexwatch.app import App
from lexwatch.cli import cli
from lexwatch.settings import Settings

pytestmark = pytest.mark.usefixtures("warm")

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = typer.main.get_command(cli).commands  # type: ignore[attr-defined] # it is a group
SHOWN = sorted(name for name, command in COMMANDS.items() if not command.hidden)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A settings file whose data folder holds the sample site's three days."""
    folder = tmp_path_factory.mktemp("data of an office")
    path = folder / "config.toml"
    path.write_text(
        f"[data]\nfolder = {json.dumps(str(folder))}\n"
        '[[subscriptions]]\nreader = "Nat"\naddress = "nat@example.com"\n',
        encoding="utf-8",
    )
    read(settings.load(path))
    return path


def run(config: Path, *words: str) -> str:
    done = CliRunner().invoke(cli, ["--config", str(config), *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("name", SHOWN)
def test_every_command_has_help_and_an_example_and_stands_in_the_readme(name: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| `{name}\b", readme, re.MULTILINE)
    text = COMMANDS[name].help or ""
    assert f"Example: `lexwatch {name}" in text


def test_the_readme_names_no_command_that_there_is_not() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z-]+)", readme, re.MULTILINE)) == set(SHOWN)


def test_search_by_words_prints_json(config: Path) -> None:
    found = json.loads(run(config, "search", "--words", "--json", "continuous residence"))["hits"]
    assert "uscis_policy_manual:volume-99-part-d-chapter-3" in {hit["document"] for hit in found}
    assert found[0]["passages"][0]["text"]


def test_search_says_whom_a_result_binds_in_the_forum_asked_about(config: Path) -> None:
    asked = ("search", "--words", "continuous residence", "--kind", "policy-manual-chapter")
    before = run(config, *asked, "--forum", "immigration court, 9th Circuit")
    assert "before an immigration court in the Ninth Circuit" in before
    assert "Not binding here: binds USCIS officers alone" in " ".join(before.split())
    uscis = " ".join(run(config, *asked, "--forum", "uscis").split())
    assert "Binding here: binds USCIS officers alone" in uscis


def test_search_gives_citations_alone_and_counts(config: Path) -> None:
    asked = ("search", "--words", "continuous residence")
    cited = run(config, *asked, "--cite").splitlines()
    assert "99 USCIS Policy Manual D.3" in cited
    counted = run(config, *asked, "--counts")
    assert "documents that answer:" in counted and "USCIS Policy Manual" in counted


def test_what_must_be_said_stands_beside_citations_and_not_among_them(config: Path) -> None:
    asked = ("search", "99 USCIS-PM D.3", "--as-of", "2026-10-05")
    for how in (["--cite"], ["--format", "ris"]):
        done = CliRunner().invoke(cli, ["--config", str(config), *asked, *how])
        assert "As of October 5, 2026" in done.stderr and "As of" not in done.stdout


def test_search_as_of_a_day_shows_the_text_of_that_day(config: Path) -> None:
    asked = ("search", "99 USCIS-PM D.3", "--limit", "1", "--as-of", "2026-10-05")
    said = " ".join(run(config, *asked).split())
    assert "As of October 5, 2026" in said
    assert "it has changed since: `lexwatch compare uscis_policy_manual:" in said


def test_search_finds_more_like_a_document(config: Path) -> None:
    found = json.loads(run(config, "search", "--words", "--like", "99 USCIS-PM D.3", "--json"))
    names = [hit["document"] for hit in found["hits"]]
    assert names and "uscis_policy_manual:volume-99-part-d-chapter-3" not in names


def test_search_writes_a_file_that_holds_nothing_of_what_was_typed(
    config: Path, tmp_path: Path
) -> None:
    path = tmp_path / "found.csv"
    asked = ("search", "--words", "residence zzyzx", "--format", "csv", "--output", str(path))
    assert "written to" in run(config, *asked)
    assert b"zzyzx" not in path.read_bytes() and b"D.3" in path.read_bytes()


def test_nothing_found_says_what_to_do(config: Path) -> None:
    said = " ".join(run(config, "search", "--words", "zzyzx").split())
    assert "Nothing found in what is held" in said and "`lexwatch sources`" in said
    cited = " ".join(run(config, "search", "--words", "77 I&N Dec. 777").split())
    assert '`lexwatch status "77 I&N Dec. 777"`' in cited


def test_search_by_citation_loads_neither_a_model_nor_what_only_others_need(config: Path) -> None:
    code = (
        "import sys; from lexwatch.cli import cli; "
        f"cli(['--config', {str(config)!r}, 'search', '99 USCIS-PM D.3'], standalone_mode=False); "
        "print(*{'torch', 'numpy', 'rapidfuzz', 'pydantic_settings', 'eyecite', 'alembic',"
        " 'index.search.question', 'crawlers'} & sys.modules.keys(), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == ""
    assert "is 99 USCIS-PM D.3" in done.stdout


def test_what_a_command_imports_is_hardly_looked_through_for_cycles() -> None:
    code = (
        "import gc; import lexwatch.cli; print(sum(each['collections'] for each in gc.get_stats()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 20  # as Python does it, hundreds


def test_changes_are_filtered_by_topic_and_day(config: Path) -> None:
    asked = ("changes", "--json", "--topic", "naturalization-citizenship")
    names = {change["document"] for change in json.loads(run(config, *asked))}
    assert "uscis_policy_manual:volume-99-part-d-chapter-3" in names
    assert "bia_decisions:9905" not in names
    assert json.loads(run(config, *asked, "--since", "2026-10-08")) == []


def test_a_document_is_shown_by_any_of_its_names(config: Path) -> None:
    for name in ("99 USCIS-PM D.3", "volume-99-part-d-chapter-3", "99 uscis-pm d.3"):
        assert "Continuous Residence" in run(config, "show", name)
    both = json.loads(run(config, "show", "--json", "volume-99-part-d-chapter-3"))["versions"]
    assert len(both) == 2


def test_show_tells_what_a_document_does_to_others_and_they_to_it(config: Path) -> None:
    corrected = run(config, "show", "2026-99103")
    assert "Corrected by FR Doc. C1-2026-99103 (October 7, 2026)" in corrected
    assert "[federal_register:" not in corrected
    assert "amends 8 CFR 214.3(g)(2)(ii)" in corrected and "signed by: Alex Sample" in corrected
    row = json.loads(run(config, "show", "--json", "2026-99103"))
    kinds = {(each["kind"], each["later"]) for each in row["relations"]}
    assert ("corrects", "federal_register:C1-2026-99103@2026-10-07") in kinds
    assert all(each["live"] for each in row["dates"] if each["kind"] == "published")
    assert row["removed_at"] is None and row["not_held"] == "" and row["amends"]


def test_a_filing_is_shown_as_filed_and_not_as_published(config: Path) -> None:
    said = " ".join(run(config, "show", "public_inspection:2026-99116").split())
    assert "Notice, filed for public inspection" in said and "44 U.S.C. 1507" in said
    assert "its text is not held" in said and "publication expected: October 8, 2026" in said


def test_changes_are_called_by_what_they_are_and_marked_where_urgent(config: Path) -> None:
    rows = {row["document"]: row for row in json.loads(run(config, "changes", "--json"))}
    assert rows["federal_register:2026-99111@2026-10-07"]["authority"] == "Interim final rule"
    urgent = {name for name, row in rows.items() if row["urgent"]}
    assert urgent == {"bia_decisions:9906", "federal_register:2026-99115@2026-10-07"}
    # The other is not on immigration: kept apart, in a line.
    assert run(config, "changes").count("URGENT: ") == 1
    assert run(config, "changes", "--topic", "not-immigration").count("URGENT: ") == 1


def test_sources_say_when_they_were_last_read_whole(config: Path) -> None:
    reports = json.loads(run(config, "sources", "--json"))
    read = [report for report in reports if report["last_run"]]
    assert {report["last_complete"][:10] for report in read} == {"2026-10-07"}
    assert all({"newest", "quiet"} <= report.keys() for report in reports)
    assert "USCIS Policy Manual" in run(config, "sources")


def test_a_preview_hands_nothing_over(config: Path) -> None:
    text = run(config, "--at", "2026-10-12T14:00:00", "digest", "--preview")
    assert "Continuous Residence" in text
    assert not (config.parent / "digests").exists()


def test_course_materials_are_written_where_it_says(config: Path) -> None:
    asked = ("cle", "--json", "--from", "2026-10-05", "--to", "2026-10-07", "--topics", "h1b")
    written = json.loads(run(config, *asked, "--format", "docx,md"))
    word, markdown = (Path(path) for path in written["paths"])
    assert word.read_bytes().startswith(b"PK") and markdown.read_text("utf-8").startswith("---")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "28 I&N Dec. 999"], "nothing that is held goes by the name"),
        (["search", "x", "--source", "nowhere"], "There are: bia_decisions"),
        (["search", "x", "--kind", "novel"], "no kind 'novel'. There are: rule"),
        (["search", "x", "--state", "good law"], "no state 'good law'. There are:"),
        (["search", "x", "--forum", "the moon"], "names no forum or circuit: say one of"),
        (["search", "x", "--from", "2026-02-01", "--to", "2026-01-01"], "lies before the first"),
        (["search", "x", "--as-of", "2199-01-01"], "lies ahead"),
        (["search", "x", "--format", "pdf"], "no format 'pdf'. There are: csv, json"),
        (["search", "x", "--output", "x.csv"], "say as what, with --format"),
        (["search", "x", "--format", "csv", "--output", "."], "that is a folder; name a file"),
        (["search", "x", "--format", "csv", "--output", ""], "that is a folder; name a file"),
        (["search", "x", "--cite", "--json"], "give --cite or --json, not both"),
        (["search", "x", "--format", "csv", "--json"], "without --cite and --json"),
        (["search", "x", "--like", "y"], "give a query or --like, not both"),
        (["search"], "nothing to search for"),
        (["changes", "--topic", "colour"], "asylum"),
        (["cle", "--from", "2020-01-01", "--to", "2020-02-01"], "nothing to teach"),
        (["crawl", "bia_decisions"], "crawl.contact is empty"),
        (["--config", "nowhere.toml", "sources"], "nowhere.toml"),
    ],
)
def test_an_error_names_the_thing_and_exits_with_1(
    config: Path, words: list[str], said: str
) -> None:
    given = [] if words[0] == "--config" else ["--config", str(config)]
    done = subprocess.run(
        [sys.executable, "-m", "lexwatch", *given, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert said in done.stderr + done.stdout
    assert "Traceback" not in done.stderr + done.stdout


def test_a_run_that_reaches_nobody_says_which_exits_with_1_and_claims_nothing(
    tmp_path: Path,
) -> None:
    spiders = App(Settings()).sources
    watched = ("federal_register", "bia_decisions", "uscis_policy_manual")
    others = "".join(f"[sources.{n}]\nenabled = false\n" for n in spiders if n not in watched)
    hosts = {host for name in watched for host in spiders[name].facts.hosts}
    closed = "".join(f'"https://{host}" = "http://127.0.0.1:9/{host}"\n' for host in hosts)
    path = tmp_path / "config.toml"
    path.write_text(
        f"[data]\nfolder = {json.dumps(str(tmp_path / 'data'))}\n[crawl]\nretries = 0\n"
        f"{others}[origins]\n{closed}"
        '[[subscriptions]]\nreader = "Nat"\naddress = "nat@example.com"\n',
        encoding="utf-8",
    )
    start = ["--config", str(path), "--at"]
    done = CliRunner().invoke(cli, [*start, "2026-10-08", "run", "--json"])
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert told["digests"] == []  # of the week before we first looked there is nothing to say
    assert {run["source"]: run["state"] for run in told["runs"]} == dict.fromkeys(watched, "failed")
    assert all("robots.txt" in run["failures"][0] for run in told["runs"])
    assert CliRunner().invoke(cli, [*start, "2026-10-13", "digest"]).exit_code == 0
    (mail,) = (tmp_path / "data" / "digests").iterdir()
    message = email.message_from_bytes(mail.read_bytes(), policy=default)
    assert "NOT READ" in message["Subject"]
