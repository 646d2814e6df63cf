"""The Federal Register's side: entries and full texts of the script's documents, by its API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any

from benchmarks.quarter.script import REGISTER, Act, Script
from crawlers.simulator import HOST, Simulator

AGENCY = "u-s-citizenship-and-immigration-services"
CONDITIONS = [{"agencies": [AGENCY]}]
NAMES = ("Homeland Security Department", "U.S. Citizenship and Immigration Services")


class Register:
    """The interface on a day: what was published by then."""

    def __init__(self, script: Script, day: date) -> None:
        acts = script.done(day, REGISTER)
        self._shown = {path(act): act for act in acts} | {json_path(act): act for act in acts}
        self._simulator = Simulator(
            [_entry(act) for act in acts], texts={path(act): _text(act) for act in acts}
        )

    def answer(self, asked: str, query: str) -> Mapping[str, Any]:
        """What is shown at a path."""
        if not self._simulator.answers(asked):
            return {"status": 404, "body": b"no such page"}
        status, kind, body = self._simulator.answer(asked, query)
        act = self._shown.get(asked)
        found: dict[str, Any] = {"status": status, "kind": kind, "body": body}
        if act is not None:
            found["acts"] = frozenset({act.number})
        else:
            found["empty"] = b'{"description":"Documents","count":0}'
        return found


def path(act: Act) -> str:
    """Where a document's full text stands."""
    return f"/documents/full_text/xml/{act.on:%Y/%m/%d}/{act.key}.xml"


def json_path(act: Act) -> str:
    return f"/api/v1/documents/{act.key}.json"


def _entry(act: Act) -> dict[str, Any]:
    page = 980_000 + 10 * int(act.key[-3:])
    slugs = ("homeland-security-department", AGENCY)
    return {
        "document_number": act.key,
        "publication_date": act.on.isoformat(),
        "type": "Notice",
        "title": act.title,
        "abstract": _abstract(act),
        "action": "Notice.",
        "agencies": [{"name": n, "slug": s} for n, s in zip(NAMES, slugs, strict=True)],
        "citation": f"91 FR {page}",
        "volume": 91,
        "start_page": page,
        "end_page": page + 1,
        "docket_ids": [f"CIS No. {act.key[-4:]}-26"],
        "regulation_id_numbers": [],
        "cfr_references": [],
        "html_url": f"https://{HOST}/documents/{act.on:%Y/%m/%d}/{act.key}/sample",
        "json_url": f"https://{HOST}{json_path(act)}?publication_date={act.on}",
        "pdf_url": f"https://www.govinfo.gov/content/pkg/FR-{act.on}/pdf/{act.key}.pdf",
        "full_text_xml_url": f"https://{HOST}{path(act)}",
    }


def _abstract(act: Act) -> str:
    return f"This sample notice says how the counter serves those who come. {act.said}"


def _text(act: Act) -> bytes:
    said, title = escape(_abstract(act)), escape(act.title)
    return (
        "<!-- SAMPLE: written for lexwatch in the publisher's markup. -->"
        '<NOTICE><PREAMB><AGENCY TYPE="F">DEPARTMENT OF HOMELAND SECURITY</AGENCY>'
        "<SUBAGY>U.S. Citizenship and Immigration Services</SUBAGY>"
        f"<DEPDOC>[CIS No. {act.key[-4:]}-26]</DEPDOC><SUBJECT>{title}</SUBJECT>"
        '<ACT><HD SOURCE="HED">ACTION:</HD><P>Notice.</P></ACT>'
        f'<SUM><HD SOURCE="HED">SUMMARY:</HD><P>{said}</P></SUM></PREAMB>'
        '<SUPLINF><HD SOURCE="HED">SUPPLEMENTARY INFORMATION:</HD>'
        f"<P>The counter keeps a list. {escape(act.said)}</P></SUPLINF>"
        f"<FRDOC>[FR Doc. {act.key} Filed {act.on.month}-{act.on.day}-{act.on:%y}; 8:45 am]</FRDOC>"
        "<BILCOD>BILLING CODE 0000-00-P</BILCOD></NOTICE>"
    ).encode()
