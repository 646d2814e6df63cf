"""Tell whether a clause is a tribunal's own word: not argued, asked, denied, supposed or quoted."""

from __future__ import annotations

import re

from pipeline.citator.clauses import ADVERBS
from pipeline.citator.masked import AUTHORITY

LONGEST = 1_000  # characters of a clause
_OCCASION = (
    r"(?:(?:take\s+this\s+(?:opportunity|occasion)|find\s+it\s+(?:necessary|appropriate)"
    r"|(?:are|am)\s+(?:constrained|compelled|persuaded|required)|choose|must|will|shall|do)"
    r"\s+(?:to\s+)?)?"
)
_WE = re.compile(
    r"\b(?:we|I|this\s+(?:Board|Court)|the\s+(?:Board|Attorney\s+General|Court)\s+(?:hereby|now|today))\s+",
    re.IGNORECASE,
)
_TO_VERB = re.compile(rf"(?:\A|\band\s+|,\s+){ADVERBS}{_OCCASION}{ADVERBS}\Z", re.IGNORECASE)
_THAT = re.compile(r"\bthat\s+\Z", re.IGNORECASE)
_STOP = re.compile(r"[.;:]")
_FURTHEST = 240  # characters from "we" to a verb that is still ours
_HOLDS = re.compile(
    r"\b(?:we|I)\s+(?:(?!(?:not|never|neither|cannot|nor|need|(?:ask|invit|urg|declin|refus)\w*)\b)[\w,]+\s+){0,4}?"
    r"(?:hold|conclude|find|determine|declare|order|rule|decide|agree|clarify|reiterate|direct|instruct"
    r"|emphasi[sz]e|stress)\s+(?:[^.;:]{0,160}?\b(?:and|,)\s+)?\Z|\bordered\s+\Z",
    re.IGNORECASE,
)
_NOT_DONE = re.compile(
    r"\b(?:not|never|neither|nor|whether|if|unless|cannot|ask(?:s|ed)?|urg\w+|argu\w+|conten[dt]\w*"
    r"|claim\w*|suggest\w*|assert\w*|maintain\w*|request\w*|decline|refuse|would|could|might|had|were"
    r"|according\s+to|before|until)\b",
    re.IGNORECASE,
)
_SUPPOSES = re.compile(r"\A\W*+(?:if|whether|unless|were|had|should)\b", re.IGNORECASE)
_BEGINS = re.compile(
    r"(?:\A|[.;:,!?)]|\b(?:and|but|so|that|then|therefore|accordingly|thus|hence|hereafter|now|today|immediately))"
    r"\W*(?:(?:the|all|all\s+the)\s+)?\Z",
    re.IGNORECASE,
)
# Where a clause of its own begins after another.
_CLAUSE = re.compile(
    rf"[;:]\s|,\s(?:and|but|so)\s(?=(?:we|I|it|they|the|this|that|immigration|adjudicators|USCIS)\b|{AUTHORITY})"
)
_LIMITS = re.compile(
    r"\A\W*+(?:(?:and|but|accordingly|therefore|thus|however|\(?\d{1,2}[.)])\W+)?(?:only\s+)?"
    r"(?:in\s?so\s?far\s+as|so\s+far\s+as|to\s+the\s+extent)\b",
    re.IGNORECASE,
)
_PARTLY = re.compile(r"\b(?:partially|partly|in\s+part),?\s+(?:\w+ly\s+)?\Z", re.IGNORECASE)
_VIEW = re.compile(
    r"(?:'s|\btheir|\bhis|\bher)\s+(?:[\w-]+\s+){0,3}?(?:interpretations?|analys[ie]s|discussion|approach|"
    r"statements?|conclusions?|language)\s+(?:of|from)\s+\Z",
    re.IGNORECASE,
)
_BELOW = re.compile(r"\b(?:convictions?|sentences?|judge's)\b", re.IGNORECASE)


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


def is_stated(sentence: str, start: int) -> bool:
    """Whether the clause whose subject begins at `start` is the tribunal's own word."""
    if is_supposed(sentence) or is_quoted(sentence, start):
        return False
    before = sentence[max(0, start - LONGEST) : start]
    if _THAT.search(before):
        return bool(_HOLDS.search(_THAT.sub("", before[-_FURTHEST:])))
    [*parts] = re.split(r"[,;:]", before)
    return not _NOT_DONE.search(parts[-1]) and not any(map(_SUPPOSES.match, parts[-2:]))


def is_denied(before: str) -> bool:
    """Whether the words before a clause deny, ask or leave open what it says."""
    return bool(_NOT_DONE.search(before))


def is_supposed(sentence: str) -> bool:
    """Whether a sentence begins with what it only supposes."""
    return bool(_SUPPOSES.match(sentence))


def is_quoted(sentence: str, at: int) -> bool:
    """Whether a quotation that began before `at` has not ended there."""
    before = sentence[:at]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def is_subject(sentence: str, start: int) -> bool:
    """Whether what begins at `start` begins a clause, and is no part of another subject."""
    return bool(_BEGINS.search(sentence, max(0, start - 40), start))


def led(sentence: str, at: int) -> str:
    """What of its clause stands before a place in a sentence: what introduces and limits it."""
    nearest = max(0, at - LONGEST)
    begins = [nearest, *(match.end() for match in _CLAUSE.finditer(sentence, nearest, at))]
    return sentence[begins[-1] : at]


def is_limited(before: str) -> bool:
    """Whether what stands before a verb in its clause limits it to a part: "insofar as it differs,
    we", "we partially"."""
    return bool(_LIMITS.match(before) or _PARTLY.search(before))


def is_others(head: str) -> bool:
    """Whether the words before a decision name what is not of it: a conviction, another's view."""
    return bool(_BELOW.search(head) or _VIEW.search(head))
