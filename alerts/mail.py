"""Set what a reader is sent as a mail message: the same words give the same bytes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from alerts.headers import POLICY
from alerts.untrusted import plain
from alerts.ways import Ways, ways
from pipeline import letter as letters
from pipeline.errors import DeliveryError
from pipeline.letter import Letter, LetterKind
from pipeline.model import Digest
from pipeline.subscription import MAIL

if TYPE_CHECKING:
    from alerts.render import Rendered

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[^\s@<>,;:\"()\[\]\\]+")
_LONGEST = 254  # characters of an address: a path of RFC 5321 (4.5.3.1.3) without its brackets
_NAME = 300  # characters of a name beside an address
_SUBJECT = 500


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """What every letter says about its sender. `list_id` is a host-like name (RFC 2919), e.g.
    "digest.lexwatch.firm.example"; `unsubscribe` the address that takes readers off the list;
    `web` the https address at which the world reaches `lexwatch serve`, "" where it doesn't. Links
    that end subscriptions are signed with `key`; without one there is only the mail address.
    `has_preferences` is said of letters made since there is a page of preferences: those of before
    are made again without a link to it.
    """

    sender: str
    sender_name: str
    list_id: str
    unsubscribe: str
    web: str = ""
    key: bytes = field(default=b"", repr=False)
    has_preferences: bool = False

    def ways(self, address: str) -> Ways:
        """The ways out of who is written to at an address. Raises `DeliveryError`."""
        office = _mailbox("", self.unsubscribe).addr_spec
        return ways(
            address,
            office=office,
            web=self.web,
            key=self.key,
            has_preferences=self.has_preferences,
        )


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """To whom a letter goes and what names it: `key` is what may be sent once, `until` the moment
    that the letter is dated, whenever it is sent."""

    key: str
    kind: LetterKind
    reader: str
    address: str
    since: datetime
    until: datetime


def key(digest: Digest, channel: str = MAIL) -> str:
    """What may be sent once."""
    return letters.key(
        digest.reader,
        digest.address,
        digest.since,
        digest.until,
        kind=digest.kind,
        frequency=digest.schedule.frequency,
        channel=channel,
    )


def enveloped(digest: Digest, channel: str = MAIL) -> Envelope:
    """To whom a digest goes."""
    return Envelope(
        key=key(digest, channel),
        kind=digest.kind,
        reader=digest.reader,
        address=digest.address,
        since=digest.since,
        until=digest.until,
    )


def letter(
    digest: Digest, rendered: Rendered, letterhead: Letterhead, *, plain_text: bool = False
) -> Letter:
    """The digest, or the alert, as it leaves by mail. Raises `DeliveryError`, see `message`."""
    return sealed(enveloped(digest), rendered, letterhead, plain_text=plain_text)


def sealed(
    envelope: Envelope,
    rendered: Rendered,
    letterhead: Letterhead,
    *,
    plain_text: bool = False,
    is_list: bool = True,
) -> Letter:
    """Any letter as it leaves by mail. Its `body` is to be sent as it is: Python's mail library,
    having read a message, may fold the long addresses in its head anew, and break them."""
    composed = message(envelope, rendered, letterhead, plain_text=plain_text, is_list=is_list)
    return Letter(
        key=envelope.key,
        kind=envelope.kind,
        reader=envelope.reader,
        address=envelope.address,
        since=envelope.since,
        until=envelope.until,
        subject=str(composed["Subject"]),
        message_id=str(composed["Message-ID"]),
        body=composed.as_bytes(),
    )


def message_id(key: str, host: str) -> str:
    """The Message-ID: one for each key, and it tells nothing about the reader."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>"


def message(
    envelope: Envelope,
    rendered: Rendered,
    letterhead: Letterhead,
    *,
    plain_text: bool = False,
    is_list: bool = True,
) -> EmailMessage:
    """The message with both forms, or where `plain_text` is wanted with that alone. One that is not
    to readers is of no list, which could be left.

    Raises `DeliveryError` for an address that is none, or that needs an extension (RFC 6531) which
    few servers offer.
    """
    sender = _mailbox(letterhead.sender_name, letterhead.sender)
    made = EmailMessage(policy=POLICY)
    made["From"] = sender
    made["To"] = _mailbox(envelope.reader, envelope.address)
    made["Subject"] = plain(rendered.subject)[:_SUBJECT].rstrip()
    made["Date"] = format_datetime(envelope.until)
    made["Message-ID"] = message_id(envelope.key, sender.domain)
    if is_list:
        made["List-Id"] = f"<{_host(letterhead.list_id)}>"
        for name, value in _out(letterhead.ways(envelope.address)).items():
            made[name] = value
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    made.set_content(rendered.text, cte="quoted-printable")
    if not plain_text:
        made.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
        both = (rendered.text + rendered.html).encode()
        made.set_boundary(f"=_{hashlib.sha256(both).hexdigest()[:40]}")
    made["Content-Language"] = "en-US"  # last: the library takes Content- headers for a part's
    return made


def _out(ways: Ways) -> dict[str, str]:
    """The headers by which a mail program takes its reader off the list: a mail whose subject says
    who asks (RFC 2369), and where we can be reached, first, one click (RFC 8058)."""
    if not ways.unsubscribe:
        return {"List-Unsubscribe": f"<{ways.mailto}>"}
    return {
        "List-Unsubscribe": f"<{ways.unsubscribe}>, <{ways.mailto}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _mailbox(name: str, address: str) -> Address:
    """A mailbox whose name may be in any script; a host in any script is set in ASCII."""
    if not _ADDRESS.fullmatch(address) or len(address) > _LONGEST:
        raise DeliveryError(
            f"{plain(name) or 'the setting'} has the address {address!r}, which no mail server "
            "can be given: correct it (letters, digits and signs, @, host)"
        )
    local, host = address.rsplit("@", 1)
    try:
        return Address(
            display_name=plain(name)[:_NAME].rstrip(), username=local, domain=_host(host)
        )
    except HeaderParseError as error:
        raise DeliveryError(f"the address {address!r} is malformed: {error}; correct it") from error


def _host(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise DeliveryError(f"{host!r} is no host name: {error}; correct it") from error
