"""Letters on pages: each as it left, apart from our pages, and its reader's alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from publisher import DAY
from starlette.testclient import TestClient
from test_sending import ANA, MONDAY, WEEK, Office

from index import mailbox
from lexwatch.settings import Watch
from lexwatch.web.app import create
from lexwatch.web.routes.letters import PAGE
from lexwatch.web.routes.watch import READER
from pipeline.errors import NotHeld

BEN = Watch(reader="Ben", address="Ben@example.com", plain_text=True)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "data")
    made.publish(MONDAY, first="Baseline.")
    made.open(ANA, BEN)
    made.publish(MONDAY + DAY, second="<script>alert(1)</script> News.")
    made.digest(MONDAY + WEEK)
    yield made
    made.app.database.close()


def client(office: Office, address: str = ANA.address) -> TestClient:
    found = TestClient(create(office.app), base_url="http://127.0.0.1:8765")
    if address:
        found.cookies.set(READER, quote(address))
    return found


def marks(found: TestClient) -> list[str]:
    said = found.get("/watch/digests")
    assert said.status_code == 200
    return re.findall(r'href="/watch/digests/([0-9a-f]{32})"', said.text)


def test_a_readers_letters_are_listed_and_nobody_elses(office: Office) -> None:
    [ana], [ben] = marks(client(office)), marks(client(office, "ben@EXAMPLE.com"))
    assert ana != ben
    said = client(office).get("/watch/digests").text
    assert "1 new" in said and "Digest by mail" in said and "sent" in said
    assert "written to files and goes to nobody" in said
    assert client(office).get(f"/watch/digests/{ben}").status_code == 404


def test_a_letter_is_shown_as_it_left_and_can_do_nothing(office: Office) -> None:
    found = client(office)
    [mark] = marks(found)
    answer = found.get(f"/watch/digests/{mark}")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-popups") and "default-src 'none'" in policy
    assert "allow-scripts" not in policy and "allow-same-origin" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    kept = office.app.ledger.letter(mailbox.found(office.app.database, ANA.address, mark).key)
    assert "Notice second" in answer.text and b"Notice second" in kept.body
    assert "<script" not in answer.text


def test_its_plain_text_is_plain(office: Office) -> None:
    found = client(office)
    [mark] = marks(found)
    answer = found.get(f"/watch/digests/{mark}/text")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "Notice second" in answer.text and "<html" not in answer.text


def test_a_letter_without_html_is_shown_as_text(office: Office) -> None:
    found = client(office, BEN.address)
    [mark] = marks(found)
    answer = found.get(f"/watch/digests/{mark}")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("mark", ["0" * 32, "%", "_" * 32, "0" * 31, "a" * 33])
def test_what_is_no_letter_is_not_found(office: Office, mark: str) -> None:
    assert client(office).get(f"/watch/digests/{mark}").status_code == 404
    with pytest.raises(NotHeld):
        mailbox.found(office.app.database, ANA.address, mark)


def test_nobodys_letters_are_shown_to_nobody(office: Office) -> None:
    answer = client(office, "").get("/watch/digests")
    assert answer.status_code == 400 and "whose letters" in answer.text
    said = client(office, "new@example.com").get("/watch/digests").text
    assert "Nothing was sent to this address." in said


def test_many_letters_are_paged_the_newest_first(office: Office) -> None:
    office.open(ANA.model_copy(update={"frequency": "daily"}))
    for day in range(PAGE + 3):
        office.digest(MONDAY + WEEK + timedelta(days=day + 1))
    every = [mailbox.mark(each) for each in office.app.ledger.deliveries(ANA.address)]
    found = client(office)
    second = found.get("/watch/digests?page=2").text
    rest = re.findall(r'href="/watch/digests/([0-9a-f]{32})"', second)
    assert [*marks(found), *rest] == every[::-1] and len(every) > PAGE
    assert 'rel="next"' not in second and 'rel="prev"' in second
