"""Where a reader can go from any machine, a phone too."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from alerts import untrusted
from pipeline.model import Version

NAMES = frozenset({"localhost", "localhost.localdomain"})


def address(url: str) -> str:
    """The address if it leads to a machine that all the world can reach by it, else ""."""
    allowed = untrusted.address(url)
    host = host_of(allowed)
    if not host or host in NAMES or host.endswith(".localhost"):
        return ""
    try:
        return allowed if ip_address(host).is_global else ""
    except ValueError:  # a name
        return allowed


def host_of(url: str) -> str:
    """The host of an address that may be shown, as a reader may check it; "" of "" alone."""
    return (urlsplit(url).hostname or "").rstrip(".") if url else ""


def printed(version: Version) -> str:
    """Where the publisher's own PDF can be read, where that is another address; else ""."""
    pdf = address(version.links.get("pdf", ""))
    return pdf if pdf != version.url else ""
