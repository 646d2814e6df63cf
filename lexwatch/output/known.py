"""What is known of a document among others, as JSON: its dates, relations and events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from alerts import particulars
from alerts.dates import own
from alerts.lineage import related
from pipeline.disagreement import disagreements
from pipeline.model import Event, Relation, Standing, Version


def particulars_row(
    version: Version, standings: Iterable[Standing], relations: Iterable[Relation]
) -> dict[str, Any]:
    """What a version states besides its text, and what is known of it among others."""
    every, known = tuple(standings), tuple(relations)
    return {
        "dates": date_rows(version, every),
        "disagreements": list(disagreements(version)),
        "relations": [relation_row(each) for each in known],
        "litigation": [
            {"words": each.words, "order": each.other.name, "evidence": each.evidence}
            for each in related(version.document, known)
            if each.is_litigation
        ],
        "chain": [standing_row(each) for each in every if each.document != version.document],
        "amends": [dict(each) for each in version.metadata.get("amends", ())],
        "signed_by": list(version.metadata.get("signed_by", ())),
        "not_held": particulars.not_held(version),
    }


def date_rows(version: Version, standings: Iterable[Standing]) -> list[dict[str, Any]]:
    """The dates with the words each was read from, and whether it still holds."""
    judged = own(version.document, standings)
    rows = []
    for stated in version.dates:
        holds = Standing(document=version.document, stated=stated, live=True)
        holds = judged.get((stated.kind, stated.on), holds)
        rows.append(standing_row(replace(holds, stated=stated)))
    return rows


def standing_row(standing: Standing) -> dict[str, Any]:
    """A date, whose it is, and whether it still holds."""
    stated = standing.stated
    return {
        "document": standing.document.name,
        "kind": stated.kind,
        "on": stated.on,
        "words": stated.words,
        "read_from": stated.read_from,
        "live": standing.live,
        "why": standing.why,
    }


def relation_row(relation: Relation) -> dict[str, Any]:
    """What a later document does to an earlier one."""
    return {
        "kind": relation.kind,
        "earlier": relation.earlier.name,
        "later": relation.later.name,
        "evidence": list(relation.evidence),
    }


def event_row(event: Event) -> dict[str, Any]:
    """An act with its artefacts, oldest first, each with what joins it."""
    return {
        "act": event.act.name,
        "line": event.line,
        "artefacts": [
            {
                "document": each.document.name,
                "kind": each.document.kind,
                "title": each.title,
                "citation": each.citation,
                "url": each.url,
                "on": each.on,
                "dated": each.dated,
                "seen_at": each.seen_at,
                "change": each.change,
                "evidence": list(each.evidence),
            }
            for each in event.artefacts
        ],
        "dates": [standing_row(each) for each in event.standings],
        "states": [
            {
                "state": each.kind,
                "since": each.since,
                "document": each.document.name,
                "words": each.words,
            }
            for each in event.states
        ],
        "court_actions": [
            {
                "action": each.kind,
                "on": each.on,
                "document": each.document.name,
                "words": each.words,
                "entered_by_hand": each.is_by_hand,
            }
            for each in event.court_actions
        ],
    }
