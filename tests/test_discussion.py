"""What running text tells of treatments. All citations are invented."""

import time

import pytest

from pipeline.citator.discussion import discussed
from pipeline.citator.model import Treatment, TreatmentForm
from pipeline.citator.model import TreatmentKind as Kind
from pipeline.citator.resolve import resolved
from pipeline.cite import find

X = "Matter of Qualey, 12 I&N Dec. 345 (BIA 1977)"
Y = "Matter of Rosten, 24 I&N Dec. 56 (A.G. 2005)"
V = "Soames v. Holder, 612 F.3d 34 (9th Cir. 2010)"
ANOTHER = "?"  # who did it is not stated


def told(text: str) -> list[Treatment]:
    return [*discussed(text, resolved(text))]


@pytest.mark.parametrize(
    ("text", "kind", "by", "by_name"),
    [
        (f"The Ninth Circuit declined to follow {X} in {V}.", Kind.NOT_FOLLOWED, "612 F.3d 34", ""),
        (f"The Board has since overruled {X}.", Kind.OVERRULED, "", "The Board"),
        (
            f"{X}, was vacated by the Attorney General in {Y}.",
            Kind.VACATED,
            "24 I&N Dec. 56",
            "Matter of Rosten",
        ),
        (f"We rely on {Y}, which superseded {X}.", Kind.SUPERSEDED, "24 I&N Dec. 56", ""),
        (f"In {Y}, the Attorney General overruled {X}.", Kind.OVERRULED, "24 I&N Dec. 56", ""),
        (f"{Y} abrogated our holding in {X}.", Kind.ABROGATED, "24 I&N Dec. 56", ""),
        (f"{X} was abrogated by {V}.", Kind.ABROGATED, "612 F.3d 34", "Soames v. Holder"),
        (f"{X} has been superseded by statute.", Kind.SUPERSEDED, "", "statute"),
        (f"{X} has been overruled.", Kind.OVERRULED, "", ANOTHER),
        (
            f"The Ninth Circuit vacated the Board’s decision in {X}.",
            Kind.VACATED,
            "",
            "The Ninth Circuit",
        ),
        (
            f"The Supreme Court rejected the Board’s interpretation in {X}.",
            Kind.NOT_FOLLOWED,
            "",
            "The Supreme Court",
        ),
        (f"The Board later receded from {X}.", Kind.RECEDED_FROM, "", "The Board"),
        (f"The Board reaffirmed {X} in {Y}.", Kind.REAFFIRMED, "24 I&N Dec. 56", ""),
        (
            f"The final rule superseded the Board’s decision in {X}.",
            Kind.SUPERSEDED,
            "",
            "The final rule",
        ),
        (
            f"{X}, which the Attorney General vacated in {Y}, held so.",
            Kind.VACATED,
            "24 I&N Dec. 56",
            "Matter of Rosten",
        ),
        (
            f"In overruling {X}, the Attorney General said why.",
            Kind.OVERRULED,
            "",
            "the Attorney General",
        ),
        (f"He relied on the now-vacated decision in {X}.", Kind.VACATED, "", ANOTHER),
        (f"The Ninth Circuit refused to defer to {X}.", Kind.NOT_FOLLOWED, "", "The Ninth Circuit"),
        (
            f"The Attorney General’s decision in {Y} overruled {X}.",
            Kind.OVERRULED,
            "24 I&N Dec. 56",
            "Matter of Rosten",
        ),
        (f"Our decision in {X} was reversed by the Ninth Circuit.", Kind.REVERSED, "", ""),
        (
            f"The Supreme Court clarified the categorical analysis set forth in {X}.",
            Kind.CLARIFIED,
            "",
            "The Supreme Court",
        ),
        (
            f"The Ninth Circuit issued {V}, declining to follow the Board’s decision in {X}.",
            Kind.NOT_FOLLOWED,
            "612 F.3d 34",
            "Soames v. Holder",
        ),
        (
            f"The decision in {V}, clarified the analysis set forth in {X}.",
            Kind.CLARIFIED,
            "612 F.3d 34",
            "Soames v. Holder",
        ),
        (
            f"In {V}, the Ninth Circuit held that {X}, is no longer good law.",
            Kind.ABROGATED,
            "612 F.3d 34",
            "Soames v. Holder",
        ),
        (
            f"The Ninth Circuit has held that {X}, is inapposite.",
            Kind.DISTINGUISHED,
            "",
            "The Ninth Circuit",
        ),
        (f"In {V}, this court overruled {X}.", Kind.OVERRULED, "612 F.3d 34", "Soames v. Holder"),
        (f"Several circuits have rejected {X}.", Kind.NOT_FOLLOWED, "", "Several circuits"),
        (
            f"{X}, was vacated by the district court in {V}.",
            Kind.VACATED,
            "612 F.3d 34",
            "Soames v. Holder",
        ),
        (f"{X}, was superseded by the Widget Act of 1990.", Kind.SUPERSEDED, "", ""),
        (
            f"While it was pending, the Attorney General issued {Y}, which overruled the Board’s"
            f" precedent decision in {X}.",
            Kind.OVERRULED,
            "24 I&N Dec. 56",
            "Matter of Rosten",
        ),
        (f"{X} was called into doubt by {V}.", Kind.DISAPPROVED, "612 F.3d 34", ""),
    ],
)
def test_what_another_did_is_told_with_who_did_it(
    text: str, kind: Kind, by: str, by_name: str
) -> None:
    (found,) = told(text)
    assert (found.kind, found.target, found.by) == (kind, "12 I&N Dec. 345", by)
    assert found.form is TreatmentForm.DISCUSSION
    assert found.by_another == (by_name == ANOTHER)
    assert by_name in ("", ANOTHER) or found.by_name == by_name


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"We distinguish {X}.", Kind.DISTINGUISHED),
        (f"We find {X}, distinguishable.", Kind.DISTINGUISHED),
        (f"{X}, remains good law.", Kind.REAFFIRMED),
        (f"{X}, is inapposite.", Kind.DISTINGUISHED),
        (f"This case is readily distinguishable from {X}.", Kind.DISTINGUISHED),
        (f"We reject the Board’s reasoning in {X}.", Kind.NOT_FOLLOWED),
        (f"We decline to follow {X}.", Kind.NOT_FOLLOWED),
        (f"We respectfully disagree with {X}.", Kind.NOT_FOLLOWED),
        (f"{X}, is no longer good law.", Kind.ABROGATED),
        (f"(Note that {X}, will no longer govern such orders.)", Kind.ABROGATED),
        (f"That distinguishes this case from {X}.", Kind.DISTINGUISHED),
        (f"{X}, is old, outdated, and distinguishable.", Kind.DISTINGUISHED),
        (f"As it is not the same, we disagree with {X}.", Kind.NOT_FOLLOWED),
        (f"We adhere to our decision in {X}.", Kind.FOLLOWED),
    ],
)
def test_what_the_text_says_itself_is_by_nobody_else(text: str, kind: Kind) -> None:
    (found,) = told(text)
    assert (found.kind, found.target) == (kind, "12 I&N Dec. 345")
    assert (found.by, found.by_name) == ("", "")


def test_what_we_did_elsewhere_is_by_that_decision() -> None:
    (found,) = told(f"We overruled {X}, in {Y}.")
    assert (found.by, found.by_name, found.by_court) == (
        "24 I&N Dec. 56",
        "Matter of Rosten",
        "A.G. 2005",
    )


@pytest.mark.parametrize(
    "text",
    [
        f"The respondent argues that {X} was overruled by {Y}.",
        f"DHS contends that the Board has since overruled {X}.",
        f"{X} was overruled by {Y}, the petitioner argues.",
        f"If {X} were overruled by {Y}, the result would differ.",
        f"The question is whether {X} was overruled by {Y}.",
        f"{X} has not been overruled.",
        f"We do not overrule {X}.",
        f"Nothing in the statute superseded {X}.",
        f"The Board has never overruled {X}.",
        f"No court has abrogated {X}.",
        f"Was {X} overruled by {Y}?",
        f"The Board could have overruled {X}.",
        f"The Board declined to overrule {X}.",
        f"The Attorney General was asked to vacate {X}.",
        f"The Immigration Judge distinguished {X}.",
        f"The Immigration Judge vacated the order under {X}.",
        f"The court vacated his conviction. See {X}.",
        f"The Board rejected this argument in {X}.",
        f"If the statute is clear, we overrule {X}.",
        f"{X}, is not distinguishable.",
        f"The respondent submits that {X}, is irrelevant and distinguishable.",
        f"His conviction in {V}, was vacated.",
        f"It was said by some that {X}, is no longer good law.",
        f"{X}, was reversed by him.",
        f"The respondent contends that the judge erred; the Board has overruled {X}.",
        f"Although {X}, has not been overruled by the Supreme Court, it may be.",
        f"{X}, is neither overruled nor superseded by {V}.",
        f"I would overrule {X}.",
        f"The dissent believes that we overrule {X}.",
        f"The court wrote that “we overrule {X}” in anger.",
        f"The opinion reads, “We overrule {X}, today.”",
        f"We affirm the decision for the reasons stated in {X}.",
        f"The Ninth Circuit vacated the Board’s decision in {V}.",
        "The Supreme Court vacated the decision in Soames v. Holder, 560 U.S. 12 (2010).",
        f"We reject the respondent’s interpretation of {X}.",
        f"The motion was modified. {X}, was cited.",
        f"The analysis in {X} is limited.",
        f"The respondent’s reliance on {X} is misplaced.",
        f"We deny the motion to reopen under {X}.",
        f"Until {X} was overruled by {Y}, nobody asked.",
    ],
)
def test_what_is_argued_asked_supposed_denied_or_quoted_gives_nothing(text: str) -> None:
    assert told(text) == []


def test_an_authority_without_a_citation_is_no_target() -> None:
    assert told("The Board has since overruled Matter of Nobody.") == []


def test_the_sentence_alone_is_quoted() -> None:
    text = f"The facts are few. The Board has since overruled {X}. We move on."
    (found,) = told(text)
    assert found.sentence == f"The Board has since overruled {X}."
    assert text[found.start : found.end] == found.sentence


def test_two_may_be_treated_in_one_sentence() -> None:
    text = f"The Attorney General overruled {X}, and Matter of Soames, 13 I&N Dec. 4 (BIA 1980)."
    assert [each.target for each in told(text)] == ["12 I&N Dec. 345", "13 I&N Dec. 4"]


def test_how_far_it_goes_is_told() -> None:
    (part,) = told(f"The Board overruled {X} to the extent that it holds otherwise.")
    assert part.in_part
    (whole,) = told(f"The Board overruled {X} in its entirety.")
    assert not whole.in_part
    (stay,) = told(f"The Attorney General vacated the automatic stay of the decision in {X}.")
    assert stay.object == "stay"
    (place,) = told(f"{X}, remains good law in the Ninth Circuit.")
    assert place.circuits == ("9",)
    (many,) = told(f"The Attorney General overruled {X} and its progeny.")
    assert many.reaches == "its progeny"


def by_rosten(kind: Kind) -> tuple[Kind, str, str]:
    return kind, "12 I&N Dec. 345", "24 I&N Dec. 56"


def test_what_a_case_says_in_parentheses_is_its_own_word() -> None:
    (found,) = told(f"See {Y} (holding that the test set forth in {X}, will no longer govern).")
    assert (found.kind, found.target, found.by) == by_rosten(Kind.ABROGATED)
    assert found.sentence.startswith("Matter of Rosten")


def test_what_it_tells_there_of_another_is_that_ones() -> None:
    (found,) = told(f"See {V} (recognizing that {X}, was overruled by {Y}).")
    assert (found.kind, found.target, found.by) == by_rosten(Kind.OVERRULED)
    assert told(f"See {V} (holding that the parties argue that {X}, was overruled by {Y}).") == []
    assert told(f"See {V} (holding that {X}, was not overruled by {Y}).") == []


def test_a_line_break_changes_nothing() -> None:
    (found,) = told(f"The Board\nhas since\noverruled {X}.")
    assert found.kind is Kind.OVERRULED


@pytest.mark.parametrize(
    "piece",
    [
        "the Board has since overruled the ",
        f"{X} was overruled by ",
        f"{X}, and ",
        "the Board's decision in the Board's ",
        "We expressly also later then ",
        f"In {X}, the Board overruled {Y} in part ",
        "reliance on 12 I&N Dec. 345, as ",
        "The respondent, he, she, they ",
    ],
)
def test_hostile_texts_take_no_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    cited = find(text)
    started = time.process_time()
    [*discussed(text, cited)]
    assert time.process_time() - started < 1.5


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"{X}, which relied on {Y}, was vacated by the Ninth Circuit.", Kind.VACATED),
        (f"{X}, a case decided before {Y}, was overruled by the Board.", Kind.OVERRULED),
        (f"{X}, relying on {Y}, was overruled by the Board.", Kind.OVERRULED),
        (f"{X}, which relied on {Y}, is no longer good law.", Kind.ABROGATED),
        (f"{X}, which relied on {Y}, remains good law.", Kind.REAFFIRMED),
        (f"The decision in {X} to apply {Y} was vacated by the Ninth Circuit.", Kind.VACATED),
        (f"Under {Y}, {X} is no longer controlling.", Kind.ABROGATED),
        (f"In light of {Y}, {X} was superseded by regulation.", Kind.SUPERSEDED),
        (f"As held in {Y}, {X} was overruled by the Board.", Kind.OVERRULED),
        (f"In {Y}, the rule of {X}, was overruled by the Board.", Kind.OVERRULED),
        (f"{Y}, which held that {X} was overruled by the Board, is binding.", Kind.OVERRULED),
        (f"It was reopened under {Y}, and {X} was overruled by the Board.", Kind.OVERRULED),
    ],
)
def test_what_is_said_of_one_authority_is_not_told_of_another_beside_it(
    text: str, kind: Kind
) -> None:
    assert [(each.kind, each.target) for each in told(text)] == [(kind, "12 I&N Dec. 345")]


@pytest.mark.parametrize(
    "text",
    [
        f"{X}, which applied {Y} was vacated by the Ninth Circuit.",
        f"His conviction, which under {X}, was vacated.",
        f"The request to overrule {X} was vacated by the Ninth Circuit.",
        f"What was decided in {X}, was vacated by the Ninth Circuit.",
    ],
)
def test_a_clause_whose_subject_cannot_be_told_says_nothing(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"In {V}, the court rejected {X}, as unlawful.",
        f"In {V}, the Court abrogated {X}.",
        f"The Ninth Circuit in {V}, abrogated {X}.",
        f"The Ninth Circuit, in {V}, has abrogated {X}.",
        f"The court in {V}, rejected the Board’s reasoning in {X}.",
        f"Our decision in {V}, overruled {X}.",
        f"The rule of {X}, which {V} abrogated, is gone.",
    ],
)
def test_what_is_done_in_a_decision_is_done_by_it(text: str) -> None:
    (found,) = told(text)
    assert (found.target, found.by) == ("12 I&N Dec. 345", "612 F.3d 34")


@pytest.mark.parametrize(
    ("text", "by_name"),
    [
        (f"Attorney General Mosby vacated {X}.", "Attorney General Mosby"),
        (f"Attorney General J. Mosby vacated {X}.", "Attorney General J. Mosby"),
        (f"The Attorney General’s 2021 decision overruled {X}.", "The Attorney General"),
    ],
)
def test_a_person_and_an_office_may_be_who_did_it(text: str, by_name: str) -> None:
    (found,) = told(text)
    assert found.by_name == by_name


@pytest.mark.parametrize(
    "text",
    [
        f"{X} was partially overruled by {Y}.",
        f"The Board partly overruled {X}, in {Y}.",
        f"The second holding of {X} was overruled by {Y}.",
        f"Insofar as it is inconsistent with the Act, {X} was overruled by {Y}.",
    ],
)
def test_what_limits_a_clause_may_stand_before_its_verb(text: str) -> None:
    (found,) = told(text)
    assert (found.target, found.in_part) == ("12 I&N Dec. 345", True)


@pytest.mark.parametrize(
    ("text", "circuits", "in_part"),
    [
        (f"In the Ninth Circuit, {X} is no longer good law.", ("9",), False),
        (f"The Ninth Circuit has spoken, so {X} is no longer good law there.", (), False),
        (f"The Ninth Circuit differs: {X} is no longer good law in that circuit.", ("9",), False),
        (f"{X} is no longer good law in that circuit.", (), True),
    ],
)
def test_an_introductory_phrase_names_the_circuits_too(
    text: str, circuits: tuple[str, ...], in_part: bool
) -> None:
    (found,) = told(text)
    assert (found.circuits, found.in_part) == (circuits, in_part)


@pytest.mark.parametrize(
    "text",
    [
        f"Had we overruled {X}, he would win.",
        f"Even had we overruled {X}, he would lose.",
        f"Had the Attorney General overruled {X}, he would win.",
        f"Had {Y} overruled {X}, he would win.",
    ],
)
def test_what_would_have_been_is_nothing(text: str) -> None:
    assert told(text) == []


def test_had_within_a_clause_supposes_nothing() -> None:
    (found,) = told(f"As one who had the power the Attorney General overruled {X}.")
    assert found.kind is Kind.OVERRULED


def test_what_we_did_before_was_done_by_another_decision() -> None:
    (found,) = told(f"In 2010, we overruled {X}.")
    assert (found.by, found.by_name, found.by_court) == ("", "", "2010")
    assert found.by_another
    (found,) = told(f"We overrule {X}.")
    assert not found.by_another


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"{X} was rescinded by the Attorney General.", Kind.VACATED),
        (f"The Attorney General restored {X}.", Kind.REINSTATED),
        (f"The Ninth Circuit overturned {X}.", Kind.REVERSED),
    ],
)
def test_running_text_has_the_verbs_of_the_other_forms(text: str, kind: Kind) -> None:
    (found,) = told(text)
    assert found.kind is kind


def test_anothers_view_of_a_decision_is_not_the_decision() -> None:
    assert told(f"We disagree with the Ninth Circuit's interpretation of {X}.") == []


@pytest.mark.parametrize(
    ("text", "kind", "by", "by_name"),
    [
        (f"In {Y}, my predecessor overruled {X}.", Kind.OVERRULED, "24 I&N Dec. 56", ""),
        (
            f"The Regional Commissioner overruled {X}.",
            Kind.OVERRULED,
            "",
            "The Regional Commissioner",
        ),
        (
            f"{X} was disapproved by the Fifth and Ninth Circuits.",
            Kind.DISAPPROVED,
            "",
            "the Fifth and Ninth Circuits",
        ),
        (
            f"The Second Circuit and the Third Circuit declined to follow {X}.",
            Kind.NOT_FOLLOWED,
            "",
            "The Second Circuit and the Third Circuit",
        ),
        (
            f"The Third Circuit has rejected that test, declining to follow {X}.",
            Kind.NOT_FOLLOWED,
            "",
            "The Third Circuit",
        ),
        (
            f"The rule did not outlive section 322(a) of the IIRIRA, which superseded {X}.",
            Kind.SUPERSEDED,
            "",
            "section 322(a) of the IIRIRA",
        ),
        (
            f"8 C.F.R. § 1003.99 superseded {X}.",
            Kind.SUPERSEDED,
            "8 CFR § 1003.99",
            "8 C.F.R. § 1003.99",
        ),
        (
            f"{X} was reversed on petition for review, {V}, and binds nobody.",
            Kind.REVERSED,
            "612 F.3d 34",
            "",
        ),
        (f"{X} has since been overruled.", Kind.OVERRULED, "", ANOTHER),
        (f"Reliance on {X} is misplaced. There, the alien had left.", Kind.DISTINGUISHED, "", ""),
        (f"The Immigration Judge correctly regarded {X} as controlling.", Kind.FOLLOWED, "", ""),
    ],
)
def test_who_may_act_and_in_which_words(text: str, kind: Kind, by: str, by_name: str) -> None:
    (found,) = told(text)
    assert (found.kind, found.target, found.by) == (kind, "12 I&N Dec. 345", by)
    assert found.by_another is (by_name == ANOTHER)
    if by_name != ANOTHER and (by_name or not by):
        assert found.by_name == by_name


def test_two_deeds_of_one_decision_are_both_told() -> None:
    found = told(f"We rely on {Y}, which reversed {X}, and reaffirmed the Board’s decision in {V}.")
    assert [(each.kind, each.target, each.by) for each in found] == [
        (Kind.REVERSED, "12 I&N Dec. 345", "24 I&N Dec. 56"),
        (Kind.REAFFIRMED, "612 F.3d 34", "24 I&N Dec. 56"),
    ]


def test_what_is_vacated_and_remanded_for_a_claim_is_no_argument() -> None:
    found = told(
        f"The First Circuit vacated our decision in {X}, and remanded for consideration of the"
        " respondent’s claim."
    )
    assert [each.kind for each in found] == [Kind.VACATED, Kind.REMANDED]


def test_an_injunction_in_a_decision_is_no_decision() -> None:
    (found,) = told(f"The injunction in {V}, was vacated.")
    assert found.object == "injunction"


def test_a_place_between_the_verb_and_who_did_it_limits_it() -> None:
    (found,) = told(f"{X}, was abrogated in the Ninth Circuit by {V}.")
    assert (found.by, found.circuits) == ("612 F.3d 34", ("9",))


@pytest.mark.parametrize(
    "text",
    [
        f"Reliance on {X} is not misplaced. There, the alien had left.",
        f"The DHS argues that reliance on {X} is misplaced. There, the alien had left.",
        f"The respondent argues that the judge correctly regarded {X} as controlling.",
        f"We do not say that the judge correctly regarded {X} as controlling.",
        f"We need not say whether 8 C.F.R. § 1003.99 superseded {X}.",
        f"The respondent claims that the Third Circuit rejected it, declining to follow {X}.",
    ],
)
def test_the_new_words_are_no_word_of_those_who_argue_or_doubt(text: str) -> None:
    assert not told(text)
