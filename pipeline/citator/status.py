"""Say what findings allow to say of an authority, for a forum and a day."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date

from pipeline.calendar import eastern, spelled
from pipeline.citator import caution
from pipeline.citator.bearing import Outcome, Placed, bears, is_against, outcomes, place
from pipeline.citator.deed import Deed, deeds
from pipeline.citator.model import (
    Coverage,
    DerivedWarning,
    Finding,
    Forum,
    Status,
    StatusKind,
    TreatmentKind,
)
from pipeline.citator.telling import clause, restored
from pipeline.citator.worth import NOTHING_DONE

NOT_COVERED = "court decisions are not fully covered"
REINSTATED = "a stated reinstatement found"
# Law is struck and replaced, not treated.
_LAW = re.compile(r"\A(?:INA §|\d+ (?:USC|CFR) |Pub\. L\. )")
_YEAR = re.compile(r"\b(\d{4})$")


def status(
    authority: str,
    name: str,
    about: Sequence[Finding],
    *,
    on: date,
    forum: Forum | None,
    coverage: Coverage,
    warnings: tuple[DerivedWarning, ...] = (),
    of_doers: Sequence[Finding] = (),
    of_case: Sequence[Finding] = (),
    held: Collection[str] = (),
    since: date | None = None,
) -> Status:
    """The gravest that the deeds done by the end of a day allow to say, in a forum.

    `of_doers` are the findings about those that did something to the authority (`deed.doers` names
    them): an overruling decision that was itself overruled is a caution and revives nothing, and a
    reinstatement by one that was gives nothing back. `of_case` are those without a target in orders
    of the Attorney General in a case of the same name. `held` are the doers whose own text is held,
    by canonical citation. `since` is the first day on which the authority may have been decided.
    Of `warnings` those are kept whose negative treatment may have been done by then.
    """
    done = deeds(about)
    placed = place(done, _by_target(of_doers), on, forum)
    found = outcomes(placed)
    kind = _kind(found, placed)
    return Status(
        authority=authority,
        name=name,
        kind=kind,
        line=_line(kind, found, placed, coverage, authority),
        forum=forum,
        on=on,
        findings=_told(deed for deed in placed.here if deed.last <= on),
        elsewhere=_told(placed.away),
        undated=_told(deed for deed in placed.here if deed.last > on),
        warnings=tuple(_told_there(each, on, forum) for each in warnings if _is_done(each, on)),
        coverage=coverage,
        cautions=(
            *caution.not_yet(since or _decided(about), on),
            *caution.given_back_since(done, on),
            *caution.cautions(placed, held),
            *caution.of_case(deeds(of_case), authority, on),
        ),
    )


def is_law(authority: str) -> bool:
    """Whether a canonical name is that of a statute or a regulation."""
    return _LAW.match(authority) is not None


def _by_target(findings: Sequence[Finding]) -> tuple[Deed, ...]:
    """The deeds to each of several authorities; one decision may do the same to two."""
    targets = dict.fromkeys(each.treatment.target for each in findings)
    return tuple(
        deed
        for target in targets
        for deed in deeds([one for one in findings if one.treatment.target == target])
    )


def _decided(about: Sequence[Finding]) -> date | None:
    """The first day of the year that citations of the authority give."""
    years = (_YEAR.search(each.treatment.court) for each in about)
    return min((date(int(year[1]), 1, 1) for year in years if year), default=None)


def _is_done(warning: DerivedWarning, on: date) -> bool:
    return all(deed.first <= on for deed in deeds([warning.negative]))


def _told_there(warning: DerivedWarning, on: date, forum: Forum | None) -> DerivedWarning:
    """A warning as it is to be read in a forum on a day."""
    restored = warning.restored
    is_known = restored is not None and all(deed.last <= on for deed in deeds([restored]))
    return replace(
        warning,
        restored=restored if is_known else None,
        is_elsewhere=not any(bears(deed, forum) for deed in deeds([warning.negative])),
    )


def _kind(found: Sequence[Outcome], placed: Placed) -> StatusKind:
    if found:
        return found[0].kind
    if any(map(_is_reinstated, placed.here)):
        return StatusKind.REINSTATED  # it had been undone, by whomever
    if any(map(is_against, placed.away)):
        return StatusKind.ELSEWHERE
    if any(map(_is_reinstated, placed.away)):
        return StatusKind.REINSTATED
    return StatusKind.NONE_FOUND


def _is_reinstated(deed: Deed) -> bool:
    return deed.lead.treatment.kind is TreatmentKind.REINSTATED


def _line(
    kind: StatusKind, found: Sequence[Outcome], placed: Placed, coverage: Coverage, authority: str
) -> str:
    if kind is StatusKind.NONE_FOUND:
        lacking = caution.lacking(authority, coverage)
        limits = "; ".join(filter(None, (lacking, NOT_COVERED)))
        words = f"{NOTHING_DONE} in what we hold" if is_law(authority) else kind
        return f"{words}, {_as_of(placed.on, coverage)}; {limits}"
    here = [restored(deed) for deed in filter(_is_reinstated, placed.here)]
    away = [restored(deed) for deed in filter(_is_reinstated, placed.away)]
    if kind is StatusKind.ELSEWHERE:
        against = [clause(deed, placed.on) for deed in filter(is_against, placed.away)]
        return f"{kind}: {'; '.join(against + away)}"
    if not found:
        where = "" if here else " for another forum"
        back = "; ".join(here or away)
        return f"{REINSTATED}{where}: {back}; what had undone it is not in what we hold"
    told = [_outcome(each, placed.on) for each in found if each.kind is kind]
    return f"{kind}: {'; '.join(told)}"


def _outcome(outcome: Outcome, on: date) -> str:
    told = clause(outcome.deed, on)
    return f"{told}; then {restored(outcome.lifted)}" if outcome.lifted else told


def _as_of(on: date, coverage: Coverage) -> str:
    if coverage.as_of is None:
        return f"as of {spelled(on)} (the list of precedents was never read completely)"
    return f"as of {spelled(min(on, eastern(coverage.as_of)))}"


def _told(placed: Iterable[Deed]) -> tuple[Finding, ...]:
    return tuple(finding for deed in placed for finding in deed.findings)
