"""What a question to the Federal Register's interface wants, as tests a document passes or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from crawlers.simulated.terms import search

TYPES = {
    "RULE": "Rule",
    "PRORULE": "Proposed Rule",
    "NOTICE": "Notice",
    "PRESDOCU": "Presidential Document",
}
SAID = "_said"  # where the simulator keeps a document's words, in lower case

Json = Mapping[str, Any]
Pairs = Sequence[tuple[str, str]]
Parts = Mapping[str, list[str]]  # {"gte": ["2026-01-01"]}; "" for a condition without parts
Test = Callable[[Json], bool]

_CONDITION = re.compile(r"conditions\[(\w+)\](?:\[(\w*)\])?")


class Refused(Exception):
    """The question is malformed; carries the answer that says so."""

    def __init__(self, said: Json) -> None:
        super().__init__(said)
        self.said = said


def conditions(asked: Pairs) -> Mapping[str, Parts]:
    """Sort a query's pairs by the condition they belong to."""
    found: dict[str, dict[str, list[str]]] = {}
    for name, value in asked:
        if match := _CONDITION.fullmatch(name):
            found.setdefault(match[1], {}).setdefault(match[2] or "", []).append(value)
    return found


def tests(wanted: Mapping[str, Parts]) -> list[Test]:
    """Read every condition. Raises `Refused` with one message for each that is malformed."""
    errors, found = {}, []
    for name, parts in wanted.items():
        try:
            found.append(_READERS[name](parts))
        except KeyError as error:
            errors[name] = f"is not a valid field or part: {error.args[0]}"
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise Refused({"errors": errors})
    return found


def period(parts: Parts) -> tuple[str, str]:
    """The first and the last day that a condition on dates lets pass, as ISO dates."""
    days = {part: values[-1] for part, values in parts.items()}
    first, last = days.get("gte", ""), days.get("lte", "9999")
    return max(first, days.get("is", first)), min(last, days.get("is", last))


def description(wanted: Mapping[str, Parts]) -> str:
    """Say in words what was asked, as the interface does: published dates last."""
    clauses = []
    for name, parts in wanted.items():
        values = ", ".join(value for each in parts.values() for value in each)
        match name:
            case "term":
                clauses.append(f"matching '{values}'")
            case "agencies":
                clauses.append(f"from {values}")
            case "publication_date":
                clauses.append(f"published {_span(parts)}")
            case _:
                clauses.append(f"with {name.replace('_', ' ')} {values}")
    return " and ".join(["Documents " + clauses[0], *clauses[1:]]) if clauses else "All Documents"


def _span(parts: Parts) -> str:
    words = {"is": "on", "gte": "from", "lte": "to"}
    said = {part: f"{date.fromisoformat(values[-1]):%m/%d/%Y}" for part, values in parts.items()}
    return " ".join(f"{word} {said[part]}" for part, word in words.items() if part in said)


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
        known = [(bounds[part], date.fromisoformat(values[-1])) for part, values in parts.items()]

        def test(document: Json) -> bool:
            if not (stated := document.get(field)):
                return False
            on = date.fromisoformat(stated)
            return all(holds(on, bound) for holds, bound in known)

        return test

    return read


def _cfr(parts: Parts) -> Test:
    if unknown := set(parts) - {"title", "part"}:
        raise KeyError(*unknown)
    if "title" not in parts:
        raise ValueError("the part requires the CFR title")
    title = str(int(parts["title"][-1]))
    first, last = _range(parts["part"][-1]) if "part" in parts else (0, 0)

    def test(document: Json) -> bool:
        return any(
            str(reference["title"]) == title
            and (not last or any(first <= number <= last for number in _numbers(reference)))
            for reference in document["cfr_references"]
        )

    return test


def _range(written: str) -> tuple[int, int]:
    """Read a part ("17") or a range of parts with both its ends ("1-50")."""
    first, _, last = written.partition("-")
    return int(first), int(last or first)


def _numbers(reference: Json) -> Iterator[int]:
    part = str(reference["part"])
    if part.isdecimal():
        yield int(part)


def _term(parts: Parts) -> Test:
    wanted = search(parts[""][-1])
    return lambda document: wanted(document[SAID])


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
