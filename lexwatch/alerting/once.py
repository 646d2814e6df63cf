"""What takes long and many ask for, made once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

_Made = TypeVar("_Made")


class Once:
    """What is made once, by name, an error too: whatever ails it ails it for everybody."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Any] = {}
        self._errors: dict[Hashable, Exception] = {}

    def get(self, name: Hashable, make: Callable[[], _Made]) -> _Made:
        if name in self._errors:
            raise self._errors[name]
        if name not in self._made:
            try:
                self._made[name] = make()
            except Exception as error:
                self._errors[name] = error
                raise
        made: _Made = self._made[name]
        return made
