"""What is served, linked or named by somebody else acts on nothing: from the page to the reader."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import goldens
import pytest
from builders import paragraph, precedent
from fuzzed import OFFICE_READERS, SAMPLE
from holding import hold
from lxml import html
from promises import page_holds, query_holds
from publisher import NOW
from starlette.testclient import TestClient

from alerts.untrusted import plain
from crawlers.hosts import is_private
from crawlers.scope import joined
from lexwatch.app import App
from lexwatch.settings import Settings
from lexwatch.web.app import create
from pipeline.cite import find
from pipeline.errors import PageChanged, SettingsError
from pipeline.model import Page
from pipeline.query.connectors import parse
from pipeline.query.tree import written

EVIL = "Asylum <script>alert(1)</script>\u202etsij\u2066\u200b\U000e0041 {{7*7}} \x1b[31m"
DOCTYPE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
HELD = "what-only-this-machine-holds"
BOMB = (
    DOCTYPE
    + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("bcdefghi", "cdefghij", strict=True)
    )
    + "]><rss version='2.0'><channel><title>&j;</title></channel></rss>"
)
OF = {
    "bia_decisions": "board",
    "visa_bulletin": "november",
    "public_inspection": "current",
    "ecfr": "title",
    "courts": "collected",
}
SERVED = {
    "JSON without end": b'{"results":' + b"[" * 100_000,
    "a huge number": b'{"count": 1' + b"0" * 5_000 + b', "results": []}',
    "half a sign": b'{"results": [{"title": "\\ud800", "document_number": "\\udfff"}]}',
    "XML without end": b"<rss version='2.0'><channel>" + b"<item>" * 5_000,
    "entities in entities": BOMB.encode(),
    "a line of a megabyte": b"<html><body><p>" + b"asylum" * 170_000 + b"</p></body></html>",
    "zeros": b"\x00" * 100_000,
    "an empty page": b"",
    "sixteen bits": "<html><body>§</body></html>".encode("utf-16"),
}


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    """An empty page of a source of each format: PDF, HTML, JSON, XML and a feed."""
    return {
        source: goldens.page(source, json.loads(stored.read_text("utf-8"))["url"], b"")
        for source, name in OF.items()
        for stored in [goldens.STORED / source / f"{name}.meta.json"]
    }


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
    yield TestClient(create(app), base_url="http://127.0.0.1")
    app.database.close()


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
    page = pages["visa_bulletin"]
    begun = time.process_time()
    with pytest.raises(PageChanged, match=r"nests 10\d{3} elements"):
        goldens.spider(page.source).read(replace(page, body=b"<ul>" * 10_000))
    assert time.process_time() - begun < 5


def test_no_file_of_this_machine_is_read_through_a_page(
    pages: dict[str, Page], tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(HELD)
    served = (
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        "<rss version='2.0'><channel><title>t</title><item><guid>1</guid><title>&x;</title>"
        f'<description>&x;<iframe src="{secret.as_uri()}"></iframe></description></item>'
        "</channel></rss>"
    ).encode()
    for page in pages.values():
        read = partial(goldens.spider(page.source).read, replace(page, body=served))
        assert HELD not in str(goldens.outcome(read))


@pytest.mark.parametrize(
    "address",
    ["/document/bia_decisions/4999", "/bench/bia_decisions/4999", "/changes"],
)
def test_nothing_that_was_crawled_acts_in_a_page(site: TestClient, address: str) -> None:
    answer = site.get(address)
    tree: html.HtmlElement = html.document_fromstring(answer.text)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text and "49" not in tree.text_content().split()
    assert not re.search("[\x1b\u202a-\u202e\u2066-\u2069\u200b\U000e0000-\U000e007f]", answer.text)
    acting = ("javascript:", "data:", "vbscript:")
    links = {link.lower() for _, _, link, _ in tree.iterlinks()} - {"data:,"}  # no picture: ours
    assert not [link for link in links if link.startswith(acting)]


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
    ],
)
def test_a_private_address_is_known_in_other_clothes(host: str) -> None:
    """With a root's period, a zone, or inside an address that a gateway would take it out of."""
    assert is_private(host)


@pytest.mark.parametrize(
    "typed", ["a or. b", "AND, b", "a NOT. b", "\x00I&N/5/5", "x w/7, y", ".adv:x"]
)
def test_a_word_that_looks_like_a_connector_is_written_as_a_word(typed: str) -> None:
    """Found by damage: so two searches could be written alike, and one answered for the other."""
    tree = parse(typed)
    assert parse(written(tree)) == tree


@pytest.mark.parametrize("printed", ["28 IN Dec. 714", "28 I&N Dec. 714", "28 I. & N. Dec. 714"])
def test_a_decision_has_one_name_though_its_ampersand_was_lost(printed: str) -> None:
    assert [each.canonical for each in find(printed)] == ["28 I&N Dec. 714"]


@pytest.mark.parametrize("url", ["http://[", "http://x\x18y", "https://x/\ud800"])
def test_what_is_no_address_is_none(url: str) -> None:
    assert joined("https://www.publisher.test/", url) == ""


@pytest.mark.parametrize(
    "entry", ["<link>http://[</link><guid>1</guid>", "<guid>1</guid><title>&amp;#xD800;</title>"]
)
def test_a_feed_with_half_signs_or_no_addresses_is_read_or_refused(
    pages: dict[str, Page], entry: str
) -> None:
    body = f"<rss version='2.0'><channel><item>{entry}</item></channel></rss>".encode()
    page_holds(replace(pages["courts"], body=body))


def test_a_filing_whose_address_is_none_is_read_without_it(pages: dict[str, Page]) -> None:
    stored = goldens.STORED / "public_inspection" / "current.json"
    said = json.loads(stored.read_text("utf-8"))
    said["results"] = [{**each, "html_url": "http://[", "pdf_url": 5} for each in said["results"]]
    page_holds(replace(pages["public_inspection"], body=json.dumps(said).encode()))


@pytest.mark.parametrize("typed", ["INA ١٢٣§ 208", "8 CFR ٢١٤.٢", "section ² of the Act"])
def test_numbers_of_other_scripts_are_read(typed: str) -> None:
    query_holds(typed)


@pytest.mark.parametrize("field", ["agencies", "html_url", "title", "publication_date", "type"])
@pytest.mark.parametrize("value", [5, [[]], {"": None}, "http://["])
def test_a_field_of_another_sort_is_a_page_that_changed(
    pages: dict[str, Page], field: str, value: object
) -> None:
    url = "https://www.federalregister.gov/api/v1/documents/2026-99101.json"
    stored = SAMPLE / "2026-10-05/www.federalregister.gov/api/v1/documents/2026-99101.json"
    said = {**json.loads(stored.read_text("utf-8")), field: value}
    page_holds(goldens.page("federal_register", url, json.dumps(said).encode()))


@pytest.mark.parametrize("load", OFFICE_READERS.values(), ids=OFFICE_READERS)
def test_a_file_of_the_office_nested_without_end_is_no_toml(
    tmp_path: Path, load: Callable[[Path], object]
) -> None:
    file = tmp_path / "given.toml"
    file.write_text(f"a = {'[' * 5_000}")
    with pytest.raises(SettingsError):
        load(file)
