"""Read the topics: the packaged file, and an office's own file laid over it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rapidfuzz import process

from pipeline.errors import SettingsError
from pipeline.evidence import Words, canonical, path, words
from pipeline.model import NOT_IMMIGRATION

_LISTS = (
    "terms",
    "hints",
    "agencies",
    "forms",
    "authorities",
    "exclusions",
    "not_in",
    "kinds",
    "examples",
)
_TOPIC = ("title", "scope", *_LISTS, "needs", "front")
_WHOLE = ("neutral", "immigration", "immigration_kinds")
_NEEDS = ("", "immigration")

Table = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One table of topics.toml. `terms`, `hints` and `agencies` give each phrase its name as shown.

    `is_front` is false where documents of the topic belong behind the others in a digest.
    """

    id: str
    title: str
    scope: str
    terms: Mapping[Words, str]
    hints: Mapping[Words, str]
    agencies: Mapping[Words, str]
    authorities: Mapping[Words, str]
    exclusions: frozenset[Words]
    not_in: frozenset[Words]
    kinds: frozenset[str]
    examples: tuple[str, ...]
    needs: str
    is_front: bool

    @cached_property
    def wanted(self) -> frozenset[Words]:
        """The phrases that speak for it."""
        return frozenset((*self.terms, *self.hints, *self.agencies))

    @cached_property
    def shields(self) -> frozenset[Words]:
        """The phrases in which its words do not speak for it."""
        return self.exclusions | self.not_in

    @property
    def phrases(self) -> frozenset[Words]:
        """Every phrase that a text is searched for."""
        return self.wanted | self.shields


@dataclass(frozen=True, kw_only=True)
class Tables:
    """What the files say: the topics, and the words that belong to none of them."""

    topics: tuple[Topic, ...]
    neutral: tuple[Words, ...]
    immigration: tuple[Words, ...]
    immigration_kinds: frozenset[str]


def read(packaged: Path, office: Path | None = None, kinds: Collection[str] = ()) -> Tables:
    """The packaged topics, changed by what an office's own file says.

    `kinds` are the kinds of document that there are; without them none is called unknown. Raises
    SettingsError naming file, topic and key where a file says what is not understood.
    """
    tables = _parsed(packaged)
    _check(tables, str(packaged), _TOPIC, _WHOLE)
    if office is not None:
        own = _parsed(office)
        _check(own, str(office), (*_TOPIC, "remove", "off"), (*_WHOLE, "remove"))
        _lay_over(tables, own, str(office))
    source = office or packaged
    _check_kinds(tables, kinds, str(source))
    topics = tuple(
        _topic(name, table, f"{source}: topics.{name}.", tables["topics"])
        for name, table in tables["topics"].items()
    )
    _tell_apart(topics, str(source))
    return Tables(
        topics=topics,
        **{key: tuple(map(words, tables.get(key, []))) for key in ("neutral", "immigration")},
        immigration_kinds=frozenset(tables.get("immigration_kinds", [])),
    )


def _parsed(source: Path) -> Table:
    try:
        return tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{source}: cannot be read as topics: {error}") from error


def _check(tables: Table, source: str, of_topic: Iterable[str], of_whole: Iterable[str]) -> None:
    """Every key known, every value of its shape; what a topic must have is checked afterwards."""
    known(tables, ("topics", *of_whole), source)
    topics = tables.setdefault("topics", {})
    if not isinstance(topics, dict):
        raise SettingsError(f"{source}: topics: tables named [topics.…] are needed")
    _shaped(tables, _WHOLE, f"{source}: ")
    for name, table in topics.items():
        if not isinstance(table, dict):
            raise SettingsError(f"{source}: topics.{name}: a table is needed, not {table!r}")
        known(table, of_topic, f"{source}: topics.{name}")
        _shaped(table, _LISTS, f"{source}: topics.{name}.")
        for key, fits, wanted in _SINGLE:
            if key in table and not fits(table[key]):
                raise SettingsError(f"{source}: topics.{name}.{key}: {wanted}, not {table[key]!r}")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_switch(value: Any) -> bool:
    return isinstance(value, bool)


_SINGLE: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    ("title", _is_text, "a text is needed"),
    ("scope", _is_text, "a text is needed"),
    ("needs", lambda value: value in _NEEDS, "allowed is 'immigration'"),
    ("front", _is_switch, "allowed are true and false"),
    ("off", _is_switch, "allowed are true and false"),
)


def known(table: Mapping[str, Any], allowed: Iterable[str], where: str) -> None:
    """Raise SettingsError where a table has a key that isn't allowed."""
    for key in table:
        if key not in allowed:
            raise SettingsError(
                f"{where}: unknown key {key!r}{near(key, allowed)} Allowed: {', '.join(allowed)}"
            )


def near(written: str, there: Iterable[str]) -> str:
    """How a message goes on after what was not understood: with what is spelled like it, if any."""
    likest = process.extractOne(written, list(there), score_cutoff=60)
    return f"; did you mean {likest[0]!r}?" if likest else "."


def _shaped(table: Table, keys: Iterable[str], where: str) -> None:
    for key in keys:
        found = table.get(key, [])
        if not isinstance(found, list) or not all(map(_is_said, found)):
            raise SettingsError(f"{where}{key}: a list of words is needed, not {found!r}")
        if key == "authorities" and (unread := [one for one in found if not canonical(one)]):
            raise SettingsError(f"{where}{key}: {unread[0]!r} is no INA, U.S.C. or CFR citation")


def _check_kinds(tables: Table, kinds: Collection[str], source: str) -> None:
    """A kind that no document is of would silence its topic for good."""
    each = (
        (f"topics.{name}.kinds", kind)
        for name, table in tables["topics"].items()
        for kind in table.get("kinds", [])
    )
    whole = (("immigration_kinds", kind) for kind in tables.get("immigration_kinds", []))
    for where, kind in (*each, *whole):
        if kinds and kind not in kinds:
            raise SettingsError(
                f"{source}: {where}: no document is of kind {kind!r}{near(kind, kinds)}"
                f" Allowed: {', '.join(sorted(kinds))}"
            )


def _tell_apart(topics: Iterable[Topic], source: str) -> None:
    """Readers know a topic by its title alone."""
    titles: dict[str, str] = {}
    for topic in topics:
        other = titles.setdefault(" ".join(topic.title.casefold().split()), topic.id)
        if other != topic.id:
            raise SettingsError(
                f"{source}: topics.{topic.id}.title: {topic.title!r} is the title of topics.{other}"
                " too; give them different ones"
            )


def _is_said(value: Any) -> bool:
    return isinstance(value, str) and bool(words(value))


def _lay_over(tables: Table, own: Table, source: str) -> None:
    """Change the packaged tables by an office's: lists grow, texts are replaced."""
    _remove(tables, own.pop("remove", {}), _WHOLE, f"{source}: remove")
    topics = own.pop("topics")
    for key, added in own.items():
        tables[key] = [*tables.get(key, []), *added]
    for name, table in topics.items():
        where = f"{source}: topics.{name}"
        if table.pop("off", False):
            if table:
                raise SettingsError(
                    f"{where}.off: a topic that is off has no {', '.join(table)}; remove either"
                )
            _switch_off(tables["topics"], name, where)
            continue
        held = tables["topics"].setdefault(name, {})
        _remove(held, table.pop("remove", {}), _LISTS, f"{where}.remove")
        for key, value in table.items():
            held[key] = [*held.get(key, []), *value] if key in _LISTS else value


def _switch_off(topics: Table, name: str, where: str) -> None:
    if name == NOT_IMMIGRATION:
        raise SettingsError(f"{where}.off: {name} cannot be switched off; remove the line")
    if name not in topics:
        raise SettingsError(f"{where}.off: there is no topic {name!r}{near(name, topics)}")
    del topics[name]


def _remove(held: Table, unwanted: Any, keys: tuple[str, ...], where: str) -> None:
    """Take words out of a topic's lists. One that is not there is a mistake: it may be misspelled,
    and what an office believes removed would go on tagging."""
    if not isinstance(unwanted, dict):
        raise SettingsError(f"{where}: a table of lists is needed, not {unwanted!r}")
    known(unwanted, keys, where)
    _shaped(unwanted, keys, f"{where}.")
    for key, named in unwanted.items():
        same = {"authorities": _spelled, "forms": _form}.get(key, words)
        for word in named:
            kept = [one for one in held.get(key, []) if same(one) != same(word)]
            if len(kept) == len(held.get(key, [])):
                there = held.get(key, [])
                raise SettingsError(f"{where}.{key}: {word!r} is not in it{near(word, there)}")
            held[key] = kept


def _spelled(written: str) -> Words:
    return path(canonical(written))


def _topic(name: str, table: Table, where: str, names: Iterable[str]) -> Topic:
    for key in ("title", "scope"):
        if key not in table:
            others = [other for other in names if other != name]
            raise SettingsError(
                f"{where}{key}: a text is needed in a new topic{near(name, others)}"
            )
    shows = table.get("terms") or table.get("authorities") or table.get("forms")
    if name != NOT_IMMIGRATION and not shows:
        raise SettingsError(
            f"{where}terms: a topic without terms, authorities or forms is never found"
        )
    forms = {_form(one): f"Form {_numbered(one)}" for one in table.get("forms", [])}
    return Topic(
        id=name,
        title=table["title"],
        scope=table["scope"],
        terms=_named(table, "terms") | forms,
        hints=_named(table, "hints"),
        agencies=_named(table, "agencies"),
        authorities={_spelled(one): canonical(one) for one in table.get("authorities", [])},
        exclusions=frozenset(_named(table, "exclusions")),
        not_in=frozenset(_named(table, "not_in")),
        kinds=frozenset(table.get("kinds", [])),
        examples=tuple(table.get("examples", [])),
        needs=table.get("needs", ""),
        is_front=table.get("front", True),
    )


def _form(written: str) -> Words:
    return words(_numbered(written))


def _numbered(form: str) -> str:
    """A form's number, whether the word "Form" stands before it or not."""
    return re.sub(r"^\s*forms?\s+", "", form, flags=re.IGNORECASE)


def _named(table: Table, key: str) -> dict[Words, str]:
    return {words(phrase): phrase for phrase in table.get(key, [])}
