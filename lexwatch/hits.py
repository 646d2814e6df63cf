"""Results of a search in lines for a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from itertools import pairwise
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from alerts.dates import DATES
from alerts.force import authority
from alerts.untrusted import address, plain, spaced
from alerts.wording import calendar, counted, moment
from index.search import Count, Found, Hit, Results
from lexwatch import account, terminal
from lexwatch.findings import finding_row
from lexwatch.known import relation_row
from pipeline.citator.forum import Binding
from pipeline.model import Span, State
from pipeline.query.model import Expansion, Shape

QUOTED = 420  # characters of the passage that answers best; the others get half
VALUES = 8  # shown of each filter's counts
WORDS = 6  # shown of what the thesaurus added for one reason
INDENT = 3
_HERE = {
    Binding.YES: "binds here",
    Binding.IN_PART: "binds here in part",
    Binding.NO: "does not bind here",
    Binding.NOT_STATED: "whether it binds here is not stated",
}
_NOTHING = (
    "Nothing found in what is held. Try fewer or other words, or the term that statutes use; "
    "`lexwatch sources` says what is held and since when."
)


def show(found: Sequence[Hit], zone: tzinfo = UTC) -> None:
    """Print results, each with its citation, what is known of it, and its best passages."""
    terminal.lines(lines(found, zone))


def lines(found: Sequence[Hit], zone: tzinfo = UTC) -> Iterator[RenderableType]:
    """Results, the first first; a line that says so where there is none."""
    if not found:
        yield Text(_NOTHING)
    for rank, hit in enumerate(found, 1):
        yield Text()
        yield _headed(rank, hit)
        yield from (Padding(line, (0, INDENT)) for line in _known(hit))
        for place, passage in enumerate(hit.passages):
            length = QUOTED if place == 0 else QUOTED // 2
            yield from (Padding(line, (0, INDENT)) for line in _passage(hit, passage, length))
        yield from _address(hit, zone)


def before(found: Results, where: str = "") -> Iterator[RenderableType]:
    """What must be said before the results: for which forum they are ordered, the notes, and what
    else was looked for and why."""
    if where:
        yield Text(f"Asked: {where}", style="dim")
    yield from (Text(f"{plain(note)}.", style="yellow") for note in found.notes)
    if told := "; ".join(_expanded(found.expanded)):
        yield Text(f"Also looked for: {told}", style="dim")


def after(found: Results, query: str) -> Iterator[RenderableType]:
    """What to ask next."""
    is_lacking = any(note.endswith("is not held") for note in found.notes)
    if found.shape is Shape.CITATION and is_lacking:
        yield Text()
        yield Text(f'What the documents held say of it: `lexwatch status "{plain(query)}"`')
    if not found.hits:
        return
    first = found.hits[0]
    name = plain(first.citation or first.document.name)
    yield Text()
    yield Text(
        f'Next: `lexwatch show "{name}"` reads one, `cites` says who cites it, `status` what '
        "became of it; `lexwatch search --like` finds more like it.",
        style="dim",
    )


def counts(found: Results, names: Mapping[str, str]) -> Iterator[Text]:
    """By filter, how many documents each choice would leave, the most first."""
    yield Text()
    yield Text(f"Of {counted(found.documents, 'document')} that answer:", style="bold")
    for facet, every in found.counts.items():
        if every:
            told = " · ".join(
                f"{_called(facet, each, names)} {each.documents:,}" for each in every[:VALUES]
            )
            more = len(every) - VALUES
            rest = f" · and {counted(more, 'other')}" if more > 0 else ""
            label = "binds" if facet == "forum" else facet
            yield Text.assemble((f"{label}: ", "bold"), f"{told}{rest}")


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
        "cite": account.cited(hit, found),
    }


def results_row(found: Results) -> dict[str, Any]:
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


def state(said: State | None) -> str:
    """ "in effect since January 5, 2026"; "" where none is said."""
    if said is None:
        return ""
    return f"{said.kind} since {calendar(said.since)}" if said.since else str(said.kind)


def _headed(rank: int, hit: Hit) -> Text:
    """By its citation where there is one; the title stands in it, or before it."""
    cited = plain(hit.bluebook or hit.citation)
    title = plain(hit.title)
    if not cited:
        return Text.assemble(f"{rank}. ", (title, "bold"))
    if hit.bluebook and _is_named(hit, cited):
        return Text.assemble(f"{rank}. ", (cited, "bold"))
    return Text.assemble(f"{rank}. ", (title, "bold"), f", {cited}")


def _is_named(hit: Hit, cited: str) -> bool:
    """Whether a citation holds the title, in whatever letters."""
    said = "".join(filter(str.isalnum, plain(hit.title).casefold()))
    return said in "".join(filter(str.isalnum, cited.casefold()))


def _known(hit: Hit) -> Iterator[RenderableType]:
    stated = f"{DATES[hit.dated.kind]} {calendar(hit.dated.on)}" if hit.dated else ""
    stated = stated or "date not stated"
    kind = authority(hit.document.kind).title
    told = (plain(hit.issuer), kind, stated, state(hit.state))
    yield Text(" · ".join(filter(None, told)), style="dim")
    here = _HERE[hit.binding] if hit.binding else ""
    yield Text(": ".join(filter(None, (here, hit.binds))), style="bold" if here else "")
    if hit.removed_at:
        yield Text("the site shows it no more; this is the last text held", style="bold yellow")
    if hit.stood:
        yield Text(_compared(hit), style="yellow")
    yield from account.acted_on(hit.document, hit.relations)
    yield from account.against(hit)
    yield Text(f"found: {plain(account.found(hit))}", style="dim")


def _compared(hit: Hit) -> str:
    is_changed = hit.stood.endswith("it has changed since")
    return f"{hit.stood}: `lexwatch compare {hit.document.name}`" if is_changed else hit.stood


def _passage(hit: Hit, found: Found, length: int) -> Iterator[RenderableType]:
    if found.trail:
        yield Text(" › ".join(map(plain, found.trail)), style="italic")
    yield quoted(found, length)
    if cited := account.cited(hit, found):
        yield Text(cited, style="dim")


def quoted(found: Found, length: int) -> Text:
    """So many characters of a passage, around its best sentence, with what was found in bold and
    the rest of it dim."""
    start, end = _window(found.text, found.best, length)
    said = Text("… " if start else "")
    edges = {start, end}
    edges |= {edge for span in (*found.marks, *filter(None, [found.best])) for edge in _edges(span)}
    for left, right in pairwise(sorted(edge for edge in edges if start <= edge <= end)):
        is_found = any(_within(left, mark) for mark in found.marks)
        is_best = found.best is None or _within(left, found.best)
        style = "bold" if is_found else "" if is_best else "dim"
        said.append(spaced(found.text[left:right]), style=style)
    if end < len(found.text):
        said.append(" …")
    return said


def _edges(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _within(at: int, span: Span) -> bool:
    return span.start <= at < span.end


def _window(text: str, best: Span | None, length: int) -> tuple[int, int]:
    """Where to cut a text, at spaces, so that its best sentence is in what is left."""
    if len(text) <= length:
        return 0, len(text)
    start = 0
    if best and best.end > length:
        start = max(0, min(best.start, len(text) - length))
        start = best.start if best.end - start > length else start
        start = text.rfind(" ", 0, start + 1) + 1
    end = min(len(text), start + length)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    return start, end


def _address(hit: Hit, zone: tzinfo) -> Iterator[Text]:
    # Never cut: a shortened link is a wrong one in a memorandum. A name of ours leads nowhere.
    if at := address(hit.url):
        yield Text(f"{' ' * INDENT}{at}", style="blue")
    if hit.seen_at:
        yield Text(f"{' ' * INDENT}as seen {moment(hit.seen_at, zone)}", style="dim")


def _expanded(added: Iterable[Expansion]) -> Iterator[str]:
    """By what of the query they were added for."""
    by: dict[str, list[str]] = {}
    for each in added:
        by.setdefault(each.matched, []).append(each.words)
    for matched, words in by.items():
        more = " and more" if len(words) > WORDS else ""
        yield f"{', '.join(words[:WORDS])}{more}, because you wrote “{plain(matched)}”"


def _called(facet: str, each: Count, names: Mapping[str, str]) -> str:
    if facet == "kind":
        return authority(each.value).title
    return names.get(each.value, each.title)


def _state_row(said: State | None) -> dict[str, Any] | None:
    if said is None:
        return None
    return {"state": said.kind, "since": said.since, "by": said.document.name}
