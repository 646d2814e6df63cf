"""Text as it is meant to be read, with the way back to the characters as printed."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from dataclasses import dataclass

# One printed run, one legible character (or none): zero-width marks inside "8 U.S.C.", entities
# left in a page, and the dashes, spaces and apostrophes of typesetting.
_ODD = re.compile(
    "[\u200b-\u200f\u2060\ufeff\u00ad]|&(?:amp|sect|nbsp|ndash|mdash|rsquo|#\\d{2,5});"
    "|[\u00a0\u2000-\u200a\u202f]|[\u2010-\u2015\u2212]|[\u2018\u2019]"
)
_PLAIN = {
    **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad", ""),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u2018\u2019", "'"),
}


@dataclass(frozen=True, kw_only=True)
class Legible:
    """`text` is what patterns run over; `printed` finds a span of it in the text as printed."""

    text: str
    starts: tuple[int, ...]  # where, in `text`, a run of unaltered distance begins …
    shifts: tuple[int, ...]  # … and how far the printed text is ahead of it there

    def printed(self, start: int, end: int) -> tuple[int, int]:
        """Half-open span in the printed text; a mark before the first character stays outside."""
        return self._place(start), self._place(end - 1) + 1

    def _place(self, offset: int) -> int:
        return offset + self.shifts[bisect_right(self.starts, offset) - 1]


def legible(text: str) -> Legible:
    """Linear in the text's length."""
    pieces: list[str] = []
    starts, shifts = [0], [0]
    length = done = 0
    for odd in _ODD.finditer(text):
        plain = _plain(odd[0])
        pieces += (text[done : odd.start()], plain)
        length += odd.start() - done + len(plain)
        done = odd.end()
        if done - length != shifts[-1]:
            starts.append(length)
            shifts.append(done - length)
    pieces.append(text[done:])
    return Legible(text="".join(pieces), starts=tuple(starts), shifts=tuple(shifts))


def _plain(odd: str) -> str:
    if odd[0] != "&":
        return _PLAIN.get(odd, " ")
    meant = html.unescape(odd)
    return _PLAIN.get(meant, " " if meant.isspace() else meant[0])
