"""How far a treatment goes, read from its clause."""

import time

import pytest

from pipeline.citator.reach import CIRCUITS, circuits, introduced, is_in_part, reach, reaches, thing


@pytest.mark.parametrize(
    "clause",
    [
        "Matter of Q-R- is overruled in part",
        "we modify Matter of Q-R- in relevant part",
        "we overrule Matter of Q-R- to the extent that it is inconsistent with this opinion",
        "Matter of Q-R- is overruled insofar as it held the opposite",
        "we overrule Matter of Q-R- on this point only",
        "we recede from Matter of Q-R- as to the burden of proof",
        "we vacate Matter of Q-R- with respect to Part II",
        "those portions of Matter of Q-R- are vacated",
        "affirmed in all other respects",
        "is vacated except as to the bond",
    ],
)
def test_words_that_limit_a_verb_make_it_in_part(clause: str) -> None:
    assert is_in_part(clause)


@pytest.mark.parametrize(
    "clause",
    [
        "Matter of Q-R- is overruled",
        "Matter of Q-R- is vacated in its entirety",
        "we overrule Matter of Q-R- in full as to both holdings",
        "overruled on other grounds by",
        "we take part in overruling Matter of Q-R-",
    ],
)
def test_what_is_not_limited_is_whole(clause: str) -> None:
    assert not is_in_part(clause)


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("is good law in the Court of Appeals for the First Circuit", ("1",)),
        ("is reinstated in the United States Court of Appeals for the First Circuit", ("1",)),
        ("we decline to follow it in the Ninth Circuit", ("9",)),
        ("applies in cases arising in the Second, Third, and Ninth Circuits", ("2", "3", "9")),
        ("applies within the jurisdiction of the D.C. Circuit", ("dc",)),
        ("not followed in the 9th Cir.", ("9",)),
        ("we follow it outside the Second Circuit", tuple(c for c in CIRCUITS if c != "2")),
        ("we adhere to it except in the Ninth Circuit", tuple(c for c in CIRCUITS if c != "9")),
        ("was overruled by the Ninth Circuit", ()),
        ("in the Ninth Circuit’s view it was wrong", ()),
        ("the Ninth Circuit declined to follow it", ()),
        ("is overruled in all circuits", ()),
    ],
)
def test_a_circuit_is_a_place_only_after_a_word_of_place(
    clause: str, expected: tuple[str, ...]
) -> None:
    assert circuits(clause) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("The stay of the Board’s order", "stay"),
        ("the preliminary injunction in", "injunction"),
        ("the interim final rule of", "interim final rule"),
        ("the automatic stay entered in", "stay"),
        ("The decision in", ""),
        ("in order to", ""),
        ("the rule of", ""),
        ("the Board’s holding in", ""),
    ],
)
def test_what_is_undone_may_be_no_decision(words: str, expected: str) -> None:
    assert thing(words) == expected


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (
            "Matter of Q-R- and any decision issued in reliance thereupon is overruled",
            "any decision issued in reliance thereupon is overruled",
        ),
        ("we overrule Matter of Q-R- and its progeny", "its progeny"),
        (
            "as are all decisions inconsistent with this opinion",
            "all decisions inconsistent with this opinion",
        ),
        ("we disapprove Matter of Q-R- and similar cases", "similar cases"),
        ("should follow pre-Q-R- I precedent", "pre-Q-R- I precedent"),
        ("Matter of Q-R- and Matter of S-T- are overruled", ""),
    ],
)
def test_words_for_a_class_are_quoted(clause: str, expected: str) -> None:
    assert reaches(clause) == expected


def test_other_grounds_are_the_object_and_no_part() -> None:
    found = reach("overruled on other grounds by")
    assert (found.object, found.in_part) == ("other grounds", False)
    assert reach("vacated in part on other grounds").in_part


@pytest.mark.parametrize(
    "piece", ["any other ", "in the First and ", "the stay ", "all prior a a "]
)
def test_long_clauses_take_no_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    started = time.process_time()
    reach(text)
    thing(text)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("before", "named"),
    [
        ("In cases arising in the Ninth Circuit, we", ("9",)),
        ("In the Ninth Circuit, immigration judges", ("9",)),
        ("For cases within the jurisdiction of the Second and Ninth Circuits, we", ("2", "9")),
        ("Outside the Ninth Circuit, we", tuple(each for each in CIRCUITS if each != "9")),
        ("(2) In the Ninth Circuit, we", ("9",)),
        ("We hold that, in the Ninth Circuit, it", ("9",)),
        ("In the Ninth Circuit’s view, we", ()),
        ("In Soames, decided in the Ninth Circuit, we", ()),
        ("We", ()),
    ],
)
def test_an_introductory_phrase_names_a_place(before: str, named: tuple[str, ...]) -> None:
    assert introduced(before) == named


def test_that_circuit_is_the_one_named_last() -> None:
    before = "The Second Circuit followed and the Ninth Circuit rejected it, and it"
    assert circuits("is overruled in that circuit", before) == ("9",)
    assert not is_in_part("is overruled in that circuit", before)
    assert is_in_part("is overruled in that circuit", "It")


@pytest.mark.parametrize(
    "clause",
    [
        "overruled so far as inconsistent herewith",
        "overruled pro tanto",
        "largely overruled",
        "the second holding of",
        "only the jurisdictional holding of",
        "so much of",
    ],
)
def test_other_words_of_a_part(clause: str) -> None:
    assert is_in_part(clause)


@pytest.mark.parametrize(
    ("before", "is_limit"),
    [
        ("Insofar as it conflicts with this decision, it", True),
        ("To the extent that they are inconsistent, those", True),
        ("To the extent that the respondent relies on the Act, it", False),
        ("It is so, and insofar as the rule is contrary to the Act, it", True),
    ],
)
def test_a_limit_may_stand_before_the_clause(before: str, is_limit: bool) -> None:
    assert is_in_part("is overruled", before) is is_limit
