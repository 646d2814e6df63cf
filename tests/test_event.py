"""What a document names, by which words, and how far a name reaches in time and among acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from time import perf_counter
from typing import Any

import pytest
from builders import SEEN, change, deleted, inserted, reworded, rule, stated
from builders import version as made

from crawlers.scope import LONGEST_ADDRESS, MOST_LINKED, linked
from pipeline.addresses import named_by
from pipeline.event import Naming, Piece, assemble
from pipeline.model import (
    ChangeKind,
    DateKind,
    Document,
    Event,
    Page,
    Relation,
    RelationKind,
    Version,
)
from pipeline.normalise import parse
from pipeline.telling import LATEST, SOONEST, Words, brought, evidence, names

PUBLISHED = date(2026, 6, 3)
EFFECTIVE = date(2026, 9, 1)
DAY = timedelta(days=1)
SECONDS = 12  # takes 1; where each act looked through all the others it took 36
SEEN_ON = date(2026, 11, 18)


def paper(number: str = "2026-12345", kind: str = "rule", **given: Any) -> Version:
    made_rule = rule(title="Registration of Invented Petitioners", number=number, kind=kind)
    dated = replace(
        made_rule,
        document=Document(source="federal_register", key=f"{number}@{PUBLISHED}", kind=kind),
        citation=f"91 FR 4{number[-4:]}",
        dates=(stated(DateKind.PUBLISHED, PUBLISHED),),
        metadata={"document_number": number, "docket_ids": ["USCIS-2026-0012"]},
    )
    return replace(dated, **given)


def words(text: str, on: date = PUBLISHED, *links: str) -> Words:
    return Words(texts=(text,), linked=links, on=on)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.federalregister.gov/documents/2026/06/03/2026-12345/a-rule", "2026-12345"),
        ("https://www.federalregister.gov/d/2026-12345", "2026-12345"),
        ("https://federalregister.gov/public-inspection/2026-12345/a-rule", "2026-12345"),
        ("https://public-inspection.federalregister.gov/2026-12345.pdf", "2026-12345"),
        ("https://www.govinfo.gov/content/pkg/FR-2026-06-03/pdf/2026-12345.pdf", "2026-12345"),
        ("http://www.gpo.gov/fdsys/pkg/FR-2014-06-03/html/2014-12345.htm", "2014-12345"),
        ("https://www.federalregister.gov/documents/2026/06/30/C1-2026-12345/x", "C1-2026-12345"),
    ],
)
def test_the_registers_addresses_name_a_document_by_its_number(address: str, name: str) -> None:
    assert named_by(address) == f"FR Doc. {name}"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.federalregister.gov/citation/91-FR-12345", "91 FR 12345"),
        ("https://www.govinfo.gov/link/fr/91/12345?link-type=pdf", "91 FR 12345"),
        ("https://www.regulations.gov/document/USCIS-2026-0012-0001", "docket: USCIS-2026-0012"),
        ("https://www.regulations.gov/docketDetail;D=USCIS-2026-0012", "docket: USCIS-2026-0012"),
        (
            "http://USCIS.gov/Newsroom/Alerts/Sample/",
            "address: uscis.gov/newsroom/alerts/sample",
        ),
        ("https://example.gov/show?id=1&utm_source=x", "address: example.gov/show?id=1"),
        ("https://example.gov/show?b=2&a=", "address: example.gov/show?a=&b=2"),
        ("https://example.gov/media/9/dl?inline", "address: example.gov/media/9/dl"),
        ("https://www.federalregister.gov/", ""),
        ("mailto:office@example.gov", ""),
        ("https://[", ""),
    ],
)
def test_other_addresses_name_a_page_a_docket_or_nothing(address: str, name: str) -> None:
    assert named_by(address) == name


@pytest.mark.parametrize(
    ("on", "is_named"),
    [
        (PUBLISHED - SOONEST - DAY, False),
        (PUBLISHED - SOONEST, True),
        (PUBLISHED + LATEST, True),
        (PUBLISHED + LATEST + DAY, False),
    ],
)
def test_what_cites_an_act_is_part_of_it_in_its_days_alone(on: date, is_named: bool) -> None:
    assert bool(evidence(paper(), words("See FR Doc. 2026-12345.", on))) is is_named


@pytest.mark.parametrize("kind", [DateKind.EFFECTIVE, DateKind.COMMENTS_CLOSE])
def test_its_days_last_until_it_holds_or_may_be_commented_on(kind: DateKind) -> None:
    act = paper(dates=(stated(DateKind.PUBLISHED, PUBLISHED), stated(kind, EFFECTIVE)))
    assert evidence(act, words("See FR Doc. 2026-12345.", EFFECTIVE + LATEST))
    assert not evidence(act, words("See FR Doc. 2026-12345.", EFFECTIVE + LATEST + DAY))


@pytest.mark.parametrize(
    "text",
    [
        "See 91 FR 42345.",
        "FR Doc. 2026-12345 says so.",
        "Read it at https://www.federalregister.gov/d/2026-12345.",
        "See DHS Docket No. USCIS-2026-0012, Registration of Invented Petitioners.",
        "Docket ID USCIS-2026-0012 of June 3, 2026.",
        "The rule “Registration of Invented Petitioners” was published on June 3, 2026.",
    ],
)
def test_an_act_is_named_by_citation_number_address_docket_or_title_with_its_day(
    text: str,
) -> None:
    assert evidence(paper(), words(text))


@pytest.mark.parametrize(
    "text",
    [
        "See RIN 1615-AZ99.",
        "See Docket ID USCIS-2026-0012.",
        "Registration of Invented Petitioners was published on June 3, 2026.",
        "The rule “Registration of Invented Petitioners” is out.",
        "See 91 FR 42346 and FR Doc. 2026-12346.",
    ],
)
def test_a_rin_a_bare_docket_and_a_likeness_name_nothing(text: str) -> None:
    act = paper(metadata={**paper().metadata, "rins": ["1615-AZ99"]})
    assert evidence(act, words(text)) == ()


@pytest.mark.parametrize(
    ("version", "text"),
    [
        (made(kind="policy-alert", citation="PA-2026-07"), "As PA-2026-07 says."),
        (
            made(kind="uscis-memorandum", citation="USCIS Policy Memorandum PM-602-0199"),
            "See PM-602-0199.",
        ),
        (made(kind="eoir-memorandum", citation="PM 26-04"), "See EOIR PM 26-04."),
        (made(kind="eoir-memorandum", citation="DM 26-01"), "See DM 26-01."),
        (
            made(kind="bia-precedent", key="4999", citation="29 I&N Dec. 999 (BIA 2026)"),
            "Matter of S-, 29 I&N Dec. 999 (BIA 2026), holds so.",
        ),
        (
            made(
                kind="presidential-document",
                metadata={"document_number": "1", "executive_order_number": 14999},
            ),
            "Under Executive Order 14999.",
        ),
    ],
)
def test_acts_of_each_sort_are_named_by_their_own_numbers(version: Version, text: str) -> None:
    act = replace(version, dates=(stated(DateKind.ANNOUNCED, PUBLISHED),))
    assert evidence(act, words(text))


def test_a_title_too_long_for_a_name_is_left_to_the_documents_number() -> None:
    title = f"Registration of Invented Petitioners {'of Samples ' * 30}"
    act = paper(title=title)
    assert evidence(act, words(f"“{title}” was published on June 3, 2026.")) == ()
    assert evidence(act, words("FR Doc. 2026-12345"))


def test_a_text_that_lives_on_is_no_act_that_one_could_name() -> None:
    assert names(made(kind="form", url="https://www.uscis.gov/i-900")) == frozenset()


def test_an_entry_of_a_list_is_not_named_by_the_lists_address() -> None:
    listed = made(kind="technical-update", url="https://www.uscis.gov/policy-manual/updates")
    assert names(listed) == frozenset()


def test_of_an_amended_text_only_what_is_new_in_it_names() -> None:
    old, new = made("See 91 FR 10001."), made("See 91 FR 42345.")
    edits = (
        reworded("See 91 FR 10001 [then].", "See 91 FR 10001 [now]."),
        inserted("It implements 91 FR 42345."),
        deleted("It implemented 90 FR 7."),
    )
    given = change(new, *edits, old=old, kind=ChangeKind.TEXT)
    came = brought(given.difference, old, new, ("https://example.gov/x",), SEEN_ON)
    assert came is not None and came.on == SEEN_ON
    assert set(came.names) == {"91 FR 42345", "address: example.gov/x"}


def test_what_came_with_a_text_that_is_back_on_its_site_names_too() -> None:
    old, new = made("See 91 FR 10001."), made("See 91 FR 42345.")
    given = change(new, inserted("It implements 91 FR 42345."), old=old, kind=ChangeKind.BACK)
    came = brought(given.difference, old, new, (), SEEN_ON)
    assert came is not None and set(came.names) == {"91 FR 42345"}


def test_moved_words_name_nothing_new() -> None:
    old, new = made("See 91 FR 42345."), made("See 91 FR 42345.")
    edits = (deleted("See 91 FR 42345."), inserted("See 91 FR 42345."))
    given = change(new, *edits, old=old, kind=ChangeKind.TEXT)
    came = brought(given.difference, old, new, (), SEEN_ON)
    assert came is not None and came.names == {}


def test_a_section_of_the_code_is_part_by_the_note_on_its_history_alone() -> None:
    old = made("Text.", kind="regulation", metadata={"history": "[85 FR 1, Jan. 2, 2020]"})
    new = made(
        "Text, as 90 FR 5 has it.",
        kind="regulation",
        metadata={"history": "[85 FR 1, Jan. 2, 2020, as amended at 91 FR 42345, June 3, 2026]"},
    )
    given = change(new, inserted("as 90 FR 5 has it"), old=old, kind=ChangeKind.TEXT)
    came = brought(given.difference, old, new, (), SEEN_ON)
    assert came is not None and set(came.names) == {"91 FR 42345"}


@pytest.mark.parametrize("kind", ["rule", "bia-precedent", "court-order", "court-opinion"])
def test_what_neither_announces_nor_implements_takes_no_part_by_naming(kind: str) -> None:
    new = made("See 91 FR 42345.", kind=kind)
    given = change(new, kind=ChangeKind.NEW)
    assert brought(given.difference, None, new, (), SEEN_ON) is None


def piece(version: Version, number: int) -> Piece:
    return Piece(version=version, change=number, seen_at=SEEN)


def joined(kind: RelationKind, earlier: Version, later: Version) -> Relation:
    return Relation(
        kind=kind, earlier=earlier.document, later=later.document, evidence=("its words",)
    )


def told_of(events: tuple[Event, ...]) -> Iterator[tuple[str, set[str]]]:
    for event in events:
        yield event.act.key, {each.document.key for each in event.artefacts}


PROPOSAL, FINAL, DELAY, SECOND, OTHER = (
    paper(number, kind)
    for number, kind in (
        ("2026-00001", "proposed-rule"),
        ("2026-00002", "rule"),
        ("2026-00003", "rule"),
        ("2026-00004", "rule"),
        ("2026-00005", "proposed-rule"),
    )
)
NEWS = made(kind="uscis-news", source="uscis_news", key="news", citation="")
ALERT = made(kind="uscis-alert", source="uscis_alerts", key="alert", citation="")


def keys(*versions: Version) -> set[str]:
    return {each.document.key for each in versions}


def test_a_delay_of_a_delay_leads_to_the_rule_that_was_proposed() -> None:
    pieces = [piece(each, n) for n, each in enumerate((PROPOSAL, FINAL, DELAY, SECOND))]
    relations = (
        joined(RelationKind.FINALISES, PROPOSAL, FINAL),
        joined(RelationKind.DELAYS, FINAL, DELAY),
        joined(RelationKind.DELAYS, DELAY, SECOND),
    )
    assert dict(told_of(assemble(pieces, relations, ()))) == {
        FINAL.document.key: keys(PROPOSAL, FINAL, DELAY, SECOND)
    }


@pytest.mark.parametrize("kind", [RelationKind.SAME_SERIES, RelationKind.EXTENDS])
def test_a_later_designation_and_next_years_notice_stay_apart(kind: RelationKind) -> None:
    pieces = [piece(FINAL, 1), piece(SECOND, 2)]
    assert assemble(pieces, (joined(kind, FINAL, SECOND),), ()) == ()


def test_a_notice_that_withdraws_two_proposals_is_part_of_both_events() -> None:
    pieces = [piece(PROPOSAL, 1), piece(OTHER, 2), piece(DELAY, 3)]
    relations = [joined(RelationKind.WITHDRAWS, each, DELAY) for each in (PROPOSAL, OTHER)]
    assert dict(told_of(assemble(pieces, relations, ()))) == {
        PROPOSAL.document.key: keys(PROPOSAL, DELAY),
        OTHER.document.key: keys(OTHER, DELAY),
    }


def test_a_rule_that_rescinds_another_is_an_act_of_its_own_and_keeps_its_own_news() -> None:
    pieces = [piece(FINAL, 1), piece(SECOND, 2), piece(NEWS, 3)]
    naming = Naming(document=NEWS.document, change=3, act=SECOND.document, evidence=("it links",))
    found = assemble(pieces, (joined(RelationKind.WITHDRAWS, FINAL, SECOND),), (naming,))
    assert dict(told_of(found)) == {
        FINAL.document.key: keys(FINAL, SECOND),
        SECOND.document.key: keys(SECOND, NEWS),
    }


def test_what_names_an_announcement_leads_to_what_that_names() -> None:
    pieces = [piece(FINAL, 1), piece(NEWS, 2), piece(ALERT, 3)]
    namings = [
        Naming(document=NEWS.document, change=2, act=ALERT.document, evidence=("a",)),
        Naming(document=ALERT.document, change=3, act=FINAL.document, evidence=("b",)),
    ]
    assert dict(told_of(assemble(pieces, (), namings))) == {
        FINAL.document.key: keys(FINAL, NEWS, ALERT)
    }


def test_two_that_name_each_other_are_one_event() -> None:
    pieces = [piece(NEWS, 2), piece(ALERT, 3)]
    namings = [
        Naming(document=NEWS.document, change=2, act=ALERT.document, evidence=("a",)),
        Naming(document=ALERT.document, change=3, act=NEWS.document, evidence=("b",)),
    ]
    ((_, found),) = told_of(assemble(pieces, (), namings))
    assert found == keys(NEWS, ALERT)


def test_each_change_of_a_text_that_lives_on_is_a_part_for_itself() -> None:
    chapter = made("Text.")
    pieces = [piece(FINAL, 1), piece(OTHER, 2), piece(chapter, 3), piece(chapter, 4)]
    namings = [
        Naming(document=chapter.document, change=3, act=FINAL.document, evidence=("a",)),
        Naming(document=chapter.document, change=4, act=OTHER.document, evidence=("b",)),
    ]
    found = assemble(pieces, (), namings)
    changes = {event.act.key: {each.change for each in event.artefacts} for event in found}
    assert changes == {FINAL.document.key: {1, 3}, OTHER.document.key: {2, 4}}


def test_a_date_that_a_delay_ended_is_dead_though_an_alert_repeats_it() -> None:
    first, then = stated(DateKind.EFFECTIVE, EFFECTIVE), stated(DateKind.EFFECTIVE, SEEN_ON)
    published = stated(DateKind.PUBLISHED, PUBLISHED)
    final = replace(FINAL, dates=(published, first))
    delay = replace(DELAY, dates=(stated(DateKind.PUBLISHED, PUBLISHED + DAY), then))
    alert = replace(ALERT, dates=(first,))
    naming = Naming(document=ALERT.document, change=3, act=FINAL.document, evidence=("a",))
    pieces = [piece(each, n) for n, each in enumerate((final, delay, alert), 1)]
    (event,) = assemble(pieces, (joined(RelationKind.DELAYS, final, delay),), (naming,))
    assert [(each.stated.on, each.live) for each in event.standings] == [
        (SEEN_ON, True),
        (EFFECTIVE, False),
    ]
    assert "delayed by" in event.standings[1].why


ORDERED = replace(
    made(kind="court-order", source="court_orders", key="3:26-cv-1", citation=""),
    dates=(stated(DateKind.DECIDED, PUBLISHED + 9 * DAY),),
)


def dated(version: Version, on: date, action: str, *effective: date) -> Version:
    dates = (stated(DateKind.PUBLISHED, on), *(stated(DateKind.EFFECTIVE, d) for d in effective))
    metadata = {**version.metadata, "action": action}
    return replace(version, dates=dates, metadata=metadata)


RULED = dated(FINAL, PUBLISHED, "Final rule.", EFFECTIVE)
DELAYED = dated(DELAY, PUBLISHED + 5 * DAY, "Final rule; delay of effective date.", EFFECTIVE + DAY)


@pytest.mark.parametrize(
    ("first", "second", "done"),
    [
        (
            joined(RelationKind.DELAYS, RULED, DELAYED),
            joined(RelationKind.VACATES, DELAYED, ORDERED),
            "its delay vacated June 12, 2026, as entered by hand",
        ),
        (
            joined(RelationKind.DELAYS, RULED, DELAYED),
            joined(RelationKind.WITHDRAWS, DELAYED, SECOND),
            "its delay withdrawn June 3, 2026",
        ),
        (
            joined(RelationKind.CORRECTS, RULED, DELAYED),
            joined(RelationKind.WITHDRAWS, DELAYED, SECOND),
            "its correction withdrawn June 3, 2026",
        ),
        (
            joined(RelationKind.ENJOINS, RULED, ORDERED),
            joined(RelationKind.STAYS, ORDERED, SECOND),
            "an order on it stayed June 3, 2026",
        ),
    ],
)
def test_what_is_done_to_what_acts_on_a_rule_is_not_told_of_the_rule(
    first: Relation, second: Relation, done: str
) -> None:
    pieces = [piece(each, n) for n, each in enumerate((RULED, DELAYED, SECOND, ORDERED))]
    event = next(e for e in assemble(pieces, (first, second), ()) if e.act == RULED.document)
    assert done in event.line.split("; ")


def test_a_proposal_withdrawn_beside_another_is_no_state_of_the_final_rule() -> None:
    first = dated(PROPOSAL, PUBLISHED - 90 * DAY, "Notice of proposed rulemaking.")
    other = dated(OTHER, PUBLISHED - 80 * DAY, "Notice of proposed rulemaking.")
    taken_back = dated(DELAY, PUBLISHED - 70 * DAY, "Proposed rule; withdrawal.")
    relations = (
        joined(RelationKind.FINALISES, first, RULED),
        joined(RelationKind.FINALISES, other, RULED),
        joined(RelationKind.WITHDRAWS, other, taken_back),
    )
    pieces = [piece(each, n) for n, each in enumerate((first, other, taken_back, RULED))]
    (event,) = assemble(pieces, relations, ())
    assert "effective September 1, 2026" in event.line and "withdrawn from" not in event.line
    assert "its proposed rule (91 FR 40005) withdrawn March 25, 2026" in event.line
    assert "proposed March 5, 2026 (91 FR 40001)" in event.line
    assert "proposed March 15, 2026 (91 FR 40005)" in event.line


def test_two_rules_made_of_one_proposal_are_two_acts_and_it_is_part_of_both() -> None:
    ended = dated(SECOND, PUBLISHED + 90 * DAY, "Final rule.", EFFECTIVE + 90 * DAY)
    two = dated(DELAY, PUBLISHED + 2 * DAY, "Final rule.", EFFECTIVE)
    relations = (
        joined(RelationKind.FINALISES, PROPOSAL, RULED),
        joined(RelationKind.FINALISES, PROPOSAL, two),
        joined(RelationKind.WITHDRAWS, RULED, ended),
        joined(RelationKind.VACATES, RULED, ORDERED),
    )
    pieces = [piece(e, n) for n, e in enumerate((PROPOSAL, RULED, two, ended, ORDERED))]
    found = assemble(pieces, relations, ())
    assert dict(told_of(found)) == {
        RULED.document.key: keys(PROPOSAL, RULED, ended, ORDERED),
        two.document.key: keys(PROPOSAL, two),
    }
    (other,) = [each for each in found if each.act == two.document]
    assert not other.court_actions and "rescinded" not in other.line
    assert "effective September 1, 2026" in other.line


def test_what_is_on_file_is_said_to_be_until_it_is_printed() -> None:
    filed = replace(
        SECOND,
        document=Document(source="public_inspection", key="2026-00004", kind="public-inspection"),
        dates=(stated(DateKind.INSPECTION, PUBLISHED + 28 * DAY),),
    )
    withdrawn = joined(RelationKind.WITHDRAWS, RULED, filed)
    (event,) = assemble([piece(RULED, 1), piece(filed, 2)], (withdrawn,), ())
    assert event.line.endswith("; withdrawal on file July 1, 2026")
    printed = dated(SECOND, PUBLISHED + 30 * DAY, "Final rule.")
    relations = (
        withdrawn,
        joined(RelationKind.WITHDRAWS, RULED, printed),
        joined(RelationKind.PUBLISHES, filed, printed),
    )
    pieces = [piece(RULED, 1), piece(filed, 2), piece(printed, 3)]
    event = next(e for e in assemble(pieces, relations, ()) if e.act == RULED.document)
    assert "on file" not in event.line and "; withdrawn July 3, 2026" in event.line


def test_evidence_says_in_words_what_a_document_does() -> None:
    relation = joined(RelationKind.EXTENDS_COMMENTS, PROPOSAL, DELAY)
    (event,) = assemble([piece(PROPOSAL, 1), piece(DELAY, 2)], (relation,), ())
    (extension,) = [e for e in event.artefacts if e.document == DELAY.document]
    assert extension.evidence[0] == "it extends the comment period of 91 FR 40001"


def test_many_acts_are_put_together_in_a_time_that_grows_with_their_number() -> None:
    pieces, relations = [], []
    for number in range(2000):
        first, second = paper(f"2026-{number:05d}"), paper(f"2027-{number:05d}")
        pieces += [piece(first, 2 * number), piece(second, 2 * number + 1)]
        relations.append(joined(RelationKind.CORRECTS, first, second))
    begun = perf_counter()
    assert len(assemble(pieces, relations, ())) == 2000
    assert perf_counter() - begun < SECONDS


def html(body: str, url: str = "https://www.example.gov/Page") -> tuple[str, ...]:
    served = Page(
        source="sample",
        url=url,
        final_url=url,
        asked=url,
        status=200,
        headers={},
        body=b"",
        fetched_at=SEEN,
    )
    return linked(parse(body.encode(), {}), served)


def test_links_are_absolute_each_once_in_order_and_never_the_pages_own() -> None:
    assert html(
        '<a href="/b#part">b</a><a href="https://WWW.Example.gov/a?utm_source=x&id=7">a</a>'
        '<a href="/b">again</a><a href="#top">top</a><a href="/page/">itself</a>'
        '<a href="mailto:x@example.gov">mail</a><a href="http://[">broken</a>'
    ) == ("https://www.example.gov/b", "https://www.example.gov/a?id=7")


def test_a_link_keeps_what_has_no_value_when_it_loses_what_counts_readers() -> None:
    assert html('<a href="/dl?utm_source=x&inline">a</a>') == ("https://www.example.gov/dl?inline",)


def test_links_are_bounded_in_number_and_length() -> None:
    many = "".join(f'<a href="/{n}">n</a>' for n in range(MOST_LINKED + 5))
    assert len(html(many)) == MOST_LINKED
    assert html(f'<a href="/{"x" * LONGEST_ADDRESS}">long</a>') == ()
