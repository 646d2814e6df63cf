"""Say what a version does to earlier authorities, and what it tells that others did."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from pipeline import cite
from pipeline.citator.directives import directives
from pipeline.citator.discussion import discussed
from pipeline.citator.history import histories
from pipeline.citator.holdings import Held, holdings, superseded
from pipeline.citator.masked import Masked, masked
from pipeline.citator.model import Treatment, TreatmentForm, TreatmentKind
from pipeline.citator.phrased import phrased
from pipeline.citator.pointing import pointing, reviewed
from pipeline.citator.reach import reach
from pipeline.citator.referred import referred
from pipeline.citator.resolve import citations
from pipeline.citator.tags import Tagged, tags
from pipeline.decision import SEPARATE
from pipeline.model import Block, Citation, Span, Version

REFERRAL = "ag-referral"
PRECEDENTS = frozenset({"bia-precedent", "ag-precedent", "agency-precedent", REFERRAL})
_OF_COURTS = "court-opinion"
_BY_CHIEF = frozenset({"ag-precedent", REFERRAL})
# What is said with one of these takes the decision's force: to tell adjudicators not to follow it
# is then the same again.
_ENDED = frozenset(
    {
        TreatmentKind.OVERRULED,
        TreatmentKind.ABROGATED,
        TreatmentKind.VACATED,
        TreatmentKind.SUPERSEDED,
        TreatmentKind.RECEDED_FROM,
    }
)
# To follow what is given back or said anew in one breath is the same again.
_UPHELD = frozenset({TreatmentKind.REAFFIRMED, TreatmentKind.REINSTATED})
# Of USCIS, whose word binds its officers.
_GUIDANCE = frozenset(
    {"policy-manual-chapter", "policy-manual-appendix", "policy-alert", "uscis-memorandum"}
)
# A court says "we": what one judge says stands in a writing apart, also where no heading tells it.
_ONE_JUDGE = re.compile(r"\bI\s+(?!(?:and|or|through|to|of|is|are|was)\b)[a-z]")
_SUREST = tuple(TreatmentForm)
_DEEDS = (TreatmentForm.TAG, TreatmentForm.OPERATIVE)  # what a text does, and does not tell
_NAME = re.compile(r"\A(?:(?:Matter of|In re)\s[^,()]{1,80}|[^,()]{1,80}\sv\.\s[^,()]{1,80})")


def treatments(
    version: Version, known: Iterable[tuple[int, Citation]] | None = None
) -> tuple[Treatment, ...]:
    """Everything that a version says of how authorities were treated, in the order of its text.
    `known` are its resolved citations with their blocks, where the caller has them already.

    A headnote is read for closing tags and holdings, a tribunal's opinion for holdings, and every
    text for history inside citations and what running text reports. What is said twice of one
    target stands once, in its surest form.
    """
    cited = {
        index: tuple(citation for _, citation in group)
        for index, group in groupby(
            citations(version.blocks) if known is None else known, key=lambda each: each[0]
        )
    }
    headnotes = _headnotes(version)
    found = [
        replace(treatment, block=index)
        for index, block in enumerate(version.blocks)
        for treatment in _said(version, block, cited.get(index, ()), in_headnote=index < headnotes)
    ]
    own = {citation.canonical for citation in cite.find(version.citation)}
    return _once(each for each in found if each.target not in own and (each.target or each.name))


def _headnotes(version: Version) -> int:
    """How many blocks of a precedent are its headnotes: they come first, and no reporter's page
    is theirs."""
    if version.document.kind not in PRECEDENTS:
        return 0
    stated = version.metadata.get("headnotes")
    if isinstance(stated, int):
        return stated
    paged = (index for index, block in enumerate(version.blocks) if block.page)
    return next(paged, len(version.blocks))


def _said(
    version: Version, block: Block, cited: Sequence[Citation], *, in_headnote: bool
) -> Iterator[Treatment]:
    kind = version.document.kind
    is_own = not any(SEPARATE.match(heading) for heading in block.trail[:1])
    if not cited and kind not in _BY_CHIEF:
        return
    shown = masked(block.text, cited)
    if kind in _BY_CHIEF and is_own:
        yield from referred(block.text, shown, version.title, is_order=kind == REFERRAL)
    own: tuple[Treatment, ...] = ()
    if kind in PRECEDENTS and is_own:
        own = tuple(_own(shown, block, in_headnote=in_headnote))
    elif kind == _OF_COURTS and is_own:
        deeds = (
            *holdings(shown, in_headnote=False),
            *pointing(shown),
            *phrased(shown),
            *reviewed(shown),
        )
        own = tuple(
            _held(shown, block, each)
            for each in deeds
            if not _ONE_JUDGE.search(shown.text, each.span.start, each.span.end)
        )
    elif "proposed" not in kind:
        said = (
            *superseded(shown),
            *(directives(shown, is_guidance=True) if kind in _GUIDANCE else ()),
        )
        own = tuple(_held(shown, block, each) for each in said)
    yield from own
    told = (*histories(block.text, cited), *(discussed(block.text, cited) if is_own else ()))
    yield from (each for each in told if not _is_among(each, own))


def _own(shown: Masked, block: Block, *, in_headnote: bool) -> Iterator[Treatment]:
    if in_headnote:
        yield from (_tagged(shown, block, each) for each in tags(shown))
    deeds = (*holdings(shown, in_headnote=in_headnote), *pointing(shown), *phrased(shown))
    yield from (_held(shown, block, each) for each in (*deeds, *directives(shown)))


def _is_among(told: Treatment, own: Iterable[Treatment]) -> bool:
    """Whether a decision's own words were also read as another's deed: "X, overruled to the extent
    inconsistent with Y" is no word of Y."""
    return any(
        (each.target, each.kind) == (told.target, told.kind)
        and each.start < told.end
        and told.start < each.end
        for each in own
    )


def _tagged(shown: Masked, block: Block, said: Tagged) -> Treatment:
    treatment = _treatment(shown, block, said, TreatmentForm.TAG)
    goes = reach(said.words)
    return replace(treatment, object=goes.object, circuits=goes.circuits)


def _held(shown: Masked, block: Block, said: Held) -> Treatment:
    return replace(
        _treatment(shown, block, said, said.form),
        object=said.object or reach(said.words).object,
        circuits=said.circuits,
        reaches=said.reaches,
        directs=said.directs,
    )


def _treatment(shown: Masked, block: Block, said: Tagged | Held, form: TreatmentForm) -> Treatment:
    place: Span = shown.printed(said.span)
    return Treatment(
        kind=said.kind,
        form=form,
        target=said.citation.cited,
        name=said.citation.name or _short(said.citation),
        court=said.citation.court,
        in_part=said.in_part,
        sentence=block.text[place.start : place.end],
        start=place.start,
        end=place.end,
    )


def _short(citation: Citation) -> str:
    """The name alone of a short form that may take up either of two decisions; "" of "id."."""
    match = _NAME.match(citation.raw)
    return match[0].strip(" ,") if match else ""


def _once(found: Iterable[Treatment]) -> tuple[Treatment, ...]:
    """Each deed once: its surest form, at the first place where it has that."""
    kept: dict[tuple[object, ...], Treatment] = {}
    for each in found:
        best = kept.get(_deed(each))
        if best is None or _SUREST.index(each.form) < _SUREST.index(best.form):
            kept[_deed(each)] = each
    ended = {(each.target, each.kind) for each in kept.values() if _is_end(each)}
    upheld = {
        (each.target, each.block, each.start)
        for each in kept.values()
        if each.kind in _UPHELD and not each.is_told
    }
    return tuple(
        sorted(
            (each for each in kept.values() if not _is_again(each, ended, upheld)),
            key=lambda each: (each.block, each.start, each.end),
        )
    )


def _deed(treatment: Treatment) -> tuple[object, ...]:
    """What makes two deeds one: who does what to whom, of what, how far and for whom."""
    who = treatment.by or treatment.by_name or treatment.is_told
    of, reached = treatment.target or treatment.name, (treatment.in_part, treatment.circuits)
    return (
        of,
        treatment.kind,
        who,
        treatment.object,
        reached,
        treatment.reaches,
        treatment.directs,
    )


def _is_end(treatment: Treatment) -> bool:
    """Whether the text itself takes a decision's whole force."""
    is_limited = treatment.in_part or treatment.circuits or treatment.object
    is_own = not treatment.is_told and treatment.form in _DEEDS
    return treatment.kind in _ENDED and is_own and not is_limited


def _is_again(
    treatment: Treatment,
    ended: set[tuple[str, TreatmentKind]],
    upheld: set[tuple[str, int, int]],
) -> bool:
    """Whether it says once more what the text itself does: "as we have overruled it", or in one
    sentence "we adhere to X and reaffirm it"."""
    if treatment.kind is TreatmentKind.FOLLOWED and not treatment.is_told:
        return (treatment.target, treatment.block, treatment.start) in upheld
    if treatment.by_another:
        return (treatment.target, treatment.kind) in ended
    is_told_not_to = treatment.directs and treatment.kind is TreatmentKind.NOT_FOLLOWED
    return is_told_not_to and any(target == treatment.target for target, _ in ended)
