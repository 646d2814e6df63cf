"""Commands that keep what is held: backup, restore, export, import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from lexwatch.app import App
from lexwatch.options import AsJson

if TYPE_CHECKING:
    from datetime import datetime

    from lexwatch.keeping.backup import Made
    from lexwatch.keeping.backups import Backup
    from lexwatch.keeping.restore import Restored

WithReaders = Annotated[
    bool,
    typer.Option(
        "--with-readers", help="Also who subscribes to what, their notes, and what was sent."
    ),
]


def backup(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(help="Where to write it; else the folder of the settings.")
    ] = None,
    new_key: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Only make a key to encrypt backups with, in this file."),
    ] = None,
    listed: Annotated[
        bool, typer.Option("--list", help="Only show the backups there are.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the database, the key that signs links and the settings to one file.

    All else may go on meanwhile. Older ones are removed by the rule of [backup], unless FOLDER is
    named. Passwords (LEXWATCH_… in the environment) are never in it; notes and addresses of readers
    are: encrypt it, or lock it up.

    Example: `lexwatch backup`
    """
    from lexwatch.keeping import backup as keeping
    from lexwatch.keeping import backups
    from lexwatch.output.progress import working
    from lexwatch.output.terminal import print_json

    app: App = context.obj
    if new_key is not None:
        _make_key(app, new_key)
        return
    if listed:
        held = backups.held(folder or app.settings.backup_folder)
        _list(held, folder or app.settings.backup_folder, as_json=as_json)
        return
    with working() as progress:
        made = keeping.make(app.settings, app.clock(), progress, folder=folder)
    if as_json:
        print_json(_made_row(made))
    else:
        _tell_made(app, made)


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A backup.")],
    identity: Annotated[
        Path | None, typer.Option(metavar="KEYFILE", help="The key that opens an encrypted one.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only look whether it is whole and can be used.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of the database; what it replaces is kept aside.

    Stop `lexwatch serve` and `lexwatch schedule` first. Settings are not replaced: those of the
    backup are put aside where they differ.

    Example: `lexwatch restore backups/lexwatch-2026-11-22T08-00-00Z.tar.gz`
    """
    from lexwatch.keeping import restore as keeping
    from lexwatch.output.terminal import console, print_json

    app: App = context.obj
    if check:
        manifest = keeping.check(app.settings, file, identity)
        if as_json:
            print_json({"file": str(file), "sound": True, **_manifest_row(manifest)})
        else:
            console.print(f"{file} is whole and sound: {_said(app, manifest)}.", soft_wrap=True)
        return
    restored = keeping.restore(app.settings, file, identity, app.clock())
    synced = keeping.derive(app)
    if as_json:
        row = {"aside": restored.aside, "settings": restored.settings}
        held = synced.held if synced else None
        print_json({"file": str(file), **row, "vectors": held, **_manifest_row(restored.manifest)})
    else:
        _tell_restored(app, restored, synced.held if synced else None)


def export(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A new folder.")],
    with_readers: WithReaders = False,
    as_json: AsJson = False,
) -> None:
    """Write all that is held to files that any program can read: JSON Lines, and originals.

    Without --with-readers nothing of your readers is in it: no subscription, note or letter.
    docs/keeping.md says what stands where.

    Example: `lexwatch export lexwatch-2026-11`
    """
    from lexwatch.keeping.exported import SHAPE
    from lexwatch.keeping.exported import export as write
    from lexwatch.output.progress import working
    from lexwatch.output.terminal import console, print_json

    with working() as progress:
        made = write(context.obj, folder, progress, with_readers=with_readers)
    if as_json:
        print_json({"folder": str(folder), **SHAPE.dump_python(made, mode="json")})
        return
    console.print(
        f"Exported to {folder}: {sum(made.tables.values()):,} rows of {len(made.tables)} tables, "
        f"{made.originals:,} originals, "
        + ("and what your readers asked for and were sent." if with_readers else "of no reader."),
        soft_wrap=True,
    )


def take_in(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="What `lexwatch export` wrote.")],
    as_json: AsJson = False,
) -> None:
    """Take an export into an empty data folder; every original is checked against its SHA-256.

    Example: `lexwatch import lexwatch-2026-11`
    """
    from lexwatch.keeping import imported
    from lexwatch.keeping import restore as keeping
    from lexwatch.output.progress import working
    from lexwatch.output.terminal import console, print_json

    app: App = context.obj
    with working() as progress:
        made = imported.take_in(app, folder, progress)
    synced = keeping.derive(app)
    rows, vectors = sum(made.tables.values()), synced.held if synced else None
    if as_json:
        row = {"rows": rows, "originals": made.originals, "vectors": vectors}
        print_json({"folder": str(folder), **row})
        return
    console.print(
        f"Taken into {app.settings.folder}: {rows:,} rows of {len(made.tables)} tables, "
        f"{made.originals:,} originals, as of {_when(app, made.made_at)}.",
        soft_wrap=True,
    )


def _make_key(app: App, path: Path) -> None:
    from lexwatch.keeping import age
    from lexwatch.output.terminal import console

    recipient = age.new_key(path, app.clock())
    console.print(
        f"The key is in {path}. Keep it away from this machine, and a second copy of it elsewhere: "
        "without it no encrypted backup can be opened, by anybody.\n"
        "Put its public part into the settings, under [backup]:\n\n"
        f'recipient = "{recipient}"\n',
        soft_wrap=True,
        markup=False,
    )


def _list(held: tuple[Backup, ...], folder: Path, *, as_json: bool) -> None:
    from lexwatch.keeping.room import megabytes
    from lexwatch.output.terminal import console, print_json

    if as_json:
        print_json([_backup_row(each) for each in held])
        return
    if not held:
        console.print(f"No backups in {folder}. `lexwatch backup` makes one.", soft_wrap=True)
    for each in held:
        notes = [each.reason, "encrypted" if each.is_encrypted else ""]
        said = "".join(f", {note}" for note in notes if note)
        console.print(f"{each.path}: {megabytes(each.size)}{said}", soft_wrap=True)


def _tell_made(app: App, made: Made) -> None:
    from lexwatch.keeping import backups
    from lexwatch.keeping.room import megabytes
    from lexwatch.output.terminal import console

    said = [
        f"Backed up to {made.backup.path} ({megabytes(made.backup.size)}): "
        f"{_said(app, made.manifest)}.",
        *(f"Removed, by the rule of [backup]: {each.path.name}" for each in made.removed),
    ]
    if made.backup.path.parent == app.settings.backup_folder:
        said.append(
            "Of one day (in UTC) the newest stays: a later backup of today, such as tonight's, "
            "takes its place, unless you name another FOLDER."
        )
    if backups.are_on_one_disk(made.backup.path, app.settings.folder):
        said.append(
            "It is on the disk that holds the data, and would be lost with it: set [backup].folder "
            "to one on another disk, or copy it there."
        )
    if not made.backup.is_encrypted:
        said.append(
            "It is not encrypted, and holds what your readers noted and the settings file: "
            "`lexwatch backup --new-key FILE` makes a key for that."
        )
    for line in said:
        console.print(line, soft_wrap=True, markup=False)


def _tell_restored(app: App, restored: Restored, vectors: int | None) -> None:
    from lexwatch.output.terminal import console

    at = _when(app, restored.manifest.made_at)
    said = [f"Put back: {_said(app, restored.manifest)}."]
    if restored.aside:
        said.append(f"What was there before lies in {restored.aside}; delete it when all is well.")
    if restored.settings:
        said.append(f"The backup's settings differ from yours, and lie in {restored.settings}.")
    said.append(
        f"{vectors:,} vectors stand in Chroma again."
        if vectors is not None
        else "The model isn't there: `lexwatch ingest` fills Chroma when it is."
    )
    said.append(
        f"What was sent after {at} is not known here, and would be sent once more by the next "
        "`lexwatch run`: see docs/keeping.md if that matters."
    )
    for line in said:
        console.print(line, soft_wrap=True, markup=False)


def _said(app: App, manifest: Any) -> str:
    counts = manifest.counts
    listed = [(counts.get(name, 0), name) for name in ("page", "document", "version", "change")]
    held = ", ".join(f"{count:,} {name}{'' if count == 1 else 's'}" for count, name in listed)
    return f"{held}, as of {_when(app, manifest.made_at)} (schema {manifest.schema})"


def _when(app: App, at: datetime) -> str:
    """A moment in the office's zone, which it names."""
    from alerts.wording import moment

    return moment(at, ZoneInfo(app.settings.digest.zone))


def _backup_row(backup: Backup) -> dict[str, Any]:
    return {
        "file": str(backup.path),
        "made_at": backup.made_at,
        "bytes": backup.size,
        "encrypted": backup.is_encrypted,
        "reason": backup.reason,
    }


def _made_row(made: Made) -> dict[str, Any]:
    return {
        **_backup_row(made.backup),
        **_manifest_row(made.manifest),
        "removed": [each.path.name for each in made.removed],
    }


def _manifest_row(manifest: Any) -> dict[str, Any]:
    return {
        "made_at": manifest.made_at,
        "program": manifest.program,
        "schema": manifest.schema,
        "counts": dict(manifest.counts),
        "head": manifest.head,
    }
