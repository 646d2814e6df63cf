"""Whatever ails a model, a source, a change or a subscription: nobody else loses anything by it,
who does is told so, and what was missed is made up for."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typer
from fakes import HashingEncoder
from falling import deadline
from publisher import DAY
from test_reminders import BEN, noon
from test_reminders import Office as Reminded
from test_sending import ANA, MONDAY, WEEK, Office

from alerts import meeting, reminders, untrusted
from index import deadlines, subscriptions, suppressions, unmatched
from lexwatch import jobs
from lexwatch.alerting import composing, feeds, owing, reminding, sending, whose
from lexwatch.commands import work
from lexwatch.settings import Watch
from lexwatch.subscriptions import wanted
from pipeline.errors import ModelError, SettingsError
from pipeline.model import Change
from pipeline.query.saved import Shelf
from pipeline.subscription import Reason, Subscription

HOUR = timedelta(hours=1)
MEANT = Watch(
    reader="Cy", address="cy@example.com", meaning="An asylum application.", threshold=0.1
)
AT_ONCE = MEANT.model_copy(update={"frequency": "at once"})
GONE = Subscription(reader="Bo", address="bo@example.com", topics=("old",), origin="command")


class Model:
    """Vectors of a model that may ail, in whatever way."""

    model = "hashing"

    def __init__(self) -> None:
        self.ails: Exception | None = None

    def embed(self, texts: Any) -> Any:
        if self.ails:
            raise self.ails
        return HashingEncoder().encode(texts)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "data")
    made.publish(MONDAY, first="Baseline.")
    yield made
    made.app.database.close()


def open_with(office: Office, *watches: Watch) -> Model:
    app, model = office.open(*watches), Model()
    app.encoder = HashingEncoder()
    app.vectors = model  # type: ignore[assignment]  # a fake
    return model


def sent(office: Office, at: Any) -> dict[str, list[str]]:
    """The titles that each address is sent at a moment."""
    office.now = at
    sending.match_changes(office.app)
    return office.digest(at)


# What could not be asked


def test_who_is_told_of_something_only_is_told_once_the_model_works_again(office: Office) -> None:
    model = open_with(office, AT_ONCE)
    model.ails = ModelError("no model")
    office.publish(MONDAY + DAY, second="News.")
    for later in (HOUR, DAY, 3 * DAY):
        assert sent(office, MONDAY + DAY + later) == {}
    model.ails = None
    assert sent(office, MONDAY + 5 * DAY) == {AT_ONCE.address: ["Notice second"]}
    assert sent(office, MONDAY + 6 * DAY) == {}


def test_a_digest_says_what_was_not_asked_and_the_next_makes_up_for_it(office: Office) -> None:
    model = open_with(office, MEANT, MEANT.model_copy(update={"meaning": "", "topics": ["h1b"]}))
    model.ails = RuntimeError("out of memory")
    office.publish(MONDAY + DAY, second="News.")
    office.now = MONDAY + WEEK
    (one,) = sending.digests(office.app, office.now)
    assert "could not be run by meaning: RuntimeError" in one.unasked[0]
    assert sent(office, MONDAY + WEEK) == {MEANT.address: []}
    assert sent(office, MONDAY + WEEK + HOUR) == {}
    model.ails = None
    assert sent(office, MONDAY + WEEK + DAY) == {}
    office.publish(MONDAY + WEEK + DAY, third="News.")
    ((address, titles),) = sent(office, MONDAY + 2 * WEEK).items()
    assert (address, {*titles}) == (MEANT.address, {"Notice second", "Notice third"})
    assert sent(office, MONDAY + 3 * WEEK) == {MEANT.address: []}


def test_whose_topic_is_gone_is_told_so_and_not_that_nothing_changed(office: Office) -> None:
    subscriptions.add(office.app.database, GONE, MONDAY)
    office.publish(MONDAY + DAY, second="News.")
    office.now = MONDAY + WEEK
    noted: list[str] = []
    sending.match_changes(office.app, noted.append)
    own, _ = sorted(sending.digests(office.app, office.now), key=lambda one: one.reader)[::-1]
    assert own.unasked == tuple(noted) and "no topic 'old'" in noted[0]
    assert "no topic" in sending.rendered(office.app, own).text.replace("\n", " ")


def test_what_is_left_of_a_subscription_is_asked_and_told_once(office: Office) -> None:
    half = replace(GONE, topics=("old", "asylum"))
    subscriptions.add(office.app.database, half, MONDAY)
    office.publish(MONDAY + DAY, second="News.")
    assert sent(office, MONDAY + WEEK)[GONE.address] == ["Notice second"]
    assert sent(office, MONDAY + 2 * WEEK)[GONE.address] == []


def test_a_slip_in_the_settings_stops_nobody_else_and_is_made_up_for(office: Office) -> None:
    slip = Watch(reader="Bo", address="bo@example.com", topics=["asylm"], frequency="at once")
    di = Watch(reader="Di", address="di@example.com", words="hush /s", frequency="at once")
    office.open(ANA, slip, di)
    office.publish(MONDAY + DAY, second="News.")
    assert sent(office, MONDAY + DAY + HOUR) == {}
    assert sent(office, MONDAY + WEEK) == {ANA.address: ["Notice second"]}
    first, second = wanted.slips(office.app)
    assert "subscription of Bo" in first and "subscription of Di" in second
    assert "hush" not in second
    office.open(ANA, slip.model_copy(update={"topics": ["asylum"]}))
    assert sent(office, MONDAY + WEEK + DAY) == {slip.address: ["Notice second"]}


def test_an_authority_that_cannot_be_read_is_named_where_it_is_said_what_was_watched(
    office: Office,
) -> None:
    cited = {"authorities": ["8 CFR 208.13", "8 CRF 208.14", "sample:nowhere"]}
    office.open(ANA.model_copy(update=cited))
    office.publish(MONDAY + DAY, second="See 8 CFR 208.13(b).")
    office.now = MONDAY + WEEK
    noted: list[str] = []
    sending.match_changes(office.app, noted.append)
    (one,) = sending.digests(office.app, office.now)
    assert [each.change.new.title for each in one.alerts] == ["Notice second"]
    shown = sending.rendered(office.app, one)
    below = " ".join(shown.text.partition("WHAT WAS WATCHED")[2].split())
    unread = "not watched: “8 CRF 208.14”: not an authority we can read"
    assert unread in below and unread in noted[0]
    assert unread in " ".join(shown.html.partition('id="coverage"')[2].split())
    assert "the authority 'sample:nowhere': no source 'sample'" in below


def test_where_no_authority_can_be_read_nothing_is_told_until_one_can(office: Office) -> None:
    wrong = ANA.model_copy(update={"authorities": ["8 CRF 208.14"]})
    office.open(wrong)
    office.publish(MONDAY + DAY, second="See 8 CFR 208.14(b).")
    assert sent(office, MONDAY + WEEK) == {ANA.address: []}
    office.open(wrong.model_copy(update={"authorities": ["8 CFR 208.14"]}))
    assert sent(office, MONDAY + WEEK + HOUR) == {}
    assert sent(office, MONDAY + 2 * WEEK) == {ANA.address: ["Notice second"]}


def test_one_that_stays_unreadable_widens_nobodys_period(office: Office) -> None:
    subscriptions.add(office.app.database, replace(GONE, reader="Ana", address=ANA.address), MONDAY)
    for week in (1, 2, 3):
        office.digest(MONDAY + week * WEEK)
    last = office.app.ledger.deliveries()[-1]
    assert last.until - last.since == WEEK


# A change that can't be matched


class Poison(RuntimeError):
    pass


@pytest.fixture
def ailing() -> set[str]:
    """Titles of changes of which every look fails, for as long as they stand here."""
    return {"Notice bad"}


@pytest.fixture
def poisoned(ailing: set[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every look at a change that ails fails; whose topics were looked at, in order."""
    looked: list[str] = []
    sound = meeting.Told.__init__

    def look(self: meeting.Told, change: Change, titles: Mapping[str, str]) -> None:
        looked.append(change.new.title)
        if change.new.title in ailing:
            raise Poison("this depth: asylum")
        sound(self, change, titles)

    monkeypatch.setattr(meeting.Told, "__init__", look)
    return looked


def test_a_change_that_cannot_be_matched_fails_no_reader_and_is_named(
    office: Office, poisoned: list[str]
) -> None:
    watches = [Watch(reader=f"R{n}", address=f"r{n}@example.com") for n in range(150)]
    office.open(*watches)
    office.publish(MONDAY + DAY, second="News.", bad="News.", third="News.")
    office.now, noted = MONDAY + WEEK, list[str]()
    sending.match_changes(office.app, noted.append)
    (said,) = noted
    assert said == "change of sample:bad could not be matched: Poison"
    poisoned.clear()
    queue = sending.queue(office.app, office.now)
    assert (queue.letters, queue.failed, queue.faults) == (150, (), (said,))
    assert poisoned.count("Notice bad") == 2  # with all, then alone; not for each reader
    office.now = MONDAY + 2 * WEEK
    assert all(one.unasked == () for one in sending.digests(office.app, office.now))


def test_the_digest_names_the_change_that_could_not_be_matched(
    office: Office, poisoned: list[str]
) -> None:
    office.publish(MONDAY + DAY, second="News.", bad="News.")
    office.now = MONDAY + WEEK
    (one,) = sending.digests(office.app, office.now)
    assert [each.change.new.title for each in one.alerts] == ["Notice second"] and poisoned
    assert one.unasked == ("change of sample:bad could not be matched: Poison",)


def told_late(office: Office, at: Any) -> list[tuple[str, bool]]:
    """The titles that are told at a moment, and whether it is said that they come late."""
    office.now = at
    built = list(sending.digests(office.app, at))
    sending.queue(office.app, at)
    assert {one.outcome for one in sending.send(office.app)} <= {"sent"}
    return [
        (each.change.new.title, composing.LATE in each.why) for one in built for each in one.alerts
    ]


@pytest.mark.usefixtures("poisoned")
def test_a_change_that_could_not_be_matched_is_told_once_it_can_be(
    office: Office, ailing: set[str]
) -> None:
    office.publish(MONDAY + DAY, second="News.", bad="News.")
    assert told_late(office, MONDAY + WEEK) == [("Notice second", False)]
    assert told_late(office, MONDAY + 2 * WEEK) == []
    ailing.clear()
    office.now = MONDAY + 2 * WEEK + DAY
    assert sending.match_changes(office.app) == 1  # at the next run, and its digest tells it
    assert told_late(office, MONDAY + 3 * WEEK) == [("Notice bad", True)]
    assert told_late(office, MONDAY + 4 * WEEK) == []


@pytest.mark.usefixtures("poisoned")
@pytest.mark.parametrize("frequency", ["at once", "daily"])
def test_so_it_is_where_nothing_else_was_found_and_who_asks_for_something_else_loses_nothing(
    office: Office, ailing: set[str], frequency: Any
) -> None:
    office.open(ANA.model_copy(update={"frequency": frequency, "topics": ["h1b"]}))
    office.publish(MONDAY + DAY, bad="News.")
    told_late(office, MONDAY + 2 * DAY)
    told_late(office, MONDAY + 3 * DAY)
    ailing.clear()
    office.open(ANA.model_copy(update={"frequency": frequency, "topics": ["asylum"]}))
    assert sending.match_changes(office.app) == 1  # the edited one took the other's place
    assert told_late(office, MONDAY + 4 * DAY) == [("Notice bad", True)]
    assert told_late(office, MONDAY + 5 * DAY) == []


@pytest.mark.usefixtures("poisoned")
def test_what_was_told_late_in_a_letter_that_nobody_received_is_told_again(
    office: Office, ailing: set[str]
) -> None:
    office.publish(MONDAY + DAY, bad="News.")
    told_late(office, MONDAY + WEEK)
    ailing.clear()
    office.now = MONDAY + 2 * WEEK
    sending.queue(office.app, office.now)
    (letter,) = (one for one in office.app.ledger.deliveries() if not one.outcome)
    office.app.ledger.finish(letter, "given up", office.now)
    assert told_late(office, MONDAY + 3 * WEEK) == [("Notice bad", True)]
    assert told_late(office, MONDAY + 4 * WEEK) == []


@pytest.mark.usefixtures("poisoned")
def test_only_who_missed_a_change_is_told_it_late(office: Office, ailing: set[str]) -> None:
    office.publish(MONDAY + DAY, bad="News.")
    told_late(office, MONDAY + WEEK)
    ailing.clear()
    new = Subscription(reader="Cy", address="cy@example.com", origin="command")
    subscriptions.add(office.app.database, new, MONDAY + WEEK + DAY)
    office.now = MONDAY + 2 * WEEK
    late = {one.reader: len(one.alerts) for one in sending.digests(office.app, office.now)}
    assert late == {"Ana": 1, "Cy": 0}


@pytest.mark.usefixtures("poisoned")
def test_what_an_ended_subscription_missed_is_looked_at_no_more(office: Office) -> None:
    office.publish(MONDAY + DAY, bad="News.")
    told_late(office, MONDAY + WEEK)
    assert unmatched.waiting(office.app.database)
    office.open()
    office.now = MONDAY + WEEK + DAY
    sending.match_changes(office.app)
    assert unmatched.waiting(office.app.database) == {}


def test_a_search_that_fails_on_a_change_takes_the_change_from_nobody_else(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(shelf: Any, node: Any, sound: Any = Shelf.meeting) -> Any:
        if "waiver" in repr(node):
            raise Poison
        return sound(shelf, node)

    office.open(ANA, MEANT.model_copy(update={"meaning": "", "words": "waiver"}))
    office.publish(MONDAY + DAY, second="News.")
    monkeypatch.setattr(Shelf, "meeting", fail)
    office.now = MONDAY + WEEK
    ana, cy = sending.digests(office.app, office.now)
    assert ([each.change.new.title for each in ana.alerts], ana.unasked) == (["Notice second"], ())
    assert cy.unasked == ("your subscription could not be run: Poison",)


# A run


def run(office: Office, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code of a run at which nobody is asked, and what it said was wrong."""
    context: Any = SimpleNamespace(obj=office.app)
    try:
        work.run(context)
    except typer.Exit as end:
        return end.exit_code, capsys.readouterr().err
    return 0, capsys.readouterr().err


def served(*_: Any, **__: Any) -> None:
    """A source that has nothing new."""


def broken(*_: Any, **__: Any) -> None:
    raise RuntimeError("the process of uscis_news ended with -9")


STEPS = {
    "a source": (jobs, "fetch"),
    "the reading": (jobs, "read_pages"),
    "the index": (jobs, "index"),
    "matching": (sending, "match_changes"),
    "the reminders": (sending, "reminders"),
    "calendars and feeds": (feeds, "write"),
}


@pytest.mark.parametrize("step", STEPS)
def test_whatever_step_fails_the_mail_goes_out_and_it_is_said(
    step: str, office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    office.publish(MONDAY + DAY, second="News.")
    office.now = MONDAY + WEEK
    monkeypatch.setattr(jobs, "fetch", served)
    monkeypatch.setattr(jobs, "index", served)
    monkeypatch.setattr(*STEPS[step], broken)
    code, said = run(office, capsys)
    assert (code, "the process of uscis_news ended with -9" in said) == (1, True)
    assert [one.outcome for one in office.app.ledger.deliveries()] == ["sent"]


def test_calendars_and_feeds_are_refreshed_though_the_index_fails(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(jobs, "fetch", served)
    monkeypatch.setattr(jobs, "index", broken)
    assert run(office, capsys)[0] == 1
    assert (office.app.settings.feeds_folder / "calendar-all.ics").is_file()


def test_a_run_with_a_slip_in_the_settings_says_it_and_sends_the_others_mail(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(jobs, "fetch", served)
    monkeypatch.setattr(jobs, "index", served)
    office.open(ANA, Watch(reader="Bo", address="bo@example.com", topics=["asylm"]))
    office.now = MONDAY + WEEK
    code, said = run(office, capsys)
    assert (code, "no topic 'asylm'; did you mean asylum?" in said) == (1, True)
    assert [one.outcome for one in office.app.ledger.deliveries()] == ["sent", "sent"]


# Reminders


def test_a_date_whose_subscription_could_not_be_asked_is_told_once_it_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = BEN.model_copy(update={"meaning": "Any sentence.", "topics": []})
    office, words = Reminded(tmp_path, both, BEN), "“Fees” could not be run"
    dates = deadline(uid="of-1"), deadline(uid="of-2")
    monkeypatch.setattr(deadlines, "held", lambda *_, **__: dates)

    def meet(**known: Any) -> None:
        found = whose.Meeting(**{"uids": {}, "unasked": {}, **known})
        monkeypatch.setattr(whose, "meeting", lambda *_: found)

    meet(uids={2: frozenset({"of-2"})}, unasked={1: words})
    (first,) = office.run(date(2026, 12, 1))
    assert first.dates == ("of-2",)
    assert f"Dates may be missing here: {words}".encode() in flat(first.letter.body)
    assert office.run(date(2026, 12, 2)) == []
    meet(uids={1: frozenset({"of-1", "of-2"}), 2: frozenset({"of-2"})})
    (second,) = office.run(date(2026, 12, 3))
    assert second.dates == ("of-1",) and b"may be missing" not in second.letter.body
    assert office.run(date(2026, 12, 4)) == []


def flat(body: bytes) -> bytes:
    import quopri  # noqa: PLC0415 - as letters are encoded

    return b" ".join(quopri.decodestring(body).split())


def test_which_subscription_could_not_be_asked_for_dates_is_said(tmp_path: Path) -> None:
    office = Reminded(tmp_path, MEANT, BEN)
    office.now, model = noon(date(2026, 11, 17)), Model()
    office.app.encoder = HashingEncoder()
    office.app.vectors = model  # type: ignore[assignment]  # a fake
    model.ails = ModelError("no model")
    kept = subscriptions.sync(office.app.database, office.app.subscriptions(), office.now)
    deadlines.sync(office.app.database, office.now)
    held = deadlines.held(office.app.database, date(2026, 11, 17))
    found = whose.meeting(office.app, held, kept)
    assert set(found.unasked) == {one.id for one in kept if one.meaning}


def test_a_reminder_that_cannot_be_made_keeps_nobody_else_from_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = BEN.model_copy(update={"topics": ["asylum"]})
    office = Reminded(tmp_path, watch, watch.model_copy(update={"reader": "Al"}))
    office.now = noon(date(2026, 11, 17))

    def render(one: Any, *given: Any, sound: Any = reminders.render) -> Any:
        if one.reader == "Al":
            raise KeyError("colour")
        return sound(one, *given)

    monkeypatch.setattr(reminding, "render", render)
    queue = sending.queue(office.app, office.now)
    assert [(one.reader, "colour" in one.error) for one in queue.failed] == [("Al", True)]
    assert [one.reader for one in office.app.ledger.deliveries() if one.kind == "reminder"] == [
        "Ben"
    ]


# What is looked at, and how long


def test_who_unsubscribed_is_matched_no_more_and_who_is_unreachable_for_his_feeds(
    office: Office,
) -> None:
    office.open(ANA, MEANT.model_copy(update={"meaning": "", "topics": ["asylum"]}))
    for address, reason in ((ANA.address, Reason.UNSUBSCRIBED), (MEANT.address, Reason.BOUNCED)):
        suppressions.suppress(office.app.database, address, reason, MONDAY)
    kept = subscriptions.sync(office.app.database, office.app.subscriptions(), MONDAY)
    sending.queue(office.app, MONDAY)
    later = MONDAY + 26 * WEEK
    (only,) = owing.starts(office.app, kept, later).items()
    assert only[0].address == MEANT.address and later - only[1] <= owing.FETCHED


def test_days_are_counted_in_the_zone_of_whom_they_are_told() -> None:
    """The same moment is midnight in one zone and four in the morning in another."""
    app: Any = SimpleNamespace(coverage=lambda since, _: f"days of {since.tzinfo}")
    together = composing._Together(app, MONDAY + WEEK, ())
    zones = ("America/New_York", "UTC")
    told: list[Any] = [together.coverage(MONDAY.astimezone(ZoneInfo(zone))) for zone in zones]
    assert told == [f"days of {zone}" for zone in zones]


def test_nothing_of_a_queue_is_kept_when_it_is_done(office: Office) -> None:
    office.publish(MONDAY + DAY, second="News.")
    office.now = MONDAY + WEEK
    sending.queue(office.app, office.now)
    gc.collect()
    kept = (composing._Some, composing._Together, composing.Met)
    assert [type(one).__name__ for one in gc.get_objects() if isinstance(one, kept)] == []


@pytest.mark.parametrize("hidden", ["\u061c", "\U000e0001", "\U000e0041", "\U000e007f"])
def test_marks_and_tags_that_no_eye_sees_are_left_out(hidden: str) -> None:
    assert untrusted.plain(f"bo{hidden}nd") == "bond"
    assert untrusted.address(f"https://example.gov/{hidden}") == ""


def test_a_subscription_that_is_typed_is_refused_still(office: Office) -> None:
    with pytest.raises(SettingsError):
        wanted.checked(office.app, GONE)
