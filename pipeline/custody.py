"""The chain of captures: each one's digest is over what was captured and the digest before it.

The canonical form of a capture is a JSON object in ASCII: its keys, at every depth, in the order of
their code points, no blank between its parts, every character beyond ASCII and every control
character escaped (`\\uXXXX`, lower case, in pairs above U+FFFF; else JSON's short escapes),
numbers as Python writes them. That is RFC 8785 but for the escapes and the numbers. The digest is
its SHA-256, so that anybody can check it with `sha256sum`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pipeline.errors import NotHeld
from pipeline.model import Page

FORM = "lexwatch capture 1"  # the canonical form; another one gets another name
FIRST = "0" * 64  # what stands before the first capture
_HEAD = re.compile(r"(\d{1,12}):([0-9a-f]{64})")


@dataclass(frozen=True, kw_only=True)
class Capture:
    """What of a page is chained; what we found in it later is ours and no part of it.

    `number` counts from 1 without a gap; `previous` is the digest of the capture before, `FIRST`
    before the first; `sha256` is the body's; `headers` and `context` are as JSON has them.
    """

    number: int
    previous: str
    source: str
    url: str
    final_url: str
    asked: str
    status: int
    headers: Mapping[str, Any]
    context: Mapping[str, Any]
    sha256: str
    fetched_at: datetime

    @property
    def canonical(self) -> bytes:
        """The bytes that are digested."""
        moment = self.fetched_at.astimezone(UTC).replace(tzinfo=None)
        said = {
            **vars(self),
            "form": FORM,
            "headers": _stored(self.headers),
            "context": _stored(self.context),
            "fetched_at": f"{moment.isoformat(timespec='microseconds')}Z",
        }
        return json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii")

    @property
    def digest(self) -> str:
        """Hexadecimal."""
        return hashlib.sha256(self.canonical).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Head:
    """The newest capture of a chain: with it noted elsewhere, no capture up to it can be altered,
    removed or put in without being found."""

    number: int
    digest: str

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"


@dataclass(frozen=True, kw_only=True)
class Discrepancy:
    """What contradicts the chain, and of which capture: its number in the chain and its page's,
    None where that is not known; `url` and `fetched_at` as the page has them now."""

    what: str
    number: int | None = None
    page: int | None = None
    url: str = ""
    fetched_at: datetime | None = None


def link(page: Page, number: int, previous: str) -> Capture:
    """A page as the next capture of a chain."""
    return Capture(
        number=number,
        previous=previous,
        source=page.source,
        url=page.url,
        final_url=page.final_url,
        asked=page.asked,
        status=page.status,
        headers=page.headers,
        context=page.context,
        sha256=page.sha256,
        fetched_at=page.fetched_at,
    )


def head(said: str) -> Head:
    """A head as it was noted, `NUMBER:DIGEST`. Raises `NotHeld` for anything else."""
    found = _HEAD.fullmatch(said.strip().lower())
    if found is None:
        raise NotHeld(
            f"{said[:100]!r} is no head of a chain: it is a number, a colon and 64 signs, as "
            "`lexwatch verify --head` prints it"
        )
    return Head(number=int(found[1]), digest=found[2])


def _stored(value: Mapping[str, Any]) -> Any:
    """A value as a column of JSON gives it back: what is digested now is digested so again."""
    return json.loads(json.dumps(dict(value)))
