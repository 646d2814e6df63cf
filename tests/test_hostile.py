"""What is served, linked or named by somebody else acts on nothing: from the page to the reader."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import goldens
import pytest
from builders import paragraph, precedent
from holding import hold
from lxml import html
from promises import page_holds
from publisher import NOW
from starlette.testclient import TestClient

from alerts.untrusted import plain
from crawlers.hosts import is_private
from lexwatch.app import App
from lexwatch.settings import Settings
from lexwatch.web.app import create
from pipeline.model import Page

EVIL = "Asylum <script>alert(1)</script>\u202etsij\u2066\u200b\U000e0041 {{7*7}} \x1b[31m"
DOCTYPE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
SECRET = "the-secret-of-this-machine"
BOMB = (
    DOCTYPE
    + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("bcdefghi", "cdefghij", strict=True)
    )
    + "]><rss version='2.0'><channel><title>&j;</title></channel></rss>"
)
SERVED = {
    "JSON without end": b'{"results":' + b"[" * 100_000,
    "a huge number": b'{"count": 1' + b"0" * 5_000 + b', "results": []}',
    "half a sign": b'{"results": [{"title": "\\ud800", "document_number": "\\udfff"}]}',
    "XML without end": b"<rss version='2.0'><channel>" + b"<item>" * 50_000,
    "entities in entities": BOMB.encode(),
    "a line of a megabyte": b"<html><body><p>" + b"asylum " * 150_000 + b"</p></body></html>",
    "zeros": b"\x00" * 100_000,
    "an empty page": b"",
    "sixteen bits": "<html><body>§</body></html>".encode("utf-16"),
}


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    """One page of each source that has one here."""
    found = {}
    for meta in sorted(goldens.STORED.glob("*/*.meta.json")):
        source = meta.parent.name
        url = json.loads(meta.read_text("utf-8"))["url"]
        found.setdefault(source, goldens.page(source, url, b""))
    assert len(found) > 10
    return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The pages of an office that holds one document, of which everything is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    app = App(Settings.model_validate({"data": {"folder": str(folder)}}), lambda: NOW)
    evil = replace(
        precedent(name=EVIL),
        citation=f"29 I&N Dec. 999 {EVIL}",
        issuer=EVIL,
        url="javascript:alert(1)",
        links={"pdf": "javascript:alert(2)", "html": "data:text/html,<script>alert(3)</script>"},
        blocks=(paragraph(f"Asylum {EVIL}", EVIL),),
        metadata={"docket": EVIL},
    )
    hold(app.database, evil)
    with TestClient(create(app), base_url="http://127.0.0.1") as client:
        yield client


@pytest.mark.parametrize("served", SERVED.values(), ids=SERVED)
def test_whatever_is_served_is_read_or_refused_at_once(
    pages: dict[str, Page], served: bytes
) -> None:
    for page in pages.values():
        begun = time.process_time()
        page_holds(replace(page, body=served))
        assert time.process_time() - begun < 3, page.source


def test_elements_without_end_are_refused_before_anything_is_sought(
    pages: dict[str, Page],
) -> None:
    """To find an element takes as long as the square of the depth; the reader of texts does not."""
    page = pages["uscis_policy_manual"]
    begun = time.process_time()
    with pytest.raises(goldens.PageChanged, match="nests 10002 elements"):
        goldens.spider(page.source).read(replace(page, body=b"<ul>" * 10_000))
    assert time.process_time() - begun < 5


def test_no_file_of_this_machine_is_read_through_a_page(
    pages: dict[str, Page], tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    served = (
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        "<rss version='2.0'><channel><title>t</title><item><guid>1</guid><title>&x;</title>"
        f'<description>&x;<iframe src="{secret.as_uri()}"></iframe></description></item>'
        "</channel></rss>"
    ).encode()
    for page in pages.values():
        said = goldens.outcome(lambda page=page: goldens.spider(page.source).read(page))
        assert SECRET not in str(said)
        said = goldens.outcome(
            lambda page=page: goldens.spider(page.source).read(replace(page, body=served))
        )
        assert SECRET not in str(said)


@pytest.mark.parametrize(
    "address",
    ["/search?q=asylum", "/bia_decisions/4999", "/changes", "/bia_decisions/4999/versions", "/"],
)
def test_nothing_that_was_crawled_acts_in_a_page(site: TestClient, address: str) -> None:
    answer = site.get(address)
    tree = html.fromstring(answer.text)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text and "49" not in tree.text_content().split()
    assert not re.search("[\x1b\u202a-\u202e\u2066-\u2069\u200b\U000e0000-\U000e007f]", answer.text)
    acting = ("javascript:", "data:", "vbscript:")
    assert not [link for _, _, link, _ in tree.iterlinks() if link.lower().startswith(acting)]


@pytest.mark.parametrize(
    "address",
    [
        "/cle/files/..%2f..%2flexwatch.db",
        "/cle/files/%2fetc%2fpasswd",
        "/cle/preview/..%2flexwatch",
        "/static/..%2f..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/download/bia_decisions/..%2f..%2fetc%2fpasswd",
        "/sources/..%2f..%2fetc/pages/1",
        "/calendars/..%2f..%2flexwatch.db",
    ],
)
def test_no_name_leads_out_of_its_folder(site: TestClient, address: str) -> None:
    answer = site.get(address)
    assert answer.status_code in (400, 404) and "root:" not in answer.text
    assert b"SQLite format 3" not in answer.content


def test_a_title_reads_as_what_it_is() -> None:
    shown = plain("Matter of \u202eA-B-\u202c, gnp.\u200bexe\u2069")
    assert shown == "Matter of A-B-, gnp.exe"


@pytest.mark.parametrize(
    "host",
    [
        *("localhost.", "LOCALHOST", "127.0.0.1.", "[::ffff:169.254.169.254]", "[fe80::1%25eth0]"),
        *("[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]"),
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    ],
)
def test_a_private_address_is_known_in_other_clothes(host: str) -> None:
    """With a root's period, a zone, or inside an address that a gateway would take it out of."""
    assert is_private(host)
