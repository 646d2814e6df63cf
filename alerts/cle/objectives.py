"""What a session is called, for whom it is, and what a participant can do after it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from alerts import wording
from alerts.cle.development import Development
from alerts.packet.content import Run, Style
from alerts.packet.draft import Draft, strong
from alerts.wording import PRECEDENTS, counted
from pipeline.errors import LexwatchError
from pipeline.model import ChangeKind

MOST = 6  # objectives: a longer list is read by nobody
NAMED = 6  # sections that an objective points to; how many more there are is said
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
    """What a participant can do afterwards, and with which developments."""

    words: str
    about: tuple[Development, ...]


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
    why = (
        f"Its developments are recent: {len(counting)} of {len(every)} change the substance of a "
        "text or are new."
    )
    return Rated(level=Level.INTERMEDIATE, why=why)


def objectives(developments: Sequence[Development]) -> tuple[Objective, ...]:
    """What a participant can do afterwards, the developments of substance grouped by what can be
    done with them, at most `MOST`; the others in one objective at the end."""
    counting = [item for item in developments if item.counts]
    told = [
        Objective(words=words, about=of)
        for belongs, words in _GROUPS
        if (of := tuple(item for item in counting if belongs(item)))
    ][:MOST]
    if len(told) < MOST and (others := tuple(item for item in developments if not item.counts)):
        words = "Tell a change of wording or of data from one of substance"
        told.append(Objective(words=words, about=others))
    return tuple(told)


def tell(
    draft: Draft, developments: Sequence[Development], rated: Rated, told: Collection[int]
) -> None:
    """Write the objectives with the sections of those developments that are `told` in full, and for
    whom the session is. The sections give the sources."""
    draft.heading("Learning objectives", 1)
    draft.paragraph("After the session a participant can:", style=Style.LEAD, ours=True)
    for each in objectives(developments):
        draft.bullet(each.words, *_sections(each.about, told), ours=True)
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


def _sections(about: Sequence[Development], told: Collection[int]) -> Iterator[str | Run]:
    """As in " (sections 5.1, 5.3 and 4 more developments)."."""
    shown = [item for item in about if item.number in told][:NAMED]
    if not shown:
        yield f" ({wording.counted(len(about), 'development')}, for reading)."
        return
    yield " (section " if len(shown) == 1 else " (sections "
    for at, item in enumerate(shown):
        yield ", " if at else ""
        yield Run(text=str(item.number), to=item.key)
    more = len(about) - len(shown)
    yield f" and {wording.counted(more, 'more development')})." if more else ")."
