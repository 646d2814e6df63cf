"""Compare two names of cases across the ways in which they are printed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pipeline.legible import legible

# All of these read names in which white space is one space.
_MATTER = re.compile(r"(?:(?:in the )?ma(?:tt|lt|tl|ll|st)ers? of|in re:?|ex parte)\s")
_VERSUS = re.compile(r"\svs?\.?\s")
_INITIALS = re.compile(r"(?:[a-z]-)+(?!\w)|[a-z](?:-[a-z])+(?![\w-])")
_UNCLOSED = re.compile(r"[a-z](?:-[a-z])+")  # initials that lost their last hyphen
_WORD = re.compile(r"(?P<joint>-?)(?P<word>(?:[a-z]-)+(?=\s|\Z)|[^\s-]+)")
# What a party is in the case: captions print it behind the name.
_ROLE = re.compile(
    r",\s(?:(?:respondent|petitioner|applicant|appell(?:ant|ee)|plaintiff|defendant|movant)s?"
    r"|beneficiar(?:y|ies))(?:[-/]\w+)?\b"
    r"|,?\sin\s(?:removal|deportation|exclusion|bond|visa petition)\sproceedings\b"
)
_SMALL = ("of", "the", "for", "and", "to", "in")
_INITIAL = 2  # letters that are too few for initials
_ALSO = re.compile(r"\sand\s|\s?;\s?|,\s(?=(?:[a-z]-)+)")
_FORM = re.compile(r",?\s(?:inc|llc|l\.l\.c|ltd|co|corp|lp|llp|l\.p|p\.c|n\.a|et al)\b\.?")
_STRAY = re.compile(r"(?<=[a-z])\s(?='[a-z])|(?<=\b[a-z])\s(?=-)|(?<=\b[a-z]-)\s(?=[a-z]\s?-)")
_NUMERAL = re.compile(r"\s(i{1,3}|iv|vi{0,3})\Z")
# Attorneys General, Secretaries and their agencies: who is sued as such changes while a case goes
# on, and stands in thousands of names, so that it tells no case from another.
_OFFICE = re.compile(
    r"(?:dep't of|department of|dhs|i\.?n\.?s\b|immigration and naturalization"
    r"|immigr\. and naturalization|u\.?s\.?\b|uscis|united states"
    r"|attorney general|att'y gen)(?![\w-])"
)
# As surnames alone: others bear them too, and of two in one name the one who sued is no official.
_OFFICIAL = re.compile(
    r"(?:ashcroft|barr|blanche|bondi|chertoff|duke|garland|gonzales|holder|keisler|kelly|lynch|mayorkas"
    r"|mcaleenan|meese|mukasey|mullin|napolitano|nielsen|noem|reno|rosen|sessions|thornburgh|whitaker"
    r"|wilkinson|wolf)(?=\.?\Z|,|\s(?:and|et|in|as|jr)\b)"
)

_STATE = re.compile(
    r"(?:(?:state|commonwealth|people) of )?(?:alabama|alaska|arizona|arkansas|california|colorado"
    r"|connecticut|delaware|florida|georgia|guam|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky"
    r"|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana"
    r"|nebraska|nevada|new (?:hampshire|jersey|mexico|york)|(?:north|south) (?:carolina|dakota)"
    r"|ohio|oklahoma|oregon|pennsylvania|puerto rico|rhode island|tennessee|texas|utah|vermont"
    r"|virginia|washington|west virginia|wisconsin|wyoming|state|commonwealth|people)"
)


class Agreement(StrEnum):
    """What a comparison of two names tells."""

    MATCH = "match"
    DIFFERENT = "different"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True, kw_only=True)
class _Name:
    """A name taken apart: `parties` are the companions of a matter, or plaintiff and defendant;
    `form` is "matter", "v" or, of a party's name alone, ""; `numeral` that of "A-B- II"."""

    form: str
    parties: tuple[str, ...]
    numeral: str

    @property
    def officials(self) -> tuple[bool, ...]:
        """Of each party whether it is an official, and no namesake of one."""
        if self.form == "matter":
            return (False,) * len(self.parties)
        if self.form != "v" or len(self.parties) == 1:
            return tuple(map(_is_official, self.parties))
        first, *others = self.parties
        sued = _is_official(others[0]) and not (_OFFICIAL.match(others[0]) and _OFFICE.match(first))
        suing = bool(_OFFICE.match(first) or (_OFFICIAL.match(first) and not sued))
        return suing, sued, *map(_is_official, others[1:])


def same_name(one: str, other: str) -> Agreement:
    """Whether two printed names can be of one case; case, hyphens, spaces, "In re", companions left
    out and abbreviated words make no difference.

    A match proves no identity: "Matter of Y-L-" is the name of two cases. Not comparable where one
    is empty, or where they differ by a given name or initials alone ("Silva", "J. Silva").
    """
    first, second = _apart(one), _apart(other)
    if not first.parties or not second.parties:
        return Agreement.NOT_COMPARABLE
    if first.numeral and second.numeral and first.numeral != second.numeral:
        return Agreement.DIFFERENT
    if not first.form or not second.form:
        return _alone(first, second)
    if first.form != second.form:
        return Agreement.DIFFERENT
    return _versus(first, second) if first.form == "v" else _companions(first, second)


def party(name: str) -> str:
    """The first party of a name, in the one form in which parties can be looked up by equality."""
    return _spaced(next(iter(_apart(name).parties), ""))


def parties(name: str) -> tuple[str, ...]:
    """All who may stand for a case alone, as `party` spells them: none that is an official's."""
    found = _apart(name)
    told = zip(found.parties, found.officials, strict=True)
    return tuple(_spaced(each) for each, is_office in told if not is_office)


def is_official(name: str, case: str = "") -> bool:
    """Whether a party's name alone tells no case: of an official, an agency or a state. In a
    `case`, "Wilkinson v. Garland", it may be that of an official's namesake."""
    if _STATE.fullmatch(name.casefold()):
        return True
    return _is_official(name.casefold()) and party(name) not in parties(case)


def numbered(name: str) -> bool:
    """Whether a name is told from others of its kind by a number: "A-B- II"."""
    return bool(_apart(name).numeral)


@lru_cache(maxsize=4096)
def _apart(name: str) -> _Name:
    shown = re.sub(r"\s+", " ", legible(name).text.casefold()).strip(" ,;")
    accents = unicodedata.normalize("NFKD", shown)
    plain = "".join(each for each in accents if not unicodedata.combining(each))
    plain = re.sub(r"\s+", " ", _STRAY.sub("", plain.replace("&", " and ")))
    plain = _ROLE.sub("", plain)
    numeral = _NUMERAL.search(plain)
    plain = _FORM.sub("", plain[: numeral.start()] if numeral else plain)
    matter = _MATTER.match(plain)
    form, split = "", _ALSO if _INITIALS.match(plain) else None
    if matter:
        form, split, plain = "matter", _ALSO, plain[matter.end() :]
    elif _VERSUS.search(plain):
        form, split = "v", _VERSUS
    each_of = split.split(plain) if split else [plain]
    found = (each.strip(" ,;\"'()") for each in each_of)
    closed = tuple(f"{each}-" if _UNCLOSED.fullmatch(each) else each for each in found if each)
    return _Name(form=form, parties=closed, numeral=numeral[1] if numeral else "")


def _spaced(party: str) -> str:
    return " ".join(word for _, word in _words(party)).rstrip(".")


def _is_official(party: str) -> bool:
    return bool(_OFFICE.match(party) or _OFFICIAL.match(party))


def _alone(one: _Name, other: _Name) -> Agreement:
    """One party's name, and all of the other name; that of an official tells nothing."""
    lone, whole = (other, one) if one.form else (one, other)
    offices = whole.officials if whole.form else (False,) * len(whole.parties)
    against = [
        each for each, is_office in zip(whole.parties, offices, strict=True) if not is_office
    ]
    told = max((_alike(a, b) for a in lone.parties for b in against), key=_rank, default=None)
    if told is None or (told is Agreement.DIFFERENT and any(lone.officials)):
        return Agreement.NOT_COMPARABLE
    return told


def _companions(one: _Name, other: _Name) -> Agreement:
    """The shorter list must be part of the longer, which may be cut down to its first."""
    short, long = sorted((one.parties, other.parties), key=len)
    found = [max((_alike(each, its) for its in long), key=_rank) for each in short]
    return min((_alike(short[0], long[0]), *found), key=_rank)


def _versus(one: _Name, other: _Name) -> Agreement:
    pairs = zip(one.parties, other.parties, one.officials, other.officials, strict=False)
    told = [_alike(a, b) for a, b, is_one, is_other in pairs if not (is_one and is_other)]
    return min(told, key=_rank) if told else Agreement.NOT_COMPARABLE


def _rank(agreement: Agreement) -> int:
    return (Agreement.DIFFERENT, Agreement.NOT_COMPARABLE, Agreement.MATCH).index(agreement)


def begins(name: str, other: str) -> bool:
    """Whether a name is the beginning of a party's in another, or its initials: "Lexmark" of
    "Lexmark Int'l, Inc. v. Static Control", and "ACLU"."""
    short = _apart(name)
    if short.form or len(short.parties) != 1:
        return False
    [one] = short.parties
    for party in _apart(other).parties:
        initials = "".join(word[0] for word in party.split() if word not in _SMALL)
        if party.startswith(one) and not party[len(one) :][:1].isalnum():
            return True
        if len(one) > _INITIAL and initials.startswith(one):
            return True
    return False


def _alike(one: str, other: str) -> Agreement:
    """Two parties' names: equal but for abbreviations, or one of them with given names more."""
    first, second = sorted((_words(one), _words(other)), key=len)
    pairs = zip(reversed(first), reversed(second), strict=False)
    if not first or not all(_is_word(a[1], b[1]) for a, b in pairs):
        return Agreement.DIFFERENT
    if len(first) == len(second):
        return Agreement.MATCH
    is_initials = "-" in (one[-1], other[-1])
    is_half = second[-len(first)][0] == "-"  # "Garcia" is not "Diaz-Garcia"
    return Agreement.DIFFERENT if is_initials or is_half else Agreement.NOT_COMPARABLE


def _words(party: str) -> list[tuple[str, str]]:
    """The words of a party's name, each behind the hyphen that joins it to the one before: a
    printer's space is as good. Initials are one word."""
    return [(found["joint"], found["word"]) for found in _WORD.finditer(party)]


def _is_word(one: str, other: str) -> bool:
    """Whether two words are one, or one of them shortens the other: "dep't" and "department"."""
    if one.strip(".") == other.strip("."):
        return True
    short, long = sorted((one, other), key=len)
    if not short.endswith(".") and "'" not in short:
        return False
    letters = iter(long)
    return short[0] == long[0] and all(letter in letters for letter in re.sub(r"\W", "", short))
