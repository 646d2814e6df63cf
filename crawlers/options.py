"""Check what the settings let a source understand: the options' names and their plain values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from rapidfuzz import process

from pipeline.errors import SettingsError

SEEDS = "seeds"  # what a visit itself may add: the addresses to ask in place of the source's own


def check(source: str, known: Collection[str], options: Mapping[str, Any]) -> None:
    """Raise `SettingsError` for an option that the source does not know, naming the nearest."""
    unknown = sorted(set(options) - {*known, SEEDS})
    if not unknown:
        return
    near = process.extractOne(unknown[0], list(known), score_cutoff=60)
    hint = f"did you mean {near[0]}? " if near else ""
    said = f"it knows {', '.join(known)}" if known else "it takes none: remove it"
    raise SettingsError(f"options of {source} has {unknown[0]!r}: {hint}{said}")


def texts(
    source: str, options: Mapping[str, Any], name: str, *, most: int, usual: Collection[str] = ()
) -> tuple[str, ...]:
    """A list of strings, at most so many, each taken once; `usual` where the option is not set.
    Raises `SettingsError` for anything else."""
    given = options.get(name, list(usual))
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise SettingsError(
            f'options of {source}: {name} = {given!r} is no list: write {name} = ["…", "…"]'
        )
    if len(given) > most:
        raise SettingsError(f"options of {source}: {name} lists {len(given)}; at most {most}")
    return tuple(dict.fromkeys(given))


def number(
    source: str, options: Mapping[str, Any], name: str, *, most: int, usual: int, what: str
) -> int:
    """A whole number from 1 to `most`; `usual` where the option is not set. `what` says in the
    refusal what it counts. Raises `SettingsError` for anything else."""
    given = options.get(name, usual)
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= most:
        raise SettingsError(
            f"options of {source}: {name} = {given!r} is no {what}: write 1 to {most}"
        )
    return given
