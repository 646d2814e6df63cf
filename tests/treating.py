"""Invented treatments, findings and a status of the sample site's decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from pipeline.citator.model import (
    Coverage,
    Finding,
    Forum,
    Status,
    StatusKind,
    Treatment,
    TreatmentForm,
    TreatmentKind,
)
from pipeline.model import Document

ON = date(2026, 10, 5)
COVERAGE = Coverage(
    decisions=254,
    volumes=((28, 100, 1, 999), (29, 154, 1, 760)),
    full_texts=3,
    as_of=datetime(2026, 11, 22, 18, tzinfo=UTC),
)


def treatment(kind: TreatmentKind = TreatmentKind.OVERRULED, **more: Any) -> Treatment:
    """By a headnote's tag about Matter of SAMPLE-B-, unless `more` says otherwise."""
    sentence = f"Matter of SAMPLE-B-, 99 I&N Dec. 112 (BIA 2026), {kind}."
    given = {
        "form": TreatmentForm.TAG,
        "target": "99 I&N Dec. 112",
        "name": "Matter of SAMPLE-B-",
        "court": "BIA 2026",
        "sentence": sentence,
        "start": 0,
        "end": len(sentence),
    }
    return Treatment(kind=kind, **{**given, **more})


def finding(said: Treatment | None = None, **more: Any) -> Finding:
    """As the sample site's Matter of SAMPLE-E- says it, unless `more` says otherwise."""
    told = Finding(
        treatment=said or treatment(),
        document=Document(source="bia_decisions", key="9905", kind="bia-precedent"),
        title="Matter of SAMPLE-E-",
        citation="99 I&N Dec. 140 (BIA 2026)",
        issuer="Board of Immigration Appeals",
        url="https://www.justice.gov/eoir/media/999905/dl?inline",
        court="BIA 2026",
        on=ON,
        year=2026,
    )
    return replace(told, **more)


def reported(by: Treatment, **more: Any) -> Finding:
    """A finding of a deed of which another decision tells."""
    given = {
        "document": Document(source="bia_decisions", key="9907", kind="bia-precedent"),
        "title": "Matter of SAMPLE-F-",
        "citation": "99 I&N Dec. 160 (BIA 2026)",
    }
    return finding(by, **{**given, **more})


def status(*found: Finding, forum: Forum | None = None, **more: Any) -> Status:
    """Of Matter of SAMPLE-B-, negative where anything was found."""
    kind = StatusKind.NEGATIVE if found else StatusKind.NONE_FOUND
    given: dict[str, Any] = {
        "authority": "99 I&N Dec. 112",
        "name": "Matter of SAMPLE-B-",
        "kind": kind,
        "line": f"{kind}, as of November 22, 2026.",
        "forum": forum,
        "on": date(2026, 11, 22),
        "findings": found,
        "elsewhere": (),
        "undated": (),
        "warnings": (),
        "coverage": COVERAGE,
    }
    return Status(**{**given, **more})
