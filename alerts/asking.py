"""What a reader asked for, and why each change answers it, as far as mail may say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from alerts import criteria
from alerts.criteria import NAMED
from alerts.untrusted import plain
from alerts.wording import shortened
from pipeline.model import Alert
from pipeline.subscription import MAIL, Frequency, Subscription, shown

SAID = 300  # characters of a note or a query
VALUES = 12  # so many topics or authorities are named of each; the rest are counted


def called(subscription: Subscription) -> str:
    """What a subscription is called in mail, with the matter only where its reader lets mail show
    that."""
    matter = shortened(plain(shown(subscription, MAIL).matter), NAMED)
    said = criteria.called(subscription)
    return f"{said} (matter {matter})" if matter else said


def why(met: Sequence[Alert], *, is_only: bool) -> tuple[str, ...]:
    """Why a change is told: the reasons of each subscription it met, under what that is called. A
    reader's only one needs no telling apart, unless they gave it a name."""
    reasons: dict[str, dict[str, None]] = {}
    for alert in met:
        wanted = alert.subscription
        is_bare = is_only and not (wanted.name or shown(wanted, MAIL).matter)
        own = reasons.setdefault("" if is_bare else called(wanted), {})
        own.update(dict.fromkeys(alert.why))
    return tuple(
        told
        for name, own in reasons.items()
        for told in ((f"{name}: {'; '.join(own)}",) if name else own)
    )


def asked(
    subscriptions: Iterable[Subscription], names: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Each subscription: what it is called, and what it asks for, as far as mail may show it and
    has room."""
    return tuple(
        (called(each), "; ".join((*asks(_cut(each, names), shown(each, MAIL)), *_besides(each))))
        for each in subscriptions
    )


def named(one: Subscription, names: Mapping[str, str]) -> Subscription:
    """The subscription with its topics and sources as readers call them."""
    return replace(
        one,
        topics=tuple(names.get(each, each) for each in one.topics),
        sources=tuple(names.get(each, each) for each in one.sources),
    )


def asks(one: Subscription, told: Subscription) -> Iterator[str]:
    """What a subscription (`named`) asks for, criterion by criterion; its own words as far as they
    stand in what may be `told` of it."""
    lists = (
        ("about", one.topics),
        ("from", one.sources),
        ("only", one.classes),
        ("cites, amends or treats", one.authorities),
    )
    if not any((one.words, one.meaning, *(values for _, values in lists))):
        yield "every change in immigration law"
    for lead, values in lists:
        if values:
            yield f"{lead}: {'; '.join(values)}"
    if one.words:
        yield f"words: {one.words}" if told.words else "a search by words"
    if one.meaning:
        near = f"(as near as {one.threshold:.2f} or nearer)"
        said = f"says much the same as: “{one.meaning}” {near}"
        yield said if told.meaning else "a search by meaning"


def _cut(one: Subscription, names: Mapping[str, str]) -> Subscription:
    known = named(one, names)
    return replace(
        known,
        topics=_few(known.topics),
        sources=_few(known.sources),
        authorities=_few(known.authorities),
        words=shortened(plain(one.words), SAID),
        meaning=shortened(plain(one.meaning), SAID),
    )


def _besides(one: Subscription) -> Iterator[str]:
    if one.urgent_at_once and one.schedule.frequency is not Frequency.AT_ONCE:
        yield "what can’t wait also at once"
    if note := shown(one, MAIL).note:
        yield f"note: {shortened(plain(note), SAID)}"


def _few(values: Sequence[str]) -> tuple[str, ...]:
    said = tuple(shortened(plain(value), NAMED) for value in values[:VALUES])
    left = len(values) - len(said)
    return (*said, f"and {left:,} more") if left else said
