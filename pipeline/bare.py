"""Sections cited without their code: "section 237(a)(2)(C)", "§ 1421", "§ 922(d)".

A bare number belongs to the one code under which the document cites it elsewhere. Where it does so
nowhere, it is the INA's or title 8's only in a text on immigration by its own words, if that code
has such a number and nothing near gives it to another. In doubt it is nobody's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.act import is_other
from pipeline.citator.twins import twins
from pipeline.model import Citation
from pipeline.sections import OF_THE_ACT, OF_THIS_TITLE, SUBS, listed

_CODES = ("ina", "usc", "cfr")
_OURS = (("ina", "INA "), ("usc", "8 USC "))
# Not "Penal Code § 245", not "TILA section 245" and not "section 245 of the Penal Code".
_BARE = re.compile(
    r"(?<!Code )(?<!Law )(?<!Stat. )(?<![A-Z][A-Z] )(?<!\w)(?:§|[Ss]ection)\s?"
    r"(?P<number>\d[\d.]{0,9}[A-Za-z]?)"
    rf"(?P<subs>{SUBS})?(?![\w(]|-\d|\s{{1,4}}\((?:\d|[A-Z]\)))(?!\s+of\b)"
)
_HEADS = r"(?<!\w)(?:[Ss]ections?\s{1,4}|§§?\s{0,4}|\$\$?\s{0,4})"
# "section 208(b)(2)(A) (asylum), 241(b)(3)(B) (withholding)": a remark stands between the items.
_AFTER_REMARK = r"(?<=[a-z]\)[,;])\s"
_REMARK = re.compile(r"\s\([^()\d]{3,50}\)[,;]\s")
_SEPARATED = re.compile(r"[\s,;]{0,6}(?:(?:and/or|and|or|&)\s{0,4})?")
_LISTS = (
    replace(
        OF_THE_ACT,
        head=rf"(?:{_HEADS}|{_AFTER_REMARK})(?=[1-5]\d\d[A-Z]?\([a-z]\))",
        closing="",
    ),
    replace(OF_THIS_TITLE, head=rf"{_HEADS}(?=1[1-5]\d\d[a-z]?)", closing=""),
)
_LONGEST = 80  # characters around a section in which its owner stands
# What names an owner in front: "Penal Code §", "Cal. Veh. Code, section", "Pub. L. 104-208, §".
_OWNER_BEFORE = re.compile(
    r"(?:(?<![\w'’&-])(?P<word>[A-Z][\w'’&-]{0,40}\.?(?:\s?\([^()]{1,20}\))?)|(?<![\w.:-])\w{0,3}\d[\w.:-]{0,40}"
    r"|\b(?:this|code|law|statute|rule|regulations?|guidelines?|act|amended|title|chapter))"
    r"(?P<stop>[,:]?\s{1,4}\(?|[,:]?\s?)\Z"
)
# Words that begin a sentence or a reference, and own nothing.
_OPENING = frozenset(
    (
        *("a", "accordingly", "accord", "additionally", "although", "and", "as", "because", "both"),
        *("but", "by", "cf", "compare", "finally", "for", "former", "from", "further", "generally"),
        *("here", "however", "if", "in", "is", "like", "moreover", "nor", "of", "on", "or"),
        *("pursuant", "see", "since", "that", "the", "then", "therefore", "though", "thus", "to"),
        *("under", "unlike", "when", "where", "whereas", "whether", "while", "with"),
    )
)
_LAW = re.compile(r"(?:Code|Law|Act|Stat|Statutes?|Ann)\b|[A-Z]{3,}\b(?<!INA)")
_ENDS_SENTENCE = re.compile(r"[a-z]{3}\.")
_BROKEN = re.compile(r"\(|\s{1,4}\((?:\d|[A-Z]\))")  # the rest of a number follows
_OWNER_AFTER = re.compile(
    r"(?:\s{0,4}\([^()]{1,20}\))?,?\s{1,4}(?:of\s{1,4}(?!(?:the\s{1,4})?(?:INA\b|Act\b(?!\s+of)"
    r"|Immigration\s+(?:and|&)\s+Nat))|[A-Z][A-Za-z]{2,9}\s(?:Code|Law|Act)\b)"
)
# One is convicted under a penal law; the INA is what makes one removable for it.
_PENAL = re.compile(r"\b(?:convict|guilty|violat|indict|sentenced|offen[sc]e|crime)[^.;]{0,70}\Z")
_ABOUT = re.compile(
    r"\b(?=[acdeinruvw][a-z])(?:alien|non-?citizen|immigra|visa\b|asylum|asylee|refugee|removab|deportab|inadmissib"
    r"|withholding of (?:removal|deportation)|removal proceeding|cancellation of removal"
    r"|naturaliz|USCIS\b|EOIR\b|INA\b|Immigration (?:Judge|and Nationality))",
    re.IGNORECASE,
)
_ABOUT_NATIONALITY = re.compile(
    r"naturali[sz]|\bnationality\b|citizenship|removal proceeding", re.IGNORECASE
)
_NATIONALITY = range(1401, 1505)  # the sections of title 8 on nationality and naturalisation
# Which other titles' sections of these numbers courts cite bare whatever the matter: jurisdiction,
# venue and mandamus (28), crimes (18), fiduciaries (29).
_SHARED = frozenset(
    f"{number}"
    for number in (
        *(1104, 1201, 1202, 1203, 1251, 1253, 1254, 1257, 1258, 1301, 1302, 1303, 1351, 1361, 1362),
        *(1404, 1406, 1407, 1423, 1424, 1425, 1426, 1501, 1502, 1503, 1504, 1531),
    )
)
_REMOVED_CASE = re.compile(
    r"\bstate court|\bnotice of removal|\bremoved (?:this|the) (?:case|action)"
)
_OTHER_ACT = re.compile(
    r"\b(?!Nationality)[A-Z][a-z]+\sAct\b|\b(?:IIRIRA|NACARA|TVPRA|VAWA|AEDPA|HSA|CSPA)\b"
    r"|\bREAL\sID\b"
)
# The INA's subsections: small letter, digit, capital.
_SHAPE = re.compile(r"\d[A-Z]?\([a-z]{1,2}\d?\)(?:\(\d{1,3}\)(?:\([A-Z]{1,3}\)|\Z)|\Z)")
_OTHER_CODE = re.compile(r"\b(?:Code|Stat(?:ute|\.)|Law)(?!\sof\sFederal)\b")
# What a penal code doesn't do, and the INA does.
_REMOVES = re.compile(
    r"\b(?:remov|deport|inadmiss|excludab|asylum|withholding|adjust|waive|eligib|relief|bar)"
    r"[^.;]{0,70}\Z"
)


@dataclass(frozen=True, kw_only=True)
class Usage:
    """How one document uses the numbers of sections, by number without subsections."""

    codes: Mapping[str, frozenset[tuple[str, str]]]  # (kind, canonical up to "§")
    claimed: frozenset[str]  # what it gives to laws that have no citation of ours

    @classmethod
    def of(cls, document: Sequence[tuple[str, Sequence[Citation]]]) -> Usage:
        """`document`: each of its texts with what is cited there under the name of its code."""
        codes: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        claimed: set[str] = set()
        for text, found in document:
            for citation in found:
                if citation.kind in _CODES and "§ " in citation.canonical:
                    code, number = _split(citation.canonical)
                    codes[number].add((citation.kind, code))
            for group in _groups(text, found):
                if _is_another_laws(text, group):
                    claimed.update(_split(each.canonical)[1] for each in group)
        return cls(
            codes={number: frozenset(owners) for number, owners in codes.items()},
            claimed=frozenset(claimed),
        )

    def sole(self, number: str) -> tuple[str, str] | None:
        owners = self.codes.get(number, frozenset())
        return next(iter(owners)) if len(owners) == 1 else None


def bare(
    text: str, found: Sequence[Citation], usage: Usage, *, act: bool | None = None
) -> Iterator[Citation]:
    """The bare sections of a text; `found`: what it cites otherwise; `act`: as in `cite.find`."""
    yield from _of_sole_code(text, found, usage)
    if act is False or (act is None and is_other(text)) or not _ABOUT.search(text):
        return
    words = _Words.of(text, found)
    last: Citation | None = None
    for group in _groups(text, found):
        start = group[0].start
        is_led = text[start].isspace()
        if is_led and not (last and _REMARK.fullmatch(text, last.end, start + 1)):
            continue
        if not _is_open(text, group) and words.allow(group, usage):
            last = group[-1]
            yield from (_trimmed(each) for each in group)


@dataclass(frozen=True, kw_only=True)
class _Words:
    """What a text on immigration says that makes a bare number the INA's or title 8's, or not."""

    text: str
    names_act: bool  # other than the INA
    names_code: bool  # of a State, mostly
    on_nationality: bool
    on_removed_case: bool
    is_elsewhere: bool  # cites the United States Code, but nothing of title 8

    @classmethod
    def of(cls, text: str, found: Sequence[Citation]) -> _Words:
        titles = {each.canonical.partition(" ")[0] for each in found if each.kind == "usc"}
        return cls(
            text=text,
            names_act=_OTHER_ACT.search(text) is not None,
            names_code=_OTHER_CODE.search(text) is not None,
            on_nationality=_ABOUT_NATIONALITY.search(text) is not None,
            on_removed_case=_REMOVED_CASE.search(text) is not None,
            is_elsewhere=bool(titles) and "8" not in titles,
        )

    def allow(self, group: Sequence[Citation], usage: Usage) -> bool:
        """Whether all of a list is the INA's or title 8's."""
        window = self.text, max(0, group[0].start - _LONGEST), group[0].start
        if _PENAL.search(*window):
            return False
        if group[0].kind == "usc" and self.is_elsewhere:
            return False
        if group[0].kind == "ina" and (
            self.names_act or (self.names_code and not _REMOVES.search(*window))
        ):
            return False
        return all(self._fits(each, usage) for each in group)

    def _fits(self, citation: Citation, usage: Usage) -> bool:
        code, number = _split(citation.canonical)
        others = usage.codes.get(number, frozenset()) - {(citation.kind, code)}
        if number in usage.claimed or others or not twins(citation.canonical):
            return False
        if citation.kind == "ina":
            return _SHAPE.search(citation.canonical) is not None
        if int(number[:4]) in _NATIONALITY:
            return self.on_nationality and not self.on_removed_case and number not in _SHARED
        return number not in _SHARED


def _of_sole_code(text: str, found: Sequence[Citation], usage: Usage) -> Iterator[Citation]:
    own = {_split(each.canonical)[1] for each in found if each.kind in _CODES}
    for match in _BARE.finditer(text):
        number = match["number"].rstrip(".")
        owner = usage.sole(number)
        if owner is None or number in usage.claimed:
            continue
        # What another text of the document cites may be an Act's own number here, unless it is a
        # regulation's or immigration law's.
        if number in own or "." in number or owner in _OURS:
            end = match.end() if match["subs"] else match.start("number") + len(number)
            place = number + (match["subs"] or "").replace("\n", "")
            raw = text[match.start() : end]
            yield Citation(
                raw=raw,
                start=match.start(),
                end=end,
                kind=owner[0],
                canonical=f"{owner[1]}§ {place}",
            )


def _groups(text: str, found: Sequence[Citation]) -> Iterator[list[Citation]]:
    """Lists of sections that stand under no name of a code, each list as one."""
    for code in _LISTS:
        group: list[Citation] = []
        for citation in listed(code, text):
            if group and not _SEPARATED.fullmatch(text, group[-1].end, citation.start):
                if _is_free(group, found):
                    yield group
                group = []
            group.append(citation)
        if group and _is_free(group, found):
            yield group


def _is_free(group: Sequence[Citation], found: Sequence[Citation]) -> bool:
    """Whether nothing that was found, in order and apart, overlaps the list."""
    at = bisect_left(found, group[-1].end, key=lambda each: each.start)
    return at == 0 or found[at - 1].end <= group[0].start


def _is_another_laws(text: str, group: Sequence[Citation]) -> bool:
    """Whether the words beside a list name another law as its owner."""
    start, end = group[0].start, group[-1].end
    if _OWNER_AFTER.match(text, end, end + _LONGEST):
        return True
    before = _OWNER_BEFORE.search(text, max(0, start - _LONGEST), start)
    return bool(before and _LAW.match(before["word"] or ""))


def _is_open(text: str, group: Sequence[Citation]) -> bool:
    """Whether what stands beside a list may give it to another law, or breaks it off."""
    start, end = group[0].start, group[-1].end
    if _BROKEN.match(text, end) or _is_another_laws(text, group):
        return True
    before = _OWNER_BEFORE.search(text, max(0, start - _LONGEST), start)
    if before is None or "(" in before["stop"]:
        return False
    word = before["word"]
    if word is None:
        return True
    return word.rstrip(".").casefold() not in _OPENING and not _ENDS_SENTENCE.search(word)


def _split(canonical: str) -> tuple[str, str]:
    """The code, up to the section sign, and the number without its subsections."""
    code, _, place = canonical.partition("§ ")
    return code, place.partition("(")[0]


def _trimmed(citation: Citation) -> Citation:
    """Without the space before an item that follows a remark."""
    raw = citation.raw.lstrip()
    return replace(citation, raw=raw, start=citation.end - len(raw))
