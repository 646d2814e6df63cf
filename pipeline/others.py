"""Tell whether a date is that of another document, of which a sentence only speaks."""

from __future__ import annotations

import re

from pipeline.mentions import DATE

_DAY = "†"  # stands for every date, so that its commas divide nothing
_VERB = (
    r"\b(?:is|are|was|were|will|shall|must|should|may|has|have|had|takes?|becomes?|appl(?:y|ies)"
    r"|remains?|closes?|ends?|expires?)\b"
)
_NO_VERB = rf"(?:(?!{_VERB}|;).)"
_KNOWN_BY = re.compile(  # the day or the page by which a document is known
    r"\b(?:published|issued|appear(?:ed|ing)|signed|dated"
    r"|(?:rule|notice|order|proclamation|memorandum|determination)(?: \d+)? of)\b"
    rf"[^;{_DAY}]{{0,160}}{_DAY}"
    r"|\b\d{1,3} FR \d+(?:,\d{3})*"
    rf"|{_DAY},? (?:(?:interim|direct|temporary|final|proposed) )*(?:rule|notice|order)\b",
    re.IGNORECASE,
)
_ATTACHED = re.compile(  # said of the nearest noun: which is, (effective, with an effective date of
    rf"{_NO_VERB}*?(?:\b(?:which|that)\s(?={_VERB}|(?:began|took|went|would)\b)|\bwhose\b|\("
    rf"|(?<!,)\swith\s(?:an?|its)\b)(?:[^;,()]|,(?= (?:through|until|to|and) )){{0,80}}",
    re.IGNORECASE,
)
_OF_THIS = re.compile(r"\bthis [\w-]+(?: [\w-]+){0,3}, $", re.IGNORECASE)  # "this rule, signed †"
_EXCEPTED = re.compile(r"\bexcept", re.IGNORECASE)  # a part of this document, with a date apart
_APPOSED = re.compile(rf"{_NO_VERB}*(?:,|\band\b){_NO_VERB}{{0,80}}", re.IGNORECASE)
_PREDICATE = re.compile(
    rf"(?:(?!,\s(?:the|this|these|that|we|its|an?|and|but)\b){_NO_VERB}){{0,160}}?"
    r"\s(?:is|are|was|were|will|shall|has|have)\b(?! (?:\w+ )?(?:(?:con|af)firmed|unchanged)\b)",
    re.IGNORECASE,
)
_NAMED_SO_FAR = re.compile(rf"(?:(?!{_VERB}).)*", re.IGNORECASE)
_MOVED = re.compile(
    rf"(?:\s\([^()]*\))?(?:,?\s(?:for|of|in|at)\s(?:(?!\b(?:and|but|as|unless|if|which)\b)"
    rf"{_NO_VERB}){{0,300}}?)?,?\s(?:is|are|has been|have been)\s(?:\w+\s)?"
    r"(?:delayed|postponed|deferred|stayed|suspended|extended)\b",
    re.IGNORECASE,
)


def is_anothers(before: str, after: str) -> bool:
    """Whether a date stands in what is said aside of a document known by its day or page.

    `before` and `after` are the sentence around the date. In "the rule published January 2, 2026,
    effective June 1, 2026, is withdrawn" June is the rule's own; "… is effective June 1, 2026" says
    it of the rule and is no aside. A date confirmed is stated anew.
    """
    before, after = DATE.sub(_DAY, before), DATE.sub(_DAY, after)
    known = [*_KNOWN_BY.finditer(before)]
    if not known or _OF_THIS.search(before[: known[-1].start()]):
        return False
    aside = before[known[-1].end() :]
    if _ATTACHED.fullmatch(aside):
        return not _EXCEPTED.search(before)
    return bool(_APPOSED.fullmatch(aside) and _PREDICATE.match(after))


def is_moved(clause: str, after: str) -> bool:
    """Whether a date only names what the sentence goes on to move: "the effective date of June 1,
    2026, is delayed". A clause with a verb states its date."""
    return bool(_NAMED_SO_FAR.fullmatch(clause) and _MOVED.match(after))
