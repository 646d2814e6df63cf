"""Read holdings that point back: "In Matter of X we held so. We now overrule that decision."."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.citator.actors import is_argued
from pipeline.citator.clauses import ADVERBS, PARTICIPLE, doing, done, in_part
from pipeline.citator.holdings import Held
from pipeline.citator.masked import AUTHORITY, Authority, Masked, sentences
from pipeline.citator.model import TreatmentForm, TreatmentKind
from pipeline.citator.reach import circuits
from pipeline.citator.stated import LONGEST, is_denied, is_limited, is_ours, is_stated
from pipeline.model import Citation, Span

# What is done to precedents alone: "that decision is vacated" may mean the one under review.
_NOUN = r"(?:decision|holding|case|opinion|precedent|rule|ruling|interpretation)"
_VIEW = r"(?:holding|precedent|rule|interpretation|position|view|reading|construction)"
_IT = (
    rf"(?:(?:it|(?:our\s+(?:decision|holding|opinion)\s+in\s+)?that\s+(?:{_NOUN}|{_VIEW})"
    r"|the\s+(?:decision|holding|opinion|precedent))\b(?!'s|\s+(?:of|in|below|to)\b))"
)
_TO_PRECEDENTS = (
    r"(?:overruled|disapproved|disavowed|abrogated|superseded|modified|not\s+to\s+be\s+followed"
    r"|no\s+longer\s+to\s+be\s+(?:followed|applied))"
)
_NO_LONGER = r"no\s+longer\s+be\s+(?:followed|applied|relied\s+on)"
_IS_DONE = (
    rf"(?:{_IT}\s+(?:is|must\s+(?:now\s+)?be)\s+{ADVERBS}(?:(?:regarded|considered|deemed|treated)\s+as\s+)?"
    rf"(?P<verb>{_TO_PRECEDENTS})|that\s+{_VIEW}\s+is\s+{ADVERBS}(?P<view>withdrawn|modified|rejected)"
    rf"|{_IT}\s+(?:will|shall|should|may)\s+(?P<no_longer>{_NO_LONGER}))\b"
)
_IS = re.compile(
    r"\A\W*+(?:accordingly,?\s+|therefore,?\s+)?"
    r"(?P<part>(?:to\s+(?:the|that)\s+extent|in\s?so\s?far\s+as)\b[^.;:,]{0,160},\s+)?"
    rf"{_IS_DONE}",
    re.IGNORECASE,
)
# "The case was wrongly decided, and it is overruled": what "it" is stands before in the sentence.
_AND_IS = re.compile(
    rf"(?P<of>{AUTHORITY}|\b(?:the|that|our|its)\s+(?:\w+\s+)?{_NOUN}\b)[^.;:]{{0,200}}?,?\s+and\s+"
    rf"(?:accordingly|therefore|thus|so)?\s?(?P<it>{_IS_DONE})",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r"\A\W*+(?:the\s+)?(?:parts?|sections?|portions?|footnotes?)\s[^.;:,]{0,80}?\bof\s+that\s+"
    r"(?:decision|opinion|case)\b(?:,\s+which\b[^.;,]{0,200},)?\s+(?:is|are)\s+"
    rf"{ADVERBS}(?P<verb>{PARTICIPLE})",
    re.IGNORECASE,
)
_WE = re.compile(
    r"\b(?P<verb>overrule|abrogate|disapprove(?:\s+of)?|(?:recede|withdraw|depart)\s+from|no\s+longer\s+follow"
    r"|(?:decline|refuse)\s+to\s+follow|(?:do|will|shall)\s+not\s+follow|disagree\s+with"
    rf"|part\s+(?:company|ways)\s+with|reaffirm|(?P<follow>follow|adhere\s+to))\s+{_IT}",
    re.IGNORECASE,
)
# A decision under review that is cited is "reported as" one; its fate may stand sentences later.
_REPORTED = re.compile(
    rf"\b(?:Board|BIA)(?:'s)?\s+(?:\w+\s+)?(?:decision|opinion|order)?\s?,?\s+(?:reported|published)\s+(?:as|at|in)"
    rf"\s+(?P<at>{AUTHORITY})",
    re.IGNORECASE,
)
_UNDONE = re.compile(
    r"(?:\A\W*|[,;]\s+(?:and\s+)?|\band\s+)(?P<it>(?:(?P<its>its)|the\s+(?:Board|BIA)'s)\s+(?:decision|opinion|order)"
    rf"\s+(?:is|are|must\s+be)\s+{ADVERBS}(?P<verb>reversed|vacated|affirmed|set\s+aside))\b"
    r"(?P<back>,?\s+and\s+[^.;]{0,60}?\bremanded\b)?",
    re.IGNORECASE,
)
_BODIES = re.compile(r"\b(?:(?P<board>Board|BIA)|[Cc]ourt|[Jj]udge)\b")
_IF = re.compile(r"(?<!\s)(?:\s?,)?\s++(?:only\s+)?(?:if|unless|when(?:ever)?)\b", re.IGNORECASE)
# A sentence that goes on about the decision named before it.
_GOES_ON = re.compile(
    rf"\A\W*+(?:(?:it|there)\b|(?:that|the|this|our|its)\s+(?:\w+\s+)?{_NOUN}\b)", re.IGNORECASE
)


def pointing(shown: Masked) -> Iterator[Held]:
    """What a sentence without any decision does to the one decision of the sentence before it, and
    what one does to the only decision in it: "Matter of X was wrong, and we overrule it". Between
    the two may stand one that goes on about that decision."""
    before: tuple[Authority, ...] = ()
    is_near = False
    for span in sentences(shown.text):
        sentence = shown.text[span.start : span.end]
        here = shown.within(span.start, span.end)
        named = {each.citation.cited: each.citation for each in here or before}
        if len(named) == 1:
            [citation] = named.values()
            for deed in _said(sentence):
                if not here or AUTHORITY in deed.lead:
                    yield _held(citation, span, deed)
        goes_on = not here and is_near and _GOES_ON.match(sentence) is not None
        before, is_near = before if goes_on else here, bool(here)


def reviewed(shown: Masked) -> Iterator[Held]:
    """What a court does to the decision below where that is a reported one: "The Board's opinion,
    reported as X, … Its decision is reversed"."""
    found = _REPORTED.search(shown.text)
    if found is None:
        return
    at = found.start("at")
    citation = shown.within(at, at + 1)[0].citation
    for span in sentences(shown.text[found.start() :]):
        sentence = shown.text[found.start() + span.start : found.start() + span.end]
        place = Span(start=found.start() + span.start, end=found.start() + span.end)
        for match in _UNDONE.finditer(sentence):
            is_boards = not match["its"] or _is_of_board(sentence[: match.start()])
            is_own = is_stated(sentence, match.start("it")) and not is_argued(sentence)
            if is_boards and is_own:
                kinds = (
                    done(match["verb"])[0][0],
                    *((TreatmentKind.REMANDED,) if match["back"] else ()),
                )
                for kind in kinds:
                    deed = _Deed(kind=kind, words=sentence[match.start("verb") :], lead="")
                    yield _held(citation, place, deed)


def _is_of_board(before: str) -> bool:
    """Whether "its" is the Board's: the body named last."""
    last = deque(_BODIES.finditer(before), maxlen=1)
    return bool(last and last[0]["board"])


@dataclass(frozen=True, kw_only=True)
class _Deed:
    kind: TreatmentKind
    words: str
    lead: str
    is_part: bool = False


def _held(citation: Citation, span: Span, deed: _Deed) -> Held:
    is_followed = deed.kind is TreatmentKind.FOLLOWED
    return Held(
        kind=deed.kind,
        form=TreatmentForm.DISCUSSION if is_followed else TreatmentForm.OPERATIVE,
        citation=citation,
        words=deed.words,
        span=span,
        in_part=deed.is_part or is_limited(deed.lead) or in_part("", deed.words, deed.lead),
        circuits=circuits(deed.words, deed.lead),
    )


def _said(sentence: str) -> Iterator[_Deed]:
    for match in (_IS.match(sentence), _AND_IS.search(sentence)):
        if match is None or (match.re is _IS and AUTHORITY in sentence):
            continue
        if not _is_own(sentence, match):
            continue
        group = next(each for each in ("verb", "no_longer", "view") if match[each])
        lead = sentence[: match.end("of")] if match.re is _AND_IS else ""
        words, is_part = sentence[match.start(group) :], bool(match.groupdict().get("part"))
        yield _Deed(kind=done(match[group])[0][0], words=words, lead=lead, is_part=is_part)
    if AUTHORITY not in sentence and (parts := _PARTS.match(sentence)):
        words = sentence[parts.start("verb") :]
        yield _Deed(kind=done(parts["verb"])[0][0], words=words, lead="", is_part=True)
    for match in _WE.finditer(sentence):
        if is_ours(sentence, match.start()):
            at = match.start()
            words, lead = sentence[at : at + LONGEST], sentence[max(0, at - LONGEST) : at]
            if match["follow"] and AUTHORITY not in lead:
                continue  # a regulation is followed too
            if _IF.match(sentence, match.end()):
                continue
            kind = TreatmentKind.FOLLOWED if match["follow"] else doing(match["verb"])
            yield _Deed(kind=kind, words=words, lead=lead)


def _is_own(sentence: str, match: re.Match[str]) -> bool:
    """Whether a passive clause is the tribunal's word, and what leads to it is not denied."""
    if match.re is _IS:
        return not is_argued(sentence)
    before = sentence[: match.start("of")]
    return (
        is_stated(sentence, match.start("it")) and not is_denied(before) and not is_argued(sentence)
    )
