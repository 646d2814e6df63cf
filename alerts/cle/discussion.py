"""Questions on words that are quoted, and the note each rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from alerts.cle.changed import Passage, is_furniture, passages
from alerts.cle.development import Development
from alerts.cle.redaction import UNPUBLISHED
from alerts.dates import said
from alerts.deadlines import judged
from alerts.packet.draft import Draft
from alerts.redline import quotation
from alerts.wording import PRECEDENTS, reasons, sentence, shortened
from pipeline.model import ChangeKind, DateKind

QUESTIONS = 3  # for each development
QUOTED = 320  # characters of a quotation in a question
RECALLED = 12  # words that recall a quotation which stands above in full
ASKED_ABOUT = (DateKind.COMMENTS_CLOSE, DateKind.EFFECTIVE)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question: what the source says, quoted, and what is asked about it."""

    told: str
    question: str

    def __str__(self) -> str:
        return f"{self.told} {self.question}"


def questions(item: Development) -> tuple[Asked, ...]:
    """Questions for discussion on what changed, what a new document says, and the dates it states
    that hold. They ask and conclude nothing."""
    kind = item.change.difference.kind
    if kind is ChangeKind.NEXT:
        return _on_series(item)
    if kind is ChangeKind.TEXT:
        return tuple(_on_passage(each) for each in passages(item)[:QUESTIONS])
    if kind is ChangeKind.NEW and item.change.document.kind not in UNPUBLISHED:
        return (*_on_quotation(item), *_on_dates(item))[:QUESTIONS]
    return ()


def tell(draft: Draft, item: Development, level: int) -> None:
    """Write the questions on one development under a heading of that level; nothing where there are
    none."""
    asked = questions(item)
    if asked:
        draft.heading("For discussion", level)
    for each in asked:
        draft.bullet(str(each), notes=(item.number,))


def _on_passage(each: Passage) -> Asked:
    where = f"In {each.place}, the" if each.place else "The"
    if not each.before:
        return Asked(
            told=f"{where} text now adds: {_recalled(each.after)}",
            question="Who has to act on it, and which evidence would show that they did?",
        )
    if not each.after:
        return Asked(
            told=f"{where} text no longer says: {_recalled(each.before)}",
            question="May a filing still rely on it, and does another authority say the same?",
        )
    return Asked(
        told=f"{where} text said: “{_cut(each.before)}” It now says: “{_cut(each.after)}”",
        question="What has to be checked again in a matter prepared under the earlier text?",
    )


def _on_series(item: Development) -> tuple[Asked, ...]:
    """On what moved from the one before, as the charts of a series show it."""
    moved = reasons(item.change)[:QUESTIONS]
    if not moved:
        return ()
    return (
        Asked(
            told=" ".join(map(sentence, moved)),
            question="Which clients may act now, and which may no longer?",
        ),
    )


def _on_quotation(item: Development) -> Iterator[Asked]:
    is_precedent = item.change.document.kind in PRECEDENTS
    for words in quotation(item.change.new):
        if is_furniture(words):
            continue
        yield Asked(
            told=f"The {'headnote states' if is_precedent else 'source says'}: {_recalled(words)}",
            question=(
                "On which facts would a pending case be distinguished, and is there contrary "
                "authority in your circuit?"
                if is_precedent
                else "Which of your pending matters does this reach?"
            ),
        )


def _on_dates(item: Development) -> Iterator[Asked]:
    ended = {at for at, each in judged(item.change).items() if not each.live}
    for stated in item.change.new.dates:
        is_ended = (stated.kind, stated.on) in ended
        if stated.kind in ASKED_ABOUT and said(stated) and not is_ended:
            yield Asked(
                told=f"The source states: “{_cut(said(stated))}”",
                question="Which clients have to be told, and what has to be done before that date?",
            )


def _cut(words: str) -> str:
    return shortened(words, QUOTED)


def _recalled(words: str) -> str:
    """The words in quotation marks; of more, the first, for they stand above."""
    first = words.split()
    if len(first) <= 2 * RECALLED:
        return f"“{words}”"
    return f"“{' '.join(first[:RECALLED])} …” (quoted above)"
