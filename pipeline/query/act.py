"""Read a section that is typed without its code as one of the Immigration and Nationality Act."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.act import is_other
from pipeline.model import Citation
from pipeline.sections import SUBS, sections

# The Act's own numbers, as far as they are used alone: 401(k) and 501(c)(3) are the Revenue Code's.
# "212h" and "245i" are subsections typed so, not sections with a letter.
_NUMBER = (
    r"(?:(?:210|216|236|244|245)A|240[A-C]|242[AB]|274[A-D]|10[1-7]|2\d\d|3[0-5]\d|36[01]|41[1-4])"
    r"(?![\w-]|\.\d)"
)
_BARE = re.compile(
    rf"(?<![\w$.,(/-])(?:(?:§{{1,2}}|(?:sections?|secs?\.|sec)(?=[\s§]))\s{{0,3}}(?:§\s?)?"
    rf"(?P<signed>{_NUMBER}(?:{SUBS})?)|(?P<alone>{_NUMBER}{SUBS}))(?![\w(])",
    re.IGNORECASE,
)
# What names another law may mean its sections: codes, statutes, acts.
_OTHER_LAW = re.compile(
    r"""
    \bcodes?(?=\W{0,3}(?:ann|§|sec|\d)) | \bcode\s+of\b | \btitle\s+\d
    | \b(?:penal|criminal|vehicle|revenue|safety|professions|family|labor|health)\s+(?:law|code)
    | \b(?:stat(?:\.|utes?)|penal|PC|CPC|P\.C\.|HSC|IRC|IIRIRA|IIRAIRA|IRCA|NACARA|AEDPA|AC21|APA
        |FOIA|TVPRA|HRIFA)(?!\w)
    | \b(?:security|reform|protection|control|substances|rights|freedom|patriot|status|walsh|riley
        |id|cares|procedure|relations|standards)\s+act\b
    | \b(?-i:[A-Z]\w+\s+Act)\b | \bact\s+of\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:immigration\s+(?:and|&)\s+nationality|of\s+the|under\s+the|nationality)\s+act\b",
    re.IGNORECASE,
)


def of_the_act(query: str, taken: Iterable[Citation] = ()) -> Iterator[Citation]:
    """Sections of a query that no code is named for, outside what was `taken` for citations; none
    where the query names another law. Without a sign before it, a section is told by its letters:
    "212(h)", not "212"."""
    if is_other(query) or _OTHER_LAW.search(_OWN.sub(" ", query)):
        return
    spans = [(each.start, each.end) for each in taken]
    for found in _BARE.finditer(query):
        start, end = found.span()
        if any(start < far and near < end for near, far in spans):
            continue
        for each in sections(f"INA {found['signed'] or found['alone']}", re.IGNORECASE):
            yield replace(each, raw=found[0], start=start, end=end)
            break


def told(citation: Citation) -> str:
    """What a reader is told of such a reading."""
    return f"{citation.raw} was read as {citation.cited}: name the code if you mean another"
