"""Retention: what may go, what never does, and what is said of what went."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from publisher import DAY, NOW, SOURCE, Reader, page, rules_of, visit
from sqlalchemy import insert, select
from typer.testing import CliRunner

from index import archive, ingest, operation, proof, retention, runs, schema
from index.archive import Archive, Purged
from index.database import Database
from index.deliveries import Ledger
from index.intake import Rules as Intake
from index.queued import Queued
from index.retention import Held, Rules
from index.sizes import sizes
from lexwatch.cli import cli
from pipeline.errors import NotHeld
from pipeline.health import Normal
from pipeline.letter import Letter, LetterKind, Outcome
from pipeline.model import Page
from pipeline.orders import SOURCE as BY_HAND

LIST, OWN = "https://example.gov/list", "https://example.gov/own"
YEAR = timedelta(days=365)
RULES = Rules(pages_days=30, letters_days=30, job_runs_days=30)
ALL = Normal(floor=0, ceiling=1000, enumerates=True)


@pytest.fixture(scope="module")
def rules() -> Intake:
    return rules_of(Reader())


def listing(number: int, at: datetime, url: str = LIST) -> Page:
    """One that says the same each time, with other bytes."""
    said = page({"a": "One."}, at, url)
    return replace(said, body=said.body + b" " * number)


def read(database: Database, rules: Intake, *pages: Page) -> None:
    """Each by a visit of its own."""
    for one in pages:
        visit(database, rules, one.fetched_at, one, normal=ALL)


def daily(count: int) -> list[Page]:
    return [listing(number, NOW + number * DAY) for number in range(count)]


def purged(database: Database, now: datetime = NOW + YEAR, rules: Rules = RULES) -> list[int]:
    """The pages whose bodies a purge lets go."""
    retention.purge(database, rules, now)
    return gone(database)


def gone(database: Database) -> list[int]:
    table, grave = schema.page, operation.tombstone
    query = select(table.c.id).join(grave, grave.c.sha256 == table.c.sha256)
    with database.read() as connection:
        return list(connection.execute(query.order_by(table.c.id)).scalars())


def whole(database: Database) -> proof.Proof:
    found = proof.prove(database, lambda *_: None)
    assert found.discrepancies == ()
    return found


def test_without_a_rule_nothing_goes(database: Database, rules: Intake) -> None:
    read(database, rules, *daily(5))
    assert purged(database, rules=Rules()) == []
    assert retention.due(database, Rules(), NOW + YEAR) == retention.Purged()


def test_repeated_readings_go_and_what_made_a_version_and_the_last_answer_stay(
    database: Database, rules: Intake
) -> None:
    read(database, rules, *daily(5))
    due = retention.due(database, RULES, NOW + YEAR)
    assert (due.bodies, due.letters) == (3, 0) and due.body_bytes > 0
    assert purged(database) == [2, 3, 4]
    assert retention.due(database, RULES, NOW + YEAR) == retention.Purged()


def test_what_is_younger_than_the_rule_says_stays(database: Database, rules: Intake) -> None:
    read(database, rules, *daily(5))
    assert purged(database, NOW + 32 * DAY + timedelta(hours=1)) == [2, 3]


def test_a_body_goes_only_where_every_page_that_has_it_may_lose_it(
    database: Database, rules: Intake
) -> None:
    """The second page has the body of the third, which is the last answer of its address."""
    read(database, rules, *daily(2), listing(1, NOW + 2 * DAY, OWN), listing(3, NOW + 3 * DAY))
    assert purged(database) == []


def test_what_was_not_read_yet_stays(database: Database, rules: Intake) -> None:
    read(database, rules, *daily(2))
    kept = Archive(database, runs.begin_run(database, SOURCE, NOW + 2 * DAY).id)
    kept.keep(listing(2, NOW + 2 * DAY))
    kept.keep(listing(3, NOW + 3 * DAY))
    assert purged(database) == [2]


@pytest.mark.parametrize(
    ("source", "status", "goes"),
    [(SOURCE, 500, True), (SOURCE, 404, False), (SOURCE, 410, False), (BY_HAND, 200, False)],
)
def test_errors_go_and_what_was_gone_or_entered_by_hand_stays(
    database: Database, source: str, status: int, goes: bool
) -> None:
    kept = Archive(database, runs.begin_run(database, source, NOW).id)
    for number in range(2):
        kept.keep(replace(listing(number, NOW), source=source, status=status))
    with database.write() as connection:
        connection.execute(schema.page.update().values(read_at=NOW))
    assert purged(database) == ([1, 2] if goes else [])


def test_the_readings_on_which_a_removal_rests_stay(database: Database, rules: Intake) -> None:
    both = {"a": "One.", "b": "Two."}
    for days, said in enumerate((both, {"a": "One."}, {"a": "One."})):
        at = NOW + days * DAY
        shown = page(said, at)
        visit(database, rules, at, replace(shown, body=shown.body + b" " * days), normal=ALL)
    read(database, rules, *(listing(10 + n, NOW + (10 + n) * DAY) for n in range(3)))
    assert purged(database) == [4, 5]  # 2 and 3 do not name it; 6 is the last answer


def test_a_purged_chain_is_whole_and_each_body_has_its_tombstone(
    database: Database, rules: Intake
) -> None:
    pages = daily(4)
    read(database, rules, *pages)
    purged(database)
    found = whole(database)
    assert (found.captures, found.bodies, found.purged) == (4, 2, 2)
    told = proof.record(database, 2)
    assert told.purged is not None and told.discrepancies == ()
    assert (told.purged.rule, told.purged.size) == ("pages_days = 30", len(pages[1].body))
    assert told.purged.purged_at == NOW + YEAR
    with database.write() as connection:
        connection.execute(operation.tombstone.delete())
    (lost, _) = proof.prove(database, lambda *_: None).discrepancies
    assert "nothing says that it was purged" in lost.what


def test_a_purged_body_is_told_where_it_is_asked_for_and_rebuild_goes_on(
    database: Database, rules: Intake
) -> None:
    read(database, rules, *daily(4))
    assert purged(database) == [2, 3]
    with database.read() as connection, pytest.raises(Purged, match=r"purged on 2027-10-05"):
        archive.page(connection, 2)
    assert archive.numbers(database) == (1, 4)
    assert archive.purged(database) == 2
    assert ingest.rebuild(database, 2, rules) == ""


def test_what_is_served_again_is_whole_again(database: Database, rules: Intake) -> None:
    pages = daily(4)
    read(database, rules, *pages)
    purged(database)
    read(database, rules, replace(pages[1], fetched_at=NOW + YEAR))
    assert gone(database) == [3]
    found = whole(database)
    assert (found.captures, found.purged) == (5, 1)
    with database.read() as connection:
        assert archive.page(connection, 2).body == pages[1].body


def test_while_a_hold_is_in_force_nothing_goes_and_its_reason_is_not_told(
    database: Database, rules: Intake
) -> None:
    read(database, rules, *daily(4))
    placed = retention.place(database, "Smith v. DHS litigation", NOW)
    with pytest.raises(Held, match=r"legal hold 1 is in force") as raised:
        retention.purge(database, RULES, NOW + YEAR)
    assert "Smith" not in str(raised.value)
    assert gone(database) == []
    released = retention.release(database, placed.number, NOW + DAY)
    assert retention.holds(database) == (released,)
    assert (released.placed_at, released.released_at) == (NOW, NOW + DAY)
    assert purged(database) == [2, 3]
    with pytest.raises(NotHeld, match="no hold 1 is in force"):
        retention.release(database, placed.number, NOW)


def letter(key: str) -> Letter:
    return Letter(
        key=key,
        kind=LetterKind.DIGEST,
        reader="Ana",
        address="ana@example.com",
        since=NOW - DAY,
        until=NOW,
        subject="Digest",
        message_id=f"<{key}@x>",
        body=f"Message-ID: {key}\r\n\r\nWords.".encode(),
    )


def test_a_message_that_was_sent_goes_and_what_it_was_made_of_stays(database: Database) -> None:
    ledger = Ledger(database)
    every = [letter(key) for key in ("sent", "waiting", "suppressed")]
    ledger.queue([Queued(letter=each, record=b"made of") for each in every], NOW)
    for key, outcome in (("sent", Outcome.SENT), ("suppressed", Outcome.SUPPRESSED)):
        row = ledger.delivery(key)
        assert row is not None
        ledger.finish(row, outcome, NOW)
    assert retention.purge(database, RULES, NOW + YEAR).letters == 1
    assert ledger.record("sent") == b"made of"
    assert "sent" in ledger.queued(["sent"])  # nobody is sent it again
    with pytest.raises(NotHeld, match="`lexwatch digest --again 2026-10-05` makes it once more"):
        ledger.letter("sent")
    assert ledger.is_same(letter("sent"))
    assert not ledger.is_same(replace(letter("sent"), body=b"Other words."))
    assert ledger.letter("waiting") and ledger.letter("suppressed")


def test_old_runs_of_jobs_go_but_for_the_last_of_each(database: Database) -> None:
    row = {"state": "done", "due_at": NOW, "ended_at": NOW}
    with database.write() as connection:
        every = [{**row, "job": job} for job in ("backup", "backup", "digest")]
        connection.execute(insert(operation.job_run), every)
    assert retention.due(database, RULES, NOW + YEAR).job_runs == 1
    assert retention.purge(database, RULES, NOW + YEAR).job_runs == 1
    with database.read() as connection:
        left = connection.execute(select(operation.job_run.c.id)).scalars().all()
    assert left == [2, 3]


def test_the_file_shrinks_when_it_is_asked_to(database: Database) -> None:
    noise = b"".join(hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(20_000))
    kept = Archive(database, runs.begin_run(database, SOURCE, NOW).id)
    kept.keep(replace(listing(0, NOW), status=500, body=noise))
    with database.write() as connection:
        connection.execute(schema.page.update().values(read_at=NOW))
    with database.read() as connection:
        before = sizes(connection)
    assert purged(database) == [1]
    with database.read() as connection:
        after = sizes(connection)
    assert after.file >= before.file and after.free > 500_000
    assert (before.bodies, after.bodies, after.purged) == (1, 0, 1)
    database.compact()
    with database.read() as connection:
        assert sizes(connection).file < before.file - 500_000
    whole(database)


def test_the_commands_say_what_goes_and_why_nothing_does(tmp_path: Path, rules: Intake) -> None:
    database = Database(f"sqlite:///{tmp_path / 'lexwatch.db'}")
    read(database, rules, *daily(4))
    config = tmp_path / "config.toml"
    config.write_text(
        f"[data]\nfolder = {json.dumps(str(tmp_path))}\n[retention]\npages_days = 30\n",
        encoding="utf-8",
    )

    def run(*words: str) -> Any:
        at = ("--at", "2027-10-05T18:00:00")
        return CliRunner().invoke(cli, ["--config", str(config), *at, *words])

    assert "2 bodies of pages" in run("purge", "--try").stdout
    assert "1. Smith v. DHS" in run("hold", "Smith v. DHS").stdout
    held = run("purge")
    assert held.exit_code == 0 and "legal hold 1 is in force" in held.stdout
    assert "would go" in run("purge", "--try").stdout and gone(database) == []
    assert "released" in run("hold", "--release", "1").stdout
    assert json.loads(run("purge", "--json").stdout)["bodies"] == 2
    assert json.loads(run("purge", "--list", "--json").stdout)["purged"] == 2
    said = run("verify", "--page", "2")
    assert said.exit_code == 0 and "purged on October 5, 2027, 18:00 UTC" in said.stdout
    none = run("verify", "--page", "2", "--body", str(tmp_path / "body"))
    assert isinstance(none.exception, Purged) and not (tmp_path / "body").exists()
    assert "2 other bodies were purged before" in run("verify").stdout
