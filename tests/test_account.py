"""What a terminal tells of a change or a document, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from builders import SEEN, change, rule, stated, version
from rich.text import Text

from index.lookup import Shown
from index.store import Held
from lexwatch import account
from pipeline.model import ChangeKind, DateKind, Standing


def shown(removed_at: datetime | None = None) -> Shown:
    held = Held(id=1, page=1, version=version("The last words held."))
    return Shown(held=held, tags=(), versions=(held,), cited_by=(), removed_at=removed_at)


def test_a_removed_document_is_said_to_be_gone_and_its_text_dated() -> None:
    (line,) = account.gone(shown(SEEN + timedelta(days=2)))
    assert line.plain == (
        "removed from the site by November 20, 2026, 14:05 UTC; the last text we hold is that of"
        " November 18, 2026, 14:05 UTC"
    )
    assert not list(account.gone(shown()))


def test_a_removal_quotes_the_last_text_and_states_no_dates() -> None:
    old = version("The last words held.", dates=(stated(DateKind.EFFECTIVE, date(2026, 1, 2)),))
    readings = ("Two complete readings do not name it.",)
    gone = change(
        replace(old, blocks=(), dates=()), old=old, kind=ChangeKind.REMOVED, reasons=readings
    )
    said = [line.plain for line in account.said(gone)]
    assert readings[0] in said and "“The last words held.”" in said
    assert not list(account.known(gone))


def test_a_dead_date_is_struck_and_names_what_ended_it() -> None:
    ended = stated(DateKind.EFFECTIVE, date(2026, 12, 7))
    one = rule("x", dates=(ended,))
    standing = Standing(document=one.document, stated=ended, live=False, why="delayed by x")
    first: Text = next(account.facts(one, [standing], ()))
    assert "no longer in force: delayed by x" in first.plain
    (span,) = first.spans
    assert span.style == "strike" and first.plain[: span.end].endswith("2026 (Eastern)")
