"""What an address asks of search, read, and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alerts.force import AUTHORITIES
from index.search import Filters, Results
from index.search import search as find
from lexwatch.options import in_order, one_of
from lexwatch.web import asked
from pipeline.errors import SettingsError
from pipeline.model import StateKind

if TYPE_CHECKING:
    from starlette.requests import Request

    from lexwatch.web.frame import Frame

MANY = ("source", "kind", "topic", "state")  # names of an address that may have several values
ONE = ("since", "until", "as_of", "forum", "words")
# Characters of a query that every link of a page can carry; a client's story stands on it once.
SHORT = 120


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is looked for: what was `typed`, or else what is `like` a document of that name, where
    `words` says so without the language model. `said` is all of it as it stood in the address, by
    name, of which other addresses are made: the forum of the reader's cookie stands in none."""

    typed: str
    like: str
    words: bool
    filters: Filters
    said: Mapping[str, Any]

    @property
    def is_asked(self) -> bool:
        return bool(self.typed or self.like)

    @property
    def is_long(self) -> bool:
        """Whether its results are narrowed by buttons of its form, since no link carries it."""
        return len(self.typed) > SHORT


def question(frame: Frame, request: Request) -> Question:
    """The question of an address. Raises `LexwatchError` for a name or a day that there is not."""
    return _question(request, wanted(frame, request))


def unread(request: Request) -> Question:
    """The same where something in the address can't be read: what was typed and chosen is shown
    again, and nothing is asked."""
    return _question(request, Filters())


def wanted(frame: Frame, request: Request) -> Filters:
    """The filters of an address. Raises `LexwatchError` for a name or a day that there is not."""
    given = request.query_params
    chosen = {name: asked.every(given, name) for name in MANY}
    frame.app.check(chosen["source"], chosen["topic"])
    one_of("kind", chosen["kind"], AUTHORITIES)
    one_of("state", chosen["state"], StateKind)
    since, until, as_of = (asked.day(given, name) for name in ("since", "until", "as_of"))
    in_order(since, until)
    if as_of and as_of > frame.today:
        raise SettingsError(f"{as_of} lies ahead: what is held then is unknown")
    return Filters(
        sources=chosen["source"],
        topics=chosen["topic"],
        kinds=chosen["kind"],
        states=chosen["state"],
        since=since,
        until=until,
        as_of=as_of,
        forum=frame.forum(request),
    )


def answered(
    frame: Frame,
    typed: str,
    filters: Filters,
    limit: int,
    *,
    like: str = "",
    words: bool = False,
    counted: bool = True,
) -> Results:
    """What is found by what was typed, or what is like a document; `words`: without the model."""
    app = frame.app
    if like:
        from index.search.like import like as find_like  # noqa: PLC0415 - seldom asked

        meaning = None if words else app.vectors
        return find_like(
            app.database, meaning, like, filters=filters, limit=limit, today=frame.today
        )
    return find(
        app.database,
        app.understanding_words if words else app.understanding,
        typed,
        filters=filters,
        limit=limit,
        today=frame.today,
        counted=counted,
    )


def _question(request: Request, filters: Filters) -> Question:
    given = request.query_params
    typed = asked.words(given, "q")
    like = "" if typed else asked.words(given, "like")
    many = {name: asked.every(given, name) for name in MANY}
    one = {name: asked.words(given, name) for name in ONE}
    return Question(
        typed=typed,
        like=like,
        words=bool(one["words"]),
        filters=filters,
        said={"q": typed, "like": like, **many, **one},
    )
