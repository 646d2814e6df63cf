"""Public inspection: which filings are read, and that none is passed off as published."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from goldens import page
from visits import visit

from crawlers.practice import TERMS, says
from crawlers.serving import SimulatorServer
from crawlers.simulator import HOST, Simulator
from crawlers.source import Visit
from crawlers.sources.public_inspection import CURRENT, PublicInspectionSpider
from pipeline.errors import PageChanged
from pipeline.model import DateKind, Reading, Version

pytestmark = pytest.mark.usefixtures("warm")

STORED = Path(__file__).parent / "sources" / "public_inspection"
NOW = datetime(2026, 11, 3, 14, tzinfo=UTC)


def filing(**fields: Any) -> dict[str, Any]:
    return {
        "document_number": "2026-99730",
        "title": "A Sample (Sample)",
        "type": "Notice",
        "filing_type": "regular",
        "filed_at": "2026-11-03T08:45:00.000-05:00",
        "publication_date": "2026-11-04",
        "agencies": [{"name": "State Department", "slug": "state-department"}],
        **fields,
    }


def read(*filings: dict[str, Any]) -> Reading:
    body = json.dumps({"count": len(filings), "results": filings}).encode()
    return PublicInspectionSpider.read(page("public_inspection", CURRENT, body))


def only(**fields: Any) -> Version:
    agencies = [{"name": "USCIS", "slug": "u-s-citizenship-and-immigration-services"}]
    (version,) = read(filing(**{"agencies": agencies, **fields})).versions
    return version


@pytest.mark.parametrize(
    ("slug", "title", "kept"),
    [
        ("u-s-citizenship-and-immigration-services", "Meetings", True),
        ("executive-office-for-immigration-review", "Fees", True),
        ("state-department", "Visas: Sample Fees", True),
        ("state-department", "Advisory Committee on Samples", False),
        ("justice-department", "Notice of Consent Decree", False),
        ("labor-department", "Sample for H-2A Workers", True),
        ("energy-department", "Visas for Samples", False),
    ],
)
def test_a_shared_agency_is_read_where_its_title_touches_aliens(
    slug: str, title: str, kept: bool
) -> None:
    reading = read(filing(title=title, agencies=[{"name": "A", "slug": slug}]))
    assert bool(reading.versions) is kept
    assert reading.listed == ("2026-99730",)


def test_every_presidential_document_is_read() -> None:
    assert read(filing(type="Presidential Document", agencies=[])).versions


@pytest.mark.parametrize(
    ("title", "touches"),
    [
        ("Alienation of Samples", False),
        ("ALIENS AND SAMPLES", True),
        ("Sample for H-2A and H-2B Workers", True),
        ("A Temporary Protected Status Sample", True),
        ("Status, Temporary and Protected", False),
    ],
)
def test_words_count_whole_and_in_either_case(title: str, touches: bool) -> None:
    assert says(TERMS, title) is touches


def test_the_day_of_filing_is_the_day_in_washington_and_nothing_is_published() -> None:
    version = only(filed_at="2026-11-03T04:15:00.000Z")
    assert version.date(DateKind.INSPECTION) == date(2026, 11, 2)
    assert version.date(DateKind.PUBLISHED) is None
    assert version.metadata["expected_publication"] == "2026-11-04"


def test_subjects_stand_in_for_a_title_that_is_missing() -> None:
    version = only(title=None, subject_1="Visas:", subject_2="Sample Fees", subject_3=None)
    assert version.title == "Visas: Sample Fees"


def test_stamps_and_counters_are_no_part_of_a_version() -> None:
    address = "https://public-inspection.federalregister.gov/2026-99730.pdf"
    calm = only(pdf_url=address)
    stamped = only(pdf_url=f"{address}?1793654108", pdf_updated_at="x", page_views={"count": 9})
    assert calm == stamped


@pytest.mark.parametrize(
    "body",
    [
        b"<html>maintenance</html>",
        b"[]",
        b'{"results": []}',
        b'{"count": 1}',
        b'{"count": 1, "results": [{}]}',
        json.dumps({"count": 1, "results": [filing(filed_at="soon", type=None)]})
        .replace("state-department", "refugee-resettlement-office")
        .encode(),
    ],
)
def test_a_list_that_lost_its_shape_is_an_error(body: bytes) -> None:
    with pytest.raises(PageChanged):
        PublicInspectionSpider.read(page("public_inspection", CURRENT, body))


def test_one_request_reads_what_is_on_file(tmp_path: Path) -> None:
    filings = json.loads((STORED / "current.json").read_text("utf-8"))["results"]
    assert [f.url for f in PublicInspectionSpider.seeds(Visit(now=NOW))] == [CURRENT]
    with SimulatorServer(Simulator([], filings=filings)) as server:
        crawled = visit("public_inspection", tmp_path, server.origins, NOW)
        assert [target for target in server.asked if "robots" not in target] == [
            f"/{HOST}/api/v1/public-inspection-documents/current.json"
        ]
    assert crawled.outcome
    assert crawled.outcome.complete
    keys = {v.document.key for v in PublicInspectionSpider.read(crawled.page(CURRENT)).versions}
    assert keys == {"2026-99709", "2026-99721", "2026-99723"}


def test_the_recorded_list_is_read_whole(shared: Path) -> None:
    folder = shared / "recorded/2020-08/www.federalregister.gov/api/v1"
    body = (folder / "public-inspection-documents/current.json").read_bytes()
    reading = PublicInspectionSpider.read(page("public_inspection", CURRENT, body))
    assert len(reading.listed) == 100
    assert len(reading.versions) == 3  # of the President; none else touches aliens
    assert {version.metadata["filing_type"] for version in reading.versions} == {"special"}
