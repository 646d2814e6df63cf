"""The command by which a court's order is taken down."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from lexwatch.app import App
from lexwatch.options import AsJson, calendar_day
from lexwatch.turns import Turn
from pipeline.orders import Does, Scope

if TYPE_CHECKING:
    from lexwatch.orders import Said

Day = Annotated[
    date | None,
    typer.Option("--date", parser=calendar_day, metavar="DAY", help="The day of the order."),
]
End = Annotated[
    date | None,
    typer.Option("--until", parser=calendar_day, metavar="DAY", help="When it ends, if it says."),
]


def note_order(
    context: typer.Context,
    document: Annotated[
        list[str] | None, typer.Option(help="What it acts on, as `show` takes it; repeatable.")
    ] = None,
    court: Annotated[str, typer.Option(help="For example N.D. Cal.")] = "",
    docket: Annotated[str, typer.Option(help="For example 3:25-cv-01234.")] = "",
    decided: Day = None,
    does: Annotated[Does | None, typer.Option(help="What it does to the document.")] = None,
    scope: Annotated[Scope | None, typer.Option(help="Whom it protects.")] = None,
    scope_words: Annotated[str, typer.Option(help="The scope in words.")] = "",
    part: Annotated[str, typer.Option(help="What of the document, as 8 CFR 208.13(b).")] = "",
    until: End = None,
    source: Annotated[str, typer.Option(help="Where you read it: an address, or words.")] = "",
    quote: Annotated[str, typer.Option(help="The order's own words.")] = "",
    judge: Annotated[str, typer.Option(help="Who signed it.")] = "",
    caption: Annotated[str, typer.Option(help="For example Doe v. Roe.")] = "",
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Take a wrong entry back; its history stays.")
    ] = False,
    listed: Annotated[bool, typer.Option("--list", help="Show what was entered.")] = False,
    as_json: AsJson = False,
) -> None:
    """Enter a court's order by hand: what it does to a document that is held.

    It is kept, found, told in the next digest, and shown beside the document, always as entered by
    hand. Entered again with other words it replaces what stood there; its history stays.

    Example: `lexwatch note-order --list`
    """
    from lexwatch import orders

    app: App = context.obj
    if listed:
        _list(app, as_json=as_json)
        return
    said = orders.Said(
        documents=tuple(document or ()),
        court=court,
        docket=docket,
        decided=decided,
        does=does,
        scope=scope,
        scope_words=scope_words,
        part=part,
        until=until,
        source=source,
        quote=quote,
        judge=judge,
        caption=caption,
    )
    _enter(app, said, withdraw=withdraw, as_json=as_json)


def _list(app: App, *, as_json: bool) -> None:
    from index.orders import every
    from lexwatch.output import entries, rows

    held = every(app.database)
    if as_json:
        rows.print_json([rows.order_row(order) for order in held])
    else:
        entries.orders(held)


def _enter(app: App, said: Said, *, withdraw: bool, as_json: bool) -> None:
    from lexwatch import jobs, orders
    from lexwatch.output import entries, rows
    from lexwatch.output.progress import working

    with working() as progress:
        with app.turn(Turn.NOTING):
            entered = orders.withdraw(app, said) if withdraw else orders.enter(app, said)
        # Before the index: whatever ails the model or Chroma, the entry is held and said to be.
        if as_json:
            change = entered.change and rows.change_row(entered.change)
            rows.print_json({"order": rows.order_row(entered.order), "change": change})
        else:
            entries.entered(entered.order, entered.change, app.taxonomy.titles)
        jobs.index(app, progress)
