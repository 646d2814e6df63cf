"""A turn of words: what became what in a block, what that weighs, and how readers are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.model import Weight
from pipeline.quote import closed, quoted

ORDER = {weight: place for place, weight in enumerate(Weight)}
WORDING = "the wording"
MOVED = "moved"  # within its block
AT = {"added": "to", "removed": "from"}


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Words that became other words, as they are quoted; either side may be empty.

    `weights` are what it turns on, the most telling first; `noun` calls that, with its article ("a
    fee"), "" where the words themselves say it; `act` is "added", "removed", "changed" or "moved";
    `said` is the sentence it stands in, where the words alone say too little.
    """

    old: str
    new: str
    weights: tuple[Weight, ...]
    noun: str
    act: str
    said: str = ""

    @property
    def weight(self) -> Weight:
        return self.weights[0]

    def sentence(self, where: str) -> str:
        """The turn as a sentence that opens with what it turns on."""
        at = AT.get(self.act, "in")
        if not self.noun:
            said = f": {quoted(self.said)}" if self.said else ""
            return closed(f"{self._shown()} {at} {where}{said}")
        if self.noun == WORDING:
            return closed(f"The wording changed in {where}: {self._shown()}")
        was = f"was {self.act}" if self.act in AT else self.act
        said = f" in {quoted(self.said)}" if self.said else ""
        opening = f"{self.noun[:1].upper()}{self.noun[1:]} {was} {at} {where}"
        return closed(f"{opening}: {self._bare()}{said}")

    def clause(self) -> str:
        """The turn as a clause of the line that tells a whole change."""
        name = self.noun.partition(" ")[2]
        if not name or self.noun == WORDING:
            return self._shown() + (f" ({quoted(self.said)})" if self.said else "")
        shown = self._bare()
        return f"{name} {shown}" if self.act == "changed" else f"{name} {self.act} ({shown})"

    def _shown(self) -> str:
        return self._bare() + ("" if self.old and self.new else f" was {self.act}")

    def _bare(self) -> str:
        return " became ".join(quoted(side) for side in (self.old, self.new) if side)


def ordered(weights: Iterable[Weight]) -> tuple[Weight, ...]:
    """Each weight once, the most telling first."""
    return tuple(sorted(set(weights), key=ORDER.__getitem__))
