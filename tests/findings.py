"""Findings for tests of the citator; every decision in them is invented."""

from __future__ import annotations

from datetime import date
from typing import Any

from pipeline.citator.model import Finding, Treatment, TreatmentForm, TreatmentKind
from pipeline.model import Document

KINDS = {"A.G": "ag-precedent", "BIA": "bia-precedent", "Cir": "court-opinion"}


def finding(
    kind: TreatmentKind = TreatmentKind.OVERRULED,
    *,
    court: str = "BIA 2021",
    citation: str | None = None,
    title: str = "Matter of Doer",
    issuer: str = "",
    kind_of_document: str = "",
    target: str = "26 I&N Dec. 900",
    target_name: str = "Matter of Sample",
    target_court: str = "BIA 2015",
    form: TreatmentForm = TreatmentForm.TAG,
    on: date | None = None,
    year: int | None = None,
    effective: date | None = None,
    by_then: date | None = date(2026, 11, 22),
    place: str = "29 I&N Dec. 901",
    sentence: str = "",
    **said: Any,
) -> Finding:
    """`court` and `place` are those of the document that says so; `said` goes to `Treatment`."""
    sentence = sentence or f"{target_name}, {target} ({target_court}), {kind}."
    return Finding(
        treatment=Treatment(
            kind=kind,
            form=form,
            target=target,
            name=target_name,
            court=target_court,
            sentence=sentence,
            start=0,
            end=len(sentence),
            **said,
        ),
        document=Document(source="bia_decisions", key=place, kind=kind_of_document or _kind(court)),
        title=title,
        citation=f"{place} ({court})" if citation is None else citation,
        issuer=issuer,
        url="https://www.justice.gov/eoir/media/999999/dl?inline",
        court=court,
        on=on,
        year=year or (on.year if on else None) or _year(said.get("by_court") or court),
        effective=effective,
        by_then=by_then,
    )


def _kind(court: str) -> str:
    return next((kind for mark, kind in KINDS.items() if mark in court), "agency-precedent")


def _year(court: str) -> int | None:
    return int(court[-4:]) if court[-4:].isdigit() else None
