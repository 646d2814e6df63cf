"""The API: every answer has the shape that the schema says, in pages, with tags and problems."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from lexwatch.app import App
from lexwatch.web.app import create

V1 = "/api/v1"
DECISION = "99 I&N Dec. 140"
BRIEF = (
    b"In Matter of SAMPLE-E-, 99 I&N Dec. 140 (BIA 2026), the Board sustained it. "
    b"But see Matter of A-B-, 27 I&N Dec. 316 (A.G. 2018)."
)


@pytest.fixture(scope="module")
def site(stocked: App) -> TestClient:
    return TestClient(create(stocked), base_url="http://127.0.0.1:8765")


def told(site: TestClient, address: str, status: int = 200) -> Any:
    answer = site.get(f"{V1}{address}")
    assert answer.status_code == status, answer.text
    return answer.json()


def every(site: TestClient, address: str) -> Iterator[Any]:
    """What a list has, page by page as `next` leads."""
    following: str | None = f"{V1}{address}"
    while following:
        page = site.get(following).json()
        yield from page["items"]
        following = page["next"]


LISTS = (
    "/documents",
    "/changes",
    "/changes?all=true",
    "/deadlines",
    "/sources",
    "/sources/bia_decisions/runs",
    "/sources/bia_decisions/faults",
    "/subscriptions",
    "/topics",
)


@pytest.mark.parametrize("address", LISTS)
def test_pages_of_a_list_give_each_of_its_items_once(site: TestClient, address: str) -> None:
    mark = "&" if "?" in address else "?"
    whole = told(site, f"{address}{mark}limit=100")
    paged = [*every(site, f"{address}{mark}limit=3")]
    assert len(paged) == whole["total"] and whole["next"] is None
    same = ("events",)  # an event is told whole in the first change of a page
    assert [strip(each, same) for each in paged] == [strip(each, same) for each in whole["items"]]
    assert whole["total"] > 1 or address in ("/deadlines", "/sources/bia_decisions/faults")


def strip(row: Any, names: tuple[str, ...]) -> Any:
    return {name: value for name, value in row.items() if name not in names}


def test_every_document_can_be_asked_for_with_its_history(site: TestClient) -> None:
    for row in every(site, "/documents?limit=100"):
        place = quote(row["document"].replace(":", "/", 1))
        found = told(site, f"/documents/{place}?limit=5")
        assert found["document"] == row["document"]
        assert len(found["blocks"]) == min(5, found["block_total"])
        history = told(site, f"/versions/{place}")
        assert history["total"] >= 1
        if len(found["versions"]) > 1:
            assert told(site, f"/compare/{place}?from=1")["same"] in (True, False)


def test_the_pages_of_a_text_together_are_the_text(site: TestClient) -> None:
    rows = [*every(site, "/documents?source=bia_decisions")]
    place = quote(rows[0]["document"].replace(":", "/", 1))
    whole = told(site, f"/documents/{place}?limit=1000")
    blocks, following = [], f"{V1}/documents/{place}?limit=4"
    while following:
        page = site.get(following).json()
        blocks += page["blocks"]
        following = page["next"]
    assert blocks == whole["blocks"] and len(blocks) > 4


def test_search_answers_page_by_page_with_what_must_be_read_beside_it(site: TestClient) -> None:
    first = told(site, "/search?q=bond+detention&limit=2")
    second = site.get(first["next"]).json()
    names = [each["document"] for each in (*first["hits"], *second["hits"])]
    assert len(names) == len(set(names)) == 4
    assert first["documents"] >= 4 and "source" in first["counts"]
    like = told(site, f"/search?like={quote(names[0])}")
    assert names[0] not in [each["document"] for each in like["hits"]]


def test_what_became_of_an_authority_and_who_cites_it_is_told(site: TestClient) -> None:
    status = told(site, f"/status?authority={quote(DECISION)}&forum=immigration+court")
    assert status["authority"] == DECISION and status["held"]["citation"].startswith(DECISION)
    assert status["forum"] == {"before": "immigration court", "circuit": ""}
    assert "good law" not in status["line"]
    cites = told(site, f"/cites?authority={quote(DECISION)}&limit=1")
    assert cites["authority"] == DECISION and cites["cited"]


def test_what_courts_or_later_documents_did_is_part_of_a_status(site: TestClient) -> None:
    said = {
        row["document"]: told(site, f"/status?authority={quote(row['document'])}")
        for row in every(site, "/documents?source=federal_register")
    }
    acted_on = [each for each in said.values() if each["relations"] or each["events"]]
    assert acted_on
    assert any(each["status"] == "a later document or a court acted on it" for each in acted_on)


def test_a_draft_is_checked_and_what_is_not_held_is_said(site: TestClient) -> None:
    answer = site.post(f"{V1}/check-draft?forum=immigration+court+1", content=BRIEF)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [each["authority"] for each in found["citations"]] == [DECISION, "27 I&N Dec. 316"]
    assert found["citations"][1]["level"] == "check elsewhere"
    assert found["forum"] == {"body": "immigration court", "circuit": "1"}


def test_a_draft_that_is_none_or_too_large_is_a_problem(site: TestClient) -> None:
    for content, status in ((b"", 400), (b"\0\1\2", 400), (b"x" * (32 * 2**20 + 1), 413)):
        answer = site.post(f"{V1}/check-draft", content=content)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_source_says_what_is_normal_and_on_which_days_it_was_not_read(site: TestClient) -> None:
    source = told(site, "/sources/bia_decisions")
    assert source["normal"]["floor"] < source["normal"]["ceiling"]
    assert source["gaps"] and source["gaps"][0]["first"] <= source["gaps"][0]["last"]
    failed = told(site, "/sources/bia_decisions/runs")["items"]
    assert any(each["state"] == "failed" and each["failures"] for each in failed)


def test_what_is_known_is_not_sent_again(site: TestClient) -> None:
    first = site.get(f"{V1}/topics")
    again = site.get(f"{V1}/topics", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = site.get(f"{V1}/topics?limit=1", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_the_address_of_what_follows_stands_in_a_header_too(site: TestClient) -> None:
    answer = site.get(f"{V1}/topics?limit=1")
    assert answer.headers["link"] == f'<{answer.json()["next"]}>; rel="next"'
    assert answer.json()["next"] == f"{V1}/topics?limit=1&offset=1"


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nothing", 404, "/api lists"),
        ("/documents/federal_register/none", 404, "federal_register:none"),
        ("/documents?name=none+such", 404, "none such"),
        ("/documents?source=none", 400, "no source"),
        ("/changes/999999", 404, "no change 999999"),
        ("/changes/0", 400, "number"),
        ("/changes?since=2026-13-01", 400, "2026-10-07"),
        ("/changes?since=20261007", 400, "2026-10-07"),
        ("/changes?since=2026-10-08&until=2026-10-07", 400, "lies before"),
        ("/changes?limit=0", 400, "limit"),
        ("/changes?topic=none", 400, "no topic"),
        ("/deadlines?topic=none", 400, "no topic"),
        ("/search", 400, "q or like"),
        ("/search?q=a&like=b", 400, "q or like"),
        ("/search?q=bond+/s+", 400, "/s"),
        ("/search?q=bond&kind=none", 400, "no kind"),
        ("/search?q=bond&state=none", 400, "state"),
        ("/search?q=bond&as_of=2199-01-01", 400, "lies ahead"),
        ("/search?q=bond&forum=none", 400, "none"),
        ("/status?authority=none+such", 404, "none such"),
        ("/status", 400, "authority"),
        ("/cites?authority=999+F.4th+999", 404, "999 F.4th 999"),
        ("/sources/none", 404, "no source"),
        ("/sources/none/runs", 404, "no source"),
    ],
)
def test_what_is_wrong_is_named_in_a_problem(
    site: TestClient, address: str, status: int, words: str
) -> None:
    answer = site.get(f"{V1}{address}")
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["type"]) == (
        status,
        status,
        "about:blank",
    )
    assert words in problem["detail"], problem


def test_a_method_that_there_is_not_is_a_problem_that_says_which_there_are(
    site: TestClient,
) -> None:
    answer = site.post(f"{V1}/topics")
    assert answer.status_code == 405 and answer.headers["allow"] == "GET"
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_fault_of_ours_is_a_problem_without_its_place(stocked: App) -> None:
    site = create(stocked)
    broken = TestClient(site, base_url="http://127.0.0.1:8765", raise_server_exceptions=False)
    del stocked.__dict__["taxonomy"]
    stocked.__dict__["taxonomy"] = None
    try:
        answer = broken.get(f"{V1}/topics")
    finally:
        del stocked.__dict__["taxonomy"]
    assert answer.status_code == 500 and "Try again" in answer.json()["detail"]
    assert "Traceback" not in answer.text


def test_the_schema_declares_every_field_that_is_answered(site: TestClient) -> None:
    schema = site.get(f"{V1}/openapi.json").json()
    shapes = schema["components"]["schemas"]
    objects = {name: each for name, each in shapes.items() if each.get("type") == "object"}
    assert len(objects) > 30
    assert all(each["additionalProperties"] is False for each in objects.values())
    assert {"HTTPValidationError", "ValidationError"}.isdisjoint(shapes)
    for path, methods in schema["paths"].items():
        for method, each in methods.items():
            assert "application/problem+json" in each["responses"]["default"]["content"], path
            assert each["description"] and method in ("get", "post")


def test_the_page_for_programs_tells_every_address_without_a_script(site: TestClient) -> None:
    page = site.get("/api")
    paths = site.get(f"{V1}/openapi.json").json()["paths"]
    assert page.status_code == 200 and len(page.content) < 100_000
    assert all(f"{V1}{path}" in page.text for path in paths)
    assert re.findall(r"<script src=\"([^\"]*)\"", page.text) == re.findall(
        r"<script src=\"(/static/[^\"]*)\"", page.text
    )


def test_json_is_utf_8_without_escapes(site: TestClient) -> None:
    body = site.get(f"{V1}/documents?limit=100").content
    assert json.loads(body.decode())["items"] and b"\\u00" not in body
