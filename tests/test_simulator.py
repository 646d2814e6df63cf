"""The simulator answers as the Federal Register does, its caps and silent resets included."""

from __future__ import annotations

import json
from datetime import date, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from crawlers.serving import SimulatorServer
from crawlers.simulated.corpus import from_corpus
from crawlers.simulated.fields import DEFAULT_FIELDS, FIELDS, ONLY_IN_LISTS
from crawlers.simulator import Simulator

LIST = "/api/v1/documents.json"


def agency(slug: str) -> dict[str, Any]:
    return {"name": slug.replace("-", " ").title(), "slug": slug}


def document(number: str, published: str = "2026-10-07", **fields: Any) -> dict[str, Any]:
    return {
        "document_number": number,
        "publication_date": published,
        "title": f"Document {number}",
        "type": "Rule",
        "abstract": None,
        "action": "Final rule.",
        "agencies": [agency("homeland-security-department")],
        "cfr_references": [],
        "docket_ids": [],
        "effective_on": None,
        "excerpts": "words found",
        "regulation_id_numbers": [],
        **fields,
    }


def many(count: int) -> Simulator:
    first = date(2020, 1, 1)
    dates = ((first + timedelta(days=n // 20)).isoformat() for n in range(count))
    return Simulator(document(f"2026-{n:05}", on) for n, on in enumerate(dates))


def ask(simulator: Simulator, *pairs: tuple[str, str], path: str = LIST) -> tuple[int, Any]:
    status, content_type, body = simulator.answer(path, urlencode(pairs))
    assert content_type == "application/json; charset=utf-8"
    return status, json.loads(body)


def numbers(simulator: Simulator, *pairs: tuple[str, str]) -> list[str]:
    return [each["document_number"] for each in ask(simulator, *pairs)[1].get("results", [])]


def test_nothing_found_is_a_success_without_results() -> None:
    status, said = ask(many(3), ("conditions[term]", "codex"))
    assert status == 200
    assert said == {"description": "Documents matching 'codex'", "count": 0}


def test_a_page_has_twenty_documents_unless_asked_otherwise() -> None:
    assert len(numbers(many(60))) == 20
    assert len(numbers(many(60), ("per_page", "50"))) == 50


@pytest.mark.parametrize("size", ["0", "-5", "1001", "all", ""])
def test_a_page_size_out_of_range_silently_becomes_twenty(size: str) -> None:
    assert len(numbers(many(60), ("per_page", size))) == 20


@pytest.mark.parametrize("page", ["51", "0", "x"])
def test_a_page_out_of_range_silently_becomes_the_first(page: str) -> None:
    simulator = many(200)
    assert numbers(simulator, ("page", page)) == numbers(simulator)


def test_the_count_saturates_and_fifty_pages_are_the_most() -> None:
    _, said = ask(many(10_050), ("per_page", "2"))
    assert (said["count"], said["total_pages"]) == (10_000, 50)


def test_the_last_page_names_no_next_one() -> None:
    simulator = many(45)
    pages = [ask(simulator, ("page", str(page)))[1] for page in (1, 2, 3)]
    assert ["next_page_url" in page for page in pages] == [True, True, False]
    assert [len(page["results"]) for page in pages] == [20, 20, 5]


def test_the_fiftieth_page_names_no_next_one() -> None:
    _, said = ask(many(1_100), ("page", "50"))
    assert len(said["results"]) == 20
    assert "next_page_url" not in said


@pytest.mark.parametrize("order", ["newest", "oldest", "relevance"])
def test_next_pages_followed_verbatim_give_every_document_once(order: str) -> None:
    simulator = many(130)
    found, query = [], urlencode({"order": order, "conditions[type][]": "RULE"})
    path = LIST
    while True:
        status, _, body = simulator.answer(path, query)
        said = json.loads(body)
        assert status == 200
        found += [each["document_number"] for each in said["results"]]
        if "next_page_url" not in said:
            break
        following = urlsplit(said["next_page_url"])
        assert (following.scheme, following.netloc) == ("https", "www.federalregister.gov")
        path, query = following.path, following.query
    assert len(found) == len(set(found)) == 130
    assert (found == sorted(found)) is (order == "oldest")


def test_newest_first_carries_a_cursor_and_a_bad_one_is_refused() -> None:
    _, said = ask(many(30), ("order", "newest"))
    assert "search_after_cursor=" in said["next_page_url"]
    status, said = ask(many(30), ("search_after_cursor", "nonsense"))
    assert (status, said) == (400, {"status": 400, "message": "Invalid search_after_cursor token"})


def test_documents_are_found_by_agency_parent_or_child() -> None:
    uscis = [agency("homeland-security-department"), agency("u-s-citizenship")]
    simulator = Simulator(
        [document("1", agencies=uscis), document("2", agencies=[agency("coast-guard")])]
    )
    assert numbers(simulator, ("conditions[agencies][]", "u-s-citizenship")) == ["1"]
    both = [
        ("conditions[agencies][]", "u-s-citizenship"),
        ("conditions[agencies][]", "coast-guard"),
    ]
    assert numbers(simulator, *both) == ["2", "1"]


def test_documents_are_found_by_type_under_its_code() -> None:
    simulator = Simulator([document("1"), document("2", type="Proposed Rule")])
    assert numbers(simulator, ("conditions[type][]", "PRORULE")) == ["2"]


def test_documents_are_found_by_publication_date() -> None:
    simulator = Simulator(document(str(day), f"2026-10-0{day}") for day in range(1, 6))
    at = "conditions[publication_date]"
    assert numbers(simulator, (f"{at}[is]", "2026-10-03")) == ["3"]
    assert numbers(simulator, (f"{at}[gte]", "2026-10-02"), (f"{at}[lte]", "2026-10-03")) == [
        "3",
        "2",
    ]


def test_title_and_part_must_be_of_one_reference() -> None:
    def cited(title: int, part: str) -> dict[str, Any]:
        return {"chapter": None, "citation_url": None, "title": title, "part": part}

    simulator = Simulator(
        [
            document("1", cfr_references=[cited(8, "214")]),
            document("2", cfr_references=[cited(8, "208"), cited(20, "214")]),
        ]
    )
    asked = [("conditions[cfr][title]", "8"), ("conditions[cfr][part]", "214")]
    assert numbers(simulator, *asked) == ["1"]


def test_documents_are_found_by_term_docket_and_rin() -> None:
    simulator = Simulator(
        [
            document("1", title="Fees for naturalization", docket_ids=["USCIS-2026-9901"]),
            document(
                "2", abstract="Naturalization without fees", regulation_id_numbers=["1615-ZZ01"]
            ),
        ]
    )
    assert numbers(simulator, ("conditions[term]", "naturalization fees")) == ["2", "1"]
    assert numbers(simulator, ("conditions[term]", '"fees for naturalization"')) == ["1"]
    assert numbers(simulator, ("conditions[docket_id]", "USCIS-2026-9901")) == ["1"]
    assert numbers(simulator, ("conditions[regulation_id_number]", "1615-ZZ01")) == ["2"]


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("pipe | pipeline", ["2", "1"]),
        ('"blue pipe" | pipeline', ["2", "1"]),
        ('"pipe blue"', []),
        ("strength (pipe | pipeline)", ["1"]),
        ("pipeline | strength & blue", ["1"]),
        ("pipe -strength", []),
        ("(pipe | pipeline) !strength", ["2"]),
        ("strengths", []),
        ("H-2B", ["2"]),
        ("unclosed ( pipe", []),
    ],
)
def test_words_are_joined_as_the_search_help_says(term: str, found: list[str]) -> None:
    simulator = Simulator(
        [
            document("1", title="Strength of a blue pipe"),
            document("2", title="A pipeline", abstract="For H-2B workers."),
        ]
    )
    assert numbers(simulator, ("conditions[term]", term)) == found


def test_words_are_found_in_a_full_text_that_was_given() -> None:
    path = "/documents/full_text/xml/2026/10/07/1.xml"
    held = document("1", full_text_xml_url=f"https://www.federalregister.gov{path}")
    simulator = Simulator([held], texts={path: b"<RULE><P>the <E>hidden</E> word</P></RULE>"})
    assert numbers(simulator, ("conditions[term]", "hidden")) == ["1"]
    assert simulator.answer(path, "")[:2] == (200, "text/xml")
    assert not simulator.answers("/documents/full_text/xml/2026/10/07/2.xml")


def test_parts_may_be_a_range_and_need_their_title() -> None:
    references = ([{"title": 22, "part": part}] for part in ("41", "62", "120"))
    simulator = Simulator(
        document(str(n), cfr_references=each) for n, each in enumerate(references)
    )
    asked = [("conditions[cfr][title]", "22"), ("conditions[cfr][part]", "40-62")]
    assert numbers(simulator, *asked) == ["1", "0"]
    status, said = ask(simulator, ("conditions[cfr][part]", "41"))
    assert (status, said) == (400, {"errors": {"cfr": "the part requires the CFR title"}})


def test_what_is_on_file_is_listed_and_shown_one_by_one() -> None:
    filed = {"filing_type": "special", "filed_at": "2026-10-07T11:15:00.000-04:00"}
    simulator = Simulator([], filings=[{"document_number": "9", "_sample": "ours", **filed}])
    path = "/api/v1/public-inspection-documents"
    _, said = ask(simulator, path=f"{path}/current.json")
    assert said == {
        "count": 1,
        "results": [{"document_number": "9", **filed}],
        "special_filings_updated_at": filed["filed_at"],
        "regular_filings_updated_at": None,
    }
    assert ask(simulator, path=f"{path}/9.json") == (200, {"document_number": "9", **filed})
    assert ask(simulator, path=f"{path}/8.json")[0] == 404


def test_a_row_of_a_corpus_becomes_a_whole_document_that_says_what_is_derived() -> None:
    row = {
        "document_number": "2026-99801",
        "title": "Sample Fees (Sample)",
        "abstract": "The Department of Homeland Security (DHS) proposes to amend 8 CFR part 106."
        " USCIS asks for comments.",
        "publication_date": "2026-10-07",
        "html_url": "https://www.federalregister.gov/documents/2026/10/07/2026-99801/sample-fees",
        "json_url": "https://www.federalregister.gov/api/v1/documents/2026-99801",
    }
    (whole,) = from_corpus([row])
    assert whole["_derived"] == ["agencies", "cfr_references", "type"]
    assert whole["type"] == "Proposed Rule"
    assert [each["slug"] for each in whole["agencies"]] == [
        "homeland-security-department",
        "u-s-citizenship-and-immigration-services",
    ]
    _, said = ask(Simulator([whole]), path="/api/v1/documents/2026-99801.json")
    assert set(said) == FIELDS - ONLY_IN_LISTS - {"agency_names"}
    assert numbers(Simulator([whole]), ("conditions[cfr][title]", "8")) == ["2026-99801"]


def test_the_corpora_are_served_whole_and_name_agencies_as_the_publisher_does(
    shared: Path,
) -> None:
    rows = [
        json.loads(line)
        for name in ("immigration", "other")
        for line in (shared / f"corpora/federal_register_{name}.jsonl").read_text().splitlines()
    ]
    documents = list(from_corpus(rows))
    _, said = ask(Simulator(documents), ("per_page", "1"))
    assert said["count"] == len(rows) == 6_162
    folder = shared / "recorded/2020-08/www.federalregister.gov/api/v1"
    known = {each["slug"] for each in json.loads((folder / "agencies.json").read_text())}
    assert {agency["slug"] for each in documents for agency in each["agencies"]} <= known


@pytest.mark.parametrize("validators", [True, False])
def test_it_is_served_over_http_with_validators_or_without(validators: bool) -> None:
    with SimulatorServer(many(3), validators=validators) as server:
        connection = HTTPConnection(server.base.removeprefix("http://"), timeout=5)
        connection.request("GET", f"/www.federalregister.gov{LIST}")
        answer = connection.getresponse()
        assert json.loads(answer.read())["count"] == 3
        assert bool(answer.getheader("ETag")) is validators
        connection.close()
        assert server.asked == [f"/www.federalregister.gov{LIST}"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("conditions[type][]", "STATUTE"),
        ("conditions[publication_date][is]", "yesterday"),
        ("conditions[publication_date][near]", "2026-10-07"),
        ("conditions[cfr][title]", "eight"),
        ("conditions[cfr][section]", "2"),
        ("conditions[weather]", "fine"),
        ("fields[]", "colour"),
    ],
)
def test_a_bad_question_is_refused_with_errors(name: str, value: str) -> None:
    status, said = ask(many(1), (name, value))
    assert status == 400
    assert list(said) == ["errors"]


def test_a_list_shows_ten_fields_unless_asked_for_others() -> None:
    _, said = ask(many(1))
    assert list(said["results"][0]) == list(DEFAULT_FIELDS)
    _, said = ask(many(1), ("fields[]", "effective_on"), ("fields[]", "agency_names"))
    assert said["results"] == [
        {"effective_on": None, "agency_names": ["Homeland Security Department"]}
    ]


def test_one_document_is_shown_whole_and_without_what_only_lists_show() -> None:
    held = document("2026-99101", _sample="ours")
    status, said = ask(Simulator([held]), path="/api/v1/documents/2026-99101.json")
    assert status == 200
    assert said == {name: held[name] for name in held if name not in ("excerpts", "_sample")}


def test_a_reused_number_is_told_apart_by_its_date() -> None:
    simulator = Simulator([document("03-4935", "2003-03-03"), document("03-4935", "2003-06-01")])
    _, said = ask(simulator, ("publication_date", "2003-03-03"), path="/api/v1/documents/03-4935")
    assert said["publication_date"] == "2003-03-03"


def test_an_unknown_document_is_not_found_in_the_interfaces_words() -> None:
    status, said = ask(many(1), path="/api/v1/documents/2026-99999.json")
    assert (status, said) == (404, {"status": 404, "message": "Record Not Found"})
