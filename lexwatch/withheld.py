"""What a log may hold: steps, counts, publishers' addresses; nothing of a reader's own, no secret.

Each function is a structlog processor, called with (logger, level, what the line says so far).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from datetime import UTC, date, datetime, timedelta
from logging import LogRecord
from pathlib import PurePath
from traceback import walk_tb
from types import TracebackType
from typing import Any

from pipeline.errors import ModelError, PageChanged, StoreError

Line = MutableMapping[str, Any]

OURS = ("crawlers", "pipeline", "index", "alerts", "lexwatch")
LEFT_OUT = "(left out)"
# Under these names a line may have words, under any name numbers and days: what is not listed is
# left out, so that nobody has to think of everything that must not be told.
WORDS = frozenset(
    {
        "at",
        "command",
        "event",
        "failure",
        "file",
        "job",
        "kind",
        "level",
        "logger",
        "source",
        "state",
        "subject",
        "url",
        "version",
        "why",
    }
)
# The errors of which every message may be kept: they speak of the database, the model, a
# publisher's page. Others repeat what was asked, or name a reader.
TOLD = (StoreError, ModelError, PageChanged)
LONGEST = 2_000  # characters of one value
_FRAMES = 40  # of a traceback, the innermost

_HIDDEN = (
    # The paths under which readers find their own, which end in a signed token.
    (re.compile(r"/(unsubscribe|preferences|calendar|feed)s?/(?!\{)[^\s\"'<>]+"), r"/\1/(token)"),
    # Who logs in, and any address that is no web page: those of chat services hold passwords.
    (
        re.compile(r"\b(?!https?://|sqlite|file:)[a-z][a-z0-9+.-]*://[^\s\"'<>]+", re.IGNORECASE),
        "(channel)",
    ),
    (re.compile(r"://[^/\s\"'<>@]+@"), "://(secret)@"),
    (re.compile(r"[^\s<>\"'(),;:@]+@[^\s<>\"'(),;:@]+"), "(address)"),
)


def placed(_logger: Any, _level: str, line: Line) -> Line:
    """When, how grave, by whom, and what the step told beside its name."""
    record: LogRecord = line["_record"]
    moment = datetime.fromtimestamp(record.created, UTC)
    head = {"at": moment.isoformat(timespec="milliseconds"), "level": record.levelname.lower()}
    told = {**head, "logger": record.name, **line, **getattr(record, "told", {})}
    line.clear()
    line.update(told)
    return line


def foreign(_logger: Any, _level: str, line: Line) -> Line:
    """A library's message as its author wrote it, without the values that it was filled with: they
    may be anybody's words."""
    record, given = line["_record"], line.pop("positional_args", ())
    if given and record.name.partition(".")[0] in OURS:
        line["event"] = str(line["event"]) % given
    return line


def traced(_logger: Any, _level: str, line: Line) -> Line:
    """An error as its kind and the places in the code it came through; its message only where that
    can't repeat what somebody asked."""
    given = line.pop("exc_info", None)
    line.pop("stack_info", None)
    if given and given[1] is not None:
        line["error"] = [*_chain(given[1])]
    return line


def guarded(secrets: Iterable[str] = ()) -> Callable[[Any, str, Line], Line]:
    """Leave out words under names that are not in `WORDS`, and in all others addresses, tokens and
    the `secrets`."""
    known = sorted((each for each in secrets if each), key=len, reverse=True)

    def guard(_logger: Any, _level: str, line: Line) -> Line:
        for name, value in line.items():
            if name.startswith("_"):  # structlog's own, taken out at the end
                continue
            if name == "error":
                line[name] = [{**each, "said": hidden(each["said"], known)} for each in value]
            elif isinstance(value, str):
                line[name] = hidden(value, known) if name in WORDS else LEFT_OUT
            elif value is not None and not isinstance(value, int | float | date | timedelta):
                line[name] = LEFT_OUT
        return line

    return guard


def hidden(text: str, secrets: Iterable[str] = ()) -> str:
    """A text without addresses of people, signed tokens, passwords in addresses, and `secrets`."""
    for each in secrets:
        text = text.replace(each, "(secret)")
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _chain(error: BaseException) -> Iterator[dict[str, Any]]:
    """An error and what caused it, the one that was met first at the end."""
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        kind = type(each)
        named = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
        yield {"kind": named, "said": _said(each), "through": [*_frames(each.__traceback__)]}
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)


def _said(error: BaseException) -> str:
    if isinstance(error, TOLD):
        return str(error)
    return (error.strerror or "") if isinstance(error, OSError) else ""


def _frames(trace: TracebackType | None) -> list[str]:
    every = [
        f"{'/'.join(PurePath(frame.f_code.co_filename).parts[-2:])}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(trace)
    ]
    return every[-_FRAMES:]
