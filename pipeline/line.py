"""Say in one line what an event is: the act, by whom, its state and dates, and its artefacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from pipeline.state import UNITING, state_on

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
# A day follows. What moves a date says "by a document of": else that is read as the new date.
_DONE = {
    RelationKind.CORRECTS: "corrected",
    RelationKind.DELAYS: "effective date delayed by a document of",
    RelationKind.WITHDRAWS: "withdrawn",
    RelationKind.WITHDRAWS_IN_PART: "withdrawn in part",
    RelationKind.EXTENDS_COMMENTS: "comment period extended by a document of",
    RelationKind.REOPENS_COMMENTS: "comment period reopened by a document of",
    RelationKind.ENJOINS: "enjoined",
    RelationKind.STAYS: "stayed",
    RelationKind.VACATES: "vacated",
    RelationKind.VACATES_IN_PART: "vacated in part",
    RelationKind.REVERSES: "an order on it reversed",
    RelationKind.REPORTS: "court action reported",
}
# What a document is that does so, as the object of a later one, and while it is only on file.
_NOUNS = {
    RelationKind.CORRECTS: "correction",
    RelationKind.DELAYS: "delay",
    RelationKind.WITHDRAWS: "withdrawal",
    RelationKind.WITHDRAWS_IN_PART: "withdrawal in part",
    RelationKind.EXTENDS_COMMENTS: "extension of the comment period",
    RelationKind.REOPENS_COMMENTS: "reopening of the comment period",
}
# To act so on a delay, or on an extension, is to act so on what that moved.
_CARRIED = frozenset(
    {RelationKind.DELAYS, RelationKind.EXTENDS_COMMENTS, RelationKind.REOPENS_COMMENTS}
)
_EVIDENCE = {
    RelationKind.CORRECTS: "it corrects {}",
    RelationKind.DELAYS: "it delays {}",
    RelationKind.WITHDRAWS: "it withdraws {}",
    RelationKind.WITHDRAWS_IN_PART: "it withdraws part of {}",
    RelationKind.EXTENDS_COMMENTS: "it extends the comment period of {}",
    RelationKind.REOPENS_COMMENTS: "it reopens the comment period of {}",
    RelationKind.FINALISES: "it makes {} final",
    RelationKind.PUBLISHES: "it is the print of {}",
    RelationKind.ENJOINS: "it enjoins {}",
    RelationKind.STAYS: "it stays {}",
    RelationKind.VACATES: "it vacates {}",
    RelationKind.VACATES_IN_PART: "it vacates part of {}",
    RelationKind.REVERSES: "it reverses {}",
    RelationKind.REPORTS: "it reports what a court did to {}",
}
_ENDED = (StateKind.WITHDRAWN, StateKind.RESCINDED)
_DATES = {
    DateKind.EFFECTIVE: "effective",
    DateKind.COMMENTS_CLOSE: "comments close",
    DateKind.EXPIRES: "until",
}
_COURTED = "as entered by hand"


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What a line is told from: the `act`, the documents of one act with it (`own`), all that are
    `held`, and what they do to each other."""

    act: Version
    own: Collection[Document]
    held: Mapping[Document, Version]
    relations: Sequence[Relation]

    @property
    def printed(self) -> frozenset[Document]:
        """What was on file, and is in print."""
        return frozenset(e.earlier for e in self.relations if e.kind is RelationKind.PUBLISHES)

    def does(self, document: Document) -> list[Relation]:
        return [each for each in self.relations if each.later == document]


def line(
    own: Sequence[Version],
    others: Sequence[Version],
    relations: Iterable[Relation],
    standings: Iterable[Standing],
    states: Iterable[State],
) -> str:
    """Quote the act, say what was done to it, how it came to be, and count the rest: "Final rule,
    DHS: “title”, 91 FR 12345, effective July 1, 2026; corrected June 30, 2026; on file June 1,
    2026; policy alert PA-2026-07; 3 Policy Manual chapters edited". `own` are the documents that
    are one act, the one it goes by first."""
    act, held = own[0], {each.document: each for each in (*own, *others)}
    done = [each for each in relations if each.later in held]
    told_of = _Told(act=act, own={each.document for each in own}, held=held, relations=done)
    told = {each.later for each in done if each.kind in _DONE or each.kind in UNITING}
    told |= {each.earlier for each in done if each.kind in UNITING}
    rest = [each for each in others if each.document not in told]
    sort = f"{_sort(act)}, {act.issuer}" if act.issuer else _sort(act)
    title = f"{sort}: “{shorten(act.title, LONGEST_TITLE, placeholder=' …')}”"
    state = _state(told_of, tuple(standings), tuple(states))
    head = ", ".join(filter(None, (title, act.citation, state)))
    return "; ".join((head, *_done(told_of), *_steps(own[1:], told_of), *_counted(rest)))


def does(kind: RelationKind, earlier: Version) -> str:
    """What a document does to an earlier one, in words: "it corrects 91 FR 12345"."""
    return _EVIDENCE.get(kind, f"{kind} {{}}").format(named(earlier))


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


def _state(told_of: _Told, standings: tuple[Standing, ...], states: tuple[State, ...]) -> str:
    """What is held of its state, and its next dates: those that live. That a proposal beside it was
    withdrawn is no state of the act."""
    act, last = told_of.act, state_on(date.max, states)
    if last and last.since and last.kind in _ENDED and _ends(last.document, told_of):
        return f"{last.kind} from {spelled(last.since)}"
    live = [each for each in standings if each.live]
    said = [
        f"{words} {_days(found)}"
        for kind, words in _DATES.items()
        if (found := [e.stated.on for e in live if e.stated.kind is kind and _is_own(e, act)])
    ]
    if not said and act.document.kind == "rule":
        return "effective date not stated"
    return ", ".join(said[:2])


def _ends(document: Document, told_of: _Told) -> bool:
    return any(
        each.kind is RelationKind.WITHDRAWS and _is_act(each.earlier, told_of)
        for each in told_of.does(document)
    )


def _is_act(document: Document, told_of: _Told) -> bool:
    """Whether a document is the act itself, as printed or on file."""
    is_filed = document.kind == INSPECTED and document in told_of.own
    return document == told_of.act.document or is_filed


def _is_own(standing: Standing, act: Version) -> bool:
    """Whether a date is of the act's own sort: the register's documents speak for a rule."""
    papers = ("rule", "proposed-rule", "notice", "presidential-document")
    is_paper = standing.document.kind in papers
    return is_paper if act.document.kind in papers else standing.document == act.document


def _steps(before: Sequence[Version], told_of: _Told) -> Iterator[str]:
    """How it came to be: filed, proposed, made for the time being. Of two such steps each is
    named."""
    times = Counter(_step(each, told_of) for each in before)
    for each in sorted(before, key=lambda each: (readable(each), each.document.name)):
        step = _step(each, told_of)
        which = f" ({named(each)})" if times[step] > 1 else ""
        yield f"{step} {spelled(readable(each))}{which}"


def _step(version: Version, told_of: _Told) -> str:
    document = version.document
    if document.kind == INSPECTED:
        makes_final = any(e.kind is RelationKind.FINALISES for e in told_of.does(document))
        is_ahead = makes_final and document not in told_of.printed
        return "final rule on file" if is_ahead else "on file"
    return "proposed" if document.kind == "proposed-rule" else _sort(version).lower()


def _done(told_of: _Told) -> Iterator[str]:
    """What later documents did to it, and to what acts on it, in order of time; what is only on
    file is said to be."""
    found = {
        (_day(told_of.held[each.later]), _did(each, told_of), each.later.kind)
        for each in told_of.relations
        if each.kind in _DONE and each.later not in told_of.printed
    }
    for on, words, kind in sorted(found):
        by_hand = f", {_COURTED}" if kind == "court-order" else ""
        yield f"{words} {spelled(on)}{by_hand}"


def _did(relation: Relation, told_of: _Told) -> str:
    """One act in words: on the act itself its object goes without saying."""
    on = _object(relation, told_of)
    if relation.later.kind == INSPECTED and (noun := _NOUNS.get(relation.kind)):
        return f"{noun} of {on} on file" if on else f"{noun} on file"
    return f"{on} {_DONE[relation.kind]}" if on else _DONE[relation.kind]


def _object(relation: Relation, told_of: _Told) -> str:
    """What was acted on, where that is not the act: what acts on it, or led up to it."""
    earlier = relation.earlier
    if _is_act(earlier, told_of) or relation.kind is RelationKind.REVERSES:
        return ""
    if earlier.kind == "court-order":
        return "an order on it"
    acting = [e.kind for e in told_of.does(earlier) if e.kind in _NOUNS]
    if relation.kind in _CARRIED and (acting or earlier.kind == "proposed-rule"):
        return ""
    if acting:
        return f"its {_NOUNS[acting[0]]}"
    name = named(told_of.held[earlier])
    sort = _sort(told_of.held[earlier]).lower()
    return f"its {sort} ({name})" if earlier in told_of.own else name


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
