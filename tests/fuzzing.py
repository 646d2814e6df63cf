"""Damage samples, read what comes of it, and keep what broke a promise."""

from __future__ import annotations

import json
import re
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

MOST = 5.0  # processor seconds for one input, of which none is larger than …
LARGEST = 300_000  # … so many bytes
ENOUGH = 20  # faults of a run; more would be the same ones again
# What a reader of text, markup, JSON, XML, dates, numbers or addresses may trip over.
NASTY = (
    *(b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\xe2\x80\x8b", b"\xcc\x81" * 40),
    *(b"\r\n", b"\t", b"\x0c", b"\x1b[31m", b"\xef\xbb\xbf", b"\xf3\xa0\x81\x81", b"\xc2\x85"),
    *(b"<", b">", b'"', b"'", b"&", b"]]>", b"<!--", b"-->", b"<![CDATA[", b"</body>", b"<p"),
    *(b"<script>alert(1)</script>", b"<table><tr><td>", b"</table>", b"<sup>1</sup>", b"<hr>"),
    *(b"&#xD800;", b"&#0;", b"&#x202e;", b"&amp;amp;", b"&unknown;", b"\\ud800", b"\\u0000"),
    *(b"{", b"}", b"[", b"]", b"null", b"true", b"-1", b"1e999", b"NaN", b"9" * 400, b"0" * 40),
    *(b"0000-00-00", b"2026-02-30", b"9999-12-31", b"10000-01-01", b"February 30, 2026"),
    *("§ ".encode(), "١٢٣".encode(), "²".encode(), b"I&N Dec. ", b"8 CFR ", b"(a)(1)(i)" * 30),
    *(b"javascript:alert(1)", b"http://[::1", b"//", b"https://a:b@127.0.0.1/", b"../../etc"),
    *(b"%", b"%00", b"=cmd|' /C calc'!A0", b" " * 500, b"A-B-" * 200, b"a" * 5_000),
)
ODD: tuple[Any, ...] = (
    *(None, True, -1, 0, 10**400, 1e308, "", " ", "\ud800", "\x00", [], {}, [[]], {"": None}),
    *("9999-99-99", "0001-01-01", "10000-01-01", "javascript:x", "http://[", "=1+1"),
)
_EDGES = re.compile(rb"[<>{}\[\]\"',:;=()\s]")


@dataclass(frozen=True, kw_only=True)
class Case:
    """An input: the sample that it was made of, by its name, and its bytes."""

    sample: str
    body: bytes

    @property
    def text(self) -> str:
        """The bytes as UTF-8; what is none becomes half of a sign."""
        return self.body.decode("utf-8", "surrogateescape")


@dataclass(frozen=True, kw_only=True)
class Target:
    """Something that reads what others wrote: `make` gives an input for it, `holds` reads that and
    raises, in any way, where a promise is broken."""

    name: str
    make: Callable[[Random], Case]
    holds: Callable[[Case], None]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A broken promise; `number` is that of the input among those made from the run's seed."""

    target: str
    seed: int
    number: int
    place: str
    told: str
    file: Path

    def __str__(self) -> str:
        once = f"--target {self.target} --seed {self.seed} --number {self.number}"
        again = f"python -m benchmarks.fuzz {once}"
        return f"{self.place}: {self.told}\n  input: {self.file}\n  again: {again}"


@dataclass(kw_only=True)
class Tally:
    """What came of a run: times in processor seconds."""

    inputs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    faults: list[Fault] = field(default_factory=list)


class TooSlow(Exception):
    """An input took more than `MOST`."""


def fuzz(
    target: Target,
    seconds: float,
    *,
    folder: Path,
    seed: int = 1,
    numbers: Sequence[int] | None = None,
) -> Tally:
    """Read inputs for so many processor seconds, or those of the given numbers.

    Each is made from the seed and its number alone. Of faults at one place the first is kept, and
    its input written to the folder.
    """
    tally, met = Tally(), set[str]()
    begun = time.process_time()
    for number in numbers if numbers is not None else _counted(begun + seconds):
        case = target.make(Random(f"{seed}/{target.name}/{number}"))  # noqa: S311 - to be made again
        at = time.process_time()
        if error := _broken(target, case):
            place = _place(error)
            if place not in met:
                met.add(place)
                told = f"{type(error).__name__}: {str(error)[:300]}"
                kept = _kept(folder, target, seed, number, case)
                tally.faults.append(
                    Fault(target=target.name, seed=seed, number=number, place=place, told=told,
                          file=kept)
                )  # fmt: skip
        tally.inputs += 1
        tally.slowest = max(tally.slowest, time.process_time() - at)
        if len(tally.faults) >= ENOUGH:
            break
    tally.seconds = time.process_time() - begun
    return tally


def damaged(random: Random, body: bytes, others: Sequence[bytes] = ()) -> bytes:
    """The same bytes after one to six kinds of damage, at the edges of what they are made of or
    anywhere."""
    if random.random() < 0.2 and (tree := _tree(body)) is not None:
        body = _spoilt(random, tree)
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        body = random.choice(_DAMAGES)(random, body, others)[:LARGEST]
    return body


def _counted(until: float) -> Iterator[int]:
    number = 0
    while time.process_time() < until:
        yield number
        number += 1


def _broken(target: Target, case: Case) -> Exception | None:
    try:
        with _bounded(MOST):
            target.holds(case)
    except Exception as error:
        return error
    return None


@contextmanager
def _bounded(seconds: float) -> Iterator[None]:
    """Raises `TooSlow` in what takes longer, at once where the system can, else at its end."""
    begun = time.process_time()
    # Only the main thread of a program may set a timer.
    can = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGVTALRM, _late) if can else None
    try:
        if can:
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        yield
    finally:
        if can:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)
    if time.process_time() - begun > seconds:
        raise TooSlow(f"it took {time.process_time() - begun:.1f} s")


def _late(_number: int, _frame: FrameType | None) -> None:
    raise TooSlow(f"it took more than {MOST} s")


def _place(error: Exception) -> str:
    """The last line of our own code on the way to an error, which names the fault."""
    root = Path(__file__).parents[1]
    frames = traceback.extract_tb(error.__traceback__)
    ours = [each for each in frames if Path(each.filename).is_relative_to(root)
            and each.filename != __file__]  # fmt: skip
    last = ours[-1] if ours else frames[-1]
    called = frames[-1].name if frames[-1] is not last else last.name
    return f"{Path(last.filename).name}:{last.lineno} {called} {type(error).__name__}"


def _kept(folder: Path, target: Target, seed: int, number: int, case: Case) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    sample = re.sub(r"\W+", "-", case.sample)[-60:]
    file = folder / f"{target.name}-{seed}-{number}-{sample}"
    file.write_bytes(case.body)
    return file


def _tree(body: bytes) -> Any:
    if body.lstrip()[:1] not in (b"{", b"["):
        return None
    try:
        return json.loads(body)
    except ValueError:
        return None


def _spoilt(random: Random, tree: Any) -> bytes:
    """JSON with a few of its values taken away, doubled, or replaced by another sort of value."""
    for _ in range(random.randint(1, 4)):
        places = list(_places(tree))
        if not places:
            break
        holder, key = random.choice(places)
        match random.randrange(4):
            case 0:
                del holder[key]
            case 1:
                holder[key] = [holder[key], holder[key]]
            case 2:
                other, name = random.choice(places)
                if name in other if isinstance(other, dict) else name < len(other):
                    holder[key] = json.loads(json.dumps(other[name]))
            case _:
                holder[key] = random.choice(ODD)
    return json.dumps(tree).encode()


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every value of a tree, as what holds it and the key or number under which it does."""
    waiting = [tree]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            yield holder, key
            if isinstance(holder[key], dict | list):
                waiting.append(holder[key])


def _edge(random: Random, body: bytes) -> int:
    at = random.randint(0, len(body))
    if random.random() < 0.3:
        return at
    found = _EDGES.search(body, at)
    return found.start() + random.randrange(2) if found else at


def _span(random: Random, body: bytes) -> tuple[int, int]:
    start = _edge(random, body)
    length = random.choice((1, 4, 20, 80, 400, 2_000))
    end = _edge(random, body[: start + length][start:]) + start
    return start, max(start, min(len(body), end))


def _cut_out(random: Random, body: bytes, _: Sequence[bytes]) -> bytes:
    start, end = _span(random, body)
    return body[:start] + body[end:]


def _cut_off(random: Random, body: bytes, _: Sequence[bytes]) -> bytes:
    return body[: _edge(random, body)]


def _repeated(random: Random, body: bytes, _: Sequence[bytes]) -> bytes:
    start, end = _span(random, body)
    times = random.choice((2, 2, 3, 10, 300, 3_000))
    return body[:end] + (body[start:end] * times)[:100_000] + body[end:]


def _moved(random: Random, body: bytes, _: Sequence[bytes]) -> bytes:
    start, end = _span(random, body)
    rest = body[:start] + body[end:]
    to = _edge(random, rest)
    return rest[:to] + body[start:end] + rest[to:]


def _put_in(random: Random, body: bytes, _: Sequence[bytes]) -> bytes:
    start, end = _span(random, body)
    return body[:start] + random.choice(NASTY) + body[random.choice((start, end)) :]


def _flipped(random: Random, body: bytes, _others: Sequence[bytes]) -> bytes:
    changed = bytearray(body)
    for _ in range(min(len(body), random.choice((1, 3, 20)))):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _nested(random: Random, body: bytes, _: Sequence[bytes]) -> bytes:
    opening = random.choice((b"<div>", b"<table><tr><td>", b"<ul><li>", b"<b>", b"[", b'{"a":',
                             b"(", b'"', b"<E><P>"))  # fmt: skip
    at = _edge(random, body)
    return body[:at] + opening * random.choice((20, 400, 3_000)) + body[at:]


def _numbered(random: Random, body: bytes, _: Sequence[bytes]) -> bytes:
    """Another number, or none, in place of one."""
    found = [*re.finditer(rb"\d+", body)]
    if not found:
        return body
    one = random.choice(found)
    other = random.choice((b"", b"0", b"99", b"-7", b"2" * 30, b"1.5", "²".encode(), b"13", b"32"))
    return body[: one.start()] + other + body[one.end() :]


def _spliced(random: Random, body: bytes, others: Sequence[bytes]) -> bytes:
    other = random.choice(others) if others else body
    start, end = _span(random, other)
    at = _edge(random, body)
    return body[:at] + other[start:end] + body[at:]


_DAMAGES = (_cut_out, _cut_out, _cut_off, _repeated, _moved, _put_in, _put_in, _put_in, _flipped,
            _nested, _numbered, _numbered, _spliced)  # fmt: skip
