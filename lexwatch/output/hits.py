"""Results of a search in lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from itertools import pairwise

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from alerts.dates import DATES
from alerts.force import authority
from alerts.treated import brief
from alerts.untrusted import address, plain, spaced
from alerts.wording import calendar, counted, moment
from index.search import Count, Found, Hit, Results
from index.search.counts import COUNTED
from lexwatch.output import terminal
from pipeline.calendar import eastern
from pipeline.citator.forum import Binding
from pipeline.identifiers import REPORTED
from pipeline.model import Span, State
from pipeline.query.model import ALIKE, Expansion, Shape

QUOTED = 420  # characters of the passage that answers best; the others get half
WHOLE = 3  # passages quoted so; of the others only the headings are told
VALUES = 8  # shown of each filter's counts
WORDS = 6  # shown of what the thesaurus added for one reason
INDENT = 3
REMOVED = "the site shows it no more; this is the last text held"
HERE = {
    Binding.YES: "Binding here",
    Binding.IN_PART: "Binding here in part",
    Binding.NO: "Not binding here",
    Binding.NOT_STATED: "Whether binding here is not stated",
}
# How a document was found, in words that need no knowledge of the search.
_FOUND = {"matched by words": "has your words", "matched by meaning": "close in meaning"}
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
        for place, passage in enumerate(hit.passages[:WHOLE]):
            length = QUOTED if place == 0 else QUOTED // 2
            yield from (Padding(line, (0, INDENT)) for line in _passage(hit, passage, length))
        if more := _more(hit.passages[WHOLE:]):
            yield Padding(more, (0, INDENT))
        yield from _address(hit, zone)


def before(found: Results, where: str = "") -> Iterator[RenderableType]:
    """What must be said before the results: for which forum they are ordered, the notes, and what
    else was looked for and why."""
    if where:
        yield Text(f"Asked: {where}", style="dim")
    yield from (Text(f"{plain(note)}.", style="yellow") for note in found.notes)
    if told := "; ".join(expanded(found.expanded)):
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
    of = counted(found.documents, "document")
    first = f"the first {COUNTED} of " if found.documents > COUNTED else ""
    yield Text(f"Of {first}{of} that answer:", style="bold")
    for facet, every in found.counts.items():
        if every:
            told = " · ".join(
                f"{called(facet, each, names)} {each.documents:,}" for each in every[:VALUES]
            )
            more = len(every) - VALUES
            rest = f" · and {counted(more, 'other')}" if more > 0 else ""
            label = "binds" if facet == "forum" else facet
            yield Text.assemble((f"{label}: ", "bold"), f"{told}{rest}")


def state(said: State | None) -> str:
    """ "in effect since January 5, 2026"; "" where none is said."""
    if said is None:
        return ""
    return f"{said.kind} since {calendar(said.since)}" if said.since else str(said.kind)


def acted_on(hit: Hit) -> tuple[str, ...]:
    """What later documents and courts did to it, a line each."""
    if not hit.relations:
        return ()
    from lexwatch.output import account  # noqa: PLC0415 - most results have none

    return tuple(line.plain for line in account.acted_on(hit.document, hit.relations))


def warnings(hit: Hit) -> tuple[str, ...]:
    """What must not be missed of a result: that it is gone, what was done to it, a line each."""
    against = brief(hit.treated)
    return (*([REMOVED] if hit.removed_at else []), *acted_on(hit), *([against] if against else []))


def found_by(hit: Hit) -> str:
    """Why a document is among the results, in a reader's words."""
    return "; ".join(_FOUND.get(why, why) for why in hit.why)


def headed(hit: Hit) -> tuple[str, str]:
    """What a document goes by, and what stands after that: its citation, where the title stands in
    it, with nothing after it; else its title with the citation, "" where there is none."""
    cited_as = plain(hit.bluebook or hit.citation)
    if hit.bluebook and _is_named(hit, cited_as):
        return cited_as, ""
    return plain(hit.title), cited_as


def has_changed(hit: Hit) -> bool:
    """Whether the text shown is one of a day gone by, and the document says something else now."""
    return hit.stood.endswith("it has changed since")


def cited(hit: Hit, passage: Found) -> str:
    """How to cite a passage, or why no page of a reported decision can be cited; "" for what stands
    in no reporter and no section."""
    if passage.pin:
        return f"cite as {passage.pin}"
    if hit.document.kind not in REPORTED:
        return ""
    if hit.form:
        return f"{hit.form}: no page can be cited"
    return "stands on no page of the reporter that can be cited: an official headnote, or unpaged"


def _headed(rank: int, hit: Hit) -> Text:
    name, cited = headed(hit)
    return Text.assemble(f"{rank}. ", (name, "bold"), f", {cited}" if cited else "")


def _is_named(hit: Hit, cited: str) -> bool:
    """Whether a citation holds the title, in whatever letters."""
    said = "".join(filter(str.isalnum, plain(hit.title).casefold()))
    return said in "".join(filter(str.isalnum, cited.casefold()))


def _known(hit: Hit) -> Iterator[RenderableType]:
    stated = f"{DATES[hit.dated.kind]} {calendar(hit.dated.on)}" if hit.dated else ""
    stated = stated or "day not stated"
    kind = authority(hit.document.kind).title
    told = (plain(hit.issuer), kind, stated, state(hit.state))
    yield Text(" · ".join(filter(None, told)), style="dim")
    here = HERE[hit.binding] if hit.binding else ""
    yield Text(": ".join(filter(None, (here, plain(hit.binds)))), style="bold" if here else "")
    if hit.stood:
        yield Text(_compared(hit), style="yellow")
    yield from (Text(line, style="bold yellow") for line in warnings(hit))
    yield Text(f"found: {plain(found_by(hit))}", style="dim")


def _compared(hit: Hit) -> str:
    """Where a text has changed since, how to see what changed."""
    if hit.seen_at is None or not has_changed(hit):
        return hit.stood
    day = eastern(hit.seen_at).isoformat()
    return f"{hit.stood}: `lexwatch compare {hit.document.name} --from {day}`"


def _passage(hit: Hit, found: Found, length: int) -> Iterator[RenderableType]:
    if found.trail:
        yield Text(" › ".join(map(plain, found.trail)), style="italic")
    yield quoted(found, length)
    if how := cited(hit, found):
        yield Text(how, style="dim")


def _more(found: Sequence[Found]) -> Text | None:
    """One line of the passages that also answer: how many, and under which headings."""
    if not found:
        return None
    headings = list(dict.fromkeys(plain(each.trail[-1]) for each in found if each.trail))
    under = f", under {'; '.join(headings[:VALUES])}" if headings else ""
    return Text(f"Also in {counted(len(found), 'other passage')}{under}", style="dim")


def quoted(found: Found, length: int) -> Text:
    """So many characters of a passage, around its best sentence, with what was found in bold and
    the rest of it dim."""
    start, end = window(found.text, found.best, length)
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


def window(text: str, best: Span | None, length: int) -> tuple[int, int]:
    """Where to cut a text to so many characters, at spaces, so that its best sentence is in what is
    left."""
    if len(text) <= length:
        return 0, len(text)
    start = 0
    if best and best.end > length:
        start = min(best.start, len(text) - length)
        start = best.start if best.end - start > length else start
        # To the next word: one more at the beginning would cost the sentence its last.
        start = min(text.find(" ", max(0, start - 1)) + 1 or best.start, best.start)
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


def expanded(added: Iterable[Expansion]) -> Iterator[str]:
    """What was looked for besides, by what of the query it was added for."""
    by: dict[str, list[str]] = {}
    for each in added:
        by.setdefault(each.matched, []).append(each.words)
    for matched, words in by.items():
        more = " and more" if len(words) > WORDS else ""
        why = f"you wrote “{plain(matched)}”"
        if matched.startswith(ALIKE):
            why = f"your words are near in meaning to {plain(matched.removeprefix(ALIKE))}"
        yield f"{', '.join(words[:WORDS])}{more}, because {why}"


def called(facet: str, each: Count, names: Mapping[str, str]) -> str:
    """What readers call a value of a filter."""
    if facet == "kind":
        return authority(each.value).title
    return names.get(each.value, each.title.replace("_", " "))
