"""Read how far a treatment goes: in part, of what, in which circuits, for which class of cases."""

from __future__ import annotations

import re
from dataclasses import dataclass

OTHER_GROUNDS = "other grounds"
CIRCUITS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "dc")
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh"),
)
_NAMED = {
    **{word: CIRCUITS[at] for at, word in enumerate(_ORDINALS)},
    **{f"{each}{end}": each for each in CIRCUITS[:-1] for end in ("st", "d", "nd", "rd", "th")},
    **dict.fromkeys(("d.c.", "dc", "district of columbia"), "dc"),
}  # fmt: skip
_NAME = "|".join(re.escape(each) for each in sorted(_NAMED, key=len, reverse=True))
_NAMES = rf"(?:{_NAME})(?:(?:, and |, or | and | or |, )(?:the )?(?:{_NAME}))*"
_PLACE = (
    r"(?:(?:cases|those|matters|proceedings|jurisdictions) )?(?:arising )?"
    r"(?P<{how}>{words})\s+(?:cases\s+)?(?:arising\s+)?(?:in\s+|within\s+|from\s+|under\s+)?"
    r"(?:the\s+)?(?:jurisdictions?\s+of\s+(?:the\s+)?)?"
    r"(?:(?:U\.S\.|United States)\s+)?(?:Courts?\s+of\s+Appeals\s+for\s+(?:the\s+)?)?"
    rf"(?P<{{how}}_names>{_NAMES})\s+Cir(?:cuits?\b|\.)"
    # "in the Ninth Circuit's view", "in the Ninth Circuit decision": a court that speaks, no place.
    r"(?!['’]s?\b|\s+(?:case|decision|opinion|precedent|panel|held|has|had|ha[sd]n))"
)
_IN = re.compile(
    _PLACE.format(how="inside", words="in|within|throughout|for"), re.IGNORECASE
)  # fmt: skip
_OUT = re.compile(
    _PLACE.format(
        how="outside",
        words=r"outside(?: of)?|(?:except(?: for| as)?|other than|but not|excluding)"
        # "except in cases arising in", "except as it applies in"
        r"(?: (?:it|they|those|cases|matters|proceedings|arising|appl(?:y|ies)|decided"
        r"|in(?= (?:cases|those|matters|proceedings)\b)))*",
    ),
    re.IGNORECASE,
)
_EACH_NAME = re.compile(rf"\b(?:{_NAME})(?![\w])", re.IGNORECASE)
_WHOLE = re.compile(
    r"\bin (?:its|their|his|her|the) entirety\b|\bin (?:full|toto|whole)\b|\bentirely\b|\bwholly\b",
    re.IGNORECASE,
)
_PARTLY = re.compile(
    r"\bin (?:(?:relevant|pertinent|large|substantial|other) )?part\b|\bin parts?\b"
    r"|\bto (?:the|that|this|whatever|any) extent\b|\bin\s?so\s?far as\b|\binasmuch as\b"
    r"|\bon (?:this|that|these|those|the) (?:\w+ )?(?:points?|issues?|questions?)\b"
    r"|\bon (?:this|that|these|those) grounds? (?:only|alone)\b"
    r"|\bin (?:this|that|these|those|one|certain|some|all other|other) (?:regards?|respects?)\b"
    r"|\bso far as\b|\blargely\b|\bpro tanto\b|\bso much of\b"
    r"|\bonly (?:the|its|that|this|our) (?:\w+ ){0,3}(?:holdings?|rulings?|portions?|parts?"
    r"|sections?|discussion|analysis|conclusions?|statements?)\b"
    r"|\b(?:first|second|third|fourth|fifth|alternat(?:e|ive)|additional) (?:holdings?|rulings?)\b"
    r"|\bone of (?:the|its|our) holdings\b"
    r"|\bas (?:to|regards|respects)\b|\bwith (?:respect|regard) to\b|\bpart(?:ially|ly)\b"
    r"|\b(?:portions?|parts?|sections?|aspects?) (?:[IVXLC\d]+[\w.()]* )?of\b"
    r"|\bexcept (?:as|to|for|insofar|that)\b|\bonly (?:as|in|to|where|when|insofar)\b",
    re.IGNORECASE,
)  # fmt: skip
# "In cases arising in the Ninth Circuit, we overrule": where a clause begins, up to its comma.
_INTRODUCED = re.compile(
    r"(?:\A|[.;:(]\s?|,\s(?:and|but)\s|\bthat\b)\W{0,20}+"
    r"(?:(?:accordingly|therefore|thus|however|and|but|\(?\d{1,2}[.)]),?\s){0,2}"
    r"(?P<phrase>(?:in|within|throughout|for|outside|except|other\sthan)\b[^,;:]{0,160},)",
    re.IGNORECASE,
)
# "Insofar as it conflicts with this decision, X is overruled."
_LIMITED_BEFORE = re.compile(
    r"(?:\A|[.;:(]\s?|,\s(?:and|but)\s|\b(?:that|and|but)\s)\W{0,20}+(?:\(?\d{1,2}[.)]\s)?"
    r"(?:to the extent|in\s?so\s?far as|so far as|inasmuch as)\b(?: that)?"
    r"(?: (?:it|they|any (?:part|portion|language) of (?:it|them))\b[^;:]{0,200},"
    r"|[^;:]{0,160}\b(?:inconsistent|conflict\w*|contrary|otherwise|different(?:ly)?)\b[^;:]{0,120},)",
    re.IGNORECASE,
)
# "in that circuit": the one named last.
_THAT_PLACE = re.compile(
    r"\b(?:in|within|for|throughout) (?:cases (?:arising )?in )?(?:this|that|its)"
    r" (?:circuit|jurisdiction)\b",
    re.IGNORECASE,
)
_ANY_CIRCUIT = re.compile(rf"\b(?P<name>{_NAME})\s+Cir(?:cuits?\b|\.)", re.IGNORECASE)
_ON_OTHER_GROUNDS = re.compile(
    r"\b(?:up)?on (?:an)?other (?:grounds?|points?|issues?|reasons?)\b|\bfor other reasons\b"
    r"|\bon (?:a )?(?:different|unrelated) grounds?\b",
    re.IGNORECASE,
)
_THINGS = (
    r"stays?|injunctions?|judgments?|orders?|mandates?|sentences?|convictions?|bonds?"
    r"|(?:interim final |final |proposed |interim )rules?|regulations?|polic(?:y|ies)"
    r"|memorand(?:um|a)"
)
_THING = re.compile(
    r"\b(?:the|an?|its|their|our|his|her|any|that|this|those|these"
    rf"|['’]s)\s+(?:[\w’'-]+\s){{0,3}}?(?P<thing>{_THINGS})\b"
    r"(?!\s+(?:to|that|for)\b)",
    re.IGNORECASE,
)
_CASES = (
    r"(?:decisions?|cases?|opinions?|precedents?|orders?|rulings?|holdings?|authorit(?:y|ies)"
    r"|determinations?|interpretations?|guidance|memos|memoranda)"
)
_REACHES = re.compile(
    rf"\b(?:any|all|every|those|other)\s+(?:[\w’'-]+,?\s){{0,5}}?{_CASES}(?:,?\s+(?:and"
    rf"|or)\s+{_CASES})?"
    r",?\s(?:to\s+the\s+extent\s+)?(?:(?:that|which|they|it|are|is|were|was|have|has|been)\s){0,4}"
    r"(?:issued|decided|rendered|rel(?:y|ies|ied|ying)|follow\w*|based|inconsistent|contrary"
    r"|conflict\w*"
    r"|in (?:conflict|reliance)|to the contrary|appl(?:y|ied|ying)|adher\w+|adopt\w+)\b[^,.;]{0,80}"
    r"|\b(?:its|their|the)\s+progeny\b|\b(?:line|string)\s+of\s+(?:cases|decisions|precedents)\b"
    r"|\b(?:similar|like|related)\s+(?:cases|decisions|precedents)\b"
    r"|\b(?:any|all)\s+(?:other\s+)?(?:contrary|conflicting|inconsistent|prior|previous|earlier)\s"
    rf"(?:[\w’'-]+\s){{0,3}}?{_CASES}\b|\bpre-\s?[A-Z][\w’'-]{{0,40}}(?:\s[IVX]+)?\s{_CASES}\b",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far a treatment goes, in the terms of `Treatment`'s fields of the same names.

    What is said for all circuits but some is said for each of the others: `circuits` then names
    those, so "outside the Second Circuit" leaves "2" out and needs no field of its own.
    """

    in_part: bool = False
    object: str = ""
    circuits: tuple[str, ...] = ()
    reaches: str = ""


def reach(clause: str, before: str = "") -> Reach:
    """How far the verb of a clause reaches, by the words of that clause, and by the introductory
    phrase of what stands `before` it in its sentence.

    The clause is that of one verb: of "affirmed in part and vacated in part" each half. "In its
    entirety" outdoes every word of a part. `object` is "other grounds" only; `thing` tells what
    else a verb may act on.
    """
    said = _spaced(clause)
    return Reach(
        in_part=is_in_part(said, before),
        object=OTHER_GROUNDS if _ON_OTHER_GROUNDS.search(said) else "",
        circuits=circuits(clause, before),
        reaches=reaches(clause),
    )


def is_in_part(clause: str, before: str = "") -> bool:
    """Whether a clause limits its verb to a part; "on other grounds" limits nothing by itself. What
    stands `before` it in its sentence may limit it too ("Insofar as it conflicts, …"), and so does
    "that circuit" where none is named."""
    said = _spaced(clause)
    if _LIMITED_BEFORE.search(_spaced(before)):
        return True
    is_somewhere = bool(_THAT_PLACE.search(said)) and not circuits(clause, before)
    return is_somewhere or (bool(_PARTLY.search(said)) and not _WHOLE.search(said))


def circuits(clause: str, before: str = "") -> tuple[str, ...]:
    """For which circuits alone a clause says it, in their order; () where it names no place. A
    court that acts ("by the Ninth Circuit") is no place. `before` is what stands before the clause
    in its sentence: its introductory phrase names a place too, and "that circuit" one named there.
    """
    said = _spaced(clause)
    if found := _places(said):
        return found
    if _THAT_PLACE.search(said):
        named = [*_ANY_CIRCUIT.finditer(f"{_spaced(before)} {said}")]
        return (_NAMED[named[-1]["name"].lower()],) if named else ()
    return introduced(before)


def introduced(before: str) -> tuple[str, ...]:
    """The circuits that the introductory phrase of a clause names ("In cases arising in the Ninth
    Circuit, we …"), where `before` is what stands before the verb in its sentence; () where none.
    """
    [*phrases] = _INTRODUCED.finditer(_spaced(before))
    return _places(phrases[-1]["phrase"]) if phrases else ()


def _places(said: str) -> tuple[str, ...]:
    excepted = _named(_OUT, said)
    if excepted:
        return tuple(each for each in CIRCUITS if each not in excepted)
    named = _named(_IN, said)
    return tuple(each for each in CIRCUITS if each in named)


def thing(words: str) -> str:
    """What words name that is no decision: "stay" of "the stay of the Board's order"; "" where they
    name none. `words` are what a verb acts on: what stands before a passive verb, or after an
    active one, up to the authority. The first noun is the head: a stay of an order is a stay."""
    found = _THING.search(_spaced(words))
    return found["thing"].lower() if found else ""


def reaches(clause: str) -> str:
    """The words for a whole class of decisions, as printed; "" where a clause has none."""
    found = _REACHES.search(_spaced(clause))
    return found[0].strip() if found else ""


def _spaced(words: str) -> str:
    """With one space where print breaks a line."""
    return " ".join(words.split())


def _named(place: re.Pattern[str], clause: str) -> frozenset[str]:
    group = "outside_names" if place is _OUT else "inside_names"
    return frozenset(
        _NAMED[name[0].lower()]
        for match in place.finditer(clause)
        for name in _EACH_NAME.finditer(match[group])
    )
