"""Citations of numbered codes: the INA, the United States Code and the Code of Federal Regulations.

All three are cited in lists ("8 CFR 214.2(h)(5) and (6)", "sections 208 and 241(b)(3) of the
Act"), so a head pattern finds the place and the items are read one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pipeline.act import is_other
from pipeline.model import Citation

# "$", "$8", "&$" and "'" are what scanners and conversions print for section signs.
_SIGN = (
    r"(?:(?:§|[&S]?\$|')\s?(?:§|\$|8(?=\s))?|88?(?=\s\d{3,4}(?!\d))"
    r"|98(?=\s(?!(?:19|20)\d\d)\d{3,4}(?!\d))|[Ss]ections?\b|[Ss]ecs?\.)"
)
# A line break and the indentation of the next line; what follows never begins with white space.
_GAP = r"\s{0,80}+"
# Years and "(PDF)" follow citations in parentheses but are no subsections.
_SUB = (
    r"\((?!(?:19|20)\d\d\)|PDF\))"
    r"(?:[ivxlcdm]{1,6}|[IVXLCDM]{1,6}|[A-Za-z]{1,2}\d?|aaa|bbb|\d{1,3})\)"
)
SUBS = rf"{_SUB}(?:\n?{_SUB})*"
_ACT = (
    r"(?:of\s+the\s+(?:Immigration\s+(?:and|&)\s+Nationality\s+Act|I\.?N\.?A\b|I&N\s+Act"
    r"|(?P<act>Act)\b(?!\s+of\b))|,\s*I&N\s+Act)"
)
_ALIENS = 8  # the title of the Code; its sections have four digits at the most
_MISREAD = re.compile(r"1\d{3}6")  # scanners read the b of 1229b as 6
# What makes the next number in a list the volume or title of something else, or a mere count.
_OTHER = (
    r"(?!\s*(?:U\.?\s?S\b|C\.?\s?F\.?\s?R|F\.|Fed\b|FR\b|I\.?\s?&|Stat\b|S\.\s?Ct|L\.\s?Ed|FAM\b"
    r"|USCIS|Op\.|(?:calendar |business )?(?:days?|weeks?|months?|years?|hours?|percent|other)\b"
    r"|[,.]?\d))"
)
_SEPARATOR = re.compile(
    r"\s{0,3}(?:;\s{0,3}(?:and|or)\s+|,\s{0,3}(?:(?:and|or|and/or)\s+|&\s+)?"
    r"|(?:and|or)(?=\d)|(?:and|or|and/or)\s+|&\s+"
    r"|(?P<range>-|through\s+|to\s+))\s*(?:(?:§§?|[Ss]ections?|[Pp]arts?)\s{0,3})?"
)
_USC = r"(?:the\s)?(?:United\s+States|U\.?\s?S\.?)\s+Code\b"
_CFR = r"(?:the\s)?(?:Code\s+of\s+Federal\s+Regulations\b|C\.?F\.?R\b\.?)"
_OF_TITLE = (
    (
        "usc",
        rf"[Ss]ection\s{{1,3}}(?P<place>\d{{1,4}}[a-z]?(?:{SUBS})?)\s+of\s+[Tt]itle\s(?P<title>\d{{1,2}}),?\s+(?:of\s)?{_USC}",
    ),
    (
        "usc",
        rf"[Tt]itle\s(?P<title>\d{{1,2}}),?\s+(?:of\s)?{_USC},?\s+[Ss]ection\s(?P<place>\d{{1,4}}[a-z]?(?:{SUBS})?)",
    ),
    (
        "cfr",
        rf"(?:[Ss]ection|[Pp]art)\s{{1,3}}(?P<place>\d{{1,4}}[a-z]?(?:\.\d{{1,3}}[a-z]?(?:{SUBS})?)?)\s+of\s+[Tt]itle\s(?P<title>\d{{1,2}}),?\s+(?:of\s)?{_CFR}",
    ),
    (
        "cfr",
        rf"[Tt]itle\s(?P<title>\d{{1,2}}),?\s+(?:of\s)?{_CFR},?\s+(?:[Ss]ection|[Pp]art)\s(?P<place>\d{{1,4}}[a-z]?(?:\.\d{{1,3}}[a-z]?(?:{SUBS})?)?)",
    ),
)
_TAIL = rf"{_GAP}{_ACT}"
_THIS_TITLE = r"\s{1,80}of\s{1,80}this\s{1,80}[Tt]itle\b"
_RANGE_END = {
    True: re.compile(rf"\d{{0,4}}\.\d+(?:{SUBS})?"),
    False: re.compile(rf"\d{{3,4}}[A-Za-z]?(?![.\d])(?:{SUBS})?"),
}
_SUBS_ONLY = re.compile(SUBS)
_LETTERS = re.compile(r"\((\w+)\)")


@dataclass(frozen=True, kw_only=True)
class Code:
    """How one code is headed and numbered, and how an item of it is spelled."""

    kind: str
    head: str
    item: str
    following: str  # a later item of the same list
    spell: Callable[[re.Match[str], str], str]
    spell_range: Callable[[re.Match[str], str, str], str]
    closing: str = ""  # what must close the list, as "of the Act" does


@dataclass(frozen=True, kw_only=True, slots=True)
class _Item:
    start: int
    end: int
    number: str
    subs: tuple[str, ...]
    last: str = ""  # the far end of a range

    @property
    def place(self) -> str:
        return self.number + "".join(f"({sub})" for sub in self.subs)


def _ina(_head: re.Match[str], place: str) -> str:
    number, bracket, subs = place.partition("(")
    return f"INA § {number.upper()}{bracket}{subs}"


def _ina_range(_head: re.Match[str], first: str, last: str) -> str:
    return f"INA §§ {first}-{last}"


def _usc(head: re.Match[str], place: str) -> str:
    title = int(head["title"])
    number, bracket, subs = place.partition("(")
    number = number.lower()
    if title == _ALIENS and _MISREAD.fullmatch(number):
        number = f"{number[:4]}b"
    return f"{title} USC {'ch.' if head['chapter'] else '§'} {number}{bracket}{subs}"


def _usc_range(head: re.Match[str], first: str, last: str) -> str:
    return f"{int(head['title'])} USC §§ {first}-{last}"


def _cfr(head: re.Match[str], place: str) -> str:
    division = "§" if "." in place and not head["part"] else "pt."
    part = re.match(r"\d+[A-Za-z]?", place)
    lower = part[0].lower() if part else ""
    return f"{int(head['title'])} CFR {division} {lower}{place[len(lower) :]}"


def _cfr_range(head: re.Match[str], first: str, last: str) -> str:
    if last.startswith("."):
        last = first.partition(".")[0] + last
    division = "§§" if "." in first else "pts."
    return f"{int(head['title'])} CFR {division} {first}-{last}"


_INA_NUMBER = r"[1-5]\d\d[A-Z]?(?![\d.]\d|\d|-\d)"
# The Code has 54 titles; in "95 U.S.C. 553" a footnote's number is glued to title 5.
_TITLE = (
    r"(?:(?<![\w.-])(?![6-9]\d|5[5-9])|(?<=(?<![\w.-])[6-9])(?=\d\D)|(?<=(?<![\w.-])5)(?=[5-9]\D))"
    r"(?P<title>\d{1,2})"
)
_ALIENS_NUMBER = r"1[1-5]\d\d[a-z]?(?![\d.]\d|\d|-\d)"
_USC_NUMBER = r"\d{1,6}+(?:(?!et)[a-z]{1,3})?(?:-\d{1,3}[a-z]?(?!\d))?(?:\s+note\b)?"
_CFR_NUMBER = r"\d{1,4}+[a-z]?(?:\.\d{1,4}[a-zT]?(?:-\d{1,3}[A-Z]?(?![\d.]))?)?"

OF_THE_ACT = Code(
    kind="ina",
    head=rf"(?<!\w)(?:[Ss]ections?|SECTIONS?|[Ss]ecs?\.|SECS?\.|§§?|\$\$?){_GAP}(?={_INA_NUMBER})",
    item=_INA_NUMBER,
    following=_INA_NUMBER + _OTHER,
    spell=_ina,
    spell_range=_ina_range,
    closing=_TAIL,
)
# Immigration law, as the Code prints it: "sections 1439 and 1440 of this title".
OF_THIS_TITLE = Code(
    kind="usc",
    head=rf"(?<!\w)[Ss]ections?\s{{1,80}}(?={_ALIENS_NUMBER})",
    item=_ALIENS_NUMBER,
    following=_ALIENS_NUMBER + _OTHER,
    spell=lambda _head, place: f"{_ALIENS} USC § {place}",
    spell_range=lambda _head, first, last: f"{_ALIENS} USC §§ {first}-{last}",
    closing=_THIS_TITLE,
)
CODES = (
    Code(
        kind="ina",
        head=rf"\b[Tt]he\s+(?P<act>Act),\s{{1,3}}(?:[Ss]ections?|[Ss]ecs?\.|§§?){_GAP}(?={_INA_NUMBER})",
        item=_INA_NUMBER,
        following=_INA_NUMBER + _OTHER,
        spell=_ina,
        spell_range=_ina_range,
    ),
    Code(
        kind="ina",
        head=(
            r"\b(?:INA\b|I\.N\.A\.|I&N\s+Act\b|Immigration\s+(?:and|&)\s+Nationality\s+Act\b"
            r"(?:\s+of\s+1952\b)?(?:\s+\(INA\))?(?:,\s+as\s+amended)?)"
            rf",?{_GAP}(?:{_SIGN}{_GAP})?(?={_INA_NUMBER})"
        ),
        item=_INA_NUMBER,
        following=_INA_NUMBER + _OTHER,
        spell=_ina,
        spell_range=_ina_range,
    ),
    OF_THE_ACT,
    OF_THIS_TITLE,
    Code(
        kind="usc",
        head=(
            rf"{_TITLE}{_GAP}U\.?\s?S\.?\s?(?:C\.?(?:\s?[AS]\.)?|Code\b){_GAP}"
            rf"(?:{_SIGN}{_GAP}|(?P<chapter>ch(?:apter|\.)\s+))?(?=\d)"
        ),
        item=_USC_NUMBER,
        following=rf"(?=\d{{3}}){_USC_NUMBER}{_OTHER}",
        spell=_usc,
        spell_range=_usc_range,
    ),
    Code(
        kind="cfr",
        head=(
            rf"(?<![\w.-])(?P<title>\d{{1,2}}){_GAP}(?:C\.?\s?F\.?\s?R\b\.?|Code\s+of\s+Federal\s+Regulations\b),?{_GAP}"
            rf"(?:{_SIGN}{_GAP}|(?P<part>[Pp](?:arts?\b|ts?\.)|PARTS?\b){_GAP})?(?=\d)"
        ),
        item=_CFR_NUMBER,
        following=_CFR_NUMBER + _OTHER,
        spell=_cfr,
        spell_range=_cfr_range,
    ),
)


def sections(
    text: str, flags: re.RegexFlag = re.NOFLAG, *, act: bool | None = None
) -> Iterator[Citation]:
    """Every item of every list, in the order of CODES; may overlap other kinds of citation.

    `act`: whether "the Act" is the INA, as `pipeline.act.is_ina` says of the document; None where
    the document isn't known: then it is, unless the text gives that name to another.
    """
    is_ina = not is_other(text) if act is None else act
    for code in CODES:
        yield from listed(code, text, flags, is_ina=is_ina)
    yield from of_title(text, flags)


def listed(
    code: Code, text: str, flags: re.RegexFlag = re.NOFLAG, *, is_ina: bool = True
) -> Iterator[Citation]:
    """Every item of one code's lists; `is_ina`: whether "the Act" is."""
    heads = {head.end(): head for head in re.finditer(code.head, text, flags)}
    known: set[int] = set()  # where the items stand that a list has: each is read once
    for at, head in heads.items():
        if at not in known and (items := _items(code, head, flags)):
            known.update(item.start for item in items)
            for each in _spelled(code, head, items, is_ina):
                own = heads.get(each.start)  # its own sign, "§ 209" behind "§ 208", belongs to it
                start = own.start() if own else each.start
                yield replace(each, raw=text[start : each.end], start=start)


def _spelled(
    code: Code, head: re.Match[str], items: list[_Item], is_ina: bool
) -> Iterator[Citation]:
    text = head.string
    if head.groupdict().get("act") and not is_ina:
        return
    closing = code.closing or (_TAIL if code.kind == "ina" else "")
    tail = re.compile(closing).match(text, items[-1].end) if closing else None
    if code.closing and (not tail or (tail.groupdict().get("act") and not is_ina)):
        return
    if tail:
        items[-1] = replace(items[-1], end=tail.end())
    for item in items:
        spelled = (
            code.spell_range(head, item.place, item.last)
            if item.last
            else code.spell(head, item.place)
        )
        yield _citation(text, item.start, item.end, code.kind, spelled)


def _items(code: Code, head: re.Match[str], flags: re.RegexFlag) -> list[_Item]:
    """The items of one list; a continued subsection is completed from the item before it."""
    text = head.string
    first = _item(re.compile(code.item, flags).match(text, head.end()), text, head.start())
    if first is None:
        return []
    items, following = [first], re.compile(code.following, flags)
    while separator := _SEPARATOR.match(text, items[-1].end):
        before, at = items[-1], separator.end()
        if separator["range"] and (last := _far_end(before, text, at)):
            items[-1] = replace(before, end=last[0], last=last[1])
            break
        item = _item(following.match(text, at), text, at)
        if item and ("." in item.number) == ("." in before.number):
            items.append(item)
        elif (subs := _SUBS_ONLY.match(text, at)) and (
            path := _completed(before.subs, _letters(subs[0]))
        ):
            items.append(_Item(start=at, end=subs.end(), number=before.number, subs=path))
        else:
            break
    return items


def _item(number: re.Match[str] | None, text: str, start: int) -> _Item | None:
    if number is None:
        return None
    subs = _SUBS_ONLY.match(text, number.end())
    return _Item(
        start=start,
        end=subs.end() if subs else number.end(),
        number=" ".join(number[0].split()),
        subs=_letters(subs[0]) if subs else (),
    )


def _far_end(before: _Item, text: str, at: int) -> tuple[int, str] | None:
    """Offset and place of the end of "1208.16-.18" or "201 through 203"; None: it is no range."""
    last = _RANGE_END["." in before.number].match(text, at)
    return (last.end(), last[0]) if last else None


def _letters(subs: str) -> tuple[str, ...]:
    return tuple(_LETTERS.findall(subs))


def _completed(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    """`after` put in the place of the deepest part of `before` that is numbered in the same way."""
    for depth in range(len(before) - 1, -1, -1):
        if _numbering(before[depth], depth) & (_numbering(after[0], 0) | _numbering(after[0], 1)):
            return before[:depth] + after
    return ()


def _numbering(sub: str, depth: int) -> set[str]:
    """How a designator counts: i, v and x are numerals below a code's first level."""
    if sub.isdigit():
        return {"digit"}
    case = "upper" if sub[0].isupper() else "lower"
    if re.fullmatch("[ivx]+", sub, re.IGNORECASE) and (depth or len(sub) > 1):
        return {f"{case} numeral"}
    return {case}


def of_title(text: str, flags: re.RegexFlag = re.NOFLAG) -> Iterator[Citation]:
    """What names the title after the section, or before "Code of Federal Regulations"."""
    for kind, pattern in _OF_TITLE:
        for match in re.finditer(pattern, text, flags):
            place = match["place"].replace("\n", "")
            division = "§" if kind == "usc" or "." in place else "pt."
            canonical = f"{match['title']} {kind.upper()} {division} {place}"
            yield _citation(text, match.start(), match.end(), kind, canonical)


def _citation(text: str, start: int, end: int, kind: str, canonical: str) -> Citation:
    return Citation(raw=text[start:end], start=start, end=end, kind=kind, canonical=canonical)
