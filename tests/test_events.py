"""The artefacts of one act are one event, whichever of them came in first, and others are not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from builders import paragraph, rule, stated
from builders import version as made
from fakes import HashingEncoder
from publisher import page
from sqlalchemy import delete, insert, select

from index import history, ingest, runs, schema
from index.archive import Archive, added
from index.database import Database
from index.ingest import Readings
from index.intake import Rules
from index.lookup import look_up
from index.runs import RunState
from pipeline import orders, topics
from pipeline.announced import UPDATES
from pipeline.model import (
    BlockKind,
    Change,
    DateKind,
    Document,
    Event,
    Page,
    Reading,
    RelationKind,
    Version,
)
from pipeline.orders import Act, Does, Order, Scope

TITLE = "Registration of Invented Sample Petitioners"
BEGUN = datetime(2026, 5, 20, 15, tzinfo=UTC)  # the first reading of everything that lives on
WRITTEN = datetime(2026, 11, 20, 15, tzinfo=UTC)
PUBLISHED, EFFECTIVE = date(2026, 6, 3), date(2026, 7, 1)
LINK = "https://www.federalregister.gov/d/2026-12345"


def at(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 15, tzinfo=UTC)


def paper(
    number: str, on: date, citation: str, *dates: tuple[DateKind, date], title: str = TITLE
) -> Version:
    """An invented rule of the Federal Register."""
    given = rule("An invented text on asylum.", title=title, number=number, citation=citation)
    return replace(
        given,
        document=Document(source="federal_register", key=f"{number}@{on}", kind="rule"),
        url=f"https://www.federalregister.gov/documents/{on:%Y/%m/%d}/{number}/sample",
        dates=(stated(DateKind.PUBLISHED, on), *(stated(kind, day) for kind, day in dates)),
        metadata={"document_number": number, "action": "Final rule."},
        seen_at=at(on),
    )


def told(kind: str, key: str, on: date, *texts: str, linked: Sequence[str] = ()) -> Version:
    """An invented announcement of a day."""
    source = {"uscis-news": "uscis_news", "uscis-alert": "uscis_alerts"}.get(kind, kind)
    given = made(
        *texts,
        source=source,
        key=key,
        kind=kind,
        title=f"An Invented {kind}, {key}",
        citation="",
        url=f"https://www.uscis.gov/newsroom/sample/{key}",
        dates=(stated(DateKind.ANNOUNCED, on),),
        seen_at=at(on),
    )
    return replace(given, linked=tuple(linked))


def chapter(number: int, seen: datetime, text: str) -> Version:
    key = f"volume-99-part-a-chapter-{number}"
    return made(
        f"{text} Chapter {number} of the sample.",
        key=key,
        title=f"Chapter {number} - Sample",
        citation=f"99 USCIS-PM A.{number}",
        url=f"https://www.uscis.gov/policy-manual/{key}",
        seen_at=seen,
    )


def form(seen: datetime, edition: str, text: str, *linked: str) -> Version:
    given = made(
        paragraph("Edition Date", kind=BlockKind.HEADING),
        f"{edition}. {text}",
        source="uscis_forms",
        key="i-900",
        kind="form",
        title="I-900, Invented Petition",
        citation="",
        url="https://www.uscis.gov/i-900",
        metadata={"edition_date": edition},
        seen_at=seen,
    )
    return replace(given, linked=linked)


FILED = replace(
    paper("2026-12345", date(2026, 6, 1), ""),
    document=Document(source="public_inspection", key="2026-12345", kind="public-inspection"),
    dates=(stated(DateKind.INSPECTION, date(2026, 6, 1)),),
    blocks=(),
)
RULE = paper("2026-12345", PUBLISHED, "91 FR 40001", (DateKind.EFFECTIVE, EFFECTIVE))
RULE = replace(RULE, metadata={**RULE.metadata, "docket_ids": ["USCIS-2026-0012"]})
CORRECTION = replace(
    paper("2026-14000", date(2026, 6, 30), "91 FR 45001", title=f"{TITLE}; Correction"),
    metadata={
        "document_number": "2026-14000",
        "action": "Final rule; correction.",
        "correction_of": "2026-12345",
    },
)
ALERT = told("uscis-alert", "new-rule", PUBLISHED, "The invented rule is out.", linked=[LINK])
NEWS = told(
    "uscis-news",
    "rule-announced",
    date(2026, 6, 4),
    "A rule under DHS Docket No. USCIS-2026-0012 was published on June 3, 2026.",
)
POLICY_ALERT = replace(
    made(
        "This guidance implements 91 FR 40001 (invented).",
        key="update/2026-06-15/sample",
        kind="policy-alert",
        title="Invented Guidance",
        citation="PA-2026-07",
        url=UPDATES,
        dates=(stated(DateKind.ANNOUNCED, date(2026, 6, 15)),),
        metadata={"affected_sections": ["99 USCIS-PM A.1", "99 USCIS-PM A.2"]},
        seen_at=at(date(2026, 6, 15)),
    ),
)
EDITED = at(date(2026, 6, 16))
CHAPTERS = tuple(chapter(n, EDITED, "Officers must ask for two samples.") for n in (1, 2))
FORM = form(
    at(date(2026, 6, 20)),
    "07/01/26",
    "Use the new edition from July 1, 2026.",
    "https://www.govinfo.gov/content/pkg/FR-2026-06-03/pdf/2026-12345.pdf",
)
ORDER = Order(
    court="N.D. Cal.",
    docket="3:26-cv-01234",
    decided=date(2026, 7, 9),
    acts=(
        Act(
            document=RULE.document.name,
            called="91 FR 40001",
            title=TITLE,
            does=Does.ENJOINS,
            scope=Scope.PARTIES,
            source="https://example.gov/ecf/46",
            quote="The sample rule may not be enforced.",
            entered_on=date(2026, 7, 10),
        ),
    ),
)
FIRST_TEXTS = (
    *(chapter(n, BEGUN, "Officers may ask for a sample.") for n in (1, 2)),
    form(BEGUN, "01/20/25", "Use it."),
)
STORY: tuple[Version, ...] = (FILED, RULE, ALERT, NEWS, POLICY_ALERT, *CHAPTERS, FORM, CORRECTION)


@cache
def rules() -> Rules:
    readers = {orders.SOURCE: orders.read}
    return Rules(readers=readers, taxonomy=topics.load(), count=HashingEncoder().count)


def hold(
    database: Database,
    given: Iterable[Version | Order],
    *,
    baseline: bool = False,
    written: datetime = WRITTEN,
) -> None:
    """Take each in by a run of its own, all written down a minute apart."""
    for minutes, each in enumerate(given):
        one, read = _page(each)
        now = written + timedelta(minutes=minutes)
        number = _run(database, one, baseline)
        Archive(database, number).keep(one)
        known = rules()
        with_reader = replace(known, readers={**known.readers, **read})
        for unread in runs.unexamined(database, [one.source]):
            assert ingest.ingest(database, unread, Readings(with_reader), now) == ""


def _page(given: Version | Order) -> tuple[Page, dict[str, Callable[[Page], Reading]]]:
    if isinstance(given, Order):
        one = replace(page({}, at(given.decided), given.url), body=orders.body(given))
        return replace(one, source=orders.SOURCE), {}
    at_its = page({given.document.key: given.title}, given.seen_at, given.url)

    def read(_: Page) -> Reading:
        return Reading(versions=(given,))

    return replace(at_its, source=given.document.source), {given.document.source: read}


def _run(database: Database, one: Page, baseline: bool) -> int:
    run = {
        "source": one.source,
        "state": RunState.COMPLETE,
        "baseline": baseline,
        "established": True,
        "started_at": one.fetched_at,
        "ended_at": one.fetched_at + timedelta(minutes=1),
    }
    with database.write() as connection:
        return added(connection.execute(insert(schema.run).values(run)))


def change_of(database: Database, wanted: Version | Order) -> Change:
    found = history.recorded(database, baseline=True)
    (*_, last) = (each for each in found if each.document == wanted.document)
    return last


def names(event: Event) -> set[str]:
    return {each.document.name for each in event.artefacts}


def test_the_artefacts_of_one_act_are_one_event_with_evidence_for_each(
    database: Database,
) -> None:
    hold(database, FIRST_TEXTS, baseline=True, written=BEGUN)
    hold(database, (*STORY, ORDER))
    (event,) = change_of(database, RULE).events
    assert event.act == RULE.document
    everything: tuple[Version | Order, ...] = (*STORY, ORDER)
    assert names(event) == {each.document.name for each in everything}
    evidence = {each.document.name: "; ".join(each.evidence) for each in event.artefacts}
    expected: tuple[tuple[Version | Order, str], ...] = (
        (RULE, "both are FR Doc. 2026-12345"),
        (CORRECTION, "it is published as the correction of FR Doc. 2026-12345"),
        (ALERT, f"it links to {LINK}"),
        (NEWS, "it names docket USCIS-2026-0012 and its day, June 3, 2026"),
        (POLICY_ALERT, "it cites “91 FR 40001”"),
        (CHAPTERS[0], "Announced: the policy alert of June 15, 2026"),
        (FORM, "it links to https://www.govinfo.gov/"),
        (ORDER, "“The sample rule may not be enforced.”"),
    )
    for artefact, words in expected:
        assert words in evidence[artefact.document.name]
    assert evidence[FILED.document.name] == ""
    days = [each.on or each.seen_at.date() for each in event.artefacts]
    assert days == sorted(days)


@pytest.mark.parametrize("asked", ["91 FR 40001", "99 USCIS-PM A.2", "PA-2026-07", "i-900"])
def test_one_who_asks_for_a_single_artefact_is_shown_them_all(
    database: Database, asked: str
) -> None:
    hold(database, FIRST_TEXTS, baseline=True, written=BEGUN)
    hold(database, STORY)
    (event,) = look_up(database, asked).events
    assert names(event) == {each.document.name for each in STORY}


def test_its_line_quotes_the_act_and_counts_the_rest(database: Database) -> None:
    hold(database, FIRST_TEXTS, baseline=True, written=BEGUN)
    hold(database, (*STORY, ORDER))
    (event,) = change_of(database, RULE).events
    assert event.line == (
        f"Final rule, Homeland Security Department: “{TITLE}”, 91 FR 40001, effective "
        "July 1, 2026; corrected June 30, 2026; enjoined July 9, 2026, as entered by hand; "
        "on file June 1, 2026; policy alert PA-2026-07; 2 Policy Manual chapters edited; "
        "Form I-900 edition 07/01/26; USCIS alert; USCIS news release"
    )


def test_it_has_one_set_of_dates_and_courts_apart(database: Database) -> None:
    hold(database, (RULE, ALERT, ORDER))
    (event,) = change_of(database, RULE).events
    (standing,) = [each for each in event.standings if each.stated.kind is DateKind.EFFECTIVE]
    assert standing.live and "enjoined" in standing.why
    assert [each.kind for each in event.court_actions] == [RelationKind.ENJOINS]
    assert all(each.document == RULE.document for each in event.states)


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_arrival_makes_no_difference(database: Database, seed: int) -> None:
    story = list(STORY)
    random.Random(seed).shuffle(story)  # noqa: S311 - the same order on every run
    hold(database, FIRST_TEXTS, baseline=True, written=BEGUN)
    hold(database, story)
    for each in story:
        (event,) = change_of(database, each).events
        assert names(event) == {one.document.name for one in STORY}


def test_a_rebuild_restores_what_joins(database: Database) -> None:
    hold(database, (RULE, ALERT, NEWS))
    before = change_of(database, RULE).events
    with database.write() as connection:
        connection.execute(delete(schema.part))
        connection.execute(
            delete(schema.identifier).where(schema.identifier.c.canonical.like("act: %"))
        )
        pages = connection.execute(select(schema.page.c.id).order_by(schema.page.c.id)).scalars()
        numbers = list(pages)
    assert change_of(database, RULE).events == ()
    for number, given in zip(numbers, (RULE, ALERT, NEWS), strict=True):
        _, read = _page(given)
        assert ingest.rebuild(database, number, replace(rules(), readers=read)) == ""
    assert change_of(database, RULE).events == before


def test_a_rebuild_restores_the_part_of_a_text_that_was_amended_since(database: Database) -> None:
    citing = chapter(1, EDITED, "Officers must ask for two samples. See 91 FR 40001.")
    later = chapter(1, at(date(2026, 6, 25)), "Officers must ask for three.")
    hold(database, (RULE, *FIRST_TEXTS[:1]), baseline=True, written=BEGUN)
    hold(database, (citing, later))
    before = change_of(database, RULE).events
    with database.write() as connection:
        connection.execute(delete(schema.part))
        when = schema.page.c.fetched_at == EDITED
        number = connection.execute(select(schema.page.c.id).where(when)).scalar_one()
    _, read = _page(citing)
    assert ingest.rebuild(database, number, replace(rules(), readers=read)) == ""
    assert before and change_of(database, RULE).events == before


def test_a_news_item_that_names_two_rules_is_part_of_both_and_joins_them_not(
    database: Database,
) -> None:
    other = paper("2026-12999", PUBLISHED, "91 FR 41001", title="Fees of Quite Other Samples")
    both = told("uscis-news", "two", PUBLISHED, "See 91 FR 40001 and FR Doc. 2026-12999.")
    hold(database, (RULE, other, ALERT, both))
    assert {each.act for each in change_of(database, both).events} == {
        RULE.document,
        other.document,
    }
    (event,) = change_of(database, RULE).events
    assert names(event) == {each.document.name for each in (RULE, ALERT, both)}


def test_a_rin_alone_joins_nothing(database: Database) -> None:
    numbered = replace(RULE, metadata={**RULE.metadata, "rins": ["1615-AZ99"]})
    hold(database, (numbered, told("uscis-news", "rin", PUBLISHED, "See RIN 1615-AZ99.")))
    assert change_of(database, RULE).events == ()


def test_like_titles_and_days_join_nothing(database: Database) -> None:
    alike = replace(told("uscis-news", "alike", PUBLISHED, f"{TITLE} takes effect."), title=TITLE)
    hold(database, (RULE, alike))
    assert change_of(database, alike).events == ()


def test_a_docket_without_day_or_title_joins_nothing(database: Database) -> None:
    bare = told("uscis-news", "bare", PUBLISHED, "See DHS Docket No. USCIS-2026-0012.")
    hold(database, (RULE, bare))
    assert change_of(database, bare).events == ()


def test_a_chapter_that_comes_to_cite_an_old_rule_is_no_part_of_it(database: Database) -> None:
    old = paper("2020-01111", date(2020, 2, 3), "85 FR 5001", (DateKind.EFFECTIVE, EFFECTIVE))
    old = replace(old, dates=(stated(DateKind.PUBLISHED, date(2020, 2, 3)),))
    edited = chapter(1, EDITED, "Officers must ask for two samples. See 85 FR 5001.")
    hold(database, (old, *FIRST_TEXTS[:1]), baseline=True, written=BEGUN)
    hold(database, (edited,))
    assert change_of(database, edited).events == ()


def test_a_chapter_is_part_by_the_change_that_cites_the_rule_and_by_no_other(
    database: Database,
) -> None:
    citing = chapter(1, EDITED, "Officers must ask for two samples. See 91 FR 40001.")
    later = chapter(1, at(date(2026, 6, 25)), "Officers must ask for three. See 91 FR 40001.")
    hold(database, (RULE, *FIRST_TEXTS[:1]), baseline=True, written=BEGUN)
    hold(database, (citing, later))
    found = [e for e in history.recorded(database, baseline=True) if e.document == citing.document]
    assert [bool(each.events) for each in found] == [False, True, False]


def test_a_capture_that_comes_late_takes_its_own_part(database: Database) -> None:
    citing = chapter(1, EDITED, "Officers must ask for two samples. See 91 FR 40001.")
    later = chapter(1, at(date(2026, 6, 25)), "Officers must ask for three.")
    hold(database, (RULE, *FIRST_TEXTS[:1]), baseline=True, written=BEGUN)
    hold(database, (later, citing))
    (event,) = change_of(database, RULE).events
    (edited,) = [each for each in event.artefacts if each.document == citing.document]
    assert edited.seen_at == EDITED


def test_what_a_first_reading_of_a_page_cites_came_at_no_known_day(database: Database) -> None:
    held = chapter(1, EDITED, "See 91 FR 40001.")
    hold(database, (RULE, held), baseline=True)
    assert change_of(database, held).events == ()


def test_a_later_rule_that_cites_an_earlier_one_is_an_act_of_its_own(database: Database) -> None:
    later = paper("2026-13000", date(2026, 6, 10), "91 FR 42001", title="Fees of Other Samples")
    later = replace(later, blocks=(paragraph("This follows 91 FR 40001."),))
    hold(database, (RULE, later))
    assert change_of(database, later).events == ()


def test_an_opinion_that_cites_a_rule_is_no_part_of_it(database: Database) -> None:
    opinion = replace(
        told("court-opinion", "26-1", date(2026, 6, 20), "We consider 91 FR 40001."), linked=(LINK,)
    )
    hold(database, (RULE, opinion))
    assert change_of(database, opinion).events == ()


def test_what_is_known_later_is_in_no_earlier_event(database: Database) -> None:
    hold(database, (RULE, ALERT), written=WRITTEN)
    hold(database, (NEWS,), written=WRITTEN + timedelta(days=7))
    end = WRITTEN + timedelta(days=7)
    (then, _) = history.recorded(database, until=end)
    (now, *_) = history.recorded(database)
    assert names(then.events[0]) == {RULE.document.name, ALERT.document.name}
    assert names(now.events[0]) == names(then.events[0]) | {NEWS.document.name}


def test_the_page_of_two_documents_names_neither(database: Database) -> None:
    beside = paper("2026-12346", PUBLISHED, "91 FR 40001", title="Meetings on Other Samples")
    citing = told("uscis-news", "page", PUBLISHED, "See 91 FR 40001.")
    hold(database, (RULE, citing, beside))
    assert change_of(database, citing).events == ()


def test_the_events_of_a_period_are_those_with_news_in_it(database: Database) -> None:
    hold(database, (RULE, ALERT, told("uscis-news", "alone", PUBLISHED, "Nothing is named.")))
    (event,) = history.events(database, WRITTEN, WRITTEN + timedelta(days=1))
    assert event.act == RULE.document
    end = WRITTEN + timedelta(days=1)
    assert history.events(database, end, end + timedelta(days=1)) == ()
    assert look_up(database, "91 FR 40001").events == (event,)


def forms(day: int, text: str, *linked: str) -> Version:
    return form(at(date(2026, 6, day)), "07/01/26", text, *linked)


@pytest.mark.parametrize("late", ["docket", "link"])
def test_a_period_is_told_again_as_it_was_whatever_came_to_join_its_changes(
    database: Database, late: str
) -> None:
    bare = {"document_number": "2026-12345", "action": "Final rule."}
    first = {
        "docket": (replace(RULE, metadata=bare), NEWS),
        "link": (RULE, replace(ALERT, linked=())),
    }
    then = {"docket": RULE, "link": ALERT}[late]
    then = replace(then, seen_at=then.seen_at + timedelta(days=20))
    hold(database, first[late])
    end = WRITTEN + timedelta(days=1)
    told_once = history.recorded(database, until=end)
    hold(database, (then,), written=WRITTEN + timedelta(days=20))
    again = history.recorded(database, until=end)
    assert [each.events for each in again] == [each.events for each in told_once] == [(), ()]
    assert change_of(database, first[late][1]).events


def test_what_named_an_act_by_a_citation_since_corrected_was_part_of_it_till_then(
    database: Database,
) -> None:
    citing = told("uscis-news", "cites", date(2026, 6, 4), "See 91 FR 40001.")
    fixed = replace(RULE, citation="91 FR 40099", seen_at=RULE.seen_at + timedelta(days=1))
    hold(database, (RULE, citing))
    end = WRITTEN + timedelta(days=1)
    told_once = history.recorded(database, until=end)
    hold(database, (fixed,), written=end)
    assert change_of(database, citing).events == ()
    assert history.recorded(database, until=end) == told_once
    assert all(each.events for each in told_once)


def test_a_name_that_one_of_two_loses_is_the_others(database: Database) -> None:
    beside = paper("2026-12346", PUBLISHED, "91 FR 40001", title="Meetings on Other Samples")
    citing = told("uscis-news", "page", PUBLISHED, "See 91 FR 40001.")
    fixed = replace(beside, citation="91 FR 40002", seen_at=beside.seen_at + timedelta(days=1))
    hold(database, (RULE, beside, citing, fixed))
    (event,) = change_of(database, citing).events
    assert event.act == RULE.document


def test_links_count_by_when_a_text_was_seen_and_not_by_when_it_came_in(
    database: Database,
) -> None:
    middle, last = forms(4, "A middle text without any link."), forms(10, "The last text.", LINK)
    hold(database, (RULE, *FIRST_TEXTS[2:]), baseline=True, written=BEGUN)
    hold(database, (last, middle))
    found = {each.seen_at: bool(each.events) for each in history.recorded(database, baseline=True)}
    assert found[last.seen_at] and not found[middle.seen_at]


def test_a_rebuild_keeps_the_links_that_an_amended_text_had_come_to(database: Database) -> None:
    began, linking, last = (
        FIRST_TEXTS[2],
        form(EDITED, "01/20/25", "Use it.", LINK),
        forms(20, "The last text.", LINK),
    )
    hold(database, (RULE, began), baseline=True, written=BEGUN)
    hold(database, (linking, last))
    with database.read() as connection:
        numbers = connection.execute(select(schema.page.c.id).order_by(schema.page.c.id)).scalars()
        pages = list(numbers)
    for number, given in zip(pages, (RULE, began, linking, last), strict=True):
        _, read = _page(given)
        assert ingest.rebuild(database, number, replace(rules(), readers=read)) == ""
    assert change_of(database, last).events == ()


def test_a_rebuild_keeps_when_a_part_came_to_be_known(database: Database) -> None:
    linkless, later = (
        replace(ALERT, linked=()),
        replace(ALERT, seen_at=ALERT.seen_at + timedelta(9)),
    )
    hold(database, (RULE, linkless))
    hold(database, (later,), written=WRITTEN + timedelta(days=9))
    with database.read() as connection:
        numbers = connection.execute(select(schema.page.c.id).order_by(schema.page.c.id)).scalars()
        pages = list(numbers)
    for number, given in zip(pages, (RULE, linkless, later), strict=True):
        _, read = _page(given)
        assert ingest.rebuild(database, number, replace(rules(), readers=read)) == ""
    assert change_of(database, ALERT).events
    (_, then) = history.recorded(database, until=WRITTEN + timedelta(days=1))
    assert then.events == ()


def test_an_act_is_told_alike_whoever_asks(database: Database) -> None:
    """One rule delays another and rescinds a third: what corrects it is its own."""
    delayed = paper("2026-11111", date(2026, 6, 1), "91 FR 1001", title="Fees of Alpha Samples")
    ended = paper("2025-11112", date(2025, 6, 1), "90 FR 1002", title="Fees of Beta Samples")
    doing = paper("2026-11113", date(2026, 7, 1), "91 FR 1003", title="An Invented Joint Action")
    corrected = paper(
        "2026-11114", date(2026, 7, 9), "91 FR 1004", title=f"{doing.title}; Correction"
    )
    said = {"action": "Final rule; correction.", "correction_of": "2026-11113"}
    corrected = replace(corrected, metadata={**corrected.metadata, **said})
    hold(database, (delayed, ended, doing, corrected))
    with database.write() as connection:
        known = {row.key: row.id for row in connection.execute(select(schema.document))}
        rows = [
            {
                "earlier_id": known[each.document.key],
                "later_id": known[doing.document.key],
                "kind": kind,
                "evidence": ["its words"],
            }
            for each, kind in ((delayed, "delays"), (ended, "withdraws"))
        ]
        connection.execute(insert(schema.relation), rows)
    shown = [
        event
        for asked in (delayed, doing)
        for event in look_up(database, asked.document.name).events
        if event.act == delayed.document
    ]
    assert len(shown) == 2 and shown[0] == shown[1]
    assert names(shown[0]) == {delayed.document.name, doing.document.name}


def test_an_order_on_a_text_that_lives_on_is_on_what_stood_there_that_day(
    database: Database,
) -> None:
    edited = CHAPTERS[0]
    later = chapter(1, at(date(2026, 8, 1)), "Officers must ask for three samples.")
    act = replace(ORDER.acts[0], document=edited.document.name, called="99 USCIS-PM A.1")
    order = replace(ORDER, acts=(act,))
    hold(database, FIRST_TEXTS, baseline=True, written=BEGUN)
    hold(database, (edited, order, later))
    (event,) = change_of(database, order).events
    found = [e for e in history.recorded(database, baseline=True) if e.document == edited.document]
    assert [each.events for each in found] == [(), (event,), ()]
    assert event.act == edited.document
    assert "enjoined July 9, 2026, as entered by hand" in event.line
    assert [each.kind for each in event.court_actions] == [RelationKind.ENJOINS]
    (of_order,) = [each for each in event.artefacts if each.document != edited.document]
    assert of_order.evidence[0] == "it enjoins 99 USCIS-PM A.1"
