"""What a decision does to earlier ones, by its headnotes and its opinion. All are samples."""

from __future__ import annotations

import time

import pytest
from builders import version

from pipeline.citator.masked import masked, sentences
from pipeline.citator.model import Treatment, TreatmentForm, TreatmentKind
from pipeline.citator.resolve import resolved
from pipeline.citator.treatments import treatments
from pipeline.model import Block, BlockKind

X = "Matter of X-A-, 20 I&N Dec. 901 (BIA 1990)"
Y = "Matter of Y-B-, 21 I&N Dec. 902 (BIA 1996)"
Z = "Zeta v. Garland, 9 F.4th 903 (9th Cir. 2021)"
AT = {"X": "20 I&N Dec. 901", "Y": "21 I&N Dec. 902", "Z": "9 F.4th 903"}


def of(*blocks: str | Block, kind: str = "bia-precedent") -> tuple[Treatment, ...]:
    named = version(
        *blocks,
        source="bia_decisions",
        kind=kind,
        title="Matter of SAMPLE",
        citation="29 I&N Dec. 999 (BIA 2026)",
    )
    return treatments(named)


def opinion(text: str, *trail: str) -> Block:
    return Block(kind=BlockKind.PARAGRAPH, text=text, page="1000", trail=trail)


def said(*blocks: str | Block, kind: str = "bia-precedent") -> list[str]:
    """Each treatment of the decision's own as "X overruled in part", in the order of the text."""
    names = {canonical: name for name, canonical in AT.items()}
    return [
        f"{names[each.target]} {each.kind}{' in part' if each.in_part else ''}"
        for each in of(*blocks, kind=kind)
        if not each.by and each.form is not TreatmentForm.HISTORY
    ]


@pytest.mark.parametrize(
    ("headnote", "expected"),
    [
        (f"It is so. {X}, followed.", ["X followed"]),
        (f"It is so. {X}, not followed.", ["X not followed"]),
        (f"It is so. {X}, reaffirmed and clarified .", ["X reaffirmed", "X clarified"]),
        (f"It is so. {X}, and {Z}, distinguished.", ["X distinguished", "Z distinguished"]),
        (f"It is so. {X}; and {Y}, distinguished.", ["X distinguished", "Y distinguished"]),
        (f"It is so. {X}, overruled; {Y}, followed.", ["X overruled", "Y followed"]),
        (
            f"It is so. {X}, overruled in part. {Y}, modified.",
            ["X overruled in part", "Y modified"],
        ),
        (
            f"It is so. {X}, followed in part and overruled in part.",
            ["X followed in part", "X overruled in part"],
        ),
        (
            f"It is so. {X}, overruled to the extent inconsistent with {Y}.",
            ["X overruled in part"],
        ),
        (f"It is so. {X}, rev’d on other grounds, {Z}, followed.", ["X followed"]),
        (f"It is so. {X}, aff’d sub nom. {Z}, overruled in part.", ["X overruled in part"]),
        (f"It is so. {X}, affirmed, {Z}, limited.", ["X limited"]),
        (f"It is so. ({X}, overruled.)", ["X overruled"]),
        (f"Overrules {X}, and {Y}.", ["X overruled", "Y overruled"]),
        (f"It is so, overruling {X}.", ["X overruled"]),
        (f"It is so. {X}, reconsidered and receded from.", ["X receded from"]),
        (f"It is so. {X}, superseded by statute.", ["X superseded"]),
        (f"It is so. {X}, abrogated. {Y}, disapproved.", ["X abrogated", "Y disapproved"]),
        (f"It is so. The dicta in {X}, overruled.", ["X overruled in part"]),
        (f"It is so. {X}, partly overruled.", ["X overruled in part"]),
        (f"It is so. {X}, overruled so far as inconsistent.", ["X overruled in part"]),
        (f"It is so. {X}, overruled pro tanto.", ["X overruled in part"]),
        (f"It is so. {Z}, not followed outside the Ninth Circuit.", ["Z not followed"]),
        (f"It is so. {X}, modified accordingly.", ["X modified"]),
        (f"It is so. {X}, modified to conform to this decision.", ["X modified"]),
        (f"It is so. {X}, no longer controlling.", ["X abrogated"]),
        (f"It is so. {X}, no longer to be treated as precedent.", ["X abrogated"]),
        (f"It is so. {X}, not controlling.", ["X distinguished"]),
        (f"It is so. {X}, reaffirmed and extended.", ["X reaffirmed", "X clarified"]),
        (f"It is so. {X}, holding limited to its facts.", ["X limited"]),
        (
            f"It is so. {X}, and {Y}, modified and overruled, respectively.",
            ["X modified", "Y overruled"],
        ),
    ],
)
def test_a_closing_tag_says_each_verb_of_each_target(headnote: str, expected: list[str]) -> None:
    assert said(headnote) == expected
    if "overruling" not in headnote:
        assert {each.form for each in of(headnote) if not each.by} == {TreatmentForm.TAG}


@pytest.mark.parametrize(
    "headnote",
    [
        f"Proof may include, but is not limited to, a letter. See {X}.",
        f"The modified categorical approach of {X}, governs here.",
        f"A motion to vacate under {X}, is followed by a hearing.",
        f"See {X}, overruled by {Y}.",
        f"It is so. {X}, followed by the Board in {Y}.",
        f"Following {X}, the case is closed.",
        f"The respondent argues that {X}, is overruled by implication.",
        f"Whether {X}, is superseded need not be decided.",
        f"If {X}, is overruled, the answer changes.",
        f"We do not overrule {X}.",
        f"We see no reason to overrule {X}.",
        f"The circuit held that we must modify {X}.",
        f"The respondent’s conviction under {X}, is vacated.",
        f"One court wrote: “{X}, is overruled.”",
        f"One court wrote “so it is, and {X}, is overruled.”",
        f"If the rule has changed, {X}, is overruled.",
        f"If the rule, once amended, is void, {X}, is overruled.",
        f"So it is; if the rule has changed, {X}, is overruled.",
        f"The answer changes if we overrule {X}.",
        f"It is so under {X}, followed.",
        f"We do not hold that {X}, is overruled.",
        f"We are asked to hold that {X}, is overruled.",
        f"We are not overruling {X}.",
        f"Nothing in this decision overrules {X}.",
        f"The respondent argues that this decision overrules {X}.",
        f"The following decisions are not overruled: {X}; {Y}.",
        "The Board vacated the Immigration Judge’s decision, and the stay is vacated.",
    ],
)
def test_words_that_do_nothing_to_a_decision_are_no_treatment(headnote: str) -> None:
    assert said(headnote) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (f"{X}, is overruled in its entirety.", ["X overruled"]),
        (f"{X}, and {Y}, are vacated.", ["X vacated", "Y vacated"]),
        (f"We therefore overrule {X}, and reaffirm {Y}.", ["X overruled", "Y reaffirmed"]),
        (f"We recede from our decision in {X}.", ["X receded from"]),
        (f"We decline to follow {Z}.", ["Z not followed"]),
        (f"To the extent that {X}, holds otherwise, it is overruled.", ["X overruled in part"]),
        (f"Language in {X}, suggesting otherwise is disapproved.", ["X disapproved in part"]),
        (f"We hold that {X}, must be overruled.", ["X overruled"]),
        (f"Because that is not the law, {X}, is overruled.", ["X overruled"]),
        (f"{X}, which held so, is now the operative opinion.", ["X reinstated"]),
        (f"The holding of {X}, is inconsistent with it and is modified.", ["X modified"]),
        (f"{X}, is hereby superseded insofar as it concerns bond.", ["X superseded in part"]),
        (f"This decision overrules {X}.", ["X overruled"]),
        (f"Our decision today supersedes {X}.", ["X superseded"]),
        (f"We are vacating {X}.", ["X vacated"]),
        (f"I am overruling {X}.", ["X overruled"]),
        (f"We overrule the following decisions: {X}; {Y}.", ["X overruled", "Y overruled"]),
        (f"The following decisions are overruled: {X}; {Y}.", ["X overruled", "Y overruled"]),
        (f"We overrule so much of {X}, as holds otherwise.", ["X overruled in part"]),
        (f"So much of {X} as is inconsistent is overruled.", ["X overruled in part"]),
        (f"{X}, is set aside.", ["X vacated"]),
        (f"{X}, can no longer be followed.", ["X not followed"]),
        (f"{X}, is no longer good law.", ["X abrogated"]),
        (f"{X}, must be and is overruled.", ["X overruled"]),
        (f"{X}, was wrongly decided, and I overrule it.", ["X overruled"]),
        (f"We overrule {X}, and its predecessor, {Y}.", ["X overruled", "Y overruled"]),
        (f"We overrule {X}, in {Y}.", ["X overruled"]),
        (f"We partially overrule {X}.", ["X overruled in part"]),
        (
            f"Insofar as it conflicts with this decision, {X}, is overruled.",
            ["X overruled in part"],
        ),
        (f"To the extent it conflicts with this one, we overrule {X}.", ["X overruled in part"]),
        (f"The second holding of {X}, is overruled.", ["X overruled in part"]),
        (f"We overrule only the jurisdictional holding of {X}.", ["X overruled in part"]),
    ],
)
def test_a_holding_is_read_in_a_headnote_and_in_an_opinion(
    sentence: str, expected: list[str]
) -> None:
    assert said(sentence) == expected
    assert said(opinion(sentence)) == expected


def test_a_closing_tag_is_none_in_an_opinion() -> None:
    assert said(opinion(f"It is so. {X}, followed.")) == []


def test_a_dissent_does_nothing() -> None:
    assert said(opinion(f"We overrule {X}.", "DISSENTING OPINION")) == []


def test_a_text_that_decides_nothing_has_no_holding() -> None:
    said_by_guidance = of(f"We overrule {X}.", kind="policy-manual-chapter")
    proposed = of(f"This rule supersedes the decision in {X}.", kind="proposed-rule")
    assert {each.form for each in (*said_by_guidance, *proposed)} <= {TreatmentForm.DISCUSSION}


def test_a_rule_says_what_it_supersedes() -> None:
    [only] = of(f"This final rule supersedes the Board's decision in {X}.", kind="rule")
    assert (only.kind, only.form) == (TreatmentKind.SUPERSEDED, TreatmentForm.OPERATIVE)


@pytest.mark.parametrize(
    ("sentence", "circuits"),
    [
        (f"In cases arising in the Ninth Circuit, we overrule {X}.", ("9",)),
        (f"In the Second and Ninth Circuits, {X}, is no longer good law.", ("2", "9")),
        (f"The Ninth Circuit disagreed. {X}, is overruled in that circuit.", ("9",)),
        (f"In the Ninth Circuit the rule differs, and we overrule {X}.", ()),
        (
            f"{X}, is overruled, except in cases arising in the Ninth Circuit.",
            ("1", "2", "3", "4", "5", "6", "7", "8", "10", "11", "dc"),
        ),
    ],
)
def test_a_holding_for_one_circuit_is_for_that_one(
    sentence: str, circuits: tuple[str, ...]
) -> None:
    assert [each.circuits for each in of(opinion(sentence))] == [circuits]


def test_that_circuit_where_none_is_named_is_a_part() -> None:
    assert said(opinion(f"{X}, is overruled in that circuit.")) == ["X overruled in part"]


def test_deeds_for_several_circuits_and_by_several_are_each_kept() -> None:
    each_circuit = of(
        f"We decline to follow {X}, in the Second Circuit. We decline to follow {X}, in the Fifth"
        " Circuit."
    )
    assert [each.circuits for each in each_circuit] == [("2",), ("5",)]
    each_body = of(f"The Ninth Circuit has overruled {X}. The Attorney General overruled {X}.")
    assert [each.by_name for each in each_body] == ["The Ninth Circuit", "The Attorney General"]


def test_where_and_how_far_a_holding_reaches_is_kept() -> None:
    [only] = of(
        f"{X}, which held so, is reinstated in the Court of Appeals for the First Circuit and is"
        " good law in any circuit without contrary precedent."
    )
    assert (only.kind, only.circuits) == (TreatmentKind.REINSTATED, ("1",))
    [extended] = of(
        f"By extension, {X}, and any decision issued in reliance thereupon is also overruled."
    )
    assert extended.reaches == "any decision issued in reliance thereupon"
    [ours] = of(f"We overrule {X}, and any other precedent inconsistent with this decision.")
    assert (ours.reaches, ours.in_part) == (
        "any other precedent inconsistent with this decision",
        False,
    )


def test_what_the_text_says_that_it_has_done_is_its_own_deed() -> None:
    (found,) = of("It is so.", opinion(f"We overrule {X}. As we have overruled {X}, he may stay."))
    assert (found.kind, found.is_told) == (TreatmentKind.OVERRULED, False)
    (found,) = of("It is so.", opinion(f"In 2010, we overruled {X}."))
    assert found.is_told


def test_what_adjudicators_shall_follow_directs_them_and_what_they_shall_not_is_said_once() -> None:
    found = of(
        f"(1) {X}, is vacated. (2) Immigration judges and the Board should no longer follow"
        f" {X}. Instead, immigration judges and the Board should follow pre-{X} precedent,"
        f" including {Y}."
    )
    assert [(each.target, each.kind, each.directs, each.form) for each in found] == [
        (AT["X"], TreatmentKind.VACATED, False, TreatmentForm.OPERATIVE),
        (AT["Y"], TreatmentKind.FOLLOWED, True, TreatmentForm.DISCUSSION),
    ]


def test_a_directive_is_no_holding_also_in_the_sentence_of_one() -> None:
    found = of(f"{X}, is overruled, and immigration judges and the Board shall adhere to {Y}.")
    assert [(each.target, each.kind, each.form) for each in found] == [
        (AT["X"], TreatmentKind.OVERRULED, TreatmentForm.OPERATIVE),
        (AT["Y"], TreatmentKind.FOLLOWED, TreatmentForm.DISCUSSION),
    ]


def test_what_one_immigration_judge_shall_apply_on_remand_is_no_directive() -> None:
    assert of(opinion(f"On remand, the Immigration Judge should apply {X}.")) == ()


def test_a_referral_and_its_stay_are_of_the_case_and_name_no_other() -> None:
    found = of(
        "I direct the Board to refer this case to me for review of its decision. The Board’s"
        " decision in this matter is automatically stayed pending my review.",
        kind="ag-referral",
    )
    assert [(each.kind, each.target, each.name, each.object) for each in found] == [
        (TreatmentKind.REFERRED, "", "Matter of SAMPLE", "decision of the Board"),
        (TreatmentKind.STAYED, "", "Matter of SAMPLE", "decision of the Board"),
    ]


def test_a_stay_that_is_vacated_vacates_no_decision() -> None:
    stay, opinion_ = of(
        f"The stay of the Board’s order in this matter is vacated, and {X}, which held so, is now"
        " the operative opinion.",
        kind="ag-precedent",
    )
    assert (stay.kind, stay.target, stay.object) == (TreatmentKind.VACATED, "", "stay")
    assert (opinion_.kind, opinion_.target) == (TreatmentKind.REINSTATED, AT["X"])


def test_what_is_said_twice_stands_once_in_its_surest_form() -> None:
    [only] = of(f"It is so. {X}, overruled.", opinion(f"We therefore overrule {X}."))
    assert (only.form, only.block) == (TreatmentForm.TAG, 0)


def test_a_treatment_keeps_the_sentence_the_name_and_the_court_as_printed() -> None:
    text = "(2) It is so. Matter of X‑A‑ , 20 I&N Dec. 901, 905 (BIA 1990), clarified ."
    [only] = of("A heading.", text)
    assert (only.name, only.court, only.block) == ("Matter of X-A-", "BIA 1990", 1)
    assert only.sentence == text[only.start : only.end]
    assert only.sentence.startswith("Matter of X‑A‑ , 20 I&N")
    assert only.sentence.endswith("clarified")


def test_a_decision_does_nothing_to_itself() -> None:
    assert of("It is so. Matter of SAMPLE, 29 I&N Dec. 999 (BIA 2026), followed.") == ()


def test_parallel_citations_are_one_target() -> None:
    [only] = of("It is so. Twin v. Double, 701 U.S. 924, 199 S. Ct. 824 (2024), followed.")
    assert only.target == "701 U.S. 924"


def test_sentences_do_not_end_at_the_periods_of_a_citation() -> None:
    text = f"See Part A. {X}, says so under 8 C.F.R. § 1003.1(h). It ends."
    shown = masked(text, resolved(text))
    printed = [shown.printed(span) for span in sentences(shown.text)]
    assert [text[span.start : span.end] for span in printed] == [
        "See Part A.",
        f"{X}, says so under 8 C.F.R. § 1003.1(h).",
        "It ends.",
    ]


def test_our_own_marks_in_a_text_name_no_authority() -> None:
    assert of(f"See {X}. \ue000, overruled.") == ()


@pytest.mark.parametrize("piece", ["we ", "that ", "followed, ", "the decision in ", "A. B. ", "("])
def test_time_grows_with_the_length_of_the_text_and_no_faster(piece: str) -> None:
    def taken(size: int) -> float:
        text = (piece * size)[:size] + f" {X}, overruled."
        begin = time.process_time()
        of(text)
        return time.process_time() - begin

    taken(1_000)
    assert taken(40_000) < 16 * max(taken(5_000), 0.01)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("We now overrule that decision.", ["X overruled"]),
        ("That holding is overruled in part.", ["X overruled in part"]),
        ("It is superseded.", ["X superseded"]),
        ("That decision is vacated.", []),  # it may be the one under review
        ("We do not overrule that decision.", []),
        ("The respondent asks that we overrule that decision.", []),
    ],
)
def test_a_holding_may_point_back_at_the_one_decision_before_it(
    sentence: str, expected: list[str]
) -> None:
    assert said(opinion(f"In {X}, the Board held so. {sentence}")) == expected
    assert said(opinion(f"In {X}, and in {Y}, the Board held so. {sentence}")) == []


def test_what_takes_up_either_of_two_decisions_is_told_by_its_name_alone() -> None:
    found = of(
        opinion(f"See {X}, and Matter of X-A-, 24 I&N Dec. 905 (BIA 2009)."),
        opinion("We overrule Matter of X-A-."),
    )
    assert [(each.target, each.name, each.kind) for each in found] == [
        ("", "Matter of X-A-", TreatmentKind.OVERRULED)
    ]


def test_a_short_form_stands_for_the_decision_it_takes_up() -> None:
    found = of(
        f"(1) {X} (“X-A- I”), is clarified. (2) We overrule X-A- I.",
        opinion("We overrule Matter of X-A-, supra."),
    )
    assert {each.target for each in found} == {AT["X"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"We recede from the view expressed in {X}.", ["X receded from"]),
        (f"We recede from the position taken in {X}, that none may.", ["X receded from"]),
        (f"We now confine {X} to the facts there shown.", ["X limited"]),
        (f"I overrule {X}, together with {Y}.", ["X overruled", "Y overruled"]),
        (f"Both {X}, and {Y}, are overruled.", ["X overruled", "Y overruled"]),
        (f"{X}, by which a notice was cured, is reinstated.", ["X reinstated"]),
        (
            f"Our decisions in {X}; and {Y}, are superseded by this decision.",
            ["X superseded", "Y superseded"],
        ),
        (f"To the extent, however, that {X} holds so, it is overruled.", ["X overruled in part"]),
        (f"We respectfully part company with {X}.", ["X not followed"]),
        (f"The Board's decision in {X}, is stayed.", ["X stayed"]),
        (
            f"I vacate the decision of the Board of Immigration Appeals in {X}, and remand.",
            ["X vacated", "X remanded"],
        ),
        (f"We owe no deference to {X}, which we decline to follow.", ["X not followed"]),
        (f"We agree with {X}, which we follow in full.", ["X followed"]),
        (f"Officers look to {X}, which is hereby restored as precedent.", ["X reinstated"]),
        (f"{X}, which was narrower, may again be relied upon.", ["X reinstated"]),
        (f"In that circuit we will apply, as we must, {Z}.", ["Z followed"]),
        (f"We shall follow {Z}, and sustain the appeal.", ["Z followed"]),
        (f"We adhere to {X}, and reaffirm it.", ["X reaffirmed"]),
        (f"{X}, is reasonable, and we follow it here.", ["X followed"]),
        (f"{X}, was wrongly decided, and it is overruled.", ["X overruled"]),
        (
            f"It was held so in {X}. That decision came early. It is hereby overruled.",
            ["X overruled"],
        ),
        (
            f"So held {X}. The case was wrongly decided, and it will no longer be followed.",
            ["X not followed"],
        ),
        (
            f"We decided {X}. Parts II and IV of that decision are reinstated.",
            ["X reinstated in part"],
        ),
        (f"{Z} went further. We decline to follow Zeta in other cases.", ["Z not followed"]),
        (f"So held {X}. That case must now be regarded as overruled.", ["X overruled"]),
        (f"So held {X}. To that extent, the decision is overruled.", ["X overruled in part"]),
        (f"So held {X}. We overrule our decision in that case.", ["X overruled"]),
        (f"So held {X}. We now withdraw from that position.", ["X receded from"]),
        (f"{X}, will not be followed.", ["X not followed"]),
        (f"We will not apply {Z}, outside the Ninth Circuit.", ["Z not followed"]),
        (f"{X}, is limited to its facts.", ["X limited"]),
        (f"We restrict {X}, to minors.", ["X limited"]),
        (f"We disavow the dictum in {X}.", ["X disapproved in part"]),
        (f"We acquiesce in {Z}.", ["Z followed"]),
        (f"I affirm the decision of the Board in {X}.", ["X affirmed"]),
        (f"We affirm our holding in {X}.", ["X reaffirmed"]),
    ],
)
def test_longer_turns_of_a_holding_are_read(text: str, expected: list[str]) -> None:
    assert said(opinion(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"If {X}, which is hereby overruled, were law, he would prevail.",
        f"He writes: “{X}, which we decline to follow, is wrong.”",
        f"The respondent argues that {X} was wrongly decided, and it should no longer be followed.",
        f"We are not persuaded that {X} was wrongly decided, and it should no longer be followed.",
        f"{X}, which we need not follow, is old.",
        f"{X}, which is overruled in that court, is old.",
        f"We cannot say that we shall follow {X}.",
        f"The parties dispute whether {X} may again be relied upon.",
        f"We vacate the order of the Immigration Judge and remand. See {X}.",
        f"The removal of the respondent is stayed. See {X}.",
        f"See {X}. The rule was amended. The form changed. It is superseded.",
        f"{X} sets out the regulation. We follow it.",
        f"DHS asserts that we must follow {Z}.",
        f"{X}, is limited to cases of minors.",
        f"{X}, set out the rule. We part company with it only if asked.",
        f"{X}, which we apply de novo, is clear.",
        f"See {X}. The holding of the judge is overruled.",
    ],
)
def test_what_is_argued_supposed_or_of_something_else_is_no_longer_turn(text: str) -> None:
    assert said(opinion(text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"We VACATE the decision of the Board, {X}, and REMAND for more.",
            ["X vacated", "X remanded"],
        ),
        (f"On rehearing, the panel opinion, {Z}, is vacated.", ["Z vacated"]),
        (
            f"See the Board's opinion, reported as {X}. The Board erred; its order is reversed.",
            ["X reversed"],
        ),
        (f"The decision of the Board, reported as {X}, is vacated.", ["X vacated"]),
        (
            f"See the Board's opinion, reported as {X}. The court erred; its order is reversed.",
            [],
        ),
        (f"We refuse to say whether the Board's decision, reported as {X}, is right.", []),
        (f"The petitioner asks that we vacate {X}.", []),
    ],
)
def test_a_court_s_own_holdings_are_read(text: str, expected: list[str]) -> None:
    assert said(opinion(text), kind="court-opinion") == expected


def test_a_court_s_holding_is_operative_and_a_dissent_s_is_none() -> None:
    [only] = of(opinion(f"We overrule {Z}."), kind="court-opinion")
    assert only.form is TreatmentForm.OPERATIVE
    assert not of(opinion(f"We overrule {Z}.", "DISSENTING OPINION: Doe"), kind="court-opinion")
    [one] = of(opinion(f"I decline to follow {Z}."), kind="court-opinion")
    assert one.form is TreatmentForm.DISCUSSION
