"""A change in the packet, how it is named there, and what is held besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from alerts.cle.redaction import UNPUBLISHED
from alerts.routine import is_routine
from alerts.wording import last_text, shortened
from pipeline import cite
from pipeline.citator.model import Status
from pipeline.model import (
    Change,
    ChangeClass,
    Citation,
    Document,
    Relation,
    Version,
)

BACKGROUND = frozenset({"information-collection", "privacy-systems"})
TITLE = 70  # characters of a title where the citation stands beside it …
ALONE = 110  # … and where it stands alone


@dataclass(frozen=True, kw_only=True)
class Development:
    """A change in the packet; `number` is also the number of its source."""

    number: int
    change: Change

    @property
    def called(self) -> str:
        """The citation, or the title where the source states none."""
        return self.change.new.citation or self.change.new.title

    @property
    def named(self) -> str:
        """A title short enough for a list, and the citation."""
        new = self.change.new
        if new.citation:
            return f"{shortened(new.title, TITLE)}, {new.citation}"
        return shortened(new.title, ALONE)

    @property
    def counts(self) -> bool:
        """Whether it is a change of substance."""
        return self.change.difference.change_class is ChangeClass.SUBSTANTIVE

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """Its place where the minutes don't hold all: a notice on paperwork or a records system and
        a decision that binds in no other case come last, and what changes no substance before
        them."""
        change = self.change
        is_behind = change.document.kind in UNPUBLISHED or is_routine(change, BACKGROUND)
        return is_behind, not self.counts, self.number

    @property
    def key(self) -> str:
        """By which its heading is pointed to."""
        return f"development-{self.number}"

    @property
    def canonical(self) -> str:
        """The name by which it is looked up among the authorities."""
        return canonical(last_text(self.change))


@dataclass(frozen=True, kw_only=True)
class Authority:
    """What is known of an authority that a development is or cites.

    `name` is that of the case and `court` who decided it and when ("A.G. 2018"), "" where none is
    known; `held` its newest text, without blocks. `status` is the citator's of the day of printing,
    `relations` what later documents do to it, each as written down by then.
    """

    canonical: str
    name: str = ""
    court: str = ""
    held: Version | None = None
    status: Status | None = None
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What is held besides the developments, as it was `on` the day of printing.

    `citations` are those of the changed texts, by change id; `authorities` go by their canonical
    names; `versions` are documents that the developments speak of, without blocks; `proposals`
    with them, by the document of the proposal.
    """

    on: date
    citations: Mapping[int, Sequence[Citation]] = field(default_factory=dict)
    authorities: Mapping[str, Authority] = field(default_factory=dict)
    versions: Mapping[Document, Version] = field(default_factory=dict)
    proposals: Mapping[Document, Version] = field(default_factory=dict)

    def authority(self, name: str) -> Authority:
        """What is known of an authority; its name alone where that is all."""
        return self.authorities.get(name) or Authority(canonical=name)


def canonical(version: Version) -> str:
    """The name by which a document is looked up among the authorities: its citation's canonical
    spelling, else its own name."""
    found = cite.lookup(version.citation) if version.citation else None
    return found.canonical if found else version.document.name
