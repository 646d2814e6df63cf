"""What a terminal tells of a change or a document, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from acts import EVENT, RULE
from builders import SEEN, TITLES, change, precedent, reworded, rule, stated, version
from rich.text import Text
from treating import finding, status

from index.lookup import Shown
from index.search import Found, Hit
from index.store import Held
from lexwatch.output import account, found, hits, rows, show
from pipeline.model import (
    Change,
    ChangeClass,
    ChangeKind,
    DateKind,
    Difference,
    Document,
    Span,
    Standing,
    Weight,
)
from pipeline.weight import NOISE, RULES


def shown(removed_at: datetime | None = None) -> Shown:
    held = Held(id=1, page=1, version=version("The last words held."))
    return Shown(held=held, tags=(), versions=(held,), cited_by=(), removed_at=removed_at)


def test_a_removed_document_is_said_to_be_gone_and_its_text_dated() -> None:
    (line,) = account.gone(shown(SEEN + timedelta(days=2)))
    assert line.plain == (
        "removed from the site by November 20, 2026, 14:05 UTC; the last text we hold is that of"
        " November 18, 2026, 14:05 UTC"
    )
    assert not list(account.gone(shown()))


def test_a_removal_quotes_the_last_text_and_states_no_dates() -> None:
    old = version("The last words held.", dates=(stated(DateKind.EFFECTIVE, date(2026, 1, 2)),))
    readings = ("Two complete readings do not name it.",)
    gone = change(
        replace(old, blocks=(), dates=()), old=old, kind=ChangeKind.REMOVED, reasons=readings
    )
    said = [line.plain for line in account.said(gone)]
    assert readings[0] in said and "“The last words held.”" in said
    assert not list(account.known(gone))


def test_a_dead_date_is_struck_and_names_what_ended_it() -> None:
    ended = stated(DateKind.EFFECTIVE, date(2026, 12, 7))
    one = rule("x", dates=(ended,))
    standing = Standing(document=one.document, stated=ended, live=False, why="delayed by x")
    first: Text = next(account.facts(one, [standing], ()))
    assert "no longer in force: delayed by x" in first.plain
    (span,) = first.spans
    assert span.style == "strike" and first.plain[: span.end].endswith("2026 (Eastern)")


NEW_YORK = ZoneInfo("America/New_York")
NOISY = reworded("Some[  ]words", "Some[ ]words", rule=sorted(NOISE)[0])
NOTHING = change(version("x"), NOISY, change_class=ChangeClass.NOISE)


def printed(capsys: pytest.CaptureFixture[str], *changes: Change, lines: int | None = 6) -> str:
    show.changes(changes, TITLES, lines=lines, zone=NEW_YORK)
    return " ".join(capsys.readouterr().out.split())


def test_moments_are_told_in_the_offices_zone(capsys: pytest.CaptureFixture[str]) -> None:
    assert "seen November 18, 2026, 09:05 EST" in printed(capsys, change(rule("x")))


def test_every_change_in_full_shows_what_was_left_out_with_its_rule_and_why(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rule_of = RULES[NOISY.rule]
    full = printed(capsys, NOTHING, lines=None)
    assert f"Left out as noise, by the rule “{rule_of.name.replace('-', ' ')}” ×1:" in full
    assert rule_of.why in full
    assert "Left out as noise" not in printed(capsys, NOTHING)
    (left_out,) = rows.change_row(NOTHING)["ignored"]
    assert (left_out["rule"], left_out["why"]) == (rule_of.name, rule_of.why)


def test_the_class_says_what_it_turns_on(capsys: pytest.CaptureFixture[str]) -> None:
    edited = change(version("x"), reworded("[may]", "[must]"))
    weighed: Difference = replace(edited.difference, weights=(Weight.OPERATIVE, Weight.FEE))
    one = replace(edited, difference=weighed)
    assert "Substantive: an operative word, a fee; text changed" in printed(capsys, one)
    assert rows.change_row(one)["weights"] == ["operative word", "fee"]


def test_a_change_names_the_event_it_is_part_of(capsys: pytest.CaptureFixture[str]) -> None:
    assert f"Part of one event, 5 documents held: {EVENT.line}" in printed(capsys, RULE)
    (told,) = rows.change_row(RULE)["events"]
    assert told["act"] == EVENT.act.name and len(told["artefacts"]) == 5
    assert [each["live"] for each in told["dates"]].count(False) == 2
    assert {each["entered_by_hand"] for each in told["court_actions"]} == {True, False}


def test_an_event_is_told_with_what_joins_its_documents(capsys: pytest.CaptureFixture[str]) -> None:
    show.events((EVENT,), date(2026, 10, 23), date(2026, 11, 22))
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith(EVENT.line)
    assert "• November 18, 2026, published: Rule, 91 FR 61001, “Sample Fees; Delay”" in said
    assert "joined by: it cites 91 FR 60001" in said
    assert "State from November 18, 2026: delayed" in said
    assert "comments close: September 1, 2026 (Eastern), already passed" in said
    assert said.index("entered by hand") < said.index("as documents held report it")
    assert "federal_register:" not in said
    show.events((), date(2026, 10, 23), date(2026, 11, 22))
    said = " ".join(capsys.readouterr().out.split())
    assert "recorded from October 23, 2026 to November 22, 2026" in said and "--since" in said


def test_a_document_names_its_event_and_the_latest_of_its_documents() -> None:
    long = replace(EVENT, artefacts=EVENT.artefacts * 2)
    lines = [line.plain for line in account.around(long)]
    assert lines[1] == "4 earlier documents: `lexwatch events` names each"
    assert len(lines) == 2 + account.STEPS


def test_why_a_document_was_found_needs_no_knowledge_of_the_search() -> None:
    hit = Hit(
        document=rule("x").document,
        title="t",
        citation="",
        issuer="",
        url="",
        dated=None,
        score=1.0,
        passages=(),
        why=("matched by words", "matched by meaning", "has this title"),
    )
    assert hits.found_by(hit) == "has your words; close in meaning; has this title"


def test_a_document_in_json_has_its_events() -> None:
    one = replace(shown(), events=(EVENT,))
    (told,) = rows.document_row(one)["events"]
    assert told["line"] == EVENT.line


def test_how_a_text_was_announced_is_not_told_again_as_what_joins_it() -> None:
    words = "its update entry names volume 6, part F"
    assert any(words in line.plain for line in account.around(EVENT))
    assert not any(words in line.plain for line in account.around(EVENT, words))


def test_versions_in_several_forms_say_which() -> None:
    held = [Held(id=n, page=n, version=version("x")) for n in (1, 2)]
    (line,) = account.versions(replace(shown(), versions=tuple(held)))
    assert "(" not in line.plain and not list(account.versions(shown()))
    listed = replace(held[0], version=version("x", metadata={"text": "headnote only"}))
    (line,) = account.versions(replace(shown(), versions=(listed, held[1])))
    assert "UTC (headnote only); November" in line.plain and line.plain.endswith("(full text)")


def test_what_a_decision_does_to_others_stands_before_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tags = "The holding. Matter of A-B-, 99 I&N Dec. 1 (BIA 2020), followed; Matter of C-D-, 99 "
    tags += "I&N Dec. 112 (BIA 2026), overruled in part."
    said = printed(capsys, change(precedent(tags)))
    overrules = said.index("Overrules in part Matter of C-D-, 99 I&N Dec. 112 (BIA 2026)")
    assert overrules < said.index("Follows Matter of A-B-") < said.index("“The holding")
    first, second = rows.change_row(change(precedent(tags)))["treatments"]
    assert [first["treatment"], second["treatment"]] == ["followed", "overruled"]
    assert (second["target"], second["in_part"]) == ("99 I&N Dec. 112", True)


def test_a_result_says_in_a_line_that_negative_treatment_was_found(
    capsys: pytest.CaptureFixture[str],
) -> None:
    hit = Hit(
        document=Document(source="bia_decisions", key="9902", kind="bia-precedent"),
        title="Matter of SAMPLE-B-",
        citation="99 I&N Dec. 112 (BIA 2026)",
        issuer="Board of Immigration Appeals",
        url="https://www.justice.gov/eoir/media/999902/dl?inline",
        dated=None,
        passages=(),
        score=1.0,
        why=("matched by words",),
        treated=(finding(),),
    )
    hits.show([hit])
    said = " ".join(capsys.readouterr().out.split())
    assert "Overruled by Matter of SAMPLE-E-, 99 I&N Dec. 140 (BIA 2026), October 5, 2026" in said
    (told,) = found.row(hit)["treatments"]
    assert told["treatment"] == "overruled" and told["citation"] == "99 I&N Dec. 140 (BIA 2026)"
    hits.show([replace(hit, treated=())])
    assert "Overruled" not in capsys.readouterr().out


def test_a_long_passage_is_cut_so_that_its_best_sentence_is_seen() -> None:
    text = "Words of no weight. " * 60 + "The bond is set here. " + "More words. " * 60
    at = text.index("The bond")
    passage = Found(
        text=text,
        trail=(),
        anchor="",
        page="",
        marks=(Span(start=at + 4, end=at + 8),),
        best=Span(start=at, end=at + len("The bond is set here.")),
    )
    said = hits.quoted(passage, 200)
    assert "The bond is set here." in said.plain and len(said.plain) < 210
    assert said.plain.startswith("… ") and said.plain.endswith(" …")
    (bold,) = [said.plain[each.start : each.end] for each in said.spans if each.style == "bold"]
    assert bold == "bond"
    assert hits.quoted(replace(passage, marks=(), best=None), 5_000).plain == text.strip() + " "


def test_what_hides_in_a_passage_is_not_shown() -> None:
    passage = Found(text="bond \u202e\x1b[31m bond", trail=(), anchor="", page="")
    assert hits.quoted(passage, 100).plain == "bond [31m bond"


def test_a_document_begins_with_its_status_and_what_was_done_against_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    held = Held(id=1, page=1, version=precedent("The holding."))
    one = replace(shown(), held=held, says=(finding(),))
    show.document(one, {}, status=status(finding()))
    said = " ".join(capsys.readouterr().out.split())
    assert said.index("Negative treatment found, as of November 22, 2026.") < said.index(
        "Overruled by Matter of SAMPLE-E-"
    )
    assert said.index("overruled.”") < said.index("Overrules Matter of SAMPLE-B-")
    assert said.index("Overrules Matter of SAMPLE-B-") < said.index("The holding.")
    row = rows.document_row(one, status(finding()))
    assert row["status"]["status"] == "negative treatment found"
    assert [each["treatment"] for each in row["treatments"]] == ["overruled"]
    assert rows.document_row(one)["status"] is None


def test_a_name_of_ours_is_no_address(capsys: pytest.CaptureFixture[str]) -> None:
    order = replace(rule("x"), url="lexwatch:court-orders/N.D.%20Cal")
    assert "court-orders" not in printed(capsys, change(order))


def test_an_event_of_many_changes_is_given_once_and_named_by_each() -> None:
    many = [replace(RULE, id=number) for number in range(1, 4)]
    listed = rows.change_rows(many)
    assert [row["acts"] for row in listed] == [[EVENT.act.name]] * 3
    assert [len(row["events"]) for row in listed] == [1, 0, 0]
    assert listed[0]["events"] == rows.change_row(RULE)["events"]
