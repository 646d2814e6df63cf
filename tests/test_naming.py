"""What a court's action was on, and when: invented sentences with more than one paper or day."""

from __future__ import annotations

import time
from datetime import date

import pytest
from test_reported import RULE, VACATED, news, reported

from pipeline.judicial import decided, deeds
from pipeline.model import RelationKind
from pipeline.reported import reports, told

CITE = "91 FR 11111"


@pytest.mark.parametrize(
    "text",
    [
        f"In 2025 DHS issued a proposed rule ({CITE}). The court vacated the final rule.",
        f"A memorandum froze pending rules ({CITE}). A district court enjoined the rule.",
        f"As explained in the notice at {CITE}, a federal court vacated the 2019 rule.",
        f"As explained in the notice at {CITE}, a federal court vacated the rule.",
        f"The district court vacated the 2019 rule, and DHS published notice of this at {CITE}.",
        f"The court vacated the rule, so DHS gave notice of the vacatur ({CITE}).",
        f"The 2018 rule ({CITE}) was short. The court vacated the 2019 rule.",
        f"The court vacated the rule. DHS announced this in the rule at {CITE}.",
        f"The court vacated the rule, and comments are in the final rule, {CITE}.",
    ],
)
def test_a_number_of_another_paper_names_nothing_that_a_court_acted_on(text: str) -> None:
    assert reported([RULE], news(text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        f"The court vacated the rule ({CITE}).",
        f"The court vacated the final rule, “A Notice of Samples”, {CITE} (Mar. 2, 2026).",
        f"The final rule ({CITE}) raised fees. A federal court vacated the final rule.",
        f"The rule published at {CITE} was vacated by a federal court.",
        f"The rule, {CITE} (Mar. 2, 2026), raised fees. The court vacated the 2026 rule.",
    ],
)
def test_a_number_that_follows_its_own_noun_names_what_a_court_acted_on(text: str) -> None:
    assert [each.earlier for each in reported([RULE], news(text))] == [RULE.document]


@pytest.mark.parametrize(
    ("sentence", "on"),
    [
        (
            "On August 14, 2025, DHS promulgated the rule, but a court vacated the rule on "
            "November 2, 2026.",
            date(2026, 11, 2),
        ),
        (
            "On August 14, 2025, DHS adopted the rule, and on October 11, 2026, the court "
            "enjoined the rule.",
            date(2026, 10, 11),
        ),
        ("The rule took effect on May 1, 2026 and was vacated by the court.", None),
        ("On May 4, 2026, DHS removed the text after the court vacated the rule.", None),
        ("On May 4, 2026, the court granted summary judgment and vacated the rule.",
         date(2026, 5, 4)),
        ("DHS then issued a rule. On May 4, 2026, a court vacated the rule.", date(2026, 5, 4)),
        ("On May 4, 2026, the court vacated the rule on May 9, 2026.", None),
    ],
)  # fmt: skip
def test_the_day_of_an_order_is_the_one_in_its_own_clause(sentence: str, on: date | None) -> None:
    assert decided(sentence, deeds(sentence)[0]) == on


@pytest.mark.parametrize(
    "sentence",
    [
        "In light of the court order, this rule suspends the regulations.",
        "Consistent with the court's order, this notice postpones the rule.",
        "Following the court's decision, we vacated the rule.",
        "The Secretary, following the court's ruling, suspended the rule.",
        "The Department, in light of the court decision, is postponing the rule.",
        "Some commenters stated that a court enjoined the rule.",
        "Plaintiffs noted that the Tenth Circuit stayed the rule.",
        "The Tenth Circuit dismissed the appeal of the injunction barring the rule.",
        "A court granted the habeas petition, but the Tenth Circuit vacated the decision.",
        "The designation was vacated in January.",
        "The rule was suspended in January.",
        "If the rule is vacated, fees fall.",
        "A rule is vacated where it lacks authority.",
        "The preliminary injunctions ordered by agencies have lapsed.",
    ],
)
def test_what_an_agency_did_or_a_party_says_is_no_courts_action(sentence: str) -> None:
    assert deeds(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("The sample rule was enjoined shortly after it was issued.", RelationKind.ENJOINS),
        ("After the sample rule was vacated, fees fell.", RelationKind.VACATES),
        ("While the rule is preliminarily enjoined, fees stay as they are.", RelationKind.ENJOINS),
        ("The district court enjoined the changes.", RelationKind.ENJOINS),
        ("A district court issued a nationwide injunction on these grounds.", RelationKind.ENJOINS),
        (
            "This tells of the preliminary injunctions ordered by federal courts affecting the "
            "sample rule.",
            RelationKind.ENJOINS,
        ),
        (
            "The preliminary injunction issued in the Eastern District of Samples has no end.",
            RelationKind.ENJOINS,
        ),
    ],
)
def test_what_only_courts_do_needs_no_court_in_the_sentence(
    sentence: str, kind: RelationKind
) -> None:
    assert {each.kind for each in deeds(sentence)} == {kind}


def test_the_day_is_kept_though_the_words_are_cut_before_it() -> None:
    text = f"{'A long lead, ' * 60}the court on May 4, 2026, vacated the rule, {CITE}."
    [found] = reported([RULE], news(text))
    [action] = told(found)
    assert (action.kind, action.on) == (RelationKind.VACATES, date(2026, 5, 4))
    assert "May 4" not in action.words


@pytest.mark.parametrize(
    "text",
    [
        "court vacated rule and " * 1700,
        "The court vacated the rule. " * 1400,
        f"{VACATED}, {CITE}. " * 400,
    ],
)
def test_a_long_paragraph_is_read_in_a_time_that_grows_with_its_length(text: str) -> None:
    """Each was read in a minute or more while every sentence was read with all before it."""
    begun = time.process_time()
    reports(news(text))
    assert time.process_time() - begun < 12
