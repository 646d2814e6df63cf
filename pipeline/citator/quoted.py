"""Say what was found of the words that a draft quotes, and of the pages that it cites."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.citator.differing import turning
from pipeline.citator.draft import Citations
from pipeline.citator.held import Authority
from pipeline.citator.pages import beyond, is_of_parallel, pinned, printed, span
from pipeline.citator.pieces import pieces_of
from pipeline.citator.quotation import Match, Text, Where
from pipeline.citator.quoting import Quotation
from pipeline.citator.verdict import Verdict, VerdictKind
from pipeline.identifiers import REPORTED
from pipeline.model import Citation

_THEY_STAND = "the words quoted stand"
_UNSURE = "it can't be told whose words are quoted"
TELLING = 6  # words quoted that tell one authority from another; fewer may be a term of the law


class Quoted:
    """Looks quotations up in what is held of the authorities of one draft."""

    def __init__(self, known: Mapping[str, Authority]) -> None:
        self._known = known
        self._texts: dict[str, tuple[Text, ...]] = {}

    def verdicts(self, citation: Citation, quoted: Sequence[Quotation]) -> Iterator[Verdict]:
        """What was found of the quotations that belong to a citation, and of its pin."""
        authority = self._known[citation.cited]
        texts = self._texts_of(authority)
        is_placed = False
        for each in quoted:
            match = _found(texts, each, pinned(citation))
            is_placed = is_placed or bool(match and match.first)
            has_opinion = any(text.has_opinion for text in texts)
            if match is None or match.differing:
                is_short = len(each.text.split()) < TELLING and (match or not has_opinion)
                if not is_short and (elsewhere := self._elsewhere(each, authority, has_opinion)):
                    yield elsewhere
                    continue
            if match is not None:
                yield from _matched(each, match, has_opinion)
                yield from _pin_of(each, match, citation)
            else:
                yield _missing(each) if has_opinion else _unchecked(each, authority)
        if citation.pin and not is_placed:
            yield from _pin_alone(authority, texts, citation)

    def owner(self, quotation: Quotation, cited: Citations) -> int:
        """The citation, of those that a quotation may belong to, whose authority has its very
        words; else the likeliest."""
        if not quotation.others:
            return quotation.citation
        for number in (quotation.citation, *quotation.others):
            citation = cited[number][1]
            if citation.cited:
                texts = self._texts_of(self._known[citation.cited])
                match = _found(texts, quotation, pinned(citation))
                if match is not None and not match.differing:
                    return number
        return quotation.citation

    def untraced(self, quoted: Sequence[Quotation]) -> Iterator[Verdict]:
        """The same for quotations of which it can't be told what is cited for them."""
        for each in quoted:
            there = self._standing_in(each, None)
            found = f"; these words stand {there}" if there else ""
            words = f"what is cited for it can't be told{found}"
            yield Verdict(kind=VerdictKind.UNCHECKED, words=words, quoted=each.text)

    def _elsewhere(
        self, quotation: Quotation, authority: Authority, has_opinion: bool
    ) -> Verdict | None:
        """That words not found in an authority stand in another which the draft cites."""
        there = self._standing_in(quotation, authority)
        if not there:
            return None
        words = f"these words stand {there}; {_own(authority, has_opinion)}"
        if quotation.is_sure:
            kind = VerdictKind.MISATTRIBUTED
            return Verdict(kind=kind, words=words, quoted=quotation.text)
        words = f"{_UNSURE}: {words}"
        return Verdict(kind=VerdictKind.UNCHECKED, words=words, quoted=quotation.text)

    def _standing_in(self, quotation: Quotation, but: Authority | None) -> str:
        """In which other authority that the draft cites very words stand; "" in none."""
        pieces = pieces_of(quotation.text)
        for other in self._known.values():
            texts = self._texts_of(other) if other is not but else ()
            if match := next(filter(None, (text.exact(pieces) for text in texts)), None):
                return f"{_where(match)}{_named(other)}, which the draft cites too"
        return ""

    def _texts_of(self, authority: Authority) -> tuple[Text, ...]:
        if authority.canonical not in self._texts:
            self._texts[authority.canonical] = tuple(
                Text(version.blocks, is_reported=version.document.kind in REPORTED)
                for version in authority.versions
            )
        return self._texts[authority.canonical]


def _found(texts: Sequence[Text], quotation: Quotation, pages: Collection[int]) -> Match | None:
    leaves_out = quotation.leaves_out
    found = (text.find(quotation.text, leaves_out=leaves_out, pages=pages) for text in texts)
    return min(filter(None, found), key=lambda match: len(match.differing), default=None)


def _named(authority: Authority) -> str:
    """As in "Matter of X, 27 I&N Dec. 1 (A.G. 2018)"."""
    held = authority.versions[:1]
    named = (part for each in held for part in (each.title, each.citation) if part)
    return ", ".join(named) or authority.canonical


def _own(authority: Authority, has_opinion: bool) -> str:
    """That words do not stand in the authority that they are cited to, as far as it is held."""
    if has_opinion:
        return f"not in the text that we hold of {_named(authority)}"
    if authority.versions:
        return f"not in the headnote of {_named(authority)}, whose opinion is not held"
    return f"the text of {_named(authority)} is not held"


def _where(match: Match) -> str:
    if match.where is Where.HEADNOTE:
        return "in the headnote of "
    return f"on page {span(match)} of " if match.first else "in "


def _missing(quotation: Quotation) -> Verdict:
    words = "the words quoted do not stand in the text that we hold of it"
    if not quotation.is_sure:
        words = f"{_UNSURE}: {words}"
        return Verdict(kind=VerdictKind.UNCHECKED, words=words, quoted=quotation.text)
    return Verdict(kind=VerdictKind.MISQUOTED, words=words, quoted=quotation.text)


def _unchecked(quotation: Quotation, authority: Authority) -> Verdict:
    words = "only the headnote is held" if authority.versions else "we don't hold its text"
    return Verdict(kind=VerdictKind.UNCHECKED, words=words, quoted=quotation.text)


def _matched(quotation: Quotation, match: Match, has_opinion: bool) -> Iterator[Verdict]:
    turned = _turned(match)
    if match.where is Where.HEADNOTE:
        yield _in_headnote(quotation, match, has_opinion)
    elif match.differing or not turned:
        yield _standing(quotation, match)
    if turned:
        yield replace(_about(VerdictKind.TURNED, turned, quotation, match), held=match.words)


def _turned(match: Match) -> str:
    """The words that deny or limit which dots and brackets leave out, and which they put in."""
    pairs = [turning(each) for each in match.covered]
    left_out = _listed(word for held, _ in pairs for word in held)
    put_in = _listed(word for _, draft in pairs for word in draft)
    said = (left_out and f"words left out: {left_out}", put_in and f"words put in: {put_in}")
    return "; ".join(filter(None, said))


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in dict.fromkeys(words))


def _in_headnote(quotation: Quotation, match: Match, has_opinion: bool) -> Verdict:
    if match.differing:
        kind = VerdictKind.HEADNOTE_DIFFERS
        words = "the headnote, which is no part of the opinion, has other words"
    else:
        kind = VerdictKind.HEADNOTE
        words = "the words quoted stand in the headnote, which is no part of the opinion"
    opinion = (
        "they are not in the opinion"
        if has_opinion
        else "the opinion is not held, so whether the draft's words stand there can't be said here"
    )
    return _about(kind, f"{words}; {opinion}", quotation, match)


def _standing(quotation: Quotation, match: Match) -> Verdict:
    note = f" in footnote {match.label}" if match.where is Where.NOTE else ""
    where = f" on page {span(match)}{note}" if match.first else note or " in it"
    if match.differing:
        words = f"the quotation stands{where} in other words"
        return _about(VerdictKind.DIFFERS, words, quotation, match)
    return _about(VerdictKind.QUOTED, f"the words quoted stand{where}", quotation, match)


def _about(kind: VerdictKind, words: str, quotation: Quotation, match: Match) -> Verdict:
    return Verdict(
        kind=kind,
        words=words,
        quoted=quotation.text,
        held=match.words if match.differing else "",
        differing=match.differing,
        covered=match.covered,
    )


def _pin_of(quotation: Quotation, match: Match, citation: Citation) -> Iterator[Verdict]:
    """Whether a quotation stands on the page that is cited for it; it may run on to the next."""
    pages = pinned(citation)
    if not pages or not match.first.isdigit() or is_of_parallel(citation):
        return
    first, last = int(match.first), int(match.last or match.first)
    whose = "the passage nearest to the quotation stands" if match.differing else _THEY_STAND
    if first in pages:
        also = f"; running on to page {last}" if last not in pages else ""
        words = f"{whose} on page {first}, as cited{also}"
        yield Verdict(kind=VerdictKind.PIN_RIGHT, words=words, quoted=quotation.text)
        return
    words = f"{whose} on page {span(match)}; the draft cites page {printed(citation)}"
    yield Verdict(kind=VerdictKind.PIN_WRONG, words=words, quoted=quotation.text)


def _pin_alone(
    authority: Authority, texts: Sequence[Text], citation: Citation
) -> Iterator[Verdict]:
    """A pin without a quotation: whether the decision has that page."""
    pages = [page for text in texts for page in text.pages]
    if wrong := beyond(citation, pages, authority.following):
        yield Verdict(kind=VerdictKind.PIN_WRONG, words=wrong)
    elif texts and not any(text.has_opinion for text in texts) and pinned(citation):
        words = f"the draft cites page {printed(citation)}; only the headnote is held"
        yield Verdict(kind=VerdictKind.PIN_UNCHECKED, words=words)
