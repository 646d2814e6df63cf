"""Find where permission, duty and prohibition of the same act turned between two texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.requirement import sentences

_POWER = re.compile(
    r"\b(?:(?P<may>may|can)|(?P<must>must|shall|will)|(?P<need>needs?)(?=\snot)"
    r"|(?:is|are)\s(?P<denied>not\s)?(?:(?P<allowed>permitted|allowed)|(?P<required>required))\sto"
    r"|(?P<longer>no\slonger))"
    r"(?P<not>not|\snot\b|\sno\slonger\b|\snever\b)?(?:\s\w+ly)?(?:\s(?:also|only|still))?"
    r"(?:\sbe)?\s(?P<verb>[a-z]{3,})"
)


def turned(old: Sequence[str], new: Sequence[str]) -> Mapping[str, int]:
    """The sentences of either side whose act the other side treats otherwise throughout, each with
    where the word stands that says so."""
    sides = [list(_powers(side)) for side in (old, new)]
    kinds = [_kinds(side) for side in sides]
    acts = {
        verb
        for verb in kinds[0].keys() & kinds[1].keys()
        if kinds[0][verb].isdisjoint(kinds[1][verb])
    }
    found: dict[str, int] = {}
    for verb, _, sentence, at in (*sides[0], *sides[1]):
        if verb in acts:
            found.setdefault(sentence, at)
    return found


def _powers(texts: Iterable[str]) -> Iterator[tuple[str, str, str, int]]:
    """The act, whether it is permitted, required, not required or prohibited, the sentence, and
    where in it."""
    for text in texts:
        for sentence in sentences(text):
            for found in _POWER.finditer(sentence):
                yield _stem(found["verb"]), _kind(found), sentence, found.start()


def _kind(found: re.Match[str]) -> str:
    is_denied = bool(found["not"] or found["denied"] or found["longer"])
    if found["need"] or found["required"]:
        return "release" if is_denied else "duty"
    if is_denied:
        return "prohibition"
    return "duty" if found["must"] else "permission"


def _stem(verb: str) -> str:
    return re.sub(r"(?:ed|es|e|s)$", "", verb)


def _kinds(side: Iterable[tuple[str, str, str, int]]) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = {}
    for verb, kind, _, _ in side:
        kinds.setdefault(verb, set()).add(kind)
    return kinds
