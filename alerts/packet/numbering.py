"""The numbers of headings, the same in every file that a packet is written as."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alerts.packet.content import Heading, Part

CONTENTS = 2  # levels in a table of contents: below them every development has the same headings


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """A heading with its number, as in "2.1.3"; `anchor` names it uniquely in its file."""

    number: str
    anchor: str
    heading: Heading


def numbered(parts: Iterable[Part]) -> tuple[Numbered, ...]:
    """The headings in order with their numbers. A level that is skipped counts as 1, so that no
    number has a zero in it."""
    counts: list[int] = []
    found: list[Numbered] = []
    for part in parts:
        if isinstance(part, Heading):
            counts = [*counts[: part.level], *(0,) * (part.level - len(counts))]
            counts[-1] += 1
            counts = [count or 1 for count in counts]
            number = ".".join(map(str, counts))
            found.append(Numbered(number=number, anchor=f"section-{number}", heading=part))
    return tuple(found)


def places(parts: Iterable[Part]) -> dict[str, Numbered]:
    """The headings that have a key, by it."""
    return {one.heading.key: one for one in numbered(parts) if one.heading.key}
