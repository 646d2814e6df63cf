"""Court orders entered by hand: kept, joined, told as news, and never more than was entered."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from builders import rule, stated
from fakes import HashingEncoder
from publisher import page
from typer.testing import CliRunner

from index import archive, history, ingest, runs
from index import orders as entries
from index.archive import Archive
from index.ingest import Readings
from index.lookup import look_up
from index.search import Filters, search
from index.search.understanding import Understanding
from lexwatch import orders
from lexwatch.alerting import sending
from lexwatch.app import App
from lexwatch.cli import cli
from lexwatch.orders import Said
from lexwatch.output import entries as showing
from lexwatch.output import hits as results
from lexwatch.output import rows, show
from lexwatch.settings import Data, Settings, Watch
from pipeline import dockets
from pipeline.errors import NotHeld, SettingsError
from pipeline.model import (
    ChangeClass,
    ChangeKind,
    DateKind,
    Document,
    Page,
    Reading,
    RelationKind,
    Version,
)
from pipeline.orders import PARSER, Does, Scope, body, parse
from pipeline.query import thesaurus

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
EFFECTIVE = DateKind.EFFECTIVE


def document(number: int, title: str, text: str, *days: date) -> Version:
    made = rule(text, title=title, number=f"2026-0000{number}", citation=f"91 FR 1000{number}")
    key = f"2026-0000{number}@2026-06-0{number}"
    dates = (
        stated(DateKind.PUBLISHED, date(2026, 6, number)),
        *(stated(EFFECTIVE, d) for d in days),
    )
    return replace(made, document=replace(made.document, key=key), dates=dates)


ASYLUM = document(
    1, "Bars to Asylum (Sample)", "An asylum applicant under 8 CFR 208.13.", date(2026, 12, 1)
)
FEES = document(2, "Filing Fees (Sample)", "The filing fee of Form I-900 is raised. Asylum.")
CHAPTER = replace(
    rule("Officers review an application for asylum.", kind="policy-manual-chapter"),
    document=Document(
        source="uscis_policy_manual", key="volume-99-part-a-chapter-1", kind="policy-manual-chapter"
    ),
    title="Chapter 1 - Sample",
    citation="99 USCIS-PM A.1",
    metadata={},
)
HELD = (ASYLUM, FEES, CHAPTER)
ORDER = Said(
    documents=("91 FR 10001",),
    court="N.D. Cal.",
    docket="No. 3:25-cv-01234",
    decided=date(2026, 11, 2),
    does=Does.ENJOINS,
    scope=Scope.CLASS,
    scope_words="all who applied before June 1",
    source="https://example.gov/ecf/46",
    quote="The sample rule may not be enforced.",
    caption="Sample v. Roe",
)
KEY = "court_orders:N.D. Cal., No. 3:25-cv-01234@2026-11-02"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> App:
    """An office that holds three documents."""
    watches = [
        Watch(reader="Asa", address="asa@example.com", topics=["asylum"]),
        Watch(reader="Stu", address="stu@example.com", topics=["students-exchange"]),
    ]
    app = App(Settings(data=Data(folder=str(tmp_path)), subscriptions=watches), clock)
    app.encoder = HashingEncoder()
    hold(app, *HELD)
    return app


def hold(app: App, *versions: Version) -> None:
    """Take documents in as the first run of each source."""
    for version in versions:
        source, at = version.document.source, NOW - timedelta(days=90)
        run = runs.begin_run(app.database, source, at)
        address = version.url or version.document.name
        given = replace(page({}, at, address), source=source)
        Archive(app.database, run.id).keep(given)

        def reading(given: Page, version: Version = version) -> Reading:
            return Reading(versions=(replace(version, seen_at=given.fetched_at),))

        rules = replace(app.rules, readers={source: reading})
        for number in runs.unexamined(app.database, [source]):
            ingest.ingest(app.database, number, Readings(rules), at)


def alter(**given: Any) -> Said:
    return replace(ORDER, **given)


def relations(app: App, name: str) -> set[tuple[str, str]]:
    return {(each.kind, each.later.name) for each in look_up(app.database, name).relations}


def test_an_order_is_news_from_the_first_and_topical_by_what_it_acts_on(app: App) -> None:
    change = orders.enter(app, alter(documents=("91 FR 10001",), quote="It is enjoined.")).change
    assert change is not None and not change.baseline
    assert change.difference.kind is ChangeKind.NEW
    assert change.difference.change_class is ChangeClass.SUBSTANTIVE
    assert "asylum" in {tag.topic for tag in change.tags}
    (run,) = runs.runs(app.database, "court_orders")
    assert run.state == "complete" and not run.is_whole and not run.baseline
    sending.match_changes(app)
    week = tuple(sending.digests(app, NOW + timedelta(days=7)))
    assert {one.reader: len(one.alerts) for one in week} == {"Asa": 1, "Stu": 0}


def test_an_order_that_shows_no_word_of_immigration_is_not_kept_apart(app: App) -> None:
    hold(app, document(3, "Highways (Sample)", "A road is repaired."))
    change = orders.enter(app, alter(documents=("91 FR 10003",))).change
    assert change is not None and change.concerns(())


def test_the_documents_entry_names_the_order_its_scope_and_who_says_so(app: App) -> None:
    orders.enter(app, alter(part="8 CFR 208.13(b)", until=date(2026, 12, 24)))
    (relation,) = look_up(app.database, "91 FR 10001").relations
    assert (relation.kind, relation.later.name) == (RelationKind.ENJOINS, KEY)
    said = "; ".join(relation.evidence)
    for words in (
        "No. 3:25-cv-01234 (N.D. Cal. Nov. 2, 2026)",
        "scope: class, all who applied before June 1",
        "of it: 8 CFR 208.13(b)",
        "until December 24, 2026",
        "“The sample rule may not be enforced.”",
        "read at: https://example.gov/ecf/46",
        "entered by hand on November 20, 2026; not verified by lexwatch",
    ):
        assert words in said


@pytest.mark.parametrize("does", list(Does))
def test_each_thing_a_court_does_is_a_relation_and_leaves_the_date_live(
    app: App, does: Does
) -> None:
    orders.enter(app, alter(does=does, part="all of it"))
    shown = look_up(app.database, "91 FR 10001")
    assert [each.kind for each in shown.relations] == [does.value]
    (effective,) = [each for each in shown.standings if each.stated.kind is EFFECTIVE]
    assert effective.live and "No. 3:25-cv-01234 (N.D. Cal. Nov. 2, 2026)" in effective.why
    assert effective.why.endswith("read the order and whom it protects")


def test_a_chapter_and_its_order_know_of_each_other(app: App) -> None:
    orders.enter(app, alter(documents=("99 USCIS-PM A.1", "91 FR 10001")))
    assert relations(app, "99 USCIS-PM A.1") == {("enjoins", KEY)}
    assert len(look_up(app.database, "3:25-cv-01234").relations) == 2


def test_an_order_that_acts_on_two_documents_makes_no_chain_of_them(app: App) -> None:
    orders.enter(app, alter(documents=("91 FR 10001", "91 FR 10002")))
    assert all(
        each.document != ASYLUM.document for each in look_up(app.database, "91 FR 10002").standings
    )
    dates = {each.document.key for each in look_up(app.database, KEY).standings}
    assert {ASYLUM.document.key, FEES.document.key} <= dates


def test_the_same_words_again_are_nothing(app: App, clock: Clock) -> None:
    orders.enter(app, ORDER)
    clock.now += timedelta(days=1)
    again = alter(court="ND Cal", docket="3:25-CV-1234", caption="", documents=("2026-00001",))
    assert orders.enter(app, again).change is None
    assert len(look_up(app.database, KEY).versions) == 1


@pytest.mark.parametrize(
    ("court", "docket"),
    [
        ("Northern District of California", "3:25-cv-01234"),
        ("U.S. District Court for the Northern District of California", "25-cv-1234"),
        ("ND Cal", "3:25-cv-01234-JST"),
        ("USDC N.D. Calif.", "Case No. 2025-CV-01234 (JST)"),
    ],
)
def test_a_court_and_a_docket_are_the_same_however_they_are_written(
    app: App, court: str, docket: str
) -> None:
    orders.enter(app, ORDER)
    assert orders.enter(app, alter(court=court, docket=docket)).change is None
    assert len(entries.every(app.database)) == 1


@pytest.mark.parametrize(
    ("court", "docket"),
    [
        ("C.D. Cal.", "3:25-cv-01234"),
        ("N.D. Cal.", "4:25-cv-01234"),
        ("N.D. Cal.", "3:25-cr-01234"),
        ("N.D. Cal.", "3:26-cv-01234"),
        ("N.D. Cal.", "3:25-cv-12340"),
        ("9th Cir.", "25-1235"),
        ("Cal. Super. Ct.", "25-CV-99"),
    ],
)
def test_another_court_office_kind_year_or_number_is_another_order(
    app: App, court: str, docket: str
) -> None:
    orders.enter(app, ORDER)
    orders.enter(app, alter(court=court, docket=docket))
    assert len(entries.every(app.database)) == 2


def test_a_court_that_may_be_the_one_held_is_asked_about(app: App) -> None:
    orders.enter(app, ORDER)
    with pytest.raises(SettingsError, match=r"--court Fed\. court.*25-cv-01234 \(N\.D\. Cal\."):
        orders.enter(app, alter(court="Fed. court in San Francisco", docket="25-cv-1234"))
    assert len(entries.every(app.database)) == 1


def test_a_docket_without_its_office_that_may_be_either_of_two_is_asked_about(app: App) -> None:
    for docket in ("3:25-cv-01234", "4:25-cv-01234"):
        orders.enter(app, alter(docket=docket))
    with pytest.raises(SettingsError, match="may be any of"):
        orders.enter(app, alter(docket="25-cv-1234"))
    assert orders.enter(app, alter(docket="4:25-cv-1234")).change is None


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("S.D.N.Y.", "sdny"),
        ("SDNY", "sdny"),
        ("D.D.C.", "ddc"),
        ("U.S. District Court for the District of Columbia", "ddc"),
        ("D. Mass.", "dmass"),
        ("D.N.D.", "dnd"),
        ("S.D. W. Va.", "sdwva"),
        ("U.S. Court of Appeals for the Ninth Circuit", "9thcir"),
        ("2nd Cir.", "2dcir"),
        ("United States Court of Appeals for the District of Columbia Circuit", "dccir"),
        ("Md. Ct. App.", ""),
        ("Supreme Court of the United States", ""),
    ],
)
def test_a_federal_court_has_one_spelling(name: str, known: str) -> None:
    assert dockets.court(name) == known


def test_other_words_are_a_new_version_and_acts_on_other_documents_stay(
    app: App, clock: Clock
) -> None:
    orders.enter(app, alter(documents=("91 FR 10001", "91 FR 10002")))
    clock.now += timedelta(days=1)
    change = orders.enter(app, alter(does=Does.STAYS, judge="Judge Sample")).change
    assert change is not None and change.difference.kind is ChangeKind.TEXT
    assert relations(app, "91 FR 10001") == {("stays", KEY)}
    assert relations(app, "91 FR 10002") == {("enjoins", KEY)}
    assert len(look_up(app.database, KEY).versions) == 2


def test_a_wrong_entry_is_taken_back_told_to_those_it_was_told_and_keeps_its_history(
    app: App, clock: Clock
) -> None:
    orders.enter(app, alter(documents=("91 FR 10001", "99 USCIS-PM A.1")))
    clock.now += timedelta(days=1)
    change = orders.withdraw(app, alter(documents=("91 FR 10001",))).change
    assert change is not None and "asylum" in {tag.topic for tag in change.tags}
    assert relations(app, "91 FR 10001") == set()
    assert relations(app, "99 USCIS-PM A.1") == {("enjoins", KEY)}
    shown = look_up(app.database, KEY)
    assert "Withdrawn by the office on November 21, 2026" in shown.held.version.text
    assert len(shown.versions) == 2
    clock.now += timedelta(days=1)
    orders.withdraw(app, alter(documents=()))
    assert relations(app, "99 USCIS-PM A.1") == set()
    clock.now += timedelta(days=1)
    orders.enter(app, ORDER)
    assert relations(app, "91 FR 10001") == {("enjoins", KEY)}


def test_what_was_never_entered_is_not_taken_back(app: App) -> None:
    with pytest.raises(NotHeld, match="note-order --list"):
        orders.withdraw(app, ORDER)
    orders.enter(app, ORDER)
    with pytest.raises(NotHeld, match="91 FR 10002"):
        orders.withdraw(app, alter(documents=("91 FR 10002",)))


def test_an_order_on_an_order_is_said_with_it_wherever_the_first_one_is(app: App) -> None:
    orders.enter(app, ORDER)
    appeal = alter(
        documents=(KEY,), court="9th Cir.", docket="26-1234", does=Does.STAYS, caption=""
    )
    orders.enter(app, appeal)
    shown = look_up(app.database, "91 FR 10001")
    (effective,) = [each for each in shown.standings if each.stated.kind is EFFECTIVE]
    assert "itself stayed by No. 26-1234 (9th Cir. Nov. 2, 2026)" in effective.why
    (told,) = rows.document_row(shown)["litigation"]
    assert told["words"] == (
        "Enjoined by N.D. Cal., No. 3:25-cv-01234 (November 2, 2026), "
        "itself stayed by 9th Cir., No. 26-1234 (November 2, 2026)"
    )
    hits = search(app.database, Understanding(thesaurus.load), "91 FR 10001").hits
    assert any(each.later.key.startswith("9th Cir.") for each in hits[0].relations)


def test_a_rebuild_keeps_orders_and_what_they_are_joined_with(app: App) -> None:
    orders.enter(app, ORDER)
    before = (relations(app, "91 FR 10001"), look_up(app.database, KEY).tags)
    with app.database.read() as connection:
        pages = {n: archive.page(connection, n) for n in archive.numbers(app.database)}
    (entered,) = [number for number, each in pages.items() if each.source == "court_orders"]
    assert ingest.rebuild(app.database, entered, app.rules) == ""
    assert (relations(app, "91 FR 10001"), look_up(app.database, KEY).tags) == before
    assert len(history.recorded(app.database, sources=["court_orders"])) == 1


def test_what_came_after_a_period_is_not_told_in_it(app: App, clock: Clock) -> None:
    orders.enter(app, ORDER)
    until = NOW - timedelta(days=1)
    found = history.recorded(app.database, until=until, baseline=True)
    assert all(not each.relations for each in found)


def test_an_order_is_found_by_its_words_and_shown_before_the_text(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    orders.enter(app, ORDER)
    entered = Filters(sources=["court_orders"])
    hits = search(
        app.database, Understanding(thesaurus.load), "enjoins Bars to Asylum", filters=entered
    ).hits
    assert [hit.document.name for hit in hits] == [KEY]
    show.document(look_up(app.database, "91 FR 10001"), {})
    said = " ".join(capsys.readouterr().out.split())
    heading = "Litigation: court orders entered by hand; not verified by lexwatch Enjoined by"
    assert said.index(heading) < said.index("An asylum applicant")
    assert "scope: class, all who applied before June 1" in said
    results.show(search(app.database, Understanding(thesaurus.load), "91 FR 10001").hits)
    assert "scope: class" in capsys.readouterr().out


def test_a_digest_of_the_documents_later_change_names_the_order_first(app: App) -> None:
    orders.enter(app, ORDER)
    later = replace(ASYLUM, blocks=FEES.blocks, seen_at=NOW)
    run = runs.begin_run(app.database, "federal_register", NOW)
    Archive(app.database, run.id).keep(
        replace(page({"a": "b"}, NOW, ASYLUM.url), source="federal_register")
    )
    app.rules = replace(
        app.rules, readers={"federal_register": lambda _: Reading(versions=(later,))}
    )
    for number in runs.unexamined(app.database, ["federal_register"]):
        assert ingest.ingest(app.database, number, Readings(app.rules), NOW) == ""
    digest = next(sending.digests(app, NOW + timedelta(days=7)))
    mail = sending.rendered(app, digest)
    for said in (mail.text, mail.html):
        entry = " ".join(said.split("Bars to Asylum (Sample)")[-1].split())
        assert entry.index("Enjoined by") < entry.index("ext changed")
        assert "not verified by lexwatch" in entry


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"court": " "}, "--court is needed"),
        ({"docket": ""}, "--docket is needed"),
        ({"decided": None}, "--date is needed"),
        ({"decided": date(2026, 11, 21)}, "lies in the future"),
        ({"documents": ()}, "--document is needed"),
        ({"does": None}, "--does is needed: one of enjoins, stays, vacates"),
        ({"scope": None}, "--scope is needed"),
        ({"source": ""}, "--source is needed"),
        ({"quote": "  "}, "--quote is needed"),
        ({"does": Does.VACATES_IN_PART}, "--part is needed"),
        ({"until": date(2026, 11, 1)}, "lies before the order's day"),
        ({"court": "x" * 200}, "at most 110 characters"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_kept(
    app: App, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        orders.enter(app, alter(**given))
    assert entries.every(app.database) == () and runs.runs(app.database, "court_orders") == ()


def test_a_document_that_is_not_held_or_may_be_several_is_refused(app: App) -> None:
    with pytest.raises(NotHeld, match="91 FR 77777"):
        orders.enter(app, alter(documents=("91 FR 77777",)))
    twin = document(4, "Filing Fees (Sample)", "Another.")
    hold(app, twin)
    with pytest.raises(NotHeld, match=r"may be any of: federal_register:2026-00004@2026-06-04"):
        orders.enter(app, alter(documents=("Filing Fees (Sample)",)))


def test_what_is_entered_is_read_back_as_it_was(app: App) -> None:
    order = orders.enter(app, alter(until=date(2026, 12, 24))).order
    assert entries.every(app.database) == (order,)
    version = look_up(app.database, KEY).held.version
    assert version.parser == PARSER and version.title == "Sample v. Roe"
    assert version.date(DateKind.DECIDED) == date(2026, 11, 2)
    assert version.date(DateKind.EXPIRES) == date(2026, 12, 24)
    assert "not verified by lexwatch" in version.blocks[0].text
    assert parse(replace(page({}, NOW), body=body(order))) == order


def test_the_list_shows_what_was_entered_and_taken_back(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    showing.orders(())
    assert "No court order was entered" in capsys.readouterr().out
    orders.enter(app, ORDER)
    orders.withdraw(app, alter(documents=()))
    showing.orders(entries.every(app.database))
    assert "withdrawn by the office on November 20, 2026" in capsys.readouterr().out


def test_the_command_lists_and_refuses(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[data]\nfolder = {json.dumps(str(tmp_path / 'data'))}\n", encoding="utf-8")
    listed = CliRunner().invoke(cli, ["--config", str(path), "note-order", "--list", "--json"])
    assert json.loads(listed.stdout) == []
    refused = CliRunner().invoke(cli, ["--config", str(path), "note-order", "--does", "forbids"])
    assert refused.exit_code == 2 and isinstance(cli, typer.Typer)


def test_where_an_order_was_read_is_said_once(app: App) -> None:
    orders.enter(app, alter(source="Read on PACER"))
    (relation,) = look_up(app.database, "91 FR 10001").relations
    assert "read on PACER" in relation.evidence
    assert "Read on PACER" in {
        block.text for block in look_up(app.database, KEY).held.version.blocks
    }


def test_a_citation_is_found_however_its_parts_are_spaced(app: App) -> None:
    for name in ("91FR10001", "91 FR10001", "91FR 10001"):
        assert look_up(app.database, name).held.version.document == ASYLUM.document
