"""How this installation stands: what it read, what waits, what it sent, what ails it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from index import job_runs, ledger, proven, troubles, waiting
from index.job_runs import JobRun
from index.proven import LastProof
from index.runs import Run, RunState
from index.waiting import Waiting
from lexwatch.app import App
from lexwatch.keeping import backups
from lexwatch.keeping.backups import Backup
from lexwatch.operating.space import Space, space
from lexwatch.operating.watching import Planned, Watched, overdue, watching
from lexwatch.schedule.lock import is_running
from pipeline.calendar import eastern, quiet
from pipeline.errors import StoreError
from pipeline.model import SourceReport
from pipeline.trouble import Trouble

GIVEN_UP = timedelta(days=3)  # for so long a letter that nobody received is told of
INEXACT = timedelta(minutes=1)  # what is being done at this very moment counts


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a source stands. `runs` are those that came to a verdict, the newest first; `late` is how
    long ago it was last looked at, where a visit is overdue; `quiet` says that nothing new came for
    longer than is normal ("": that can't be said)."""

    watched: Watched
    last_complete: datetime | None
    last_look: datetime | None
    newest: date | None
    runs: tuple[Run, ...]
    late: timedelta | None
    quiet: str
    unread: int

    @property
    def failed(self) -> tuple[Run, ...]:
        """The failures in a row up to now, the newest first; `waiting.RUNS` at most."""
        count = 0
        for run in self.runs:
            if run.state is not RunState.FAILED:
                break
            count += 1
        return self.runs[:count]


@dataclass(frozen=True, kw_only=True)
class Upcoming:
    """The job that falls due next."""

    name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Health:
    """Everything that is asked of an installation at a moment, without its models. `database` says
    why it can't be read, "" where it can; `held` is what its operator was told of."""

    at: datetime
    database: str
    sources: tuple[Standing, ...]
    waiting: Waiting | None
    last_digest: datetime | None
    backup: Backup | None
    proof: LastProof | None
    jobs: Mapping[str, JobRun]
    next_job: Upcoming | None
    is_scheduled: bool
    space: Space | None
    held: tuple[Trouble, ...]


def health(app: App) -> Health:
    """Look at everything; what can't be read is said in its place."""
    at, said = app.clock(), ""
    try:
        known = _stored(app, at)
    except StoreError as error:
        said, known = str(error), _Stored()
    try:
        room = space(app.settings)
    except OSError:
        room = None
    try:
        backup = backups.newest(app.settings.backup_folder)
    except StoreError:
        backup = None
    return Health(
        at=at,
        database=said,
        sources=known.sources,
        waiting=known.waiting,
        last_digest=known.last_digest,
        backup=backup,
        proof=known.proof,
        jobs=known.jobs,
        next_job=known.next_job,
        is_scheduled=is_running(app.settings.folder),
        space=room,
        held=known.held,
    )


@dataclass(frozen=True, kw_only=True)
class _Stored:
    sources: tuple[Standing, ...] = ()
    waiting: Waiting | None = None
    last_digest: datetime | None = None
    proof: LastProof | None = None
    jobs: Mapping[str, JobRun] = field(default_factory=dict)
    next_job: Upcoming | None = None
    held: tuple[Trouble, ...] = ()


def _stored(app: App, at: datetime) -> _Stored:
    """What the database says. Raises `StoreError`."""
    if not app.settings.index.database_url and not (app.settings.folder / "lexwatch.db").exists():
        raise StoreError(
            f"there is no database in {app.settings.folder} yet: `lexwatch run` makes it; if there "
            "was one, see that data.folder in the settings names the right folder"
        )
    known = watching(app)
    every, jobs = known.sources, {each.name: each for each in known.jobs}
    titles = {each.name: each.title for each in every}
    reports = ledger.coverage(app.database, titles, at, at + INEXACT)
    with app.database.read() as connection:
        last, ran = waiting.last_runs(connection), job_runs.last(connection)
        newest = [runs[0].id for runs in last.values() if runs[0].state is RunState.FAILED]
        unread = {run: waiting.unread(connection, run) for run in newest}
        return _Stored(
            sources=tuple(
                _standing(
                    app,
                    each,
                    report,
                    at,
                    visit=jobs.get(f"crawl {each.name}"),
                    runs=last.get(each.name, ()),
                    unread=unread,
                )
                for each, report in zip(every, reports, strict=True)
            ),
            waiting=waiting.waiting(connection, app.settings.operator.after, at - GIVEN_UP),
            last_digest=waiting.last_digest(connection),
            proof=proven.last(connection),
            # How a job ended that is no more, or was switched off since, ails nobody.
            jobs={name: ran[name] for name in jobs if name in ran},
            next_job=_next(known.jobs, at),
            held=troubles.held(connection),
        )


def _next(jobs: Iterable[Planned], at: datetime) -> Upcoming | None:
    due = [(moment, job.name) for job in jobs if (moment := job.next(at))]
    return Upcoming(name=min(due)[1], at=min(due)[0]) if due else None


def _standing(
    app: App,
    source: Watched,
    report: SourceReport,
    at: datetime,
    *,
    visit: Planned | None,
    runs: Sequence[Run],
    unread: Mapping[int, int],
) -> Standing:
    looked, said = report.last_look, ""
    if source.silence is not None and report.newest is not None and looked is not None:
        # Up to our last look: since then it is we who were quiet.
        lapses = app.settings.calendar.lapses
        said = quiet(report.newest, eastern(looked), source.silence, lapses)
    return Standing(
        watched=source,
        last_complete=report.last_complete,
        last_look=looked,
        newest=report.newest,
        runs=tuple(runs),
        late=overdue(source, visit, looked, at),
        quiet=said,
        unread=unread.get(runs[0].id, 0) if runs else 0,
    )
