"""What adjudicators are told to follow, and what the Attorney General orders. All are samples."""

from __future__ import annotations

import time

import pytest
from builders import version

from pipeline.citator.model import Treatment, TreatmentForm
from pipeline.citator.treatments import treatments

X = "Matter of X-A-, 20 I&N Dec. 901 (BIA 1990)"
Y = "Matter of Y-B-, 21 I&N Dec. 902 (BIA 1996)"
Z = "Zeta v. Garland, 9 F.4th 903 (9th Cir. 2021)"
AT = {"20 I&N Dec. 901": "X", "21 I&N Dec. 902": "Y", "9 F.4th 903": "Z"}
ALL_BUT_THE_NINTH = ("1", "2", "3", "4", "5", "6", "7", "8", "10", "11", "dc")


def of(text: str, kind: str = "bia-precedent") -> tuple[Treatment, ...]:
    named = version(
        text,
        source="sample",
        kind=kind,
        title="Matter of SAMPLE",
        citation="29 I&N Dec. 999 (BIA 2026)",
    )
    return treatments(named)


def said(text: str, kind: str = "bia-precedent") -> list[str]:
    return [
        f"{AT[each.target]} {each.kind}{' in part' if each.in_part else ''}"
        for each in of(text, kind)
    ]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (f"must follow {X}, not {Y}.", ["X followed"]),
        (f"must apply {X}, and may not apply {Y}.", ["X followed", "Y not followed"]),
        (f"should apply the factors of {X}, that survived {Y}.", ["X followed"]),
        (f"should follow pre-{X} precedent, including {Y}.", ["Y followed"]),
        (
            f"shall apply the test for such cases set out in {X}, and {Y}.",
            ["X followed", "Y followed"],
        ),
        (f"cannot rely on {X}.", ["X not followed"]),
        (f"should not follow unpublished decisions that misread {X}.", []),
        (f"should not follow the Ninth Circuit’s interpretation of {X}.", []),
        (f"should not rely on {X}, as the sole basis.", ["X not followed in part"]),
        (f"should not apply {X}, mechanically.", ["X not followed in part"]),
        (f"should not apply {X}, to applicants who were minors.", ["X not followed in part"]),
        (f"should no longer follow {X}, when adjudicating claims.", ["X not followed"]),
    ],
)
def test_only_what_follows_the_verb_is_to_be_followed_or_not(
    told: str, expected: list[str]
) -> None:
    assert said(f"Immigration judges and the Board {told}") == expected


@pytest.mark.parametrize(
    "sentence",
    [
        f"The respondent argues that immigration judges should no longer follow {X}.",
        f"We reject the contention that immigration judges should not apply {X}.",
        f"This does not mean that immigration judges should not follow {X}.",
        f"We do not hold that immigration judges should not follow {X}.",
        f"The Ninth Circuit held that the Board should not follow {X}.",
        f"If the rule takes effect, immigration judges should not follow {X}.",
        f"Whether immigration judges should not apply {X}, is a question we leave open.",
        f"Nothing said of what immigration judges should not follow {X}, is law.",
        f"According to the dissent, immigration judges should not follow {X}.",
        f"One brief said “immigration judges should not follow {X}.”",
    ],
)
def test_what_is_argued_supposed_or_quoted_directs_nobody(sentence: str) -> None:
    assert said(sentence) == []


def test_a_directive_for_one_circuit_is_for_that_one() -> None:
    [only] = of(f"In the Ninth Circuit, immigration judges should no longer follow {X}.")
    assert (only.circuits, only.in_part) == (("9",), False)


def test_a_directive_after_a_limited_undoing_is_kept() -> None:
    partly = f"We overrule {X}, in part. Immigration judges should no longer follow {X}."
    there = f"We overrule {X}, in the Ninth Circuit. Immigration judges should not follow {X}."
    assert said(partly) == ["X overruled in part", "X not followed"]
    assert said(there) == ["X overruled", "X not followed"]


@pytest.mark.parametrize(
    ("sentence", "circuits"),
    [
        (f"Officers should not follow {X}.", ()),
        (f"Effective immediately, USCIS officers must no longer apply {X}.", ()),
        (f"USCIS no longer follows {X}.", ()),
        (f"USCIS will not follow {Z}, outside the Ninth Circuit.", ALL_BUT_THE_NINTH),
    ],
)
def test_guidance_directs_the_officers_of_uscis(sentence: str, circuits: tuple[str, ...]) -> None:
    [only] = of(sentence, "uscis-memorandum")
    assert (only.kind, only.form) == ("not followed", TreatmentForm.OPERATIVE)
    assert (only.directs, only.circuits) == (True, circuits)
    assert said(f"Immigration judges should not follow {X}.", "uscis-memorandum") == []
    assert of(sentence, "eoir-memorandum") == ()


@pytest.mark.parametrize(("verb", "kind"), [("supersedes", "superseded"), ("rescinds", "vacated")])
def test_guidance_says_which_memorandum_it_ends(verb: str, kind: str) -> None:
    text = f"This Policy Memorandum {verb} the guidance in PM-602-0050 and PM-602-0051."
    found = of(text, "uscis-memorandum")
    assert [(each.target, each.kind) for each in found] == [
        ("PM-602-0050", kind),
        ("PM-602-0051", kind),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "The request that I refer this case for review is denied.",
        "I withdraw the referral of this case for review.",
        "The referral of this case for review is vacated.",
        "The Board’s decision is not stayed.",
        "The request that the decision be stayed is denied.",
        "The parties are ordered to brief whether the decision should be stayed.",
        "If the stay of that decision is lifted, it binds.",
        "The respondent argues that the stay of the decision is vacated.",
        "The stay of removal is vacated.",
    ],
)
def test_what_is_asked_denied_or_supposed_is_no_order(sentence: str) -> None:
    assert of(sentence, "ag-referral") == ()


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Matter of M-, 99 I&N Dec. 120 (BIA 2026), is stayed pending my review.", "stayed"),
        (
            "The Board’s decision in Matter of M-, 99 I&N Dec. 120 (BIA 2026), is automatically"
            " stayed pending my review.",
            "stayed",
        ),
        (
            "I direct the Board to refer Matter of M-, 99 I&N Dec. 120 (BIA 2026), to me for"
            " review.",
            "referred",
        ),
    ],
)
def test_an_order_that_prints_the_decision_has_it_as_target(sentence: str, kind: str) -> None:
    [only] = of(sentence, "ag-referral")
    assert (only.kind, only.target, only.object) == (kind, "99 I&N Dec. 120", "")
    assert only.sentence == sentence


def test_a_decision_that_the_stayed_one_relied_on_is_not_stayed() -> None:
    [only] = of(f"The Board’s decision, which relied on {X}, is stayed.", "ag-referral")
    assert (only.target, only.object) == ("", "decision of the Board")


@pytest.mark.parametrize(
    "piece", ["refer this for ", "the decision is ", "the stay of ", "review "]
)
def test_time_grows_with_the_length_of_an_order_and_no_faster(piece: str) -> None:
    def taken(size: int) -> float:
        begin = time.process_time()
        of((piece * size)[:size], "ag-referral")
        return time.process_time() - begin

    taken(1_000)
    assert taken(40_000) < 16 * max(taken(5_000), 0.01)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"Officers may not rely on {X}, in light of {Z}. "
            "Offices elsewhere shall continue to follow the Board's decision.",
            ["X not followed in part", "X followed"],
        ),
        (
            f"The Board decided {X}. Officers should no longer apply that decision.",
            ["X not followed"],
        ),
        (f"See {X}, and {Y}. Officers should follow the Board's decision.", []),
        (f"See {X}. Cases differ. Officers should follow that decision.", []),
        (f"See {X}. Counsel urges that officers should follow that decision.", []),
    ],
)
def test_a_directive_may_point_to_the_one_decision_of_the_sentence_before(
    text: str, expected: list[str]
) -> None:
    assert [each.removesuffix(" in part") for each in said(text, "uscis-memorandum")] == [
        each.removesuffix(" in part") for each in expected
    ]


@pytest.mark.parametrize("run", ["a" * 20_000, "a'-" * 7_000])
def test_a_word_without_end_before_a_decision_is_passed_by_in_time(run: str) -> None:
    begin = time.process_time()
    said(f"We write of {run} in {X}, which we decline to follow.")
    assert time.process_time() - begin < 2
