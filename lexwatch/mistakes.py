"""What is wrong with a settings file, in words: the key, the value, and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel

# A run's errors end up in logs: what is a reader's own, or holds a password, is not repeated.
_UNSAID = frozenset({"words", "meaning", "matter", "note", "url"})
# What pydantic's kinds of error allow, in words; it fills in what stands in braces.
_ALLOWED = {
    "string_type": "words in quotation marks",
    "string_too_short": "words, at least one",
    "string_too_long": "at most {max_length} signs",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "{ge:g} or more",
    "less_than": "less than {lt:g}",
    "less_than_equal": "{le:g} or less",
    "list_type": 'a list in square brackets, such as ["asylum", "h1b"]',
    "tuple_type": "a list in square brackets",
    "too_short": "words, at least one",
    "too_long": "at most {max_length} entries",
    "date_type": "a day such as 2018-12-22",
    "date_parsing": "a day such as 2018-12-22",
    "date_from_datetime_parsing": "a day such as 2018-12-22",
    "dict_type": "a table of its own, headed by its name in square brackets",
    "model_type": "a table of its own, headed by its name in square brackets",
}
_LONGEST = 200  # characters of a name or a value that is repeated
_TABLE = ("subscriptions", 0)  # what stands before a setting of one
_NAME = "[key]"  # how pydantic marks that the name itself is wrong
_TABLES = "tables that are each headed [[subscriptions]], in two pairs of brackets"


def explain(problem: Mapping[str, Any], given: Mapping[str, Any], shape: type[BaseModel]) -> str:
    """One problem that pydantic found in what was `given` for `shape`."""
    place = [str(part) for part in problem["loc"]]
    key = _whose(problem["loc"], given) + _setting(problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"{key}: unknown setting{near(place[-1], _keys(place[:-1], shape), 'Allowed here')}"
    if problem["type"] == "missing":
        return f"{key}: missing, and needed"
    wanted = _TABLES if place == ["subscriptions"] else allowed(problem)
    if _UNSAID.isdisjoint(place) and not isinstance(problem["input"], Mapping):  # may hold such
        key += f" = {_shortened(repr(problem['input']))}"
    return f"{key}: allowed is {wanted}"


def allowed(problem: Mapping[str, Any]) -> str:
    """What is allowed in place of what pydantic found wrong."""
    context = problem.get("ctx", {})
    if said := context.get("error"):
        return str(said)
    if words := _ALLOWED.get(problem["type"]):
        return words.format(**context)
    return str(problem["msg"]).removeprefix("Input should be ")


def near(name: str, known: Iterable[str], lead: str = "There are") -> str:
    """The end of a sentence that names what there is not: what was meant, and all that there is."""
    from rapidfuzz import process  # noqa: PLC0415 - settings without a slip need none

    names = list(known)
    found = process.extractOne(name, names, score_cutoff=60)
    hint = f"; did you mean {found[0]}?" if found else "."
    return f"{hint} {lead}: {', '.join(names)}"


def _whose(place: Sequence[str | int], given: Mapping[str, Any]) -> str:
    """Whose subscription a place lies in, since nobody counts tables from 0."""
    if place[0] != "subscriptions" or len(place) < 2:
        return ""
    number = int(place[1])
    table = f"table {number + 1} under [[subscriptions]]"
    try:
        reader = given["subscriptions"][number]["reader"]
    except (KeyError, TypeError):
        reader = ""
    whose = f"the subscription of {reader} ({table})" if reader else table
    return f"{whose}: " if len(place) > len(_TABLE) else whose


def _setting(place: Sequence[str | int]) -> str:
    """A setting as the file has it, and which entry of it, counted from 1; of a subscription
    without its table."""
    within = place[len(_TABLE) :] if place[0] == _TABLE[0] and len(place) > 1 else place
    names = ".".join(_shortened(part) for part in within if isinstance(part, str) and part != _NAME)
    entries = [f"entry {part + 1}" for part in within if isinstance(part, int)]
    return ", ".join([*filter(None, [names]), *entries, *(["its name"] if _NAME in place else [])])


def _shortened(said: str) -> str:
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _keys(place: Iterable[str], shape: type[BaseModel]) -> list[str]:
    """The settings allowed in a section, named by its path."""
    within: Any = shape
    for part in place:
        if isinstance(within, type) and issubclass(within, BaseModel):
            within = within.model_fields[part].annotation
        else:  # of a table or a list of sections, each under a name or number of its own
            within = get_args(within)[-1]
    return list(within.model_fields)
