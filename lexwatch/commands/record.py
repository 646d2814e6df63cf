"""The command on the record one can show: verify."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lexwatch.app import App
from lexwatch.options import AsJson, Force, calendar_day
from pipeline.calendar import eastern
from pipeline.errors import SettingsError, StampError, StoreError

if TYPE_CHECKING:
    from index.custody import Stamp
    from index.moments import Seen
    from index.proof import Proof
    from lexwatch.output.recorded import Signed

ASK = "[record] time_stamp_authority is empty: name an authority's https address in the settings"


def verify(
    context: typer.Context,
    document: Annotated[
        str | None, typer.Argument(help="Show the record of this document's newest capture.")
    ] = None,
    version: Annotated[
        int | None, typer.Option(min=1, help="Of this version, counted from 1.")
    ] = None,
    seen_on: Annotated[
        date | None,
        typer.Option(
            parser=calendar_day, metavar="DAY", help="Of the capture that shows that day."
        ),
    ] = None,
    page: Annotated[int | None, typer.Option(min=1, help="Of the page of this number.")] = None,
    head: Annotated[
        bool, typer.Option("--head", help="Print the chain's head in one line, to be noted.")
    ] = False,
    against: Annotated[
        str, typer.Option(metavar="HEAD", help="Also that a head noted earlier is in the chain.")
    ] = "",
    stamp: Annotated[
        bool, typer.Option("--stamp", help="Have the head's digest signed by an authority.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Write the record to this file.")] = None,
    body: Annotated[Path | None, typer.Option(help="Write the body to this file.")] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Prove that nothing of what was captured was altered since, or show the record of a capture.

    Every link of the chain of captures is computed again, and the SHA-256 of every body. Exits 1
    where something does not hold, and says which capture. docs/record.md says what that proves.

    Example: `lexwatch verify "6 USCIS-PM F.5" --out record.txt`
    """
    app: App = context.obj
    asked = [document is not None or page is not None, head, stamp]
    if sum(asked) > 1 or (document is not None and page is not None):
        raise SettingsError("give one of DOCUMENT, --page, --head and --stamp")
    if not asked[0] and (out or body or version):
        raise SettingsError("--out, --body and --version are of a record: name a document")
    if seen_on and (document is None or version):
        raise SettingsError("--seen-on is of a document, and goes without --version")
    if head:
        _head(app, as_json=as_json)
    elif stamp:
        _stamp(app, as_json=as_json)
    elif asked[0]:
        seen = _seen(app, document, seen_on)
        page = seen.capture.page if seen and seen.capture else _page(app, document, version, page)
        _record(app, page, seen, (out, body), force, as_json=as_json)
    else:
        _prove(app, against, as_json=as_json)


def _head(app: App, *, as_json: bool) -> None:
    from index import custody
    from lexwatch.output.terminal import print_json

    with app.database.read() as connection:
        newest = custody.head(connection)
    if as_json:
        print_json({"head": str(newest), "number": newest.number, "digest": newest.digest})
    else:
        typer.echo(str(newest))


def _stamp(app: App, *, as_json: bool) -> None:
    from index import custody
    from lexwatch.output.terminal import print_json
    from lexwatch.record import stamping

    authority = app.settings.record.time_stamp_authority
    if not authority:
        raise SettingsError(ASK)
    by = stamping.trusted(app.settings.certificates_file)
    with app.database.read() as connection:
        newest = custody.head(connection)
        found = custody.links(connection, newest.number, newest.number)
    if not found or found[0].capture.digest != newest.digest:
        raise StampError("the newest capture does not hold, or there is none: `lexwatch verify`")
    given = stamping.ask(authority, found[0].capture, by)
    custody.stamp(app.database, given)
    if as_json:
        print_json({"head": str(newest), "at": given.stamped_at, "signature_checked": bool(by)})
        return
    checked = "its signature holds" if by else "who signed it was not checked: see config.toml"
    typer.echo(
        f"{authority} signed the head {newest} at {given.stamped_at:%Y-%m-%d %H:%M:%S} UTC; "
        f"{checked}. Nothing but that digest was sent."
    )


def _page(app: App, document: str | None, version: int | None, page: int | None) -> int:
    from index.lookup import look_up

    if document is None:
        assert page is not None  # noqa: S101 - one of them was given
        return page
    return look_up(app.database, document, version).held.page


def _seen(app: App, document: str | None, day: date | None) -> Seen | None:
    """What the site showed on a day. Raises `NotHeld` where that was no text."""
    if document is None or day is None:
        return None
    from index import moments

    today = eastern(app.clock())
    moments.text_on(app.database, document, day, today)
    return moments.seen_on(app.database, document, day, today)


def _record(
    app: App,
    page: int,
    seen: Seen | None,
    files: tuple[Path | None, Path | None],
    force: bool,
    *,
    as_json: bool,
) -> None:
    import json

    from index import archive, proof
    from lexwatch.output import recorded, timeline
    from lexwatch.output.exported import save

    found = proof.record(app.database, page)
    stamps, is_checked = _checked(app, found.stamps)
    at = app.clock()
    if as_json:
        row = recorded.record_row(found, stamps, at, is_checked=is_checked)
        if seen:
            row = {"seen_on": timeline.seen_row(seen), **row}
        said = json.dumps(row, ensure_ascii=False, indent=2, default=str)
    else:
        lines = [*recorded.record_lines(found, stamps, at, is_checked=is_checked)]
        if seen:
            lines = [*timeline.asked(seen), "", *lines]
        said = "\n".join(lines)
    out, body = files
    if body is not None:
        with app.database.read() as connection:
            save(body, archive.served(connection, page), force=force)
        typer.echo(f"Body written to {body}", err=True)
    if out is not None:
        save(out, f"{said}\n".encode(), force=force)
        typer.echo(f"Record written to {out}", err=True)
    else:
        typer.echo(said)
    if found.discrepancies or any(stamps.values()):
        raise typer.Exit(1)


def _prove(app: App, against: str, *, as_json: bool) -> None:
    from index import custody, proof
    from lexwatch.output import recorded
    from lexwatch.output.progress import working
    from lexwatch.output.terminal import print_json
    from pipeline.custody import head

    noted = head(against) if against else None
    begun = app.clock()
    with working() as progress:
        found = proof.prove(app.database, progress)
    with app.database.read() as connection:
        every = custody.stamps(connection)
    stamps, is_checked = _checked(app, every)
    wrong = proof.contradiction(app.database, noted) if noted else ""
    seconds = (app.clock() - begun).total_seconds()
    _note(app, found, recorded.fault(found, stamps), begun)
    if as_json:
        row = recorded.proof_row(found, stamps, seconds, is_checked=is_checked)
        print_json({**row, "against": against, "against_fault": wrong})
    else:
        for line in recorded.proof_lines(found, stamps, seconds, is_checked=is_checked):
            typer.echo(line)
        if noted:
            typer.echo(f"NOT in the chain: {wrong}." if wrong else f"In the chain: {noted}")
    if found.discrepancies or wrong or any(stamps.values()):
        raise typer.Exit(1)


def _note(app: App, found: Proof, fault: str, at: datetime) -> None:
    """So that the operator is told and nothing is purged where it did not hold."""
    from index import proven

    try:
        proven.note(app.database, proven.LastProof(at=at, captures=found.captures, fault=fault))
    except StoreError as error:  # a copy that can only be read, say: what was proved is told
        typer.echo(f"lexwatch: what this came to could not be written down: {error}", err=True)


def _checked(app: App, stamps: Iterable[Stamp]) -> tuple[Signed, bool]:
    """Why each does not hold, "" where it does; and whether signatures were checked."""
    every = tuple(stamps)
    if not every:  # most have none: nothing is loaded for them
        return {}, False
    from lexwatch.record import stamping

    by = stamping.trusted(app.settings.certificates_file)
    return {each: stamping.fault(each, by) for each in every}, by is not None
