"""What is signed: the letterhead of mail, and the addresses under which readers find their own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from alerts import tokens
from alerts.tokens import Purpose
from alerts.ways import public

if TYPE_CHECKING:
    from alerts.mail import Letterhead
    from lexwatch.app import App


def key(app: App) -> bytes:
    """The key that signs: LEXWATCH_SIGNING_KEY of the environment, else the data folder's own."""
    from lexwatch.secrets import Secrets  # noqa: PLC0415 - who signs nothing reads no secret

    given = Secrets().signing_key.get_secret_value()
    if given:
        return tokens.key_of(given)
    _ = app.database  # makes the folder
    return _kept(app.settings.folder)


def letterhead(app: App) -> Letterhead:
    """What every letter says about its sender and how to be sent no more."""
    from alerts.mail import Letterhead  # noqa: PLC0415 - the rest of this module needs no mail

    mail = app.settings.mail
    return Letterhead(
        sender=mail.sender,
        sender_name=mail.sender_name,
        list_id=mail.list_id,
        unsubscribe=mail.unsubscribe or mail.sender,
        web=app.settings.web.address,
        key=key(app),
        has_preferences=True,
    )


def calendar(app: App, address: str = "") -> str:
    """Where the world finds the calendar of a reader, named by mail address, or the one with all
    dates; "" where the world doesn't reach us."""
    return _address(app, Purpose.CALENDAR, address)


def feed(app: App, name: str) -> str:
    """Where the world finds a feed, e.g. "topic-asylum"; "" where the world doesn't reach us."""
    return _address(app, Purpose.FEED, name)


def _address(app: App, purpose: Purpose, named: str) -> str:
    web = app.settings.web.address
    return web and public(web, key(app), purpose, named)


@lru_cache(maxsize=1)
def _kept(folder: Path) -> bytes:
    """Read once by a process: it signs a link for each of 2,000 readers."""
    return tokens.key_in(folder)
