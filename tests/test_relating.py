"""Relations between documents held: the same whatever the order in which they came in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from builders import rule, stated
from fakes import HashingEncoder
from publisher import NOW, page, visit

from index import history, relating, store
from index.database import Database
from index.intake import Rules
from index.lookup import look_up
from pipeline import topics
from pipeline.model import ChangeClass, DateKind, Document, Page, Reading, RelationKind, Version

TITLE = "Registration of Sample Petitioners"


def paper(published: date, title: str, kind: str, action: str, **dates: date) -> Version:
    """An invented document of the Federal Register, numbered by its day."""
    number = f"{published:%Y-%m%d}1"
    kinds = {"comments": DateKind.COMMENTS_CLOSE, "effective": DateKind.EFFECTIVE}
    return replace(
        rule("An invented text about asylum.", title=title, number=number, kind=kind),
        document=Document(source="sample", key=f"{number}@{published.isoformat()}", kind=kind),
        citation=f"91 FR {published:%m%d}0",
        dates=(
            stated(DateKind.PUBLISHED, published),
            *(stated(kinds[name], on) for name, on in dates.items()),
        ),
        metadata={"document_number": number, "action": action},
    )


STORY = (
    paper(date(2026, 3, 2), TITLE, "proposed-rule", "Proposed rule.", comments=date(2026, 5, 1)),
    paper(
        date(2026, 4, 20),
        f"{TITLE}; Extension of Comment Period",
        "proposed-rule",
        "Proposed rule; extension of comment period.",
        comments=date(2026, 6, 1),
    ),
    paper(date(2026, 8, 3), TITLE, "rule", "Final rule.", effective=date(2026, 10, 1)),
    paper(
        date(2026, 9, 14),
        f"{TITLE}; Delay of Effective Date",
        "rule",
        "Final rule; delay of effective date.",
        effective=date(2026, 12, 1),
    ),
)
PROPOSAL, EXTENSION, FINAL, DELAY = (version.document.key for version in STORY)


def hold(database: Database, versions: Iterable[Version], first: int = 0) -> None:
    """Take each in by a crawl of its own, in this order, a day after the other."""
    by_key = {version.document.key: version for version in versions}

    def read(given: Page) -> Reading:
        version = by_key[given.url.rpartition("/")[2]]
        return Reading(versions=(replace(version, seen_at=given.fetched_at),))

    rules = Rules(readers={"sample": read}, taxonomy=topics.load(), count=HashingEncoder().count)
    for days, key in enumerate(by_key, first):
        at = NOW + timedelta(days=days)
        visit(database, rules, at, page({}, at, f"https://example.gov/{key}"))


def told(database: Database) -> set[tuple[str, str, str]]:
    return {
        (each.later.key, each.kind, each.earlier.key)
        for version in STORY
        for each in look_up(database, f"sample:{version.document.key}").relations
    }


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_what_joins_documents_does_not_hang_on_their_order(
    database: Database, order: tuple[int, ...]
) -> None:
    hold(database, (STORY[number] for number in order))
    assert told(database) == {
        (EXTENSION, RelationKind.EXTENDS_COMMENTS, PROPOSAL),
        (FINAL, RelationKind.FINALISES, PROPOSAL),
        (DELAY, RelationKind.DELAYS, FINAL),
    }


def test_only_the_live_dates_of_a_chain_are_live(database: Database) -> None:
    hold(database, STORY)
    standings = [
        each
        for version in STORY
        for each in look_up(database, f"sample:{version.document.key}").standings
        if each.stated.kind is not DateKind.PUBLISHED
    ]
    assert {each.stated.on: each.live for each in standings} == {
        date(2026, 5, 1): False,
        date(2026, 6, 1): False,
        date(2026, 10, 1): False,
        date(2026, 12, 1): True,
    }


def test_a_change_knows_what_came_after_it(database: Database) -> None:
    hold(database, STORY[:3])
    found = history.recorded(database, baseline=True)
    final = [each for each in found if each.document.key == FINAL]
    assert [(each.kind, each.earlier.key) for each in final[0].relations] == [
        (RelationKind.FINALISES, PROPOSAL)
    ]
    own = [each for each in final[0].standings if each.document.key == FINAL]
    assert all(each.live for each in own)


def test_what_came_after_a_period_is_not_known_in_it(database: Database) -> None:
    hold(database, STORY)
    end = NOW + timedelta(days=1)
    (proposal,) = history.recorded(database, until=end, baseline=True)
    assert proposal.relations == ()
    assert all(each.live for each in proposal.standings)


def test_a_full_text_that_tells_a_subject_its_abstract_hid_is_news(database: Database) -> None:
    published = stated(DateKind.PUBLISHED, NOW.date())  # what is older than the watch is no news
    found = replace(STORY[0], dates=(published,))
    short = replace(
        found,
        title="An Invented Notice on Samples",
        blocks=(replace(found.blocks[0], text="About highways."),),
        metadata={**found.metadata, "text": "abstract only"},
    )
    full = replace(short, blocks=found.blocks, metadata=found.metadata)
    hold(database, [short])
    hold(database, [full], first=1)
    change = history.recorded(database)[-1]
    assert change.difference.change_class is ChangeClass.SUBSTANTIVE
    assert "Only the full text says that it is about: Asylum" in change.difference.reasons[-1]
    hold(database, [short], first=2)
    assert history.recorded(database)[-1] == change


def test_the_number_of_a_filing_opens_what_was_published_of_it(database: Database) -> None:
    found = STORY[0]
    filing = replace(
        found,
        document=Document(source="sample", key="2026-03021", kind="public-inspection"),
        dates=(stated(DateKind.INSPECTION, date(2026, 2, 27)),),
    )
    hold(database, [filing])
    assert look_up(database, "2026-03021").held.version.document == filing.document
    hold(database, [found], first=1)
    assert look_up(database, "2026-03021").held.version.document == found.document
    assert look_up(database, "sample:2026-03021").held.version.document == filing.document


def test_what_was_told_once_is_told_again_though_a_neighbour_was_put_right_since(
    database: Database,
) -> None:
    published, *rest = STORY[3].dates
    mended = replace(STORY[3], dates=(published, replace(rest[0], on=date(2026, 10, 1))))
    hold(database, STORY)
    end = NOW + timedelta(days=5)

    def finals() -> list[tuple[date, bool, str]]:
        found = history.recorded(database, until=end, baseline=True)
        final = next(each for each in found if each.document.key == FINAL)
        return [(each.stated.on, each.live, each.why) for each in final.standings]

    before = finals()
    hold(database, [mended], first=20)
    assert finals() == before


def test_a_chain_goes_by_the_days_of_its_documents_and_not_by_how_they_came_in(
    database: Database,
) -> None:
    hold(database, (STORY[number] for number in (3, 1, 2, 0)))
    with database.read() as connection:
        first = store.known(connection, STORY[0].document)
        assert first is not None
        joined = relating.chain(connection, first)
        versions = store.without_text(connection, joined)
    keys = [versions[number].document.key for number in joined]
    assert keys == [PROPOSAL, EXTENSION, FINAL, DELAY]
