"""Where a draft's name, court or year disagrees with what is held of an authority."""

from __future__ import annotations

import pytest

from pipeline.citator.held import Authority, Called
from pipeline.citator.misnamed import misnamed
from pipeline.model import Citation


def slip(held: str, cited: str) -> str:
    """What is told of a draft that has one court where held documents have another."""
    called = Called(name="Matter of Orrin", court=held, times=5)
    return misnamed(
        Authority(canonical="99 I&N Dec. 1", called=(called,)),
        Citation(
            raw="99 I&N Dec. 1",
            start=0,
            end=13,
            kind="case_reporter",
            canonical="99 I&N Dec. 1",
            name="Matter of Orrin",
            court=cited,
        ),
    )


@pytest.mark.parametrize(
    ("held", "cited"),
    [
        ("A.G. 2018", "Att'y Gen. 2018"),
        ("A.G. 2018", "U.S. Att’y Gen. 2018"),
        ("A.G. 2018", "AG 2018"),
        ("A.G. 2018", "Acting A.G. 2018"),
        ("BIA 2018", "Bd. Imm. App. 2018"),
        ("BIA 2018", "B.I.A. 2018"),
        ("BIA 2018", "Bd. of Immigr. Appeals 2018"),
        ("BIA 2018", "Board of Immigration Appeals 2018"),
        ("BIA 1988; A.G. 1990", "Att'y Gen. 1990"),
        ("Comm. 1970", "Comm'r 1970"),
        ("Comm'r 1998", "Assoc. Comm'r, Examinations 1998"),
        ("R.C. 1967", "Reg'l Comm'r 1967"),
        ("Reg. Comm. 1967", "Acting Regional Commissioner 1967"),
        ("D.D. 1966", "Dist. Dir. 1966"),
        ("AAO 2010", "USCIS AAO 2010"),
        ("AAO 2010", "Admin. Appeals Office 2010"),
        ("DHS 2020", "Dep't of Homeland Sec. 2020"),
        ("2d Cir. 2015", "2nd Cir. 2015"),
        ("9th Cir. 2015", "Ninth Circuit 2015"),
        ("9th Cir. 2015", "9th Cir. Aug. 3, 2015"),
        ("D. Mass. 2015", "D.Mass. 2015"),
        ("2015", "U.S. 2015"),
    ],
)
def test_a_decider_may_be_spelled_in_other_ways(held: str, cited: str) -> None:
    assert slip(held, cited) == slip(cited, held) == ""


@pytest.mark.parametrize(
    ("held", "cited"),
    [
        ("A.G. 2018", "BIA 2018"),
        ("A.G. 2018", "A.G. 2019"),
        ("Comm'r 1970", "Reg'l Comm'r 1970"),
        ("D.D. 1966", "R.C. 1966"),
        ("AAO 2010", "BIA 2010"),
        ("1st Cir. 2015", "11th Cir. 2015"),
        ("9th Cir. 2015", "BIA 2015"),
        ("D. Mass. 2015", "D. Me. 2015"),
    ],
)
def test_another_decider_or_year_is_told(held: str, cited: str) -> None:
    assert f"the draft has ({cited})" in slip(held, cited)
