"""Other ways out, beside mail: a few lines, handed to a service by Apprise."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from alerts import headline, untrusted, wording
from alerts.deadlines import due
from alerts.deliver import Unconfirmed, Unreachable
from alerts.mail import Envelope, enveloped, message_id
from pipeline.errors import DeliveryError, SettingsError
from pipeline.letter import Letter
from pipeline.model import Alert, Digest
from pipeline.subscription import Subscription, shown

if TYPE_CHECKING:
    from apprise.plugins.base import NotifyBase

TITLE = 200  # characters of a document's title
UNASKED = 300  # characters on searches that could not be run
DATES = 3  # dates told of one change; the rest are counted
_MARGIN = 5  # a fifth of a service's room is left for what it writes in other signs (&amp;)

_STATUS = re.compile(r"error=(\d{3})\b")
_GATEWAY = frozenset({"502", "504"})  # of who stands before the service, which may have taken it
_BROKEN = "Socket Exception"  # how the library tells that a line failed …
_NEVER_OPEN = re.compile(  # … and how the one below it, that it was never open
    r"NewConnectionError|NameResolutionError|ConnectTimeout|Failed to establish|SSLError"
)
# What chat services take for a command: to call somebody, to set a link under other words.
_COMMANDS = str.maketrans({"<": "‹", ">": "›", "@": "(at)", "`": "'"})


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A service that takes short messages, named in the settings; its Apprise `url` holds passwords
    and stands in no error and no log."""

    name: str
    url: str = field(repr=False)
    repeatable: ClassVar[bool] = False

    def room(self, title: str) -> int:
        """How many characters of text surely fit under a title."""
        longest = self._service.body_maxlen
        return max(0, longest - longest // _MARGIN - len(title) - 2)

    def titled(self, subject: str) -> str:
        """The subject, as much of it as the service has room for."""
        longest = self._service.title_maxlen
        return wording.shortened(subject, longest) if 0 < longest < len(subject) else subject

    def send(self, letter: Letter, begin: Callable[[], None]) -> str:
        """Hand it over, once, and say where it went; see `alerts.deliver.Transport`.

        Raises `DeliveryError` where the service refused it, `Unreachable` where it never heard of
        it, and `Unconfirmed` where the line broke later: then it may have been taken.
        """
        from apprise import NotifyFormat  # noqa: PLC0415 - few offices send over channels

        service = self._service
        begin()
        with _overheard() as heard:
            try:
                is_taken = service.notify(
                    body=letter.body.decode(), title=letter.subject, body_format=NotifyFormat.TEXT
                )
            except Exception as error:  # of a library with a hundred services
                heard.append(f"{_BROKEN} {type(error).__name__}")
                is_taken = False
        if not is_taken:
            raise self._failure("\n".join(heard))
        return f"channel {self.name}"

    def close(self) -> None:
        """Nothing is kept open between letters."""

    def _failure(self, heard: str) -> DeliveryError:
        status = _STATUS.search(heard)
        if status and status[1] not in _GATEWAY:
            return DeliveryError(
                f"the service of the channel {self.name} refused the message with {status[1]}: "
                f"check its address under [channels.{self.name}]; it is tried again"
            )
        if _NEVER_OPEN.search(heard):
            return Unreachable(
                f"the service of the channel {self.name} could not be reached; it is tried again"
            )
        if status or _BROKEN in heard:
            return Unconfirmed(
                f"the line to the channel {self.name} broke{f' ({status[1]})' if status else ''} "
                "before the service confirmed the message; it is sent once more"
            )
        return DeliveryError(
            f"the channel {self.name} would not have the message: check its address under "
            f"[channels.{self.name}]; it is tried again"
        )

    @cached_property
    def _service(self) -> NotifyBase:
        from apprise import Apprise, AppriseAsset  # noqa: PLC0415 - as above

        asset = AppriseAsset(
            app_id="lexwatch",
            app_desc="lexwatch",
            app_url="",
            image_url_mask="",  # no picture from a stranger's server, which would count readers
            image_url_logo="",
            http_redirects=False,
            storage_mode="memory",
        )
        with _overheard():
            service = Apprise.instantiate(self.url, asset=asset)
        if service is None:
            raise SettingsError(
                f"channels.{self.name} is no address that Apprise knows: "
                "https://appriseit.com/services/ lists them"
            )
        if not service.verify_certificate:
            raise SettingsError(
                f"channels.{self.name} says verify=no: leave it out, or anybody on the way may read"
            )
        if len(service) > 1:
            raise SettingsError(
                f"channels.{self.name} names {len(service)} places: make a channel of each, since "
                "what fails at one would be sent again to all"
            )
        return service


def letter(digest: Digest, subject: str, channel: Channel) -> Letter:
    """The digest in a few lines: what was read, and of each change title, citation, class, dates
    and where it is. What is the reader's own is in it only where they show that on this channel."""
    title = channel.titled(untrusted.plain(subject))
    own = [line for each in digest.subscriptions for line in _own(each, channel.name)]
    lines = [_line(alert, digest) for alert in digest.alerts]
    opening = "\n".join([headline.opening(digest), *_unasked(digest)])
    text = _fitted(opening, lines, own, channel.room(title))
    return sealed(enveloped(digest, channel.name), title, text, channel)


def sealed(envelope: Envelope, subject: str, text: str, channel: Channel) -> Letter:
    """Any letter as it leaves over a channel; a text that the service has no room for is cut, and
    says so."""
    title = channel.titled(untrusted.plain(subject))
    return Letter(
        key=envelope.key,
        kind=envelope.kind,
        reader=envelope.reader,
        address=envelope.address,
        channel=channel.name,
        since=envelope.since,
        until=envelope.until,
        subject=title,
        message_id=message_id(envelope.key, channel.name),
        body=_cut(text, channel.room(title)).encode(),
    )


def _fitted(opening: str, lines: Sequence[str], own: Sequence[str], room: int) -> str:
    """As many lines as there is room for; what is left out is counted."""
    whole = "\n".join([opening, *lines, *own])
    if len(whole) <= room:
        return whole
    said = f"{wording.counted(len(lines), 'more change')} not shown here for want of room."
    left = room - sum(len(line) + 1 for line in (opening, said, *own))
    told = 0
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            break
        told += 1
    more = wording.counted(len(lines) - told, "more change")
    return "\n".join([opening, *lines[:told], f"{more} not shown here for want of room.", *own])


def _unasked(digest: Digest) -> Iterator[str]:
    if digest.unasked:
        which = wording.shortened(inert("; ".join(digest.unasked)), UNASKED)
        yield f"NOT EVERY SEARCH OF YOURS COULD BE RUN: {which}."


def _cut(text: str, room: int) -> str:
    said = " … (cut: no room)"
    return text if len(text) <= room else text[: max(0, room - len(said))] + said


def _line(alert: Alert, digest: Digest) -> str:
    change = alert.change
    title = wording.shortened(inert(change.new.title), TITLE)
    citation = inert(change.new.citation)
    named = f"{title}, {citation}" if citation and citation not in title else title
    parts = [f"{wording.badge(change)}: {named}", *_dates(alert, digest)]
    if change.id in digest.at_once:
        parts.append(f"sent to you at once on {wording.calendar(digest.at_once[change.id])}")
    return f"- {'; '.join(parts)}. {untrusted.address(change.new.url)}".rstrip()


def _dates(alert: Alert, digest: Digest) -> Iterable[str]:
    falling = due((alert.change,), digest.since)
    for item in falling[:DATES]:
        doubt = " (read its caution at the source)" if item.caution else ""
        yield f"{inert(item.name)} {wording.calendar(item.stated.on)}{doubt}"
    if len(falling) > DATES:
        yield wording.counted(len(falling) - DATES, "more date")


def _own(subscription: Subscription, channel: str) -> Iterator[str]:
    """What a reader lets a channel show of their own."""
    may_show = shown(subscription, channel)
    of = {
        "matter": may_show.matter,
        "note": may_show.note,
        "words": may_show.words,
        "meaning": may_show.meaning,
    }
    said = "; ".join(f"{name} {inert(value)}" for name, value in of.items() if value)
    if said:
        yield f"{inert(subscription.name) or f'subscription {subscription.id}'}: {said}"


def inert(text: str) -> str:
    """Foreign text as a chat service may be given it: it calls nobody and hides no link."""
    return untrusted.plain(text).translate(_COMMANDS).replace("](", "] (")


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """What is logged meanwhile, kept from every log: the library and those below it tell addresses
    with their passwords, and at some levels what is sent."""
    heard: list[str] = []
    loggers = [logging.getLogger(name) for name in (None, "apprise", "urllib3")]
    before = [(each, each.handlers, each.level, each.propagate) for each in loggers]
    for each in loggers:
        each.handlers, each.propagate = [_Ear(heard)], False
    logging.getLogger("apprise").setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        for each, handlers, level, propagate in before:
            each.handlers, each.propagate = handlers, propagate
            each.setLevel(level)


class _Ear(logging.Handler):
    def __init__(self, heard: list[str]) -> None:
        super().__init__()
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(record.getMessage())
