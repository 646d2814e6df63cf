"""Citations, numbers and titles: looked up, with what cites them, and never guessed at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from builders import paragraph, rule, stated, version
from holding import hold
from libraries import ask, keys
from sqlalchemy import delete

from index import schema
from index.database import Database
from pipeline.citator.forum import Binding, forum
from pipeline.model import DateKind, Version
from pipeline.query.model import Shape

HELD = replace(
    version("We hold.", source="bia_decisions", key="1", kind="bia-precedent"),
    title="Matter of SAMPLE",
    citation="28 I&N Dec. 714 (BIA 2023)",
)
CITES = "As held in Matter of SAMPLE, 28 I&N Dec. 714 (BIA 2023), it is so."


def citing(key: str, kind: str, source: str, text: str = CITES) -> Version:
    made = version(text, source=source, key=key, kind=kind)
    return replace(made, title=f"Title {key}", citation="", issuer="")


def register(number: str, title: str) -> Version:
    on = stated(DateKind.PUBLISHED, date(2026, 3, 1))
    return replace(rule("A fee is set.", number=number, citation="", dates=(on,)), title=title)


@pytest.mark.parametrize(
    "query",
    ["28 I&N Dec. 714", "28 i. & n. dec. 714", "Matter of SAMPLE, 28 I&N Dec. 714 (BIA 2023)"],
)
def test_a_citation_is_looked_up_with_what_cites_it_most(database: Database, query: str) -> None:
    twice = citing("3", "policy-manual-chapter", "uscis_policy_manual", f"{CITES} Again: {CITES}")
    hold(database, citing("2", "notice", "federal_register"), HELD, twice)
    found = ask(database, query)
    assert found.shape is Shape.CITATION
    assert keys(found.hits) == ["1", "3", "2"]
    assert [hit.why for hit in found.hits[:2]] == [
        ("is 28 I&N Dec. 714",),
        ("cites 28 I&N Dec. 714",),
    ]


def test_in_a_forum_what_binds_there_stands_first_of_those_that_cite(database: Database) -> None:
    manual = citing("3", "policy-manual-chapter", "uscis_policy_manual", f"{CITES} {CITES}")
    later = citing("4", "bia-precedent", "bia_decisions")
    hold(database, HELD, manual, later)
    assert keys(ask(database, "28 I&N Dec. 714").hits) == ["1", "3", "4"]
    court = ask(database, "28 I&N Dec. 714", forum=forum("immigration court, 9th Circuit"))
    assert keys(court.hits) == ["1", "4", "3"]
    assert [hit.binding for hit in court.hits] == [Binding.YES, Binding.YES, Binding.NO]
    assert all(hit.binds for hit in court.hits)


def overruling(key: str, earlier: Version) -> Version:
    made = version(
        f"{earlier.title}, {earlier.citation}, is overruled.",
        source="bia_decisions",
        key=key,
        kind="ag-precedent",
    )
    on = (stated(DateKind.DECIDED, date(2026, 9, 1)),)
    return replace(made, title="Matter of O-T-H-", citation="29 I&N Dec. 901 (A.G. 2026)", dates=on)


def test_what_was_undone_never_stands_above_what_stands_and_is_said_to_bind_nobody(
    database: Database,
) -> None:
    fell = replace(citing("4", "bia-precedent", "bia_decisions"), title="Matter of F-E-L-")
    fell = replace(fell, citation="28 I&N Dec. 801 (BIA 2024)")
    manual = citing("3", "policy-manual-chapter", "uscis_policy_manual")
    hold(database, HELD, fell, manual, overruling("5", fell))
    court = forum("immigration court, 9th Circuit")
    found = ask(database, "28 I&N Dec. 714", forum=court)
    assert keys(found.hits) == ["1", "3", "4"]
    last = found.hits[-1]
    assert last.binding is Binding.NO
    assert last.binds == "overruled by Matter of O-T-H-, 29 I&N Dec. 901 (A.G. 2026)"
    (own, *_) = ask(database, "28 I&N Dec. 801", forum=court).hits
    assert own.binding is Binding.NO


def test_a_rule_that_expired_by_its_own_words_stands_behind_what_holds(database: Database) -> None:
    def temporary(number: str, until: date) -> Version:
        days = (
            stated(DateKind.PUBLISHED, date(2026, 3, 1)),
            stated(DateKind.EFFECTIVE, date(2026, 3, 2)),
            stated(DateKind.EXPIRES, until),
        )
        return rule(CITES, number=number, citation="", dates=days)

    manual = citing("3", "policy-manual-chapter", "uscis_policy_manual")
    lasting = temporary("2026-00002", date(2027, 5, 1))
    hold(database, HELD, temporary("2026-00001", date(2026, 5, 1)), manual, lasting)
    found = ask(database, "28 I&N Dec. 714", forum=forum("immigration court"))
    ordered = [key.partition("@")[0] for key in keys(found.hits)]
    assert ordered == ["1", "2026-00002", "3", "2026-00001"]
    assert found.hits[-1].binds == "binds nobody any more: it is expired"


@pytest.mark.parametrize("typed", ["2026-00813", "FR Doc. 2026-00813", "fr doc 2026-813"])
def test_a_number_of_the_register_needs_no_zeros(database: Database, typed: str) -> None:
    hold(database, register("2026-00813", "Fees"), register("2026-10813", "Other fees"))
    found = ask(database, typed)
    assert keys(found.hits) == ["2026-00813@2026-11-17"] and found.notes == ()


@pytest.mark.parametrize(
    "query",
    [
        "document 2026-00813 on fees",
        "federal register 2026–00813",
        "what does fr doc 2026-813 say of fees?",
        "fees in FR Doc. 2026-00813",
        "fees 2026-00813",
    ],
)
def test_a_number_in_a_question_brings_its_document_first(database: Database, query: str) -> None:
    better = register("2026-10813", "What fees say of fees, document of fees")
    hold(database, better, register("2026-00813", "A rule"))
    found = ask(database, query)
    assert found.shape is Shape.QUESTION
    assert keys(found.hits)[0] == "2026-00813@2026-11-17"
    assert "is what the question names" in found.hits[0].why


def test_a_citation_in_a_question_is_known_in_small_letters_too(database: Database) -> None:
    hold(database, HELD, citing("2", "notice", "federal_register"))
    found = ask(database, "does 28 i&n dec. 714 still hold?")
    assert found.hits[0].why[0] == "is what the question names"
    assert found.hits[1].why[0] == "cites what the question names"


def test_a_title_finds_what_bears_it_whatever_its_case(database: Database) -> None:
    older = register("2026-00001", "Fee Schedule; Correction")
    hold(database, older, register("2026-00002", "Other Schedule of a Fee, and its Correction"))
    found = ask(database, "fee schedule — correction")
    assert keys(found.hits)[0] == "2026-00001@2026-11-17"
    assert found.hits[0].why == ("has this name",)


def test_a_number_that_is_not_held_is_said_to_be_so(database: Database) -> None:
    hold(database, register("2026-00813", "Fees"))
    found = ask(database, "FR Doc. 2026-99999")
    assert found.notes == ("FR Doc. 2026-99999 itself is not held",)
    assert not any(why.startswith("is ") for hit in found.hits for why in hit.why)


def test_a_document_without_a_passage_is_found_all_the_same(database: Database) -> None:
    hold(database, replace(HELD, blocks=(paragraph("We hold."),)))
    with database.write() as connection:
        connection.execute(delete(schema.passage))
    (hit,) = ask(database, "28 I&N Dec. 714").hits
    assert hit.passages == ()
