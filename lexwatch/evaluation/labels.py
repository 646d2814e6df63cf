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


def read(
    folder: Path, shape: type[L], wanted: Callable[[Mapping[str, Any]], bool] = lambda _: True
) -> tuple[Labelled[L], ...]:
    """Read the rows of a folder's `*.jsonl` that are `wanted`; none where there is no folder.

    Raises `SettingsError`, naming file and line, for what is no JSON object or lacks a field.
    """
    return tuple(
        Labelled(label=_label(row, shape, where), where=where)
        for where, row in _rows(folder)
        if wanted(row)
    )


def find(path: str, folders: tuple[Path, ...], where: str) -> Path:
    """Find a file that a row names, in the first folder that holds it.

    Raises `SettingsError` where none does.
    """
    found = next((folder / path for folder in folders if (folder / path).is_file()), None)
    if found is None:
        asked = ", ".join(str(folder) for folder in folders)
        raise SettingsError(f"{where}: {path} is in none of {asked}; put it there")
    return found


def _rows(folder: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in sorted(folder.glob("*.jsonl")):
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path} cannot be read as UTF-8: {error}") from error
        for number, line in enumerate(lines, 1):
            if line.strip():
                where = f"{path}, line {number}"
                yield where, _object(line, where)


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
