"""Citations of numbered codes: the INA, the United States Code and the Code of Federal Regulations.

All three are cited in lists ("8 CFR 214.2(h)(5) and (6)", "sections 208 and 241(b)(3) of the
Act"), so a head pattern finds the place and the items are read one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pipeline.model import Citation

# "$", "$8", "&$" and "'" are what scanners and conversions print for section signs.
_SIGN = r"(?:(?:§|\$|&\$|')\s?(?:§|\$|8(?=\s))?|[Ss]ections?\b|[Ss]ecs?\.)"
_GAP = r"\s{0,80}"  # a line break and the indentation of the next line
# Years and "(PDF)" follow citations in parentheses but are no subsections.
_SUB = (
    r"\((?!(?:19|20)\d\d\)|PDF\))"
    r"(?:[ivxlcdm]{1,6}|[IVXLCDM]{1,6}|[A-Za-z]{1,2}\d?|aaa|bbb|\d{1,3})\)"
)
_SUBS = rf"{_SUB}(?:\n?{_SUB})*"
_ACT = (
    r"(?:of\s+the\s+(?:Immigration\s+and\s+Nationality\s+Act|INA\b|I&N\s+Act|(?P<act>Act)\b(?!\s+of\b))"
    r"|,\s*I&N\s+Act)"
)
# What makes the next number in a list the volume or title of something else, or a mere count.
_OTHER = (
    r"(?!\s*(?:U\.?\s?S\b|C\.?\s?F\.?\s?R|F\.|Fed\b|FR\b|I\.?\s?&|Stat\b|S\.\s?Ct|L\.\s?Ed|FAM\b"
    r"|USCIS|Op\.|(?:calendar |business )?(?:days?|weeks?|months?|years?|hours?|percent|other)\b"
    r"|[,.]?\d))"
)
_SEPARATOR = re.compile(
    r"\s{0,3}(?:;\s{0,3}(?:and|or)\s+|,\s{0,3}(?:(?:and|or|and/or)\s+|&\s+)?|(?:and|or|and/or)\s+|&\s+"
    r"|(?P<range>-|through\s+|to\s+))\s*(?:(?:§§?|[Ss]ections?|[Pp]arts?)\s{0,3})?"
)
# Not "Penal Code § 245" and not "section 245 of the Penal Code".
_BARE = (
    r"(?<!Code )(?<!Law )(?<!Stat. )(?<!\w)(?:§|[Ss]ection)\s?(?P<number>\d[\d.]{0,9}[A-Za-z]?)"
    rf"(?P<subs>{_SUBS})?(?![\w(-])(?!\s+of\b)"
)
_TAIL = re.compile(rf"{_GAP}{_ACT}")
_SUBS_ONLY = re.compile(_SUBS)


@dataclass(frozen=True, kw_only=True)
class Code:
    """How one code is headed and numbered, and how an item of it is spelled."""

    kind: str
    head: str
    item: str
    following: str  # a later item of the same list
    spell: Callable[[re.Match[str], str], str]
    spell_range: Callable[[re.Match[str], str, str], str]
    closed: bool = False  # the list must be closed by "of the Act"


@dataclass(frozen=True, kw_only=True)
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
    return f"INA § {place}"


def _ina_range(_head: re.Match[str], first: str, last: str) -> str:
    return f"INA §§ {first}-{last}"


def _usc(head: re.Match[str], place: str) -> str:
    return f"{int(head['title'])} USC {'ch.' if head['chapter'] else '§'} {place}"


def _usc_range(head: re.Match[str], first: str, last: str) -> str:
    return f"{int(head['title'])} USC §§ {first}-{last}"


def _cfr(head: re.Match[str], place: str) -> str:
    division = "§" if "." in place and not head["part"] else "pt."
    return f"{int(head['title'])} CFR {division} {place}"


def _cfr_range(head: re.Match[str], first: str, last: str) -> str:
    if last.startswith("."):
        last = first.partition(".")[0] + last
    division = "§§" if "." in first else "pts."
    return f"{int(head['title'])} CFR {division} {first}-{last}"


_INA_NUMBER = r"[1-5]\d\d[A-Z]?(?![\d.]\d|\d|-\d)"
_USC_NUMBER = r"\d{1,5}[a-z]{0,3}(?:-\d{1,3}[a-z]?(?!\d))?(?:\s+note\b)?"
_CFR_NUMBER = r"\d{1,4}[a-z]?(?:\.\d{1,4}[a-zT]?(?:-\d{1,3}[A-Z]?(?![\d.]))?)?"

CODES = (
    Code(
        kind="ina",
        head=rf"\b(?:INA|I&N\s+Act|Immigration\s+and\s+Nationality\s+Act(?:\s+\(INA\))?)\b,?{_GAP}{_SIGN}?{_GAP}(?={_INA_NUMBER})",
        item=_INA_NUMBER,
        following=_INA_NUMBER + _OTHER,
        spell=_ina,
        spell_range=_ina_range,
    ),
    Code(
        kind="ina",
        head=rf"(?<!\w)(?:[Ss]ections?|SECTIONS?|[Ss]ecs?\.|SECS?\.|§§?|\$\$?){_GAP}(?={_INA_NUMBER})",
        item=_INA_NUMBER,
        following=_INA_NUMBER + _OTHER,
        spell=_ina,
        spell_range=_ina_range,
        closed=True,
    ),
    Code(
        kind="usc",
        head=(
            rf"(?<![\w.-])(?P<title>\d{{1,2}}){_GAP}U\.?\s?S\.?\s?(?:C\.?(?:\s?[AS]\.)?|Code\b){_GAP}"
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
            rf"(?<![\w.-])(?P<title>\d{{1,2}}){_GAP}C\.?\s?F\.?\s?R\b\.?,?{_GAP}"
            rf"(?:{_SIGN}{_GAP}|(?P<part>[Pp](?:arts?\b|ts?\.)|PARTS?\b){_GAP})?(?=\d)"
        ),
        item=_CFR_NUMBER,
        following=_CFR_NUMBER + _OTHER,
        spell=_cfr,
        spell_range=_cfr_range,
    ),
)


def sections(text: str, flags: re.RegexFlag = re.NOFLAG) -> Iterator[Citation]:
    """Every item of every list, in the order of CODES; may overlap other kinds of citation."""
    act = not _other_act(text)
    for code in CODES:
        for head in re.finditer(code.head, text, flags):
            yield from _read(code, head, text, act)
    yield from _of_this_title(text)


def bare(text: str, known: tuple[Citation, ...]) -> Iterator[Citation]:
    """A bare "§ 922(d)", where § 922 of one code only is cited elsewhere in the text."""
    codes: dict[str, set[tuple[str, str]]] = {}
    for citation in known:
        if citation.kind in ("ina", "usc", "cfr") and "§ " in citation.canonical:
            code, _, place = citation.canonical.partition("§ ")
            codes.setdefault(place.partition("(")[0], set()).add((citation.kind, code))
    for match in re.finditer(_BARE, text):
        number = match["number"].rstrip(".")
        if len(codes.get(number, ())) == 1:
            [(kind, code)] = codes[number]
            end = match.end() if match["subs"] else match.start("number") + len(number)
            place = number + (match["subs"] or "").replace("\n", "")
            yield _citation(text, match.start(), end, kind, f"{code}§ {place}")


def _read(code: Code, head: re.Match[str], text: str, act: bool) -> Iterator[Citation]:
    items = _items(code, head, text)
    if not items:
        return
    if code.closed:
        tail = _TAIL.match(text, items[-1].end)
        if not tail or (tail["act"] and not act):
            return
        items[-1] = replace(items[-1], end=tail.end())
    elif code.kind == "ina" and (tail := _TAIL.match(text, items[-1].end)):
        items[-1] = replace(items[-1], end=tail.end())
    for item in items:
        spelled = (
            code.spell_range(head, item.place, item.last)
            if item.last
            else code.spell(head, item.place)
        )
        yield _citation(text, item.start, item.end, code.kind, spelled)


def _items(code: Code, head: re.Match[str], text: str) -> list[_Item]:
    """The items of one list; a continued subsection is completed from the item before it."""
    first = _item(re.compile(code.item).match(text, head.end()), text, head.start())
    if first is None:
        return []
    items, following = [first], re.compile(code.following)
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
        number=re.sub(r"\s+", " ", number[0]),
        subs=_letters(subs[0]) if subs else (),
    )


def _far_end(before: _Item, text: str, at: int) -> tuple[int, str] | None:
    """Offset and place of the end of "1208.16-.18" or "201 through 203"; None: it is no range."""
    shape = r"\d{0,4}\.\d+" if "." in before.number else r"\d{3,4}[A-Za-z]?(?![.\d])"
    last = re.compile(rf"{shape}(?:{_SUBS})?").match(text, at)
    return (last.end(), last[0]) if last else None


def _letters(subs: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\((\w+)\)", subs))


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


def _other_act(text: str) -> bool:
    """Whether the text itself gives the name "the Act" to another statute than the INA."""
    defined = re.search(
        r"(?<!\w)(\w{1,40})\s+Act[^.();]{0,60}\((?:the )?[\"“]?(?:the )?Act[\"”]?\)", text
    )
    return defined is not None and defined[1] != "Nationality"


def _of_this_title(text: str) -> Iterator[Citation]:
    """A "section 1447(a) of this title" as the U.S. Code prints immigration law: title 8."""
    pattern = rf"[Ss]ection\s+(?P<place>1[1-5]\d\d[a-z]?(?:{_SUBS})?)\s+of\s+this\s+[Tt]itle"
    for match in re.finditer(pattern, text):
        canonical = f"8 USC § {match['place']}".replace("\n", "")
        yield _citation(text, match.start(), match.end(), "usc", canonical)


def _citation(text: str, start: int, end: int, kind: str, canonical: str) -> Citation:
    return Citation(raw=text[start:end], start=start, end=end, kind=kind, canonical=canonical)
