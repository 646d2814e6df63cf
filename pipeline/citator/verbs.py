"""The words in which one authority is said to have been treated by another."""

from __future__ import annotations

import re

from pipeline.citator.model import TreatmentKind as Kind

# The past participle of each, as running text has it.
PAST = {
    Kind.OVERRULED: r"over-?ruled",
    Kind.ABROGATED: r"abrogated",
    Kind.DISAPPROVED: r"disapproved(?: of)?",
    Kind.VACATED: r"vacated",
    Kind.REVERSED: r"reversed|overturned",
    Kind.SUPERSEDED: r"superseded",
    Kind.MODIFIED: r"modified",
    Kind.LIMITED: r"limited",
    Kind.RECEDED_FROM: r"receded from|withdrawn from",
    Kind.NOT_FOLLOWED: r"not followed",
    Kind.CLARIFIED: r"clarified",
    Kind.DISTINGUISHED: r"distinguished",
    Kind.REAFFIRMED: r"reaffirmed",
    Kind.AFFIRMED: r"affirmed",
    Kind.REINSTATED: r"reinstated",
}
# What stands in citations beside those: Bluebook rule 10.7 and table T8. Scanners lose apostrophes.
_TICK = r"[\u2018\u2019'`´º°\"\s]?"
HISTORY = {
    **PAST,
    Kind.AFFIRMED: rf"aff{_TICK}d|aſf{_TICK}d|affirmed",
    Kind.REVERSED: rf"rev{_TICK}d|reversed",
    Kind.VACATED: rf"vacated|vac{_TICK}d|withdrawn",
    Kind.DISAPPROVED: r"disapproved(?: of)?|called into (?:doubt|question)",
    Kind.MODIFIED: r"modified|amended",
    Kind.REMANDED: r"remanded",
    Kind.FOLLOWED: r"followed",
    Kind.NOT_FOLLOWED: r"not followed|disagreed with",
}
# "(overruling Matter of X)", "aff'g 12 F.3d 34": what stands before did it to what follows.
ACTIVE = {
    Kind.OVERRULED: r"overruling",
    Kind.ABROGATED: r"abrogating",
    Kind.DISAPPROVED: r"disapproving(?: of)?",
    Kind.VACATED: rf"vacating|vac{_TICK}g",
    Kind.REVERSED: rf"reversing|rev{_TICK}g",
    Kind.SUPERSEDED: r"superseding",
    Kind.MODIFIED: r"modifying",
    Kind.LIMITED: r"limiting",
    Kind.RECEDED_FROM: r"receding from|withdrawing from",
    Kind.NOT_FOLLOWED: r"(?:declining|refusing) to follow|not following|disagreeing with|rejecting",
    Kind.CLARIFIED: r"clarifying",
    Kind.DISTINGUISHED: r"distinguishing",
    Kind.FOLLOWED: r"following|adhering to",
    Kind.REAFFIRMED: r"reaffirming",
    Kind.AFFIRMED: rf"affirming|aff{_TICK}g",
    Kind.REINSTATED: r"reinstating",
}
# "abrogation recognized by": who tells it is another than who did it.
NOUNS = {
    Kind.OVERRULED: r"overruling",
    Kind.ABROGATED: r"abrogation",
    Kind.DISAPPROVED: r"disapproval",
    Kind.VACATED: r"vacatur",
    Kind.REVERSED: r"reversal",
    Kind.SUPERSEDED: r"supersession",
}

_GAP = re.compile(r"(?P<set>\[[^\]]*\])| ")  # a set of characters is no words


def kind(word: str, forms: dict[Kind, str]) -> Kind:
    """Which treatment a word stands for, in a table above that has it."""
    printed = " ".join(word.split())
    return next(each for each, said in forms.items() if re.fullmatch(said, printed, re.IGNORECASE))


def gapped(pattern: str) -> re.Pattern[str]:
    """A pattern in which every space stands for what print has between words: a line break too."""
    return re.compile(_GAP.sub(_gap, pattern))


def _gap(match: re.Match[str]) -> str:
    return match[0].replace(" ", r"\s") if match["set"] else r"\s{1,3}"


def either(forms: dict[Kind, str]) -> str:
    """A pattern for every word of a table."""
    return "|".join(forms.values())
