"""The tables of what readers asked for, what they were given, and what falls due."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from index.columns import Moment, Packed
from index.schema import metadata, reference
from pipeline.subscription import Schedule

# `origin`: who keeps it, as `Subscription` says; ended rows stay, since their alerts name them.
subscription = Table(
    "subscription",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reader", String(255), nullable=False),
    Column("address", String(255), nullable=False),
    Column("topics", JSON, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("classes", JSON, nullable=False),
    Column("authorities", JSON, nullable=False, default=list),
    Column("words", Text, nullable=False, default=""),
    Column("meaning", Text, nullable=False, default=""),
    Column("threshold", Float, nullable=False, default=0.5),
    Column("schedule", Packed(Schedule), nullable=False),
    Column("urgent_at_once", Boolean, nullable=False, default=False),
    Column("plain_text", Boolean, nullable=False, default=False),
    Column("channels", JSON, nullable=False, default=list),
    Column("name", String(255), nullable=False, default=""),
    Column("matter", Text, nullable=False, default=""),
    Column("note", Text, nullable=False, default=""),
    Column("shown_on", JSON, nullable=False, default=list),
    Column("origin", String(32), nullable=False, default="settings"),
    Column("begun_at", Moment),
    Column("ended_at", Moment),
)

# A subscription of which nothing is sent up to a moment: what it meets meanwhile is told after it.
mute = Table(
    "mute",
    metadata,
    reference("subscription_id", primary_key=True),
    Column("until", Moment, nullable=False),
)

alert = Table(
    "alert",
    metadata,
    reference("subscription_id", primary_key=True),
    reference("change_id", primary_key=True),
    Column("why", JSON, nullable=False),
)

# One letter, queued whole and handed over once: `body` is the message, compressed (None: of before
# it was kept, or purged). `begun_at` is None until it is offered; `unfinished` counts the offers
# whose end is not known. `record` is what it was made of (`index/record.py`); `changes` what it
# tells at once, `dates` (by UID) of what it reminds; `starts` from when on it tells each
# subscription.
delivery = Table(
    "delivery",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("kind", String(32), nullable=False, default="digest"),
    Column("reader", String(255), nullable=False),
    Column("address", String(255), nullable=False),
    Column("channel", String(64), nullable=False, default="mail"),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("subject", Text, nullable=False, default=""),
    Column("message_id", String(255), nullable=False),
    Column("body", LargeBinary),
    Column("record", LargeBinary),
    Column("changes", JSON, nullable=False, default=list),
    Column("dates", JSON, nullable=False, default=list),
    Column("starts", JSON, nullable=False, default=dict),
    Column("composed_at", Moment),
    Column("begun_at", Moment),
    Column("unfinished", Integer, nullable=False, default=0),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", Moment),
    Column("finished_at", Moment),
    Column("outcome", String(32), nullable=False, default=""),
    Column("where", Text, nullable=False, default=""),
    Column("error", Text, nullable=False, default=""),
    Index(None, "reader", "address"),
    Index(None, "address"),
    Index(None, "outcome"),
)

# Up to when what a subscription asks for was told, by kind of letter and by channel; it stays when
# the subscription's frequency changes, so that nothing is told twice and nothing never.
told = Table(
    "told",
    metadata,
    reference("subscription_id", primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("channel", String(64), primary_key=True),
    Column("until", Moment, nullable=False),
)

# Changes that could not be matched when a letter was composed; `until`: the end of the later letter
# for which they were, None while they wait for it.
unmatched = Table(
    "unmatched",
    metadata,
    reference("subscription_id", primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("channel", String(64), primary_key=True),
    reference("change_id", primary_key=True),
    Column("until", Moment),
)

# What letters were made of and may change after them, each thing once, under its SHA-256.
exhibit = Table(
    "exhibit",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# Addresses to which nothing is sent: their reader asked for that, or mail to them came back.
suppression = Table(
    "suppression",
    metadata,
    Column("address", String(255), primary_key=True),
    Column("reason", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("said", Text, nullable=False, default=""),
)

# Dates as calendars were told of them. `uid` stays when the date moves, `was` the day before it
# did, `moved_at` when; `sequence` counts the moves. A date that no text states any more is
# cancelled, and stays to say so, with `why`; of one that holds that is what to look at first. The
# version that states it is of its own document, or of a later one that moved it; `act_id` is the
# document whose event both are part of.
deadline = Table(
    "deadline",
    metadata,
    Column("uid", String(255), primary_key=True),
    reference("document_id", nullable=False),
    Column("kind", String(32), nullable=False),
    Column("on", Date, nullable=False),
    Column("was", Date),
    Column("words", Text, nullable=False),
    Column("read_from", Text, nullable=False),
    Column("why", Text, nullable=False, default=""),
    Column("sequence", Integer, nullable=False, default=0),
    Column("is_cancelled", Boolean, nullable=False, default=False),
    Column("known_at", Moment, nullable=False),
    Column("moved_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("version_id", Integer, ForeignKey("version.id"), nullable=False),
    Column("act_id", Integer, ForeignKey("document.id")),
    Index(None, "document_id"),
    Index(None, "on"),
)
