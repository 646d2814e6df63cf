"""The tables of what runs unattended, and of the record that shows what was captured."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from index.columns import Moment
from index.schema import metadata, reference

# One time that a job of the schedule was due, and what became of it. `due_at` is the moment that
# its cron line names, `started_at` when it really began; `state` is a JobState; `said` what it
# wrote last where it failed.
job_run = Table(
    "job_run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job", String(64), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("state", String(16), nullable=False),
    Column("exit_code", Integer),
    Column("said", Text, nullable=False, default=""),
    Index(None, "job", "due_at"),
)

# What ails this installation and was told to its operator, until solved. `subject` is what it is
# about ("source uscis_forms", "job backup", "disk"), `kind` a TroubleKind; `told` counts the
# mails, the last of them at `told_at`; `solved_told_at` when its end was told.
trouble = Table(
    "trouble",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", String(255), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("said", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("told", Integer, nullable=False, default=0),
    Column("told_at", Moment),
    Column("solved_at", Moment),
    Column("solved_told_at", Moment),
    Index(None, "subject", "kind"),
)

# The chain of captures: each page's digest is over what was captured and the digest before it
# (`pipeline/custody.py`), in the order of `number`, which counts from 1 without a gap.
capture = Table(
    "capture",
    metadata,
    Column("number", Integer, primary_key=True),
    reference("page_id", nullable=False, unique=True),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
)

# What an outside authority signed of the chain's head (RFC 3161): the capture it was then, and
# the token, DER.
time_stamp = Table(
    "time_stamp",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("stamped_at", Moment, nullable=False),
    Column("authority", Text, nullable=False),
    Column("token", LargeBinary, nullable=False),
)

# A body that was purged: its page, digest and links stay, and so does this. `rule` says by which
# rule of retention.
tombstone = Table(
    "tombstone",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("purged_at", Moment, nullable=False),
    Column("rule", Text, nullable=False),
)

# While one is in force (`released_at` empty) nothing is purged.
legal_hold = Table(
    "legal_hold",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("released_at", Moment),
)
