"""Read the Attorney General's orders in a case: it is taken for review, stayed, a stay ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.citator.masked import sentences
from pipeline.citator.model import Treatment, TreatmentForm, TreatmentKind
from pipeline.model import Span

BELOW = "decision of the Board"
STAY = "stay"

_REVIEW = re.compile(r"\b(?:refer|certif)\w*\b.*\breview\b", re.IGNORECASE | re.DOTALL)
_STAYED = re.compile(
    r"\bdecision\b[^.;]{0,80}?\b(?:is|are|be|hereby)\s+(?:\w+\s+){0,2}stayed\b", re.IGNORECASE
)
_STAY_ENDED = re.compile(
    r"\bthe\s+(?:automatic\s+)?stay\b[^.;]{0,160}?\bis\s+(?:\w+\s+)?(?:vacated|lifted|dissolved|terminated)\b",
    re.IGNORECASE,
)


def referred(text: str, name: str, *, is_order: bool) -> Iterator[Treatment]:
    """What the Attorney General orders of the case's own decision below, for which such texts give
    no citation: 8 CFR 1003.1(h). `name` is the case's; `is_order` where nothing else is decided."""
    for span in sentences(text):
        sentence = text[span.start : span.end]
        if is_order and _REVIEW.search(sentence):
            yield _order(TreatmentKind.REFERRED, BELOW, name, sentence, span)
        if is_order and _STAYED.search(sentence):
            yield _order(TreatmentKind.STAYED, BELOW, name, sentence, span)
        if _STAY_ENDED.search(sentence):
            yield _order(TreatmentKind.VACATED, STAY, name, sentence, span)


def _order(kind: TreatmentKind, of: str, name: str, sentence: str, span: Span) -> Treatment:
    return Treatment(
        kind=kind,
        form=TreatmentForm.OPERATIVE,
        target="",
        name=name,
        object=of,
        sentence=sentence,
        start=span.start,
        end=span.end,
    )
