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
    NO_LONGER,
    PARTICIPLE,
    VERBS,
    doing,
    done,
    in_part,
    targets,
)
from pipeline.citator.masked import AUTHORITY, Masked, sentences
from pipeline.citator.model import TreatmentForm, TreatmentKind
from pipeline.citator.reach import circuits, reaches, thing
from pipeline.citator.stated import (
    LONGEST,
    is_limited,
    is_others,
    is_ours,
    is_quoted,
    is_stated,
    is_subject,
    is_supposed,
    led,
)
from pipeline.citator.verbs import ACTIVE as DOING
from pipeline.citator.verbs import either, spaced
from pipeline.citator.verbs import kind as stands_for
from pipeline.model import Citation, Span


@dataclass(frozen=True, kw_only=True)
class Held:
    """What a sentence does to one target; `span` is the sentence in the masked text, `words` the
    verb's clause, `object` what is acted on where that is not the decision, `circuits` those for
    which alone it is said."""

    kind: TreatmentKind
    form: TreatmentForm
    citation: Citation
    words: str
    span: Span
    in_part: bool = False
    object: str = ""
    circuits: tuple[str, ...] = ()
    reaches: str = ""
    directs: bool = False


# What changes an authority's force, or tells its meaning.
_DEEDS = frozenset(
    {
        TreatmentKind.OVERRULED,
        TreatmentKind.ABROGATED,
        TreatmentKind.DISAPPROVED,
        TreatmentKind.RECEDED_FROM,
        TreatmentKind.VACATED,
        TreatmentKind.SUPERSEDED,
        TreatmentKind.MODIFIED,
        TreatmentKind.CLARIFIED,
        TreatmentKind.REAFFIRMED,
        TreatmentKind.REINSTATED,
    }
)
# What is found in running text too; the others are there a manner of speaking.
_PLAIN_DEEDS = frozenset(TreatmentKind) - {
    TreatmentKind.LIMITED,
    TreatmentKind.DISTINGUISHED,
    TreatmentKind.FOLLOWED,
    TreatmentKind.AFFIRMED,
}
# Where the subject of a clause may begin.
_BEGINS = (
    r"(?:\A\s*(?:\(?\d{1,2}[.)]\s+)?|[.;:)!?,]\s+(?:and\s+|but\s+|so\s+)?"
    r"|\b(?P<that>that)\s+|\b(?:and|but|therefore|accordingly|hence|hereby)\s+)"
)
_WHICH = (
    r"(?:\s?,\s(?:(?:(?:in|by|under|for|through|on|upon|from)\s+)?which|that|where|wherein|whose|to\s+the\s+extent|insofar|as)\b"
    r"[^.;]{0,500}?,|\s?,?\sas\s+(?:is|are|conflicts?|holds?|held|suggests?|requires?)\b[^.;,]{0,160}?"
    r"|\s?,?\s(?:suggesting|indicating|implying|stating|holding|requiring|to\s+the\s+contrary)\b"
    r"[^.;,]{0,160}?)?"
)
_AND_ALL = (
    r"(?P<all>\s?,?\s(?:and|or|as\s+well\s+as|along\s+with)\s"
    r"(?:any|all|every|other|its|their|those)\b[^.;]{0,160}?)?"
)
_AND_EVERY = re.compile(
    r"\s?,?\s(?:and|or|as\s+well\s+as|along\s+with)\s(?:any|all|every|other|its|their|those)\b[^.;]{0,160}",
    re.IGNORECASE,
)
_IS = (
    r"(?:(?:is|are|stands?|must\s+be,?\s+and\s+(?:hereby\s+)?(?:is|are)|must\s+be)\s+"
    r"|(?:shall|should|will|can|may)\s+(?:(?:be\s+)?(?=no\s+longer)|(?=not\s+be\s+followed)))"
)
# "is inconsistent with the statute and is overruled": the first half only gives the reason.
_FIRST = r"(?:\s?,?\s+(?:is|are|was|were|remains?)\s+[^.;,]{0,120}?,?\s+and)?"
_OPERATIVE = (
    r"(?:(?:now|again|once\s+(?:again|more)|hereby)\s+){0,2}the\s+"
    r"(?:operative|controlling|governing|prevailing)\s+"
    r"(?:opinion|decision|precedent|authority|law|holding)"
)
_TODAY = (
    r"(?:this\s+(?:decision|opinion|order)|(?:our|the)\s+(?:decision|opinion|holding)\s+today)\b"
)
_PASSIVE = re.compile(
    rf"{_BEGINS}(?P<head>{HEAD})(?P<list>{LIST}){_WHICH}{_AND_ALL}{_FIRST}\s?,?\s+{_IS}(?P<verb>{ADVERBS}"
    rf"(?:{PARTICIPLE}|(?P<operative>{_OPERATIVE})|(?P<no_longer>(?:now\s+)?{NO_LONGER}))\b)",
    re.IGNORECASE,
)
# "To the extent that Matter of X holds otherwise, it is overruled" or "we overrule it".
_EXTENT = re.compile(
    r"\b(?:to\s+the\s+extent(?:,\s+(?:however|therefore|then),)?(?:\s+that)?|insofar\s+as)\s+"
    rf"(?P<head>{HEAD})(?P<list>{LIST}),?\s"
    r"[^.;]{0,300}?,\s+(?:(?:it|they|that|those|these|the)(?:\s+(?:decisions?|holdings?|cases?"
    rf"|language|precedents?))?\s+(?:is|are)\s+{ADVERBS}(?P<verb>{PARTICIPLE})"
    rf"|(?:we|I)\s+{ADVERBS}(?P<active>{ACTIVE})\s+(?:it|them|that|those|these)\b)",
    re.IGNORECASE,
)
_DO = re.compile(rf"\b(?P<verb>{ACTIVE})\s+(?P<head>{HEAD})(?P<list>{LIST})", re.IGNORECASE)
_CLARIFY = re.compile(
    rf"\b(?P<verb>clarify)\s+that\s+(?P<head>{HEAD})(?P<list>{LIST})",
    re.IGNORECASE,
)
_DOING = {each: DOING[each] for each in TreatmentKind if each in DOING and each in _DEEDS}
_ING = rf"(?:{spaced(either(_DOING))})"
# "…, overruling Matter of X": the holding's own participle. After a decision it is that one's deed.
_OVERRULING = re.compile(
    rf"(?<!{AUTHORITY}),\s+(?:(?:and|thereby|hereby)\s+){{0,2}}(?P<verb>{_ING})"
    rf"(?P<parts>,?\s+in\s+part,?)?\s+(?P<head>{HEAD})(?P<list>{LIST})",
    re.IGNORECASE,
)
_ARE_DOING = re.compile(
    rf"\b(?:are|am)\s+{ADVERBS}(?P<verb>{_ING})\s+(?P<head>{HEAD})(?P<list>{LIST})", re.IGNORECASE
)
_THIS = re.compile(
    r"\b(?P<subject>(?:this|today's|our)\s+(?:decision|opinion|ruling|order)(?P<today>\s+(?:today|here))?)\s+"
    rf"{ADVERBS}(?P<verb>{ACTIVE})\s+(?P<head>{HEAD})(?P<list>{LIST})",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(
    rf"{_BEGINS}(?P<head>the\s+following\s+(?:[\w'-]+\s+){{0,3}}?(?:decisions?|cases?|precedents?|opinions?))\s+"
    rf"(?:is|are)\s+(?P<verb>{ADVERBS}{PARTICIPLE}[^.;:]{{0,80}}?)\s?:\s+(?P<list>{LIST})",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"\bthis\s+(?:(?:interim|final|temporary|policy|guidance|new)\s+){0,3}(?:rule|regulation|memo(?:randum)?"
    rf"|guidance|update|chapter|alert)\s+{ADVERBS}(?P<verb>supersedes|overrules|abrogates|rescinds)\s+"
    rf"(?P<head>{HEAD})(?P<list>{LIST})",
    re.IGNORECASE,
)
_ENDS = re.compile(
    rf";|\.\s|\.\Z|,\s+(?:and|but)\s+(?!to\s+(?:the|that)\s+extent|insofar)|(?<!\s)\s++and\s+(?={AUTHORITY}|we\b|I\b)"
)
_REMAND = re.compile(
    rf"[^.;:{AUTHORITY}]{{0,80}}?\sand\s+(?:(?:we|I)\s+)?(?:hereby\s+)?remand\b", re.IGNORECASE
)
_VERBS = re.compile(rf"\A{VERBS}(?=\s?(?:[.;,]|\Z))", re.IGNORECASE)
# What another made of a decision: to decline that isn't to decline the decision.
# "in that circuit": the one that the text named last.
_THERE = re.compile(r"\b(?:this|that|its)\s+(?:circuit|jurisdiction)\b", re.IGNORECASE)
_IS_VIEW = re.compile(r"inapplicable|not\s+controlling", re.IGNORECASE)


def holdings(shown: Masked, *, in_headnote: bool) -> Iterator[Held]:
    """What a tribunal's own text does to decisions, sentence by sentence. What parties argue, what
    is asked, supposed or quoted, and what another did gives nothing."""
    for span in _speaking(shown):
        sentence = shown.text[span.start : span.end]
        yield from _passive(shown, span, sentence, in_headnote=in_headnote)
        yield from _extent(shown, span, sentence)
        yield from _active(shown, span, sentence)
        yield from _by_itself(shown, span, sentence)
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
        start = match.start("head")
        if not is_stated(sentence, start) or is_others(match["head"]):
            continue
        clause = _clause(sentence, match.start("verb"))
        for kind, words in _said(match, clause):
            is_told = re.match(rf"\s*by\b(?!\s+{_TODAY})", sentence[match.end() :])
            is_plain = kind in _PLAIN_DEEDS or (kind is TreatmentKind.AFFIRMED and match["head"])
            if in_headnote or (is_plain and not is_told):
                deeds = _each(shown, span, match, kind, words, before=led(sentence, start))
                is_view = _IS_VIEW.search(match["verb"]) or kind is TreatmentKind.FOLLOWED
                form = TreatmentForm.DISCUSSION if is_view else TreatmentForm.OPERATIVE
                yield from (replace(each, form=form) for each in deeds)
    for match in _FOLLOWING.finditer(sentence):
        start = match.start("head")
        if is_stated(sentence, start):
            for kind, words in done(match["verb"]):
                yield from _each(shown, span, match, kind, words, before=led(sentence, start))


def _said(match: re.Match[str], clause: str) -> list[tuple[TreatmentKind, str]]:
    if match["operative"]:
        return [(TreatmentKind.REINSTATED, clause)]
    if match["no_longer"]:
        return [(TreatmentKind.ABROGATED, clause)]
    whole = _VERBS.match(clause)
    if whole:
        return done(whole[0])
    [*found] = done(match["verb"])
    return [(kind, clause) for kind, _ in found]


def _extent(shown: Masked, span: Span, sentence: str) -> Iterator[Held]:
    for match in _EXTENT.finditer(sentence):
        if is_quoted(sentence, match.start()) or is_supposed(sentence):
            continue
        kind = doing(match["active"]) if match["active"] else done(match["verb"])[0][0]
        yield from _each(shown, span, match, kind, match[0])


def _active(shown: Masked, span: Span, sentence: str) -> Iterator[Held]:
    for match in _DO.finditer(sentence):
        if is_ours(sentence, match.start()) and not is_others(match["head"]):
            words = _clause(sentence, match.end("list"))
            before = led(sentence, match.start())
            for kind in (doing(match["verb"]), *_sent_back(sentence, match)):
                yield from _each(shown, span, match, kind, words, before=before)
    for match in _ARE_DOING.finditer(sentence):
        if is_ours(sentence, match.start()) and not is_others(match["head"]):
            words = _clause(sentence, match.end("list"))
            before = led(sentence, match.start("verb"))
            yield from _each(
                shown, span, match, stands_for(match["verb"], _DOING), words, before=before
            )
    for match in _CLARIFY.finditer(sentence):
        if is_ours(sentence, match.start()):
            words = _clause(sentence, match.end("list"))
            deeds = _each(shown, span, match, TreatmentKind.CLARIFIED, words)
            yield from (replace(each, form=TreatmentForm.DISCUSSION) for each in deeds)


def _sent_back(sentence: str, match: re.Match[str]) -> tuple[TreatmentKind, ...]:
    """ "We vacate X and remand": what is vacated and what is sent back are one."""
    is_undone = doing(match["verb"]) in (TreatmentKind.VACATED, TreatmentKind.REVERSED)
    is_back = is_undone and _REMAND.match(sentence, match.end())
    return (TreatmentKind.REMANDED,) if is_back else ()


def _by_itself(shown: Masked, span: Span, sentence: str) -> Iterator[Held]:
    """ "This decision overrules X": "our decision" may be an earlier one."""
    for match in _THIS.finditer(sentence):
        is_this = match["today"] or not match["subject"].lower().startswith("our")
        start = match.start("subject")
        is_ours_alone = is_this and is_subject(sentence, start) and is_stated(sentence, start)
        if is_ours_alone and not is_others(match["head"]):
            words = _clause(sentence, match.end("list"))
            before = led(sentence, match.start("verb"))
            yield from _each(shown, span, match, doing(match["verb"]), words, before=before)


def _overruling(shown: Masked, span: Span, sentence: str) -> Iterator[Held]:
    for match in _OVERRULING.finditer(sentence):
        if not is_quoted(sentence, match.start()):
            words = f"{match['parts'] or ''} {_clause(sentence, match.end('list'))}"
            yield from _each(shown, span, match, stands_for(match["verb"], _DOING), words)


def _each(
    shown: Masked,
    span: Span,
    match: re.Match[str],
    kind: TreatmentKind,
    words: str,
    *,
    before: str = "",
) -> Iterator[Held]:
    """The deed upon each decision of a list; `before` is what leads to the verb in its clause."""
    start, end = match.span("list")
    said = match.groupdict()
    every = _AND_EVERY.match(shown.text, span.start + end, span.end)
    all_of = said.get("all") or (every[0] if every else "")
    of_all = reaches(all_of.strip(" ,")) or reaches(words)
    acted_on = thing(match["head"])
    at = span.start + end
    lead = shown.text[max(0, at - LONGEST) : at] if _THERE.search(words) else before
    for citation in targets(shown, span.start + start, span.start + end):
        yield Held(
            kind=kind,
            form=TreatmentForm.OPERATIVE,
            citation=citation,
            words=words.strip(),
            span=span,
            in_part=is_limited(before) or in_part(match["head"], words, lead),
            object=acted_on if acted_on in _OBJECTS else "",
            circuits=circuits(words, lead),
            reaches=of_all.replace(AUTHORITY, "…"),
        )


_OBJECTS = frozenset({"stay", "stays", "injunction", "judgment", "mandate"})


def _clause(sentence: str, start: int) -> str:
    """The verb's clause, to where the next one begins."""
    limit = start + LONGEST
    end = _ENDS.search(sentence, start, limit)
    return sentence[start : end.start() if end else limit]
