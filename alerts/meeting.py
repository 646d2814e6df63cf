"""One change, and which subscriptions meet it: each reason is found and worded once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from alerts import criteria
from alerts.criteria import Criteria
from alerts.seekers import Seekers, asks_texts
from pipeline import grounds
from pipeline.grounds import Grounds
from pipeline.model import NOT_IMMIGRATION, Change, ChangeClass
from pipeline.subscription import Sort, Subscription

_DEEDS = (Sort.NEGATIVE, Sort.LITIGATION)


class Told:
    """A change as readers are told of it, with the reasons that don't turn on who asks. If it
    `is_silent`, only who searches texts is told."""

    def __init__(self, change: Change, titles: Mapping[str, str]) -> None:
        self.is_fuller = grounds.is_fuller(change)
        self.is_silent = change.difference.change_class is ChangeClass.NOISE
        self.change = grounds.as_told(change)
        self.topics = {each.topic: each for each in change.tags}
        self._titles = titles
        self._said: dict[str, str] = {}

    def topic(self, name: str) -> str:
        if name not in self._said:
            self._said[name] = criteria.topic(self.topics[name], self.change, self._titles)
        return self._said[name]

    @property
    def source(self) -> str:
        source = self.change.document.source
        return f"source: {self._titles.get(source, source)}"

    @property
    def held_before(self) -> str:
        """What was held of a text that is full now."""
        old = self.change.old
        form = old.metadata.get("text", "") if old is not None else ""
        return f"told now, since only the full text meets this: before, {form} was held"


class Meeting:
    """One change and the subscriptions that are matched together. `searches` says which searches
    it meets, and where; `earlier` which of them the poorer form of its text met."""

    def __init__(
        self,
        told: Told,
        offered: Grounds,
        wanted: Seekers,
        searches: Mapping[str, str],
        earlier: Collection[str],
    ) -> None:
        self._told, self._change, self._grounds = told, told.change, offered
        self._wanted, self._searches, self._earlier = wanted, searches, earlier
        self._authorities = _named(wanted.authorities.met(told.change, offered))
        self._news = self._newly() if told.is_fuller else {}
        self._sorts: dict[str, str] = {}
        self._whys: dict[tuple[str, ...], tuple[str, ...]] = {}

    def candidates(self) -> Sequence[int]:
        """The places of the subscriptions that may be met, by what they are filed under."""
        keys = [("every", ""), ("source", self._change.document.source)]
        keys += [("authority", name) for name in self._authorities]
        keys += [("topic", name) for name in self._told.topics]
        keys += [("words", each) for each in self._searches]
        keys += [("meaning", each) for each in self._grounds.near]
        filed = self._wanted.filed
        return sorted({place for key in keys for place in filed.get(key, ())})

    def why(self, place: int) -> tuple[str, ...]:
        """The reasons, one for each value that is met; none where a criterion is not."""
        asked, read = self._wanted.all[place], self._wanted.read[place]
        if read is None or not self._is_news(asked, read):
            return ()
        told: list[str] = []
        for reasons in self._reasons(asked, read):
            if not reasons:
                return ()
            told += reasons
        if not (asked.topics or read.authorities or asked.words or asked.meaning):
            if NOT_IMMIGRATION in self._told.topics:
                return ()
            if not told:
                told = [f"every change is asked for; {self._told.source}"]
        if self._told.is_silent:
            told.append(self._told.held_before)
        why = tuple(told)
        return self._whys.setdefault(why, why)  # one for all who are given the same reasons

    def _is_news(self, asked: Subscription, read: Criteria) -> bool:
        """Of a full text, whether it tells who asks more than its abstract did: something that is
        searched for in texts is met only now, or the change is news by itself, with a date or a
        topic."""
        if not self._told.is_fuller:
            return True
        is_by_itself = not asks_texts(asked) or asked.topics or self._change.difference.metadata
        if is_by_itself and not self._told.is_silent:
            return True
        near = self._grounds.near.get(asked.meaning)
        return bool(
            any(name in self._news for name in read.authorities)
            or (asked.words in self._searches and asked.words not in self._earlier)
            or (near and near.cosine >= asked.threshold > near.before)
            or any(each in asked.classes and self._sort(each) for each in _DEEDS)
        )

    def _reasons(self, asked: Subscription, read: Criteria) -> Iterator[list[str]]:
        """Criterion by criterion, the values that are met."""
        if read.authorities:
            yield self._of_authorities(read.authorities)
        if asked.words:
            yield self._of_words(asked)
        if asked.meaning:
            yield self._of_meaning(asked)
        if asked.topics:
            wanted = [name for name in self._told.topics if name in asked.topics]
            yield [self._told.topic(name) for name in wanted]
        if asked.sources:
            yield [self._told.source] if self._change.document.source in asked.sources else []
        if asked.classes:
            yield [told for each in asked.classes if (told := self._sort(each))]

    def _of_authorities(self, names: Sequence[str]) -> list[str]:
        """What is met of them; of a full text what is met only now, if anything is."""
        news = [words for name in names for words in self._news.get(name, ())]
        return news or [words for name in names for words in self._authorities.get(name, ())]

    def _of_words(self, asked: Subscription) -> list[str]:
        found = self._searches.get(asked.words, "")
        return [f"{criteria.called(asked)}: {found}"] if found else []

    def _of_meaning(self, asked: Subscription) -> list[str]:
        found = self._grounds.near.get(asked.meaning)
        if found is None or found.cosine < asked.threshold:
            return []
        return [f"{criteria.called(asked)}: {criteria.near(found)}"]

    def _sort(self, asked: str) -> str:
        """How the change is of a sort; of a full text, by what its poorer form did not say."""
        if asked not in self._sorts:
            offered = grounds.added(self._grounds) if self._told.is_fuller else self._grounds
            self._sorts[asked] = criteria.sort(self._change, offered, asked)
        return self._sorts[asked]

    def _newly(self) -> Mapping[str, Sequence[str]]:
        """How a full text meets authorities that its poorer form did not meet, and what it does to
        those that this only cited."""
        asked, offered = self._wanted.authorities, self._grounds
        before = asked.met(self._change, offered.before or Grounds())
        done = _named(asked.done(self._change, grounds.added(offered)))
        cited = {name: told for name, told in self._authorities.items() if name not in before}
        return {**done, **cited}


def _named(met: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    return {name: [f"authority {name}: {words}" for words in told] for name, told in met.items()}
