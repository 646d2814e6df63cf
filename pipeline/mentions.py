"""Find the calendar dates a text mentions, in every form the agencies print them in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
GAP = 80  # characters between a date without a year and the date whose year it shares

_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?"
    r"|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_NTH = r"(?:st|nd|rd|th)?"
_ANOTHER = r"(?!\sof\s(?:an?|another|one)\s)"  # "upon publication of a notice": of a later one
DATE = re.compile(
    rf"""
    \b(?P<month>{_MONTH})\s(?P<day>\d\d?){_NTH}
        (?P<run>(?:,\s\d\d?{_NTH})*(?:,?\s(?:and|or|through|thru|to)\s|\s?[-–]\s?)\d\d?{_NTH})?
        ,?\s(?P<year>\d{{4}})\b
  | \b(?P<month2>{_MONTH})\s(?P<day2>\d\d?){_NTH}(?![\d:/-])
  | \b(?P<day3>\d\d?){_NTH}\s(?:day\sof\s)?(?P<month3>{_MONTH}),?\s(?P<year3>\d{{4}})\b
  | \b(?P<month4>\d\d?)/(?P<day4>\d\d?)/(?P<year4>\d{{4}})\b
  | (?<!within\s)(?<!least\s)(?<!than\s)\b(?P<days>\d\d?\d?)[\s-]days?\s
        (?:after|from|following)\s(?:the\s)?(?:date\sof\s)?publication\b{_ANOTHER}
  | \b(?:upon|on|insert)\s(?:the\s)?(?:date\sof\s)?(?:its\s)?(?P<at_once>publication)\b{_ANOTHER}
    """,
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)
_JOINS = re.compile(
    r",?\s?(?:[-–]|\b(?:to|through|thru|until|till|and|or)\b)[^;]*|,\s?|[\s,\d:apm.]*(?:to|until)\b[^;]*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Mention:
    """A place in a sentence that gives a date: `on` is None where it can't be told."""

    start: int
    end: int
    on: date | None
    at_once: bool = False


def mentions(sentence: str, published: date | None) -> tuple[Mention, ...]:
    """The dates a sentence mentions, in order. One without a year has that of the date it is
    joined to ("from March 3 to March 10, 2026"); joined to none, it is no date.

    `published` is what "60 days after publication" and "on publication" are counted from.
    """
    found: list[Mention] = []
    for match in reversed(list(DATE.finditer(sentence))):
        if match["month2"]:
            found += _yearless(match, sentence, found[-1] if found else None)
        else:
            found += reversed(list(_dated(match, published)))
    return tuple(reversed(found))


def first_date(text: str) -> date | None:
    """The first calendar date a text gives, whatever it is the date of."""
    return next((mention.on for mention in mentions(text, None) if mention.on), None)


def _dated(match: re.Match[str], published: date | None) -> Iterator[Mention]:
    if not match["run"]:
        yield Mention(match.start(), match.end(), _on(match, published), bool(match["at_once"]))
        return
    days = [match.span("day"), *(each.span() for each in _days_after(match))]
    last = len(days) - 1
    for number, (start, end) in enumerate(days):
        on = _calendar(match["year"], match["month"], match.string[start:end])
        begun = start if number else match.start()
        yield Mention(begun, match.end() if number == last else end, on)


def _days_after(match: re.Match[str]) -> Iterator[re.Match[str]]:
    return re.compile(r"\d\d?").finditer(match.string, *match.span("run"))


def _yearless(match: re.Match[str], sentence: str, joined: Mention | None) -> Iterator[Mention]:
    if joined is None or joined.on is None or joined.start - match.end() > GAP:
        return
    if not _JOINS.fullmatch(sentence[match.end() : joined.start]):
        return
    on = _calendar(str(joined.on.year), match["month2"], match["day2"])
    if on and on > joined.on:  # "from December 20 to January 5, 2027"
        on = _calendar(str(joined.on.year - 1), match["month2"], match["day2"])
    yield Mention(match.start(), match.end(), on)


def _on(match: re.Match[str], published: date | None) -> date | None:
    if match["at_once"]:
        return published
    if match["days"]:
        return published + timedelta(days=int(match["days"])) if published else None
    if match["month4"]:
        return _calendar(match["year4"], match["month4"], match["day4"])
    month, day = match["month"] or match["month3"], match["day"] or match["day3"]
    return _calendar(match["year"] or match["year3"], month, day)


def _calendar(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdecimal() else MONTHS.index(month[:3].lower()) + 1
    try:
        return date(int(year), number, int(day))
    except ValueError:  # the thirtieth of February
        return None
