"""Read holdings that point back: "In Matter of X we held so. We now overrule that decision."."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.citator.clauses import ADVERBS, doing, done, in_part
from pipeline.citator.holdings import Held
from pipeline.citator.masked import AUTHORITY, Authority, Masked, sentences
from pipeline.citator.model import TreatmentForm, TreatmentKind
from pipeline.citator.reach import circuits
from pipeline.citator.stated import LONGEST, is_limited, is_ours
from pipeline.model import Citation, Span

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
    """What a sentence without any decision does to the one decision of the sentence before it, and
    what one does to the only decision in it: "Matter of X was wrong, and we overrule it"."""
    before: tuple[Authority, ...] = ()
    for span in sentences(shown.text):
        sentence = shown.text[span.start : span.end]
        here = shown.within(span.start, span.end)
        named = {each.citation.cited: each.citation for each in here or before}
        if len(named) == 1:
            [citation] = named.values()
            for deed in _said(sentence):
                if not here or AUTHORITY in deed.lead:
                    yield _held(citation, span, deed)
        before = here


@dataclass(frozen=True, kw_only=True)
class _Deed:
    kind: TreatmentKind
    words: str
    lead: str


def _held(citation: Citation, span: Span, deed: _Deed) -> Held:
    return Held(
        kind=deed.kind,
        form=TreatmentForm.OPERATIVE,
        citation=citation,
        words=deed.words,
        span=span,
        in_part=is_limited(deed.lead) or in_part("", deed.words, deed.lead),
        circuits=circuits(deed.words, deed.lead),
    )


def _said(sentence: str) -> Iterator[_Deed]:
    if AUTHORITY not in sentence and (match := _IS.match(sentence)):
        kind = done(match["verb"])[0][0]
        yield _Deed(kind=kind, words=sentence[match.start("verb") :], lead="")
    for match in _WE.finditer(sentence):
        if is_ours(sentence, match.start()):
            at = match.start()
            words, lead = sentence[at : at + LONGEST], sentence[max(0, at - LONGEST) : at]
            yield _Deed(kind=doing(match["verb"]), words=words, lead=lead)
