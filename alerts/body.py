"""What is told of a change in full, whoever reads it: set once, shown to many."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo

from alerts import dates, lineage, particulars, treated, untrusted, wording
from alerts.dates import Dated
from alerts.deadlines import urgent
from alerts.force import authority_of
from alerts.lineage import Related
from alerts.redline import Line, foremost, ignored, quotation, redline, shorten
from alerts.remembered import remembered
from alerts.story import Story, line
from alerts.treated import Effect
from alerts.watched import by_rule
from pipeline.binding import whom
from pipeline.model import Change, ChangeKind, DateKind, State, Version
from pipeline.state import state_on, states
from pipeline.weight import RULES

TITLE = 300  # characters
ABOVE = "in its words with the event above, as far as there was room"
JOINED = 400  # characters of what joins a change with its event …
ALSO = 200  # … of the line of a further event that it is part of …
ACTS = 3  # … of which so many are named
URGENT = 600  # characters of a reason why it can't wait …
DEED = 600  # … and of a sentence in which something is done to another authority
DEEDS = 12  # … of which so many are told; the rest are counted
QUOTED = frozenset({ChangeKind.NEW, ChangeKind.REMOVED})  # where no redline tells what it says
STATED = frozenset({"rule", "proposed-rule"})  # kinds that are in force, or not, on a day

Day = tuple[DateKind, date]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """How a change is set: what readers call its `source`; the day for which it is said whom it
    binds; the reader's zone; and how much of it, redline `lines` and `words` in a line."""

    source: str
    today: date
    zone: tzinfo | None
    lines: int
    words: int


@dataclass(frozen=True, kw_only=True)
class Body:
    """A change in full as the templates show it: plain text throughout, and nothing of a reader.

    `about` is its citation, what it is, where it stands and whom it binds; `against` is what a
    decision does against others, `besides` what else it does to them. `basis` heads the `reasons`,
    of which those that `moves` are read one below the other. `more` tells how the rest is read.
    """

    about: str
    binds: str
    urgent: tuple[str, ...]
    litigation: tuple[Related, ...]
    against: tuple[Effect, ...]
    more_against: int
    badge: str
    substance: str
    happened: str
    summary: str
    besides: str
    not_held: str
    basis: str
    reasons: tuple[str, ...]
    moves: bool
    joined: str
    also: tuple[str, ...]
    announced: str
    last_seen: str
    quoted: tuple[str, ...]
    cut: bool
    lines: tuple[Line, ...]
    rules: tuple[tuple[str, str], ...]
    more_lines: int
    more: str
    ignored: str
    fields: tuple[tuple[str, str, str], ...]
    dates: tuple[Dated, ...]
    unclear: tuple[str, ...]
    related: tuple[Related, ...]
    more_related: str
    elsewhere: tuple[str, ...]
    details: tuple[str, ...]


def body(change: Change, how: Setting, told: Story | None) -> Body:
    """Set a change. What the story of its event has `told` above it is not told again: dates, and
    the words of what courts did. Of one without a story the same is handed out again."""
    if told is not None:
        return _body(change, how, told)
    known = _bodies(change)
    if how not in known:
        known[how] = _body(change, how, None)
    return known[how]


@remembered
def _bodies(_: Change) -> dict[Setting, Body]:
    return {}


@remembered
def quoted(version: Version) -> tuple[str, ...]:
    """What it says of itself, see `redline.quotation`."""
    return quotation(version)


@remembered
def made(change: Change) -> tuple[Effect, ...]:
    """What it does to other authorities, see `treated.made`."""
    return treated.made(change)


def against(change: Change) -> tuple[Effect, ...]:
    """What it does against other authorities."""
    return tuple(each for each in made(change) if each.is_negative)


def weight(change: Change) -> int:
    """Its authority's place in a list, see `force.Authority`."""
    return authority_of(wording.last_text(change)).weight


_redline = remembered(redline)
_reasons = remembered(wording.reasons)


@remembered
def _details(change: Change) -> tuple[str, ...]:
    return particulars.details(change.new, change.old)


@remembered
def _dated(change: Change) -> tuple[Dated, ...]:
    return dates.dated(change.new, change.standings)


@remembered
def _related(change: Change) -> tuple[Related, ...]:
    return lineage.related(change.document, change.relations)


def binds(change: Change, today: date) -> str:
    """Whom it binds, as things stand on a day: a rule binds nobody before it is in effect."""
    held = wording.last_text(change)
    state = state_on(today, _states(change)) if change.document.kind in STATED else None
    return whom(held, state=state).words


@remembered
def _states(change: Change) -> tuple[State, ...]:
    if change.events:
        return change.events[0].states
    return states([change.new], [])


def _body(change: Change, how: Setting, told: Story | None) -> Body:
    held, kind = wording.last_text(change), change.difference.kind
    above = {(each.kind, each.on) for each in told.dates} if told else set()
    lines = _redline(change)
    shown = _shown(lines, how)
    says = quoted(held) if kind in QUOTED else ()
    kept = _kept(says, how)
    deeds, related = _against(change, says), _joined_by(change, told)
    is_gone, not_held = kind is ChangeKind.REMOVED, particulars.not_held(change.new)
    return Body(
        about=_about(change, how.source),
        binds=binds(change, how.today),
        urgent=tuple(wording.shortened(each, URGENT) for each in urgent(change)),
        litigation=tuple(each for each in related if each.is_litigation),
        against=deeds[:DEEDS],
        more_against=max(0, len(deeds) - DEEDS),
        badge=wording.badge(change),
        substance=wording.initial(wording.substance(change)),
        happened=wording.happened(change),
        summary=summary(change) if _is_summarised(change, kept, not_held) else "",
        besides=_besides(change),
        not_held="" if is_gone else not_held,
        basis=wording.basis(change),
        reasons=_reasons(change),
        moves=kind is ChangeKind.NEXT,
        joined=_joined(change, told) if told else "",
        also=_also(change),
        announced=untrusted.plain(change.announcement.words) if change.announcement else "",
        last_seen=wording.moment(held.seen_at, how.zone) if is_gone and kept else "",
        quoted=kept,
        cut=len(says) > len(kept),
        lines=shown,
        rules=_rules(shown),
        more_lines=len(lines) - len(shown),
        more=f"lexwatch show {untrusted.plain(change.document.name)}",
        ignored=by_rule(ignored(change)),
        fields=wording.fields(change),
        dates=tuple(
            each
            for each in dates.altered(_dated(change), _before(change), how.today)
            if (each.kind, each.on) not in above
        ),
        unclear=() if is_gone else dates.unclear(change.new, change.announcement, change.events),
        related=tuple(each for each in related if not each.is_litigation),
        more_related=lineage.more_editions(change.document, change.relations),
        elsewhere=_elsewhere(change, above),
        details=_details(change),
    )


def summary(change: Change) -> str:
    """What differs between two texts, in our words."""
    return wording.initial(wording.shortened(wording.legible(change.difference.summary), 800))


def _is_summarised(change: Change, kept: Sequence[str], not_held: str) -> bool:
    """Whether the summary tells what neither a quotation nor what is below it does."""
    kind = change.difference.kind
    if kind is ChangeKind.NEXT:
        return not _reasons(change)
    return kind is ChangeKind.TEXT or (kind is ChangeKind.NEW and not kept and not not_held)


def _before(change: Change) -> Version | None:
    """The text with which a changed one is compared."""
    return change.old if change.difference.kind in wording.SHOWN else None


def _about(change: Change, source: str) -> str:
    sort = authority_of(wording.last_text(change)).title
    citation = wording.shortened(untrusted.plain(change.new.citation), TITLE)
    return " · ".join(dict.fromkeys(filter(None, (citation, sort, source))))


def _shown(lines: Sequence[Line], how: Setting) -> tuple[Line, ...]:
    first = foremost(lines, how.lines)
    return tuple(replace(each, pieces=shorten(each.pieces, how.words)) for each in first)


def _against(change: Change, says: Iterable[str]) -> tuple[Effect, ...]:
    """What is done against others; a sentence that is quoted anyhow is not quoted twice."""
    below = " ".join(says)
    return tuple(
        replace(
            each,
            sentence="" if each.sentence in below else wording.shortened(each.sentence, DEED),
        )
        for each in against(change)
    )


def _besides(change: Change) -> str:
    others = [each.words for each in made(change) if not each.is_negative]
    left = len(others) - DEEDS
    more = [f"and {left:,} more"] if left > 0 else []
    return "; ".join([*others[:DEEDS], *more])


def _kept(says: Sequence[str], how: Setting) -> tuple[str, ...]:
    length = max(how.words, 60) * 6
    first = says[: max(how.lines, 1)]
    cut = " … [cut; see the source]"
    return tuple(textwrap.shorten(words, length, placeholder=cut) for words in first)


def _rules(lines: Iterable[Line]) -> tuple[tuple[str, str], ...]:
    """The rules that make some of the lines mere wording, each with why."""
    names = dict.fromkeys(line.rule for line in lines)
    return tuple((name.replace("-", " "), RULES[name].why) for name in names if name in RULES)


def _elsewhere(change: Change, above: Collection[Day]) -> tuple[str, ...]:
    standings = (
        each for each in change.standings if (each.stated.kind, each.stated.on) not in above
    )
    return lineage.elsewhere(change.document, standings)


def _joined_by(change: Change, told: Story | None) -> tuple[Related, ...]:
    """What documents do to it and it to them. What a court did stands beside what it concerns in
    any case: a reader who comes by a link has not read what is above."""
    related = _related(change)
    if not (told and told.court):
        return related
    return tuple(replace(each, evidence=ABOVE) if each.is_litigation else each for each in related)


def _joined(change: Change, told: Story) -> str:
    """What makes a change part of its event, where neither its relations nor its announcement says
    so anyhow."""
    documents = {each.document for each in (*told.now, *told.earlier, *told.besides)}
    is_told = change.announcement and change.announcement.entry in documents
    return (
        ""
        if is_told or any(each.other in documents for each in _related(change))
        else wording.shortened(told.joined(change), JOINED)
    )


def _also(change: Change) -> tuple[str, ...]:
    """The acts of the further events that a change is part of: it is told under the first alone."""
    others = change.events[1:]
    named = tuple(wording.shortened(line(event), ALSO) for event in others[:ACTS])
    left = len(others) - len(named)
    return (*named, *((wording.counted(left, "more event"),) if left else ()))
