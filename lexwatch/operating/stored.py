"""What lexwatch holds, looked through: the database, both indexes, backups, the chain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from alerts.notice import advice
from alerts.untrusted import plain
from alerts.wording import counted, moment
from index import custody, proven, soundness
from index.proven import LastProof
from lexwatch.keeping import backups
from lexwatch.keeping.backup import remedy
from lexwatch.operating.case import Case
from lexwatch.operating.finding import Finding, look, must, ok
from pipeline.errors import StoreError
from pipeline.trouble import TroubleKind

INGEST = "`lexwatch ingest` does it; the next run does so anyway"
NOT_LOOKED = "the rest of what is stored was not looked at"


def database(case: Case) -> Iterator[Finding]:
    """Whether there is one, of this program's schema, and whole."""
    try:
        shape = case.shape
    except StoreError as error:
        newest = backups.newest(case.app.settings.backup_folder)
        yield must("database", str(error), NOT_LOOKED, remedy(newest, case.zone))
        return
    if shape is None and not case.app.settings.index.database_url:
        yield look(
            "database",
            f"there is none yet in {case.app.settings.folder}",
            "nothing was read yet; if there was one, data.folder names another folder",
            "`lexwatch run` makes it",
        )
    elif shape and shape.held > shape.current:
        yield must(
            "database",
            f"a newer lexwatch made it (schema {shape.held}, this one has {shape.current})",
            NOT_LOOKED,
            "update this lexwatch",
        )
    elif shape and shape.held != shape.current:
        yield look(
            "database",
            f"it has the schema {shape.held or 'of no lexwatch'} and not {shape.current}",
            NOT_LOOKED,
            "the next command that works brings it up, after a backup; then run this again",
        )
    else:
        yield from _integrity(case)


def _integrity(case: Case) -> Iterator[Finding]:
    with case.app.waiting("looking through the database"), case.app.database.read() as connection:
        faults = soundness.faults(connection)
    if not faults:
        yield ok("database", "whole, of this program's schema")
        return
    newest = backups.newest(case.app.settings.backup_folder)
    found = f"it is damaged: {'; '.join(faults)}"
    yield must("database", found, "what lies there can't be relied on", remedy(newest, case.zone))


def keywords(case: Case) -> Iterator[Finding]:
    """The keyword index against the passages."""
    if not case.is_readable:
        return
    with case.app.database.read() as connection:
        count = soundness.unindexed(connection)
    if count:
        yield must(
            "keyword index",
            f"{counted(count, 'passage')} out of line",
            "searches by words may miss what is held",
            "`lexwatch rebuild` makes it anew",
        )
    else:
        yield ok("keyword index", "in line with the passages")


def vectors(case: Case) -> Iterator[Finding]:
    """Vectors in SQL against the passages, and Chroma against both."""
    if not case.is_readable:
        return
    with case.app.database.read() as connection:
        lacking = soundness.unembedded(connection)
    if lacking:
        said = f"{counted(lacking, 'passage')} without a vector"
        yield look("vectors", said, "search by meaning does not find them yet", INGEST)
    settings = case.app.settings
    with case.app.waiting("looking at Chroma"):
        damage = soundness.damage(
            case.app.database, settings.folder / "chroma", settings.index.chroma_url
        )
    if damage is None:
        yield ok("Chroma", "another lexwatch has it open, and keeps it in line")
    elif damage:
        means = "no vector is lost: SQL has them, and is asked meanwhile"
        yield look("Chroma", damage, means, INGEST)
    else:
        yield ok("Chroma", "in line with the vectors in SQL")


def waits(case: Case) -> Iterator[Finding]:
    """What was fetched and is not read, and passages that Chroma has not got."""
    waiting = case.health.waiting if case.is_readable else None
    if waiting is None:
        return
    if waiting.pages:
        said = f"{counted(waiting.pages, 'page')} fetched and not taken in"
        yield look("waiting", said, "what they say is not found and not told yet", INGEST)
    if waiting.passages:
        said = f"{counted(waiting.passages, 'passage')} not in Chroma yet"
        yield look("waiting", said, "they are found all the same, from SQL", INGEST)
    if not (waiting.pages or waiting.passages):
        yield ok("waiting", "everything fetched is taken in")


def backup(case: Case) -> Iterator[Finding]:
    """The newest backup, and whether it lies on the disk that it is to outlast."""
    settings, newest = case.app.settings, case.health.backup
    days = settings.operator.backup_days
    if newest is None:
        yield must(
            "backup",
            f"there is none in {settings.backup_folder}",
            "if this disk fails, what publishers have since changed can't be captured again",
            "`lexwatch backup` makes one; the schedule does so each night",
        )
    elif days and case.app.clock() - newest.made_at > timedelta(days=days):
        age = counted((case.app.clock() - newest.made_at).days, "day")
        yield must(
            "backup",
            f"the newest is {age} old: {newest.path.name}",
            "what was captured since would be lost with this disk",
            "`lexwatch backup`; `lexwatch schedule --list` shows why none was made",
        )
    else:
        yield ok("backup", f"{newest.path.name}, of {moment(newest.made_at, case.zone)}")
    if newest and backups.are_on_one_disk(
        case.app.settings.folder, case.app.settings.backup_folder
    ):
        yield look(
            "backup",
            "backups lie on the disk of the data folder",
            "that disk's failure takes both",
            "set folder under [backup] to another disk, or copy them away each night",
        )


def chain(case: Case) -> Iterator[Finding]:
    """The newest link of the chain of captures, by itself; and the last proof of the whole."""
    if not case.is_readable:
        return
    with case.app.database.read() as connection:
        head = custody.head(connection)
        newest = custody.links(connection, head.number, head.number)
        last = proven.last(connection)
    if not head.number:
        yield ok("chain of captures", "empty: nothing was captured yet")
    elif not newest or newest[0].capture.digest != newest[0].digest:
        yield must(
            "chain of captures",
            f"the newest capture, {head.number}, is not what was chained",
            "somebody altered the archive, or the disk did",
            "`lexwatch verify` says which captures; restore a backup of before",
        )
    else:
        said = f"{counted(head.number, 'capture')}, head {head.digest[:16]}"
        yield ok("chain of captures", f"{said}; its newest capture holds")
        yield _last_proof(case, last)


def _last_proof(case: Case, last: LastProof | None) -> Finding:
    subject = "proof of the chain"
    if last is None:
        means = "that nothing was altered is not known"
        step = "`lexwatch verify` proves it; the schedule does so each week"
        return look(subject, "the chain was never proved", means, step)
    at = moment(last.at, case.zone)
    if last.does_hold:
        return ok(subject, f"held on {at}, {counted(last.captures, 'capture')}")
    told = advice(TroubleKind.RECORD, "record")
    return must(subject, f"failed on {at}: {plain(last.fault)}", told.means, " ".join(told.steps))
