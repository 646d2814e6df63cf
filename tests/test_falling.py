"""The table of deadlines: each date with one UID, moved and cancelled as documents say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from publisher import DAY, NOW
from sqlalchemy import update
from test_relating import DELAY, EXTENSION, FINAL, PROPOSAL, STORY, TITLE, hold, paper

from index import deadlines, schema
from index.database import Database
from index.deadlines import Synced
from pipeline.model import DateKind, Deadline, Version

LONG_AGO = date(2026, 1, 1)
BEFORE = datetime(2026, 3, 5, 15, tzinfo=NOW.tzinfo)  # all dates of the story lie ahead


def synced(database: Database, at: datetime = BEFORE) -> Synced:
    return deadlines.sync(database, at)


def held(database: Database) -> tuple[Deadline, ...]:
    return deadlines.held(database, LONG_AGO)


def days(database: Database) -> dict[str, tuple[date, int, bool]]:
    return {each.uid: (each.on, each.sequence, each.is_cancelled) for each in held(database)}


def restated(version: Version, **dates: date) -> Version:
    """The document as its site shows it later: the same, with other dates."""
    other = paper(date(2026, 3, 2), TITLE, "proposed-rule", "Proposed rule.", **dates)
    return replace(other, document=version.document, metadata=version.metadata)


def test_a_date_that_lies_ahead_gets_one_uid_and_keeps_it(database: Database) -> None:
    hold(database, STORY[:1])
    assert synced(database) == Synced(new=1)
    (first,) = held(database)
    assert (first.kind, first.on, first.sequence) == (DateKind.COMMENTS_CLOSE, date(2026, 5, 1), 0)
    assert (first.words, first.read_from) == ("May 1, 2026", "DATES")
    assert synced(database) == Synced()
    assert deadlines.sync(database, BEFORE, whole=True) == Synced()
    assert held(database) == (first,)


def test_what_had_passed_when_it_was_first_seen_is_not_told(database: Database) -> None:
    hold(database, STORY[:1])
    assert synced(database, NOW) == Synced()
    assert held(database) == ()


def test_an_extension_moves_the_date_of_the_document_it_extends(database: Database) -> None:
    hold(database, STORY[:1])
    synced(database)
    (before,) = held(database)
    hold(database, STORY[1:2], first=1)
    later = BEFORE + timedelta(hours=1)
    assert synced(database, later) == Synced(new=1, moved=1)
    (after,) = held(database)
    assert (after.uid, after.on, after.was) == (before.uid, date(2026, 6, 1), date(2026, 5, 1))
    assert (after.sequence, after.moved_at, after.known_at) == (1, later, before.known_at)
    assert (after.title, after.by) == (TITLE, "91 FR 04200")
    assert [each.key for each in after.members] == [PROPOSAL, EXTENSION]


def test_a_final_rule_ends_the_comment_period_and_a_delay_moves_its_day(
    database: Database,
) -> None:
    for place, each in enumerate(STORY):
        hold(database, [each], first=place)
        synced(database, BEFORE + timedelta(minutes=place))
    comments, effect = held(database)[:-1], held(database)[-1]
    assert {each.kind for each in comments} == {DateKind.COMMENTS_CLOSE}
    assert all(each.is_cancelled for each in comments)
    assert "followed by the final rule" in comments[0].why
    assert (effect.kind, effect.on, effect.sequence) == (
        DateKind.EFFECTIVE,
        date(2026, 12, 1),
        1,
    )
    assert (effect.document.key, effect.by) == (FINAL, "91 FR 09140")
    assert {each.key for each in effect.members} == {FINAL, DELAY}


def test_the_whole_story_at_once_gives_one_date(database: Database) -> None:
    hold(database, STORY)
    assert synced(database) == Synced(new=1)
    (only,) = held(database)
    assert (only.document.key, only.on) == (DELAY, date(2026, 12, 1))


def test_a_document_that_states_another_day_moves_its_date(database: Database) -> None:
    hold(database, STORY[:1])
    synced(database)
    (before,) = held(database)
    hold(database, [restated(STORY[0], comments=date(2026, 5, 15))], first=1)
    assert synced(database) == Synced(moved=1)
    (after,) = held(database)
    assert (after.uid, after.on, after.sequence) == (before.uid, date(2026, 5, 15), 1)
    assert after.by == ""


def test_a_date_that_is_stated_no_more_is_cancelled_and_stays(database: Database) -> None:
    hold(database, STORY[:1])
    synced(database)
    hold(database, [restated(STORY[0])], first=1)
    assert synced(database) == Synced(cancelled=1)
    (gone,) = held(database)
    assert (gone.is_cancelled, gone.sequence) == (True, 1)
    assert gone.why == "its document no longer states this date"
    assert deadlines.held(database, LONG_AGO, cancelled=False) == ()


def test_a_document_that_left_its_site_ends_its_dates_and_brings_them_back(
    database: Database,
) -> None:
    hold(database, STORY[:1])
    synced(database)
    _removed(database, BEFORE)
    assert deadlines.sync(database, BEFORE, whole=True) == Synced(cancelled=1)
    (gone,) = held(database)
    assert "no longer shows the document" in gone.why
    _removed(database, None)
    assert deadlines.sync(database, BEFORE, whole=True) == Synced(back=1)
    (back,) = held(database)
    assert (back.uid, back.sequence, back.is_cancelled) == (gone.uid, 2, False)


def test_a_date_that_has_passed_stays_as_it_was_told(database: Database) -> None:
    hold(database, STORY[:1])
    synced(database)
    before = held(database)
    hold(database, [restated(STORY[0])], first=1)
    assert synced(database, NOW) == Synced()
    assert held(database) == before


def test_comments_on_paperwork_are_told_apart(database: Database) -> None:
    first = STORY[0]
    both = replace(
        first,
        dates=(
            *first.dates,
            replace(first.dates[-1], kind=DateKind.PRA_COMMENTS_CLOSE),
        ),
    )
    hold(database, [both])
    assert synced(database) == Synced(new=2)
    assert {each.kind for each in held(database)} == {
        DateKind.COMMENTS_CLOSE,
        DateKind.PRA_COMMENTS_CLOSE,
    }


def test_what_a_rebuild_reads_better_is_found_the_next_day(database: Database) -> None:
    hold(database, STORY[:1])
    synced(database)
    better = tuple(replace(each, on=date(2026, 5, 2)) for each in STORY[0].dates)
    with database.write() as connection:
        connection.execute(update(schema.version).values(dates=better))
    assert synced(database) == Synced()
    assert synced(database, BEFORE + DAY) == Synced(moved=1)


def test_a_store_that_was_made_anew_gives_the_same_uids(database: Database) -> None:
    hold(database, STORY[:1])
    synced(database)
    (one,) = held(database)
    assert one.uid == "a0ff78ca-1eb9-5217-8e0d-8d33cee62bb0"


def test_what_was_filed_for_inspection_lives_on_as_it_was_printed(database: Database) -> None:
    printed = STORY[0]
    filing = replace(
        printed,
        document=replace(printed.document, key="2026-03021", kind="public-inspection"),
        title=TITLE,
        citation="",
        dates=tuple(
            replace(each, kind=DateKind.INSPECTION) if each.kind is DateKind.PUBLISHED else each
            for each in printed.dates
        ),
    )
    hold(database, [filing])
    assert synced(database) == Synced(new=1)
    (before,) = held(database)
    hold(database, [printed], first=1)
    assert synced(database, BEFORE + timedelta(hours=1)).cancelled == 0
    _removed(database, BEFORE, filing.document.key)
    assert deadlines.sync(database, BEFORE, whole=True).cancelled == 0
    (only,) = held(database)
    assert (only.uid, only.on, only.sequence) == (before.uid, before.on, 0)
    assert only.title == printed.title and len(only.members) == 2


def _removed(database: Database, at: datetime | None, key: str = "") -> None:
    table = schema.document
    with database.write() as connection:
        chosen = table.c.key == key if key else table.c.key != ""
        connection.execute(update(table).where(chosen).values(removed_at=at))
