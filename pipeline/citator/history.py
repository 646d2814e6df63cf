"""Read the history inside a citation: "Matter of X, 1 I&N Dec. 2 (BIA 1990), overruled by …"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pipeline.citator.bluebook import (
    ABBREVIATED,
    AND,
    ASIDE,
    BARE_TAG,
    EACH_VERB,
    IS_BY,
    JOINED,
    NAMED,
    NAMES,
    PARALLEL,
    PASSING,
    PHRASE,
    TO_CITATION,
    WITH_WHOM,
    told_later,
)
from pipeline.citator.model import Bearing, Treatment, TreatmentForm, TreatmentKind
from pipeline.citator.printed import LAWS, Printed, printed
from pipeline.citator.reach import reach
from pipeline.citator.verbs import ACTIVE, HISTORY, NOUNS, kind
from pipeline.citator.voice import Voice, may_undo, voice
from pipeline.model import Citation

_YEAR = re.compile(r"(?:1[789]|20)\d\d")
_ASKED = re.compile(r"\b(?:[Ww]as|[Ii]s|[Ww]ere|[Aa]re|[Hh]as|[Hh]ad)\s\Z")
_LONGEST_AUXILIARY = 12  # characters
_COMMA = 5  # characters that a comma takes with its spaces
_LONGEST_CHAIN = 8
_MOST_LAWS = 8  # citations of the statute that superseded it
_NEAR = 160  # … in which the statute that superseded it stands
# In the history of a decision these words mean the decision itself.
_ITSELF = frozenset({"opinion", "decision", "judgment", "order"})
_GUIDANCE = ("policy_memo", "uscis_pm")
_FAR = 700  # characters in which the name and the citation of one who did it stand


@dataclass(frozen=True, kw_only=True)
class _Doer:
    """Who did it: `at` is his place among the citations, -1 where he is not cited."""

    at: int = -1
    by: str = ""
    name: str = ""
    court: str = ""
    end: int = 0
    is_told: bool = False  # the text names only who tells of it


def histories(text: str, cited: Sequence[Citation]) -> Iterator[Treatment]:
    """What citations in a text tell of each other's history, by the Bluebook's rule 10.7 and its
    table T8, and by participles in parentheses ("(overruling Matter of X)").

    Each link of a chain acts on what stands before it; after "and" on the same as the link before;
    what was certified, reheard or denied passes on. Where no word names who did it (the tag of a
    headnote, which does it itself) it is no history. `sentence` is the citation with its history.
    Where the text names only who recognised it, it is `by_another`. "X was overruled by Y" is
    running text: `discussed`. In a chain each acts on the nearest decision that it may undo.
    """
    yield from _Walk(text, printed(text, cited)).treatments()


class _Walk:
    """One text's citations, gone through once."""

    def __init__(self, text: str, cited: tuple[Printed, ...]) -> None:
        self.text = text
        self.cited = cited
        self.acting: dict[int, tuple[int, ...]] = {}  # on which what follows a citation acts
        self.before: dict[int, tuple[int, ...]] = {}  # … and on which after "and"

    def treatments(self) -> Iterator[Treatment]:
        for at, one in enumerate(self.cited):
            yield from self._asides(at)
            yield from self._links(at, one.end)
            yield from self._prior(at)

    def _links(self, at: int, end: int) -> Iterator[Treatment]:
        if self._passes_on(at, end):
            return
        phrase = PHRASE.match(self.text, end)
        if phrase is None:
            return
        doer = self._doer(at, phrase)
        if doer is None:
            return
        targets = self._undone(self._targets(at, phrase), doer, phrase)
        if doer.at >= 0:
            self.acting[doer.at], self.before[doer.at] = (doer.at,), targets
        for target in targets:
            for said, words in _each(phrase):
                if self._is_told(target, doer):
                    yield self._treatment(target, said, words, phrase["thing"] or "", doer)

    def _passes_on(self, at: int, end: int) -> bool:
        """What stands parallel to a citation, or was denied after it, leaves it in its place."""
        following = at + 1
        if following >= len(self.cited):
            return False
        start = self.cited[following].start
        passing = PASSING.match(self.text, end)
        is_passed = passing is not None and self._leads(passing.end(), following)
        is_parallel = (
            start == self.cited[following].citation.start
            and start - end < _COMMA
            and PARALLEL.match(self.text[end:start]) is not None
        )
        if is_passed or is_parallel:
            self.acting[following] = self.acting.get(at, (at,))
            self.before[following] = self.before.get(at, self.acting[following])
        return is_passed or is_parallel

    def _targets(self, at: int, phrase: re.Match[str]) -> tuple[int, ...]:
        targets = self.acting.get(at, (at,))
        if phrase["and"] and at in self.before:
            return self.before[at]
        if phrase["both"] and at > 0:
            gap = self.text[self.cited[at - 1].end : self.cited[at].start]
            if JOINED.match(gap):
                return (*self.acting.get(at - 1, (at - 1,)), *targets)
        return targets

    def _undone(
        self, targets: tuple[int, ...], doer: _Doer, phrase: re.Match[str]
    ) -> tuple[int, ...]:
        """What who did it had the power to undo: an Attorney General who overruled a decision that
        a court had affirmed overruled the Board's, and not the court's."""
        kinds = {said for said, _ in _each(phrase)}
        if doer.at < 0 or all(each.bearing is not Bearing.NEGATIVE for each in kinds):
            return targets
        who = voice(doer.court, doer.by, doer.name)
        earlier = targets
        for _ in range(_LONGEST_CHAIN):
            if all(may_undo(who, self._voice(each)) for each in earlier):
                return earlier
            if earlier[0] not in self.before or self.before[earlier[0]] == earlier:
                return targets
            earlier = self.before[earlier[0]]
        return targets

    def _voice(self, at: int) -> Voice:
        one = self.cited[at]
        return voice(one.citation.court, one.target, one.name)

    def _doer(self, at: int, phrase: re.Match[str]) -> _Doer | None:
        end = phrase.end()
        if phrase["law"]:
            return self._law(at, phrase)
        if phrase["told"] or phrase["noun"]:
            teller = self._next(at, end)
            return _Doer(end=teller.end, is_told=True) if teller else None
        begins = self.cited[at].start
        is_asked = _ASKED.search(self.text, max(0, begins - _LONGEST_AUXILIARY), begins)
        if is_asked and "," not in phrase[0]:
            return None
        if WITH_WHOM.search(phrase[0]):
            other = self._next(at, end)
            return _Doer(end=other.end, is_told=True) if other else None
        doer = self._next(at, end)
        if doer and not IS_BY.search(phrase[0]) and not self._is_history(at, doer, phrase):
            return None
        return doer

    def _next(self, at: int, end: int) -> _Doer | None:
        """The authority that stands at a place of the text."""
        for following in range(at + 1, min(at + 3, len(self.cited))):
            one = self.cited[following]
            is_law = one.citation.kind in LAWS and one.citation.start <= end + _COMMA
            may_act = one.is_case or one.citation.kind in _GUIDANCE
            if is_law or (may_act and self._leads(end, following)):
                is_named = one.name and NAMES.search(f" {one.name} ")
                name = one.name if is_named else self._named(end, one.citation.start) or one.name
                return _Doer(
                    at=following, by=one.target, name=name, court=one.citation.court, end=one.end
                )
        named = NAMED.match(self.text, end, end + _FAR)
        return _Doer(name=_spaced(named[0]), end=named.end()) if named else None

    def _leads(self, end: int, following: int) -> bool:
        """Whether nothing but a case's name stands from a place to a citation."""
        one = self.cited[following]
        if not end <= one.citation.start <= end + _FAR:
            return False
        if one.start <= end:
            return True
        gap = self.text[end : one.start].strip(" \n,")
        if gap in ("", "the"):
            return True
        gap = self.text[end : one.citation.start].strip()
        return bool(gap[:1].isupper() and TO_CITATION.match(gap) and NAMES.search(gap))

    def _named(self, start: int, end: int) -> str:
        named = NAMED.match(self.text, start, end)
        return _spaced(named[0]).strip(" ,") if named else ""

    def _law(self, at: int, phrase: re.Match[str]) -> _Doer:
        """A statute or rule, by its citation where one stands before who tells of it."""
        end = phrase.end()
        name = _spaced(phrase["law"]).replace("statule", "statute")
        later = None if phrase["told"] else told_later(self.text, end, _NEAR)
        limit = later.start("told") if later else end + _NEAR
        laws = [] if phrase["told"] else [*self._laws(at, end, limit)]
        teller = self._next(at + len(laws), later.end() if later else end)
        if teller is None or not (later or phrase["told"]):
            teller = _Doer(end=laws[0].end if laws else phrase.end("law"))
        return _Doer(by=laws[0].target if laws else "", name=name, end=teller.end)

    def _laws(self, at: int, end: int, limit: int) -> Iterator[Printed]:
        for one in islice(self.cited, at + 1, at + _MOST_LAWS):
            if one.citation.start >= limit or re.search(r"[;()]", self.text[end : one.start]):
                return
            if one.citation.kind in LAWS:
                yield one

    def _is_history(self, at: int, doer: _Doer, phrase: re.Match[str]) -> bool:
        """Whether a verb and an authority after a comma belong together, and are no tag of a
        headnote before another tag: who did it came later, and has no such verb of its own but one
        with which the chain goes on."""
        said = phrase["verbs"] or ""
        if re.search(r"aff\W?d|rev\W?d|vac\W?d|on other grounds|sub nom", phrase[0]):
            return True
        if doer.at < 0 or self._is_bare(doer) or (phrase["and"] and at not in self.before):
            return False  # "… overruled X, and restored Y": the verbs are of the sentence
        here, there = (self.cited[each].citation.court for each in (at, doer.at))
        years = [found[-1] for each in (here, there) if (found := _YEAR.findall(each))]
        return bool(said) and len(years) == 2 and years[0] <= years[1]

    def _is_bare(self, doer: _Doer) -> bool:
        tag = BARE_TAG.match(self.text, doer.end)
        if tag is None:
            return False
        return not (tag[0].endswith(",") and self._next(doer.at, tag.end()))

    def _is_told(self, target: int, doer: _Doer) -> bool:
        one = self.cited[target]
        is_held = one.is_case or one.citation.kind in (*_GUIDANCE, "fr_cite")
        return bool(one.target) and is_held and doer.by != one.target

    def _asides(self, at: int) -> Iterator[Treatment]:
        """ "(overruling Matter of X, …)": what the case before did; "(overruled by Y)": to it."""
        one = self.cited[at]
        for start, end in one.asides:
            if phrase := PHRASE.match(self.text, start, end):
                doer = self._doer(at, phrase)
                for said, words in _each(phrase) if doer else ():
                    target = self.acting.get(at, (at,))[0]
                    if doer and doer.end <= end + 1 and self._is_told(target, doer):
                        yield self._treatment(target, said, words, phrase["thing"] or "", doer)
            if phrase := ASIDE.match(self.text, start, end):
                yield from self._did(at, phrase, end)

    def _prior(self, at: int) -> Iterator[Treatment]:
        """ "…, aff'g 12 F.3d 34": what stands before is who did it."""
        if phrase := ABBREVIATED.match(self.text, self.cited[at].end):
            for following in range(at + 1, min(at + 2, len(self.cited))):
                if self._leads(phrase.end(), following):
                    self.acting[following] = self.acting.get(at, (at,))
            yield from self._did(at, phrase, phrase.end() + _FAR)

    def _did(self, at: int, phrase: re.Match[str], limit: int) -> Iterator[Treatment]:
        first = self.acting.get(at, (at,))[0]
        one = self.cited[first]
        court = one.citation.court or self.cited[at].citation.court
        doer = _Doer(by=one.target, name=one.name, court=court, end=self.cited[at].end)
        if not doer.by:
            return
        end = phrase.end()
        for following in range(at + 1, len(self.cited)):
            target = self.cited[following]
            is_near = target.end <= limit + 1 and self._leads(end, following)
            if not (one.is_case and is_near and target.is_case):
                return
            said = kind(phrase["said"], ACTIVE)
            if self._is_told(following, doer):
                words = f"{phrase['how']} {phrase['parts'] or ''}"
                yield self._treatment(following, said, words, "", doer, start=first)
            if phrase.re is ABBREVIATED:
                return
            joined = self.cited[following + 1].start if following + 1 < len(self.cited) else -1
            if joined < 0 or not AND.match(self.text[target.end : joined]):
                return
            end = joined

    def _treatment(
        self,
        target: int,
        said: TreatmentKind,
        words: str,
        thing: str,
        doer: _Doer,
        *,
        start: int = -1,
    ) -> Treatment:
        one = self.cited[target]
        goes = reach(words)
        begin = min(one.start, self.cited[start].start) if start >= 0 else one.start
        end = max(one.end, doer.end)
        return Treatment(
            kind=said,
            form=TreatmentForm.HISTORY,
            target=one.target,
            name=one.name,
            court=one.citation.court,
            by=doer.by,
            by_name=doer.name,
            by_court=doer.court,
            by_another=doer.is_told,
            in_part=goes.in_part,
            object=goes.object or (thing if thing not in _ITSELF else ""),
            sentence=self.text[begin:end],
            start=begin,
            end=end,
        )


def _each(phrase: re.Match[str]) -> Iterator[tuple[TreatmentKind, str]]:
    """The verbs of a phrase, each with the words that limit it: "vacated and remanded in part" has
    one limit for both. A remand that goes with a vacatur or a reversal is no deed of its own."""
    if phrase["noun"]:
        yield kind(phrase["noun"], NOUNS), ""
        return
    said = [
        (kind(m["said"], HISTORY), f"{m['how'] or ''}{m['parts'] or ''}")
        for m in EACH_VERB.finditer(f"{phrase['verbs']},")  # what limits it ends at a comma
    ]
    last = phrase["law_parts"] or ""
    for at, (each, _) in enumerate(said):
        words = next((later for _, later in said[at:] if later), "") + last
        if each is TreatmentKind.REMANDED and len(said) > 1:
            continue
        yield each, words


def _spaced(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip(" ,.")
