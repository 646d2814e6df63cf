"""Addresses to which nothing is sent: at once, in every spelling, until it is lifted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import suppressions
from index.database import Database
from pipeline.errors import NotHeld
from pipeline.subscription import Reason, Suppression

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ANA = "Ana@Example.com"


def suppressed(database: Database, *addresses: str) -> dict[str, Suppression]:
    with database.read() as connection:
        return suppressions.suppressed(connection, addresses)


def test_nothing_is_sent_from_that_moment_on(database: Database) -> None:
    assert suppressed(database, ANA) == {}
    suppressions.suppress(database, ANA, Reason.UNSUBSCRIBED, NOW, "one click")
    found = suppressed(database, "ana@example.com", "ben@example.com")
    assert found == {
        "ana@example.com": Suppression(
            address="ana@example.com", reason=Reason.UNSUBSCRIBED, at=NOW, said="one click"
        )
    }


@pytest.mark.parametrize(
    "spelled", ["ANA@EXAMPLE.COM", " ana@example.com ", "ana@example.com.", "Ana@eXample.com"]
)
def test_an_address_is_the_same_in_every_spelling(database: Database, spelled: str) -> None:
    suppressions.suppress(database, spelled, "bounced", NOW)
    assert list(suppressed(database, ANA)) == [ANA]
    suppressions.lift(database, spelled.swapcase(), "bounced")
    assert suppressed(database, ANA) == {}


def test_a_host_is_the_same_in_letters_of_its_own_and_of_the_dns() -> None:
    assert suppressions.folded("ö@Kanzlei-Müller.de") == "ö@xn--kanzlei-mller-4ob.de"
    assert suppressions.folded("ö@xn--kanzlei-mller-4ob.de") == "ö@xn--kanzlei-mller-4ob.de"
    assert suppressions.folded("a@" + "x" * 80) == "a@" + "x" * 80  # no name of the DNS


def test_asking_twice_is_asking_once(database: Database) -> None:
    first = suppressions.suppress(database, ANA, Reason.UNSUBSCRIBED, NOW, "one click")
    assert suppressions.suppress(database, ANA, Reason.UNSUBSCRIBED, LATER, "again") == first
    assert suppressions.every(database) == (first,)


def test_who_asked_for_nothing_is_not_sent_mail_since_mail_arrives_again(
    database: Database,
) -> None:
    asked = suppressions.suppress(database, ANA, Reason.UNSUBSCRIBED, NOW)
    assert suppressions.suppress(database, ANA, Reason.BOUNCED, LATER, "550") == asked
    with pytest.raises(NotHeld, match=r"asked on 2026-11-22 .*unsubscribe --lift Ana@Example\.com"):
        suppressions.lift(database, ANA, Reason.BOUNCED)
    assert suppressed(database, ANA) == {ANA: asked}


def test_who_asks_for_nothing_after_mail_came_back_has_asked(database: Database) -> None:
    suppressions.suppress(database, ANA, Reason.BOUNCED, NOW, "550")
    with pytest.raises(NotHeld, match=r"nobody unsubscribed: .*bounce Ana@Example\.com --lift"):
        suppressions.lift(database, ANA, Reason.UNSUBSCRIBED)
    asked = suppressions.suppress(database, ANA, Reason.UNSUBSCRIBED, LATER)
    assert suppressed(database, ANA) == {ANA: asked}
    assert suppressions.lift(database, ANA, Reason.UNSUBSCRIBED) == asked


def test_what_is_not_suppressed_cannot_be_lifted(database: Database) -> None:
    with pytest.raises(NotHeld, match=r"Ana@Example\.com is not suppressed"):
        suppressions.lift(database, ANA, Reason.BOUNCED)


def test_thousands_can_be_asked_about_together(database: Database) -> None:
    suppressions.suppress(database, "r1999@example.com", Reason.BOUNCED, NOW)
    everybody = [f"R{number}@example.com" for number in range(2_000)]
    assert list(suppressed(database, *everybody)) == ["R1999@example.com"]


@given(st.emails())
def test_folding_is_the_same_done_twice(address: str) -> None:
    once = suppressions.folded(address)
    assert suppressions.folded(once) == once == suppressions.folded(address.upper())
