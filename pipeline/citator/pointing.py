"""Read holdings that point back: "In Matter of X we held so. We now overrule that decision."."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.citator.clauses import ADVERBS, doing, done, in_part
from pipeline.citator.holdings import Held, is_ours, is_quoted
from pipeline.citator.masked import AUTHORITY, Masked, sentences
from pipeline.citator.model import TreatmentForm, TreatmentKind

# What is done to precedents alone: "that decision is vacated" may mean the one under review.
_IT = r"(?:(?:it|that\s+(?:decision|holding|case|opinion|precedent|rule|interpretation))\b(?!'s))"
_IS = re.compile(
    rf"\W*{_IT}\s+(?:is|must\s+be)\s+{ADVERBS}(?P<verb>overruled|disapproved|abrogated|superseded)\b",
    re.IGNORECASE,
)
_WE = re.compile(
    r"\b(?P<verb>overrule|abrogate|disapprove(?:\s+of)?|(?:recede|withdraw|depart)\s+from|no\s+longer\s+follow"
    rf"|decline\s+to\s+follow)\s+{_IT}",
    re.IGNORECASE,
)


def pointing(shown: Masked) -> Iterator[Held]:
    """What a sentence without any decision does to the one decision of the sentence before it."""
    for before, span in pairwise(sentences(shown.text)):
        sentence = shown.text[span.start : span.end]
        named = {
            each.citation.cited: each.citation for each in shown.within(before.start, before.end)
        }
        if len(named) != 1 or AUTHORITY in sentence:
            continue
        for kind, words in _said(sentence):
            [citation] = named.values()
            yield Held(
                kind=kind,
                form=TreatmentForm.OPERATIVE,
                citation=citation,
                words=words,
                span=span,
                in_part=in_part("", words),
            )


def _said(sentence: str) -> Iterator[tuple[TreatmentKind, str]]:
    if match := _IS.match(sentence):
        yield done(match["verb"])[0][0], sentence[match.start("verb") :]
    for match in _WE.finditer(sentence):
        if is_ours(sentence, match.start()) and not is_quoted(sentence, match.start()):
            yield doing(match["verb"]), sentence[match.start() :]
