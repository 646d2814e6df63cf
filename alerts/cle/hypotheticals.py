"""Hypotheticals whose facts come from the words that a development itself uses.

No fact is taken from elsewhere and none is decided: a case is put together from the criteria that a
quoted passage names, the figures it had before and has now, or a date it states, and readers are
asked. What the right answer is, nobody here says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from alerts import wording
from alerts.cle.changed import Passage, has_force, passages
from alerts.cle.development import Development
from alerts.dates import DATES, said
from alerts.deadlines import judged
from alerts.packet.content import Style
from alerts.packet.draft import Draft
from alerts.untrusted import plain
from pipeline.model import ChangeKind, DateKind, Weight
from pipeline.reworded import turns

MOST = 3
CONSIDERED = 40  # developments of substance that are looked through, in the order of the packet
CRITERIA = 4  # of a passage that a case is made of …
LEAST, LONGEST = 3, 130  # … and the words and characters of one
ASKED = (
    "What do the quoted words let either side argue?",
    "Which evidence would have to be in the file, and who bears the risk that it is not?",
    "What would you look up before answering, and what would you tell the client today?",
)
_FIGURES = frozenset({Weight.FEE, Weight.PERIOD, Weight.DATE, Weight.EDITION, Weight.NUMBER})
_TURNING = frozenset({DateKind.EFFECTIVE, DateKind.APPLICABLE, DateKind.COMPLIANCE})
# A clause that says of whom, when or how far the rest holds, up to the next stop or clause.
_OPENS = (
    r"(?:if|unless|except|provided that|who|whose|where|within|before|after|until"
    r"|no later than|at least|at the time|without|not later than|as long as)"
)
_CRITERION = re.compile(rf"\b{_OPENS}\b[^,;:.()]*?(?=[,;:.()]|\s{_OPENS}\b|$)", re.IGNORECASE)
# Of "who …" and "whose …" only what comes before the verb of the sentence they stand in.
_PREDICATE = re.compile(r"(?<=\w)\s(?:must|cannot|shall|may|will|should|can)\b.*", re.IGNORECASE)
_DAY = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r" \d{1,2}(?:, \d{4})?|\d{1,2}/\d{1,2}/\d{2,4}"
)


@dataclass(frozen=True, kw_only=True)
class Hypothetical:
    """A case. `quoted` are the words it turns on, `place` the heading they stand under, `facts`
    what the client's file shows; `number` is the development it is about, `richness` how many
    criteria the facts are made of."""

    number: int
    place: str
    quoted: str
    facts: tuple[str, ...]
    richness: int = 1


def hypotheticals(developments: Sequence[Development]) -> tuple[Hypothetical, ...]:
    """At most `MOST` cases on different developments of substance that bind somebody: on a figure
    that changed, on the criteria of a passage, on a date; one of each where there is one, then more
    of the same."""
    counting = [item for item in developments if item.counts and has_force(item)][:CONSIDERED]
    found: list[Hypothetical] = []
    for _ in range(MOST):
        for made in (_on_figure, _on_criteria, _on_date):
            case = _best(made, counting, {each.number for each in found})
            if case and len(found) < MOST:
                found.append(case)
    return tuple(sorted(found, key=lambda each: each.number))


def tell(draft: Draft, developments: Sequence[Development]) -> None:
    """Write the cases under a heading of their own; nothing where none can be made."""
    cases = hypotheticals(developments)
    if not cases:
        return
    by_number = {item.number: item for item in developments}
    draft.heading("Hypotheticals", 1)
    draft.paragraph(
        "The clients are invented. Their facts are made of the words quoted from the source and of "
        "nothing else, and no answer is suggested: what follows from them is for the discussion.",
        ours=True,
    )
    for ordinal, case in enumerate(cases, 1):
        draft.heading(f"Case {ordinal}", 2)
        where = f", under “{case.place}”" if case.place else ""
        draft.paragraph(
            f"{by_number[case.number].named}{where}: “{case.quoted}”",
            style=Style.QUOTATION,
            notes=(case.number,),
        )
        for fact in case.facts:
            draft.paragraph(fact, notes=(case.number,))
        for letter, question in enumerate(ASKED, 1):
            draft.paragraph(question, style=Style.LETTER, ordinal=letter, ours=True)


def _best(
    made: Callable[[Development], Hypothetical | None],
    items: Sequence[Development],
    taken: Collection[int],
) -> Hypothetical | None:
    """The case with most facts of the passage, the first of several alike."""
    cases = (made(item) for item in items if item.number not in taken)
    return max(filter(None, cases), key=lambda case: case.richness, default=None)


def _on_figure(item: Development) -> Hypothetical | None:
    """A filing prepared with a figure that the text gave before and gives otherwise now."""
    if item.change.difference.kind is not ChangeKind.TEXT:
        return None
    for old, new in _figures(item):
        for passage in passages(item):
            if old in passage.before and new in passage.after:
                return _figured(passage, old, new)
    return None


def _figures(item: Development) -> Iterator[tuple[str, str]]:
    """What was a figure and became another, as printed."""
    for edit in item.change.difference.edits:
        for turn in () if edit.rule else turns(edit):
            if turn.weight in _FIGURES and turn.old and turn.new:
                yield plain(turn.old), plain(turn.new)


def _figured(passage: Passage, old: str, new: str) -> Hypothetical:
    return Hypothetical(
        number=passage.number,
        place=passage.place,
        quoted=passage.after,
        facts=(
            f"A client’s papers were prepared while the text said “{old}”. They are to be filed "
            f"now that it says “{new}”.",
            "A second client filed while the earlier words stood, and the matter is pending.",
        ),
    )


def _on_criteria(item: Development) -> Hypothetical | None:
    """A client of whom all that a passage names is shown but the last; the passage that names the
    most, as far as `CRITERIA`."""
    named = [(passage, _criteria(passage.after)) for passage in passages(item)]
    passage, found = max(named, key=lambda each: len(each[1]), default=(None, ()))
    if passage is None or not found:
        return None
    *shown, lacking = found
    have = "; ".join(f"“{each}”" for each in shown)
    first = f"Of what it names the file shows: {have}. " if shown else ""
    return Hypothetical(
        number=passage.number,
        place=passage.place,
        quoted=passage.after,
        facts=(
            f"A client asks whether the passage reaches the case. {first}Of “{lacking}” it "
            "shows nothing either way.",
            f"Then a paper comes in that speaks against “{lacking}”.",
        ),
        richness=len(found),
    )


def _criteria(words: str) -> tuple[str, ...]:
    """The clauses that say of whom, when or how far; none that only names a day."""
    found = (_bare(plain(each.group())) for each in _CRITERION.finditer(words))
    fit = [
        each for each in found if len(_DAY.sub("", each).split()) >= LEAST and len(each) <= LONGEST
    ]
    return tuple(dict.fromkeys(fit))[:CRITERIA]


def _bare(clause: str) -> str:
    return _PREDICATE.sub("", clause) if clause.casefold().startswith("who") else clause


def _on_date(item: Development) -> Hypothetical | None:
    """Two clients alike, one a day earlier than the other, about a date that holds."""
    ended = {at for at, each in judged(item.change).items() if not each.live}
    for stated in item.change.new.dates:
        if stated.kind not in _TURNING or (stated.kind, stated.on) in ended or not said(stated):
            continue
        before = stated.on - timedelta(days=1)
        return Hypothetical(
            number=item.number,
            place="",
            quoted=wording.shortened(said(stated), 400),
            facts=(
                f"Two clients are alike in everything. One filed on {wording.calendar(before)}, "
                f"the other on {wording.calendar(stated.on)}, which the source states as its "
                f"{DATES[stated.kind]}.",
            ),
        )
    return None
