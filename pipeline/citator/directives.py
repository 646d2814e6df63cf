"""Read what a tribunal tells adjudicators to do with earlier decisions from now on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.citator.holdings import Held
from pipeline.citator.masked import AUTHORITY, Masked, sentences
from pipeline.citator.model import TreatmentForm, TreatmentKind
from pipeline.model import Span

# Those who are bound: what "the Immigration Judge" should do on remand is about one case.
_TOLD = re.compile(
    r"\b(?:immigration\s+judges|(?:the\s+)?Board|adjudicators|(?:asylum|immigration|USCIS|consular)\s+officers"
    r"|officers|USCIS|courts)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?P<modal>should|shall|must|(?:are|is)\s+(?:directed|instructed|ordered|bound|required)\s+to|are\s+to|will)"
    r"\s+(?:(?P<not>no\s+longer|not|cease\s+to)\s+)?(?:(?:continue|again|hereafter|once\s+again|instead|also)\s+"
    r"(?:to\s+)?){0,2}(?:adhere\s+to|follow|apply|rely\s+(?:up)?on|look\s+to|be\s+guided\s+by"
    r"|(?:conduct\s+proceedings|decide\s+(?:such\s+)?cases|adjudicate\s+(?:\w+\s+)?(?:cases|claims|applications)"
    r"|act|proceed)\s+(?:consistent(?:ly)?|in\s+accordance)\s+with)\b",
    re.IGNORECASE,
)
# "pre-A-B- I precedent", "rather than X": named, and not to be followed.
_NOT_THIS = re.compile(
    r"(?:\bpre-\s?|\b(?:rather\s+than|instead\s+of|and\s+not|but\s+not|before|prior\s+to|over|overruled"
    r"|contrary\s+to|inconsistent\s+with|except)\s+(?:[\w'-]+\s+){0,6})\Z",
    re.IGNORECASE,
)
_FURTHEST = 240  # characters from the verb to what it is to be done with
_EACH = re.compile(AUTHORITY)


def directives(shown: Masked) -> Iterator[Held]:
    """What adjudicators shall follow, and no longer follow. What they shall follow is no holding on
    that decision: it is told as running text, also beside a holding on another."""
    for span in sentences(shown.text):
        sentence = shown.text[span.start : span.end]
        if AUTHORITY in sentence:
            yield from _told(shown, span, sentence)


def _told(shown: Masked, span: Span, sentence: str) -> Iterator[Held]:
    said = list(_TELLS.finditer(sentence))
    ends = (*(match.start() for match in said[1:]), len(sentence))
    for match, end in zip(said, ends, strict=False):  # none said, one end
        if not _TOLD.search(sentence, max(0, match.start() - 400), match.start()):
            continue
        is_no = bool(match["not"])
        kind = TreatmentKind.NOT_FOLLOWED if is_no else TreatmentKind.FOLLOWED
        form = TreatmentForm.OPERATIVE if is_no else TreatmentForm.DISCUSSION
        for at in _EACH.finditer(sentence, match.end(), min(end, match.end() + _FURTHEST)):
            if not _NOT_THIS.search(sentence[max(0, at.start() - 60) : at.start()]):
                place = span.start + at.start()
                yield Held(
                    kind=kind,
                    form=form,
                    citation=shown.within(place, place + 1)[0].citation,
                    words=sentence[match.start() : end].strip(),
                    span=span,
                    directs=True,
                )
