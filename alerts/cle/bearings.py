"""Whom a development binds, what became of it, and what it rests on itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from alerts import lineage, treated, wording
from alerts.cle import authorities
from alerts.cle.citing import circuit, form
from alerts.cle.development import Authority, Development, Shelf
from alerts.cle.sources import Sources
from alerts.packet.draft import Draft, strong
from alerts.untrusted import plain
from pipeline.binding import finalised, whom
from pipeline.citator.model import Bearing, Finding, Status, StatusKind
from pipeline.citator.voice import CIRCUIT_NAMES, Rank, speaker
from pipeline.identifiers import REPORTED
from pipeline.model import Change, Relation, RelationKind, State
from pipeline.state import state_on, states

FINDINGS = 6  # treatments of one development that are quoted; the citator tells all
CITED = 12  # authorities named of one development; the table of authorities tells all
AGAINST = 4  # authorities it cites of which something negative is told
SAID = 400  # characters of a sentence that is quoted
# What courts enjoin, stay or vacate under 5 U.S.C. 705 and 706; nobody sues over a mere notice of
# paperwork, and of a decision the citator speaks.
LITIGATED = frozenset(
    {"rule", "presidential-document", "policy-manual-chapter", "policy-alert", "uscis-memorandum"}
)
# What acts on a rule is no regulation of its own: its date is not the rule's.
_ACTING = frozenset(
    {
        *(RelationKind.CORRECTS, RelationKind.DELAYS),
        *(RelationKind.WITHDRAWS, RelationKind.WITHDRAWS_IN_PART),
        *(RelationKind.EXTENDS_COMMENTS, RelationKind.REOPENS_COMMENTS),
    }
)
_REGISTERED = frozenset({"rule", "proposed-rule"})
_UNHARMED = (StatusKind.NONE_FOUND, StatusKind.REINSTATED)


def tell(draft: Draft, item: Development, shelf: Shelf, sources: Sources) -> None:
    """Write whom it binds, its status, the circuits, and what it cites."""
    draft.paragraph(
        strong("Whom it binds. "), wording.sentence(binds(item, shelf)), notes=(item.number,)
    )
    known = shelf.authority(item.canonical)
    if item.change.document.kind in REPORTED:
        _status(draft, item, known.status, sources)
    else:
        _courts(draft, item, sources)
    _cites(draft, item, shelf, sources)


def binds(item: Development, shelf: Shelf) -> str:
    """Whom it binds on the day of printing, in words that name the provision."""
    change, document = item.change, item.change.document
    final = [
        each.later
        for each in change.relations
        if each.kind is RelationKind.FINALISES and each.earlier == document
    ]
    if final:
        held = shelf.versions.get(final[0])
        return finalised(plain(held.citation or held.title) if held else final[0].name).words
    if on := _acts_on(item):
        return f"binds as the document does that it acts on: it {on}"
    return whom(wording.last_text(change), state=_state(item, shelf)).words


def circuits(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """What courts of appeals said of an authority, by circuit."""
    found: dict[str, list[Finding]] = {}
    for each in findings:
        who = speaker(each)
        if who.rank is Rank.COURT_OF_APPEALS:
            name = ", ".join(CIRCUIT_NAMES.get(one, one) for one in who.circuits)
            found.setdefault(f"{name} Circuit" if name else "Circuit not stated", []).append(each)
    return found


def acting(change: Change) -> tuple[Relation, ...]:
    """What a change's document does to others, where that is all that such a document does."""
    return tuple(
        each for each in change.relations if each.later == change.document and each.kind in _ACTING
    )


def _acts_on(item: Development) -> str:
    """As in "corrects FR Doc. 2026-12542 (June 23, 2026)"; "" of one that acts on no other."""
    told = lineage.related(item.change.document, acting(item.change))
    return "; ".join(f"{each.words[:1].lower()}{each.words[1:]}" for each in told)


def _state(item: Development, shelf: Shelf) -> State | None:
    """A rule's state on the day, by the event of which it is the act; of one that stands alone, by
    its own words."""
    change = item.change
    of = [each.states for each in change.events if each.act == change.document]
    if not of and not change.events and change.document.kind in _REGISTERED:
        return state_on(shelf.on, states([change.new], []))
    return state_on(shelf.on, of[0]) if of and of[0] else None


def _status(draft: Draft, item: Development, told: Status | None, sources: Sources) -> None:
    """What the texts held say was done to a decision, negative first, and in which circuits."""
    on = strong("What became of it. ")
    if told is None:
        draft.paragraph(on, "Nothing held says.", notes=(sources.record,))
        return
    draft.paragraph(on, wording.sentence(plain(told.line)), notes=(sources.record,))
    findings = (*told.findings, *told.elsewhere)
    for each in treated.grouped(findings)[:FINDINGS]:
        _finding(draft, each.first, sources)
    for caution in told.cautions:
        draft.bullet(wording.sentence(plain(caution)), notes=(sources.record,))
    for warning in told.warnings[:AGAINST]:
        draft.bullet(
            "Our inference, which no document states: it rests on ",
            plain(warning.name or warning.earlier),
            ", of which a text held says: ",
            wording.sentence(treated.done(warning.negative)),
            notes=(item.number, sources.of(warning.negative.document)),
        )
    _circuits(draft, findings, sources)


def _finding(draft: Draft, finding: Finding, sources: Sources) -> None:
    place = treated.where(finding)
    draft.bullet(
        strong(f"{treated.done(finding)}. "),
        f"“{wording.shortened(plain(finding.treatment.sentence), SAID)}”",
        f" ({place})" if place else "",
        notes=(sources.of(finding.document),),
    )


def _circuits(draft: Draft, findings: Sequence[Finding], sources: Sources) -> None:
    """What circuits say, contrary ones first; that none is held is said too."""
    lead, by_circuit = strong("Circuits. "), circuits(findings)
    if not by_circuit:
        draft.paragraph(
            lead,
            "No opinion of a court of appeals that is held speaks of it; few are held.",
            notes=(sources.record,),
        )
        return
    contrary = {name for name, of in by_circuit.items() if any(map(_is_against, of))}
    for name in sorted(by_circuit, key=lambda each: (each not in contrary, each)):
        of = by_circuit[name]
        said = "; ".join(dict.fromkeys(treated.done(each) for each in of))
        how = "contrary" if name in contrary else "not contrary"
        draft.bullet(
            strong(f"{name}, {how}: "),
            wording.sentence(said),
            notes=[*dict.fromkeys(sources.of(each.document) for each in of)],
        )


def _is_against(finding: Finding) -> bool:
    return treated.weighs(finding.treatment) is Bearing.NEGATIVE


def _courts(draft: Draft, item: Development, sources: Sources) -> None:
    """That no court's action on it is known; those known stand with the event and the history."""
    change = item.change
    acted = [action for event in change.events for action in event.court_actions]
    if acted or change.document.kind not in LITIGATED:
        return
    draft.paragraph(
        strong("Litigation. "),
        "No court’s action on it is entered by hand or reported by a document held.",
        notes=(sources.record,),
    )


def _cites(draft: Draft, item: Development, shelf: Shelf, sources: Sources) -> None:
    """The authorities that its changed text names, and those of them that something stands
    against."""
    known = [shelf.authority(name) for name in authorities.cited(item, shelf)]
    known = [each for each in known if each.canonical != item.canonical]
    if not known:
        return
    named = "; ".join(_named(each) for each in known[:CITED])
    more = len(known) - CITED
    rest = f"; and {more:,} more, which the table of authorities names" if more > 0 else ""
    draft.paragraph(strong("What it cites. "), f"{named}{rest}.", notes=(item.number,))
    for each in [*_harmed(known)][:AGAINST]:
        words, notes = authorities.status(each, sources)
        draft.bullet(strong(f"{form(each)}: "), words, notes=(item.number, *notes))


def _named(authority: Authority) -> str:
    """As a brief cites it; where the court of appeals is not in the citation, with its circuit."""
    words = form(authority)
    court = circuit(authority)
    return words if not court or "Cir." in words else f"{words} ({court} Circuit)"


def _harmed(known: Iterable[Authority]) -> Iterator[Authority]:
    yield from (each for each in known if each.status and each.status.kind not in _UNHARMED)
