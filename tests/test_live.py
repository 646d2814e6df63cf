"""Which stated dates hold at a given moment, told over an invented rulemaking of 2026."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from builders import rule, stated

from pipeline.live import standing
from pipeline.model import (
    DateKind,
    Document,
    Relation,
    RelationKind,
    Standing,
    StatedDate,
    Version,
)
from pipeline.papers import paper
from pipeline.relations import related

TITLE = "Registration of Sample Petitioners"
COMMENTS, EFFECTIVE = DateKind.COMMENTS_CLOSE, DateKind.EFFECTIVE


def document(
    published: date,
    title: str,
    *dates: StatedDate,
    kind: str = "rule",
    action: str = "",
    abstract: str = "",
) -> Version:
    number = f"{published:%Y-%m%d}1"
    made = rule(
        abstract, title=title, number=number, kind=kind, citation=f"91 FR {published:%m%d}0"
    )
    return replace(
        made,
        document=Document(
            source="federal_register", key=f"{number}@{published.isoformat()}", kind=kind
        ),
        dates=(stated(DateKind.PUBLISHED, published), *dates),
        metadata={"document_number": number, "action": action, "abstract": abstract},
    )


PROPOSAL = document(
    date(2026, 3, 2),
    TITLE,
    stated(COMMENTS, date(2026, 5, 1)),
    stated(DateKind.PRA_COMMENTS_CLOSE, date(2026, 4, 1)),
    kind="proposed-rule",
    action="Notice of proposed rulemaking.",
)
EXTENSION = document(
    date(2026, 4, 20),
    f"{TITLE}; Extension of Comment Period",
    stated(COMMENTS, date(2026, 6, 1)),
    kind="proposed-rule",
    action="Proposed rule; extension of comment period.",
    abstract="The proposed rule published on March 2, 2026, is open until June 1, 2026.",
)
CORRECTION = document(
    date(2026, 5, 11),
    f"{TITLE}; Correction",
    kind="proposed-rule",
    action="Proposed rule; correction.",
    abstract="This document corrects a table of the proposed rule published on March 2, 2026.",
)
FINAL = document(
    date(2026, 9, 1),
    TITLE,
    stated(EFFECTIVE, date(2026, 11, 2)),
    action="Final rule.",
)
DELAY = document(
    date(2026, 10, 20),
    f"{TITLE}; Delay of Effective Date",
    stated(EFFECTIVE, date(2027, 1, 4)),
    action="Final rule; delay of effective date.",
    abstract="The final rule published on September 1, 2026, is delayed until January 4, 2027.",
)
FURTHER = document(
    date(2026, 12, 22),
    f"{TITLE}; Further Delay of Effective Date",
    stated(EFFECTIVE, date(2027, 3, 1)),
    action="Final rule; delay of effective date.",
)
STORY = (PROPOSAL, EXTENSION, CORRECTION, FINAL, DELAY, FURTHER)


def relations(versions: Iterable[Version]) -> list[Relation]:
    """What each document says of those before it."""
    papers = [paper(version) for version in versions]
    return [
        relation
        for place, later in enumerate(papers)
        for relation in related(papers[:place], later)
    ]


def known(*versions: Version) -> list[Standing]:
    """Every date of these but those of publication."""
    found = standing(versions, relations(versions))
    return [each for each in found if each.stated.kind is not DateKind.PUBLISHED]


def live(*versions: Version) -> set[tuple[DateKind, date]]:
    return {(each.stated.kind, each.stated.on) for each in known(*versions) if each.live}


PRA = (DateKind.PRA_COMMENTS_CLOSE, date(2026, 4, 1))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (1, {(COMMENTS, date(2026, 5, 1)), PRA}),
        (2, {(COMMENTS, date(2026, 6, 1)), PRA}),
        (3, {(COMMENTS, date(2026, 6, 1)), PRA}),
        (4, {(EFFECTIVE, date(2026, 11, 2))}),
        (5, {(EFFECTIVE, date(2027, 1, 4))}),
        (6, {(EFFECTIVE, date(2027, 3, 1))}),
    ],
)
def test_at_each_moment_only_the_live_dates_live(
    told: int, expected: set[tuple[DateKind, date]]
) -> None:
    assert live(*STORY[:told]) == expected


def test_a_dead_date_names_the_document_that_ended_it_first() -> None:
    why = {(each.document, each.stated.kind): each.why for each in known(*STORY)}
    assert why[PROPOSAL.document, COMMENTS] == "comment period extended by 91 FR 04200"
    assert why[EXTENSION.document, COMMENTS] == "followed by the final rule, 91 FR 09010"
    assert why[FINAL.document, EFFECTIVE] == "delayed by 91 FR 10200"
    assert why[DELAY.document, EFFECTIVE] == "delayed by 91 FR 12220"
    assert why[FURTHER.document, EFFECTIVE] == ""


def relation(kind: RelationKind, earlier: Version, later: Version) -> Relation:
    return Relation(kind=kind, earlier=earlier.document, later=later.document, evidence=("test",))


def test_editions_of_a_series_end_no_date() -> None:
    same = relation(RelationKind.SAME_SERIES, PROPOSAL, FINAL)
    assert all(each.live for each in standing((PROPOSAL, FINAL), [same]))


def test_a_withdrawal_ends_what_was_still_to_come_and_cautions_against_what_is_past() -> None:
    rule_ = replace(FINAL, dates=(*FINAL.dates, stated(DateKind.COMPLIANCE, date(2026, 9, 15))))
    withdrawal = document(date(2026, 10, 1), f"{TITLE}; Withdrawal")
    ended = [relation(RelationKind.WITHDRAWS, rule_, withdrawal)]
    found = {each.stated.kind: each for each in standing((rule_, withdrawal), ended) if each.why}
    assert {kind: (each.live, each.why) for kind, each in found.items()} == {
        EFFECTIVE: (False, "withdrawn by 91 FR 10010"),
        DateKind.COMPLIANCE: (True, "withdrawn by 91 FR 10010 from October 1, 2026"),
    }


def withdrawal_of_final(*days: date) -> Version:
    dates = (stated(EFFECTIVE, on) for on in days)
    return document(date(2026, 10, 1), f"{TITLE}; Withdrawal", *dates)


@pytest.mark.parametrize(
    ("days", "live_", "why"),
    [
        ((), False, "withdrawn by 91 FR 10010"),
        ((date(2026, 8, 3),), False, "withdrawn by 91 FR 10010"),
        ((date(2026, 11, 2),), False, "withdrawn by 91 FR 10010"),
        ((date(2026, 12, 1),), True, "withdrawn by 91 FR 10010 from December 1, 2026"),
        (
            (date(2026, 12, 1), date(2026, 10, 1)),
            True,
            "withdrawn by 91 FR 10010 from October 1, 2026 or December 1, 2026",
        ),
    ],
)
def test_a_withdrawal_counts_from_the_last_day_on_which_it_may_take_effect(
    days: tuple[date, ...], live_: bool, why: str
) -> None:
    withdrawal = withdrawal_of_final(*days)
    found = standing((FINAL, withdrawal), [relation(RelationKind.WITHDRAWS, FINAL, withdrawal)])
    [effective] = [e for e in found if e.document == FINAL.document and e.stated.kind is EFFECTIVE]
    assert (effective.live, effective.why) == (live_, why)


@pytest.mark.parametrize(
    ("dates", "until"),
    [((stated(EFFECTIVE, date(2027, 1, 4)),), "January 4, 2027"), ((), "a day not read")],
)
def test_a_withdrawal_that_is_delayed_ends_nothing_before_its_new_date(
    dates: tuple[StatedDate, ...], until: str
) -> None:
    withdrawal = withdrawal_of_final(date(2026, 10, 15))
    delay = document(date(2026, 10, 13), f"{TITLE}; Withdrawal; Delay", *dates)
    found = standing(
        (FINAL, withdrawal, delay),
        [
            relation(RelationKind.WITHDRAWS, FINAL, withdrawal),
            relation(RelationKind.DELAYS, withdrawal, delay),
        ],
    )
    [effective] = [e for e in found if e.document == FINAL.document and e.stated.kind is EFFECTIVE]
    assert effective.live
    assert effective.why == f"withdrawn by 91 FR 10010 from October 15, 2026 or {until}"


HEARING = stated(DateKind.HEARING, date(2026, 9, 10))


@pytest.mark.parametrize(("held", "live_"), [(date(2026, 9, 10), False), (date(2026, 8, 3), True)])
def test_a_final_rule_ends_the_hearings_of_its_proposal_that_are_to_come(
    held: date, live_: bool
) -> None:
    proposal = replace(PROPOSAL, dates=(*PROPOSAL.dates, replace(HEARING, on=held)))
    found = standing((proposal, FINAL), [relation(RelationKind.FINALISES, proposal, FINAL)])
    [hearing] = [each for each in found if each.stated.kind is DateKind.HEARING]
    assert (hearing.live, hearing.why) == (
        live_,
        "" if live_ else "followed by the final rule, 91 FR 09010",
    )


def filed(on: date, *dates: StatedDate, number: str = "2026-90001") -> Version:
    """A document on file for public inspection: its key has no day."""
    made = document(on, TITLE, kind="public-inspection")
    return replace(
        made,
        document=Document(source="public_inspection", key=number, kind="public-inspection"),
        citation="",
        dates=(stated(DateKind.INSPECTION, on), *dates),
    )


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        (RelationKind.WITHDRAWS, "withdrawal"),
        (RelationKind.FINALISES, "final rule"),
        (RelationKind.EXTENDS_COMMENTS, "extension of the comment period"),
        (RelationKind.CORRECTS, "correction"),
    ],
)
def test_what_is_only_on_file_ends_no_date_and_is_shown(kind: RelationKind, named: str) -> None:
    on_file = filed(date(2026, 4, 20), stated(COMMENTS, date(2026, 6, 1)))
    found = standing((PROPOSAL, on_file), [relation(kind, PROPOSAL, on_file)])
    [closing] = [e for e in found if e.document == PROPOSAL.document and e.stated.kind is COMMENTS]
    assert closing.live
    assert closing.why == (
        f"{named} on file for publication: FR Doc. 2026-90001 (filed April 20, 2026)"
    )


def test_what_is_on_file_says_nothing_of_dates_it_does_not_reach() -> None:
    on_file = filed(date(2026, 10, 1))
    found = standing((FINAL, on_file), [relation(RelationKind.EXTENDS_COMMENTS, FINAL, on_file)])
    assert not any(each.why for each in found)


def test_once_published_what_was_on_file_is_no_caution_any_more() -> None:
    on_file = filed(date(2026, 4, 17))
    found = standing(
        (PROPOSAL, on_file, CORRECTION),
        [
            relation(RelationKind.CORRECTS, PROPOSAL, on_file),
            relation(RelationKind.CORRECTS, PROPOSAL, CORRECTION),
            relation(RelationKind.PUBLISHES, on_file, CORRECTION),
        ],
    )
    assert not any(each.why for each in found)


def test_a_withdrawal_on_file_of_a_delay_is_named() -> None:
    on_file = filed(date(2026, 10, 27))
    found = standing(
        (FINAL, DELAY, on_file),
        [
            relation(RelationKind.DELAYS, FINAL, DELAY),
            relation(RelationKind.WITHDRAWS, DELAY, on_file),
        ],
    )
    effective = {each.document: each for each in found if each.stated.kind is EFFECTIVE}
    assert all(each.live for each in effective.values())
    assert effective[FINAL.document].why == (
        "delayed by 91 FR 10200, which FR Doc. 2026-90001, on file for publication, withdraws"
    )


def test_what_is_on_file_takes_its_place_by_the_day_of_filing() -> None:
    further = filed(date(2026, 12, 21))
    early = filed(date(2026, 10, 1), number="2026-90002")
    acts = [relation(RelationKind.DELAYS, FINAL, each) for each in (DELAY, further, early)]
    found = standing((FINAL, DELAY, further, early), acts)
    [delayed] = [e for e in found if e.document == DELAY.document and e.stated.kind is EFFECTIVE]
    assert delayed.why.endswith("FR Doc. 2026-90001 (filed December 21, 2026)")
    assert "90002" not in delayed.why


def test_the_day_on_which_a_document_was_seen_is_an_eastern_one() -> None:
    late = datetime(2026, 10, 2, 2, 30, tzinfo=UTC)  # half past ten on the first in Washington
    withdrawal = replace(withdrawal_of_final(), dates=(), seen_at=late)
    rule_ = replace(FINAL, dates=(stated(EFFECTIVE, date(2026, 10, 1)),))
    found = standing((rule_, withdrawal), [relation(RelationKind.WITHDRAWS, rule_, withdrawal)])
    assert not found[0].live
    assert paper(withdrawal).published == date(2026, 10, 1)


def test_a_withdrawal_in_part_leaves_dates_live_and_says_where_to_look() -> None:
    withdrawal = document(date(2026, 10, 1), f"{TITLE}; Partial Withdrawal")
    found = standing(
        (FINAL, withdrawal), [relation(RelationKind.WITHDRAWS_IN_PART, FINAL, withdrawal)]
    )
    assert [(each.live, each.why) for each in found if each.stated.kind is EFFECTIVE] == [
        (True, "withdrawn in part: see 91 FR 10010")
    ]


def test_a_delay_that_is_withdrawn_gives_the_first_date_back() -> None:
    withdrawal = document(date(2026, 10, 27), f"{TITLE}; Delay of Effective Date; Withdrawal")
    found = standing(
        (FINAL, DELAY, withdrawal),
        [
            relation(RelationKind.DELAYS, FINAL, DELAY),
            relation(RelationKind.WITHDRAWS, DELAY, withdrawal),
        ],
    )
    effective = {each.document: each for each in found if each.stated.kind is EFFECTIVE}
    assert effective[FINAL.document].live
    assert effective[FINAL.document].why == "delayed by 91 FR 10200, which 91 FR 10270 withdraws"
    assert not effective[DELAY.document].live


def test_a_correction_replaces_only_dates_of_the_kind_it_states() -> None:
    correction = document(
        date(2026, 3, 9), f"{TITLE}; Correction", stated(COMMENTS, date(2026, 5, 4))
    )
    found = standing(
        (PROPOSAL, correction), [relation(RelationKind.CORRECTS, PROPOSAL, correction)]
    )
    dead = [(each.stated.kind, each.why) for each in found if not each.live]
    assert dead == [(COMMENTS, "corrected by 91 FR 03090")]


def test_a_corrections_own_effective_date_is_not_taken_for_the_rules() -> None:
    correction = document(
        date(2026, 9, 9), f"{TITLE}; Correction", stated(EFFECTIVE, date(2026, 9, 9))
    )
    found = standing((FINAL, correction), [relation(RelationKind.CORRECTS, FINAL, correction)])
    [rules] = [e for e in found if e.document == FINAL.document and e.stated.kind is EFFECTIVE]
    assert rules.live
    assert rules.why == (
        "corrected by 91 FR 09090: it states an effective date, which may be the correction's own"
    )


def test_a_correction_that_names_the_wrong_effective_date_replaces_it() -> None:
    correction = document(
        date(2026, 9, 9),
        f"{TITLE}; Correction",
        stated(EFFECTIVE, date(2026, 12, 2)),
        abstract="The effective date is corrected from November 2, 2026, to December 2, 2026.",
    )
    found = standing((FINAL, correction), [relation(RelationKind.CORRECTS, FINAL, correction)])
    assert [each.stated.on for each in found if not each.live] == [date(2026, 11, 2)]


STAGGERED = replace(FINAL, dates=(*FINAL.dates, stated(EFFECTIVE, date(2027, 5, 3))))


def test_of_staggered_dates_the_one_that_is_named_is_replaced() -> None:
    delay = replace(DELAY, metadata={"abstract": "From November 2, 2026, until January 4, 2027."})
    found = standing((STAGGERED, delay), [relation(RelationKind.DELAYS, STAGGERED, delay)])
    states = {each.stated.on: each.live for each in found if each.stated.kind is EFFECTIVE}
    assert not states[date(2026, 11, 2)]


def test_where_it_cannot_be_told_which_date_is_replaced_all_live_with_the_reason() -> None:
    delay = replace(DELAY, blocks=(), metadata={})
    found = standing((STAGGERED, delay), [relation(RelationKind.DELAYS, STAGGERED, delay)])
    doubtful = [each for each in found if each.document == STAGGERED.document and each.why]
    assert [each.live for each in doubtful] == [True, True]
    assert {each.why for each in doubtful} == {
        "delayed by 91 FR 10200: it does not say which of these dates it replaces"
    }


def test_an_extension_whose_new_date_could_not_be_read_ends_nothing() -> None:
    extension = replace(EXTENSION, dates=EXTENSION.dates[:1])
    found = standing(
        (PROPOSAL, extension), [relation(RelationKind.EXTENDS_COMMENTS, PROPOSAL, extension)]
    )
    [closing] = [each for each in found if each.stated.kind is COMMENTS]
    assert closing.live
    assert closing.why.endswith("no new date could be read in it")


def test_a_documents_own_dates_that_differ_both_stand() -> None:
    api = stated(COMMENTS, date(2026, 5, 4), read_from="API comments_close_on")
    assert all(each.live for each in known(replace(PROPOSAL, dates=(*PROPOSAL.dates, api))))


def test_both_readings_of_a_date_fall_to_the_document_that_replaces_it() -> None:
    api = stated(COMMENTS, date(2026, 5, 4), read_from="API comments_close_on")
    proposal = replace(PROPOSAL, dates=(*PROPOSAL.dates, api))
    assert live(proposal, EXTENSION) == {(COMMENTS, date(2026, 6, 1)), PRA}


def test_an_extension_that_states_a_paperwork_date_ends_the_earlier_one() -> None:
    extension = replace(
        EXTENSION,
        dates=(*EXTENSION.dates, stated(DateKind.PRA_COMMENTS_CLOSE, date(2026, 6, 1))),
    )
    assert PRA not in live(PROPOSAL, extension)


def test_what_is_not_held_ends_nothing_and_is_named() -> None:
    found = standing((FINAL,), [relation(RelationKind.DELAYS, FINAL, DELAY)])
    [effective] = [each for each in found if each.stated.kind is EFFECTIVE]
    assert effective.live
    assert effective.why == f"delayed by {DELAY.document.key}, which is not held"


def test_facts_stay_facts_whatever_comes_later() -> None:
    filed = stated(DateKind.INSPECTION, date(2026, 12, 31))
    rule_ = replace(FINAL, dates=(*FINAL.dates, filed))
    withdrawal = document(date(2026, 10, 1), f"{TITLE}; Withdrawal")
    found = standing((rule_, withdrawal), [relation(RelationKind.WITHDRAWS, rule_, withdrawal)])
    assert next(each for each in found if each.stated == filed).live
