"""The footnotes of a packet: a source in full where it is first called, briefly after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from alerts.packet.content import Source


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A source in a footnote; `first` is the number of the footnote that gives it in full, 0 where
    none did so far."""

    source: Source
    first: int


@dataclass(frozen=True, kw_only=True)
class Footnote:
    """One footnote and what it calls, in order."""

    number: int
    mentions: tuple[Mention, ...]

    def opens(self, mention: Mention) -> bool:
        """Whether this is the footnote that gives the source in full."""
        return mention.first == self.number


@dataclass(kw_only=True)
class Footnotes:
    """Counts footnotes in the order in which they are asked for.

    In a file that is edited a source is called by its number in the list of sources, and not by
    that of the footnote which gave it in full: a speaker may strike that one with its sentence.
    """

    sources: Sequence[Source]
    _count: int = field(default=0, init=False)
    _first: dict[int, int] = field(default_factory=dict, init=False)

    def next(self, notes: Sequence[int], *, in_passing: bool = False) -> Footnote:
        """The footnote for words that rest on the sources of these numbers; `in_passing` it gives
        none of them in full."""
        self._count += 1
        mentions = tuple(
            Mention(
                source=self.sources[number - 1],
                first=self._opening(number, in_passing=in_passing),
            )
            for number in notes
        )
        return Footnote(number=self._count, mentions=mentions)

    def _opening(self, number: int, *, in_passing: bool) -> int:
        if in_passing or self.sources[number - 1].is_listed:
            return self._first.get(number, 0)
        return self._first.setdefault(number, self._count)
