"""Results as JSON, so that another program can read them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any

from alerts.deadlines import urgent
from alerts.deliver import Sent
from alerts.force import authority_of
from alerts.redline import Line, left_out, redline, text
from alerts.treated import stated
from alerts.wording import last_text
from index.lookup import Shown
from index.runs import Run
from lexwatch.output import findings, terminal
from lexwatch.output.findings import treatment_row
from lexwatch.output.known import event_row, particulars_row
from pipeline.bulletin import charts
from pipeline.citator.model import Status
from pipeline.model import (
    Announcement,
    Block,
    Change,
    Document,
    SourceReport,
    Tag,
    Version,
)
from pipeline.orders import Order
from pipeline.sweep import sweeps, told_once
from pipeline.weight import RULES

print_json = terminal.print_json


def change_rows(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The changes of a period, each with the sweeps of terms that went through it, and whether
    nothing else changed in it.

    `acts` names the events that each is part of by their acts; `events` gives an event whole in the
    first of the changes that is part of it, and in no other: together they are every event once.
    """
    given = tuple(changes)
    found = sweeps(given)
    once = told_once(found)
    told: set[Document] = set()
    rows = []
    for change in given:
        row = {
            **change_row(change, told),
            "sweeps": [f"{each.old} → {each.new}" for each in found if change in each.documents],
            "only_sweeps": change.id in once,
        }
        told |= {event.act for event in change.events}
        rows.append(row)
    return rows


def change_row(change: Change, told: Collection[Document] = ()) -> dict[str, Any]:
    """A change, with its redline as text: [-deleted-] and {+inserted+}; `told` are the acts of
    events that are given already."""
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
        "urgent": list(urgent(change)),
        "authority": authority_of(last_text(change)).title,
        "treatments": [treatment_row(each) for each in stated(change)],
        "summary": difference.summary,
        "reasons": list(difference.reasons),
        "weights": list(difference.weights),
        "announcement": announcement_row(change.announcement),
        "acts": [event.act.name for event in change.events],
        "events": [event_row(event) for event in change.events if event.act not in told],
        "topics": [tag_row(tag) for tag in change.tags],
        **particulars_row(change.new, change.standings, change.relations),
        "metadata": [
            {"field": field, "old": old, "new": new} for field, old, new in difference.metadata
        ],
        "redline": [line_row(line) for line in redline(change)],
        "ignored": [line_row(line) for line in left_out(change)],
    }


def line_row(line: Line) -> dict[str, str]:
    """A line of a redline, with the rule by which it is no change of substance, and why that is."""
    return {
        "place": line.place,
        "note": line.note,
        "rule": line.rule,
        "why": RULES[line.rule].why if line.rule in RULES else "",
        "text": text(line.pieces, deleted=("[-", "-]"), inserted=("{+", "+}")),
    }


def announcement_row(announcement: Announcement | None) -> dict[str, Any] | None:
    """How a change to guidance was announced; None where its source announces nothing."""
    if announcement is None:
        return None
    entry = announcement.entry
    return {
        "state": announcement.state,
        "entry": entry.name if entry else None,
        "words": announcement.words,
    }


def document_row(shown: Shown, status: Status | None = None) -> dict[str, Any]:
    """A document as one of its versions has it; `status` where it is a decision, or was treated."""
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
        "removed_at": shown.removed_at,
        "announcement": announcement_row(shown.announcement),
        "events": [event_row(event) for event in shown.events],
        "authority": authority_of(version).title,
        "status": status and findings.row(status),
        "treatments": [treatment_row(each.treatment) for each in shown.says],
        **particulars_row(version, shown.standings, shown.relations),
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
        **charts_row(version),
        "blocks": [block_row(block) for block in version.blocks],
    }


def charts_row(version: Version) -> dict[str, Any]:
    """The charts of a Visa Bulletin as data; nothing of another document."""
    if version.document.kind != "visa-bulletin":
        return {}
    return {"charts": [asdict(cell) for cell in charts(version.blocks)]}


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
        "whole": run.is_whole,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "requests": run.requests,
        "bytes": run.bytes,
        "documents": run.documents,
        "blocked": run.blocked,
        "failures": list(run.failures),
    }


def report_row(report: SourceReport, latest: Run | None, off: str) -> dict[str, Any]:
    """A source: what is held of it, how its last run went, and why it is `off` if it is."""
    return {
        "source": report.source,
        "title": report.title,
        "first_complete": report.first_complete,
        "last_complete": report.last_complete,
        "last_look": report.last_look,
        "documents": report.documents,
        "newest": report.newest,
        "quiet": report.quiet,
        "off": off,
        "last_run": latest and run_row(latest),
    }


def sent_row(sent: Sent) -> dict[str, Any]:
    """What became of one letter."""
    return {
        "kind": sent.kind,
        "channel": sent.channel,
        "reader": sent.reader,
        "address": sent.address,
        "outcome": sent.outcome,
        "where": sent.where,
        "error": sent.error,
    }


def tag_row(tag: Tag) -> dict[str, Any]:
    """A topic with its evidence."""
    return {"topic": tag.topic, "score": round(tag.score, 3), "evidence": list(tag.evidence)}


def order_row(order: Order) -> dict[str, Any]:
    """A court's order as it was entered by hand."""
    return {"document": order.document.name, "citation": order.citation, **asdict(order)}
