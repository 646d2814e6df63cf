"""Identifiers as people type them into a search box, where no text around says what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.model import Citation

_SERIAL = r"(?P<number>\d{4,5}|\d{1,2},\d{3})"
# (kind, whole query in any case, canonical spelling)
_IDENTIFIERS = (
    (
        "interim_decision",
        r"(?:ID|I\.D\.|interim decision|int\.? dec\.?)\s*(?:no\.?\s*)?#?\s*(?P<number>\d{4})",
        "Interim Decision {}",
    ),
    (
        "fr_docnum",
        r"(?P<number>(?:[A-Z]\d-)?\d{4}-\d{4,6}|[CERXZ]\d-\d{1,6}|[09]\d-\d{4,5})",
        "FR Doc. {}",
    ),
    ("rin", r"(?P<number>\d{4}-[A-Z]{2}\d{2})", "RIN {}"),
    # Not every letter with a number: H-1B, F-1 and EB-5 are classes of people.
    (
        "form",
        r"(?P<number>(?:I-\d{1,4}|[GN]-\d{2,4}|(?:AR|DS|EOIR|ETA|ORR|WH)-\d{1,4})[A-Z]{0,4})",
        "Form {}",
    ),
    ("form", r"ETA (?P<number>\d{3,4}[A-Z]?)", "Form ETA-{}"),
    (
        "executive_order",
        rf"(?:exec(?:utive|\.)? order|e\.? ?o\.?)\s*(?:no\.? )?#?{_SERIAL}",
        "EO {}",
    ),
    (
        "proclamation",
        rf"(?:presidential )?proc(?:lamation|\.)?\s*(?:no\.? )?#?{_SERIAL}",
        "Proc. {}",
    ),
    (
        "public_law",
        r"p(?:ub(?:lic|\.)?)? ?l(?:aw|\.)? ?(?:no\.? )?(?P<number>\d{2,3}-\d{1,4})",
        "Pub. L. {}",
    ),
    (
        "policy_memo",
        r"(?:USCIS )?policy memorandum (?:PM[- ])?(?P<number>\d{3}-\d{4}(?:\.\d{1,2})?)",
        "PM-{}",
    ),
    ("policy_memo", r"(?:USCIS )?policy alert (?P<number>PA-\d{4}-\d{1,3})", "{}"),
    ("policy_memo", r"OOD (?P<number>(?:PM|DM|OPPM) \d{2}-\d{2})", "{}"),
)
_DASH = r"[-\u2010-\u2015]"
_NUMBERED = re.compile(
    r"(?<![\w.-])(?:(?:FR|Federal\s+Register)\s+)?"
    rf"(?:Doc(?:ument|\.)?|(?:FR|Federal\s+Register)(?!\s\d{{4}}{_DASH}(?:19|20)\d\d(?!\d)))\s+"
    rf"(?:(?:No\.?|number|#)\s*)?(?P<doc>(?:[A-Z]\d{_DASH})?(?:19|20)\d\d{_DASH}\d{{1,6}})(?![\w-])"
    rf"|(?<![\w./-])(?P<sure>[CERXZ]\d{_DASH}(?:19|20)\d\d{_DASH}\d{{4,6}}|20\d\d{_DASH}\d{{5}})(?![\w-])",
    re.IGNORECASE,
)
_MANUAL = re.compile(
    r"(?:USCIS[- ](?:PM|policy manual),?\s)?vol(?:ume|\.)?\s(?P<volume>\d{1,2}),?\s"
    r"(?:part|pt\.)\s(?P<part>[A-Z])(?:,?\sch(?:apter|\.)?\s(?P<chapter>\d{1,2}))?",
    re.IGNORECASE,
)


def identified(query: str) -> Iterator[Citation]:
    """What the whole query may be, the likeliest first."""
    for kind, pattern, spelling in _IDENTIFIERS:
        if match := re.fullmatch(pattern, query, re.IGNORECASE):
            yield _whole(query, kind, spelling.format(match["number"].upper().replace(",", "")))
    if match := _MANUAL.fullmatch(query):
        chapter = f".{match['chapter']}" if match["chapter"] else ""
        place = f"{match['part'].upper()}{chapter}"
        yield _whole(query, "uscis_pm", f"{match['volume']} USCIS-PM {place}")


def within(query: str) -> Iterator[Citation]:
    """The Federal Register's document numbers that stand in a question: "fr doc 2025-1031", and
    what no year, docket or form looks like ("2022-22465", "C1-2026-12542")."""
    for match in _NUMBERED.finditer(query):
        number = re.sub(_DASH, "-", match["doc"] or match["sure"]).upper()
        yield Citation(
            raw=match[0],
            start=match.start(),
            end=match.end(),
            kind="fr_docnum",
            canonical=f"FR Doc. {number}",
        )


def _whole(query: str, kind: str, canonical: str) -> Citation:
    return Citation(raw=query, start=0, end=len(query), kind=kind, canonical=canonical)
