"""Which of a rulemaking's documents governs where a later one was put off, ended or only in part
undone: invented rules of 2024 to 2027."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders import stated
from test_state import DELAY, FINAL, TITLE, document, does, effective, on, told, withdrawal_on

from pipeline.live import standing
from pipeline.model import DateKind, Document, RelationKind, StateKind, Version
from pipeline.rulemaking import governing
from pipeline.state import states

INTERIM = document(
    date(2024, 1, 10), TITLE, effective(date(2024, 1, 10)), action="Interim final rule."
)
WITHDRAWAL = withdrawal_on(date(2026, 10, 20))
FINALISES, DELAYS = RelationKind.FINALISES, RelationKind.DELAYS
WITHDRAWS = RelationKind.WITHDRAWS


@pytest.mark.parametrize(("kind", "by"), [(DELAYS, DELAY), (WITHDRAWS, WITHDRAWAL)])
def test_an_interim_rule_governs_while_the_final_one_is_put_off_or_withdrawn_before_its_effect(
    kind: RelationKind, by: Version
) -> None:
    known = [does(FINALISES, INTERIM, FINAL), does(kind, FINAL, by)]
    held = (INTERIM, FINAL, by)
    for day in (date(2026, 10, 25), date(2026, 12, 1)):
        found = governing(day, INTERIM, held, known)
        assert found.text == INTERIM
        assert found.line.endswith("in effect since January 10, 2024, by 91 FR 01100.")
    last = on(date(2027, 2, 1), *held, known=known)
    assert last is not None
    assert last.document == (DELAY if kind is DELAYS else INTERIM).document


def test_a_rule_in_effect_that_is_itself_delayed_governs_no_more() -> None:
    late = replace(DELAY, dates=DELAY.dates[:1])
    known = [does(DELAYS, INTERIM, late)]
    found = on(date(2026, 10, 20), INTERIM, late, known=known)
    assert found is not None
    assert found.kind is StateKind.DELAYED


TEMPORARY = document(
    date(2025, 1, 10),
    TITLE,
    effective(date(2025, 1, 10)),
    stated(DateKind.EXPIRES, date(2026, 12, 31), "through December 31, 2026"),
    action="Temporary final rule.",
)


def test_a_temporary_rule_that_was_made_final_by_then_does_not_expire() -> None:
    known = [does(FINALISES, TEMPORARY, FINAL)]
    assert "EXPIRED" not in [kind for kind, _ in told(TEMPORARY, FINAL, known=known)]
    assert governing(date(2027, 2, 1), FINAL, (TEMPORARY, FINAL), known).text == FINAL


def test_a_temporary_rule_that_was_extended_and_then_made_final_does_not_expire() -> None:
    longer = document(
        date(2026, 6, 1), f"{TITLE}; Extension", stated(DateKind.EXPIRES, date(2027, 6, 1), "June")
    )
    known = [does(RelationKind.EXTENDS, TEMPORARY, longer), does(FINALISES, TEMPORARY, FINAL)]
    kinds = [kind for kind, _ in told(TEMPORARY, longer, FINAL, known=known)]
    assert "EXPIRED" not in kinds


def test_a_temporary_rule_expires_where_the_final_one_takes_effect_only_later() -> None:
    known = [does(FINALISES, TEMPORARY, FINAL), does(DELAYS, FINAL, DELAY)]
    assert told(TEMPORARY, FINAL, DELAY, known=known)[-2:] == [
        ("EXPIRED", date(2027, 1, 1)),
        ("IN_EFFECT", date(2027, 1, 4)),
    ]


@pytest.mark.parametrize(("is_delayed", "is_live"), [(False, False), (True, True)])
def test_the_end_of_a_temporary_rule_is_live_unless_it_was_made_final_by_then(
    is_delayed: bool, is_live: bool
) -> None:
    known = [does(FINALISES, TEMPORARY, FINAL)]
    known += [does(DELAYS, FINAL, DELAY)] * is_delayed
    found = standing((TEMPORARY, FINAL, DELAY), known)
    [end] = [each for each in found if each.stated.kind is DateKind.EXPIRES]
    assert end.live is is_live
    assert end.why.startswith("followed by the final rule, 91 FR 09010")


def test_the_day_from_which_a_delay_has_effect_itself_is_not_the_rules() -> None:
    dates = (effective(date(2026, 10, 28), "Effective Oct 28."), *DELAY.dates[1:])
    own = replace(DELAY, dates=(DELAY.dates[0], *dates))
    found = told(FINAL, own, known=[does(DELAYS, FINAL, own)])
    assert [each for each in found if each[0] == "IN_EFFECT"] == [("IN_EFFECT", date(2027, 1, 4))]


def test_a_delay_without_end_that_has_effect_on_a_day_of_its_own_puts_nothing_into_effect() -> None:
    own = replace(DELAY, dates=(DELAY.dates[0], effective(date(2026, 10, 28))))
    found = told(FINAL, own, known=[does(DELAYS, FINAL, own)])
    assert "IN_EFFECT" not in [kind for kind, _ in found]


def test_of_two_days_that_a_delay_gives_one_the_last_counts_and_both_are_quoted() -> None:
    dates = (effective(date(2026, 11, 20), "Effective Nov 20."), *DELAY.dates[1:])
    own = replace(DELAY, dates=(DELAY.dates[0], *dates))
    found = states((FINAL, own), [does(DELAYS, FINAL, own)])
    last = [each for each in found if each.kind is StateKind.IN_EFFECT]
    assert [each.since for each in last] == [date(2027, 1, 4)]
    assert last[0].words == "Effective Nov 20.; Delayed until Jan 4, 2027."


def test_a_notice_on_file_is_not_in_effect() -> None:
    filed = replace(
        document(date(2026, 2, 27), TITLE, effective(date(2026, 3, 15)), action="Notice."),
        document=Document(source="public_inspection", key="2026-1", kind="public-inspection"),
        metadata={"document_number": "2026-1", "type": "Notice", "action": "Notice."},
    )
    assert states([filed], []) == ()


def test_a_rule_withdrawn_in_part_is_in_effect_since_its_own_day() -> None:
    part = document(date(2027, 3, 1), f"{TITLE}; Partial Withdrawal", action="Partial withdrawal.")
    known = [does(RelationKind.WITHDRAWS_IN_PART, FINAL, part)]
    assert governing(date(2027, 4, 1), FINAL, (FINAL, part), known).line == (
        "On April 1, 2027: in effect since November 2, 2026, by 91 FR 09010; withdrawn in part "
        "since March 1, 2027, by 91 FR 03010."
    )
    before = governing(date(2027, 2, 1), FINAL, (FINAL, part), known)
    assert before.line.endswith("in effect since November 2, 2026, by 91 FR 09010.")


def test_withdrawals_of_withdrawals_are_reckoned_once_each() -> None:
    held = [document(date(2026, 1, 1) + timedelta(days=day), f"{TITLE} {day}") for day in range(40)]
    known = [
        does(WITHDRAWS, earlier, later)
        for place, earlier in enumerate(held)
        for later in held[place + 1 :]
    ]
    assert states(held, known)  # 2**40 steps, were each withdrawal reckoned for each before it
