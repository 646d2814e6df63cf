"""The citator's questions to the store: what was done to an authority, and who cites it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from index import treatments
from index.authorities import Resolved, as_held, coverage, held, named, resolve, resolve_all
from index.cites import Cite, Cites, cited_in, cites, sentences
from index.database import Database
from pipeline.citator import deed
from pipeline.citator import status as judge
from pipeline.citator.model import (
    Bearing,
    DerivedWarning,
    Finding,
    Forum,
    Status,
    TreatmentKind,
)
from pipeline.citator.reach import OTHER_GROUNDS
from pipeline.citator.samename import Agreement, same_name
from pipeline.errors import NotHeld

__all__ = [
    "Cite",
    "Cites",
    "Resolved",
    "cites",
    "coverage",
    "resolve",
    "resolve_all",
    "status",
    "statuses",
]

UNREAD = (
    "what texts do to earlier authorities was not yet read from those that an older lexwatch took "
    "in: run `lexwatch rebuild` once"
)
RELYING = (TreatmentKind.FOLLOWED, TreatmentKind.REAFFIRMED)


def status(database: Database, name: str, forum: Forum | None, on: date) -> Status:
    """What may be said of an authority on a day, for a forum (None: for all); `name` as
    `authorities.named` takes it. What is not held itself has one too where held texts speak of it.

    Raises `NotHeld` for a name that may be several's, and for what nothing held is, cites or
    treats.
    """
    with database.read() as connection:
        canonical = named(connection, name)
        found = statuses(connection, [canonical], forum, on)
        if canonical not in found:
            said = held(connection)
            raise NotHeld(f"nothing we hold is {name.strip()}, cites it or treats it; {said}")
        return found[canonical]


def statuses(
    connection: Connection, canonicals: Collection[str], forum: Forum | None, on: date
) -> dict[str, Status]:
    """The same for many authorities by their canonical names; those of which we know nothing are
    left out."""
    known = resolve_all(connection, canonicals)
    about = treatments.about(connection, _names(known))
    doers = as_held(connection, deed.doers(filter(_weighs, about)))
    of_doers = treatments.about(connection, _names(doers))
    untargeted = treatments.untargeted(connection)
    rests_on = coverage(connection)
    unread = (UNREAD,) if treatments.are_unread(connection) else ()
    warned = warnings(connection, known.values())
    found = {}
    for canonical, each in known.items():
        said = tuple(one for one in about if one.treatment.target in each.names)
        if said or each.held or each.called:
            judged = judge.status(
                authority=canonical,
                name=each.name,
                about=said,
                on=on,
                forum=forum,
                warnings=warned[canonical],
                coverage=rests_on,
                of_doers=of_doers,
                of_case=_of_case(untargeted, each.name),
                held={name for name, doer in doers.items() if doer.held},
                since=_Day.of(each).first,
            )
            found[canonical] = replace(judged, cautions=(*unread, *judged.cautions))
    return found


def warnings(
    connection: Connection, authorities: Collection[Resolved]
) -> dict[str, tuple[DerivedWarning, ...]]:
    """What others, after each of these authorities, did to those on which it relies: first those
    that it follows, then those that it merely cites. What it treats negatively itself is left out.
    By canonical name."""
    grounds = _grounds(connection, authorities)
    earlier = {name for each in grounds for name in each.earlier}
    against: dict[str, list[Finding]] = {}
    for negative in filter(
        _is_negative, treatments.about(connection, earlier, treatments.NEGATIVE)
    ):
        against.setdefault(negative.treatment.target, []).append(negative)
    return {each.authority.canonical: _warned(connection, each, against) for each in grounds}


@dataclass(frozen=True, kw_only=True)
class _Grounds:
    """On what an authority rests: the earlier ones that it follows, each as it says so, and all
    that it follows or cites and does not reject."""

    authority: Resolved
    relied: Mapping[str, Finding]
    earlier: Collection[str]


@dataclass(frozen=True, kw_only=True)
class _Day:
    """When an authority was decided, as far as we know."""

    on: date | None
    year: int | None

    @classmethod
    def of(cls, this: Resolved) -> _Day:
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


def _names(known: Mapping[str, Resolved]) -> list[str]:
    return [name for each in known.values() for name in each.names]


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
        rejected = {each.treatment.target for each in said if _is_negative(each)}
        relied = {each.treatment.target: each for each in said if _relies(each)}
        named_ = {name for each in this.held for name in cited.get(each.current, ())}
        earlier = (relied.keys() | named_) - rejected - {*this.names, ""}
        found.append(_Grounds(authority=this, relied=relied, earlier=earlier))
    return found


def _warned(
    connection: Connection, grounds: _Grounds, against: Mapping[str, Collection[Finding]]
) -> tuple[DerivedWarning, ...]:
    this, relied, day = grounds.authority, grounds.relied, _Day.of(grounds.authority)
    found: dict[tuple[str, str], DerivedWarning] = {}
    words: Mapping[str, str] = {}
    every = (each for name in sorted(grounds.earlier) for each in against.get(name, ()))
    for negative in treatments.in_order(every):
        target = negative.treatment.target
        if _is_own(negative, this) or not day.before(negative):
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
            ),
        )
    return tuple(sorted(found.values(), key=lambda each: each.relies is None))


def _sentences(connection: Connection, this: Resolved) -> Mapping[str, str]:
    """What an authority cites in its current text, each with the first sentence that does."""
    found: dict[str, str] = {}
    for each in this.held:
        found = {**sentences(connection, each.current), **found}
    return found


def _is_first_hand(finding: Finding) -> bool:
    return not (finding.treatment.by or finding.treatment.by_name)


def _weighs(finding: Finding) -> bool:
    """Whether it takes from an authority or gives back: what became of who did that counts."""
    said = finding.treatment
    is_against = said.kind.bearing is Bearing.NEGATIVE
    return is_against or said.directs or said.kind is TreatmentKind.REINSTATED


def _of_case(untargeted: Iterable[Finding], name: str) -> tuple[Finding, ...]:
    return tuple(
        each
        for each in untargeted
        if same_name(each.treatment.name or each.title, name) is Agreement.MATCH
    )


def _relies(finding: Finding) -> bool:
    return finding.treatment.kind in RELYING or finding.treatment.directs


def _is_negative(finding: Finding) -> bool:
    """Whether it weighs against the authority itself, not against a stay of it, say."""
    said = finding.treatment
    return said.kind.bearing is Bearing.NEGATIVE and said.object in ("", OTHER_GROUNDS)


def _is_own(finding: Finding, this: Resolved) -> bool:
    own = {each.version.document.name for each in this.held}
    return finding.treatment.by in this.names or (
        _is_first_hand(finding) and finding.document.name in own
    )
