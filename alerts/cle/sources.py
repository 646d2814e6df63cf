"""The sources of a packet: citation, version and day of retrieval of each text it rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import tzinfo

from alerts import dates, lineage, wording
from alerts.cle.development import Development, Shelf
from alerts.packet.draft import Draft
from alerts.untrusted import plain
from pipeline.bluebook import bluebook
from pipeline.model import Artefact, Change, Document, Event, Version

SHORT = 60  # characters of a title that calls a source to mind
DAYS = 4  # stated dates that tell a version apart


class Sources:
    """Numbers of sources: those of the developments are the developments' own, the others are given
    when they are first asked for. Those of developments that are not `told` in full are given in
    full in the list alone."""

    def __init__(
        self,
        draft: Draft,
        developments: Sequence[Development],
        shelf: Shelf,
        zone: tzinfo | None,
        *,
        told: Collection[int],
    ) -> None:
        self._draft, self._shelf, self._zone, self._told = draft, shelf, zone, told
        self._numbers: dict[Document, int] = {}
        self._artefacts: dict[Document, Artefact] = {}
        for item in developments:
            self._numbers.setdefault(item.change.document, self._enter(item))
            self.learn(item.change.events)

    def learn(self, events: Iterable[Event]) -> None:
        """Take from events when and where their documents were read."""
        for event in events:
            for each in event.artefacts:
                self._artefacts.setdefault(each.document, each)

    def of(self, document: Document) -> int:
        """The number of a document; where nothing of it was read, what it is called stands alone,
        and that its text is not held."""
        if document not in self._numbers:
            self._numbers[document] = self._other(document)
        return self._numbers[document]

    @property
    def record(self) -> int:
        """The number of our own record: what was read when, and what the texts held say of each
        other."""
        on = wording.calendar(self._shelf.on)
        return self._draft.source(
            "Record kept by lexwatch of its readings of the sources, and of what the texts held "
            "say of each other",
            short="Record kept by lexwatch",
            version=f"As it stood on {on}",
            retrieved=on,
        )

    def _enter(self, item: Development) -> int:
        change, held = item.change, wording.last_text(item.change)
        number = self._draft.source(
            cited(held),
            short=_short(held),
            url=held.url,
            version=f"Development {item.number}. {version(held)}{_earlier(change, self._zone)}",
            retrieved=wording.moment(held.seen_at, self._zone),
            is_listed=item.number not in self._told,
        )
        if number != item.number:
            raise ValueError("the sources of the developments are entered first, in their order")
        return number

    def _other(self, document: Document) -> int:
        if held := self._shelf.versions.get(document) or self._shelf.proposals.get(document):
            return self._draft.source(
                cited(held),
                short=_short(held),
                url=held.url,
                version=version(held),
                retrieved=wording.moment(held.seen_at, self._zone),
            )
        if each := self._artefacts.get(document):
            words = ", ".join(filter(None, (plain(each.title), plain(each.citation))))
            return self._draft.source(
                words,
                short=plain(each.citation) or wording.shortened(plain(each.title), SHORT),
                url=each.url,
                version=_dated(each),
                retrieved=wording.moment(each.seen_at, self._zone),
            )
        return self._draft.source(
            lineage.named(document),
            short=lineage.named(document),
            version="Named by the documents held; its own text is not",
        )


def cited(held: Version) -> str:
    """A text as a brief cites it; where what is held doesn't suffice for that, by title, citation
    and issuer."""
    said = bluebook(held) or ", ".join(
        filter(None, map(plain, (held.title, held.citation, held.issuer)))
    )
    return plain(said)


def version(held: Version) -> str:
    """Which text it is: the dates that it states, and the first letters of its digest."""
    told_once = dict.fromkeys((one.kind, one.on) for one in held.dates)
    stated = [f"{dates.called(held, kind)} {wording.calendar(on)}" for kind, on in told_once]
    left = len(stated) - DAYS
    more = f", and {wording.counted(left, 'more date')}" if left > 0 else ""
    told = f"{', '.join(stated[:DAYS])}{more}" if stated else "date not stated"
    text = f"; text {held.text_digest[:12]}" if held.blocks else ""
    return f"Version: {told}{text}"


def _short(held: Version) -> str:
    return plain(held.citation) or wording.shortened(plain(held.title), SHORT)


def _earlier(change: Change, zone: tzinfo | None) -> str:
    new, old = wording.last_text(change), change.old
    if old is new:
        return f". Not on the site any more on {wording.moment(change.seen_at, zone)}"
    if old is None:
        return ""
    seen = wording.moment(old.seen_at, zone)
    if old.document != new.document:
        return f". Compared with {plain(old.title)}, retrieved {seen}"
    return f". Earlier version retrieved {seen}"


def _dated(each: Artefact) -> str:
    if each.on is None:
        return "Version: date not stated"
    what = dates.DATES[each.dated] if each.dated else "dated"
    return f"Version: {what} {wording.calendar(each.on)}"
