"""What documents report of courts: invented sentences in the forms that agencies print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from builders import paragraph, rule, stated, version

from pipeline.judicial import decided, deeds
from pipeline.live import standing
from pipeline.model import (
    Block,
    BlockKind,
    DateKind,
    Document,
    NoteMark,
    Relation,
    RelationKind,
    Version,
)
from pipeline.reported import reported as joined
from pipeline.reported import reports, told
from pipeline.state import court_actions

ENJOINS, STAYS, VACATES = RelationKind.ENJOINS, RelationKind.STAYS, RelationKind.VACATES
IN_PART, REVERSES = RelationKind.VACATES_IN_PART, RelationKind.REVERSES


@pytest.mark.parametrize(
    ("sentence", "kinds", "on"),
    [
        (
            "On May 4, 2026, the United States District Court for the Northern District of "
            "Samples enjoined the Department from implementing the final rule as to the "
            "plaintiff class.",
            [ENJOINS],
            date(2026, 5, 4),
        ),
        (
            "On Nov. 2, 2026, the U.S. Court of Appeals for the Tenth Circuit, in Sample v."
            " DHS, 26-1234, vacated the Sample Fee Final Rule.",
            [VACATES],
            date(2026, 11, 2),
        ),
        (
            "The court set aside the Secretary’s vacatur of the designation.",
            [VACATES],
            None,
        ),
        (
            "The final rule published on June 3, 2026 (91 FR 11111) was vacated in part by "
            "the U.S. District Court for the District of Columbia on July 8, 2026.",
            [IN_PART],
            date(2026, 7, 8),
        ),
        (
            "A court stayed the termination under 5 U.S.C. 705.",
            [STAYS],
            None,
        ),
        (
            "The rule, which has since been vacated by a Federal district court, lapsed.",
            [VACATES],
            None,
        ),
        (
            "This responds to a ruling of the District Court, which vacated the rule.",
            [VACATES],
            None,
        ),
        (
            "In Sample v. Doe, No. 26-cv-1 (D.D.C. May 1, 2026), the court vacated the memorandum.",
            [VACATES],
            None,
        ),
        (
            "Provisions of the rule have been preliminarily enjoined by a federal court.",
            [ENJOINS],
            None,
        ),
        (
            "The court issued a temporary restraining order barring DHS from enforcing the rule.",
            [ENJOINS],
            None,
        ),
        (
            "The court granted a preliminary injunction against enforcement of the policy.",
            [ENJOINS],
            None,
        ),
        (
            "The Tenth Circuit reversed the preliminary injunction against the rule.",
            [REVERSES],
            None,
        ),
        (
            "The stay of the rule was lifted by the Tenth Circuit on July 2, 2026.",
            [REVERSES],
            date(2026, 7, 2),
        ),
        (
            "The court vacated the rule but stayed its order for 14 days.",
            [VACATES, REVERSES],
            None,
        ),
        (
            "The Supreme Court granted a stay pending appeal of the decision that vacated "
            "the rule.",
            [REVERSES],
            None,
        ),
    ],
)
def test_what_a_court_did_to_a_rule_is_found(
    sentence: str, kinds: list[RelationKind], on: date | None
) -> None:
    assert [each.kind for each in deeds(sentence)] == kinds
    assert decided(sentence, deeds(sentence)[0]) == on


@pytest.mark.parametrize(
    "sentence",
    [
        "The court declined to enjoin the rule.",
        "The court denied a motion to stay the rule.",
        "The Tenth Circuit denied the request for an injunction of the rule pending appeal.",
        "Plaintiffs asked the court to vacate the rule.",
        "No court has enjoined the rule.",
        "The rule has not been enjoined by any court.",
        "The court did not vacate the rule.",
        "If a court enjoined the rule, DHS would go on.",
        "Should any provision of this rule be stayed or enjoined by a court, the rest stands.",
        "The rule could be vacated by a court.",
        "A court may have vacated the rule by then.",
        "The court considered whether to vacate the rule and remanded without vacatur.",
        "The court stayed removal while the petition was pending under the rule.",
        "The court lifted the stay of removal.",
        "The conviction was vacated by a state court under the new rule.",
        "The Tenth Circuit vacated the Board's decision, which had applied the rule.",
        "The court stayed the proceedings pending publication of the final rule.",
        "The circuit court vacated the order of removal based on the rule.",
        "The Secretary vacated the designation after the court's ruling.",
        "The court held that the Secretary vacated the designation without authority.",
        "The rule was suspended by DHS after the court's order.",
        "DHS postponed the effective date of the rule in light of litigation.",
        "The applicant is permanently enjoined by a court from violating the regulations.",
        "Any order by a court that is vacated under this rule must be reported.",
        "Under the rule, an injunction entered by a court is lifted after five years.",
        "The court held that rescission is open for five years, or the agency is barred from it.",
        "The person stayed in the United States under the program until the court ruled.",
        "The court rejected the argument that the injunction barred the rule.",
        "The state court enjoined the parent from moving under the program.",
    ],
)
def test_what_was_not_done_or_in_one_persons_matter_is_no_action_on_a_rule(sentence: str) -> None:
    assert deeds(sentence) == ()


RULE = replace(
    rule("Text.", title="Sample Fees for Invented Petitions", citation="91 FR 11111"),
    document=Document(source="federal_register", key="2026-11111@2026-03-02", kind="rule"),
    dates=(
        stated(DateKind.PUBLISHED, date(2026, 3, 2)),
        stated(DateKind.EFFECTIVE, date(2026, 12, 1)),
        stated(DateKind.COMMENTS_CLOSE, date(2026, 12, 2)),
    ),
    metadata={"document_number": "2026-11111"},
)
OTHER = replace(
    RULE,
    document=replace(RULE.document, key="2026-22222@2026-03-02"),
    citation="91 FR 22222",
    title="Another Invented Matter Entirely Apart",
    metadata={"document_number": "2026-22222"},
)
SEEN = datetime(2026, 9, 1, 12, tzinfo=UTC)
VACATED = "On May 4, 2026, the U.S. District Court for the District of Samples vacated the rule"


def news(*texts: str | Block, kind: str = "uscis-alert", title: str = "Sample Alert") -> Version:
    return version(
        *texts,
        source="uscis_alerts",
        key="sample",
        kind=kind,
        title=title,
        citation="",
        seen_at=SEEN,
    )


def reported(held: Sequence[Version], reporter: Version) -> tuple[Relation, ...]:
    return joined(held, reporter, reports(reporter))


def earlier(*texts: str | Block, kind: str = "uscis-alert") -> list[str]:
    return [each.earlier.key for each in reported([RULE, OTHER], news(*texts, kind=kind))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{VACATED}, 91 Fed. Reg. 11,111 (Mar. 2, 2026), nationwide.", [RULE]),
        (f"{VACATED}s at 91 FR 11111 and 91 FR 22222.", [RULE, OTHER]),
        (f"{VACATED}, 91 FR 11111, as amended by a correction, 91 FR 22222.", [RULE]),
        (f"{VACATED} that had replaced the regulations of 91 FR 11111.", []),
        (f"The fees are in the final rule (91 FR 11111). {VACATED}.", [RULE]),
        (f"The fees are in 91 FR 11111. {VACATED}.", []),
        (f"The fees are in 91 FR 11111 and 91 FR 22222. {VACATED}.", []),
        (f"{VACATED}. New fees are in 91 FR 11111.", []),
        (f"{VACATED} published on March 2, 2026, on sample fees for invented petitions.", [RULE]),
        (f"{VACATED} on sample fees for invented petitions.", []),
        (f"{VACATED} published on March 2, 2026.", []),
        (f"{VACATED} published on March 3, 2026, on sample fees for invented petitions.", []),
        (f"{VACATED}, RIN 1615-AA01.", []),
    ],
)
def test_a_report_joins_what_its_sentence_or_paragraph_names_and_nothing_alike(
    text: str, expected: list[Version]
) -> None:
    assert sorted(earlier(text)) == [each.document.key for each in expected]


def test_a_footnote_names_for_the_sentence_that_calls_it() -> None:
    text = f"{VACATED}."
    said = Block(
        kind=BlockKind.PARAGRAPH, text=text, marks=(NoteMark(offset=len(text), label="7"),)
    )
    note = Block(kind=BlockKind.FOOTNOTE, text="See 91 FR 11111 (Mar. 2, 2026).", label="7")
    assert earlier(said, note) == [RULE.document.key]
    assert earlier(said, replace(note, label="8")) == []


def test_what_was_done_to_that_decision_is_told_of_the_same_rule() -> None:
    follows = "That decision was stayed by the U.S. Court of Appeals for the Tenth Circuit."
    [found] = reported([RULE], news(f"{VACATED}, 91 FR 11111. {follows}"))
    assert [each.kind for each in told(found)] == [VACATES, REVERSES]
    assert earlier(follows) == []


def test_a_court_did_nothing_to_a_rule_that_was_published_later() -> None:
    early = VACATED.replace("May 4, 2026", "May 4, 2025")
    assert earlier(f"{early}, 91 FR 11111.") == []


@pytest.mark.parametrize(
    "kind", ["court-opinion", "bia-precedent", "public-inspection", "court-order"]
)
def test_courts_own_documents_and_what_is_on_file_report_nothing(kind: str) -> None:
    assert reports(news(f"{VACATED}, 91 FR 11111.", kind=kind)) == ()


def test_a_report_that_names_no_document_held_is_no_relation() -> None:
    text = f"{VACATED}, 85 FR 99999."
    assert reported([RULE, OTHER], news(text)) == ()
    assert len(reports(news(text))) == 1


def test_a_document_reports_nothing_on_itself() -> None:
    own = replace(RULE, blocks=(paragraph(f"{VACATED}, 91 FR 11111."),))
    assert reported([own], own) == ()


def test_a_reported_action_is_quoted_and_says_of_itself_that_it_is_no_order() -> None:
    sentence = f"{VACATED}, 91 FR 11111, “in full”."
    [found] = reported([RULE], news(sentence))
    assert found.kind is RelationKind.REPORTS
    assert found.evidence == ("vacates on 2026-05-04", f"“{sentence}”")
    [action] = court_actions([RULE.document], [found], [])
    assert (action.kind, action.on, action.is_by_hand) == (VACATES, date(2026, 5, 4), False)
    assert action.words == sentence


def test_a_reported_action_cautions_against_live_dates_and_ends_none() -> None:
    alert = news(f"{VACATED}, 91 FR 11111.")
    known = reported([RULE], alert)
    found = {each.stated.kind: each for each in standing([RULE], known, [alert])}
    assert all(each.live for each in found.values())
    assert found[DateKind.EFFECTIVE].why == (
        "a court's action is reported in “Sample Alert”: read the order and whom it protects"
    )
    assert found[DateKind.COMMENTS_CLOSE].why == ""
    assert found[DateKind.PUBLISHED].why == ""
    assert len(found) == len(RULE.dates), "the alert's own dates were not asked about"
