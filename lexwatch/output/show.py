"""What results look like on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from alerts import story
from alerts.dates import unclear
from alerts.deliver import Sent
from alerts.redline import left_out, redline
from alerts.swept import told
from alerts.untrusted import plain
from alerts.wording import calendar, counted, happened, last_text, moment
from index.lookup import Shown
from index.runs import Run, RunState
from index.vectors import Synced
from lexwatch.output import account, findings, marked, terminal
from pipeline.citator.model import Status
from pipeline.letter import Outcome
from pipeline.model import (
    Block,
    BlockKind,
    Change,
    ChangeClass,
    Delivery,
    Event,
    SourceReport,
    Tag,
    Version,
)
from pipeline.subscription import MAIL

console, lines = terminal.console, terminal.lines
LINES = 6  # redline lines shown under a change
TOPICS = 3  # topics shown with a change
ELSEWHERE = "document: "  # opens evidence that stands in the document and not in the change

_CLASSES = {ChangeClass.SUBSTANTIVE: "bold red", ChangeClass.EDITORIAL: "yellow"}
_STATES = {RunState.COMPLETE: "green", RunState.FAILED: "bold red"}


def changes(
    found: Iterable[Change],
    titles: Mapping[str, str],
    *,
    lines: int | None = LINES,
    each: bool = False,
    zone: tzinfo = UTC,
) -> None:
    """Changes: what happened, topics with evidence, dates, and the redline's first `lines`.

    None shows every line, and what was left out as noise with the rule and why; 0 leaves out
    redline and dates. What is nothing but a sweep of terms is
    told once for all its documents, unless `each` change is asked for. Documents on something else
    than immigration, which conditions by agency and word catch too, are named last, in a line each.
    """
    given = tuple(found)
    if not each:
        swept = told(given, titles)
        given = tuple(change for change in given if change.id not in swept.once)
        _print_lines(account.swept(swept.sweeps), indent=0)
    ours = [change for change in given if change.concerns(())]
    for change in ours or given:
        difference = change.difference
        console.print()
        style = _CLASSES.get(difference.change_class, "dim")
        seen = f"  seen {moment(change.seen_at, zone)}  #{change.id}"
        console.print(Text.assemble((happened(change), style), (seen, "dim")))
        console.print(_cited("", change.new.citation, change.new.title), soft_wrap=True)
        _print_lines(account.sort(last_text(change)), indent=0)
        _print_lines(account.said(change, zone))
        _print_lines(account.part_of(change.events))
        for tag in change.tags[:TOPICS]:
            console.print(Padding(_tag(tag, titles), (0, 3)))
        if lines != 0:
            _print_lines(account.known(change))
            _print_lines(marked.lines(redline(change), lines))
        if lines is None:
            _print_lines(marked.ignored(left_out(change)))
        _print_address(change.new.url)
    for change in [each for each in given if ours and each not in ours]:
        console.print()
        console.print(Text("Kept apart, not on immigration:", style="dim"))
        console.print(_cited("", change.new.citation, change.new.title), soft_wrap=True)


def noise(left_out: Iterable[Change]) -> None:
    """What was left out, and by which rules."""
    for change in left_out:
        rules = Counter(edit.rule for edit in change.difference.edits)
        by = ", ".join(
            f"“{rule.replace('-', ' ')}” ×{count}" for rule, count in sorted(rules.items())
        )
        why = f" ({by})" if by else ""
        line = _cited(f"Left out as noise{why}: ", change.new.citation, change.new.title)
        console.print(Text(line.plain, style="dim"))


def document(
    shown: Shown, titles: Mapping[str, str], zone: tzinfo = UTC, status: Status | None = None
) -> None:
    """A document: what it is, its status, what courts did to it and it to others, its dates, what
    is joined with it, who cites it, its topics, its versions, its text."""
    version = shown.held.version
    console.print(_cited("", version.citation, version.title), soft_wrap=True)
    _print_lines(account.sort(version), indent=0)
    seen = moment(version.seen_at, zone)
    console.print(Text(f"{version.document.name}, as seen {seen}", style="dim"))
    _print_lines(account.gone(shown, zone), indent=0)
    _print_address(version.url)
    if (pdf := version.links.get("pdf", "")) not in ("", version.url):
        _print_address(pdf)
    if status:
        lines(findings.head(status))
    _print_lines(account.litigation(version.document, shown.relations))
    _print_lines(account.does(shown))
    if shown.announcement:
        _print_lines([Text(plain(shown.announcement.words))])
    doubts = unclear(version, shown.announcement, shown.events)
    _print_lines(account.facts(version, shown.standings, shown.relations, doubts, most=None))
    for citing in shown.cited_by:
        console.print(
            Padding(Text.assemble("cited by ", _cited("", citing.citation, citing.title)), (0, 3))
        )
        console.print(Padding(Text(f"“{plain(citing.words)}”", style="italic"), (0, 6)))
    announced = shown.announcement.words if shown.announcement else ""
    for event in shown.events:
        _print_lines(account.around(event, announced))
    for tag in shown.tags:
        console.print(Padding(_tag(tag, titles), (0, 3)))
    _print_lines(account.versions(shown, zone), indent=0)
    console.print()
    for block in version.blocks:
        console.print(_block(block))


def text(version: Version, zone: tzinfo = UTC) -> None:
    """A text alone: what it is of, when that was first seen, and its words."""
    console.print()
    console.print(_cited("", version.citation, version.title), soft_wrap=True)
    seen = moment(version.seen_at, zone)
    console.print(Text(f"{version.document.name}, first seen {seen}", style="dim"))
    for block in version.blocks:
        console.print(_block(block))


def events(found: Sequence[Event], first: date, today: date) -> None:
    """Each event of the days from `first` to `today`: its line, its timeline, what courts did, its
    states and its dates."""
    if not found:
        console.print(
            f"No event of several documents was recorded from {calendar(first)} to "
            f"{calendar(today)}. For other days give --since DAY and --until DAY, as in "
            "--since 2026-10-01; `lexwatch changes` has each document by itself."
        )
    for each in found:
        console.print()
        console.print(Text(story.line(each), style="bold"))
        _print_lines(account.event(each, today))


def sources(
    reports: Iterable[SourceReport],
    latest: Mapping[str, Run | None],
    off: Mapping[str, str],
    zone: tzinfo = UTC,
) -> None:
    """Each source: its last complete read, what is held, how its last run went, and why it is `off`
    (name → reason, "" where it is on)."""
    every = tuple(reports)
    silent = [report for report in every if report.quiet]
    table = Table("Source", "Last complete read", "Documents", "Last run", box=None, pad_edge=False)
    for report in every:
        last = report.last_complete
        run = latest.get(report.source)
        table.add_row(
            f"{report.title}\n[dim]{report.source}[/dim]",
            moment(last, zone) if last else "never",
            f"{report.documents:,}",
            _state(run) if run else Text("off" if off[report.source] else "not yet"),
        )
    console.print(table)
    for report in every:
        if why := off[report.source]:
            console.print(Text(f"\nOff: {report.title}: {why}", style="dim"))
    for report in silent:
        console.print(Text(f"\nWarning: {report.title}: {report.quiet}", style="yellow"))
    for run in latest.values():
        if run and run.failures:
            console.print(f"\n{run.source}, run of {moment(run.started_at, zone)}:")
            failures(run.failures)


def runs(finished: Iterable[Run], titles: Mapping[str, str]) -> None:
    """How each run went; a first complete one announces itself."""
    for run in finished:
        line = Text.assemble(
            (titles.get(run.source, run.source), "bold"),
            ": ",
            _state(run),
            f", {counted(run.requests, 'request')}, {counted(run.documents, 'document')}",
        )
        console.print(line)
        if run.baseline and run.is_whole and run.state is RunState.COMPLETE:
            console.print(
                Padding(
                    "first complete read: it fills the index, and alerts begin after it", (0, 3)
                )
            )
        failures(run.failures)


def failures(said: Iterable[str]) -> None:
    """What went wrong: a reason once, with how many addresses it struck."""
    reasons: dict[str, list[str]] = {}
    for failure in said:
        address, _, reason = failure.partition(": ")
        reasons.setdefault(reason or address, []).append(address)
    for reason, struck in reasons.items():
        others = f" (and {len(struck) - 1} more addresses)" if len(struck) > 1 else ""
        where = f"{_cut(struck[0], 100)}{others}: " if struck[0] != reason else ""
        console.print(Padding(Text(plain(where + reason), style="red"), (0, 3)))


def synced(result: Synced) -> None:
    """What indexing came to."""
    said = f"{result.embedded:,} passages embedded, {result.held:,} held."
    console.print(said + (f" {healed(result.rebuilt)}." if result.rebuilt else ""))


def healed(why: str) -> str:
    """That Chroma was damaged, and is whole again."""
    return f"Chroma was rebuilt from the vectors in the database, without embedding anything: {why}"


def sent(results: Sequence[Sent]) -> None:
    """What became of each letter; those that wait behind a shut door are counted."""
    waiting = sum(one.outcome is Outcome.WAITING for one in results)
    for one in results:
        if one.outcome is Outcome.WAITING:
            continue
        words = "handed over" if one.outcome is Outcome.SENT else str(one.outcome)
        line = f"{one.kind} for {one.reader} <{one.address}>: {words} {one.where}".rstrip()
        console.print(Text(line), soft_wrap=True)
        if one.error:
            console.print(Padding(Text(plain(one.error), style="red"), (0, 3)))
    if waiting:
        said = f"{counted(waiting, 'letter')} not tried, since nobody answered: at the next run"
        console.print(Text(said, style="red"))


def letter(number: int, one: Delivery, state: str, when: datetime) -> None:
    """A letter of the ledger: what became of it, for whom, and why where that is known."""
    style = "" if state in ("sent", "suppressed") else "bold red"
    over = "" if one.channel == MAIL else f" over {one.channel}"
    head = f"{one.kind}{over} for {one.reader} <{one.address}>: {plain(one.subject)}"
    console.print(
        Text.assemble(f"{number:>5}  {moment(when)}  ", (state, style), f"  {head}"), soft_wrap=True
    )
    if one.error:
        console.print(Padding(Text(plain(one.error), style="red"), (0, 7)))
    if one.next_at and state == Outcome.FAILED:
        console.print(Padding(f"tried again from {one.next_at:%Y-%m-%d %H:%M} UTC on", (0, 7)))


def evidence(tag: Tag) -> str:
    """What a topic rests on, in a few words; where that stands if not in what changed."""
    changed = [words for words in tag.evidence if not words.startswith(ELSEWHERE)]
    rest = [words.removeprefix(ELSEWHERE) for words in tag.evidence if words.startswith(ELSEWHERE)]
    return plain(", ".join(changed[:4]) or f"elsewhere in the document: {', '.join(rest[:4])}")


def _cited(before: str, citation: str, title: str) -> Text:
    return Text.assemble(before, (plain(title), "bold"), f", {citation}" if citation else "")


def _cut(said: str, length: int) -> str:
    return said if len(said) <= length else said[:length].rsplit(" ", 1)[0] + " …"


def _tag(tag: Tag, titles: Mapping[str, str]) -> Text:
    return Text.assemble((titles.get(tag.topic, tag.topic), "cyan"), f": {evidence(tag)}")


def _print_lines(said: Iterable[RenderableType], indent: int = 3) -> None:
    for line in said:
        console.print(Padding(line, (0, indent)))


def _print_address(url: str) -> None:
    # Never cut: a shortened link is a wrong one in a memorandum. A name of ours leads nowhere.
    if not url.startswith(("http://", "https://")):
        return
    console.print(Text(f"   {url}", style="blue"), soft_wrap=True)


def _block(block: Block) -> Padding:
    said = plain(block.text)
    if block.kind is BlockKind.HEADING:
        return Padding(Text(said, style="bold"), (1, 0, 0, 0))
    if block.kind is BlockKind.FOOTNOTE:
        return Padding(Text(f"[{block.label}] {said}", style="dim"), (0, 3))
    if block.kind is BlockKind.ITEM:
        return Padding(Text(f"{block.label or '•'} {said}"), (0, 0, 0, 2 * max(block.level, 1)))
    return Padding(Text(said), (1, 0, 0, 0) if block.kind is BlockKind.PARAGRAPH else 0)


def _state(run: Run) -> Text:
    style = _STATES.get(run.state, "yellow")
    said = "blocked by the publisher" if run.blocked else str(run.state)
    return Text.assemble((said, style), "" if run.is_whole else " (in part)")
