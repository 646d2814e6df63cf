"""What of the Federal Register touches immigration practice: agencies, parts of the CFR, words.

Every agency is named as the publisher's own list spells it (recorded in August 2020). The Board of
Alien Labor Certification Appeals has no name of its own there: it sits in the Labor Department.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.errors import SettingsError

WHOLLY = (  # read whatever they say: a form, a port, a fee may go without any of the words below
    "u-s-citizenship-and-immigration-services",
    "executive-office-for-immigration-review",
    "u-s-immigration-and-customs-enforcement",
    "u-s-customs-and-border-protection",
    "refugee-resettlement-office",
)
PARTLY = (  # read where the text has one of the words below
    "homeland-security-department",
    "justice-department",
    "state-department",
    "labor-department",
    "employment-and-training-administration",
    "wage-and-hour-division",
    "health-and-human-services-department",
    "children-and-families-administration",
    "centers-for-disease-control-and-prevention",
)
TERMS = (  # singular and plural: whether the publisher's search stems is not documented
    *("immigration", "immigrant", "immigrants", "nonimmigrant", "nonimmigrants"),
    *("alien", "aliens", "noncitizen", "noncitizens", "foreign nationals"),
    *("visa", "visas", "passport", "passports", "exchange visitor", "exchange visitors"),
    *("refugee", "refugees", "asylum", "asylee", "asylees", "temporary protected status"),
    *("citizenship", "naturalization", "removal proceedings", "deportation"),
    *("unaccompanied children", "foreign quarantine", "suspension of entry"),
    *("labor certification", "foreign workers", "adverse effect wage rate"),
    *("employment eligibility", "employment authorization", "H-1B", "H-2A", "H-2B"),
)
CFR: Mapping[int, tuple[str, ...]] = {  # parts, or ranges of them; none: the whole title
    6: ("37",),  # REAL ID: lawful status
    8: (),
    20: ("655-656",),  # labor certification
    22: ("40-62",),  # visas; nationality and passports; exchange visitors
    28: ("44-68",),  # discrimination against immigrants (44) and its hearing officer (68)
    29: ("501-507",),  # enforcement: H-2A, H-2B, H-1B
    42: ("34", "71"),  # medical examination of aliens; foreign quarantine
    45: ("400-499",),  # chapter IV, Office of Refugee Resettlement
}

_NAMES = {  # of conditions, from the interface's own documentation
    *("term", "agencies", "type", "presidential_document_type", "president", "docket_id"),
    *("effective_date", "regulation_id_number", "sections", "topics", "significant", "cfr", "near"),
}
_TYPES = {"RULE", "PRORULE", "NOTICE", "PRESDOCU"}
_OPTIONS = {"seeds", "since", "conditions", "agencies", "terms"}


def conditions(options: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """What is asked, each apart: the interface joins the parts of one condition with "and".

    The option `conditions` takes the place of them all; `agencies` (read whatever they say) and
    `terms` of the lists above. That words may be joined with `|` is said in the publisher's Search
    Help, that a part may be a range in its interface's documentation, that several agencies are
    alternatives in neither; no answer to such a question was recorded. Raises `SettingsError` for
    what the interface doesn't know.
    """
    if unknown := sorted(set(options) - _OPTIONS):
        raise _wrong(f"options has {unknown[0]!r}", f"allowed are {_among(_OPTIONS)}")
    if "conditions" in options:
        return _checked(options)
    words = either(_texts(options, "terms", TERMS))
    return (
        {"agencies": _texts(options, "agencies", WHOLLY)},
        {"agencies": PARTLY, "term": words},
        {"type": ("PRESDOCU",), "term": words},
        *({"cfr": {"title": title}} for title, parts in CFR.items() if not parts),
        *({"cfr": {"title": t, "part": part}} for t, parts in CFR.items() for part in parts),
    )


def either(terms: Iterable[str]) -> str:
    """Ask for any of some words and phrases, as the publisher's search has it."""
    return " | ".join(term if term.isalnum() else f'"{term}"' for term in terms)


def says(terms: Iterable[str], text: str) -> bool:
    """Whether a text has one of some words or phrases, as whole words in either case."""
    found = "|".join(map(re.escape, terms))
    return re.search(rf"(?<!\w)(?:{found})(?!\w)", text, re.IGNORECASE) is not None


def _checked(options: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    given = options["conditions"]
    if set(options) & {"agencies", "terms"}:
        raise _wrong("`conditions` beside `agencies` or `terms`", "it takes their place: keep one")
    if not isinstance(given, list | tuple) or not given:
        raise _wrong(f"conditions = {given!r}", "write a list of tables")
    for each in given:
        _check(each)
    return given


def _check(given: Any) -> None:
    if not isinstance(given, Mapping) or not given:
        raise _wrong(f"condition {given!r}", "write a table such as { cfr = { title = 8 } }")
    for name in given:
        if name == "publication_date":
            raise _wrong("condition publication_date", "days are ours to ask; set `since`")
        if name not in _NAMES:
            raise _wrong(f"condition {name!r}", f"known are {_among(_NAMES)}")
    kinds = given.get("type", ())
    if not isinstance(kinds, list | tuple) or set(kinds) - _TYPES:
        raise _wrong(f"type = {kinds!r}", f"write a list of {_among(_TYPES)}")
    cfr = given.get("cfr", {"title": 0})
    if not isinstance(cfr, Mapping) or "title" not in cfr or set(cfr) - {"title", "part"}:
        raise _wrong(f"cfr = {cfr!r}", "write { title = 8, part = 214 }; the title is needed")


def _texts(options: Mapping[str, Any], name: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    given = options.get(name, usual)
    fit = isinstance(given, list | tuple) and given
    if not fit or not all(isinstance(each, str) and each.strip() for each in given):
        raise _wrong(f"{name} = {given!r}", "write a list of texts")
    if name == "agencies" and (odd := [x for x in given if not re.fullmatch(r"[a-z0-9-]+", x)]):
        raise _wrong(f"agency {odd[0]!r}", 'write the last part of its address, "state-department"')
    if name == "terms" and (odd := [x for x in given if re.search(r'["|()&!]', x)]):
        raise _wrong(f"term {odd[0]!r}", "write plain words; they are joined and quoted for you")
    return tuple(given)


def _among(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _wrong(what: str, remedy: str) -> SettingsError:
    return SettingsError(f"{what} of federal_register is nothing it can ask for: {remedy}")
