"""A self-test from real changes: every question, alternative and answer by a stated rule.

Right answers are what a source states. Wrong ones are never invented: they are other days, other
words and other effects that stand in the same packet, or the other answer of two.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, islice, zip_longest

from alerts import lineage, treated, wording
from alerts.cle.changed import passages
from alerts.cle.development import Development
from alerts.dates import said
from alerts.deadlines import judged
from alerts.packet.content import Style
from alerts.packet.draft import Draft, strong
from alerts.untrusted import plain
from alerts.wording import calendar, shortened
from pipeline.binding import NOT_STATED, whom
from pipeline.calendar import eastern
from pipeline.model import ChangeKind, DateKind, RelationKind, StatedDate, Weight

MOST = 10
OF_A_SORT = 3  # questions
WRONG = 3  # alternatives beside the right one
LETTERS = "ABCD"
_ASKED_OF = {
    DateKind.EFFECTIVE: "From which day is {} effective, as it states?",
    DateKind.COMMENTS_CLOSE: "On which day do comments on {} close, as it states?",
    DateKind.COMPLIANCE: "Which compliance date does {} state?",
    DateKind.APPLICABLE: "From which day does {} say that it applies?",
    DateKind.EXPIRES: "Until which day does {} say that it lasts?",
}


_SLIGHT = frozenset({Weight.TEXT, Weight.WORDING})
_DOES = re.compile(r"(?P<does>[A-Z][a-z]+(?: [a-z]+)*?) (?P<whom>[A-Z\d“].*)")


@dataclass(frozen=True, kw_only=True)
class Item:
    """A question on the development `number`, with its alternatives; `right` is the place of the
    right one among them, `why` the source's words for it; `on` is the date it is about, if any.
    """

    number: int
    question: str
    alternatives: tuple[str, ...]
    right: int
    why: str
    on: date | None = None

    @property
    def answer(self) -> str:
        return self.alternatives[self.right]


def quiz(developments: Sequence[Development], until: datetime) -> tuple[Item, ...]:
    """At most `MOST` questions on developments of substance, a sort after the other in turn, each
    from all over the packet; of one development one of each sort. `until` is the end of the
    period: whether comments may still be sent is asked of its last day."""
    counting = [item for item in developments if item.counts]
    last = eastern(until - timedelta(microseconds=1))
    sorts = (
        _on_words(counting),
        _on_comments(counting, last),
        _on_effects(counting),
        _on_dates(counting),
        _on_binding(counting),
    )
    told: set[tuple[int, date]] = set()
    chosen = [_spread(tuple(_untold(sort, told))) for sort in sorts]
    in_turn = filter(None, chain.from_iterable(zip_longest(*chosen)))
    return tuple(sorted(islice(in_turn, MOST), key=lambda item: item.number))


def tell(draft: Draft, items: Sequence[Item]) -> None:
    """Write the questions; nothing where there are none."""
    if not items:
        return
    draft.heading("Self-test", 1)
    draft.paragraph(
        "One alternative is right in each. The wrong ones are words, days and effects from "
        "elsewhere in this packet. The answers stand on a page of their own.",
        ours=True,
    )
    for ordinal, item in enumerate(items, 1):
        draft.paragraph(item.question, style=Style.NUMBER, ordinal=ordinal, notes=(item.number,))
        for place, words in enumerate(item.alternatives, 1):
            draft.paragraph(words, style=Style.LETTER, ordinal=place, ours=True)


def answers(draft: Draft, items: Sequence[Item]) -> None:
    """Write the answers with their sources, on a page of their own."""
    if not items:
        return
    draft.page_break()
    draft.heading("Answers to the self-test", 1)
    for ordinal, item in enumerate(items, 1):
        draft.paragraph(
            strong(f"{LETTERS[item.right]}. "),
            f"{item.answer} {item.why}".strip(),
            style=Style.NUMBER,
            ordinal=ordinal,
            notes=(item.number,),
        )


def _untold(items: Iterable[Item], told: set[tuple[int, date]]) -> Iterator[Item]:
    """Those about no date that was `told`: a second question on it would give away the first."""
    for item in items:
        if item.on is None:
            yield item
        elif (item.number, item.on) not in told:
            told.add((item.number, item.on))
            yield item


def _spread(items: Sequence[Item]) -> tuple[Item, ...]:
    """At most `OF_A_SORT`, from the whole of the packet and not only from its beginning."""
    count = min(OF_A_SORT, len(items))
    return tuple(items[at * len(items) // count] for at in range(count))


def _on_words(items: Sequence[Development]) -> Iterator[Item]:
    """Which of two sentences a text says now: the one before the change is the other. Only of a
    difference that decides something is it asked."""
    for item in items:
        if item.change.difference.kind is not ChangeKind.TEXT:
            continue
        for each in passages(item):
            if each.before and each.after and each.turn not in _SLIGHT:
                where = f"Under “{each.place}”, which" if each.place else "Which"
                yield _item(
                    item,
                    f"{where} of these does {item.named} say now?",
                    right=f"“{each.after}”",
                    wrong=[f"“{each.before}”"],
                    why="The other is the earlier text.",
                )
                break


def _on_dates(items: Sequence[Development]) -> Iterator[Item]:
    """A date that holds, among the days nearest to it that the packet states otherwise."""
    stated = {one.on for item in items for one in _live(item)}
    for item in items:
        for one in _live(item):
            own = {each.on for each in item.change.new.dates}
            near = sorted(stated - own, key=lambda on: (abs(on - one.on), on))[:WRONG]
            if len(near) < 2:
                continue
            yield _item(
                item,
                _ASKED_OF[one.kind].format(item.named),
                right=f"{calendar(one.on)}.",
                wrong=[f"{calendar(on)}." for on in near],
                why=_says(said(one)),
                order=[f"{calendar(on)}." for on in sorted((one.on, *near))],
                on=one.on,
            )
            break


def _live(item: Development) -> Iterator[StatedDate]:
    """The dates that are asked about: stated in words, not ended by a later document, and of their
    sort the only day that the document states."""
    ended = {at for at, each in judged(item.change).items() if not each.live}
    dates = item.change.new.dates
    days: dict[DateKind, set[date]] = {}
    for one in dates:
        days.setdefault(one.kind, set()).add(one.on)
    for one in dict.fromkeys(dates):
        is_ended = (one.kind, one.on) in ended
        if one.kind in _ASKED_OF and said(one) and not is_ended and len(days[one.kind]) == 1:
            yield one


def _on_effects(items: Sequence[Development]) -> Iterator[Item]:
    """What a document does to another, among what others in the packet do to theirs."""
    effects = [(item, each) for item in items for each in _effects(item)]
    asked: set[int] = set()
    for item, each in effects:
        others = dict.fromkeys(other.does for _, other in effects if other.does != each.does)
        if item.number in asked or not others:
            continue
        asked.add(item.number)
        yield _item(
            item,
            f"What does {item.named} do to {each.whom}?",
            right=f"{each.does} …",
            wrong=[f"{other} …" for other in list(others)[:WRONG]],
            why=each.why,
        )


@dataclass(frozen=True, kw_only=True)
class _Effect:
    """What a document does ("Overrules in part"), to whom, and the words for it."""

    does: str
    whom: str
    why: str


def _effects(item: Development) -> Iterator[_Effect]:
    change = item.change
    for each in treated.made(change):
        yield from _told(each.words, _says(each.sentence))
    own = {one.earlier for one in change.relations if one.later == change.document}
    for one in lineage.related(change.document, change.relations):
        is_told = one.kind is not RelationKind.SAME_SERIES and not one.is_litigation
        if is_told and one.other in own:
            joined = plain(one.evidence)
            yield from _told(one.words, wording.sentence(f"the two are joined by: {joined}"))


def _told(words: str, why: str) -> Iterator[_Effect]:
    """An effect told as "Overrules in part Matter of …": the name begins with the first capital,
    figure or quotation mark after the first word. One told of an office ("the Board") has none."""
    found = _DOES.fullmatch(words)
    if found and not found["does"].endswith(" the"):
        yield _Effect(does=found["does"], whom=found["whom"].rstrip("."), why=why)


def _on_binding(items: Sequence[Development]) -> Iterator[Item]:
    """Whom a document binds, among those whom others in the packet bind; each answer once."""
    every = {item.number: whom(wording.last_text(item.change)).words for item in items}
    first = {words: number for number, words in reversed(every.items())}
    for item in items:
        words = every[item.number]
        if first[words] != item.number:
            continue
        others = [each for each in dict.fromkeys(every.values()) if each not in (words, NOT_STATED)]
        if words == NOT_STATED or not others:
            continue
        yield _item(
            item,
            f"Whom does {item.named} bind?",
            right=wording.sentence(f"it {words}"),
            wrong=[wording.sentence(f"it {each}") for each in others[:WRONG]],
            why="That follows from what it is and who issued it.",
        )


def _on_comments(items: Sequence[Development], last: date) -> Iterator[Item]:
    """Whether comments may still be sent on the last day of the period."""
    for item in items:
        for one in _live(item):
            if one.kind is DateKind.COMMENTS_CLOSE:
                right, wrong = ("Yes.", "No.") if last <= one.on else ("No.", "Yes.")
                yield _item(
                    item,
                    f"May comments on {item.named} still be sent on {calendar(last)}?",
                    right=right,
                    wrong=[wrong],
                    why=f"They close on {calendar(one.on)}. {_says(said(one))}",
                    order=["Yes.", "No."],
                    on=one.on,
                )


def _says(words: str) -> str:
    return wording.sentence(f"it says: “{shortened(words, 300)}”")


def _item(
    item: Development,
    question: str,
    *,
    right: str,
    wrong: Sequence[str],
    why: str,
    order: Sequence[str] = (),
    on: date | None = None,
) -> Item:
    """The alternatives in the order given; else in one that tells nothing, the same each time."""
    alternatives = tuple(order) or tuple(sorted((right, *wrong), key=_shuffled(question)))
    return Item(
        number=item.number,
        question=question,
        alternatives=alternatives,
        right=alternatives.index(right),
        why=why,
        on=on,
    )


def _shuffled(question: str) -> Callable[[str], str]:
    return lambda words: hashlib.sha256(f"{question}\n{words}".encode()).hexdigest()
