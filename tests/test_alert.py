"""What a policy alert says of itself, told from what it says of rules and other documents."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline import alert
from pipeline.model import Block, BlockKind, DateKind

ANNOUNCED = date(2026, 3, 2)


def said(text: str) -> list[tuple[DateKind, date]]:
    return [(each.kind, each.on) for each in alert.dates([text], "sample", ANNOUNCED)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This guidance becomes effective May 1, 2026.", [(DateKind.EFFECTIVE, date(2026, 5, 1))]),
        (
            "This guidance, in Volume 2, is effective immediately.",
            [(DateKind.EFFECTIVE, ANNOUNCED)],
        ),
        (
            "The new final rule and policy guidance become effective May 1, 2026.",
            [(DateKind.EFFECTIVE, date(2026, 5, 1))],
        ),
        ("USCIS aligns its guidance with the Lamp Final Rule, effective May 1, 2026.", []),
        ("Its policy waits until the final rule goes into effect on May 1, 2026.", []),
        ("The court’s order was effective immediately.", []),
        (
            "This temporary extension is effective through May 1, 2026.",
            [(DateKind.EXPIRES, date(2026, 5, 1))],
        ),
        ("This update moves the Program Prior to May 1, 2026, on termination, here.", []),
        (
            "This guidance becomes effective April 1, 2026. Note: The effective date for this"
            " policy has changed to May 1, 2026.",
            [(DateKind.EFFECTIVE, date(2026, 5, 1))],
        ),
    ],
)
def test_a_date_is_the_guidances_own_or_none(
    text: str, expected: list[tuple[DateKind, date]]
) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "covers"),
    [
        ("This guidance applies to requests pending or filed on or after that date.", True),
        ("USCIS will apply the earlier policy to applications pending before this date.", True),
        ("This guidance applies prospectively to applications.", True),
        ("This guidance explains how officers apply the rule.", False),
        ("Applicants may apply online while a request is pending.", False),
    ],
)
def test_what_is_said_of_pending_filings_is_quoted(text: str, covers: bool) -> None:
    found = alert.read([Block(kind=BlockKind.PARAGRAPH, text=text)], ANNOUNCED)
    assert found.covers == ((text,) if covers else ())


def test_an_alert_that_is_silent_on_pending_filings_is_said_to_be_so() -> None:
    silent = alert.read([Block(kind=BlockKind.PARAGRAPH, text="PA-2026-90")], ANNOUNCED)
    assert silent.fields == {"pending_filings": alert.UNFOUND}
    assert silent.number == "PA-2026-90"


def test_notes_state_no_date_of_the_alert() -> None:
    note = Block(kind=BlockKind.FOOTNOTE, text="This guidance was effective May 1, 2009.")
    assert alert.read([note], ANNOUNCED).dates == ()


@pytest.mark.parametrize(
    "text",
    [
        "This guidance takes effect immediately.",
        "This guidance is effective as of the date of publication.",
        "This policy is effective today.",
        "This guidance is effective on the date of issuance.",
    ],
)
def test_every_form_of_at_once_is_the_day_of_the_alert(text: str) -> None:
    assert said(text) == [(DateKind.EFFECTIVE, ANNOUNCED)]


@pytest.mark.parametrize(
    "text",
    [
        "This guidance is not effective immediately; it waits.",
        "The policy memorandum of 2020, which was effective immediately, is superseded.",
    ],
)
def test_at_once_denied_or_of_the_past_is_no_date(text: str) -> None:
    assert said(text) == []


def test_what_is_not_superseded_is_not_told_as_superseded() -> None:
    texts = ("This update does not supersede any prior guidance.", "It supersedes the old policy.")
    blocks = [Block(kind=BlockKind.PARAGRAPH, text=text) for text in texts]
    assert alert.read(blocks, ANNOUNCED).supersedes == texts[1:]
