"""Which machines a crawl may ask: the publisher's hosts, and none inside a private network."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Self, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

if TYPE_CHECKING:
    from crawlers.spider import SourceSpider

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
PERMITTED = "LEXWATCH_PRIVATE_HOSTS"  # the setting that names hosts which may be private


class Refused(IgnoreRequest):
    """A request that we do not make, and why."""


def is_private(host: str) -> bool:
    """Whether a host is this machine or an address that the public internet does not route."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    public = _within(address) if isinstance(address, ipaddress.IPv6Address) else address
    return not public.is_global or public.is_multicast


def _within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address of the older protocol to which a gateway hands on what is sent to this one: as it
    is (RFC 4291), by 6to4 (RFC 3056) or by NAT64 (RFC 6052); else the address itself."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


class HostsMiddleware:
    """Refuses any request, first or redirected, that leaves the publisher's hosts.

    Scrapy's own check lets retried requests pass, admits every subdomain and drops in silence.
    """

    def __init__(self, spider: SourceSpider) -> None:
        self._hosts = spider.facts.hosts
        self._origins = spider.origins

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(cast("SourceSpider", crawler.spider))

    def process_request(self, request: Request) -> None:
        """Raises `Refused`."""
        url = urlsplit(request.url)
        if url.scheme not in ("http", "https") or url.netloc.lower() not in self._hosts:
            raise Refused(
                f"leads to {url.scheme}://{url.netloc}, which is not among this source's hosts;"
                " not asked"
            )
        if is_private(url.hostname or "") and not self._origins.maps(request.url):
            raise Refused(private_address(url.netloc))


def private_address(host: str) -> str:
    """What is said of a host that is refused for where it stands."""
    return (
        f"{host} is a private address; map the publisher's origin to it in the settings to allow it"
    )


class PublicResolver(CachingThreadedResolver):
    """Resolves no name to a private address, whatever the name server says at the moment of asking.

    `refused` holds the names that were refused, since Twisted reports only that a lookup failed.
    """

    refused: ClassVar[set[str]] = set()

    def __init__(self, reactor: ReactorBase, permitted: Sequence[str], size: int, timeout: float):
        super().__init__(reactor, size, timeout)
        self._permitted = frozenset(permitted)

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        settings = crawler.settings
        size, timeout = settings.getint("DNSCACHE_SIZE"), settings.getfloat("DNS_TIMEOUT")
        return cls(reactor, settings.getlist(PERMITTED), size, timeout)

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 - Twisted's name
        """Raises `DNSLookupError`, in the deferred, for a name at a private address."""
        return super().getHostByName(name, timeout).addCallback(self._check, name)

    def _check(self, address: str, name: str) -> str:
        if is_private(address) and name not in self._permitted:
            self.refused.add(name)
            raise DNSLookupError(private_address(name))
        return address
