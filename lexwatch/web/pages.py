"""The pages: words on paper, readable without scripts, pictures or anybody else's server."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@dataclass(frozen=True, kw_only=True)
class Page:
    """A heading, what is said under it, and the one button there may be, which posts."""

    title: str
    paragraphs: tuple[str, ...]
    button: str = ""


def asking(address: str) -> Page:
    """Asks first, since programs that look at links follow them, too."""
    return Page(
        title=f"Stop all mail to {address}?",
        paragraphs=(
            "Digests, alerts and reminders of dates then end at once, of every subscription of "
            "this address, on every channel.",
            "Nothing has changed yet.",
        ),
        button="Stop all mail",
    )


def ended(address: str) -> Page:
    """Says what has ended and what has not."""
    return Page(
        title=f"Nothing more is sent to {address}",
        paragraphs=(
            "Digests, alerts and reminders of dates have ended. You can close this page.",
            "Your own calendar and feeds in other programs are not brought up to date any more: "
            "remove them there. Dates that they show may have moved.",
            "If this was a mistake, or somebody else did it: who looks after lexwatch in your "
            "office can start the mail again.",
        ),
    )


REFUSED = Page(
    title="There is nothing here",
    paragraphs=(
        "If you followed a link in a mail, copy it whole, or use the one in your newest mail.",
        "To end the mail, you can also answer any of it and ask for that.",
    ),
)
FAILED = Page(
    title="That did not work",
    paragraphs=(
        "Nothing was changed. Try again in a minute.",
        "If it keeps failing, answer any mail of ours and say what you wanted.",
    ),
)
METHOD = Page(
    title="That can't be done here",
    paragraphs=("Open the address in a browser; nothing was changed.",),
)


def rendered(page: Page) -> str:
    """The page as HTML."""
    return framed("page.html", title=page.title, paragraphs=page.paragraphs, button=page.button)


def framed(template: str, **given: Any) -> str:
    """Another page of the same look, which `HEADERS` fit."""
    return _environment.get_template(template).render(css=_CSS, **given)


_environment = Environment(
    loader=PackageLoader("lexwatch.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    keep_trailing_newline=True,
)
# Our own file, which autoescape would break.
_CSS = Markup(files("lexwatch.web").joinpath("templates/page.css").read_text("utf-8"))  # noqa: S704
_STYLE = base64.b64encode(hashlib.sha256(_CSS.encode()).digest()).decode()

# Nothing is fetched, run, framed, indexed or kept; the one style is known by its hash.
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
