"""The vectors: safe in SQL, served by Chroma, and mended from SQL whatever Chroma suffers."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from fakes import HashingEncoder
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sqlalchemy import delete, insert, select, update

from index import keyword, matrix, mirror, passages, schema, view
from index.database import Database
from index.vectors import Vectors
from pipeline.errors import ModelError, StoreError

TEXTS = {
    "bond": "a bond hearing before the immigration judge",
    "fee": "the filing fee of a naturalization application",
    "asylum": "an asylum application filed within one year",
}
DOCUMENTS = {1: "sample", 2: "sample", 3: "other"}


class CountingEncoder(HashingEncoder):
    """Counts the texts it embeds."""

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
        for number, source in DOCUMENTS.items():
            connection.execute(
                insert(schema.document).values(
                    id=number, source=source, key=str(number), kind="notice"
                )
            )
    add(opened, *TEXTS)
    return opened


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def vectors(database: Database, encoder: CountingEncoder, tmp_path: Path) -> Iterator[Vectors]:
    opened = Vectors(database, encoder, tmp_path / "chroma")
    opened.flat = 0  # Chroma is asked, however little there is
    yield opened
    opened.close()


def digest(name: str) -> str:
    return hashlib.sha256(f"\n{TEXTS.get(name, name)}".encode()).hexdigest()


def add(database: Database, *names: str, document: int = 1) -> None:
    with database.write() as connection:
        for ordinal, name in enumerate(names):
            connection.execute(
                insert(schema.passage).values(
                    document_id=document,
                    digest=digest(name),
                    ordinal=ordinal,
                    header="",
                    text=TEXTS.get(name, name),
                    trail=[],
                    anchor="",
                    page="",
                    first_block=ordinal,
                )
            )
            connection.execute(insert(schema.outbox).values(digest=digest(name)))
        passages.advance(connection)


def remove(database: Database, name: str) -> None:
    with database.write() as connection:
        connection.execute(delete(schema.passage).where(schema.passage.c.digest == digest(name)))
        connection.execute(insert(schema.outbox).values(digest=digest(name)))
        passages.advance(connection)


def ask(
    vectors: Vectors, query: str, limit: int = 3, documents: Sequence[int] | None = None
) -> dict[str, list[str]]:
    """What is nearest, by source, in words."""
    [row] = vectors.embed([query])
    said = _said(vectors._database)
    [found] = vectors.nearest(row[None], limit, documents)
    return {source: [said[passage] for passage, _ in near] for source, near in found.items()}


def pending(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(schema.outbox.c.digest)).scalars())


def test_the_nearest_passage_comes_first_with_its_cosine(vectors: Vectors) -> None:
    assert vectors.sync().embedded == 3
    [row] = vectors.embed(["bond hearing judge"])
    near = vectors.nearest(row[None], 3)[0]["sample"]
    assert ask(vectors, "bond hearing judge")["sample"][0] == TEXTS["bond"]
    assert 0.4 < near[0][1] <= 1.0
    assert [score for _, score in near] == sorted((score for _, score in near), reverse=True)


def test_each_source_has_its_own_nearest(vectors: Vectors, database: Database) -> None:
    add(database, "a notice of the other source", "bond", document=3)
    vectors.sync()
    found = ask(vectors, "bond hearing", 1)
    assert found == {"sample": [TEXTS["bond"]], "other": [TEXTS["bond"]]}


def test_what_two_documents_say_alike_is_found_in_both(
    vectors: Vectors, database: Database
) -> None:
    add(database, "bond", document=2)
    vectors.sync()
    vectors.flat = 100
    exact = ask(vectors, "bond hearing", 2)
    vectors.flat = 0
    assert ask(vectors, "bond hearing", 2) == exact == {"sample": [TEXTS["bond"]] * 2}


def test_a_filter_leaves_only_its_documents(vectors: Vectors, database: Database) -> None:
    add(database, "a bond posted by another", document=2)
    add(database, "bond", document=3)
    vectors.sync()
    assert ask(vectors, "bond", 3, [2]) == {"sample": ["a bond posted by another"]}
    assert ask(vectors, "bond", 3, [3, 99]) == {"other": [TEXTS["bond"]]}
    assert ask(vectors, "bond", 3, []) == {}


def test_filtered_scores_are_exact_whatever_share_a_filter_keeps(tmp_path: Path) -> None:
    random = np.random.default_rng(7)
    rows = random.normal(size=(400, 8)).astype(np.float32)
    held = matrix.Matrix(
        sources=("a", "b"),
        bounds=np.array([0, 300, 400]),
        passages=np.arange(400)[::-1] + 5,
        documents=np.arange(400),
        digests=matrix.as_digests([f"{number:03}" for number in range(400)]),
        places=random.permutation(400),
        base=rows[:390],
        tail=rows[390:],
    )
    scores = rows[held.places] @ rows[0]
    for kept in (1, 30, 49, 51, 200, 399):
        chosen = random.choice(400, kept, replace=False)
        [found] = held.nearest(rows[:1], 10, chosen.tolist())
        for source, part in (("a", chosen[chosen < 300]), ("b", chosen[chosen >= 300])):
            best = part[np.argsort(-scores[part], kind="stable")][:10]
            assert [number for number, _ in found.get(source, [])] == held.passages[best].tolist()
    wanted = [5, 17, 404, 405, 1_000]
    [similar] = held.similar(rows[:1], wanted)
    assert similar == pytest.approx({each: float(scores[404 - each]) for each in wanted[:3]})


@pytest.mark.parametrize("count", [300, matrix.MANY + 300])
def test_several_rows_at_once_find_what_each_finds_alone(count: int) -> None:
    random = np.random.default_rng(11)
    rows = random.normal(size=(count, 8)).astype(np.float32)
    asked = random.normal(size=(3, 8)).astype(np.float32)
    held = matrix.Matrix(
        sources=("a",),
        bounds=np.array([0, count]),
        passages=np.arange(count),
        documents=np.arange(count),
        digests=matrix.as_digests([f"{number:05}" for number in range(count)]),
        places=np.arange(count),
        base=rows,
        tail=rows[:0],
    )
    together = held.nearest(asked, 20)
    assert together == tuple(held.nearest(row[None], 20)[0] for row in asked)
    best = np.argsort(-(rows @ asked.T), axis=0, kind="stable")[:20].T
    assert [[number for number, _ in near["a"]] for near in together] == best.tolist()
    assert held.similar(asked, [1, 2]) == tuple(held.similar(row[None], [1, 2])[0] for row in asked)


def test_of_equals_the_first_is_kept() -> None:
    scores = np.array([0.5, 0.9, 0.5, 0.5, 0.1], dtype=np.float32)
    assert matrix._highest(scores, 3).tolist() == [1, 0, 2]
    assert matrix._highest(scores, 9).tolist() == [1, 0, 2, 3, 4]
    assert matrix._highest(scores, 0).tolist() == []


@given(
    few=st.lists(st.integers(0, 3), min_size=1, max_size=9),
    count=st.integers(0, 5 * matrix.GROUP),
    limit=st.integers(0, 4),
    seed=st.integers(0, 99),
)
def test_the_highest_are_those_of_a_full_sort(
    few: list[int], count: int, limit: int, seed: int
) -> None:
    scores = np.random.default_rng(seed).choice(np.array(few, dtype=np.float32), count)
    full = np.argsort(-scores, kind="stable")[:limit]
    assert matrix._highest(scores, limit).tolist() == full.tolist()


def test_of_a_long_text_it_is_told_how_many_words_the_model_reads(tmp_path: Path) -> None:
    class Short(HashingEncoder):
        longest = 6

    vectors = Vectors(Database(f"sqlite:///{tmp_path / 'lexwatch.db'}"), Short(), tmp_path / "v")
    assert vectors.reads("a-b of a story told") == 3
    assert vectors.reads("a b c d") == 4
    assert vectors.reads("a b c d e") == 4


def test_the_similarity_of_named_passages_is_the_same_from_sql_and_from_memory(
    vectors: Vectors, database: Database
) -> None:
    vectors.sync()
    add(database, "without a vector yet")
    [row] = vectors.embed(["a bond hearing"])
    numbers = {text: number for number, text in _said(database).items()}
    asked = [numbers[TEXTS["bond"]], numbers[TEXTS["fee"]], numbers["without a vector yet"], 999]
    [from_sql] = vectors.similar(row[None], asked)
    vectors.nearest(row[None], 1)
    [from_memory] = vectors.similar(row[None], asked)
    assert from_sql == pytest.approx(from_memory)
    assert set(from_sql) == set(asked[:2])
    assert from_sql[asked[0]] > from_sql[asked[1]]


def test_what_is_asked_is_written_nowhere(
    vectors: Vectors, database: Database, tmp_path: Path
) -> None:
    vectors.sync()
    question = "my client Jane Roe overstayed"
    before = _rows(database)
    ask(vectors, question)
    assert _rows(database) == before
    secrets = (question.encode(), hashlib.sha256(question.encode()).hexdigest().encode())
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in files for secret in secrets if secret in path.read_bytes()]


def test_what_is_kept_is_embedded_once_and_is_no_passage(
    vectors: Vectors, database: Database, encoder: CountingEncoder
) -> None:
    vectors.sync()
    assert vectors.keep(["false claim to citizenship", "false claim to citizenship", "bail"]) == 2
    remove(database, "fee")
    assert vectors.sync().held == 2
    assert vectors.keep(["bail"]) == 0
    embedded = encoder.embedded
    rows = vectors.embed(["bail", "false claim to citizenship"])
    assert encoder.embedded == embedded
    assert np.allclose(rows, HashingEncoder().encode(["bail", "false claim to citizenship"]))
    assert "bail" not in ask(vectors, "bail", 9)["sample"]


def test_passages_are_embedded_by_what_load_gives_and_questions_need_it_not(
    database: Database, tmp_path: Path
) -> None:
    quick, slow = CountingEncoder(), CountingEncoder()
    loaded: list[str] = []

    def load() -> CountingEncoder:
        loaded.append("once")
        return slow

    vectors = Vectors(database, quick, tmp_path / "chroma", load=load)
    vectors.embed(["a question"])
    assert (quick.embedded, loaded) == (1, [])
    vectors.sync()
    vectors.keep(["a phrase"])
    assert (quick.embedded, slow.embedded, loaded) == (1, 4, ["once"])
    vectors.close()


def test_only_what_is_new_is_embedded(
    vectors: Vectors, database: Database, encoder: CountingEncoder
) -> None:
    vectors.sync()
    add(database, "another passage")
    assert vectors.sync().embedded == 1
    assert encoder.embedded == 4


def test_a_passage_that_is_gone_is_found_no_more(vectors: Vectors, database: Database) -> None:
    vectors.sync()
    ask(vectors, "bond hearing")
    remove(database, "bond")
    synced = vectors.sync()
    assert (synced.removed, synced.held) == (1, 2)
    assert TEXTS["bond"] not in ask(vectors, "bond hearing")["sample"]


def test_what_leaves_one_source_stays_in_the_other(vectors: Vectors, database: Database) -> None:
    add(database, "bond", document=3)
    assert vectors.sync().held == 4
    with database.write() as connection:
        passage = schema.passage
        connection.execute(
            delete(passage).where(passage.c.digest == digest("bond"), passage.c.document_id == 1)
        )
        connection.execute(insert(schema.outbox).values(digest=digest("bond")))
        passages.advance(connection)
    synced = vectors.sync()
    assert (synced.removed, synced.held, synced.rebuilt) == (0, 3, "")
    assert ask(vectors, "bond", 1)["other"] == [TEXTS["bond"]]
    assert vectors._chroma.count() == 3


def test_before_a_sync_nobody_is_served_the_stale_view(
    vectors: Vectors, database: Database
) -> None:
    vectors.sync()
    ask(vectors, "bond hearing")
    remove(database, "bond")
    assert TEXTS["bond"] not in ask(vectors, "bond hearing")["sample"]


def test_a_question_alone_neither_takes_the_lock_nor_opens_chroma(
    vectors: Vectors, database: Database, tmp_path: Path
) -> None:
    vectors.sync()
    vectors.close()
    second = Vectors(database, HashingEncoder(), tmp_path / "chroma")
    second.flat = 0
    assert ask(second, "filing fee", 1)["sample"] == [TEXTS["fee"]]
    assert second._chroma._client is None
    assert vectors.owns()


def test_who_does_not_hold_the_lock_scores_exactly_and_agrees(
    vectors: Vectors, database: Database, tmp_path: Path
) -> None:
    vectors.sync()
    second = Vectors(database, HashingEncoder(), tmp_path / "chroma")
    assert not second.owns()
    [row] = vectors.embed(["filing fee"])
    ours, theirs = (one.nearest(row[None], 3)[0]["sample"] for one in (vectors, second))
    assert ours[0][0] == theirs[0][0]
    assert dict(ours) == pytest.approx(dict(theirs), abs=1e-3)


def test_who_does_not_hold_the_lock_leaves_the_outbox_to_the_owner(
    vectors: Vectors, database: Database, tmp_path: Path
) -> None:
    vectors.sync()
    second = Vectors(database, HashingEncoder(), tmp_path / "chroma")
    add(database, "an afterthought")
    assert second.sync().embedded == 1
    assert ask(vectors, "an afterthought", 1)["sample"] == ["an afterthought"]  # from SQL
    assert vectors.sync().embedded == 0
    assert ask(vectors, "an afterthought", 1)["sample"] == ["an afterthought"]


def test_a_chroma_that_lost_vectors_is_made_anew_without_embedding(
    vectors: Vectors, encoder: CountingEncoder
) -> None:
    vectors.sync()
    vectors._chroma.remove("sample", [digest("fee")])
    synced = vectors.sync()
    assert "2 of 3" in synced.rebuilt
    assert encoder.embedded == 3
    assert vectors._chroma.count() == 3
    assert ask(vectors, "filing fee", 1)["sample"] == [TEXTS["fee"]]


def test_a_vector_that_chroma_lost_is_found_in_sql(vectors: Vectors) -> None:
    vectors.sync()
    vectors._chroma.remove("sample", [digest("fee")])
    assert ask(vectors, "filing fee", 3)["sample"][0] == TEXTS["fee"]


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
    assert ask(second, "asylum", 1)["sample"] == [TEXTS["asylum"]]
    second.close()


def test_while_chroma_ails_sql_answers_and_it_is_not_asked_again(
    vectors: Vectors, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors.sync()
    asked: list[object] = []

    def refuse(*given: object, **named: object) -> None:
        asked.append(given)
        raise OSError("the index file is gone")

    monkeypatch.setattr("chromadb.api.models.Collection.Collection.query", refuse)
    for _ in range(3):
        assert ask(vectors, "filing fee", 1)["sample"] == [TEXTS["fee"]]
    assert len(asked) == 1
    monkeypatch.undo()
    assert vectors.sync().rebuilt == ""
    assert ask(vectors, "filing fee", 1)["sample"] == [TEXTS["fee"]]


def test_another_model_is_refused_with_the_command_that_helps(
    vectors: Vectors, database: Database, tmp_path: Path
) -> None:
    vectors.sync()
    other = HashingEncoder()
    other.digest = "0" * 64
    second = Vectors(database, other, tmp_path / "chroma")
    for question in (
        lambda: second.embed(["anything"]),
        lambda: second.nearest(np.ones((1, 384), np.float32), 1),
        lambda: second.similar(np.ones((1, 384), np.float32), [1]),
        lambda: second.keep(["anything"]),
        second.sync,
    ):
        with pytest.raises(ModelError, match="lexwatch rebuild --vectors"):
            question()


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
    assert ask(second, "bond hearing", 1)["sample"] == [TEXTS["bond"]]
    second.close()


def test_after_a_reset_nothing_is_near_until_it_is_embedded(vectors: Vectors) -> None:
    vectors.sync()
    ask(vectors, "bond")
    vectors.reset()
    assert ask(vectors, "bond") == {}
    assert vectors.sync().embedded == 3


def test_a_passage_that_came_after_the_embedding_waits_for_its_vector(
    database: Database, tmp_path: Path
) -> None:
    first = Vectors(database, Interrupted(database), tmp_path / "chroma")
    synced = first.sync()
    assert (synced.embedded, synced.removed, synced.held, synced.rebuilt) == (3, 0, 3, "")
    assert pending(database) == [digest("a latecomer")]
    first.close()
    second = Vectors(database, HashingEncoder(), tmp_path / "chroma")
    assert second.sync().embedded == 1
    assert pending(database) == []
    assert ask(second, "a latecomer", 1)["sample"] == ["a latecomer"]
    second.close()


def test_a_number_given_again_does_not_take_a_newer_row_along(
    vectors: Vectors, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process drains the outbox, which empties, and then more is ingested."""
    put = vectors._chroma.put

    def meanwhile(source: str, digests: Sequence[str], rows: NDArray[np.float32]) -> None:
        with database.write() as connection:
            connection.execute(delete(schema.outbox))
        add(database, "a latecomer")
        put(source, digests, rows)

    monkeypatch.setattr(vectors._chroma, "put", meanwhile)
    vectors.sync()
    assert pending(database) == [digest("a latecomer")]


def test_who_scores_exactly_sees_what_was_embedded_since(
    vectors: Vectors, database: Database, tmp_path: Path
) -> None:
    vectors.sync()
    second = Vectors(database, HashingEncoder(), tmp_path / "chroma")
    add(database, "an afterthought")
    ask(second, "an afterthought", 1)
    vectors.sync()
    assert ask(second, "an afterthought", 1)["sample"] == ["an afterthought"]


def test_a_refreshed_view_is_the_one_that_is_read_anew(
    database: Database, encoder: CountingEncoder, tmp_path: Path
) -> None:
    """Through passages that come, go, move between documents and take a number given again."""
    vectors = Vectors(database, encoder, tmp_path / "chroma")
    add(database, *(f"notice {number}" for number in range(40)), document=2)
    vectors.sync()
    seen = vectors._view()[0]
    passage = schema.passage
    steps: tuple[Callable[[], None], ...] = (
        lambda: add(database, "one more", "bond", document=3),
        lambda: remove(database, "fee"),
        lambda: _give_number_again(database),
        lambda: remove(database, "notice 7"),
        lambda: _change(
            database, update(passage).where(passage.c.digest == digest("asylum")), document_id=3
        ),
    )
    for step in steps:
        step()
        vectors.sync()
        with database.read() as connection:
            anew = view.load(connection, encoder.digest)
            seen = view.refresh(connection, encoder.digest, seen)
        for field in ("bounds", "passages", "documents", "digests"):
            assert np.array_equal(getattr(seen, field), getattr(anew, field)), field
        assert np.array_equal(seen._picked(seen.places), anew._picked(anew.places))
        assert len(seen.tail) > 0 and len(anew.tail) == 0
    vectors.close()


def test_a_view_of_nothing_is_refreshed(
    database: Database, encoder: CountingEncoder, tmp_path: Path
) -> None:
    for name in TEXTS:
        remove(database, name)
    with database.read() as connection:
        seen = view.load(connection, encoder.digest)
    assert len(seen.base) == 0
    with database.write() as connection:
        others = [{"id": n, "source": "s", "key": str(n), "kind": "notice"} for n in range(4, 10)]
        connection.execute(insert(schema.document), others)
    for document in range(1, 10):  # one text that many passages share
        add(database, "notice 1", document=document)
    vectors = Vectors(database, encoder, tmp_path / "chroma")
    vectors.sync()
    with database.read() as connection:
        seen = view.refresh(connection, encoder.digest, seen)
    assert (len(seen.base), len(seen.tail)) == (1, 0)
    vectors.close()


def test_texts_that_came_are_counted_against_texts(
    database: Database, encoder: CountingEncoder, tmp_path: Path
) -> None:
    """Not against the many passages that say the same."""
    for name in TEXTS:
        remove(database, name)
    for document in (1, 2, 3):
        add(database, "notice 1", "notice 2", "notice 3", document=document)
    vectors = Vectors(database, encoder, tmp_path / "chroma")
    vectors.sync()
    seen = vectors._view()[0]
    add(database, "notice 4")
    vectors.sync()
    with database.read() as connection:
        seen = view.refresh(connection, encoder.digest, seen)
    assert (len(seen.base), len(seen.tail)) == (4, 0)
    vectors.close()


def test_the_outbox_is_settled_page_by_page(
    database: Database, vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "PAGE", 2)
    add(database, *(f"notice {number}" for number in range(7)), document=2)
    vectors.sync()
    assert pending(database) == []
    assert ask(vectors, "notice 6", 1)["sample"] == ["notice 6"]


def test_a_view_that_changed_much_is_read_anew(
    database: Database, encoder: CountingEncoder, tmp_path: Path
) -> None:
    vectors = Vectors(database, encoder, tmp_path / "chroma")
    vectors.sync()
    seen = vectors._view()[0]
    add(database, *(f"notice {number}" for number in range(20)), document=2)
    vectors.sync()
    with database.read() as connection:
        seen = view.refresh(connection, encoder.digest, seen)
    assert (len(seen.base), len(seen.tail)) == (23, 0)
    vectors.close()


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
    vectors._chroma.remove("sample", [digest("fee")])
    with monkeypatch.context() as patched:
        patched.setattr("chromadb.api.models.Collection.Collection.upsert", _refuse)
        with pytest.raises(StoreError, match="run the command again"):
            vectors.sync()
    assert pending(database)
    assert ask(vectors, "filing fee", 1)["sample"] == [TEXTS["fee"]]
    assert vectors.sync().held == vectors._chroma.count() == 3
    assert pending(database) == []
    assert ask(vectors, "filing fee", 1)["sample"] == [TEXTS["fee"]]


def test_a_server_that_is_down_is_named_with_the_next_step(
    database: Database, encoder: CountingEncoder, tmp_path: Path
) -> None:
    alone = Vectors(database, encoder, tmp_path / "chroma", "http://127.0.0.1:9")
    alone.flat = 0
    with pytest.raises(StoreError, match=r"http://127.0.0.1:9 .*index.chroma_url"):
        alone.sync()
    assert ask(alone, "filing fee", 1)["sample"] == [TEXTS["fee"]]


def test_after_closing_another_may_write_and_is_seen(
    vectors: Vectors, database: Database, tmp_path: Path
) -> None:
    vectors.sync()
    vectors.close()
    second = Vectors(database, HashingEncoder(), tmp_path / "chroma")
    add(database, "an afterthought")
    second.sync()
    second.close()
    assert ask(vectors, "an afterthought", 1)["sample"] == ["an afterthought"]


class Server:
    """`chroma run` as a process of its own on loopback."""

    def __init__(self, folder: Path) -> None:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._folder = folder
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        run = [str(Path(sys.executable).with_name("chroma")), "run", "--host", "127.0.0.1"]
        options = ["--port", str(self._port), "--path", str(self._folder)]
        self._process = subprocess.Popen(
            [*run, *options],
            env=os.environ | {"ANONYMIZED_TELEMETRY": "False"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(300):
            with closing(socket.socket()) as asked:
                if asked.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError("chroma run does not listen")

    def kill(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path / "served")
    started.start()
    yield started
    started.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="the server is killed with a POSIX signal")
def test_services_share_a_server_and_its_death_loses_nothing(
    database: Database, encoder: CountingEncoder, server: Server, tmp_path: Path
) -> None:
    first, second = (
        Vectors(database, encoder, tmp_path / name, server.url) for name in ("one", "two")
    )
    first.flat = second.flat = 0
    assert first.sync().held == 3
    for each in (first, second):
        assert ask(each, "filing fee", 1)["sample"] == [TEXTS["fee"]]
        assert each._ailing == -1  # it was the server who answered

    # Each of its own words: what is alike but for one passage is no test of an approximate index.
    others = (f"docket{number} claim{number}" for number in range(149))
    add(database, *others, "the last", document=2)
    put = second._chroma.put

    def cut_off(source: str, digests: Sequence[str], rows: NDArray[np.float32]) -> None:
        put(source, digests[:100], rows[:100])
        server.kill()
        put(source, digests, rows)

    second._chroma.put = cut_off  # type: ignore[method-assign]  # a kill between two calls
    with pytest.raises(StoreError, match=r"index\.chroma_url"):
        second.sync()
    second._chroma.put = put  # type: ignore[method-assign]
    assert pending(database)
    assert ask(first, "the last", 1)["sample"] == ["the last"]

    server.start()
    synced = first.sync()
    assert (synced.embedded, synced.held, pending(database)) == (0, 153, [])
    assert first._chroma.count() == 153
    for each in (first, second):
        assert ask(each, "the last", 1)["sample"] == ["the last"]


def _refuse(*_given: object, **_named: object) -> None:
    raise OSError("no space left on device")


def _said(database: Database) -> dict[int, str]:
    with database.read() as connection:
        rows = connection.execute(select(schema.passage.c.id, schema.passage.c.text))
        return {row.id: row.text for row in rows}


def _rows(database: Database) -> list[tuple[object, ...]]:
    with database.read() as connection:
        held = [connection.execute(select(table)).all() for table in schema.metadata.sorted_tables]
    return [tuple(row) for rows in held for row in rows]


def _change(database: Database, query: object, **values: object) -> None:
    with database.write() as connection:
        connection.execute(query.values(**values))  # type: ignore[attr-defined]  # an update
        connection.execute(insert(schema.outbox).values(digest=digest("asylum")))
        passages.advance(connection)


def _give_number_again(database: Database) -> None:
    """The newest passage makes room for another, which gets its number."""
    said = _said(database)
    newest = max(said)
    names = {text: name for name, text in TEXTS.items()}
    with database.write() as connection:
        connection.execute(delete(schema.passage).where(schema.passage.c.id == newest))
        name = names.get(said[newest], said[newest])
        connection.execute(insert(schema.outbox).values(digest=digest(name)))
    add(database, "in its place", document=2)
    assert _said(database)[newest] == "in its place"
