"""Points in time, asked of a database: what was shown, what governed, what courts had done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from builders import rule, stated, version
from fakes import HashingEncoder
from publisher import DAY, NOW, Reader, page, rules_of, visit
from sqlalchemy import select

from index import relating, schema, store
from index.database import Database
from index.intake import Rules
from index.lookup import look_up
from index.moments import governed_on, seen_on, text_on
from lexwatch.output.timeline import asked
from pipeline import topics
from pipeline.errors import NotHeld
from pipeline.governing import NOT_STATED, TREATMENTS, Text, governing
from pipeline.health import Normal
from pipeline.model import (
    DateKind,
    Document,
    Page,
    Reading,
    RelationKind,
    StatedDate,
    Version,
)

URL = "https://example.gov/a"
ALL = Normal(floor=0, ceiling=1000, enumerates=True, one_per_page=True)
FIRST = date(2026, 10, 5)  # the Eastern day of NOW
TODAY = date(2026, 11, 22)


def shown(database: Database) -> None:
    """One document: read on the 5th, found standing on the 7th, changed on the 9th; two readings of
    the 11th and 13th do not name it, and that of the 15th does again."""
    rules = rules_of(Reader())
    visit(database, rules, NOW, page({"a": "The first text."}, NOW, URL), normal=ALL)
    visit(database, rules, NOW + 2 * DAY, confirmed=(URL,), normal=ALL)
    later = NOW + 4 * DAY
    visit(database, rules, later, page({"a": "The second text."}, later, URL), normal=ALL)
    for days in (6, 8):
        at = NOW + days * DAY
        visit(database, rules, at, page({"c": "Other."}, at, f"{URL}/c"), normal=ALL)
    visit(database, rules, NOW + 10 * DAY, confirmed=(URL,), normal=ALL)


def test_before_the_first_reading_nothing_is_held(database: Database) -> None:
    shown(database)
    with pytest.raises(NotHeld, match="first read on October 5, 2026"):
        seen_on(database, "sample:a", FIRST - timedelta(days=1), TODAY)


@pytest.mark.parametrize(
    ("days", "number", "confirmed", "followed"),
    [(0, 1, 0, 4), (1, 1, 0, 4), (2, 1, 2, 4), (3, 1, 2, 4), (4, 2, 4, 8), (7, 2, 4, 8)],
)
def test_a_day_is_answered_with_the_text_shown_and_when_that_is_known(
    database: Database, days: int, number: int, confirmed: int, followed: int
) -> None:
    shown(database)
    found = seen_on(database, "sample:a", FIRST + timedelta(days=days), TODAY)
    assert found.held is not None
    assert found.number == number
    assert found.confirmed == NOW + confirmed * DAY
    assert found.followed == NOW + followed * DAY


@pytest.mark.parametrize(("days", "captured", "confirmed"), [(0, 0, 0), (2, 0, 2), (5, 5, 5)])
def test_the_capture_that_shows_a_day_is_the_last_that_was_fetched(
    database: Database, days: int, captured: int, confirmed: int
) -> None:
    rules = rules_of(Reader())
    visit(database, rules, NOW, page({"a": "A text."}, NOW, URL))
    visit(database, rules, NOW + 2 * DAY, confirmed=(URL,))
    again = NOW + 5 * DAY
    visit(database, rules, again, page({"a": "A text."}, again, URL))
    found = seen_on(database, "sample:a", FIRST + timedelta(days=days), TODAY)
    assert found.capture is not None and found.confirmed == NOW + confirmed * DAY
    assert found.capture.at == NOW + captured * DAY
    assert found.capture.number == (2 if captured else 1)
    assert ("confirmed unchanged" in " ".join(asked(found))) == (confirmed > captured)


def test_what_was_removed_is_said_to_be_removed(database: Database) -> None:
    shown(database)
    found = seen_on(database, "sample:a", FIRST + timedelta(days=8), TODAY)
    assert (found.held, found.number) == (None, 0)
    assert (found.removed, found.followed) == (NOW + 8 * DAY, NOW + 10 * DAY)
    with pytest.raises(NotHeld, match="removed from its site"):
        text_on(database, "sample:a", FIRST + timedelta(days=8), TODAY)


def test_what_is_back_on_the_site_is_confirmed_by_its_own_page(database: Database) -> None:
    shown(database)
    last = NOW + 12 * DAY
    visit(database, rules_of(Reader()), last, confirmed=(f"{URL}/c",), normal=ALL)
    found = seen_on(database, "sample:a", FIRST + timedelta(days=20), TODAY)
    assert found.held is not None
    assert found.held.version.text == "The second text."
    assert (found.number, found.confirmed) == (3, NOW + 10 * DAY)


def test_a_day_lasts_until_its_eastern_midnight(database: Database) -> None:
    late = datetime(2026, 10, 6, 3, 30, tzinfo=UTC)  # half past eleven at night in Washington
    visit(database, rules_of(Reader()), late, page({"a": "A text."}, late, URL))
    assert seen_on(database, "sample:a", FIRST, TODAY).number == 1


def test_a_page_of_several_documents_confirms_none_of_them(database: Database) -> None:
    rules = rules_of(Reader())
    visit(database, rules, NOW, page({"a": "A text.", "b": "Another."}, NOW, URL))
    visit(database, rules, NOW + DAY, confirmed=(URL,))
    assert seen_on(database, "sample:a", FIRST + timedelta(days=3), TODAY).confirmed == NOW


TITLE = "Registration of Sample Petitioners"


def paper(published: date, kind: str, action: str, *dates: StatedDate) -> Version:
    number = f"{published:%Y-%m%d}1"
    return replace(
        rule("An invented text.", title=TITLE, number=number, kind=kind),
        document=Document(source="sample", key=f"{number}@{published.isoformat()}", kind=kind),
        citation=f"91 FR {published:%m%d}0",
        dates=(stated(DateKind.PUBLISHED, published), *dates),
        metadata={"document_number": number, "action": action},
    )


PROPOSAL = paper(date(2026, 3, 2), "proposed-rule", "Proposed rule.")
FINAL = paper(
    date(2026, 8, 3), "rule", "Final rule.", stated(DateKind.EFFECTIVE, date(2026, 10, 1))
)
ALERT = version(
    "On November 9, 2026, the U.S. District Court for the District of Samples vacated the final "
    "rule, 91 FR 08030, nationwide.",
    source="sample",
    key="an-alert",
    kind="uscis-alert",
    title="Sample alert",
    citation="",
    url="https://example.gov/an-alert",
)
SECOND = replace(
    ALERT,
    document=replace(ALERT.document, key="another"),
    blocks=replace(ALERT).blocks,
    title="Another alert",
)


def hold(database: Database, versions: Iterable[Version]) -> None:
    by_key = {each.document.key: each for each in versions}

    def read(given: Page) -> Reading:
        said = by_key[given.url.rpartition("/")[2]]
        return Reading(versions=(replace(said, seen_at=given.fetched_at),))

    rules = Rules(readers={"sample": read}, taxonomy=topics.load(), count=HashingEncoder().count)
    for days, key in enumerate(by_key):
        at = NOW + timedelta(days=days + 50)
        visit(database, rules, at, page({}, at, f"https://example.gov/{key}"))


def joined(database: Database) -> set[tuple[str, str, str]]:
    table, document = schema.relation, schema.document
    with database.read() as connection:
        names = {row.id: row.key for row in connection.execute(select(document))}
        rows = connection.execute(select(table)).all()
    return {(names[row.later_id], row.kind, names[row.earlier_id]) for row in rows}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_reports_are_joined_in_either_order_and_other_relations_stay(
    database: Database, order: tuple[int, ...]
) -> None:
    held = (PROPOSAL, FINAL, ALERT)
    hold(database, [held[place] for place in order])
    final = FINAL.document.key
    assert joined(database) == {
        (final, RelationKind.FINALISES, PROPOSAL.document.key),
        (ALERT.document.key, RelationKind.REPORTS, final),
    }


@pytest.mark.parametrize("is_first", [True, False])
def test_a_paper_that_acts_on_another_and_reports_on_it_keeps_both(
    database: Database, is_first: bool
) -> None:
    correction = paper(date(2026, 11, 16), "rule", "Final rule; correction.")
    correction = replace(correction, title=f"{TITLE}; Correction", blocks=ALERT.blocks)
    hold(database, (correction, FINAL) if is_first else (FINAL, correction))
    with database.write() as connection:  # whatever makes one look again at what papers say
        number = store.known(connection, FINAL.document)
        assert number is not None
        relating.relate(connection, number)
    assert joined(database) == {
        (correction.document.key, kind, FINAL.document.key)
        for kind in (RelationKind.CORRECTS, RelationKind.REPORTS)
    }


def test_the_dates_of_a_rule_caution_of_what_is_reported_and_stay_live(database: Database) -> None:
    hold(database, (PROPOSAL, FINAL, ALERT, SECOND))
    known = look_up(database, "91 FR 08030").standings
    [effective] = [each for each in known if each.stated.kind is DateKind.EFFECTIVE]
    assert effective.live
    assert effective.why == (
        "a court's action is reported in “Sample alert” and in 1 more document held: read the "
        "order and whom it protects"
    )
    assert {each.document for each in known} == {PROPOSAL.document, FINAL.document}


def test_what_governed_stands_apart_from_what_a_court_had_done_by_then(database: Database) -> None:
    hold(database, (PROPOSAL, FINAL, ALERT))
    before = governed_on(database, "91 FR 03020", date(2026, 9, 1))
    assert before.governing.text is None
    assert before.governing.line.endswith("The proposal itself did not govern.")
    on = governed_on(database, "91 FR 03020", date(2026, 11, 8))
    assert on.governing.text is not None
    assert on.governing.text.blocks == FINAL.blocks
    assert on.governing.line.startswith("On November 8, 2026: in effect since October 1, 2026")
    assert on.court_actions == ()
    after = governed_on(database, "91 FR 03020", date(2026, 11, 9))
    assert after.governing.line == on.governing.line.replace("November 8", "November 9")
    assert [(each.kind, each.document.key) for each in after.court_actions] == [
        (RelationKind.VACATES, "an-alert")
    ]


def test_a_bulletin_answers_for_its_month_alone(database: Database) -> None:
    def bulletin(key: str) -> Version:
        return version(
            f"A chart of {key}.",
            source="sample",
            key=key,
            kind="visa-bulletin",
            title=f"Visa Bulletin For {key}",
            citation="",
            url=f"https://example.gov/{key}",
        )

    hold(database, (bulletin("2026-10"), bulletin("2026-11")))
    october = governed_on(database, "sample:2026-11", date(2026, 10, 20))
    assert october.document.key == "2026-10"
    assert october.governing.text is not None
    lacking = governed_on(database, "sample:2026-11", date(2026, 9, 20)).governing
    assert lacking.text is None
    assert lacking.notes[0] == "the bulletin of September 2026 is not held"


def text(
    first: date,
    *dates: StatedDate,
    until: date | None = None,
    entry: Version | None = None,
    kind: str = "policy-manual-chapter",
    **metadata: object,
) -> Text:
    made = version(f"As of {first}.", kind=kind, dates=dates, metadata=metadata)
    return Text(version=made, first=first, until=until, entry=entry)


def entry(*dates: StatedDate) -> Version:
    return version(kind="policy-alert", title="PA-2026-09", citation="", dates=dates)


EFFECTIVE = stated(DateKind.EFFECTIVE, date(2026, 7, 1), "This guidance is effective July 1, 2026.")
OLD = text(date(2026, 1, 5), until=date(2026, 6, 1))


@pytest.mark.parametrize(
    ("day", "which", "words"),
    [
        (date(2026, 1, 4), None, "Not held for January 4, 2026: first read on January 5, 2026."),
        (date(2026, 5, 31), 0, NOT_STATED),
        (date(2026, 6, 30), 0, NOT_STATED),
        (date(2026, 7, 1), 1, "governs from July 1, 2026"),
    ],
)
def test_guidance_governs_from_the_day_that_its_announcement_gives(
    day: date, which: int | None, words: str
) -> None:
    texts = [OLD, text(date(2026, 6, 1), entry=entry(EFFECTIVE))]
    found = governing(day, texts)
    assert words in found.line
    assert found.text == (None if which is None else texts[which].version)


def test_guidance_that_was_shown_and_not_yet_to_govern_is_told_in_its_announcements_words() -> None:
    texts = [OLD, text(date(2026, 6, 1), entry=entry(EFFECTIVE))]
    assert governing(date(2026, 6, 2), texts).basis == (
        "shown by then, and to govern later: “This guidance is effective July 1, 2026.” "
        "(“PA-2026-09”)",
    )


def test_guidance_may_govern_before_we_saw_it() -> None:
    texts = [OLD, text(date(2026, 7, 20), entry=entry(EFFECTIVE))]
    found = governing(date(2026, 7, 2), texts)
    assert found.text == texts[1].version
    assert found.line.endswith("the text shown from July 20, 2026; governs from July 1, 2026.")


def test_what_nobody_announced_is_said_to_state_no_day() -> None:
    found = governing(date(2026, 8, 1), [OLD])
    assert found.notes == (
        "no announcement of this text is held: it may have governed before it was shown",
        "it was removed from the site by June 1, 2026",
    )


def test_the_code_answers_by_the_day_as_of_which_its_text_is_given() -> None:
    past = text(date(2026, 11, 1), kind="regulation", as_of="2019-12-31")
    now = text(date(2026, 10, 5), kind="regulation")
    assert governing(date(2019, 12, 30), [past, now]).text is None
    then = governing(date(2019, 12, 31), [past, now])
    assert (then.text, then.notes) == (past.version, ("the eCFR is no official edition",))
    between = governing(date(2024, 5, 1), [past, now])
    assert between.notes[0] == "the text as of May 1, 2024 itself is not held"
    assert governing(date(2026, 10, 6), [past, now]).text == now.version


def test_a_form_answers_by_its_edition_and_the_days_that_the_page_states() -> None:
    until = stated(DateKind.EXPIRES, date(2026, 12, 1), "We accept 01/20/25 until Dec. 1, 2026.")
    page_ = text(
        date(2026, 10, 5),
        until,
        kind="form",
        edition_date="07/01/26",
        other_editions=["01/20/25"],
    )
    found = governing(date(2026, 10, 6), [page_])
    assert found.line == (
        "On October 6, 2026: the edition of 07/01/26; also taken: 01/20/25, as the page shown from "
        "October 5, 2026 says."
    )
    assert found.basis == ("“We accept 01/20/25 until Dec. 1, 2026.”",)
    assert governing(date(2026, 10, 4), [page_]).text is None


def test_a_precedent_governs_from_its_decision_and_treatments_are_said_to_be_unread() -> None:
    decided = text(
        date(2026, 10, 5),
        stated(DateKind.DECIDED, date(2020, 3, 4), "Decided March 4, 2020"),
        stated(DateKind.AMENDED, date(2021, 5, 6), "Amended May 6, 2021"),
        kind="bia-precedent",
    )
    assert governing(date(2020, 3, 3), [decided]).text is None
    first = governing(date(2020, 3, 4), [decided])
    assert first.basis == ("“Decided March 4, 2020”",)
    assert first.notes == (
        "amended later, and held as amended alone: “Amended May 6, 2021”",
        TREATMENTS,
    )
    assert first.text is None
    assert governing(date(2021, 5, 6), [decided]).notes == (TREATMENTS,)


def test_what_states_no_day_is_only_said_to_have_been_shown() -> None:
    news = text(date(2026, 10, 5), kind="uscis-news")
    assert NOT_STATED in governing(date(2026, 10, 5), [news]).line


def test_what_the_site_will_show_is_not_answered(database: Database) -> None:
    shown(database)
    with pytest.raises(NotHeld, match="name today or a day gone by"):
        seen_on(database, "sample:a", FIRST + timedelta(days=2), FIRST + timedelta(days=1))


def test_an_old_decision_is_no_precedent_before_it_was_designated() -> None:
    decided = text(
        date(2026, 10, 5),
        stated(DateKind.DECIDED, date(2002, 1, 2), "Decided January 2, 2002"),
        stated(DateKind.DESIGNATED, date(2009, 3, 4), "Designated March 4, 2009"),
        kind="bia-precedent",
    )
    found = governing(date(2005, 1, 1), [decided])
    assert found.text is None
    assert found.line.endswith("was not yet designated as a precedent.")
    assert governing(date(2009, 3, 4), [decided]).text == decided.version


def test_a_memorandum_that_had_ended_does_not_govern() -> None:
    ends = stated(DateKind.EXPIRES, date(2021, 1, 1), "Expires January 1, 2021")
    memo = text(date(2020, 1, 2), ends, kind="uscis-memorandum")
    found = governing(date(2023, 1, 1), [memo])
    assert found.text is None
    assert found.line.endswith("had ended on January 1, 2021.")
    assert governing(date(2021, 1, 1), [memo]).text == memo.version


@pytest.mark.parametrize("kind", ["form", "uscis-news"])
def test_what_its_site_had_removed_is_not_said_to_be_shown(kind: str) -> None:
    gone = text(date(2026, 1, 2), until=date(2026, 6, 1), kind=kind)
    found = governing(date(2026, 7, 1), [gone])
    assert found.text is None
    assert "removed from its site by June 1, 2026" in found.line
    assert governing(date(2026, 5, 31), [gone]).text == gone.version


def test_a_touch_up_of_a_text_that_is_still_to_govern_waits_with_it() -> None:
    announced = text(date(2026, 6, 1), until=date(2026, 6, 10), entry=entry(EFFECTIVE))
    texts = [OLD, announced, text(date(2026, 6, 10))]
    waiting = governing(date(2026, 6, 15), texts)
    assert waiting.text == OLD.version
    assert waiting.notes[-1] == "another text was shown from June 1, 2026"
    assert governing(date(2026, 7, 1), texts).text == texts[2].version
