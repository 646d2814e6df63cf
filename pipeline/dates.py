"""Read the dates a text states, and what each is the date of.

A sentence is read as clauses, one before each date. A date belongs to the subject named last
before it in its own sentence: "effective", "comments", "compliance". A subject of no interest here
("held", "published") takes its dates with it. What is not said is not concluded: a date without a
subject, "within 30 days", the thirtieth of February yield nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from pipeline.mentions import DATE, Mention, mentions
from pipeline.model import DateKind, StatedDate
from pipeline.others import is_anothers, is_moved

REACH = 600  # characters before a date in which its subject is sought
LABEL = 40  # characters: "Compliance date." stands before its sentence and speaks for it
SHORT = 5  # words between two dates that still share a subject: "and will end on"

Subject = tuple[DateKind, ...]
NOTHING: Subject = ()
EFFECTIVE, APPLICABLE = (DateKind.EFFECTIVE,), (DateKind.APPLICABLE,)
COMMENTS, PAPERWORK = (DateKind.COMMENTS_CLOSE,), (DateKind.PRA_COMMENTS_CLOSE,)
COMPLIANCE, EXPIRES = (DateKind.COMPLIANCE,), (DateKind.EXPIRES,)
DELAYED: Subject = (DateKind.EFFECTIVE, DateKind.EFFECTIVE)  # stands for what is delayed
HEARING: Subject = (DateKind.HEARING,)


def _cue(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_ONCE = (  # tells of a date that no longer holds
    r"\b(?:was|were) (?:\w+ly )?(?:(?:set|due|scheduled) )?to"
    r" (?:expire|close|end|(?:take|be in|go into) effect|(?:be|become) effective)\b"
    r"|\b(?:was|were) due\b|\bhad been\W*$"
    r"|\b(?:originally|previously|initially) (?:due|set|scheduled(?: to \w+)?|effective)\b"
)
_UNDONE = r"(?:withdrawn|rescinded|revoked|repealed)"
_CUES: tuple[tuple[Subject, re.Pattern[str]], ...] = (
    (EFFECTIVE, _cue(r"(?<!cost-)\beffective(?:ness)?\b|\b(?:in|into|takes?) effect\b")),
    (EFFECTIVE, _cue(r"\b(?:hereby|is|are) withdrawn\b")),
    (EFFECTIVE, _cue(rf"\b(?:hereby|is|are) (?:{_UNDONE}|terminated),? (?:on|as of)\W*$")),
    (EFFECTIVE, _cue(r"\b(?:withdraw|rescind|revok|repeal)(?:e?s|ing),? as of\W*$")),
    (EFFECTIVE, _cue(r"\b(?:designation|extension)\b[^;]{0,120}\bbegins\b")),
    (COMMENTS, _cue(r"(?<!requests to )\bcomments?\b")),
    (COMPLIANCE, _cue(r"\bcomplian(?:ce|t)\b|\bcomply\b")),
    (APPLICABLE, _cue(r"\bappl(?:ies|icable|icability)\b|\bapply (?:only )?to\b")),
    (EXPIRES, _cue(r"\bexpir(?:es?|ing|ation)\b|\bsunsets?\b|\bterminat(?:es?|ing|ion)\b")),
    (NOTHING, _cue(_ONCE)),
    (NOTHING, _cue(r"\b(?:published|dated|issued|signed|announced|appear(?:ed|ing)|edition)\b")),
    (NOTHING, _cue(r"\b(?:went into|took) effect\b|\b(?:instead|in lieu) of\b|\brather than\b")),
    (NOTHING, _cue(r"\bwith an? (?:printed )?expiration\b|\bcard expires\b")),
    (NOTHING, _cue(r"\b(?:OMB|management and budget)\b.{0,80}?\bexpir(?:es?|ation)\b")),
    (
        NOTHING,
        _cue(
            r"(?<!on )\bpublication of\b|\bsince publication\b|\bby reference\b|\benforce"
            r"|\bstayed\b"
        ),
    ),
    (NOTHING, _cue(r"\b(?:held|convened?|will meet|filing deadline|actual notice)\b")),
    (HEARING, _cue(r"\bhearings?\b(?! (?:officer|examiner|impair|aid|loss))")),
    (HEARING, _cue(r"\bhearings?\b[^;]{0,80}\b(?:held|convened?)\b")),  # later than "held" alone
)
_DELAYS = _cue(r"\b(?:delay|postpone|defer)(?:s|d|ed|red)?\b")  # whatever was named before it
# Filed by a date, too; where comments are asked for in the same clause, the date is theirs as well.
_FILINGS = _cue(
    r"\b(?:requests?|applications?|nominations?|petitions?|registrations?|objections?|statements?"
    r"|protests?)\b"
)
_COLLECTION = (
    r"(?:information[- ]collection|collections?(?:\(s\))? of information|paperwork red|\bPRA\b"
    r"|\bOIRA\b|office of information and regulatory affairs|\bOMB desk)"
)
_ON_PAPERWORK = _cue(_COLLECTION)
_ON_BOTH = _cue(rf"\brule(?:making)?\b.*\b(?:including|and|as well as)\b.*{_COLLECTION}")
_PAPERWORK_NEXT = _cue(rf"[\s,]*(?:on|regarding|concerning|for|under)\b.*{_COLLECTION}")
_ALSO = _cue(r"\W*for\b[^;]*\b(?:and|or),? (?:on|as of|from|beginning)\W*")  # for some, for others
_AFTER_ALL = _cue(r"[\s,]*from\W*")  # of what is moved, where its publication came between
_HELD = _cue(r"^[\s,]*(?:will|shall|is to) be (?:held|convened)\b")
_MOVED = _cue(r"\b(?:delay|postpon|deferr|chang|mov)\w*\b|\bdates?,? from\b")
_EXTENDED = _cue(r"\bexten(?:d|sion)")
_PROPOSED = _cue(
    r"\bpropos(?:e|es|ed|ing) (?:that|to)\b|\bwould\b[^,;]{0,60}$"
    r"|\bif (?:adopted|finali[sz]ed|made final)\b"
    r"|\bpropos(?:ed|es?|ing) (?:an? |the )?(?:effective|compliance|applicability|expiration) date"
)
_NAMES = _cue(
    r",? (?:interim |direct |temporary |final |proposed )*"
    r"(?:rule|notice|order|memorandum|proclamation)\b"
)
_FILED = _cue(r"\b(?:filed|received|submitted|postmarked|pending|made|entering|admitted)\b")
_SINCE_THEN = _cue(r"\bon (?:or|and) after (?:that|this|such|the effective) date\b")
_RESUMES = _cue(r"\b(?:is|are|be|been|was|were|will|must|shall|should)\b")
_BEGINS_A_SENTENCE = _cue(
    r"\W*(?:by|beginning|starting|from|until|through|before|no later than)(?: on)?\W*"
)
_ON_A_DATE = _cue(r"\W*(?:on|as of)\W*")
_IS_UNDONE = _cue(  # in the main clause: "the rule published … is withdrawn"
    r",?\s(?:the|that|our|its|all)\s(?:(?!;|\b(?:had|has|have|received|we|which is|which are"
    r"|(?:published|issued|announced|signed|proposed) (?:an?|the|its))\b).){0,400}?"
    rf"\b(?:is|are) (?:hereby )?{_UNDONE}\b"
)
_TAKES_EFFECT = _cue(r"(?:becom|will|shall|tak)\w*(?: be| become| take)? effect|\bcompl|\bappli")
_CALLED_OFF = _cue(
    r"\W*(?:and |which |that )?(?:(?:is|are|has|have|was|were|been) )+"
    r"(?:cancell?ed|postponed|rescheduled)\b"
)
_MOVED_ON = _cue(  # of the same date: nothing else is named in between
    r"(?:(?!\b(?:and|but|except|while|which|compliance|comments?)\b)[^;]){0,160}?"
    r"\b(?:is|are|has been|have been) (?:\w+ )?(?:delayed|postponed|deferred) (?:until|to)\b"
)
_PROLONGED = _cue(r",?\s(?:is|are|has been|have been)\s(?:\w+\s)?extended\b")
_RANGE = _cue(r"\s?[-–]\s?|,? (?:to|through|thru) ")
_WITHIN_A_DAY = _cue(r"\bfrom \d[\d:]* ?(?:[ap]\.?m\.?)? (?:until|to|through) \d[^;]{0,30}$")
_ASIDE = re.compile(r"\([^()]*\)")

UNTIL = {"until", "till", "through", "thru", "to", "ending", "ends", "end"}
DEADLINES = {"by", "before", "than", "due"}  # a hearing has none; a request for one has
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


def read_dates(text: str, read_from: str, published: date | None = None) -> tuple[StatedDate, ...]:
    """Read what a text, such as the one under "DATES:", states; in the order stated.

    `words` are the sentence, cut from the text. `published` is what "60 days after publication" and
    "effective on publication" are counted from; without it they yield nothing.
    """
    stated: list[StatedDate] = []
    for sentence in sentences(text):
        found = [*_read(sentence, published)]
        effective = {each.on for each in stated if each.kind is DateKind.EFFECTIVE}
        effective |= {on for kind, on in found if kind is DateKind.EFFECTIVE}
        if len(effective) == 1 and _is_from_then_on(sentence):
            found.append((DateKind.APPLICABLE, next(iter(effective))))
        stated += [
            StatedDate(kind=kind, on=on, words=sentence, read_from=read_from) for kind, on in found
        ]
    return tuple(dict.fromkeys(stated))


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, each with the label that stands before it."""
    start = 0
    stops = [stop for stop in _STOP.finditer(text) if not _is_abbreviation(text, stop)]
    for end, following in [*((stop.start(), stop.end()) for stop in stops), (len(text), len(text))]:
        sentence = text[start:end].strip()
        if 0 < len(sentence) <= LABEL and not DATE.search(sentence) and following < len(text):
            continue  # a label, read with the sentence it stands before
        yield sentence
        start = following


def _is_from_then_on(sentence: str) -> bool:
    """Whether a sentence says what is filed, or applies, "on or after that date": the date that
    the text gave as the effective one."""
    return bool(_SINCE_THEN.search(sentence)) and (
        bool(_FILED.search(sentence)) or APPLICABLE in _subjects(sentence)
    )


def _is_abbreviation(text: str, stop: re.Match[str]) -> bool:
    before = text[max(0, stop.start() - 8) : stop.start()]
    return "\n" not in stop.group() and bool(_ABBREVIATED.search(before))


def _read(sentence: str, published: date | None) -> Iterator[tuple[DateKind, date]]:
    found = mentions(sentence, published)
    main: Subject | None = None
    subject, begun = NOTHING, 0
    after = Mention(len(sentence), len(sentence), None)
    for mention, following in pairwise((*found, after)):
        clause = sentence[begun : mention.start][-REACH:]
        rest = sentence[mention.end : following.start][:REACH]
        after_it = sentence[mention.end :][:REACH]
        cues = [] if _ALSO.fullmatch(clause) else _subjects(clause)
        if cues:
            subject = main if main and _is_of_main(main, cues[-1], clause) else cues[-1]
        elif not begun:
            subject = _announced(clause, rest, after_it)
        elif _RESUMES.search(_ASIDE.sub("", clause)) or _AFTER_ALL.fullmatch(clause):
            subject = main or NOTHING
        elif not _ALSO.fullmatch(clause) and len(_ASIDE.sub("", clause).split()) > SHORT:
            subject = NOTHING
        main = main if main is not None else (cues[0] if cues else subject)
        if subject == COMMENTS and _PAPERWORK_NEXT.match(rest) and not _subjects(rest):
            subject = PAPERWORK
        so_far = sentence[: mention.start][-REACH:]
        is_own = not (is_anothers(so_far, after_it) or is_moved(clause, after_it))
        is_named = _NAMES.match(rest) or _is_passed_over(subject, rest, after_it)
        if mention.on and is_own and not is_named:
            for kind in _kinds(subject, clause, so_far, mention):
                yield kind, mention.on
        begun = mention.end


def _subjects(clause: str) -> list[Subject]:
    """The subjects a clause names, in order; comments that are on paperwork told apart."""
    found = [(match.end(), subject) for subject, cue in _CUES for match in cue.finditer(clause)]
    if _is_deadline(clause):
        found = [each for each in found if each[1] != HEARING]
    if not any(subject == COMMENTS for _, subject in found):
        found += [(match.end(), NOTHING) for match in _FILINGS.finditer(clause)]
    found += [(match.end(), DELAYED) for match in _DELAYS.finditer(clause)]
    subjects: list[Subject] = []
    for _, subject in sorted(found, key=lambda each: each[0]):
        named = subjects[-1] if subjects and subjects[-1] else EFFECTIVE
        subjects.append(named if subject is DELAYED else subject)
    if subjects and subjects[-1] == COMMENTS and _ON_PAPERWORK.search(clause):
        subjects[-1] = COMMENTS + PAPERWORK if _ON_BOTH.search(clause) else PAPERWORK
    return subjects


def _is_deadline(clause: str) -> bool:
    return bool(DEADLINES.intersection(_last_words(clause)[-2:]))


def _is_passed_over(subject: Subject, rest: str, after_it: str) -> bool:
    """Whether what follows says that the date no longer holds, or only begins a period."""
    if subject == HEARING:
        return bool(_CALLED_OFF.match(rest))
    if subject == EFFECTIVE:
        return bool(_MOVED_ON.match(after_it))
    if subject == EXPIRES:
        return bool(_PROLONGED.match(rest))
    return subject in (COMMENTS, PAPERWORK) and bool(_RANGE.fullmatch(rest))


def _is_of_main(main: Subject, subject: Subject, clause: str) -> bool:
    """Whether "is postponed", "will be held" speaks of the sentence's own subject, not another."""
    if main == HEARING and subject == NOTHING:
        return bool(_HELD.search(clause))
    of_another = main in (HEARING, COMPLIANCE) and subject == EFFECTIVE
    return of_another and "effect" not in clause.casefold()


def _announced(lead: str, rest: str, after_it: str) -> Subject:
    """The subject of a date that begins its sentence: "Until May 1, 2026, the rule applies …"."""
    subjects = _subjects(rest)
    if _ON_A_DATE.fullmatch(lead) and _IS_UNDONE.match(after_it):
        return EFFECTIVE
    if subjects and _BEGINS_A_SENTENCE.fullmatch(lead):
        return subjects[0]
    if not subjects or subjects[0] == COMMENTS:
        return NOTHING  # what was done with comments on that day
    if _ON_A_DATE.fullmatch(lead) and _TAKES_EFFECT.search(rest):
        return subjects[0]  # a date that things merely happened on has no such verb
    return NOTHING


def _kinds(subject: Subject, clause: str, so_far: str, mention: Mention) -> Subject:
    """What the date is, from its subject and the last words before it."""
    words = _last_words(clause)
    last = words[-1] if words else ""
    if last in AFTER and words[-2:-1] in (["or"], ["and"]):
        return _on_or_after(subject, clause)
    if last in PAST | AFTER or _is_proposed(subject, so_far):
        return NOTHING
    if subject in (EFFECTIVE, APPLICABLE):
        return _in_force(subject, clause, so_far, last)
    if subject == COMPLIANCE:
        return NOTHING if last == "from" and _EXTENDED.search(so_far) else subject
    is_opening = last in SINCE and subject != HEARING
    is_of_publication = mention.at_once and "insert" not in clause[-20:].casefold()
    return NOTHING if is_opening or is_of_publication else subject


def _is_proposed(subject: Subject, so_far: str) -> bool:
    """Whether only a later rule will set the date; those of hearings a proposal sets itself."""
    is_the_rules = subject in (EFFECTIVE, APPLICABLE, COMPLIANCE, EXPIRES)
    return is_the_rules and bool(_PROPOSED.search(so_far))


def _in_force(subject: Subject, clause: str, so_far: str, last: str) -> Subject:
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
