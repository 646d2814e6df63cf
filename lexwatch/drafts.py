"""Drafts of the office, checked against what is held: nothing of them is kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from index import drafts
from lexwatch.output.drafted import Told
from pipeline.calendar import eastern
from pipeline.citator.check import Asked, check
from pipeline.citator.draft import read
from pipeline.citator.resolve import citations

if TYPE_CHECKING:
    from lexwatch.app import App
    from pipeline.citator.draft import Draft
    from pipeline.citator.model import Forum


def checked(app: App, body: bytes, forum: Forum | None, since: date | None) -> Told:
    """Check a draft, in whichever form it comes. Raises `Unopened` as `draft.read` does."""
    return of(app, read(body), forum, since)


def of(app: App, draft: Draft, forum: Forum | None, since: date | None) -> Told:
    """Check a draft that was read; `since`: say what changed from that day on."""
    today = eastern(app.clock())
    cited = citations(draft.blocks)
    with drafts.read_only(app.database) as connection:
        known, coverage = drafts.authorities(connection, cited, forum, today)
    found = check(draft, cited, known, Asked(since=since, coverage=coverage))
    return Told(draft=draft, found=found, coverage=coverage, forum=forum, on=today)
