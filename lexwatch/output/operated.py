"""How an installation stands, on one screen; what a doctor found; both as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import tzinfo
from typing import Any

from rich.text import Text

from alerts.untrusted import plain
from alerts.wording import counted, moment, shortened, span
from index.runs import RunState
from index.waiting import RUNS
from lexwatch.operating.finding import Finding, Level
from lexwatch.operating.health import Health, Standing
from lexwatch.operating.telling import Told
from pipeline.trouble import Ailment

WIDTH = 80
TITLE, WHEN = 31, 26  # columns
SOURCES = 12  # in a line each; of more those that are well are counted
TROUBLES = 5  # told whole; the rest are counted
NOBODY = (
    "lexwatch: nobody is told: set address under [operator] in the settings. `lexwatch health` "
    "shows what ails it"
)

_STYLES = {Level.OK: "green", Level.LOOK: "yellow", Level.MUST: "bold red"}


def health_lines(health: Health, ailing: Sequence[Ailment], zone: tzinfo) -> Iterator[Text]:
    """One screen: what needs somebody first."""
    count = len(ailing)
    said = f"{counted(count, 'thing needs', 'things need')} you" if count else "all is well"
    yield Text(_fit(f"lexwatch, {moment(health.at, zone)}: {said}"), "bold")
    for each in ailing[:TROUBLES]:
        yield Text(_fit(f"! {plain(each.said)}"), "red")
    if count > TROUBLES:
        yield Text(f"! and {count - TROUBLES} more: lexwatch doctor", "red")
    yield Text(f"{'Source':<{TITLE}} {'last read whole':<{WHEN}} last run", "dim")
    yield from _sources(health, zone)
    yield from (Text(_fit(f"{name:<14}{words}")) for name, words in _rest(health, zone))


def health_row(health: Health, ailing: Iterable[Ailment]) -> dict[str, Any]:
    """The same for programs."""
    waiting, backup = health.waiting, health.backup
    troubles = [trouble_row(each) for each in ailing]
    return {
        "well": not troubles,
        "at": health.at,
        "troubles": troubles,
        "sources": [_source_row(each) for each in health.sources],
        "waiting": waiting and asdict(waiting),
        "last_digest": health.last_digest,
        "last_backup": backup and backup.made_at,
        "last_proof": health.proof and asdict(health.proof),
        "scheduled": health.is_scheduled,
        "jobs": [
            {"job": name, "state": run.state, "due_at": run.due_at, "ended_at": run.ended_at}
            for name, run in sorted(health.jobs.items())
        ],
        "next_job": health.next_job and asdict(health.next_job),
        "disk": health.space and asdict(health.space),
    }


def trouble_row(ailment: Ailment) -> dict[str, Any]:
    """Something that ails it, for programs."""
    return asdict(ailment)


def finding_lines(found: Iterable[Finding]) -> Iterator[Text]:
    """What a doctor found: each with what it means, and the next step."""
    every = [*found]
    for each in every:
        mark = Text(f"{each.level:<13}", _STYLES[each.level])
        yield Text.assemble(mark, f"{each.subject}: {plain(each.said)}")
        for words in filter(None, (each.means, each.step)):
            yield Text(f"{'':<13}{words}", "dim" if words == each.means else "")
    levels = [each.level for each in every]
    must, look, fine = map(levels.count, (Level.MUST, Level.LOOK, Level.OK))
    yield Text()
    yield Text(f"{must} must be done, {look} to look at, {fine} in order.")


def told_lines(told: Told) -> Iterator[Text]:
    """What became of telling the operator."""
    for way in told.ways:
        yield Text(f"The operator was told, by {way}.")
    for error in told.errors:
        yield Text(f"The operator could not be told: {error}", "red")
    if not told.due:
        yield Text("Nothing new to tell the operator.")


def told_row(told: Told) -> dict[str, Any]:
    """The same for programs."""
    return asdict(told)


def finding_row(finding: Finding) -> dict[str, Any]:
    """A finding for programs."""
    return asdict(finding)


def _sources(health: Health, zone: tzinfo) -> Iterator[Text]:
    ill = [each for each in health.sources if not _is_well(each)]
    well = [each for each in health.sources if _is_well(each)]
    shown = well if len(health.sources) <= SOURCES else well[: max(0, SOURCES - len(ill))]
    for each in (*ill, *shown):
        title = shortened(plain(each.watched.title), TITLE)
        last = moment(each.last_complete, zone) if each.last_complete else "never"
        mark = "" if _is_well(each) else "yellow"
        yield Text(_fit(f"{title:<{TITLE}} {last:<{WHEN}} {_state(each)}"), mark)
    if left := len(well) - len(shown):
        yield Text(f"and {counted(left, 'more source')}, all well", "dim")


def _rest(health: Health, zone: tzinfo) -> Iterator[tuple[str, str]]:
    if health.waiting:
        waits = health.waiting
        failing = f", of them {waits.failing} failing" if waits.failing else ""
        yield (
            "Waiting",
            f"{counted(waits.pages, 'page')} to read, "
            f"{counted(waits.passages, 'passage')} to index, "
            f"{counted(waits.letters, 'letter')} to send{failing}",
        )
    digest, backup = health.last_digest, health.backup
    yield "Last digest", moment(digest, zone) if digest else "none was sent yet"
    yield "Last backup", moment(backup.made_at, zone) if backup else "none: lexwatch backup"
    yield "Last proof", _proved(health, zone)
    schedule = "runs" if health.is_scheduled else "no schedule runs: lexwatch schedule"
    upcoming = health.next_job
    if health.is_scheduled and upcoming:
        schedule += f"; next: {upcoming.name}, {moment(upcoming.at, zone)}"
    yield "Schedule", schedule
    yield "Disk", health.space.words if health.space else "can't be asked"


def _proved(health: Health, zone: tzinfo) -> str:
    if health.proof is None:
        return "the record of captures was never proved: lexwatch verify"
    held = "the record held" if health.proof.does_hold else "THE RECORD DID NOT HOLD"
    return f"{moment(health.proof.at, zone)}: {held}"


def _is_well(standing: Standing) -> bool:
    latest = next(iter(standing.runs), None)
    is_read = latest is not None and latest.state is RunState.COMPLETE
    return is_read and standing.late is None and not standing.quiet


def _state(standing: Standing) -> str:
    if not standing.runs:
        return "not visited yet"
    if standing.runs[0].blocked:
        return "blocked"
    if standing.failed:
        more = " or more" if len(standing.failed) >= RUNS else ""
        return f"failed ×{len(standing.failed)}{more}"
    if standing.late is not None:
        return f"late, {span(standing.late)}"
    return "quiet" if standing.quiet else "complete"


def _source_row(standing: Standing) -> dict[str, Any]:
    return {
        "source": standing.watched.name,
        "title": standing.watched.title,
        "last_complete": standing.last_complete,
        "state": _state(standing),
        "failed_in_a_row": len(standing.failed),
        "quiet": standing.quiet,
    }


def _fit(line: str) -> str:
    return shortened(line, WIDTH - 1).rstrip() if len(line) >= WIDTH else line
