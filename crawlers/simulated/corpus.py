"""Documents of which only a few fields are known, completed to what the interface would answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crawlers.simulated.conditions import Json
from crawlers.simulated.fields import DEFAULT_FIELDS, FIELDS

DERIVED = "_derived"  # names the fields that are ours; no answer shows it
FIRST_VOLUME = 1935  # volume 91 is 2026

_DEPARTMENT = re.compile(
    r"\bDepartment of (?:the )?"
    r"(Homeland Security|Health and Human Services|Housing and Urban Development|Veterans Affairs"
    r"|State|Justice|Labor|Treasury|Defense|Interior|Agriculture|Commerce|Education|Energy"
    r"|Transportation)\b"
)
_BUREAUS = (  # words that name one, the publisher's name for it, its department
    (
        r"U\.?S\.? Citizenship and Immigration Services|\bUSCIS\b",
        "U.S. Citizenship and Immigration Services",
        "Homeland Security",
    ),
    (
        r"U\.?S\.? Immigration and Customs Enforcement",
        "U.S. Immigration and Customs Enforcement",
        "Homeland Security",
    ),
    (
        r"U\.?S\.? Customs and Border Protection",
        "U.S. Customs and Border Protection",
        "Homeland Security",
    ),
    (
        r"Executive Office for Immigration Review|\bEOIR\b",
        "Executive Office for Immigration Review",
        "Justice",
    ),
    (
        r"Employment and Training Administration",
        "Employment and Training Administration",
        "Labor",
    ),
    (r"Wage and Hour Division", "Wage and Hour Division", "Labor"),
    (
        r"Office of Refugee Resettlement",
        "Refugee Resettlement Office",
        "Health and Human Services",
    ),
    (
        r"Centers for Disease Control and Prevention|\bCDC\b",
        "Centers for Disease Control and Prevention",
        "Health and Human Services",
    ),
)
_TYPES = (  # what a summary says that its document is or does, the most telling first
    ("Proposed Rule", r"\b(?:proposed rule|propos(?:es|ing)\b)"),
    ("Rule", r"\b(?:final rule|interim rule|temporary rule|is amending|amends)\b"),
)
_CFR = re.compile(r"\b(\d{1,2}) CFR (?:[Pp]arts? )?(\d+)")
_LISTS = ("docket_ids", "regulation_id_numbers", "corrections", "topics")


def from_corpus(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Complete rows of number, title, abstract, publication date and links.

    Agencies, type and CFR references are derived from the title's and the abstract's own words and
    named as such under DERIVED; the page and the volume's number follow from the date; what can't
    be known is null or empty, full texts included: each such document leads to its JSON only.
    """
    return map(_document, rows)


def _document(row: Mapping[str, Any]) -> dict[str, Any]:
    number, published = row["document_number"], row["publication_date"]
    said = f"{row['title']}. {row.get('abstract') or ''}"
    derived = {
        "agencies": list(_agencies(said)),
        "type": next((name for name, words in _TYPES if re.search(words, said, re.I)), "Notice"),
        "cfr_references": [
            {"chapter": None, "citation_url": None, "part": part, "title": int(title)}
            for title, part in dict.fromkeys(_CFR.findall(said))
        ],
    }
    return {
        **dict.fromkeys(sorted(FIELDS.union(DEFAULT_FIELDS) - {"agency_names"})),
        **{name: [] for name in _LISTS},
        **{name: value for name, value in row.items() if name in FIELDS},
        **derived,
        "json_url": f"{row['json_url'].partition('?')[0]}?publication_date={published}",
        "pdf_url": f"https://www.govinfo.gov/content/pkg/FR-{published}/pdf/{number}.pdf",
        "volume": int(published[:4]) - FIRST_VOLUME,
        DERIVED: sorted(derived),
    }


def _agencies(said: str) -> Iterator[Json]:
    """The departments and bureaus that are named, a bureau's department with it, each once."""
    departments = dict.fromkeys(_DEPARTMENT.findall(said))
    bureaus = [(name, above) for words, name, above in _BUREAUS if re.search(words, said)]
    departments |= dict.fromkeys(above for _, above in bureaus)
    for name in (*(f"{each} Department" for each in departments), *(name for name, _ in bureaus)):
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        yield {"raw_name": name.upper(), "name": name, "slug": slug}
