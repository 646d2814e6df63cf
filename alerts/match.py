"""Decide which subscriptions a change meets, and say why in words a reader can check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from alerts.wording import CLASSES, last_text
from pipeline.model import Alert, Block, Change, ChangeClass, ChangeKind, Tag
from pipeline.subscription import Subscription

_WHOLE = "document: "  # before evidence that stands in the document, not in its change


def match(
    subscriptions: Iterable[Subscription], changes: Iterable[Change], titles: Mapping[str, str]
) -> tuple[Alert, ...]:
    """Every meeting of a subscription and a change.

    Topics, sources and classes must all agree, an empty one meaning all. What a first crawl found
    and noise meet nothing; what is not about immigration, only who asks for that topic. `titles`
    holds what readers call topics and sources, by id.
    """
    wanted = tuple(subscriptions)
    return tuple(
        Alert(
            subscription=subscription, change=change, why=tuple(_why(subscription, change, titles))
        )
        for change in changes
        for subscription in wanted
        if _meets(subscription, change)
    )


def _meets(subscription: Subscription, change: Change) -> bool:
    if change.baseline or change.difference.change_class is ChangeClass.NOISE:
        return False
    return (
        change.concerns(subscription.topics)
        and (not subscription.sources or change.document.source in subscription.sources)
        and (not subscription.classes or change.difference.change_class in subscription.classes)
    )


def _why(subscription: Subscription, change: Change, titles: Mapping[str, str]) -> Iterator[str]:
    for tag in change.tags:
        if tag.topic in subscription.topics:
            yield _topic(tag, change, titles)
    source = change.document.source
    if subscription.sources:
        yield f"source: {titles.get(source, source)}"
    if subscription.classes:
        yield f"class: {CLASSES[change.difference.change_class].lower()}"
    if not (subscription.topics or subscription.sources or subscription.classes):
        yield f"every change is asked for; source: {titles.get(source, source)}"


def _topic(tag: Tag, change: Change, titles: Mapping[str, str]) -> str:
    """The topic with its evidence: for a changed text what the change shows, then what only the
    rest of the document does."""
    edited = [words for words in tag.evidence if not words.startswith(_WHOLE)]
    shown = {_uncounted(words) for words in edited}
    whole = [words.removeprefix(_WHOLE) for words in tag.evidence if words.startswith(_WHOLE)]
    whole = [words for words in whole if _uncounted(words) not in shown]
    lead = "in the change: " if change.difference.kind is ChangeKind.TEXT else ""
    told = [lead + "; ".join(_place(words, change) for words in edited)] if edited else []
    told += [f"elsewhere in the document: {'; '.join(whole)}"] if whole else []
    title = titles.get(tag.topic, tag.topic)
    return f"topic {title}: {'; '.join(told)}" if told else f"topic {title}"


def _uncounted(words: str) -> str:
    """Evidence without how often it was found, as in "asylum ×2"."""
    return words.partition(" ×")[0]


def _place(words: str, change: Change) -> str:
    """Quote the evidence with the section it stands in, changed sections first; what stands in no
    text (a meaning, a CFR part from the publisher's data) is given as it is."""
    for block in _blocks(change):
        if words.casefold() in block.text.casefold():
            return f'"{words}"' + (f' in section "{block.trail[-1]}"' if block.trail else "")
    if words.casefold() in change.new.title.casefold():
        return f'"{words}" in the title'
    return words


def _blocks(change: Change) -> Iterator[Block]:
    for edit in change.difference.edits:
        for block in (edit.new, edit.old):
            if block is not None:
                yield block
    yield from last_text(change).blocks
