"""Reading a precedent decision's PDF: what its opening says, and its text with reporter pages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from pdfs import (
    CAPTION,
    CENTRED,
    COUNSEL,
    DATED,
    HEADING,
    HEADNOTE,
    NOTE,
    OFFICE,
    SAMPLES,
    STORED,
    SUPER,
    TEXT,
    SampleSheet,
    Set,
    amended,
    board,
    built,
    referral,
)

from pipeline.decision import Decision, decision
from pipeline.errors import PageChanged
from pipeline.model import BlockKind, DateKind
from pipeline.pdf import sheets
from pipeline.pin import page_at, pin
from pipeline.referral import act

RECORDED = "2016-12/www.justice.gov/eoir/page/file/920996.pdf"
CITE = "Cite as 28 I&N Dec. 921 (BIA 2021)"
NUMBER = "Interim Decision #9021"


def read(body: bytes) -> Decision:
    return decision(sheets(body))


def of(
    *opening: Set, notes: Sequence[Set] = (), heads: Sequence[str] = (CITE,), first: int = 921
) -> Decision:
    """A decision with that opening, a text of two sentences on each sheet, and those heads."""
    rest = (TEXT, "A sentence of the text. " * 9)
    return read(
        built(
            [
                SampleSheet(
                    head=(head, NUMBER),
                    page=str(first + index),
                    text=(*opening, rest) if index == 0 else (rest,),
                    notes=notes if index == 0 else (),
                )
                for index, head in enumerate(heads)
            ]
        )
    )


def days(said: Decision) -> dict[DateKind, date]:
    return {stated.kind: stated.on for stated in said.dates}


def test_stored_samples_are_those_that_are_built_here() -> None:
    for name, sample in SAMPLES.items():
        if name.startswith("bia_decisions/"):
            assert sheets((STORED / f"{name}.pdf").read_bytes()) == sheets(sample())


def test_place_in_the_reporter_is_read_from_the_running_head() -> None:
    place = read(board()).place
    assert (place.citation, place.number) == ("28 I&N Dec. 921 (BIA 2021)", "9021")


def test_one_sheet_gives_its_place_too() -> None:
    assert read(referral()).place.citation == "28 I&N Dec. 931 (A.G. 2021)"


def test_opening_is_no_part_of_the_opinion() -> None:
    said = read(board())
    assert said.caption == "Matter of Ada SAMPLE-KEEPER, Respondent"
    assert said.metadata["decided_by"] == "Board of Immigration Appeals"
    assert [counsel.partition(":")[0] for counsel in said.metadata["counsel"]] == [
        "FOR THE RESPONDENT",
        "FOR THE DEPARTMENT OF HOMELAND SECURITY",
    ]
    assert said.metadata["panel"].startswith("BEFORE: Board Panel: BEAM")
    assert said.metadata["byline"] == "WICK, Appellate Immigration Judge"
    opinion = [block.text for block in said.blocks if block.page]
    assert opinion[0].startswith("In a decision dated May 5, 2020,")


def test_headnotes_have_no_page_for_they_are_no_part_of_the_opinion() -> None:
    said = read(board())
    assert [block.page for block in said.blocks[:3]] == ["", "", "921"]
    assert [block.text[:3] for block in said.blocks[:2]] == ["(1)", "(2)"]
    assert pin(said.place.citation, said.blocks[0].page) == ""


def test_paragraph_over_a_page_break_is_whole_and_each_word_has_its_page() -> None:
    block = next(block for block in read(board()).blocks if "describes in detail" in block.text)
    pages = [page_at(block, block.text.index(word)) for word in ("describes", "detail")]
    assert pages == ["921", "922"]


def test_dissent_stands_under_its_own_heading() -> None:
    dissent = next(block for block in read(board()).blocks if "lamp was dark" in block.text)
    assert dissent.trail == ("DISSENTING OPINION: Board Member LENS",)


def test_days_of_decision_and_designation_are_kept_apart() -> None:
    said = read(board())
    assert days(said) == {DateKind.DECIDED: date(2021, 3, 3), DateKind.DESIGNATED: date(2021, 6, 7)}
    assert said.dates[0].words == "Decided by Board March 3, 2021"


def test_attorney_general_s_day_is_not_the_board_s() -> None:
    said = read(amended())
    assert days(said) == {DateKind.DECIDED: date(2021, 5, 2), DateKind.AMENDED: date(2021, 5, 2)}
    assert said.metadata["decided_by_board"] == "2019-01-04"


def test_designation_may_stand_in_the_opening_itself() -> None:
    dated = (DATED, "Decided January 11, 2006<br/>Designated as precedent October 20, 2010")
    said = of((CAPTION, "Matter of BUOY, Petitioner"), dated, *OFFICE)
    assert days(said) == {
        DateKind.DECIDED: date(2006, 1, 11),
        DateKind.DESIGNATED: date(2010, 10, 20),
    }


def test_note_that_names_two_days_outside_brackets_designates_on_neither() -> None:
    note = f"{SUPER.format(1)} On May 1, 2021, and on May 2, 2021, it was designated as precedent."
    dated = (DATED, f"Decided April 1, 2021{SUPER.format(1)}")
    said = of((CAPTION, "Matter of BUOY, Respondent"), dated, *OFFICE, notes=((NOTE, note),))
    assert days(said) == {DateKind.DECIDED: date(2021, 4, 1)}


def test_decision_without_a_day_states_none() -> None:
    assert of((CAPTION, "Matter of BUOY, Respondent"), *OFFICE).dates == ()


def test_headnotes_end_at_counsel_where_type_does_not_tell() -> None:
    said = of(
        (CAPTION, "Matter of BUOY, Respondent"),
        (DATED, "Decided April 1, 2021"),
        *OFFICE,
        (TEXT, "A buoy is no lamp."),
        (TEXT, "FOR THE RESPONDENT: Pro se"),
        (TEXT, "BEFORE: Board Panel: BEAM, WICK and LENS, Board Members."),
    )
    assert said.headnotes == ("A buoy is no lamp.",)
    assert said.metadata["counsel"] == ["FOR THE RESPONDENT: Pro se"]


def test_opening_of_another_kind_is_all_text() -> None:
    said = of((HEADING, "ORDER"), (TEXT, "The motion is granted."))
    assert said.headnotes == ()
    assert "The motion is granted." in [block.text for block in said.blocks]


@pytest.mark.parametrize(
    ("heads", "given"),
    [
        (("",), "give none"),
        ((CITE, "Cite as 28 I&N Dec. 999 (BIA 2021)"), "give Cite as 28 I&N Dec. 921"),
    ],
)
def test_no_citation_or_two_are_refused(heads: tuple[str, ...], given: str) -> None:
    with pytest.raises(PageChanged, match=given):
        of((CAPTION, "Matter of BUOY, Respondent"), heads=heads)


def test_decision_without_text_is_refused() -> None:
    text = ((CAPTION, "Matter of BUOY, Respondent"), (DATED, "Decided April 1, 2021"), *OFFICE)
    with pytest.raises(PageChanged, match="no text after its opening"):
        read(built([SampleSheet(head=(CITE, NUMBER), page="921", text=text)]))


def test_pages_that_contradict_the_citation_are_not_cited() -> None:
    said = of((CAPTION, "Matter of BUOY, Respondent"), heads=(CITE, CITE), first=1)
    assert {block.page for block in said.blocks} == {""}
    assert "printed page 1 does not follow from page 921" in said.metadata["pages"]


def test_pages_that_are_not_printed_are_not_cited() -> None:
    sheet = SampleSheet(head=(CITE, NUMBER), text=((TEXT, "A sentence of the text. " * 9),))
    said = read(built([sheet, sheet]))
    assert {block.page for block in said.blocks} == {""}
    assert "no page number is printed" in said.metadata["pages"]


def test_recorded_decision_is_read_whole(shared: Path) -> None:
    said = read((shared / "recorded" / RECORDED).read_bytes())
    assert (said.place.citation, said.place.number) == ("26 I&N Dec. 884 (AAO 2016)", "3882")
    assert days(said) == {DateKind.DECIDED: date(2016, 12, 27)}
    assert len(said.headnotes) == len(said.metadata["counsel"]) == 1
    notes = [block for block in said.blocks if block.kind is BlockKind.FOOTNOTE]
    assert [note.label for note in notes] == [str(number) for number in range(1, 12)]
    marks = [mark.label for block in said.blocks for mark in block.marks]
    pages = {block.page for block in said.blocks} | {m[1:] for m in marks if m.startswith("*")}
    assert pages - {""} == {str(page) for page in range(884, 895)}
    assert [mark for mark in marks if not mark.startswith("*")] == [n.label for n in notes]


# The Attorney General's orders, in the words in which such orders are announced.
ORDERS = {
    "The Attorney General referred the decision of the Board of Immigration Appeals to himself for"
    " review of issues relating to lamps, ordering that the case be stayed.": "referral",
    "The Attorney General refers the case to herself for review of whether Matter of U-V- should be"
    " overruled.": "referral",
    "I direct the Board to refer this case to me for review of its decision. The Board’s decision"
    " is automatically stayed.": "referral",
    "The Board’s order is stayed pending further order of the Attorney General.": "stay",
    "The stay of the Board’s order is vacated, and Matter of U-V- is the operative opinion.": "",
    "The Attorney General, having referred the matter to himself for review, vacated the decision"
    " of the Board.": "",
    "Matter of U-V- is overruled.": "",
    "The Attorney General denied the request that the briefing be suspended.": "",
    "A keeper may appeal.": "",
}


@pytest.mark.parametrize(("words", "does"), ORDERS.items())
def test_order_is_a_referral_only_where_it_decides_nothing(words: str, does: str) -> None:
    assert act(words) == does


def test_referrals_among_the_collected_headnotes(shared: Path) -> None:
    rows = (shared / "corpora" / "bia_headnotes.jsonl").read_text("utf-8").splitlines()
    orders = [
        row for row in map(json.loads, rows) if "(A.G." in row["citation"].replace("AG", "A.G.")
    ]
    found = [row["eoir_id"] for row in orders if act(" ".join(row["headnotes"])) == "referral"]
    assert (len(orders), found) == (19, [3986, 4029, 4033, 4120, 4122])


def test_counsel_and_office_of_other_layouts_are_known() -> None:
    said = of(
        (CAPTION, "Matter of BUOY, Petitioner"),
        (DATED, "Decided April 1, 2021"),
        (CENTRED, "U.S. Department of Homeland Security"),
        (CENTRED, "Administrative Appeals Office"),
        (HEADNOTE, "A buoy is no lamp."),
        (COUNSEL, "ON BEHALF OF PETITIONER: Iris Invented, Esquire"),
        (COUNSEL, "AMICI CURIAE: The Lamplighters’ Union"),
    )
    assert said.metadata["decided_by"] == "Administrative Appeals Office"
    assert len(said.metadata["counsel"]) == 2
