"""The page of search: what it takes, what it tells, what can be saved of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from builders import precedent, rule, stated, version
from fakes import HashingEncoder
from holding import hold
from lxml import html
from numpy.typing import NDArray
from publisher import NOW
from starlette.testclient import TestClient

from lexwatch.app import App
from lexwatch.settings import Settings
from lexwatch.web.app import create
from lexwatch.web.routes.search import QUOTED
from pipeline.errors import ModelError
from pipeline.model import DateKind, Document, Version

TODAY = NOW + timedelta(days=30)
LONG = "A preamble of no interest to anybody is read first. " * 20
LATER = NOW + timedelta(days=4)


def decided(number: int, page: int, text: str, *, name: str) -> Version:
    """A precedent of our own."""
    return replace(
        precedent(text, name=name),
        document=Document(source="sample", key=str(number), kind="bia-precedent"),
        citation=f"99 I&N Dec. {page} (BIA 2024)",
        dates=(stated(DateKind.DECIDED, date(2024, 3, 4)),),
    )


def ruled(number: str, text: str, title: str, year: int) -> Version:
    made = rule(text, title=title, citation=f"91 FR {number}")
    return replace(
        made,
        document=Document(source="sample", key=number, kind="rule"),
        dates=(stated(DateKind.PUBLISHED, date(year, 6, 1)),),
        metadata={},
    )


HEARING = decided(
    8001, 210, f"{LONG}A zebra may have a bond hearing after a year.", name="Matter of SAMPLE-Z-"
)
OVERRULING = decided(
    8002,
    220,
    "Matter of SAMPLE-Z-, 99 I&N Dec. 210 (BIA 2024), is overruled. No zebra has a bond hearing. "
    "See Matter of SAMPLE-Q-, 98 I&N Dec. 7 (BIA 2020).",
    name="Matter of SAMPLE-Y-",
)
FEES = [
    ruled(f"700{n}", f"Fee rule {n}: a zebra pays {n} dollars.", f"Fees of zebras {n}", 2020 + n)
    for n in range(1, 5)
]
CHAPTER = version(
    "An officer weighs how the zebra was kept.",
    source="sample",
    key="chapter",
    title="Chapter 1 - Zebras",
    citation="",
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder: Path = tmp_path_factory.mktemp("search")
    made = App(Settings.model_validate({"data": {"folder": str(folder)}}), lambda: TODAY)
    made.encoder = HashingEncoder()
    hold(made.database, HEARING, OVERRULING, CHAPTER, *FEES)
    hold(made.database, replace(CHAPTER, blocks=OVERRULING.blocks[:0] + FEES[0].blocks), first=9)
    made.vectors.sync()
    yield made
    made.vectors.close()
    made.database.close()


@pytest.fixture
def client(app: App) -> TestClient:
    return TestClient(create(app), base_url="http://127.0.0.1:8765", follow_redirects=False)


def page(client: TestClient, path: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return tree(answer.text)


def tree(text: str) -> html.HtmlElement:
    return html.document_fromstring(text)


def said(found: html.HtmlElement, query: str) -> str:
    return " ".join(" ".join(each.text_content() for each in found.cssselect(query)).split())


def titles(found: html.HtmlElement) -> list[str]:
    return [each.text_content() for each in found.cssselect(".hit h2 a")]


def choices(found: html.HtmlElement, heading: str) -> dict[str, tuple[str, str]]:
    """Of a filter, by what each choice is called: its count, and where it leads."""
    for details in found.cssselect(".filters > details"):
        if details.findtext("summary") == heading:
            return {
                item.findtext("a"): (item.findtext("span"), item.find("a").get("href"))
                for item in details.iter("li")
            }
    return {}


# What is told of a result


def test_a_result_goes_by_its_citation_and_says_what_was_done_to_it(client: TestClient) -> None:
    found = page(client, "/search?q=bond+hearing+zebra+year")
    assert "Matter of Sample-Z-, 99 I&N Dec. 210 (BIA 2024)" in titles(found)
    [hit] = [
        each
        for each in found.cssselect(".hit")
        if "99 I&N Dec. 210" in each.cssselect("h2 a")[0].text
    ]
    assert "Overruled by Matter of SAMPLE-Y-, 99 I&N Dec. 220 (BIA 2024)" in said(hit, ".flag")
    assert "BIA precedent · March 4, 2024" in said(hit, ".facts")


def test_a_passage_is_cut_around_the_sentence_that_answers_best(client: TestClient) -> None:
    found = page(client, "/search?q=bond+hearing+zebra+year")
    [quote] = [
        each for each in found.cssselect("blockquote") if "after a year" in each.text_content()
    ]
    words = quote.text_content()
    assert words.startswith("… ") and len(words) <= QUOTED + 4
    assert {"bond hearing", "zebra"} <= {each.text_content() for each in quote.cssselect("mark")}


def test_of_a_long_document_few_passages_are_shown_and_the_rest_is_counted(tmp_path: Path) -> None:
    made = App(Settings.model_validate({"data": {"folder": str(tmp_path)}}), lambda: TODAY)
    hold(made.database, version(*(f"{n}. The okapi waits. {LONG}" for n in range(30))))
    client = TestClient(create(made), base_url="http://127.0.0.1:8765")
    (hit,) = page(client, "/search?q=okapi&words=1").cssselect(".hit")
    assert len(hit.cssselect(".passage")) == 8
    assert said(hit, "summary") == "Also in 7 other passages"
    assert said(hit, "details .quiet").endswith(
        "is marked in the document, in 2 passages more, too."
    )
    made.database.close()


def test_a_result_leads_to_its_passage_with_the_words_marked(client: TestClient) -> None:
    found = page(client, "/search?q=bond+hearing+zebra+year")
    links = [each.get("href") for each in found.cssselect(".trail a")]
    opened = next(each for each in links if "/8001" in each)
    there = page(client, opened)
    assert "bond hearing" in {each.text_content() for each in there.cssselect(".text mark")}
    assert there.cssselect(f"#{urlsplit(opened).fragment}")


# What is asked


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("since=2026-99-99", "is no day"),
        ("as_of=2199-01-01", "lies ahead"),
        ("kind=poem", "no kind 'poem'"),
        ("source=gazette", "no source 'gazette'"),
        ("state=ripe", "no state 'ripe'"),
        ("since=2026-02-01&until=2026-01-01", "2026-02-01"),
        ("page=0", "from 1 to"),
        ("forum=the+moon", "names no forum"),
    ],
)
def test_what_cant_be_read_is_said_and_what_was_typed_stays(
    client: TestClient, query: str, words: str
) -> None:
    found = page(client, f"/search?q=striped+animals&{query}", 400)
    assert words in said(found, ".problem")
    assert found.cssselect("#q")[0].get("value") == "striped animals"


def test_connectors_that_cant_be_read_are_shown_with_the_place(client: TestClient) -> None:
    found = page(client, "/search?q=bond+/s", 400)
    assert "^" in found.cssselect(".problem")[0].text_content()


@pytest.mark.parametrize("query", ["", "?q=", "?q=+", "?like="])
def test_nothing_asked_shows_what_can_be(client: TestClient, query: str) -> None:
    assert "8 CFR 208.13" in said(page(client, f"/search{query}"), ".help")


def test_what_is_typed_is_shown_and_never_acts(client: TestClient) -> None:
    answer = client.get("/search?q=%3Cscript%3Ezebra%3C/script%3E%00%ED%A0%80")
    assert answer.status_code == 200 and "<script>zebra" not in answer.text


def test_by_words_alone_no_model_is_asked(app: App, client: TestClient) -> None:
    found = page(client, "/search?q=zebra+bond&words=1")
    whys = [each.text_content() for each in found.cssselect(".why")]
    assert whys and not any("meaning" in each for each in whys)
    assert found.cssselect("[name=words]")[0].get("checked") is not None


def test_without_its_model_it_offers_words_alone(tmp_path: Path) -> None:
    class Absent(HashingEncoder):
        def encode(
            self,
            texts: Sequence[str],  # noqa: ARG002 - an encoder takes them
            progress: Callable[[int], None] | None = None,  # noqa: ARG002 - as above
        ) -> NDArray[np.float32]:
            raise ModelError("the model is not installed")

    made = App(Settings.model_validate({"data": {"folder": str(tmp_path)}}), lambda: TODAY)
    hold(made.database, *FEES)
    made.encoder = Absent()
    client = TestClient(create(made), base_url="http://127.0.0.1:8765")
    found = page(client, "/search?q=what+does+a+zebra+pay", 503)
    [again] = [each for each in found.cssselect("main a") if "words alone" in each.text_content()]
    assert titles(page(client, again.get("href")))
    made.database.close()


def test_more_like_a_document_names_it_and_leaves_it_out(client: TestClient) -> None:
    found = page(client, "/search?like=sample:7001")
    assert said(found, "h1").startswith("More like Fees of zebras 1")
    assert titles(found) and not any("zebras 1" in each for each in titles(found))


def test_more_like_what_is_not_held_says_so(client: TestClient) -> None:
    assert said(page(client, "/search?like=sample:none", 404), ".problem")


# Filters


def test_a_clients_story_stands_on_the_page_once_and_is_narrowed_by_its_form(
    client: TestClient,
) -> None:
    story = "The zebra was kept for a year and asked for a bond hearing. " * 200
    answer = client.get("/search", params={"q": story, "words": "1", "kind": "rule"})
    assert (
        len(answer.content) < 100_000 and answer.text.count("zebra was kept for a year and") < 400
    )
    found = tree(answer.text)
    assert titles(found) and all("Fees" in each for each in titles(found))
    assert found.cssselect("form#find input[type=checkbox][name=kind][value=rule][checked]")
    assert not [each for each in found.cssselect("a") if len(str(each.get("href"))) > 1_000]
    every = tree(client.get("/search", params={"q": story, "words": "1"}).text)
    assert "rule" in {each.get("value") for each in every.cssselect("button[form=find][name=kind]")}
    opened = found.cssselect(".hit h2 a")[0].get("href")
    assert len(opened) < 300 and "zebra" in opened


# Choices


def test_a_choice_leaves_as_many_as_it_says_and_can_be_taken_back(client: TestClient) -> None:
    found = page(client, "/search?q=zebra&words=1")
    count, href = choices(found, "Kind")["Rule"]
    narrowed = page(client, href)
    assert len(titles(narrowed)) == int(count) == 4
    assert all("Fees" in each for each in titles(narrowed))
    assert "Kind: Rule" in said(narrowed, ".chosen")
    _, back = choices(narrowed, "Kind")["Rule"]
    assert len(titles(page(client, back))) == len(titles(found))


def test_a_year_is_its_days(client: TestClient) -> None:
    found = page(client, "/search?q=zebra&words=1")
    years = choices(found, "Year")
    assert list(years)[:2] == ["2024", "2023"]
    one = page(client, years["2022"][1])
    assert titles(one) == ["Fees of zebras 2, 91 Fed. Reg. 7002 (June 1, 2022)"]
    assert one.cssselect("[name=since]")[0].get("value") == "2022-01-01"
    _, back = choices(one, "Year")["2022"]
    assert len(titles(page(client, back))) == len(titles(found))


def test_a_forum_orders_and_leaves_nothing_out(client: TestClient) -> None:
    found = page(client, "/search?q=zebra&words=1")
    _, href = choices(found, "Binds before")["USCIS"]
    stands = page(client, href)
    assert sorted(titles(stands)) == sorted(titles(found))
    assert "ordered by what binds before USCIS" in said(stands, ".count")
    assert "Binding here" in said(stands, ".binds")


def test_where_a_reader_stands_is_chosen_once_and_stays_out_of_addresses(app: App) -> None:
    client = TestClient(create(app), base_url="http://127.0.0.1:8765", follow_redirects=False)
    form = page(client, "/forum")
    token = form.cssselect("[name=token]")[0].get("value")
    chosen = {"token": token, "body": "USCIS", "circuit": "9"}
    assert client.post("/forum", data=chosen).status_code == 303
    found = page(client, "/search?q=zebra")
    assert "You stand before USCIS in the Ninth Circuit" in said(found, ".bar")
    assert not any("forum=" in each.get("href", "") for each in found.cssselect(".turn a, .next a"))
    assert found.cssselect("[name=forum]") == []
    assert page(client, "/forum").cssselect("option[selected]")[1].get("value") == "9"


def test_as_of_a_day_the_text_of_that_day_is_shown_and_opened(client: TestClient) -> None:
    day = (NOW + timedelta(days=5)).date()
    found = page(client, f"/search?q=officer+weighs+zebra&words=1&as_of={day}")
    [hit] = [each for each in found.cssselect(".hit") if "Chapter 1" in said(each, "h2")]
    assert "An officer weighs" in said(hit, "blockquote")
    assert "it has changed since" in said(hit, ".flag.soft")
    assert f"from={day}" in hit.cssselect(".flag.soft a")[0].get("href")
    there = page(client, hit.cssselect(".trail a")[0].get("href"))
    assert "An officer weighs" in said(there, ".text")


def test_pages_follow_each_other_and_keep_what_was_asked(app: App, client: TestClient) -> None:
    first = page(client, "/search?q=zebra&words=1&since=2000-01-01")
    assert said(first, ".count").startswith("1 to 6 of 6 documents that answer")
    assert page(client, "/search?q=zebra&words=1&page=2").cssselect(".hit") == []


# Citations


def test_a_citation_that_is_not_held_tells_what_others_say_of_it(client: TestClient) -> None:
    found = page(client, "/search?q=98+I%26N+Dec.+7")
    assert "98 I&N Dec. 7 itself is not held" in said(found, ".note")
    assert "No negative treatment found in what we hold" in said(found, ".card")
    [more] = [
        each.get("href") for each in found.cssselect(".card a") if "/authority" in each.get("href")
    ]
    assert "Matter of SAMPLE-Q-" in said(page(client, more), "h1")


def test_a_citation_of_which_nothing_is_known_says_so_and_where_its_publisher_is(
    client: TestClient,
) -> None:
    found = page(client, "/search?q=8+CFR+208.13")
    assert "that says nothing about it" in said(found, ".card")
    assert "https://www.ecfr.gov/current/title-8/section-208.13" in [
        each.get("href") for each in found.cssselect(".card a")
    ]


# What is kept of a search


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("can a zebra have a bond hearing", "meaning"),
        ("zebra /s bond", "words"),
        ("99 I&N Dec. 210", "authorities"),
    ],
)
def test_a_search_becomes_a_subscription_to_what_it_asks(
    client: TestClient, typed: str, name: str
) -> None:
    answer = client.get("/search", params={"q": typed, "source": "bia_decisions"})
    found = tree(answer.text)
    [link] = [each for each in found.cssselect("aside a") if "Tell me" in each.text_content()]
    assert parse_qs(urlsplit(link.get("href")).query) == {
        name: [typed],
        "sources": ["bia_decisions"],
    }
    assert typed in client.get(link.get("href")).text.replace("&amp;", "&")


@pytest.mark.parametrize("form", ["csv", "json", "ris", "markdown", "citations"])
def test_results_are_saved_in_a_file_that_names_no_search(client: TestClient, form: str) -> None:
    answer = client.get(f"/search/file/{form}?q=zebra&words=1")
    named = answer.headers["content-disposition"]
    assert named.startswith("attachment;") and "zebra" not in named and "lexwatch-results" in named
    assert "99 I&N Dec. 210" in answer.text.replace("\\", "")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_files_hold_what_was_filtered(client: TestClient) -> None:
    text = client.get("/search/file/csv?q=zebra&words=1&kind=rule").content.decode("utf-8-sig")
    assert len([*csv.reader(io.StringIO(text))]) == 1 + 4
    assert len(json.loads(client.get("/search/file/json?q=zebra&kind=rule&words=1").text)) == 4


def test_there_is_no_file_of_another_form(client: TestClient) -> None:
    assert client.get("/search/file/docx?q=zebra").status_code == 404
