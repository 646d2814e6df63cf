"""What a backup says of itself: what it holds, when and by which program it was made."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import StoreError

FORMAT = 1
NAME = "manifest.json"
DATABASE = "lexwatch.db"
KEY = "signing.key"
CONFIG = "config.toml"
# The settings file in use, and an office's own files that it names.
SETTINGS = (CONFIG, "topics.toml", "thesaurus.toml", "jurisdictions.toml")
PARTS = frozenset({DATABASE, KEY, *SETTINGS})
CHUNK = 2**20  # bytes read at a time


@dataclass(frozen=True, kw_only=True)
class Part:
    """One file of a backup; `size` in bytes."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """`schema` is the database's step, `counts` its rows by table, `head` the digest of the newest
    capture of the chain ("" where nothing was chained), `reason` why it was made ("": as usual)."""

    format: int
    program: str
    made_at: datetime
    reason: str
    schema: str
    counts: Mapping[str, int]
    head: str
    parts: tuple[Part, ...]


_SHAPE = TypeAdapter(Manifest)


def written(manifest: Manifest) -> bytes:
    """As JSON, for people too."""
    return _SHAPE.dump_json(manifest, indent=2) + b"\n"


def read(given: bytes, path: Path) -> Manifest:
    """Raises `StoreError`, naming `path`, for what is no manifest, or is one of a newer program."""
    try:
        manifest = _SHAPE.validate_json(given)
    except ValidationError as error:
        raise StoreError(f"{path} is no backup of lexwatch: its manifest can't be read") from error
    if manifest.format > FORMAT:
        raise StoreError(f"{path} was made by a newer lexwatch ({manifest.program}): update this")
    names = [part.name for part in manifest.parts]
    if DATABASE not in names or len(set(names)) != len(names) or not PARTS.issuperset(names):
        raise StoreError(f"{path} is no backup of lexwatch: its manifest names other parts")
    return manifest


def part_of(path: Path, name: str) -> Part:
    """A file as a part of a backup."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Part(name=name, size=size, sha256=digest.hexdigest())
