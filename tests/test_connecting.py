"""Terms and connectors: what meets them, then what nearly does, and what binds among equals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from builders import stated, version
from holding import hold
from libraries import ask, keys

from index.database import Database
from pipeline.citator.forum import forum
from pipeline.model import DateKind, Version
from pipeline.query.model import Shape


def held(key: str, text: str, kind: str = "bia-precedent") -> Version:
    source = "bia_decisions" if kind == "bia-precedent" else "uscis_policy_manual"
    made = version(text, source=source, key=key, kind=kind)
    return replace(made, title=f"Title {key}", citation="", issuer="")


def test_what_meets_every_term_stands_before_what_lacks_one_and_says_so(
    database: Database,
) -> None:
    hold(
        database,
        held("1", "A bond hearing. A bond hearing. A bond hearing."),
        held("2", "A bond hearing turns on danger."),
        held("3", "Nothing of it."),
    )
    found = ask(database, "bond /s danger")
    assert found.shape is Shape.CONNECTORS
    assert keys(found.hits) == ["2", "1"]
    assert found.hits[0].why == ("meets bond /s danger",)
    assert found.hits[1].why == ("nearly meets it: lacks danger",)
    assert found.documents == 1
    assert found.notes[0] == (
        "1 document meets every term; what follows does not, and says what it lacks"
    )


def test_a_root_says_what_it_stands_for(database: Database) -> None:
    hold(database, held("1", "He was detained; detention lasts."))
    assert any("detain! stands for" in note for note in ask(database, "detain! /p lasts").notes)


def test_two_phrases_joined_by_a_small_and_are_both_demanded(database: Database) -> None:
    hold(
        database,
        held("1", "The plea colloquy shows it under the modified categorical approach."),
        held("2", "The plea colloquy shows nothing."),
    )
    found = ask(database, '"plea colloquy" and "modified categorical"')
    assert found.shape is Shape.CONNECTORS and found.documents == 1
    assert keys(found.hits)[0] == "1"


def test_in_a_forum_what_binds_there_stands_before_what_says_as_much(database: Database) -> None:
    text = "A waiver needs hardship."
    hold(
        database,
        held("manual", text, "policy-manual-chapter"),
        held("decision", text),
        held("other", "A waiver. Hardship. Waiver. Hardship.", "policy-manual-chapter"),
    )
    there = ask(database, "waiver AND hardship", forum=forum("immigration court, 5th Circuit"))
    assert keys(there.hits)[0] == "decision"
    assert set(keys(there.hits)) == {"decision", "manual", "other"}
    one = ask(database, "waiver AND hardship", 1, forum=forum("immigration court, 5th Circuit"))
    assert keys(one.hits) == ["decision"] and one.documents == 3


def test_in_a_forum_what_was_overruled_stands_behind_what_binds_less(database: Database) -> None:
    text = "A waiver needs hardship."
    fell = replace(held("fell", text), citation="28 I&N Dec. 801 (BIA 2024)", title="Matter of F-")
    by = replace(
        held("by", f"{fell.title}, {fell.citation}, is overruled."),
        document=replace(fell.document, key="by", kind="ag-precedent"),
        title="Matter of O-T-H-",
        citation="29 I&N Dec. 901 (A.G. 2026)",
        dates=(stated(DateKind.DECIDED, date(2026, 9, 1)),),
    )
    hold(database, held("manual", text, "policy-manual-chapter"), fell, by)
    there = ask(database, "waiver AND hardship", forum=forum("immigration court, 5th Circuit"))
    assert keys(there.hits)[:2] == ["manual", "fell"]
