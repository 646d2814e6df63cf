"""The Visa Bulletin's charts as data, and what moves between two issues."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from goldens import recorded

from pipeline.bulletin import Cell, Chart, Preference, Value, ValueKind, charts, misread
from pipeline.model import Block, BlockKind, Version
from pipeline.movement import MovementKind, brief, movements, span, tell

COLUMNS = "All Chargeability Areas Except Those Listed | CHINA- mainland born | INDIA"
FINAL = "A. FINAL ACTION DATES FOR EMPLOYMENT-BASED PREFERENCE CASES"
FILING = "B. DATES FOR FILING OF EMPLOYMENT-BASED VISA APPLICATIONS"


def heading(text: str) -> Block:
    return Block(kind=BlockKind.HEADING, text=text, level=4)


def row(text: str) -> Block:
    return Block(kind=BlockKind.ROW, text=text)


def employment(*rows: str, title: str = FINAL, columns: str = COLUMNS) -> tuple[Block, ...]:
    return (heading(title), row(f"Employment- based | {columns}"), *map(row, rows))


def lottery(month: str, following: str, year: int, *rows: str) -> tuple[Block, ...]:
    """The two charts of an issue: that of its month, that of the next."""
    half = len(rows) // 2
    columns = row("Region | All DV Chargeability Areas Except Those Listed Separately |")
    said = f"available to qualified DV-{year} applicants"
    return (
        heading(f"B. DIVERSITY IMMIGRANT (DV) CATEGORY FOR THE MONTH OF {month.upper()}"),
        Block(kind=BlockKind.PARAGRAPH, text=f"For {month}, numbers are {said}"),
        columns,
        *map(row, rows[:half]),
        heading(
            f"C. THE DIVERSITY (DV) IMMIGRANT CATEGORY WHICH WILL APPLY IN {following.upper()}"
        ),
        Block(kind=BlockKind.PARAGRAPH, text=f"For {following}, numbers are {said}"),
        columns,
        *map(row, rows[half:]),
    )


def told(old: tuple[Block, ...], new: tuple[Block, ...]) -> tuple[str, ...]:
    before, after = charts(old), charts(new)
    return tell(movements(before, after), (*after, *before))


def test_a_cell_says_chart_category_area_and_value() -> None:
    cells = charts(employment("5th Set Aside: (Rural: NR, RR - 20%) | C | 22OCT15 | U"))
    assert [cell.category for cell in cells] == ["EB-5 set aside rural"] * 3
    assert [cell.area for cell in cells] == ["all areas not listed", "China", "India"]
    assert [cell.value.kind for cell in cells] == [
        ValueKind.CURRENT,
        ValueKind.DAY,
        ValueKind.UNAVAILABLE,
    ]
    assert cells[1] == Cell(
        chart=Chart.FINAL_ACTION,
        preference=Preference.EMPLOYMENT,
        category="EB-5 set aside rural",
        printed="5th Set Aside: (Rural: NR, RR - 20%)",
        area="China",
        value=Value(kind=ValueKind.DAY, words="22OCT15", day=date(2015, 10, 22)),
        row=2,
    )


@pytest.mark.parametrize(
    ("printed", "category"),
    [
        ("F2A", "F2A"),
        ("f1", "F1"),
        ("1st", "EB-1"),
        ("Other Workers", "EB-3 other workers"),
        ("Certain Religious Workers", "EB-4 certain religious workers"),
        ("5th Unreserved (including C5, T5, I5, R5, NU, RU)", "EB-5 unreserved"),
        ("5th Set Aside: High Unemployment (10%)", "EB-5 set aside high unemployment"),
        ("5th Set Aside: (Infrastructure - 2%)", "EB-5 set aside infrastructure"),
        ("5th Non-Regional Center (C5 and T5)", "EB-5 non-regional center"),
        ("6th Anything New", "6th Anything New"),
    ],
)
def test_a_class_has_one_spelling_however_it_is_printed(printed: str, category: str) -> None:
    assert {cell.category for cell in charts(employment(f"{printed} | C | C | C"))} == {category}


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("08MAY02", "8 May 2002"),
        ("01JAN91", "1 January 1991"),
        ("1 SEPT 2017", "1 September 2017"),
        ("C", "current"),
        ("Unavailable", "unavailable"),
        ("31FEB15", "31FEB15"),
        ("see note", "see note"),
    ],
)
def test_a_value_is_a_day_current_unavailable_or_its_own_words(words: str, plain: str) -> None:
    first = charts(employment(f"1st | {words} | C | C"))[0]
    assert (first.value.words, first.value.plain) == (words, plain)


def test_the_title_above_a_chart_says_which_it_is() -> None:
    cells = charts((*employment("1st | C | C | C"), *employment("1st | U | U | U", title=FILING)))
    assert [cell.chart for cell in cells] == [Chart.FINAL_ACTION] * 3 + [Chart.FILING] * 3


def test_a_chart_without_a_title_gives_final_action_dates() -> None:
    rows = (row("Family | All Chargeability Areas Except Those Listed"), row("F4 | 01JAN02"))
    assert [(cell.chart, cell.preference) for cell in charts(rows)] == [
        (Chart.FINAL_ACTION, Preference.FAMILY)
    ]


def test_a_lottery_gives_regions_exceptions_month_and_programme() -> None:
    said = "AFRICA | 30,000 | Except: Algeria 20,000 South Sudan 1000"
    cells = charts(lottery("August", "September", 2097, said, "OCEANIA | Current |"))
    assert [(c.chart, c.month, c.category, c.area, c.value.plain) for c in cells] == [
        (Chart.RANKS, "August", "Africa", "all areas not listed", "30,000"),
        (Chart.RANKS, "August", "Africa", "Algeria", "20,000"),
        (Chart.RANKS, "August", "Africa", "South Sudan", "1,000"),
        (Chart.RANKS_TO_COME, "September", "Oceania", "all areas not listed", "current"),
    ]
    assert {cell.programme for cell in cells} == {"DV-2097"}


def test_other_tables_are_no_charts() -> None:
    assert charts((row("AFRICA"), row("ALGERIA 5,526 | NIGER 70"), row("C | C | C"))) == ()
    after = (*employment("1st | C | C | C"), heading("Registered"), row("ALGERIA 5 | NIGER 7 | | "))
    assert len(charts(after)) == 3


def test_a_row_that_does_not_fit_its_heading_is_named() -> None:
    assert misread(employment("1st | C | C")) == ("1st | C | C",)
    assert misread(employment("1st | C | C | C", "1st | U | U | U")) != ()
    assert misread(employment("1st | C | C | C")) == ()


@pytest.mark.parametrize(
    ("before", "after", "kind", "line"),
    [
        (
            "01JAN12",
            "15APR12",
            "advanced",
            "1 January 2012 → 15 April 2012, advanced 3 months 14 days",
        ),
        (
            "01JUN22",
            "01JUL19",
            "retrogressed",
            "1 June 2022 → 1 July 2019, retrogressed 2 years 11 months",
        ),
        ("01JUN22", "C", "became current", "1 June 2022 → current, became current"),
        ("C", "01JUN22", "no longer current", "current → 1 June 2022, no longer current"),
        ("C", "U", "became unavailable", "current → unavailable, became unavailable"),
        ("U", "C", "available again", "unavailable → current, available again"),
        ("U", "01JUN22", "available again", "unavailable → 1 June 2022, available again"),
        ("01JUN22", "see note", "changed", "1 June 2022 → see note, changed"),
    ],
)
def test_a_movement_is_told_in_plain_words(before: str, after: str, kind: str, line: str) -> None:
    old, new = employment(f"2nd | C | C | {before}"), employment(f"2nd | C | C | {after}")
    (moved,) = movements(charts(old), charts(new))
    assert moved.kind == kind
    assert told(old, new) == (f"EB-2 India, final action: {line}",)


def test_the_same_day_printed_otherwise_is_no_movement() -> None:
    assert told(employment("1st | 01SEP17 | C | C"), employment("1st | 1 SEPT 2017 | C | c")) == ()
    assert told(employment("5th Set Aside: Rural (20%) | C | C | C"), employment(
        "5th Set Aside: (Rural: NR, RR - 20%) | C | C | C"
    )) == ()  # fmt: skip


def test_areas_that_move_alike_share_a_line_and_what_takes_away_comes_first() -> None:
    old = employment("1st | 01JAN20 | 01JAN20 | C", "2nd | C | C | C", "3rd | 01MAY20 | U | C")
    new = employment("1st | 01FEB20 | 01FEB20 | C", "2nd | U | U | U", "3rd | 01APR20 | C | C")
    assert told(old, new) == (
        "EB-3 all areas not listed, final action: 1 May 2020 → 1 April 2020, retrogressed 1 month",
        "EB-2 in all areas, final action: current → unavailable, became unavailable",
        "EB-3 China, final action: unavailable → current, available again",
        "EB-1 China and all areas not listed, final action:"
        " 1 January 2020 → 1 February 2020, advanced 1 month",
    )


def test_a_class_or_a_column_that_comes_or_goes_is_told_with_its_values() -> None:
    old = employment("1st | C | C | C", "5th | U | U | U")
    new = employment(
        "1st | C | C | C | 01MAY17", "4th | C | C | C | U", columns=f"{COLUMNS} | VIETNAM"
    )
    assert told(old, new) == (
        "EB-1 Vietnam, final action:"
        " current → 1 May 2017, no longer current, now listed separately",
        "EB-5 in all areas, final action: unavailable, category removed",
        "EB-4 China, India and all areas not listed, final action: current, category added",
        "EB-4 Vietnam, final action: unavailable, category added",
    )
    listings = {each.listing for each in movements(charts(new), charts(old))}
    assert MovementKind.AREA_REMOVED in listings


@pytest.mark.parametrize(
    ("rest", "country", "split", "back"),
    [
        ("C", "01JAN15", "no longer current", "became current"),
        ("01JAN17", "01JAN15", "retrogressed 2 years", "advanced 2 years"),
        ("01JAN17", "U", "became unavailable", "available again"),
        ("U", "C", "available again", "became unavailable"),
    ],
)
def test_a_country_split_off_or_put_back_is_weighed_by_what_all_other_areas_have(
    rest: str, country: str, split: str, back: str
) -> None:
    joint = employment(f"4th | {rest} | {rest} | {rest}")
    apart = employment(f"4th | {rest} | {rest} | {rest} | {country}", columns=f"{COLUMNS} | MEXICO")
    one, other = (charts(employment(f"4th | {v} | C | C"))[0].value.plain for v in (rest, country))
    where = "EB-4 Mexico, final action"
    assert told(joint, apart) == (f"{where}: {one} → {other}, {split}, now listed separately",)
    assert told(apart, joint) == (f"{where}: {other} → {one}, {back}, no longer listed separately",)


def test_a_country_split_off_with_the_same_value_has_not_moved() -> None:
    joint = employment("4th | C | C | C")
    apart = employment("4th | C | C | C | C", columns=f"{COLUMNS} | MEXICO")
    assert told(joint, apart) == ("EB-4 Mexico, final action: current, now listed separately",)


def test_a_row_under_another_name_is_compared_with_the_one_that_went_and_said_to_be_in_doubt() -> (
    None
):
    old = employment("4th | C | C | C", "5th Set Aside: Rural (20%) | C | C | 01JAN22")
    new = employment("4th | C | C | C", "5th Rural Set Aside | C | U | 01JAN20")
    name = "5th Rural Set Aside (renamed? before: EB-5 set aside rural)"
    assert told(old, new) == (
        f"{name} India, final action: 1 January 2022 → 1 January 2020, retrogressed 2 years",
        f"{name} China, final action: current → unavailable, became unavailable",
        f"{name} all areas not listed, final action: current, renamed?",
    )


def test_rows_of_other_preferences_or_several_that_come_are_no_renamed_row() -> None:
    old = employment("5th Set Aside: Rural (20%) | C | C | C")
    for rows in (("4th | C | C | C",), ("5th One | C | C | C", "5th Two | C | C | C")):
        lines = told(old, employment(*rows))
        assert lines and not any("renamed" in line for line in lines)


def test_a_lottery_is_compared_with_the_month_before_and_with_what_was_announced() -> None:
    old = lottery(
        "July", "August", 2097, "ASIA | 100 |", "EUROPE | 9 |", "ASIA | 200 |", "EUROPE | 9 |"
    )
    new = lottery(
        "August", "September", 2097, "ASIA | 200 |", "EUROPE | 7 |", "ASIA | 150 |", "EUROPE | 7 |"
    )
    assert told(old, new) == (
        "DV Europe, rank cut-offs for August: 9 → 7, retrogressed by 2",
        "DV Asia, rank cut-offs for September: 200 → 150, retrogressed by 50",
        "DV Europe, rank cut-offs for September: 9 → 7, retrogressed by 2",
        "DV Europe, rank cut-offs for August: 9 → 7, not as announced the month before",
        "DV, rank cut-offs for August: as announced the month before (1 cut-off)",
    )


def test_an_announced_rank_that_does_not_come_is_told_though_the_chart_stands() -> None:
    old = lottery("July", "August", 2097, "ASIA | 100 |", "ASIA | 200 |")
    new = lottery("August", "September", 2097, "ASIA | 100 |", "ASIA | 200 |")
    assert told(old, new) == (
        "DV Asia, rank cut-offs for August: 200 → 100, not as announced the month before",
    )


def test_the_ranks_of_another_programme_year_have_not_gone_back() -> None:
    old = lottery("September", "October", 2097, "ASIA | 900 |", "ASIA | 10 |")
    new = lottery("October", "November", 2098, "ASIA | 10 |", "ASIA | 20 |")
    assert told(old, new) == (
        "DV Asia, rank cut-offs for November: 10 → 20, another programme year",
        "DV, rank cut-offs for October: as announced the month before (1 cut-off)",
    )


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (date(2012, 1, 1), date(2012, 4, 15), "3 months 14 days"),
        (date(2019, 7, 1), date(2022, 6, 1), "2 years 11 months"),
        (date(2020, 1, 31), date(2020, 2, 29), "1 month"),
        (date(2020, 1, 31), date(2020, 3, 1), "1 month 1 day"),
        (date(2019, 12, 31), date(2020, 1, 1), "1 day"),
        (date(2020, 11, 30), date(2021, 2, 28), "3 months"),
    ],
)
def test_a_span_counts_full_months_and_days(one: date, other: date, words: str) -> None:
    assert span(one, other) == span(other, one) == words


def test_a_summary_counts_the_lines_it_leaves_out() -> None:
    assert brief(("a", "b", "c")) == "a; b; c"
    assert brief(("a", "b", "c", "d", "e")) == "a; b; c; 2 more"


@pytest.fixture(scope="module")
def months(shared: Path) -> tuple[Version, ...]:
    """The 24 recorded bulletins, oldest first."""
    found = (one.reading for one in recorded(shared / "recorded", "visa_bulletin") if one.reading)
    versions = (version for reading in found for version in reading.versions)
    return tuple(sorted(versions, key=lambda version: version.document.key))


def test_every_recorded_month_is_read_as_176_cells(months: tuple[Version, ...]) -> None:
    assert len(months) == 24
    for version in months:
        cells = charts(version.blocks)
        assert len(cells) == 2 * 25 + 2 * 50 + 2 * 13
        assert not misread(version.blocks)
        assert all(cell.value.kind is not ValueKind.WORDS for cell in cells)
        ranked = [cell.programme for cell in cells if cell.preference is Preference.DIVERSITY]
        assert all(ranked)


def test_every_movement_of_24_months_is_found(months: tuple[Version, ...]) -> None:
    """The counts are those of cells whose printed words differ, counted on the pages apart from
    this reader; one more is an announced rank that did not come."""
    found = [movements(charts(old.blocks), charts(new.blocks)) for old, new in pairwise(months)]
    assert [len(each) for each in found] == [
        *(33, 85, 31, 32, 84, 36, 73, 68, 58, 45, 95, 39),
        *(30, 68, 29, 21, 53, 18, 42, 82, 36, 51, 69),
    ]  # fmt: skip
    kinds = [each.kind for month in found for each in month]
    assert kinds.count(MovementKind.RETROGRESSED) == 29
    assert kinds.count(MovementKind.UNAVAILABLE) == 35
    assert kinds.count(MovementKind.OTHERWISE) == 1
    assert MovementKind.CHANGED not in kinds


def test_a_cell_is_plain_data(months: tuple[Version, ...]) -> None:
    assert asdict(charts(months[0].blocks)[0])["category"] == "F1"
