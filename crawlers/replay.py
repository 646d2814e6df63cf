"""A server that shows recorded pages as the publishers showed them on a chosen day."""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as clock_time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from crawlers.serving import PLAIN, ROBOTS, Answer, Server, simulated
from crawlers.simulator import HOST, Simulator
from pipeline.errors import SettingsError

SIMULATED = "held by the simulator"  # opens the note of an index row that feeds the simulator

_NAME = re.compile(
    r"(?:\d{4}-(?=\d{4}$))?(?P<year>\d{4})"
    r"(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?P<mark>[a-z]|T(?:[01]\d|2[0-3])[0-5]\d)?)?)?"
)


@dataclass(frozen=True, kw_only=True, order=True)
class Capture:
    """When a capture stands.

    "2025-07-06T1347" and "2026-04-20b" stand within their day, after "2025-07-06" and
    "2026-04-20a"; "2026-04" on the first of its month, "2026" on the first of its year, and
    "2004-2016", a collection over years, on the first of its last year.
    """

    on: date
    mark: str = ""

    @classmethod
    def named(cls, name: str) -> Capture:
        """Raises `SettingsError` for a name of no known shape."""
        if (found := _NAME.fullmatch(name)) is None:
            raise _no_day(name)
        try:
            on = date(int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
        except ValueError as error:
            raise _no_day(name) from error
        return cls(on=on, mark=found["mark"] or "")

    @property
    def clock(self) -> datetime:
        """18:00 UTC of the day, when it is the same day on the publishers' Eastern calendar."""
        at = clock_time.fromisoformat(self.mark) if "T" in self.mark else clock_time(18)
        return datetime.combine(self.on, at, UTC)

    def before_the_end_of(self, day: Capture) -> bool:
        """Whether a reader on `day` could have seen this; a day without a mark is the whole day."""
        return self.on < day.on or (self.on == day.on and (not day.mark or self.mark <= day.mark))


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One row of `index.jsonl`."""

    url: str
    capture: str
    file: str
    status: int
    content_type: str
    note: str


def days(folder: Path) -> tuple[str, ...]:
    """Name the captures a folder holds, oldest first; each can be a replay's day."""
    return tuple(sorted({row.capture for row in _index(folder)}, key=Capture.named))


class ReplayServer(Server):
    """Serves http://127.0.0.1:PORT/<host>/<path>?<query> from a folder of recorded pages.

    An address answers with its newest capture not later than the day. One that was not recorded by
    then answers 503 `not recorded`, never 404: absence from the recording says nothing about the
    site. Federal Register documents that the folder marks as simulated are served by `Simulator`,
    so that any question put to that interface has an answer.
    """

    def __init__(self, folder: Path, day: str, port: int = 0) -> None:
        """`port` 0 takes any free one. Raises `SettingsError` for a day of no known shape."""
        self._folder = folder
        today = Capture.named(day)
        self.clock = today.clock
        rows = sorted(_index(folder), key=lambda row: Capture.named(row.capture))
        shown = [row for row in rows if Capture.named(row.capture).before_the_end_of(today)]
        self._pages = {_address(row.url): row for row in shown}
        self._simulator = _simulator(folder, self._pages.values(), today.on)
        super().__init__(self.answer, port=port)
        self.origins = {
            f"{url.scheme}://{url.netloc}": f"{self.base}/{url.netloc}"
            for url in sorted(urlsplit(row.url) for row in rows)
        }
        self.seeds = tuple(row.url for row in self._pages.values())

    def answer(self, target: str) -> Answer:
        """Answer a request target of the form `/<host>/<path>?<query>`."""
        url = urlsplit(f"https:/{target}")
        if self._simulator and url.netloc == HOST and self._simulator.answers(url.path):
            return simulated(self._simulator, url.path, url.query)
        row = self._pages.get(_address(url.geturl()))
        if row is not None:
            body = (self._folder / row.file).read_bytes()
            return Answer(status=row.status, content_type=row.content_type, body=body)
        if url.path == "/robots.txt":
            return Answer(status=200, content_type=PLAIN, body=ROBOTS.encode())
        return Answer(status=503, content_type=PLAIN, body=b"not recorded")


def main(arguments: list[str] | None = None) -> None:
    """Serve a folder until interrupted: `python -m crawlers.replay FOLDER --day DAY`."""
    parser = argparse.ArgumentParser(prog="python -m crawlers.replay", description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder with index.jsonl")
    parser.add_argument("--day", required=True, help="a date, or the name of a capture")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes any free one")
    options = parser.parse_args(arguments)
    try:
        replay = ReplayServer(options.folder, options.day, options.port)
    except (SettingsError, OSError) as error:
        parser.error(str(error))
    with replay as server:
        print(f"# {options.folder} as of {options.day}; put this into config.toml:\n[origins]")
        for origin, mirror in server.origins.items():
            print(f'"{origin}" = "{mirror}"', flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            print("# stopped")


def _no_day(name: str) -> SettingsError:
    return SettingsError(
        f"{name!r} names no day: write one like 2026-10-07, or a capture that the folder holds"
    )


def _index(folder: Path) -> tuple[Recorded, ...]:
    index = folder / "index.jsonl"
    if not index.is_file():
        raise SettingsError(f"{folder} holds no index.jsonl: name a folder of recorded pages")
    lines = index.read_text(encoding="utf-8").splitlines()
    return tuple(Recorded(**json.loads(line)) for line in lines if line)


def _address(url: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """What identifies a page: neither the scheme nor how the address happens to be escaped."""
    parts = urlsplit(url)
    query = sorted(parse_qsl(parts.query, keep_blank_values=True))
    return parts.netloc.lower(), unquote(parts.path) or "/", tuple(query)


def _simulator(folder: Path, rows: Iterable[Recorded], today: date) -> Simulator | None:
    """What was published by a day, and what was then on file to be published after it."""
    held = [row for row in rows if row.note.startswith(SIMULATED)]
    entries = [json.loads((folder / row.file).read_text(encoding="utf-8")) for row in held]
    if not held:
        return None
    return Simulator(
        (each for each in entries if "filing_type" not in each and _by(each, today)),
        filings=(each for each in entries if "filing_type" in each and not _by(each, today)),
    )


def _by(entry: Mapping[str, Any], today: date) -> bool:
    return str(entry["publication_date"]) <= today.isoformat()


if __name__ == "__main__":
    main()
