"""Tell of which authority a clause speaks: of "X" in "X, which overruled Y, was vacated"."""

from __future__ import annotations

import re

from pipeline.citator.masked import AUTHORITY
from pipeline.citator.reporting import HEAD_BEFORE

_HEADS = 120  # characters of what stands before a decision's name
_LONGEST_ASIDE = 240
# "X, which overruled", "X, a case decided before", "X, relying on": and then the other's name.
_ASIDE = re.compile(
    rf"(?P<head>{AUTHORITY}),\s(?:(?P<relative>(?:(?:in|by|to|of|with|under)\s)?(?:which|who|whom|whose"
    r"|that|where|wherein)\b|[a-z]{2,20}(?:ing|ed)\s)|(?:an?|the|our|one)\s)"
    rf"[^,;:{AUTHORITY}]{{0,{_LONGEST_ASIDE}}}\Z"
)
# "The decision in X to overrule", and then the other's name.
_TO_DO = re.compile(
    rf"(?P<head>{AUTHORITY})?\s?\bto\s(?:not\s)?(?:overrule|abrogate|vacate|reverse|supersede|modify|limit"
    r"|follow|apply|adopt|reject|reaffirm|affirm|reinstate|certify|distinguish|extend|clarify|overturn"
    r"|disapprove|rescind|(?:recede|depart|withdraw)\sfrom|rely\s(?:up)?on|adhere\sto)\s\Z"
)
_FRAME = re.compile(
    r"\b(?:under|after|following|before|until|since|despite|given|per|unlike|like|against|with|by"
    r"|(?:up)?on|from|through|pursuant\sto|in\s(?:light|view|the\swake)\sof|because\sof|contrary\sto"
    r"|consistent(?:ly)?\swith|according\sto|prior\sto)\s\Z",
    re.IGNORECASE,
)
# "In Y, …", "as held in Y, …": "the reading of it in Y, …" is a subject.
_IN = re.compile(
    r"(?:\A\W*|[,;:(.]\s|\b(?:and|but|that|which|held|said|\w{2,20}ed)\s)in\s\Z", re.IGNORECASE
)
_FRAMED = re.compile(rf",\s{{1,3}}(?:and\s)?(?={AUTHORITY})")
_PAIR = re.compile(rf"{AUTHORITY},\s{{1,3}}(?P<second>{AUTHORITY})")
_WHICH = re.compile(r",?\s(?:which|that|who)\b")
_THAT = re.compile(r"\bthat\s\Z")


def subject(sentence: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the authorities stand of which a verb says something, of the list that stands before
    it at `start` to `end` of a masked sentence; None where none of them is its subject.

    After a relative clause or an apposition it is what that belongs to; "under Y" and "in light of
    Y" are no subject, nor is what somebody decided to do something to.
    """
    head = HEAD_BEFORE.search(sentence, max(0, start - _HEADS), start)
    before = sentence[: head.start("head") if head else start]
    to_do = _TO_DO.search(before[-_LONGEST_ASIDE:])
    if to_do:
        at = len(before) - len(before[-_LONGEST_ASIDE:]) + to_do.start("head")
        return (at, at + 1) if to_do["head"] else None
    aside = _ASIDE.search(before, max(0, len(before) - 2 * _LONGEST_ASIDE))
    if aside and not _WHICH.match(sentence, end) and not _THAT.search(before):
        leading = before[: aside.start()][-24:]
        is_framed = _IN.search(leading) or _FRAME.search(leading)
        if sentence[end : end + 1] == "," and not is_framed:
            return aside.span("head")
        if aside["relative"]:
            return None
    return _without_frame(sentence, before, start, end, has_head=bool(head and head["head"]))


def _without_frame(
    sentence: str, before: str, start: int, end: int, *, has_head: bool
) -> tuple[int, int] | None:
    pair = _PAIR.fullmatch(sentence, start, end)
    if pair:  # a comma alone joins no two subjects: "in Y, X was overruled"
        return pair.span("second")
    is_closed = sentence[end : end + 1] == ","
    is_in = not has_head and is_closed and _IN.search(before[-24:])
    if not is_in and not _FRAME.search(before[-24:]):
        return start, end
    framing = _FRAMED.search(sentence, start, end)
    return (framing.end(), end) if framing else None
