"""How a reader gets no more mail, and their calendar: the same in a letter's head and foot."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from alerts.tokens import Purpose, sign


@dataclass(frozen=True, kw_only=True)
class Ways:
    """Where a reader is taken off the list, by one click and by mail, where they say how often they
    are told, and where their calendar is: addresses, "" where the world doesn't reach us. `office`
    is the bare mail address, `mailto` the link whose subject says who asks."""

    office: str = ""
    mailto: str = ""
    unsubscribe: str = ""
    preferences: str = ""
    calendar: str = ""


def ways(address: str, *, office: str, web: str, key: bytes, has_preferences: bool = True) -> Ways:
    """The ways of who is written to at an address; links are signed with `key`, and without one
    there is only the office's address."""
    token = key and sign(key, Purpose.UNSUBSCRIBE, address)
    subject = quote(f"unsubscribe {token}" if token else "unsubscribe")
    is_open = bool(web and token)
    return Ways(
        office=office,
        mailto=f"mailto:{quote(office, safe='@')}?subject={subject}",
        unsubscribe=f"{web}/unsubscribe/{token}" if is_open else "",
        preferences=f"{web}/preferences/{sign(key, Purpose.PREFERENCES, address)}"
        if is_open and has_preferences
        else "",
        calendar=public(web, key, Purpose.CALENDAR, address) if is_open else "",
    )


def public(web: str, key: bytes, purpose: Purpose, named: str) -> str:
    """Where the world finds a calendar or a feed."""
    ending = {Purpose.CALENDAR: "ics", Purpose.FEED: "atom"}[purpose]
    return f"{web}/{purpose}/{sign(key, purpose, named)}.{ending}"
