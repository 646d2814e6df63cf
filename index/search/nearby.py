"""Which documents hold words near each other, also where a text was cut into passages."""

from __future__ import annotations

import numpy as np

from index.layout import Mask, Numbers, Order
from index.search.holders import Holders
from index.search.texts import Texts
from pipeline.query.places import Reading, is_met
from pipeline.query.tree import And, Near, Node, Or, Without, Word, leaves, written

REACH = 3  # passages that follow one, in which words and sentences that began there go on
TOGETHER = 200  # places that are read at once
_LONG_RUN = 8  # words of the index that stand in one run at most: "212(a)(6)(C)(i)(I)" has six


class Nearby:
    """Answers for one query. `across` has, by document, passages that meet together what none of
    them meets alone."""

    def __init__(self, order: Order, holders: Holders, texts: Texts) -> None:
        self._order, self._holders, self._texts = order, holders, texts
        self.across: dict[int, tuple[int, ...]] = {}

    def inside(self, node: Node) -> Numbers:
        """The passages that may meet a tree alone, by the index."""
        match node:
            case Word():
                return self._holders.passages(node, headers=False)
            case Or() | And():
                return _joined([self.inside(part) for part in node.parts])
            case Without():
                return self.inside(node.wanted)
            case Near():
                first, second = self.inside(node.first), self.inside(node.second)
                return np.intersect1d(first, second, assume_unique=True)

    def documents(self, near: Near, among: Mask) -> Mask:
        """Those of `among` in whose text it is met."""
        found = self.inside(near)
        found = found[among[self._order.owners[found]]]
        met = self._texts.settle(found, written(near), lambda told: is_met(near, told.text))
        sides = [self._any(side) for side in (near.first, near.second)]
        open_still = among & ~met
        for side in sides:
            open_still = open_still & self._order.documents(side)
        return met | self._crossing(near, sides, open_still)

    def _any(self, node: Node) -> Numbers:
        return _joined([self._holders.passages(leaf, headers=False) for leaf in leaves(node)])

    def _crossing(self, near: Near, sides: list[Numbers], among: Mask) -> Mask:
        """Those of `among` that meet it from one passage into the next ones."""
        met = self._order.none()
        for step in range(1, self._reach(near, sides) + 1):
            begins = self._begins(near, sides, among, step)
            documents = self._order.owners[self._order.numbers[begins]]
            favour = np.argsort(-self._texts.favour[documents], kind="stable")
            for at in range(0, len(begins), TOGETHER):
                batch = begins[favour[at : at + TOGETHER]]
                self._try(near, batch[~met[documents[favour[at : at + TOGETHER]]]], step, met)
        return met

    def _reach(self, near: Near, sides: list[Numbers]) -> int:
        """How many passages to follow: a paragraph to its end, where both sides stand in it."""
        if near.unit != "paragraph":
            return REACH
        paragraphs = self._order.paragraphs
        first, second = (paragraphs[_marked(self._order, side)] for side in sides)
        held = paragraphs[np.isin(paragraphs, np.intersect1d(first, second))]
        return max(0, int(np.bincount(held).max(initial=0)) - 1)

    def _try(self, near: Near, begins: Numbers, step: int, met: Mask) -> None:
        """Mark in `met` the documents that meet it from one of these rows on."""
        rows = begins[:, np.newaxis] + np.arange(step + 1)
        told = self._texts.read(np.unique(self._order.numbers[rows]), written(near))
        for begin, numbers in zip(begins.tolist(), self._order.numbers[rows].tolist(), strict=True):
            document = int(self._order.owners[numbers[0]])
            if not met[document] and all(number in told for number in numbers):
                text = self._continued(begin, [told[number].text.text for number in numbers])
                if is_met(near, Reading(text)):
                    met[document] = True
                    self.across[document] = tuple(numbers)

    def _continued(self, begin: int, texts: list[str]) -> str:
        """The texts of a row and those that follow it as one text."""
        joins = (" " if goes_on else "\n" for goes_on in self._order.goes_on[begin + 1 :])
        return texts[0] + "".join(join + text for join, text in zip(joins, texts[1:], strict=False))

    def _begins(self, near: Near, sides: list[Numbers], among: Mask, step: int) -> Numbers:
        """The rows where both sides stand `step` passages from each other, and what is between may
        be short enough, or is one paragraph."""
        order, rows = self._order, len(self._order.numbers) - step
        if rows <= 0:
            return np.empty(0, np.int64)
        first, second = (_marked(order, side) for side in sides)
        pairs = first[:rows] & second[step:]
        if not near.ordered:
            pairs |= second[:rows] & first[step:]
        pairs &= order.places[step:] - order.places[:rows] == step
        pairs &= among[order.owners[order.numbers[:rows]]]
        if near.unit == "words":
            for between in range(1, step):
                pairs &= order.sizes[between : rows + between] <= near.distance * _LONG_RUN
        else:
            pairs &= order.paragraphs[step:] == order.paragraphs[:rows]
        return np.flatnonzero(pairs)


def _marked(order: Order, numbers: Numbers) -> Mask:
    """By row, whether it is one of these passages."""
    held = np.zeros(len(order.owners), dtype=np.bool_)
    held[numbers] = True
    return held[order.numbers]


def _joined(found: list[Numbers]) -> Numbers:
    return found[0] if len(found) == 1 else np.unique(np.concatenate(found))
