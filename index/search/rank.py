"""Rank candidates: a weighed sum of the evidence, with what the law says of old and new."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache

from index.search.gather import Best, Candidate
from index.search.standing import Standing
from pipeline.identifiers import REPORTED

# What a question that asks for the present state of things says.
_NOW = re.compile(
    r"\b(?:new(?:est|ly)?|now|latest|current(?:ly)?|recent(?:ly)?|chang(?:e|es|ed)|updated?|today"
    r"|still|this year|20[12]\d)\b",
    re.IGNORECASE,
)
_GROUPS: Mapping[str, Collection[str]] = {
    "precedent": frozenset(REPORTED),
    "opinion": frozenset({"court-opinion"}),
    "unpublished": frozenset({"bia-unpublished"}),
    "manual": frozenset({"policy-manual-chapter", "policy-manual-appendix"}),
    "rule": frozenset({"rule", "regulation"}),
    "proposed": frozenset({"proposed-rule"}),
    "presidential": frozenset({"presidential-document"}),
}
# What can't be learned, for the corpora hold a dozen such documents: by what the law says of them.
# A score's other parts spread over some seven points. So what a question names by its number comes
# first: who names it asks of it. What no longer stands comes behind what stands and says about the
# same, and is still found by who asks for it: a decision undone binds nobody (8 CFR 1003.1(g)(1):
# "modified or overruled"), nor does what was withdrawn, and of a rulemaking the final rule governs.
# Of 471 questions of our own some ask about what was withdrawn, so that more than -1 for that costs
# more than it brings (.001 of nDCG at 10). Of notices with one title the newest is meant, where the
# question doesn't say otherwise. What binds where the reader stands is worth a clear difference in
# meaning; nothing is hidden.
FIXED: Mapping[str, float] = {
    "named": 8.0,
    "not in force": -1.0,
    "superseded": -2.0,
    "made final": -1.0,
    "binding": 3.0,
    "older of one title": -1.0,
}
YEAR = 365.25
OLDEST = 10.0  # years that count
NONE = Best(first=0.0, three=0.0)

Evidence = Mapping[str, float]


def evidence(
    candidates: Sequence[Candidate],
    question: str,
    named: Collection[int] = (),
    citing: Collection[int] = (),
    stands: Standing = Standing(),  # noqa: B008 - it is frozen
) -> tuple[Evidence, ...]:
    """What speaks for each candidate, by name; `named` are the documents that the question names by
    their citation or number, `citing` those that cite what it names; `stands` says which no longer
    stand, and how much each counts where the reader does.

    Words are shares of the best candidate's; meanings the distance from it, which is 0 or less;
    ages are years before the newest candidate of the same source.
    """
    words = _top(candidate.words for candidate in candidates) or 1.0
    meaning = _top(candidate.meaning for candidate in candidates)
    law = _top(candidate.law for candidate in candidates)
    newest = _newest(candidates)
    twins = _twins(candidates)
    asks_now = _NOW.search(question) is not None
    told = []
    for each in candidates:
        age = _age(each.published, newest.get(each.source))
        told.append(
            {
                "words": (each.words or NONE).first / words,
                "words of three": (each.words or NONE).three / words,
                "meaning": (each.meaning or NONE).first - meaning,
                "meaning of three": (each.meaning or NONE).three - meaning,
                "law": (each.law or NONE).first - law,
                "length": math.log(each.passages),
                "named": float(each.document in named),
                "citing": float(each.document in citing),
                "older of one title": float(each.document in twins),
                "not in force": float(each.document in stands.ended),
                "superseded": float(each.document in stands.undone),
                "made final": float(each.document in stands.finalised),
                "binding": stands.binding.get(each.document, 0.0),
                "age": age,
                "age asked": age if asks_now else 0.0,
                **_groups(each.kind),
            }
        )
    return tuple(told)


def score(told: Evidence, weights: Mapping[str, float]) -> float:
    """One number to order by; it means no more. What the law weighs is not learned."""
    learned = weights.get
    return sum(
        (FIXED[name] if name in FIXED else learned(name, 0.0)) * value
        for name, value in told.items()
        if value
    )


@cache  # there are two dozen kinds
def _groups(kind: str) -> Mapping[str, float]:
    return {group: float(kind in kinds) for group, kinds in _GROUPS.items()}


def _top(every: Iterable[Best | None]) -> float:
    return max((best.first for best in every if best), default=0.0)


def _newest(candidates: Iterable[Candidate]) -> dict[str, date]:
    newest: dict[str, date] = {}
    for each in candidates:
        if each.published and each.published > newest.get(each.source, date.min):
            newest[each.source] = each.published
    return newest


def _age(published: date | None, newest: date | None) -> float:
    if published is None or newest is None:
        return 0.0
    return min(OLDEST, (newest - published).days / YEAR)


def _twins(candidates: Iterable[Candidate]) -> frozenset[int]:
    """Those of which a newer document of the same source bears the same title."""
    by_title: dict[tuple[str, str], list[Candidate]] = {}
    for each in candidates:
        by_title.setdefault((each.source, each.title.casefold()), []).append(each)
    older = set()
    for alike in by_title.values():
        dated = [each for each in alike if each.published]
        newest = max((each.published for each in dated if each.published), default=None)
        older |= {each.document for each in dated if each.published != newest}
    return frozenset(older)
