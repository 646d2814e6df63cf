"""Compare two names of cases across the ways in which they are printed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pipeline.legible import legible

_MATTER = re.compile(r"\s*(?:(?:in the )?ma(?:tt|lt|tl|ll|st)ers? of|in re:?|ex parte)\s+")
_VERSUS = re.compile(r"\s+vs?\.?\s+")
_INITIALS = re.compile(r"(?:[a-z]-)+(?!\w)")
_SMALL = ("of", "the", "for", "and", "to", "in")
_INITIAL = 2  # letters that are too few for initials
_ALSO = re.compile(r"\s+and\s+|\s*;\s*|,\s+(?=(?:[a-z]-)+)")
_FORM = re.compile(r",?\s+(?:inc|llc|l\.l\.c|ltd|co|corp|lp|llp|l\.p|p\.c|n\.a|et al)\b\.?")
_STRAY = re.compile(r"(?<=[a-z])\s(?='[a-z])|(?<=\b[a-z])\s(?=-)|(?<=\b[a-z]-)\s(?=[a-z]\s?-)")
_NUMERAL = re.compile(r"\s+(i{1,3}|iv|vi{0,3})\Z")
# Attorneys General, Secretaries and their agencies: who is sued as such changes while a case goes
# on, and stands in thousands of names, so that it tells no case from another.
_OFFICIAL = re.compile(
    r"(?:ashcroft|barr|blanche|bondi|chertoff|dep't of|department of|dhs|duke|garland|gonzales"
    r"|holder|i\.?n\.?s\b|immigration and naturalization|immigr\. and naturalization"
    r"|keisler|kelly|lynch|mayorkas|mcaleenan|meese|mukasey|napolitano|nielsen|noem|reno|rosen"
    r"|sessions|thornburgh|u\.?s\.?\b|uscis|united states|whitaker|wilkinson|wolf"
    r"|attorney general|att'y gen)(?!\w)"
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
        return max((_alike(a, b) for a in first.parties for b in second.parties), key=_rank)
    if first.form != second.form:
        return Agreement.DIFFERENT
    return _versus(first, second) if first.form == "v" else _companions(first, second)


def party(name: str) -> str:
    """The first party of a name, in the one form in which parties can be looked up by equality."""
    return next(iter(_apart(name).parties), "").rstrip(".")


def parties(name: str) -> tuple[str, ...]:
    """All who may stand for a case alone, as `party` spells them: none that is an official's."""
    found = _apart(name).parties
    return tuple(each.rstrip(".") for each in found if not _OFFICIAL.match(each))


def is_official(name: str) -> bool:
    """Whether a party's name alone tells no case: of an official, an agency or a state."""
    return bool(_OFFICIAL.match(name.casefold()) or _STATE.fullmatch(name.casefold()))


def numbered(name: str) -> bool:
    """Whether a name is told from others of its kind by a number: "A-B- II"."""
    return bool(_apart(name).numeral)


@lru_cache(maxsize=4096)
def _apart(name: str) -> _Name:
    shown = re.sub(r"\s+", " ", legible(name).text.casefold()).strip(" ,;")
    accents = unicodedata.normalize("NFKD", shown)
    plain = "".join(each for each in accents if not unicodedata.combining(each))
    plain = re.sub(r"\s+", " ", _STRAY.sub("", plain.replace("&", " and ")))
    numeral = _NUMERAL.search(plain)
    plain = _FORM.sub("", plain[: numeral.start()] if numeral else plain)
    matter = _MATTER.match(plain)
    form, split = "", _ALSO if _INITIALS.match(plain) else None
    if matter:
        form, split, plain = "matter", _ALSO, plain[matter.end() :]
    elif _VERSUS.search(plain):
        form, split = "v", _VERSUS
    each_of = split.split(plain) if split else [plain]
    found = tuple(cleaned for each in each_of if (cleaned := each.strip(" ,;\"'()")))
    return _Name(form=form, parties=found, numeral=numeral[1] if numeral else "")


def _companions(one: _Name, other: _Name) -> Agreement:
    """The shorter list must be part of the longer, which may be cut down to its first."""
    short, long = sorted((one.parties, other.parties), key=len)
    found = [max((_alike(each, its) for its in long), key=_rank) for each in short]
    return min((_alike(short[0], long[0]), *found), key=_rank)


def _versus(one: _Name, other: _Name) -> Agreement:
    pairs = [*zip(one.parties, other.parties, strict=False)]
    told = [_alike(a, b) for a, b in pairs if not (_OFFICIAL.match(a) and _OFFICIAL.match(b))]
    return min(told, key=_rank) if told else Agreement.MATCH


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
    if one.rstrip(".") == other.rstrip("."):
        return Agreement.MATCH
    short, long = sorted((one.split(), other.split()), key=len)
    last = [_is_word(a, b) for a, b in zip(reversed(short), reversed(long), strict=False)]
    if not all(last) or "-" in (one[-1], other[-1]):
        return Agreement.DIFFERENT
    return Agreement.MATCH if len(short) == len(long) else Agreement.NOT_COMPARABLE


def _is_word(one: str, other: str) -> bool:
    """Whether two words are one, or one of them shortens the other: "dep't" and "department"."""
    if one.strip(".") == other.strip("."):
        return True
    short, long = sorted((one, other), key=len)
    if not short.endswith(".") and "'" not in short:
        return False
    letters = iter(long)
    return short[0] == long[0] and all(letter in letters for letter in re.sub(r"\W", "", short))
