"""Read "it" and "that decision" as the authority that the words before them name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.citator.actors import ACTOR, is_own_court
from pipeline.citator.masked import AUTHORITY, PROVISION, Authority, Masked
from pipeline.citator.verbs import DID, PAST, either, gapped
from pipeline.model import Citation, Span

_NOUN = r"(?:decision|opinion|ruling|holding|precedent|case)"
_THIS = rf"(?:[Tt]hat|[Tt]his) (?:earlier |latter )?{_NOUN}"
_THE = (
    r"(?:[Tt]he|[Oo]ur|[Ii]ts|[Tt]heir|[Hh]is|[Tt]he (?:Board|Attorney General|Commissioner"
    rf"|[Cc]ourt)['’]s) (?:earlier |prior |own )?{_NOUN}"
)
_HAS = r"(?:has|have|had)"
# "That decision was reversed": what stands first in a sentence.
_SUBJECT = gapped(
    r"\A(?:(?:But|However|Thereafter|Subsequently|Later|Moreover|In \d{4}),? )?"
    rf"(?P<it>{_THIS}|{_THE}|It) (?:was|{_HAS}(?: \w+)? been) (?:\w+ly |later |since |also )?"
    rf"(?P<verb>{either(PAST)})\b(?P<rest>.*)\Z"
)
# "the Commissioner overruled it": an order or "our decision in this case" is no decision cited.
_OBJECT = gapped(
    rf"\b{ACTOR}(?:, (?:on|in) [A-Z]?[\w ]{{0,14}}?(?:, )?\d{{4}},)?(?: {_HAS})?"
    rf"(?: (?:\w+ly|later|since|then|also|itself))? (?P<verb>{either(DID)}) (?P<it>{_THIS}"
    rf"|{_THE}(?! in\b)|it)"
    rf"(?! (?:of|that|to|which|denying|granting|below|here|in (?!{AUTHORITY}))\b)\b(?P<rest>.*)\Z"
)
# What is done to precedents alone: an officer's decision is reversed or vacated, and not overruled.
_OF_PRECEDENTS = re.compile(
    r"(?:over-?ruled|abrogated|superseded|disapproved|(?:receded|departed|retreated)\s)"
)
_BY_CITED = gapped(rf"[^;.{AUTHORITY}]{{0,60}}{AUTHORITY}")
# What "it" may mean instead.
_RIVAL = re.compile(
    rf"{PROVISION}|\b(?:regulations?|statutes?|sections?|Act|rules?|polic(?:y|ies)|memorand(?:um|a)"
    r"|amendments?|orders?|injunctions?|stays?)\b"
)
_BETWEEN = re.compile(r"(?:It|This|That|He|She|They|We|I|No|Yes)\b.{0,60}\Z")
_NEIGHBOURS = 3


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence of a masked text; `authorities` stand at the places `at` of its `text`, and
    `taken` is where one of them stands for a pronoun, -1 where none does."""

    text: str
    at: tuple[int, ...]
    authorities: tuple[Authority, ...]
    taken: int = -1

    def within(self, start: int, end: int) -> tuple[Authority, ...]:
        """The authorities that stand in a part of the sentence."""
        each = zip(self.at, self.authorities, strict=True)
        return tuple(authority for at, authority in each if start <= at < end)


def sentence(shown: Masked, span: Span) -> Sentence:
    """A span of a masked text as a sentence of its own."""
    text = shown.text[span.start : span.end]
    at = tuple(place for place, sign in enumerate(text) if sign == AUTHORITY)
    return Sentence(text=text, at=at, authorities=shown.within(span.start, span.end))


def taken_up(said: Sentence, before: Sequence[Sentence]) -> Sentence | None:
    """The sentence with the authority in the place of a pronoun, or of "that decision"; None where
    it has none, or where more than one authority may be meant.

    It is the one authority that its own sentence names before it, or else the sentence before,
    where nothing but a few words stands between ("It is not."); of "it" there may be no rule or
    order either that is meant. What a court did to "the decision" of a person's
    matter is no such thing: across sentences it must be "that decision", what is done to precedents
    alone, or a deed whose doer is cited with it.
    """
    match = _SUBJECT.search(said.text) or _OBJECT.search(said.text)
    if match is None:
        return None
    start, end = match.span("it")
    meant, where = said.within(0, start), said.text[:start]
    if not meant and (_is_sure(match) or _BY_CITED.match(match["rest"])):
        meant, where = _named_before(before)
    if match["it"] in ("it", "It") and _RIVAL.search(where):
        return None
    if len({each.citation.cited for each in meant}) != 1 or not meant[0].citation.cited:
        return None
    shift = end - start - 1
    earlier = sum(at < start for at in said.at)
    return Sentence(
        text=f"{said.text[:start]}{AUTHORITY}{said.text[end:]}",
        at=(*said.at[:earlier], start, *(at - shift for at in said.at[earlier:])),
        authorities=(*said.authorities[:earlier], meant[0], *said.authorities[earlier:]),
        taken=start,
    )


def cited_after(following: Sentence | None, who: str) -> Citation | None:
    """The decision that stands alone in the sentence after, where it is of the court that acts:
    "The First Circuit vacated X. Y v. Z, 12 F.3d 34 (1st Cir. 1990).\""""
    if following is None or not re.fullmatch(
        rf"(?:See,?\s)?{AUTHORITY}\.?", following.text.strip()
    ):
        return None
    citation = following.authorities[0].citation
    is_court = "Supreme Court" in who or ("Circuit" in who and bool(citation.court))
    return citation if is_court and is_own_court(who, citation) else None


def _is_sure(match: re.Match[str]) -> bool:
    is_that = match.re is _SUBJECT and re.match(r"[Tt]h(?:at|is)\b", match["it"])
    return bool(is_that or _OF_PRECEDENTS.match(match["verb"]))


def _named_before(before: Sequence[Sentence]) -> tuple[tuple[Authority, ...], str]:
    """The authorities of the nearest sentence that names any, and its words."""
    for each in reversed(before[-_NEIGHBOURS:]):
        if each.authorities:
            return each.authorities, each.text
        if not _BETWEEN.match(each.text):
            break
    return (), ""
