"""A service reads ahead at first and after each change, calmly; no fault of that stops it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lexwatch.app import App
from lexwatch.settings import Settings
from lexwatch.web import warming
from lexwatch.web.warming import Warming
from pipeline.errors import LexwatchError, StoreError

LOOK, REST = 0.01, 0.03


class Store:
    """What is held, and how it is read: `views` are what the looks see, the last one for ever."""

    def __init__(self, *views: Hashable, faults: int = 0) -> None:
        self.views, self.looks, self.read = views, 0, list[Hashable]()
        self.seen: Hashable = None
        self.faults = faults

    def held(self) -> Hashable:
        self.seen = self.views[min(self.looks, len(self.views) - 1)]
        self.looks += 1
        if isinstance(self.seen, LexwatchError):
            raise self.seen
        return self.seen

    def warm(self) -> None:
        if self.faults:
            self.faults -= 1
            raise StoreError("it is locked")
        self.read.append(self.seen)

    def at_work(self, rest: float = REST) -> AbstractContextManager[None]:
        return Warming(self.held, self.warm, look=LOOK, rest=rest).at_work()

    def until(self, met: Callable[[], bool]) -> None:
        end = time.monotonic() + 10
        while not met() and time.monotonic() < end:
            time.sleep(LOOK / 2)


def reads(store: Store, count: int, rest: float = REST) -> list[Hashable]:
    """What was read when so much was, and for some looks more."""
    with store.at_work(rest):
        store.until(lambda: len(store.read) >= count and store.looks >= len(store.views))
        end = store.looks + 20
        store.until(lambda: store.looks > end)
    return store.read


def test_it_is_read_at_once_and_not_again_while_nothing_is_written() -> None:
    assert reads(Store(1), 1) == [1]


def test_what_was_written_is_read_when_it_has_settled() -> None:
    assert reads(Store(1, 1, 2, 3, 4, 5, 5), 2) == [1, 5]


def test_two_readings_have_a_rest_between_them() -> None:
    changing = (1, 1, *(one for one in range(2, 20) for _ in range(2)))
    assert reads(Store(*changing), 1, rest=60) == [1]


def test_what_could_not_be_read_is_tried_again() -> None:
    assert reads(Store(1, faults=2), 1) == [1]


def test_a_look_that_fails_is_no_change_and_no_end() -> None:
    gone = StoreError("gone")
    assert reads(Store(1, 1, gone, gone, gone, 1, 1, 2, 2), 2) == [1, 2]


def test_it_ends_with_the_service() -> None:
    store = Store(1)
    with store.at_work():
        store.until(lambda: bool(store.read))
    assert "warming" not in {each.name for each in threading.enumerate()}


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_an_application_is_another_after_a_transaction_and_on_another_day(tmp_path: Path) -> None:
    clock = Clock()
    app = App(Settings.model_validate({"data": {"folder": str(tmp_path)}}), clock)
    held = warming.of(app).held
    first = held()
    assert held() == first
    with app.database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE sample (word TEXT)")
        connection.exec_driver_sql("INSERT INTO sample VALUES ('x')")
    second = held()
    assert second != first
    clock.now += timedelta(days=1)
    assert held() not in {first, second}
    app.database.close()
