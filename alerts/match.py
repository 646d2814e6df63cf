"""Decide which subscriptions a change meets, and say why in words a reader can check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from alerts import criteria
from alerts.meeting import Meeting, Told
from alerts.seekers import Seekers, readable
from pipeline.grounds import Grounds, gather, is_fuller
from pipeline.model import Alert, Change, ChangeClass
from pipeline.query.saved import Shelf
from pipeline.query.tree import Node
from pipeline.subscription import Subscription

UNREADABLE = (
    "{} could not be run: its authorities or words can't be read any more; make it anew with "
    "`lexwatch subscribe`"
)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A subscription that could not be run in full, and why: in words that quote none of it."""

    subscription: Subscription
    words: str


def match(
    subscriptions: Iterable[Subscription],
    changes: Iterable[Change],
    titles: Mapping[str, str],
    grounds: Mapping[int, Grounds] = {},
) -> tuple[Alert, ...]:
    """Every meeting of a subscription and a change, change by change: see `Offer`."""
    return tuple(Offer(changes, titles, grounds).alerts(subscriptions))


def failures(subscriptions: Iterable[Subscription]) -> tuple[Failure, ...]:
    """The subscriptions that can't be read, and so are not asked."""
    return tuple(
        Failure(subscription=each, words=UNREADABLE.format(criteria.called(each)))
        for each in subscriptions
        if readable(each) is None
    )


class Offer:
    """Changes that are matched with ever more subscriptions: what takes long is done once.

    What a first crawl found and noise meet nothing; a full text that is noise beside its abstract
    meets who searches texts, for what he could not find in the abstract. `titles` holds what
    readers call topics and sources, by id; `grounds` what changes offer, by id: of others their
    texts are read. Without these no sentence is met.
    """

    def __init__(
        self,
        changes: Iterable[Change],
        titles: Mapping[str, str],
        grounds: Mapping[int, Grounds] = {},
    ) -> None:
        self._told = [Told(each, titles) for each in changes if _counts(each)]
        self._grounds = dict(grounds)

    def alerts(
        self, subscriptions: Iterable[Subscription], grounds: Mapping[int, Grounds] = {}
    ) -> Iterator[Alert]:
        """Every meeting, change by change, in the order of the subscriptions.

        All criteria that are given must be met, each by any of its values. What is not about
        immigration meets only who asks for that topic, for an authority or for words. `grounds`
        say more than what was given for all: which passages are nearest to these subscriptions'
        sentences. A subscription that can't be read meets nothing: see `failures`.
        """
        wanted = Seekers(tuple(subscriptions))
        found, earlier = self._searched(wanted.searches)
        for number, told in enumerate(self._told):
            offered = grounds.get(told.change.id)
            offered = offered or (self._offered(told.change) if wanted.asks_texts else Grounds())
            one = Meeting(told, offered, wanted, found[number], earlier[number])
            for place in one.candidates():
                if why := one.why(place):
                    yield Alert(subscription=wanted.all[place], change=told.change, why=why)

    def _offered(self, change: Change) -> Grounds:
        if change.id not in self._grounds:
            self._grounds[change.id] = gather(change)
        return self._grounds[change.id]

    def _searched(self, asked: Mapping[str, Node]) -> tuple[list[dict[str, str]], list[set[str]]]:
        """For each change the searches that it meets, with where; and which of them the poorer form
        of its text met."""
        met: list[dict[str, str]] = [{} for _ in self._told]
        earlier: list[set[str]] = [set() for _ in self._told]
        for is_removed in (False, True) if asked else ():
            shelf = self._shelves[is_removed]
            for words, node in asked.items():
                for number in shelf.meeting(node):
                    if words not in met[number]:
                        at, _ = shelf.place(node, number)
                        met[number][words] = self._quoted(number, at, is_removed=is_removed)
        for words, node in asked.items() if any(each.is_fuller for each in self._told) else ():
            for number in self._earlier.meeting(node):
                earlier[number].add(words)
        return met, earlier

    def _quoted(self, number: int, at: int, *, is_removed: bool) -> str:
        pieces = self._offered(self._told[number].change).pieces
        side = (each for each in pieces if each.is_removed is is_removed)
        return criteria.quoted(*criteria.found(side, at), is_removed=is_removed)

    @cached_property
    def _shelves(self) -> tuple[Shelf, Shelf]:
        """What changed as it reads now, and as it read."""
        offered = [self._offered(each.change) for each in self._told]
        return Shelf([each.says for each in offered]), Shelf([each.said for each in offered])

    @cached_property
    def _earlier(self) -> Shelf:
        """The poorer forms of what is held in full now."""
        offered = [self._offered(each.change) for each in self._told]
        return Shelf([each.before.says if each.before else "" for each in offered])


def _counts(change: Change) -> bool:
    is_noise = change.difference.change_class is ChangeClass.NOISE
    return not change.baseline and (not is_noise or is_fuller(change))
