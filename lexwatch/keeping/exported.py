"""All that is held as files that any program can read: tables as JSON Lines, and what was served.

A folder holds `manifest.json`; a file for each table, the first line of which says what stands in
it and in which format, each other line one row; and `originals/`, every body exactly as served,
named by its SHA-256.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from index import portable, schema
from lexwatch import __version__
from lexwatch.app import App
from lexwatch.keeping import room
from pipeline.errors import StoreError

FORMAT = 1
MANIFEST = "manifest.json"
ORIGINALS = "originals"
PARTIAL = ".partial"
SHA256 = re.compile("[0-9a-f]{64}")

Tell = Callable[[str, int, int | None], None]


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What an export says of itself: rows by table, and how many originals there are."""

    format: int
    program: str
    schema: str
    made_at: datetime
    with_readers: bool
    tables: Mapping[str, int]
    originals: int


SHAPE = TypeAdapter(Exported)


def export(app: App, folder: Path, tell: Tell, *, with_readers: bool) -> Exported:
    """Write all that is held, as it stands at this moment, to a new folder. Raises `StoreError`,
    and then there is none."""
    is_there, place = folder.exists(), folder.resolve()  # "." has no name of its own
    partial = place / PARTIAL if is_there else place.with_name(f"{place.name}{PARTIAL}")
    if is_there and (not place.is_dir() or any(each != partial for each in place.iterdir())):
        raise StoreError(f"{folder} is there already: name a new folder")
    with room.writing(place.parent, "the export"):
        shutil.rmtree(partial, ignore_errors=True)  # of one that was killed
        partial.mkdir(parents=True, mode=0o700)
        try:
            made = _write(app, partial, tell, with_readers=with_readers)
            (partial / MANIFEST).write_bytes(SHAPE.dump_json(made, indent=2) + b"\n")
            _set_down(partial, place) if is_there else partial.replace(place)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return made


def manifest_of(folder: Path) -> Exported:
    """What an export says of itself. Raises `StoreError` for what this program can't take in."""
    path = folder / MANIFEST
    try:
        made = SHAPE.validate_json(path.read_bytes())
    except OSError as error:
        raise StoreError(f"{folder} is no whole export: {path}: {error.strerror}") from error
    except ValidationError as error:
        raise StoreError(f"{path} is no manifest of an export") from error
    if made.format > FORMAT or made.schema > schema.REVISION:
        raise StoreError(f"{folder} is of a newer lexwatch ({made.program}): update this one")
    if made.schema < schema.REVISION:
        raise StoreError(
            f"{folder} was made by an older lexwatch ({made.program}, schema {made.schema}): "
            "import it with that one, then open the data folder with this one, which brings it up"
        )
    if set(made.tables) != set(portable.names(with_readers=made.with_readers)):
        raise StoreError(f"{path} names other tables than an export of this schema has")
    return made


def place_of(folder: Path, sha256: str) -> Path:
    """Where an original lies. Raises `ValueError` for what is no SHA-256."""
    if not isinstance(sha256, str) or not SHA256.fullmatch(sha256):
        raise ValueError("sha256 can't be read")
    return folder / ORIGINALS / sha256[:2] / sha256


def header(name: str) -> dict[str, Any]:
    """What the first line of a table's file says."""
    return {
        "format": FORMAT,
        "schema": schema.REVISION,
        "table": name,
        "columns": portable.columns(name),
    }


def _set_down(partial: Path, place: Path) -> None:
    """Into an empty folder that is there, which stays the one that somebody stands in; Windows
    would not have it replaced. The manifest comes last: without it an export is not whole."""
    for each in sorted(partial.iterdir(), key=lambda each: each.name == MANIFEST):
        each.rename(place / each.name)


def _write(app: App, folder: Path, tell: Tell, *, with_readers: bool) -> Exported:
    names, counts = portable.names(with_readers=with_readers), {}
    with app.database.read() as connection:
        for done, name in enumerate(names):
            tell("write the tables", done, len(names))
            counts[name] = _table(portable.rows(connection, name), folder, name)
        originals = _originals(portable.originals(connection), folder, tell)
    return Exported(
        format=FORMAT,
        program=f"lexwatch {__version__}",
        schema=schema.REVISION,
        made_at=app.clock(),
        with_readers=with_readers,
        tables=counts,
        originals=originals,
    )


def _table(rows: Iterable[portable.Row], folder: Path, name: str) -> int:
    count = 0
    with (folder / f"{name}.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        file.write(_line(header(name)))
        for row in rows:
            file.write(_line(row))
            count += 1
    return count


def _originals(bodies: Iterable[tuple[str, bytes]], folder: Path, tell: Tell) -> int:
    count = 0
    for sha256, served in bodies:
        place = place_of(folder, sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(served)
        count += 1
        tell("write what was served", count, None)
    return count


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
