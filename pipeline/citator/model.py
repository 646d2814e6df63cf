"""The citator's nouns, beside those of `pipeline/model.py`:

treatment what a later authority says that it does to an earlier one
bearing   which way a treatment weighs
finding   a treatment as we hold it: who says so, when, and where that can be cited
forum     before whom an authority is to be relied on, and in which circuit
status    what the findings say of an authority, for a forum and a day; never that it is good law
twin      the same provision under another number: INA § 208 and 8 USC § 1158
draft     a text of the office's own that is checked and never kept
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pipeline.model import Document


class Bearing(StrEnum):
    """Which way a treatment weighs."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class TreatmentKind(StrEnum):
    """What a later authority says that it does to an earlier one, in the words of the field."""

    OVERRULED = "overruled"
    ABROGATED = "abrogated"
    DISAPPROVED = "disapproved"
    VACATED = "vacated"
    REVERSED = "reversed"
    REMANDED = "remanded"
    SUPERSEDED = "superseded"  # by a statute, a regulation or a decision
    STAYED = "stayed"
    MODIFIED = "modified"
    LIMITED = "limited"
    RECEDED_FROM = "receded from"
    NOT_FOLLOWED = "not followed"
    CLARIFIED = "clarified"
    DISTINGUISHED = "distinguished"
    REFERRED = "referred"  # to the Attorney General for review, 8 C.F.R. 1003.1(h)
    FOLLOWED = "followed"
    REAFFIRMED = "reaffirmed"
    AFFIRMED = "affirmed"
    REINSTATED = "reinstated"

    @property
    def bearing(self) -> Bearing:
        return _BEARINGS.get(self, Bearing.NEGATIVE)


# A decision is superseded "by regulation" by the regulation, and not by who tells of it.
_BY_LAW = re.compile(
    r"\bsuperseded(?: in part)? by (statute|regulation|statutory|regulatory)\b", re.I
)
_BEARINGS = {
    **dict.fromkeys(
        (TreatmentKind.CLARIFIED, TreatmentKind.DISTINGUISHED, TreatmentKind.REFERRED),
        Bearing.NEUTRAL,
    ),
    **dict.fromkeys(
        (
            TreatmentKind.FOLLOWED,
            TreatmentKind.REAFFIRMED,
            TreatmentKind.AFFIRMED,
            TreatmentKind.REINSTATED,
        ),
        Bearing.POSITIVE,
    ),
}


class TreatmentForm(StrEnum):
    """In which form a text says it, the surest first."""

    TAG = "tag"  # at the end of a headnote: "Matter of X, 20 I&N Dec. 833 (BIA 1994), followed."
    OPERATIVE = "operative"  # the holding itself: "Matter of X is overruled."
    HISTORY = "history"  # inside a citation: "…, overruled by Matter of Y, 26 I&N Dec. 1"
    DISCUSSION = "discussion"  # running text


@dataclass(frozen=True, kw_only=True)
class Treatment:
    """What a text says that it, or another authority of which it tells, does to an earlier one.

    `target` is the canonical citation of the earlier one, "" where the text gives none; `name` what
    it is called there ("Matter of A-B-"), `court` who decided it and when ("A.G. 2018"). `by` is
    the canonical citation of who did it where that is another than the text itself, else "", and
    `by_name`, `by_court` are what that is called; `by_another` where another did it and the text
    does not say who. `object` is of what the words speak where that is
    not the decision: "stay" of a stay that is vacated, "other grounds". `circuits` are those for
    which alone it is said ("1" to "11", "dc"). `reaches` quotes words for a whole class ("any
    decision issued in reliance thereupon"). `directs`: it tells adjudicators what to do with it
    from now on ("shall adhere to"). `sentence` is text[start:end] of the version's block.
    """

    kind: TreatmentKind
    form: TreatmentForm
    target: str
    name: str
    court: str = ""
    by: str = ""
    by_name: str = ""
    by_court: str = ""
    by_another: bool = False
    in_part: bool = False
    object: str = ""
    circuits: tuple[str, ...] = ()
    reaches: str = ""
    directs: bool = False
    sentence: str
    block: int = 0
    start: int
    end: int

    @property
    def law(self) -> str:
        """The kind of law by which it was superseded, as in "superseded by regulation"."""
        found = _BY_LAW.search(self.sentence) if self.kind is TreatmentKind.SUPERSEDED else None
        if found is None or self.by or self.by_name:
            return ""
        return "statute" if found[1].lower().startswith("statut") else "regulation"

    @property
    def is_told(self) -> bool:
        """Whether the text tells what another did."""
        return self.by_another or bool(self.by or self.by_name or self.law)

    @property
    def gives_back(self) -> bool:
        """Whether it states that the authority holds again: a reinstatement, or a word to all
        adjudicators to adhere to it."""
        is_told_to = self.directs and self.kind.bearing is Bearing.POSITIVE
        return is_told_to or self.kind is TreatmentKind.REINSTATED


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A treatment, and the document held that says so.

    `issuer` is whose word it is, `court` as a citation has it ("A.G. 2021"); `year` that of the
    deed and `on` its day: None where not stated in what we hold, as the listing of precedents
    has the year alone. Where the treatment is by another (`Treatment.by`), both are of that.
    `page` is the reporter's page on which the sentence stands, "" where none can be cited.
    `effective` is the day from which a rule or statute says that it holds, None where it states
    none. `by_then` is the last day on which it can have been said: that of the text which says
    so, or on which we first saw it. `of` says of what it is told where that is a part of the
    authority asked about, or a whole in which it lies. `in_headnote`: it stands in the
    reporter's headnote, which is no part of the opinion.
    """

    treatment: Treatment
    document: Document
    title: str
    citation: str
    issuer: str
    url: str
    court: str = ""
    on: date | None = None
    year: int | None = None
    page: str = ""
    effective: date | None = None
    by_then: date | None = None
    of: str = ""
    in_headnote: bool = False


class Body(StrEnum):
    """Before whom an authority is to be relied on."""

    IMMIGRATION_COURT = "immigration court"  # immigration judges and the Board
    USCIS = "USCIS"
    FEDERAL_COURT = "federal court"


@dataclass(frozen=True, kw_only=True)
class Forum:
    """Before whom, and in which circuit ("1" to "11", "dc"; "" where that is left open)."""

    body: Body
    circuit: str = ""


class StatusKind(StrEnum):
    """The most that the findings allow to say, the gravest first."""

    NEGATIVE = "negative treatment found"
    NEGATIVE_IN_PART = "negative treatment in part found"
    CONTESTED = "negative treatment found, and a stated reinstatement after it"
    REINSTATED = "a stated reinstatement found; what it undid is not in what we hold"
    ELSEWHERE = "negative treatment found that is not stated to bind in this forum"
    ACTED_ON = "a later document or a court acted on it"
    NONE_FOUND = "no negative treatment found in what we hold"


@dataclass(frozen=True, kw_only=True)
class DerivedWarning:
    """What follows from another authority's status: `earlier`, on which this one relies, was itself
    treated negatively. `relies` is the finding (or None, where it is only cited in `words`);
    `restored` a later one that states that the earlier holds again; `is_elsewhere`: the negative
    one is not stated to bind in the forum asked about."""

    earlier: str
    name: str
    words: str
    relies: Finding | None
    negative: Finding
    restored: Finding | None = None
    is_elsewhere: bool = False


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What the answer rests on: `decisions` held, of volumes (volume, number held, first and last
    page), `full_texts` how many with their opinion, `as_of` the last complete reading of the source
    (None: never read whole)."""

    decisions: int
    volumes: tuple[tuple[int, int, int, int], ...]
    full_texts: int
    as_of: datetime | None


@dataclass(frozen=True, kw_only=True)
class Status:
    """What may be said of an authority, for a forum (None: for all) and a day.

    `findings` bear on it there and then, in order of time; `elsewhere` those that are not stated to
    bind in the forum; `undated` those of the asked year whose day is not stated; `warnings` are
    derived and stand apart. `line` says it in one sentence, and never more than `kind` allows;
    `cautions` are sentences that must be read with it.
    """

    authority: str
    name: str
    kind: StatusKind
    line: str
    forum: Forum | None
    on: date
    findings: tuple[Finding, ...]
    elsewhere: tuple[Finding, ...]
    undated: tuple[Finding, ...]
    warnings: tuple[DerivedWarning, ...]
    coverage: Coverage
    cautions: tuple[str, ...] = ()
