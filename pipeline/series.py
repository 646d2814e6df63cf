"""Documents that follow one another in a series, and what differs by the month's name alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from pipeline import editorial, noise
from pipeline.noise import Rule

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
NAMED = re.compile(rf"\b({'|'.join(MONTHS)})(?: of)? (\d{{4}})\b", re.IGNORECASE)
DAY = rf"(?:{'|'.join(MONTHS)}) \d{{1,2}}(?:st|nd|rd|th)?(?:, \d{{4}})?"
RECEIVED = re.compile(rf"(?<=\bdemand received by ){DAY}")
ISSUE = re.compile(rf"Number \d+ Volume [IVXLC]+(?: Washington, D\.? ?C\.?)?|CA/VO:? ?{DAY}\.?")
COUNTED = re.compile(r"^(?:[A-Z]|\d{1,2})\. ")
# The words before a month that make it a beginning or an end.
BOUND = re.compile(
    r"\b(?:until|through|by|before|after|since|from|beyond|end of|as early as|as late as|later than"
    r"|(?:beginning|starting|effective|ending|expires?|expiring|lapses?)(?: (?:in|on))?) $",
    re.IGNORECASE,
)
REACH = 24  # characters; none of them is longer


@dataclass(frozen=True, order=True, kw_only=True)
class Month:
    """A month of a year; `str` gives it as "2023-08"."""

    year: int
    month: int

    @property
    def name(self) -> str:
        return MONTHS[self.month - 1]

    def back(self, months: int) -> Month:
        """The month so many months before; below zero, after."""
        year, month = divmod(self.year * 12 + self.month - 1 - months, 12)
        return Month(year=year, month=month + 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


def month_of(words: str) -> Month | None:
    """The first month of a year that words name, as a title does; None where they name none."""
    found = NAMED.search(words)
    if found is None:
        return None
    return Month(year=int(found[2]), month=MONTHS.index(found[1].capitalize()) + 1)


MONTH_NAMED = Rule(
    name="series-month",
    why="Only the name of the month that an issue is for differs, or that of the"
    " month after it; no day, no year and no month that bounds something does.",
)
COUNTED_TO = Rule(
    name="series-counted-to",
    why='Only the day up to which demand was counted differs ("demand received by June 3rd"):'
    " every bulletin has its own.",
    fold=lambda text: RECEIVED.sub("", text),
)
IMPRINT = Rule(
    name="series-imprint",
    why="The whole line is the imprint of one issue: its number and volume, or the office's day.",
    fold=lambda text: "" if ISSUE.fullmatch(text) else text,
)
SECTION_LETTER = Rule(
    name="section-letter",
    why="Only the letter or number by which a section is counted differs: others before it came"
    " or went.",
    fold=lambda text: COUNTED.sub("", text),
)
NOISE = (MONTH_NAMED, COUNTED_TO, IMPRINT)
RULES = (*NOISE, SECTION_LETTER)


def explain(old: str, new: str, before: Month, after: Month) -> str:
    """Name the rule by which a block of one issue says what that of the next one says; empty if
    something remains. `before` and `after` are the months that the issues are for."""
    old, new = noise.fold(old), noise.fold(new)
    old, new = neutral(old, before), neutral(new, after)
    if old == new:
        return MONTH_NAMED.name
    return noise.explain(old, new, RULES) or editorial.explain(old, new)


def neutral(text: str, month: Month | None) -> str:
    """Fold away the names of an issue's own month and the next, but neither a day of them, nor a
    month with its year, nor one that bounds something ("until June"): these may govern."""
    if month is None:
        return text
    for mark, named in (("{month}", month), ("{next month}", month.back(-1))):
        # Spelled as a name, so that "may" stays a verb.
        name = rf"(?<!\d )\b(?:{named.name}|{named.name.upper()})\b(?!,? \d)"
        text = re.sub(name, partial(_unbound, mark), text)
    return text


def _unbound(mark: str, found: re.Match[str]) -> str:
    bounds = BOUND.search(found.string, max(0, found.start() - REACH), found.start())
    return found[0] if bounds else mark
