"""The sentences of texts in which something is cited."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, select

from index import schema
from pipeline.citator.masked import masked, sentences
from pipeline.citator.model import Treatment
from pipeline.model import Block, Citation, Span
from pipeline.pin import page_at

# A sentence of citations alone: signals, and what stands in brackets after them. What it is cited
# for is the sentence before.
_CITATIONS = re.compile(
    r"\W*(?:(?:see|cf|eg|e\.g|also|generally|but|accord|compare|with|and|id|supra|at|citing|quoting"
    r"|citations?|omitted|emphasis|added|internal|quotation|marks|footnotes?|\d+)\b\W*)*",
    re.IGNORECASE,
)


class Quoted:
    """The texts of some versions, with what they cite and what they say is done to whom.

    A `place` is a row of `citation`, or has its `version_id`, `block`, `start` and `end`.
    """

    def __init__(self, connection: Connection, versions: Collection[int]) -> None:
        version, citation, treatment = schema.version, schema.citation, schema.treatment
        query = select(version.c.id, version.c.blocks).where(version.c.id.in_(versions))
        self._blocks = {row.id: row.blocks for row in connection.execute(query)}
        self._cited: dict[tuple[int, int], list[Row[Any]]] = {}
        rows = select(citation).where(citation.c.version_id.in_(versions))
        for row in connection.execute(rows.order_by(citation.c.version_id, citation.c.id)):
            cited = self._cited.setdefault((row.version_id, row.block), [])
            cited.append(row)
        self._treated: dict[tuple[int, int], list[Treatment]] = {}
        said = select(treatment.c.version_id, treatment.c.said)
        for row in connection.execute(said.where(treatment.c.version_id.in_(versions))):
            treated = self._treated.setdefault((row.version_id, row.said.block), [])
            treated.append(row.said)
        self._sentences = cache(self._read)

    def block(self, place: Row[Any]) -> Block:
        found: Block = self._blocks[place.version_id][place.block]
        return found

    def span(self, place: Row[Any]) -> Span:
        """Where the sentence of a citation stands in its block."""
        spans = self._sentences(place.version_id, place.block)
        at = bisect_right(spans, place.start, key=lambda span: span.start) - 1
        return spans[max(at, 0)]

    def sentence(self, place: Row[Any]) -> str:
        """The whole sentence of a citation, as printed."""
        span = self.span(place)
        return self.block(place).text[span.start : span.end]

    def page(self, place: Row[Any]) -> str:
        """The reporter's page on which a citation stands, "" where none can be cited."""
        return page_at(self.block(place), place.start)

    def treatments(self, place: Row[Any], names: Collection[str]) -> tuple[Treatment, ...]:
        """What the sentence of a citation says is done to one of these."""
        span = self.span(place)
        return tuple(
            each
            for each in self._treated.get((place.version_id, place.block), ())
            if each.target in names and each.start < span.end and each.end > span.start
        )

    def by_sentence(self, places: Iterable[Row[Any]]) -> list[list[Row[Any]]]:
        """Places grouped by the sentence in which they stand, in their order."""
        found: dict[tuple[int, int, int], list[Row[Any]]] = {}
        for each in places:
            key = each.version_id, each.block, self.span(each).start
            found.setdefault(key, []).append(each)
        return list(found.values())

    def _read(self, version: int, block: int) -> tuple[Span, ...]:
        """The sentences of a block, each with the citation sentences that follow it."""
        text = self._blocks[version][block].text
        shown = masked(text, [*map(_citation, self._cited.get((version, block), ()))])
        found: list[Span] = []
        for span in sentences(shown.text):
            printed = shown.printed(span)
            if found and _CITATIONS.fullmatch(shown.text, span.start, span.end):
                printed = replace(printed, start=found.pop().start)
            found.append(printed)
        return tuple(found) or (Span(start=0, end=len(text)),)


def _citation(row: Row[Any]) -> Citation:
    return Citation(
        raw=row.raw,
        start=row.start,
        end=row.end,
        kind=row.kind,
        canonical=row.canonical,
        pin=row.pin,
        name=row.name,
        court=row.court,
        authority=row.cited if row.cited != row.canonical else "",
    )
