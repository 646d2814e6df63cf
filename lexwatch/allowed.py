"""What a value may be, in the settings file and in commands: an address, a zone, an hour."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from unicodedata import category
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field

from pipeline import cron

_LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3: 256 with the angle brackets
_UNPRINTED = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, halves of a sign, ends of a line
_SIGNS = frozenset('<>()[],;:\\"')  # RFC 5322, 3.2.3: in an address they must be quoted


def _zone(name: str) -> str:
    """A name of the IANA database. Raises ValueError, as all here do, with what is allowed."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError('a time zone such as "America/New_York"') from error
    return name


def _web_address(address: str) -> str:
    if not address.startswith(("http://", "https://")):
        raise ValueError("an address that begins with http:// or https://")
    return address.rstrip("/")


def _secure_address(address: str) -> str:
    if address and not address.startswith("https://"):
        raise ValueError('an address that begins with https://, or ""')
    return address.rstrip("/")


def _stamp_address(address: str) -> str:
    """As it is given: a path may end in a stroke. This machine itself needs no TLS."""
    try:
        parts = urlsplit(address)
        is_here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
        is_known = bool(parts.hostname) and parts.username is None
    except ValueError:
        is_here = is_known = False
    if address and not (is_known and (is_here or parts.scheme == "https")):
        raise ValueError('an address that begins with https://, or ""')
    return address


def _contact(given: str) -> str:
    if given and "@" not in given and "://" not in given:
        raise ValueError("an e-mail or web address, such as office@example-law.com")
    return given


def mail_address(address: str) -> str:
    """One plain address, without the name of who reads there."""
    local, at, host = address.rpartition("@")
    odd = any(sign.isspace() or not sign.isprintable() or sign in _SIGNS for sign in address)
    if not (local and at and host) or "@" in local or odd or len(address) > _LONGEST_ADDRESS:
        raise ValueError("an e-mail address such as ana@example.com")
    return address


def _one_line(words: str) -> str:
    """Words that can stand in a heading or a subject."""
    if not _UNPRINTED.isdisjoint(map(category, words)):
        raise ValueError("words in one line, without control characters")
    return words


def _text(words: str) -> str:
    if not _UNPRINTED.isdisjoint(category(each) for each in words if each not in "\n\r\t"):
        raise ValueError("words without control characters")
    return words


def _in_order(closure: tuple[date, date]) -> tuple[date, date]:
    first, last = closure
    if last < first:
        raise ValueError("a first day and a last day, in that order")
    return closure


def _cron(line: str) -> str:
    cron.read(line)
    return line


def _lines(given: Any) -> Any:
    """One cron line may stand for itself, several in a list."""
    return (given,) if isinstance(given, str) else given


def _some(lines: tuple[str, ...]) -> tuple[str, ...]:
    if not lines:
        raise ValueError('one cron line or several; enabled = false is "never"')
    return lines


Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
FrequencyName = Literal["at once", "daily", "weekly", "monthly"]
ClassName = Literal["substantive", "editorial", "metadata", "negative treatment", "litigation"]
Zone = Annotated[str, AfterValidator(_zone)]
Hour = Annotated[int, Field(ge=0, le=23)]
Day = Annotated[int, Field(ge=1, le=28)]  # of a month: every month has it
Nearness = Annotated[float, Field(ge=0, le=1)]  # a cosine
Closure = Annotated[tuple[date, date], AfterValidator(_in_order)]
CronLine = Annotated[str, AfterValidator(_cron)]
CronLines = Annotated[tuple[CronLine, ...], AfterValidator(_some), BeforeValidator(_lines)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
StampAddress = Annotated[str, AfterValidator(_stamp_address)]
SecureAddress = Annotated[str, AfterValidator(_secure_address)]
Contact = Annotated[str, AfterValidator(_contact)]
MailAddress = Annotated[str, AfterValidator(mail_address)]
Text = Annotated[str, Field(max_length=10_000), AfterValidator(_text)]
Line = Annotated[str, Field(max_length=200), AfterValidator(_one_line)]
