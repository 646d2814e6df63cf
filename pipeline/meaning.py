"""Which topic's examples a text is nearest to in meaning, and whether clearly so."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# One row of length 1 for each text, in order: two rows' product is the likeness of their texts.
Encode = Callable[[Sequence[str]], "NDArray[np.float32]"]

# The bars were measured on this model; another's likenesses lie elsewhere.
MODEL = "all-MiniLM-L6-v2"
LIKE = 0.50  # the least likeness to an example that says anything
LEAD = 0.05  # how much nearer than to any other topic's: else a text may as well be of that one
WORDS = 170  # of a text that are read: no more than 256 tokens of the model
ROOM = 10_000  # texts whose answers are remembered


@dataclass(frozen=True, kw_only=True)
class Near:
    """The topic nearest to a text, and the example that it is most like, from -1 to 1; `lead` is
    how much nearer that is than the nearest example of another topic."""

    topic: str
    example: str
    likeness: float
    lead: float

    @property
    def is_clear(self) -> bool:
        return self.likeness >= LIKE and self.lead >= LEAD


class Meaning:
    """The examples of each topic, embedded when the first text is asked about."""

    def __init__(self, examples: Mapping[str, Sequence[str]], encode: Encode) -> None:
        self._examples = [(topic, one) for topic, each in examples.items() for one in each]
        self._encode = encode
        self._embedded: NDArray[np.float32] | None = None
        self._known: dict[str, Near] = {}

    def nearest(self, texts: Sequence[str]) -> tuple[Near, ...]:
        """What each text is nearest to; those not asked about before are embedded together."""
        digests = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        asked = dict(zip(digests, texts, strict=True))
        unknown = {digest: text for digest, text in asked.items() if digest not in self._known}
        if len(self._known) + len(unknown) > ROOM:
            self._known.clear()
            unknown = asked
        if unknown:
            self._known.update(zip(unknown, self._near(list(unknown.values())), strict=True))
        return tuple(self._known[digest] for digest in digests)

    def _near(self, texts: Sequence[str]) -> list[Near]:
        if self._embedded is None:
            self._embedded = self._encode([example for _, example in self._examples])
        rows: list[list[float]] = (self._encode(texts) @ self._embedded.T).tolist()
        return [self._nearest(likenesses) for likenesses in rows]

    def _nearest(self, likenesses: Sequence[float]) -> Near:
        likeness, place = max(zip(likenesses, range(len(likenesses)), strict=True))
        topic, example = self._examples[place]
        others = (
            other
            for other, (name, _) in zip(likenesses, self._examples, strict=True)
            if name != topic
        )
        return Near(
            topic=topic, example=example, likeness=likeness, lead=likeness - max(others, default=-1)
        )


def telling(loud: Iterable[str], plain: Iterable[str]) -> str:
    """The part of a text that meaning is asked about: title and headings, then the first words."""
    said = " ".join([*loud, *plain])
    return " ".join(said.split(maxsplit=WORDS)[:WORDS])
