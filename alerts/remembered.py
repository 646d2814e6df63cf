"""What is worked out of a thing once, however many readers are told of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import ref

Given = TypeVar("Given")
Found = TypeVar("Found")


def remembered(work: Callable[[Given], Found]) -> Callable[[Given], Found]:
    """`work`, whose answer for one object is kept for as long as that object lives.

    Objects are told apart by identity: a change that is looked up anew may know more than before.
    What is handed in must never be altered, nor must the answer.
    """
    known: dict[int, tuple[ref[Given], Found]] = {}

    @wraps(work)
    def found(given: Given) -> Found:
        number = id(given)
        held = known.get(number)
        if held and held[0]() is given:
            return held[1]

        def forget(gone: ref[Given]) -> None:
            if known.get(number, (None,))[0] is gone:  # the number may be another's by now
                del known[number]

        answer = work(given)
        known[number] = (ref(given, forget), answer)
        return answer

    return found
