"""What somebody wants to be told of, checked against what there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from lexwatch.app import App
from lexwatch.mistakes import explain, near
from lexwatch.settings import Watch
from pipeline.errors import LexwatchError, QueryError, SettingsError
from pipeline.subscription import FEED, MAIL, Origin, Subscription


def made(app: App, options: Mapping[str, Any]) -> Subscription:
    """What was typed as the options of a command, checked: each is called what the setting is, and
    None or empty where it was left out; an authority may be named as `status` takes it.

    Raises `SettingsError`, `QueryError` and `NotHeld`.
    """
    from lexwatch.matching import authority  # noqa: PLC0415 - the settings file needs less

    typed = ((name, _trimmed(options.get(name))) for name in Watch.model_fields)
    given = {name: value for name, value in typed if value not in (None, "", [])}
    try:
        watch = Watch.model_validate(given)
    except ValidationError as error:
        said = (explain(problem, given, Watch) for problem in error.errors())
        raise SettingsError("\n".join(said)) from None
    wanted = replace(watch.subscription(app.settings.digest), origin=Origin.COMMAND)
    named = tuple(authority(app, typed) for typed in wanted.authorities)
    return checked(app, replace(wanted, authorities=named))


def of_settings(app: App) -> tuple[Subscription, ...]:
    """The settings file's subscriptions, checked. Raises `SettingsError` with everything that is
    wrong in them, whose it is and where; what was typed as words is not repeated: logs keep it."""
    found, wrong = [], []
    for number, watch in enumerate(app.settings.subscriptions, 1):
        try:
            found.append(checked(app, watch.subscription(app.settings.digest)))
        except QueryError as error:
            said = f"its words can't be read from the character {error.at + 1} on"
            how = "`lexwatch subscribe --try` with the same --words shows why"
            wrong.append(f"{_table(watch, number)}: {said}; {how}")
        except SettingsError as error:
            wrong.append(f"{_table(watch, number)}: {error}")
    if wrong:
        raise SettingsError("\n".join(wrong))
    return tuple(found)


def complaint(app: App, one: Subscription) -> str:
    """Why a subscription that runs can't be met as it stands, since topics, sources or channels are
    others now; "" where it can."""
    try:
        checked(app, one)
    except LexwatchError as error:
        return str(error)
    return ""


def checked(app: App, wanted: Subscription) -> Subscription:
    """The subscription with its authorities as they are cited. Raises `SettingsError` for a source,
    topic, authority or channel that there is not, `QueryError` for words that can't be read."""
    app.check(wanted.sources, wanted.topics)
    channels = (MAIL, *app.settings.channels)
    _known("channel", wanted.channels, channels)
    _known("channel", wanted.shown_on, (*channels, FEED))
    if not wanted.channels:
        raise SettingsError(f"channels: nothing would be sent; name one: {', '.join(channels)}")
    return _read(wanted)


def _trimmed(value: Any) -> Any:
    if isinstance(value, list):
        return [_trimmed(each) for each in value]
    return value.strip() if isinstance(value, str) else value


def _table(watch: Watch, number: int) -> str:
    return f"the subscription of {watch.reader} (table {number} under [[subscriptions]])"


def _known(what: str, given: Iterable[str], known: Iterable[str]) -> None:
    names = tuple(known)
    for name in given:
        if name not in names:
            raise SettingsError(f"no {what} {name!r}{near(name, names)}")


def _read(wanted: Subscription) -> Subscription:
    from alerts import criteria  # noqa: PLC0415 - the commands that show help need none

    named = []
    for typed in wanted.authorities:
        try:
            named.append(criteria.canonical(typed))
        except QueryError as error:
            raise SettingsError(f"the authority {typed!r}: {error.problem}") from error
    criteria.read(replace(wanted, authorities=()))
    return replace(wanted, authorities=tuple(dict.fromkeys(named)))
