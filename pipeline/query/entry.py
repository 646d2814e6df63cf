"""Read the thesaurus's entries: the packaged files, and an office's own file laid over them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import SettingsError
from pipeline.query.patterns import parts
from pipeline.query.spoken import stems
from pipeline.taxonomy import known, near

PACKAGED = Path(__file__).parents[1] / "thesaurus"
_SAYS = ("terms", "short", "lay", "forms", "law")
_PATTERNS = ("when", "not_when")
_LISTS = (*_SAYS, *_PATTERNS)
_KEYS = ("id", *_LISTS, "weight", "shared")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_STARRED = re.compile(r"\b\w{3,}\*(?=\s|$)")
_FORM = re.compile(r"[A-Z]{1,5}-\d{1,4}[A-Z0-9]{0,3}(?:-[A-Z0-9]{1,3})?")
# What the packaged files are written in: one key a line, or a list over several lines. Its strings
# are JSON's too, and json reads a megabyte in the time in which tomllib reads a hundredth of it.
_LAST_COMMA = re.compile(r",\s*\]$")
_LINE = re.compile(r'(?:[a-z_]+) = (?:"|\[|[\d.]+$|true$|false$)')

Table = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One idea. `terms` are the words of authorities, the first names it; `short` its
    abbreviations; `lay` how clients say it, which is never added to a query.

    `when` and `not_when` are patterns: words that together mean it, beside which it is wrong.
    `weight` is a factor on all it adds; `shared`: other entries may have the same words.
    """

    id: str
    terms: tuple[str, ...]
    short: tuple[str, ...] = ()
    lay: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    not_when: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    law: tuple[str, ...] = ()
    weight: float = 1.0
    shared: bool = False


def read(office: Path | None = None, packaged: Path = PACKAGED) -> tuple[Entry, ...]:
    """Every entry of the files in the folder `packaged`, changed by an office's own file: it adds,
    replaces those whose id it repeats, and switches off those that it lists in `off`.

    Raises SettingsError naming file, entry and key where a file says what is not understood.
    """
    entries: dict[str, Entry] = {}
    for source in sorted(packaged.glob("*.toml")):
        for entry in _plainly(source) or _entries(_parsed(source), source):
            if entry.id in entries:
                raise SettingsError(f"{source}: {entry.id}: another file has this id; rename one")
            entries[entry.id] = entry
    if office is not None:
        tables = _parsed(office)
        _switch_off(entries, tables.get("off", []), office)
        entries |= {entry.id: entry for entry in _entries(tables, office)}
    return tuple(entries.values())


def _plainly(source: Path) -> list[Entry]:
    """The entries of a packaged file, which tests have checked; none of one that isn't written in
    the plain form, or is damaged."""
    try:
        return [_made(_plain(part)) for part in _opened(source.read_text(encoding="utf-8"))]
    except (OSError, LookupError, TypeError, ValueError):
        return []


def _opened(text: str) -> Iterator[list[str]]:
    """The lines of each entry, without comments; a list that runs over several as one line."""
    entry: list[str] | None = None
    for line in text.splitlines():
        if line == "[[entry]]":
            if entry is not None:
                yield entry
            entry = []
        elif not line or line.startswith("#"):
            continue
        elif entry is None:
            raise ValueError(line)
        elif _LINE.match(line):
            entry.append(line)
        else:
            entry[-1] += line
    if entry is not None:
        yield entry


def _plain(lines: Sequence[str]) -> Table:
    """Raises ValueError where a value is no JSON, or a key stands twice."""
    pairs = (line.partition(" = ") for line in lines)
    said = (f'"{key}": {_LAST_COMMA.sub("]", value)}' for key, _, value in pairs)
    table: Table = json.loads(f"{{{', '.join(said)}}}")
    if len(table) != len(lines):
        raise ValueError(lines)
    return table


def _parsed(source: Path) -> Table:
    try:
        return tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{source}: cannot be read as a thesaurus: {error}") from error


def _entries(tables: Table, source: Path) -> Iterator[Entry]:
    known(tables, ("entry", "off"), str(source))
    listed = tables.get("entry", [])
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise SettingsError(f"{source}: entry: tables that begin with [[entry]] are needed")
    seen = set()
    for number, table in enumerate(listed, 1):
        name = table.get("id")
        if not (isinstance(name, str) and _ID.fullmatch(name)):
            raise SettingsError(
                f"{source}: entry {number}: id: small letters, digits and hyphens are needed,"
                f" not {name!r}"
            )
        if name in seen:
            raise SettingsError(f"{source}: {name}: two entries have this id; rename one")
        seen.add(name)
        yield _entry(table, f"{source}: {name}")


def _entry(table: Table, where: str) -> Entry:
    known(table, _KEYS, where)
    for key in _LISTS:
        _listed(table, key, where)
    if not table.get("terms"):
        raise SettingsError(f"{where}: terms: at least the words that authorities use are needed")
    weight = table.get("weight", 1.0)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight <= 1:
        raise SettingsError(f"{where}: weight: above 0 and at most 1 is needed, not {weight!r}")
    if not isinstance(table.get("shared", False), bool):
        raise SettingsError(f"{where}: shared: allowed are true and false")
    return _made(table)


def _made(table: Table) -> Entry:
    keys: Table = {key: tuple(value) if key in _LISTS else value for key, value in table.items()}
    return Entry(**keys)


def _listed(table: Table, key: str, where: str) -> None:
    """A list of words that can be found; forms and patterns are of their form too."""
    found = table.get(key, ["-"])
    if not isinstance(found, list) or not found or not all(isinstance(one, str) for one in found):
        raise SettingsError(f"{where}: {key}: a list of words is needed, not {found!r}")
    if key not in table:
        return
    fits, wanted = _FITS.get(key, (_is_said, "words that say something"))
    for one in found:
        if not fits(one):
            raise SettingsError(f"{where}: {key}: {wanted} are needed, not {one!r}")


def _is_said(words: str) -> bool:
    return bool(stems(words))


def _is_form(words: str) -> bool:
    return _FORM.fullmatch(words) is not None


def _is_pattern(words: str) -> bool:
    return all(_is_alternative(each) for part in parts(words) for each in part)


def _is_alternative(words: str) -> bool:
    """Words, some of which may be the beginning of one with a star behind it."""
    return _is_said(words) and _STARRED.sub("", words).count("*") == 0


def _is_together(words: str) -> bool:
    return _is_pattern(words) and len(parts(words)) > 1


_FITS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "forms": (_is_form, "numbers of forms, as I-130 or ETA-9089,"),
    "when": (
        _is_together,
        "two or more parts joined by &, each of words or beginnings (hir*) joined by |,",
    ),
    "not_when": (_is_pattern, "words or beginnings (hir*), joined by | (any of) and & (all of),"),
}


def _switch_off(entries: dict[str, Entry], unwanted: Any, office: Path) -> None:
    """An id that is not there is a mistake: what is believed to be off would go on adding."""
    if not isinstance(unwanted, list) or not all(isinstance(one, str) for one in unwanted):
        raise SettingsError(f"{office}: off: a list of ids is needed, not {unwanted!r}")
    for name in unwanted:
        if name not in entries:
            raise SettingsError(f"{office}: off: there is no entry {name!r}{near(name, entries)}")
        del entries[name]
