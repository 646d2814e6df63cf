"""Say in one line what an event is: the act, by whom, its state and dates, and its artefacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from textwrap import shorten

from pipeline.acts import Stage, stage
from pipeline.calendar import spelled
from pipeline.live import INSPECTED
from pipeline.model import (
    DateKind,
    Document,
    Relation,
    RelationKind,
    Standing,
    State,
    StateKind,
    Version,
)
from pipeline.papers import readable

LONGEST_TITLE = 160  # characters of a title that are quoted
NUMBERED = 3  # artefacts of a kind that are named by number; of more the count is said
_STAGES = {
    Stage.PROPOSAL: "Proposed rule",
    Stage.INTERIM: "Interim final rule",
    Stage.TEMPORARY: "Temporary rule",
    Stage.FINAL: "Final rule",
    Stage.NOTICE: "Notice",
}
# What one artefact of a kind is called, and several.
_KINDS = {
    "rule": ("rule", "rules"),
    "proposed-rule": ("proposed rule", "proposed rules"),
    "notice": ("notice", "notices"),
    "presidential-document": ("presidential document", "presidential documents"),
    INSPECTED: ("filing for public inspection", "filings for public inspection"),
    "policy-alert": ("policy alert", "policy alerts"),
    "technical-update": ("technical update", "technical updates"),
    "policy-manual-chapter": ("Policy Manual chapter edited", "Policy Manual chapters edited"),
    "policy-manual-appendix": (
        "Policy Manual appendix edited",
        "Policy Manual appendices edited",
    ),
    "regulation": ("section of the CFR amended", "sections of the CFR amended"),
    "form": ("form page changed", "form pages changed"),
    "fee-schedule": ("fee schedule changed", "fee schedules changed"),
    "uscis-page": ("page of USCIS changed", "pages of USCIS changed"),
    "uscis-alert": ("USCIS alert", "USCIS alerts"),
    "uscis-news": ("USCIS news release", "USCIS news releases"),
    "uscis-memorandum": ("USCIS memorandum", "USCIS memoranda"),
    "eoir-memorandum": ("EOIR memorandum", "EOIR memoranda"),
    "visa-news": ("announcement of the Department of State",) * 2,
    "oflc-announcement": ("OFLC announcement", "OFLC announcements"),
    "visa-bulletin": ("Visa Bulletin", "Visa Bulletins"),
    "comment-posting": ("request for comments", "requests for comments"),
    "bia-precedent": ("precedent decision", "precedent decisions"),
    "ag-precedent": ("precedent decision of the Attorney General",) * 2,
    "court-order": ("court order entered by hand", "court orders entered by hand"),
}
_DONE = {
    RelationKind.CORRECTS: "corrected",
    RelationKind.DELAYS: "effective date delayed",
    RelationKind.WITHDRAWS: "withdrawn",
    RelationKind.WITHDRAWS_IN_PART: "withdrawn in part",
    RelationKind.EXTENDS_COMMENTS: "comment period extended",
    RelationKind.REOPENS_COMMENTS: "comment period reopened",
    RelationKind.ENJOINS: "enjoined",
    RelationKind.STAYS: "stayed",
    RelationKind.VACATES: "vacated",
    RelationKind.VACATES_IN_PART: "vacated in part",
    RelationKind.REVERSES: "an order on it reversed",
    RelationKind.REPORTS: "court action reported",
}
_ENDED = (StateKind.WITHDRAWN, StateKind.RESCINDED)
_STEPS = (RelationKind.FINALISES, RelationKind.PUBLISHES)
_DATES = {
    DateKind.EFFECTIVE: "effective",
    DateKind.COMMENTS_CLOSE: "comments close",
    DateKind.EXPIRES: "until",
}
_COURTED = "as entered by hand"


def line(
    own: Sequence[Version],
    others: Sequence[Version],
    relations: Iterable[Relation],
    standings: Iterable[Standing],
    states: Iterable[State],
) -> str:
    """Quote the act and count the rest: "Final rule, DHS: “title”, 91 FR 12345, effective July 1,
    2026; corrected June 30, 2026; policy alert PA-2026-07; 3 Policy Manual chapters edited". `own`
    are the documents that are one act, the one it goes by first."""
    act, held = own[0], {each.document: each for each in (*own, *others)}
    done = [each for each in relations if each.later in held]
    told = {each.later for each in done if each.kind in _DONE or each.kind in _STEPS}
    told |= {each.earlier for each in done if each.kind in _STEPS}
    rest = [each for each in others if each.document not in told]
    named_by = f"{_sort(act)}, {act.issuer}" if act.issuer else _sort(act)
    title = f"{named_by}: “{shorten(act.title, LONGEST_TITLE, placeholder=' …')}”"
    state = _state(act, tuple(standings), tuple(states))
    head = ", ".join(filter(None, (title, act.citation, state)))
    return "; ".join((head, *_steps(own[1:]), *_done(held, done), *_counted(rest)))


def named(version: Version) -> str:
    """What a document is called in a few words: its citation, else its number, else its title."""
    if version.citation:
        return version.citation
    if number := version.metadata.get("document_number"):
        return f"FR Doc. {number}"
    return f"“{shorten(version.title, LONGEST_TITLE, placeholder=' …')}”"


def _sort(act: Version) -> str:
    """What sort of document the act is, by its own words."""
    kind, said = act.document.kind, act.metadata
    if number := said.get("executive_order_number"):
        return f"Executive Order {number}"
    if kind in ("rule", "proposed-rule", "notice"):
        words = (act.title, str(said.get("action", "")), str(said.get("abstract", "")))
        return _STAGES.get(stage(kind, *words), "Document")
    name, _ = _called(kind)
    return name[:1].upper() + name[1:]


def _state(act: Version, standings: tuple[Standing, ...], states: tuple[State, ...]) -> str:
    """What is held of its state, and its next dates: those that live."""
    if ended := [each for each in states if each.kind in _ENDED and each.since]:
        last = ended[-1]
        return f"{last.kind} from {spelled(last.since)}" if last.since else str(last.kind)
    live = [each for each in standings if each.live]
    said = [
        f"{words} {_days(found)}"
        for kind, words in _DATES.items()
        if (found := [e.stated.on for e in live if e.stated.kind is kind and _is_own(e, act)])
    ]
    if not said and act.document.kind == "rule":
        return "effective date not stated"
    return ", ".join(said[:2])


def _is_own(standing: Standing, act: Version) -> bool:
    """Whether a date is of the act's own sort: the register's documents speak for a rule."""
    papers = ("rule", "proposed-rule", "notice", "presidential-document")
    is_paper = standing.document.kind in papers
    return is_paper if act.document.kind in papers else standing.document == act.document


def _steps(before: Iterable[Version]) -> Iterator[str]:
    """How it came to be: filed, proposed, made for the time being."""
    for each in sorted(before, key=lambda each: (readable(each), each.document.name)):
        yield f"{_step(each)} {spelled(readable(each))}"


def _step(version: Version) -> str:
    if version.document.kind == INSPECTED:
        return "on file"
    return "proposed" if version.document.kind == "proposed-rule" else _sort(version).lower()


def _done(held: Mapping[Document, Version], relations: Iterable[Relation]) -> Iterator[str]:
    """What later documents did to it, in order of time."""
    found = {
        (_day(held[each.later]), _DONE[each.kind], each.later.kind)
        for each in relations
        if each.kind in _DONE and each.later.kind != INSPECTED
    }
    for on, words, kind in sorted(found):
        by_hand = f", {_COURTED}" if kind == "court-order" else ""
        yield f"{words} {spelled(on)}{by_hand}"


def _day(version: Version) -> date:
    return version.date(DateKind.DECIDED) or readable(version)


def _counted(rest: Sequence[Version]) -> Iterator[str]:
    """The artefacts by kind, in the order of their kinds: a few by number, of many the count."""
    kinds = Counter(each.document.kind for each in rest)
    for kind in sorted(kinds, key=lambda each: (_order(each), each)):
        alike = [each for each in rest if each.document.kind == kind]
        one, many = _called(kind)
        cited = [name for each in alike if (name := _number(each))]
        if kind == "form" and len(cited) == len(alike) <= NUMBERED:
            yield ", ".join(cited)
        elif len(alike) > 1:
            yield f"{len(alike)} {many}"
        else:
            yield " ".join((one, *cited))


def _number(version: Version) -> str:
    if version.document.kind == "form":
        edition = version.metadata.get("edition_date")
        number = f"Form {version.document.key.upper()}"
        return f"{number} edition {edition}" if edition else ""
    return version.citation


def _called(kind: str) -> tuple[str, str]:
    plain = kind.replace("-", " ")
    return _KINDS.get(kind, (plain, f"{plain}s"))


def _order(kind: str) -> int:
    return list(_KINDS).index(kind) if kind in _KINDS else len(_KINDS)


def _days(days: Iterable[date]) -> str:
    return " and ".join(spelled(on) for on in sorted(set(days)))
