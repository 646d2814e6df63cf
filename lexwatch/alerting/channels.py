"""The channels of the settings, each with its address from there or from the environment."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from alerts.channels import Channel
    from lexwatch.app import App


def named(app: App, name: str) -> Channel:
    """The channel of that name. Raises `SettingsError` where the settings have none, or the
    variable that they name is not set; what its address is like is found when it is first used.
    """
    given = app.settings.channels.get(name)
    if given is None:
        raise SettingsError(
            f"no channel {name!r}: add [channels.{name}] to the settings, or take it out of the "
            "subscriptions that name it"
        )
    url = given.url or os.environ.get(given.env, "")
    if not url:
        raise SettingsError(
            f"channels.{name}: the environment has no {given.env}; set it to an Apprise address"
        )
    return _made(name, url)


@lru_cache(maxsize=64)
def _made(name: str, url: str) -> Channel:
    """One for all letters of a process, so that a service is asked no faster than it likes."""
    from alerts.channels import Channel  # noqa: PLC0415 - few offices send over channels

    return Channel(name=name, url=url)
