"""What stood under a number before the law was renumbered."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class _Former:
    """What stood under a number until the day on which Pub. L. 104-208 replaced it."""

    section: str
    codified: str
    subject: str
    then: str


# Of these numbers nothing stands under today, so that whoever cites them means the former law.
_UNUSED = (
    *("INA § 212(c)", "INA § 242A", "INA § 242B", "INA § 243(h)", "INA § 244A"),
    *("8 USC § 1182(c)", "8 USC § 1251", "8 USC § 1252a", "8 USC § 1252b", "8 USC § 1253(h)"),
    *("8 USC § 1254", "8 CFR § 3", "8 CFR pt. 3"),
)
# A year before 1998, and no number of a section or a sum.
_THEN = re.compile(
    r"\bformer(?:ly)?\b|(?<!§\s)(?<![§$\d.,-])\b19(?:[0-8]\d|9[0-7])\b", re.IGNORECASE
)
_REPLACED_ON = "1 April 1997"  # Pub. L. 104-208, div. C, section 309(a)
# Pub. L. 104-208, div. C, sections 303 to 308, which repeal, rewrite and renumber.
_FORMER = (
    _Former(
        section="106",
        codified="1105a",
        subject="judicial review of orders of deportation and exclusion",
        then="that subject is now in INA § 242 (8 USC § 1252)",
    ),
    _Former(
        section="212(c)",
        codified="1182(c)",
        subject="the waiver for permanent residents who return to a domicile of seven years",
        then="it was repealed",
    ),
    _Former(
        section="236",
        codified="1226",
        subject="exclusion proceedings",
        then="removal proceedings are now in INA § 240 (8 USC § 1229a)",
    ),
    _Former(
        section="237",
        codified="1227",
        subject="the removal of those who were excluded",
        then="the grounds of deportability that stand there now were in INA § 241 (8 USC § 1251)",
    ),
    _Former(
        section="240",
        codified="1230",
        subject="records of admission",
        then="they are now in INA § 240C (8 USC § 1230)",
    ),
    _Former(
        section="241",
        codified="1251",
        subject="the grounds of deportability",
        then="they are now in INA § 237 (8 USC § 1227)",
    ),
    _Former(
        section="242",
        codified="1252",
        subject="apprehension and proceedings in deportation",
        then="those subjects are now in INA §§ 236, 240 and 241",
    ),
    _Former(
        section="242A",
        codified="1252a",
        subject="the expedited deportation of aggravated felons",
        then="that subject is now in INA § 238 (8 USC § 1228)",
    ),
    _Former(
        section="242B",
        codified="1252b",
        subject="notice, failure to appear and other procedure in deportation",
        then="those subjects are now in INA §§ 239 and 240",
    ),
    _Former(
        section="243(h)",
        codified="1253(h)",
        subject="withholding of deportation",
        then="withholding of removal is now in INA § 241(b)(3) (8 USC § 1231(b)(3))",
    ),
    _Former(
        section="244",
        codified="1254",
        subject="suspension of deportation and voluntary departure",
        then="cancellation of removal is now in INA § 240A, voluntary departure in § 240B",
    ),
    _Former(
        section="244A",
        codified="1254a",
        subject="temporary protected status",
        then="it is now in INA § 244 (8 USC § 1254a)",
    ),
)


def formerly(canonical: str) -> tuple[str, ...]:
    """Sentences on what stood under this number, or above it, before it was used otherwise."""
    if moved := re.fullmatch(r"8 CFR (?:§|pt\.) 3(?P<section>\.\d+)?(?:\(.*)?", canonical):
        return (
            "Until 28 February 2003 8 CFR part 3 was the Executive Office for Immigration Review's;"
            f" 68 FR 9824 made it 8 CFR part 1003, where this is {_moved(moved['section'])}.",
        )
    code, _, place = canonical.partition(" § ")
    return tuple(
        f"Until {_REPLACED_ON} INA § {former.section} (8 USC § {former.codified}) was "
        f"{former.subject}; {former.then}."
        for former in _FORMER
        if code in ("INA", "8 USC")
        and _lies_in(place, former.section if code == "INA" else former.codified)
    )


def may_mean_former(canonical: str, sentence: str) -> bool:
    """Whether a sentence that cites a number may mean what stood under it: nothing stands there
    today, or the sentence gives a year before 1998 or says "former"."""
    is_unused = any(re.match(rf"{re.escape(each)}(?!\w)", canonical) for each in _UNUSED)
    return is_unused or _THEN.search(sentence) is not None


def former_pairs() -> frozenset[tuple[str, str]]:
    """Sections that stood in these places of title 8 before they were renumbered."""
    return frozenset(
        (former.section.partition("(")[0], former.codified.partition("(")[0]) for former in _FORMER
    )


def _moved(section: str | None) -> str:
    return f"§ 1003{section}" if section else "the whole"


def _lies_in(place: str, whole: str) -> bool:
    return place == whole or place.startswith(f"{whole}(")
