"""Read what a text tells adjudicators to do with earlier decisions from now on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.citator.actors import is_argued
from pipeline.citator.clauses import HEAD, LIST, in_part, targets
from pipeline.citator.holdings import Held
from pipeline.citator.masked import AUTHORITY, Authority, Masked, sentences
from pipeline.citator.model import TreatmentForm, TreatmentKind
from pipeline.citator.reach import circuits
from pipeline.citator.stated import LONGEST, is_limited, is_others, is_stated, is_subject, led
from pipeline.model import Citation, Span

# Those who are bound: what "the Immigration Judge" should do on remand is about one case.
_OFFICERS = (
    r"(?:(?:(?:asylum|immigration|USCIS|consular)\s+)?(?:officers|adjudicators)|offices|USCIS)"
)
_JUDGES = rf"(?:immigration\s+(?:judges|courts)|(?:the\s+)?Board|{_OFFICERS})"
# Between who is told and what: "in the Ninth Circuit", "when they decide such cases,".
_ASIDE = (
    r"(?:\s?,[^.;:]{0,120},|\s+(?:in|within|outside|throughout|who|nationwide|elsewhere|\w+ing)\b[^,.;:]{0,100})?"
    r"(?:\s+(?:therefore|accordingly|thus|instead|also|hereafter|now)\b,?)?"
)
_NO = r"no\s+longer|not|never|cease\s+to"
_MODAL = (
    r"(?:(?:should|shall|must|will|(?:are|is)\s+(?:directed|instructed|ordered|bound|required)\s+to|(?:are|is)\s+to)"
    rf"(?:\s+(?P<not>{_NO}))?|(?P<may_not>(?:may|can)\s?not|can\s+no\s+longer"
    r"|(?:are|is)\s+(?:no\s+longer|not)\s+(?:(?:required|bound)\s+)?to|no\s+longer|do(?:es)?\s+not))"
)
_DO = (
    r"(?:adheres?\s+to|return\s+to|follows?|appl(?:y|ies)|rel(?:y|ies)\s+(?:up)?on|look\s+to|be\s+guided\s+by"
    r"|(?:conduct\s+proceedings|decide\s+(?:such\s+)?cases|adjudicate\s+(?:\w+\s+)?(?:cases|claims|applications)"
    r"|act|proceed)\s+(?:consistent(?:ly)?|in\s+accordance)\s+with)"
)
_TELLS = (
    rf"\s+{_MODAL}\s+(?:(?:continue|again|hereafter|once\s+again|instead|also)\s+(?:to\s+)?){{0,2}}"
    rf"{_DO}"
)
# "pre-A-B- I precedent, including X": what came before A-B- is told by way of X.
_BY_WAY_OF = (
    rf"(?:[^.;:{AUTHORITY}]{{0,80}}?\bpre-\s?(?:{AUTHORITY}|[A-Z])[^.;:{AUTHORITY}]{{0,80}}?,?\s"
    r"(?:including|such\s+as|namely|as\s+set\s+(?:forth|out)\s+in|under|of|in)\s+)?"
)
# "the standard for administrative closure set out in"
_SET_OUT = (
    r"the\s+(?:[\w'-]+\s+){1,12}?(?:set\s+(?:forth|out)|announced|articulated|established|stated|adopted"
    r"|described|outlined)\s+(?:in|by)\s+"
)
_OBJECT = re.compile(
    rf"(?<!\s)\s++{_BY_WAY_OF}(?P<head>{_SET_OUT}|{HEAD})(?P<list>{LIST})", re.IGNORECASE
)
# "the Board's decision" that the sentence before names.
_NAMED_BEFORE = re.compile(
    r"(?<!\s)\s++(?P<whose>the\s+Board's|that)\s+(?:precedent\s+)?(?:decision|precedent|holding)\b",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    rf"[^.;:{AUTHORITY}]{{0,120}}?,?\s(?:and|but|or)(?:\s+they)?{_TELLS}", re.IGNORECASE
)
# What limits the use of a decision, and not its force: "as the sole basis", "mechanically".
_USE = re.compile(
    r"\A\s?,?\s*(?:as\s+(?:an?|the)\b|alone\b|in\s+isolation|(?!immediately|nationwide|accordingly|entirely)\w+ly\b"
    r"|to\s|for\s+(?!(?:the\s+)?(?:reasons?|purposes))|where\b|when\b(?!\s+\w+ing\b)|unless\b|if\b)",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.;:]|,\s+(?:and|but|or|not)\b")


def _told(who: str) -> re.Pattern[str]:
    all_of_them = rf"\b{who}(?:,?\s+(?:and|or)\s+(?:the\s+)?{who}){{0,3}}"
    return re.compile(all_of_them + _ASIDE + _TELLS, re.IGNORECASE)


_OF_TRIBUNALS, _OF_USCIS = _told(_JUDGES), _told(_OFFICERS)


def directives(shown: Masked, *, is_guidance: bool = False) -> Iterator[Held]:
    """What adjudicators shall follow, and no longer follow; guidance binds officers alone. What
    they shall follow is no holding on that decision: it is told as running text, also beside a
    holding on another. What is argued, supposed, quoted or held by another tells nobody."""
    told = _OF_USCIS if is_guidance else _OF_TRIBUNALS
    before: tuple[Authority, ...] = ()
    for span in sentences(shown.text):
        sentence = shown.text[span.start : span.end]
        named, before = before, shown.within(span.start, span.end)
        if is_argued(sentence):
            continue
        for match in told.finditer(sentence):
            if not is_subject(sentence, match.start()) or not is_stated(sentence, match.start()):
                continue
            if before:
                yield from _chain(shown, span, sentence, match)
            elif (back := _NAMED_BEFORE.match(sentence, match.end())) and (
                meant := _meant(named, back["whose"])
            ):
                yield _directed(meant, span, match, "", back.end())


def _chain(shown: Masked, span: Span, sentence: str, first: re.Match[str]) -> Iterator[Held]:
    """A directive and those that follow with the same subject: "must apply X, and may not Y"."""
    tells: re.Match[str] | None = first
    while tells:
        of = _OBJECT.match(sentence, tells.end())
        if of and not is_others(of["head"]):
            yield from _each(shown, span, tells, of)
        tells = _AGAIN.match(sentence, of.end() if of else tells.end())


def _each(shown: Masked, span: Span, tells: re.Match[str], of: re.Match[str]) -> Iterator[Held]:
    for citation in targets(shown, span.start + of.start("list"), span.start + of.end("list")):
        yield _directed(citation, span, tells, of["head"], of.end())


def _meant(named: tuple[Authority, ...], whose: str) -> Citation | None:
    """The one decision that "that decision" or "the Board's decision" takes up."""
    of_board = whose.lower() != "that"
    meant = {
        each.citation.cited: each.citation
        for each in named
        if not of_board or each.citation.court.startswith("BIA")
    }
    return next(iter(meant.values())) if len(meant) == 1 else None


def _directed(citation: Citation, span: Span, tells: re.Match[str], head: str, at: int) -> Held:
    """What adjudicators are told to do with a decision that ends `at` an offset of the sentence."""
    sentence = tells.string
    is_no = bool(tells["not"] or tells["may_not"])
    limit = at + LONGEST
    end = _ENDS.search(sentence, at, limit)
    after = sentence[at : end.start() if end else limit]
    before = led(sentence, tells.start()) + tells[0]
    is_of_use = is_no and bool(_USE.match(after))
    return Held(
        kind=TreatmentKind.NOT_FOLLOWED if is_no else TreatmentKind.FOLLOWED,
        form=TreatmentForm.OPERATIVE if is_no else TreatmentForm.DISCUSSION,
        citation=citation,
        words=after.strip(),
        span=span,
        in_part=is_of_use or is_limited(before) or in_part(head, after, before),
        circuits=circuits(after, before) or circuits(tells[0]),
        directs=True,
    )
