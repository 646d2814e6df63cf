"""Ask again after a passing fault: pauses that double, and the publisher's Retry-After obeyed."""

from __future__ import annotations

import asyncio
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Self, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response

if TYPE_CHECKING:
    from crawlers.spider import SourceSpider

PASSING = (408, 425, 429, 500, 502, 503, 504, 522, 524)
FAULTS = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    OSError,
)
TOO_LONG = "seconds a publisher asks us to wait beyond our patience"  # the key in a request's meta


class PatienceMiddleware:
    """Retries with pauses; while it waits, nothing else is asked of the publisher."""

    def __init__(self, spider: SourceSpider) -> None:
        self._spider = spider
        self._courtesy = spider.courtesy

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(cast("SourceSpider", crawler.spider))

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """A retry, or the response where it is good, final, or asks for more than our patience."""
        if response.status not in PASSING:
            return response
        stated = (response.headers.get("Retry-After") or b"").decode("latin-1")
        asked = seconds_until(stated, self._courtesy.clock())
        if asked > self._courtesy.patience:
            request.meta[TOO_LONG] = asked
            return response
        return await self._again(request, f"answered {response.status}", asked) or response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """A retry after a fault of the network; None leaves any other exception to stand."""
        if not isinstance(exception, FAULTS):
            return None
        return await self._again(request, type(exception).__name__, 0.0)

    async def _again(self, request: Request, reason: str, asked: float) -> Request | None:
        retry = get_retry_request(
            request,
            spider=self._spider,
            reason=reason,
            max_retry_times=self._courtesy.retries,
            priority_adjust=1,  # the page we waited for comes next
            give_up_log_level="DEBUG",  # the run records the failure
        )
        if retry is not None:
            doubled = self._courtesy.backoff * 2 ** (retry.meta["retry_times"] - 1)
            pause = max(asked, min(doubled, self._courtesy.patience))
            self._spider.run.wait(request.url, pause, reason)
            await asyncio.sleep(pause)
        return retry


def seconds_until(retry_after: str, now: datetime) -> float:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3); 0 where it says nothing."""
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:  # "-0000", a time without a zone, which HTTP reads as UTC
        moment = moment.replace(tzinfo=now.tzinfo)
    return max(0.0, (moment - now).total_seconds())
