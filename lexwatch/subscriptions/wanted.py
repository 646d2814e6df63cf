"""What somebody wants to be told of, checked against what there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from lexwatch.app import App
from lexwatch.mistakes import allowed, explain, near
from lexwatch.settings import Watch
from pipeline.errors import LexwatchError, NotHeld, QueryError, SettingsError
from pipeline.model import Document
from pipeline.subscription import FEED, MAIL, Origin, Subscription

CITATIONS = (
    'If you meant a citation, type it as you would cite it: "8 CFR 208.13", "INA 212(h)", '
    '"6 USCIS-PM F" or "28 I&N Dec. 307". It need not be held or cited yet.'
)


class Misstated(SettingsError):
    """What was typed can't be read: `places` say what is allowed, by the name of the setting."""

    def __init__(self, words: str, places: Mapping[str, str]) -> None:
        super().__init__(words)
        self.places = places


def made(app: App, options: Mapping[str, Any]) -> Subscription:
    """What was typed as the options of a command, or in a form, checked: each is called what the
    setting is, and None or empty where it was left out; an authority may be named as `status` takes
    it.

    Raises `SettingsError`, of it `Misstated` where values can't be read, `QueryError` for the words
    and `NotHeld` for an authority.
    """
    from lexwatch.alerting.matching import authority  # noqa: PLC0415 - the settings file needs less

    typed = ((name, _trimmed(options.get(name))) for name in Watch.model_fields)
    given = {name: value for name, value in typed if value not in (None, "", [])}
    try:
        watch = Watch.model_validate(given)
    except ValidationError as error:
        said = (explain(problem, given, Watch) for problem in error.errors())
        places = {str(each["loc"][0]): allowed(each) for each in error.errors()}
        raise Misstated("\n".join(said), places) from None
    wanted = replace(watch.subscription(app.settings.digest), origin=Origin.COMMAND)
    try:
        named = tuple(authority(app, typed) for typed in wanted.authorities)
    except NotHeld as error:
        raise NotHeld(f"{error}\n{CITATIONS}") from error
    return checked(app, replace(wanted, authorities=named))


def of_settings(app: App) -> tuple[Subscription, ...]:
    """The settings file's subscriptions, with authorities as they are cited. One in which something
    is wrong is among them as it stands: its reader is told what of it can't be asked (`lost`),
    and nobody else waits for its correction (`slips`)."""
    every = (each.subscription(app.settings.digest) for each in app.settings.subscriptions)
    return tuple(replace(one, authorities=_cited(one.authorities)) for one in every)


def slips(app: App) -> tuple[str, ...]:
    """Everything that is wrong in the settings file's subscriptions, whose it is and where; what
    was typed as words is not repeated: logs keep it."""
    wrong = []
    for number, watch in enumerate(app.settings.subscriptions, 1):
        try:
            checked(app, watch.subscription(app.settings.digest))
        except QueryError as error:
            said = f"its words can't be read from the character {error.at + 1} on"
            how = "`lexwatch subscribe --try` with the same --words shows why"
            wrong.append(f"{_table(watch, number)}: {said}; {how}")
        except SettingsError as error:
            wrong.append(f"{_table(watch, number)}: {error}")
    return tuple(wrong)


@dataclass(frozen=True, kw_only=True)
class Lost:
    """Topics, sources and authorities that a subscription asks for and there are not, in words; if
    they are `all` of one sort, nothing can meet it."""

    words: str
    all: bool


def lost(app: App, one: Subscription) -> Lost | None:
    """What of a subscription that runs can't be asked; None where there is all of it. What is left
    of it is matched."""
    topics = [_complaint(app, (), (name,)) for name in one.topics]
    sources = [_complaint(app, (name,), ()) for name in one.sources]
    authorities = [_unread(name) for name in one.authorities]
    absent = (_absent(app, name) for name in one.authorities)
    if words := "; ".join(filter(None, (*topics, *sources, *authorities, *absent))):
        return Lost(words=words, all=any(of and all(of) for of in (topics, sources, authorities)))
    return None


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
    return _read(app, wanted)


def _complaint(app: App, sources: Iterable[str], topics: Iterable[str]) -> str:
    try:
        app.check(sources, topics)
    except SettingsError as error:
        return str(error)
    return ""


def _unread(authority: str) -> str:
    from alerts import criteria  # noqa: PLC0415 - the commands that show help need none

    try:
        criteria.canonical(authority)
    except QueryError:
        return f"not watched: “{authority}”: not an authority we can read"
    return ""


def _absent(app: App, authority: str) -> str:
    try:
        _held(app, authority)
    except SettingsError as error:
        return str(error)
    return ""


def _cited(authorities: Iterable[str]) -> tuple[str, ...]:
    from alerts import criteria  # noqa: PLC0415 - the commands that show help need none

    named = []
    for typed in authorities:
        try:
            named.append(criteria.canonical(typed))
        except QueryError:  # told of as a slip
            named.append(typed)
    return tuple(dict.fromkeys(named))


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


def _read(app: App, wanted: Subscription) -> Subscription:
    from alerts import criteria  # noqa: PLC0415 - the commands that show help need none

    named = []
    for typed in wanted.authorities:
        try:
            named.append(criteria.canonical(typed))
        except QueryError as error:
            raise SettingsError(f"the authority {typed!r}: {error.problem}") from error
        _held(app, named[-1])
    criteria.read(replace(wanted, authorities=()))
    return replace(wanted, authorities=tuple(dict.fromkeys(named)))


def _held(app: App, authority: str) -> None:
    """Raise `SettingsError` for a document's own name, `source:key`, that is none: of a source that
    there is not, or of one that has documents, but not this."""
    from alerts import criteria  # noqa: PLC0415 - as above

    if not criteria.is_own_name(authority):
        return
    source, _, key = authority.partition(":")
    try:
        app.check((source,), ())
    except SettingsError as error:
        raise SettingsError(f"the authority {authority!r}: {error}") from None
    from index import store  # noqa: PLC0415 - as above

    with app.database.read() as connection:
        number = store.known(connection, Document(source=source, key=key, kind=""))
    if number is None and store.counts(app.database).get(source):
        raise SettingsError(
            f"the authority {authority!r}: {source} holds no document {key!r}; "
            "`lexwatch search` shows how documents are named"
        )
