"""Small builders of versions, changes and subscriptions, for tests that start from the nouns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from pipeline.letter import FINAL, Letter, Outcome
from pipeline.model import (
    Block,
    BlockKind,
    Change,
    ChangeClass,
    ChangeKind,
    DateKind,
    Delivery,
    Difference,
    Document,
    Edit,
    EditKind,
    SourceReport,
    Span,
    StatedDate,
    Tag,
    Version,
)
from pipeline.subscription import Subscription

SEEN = datetime(2026, 11, 18, 14, 5, tzinfo=UTC)
SINCE = datetime(2026, 11, 16, 5, tzinfo=UTC)
UNTIL = datetime(2026, 11, 23, 5, tzinfo=UTC)
TITLES = {
    "asylum": "Asylum",
    "h1b": "H-1B",
    "removal": "Removal proceedings",
    "federal_register": "Federal Register",
    "uscis_policy_manual": "USCIS Policy Manual",
    "bia_decisions": "EOIR precedent decisions",
}


def paragraph(text: str, *trail: str, kind: BlockKind = BlockKind.PARAGRAPH) -> Block:
    return Block(kind=kind, text=text, trail=trail)


def version(
    *texts: str | Block,
    source: str = "uscis_policy_manual",
    key: str = "volume-6-part-f-chapter-5",
    kind: str = "policy-manual-chapter",
    title: str = "Chapter 5 - Advanced Degree or Exceptional Ability",
    citation: str = "6 USCIS-PM F.5",
    issuer: str = "U.S. Citizenship and Immigration Services",
    url: str = "https://www.uscis.gov/policy-manual/volume-6-part-f-chapter-5",
    dates: tuple[StatedDate, ...] = (),
    metadata: Mapping[str, Any] | None = None,
    seen_at: datetime = SEEN,
) -> Version:
    return Version(
        document=Document(source=source, key=key, kind=kind),
        title=title,
        citation=citation,
        issuer=issuer,
        url=url,
        blocks=tuple(paragraph(t) if isinstance(t, str) else t for t in texts),
        seen_at=seen_at,
        parser="test 1",
        dates=dates,
        metadata=metadata or {},
    )


def rule(
    *texts: str | Block,
    title: str = "Fee Schedule",
    number: str = "2026-21001",
    kind: str = "rule",
    citation: str = "91 FR 60001",
    dates: tuple[StatedDate, ...] = (),
    seen_at: datetime = SEEN,
) -> Version:
    return version(
        *texts,
        source="federal_register",
        key=f"{number}@2026-11-17",
        kind=kind,
        title=title,
        citation=citation,
        issuer="Homeland Security Department",
        url=f"https://www.federalregister.gov/documents/2026/11/17/{number}/sample",
        dates=dates,
        metadata={"document_number": number},
        seen_at=seen_at,
    )


def precedent(*headnotes: str, name: str = "Matter of S-A-M-P-L-E-") -> Version:
    return version(
        *headnotes,
        source="bia_decisions",
        key="4999",
        kind="bia-precedent",
        title=name,
        citation="29 I&N Dec. 999 (BIA 2026)",
        issuer="Board of Immigration Appeals",
        url="https://www.justice.gov/eoir/media/999999/dl?inline",
    )


def stated(kind: DateKind, on: date, words: str = "", read_from: str = "DATES") -> StatedDate:
    return StatedDate(
        kind=kind, on=on, words=words or f"{on:%B} {on.day}, {on.year}", read_from=read_from
    )


def reworded(old: str, new: str, *, trail: tuple[str, ...] = (), rule: str = "") -> Edit:
    """One edit; what is changed stands in [brackets] on each side."""
    old_text, deleted = _marked(old)
    new_text, inserted = _marked(new)
    return Edit(
        kind=EditKind.REWORDED,
        old=paragraph(old_text, *trail),
        new=paragraph(new_text, *trail),
        old_index=0,
        new_index=0,
        deleted=deleted,
        inserted=inserted,
        rule=rule,
    )


def inserted(text: str | Block, *trail: str) -> Edit:
    block = paragraph(text, *trail) if isinstance(text, str) else text
    return Edit(kind=EditKind.INSERTED, old=None, new=block, old_index=None, new_index=0)


def deleted(text: str | Block, *trail: str) -> Edit:
    block = paragraph(text, *trail) if isinstance(text, str) else text
    return Edit(kind=EditKind.DELETED, old=block, new=None, old_index=0, new_index=None)


def change(
    new: Version,
    *edits: Edit,
    id: int = 1,
    old: Version | None = None,
    kind: ChangeKind | None = None,
    change_class: ChangeClass = ChangeClass.SUBSTANTIVE,
    tags: tuple[Tag, ...] = (),
    reasons: tuple[str, ...] = ("words that count were changed",),
    summary: str = "one paragraph reworded",
    metadata: tuple[tuple[str, str, str], ...] = (),
    seen_at: datetime | None = None,
    baseline: bool = False,
) -> Change:
    if old is None and edits:
        old = version(*(edit.old for edit in edits if edit.old is not None))
    return Change(
        id=id,
        document=new.document,
        old=old,
        new=new,
        difference=Difference(
            kind=kind or (ChangeKind.TEXT if edits else ChangeKind.NEW),
            change_class=change_class,
            edits=edits,
            metadata=metadata,
            reasons=reasons,
            summary=summary,
        ),
        tags=tags,
        seen_at=seen_at or new.seen_at,
        recorded_at=seen_at or new.seen_at,
        baseline=baseline,
    )


def tag(topic: str, *evidence: str, score: float = 0.9) -> Tag:
    return Tag(topic=topic, score=score, evidence=evidence)


def subscription(
    reader: str = "ana",
    *topics: str,
    address: str = "",
    sources: tuple[str, ...] = (),
    classes: tuple[str, ...] = (),
    id: int = 1,
) -> Subscription:
    return Subscription(
        reader=reader,
        address=address or "ana@firm.example",
        topics=topics,
        sources=sources,
        classes=classes,
        id=id,
    )


def report(source: str = "uscis_policy_manual", **facts: Any) -> SourceReport:
    return SourceReport(
        **{
            "source": source,
            "title": TITLES[source],
            "first_complete": datetime(2026, 9, 1, 6, 30, tzinfo=UTC),
            "last_complete": datetime(2026, 11, 22, 6, 30, tzinfo=UTC),
            "documents": 239,
            "changes": 1,
            "days_read": 7,
            **facts,
        }
    )


class MemoryLedger:
    """A ledger that forgets at the end of the test; `rows` is there to look at."""

    def __init__(self, *letters: Letter) -> None:
        self.rows: dict[str, Delivery] = {}
        self.letters = {each.key: each for each in letters}
        self.suppressed: dict[str, str] = {}
        for each in letters:
            self.rows[each.key] = Delivery(
                key=each.key,
                reader=each.reader,
                address=each.address,
                since=each.since,
                until=each.until,
                message_id=each.message_id,
                begun_at=None,
                unfinished=0,
                kind=each.kind,
                channel=each.channel,
                composed_at=each.until,
            )

    def due(self, now: datetime) -> tuple[Delivery, ...]:
        return tuple(
            row
            for row in self.rows.values()
            if row.outcome not in FINAL and (row.next_at is None or row.next_at <= now)
        )

    def letter(self, key: str) -> Letter:
        return self.letters[key]

    def suppression(self, address: str) -> str:
        return self.suppressed.get(address, "")

    def begin(self, key: str, at: datetime) -> None:
        row = self.rows[key]
        self.rows[key] = replace(row, begun_at=at, unfinished=row.unfinished + 1)

    def finish(
        self,
        row: Delivery,
        outcome: Outcome,
        at: datetime,
        *,
        where: str = "",
        error: str = "",
        next_at: datetime | None = None,
    ) -> None:
        self.rows[row.key] = replace(
            self.rows[row.key],
            unfinished=0 if outcome in FINAL else row.unfinished,
            attempts=row.attempts + (outcome in (Outcome.FAILED, Outcome.GIVEN_UP)),
            outcome=outcome,
            finished_at=at,
            where=where,
            error=error,
            next_at=next_at,
        )


def _marked(text: str) -> tuple[str, tuple[Span, ...]]:
    plain, spans = "", []
    for part in text.split("["):
        if "]" not in part:
            plain += part
            continue
        marked, rest = part.split("]", 1)
        spans.append(Span(start=len(plain), end=len(plain) + len(marked)))
        plain += marked + rest
    return plain, tuple(spans)
