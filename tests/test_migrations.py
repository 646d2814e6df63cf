"""Every schema that there was is brought up with all that it held, and there is a way back."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import schemas
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, delete, event, select
from sqlalchemy.engine import Engine, make_url

from alerts.owed import owed
from index import (
    keyword,
    migrate,
    operation,
    passages,
    schema,
    subscriptions,
    treatments,
)
from index.database import Database
from index.deliveries import Ledger
from lexwatch.app import App
from lexwatch.keeping import backups
from lexwatch.keeping.restore import restore
from lexwatch.settings import Data, Settings
from pipeline.errors import StoreError
from pipeline.letter import LetterKind
from pipeline.query.model import Term
from pipeline.subscription import Schedule

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
GIVEN_UP = {"sighting"}  # 0002: `document.listed_at` says what it was asked for


# A page of one complete run, and the document that it was read for.
READ_ONCE = (
    "INSERT INTO run (id, source, state, baseline, started_at, requests, bytes, documents,"
    " blocked, established, failures, gone, question, is_whole) VALUES"
    " (1, 's', 'complete', 1, '2026-10-05 18:00:00', 1, 1, 1, 0, 1, '[]', '[]', '{}', 1)",
    "INSERT INTO body (sha256, size, compressed) VALUES ('x', 1, x'00')",
    "INSERT INTO page (id, run_id, source, url, final_url, asked, status, headers, sha256,"
    " fetched_at, context, read_at, failure) VALUES (1, 1, 's', 'u', 'u', 'u', 200, '{}',"
    " 'x', '2026-10-05 18:00:00', '{}', '2026-10-05 18:00:00', '')",
    "INSERT INTO document (id, source, key, kind, current) VALUES (1, 's', 'a', 'rule', 1)",
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'a folder' / 'lexwatch.db'}"


@pytest.fixture
def database(url: str, tmp_path: Path) -> Database:
    (tmp_path / "a folder").mkdir()
    return Database(url)


@pytest.mark.parametrize("revision", schemas.EARLIER)
def test_each_schema_is_brought_up_with_every_row_and_there_is_a_way_back(
    revision: str, tmp_path: Path
) -> None:
    """The way back is the backup made before, put in its place by an older program."""
    before = schemas.make(tmp_path / "lexwatch.db", revision)
    app = App(Settings(data=Data(folder=str(tmp_path))), lambda: NOW)
    with app.database.read() as connection:
        after = schemas.held(connection)
    app.database.close()
    for table in before.keys() - GIVEN_UP:
        then, now = (_rows(held[table], before[table]) for held in (before, after))
        assert len(then) == schemas.ROWS and all(row in now for row in then), table
        assert len(now) == len(then) or table == "fact", table  # steps note what is to be done
    kept = backups.newest(app.settings.backup_folder)
    assert kept is not None and kept.reason == f"before-{schema.REVISION}"
    restored = restore(app.settings, kept.path, None, NOW)
    assert restored.manifest.schema == revision
    assert schemas.held_in(tmp_path / "lexwatch.db") == before
    assert restored.aside is not None
    assert schemas.held_in(restored.aside / "lexwatch.db") == after


def _rows(columns: dict[str, list[Any]], names: Iterable[str]) -> list[tuple[Any, ...]]:
    return list(zip(*(columns[name] for name in names), strict=True))


def test_an_empty_database_needs_no_backup_before_it_is_brought_up(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'lexwatch.db'}")
    with engine.begin() as connection:
        migrate.upgrade(connection, "0007")
    engine.dispose()
    app = App(Settings(data=Data(folder=str(tmp_path))), lambda: NOW)
    app.database.close()
    assert backups.held(app.settings.backup_folder) == ()


def test_no_schema_is_changed_without_its_backup(tmp_path: Path) -> None:
    before = schemas.make(tmp_path / "lexwatch.db", "0009")
    (tmp_path / "backups").write_text("a file where the folder should be")
    app = App(Settings(data=Data(folder=str(tmp_path))), lambda: NOW)
    with pytest.raises(StoreError, match=r"stays at schema 0009.*backups"):
        _ = app.database
    assert schemas.held_in(tmp_path / "lexwatch.db") == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is forked to be killed")
def test_a_migration_that_is_killed_in_the_middle_leaves_the_old_schema(tmp_path: Path) -> None:
    path = tmp_path / "lexwatch.db"
    before = schemas.make(path, "0006")
    child = os.fork()
    if child == 0:

        def die(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if "CREATE TABLE unmatched" in statement:  # 0008: all of 0007 is done by then
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "before_cursor_execute", die)
        Database(f"sqlite:///{path}")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert schemas.held_in(path) == before
    with Database(f"sqlite:///{path}").read() as connection:
        assert schemas.held(connection)["alert"] == before["alert"]


def test_rows_that_name_none_are_found_before_a_schema_is_changed_for_good(tmp_path: Path) -> None:
    path = tmp_path / "lexwatch.db"
    schemas.make(path, "0009")
    engine = create_engine(f"sqlite:///{path}")  # a plain connection enforces nothing
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alert SET change_id = 77 WHERE change_id = 1")
    engine.dispose()
    with pytest.raises(StoreError, match="alert names a row of change"):
        Database(f"sqlite:///{path}")
    with create_engine(f"sqlite:///{path}").connect() as connection:
        held = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    assert held == "0009"


def test_the_migrations_make_the_tables_of_the_schema(url: str) -> None:
    made(url, "head", ())
    with create_engine(url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, operation.job_run.metadata) == []


def test_the_schema_names_the_newest_step(database: Database) -> None:
    scripts = ScriptDirectory.from_config(migrate._config())
    assert scripts.get_current_head() == schema.REVISION


def made(url: str, revision: str, statements: Iterable[str]) -> None:
    """A database of an earlier schema that holds what these put there."""
    Path(make_url(url).database or "").parent.mkdir()
    engine = create_engine(url)
    with engine.begin() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_a_database_of_the_first_schema_is_brought_up_with_what_it_held(url: str) -> None:
    """Its run named a document by a page that a later one found standing."""
    made(
        url,
        "0001",
        (
            "INSERT INTO run (id, source, state, baseline, started_at, requests, bytes, documents,"
            " blocked, established, failures) VALUES"
            " (1, 's', 'complete', 1, '2026-10-05 18:00:00', 1, 1, 1, 0, 1, '[]'),"
            " (2, 's', 'complete', 0, '2026-10-06 18:00:00', 1, 1, 1, 0, 1, '[]')",
            "INSERT INTO body (sha256, size, compressed) VALUES ('x', 1, x'00')",
            "INSERT INTO page (id, run_id, source, url, final_url, asked, status, headers, sha256,"
            " fetched_at, context, read_at, failure) VALUES (1, 1, 's', 'u', 'u', 'u', 200, '{}',"
            " 'x', '2026-10-05 18:00:00', '{}', '2026-10-05 18:00:00', '')",
            "INSERT INTO seen (run_id, page_id) VALUES (1, 1), (2, 1)",
            "INSERT INTO document (id, source, key, kind) VALUES (1, 's', 'a', 'notice')",
            "INSERT INTO sighting (page_id, document_id) VALUES (1, 1)",
        ),
    )
    with Database(url).read() as connection:
        document = connection.execute(select(schema.document)).one()
        run = connection.execute(select(schema.run).where(schema.run.c.id == 2)).one()
        page = connection.execute(select(schema.page)).one()
    assert document.listed_at == datetime(2026, 10, 6, 18, tzinfo=UTC)
    assert (run.gone, run.question, run.is_whole) == ([], {}, True)
    assert page.tally is None


def test_a_database_from_before_treatments_says_that_they_are_unread(url: str) -> None:
    made(
        url,
        "0004",
        (
            *READ_ONCE,
            "INSERT INTO version (id, document_id, page_id, seen_at, title, citation, issuer, url,"
            " blocks, dates, metadata, links, parser, text_digest, metadata_digest, linked) VALUES"
            " (1, 1, 1, '2026-10-05 18:00:00', 't', '', '', 'u', x'00', x'00', '{}', '{}', 'p',"
            " '', '', '[]')",
            "INSERT INTO citation (id, version_id, block, start, end, raw, kind, canonical, pin)"
            " VALUES (1, 1, 0, 0, 1, 'r', 'cfr', '8 CFR § 1.1', ''),"
            " (2, 1, 0, 0, 1, 'r', 'case_short', '1 I&N Dec. at 2', '')",
        ),
    )
    with Database(url).write() as connection:
        cited = (
            connection.execute(select(schema.citation.c.cited).order_by(schema.citation.c.id))
            .scalars()
            .all()
        )
        assert cited == ["8 CFR § 1.1", ""]
        assert treatments.are_unread(connection)
        treatments.note_read(connection)
        assert not treatments.are_unread(connection)


def test_a_database_from_before_fields_finds_its_passages_by_names_and_sections(url: str) -> None:
    """The keyword index of before gives way to one that is filled from the passages held."""
    made(
        url,
        "0005",
        (
            *READ_ONCE,
            "INSERT INTO version (id, document_id, page_id, seen_at, title, citation, issuer, url,"
            " blocks, dates, metadata, links, parser, text_digest, metadata_digest, linked) VALUES"
            " (1, 1, 1, '2026-10-05 18:00:00', 'Form I-999', '91 FR 60001', '', 'u', x'00', x'00',"
            " '{}', '{}', 'p', '', '', '[]')",
            "INSERT INTO identifier (document_id, canonical) VALUES (1, '91 FR 60001'),"
            " (1, 'FR Doc. 2026-77777'), (1, 'paper: secret')",
            "CREATE VIRTUAL TABLE passage_words USING fts5(header, text, content='passage',"
            " content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')",
            "CREATE TRIGGER passage_added AFTER INSERT ON passage BEGIN INSERT INTO"
            " passage_words(rowid, header, text) VALUES (new.id, new.header, new.text); END",
            "INSERT INTO passage (id, document_id, digest, ordinal, header, text, trail, anchor,"
            " page, first_block) VALUES (1, 1, 'd', 0, 'Form I-999 | 91 FR 60001 | A. Who',"
            " 'A waiver under section 212(h) of the Act.', '[\"A. Who\"]', '', '', 0)",
        ),
    )
    with Database(url).write() as connection:
        assert not keyword.is_ready(connection)
        keyword.prepare(connection)
        held = connection.execute(select(schema.passage)).one()
        assert (held.size, held.start, held.is_headnote) == (9, 0, False)
        assert passages.are_unplaced(connection)
        passages.note_placed(connection)
        assert not passages.are_unplaced(connection)
        assert held.names == "91 FR 60001 FR Doc. 2026-77777 i999 91fedreg60001 202677777"
        for asked in ("212(h)", "I-999", "2026-77777", "91 FR 60001", "waivers", "who"):
            assert keyword.find(connection, [Term(words=asked)], 5), asked
        assert not keyword.find(connection, [Term(words="secret")], 5)
        connection.execute(delete(schema.passage))
        assert keyword.spelled(connection, "", 5) == ()


def test_a_new_database_has_nothing_unread(database: Database) -> None:
    with database.read() as connection:
        assert not treatments.are_unread(connection)
        assert not passages.are_unplaced(connection)


def test_a_database_from_before_letters_tells_nobody_again_what_was_sent(
    url: str, tmp_path: Path
) -> None:
    """Whoever subscribed and was sent digests goes on where the last that arrived ended."""
    (tmp_path / "a folder").mkdir()
    engine = create_engine(url)
    with engine.begin() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
        asked = "INSERT INTO subscription (id, reader, address, topics, sources, classes, ended_at)"
        sent = (
            "INSERT INTO delivery (key, reader, address, since, until, message_id, begun_at,"
            ' unfinished, finished_at, outcome, "where") VALUES'
            " ('{0}', '{1}', '{2}', '{3} 05:00:00', '{4} 05:00:00', '<{0}@x>', '{4} 06:00:00',"
            " {5}, '{4} 06:00:00', '{6}', 'digests/x.eml')"
        )
        ana, ben = ("Ana", "ana@example.com"), ("Ben", "ben@example.com")
        for statement in (
            f"{asked} VALUES (1, 'Ana', 'ana@example.com', '[\"asylum\"]', '[]', '[]', NULL)",
            f"{asked} VALUES (2, 'Ana', 'ana@example.com', '[]', '[\"uscis_news\"]', '[]', NULL)",
            f"{asked} VALUES (3, 'Ana', 'ana@example.com', '[]', '[]', '[]', '2026-11-01 00:00')",
            f"{asked} VALUES (4, 'Ben', 'ben@example.com', '[]', '[]', '[]', NULL)",
            f"{asked} VALUES (5, 'Cy', 'cy@example.com', '[]', '[]', '[]', NULL)",
            f"{asked} VALUES (6, 'Di', 'di@example.com', '[]', '[]', '[\"editorial\"]', NULL)",
            sent.format("k1", *ana, "2026-11-02", "2026-11-09", 0, "sent"),
            sent.format("k2", *ana, "2026-11-09", "2026-11-16", 0, "uncertain"),
            sent.format("k3", *ana, "2026-11-16", "2026-11-23", 1, ""),
            sent.format("k4", *ben, "2026-11-09", "2026-11-16", 0, "failed"),
            sent.format("k5", "Di", "old@example.com", "2026-11-09", "2026-11-16", 0, "sent"),
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
    database = Database(url)
    until = datetime(2026, 11, 16, 5, tzinfo=UTC)
    ledger = Ledger(database)
    earlier = until - timedelta(weeks=1)
    told = {1: until, 2: until, 4: earlier}
    assert ledger.told() == {(n, LetterKind.DIGEST, "mail"): at for n, at in told.items()}
    held = subscriptions.held(database)
    assert [one.id for one in held] == [1, 2, 4, 5, 6]
    assert {(one.schedule, one.channels, one.origin) for one in held} == {
        (Schedule(), ("mail",), "settings")
    }
    assert (held[0].topics, held[1].sources, held[4].classes) == (
        ("asylum",),
        ("uscis_news",),
        ("editorial",),
    )
    monday = datetime(2026, 11, 23, 12, tzinfo=UTC)
    begun = subscriptions.begun(database)
    letters = owed(held, ledger.told(), ledger.replaced(), monday, begun)
    starts = {each.reader: {start.astimezone(UTC) for start in each.starts} for each in letters}
    assert starts == {"Ana": {until}, "Ben": {earlier}, "Cy": {until}, "Di": {until}}
    (unsent,) = (each for each in letters if each.reader == "Ana")
    assert unsent.key not in ledger.queued([unsent.key])  # its body was never kept: made anew
    assert [one.outcome for one in ledger.deliveries("Ana")] == ["sent", "uncertain", ""]
    database.close()
