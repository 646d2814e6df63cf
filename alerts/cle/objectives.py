"""What a session is called, for whom it is, and what a participant can do after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from alerts import wording
from alerts.cle.development import Development
from alerts.packet.content import Style
from alerts.packet.draft import Draft, strong
from alerts.wording import PRECEDENTS, counted
from pipeline.errors import LexwatchError
from pipeline.model import ChangeKind

MOST = 6  # objectives: a longer list is read by nobody
NAMED = 3  # developments that an objective names; how many more there are is said
SURVEY = 3  # topics from which on a session surveys the field


class Level(StrEnum):
    """For whom a session is, as boards and sponsors call it."""

    INTRODUCTORY = "introductory"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


@dataclass(frozen=True, kw_only=True)
class Rated:
    """A level and the reason for it, in a sentence."""

    level: Level
    why: str


@dataclass(frozen=True, kw_only=True)
class Objective:
    """What a participant can do afterwards, and the numbers of the developments it is about."""

    words: str
    notes: tuple[int, ...]


def title(topics: Sequence[str], since: datetime, until: datetime) -> str:
    """What a session on [since, until) is called where nobody called it otherwise."""
    last = until - timedelta(microseconds=1)
    period = f"{wording.calendar(since)} to {wording.calendar(last)}"
    named = f": {', '.join(topics)}" if topics else ""
    return f"Immigration law update{named}, {period}"


def level(topics: Mapping[str, Sequence[Development]], asked: str = "") -> Rated:
    """For whom a session is. Raises `LexwatchError` where `asked` is no level.

    The rule follows The Florida Bar's policy on levels, the one definition by a board that we found
    (Standing Policies, 5.01(c)): a survey is basic, and intermediate where there were recent
    substantial changes; advanced is what is designed for lawyers who practise primarily in the
    subject. For such we take a session on fewer than `SURVEY` topics of which most developments of
    substance amend a text or interpret one in a precedent: who does not know the text before can't
    follow.
    """
    if asked:
        return Rated(level=_asked(asked), why="As the speaker set it.")
    every = [item for of in topics.values() for item in of]
    counting = [item for item in every if item.counts]
    found = f"{len(counting)} of {len(every)}"
    if not counting:
        why = "None of its developments changes the substance of a text."
        return Rated(level=Level.INTRODUCTORY, why=why)
    known = [item for item in counting if _supposes_knowledge(item)]
    if len(topics) < SURVEY and 2 * len(known) > len(counting):
        why = (
            f"It keeps to {counted(len(topics), 'topic')}, and of its {len(counting)} developments "
            f"of substance {len(known)} amend or interpret a text that participants must know."
        )
        return Rated(level=Level.ADVANCED, why=why)
    why = f"Its developments are recent, and {found} change the substance of a text."
    return Rated(level=Level.INTERMEDIATE, why=why)


def objectives(developments: Sequence[Development]) -> tuple[Objective, ...]:
    """What a participant can do afterwards, the developments of substance grouped by what can be
    done with them, at most `MOST`; the others in one objective at the end."""
    counting = [item for item in developments if item.counts]
    told = [
        Objective(words=f"{words}: {_called(of)}.", notes=_numbers(of[:NAMED]))
        for belongs, words in _GROUPS
        if (of := [item for item in counting if belongs(item)])
    ][:MOST]
    others = len(developments) - len(counting)
    if others and len(told) < MOST:
        left = "the one other development" if others == 1 else f"the {others} other developments"
        words = (
            f"Sort {left} of the period by topic and by authority; the substance of a text is as "
            "it was."
        )
        told.append(Objective(words=words, notes=()))
    return tuple(told)


def tell(draft: Draft, developments: Sequence[Development], rated: Rated) -> None:
    """Write the objectives, and for whom the session is."""
    draft.heading("Learning objectives", 1)
    draft.paragraph("After the session a participant can:", style=Style.LEAD, ours=True)
    for each in objectives(developments):
        draft.bullet(each.words, notes=each.notes, ours=not each.notes)
    draft.paragraph(strong(f"Level: {rated.level}. "), rated.why, ours=True)


def _asked(asked: str) -> Level:
    try:
        return Level(asked.strip().casefold())
    except ValueError as error:
        raise LexwatchError(
            f"there is no level {asked!r}; the levels are {', '.join(Level)}"
        ) from error


def _supposes_knowledge(item: Development) -> bool:
    change = item.change
    return change.difference.kind is ChangeKind.TEXT or change.document.kind in PRECEDENTS


def _is(*kinds: ChangeKind) -> Callable[[Development], bool]:
    return lambda item: item.change.difference.kind in kinds


def _is_new(*kinds: str) -> Callable[[Development], bool]:
    def belongs(item: Development) -> bool:
        change = item.change
        return change.difference.kind is ChangeKind.NEW and change.document.kind in kinds

    return belongs


def _is_other(item: Development) -> bool:
    change = item.change
    told = {*PRECEDENTS, "rule", "proposed-rule"}
    return change.difference.kind is ChangeKind.NEW and change.document.kind not in told


# What can be done with developments of a sort, the most telling first. Each is something that can
# be seen to be done: nobody can be seen to "understand".
_GROUPS = (
    (
        _is(ChangeKind.TEXT),
        "Compare the earlier and the present text, and name what must be checked again in a "
        "pending matter",
    ),
    (_is_new("rule"), "State what is provided, whom that binds, and from what date"),
    (
        _is_new(*PRECEDENTS),
        "State the holding in the words of the headnotes, and distinguish given facts from it",
    ),
    (_is_new("proposed-rule"), "Say what would change, and by when one may comment on it"),
    (
        _is_other,
        "Explain what is said, and tell apart what of it binds and what only announces or guides",
    ),
    (_is(ChangeKind.NEXT), "Calculate what moved, and name the clients who may act on it"),
    (
        _is(ChangeKind.REMOVED, ChangeKind.BACK, ChangeKind.METADATA),
        "List what the publisher removed, showed again or altered, and find the authority that "
        "says the same",
    ),
)


def _called(developments: Sequence[Development]) -> str:
    """The first few by name, and how many more there are."""
    more = len(developments) - NAMED
    rest = (f"and {more} more",) if more > 0 else ()
    return "; ".join((*(item.named for item in developments[:NAMED]), *rest))


def _numbers(developments: Sequence[Development]) -> tuple[int, ...]:
    return tuple(item.number for item in developments)
