"""Questions: priors of state, recency and forum, and the reasons that each hit gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders import rule, stated, version
from holding import hold
from libraries import Library, ask, decision, keys
from publisher import NOW
from sqlalchemy import insert, select

from index import schema
from index.database import Database
from index.search import rank
from index.search.standing import standing, viewpoint
from pipeline.calendar import eastern
from pipeline.citator.forum import Binding, forum
from pipeline.model import DateKind, RelationKind, Version

TODAY = eastern(NOW)
LONG_AGO = TODAY - timedelta(days=400)
ASKED = "Must a judge weigh danger before bond?"
SAYS = "A judge must weigh danger before bond is set."


def precedent(
    key: str, name: str, citation: str, *texts: str, kind: str = "bia-precedent"
) -> Version:
    made = version(*texts, source="bia_decisions", key=key, kind=kind)
    return replace(made, title=name, citation=citation, issuer="")


def registered(number: str, on: date, kind: str, *texts: str, title: str = "Bonds") -> Version:
    dates = [stated(DateKind.PUBLISHED, on, read_from="API publication_date")]
    if kind == "rule":
        dates.append(stated(DateKind.EFFECTIVE, on + timedelta(days=1)))
    made = rule(*texts, number=number, kind=kind, citation="", dates=tuple(dates))
    return replace(made, title=title)


def relate(database: Database, kind: RelationKind, earlier: str, later: str) -> None:
    table = schema.document
    with database.write() as connection:
        rows = connection.execute(select(table.c.key, table.c.id))
        numbers = {row.key: row.id for row in rows}
        said = {"kind": kind, "evidence": ["it says so"]}
        pair = {"earlier_id": numbers[earlier], "later_id": numbers[later]}
        connection.execute(insert(schema.relation).values(**pair, **said))


def order(database: Database, query: str = ASKED) -> list[str]:
    return [key.partition("@")[0] for key in keys(ask(database, query).hits)]


OLD = precedent("1", "Matter of O-L-D-", "27 I&N Dec. 10 (BIA 2018)", f"{SAYS} {ASKED}")
OVERRULING = precedent(
    "2",
    "Matter of N-E-W-",
    "28 I&N Dec. 20 (A.G. 2021)",
    f"{SAYS} Matter of O-L-D-, 27 I&N Dec. 10 (BIA 2018), is overruled.",
    kind="ag-precedent",
)


def test_an_overruled_decision_stands_behind_the_one_that_stands(database: Database) -> None:
    hold(database, OLD)
    assert order(database) == ["1"]
    hold(database, OVERRULING, precedent("3", "Matter of A-A-", "26 I&N Dec. 1", SAYS), first=1)
    assert order(database)[-1] == "1"
    assert set(order(database)) == {"1", "2", "3"}


def test_a_decision_reinstated_since_stands_again(database: Database) -> None:
    words = (
        f"{SAYS} Matter of N-E-W-, 28 I&N Dec. 20 (A.G. 2021), is overruled, and "
        "Matter of O-L-D-, 27 I&N Dec. 10 (BIA 2018), is reinstated."
    )
    again = precedent("4", "Matter of A-G-", "28 I&N Dec. 30 (A.G. 2022)", words)
    hold(database, OLD, OVERRULING, replace(again, document=replace(OVERRULING.document, key="4")))
    with database.read() as connection:
        numbers = connection.execute(select(schema.document.c.id)).scalars().all()
        undone = standing(connection, numbers, viewpoint(connection)).undone
        table = schema.document
        names = connection.execute(select(table.c.key).where(table.c.id.in_(undone))).scalars()
        assert set(names) == {"2"}


def test_what_was_not_yet_overruled_on_a_day_stands_on_it(database: Database) -> None:
    hold(database, OLD, OVERRULING)
    with database.read() as connection:
        numbers = connection.execute(select(schema.document.c.id)).scalars().all()
        before = standing(connection, numbers, viewpoint(connection, date(2020, 1, 1)))
        after = standing(connection, numbers, viewpoint(connection))
    assert (before.undone, len(after.undone)) == (set(), 1)


def test_a_decision_only_distinguished_stands(database: Database) -> None:
    words = "Matter of O-L-D-, 27 I&N Dec. 10 (BIA 2018), distinguished."
    hold(database, OLD, precedent("3", "Matter of A-A-", "28 I&N Dec. 1 (BIA 2021)", words))
    with database.read() as connection:
        numbers = connection.execute(select(schema.document.c.id)).scalars().all()
        assert standing(connection, numbers, viewpoint(connection)).undone == set()


def test_a_withdrawn_rule_stands_behind_one_in_force(database: Database) -> None:
    hold(
        database,
        registered("2025-00001", LONG_AGO, "rule", f"{SAYS} {ASKED}", title="Bonds and danger"),
        registered("2025-00002", LONG_AGO, "rule", SAYS, title="Danger"),
        registered("2025-00003", LONG_AGO + timedelta(days=90), "rule", "It ends.", title="End"),
    )
    assert order(database)[0] == "2025-00001"
    relate(
        database,
        RelationKind.WITHDRAWS,
        "2025-00001@2026-11-17",
        "2025-00003@2026-11-17",
    )
    assert order(database)[0] == "2025-00002" and "2025-00001" in order(database)


def test_a_proposal_made_final_stands_behind_what_says_as_much(database: Database) -> None:
    hold(
        database,
        registered("2025-00001", LONG_AGO, "proposed-rule", f"{SAYS} {ASKED}"),
        registered("2025-00002", LONG_AGO + timedelta(days=99), "rule", "It ends.", title="End"),
        registered("2025-00003", LONG_AGO, "proposed-rule", SAYS, title="Danger"),
    )
    assert order(database)[0] == "2025-00001"
    relate(
        database,
        RelationKind.FINALISES,
        "2025-00001@2026-11-17",
        "2025-00002@2026-11-17",
    )
    assert order(database)[0] == "2025-00003"
    with database.read() as connection:
        stands = standing(connection, [1, 2, 3], viewpoint(connection))
        before = standing(connection, [1, 2, 3], viewpoint(connection, LONG_AGO))
    assert (len(stands.finalised), len(before.finalised), stands.ended) == (1, 0, set())


def test_a_memorandum_that_uscis_stamps_is_not_in_force(database: Database) -> None:
    made = version(SAYS, source="memos", key="m", kind="uscis-memorandum")
    hold(database, replace(made, metadata={"status": "Superseded"}))
    with database.read() as connection:
        assert len(standing(connection, [1], viewpoint(connection)).ended) == 1


def test_of_notices_with_one_title_the_newest_comes_first(database: Database) -> None:
    hold(
        database,
        registered("2026-00003", TODAY - timedelta(days=9), "notice", SAYS),
        registered("2025-00001", LONG_AGO, "notice", SAYS),
        registered("2025-00002", LONG_AGO + timedelta(days=99), "notice", SAYS),
    )
    assert order(database, "danger before bond")[0] == "2026-00003"


@pytest.mark.parametrize(
    ("where", "first"),
    [("immigration court, 9th Circuit", "decision"), ("uscis", "chapter")],
)
def test_the_forum_asked_about_orders_and_hides_nothing(
    database: Database, where: str, first: str
) -> None:
    chapter = version(SAYS, key="chapter")
    unpublished = version(SAYS, source="other", key="decision", kind="bia-unpublished")
    published = replace(unpublished, document=replace(unpublished.document, kind="bia-precedent"))
    other = published if "court" in where else unpublished
    hold(database, chapter, replace(other, title="Matter of X-", citation=""))
    found = ask(database, ASKED, forum=forum(where))
    assert keys(found.hits)[0] == first and len(found.hits) == 2
    assert [hit.binding for hit in found.hits] == [Binding.YES, Binding.NO]
    assert all(hit.binds for hit in found.hits)


def test_a_court_of_appeals_binds_in_its_circuit_alone(database: Database) -> None:
    def opinion(key: str, circuit: str) -> Version:
        made = version(SAYS, source="court_opinions", key=key, kind="court-opinion")
        court = f"United States Court of Appeals for the {circuit} Circuit"
        return replace(made, title=f"Party{key} v. Garland", citation="9 F.4th 9", issuer=court)

    hold(database, opinion("nine", "Ninth"), opinion("two", "Second"))
    nine = ask(database, ASKED, forum=forum("immigration court, 9th Circuit")).hits
    two = ask(database, ASKED, forum=forum("immigration court, 2d Circuit")).hits
    assert (keys(nine), keys(two)) == (["nine", "two"], ["two", "nine"])
    assert "Ninth Circuit alone" in nine[0].binds


def test_without_a_forum_nothing_is_said_of_binding_there(database: Database) -> None:
    hold(database, OLD)
    (hit,) = ask(database, ASKED).hits
    assert hit.binding is None and "binds immigration judges" in hit.binds


def test_what_is_fixed_by_law_is_not_learned() -> None:
    told = {"words": 1.0, "superseded": 1.0}
    assert rank.score(told, {"words": 2.0, "superseded": 9.0}) == 0.0
    assert rank.score({"words": 1.0}, {"words": 2.0}) == 2.0


@pytest.fixture
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterable[Library]:
    opened = Library(tmp_path_factory.mktemp("library"))
    yield opened
    opened.vectors.close()


def test_the_reasons_tell_words_from_meaning(library: Library) -> None:
    library.add(
        decision("1", "One", SAYS), decision("2", "Two", "Fees are paid before filing by a judge.")
    )
    first, second = library.find(ASKED, meaning=True)
    assert first.why == ("matched by words", "matched by meaning")
    assert second.why == ("matched by words and meaning together",)
    assert {hit.why for hit in library.find(ASKED)} == {("matched by words",)}
