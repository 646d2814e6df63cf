"""The log: one JSON object a line in the data folder, and a line for whoever looks on."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from functools import cached_property
from itertools import pairwise
from logging.handlers import WatchedFileHandler
from pathlib import Path
from time import perf_counter
from typing import Any

from filelock import FileLock

from lexwatch.settings import Settings
from lexwatch.withheld import OURS, TOLD, foreign, guarded, placed, traced
from pipeline.errors import LexwatchError

JOB = "LEXWATCH_JOB"  # the environment of a job of the schedule: its name and its run's number
NAME = "lexwatch.log"
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}
SERVICES = ("serve", "schedule")  # whose steps are told on the terminal, too
_HEAD = ("at", "level", "logger", "event", "error", "command", "process")
_log = logging.getLogger(__name__)


def begin(settings: Settings, command: str) -> None:
    """Write what is logged from now on into the data folder's log, and for whoever looks on.

    Nothing is made until something is logged: a question leaves no file. Called again, the last
    settings count.
    """
    end()
    root = logging.getLogger()
    terminal = _Terminal()
    file = _File(settings.folder / "logs" / NAME, settings.log.megabytes, settings.log.files)
    file.setFormatter(_Lines(command, settings, as_json=True))
    # Not by the loggers' own levels: Scrapy, for one, sets the root's when it begins.
    level = LEVELS[settings.log.level]
    for handler in (file, terminal):
        handler.addFilter(lambda record: _is_told(record, level))
    terminal.setFormatter(_Lines(command, settings, as_json=False))
    if command not in SERVICES:  # which say themselves what became of their steps
        terminal.setLevel(logging.WARNING)
        terminal.addFilter(lambda record: record.name != __name__)
    if command != "fetch":  # what it writes there is what its parent tells of its end
        root.addHandler(terminal)
    root.addHandler(file)
    for name in OURS:
        logging.getLogger(name).setLevel(level)


def _is_told(record: logging.LogRecord, level: int) -> bool:
    """Of libraries warnings alone, but for who looks for a fault."""
    is_ours = record.name.partition(".")[0] in OURS
    return is_ours or level == logging.DEBUG or record.levelno >= logging.WARNING


def end() -> None:
    """Log no more."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, _File | _Terminal)]:
        root.removeHandler(handler)
        handler.close()


def say(event: str, /, **told: object) -> None:
    """Log a step: its name, and what it came to. Words are kept only under the names in
    `withheld.WORDS`."""
    _log.info(event, extra={"told": told})


@contextmanager
def step(event: str, /, **told: object) -> Iterator[MutableMapping[str, object]]:
    """Log that a step begins, and how it ends: with what is put into the mapping meanwhile and the
    seconds it took, or with the error that ended it."""
    say(f"{event} begun", **told)
    begun, came = perf_counter(), dict[str, object]()

    def all_told() -> dict[str, object]:
        return {**told, **came, "seconds": round(perf_counter() - begun, 3)}

    try:
        yield came
    except Exception:
        _log.exception("%s failed", event, extra={"told": all_told()})
        raise
    except BaseException:  # it was told to stop
        say(f"{event} stopped", **all_told())
        raise
    say(f"{event} ended", **all_told())


def fail(error: BaseException) -> None:
    """Log an error with the places in the code that it came through."""
    _log.error("ended by an error", exc_info=error)


def note(error: LexwatchError) -> None:
    """Log an error of ours, if it is the machine's: what somebody mistyped is theirs alone."""
    if isinstance(error, TOLD):
        fail(error)


def is_begun() -> bool:
    """Whether there is a log to write what nobody foresaw to."""
    return any(isinstance(each, _File) for each in logging.getLogger().handlers)


def unforeseen(error: BaseException) -> str:
    """What to say of an error that nobody foresaw: its words may repeat what was asked, and where
    this is read many may read."""
    files = [each for each in logging.getLogger().handlers if isinstance(each, _File)]
    where = f"; {files[0].baseFilename} has the place in the code" if files else ""
    return (
        f"this failed in a way that nobody foresaw ({type(error).__name__}){where}. Nothing that "
        "was read is lost; run it again, and report it if it stays"
    )


class _Lines(logging.Formatter):
    """Structlog's formatter, made when the first line is: it takes a tenth of a second to load, and
    most commands log nothing."""

    def __init__(self, command: str, settings: Settings, *, as_json: bool) -> None:
        super().__init__()
        self._settings, self._as_json = settings, as_json
        self._own = {"command": command, "job": os.environ.get(JOB)}

    def format(self, record: logging.LogRecord) -> str:
        return self._formatter.format(record)

    @cached_property
    def _formatter(self) -> logging.Formatter:
        from structlog import processors, stdlib  # noqa: PLC0415 - see the class

        guard = guarded(_secrets(self._settings))
        render = processors.JSONRenderer(default=str) if self._as_json else self._spoken
        return stdlib.ProcessorFormatter(
            foreign_pre_chain=[placed, foreign, self._whose, traced, guard],
            processors=[stdlib.ProcessorFormatter.remove_processors_meta, render],
            use_get_message=False,  # `foreign` does, where that is safe
            pass_foreign_args=True,
        )

    def _whose(self, _logger: Any, _level: str, line: MutableMapping[str, Any]) -> Any:
        line["process"] = os.getpid()  # now: a service may have forked
        line.update({name: value for name, value in self._own.items() if value})
        return line

    def _spoken(self, _logger: Any, _level: str, line: Mapping[str, Any]) -> str:
        """A line for people: of a service with the moment, and what it came to."""
        kinds = [f"({each['kind']})" for each in line.get("error", ())]
        if self._own["command"] not in SERVICES:
            return " ".join((line["event"], *kinds))
        more = [f"{name}={value}" for name, value in line.items() if name not in _HEAD]
        return " ".join((line["at"][:19].replace("T", " "), line["event"], *more, *kinds))


class _File(WatchedFileHandler):
    """A file for several processes: each line is appended at once, and whoever finds the file full
    sets it aside under a lock; the others then go on in the new one.

    What can't be written is said once, and stops nothing.
    """

    def __init__(self, path: Path, megabytes: float, files: int) -> None:
        super().__init__(path, encoding="utf-8", delay=True)
        self._path, self._most, self._files = path, int(megabytes * 1_000_000), files
        self._has_failed = False

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._is_full():
                with suppress(PermissionError):  # Windows, while another has it open: it grows on
                    self._set_aside()
            super().emit(record)
        except OSError:
            self.handleError(record)

    def _open(self) -> Any:
        return open(self._path, "a", encoding="utf-8", opener=_private)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - logging's own name
        if not self._has_failed:
            self._has_failed = True
            print(
                f"lexwatch: the log {self._path} can't be written ({sys.exception()}): see that "
                "the folder can be written and the disk has room; the work goes on without it",
                file=sys.stderr,
            )

    def _is_full(self) -> bool:
        try:
            return self._path.stat().st_size >= self._most
        except FileNotFoundError:
            return False

    def _set_aside(self) -> None:
        """Number the files anew: `lexwatch.log.1` is the newest of those set aside."""
        with FileLock(self._path.with_suffix(".lock")):
            if not self._is_full():  # another process did
                return
            self.close()
            names = [Path(f"{self._path}.{n}") for n in range(self._files)]
            self._path.replace(names[0])  # first: where that is refused all others stay
            for old, new in reversed([*pairwise(names)]):
                with suppress(FileNotFoundError):
                    old.replace(new)
            names[0].unlink(missing_ok=True)  # there is none but the newest

    def close(self) -> None:
        super().close()
        self.stream = None  # opened anew with the next line


class _Terminal(logging.Handler):
    """Standard error as it is when something is said: tests and services put another in place."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError, ValueError):  # nobody looks on any more
            print(self.format(record), file=sys.stderr, flush=True)


def _secrets(settings: Settings) -> tuple[str, ...]:
    """What must stand in no log whoever wrote it there: passwords and keys as they are."""
    from lexwatch.secrets import Secrets  # noqa: PLC0415 - as structlog

    own = Secrets()
    channels = (each.url or os.environ.get(each.env, "") for each in settings.channels.values())
    keys = (own.smtp_password.get_secret_value(), own.signing_key.get_secret_value())
    return tuple(each for each in (*channels, *keys) if len(each) >= 4)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
