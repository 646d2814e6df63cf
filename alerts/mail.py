"""Set a rendered digest as a mail message: the same digest gives the same bytes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from alerts.untrusted import plain
from pipeline.errors import DeliveryError
from pipeline.model import Digest

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[^\s@<>,;:\"()\[\]\\]+")


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """What every digest says about its sender. `list_id` is a host-like name (RFC 2919), e.g.
    "digest.lexwatch.firm.example"; `unsubscribe` the address that takes readers off the list."""

    sender: str
    sender_name: str
    list_id: str
    unsubscribe: str


def key(digest: Digest) -> str:
    """Reader, address and period: what may be sent once."""
    since, until = (
        moment.astimezone(UTC).isoformat(timespec="seconds")
        for moment in (digest.since, digest.until)
    )
    return f"{digest.reader}|{digest.address}|{since}|{until}"


def message_id(digest: Digest, host: str) -> str:
    """The Message-ID: one for each key, and it tells nothing about the reader."""
    return f"<{hashlib.sha256(key(digest).encode()).hexdigest()[:32]}@{host}>"


def compose(
    digest: Digest, *, subject: str, html: str, text: str, letterhead: Letterhead
) -> EmailMessage:
    """The message, dated at the end of the period, whenever it is sent.

    Raises `DeliveryError` for an address that is none, or that needs an extension (RFC 6531) which
    few servers offer.
    """
    sender = _mailbox(letterhead.sender_name, letterhead.sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = _mailbox(digest.reader, digest.address)
    message["Subject"] = plain(subject)
    message["Date"] = format_datetime(digest.until)
    message["Message-ID"] = message_id(digest, sender.domain)
    message["List-Id"] = f"<{_host(letterhead.list_id)}>"
    unsubscribe = _mailbox("", letterhead.unsubscribe).addr_spec
    message["List-Unsubscribe"] = f"<mailto:{unsubscribe}?subject=unsubscribe>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message["Content-Language"] = "en-US"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{hashlib.sha256((text + html).encode()).hexdigest()[:40]}")
    return message


def _mailbox(name: str, address: str) -> Address:
    """A mailbox whose name may be in any script; a host in any script is set in ASCII."""
    if not _ADDRESS.fullmatch(address):
        raise DeliveryError(
            f"{plain(name) or 'the setting'} has the address {address!r}, which no mail server "
            "can be given: correct it (letters, digits and signs, @, host)"
        )
    local, host = address.rsplit("@", 1)
    try:
        return Address(display_name=plain(name), username=local, domain=_host(host))
    except HeaderParseError as error:
        raise DeliveryError(f"the address {address!r} is malformed: {error}; correct it") from error


def _host(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise DeliveryError(f"{host!r} is no host name: {error}; correct it") from error
