"""Calendars and feeds for programs: as bytes for the web, and as files that are kept up to date."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index import deadlines, derived, history, stated
from lexwatch.alerting import signed
from lexwatch.alerting.calendars import ALL, Calendars
from lexwatch.alerting.streams import Streams
from pipeline.errors import NotHeld, SettingsError

if TYPE_CHECKING:
    from lexwatch.app import App
    from pipeline.subscription import Subscription

FACT = "feeds"  # what the files were made of
OURS = re.compile(r"calendar-[a-z0-9-]+\.ics|(?:topic|source|search)-[\w-]+\.atom")


@dataclass(frozen=True, kw_only=True)
class Written:
    """What became of the files in `folder`: the names of those that are new or say something else,
    of those that are as they were, and of those that are gone."""

    folder: Path
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]


def calendar(app: App, address: str | None = None) -> bytes:
    """The calendar of all deadlines, or of those that the subscriptions of a mail address meet: as
    it was written last, else made now. Raises `NotHeld` where nothing is sent there."""
    calendars = Calendars(app)
    if address is None:
        return _file(app, ALL) or calendars.everybody()
    return _file(app, calendars.file(address)) or calendars.of(address)


def feed(app: App, name: str) -> bytes:
    """A feed by its name, "topic-asylum", "source-uscis_news" or "search-12": as it was written
    last, where its reader lets it show as much as then, else made now. Raises `NotHeld` for one
    that there is not."""
    streams = Streams(app)
    made = _made(app)
    is_same = made and name in streams.names and made.marks.get(name) == streams.mark(name)
    return (_file(app, f"{name}.atom") if is_same else b"") or streams.atom(name)


class Places:
    """Where readers find what is theirs: at a signed address where the world reaches us, else in a
    file, which `run` writes; "" where they have none."""

    def __init__(self, app: App, own: Sequence[Subscription] | None = None) -> None:
        """`own` are the subscriptions of those who ask; None: all that run."""
        self._app = app
        self._calendars, self._streams = Calendars(app, own), Streams(app, own)

    def calendar(self, address: str) -> str:
        """The calendar of a mail address."""
        try:
            name = self._calendars.file(address)
        except NotHeld:
            return ""
        return signed.calendar(self._app, address) or str(self._app.settings.feeds_folder / name)

    def feed(self, number: int) -> str:
        """The feed of a saved search, by its subscription's number."""
        name = self._streams.search(number)
        if not name:
            return ""
        return signed.feed(self._app, name) or str(self._app.settings.feeds_folder / f"{name}.atom")


def write(app: App, *, whole: bool = False) -> Written:
    """Bring the deadlines and the files up to date: each file is replaced at once or not at all,
    one that says the same keeps its time, and one that nobody may read any more is removed.

    Feeds on which no newer change bears are not made again, unless `whole`. Raises `SettingsError`
    where the folder can't be written.
    """
    deadlines.sync(app.database, app.clock(), whole=whole)
    folder, streams = _Folder(app.settings.feeds_folder), Streams(app)
    for name, content in Calendars(app).files():
        folder.keep(name, content)
    now = _Made(
        after=history.last(app.database),
        marks={name: streams.mark(name) for name in streams.names},
    )
    before = None if whole else _made(app)
    if before and now.after - before.after > deadlines.MANY:  # all may be touched
        before = None
    with app.database.read() as connection:
        touched = stated.near(connection, before.after) if before else set()
    for name in streams.names:
        file = f"{name}.atom"
        is_same = before and folder.has(file) and before.marks.get(name) == now.marks[name]
        if before and is_same and not streams.is_touched(name, touched):
            folder.leave(file)
        else:
            folder.keep(file, streams.atom(name))
    with app.database.write() as connection:
        derived.set_fact(connection, FACT, json.dumps(asdict(now), sort_keys=True))
    return folder.written()


@dataclass(frozen=True, kw_only=True)
class _Made:
    """What the files were made of: the number of the last change, and the mark of each feed, which
    a subscription that is called or shown otherwise alters, too."""

    after: int
    marks: Mapping[str, str]


def _made(app: App) -> _Made | None:
    """What they were made of; None where none were."""
    with app.database.read() as connection:
        held = derived.get_fact(connection, FACT)
    return _Made(**json.loads(held)) if held else None


def _file(app: App, name: str) -> bytes:
    """What a file says; b"" where there is none."""
    path = app.settings.feeds_folder / name
    try:
        return path.read_bytes()
    except OSError:  # it is made instead
        return b""


class _Folder:
    """The folder of the files, and what became of each."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed: list[str] = []
        self._unchanged: list[str] = []
        with self._translated():
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            for left in path.glob(".*.partial"):  # by one that was killed: we are alone here
                left.unlink()

    def has(self, name: str) -> bool:
        return (self._path / name).is_file()

    def leave(self, name: str) -> None:
        """Note that a file is to stay as it is."""
        self._unchanged.append(name)

    def keep(self, name: str, content: bytes) -> None:
        """Make a file say `content`: whole or not at all."""
        path = self._path / name
        with self._translated():
            if path.is_file() and path.read_bytes() == content:
                return self.leave(name)
            partial = path.with_name(f".{name}.partial")
            try:
                partial.write_bytes(content)
                partial.replace(path)
            finally:
                partial.unlink(missing_ok=True)
        self._changed.append(name)
        return None

    def written(self) -> Written:
        """Remove those of our files that were neither kept nor left."""
        wanted = {*self._changed, *self._unchanged}
        with self._translated():
            stale = sorted(
                each.name
                for each in self._path.iterdir()
                if OURS.fullmatch(each.name) and each.name not in wanted
            )
            for name in stale:
                (self._path / name).unlink()
        return Written(
            folder=self._path,
            changed=tuple(self._changed),
            unchanged=tuple(self._unchanged),
            removed=tuple(stale),
        )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise SettingsError(
                f"{error.filename or self._path}: {error.strerror}; calendars and feeds are "
                "written to the data folder"
            ) from error
