"""Commands by which readers begin, see and end what they are told."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from publisher import Reader, page, rules_of, visit
from typer.testing import CliRunner

from alerts import tokens
from alerts.tokens import Purpose
from index import suppressions
from lexwatch import settings
from lexwatch.alerting import signed
from lexwatch.app import App
from lexwatch.cli import cli
from pipeline.errors import LexwatchError, NotHeld, QueryError, SettingsError

BEGUN = datetime(2026, 10, 5, 14, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
ANA = ("Ana Reyes", "ana@example.com")
FILE = """
[[subscriptions]]
reader = "Ben Ito"
address = "Ben@example.com"
topics = ["fees-forms"]
matter = "2026-7"

[channels.teams]
env = "LEXWATCH_TEAMS"
"""


class Office:
    """An office that has watched one publisher since October, and its command line."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "config.toml"
        data = f"[data]\nfolder = {json.dumps(str(folder / 'data'))}\n"
        self.config.write_text(f"{data}{FILE}", encoding="utf-8")
        self.app = App(settings.load(self.config), lambda: NOW)

    def run(self, *words: str, answer: str = "") -> str:
        """What a command prints; an error that it ends with is raised."""
        given = ["--config", str(self.config), "--at", f"{NOW:%Y-%m-%dT%H:%M:%S}", *words]
        done = CliRunner().invoke(cli, given, input=answer, catch_exceptions=False)
        assert done.exit_code in (0, 1), done.output
        return " ".join(done.stdout.split())

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json"))

    def refusal(self, *words: str, of: type[LexwatchError] = SettingsError) -> str:
        with pytest.raises(of) as error:
            self.run(*words)
        return str(error.value)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an office to which nobody has subscribed yet; not to be written to."""
    office, rules = Office(tmp_path_factory.mktemp("office")), rules_of(Reader())
    for days, said in enumerate(["Baseline.", "An asylum bond; see 8 CFR 208.13.", "A visa."]):
        at = BEGUN + timedelta(days=days)
        visit(office.app.database, rules, at, page({f"notice-{days}": said}, at))
    office.app.database.close()
    return office.app.settings.folder


@pytest.fixture
def office(watched: Path, tmp_path: Path) -> Office:
    shutil.copytree(watched, tmp_path / "data")
    return Office(tmp_path)


def names(office: Office) -> list[str]:
    return [row["name"] for row in office.json("subscriptions", "--reader", ANA[0])]


def test_it_is_said_what_a_subscription_would_have_told_before_it_is_begun(office: Office) -> None:
    said = office.run("subscribe", *ANA, "--words", "asylum /s bond", answer="n\n")
    assert "It would have told of 1 change since October 5, 2026, from when on changes are" in said
    assert (
        "October 6, 2026 Notice notice-1" in said and "“An asylum bond; see 8 CFR 208.13.”" in said
    )
    assert "Nothing was saved." in said and names(office) == []


def test_it_is_begun_where_the_reader_agrees(office: Office) -> None:
    said = office.run("subscribe", *ANA, "--words", "bond", "--name", "Bond", answer="y\n")
    assert "Begin it?" in said and "Subscription No. " in said
    assert names(office) == ["Bond"]


def test_that_it_comes_in_a_letter_of_its_own_is_said_before_it_is_begun(office: Office) -> None:
    office.run("subscribe", *ANA, "--words", "bond", "--yes")
    daily = ("subscribe", ANA[0], "ANA@example.com", "--words", "visa", "--frequency", "daily")
    said = office.run(*daily, answer="n\n")
    warned, _, asked = said.partition("Begin it?")
    assert "This comes in a letter of its own, daily at 00:00 (America/New_York)." in warned
    assert "sent: weekly, on Mondays at 00:00 (America/New_York): No. " in warned and asked
    assert office.json(*daily, "--try")["other_letters"]


def test_what_comes_in_one_letter_is_not_warned_of(office: Office) -> None:
    office.run("subscribe", *ANA, "--words", "bond", "--yes")
    weekly = ("subscribe", *ANA, "--words", "visa", "--zone", "America/Detroit", "--try")
    assert "letter of its own" not in office.run(*weekly)
    other = office.run("subscribe", "A. Reyes", ANA[1], "--words", "visa", "--try")
    assert "is sent: weekly, on Mondays at 00:00 (America/New_York) as Ana Reyes: No. " in other
    late = office.run(*weekly, "--no-holidays")
    assert "letter of its own" in late


def test_trying_saves_nothing_and_agreeing_beforehand_asks_nothing(office: Office) -> None:
    said = office.run("subscribe", *ANA, "--words", "lion", "--try")
    assert "Begin it?" not in said and "Leave out --try to begin it." in said
    tried = office.json("subscribe", *ANA, "--words", "bond", "--try")
    assert not tried["saved"] and len(tried["alerts"]) == 1 and names(office) == []
    saved = office.json("subscribe", *ANA, "--words", "bond", "--yes")
    assert saved["saved"] and saved["subscription"]["id"]
    number = saved["subscription"]["id"]
    again = office.run("subscribe", *ANA, "--words", "bond", "--yes")
    assert f"Subscription No. {number} runs already. `lexwatch unsubscribe {number}`" in again


def test_what_the_settings_file_has_already_is_not_begun_again(office: Office) -> None:
    asked = ("--topic", "fees-forms", "--matter", "2026-7", "--yes")
    assert "runs already" in office.run("subscribe", "Ben Ito", "Ben@example.com", *asked)
    assert [row["origin"] for row in office.json("subscriptions")] == ["settings"]


def test_what_would_have_told_nothing_says_since_when(office: Office) -> None:
    said = office.run("subscribe", *ANA, "--words", "lion", "--try")
    assert "It would have told of nothing since October 5, 2026" in said


def test_every_option_is_kept(office: Office) -> None:
    words = (
        *("--topic", "asylum", "--topic", "removal", "--source", "bia_decisions"),
        *("--authority", "8 CFR 208.13", "--words", "bond /s flight", "--meaning", "release"),
        *("--threshold", ".6", "--class", "substantive", "--frequency", "weekly"),
        *("--weekday", "friday", "--day", "3", "--hour", "8", "--zone", "America/Denver"),
        *("--no-holidays", "--urgent-at-once", "--plain-text", "--matter", "2026-114"),
        *("--note", "call her", "--shown-on", "mail", "--shown-on", "feed"),
        *("--channel", "mail", "--channel", "teams", "--name", "Bond"),
    )
    tried = office.json("subscribe", *ANA, *words, "--try")["subscription"]
    assert tried == {
        "reader": "Ana Reyes",
        "address": "ana@example.com",
        "topics": ["asylum", "removal"],
        "sources": ["bia_decisions"],
        "classes": ["substantive"],
        "authorities": ["8 CFR § 208.13"],
        "words": "bond /s flight",
        "meaning": "release",
        "threshold": 0.6,
        "schedule": {
            "frequency": "weekly",
            "weekday": 4,
            "day": 3,
            "hour": 8,
            "zone": "America/Denver",
            "on_holidays": False,
        },
        "urgent_at_once": True,
        "plain_text": True,
        "channels": ["mail", "teams"],
        "name": "Bond",
        "matter": "2026-114",
        "note": "call her",
        "shown_on": ["mail", "feed"],
        "origin": "command",
        "id": 0,
        "next": "2026-11-27 08:00:00-07:00",
        "muted_until": None,
        "suppressed": None,
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--topic", "asylm"], "no topic 'asylm'; did you mean asylum? There are: asylum, removal"),
        (["--source", "bia"], "no source 'bia'; did you mean bia_decisions?"),
        (["--channel", "team"], "no channel 'team'; did you mean teams? There are: mail, teams"),
        (
            ["--shown-on", "fed"],
            "no channel 'fed'; did you mean feed? There are: mail, teams",
        ),
        (
            ["--frequency", "fortnightly"],
            "frequency = 'fortnightly': allowed is 'at once', ",
        ),
        (["--weekday", "someday"], "weekday = 'someday': allowed is 'monday'"),
        (["--zone", "Mars"], "zone = 'Mars': allowed is a time zone such as"),
        (["--hour", "24"], "hour = 24: allowed is 23 or less"),
        (["--class", "major"], "classes, entry 1 = 'major': allowed is 'substantive', 'editorial'"),
        (["--meaning", "x", "--threshold", "2"], "threshold = 2.0: allowed is 1 or less"),
        (["--threshold", ".5"], "--threshold says how near a meaning must be: give --meaning"),
        (["--name", "a\nb"], "name = 'a\\nb': allowed is words in one line"),
        (["--json"], "--json asks no question: add --yes to save, or --try"),
    ],
)
def test_what_there_is_not_is_said_with_what_there_is(
    office: Office, words: list[str], said: str
) -> None:
    assert said in office.refusal("subscribe", *ANA, *words)
    assert names(office) == []


def test_what_can_not_be_read_is_shown(office: Office) -> None:
    said = office.refusal("subscribe", *ANA, "--words", "bond /s", of=QueryError)
    assert said.splitlines()[1:] == ["  bond /s", "       ^"]
    said = office.refusal("subscribe", *ANA, "--authority", "8 CFT 208", of=NotHeld)
    assert 'type it as you would cite it: "8 CFR 208.13"' in said
    assert "'8 CFT 208'" in said
    said = office.refusal("subscribe", "Ana", "ana at example.com")
    assert said == "address = 'ana at example.com': allowed is an e-mail address such as " + ANA[1]


def test_readers_are_told_where_their_calendar_and_feeds_are(office: Office) -> None:
    office.run("subscribe", *ANA, "--words", "bond", "--yes")
    folder = office.app.settings.feeds_folder
    for words in ("subscriptions", "feeds"):
        said = office.run(words)
        assert f"{folder}/calendar-ana-" in said and f"{folder}/search-" in said
        assert said.count("search-") == 1  # Ben's has its topic's
    web = "\n[web]\naddress = 'https://lexwatch.firm.example'\n"
    office.config.write_text(office.config.read_text() + web)
    for words in ("subscriptions", "feeds"):
        said = office.run(words)
        assert "https://lexwatch.firm.example/calendar/" in said
        assert "https://lexwatch.firm.example/feed/" in said


def test_everything_of_a_subscription_is_seen_by_its_reader(office: Office) -> None:
    said = office.run("subscriptions")
    for words in (
        "Ben Ito, Ben@example.com",
        "kept in the settings file",
        "about: Fees and forms",
        "weekly, on Mondays at 00:00 (America/New_York)",
        "next: November 23, 2026, 00:00 EST",
        "matter: 2026-7",
    ):
        assert words in said, words
    assert "Ana has no subscription" in office.run("subscriptions", "--reader", "Ana")


def test_one_that_can_not_be_met_any_more_says_so(office: Office) -> None:
    office.run("subscribe", *ANA, "--words", "bond", "--channel", "teams", "--yes")
    office.config.write_text(office.config.read_text().replace("[channels.teams]", "[channels.x]"))
    said = office.run("subscriptions", "--reader", ANA[1])
    assert "It can't be met as it stands: no channel 'teams'. There are: mail, x" in said
    [row] = office.json("subscriptions", "--reader", ANA[1])
    assert row["wrong"].startswith("no channel 'teams'")


def test_an_address_is_sent_nothing_from_then_on_until_that_is_lifted(office: Office) -> None:
    said = office.run("unsubscribe", "ben@EXAMPLE.com")
    assert "Nothing is sent to ben@example.com: unsubscribed on November 22, 2026" in said
    assert "`lexwatch unsubscribe --lift ben@example.com` lifts that. Its reader: Ben Ito." in said
    with office.app.database.read() as connection:
        assert suppressions.suppressed(connection, ["Ben@example.com"])
    seen = office.run("subscriptions")
    assert "Nothing is sent to ben@example.com: unsubscribed on" in seen and "next:" not in seen
    [row] = office.json("subscriptions")
    assert row["next"] is None and row["suppressed"]["reason"] == "unsubscribed"
    assert "is sent to ben@example.com again" in office.run(
        "unsubscribe", "--lift", "Ben@example.com"
    )
    assert "next:" in office.run("subscriptions")


def test_every_address_to_which_nothing_is_sent_is_listed(office: Office) -> None:
    office.run("unsubscribe", "Cy@example.com")
    said = "Nothing is sent to cy@example.com: unsubscribed on"
    assert said in office.run("subscriptions")
    assert said not in office.run("subscriptions", "--reader", "Ben Ito")
    assert said in office.run("subscriptions", "--reader", "cy@EXAMPLE.com")
    [_, row] = office.json("subscriptions")
    assert (row["reader"], row["address"]) == ("", "cy@example.com")
    assert row["suppressed"]["reason"] == "unsubscribed"


def test_mail_that_came_back_stops_mail_until_that_is_lifted(office: Office) -> None:
    said = office.run("bounce", "ben@example.com", "--said", "550 No such user")
    assert "mail came back on November 22, 2026, 14:00 UTC (550 No such user)" in said
    assert "`lexwatch bounce ben@example.com --lift`" in said
    office.refusal("unsubscribe", "--lift", "ben@example.com", of=NotHeld)
    assert "again" in office.run("bounce", "ben@example.com", "--lift")
    assert office.json("subscriptions")[0]["suppressed"] is None


def test_one_is_ended_by_its_number(office: Office) -> None:
    made = office.json("subscribe", *ANA, "--words", "bond", "--yes")["subscription"]
    assert "of Ana Reyes has ended" in office.run("unsubscribe", str(made["id"]))
    assert names(office) == []
    assert "runs" in office.refusal("unsubscribe", str(made["id"]), of=NotHeld)
    assert "made anew" in office.refusal("unsubscribe", "--lift", str(made["id"]))
    [kept] = office.json("subscriptions")
    assert "stands in the settings file" in office.refusal("unsubscribe", str(kept["id"]))


def test_the_code_of_a_mail_that_asks_for_it_ends_mail(office: Office) -> None:
    code = tokens.sign(signed.key(office.app), Purpose.UNSUBSCRIBE, "ben@example.com")
    assert "Nothing is sent to ben@example.com" in office.run("unsubscribe", f"unsubscribe {code}")
    office.refusal("unsubscribe", f"{code}x", of=LexwatchError)
    feed = tokens.sign(signed.key(office.app), Purpose.FEED, "ben@example.com")
    office.refusal("unsubscribe", feed, of=LexwatchError)
    for wrong in ("Ana Reyes", "9" * 40):
        assert f"'{wrong}' is no address, no number" in office.refusal("unsubscribe", wrong)


def test_an_address_to_which_nobody_subscribes_can_be_kept_free_of_mail(office: Office) -> None:
    assert "Nobody subscribes there." in office.run("unsubscribe", "x@example.com")
    said = office.run("subscribe", "X", "x@example.com", "--words", "bond", "--try")
    assert "Nothing is sent to x@example.com" in said


@pytest.mark.parametrize("wrong", ["x", "a@b@c", "a b@example.com", "Ana <ana@example.com>"])
def test_what_is_no_address_is_refused(office: Office, wrong: str) -> None:
    for command in (["bounce"], ["bounce", "--lift"]):
        assert "is not an e-mail address" in office.refusal(*command, wrong)
