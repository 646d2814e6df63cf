"""The doctor: looks at everything that lexwatch needs, each by itself, and says what to do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from lexwatch import logs
from lexwatch.app import App
from lexwatch.operating import machine, reached, stored
from lexwatch.operating.case import Case
from lexwatch.operating.finding import Finding, Level, must

Check = Callable[[Case], Iterable[Finding]]

# The folder before the database: whoever opens that closes the folder to others.
CHECKS: Collection[Check] = (
    machine.settings,
    machine.folder,
    machine.disk,
    stored.database,
    stored.keywords,
    stored.vectors,
    stored.waits,
    stored.chain,
    stored.backup,
    machine.model,
    machine.clock,
    machine.subscriptions,
    reached.mail,
    reached.letters,
    reached.sources,
    reached.schedule,
    machine.operator,
)
_GRAVEST = (Level.MUST, Level.LOOK, Level.OK)


def examine(app: App, *, offline: bool, checks: Iterable[Check] = CHECKS) -> tuple[Finding, ...]:
    """What each check finds, the gravest first. Nothing is altered, and nothing sent."""
    case = Case(app=app, offline=offline)
    found = [finding for check in checks for finding in _isolated(check, case)]
    return tuple(sorted(found, key=lambda each: _GRAVEST.index(each.level)))


def _isolated(check: Check, case: Case) -> Iterator[Finding]:
    """A check that itself fails is a finding, and keeps none of the others."""
    try:
        yield from [*check(case)]
    except Exception as error:  # whatever ails what it looks at: see above
        logs.fail(error)
        yield must(
            check.__name__,
            f"this could not be looked at: {str(error) or repr(error)}",
            "whether it is in order is not known",
            "mend what the others name, then run `lexwatch doctor` again; the log has the place",
        )
