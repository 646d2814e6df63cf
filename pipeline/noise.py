"""The named rules by which a difference is noise: each folds away one thing that carries no law.

An edit is noise when both sides fold to the same text. No rule touches a letter or a number of a
sentence, so no noise rule can hide a changed word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One named reason to ignore a difference. `why` is shown to readers beside what it ignored.

    `fold` takes away what the rule ignores; a rule about a block's place leaves its text alone.
    """

    name: str
    why: str
    fold: Callable[[str], str] = str


PRINTED = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "ﬁ": "fi",
        "ﬂ": "fl",
    }
)
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
STRAY_SPACES = ("( ", "[ ", " )", " ]", " ,", " ;", " :")
BEFORE_STOP = re.compile(r" \.(?= |$)")
AROUND_DASH = re.compile(r"\s*-(?:\s*-)+\s*|\s+-\s+")
INITIALS = re.compile(r"(?<![\w-])([A-Z](?:-[A-Z])+)(?![\w-])")
BESIDE_QUOTE = re.compile(r'\s*"\s*')
BEFORE_HYPHEN = re.compile(r"(?<=\w)\s+-(?![\s-])")
# "Matter of A-B- I" is the first decision about A-B-, and "A-B-I" another party.
AFTER_HYPHEN = re.compile(r"(?<=\w)(?<!-[A-Z])-\s+(?=\w)")
# Of a link; "a file (PDF)" says in what format something is to be filed.
FILE_FORMAT = re.compile(r"(\b(?:files?|formats?))?\s*\(PDF(?:,\s*[\d.,]{1,9}\s*[KMG]B)?\)")
DAY = r"(?:\w{3,9}\.?\s+\d{1,2},\s+\d{4}|\d{1,2}/\d{1,2}/\d{2,4}|\d{4}-\d{2}-\d{2})"
STAMP = re.compile(
    r"\s*(?:(?:this\s+)?(?:page|content|policy manual)\s+(?:is\s+|was\s+)?)?"
    r"(?:current\s+as\s+of|last\s+(?:reviewed|updated|modified)(?:\s*/\s*updated)?(?:\s+on)?)"
    rf"[\s:]*{DAY}\s*\.?\s*",
    re.IGNORECASE,
)
COUNTER = re.compile(
    r"\s*(?:(?:page\s+)?views?\s*:\s*[\d,]+|[\d,]+\s+(?:page\s+)?views|"
    r"viewed\s+[\d,]+\s+times)\s*\.?\s*",
    re.IGNORECASE,
)


def _spacing(text: str) -> str:
    seen = text if text.isascii() else UNSEEN.sub("", text)
    plain = " ".join(seen.split())
    for stray in STRAY_SPACES:
        plain = plain.replace(stray, stray.strip())
    return BEFORE_STOP.sub(".", plain)


def _typography(text: str) -> str:
    plain = text if text.isascii() else text.translate(PRINTED)
    return AROUND_DASH.sub("-", plain) if "-" in plain else plain


def _beside_marks(text: str) -> str:
    """Needs plain quotation marks and hyphens, as `_typography` leaves them."""
    if '"' in text:
        text = BESIDE_QUOTE.sub('"', text)
    return AFTER_HYPHEN.sub("-", BEFORE_HYPHEN.sub("-", text)) if "-" in text else text


def _initials(text: str) -> str:
    return INITIALS.sub(r"\1-", text) if "-" in text else text


def _file_format(text: str) -> str:
    if "(PDF" not in text:
        return text
    return FILE_FORMAT.sub(lambda found: found[0] if found[1] else "", text)


def _stamp(text: str) -> str:
    return "" if STAMP.fullmatch(text) else text


def _counter(text: str) -> str:
    return "" if COUNTER.fullmatch(text) else text


RULES = (
    Rule(
        name="spacing",
        why="Only white space or invisible characters differ; the words and their order do not.",
        fold=_spacing,
    ),
    Rule(
        name="typography",
        why="Only the shape of quotation marks, dashes or ligatures differs; none carries meaning.",
        fold=_typography,
    ),
    Rule(
        name="file-format",
        why='Only a note on a link\'s file format ("(PDF, 120 KB)") differs; what is cited does'
        " not.",
        fold=_file_format,
    ),
    Rule(
        name="mark-spacing",
        why="Only white space beside a quotation mark or a hyphen differs; the mark still stands,"
        " and no two words become one.",
        fold=_beside_marks,
    ),
    Rule(
        name="initials",
        why='Only the hyphen that closes a party\'s initials ("D-G-C-") differs; the name is the'
        " same.",
        fold=_initials,
    ),
    Rule(
        name="stamp",
        why='The whole line is the web page\'s own "last reviewed" or "current as of" stamp, which'
        " dates the page and no rule of law.",
        fold=_stamp,
    ),
    Rule(
        name="counter",
        why="The whole line counts views of the web page.",
        fold=_counter,
    ),
)


def fold(text: str) -> str:
    """Fold away everything that the noise rules ignore."""
    for rule in RULES:
        text = rule.fold(text)
    return text


def explain(old: str, new: str, rules: Iterable[Rule] = RULES) -> str:
    """Name the rule that accounts for the last of the difference; empty if something remains."""
    for rule in rules:
        old, new = rule.fold(old), rule.fold(new)
        if old == new:
            return rule.name
    return ""
