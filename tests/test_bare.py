"""Samples invented by us."""

from __future__ import annotations

import time

import pytest

from pipeline.cite import find, find_each


def bare(text: str, *, act: bool | None = None) -> list[str]:
    return [cited.canonical for cited in find(text, act=act) if cited.kind in ("ina", "usc", "cfr")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "He was fined under § 42.12(b) of the Vermont Penal Code. The charge is that he is\n"
            "removable under section 237(a)(2)(C)",
            ["INA § 237(a)(2)(C)"],
        ),
        (
            "The noncitizen has no relief. See section 208(a)(2)(D) (late asylum claims),"
            " 240A(b)(1)(C) (cancellation); 240B(b)(1)(B)",
            [
                "INA § 208(a)(2)(D)",
                "INA § 240A(b)(1)(C)",
                "INA § 240B(b)(1)(B)",
            ],
        ),
        (
            "The Immigration Judge found her removable under sections 237(a)(2)(A)(ii) and (iii).",
            ["INA § 237(a)(2)(A)(ii)", "INA § 237(a)(2)(A)(iii)"],
        ),
        (
            "Only USCIS may naturalize under § 1421; nothing in § 1447(b) changes that.",
            ["8 USC § 1421", "8 USC § 1447(b)"],
        ),
    ],
)
def test_a_bare_section_in_a_text_on_immigration_is_of_its_code(
    text: str, expected: list[str]
) -> None:
    assert bare(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The borrower may rescind under section 212(a)(2).",  # nothing of immigration
        "The alien was convicted of a breach of section 243(a).",
        "The alien cites Cal. Veh. Code, section 243(a), in his brief.",
        "The alien cites section 243(a) of the Motor Code.",
        "The alien cites section 243(a), Motor Code.",
        "The noncitizen relies on IIRIRA and on section 240(b).",
        "The noncitizen relies on the Fair Housing Act. She is eligible under section 207(b).",
        "An alien may rely on this section 208(a) at will.",
        "An alien may rely on section 212.",  # a number alone
        "An alien may rely on section 212(2)(a).",  # not how the INA is divided
        "An alien may rely on section 101(a) (43)(T).",  # broken in two
        "An alien may rely on section 399(a) or section 600(a).",  # the INA has no such sections
        "The alien moved to dismiss under § 1441(a).",
        "The applicant for naturalization filed a notice of removal under § 1447(c).",
        "The alien seeks mandamus under § 1361.",
        "The alien was charged under 18 U.S.C. § 1546(a) and § 1324(a).",
        "The alien arrived in 1985; see page 1421 and no. 1429.",
    ],
)
def test_a_bare_section_that_may_be_anothers_is_nobodys(text: str) -> None:
    assert [each for each in bare(text) if not each.startswith("18 USC")] == []


def test_a_number_that_the_text_gives_to_another_law_is_not_the_inas() -> None:
    text = "Section 245(a) of the Motor Code applies. The alien is removable under section 245(a)."
    assert bare(text) == []


def test_a_number_that_another_code_bears_is_not_the_inas() -> None:
    text = "See 42 U.S.C. § 1431. The naturalized alien relies on § 1431(a) and 8 U.S.C. § 1431."
    assert bare(text) == ["42 USC § 1431", "8 USC § 1431"]


def test_a_document_that_is_not_on_the_ina_has_no_bare_sections_of_it() -> None:
    assert bare("The alien is removable under section 237(a)(1).", act=False) == []


def test_a_document_says_once_whose_a_section_is() -> None:
    texts = ("See 27 CFR 478.72.", "He broke § 478.72.", "Section 213(a) of the Motor Code.")
    found = find_each((*texts, "The alien is removable under section 213(a)."), act=True)
    assert [[cited.canonical for cited in each] for each in found] == [
        ["27 CFR § 478.72"],
        ["27 CFR § 478.72"],
        [],
        [],
    ]


def test_another_titles_number_elsewhere_may_be_an_acts_here() -> None:
    found = find_each(("See 12 U.S.C. 701.", "This implements section 701(e) as amended."))
    assert [len(each) for each in found] == [1, 0]


def test_a_number_broken_in_two_doesnt_take_it_from_the_ina() -> None:
    text = (
        "The alien cites section 101(a) (43)(T) of the Act and INA § 101(a)(43)(T). Section 101(f)"
    )
    assert bare(text) == ["INA § 101(a)(43)(T)", "INA § 101(f)"]


def test_an_item_after_a_remark_is_quoted_without_the_space_before_it() -> None:
    text = "The alien: section 208(b)(2) (asylum), 241(b)(3) (withholding)"
    assert [cited.raw for cited in find(text)] == ["section 208(b)(2)", "241(b)(3)"]
    assert all(text[cited.start : cited.end] == cited.raw for cited in find(text))


@pytest.mark.parametrize(
    "piece",
    ["§ 208(a), ", "alien § 208(a) ", "alien § 1421, ", "§ 208(a) (so), 209(b) (so); alien "],
)
def test_many_bare_sections_take_time_in_proportion(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        began = time.process_time()
        find(text)
        return time.process_time() - began

    seconds(1_000)
    assert seconds(40_000) < 12 * max(seconds(10_000), 0.01)
