"""Obey robots.txt as RFC 9309 reads it, where no answer means no, and its Crawl-delay."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from twisted.internet.defer import Deferred

from crawlers import reasons
from crawlers.hosts import Refused

if TYPE_CHECKING:
    from crawlers.spider import SourceSpider

NOTHING = b"User-agent: *\nDisallow: /\n"
DISALLOWED = "robots.txt disallows this address; not asked"


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's, which allows everything when robots.txt fails and reads error pages as rules."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._spider = cast("SourceSpider", crawler.spider)
        self._silence: dict[str, str] = {}

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:  # noqa: ARG002 - Scrapy's signature
        """Raises `Refused` with the reason."""
        try:
            await super().process_request(request)
        except IgnoreRequest as error:
            reason = self._silence.get(urlsplit(request.url).netloc, DISALLOWED)
            raise Refused(reason) from error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        rules, silence = self._rules(response)
        if silence:
            self._silence[netloc] = silence
        else:
            self._slow_down(request.url, self._crawl_delay(rules))
        await super()._parse_robots(response.replace(body=rules), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._silence[netloc] = f"robots.txt could not be read: {reasons.missed(exc)}"
        waiting = self._parsers[netloc]
        self._parsers[netloc] = parser = self._parser(NOTHING)
        cast("Deferred[RobotParser]", waiting).callback(parser)

    def _rules(self, response: Response) -> tuple[bytes, str]:
        """The rules that hold, and why they forbid everything where they do (RFC 9309, 2.3.1).

        A 429 is a refusal for now, like a 5xx; any other 4xx says that there are no rules.
        """
        status = response.status
        if 400 <= status < 500 and status != 429:
            return b"", ""
        if not 200 <= status < 300:
            return (
                NOTHING,
                f"robots.txt answered {status}, so nothing may be asked; run again later",
            )
        pause, patience = self._crawl_delay(response.body), self._spider.courtesy.patience
        if pause > patience:
            return NOTHING, (
                f"robots.txt asks for {pause:g} s between requests, more than the {patience:g} s"
                " we are set to wait; raise that setting to crawl this source"
            )
        return response.body, ""

    def _crawl_delay(self, rules: bytes) -> float:
        return self._parser(rules).crawl_delay(self._spider.courtesy.product) or 0.0

    def _parser(self, rules: bytes) -> RobotParser:
        return self._parserimpl.from_crawler(self.crawler, rules)

    def _slow_down(self, url: str, crawl_delay: float) -> None:
        spider, downloader = self._spider, self.crawler.engine.downloader
        private = spider.origins.private(url)
        pause = spider.courtesy.pace(spider.facts, crawl_delay=crawl_delay, private=private)
        key = urlsplit(spider.origins.wire(url)).hostname or ""
        downloader.per_slot_settings[key] = {"delay": pause}  # for when an idle slot is dropped
        if slot := downloader.slots.get(key):
            slot.delay = max(slot.delay, pause)
        if throttle := self.crawler.get_extension(AutoThrottle):
            throttle.mindelay = max(throttle.mindelay, pause)
            throttle.maxdelay = max(throttle.maxdelay, pause)
        if crawl_delay and pause == crawl_delay:
            spider.run.wait(url, pause, "robots.txt asks for this pause between requests")
