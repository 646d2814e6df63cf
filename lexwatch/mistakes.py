"""What is wrong with a settings file, in words: the key, the value, and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel

# A run's errors end up in logs: what is a reader's own, or holds a password, is not repeated.
_UNSAID = frozenset({"words", "meaning", "matter", "note", "url"})


def explain(problem: Mapping[str, Any], given: Mapping[str, Any], shape: type[BaseModel]) -> str:
    """One problem that pydantic found in what was `given` for `shape`."""
    place = [str(part) for part in problem["loc"]]
    key = ".".join(place) + _whose(place, given)
    if problem["type"] == "extra_forbidden":
        return f"{key}: unknown setting{near(place[-1], _keys(place[:-1], shape), 'Allowed here')}"
    if problem["type"] == "missing":
        return f"{key}: missing, and needed"
    wanted = problem.get("ctx", {}).get("error") or problem["msg"].removeprefix("Input should be ")
    if _UNSAID.isdisjoint(place) and not isinstance(problem["input"], Mapping):  # may hold such
        key += f" = {problem['input']!r}"
    return f"{key}: allowed is {wanted}"


def near(name: str, known: Iterable[str], lead: str = "There are") -> str:
    """The end of a sentence that names what there is not: what was meant, and all that there is."""
    from rapidfuzz import process  # noqa: PLC0415 - settings without a slip need none

    names = list(known)
    found = process.extractOne(name, names, score_cutoff=60)
    hint = f"; did you mean {found[0]}?" if found else "."
    return f"{hint} {lead}: {', '.join(names)}"


def _whose(place: Sequence[str], given: Mapping[str, Any]) -> str:
    """Whose subscription a place lies in, since nobody counts tables from 0."""
    if place[0] != "subscriptions" or len(place) < 2:
        return ""
    table = f"table {int(place[1]) + 1} under [[subscriptions]]"
    try:
        reader = given["subscriptions"][int(place[1])]["reader"]
    except (KeyError, TypeError):
        return f" ({table})"
    return f" ({reader}, {table})"


def _keys(place: Iterable[str], shape: type[BaseModel]) -> list[str]:
    """The settings allowed in a section, named by its path."""
    within: Any = shape
    for part in place:
        if isinstance(within, type) and issubclass(within, BaseModel):
            within = within.model_fields[part].annotation
        else:  # of a table or a list of sections, each under a name or number of its own
            within = get_args(within)[-1]
    return list(within.model_fields)
