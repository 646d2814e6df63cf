"""The Federal Register's document interface (API v1), answered from documents of our own."""

from __future__ import annotations

import base64
import json
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from crawlers.simulated.conditions import (
    SAID,
    Json,
    Pairs,
    Parts,
    Refused,
    conditions,
    description,
    period,
    tests,
)
from crawlers.simulated.fields import DEFAULT_FIELDS, FIELDS, ONLY_IN_LISTS

HOST = "www.federalregister.gov"
SEARCH = "/api/v1/documents"
INSPECTION = "/api/v1/public-inspection-documents"
CONTENT_TYPES = {
    "json": "application/json; charset=utf-8",
    "xml": "text/xml",
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
PER_PAGE = 20
MOST_PER_PAGE = 1_000
MOST_PAGES = 50
MOST_COUNTED = 10_000
NOT_FOUND = {"status": 404, "message": "Record Not Found"}

_QUESTION = re.compile(
    rf"{SEARCH}(\.json|/[\w-]+(\.json)?)?|{INSPECTION.replace('-', '[-_]')}/[\w-]+(\.json)?"
)


class Simulator:
    """Answers the questions a client may put to the interface, with the interface's limits.

    Page and page size out of range are silently reset, counts saturate, the next page's address is
    absent on the last page, and nothing found means no `results` at all. Relevance, the default
    order, is newest first here; the wording of error messages is ours. Words are sought in title,
    abstract, action and the XML given; the publisher seeks them in the full text.
    """

    def __init__(
        self,
        documents: Iterable[Json],
        *,
        texts: Mapping[str, bytes] | None = None,
        filings: Iterable[Json] = (),
        most_per_page: int = MOST_PER_PAGE,
    ) -> None:
        """`documents` are single-document answers, with `excerpts` where a list should show any;
        `texts` are full texts by the path of their address, ending in xml, html or txt; `filings`
        are what is on public inspection now."""
        self._texts = texts or {}
        spoken = ({**each, SAID: self._said(each)} for each in documents)
        self._documents = sorted(spoken, key=_standing)
        self._days = [each["publication_date"] for each in self._documents]
        self._numbered: dict[str, list[Json]] = {}
        for each in self._documents:
            self._numbered.setdefault(each["document_number"], []).append(each)
        self._filings = list(filings)
        self._most_per_page = most_per_page

    def answers(self, path: str) -> bool:
        """Whether a path is one of the interface's, or a full text that was given."""
        return _QUESTION.fullmatch(path) is not None or path in self._texts

    def answer(self, path: str, query: str) -> tuple[int, str, bytes]:
        """Give status, content type and body for a path that `answers` and its query string."""
        if path in self._texts:
            return 200, CONTENT_TYPES[path.rpartition(".")[2]], self._texts[path]
        asked = parse_qsl(query, keep_blank_values=True)
        try:
            status, said = 200, self._find(path.removesuffix(".json"), asked)
        except LookupError:
            status, said = 404, NOT_FOUND
        except Refused as error:
            status, said = 400, error.said
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        return status, CONTENT_TYPES["json"], body

    def _find(self, path: str, asked: Pairs) -> Json:
        if path == SEARCH:
            return self._list(asked)
        name = path.rpartition("/")[2]
        if path.startswith(SEARCH):
            return self._one(name, asked)
        return self._current() if name == "current" else self._filing(name)

    def _one(self, number: str, asked: Pairs) -> Json:
        wanted = dict(asked).get("publication_date")
        for document in reversed(self._numbered[number]):
            if wanted in (None, document["publication_date"]):
                every = [name for name in document if name in FIELDS - ONLY_IN_LISTS]
                return _show(document, _fields(asked) or every)
        raise LookupError(number)

    def _list(self, asked: Pairs) -> Json:
        wanted = conditions(asked)
        fields = _fields(asked) or DEFAULT_FIELDS
        found = self._matching(wanted)
        said: dict[str, Any] = {
            "description": description(wanted),
            "count": min(len(found), MOST_COUNTED),
        }
        if not found:
            return said
        order, page, per_page = self._paging(asked)
        if order != "oldest":
            found.reverse()
        said["total_pages"] = min(MOST_PAGES, math.ceil(said["count"] / per_page))
        shown = _page(found, dict(asked).get("search_after_cursor"), page, per_page)
        if page < said["total_pages"] and shown:
            said["next_page_url"] = _next(asked, order, page, shown[-1])
        said["results"] = [_show(document, fields) for document in shown]
        return said

    def _matching(self, wanted: Mapping[str, Parts]) -> list[Json]:
        """Oldest first."""
        passed = tests(wanted)
        first, last = period(wanted.get("publication_date", {}))
        between = slice(bisect_left(self._days, first), bisect_right(self._days, last))
        return [each for each in self._documents[between] if all(test(each) for test in passed)]

    def _paging(self, asked: Pairs) -> tuple[str, int, int]:
        options = dict(asked)
        page = _whole(options.get("page")) or 1
        per_page = _whole(options.get("per_page")) or PER_PAGE
        return (
            options.get("order", "relevance"),
            page if page <= MOST_PAGES else 1,
            per_page if per_page <= self._most_per_page else PER_PAGE,
        )

    def _current(self) -> Json:
        updated = {
            f"{sort}_filings_updated_at": max(
                (each["filed_at"] for each in self._filings if each["filing_type"] == sort),
                default=None,
            )
            for sort in ("special", "regular")
        }
        results = [_public(each) for each in self._filings]
        return {"count": len(self._filings), "results": results, **updated}

    def _filing(self, number: str) -> Json:
        for each in self._filings:
            if each["document_number"] == number:
                return _public(each)
        raise LookupError(number)

    def _said(self, document: Json) -> str:
        words = [document.get(name) or "" for name in ("title", "abstract", "action")]
        address = document.get("full_text_xml_url") or ""
        xml = self._texts.get(address.partition(HOST)[2], b"")
        printed = re.sub(r"<[^>]*>", " ", xml.decode("utf-8", errors="replace"))
        return " ".join([*words, *printed.split()]).casefold()


def _public(given: Json) -> Json:
    return {name: value for name, value in given.items() if not name.startswith("_")}


def _fields(asked: Pairs) -> list[str]:
    fields = [value for name, value in asked if name == "fields[]"]
    if unknown := sorted(set(fields) - FIELDS):
        raise Refused({"errors": {"fields": f"unknown: {', '.join(unknown)}"}})
    return fields


def _show(document: Json, fields: Iterable[str]) -> Json:
    derived = {"agency_names": [agency["name"] for agency in document["agencies"]]}
    return {name: document.get(name, derived.get(name)) for name in fields}


def _whole(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdecimal() else 0


def _page(found: list[Json], cursor: str | None, page: int, per_page: int) -> list[Json]:
    start = (page - 1) * per_page
    if cursor is not None:
        last = _pointed(cursor)
        standing = [_standing(document) for document in found]
        if last not in standing:
            raise Refused({"status": 400, "message": "Invalid search_after_cursor token"})
        start = standing.index(last) + 1
    return found[start : start + per_page]


def _next(asked: Pairs, order: str, page: int, last: Json) -> str:
    renewed = ("page", "search_after_cursor", "format")
    query = [pair for pair in asked if pair[0] not in renewed]
    query += [("format", "json"), ("page", str(page + 1))]
    if order in ("newest", "oldest"):
        query.append(("search_after_cursor", _cursor(last)))
    return f"https://{HOST}{SEARCH}?{urlencode(sorted(query))}"


def _cursor(document: Json) -> str:
    published, number = _standing(document)
    at = datetime.combine(date.fromisoformat(published), datetime.min.time(), UTC)
    token = json.dumps([int(at.timestamp() * 1000), number], separators=(",", ":"))
    return base64.urlsafe_b64encode(token.encode()).decode().rstrip("=")


def _pointed(cursor: str) -> tuple[str, str] | None:
    """The standing of the document that a cursor names; None for one that names none."""
    try:
        milliseconds, number = json.loads(base64.urlsafe_b64decode(f"{cursor}==="))
        return datetime.fromtimestamp(milliseconds / 1000, UTC).date().isoformat(), number
    except (ValueError, TypeError, OverflowError):
        return None


def _standing(document: Json) -> tuple[str, str]:
    return document["publication_date"], document["document_number"]
