"""Our own citation patterns, for authorities that are cited one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.model import Citation

Spell = Callable[[re.Match[str]], str]

# Scanners read the capital I of "I&N" as l, 1 or |.
IN_DEC = r"[Il1|]\s?\.?\s?(?:&|and)\s?N(?:\b\.?|(?=Dec))(?:,?\s{0,3}Dec(?:isions?\b|\b)\.?)?"
_NOTE = r"(?:\s?&)?\s?nn?\.\s?\d{1,3}"
_PAGE = rf"\d{{1,5}}(?:-\s?\d{{1,5}})?(?:{_NOTE})?"
# A pin page is not the volume of the next citation, nor of one that scanners read "5. Ct.", nor a
# number of days.
_NO_VOLUME = (
    r"(?!\d|\s?[A-Z(]?\.?\s?&|[l|]\s?&|\s+[A-Z]|\s+5\.\s?Ct\b"
    r"|\s+(?:(?:calendar|business)\s+)?(?:days?|weeks?|months?|years?|hours?|percent)\b)"
)
_MORE = rf"(?:,\s{_PAGE}{_NO_VOLUME})*"
PAGES = rf"{_PAGE}{_MORE}"  # "392-94, 396 n.5"
PIN = rf"(?:,\s{{0,2}}(?P<pin>{_PAGE}{_NO_VOLUME}{_MORE}))?"
# The Federal Register prints its pages with a comma, as nothing else that we cite does.
_REGISTER_PAGE = r"\d{1,3},\d{3}(?!\d)(?:-\s?(?:\d{1,3},\d{3}|\d{1,3})(?!\d))?"
_REGISTER_PAGES = rf"{_REGISTER_PAGE}(?:,\s{_REGISTER_PAGE}){{0,8}}"
_REGISTER_PIN = (
    r"(?:\d{1,3},\d{3}|\d{3,6})(?!\d)(?:-\s?(?:\d{1,3},\d{3}|\d{1,6})(?!\d))?(?!\s+[A-Z])"
)
# Where scanners read the I as a digit, the volume may be glued to it: "191&N Dec. 609".
_VOLUME = r"(?<![\w.])(?P<volume>\d{1,2})(?:\s{1,3}|(?=[Il1|]\s?&))"
_NUMBER = r"(?:Nos?\.?:?\s*)?"
# Orders and proclamations are numbered in thousands, with a comma or without.
_SERIAL = r"(?:\d{4,5}|\d{1,2},\d{3})(?![\d-]|,\d)"
_NO_YEAR = r"(?!(?:19|20)\d\d\b)"
_WORD = r"[A-Z](?:[\w'&-]|\.(?=[\w,])|(?<=\b[A-Z])\.)*"
_IS_SEVERAL = re.compile(
    r"(?:Exec\w*\.?\s+Orders|EOs|Proclamations|Forms|RINs|Pub\w*\.?\s?Laws)\b", re.IGNORECASE
)
_ALSO = re.compile(r",\s{1,3}(?:(?:and|or)\s{1,3})?|\s{1,3}(?:and|or|&)\s{1,3}")
# How decisions are numbered that stand in no reporter, or not yet.
_DECISION = r"(?:Interim\s+Dec(?:ision|\.)|Int\.\s?Dec\.|Adopted\s+Dec(?:ision|\.))"
# Atomic: a name is never cut short to satisfy what must not follow it.
_NAME = rf"(?>{_WORD}(?:,?\s(?!{_DECISION})(?:(?:and|&|of|de|del|la)\s)?{_WORD}){{0,6}})"
# "A Matter of Law", as headings print it, is no case.
_IDIOM = (
    r"(?:Course|Discretion|Fact|First\s+Impression|Grace|Law|Policy|Principle|Right"
    r"|Public\s+(?:Interest|Policy|Record))(?![\w-])"
)
_MANUAL = r"USCIS\s+Policy\s+Manual\b"
_MANUAL_VOLUME = r"[Vv]ol(?:ume|\.)\s*(?P<volume>\d{1,2})"
_HEADING = r"[^,;()\d]{3,80}"
_MANUAL_PART = (
    rf"(?:[Pp]art|[Pp]t\.)\s+(?P<part>[A-Z])\b(?:(?:,{_HEADING})?,\s+[Cc]h(?:apter|\.)\s*"
    r"(?P<chapter>\d{1,2})(?P<section>(?:\([A-Z0-9]{1,2}\)){0,4}))?"
)
_MANUALS = (
    rf"\b{_MANUAL},?\s+{_MANUAL_VOLUME}(?:,{_HEADING})?,\s+{_MANUAL_PART}",
    rf"\b{_MANUAL_VOLUME},?\s+{_MANUAL}(?:,{_HEADING})?,\s+{_MANUAL_PART}",
    rf"\b{_MANUAL_VOLUME}(?:,{_HEADING})?,\s+{_MANUAL_PART}(?:,{_HEADING})?"
    rf",?\s+(?:of|in)\s+(?:the\s+)?{_MANUAL}",
)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A pattern and the canonical spelling of what it matches; a group `pin` is the page cited.

    `following` is what a later item of a list looks like, where its head speaks of several.
    """

    kind: str
    pattern: str
    spell: Spell
    following: str = ""


def _as(template: str) -> Spell:
    """The template with the match's named groups, whitespace squeezed out of them."""
    return lambda match: template.format(
        **{name: re.sub(r"\s+", "", value or "") for name, value in match.groupdict().items()}
    )


def _numbered(template: str) -> Spell:
    """The template with the match's number in capitals, without the comma of thousands."""
    return lambda match: template.format(match["number"].upper().replace(",", ""))


def _form(match: re.Match[str]) -> str:
    letters = re.sub(r"(?<=^[A-Z])(?=\d)", "-", match["number"].upper())
    return f"Form {letters}"


def _page(match: re.Match[str]) -> str:
    return f"{match['volume']} FR {match['page'].replace(',', '')}"


def _manual(match: re.Match[str]) -> str:
    chapter = f".{match['chapter']}" if match["chapter"] else ""
    section = (match["section"] or "").upper()
    return f"{match['volume']} USCIS-PM {match['part'].upper()}{chapter}{section}"


def _supra(match: re.Match[str]) -> str:
    return re.sub(r"\s+", " ", match[0])


RULES = (
    Rule(
        kind="case_reporter",
        pattern=rf"{_VOLUME}{IN_DEC}(?:\s{{1,3}}|(?<=\.))(?P<page>\d{{1,4}})(?![\d,]*\d{{4}}){PIN}",
        spell=_as("{volume} I&N Dec. {page}"),
    ),
    Rule(
        kind="case_short",
        pattern=rf"{_VOLUME}{IN_DEC},?\s{{1,3}}at\s{{1,3}}(?P<pin>{PAGES})",
        spell=_as("{volume} I&N Dec. at {pin}"),
    ),
    Rule(
        kind="interim_decision",
        pattern=rf"\b(?:Interim\s+Dec(?:ision|\.)|Int\.\s?Dec\.)\s?#?{_NUMBER}#?(?P<number>\d{{4}})\b",
        spell=_as("Interim Decision {number}"),
    ),
    Rule(
        kind="fr_cite",
        pattern=(
            r"(?<![\w.-])(?P<volume>\d{2})\s{1,3}(?:F\.?\s?R\.?(?!\.?\s?D)|Fed\.?\s?Reg\b\.?),?\s{1,3}"
            rf"at\s{{1,3}}(?=(?P<page>\d{{1,3}},\d{{3}}|\d{{1,5}})(?!\d))"
            rf"(?P<pin>{_REGISTER_PIN}(?:,\s{_REGISTER_PIN}){{0,8}}|\d{{1,5}})"
        ),
        spell=_page,
    ),
    # A footnote's number stands glued to what it begins with: "177 FR 6194".
    Rule(
        kind="fr_cite",
        pattern=(
            r"(?:(?<![\w.-])|(?<=(?<![\w.-])\d))(?P<volume>\d{2})\s{1,3}(?:F\.?\s?R\.?(?!\.?\s?D)|Fed\.?\s?Reg\b\.?)\s{1,3}"
            r"(?P<page>\d{1,3},\d{3}(?!\d)|\d{1,6})"
            rf"(?:,\s(?P<pin>{_REGISTER_PIN}(?:,\s{_REGISTER_PIN}){{0,8}}))?"
        ),
        spell=_page,
    ),
    Rule(
        kind="fr_docnum",
        pattern=rf"\bFR\s+Doc\.?\s?{_NUMBER}:?\s?(?P<number>[A-Z]?\d{{0,4}}-\d{{4,5}}-\d{{1,6}}|[A-Z]?\d{{1,4}}-\d{{1,6}})",
        spell=_numbered("FR Doc. {}"),
    ),
    Rule(
        kind="rin",
        pattern=(
            r"\b(?:RINs?:?|Regulat(?:ion|ory)\sIdentifi(?:er|cation)\sNumbers?(?:\s\(RINs?\))?:?)\s{0,80}"
            rf"(?:[\[(]Regulat(?:ion|ory)\sIdentifi(?:er|cation)\sNumbers?[\])]\s)?{_NUMBER}"
            r"(?P<number>\d{4}-[A-Z]{2}\d{2})\b"
        ),
        spell=_numbered("RIN {}"),
        following=r"(?P<number>\d{4}-[A-Z]{2}\d{2})\b",
    ),
    Rule(
        kind="uscis_pm",
        pattern=(
            r"(?<![\w.])(?P<volume>\d{1,2})\s{1,3}USCIS(?:[- ]PM|\s+Policy\s+Manual)\s{1,3}"
            r"(?P<part>[A-Z])\b"
            r"(?:\.(?P<chapter>\d{1,2})(?P<section>(?:\([A-Z0-9]{1,2}\)){0,4}))?"
        ),
        spell=_manual,
    ),
    *(Rule(kind="uscis_pm", pattern=each, spell=_manual) for each in _MANUALS),
    Rule(
        kind="public_law",
        pattern=rf"\b(?:Pub(?:lic|\.)?\s?L(?:aws?\b|\.)|P\.\s?L\.|PL(?=\s\d{{2,3}}-))\s{{0,80}}{_NUMBER}(?P<number>\d{{1,3}}-\d{{1,4}}|\d{{1,3}}(?![\d-]))",
        spell=_as("Pub. L. {number}"),
        following=r"(?P<number>\d{2,3}-\d{1,3})(?![\w-])",
    ),
    Rule(
        kind="stat",
        pattern=r"(?<![\w.])(?P<volume>\d{1,3})\s{1,3}Stat\.\s{1,3}(?P<page>\d{1,4}(?:-\d{1,4})?)\b",
        spell=_as("{volume} Stat. {page}"),
    ),
    Rule(
        kind="executive_order",
        pattern=rf"\b(?:Exec(?:utive|\.)\s{{1,80}}Orders?|E\.\s?O\.|EOs?)\s{{0,80}}{_NUMBER}(?P<number>{_SERIAL})",
        spell=_numbered("EO {}"),
        following=rf"{_NO_YEAR}(?P<number>{_SERIAL})",
    ),
    Rule(
        kind="proclamation",
        pattern=rf"\bProc(?:lamations?\s{{1,80}}|\.\s?){_NUMBER}(?P<number>{_SERIAL})",
        spell=_numbered("Proc. {}"),
        following=rf"{_NO_YEAR}(?P<number>{_SERIAL})",
    ),
    Rule(
        kind="policy_memo",
        pattern=r"\bPM[- ](?P<number>\d{3}-\d{4}(?:\.\d{1,2})?)(?![\d-])",
        spell=_numbered("PM-{}"),
    ),
    Rule(
        kind="policy_memo",
        pattern=r"\b(?P<number>PA-\d{4}-\d{1,3})(?![\d-])",
        spell=_numbered("{}"),
    ),
    Rule(
        kind="policy_memo",
        pattern=rf"\b(?:OPPM|Operating\s+Polic(?:y|ies)\s+and\s+Procedures?\s+Memorand(?:um|a))\s*{_NUMBER}(?P<number>\d{{2}}-\d{{2}})\b",
        spell=_as("OPPM {number}"),
    ),
    Rule(
        kind="policy_memo",
        pattern=rf"\b(?:EOIR\s+)?(?:PM|Policy\s+Memorandum)\s*{_NUMBER}(?P<number>\d{{2}}-\d{{2}})\b",
        spell=_as("PM {number}"),
    ),
    Rule(
        kind="policy_memo",
        pattern=rf"\b(?:(?:EOIR\s+)?DM|Director's\s+Memorandum)\s{{0,3}}{_NUMBER}(?P<number>\d{{2}}-\d{{2}})\b",
        spell=_as("DM {number}"),
    ),
    Rule(
        kind="fam",
        pattern=(
            r"(?<![\w.])(?P<volume>\d{1,2})\s{1,3}FAM\s{1,3}(?:§\s?)?"
            r"(?P<place>(?:\d{3,4}|\d{2}(?=\.\d))(?:\.\d{1,3}){0,3}(?:-\d{1,3})?(?:\([A-Za-z0-9]{1,4}\)){0,6})"
        ),
        spell=_as("{volume} FAM {place}"),
    ),
    Rule(
        kind="docket",
        pattern=(
            rf"\b(?:DHS\s+)?Docket:?\s+(?:(?:ID|Number|No)s?\.?:?\s*)?{_NUMBER}"
            r"(?P<number>[A-Z]{2,6}(?:-[A-Z]{2,6})?-\d{4}-\d{4,5})\b"
        ),
        spell=_as("{number}"),
    ),
    Rule(
        kind="docket",
        pattern=r"\bCIS\s+No\.\s*(?P<number>\d{4}-\d{2,4})\b",
        spell=_as("CIS No. {number}"),
    ),
    Rule(
        kind="docket",
        pattern=rf"\bEOIR\s+Docket\s+{_NUMBER}(?P<number>\d{{2}}-\d{{4}}|\d{{3}}[A-Z]?)\b",
        spell=_numbered("EOIR Docket No. {}"),
    ),
    Rule(
        kind="docket",
        pattern=r"(?<![\w-])(?P<number>(?:USCIS|ICEB|USCBP|DHS|EOIR|ETA|DOS)-\d{4}-\d{4})(?![\w]|-\d)",
        spell=_numbered("{}"),
    ),
    Rule(
        kind="form",
        pattern=r"\bForms?\s+(?:Nos?\.?\s*)?(?P<number>(?!PM-)[A-Z]{1,5}-?\d{1,4}[A-Z]{0,4}(?:-\d)?)\b",
        spell=_form,
        following=r"(?P<number>(?!PM-)[A-Z]{1,5}-\d{1,4}[A-Z]{0,4}(?:-\d)?)\b",
    ),
    Rule(
        kind="form",
        pattern=r"\bETA\s+Form\s+(?P<number>\d{3,4}[A-Z]?)\b",
        spell=_as("Form ETA-{number}"),
    ),
    Rule(
        kind="case_short",
        pattern=rf"(?:\bMatter\s+of\s+{_NAME},\s+)?(?<!\w)supra(?:,?\s+nn?(?:otes?|\.)\s+\d{{1,3}})?(?:,?\s+at\s+{PAGES})?",
        spell=_supra,
    ),
    Rule(
        kind="case_short",
        pattern=rf"(?<![\w.])[Ii]d\.(?:,?\s+at\s+(?P<pin>{_REGISTER_PAGES}|{PAGES})(?!\d|\.\d{{1,4}}[a-z]?\())?",
        spell=lambda match: f"id. at {_uncommaed(match['pin'])}" if match["pin"] else "id.",
    ),
    Rule(
        kind="case_short",
        pattern=(
            rf"\bMatter\s+of\s+(?!{_IDIOM}){_NAME}"
            rf"(?!\s?(?:\(PDF\)\s?)?,\s{{0,3}}(?:supra\b|A\.G\.|Int(?:erim|\.)\s?Dec|\d{{1,2}}\s{{0,3}}{IN_DEC}))"
        ),
        spell=_supra,
    ),
)


def singles(text: str, flags: re.RegexFlag = re.NOFLAG) -> Iterator[Citation]:
    """Matches of every rule, in the order of RULES; may overlap each other."""
    for rule in RULES:
        yield from cited(rule, text, flags)


def cited(rule: Rule, text: str, flags: re.RegexFlag = re.NOFLAG) -> Iterator[Citation]:
    """Matches of one rule, with the further items of its lists."""
    for match in re.finditer(rule.pattern, text, flags):
        yield _citation(rule, match)
        if rule.following and _IS_SEVERAL.match(match[0]):
            yield from _followed(rule, match, flags)


def _followed(rule: Rule, match: re.Match[str], flags: re.RegexFlag) -> Iterator[Citation]:
    """The other items of a list: "Forms I-864 and I-864A"."""
    following = re.compile(rule.following, flags)
    text = match.string
    while separator := _ALSO.match(text, match.end()):
        found = following.match(text, separator.end())
        if found is None:
            return
        yield _citation(rule, found)
        match = found


def _citation(rule: Rule, match: re.Match[str]) -> Citation:
    pin = match.groupdict().get("pin") or ""
    return Citation(
        raw=match[0],
        start=match.start(),
        end=match.end(),
        kind=rule.kind,
        canonical=rule.spell(match),
        pin=re.sub(r"\s+", "", _uncommaed(pin)),
    )


def _uncommaed(pages: str) -> str:
    """Pages without the comma of thousands; that between two pages has a space behind it."""
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", pages)
