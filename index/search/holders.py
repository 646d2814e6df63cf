"""Which passages, and which documents, hold a word or a phrase as it was typed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from sqlalchemy import Connection

from index import fulltext
from index.layout import Mask, Numbers, Order
from index.search.texts import Texts, Told
from pipeline.errors import QueryError
from pipeline.query.forms import Form, Part, forms
from pipeline.query.places import Reading, is_met
from pipeline.query.tree import Word, written
from pipeline.query.words import stem

MOST_SPELLINGS = 400  # words that one root stands for, and phrases that the roots of a phrase do
NEIGHBOURS = 2_000  # words of the vocabulary that begin as a stem does


class Holders:
    """Answers for one query, in the documents of `among`.

    `expanded` says what each word with "!" or "*" was found to stand for.
    """

    def __init__(self, connection: Connection, order: Order, texts: Texts, among: Mask) -> None:
        self._connection, self._order, self._texts = connection, order, texts
        self._among = among
        self.expanded: dict[str, tuple[str, ...]] = {}
        self._held: dict[tuple[Word, bool], Numbers] = {}

    def passages(self, word: Word, *, headers: bool) -> Numbers:
        """The passages that may hold it: by its stem, in header or text, or in the text alone."""
        key = (word, headers)
        if key not in self._held:
            phrases = dict.fromkeys(p for form in forms(word) for p in self._phrases(word, form))
            found = fulltext.holding(self._connection, list(phrases), headers=headers)
            found = found[found < len(self._order.owners)]
            self._held[key] = found[self._among[self._order.owners[found]]]
        return self._held[key]

    def documents(self, word: Word, among: Mask) -> Mask:
        """Those of `among` that hold it, in header or text."""
        found = self.passages(word, headers=True)
        if all(self._is_certain(part) for form in forms(word) for part in form):
            return self._order.documents(found) & among

        def meets(told: Told) -> bool:
            return is_met(word, told.text) or is_met(word, Reading(told.header))

        found = found[among[self._order.owners[found]]]
        return self._texts.settle(found, written(word), meets)

    def _phrases(self, word: Word, form: Form) -> Iterator[tuple[str, ...]]:
        """A form as words that stand next to each other, each of its roots spelled out."""
        each = [self._spelled(word, part) for part in form]
        count = 0
        for count, phrase in enumerate(product(*each), 1):
            if count > MOST_SPELLINGS:
                raise _too_many(word, written(word))
            yield phrase

    def _spelled(self, word: Word, part: Part) -> tuple[str, ...]:
        """The words that a part stands for, one of each stem."""
        if not part.is_open:
            return (part.letters,)
        if part.letters not in self.expanded:
            near = fulltext.spelled(self._connection, part.root, 10 * MOST_SPELLINGS)
            found = tuple(each for each in near if part.accepts(each))
            if len(found) > MOST_SPELLINGS or len(near) == 10 * MOST_SPELLINGS:
                raise _too_many(word, part.letters)
            self.expanded[part.letters] = found
        return tuple({stem(each): each for each in self.expanded[part.letters]}.values())

    def _is_certain(self, part: Part) -> bool:
        """Whether whatever the index has under the part's stems is what it stands for."""
        if part.is_glued or part.initial:
            return False
        if not part.is_open and not part.is_exact:
            return True
        given = self.expanded.get(part.letters, ()) if part.is_open else (part.letters,)
        # What shares a stem shares all but its last letter, so begins with a root that is shorter.
        stems = {stem(each) for each in given}
        risky = {each for each in stems if not part.is_open or len(each) <= len(part.root)}
        return all(part.accepts(each) for each in self._alike(risky))

    def _alike(self, stems: set[str]) -> Iterator[str]:
        """The words of the vocabulary that have one of these stems."""
        for begin in {each[:-1] or each for each in stems}:
            near = fulltext.spelled(self._connection, begin, NEIGHBOURS)
            yield from (each for each in near if stem(each) in stems)
            if len(near) == NEIGHBOURS:
                yield ""  # accepted by nothing: there may be more


def _too_many(word: Word, letters: str) -> QueryError:
    said = written(word)
    problem = f"{letters} stands for more than {MOST_SPELLINGS} words: type more letters of it"
    return QueryError(problem, said, max(0, said.lower().find(letters)))
