"""The tables. SQL is the truth; the keyword index and Chroma are derived from it.

Those of what readers asked for and were sent stand in `index/outgoing.py`.
"""

from __future__ import annotations

from typing import Any

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
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from index.columns import Moment, Packed
from pipeline.citator.model import Treatment
from pipeline.health import Tally
from pipeline.model import Block, Difference, StatedDate

REVISION = "0010"  # the newest step in index/migrations/versions/

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def reference(column: str, **options: Any) -> Column[int]:
    """A column such as `run_id` or `old_version_id` that names a row of that table."""
    table = column.removesuffix("_id").removeprefix("old_").removeprefix("new_")
    return Column(column, Integer, ForeignKey(f"{table}.id"), **options)


# One visit to one source. `state` is a RunState; `established`: it read enough of the source for
# what is new after it to be news; `gone`: addresses that the site still gave and had no page for;
# `question`: what it asked for; `is_whole`: of the whole site, not of chosen pages or of what was
# announced; `asked_since`: the start of the runs that were cut off and that it goes on with.
run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("baseline", Boolean, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("requests", Integer, nullable=False, default=0),
    Column("bytes", Integer, nullable=False, default=0),
    Column("documents", Integer, nullable=False, default=0),
    Column("blocked", Boolean, nullable=False, default=False),
    Column("established", Boolean, nullable=False, default=False),
    Column("failures", JSON, nullable=False, default=list),
    Column("gone", JSON, nullable=False, default=list),
    Column("question", JSON, nullable=False, default=dict),
    Column("is_whole", Boolean, nullable=False, default=True),
    Column("asked_since", Moment),
    Index(None, "source", "started_at"),
)

# What was served, once per distinct body.
body = Table(
    "body",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("compressed", LargeBinary, nullable=False),
)

# One response. Not yet read while `read_at` is empty: the queue that ingest drains.
page = Table(
    "page",
    metadata,
    Column("id", Integer, primary_key=True),
    reference("run_id", nullable=False),
    Column("source", String(64), nullable=False),
    Column("url", Text, nullable=False),
    Column("final_url", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("sha256", String(64), ForeignKey("body.sha256"), nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("context", JSON, nullable=False),
    Column("read_at", Moment),
    Column("failure", Text, nullable=False, default=""),
    # What it said, as numbers: what a run's verdict rests on.
    Column("tally", Packed(Tally)),
    Index(None, "url"),
    Index(None, "read_at"),
    Index(None, "run_id"),
)

# The pages a run found standing: those it kept and those that answered "not modified".
seen = Table(
    "seen",
    metadata,
    reference("run_id", primary_key=True),
    reference("page_id", primary_key=True),
)

document = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("key", String(255), nullable=False),
    Column("kind", String(64), nullable=False),
    # Its newest version. No foreign key: each of the two tables would need the other first.
    Column("current", Integer),
    # The start of the last run in which the site spoke of it, and since when it is removed.
    Column("listed_at", Moment),
    Column("removed_at", Moment),
    UniqueConstraint("source", "key"),
)

version = Table(
    "version",
    metadata,
    Column("id", Integer, primary_key=True),
    reference("document_id", nullable=False),
    reference("page_id", nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("title", Text, nullable=False),
    Column("citation", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("published_on", Date),
    Column("blocks", Packed(tuple[Block, ...]), nullable=False),
    Column("dates", Packed(tuple[StatedDate, ...]), nullable=False),
    Column("metadata", JSON, nullable=False),
    Column("links", JSON, nullable=False),
    Column("linked", JSON, nullable=False, default=list),
    Column("parser", String(64), nullable=False),
    Column("text_digest", String(64), nullable=False),
    Column("metadata_digest", String(64), nullable=False),
    Index(None, "document_id"),
    Index(None, "page_id"),
)

# Names by which a document is looked up: its citation, number, RIN, docket, EOIR id.
identifier = Table(
    "identifier",
    metadata,
    reference("document_id", primary_key=True),
    Column("canonical", String(255), primary_key=True),
    Index(None, "canonical"),
)

# What a later document says that it does to an earlier one.
relation = Table(
    "relation",
    metadata,
    Column("earlier_id", Integer, ForeignKey("document.id"), primary_key=True),
    Column("later_id", Integer, ForeignKey("document.id"), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("evidence", JSON, nullable=False),
    Index(None, "later_id"),
)

change = Table(
    "change",
    metadata,
    Column("id", Integer, primary_key=True),
    reference("document_id", nullable=False),
    Column("old_version_id", Integer, ForeignKey("version.id")),
    Column("new_version_id", Integer, ForeignKey("version.id"), nullable=False, unique=True),
    reference("run_id", nullable=False),
    Column("kind", String(32), nullable=False),
    Column("change_class", String(32), nullable=False),
    Column("difference", Packed(Difference), nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("baseline", Boolean, nullable=False),
    Index(None, "recorded_at"),
    Index(None, "document_id"),
)

# A change is part of an act: one that its own words name, on evidence that joins the two. When that
# came to be known, and when it was no longer so: the act was corrected, say, or a link was added.
part = Table(
    "part",
    metadata,
    reference("change_id", primary_key=True),
    reference("document_id", primary_key=True),
    Column("known_at", Moment, primary_key=True),
    Column("ended_at", Moment),
    Column("evidence", JSON, nullable=False),
    Index(None, "document_id"),
)

change_topic = Table(
    "change_topic",
    metadata,
    reference("change_id", primary_key=True),
    Column("topic", String(64), primary_key=True),
    Column("score", Float, nullable=False),
    Column("evidence", JSON, nullable=False),
)

document_topic = Table(
    "document_topic",
    metadata,
    reference("document_id", primary_key=True),
    Column("topic", String(64), primary_key=True),
    Column("score", Float, nullable=False),
    Column("evidence", JSON, nullable=False),
)

# What the current version of a document cites; `block` counts from 0.
citation = Table(
    "citation",
    metadata,
    Column("id", Integer, primary_key=True),
    reference("version_id", nullable=False),
    Column("block", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("raw", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("canonical", String(255), nullable=False),
    Column("pin", String(255), nullable=False),
    Column("name", String(255), nullable=False, default=""),
    Column("court", String(64), nullable=False, default=""),
    # The canonical of what is cited, also of a short form; "" where that takes up nothing known.
    Column("cited", String(255), nullable=False, default=""),
    Index(None, "canonical"),
    Index(None, "cited"),
    Index(None, "name"),
    Index(None, "version_id"),
)

# What the current version of a document says that it, or another, does to an earlier authority;
# `target` and `by` are canonical citations, `said` the whole, `page` the reporter's page on which
# it stands ("" where none can be cited).
treatment = Table(
    "treatment",
    metadata,
    Column("id", Integer, primary_key=True),
    reference("version_id", nullable=False),
    Column("target", String(255), nullable=False),
    Column("by", String(255), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("page", String(32), nullable=False, default=""),
    Column("said", Packed(Treatment), nullable=False),
    Index(None, "version_id"),
    Index(None, "target"),
    Index(None, "by"),
)

# Pieces of the current versions. The same words under the same header keep their row. `start`:
# where in its first block it begins; `size`: words of its text. Weighed apart by the keyword index
# are the `names` that the document goes by, the `keys` of what text and headings cite, as
# `pipeline/query/words.py` spells them, and a text that sums its document up (`is_headnote`).
passage = Table(
    "passage",
    metadata,
    Column("id", Integer, primary_key=True),
    reference("document_id", nullable=False),
    Column("digest", String(64), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("header", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("trail", JSON, nullable=False),
    Column("anchor", String(255), nullable=False),
    Column("page", String(32), nullable=False),
    Column("first_block", Integer, nullable=False),
    Column("start", Integer, nullable=False, default=0),
    Column("size", Integer, nullable=False, default=0),
    Column("names", Text, nullable=False, default=""),
    Column("keys", Text, nullable=False, default=""),
    Column("is_headnote", Boolean, nullable=False, default=False),
    UniqueConstraint("document_id", "digest"),
    Index(None, "digest"),
    Index(None, "document_id", "size", "ordinal", "start"),  # read for all passages at once
)

# Unit rows of float32, little-endian, by the embedded text and the model that made them.
vector = Table(
    "vector",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("model", String(64), primary_key=True),
    Column("row", LargeBinary, nullable=False),
)

# Passage digests whose vectors must be brought in line with `passage`.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),
)

# Single facts: the vectors' model, the index generation.
fact = Table(
    "fact",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
