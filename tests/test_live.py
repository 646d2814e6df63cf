"""Which stated dates hold at a given moment, told over an invented rulemaking of 2026."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from builders import rule, stated

from pipeline.live import chain, standing
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
    assert why[EXTENSION.document, COMMENTS] == "superseded by the final rule, 91 FR 09010"
    assert why[FINAL.document, EFFECTIVE] == "delayed by 91 FR 10200"
    assert why[DELAY.document, EFFECTIVE] == "delayed by 91 FR 12220"
    assert why[FURTHER.document, EFFECTIVE] == ""


def test_the_story_is_one_chain_in_order_of_publication() -> None:
    assert chain(reversed(relations(STORY))) == (tuple(each.document for each in STORY),)


def relation(kind: RelationKind, earlier: Version, later: Version) -> Relation:
    return Relation(kind=kind, earlier=earlier.document, later=later.document, evidence=("test",))


def test_editions_of_a_series_are_no_chain_and_end_no_date() -> None:
    same = relation(RelationKind.SAME_SERIES, PROPOSAL, FINAL)
    assert chain([same]) == ()
    assert all(each.live for each in standing((PROPOSAL, FINAL), [same]))


def test_chains_that_meet_are_one_and_others_stay_apart() -> None:
    found = chain(
        [
            relation(RelationKind.DELAYS, DELAY, FURTHER),
            relation(RelationKind.FINALISES, PROPOSAL, FINAL),
            relation(RelationKind.EXTENDS_COMMENTS, PROPOSAL, EXTENSION),
        ]
    )
    assert [[each.key[5:9] for each in group] for group in found] == [
        ["0302", "0420", "0901"],
        ["1020", "1222"],
    ]


def test_a_withdrawal_ends_what_was_still_to_come_and_nothing_past() -> None:
    rule_ = replace(FINAL, dates=(*FINAL.dates, stated(DateKind.COMPLIANCE, date(2026, 9, 15))))
    withdrawal = document(date(2026, 10, 1), f"{TITLE}; Withdrawal")
    ended = [relation(RelationKind.WITHDRAWS, rule_, withdrawal)]
    dead = [each.stated.kind for each in standing((rule_, withdrawal), ended) if not each.live]
    assert dead == [EFFECTIVE]


def test_a_withdrawal_counts_from_the_day_it_takes_effect() -> None:
    withdrawal = document(
        date(2026, 10, 1), f"{TITLE}; Withdrawal", stated(EFFECTIVE, date(2026, 12, 1))
    )
    found = standing((FINAL, withdrawal), [relation(RelationKind.WITHDRAWS, FINAL, withdrawal)])
    assert all(each.live for each in found)


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
