"""Credit: what boards' rules give for a timed agenda, and where they were read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from builders import SEEN
from hypothesis import given
from hypothesis import strategies as st

from alerts.cle import jurisdictions
from alerts.cle.agenda import Kind, Part
from alerts.cle.credit import Credit, credit, tell
from alerts.cle.jurisdictions import Profile, Rule
from alerts.packet.content import Manuscript, Paragraph, Style
from alerts.packet.draft import Draft
from pipeline.errors import LexwatchError, SettingsError

RULE = Rule(
    rule="Sample Board Rule 1",
    url="https://board.example/1",
    text="as of 2026",
    read=date(2026, 11, 1),
)
OWN = """
[ZZ]
name = "Samplia"
board = "Board of Samplia"
hour = 50
increment = 0.5
[[ZZ.rules]]
rule = "Sample Rule 1"
url = "https://board.example/1"
text = "as amended in 2026"
read = 2026-11-01
"""


def profile(**more: Any) -> Profile:
    given: dict[str, Any] = {
        "code": "ZZ",
        "name": "Samplia",
        "board": "Board of Samplia",
        "hour": 60,
        "increment": Decimal("0.5"),
        "introductions": False,
        "questions": True,
        "rules": (RULE,),
    }
    return Profile(**{**given, **more})


def parts(
    instruction: int, introduction: int = 0, questions: int = 0, pause: int = 0
) -> list[Part]:
    every = (
        (introduction, Kind.INTRODUCTION),
        (instruction, Kind.INSTRUCTION),
        (pause, Kind.BREAK),
        (questions, Kind.QUESTIONS),
    )
    return [Part(start=0, minutes=m, subject="x", kind=kind) for m, kind in every if m]


def got(one: Profile, *minutes: int) -> Credit:
    return credit(one, parts(*minutes))


def written(one: Profile | None, given: list[Part]) -> Manuscript:
    draft = Draft(title="T", subject="S", at=SEEN)
    tell(draft, one, given)
    draft.sources()
    return draft.finished()


def said(manuscript: Manuscript) -> list[Paragraph]:
    return [part for part in manuscript.parts if isinstance(part, Paragraph)]


def test_breaks_and_opening_remarks_are_left_out_and_the_rest_is_rounded_down() -> None:
    one = got(profile(hour=50), 50, 4, 6, 10)
    assert one.least == one.most == 1
    assert one.working == (
        "70 minutes − 4 (introduction) − 10 (breaks) = 56; 56 ÷ 50 = 1.12; rounded down to a half "
        "hour: 1.0",
    )


def test_opening_remarks_count_where_the_rule_says_so() -> None:
    assert got(profile(introductions=True), 56, 4).most == 1
    assert got(profile(), 56, 4).most == Fraction(1, 2)


@pytest.mark.parametrize(
    ("rounding", "minutes", "hours"),
    [("down", 44, "1/2"), ("nearest", 44, "3/4"), ("nearest", 52, "3/4"), ("nearest", 53, "1")],
)
def test_a_fraction_is_rounded_as_the_rule_rounds(rounding: str, minutes: int, hours: str) -> None:
    one = profile(increment=Decimal("0.25"), rounding=rounding)
    assert got(one, minutes).most == Fraction(hours)


def test_of_questions_no_more_counts_than_the_rule_takes_in_an_hour() -> None:
    one = profile(questions_per_hour=10, increment=Decimal("0.1"))
    assert got(one, 50, 0, 10).most == 1
    limited = got(one, 50, 0, 40)
    assert limited.most == 1
    assert "− 30 (questions) = 60" in limited.working[0]


def test_minutes_of_which_the_rule_says_nothing_give_a_range_with_both_workings() -> None:
    one = got(profile(questions=None), 56, 0, 4)
    assert one.least == Fraction(1, 2) and one.most == 1
    assert one.working[0].startswith(
        "Without what is not known to count: 60 minutes − 4 (questions)"
    )
    assert one.working[1].startswith("With it: 60 ÷ 60 = 1.0")


def test_a_rounding_that_is_not_known_is_not_made_up() -> None:
    one = got(profile(hour=50, increment=None), 56)
    assert one.most == Fraction(56, 50)
    assert one.working == ("56 ÷ 50 = 1.12",)
    words = " ".join(each.words for each in said(written(profile(increment=None), parts(56))))
    assert "Not found in the texts that were read: how fractions are rounded" in words


def test_too_short_a_programme_earns_none_and_is_told_what_it_lacks() -> None:
    one = got(profile(shortest=60), 50)
    assert one.most == 0
    assert one.short == "A programme under 60 minutes earns none; this one has 50."
    least = got(profile(least=Decimal(1)), 56, 4)
    assert least.most == 0
    assert least.short == "The first credit takes 60 minutes that count; this agenda has 56."
    assert least.working[0].endswith("a half hour: 0.5, which is too little for any")


@given(
    instruction=st.integers(0, 400),
    introduction=st.integers(0, 30),
    questions=st.integers(0, 60),
    pause=st.integers(0, 60),
    hour=st.sampled_from([50, 60]),
    step=st.sampled_from(["0.1", "0.25", "0.5", "1"]),
    rounding=st.sampled_from(["down", "nearest"]),
    counts=st.tuples(*[st.sampled_from([True, False, None])] * 2),
)
def test_credit_is_a_multiple_of_the_step_next_to_the_minutes_that_count(
    *,
    instruction: int,
    introduction: int,
    questions: int,
    pause: int,
    hour: int,
    step: str,
    rounding: str,
    counts: tuple[bool | None, bool | None],
) -> None:
    one = profile(
        hour=hour,
        increment=Decimal(step),
        rounding=rounding,
        introductions=counts[0],
        questions=counts[1],
    )
    found = got(one, instruction, introduction, questions, pause)
    sure = instruction + introduction * (counts[0] is True) + questions * (counts[1] is True)
    perhaps = sure + introduction * (counts[0] is None) + questions * (counts[1] is None)
    for hours, minutes in ((found.least, sure), (found.most, perhaps)):
        assert hours % Fraction(step) == 0
        off = Fraction(minutes, hour) - hours
        assert 0 <= off < Fraction(step) if rounding == "down" else abs(off) <= Fraction(step) / 2
    assert bool(found.short) == (found.most == 0)


@pytest.mark.parametrize("code", sorted(jurisdictions.profiles()))
def test_every_profile_says_which_text_was_read_where_and_when(code: str) -> None:
    one = jurisdictions.profiles()[code]
    assert one.hour in (50, 60)
    for rule in one.rules:
        assert rule.url.startswith(("https://", "http://"))
        assert rule.text and rule.read <= date(2026, 11, 22)
    for about in (
        "credit",
        *(["materials"] if one.materials else []),
        *(["formats"] if one.formats else []),
    ):
        assert any(about in rule.about for rule in one.rules)


@pytest.mark.parametrize("code", sorted(jurisdictions.profiles()))
def test_what_is_told_of_a_board_carries_its_rule_and_claims_no_credit(code: str) -> None:
    one = jurisdictions.profiles()[code]
    manuscript = written(one, parts(50, 4, 6))
    told = said(manuscript)
    assert all(each.ours or each.notes for each in told)
    assert any("nothing in this packet is accredited" in each.words for each in told)
    assert all("not checked since" in source.retrieved for source in manuscript.sources)
    (head,) = (each for each in told if each.words.startswith(f"{one.name}: "))
    assert head.notes
    if "credit hours" in head.words:
        assert " accepts the programme" in head.words or "approves no programme" in head.words


def test_ethics_is_a_box_for_the_speaker_and_never_computed() -> None:
    for one in (None, profile()):
        (box,) = (e for e in said(written(one, parts(60))) if e.style is Style.CHECKBOX)
        assert "marked by the speaker" in box.words and box.ours
        assert not any(sign.isdigit() for sign in box.words)


def test_the_issues_own_example_is_computed_by_the_rule_held() -> None:
    held = jurisdictions.profiles()
    assert jurisdictions.profile("TX", held) is jurisdictions.profile("texas", held)
    assert jurisdictions.profile("", held) is None
    texas = jurisdictions.profile("TX", held)
    assert texas is not None and got(texas, 60).most == 1


def test_a_jurisdiction_not_held_is_an_error_that_lists_those_held_and_says_how_to_write_one() -> (
    None
):
    with pytest.raises(LexwatchError, match=r"'ZZ' is not held; held are .*TX \(Texas\)") as error:
        jurisdictions.profile("ZZ", jurisdictions.profiles())
    assert "[cle] jurisdictions: a table [ZZ] with name, board, hour" in str(error.value)


def test_an_offices_own_file_is_laid_over_the_packaged_one() -> None:
    held = jurisdictions.profiles(OWN, "own.toml")
    assert {"ZZ", "TX"} <= set(held)
    assert got(held["ZZ"], 75).most == Fraction(3, 2)
    over = jurisdictions.profiles(OWN.replace("ZZ", "TX"), "own.toml")
    assert over["TX"].name == "Samplia"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (OWN.replace("hour = 50", "hour = 500"), r"own.toml: ZZ.hour: "),
        (OWN.replace("hour = 50", "hours = 50"), r"own.toml: ZZ.hour"),
        (OWN.replace('name = "Samplia"', 'nane = "Samplia"'), r"own.toml: ZZ.na"),
        (OWN.partition("[[")[0], r"own.toml: ZZ.rules: "),
        ("ZZ = 3", r"own.toml: ZZ: "),
        ("[ZZ", r"own.toml is no TOML: "),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(text: str, wrong: str) -> None:
    with pytest.raises(SettingsError, match=wrong):
        jurisdictions.profiles(text, "own.toml")
