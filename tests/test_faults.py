"""Every fault a publisher can show, in one crawl of real HTTP: what it costs, and what it must not.

The pages are samples, invented, in the layout of EOIR's volume pages of 2024 and of the Federal
Register's API and XML.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes import HashingEncoder
from rehearsed import quietly
from servers import Answer, Asked, Publisher, Route

from index import history
from index.runs import Run, RunState
from lexwatch import jobs
from lexwatch.app import App
from lexwatch.settings import Crawl, Data, Settings, Source
from pipeline.model import ChangeKind

pytestmark = pytest.mark.usefixtures("warm")

SITE, USCIS = "https://www.justice.gov", "https://www.uscis.gov"
REGISTER = "https://www.federalregister.gov"
LIST = "/eoir/ag-bia-decisions"
FIRST = datetime(2026, 10, 5, 18, tzinfo=UTC)
DAY = timedelta(days=1)
HTML = {"Content-Type": "text/html; charset=utf-8"}
SOUND = 30  # the volume in which nothing ever goes wrong


def volume(number: int, decisions: int) -> Answer:
    listed = "".join(
        f'<table class="no-background"><tr><td>SAMPLE-{number}-{n}, {number} I&amp;N Dec. {n} '
        f"(BIA 2026)</td><td><a href='/eoir/media/{number}{n:02}/dl?inline'>ID {number}{n:02} "
        f"(PDF)</a></td></tr></table><p>An invented headnote, number {n}.</p>"
        for n in range(1, decisions + 1)
    )
    page = f'<html><body><div class="field_body">{listed}</div></body></html>'
    return Answer(body=page.encode(), headers=HTML)


FAULTS: dict[int, Route] = {
    10: Answer(status=500, body=b"broken"),
    11: Answer(status=404, body=b"not here"),
    12: Answer(status=410, body=b"gone"),
    13: Answer(reset=True),
    14: Answer(wait=3.0),
    15: Answer(body=volume(15, 3).body, headers=HTML, cut=500),
    16: Answer(body=bytes(3_000_000), headers=HTML),
    17: Answer(body=gzip.compress(bytes(60_000_000)), headers={**HTML, "Content-Encoding": "gzip"}),
    18: Answer(body=b"%PDF-1.7 not a page", headers={"Content-Type": "application/pdf"}),
    19: Answer(body=volume(19, 3).body[:300], headers=HTML),
    20: Answer(body=volume(20, 3).body, headers={**HTML, "Content-Encoding": "gzip"}),
    21: Answer(body=b"<html><body><p>Under maintenance</p></body></html>", headers=HTML),
    22: Answer(body=b"", headers=HTML),
    23: Answer(status=302, headers={"Location": "/eoir/volume-23"}),
    24: Answer(status=302, headers={"Location": "https://elsewhere.test/eoir/volume-24"}),
    25: Answer(status=302, headers={"Location": "http://10.0.0.1/eoir/volume-25"}),
    26: Answer(status=302, headers={"Location": "file:///etc/passwd"}),
    27: Answer(body=b'{"volume": 27}', headers={"Content-Type": "application/json"}),
    28: Answer(body=b"\xff\xfe\x00" + bytes(range(256)) * 4, headers=HTML),
}


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as serving:
        healthy(serving, 2)
        yield serving


def healthy(publisher: Publisher, decisions: int) -> None:
    volumes = (*FAULTS, SOUND)
    links = "".join(f'<a href="/eoir/volume-{n}">Volume {n}</a>' for n in volumes)
    publisher.routes = {LIST: Answer(body=links.encode(), headers=HTML)}
    publisher.routes |= {f"/eoir/volume-{n}": volume(n, decisions) for n in volumes}


class Office:
    """An office that watches two publishers: the one at fault, and one that answers nothing."""

    def __init__(self, folder: Path, publisher: Publisher) -> None:
        self.settings = Settings(
            data=Data(folder=str(folder)),
            origins={
                SITE: publisher.base,
                USCIS: f"{publisher.base}/uscis",
                REGISTER: f"{publisher.base}/register",
            },
            sources={
                "bia_decisions": Source(floor=0, options={"pdfs_from_volume": 999}),
                "federal_register": Source(
                    options={"conditions": [{"agencies": ["sample-agency"]}], "since": "2026-10-01"}
                ),
            },
            crawl=Crawl(timeout=1.0, max_megabytes=1, retries=1, backoff=0.01, patience=5.0),
        )

    def visit(self, at: datetime, *sources: str) -> tuple[Run, ...]:
        app = App(self.settings, lambda: at)
        app.encoder = HashingEncoder()
        read = jobs.crawl(app, sources or ("bia_decisions",), quietly, at=at)
        app.database.close()
        return read.runs

    def told(self) -> dict[str, str]:
        app = App(self.settings)
        changes = history.recorded(app.database)
        app.database.close()
        return {change.document.key: change.difference.kind for change in changes}


def test_no_fault_of_a_page_loses_data_or_removes_any(tmp_path: Path, publisher: Publisher) -> None:
    office = Office(tmp_path, publisher)
    (run,) = office.visit(FIRST)
    assert (run.state, run.documents) == (RunState.COMPLETE, 40)

    healthy(publisher, 3)
    publisher.routes |= {f"/eoir/volume-{n}": fault for n, fault in FAULTS.items()}
    for days in (1, 2, 3):
        (run,) = office.visit(FIRST + days * DAY)
        assert run.state is RunState.FAILED
        struck = {failure.split(": ")[0].rpartition("-")[2] for failure in run.failures}
        assert struck == {str(n) for n in FAULTS}
        assert office.told() == {f"{SOUND}03": ChangeKind.NEW}

    healthy(publisher, 3)
    (run,) = office.visit(FIRST + 4 * DAY)
    assert (run.state, run.documents) == (RunState.COMPLETE, 60)
    assert office.told() == {f"{n}03": ChangeKind.NEW for n in (*FAULTS, SOUND)}


@pytest.mark.parametrize("status", [200, 401])
def test_a_wall_ends_the_run_and_removes_nothing_and_the_next_run_goes_on(
    tmp_path: Path, publisher: Publisher, status: int
) -> None:
    office = Office(tmp_path, publisher)
    office.visit(FIRST)
    healthy(publisher, 3)
    wall = b"<html><head><title>I'm not a robot</title></head><body></body></html>"
    publisher.routes["/eoir/volume-12"] = Answer(status=status, body=wall, headers=HTML)
    for days in (1, 2):
        asked = len(publisher.asked)
        (run,) = office.visit(FIRST + days * DAY)
        assert (run.state, run.blocked) == (RunState.FAILED, True)
        assert f"/eoir/volume-{SOUND}" not in publisher.paths()[asked:]
    assert set(office.told().values()) == {ChangeKind.NEW}
    healthy(publisher, 3)
    (run,) = office.visit(FIRST + 3 * DAY)
    assert run.state is RunState.COMPLETE
    assert len(office.told()) == len(FAULTS) + 1


def test_a_publisher_that_asks_us_to_wait_is_left_alone_and_stops_nobody_else(
    tmp_path: Path, publisher: Publisher
) -> None:
    office = Office(tmp_path, publisher)
    publisher.routes["/uscis/policy-manual"] = Answer(status=429, headers={"Retry-After": "3600"})
    runs = {run.source: run for run in office.visit(FIRST, "bia_decisions", "uscis_policy_manual")}
    assert runs["bia_decisions"].state is RunState.COMPLETE
    assert "asks us to wait 3600 s" in runs["uscis_policy_manual"].failures[0]
    assert sum(path.startswith("/uscis/policy-manual") for path in publisher.paths()) == 1


def document(number: int) -> Answer:
    body = (
        "<NOTICE><PREAMB><AGENCY>SAMPLE AGENCY</AGENCY><SUBJECT>An Invented Notice</SUBJECT>"
        "</PREAMB><P>An invented text on asylum.</P>"
        f"<FRDOC>[FR Doc. 2026-9900{number} Filed 10-2-26; 8:45 am]</FRDOC></NOTICE>"
    )
    return Answer(body=body.encode(), headers={"Content-Type": "text/xml"})


def listed(*numbers: int) -> Answer:
    entries = [
        {
            "document_number": f"2026-9900{n}",
            "publication_date": "2026-10-06",
            "type": "Notice",
            "title": f"An Invented Notice, No. {n}",
            "agencies": [{"name": "Sample Agency"}],
            "full_text_xml_url": f"{REGISTER}/documents/full_text/xml/2026/10/06/2026-9900{n}.xml",
        }
        for n in numbers
    ]
    said = {"count": len(entries), "total_pages": 1, "results": entries}
    return Answer(body=json.dumps(said).encode(), headers={"Content-Type": "application/json"})


BILLION = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
TEXTS: dict[int, Answer] = {
    1: document(1),
    2: Answer(body=document(2).body[:80], headers={"Content-Type": "text/xml"}),
    3: Answer(
        body=f'<!DOCTYPE NOTICE [<!ENTITY a0 "ha">{BILLION}]><NOTICE><P>&a9;</P></NOTICE>'.encode(),
        headers={"Content-Type": "text/xml"},
    ),
    4: Answer(
        body=b'<!DOCTYPE N [<!ENTITY f SYSTEM "file:///etc/passwd">]><NOTICE><P>&f;</P></NOTICE>'
    ),
    5: Answer(body=b"<NOTICE>" + b"<P>" * 50_000, headers={"Content-Type": "text/xml"}),
    6: Answer(body=b"\xff\xfe<\x00N", headers={"Content-Type": "text/xml; charset=utf-16"}),
    7: Answer(body=b"<html><body>Sorry</body></html>", headers=HTML),
    8: document(1),  # another document than the one that was listed
}


def register(publisher: Publisher, answer: Answer, texts: Mapping[int, Answer]) -> None:
    api = "/register/api/v1/documents.json"
    paths = {f"/register/documents/full_text/xml/2026/10/06/2026-9900{n}.xml": n for n in texts}

    def route(asked: Asked) -> Answer:
        path = asked.path.partition("?")[0]
        if path == api:
            return answer
        return texts[paths[path]] if path in paths else Answer(status=404)

    publisher.answer = route  # type: ignore[method-assign]  # one that answers by path alone


def test_no_fault_of_a_list_or_a_text_of_the_register_loses_a_document(
    tmp_path: Path, publisher: Publisher
) -> None:
    office = Office(tmp_path, publisher)
    register(publisher, listed(), {})
    (run,) = office.visit(FIRST, "federal_register")
    assert run.state is RunState.COMPLETE

    for days, body in enumerate((b'{"count": 8, "results": [', b"[" * 100_000, b"null", b"")):
        answer = Answer(body=body, headers={"Content-Type": "application/json"})
        register(publisher, answer, TEXTS)
        (run,) = office.visit(FIRST + (1 + days) * DAY, "federal_register")
        assert run.state is RunState.FAILED
        assert office.told() == {}

    register(publisher, listed(*TEXTS), TEXTS)
    (run,) = office.visit(FIRST + 6 * DAY, "federal_register")
    unread = {line.split(": ")[0] for line in run.failures if "/full_text/xml/" in line}
    assert len(unread) == len(TEXTS) - 1
    assert set(office.told()) == {"2026-99001@2026-10-06"}

    register(publisher, listed(*TEXTS), {n: document(n) for n in TEXTS})
    (run,) = office.visit(FIRST + 7 * DAY, "federal_register")
    assert run.state is RunState.COMPLETE
    assert set(office.told()) == {f"2026-9900{n}@2026-10-06" for n in TEXTS}
    assert set(office.told().values()) == {ChangeKind.NEW}
