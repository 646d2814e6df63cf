"""The other numbers of a provision: its twin of today, and the counterpart regulation.

The table is that of the House's compilation of the INA (as amended through Pub. L. 119-1), whose
section headings name the section of title 8 in which each stands. Sections that stand there as
notes, were executed or never codified have no twin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.citator.former import former_pairs
from pipeline.model import Citation

# INA sections that follow each other, and where the first of them stands in title 8.
_RUNS = (
    ((101, 105), 1101),
    ((201, 210), 1151),
    ((211, 215), 1181),
    ((217, 219), 1187),
    ((221, 224), 1201),
    ((231, 239), 1221),
    ((241, 241), 1231),
    ((242, 243), 1252),
    ((245, 250), 1255),
    ((251, 258), 1281),
    ((261, 266), 1301),
    ((271, 274), 1321),
    ((275, 280), 1325),
    ((281, 293), 1351),
    ((301, 309), 1401),
    ((310, 320), 1421),
    ((322, 322), 1433),
    ((324, 329), 1435),
    ((330, 344), 1441),
    ((346, 347), 1457),
    ((349, 349), 1481),
    ((351, 351), 1483),
    ((356, 357), 1488),
    ((358, 361), 1501),
    ((411, 414), 1521),
    ((501, 507), 1531),
)
_LETTERED = {
    **{"106": "1105a", "213A": "1183a", "216": "1186a", "216A": "1186b", "235A": "1225a"},
    **{"236A": "1226a", "240": "1229a", "240A": "1229b", "240B": "1229c", "240C": "1230"},
    **{"244": "1254a", "245A": "1255a", "274A": "1324a", "274B": "1324b", "274C": "1324c"},
    **{"274D": "1324d", "294": "1363a", "329A": "1440-1"},
    # Repealed by Pub. L. 106-395 (2000); neither number was used again.
    **{"321": "1432", "323": "1434"},
}
_CODIFIED = {
    **{
        str(first + step): str(codified + step)
        for (first, last), codified in _RUNS
        for step in range(last - first + 1)
    },
    **_LETTERED,
}
_ENACTED = {codified: section for section, codified in _CODIFIED.items()}
_PLACE = re.compile(r"(?P<section>\d+[A-Za-z]?(?:-\d+)?)(?P<path>(?:\(\w+\))*)")
# An item of a list but the first begins with its number, or with the letter of its subsection.
_HEADED = re.compile(r"(?:\d{1,2}\s{0,3}[Uu]|[A-Za-z§$])")
_LISTED = re.compile(r"[\s,;]{0,4}(?:(?:and|or|&)\s{1,4})?(?:§\s?|\$\s?|[Ss]ections?\s)?")
_PARALLEL = re.compile(
    r"\s{0,4}(?:\([\"“]?(?:the\s)?(?:INA|Act)[\"”]?(?:\sor\s[^()]{1,20})?\))?\s{0,4}"
    r"[,(\[]\s{0,40}(?:(?:as\s)?(?:amended,?\s)?codified\s(?:as\samended\s)?at\s)?"
)

# Duplicated from chapter I by 68 FR 9824 (Feb. 28, 2003), as each part's or section's source note
# says; of them the sections that 8 CFR of 1 January 2024 has in both chapters.
_DUPLICATED = {
    "101": "1-5",
    "103": "3 4 7",
    "205": "1-2",
    "207": "3",
    "208": "1-25 30 31 33",
    "209": "1-2",
    "211": "4",
    "212": "1-7 10-16",
    "215": "1-7",
    "216": "1-6",
    "235": "1-6 8-11",
    "236": "1-6",
    "238": "1",
    "239": "1-3",
    "240": "21 60-70",
    "241": "1 2 6-8 14 15 20 30-33",
    "244": "1-19",
    "245": "1-11 15 18 20-22",
    "246": "1-9",
    "249": "1-3",
    "270": "1-3",
    "274a": "1 9-11",
    "280": "1",
    "287": "4 6",
    "292": "1-6",
    "337": "1-4 7-10",
}
_EXECUTIVE_OFFICE = 1000  # chapter V's parts bear chapter I's numbers and this more
_REGULATION = re.compile(
    r"8 CFR (?P<mark>§|pt\.) (?P<part>\d+)(?P<letter>[a-z]?)(?:\.(?P<section>\d+))?(?P<path>\(.*)?"
)


def twins(canonical: str) -> tuple[str, ...]:
    """The same provision's other number in force: INA § 208(b)(1) and 8 USC § 1158(b)(1).

    Empty where there is none, and for ranges. What a number meant before 1 April 1997 is never a
    twin (`formerly`), and a counterpart regulation is another provision (`counterparts`).
    """
    code, _, place = canonical.partition(" § ")
    cited = _PLACE.fullmatch(place)
    if cited is None:
        return ()
    section, path = cited["section"], cited["path"]
    if code == "INA" and section in _CODIFIED:
        return (f"8 USC § {_CODIFIED[section]}{path}",)
    if code == "8 USC" and section in _ENACTED:
        return (f"INA § {_ENACTED[section]}{path}",)
    return ()


def counterparts(canonical: str) -> tuple[str, ...]:
    """The regulation of the other agency that was one text with this one until 28 February 2003:
    8 CFR § 208.13 and § 1208.13. Their texts have been amended apart since, so paragraphs may not
    correspond and none is given. Sections that only one chapter has have no counterpart.
    """
    cited = _REGULATION.fullmatch(canonical)
    if cited is None:
        return ()
    number = int(cited["part"])
    is_executive_office = number >= _EXECUTIVE_OFFICE
    base = number - _EXECUTIVE_OFFICE if is_executive_office else number
    held = _DUPLICATED.get(f"{base}{cited['letter']}")
    if held is None or (cited["section"] and int(cited["section"]) not in _numbers(held)):
        return ()
    other = base if is_executive_office else base + _EXECUTIVE_OFFICE
    section = f".{cited['section']}" if cited["section"] else ""
    return (f"8 CFR {cited['mark']} {other}{cited['letter']}{section}",)


def disagree(first: str, second: str) -> bool:
    """Whether an INA section and a section of title 8, printed as one provision's two numbers, are
    not that: neither today, nor before 1 April 1997, nor one a part of the other. False where the
    table can't tell, and for everything else."""
    if first.startswith("8 USC § "):
        first, second = second, first
    enacted, codified = (_PLACE.fullmatch(each.partition(" § ")[2]) for each in (first, second))
    if not (first.startswith("INA § ") and second.startswith("8 USC § ") and enacted and codified):
        return False
    known = {*_CODIFIED.items(), *former_pairs()}
    if enacted["section"] not in {section for section, _ in known}:
        return False
    if (enacted["section"], codified["section"]) not in known:
        return True
    one, other = enacted["path"], codified["path"]
    return not (one.startswith(other) or other.startswith(one))


def parallels(text: str, cited: Sequence[Citation]) -> Iterator[tuple[Citation, Citation]]:
    """The pairs that a text prints as one provision's two numbers: "INA § 208, 8 U.S.C. § 1158".

    `cited` are all its citations in order. Of "sections 208 and 241(b)(3) of the Act, 8 U.S.C. §§
    1158, 1231(b)(3)" the first belongs to the first; where one list is longer than the other,
    nothing says what belongs together, and no pair is given.
    """
    for one, other in pairwise(_lists(text, cited)):
        between = text[one[-1].end : other[0].start]
        kinds = {one[0].kind, other[0].kind}
        if kinds == {"ina", "usc"} and len(one) == len(other) and _PARALLEL.fullmatch(between):
            yield from zip(one, other, strict=True)


def _numbers(held: str) -> Iterator[int]:
    for run in held.split():
        first, _, last = run.partition("-")
        yield from range(int(first), int(last or first) + 1)


def _lists(text: str, cited: Sequence[Citation]) -> list[list[Citation]]:
    """Citations item by item of the lists in which they stand; what stands alone is a list too."""
    lists: list[list[Citation]] = []
    for citation in cited:
        last = lists[-1][-1] if lists else None
        if (
            last is not None
            and citation.kind == last.kind
            and not _HEADED.match(citation.raw)
            and _LISTED.fullmatch(text, last.end, citation.start)
        ):
            lists[-1].append(citation)
        else:
            lists.append([citation])
    return lists
