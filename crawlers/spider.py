"""The spider every source is made of: fetch, commit the raw page, follow; reading comes later."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Protocol
from urllib.parse import urldefrag

import scrapy
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from w3lib.url import canonicalize_url

from crawlers import challenge, reasons
from crawlers.courtesy import Courtesy
from crawlers.origins import Origins
from crawlers.patience import TOO_LONG
from crawlers.run import Run
from crawlers.source import Facts, Follow, Visit
from pipeline.errors import PageChanged
from pipeline.model import Page, Reading

NOT_THERE = (404, 410)
KEPT_HEADERS = (
    "content-type",
    "content-language",
    "date",
    "etag",
    "last-modified",
    "retry-after",
    *challenge.HEADERS,
)


class Archive(Protocol):
    """Where pages are committed: `keep` and `confirm` return after the commit."""

    def keep(self, page: Page) -> None: ...

    def latest(self, url: str) -> Page | None:
        """Give the newest page kept for an address with status 200, in any run, with its body."""
        ...

    def is_fresh(self, url: str) -> bool:
        """Whether that page was found by a run that was cut off and that this one goes on with."""
        ...

    def is_read(self, url: str) -> bool:
        """Whether that page was read in good health when it came."""
        ...

    def confirm(self, url: str) -> None:
        """Note for this run that the page which `latest` gives still stands."""
        ...


class SourceSpider(scrapy.Spider):
    """One publisher. A source subclasses this with facts and three pure functions."""

    facts: ClassVar[Facts]
    options: ClassVar[tuple[str, ...]] = ()  # the names that the settings may set for it

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:
        """Say where a visit begins."""
        raise NotImplementedError

    @classmethod
    def question(cls, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a visit with these options asks for, as JSON values. Where that is no longer what it
        was, the source is visited as for the first time. Raises `SettingsError` for bad ones."""
        return options

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        """Say which pages this page leads to. Raises `PageChanged` where it lost its shape."""
        raise NotImplementedError

    @staticmethod
    def read(page: Page) -> Reading:
        """Say what this page says. Raises `PageChanged` where it lost its shape."""
        raise NotImplementedError

    def __init__(self, *, visit: Visit, archive: Archive, courtesy: Courtesy, run: Run) -> None:
        super().__init__()
        self.visit = visit
        self.archive = archive
        self.courtesy = courtesy
        self.run = run
        self.origins = Origins(courtesy.origins)
        chosen = visit.options.get("seeds")
        self._chosen = tuple(chosen or ())
        self._within = (
            None if chosen is None else {canonicalize_url(self._address(u)) for u in chosen}
        )
        self._known: set[str] = set()
        self._quiet = asyncio.Event()
        self._quiet.set()

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Ask the source's own beginnings, then those of the chosen addresses nothing led to.

        In that order because a page reached from its listing carries what the listing says of it.
        """
        for request in self._ask(self.seeds(self.visit)):
            yield request
        for url in self._chosen:
            await self._quiet.wait()
            for request in self._ask([Follow(url=url)]):
                yield request
        if not self._known:
            self.run.fail(self.facts.home, f"there is no page to begin with{self._why_none()}")

    def _why_none(self) -> str:
        if self._within is None:
            return ""
        chosen = "none of those chosen is this source's"
        return f": {chosen if self._chosen else 'nothing of this source was recorded by that day'}"

    def arrive(
        self, response: Response, follow: Follow, validated: bool, given: bool
    ) -> Iterator[scrapy.Request]:
        """Commit the page before anything is concluded from it, then ask for what it leads to.

        `validated`: we asked whether the page we hold still stands; `given`: the site itself gave
        the address in this run.
        """
        try:
            page = self._commit(response, follow, validated)
            yield from self._ask(self._take(page, response, follow, given), given=True)
        finally:
            self._answered()

    def miss(self, failure: Any) -> None:
        """Record that no page came; the failure is Twisted's, to which Scrapy adds its request."""
        request: scrapy.Request = failure.request
        follow: Follow = request.cb_kwargs["follow"]
        way = f"redirected to {request.url}: " if "redirect_times" in request.meta else ""
        self.run.fail(follow.url, way + reasons.missed(failure.value))
        self._answered()

    def closed(self, reason: str) -> None:
        """Hear from Scrapy why the crawl ended."""
        self.run.ended = reason

    def _ask(self, follows: Iterable[Follow], *, given: bool = False) -> Iterator[scrapy.Request]:
        """Requests for pages not yet asked for in this run; a settled page that is held stands
        unasked, but what it leads to is asked: a kill may have come between the two. So does a page
        that the site gave and that was read before a run was cut off with which this one goes on;
        where a visit begins is always asked, since what is new is named there."""
        waiting = deque(follows)
        while waiting:
            follow = waiting.popleft()
            try:
                follow = replace(follow, url=self._address(follow.url))
            except ValueError:
                self.run.fail(follow.url, "is no web address; see what the source follows")
                continue
            if not self._is_new(follow.url):
                continue
            held = self._held(follow)
            stands = follow.settled or (given and self.archive.is_fresh(follow.url))
            if held and stands and _same(held.context, follow.context):
                self.archive.confirm(follow.url)
                waiting.extend(self._leads(held))
            else:
                yield self._request(follow, held, given)

    def _address(self, url: str) -> str:
        address = self.origins.restore(urldefrag(url.strip()).url)
        if not address.startswith(("http://", "https://")):
            raise ValueError(address)
        return address

    def _is_new(self, url: str) -> bool:
        key = canonicalize_url(url)
        if key in self._known or (self._within is not None and key not in self._within):
            return False
        self._known.add(key)
        return True

    def _held(self, follow: Follow) -> Page | None:
        """The page we hold, if it is a page at all: what came broken, or is a wall, is asked for
        anew, without the validators by which it would stay so, and fails until it heals. A settled
        page that was read in good health is not read again: there are hundreds, on every visit."""
        held = self.archive.latest(follow.url)
        if held is None or challenge.find(held):
            return None
        was_read = follow.settled and self.archive.is_read(follow.url)
        return held if self._is_legible(held, was_read=was_read) else None

    def _is_legible(self, page: Page, *, was_read: bool = False) -> bool:
        try:
            if not was_read:
                self.read(page)
            list(self.follow(page))
        except Exception:  # a source that stumbles over a page has not read it either
            return False
        return True

    def _request(self, follow: Follow, held: Page | None, given: bool) -> scrapy.Request:
        headers = {}
        if held and "etag" in held.headers:
            headers["If-None-Match"] = held.headers["etag"]
        if held and "last-modified" in held.headers:
            headers["If-Modified-Since"] = held.headers["last-modified"]
        self.run.queued += 1
        self._quiet.clear()
        return scrapy.Request(
            follow.url,
            callback=self.arrive,
            errback=self.miss,
            headers=headers,
            cb_kwargs={"follow": follow, "validated": bool(headers), "given": given},
        )

    def _commit(self, response: Response, follow: Follow, validated: bool) -> Page:
        page = self._unchanged(response, follow) if validated else None
        if page is None:
            page = self._page(response, follow)
            self.archive.keep(page)
            self.run.keep(page.url, page.status)
        return page

    def _take(
        self, page: Page, response: Response, follow: Follow, given: bool
    ) -> Iterable[Follow]:
        """Say what a committed page leads to, or record why it leads nowhere."""
        if sign := challenge.find(page):
            self.run.block(page.url, sign)
            raise CloseSpider("blocked")
        if wait := response.meta.get(TOO_LONG):
            why = f"answered {page.status} and asks us to wait {wait:g} s; run again after that"
            self.run.fail(page.url, why)
            raise CloseSpider("patience")
        is_missing = page.status in NOT_THERE
        if follow.otherwise and (is_missing or (page.status == 200 and not self._is_legible(page))):
            return (follow.otherwise,)  # what is illegible fails when it is read, and is asked anew
        if is_missing and given:
            self.run.miss(page.url)
        elif page.status != 200:
            self.run.fail(page.url, reasons.answered(page.status))
        else:
            return self._leads(page)
        return ()

    def _unchanged(self, response: Response, follow: Follow) -> Page | None:
        """The held page, where the publisher says that it still stands.

        Under a new context it is committed again with that: its body says the same, its listing
        something else.
        """
        held = self.archive.latest(follow.url) if response.status == 304 else None
        if held is None:
            return None
        self.run.confirm(follow.url)
        if _same(held.context, follow.context):
            self.archive.confirm(follow.url)
            return held
        now = self._page(response, follow)
        headers = {**held.headers, **now.headers}
        page = replace(now, status=200, headers=headers, body=held.body)
        self.archive.keep(page)
        self.run.keep(page.url, page.status)
        return page

    def _page(self, response: Response, follow: Follow) -> Page:
        sent = {name: response.headers.get(name) for name in KEPT_HEADERS}
        return Page(
            source=self.facts.name,
            url=follow.url,
            final_url=response.url,
            asked=self.origins.wire(response.url),
            status=response.status,
            headers={name: value.decode("latin-1") for name, value in sent.items() if value},
            body=response.body,
            fetched_at=self.courtesy.clock(),
            context=follow.context,
        )

    def _leads(self, page: Page) -> Iterable[Follow]:
        try:
            return list(self.follow(page))
        except PageChanged as error:
            lost = str(error).removeprefix(f"{page.url}: ")
            self.run.fail(page.url, f"{lost}; the page is kept")
        except Exception as error:  # one page must not lose the others
            fault = f"{type(error).__name__}: {error}"
            self.run.fail(page.url, f"the source could not follow it ({fault}); the page is kept")
        return ()

    def _answered(self) -> None:
        self.run.queued -= 1
        self.run.done += 1
        if not self.run.queued:
            self._quiet.set()


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Compare as JSON, which is how an archive gives a context back."""
    return json.dumps(dict(one), sort_keys=True) == json.dumps(dict(other), sort_keys=True)
