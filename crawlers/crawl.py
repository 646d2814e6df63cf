"""Crawl one source once: the manners, the middlewares and the one reactor of this process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from twisted.python.failure import Failure

from crawlers.bodies import ACCEPTED
from crawlers.courtesy import Courtesy
from crawlers.hosts import PERMITTED
from crawlers.origins import Origins
from crawlers.run import Outcome, Run
from crawlers.source import Facts, Visit
from crawlers.spider import Archive, SourceSpider

__all__ = ["Courtesy", "Outcome", "crawl"]

SCRAPY = "scrapy.downloadermiddlewares"
# All that stands between the engine (low numbers) and the wire. Scrapy's own lists are replaced
# and not added to: they hold what a crawl must not do, and grow with its versions.
MIDDLEWARES = {
    "crawlers.hosts.HostsMiddleware": 50,
    "crawlers.robots.RobotsMiddleware": 100,
    f"{SCRAPY}.downloadtimeout.DownloadTimeoutMiddleware": 350,
    f"{SCRAPY}.defaultheaders.DefaultHeadersMiddleware": 400,
    f"{SCRAPY}.useragent.UserAgentMiddleware": 500,
    "crawlers.patience.PatienceMiddleware": 550,
    f"{SCRAPY}.httpcompression.HttpCompressionMiddleware": 590,
    "crawlers.bodies.BodiesMiddleware": 595,  # before Scrapy unpacks
    f"{SCRAPY}.redirect.RedirectMiddleware": 600,
    "crawlers.origins.OriginsMiddleware": 740,  # before Scrapy's proxies
    f"{SCRAPY}.httpproxy.HttpProxyMiddleware": 750,
}
EXTENSIONS = {"scrapy.extensions.throttle.AutoThrottle": 0}


def crawl(
    spider: type[SourceSpider],
    visit: Visit,
    archive: Archive,
    courtesy: Courtesy,
    tell: Callable[[Mapping[str, Any]], None],
) -> Outcome:
    """Run one visit in this process, which can run no second: a reactor starts once.

    Pages are committed one by one, so a crawl that is killed and run again asks only for what was
    not kept, or whether it changed; so signals are left to do what they do, with no slow farewell.
    Raises what the archive or the source's `seeds` raised.
    """
    run = Run(source=spider.facts.name, tell=tell)
    process = AsyncCrawlerProcess(settings(spider.facts, courtesy))
    _listen(run)
    crawler = process.create_crawler(spider)
    _connect(crawler, run)
    task = process.crawl(crawler, visit=visit, archive=archive, courtesy=courtesy, run=run)
    process.start(install_signal_handlers=False)
    if error := run.broken or task.exception():
        raise error
    return run.finish()


def settings(facts: Facts, courtesy: Courtesy) -> dict[str, Any]:
    """Scrapy's settings for a visit to one publisher: one request at a time, nothing dropped."""
    origins = Origins(courtesy.origins)
    proxies = (urlsplit(proxy).hostname or "" for proxy in getproxies().values())
    mirrors = {
        urlsplit(origins.wire(url)).hostname or "": {
            "delay": courtesy.pace(facts, private=origins.private(url))
        }
        for url in courtesy.origins
    }
    return {
        "USER_AGENT": courtesy.user_agent,
        "DEFAULT_REQUEST_HEADERS": {"Accept-Language": "en", "Accept-Encoding": ACCEPTED},
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": courtesy.product,
        "DOWNLOADER_MIDDLEWARES_BASE": MIDDLEWARES,
        "EXTENSIONS_BASE": EXTENSIONS,
        "CONCURRENT_REQUESTS": 1,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "SCRAPER_SLOT_MAX_ACTIVE_SIZE": 1,  # bytes: ask for nothing while a page is looked at
        "DOWNLOAD_DELAY": courtesy.pace(facts),
        "DOWNLOAD_DELAY_JITTER": 0,  # a promised pause is a floor, not a mean
        "DOWNLOAD_SLOTS": mirrors,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": courtesy.pace(facts),
        "DOWNLOAD_TIMEOUT": courtesy.timeout,
        "DOWNLOAD_MAXSIZE": courtesy.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "TWISTED_DNS_RESOLVER": "crawlers.hosts.PublicResolver",
        PERMITTED: [*origins.hosts, *proxies],
        "REDIRECT_MAX_TIMES": 5,  # what RFC 9309 asks for robots.txt suffices for pages
        "HTTPERROR_ALLOW_ALL": True,  # an error page is evidence: the spider keeps it
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",  # the spider knows what it asked
        "URLLENGTH_LIMIT": 0,  # Scrapy would drop a long address in silence
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        "REFERER_ENABLED": False,
        "STATS_DUMP": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
    }


def _connect(crawler: Crawler, run: Run) -> None:
    """Count what goes over the wire, and stop at an error that is no single page's."""
    closing: list[asyncio.Future[None]] = []  # asyncio keeps no strong reference of its own

    def reached(request: Any) -> None:
        run.ask(request)

    def downloaded(response: Any) -> None:
        run.receive(response)

    def broke(failure: Failure) -> None:
        run.broken = failure.value
        closing.append(asyncio.ensure_future(crawler.engine.close_spider_async(reason="broken")))

    for handler, signal in (
        (reached, signals.request_reached_downloader),
        (downloaded, signals.response_downloaded),
        (broke, signals.spider_error),
    ):
        crawler.signals.connect(handler, signal=signal, weak=False)


class _Overheard(logging.Handler):
    """Passes on the errors that the libraries beneath log; warnings repeat what the run records."""

    def __init__(self, run: Run) -> None:
        super().__init__(logging.ERROR)
        self._run = run

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one line, without the traceback."""
        self._run.notice(f"{record.name}: {record.getMessage()}".splitlines()[0])


def _listen(run: Run) -> None:
    for name in ("scrapy", "twisted", "asyncio", "py.warnings"):
        logger = logging.getLogger(name)
        logger.handlers = [_Overheard(run)]
        logger.propagate = False
