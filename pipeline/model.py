"""The nouns. One word per idea:

page      one response exactly as fetched; raw bytes are archived by SHA-256
document  what stays the same from version to version: a source and that source's key, no URL
version   what a document says from one moment on: blocks, dates, metadata
block     the smallest piece of text with a place: a heading, paragraph, item, row or footnote
passage   a heading-sized piece of a version, the unit of search
change    the difference between two versions of a document, or its appearance
edit      one block's part in a change
topic     a subject from the taxonomy (`topics.toml`); a tag is a topic with its evidence
reading   everything one page says: versions, and which keys the page lists
relation  what a later document says that it does to an earlier one
event     the artefacts of one act: a rule, its correction, the alert and the chapters it edited
state     what the documents held say of a rule from a day on; what courts did stands apart
treatment, finding, status, draft: see `pipeline/citator/model.py`
alert     a subscription met a change, and why
deadline  a date that falls due, with its history
subscription, schedule: see `pipeline/subscription.py`; letter: `pipeline/letter.py`

Every moment is an aware datetime. Publishers' dates are calendar dates in Eastern time,
never instants (`datetime.date`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pipeline.letter import LetterKind
from pipeline.subscription import MAIL, Schedule, Subscription


@dataclass(frozen=True, kw_only=True)
class Page:
    """One response exactly as fetched.

    `url` is the publisher's address (canonical, whatever mirror was asked); `asked` the address
    that went over the wire. `context` is what the referring listing said about this page: with it
    the page can be read again from the archive alone.
    """

    source: str
    url: str
    final_url: str
    asked: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Document:
    """What stays the same while its versions come and go.

    `key` is the publisher's own: Federal Register number and date, policy-manual path, EOIR id.
    `kind` is the sort of authority, e.g. "rule", "policy-manual-chapter", "bia-precedent";
    `alerts/wording.py` lists them.
    """

    source: str
    key: str
    kind: str

    @property
    def name(self) -> str:
        """`source:key`, as commands and addresses spell it."""
        return f"{self.source}:{self.key}"


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    FOOTNOTE = "footnote"


@dataclass(frozen=True, kw_only=True)
class NoteMark:
    """Where a footnote is called: a character offset in the block's text, and the note's label.

    A label such as "*885" is no note's: there page 885 of the reporter begins (star paging).
    """

    offset: int
    label: str


@dataclass(frozen=True, kw_only=True)
class Block:
    """A piece of text with its place.

    `text` is normalised and holds no footnote marks; these stand in `marks`. `level` is a
    heading's rank (1 is the top) or a list item's depth, else 0. `trail` holds the headings above,
    outermost first. `label` is a footnote's printed number or a list item's, and no part of `text`:
    renumbering is not a change of the law. `anchor` is the publisher's fragment id. `page` is the
    reporter page the block starts on, where the source states pages.
    """

    kind: BlockKind
    text: str
    level: int = 0
    trail: tuple[str, ...] = ()
    anchor: str = ""
    label: str = ""
    marks: tuple[NoteMark, ...] = ()
    page: str = ""


class DateKind(StrEnum):
    """What a stated date is the date of."""

    PUBLISHED = "published"
    EFFECTIVE = "effective"
    APPLICABLE = "applicable"
    COMPLIANCE = "compliance"
    COMMENTS_CLOSE = "comments-close"
    PRA_COMMENTS_CLOSE = "pra-comments-close"  # Paperwork Reduction Act, kept apart
    HEARING = "hearing"
    BRIEFS_DUE = "briefs-due"
    DECIDED = "decided"
    AMENDED = "amended"  # decided anew, in the words of the old decision and some others
    DESIGNATED = "designated"  # as a precedent, often years after it was decided
    EXPIRES = "expires"
    SIGNED = "signed"
    ANNOUNCED = "announced"
    INSPECTION = "public-inspection"  # filed for it: constructive notice, 44 U.S.C. 1507


@dataclass(frozen=True, kw_only=True)
class StatedDate:
    """A calendar date as a source states it.

    `words` is the text it was read from, `read_from` where that text stands ("DATES",
    "API comments_close_on", "listing").
    """

    kind: DateKind
    on: date
    words: str
    read_from: str


@dataclass(frozen=True, kw_only=True)
class Version:
    """What a document says from `seen_at` on.

    `metadata` holds the publisher's own fields that count as content (agency, action, docket, RIN,
    CFR parts, …; JSON values only). Fields that churn do not belong in it; `links` holds addresses,
    which are aliases and never evidence of a change. `parser` names the reader and its version, so
    that a better parser is a rebuild and not a change in the law. `citation` is Bluebook-like and
    empty where the source states none. `succeeds` is the key of the document of the same source
    that came before in a series, where there is one: last month's bulletin. `linked` are the
    addresses its own text links to, canonical and in order: by them it names what it speaks of.
    They are no part of what it says.
    """

    document: Document
    title: str
    citation: str
    issuer: str
    url: str
    blocks: tuple[Block, ...]
    seen_at: datetime
    parser: str
    dates: tuple[StatedDate, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    succeeds: str = ""
    linked: tuple[str, ...] = ()

    @property
    def text_digest(self) -> str:
        """SHA-256 over what the text says: kinds, levels and words; no anchors, labels or marks."""
        said = [(block.kind.value, block.level, block.text) for block in self.blocks]
        return _digest([self.title, said])

    @property
    def metadata_digest(self) -> str:
        stated = sorted({(d.kind.value, d.on.isoformat()) for d in self.dates})
        return _digest([self.citation, self.issuer, dict(self.metadata), stated])

    @property
    def text(self) -> str:
        return "\n".join(block.text for block in self.blocks)

    def date(self, kind: DateKind) -> date | None:
        """The first stated date of that kind; None means "not stated"."""
        return next((stated.on for stated in self.dates if stated.kind is kind), None)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Everything one page says.

    `listed` holds the document keys that the page enumerates (empty for a page that is no listing).
    `left_out` says how many of its entries a source does not read, by the rule it states.
    """

    versions: tuple[Version, ...] = ()
    listed: tuple[str, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)


class ChangeKind(StrEnum):
    """What happened, in words that claim no more than we saw."""

    NEW = "new"
    NEXT = "next-in-series"  # new, and compared with the document before it in its series
    TEXT = "text-changed"
    METADATA = "metadata-changed"
    REMOVED = "removed-from-site"
    BACK = "back-on-site"


class ChangeClass(StrEnum):
    """Whether the law moved, its wording, what is said about it, or nothing at all.

    NOISE: every edit is explained by a rule that ignores it; kept to be shown, never alerted.
    """

    SUBSTANTIVE = "substantive"
    EDITORIAL = "editorial"
    METADATA = "metadata"
    NOISE = "noise"


class Weight(StrEnum):
    """What a counting difference turns on, as readers are told, the most telling first."""

    REQUIREMENT = "requirement"  # a sentence or clause that binds or excuses was added or removed
    OPERATIVE = "operative word"  # must, shall, may, not, only, unless, and, or …
    FEE = "fee"
    DATE = "date"
    PERIOD = "period"
    EDITION = "form edition"
    AUTHORITY = "authority"
    NUMBER = "number"
    TEXT = "text"  # a paragraph, row or footnote came or went
    WORDING = "wording"


class EditKind(StrEnum):
    """What happened to one block."""

    INSERTED = "inserted"
    DELETED = "deleted"
    REWORDED = "reworded"
    MOVED = "moved"


@dataclass(frozen=True, kw_only=True)
class Span:
    """Half-open character range in one side's block text."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One block's part in a change.

    `old_index`/`new_index` are positions in the two versions' blocks, None where that side has no
    such block; `deleted`/`inserted` are word spans in the old and the new text. `rule` names the
    rule by which the edit is noise or only editorial; empty means the edit counts.
    """

    kind: EditKind
    old: Block | None
    new: Block | None
    old_index: int | None
    new_index: int | None
    deleted: tuple[Span, ...] = ()
    inserted: tuple[Span, ...] = ()
    rule: str = ""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What `diff.compare` found between two versions: edits in reading order, the class and why.

    `weights` says what a substantive difference turns on, the most telling first.
    """

    kind: ChangeKind
    change_class: ChangeClass
    edits: tuple[Edit, ...]
    metadata: tuple[tuple[str, str, str], ...]  # (field, old, new)
    reasons: tuple[str, ...]
    summary: str
    weights: tuple[Weight, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Tag:
    """A topic found in a text. `score` is 0..1; `evidence` the words or meaning it rests on."""

    topic: str
    score: float
    evidence: tuple[str, ...]


# The topic of what keyword conditions caught and is something else: a highway I-285, a tariff.
NOT_IMMIGRATION = "not-immigration"


@dataclass(frozen=True, kw_only=True)
class Citation:
    """An authority named in a text.

    `raw` is text[start:end]; `canonical` one spelling per authority, without pin page; `pin` the
    page cited; `kind` e.g. "case_reporter", "ina", "cfr", "usc", "uscis_pm", "fr_cite". What stands
    around it in the text gives the rest, "" where nothing does: `name` of the case as printed
    ("Matter of A-B-"), `court` who decided and when ("A.G. 2018"), and of a short form (id., supra,
    a page or a name alone) `authority`, the canonical of the citation that it takes up.
    """

    raw: str
    start: int
    end: int
    kind: str
    canonical: str
    pin: str = ""
    name: str = ""
    court: str = ""
    authority: str = ""

    @property
    def cited(self) -> str:
        """The canonical of what it cites; "" of a short form that takes up nothing known."""
        return self.authority or ("" if self.kind == "case_short" else self.canonical)


@dataclass(frozen=True, kw_only=True)
class Passage:
    """The unit of search: at most 256 model tokens with its header.

    `header` is title, citation and heading trail, never a date; `text` the words under it. Identity
    is the embedded text (`digest`), so an amended chapter re-embeds only what changed. It begins
    at character `start` of the block `first_block`: a block too long for one goes on in others.
    """

    header: str
    text: str
    trail: tuple[str, ...] = ()
    anchor: str = ""
    page: str = ""
    first_block: int = 0
    start: int = 0

    @property
    def embedded(self) -> str:
        return f"{self.header}\n{self.text}"

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.embedded.encode()).hexdigest()


class RelationKind(StrEnum):
    """What a later document does to an earlier one, in the agency's own words."""

    CORRECTS = "corrects"
    WITHDRAWS = "withdraws"
    WITHDRAWS_IN_PART = "withdraws-in-part"
    DELAYS = "delays"
    EXTENDS = "extends"  # a designation, a restriction, a temporary rule
    EXTENDS_COMMENTS = "extends-comment-period"
    REOPENS_COMMENTS = "reopens-comment-period"
    FINALISES = "finalises"  # a proposal or an interim rule
    SAME_SERIES = "same-series"  # last year's notice of that name: neither changes the other
    PUBLISHES = "publishes"  # what was on public inspection
    # What a court's order does; the text of what it concerns stays as it is.
    ENJOINS = "enjoins"
    STAYS = "stays"  # under 5 U.S.C. 705, or pending appeal
    VACATES = "vacates"
    VACATES_IN_PART = "vacates-in-part"
    REVERSES = "reverses"
    REPORTS = "reports-court-action"  # says in its own words what a court did to the earlier


@dataclass(frozen=True, kw_only=True)
class Relation:
    """A later document's word on an earlier one. `evidence` says in words a reader can check what
    joins them; a RIN alone never does, since RINs are used again and shared."""

    kind: RelationKind
    earlier: Document
    later: Document
    evidence: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A stated date, and whether it holds. `why` names the document that ended it; where it is
    live, what a reader must look at before relying on it; else it is empty."""

    document: Document
    stated: StatedDate
    live: bool
    why: str = ""


class StateKind(StrEnum):
    """What may be said of a rule on a day, by the documents held. Courts stand apart."""

    ON_FILE = "on public inspection"
    PROPOSED = "proposed"
    FINAL = "final, not yet in effect"
    IN_EFFECT = "in effect"
    DELAYED = "delayed"
    WITHDRAWN = "withdrawn"
    RESCINDED = "rescinded"
    EXPIRED = "expired"
    NOT_STATED = "not stated"


@dataclass(frozen=True, kw_only=True)
class State:
    """What holds of a rule from a day on: `since` None where no day is stated. `document` says so
    in `words`, which are quoted from it. Of a rule that is not in effect, `effective` is the day on
    which it will be as things stand: known of the state on a day, None where none is stated."""

    kind: StateKind
    since: date | None
    document: Document
    words: str
    effective: date | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True)
class CourtAction:
    """What a court did to a rule, as `document` tells it: an order entered by hand, or a document
    held that reports it (`is_by_hand` false). `words` are that document's own and say who, where
    and how far, as far as they do; `on` is the day of the order, None where not stated."""

    kind: RelationKind
    on: date | None
    document: Document
    words: str
    is_by_hand: bool


@dataclass(frozen=True, kw_only=True)
class Artefact:
    """One document's part in an event, with what joins it (`evidence`; empty for the first).

    `on` is the day it bears, `dated` what that day is; both None: only when we first saw it is
    known. A text that lives on takes part by one `change` alone; else that is its appearance.
    """

    document: Document
    title: str
    citation: str
    url: str
    on: date | None
    dated: DateKind | None
    seen_at: datetime
    change: int
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Event:
    """One act and its artefacts, oldest first, with one set of dates.

    `act` is the document that the others are about, and gives the event its identity; `line` says
    in one line what happened. `states` are in order of time.
    """

    act: Document
    line: str
    artefacts: tuple[Artefact, ...]
    standings: tuple[Standing, ...] = ()
    states: tuple[State, ...] = ()
    court_actions: tuple[CourtAction, ...] = ()


class AnnouncementState(StrEnum):
    """What may be said of how a change to guidance was announced."""

    ANNOUNCED = "announced"
    NOT_YET_SEEN = "announcement not yet seen"
    UNANNOUNCED = "unannounced"


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """`entry` is the update that names the changed text, None where none is known to; `words` say
    what that rests on."""

    state: AnnouncementState
    entry: Document | None
    words: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """A stored difference: what happened to a document between two versions, or its appearance.

    `seen_at` is when our crawl saw it, `recorded_at` when it was written down: periods go by the
    second, so that what was fetched before midnight and read after it is in no digest twice and in
    none never. `baseline` marks what the first crawl of a source found, which fills the index and
    is never alerted. `old` is None for a new document, and of the
    next in a series the text of the one before. `relations` are what its document does to
    others and others to it, `standings` which dates hold of the new version and of the documents
    joined with it, `announcement` how it was announced (None: of its source nothing is), `events`
    the acts it is part of with other documents (the first is the one it is told under): all as
    known when the change was looked up, and no part of what happened.
    """

    id: int
    document: Document
    old: Version | None
    new: Version
    difference: Difference
    tags: tuple[Tag, ...]
    seen_at: datetime
    recorded_at: datetime
    baseline: bool = False
    relations: tuple[Relation, ...] = ()
    standings: tuple[Standing, ...] = ()
    announcement: Announcement | None = None
    events: tuple[Event, ...] = ()

    def concerns(self, topics: Collection[str]) -> bool:
        """Whether it is about one of `topics`; none named: about immigration law at all."""
        found = {tag.topic for tag in self.tags}
        return not found.isdisjoint(topics) if topics else NOT_IMMIGRATION not in found


@dataclass(frozen=True, kw_only=True)
class Alert:
    """A subscription met a change. `why` says so in words a reader can check."""

    subscription: Subscription
    change: Change
    why: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SourceReport:
    """What we can say about one source over a period, for every digest's coverage block.

    `first_complete` and `last_complete` are the first and the last complete read of the whole
    before the period's end, None where there never was one; `documents` is the count held;
    `changes` those in the period; `days_read` on how many of its days the source was read whole;
    `suppressed` edits left out by rule name; `left_out` entries that the last run in the period did
    not read, by rule; `failures` one line per failed run, in the period.
    `newest` is the day of the newest thing known to have been published there; `quiet` says that it
    is longer ago than is normal, "" where it isn't. `days_looked` counts the other days, on which
    only a part of it was looked at: what the publisher announced, or chosen pages; `last_look` is
    the last complete visit of either sort.
    """

    source: str
    title: str
    first_complete: datetime | None
    last_complete: datetime | None
    documents: int
    changes: int
    days_read: int
    suppressed: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    failures: tuple[str, ...] = ()
    newest: date | None = None
    quiet: str = ""
    days_looked: int = 0
    last_look: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A date that falls due, with its history in calendars.

    `uid` stays while the date moves; `was` is the day before it last moved, at `moved_at`;
    `sequence` counts moves, cancellations and returns. `title`, `citation` and `url` are its
    document's; `words` and where they stand (`read_from`) too, or those of the later document `by`
    name that moved it, at `source`. `why` says of a cancelled one what ended it, of another what to
    look at before relying on it. `act` is what it is told under with other documents (`members`),
    `also` names those that state the same day, `applies` are words on application from that day on.
    """

    uid: str
    document: Document
    kind: DateKind
    on: date
    was: date | None
    words: str
    read_from: str
    why: str
    title: str
    citation: str
    url: str
    by: str
    source: str
    act: Document
    sequence: int
    is_cancelled: bool
    known_at: datetime
    moved_at: datetime
    changed_at: datetime
    topics: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    applies: tuple[StatedDate, ...] = ()
    members: tuple[Document, ...] = ()

    @property
    def stated(self) -> StatedDate:
        """The date as the source states it."""
        return StatedDate(kind=self.kind, on=self.on, words=self.words, read_from=self.read_from)

    @property
    def name(self) -> str:
        """How its document is named: by its citation, else its title."""
        return self.citation or f"“{self.title}”"


@dataclass(frozen=True, kw_only=True)
class Digest:
    """One reader's period: half-open [since, until). Alerts in the order they are shown; `settled`
    are changes of earlier periods of which it is known since how they were announced. `schedule` is
    the one it belongs to; of the `kind` ALERT it tells only what can't wait. `subscriptions` are
    those it answers, `at_once` when a change of it was sent before, by the change's id, and
    `unasked` says in words which of them could not be run in full. `deadlines` are the dates within
    30 days of `until` that they meet, whenever they were first told; None: they are not told."""

    reader: str
    address: str
    since: datetime
    until: datetime
    alerts: tuple[Alert, ...]
    coverage: tuple[SourceReport, ...]
    settled: tuple[Change, ...] = ()
    schedule: Schedule = field(default_factory=Schedule)
    kind: LetterKind = LetterKind.DIGEST
    subscriptions: tuple[Subscription, ...] = ()
    at_once: Mapping[int, datetime] = field(default_factory=dict)
    unasked: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One send, as the ledger has it.

    `key` names reader, address and period [since, until). `unfinished` counts the begins since the
    last finish: 0 means it ended, with `outcome` at `finished_at`, and the message lies `where` the
    transport said. After so many `attempts` that failed, the last with `error`, it is tried again
    from `next_at` on, None: at the next run. `composed_at` is None of before letters were kept.
    """

    key: str
    reader: str
    address: str
    since: datetime
    until: datetime
    message_id: str
    begun_at: datetime | None
    unfinished: int
    outcome: str = ""
    finished_at: datetime | None = None
    where: str = ""
    kind: LetterKind = LetterKind.DIGEST
    channel: str = MAIL
    subject: str = ""
    attempts: int = 0
    next_at: datetime | None = None
    composed_at: datetime | None = None
    error: str = ""


def _digest(value: Any) -> str:
    serialised = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(serialised.encode()).hexdigest()
