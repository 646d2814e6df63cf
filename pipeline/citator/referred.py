"""Read the Attorney General's orders in a case: it is taken for review, stayed, a stay ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.citator.actors import is_argued
from pipeline.citator.masked import AUTHORITY, Masked, sentences
from pipeline.citator.model import Treatment, TreatmentForm, TreatmentKind
from pipeline.citator.stated import is_quoted
from pipeline.model import Citation, Span

BELOW = "decision of the Board"
STAY = "stay"

_REFER = re.compile(r"\b(?:refer|certif)\w*\b", re.IGNORECASE)
_REVIEW = re.compile(r"\breview\b", re.IGNORECASE)
# "of its decision in X", and X itself where it is the subject.
_STAYED = re.compile(
    rf"(?:\bdecision\b(?:\s+(?:in|of)\s+(?P<named>{AUTHORITY}))?[^.;]{{0,160}}?"
    rf"|(?:\A|[.;:,]\s+|\b(?:and|that)\s+)(?P<subject>{AUTHORITY})\s?,?)"
    r"\s(?:is|are|be|hereby)\s+(?:(?!(?:not|never)\b)\w+\s+){0,2}stayed\b",
    re.IGNORECASE,
)
_STAY_ENDED = re.compile(
    r"\bthe\s+(?:automatic\s+)?stay\b(?!\s+of\s+(?:[\w']+\s+){0,3}?(?:removal|deportation|proceedings|execution"
    r"|briefing|mandate)\b)[^.;]{0,160}?\bis\s+(?:(?!(?:not|never)\b)\w+\s+)?"
    r"(?:vacated|lifted|dissolved|terminated)\b",
    re.IGNORECASE,
)
_NOT_ORDERED = re.compile(
    r"\b(?:not|never|neither|nor|if|unless|whether|should|would|could|withdr[ae]w\w*|declin\w+|refus\w+|rescind\w*"
    r"|den(?:y|ies|ied)|(?:request|motion)(?:s|ed)?\s+(?:that|to|for)|ask\w*|question\w*)\b",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"\b(?:referral|certification)\b[^.;]{0,160}\b(?:is|are)\s+(?:\w+\s+)?(?:denied|withdrawn|vacated|rescinded)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[;:]")
_FURTHEST = 240  # characters before a verb that may deny what it orders


def referred(text: str, shown: Masked, name: str, *, is_order: bool) -> Iterator[Treatment]:
    """What the Attorney General orders of the case's own decision below: 8 CFR 1003.1(h). Such
    texts mostly give no citation for it. `shown` is the text as `masked` has it, `name` the case's;
    `is_order` where nothing else is decided. What is asked, denied or supposed orders nothing."""
    for span in sentences(shown.text):
        for kind, object_, at in _ordered(shown.text[span.start : span.end], is_order=is_order):
            of = shown.within(span.start + at, span.start + at + 1) if at >= 0 else ()
            citation = of[0].citation if of else None
            place = shown.printed(span)
            yield _order(kind, object_, citation, name, text[place.start : place.end], place)


def _ordered(sentence: str, *, is_order: bool) -> Iterator[tuple[TreatmentKind, str, int]]:
    """What is ordered, of what, and where its citation stands in the sentence: -1 where nowhere."""
    if is_order and (found := _refers(sentence)):
        yield TreatmentKind.REFERRED, BELOW, sentence.find(AUTHORITY, *found)
    for match in _STAYED.finditer(sentence) if is_order else ():
        if _is_ordered(sentence, match.start(), match.end()):
            at = max(match.start("named"), match.start("subject"))
            yield TreatmentKind.STAYED, BELOW, at
            break
    if (ended := _STAY_ENDED.search(sentence)) and _is_ordered(
        sentence, ended.start(), ended.end()
    ):
        yield TreatmentKind.VACATED, STAY, -1


def _refers(sentence: str) -> tuple[int, int] | None:
    """From the verb that refers a case to "review", which may stand far behind it."""
    reviews = [match.start() for match in _REVIEW.finditer(sentence)]
    if not reviews or _ENDED.search(sentence):
        return None
    for match in _REFER.finditer(sentence, 0, reviews[-1]):
        if _is_ordered(sentence, match.start(), match.end()):
            end = next(each for each in reviews if each >= match.end())
            return match.end(), end
    return None


def _is_ordered(sentence: str, start: int, end: int) -> bool:
    before = _CLAUSE.split(sentence[max(0, start - _FURTHEST) : end])[-1]
    is_denied = _NOT_ORDERED.search(before) or is_argued(before)
    return not is_denied and not is_quoted(sentence, start)


def _order(  # noqa: PLR0917 - the parts of one treatment
    kind: TreatmentKind, of: str, citation: Citation | None, name: str, sentence: str, span: Span
) -> Treatment:
    is_cited = citation is not None and of == BELOW
    return Treatment(
        kind=kind,
        form=TreatmentForm.OPERATIVE,
        target=citation.cited if citation and is_cited else "",
        name=(citation.name if citation and is_cited else "") or name,
        court=citation.court if citation and is_cited else "",
        object="" if is_cited else of,
        sentence=sentence,
        start=span.start,
        end=span.end,
    )
