"""What can't wait: documents that bind already, and dates that hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from builders import SINCE, UNTIL, change, precedent, reworded, rule, stated, subscription
from falling import deadline

from alerts import digest
from alerts.deadlines import due, told_before, urgent
from alerts.render import render
from pipeline.model import (
    Alert,
    Change,
    ChangeKind,
    DateKind,
    Document,
    Relation,
    RelationKind,
    Standing,
    StatedDate,
)

DAY = date(2026, 11, 18)
PUBLISHED = stated(DateKind.PUBLISHED, DAY)
AT_ONCE = stated(DateKind.EFFECTIVE, DAY, "This rule is effective November 18, 2026.")


def judged(one: Change, date: StatedDate, why: str, *, live: bool) -> Change:
    standing = Standing(document=one.document, stated=date, live=live, why=why)
    return replace(one, standings=(standing,))


def test_a_rule_in_force_on_publication_is_urgent_in_words() -> None:
    (reason,) = urgent(change(rule("x", dates=(PUBLISHED, AT_ONCE))))
    assert "in force on its publication" in reason and AT_ONCE.words in reason


def test_urgency_is_told_once() -> None:
    new = rule("x", dates=(PUBLISHED, AT_ONCE))
    edited = change(new, reworded("[a] b", "[c] b"), old=new)
    assert urgent(edited) == ()
    before = replace(new, dates=(PUBLISHED,))
    fuller = change(new, old=before, kind=ChangeKind.METADATA)
    assert urgent(fuller)


def test_what_is_gone_or_back_is_not_urgent() -> None:
    new = rule("x", dates=(PUBLISHED, AT_ONCE))
    for kind in (ChangeKind.REMOVED, ChangeKind.BACK):
        assert urgent(change(new, old=replace(new, dates=()), kind=kind)) == ()


def test_a_rule_whose_only_effective_date_was_delayed_is_urgent_no_more() -> None:
    one = change(rule("x", dates=(PUBLISHED, AT_ONCE)))
    assert urgent(judged(one, AT_ONCE, "delayed by 91 FR 70001", live=False)) == ()
    assert urgent(judged(one, AT_ONCE, "", live=True))


def test_a_date_that_was_ended_falls_due_no_more() -> None:
    one = change(rule("x", dates=(AT_ONCE,)))
    assert due([judged(one, AT_ONCE, "delayed by 91 FR 70001", live=False)], SINCE) == ()
    (left,) = due([judged(one, AT_ONCE, "see 91 FR 70002", live=True)], SINCE)
    assert left.caution == "check before relying on it: see 91 FR 70002"
    (plain,) = due([one], SINCE)
    assert plain.caution == ""


def test_a_hearing_falls_due() -> None:
    hearing = stated(DateKind.HEARING, date(2026, 12, 3))
    assert [item.stated for item in due([change(rule("x", dates=(hearing,)))], SINCE)] == [hearing]


def test_a_day_of_effect_says_to_which_cases_it_applies() -> None:
    words = "It applies to petitions filed on or after November 18, 2026."
    applies = stated(DateKind.APPLICABLE, DAY, words)
    (one,) = due([change(rule("x", dates=(AT_ONCE, applies)))], SINCE)
    assert one.name == (
        "effective date (applicable the same day: “applies to petitions filed on or after "
        "November 18, 2026”)"
    )


def test_a_decision_of_the_attorney_general_and_what_a_court_did_are_urgent_everywhere() -> None:
    decided = Document(source="eoir", key="z", kind="ag-precedent")
    decision = change(replace(precedent("The holding."), document=decided), id=1)
    order, rule_ = change(rule("An order.", number="o"), id=2), rule("x").document
    stays = Relation(
        kind=RelationKind.STAYS, earlier=rule_, later=order.document, evidence=("It is stayed.",)
    )
    stayed = replace(order, relations=(stays,))
    assert urgent(decision) == ("a decision of the Attorney General",)
    assert urgent(stayed) == (f"a stay of {rule_.name}",)
    usual = change(rule("x", number="u"), id=3)
    wanted = subscription("ana")
    alerts = [
        Alert(subscription=wanted, change=each, why=("x",)) for each in (usual, decision, stayed)
    ]
    one = digest.build([wanted], alerts, [], SINCE, UNTIL)
    assert [each.change.id for each in one.alerts][2] == 3
    said = render(one, {})
    assert ": 2 urgent;" in said.subject
    assert "URGENT: A decision of the Attorney General." in said.text
    assert said.text.index("\nURGENT\n------") < said.text.index(decision.new.title + "\n   ")


def test_of_held_deadlines_only_those_are_told_before_that_no_change_states() -> None:
    day = date(2026, 12, 1)
    new = change(rule("x", dates=(stated(DateKind.COMMENTS_CLOSE, day),)))
    (item,) = due([new], SINCE)
    same = deadline(on=day, document=new.document, act=new.document, members=(new.document,))
    other = deadline(on=day)
    assert told_before([same, other], [item]) == (other,)
    moved = replace(same, on=date(2026, 12, 2))
    assert told_before([moved], [item]) == (moved,)
