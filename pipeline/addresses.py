"""What an address on the web names: a document by its number or page, a docket, or a page."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

# What stands before an address or a docket in a name; no reader's query is spelled so.
ADDRESS, DOCKET = "address: ", "docket: "
LONGEST = 200  # characters of an address that is a name; none that a document has is longer
_REGISTER = ("federalregister.gov", "public-inspection.federalregister.gov")
_PRINTING = ("govinfo.gov", "gpo.gov")
_DOCKETS = ("regulations.gov",)
_NUMBER = r"(?P<number>(?:[A-Z]\d-)?(?:\d{4}|[A-Z]\d)-\d{4,6})"
_DAY = r"\d{4}/\d\d/\d\d"
# The addresses of the register and of the Government Publishing Office, of today and of old.
_NUMBERED = re.compile(
    rf"(?:/documents/{_DAY}|/[da]|/public-inspection|/api/v1/(?:public-inspection-)?documents"
    rf"|/documents/full_text/\w+/{_DAY}|/(?:fdsys/|content/)?pkg/FR-[\d-]+/\w+"
    rf"|/app/details/FR-[\d-]+)?/{_NUMBER}(?:\.\w+)?(?:/.*)?",
    re.IGNORECASE,
)
_PAGED = re.compile(
    r"/(?:citation|link/fr)/(?P<volume>\d{2,3})(?:-FR-|/)(?P<page>\d{1,6})\b.*", re.I
)
_ORDER = re.compile(r"/(?:executive-order|d/executive-order)/(?P<number>\d{4,5})\b.*", re.I)
# What counts readers, and how a file is served: neither tells what stands there.
_ASIDE = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|inline|download", re.IGNORECASE)
# As regulations.gov numbers dockets, and the documents in them.
DOCKETED = re.compile(r"(?P<docket>[A-Z]{2,6}(?:[-_][A-Z]{2,6})?-\d{4}-\d{4})(?:-\d{4,})?", re.I)


def named_by(url: str) -> str:
    """The canonical name of what stands at an address, as `pipeline.cite` spells it; of any other
    page the address itself, in one spelling. "" for what is no address of the web."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    if host in _REGISTER + _PRINTING and (name := _paper(parts.path)):
        return name
    if host in _DOCKETS and (name := _docket(parts.path, parts.query)):
        return name
    path = unquote(parts.path).rstrip("/").lower()
    asked = _asked(parts.query)
    at = f"{path}?{asked}" if asked else path
    return f"{ADDRESS}{host}{at}" if at and len(at) <= LONGEST else ""


def _asked(query: str) -> str:
    """What of a query tells one page from another, in one order."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode(sorted(each for each in pairs if not _ASIDE.fullmatch(each[0])))


def _paper(path: str) -> str:
    if found := _NUMBERED.fullmatch(path):
        return f"FR Doc. {found['number'].upper()}"
    if found := _PAGED.fullmatch(path):
        return f"{found['volume']} FR {int(found['page'])}"
    if found := _ORDER.fullmatch(path):
        return f"EO {found['number']}"
    return ""


def _docket(path: str, query: str) -> str:
    """The docket of a document there, too: its own number tells of no text that we hold."""
    asked = [value for values in parse_qs(query).values() for value in values]
    for said in (*re.split("[/;=]", path), *asked):
        if found := DOCKETED.fullmatch(said):
            return f"{DOCKET}{found['docket'].upper()}"
    return ""
