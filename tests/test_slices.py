"""The Federal Register crawled over HTTP: no list is cut short in silence, and nothing is asked
twice that need not be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from crawls import Crawled
from visits import visit

from crawlers.practice import conditions
from crawlers.serving import SimulatorServer
from crawlers.simulator import HOST, Simulator
from crawlers.source import Visit
from crawlers.sources.federal_register import FederalRegisterSpider
from pipeline.model import Page

pytestmark = pytest.mark.usefixtures("warm")

NOW = datetime(2026, 11, 20, 14, tzinfo=UTC)
TITLE_8: dict[str, Any] = {"conditions": [{"cfr": {"title": 8}}]}
SINCE = "conditions[publication_date][gte]"
UNTIL = "conditions[publication_date][lte]"
USCIS = {
    "name": "U.S. Citizenship and Immigration Services",
    "slug": "u-s-citizenship-and-immigration-services",
}


def document(number: str, published: str, **fields: Any) -> dict[str, Any]:
    return {
        "document_number": number,
        "publication_date": published,
        "title": f"Sample {number} (Sample)",
        "type": "Rule",
        "abstract": "A sample about aliens.",
        "agencies": [USCIS],
        "cfr_references": [{"title": 8, "part": "214"}],
        "json_url": f"https://{HOST}/api/v1/documents/{number}?publication_date={published}",
        **fields,
    }


def spread(count: int, days: int, *, until: str = "2026-11-20") -> list[dict[str, Any]]:
    """So many documents over so many days, the last of them `until`."""
    last = date.fromisoformat(until)
    days_before = (days - 1 - n * days // count for n in range(count))
    return [
        document(f"2026-9{n:04}", (last - timedelta(days=before)).isoformat())
        for n, before in enumerate(days_before)
    ]


class Lying(Simulator):
    """Says `count` of every slice of more than `days` days, and withholds its last entry."""

    count: int | None = None
    days = 1

    def answer(self, path: str, query: str) -> tuple[int, str, bytes]:
        status, content_type, body = super().answer(path, query)
        said = json.loads(body)
        asked = parse_qs(query)
        if SINCE in asked and "results" in said:
            bounds = (date.fromisoformat(asked[name][0]) for name in (UNTIL, SINCE))
            if next(bounds) - next(bounds) >= timedelta(days=self.days):
                said["count"] = self.count or said["count"]
                said["results"] = said["results"][:-1]
        return status, content_type, json.dumps(said).encode()


def read(crawled: Crawled) -> set[str]:
    """The numbers of the documents that a crawl brought home."""
    versions = (
        version
        for page in crawled.pages
        if page.status == 200
        for version in FederalRegisterSpider.read(page).versions
    )
    return {version.document.key.partition("@")[0] for version in versions}


def numbers(documents: list[dict[str, Any]]) -> set[str]:
    return {each["document_number"] for each in documents}


def lists(server: SimulatorServer) -> list[str]:
    return [target for target in server.asked if "conditions" in target]


def test_a_first_visit_reads_every_document_even_where_the_page_size_is_reset(
    tmp_path: Path,
) -> None:
    documents = spread(70, 40)
    with SimulatorServer(Simulator(documents, most_per_page=50)) as server:
        crawled = visit("federal_register", tmp_path, server.origins, NOW, options=TITLE_8)
        assert crawled.outcome
        assert crawled.outcome.complete, crawled.outcome.failures
        assert read(crawled) == numbers(documents)
        # September, October and November in pages of 20, though 100 were asked for.
        assert sum("per_page=100" in target for target in lists(server)) == len(lists(server)) == 5


def test_a_slice_whose_count_is_capped_is_split_until_it_is_whole(tmp_path: Path) -> None:
    documents = spread(12, 4)
    lying = Lying(documents)
    lying.count = 10_000
    with SimulatorServer(lying) as server:
        options = {**TITLE_8, "since": "2026-11-17"}
        crawled = visit("federal_register", tmp_path, server.origins, NOW, options=options)
        assert crawled.outcome
        assert crawled.outcome.complete, crawled.outcome.failures
        assert read(crawled) == numbers(documents)
        assert len(lists(server)) == 7  # four days, two halves, and one whole


def test_a_slice_that_lists_fewer_than_it_counts_is_split_and_asked_again(tmp_path: Path) -> None:
    documents = spread(12, 4)
    lying = Lying(documents)
    lying.days = 2
    with SimulatorServer(lying) as server:
        options = {**TITLE_8, "since": "2026-11-17"}
        crawled = visit("federal_register", tmp_path, server.origins, NOW, options=options)
        assert crawled.outcome
        assert crawled.outcome.complete, crawled.outcome.failures
        assert read(crawled) == numbers(documents)
        assert len(lists(server)) == 3


def test_one_day_that_stays_short_is_a_failed_run(tmp_path: Path) -> None:
    lying = Lying(spread(12, 4))
    lying.days = 0
    with SimulatorServer(lying) as server:
        options = {**TITLE_8, "since": "2026-11-17"}
        crawled = visit("federal_register", tmp_path, server.origins, NOW, options=options)
    assert crawled.outcome
    assert not crawled.outcome.complete
    assert len(crawled.outcome.failures) == 4
    for failure in crawled.outcome.failures:
        assert "ends a list of 3 documents after 2, and can't be split any further" in failure


def test_a_backfill_that_was_killed_goes_on_and_asks_no_settled_slice_again(
    tmp_path: Path,
) -> None:
    documents = spread(36, 360)
    options = {**TITLE_8, "since": "2025-11-21"}
    with SimulatorServer(Simulator(documents)) as server:
        killed = visit(
            "federal_register", tmp_path, server.origins, NOW, options=options, die_after=30
        )
        assert killed.outcome is None
        settled = {page.url for page in killed.pages if page.context.get("settled")}
        assert settled
        before = len(server.asked)
        tomorrow = NOW + timedelta(days=1)
        crawled = visit("federal_register", tmp_path, server.origins, tomorrow, options=options)
        again = [f"https:/{target}" for target in server.asked[before:]]
        assert crawled.outcome
        assert crawled.outcome.complete, crawled.outcome.failures
        assert settled.isdisjoint(again)
        assert settled <= set(crawled.confirmed)
        # Thirteen months: twelve that are settled, and the one that goes on.
        assert sum("conditions" in url for url in again) == 13 - len(settled)
        assert read(crawled) == numbers(documents)


def test_a_daily_run_costs_a_dozen_lists_whatever_it_finds(tmp_path: Path) -> None:
    documents = spread(10, 5)
    with SimulatorServer(Simulator(documents)) as server:
        yesterday = NOW - timedelta(days=1)
        crawled = visit("federal_register", tmp_path, server.origins, NOW, last_complete=yesterday)
        assert crawled.outcome
        assert crawled.outcome.complete, crawled.outcome.failures
        assert read(crawled) == numbers(documents)
        assert len(lists(server)) == len(conditions({})) == 12
        assert len(server.asked) == 1 + 12 + 10  # robots.txt, lists, documents


@pytest.mark.parametrize("validators", [True, False])
def test_an_unchanged_register_is_asked_again_and_sends_no_page_where_it_has_validators(
    tmp_path: Path, validators: bool
) -> None:
    with SimulatorServer(Simulator(spread(10, 5)), validators=validators) as server:
        options = {**TITLE_8, "since": "2026-11-10"}
        first = visit("federal_register", tmp_path, server.origins, NOW, options=options)
        again = visit("federal_register", tmp_path, server.origins, NOW, options=options)
    assert first.outcome
    assert again.outcome
    assert again.outcome.requests == first.outcome.requests == 12
    assert again.outcome.unchanged == (11 if validators else 0)
    assert read(again) == read(first)


FORMS = {
    "full_text_xml_url": f"https://{HOST}/documents/full_text/xml/2026/11/19/2026-99801.xml",
    "body_html_url": f"https://{HOST}/documents/full_text/html/2026/11/19/2026-99801.html",
    "raw_text_url": f"https://{HOST}/documents/full_text/text/2026/11/19/2026-99801.txt",
}
TEXTS = {
    "full_text_xml_url": b"<RULE><PREAMB><SUBJECT>Sample</SUBJECT></PREAMB><SUPLINF><P>As XML."
    b"</P></SUPLINF><FRDOC>[FR Doc. 2026-99801 Filed 11-18-26]</FRDOC></RULE>",
    "body_html_url": b'<div class="fulltextWrapper doc_rule"><p>As HTML.</p></div>',
    "raw_text_url": b"[Federal Register Volume 91, Number 223 (Thursday, November 19, 2026)]\n"
    b"[Rules and Regulations]\n[FR Doc No: 2026-99801]\n\nAs raw text.\n",
}


@pytest.mark.parametrize(
    ("given", "said", "missed"),
    [
        (("full_text_xml_url", "body_html_url", "raw_text_url"), "As XML.", 0),
        (("body_html_url", "raw_text_url"), "As HTML.", 1),
        (("raw_text_url",), "As raw text.", 2),
        ((), "A sample about aliens.", 3),
    ],
)
def test_a_text_that_is_not_there_is_read_in_the_next_best_form(
    tmp_path: Path, given: tuple[str, ...], said: str, missed: int
) -> None:
    texts = {urlsplit(FORMS[form]).path: TEXTS[form] for form in given}
    held = document("2026-99801", "2026-11-19", **FORMS)
    with SimulatorServer(Simulator([held], texts=texts)) as server:
        options = {**TITLE_8, "since": "2026-11-10"}
        crawled = visit("federal_register", tmp_path, server.origins, NOW, options=options)
    assert crawled.outcome
    assert crawled.outcome.complete, crawled.outcome.failures
    assert sum(page.status == 404 for page in crawled.pages) == missed
    (version,) = [
        version
        for page in crawled.pages
        if page.status == 200
        for version in FederalRegisterSpider.read(page).versions
    ]
    assert said in version.text


def test_the_xml_is_fetched_when_it_arrives_days_later(tmp_path: Path) -> None:
    texts = {urlsplit(FORMS[form]).path: TEXTS[form] for form in FORMS}
    early = document("2026-99801", "2026-11-19", **{**FORMS, "full_text_xml_url": None})
    with SimulatorServer(Simulator([early], texts=texts)) as server:
        options = {**TITLE_8, "since": "2026-11-10"}
        visit("federal_register", tmp_path, server.origins, NOW, options=options)
        server.simulator = Simulator([{**early, **FORMS}], texts=texts)
        later = NOW + timedelta(days=3)
        crawled = visit(
            "federal_register",
            tmp_path,
            server.origins,
            later,
            last_complete=NOW,
            options=TITLE_8,
        )
    assert [page.url.rpartition(".")[2] for page in crawled.pages if page.context.get("title")] == [
        "html",
        "xml",
    ]


def test_a_wrong_condition_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    with SimulatorServer(Simulator([])) as server:
        options = {"conditions": [{"cfr": {"title": 8}}, {"agency": ["coast-guard"]}]}
        crawled = visit("federal_register", tmp_path, server.origins, NOW, options=options)
        assert crawled.error.startswith("SettingsError: condition 'agency' of federal_register")
        assert server.asked == []


def test_ten_thousand_documents_and_more_are_all_listed() -> None:
    documents = spread(10_050, 30)
    simulator = Simulator(documents)
    listed = {key for page in pages(simulator) for key in FederalRegisterSpider.read(page).listed}
    assert {key.partition("@")[0] for key in listed} == numbers(documents)


def pages(simulator: Simulator) -> Iterator[Page]:
    """Every page of the lists of a first visit, documents left aside."""
    given = Visit(now=NOW, options=TITLE_8)
    waiting = list(FederalRegisterSpider.seeds(given))
    while waiting:
        follow = waiting.pop()
        address = urlsplit(follow.url)
        if "conditions" in address.query:
            body = simulator.answer(address.path, address.query)[2]
            page = Page(
                source="federal_register",
                url=follow.url,
                final_url=follow.url,
                asked=follow.url,
                status=200,
                headers={},
                body=body,
                fetched_at=NOW,
                context=follow.context,
            )
            yield page
            waiting += FederalRegisterSpider.follow(page)
