"""An authority in a brief's form, and the heading of a table of authorities it stands under.

The Bluebook (21st ed.): rule 12 for statutes and regulations, 11 for constitutions, 14 for
administrative and presidential papers; EOIR's own appendix where it differs, as
`pipeline/bluebook.py` says. What is not known of an authority is left out, never supplied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

from alerts.cle.development import Authority, canonical
from pipeline.bluebook import bluebook, case
from pipeline.citator.twins import twins
from pipeline.citator.voice import CIRCUIT_NAMES, Rank, voice
from pipeline.model import Version


class Group(StrEnum):
    """Headings of a table of authorities, in the order of a brief."""

    SUPREME_COURT = "Cases: Supreme Court of the United States"
    APPEALS = "Cases: United States Courts of Appeals"
    DISTRICT = "Cases: other federal courts"
    ATTORNEY_GENERAL = "Cases: Attorney General"
    BOARD = "Cases: Board of Immigration Appeals"
    SERVICE = "Cases: other agency decisions"
    UNPLACED = "Cases: court not stated in what is held"
    CONSTITUTION = "Constitutional provisions"
    STATUTES = "Statutes"
    REGULATIONS = "Regulations"
    REGISTER = "Federal Register"
    PRESIDENT = "Presidential documents"
    AGENCY = "Administrative materials"
    OTHER = "Other authorities"


CASES = ("case_reporter", "interim_decision")
NO_AUTHORITIES = frozenset({"case_short", "form", "docket", "rin"})
_RANKS = {
    Rank.SUPREME_COURT: Group.SUPREME_COURT,
    Rank.COURT_OF_APPEALS: Group.APPEALS,
    Rank.OTHER_COURT: Group.DISTRICT,
    Rank.ATTORNEY_GENERAL: Group.ATTORNEY_GENERAL,
    Rank.BOARD: Group.BOARD,
    Rank.SERVICE: Group.SERVICE,
}
_BY_CITATION = {
    **dict.fromkeys(("ina", "usc", "public_law", "stat"), Group.STATUTES),
    "cfr": Group.REGULATIONS,
    **dict.fromkeys(("fr_cite", "fr_docnum"), Group.REGISTER),
    **dict.fromkeys(("executive_order", "proclamation"), Group.PRESIDENT),
    **dict.fromkeys(("uscis_pm", "policy_memo", "fam"), Group.AGENCY),
    "constitution": Group.CONSTITUTION,
}
_BY_KIND = {
    **dict.fromkeys(("rule", "proposed-rule", "notice", "public-inspection"), Group.REGISTER),
    "presidential-document": Group.PRESIDENT,
    "regulation": Group.REGULATIONS,
    "ag-precedent": Group.ATTORNEY_GENERAL,
    "ag-referral": Group.ATTORNEY_GENERAL,
    "bia-precedent": Group.BOARD,
    "bia-unpublished": Group.BOARD,
    "court-order": Group.DISTRICT,
    **dict.fromkeys(
        (
            *("policy-manual-chapter", "policy-manual-appendix", "policy-alert", "visa-bulletin"),
            *("uscis-memorandum", "eoir-memorandum", "technical-update", "form", "fee-schedule"),
        ),
        Group.AGENCY,
    ),
}
_CODE = re.compile(r"(?P<title>\d+) (?P<code>USC|CFR) (?P<mark>§|pt\.) ?(?P<rest>.+)")
_ACT = re.compile(r"INA § (?P<rest>.+)")
_REGISTER = re.compile(r"(?P<volume>\d+) FR (?P<page>\d+)")
_MANUAL = re.compile(r"(?P<volume>\d+) USCIS-PM (?P<place>.+)")
_LAW = re.compile(r"Pub\. L\. (?P<number>[\d-]+)")
_ORDER = re.compile(r"(?P<sort>EO|Proc\.|Proclamation) (?P<number>\d+)")
_ORDERS = {"EO": "Exec. Order", "Proc.": "Proclamation", "Proclamation": "Proclamation"}
_CODES = {"USC": "U.S.C.", "CFR": "C.F.R."}
_YEAR = re.compile(r"\b(?:17|18|19|20)\d\d\b")
# "U.S. Const. amend. XIV, § 1", "the Fifth Amendment": capitals make a name of it.
_CONSTITUTION = re.compile(
    r"\bU\.S\. Const\. (?P<place>(?:amend\.|art\.) [IVX]+(?:, (?:§|cl\.) ?\d+)*)"
    r"|\b(?P<ordinal>First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Thirteenth"
    r"|Fourteenth|Fifteenth) Amendment\b"
)
_ROMAN: Mapping[str, str] = dict(
    zip(
        [
            "First",
            "Second",
            "Third",
            "Fourth",
            "Fifth",
            "Sixth",
            "Seventh",
            "Eighth",
            "Ninth",
            "Tenth",
            "Thirteenth",
            "Fourteenth",
            "Fifteenth",
        ],
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XIII", "XIV", "XV"],
        strict=True,
    )
)


def form(authority: Authority) -> str:
    """How a brief cites an authority, by its canonical name and what is known of it."""
    name = authority.canonical
    is_whole = authority.held is not None and canonical(authority.held) == name
    if authority.held and is_whole and (said := bluebook(authority.held)):
        return said
    for pattern, make in _FORMS:
        if found := pattern.fullmatch(name):
            return make(found)
    if authority.held and is_whole:
        return ", ".join(filter(None, (authority.held.title, authority.held.citation)))
    court = f" ({authority.court})" if authority.court else ""
    called = case(authority.name) if authority.name else ""
    return f"{called}, {name}{court}" if called else f"{name}{court}"


def group(kind: str, authority: Authority) -> Group:
    """Where it stands; `kind` is that of the citation, "" of what is held and cited by nobody."""
    held = authority.held
    if kind in CASES or (held and held.document.kind in ("court-opinion", "agency-precedent")):
        return _court(authority)
    if kind in _BY_CITATION:
        return _BY_CITATION[kind]
    return _BY_KIND.get(held.document.kind, Group.OTHER) if held else Group.OTHER


def constitution(text: str) -> Iterator[str]:
    """The provisions of the Constitution that a text names, each "U.S. Const. amend. V"."""
    for found in _CONSTITUTION.finditer(text):
        place = found["place"] or f"amend. {_ROMAN[found['ordinal']]}"
        yield f"U.S. Const. {place}"


def circuit(authority: Authority) -> str:
    """The circuit of a court of appeals' decision in words; "" of another."""
    said = voice(authority.court or _parenthesis(authority.held), authority.canonical)
    return ", ".join(CIRCUIT_NAMES.get(each, each) for each in said.circuits)


def _court(authority: Authority) -> Group:
    held = authority.held
    if held and held.document.kind in _BY_KIND:
        return _BY_KIND[held.document.kind]
    court = authority.court or _parenthesis(held)
    if not court and " I&N Dec. " in authority.canonical:
        return Group.UNPLACED  # the reporter prints the Board, the Attorney General and others
    return _RANKS.get(voice(court, authority.canonical).rank, Group.UNPLACED)


def _parenthesis(held: Version | None) -> str:
    found = re.findall(r"\(([^()]*)\)", held.citation) if held else []
    return found[-1] if found else ""


def _code(found: re.Match[str]) -> str:
    return f"{found['title']} {_CODES[found['code']]} {found['mark']} {found['rest']}"


def _act(found: re.Match[str]) -> str:
    codified = next((each for each in twins(found[0]) if " USC " in each), "")
    match = _CODE.fullmatch(codified)
    beside = f", {_code(match)}" if match else ""
    return f"Immigration and Nationality Act § {found['rest']}{beside}"


def _register(found: re.Match[str]) -> str:
    page = found["page"]
    return (
        f"{found['volume']} Fed. Reg. {int(page):,}"
        if len(page) > 4
        # rule 6.2(a)(vii)
        else (f"{found['volume']} Fed. Reg. {page}")
    )


def _order(found: re.Match[str]) -> str:
    number = found["number"]
    grouped = f"{int(number):,}" if len(number) > 4 else number  # rule 6.2(a)(vii)
    return f"{_ORDERS[found['sort']]} No. {grouped}"


_FORMS = (
    (_CODE, _code),
    (_ACT, _act),
    (_REGISTER, _register),
    (_MANUAL, lambda found: f"{found['volume']} USCIS Policy Manual {found['place']}"),
    (_LAW, lambda found: f"Pub. L. No. {found['number']}"),
    (_ORDER, _order),
)
