"""What is normal: how much a page and a run say, and what moved when it is something else."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.model import Reading, Version

CHANCE = 1e-3  # a shortfall that chance alone would bring more often than that is not reported
DOZENS = 12  # entries on a page; so many do not vanish in one edit
FULL = 0.9  # the share from which on a field counts as one that a page states


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What a page said, as numbers.

    `keys` are the documents it speaks of, listed or read; `versions` how many it gave the text of;
    `fields` in how many of these each field was stated. Fields are named `title`, `citation`,
    `issuer`, `text`, `footnotes`, `date:<kind>`, `metadata:<name>`, `link:<name>`. `left_out` says
    how many entries the source does not read, by its rule.
    """

    keys: tuple[str, ...] = ()
    versions: int = 0
    fields: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def shown(self) -> tuple[str, ...]:
        """The documents whose text it gave."""
        return self.keys[: self.versions]


@dataclass(frozen=True, kw_only=True)
class Normal:
    """What a healthy run of a source looks like: see `crawlers.source.Facts`."""

    floor: int
    ceiling: int
    enumerates: bool = False
    one_per_page: bool = False
    fills: Mapping[str, float] = field(default_factory=dict)


def tally(reading: Reading) -> Tally:
    """Count what a page said."""
    keys = dict.fromkeys((*(v.document.key for v in reading.versions), *reading.listed))
    stated = Counter(name for version in reading.versions for name in set(_stated(version)))
    return Tally(
        keys=tuple(keys),
        versions=len(reading.versions),
        fields=dict(sorted(stated.items())),
        left_out=reading.left_out,
    )


def emptied(before: Tally, now: Tally, *, enumerates: bool) -> tuple[str, ...]:
    """Say what a page no longer carries that it carried when it was last read in good health.

    Where a source enumerates, a page may also not lose half of dozens of texts at once, nor all of
    those it gave, be it one; elsewhere a short list that runs empty is no finding.
    """
    said = []
    if len(before.keys) >= DOZENS and not now.keys:
        said.append(f"it named {len(before.keys)} documents and now names none")
    elif before.versions and not now.versions and (enumerates or before.versions >= DOZENS):
        said.append(f"it gave the text of {_documents(before)} and now of none")
    elif enumerates and before.versions >= DOZENS and now.versions < before.versions / 2:
        said.append(f"it gave the text of {_documents(before)} and now of {now.versions}")
    if before.versions >= DOZENS and now.versions:
        said += [
            f"“{name}” was stated in {count} of {before.versions} and now in none of {now.versions}"
            for name, count in before.fields.items()
            if count >= FULL * before.versions
            and not now.fields.get(name)
            and _chance(0, now.versions, FULL) < CHANCE
        ]
    return tuple(said)


def lacking(tallies: Iterable[Tally], fills: Mapping[str, float]) -> tuple[str, ...]:
    """Say which fields a run's pages state too rarely. `fills` gives for each the least share of
    documents that normally state it; so few that chance explains them are no finding."""
    given = tuple(tallies)
    versions = sum(each.versions for each in given)
    return tuple(
        f"“{name}” is stated in {count} of {versions} documents where {share:.0%} are normal"
        for name, share in fills.items()
        for count in [sum(each.fields.get(name, 0) for each in given)]
        if count < share * versions and _chance(count, versions, share) < CHANCE
    )


def _documents(given: Tally) -> str:
    return f"{given.versions} document" + ("" if given.versions == 1 else "s")


def _stated(version: Version) -> Iterator[str]:
    named = {
        "title": version.title,
        "citation": version.citation,
        "issuer": version.issuer,
        "text": version.text,
    }
    yield from (name for name, value in named.items() if value)
    yield from ("footnotes" for block in version.blocks if block.marks)
    yield from (f"date:{stated.kind}" for stated in version.dates)
    yield from (f"metadata:{name}" for name, value in version.metadata.items() if _says(value))
    yield from (f"link:{name}" for name, address in version.links.items() if address)


def _says(value: Any) -> bool:
    """Whether a field's value is one: zero and false are, an empty list is not."""
    return value is not None and value not in ("", [], {}, ())


def _chance(count: int, among: int, share: float) -> float:
    """How likely `count` or fewer of `among` are, where each is stated with chance `share`."""
    if share >= 1.0:
        return 0.0 if count < among else 1.0
    logs = (
        math.lgamma(among + 1)
        - math.lgamma(k + 1)
        - math.lgamma(among - k + 1)
        + k * math.log(share)
        + (among - k) * math.log1p(-share)
        for k in range(count + 1)
    )
    return min(1.0, math.fsum(map(math.exp, logs)))
