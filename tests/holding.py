"""Documents taken in one by one, each by a crawl of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from fakes import HashingEncoder
from publisher import NOW, page, visit

from index.database import Database
from index.intake import Rules
from pipeline import topics
from pipeline.model import Page, Reading, Version

TAXONOMY = topics.load()


def rules(versions: Iterable[Version] = ()) -> Rules:
    by_key = {each.document.key: each for each in versions}

    def read(given: Page) -> Reading:
        said = by_key.get(given.url.rpartition("/")[2])
        return Reading(versions=(replace(said, seen_at=given.fetched_at),) if said else ())

    return Rules(readers={"sample": read}, taxonomy=TAXONOMY, count=HashingEncoder().count)


def hold(database: Database, *versions: Version, first: int = 0) -> None:
    """Take each in by a crawl of its own, in this order, a day after the other."""
    for days, each in enumerate(versions, first):
        at = NOW + timedelta(days=days)
        said = page({each.document.key: each.text}, at, f"https://example.gov/{each.document.key}")
        visit(database, rules([each]), at, said)
