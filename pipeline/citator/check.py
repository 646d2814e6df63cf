"""Say of each citation of a draft what can be said from what is held."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from pipeline.citator.draft import Citations, Draft
from pipeline.citator.former import formerly, may_mean_former
from pipeline.citator.held import Authority, Namesake
from pipeline.citator.marks import spans
from pipeline.citator.misnamed import called, misnamed, renumbered
from pipeline.citator.model import Coverage
from pipeline.citator.quoted import Quoted
from pipeline.citator.quoting import Quotation, quotations
from pipeline.citator.sentences import Sentences
from pipeline.citator.twins import disagree, parallels, twins
from pipeline.citator.verdict import Checked, Level, Verdict, VerdictKind
from pipeline.citator.worth import worth
from pipeline.model import Citation


@dataclass(frozen=True, kw_only=True)
class Asked:
    """`since`: from which day on changes of a text are told, None: when it last changed;
    `coverage`: what is held of the precedents."""

    since: date | None
    coverage: Coverage


_PLACED = re.compile(r"\A\d+ ")
_AROUND = 600  # characters of a sentence on each side of a citation that are read


def check(
    draft: Draft, cited: Citations, known: Mapping[str, Authority], asked: Asked
) -> tuple[Checked, ...]:
    """Every citation of a draft with its verdicts. `cited` are its citations with their blocks,
    `known` has every authority of them by canonical name. What is said of an authority is said at
    the first citation of it; the others name that one."""
    return tuple(_Checker(draft, cited, known, asked).checked())


class _Checker:
    def __init__(
        self, draft: Draft, cited: Citations, known: Mapping[str, Authority], asked: Asked
    ) -> None:
        self._draft, self._cited, self._known, self._asked = draft, cited, known, asked
        self._first: dict[str, int] = {}
        self._gravest: dict[str, str] = {}
        self._quoted = Quoted(known)
        self._quotations: dict[int, list[Quotation]] = {}
        for each in quotations(draft, cited):
            owner = self._quoted.owner(each, cited)
            self._quotations.setdefault(owner, []).append(each)
        self._pairs = dict(self._disagreeing())
        self._former: set[str] = set()
        self._sentences: dict[int, Sentences] = {}

    def checked(self) -> Iterator[Checked]:
        for index, (block, citation) in enumerate(self._cited):
            verdicts = [*self._of_authority(index, citation), *self._of_this(index, citation)]
            yield Checked(
                number=index + 1,
                place=self._draft.place(block, citation.start),
                citation=citation,
                verdicts=tuple(sorted(verdicts, key=_gravity)),
            )

    def _of_authority(self, index: int, citation: Citation) -> Iterator[Verdict]:
        """What is true of the authority, wherever it is cited."""
        name = citation.cited
        if not name:
            yield _unresolved(citation, self._known.get(citation.canonical))
            return
        if name in self._first:
            grave = self._gravest[name]
            rest = f": {grave}" if grave else ""
            yield Verdict(kind=VerdictKind.SAME, words=f"{name}: see no. {self._first[name]}{rest}")
            return
        self._first[name] = index + 1
        said = [*worth(self._known[name], citation, self._asked.coverage, self._asked.since)]
        attention = [each for each in said if each.kind.level is Level.ATTENTION]
        self._gravest[name] = min(attention, key=_gravity).label if attention else ""
        yield from said

    def _of_this(self, index: int, citation: Citation) -> Iterator[Verdict]:
        """What is true of this citation alone."""
        if other := self._pairs.get(index):
            yield Verdict(
                kind=VerdictKind.PARALLELS,
                words=f"{citation.canonical} and {other} are printed as one provision's two "
                "numbers; in title 8 of the United States Code they are not: "
                f"{_twinned(citation.canonical, other)}",
            )
        yield from self._formerly(index, citation)
        if citation.cited:
            yield from _named(self._known[citation.cited], citation)
            yield from self._quoted.verdicts(citation, self._quotations.get(index, ()))
        else:
            yield from self._quoted.untraced(self._quotations.get(index, ()))

    def _formerly(self, index: int, citation: Citation) -> Iterator[Verdict]:
        """What stood under a number, once, where the draft may mean it."""
        name = citation.cited
        if name in self._former or not (said := formerly(name)):
            return
        if may_mean_former(name, self._sentence(index)):
            self._former.add(name)
            for words in said:
                yield Verdict(kind=VerdictKind.FORMERLY, words=words)

    def _sentence(self, index: int) -> str:
        """The draft's own sentence around a citation."""
        block, citation = self._cited[index]
        text = self._draft.blocks[block].text
        if block not in self._sentences:
            self._sentences[block] = Sentences(text, [*spans(self._draft, block)])
        start, end = citation.start, citation.end
        first = max(self._sentences[block].start(start), start - _AROUND)
        return text[first : min(self._sentences[block].end(end), end + _AROUND)]

    def _disagreeing(self) -> Iterator[tuple[int, str]]:
        numbered = list(enumerate(self._cited))
        for block, group in groupby(numbered, key=lambda each: each[1][0]):
            here = [(number, citation) for number, (_, citation) in group]
            pairs = parallels(self._draft.blocks[block].text, [citation for _, citation in here])
            for one, other in pairs:
                if disagree(one.canonical, other.canonical):
                    yield next(n for n, citation in here if citation is one), other.canonical


def _gravity(verdict: Verdict) -> int:
    return [*VerdictKind].index(verdict.kind)


def _twinned(*names: str) -> str:
    """The right number of each of two that were printed as one provision's."""
    return "; ".join(f"{name} is {twin}" for name in names for twin in twins(name))


def _unresolved(citation: Citation, fitting: Authority | None) -> Verdict:
    """A volume and page with no citation to go with is a slip; "id." may take up the record."""
    if _PLACED.match(citation.raw):
        fits = "; ".join(_told(each) for each in fitting.namesakes) if fitting else ""
        return Verdict(
            kind=VerdictKind.UNRESOLVED,
            words="no one full citation in the draft goes with this short form: there is none "
            f"before it, or more than one{f'. It fits {fits}' if fits else ''}",
        )
    return Verdict(
        kind=VerdictKind.UNTRACED,
        words="it may be an authority that is not cited before it, one of several, or the record",
    )


def _named(authority: Authority, citation: Citation) -> Iterator[Verdict]:
    """A short form's name was compared where it was cited in full."""
    if citation.kind == "case_short":
        return
    if words := misnamed(authority, citation):
        yield Verdict(kind=VerdictKind.DISAGREES, words=words)
    elif meant := renumbered(authority, citation):
        told = "; ".join(_told(each) for each in meant)
        yield Verdict(
            kind=VerdictKind.RENUMBERED,
            words=f"nothing held cites {authority.canonical} by that name, under which we know "
            f"{told}",
        )


def _told(namesake: Namesake) -> str:
    return f"{called(namesake)}{f': {namesake.line}' if namesake.line else ''}"
