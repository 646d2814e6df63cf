"""Take no body that did not arrive whole."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Self, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawlers import reasons

if TYPE_CHECKING:
    from crawlers.spider import SourceSpider

ACCEPTED = "gzip"  # the only packing we ask for: its end can be checked
BROKEN = "its gzip body broke off or is damaged; run again"
_GZIP = 31  # zlib's window bits for a gzip header and trailer


class BodiesMiddleware:
    """Refuses packed bodies that break off, of which Scrapy would silently keep the first part."""

    def __init__(self, spider: SourceSpider) -> None:
        self._limit = spider.courtesy.max_bytes

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(cast("SourceSpider", crawler.spider))

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002 - Scrapy's signature
        """Raises `IgnoreRequest`, with the reason."""
        packing = (response.headers.get("Content-Encoding") or b"").decode("latin-1").strip()
        if packing.lower() in ("", "identity") or not response.body:
            return response
        if packing.lower() not in ("gzip", "x-gzip"):
            raise IgnoreRequest(f"came packed as {packing!r}, which we did not ask for; report it")
        if why := fault(response.body, self._limit):
            raise IgnoreRequest(why)
        return response


def fault(body: bytes, limit: int) -> str:
    """Why a gzip body cannot be taken; "" for one that reaches its end with the right checksum.

    Never unpacks much more than `limit` bytes.
    """
    stream, rest, unpacked = zlib.decompressobj(_GZIP), body, 0
    try:
        while not stream.eof and unpacked <= limit:
            piece = stream.decompress(rest, 65536)
            rest = stream.unconsumed_tail
            unpacked += len(piece)
            if not piece and not rest:
                return BROKEN
    except zlib.error:
        return BROKEN
    return "" if unpacked <= limit else reasons.TOO_LARGE
