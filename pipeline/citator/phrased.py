"""Read the longer turns of a holding: "X, which we decline to follow", "we shall follow X"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.citator.actors import is_argued
from pipeline.citator.clauses import ACTIVE, ADVERBS, HEAD, LIST, PARTICIPLE, doing, done, in_part
from pipeline.citator.clauses import targets as listed
from pipeline.citator.holdings import Held
from pipeline.citator.masked import AUTHORITY, Masked, sentences
from pipeline.citator.model import TreatmentForm, TreatmentKind
from pipeline.citator.reach import circuits
from pipeline.citator.stated import (
    LONGEST,
    is_limited,
    is_others,
    is_ours,
    is_quoted,
    is_stated,
    is_supposed,
    led,
)
from pipeline.model import Span

_OF = rf"(?=[\w'{AUTHORITY}-])(?P<head>{HEAD})(?P<list>{LIST})"
_FOLLOW = r"(?:follow|apply|adhere\s+to)"
# After "which" nothing but the verb: "which we follow Y in reading" is of another.
_ALONE = rf"(?=\s?(?:[.;,)]|\Z|\s(?!that\b)[^.;,{AUTHORITY}]{{0,160}}(?:[.;,]|\Z)))"
_WHICH = re.compile(r",\s+which\s", re.IGNORECASE)  # most sentences hold none: see `_which`
_WHICH_WE = re.compile(
    rf"{_OF}\s?,\s+(?:(?:a|the|that)\s+(?:decision|holding|case|ruling)\s+)?which\s+(?:we|I)\s+{ADVERBS}"
    rf"(?:(?:must|will|shall|do|are\s+(?:constrained|compelled)\s+to)\s+)?{ADVERBS}"
    rf"(?:(?P<verb>{ACTIVE})|(?P<follow>follow|adhere\s+to))\b{_ALONE}",
    re.IGNORECASE,
)
# Without such a word "which is overruled" tells what has become of it, by whomever.
_WHICH_IS = re.compile(
    rf"{_OF}\s?,\s+which\s+(?:is|are)\s+(?:hereby|now|today|accordingly|therefore|thus|expressly)\s+"
    rf"{ADVERBS}(?P<verb>{PARTICIPLE})(?!\s+by\b(?!\s+this\b))",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    rf"(?:\A\W*|[.;:,]\s+(?:and\s+|but\s+)?|\b(?:and|but)\s+){_OF}(?:\s?,\s+(?:which|that)\b[^.;,]{{0,200}},)?\s?,?\s+"
    r"(?:may|can|should|shall|must)\s+(?:(?:now|once)\s+)?again\s+be\s+"
    r"(?:relied\s+(?:up)?on|followed|applied|cited|treated\s+as\s+(?:binding|controlling|good\s+law))\b",
    re.IGNORECASE,
)
# Elsewhere "is limited to" tells what a decision is about.
_TO_FACTS = re.compile(
    rf"(?:\A\W*|[.;:,]\s+(?:and\s+|but\s+)?|\b(?:and|but|that)\s+){_OF}\s?,?\s+(?:is|are|must\s+be|should\s+be)\s+"
    rf"{ADVERBS}(?P<verb>limited|confined|restricted)\s+to\s+(?:its|their|the)\s+(?:\w+\s+)?"
    r"(?:facts|circumstances|situation)\b",
    re.IGNORECASE,
)
_SHALL = re.compile(
    rf"\b(?P<verb>(?:(?:will|shall|must|(?:are|am)\s+(?:bound|obliged|required|constrained|compelled)\s+to)\s+{ADVERBS}{_FOLLOW}"
    r"|acquiesce\s+in|defer\s+to|are\s+bound\s+by"
    rf"|(?:will|must|shall)\s+(?:therefore\s+)?(?:follow|apply)))(?:,\s+as\s+we\s+(?:must|are\s+bound\s+to(?:\s+do)?),)?\s+{_OF}",
    re.IGNORECASE,
)


def phrased(shown: Masked) -> Iterator[Held]:
    """What a tribunal says of a decision in a clause beside its name, or will do with it. To follow
    one is told as running text, since it leaves the decision what it was. What is argued, supposed,
    quoted or held by another gives nothing."""
    for span in sentences(shown.text):
        sentence = shown.text[span.start : span.end]
        if AUTHORITY not in sentence or is_supposed(sentence) or is_argued(sentence):
            continue
        for match, kind in _said(sentence):
            if not is_others(match["head"]):
                yield from _each(shown, span, match, kind)


def _said(sentence: str) -> Iterator[tuple[re.Match[str], TreatmentKind]]:
    if _WHICH.search(sentence):
        yield from _which(sentence)
    for match in _AGAIN.finditer(sentence):
        if is_stated(sentence, match.start("head")):
            yield match, TreatmentKind.REINSTATED
    for match in _TO_FACTS.finditer(sentence):
        if is_stated(sentence, match.start("head")):
            yield match, TreatmentKind.LIMITED
    for match in _SHALL.finditer(sentence):
        if is_ours(sentence, match.start()):
            yield match, TreatmentKind.FOLLOWED


def _which(sentence: str) -> Iterator[tuple[re.Match[str], TreatmentKind]]:
    for match in _WHICH_WE.finditer(sentence):
        if not is_quoted(sentence, match.end()):
            yield match, doing(match["verb"]) if match["verb"] else TreatmentKind.FOLLOWED
    for match in _WHICH_IS.finditer(sentence):
        if not is_quoted(sentence, match.end()):
            yield match, done(match["verb"])[0][0]


def _each(shown: Masked, span: Span, match: re.Match[str], kind: TreatmentKind) -> Iterator[Held]:
    sentence = match.string
    is_followed = kind is TreatmentKind.FOLLOWED
    after = re.split(r"[.;]|,\s", sentence[match.end() : match.end() + LONGEST])[0]
    before = led(sentence, match.start())
    for citation in listed(shown, span.start + match.start("list"), span.start + match.end("list")):
        yield Held(
            kind=kind,
            form=TreatmentForm.DISCUSSION if is_followed else TreatmentForm.OPERATIVE,
            citation=citation,
            words=after.strip(),
            span=span,
            in_part=is_limited(before) or in_part(match["head"], after, before),
            circuits=circuits(after, before),
        )
