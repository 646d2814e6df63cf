"""Findings and the status that they make, in lines for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from alerts import treated
from alerts.force import authority
from alerts.treated import Told
from alerts.untrusted import address, plain
from alerts.wording import calendar, counted, moment, sentence
from pipeline.citator import forum
from pipeline.citator.link import link
from pipeline.citator.model import (
    Bearing,
    Coverage,
    DerivedWarning,
    Finding,
    Status,
    StatusKind,
    Treatment,
)
from pipeline.model import Version

REFERRAL = "ag-referral"
TOLD = 8  # deeds of each sort that are quoted unless all are asked for
HEADINGS = {
    Bearing.NEGATIVE: "Negative treatment found",
    Bearing.NEUTRAL: "Clarified, distinguished, or done to a stay or an order beside it",
    Bearing.POSITIVE: "Followed, reaffirmed or reinstated",
}
ELSEWHERE = "Found, but not stated to bind in this forum"
UNDATED = "Of the year asked about; whether by the day is not stated in what we hold"
DERIVED = "Our inference, which no document states: what it relies on was treated negatively"
RESTS = "What this rests on"


def opening(status: Status, held: Version | None, *besides: str) -> Iterator[Text]:
    """What an authority is, whether we hold it, and what else is to be said of it first."""
    yield Text(_title(status, held), style="bold")
    yield Text("; ".join(filter(None, (_holding(held), *map(plain, besides)))), style="dim")
    if held is None and (at := link(status.authority)):
        yield Text(f"   {at}", style="blue")


def lines(status: Status, zone: tzinfo, *, most: int | None = TOLD) -> Iterator[RenderableType]:
    """The status in a line, then each finding quoted: negative first and in order of time, `most`
    of a sort."""
    yield from headline(status)
    yield Text(asked(status), style="dim")
    told = treated.grouped(status.findings)
    yield from _bearing(told, Bearing.NEGATIVE, most)
    yield from _section(ELSEWHERE, treated.grouped(status.elsewhere), most)
    yield from _section(UNDATED, treated.grouped(status.undated), most)
    yield from _warnings(status.warnings, most)
    for bearing in (Bearing.POSITIVE, Bearing.NEUTRAL):
        yield from _bearing(told, bearing, most)
    yield Text()
    yield Text(RESTS, style="bold")
    yield from (_in(Text(words)) for words in coverage(status.coverage, zone))


def head(status: Status) -> Iterator[RenderableType]:
    """What stands at the head of a document: its status in a line, and what was done against it,
    quoted."""
    yield from headline(status)
    told = treated.grouped(status.findings)
    for each in [each for each in told if each.bearing is Bearing.NEGATIVE][:TOLD]:
        yield from finding_lines(each)
    yield Text(f'`lexwatch status "{plain(status.authority)}"` tells all of it', style="dim")


def headline(status: Status) -> Iterator[Text]:
    """The status in its one sentence, and what must be read with it."""
    style = "bold" if status.kind is StatusKind.NONE_FOUND else "bold yellow"
    yield Text(_sentence(status.line), style=style)
    yield from (Text(_sentence(each), style="yellow") for each in status.cautions)


def asked(status: Status) -> str:
    """For whom and for which day the answer is given."""
    where = forum.words(status.forum) if status.forum else "for every forum"
    return f"Asked: {where}, as of {calendar(status.on)}"


def finding_lines(told: Told) -> Iterator[RenderableType]:
    """A deed: who did it and when, the sentence whole, where that stands, and who else says so."""
    first = told.first
    is_negative = told.bearing is Bearing.NEGATIVE
    yield _in(Text(treated.done(first), style="bold yellow" if is_negative else ""))
    yield _in(Text(f"“{plain(first.treatment.sentence)}”", style="italic"), 6)
    if first.treatment.reaches:
        yield _in(Text(f"It speaks of a whole class: “{plain(first.treatment.reaches)}”"), 6)
    if place := treated.where(first):
        yield _in(Text(place, style="dim"), 6)
    if at := address(first.url):
        # Set in by hand: an address that is wrapped is a wrong one in a memorandum.
        yield Text(f"      {at}", style="blue")
    if told.others:
        names = dict.fromkeys(treated.speaker(each) for each in told.others)
        yield _in(Text(f"also told by: {'; '.join(names)}", style="dim"), 6)


def coverage(held: Coverage, zone: tzinfo) -> Iterator[str]:
    """What we hold, and what we don't."""
    read = (
        f"last read completely on {moment(held.as_of, zone)}"
        if held.as_of
        else "never read completely"
    )
    headnotes = held.decisions - held.full_texts
    forms = (
        f"{held.full_texts:,} with the opinion" if held.full_texts else "",
        f"{headnotes:,} by headnotes alone" if headnotes else "",
    )
    decisions = counted(held.decisions, "precedent decision")
    told = ", ".join(filter(None, forms))
    yield f"{decisions} held{': ' if told else ''}{told}; EOIR's listing was {read}."
    if held.volumes:
        volumes = "; ".join(
            f"volume {volume}: {number:,} (pages {first}–{last})"
            for volume, number, first, last in held.volumes
        )
        yield f"Of the I&N reporter: {volumes}."
    yield "Court decisions are not fully covered: look at the courts' own before you rely on it."


def last_read(source: str, at: datetime | None, zone: tzinfo) -> str:
    """When the source of a text was last read, which says how far it can be relied on."""
    when = f"last read completely on {moment(at, zone)}" if at else "never read completely"
    return f"The source of this text, {source}, was {when}."


def derived(warning: DerivedWarning) -> str:
    """What follows from the status of an authority on which it relies."""
    earlier = ", ".join(filter(None, (plain(warning.name), plain(warning.earlier))))
    relies = warning.relies
    does = treated.does(relies.treatment) if relies else f"cites {earlier}"
    done = treated.done(warning.negative)
    beyond = "; that is not stated to bind in this forum" if warning.is_elsewhere else ""
    return f"It {_uncapital(does)}, which was {_uncapital(done)}{beyond}"


def restored(warning: DerivedWarning) -> str:
    """That the one on which it relies holds again; "" where that is not stated."""
    if warning.restored is None:
        return ""
    return f"That one is stated to hold again since: {_uncapital(treated.done(warning.restored))}"


def row(status: Status) -> dict[str, Any]:
    """A status with its findings, each with the sentence it rests on."""
    given = status.forum
    return {
        "authority": status.authority,
        "name": status.name,
        "link": link(status.authority),
        "status": status.kind,
        "line": status.line,
        "cautions": list(status.cautions),
        "forum": {"before": given.body, "circuit": given.circuit} if given else None,
        "on": status.on,
        "findings": [finding_row(each) for each in status.findings],
        "elsewhere": [finding_row(each) for each in status.elsewhere],
        "undated": [finding_row(each) for each in status.undated],
        "warnings": [_warning_row(each) for each in status.warnings],
        "coverage": coverage_row(status.coverage),
    }


def held_row(held: Version | None) -> dict[str, Any] | None:
    """What is held of an authority itself; None where that is nothing."""
    if held is None:
        return None
    return {
        "document": held.document.name,
        "title": held.title,
        "citation": held.citation,
        "url": held.url,
        "form": held.metadata.get("text", ""),
        "force": authority(held.document.kind).force,
    }


def finding_row(finding: Finding) -> dict[str, Any]:
    """A finding: what is done to what, by whom and when, and where it is said."""
    return {
        **treatment_row(finding.treatment),
        "document": finding.document.name,
        "title": finding.title,
        "citation": finding.citation,
        "issuer": finding.issuer,
        "decided_by": finding.court,
        "on": finding.on,
        "effective": finding.effective,
        "year": finding.year,
        "page": finding.page,
        "in_headnote": finding.in_headnote,
        "as_to": finding.of,
        "cite": treated.where(finding),
        "url": finding.url,
    }


def treatment_row(treatment: Treatment) -> dict[str, Any]:
    """What a text says that it, or another, does to an earlier authority."""
    return {
        "treatment": treatment.kind,
        "bearing": treated.weighs(treatment),
        "form": treatment.form,
        "target": treatment.target,
        "name": treatment.name,
        "court": treatment.court,
        "by": treatment.by,
        "by_name": treatment.by_name,
        "by_court": treatment.by_court,
        "by_another": treatment.is_told,
        "in_part": treatment.in_part,
        "of": treatment.object,
        "circuits": list(treatment.circuits),
        "reaches": treatment.reaches,
        "directs": treatment.directs,
        "sentence": treatment.sentence,
    }


def coverage_row(held: Coverage) -> dict[str, Any]:
    """What an answer rests on."""
    return {
        "decisions": held.decisions,
        "full_texts": held.full_texts,
        "as_of": held.as_of,
        "volumes": [
            {"volume": volume, "held": number, "first_page": first, "last_page": last}
            for volume, number, first, last in held.volumes
        ],
    }


def _title(status: Status, held: Version | None) -> str:
    """Where it is not held, the court as those cite it that treat it."""
    found = (*status.findings, *status.undated, *status.elsewhere)
    court = next(filter(None, (each.treatment.court for each in found)), "")
    cited = f"{status.authority} ({court})" if court else status.authority
    named = (held.title, held.citation) if held else (status.name, cited)
    return ", ".join(filter(None, map(plain, named)))


def _holding(held: Version | None) -> str:
    if held is None:
        return "Not held itself: what follows is what others that are held say of it"
    form = plain(str(held.metadata.get("text", ""))) or "full text"
    if held.document.kind != REFERRAL:
        return f"Held: {form}"
    what = authority(REFERRAL)
    return f"Held: {form}; {what.title}: {what.force}"


def _bearing(told: Sequence[Told], bearing: Bearing, most: int | None) -> Iterator[RenderableType]:
    given = [each for each in told if each.bearing is bearing]
    yield from _section(HEADINGS[bearing], given, most)


def _section(heading: str, told: Sequence[Told], most: int | None) -> Iterator[RenderableType]:
    if not told:
        return
    yield Text()
    yield Text(heading, style="bold")
    for each in told[:most]:
        yield from finding_lines(each)
    yield from _rest(len(told), most)


def _warnings(given: Sequence[DerivedWarning], most: int | None) -> Iterator[RenderableType]:
    if not given:
        return
    yield Text()
    yield Text(DERIVED, style="bold")
    for each in given[:most]:
        yield _in(Text(derived(each)))
        if each.words:
            yield _in(Text(f"“{plain(each.words)}”", style="italic"), 6)
        yield _in(Text(f"“{plain(each.negative.treatment.sentence)}”", style="italic"), 6)
        if back := restored(each):
            yield _in(Text(back), 6)
        since = f'`lexwatch status "{plain(each.earlier)}"` tells what became of that one since'
        yield _in(Text(since, style="dim"), 6)
    yield from _rest(len(given), most)


def _rest(count: int, most: int | None) -> Iterator[RenderableType]:
    if most is not None and count > most:
        yield _in(Text(f"and {count - most:,} more: --all tells each", style="dim"))


def _warning_row(warning: DerivedWarning) -> dict[str, Any]:
    return {
        "earlier": warning.earlier,
        "name": warning.name,
        "words": warning.words,
        "relies": finding_row(warning.relies) if warning.relies else None,
        "negative": finding_row(warning.negative),
        "restored": finding_row(warning.restored) if warning.restored else None,
        "elsewhere": warning.is_elsewhere,
    }


def _sentence(words: str) -> str:
    return sentence(plain(words))


def _uncapital(words: str) -> str:
    return words[:1].lower() + words[1:]


def _in(line: Text, indent: int = 3) -> Padding:
    return Padding(line, (0, 0, 0, indent))
