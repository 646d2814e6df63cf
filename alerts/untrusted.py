"""Crawled text on its way to a reader: nothing that hides or acts, only what can be read."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# Controls (except tab and newline), which XML refuses; direction marks, overrides and isolates,
# which can show a reader other words than the source has; tags, which no eye sees and a program
# reads; lone surrogates and non-characters.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff"
    "\U000e0000-\U000e007f]"
)
_SPACE = re.compile(r"\s+")


def plain(text: str) -> str:
    """The text in one line, without controls and direction overrides."""
    return _SPACE.sub(" ", _HIDDEN.sub("", text)).strip()


def spaced(text: str) -> str:
    """As `plain`, but a space at either end stays: for pieces of a sentence."""
    return _SPACE.sub(" ", _HIDDEN.sub("", text))


def address(url: str) -> str:
    """The address if a reader may be sent there (http or https, with a host), else ""."""
    if _HIDDEN.search(url) or _SPACE.search(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.hostname else ""
