"""A checked draft, in lines for a terminal and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, tzinfo
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from alerts import lineage, treated
from alerts.untrusted import plain
from alerts.wording import calendar, counted
from lexwatch import findings
from lexwatch.known import relation_row
from pipeline.citator.differing import Differing
from pipeline.citator.draft import Draft
from pipeline.citator.forum import words as words_of
from pipeline.citator.model import Bearing, Coverage, Forum, Status
from pipeline.citator.verdict import Checked, Level, Verdict, VerdictKind

NOTHING = "No citation was found in it."
COMPARED = (
    "Quotations are compared word by word; capitals, punctuation and hyphens are not, and what "
    "brackets and three dots stand for is shown. Quotations of fewer than four words, and those "
    "for which no authority or a source that isn't read is cited, are not looked at. Nothing of "
    "the draft was kept."
)
_STYLES = {Level.ATTENTION: "bold yellow", Level.ELSEWHERE: "cyan", Level.NOTED: ""}
_PAGED = (VerdictKind.PIN_RIGHT, VerdictKind.PIN_WRONG)


@dataclass(frozen=True, kw_only=True)
class Told:
    """A draft, what was found of its citations, and what the answer rests on."""

    draft: Draft
    found: tuple[Checked, ...]
    coverage: Coverage
    forum: Forum | None
    on: date


def lines(told: Told, name: str, zone: tzinfo) -> Iterator[RenderableType]:
    """The draft's citations: what needs attention in short, then each in the draft's order."""
    yield Text(f"{plain(name)}: {_counted(told)}", style="bold")
    where = words_of(told.forum) if told.forum else "for every forum"
    yield Text(f"Asked {where}, as of {calendar(told.on)}", style="dim")
    yield from _summary(told)
    for each in told.found:
        yield Text()
        yield from _checked(each)
    yield Text()
    yield Text(findings.RESTS, style="bold")
    for words in (*findings.coverage(told.coverage, zone), COMPARED):
        yield Padding(Text(words), (0, 3))


def row(told: Told) -> dict[str, Any]:
    """A checked draft; of its text only the citations and the quotations looked at."""
    return {
        "form": told.draft.form,
        "forum": asdict(told.forum) if told.forum else None,
        "on": told.on,
        "counts": {level.name.lower(): len(_of(told, level)) for level in Level},
        "citations": [_checked_row(each) for each in told.found],
        "coverage": findings.coverage_row(told.coverage),
    }


def _counted(told: Told) -> str:
    if not told.found:
        return NOTHING
    authorities = {each.citation.cited for each in told.found} - {""}
    return (
        f"{counted(len(told.found), 'citation')} of "
        f"{counted(len(authorities), 'authority', 'authorities')}"
    )


def _of(told: Told, level: Level) -> list[Checked]:
    return [each for each in told.found if each.level is level]


def _summary(told: Told) -> Iterator[RenderableType]:
    """What needs attention, the gravest first; then what must be looked up elsewhere."""
    grave = sorted(_of(told, Level.ATTENTION), key=_gravity)
    if told.found:
        needs = "needs" if len(grave) == 1 else "need"
        yield Text(f"{len(grave) or 'None'} {needs} attention", style=_STYLES[Level.ATTENTION])
    for each in grave:
        kinds = [v.kind for v in each.verdicts if v.kind.level is Level.ATTENTION]
        said = "; ".join(dict.fromkeys(kind.value for kind in kinds))
        yield _in(Text(f"no. {each.number}, {each.place}: {_named(each)}: {said}"))
    if elsewhere := _of(told, Level.ELSEWHERE):
        counts = Counter(
            kind.value
            for each in elsewhere
            for kind in {v.kind for v in each.verdicts if v.kind.level is Level.ELSEWHERE}
        )
        said = "; ".join(f"{count} {kind}" for kind, count in counts.most_common())
        yield Text(f"{len(elsewhere)} to check elsewhere: {said}", style=_STYLES[Level.ELSEWHERE])


def _gravity(each: Checked) -> tuple[int, int]:
    return [*VerdictKind].index(each.verdicts[0].kind), each.number


def _named(each: Checked) -> str:
    citation = each.citation
    if citation.kind == "case_short":
        taken_up = f", for {plain(citation.cited)}" if citation.cited else ""
        return f"“{plain(citation.raw)}”{taken_up}"
    name = f"{plain(citation.name)}, " if citation.name else ""
    return f"{name}{plain(citation.raw)}"


def _checked(each: Checked) -> Iterator[RenderableType]:
    court = f" ({plain(each.citation.court)})" if each.citation.court else ""
    head = Text(f"{each.number}. {_named(each)}{court}", style="bold")
    yield Text.assemble(head, (f"  {each.place}", "dim"))
    paged = {v.quoted for v in each.verdicts if v.kind in _PAGED}
    for verdict in each.verdicts:
        # A verdict on the page says that the words were found, and where.
        is_said = verdict.kind is VerdictKind.QUOTED and verdict.quoted in paged
        if verdict.covered or not is_said:
            yield from _verdict(verdict)


def _verdict(verdict: Verdict) -> Iterator[RenderableType]:
    label = verdict.kind.value
    said = plain(verdict.words)
    style = _STYLES[verdict.kind.level]
    is_said = verdict.status is not None or verdict.kind.level is Level.NOTED
    yield _in(Text(said if is_said else f"{label}: {said}", style=style))
    if verdict.quoted:
        yield _in(Text(f"draft: “{plain(verdict.quoted)}”", style="italic"), 6)
    if verdict.held:
        yield _in(Text(f"held:  “{plain(verdict.held)}”", style="italic"), 6)
    for each in verdict.differing:
        pair = f"{_or_nothing(each.held)} in the text held, {_or_nothing(each.draft)} in the draft"
        yield _in(Text(pair), 6)
    for each in verdict.covered:
        yield _in(Text(_covered(each)), 6)
    for document in {each.earlier for each in verdict.relations}:
        for related in lineage.related(document, verdict.relations):
            why = f": {related.evidence}" if related.evidence else ""
            yield _in(Text.assemble(related.words, (why, "dim")), 6)
    if verdict.status is not None:
        yield from _rests_on(verdict.kind, verdict.status)


def _rests_on(kind: VerdictKind, status: Status) -> Iterator[RenderableType]:
    """The sentences of a status: what is negative, and what was reinstated."""
    if kind is VerdictKind.DERIVED:
        for warning in status.warnings:
            if warning.relies:
                words = (
                    f"{plain(warning.name or warning.earlier)}: {treated.done(warning.negative)}"
                )
                yield _in(Text(words), 6)
        return
    shown = {Bearing.NEGATIVE}
    if kind is VerdictKind.CONTESTED:
        shown.add(Bearing.POSITIVE)
    for told in treated.grouped((*status.findings, *status.elsewhere, *status.undated)):
        if told.bearing in shown:
            for line in findings.finding_lines(told):
                yield line if isinstance(line, Text) else Padding(line, (0, 0, 0, 3))


def _covered(each: Differing) -> str:
    """What dots, or brackets, of the draft stand for."""
    if not each.draft:
        return f"left out: {_or_nothing(each.held)}"
    return f"{_or_nothing(each.draft)} stands for {_or_nothing(each.held)}"


def _or_nothing(words: str) -> str:
    return f"“{plain(words)}”" if words else "nothing"


def _in(line: RenderableType, indent: int = 3) -> Padding:
    return Padding(line, (0, 0, 0, indent))


def _checked_row(each: Checked) -> dict[str, Any]:
    citation = each.citation
    return {
        "number": each.number,
        "place": each.place,
        "level": each.level,
        "words": citation.raw,
        "kind": citation.kind,
        "name": citation.name,
        "court": citation.court,
        "pin": citation.pin,
        "authority": citation.cited,
        "verdicts": [_verdict_row(verdict) for verdict in each.verdicts],
    }


def _verdict_row(verdict: Verdict) -> dict[str, Any]:
    return {
        "verdict": verdict.kind.name.lower(),
        "level": verdict.kind.level,
        "words": verdict.words,
        "quoted": verdict.quoted,
        "held": verdict.held,
        "differing": [asdict(each) for each in verdict.differing],
        "covered": [asdict(each) for each in verdict.covered],
        "status": findings.row(verdict.status) if verdict.status else None,
        "relations": [relation_row(each) for each in verdict.relations],
    }
