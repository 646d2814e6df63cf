"""What documents do to each other, in the words a lawyer uses, and which dates stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from alerts.dates import DATES, standing
from alerts.untrusted import plain
from alerts.wording import calendar, counted, shortened
from pipeline.live import FACTS
from pipeline.model import CourtAction, Document, Relation, RelationKind, Standing
from pipeline.orders import BY_HAND, COURTS
from pipeline.orders import KIND as ORDER

EDITIONS = 2  # of a yearly notice are named on either side; how many more there are is said
WHOM = 90  # characters of whom an order protects …
EVIDENCE = 300  # … of what joins two documents …
ORDERED = 1_200  # … and of what was entered of a court's order
ACTIONS = 3  # of courts named beside a state; how many more there are is said

# What the later document does, and what the earlier one suffers. Here they stand in the order of
# their weight: what ends or moves something goes first, last year's notice last.
_WORDS = {
    RelationKind.VACATES: ("Vacates", "Vacated by"),
    RelationKind.VACATES_IN_PART: ("Vacates in part", "Vacated in part by"),
    RelationKind.REVERSES: ("Reverses", "Reversed by"),
    RelationKind.ENJOINS: ("Enjoins", "Enjoined by"),
    RelationKind.STAYS: ("Stays", "Stayed by"),
    RelationKind.REPORTS: ("Reports a court's action on", "Court action reported by"),
    RelationKind.WITHDRAWS: ("Withdraws", "Withdrawn by"),
    RelationKind.WITHDRAWS_IN_PART: ("Withdraws in part", "Withdrawn in part: see"),
    RelationKind.DELAYS: ("Delays the effective date of", "Effective date delayed by"),
    RelationKind.CORRECTS: ("Corrects", "Corrected by"),
    RelationKind.FINALISES: ("Makes final", "Made final by"),
    RelationKind.EXTENDS: ("Extends", "Extended by"),
    RelationKind.EXTENDS_COMMENTS: (
        "Extends the comment period of",
        "Comment period extended by",
    ),
    RelationKind.REOPENS_COMMENTS: (
        "Reopens the comment period of",
        "Comment period reopened by",
    ),
    RelationKind.PUBLISHES: ("Was on public inspection as", "Published as"),
    RelationKind.SAME_SERIES: ("Earlier notice of the series:", "Later notice of the series:"),
}
_ORDER = tuple(_WORDS)
# Kinds of which a key is a number of the Federal Register.
_REGISTERED = frozenset(
    {"rule", "proposed-rule", "notice", "presidential-document", "public-inspection"}
)
INSPECTED = "Was on public inspection before it was published"
LITIGATION = f"Litigation: court orders {BY_HAND}"
REPORTED = "Litigation: as documents held report it, not from the order itself"
_SCOPE = re.compile(r"(?:^|; )scope: ([^;]+)")  # as `pipeline.orders.evidence` has it
_EARLIER = {"proposed-rule": "the proposal of ", "rule": "the earlier rule, "}


@dataclass(frozen=True, kw_only=True)
class Related:
    """One relation as the document at hand has it: `words` say what is done and to which, `other`
    is that document, `evidence` what joins the two. `is_litigation`: a court acted on the document,
    which is told apart from what agencies did to it and from its text; `heading` says by whose
    word."""

    kind: RelationKind
    words: str
    other: Document
    evidence: str
    is_litigation: bool = False

    @property
    def heading(self) -> str:
        return REPORTED if self.kind is RelationKind.REPORTS else LITIGATION


@dataclass(frozen=True, kw_only=True)
class Acted:
    """What a court did to an event's act: in our words, in those that say so, and under which
    heading it belongs."""

    words: str
    evidence: str
    heading: str


def related(document: Document, relations: Iterable[Relation]) -> tuple[Related, ...]:
    """What is done to a document, then what it does; editions of a series come last, the nearest
    ones only. What later orders did to a court's order is said with that one."""
    known = tuple(relations)
    mine = [each for each in known if document in (each.earlier, each.later)]
    acts = sorted(
        (each for each in mine if each.kind is not RelationKind.SAME_SERIES),
        key=lambda each: (each.earlier != document, _ORDER.index(each.kind), _day(each.later)),
    )
    return tuple(_related(document, each, known) for each in (*acts, *_editions(document, mine)))


def more_editions(document: Document, relations: Iterable[Relation]) -> str:
    """How many editions of a series `related` leaves out, in words; "" where there are none."""
    mine = [each for each in relations if document in (each.earlier, each.later)]
    every = [each for each in mine if each.kind is RelationKind.SAME_SERIES]
    left = len(every) - len(_editions(document, mine))
    return f"and {counted(left, 'more notice')} of the series" if left else ""


def elsewhere(document: Document, standings: Iterable[Standing]) -> tuple[str, ...]:
    """The dates of the other documents in the chain that no document has ended, past ones too."""
    lines = (
        ", ".join(
            filter(
                None,
                (
                    f"{DATES[each.stated.kind]} {calendar(each.stated.on)}",
                    named(each.document),
                    standing(each.stated.kind, each.live, each.why),
                ),
            )
        )
        for each in standings
        if each.document != document and each.live and each.stated.kind not in FACTS
    )
    return tuple(dict.fromkeys(lines))


def court(actions: Iterable[CourtAction], names: Mapping[Document, str]) -> tuple[Acted, ...]:
    """What courts did, orders entered by hand before what is only reported. `names` is what the
    documents that tell of it are called."""
    given = sorted(actions, key=lambda each: not each.is_by_hand)
    return tuple(_acted(each, names) for each in given)


def by_text(said: str, actions: Iterable[CourtAction]) -> str:
    """What documents say of a rule, `said`; where courts acted, that it is so by the text only, and
    what they did, orders entered by hand first. The actions themselves are told elsewhere."""
    given = sorted(actions, key=lambda each: not each.is_by_hand)
    if not given:
        return said
    told = list(dict.fromkeys(_deed(each) for each in given))
    left = len(told) - ACTIONS
    more = [f"and {counted(left, 'more action')}"] if left > 0 else []
    deeds = ", ".join((*told[:ACTIONS], *more))
    return f"{said}, by its text; {deeds} (see under Litigation what each concerns)"


def _deed(action: CourtAction) -> str:
    """As in "vacated July 20, 2026 by court order (nationwide)"."""
    deed = _WORDS[action.kind][1].removesuffix(" by").lower()
    day = f" {calendar(action.on)}" if action.on else ""
    if not action.is_by_hand:
        return f"{deed}{day} as a document held reports"
    scope = _SCOPE.search(plain(action.words))
    whom = f" ({shortened(scope[1], WHOM)})" if scope else ""
    return f"{deed}{day} by court order{whom}"


def _acted(action: CourtAction, names: Mapping[Document, str]) -> Acted:
    by = action.document
    called = named(by) if action.is_by_hand else names.get(by) or named(by)
    done = _WORDS[action.kind][1]
    if not action.is_by_hand and action.kind is not RelationKind.REPORTS:
        done = f"{done.removesuffix(' by')}, as reported by"
    day = (
        f", day of the order: {calendar(action.on)}" if action.on and not action.is_by_hand else ""
    )
    return Acted(
        words=f"{done} {called}{day}",
        evidence=shortened(plain(action.words), ORDERED),
        heading=LITIGATION if action.is_by_hand else REPORTED,
    )


def numbered(document: Document) -> str:
    """What `named` says of a document of the Federal Register; "" of any other."""
    return named(document) if document.kind in _REGISTERED else ""


def named(document: Document) -> str:
    """A document by its number and day, as in "FR Doc. 2026-12542 (June 23, 2026)"; what is only
    filed has no day yet. A court's order has its court and docket for a number, and what is neither
    keeps its name."""
    number, _, published = map(plain, document.key.partition("@"))
    if document.kind != ORDER and document.kind not in _REGISTERED:
        return plain(document.name)
    try:
        day = published and calendar(date.fromisoformat(published))
    except ValueError:
        day = published
    called = number if document.kind == ORDER else f"FR Doc. {number}"
    return called + (f" ({day})" if day else "")


def _editions(document: Document, relations: Iterable[Relation]) -> list[Relation]:
    """The nearest editions before and after this one."""
    series = [each for each in relations if each.kind is RelationKind.SAME_SERIES]
    later = sorted((e for e in series if e.earlier == document), key=lambda e: _day(e.later))
    earlier = sorted((e for e in series if e.later == document), key=lambda e: _day(e.earlier))
    return [*later[:EDITIONS], *reversed(earlier[-EDITIONS:])]


def _related(document: Document, relation: Relation, known: Iterable[Relation]) -> Related:
    acts, suffers = _WORDS[relation.kind]
    is_later, is_court = relation.later == document, relation.kind in COURTS
    other = relation.earlier if is_later else relation.later
    what = _EARLIER.get(other.kind, "") if relation.kind is RelationKind.FINALISES else ""
    told = f"{acts} {what}{named(other)}" if is_later else f"{suffers} {named(other)}"
    if relation.kind is RelationKind.PUBLISHES and is_later and _number(other) == _number(document):
        told = INSPECTED
    evidence = "; ".join(plain(words) for words in relation.evidence)
    return Related(
        kind=relation.kind,
        words=", itself ".join((told, *(() if is_later else _orders_on(other, known)))),
        other=other,
        evidence=shortened(evidence, ORDERED if is_court else EVIDENCE),
        is_litigation=(is_court or relation.kind is RelationKind.REPORTS) and not is_later,
    )


def _orders_on(document: Document, known: Iterable[Relation]) -> list[str]:
    """What courts did to an order, as in "stayed by 9th Cir., No. 26-1234 (December 1, 2026)"."""
    return [
        f"{_WORDS[each.kind][1].lower()} {named(each.later)}"
        for each in known
        if each.earlier == document and each.kind in COURTS
    ]


def _number(document: Document) -> str:
    return document.key.partition("@")[0]


def _day(document: Document) -> str:
    return document.key.partition("@")[2]
