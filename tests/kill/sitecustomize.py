"""Dies where it is told: LEXWATCH_KILL=parent:7 kills the whole process group at the parent's
seventh commit, child:3 at the third of a crawling child. Python loads this file by its name."""

import os
import signal
import sys
from pathlib import Path

COUNT = os.environ.get("LEXWATCH_COUNT", "")
ROLE, _, NUMBER = os.environ.get("LEXWATCH_KILL", "").partition(":")
ME = "child" if sys.orig_argv[-1:] == ["fetch"] else "parent"


def watch() -> None:
    from sqlalchemy import Engine, event  # noqa: PLC0415 - only in a process that is to die

    commits = 0

    def before_commit(_connection: object) -> None:
        nonlocal commits
        commits += 1
        if COUNT and ME == "parent":
            Path(COUNT).write_text(str(commits))
        if ME == ROLE and commits == int(NUMBER):
            os.killpg(0, signal.SIGKILL)

    event.listen(Engine, "commit", before_commit)


if COUNT or ME == ROLE:
    watch()
