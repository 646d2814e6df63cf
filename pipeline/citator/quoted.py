"""Say what was found of the words that a draft quotes, and of the pages that it cites."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from pipeline.citator.held import Authority
from pipeline.citator.pages import beyond, pinned, span
from pipeline.citator.quotation import Match, Text, Where
from pipeline.citator.quoting import Quotation
from pipeline.citator.verdict import Verdict, VerdictKind
from pipeline.identifiers import REPORTED
from pipeline.model import Citation

_HEADNOTE = "the words quoted stand in the headnote, which is no part of the opinion"


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
            if not any(text.has_opinion for text in texts):
                yield _unchecked(authority, each, match)
            elif match is None:
                yield self._missing(each, authority)
            else:
                yield _matched(each, match)
                yield from _pin_of(each, match, citation)
        if citation.pin and not is_placed:
            yield from _pin_alone(authority, texts, citation)

    def _missing(self, quotation: Quotation, authority: Authority) -> Verdict:
        words = "the words quoted do not stand in the text that we hold of it"
        for other in self._known.values():
            if other is authority or not other.versions:
                continue
            match = _found(self._texts_of(other), quotation, ())
            if match is not None and not match.differing:
                where = other.versions[0].citation or other.versions[0].title
                page = f" on page {span(match)}" if match.first else ""
                words = f"{words}; they stand in {where}{page}, which the draft cites too"
                break
        return Verdict(kind=VerdictKind.MISQUOTED, words=words, quoted=quotation.text)

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


def _unchecked(authority: Authority, quotation: Quotation, match: Match | None) -> Verdict:
    if match is not None:
        return _about(
            VerdictKind.HEADNOTE,
            f"{_HEADNOTE}; the opinion is not held, so whether it says the same can't be said here",
            quotation,
            match,
        )
    what = "only the headnote is held" if authority.versions else "we don't hold its text"
    return Verdict(
        kind=VerdictKind.UNCHECKED,
        words=f"the quotation cannot be checked: {what}",
        quoted=quotation.text,
    )


def _matched(quotation: Quotation, match: Match) -> Verdict:
    if match.where is Where.HEADNOTE:
        words = f"{_HEADNOTE}, and not in the opinion"
        return _about(VerdictKind.HEADNOTE, words, quotation, match)
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
    )


def _pin_of(quotation: Quotation, match: Match, citation: Citation) -> Iterator[Verdict]:
    """Whether a quotation stands on the page that is cited for it; it may run on to the next."""
    pages = pinned(citation)
    if not pages or not match.first.isdigit():
        return
    first, last = int(match.first), int(match.last or match.first)
    if first in pages:
        also = f"; they run on to page {last}" if last not in pages else ""
        words = f"the words quoted stand on page {citation.pin}, as cited{also}"
        yield Verdict(kind=VerdictKind.PIN_RIGHT, words=words, quoted=quotation.text)
        return
    words = f"the words quoted stand on page {span(match)}; the draft cites page {citation.pin}"
    yield Verdict(kind=VerdictKind.PIN_WRONG, words=words, quoted=quotation.text)


def _pin_alone(
    authority: Authority, texts: Sequence[Text], citation: Citation
) -> Iterator[Verdict]:
    """A pin without a quotation: whether the decision has that page."""
    pages = [page for text in texts for page in text.pages]
    if wrong := beyond(citation, pages, authority.following):
        yield Verdict(kind=VerdictKind.PIN_WRONG, words=wrong)
