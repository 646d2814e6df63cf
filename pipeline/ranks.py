"""The rank of headings by how they are numbered: I., A., 1., a., (1)."""

from __future__ import annotations

import re

ROMAN = re.compile(r"([IVXL]{1,6})\.\s")
CAPITAL = re.compile(r"([A-Z])\.\s")
ARABIC = re.compile(r"(\d{1,2})\.\s")
SMALL = re.compile(r"([a-z])\.\s")
BRACKETED = re.compile(r"\((\w{1,3})\)\s")
VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}


class Ranks:
    """Gives headings their levels in the order in which they are read."""

    def __init__(self) -> None:
        self._roman = 0
        self._letter = ""

    @staticmethod
    def is_numbered(text: str) -> bool:
        """Whether a heading opens with a number or letter of an outline."""
        return any(form.match(text) for form in (ROMAN, CAPITAL, ARABIC, SMALL, BRACKETED))

    def level(self, text: str, *, is_large: bool) -> int:
        """1 is the top. "I." is a letter after "H.", else a number; what has neither is of the
        first rank where its type is larger than the text's or all of it is in capitals."""
        if (roman := ROMAN.match(text)) and not self._is_next_letter(roman[1]):
            self._roman, self._letter = _value(roman[1]), ""
            return 1
        if capital := CAPITAL.match(text):
            self._letter = capital[1]
            return 2
        for form, level in ((ARABIC, 3), (SMALL, 4), (BRACKETED, 5)):
            if form.match(text):
                return level
        return 1 if is_large or text.isupper() else 2

    def _is_next_letter(self, numeral: str) -> bool:
        """Whether "C.", "I." or "V." goes on with letters rather than with roman numbers."""
        if len(numeral) > 1 or not self._letter or _value(numeral) == self._roman + 1:
            return False
        return ord(numeral) == ord(self._letter) + 1


def _value(numeral: str) -> int:
    values = [VALUES[letter] for letter in numeral]
    following = [*values[1:], 0]
    return sum(-a if a < b else a for a, b in zip(values, following, strict=True))
