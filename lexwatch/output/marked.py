"""A redline in lines for a terminal, and what was left out of it as noise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from alerts.redline import Line, Mark
from alerts.wording import counted, ruled
from pipeline.weight import RULES

_STYLES = {Mark.KEPT: "", Mark.DELETED: "red strike", Mark.INSERTED: "green underline"}


def lines(redline: Sequence[Line], most: int | None) -> Iterator[RenderableType]:
    """The first `most` lines, each below its place; then the rules that make some of them mere
    wording, and how many more lines there are."""
    shown = redline[:most]
    for line in shown:
        if place := ", ".join(filter(None, (line.place, line.note, ruled(line.rule)))):
            yield Text(place, style="italic dim")
        yield Padding(_pieces(line), (0, 3))
    for rule in dict.fromkeys(line.rule for line in shown):
        yield from _why(rule)
    if left := len(redline) - len(shown):
        yield Text(f"{counted(left, 'more edit')}: `lexwatch changes --full` shows all")


def ignored(redline: Sequence[Line]) -> Iterator[RenderableType]:
    """Each edit left out as noise, below the rule that explains it and why that is no change."""
    for rule in dict.fromkeys(line.rule for line in redline):
        of = [line for line in redline if line.rule == rule]
        yield Text(f"Left out as noise, by the rule “{_spelled(rule)}” ×{len(of)}:", style="dim")
        yield from _why(rule)
        for line in of:
            place = ", ".join(filter(None, (line.place, line.note)))
            if place:
                yield Text(place, style="italic dim")
            yield Padding(_pieces(line), (0, 3))


def _why(rule: str) -> Iterator[Text]:
    if rule in RULES:
        yield Text(f"The rule “{_spelled(rule)}”: {RULES[rule].why}", style="dim")


def _spelled(rule: str) -> str:
    return rule.replace("-", " ")


def _pieces(line: Line) -> Text:
    pieces = Text()
    for piece in line.pieces:
        # The signs say what colour says, for whoever sees or prints none.
        said = {Mark.DELETED: f"[-{piece.text}-]", Mark.INSERTED: f"{{+{piece.text}+}}"}
        pieces.append(said.get(piece.mark, piece.text), style=_STYLES[piece.mark])
    return pieces
