"""The texts of passages, read for one query, and never more of them than it may take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, bindparam, select

from index import schema
from index.layout import Mask, Numbers, Order, Scores
from pipeline.query.places import Reading

BATCH = 500  # passages read in one query

_COLUMNS = schema.passage.c["id", "header", "text"]
_TEXTS = select(*_COLUMNS).where(schema.passage.c.id.in_(bindparam("numbers", expanding=True)))


@dataclass(frozen=True)
class Told:
    """What a passage says: its text, and the header it stands under."""

    header: str
    text: Reading


class Texts:
    """Passages as they are read; at most `most` of them.

    Documents with more of `favour` are read first. `unread` counts by what was looked for the
    passages that no reading was left for.
    """

    def __init__(self, connection: Connection, order: Order, most: int) -> None:
        self._connection, self._order = connection, order
        self._left = most
        self._told: dict[int, Told] = {}
        self.favour: Scores = np.zeros(order.size)
        self.unread: dict[str, int] = {}

    def read(self, numbers: Sequence[int] | Numbers, sought: str) -> dict[int, Told]:
        """What these passages say, in their order, as far as there is reading left."""
        wanted = [int(number) for number in numbers]
        new = [number for number in wanted if number not in self._told]
        if len(new) > self._left:
            self.unread[sought] = self.unread.get(sought, 0) + len(new) - self._left
            new = new[: self._left]
        self._left -= len(new)
        for at in range(0, len(new), BATCH):
            found = self._connection.execute(_TEXTS, {"numbers": new[at : at + BATCH]})
            for number, header, text in found.all():
                self._told[number] = Told(header, Reading(text))
        return {number: self._told[number] for number in wanted if number in self._told}

    def settle(self, numbers: Numbers, sought: str, meets: Callable[[Told], bool]) -> Mask:
        """The documents with one of these passages that `meets`. Of each document one is read, and
        another only where that did not."""
        met = self._order.none()
        while numbers.size:
            _, first = np.unique(self._order.owners[numbers], return_index=True)
            order = np.argsort(-self.favour[self._order.owners[numbers[first]]], kind="stable")
            told = self.read(numbers[first][order], sought)
            found = [number for number, each in told.items() if meets(each)]
            met[self._order.owners[found]] = True
            rest = ~met[self._order.owners[numbers]]
            rest[first] = False
            numbers = numbers[rest]
        return met
