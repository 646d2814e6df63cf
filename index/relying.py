"""What an authority relies on that was itself treated negatively: an inference of ours."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from index import treatments
from index.authorities import Resolved
from index.cites import cited_in, sentences
from pipeline.citator import deed
from pipeline.citator.bearing import lifts
from pipeline.citator.model import Bearing, DerivedWarning, Finding, TreatmentKind

RELYING = (TreatmentKind.FOLLOWED, TreatmentKind.REAFFIRMED)


def warnings(
    connection: Connection, authorities: Collection[Resolved]
) -> dict[str, tuple[DerivedWarning, ...]]:
    """What others, after each of these authorities, did to those on which it relies: first those
    that it follows, then those that it merely cites. What it treats negatively itself is left out.
    By canonical name."""
    grounds = _grounds(connection, authorities)
    earlier = {name for each in grounds for name in each.earlier}
    kinds = (*treatments.NEGATIVE, *treatments.RESTORING)
    against: dict[str, list[Finding]] = {}
    for each in treatments.about(connection, earlier, kinds):
        if _is_negative(each) or each.treatment.gives_back:
            against.setdefault(each.treatment.target, []).append(each)
    return {each.authority.canonical: _warned(connection, each, against) for each in grounds}


@dataclass(frozen=True, kw_only=True)
class _Grounds:
    """On what an authority rests: the earlier ones that it follows, each as it says so, and all
    that it follows or cites and does not reject."""

    authority: Resolved
    relied: Mapping[str, Finding]
    earlier: Collection[str]


@dataclass(frozen=True, kw_only=True)
class Day:
    """When an authority was decided, as far as we know."""

    on: date | None
    year: int | None

    @classmethod
    def of(cls, this: Resolved) -> Day:
        if this.held:
            version = this.held[0].version
            on = treatments.decided(version)
            stated = on.year if on else treatments.year(treatments.court(version))
            return cls(on=on, year=stated)
        years = (treatments.year(each.court) for each in this.called)
        return cls(on=None, year=next(filter(None, years), None))

    @property
    def first(self) -> date | None:
        """The first day on which it may have been decided."""
        return self.on or (date(self.year, 1, 1) if self.year else None)

    def before(self, finding: Finding) -> bool:
        """Whether a deed may have come later: one whose day is not stated may."""
        if self.on and finding.on:
            return self.on < finding.on
        return not (self.year and finding.year) or self.year <= finding.year


def _grounds(connection: Connection, authorities: Collection[Resolved]) -> list[_Grounds]:
    versions = {each.current for this in authorities for each in this.held}
    cited = cited_in(connection, versions)
    done: dict[str, list[Finding]] = {}
    for each in treatments.done_by(connection, {n for this in authorities for n in this.names}):
        done.setdefault(each.treatment.by, []).append(each)
    found = []
    for this in authorities:
        own = (treatments.said_by(connection, each.document) for each in this.held)
        told = (each for name in this.names for each in done.get(name, ()))
        # What an authority does to earlier ones, by its own word or that of others.
        said = [
            *(each for every in own for each in every if _is_first_hand(each)),
            *treatments.in_order(told),
        ]
        rejected = {each.treatment.target for each in said if _rejects(each)}
        relied = {each.treatment.target: each for each in said if _relies(each)}
        named_ = {name for each in this.held for name in cited.get(each.current, ())}
        earlier = (relied.keys() | named_) - rejected - {*this.names, ""}
        found.append(_Grounds(authority=this, relied=relied, earlier=earlier))
    return found


def _warned(
    connection: Connection, grounds: _Grounds, against: Mapping[str, Collection[Finding]]
) -> tuple[DerivedWarning, ...]:
    this, relied, day = grounds.authority, grounds.relied, Day.of(grounds.authority)
    found: dict[tuple[str, str], DerivedWarning] = {}
    words: Mapping[str, str] = {}
    every = (each for name in sorted(grounds.earlier) for each in against.get(name, ()))
    for negative in treatments.in_order(every):
        target = negative.treatment.target
        if not _is_negative(negative) or _is_own(negative, this) or not day.before(negative):
            continue
        if target not in relied and not words:
            words = _sentences(connection, this)
        found.setdefault(
            (target, deed.doer(negative)),
            DerivedWarning(
                earlier=target,
                name=negative.treatment.name,
                words=relied[target].treatment.sentence if target in relied else words[target],
                relies=relied.get(target),
                negative=negative,
                restored=_restored(negative, against[target]),
            ),
        )
    return tuple(sorted(found.values(), key=lambda each: each.relies is None))


def _sentences(connection: Connection, this: Resolved) -> Mapping[str, str]:
    """What an authority cites in its current text, each with the first sentence that does."""
    found: dict[str, str] = {}
    for each in this.held:
        found = {**sentences(connection, each.current), **found}
    return found


def _restored(negative: Finding, found: Collection[Finding]) -> Finding | None:
    """The newest that states that an authority holds again which this one had treated."""
    (against,) = deed.deeds([negative])
    back = deed.deeds([each for each in found if each.treatment.gives_back])
    later = [each for each in back if lifts(each, against, None)]
    return later[-1].lead if later else None


def _is_first_hand(finding: Finding) -> bool:
    return not finding.treatment.is_told


def _relies(finding: Finding) -> bool:
    return finding.treatment.kind in RELYING or finding.treatment.directs


def _is_negative(finding: Finding) -> bool:
    """Whether it weighs against the authority itself, not against a stay of it, say."""
    said = finding.treatment
    return said.kind.bearing is Bearing.NEGATIVE and deed.is_of_decision(said)


def _rejects(finding: Finding) -> bool:
    """Whether nothing is left on which to rely: who limits in part relies on the rest."""
    said = finding.treatment
    is_whole = not said.in_part and said.object == "" and said.kind not in deed.PARTIAL
    return is_whole and _is_negative(finding)


def _is_own(finding: Finding, this: Resolved) -> bool:
    own = {each.version.document.name for each in this.held}
    return finding.treatment.by in this.names or (
        _is_first_hand(finding) and finding.document.name in own
    )
