"""Results of a search as JSON, so that another program can read them."""

from __future__ import annotations

from typing import Any

from index.search import Found, Hit, Results
from lexwatch.output.findings import finding_row
from lexwatch.output.hits import cited
from lexwatch.output.known import relation_row
from pipeline.model import State


def row(hit: Hit) -> dict[str, Any]:
    """A result as JSON."""
    return {
        **facts(hit),
        "why": list(hit.why),
        "relations": [relation_row(each) for each in hit.relations],
        "treatments": [finding_row(each) for each in hit.treated],
        "passages": [
            {
                **passage(hit, each),
                "marks": [[mark.start, mark.end] for mark in each.marks],
                "best": [each.best.start, each.best.end] if each.best else None,
            }
            for each in hit.passages
        ],
    }


def facts(hit: Hit) -> dict[str, Any]:
    """What is known of a result whatever was asked."""
    return {
        "document": hit.document.name,
        "kind": hit.document.kind,
        "title": hit.title,
        "citation": hit.citation,
        "bluebook": hit.bluebook,
        "issuer": hit.issuer,
        "dated": {"kind": hit.dated.kind, "on": hit.dated.on} if hit.dated else None,
        "state": _state_row(hit.state),
        "binds": hit.binds,
        "binding": hit.binding,
        "url": hit.url,
        "seen_at": hit.seen_at,
        "removed_at": hit.removed_at,
        "stood": hit.stood,
        "form": hit.form,
    }


def passage(hit: Hit, found: Found) -> dict[str, Any]:
    """A passage and where it stands."""
    return {
        "text": found.text,
        "trail": list(found.trail),
        "anchor": found.anchor,
        "page": found.page,
        "cite": cited(hit, found),
    }


def rows(found: Results) -> dict[str, Any]:
    """Results with all that must be said beside them, as JSON."""
    return {
        "shape": found.shape,
        "notes": list(found.notes),
        "expanded": [
            {"words": each.words, "matched": each.matched, "entry": each.entry, "kind": each.kind}
            for each in found.expanded
        ],
        "documents": found.documents,
        "counts": {
            facet: {each.value: each.documents for each in every}
            for facet, every in found.counts.items()
        },
        "hits": [row(hit) for hit in found.hits],
    }


def _state_row(said: State | None) -> dict[str, Any] | None:
    if said is None:
        return None
    return {"state": said.kind, "since": said.since, "by": said.document.name}
