"""A checked draft, in lines for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, tzinfo
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from alerts import lineage, treated
from alerts.untrusted import plain
from alerts.wording import calendar, counted, initial, sentence
from lexwatch.output import findings
from lexwatch.output.known import relation_row
from pipeline.citator.differing import Differing
from pipeline.citator.draft import Draft
from pipeline.citator.forum import words as words_of
from pipeline.citator.link import link
from pipeline.citator.model import Bearing, Coverage, Forum, Status
from pipeline.citator.verdict import Checked, Level, Verdict, VerdictKind
from pipeline.citator.worth import NOTHING_DONE

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
    for words in (*_nothing(told), *findings.coverage(told.coverage, zone), COMPARED):
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


def _nothing(told: Told) -> Iterator[str]:
    """What it means that nothing was found, said once for all."""
    found = (verdict for each in told.found for verdict in each.verdicts)
    if any(verdict.kind is VerdictKind.NONE_FOUND for verdict in found):
        yield (
            f"“{VerdictKind.NONE_FOUND.value}” and “{NOTHING_DONE}” say so of what we "
            f"hold as of {calendar(told.on)}, and never that something is good law or in force."
        )


def _summary(told: Told) -> Iterator[RenderableType]:
    """What needs attention by its gravest kind, then what must be looked up elsewhere."""
    grave = _of(told, Level.ATTENTION)
    if told.found:
        needs = "needs" if len(grave) == 1 else "need"
        yield Text(f"{len(grave) or 'None'} {needs} attention", style=_STYLES[Level.ATTENTION])
    for kind in VerdictKind:
        if alike := [each for each in grave if each.verdicts[0].kind is kind]:
            yield _in(Text(initial(kind.value)))
            for each in alike:
                yield _in(Text(_needed(each)), 6)
    yield from _elsewhere(told)


def _needed(each: Checked) -> str:
    """One line of the summary: where it stands, and for what more than its heading."""
    heading = each.verdicts[0].kind.value
    labels = dict.fromkeys(v.label for v in each.verdicts if v.kind.level is Level.ATTENTION)
    more = [label.removeprefix(heading).strip() for label in labels if label != heading]
    rest = f": {'; '.join(more)}" if more else ""
    return f"no. {each.number}, {each.place}: {_named(each)}{rest}"


def _elsewhere(told: Told) -> Iterator[RenderableType]:
    """What nothing held can answer, by number, also of those that need attention for another
    reason."""
    by_kind = {kind: _numbers(told, kind) for kind in VerdictKind if kind.level is Level.ELSEWHERE}
    every = {number for numbers in by_kind.values() for number in numbers}
    if not every:
        return
    shared = (
        "some for more than one reason" if sum(map(len, by_kind.values())) > len(every) else "",
        "some need attention too" if every & {e.number for e in _of(told, Level.ATTENTION)} else "",
    )
    also = f" ({'; '.join(filter(None, shared))})" if any(shared) else ""
    yield Text(f"{len(every)} to check elsewhere{also}", style=_STYLES[Level.ELSEWHERE])
    for kind, numbers in by_kind.items():
        if numbers:
            word = "no." if len(numbers) == 1 else "nos."
            yield _in(Text(f"{kind.value}: {word} {', '.join(map(str, numbers))}"))


def _numbers(told: Told, kind: VerdictKind) -> list[int]:
    return [each.number for each in told.found if any(v.kind is kind for v in each.verdicts)]


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
    shown: set[str] = set()
    for verdict in each.verdicts:
        # A verdict on the page says that the words were found, and where.
        is_said = verdict.kind is VerdictKind.QUOTED and verdict.quoted in paged
        if verdict.covered or not is_said:
            yield from _verdict(verdict, is_new=verdict.quoted not in shown)
            shown.add(verdict.quoted)
        if verdict.kind is VerdictKind.NOT_HELD and (at := link(each.citation.cited)):
            yield Text(f"   {at}", style="blue")


def _verdict(verdict: Verdict, *, is_new: bool) -> Iterator[RenderableType]:
    """A verdict; `is_new`: its quotation was not shown before."""
    label = verdict.label
    said = plain(verdict.words)
    style = _STYLES[verdict.kind.level]
    is_said = verdict.status is not None or verdict.kind.level is Level.NOTED
    yield _in(Text(said if is_said else f"{label}: {said}", style=style))
    if verdict.status is not None and verdict.kind is not VerdictKind.DERIVED:
        yield from (_in(Text(sentence(plain(each)))) for each in verdict.status.cautions)
    if verdict.quoted and is_new:
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
    if kind in (VerdictKind.CONTESTED, VerdictKind.REINSTATED):
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
        "link": link(citation.cited),
        "verdicts": [_verdict_row(verdict) for verdict in each.verdicts],
    }


def _verdict_row(verdict: Verdict) -> dict[str, Any]:
    return {
        "verdict": verdict.kind.name.lower(),
        "label": verdict.label,
        "level": verdict.kind.level,
        "words": verdict.words,
        "quoted": verdict.quoted,
        "held": verdict.held,
        "differing": [asdict(each) for each in verdict.differing],
        "covered": [asdict(each) for each in verdict.covered],
        "status": findings.row(verdict.status) if verdict.status else None,
        "relations": [relation_row(each) for each in verdict.relations],
    }
