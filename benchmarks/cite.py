"""How long each pattern that finds or resolves citations takes on texts made to be slow.

    python -m benchmarks.cite [--size 100000] [--rounds 3] [--all]

Processor time, so that a busy machine doesn't count; the best of the rounds. Exits with an error
where a pattern takes more than 50 milliseconds on 100 kB, or a step more than that and 20
microseconds for each citation that it gives. What is far over that on a part of a text is not run
on the whole: its time is that of as many such parts, the least that it can be.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import re
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from types import ModuleType

from rich.console import Console

import pipeline.citator
from benchmarks.tables import tabulated
from pipeline import act, asked, bare, cite, grammar, sections
from pipeline.citator.resolve import resolved
from pipeline.grammar import RULES
from pipeline.legible import legible
from pipeline.sections import CODES

MOST = 50.0  # milliseconds on SIZE characters
EACH = 0.02  # milliseconds for a citation
FAR = 4  # times too slow
SIZE = 100_000
SHOWN = 30
Step = Callable[[str], int]
OURS = (grammar, sections, bare, cite, act, asked)
# All patterns together: bound by nothing but the sum of the others.
WHOLES = ("cite.find", "citator.resolve.resolved")
# Not run on whole texts: what reads our own patterns alone, and what is tried at the one place
# where another has matched, or on so many characters before it.
BOUND = {
    "citator.verbs._GAP": "reads the patterns of that module, and no text",
    "citator.directives._AGAIN": "120 characters from where a directive ends",
    "citator.holdings._REMAND": "80 characters from where a holding ends",
    "citator.reporting.HEAD_BEFORE": "120 characters before a decision or a verb",
}
# Matched at the one place where something else was found (a citation, a verb), never searched for.
ONCE = (
    "citator.directives._OBJECT",
    "citator.masked._AFTER",
    "citator.printed._MARK",
    "citator.printed._PINS",
    "citator.quoting._SIGNALS",
    "citator.reading._EXPLAINS",
    "citator.quoting._PINS",
    "citator.quoting._CLOSED",
    "citator.reading._PARALLEL",
    "citator.twins._PARALLEL",
)
KNOWN = "8 U.S.C. § 1158, 8 CFR 208.16, INA § 208, 8 CFR 8.8"

# Repeated until the text is long enough; each is what some pattern begins with and never ends.
PIECES = {
    "spaces": " ",
    "line breaks": "\n",
    "digits": "8",
    "numbers": "208 ",
    "letters": "a",
    "capitals": "A",
    "capital words": "Aaaa ",
    "initials": "A-B-",
    "initials with periods": "A. B. ",
    "(a)(a)": "(a)",
    "((((": "(",
    "(1)(1) below a section": "(1)(i)",
    "[[[[": "[",
    "section signs": "§ ",
    "lists of section signs": "§ 208, ",
    "lists of sections of this title": "section 1158, ",
    "dollar signs": "$ ",
    "commas": ", ",
    "periods": ". ",
    "quotes": '"“',
    "Matter of A": "Matter of A ",
    "Matter of A, A": "Matter of A, B, C, ",
    "I&N I&N": "I&N ",
    "1 I&N Dec.": "1 I&N Dec. ",
    "I&N Dec. at": "27 I&N Dec. at ",
    "INA and spaces": "INA" + " " * 60,
    "INA lists": "INA 208, 209, ",
    "sections of no Act": "sections 208, 209(a), and 210; ",
    "8 U.S.C.": "8 U.S.C. ",
    "8 U.S.C. and spaces": "8" + " " * 79 + "U.S.C.",
    "U.S.C. lists": "8 U.S.C. 1101, 1102(a)(1), (2), ",
    "CFR lists": "8 CFR 214.2(a), (b), 215.1, ",
    "CFR parts": "8 CFR parts 1, 2, 3, ",
    "CFR ranges": "8 CFR 208.1-.2-.3-",
    "nested lists": "8 CFR 214.2(a)(1)(i)(A)(1)(i)(a) and (b), or (c)(2), ",
    "section of title": "section 1158(a)(1)(A) of title ",
    "of the Act": "section 208 of the ",
    "Act (Act)": "Nationality Act, as amended (",
    "words before Act": "Xxxx Act ",
    "USCIS Policy Manual": "USCIS Policy Manual, Volume 6, Aaaa, ",
    "lists of forms": "Forms I-1, I-2, ",
    "lists of orders": "Executive Orders 13767, ",
    "supra": "Matter of A-B-, supra, ",
    "id.": "Id. at 1, ",
    "v.": "A v. B ",
    "v. without end": "Aaaa Bbbb v. Cccc ",
    "1 A 1": "1 A 1 ",
    "1 F.3d": "1 F.3d ",
    "1 and reporter letters": "1 Abcdefghij. Klmnop ",
    "overruled by": "overruled in part by Matter of ",
    "(BIA 2018)": "(BIA 2018) ",
    "( 2018": "(A.G. 2018, ",
    "hyphens": "-",
    "apostrophes": "' ",
    "ampersands": "& ",
    "semicolons": "; ",
}
INVENTED = "invented reporters"
# Beginnings that a run without end follows.
RUNS = {
    "Matter of and capital words": ("Matter of ", "Aaaa "),
    "section 208 and (a)(a)": ("section 208", "(a)"),
    "8 CFR and digits": ("8 CFR ", "1"),
    "a bracket and spaces": ("(", " "),
    "a quote and words": ("“", "word "),
}


@dataclass(frozen=True, kw_only=True)
class Slowest:
    """The text on which a step takes longest for what it may, in milliseconds."""

    step: str
    text: str
    took: float
    found: int

    @property
    def most(self) -> float:
        return MOST + EACH * self.found


def main() -> None:
    options = _options()
    texts = dict(_texts(options.size))
    cite.registered("A.L.R.")  # loads eyecite
    cite.lookup(KNOWN)  # and what looking up loads
    found = [_slowest(name, step, texts, options.rounds) for name, step in steps()]
    ranked = sorted(found, key=lambda each: -each.took / each.most)
    title = f"{len(found)} patterns and steps, {len(texts)} texts, best of {options.rounds}"
    rows = (
        (each.step, each.text, f"{each.took:.1f}", f"{each.found}")
        for each in (ranked if options.all else ranked[:SHOWN])
    )
    headings = ("pattern or step", "slowest text", "ms", "found")
    Console(width=100).print(tabulated(title, headings, rows))
    if late := [each.step for each in ranked if each.took > each.most and each.step not in WHOLES]:
        sys.exit(f"too slow: {', '.join(late)}")


def steps() -> Iterator[tuple[str, Step]]:
    """Every pattern by its name, then what goes on from a match; each says how much it found."""
    for number, rule in enumerate(RULES, start=1):
        yield f"rule {number} {rule.kind}", partial(_citations, partial(grammar.cited, rule))
    for number, code in enumerate(CODES, start=1):
        for part in ("head", "item", "following"):
            yield f"code {number} {code.kind} {part}", partial(_matches, getattr(code, part))
        yield f"code {number} {code.kind}", partial(_citations, partial(sections.listed, code))
    yield "of title", lambda text: _citations(sections.of_title, text)
    usage = bare.Usage.of([(KNOWN, cite.find(KNOWN))])
    yield "bare", partial(_citations, partial(bare.bare, found=(), usage=usage))
    yield "reported", partial(_citations, cite.reported)
    yield "act.is_ina", act.is_ina
    yield "act.is_other", act.is_other
    yield "cite.lookup", lambda text: bool(cite.lookup(text))
    yield "legible", lambda text: len(legible(text).ways)
    done = {id(_bound(name)) for name in BOUND}  # a pattern that another module imports counts once
    for module in (*OURS, *_citator()):
        for name, value in vars(module).items():
            whole = f"{module.__name__.removeprefix('pipeline.')}.{name}"
            if isinstance(value, re.Pattern) and id(value) not in done:
                done.add(id(value))
                yield whole, partial(_once if whole in ONCE else _matches, value)
    yield "cite.find", lambda text: len(cite.find(text))
    yield "citator.resolve.resolved", lambda text: len(resolved(text))


def _bound(name: str) -> object:
    module, _, pattern = name.rpartition(".")
    return getattr(importlib.import_module(f"pipeline.{module}"), pattern)


def _citator() -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(pipeline.citator.__path__):
        yield importlib.import_module(f"pipeline.citator.{found.name}")


def _citations(step: Callable[[str], Iterable[object]], text: str) -> int:
    return sum(1 for _ in step(text))


def _matches(pattern: str | re.Pattern[str], text: str) -> int:
    """None count: what is made of a match is measured apart."""
    deque(re.finditer(pattern, text), maxlen=0)
    return 0


def _once(pattern: re.Pattern[str], text: str) -> int:
    return int(pattern.match(text) is not None)


def _slowest(name: str, step: Step, texts: dict[str, str], rounds: int) -> Slowest:
    """After a text on which it is far too slow, no other is tried: one is enough to be mended."""
    worst = Slowest(step=name, text="", took=0, found=0)
    for each, text in texts.items():
        took, found = _milliseconds(step, text, rounds)
        timed = Slowest(step=name, text=each, took=took, found=found)
        worst = max(worst, timed, key=lambda one: one.took / one.most)
        if took > FAR * timed.most:
            break
    return worst


def _milliseconds(step: Step, text: str, rounds: int) -> tuple[float, int]:
    """The best of the rounds, and what was found. On what is too slow on a part, a tenth or a
    hundredth, it would take as many times longer at least."""
    took = 0.0
    for part in (100, 10):
        before = took
        took, found = _took(step, text[: len(text) // part])
        if took > FAR * MOST / part + EACH * found:
            return took * part, found * part
    # In time though it grew with the square; or grew with the length and half as much again, and
    # so has too little of a square to be late.
    if took * 100 < MOST or (took * 50 < MOST and took < 15 * before):
        return took * 10, found * 10
    best = _took(step, text)
    for _ in range(rounds - 1):
        if best[0] < MOST / 2:  # far from the bound, whatever the next round says
            break
        best = min(best, _took(step, text))
    return best


def _took(step: Step, text: str) -> tuple[float, int]:
    started = time.process_time()
    found = step(text)
    return (time.process_time() - started) * 1000, found


def _texts(size: int) -> Iterator[tuple[str, str]]:
    for name, piece in PIECES.items():
        yield name, (piece * (size // len(piece) + 1))[:size]
    yield (
        INVENTED,
        " ".join(
            f"1 Ab{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676 % 26)}. 1;"
            for n in range(size // 12)
        ),
    )
    for name, (begin, piece) in RUNS.items():
        yield name, begin + (piece * (size // len(piece)))[: size - len(begin)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=SIZE, help="characters of each text")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--all", action="store_true", help="every step, not the 30 slowest")
    return parser.parse_args()


if __name__ == "__main__":
    main()
