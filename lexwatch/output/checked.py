"""A checked draft, in lines for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import tzinfo
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from alerts.untrusted import plain
from lexwatch.output import drafted, findings
from lexwatch.output.drafted import Entry, Said, Told
from lexwatch.output.known import relation_row
from pipeline.citator.link import link
from pipeline.citator.verdict import Checked, Level, Verdict

_STYLES = {Level.ATTENTION: "bold yellow", Level.ELSEWHERE: "cyan", Level.NOTED: ""}


def lines(told: Told, name: str, zone: tzinfo) -> Iterator[RenderableType]:
    """The draft's citations: what needs attention in short, then each in the draft's order."""
    yield Text(f"{plain(name)}: {drafted.heading(told)}", style="bold")
    yield Text(drafted.asked(told), style="dim")
    yield from _summary(told)
    for each in drafted.entries(told):
        yield Text()
        yield from _entry(each)
    yield Text()
    yield Text(findings.RESTS, style="bold")
    for words in drafted.rests(told, zone):
        yield Padding(Text(words), (0, 3))


def row(told: Told) -> dict[str, Any]:
    """A checked draft; of its text only the citations and the quotations looked at."""
    return {
        "form": told.draft.form,
        "forum": asdict(told.forum) if told.forum else None,
        "on": told.on,
        "counts": {level.name.lower(): len(drafted.of(told, level)) for level in Level},
        "citations": [_checked_row(each) for each in told.found],
        "coverage": findings.coverage_row(told.coverage),
    }


def _summary(told: Told) -> Iterator[RenderableType]:
    """What needs attention by its gravest kind, then what must be looked up elsewhere."""
    if words := drafted.needs(told):
        yield Text(words, style=_STYLES[Level.ATTENTION])
    for alike in drafted.grave(told):
        yield _in(Text(alike.heading))
        for _, line in alike.lines:
            yield _in(Text(line), 6)
    words, kinds = drafted.elsewhere(told)
    if words:
        yield Text(words, style=_STYLES[Level.ELSEWHERE])
    for alike in kinds:
        numbers = [number for _, number in alike.lines]
        word = "no." if len(numbers) == 1 else "nos."
        yield _in(Text(f"{alike.heading}: {word} {', '.join(numbers)}"))


def _entry(each: Entry) -> Iterator[RenderableType]:
    head = Text(f"{each.number}. {each.head}", style="bold")
    yield Text.assemble(head, (f"  {each.place}", "dim"))
    for said in each.verdicts:
        yield from _said(said)


def _said(said: Said) -> Iterator[RenderableType]:
    yield _in(Text(said.words, style=_STYLES[said.level]))
    yield from (_in(Text(each)) for each in said.cautions)
    if said.quoted:
        yield _in(Text(f"draft: “{said.quoted}”", style="italic"), 6)
    if said.held:
        yield _in(Text(f"held:  “{said.held}”", style="italic"), 6)
    yield from (_in(Text(each), 6) for each in said.differing)
    for words, evidence in said.related:
        yield _in(Text.assemble(words, (f": {evidence}" if evidence else "", "dim")), 6)
    yield from (_in(Text(each), 6) for each in said.relied_on)
    for deed in said.deeds:
        for line in findings.finding_lines(deed):
            yield line if isinstance(line, Text) else Padding(line, (0, 0, 0, 3))
    if said.at:
        yield Text(f"   {said.at}", style="blue")


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
