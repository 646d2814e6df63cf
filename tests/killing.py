"""Kill a step of an office's work at its writes and at any instant, and see where it ends.

What a step works on is made once; each kill gets a copy, and a child that was forked from a process
which has imported all there is. It dies by SIGKILL: at a write that is counted (before and after
each commit, at each file that is opened for writing, renamed or removed), or from outside, at an
instant. Then the step is taken again, and what the office holds is told.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

Work = Callable[[Path], object]
State = Mapping[str, Any]

WRITES = {"os.rename": "rename", "os.remove": "remove", "os.rmdir": "remove", "os.mkdir": "make"}
STATEMENTS = {"INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER"}
LONGEST = 300  # seconds that a child may live: one that hangs must not hang us
LATEST = 0.95  # of the undisturbed time: nobody is killed that has ended


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of the work: `folder` is as it was before it, `work` is done in a child, and `state`
    tells, in a child too, what is held after it; numbers and clocks apart. One that `warms` may be
    done in this process once, so that its children find compiled what it compiles."""

    name: str
    folder: Path
    work: Work
    state: Callable[[Path], State]
    warms: bool = True


@dataclass(frozen=True, kw_only=True)
class Undisturbed:
    """What an undisturbed step did: its writes in order, its seconds, and what it left."""

    writes: tuple[str, ...]
    seconds: float
    state: State

    def chosen(self, count: int) -> list[int]:
        """So many of the writes, by number from 1, evenly spread: of those that last (files and
        commits), and of statements within transactions where these are too few."""
        every = range(1, len(self.writes) + 1)
        lasting = [each for each in every if not self.writes[each - 1].endswith(" transaction")]
        among = lasting if len(lasting) >= count else [*every]
        count = min(count, len(among))
        return [among[round(n * (len(among) - 1) / max(count - 1, 1))] for n in range(count)]


@dataclass(frozen=True, kw_only=True)
class Killed:
    """One kill: where; the error of the second attempt, "" where there was none; the parts of the
    state that differ."""

    at: str
    error: str = ""
    differing: tuple[str, ...] = ()


@dataclass
class Outcome:
    """What many kills of a step came to."""

    killed: list[Killed] = field(default_factory=list)

    @property
    def faults(self) -> list[Killed]:
        return [one for one in self.killed if one.error or one.differing]


def undisturbed(step: Step, folder: Path) -> Undisturbed:
    """Take a step to its end, and once more, which must change nothing."""
    told = folder / "writes"
    imported, copy = folder / "imported", copied(step, folder / "undisturbed")

    def counted() -> None:
        with told.open("w", encoding="utf-8") as file:
            aside = {str(told), str(imported)}
            _watch(lambda name: print(name, file=file, flush=True), aside)
            step.work(copy)
            imported.write_text("\n".join(sys.modules), "utf-8")

    _undisturbed(counted)
    _import(imported)
    if step.warms:
        step.work(copied(step, folder / "warming"))
    left = state(step, copy)
    _undisturbed(lambda: step.work(copy))
    assert state(step, copy) == left, f"{step.name} taken again changes what it left"
    begun = time.monotonic()
    _undisturbed(lambda: step.work(copied(step, copy)))
    seconds = time.monotonic() - begun
    writes = tuple(told.read_text("utf-8").splitlines())
    return Undisturbed(writes=writes, seconds=seconds, state=left)


def _undisturbed(work: Callable[[], object]) -> None:
    ended = forked(work)
    assert ended == (0, ""), ended


def _import(imported: Path) -> None:
    """Import what the step needed, so that no child has to; but for Twisted's reactor, which starts
    where it is imported."""
    for name in imported.read_text("utf-8").splitlines():
        if name not in sys.modules and "reactor" not in name:
            with suppress(Exception):  # of a part that a module makes up as it goes
                importlib.import_module(name)


def kill(step: Step, known: Undisturbed, folder: Path, kills: int, seed: int = 0) -> Outcome:
    """Half of the kills at writes, spread evenly, the others at instants of a seeded chance."""
    outcome, chance = Outcome(), random.Random(seed)  # noqa: S311 - to be the same again
    at_writes = kills // 2
    for write in known.chosen(at_writes):
        outcome.killed.append(_at_write(step, known, folder, write))
    while len(outcome.killed) < kills:
        one = _at_instant(step, known, folder, chance.random() * LATEST * known.seconds)
        if one is not None:
            outcome.killed.append(one)
    return outcome


def filled(step: Step, known: Undisturbed, disk: Path, spare: int) -> Killed:
    """Take a step on a `disk` (a file system of its own, empty) that has `spare` bytes left, and
    again once there is room: the error that it ends with, and what differs in the end."""
    copy = copied(step, disk / step.name)
    filler = disk / "filler"
    with filler.open("wb") as file:
        file.write(b"." * max(shutil.disk_usage(disk).free - spare, 0))
    _, error = forked(lambda: step.work(copy))
    filler.unlink()
    after = _again(step, known, copy, error)
    assert not after.error, after.error
    return after


def state(step: Step, folder: Path) -> State:
    """What is held, told by a child: nothing of it stays open here."""
    found, error = _told(step, folder, lambda: None)
    assert not error, error
    return found


def _told(step: Step, folder: Path, work: Callable[[], object]) -> tuple[State, str]:
    """What is held after some work, both of one child; or the error that ended it."""
    told = folder.with_name(f"{folder.name}.state")

    def write() -> None:
        work()
        told.write_text(json.dumps(step.state(folder), default=repr), "utf-8")

    code, error = forked(write)
    if code:
        return {}, error or f"ended with {code}"
    found: State = json.loads(told.read_text("utf-8"))
    told.unlink()
    return found, ""


def _at_write(step: Step, known: Undisturbed, folder: Path, number: int) -> Killed:
    copy, left = copied(step, folder / f"write-{number}"), number

    def dying(_name: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def work() -> None:
        _watch(dying, ())
        step.work(copy)

    place = f"{number}: {known.writes[number - 1]}"
    code, error = forked(work)
    if (
        code != -signal.SIGKILL
    ):  # fewer writes than undisturbed: say so, and do not count it silently
        return Killed(at=place, error=error or f"ended with {code} before that write")
    return _again(step, known, copy, place)


def _at_instant(step: Step, known: Undisturbed, folder: Path, seconds: float) -> Killed | None:
    copy = copied(step, folder / "instant")
    child = fork(lambda: step.work(copy))
    time.sleep(seconds)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code != -signal.SIGKILL:  # it had ended: no kill
        shutil.rmtree(copy)
        return None
    return _again(step, known, copy, f"after {seconds:.3f} s")


def _again(step: Step, known: Undisturbed, copy: Path, place: str) -> Killed:
    found, error = _told(step, copy, lambda: step.work(copy))
    if error:
        return Killed(at=place, error=error)
    shutil.rmtree(copy)
    differing = tuple(name for name, rows in known.state.items() if found[name] != rows)
    return Killed(at=place, differing=differing)


def copied(step: Step, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(step.folder, to)
    return to


def fork(work: Callable[[], object], *, is_heard: bool = False) -> int:
    """Do something in a child that ends there; what it raises is printed where it `is_heard`."""
    assert not _has_used_chroma(), "run this file in a process of its own, as bootstrap.py does"
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        signal.alarm(LONGEST)
        try:
            work()
            os._exit(0)
        except BaseException:
            if is_heard:
                traceback.print_exc()
                sys.stderr.flush()
        finally:
            os._exit(1)
    return child


def _has_used_chroma() -> bool:
    """Its threads survive no fork, and a child that uses it too waits for them for ever."""
    names = Path("/proc/self/task").glob("*/comm")
    return any(each.read_text().startswith("tokio") for each in names)


def forked(work: Callable[[], object]) -> tuple[int, str]:
    """How a child ended, as `os.waitstatus…` says, and the error that ended it."""
    reading, writing = os.pipe()

    def said() -> None:
        os.close(reading)
        try:
            work()
        except BaseException as error:
            os.write(writing, f"{type(error).__name__}: {error}"[:2_000].encode())
            raise

    child = fork(said)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        error = pipe.read().decode("utf-8", "replace")
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), error


def _watch(step: Callable[[str], None], aside: Collection[str]) -> None:
    """Have each write told before it, and each commit after it too: only ever in a child."""

    def audit(name: str, given: tuple[Any, ...]) -> None:
        if name == "open":
            path, mode, _flags = given
            if isinstance(mode, str) and set(mode) & set("wax+") and str(path) not in aside:
                step(f"open {Path(str(path)).name}")
        elif name in WRITES:
            step(f"{WRITES[name]} {Path(str(given[0])).name}")

    def told(self: DefaultDialect, connection: Any) -> None:
        step("before commit")
        commit(self, connection)
        step("after commit")

    commit: Any = DefaultDialect.do_commit
    DefaultDialect.do_commit = told  # type: ignore[method-assign]
    sys.addaudithook(audit)
    event.listen(Engine, "before_cursor_execute", _telling(step))


def _telling(step: Callable[[str], None]) -> Callable[..., None]:
    def telling(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        word = statement.split(None, 1)[0].upper()
        if word in STATEMENTS:
            step(f"{word.lower()} in a transaction")

    return telling
