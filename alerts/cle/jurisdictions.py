"""What boards of continuing legal education ask, as jurisdictions.toml and an office's file say."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationError

from pipeline.errors import LexwatchError, SettingsError

_PACKAGED = "jurisdictions.toml"
_Hours = Annotated[Decimal, Field(gt=0, le=10)]
_Minutes = Annotated[int, Field(gt=0, le=600)]
_Words = Annotated[str, Field(min_length=1)]


class Rule(BaseModel, frozen=True, extra="forbid"):
    """What an entry rests on: the rule, which text of it was `read` where and on which day, and
    what it is `about`."""

    rule: _Words
    url: str
    text: _Words
    read: date
    about: tuple[Literal["credit", "materials", "formats"], ...] = (
        "credit",
        "materials",
        "formats",
    )


class Profile(BaseModel, frozen=True, extra="forbid"):
    """How one board computes credit; jurisdictions.toml says what each key means. None: not found.

    `hour` and the other minutes are whole minutes, `increment` and `least` credit hours.
    """

    code: _Words
    name: _Words
    board: _Words
    check: str = ""
    approves: bool = True
    hour: Annotated[int, Field(ge=30, le=60)]
    increment: _Hours | None = None
    rounding: Literal["down", "nearest"] = "down"
    shortest: _Minutes | None = None
    least: _Hours | None = None
    introductions: bool | None = None
    questions: bool | None = None
    questions_per_hour: _Minutes | None = None
    break_after: _Minutes | None = None
    break_minutes: _Minutes = 10
    materials: str = ""
    formats: str = ""
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]


def profiles(own: str = "", named: str = "") -> Mapping[str, Profile]:
    """The profiles by code: the packaged ones, and those of an office's file laid over them.

    `own` is the text of that file and `named` its path, for messages. Raises `SettingsError` where
    it is no TOML, or a table says what no profile has.
    """
    packaged = files("alerts.cle").joinpath(_PACKAGED).read_text("utf-8")
    return _read(packaged, _PACKAGED) | (_read(own, named) if own else {})


def profile(asked: str, held: Mapping[str, Profile]) -> Profile | None:
    """The profile of a jurisdiction by its code or name; None where none is asked for. Raises
    `LexwatchError` where it is not held."""
    wanted = asked.strip().casefold()
    if not wanted:
        return None
    for each in held.values():
        if wanted in (each.code.casefold(), each.name.casefold()):
            return each
    names = ", ".join(f"{each.code} ({each.name})" for each in held.values())
    raise LexwatchError(
        f"how credit is computed in {asked!r} is not held; held are {names}. Leave --jurisdiction "
        "out, or write its rule into a file of your own and name it in the settings as [cle] "
        f"jurisdictions: a table [{asked.strip()}] with name, board, hour (50 or 60) and "
        f"[[{asked.strip()}.rules]] with rule, url, text and read, the day you read it"
    )


def _read(text: str, named: str) -> dict[str, Profile]:
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"cle.jurisdictions: {named} is no TOML: {error}") from error
    return {code: _profile(code, said, named) for code, said in sorted(tables.items())}


def _profile(code: str, said: object, named: str) -> Profile:
    try:
        return Profile.model_validate({"code": code, **said} if isinstance(said, dict) else said)
    except ValidationError as error:
        wrong = error.errors()[0]
        place = ".".join([code, *map(str, wrong["loc"])])
        raise SettingsError(
            f"cle.jurisdictions: {named}: {place}: {wrong['msg']}; "
            "alerts/cle/jurisdictions.toml says what each key means"
        ) from error
