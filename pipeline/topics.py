"""Tag what a text or a change is about, by words and, where they find nothing, by meaning.

Words and authorities come first, since a reader can check them. Where a text known to be
immigration law shows no topic by them, meaning names the topic whose examples it is clearly nearest
to, if there is one (pipeline/meaning.py), at half its likeness: below all that words show. Meaning
never says that a text is no immigration law, nor that it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.evidence import Phrases, Said, Words, cited, path, phrases, words
from pipeline.meaning import Encode, Meaning, telling
from pipeline.model import NOT_IMMIGRATION, Block, BlockKind, ChangeKind, Difference, Tag, Version
from pipeline.taxonomy import Topic, read

PACKAGED = Path(__file__).with_name("topics.toml")
AUTHORITY = "Authority:"  # opens the authority citation of an amended part
# Points as the header of topics.toml states them.
_SHOWS, _HINTS = 3, 1
_ENOUGH, _SHORT, _MORE = 3, 250, 250
_LESS = 0.001  # how far a background topic stays below the others
_NOTHING: Mapping[str, Any] = MappingProxyType({})
Counts = Counter[Words]


@dataclass(frozen=True, kw_only=True)
class _Found:
    """Phrases in the loud places (title, headings) and in the rest, the nearest authorities.

    `shown`: kind or words show the text to be immigration law, apart from any topic.
    """

    loud: Said
    plain: Said
    neutral: frozenset[Words]
    cited: Counter[Words]
    length: int
    kind: str
    shown: bool

    def of(self, topic: Topic) -> tuple[Counter[Words], Counter[Words]]:
        """How often the topic's phrases are said loudly and in the rest. What is neutral, and
        what the topic says it isn't, shield the words in them; other topics' words don't."""
        shields = self.neutral | topic.shields
        return (
            self.loud.counted(topic.wanted, shields),
            self.plain.counted(topic.wanted, shields),
        )


@dataclass(frozen=True, kw_only=True)
class Taxonomy:
    """The topics, ready to be found; without `meaning` they are found by words alone."""

    topics: tuple[Topic, ...]
    phrases: Phrases
    neutral: frozenset[Words]
    immigration: frozenset[Words]
    immigration_kinds: frozenset[str]
    authorities: frozenset[Words]
    meaning: Meaning | None = None

    @property
    def titles(self) -> Mapping[str, str]:
        return MappingProxyType({topic.id: topic.title for topic in self.topics})

    @property
    def background(self) -> frozenset[str]:
        """The topics whose documents belong behind the others in a digest (`front = false`)."""
        return frozenset(topic.id for topic in self.topics if not topic.is_front)

    def understanding(self, encode: Encode) -> Taxonomy:
        """The same topics, found by meaning too; nothing is embedded before it is needed."""
        examples = {
            topic.id: (
                *(() if topic.id == NOT_IMMIGRATION else (f"{topic.title}. {topic.scope}",)),
                *topic.examples,
            )
            for topic in self.topics
        }
        return replace(self, meaning=Meaning(examples, encode))

    def classify(self, version: Version, difference: Difference | None = None) -> tuple[Tag, ...]:
        """Best first. For a changed text the tags say what the change is about.

        The document's own topics follow at half their score, their evidence marked "document:", so
        that a change whose words show nothing still reaches those who follow the document. Of a
        document compared with the one before it in its series, what that said and this does not
        counts too: its readers must hear that it is gone.
        """
        kind, stated = version.document.kind, [version.issuer, *_stated(version.metadata)]
        headings = [block.text for block in version.blocks if block.kind is BlockKind.HEADING]
        body = [block.text for block in version.blocks if _speaks(block)]
        whole = self._classify([version.title, *headings], body, kind, stated)
        if difference is not None and difference.kind is ChangeKind.NEXT:
            return self._ranked(merge(whole, self._left_out(version, difference)))
        if difference is None or difference.kind is not ChangeKind.TEXT:
            return whole
        trails, edited = _edited(difference)
        is_known = all(tag.topic != NOT_IMMIGRATION for tag in whole)
        about = self._classify([version.title, *trails], edited, kind, is_known=is_known)
        if all(tag.topic != NOT_IMMIGRATION for tag in about):
            # What is shown to be immigration law now or was so before: its readers must hear of it.
            whole = tuple(tag for tag in whole if tag.topic != NOT_IMMIGRATION)
        about = tuple(tag for tag in about if tag.topic != NOT_IMMIGRATION)
        return self._ranked(merge(about, map(_of_the_document, whole)))

    def _left_out(self, version: Version, difference: Difference) -> tuple[Tag, ...]:
        gone = [each.old for each in difference.edits if each.old and not each.new]
        said = list(dict.fromkeys(block.text for block in gone if _speaks(block)))
        trails = dict.fromkeys(heading for block in gone for heading in block.trail)
        if not said:
            return ()
        found = self._classify([*trails], said, version.document.kind, is_known=True)
        return tuple(
            replace(tag, evidence=tuple(f"left out: {words}" for words in tag.evidence))
            for tag in found
        )

    def classify_text(
        self, title: str, text: str, *, kind: str = "", metadata: Mapping[str, Any] = _NOTHING
    ) -> tuple[Tag, ...]:
        """Best first; an empty kind meets every topic's `kinds`."""
        return self._classify([title], [text], kind, list(_stated(metadata)))

    def _classify(
        self,
        loud: list[str],
        plain: list[str],
        kind: str,
        stated: Iterable[str] = (),
        *,
        is_known: bool = False,
    ) -> tuple[Tag, ...]:
        """Where the whole is known to be immigration law, no passage of it is something else."""
        found = self._found("\n".join(loud), "\n".join(plain), "\n".join(stated), kind)
        tags = [(topic, tag) for topic in self.topics if (tag := _tag(topic, found))]
        if not (found.shown or is_known) and all(topic.needs for topic, _ in tags):
            return (
                Tag(topic=NOT_IMMIGRATION, score=1.0, evidence=("no words of immigration law",)),
            )
        if not tags and found.shown and self.meaning:
            return self._by_meaning(telling(loud, plain), found, self.meaning)
        return self._ranked(merge(tag for _, tag in tags))

    def _ranked(self, tags: tuple[Tag, ...]) -> tuple[Tag, ...]:
        """What a document is on before what form it has: background topics score less than all."""
        behind = self.background
        front = tuple(tag for tag in tags if tag.topic not in behind)
        most = min((tag.score for tag in front), default=1.0) - _LESS
        last = (tag for tag in tags if tag.topic in behind)
        return merge(front, (replace(tag, score=round(min(tag.score, most), 3)) for tag in last))

    def _found(self, aloud: str, said: str, stated: str, kind: str) -> _Found:
        title, spoken, fields = words(aloud), words(said), words(stated)
        loud, plain = self.phrases.said(title), self.phrases.said((*spoken, *fields))
        named = (each.counted(self.immigration, self.neutral) for each in (loud, plain))
        return _Found(
            loud=loud,
            plain=plain,
            neutral=self.neutral,
            cited=self._nearest(cited(f"{aloud}\n{said}\n{stated}")),
            length=len(spoken),
            kind=kind,
            shown=kind in self.immigration_kinds or any(named),
        )

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

    def _by_meaning(self, text: str, found: _Found, meaning: Meaning) -> tuple[Tag, ...]:
        """The topic that the text is clearly nearest to; none that rests on a document's form."""
        [near] = meaning.nearest([text])
        topic = next(each for each in self.topics if each.id == near.topic)
        is_subject = topic.is_front and topic.id != NOT_IMMIGRATION
        is_other = bool(topic.kinds and found.kind) and found.kind not in topic.kinds
        if not is_subject or not near.is_clear or is_other:
            return ()
        if _is_ruled_out(topic, found, is_shown=False):
            return ()
        evidence = f"meaning: like “{near.example}” ({near.likeness:.2f})"
        return (Tag(topic=topic.id, score=round(near.likeness / 2, 3), evidence=(evidence,)),)


def load(
    office: Path | None = None, packaged: Path = PACKAGED, kinds: Collection[str] = ()
) -> Taxonomy:
    """The packaged topics, changed by what an office's own file says.

    `kinds` are the kinds of document that there are. Raises SettingsError naming file, topic and
    key where a file says what is not understood.
    """
    tables = read(packaged, office, kinds)
    wanted = (phrase for topic in tables.topics for phrase in topic.phrases)
    return Taxonomy(
        topics=tables.topics,
        phrases=phrases([*tables.neutral, *tables.immigration, *wanted]),
        neutral=frozenset(tables.neutral),
        immigration=frozenset(tables.immigration),
        immigration_kinds=tables.immigration_kinds,
        authorities=frozenset(place for topic in tables.topics for place in topic.authorities),
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


def _tag(topic: Topic, found: _Found) -> Tag | None:
    """The tag, where the topic's points reach what a text of this length needs.

    In a text that is not shown to be immigration law, hints and agencies say nothing.
    """
    if topic.kinds and found.kind and found.kind not in topic.kinds:
        return None
    loud, plain = found.of(topic)
    shows = [*_by_terms(topic, loud, plain), *_by_authorities(topic, found)]
    hints = [*_by_hints(topic, loud, plain), *_by_agencies(topic, loud, plain)]
    weighed = [*shows, *(hints if found.shown else [])]
    if _is_ruled_out(topic, found, is_shown=bool(shows)):
        return None
    if not shows and len(weighed) < 2:  # one hint alone, however often it is said
        return None
    points = sum(weight for weight, _ in weighed)
    needed = _ENOUGH + max(0, found.length - _SHORT) // _MORE
    if points < needed:
        return None
    evidence = tuple(words for _, words in sorted(weighed, key=lambda one: (-one[0], one[1])))
    return Tag(topic=topic.id, score=round(points / (points + needed), 3), evidence=evidence)


def _is_ruled_out(topic: Topic, found: _Found, *, is_shown: bool) -> bool:
    """By an exclusion that stands in the title or a heading; by any, where nothing shows it."""
    excluded = not topic.exclusions.isdisjoint(found.loud.phrases)
    return excluded or not (is_shown or topic.exclusions.isdisjoint(found.plain.phrases))


def _by_terms(topic: Topic, loud: Counts, plain: Counts) -> Iterable[tuple[int, str]]:
    for phrase in topic.terms.keys() & (loud.keys() | plain.keys()):
        aloud, said = loud[phrase], plain[phrase]
        weight = 2 * (_SHOWS + aloud - 1) + said if aloud else _SHOWS + said - 1
        yield weight, _times(topic.terms[phrase], aloud + said)


def _by_hints(topic: Topic, loud: Counts, plain: Counts) -> Iterable[tuple[int, str]]:
    for phrase in topic.hints.keys() & (loud.keys() | plain.keys()):
        aloud, said = loud[phrase], plain[phrase]
        weight = _HINTS * (2 * min(aloud, 1) + min(said, 1))
        yield weight, _times(topic.hints[phrase], aloud + said)


def _by_agencies(topic: Topic, loud: Counts, plain: Counts) -> Iterable[tuple[int, str]]:
    said = loud.keys() | plain.keys()
    return ((_HINTS, topic.agencies[phrase]) for phrase in topic.agencies.keys() & said)


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
