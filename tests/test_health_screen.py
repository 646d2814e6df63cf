"""One screen says how an installation stands, to people and to what watches it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from index import runs
from index.verdict import judge
from lexwatch import logs
from lexwatch.app import App
from lexwatch.cli import cli
from lexwatch.operating.watching import watching
from lexwatch.settings import Data, Settings, Source

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
WALL = "https://www.uscis.gov/forms: a bot wall (403); left alone, ask the publisher for access"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office whose usual sources were read an hour ago, but for one that shows a wall."""
    folder = tmp_path_factory.mktemp("office")
    app = App(Settings(data=Data(folder=str(folder / "data"))), lambda: NOW)
    begun = NOW - timedelta(hours=1)
    for name in app.enabled():
        is_shut = name == "uscis_forms"
        run, failures = runs.begin_run(app.database, name, begun), [WALL] if is_shut else []
        runs.end_crawl(app.database, run.id, requests=9, size=9, blocked=is_shut, failures=failures)
        judge(app.database, run.id, begun, app.normal(name, strict=False))
    app.database.close()
    path = folder / "config.toml"
    path.write_text(f"[data]\nfolder = {json.dumps(str(folder / 'data'))}\n", encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    yield
    logs.end()


def asked(config: Path, *words: str) -> Result:
    start = ["--config", str(config), "--at", f"{NOW:%Y-%m-%dT%H:%M:%S}"]
    return CliRunner().invoke(cli, [*start, "health", *words])


def test_it_fits_a_screen_and_names_what_ails_first(config: Path) -> None:
    done = asked(config)
    lines = done.stdout.splitlines()
    assert done.exit_code == 1
    assert len(lines) <= 24 and max(map(len, lines)) <= 80
    assert "1 thing needs you" in lines[0] and lines[1].startswith("! USCIS forms shows us a bot")
    assert any(line.startswith("USCIS forms ") and line.endswith("blocked") for line in lines)
    for said in ("Last digest", "Last backup", "Schedule", "Disk", "Waiting"):
        assert any(line.startswith(said) for line in lines)


def test_its_json_says_the_same(config: Path) -> None:
    told = json.loads(asked(config, "--json").stdout)
    assert not told["well"] and [each["kind"] for each in told["troubles"]] == ["blocked"]
    assert told["next_job"]["name"] and told["disk"]["free"] > 0 and len(told["sources"]) > 5


def test_nobody_is_told_where_nobody_is_named(config: Path) -> None:
    done = asked(config, "--tell")
    assert done.exit_code == 0 and "set address under [operator]" in done.stderr


def test_where_there_is_no_database_it_is_not_well_and_makes_none(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[data]\nfolder = {json.dumps(str(tmp_path / 'data'))}\n")
    done = asked(path)
    assert done.exit_code == 1 and "there is no database" in done.stdout
    assert not (tmp_path / "data").exists()


def test_a_well_office_exits_0(tmp_path: Path) -> None:
    names = App(Settings()).sources
    off = "".join(f"[sources.{name}]\nenabled = false\n" for name in names)
    path = tmp_path / "config.toml"
    path.write_text(f"[data]\nfolder = {json.dumps(str(tmp_path))}\n{off}")
    App(Settings(data=Data(folder=str(tmp_path)))).database.close()
    done = asked(path)
    assert done.exit_code == 0 and "all is well" in done.stdout


def test_it_loads_nothing_that_crawls_or_understands(config: Path) -> None:
    asked(config)  # which keeps what is watched
    code = (
        "import sys; from lexwatch.cli import cli\n"
        f"try: cli(['--config', {str(config)!r}, 'health'])\n"
        "except SystemExit: pass\n"
        "print([name for name in ('scrapy', 'torch', 'chromadb') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


def test_what_is_watched_is_asked_anew_where_the_settings_differ(config: Path) -> None:
    data = Data(folder=str(config.parent / "data"))
    usual = App(Settings(data=data), lambda: NOW)
    fewer = App(Settings(data=data, sources={"visa_bulletin": Source(enabled=False)}), lambda: NOW)
    names = {each.name for each in watching(usual).sources}
    assert "sources" not in vars(usual)  # as it was kept: nothing was loaded
    assert names - {each.name for each in watching(fewer).sources} == {"visa_bulletin"}
