"""Decide which subscriptions a change meets, and say why in words a reader can check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from alerts import criteria
from alerts.criteria import Asked, Criteria
from pipeline.errors import QueryError
from pipeline.grounds import Grounds, gather
from pipeline.model import NOT_IMMIGRATION, Alert, Change, ChangeClass
from pipeline.query.saved import Shelf
from pipeline.subscription import Sort, Subscription

_DEEDS = frozenset({Sort.NEGATIVE, Sort.LITIGATION})
UNREADABLE = (
    "{} was not asked: its authorities or words can't be read any more; make it anew with "
    "`lexwatch subscribe`"
)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A subscription that could not be asked in full, and why: in words that quote none of it."""

    subscription: Subscription
    words: str


def match(
    subscriptions: Iterable[Subscription],
    changes: Iterable[Change],
    titles: Mapping[str, str],
    grounds: Mapping[int, Grounds] = {},
) -> tuple[Alert, ...]:
    """Every meeting of a subscription and a change, change by change.

    All criteria that are given must be met, each by any of its values. What a first crawl found and
    noise meet nothing; what is not about immigration, only who asks for that topic, for an
    authority or for words. `titles` holds what readers call topics and sources, by id; `grounds`
    what changes offer, by id: of others their texts are read. Without these no sentence is met. A
    subscription that can't be read meets nothing: see `failures`.
    """
    told = [each for each in changes if _counts(each)]
    wanted = _Wanted([*subscriptions])
    return tuple(_Matching(wanted, told, titles, grounds).alerts())


def failures(subscriptions: Iterable[Subscription]) -> tuple[Failure, ...]:
    """The subscriptions that can't be read, and so are not asked."""
    return tuple(
        Failure(subscription=each, words=UNREADABLE.format(criteria.called(each)))
        for each in subscriptions
        if _read(each) is None
    )


def _read(subscription: Subscription) -> Criteria | None:
    try:
        return criteria.read(subscription)
    except QueryError:
        return None


def _counts(change: Change) -> bool:
    return not change.baseline and change.difference.change_class is not ChangeClass.NOISE


class _Wanted:
    """Subscriptions, each filed under the rarest of what it asks for."""

    def __init__(self, subscriptions: Sequence[Subscription]) -> None:
        self.all = subscriptions
        self.read = [_read(each) for each in subscriptions]
        self.filed: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, each in enumerate(subscriptions):
            for key in self._keys(number, each):
                self.filed[key].append(number)

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

    @cached_property
    def authorities(self) -> Asked:
        return Asked(name for read in self.read if read for name in read.authorities)


class _Matching:
    """Changes of one call. Every distinct query is asked once of all their texts."""

    def __init__(
        self,
        wanted: _Wanted,
        changes: Sequence[Change],
        titles: Mapping[str, str],
        grounds: Mapping[int, Grounds],
    ) -> None:
        self.wanted, self.changes, self.titles = wanted, changes, titles
        needs = any(
            read and asks_texts(each) for each, read in zip(wanted.all, wanted.read, strict=True)
        )
        given = [grounds.get(each.id) for each in changes]
        self.grounds = [
            held or (gather(each) if needs else Grounds())
            for each, held in zip(changes, given, strict=True)
        ]
        self.words = self._searched()

    def _searched(self) -> list[dict[str, str]]:
        """For each change the searches that it meets, with where."""
        asked = {
            each.words: read.words
            for each, read in zip(self.wanted.all, self.wanted.read, strict=True)
            if read is not None and read.words is not None
        }
        met: list[dict[str, str]] = [{} for _ in self.changes]
        for is_removed in (False, True) if asked else ():
            sides = [each.said if is_removed else each.says for each in self.grounds]
            shelf = Shelf(sides)
            for words, node in asked.items():
                for number in shelf.meeting(node):
                    if words not in met[number]:
                        of = self.grounds[number].pieces
                        side = (each for each in of if each.is_removed is is_removed)
                        at, _ = shelf.place(node, number)
                        told = criteria.found(side, at)
                        met[number][words] = criteria.quoted(*told, is_removed=is_removed)
        return met

    def alerts(self) -> Iterator[Alert]:
        for number, change in enumerate(self.changes):
            one = _Change(change, self.grounds[number], self.words[number], self)
            for place in sorted(set(one.candidates())):
                subscription = self.wanted.all[place]
                if why := one.why(subscription, self.wanted.read[place]):
                    yield Alert(subscription=subscription, change=change, why=why)


class _Change:
    """One change, and what of all that is asked it meets; each is found out once."""

    def __init__(
        self, change: Change, grounds: Grounds, words: Mapping[str, str], matching: _Matching
    ) -> None:
        self._change, self._grounds, self._words = change, grounds, words
        self._wanted, self._titles = matching.wanted, matching.titles
        self._authorities = {
            name: [f"authority {name}: {words}" for words in told]
            for name, told in self._wanted.authorities.met(change, grounds).items()
        }
        self._whys: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._topics = {each.topic: each for each in change.tags}
        self._said: dict[tuple[str, str], str] = {}

    def candidates(self) -> Iterator[int]:
        """The subscriptions that may be met, by what they are filed under."""
        keys = [("every", ""), ("source", self._change.document.source)]
        keys += [("authority", name) for name in self._authorities]
        keys += [("topic", name) for name in self._topics]
        keys += [("words", each) for each in self._words]
        keys += [("meaning", each) for each in self._grounds.near]
        for key in keys:
            yield from self._wanted.filed.get(key, ())

    def why(self, asked: Subscription, read: Criteria | None) -> tuple[str, ...]:
        """The reasons, one for each value that is met; none where a criterion is not."""
        if read is None:
            return ()
        told: list[str] = []
        for reasons in self._reasons(asked, read):
            if not reasons:
                return ()
            told += reasons
        if not (asked.topics or read.authorities or asked.words or asked.meaning):
            if NOT_IMMIGRATION in self._topics:
                return ()
            if not told:
                told = [self._once("every", "")]
        why = tuple(told)
        return self._whys.setdefault(why, why)  # one for all who are given the same reasons

    def _reasons(self, asked: Subscription, read: Criteria) -> Iterator[list[str]]:
        """Criterion by criterion, the values that are met."""
        if read.authorities:
            yield self._of_authorities(read.authorities)
        if asked.words:
            yield self._of_words(asked)
        if asked.meaning:
            yield self._of_meaning(asked)
        if asked.topics:
            yield self._of_topics(asked)
        if asked.sources:
            is_met = self._change.document.source in asked.sources
            yield [self._once("source", "")] if is_met else []
        if asked.classes:
            yield self._of_sorts(asked)

    def _of_authorities(self, names: Sequence[str]) -> list[str]:
        held = self._authorities
        return [words for name in names for words in held.get(name, ())]

    def _of_words(self, asked: Subscription) -> list[str]:
        found = self._words.get(asked.words, "")
        return [f"{criteria.called(asked)}: {found}"] if found else []

    def _of_meaning(self, asked: Subscription) -> list[str]:
        found = self._grounds.near.get(asked.meaning)
        if found is None or found.cosine < asked.threshold:
            return []
        return [f"{criteria.called(asked)}: {self._once('meaning', asked.meaning)}"]

    def _of_topics(self, asked: Subscription) -> list[str]:
        wanted = [name for name in self._topics if name in asked.topics]
        return [self._once("topic", name) for name in wanted]

    def _of_sorts(self, asked: Subscription) -> list[str]:
        return [told for each in asked.classes if (told := self._once("sort", each))]

    def _once(self, what: str, name: str) -> str:
        """The reason for one value, worded when it is first asked for."""
        if (what, name) not in self._said:
            self._said[what, name] = self._worded(what, name)
        return self._said[what, name]

    def _worded(self, what: str, name: str) -> str:
        if what == "topic":
            return criteria.topic(self._topics[name], self._change, self._titles)
        if what == "sort":
            return criteria.sort(self._change, self._grounds, name)
        if what in ("source", "every"):
            source = self._change.document.source
            lead = "every change is asked for; " if what == "every" else ""
            return f"{lead}source: {self._titles.get(source, source)}"
        return criteria.near(self._grounds.near[name])


def asks_texts(each: Subscription) -> bool:
    """Whether more than the facts of a change must be known to match it."""
    is_deed = not _DEEDS.isdisjoint(each.classes)
    return bool(each.authorities or each.words or each.meaning or is_deed)
