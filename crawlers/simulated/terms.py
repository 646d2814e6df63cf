"""Searches for words, as the publisher's Search Help describes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Said = Callable[[str], bool]  # of a text in lower case

_TOKENS = re.compile(r'"[^"]*"?|[()|&]|[-!](?=[\w"(])|[^\s()|&"]+')


def search(query: str) -> Said:
    """Read a search: words that must all stand, `"phrases"`, `a | b`, `-word` or `!word`, and
    parentheses. `|` binds closer than the "and" between words. Words are matched whole: stemming
    is not simulated, since what the publisher stems is not documented.
    """
    tokens = list(_TOKENS.findall(query.casefold()))
    tests = []
    while tokens:
        tests.append(_all(tokens))
        del tokens[:1]  # a parenthesis that nothing opened
    return lambda text: all(test(text) for test in tests)


def _all(tokens: list[str]) -> Said:
    tests = list(_operands(tokens))
    return lambda text: all(test(text) for test in tests)


def _operands(tokens: list[str]) -> Iterator[Said]:
    while tokens and tokens[0] != ")":
        if tokens[0] == "&":
            del tokens[0]
        else:
            yield _either(tokens)


def _either(tokens: list[str]) -> Said:
    tests = [_one(tokens)]
    while tokens and tokens[0] == "|":
        del tokens[0]
        tests.append(_one(tokens))
    return lambda text: any(test(text) for test in tests)


def _one(tokens: list[str]) -> Said:
    sign = tokens.pop(0) if tokens else ""
    if sign in ("-", "!"):
        unwanted = _one(tokens)
        return lambda text: not unwanted(text)
    if sign == "(":
        inner = _all(tokens)
        del tokens[:1]
        return inner
    phrase = re.escape(sign.strip('"'))
    words = re.compile(rf"(?<!\w){phrase}(?!\w)")
    return lambda text: words.search(text) is not None
