"""The record of one crawl as it goes, and what is said of it at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scrapy import Request
from scrapy.http import Response


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one crawl came to.

    `complete` says that every page it set out to read was read; nothing may be concluded from a
    page's absence otherwise. `requests` and `bytes` are as sent over the wire, robots.txt and
    retries included; `pages` were committed, `unchanged` confirmed by the publisher as held.
    `failures` holds one line each: address, what happened, what to do. `gone` are addresses that
    the site itself gave and where it had no page (404, 410): no failure of the crawl.
    """

    complete: bool
    requests: int
    pages: int
    unchanged: int
    bytes: int
    failures: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    blocked: bool = False


@dataclass(kw_only=True)
class Run:
    """Counts one crawl and tells each step, as a mapping of plain values.

    Every event has the keys `event`, `source`, `done` and `queued`: so many pages are answered, and
    so many more are known and not yet answered. Each kind has these besides:

    - asked: `url`; a request goes out, robots.txt and retries included
    - kept: `url`, `status`; a page is committed
    - unchanged: `url`; the publisher says that the page we hold still stands
    - failed: `url`, `why`
    - gone: `url`; the site gives this address and has no page there
    - blocked: `url`, `sign`; a bot wall, after which nothing more is asked
    - waiting: `url`, `seconds` (a float), `why`; nothing is asked of the publisher meanwhile, or,
      where its robots.txt wants it, so long before every further request
    - noticed: `message`; an error of the machinery beneath
    - finished: `complete`; always the last
    """

    source: str
    tell: Callable[[Mapping[str, Any]], None]
    requests: int = 0
    pages: int = 0
    unchanged: int = 0
    bytes: int = 0
    queued: int = 0
    done: int = 0
    blocked: bool = False
    failures: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    ended: str = "unfinished"
    broken: BaseException | None = None

    def ask(self, request: Request) -> None:
        """Hear that a request goes out."""
        self.requests += 1
        self.say("asked", url=request.meta.get("canonical", request.url))

    def receive(self, response: Response) -> None:
        """Hear that a response came in, still compressed."""
        self.bytes += len(response.body)

    def keep(self, url: str, status: int) -> None:
        """Record a page that is committed."""
        self.pages += 1
        self.say("kept", url=url, status=status)

    def confirm(self, url: str) -> None:
        """Record that the publisher says a page is still as held."""
        self.unchanged += 1
        self.say("unchanged", url=url)

    def fail(self, url: str, why: str) -> None:
        """Record what the crawl could not do."""
        line = " ".join(f"{url}: {why}".split())
        self.failures.append(line)
        self.say("failed", url=url, why=why)

    def miss(self, url: str) -> None:
        """Record that the site gave an address and has no page there."""
        self.gone.append(url)
        self.say("gone", url=url)

    def block(self, url: str, sign: str) -> None:
        """Record a bot wall: nothing more is asked of this publisher."""
        self.blocked = True
        self.failures.append(
            f"{url}: a bot wall ({sign}); left alone, ask the publisher for access"
        )
        self.say("blocked", url=url, sign=sign)

    def wait(self, url: str, seconds: float, why: str) -> None:
        """Say that the crawl pauses, and for whose sake."""
        self.say("waiting", url=url, seconds=seconds, why=why)

    def notice(self, message: str) -> None:
        """Pass on what the machinery beneath reports."""
        self.say("noticed", message=message)

    def finish(self) -> Outcome:
        """Close the record."""
        if self.ended not in ("finished", "blocked", "patience"):
            self.fail(self.source, f"the crawl was stopped ({self.ended}); run it again to go on")
        outcome = Outcome(
            complete=self.ended == "finished" and not (self.failures or self.gone),
            requests=self.requests,
            pages=self.pages,
            unchanged=self.unchanged,
            bytes=self.bytes,
            failures=tuple(self.failures),
            gone=tuple(self.gone),
            blocked=self.blocked,
        )
        self.say("finished", complete=outcome.complete)
        return outcome

    def say(self, event: str, **details: Any) -> None:
        """Tell one event, with how far the crawl is."""
        progress = {"source": self.source, "done": self.done, "queued": self.queued}
        self.tell({"event": event, **progress, **details})
