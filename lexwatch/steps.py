"""The steps of a run: whatever ails one, those after it are taken, so that the mail goes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import typer

from lexwatch import logs
from lexwatch.turns import Turn

if TYPE_CHECKING:
    from alerts.deliver import Sent
    from lexwatch.app import App

_Result = TypeVar("_Result")


class Steps:
    """What is noted as a fault is to be said at the end; `said` is what was, each once."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.said: dict[str, None] = {}

    def take(self, done: str, step: Callable[[], _Result]) -> _Result | None:
        try:
            with logs.step("step", kind=done):
                return step()
        except Exception as error:  # of the model, of Chroma, of the disk: see above
            self.note(f"not everything could be {done}: {str(error) or repr(error)}")
        return None

    def note(self, fault: str) -> None:
        self.faults.append(fault)

    def say(self, faults: Iterable[str]) -> None:
        for fault in faults:
            if fault not in self.said:
                self.said[fault] = None
                typer.echo(f"lexwatch: {fault}", err=True)


def mail(app: App, steps: Steps) -> tuple[int | None, list[Sent]]:
    """Match, queue and send, and refresh the feeds, in this process's turn: how many alerts are new
    (None: it could not be found out), and what became of each letter."""
    with app.turn(Turn.MAILING):
        return _mailed(app, steps)


def _mailed(app: App, steps: Steps) -> tuple[int | None, list[Sent]]:
    from lexwatch.alerting import feeds, sending  # noqa: PLC0415 - a command that only asks needs neither

    sent: list[Sent] = []
    now = _until(app)  # before it matches: what is told up to then was matched, too
    if wrong := steps.take("put right", lambda: sending.put_right(app)):
        steps.note(wrong)
    alerts = steps.take("matched", lambda: sending.match_changes(app, steps.note))
    if queue := steps.take("queued", lambda: sending.queue(app, now)):
        steps.faults += queue.faults
        sent += queue.failed
    steps.take("sent", lambda: sent.extend(sending.send(app)))
    steps.take("written of calendars and feeds", lambda: feeds.write(app))
    ended = Counter(f"letters {one.outcome or 'waiting'}" for one in sent)
    logs.say("mailed", alerts=alerts, letters=len(sent), **ended)
    return alerts, sent


def _until(app: App) -> datetime:
    """Up to when readers can be told: all that bears an earlier moment is written down."""
    with app.moment() as now:
        return now
