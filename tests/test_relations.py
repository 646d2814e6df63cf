"""What a later Federal Register document does to an earlier one, and on what evidence."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import rule

from lexwatch.evaluation.relations import LABELS, NOT_RELATED
from pipeline.model import Document, RelationKind
from pipeline.papers import Paper, issued_on, paper
from pipeline.relations import clues, relate, related
from pipeline.titles import designated, series, stem

TITLE = "Registration of Sample Petitioners"


def sample(published: str, title: str = TITLE, *, kind: str = "rule", **stated: Any) -> Paper:
    number = stated.pop("number", f"{published[:4]}-{published[5:7]}{published[8:]}1")
    source = stated.pop("source", "federal_register")
    return Paper(
        document=Document(source=source, key=f"{number}@{published}", kind=kind),
        number=number,
        published=date.fromisoformat(published),
        kind=kind,
        title=title,
        **stated,
    )


def kind(earlier: Paper, later: Paper) -> RelationKind | None:
    found = relate(earlier, later)
    return found.kind if found else None


PROPOSAL = sample("2026-03-02", kind="proposed-rule", citation="91 FR 10001")
FINAL = sample("2026-09-01", action="Final rule.", citation="91 FR 50001")


@pytest.mark.parametrize(
    ("title", "abstract", "expected"),
    [
        (f"{TITLE}; Correction", "", RelationKind.CORRECTS),
        (f"{TITLE}-Correction", "", RelationKind.CORRECTS),
        (f"{TITLE}; Withdrawal", "", RelationKind.WITHDRAWS),
        (f"{TITLE}; Partial Withdrawal", "", RelationKind.WITHDRAWS_IN_PART),
        (f"{TITLE}; Delay of Effective Date", "", RelationKind.DELAYS),
        (TITLE, "The Department is delaying the rule's effective date.", RelationKind.DELAYS),
        (TITLE, "The Department is withdrawing this final rule.", RelationKind.WITHDRAWS),
        (TITLE, "This document corrects an error in the table.", RelationKind.CORRECTS),
    ],
)
def test_the_agencys_own_words_say_what_is_done(
    title: str, abstract: str, expected: RelationKind
) -> None:
    assert kind(FINAL, sample("2026-10-01", title, abstract=abstract)) is expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (f"{TITLE}; Extension of Comment Period", RelationKind.EXTENDS_COMMENTS),
        (f"{TITLE}; Reopening of Comment Period", RelationKind.REOPENS_COMMENTS),
        (f"{TITLE}; Re-Opening of the Public Comment Period", RelationKind.REOPENS_COMMENTS),
        (f"{TITLE}: Withdrawal of Proposed Rule", RelationKind.WITHDRAWS),
    ],
)
def test_a_proposals_period_and_end_are_told(title: str, expected: RelationKind) -> None:
    assert kind(PROPOSAL, sample("2026-04-01", title, kind="proposed-rule")) is expected


@pytest.mark.parametrize(
    "said",
    [
        "The comment period is being extended to May 1, 2026.",
        "The period for submitting public comments has been extended to May 1, 2026.",
        "The agency has decided to extend the public comment period.",
    ],
)
def test_a_period_that_is_extended_in_the_passive_is_extended(said: str) -> None:
    later = sample("2026-04-01", abstract=said)
    assert kind(PROPOSAL, later) is RelationKind.EXTENDS_COMMENTS


def test_a_day_on_which_comments_were_solicited_names_the_request() -> None:
    request = sample("2026-03-02", "Sample Guides for Foreign Workers", kind="notice")
    said = (
        "On March 2, 2026, the U.S. Sample Commission solicited comments on a guide. It has"
        " decided to extend the comment period."
    )
    later = sample("2026-04-01", "Sample Guide for Foreign Workers", kind="notice", abstract=said)
    assert kind(request, later) is RelationKind.EXTENDS_COMMENTS


@pytest.mark.parametrize("title", ["Visas: Sample Visas for Guests", "Sample Visa for Guest"])
def test_a_title_keeps_its_subject_in_the_plural_and_under_the_agencys_heading(title: str) -> None:
    earlier = sample("2026-03-02", title, kind="proposed-rule")
    later = sample("2026-09-01", "Sample Visas for Guests", action="Final rule.")
    assert kind(earlier, later) is RelationKind.FINALISES


def test_a_temporary_rule_is_made_final_by_a_rule_that_says_so_and_names_it() -> None:
    temporary = sample("2026-03-02", "Visas: Sample Bond Pilot Program", action="Temporary rule.")
    said = (
        "This rule finalizes the temporary final rule that launched the Sample Bond Pilot Program."
    )
    later = sample("2026-09-01", "Visas: Sample Bonds", action="Final rule.", abstract=said)
    assert kind(temporary, later) is RelationKind.FINALISES
    assert "sample bond pilot program" in clues(later).titles
    other = replace(later, abstract="This rule amends what the Sample Bond Pilot Program was.")
    assert kind(temporary, other) is not RelationKind.FINALISES


def test_a_programme_for_several_groups_is_ended_for_each_of_them() -> None:
    begun = [
        sample(f"2024-0{n}-02", f"Implementation of a Sample Entry Process for {group}")
        for n, group in enumerate(("Utopians", "Atlanteans", "Ruritanians"), start=1)
    ]
    ended = sample(
        "2026-09-01", "Termination of Sample Entry Processes for Atlanteans and Utopians"
    )
    assert [kind(each, ended) for each in begun] == [
        RelationKind.WITHDRAWS,
        RelationKind.WITHDRAWS,
        None,
    ]
    assert set(clues(begun[0]).titles) & set(clues(ended).titles)


def test_a_measure_that_is_ended_is_ended_in_its_latest_edition() -> None:
    renewed = [
        sample(f"2026-0{month}-02", "Notification of Temporary Sample Restrictions at Utopia")
        for month in (3, 4, 5)
    ]
    ended = sample(
        "2026-09-01",
        "Notification of Termination of Temporary Sample Restrictions at Utopia",
    )
    done = related(renewed, ended)
    assert [(each.kind, each.earlier) for each in done] == [
        (RelationKind.WITHDRAWS, renewed[-1].document)
    ]
    assert set(clues(ended).titles) & set(clues(renewed[0]).titles)


def test_a_generic_title_and_the_day_it_names_are_one_document() -> None:
    title = "Privacy Act of 1974; Implementation"
    said = "We are finalizing the exemptions proposed on March 2, 2026."
    later = sample("2026-09-01", title, action="Final rule.", abstract=said)
    assert kind(sample("2026-03-02", title, kind="proposed-rule"), later) is RelationKind.FINALISES
    assert relate(sample("2026-03-03", title, kind="proposed-rule"), later) is None


def test_two_rules_of_a_short_title_are_no_editions_of_each_other() -> None:
    rules = [sample(f"2026-0{n}-02", "Sample Visas", action="Final rule.") for n in (3, 4)]
    assert relate(*rules) is None


def test_relief_for_students_of_a_country_is_one_series_whatever_befell_them() -> None:
    title = "Employment Authorization for {} F-1 Nonimmigrant Students Experiencing Severe Economic"
    flood, war, other = (
        sample(
            f"2026-0{n}-02", f"{title.format(whose)} Hardship as a Result of {why}", kind="notice"
        )
        for n, whose, why in (
            (3, "Utopian", "a Flood"),
            (4, "Utopian", "a War"),
            (5, "Elbian", "it"),
        )
    )
    assert kind(flood, war) is RelationKind.SAME_SERIES
    assert relate(flood, other) is None


@pytest.mark.parametrize(
    ("ending", "expected"),
    [("Correction", RelationKind.CORRECTS), ("Withdrawal", RelationKind.WITHDRAWS)],
)
def test_what_undoes_a_delay_acts_on_the_delay_and_not_on_the_rule(
    ending: str, expected: RelationKind
) -> None:
    delay = sample("2026-09-15", f"{TITLE}; Delay of Effective Date", action="Final rule; delay.")
    later = sample("2026-10-01", f"{TITLE}; Delay of Effective Date; {ending}")
    assert kind(delay, later) is expected
    assert kind(FINAL, later) is not RelationKind.DELAYS
    assert kind(FINAL, later) is not expected


def test_a_mistake_that_a_summary_tells_of_makes_a_final_rule_no_correction() -> None:
    told = "Petitioners whose filing incorrectly stated a fee may file again."
    assert kind(PROPOSAL, replace(FINAL, abstract=told)) is RelationKind.FINALISES
    ours = "The agency incorrectly stated a fee."
    assert kind(PROPOSAL, replace(FINAL, abstract=ours)) is RelationKind.FINALISES


def test_no_title_or_summary_is_read_beyond_what_real_ones_have() -> None:
    long = "Implementation of a " + "process for " * 20_000
    started = time.process_time()
    kind(sample("2026-03-02", long), sample("2026-09-01", long, abstract=long, action=long))
    assert time.process_time() - started < 5  # quadratic reading would take minutes


def test_an_order_of_the_president_that_a_summary_names_is_not_withdrawn_by_an_agency() -> None:
    order = sample("2026-03-02", "Restoring the Sample System of Entry")
    said = (
        "Under Executive Order 14999, Restoring the Sample System of Entry, we are withdrawing it."
    )
    assert relate(order, sample("2026-09-01", "Sample Housing; Withdrawal", abstract=said)) is None


def test_a_final_rule_finalises_its_proposal() -> None:
    found = relate(PROPOSAL, FINAL)
    assert found is not None
    assert found.kind is RelationKind.FINALISES
    assert found.evidence[0] == "first a proposal, then the final rule"


def test_a_final_rule_finalises_an_interim_one() -> None:
    interim = sample("2026-03-02", action="Interim final rule.")
    assert kind(interim, FINAL) is RelationKind.FINALISES


def test_a_correction_is_of_the_document_it_names_and_of_no_other_of_that_title() -> None:
    said = "We correct the rule published on September 1, 2026. This document corrects the date."
    correction = sample("2026-10-01", f"{TITLE}; Correction", abstract=said)
    assert kind(FINAL, correction) is RelationKind.CORRECTS
    assert kind(PROPOSAL, correction) is None


def test_a_number_names_what_a_printers_correction_corrects() -> None:
    correction = sample("2026-10-01", number=f"C1-{FINAL.number}")
    assert kind(FINAL, correction) is RelationKind.CORRECTS
    assert kind(PROPOSAL, correction) is None


def test_the_registers_own_link_joins_whatever_the_titles() -> None:
    correction = sample("2026-10-01", "Sample Errata; Correction", correction_of=FINAL.number)
    found = relate(FINAL, correction)
    assert found is not None
    assert found.evidence[-1] == f"it is published as the correction of FR Doc. {FINAL.number}"


def test_a_rin_alone_never_joins() -> None:
    earlier = sample("2026-03-02", "Sample Fees", rins=("1615-ZZ99",), action="Final rule.")
    later = sample("2026-10-01", "Sample Forms; Correction", rins=("1615-ZZ99",))
    assert relate(earlier, later) is None


def test_docket_and_rin_together_join_a_reworded_title() -> None:
    marks: dict[str, Any] = {"rins": ("1615-ZZ99",), "dockets": ("USCIS-2026-0999",)}
    earlier = sample("2026-03-02", "Sample Fees", kind="proposed-rule", **marks)
    later = sample("2026-10-01", "Fees for Samples", action="Final rule.", **marks)
    assert kind(earlier, later) is RelationKind.FINALISES


def test_a_title_used_again_under_another_rin_joins_nothing() -> None:
    earlier = sample("2026-03-02", kind="proposed-rule", rins=("1615-ZZ98",))
    later = sample("2026-10-01", action="Final rule.", rins=("1615-ZZ99",))
    assert kind(earlier, later) is not RelationKind.FINALISES
    assert (
        relate(earlier, sample("2026-10-01", f"{TITLE}; Withdrawal", rins=("1615-ZZ99",))) is None
    )


def test_a_title_that_only_sounds_like_another_joins_nothing() -> None:
    assert relate(FINAL, sample("2026-10-01", "Registration of Petitioners; Correction")) is None


def test_another_agencys_document_of_the_same_title_is_unrelated() -> None:
    earlier = sample("2026-03-02", agencies=("State Department",), kind="proposed-rule")
    later = sample("2026-10-01", agencies=("Labor Department",), action="Final rule.")
    assert relate(earlier, later) is None


def test_a_title_that_names_no_subject_joins_nothing() -> None:
    title = "Privacy Act of 1974; System of Records"
    assert stem(title) == ""
    assert relate(sample("2026-03-02", title), sample("2026-10-01", title)) is None


def test_a_text_that_cites_an_earlier_document_of_another_subject_does_nothing_to_it() -> None:
    later = sample("2026-10-01", "Sample Bonds; Withdrawal", cites=frozenset({"91 FR 50001"}))
    assert relate(FINAL, later) is None


def test_a_summary_that_cites_the_page_joins_a_reworded_title() -> None:
    later = sample(
        "2026-10-01", "Sample Bonds; Withdrawal", abstract="The rule at 91 FR 50001 is withdrawn."
    )
    assert kind(FINAL, later) is RelationKind.WITHDRAWS


def test_a_second_delay_is_of_the_rule_and_of_the_first_delay() -> None:
    first = sample("2026-10-01", f"{TITLE}; Delay of Effective Date")
    said = (
        "On September 1, 2026, the Department published a rule. It is delaying its effective date."
    )
    second = sample("2026-11-02", f"{TITLE}; Further Delay of Effective Date", abstract=said)
    assert kind(FINAL, second) is RelationKind.DELAYS
    assert kind(first, second) is RelationKind.DELAYS


def test_a_proposed_delay_delays_nothing_and_is_finalised_by_the_delay() -> None:
    said = "The rule published on September 1, 2026, would take effect later."
    proposed = sample(
        "2026-10-01",
        f"{TITLE}; Proposed Delay of Effective Date",
        kind="proposed-rule",
        abstract=said,
    )
    delay = sample("2026-11-02", f"{TITLE}; Delay of Effective Date")
    assert kind(FINAL, proposed) is RelationKind.SAME_SERIES
    assert kind(proposed, delay) is RelationKind.FINALISES


def test_a_delay_named_by_day_and_title_survives_rewording() -> None:
    earlier = sample("2026-09-01", "Wages of Sample Aliens in the States", action="Final rule.")
    said = (
        'The rule entitled "Wages of Sample Aliens in the States," published on September 1, 2026.'
    )
    later = sample(
        "2026-10-01",
        "Wages of Sample Workers in the States: Delay of Effective Date",
        abstract=said,
    )
    found = relate(earlier, later)
    assert found is not None
    assert found.evidence[-1] == "it names the document of September 1, 2026"


def test_an_extension_of_stay_is_a_noun_and_no_act() -> None:
    title = "An Extension of Stay Procedure for Sample Students"
    earlier = sample("2026-03-02", title, kind="proposed-rule")
    assert (
        kind(earlier, sample("2026-10-01", title, action="Final rule.")) is RelationKind.FINALISES
    )


def test_a_name_that_both_bear_is_no_act_of_the_later() -> None:
    title = "Revocation of Sample Authority and Termination of Tariff"
    earlier, later = (
        sample("2026-03-02", title, kind="notice"),
        sample("2026-10-01", title, kind="notice"),
    )
    assert kind(earlier, later) is not RelationKind.WITHDRAWS


def test_a_new_proposal_has_nothing_to_do_with_a_withdrawn_one_of_its_name() -> None:
    withdrawal = sample("2026-04-01", f"{TITLE}; Withdrawal", kind="proposed-rule")
    again = sample("2026-10-01", kind="proposed-rule")
    assert relate(withdrawal, again) is None
    assert relate(PROPOSAL, again) is None


def test_a_withdrawal_of_a_final_rule_is_not_of_the_proposal() -> None:
    said = "The Department is withdrawing the final rule."
    later = sample("2026-10-01", f"{TITLE}; Withdrawal", abstract=said)
    assert kind(FINAL, later) is RelationKind.WITHDRAWS
    assert kind(PROPOSAL, later) is None


TPS = "for Temporary Protected Status"


def test_an_extension_of_a_states_designation_is_of_that_state_alone() -> None:
    samaria = sample("2026-03-02", f"Designation of Samaria {TPS}", kind="notice")
    sylvania = sample(
        "2026-03-02", f"Designation of Sylvania {TPS}", kind="notice", number="2026-2"
    )
    later = sample("2026-10-01", f"Extension and Redesignation of Samaria {TPS}", kind="notice")
    assert kind(samaria, later) is RelationKind.EXTENDS
    assert relate(sylvania, later) is None


def test_a_correction_of_one_states_notice_is_of_no_other_states() -> None:
    later = sample(
        "2026-10-01", f"Extension of the Designation of Samaria {TPS}-Correction", kind="notice"
    )
    one = sample("2026-09-01", f"Extension of the Designation of Samaria {TPS}", kind="notice")
    other = sample("2026-09-01", f"Extension of the Designation of Sylvania {TPS}", kind="notice")
    assert kind(one, later) is RelationKind.CORRECTS
    assert relate(other, later) is None


def test_a_vacatur_is_of_the_decision_of_the_year_it_names() -> None:
    old = sample("2024-09-01", f"Extension of the Designation of Samaria {TPS}", kind="notice")
    new = sample("2026-01-12", f"Extension of the 2024 Designation of Samaria {TPS}", kind="notice")
    vacatur = sample(
        "2026-02-02",
        "Vacatur of 2026 Temporary Protected Status Decision for Samaria",
        kind="notice",
    )
    assert kind(new, vacatur) is RelationKind.WITHDRAWS
    assert kind(old, vacatur) is not RelationKind.WITHDRAWS


def test_the_end_of_a_designation_takes_back_no_earlier_notice() -> None:
    earlier = sample("2026-03-02", f"Extension of the Designation of Samaria {TPS}", kind="notice")
    later = sample("2026-10-01", f"Termination of the Designation of Samaria {TPS}", kind="notice")
    found = relate(earlier, later)
    assert found is not None
    assert found.kind is RelationKind.SAME_SERIES
    assert "ends the designation" in found.evidence[0]


def test_a_restriction_is_continued_for_one_border_and_not_the_other() -> None:
    title = "Sample Travel Restrictions Between the United States and {}"
    said = "The decision is to continue to temporarily restrict travel."
    later = sample("2026-10-01", title.format("Canada"), kind="notice", abstract=said)
    north = sample("2026-03-02", title.format("Canada"), kind="notice")
    south = sample("2026-03-02", title.format("Mexico"), kind="notice")
    assert kind(north, later) is RelationKind.EXTENDS
    assert relate(south, later) is None


def test_the_thirty_day_notice_follows_the_sixty_day_notice() -> None:
    earlier = sample(
        "2026-03-02",
        "60-Day Notice of Proposed Information Collection: Sample Petition",
        kind="notice",
    )
    later = sample(
        "2026-10-01",
        "30-Day Notice of Proposed Information Collection: Sample Petition",
        kind="notice",
    )
    assert kind(earlier, later) is RelationKind.SAME_SERIES


def test_an_annual_notice_follows_last_years() -> None:
    earlier = sample("2025-10-01", "Sample Admissions Numbers for Fiscal Year 2026", kind="notice")
    later = sample("2026-10-01", "Sample Admissions Numbers for Fiscal Year 2027", kind="notice")
    assert kind(earlier, later) is RelationKind.SAME_SERIES
    assert series(earlier.title) == series(later.title)


def test_what_was_on_public_inspection_is_published_under_its_number() -> None:
    filed = sample("2026-08-31", number=FINAL.number, source="public_inspection")
    assert kind(filed, FINAL) is RelationKind.PUBLISHES


def test_a_number_used_again_years_later_is_another_document() -> None:
    old = sample("2006-08-31", "Sample Duties", number=FINAL.number, source="public_inspection")
    assert relate(old, FINAL) is None


def test_two_documents_of_one_day_and_title_are_joined_by_nothing() -> None:
    companion = sample("2026-03-02", number="2026-9", action="Direct final rule.")
    assert relate(PROPOSAL, companion) is None


def test_a_later_document_does_nothing_to_a_still_later_one() -> None:
    assert relate(FINAL, PROPOSAL) is None


def test_of_two_proposals_of_one_title_the_final_rule_ends_the_later() -> None:
    first = sample("2019-03-02", kind="proposed-rule")
    assert [r.earlier for r in related((first, PROPOSAL), FINAL)] == [PROPOSAL.document]


def test_clues_are_names_titles_and_days() -> None:
    later = sample(
        "2026-10-01",
        f"{TITLE}; Correction",
        abstract="The rule published on September 1, 2026, at 91 FR 50001 is corrected.",
        rins=("1615-ZZ99",),
        correction_of=FINAL.number,
    )
    found = clues(later)
    assert found.names[0] == f"FR Doc. {FINAL.number}"
    assert {"91 FR 50001", "RIN 1615-ZZ99"} <= set(found.names)
    assert found.titles == ("registration of sample petitioner",)
    assert found.days == (FINAL.published,)


def test_clues_are_bounded_however_much_a_text_cites() -> None:
    cites = frozenset(f"91 FR {page}" for page in range(1, 5000))
    days = ". ".join(f"See March {day}, 2026" for day in range(1, 32))
    found = clues(sample("2026-10-01", cites=cites, abstract=days))
    assert (len(found.names), len(found.days)) == (200, 12)


def test_days_that_something_runs_from_or_until_are_no_days_of_publication() -> None:
    said = "Effective May 1, 2026, through May 3, 2027. On April 1, 2026, we issued a rule."
    assert issued_on(said) == {date(2026, 4, 1)}


def test_a_memorandum_of_a_day_does_not_say_which_rule_is_meant() -> None:
    said = "On September 20, 2026, the President issued a memorandum on freezing rules."
    delay = sample("2026-10-01", f"{TITLE}; Delay of Effective Date", abstract=said)
    assert kind(FINAL, delay) is RelationKind.DELAYS


def test_an_action_line_speaks_where_the_title_is_silent() -> None:
    action = "Final rule; delay of effective date."
    assert kind(FINAL, sample("2026-10-01", action=action)) is RelationKind.DELAYS
    action = "Temporary final rule; extension of expiration date."
    temporary = sample("2026-09-01", action="Temporary final rule.")
    assert kind(temporary, sample("2026-10-01", action=action)) is RelationKind.EXTENDS


def test_states_of_a_designation_are_read_from_any_order_of_words() -> None:
    assert designated(f"Extension of South Sudan Designation {TPS}") == {"south sudan"}
    assert designated(
        "Extension of Periods for the Temporary Protected Status Designations of A, B, and C"
    ) == {"a", "b", "c"}


def test_a_version_gives_its_paper() -> None:
    version = rule("See 90 FR 12345 and FR Doc. 2025-01234.", citation="91 FR 60001")
    found = paper(version)
    assert (found.number, found.citation, found.kind) == ("2026-21001", "91 FR 60001", "rule")
    assert found.cites == {"90 FR 12345", "FR Doc. 2025-01234"}


def corpus(shared: Path) -> dict[str, Paper]:
    """The real documents by number: titles, days and abstracts; the corpus states no kinds."""
    folder = shared / "corpora"
    return {
        each.number: each for name in ("immigration", "other") for each in _papers(folder, name)
    }


def _papers(folder: Path, name: str) -> Iterator[Paper]:
    for line in (folder / f"federal_register_{name}.jsonl").read_text().splitlines():
        entry = json.loads(line)
        said = entry["abstract"]
        yield sample(
            entry["publication_date"],
            entry["title"],
            kind="",
            number=entry["document_number"],
            abstract="" if said.startswith("No ") else said,
        )


@pytest.mark.parametrize(
    "title",
    [TITLE, f"Temporary Protected Status {'designation of ' * 40_000}", "Correction; " * 40_000],
)
def test_hostile_words_cost_no_time(title: str) -> None:
    hostile = "is extending the, on May 1, 2026, extends published. This temporary " * 40_000
    version = replace(rule("", title=title), metadata={"abstract": hostile})
    later = replace(paper(version), published=date(2026, 10, 1))
    began = time.perf_counter()
    relate(replace(PROPOSAL, title=later.title), later)
    assert time.perf_counter() - began < 1.0


def test_labelled_pairs_are_told_right_by_relation(shared: Path) -> None:
    papers = corpus(shared)
    lines = (shared / "eval/changes/federal_register_pairs.jsonl").read_text().splitlines()
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for pair in map(json.loads, lines):
        label = pair["relation"].removesuffix(" notice")
        asked[label] += 1
        told = kind(papers[pair["earlier"]], papers[pair["later"]])
        right[label] += (LABELS[told] if told else NOT_RELATED) == label
    assert {label: right[label] / count for label, count in asked.items()} == dict.fromkeys(
        asked, 1.0
    )


def test_relating_a_document_to_its_candidates_takes_milliseconds(shared: Path) -> None:
    papers = [each for each in corpus(shared).values() if stem(each.title)][:1000]
    later = sample("2026-10-01", f"{TITLE}; Correction", abstract="Published on May 1, 2026. " * 50)
    began = time.perf_counter()
    related(papers, later)
    assert time.perf_counter() - began < 1.0  # 1 ms for each of a thousand, none seen before
