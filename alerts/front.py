"""A digest's first screen, read in a minute: what matters most, and what falls due next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alerts import body, falling, reachable, untrusted, wording
from alerts.dates import read
from alerts.deadlines import FIRST, SOON, StatedDeadline, hour, is_within
from alerts.entry import Glance, glance
from alerts.sections import Group, Section
from pipeline.calendar import eastern
from pipeline.deadline import is_paperwork
from pipeline.model import Alert, ChangeClass, ChangeKind, Deadline

FOREMOST = 3  # changes named on the first screen …
URGENT = 5  # … where no more are urgent
NEXT = 6  # dates of each group there; the others stand further below
TITLE = 120  # characters
CITED = 80
CAUTION = 300
READ = 240  # of the words of a date told before
PRECEDENTS = wording.PRECEDENTS | {"ag-referral"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A date that falls due. `number` is the entry that tells it in its words, which are given as
    `read` where there is none (0). `is_new`: a change of this digest states it; what was told
    before has the `address` of its source."""

    day: str
    left: str
    hour: str
    what: str
    title: str
    number: int
    address: str
    read: str
    caution: str
    is_new: bool


@dataclass(frozen=True, kw_only=True)
class Span:
    """The first dates of a span of time, those to come before those of the period itself; `more` of
    them are further down."""

    rows: tuple[Row, ...]
    more: int


@dataclass(frozen=True, kw_only=True)
class Dates:
    """The dates that fall due: of the next 14 days and of the 16 after them, those of these 30 days
    on paperwork apart; all others are `further`, and `more` did not fit. How many on paperwork were
    told before is counted only."""

    within_14: Span
    within_30: Span
    paperwork: Span
    further: tuple[Row, ...]
    more: int
    paperwork_before: int
    is_paperwork_alone: bool


@dataclass(frozen=True, kw_only=True)
class Precedent:
    """A decision and what it does to older ones, what it does against them first."""

    number: int
    title: str
    citation: str
    does: tuple[str, ...]
    more: int


def foremost(shown: Sequence[Section], routine: Collection[int]) -> tuple[Glance, ...]:
    """What is urgent, then what binds most of what is substantive, of decisions those first that do
    something against others, and the `routine` notices last; of an event that is not urgent its
    first alone."""
    groups = [group for section in shown for group in section.groups]
    pressing = [one for group in groups for one in group.entries if one.is_urgent][:URGENT]
    by_weight = sorted(
        (group.entries[0] for group in groups if _is_substantive(group)),
        key=lambda one: (
            one.change.id in routine,
            body.weight(one.change),
            not body.against(one.change),
        ),
    )
    return tuple(map(glance, [*pressing, *by_weight[: max(0, FOREMOST - len(pressing))]]))


def dates(
    new: Sequence[StatedDeadline],
    before: Sequence[Deadline],
    until: datetime,
    numbers: Mapping[int, int],
    rows: int,
) -> Dates:
    """Set the dates that the digest's changes state, and those told `before`, soonest first and
    what has passed last; at most `rows` of them. `numbers` are those of the entries, by change."""
    standing = [each for each in before if not is_paperwork(each.stated)]
    items: list[StatedDeadline | Deadline] = [*new, *standing]
    ordered = sorted(items, key=lambda item: _place(item, until))
    groups: dict[timedelta | None, list[Row]] = {FIRST: [], SOON: [], None: []}
    counts = dict.fromkeys(groups, 0)
    further: list[Row] = []
    for at, item in enumerate(ordered):
        row = _row(item, until, numbers) if at < rows else None
        key = None if is_paperwork(item.stated) else _span(item, until)
        is_near = is_within(item.stated.on, until, SOON)
        counts[key] += is_near
        if row:
            (groups[key] if is_near else further).append(row)
    spans = {
        key: Span(rows=tuple(of[:NEXT]), more=counts[key] - len(of[:NEXT]))
        for key, of in groups.items()
    }
    return Dates(
        within_14=spans[FIRST],
        within_30=spans[SOON],
        paperwork=spans[None],
        further=(*(row for of in groups.values() for row in of[NEXT:]), *further),
        more=max(0, len(ordered) - rows),
        paperwork_before=len(before) - len(standing),
        is_paperwork_alone=bool(new) and all(is_paperwork(item.stated) for item in new),
    )


def precedents(
    alerts: Iterable[Alert], numbers: Mapping[int, int], rows: int
) -> tuple[tuple[Precedent, ...], int]:
    """The decisions first seen in the period, the gravest first, and how many did not fit."""
    found = [
        _precedent(alert, numbers, rows)
        for alert in alerts
        if alert.change.difference.kind is ChangeKind.NEW
        and alert.change.document.kind in PRECEDENTS
    ]
    return tuple(found[:rows]), max(0, len(found) - rows)


def _is_substantive(group: Group) -> bool:
    first = group.entries[0]
    is_urgent = any(one.is_urgent for one in group.entries)
    return not is_urgent and first.change.difference.change_class is ChangeClass.SUBSTANTIVE


def _place(item: StatedDeadline | Deadline, until: datetime) -> tuple[bool, bool, date]:
    on = item.stated.on
    return on < eastern(until), is_paperwork(item.stated), on


def _span(item: StatedDeadline | Deadline, until: datetime) -> timedelta:
    return FIRST if is_within(item.stated.on, until, FIRST) else SOON


def _row(item: StatedDeadline | Deadline, until: datetime, numbers: Mapping[int, int]) -> Row:
    return _new(item, until, numbers) if isinstance(item, StatedDeadline) else _before(item, until)


def _new(item: StatedDeadline, until: datetime, numbers: Mapping[int, int]) -> Row:
    number = numbers.get(item.change.id, 0)
    return Row(
        day=wording.calendar(item.stated.on),
        left=_left(item.stated.on, until),
        hour=hour(item.stated),
        what=item.name,
        title=_named(item.change.new.title, item.change.new.citation),
        number=number,
        address="",
        read="" if number else item.read,
        caution=wording.shortened(item.caution, CAUTION),
        is_new=True,
    )


def _before(item: Deadline, until: datetime) -> Row:
    moved = falling.moves(item)
    doubts = "; ".join(filter(None, (moved[:1].lower() + moved[1:], falling.caution(item))))
    words = "; ".join(dict.fromkeys(map(read, (item.stated, *item.applies))))
    return Row(
        day=wording.calendar(item.on),
        left=_left(item.on, until),
        hour=hour(item.stated),
        what=falling.called(item),
        title=_named(item.title, item.citation),
        number=0,
        address=reachable.address(falling.link(item)),
        read=wording.shortened(words, READ),
        caution=wording.shortened(doubts, CAUTION),
        is_new=False,
    )


def _named(title: str, citation: str) -> str:
    shown = wording.shortened(untrusted.plain(title), TITLE)
    cited = wording.shortened(untrusted.plain(citation), CITED)
    return ", ".join(filter(None, wording.entitled(shown, cited)))


def _left(on: date, until: datetime) -> str:
    days = (on - eastern(until)).days
    if days < 0:
        return "in this period"
    return "today" if days == 0 else f"in {wording.counted(days, 'day')}"


def _precedent(alert: Alert, numbers: Mapping[int, int], rows: int) -> Precedent:
    change = alert.change
    against = [each.words for each in body.against(change)]
    besides = [each.words for each in body.made(change) if not each.is_negative]
    does = [wording.shortened(words, CAUTION) for words in (*against, *besides)]
    return Precedent(
        number=numbers.get(change.id, 0),
        title=wording.shortened(untrusted.plain(change.new.title), TITLE),
        citation=wording.shortened(untrusted.plain(change.new.citation), CITED),
        does=tuple(does[:rows]),
        more=max(0, len(does) - rows),
    )
