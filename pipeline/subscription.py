"""Subscriptions: who wants to be told of what, how often and where."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

MAIL = "mail"  # the channel that everybody has; others are named in the settings
FEED = "feed"  # calendars and feeds: nothing is sent there, but it may be in `shown_on`


class Frequency(StrEnum):
    """How often a reader is told. AT_ONCE: whenever a run finds something, and never of nothing."""

    AT_ONCE = "at once"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Origin(StrEnum):
    """Who keeps a subscription: the settings file, or the commands and pages of lexwatch."""

    SETTINGS = "settings"
    COMMAND = "command"


class Reason(StrEnum):
    """Why nothing is sent to an address: who reads there asked for that, or mail came back."""

    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"


class Sort(StrEnum):
    """What sorts of change may be asked for: the classes of an edit, what a decision or a court
    does against an authority, and what courts do with a rule."""

    SUBSTANTIVE = "substantive"
    EDITORIAL = "editorial"
    METADATA = "metadata"
    NEGATIVE = "negative treatment"
    LITIGATION = "litigation"


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When a reader's periods end: at `hour` o'clock (0 to 23) in `zone` (a name of the IANA
    database), each day, on a `weekday` (Monday is 0) or on a `day` of the month (1 to 28).

    Not `on_holidays`: what would end on a weekend or a federal holiday ends at the same hour of the
    next working day.
    """

    frequency: Frequency = Frequency.WEEKLY
    weekday: int = 0
    day: int = 1
    hour: int = 0
    zone: str = "America/New_York"
    on_holidays: bool = True


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """Who wants what. A criterion that is empty asks for nothing; all that are given must be met,
    each by any of its values.

    `authorities` are canonical citations: whatever cites, amends or treats one, or a part of it.
    `words` are terms and connectors, or words all of which must stand in what changed. `meaning` is
    a sentence, met by a passage that changed and is as near as `threshold` (a cosine). `classes`
    are values of `Sort`. `urgent_at_once`: what can't wait is also sent when it is found.
    `channels` name where it is sent. `matter`, `note`, `words` and `meaning` are the reader's own:
    they go to no channel but those in `shown_on`, and are never logged. `name` is shown wherever it
    sends something.
    """

    reader: str
    address: str
    topics: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    words: str = ""
    meaning: str = ""
    threshold: float = 0.5
    schedule: Schedule = field(default_factory=Schedule)
    urgent_at_once: bool = False
    plain_text: bool = False
    channels: tuple[str, ...] = (MAIL,)
    name: str = ""
    matter: str = ""
    note: str = ""
    shown_on: tuple[str, ...] = ()
    origin: str = Origin.SETTINGS
    id: int = 0


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """An address to which nothing is sent: why, since when, and what was said about it (by whom a
    link was followed, what the mail server answered)."""

    address: str
    reason: Reason
    at: datetime
    said: str = ""


def shown(subscription: Subscription, channel: str) -> Subscription:
    """A subscription as it may be shown on a channel: without what is the reader's own, unless they
    switched that on there. Whatever is sent is made from this."""
    if channel in subscription.shown_on:
        return subscription
    return replace(subscription, matter="", note="", words="", meaning="")
