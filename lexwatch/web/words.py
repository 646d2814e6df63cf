"""Crawled words on a page: escaped, with what was found in them marked."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from markupsafe import Markup, escape

from alerts.untrusted import spaced
from pipeline.model import Span


def lit(text: str, marks: Iterable[Span], best: Span | None = None) -> Markup:
    """A text with its marked words in <mark>, and its best sentence in <strong class="best">."""
    spans = [*marks]
    edges = {0, len(text)} | {edge for each in spans for edge in (each.start, each.end)}
    if best:
        edges |= {best.start, best.end}
    said = Markup("")
    is_open = False
    for left, right in pairwise(sorted(edges)):
        is_best = best is not None and best.start <= left < best.end
        if is_best is not is_open:
            said += Markup('<strong class="best">') if is_best else Markup("</strong>")
            is_open = is_best
        words = escape(spaced(text[left:right]))
        is_marked = any(each.start <= left < each.end for each in spans)
        said += Markup("<mark>%s</mark>") % words if is_marked else words
    return said + Markup("</strong>") if is_open else said
