"""Signed tokens: nobody can make one up, and each is good for one thing."""

from __future__ import annotations

import stat
import string
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.tokens import LENGTH, NAME, Purpose, TokenRefused, key_in, key_of, read, sign
from lexwatch.alerting import signed
from lexwatch.app import App
from lexwatch.settings import Settings
from pipeline.errors import SettingsError

KEY = b"k" * LENGTH
WEB = "https://lexwatch.example-law.com"
SAFE = set(string.ascii_letters + string.digits + "-_.")


@given(named=st.text(), purpose=st.sampled_from(Purpose))
def test_what_was_signed_is_read_back_and_needs_no_escaping(named: str, purpose: Purpose) -> None:
    token = sign(KEY, purpose, named)
    assert read(KEY, purpose, token) == named and set(token) <= SAFE
    assert token == sign(KEY, purpose, named)


@given(named=st.text(), purpose=st.sampled_from(Purpose), other=st.sampled_from(Purpose))
def test_no_token_serves_two_purposes(named: str, purpose: Purpose, other: Purpose) -> None:
    if purpose is not other:
        with pytest.raises(TokenRefused):
            read(KEY, other, sign(KEY, purpose, named))


@given(st.data())
def test_no_altered_token_is_taken(data: st.DataObject) -> None:
    token = sign(KEY, Purpose.UNSUBSCRIBE, "ana@firm.example")
    place = data.draw(st.integers(0, len(token) - 1))
    sign_there = data.draw(st.sampled_from(sorted(SAFE - {token[place]})))
    altered = token[:place] + sign_there + token[place + 1 :]
    try:
        # The last sign of a signature holds four bits: some others stand for the same bytes.
        assert read(KEY, Purpose.UNSUBSCRIBE, altered) == "ana@firm.example"
        assert place == len(token) - 1
    except TokenRefused:
        pass


@given(st.text() | st.text(alphabet=sorted(SAFE)))
def test_whatever_is_made_up_is_refused_in_the_same_words(made_up: str) -> None:
    with pytest.raises(TokenRefused) as refused:
        read(KEY, Purpose.FEED, made_up)
    assert str(refused.value) == str(TokenRefused())


def test_another_key_ends_every_token() -> None:
    with pytest.raises(TokenRefused):
        read(b"j" * LENGTH, Purpose.FEED, sign(KEY, Purpose.FEED, "topic:asylum"))


def test_a_token_that_a_mail_program_broke_into_lines_is_read() -> None:
    token = sign(KEY, Purpose.UNSUBSCRIBE, "ana@firm.example")
    assert read(KEY, Purpose.UNSUBSCRIBE, f" {token[:40]}\r\n {token[40:]}\n") == "ana@firm.example"


# The key


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: key_in(tmp_path), range(16)))
    assert len(keys) == 1 and len(keys.pop()) == LENGTH
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    assert key_in(tmp_path) != key_in(_folder(tmp_path, "other"))


def test_a_key_from_a_careless_backup_is_closed_to_others_again(tmp_path: Path) -> None:
    key_in(tmp_path)
    (tmp_path / NAME).chmod(0o644)
    key_in(tmp_path)
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize("held", [b"", b"short", b"x" * (LENGTH + 1)])
def test_a_key_that_is_not_whole_is_never_used(tmp_path: Path, held: bytes) -> None:
    (tmp_path / NAME).write_bytes(held)
    with pytest.raises(SettingsError, match="signing key") as refused:
        key_in(tmp_path)
    assert "backup" in str(refused.value) and "short" not in str(refused.value)


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(SettingsError, match="signing key"):
        key_in(file)


def test_a_key_of_the_office_must_be_long_and_is_not_repeated() -> None:
    assert key_of("s" * LENGTH) == b"s" * LENGTH
    with pytest.raises(SettingsError, match="LEXWATCH_SIGNING_KEY") as refused:
        key_of("too-short-secret")
    assert "too-short-secret" not in str(refused.value)


# As the parts of lexwatch use them


def an_app(folder: Path, web: str = "") -> App:
    return App(Settings.model_validate({"data": {"folder": str(folder)}, "web": {"address": web}}))


def test_the_environment_names_the_key_else_the_data_folder_keeps_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = an_app(tmp_path)
    assert signed.key(app) == (tmp_path / NAME).read_bytes()
    monkeypatch.setenv("LEXWATCH_SIGNING_KEY", "e" * 40)
    assert signed.key(app) == b"e" * 40


def test_only_where_the_world_reaches_us_is_there_an_address_to_give(tmp_path: Path) -> None:
    assert signed.calendar(an_app(tmp_path)) == signed.feed(an_app(tmp_path), "topic:asylum") == ""
    app = an_app(tmp_path, WEB)
    address = signed.calendar(app, "Ana Reyes")
    assert address.startswith(f"{WEB}/calendar/") and address.endswith(".ics")
    token = address.removeprefix(f"{WEB}/calendar/").removesuffix(".ics")
    assert read(signed.key(app), Purpose.CALENDAR, token) == "Ana Reyes"


def test_a_letterhead_does_not_show_the_key_that_it_carries(tmp_path: Path) -> None:
    app = an_app(tmp_path)
    assert signed.letterhead(app).key == signed.key(app)
    assert repr(signed.key(app)) not in repr(signed.letterhead(app))


def _folder(parent: Path, name: str) -> Path:
    made = parent / name
    made.mkdir()
    return made
