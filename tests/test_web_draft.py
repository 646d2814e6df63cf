"""The page of the draft check: pasted or uploaded, told as the command tells it, kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from builders import precedent
from holding import hold
from starlette.testclient import TestClient

from lexwatch import drafts
from lexwatch.app import App
from lexwatch.output import drafted
from lexwatch.settings import Data, Settings, Topics
from lexwatch.web.app import create
from lexwatch.web.routes.draft import MOST

NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)
DRAFT = (
    "Respondent relies on Matter of A-B-, 27 I&N Dec. 316 (A.G. 2018).\n\n"
    "See also 8 C.F.R. § 208.13(b) <script>alert(1)</script>. Id. at 4."
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("drafts")
    given = Settings(data=Data(folder=str(folder)), topics=Topics(meaning=False))
    made = App(given, lambda: NOW)
    hold(made.database, precedent("Matter of A-B-, 27 I&N Dec. 316 (A.G. 2018), overruled."))
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def site(app: App) -> TestClient:
    return TestClient(create(app), base_url="http://127.0.0.1:8765")


def sent(site: TestClient, status: int = 200, file: bytes | None = None, **fields: str) -> str:
    page = site.get("/draft").text
    token = page.partition('name="token" value="')[2].partition('"')[0]
    files = {"file": ("brief <i>.txt", file)} if file is not None else {"x": ("", b"")}
    answer = site.post("/draft", data={"token": token, **fields}, files=files)
    assert answer.status_code == status, answer.text
    assert len(answer.content) < 100_000 and answer.text.count("<h1") == 1
    return " ".join(answer.text.split())


def test_a_pasted_draft_is_told_in_the_words_of_the_command(app: App, site: TestClient) -> None:
    said = sent(site, text=DRAFT)
    told = drafts.checked(app, DRAFT.encode(), None, None)
    assert drafted.heading(told) in said and drafted.needs(told) in said
    for alike in drafted.grave(told):
        assert alike.heading in said
    for each in drafted.entries(told):
        assert f'id="no-{each.number}"' in said and f">{each.number}. " in said


def test_what_needs_attention_leads_to_its_place_and_its_authority(site: TestClient) -> None:
    said = sent(site, text=DRAFT)
    assert 'href="#no-1"' in said and 'class="flag"' in said
    assert 'href="/authority?cite=27%20I%26N%20Dec.%20316"' in said


def test_a_file_is_read_by_what_it_is_and_named_as_it_was(site: TestClient) -> None:
    said = sent(site, file=DRAFT.encode())
    assert "brief &lt;i&gt;.txt: 3 citations" in said


def test_the_words_of_a_draft_are_escaped(site: TestClient) -> None:
    assert "<script>alert" not in sent(site, text=DRAFT)


def test_the_forum_and_the_day_are_part_of_the_question(site: TestClient) -> None:
    said = sent(site, text=DRAFT, before="USCIS", circuit="9", since="2026-05-01")
    assert "Asked before USCIS in the Ninth Circuit, as of November 22, 2026" in said


def test_a_form_without_a_draft_or_with_two_says_so_and_keeps_what_was_chosen(
    site: TestClient,
) -> None:
    said = sent(site, 400, text="  ", circuit="9")
    assert "Paste a draft, or choose a file" in said and '<option value="9" selected>' in said
    assert "not both" in sent(site, 400, text="a", file=b"b")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word file"),
        (b"{\\rtf1 x}", "Rich Text"),
        (b"%PDF-1.7 cut off", "damaged"),
        (b"PK\x03\x04 cut off", "Word"),
        (b"\0\1\2\3", "no text, Word file or PDF"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(
    site: TestClient, file: bytes, words: str
) -> None:
    assert words in sent(site, 400, file=file)


def test_a_day_that_is_none_is_told_beside_the_form(site: TestClient) -> None:
    assert "is no day" in sent(site, 400, text=DRAFT, since="yesterday")


def test_a_draft_without_citations_says_that_none_was_found(site: TestClient) -> None:
    assert drafted.NOTHING in sent(site, text="Dear colleague, thank you.")


def test_of_more_citations_than_there_is_room_for_the_gravest_are_told(site: TestClient) -> None:
    many = "".join(f"8 CFR {number}.1. " for number in range(200, 420))
    said = sent(site, text=f"{many} {DRAFT}")
    assert said.count('<li class="card"') == MOST and "citations are not told of" in said
    assert "Matter of A-B-, 27 I&amp;N Dec. 316" in said.partition("Each citation")[2]
