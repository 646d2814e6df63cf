"""Crawled words on a page: escaped, with what was found in them marked."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from markupsafe import Markup, escape

from alerts.untrusted import spaced
from pipeline.citator.model import Status, StatusKind
from pipeline.model import Span

# Those that say what was done against an authority; the rest may weigh on it.
_GRAVE = frozenset({StatusKind.NEGATIVE, StatusKind.NEGATIVE_IN_PART})


def lit(
    text: str,
    marks: Iterable[Span],
    best: Span | None = None,
    part: tuple[int, int] | None = None,
) -> Markup:
    """A text with its marked words in <mark>, and its best sentence in <strong class="best">; or a
    part of it, from a character to before another, with "…" for what is left out."""
    spans = [*marks]
    start, end = part or (0, len(text))
    edges = {start, end} | {edge for each in spans for edge in (each.start, each.end)}
    if best:
        edges |= {best.start, best.end}
    said = Markup("… ") if start else Markup("")
    is_open = False
    for left, right in pairwise(sorted(edge for edge in edges if start <= edge <= end)):
        is_best = best is not None and best.start <= left < best.end
        if is_best is not is_open:
            said += Markup('<strong class="best">') if is_best else Markup("</strong>")
            is_open = is_best
        words = escape(spaced(text[left:right]))
        is_marked = any(each.start <= left < each.end for each in spans)
        said += Markup("<mark>%s</mark>") % words if is_marked else words
    said += Markup("</strong>") if is_open else Markup("")
    return said + Markup(" …") if end < len(text) else said


def flag(status: Status | None) -> Markup:
    """The sign of a status beside the name of an authority; nothing where nothing is found."""
    if status is None or status.kind is StatusKind.NONE_FOUND:
        return Markup("")
    sort, sign = ("grave", "⚑") if status.kind in _GRAVE else ("mild", "⚐")
    return Markup('<span class="sign {}" role="img" aria-label="{}">{}</span>').format(
        sort, status.kind, sign
    )
