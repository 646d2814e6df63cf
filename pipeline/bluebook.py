"""Cite a document as a brief does: by the Bluebook, and by EOIR's own appendix where they differ.

The Bluebook (21st ed.): rule 14.2 for rules and the Federal Register, 14.3 for adjudications, 14.7
for presidential papers, 10.8.1 for opinions not yet reported, 17.5 and 18.2 for releases and pages,
6.2(a) for commas in numbers, T12 for months. EOIR, Shared Practice Manual Appendix I: "I&N Dec."
and "BIA" stand without the Bluebook's periods and spaces. The AAO cites "6 USCIS Policy Manual
F.5(B)". What a citation needs and the document doesn't state is never put in its place: it is left
out where the form allows that, else there is no citation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from pipeline.binding import court
from pipeline.citator.voice import Rank, voice
from pipeline.identifiers import REPORTED
from pipeline.model import DateKind, Version
from pipeline.pin import pin

USCIS = "U.S. Citizenship & Immigr. Servs."
EOIR = "Exec. Off. for Immigr. Rev."
_DATED = (DateKind.DECIDED, DateKind.SIGNED, DateKind.ANNOUNCED, DateKind.PUBLISHED)
_MONTHS = (
    *("Jan.", "Feb.", "Mar.", "Apr.", "May", "June"),
    *("July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."),
)
_REGISTER = re.compile(r"(?P<volume>\d+) (?:FR|Fed\. Reg\.) (?P<page>[\d,]+)")
_PART = re.compile(r"(?P<title>\d+) CFR (?P<part>[\w.-]+)")
_SECTION = re.compile(r"(?P<title>\d+) CFR (?P<part>part )?(?P<number>[\w.-]+)")
_MANUAL = re.compile(r"(?P<volume>\d+) USCIS-PM (?P<place>[A-Z]+(?:\.\d+)?)")
# "B. General", "1. Evidence", "a. Letters": the levels below a chapter, in their order.
_LEVELS = (r"[A-Z]", r"\d+", r"[a-z]", r"[ivx]+")
_CAPITALS = re.compile(r"[^\W\d_]{2,}")
# Initials that a vowel or their shortness would make a word of.
_KEPT = frozenset(
    {
        *("LP", "USA", "US", "INS", "DOJ", "FBI", "CIA", "ICE", "IRS", "IBM", "AAO", "BIA", "EOIR"),
        *("USCIS", "UCLA", "UK", "EU", "IT", "PC"),
    }
)
_INITIALS = re.compile(r"[B-DF-HJ-NP-TV-XZ]{3,}")
_SHORTENED = frozenset({"LTD", "MFG", "MGMT", "SVCS", "BLDG", "MRS"})
_SMALL = frozenset({"OF", "AND", "THE", "FOR", "IN", "ON", "AT", "BY", "TO", "WITH", "AN"})
_NUMERAL = re.compile(r"II|III|IV|VI{1,3}|IX")
_FIRST = re.compile(
    r"(?:\A|\b(?:Matter of|In re|v\.|[Ee]x rel\.)) *\Z"
)  # what begins a party's name
_DOCKET = re.compile(r"(?=\D*\d)[\w.:()-]+(?:(?:, | & | and |; )[\w.:()-]+)*")
_YEARED = re.compile(r"\((?P<court>[^()]*?) ?(?:17|18|19|20)\d\d\)\Z")
_ORDER_NAMES = {"executive_order_number": "Exec. Order", "proclamation_number": "Proclamation"}
_FORM = re.compile(r"[A-Z]{1,4}-?\d[\w-]*", re.IGNORECASE)
_MEMORANDUM = re.compile(r"PM-?602-?\d{4}(?:\.\d+)?")


def bluebook(version: Version) -> str:
    """How a document is cited, without a full stop; "" where what we hold doesn't suffice.

    Its text isn't looked at: a version without blocks will do.
    """
    kind = version.document.kind
    if kind in REPORTED:
        return _joined(case(version.title), version.citation) if _is_reported(version) else ""
    make = _FORMS.get(kind)
    return make(version) if make else ""


def pinned(version: Version, *, page: str = "", trail: Sequence[str] = ()) -> str:
    """The same, to the page of a reporter or the section of the Policy Manual on which a passage
    stands; "" where it can't be told."""
    if version.document.kind in REPORTED:
        cited = pin(version.citation, page)
        return _joined(case(version.title), cited) if cited else ""
    if version.document.kind == "policy-manual-chapter":
        whole, within = bluebook(version), _within(trail)
        return f"{whole}{within}" if whole and within else ""
    return ""


def case(name: str) -> str:
    """A case's name in a brief's letters: "Matter of R.I. Ortega" for "Matter of R. I. ORTEGA";
    the initials of an unnamed party stay (Bluebook rule 6.1(a) closes initials up)."""
    closed = re.sub(r"\b([A-Z]\.) (?=[A-Z]\.)", r"\1", name)
    return re.sub(r"[^\W\d_][\w'’-]*", _lowered, closed)


def day(on: date) -> str:
    """A day by the Bluebook's table T12: "Jan. 6, 2025"."""
    return f"{_MONTHS[on.month - 1]} {on.day}, {on.year}"


def _is_reported(version: Version) -> bool:
    return bool(re.fullmatch(r"\d+ I&N Dec\. \d+ \([^()]+\)", version.citation))


def _rule(version: Version) -> str:
    cited = _registered(version)
    parts = _parts(version.metadata.get("cfr_references") or ())
    codified = f" (to be codified at {parts})" if cited and parts else ""
    return f"{cited}{codified}"


def _notice(version: Version) -> str:
    return _registered(version)


def _order(version: Version) -> str:
    """Numbered papers by their number and the day on which they were signed: rule 14.7."""
    signed = version.date(DateKind.SIGNED)
    if signed is None:
        return ""
    for field, name in _ORDER_NAMES.items():
        number = str(version.metadata.get(field) or "")
        if number.isdigit():
            return _registered(version, title=f"{name} No. {_grouped(number, 5)}", on=signed)
    return _registered(version, on=signed)


def _registered(version: Version, *, title: str = "", on: date | None = None) -> str:
    found = _REGISTER.fullmatch(version.citation)
    on = on or version.date(DateKind.PUBLISHED)
    if not found or on is None:
        return ""
    page = _grouped(found["page"].replace(",", ""), 5)
    proposed = "proposed " if version.document.kind == "proposed-rule" else ""
    where = f"{found['volume']} Fed. Reg. {page} ({proposed}{day(on)})"
    return _joined(title or version.title, where)


def _parts(references: Sequence[str]) -> str:
    """ "8 C.F.R. pts. 103, 214; 20 C.F.R. pt. 655"; "" where the register names no part."""
    by_title: dict[str, list[str]] = {}
    for each in references:
        if found := _PART.fullmatch(str(each)):
            by_title.setdefault(found["title"], []).append(found["part"])
    return "; ".join(
        f"{title} C.F.R. pt{'s' if len(parts) > 1 else ''}. {', '.join(parts)}"
        for title, parts in by_title.items()
    )


def _code(version: Version) -> str:
    """A section of the Code. The eCFR is no annual edition, so no year is given but that of the day
    for which a past text was asked."""
    found = _SECTION.fullmatch(version.citation)
    if not found:
        return ""
    mark = "pt." if found["part"] else "§"
    as_of = str(version.metadata.get("as_of") or "")
    past = f" ({as_of[:4]})" if re.fullmatch(r"\d{4}-\d\d-\d\d", as_of) else ""
    return f"{found['title']} C.F.R. {mark} {found['number']}{past}"


def _manual(version: Version) -> str:
    found = _MANUAL.fullmatch(version.citation)
    return f"{found['volume']} USCIS Policy Manual {found['place']}" if found else ""


def _within(trail: Sequence[str]) -> str:
    """ "(B)(1)" of the headings "B. Evidence" and "1. Letters"; "" where these count otherwise."""
    found, levels = "", iter(_LEVELS)
    for heading in trail:
        level = next(levels, "")
        said = re.match(rf"({level})\. ", heading) if level else None
        if not said:
            return found
        found += f"({said[1]})"
    return found


def _memorandum(version: Version) -> str:
    number = _MEMORANDUM.search(version.citation)
    if not number:
        return ""
    return _issued(USCIS, f"Policy Memorandum {number[0]}", version, number[0])


def _alert(version: Version) -> str:
    cited = version.citation
    return _issued(USCIS, f"Policy Alert {cited}", version, cited) if cited else ""


def _eoir(version: Version) -> str:
    return _issued(EOIR, version.citation, version) if version.citation else ""


def _issued(author: str, number: str, version: Version, *names: str) -> str:
    """Author, number, title and day; a title that repeats the number gives way to it."""
    on = _dated(version)
    title = _without(version.title, number, *names)
    return f"{', '.join(filter(None, (author, number, title)))} ({day(on)})" if on else ""


def _without(title: str, *names: str) -> str:
    """A title without the names that stand at its beginning or end: they are said before it."""
    for name in names:
        said = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
        title = re.sub(rf"^\W*{said}\W*|\W*{said}\W*$", "", title, flags=re.IGNORECASE)
    return title


def _bulletin(version: Version) -> str:
    found = re.fullmatch(
        r"(?P<name>.+?) \(No\. (?P<no>\d+), Vol\. (?P<vol>\w+)\)", version.citation
    )
    if not found:
        return ""
    return f"U.S. Dep’t of State, {found['name']}, Vol. {found['vol']}, No. {found['no']}"


def _form(version: Version) -> str:
    """By its edition, which a filing is refused without: 8 CFR 103.2(a)(1)."""
    number, edition = version.document.key.upper(), str(version.metadata.get("edition_date", ""))
    if not _FORM.fullmatch(number) or not edition:
        return ""
    title = _without(version.title, f"Form {number}", number)
    return f"{', '.join(filter(None, (USCIS, f'Form {number}', title)))} ({edition} ed.)"


def _release(version: Version) -> str:
    on = _dated(version)
    return f"Press Release, {USCIS}, {version.title} ({day(on)})" if on else ""


def _page(author: str) -> Callable[[Version], str]:
    def made(version: Version) -> str:
        on = _dated(version)
        return f"{version.title}, {author} ({day(on)}), {version.url}" if on else ""

    return made


def _unpublished(version: Version) -> str:
    """By its party's initials and its day; the number of its record is not held."""
    name = re.fullmatch(r"(.+) \(BIA [^()]+\)", version.citation)
    on = version.date(DateKind.DECIDED)
    return f"{name[1]} (BIA {day(on)})" if name and on else ""


def _opinion(version: Version) -> str:
    """By its reporter, or its docket number, court and day: rule 10.8.1."""
    if re.match(r"\d+ [A-Z]", version.citation):
        return _joined(version.title, version.citation) if _is_whole(version.citation) else ""
    stated = str(version.metadata.get("docket", "")).strip()
    docket = _DOCKET.fullmatch(re.sub(r"\A(?:(?:Docket|Case) )?Nos?\.? *", "", stated))
    name, on = _court(version.issuer), version.date(DateKind.DECIDED)
    if not (docket and name and on):
        return ""
    several = "s" if re.search(r"[,;&]| and ", docket[0]) else ""
    return f"{version.title}, No{several}. {docket[0]} ({name} {day(on)})"


def _is_whole(citation: str) -> bool:
    """Whether a reporter's citation has its year, and the court that the reporter doesn't tell."""
    year = _YEARED.search(citation)
    is_told = voice("", citation).rank is Rank.SUPREME_COURT
    return year is not None and (is_told or bool(year["court"]))


def _court(issuer: str) -> str:
    """A court's abbreviation by table T1.1; "" of one that has none there."""
    said = court(issuer)
    if said.rank is Rank.SUPREME_COURT:
        return "U.S."
    if said.rank is not Rank.COURT_OF_APPEALS or len(said.circuits) != 1:
        return ""
    (circuit,) = said.circuits
    named = {"1": "1st", "2": "2d", "3": "3d", "dc": "D.C.", "fed": "Fed."}
    return f"{named.get(circuit, f'{circuit}th')} Cir."


def _by_hand(version: Version) -> str:
    return _joined(version.title, version.citation) if version.citation else ""


def _dated(version: Version) -> date | None:
    return next(filter(None, map(version.date, _DATED)), None)


def _joined(title: str, cited: str) -> str:
    return cited if cited.startswith(title) else f"{title}, {cited}"


def _grouped(number: str, least: int) -> str:
    """Commas between three digits from so many on: rule 6.2(a)(vii)."""
    return f"{int(number):,}" if len(number) >= least else number


def _lowered(found: re.Match[str]) -> str:
    """A word in capitals as a name is written; what isn't one stays: "A-B-", "LLC"."""
    word = found[0]
    if surname := re.fullmatch(r"Mc([A-Z]{2,})", word):
        return f"Mc{surname[1].capitalize()}"
    if not word.isupper() or not _CAPITALS.search(word) or word in _KEPT:
        return word
    is_first = _FIRST.search(found.string[: found.start()]) is not None
    if word in _SMALL and not is_first:
        return word.lower()
    is_initials = _INITIALS.fullmatch(word) and word not in _SHORTENED
    if is_initials or (_NUMERAL.fullmatch(word) and not is_first):
        return word
    named = re.sub(r"[^\W\d_]+", lambda each: each[0].capitalize(), word)
    named = re.sub(r"(?<=['’])S\b", "s", named)
    return re.sub(r"\bMc([a-z])", lambda each: f"Mc{each[1].upper()}", named)


_FORMS: Mapping[str, Callable[[Version], str]] = {
    "rule": _rule,
    "proposed-rule": _rule,
    "notice": _notice,
    "presidential-document": _order,
    "regulation": _code,
    "policy-manual-chapter": _manual,
    "uscis-memorandum": _memorandum,
    "policy-alert": _alert,
    "eoir-memorandum": _eoir,
    "visa-bulletin": _bulletin,
    "form": _form,
    "uscis-news": _release,
    "uscis-alert": _page(USCIS),
    "visa-news": _page("U.S. Dep’t of State"),
    "oflc-announcement": _page("U.S. Dep’t of Lab., Off. of Foreign Lab. Certification"),
    "bia-unpublished": _unpublished,
    "court-opinion": _opinion,
    "court-order": _by_hand,
}
