"""Read what a decision itself does to earlier ones: "Matter of X is overruled", "we overrule X"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.citator.clauses import (
    ACTIVE,
    ADVERBS,
    HEAD,
    LIST,
    PARTICIPLE,
    VERBS,
    doing,
    done,
    in_part,
    targets,
)
from pipeline.citator.masked import AUTHORITY, Masked, sentences
from pipeline.citator.model import TreatmentForm, TreatmentKind
from pipeline.citator.reach import reaches, thing
from pipeline.model import Citation, Span


@dataclass(frozen=True, kw_only=True)
class Held:
    """What a sentence does to one target; `span` is the sentence in the masked text, `words` the
    verb's clause, `object` what is acted on where that is not the decision."""

    kind: TreatmentKind
    form: TreatmentForm
    citation: Citation
    words: str
    span: Span
    in_part: bool = False
    object: str = ""
    reaches: str = ""
    directs: bool = False


# Where the subject of a clause may begin.
_BEGINS = (
    r"(?:\A\s*(?:\(?\d{1,2}[.)]\s+)?|[.;:)!?,]\s+(?:and\s+|but\s+|so\s+)?"
    r"|\b(?P<that>that)\s+|\b(?:and|but|therefore|accordingly|hence|hereby)\s+)"
)
_WHICH = (
    r"(?:\s?,\s(?:which|that|where|in\s+which|wherein|whose|to\s+the\s+extent|insofar|as)\b"
    r"[^.;]{0,500}?,|\s?,?\s(?:suggesting|indicating|implying|stating|holding|requiring|to\s+the\s+contrary)\b"
    r"[^.;,]{0,160}?)?"
)
_AND_ALL = (
    r"(?P<all>\s?,?\s(?:and|or|as\s+well\s+as|along\s+with)\s"
    r"(?:any|all|every|other|its|their|those)\b[^.;]{0,160}?)?"
)
_IS = (
    r"(?:is|are|stands?|must\s+be|(?:shall|should|will)\s+(?=no\s+longer)"
    r"|(?:shall|should|will)\s+be\s+(?=no\s+longer))\s+"
)
# "is inconsistent with the statute and is overruled": the first half only gives the reason.
_FIRST = r"(?:\s?,?\s+(?:is|are|was|were|remains?)\s+[^.;,]{0,120}?,?\s+and)?"
_OPERATIVE = (
    r"(?:(?:now|again|once\s+(?:again|more)|hereby)\s+){0,2}the\s+"
    r"(?:operative|controlling|governing|prevailing)\s+"
    r"(?:opinion|decision|precedent|authority|law|holding)"
)
_NO_LONGER = (
    r"(?:now\s+)?no\s+longer\s+(?:be\s+|an?\s+|the\s+)?(?:good\s+law|controlling|governing|valid|viable|binding"
    r"|tenable|precedent|in\s+effect)"
)
_PASSIVE = re.compile(
    rf"{_BEGINS}(?P<head>{HEAD})(?P<list>{LIST}){_WHICH}{_AND_ALL}{_FIRST}\s?,?\s+{_IS}(?P<verb>{ADVERBS}"
    rf"(?:{PARTICIPLE}|(?P<operative>{_OPERATIVE})|(?P<no_longer>{_NO_LONGER}))\b)",
    re.IGNORECASE,
)
# "To the extent that Matter of X holds otherwise, it is overruled" or "we overrule it".
_EXTENT = re.compile(
    rf"\b(?:to\s+the\s+extent(?:\s+that)?|insofar\s+as)\s+(?P<head>{HEAD})(?P<list>{LIST}),?\s"
    r"[^.;]{0,300}?,\s+(?:(?:it|they|that|those|these|the)(?:\s+(?:decisions?|holdings?|cases?"
    rf"|language|precedents?))?\s+(?:is|are)\s+{ADVERBS}(?P<verb>{PARTICIPLE})"
    rf"|(?:we|I)\s+{ADVERBS}(?P<active>{ACTIVE})\s+(?:it|them|that|those|these)\b)",
    re.IGNORECASE,
)
_OCCASION = (
    r"(?:(?:take\s+this\s+(?:opportunity|occasion)|find\s+it\s+(?:necessary|appropriate)"
    r"|(?:are|am)\s+(?:constrained|compelled|persuaded|required)|choose|must|will|shall|do)"
    r"\s+(?:to\s+)?)?"
)
_WE = re.compile(
    r"\b(?:we|I|this\s+(?:Board|Court)|the\s+(?:Board|Attorney\s+General|Court)\s+(?:hereby|now|today))\s+",
    re.IGNORECASE,
)
_DO = re.compile(rf"\b(?P<verb>{ACTIVE})\s+(?P<head>{HEAD})(?P<list>{LIST})", re.IGNORECASE)
_TO_VERB = re.compile(rf"(?:\A|\band\s+|,\s+){ADVERBS}{_OCCASION}{ADVERBS}\Z", re.IGNORECASE)
_THAT = re.compile(r"\bthat\s+\Z", re.IGNORECASE)
_STOP = re.compile(r"[.;:]")
_FURTHEST = 240  # characters from "we" to a verb that is still ours
_CLARIFY = re.compile(
    rf"\b(?P<verb>clarify)\s+that\s+(?P<head>{HEAD})(?P<list>{LIST})",
    re.IGNORECASE,
)
# "…, overruling Matter of X": the holding's own participle. After a decision it is that one's deed.
_OVERRULING = re.compile(
    rf"(?<!{AUTHORITY}),\s+(?:(?:and|thereby|hereby)\s+){{0,2}}(?P<verb>overruling|abrogating|disapproving"
    r"|superseding|modifying|clarifying|reaffirming|vacating|receding\s+from|withdrawing\s+from)"
    rf"\s+(?P<head>{HEAD})(?P<list>{LIST})",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"\bthis\s+(?:(?:interim|final|temporary|policy|guidance|new)\s+){0,3}(?:rule|regulation|memo(?:randum)?"
    rf"|guidance|update|chapter|alert)\s+{ADVERBS}(?P<verb>supersedes|overrules|abrogates|rescinds)\s+"
    rf"(?P<head>{HEAD})(?P<list>{LIST})",
    re.IGNORECASE,
)
_PARTICIPLE_OF = {
    "receding": TreatmentKind.RECEDED_FROM,
    "withdrawing": TreatmentKind.RECEDED_FROM,
}
_ENDS = re.compile(
    rf";|\.\s|\.\Z|,\s+(?:and|but)\s+(?!to\s+(?:the|that)\s+extent|insofar)|\s+and\s+(?={AUTHORITY}|we\b|I\b)"
)
_VERBS = re.compile(rf"{VERBS}(?=\s?(?:[.;,]|\Z))", re.IGNORECASE)
_HOLDS = re.compile(
    r"\b(?:we|I)\s+(?:[\w,]+\s+){0,4}?(?:hold|conclude|find|determine|declare|order|rule|decide|agree|clarify"
    r"|reiterate)\s+(?:[^.;:]{0,160}?\b(?:and|,)\s+)?\Z|\bordered\s+\Z",
    re.IGNORECASE,
)
_NOT_DONE = re.compile(
    r"\b(?:not|never|neither|nor|whether|if|unless|cannot|ask(?:s|ed)?|urg\w+|argu\w+|conten[dt]\w*"
    r"|claim\w*|suggest\w*|assert\w*|maintain\w*|request\w*|decline|refuse|would|could|might|had|were"
    r"|according\s+to|before|until)\b",
    re.IGNORECASE,
)
_SUPPOSES = re.compile(r"\W*(?:if|whether|unless|were|had|should)\b", re.IGNORECASE)
_BELOW = re.compile(r"\b(?:convictions?|sentences?|judge's)\b", re.IGNORECASE)
# What is found in running text too; the others are there a manner of speaking.
_PLAIN_DEEDS = frozenset(TreatmentKind) - {
    TreatmentKind.LIMITED,
    TreatmentKind.DISTINGUISHED,
    TreatmentKind.FOLLOWED,
    TreatmentKind.AFFIRMED,
    TreatmentKind.STAYED,
}


def holdings(shown: Masked, *, in_headnote: bool) -> Iterator[Held]:
    """What a tribunal's own text does to decisions, sentence by sentence. What parties argue, what
    is asked, supposed or quoted, and what another did gives nothing."""
    for span in _speaking(shown):
        sentence = shown.text[span.start : span.end]
        yield from _passive(shown, span, sentence, in_headnote=in_headnote)
        yield from _extent(shown, span, sentence)
        yield from _active(shown, span, sentence)
        if in_headnote:
            yield from _overruling(shown, span, sentence)


def superseded(shown: Masked) -> Iterator[Held]:
    """What a rule or guidance says that it does itself: "this rule supersedes Matter of X"."""
    for span in _speaking(shown):
        sentence = shown.text[span.start : span.end]
        for match in _RULE.finditer(sentence):
            if not is_quoted(sentence, match.start()):
                words = _clause(sentence, match.start("verb"))
                yield from _each(shown, span, match, doing(match["verb"]), words)


def _speaking(shown: Masked) -> Iterator[Span]:
    return (span for span in sentences(shown.text) if shown.within(span.start, span.end))


def _passive(shown: Masked, span: Span, sentence: str, *, in_headnote: bool) -> Iterator[Held]:
    for match in _PASSIVE.finditer(sentence):
        if not _is_stated(sentence, match) or _BELOW.search(match["head"]):
            continue
        clause = _clause(sentence, match.start("verb"))
        for kind, words in _said(match, clause):
            is_told = re.match(r"\s*by\b", sentence[match.end() :])
            if in_headnote or (kind in _PLAIN_DEEDS and not is_told):
                deeds = _each(shown, span, match, kind, words)
                is_view = "inapplicable" in match["verb"].lower() or kind is TreatmentKind.FOLLOWED
                form = TreatmentForm.DISCUSSION if is_view else TreatmentForm.OPERATIVE
                yield from (replace(each, form=form) for each in deeds)


def _said(match: re.Match[str], clause: str) -> list[tuple[TreatmentKind, str]]:
    if match["operative"]:
        return [(TreatmentKind.REINSTATED, clause)]
    if match["no_longer"]:
        return [(TreatmentKind.NOT_FOLLOWED, clause)]
    whole = _VERBS.match(clause)
    if whole:
        return done(whole[0])
    [*found] = done(match["verb"])
    return [(kind, clause) for kind, _ in found]


def _extent(shown: Masked, span: Span, sentence: str) -> Iterator[Held]:
    for match in _EXTENT.finditer(sentence):
        if is_quoted(sentence, match.start()) or _SUPPOSES.match(sentence):
            continue
        kind = doing(match["active"]) if match["active"] else done(match["verb"])[0][0]
        yield from _each(shown, span, match, kind, match[0])


def _active(shown: Masked, span: Span, sentence: str) -> Iterator[Held]:
    for match in _DO.finditer(sentence):
        if is_ours(sentence, match.start()) and not _BELOW.search(match["head"]):
            words = _clause(sentence, match.end("list"))
            yield from _each(shown, span, match, doing(match["verb"]), words)
    for match in _CLARIFY.finditer(sentence):
        if is_ours(sentence, match.start()):
            words = _clause(sentence, match.end("list"))
            deeds = _each(shown, span, match, TreatmentKind.CLARIFIED, words)
            yield from (replace(each, form=TreatmentForm.DISCUSSION) for each in deeds)


def is_ours(sentence: str, verb: int) -> bool:
    """Whether the tribunal is the subject of the verb that begins at `verb`: "we … overrule"."""
    clause = _STOP.split(sentence[max(0, verb - _FURTHEST) : verb])[-1]
    [*found] = _WE.finditer(clause)
    if not found or is_quoted(sentence, verb):
        return False
    before, between = clause[: found[-1].start()], clause[found[-1].end() :]
    is_anothers = bool(_THAT.search(before)) and not _HOLDS.search(_THAT.sub("", before))
    is_hedged = _NOT_DONE.search(before.rpartition(",")[2]) or _NOT_DONE.search(between)
    return bool(_TO_VERB.search(between)) and not is_anothers and not is_hedged


def _overruling(shown: Masked, span: Span, sentence: str) -> Iterator[Held]:
    for match in _OVERRULING.finditer(sentence):
        if not is_quoted(sentence, match.start()):
            verb = match["verb"].split()[0].lower()
            kind = _PARTICIPLE_OF.get(verb) or done(_participle(verb))[0][0]
            yield from _each(shown, span, match, kind, _clause(sentence, match.end("list")))


def _participle(verb: str) -> str:
    """ "overruling" as "overruled", "modifying" as "modified"."""
    stem = verb.removesuffix("ing")
    return f"{stem[:-1]}ied" if stem.endswith("y") else f"{stem}ed"


def _each(
    shown: Masked,
    span: Span,
    match: re.Match[str],
    kind: TreatmentKind,
    words: str,
) -> Iterator[Held]:
    start, end = match.span("list")
    said = match.groupdict()
    of_all = reaches((said.get("all") or "").strip(" ,")) or reaches(words)
    acted_on = thing(match["head"])
    for citation in targets(shown, span.start + start, span.start + end):
        yield Held(
            kind=kind,
            form=TreatmentForm.OPERATIVE,
            citation=citation,
            words=words.strip(),
            span=span,
            in_part=in_part(match["head"], words),
            object=acted_on if acted_on in _OBJECTS else "",
            reaches=of_all.replace(AUTHORITY, "…"),
        )


_OBJECTS = frozenset({"stay", "stays", "injunction", "judgment", "mandate"})


def _clause(sentence: str, start: int) -> str:
    """The verb's clause, to where the next one begins."""
    end = _ENDS.search(sentence, start)
    return sentence[start : end.start() if end else len(sentence)]


def _is_stated(sentence: str, match: re.Match[str]) -> bool:
    """Whether a clause is the tribunal's own word, and not what somebody argues, asks or quotes."""
    before = sentence[: match.start()]
    if _SUPPOSES.match(sentence) or is_quoted(sentence, match.start("list")):
        return False
    if match["that"]:
        return bool(_HOLDS.search(before[-240:]))
    [*parts] = re.split(r"[,;:]", sentence[: match.start("head")])
    return not _NOT_DONE.search(parts[-1]) and not any(map(_SUPPOSES.match, parts[-2:]))


def is_quoted(sentence: str, at: int) -> bool:
    """Whether a quotation that began before `at` has not ended there."""
    before = sentence[:at]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1
