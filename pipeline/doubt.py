"""Whether a date that a later document states takes the place of an earlier one, or it is open."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from pipeline.calendar import spelled
from pipeline.legible import legible
from pipeline.model import DateKind, RelationKind, StatedDate, Version


def doubt(act: RelationKind, version: Version, stated: StatedDate, later: Version) -> str:
    """Why a new date that a later document states need not replace one of that kind in an earlier
    version; "" where it does, as where the later names the old date."""
    kind = stated.kind
    if act is RelationKind.PUBLISHES or _spells(later, stated.on):
        return ""
    if act is RelationKind.CORRECTS and kind is DateKind.EFFECTIVE:
        return ": it states an effective date, which may be the correction's own"
    given = {each.on for each in later.dates if each.kind is kind}
    are_fewer = len(given) < len(_staggered(version, kind))
    return ": it does not say which of these dates it replaces" if are_fewer else ""


def _staggered(version: Version, kind: DateKind) -> set[date]:
    """The dates of a kind as one text states them; two texts that differ are a disagreement."""
    by_text: defaultdict[str, set[date]] = defaultdict(set)
    for each in version.dates:
        if each.kind is kind:
            by_text[each.read_from].add(each.on)
    return max(by_text.values(), key=len)


def _spells(later: Version, on: date) -> bool:
    """Whether a document names a day: "from May 1, 2026, until …"."""
    words = "\n".join(
        (later.text, str(later.metadata.get("abstract", "")), *(d.words for d in later.dates))
    )
    return spelled(on) in legible(words).text
