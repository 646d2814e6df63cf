"""What is read from the words of a form's page."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline import forms
from pipeline.model import Block, BlockKind, DateKind


def under(heading: str, *texts: str) -> tuple[Block, ...]:
    return tuple(
        Block(kind=BlockKind.PARAGRAPH, text=text, trail=("Form Details", heading))
        for text in texts
    )


def stated(text: str) -> list[tuple[DateKind, date]]:
    block = Block(kind=BlockKind.PARAGRAPH, text=text)
    return [(each.kind, each.on) for each in forms.dates([block])]


@pytest.mark.parametrize(
    ("text", "edition", "others"),
    [
        ("03/02/26. You can find it at the bottom of the page.", "03/02/26", []),
        ("12/08/21 E. You can find it at the bottom.", "12/08/21 E", []),
        ("03/02/26. We will also accept the 01/20/25 edition.", "03/02/26", ["01/20/25"]),
        ("03/02/26. We will also accept the 03/02/26 edition.", "03/02/26", []),
        ("03/02/26. You can also use previous editions.", "03/02/26", ["previous editions"]),
        (
            "03/02/26. Starting July 1, 2026, we will accept only the 03/02/26 edition. "
            "Until then, you can also use the 01/20/25 and 04/01/24 editions.",
            "03/02/26",
            ["01/20/25", "04/01/24"],
        ),
        ("03/02/26. We will not accept the 01/20/25 edition.", "03/02/26", []),
        ("03/02/26. The 01/20/25 edition had two sheets more.", "03/02/26", []),
        ("Dates are listed in mm/dd/yy format.", None, []),
    ],
)
def test_the_edition_and_what_else_is_taken(
    text: str, edition: str | None, others: list[str]
) -> None:
    found = forms.facts(under("Edition Date", text))
    assert (found.get("edition_date"), found.get("other_editions", [])) == (edition, others)


def test_an_edition_named_elsewhere_is_not_the_forms_own() -> None:
    assert forms.facts(under("Special Instructions", "03/02/26. Use the 01/20/25 edition.")) == {}


def test_fees_are_the_amounts_under_filing_fee() -> None:
    fees = under("Filing Fee", "It is $1,240, or $980.50 online.", "Again: $1,240.")
    others = under("Special Instructions", "An income of $30,000 is enough.")
    assert forms.facts([*fees, *others]) == {"fees": ["$1,240", "$980.50"]}


@pytest.mark.parametrize(
    ("text", "kind", "on"),
    [
        (
            "Starting July 1, 2026, we will accept only the 03/02/26 edition.",
            DateKind.EFFECTIVE,
            date(2026, 7, 1),
        ),
        (
            "ALERT: Beginning on Oct. 16, 2026, you must pay it before we approve.",
            DateKind.EFFECTIVE,
            date(2026, 10, 16),
        ),
        (
            "We will reject any form postmarked on or after Aug. 21, 2026, without it.",
            DateKind.EFFECTIVE,
            date(2026, 8, 21),
        ),
        (
            "On Oct. 6, 2026, we changed the filing location for it.",
            DateKind.EFFECTIVE,
            date(2026, 10, 6),
        ),
        (
            "We will accept what is sent there and postmarked before Nov. 20, 2026.",
            DateKind.EFFECTIVE,
            date(2026, 11, 20),
        ),
        (
            "You are not required to pay it as of Feb. 5, 2026.",
            DateKind.EFFECTIVE,
            date(2026, 2, 5),
        ),
        (
            "Starting 02/21/27, USCIS will only accept the 12/23/26 edition.",
            DateKind.EFFECTIVE,
            date(2027, 2, 21),
        ),
        ("The guidelines are effective March 1, 2026.", DateKind.EFFECTIVE, date(2026, 3, 1)),
        (
            "After Oct. 28, 2026, we will accept only payments by card.",
            DateKind.EXPIRES,
            date(2026, 10, 28),
        ),
        (
            "We will accept the 01/20/25 edition through June 30, 2026.",
            DateKind.EXPIRES,
            date(2026, 6, 30),
        ),
        ("It must be received by May 4, 2026.", DateKind.EXPIRES, date(2026, 5, 4)),
    ],
)
def test_a_day_from_or_until_which_something_is_taken_or_refused(
    text: str, kind: DateKind, on: date
) -> None:
    assert stated(text) == [(kind, on)]


@pytest.mark.parametrize(
    "text",
    [
        "On Oct. 16, 2026, we published a new edition.",
        "On Oct. 1, 2026, we began to send notices to all who are required to pay.",
        "You must have entered on or before Oct. 1, 1990.",
        "It must have been pending as of June 14, 2021.",
        "Petitions with a start date on or after Oct. 1, 2026, must come with it.",
        "On June 22, 2026, a court held that it must be accepted.",
        "As of Sept. 9, 2026, the cap has been met.",
    ],
)
def test_the_day_of_an_event_or_of_eligibility_is_no_date_of_the_page(text: str) -> None:
    assert stated(text) == []


def test_each_date_has_the_words_and_the_place_it_was_read_from() -> None:
    (found,) = forms.dates(
        under("Filing Fee", "Pay by card. Starting July 1, 2026, we reject checks.")
    )
    assert found.words == "Pay by card. Starting July 1, 2026, we reject checks."
    assert found.read_from == "Filing Fee"


def test_a_heading_states_no_date() -> None:
    heading = Block(kind=BlockKind.HEADING, text="Starting July 1, 2026, we accept it", level=2)
    assert forms.dates([heading]) == ()


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("01/20/25. We will also accept the 06/07/24 edition until 10/20/25.", ["06/07/24"]),
        ("01/20/25. Starting 04/01/25, we will accept only the 01/20/25 edition.", None),
        ("04/01/24. If you file on or after 04/01/26 you must use the 04/01/24 edition.", None),
        ("01/20/2025. You may use the 01/20/25 edition.", None),
        ("01/20/25. Until 10/20/25, you can use 06/07/24 and 04/01/24 editions.", "both"),
    ],
)
def test_only_days_of_editions_are_editions_and_the_current_is_no_other(
    text: str, others: list[str] | str | None
) -> None:
    expected = ["06/07/24", "04/01/24"] if others == "both" else others
    assert forms.facts(under("Edition Date", text)).get("other_editions") == expected


@pytest.mark.parametrize(
    "text",
    [
        "You must have held status until May 1, 2024.",
        "Your passport must be valid until December 31, 2027.",
        "You must be the beneficiary of a petition filed by April 1, 2025.",
    ],
)
def test_what_makes_eligible_is_no_date_of_the_page(text: str) -> None:
    assert stated(text) == []


def test_what_is_asked_for_of_a_thing_of_the_page_is_its_date() -> None:
    assert stated("The fee must be paid by May 4, 2026.") == [(DateKind.EXPIRES, date(2026, 5, 4))]
