"""Read a section that is typed without its code as one of the Immigration and Nationality Act."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.act import is_other
from pipeline.model import Citation
from pipeline.sections import SUBS, sections

# The Act's own sections, as far as attorneys call them by number alone: 401(k) and 501(c)(3) are of
# the Internal Revenue Code.
_NUMBER = r"(?:10[1-7]|2\d\d|3[0-5]\d|36[01]|41[1-4])[A-Za-z]?(?![\w-]|\.\d)"
_BARE = re.compile(
    rf"(?<![\w$.,(/-])(?:(?:(?:§{{1,2}}|\bsec(?:tions?|s?\.|s)?(?=[\s§]))\s{{0,3}})(?P<signed>{_NUMBER}(?:{SUBS})?)"
    rf"|(?P<alone>{_NUMBER}(?:{SUBS})))(?![\w(])",
    re.IGNORECASE,
)
# A query that names another law, a code or a state's statutes may mean these.
_OTHER_LAW = re.compile(
    r"\b(?:codes?|statutes?|stats?\.?|ann\.|penal|PC|CPC|P\.C\.|H&S|HSC|IRC|revenue|title|IIRIRA|IIRAIRA"
    r"|IRCA|NACARA|AEDPA|AC21|APA|FOIA|VAWA|TVPRA|HRIFA|CFR|C\.F\.R\.|USC|U\.S\.C\.|regulations?"
    r"|(?!the\s+act\b)\w+\s+act|act\s+of)(?!\w)",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:immigration\s+(?:and|&)\s+nationality\s+act|of\s+the\s+act|I\.?N\.?A\.?|nationality\s+act)(?!\w)",
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
