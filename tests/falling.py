"""Deadlines, invented, for tests that start from the noun."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from pipeline.model import DateKind, Deadline, Document

KNOWN = datetime(2026, 11, 20, 15, 4, 5, 678, tzinfo=UTC)
RULE = Document(source="federal_register", key="2026-21001@2026-11-17", kind="proposed-rule")

_COMMENTS = Deadline(
    uid="a0ff78ca-1eb9-5217-8e0d-8d33cee62bb0",
    document=RULE,
    kind=DateKind.COMMENTS_CLOSE,
    on=date(2026, 12, 15),
    was=None,
    words="Comments must be received on or before December 15, 2026.",
    read_from="DATES",
    why="",
    title="Fee Schedule",
    citation="91 FR 60001",
    url="https://www.federalregister.gov/documents/2026/11/17/2026-21001/sample",
    by="",
    source="https://www.federalregister.gov/documents/2026/11/17/2026-21001/sample",
    act=RULE,
    sequence=0,
    is_cancelled=False,
    known_at=KNOWN,
    moved_at=KNOWN,
    changed_at=KNOWN,
    topics=("asylum",),
    members=(RULE,),
)


def deadline(**facts: Any) -> Deadline:
    """Comments on a fee schedule that close on December 15, 2026, but for the facts given."""
    return replace(_COMMENTS, **facts)
