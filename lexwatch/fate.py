"""What became of an authority: its status, what is held of it, and what later documents did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from index.citator import resolve_all
from index.citator import status as judged
from index.cites import citing
from lexwatch.output import account, findings, known
from pipeline.citator.model import StatusKind
from pipeline.identifiers import REPORTED

if TYPE_CHECKING:
    from index.authorities import Resolved
    from index.lookup import Shown
    from lexwatch.app import App
    from pipeline.citator.model import Forum, Status
    from pipeline.model import Version


@dataclass(frozen=True, kw_only=True)
class Fate:
    """`status` is drawn from treatments; `shown` is what is held of one that is no reported
    decision, of which relations and events tell more; `citing` documents cite it."""

    status: Status
    known: Resolved
    citing: int
    held: Version | None
    shown: Shown | None

    @property
    def is_acted_on(self) -> bool:
        """Whether a later document or a court did something to it, beside all treatments."""
        shown = self.shown
        return bool(shown and (any(account.gone(shown)) or any(account.stands(shown))))


def fate(app: App, authority: str, forum: Forum | None, on: date) -> Fate:
    """Of an authority by any of its names, for a forum (None: for all) and a day. Raises `NotHeld`
    as `index.citator.status` does."""
    told = judged(app.database, authority, forum, on)
    with app.database.read() as connection:
        resolved = resolve_all(connection, [told.authority])[told.authority]
        count = citing(connection, resolved.names)
    held = resolved.held[0].version if resolved.held else None
    return Fate(
        status=told, known=resolved, citing=count, held=held, shown=_among_others(app, held)
    )


def row(told: Fate) -> dict[str, Any]:
    """What became of it, as JSON."""
    return {
        **findings.row(_acted_on(told.status) if told.is_acted_on else told.status),
        "held": findings.held_row(told.held),
        "names": told.known.names,
        "documents": told.citing,
        **(_others(told.shown) if told.shown else {}),
    }


def _among_others(app: App, held: Version | None) -> Shown | None:
    """What later documents and courts did to one that is no reported decision: of these it is
    treatments that tell what became of them, and a look-up of the rest takes longer."""
    if held is None or held.document.kind in REPORTED:
        return None
    from index.lookup import look_up  # noqa: PLC0415 - see above

    return look_up(app.database, held.document.name)


def _acted_on(told: Status) -> Status:
    """A status that isn't read alone, for what it was drawn from tells of no later document."""
    if told.kind is not StatusKind.NONE_FOUND:
        return told
    kind = StatusKind.ACTED_ON
    line = f"{kind}: see its relations and events; of how other texts speak of it: {told.line}"
    return replace(told, kind=kind, line=line)


def _others(shown: Shown) -> dict[str, Any]:
    return {
        "removed_at": shown.removed_at,
        "relations": [known.relation_row(each) for each in shown.relations],
        "events": [known.event_row(each) for each in shown.events],
    }
