"""Court orders entered by hand, on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.padding import Padding
from rich.text import Text

from alerts.untrusted import plain
from alerts.wording import calendar, happened
from lexwatch.output.show import console
from pipeline.model import Change
from pipeline.orders import BY_HAND, Order, evidence


def orders(held: Sequence[Order]) -> None:
    """The orders: what each does to what, and what was taken back."""
    if not held:
        console.print("No court order was entered. `lexwatch note-order --help` says how.")
    for order in held:
        console.print()
        title = Text.assemble(
            (plain(order.caption or "Court order"), "bold"), f", {order.citation}"
        )
        console.print(title, soft_wrap=True)
        console.print(Text(f"{order.document.name}, {BY_HAND}", style="dim"), soft_wrap=True)
        for act in order.acts:
            said = f"{act.does} {act.called} [{act.document}]: "
            said += "; ".join(evidence(order, act)[1:])
            console.print(Padding(Text(plain(said)), (0, 3)))
        for each in order.retracted:
            said = f"withdrawn by the office on {calendar(each.on)}: {each.does} {each.called}"
            console.print(Padding(Text(plain(said), style="dim"), (0, 3)))


def entered(order: Order, change: Change | None, titles: Mapping[str, str]) -> None:
    """What came of an entry, and whose digests will have it."""
    orders([order])
    if change is None:
        console.print("Held already in these words: nothing changed.")
        return
    about = ", ".join(titles.get(tag.topic, tag.topic) for tag in change.tags)
    whom = f"who follow {about}" if about else "who follow every topic: it was tagged with none"
    console.print(f"{happened(change)}. The next digest tells it to those {whom}.")
