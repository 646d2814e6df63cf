"""What can't wait: documents that bind already, and dates that hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from builders import SINCE, change, reworded, rule, stated

from alerts.deadlines import due, urgent
from pipeline.model import Change, ChangeKind, DateKind, Standing, StatedDate

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
