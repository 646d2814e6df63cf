"""Read the closing tags of headnotes: "Matter of X, 20 I&N Dec. 833 (BIA 1994), followed."."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.citator.clauses import HEAD, LIST, VERBS, done, in_part, targets
from pipeline.citator.masked import Masked
from pipeline.citator.model import TreatmentKind
from pipeline.citator.verbs import ACTIVE as DOING
from pipeline.citator.verbs import DOES, either, kind, spaced
from pipeline.model import Citation, Span

# A tag is a sentence or a part of one between semicolons, and nothing but targets and verbs: so
# "limited", "modified" and "followed" as words of a sentence are none.
_BEGINS = r"(?:\A\s*+|(?<=[.;:?!)\]”\"])\s++|(?<=\()\s*+)"
_ENDS = r"(?=\s?(?:[.;)\]]|\Z))"
_TAG = re.compile(
    rf"{_BEGINS}(?:(?:and|also|accordingly|therefore|however),?\s+)?(?P<head>{HEAD})"
    rf"(?P<list>{LIST})\s?[,;:-]?\s+(?:holding\s+)?(?P<verbs>{VERBS})"
    rf"(?P<each>\s?,?\s+respectively)?{_ENDS}",
    re.IGNORECASE,
)
_BY_ITSELF = frozenset(
    {
        TreatmentKind.OVERRULED,
        TreatmentKind.MODIFIED,
        TreatmentKind.CLARIFIED,
        TreatmentKind.DISTINGUISHED,
        TreatmentKind.SUPERSEDED,
        TreatmentKind.ABROGATED,
        TreatmentKind.DISAPPROVED,
        TreatmentKind.RECEDED_FROM,
        TreatmentKind.REAFFIRMED,
        TreatmentKind.FOLLOWED,
    }
)
_TURNED_VERBS = {
    each: f"{DOES[each]}|{DOING[each]}" for each in TreatmentKind if each in _BY_ITSELF
}
# "Overrules Matter of X, 1 I&N Dec. 2." stands for itself as a tag does, in old volumes.
_TURNED = re.compile(
    rf"{_BEGINS}(?P<verb>{spaced(either(_TURNED_VERBS))})\s+(?P<head>{HEAD})"
    rf"(?P<list>{LIST})(?P<after>,?\s+(?:in\s+part|in\s+(?:its|their)\s+entirety|to\s+the\s+extent|insofar"
    rf"|as\s+to)\b[^.;]{{0,240}}?)?{_ENDS}",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Tagged:
    """What a tag says of one target; `words` is the verb's clause, `span` where the tag stands in
    the masked text."""

    kind: TreatmentKind
    citation: Citation
    words: str
    in_part: bool
    span: Span


def tags(shown: Masked) -> Iterator[Tagged]:
    """The tags of a headnote, in order: each target with each verb."""
    for match in _TAG.finditer(shown.text):
        deeds = done(match["verbs"])
        of = targets(shown, *match.span("list"))
        is_one_each = bool(match["each"]) and len(of) == len(deeds)
        for at, (said, words) in enumerate(deeds):
            yield from _each(match, said, words, of[at : at + 1] if is_one_each else of)
    for match in _TURNED.finditer(shown.text):
        of = targets(shown, *match.span("list"))
        yield from _each(match, kind(match["verb"], _TURNED_VERBS), match["after"] or "", of)


def _each(
    match: re.Match[str], said: TreatmentKind, words: str, of: Iterable[Citation]
) -> Iterator[Tagged]:
    begin = match.start() + len(match[0]) - len(match[0].lstrip())
    for citation in of:
        yield Tagged(
            kind=said,
            citation=citation,
            words=words.strip(),
            in_part=in_part(match["head"], words),
            span=Span(start=begin, end=match.end()),
        )
