"""What is asked for: subscriptions read once, each filed under the rarest of its criteria."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from alerts import criteria
from alerts.criteria import Asked, Criteria
from pipeline.errors import QueryError
from pipeline.query.tree import Node
from pipeline.subscription import Sort, Subscription

_DEEDS = frozenset({Sort.NEGATIVE, Sort.LITIGATION})
NOTHING = Criteria()  # asked of texts


class Seekers:
    """The subscriptions that are matched together."""

    def __init__(self, subscriptions: Sequence[Subscription]) -> None:
        self.all = subscriptions
        self.read = [readable(each) for each in subscriptions]
        self.filed: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, each in enumerate(subscriptions):
            for key in self._keys(number, each):
                self.filed[key].append(number)

    @cached_property
    def asks_texts(self) -> bool:
        return any(
            read is not None and asks_texts(each)
            for each, read in zip(self.all, self.read, strict=True)
        )

    @cached_property
    def authorities(self) -> Asked:
        return Asked(name for read in self.read if read for name in read.authorities)

    @cached_property
    def searches(self) -> Mapping[str, Node]:
        """Every search by its words, each once."""
        return {
            each.words: read.words
            for each, read in zip(self.all, self.read, strict=True)
            if read is not None and read.words is not None
        }

    def _keys(self, number: int, each: Subscription) -> Iterator[tuple[str, str]]:
        read = self.read[number]
        if read is None:
            return
        if read.authorities:
            yield from (("authority", name) for name in read.authorities)
        elif each.words:
            yield "words", each.words
        elif each.meaning:
            yield "meaning", each.meaning
        elif each.topics:
            yield from (("topic", name) for name in dict.fromkeys(each.topics))
        elif each.sources:
            yield from (("source", name) for name in dict.fromkeys(each.sources))
        else:
            yield "every", ""


def asks_texts(each: Subscription) -> bool:
    """Whether more than the facts of a change must be known to match it."""
    is_deed = not _DEEDS.isdisjoint(each.classes)
    return bool(each.authorities or each.words or each.meaning or is_deed)


def readable(subscription: Subscription) -> Criteria | None:
    """A subscription's criteria, without authorities that can't be read; None where its words, or
    all of its authorities, can't be."""
    if not subscription.authorities and not subscription.words:
        return NOTHING  # as most: thousands are asked of every hundred changes
    named = tuple(filter(_is_authority, subscription.authorities))
    if subscription.authorities and not named:
        return None
    try:
        return criteria.read(replace(subscription, authorities=named))
    except QueryError:
        return None


def _is_authority(typed: str) -> bool:
    try:
        criteria.canonical(typed)
    except QueryError:
        return False
    return True
