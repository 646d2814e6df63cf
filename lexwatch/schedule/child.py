"""One command of ours in a process of its own, within a limit; how such a process ends with us."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from tempfile import TemporaryFile
from threading import Event, Thread
from typing import IO, Any

from index.job_runs import JobState
from lexwatch.logs import JOB
from lexwatch.withheld import hidden

PATIENCE = 20.0  # seconds that a command may take to end once it is told to
LOOK = 0.1  # seconds between looks at whether it ended, or is to end
LEFT = 130  # how a process exits whose parent is gone: what shells report after Ctrl-C
TAIL = 65_536  # bytes of what it wrote last that are read
WORDS = 500  # signs that are kept of what it said

_LOGGED = re.compile(r"\n(?=\d{4}-\d\d-\d\d )")  # where a line of the log begins


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a command ended; `exit_code` is None where it could not be begun."""

    state: JobState
    exit_code: int | None
    said: str


def run(
    command: Sequence[str],
    limit: timedelta,
    stop: Event,
    *,
    name: str = "",
    patience: float = PATIENCE,
) -> Outcome:
    """Run a command to its end, its limit or until `stop` is set, whichever is first.

    `name` is what its own log calls it.

    It is told to end (SIGTERM, to all that it started; Windows has no such thing: there its
    standard input ends, which `tether` heeds), and killed where it has not after `patience`
    seconds.
    """
    with TemporaryFile() as errors, _begun(command, name, errors) as child:
        why = _watch(child, limit, stop)
        how = _end(child, patience) if why else ""
        return _outcome(child.returncode, why, how, limit, errors)


def tether(stdin: IO[Any], left: Callable[[], object]) -> None:
    """Do `left` when the standard input ends, as it does when the process that began this one is
    gone, however it went: so nothing goes on of which nobody knows."""

    def outlast() -> None:
        with suppress(OSError, ValueError):
            os.read(stdin.fileno(), 1)
        left()

    Thread(target=outlast, name="tether", daemon=True).start()


def leave() -> None:
    """End at once: what is committed is committed, as after kill -9."""
    os._exit(LEFT)


def _begun(command: Sequence[str], name: str, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    # A group of its own, so that what it started ends with it.
    apart: dict[str, Any] = (
        {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        if os.name == "nt"
        else {"start_new_session": True}
    )
    return subprocess.Popen(  # noqa: S603 - our own command line
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        env={**os.environ, JOB: name},
        **apart,
    )


def _watch(child: subprocess.Popen[bytes], limit: timedelta, stop: Event) -> JobState | None:
    """Wait for its end; why it is to be ended where it does not come."""
    # Of the clock that stands still while the machine sleeps: it can't work then either.
    end = time.monotonic() + limit.total_seconds()
    while child.poll() is None:
        if stop.wait(LOOK):
            return JobState.CUT_OFF
        if time.monotonic() > end:
            return JobState.TIMED_OUT
    return None


def _end(child: subprocess.Popen[bytes], patience: float) -> str:
    """Have it end, with all that it started; says how it did."""
    _tell(child, signal.SIGTERM)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        _tell(child, getattr(signal, "SIGKILL", None))
        child.wait()
        return "killed"
    if os.name != "nt":
        _tell(child, signal.SIGKILL)  # what it started and left behind
    return "ended"


def _tell(child: subprocess.Popen[bytes], number: signal.Signals | None) -> None:
    if os.name != "nt" and number is not None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, number)
    elif number is signal.SIGTERM and child.stdin is not None:
        with suppress(OSError):
            child.stdin.close()
    else:
        child.kill()


def _outcome(
    code: int, why: JobState | None, how: str, limit: timedelta, errors: IO[bytes]
) -> Outcome:
    if why is JobState.TIMED_OUT:
        minutes = limit.total_seconds() / 60
        said = f"not done after {minutes:g} minutes, its limit: {how}; it goes on at its next time"
        return Outcome(state=why, exit_code=code, said=said)
    if code == 0:  # perhaps in the moment in which it was told to stop: no job of ours ends so then
        return Outcome(state=JobState.DONE, exit_code=code, said="")
    if why is not None:
        return Outcome(state=why, exit_code=code, said=f"the schedule was stopped: {how}")
    return Outcome(state=JobState.FAILED, exit_code=code, said=_reason(code, errors))


def _reason(code: int, errors: IO[bytes]) -> str:
    """What it said last in words of ours; of any other error its kind alone, since its words may
    repeat what is a reader's own."""
    if code < 0:
        return f"ended by {signal.Signals(-code).name}"
    errors.seek(max(0, errors.seek(0, os.SEEK_END) - TAIL))
    said = errors.read().decode(errors="replace").strip()
    _, known, message = f"\n{said}".rpartition("\nlexwatch: ")
    if known:
        return _shown(_LOGGED.split(message)[0])
    return f"exit code {code}" + (f", {kind}" if (kind := _kind(said)) else "")


def _kind(said: str) -> str:
    """That of the error that a traceback ends with, which stands in the line after the places; its
    message may have more lines, that say anything."""
    _, traced, rest = said.rpartition("Traceback (most recent call last):\n")
    ended = next((line for line in rest.splitlines() if line[:1] not in {"", " "}), "")
    return _shown(ended.partition(":")[0]) if traced else ""


def _shown(message: str) -> str:
    words = hidden(" ".join(message.split()))
    words = "".join(each for each in words if each.isprintable())
    return words if len(words) <= WORDS else f"{words[:WORDS]} …"


def ours(config: str | None, command: Sequence[str]) -> tuple[str, ...]:
    """A command of ours as a process: with the same settings file, and ended when we are gone."""
    given = ("--config", config) if config else ()
    # -P: else Python would take what lies in the current folder for modules of ours.
    return (sys.executable, "-P", "-m", "lexwatch", *given, "--tethered", *command)
