"""Who may ask for what: the office's own pages on this machine, signed addresses from anywhere."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lexwatch.web import pages

# What a reverse proxy shows to the world: each address carries a token that is checked.
SIGNED = ("/unsubscribe/", "/calendar/", "/feed/", "/preferences/")
# The names of this machine. A page elsewhere may point a name of its own to it (DNS rebinding): the
# browser then sends that name.
HERE = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
# A proxy says so in one of these: what it forwards comes from the world, whatever host it names.
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
VISITOR = "lexwatch_visitor"
FILES, FIELDS, LARGEST = 1, 200, 32 * 1024 * 1024  # of a form; the last in bytes of all of it
# A draft is read in memory: Starlette sets down what is larger than a megabyte in a file.
MultiPartParser.spool_max_size = LARGEST
LOOKS = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


async def guarded(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """Middleware: refuse what comes from elsewhere, and what another site makes a browser send."""
    if not request.url.path.startswith(SIGNED):
        if not is_here(request):
            return HTMLResponse(pages.rendered(pages.REFUSED), 404, pages.HEADERS)
        if request.method not in LOOKS and not _is_own(request):
            return Response("Sent by another site: nothing was done.\n", 403, HEADERS, "text/plain")
    response = await answer(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def is_here(request: Request) -> bool:
    """Whether it was asked on this machine, by one of its own names, and not through a proxy."""
    host = request.headers.get("host", "").rsplit(":", 1)
    name = host[0] if len(host) == 1 or host[1].isdigit() else ":".join(host)
    return name.lower() in HERE and not any(each in request.headers for each in FORWARDED)


def _is_own(request: Request) -> bool:
    """Whether a request that writes was begun on our own pages, as far as the browser says. A page
    that sends no referrer names no origin either ("null"): then the browser must say whose it is.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site not in (None, "same-origin", "none"):
        return False
    if origin == "null":
        return site == "same-origin"
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


class Forms:
    """Forms that only our own pages can send: each carries a token made of the visitor's cookie."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def token(self, request: Request) -> str:
        """What a form on the page that is answered has to carry; `keep` sets its cookie."""
        known = request.cookies.get(VISITOR) or getattr(request.state, "visitor", "")
        request.state.visitor = known or secrets.token_urlsafe(24)
        return self._made(request.state.visitor)

    @staticmethod
    def keep(request: Request, response: Response) -> None:
        """Set the cookie of a visitor who has none yet; it names nobody."""
        visitor = getattr(request.state, "visitor", "")
        if visitor and request.cookies.get(VISITOR) != visitor:
            response.set_cookie(VISITOR, visitor, httponly=True, samesite="strict")

    async def read(self, request: Request) -> FormData:
        """A form that was sent. Raises `HTTPException` 403 where its token is not the visitor's,
        413 where it is larger than ours are, 411 where it does not say how large it is."""
        length = request.headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()):
            raise HTTPException(411)
        if int(length[:12]) > LARGEST:
            raise HTTPException(413)
        form = await request.form(max_files=FILES, max_fields=FIELDS, max_part_size=LARGEST)
        given = str(form.get("token", ""))
        if not hmac.compare_digest(
            given.encode(), self._made(request.cookies.get(VISITOR, "")).encode()
        ):
            raise HTTPException(403)
        return form

    def _made(self, visitor: str) -> str:
        return hmac.new(self._key, f"form {visitor}".encode(), hashlib.sha256).hexdigest()
