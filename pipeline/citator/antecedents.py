"""The cases that one document cites in full, and which of them a page or a name can mean."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from pipeline.citator.reading import AT, Cited, short
from pipeline.citator.samename import Agreement, begins, numbered, parties, party, same_name
from pipeline.model import Citation

_FULL = re.compile(r"\A(?P<volume>\d++ .+) (?P<page>\d+)")
_HOW = re.compile(r"(?:in the )?ma(?:tt|lt|tl|ll|st)ers? of |in re |ex parte ", re.IGNORECASE)
# No decision is that many pages long; what seems to cite a later page cites something else.
LONGEST = 200
LONGEST_NOTICE = 1_000  # nor any document of the Federal Register on immigration
_Notice = tuple[int, tuple[int, int, int]]  # its first page, and where it is cited
# Cases of one name, or that begin alike, beyond which telling them apart is hopeless.
_FEW, _MANY = 12, 40


@dataclass(kw_only=True, eq=False)
class Case:
    """A case as a document cites it: its parallel citations, the names it is given, `first` where
    (see `Cited.place`), and its first pages by volume."""

    canonical: str
    first: tuple[int, int, int]
    names: list[str] = field(default_factory=list)
    court: str = ""
    called: list[str] = field(default_factory=list)
    pages: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.names[0] if self.names else ""

    def may_have(self, page: int) -> bool:
        """Whether a page can be one of its pages, in any of its reporters."""
        return any(first <= page <= first + LONGEST for first in self.pages.values())

    def may_be(self, name: str) -> bool:
        """Whether nothing in a name speaks against it: "Bellajaro" of "De Lara Bellajaro"."""
        compared = [same_name(name, own) for own in self.names[:_FEW]]
        is_open = not compared or set(compared) != {Agreement.DIFFERENT}
        return is_open or self.is_named(name) or any(begins(name, own) for own in self.names)

    def is_named(self, name: str) -> bool:
        """Whether a name can be its."""
        return any(same_name(name, own) is Agreement.MATCH for own in self.names[:_FEW]) or (
            called(name) in map(called, self.called)
        )


class Antecedents:
    """Built from all that a document cites, in the order of reading; a case is an antecedent only
    of what comes after it, but two cases of one name are told apart wherever they stand."""

    def __init__(self, cited: Iterable[Cited]) -> None:
        self.cases: list[Case] = []
        self._by_canonical: dict[str, Case] = {}
        self._volumes: dict[str, list[tuple[int, int]]] = {}  # volume: (first page, case)
        self._names: dict[str, list[Case]] = {}  # by party
        self._called: dict[str, list[Case]] = {}
        self._notices: dict[int, list[_Notice]] = {}  # by volume of the Federal Register
        for each in cited:
            if each.leads:
                self._add(each)
            elif each.citation.kind == "fr_cite" and short(each.citation) is None:
                volume, page = _numbers(each.citation.canonical)
                self._notices.setdefault(volume, []).append((page, each.place))
        self._index()

    def case(self, canonical: str) -> Case | None:
        return self._by_canonical.get(canonical)

    def at_page(self, short: Citation, place: tuple[int, int, int]) -> Case | None:
        """The case that "27 I&N Dec. at 320" takes up: the one cited before, and of the name where
        one is given, whose first page is the nearest before that page."""
        found = AT.fullmatch(short.canonical)
        pages = self._volumes.get(found["volume"], []) if found else []
        if found is None or not pages:
            return None
        page = int(found["page"])
        end = bisect_right(pages, (page, len(self.cases)))
        for first, number in reversed(pages[max(0, end - _FEW) : end]):
            case = self.cases[number]
            if page - first > LONGEST:
                return None
            if case.first < place and (not short.name or case.may_be(short.name)):
                return case
        return None

    def in_register(self, short: Citation, place: tuple[int, int, int]) -> str:
        """The canonical of what "85 FR at 46,795" takes up: of the documents of the Federal
        Register cited before, the one that begins nearest before that page; "" where none does."""
        volume, page = _numbers(short.canonical)
        begun = self._notices.get(volume, [])
        end = bisect_right(begun, page, key=itemgetter(0))
        for first, cited_at in reversed(begun[max(0, end - _MANY) : end]):
            if page - first <= LONGEST_NOTICE and cited_at < place:
                return f"{volume} FR {first}"
        return ""

    def by_name(
        self, name: str, pin: str, place: tuple[int, int, int], ends: int = 0
    ) -> Case | None:
        """The one case of the document that goes by a name; None where there are several, unless
        the page cited lies before the first page of all others. It is cited before the name, or in
        a note that is called in its sentence, which `ends` at an offset."""
        found = self._called.get(called(name), [])
        if not found and not numbered(name):
            alike = self._names.get(party(name), [])
            found = [each for each in alike if each.is_named(name)] if len(alike) < _MANY else []
        page = re.match(r"\d+", pin)
        if page and len(found) > 1:
            found = [each for each in found if each.may_have(int(page[0]))]
        if len(found) != 1:
            return None
        block, offset, in_note = found[0].first
        is_called = in_note > 0 and block == place[0] and offset <= ends
        return found[0] if found[0].first < place or is_called else None

    def _add(self, each: Cited) -> None:
        citation = each.citation
        case = self._by_canonical.get(citation.canonical) or self._by_canonical.get(each.leads)
        if case is None:
            case = Case(canonical=each.leads, first=each.place)
            self.cases.append(case)
        self._by_canonical.setdefault(citation.canonical, case)
        if citation.name and citation.name not in case.names and len(case.names) < _FEW:
            case.names.append(citation.name)
        case.court = case.court or citation.court
        case.called += [
            name for name in each.called if _calls(name, case) and len(case.called) < _FEW
        ]
        if full := _FULL.fullmatch(citation.canonical):
            case.pages.setdefault(full["volume"], int(full["page"]))

    def _index(self) -> None:
        for number, case in enumerate(self.cases):
            for volume, page in case.pages.items():
                self._volumes.setdefault(volume, []).append((page, number))
            for name in {called(name) for name in case.called}:
                self._called.setdefault(name, []).append(case)
            for each in {key for name in case.names for key in (party(name), *parties(name))}:
                self._names.setdefault(each, []).append(case)
        for pages in self._volumes.values():
            pages.sort()
        for begun in self._notices.values():
            begun.sort()


def called(name: str) -> str:
    """A name that a text defined, in the form in which such names are compared: "a-b- ii"."""
    return _HOW.sub("", re.sub(r"\s+", " ", name).strip(" ,.")).casefold()


def may_run_to(notice: str, page: int) -> bool:
    """Whether a page of the Federal Register can be one of a document by its own first page,
    "85 FR 46788"."""
    return 0 <= page - _numbers(notice)[1] <= LONGEST_NOTICE


def _numbers(canonical: str) -> tuple[int, int]:
    """The volume and the page of "85 FR 46788"."""
    volume, _, page = canonical.partition(" FR ")
    return int(volume), int(page)


def _calls(name: str, case: Case) -> bool:
    """Whether words in parentheses after a citation can be what the text calls the case: of its
    name, or initials of it, with a number."""
    own = [word for each in case.names for word in re.findall(r"[A-Z]\S*", _HOW.sub("", each))]
    words = name.split()
    initials = "".join(word[0] for word in own)
    *base, last = words
    numeral = re.fullmatch("I{1,3}|IV|VI{0,3}", last)
    base = base if numeral and base else words
    known: Sequence[str] = [word.strip(",.").casefold() for word in own]
    is_part = all(word.strip(",.").casefold() in (*known, "of", "the", "and", "&") for word in base)
    return is_part or (len(base) == 1 and len(base[0]) > 1 and base[0] in initials)
