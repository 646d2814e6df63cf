"""What stands in an address or a form, read: days, numbers, names."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from lexwatch.options import PLAUSIBLE
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from starlette.datastructures import ImmutableMultiDict


def words(given: ImmutableMultiDict[str, Any], name: str) -> str:
    """A value, without half of a surrogate pair, which nothing that keeps text takes."""
    return str(given.get(name, "")).encode(errors="replace").decode().strip()


def every(given: ImmutableMultiDict[str, Any], name: str) -> tuple[str, ...]:
    """All values of a name, each once, in order; empty ones are none."""
    return tuple(dict.fromkeys(filter(None, map(str, given.getlist(name)))))


def day(given: ImmutableMultiDict[str, Any], name: str) -> date | None:
    """A day as YYYY-MM-DD, None of nothing. Raises `SettingsError`."""
    said = words(given, name)
    if not said:
        return None
    try:
        found = date.fromisoformat(said)
    except ValueError as error:
        raise SettingsError(f"{said!r} is no day: write one like 2026-10-07") from error
    if found.year not in PLAUSIBLE:
        raise SettingsError(f"{said!r} lies outside the years 1900 to 2199")
    return found


def number(given: ImmutableMultiDict[str, Any], name: str, usual: int, most: int) -> int:
    """A whole number from 1 to `most`. Raises `SettingsError`."""
    said = words(given, name)
    if not said:
        return usual
    if not said.isascii() or not said.isdigit() or not 1 <= int(said[:9]) <= most:
        raise SettingsError(f"{name} {said[:20]!r}: a whole number from 1 to {most}")
    return int(said)
