"""The vectors: safe in SQL, served by Chroma, and mended from SQL whatever Chroma suffers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import HashingEncoder
from numpy.typing import NDArray
from sqlalchemy import delete, insert, select

from index import keyword, passages, schema
from index.database import Database
from index.vectors import Vectors
from pipeline.errors import ModelError, StoreError

TEXTS = {
    "bond": "a bond hearing before the immigration judge",
    "fee": "the filing fee of a naturalization application",
    "asylum": "an asylum application filed within one year",
}


class CountingEncoder(HashingEncoder):
    """Counts the passages it embeds."""

    def __init__(self) -> None:
        self.embedded = 0

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        self.embedded += len(texts)
        return super().encode(texts, progress)


class Interrupted(HashingEncoder):
    """Another process ingests a passage while this one embeds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        add(self._database, "a latecomer")
        return super().encode(texts, progress)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    opened = Database(f"sqlite:///{tmp_path / 'lexwatch.db'}")
    with opened.write() as connection:
        keyword.prepare(connection)
        connection.execute(
            insert(schema.document).values(id=1, source="sample", key="one", kind="notice")
        )
    add(opened, *TEXTS)
    return opened


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def vectors(database: Database, encoder: CountingEncoder, tmp_path: Path) -> Iterator[Vectors]:
    opened = Vectors(database, encoder, tmp_path / "chroma")
    yield opened
    opened.close()


def add(database: Database, *names: str) -> None:
    with database.write() as connection:
        for ordinal, name in enumerate(names):
            connection.execute(
                insert(schema.passage).values(
                    document_id=1,
                    digest=name,
                    ordinal=ordinal,
                    header="",
                    text=TEXTS.get(name, name),
                    trail=[],
                    anchor="",
                    page="",
                    first_block=ordinal,
                )
            )
            connection.execute(insert(schema.outbox).values(digest=name))
        passages.advance(connection)


def remove(database: Database, name: str) -> None:
    with database.write() as connection:
        connection.execute(delete(schema.passage).where(schema.passage.c.digest == name))
        connection.execute(insert(schema.outbox).values(digest=name))
        passages.advance(connection)


def test_the_nearest_passage_comes_first_with_its_cosine(vectors: Vectors) -> None:
    assert vectors.sync().embedded == 3
    nearest = vectors.nearest("bond hearing judge", 3)
    assert nearest[0][0] == "bond"
    assert 0.4 < nearest[0][1] <= 1.0


def test_only_what_is_new_is_embedded(
    vectors: Vectors, database: Database, encoder: CountingEncoder
) -> None:
    vectors.sync()
    add(database, "another passage")
    assert vectors.sync().embedded == 1
    assert encoder.embedded == 4


def test_a_passage_that_is_gone_is_found_no_more(vectors: Vectors, database: Database) -> None:
    vectors.sync()
    remove(database, "bond")
    synced = vectors.sync()
    assert (synced.removed, synced.held) == (1, 2)
    assert "bond" not in dict(vectors.nearest("bond hearing", 3))


def test_before_a_sync_nobody_is_served_the_stale_view(
    vectors: Vectors, database: Database
) -> None:
    vectors.sync()
    remove(database, "bond")
    assert "bond" not in dict(vectors.nearest("bond hearing", 3))


def test_who_does_not_hold_the_lock_scores_exactly_and_agrees(
    vectors: Vectors, database: Database, tmp_path: Path
) -> None:
    vectors.sync()
    second = Vectors(database, HashingEncoder(), tmp_path / "chroma")
    assert not second.owns()
    ours, theirs = (one.nearest("filing fee", 3) for one in (vectors, second))
    assert [digest for digest, _ in ours] == [digest for digest, _ in theirs]
    assert np.allclose([score for _, score in ours], [score for _, score in theirs], atol=1e-3)


def test_who_does_not_hold_the_lock_leaves_the_outbox_to_the_owner(
    vectors: Vectors, database: Database, tmp_path: Path
) -> None:
    vectors.sync()
    second = Vectors(database, HashingEncoder(), tmp_path / "chroma")
    add(database, "an afterthought")
    assert second.sync().embedded == 1
    assert vectors.sync().embedded == 0
    assert dict(vectors.nearest("an afterthought", 1))["an afterthought"] > 0.99


def test_a_chroma_that_lost_vectors_is_made_anew_without_embedding(
    vectors: Vectors, encoder: CountingEncoder
) -> None:
    vectors.sync()
    vectors._chroma._collection().delete(ids=["fee"])
    synced = vectors.sync()
    assert "2 of 3" in synced.rebuilt
    assert encoder.embedded == 3
    assert vectors.nearest("filing fee", 1)[0][0] == "fee"


def test_a_damaged_folder_is_made_anew_without_embedding(
    database: Database, encoder: CountingEncoder, tmp_path: Path
) -> None:
    folder = tmp_path / "chroma"
    first = Vectors(database, encoder, folder)
    first.sync()
    first.close()
    (folder / "2").mkdir()
    (folder / "2" / "chroma.sqlite3").write_bytes(b"not a database" * 100)
    second = Vectors(database, encoder, folder)
    assert second.sync().rebuilt
    assert encoder.embedded == 3
    assert second.nearest("asylum", 1)[0][0] == "asylum"
    second.close()


def test_another_model_is_refused_with_the_command_that_helps(
    vectors: Vectors, database: Database, tmp_path: Path
) -> None:
    vectors.sync()
    other = HashingEncoder()
    other.digest = "0" * 64
    second = Vectors(database, other, tmp_path / "chroma")
    with pytest.raises(ModelError, match="lexwatch rebuild --vectors"):
        second.nearest("anything", 1)


def test_after_a_reset_another_model_embeds_everything(
    vectors: Vectors, database: Database, tmp_path: Path
) -> None:
    vectors.sync()
    vectors.close()
    other = HashingEncoder()
    other.digest = "0" * 64
    second = Vectors(database, other, tmp_path / "chroma")
    second.reset()
    assert second.sync().embedded == 3
    assert second.nearest("bond hearing", 1)[0][0] == "bond"
    second.close()


def pending(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(schema.outbox.c.digest)).scalars())


def test_a_passage_that_came_after_the_embedding_waits_for_its_vector(
    database: Database, tmp_path: Path
) -> None:
    first = Vectors(database, Interrupted(database), tmp_path / "chroma")
    synced = first.sync()
    assert (synced.embedded, synced.removed, synced.held, synced.rebuilt) == (3, 0, 3, "")
    assert pending(database) == ["a latecomer"]
    first.close()
    second = Vectors(database, HashingEncoder(), tmp_path / "chroma")
    assert second.sync().embedded == 1
    assert pending(database) == []
    assert second.nearest("a latecomer", 1)[0][0] == "a latecomer"
    second.close()


def test_a_number_given_again_does_not_take_a_newer_row_along(
    vectors: Vectors, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process drains the outbox, which empties, and then more is ingested."""
    put = vectors._chroma.put

    def meanwhile(rows: dict[str, NDArray[np.float32]]) -> None:
        with database.write() as connection:
            connection.execute(delete(schema.outbox))
        add(database, "a latecomer")
        put(rows)

    monkeypatch.setattr(vectors._chroma, "put", meanwhile)
    vectors.sync()
    assert pending(database) == ["a latecomer"]


def test_who_scores_exactly_sees_what_was_embedded_since(
    vectors: Vectors, database: Database, tmp_path: Path
) -> None:
    vectors.sync()
    second = Vectors(database, HashingEncoder(), tmp_path / "chroma")
    add(database, "an afterthought")
    second.nearest("an afterthought", 1)
    vectors.sync()
    assert second.nearest("an afterthought", 1)[0][0] == "an afterthought"


def test_among_names_the_passages_that_may_answer(vectors: Vectors) -> None:
    vectors.sync()
    assert [digest for digest, _ in vectors.nearest("bond hearing", 3, {"fee", "asylum"})] == [
        digest for digest, _ in vectors.nearest("bond hearing", 3) if digest != "bond"
    ]
    assert vectors.nearest("bond hearing", 3, {"no such passage"}) == []
    assert vectors.nearest("bond hearing", 3, set()) == []


def test_what_a_kill_left_behind_is_removed_with_the_next_renewal(
    database: Database, encoder: CountingEncoder, tmp_path: Path
) -> None:
    folder = tmp_path / "chroma"
    first = Vectors(database, encoder, folder)
    first.sync()
    for number in ("2", "5"):
        (folder / number).mkdir()
    first.reset()
    assert [path.name for path in folder.iterdir() if path.is_dir()] == ["6"]
    assert first.sync().embedded == 3
    first.close()


def test_a_renewal_cut_short_leaves_everybody_with_the_rows_in_sql(
    vectors: Vectors, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors.sync()
    with monkeypatch.context() as patched:
        patched.setattr(vectors._chroma, "put", _refuse)
        with pytest.raises(StoreError, match="run the command again"):
            vectors._renew()
    assert pending(database)
    assert vectors.nearest("filing fee", 1)[0][0] == "fee"
    assert "of 3 vectors" in vectors.sync().rebuilt
    assert pending(database) == []
    assert vectors.nearest("filing fee", 1)[0][0] == "fee"


def _refuse(rows: object) -> None:
    raise OSError("no space left on device")


def test_a_server_that_is_down_is_named_with_the_next_step(
    database: Database, encoder: CountingEncoder, tmp_path: Path
) -> None:
    alone = Vectors(database, encoder, tmp_path / "chroma", "http://127.0.0.1:9")
    with pytest.raises(StoreError, match=r"http://127.0.0.1:9 .*index.chroma_url"):
        alone.sync()
    assert alone.nearest("filing fee", 1)[0][0] == "fee"


def test_after_closing_another_may_write_and_is_seen(
    vectors: Vectors, database: Database, tmp_path: Path
) -> None:
    vectors.sync()
    vectors.close()
    second = Vectors(database, HashingEncoder(), tmp_path / "chroma")
    add(database, "an afterthought")
    second.sync()
    second.close()
    assert vectors.nearest("an afterthought", 1)[0][0] == "an afterthought"
