"""Ask a mirror in a publisher's place: addresses are the publisher's everywhere but on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Self, cast
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response

from crawlers.hosts import PublicResolver, Refused, is_private, private_address
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from crawlers.spider import SourceSpider


class Origins:
    """Which base address is asked in place of which origin; anything unmapped is itself.

    {"https://www.uscis.gov": "http://127.0.0.1:8000/www.uscis.gov"} asks for
    https://www.uscis.gov/robots.txt at http://127.0.0.1:8000/www.uscis.gov/robots.txt. A mapped
    host is mapped under http and https alike, so that no plain link escapes to the live site.
    """

    def __init__(self, mapping: Mapping[str, str]) -> None:
        """Raises `SettingsError` for anything but origins mapped to a base address each."""
        self._bases: dict[str, str] = {}
        self._origins: dict[str, str] = {}
        for origin, base in sorted(mapping.items()):  # https after http, to be the one restored
            _check(origin, origin, path=False)
            _check(origin, base, path=True)
            host, stem = urlsplit(origin).netloc, base.rstrip("/")
            self._alone(host, stem)
            self._bases[host] = stem
            self._origins[stem] = origin.rstrip("/")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names of the machines that stand in for publishers."""
        return tuple(urlsplit(base).hostname or "" for base in self._origins)

    def maps(self, url: str) -> bool:
        """Whether something else is asked in this address's place."""
        return urlsplit(url).netloc in self._bases

    def wire(self, url: str) -> str:
        """The address to ask for a publisher's address."""
        parts = urlsplit(url)
        base = self._bases.get(parts.netloc)
        if base is None:
            return url
        query = f"?{parts.query}" if parts.query else ""
        return f"{base}{parts.path or '/'}{query}"

    def restore(self, url: str) -> str:
        """The publisher's address for one that names a mirror."""
        for stem in sorted(self._origins, key=len, reverse=True):
            if url == stem or url.startswith((f"{stem}/", f"{stem}?", f"{stem}#")):
                return self._origins[stem] + url[len(stem) :]
        return url

    def redirected(self, location: str, asked: str) -> str:
        """A Location header, as the publisher would have sent it.

        A mirror may name itself, the publisher, or a bare path; a path outside the mirror's base
        is the publisher's own, passed on unread.
        """
        target = urljoin(asked, location)
        restored = self.restore(target)
        return location if restored == target else restored

    def private(self, url: str) -> bool:
        """Whether a mirror inside the institution is asked for this address."""
        return self.maps(url) and is_private(urlsplit(self.wire(url)).hostname or "")

    def _alone(self, host: str, stem: str) -> None:
        other = urlsplit(self._origins.get(stem, f"//{host}")).netloc
        if other != host:
            raise SettingsError(
                f"origins: {other} and {host} are both mapped to {stem}; give each its own address"
            )
        if self._bases.get(host, stem) != stem:
            raise SettingsError(
                f"origins: {host} is mapped to {self._bases[host]} and to {stem}; keep one of them"
            )


class OriginsMiddleware:
    """Sends a request for a mapped origin to its base, and gives the response its own address.

    It stands outside Scrapy's proxy middleware alone: what it sends goes straight to the mirror.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._origins = cast("SourceSpider", crawler.spider).origins

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        """Answer for a mapped origin; leave any other request to go its way."""
        url = request.url
        if not self._origins.maps(url):
            return None
        known = {**request.meta, "canonical": url}
        if self._origins.private(url):
            known["autothrottle_dont_adjust_delay"] = True
        wire = request.replace(url=self._origins.wire(url), meta=known)
        # Changing the request itself would show the mirror's address to robots, retry and redirect
        # middlewares, and Scrapy caches the parsed address by request: so a second request takes
        # the downloader's queue, with its pauses, in the first one's place.
        response = await self._crawler.engine.downloader._enqueue_request(wire)
        if location := response.headers.get("Location"):
            restored = self._origins.redirected(location.decode("latin-1"), wire.url)
            response.headers["Location"] = restored.encode("latin-1")
        return response.replace(url=url)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Say that a name was refused, which reaches us as a failed lookup, to be tried again."""
        host = urlsplit(request.url).hostname or ""
        if isinstance(exception, CannotResolveHostError) and host in PublicResolver.refused:
            raise Refused(private_address(host)) from exception


def _check(origin: str, url: str, *, path: bool) -> None:
    parts = urlsplit(url)
    plain = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    if not plain or parts.query or parts.fragment or (parts.path.strip("/") and not path):
        wanted = "http://host/path" if path else "https://host"
        raise SettingsError(f"origins: {origin}: {url!r} is no address like {wanted}")
