"""Known items: the cases, and whatever else bears a title, that a query names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Select, select

from index import called, passages, schema
from index.called import Called
from index.kept import selected, whole
from pipeline.citator.samename import Agreement, parties, party, same_name
from pipeline.identifiers import REPORTED
from pipeline.legible import legible
from pipeline.query.words import fold

CASES = (*REPORTED, "court-opinion", "bia-unpublished")
REPORTER = " I&N Dec. "
WORDS = 12  # of a query, in which a case's name may stand
SHORTEST, NEAR = 5, 86  # letters of a name that may be misspelt; of 100: "Acebedo" is 96 "Acevedo"

# "Matter of" and "In re" name the same case; so does the name alone.
_MATTER = re.compile(r"^(?:(?:in the )?matter of|in re:?)\s", re.IGNORECASE)
_VERSUS = re.compile(r"\svs?\.?\s", re.IGNORECASE)
SURNAME = 3  # letters of the shortest surname: "Ebu", "Dar"
_YEAR = re.compile(r"(\d{4})\)\s*$")


@dataclass(frozen=True, kw_only=True)
class Named:
    """A document that bears a name."""

    document: int
    title: str
    citation: str
    issuer: str
    published_on: date | None

    @property
    def canonical(self) -> str:
        """As it is cited, "" where it has no citation."""
        return self.citation.partition(" (")[0]

    @property
    def when(self) -> tuple[int, ...]:
        """What orders those of one name: year, volume and page."""
        year, on = _YEAR.search(self.citation), self.published_on
        day = (on.month, on.day) if on else (0, 0)
        place = tuple(map(int, re.findall(r"\d+", self.citation)[:2])) or day
        return int(year[1]) if year else on.year if on else 0, *place


@dataclass(frozen=True, kw_only=True)
class Cases:
    """The cases that a query names in its `words`: held, the newest first, and such as are only
    cited in what we hold. `is_near`: they are spelled otherwise."""

    words: str
    held: tuple[Named, ...] = ()
    cited: tuple[Called, ...] = ()
    is_near: bool = False

    def __bool__(self) -> bool:
        return bool(self.held or self.cited)


@dataclass(frozen=True, kw_only=True)
class _Titles:
    """The names of all cases held, in rows of which few are ever asked for."""

    rows: Sequence[Any]

    @cached_property
    def by_word(self) -> Mapping[str, Sequence[Any]]:
        found: dict[str, list[Any]] = {}
        for row in self.rows:
            for word in _words(row.title):
                found.setdefault(word, []).append(row)
        return found

    @cached_property
    def by_letters(self) -> Mapping[str, Sequence[Named]]:
        found: dict[str, list[Named]] = {}
        for row in _newest(map(_named, self.rows)):
            if len(letters := _letters(row.title)) >= SHORTEST:
                found.setdefault(letters, []).append(row)
        return found

    def sharing(self, words: Iterable[str]) -> Sequence[Named]:
        """Those that have a word of these, each once."""
        found = {row.id: row for word in words for row in self.by_word.get(word, ())}
        return tuple(map(_named, found.values()))


_known: WeakKeyDictionary[Engine, tuple[int, _Titles]] = WeakKeyDictionary()


def cases(connection: Connection, query: str) -> Cases:
    """The cases that a query names with its first words. The same initials name many people: all
    of them are given."""
    shared = _titles(connection).sharing(_words(query))
    for words in filter(_words, reversed(list(_begun(query)))):
        held = _newest(row for row in shared if same_name(row.title, words) is Agreement.MATCH)
        held = held or _newest(row for row in shared if _is_fuller(row.title, words))
        own = {row.canonical for row in held}
        cited = tuple(
            each for each in called.cited_as(connection, words) if each.canonical not in own
        )
        if held or cited:
            return Cases(words=words, held=held, cited=cited)
    return Cases(words=query)


def _is_fuller(title: str, words: str) -> bool:
    """Whether a title has the query's parties with their given names: "Anthony Kariuki v. Tracy
    Tarango" for "Kariuki v. Tarango". An official's name tells no case."""
    if not _VERSUS.search(words) or not _VERSUS.search(title):
        return False
    sides = zip(parties(words), parties(title), strict=False)
    joined = [(asked.replace(" ", ""), held.replace(" ", "")) for asked, held in sides]
    return bool(joined) and all(
        len(asked) >= SURNAME and (held.endswith(asked) or held.startswith(asked))
        for asked, held in joined
    )


def alone(connection: Connection, query: str) -> Cases:
    """The cases of which the whole query is a party's name: "Cruz Valdez". Of those not held only
    precedents by a name of two words: "Bond" has been cited, too."""
    asked = party(query)
    shared = _titles(connection).sharing(_words(query))
    held = _newest(row for row in shared if party(row.title) == asked != "")
    own = {row.canonical for row in held}
    cited = called.cited_as(connection, query) if re.search(r"\w[\s-]+\w", asked) else ()
    return Cases(
        words=query,
        held=held,
        cited=tuple(
            each for each in cited if each.canonical not in own and REPORTER in each.canonical
        ),
    )


def near(connection: Connection, query: str, *, whole: bool = False) -> Cases:
    """The cases held whose name is spelled nearly as the query's first words, or as the `whole` of
    it, the nearest first; where there is none, such as are cited."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - asked only where nothing bears the name

    known = _titles(connection).by_letters
    nearest: dict[str, float] = {}
    for asked in {_letters(words) for words in ([query] if whole else _begun(query))}:
        if len(asked) >= SHORTEST:
            found = process.extract(asked, list(known), scorer=fuzz.ratio, score_cutoff=NEAR)
            nearest |= {letters: score for letters, score, _ in found}
    ranked = sorted(nearest, key=lambda letters: -nearest[letters])
    held = tuple(row for letters in ranked for row in known[letters])
    cited = () if held else called.alike(connection, query)
    return Cases(words=query, held=held, cited=cited, is_near=True)


def titled(connection: Connection, query: str) -> Cases:
    """The documents whose title the query is, whatever its case and punctuation, newest first."""
    asked = _name(query)
    if not asked:
        return Cases(words=query)
    numbers = _by_title(connection).get(" ".join(asked), ())
    if not numbers:
        return Cases(words=query)
    rows = connection.execute(_said().where(schema.document.c.id.in_(numbers)))
    return Cases(words=query, held=_newest(map(_named, rows)))


def among(connection: Connection, found: Cases, documents: Select[Any] | None) -> Cases:
    """Those that the filters leave, in their order."""
    if documents is None or not found.held:
        return found
    left = selected(connection, documents)
    return replace(found, held=tuple(each for each in found.held if each.document in left))


def _by_title(connection: Connection) -> Mapping[str, Sequence[int]]:
    """The numbers of all documents by the words of their titles. To search the table of versions
    would read their texts."""
    document, version = schema.document, schema.version
    query = select(document.c.id, version.c.title)

    def read() -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = {}
        for row in connection.execute(query.join(version, version.c.id == document.c.current)):
            found.setdefault(" ".join(_name(row.title)), []).append(row.id)
        return found

    return whole(connection, "titles", read)


def _titles(connection: Connection) -> _Titles:
    """Read once for each generation of the passages, in whose headers they stand."""
    now = passages.generation(connection)
    held = _known.get(connection.engine)
    if held is None or held[0] != now:
        rows = connection.execute(_said().where(schema.document.c.kind.in_(CASES)))
        held = (now, _Titles(rows=rows.all()))
        _known[connection.engine] = held
    return held[1]


def _said() -> Select[Any]:
    document, version = schema.document, schema.version
    said = version.c["title", "citation", "issuer", "published_on"]
    return select(document.c.id, *said).join(version, version.c.id == document.c.current)


def _named(row: Any) -> Named:
    return Named(
        document=row.id,
        title=row.title,
        citation=row.citation,
        issuer=row.issuer,
        published_on=row.published_on,
    )


def _newest(found: Iterable[Named]) -> tuple[Named, ...]:
    return tuple(sorted(found, key=lambda each: (each.when, each.document), reverse=True))


def _begun(query: str) -> Iterable[str]:
    """What the query begins with: its first word, its first two, and so on."""
    return accumulate(query.split()[:WORDS], "{} {}".format)


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", party(name).lower())


def _words(text: str) -> set[str]:
    """What may tell a name: its words, and each letter of initials."""
    return set(re.findall(r"[^\W_]+", fold(text))) - {"v", "vs", "in", "re", "matter", "of"}


def _name(title: str) -> tuple[str, ...]:
    # Nothing in plain letters needs to be made legible, and there are thousands.
    shown = title if title.isascii() and "&" not in title else legible(title).text
    plain = _MATTER.sub("", shown.strip(), count=1)
    return tuple(re.findall(r"[^\W_]+", plain.lower()))
