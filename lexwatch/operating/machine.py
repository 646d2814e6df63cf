"""What lexwatch needs of the machine: settings, model, disk, clock; each looked at by itself."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import timedelta

from alerts.wording import counted, moment, span
from index import waiting, weights
from lexwatch import settings as read
from lexwatch.operating.case import Case
from lexwatch.operating.finding import Finding, look, must, ok
from lexwatch.subscriptions import wanted
from pipeline.errors import ModelError

INEXACT = timedelta(minutes=5)  # a clock that is wrong by less harms nothing
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def settings(case: Case) -> Iterator[Finding]:
    """The file, and what no publisher is asked without."""
    file = case.app.settings.file or read.find()
    where = f"read from {file}" if file else "no file: all as it comes"
    yield ok("settings", f"{where}; every key is known")
    if not case.app.settings.crawl.contact:
        yield must(
            "settings",
            "crawl.contact is empty",
            "no live site is asked before a publisher can reach you",
            'set contact = "office@example-law.com" (yours) under [crawl]',
        )


def subscriptions(case: Case) -> Iterator[Finding]:
    """Whether each of the settings file can be asked."""
    slips = wanted.slips(case.app)
    for said in slips:
        yield must(
            "subscriptions",
            said,
            "its reader is not told what can't be asked",
            "correct it in the settings file, then run this again",
        )
    if not slips:
        count = len(case.app.settings.subscriptions)
        said = f"{counted(count, 'subscription')} in the settings file, each can be asked"
        yield ok("subscriptions", said)


def operator(case: Case) -> Iterator[Finding]:
    """Whether anybody is told of what goes wrong."""
    given = case.app.settings.operator
    if given.address or given.channel:
        yield ok("operator", "somebody is told of what ails lexwatch")
        return
    yield look(
        "operator",
        "nobody is named whom to tell of what goes wrong",
        "a source may fail for weeks and only the digests say so",
        'set address = "you@example-law.com" under [operator]',
    )


def model(case: Case) -> Iterator[Finding]:
    """The embedding model's files, each against its digest."""
    try:
        with case.app.waiting("looking through the model"):
            found = weights.find(case.app.settings.index.model)
    except ModelError as error:
        yield must(
            "model",
            str(error),
            "search by meaning and new passages wait for it; search by words works",
            "put the model back as it says, then `lexwatch ingest`",
        )
        return
    yield ok("model", f"{found.name} is whole ({found.digest[:12]})")


def folder(case: Case) -> Iterator[Finding]:
    """Whether the data folder can be written, by its owner alone."""
    path = case.app.settings.folder
    if not path.exists():
        yield ok("data folder", f"{path} is made by the first command that works")
        return
    if not path.is_dir() or not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        yield must(
            "data folder",
            f"{path} can't be written by this user",
            "nothing can be read in, sent or searched by meaning",
            f"give it to the user that runs lexwatch: chown -R USER {path}",
        )
        return
    if os.name == "posix" and path.stat().st_mode & OTHERS:
        yield look(
            "data folder",
            f"other users of this machine may read {path}",
            "it holds readers' addresses, notes and matters",
            f"chmod 700 {path}",
        )
        return
    yield ok("data folder", f"{path} can be written, by its owner alone")


def disk(case: Case) -> Iterator[Finding]:
    """The room that is left, against two copies of the database and a crawl."""
    space = case.health.space
    if space is None:
        yield look("disk", "can't be asked", "a full disk would come unannounced", "look yourself")
    elif space.is_short:
        yield must(
            "disk",
            space.words,
            "backups, migrations and crawls may not find room; nothing held is lost by that",
            "make room: put backups on another disk ([backup] folder), see `lexwatch purge --try`",
        )
    elif space.is_getting_short:
        means = "what is needed fits in, twice as much doesn't"
        yield look("disk", space.words, means, "plan a larger disk")
    else:
        yield ok("disk", space.words)


def clock(case: Case) -> Iterator[Finding]:
    """This machine's clock against what was captured, and against the publishers' when they were
    last asked."""
    if not case.is_readable:
        return
    with case.app.database.read() as connection:
        newest, error = waiting.newest_capture(connection), waiting.clock_error(connection)
    now, wrong = case.app.clock(), False
    if newest and newest - now > INEXACT:
        wrong = True
        yield must(
            "clock",
            f"it says {moment(now, case.zone)}; a page was captured on {moment(newest, case.zone)}",
            "it is behind, or was ahead then: dates of captures and digests can't be relied on",
            "set the clock by a time server (timedatectl set-ntp true), then look at the last runs",
        )
    if error and abs(error) > INEXACT:
        wrong = True
        side = "ahead of" if error > timedelta() else "behind"
        yield must(
            "clock",
            f"when pages were last fetched it was {span(abs(error))} {side} the publishers’",
            "captures are dated by this machine's clock",
            "set the clock by a time server (timedatectl set-ntp true)",
        )
    if not wrong:
        agreed = "agrees with the publishers’" if error is not None else "not contradicted"
        yield ok("clock", f"{moment(now, case.zone)}, {agreed}")
