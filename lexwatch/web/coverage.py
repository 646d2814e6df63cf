"""What can be said of silence: whether we looked, as digests say it, and at what."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from alerts import headline, watched
from alerts.digest import build
from alerts.watched import Watched
from pipeline.model import Alert, Change, Digest
from pipeline.subscription import Subscription

if TYPE_CHECKING:
    from lexwatch.web.frame import Frame

EVERYBODY = Subscription(reader="the office", address="")  # asks for everything


@dataclass(frozen=True, kw_only=True)
class Looked:
    """A line on the whole, and what is said of each source."""

    opening: str
    sources: tuple[Watched, ...]
    gaps: tuple[str, ...]


def over(frame: Frame, since: datetime, until: datetime, sources: Collection[str] = ()) -> Looked:
    """What was read in a period in which nothing was found, of some `sources` or all."""
    return looked(told(frame, (), since, until, sources))


def looked(digest: Digest) -> Looked:
    """What was read for a digest."""
    return Looked(
        opening=headline.opening(digest, whose=""),
        sources=watched.watched(digest),
        gaps=watched.gaps(digest),
    )


def told(
    frame: Frame,
    changes: Sequence[Change],
    since: datetime,
    until: datetime,
    sources: Collection[str] = (),
) -> Digest:
    """The digest of somebody who asks for everything: nobody is sent it. It ends now where the
    period is not over."""
    end = min(until, max(since, frame.app.clock().astimezone(frame.zone)))
    reports = frame.coverage(since, end)
    return build(
        [EVERYBODY],
        [Alert(subscription=EVERYBODY, change=each, why=()) for each in changes],
        [each for each in reports if not sources or each.source in sources],
        since,
        end,
        background=frame.app.taxonomy.background,
    )
