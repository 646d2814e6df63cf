"""Labelled rows, read from the JSON Lines files of a set's folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import SettingsError


class Label(BaseModel):
    """A row's fields; those that no figure needs are left alone, for sets carry notes."""

    model_config = ConfigDict(frozen=True, extra="ignore")


L = TypeVar("L", bound=Label)


@dataclass(frozen=True, kw_only=True)
class Labelled(Generic[L]):
    """A row and where it stands, as "path, line 7"."""

    label: L
    where: str


@dataclass(frozen=True, kw_only=True)
class Rows(Generic[L]):
    """The rows of a set, and of each that can't be used where it stands and why."""

    labelled: tuple[Labelled[L], ...]
    unusable: tuple[str, ...]


def read(
    folder: Path, shape: type[L], wanted: Callable[[Mapping[str, Any]], bool] = lambda _: True
) -> Rows[L]:
    """Read the rows of a folder's `*.jsonl` that are `wanted`; none where there is no folder.

    A row that is no JSON object or lacks a field hides none of the others.
    """
    labelled: list[Labelled[L]] = []
    unusable: list[str] = []
    for where, line in _lines(folder, unusable):
        try:
            row = _object(line, where)
            if wanted(row):
                labelled.append(Labelled(label=_label(row, shape, where), where=where))
        except SettingsError as error:
            unusable.append(str(error))
    return Rows(labelled=tuple(labelled), unusable=tuple(unusable))


def find(path: str, folders: tuple[Path, ...], where: str) -> Path:
    """Find a file that a row names, in the first folder that holds it.

    Raises `SettingsError` where none does.
    """
    found = next((folder / path for folder in folders if (folder / path).is_file()), None)
    if found is None:
        asked = ", ".join(str(folder) for folder in folders)
        raise SettingsError(f"{where}: {path} is in none of {asked}; put it there")
    return found


def _lines(folder: Path, unusable: list[str]) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob("*.jsonl")):
        try:
            lines = path.read_text(encoding="utf-8-sig").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            unusable.append(f"{path} cannot be read as UTF-8: {error}")
            continue
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield f"{path}, line {number}", line


def _object(line: str, where: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise SettingsError(f"{where} is no JSON: {error.msg}; mend the row") from error
    if not isinstance(row, dict):
        raise SettingsError(f"{where} is no JSON object; mend the row")
    return row


def _label(row: Mapping[str, Any], shape: type[L], where: str) -> L:
    stated = {field: value for field, value in row.items() if value is not None}
    try:
        return shape.model_validate(stated)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{where}: {field}: {first['msg']}; mend the row") from error
