"""What ails an installation, by how it stands: each thing of which its operator is told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, time, timedelta

from alerts.untrusted import plain
from alerts.wording import counted, shortened, span
from index.job_runs import JobRun, JobState
from index.proven import LastProof
from index.waiting import RUNS
from lexwatch.keeping.backup import remedy
from lexwatch.operating.health import GIVEN_UP, Health, Standing
from lexwatch.settings import Operator
from pipeline.calendar import EASTERN
from pipeline.errors import Damaged
from pipeline.trouble import Ailment, TroubleKind

SAID = 300  # characters of what a source or a database said
LETTERS = "letters"
OWN_MAIL = "mail to the operator"


def ailments(health: Health, operator: Operator) -> tuple[Ailment, ...]:
    """Everything that ails it, sources first."""
    return tuple(ailment for look in LOOKS for ailment in look(health, operator))


def _sources(health: Health, operator: Operator) -> Iterator[Ailment]:
    known = {each.subject for each in health.held if each.is_open}
    for standing in health.sources:
        subject = f"source {standing.watched.name}"
        if standing.failed:
            if said := _failing(standing, operator.after, is_known=subject in known):
                kind, words = said
                since = standing.failed[-1].started_at
                yield Ailment(subject=subject, kind=kind, said=words, since=since)
        elif standing.late is not None:
            yield _late(standing, standing.late, subject, health.at)
        elif standing.quiet:
            yield _silent(standing, subject, health.at)


def _failing(standing: Standing, after: int, *, is_known: bool) -> tuple[TroubleKind, str] | None:
    """What a source's failures in a row show. A bot wall and pages that can't be read are told of
    the first; of others it takes `after` in a row, and of a source that ails anyhow none."""
    run, title = standing.failed[0], standing.watched.title
    said = shortened(plain(next(iter(run.failures), "no reason is known")), SAID)
    times = counted(len(standing.failed), "time")
    times = f"at least {times}" if len(standing.failed) >= RUNS else times
    if run.blocked:
        return TroubleKind.BLOCKED, f"{title} shows us a bot wall in place of its pages. {said}"
    if standing.unread:
        pages = counted(standing.unread, "page")
        return (
            TroubleKind.CHANGED,
            f"{title}: {pages} could not be read as before, or say what is far from normal. {said}",
        )
    if is_known or len(standing.failed) >= after:
        return TroubleKind.FAILING, f"{title} failed {times} in a row. The last time: {said}"
    return None


def _late(standing: Standing, late: timedelta, subject: str, at: datetime) -> Ailment:
    return Ailment(
        subject=subject,
        kind=TroubleKind.LATE,
        said=f"{standing.watched.title} was not visited for {span(late)}, though that was due",
        since=standing.last_look or at,
    )


def _silent(standing: Standing, subject: str, at: datetime) -> Ailment:
    newest = standing.newest
    return Ailment(
        subject=subject,
        kind=TroubleKind.SILENT,
        said=f"{standing.watched.title}: {standing.quiet}",
        since=datetime.combine(newest, time(), EASTERN).astimezone(UTC) if newest else at,
    )


def _jobs(health: Health, _operator: Operator) -> Iterator[Ailment]:
    for name, run in sorted(health.jobs.items()):
        if _tells_itself(name, run, health.proof):
            continue
        if run.state in (JobState.FAILED, JobState.TIMED_OUT):
            code = f" with exit code {run.exit_code}" if run.exit_code else ""
            kind, words = TroubleKind.JOB, f"The job “{name}” {run.state}{code}"
        elif run.state is JobState.MISSED:
            kind, words = TroubleKind.MISSED, f"The job “{name}” was due and did not run"
        else:
            continue
        # Not what it said: that may name a reader.
        yield Ailment(subject=f"job {name}", kind=kind, said=words, since=run.due_at)


def _tells_itself(name: str, run: JobRun, proof: LastProof | None) -> bool:
    """A crawl that exits 1 says that its source failed, which is told of the source; so is damage
    told of the database, and what a proof found of the record. The look at health is no ailment of
    itself."""
    if run.state is not JobState.FAILED:
        return name.startswith("health")
    is_found = name == "verify" and proof is not None and not proof.does_hold
    is_of_another = (name.startswith("crawl") or is_found) and run.exit_code == 1
    return name.startswith("health") or is_of_another or run.exit_code == Damaged.exit_code


def _disk(health: Health, _operator: Operator) -> Iterator[Ailment]:
    if health.space and health.space.is_short:
        yield Ailment(
            subject="disk",
            kind=TroubleKind.DISK,
            said=f"The disk is nearly full: {health.space.words}",
            since=health.at,
        )


def _backup(health: Health, operator: Operator) -> Iterator[Ailment]:
    """Of an installation that has watched for so long; a new one may not have made one yet."""
    most = timedelta(days=operator.backup_days)
    watched = [run.started_at for each in health.sources for run in each.runs[-1:]]
    since = health.backup.made_at if health.backup else min(watched, default=None)
    if not most or since is None or health.at - since <= most:
        return
    days = counted((health.at - since).days, "day")
    said = f"The newest backup is {days} old" if health.backup else "There is no backup"
    yield Ailment(subject="backup", kind=TroubleKind.BACKUP, said=said, since=since)


def _letters(health: Health, _operator: Operator) -> Iterator[Ailment]:
    waits = health.waiting
    if waits is None:
        return
    if waits.failing:
        said = f"{counted(waits.failing, 'letter')} could not be handed over so far"
        since = waits.oldest or health.at
        yield Ailment(subject=LETTERS, kind=TroubleKind.MAIL, said=said, since=since)
    if waits.given_up:
        lost = counted(waits.given_up, "letter was", "letters were")
        said = f"{lost} given up within {span(GIVEN_UP)}, and reached nobody"
        yield Ailment(subject=LETTERS, kind=TroubleKind.GIVEN_UP, said=said, since=health.at)


def _own_mail(health: Health, _operator: Operator) -> Iterator[Ailment]:
    """That the operator's own mail failed is known from trying, and solved by the next that
    arrives."""
    for each in health.held:
        if each.subject == OWN_MAIL and each.is_open:
            yield Ailment(subject=OWN_MAIL, kind=each.kind, said=each.said, since=each.since)


def _record(health: Health, _operator: Operator) -> Iterator[Ailment]:
    if health.proof and not health.proof.does_hold:
        said = f"The record of captures does not hold: {shortened(plain(health.proof.fault), SAID)}"
        yield Ailment(subject="record", kind=TroubleKind.RECORD, said=said, since=health.proof.at)


def _damage(health: Health, _operator: Operator) -> Iterator[Ailment]:
    """What any job met; the backup reads every page of the database. The step stands here, since it
    names a file."""
    met = [run.due_at for run in health.jobs.values() if run.exit_code == Damaged.exit_code]
    if met:
        said = (
            "The database is damaged: `lexwatch doctor` says how to mend it. No backup is made of "
            f"it meanwhile. {remedy(health.backup)}"
        )
        yield Ailment(subject="database", kind=TroubleKind.DAMAGE, said=said, since=min(met))


def _database(health: Health, _operator: Operator) -> Iterator[Ailment]:
    if health.database:
        said = shortened(health.database, SAID)
        yield Ailment(subject="database", kind=TroubleKind.STORE, said=said, since=health.at)


LOOKS: Collection[Callable[[Health, Operator], Iterator[Ailment]]] = (
    _database,
    _damage,
    _record,
    _disk,
    _sources,
    _jobs,
    _letters,
    _backup,
    _own_mail,
)
