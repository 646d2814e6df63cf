"""Results as JSON, so that another program can read them."""

from __future__ import annotations

import json
from typing import Any

from alerts.deliver import Sent
from alerts.redline import redline, text
from index.lookup import Shown
from index.runs import Run
from index.search import Hit
from pipeline.model import Block, Change, SourceReport, StatedDate, Tag


def print_json(value: Any) -> None:
    """Print a value as JSON and nothing else."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def hit_row(hit: Hit) -> dict[str, Any]:
    """A search result."""
    return {
        "document": hit.document.name,
        "kind": hit.document.kind,
        "title": hit.title,
        "citation": hit.citation,
        "issuer": hit.issuer,
        "published_on": hit.published_on,
        "url": hit.url,
        "why": list(hit.why),
        "passages": [
            {
                "text": found.text,
                "trail": list(found.trail),
                "anchor": found.anchor,
                "page": found.page,
            }
            for found in hit.passages
        ],
    }


def change_row(change: Change) -> dict[str, Any]:
    """A change, with its redline as text: [-deleted-] and {+inserted+}."""
    difference = change.difference
    return {
        "id": change.id,
        "document": change.document.name,
        "kind": difference.kind,
        "class": difference.change_class,
        "title": change.new.title,
        "citation": change.new.citation,
        "url": change.new.url,
        "seen_at": change.seen_at,
        "baseline": change.baseline,
        "summary": difference.summary,
        "reasons": list(difference.reasons),
        "topics": [tag_row(tag) for tag in change.tags],
        "dates": [date_row(stated) for stated in change.new.dates],
        "metadata": [
            {"field": field, "old": old, "new": new} for field, old, new in difference.metadata
        ],
        "redline": [
            {
                "place": line.place,
                "note": line.note,
                "rule": line.rule,
                "text": text(line.pieces, deleted=("[-", "-]"), inserted=("{+", "+}")),
            }
            for line in redline(change)
        ],
    }


def document_row(shown: Shown) -> dict[str, Any]:
    """A document as one of its versions has it."""
    version = shown.held.version
    return {
        "document": version.document.name,
        "kind": version.document.kind,
        "title": version.title,
        "citation": version.citation,
        "issuer": version.issuer,
        "url": version.url,
        "links": dict(version.links),
        "seen_at": version.seen_at,
        "dates": [date_row(stated) for stated in version.dates],
        "metadata": dict(version.metadata),
        "topics": [tag_row(tag) for tag in shown.tags],
        "versions": [
            {
                "seen_at": each.version.seen_at,
                "parser": each.version.parser,
                "text_digest": each.version.text_digest,
            }
            for each in shown.versions
        ],
        "cited_by": [
            {
                "document": each.document.name,
                "title": each.title,
                "citation": each.citation,
                "words": each.words,
            }
            for each in shown.cited_by
        ],
        "blocks": [block_row(block) for block in version.blocks],
    }


def block_row(block: Block) -> dict[str, Any]:
    """A block of text with its place."""
    return {
        "kind": block.kind,
        "text": block.text,
        "level": block.level,
        "label": block.label,
        "anchor": block.anchor,
        "trail": list(block.trail),
    }


def run_row(run: Run) -> dict[str, Any]:
    """A visit to a source."""
    return {
        "run": run.id,
        "source": run.source,
        "state": run.state,
        "first": run.baseline,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "requests": run.requests,
        "bytes": run.bytes,
        "documents": run.documents,
        "blocked": run.blocked,
        "failures": list(run.failures),
    }


def report_row(report: SourceReport, latest: Run | None) -> dict[str, Any]:
    """A source: what is held of it and how its last run went."""
    return {
        "source": report.source,
        "title": report.title,
        "first_complete": report.first_complete,
        "last_complete": report.last_complete,
        "documents": report.documents,
        "last_run": latest and run_row(latest),
    }


def sent_row(sent: Sent) -> dict[str, Any]:
    """What became of one digest."""
    return {
        "reader": sent.reader,
        "address": sent.address,
        "outcome": sent.outcome,
        "where": sent.where,
        "error": sent.error,
    }


def date_row(stated: StatedDate) -> dict[str, Any]:
    """A date with the words it was read from."""
    return {
        "kind": stated.kind,
        "on": stated.on,
        "words": stated.words,
        "read_from": stated.read_from,
    }


def tag_row(tag: Tag) -> dict[str, Any]:
    """A topic with its evidence."""
    return {"topic": tag.topic, "score": round(tag.score, 3), "evidence": list(tag.evidence)}
