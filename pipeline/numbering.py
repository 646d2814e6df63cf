"""Write a list item's number as browsers print it."""

from __future__ import annotations

ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def printed(number: int, style: str) -> str:
    """Print a number in a list's `type`: "1", "a", "A", "i" or "I", with its full stop.

    What a style cannot say is printed in digits, as the HTML standard has it.
    """
    if style in ("a", "A") and number > 0:
        label = _letters(number)
    elif style in ("i", "I") and 0 < number < 4000:
        label = _roman(number)
    else:
        label = str(number)
    return f"{label.upper() if style.isupper() else label}."


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _roman(number: int) -> str:
    numeral = ""
    for value, letters in ROMAN:
        count, number = divmod(number, value)
        numeral += letters * count
    return numeral
