"""The chain of captures: whole while nobody alters anything, and telling who did where."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from publisher import DAY, NOW, page
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from index import custody, migrate, proof, runs
from index.archive import Archive
from index.database import Database
from index.proof import Proof
from lexwatch.cli import cli
from pipeline.custody import FIRST, Capture, Head, head
from pipeline.errors import NotHeld
from pipeline.model import Page

CAPTURES = 5


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of five captures, one address each."""
    path = tmp_path_factory.mktemp("made") / "lexwatch.db"
    database = Database(f"sqlite:///{path}")
    keep(database, [captured(number) for number in range(1, CAPTURES + 1)])
    database.close()
    return path


@pytest.fixture
def held(made: Path, tmp_path: Path) -> Database:
    """A copy of it to be tampered with."""
    shutil.copy(made, tmp_path / "lexwatch.db")
    return Database(f"sqlite:///{tmp_path / 'lexwatch.db'}")


def captured(number: int) -> Page:
    at = NOW + number * timedelta(minutes=1)
    return page({"a": f"Text {number}."}, at, f"https://example.gov/{number}")


def keep(database: Database, pages: list[Page]) -> None:
    kept = Archive(database, runs.begin_run(database, "sample", NOW).id)
    for one in pages:
        kept.keep(one)


def proved(database: Database) -> Proof:
    return proof.prove(database, lambda *_: None)


def tamper(database: Database, *statements: str) -> None:
    """As somebody would who has the file and no lexwatch."""
    with closing(sqlite3.connect(str(database.engine.url.database))) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def rewritten(database: Database) -> None:
    """The whole chain made anew over what is there now."""
    tamper(database, "DELETE FROM capture")
    with database.write() as connection:
        custody.chain_held(connection)


def run(database: Database, *words: str) -> Any:
    """What a command says, over the folder that a database is in."""
    folder = Path(str(database.engine.url.database)).parent
    settings = folder / "config.toml"
    if not settings.exists():
        settings.write_text(f"[data]\nfolder = {json.dumps(str(folder))}\n", encoding="utf-8")
    return CliRunner().invoke(cli, ["--config", str(settings), *words])


def test_the_digest_is_over_a_form_that_anybody_can_write_down() -> None:
    capture = Capture(
        number=2,
        previous=FIRST,
        source="sample",
        url="https://example.gov/a",
        final_url="https://example.gov/a",
        asked="http://127.0.0.1:9/a",
        status=200,
        headers={"etag": '"1"', "date": "x\ty"},
        context={"title": "§ 9 \U0001f600 \ud800", "rank": 1.5, "at": (1, None, True)},
        sha256="ab" * 32,
        fetched_at=NOW,
    )
    canonical = (
        r'{"asked":"http://127.0.0.1:9/a","context":{"at":[1,null,true],"rank":1.5,'
        r'"title":"\u00a7 9 \ud83d\ude00 \ud800"},"fetched_at":"2026-10-05T18:00:00.000000Z",'
        r'"final_url":"https://example.gov/a","form":"lexwatch capture 1",'
        r'"headers":{"date":"x\ty","etag":"\"1\""},"number":2,"previous":"' + "0" * 64 + r'",'
        r'"sha256":"' + "ab" * 32 + r'","source":"sample","status":200,'
        r'"url":"https://example.gov/a"}'
    )
    assert capture.canonical.decode() == canonical
    assert capture.digest == hashlib.sha256(canonical.encode()).hexdigest()
    assert replace(capture, status=404).digest != capture.digest


def test_every_capture_follows_the_one_before_it(held: Database) -> None:
    with held.read() as connection:
        links = custody.links(connection, 1, CAPTURES)
        newest = custody.head(connection)
    assert [each.capture.number for each in links] == [1, 2, 3, 4, 5]
    assert [each.capture.previous for each in links] == [FIRST, *(e.digest for e in links[:-1])]
    assert newest == Head(number=5, digest=links[-1].capture.digest)


def test_a_chain_that_nobody_altered_is_whole(held: Database) -> None:
    found = proved(held)
    assert found.discrepancies == ()
    assert (found.captures, found.bodies, found.purged) == (5, 5, 0)
    assert found.size == sum(len(captured(number).body) for number in range(1, 6))
    assert found.origin.later == 0


def test_an_empty_chain_is_whole_and_its_head_is_the_first(database: Database) -> None:
    found = proved(database)
    assert (found.discrepancies, str(found.head)) == ((), f"0:{FIRST}")


BODY = "UPDATE body SET {} WHERE sha256 = (SELECT sha256 FROM page WHERE id = 3)"
COPY = (
    "INSERT INTO page (id, failure, run_id, source, url, final_url, asked, status, headers, sha256,"
    " fetched_at, context) SELECT 99, '', run_id, source, url, final_url, asked, status, headers,"
    " sha256, fetched_at, context FROM page WHERE id = 3"
)
ALTERED = "is not what was chained"


@pytest.mark.parametrize(
    ("statements", "number", "said"),
    [
        (("UPDATE page SET url = 'https://example.gov/else' WHERE id = 3",), 3, ALTERED),
        (("UPDATE page SET asked = 'https://example.org/3' WHERE id = 3",), 3, ALTERED),
        (("UPDATE page SET status = 404 WHERE id = 3",), 3, ALTERED),
        (('UPDATE page SET headers = \'{"date": "x"}\' WHERE id = 3',), 3, ALTERED),
        (("UPDATE page SET fetched_at = '2026-10-04 18:00:00' WHERE id = 3",), 3, ALTERED),
        (("UPDATE page SET context = '{\"a\": 1}' WHERE id = 3",), 3, ALTERED),
        (("UPDATE capture SET digest = 'x' WHERE number = 5",), 5, ALTERED),
        ((BODY.format("compressed = x'789c4b04000062 0062'".replace(" ", "")),), 3, "SHA-256"),
        ((BODY.format("compressed = x'00'"),), 3, "another SHA-256"),
        ((BODY.format("compressed = x''"),), 3, "nothing says that it was purged"),
        ((BODY.format("size = 1"),), 3, "another SHA-256"),
        (("DELETE FROM page WHERE id = 3",), 3, "capture 3 is missing"),
        (("DELETE FROM capture WHERE number IN (2, 3)",), 2, "captures 2 to 3 are missing"),
        ((COPY,), None, "not in the chain"),
        (
            (COPY, "INSERT INTO capture SELECT 6, 99, digest, 'x' FROM capture WHERE number = 5"),
            6,
            ALTERED,
        ),
        (
            ("UPDATE page SET sha256 = 'x' WHERE id = 3",),
            3,
            "its body is not there",
        ),
    ],
)
def test_whatever_is_altered_is_found_at_its_capture(
    held: Database, statements: tuple[str, ...], number: int | None, said: str
) -> None:
    tamper(held, *statements)
    told = [(each.number, each.what) for each in proved(held).discrepancies]
    assert any(at == number and said in what for at, what in told), told


def test_a_replaced_capture_is_found_though_its_own_digest_was_made_anew(held: Database) -> None:
    tamper(held, "UPDATE page SET status = 404 WHERE id = 3")
    with held.read() as connection:
        (link,) = custody.links(connection, 3, 3)
    anew = f"UPDATE capture SET digest = '{link.capture.digest}' WHERE number = 3"  # noqa: S608 - ours
    tamper(held, anew)
    (found,) = proved(held).discrepancies
    assert (found.number, found.url) == (4, "https://example.gov/4")
    assert "does not follow the capture before it" in found.what


def test_a_head_noted_before_shows_a_chain_that_was_written_anew_or_cut(held: Database) -> None:
    noted = proved(held).head
    assert proof.contradiction(held, noted) == ""
    keep(held, [captured(6)])
    assert proof.contradiction(held, noted) == ""
    tamper(held, "UPDATE page SET status = 404 WHERE id = 3")
    rewritten(held)
    assert proved(held).discrepancies == ()
    assert "written anew" in proof.contradiction(held, noted)
    tamper(held, "DELETE FROM capture WHERE number > 3", "DELETE FROM page WHERE id > 3")
    assert proved(held).discrepancies == ()
    assert "ends at 3" in proof.contradiction(held, noted)


@pytest.mark.parametrize("said", ["", "5", "5:abc", f"-1:{FIRST}", f"5:{FIRST} or so"])
def test_what_is_no_head_is_refused(said: str) -> None:
    with pytest.raises(NotHeld, match="no head of a chain"):
        head(said)


def _keep_some(url: str, writer: int) -> None:
    database = Database(url)
    keep(database, [captured(100 * writer + number) for number in range(15)])
    database.close()


def test_several_processes_at_once_make_one_chain(held: Database) -> None:
    if "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("this system starts no process from one that has imported everything")
    held.close()
    context = multiprocessing.get_context("fork")
    url = str(held.engine.url)
    writers = [context.Process(target=_keep_some, args=(url, number)) for number in (1, 2, 3)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    found = proved(held)
    assert [each.exitcode for each in writers] == [0, 0, 0]
    assert (found.captures, found.discrepancies) == (CAPTURES + 45, ())


def test_a_database_from_before_the_chain_is_chained_and_says_so(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'lexwatch.db'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0009")
        for statement in (
            "INSERT INTO run (id, source, state, baseline, started_at, requests, bytes, documents,"
            " blocked, established, failures, gone, question, is_whole) VALUES"
            " (1, 's', 'complete', 1, '2026-10-05 18:00:00', 1, 1, 1, 0, 1, '[]', '[]', '{}', 1)",
            "INSERT INTO body (sha256, size, compressed) VALUES (:sha256, 0, x'789c030000000001')",
            "INSERT INTO page (id, run_id, source, url, final_url, asked, status, headers, sha256,"
            " fetched_at, context, failure) SELECT value, 1, 's', 'u', 'u', 'u', 200, '{}',"
            " :sha256, '2026-10-05 18:00:00', '{}', '' FROM json_each('[1, 7, 8]')",
        ):
            given = {"sha256": hashlib.sha256(b"").hexdigest()} if ":sha256" in statement else {}
            connection.execute(text(statement), given)
    engine.dispose()
    database = Database(url)
    keep(database, [captured(1)])
    found = proved(database)
    assert found.discrepancies == ()
    assert (found.captures, found.origin.later) == (4, 3)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", found.origin.at)
    assert "Captures 1 to 3 were made before there was a chain" in run(database, "verify").stdout
    assert "chained later than it was captured" in run(database, "verify", "--page", "7").stdout
    assert "chained later" not in run(database, "verify", "--page", "9").stdout


def test_verify_says_what_holds_and_exits_1_where_something_does_not(held: Database) -> None:
    noted = run(held, "verify", "--head").stdout.strip()
    whole = run(held, "verify", "--against", noted)
    assert whole.exit_code == 0
    assert f"The chain is whole. Its head, to be noted elsewhere: {noted}" in whole.stdout
    assert f"In the chain: {noted}" in whole.stdout
    tamper(held, "UPDATE page SET url = 'https://example.gov/else' WHERE id = 3")
    broken = run(held, "verify")
    assert broken.exit_code == 1 and "DOES NOT HOLD" in broken.stdout
    assert "Capture 3, page 3, https://example.gov/else, October 5, 2026, 18:03 UTC" in (
        broken.stdout
    )
    refused = run(held, "purge").stdout
    assert "nothing is purged: when it was last proved" in refused and "capture 3: what" in refused
    row = json.loads(run(held, "verify", "--json").stdout)
    assert (row["holds"], row["discrepancies"][0]["number"]) == (False, 3)
    record = run(held, "verify", "--page", "3").stdout
    assert record.index("THIS RECORD DOES NOT HOLD") < record.index("WHAT WAS CAPTURED")
    assert "WHAT THIS PROVES\n  - Nothing, since it does not hold.\n\n" in record


def test_the_record_of_a_capture_can_be_checked_with_sha256sum_alone(
    held: Database, tmp_path: Path
) -> None:
    out, body = tmp_path / "record.txt", tmp_path / "body"
    done = run(held, "verify", "--page", "2", "--out", str(out), "--body", str(body))
    assert done.exit_code == 0, done.output
    lines = out.read_text(encoding="utf-8").splitlines()
    said = json.loads(lines[-1])
    digest = hashlib.sha256(lines[-1].encode()).hexdigest()
    assert any(digest in line for line in lines[:-1])
    assert said["sha256"] == hashlib.sha256(body.read_bytes()).hexdigest()
    assert any("2 of 5; page 2" in line for line in lines)
    again = run(held, "verify", "--page", "2", "--out", str(out))
    assert again.exit_code == 1 and "is there already" in str(again.exception)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM body WHERE sha256 = (SELECT sha256 FROM page WHERE id = 2)", "is lost"),
        ("UPDATE body SET compressed = x'00'", "not as it was served"),
        ("UPDATE body SET compressed = x'789c030000000001'", "not as it was served"),
    ],
)
def test_a_body_that_is_not_as_it_was_served_is_given_to_nobody(
    held: Database, tmp_path: Path, statement: str, said: str
) -> None:
    tamper(held, statement)
    done = run(held, "verify", "--page", "2", "--body", str(tmp_path / "body"))
    assert done.exit_code == 1 and isinstance(done.exception, NotHeld)
    assert said in str(done.exception) and not (tmp_path / "body").exists()


def test_the_record_of_a_capture_that_was_altered_says_so(held: Database) -> None:
    tamper(held, "UPDATE page SET status = 404 WHERE id = 4")
    done = run(held, "verify", "--page", "2", "--json")
    row = json.loads(done.stdout)
    assert done.exit_code == 1 and not row["holds"]
    assert [each["number"] for each in row["discrepancies"]] == [4]
    assert proof.record(held, 5).discrepancies == ()
    tamper(held, "DELETE FROM body WHERE sha256 = (SELECT sha256 FROM page WHERE id = 5)")
    assert [each.what for each in proof.record(held, 5).discrepancies] == [proof.LOST]


def test_a_page_that_there_is_not_has_no_record(held: Database) -> None:
    with pytest.raises(NotHeld, match="no page 99"):
        proof.record(held, 99)


def test_a_page_served_again_is_another_capture_of_the_same_body(held: Database) -> None:
    keep(held, [replace(captured(1), fetched_at=NOW + DAY)])
    found = proved(held)
    assert (found.captures, found.bodies, found.discrepancies) == (6, 5, ())
