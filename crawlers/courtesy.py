"""How a crawl behaves towards a publisher: its name, its pace, its patience, where it asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crawlers.source import Facts
from pipeline.errors import SettingsError


@dataclass(frozen=True, kw_only=True)
class Courtesy:
    """The manners of one crawl; every time is in seconds.

    `user_agent` names us and a way to reach us. `origins` maps a publisher's origin to the base
    address asked in its place (a mirror, a replay). `delay` None means the source's own pause
    between requests, and none towards a mirror at a private address. A body over `max_bytes`, as
    sent or unpacked, is refused. The pause before a retry starts at `backoff` and doubles; a
    publisher who asks us to wait longer than `patience` is left alone for this run.
    """

    user_agent: str
    clock: Callable[[], datetime]
    origins: Mapping[str, str] = field(default_factory=dict)
    delay: float | None = None
    timeout: float = 60.0
    max_bytes: int = 50_000_000
    retries: int = 3
    backoff: float = 5.0
    patience: float = 300.0

    def __post_init__(self) -> None:
        reachable = "@" in self.user_agent or "://" in self.user_agent
        if not reachable or "mozilla" in self.user_agent.lower():
            raise SettingsError(
                f"user agent {self.user_agent!r}: name this program, not a browser, and an address"
                " (mail or web) where a publisher can reach you"
            )

    @property
    def product(self) -> str:
        """The name that a robots.txt would address us by (RFC 9309, 2.2.1)."""
        return self.user_agent.split("/")[0].split()[0]

    def pace(self, facts: Facts, *, crawl_delay: float = 0.0, private: bool = False) -> float:
        """The pause between two requests; `crawl_delay` is what robots.txt asks for."""
        if private and self.delay is None:
            return 0.0
        return max(facts.delay if self.delay is None else self.delay, crawl_delay)
