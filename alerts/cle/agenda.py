"""A timed agenda whose minutes add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from alerts import wording
from alerts.cle.development import Development
from alerts.cle.jurisdictions import Profile
from alerts.packet.content import Cell
from alerts.packet.draft import Draft, cell, strong
from pipeline.errors import LexwatchError

LEAST = 3  # minutes in which a development can be spoken of
EXERCISE = 30  # minutes of a session from which on it has time for hypotheticals and the self-test
BREAK_AFTER = 120  # minutes without a break that nobody should be asked to sit through …
BREAK = 10  # … and how long one is, where no profile says otherwise
# What the parts that are no topic take of a session; an opening, no more than five minutes.
_OPENING, _CHECKLIST, _EXERCISES, _QUESTIONS = 0.05, 0.08, 0.12, 0.1
OPENING = "Opening: objectives, what was watched, limits of this packet"
CHECKLIST = "Deadlines and practice checklist"
EXERCISES = "Hypotheticals and self-test"
QUESTIONS = "Questions"


class Kind(StrEnum):
    """What a part of the agenda is, as boards tell them apart when they count minutes."""

    INTRODUCTION = "introduction"
    INSTRUCTION = "instruction"
    QUESTIONS = "questions"
    BREAK = "break"


@dataclass(frozen=True, kw_only=True)
class Slot:
    """The minutes of one development, by its number in the packet."""

    number: int
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Part:
    """A line of the agenda, from `start` minutes on. `slots` add up to its minutes where it has
    any; `unspoken` are the numbers of those developments for which there is no time."""

    start: int
    minutes: int
    subject: str
    kind: Kind = Kind.INSTRUCTION
    slots: tuple[Slot, ...] = ()
    unspoken: tuple[int, ...] = ()


def agenda(
    topics: Mapping[str, Sequence[Development]], minutes: int, *, profile: Profile | None = None
) -> tuple[Part, ...]:
    """Parts whose minutes add up to `minutes`, breaks included. Raises where a part would have no
    minute.

    A topic's share grows with its developments, those of substance counting three times. Of a topic
    as many are spoken of, the first first, as have `LEAST` minutes each; one has what there is.
    """
    weights = [
        (min(_OPENING, 5 / minutes), _untimed(OPENING, Kind.INTRODUCTION)),
        *_by_topic(topics),
        (_CHECKLIST, _untimed(CHECKLIST)),
        *(((_EXERCISES, _untimed(EXERCISES)),) if minutes >= EXERCISE else ()),
        (_QUESTIONS, _untimed(QUESTIONS, Kind.QUESTIONS)),
    ]
    pause, count = _breaks(minutes, profile, len(weights) - 1)
    teaching = minutes - pause * count
    if teaching < len(weights):
        raise LexwatchError(
            f"{minutes} minutes cannot hold {len(weights)} parts: give more minutes or fewer topics"
        )
    shares = _shares([weight for weight, _ in weights], teaching)
    parts = [
        _timed(replace(part, minutes=share), topics)
        for (_, part), share in zip(weights, shares, strict=True)
    ]
    return _placed(parts, pause, count)


def tell(draft: Draft, parts: Sequence[Part], developments: Sequence[Development]) -> None:
    """Write the agenda as a table, each development that is spoken of in a row of its own."""
    draft.page_break()
    draft.heading("Agenda", 1)
    by_number = {item.number: item for item in developments}
    rows: list[tuple[str | Cell, ...]] = []
    for part in parts:
        rows.append(
            (_clock(part.start, part.minutes), cell(strong(str(part.minutes))), _said(part))
        )
        rows.extend(_slots(part, by_number))
    total = sum(part.minutes for part in parts)
    rows.append(("Total", cell(strong(str(total))), ""))
    draft.table(
        f"Timed agenda of {wording.counted(total, 'minute')}",
        ("Time", "Minutes", "Subject"),
        rows,
        (1.2, 0.8, 4.5),
        has_row_heads=True,
        ours=True,
        in_passing=True,
    )
    if unspoken := sum(len(part.unspoken) for part in parts):
        draft.paragraph(
            f"Of {wording.counted(unspoken, 'development')} of this packet the session has no "
            "time to speak. Minutes in parentheses are a part of those above them. All are a "
            "proposal for the speaker to alter; the credit below is computed from them.",
            ours=True,
        )


def _breaks(minutes: int, profile: Profile | None, most: int) -> tuple[int, int]:
    """How long a break is, and how many there are: one for each whole stretch without any, and no
    more than there are places between parts."""
    after = profile.break_after if profile and profile.break_after else BREAK_AFTER
    pause = profile.break_minutes if profile and profile.break_after else BREAK
    return pause, min(most, max(0, minutes - 1) // after)


def _untimed(subject: str, kind: Kind = Kind.INSTRUCTION) -> Part:
    return Part(start=0, minutes=0, subject=subject, kind=kind)


def _by_topic(topics: Mapping[str, Sequence[Development]]) -> list[tuple[float, Part]]:
    """The topics with their parts of what the other parts leave."""
    weights = [_weight(of) for of in topics.values()]
    left = 1 - (_OPENING + _CHECKLIST + _EXERCISES + _QUESTIONS)
    return [
        (left * weight / sum(weights), _part(name, of))
        for weight, (name, of) in zip(weights, topics.items(), strict=True)
    ]


def _part(name: str, developments: Sequence[Development]) -> Part:
    first, last = developments[0].number, developments[-1].number
    numbers = f"development {first}" if first == last else f"developments {first}–{last}"
    return _untimed(f"{name}: {numbers}")


def _weight(developments: Sequence[Development]) -> float:
    return float(sum(3 if item.counts else 1 for item in developments))


def _shares(weights: Sequence[float], minutes: int) -> list[int]:
    """Whole minutes in proportion, at least one each; remainders go to the largest fractions."""
    free = minutes - len(weights)
    exact = [weight * free / sum(weights) for weight in weights]
    shares = [1 + int(share) for share in exact]
    by_rest = sorted(range(len(exact)), key=lambda at: (int(exact[at]) - exact[at], at))
    for at in by_rest[: minutes - sum(shares)]:
        shares[at] += 1
    return shares


def _timed(part: Part, topics: Mapping[str, Sequence[Development]]) -> Part:
    """A topic's part with the minutes of each of its developments; another as it is."""
    of = next((of for name, of in topics.items() if _part(name, of).subject == part.subject), ())
    if not of:
        return part
    # The first by rank are spoken of, in the order of the packet.
    ranked = sorted(of, key=lambda item: item.rank)
    spoken = sorted(ranked[: max(1, part.minutes // LEAST)], key=lambda item: item.number)
    shares = _shares([3.0 if item.counts else 1.0 for item in spoken], part.minutes)
    told = {item.number for item in spoken}
    return replace(
        part,
        slots=tuple(
            Slot(number=item.number, minutes=share)
            for item, share in zip(spoken, shares, strict=True)
        ),
        unspoken=tuple(item.number for item in of if item.number not in told),
    )


def _placed(parts: Sequence[Part], pause: int, count: int) -> tuple[Part, ...]:
    """The parts one after the other, each break where one comes nearest to equal stretches: between
    two parts, or between two developments of one."""
    pieces = [piece for part in parts for piece in _pieces(part)]
    after = _ends(pieces, count)
    start, placed = 0, list[Part]()
    for at, piece in enumerate(pieces):
        joined = placed and _joined(placed[-1], piece)
        if joined:
            placed[-1] = joined
        else:
            placed.append(replace(piece, start=start))
        start += piece.minutes
        if at in after:
            placed.append(Part(start=start, minutes=pause, subject="Break", kind=Kind.BREAK))
            start += pause
    return tuple(placed)


def _pieces(part: Part) -> list[Part]:
    """A part for each of its developments, which are not cut; those unspoken go with the last."""
    last = len(part.slots) - 1
    return [
        replace(
            part,
            minutes=slot.minutes,
            slots=(slot,),
            unspoken=part.unspoken if at == last else (),
        )
        for at, slot in enumerate(part.slots)
    ] or [part]


def _ends(pieces: Sequence[Part], count: int) -> frozenset[int]:
    """After which pieces there is a break."""
    total = sum(piece.minutes for piece in pieces)
    so_far = [sum(piece.minutes for piece in pieces[: at + 1]) for at in range(len(pieces) - 1)]
    chosen: set[int] = set()
    for nth in range(1, count + 1):
        wanted = total * nth / (count + 1)
        free = (at for at in range(len(so_far)) if at not in chosen)
        chosen.add(min(free, key=lambda at: abs(so_far[at] - wanted)))
    return frozenset(chosen)


def _joined(before: Part, piece: Part) -> Part | None:
    """A piece put back to the one before it; None where they are of different parts."""
    if before.subject != piece.subject or not piece.slots:
        return None
    return replace(
        before,
        minutes=before.minutes + piece.minutes,
        slots=(*before.slots, *piece.slots),
        unspoken=(*before.unspoken, *piece.unspoken),
    )


def _clock(start: int, minutes: int) -> str:
    return "–".join(f"{at // 60}:{at % 60:02}" for at in (start, start + minutes))


def _said(part: Part) -> str:
    if not part.unspoken:
        return part.subject
    return f"{part.subject} ({len(part.unspoken)} of them not spoken of)"


def _slots(part: Part, by_number: Mapping[int, Development]) -> Iterator[tuple[str | Cell, ...]]:
    start = part.start
    for slot in part.slots:
        item = by_number[slot.number]
        words = cell(f"{item.number}. {item.named}", notes=(item.number,))
        yield _clock(start, slot.minutes), f"({slot.minutes})", words
        start += slot.minutes
