"""What relating Federal Register documents needs of each one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from pipeline.calendar import eastern
from pipeline.grammar import singles
from pipeline.legible import legible
from pipeline.mentions import first_date
from pipeline.model import DateKind, Document, Version
from pipeline.titles import LONGEST, LONGEST_TITLE

_FULL_DATE = r"[A-Z][a-z]{2,8} \d{1,2}, \d{4}"
_A_DATE = re.compile(rf"\b{_FULL_DATE}\b")
_NO_NAME = re.compile(
    r"\b(?:until|till|through|from|to|before|after|by|than|and ending(?: on)?|effective(?: on)?"
    r"|expires?(?: on)?|beginning(?: on)?|due(?: on)?|since|between)\s$",
    re.IGNORECASE,
)
_DAY = r"(?:on |of |in )?(?:the )?(?:\w{3,6}day,? )?"
# An abbreviation's full stop ("No. 45") ends the reach of these, which only costs a join.
_ISSUED = (
    r"\b(?:published|appeared|appearing|issued)\b(?: \w+)?(?: in the Federal Register)?,? "
    rf"{_DAY}(?P<a>{_FULL_DATE})",
    rf"\bFederal Register,? {_DAY}(?P<b>{_FULL_DATE})",
    rf"\b[Oo]n (?P<c>{_FULL_DATE}),?(?:[^.]|(?<=\bU)\.|(?<=\bU\.S)\.){{0,200}}?"
    r"\b(?:published|issued|proposed|announced|(?:solicit|request|invit)ed (?:public )?comment)",
    rf"\b(?P<d>{_FULL_DATE}),? (?:(?:interim|direct|temporary|final|proposed) )*"
    r"(?:[Rr]ule|[Nn]otice|IFR|NPRM|DFR)\b",
)
_IS_ISSUED = re.compile("|".join(_ISSUED))
# Issued, too, and no document of the register that a rule could be joined to.
_NO_PAPER = re.compile(r"memorand|injunction|\bcourt\b|executive order", re.IGNORECASE)
OBJECT = 60  # characters after "issued" in which its object is named
CITED = ("fr_cite", "fr_docnum")
REPORTED_SINCE = 1940  # when the reporter that prints a year alone began; before it is a misprint
_MADE = (DateKind.DECIDED, DateKind.AMENDED, DateKind.DESIGNATED)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A Federal Register document as others may name it; what is not stated is empty.

    `kind` is the document's ("rule", "proposed-rule", "notice", …); `citation` like "91 FR 12345";
    `cites` holds canonical names as `pipeline.cite` spells them, of the whole text; `correction_of`
    and `corrections` are document numbers, as the API states them.
    """

    document: Document
    number: str
    published: date
    kind: str
    title: str
    abstract: str = ""
    action: str = ""
    agencies: tuple[str, ...] = ()
    dockets: tuple[str, ...] = ()
    rins: tuple[str, ...] = ()
    citation: str = ""
    cites: frozenset[str] = frozenset()
    correction_of: str = ""
    corrections: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As a lawyer would cite it."""
        return self.citation or f"FR Doc. {self.number}"

    @cached_property
    def cited_in_summary(self) -> frozenset[str]:
        """What a document cites there is what it is about."""
        return cited(self.abstract)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(
            n for n in (self.citation, f"FR Doc. {self.number}" * bool(self.number)) if n
        )


def paper(version: Version) -> Paper:
    """Read a version of a Federal Register document (`pipeline/entries.py` names its fields)."""
    stated = version.metadata
    return Paper(
        document=version.document,
        number=str(stated.get("document_number", "")),
        published=readable(version),
        kind=version.document.kind,
        title=version.title[:LONGEST_TITLE],
        abstract=str(stated.get("abstract", ""))[:LONGEST],
        action=str(stated.get("action", ""))[:LONGEST_TITLE],
        agencies=tuple(stated.get("agencies", ())),
        dockets=tuple(stated.get("docket_ids", ())),
        rins=tuple(stated.get("rins", ())),
        citation=version.citation,
        cites=cited(version.text),
        correction_of=str(stated.get("correction_of", "")),
        corrections=tuple(stated.get("corrections", ())),
    )


def readable(version: Version) -> date:
    """The day from which a document could be read: of publication, else of filing for public
    inspection, else the Eastern day on which it was seen."""
    stated = version.date(DateKind.PUBLISHED) or version.date(DateKind.INSPECTION)
    return stated or eastern(version.seen_at)


def public_by(version: Version) -> date | None:
    """The day on or before which a document was made public, as it states: of publication or
    announcement; else the last of the year under which its reporter has it, or the day of a
    decision, amendment or designation that is later. None where that is not stated."""
    stated = version.date(DateKind.PUBLISHED) or version.date(DateKind.ANNOUNCED)
    year, note = version.metadata.get("year"), str(version.metadata.get("note", ""))
    later = [on for kind in _MADE if (on := version.date(kind))]
    is_undated = "amended" in note.casefold() and not version.date(DateKind.AMENDED)
    if stated or is_undated or not isinstance(year, int) or year < REPORTED_SINCE:
        return stated
    return max((date(year, 12, 31), *later))


def cited(text: str) -> frozenset[str]:
    """The Federal Register pages and document numbers that a text cites."""
    found = singles(legible(text).text)
    return frozenset(each.canonical for each in found if each.kind in CITED)


@lru_cache(maxsize=4096)
def issued_on(abstract: str) -> frozenset[date]:
    """The days on which, an abstract says, documents were published, issued or proposed."""
    shown = legible(abstract).text
    said = (
        next(filter(None, match.groups()))
        for match in _IS_ISSUED.finditer(shown)
        if not _NO_PAPER.search(shown[match.start() : match.end() + OBJECT])
    )
    return frozenset(on for words in said if (on := first_date(words)))


@lru_cache(maxsize=4096)
def dated(abstract: str) -> frozenset[date]:
    """Every day an abstract names, save those until, from or by which something runs."""
    shown = legible(abstract).text
    named = (m[0] for m in _A_DATE.finditer(shown) if not _NO_NAME.search(shown[: m.start()][-24:]))
    return issued_on(abstract) | {on for words in named if (on := first_date(words))}
