"""Tag what a text or a change is about, by the rules of topics.toml, with the words found.

Topics are found by words and authorities here. Another kind of evidence, such as meaning, comes as
tags of its own and joins through `merge`.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.errors import SettingsError
from pipeline.evidence import Phrases, Words, canonical, cited, path, phrases, words
from pipeline.model import NOT_IMMIGRATION, Block, BlockKind, ChangeKind, Difference, Tag, Version

PACKAGED = Path(__file__).with_name("topics.toml")
AUTHORITY = "Authority:"  # opens the authority citation of an amended part
# Points as the header of topics.toml states them.
_SHOWS, _HINTS = 3, 1
_ENOUGH, _SHORT, _MORE = 3, 250, 250
_POINTS = {"terms": _SHOWS, "forms": _SHOWS, "hints": _HINTS}
_LISTS = ("terms", "hints", "forms", "authorities", "unless", "kinds")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One table of topics.toml; `points` gives each phrase its name as shown and its points."""

    id: str
    title: str
    scope: str
    points: Mapping[Words, tuple[str, int]]
    authorities: Mapping[Words, str]
    unless: frozenset[Words]
    kinds: frozenset[str]
    needs: str


@dataclass(frozen=True, kw_only=True)
class _Found:
    """Phrases in the loud places (title, headings) and in the rest, the nearest authorities."""

    loud: Counter[Words]
    plain: Counter[Words]
    cited: Counter[Words]
    length: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class Taxonomy:
    """The topics, ready to be found."""

    topics: tuple[Topic, ...]
    immigration: frozenset[Words]
    kinds: frozenset[str]  # documents of these kinds are immigration law whatever their words
    authorities: frozenset[Words]
    phrases: Phrases

    @property
    def titles(self) -> Mapping[str, str]:
        return MappingProxyType({topic.id: topic.title for topic in self.topics})

    def classify(self, version: Version, difference: Difference | None = None) -> tuple[Tag, ...]:
        """Best first. For a changed text the tags say what the change is about.

        The document's own topics follow at half their score, their evidence marked "document:", so
        that a change whose words show nothing still reaches those who follow the document.
        """
        kind, metadata = version.document.kind, version.metadata
        headings = [block.text for block in version.blocks if block.kind is BlockKind.HEADING]
        body = [block.text for block in version.blocks if _speaks(block)]
        whole = self._classify([version.title, *headings], body, kind, metadata)
        if difference is None or difference.kind is not ChangeKind.TEXT:
            return whole
        trails, edited = _edited(difference)
        about = self._classify([version.title, *trails], edited, kind, _NOTHING)
        return merge(
            (tag for tag in about if tag.topic != NOT_IMMIGRATION), map(_of_the_document, whole)
        )

    def classify_text(
        self, title: str, text: str, *, kind: str = "", metadata: Mapping[str, Any] = _NOTHING
    ) -> tuple[Tag, ...]:
        """Best first; an empty kind meets every topic's `kinds`."""
        return self._classify([title], [text], kind, metadata)

    def _classify(
        self, loud: Iterable[str], plain: Iterable[str], kind: str, metadata: Mapping[str, Any]
    ) -> tuple[Tag, ...]:
        aloud, said, stated = "\n".join(loud), "\n".join(plain), "\n".join(_stated(metadata))
        spoken = words(said)
        found = _Found(
            loud=self.phrases.found(words(aloud)),
            plain=self.phrases.found((*spoken, *words(stated))),
            cited=self._nearest(cited(f"{aloud}\n{said}\n{stated}")),
            length=len(spoken),
            kind=kind,
        )
        shown = self._immigration(found)
        tags = [(topic, tag) for topic in self.topics if (tag := _tag(topic, found, shown))]
        if not shown and all(topic.needs for topic, _ in tags):
            return (
                Tag(topic=NOT_IMMIGRATION, score=1.0, evidence=("no words of immigration law",)),
            )
        return merge(tag for _, tag in tags)

    def _immigration(self, found: _Found) -> bool:
        """Whether kind or words show the text to be immigration law, apart from any topic."""
        said = found.loud.keys() | found.plain.keys()
        return found.kind in self.kinds or not self.immigration.isdisjoint(said)

    def _nearest(self, citations: Mapping[str, int]) -> Counter[Words]:
        """Citations by the narrowest listed authority that covers them; others fall away."""
        counts: Counter[Words] = Counter()
        for citation, times in citations.items():
            levels = path(citation)
            for depth in range(len(levels), 1, -1):
                if levels[:depth] in self.authorities:
                    counts[levels[:depth]] += times
                    break
        return counts


def load(path: Path | None = None) -> Taxonomy:
    """The packaged topics, or those of a file.

    Raises SettingsError naming the key where the file says something that is not understood.
    """
    source = path or PACKAGED
    try:
        tables = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{source}: cannot be read as topics: {error}") from error
    _known(tables, {"topics", "neutral", "immigration", "immigration_kinds"}, str(source))
    if not tables.get("topics") or not isinstance(tables["topics"], dict):
        raise SettingsError(f"{source}: topics: at least one [topics.…] table is needed")
    neutral = _phrased(_strings(tables, "neutral", f"{source}: "))
    immigration = _phrased(_strings(tables, "immigration", f"{source}: "))
    topics = tuple(
        _topic(name, table, f"{source}: topics.{name}.") for name, table in tables["topics"].items()
    )
    wanted = (phrase for topic in topics for phrase in (*topic.points, *topic.unless))
    return Taxonomy(
        topics=topics,
        immigration=frozenset(immigration),
        kinds=frozenset(_strings(tables, "immigration_kinds", f"{source}: ")),
        authorities=frozenset(place for topic in topics for place in topic.authorities),
        phrases=phrases([*neutral, *immigration, *wanted]),
    )


def merge(*kinds_of_evidence: Iterable[Tag]) -> tuple[Tag, ...]:
    """One tag a topic, best first: the higher score, and the evidence of every kind."""
    tags: dict[str, Tag] = {}
    for tag in (tag for tags in kinds_of_evidence for tag in tags):
        before = tags.get(tag.topic)
        tags[tag.topic] = (
            tag
            if before is None
            else Tag(
                topic=tag.topic,
                score=max(before.score, tag.score),
                evidence=tuple(dict.fromkeys((*before.evidence, *tag.evidence))),
            )
        )
    return tuple(sorted(tags.values(), key=lambda tag: (-tag.score, tag.topic)))


def _tag(topic: Topic, found: _Found, shown: bool) -> Tag | None:
    """The tag, where the topic's points reach what a text of this length needs.

    `shown`: the text is known to be immigration law; elsewhere hints alone say nothing.
    """
    if topic.kinds and found.kind and found.kind not in topic.kinds:
        return None
    if not topic.unless.isdisjoint(found.loud.keys() | found.plain.keys()):
        return None
    weighed = [
        *_by_phrases(topic, found, _HINTS if shown else _SHOWS),
        *_by_authorities(topic, found),
    ]
    if _only_a_hint(topic, found, len(weighed)):
        return None
    points = sum(weight for weight, _ in weighed)
    needed = _ENOUGH + max(0, found.length - _SHORT) // _MORE
    if points < needed:
        return None
    evidence = tuple(words for _, words in sorted(weighed, key=lambda one: (-one[0], one[1])))
    return Tag(topic=topic.id, score=round(points / (points + needed), 3), evidence=evidence)


def _only_a_hint(topic: Topic, found: _Found, evidence: int) -> bool:
    """A hint shows a topic in company alone, however often it is said."""
    said = (
        topic.points.get(phrase, ("", 0))[1] for phrase in found.loud.keys() | found.plain.keys()
    )
    shown = any(points == _SHOWS for points in said)
    return evidence < 2 and not shown and topic.authorities.keys().isdisjoint(found.cited)


def _by_phrases(topic: Topic, found: _Found, least: int) -> list[tuple[int, str]]:
    weighed = []
    for phrase in found.loud.keys() | found.plain.keys():
        name, points = topic.points.get(phrase, ("", 0))
        if points >= least:
            loud, plain = found.loud[phrase], found.plain[phrase]
            weighed.append((_weight(points, loud, plain), _times(name, loud + plain)))
    return weighed


def _weight(points: int, loud: int, plain: int) -> int:
    if points == _HINTS:
        return 2 * min(loud, 1) + min(plain, 1)
    return 2 * (points + loud - 1) + plain if loud else points + plain - 1


def _by_authorities(topic: Topic, found: _Found) -> list[tuple[int, str]]:
    return [
        (_SHOWS + times - 1, _times(topic.authorities[nearest], times))
        for nearest, times in found.cited.items()
        if nearest in topic.authorities
    ]


def _times(name: str, times: int) -> str:
    return f"{name} ×{times}" if times > 1 else name


def _speaks(block: Block) -> bool:
    """Whether a block says what the document is about.

    A heading is heard apart. The authority citation of an amended part (1 CFR 21.40) names every
    statute that the whole part rests on, not those that the document is about.
    """
    cites_alone = block.text.startswith(AUTHORITY) or AUTHORITY in block.trail[-1:]
    return block.kind is not BlockKind.HEADING and not cites_alone


def _edited(difference: Difference) -> tuple[list[str], list[str]]:
    """The heading trails and the texts of the blocks that count as changed."""
    blocks = [
        block
        for edit in difference.edits
        if not edit.rule
        for block in (edit.old, edit.new)
        if block is not None
    ]
    trails = dict.fromkeys(heading for block in blocks for heading in block.trail)
    return list(trails), list(dict.fromkeys(block.text for block in blocks))


def _of_the_document(tag: Tag) -> Tag:
    evidence = tuple(f"document: {words}" for words in tag.evidence)
    return Tag(topic=tag.topic, score=round(tag.score / 2, 3), evidence=evidence)


def _stated(value: Any) -> Iterable[str]:
    """Every text in the publisher's own fields, however they are nested."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, held in value.items():
            if name != "resources":  # links that stand beside a text are not what it is about
                yield from _stated(held)
    elif isinstance(value, list | tuple):
        for held in value:
            yield from _stated(held)


def _topic(name: str, table: Any, where: str) -> Topic:
    if not isinstance(table, dict):
        raise SettingsError(f"{where.rstrip('.')}: a table is needed, not {table!r}")
    _known(table, {"title", "scope", "needs", *_LISTS}, where.rstrip("."))
    for key in ("title", "scope"):
        if not isinstance(table.get(key), str) or not table[key].strip():
            raise SettingsError(f"{where}{key}: a text is needed")
    if table.get("needs", "") not in ("", "immigration"):
        raise SettingsError(
            f"{where}needs: {table['needs']!r} is not known; allowed: 'immigration'"
        )
    lists = {key: _strings(table, key, where) for key in _LISTS}
    if name != NOT_IMMIGRATION and not (lists["terms"] or lists["authorities"] or lists["forms"]):
        raise SettingsError(
            f"{where}terms: a topic without terms, authorities or forms is never found"
        )
    shown = {"terms": "{}", "hints": "{}", "forms": "Form {}"}
    return Topic(
        id=name,
        title=table["title"],
        scope=table["scope"],
        points={
            words(phrase): (shown[key].format(phrase), points)
            for key, points in _POINTS.items()
            for phrase in lists[key]
        },
        authorities=_authorities(lists["authorities"], f"{where}authorities"),
        unless=frozenset(_phrased(lists["unless"])),
        kinds=frozenset(lists["kinds"]),
        needs=table.get("needs", ""),
    )


def _authorities(written: Iterable[str], where: str) -> Mapping[Words, str]:
    read = {one: canonical(one) for one in written}
    if unread := [one for one, spelled in read.items() if not spelled]:
        raise SettingsError(f"{where}: {unread[0]!r} is no INA, U.S.C. or CFR citation")
    return {path(spelled): spelled for spelled in read.values()}


def _known(table: Mapping[str, Any], allowed: set[str], where: str) -> None:
    if unknown := sorted(table.keys() - allowed):
        raise SettingsError(f"{where}: unknown key {unknown[0]!r}; allowed: {sorted(allowed)}")


def _strings(table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    found = table.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, str) and words(one) for one in found):
        raise SettingsError(f"{where}{key}: a list of words is needed, not {found!r}")
    return tuple(found)


def _phrased(written: Iterable[str]) -> list[Words]:
    return [words(one) for one in written]
