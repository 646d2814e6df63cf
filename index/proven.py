"""When the chain of captures was last proved, and what that came to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from index import derived
from index.database import Database

FACT = "last proof"  # in the database


@dataclass(frozen=True, kw_only=True)
class LastProof:
    """A proof of the whole chain: how many `captures` it had then, and what contradicted it in a
    few words, "" where it held."""

    at: datetime
    captures: int
    fault: str

    @property
    def does_hold(self) -> bool:
        return not self.fault


def note(database: Database, proof: LastProof) -> None:
    """Write down what a proof came to. Raises `StoreError` where nothing can be written."""
    said = {**vars(proof), "at": proof.at.isoformat()}
    with database.write() as connection:
        derived.set_fact(connection, FACT, json.dumps(said))


def last(connection: Connection) -> LastProof | None:
    """The newest proof; None where the chain was never proved."""
    held = derived.get_fact(connection, FACT)
    if not held:
        return None
    said = json.loads(held)
    return LastProof(**{**said, "at": datetime.fromisoformat(said["at"])})
