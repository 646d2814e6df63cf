"""The page of an authority: what became of it, before whom, and who cites it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from builders import stated, version
from fakes import HashingEncoder
from holding import hold
from lxml import html
from publisher import NOW
from starlette.testclient import TestClient

from lexwatch.app import App
from lexwatch.settings import Settings
from lexwatch.web.app import create
from lexwatch.web.routes.authority import FIRST, PAGE
from pipeline.model import DateKind, Version

TODAY = NOW + timedelta(days=90)
EARLIER = "99 I&N Dec. 10"
CITERS = PAGE + 5


def decision(*texts: str, key: str, name: str, at: str, on: date | None = None) -> Version:
    """An invented precedent; `at` is its citation."""
    return version(
        *texts,
        source="sample",
        key=key,
        kind="ag-precedent" if "A.G." in at else "bia-precedent",
        title=f"Matter of {name}",
        citation=at,
        issuer="Attorney General" if "A.G." in at else "Board of Immigration Appeals",
        url=f"https://example.gov/{key}",
        dates=(stated(DateKind.DECIDED, on),) if on else (),
    )


HELD = (
    decision(
        "A keeper must appeal in person. See Matter of OLD, 5 I&N Dec. 1 (BIA 1952).",
        key="9910",
        name="S-T-",
        at="99 I&N Dec. 10 (BIA 2018)",
    ),
    decision(
        "Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), is overruled.",
        key="9920",
        name="U-V-",
        at="99 I&N Dec. 20 (A.G. 2021)",
        on=date(2021, 6, 16),
    ),
    decision(
        "A keeper may appeal in writing. Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), followed.",
        key="9915",
        name="W-",
        at="99 I&N Dec. 15 (BIA 2019)",
        on=date(2019, 1, 8),
    ),
    decision(
        "It is said in one place. It is said in 8 C.F.R. § 208.16(b).",
        key="9940",
        name="S-T-",
        at="99 I&N Dec. 40 (BIA 2022)",
    ),
    decision(
        "Keeper v. Garland, 99 F.4th 60 (9th Cir. 2022), not followed.",
        key="9970",
        name="M-",
        at="99 I&N Dec. 70 (BIA 2023)",
    ),
    *(
        decision(
            f"We cite Matter of OLD, 5 I&N Dec. 1 (BIA 1952), for the time {n}.",
            key=f"98{n:02}",
            name=f"N{n:02}-",
            at=f"98 I&N Dec. {n + 1} (BIA 2017)",
        )
        for n in range(CITERS)
    ),
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("authority")
    app = App(Settings.model_validate({"data": {"folder": str(folder)}}), lambda: TODAY)
    app.encoder = HashingEncoder()
    hold(app.database, *HELD)
    yield TestClient(create(app), base_url="http://127.0.0.1:8765")
    app.database.close()


def page(client: TestClient, status: int = 200, **asked: str | int) -> html.HtmlElement:
    answer = client.get("/authority", params=asked)
    assert answer.status_code == status, answer.text
    assert len(answer.content) < 100_000
    return html.document_fromstring(answer.text)


def said(found: html.HtmlElement, query: str) -> str:
    return " ".join(" ".join(each.text_content() for each in found.cssselect(query)).split())


def headings(found: html.HtmlElement) -> list[str]:
    return [each.text_content() for each in found.cssselect("main h2")]


def test_what_was_done_to_it_stands_first_in_the_words_of_who_did_it(client: TestClient) -> None:
    found = page(client, cite=EARLIER)
    assert said(found, "h1") == "Matter of S-T-, 99 I&N Dec. 10 (BIA 2018)"
    assert headings(found)[:2] == ["Status", "Negative treatment found: 1"]
    assert "Negative treatment found: overruled by Matter of U-V-" in said(found, "p.flag")
    quotes = [each.text_content() for each in found.cssselect(".deed blockquote")]
    assert quotes[0] == "“Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), is overruled.”"
    assert any("followed" in each for each in quotes)
    assert "good law" not in said(found, "main")


def test_its_status_is_told_before_each_body(client: TestClient) -> None:
    told = said(page(client, cite=EARLIER), "#status ~ p")
    assert "The same before an immigration court, before USCIS, before a federal court" in told
    found = page(client, cite="99 F.4th 60")
    bodies = [each.text_content() for each in found.cssselect(".forums dt")]
    lines = [" ".join(each.text_content().split()) for each in found.cssselect(".forums dd")]
    assert bodies == ["Before an immigration court", "Before USCIS", "Before a federal court"]
    assert len({*lines}) > 1


def test_what_is_not_held_is_told_by_those_that_cite_it(client: TestClient) -> None:
    found = page(client, cite="5 I&N Dec. 1")
    assert said(found, "h1") == "Matter of OLD, 5 I&N Dec. 1"
    assert "Not held itself" in said(found, ".facts")
    assert f"Cited by documents that we hold: {CITERS + 1}" in headings(found)
    assert len(found.cssselect(".citing")) == FIRST


def test_who_cites_it_is_paged_without_a_gap(client: TestClient) -> None:
    first = page(client, cite="5 I&N Dec. 1", show="citing")
    second = page(client, cite="5 I&N Dec. 1", show="citing", page=2)
    names = [each.text_content() for of in (first, second) for each in of.cssselect(".citing p a")]
    assert len(names) == len({*names}) - names.count("Matter of S-T-") + 1 == CITERS + 1
    assert first.cssselect("a[rel=next]") and not second.cssselect("a[rel=next]")
    assert second.cssselect("a[rel=prev]")


def test_what_it_cites_leads_on_and_says_what_is_not_held(client: TestClient) -> None:
    found = page(client, cite=EARLIER)
    [line] = found.cssselect("p.one")
    assert "Matter of OLD, 5 I&N Dec. 1 (not held)" in " ".join(line.text_content().split())
    assert client.get(line.find("a").get("href")).status_code == 200


def test_a_name_of_several_offers_each_of_them(client: TestClient) -> None:
    found = page(client, cite="Matter of S-T-")
    links = [each for each in found.cssselect("main li a") if "/authority" in each.get("href")]
    assert len(links) == 2
    assert {client.get(each.get("href")).status_code for each in links} == {200}


def test_a_part_of_what_is_cited_as_a_whole_is_told_of_or_said_to_be_unknown(
    client: TestClient,
) -> None:
    assert "§ 208.16" in said(page(client, cite="8 CFR 208.16"), "h1")
    assert "nothing we hold" in said(page(client, 404, cite="8 CFR 208.99"), ".problem").lower()


@pytest.mark.parametrize("name", ["nothing of the kind", "8 CFR 999.99", "%ED%A0%80"])
def test_what_is_unknown_is_a_page_that_says_so(client: TestClient, name: str) -> None:
    found = page(client, 404, cite=name)
    assert said(found, ".problem") and found.cssselect("form #cite")


@pytest.mark.parametrize("name", ["", " ", "\x00", "§", "-"])
def test_nothing_named_asks_for_a_name(client: TestClient, name: str) -> None:
    found = page(client, cite=name)
    assert not found.cssselect("main li")
    assert not found.cssselect(".problem") and found.cssselect("label[for=cite]")


def test_as_of_a_day_before_it_what_was_done_later_is_not_told(client: TestClient) -> None:
    found = page(client, cite=EARLIER, on="2020-01-01")
    assert "as of January 1, 2020" in said(found, ".facts")
    assert "overruled by" not in said(found, "#status ~ p")
    ahead = client.get("/authority", params={"cite": EARLIER, "on": "2199-01-01"})
    assert ahead.status_code == 400 and "lies ahead" in ahead.text


def test_one_section_alone_says_where_the_rest_is(client: TestClient) -> None:
    found = page(client, cite=EARLIER, show="positive")
    assert [each for each in headings(found) if "Negative treatment" in each] == []
    assert "All of what is known" in said(found, ".doors")
    assert "nothing of that sort" in said(page(client, cite=EARLIER, show="rumours"), ".count")


def test_what_the_answer_rests_on_is_said(client: TestClient) -> None:
    assert "Court decisions are not fully covered" in said(page(client, cite=EARLIER), "main")
