"""What an order is by itself, and what it means for the dates of what it acts on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from builders import rule, stated
from publisher import NOW, page

from pipeline.errors import PageChanged
from pipeline.live import standing
from pipeline.model import DateKind, Document, Relation, RelationKind, Standing, Version
from pipeline.orders import COURTS, Order, docketed, read

EFFECTIVE = DateKind.EFFECTIVE


def document(number: int, title: str, *days: date) -> Version:
    made = rule("x", title=title, citation=f"91 FR 1000{number}")
    key = f"2026-0000{number}@2026-06-0{number}"
    dates = tuple(stated(EFFECTIVE, day) for day in days)
    return replace(made, document=replace(made.document, key=key), dates=dates)


@pytest.mark.parametrize(
    ("given", "docket"),
    [
        ("No. 3:25-cv-1", "3:25-cv-1"),
        ("Case No.  25-1234", "25-1234"),
        ("Nos. 25-1, 25-2", "25-1, 25-2"),
        ("26A12", "26A12"),
    ],
)
def test_a_docket_is_read_without_its_number_sign(given: str, docket: str) -> None:
    assert docketed(given) == docket


def test_one_order_is_one_court_docket_and_day() -> None:
    one = Order(court="N.D. Cal.", docket="3:25-cv-01234", decided=date(2026, 11, 2))
    assert one.is_same(replace(one, court="ND Cal.", docket="3:25-CV-1234"))
    for other in (
        replace(one, court="S.D. Cal."),
        replace(one, docket="32:5-cv-01234"),
        replace(one, docket="3:25-cv-012340"),
        replace(one, decided=date(2026, 11, 3)),
    ):
        assert not one.is_same(other)


def test_a_page_that_is_no_entry_of_ours_is_refused() -> None:
    with pytest.raises(PageChanged, match="enter the order again"):
        read(replace(page({"a": "b"}, NOW), source="court_orders"))


RULE = document(5, "Sample Rule", date(2026, 9, 1))
DELAY = document(6, "Sample Rule; Delay", date(2026, 12, 1))
COURT = replace(
    RULE,
    document=Document(source="court_orders", key="D. Mass., No. 1@2026-10-01", kind="court-order"),
    citation="No. 1 (D. Mass. Oct. 1, 2026)",
    dates=(),
    metadata={},
)


def judged(*acts: tuple[RelationKind, Version, Version]) -> dict[tuple[str, date], Standing]:
    joined = [
        Relation(kind=kind, earlier=earlier.document, later=later.document, evidence=("x",))
        for kind, earlier, later in acts
    ]
    return {
        (each.document.key, each.stated.on): each
        for each in standing((RULE, DELAY, COURT), joined)
        if each.stated.kind is EFFECTIVE
    }


DELAYED = (RelationKind.DELAYS, RULE, DELAY)
FIRST, SECOND = (RULE.document.key, date(2026, 9, 1)), (DELAY.document.key, date(2026, 12, 1))


@pytest.mark.parametrize("kind", sorted(COURTS))
def test_an_order_on_a_rule_cautions_the_date_that_a_delay_gave_it(kind: RelationKind) -> None:
    found = judged(DELAYED, (kind, RULE, COURT))
    assert not found[FIRST].live
    assert found[SECOND].live and "No. 1 (D. Mass. Oct. 1, 2026)" in found[SECOND].why


@pytest.mark.parametrize("kind", sorted(COURTS))
def test_to_undo_a_delay_may_restore_the_date_it_ended(kind: RelationKind) -> None:
    found = judged(DELAYED, (kind, DELAY, COURT))
    assert found[FIRST].live
    assert found[FIRST].why.endswith("the date it ended may hold again")
    assert found[SECOND].live and "read the order" in found[SECOND].why


def test_to_undo_a_final_rule_opens_no_comment_period_again() -> None:
    closing = stated(DateKind.COMMENTS_CLOSE, date(2026, 5, 1))
    proposal = replace(document(7, "Sample Rule"), dates=(closing,), blocks=())
    final = Relation(
        kind=RelationKind.FINALISES, earlier=proposal.document, later=RULE.document, evidence=()
    )
    vacated = Relation(
        kind=RelationKind.VACATES, earlier=RULE.document, later=COURT.document, evidence=()
    )
    found = standing((proposal, RULE, COURT), (final, vacated))
    assert not found[0].live
