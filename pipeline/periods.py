"""When a reader's periods end: at an hour of days on their own calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.calendar import is_working_day
from pipeline.subscription import Frequency, Schedule

Period = tuple[datetime, datetime]  # half-open: [since, until)

DAY = timedelta(days=1)
YEAR = 366 * DAY
# Days on either side of a moment among which there are two ends at least: a month and another, the
# days by which offices are closed in a row, and the one by which calendars of two places differ.
SPAN = {Frequency.DAILY: 14, Frequency.WEEKLY: 28, Frequency.MONTHLY: 80}


def period(schedule: Schedule, now: datetime) -> Period:
    """The last whole period up to `now`, in the schedule's zone.

    Days are counted on the calendar, so where the clocks change a week has 167 or 169 hours. An
    hour that the clocks skip is the moment at which they skip it; of one that comes twice it is the
    first. At once: the day up to `now`, this moment included.
    """
    if schedule.frequency is Frequency.AT_ONCE:
        return _shown(schedule, now - DAY), _shown(schedule, now + datetime.resolution)
    since, until = [end for end in _around(schedule, now) if end <= now][-2:]
    return _shown(schedule, since), _shown(schedule, until)


def next_end(schedule: Schedule, now: datetime) -> datetime:
    """The first moment after `now` at which a period ends; at once: `now`."""
    if schedule.frequency is Frequency.AT_ONCE:
        return _shown(schedule, now)
    return _shown(schedule, next(end for end in _around(schedule, now) if end > now))


def is_together(one: Schedule, other: Schedule, now: datetime) -> bool:
    """Whether the periods of two end at the same moments throughout the year to come, so that one
    letter tells of both."""
    if one.frequency is not other.frequency:
        return False
    if one == other or one.frequency is Frequency.AT_ONCE:
        return True
    ends = (now, now)
    while ends[0] == ends[1] and ends[0] < now + YEAR:
        ends = next_end(one, ends[0]), next_end(other, ends[1])
    return ends[0] == ends[1]


def _around(schedule: Schedule, now: datetime) -> list[datetime]:
    """The ends near a moment, in UTC and in order: clocks of one zone can't be compared on a day on
    which they change. Ends that offices' closing moved to one day are one."""
    span = SPAN[schedule.frequency]
    today = now.astimezone(UTC).date()
    days = (today + DAY * n for n in range(-span, span + 1))
    return sorted({_end(schedule, day) for day in days if _is_last(schedule, day)})


def _is_last(schedule: Schedule, day: date) -> bool:
    """Whether a period would end on a day, were no office ever closed."""
    if schedule.frequency is Frequency.WEEKLY:
        return day.weekday() == schedule.weekday
    return schedule.frequency is Frequency.DAILY or day.day == schedule.day


def _end(schedule: Schedule, day: date) -> datetime:
    while not (schedule.on_holidays or is_working_day(day)):
        day += DAY
    # `fold` 0: in a gap the offset before it holds, of two the first is taken (PEP 495).
    return datetime.combine(day, time(schedule.hour), ZoneInfo(schedule.zone)).astimezone(UTC)


def _shown(schedule: Schedule, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(schedule.zone))
