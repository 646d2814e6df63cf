"""How a query is read: its shape, what it names, and its terms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import cite
from pipeline.errors import QueryError
from pipeline.query.model import Shape
from pipeline.query.shape import read, typed

# What citations are made of, but for their numbers.
PIECES = (
    *("I&N Dec.", "F.3d", "S. Ct.", "U.S.", "U.S.C.", "USC", "CFR", "C.F.R.", "Fed. Reg.", "FR"),
    *("§", "§§", "section", "Section", "pt.", "INA", "Act", "title", "of the Act", "USCIS-PM"),
    *("Matter of", "In re", "v.", "A-B-", "Lopez", "at", "supra", "Id.", "(BIA)", "(a)", "(iii)"),
    *("Form", "I-", "N-", "EOIR", "RIN", "AA", "Docket No.", "EO", "Executive Order", "No."),
    *("Proclamation", "Pub. L.", "Stat.", "Interim Decision", "PM-", "PA-", "FR Doc.", "C-"),
    *(
        "Volume",
        "vol.",
        "Part",
        "part A",
        "Chapter",
        "ch.",
        ",",
        "-",
        "\u2013",
        ".",
        "D.",
        "l",
        "II",
    ),
)
CITATION, NAME = Shape.CITATION, Shape.NAME
CONNECTORS, QUESTION = Shape.CONNECTORS, Shape.QUESTION


@pytest.mark.parametrize(
    ("query", "shape"),
    [
        ("28 I&N Dec. 307", CITATION),
        ("Matter of A-B-, 28 I&N Dec. 307 (A.G. 2021)", CITATION),
        ("8 CFR 208.13(b)(1)", CITATION),
        ("INA 212(a)(6)(C)", CITATION),
        ("2026-00813", CITATION),
        ("i-130", CITATION),
        ("Matter of A-B-", NAME),
        ("in re a-b-", NAME),
        ("A-B- III", NAME),
        ("Moya v. DHS (2d Cir.)", NAME),
        ("Matter of Castro Tum bond hearing", NAME),
        ("Does Matter of A-B- still hold?", QUESTION),
        ("Matter of A-B- still good law?", QUESTION),
        ("What did Moya v. DHS decide", QUESTION),
        ("bond /s danger", CONNECTORS),
        ('"notice to appear"', CONNECTORS),
        ('"plea colloquy" and "modified categorical"', CONNECTORS),
        ("“plea colloquy” or “modified categorical” but not “bond”", CONNECTORS),
        ('the "plea colloquy" and "modified categorical" tests', QUESTION),
        ('"plea colloquy" and bond', QUESTION),
        ('Judge shouted "frivolous!" when my client spoke of the gang', QUESTION),
        ('Officer yelled "go home!" and she ran', QUESTION),
        ("He yelled stop! and then he hit my client with a stick", QUESTION),
        ('"frivol!" and asylum', CONNECTORS),
        ("frivol! and asylum", CONNECTORS),
        ("my client ticked the box saying he was a citizen", QUESTION),
        ("expedited removal", QUESTION),
        ("single mother w/2 USC kids EWI 2004", QUESTION),
        ("H-1B w/6 years, I-140 approved", QUESTION),
        ("married w/2 kids", QUESTION),
        ('he said "stop!" and ran', QUESTION),
        ("alien w/5 removal", CONNECTORS),
        ("parent w/5 child!", CONNECTORS),
        ("§ 212(h)", CITATION),
        ("section 240A(b)", CITATION),
        ("212(h) waiver", QUESTION),
    ],
)
def test_the_shape_decides_how_a_query_is_answered(query: str, shape: Shape) -> None:
    assert read(query).shape is shape


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("does 28 I&N Dec. 307 hold after 28 I&N Dec. 307?", ["28 I&N Dec. 307"]),
        ("27 i&n dec. 316 and gangs", ["27 I&N Dec. 316"]),
        ("firm resettlement under 8 cfr 208.15 now", ["8 CFR § 208.15"]),
        ("ina 212(h) waiver for a son", ["INA § 212(h)"]),
        ("fee of form i-130", ["Form I-130"]),
        ("rin 1615-ac13 comments", ["RIN 1615-AC13"]),
        ("what does document C1-2026-12542 correct", ["FR Doc. C1-2026-12542"]),
        ("federal register 2022–22465 on parole", ["FR Doc. 2022-22465"]),
        ("fr doc 2025-1031 arriving aliens correction", ["FR Doc. 2025-1031"]),
        ("fr doc. no. 2025-1031 correction", ["FR Doc. 2025-1031"]),
        ("C1-2026-12542 naturalization", ["FR Doc. C1-2026-12542"]),
        ("federal register 2022-2024 on parole", []),
        ("in 2022-2023 he worked", []),
        ("docket USCIS-2025-0004 comments", ["USCIS-2025-0004"]),
        ("call 555-2022-12345", []),
        ("", []),
    ],
)
def test_what_a_question_names_is_known_however_it_is_typed(query: str, named: list[str]) -> None:
    assert [each.canonical for each in read(query).citations] == named


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("§ 212(h)", ["INA § 212(h)"]),
        ("212(h) waiver, USC spouse", ["INA § 212(h)"]),
        ("section 240a(b) and sec. 245", ["INA § 240A(b)", "INA § 245"]),
        ("8 cfr 212.7 and 212(h)", ["8 CFR § 212.7", "INA § 212(h)"]),
    ],
)
def test_a_section_without_its_code_is_of_the_act_and_that_is_said(
    query: str, named: list[str]
) -> None:
    asked = read(query)
    assert [each.canonical for each in asked.citations] == named
    said = [f"was read as {each}:" for each in named if each.startswith("INA")]
    assert all(each in note for each, note in zip(said, asked.notes, strict=True))


def test_a_section_in_a_list_of_the_act_is_read_without_a_note() -> None:
    asked = read("INA 212(h) and § 212(i)")
    assert [each.canonical for each in asked.citations] == ["INA § 212(h)", "INA § 212(i)"]
    assert not asked.notes


@pytest.mark.parametrize(
    "query",
    [
        "Cal. Penal Code § 245(a)(1) as an aggravated felony",
        "IIRIRA § 309(c) stop-time",
        "501(c)(3) employer",
        "his 401(k)",
        "245i adjustment",
        "section 203 of NACARA",
        "section 242 of title 18",
        "paid $245(a)",
        "room 212 in 2019",
        "8 usc 212(h) there",
    ],
)
def test_a_section_of_another_law_is_not_taken_for_one_of_the_act(query: str) -> None:
    asked = read(query)
    assert not asked.notes
    assert not [each for each in asked.citations if each.kind == "ina"]


def test_an_irregular_plural_is_a_term_beside_its_singular() -> None:
    weights = {each.words: each.weight for each in typed("criteria for a child")}
    assert weights == {"criteria": 1.0, "criterion": 0.5, "child": 1.0, "children": 0.5}


def test_what_stands_in_quotation_marks_is_demanded_and_the_rest_is_not() -> None:
    terms = typed('what is "good moral character" for a “green card”')
    assert [(each.words, each.demanded) for each in terms] == [
        ("good moral character", True),
        ("green card", True),
    ]
    assert typed('"" and so bond')[-1].words == "bond"


def test_the_parts_of_a_section_count_little_beside_the_whole() -> None:
    weights = {each.words: each.weight for each in typed("waiver under 212(h)")}
    assert weights["waiver"] == weights["212(h)"] == 1.0
    assert weights["212"] < 0.5 and "under" not in weights


def test_the_words_that_every_case_bears_are_no_terms_of_a_name() -> None:
    assert [each.words for each in read("Matter of Castro-Tum bond").terms] == [
        "Castro-Tum",
        "castro",
        "tum",
        "bond",
    ]
    assert "matter" in {each.words.lower() for each in read("a matter of bond").terms}


def test_connectors_that_cannot_be_read_point_at_the_mistake() -> None:
    with pytest.raises(QueryError):
        read("bond /s")


@given(st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join))
def test_no_authority_is_cited_without_a_number(text: str) -> None:
    assert cite.lookup(text) is None
    assert not any(each.cited for each in cite.find(text))
