"""What may be said of a citation in a draft."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.citator.differing import Differing
from pipeline.citator.forum import within
from pipeline.citator.model import Status
from pipeline.model import Citation, Relation


class Level(StrEnum):
    """What a verdict asks of the lawyer."""

    ATTENTION = "needs attention"
    ELSEWHERE = "check elsewhere"  # nothing we hold can answer
    NOTED = "for your information"


class VerdictKind(StrEnum):
    """What was found of a citation, the gravest first."""

    NEGATIVE = "treated negatively"
    CONTESTED = "treated negatively, then reinstated"
    REINSTATED = "a stated reinstatement found"
    DISAGREES = "name and citation disagree"
    RENUMBERED = "name known under another citation"
    ACTED_ON = "a later document or a court acted on it"
    MISQUOTED = "quotation not found"
    MISATTRIBUTED = "quoted words stand in another authority"
    TURNED = "dots or brackets over a word that denies or limits"
    DIFFERS = "quotation differs"
    HEADNOTE_DIFFERS = "quotation differs from the headnote"
    PIN_WRONG = "pin page wrong"
    HEADNOTE = "quoted from the headnote"
    PARALLELS = "parallel citations disagree"
    CHANGED = "text changed"
    REMOVED = "removed from its site"
    DERIVED = "what it relies on was treated negatively"
    ABROAD = "treated negatively, not stated to bind in this forum"
    UNRESOLVED = "short form not resolved"
    UNTRACED = "what it takes up can't be told"
    NOT_HELD = "not held"
    UNCHECKED = "quotation not checked"
    PIN_UNCHECKED = "pin page not checked"
    CHANGE_UNKNOWN = "whether its text changed is not known"
    SAME = "cited before"
    FORMERLY = "number used otherwise before"
    LAST_CHANGED = "when its text last changed"
    HELD = "held"
    QUOTED = "quotation found"
    PIN_RIGHT = "pin page right"
    NONE_FOUND = "no negative treatment found"

    @property
    def level(self) -> Level:
        return _LEVELS.get(self, Level.ATTENTION)


_LEVELS = {
    **dict.fromkeys(
        (
            VerdictKind.UNTRACED,
            VerdictKind.NOT_HELD,
            VerdictKind.UNCHECKED,
            VerdictKind.PIN_UNCHECKED,
            VerdictKind.CHANGE_UNKNOWN,
        ),
        Level.ELSEWHERE,
    ),
    **dict.fromkeys(
        (
            VerdictKind.SAME,
            VerdictKind.FORMERLY,
            VerdictKind.LAST_CHANGED,
            VerdictKind.HELD,
            VerdictKind.QUOTED,
            VerdictKind.PIN_RIGHT,
            VerdictKind.NONE_FOUND,
        ),
        Level.NOTED,
    ),
}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One thing that was found. `words` say it; `quoted` is the draft's quotation that it is about,
    `held` the words that stand in its place in the held text, `differing` what differs, `covered`
    what its dots and brackets stand for; `status` and `relations` are what it rests on, where it
    rests on them."""

    kind: VerdictKind
    words: str
    quoted: str = ""
    held: str = ""
    differing: tuple[Differing, ...] = ()
    covered: tuple[Differing, ...] = ()
    status: Status | None = None
    relations: tuple[Relation, ...] = ()

    @property
    def label(self) -> str:
        """The kind, and of a reinstatement for what circuits it is stated, where that is so."""
        if self.kind is not VerdictKind.REINSTATED or self.status is None:
            return self.kind.value
        said = [each.treatment for each in (*self.status.findings, *self.status.elsewhere)]
        back = [each.circuits for each in said if each.gives_back]
        circuits = dict.fromkeys(one for several in back for one in several)
        where = within(tuple(circuits)) if all(back) else ""
        return f"{self.kind.value} {where}" if where else self.kind.value


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A citation of the draft: its number, from 1 in the draft's order, where it stands, and the
    verdicts, the gravest first."""

    number: int
    place: str
    citation: Citation
    verdicts: tuple[Verdict, ...]

    @property
    def level(self) -> Level:
        levels = {verdict.kind.level for verdict in self.verdicts}
        return next(level for level in Level if level in levels or level is Level.NOTED)
