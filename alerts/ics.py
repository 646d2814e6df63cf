"""Deadlines as an iCalendar (RFC 5545) that a calendar program keeps up to date by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from alerts.falling import EASTERN, link, summary, told
from alerts.untrusted import plain
from pipeline.deadline import is_paperwork
from pipeline.model import Deadline

if TYPE_CHECKING:
    from icalendar import Calendar

PRODUCT = "-//lexwatch//Deadlines//EN"
REFRESH = timedelta(hours=12)
LAST = "Read by lexwatch from the sources it watches. Not legal advice: read the source."
_END = b"END:VCALENDAR\r\n"


def event(deadline: Deadline, titles: Mapping[str, str], organizer: str) -> bytes:
    """One date as a VEVENT: a whole day without a zone, which takes nobody's time.

    Dates in it are of the record, never of the moment: the same deadline gives the same bytes.
    There is no VALARM: one calendar goes to many readers, and when each wants to be alarmed is a
    setting of their calendar; `alerts.reminders` reminds. `titles` are what readers call topics.
    """
    from icalendar import Event  # noqa: PLC0415 - it takes a tenth of a second to load

    made = Event()
    made.add("uid", deadline.uid)
    made.add("dtstamp", deadline.changed_at.astimezone(UTC))
    made.add("created", deadline.known_at.astimezone(UTC))
    made.add("last-modified", deadline.changed_at.astimezone(UTC))
    made.add("sequence", deadline.sequence)
    made.add("dtstart", deadline.on)
    made.add("status", "CANCELLED" if deadline.is_cancelled else "CONFIRMED")
    made.add("transp", "TRANSPARENT")
    made.add("organizer", f"mailto:{organizer}")  # RFC 5546, 3.2.1: whoever publishes says so
    made.add("summary", summary(deadline))
    if source := link(deadline):
        made.add("url", source)
    made.add("description", "\n\n".join((*told(deadline), EASTERN, *filter(None, [source]), LAST)))
    if categories := _categories(deadline, titles):
        made.add("categories", categories)
    return bytes(made.to_ical())


def calendar(name: str, events: Iterable[bytes]) -> bytes:
    """A calendar of what `event` made, in their order."""
    empty = _empty(name).to_ical()
    return bytes(empty.removesuffix(_END)) + b"".join(events) + _END


def _empty(name: str) -> Calendar:
    from icalendar import Calendar  # noqa: PLC0415 - as above

    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    for each in ("name", "x-wr-calname"):  # RFC 7986, 5.1, and what came before it
        made.add(each, plain(name))
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})  # RFC 7986, 5.7
    made.add("x-published-ttl", "PT12H")
    return made


def _categories(deadline: Deadline, titles: Mapping[str, str]) -> list[str]:
    apart = ["Paperwork Reduction Act"] if is_paperwork(deadline.stated) else []
    return [*apart, *(plain(titles.get(each, each)) for each in deadline.topics)]
