"""The Federal Register's document interface (API v1), answered from documents of our own."""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

HOST = "www.federalregister.gov"
SEARCH = "/api/v1/documents"
CONTENT_TYPE = "application/json; charset=utf-8"
PER_PAGE = 20
MOST_PER_PAGE = 1_000
MOST_PAGES = 50
MOST_COUNTED = 10_000
TYPES = {
    "RULE": "Rule",
    "PRORULE": "Proposed Rule",
    "NOTICE": "Notice",
    "PRESDOCU": "Presidential Document",
}
# fmt: off - one name a line would fill a page
DEFAULT_FIELDS = (
    "title",
    "type",
    "abstract",
    "document_number",
    "html_url",
    "pdf_url",
    "public_inspection_pdf_url",
    "publication_date",
    "agencies",
    "excerpts",
)
FIELDS = frozenset(DEFAULT_FIELDS) | {
    "action",
    "agency_names",
    "body_html_url",
    "cfr_references",
    "citation",
    "comment_url",
    "comments_close_on",
    "correction_of",
    "corrections",
    "dates",
    "disposition_notes",
    "docket_id",
    "docket_ids",
    "dockets",
    "effective_on",
    "end_page",
    "executive_order_notes",
    "executive_order_number",
    "full_text_xml_url",
    "images",
    "images_metadata",
    "json_url",
    "mods_url",
    "not_received_for_publication",
    "page_length",
    "page_views",
    "president",
    "presidential_document_number",
    "proclamation_number",
    "raw_text_url",
    "regulation_id_number_info",
    "regulation_id_numbers",
    "regulations_dot_gov_info",
    "regulations_dot_gov_url",
    "significant",
    "signing_date",
    "start_page",
    "subtype",
    "toc_doc",
    "toc_subject",
    "topics",
    "volume",
}
# fmt: on
ONLY_IN_LISTS = {"excerpts"}

Json = Mapping[str, Any]
Pairs = Sequence[tuple[str, str]]
Parts = Mapping[str, list[str]]  # {"gte": ["2026-01-01"]}; "" for a condition without parts
Test = Callable[[Json], bool]

_CONDITION = re.compile(r"conditions\[(\w+)\](?:\[(\w*)\])?")


class Simulator:
    """Answers the questions a client may put to `/api/v1/documents`, with the interface's limits.

    Page and page size out of range are silently reset, counts saturate, the next page's address is
    absent on the last page, and nothing found means no `results` at all. Relevance, the default
    order, is newest first here; the wording of error messages is ours.
    """

    def __init__(self, documents: Iterable[Json]) -> None:
        """`documents` are single-document answers, with `excerpts` where a list should show any."""
        self._documents = sorted(documents, key=_standing, reverse=True)

    @staticmethod
    def answers(path: str) -> bool:
        return re.fullmatch(rf"{SEARCH}(\.json|/[\w-]+(\.json)?)?", path) is not None

    def answer(self, path: str, query: str) -> tuple[int, str, bytes]:
        """Give status, content type and body for a path that `answers` and its query string."""
        asked = parse_qsl(query, keep_blank_values=True)
        number = path.removeprefix(SEARCH).removesuffix(".json").strip("/")
        try:
            status, said = 200, self._one(number, asked) if number else self._list(asked)
        except LookupError as error:
            status, said = 404, {"status": 404, "message": str(error.args[0])}
        except _Refused as error:
            status, said = 400, error.said
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        return status, CONTENT_TYPE, body

    def _one(self, number: str, asked: Pairs) -> Json:
        wanted = dict(asked).get("publication_date")
        for document in self._documents:
            published = document["publication_date"]
            if document["document_number"] == number and wanted in (None, published):
                every = [name for name in document if name in FIELDS - ONLY_IN_LISTS]
                return _show(document, _fields(asked) or every)
        raise LookupError("Record Not Found")

    def _list(self, asked: Pairs) -> Json:
        conditions = _conditions(asked)
        fields = _fields(asked) or DEFAULT_FIELDS
        tests = _tests(conditions)
        found = [each for each in self._documents if all(test(each) for test in tests)]
        said: dict[str, Any] = {
            "description": _description(conditions),
            "count": min(len(found), MOST_COUNTED),
        }
        if not found:
            return said
        order, page, per_page = _paging(asked)
        if order == "oldest":
            found.reverse()
        said["total_pages"] = min(MOST_PAGES, math.ceil(said["count"] / per_page))
        shown = _page(found, dict(asked).get("search_after_cursor"), page, per_page)
        if page < said["total_pages"]:
            said["next_page_url"] = _next(asked, order, page, shown[-1])
        said["results"] = [_show(document, fields) for document in shown]
        return said


class _Refused(Exception):
    """The question is malformed; carries the answer that says so."""

    def __init__(self, said: Json) -> None:
        super().__init__(said)
        self.said = said


def _fields(asked: Pairs) -> list[str]:
    fields = [value for name, value in asked if name == "fields[]"]
    if unknown := sorted(set(fields) - FIELDS):
        raise _Refused({"errors": {"fields": f"unknown: {', '.join(unknown)}"}})
    return fields


def _show(document: Json, fields: Iterable[str]) -> Json:
    derived = {"agency_names": [agency["name"] for agency in document["agencies"]]}
    return {name: document.get(name, derived.get(name)) for name in fields}


def _conditions(asked: Pairs) -> Mapping[str, Parts]:
    conditions: dict[str, dict[str, list[str]]] = {}
    for name, value in asked:
        if found := _CONDITION.fullmatch(name):
            conditions.setdefault(found[1], {}).setdefault(found[2] or "", []).append(value)
    return conditions


def _tests(conditions: Mapping[str, Parts]) -> list[Test]:
    errors, tests = {}, []
    for name, parts in conditions.items():
        try:
            tests.append(_READERS[name](parts))
        except KeyError as error:
            errors[name] = f"is not a valid field or part: {error.args[0]}"
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise _Refused({"errors": errors})
    return tests


def _agencies(parts: Parts) -> Test:
    slugs = set(parts[""])
    return lambda document: any(agency["slug"] in slugs for agency in document["agencies"])


def _types(parts: Parts) -> Test:
    named = {TYPES[code] for code in parts[""]}
    return lambda document: document["type"] in named


def _dated(field: str) -> Callable[[Parts], Test]:
    bounds: Mapping[str, Callable[[date, date], bool]] = {
        "is": lambda on, bound: on == bound,
        "gte": lambda on, bound: on >= bound,
        "lte": lambda on, bound: on <= bound,
    }

    def read(parts: Parts) -> Test:
        tests = [(bounds[part], date.fromisoformat(values[-1])) for part, values in parts.items()]

        def test(document: Json) -> bool:
            if not (stated := document.get(field)):
                return False
            on = date.fromisoformat(stated)
            return all(holds(on, bound) for holds, bound in tests)

        return test

    return read


def _cfr(parts: Parts) -> Test:
    wanted = {part: int(values[-1]) for part, values in parts.items()}
    if unknown := set(wanted) - {"title", "part"}:
        raise KeyError(*unknown)

    def test(document: Json) -> bool:
        return any(
            all(str(reference[part]) == str(number) for part, number in wanted.items())
            for reference in document["cfr_references"]
        )

    return test


def _term(parts: Parts) -> Test:
    """Every word, and every phrase in quotes, stands in title, abstract or action."""
    quoted = re.findall(r'"([^"]+)"|(\S+)', parts[""][-1].casefold())
    wanted = [phrase or word for phrase, word in quoted]

    def test(document: Json) -> bool:
        text = " ".join(document.get(each) or "" for each in ("title", "abstract", "action"))
        return all(each in text.casefold() for each in wanted)

    return test


def _listed(field: str) -> Callable[[Parts], Test]:
    def read(parts: Parts) -> Test:
        wanted = parts[""][-1]
        return lambda document: wanted in (document.get(field) or ())

    return read


_READERS: Mapping[str, Callable[[Parts], Test]] = {
    "agencies": _agencies,
    "type": _types,
    "publication_date": _dated("publication_date"),
    "effective_date": _dated("effective_on"),
    "cfr": _cfr,
    "term": _term,
    "docket_id": _listed("docket_ids"),
    "regulation_id_number": _listed("regulation_id_numbers"),
}


def _description(conditions: Mapping[str, Parts]) -> str:
    """Say in words what was asked, as the interface does: published dates last."""
    clauses = []
    for name, parts in conditions.items():
        values = ", ".join(value for each in parts.values() for value in each)
        match name:
            case "term":
                clauses.append(f"matching '{values}'")
            case "agencies":
                clauses.append(f"from {values}")
            case "publication_date":
                clauses.append(f"published {_period(parts)}")
            case _:
                clauses.append(f"with {name.replace('_', ' ')} {values}")
    return " and ".join(["Documents " + clauses[0], *clauses[1:]]) if clauses else "All Documents"


def _period(parts: Parts) -> str:
    words = {"is": "on", "gte": "from", "lte": "to"}
    said = {part: f"{date.fromisoformat(values[-1]):%m/%d/%Y}" for part, values in parts.items()}
    return " ".join(f"{word} {said[part]}" for part, word in words.items() if part in said)


def _paging(asked: Pairs) -> tuple[str, int, int]:
    options = dict(asked)
    page = _whole(options.get("page")) or 1
    per_page = _whole(options.get("per_page")) or PER_PAGE
    return (
        options.get("order", "relevance"),
        page if page <= MOST_PAGES else 1,
        per_page if per_page <= MOST_PER_PAGE else PER_PAGE,
    )


def _whole(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdecimal() else 0


def _page(found: list[Json], cursor: str | None, page: int, per_page: int) -> list[Json]:
    start = (page - 1) * per_page
    if cursor is not None:
        after = [_cursor(document) for document in found]
        if cursor not in after:
            raise _Refused({"status": 400, "message": "Invalid search_after_cursor token"})
        start = after.index(cursor) + 1
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


def _standing(document: Json) -> tuple[str, str]:
    return document["publication_date"], document["document_number"]
