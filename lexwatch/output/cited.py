"""Who cites an authority and what it cites, in lines for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from alerts import treated
from alerts.untrusted import address, plain
from alerts.wording import counted, sentence
from index.citator import Cite, Cites
from lexwatch.output.findings import treatment_row
from pipeline.citator.model import Bearing, Treatment
from pipeline.pin import pin

QUOTED = 3  # sentences of one document that are quoted unless all are asked for
LIMITS = (
    "Only what is held counts: of most decisions the headnotes, and few courts' opinions. That "
    "nobody is found to cite it says nothing of the rest."
)
LISTED = 20  # authorities cited that are named unless all are asked for


def lines(told: Cites, *, everything: bool) -> Iterator[RenderableType]:
    """Who cites it, the newest first, each with its sentences; then what it cites itself."""
    this = told.authority
    version = this.held[0].version if this.held else None
    named = (version.title, version.citation) if version else (this.name, this.canonical)
    yield Text(", ".join(filter(None, map(plain, named))), style="bold")
    held = "Held" if version else "Not held itself"
    yield Text(held, style="dim")
    yield from (Text(sentence(plain(each)), style="yellow") for each in told.cautions)
    if others := this.names[1:]:
        yield Text(f"Counted with it: {', '.join(map(plain, others))}", style="dim")
    yield Text()
    yield Text(f"Cited by {counted(told.documents, 'document')} that we hold", style="bold")
    for _, group in groupby(told.citing, key=lambda each: each.document):
        yield from _document([*group], this.canonical, None if everything else QUOTED)
    shown = len({each.document for each in told.citing})
    if told.documents > shown:
        yield _in(Text(f"and {told.documents - shown:,} more documents: --all", style="dim"))
    yield from _cited(told.cited, None if everything else LISTED)
    if version and not told.cited:
        yield Text("\nIn the text of it that we hold we find no citation.", style="dim")
    yield Text(f"\n{LIMITS}", style="dim")


def row(told: Cites) -> dict[str, Any]:
    """Who cites it and what it cites; `documents` counts all that cite it, shown or not."""
    this = told.authority
    return {
        "authority": this.canonical,
        "name": this.name,
        "names": list(this.names),
        "cautions": list(told.cautions),
        "held": [each.version.document.name for each in this.held],
        "documents": told.documents,
        "citing": [cite_row(each) for each in told.citing],
        "cited": [cite_row(each) for each in told.cited],
    }


def cite_row(cite: Cite) -> dict[str, Any]:
    """A sentence that cites, and what stands at the other end of it."""
    return {
        "document": cite.document.name if cite.document else None,
        "name": cite.name,
        "citation": cite.citation,
        "url": cite.url,
        "cites": cite.canonical,
        "sentence": cite.sentence,
        "page": cite.page,
        "times": cite.times,
        "treatments": [treatment_row(each) for each in cite.treatments],
    }


def deed(said: Treatment) -> str:
    """What a sentence says is done to what it cites, and by whom, where it tells of another."""
    unnamed = "another, whom it does not name" if said.by_another else ""
    by = plain(said.by_name or said.by or said.law) or unnamed
    return f"As it tells of {by}: {treated.does(said)}" if by else treated.does(said)


def _document(found: Sequence[Cite], authority: str, most: int | None) -> Iterator[RenderableType]:
    first = found[0]
    yield _in(Text(_named(first), style="bold"))
    for each in found[:most]:
        yield from _sentence(each, authority)
    if most is not None and len(found) > most:
        more = counted(len(found) - most, "more sentence")
        yield _in(Text(f"and {more} of it: --all", style="dim"), 6)
    if link := address(first.url):
        yield Text(f"      {link}", style="blue")


def _sentence(each: Cite, authority: str) -> Iterator[RenderableType]:
    cited = "" if each.canonical == authority else f"cites it as {plain(each.canonical)}"
    page = pin(each.citation, each.page)
    facts = (cited, page and f"cite as {page}")
    yield _in(Text(f"“{plain(each.sentence)}”", style="italic"), 6)
    yield from _treats(each, 6)
    if said := "; ".join(filter(None, facts)):
        yield _in(Text(said, style="dim"), 6)


def _cited(found: Sequence[Cite], most: int | None) -> Iterator[RenderableType]:
    if not found:
        return
    yield Text()
    yield Text(f"Cites {counted(len(found), 'authority', 'authorities')}", style="bold")
    for each in found[:most]:
        held = "" if each.document else " (not held)"
        times = f", in {counted(each.times, 'sentence')}" if each.times > 1 else ""
        yield _in(Text(f"{_named(each)}{held}{times}"))
        if each.treatments:
            yield from _treats(each, 6)
            yield _in(Text(f"“{plain(each.sentence)}”", style="italic"), 6)
    if most is not None and len(found) > most:
        yield _in(Text(f"and {len(found) - most:,} more: --all", style="dim"))


def _treats(each: Cite, indent: int) -> Iterator[RenderableType]:
    for said in each.treatments:
        is_negative = treated.weighs(said) is Bearing.NEGATIVE
        yield _in(Text(deed(said), style="bold yellow" if is_negative else ""), indent)


def _named(each: Cite) -> str:
    name, citation = plain(each.name), plain(each.citation)
    return ", ".join(filter(None, (name, citation if citation != name else "")))


def _in(line: Text, indent: int = 3) -> Padding:
    return Padding(line, (0, 0, 0, indent))
