"""What lexwatch reaches: the mail server, the sources; and whether anybody runs it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from alerts.notice import advice
from alerts.transports import Smtp
from alerts.untrusted import plain
from alerts.wording import counted, moment, shortened
from index.job_runs import JobState
from lexwatch.operating import ailing
from lexwatch.operating.case import Case
from lexwatch.operating.finding import Finding, look, must, ok
from lexwatch.operating.health import Standing
from pipeline.errors import DeliveryError
from pipeline.trouble import Ailment, TroubleKind

SAID = 300
# A source that is quiet or once failed may be well; of these somebody must do something.
GRAVE = (TroubleKind.BLOCKED, TroubleKind.CHANGED, TroubleKind.FAILING, TroubleKind.LATE)


def mail(case: Case) -> Iterator[Finding]:
    """Greet the mail server, secure the line, log in, and leave; nothing is sent."""
    settings = case.app.settings
    way = case.app.transport
    if not isinstance(way, Smtp):
        yield look(
            "mail",
            f"letters are written as files into {settings.mail_folder}",
            "nobody is sent anything by mail",
            'set transport = "smtp" and the server under [mail], when you want them sent',
        )
        return
    if case.offline:
        yield ok("mail", f"{way.host}:{way.port} was not asked (--offline)")
        return
    try:
        with case.app.waiting(f"greeting {way.host}"):
            way.greet()
    except DeliveryError as error:
        yield must(
            "mail",
            str(error),
            "letters wait, and are tried again for five days",
            "correct [mail] in the settings, or LEXWATCH_SMTP_PASSWORD; then run this again",
        )
        return
    yield ok("mail", f"{way.host}:{way.port} answers, {way.security}, and lets us in")


def letters(case: Case) -> Iterator[Finding]:
    """What could not be handed over."""
    waiting = case.health.waiting if case.is_readable else None
    if waiting is None:
        return
    if waiting.failing or waiting.given_up:
        yield must(
            "letters",
            f"{waiting.failing} failing, {waiting.given_up} given up in the last days",
            "their readers have not received them",
            "`lexwatch sent` names them and what the server said; `lexwatch sent --again NUMBER`",
        )
    else:
        yield ok("letters", f"{counted(waiting.letters, 'letter')} waiting, none failing")


def sources(case: Case) -> Iterator[Finding]:
    """Each source: on or off, and how it was last read."""
    app = case.app
    if case.is_readable:
        ills = {each.subject: each for each in ailing.ailments(case.health, app.settings.operator)}
        for each in case.health.sources:
            ill = ills.get(f"source {each.watched.name}")
            yield _ailing(ill) if ill else _source(each, case.zone)
    off = [name for name in app.sources if app.off(name)]
    if off:
        yield ok("sources off", f"{', '.join(off)}; `lexwatch sources` says why")


def _ailing(ill: Ailment) -> Finding:
    told = advice(ill.kind, ill.subject)
    level = must if ill.kind in GRAVE else look
    return level(ill.subject, plain(ill.said), told.means, told.steps[0])


def _source(standing: Standing, zone: tzinfo) -> Finding:
    """A source that nothing ails, so far as it was read."""
    name, last = standing.watched.name, standing.last_complete
    if standing.failed:
        said = next(iter(standing.failed[0].failures), "no reason is known")
        return look(
            f"source {name}",
            f"the last run failed: {shortened(plain(said), SAID)}",
            "one failure is often the publisher’s own bad day",
            f"`lexwatch crawl {name}` tries again; its next visit does so anyway",
        )
    if last is None:
        return look(
            f"source {name}",
            "never read whole so far",
            "silence about it means nothing yet",
            f"`lexwatch crawl {name}`, or let the schedule do it",
        )
    return ok(f"source {name}", f"last read whole {moment(last, zone)}")


def schedule(case: Case) -> Iterator[Finding]:
    """Whether one runs, and what became of its jobs."""
    health = case.health
    if health.is_scheduled:
        yield ok("schedule", "it runs")
    else:
        yield look(
            "schedule",
            "none runs",
            "nothing is read or sent unless somebody types it, or the machine's own timer does",
            "`lexwatch schedule`, or `lexwatch serve`; deploy/ has recipes to start it by itself",
        )
    for name, run in sorted(health.jobs.items()):
        if run.state in (JobState.FAILED, JobState.TIMED_OUT, JobState.MISSED):
            is_missed = run.state is JobState.MISSED
            told = advice(TroubleKind.MISSED if is_missed else TroubleKind.JOB, f"job {name}")
            said = f"{run.state}, due {moment(run.due_at, case.zone)}"
            yield look(f"job {name}", said, told.means, told.steps[0])
