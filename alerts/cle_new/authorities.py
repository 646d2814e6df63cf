"""The table of authorities: what the developments are and cite, grouped as briefs group them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from alerts.lesson import Development
from pipeline.model import Citation

# Citation kinds (see `pipeline.cite`) under the headings of a brief, in a brief's order.
_GROUPS = (
    ("Decisions", ("case_reporter", "interim_decision")),
    ("Statutes", ("ina", "usc", "public_law", "stat")),
    ("Regulations", ("cfr",)),
    ("Federal Register", ("fr_cite", "fr_docnum")),
    ("Presidential documents", ("executive_order", "proclamation")),
    ("Agency policy", ("uscis_pm", "policy_memo", "fam")),
)
_OTHER = "Other authorities"
_NOT_AUTHORITIES = frozenset({"case_short", "form", "docket", "rin"})
_KINDS = {
    **dict.fromkeys(("rule", "proposed-rule", "notice", "public-inspection"), "Federal Register"),
    "ag-referral": "Decisions",
    "agency-precedent": "Decisions",
    "court-opinion": "Decisions",
    "court-order": "Decisions",
    "regulation": "Regulations",
    "policy-manual-appendix": "Agency policy",
    "uscis-memorandum": "Agency policy",
    "eoir-memorandum": "Agency policy",
    "visa-bulletin": "Agency policy",
    "bia-precedent": "Decisions",
    "ag-precedent": "Decisions",
    "policy-manual-chapter": "Agency policy",
    "policy-alert": "Agency policy",
    "technical-update": "Agency policy",
    "presidential-document": "Presidential documents",
}


@dataclass(frozen=True, kw_only=True)
class Authority:
    """One authority and the numbers of the developments that are it or cite it."""

    name: str
    found_in: tuple[int, ...]


def table(
    developments: Sequence[Development], citations: Mapping[int, Sequence[Citation]]
) -> tuple[tuple[str, tuple[Authority, ...]], ...]:
    """Groups that have a member, members by name with numbers as numbers, so that 5 USC
    comes before 44 USC. `citations` are by change id."""
    found: dict[tuple[str, str], set[int]] = {}
    own = {item.called: _own_group(item) for item in developments}
    for item in developments:
        for group, name in {(own[item.called], item.called), *_cited(item, citations, own)}:
            found.setdefault((group, name), set()).add(item.number)
    order = [group for group, _ in _GROUPS] + [_OTHER]
    return tuple(
        (group, _members(group, found)) for group in order if any(g == group for g, _ in found)
    )


def _own_group(item: Development) -> str:
    return _KINDS.get(item.change.document.kind, _OTHER)


def _cited(
    item: Development, citations: Mapping[int, Sequence[Citation]], own: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """What a development cites; one that is itself in the packet under its name there, which may
    add the issuer and year, as in "29 I&N Dec. 1 (BIA 2026)"."""
    for citation in citations.get(item.change.id, ()):
        if citation.kind in _NOT_AUTHORITIES:
            continue
        name = citation.canonical
        called = next((one for one in own if one == name or one.startswith(f"{name} (")), name)
        yield own.get(called, _group(citation.kind)), called


def _group(kind: str) -> str:
    return next((group for group, kinds in _GROUPS if kind in kinds), _OTHER)


def _members(group: str, found: Mapping[tuple[str, str], set[int]]) -> tuple[Authority, ...]:
    return tuple(
        Authority(name=name, found_in=tuple(sorted(numbers)))
        for (of, name), numbers in sorted(found.items(), key=_place)
        if of == group
    )


def _place(member: tuple[tuple[str, str], set[int]]) -> list[tuple[bool, int, str]]:
    """A name in pieces that sort as a reader counts."""
    (_, name), _ = member
    return [
        (not piece.isdecimal(), int(piece) if piece.isdecimal() else 0, piece)
        for piece in re.split(r"(\d+)", name)
        if piece
    ]
