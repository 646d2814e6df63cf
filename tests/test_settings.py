"""Settings: defaults, the file that shows them, and messages that name the thing."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from lexwatch import settings
from lexwatch.settings import Settings
from pipeline.errors import SettingsError

ROOT = Path(__file__).resolve().parents[1]


def write(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_file_says_every_default() -> None:
    assert settings.load(ROOT / "config.toml") == Settings()


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
        ("[[subscriptions]]\nreader = 'A'", ["subscriptions.0.address", "missing"]),
        ("[[subscriptions]]\nreader = 'A'\naddress = 'a b'", ["'a b'", "ana@example.com"]),
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
    secrets = settings.Secrets()
    assert secrets.smtp_password.get_secret_value() == "hush"
    assert "hush" not in repr(secrets)
