"""The terminal: apart from what is shown on it, so that a short answer is a quick one."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text

console = Console(highlight=False)


def lines(said: Iterable[RenderableType]) -> None:
    """Lines as they are; what is set in is wrapped, never cut."""
    for line in said:
        console.print(line, soft_wrap=isinstance(line, Text))


def waiting(words: str) -> AbstractContextManager[object]:
    """Say what is waited for, as long as it lasts, to whoever looks on; never into a file."""
    if not sys.stderr.isatty():
        return nullcontext()
    return Console(stderr=True).status(f"{words} …")


def print_json(value: Any) -> None:
    """Print a value as JSON and nothing else."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))
