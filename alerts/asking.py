"""What a reader asked for, and why each change answers it, as far as mail may say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from alerts.untrusted import plain
from alerts.wording import shortened
from pipeline.model import Alert
from pipeline.subscription import MAIL, Frequency, Subscription, shown

NAMED = 80  # characters of what a reader calls a subscription …
SAID = 300  # … of a note or a query …
VALUES = 12  # … and so many topics or authorities are named of each; the rest are counted


def called(subscription: Subscription) -> str:
    """What a subscription is called in mail: its name, else its number, with the matter only where
    its reader lets mail show that."""
    name = shortened(plain(subscription.name), NAMED)
    matter = shortened(plain(shown(subscription, MAIL).matter), NAMED)
    number = f"subscription {subscription.id}" if subscription.id else "your subscription"
    said = f"“{name}”" if name else number
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
    """Each subscription: what it is called, and what it asks for."""
    return tuple((called(each), "; ".join(_asks(each, names))) for each in subscriptions)


def _asks(subscription: Subscription, names: Mapping[str, str]) -> Iterator[str]:
    may_show = shown(subscription, MAIL)
    for what, values in (
        ("topics", [names.get(each, each) for each in subscription.topics]),
        ("sources", [names.get(each, each) for each in subscription.sources]),
        ("authorities", list(subscription.authorities)),
        ("only changes that are", list(subscription.classes)),
    ):
        if values:
            yield f"{what}: {_listed(values)}"
    for what, is_asked, words in (
        ("words", subscription.words, may_show.words),
        ("meaning", subscription.meaning, may_show.meaning),
    ):
        if is_asked:
            yield f"{what}: “{shortened(plain(words), SAID)}”" if words else f"a search by {what}"
    if not _is_narrowed(subscription):
        yield "every change in immigration law"
    if subscription.urgent_at_once and subscription.schedule.frequency is not Frequency.AT_ONCE:
        yield "what can’t wait also at once"
    if may_show.note:
        yield f"note: {shortened(plain(may_show.note), SAID)}"


def _is_narrowed(one: Subscription) -> bool:
    return bool(
        one.topics or one.sources or one.authorities or one.classes or one.words or one.meaning
    )


def _listed(values: Sequence[str]) -> str:
    named = [shortened(plain(value), NAMED) for value in values[:VALUES]]
    left = len(values) - len(named)
    return ", ".join([*named, *([f"and {left:,} more"] if left else [])]) if named else ""
