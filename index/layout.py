"""Which passage stands in which document, and which follows which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, func, select

from index import passages, schema

Numbers = NDArray[np.int64]
Scores = NDArray[np.float64]  # by a document's number
Mask = NDArray[np.bool_]  # by a document's number, whether it is meant

_LONGEST = 1 << 20  # more than a document has passages
_COLUMNS = schema.passage.c["id", "document_id", "ordinal", "start", "size"]

_known: WeakKeyDictionary[Engine, tuple[int, Order]] = WeakKeyDictionary()


@dataclass(frozen=True, kw_only=True)
class Order:
    """All passages, document by document, as they follow each other.

    `owners` has by a passage's number that of its document, 0 where there is no such passage. The
    others have a row each: `numbers` the passage's number, `places` its document and its place in
    that, `goes_on` whether it begins within a paragraph, `sizes` its words.
    """

    owners: Numbers
    numbers: Numbers
    places: Numbers
    goes_on: Mask
    sizes: Numbers

    @cached_property
    def size(self) -> int:
        """One more than the largest number of a document."""
        return int(self.owners.max(initial=0)) + 1

    @cached_property
    def lengths(self) -> Numbers:
        """By a document's number, how many passages it has."""
        return np.bincount(self.owners, minlength=self.size)

    @cached_property
    def paragraphs(self) -> Numbers:
        """By row, the number of the paragraph that the passage begins in, or with."""
        return np.cumsum(~self.goes_on)

    def none(self) -> Mask:
        return np.zeros(self.size, dtype=np.bool_)

    def documents(self, numbers: Numbers) -> Mask:
        """The documents in which these passages stand."""
        return self.mask(self.owners[numbers])

    def mask(self, documents: Numbers) -> Mask:
        """These documents, those without passages left out."""
        mask = self.none()
        mask[documents[documents < self.size]] = True
        mask[0] = False
        return mask


def order(connection: Connection) -> Order:
    """The order of all passages as they now are; read once for each generation of them."""
    if connection.get_execution_options().get("lexwatch_write", False):
        return _read(connection)  # what is not committed may never be
    now = passages.generation(connection)
    held = _known.get(connection.engine)
    if held is None or held[0] != now:
        held = (now, _read(connection))
        _known[connection.engine] = held
    return held[1]


def _read(connection: Connection) -> Order:
    # One text of numbers is read many times as fast as rows.
    found = connection.execute(select(*map(func.group_concat, _COLUMNS))).one()
    columns = [np.fromstring(each or "", np.int64, sep=",") for each in found]
    places = columns[1] * _LONGEST + columns[2]
    sorting = np.argsort(places)
    numbers, documents, _, starts, sizes = (column[sorting] for column in columns)
    owners = np.zeros(int(numbers.max(initial=0)) + 1, dtype=np.int64)
    owners[numbers] = documents
    return Order(
        owners=owners, numbers=numbers, places=places[sorting], goes_on=starts > 0, sizes=sizes
    )
