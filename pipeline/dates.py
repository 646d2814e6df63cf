"""Read the dates a text states, and what each is the date of.

A sentence is read as clauses, one before each date. A date belongs to the subject named last
before it in its own sentence: "effective", "comments", "compliance". A subject of no interest here
("held", "published") takes its dates with it. What is not said is not concluded: a date without a
subject, "within 30 days", the thirtieth of February yield nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from pipeline.model import DateKind, StatedDate

REACH = 600  # characters before a date in which its subject is sought
LABEL = 40  # characters: "Compliance date." stands before its sentence and speaks for it
SHORT = 5  # words between two dates that still share a subject: "and will end on"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?"
    r"|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_ANOTHER = r"(?!\sof\s(?:an?|another|one)\s)"  # "upon publication of a notice": of a later one
_DATE = re.compile(
    rf"""
    \b(?P<month>{_MONTH})\s(?P<day>\d\d?)(?:st|nd|rd|th)?(?:[-–]\d\d?)?,?\s(?P<year>\d{{4}})\b
  | \b(?P<day2>\d\d?)(?:st|nd|rd|th)?\s(?:day\sof\s)?(?P<month2>{_MONTH}),?\s(?P<year2>\d{{4}})\b
  | \b(?P<month3>\d\d?)/(?P<day3>\d\d?)/(?P<year3>\d{{4}})\b
  | (?<!within\s)(?<!least\s)(?<!than\s)\b(?P<days>\d\d?\d?)[\s-]days?\s
        (?:after|from|following)\s(?:the\s)?(?:date\sof\s)?publication\b{_ANOTHER}
  | \b(?:upon|on|insert)\s(?:the\s)?(?:date\sof\s)?(?:its\s)?(?P<at_once>publication)\b{_ANOTHER}
    """,
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)

Subject = tuple[DateKind, ...]
NOTHING: Subject = ()
EFFECTIVE, APPLICABLE = (DateKind.EFFECTIVE,), (DateKind.APPLICABLE,)
COMMENTS, PAPERWORK = (DateKind.COMMENTS_CLOSE,), (DateKind.PRA_COMMENTS_CLOSE,)
COMPLIANCE, EXPIRES = (DateKind.COMPLIANCE,), (DateKind.EXPIRES,)


def _cue(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_CUES: tuple[tuple[Subject, re.Pattern[str]], ...] = (
    (EFFECTIVE, _cue(r"(?<!cost-)\beffective(?:ness)?\b|\b(?:in|into|takes?) effect\b")),
    (EFFECTIVE, _cue(r"\b(?:delay|postpone|defer)(?:s|d|ed|red)?\b")),
    (EFFECTIVE, _cue(r"\b(?:designation|extension)\b[^;]{0,120}\bbegins\b")),
    (COMMENTS, _cue(r"(?<!requests to )\bcomments?\b")),
    (COMPLIANCE, _cue(r"\bcomplian(?:ce|t)\b|\bcomply\b")),
    (APPLICABLE, _cue(r"\bappl(?:ies|icable|icability)\b|\bapply (?:only )?to\b")),
    (EXPIRES, _cue(r"\bexpir(?:es?|ing|ation)\b|\bsunsets?\b|\bterminat(?:es?|ing|ion)\b")),
    (NOTHING, _cue(r"\b(?:was|were) (?:(?:set|due|scheduled) )?to (?:expire|close|end)\b")),
    (NOTHING, _cue(r"\b(?:published|dated|issued|signed|announced|appear(?:ed|ing)|edition)\b")),
    (NOTHING, _cue(r"\b(?:went into|took) effect\b|\b(?:instead|in lieu) of\b|\brather than\b")),
    (NOTHING, _cue(r"\bwith an? (?:printed )?expiration\b|\bOMB\b[^;]{0,60}\bexpiration\b")),
    (NOTHING, _cue(r"(?<!on )\bpublication of\b|\bby reference\b|\benforce|\bstayed\b")),
    (NOTHING, _cue(r"\b(?:held|convened?|will meet|filing deadline|actual notice)\b")),
)
# Filed by a date, too; where comments are asked for in the same clause, the date is theirs as well.
_FILINGS = _cue(
    r"\b(?:requests?|applications?|nominations?|petitions?|registrations?|objections?|statements?"
    r"|protests?)\b"
)
_COLLECTION = (
    r"(?:information[- ]collection|collections?(?:\(s\))? of information|paperwork red|\bPRA\b)"
)
_ON_PAPERWORK = _cue(_COLLECTION)
_ON_BOTH = _cue(rf"\brule(?:making)?\b.*\b(?:including|and|as well as)\b.*{_COLLECTION}")
_PAPERWORK_NEXT = _cue(rf"[\s,]*(?:on|regarding|concerning|for|under)\b.*{_COLLECTION}")
_MOVED = _cue(r"\b(?:delay|postpon|deferr|chang|mov)\w*\b|\bdates?,? from\b")
_PROPOSED = _cue(r"\bpropos(?:e|es|ed|ing) to\b")
_NAMES = _cue(r",? (?:interim |final |proposed )*(?:rule|notice|order|memorandum|proclamation)\b")
_FILED = _cue(r"\b(?:filed|received|submitted|postmarked|pending|made|entering|admitted)\b")
_RESUMES = _cue(r"\b(?:is|are|be|been|was|were|will|must|shall|should)\b")
_BEGINS_A_SENTENCE = _cue(
    r"\W*(?:by|beginning|starting|from|until|through|before|no later than)(?: on)?\W*"
)
_ON_A_DATE = _cue(r"\W*(?:on|as of)\W*")
_TAKES_EFFECT = _cue(r"(?:becom|will|shall|tak)\w*(?: be| become| take)? effect|\bcompl|\bappli")
_WITHIN_A_DAY = _cue(r"\bfrom \d[\d:]* ?(?:[ap]\.?m\.?)? (?:until|to|through) \d[^;]{0,30}$")
_ASIDE = re.compile(r"\([^()]*\)")

UNTIL = {"until", "till", "through", "thru", "to", "ending", "ends", "end"}
SINCE = {"from", "beginning", "begins", "begin", "starting", "starts", "opens"}
PAST = {"delayed", "postponed", "extended", "reopened", "opened", "began", "closed", "ended"}
AFTER = {"after", "since"}
_FILLER = re.compile(
    r"on|at|noon|midnight|\w{3,6}day|\d\d?(:\d\d)*|[ap]\.?m|eastern|daylight|standard|local|time"
    r"|e[sd]?t|insert|date|of",
    re.IGNORECASE,
)

_STOP = re.compile(r"(?<=[.?!])[\"”’)\]]*\s+(?=[\"“‘(\[•A-Z])|\n+")
_ABBREVIATED = re.compile(
    r"\b(?:[A-Za-z]|[ap]\.m|no|nos|sec|st|dr|mr|mrs|ms|jan|feb|mar|apr|aug|sept?|oct|nov|dec|ave|vs?"
    r"|pub|stat|reg|fed|inc|co|dept|e\.g|i\.e)\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Mention:
    """A place in a sentence that gives a date: `on` is None where it can't be told."""

    start: int
    end: int
    on: date | None
    at_once: bool = False


def read_dates(text: str, read_from: str, published: date | None = None) -> tuple[StatedDate, ...]:
    """Read what a text, such as the one under "DATES:", states; in the order stated.

    `words` are the sentence, cut from the text. `published` is what "60 days after publication" and
    "effective on publication" are counted from; without it they yield nothing.
    """
    stated = [
        StatedDate(kind=kind, on=on, words=sentence, read_from=read_from)
        for sentence in _sentences(text)
        for kind, on in _read(sentence, published)
    ]
    return tuple(dict.fromkeys(stated))


def first_date(text: str) -> date | None:
    """The first calendar date a text gives, whatever it is the date of."""
    return next((mention.on for mention in _mentions(text, None) if mention.on), None)


def _sentences(text: str) -> Iterator[str]:
    start = 0
    stops = [stop for stop in _STOP.finditer(text) if not _is_abbreviation(text, stop)]
    for end, following in [*((stop.start(), stop.end()) for stop in stops), (len(text), len(text))]:
        sentence = text[start:end].strip()
        if 0 < len(sentence) <= LABEL and not _DATE.search(sentence) and following < len(text):
            continue  # a label, read with the sentence it stands before
        yield sentence
        start = following


def _is_abbreviation(text: str, stop: re.Match[str]) -> bool:
    before = text[max(0, stop.start() - 8) : stop.start()]
    return "\n" not in stop.group() and bool(_ABBREVIATED.search(before))


def _mentions(sentence: str, published: date | None) -> Iterator[_Mention]:
    for match in _DATE.finditer(sentence):
        on = _on(match, published)
        yield _Mention(match.start(), match.end(), on, bool(match["at_once"]))


def _on(match: re.Match[str], published: date | None) -> date | None:
    if match["at_once"]:
        return published
    try:
        if match["days"]:
            return published + timedelta(days=int(match["days"])) if published else None
        if match["month3"]:
            return date(int(match["year3"]), int(match["month3"]), int(match["day3"]))
        month = (match["month"] or match["month2"])[:3].lower()
        day, year = match["day"] or match["day2"], match["year"] or match["year2"]
        return date(int(year), MONTHS.index(month) + 1, int(day))
    except (ValueError, OverflowError):  # the thirtieth of February
        return None


def _read(sentence: str, published: date | None) -> Iterator[tuple[DateKind, date]]:
    mentions = tuple(_mentions(sentence, published))
    main: Subject | None = None
    subject, begun = NOTHING, 0
    after = _Mention(len(sentence), len(sentence), None)
    for mention, following in pairwise((*mentions, after)):
        clause = sentence[begun : mention.start][-REACH:]
        rest = sentence[mention.end : following.start][:REACH]
        cues = _subjects(clause)
        if cues:
            subject = cues[-1]
        elif not begun:
            subject = _announced(clause, rest)
        elif _RESUMES.search(_ASIDE.sub("", clause)):
            subject = main or NOTHING
        elif len(_ASIDE.sub("", clause).split()) > SHORT:
            subject = NOTHING
        main = main if main is not None else (cues[0] if cues else subject)
        if subject == COMMENTS and _PAPERWORK_NEXT.match(rest) and not _subjects(rest):
            subject = PAPERWORK
        if mention.on and not _NAMES.match(rest):
            for kind in _kinds(subject, clause, sentence[: mention.start][-REACH:], mention):
                yield kind, mention.on
        begun = mention.end


def _subjects(clause: str) -> list[Subject]:
    """The subjects a clause names, in order; comments that are on paperwork told apart."""
    found = [(match.end(), subject) for subject, cue in _CUES for match in cue.finditer(clause)]
    if not any(subject == COMMENTS for _, subject in found):
        found += [(match.end(), NOTHING) for match in _FILINGS.finditer(clause)]
    subjects = [subject for _, subject in sorted(found, key=lambda each: each[0])]
    if subjects and subjects[-1] == COMMENTS and _ON_PAPERWORK.search(clause):
        subjects[-1] = COMMENTS + PAPERWORK if _ON_BOTH.search(clause) else PAPERWORK
    return subjects


def _announced(lead: str, rest: str) -> Subject:
    """The subject of a date that begins its sentence: "Until May 1, 2026, the rule applies …"."""
    subjects = _subjects(rest)
    if subjects and _BEGINS_A_SENTENCE.fullmatch(lead):
        return subjects[0]
    if subjects and _ON_A_DATE.fullmatch(lead) and _TAKES_EFFECT.search(rest):
        return subjects[0]  # a date that things merely happened on has no such verb
    return NOTHING


def _kinds(subject: Subject, clause: str, so_far: str, mention: _Mention) -> Subject:
    """What the date is, from its subject and the last words before it."""
    words = _last_words(clause)
    last = words[-1] if words else ""
    if last in AFTER and words[-2:-1] in (["or"], ["and"]):
        return _on_or_after(subject, clause)
    if last in PAST | AFTER:
        return NOTHING
    if subject in (EFFECTIVE, APPLICABLE):
        return _in_force(subject, clause, so_far, last)
    is_opening = last in SINCE and subject != COMPLIANCE
    is_of_publication = mention.at_once and "insert" not in clause[-20:].casefold()
    return NOTHING if is_opening or is_of_publication else subject


def _in_force(subject: Subject, clause: str, so_far: str, last: str) -> Subject:
    if _PROPOSED.search(so_far):
        return NOTHING
    if _WITHIN_A_DAY.search(clause):
        return subject + EXPIRES
    if _MOVED.search(so_far):
        return NOTHING if last == "from" else subject  # "from" the date that no longer holds
    return EXPIRES if last in UNTIL else subject


def _on_or_after(subject: Subject, clause: str) -> Subject:
    if subject and subject[0] in COMMENTS + PAPERWORK:
        return NOTHING
    is_for_filings = bool(_FILED.search(clause[-60:])) or APPLICABLE in _subjects(clause)
    return APPLICABLE if is_for_filings else subject


def _last_words(clause: str) -> list[str]:
    """The last words of a clause in lower case; hours, weekdays, "[INSERT DATE" set aside."""
    words = [word.strip(",.:;()[]").lower() for word in clause[-80:].split()]
    while words and (not words[-1] or _FILLER.fullmatch(words[-1])):
        words.pop()
    return words
