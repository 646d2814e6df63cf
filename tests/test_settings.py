"""Settings: defaults, the file that shows them, and messages that name the thing."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import insert

from index import schema
from lexwatch import settings
from lexwatch.app import App
from lexwatch.mistakes import explain
from lexwatch.secrets import Secrets
from lexwatch.settings import Settings
from lexwatch.subscriptions import wanted
from pipeline.errors import SettingsError
from pipeline.subscription import Origin, Schedule

ROOT = Path(__file__).resolve().parents[1]


def write(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_file_says_every_default() -> None:
    loaded = settings.load(ROOT / "config.toml")  # which knows besides where it came from
    assert loaded.model_dump() == Settings().model_dump()


def test_the_shipped_file_names_every_setting() -> None:
    given = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
    sections = Settings().model_dump()
    assert given.keys() | {"subscriptions"} == sections.keys()
    for name in ("data", "crawl", "index", "digest", "mail", "cle"):
        assert given[name].keys() == sections[name].keys(), name
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    for shape in (settings.Source, settings.Watch):
        for field in shape.model_fields:
            assert f"# {field} = " in text, field


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[crawl]\ncontacts = 'x'", ["crawl.contacts", "did you mean contact?", "timeout"]),
        ("[colour]\n", ["colour", "Allowed here", "crawl"]),
        ("[mail]\nport = 70000", ["mail.port", "70000", "65535"]),
        ("[mail]\ntransport = 'pigeon'", ["mail.transport", "pigeon", "'file' or 'smtp'"]),
        ("[digest]\nzone = 'Mars'", ["digest.zone", "Mars", "America/New_York"]),
        ("[origins]\n'uscis.gov' = 'x'", ["origins", "http://"]),
        ("[sources.bia_decisions]\nflor = 3", ["sources.bia_decisions.flor", "floor"]),
        ("[[subscriptions]]\nreader = 'A'", ["of A (table 1", ": address: missing"]),
        ("[[subscriptions]]\nreader = 'A'\naddress = 'a b'", ["'a b'", "ana@example.com"]),
        (
            "[[subscriptions]]\nreader = 'A'\naddress = 'a@b.c'\n[[subscriptions]]\n"
            "reader = 'Ben'\naddress = 'b@b.c'\nthreshold = 2",
            [
                "the subscription of Ben (table 2 under [[subscriptions]]): threshold = 2: allowed "
                "is 1 or less",
            ],
        ),
        ("[[subscriptions]]\naddress = 'a@b.c'", ["table 1 under [[subs", ": reader: missing"]),
        (
            "[[subscriptions]]\nreader = 'A'\naddress = 'a@b.c'\ntopic = []",
            ["A (", ": topic: ", "topics?"],
        ),
        ("[[subscriptions]]\nreader = \"A\\nB\"\naddress = 'a@b.c'", ["in one line"]),
        ("[channels.teams]", ["channels.teams", "either url or env"]),
        ("[channels.teams]\nurl = 'x'\nenv = 'Y'", ["channels.teams", "either url or env"]),
        ("[channels.mail]\nenv = 'Y'", ["channels.mail", "neither mail nor feed"]),
        ("[channels.teams]\nurls = 'x'", ["channels.teams.urls", "did you mean url?"]),
        ("[web]\naddress = 'http://x.org'", ["web.address", "https://"]),
        ("[reminders]\ndays = [-1]", ["reminders.days, entry 1 = -1: allowed is 0 or more"]),
        ("crawl = [", ["not valid TOML"]),
    ],
)
def test_a_bad_setting_is_named_with_its_value_and_what_is_allowed(
    tmp_path: Path, text: str, said: list[str]
) -> None:
    with pytest.raises(SettingsError) as error:
        settings.load(write(tmp_path, text))
    for words in said:
        assert words in str(error.value)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("classes = ['big']", "classes, entry 1 = 'big': allowed is 'substantive', 'editorial',"),
        ("topics = 'asylum'", "topics = 'asylum': allowed is a list in square brackets"),
        ("topics = ['asylum', 7]", "topics, entry 2 = 7: allowed is words in quotation marks"),
        ("hour = 'noon'", "hour = 'noon': allowed is a whole number"),
        ("day = 31", "day = 31: allowed is 28 or less"),
        ("plain_text = 'maybe'", "plain_text = 'maybe': allowed is true or false"),
        ("reader = ''", "reader = '': allowed is words, at least one"),
    ],
)
def test_what_is_wrong_in_a_subscription_is_said_in_words_with_its_entry(
    tmp_path: Path, line: str, said: str
) -> None:
    reader = "" if line.startswith("reader") else "reader = 'Ana'\n"
    given = f"[[subscriptions]]\n{reader}address = 'a@b.c'\n{line}\n"
    with pytest.raises(SettingsError) as error:
        settings.load(write(tmp_path, given))
    assert f": {said}" in str(error.value) and "table 1 under [[" in str(error.value)
    assert not re.search(r"\.0|<|valid|Input|unable", str(error.value))


def test_no_kind_of_mistake_is_told_in_a_programmers_words() -> None:
    """Whatever stands where a setting is: words, a number, a list, a table, a day."""
    odd: list[object] = ["x", 1.5, -1, 10**7, True, [], [[]], {}, {"x": 1}, date(2026, 1, 1)]
    for name, section in settings.Settings.model_fields.items():
        inner = getattr(section.annotation, "model_fields", {})
        tries = [{name: each} for each in odd] + [{name: {k: v}} for k in inner for v in odd]
        for given in tries:
            try:
                settings.Settings.model_validate(given)
            except ValidationError as error:
                for problem in error.errors():
                    said = explain(problem, given, settings.Settings)
                    words = said.partition("allowed is")[2]
                    assert not re.search("valid|Input|dictionary|instance|<|{", words), said


@pytest.mark.parametrize("key", ["words", "meaning", "matter", "note"])
def test_what_is_a_readers_own_is_not_repeated(tmp_path: Path, key: str) -> None:
    given = f"[[subscriptions]]\nreader = 'A'\naddress = 'a@b.c'\n{key} = ['hush']"
    with pytest.raises(SettingsError, match=rf"of A \(table 1.*: {key}: allowed is words") as error:
        settings.load(write(tmp_path, given))
    assert "hush" not in str(error.value) and error.value.__cause__ is None


def test_a_table_in_the_place_of_a_list_is_not_repeated(tmp_path: Path) -> None:
    given = "[subscriptions]\nreader = 'A'\naddress = 'a@b.c'\nmatter = 'hush'"
    said = r"subscriptions: allowed is tables that are each headed \[\[subscriptions"
    with pytest.raises(SettingsError, match=said) as error:
        settings.load(write(tmp_path, given))
    assert "hush" not in str(error.value)


def test_an_address_that_holds_a_password_is_not_repeated(tmp_path: Path) -> None:
    path = write(tmp_path, "[channels.teams]\nurl = ['hush']")
    with pytest.raises(SettingsError, match=r"channels\.teams\.url: allowed is") as error:
        settings.load(path)
    assert "hush" not in str(error.value)
    loaded = settings.load(write(tmp_path, "[channels.teams]\nurl = 'msteams://hush'"))
    assert "hush" not in repr(loaded)


def subscribed(folder: Path, *tables: str) -> App:
    text = "".join(
        f"[[subscriptions]]\nreader = 'Reader {number}'\naddress = 'a@b.c'\n{table}\n"
        for number, table in enumerate(tables, 1)
    )
    path = write(folder, f"{text}[data]\nfolder = '{folder}'\n[channels.teams]\nenv = 'TEAMS'\n")
    return App(settings.load(path))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("topics = ['asylm']", "no topic 'asylm'; did you mean asylum?"),
        ("sources = ['bia']", "no source 'bia'; did you mean bia_decisions?"),
        ("authorities = ['8 CFT 208']", "the authority '8 CFT 208': this is no citation"),
        (
            "authorities = ['bia_decision:4070']",
            "the authority 'bia_decision:4070': no source 'bia_decision'; did you mean bia_dec",
        ),
        ("channels = ['team']", "no channel 'team'; did you mean teams? There are: mail, teams"),
        ("channels = []", "channels: nothing would be sent"),
        ("shown_on = ['fed']", "no channel 'fed'; did you mean feed?"),
    ],
)
def test_a_subscription_that_asks_for_what_there_is_not_is_named_with_its_place(
    tmp_path: Path, table: str, said: str
) -> None:
    (slip,) = wanted.slips(subscribed(tmp_path, "topics = ['asylum']", table))
    whose = "the subscription of Reader 2 (table 2 under [[subscriptions]]): "
    assert f"{whose}{said}" in slip


def test_all_that_is_wrong_in_subscriptions_is_said_and_no_query_is_repeated(
    tmp_path: Path,
) -> None:
    app = subscribed(tmp_path, "words = 'hush /s'", "topics = ['asylm']", "words = '!!'")
    said = wanted.slips(app)
    assert [f"Reader {n}" in slip for n, slip in enumerate(said, 1)] == [True, True, True]
    assert "its words can't be read from the character 6 on" in said[0]
    assert not any("hush" in slip or "!!" in slip for slip in said)
    assert len(app.subscriptions()) == 3  # which keeps nobody else from theirs


def test_a_subscription_of_the_file_says_authorities_as_they_are_cited(tmp_path: Path) -> None:
    table = "authorities = ['INA 212(h)', 'ina § 212(h)', '28 I. & N. Dec. 307']\nhour = 8"
    [one] = subscribed(tmp_path, table).subscriptions()
    assert one.authorities == ("INA § 212(h)", "28 I&N Dec. 307")
    assert one.schedule == Schedule(hour=8) and one.origin == Origin.SETTINGS


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        settings.load(tmp_path / "nowhere.toml")


def test_the_users_own_file_comes_before_the_one_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    monkeypatch.setattr(settings, "user_config_path", lambda *_args, **_options: own)
    monkeypatch.chdir(tmp_path)
    here = write(tmp_path, "")
    found = settings.find()
    assert found is not None
    assert found.resolve() == here.resolve()
    write(own, "")
    assert settings.find() == own / "config.toml"


def test_topics_are_sought_beside_the_file_that_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = tmp_path / "office"
    office.mkdir()
    write(office, "[topics]\nfile = 'own/topics.toml'")
    monkeypatch.chdir(tmp_path)
    assert settings.load(Path("office/config.toml")).topics_file == office / "own/topics.toml"
    whole = write(office, f"[topics]\nfile = '{tmp_path / 'topics.toml'}'")
    assert settings.load(whole).topics_file == tmp_path / "topics.toml"
    assert settings.load(write(office, "")).topics_file is None


def test_a_secret_in_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="smtp_password"):
        settings.load(write(tmp_path, "smtp_password = 'x'"))


def test_a_secret_comes_from_the_environment_and_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LEXWATCH_SMTP_PASSWORD", "hush")
    secrets = Secrets()
    assert secrets.smtp_password.get_secret_value() == "hush"
    assert "hush" not in repr(secrets)


def test_a_document_that_is_asked_for_by_its_own_name_is_one_that_is_held(tmp_path: Path) -> None:
    held, begun = "federal_register:held", "visa_bulletin:not-begun"
    names = (held, begun, "federal_register:none", "bia_decision:4070")
    app = subscribed(tmp_path, *(f"authorities = ['{name}']" for name in names))
    with app.database.write() as connection:
        row = {"source": "federal_register", "key": "held", "kind": "rule"}
        connection.execute(insert(schema.document).values(row))
    *fine, unheld, unknown = (wanted.complaint(app, one) for one in app.subscriptions())
    assert fine == ["", ""]  # of a source of which nothing is held yet nobody can know
    assert "federal_register holds no document 'none'" in unheld
    assert "no source 'bia_decision'; did you mean bia_decisions?" in unknown
