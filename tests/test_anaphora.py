"""What "it" and "that decision" mean. All citations are invented."""

import pytest

from pipeline.citator.discussion import discussed
from pipeline.citator.model import Treatment
from pipeline.citator.model import TreatmentKind as Kind
from pipeline.citator.resolve import resolved

X = "Matter of Qualey, 12 I&N Dec. 345 (BIA 1977)"
Y = "Matter of Rosten, 24 I&N Dec. 56 (A.G. 2005)"
V = "Soames v. Holder, 612 F.3d 34 (9th Cir. 2010)"


def told(text: str) -> list[Treatment]:
    return [*discussed(text, resolved(text))]


@pytest.mark.parametrize(
    ("text", "kind", "by"),
    [
        (
            f"The brief relies on {X}. That decision was vacated in {V}.",
            Kind.VACATED,
            "612 F.3d 34",
        ),
        (f"The brief relies on {X}. That case has since been overruled.", Kind.OVERRULED, ""),
        (
            f"Counsel cites {X}. The decision was reversed on review, {V}.",
            Kind.REVERSED,
            "612 F.3d 34",
        ),
        (
            f"May {X} be applied? It may not. The Commissioner overruled it in {Y}.",
            Kind.OVERRULED,
            "24 I&N Dec. 56",
        ),
        (
            f"This Board so held in {X}, but the Attorney General, on May 2, 1980, reversed our"
            " decision and ordered exclusion.",
            Kind.REVERSED,
            "",
        ),
        (
            f"The brief relies on {X}. However, that decision was overruled by {Y}.",
            Kind.OVERRULED,
            "24 I&N Dec. 56",
        ),
    ],
)
def test_a_pronoun_is_the_one_authority_named_before(text: str, kind: Kind, by: str) -> None:
    (found,) = told(text)
    assert (found.kind, found.target, found.by) == (kind, "12 I&N Dec. 345", by)


def test_the_sentence_is_the_one_of_the_pronoun() -> None:
    (found,) = told(f"The brief relies on {X}. That decision was vacated in {V}.")
    assert found.sentence == f"That decision was vacated in {V}."


@pytest.mark.parametrize(
    "text",
    [
        f"The brief relies on {X} and {V}. The Attorney General overruled it.",
        f"The brief relies on {X}. The decision was reversed.",
        f"The brief relies on {X}. The Ninth Circuit reversed our decision and remanded.",
        f"The brief relies on {X}. That decision was not overruled by {Y}.",
        f"The brief relies on {X}. The respondent argues that the Attorney General overruled it.",
        f"The brief relies on {X}. If that decision was overruled, nobody says by whom.",
        f"The brief relies on {X}. Had the Attorney General overruled it, we would not.",
        f"The brief relies on {X}. “The Attorney General overruled it in {Y}.”",
        f"We read {X}. The Board overruled its holding in an order.",
        f"The regulation is read in {X}. It was superseded by statute.",
        f"We read {X}. The officer had an understanding of his own. It was overruled in {Y}.",
    ],
)
def test_in_doubt_a_pronoun_is_nothing(text: str) -> None:
    assert not told(text)


def test_the_holding_in_a_decision_is_of_that_decision() -> None:
    found = told(f"The brief relies on {V}. The Board overruled its holding in {X}.")
    assert [(each.target, each.by) for each in found] == [("12 I&N Dec. 345", "")]


@pytest.mark.parametrize("signal", ["", "See "])
def test_a_citation_sentence_says_where_the_court_did_it(signal: str) -> None:
    (found,) = told(f"The Ninth Circuit vacated the decision in {X}. {signal}{V}.")
    assert (found.by, found.by_name) == ("612 F.3d 34", "Soames v. Holder")


@pytest.mark.parametrize("after", [f"{Y}.", f"{V} differs.", f"{V}; {Y}."])
def test_another_court_or_another_sentence_says_nothing_of_it(after: str) -> None:
    found = told(f"The Fifth Circuit vacated the decision in {X}. {after}")
    assert [(each.by, each.by_name) for each in found] == [("", "The Fifth Circuit")]
