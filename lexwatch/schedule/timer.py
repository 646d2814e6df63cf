"""Looks at each queue once a minute, by APScheduler; the ledger, not this, knows what is due."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]  # it ships no types
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # it ships no types
from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]  # it ships no types

from lexwatch.jobs import PARALLEL
from lexwatch.schedule.plan import OWN

LATE = timedelta(seconds=90)  # a look that lies farther ahead was planned by a clock set back since


class Timer:
    """Calls `look` with each queue's name, at once and then each minute, as long as it is entered.

    A queue is looked at by one thread at a time, so a look that lasts (a crawl of hours) leaves
    those meanwhile out; publishers are asked a few at a time, and what asks none never waits for
    one. Leaving waits for the looks to end.
    """

    def __init__(self, look: Callable[[str], None], queues: Iterable[str]) -> None:
        # It would say every minute that a look was left out.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        pools = {queue: ThreadPoolExecutor(1) for queue in OWN}
        pools["publishers"] = ThreadPoolExecutor(PARALLEL)
        self._scheduler: Any = BackgroundScheduler(executors=pools, timezone=UTC)
        for queue in queues:
            self._scheduler.add_job(
                look,
                CronTrigger(second=0, timezone=UTC),
                args=[queue],
                id=queue,
                executor=queue if queue in OWN else "publishers",
                coalesce=True,
                max_instances=1,
                # Its default, a second, would drop a look after any pause. A look is never too
                # late: it asks what is due when it begins.
                misfire_grace_time=None,
                next_run_time=datetime.now(UTC),  # APScheduler knows no other clock
            )

    def __enter__(self) -> Self:
        self._scheduler.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._scheduler.shutdown(wait=True)

    def watch(self) -> None:
        """Look now where the clock was set back, since APScheduler waits for it to catch up."""
        now = datetime.now(UTC)  # as above
        for job in self._scheduler.get_jobs():
            if job.next_run_time - now > LATE:
                job.modify(next_run_time=now)
