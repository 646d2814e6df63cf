"""A quarter of five publishers, four readers and a request in twenty that goes wrong.

`python -m benchmarks.quarter` plays it with a visit on every day and a backup after each; here a
visit comes every sixth day, one backup is made, and no answer is waited for in vain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from fakes import HashingEncoder

from benchmarks.quarter.faulty import Asked, Fault, Publishers
from benchmarks.quarter.letters import Told
from benchmarks.quarter.play import Played, differences, play
from benchmarks.quarter.script import (
    DAY,
    DECISIONS,
    FIRST,
    MANUAL,
    Act,
    Deed,
    Script,
    written,
)
from benchmarks.quarter.sites import BOOK, DECIDED, JUSTICE, USCIS
from benchmarks.quarter.truth import READERS

pytestmark = pytest.mark.usefixtures("warm")

DAYS, EVERY, SEED = 91, 6, 7
NEW = Act(
    number=1,
    on=FIRST + DAY,
    source=DECISIONS,
    deed=Deed.NEW,
    key="9901",
    title="Matter of SAMPLE-ZZ-",
    is_asylum=True,
)
GONE = Act(
    number=2, on=FIRST + DAY, source=MANUAL, deed=Deed.REMOVED, key="chapter", title="Chapter 1"
)


@pytest.fixture(scope="module")
def played(warm: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with Publishers(SEED) as publishers:
        yield play(
            written(DAYS, SEED),
            publishers,
            tmp_path_factory.mktemp("quarter"),
            HashingEncoder(),
            is_visited=lambda day: (day - FIRST).days % EVERY == 0,
            is_backed_up=lambda day: (day - FIRST).days == DAYS - 1,
        )


def test_all_is_told_once_in_its_week_and_every_failure_is_named(played: Played) -> None:
    assert played.wrong == ()
    assert played.digests == 4 * (DAYS // 7 - 1 + (DAYS % 7 > 0))
    assert played.told > 40


def test_a_request_in_twenty_goes_wrong_in_most_ways_there_are(played: Played) -> None:
    assert 0.03 < played.faulty < 0.08
    assert len(played.faults) >= 8 and played.failed >= 4


def test_the_database_is_as_large_as_was_said_before(played: Played) -> None:
    assert abs(played.sizes.error) < 0.15


def asked(day: date, host: str, path: str, *acts: int, fault: Fault = Fault.NONE) -> Asked:
    return Asked(day=day, host=host, path=path, fault=fault, acts=frozenset(acts))


def letters(until: date, *acts: int, failed: tuple[tuple[str, date], ...] = ()) -> list[Told]:
    """One for each reader; Ana's tells of the acts."""
    return [
        Told(
            reader=reader,
            until=until,
            acts=Counter(acts if reader == "Ana" else ()),
            failed=set(failed),
        )
        for reader in READERS
    ]


def found(served: list[Asked], told: list[Told], *acts: Act) -> list[str]:
    """What is wrong with a fortnight, beside the sources that nobody asked."""
    every = differences(Script(days=8, acts=acts), served, told)
    return [each for each in every if "failed on" not in each]


def test_what_is_left_out_told_twice_or_made_up_is_found() -> None:
    monday, served = FIRST + 7 * DAY, [asked(FIRST + 2 * DAY, JUSTICE, DECIDED, 1)]
    assert found(served, letters(monday, 1), NEW) == []
    assert "was not told: new Matter" in found(served, letters(monday), NEW)[0]
    assert "told twice" in found(served, letters(monday, 1, 1), NEW)[0]
    assert "was told" in found([], letters(monday, 1), NEW)[0]
    assert "0 digests" in found(served, letters(monday, 1)[:1], NEW)[0]
    late = [asked(FIRST + 7 * DAY, JUSTICE, DECIDED, 1)]
    assert "was told" in found(late, letters(monday, 1), NEW)[0]


def test_a_removal_is_due_only_after_two_complete_readings() -> None:
    def reading(day: int, fault: Fault = Fault.NONE) -> Asked:
        return asked(FIRST + day * DAY, USCIS, BOOK, fault=fault)

    monday = FIRST + 7 * DAY
    whole, broken = [reading(2), reading(3)], [reading(2, Fault.EMPTY), reading(3)]
    told = letters(monday)
    told[READERS.index("Bob")].acts.update([2])
    assert found(whole, told, GONE) == []
    assert "was told: removed" in found(broken, told, GONE)[0]


def test_a_failure_that_is_not_named_is_found() -> None:
    monday, day = FIRST + 7 * DAY, FIRST + 2 * DAY
    served = [asked(day, JUSTICE, DECIDED, fault=Fault.ERROR)]
    script = Script(days=8, acts=())
    said = [each for each in differences(script, served, letters(monday)) if "EOIR" in each]
    assert len(said) == len(READERS) and "is not told that EOIR" in said[0]
