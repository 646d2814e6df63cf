"""What thousands of tests would each do again, done once in a process."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from index.database import Database
from pipeline import taxonomy, topics


@contextmanager
def spared(blank: Path) -> Iterator[None]:
    """Have whoever opens a database where there is none find a copy of the `blank` one, SQLAlchemy
    compile a statement once for all databases, and the packaged topics be read once."""
    migrate, read = Database._migrate, taxonomy.read
    packaged = cache(lambda kinds: read(topics.PACKAGED, None, kinds))

    def migrated(self: Database) -> None:
        url = make_url(self.url)
        if url.get_backend_name() == "sqlite":
            # What is compiled is kept by its dialect: ours have all the same.
            self.engine.dialect = first.engine.dialect
            self.engine._compiled_cache = first.engine._compiled_cache
            place = Path(url.database or "")
            if url.database and not place.exists():
                with suppress(OSError):  # nothing can be made there: what is said of that is tested
                    shutil.copyfile(blank, place)
        migrate(self)

    def known(
        given: Path, office: Path | None = None, kinds: Collection[str] = ()
    ) -> taxonomy.Tables:
        if given == topics.PACKAGED and office is None:
            return packaged(frozenset(kinds))
        return read(given, office, kinds)

    first = Database(f"sqlite:///{blank}")
    first.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "_migrate", migrated)
        patch.setattr(topics, "read", known)
        yield
