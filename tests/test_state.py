"""A rule's state over time, told over an invented rulemaking of 2026."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from builders import rule, stated

from pipeline.model import (
    DateKind,
    Document,
    Relation,
    RelationKind,
    State,
    StatedDate,
    StateKind,
    Version,
)
from pipeline.papers import paper
from pipeline.relations import related
from pipeline.rulemaking import governing
from pipeline.state import court_actions, rulemaking, state_on, states

TITLE = "Registration of Sample Petitioners"
EFFECTIVE, COMMENTS = DateKind.EFFECTIVE, DateKind.COMMENTS_CLOSE


def document(
    published: date,
    title: str,
    *dates: StatedDate,
    kind: str = "rule",
    action: str = "Final rule.",
    abstract: str = "",
) -> Version:
    number = f"{published:%Y-%m%d}1"
    return replace(
        rule(abstract, title=title, number=number, kind=kind, citation=f"91 FR {published:%m%d}0"),
        document=Document(
            source="federal_register", key=f"{number}@{published.isoformat()}", kind=kind
        ),
        dates=(stated(DateKind.PUBLISHED, published), *dates),
        metadata={"document_number": number, "action": action, "abstract": abstract},
    )


def effective(on: date, words: str = "", read_from: str = "DATES") -> StatedDate:
    return stated(EFFECTIVE, on, words, read_from)


FILED = replace(
    document(date(2026, 2, 27), TITLE, kind="public-inspection", action="Proposed rule."),
    document=Document(source="public_inspection", key="2026-03021", kind="public-inspection"),
    dates=(stated(DateKind.INSPECTION, date(2026, 2, 27)),),
    metadata={"document_number": "2026-03021", "type": "Proposed Rule", "action": "Proposed rule."},
)
PROPOSAL = document(
    date(2026, 3, 2),
    TITLE,
    stated(COMMENTS, date(2026, 5, 1)),
    kind="proposed-rule",
    action="Notice of proposed rulemaking.",
)
EXTENSION = document(
    date(2026, 4, 20),
    f"{TITLE}; Extension of Comment Period",
    stated(COMMENTS, date(2026, 6, 1), "Comments are due by June 1, 2026."),
    kind="proposed-rule",
    action="Proposed rule; extension of comment period.",
)
FINAL = document(date(2026, 9, 1), TITLE, effective(date(2026, 11, 2), "Effective Nov 2, 2026."))
DELAY = document(
    date(2026, 10, 20),
    f"{TITLE}; Delay of Effective Date",
    effective(date(2027, 1, 4), "Delayed until Jan 4, 2027."),
    action="Final rule; delay of effective date.",
)
FURTHER = document(
    date(2026, 12, 22),
    f"{TITLE}; Further Delay of Effective Date",
    effective(date(2027, 3, 1), "Delayed until Mar 1, 2027."),
    action="Final rule; delay of effective date.",
)
STORY = (FILED, PROPOSAL, EXTENSION, FINAL, DELAY, FURTHER)


def relations(versions: Iterable[Version]) -> list[Relation]:
    papers = [paper(version) for version in versions]
    return [
        relation
        for place, later in enumerate(papers)
        for relation in related(papers[:place], later)
    ]


def does(kind: RelationKind, earlier: Version, later: Version) -> Relation:
    return Relation(kind=kind, earlier=earlier.document, later=later.document, evidence=("“test”",))


def told(*versions: Version, known: Iterable[Relation] | None = None) -> list[tuple[str, date]]:
    found = states(versions, relations(versions) if known is None else known)
    return [(each.kind.name, each.since) for each in found if each.since]


def on(day: date, *versions: Version, known: Iterable[Relation] | None = None) -> State | None:
    return state_on(day, states(versions, relations(versions) if known is None else known))


def test_a_rulemaking_goes_through_its_states_in_order_of_time() -> None:
    assert told(*STORY) == [
        ("ON_FILE", date(2026, 2, 27)),
        ("PROPOSED", date(2026, 3, 2)),
        ("PROPOSED", date(2026, 4, 20)),
        ("FINAL", date(2026, 9, 1)),
        ("DELAYED", date(2026, 10, 20)),
        ("DELAYED", date(2026, 12, 22)),
        ("IN_EFFECT", date(2027, 3, 1)),
    ]


@pytest.mark.parametrize(
    ("day", "kind", "words"),
    [
        (date(2026, 2, 26), None, ""),
        (date(2026, 2, 27), StateKind.ON_FILE, "Proposed rule."),
        (date(2026, 4, 19), StateKind.PROPOSED, "Notice of proposed rulemaking."),
        (date(2026, 4, 20), StateKind.PROPOSED, "Comments are due by June 1, 2026."),
        (date(2026, 9, 1), StateKind.FINAL, "Final rule."),
        (date(2026, 11, 2), StateKind.DELAYED, "Delayed until Jan 4, 2027."),
        (date(2027, 1, 4), StateKind.DELAYED, "Delayed until Mar 1, 2027."),
        (date(2027, 3, 1), StateKind.IN_EFFECT, "Delayed until Mar 1, 2027."),
    ],
)
def test_the_state_of_a_day_is_said_in_a_documents_words(
    day: date, kind: StateKind | None, words: str
) -> None:
    found = on(day, *STORY)
    assert (found and found.kind, found.words if found else "") == (kind, words)


def test_the_order_in_which_documents_are_given_changes_nothing() -> None:
    known = relations(STORY)
    assert states(STORY, known) == states(reversed(STORY), reversed(known))


def test_a_delay_after_the_rule_took_effect_leaves_the_days_on_which_it_had() -> None:
    late = document(
        date(2026, 12, 1),
        f"{TITLE}; Delay of Effective Date",
        effective(date(2027, 1, 4)),
        action="Final rule; delay of effective date.",
    )
    assert told(FINAL, late) == [
        ("FINAL", date(2026, 9, 1)),
        ("IN_EFFECT", date(2026, 11, 2)),
        ("DELAYED", date(2026, 12, 1)),
        ("IN_EFFECT", date(2027, 1, 4)),
    ]


def test_of_a_rule_not_in_effect_the_day_on_which_it_will_be_is_known() -> None:
    for day in (date(2026, 9, 1), date(2026, 10, 20), date(2026, 12, 22), date(2027, 2, 28)):
        state = on(day, *STORY)
        assert state is not None and state.effective == date(2027, 3, 1)
    for day in (date(2026, 3, 2), date(2027, 3, 1)):
        state = on(day, *STORY)
        assert state is not None and state.effective is None


def test_the_day_on_which_it_will_be_in_effect_is_none_that_has_passed() -> None:
    days = (
        (StateKind.IN_EFFECT, date(2026, 1, 5)),
        (StateKind.DELAYED, date(2026, 2, 2)),
        (StateKind.IN_EFFECT, date(2026, 6, 1)),
    )
    known = [
        State(kind=kind, since=since, document=FINAL.document, words="x") for kind, since in days
    ]
    now = state_on(date(2026, 3, 2), known)
    assert now is not None and (now.kind, now.effective) == (StateKind.DELAYED, date(2026, 6, 1))


def test_a_delay_that_gives_no_day_leaves_the_rule_delayed() -> None:
    bare = replace(DELAY, dates=DELAY.dates[:1])
    assert told(FINAL, bare)[-1] == ("DELAYED", date(2026, 10, 20))
    found = on(date(2030, 1, 1), FINAL, bare)
    assert found is not None and found.effective is None
    assert found.words == "Final rule; delay of effective date."


def test_a_delay_that_is_withdrawn_restores_the_first_day() -> None:
    withdrawal = document(date(2026, 10, 27), f"{TITLE}; Delay of Effective Date; Withdrawal")
    known = [
        does(RelationKind.DELAYS, FINAL, DELAY),
        does(RelationKind.WITHDRAWS, DELAY, withdrawal),
    ]
    assert told(FINAL, DELAY, withdrawal, known=known)[-1] == ("IN_EFFECT", date(2026, 11, 2))


def test_staggered_days_are_all_among_the_words() -> None:
    dates = (effective(date(2026, 11, 2), "Part A: now."), effective(date(2027, 5, 3), "Part B."))
    staggered = document(date(2026, 9, 1), TITLE, *dates)
    found = states([staggered], [])
    assert [each.since for each in found[1:]] == [date(2026, 11, 2), date(2027, 5, 3)]
    assert {each.words for each in found[1:]} == {"Part A: now.; Part B."}


def test_text_and_data_that_differ_are_both_said_with_their_places() -> None:
    dates = (effective(date(2026, 11, 2), "Nov 2"), effective(date(2026, 11, 3), "x", "API"))
    found = states([document(date(2026, 9, 1), TITLE, *dates)], [])
    assert [each.since for each in found[1:]] == [date(2026, 11, 2), date(2026, 11, 3)]
    assert found[1].words == "Nov 2 (DATES); x (API)"


def test_a_rule_without_an_effective_date_is_not_said_to_be_in_effect() -> None:
    assert told(document(date(2026, 9, 1), TITLE)) == [("NOT_STATED", date(2026, 9, 1))]


def test_a_rule_that_takes_effect_as_it_is_printed_was_never_waiting() -> None:
    at_once = document(date(2026, 9, 1), TITLE, effective(date(2026, 9, 1)))
    assert told(at_once) == [("IN_EFFECT", date(2026, 9, 1))]


def test_an_interim_rule_governs_until_the_final_one_takes_effect() -> None:
    interim = document(
        date(2026, 3, 2), TITLE, effective(date(2026, 3, 2)), action="Interim final rule."
    )
    known = [does(RelationKind.FINALISES, interim, FINAL)]
    both = (interim, FINAL)
    assert on(date(2026, 10, 1), *both, known=known) == states([interim], [])[0]
    final = on(date(2026, 11, 2), *both, known=known)
    assert final is not None
    assert final.document == FINAL.document


def withdrawal_on(published: date, *dates: StatedDate) -> Version:
    return document(published, f"{TITLE}; Withdrawal", *dates, action="Withdrawal.")


def test_a_proposal_is_withdrawn_as_that_is_printed() -> None:
    by = replace(withdrawal_on(date(2026, 6, 1), effective(date(2026, 7, 1))))
    known = [does(RelationKind.WITHDRAWS, PROPOSAL, by)]
    assert told(PROPOSAL, by, known=known)[-1] == ("WITHDRAWN", date(2026, 6, 1))


@pytest.mark.parametrize(
    ("published", "takes_effect", "expected"),
    [
        (date(2026, 10, 1), None, [("WITHDRAWN", date(2026, 10, 1))]),
        (date(2026, 12, 1), date(2027, 1, 4), [
            ("IN_EFFECT", date(2026, 11, 2)), ("RESCINDED", date(2027, 1, 4)),
        ]),
        (date(2026, 10, 1), date(2026, 11, 2), [("WITHDRAWN", date(2026, 11, 2))]),
    ],
)  # fmt: skip
def test_a_rule_is_rescinded_if_it_had_taken_effect_and_else_withdrawn(
    published: date, takes_effect: date | None, expected: list[tuple[str, date]]
) -> None:
    dates = (effective(takes_effect),) if takes_effect else ()
    by = withdrawal_on(published, *dates)
    known = [does(RelationKind.WITHDRAWS, FINAL, by)]
    assert told(FINAL, by, known=known)[1:] == expected


def test_a_withdrawal_in_part_leaves_the_state_and_is_said() -> None:
    part = document(date(2026, 12, 1), f"{TITLE}; Partial Withdrawal", action="Partial withdrawal.")
    known = [does(RelationKind.WITHDRAWS_IN_PART, FINAL, part)]
    found = on(date(2026, 12, 1), FINAL, part, known=known)
    assert found is not None
    assert (found.kind, found.words) == (StateKind.IN_EFFECT, "Partial withdrawal.")


TEMPORARY = document(
    date(2026, 1, 5),
    TITLE,
    effective(date(2026, 1, 5)),
    stated(DateKind.EXPIRES, date(2026, 7, 1), "Effective through July 1, 2026."),
    action="Temporary rule.",
)


def test_a_temporary_rule_expires_after_the_day_through_which_it_runs() -> None:
    assert told(TEMPORARY)[-1] == ("EXPIRED", date(2026, 7, 2))
    found = on(date(2026, 7, 1), TEMPORARY)
    assert found is not None
    assert found.kind is StateKind.IN_EFFECT


def test_an_extended_rule_expires_as_extended_and_one_extended_elsewhere_is_not_judged() -> None:
    longer = document(
        date(2026, 6, 1), TITLE, stated(DateKind.EXPIRES, date(2027, 1, 1), "until Jan 1, 2027")
    )
    known = [does(RelationKind.EXTENDS, TEMPORARY, longer)]
    assert told(TEMPORARY, longer, known=known)[-1] == ("EXPIRED", date(2027, 1, 1))
    assert ("EXPIRED", date(2026, 7, 2)) not in told(TEMPORARY, longer, known=known)
    assert [kind for kind, _ in told(TEMPORARY, known=known)] == ["IN_EFFECT"]


def test_what_is_only_on_file_changes_no_state() -> None:
    on_file = replace(
        DELAY,
        document=Document(source="public_inspection", key="9", kind="public-inspection"),
        metadata={"document_number": "9", "type": "Rule"},
    )
    known = [does(RelationKind.DELAYS, FINAL, on_file)]
    assert told(FINAL, on_file, known=known) == told(FINAL)


def test_documents_that_act_on_each_other_on_one_day_go_round_in_no_circle() -> None:
    other = replace(DELAY, document=replace(DELAY.document, key="2026-99999@2026-10-20"))
    for kind in (RelationKind.DELAYS, RelationKind.WITHDRAWS):
        known = [does(kind, DELAY, other), does(kind, other, DELAY)]
        first = does(kind, FINAL, DELAY)
        assert told(FINAL, DELAY, other, known=[first, *known])[0][0] == "FINAL"


ORDER = replace(
    rule("", title="Order", kind="court-order", citation="No. 26-1 (N.D. Cal. Oct. 1, 2026)"),
    document=Document(source="court_orders", key="N.D. Cal., No. 26-1", kind="court-order"),
    dates=(stated(DateKind.DECIDED, date(2026, 10, 1)),),
)
STAY = replace(
    ORDER,
    document=replace(ORDER.document, key="9th Cir., No. 26-2"),
    dates=(stated(DateKind.DECIDED, date(2026, 10, 9)),),
)


def test_what_courts_did_alters_no_state_and_stands_apart() -> None:
    known = [does(RelationKind.VACATES, FINAL, ORDER), does(RelationKind.STAYS, ORDER, STAY)]
    assert states([FINAL, ORDER, STAY], known) == states([FINAL], [])
    found = court_actions([FINAL.document], known, [ORDER, STAY])
    assert [(each.kind, each.on, each.is_by_hand) for each in found] == [
        (RelationKind.VACATES, date(2026, 10, 1), True),
        (RelationKind.STAYS, date(2026, 10, 9), True),
    ]


def test_a_rulemaking_is_what_was_made_final_and_what_acts_on_it_and_nothing_it_acts_on() -> None:
    old = document(date(2020, 1, 2), "An Older Rule")
    known = [*relations(STORY), does(RelationKind.WITHDRAWS, old, FINAL)]
    mine = {each.document for each in STORY if each is not FILED}
    assert mine <= set(rulemaking(PROPOSAL.document, known))
    assert old.document not in rulemaking(PROPOSAL.document, known)
    assert FINAL.document in rulemaking(old.document, known)


def test_a_proposal_did_not_govern_and_the_final_rule_did_as_corrected() -> None:
    correction = document(
        date(2026, 12, 1), f"{TITLE}; Correction", action="Final rule; correction."
    )
    known = [
        does(RelationKind.FINALISES, PROPOSAL, FINAL),
        does(RelationKind.CORRECTS, FINAL, correction),
    ]
    held = (PROPOSAL, FINAL, correction)
    before = governing(date(2026, 10, 1), PROPOSAL, held, known)
    assert before.text is None
    assert "The proposal itself did not govern." in before.line
    assert before.notes == ("later: in effect from November 2, 2026, by 91 FR 09010",)
    after = governing(date(2026, 12, 2), PROPOSAL, held, known)
    assert after.text == FINAL
    assert after.basis == (
        "“Effective Nov 2, 2026.” (91 FR 09010)",
        "as corrected by 91 FR 12010: “test”",
    )
