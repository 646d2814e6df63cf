"""An export taken into an empty store: all of it, or nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from index import portable
from lexwatch.app import App
from lexwatch.keeping.exported import Exported, Tell, header, manifest_of, place_of
from pipeline.errors import StoreError

Take = Callable[[Iterable[Any], Callable[[str], bytes | None]], int]


def take_in(app: App, folder: Path, tell: Tell) -> Exported:
    """Fill the empty store with what a folder holds; every original is checked against its SHA-256.
    Raises `StoreError`, and then the store is empty still."""
    made = manifest_of(folder)
    found = _Originals(folder)
    with app.at_work(), app.database.write() as connection:
        if portable.filled(connection):
            raise StoreError(
                f"{app.settings.folder} holds something already: an import needs an empty store. "
                'Name a new folder in the settings, folder = "…" under [data]'
            )
        for done, name in enumerate(portable.names(with_readers=made.with_readers)):
            tell("read the tables", done, len(made.tables))
            count = _fill(partial(portable.take, connection, name), folder, name, found)
            if count != made.tables[name]:
                raise StoreError(
                    f"{folder / name}.jsonl has {count} rows, and the manifest says "
                    f"{made.tables[name]}: the export is not whole"
                )
        if found.count != made.originals:
            raise StoreError(
                f"{folder} has {found.count} originals, and its manifest says {made.originals}: "
                "the export is not whole"
            )
    return made


def _fill(take: Take, folder: Path, name: str, found: _Originals) -> int:
    path = folder / f"{name}.jsonl"
    at = [0]
    try:
        lines = _lines(path, at)
        is_ours = next(lines, None) == header(name)
        if is_ours:
            return take(lines, found.of)
    except OSError as error:
        raise StoreError(f"{error.filename} can't be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:  # also of JSON, and of UTF-8
        raise StoreError(f"{path}, line {at[0]}: {error}") from error
    raise StoreError(f"{path} doesn't begin as a file of this table does")


def _lines(path: Path, at: list[int]) -> Iterator[Any]:
    """The values of a file, a line each; `at` is told which."""
    with path.open(encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(file, 1):
            at[0] = number
            yield json.loads(line)


class _Originals:
    """What was served, as an export holds it, and how often it was asked for and there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.count = 0

    def of(self, sha256: str) -> bytes | None:
        """None where the export holds none, since it was purged."""
        place = place_of(self._folder, sha256)
        if not place.exists():
            return None
        served = place.read_bytes()
        if hashlib.sha256(served).hexdigest() != sha256:
            raise ValueError(f"{place} is not what was served: it was altered")
        self.count += 1
        return served
