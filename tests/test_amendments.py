"""What amendatory instructions do, section by section; every instruction here is a sample."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline import fedreg
from pipeline.amendments import Amendment, read_amendments
from pipeline.designators import designations, spelled


def amendments(*instructions: str, headed: tuple[str, ...] = ()) -> tuple[Amendment, ...]:
    """Read instructions as one part's REGTEXT."""
    said = "".join(f"<AMDPAR>{each}</AMDPAR>" for each in instructions)
    root = etree.fromstring(f'<RULE><REGTEXT TITLE="8" PART="214">{said}</REGTEXT></RULE>')
    return read_amendments(root, headed)


def acts(*instructions: str) -> list[tuple[str, str]]:
    return [(each.section.removeprefix("8 CFR "), each.act) for each in amendments(*instructions)]


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        (
            "2. Section 214.2 is amended by revising paragraph (f)(5).",
            [("214.2(f)(5)", "revise")],
        ),
        ("2. Section 214.99 is revised to read as follows:", [("214.99", "revise")]),
        ("2. Revise § 214.98 to read as follows:", [("214.98", "revise")]),
        ("2. Add § 214.97 to subpart A to read as follows:", [("214.97", "add")]),
        ("2. New § 214.97 is added to read as follows:", [("214.97", "add")]),
        (
            "2. Remove and reserve § 214.96.",
            [("214.96", "remove"), ("214.96", "reserve")],
        ),
        (
            "2. Section 214.96 is removed and reserved.",
            [("214.96", "remove"), ("214.96", "reserve")],
        ),
        (
            "2. Amend § 214.2 by revising paragraphs (h)(1) and (2), adding paragraph"
            " (h)(4)(iii)(C) and (D), and removing paragraph (k).",
            [
                ("214.2(h)(1)", "revise"),
                ("214.2(h)(2)", "revise"),
                ("214.2(h)(4)(iii)(C)", "add"),
                ("214.2(h)(4)(iii)(D)", "add"),
                ("214.2(k)", "remove"),
            ],
        ),
        (
            "2. In § 214.2, redesignate paragraphs (b) through (d) as paragraphs (c) through (e).",
            [(f"214.2({letter})", "redesignate") for letter in "bcde"],
        ),
        (
            "2. Section 214.2 is amended by revising the last sentence of paragraph (b)(1),"
            " paragraph (c) introductory text, and paragraph (d).",
            [("214.2(b)(1)", "amend"), ("214.2(c)", "amend"), ("214.2(d)", "revise")],
        ),
        (
            "2. In § 214.2, paragraph (m)(1), remove the words “§ 204.5(c)” and add in their place"
            " the words “section 204.6”.",
            [("214.2(m)(1)", "amend")],
        ),
        (
            "2. Amend § 214.2 by removing “form” and adding in its place “request” in paragraph"
            " (a).",
            [("214.2(a)", "amend")],
        ),
        ("2. Revise the heading of § 214.2.", [("214.2", "amend")]),
        ("2. Revise paragraph (a) of § 214.3 and § 214.4.", [("214.3(a)", "revise")]),
        ("2. Revise § 214.2(f)(5) to read as follows:", [("214.2(f)(5)", "revise")]),
        (
            "2. Section 214.2, as amended at 90 FR 99001, effective May 1, 2026, is further amended"
            " by adding paragraph (z).",
            [("214.2(z)", "add")],
        ),
        (
            "2. Section 214.2 is amended in paragraph (q)(1) by removing “A” and adding “B” in its"
            " place.",
            [("214.2(q)(1)", "amend")],
        ),
        ("3. Add §§ 214.90 through 214.92.", [("214.90 through 214.92", "add")]),
        ("1. The authority citation for part 214 is revised.", [("part 214", "amend")]),
        ("1. The authority citation for part 214 continues to read as follows:", []),
        ("2. Subpart B to part 214 is added.", [("part 214, subpart B", "add")]),
        (
            "2. In Appendix A to part 214, revise paragraph (b).",
            [("part 214, Appendix A", "amend")],
        ),
        (
            "2. In Supplement I to part 214, under Section 214.2, new paragraph 1.iv is added.",
            [("part 214, Supplement I", "amend")],
        ),
        ("2. Appendix B to part 214 is added.", [("part 214, Appendix B", "add")]),
        ("Newly redesignated paragraph (b) reads as follows:", []),
    ],
)
def test_an_instruction_tells_what_it_does_to_which_place(
    instruction: str, expected: list[tuple[str, str]]
) -> None:
    assert sorted(acts(instruction)) == sorted(expected)


def test_lettered_instructions_act_on_the_section_named_above_them() -> None:
    assert acts(
        "4. Amend § 214.2 by:",
        "a. Revising paragraph (f)(5)(i);",
        "b. Removing and reserving paragraph (g); and",
        "5. Section 214.3 is amended:",
        "a. In paragraph (a), by removing the word “old”.",
    ) == [
        ("214.2", "amend"),
        ("214.2(f)(5)(i)", "revise"),
        ("214.2(g)", "remove"),
        ("214.2(g)", "reserve"),
        ("214.3", "amend"),
        ("214.3(a)", "amend"),
    ]


def test_the_words_are_the_instruction() -> None:
    (only,) = amendments("2. Remove § 214.96.")
    assert only == Amendment(section="8 CFR 214.96", act="remove", words="2. Remove § 214.96.")


def test_the_heading_tells_the_title_of_a_part_before_the_markup_does() -> None:
    (only,) = amendments("2. Remove § 214.96.", headed=("22 CFR 214", "8 CFR 1003"))
    assert only.section == "22 CFR 214.96"


def test_the_older_form_without_sections_in_the_markup_is_read() -> None:
    body = """<RULE><PREAMB><CFR>8 CFR Part 103</CFR></PREAMB><SUPLINF>
    <AMDPAR>For these reasons the Department amends Title 8 of the Code of Federal Regulations:
    </AMDPAR><HD SOURCE="HED">PART 103—SAMPLE</HD>
    <AMDPAR>2. Section 103.99 is added to read as follows:</AMDPAR>
    <SECTION><SECTNO>§ 103.99</SECTNO><SUBJECT>Sample.</SUBJECT><P>Text.</P></SECTION>
    <AMDPAR>3. Paragraph (b) is revised to read as follows:</AMDPAR>
    <SECTION><SECTNO>§ 103.98</SECTNO><SUBJECT>Sample.</SUBJECT><P>(b) Text.</P></SECTION>
    </SUPLINF></RULE>"""
    (printed,) = fedreg.read(body.encode())
    found = [(each.section, each.act) for each in printed.amends]
    assert found[-2:] == [("8 CFR 103.99", "add"), ("8 CFR 103.98(b)", "revise")]


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("(b)(2)(iv)(A) and (B)", ["(b)(2)(iv)(A)", "(b)(2)(iv)(B)"]),
        ("(a)(1) and (3), (b), and (c)(2)", ["(a)(1)", "(a)(3)", "(b)", "(c)(2)"]),
        ("(h)(1)(i) and (ii)", ["(h)(1)(i)", "(h)(1)(ii)"]),
        ("(h) and (i)", ["(h)", "(i)"]),
        ("(a)(1)(iv) and (v)", ["(a)(1)(iv)", "(a)(1)(v)"]),
        ("(c)(1) through (4)", ["(c)(1)", "(c)(2)", "(c)(3)", "(c)(4)"]),
        ("(a)(5)(ii) and (d)(5)(ii)", ["(a)(5)(ii)", "(d)(5)(ii)"]),
    ],
)
def test_shortened_designations_are_written_whole(listed: str, expected: list[str]) -> None:
    assert [spelled(path) for path, _ in designations(listed)] == expected


WORDS = st.sampled_from(
    [
        *("§ 214.2", "Section 103.7", "§§ 1.1 through 1.9", "part 214", "subpart B", "Appendix A "),
        *("paragraph (a)", "paragraphs (b)(1) and (2)", " through ", "(c)", " and ", ", ", " of "),
        *("revising ", " is revised", "remove ", "and reserve ", "adding in its place ", "“§ 1.1”"),
        *("redesignate ", " as ", "is amended by ", "2. ", "a. ", "newly designated ", "continues"),
    ]
)


@given(st.lists(st.lists(WORDS, max_size=12).map("".join), max_size=4))
def test_any_instruction_is_read_and_quoted_in_full(instructions: list[str]) -> None:
    for each in amendments(*instructions):
        assert each.act in {"revise", "add", "remove", "redesignate", "amend", "reserve"}
        assert each.words in {" ".join(said.split()) for said in instructions}


def test_recorded_instructions_are_nearly_all_read(shared: Path) -> None:
    """Those without an act name a place for those under them, or restate an authority."""
    instructions = read = 0
    for path in (shared / "recorded").rglob("*.xml"):
        if path.is_file():
            root = etree.fromstring(path.read_bytes())
            amended = {each.words for each in read_amendments(root, ())}
            said = {" ".join("".join(map(str, e.itertext())).split()) for e in root.iter("AMDPAR")}
            instructions, read = instructions + len(said), read + len(amended)
    assert read >= 0.78 * instructions > 400
