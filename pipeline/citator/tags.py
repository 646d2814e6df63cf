"""Read the closing tags of headnotes: "Matter of X, 20 I&N Dec. 833 (BIA 1994), followed."."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.citator.clauses import HEAD, LIST, VERBS, done, in_part, targets
from pipeline.citator.masked import Masked
from pipeline.citator.model import TreatmentKind
from pipeline.model import Citation, Span

# A tag is a sentence or a part of one between semicolons, and nothing but targets and verbs: so
# "limited", "modified" and "followed" as words of a sentence are none.
_BEGINS = r"(?:\A\s*|(?<=[.;:?!)\]”\"])\s+|(?<=\()\s*)"
_ENDS = r"(?=\s?(?:[.;)\]]|\Z))"
_TAG = re.compile(
    rf"{_BEGINS}(?:(?:and|also|accordingly|therefore|however),?\s+)?(?P<head>{HEAD})"
    rf"(?P<list>{LIST})\s?[,;:-]?\s+(?P<verbs>{VERBS}){_ENDS}",
    re.IGNORECASE,
)
_ACTIVE_VERBS = {
    "overrul": "overruled",
    "modif": "modified",
    "clarif": "clarified",
    "distinguish": "distinguished",
    "supersed": "superseded",
    "abrogat": "abrogated",
    "disapprov": "disapproved",
    "reaffirm": "reaffirmed",
    "follow": "followed",
}
# "Overrules Matter of X, 1 I&N Dec. 2." stands for itself as a tag does, in old volumes.
_TURNED = re.compile(
    rf"{_BEGINS}(?P<verb>{'|'.join(_ACTIVE_VERBS)})(?:es|s|ies|ing|ying)\s+(?P<head>{HEAD})"
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
        for kind, words in done(match["verbs"]):
            yield from _each(shown, match, kind, words)
    for match in _TURNED.finditer(shown.text):
        [(kind, _)] = done(_ACTIVE_VERBS[match["verb"].lower()])
        yield from _each(shown, match, kind, match["after"] or "")


def _each(shown: Masked, match: re.Match[str], kind: TreatmentKind, words: str) -> Iterator[Tagged]:
    begin = match.start() + len(match[0]) - len(match[0].lstrip())
    for citation in targets(shown, *match.span("list")):
        yield Tagged(
            kind=kind,
            citation=citation,
            words=words.strip(),
            in_part=in_part(match["head"], words),
            span=Span(start=begin, end=match.end()),
        )
