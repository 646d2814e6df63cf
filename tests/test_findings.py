"""A status as a terminal tells it: what it rests on, apart from what we infer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date
from itertools import pairwise

import pytest
from builders import version
from treating import COVERAGE, finding, status, treatment

from lexwatch.output import findings, terminal
from pipeline.citator.model import (
    Body,
    DerivedWarning,
    Forum,
    Status,
    StatusKind,
    TreatmentKind,
)

KIND = TreatmentKind


def printed(capsys: pytest.CaptureFixture[str], told: Status, most: int | None = 8) -> str:
    terminal.lines(findings.opening(told, None))
    terminal.lines(findings.lines(told, UTC, most=most))
    return capsys.readouterr().out


def words(capsys: pytest.CaptureFixture[str], told: Status, most: int | None = 8) -> str:
    return " ".join(printed(capsys, told, most).split())


def test_a_referral_is_said_to_state_no_holding(capsys: pytest.CaptureFixture[str]) -> None:
    order = version(
        "The decision is referred to me for review.",
        source="bia_decisions",
        key="9904",
        kind="ag-referral",
        title="Matter of SAMPLE-D-",
        citation="99 I&N Dec. 130 (A.G. 2026)",
    )
    terminal.lines(findings.opening(status(), order))
    told = " ".join(capsys.readouterr().out.split())
    assert "Held: full text; Attorney General referral: takes a case from the Board" in told
    assert "states no holding" in told
    row = findings.held_row(order)
    assert row is not None
    assert "states no holding" in row["force"]


def test_what_binds_stands_before_what_does_not_and_our_inference_apart(
    capsys: pytest.CaptureFixture[str],
) -> None:
    limited = finding(treatment(KIND.LIMITED), title="Matter of SAMPLE-K-", citation="")
    warning = DerivedWarning(
        earlier="98 I&N Dec. 1",
        name="Matter of SAMPLE-W-",
        words="We rely on it.",
        relies=None,
        negative=finding(treatment(KIND.VACATED)),
    )
    told = status(
        finding(treatment(KIND.FOLLOWED), citation="99 I&N Dec. 131 (BIA 2026)"),
        finding(),
        forum=Forum(body=Body.IMMIGRATION_COURT, circuit="1"),
        elsewhere=(limited,),
        undated=(finding(treatment(KIND.MODIFIED), on=None),),
        warnings=(warning,),
        cautions=("what undid it is not held.",),
    )
    said = words(capsys, told)
    order = (
        "Matter of SAMPLE-B-, 99 I&N Dec. 112 (BIA 2026)",
        "Not held itself",
        "Negative treatment found, as of November 22, 2026.",
        "What undid it is not held.",
        "Asked: before an immigration court in the First Circuit",
        "Overruled by Matter of SAMPLE-E-",
        "not stated to bind in this forum",
        "Limited by Matter of SAMPLE-K-",
        "whether by the day is not stated",
        "Modified by Matter of SAMPLE-E-",
        "Our inference, which no document states",
        "It cites Matter of SAMPLE-W-, 98 I&N Dec. 1, which was vacated by Matter of SAMPLE-E-",
        "Followed, reaffirmed or reinstated",
        "254 precedent decisions held: 3 with the opinion, 251 by headnotes alone",
        "volume 28: 100 (pages 1–999); volume 29: 154 (pages 1–760)",
        "Court decisions are not fully covered",
    )
    places = [said.index(each) for each in order]
    assert all(first < second for first, second in pairwise(places))


def test_the_best_news_is_that_nothing_was_found(capsys: pytest.CaptureFixture[str]) -> None:
    told = status(line="no negative treatment found in what we hold, as of November 22, 2026")
    said = words(capsys, replace(told, coverage=replace(COVERAGE, as_of=None)))
    assert "No negative treatment found in what we hold, as of November 22, 2026." in said
    assert "never read completely" in said
    assert "Negative treatment found" not in said and "good law" not in said


def test_a_quotation_is_whole_and_what_is_left_out_is_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sentence = " ".join(f"word{number}" for number in range(400))
    many = [
        finding(treatment(sentence=sentence), citation=f"99 I&N Dec. {page} (BIA 2026)")
        for page in range(500, 512)
    ]
    some, every = words(capsys, status(*many)), words(capsys, status(*many), None)
    assert some.count("word399”") == 8 and "and 4 more: --all tells each" in some
    assert every.count("word399”") == 12 and "--all" not in every


def test_one_deed_names_all_who_tell_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    told = treatment(by="99 I&N Dec. 140", by_name="Matter of SAMPLE-E-")
    other = finding(told, title="Matter of SAMPLE-F-", citation="99 I&N Dec. 160 (BIA 2026)")
    said = words(capsys, status(finding(), other))
    assert said.count("Overruled by") == 1
    assert "also told by: Matter of SAMPLE-F-, 99 I&N Dec. 160 (BIA 2026)" in said


def test_words_for_a_whole_class_are_quoted_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    wide = treatment(reaches="any decision issued in reliance thereupon")
    said = words(capsys, status(finding(wide)))
    assert "It speaks of a whole class: “any decision issued in reliance thereupon”" in said


def test_nothing_crawled_acts_on_the_terminal_and_no_address_is_broken(
    capsys: pytest.CaptureFixture[str],
) -> None:
    long = f"https://www.justice.gov/eoir/{'x' * 120}.pdf"
    hostile = treatment(sentence="Over\x1b[2Jruled [bold]not markup[/bold].", name="\x1b]0;x\x07M")
    one = finding(hostile, url=long, title="Matter of \u202eX")
    other = finding(url="javascript:alert(1)", citation="99 I&N Dec. 150 (BIA 2026)")
    out = printed(capsys, status(one, other))
    assert "\x1b" not in out and "\u202e" not in out
    assert "[bold]not markup[/bold]" in " ".join(out.split())
    assert long in out and "javascript" not in out


def test_a_row_says_what_the_lines_say() -> None:
    forum = Forum(body=Body.USCIS)
    row = findings.row(status(finding(), forum=forum, elsewhere=(finding(page="142"),)))
    assert row["status"] is StatusKind.NEGATIVE and row["forum"]["before"] == "USCIS"
    assert row["elsewhere"][0]["cite"] == "cite as 99 I&N Dec. 140, 142 (BIA 2026)"
    assert row["findings"][0]["on"] == date(2026, 10, 5)
    assert row["coverage"]["volumes"][0] == {
        "volume": 28,
        "held": 100,
        "first_page": 1,
        "last_page": 999,
    }
