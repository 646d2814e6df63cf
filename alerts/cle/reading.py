"""What a session has no room for: such developments stand in a list, for reading."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from alerts import wording
from alerts.cle.agenda import LEAST, Part
from alerts.cle.development import Development
from alerts.cle.redaction import UNPUBLISHED
from alerts.packet.draft import Draft, cell
from alerts.redline import quotation
from alerts.untrusted import plain
from pipeline.model import ChangeKind

KEY = "for-reading"
MANY = 40  # developments from which on a packet is too thick for a handout
LINE = 140  # characters of what one says


def in_full(
    parts: Sequence[Part], topics: Mapping[str, Sequence[Development]], minutes: int
) -> frozenset[int]:
    """The numbers of the developments that are told in full: those for which the agenda has time,
    and of the others the first of each topic by rank, until there is one for every `LEAST`
    minutes of the session."""
    spoken = {slot.number for part in parts for slot in part.slots}
    places = [
        (*item.rank[:2], place, item.number)  # no topic takes the room of all others
        for of in topics.values()
        for place, item in enumerate(of)
        if item.number not in spoken
    ]
    room = max(0, minutes // LEAST - len(spoken))
    return frozenset(spoken | {number for *_, number in sorted(places)[:room]})


def tell(
    draft: Draft, topics: Mapping[str, Sequence[Development]], told: Collection[int], minutes: int
) -> None:
    """Write those that are not `told` in full, by topic, with what happened in a line; nothing
    where there is none."""
    left = {name: [item for item in of if item.number not in told] for name, of in topics.items()}
    count = sum(map(len, left.values()))
    if not count:
        return
    draft.heading("For reading", 1, key=KEY)
    draft.paragraph(
        f"A session of {wording.counted(minutes, 'minute')} has no room for "
        f"{wording.counted(count, 'more development')}. In full stand those for which the agenda "
        f"has time and as many others as make one for every {LEAST} minutes: the first of each "
        "topic, those of substance before the rest, notices on paperwork and records systems and "
        "decisions that are no precedent last. What is left is named here, for participants to "
        "read at its source.",
        ours=True,
    )
    for name, of in left.items():
        if of:
            draft.table(
                name,
                ("No.", "Document", "What happened"),
                [
                    (str(item.number), plain(item.named), cell(_line(item), notes=(item.number,)))
                    for item in of
                ],
                (0.07, 0.43, 0.5),
            )


def _line(item: Development) -> str:
    """What happened, and the first words of what was said."""
    happened = f"{wording.happened(item.change)}."
    said = plain(wording.shortened(_said(item), LINE))
    return f"{happened} {said}" if said else happened


def _said(item: Development) -> str:
    change = item.change
    if change.difference.kind in wording.COMPARED:
        return wording.initial(wording.legible(change.difference.summary))
    if change.difference.kind is not ChangeKind.NEW or change.document.kind in UNPUBLISHED:
        return ""
    quoted = quotation(change.new)
    return f"“{wording.shortened(quoted[0], LINE - 2)}”" if quoted else ""
