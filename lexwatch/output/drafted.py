"""What is told of a draft's citations, in words, whatever shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, tzinfo

from alerts import lineage, treated
from alerts.treated import Told as Deed
from alerts.untrusted import plain
from alerts.wording import calendar, counted, initial, sentence
from lexwatch.output import findings
from pipeline.citator.differing import Differing
from pipeline.citator.draft import Draft
from pipeline.citator.forum import words as words_of
from pipeline.citator.link import link
from pipeline.citator.model import Bearing, Coverage, Forum, Status
from pipeline.citator.verdict import Checked, Level, Verdict, VerdictKind
from pipeline.citator.worth import NOTHING_DONE

NOTHING = "No citation was found in it."
COMPARED = (
    "Quotations are compared word by word; capitals, punctuation and hyphens are not, and what "
    "brackets and three dots stand for is shown. Quotations of fewer than four words, and those "
    "for which no authority or a source that isn't read is cited, are not looked at. Nothing of "
    "the draft was kept."
)
_PAGED = (VerdictKind.PIN_RIGHT, VerdictKind.PIN_WRONG)


@dataclass(frozen=True, kw_only=True)
class Told:
    """A draft, what was found of its citations, and what the answer rests on."""

    draft: Draft
    found: tuple[Checked, ...]
    coverage: Coverage
    forum: Forum | None
    on: date


@dataclass(frozen=True, kw_only=True)
class Alike:
    """Citations that need attention for the same reason first: each with its number and a line."""

    heading: str
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, kw_only=True)
class Said:
    """A verdict: its words, what must be read with them, the draft's `quoted` words ("" where they
    were shown before) and those `held`, how they differ, what joins later documents (each with its
    evidence), the deeds that it rests on; `at` is where the authority may be read elsewhere."""

    level: Level
    words: str
    cautions: tuple[str, ...]
    quoted: str
    held: str
    differing: tuple[str, ...]
    related: tuple[tuple[str, str], ...]
    relied_on: tuple[str, ...]
    deeds: tuple[Deed, ...]
    at: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A citation: `head` names it, `place` says where it stands in the draft; `authority` is its
    canonical name, "" where none is known."""

    number: int
    head: str
    place: str
    level: Level
    authority: str
    verdicts: tuple[Said, ...]


def heading(told: Told) -> str:
    """How many citations there are, of how many authorities."""
    if not told.found:
        return NOTHING
    authorities = {each.citation.cited for each in told.found} - {""}
    return (
        f"{counted(len(told.found), 'citation')} of "
        f"{counted(len(authorities), 'authority', 'authorities')}"
    )


def asked(told: Told) -> str:
    """For whom and for which day it was checked."""
    where = words_of(told.forum) if told.forum else "for every forum"
    return f"Asked {where}, as of {calendar(told.on)}"


def needs(told: Told) -> str:
    """How many need attention; "" where there is no citation."""
    grave = of(told, Level.ATTENTION)
    if not told.found:
        return ""
    return f"{len(grave) or 'None'} {'needs' if len(grave) == 1 else 'need'} attention"


def grave(told: Told) -> Iterator[Alike]:
    """What needs attention, by its gravest kind."""
    every = of(told, Level.ATTENTION)
    for kind in VerdictKind:
        if alike := [each for each in every if each.verdicts[0].kind is kind]:
            lines = tuple((each.number, _needed(each)) for each in alike)
            yield Alike(heading=initial(kind.value), lines=lines)


def elsewhere(told: Told) -> tuple[str, tuple[Alike, ...]]:
    """What nothing held can answer, also of those that need attention for another reason: in a
    line, and by kind."""
    by_kind = {kind: _numbers(told, kind) for kind in VerdictKind if kind.level is Level.ELSEWHERE}
    every = {number for numbers in by_kind.values() for number in numbers}
    if not every:
        return "", ()
    shared = (
        "some for more than one reason" if sum(map(len, by_kind.values())) > len(every) else "",
        "some need attention too" if every & {e.number for e in of(told, Level.ATTENTION)} else "",
    )
    also = f" ({'; '.join(filter(None, shared))})" if any(shared) else ""
    return f"{len(every)} to check elsewhere{also}", tuple(
        Alike(heading=kind.value, lines=tuple((number, str(number)) for number in numbers))
        for kind, numbers in by_kind.items()
        if numbers
    )


def entries(told: Told) -> Iterator[Entry]:
    """Each citation in the draft's order."""
    yield from map(_entry, told.found)


def rests(told: Told, zone: tzinfo) -> Iterator[str]:
    """What the answer rests on, and what it means that nothing was found, once for all."""
    found = (verdict for each in told.found for verdict in each.verdicts)
    if any(verdict.kind is VerdictKind.NONE_FOUND for verdict in found):
        yield (
            f"“{VerdictKind.NONE_FOUND.value}” and “{NOTHING_DONE}” say so of what we "
            f"hold as of {calendar(told.on)}, and never that something is good law or in force."
        )
    yield from findings.coverage(told.coverage, zone)
    yield COMPARED


def of(told: Told, level: Level) -> list[Checked]:
    """The citations of a level."""
    return [each for each in told.found if each.level is level]


def _needed(each: Checked) -> str:
    """One line of the summary: where it stands, and for what more than its heading."""
    first = each.verdicts[0].kind.value
    labels = dict.fromkeys(v.label for v in each.verdicts if v.kind.level is Level.ATTENTION)
    more = [label.removeprefix(first).strip() for label in labels if label != first]
    rest = f": {'; '.join(more)}" if more else ""
    return f"no. {each.number}, {each.place}: {_named(each)}{rest}"


def _numbers(told: Told, kind: VerdictKind) -> list[int]:
    return [each.number for each in told.found if any(v.kind is kind for v in each.verdicts)]


def _named(each: Checked) -> str:
    citation = each.citation
    if citation.kind == "case_short":
        taken_up = f", for {plain(citation.cited)}" if citation.cited else ""
        return f"“{plain(citation.raw)}”{taken_up}"
    name = f"{plain(citation.name)}, " if citation.name else ""
    return f"{name}{plain(citation.raw)}"


def _entry(each: Checked) -> Entry:
    court = f" ({plain(each.citation.court)})" if each.citation.court else ""
    return Entry(
        number=each.number,
        head=f"{_named(each)}{court}",
        place=each.place,
        level=each.level,
        authority=each.citation.cited,
        verdicts=tuple(_verdicts(each)),
    )


def _verdicts(each: Checked) -> Iterator[Said]:
    paged = {v.quoted for v in each.verdicts if v.kind in _PAGED}
    shown: set[str] = set()
    for verdict in each.verdicts:
        # A verdict on the page says that the words were found, and where.
        is_said = verdict.kind is VerdictKind.QUOTED and verdict.quoted in paged
        if verdict.covered or not is_said:
            not_held = verdict.kind is VerdictKind.NOT_HELD
            at = link(each.citation.cited) if not_held else ""
            yield _said(verdict, at, is_new=verdict.quoted not in shown)
            shown.add(verdict.quoted)


def _said(verdict: Verdict, at: str, *, is_new: bool) -> Said:
    """A verdict; `is_new`: its quotation was not shown before."""
    words, status = plain(verdict.words), verdict.status
    is_said = status is not None or verdict.kind.level is Level.NOTED
    is_derived = verdict.kind is VerdictKind.DERIVED
    cautions = status.cautions if status is not None and not is_derived else ()
    return Said(
        level=verdict.kind.level,
        words=words if is_said else f"{verdict.label}: {words}",
        cautions=tuple(sentence(plain(each)) for each in cautions),
        quoted=plain(verdict.quoted) if is_new else "",
        held=plain(verdict.held),
        differing=(*map(_differing, verdict.differing), *map(_covered, verdict.covered)),
        related=tuple(_related(verdict)),
        relied_on=tuple(_relied_on(status)) if status is not None and is_derived else (),
        deeds=tuple(_deeds(verdict.kind, status)) if status is not None else (),
        at=at,
    )


def _related(verdict: Verdict) -> Iterator[tuple[str, str]]:
    for document in {each.earlier for each in verdict.relations}:
        for related in lineage.related(document, verdict.relations):
            yield related.words, related.evidence


def _relied_on(status: Status) -> Iterator[str]:
    for warning in status.warnings:
        if warning.relies:
            yield f"{plain(warning.name or warning.earlier)}: {treated.done(warning.negative)}"


def _deeds(kind: VerdictKind, status: Status) -> Iterator[Deed]:
    """What is negative, and what was reinstated."""
    if kind is VerdictKind.DERIVED:
        return
    shown = {Bearing.NEGATIVE}
    if kind in (VerdictKind.CONTESTED, VerdictKind.REINSTATED):
        shown.add(Bearing.POSITIVE)
    every = treated.grouped((*status.findings, *status.elsewhere, *status.undated))
    yield from (each for each in every if each.bearing in shown)


def _differing(each: Differing) -> str:
    return f"{_or_nothing(each.held)} in the text held, {_or_nothing(each.draft)} in the draft"


def _covered(each: Differing) -> str:
    """What dots, or brackets, of the draft stand for."""
    if not each.draft:
        return f"left out: {_or_nothing(each.held)}"
    return f"{_or_nothing(each.draft)} stands for {_or_nothing(each.held)}"


def _or_nothing(words: str) -> str:
    return f"“{plain(words)}”" if words else "nothing"
