"""What each sort of document is called, whom it binds, and its place in a list."""

from __future__ import annotations

from dataclasses import dataclass, replace

from alerts.untrusted import plain
from alerts.wording import shortened
from pipeline.model import Version

CALLED = 80  # characters of what a publisher calls a document


@dataclass(frozen=True, kw_only=True)
class Authority:
    """A sort of authority. `force` says whom it binds; `weight` orders lists (0 first) and is no
    statement that one authority overrules another: that depends on the forum."""

    title: str
    force: str
    weight: int


# The force of precedents is stated in 8 CFR 1003.1(g); of rules in 5 U.S.C. 553.
AUTHORITIES = {
    "rule": Authority(title="Rule", force="regulation, from its effective date", weight=0),
    "ag-precedent": Authority(
        title="Attorney General precedent",
        force="binds immigration judges, the Board and DHS officers unless modified or overruled, "
        "8 CFR 1003.1(g)",
        weight=1,
    ),
    "bia-precedent": Authority(
        title="BIA precedent",
        force="binds immigration judges and DHS officers unless modified or overruled, "
        "8 CFR 1003.1(g)",
        weight=2,
    ),
    "presidential-document": Authority(
        title="Presidential document", force="directs the executive branch", weight=3
    ),
    "proposed-rule": Authority(title="Proposed rule", force="not in force", weight=4),
    "notice": Authority(title="Notice", force="agency notice, not a regulation", weight=5),
    "policy-manual-chapter": Authority(
        title="Policy Manual chapter", force="guidance to USCIS officers", weight=6
    ),
    "policy-manual-appendix": Authority(
        title="Policy Manual appendix", force="guidance to USCIS officers", weight=6
    ),
    "policy-alert": Authority(
        title="Policy alert", force="announces guidance to USCIS officers", weight=7
    ),
    "technical-update": Authority(
        title="Technical update", force="stated by USCIS to change no policy", weight=8
    ),
    "bia-unpublished": Authority(
        title="Unpublished Board decision",
        force="no precedent: binds in no other case, 8 CFR 1003.1(g)(2)",
        weight=5,
    ),
    # An order of referral or a stay decides nothing yet: 8 CFR 1003.1(h).
    "ag-referral": Authority(
        title="Attorney General referral",
        force="takes a case from the Board for review, 8 CFR 1003.1(h); states no holding",
        weight=3,
    ),
    "agency-precedent": Authority(
        title="Agency precedent",
        force="binds the employees of the agency that designated it, 8 CFR 103.3(c)",
        weight=2,
    ),
    "court-opinion": Authority(
        title="Court opinion", force="binds within the court's circuit where published", weight=0
    ),
    "court-order": Authority(
        title="Court order, entered by hand",
        force="binds as the order says; read the order",
        weight=0,
    ),
    "regulation": Authority(
        title="Regulation, as the eCFR shows it",
        force="regulation; the eCFR is no official edition, and shows text that a court vacated "
        "until the agency removes it",
        weight=0,
    ),
    "fee-schedule": Authority(
        title="USCIS fee schedule",
        force="repeats fees set by rule, 8 CFR part 106",
        weight=4,
    ),
    "form": Authority(
        title="USCIS form page",
        force="form instructions are incorporated into the regulations, 8 CFR 103.2(a)(1); "
        "the page is not the instructions",
        weight=5,
    ),
    "uscis-memorandum": Authority(
        title="USCIS policy memorandum", force="guidance to USCIS officers", weight=6
    ),
    "eoir-memorandum": Authority(
        title="EOIR policy memorandum",
        force="guidance to immigration courts and EOIR staff",
        weight=6,
    ),
    "visa-bulletin": Authority(
        title="Visa Bulletin",
        force="states which immigrant visa numbers are available, INA 201-203; which chart USCIS "
        "accepts for adjustment is on a page of USCIS",
        weight=3,
    ),
    "comment-posting": Authority(
        title="Posted for comment", force="asks for comments; not in force", weight=6
    ),
    "uscis-alert": Authority(title="USCIS alert", force="announcement", weight=7),
    "uscis-news": Authority(title="USCIS news release", force="announcement", weight=8),
    "uscis-page": Authority(title="USCIS web page", force="information to the public", weight=8),
    "visa-news": Authority(title="State Department visa news", force="announcement", weight=7),
    "oflc-announcement": Authority(
        title="OFLC announcement", force="announcement by the Department of Labor", weight=7
    ),
    "public-inspection": Authority(
        title="Filed for public inspection",
        force="filed for publication; filing is constructive notice, 44 U.S.C. 1507; "
        "may change before it is published",
        weight=5,
    ),
}

# What a document of each kind is called by its subtype alone: the name says the kind.
_OWN_NAMES = {
    "rule": ("final rule", "interim final rule", "direct final rule", "temporary rule"),
    "proposed-rule": (
        "proposed rule",
        "supplemental proposed rule",
        "advance notice of proposed rulemaking",
    ),
    "notice": ("hearing notice", "request for comments"),
}
# Whom a rule binds that is no ordinary one: 5 U.S.C. 553(b)-(d).
_RULES = {
    "interim final rule": "regulation, from its effective date, made before comments are weighed; "
    "a later rule may confirm or change it",
    "direct final rule": "regulation, from its effective date, unless the agency withdraws it "
    "first, as it says it will if adverse comments come",
    "temporary rule": "regulation, from its effective date until it expires",
}
# The force of an act on another document.
_ACTS = {
    "correction": "corrects an earlier document: read the two together",
    "withdrawal": "withdraws an earlier document",
    "partial withdrawal": "withdraws an earlier document in part: read which",
    "delay of effective date": "moves a date of an earlier document",
    "extension of comment period": "moves a date of an earlier document",
    "reopening of comment period": "moves a date of an earlier document",
}
_PRESIDENTIAL = {
    "executive order": "Executive Order",
    "proclamation": "Proclamation",
    "memorandum": "Presidential memorandum",
    "presidential memorandum": "Presidential memorandum",
    "determination": "Presidential determination",
    "presidential determination": "Presidential determination",
    "notice": "Presidential notice",
    "order": "Presidential order",
    "presidential order": "Presidential order",
}


def authority(kind: str) -> Authority:
    """The sort of authority of a document kind; one we have no word for keeps its own name."""
    unknown = Authority(title=kind.replace("-", " ").capitalize(), force="", weight=9)
    return AUTHORITIES.get(kind, unknown)


def authority_of(version: Version) -> Authority:
    """The sort of authority of a document, by what it is called: an interim final rule is no bare
    rule, and what is only filed is not published."""
    kind = version.document.kind
    subtype = shortened(plain(str(version.metadata.get("subtype", ""))), CALLED)
    if kind == "public-inspection":
        return _filed(version)
    if kind == "presidential-document":
        return replace(
            AUTHORITIES[kind], title=_PRESIDENTIAL.get(subtype.casefold(), AUTHORITIES[kind].title)
        )
    return _called(authority(kind), kind, subtype) if subtype else authority(kind)


def _filed(version: Version) -> Authority:
    """Listed by what it will be: a rule that is filed stands with the rules."""
    to_be = plain(str(version.metadata.get("type", "")))
    filed = AUTHORITIES["public-inspection"]
    kind = AUTHORITIES.get(to_be.casefold().replace(" ", "-"))
    if kind is None:
        return filed
    return replace(filed, title=f"{kind.title}, filed for public inspection", weight=kind.weight)


def _called(sort: Authority, kind: str, subtype: str) -> Authority:
    if subtype in _OWN_NAMES.get(kind, ()):
        title = subtype[:1].upper() + subtype[1:]
        force = _RULES.get(subtype, sort.force) if kind == "rule" else sort.force
        return replace(sort, title=title, force=force)
    acts = _ACTS.get(subtype, "")
    # A rule that only acts on another is no regulation of its own to speak of.
    own = "" if acts and kind == "rule" else sort.force
    force = "; ".join(filter(None, (own, acts)))
    return replace(sort, title=f"{sort.title}: {subtype}", force=force)
