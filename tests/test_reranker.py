"""The optional cross-encoder: from this disk alone, safetensors alone, and said where it orders."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from libraries import Library, decision, keys
from sqlalchemy import select

from index import reranker, schema
from index.search.model import Answer
from index.search.reordering import FIRST, reordered
from lexwatch.app import App
from lexwatch.settings import Data, Search, Settings
from pipeline.errors import ModelError

ASKED = "bond hearing for detained persons"


class Backwards:
    """Likes what says least of the question, and hears what it is asked."""

    name = "backwards"

    def __init__(self) -> None:
        self.read: list[str] = []

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        self.read += passages
        words = question.split()
        return [-100.0 * sum(word in passage for word in words) for passage in passages]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library(tmp_path)
    yield opened
    opened.vectors.close()


def test_it_weighs_with_our_order_and_says_its_name(library: Library) -> None:
    library.add(
        decision("1", "One", "A bond hearing for detained persons."),
        decision("2", "Two", "A bond hearing."),
        decision("3", "Three", "Persons."),
    )
    plain = library.ask(ASKED, meaning=True)
    assert keys(plain.hits)[0] == "1" and plain.notes == ()
    found = library.ask(ASKED, meaning=True, reranker=Backwards())
    assert keys(found.hits)[0] != "1" and set(keys(found.hits)) == {"1", "2", "3"}
    assert found.notes == ("ordered anew by backwards",)
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)


def test_it_reads_two_passages_of_the_first_fifty_and_leaves_the_others_behind(
    library: Library,
) -> None:
    words = [("bond hearing " * (2 + number)) + "detained" for number in range(20)]
    for source in ("a", "b", "c", "d"):
        library.add(
            *(
                decision(f"{source}{n}", f"T{n}", text, source=source)
                for n, text in enumerate(words)
            )
        )
    asked = Backwards()
    found = library.ask(ASKED, meaning=True, limit=80, reranker=asked)
    plain = library.ask(ASKED, meaning=True, limit=80)
    assert len(asked.read) == FIRST and len(plain.hits) == 80
    assert set(keys(found.hits)[:FIRST]) == set(keys(plain.hits)[:FIRST])
    assert keys(found.hits)[FIRST:] == keys(plain.hits)[FIRST:]
    one = library.ask(ASKED, meaning=True, limit=1, reranker=Backwards())
    assert keys(one.hits) == keys(found.hits)[:1] and one.documents == 80


def test_no_model_is_asked_of_what_the_law_gives(library: Library) -> None:
    library.add(*(decision(f"{n}", f"T{n}", "bond " * (n + 1)) for n in range(3)))
    with library.database.read() as connection:
        query = select(schema.passage.c.document_id, schema.passage.c.id)
        held = {row.document_id: row.id for row in connection.execute(query)}
        answers = [
            Answer(document=document, passages=(number,), score=-float(place), why=())
            for place, (document, number) in enumerate(held.items())
        ]
        last = answers[-1].document
        bound = [
            replace(each, score=each.score + 9.0 * (each.document == last)) for each in answers
        ]
        plain = reordered(connection, "bond", answers, Backwards())
        found = reordered(connection, "bond", bound, Backwards(), {last: 9.0})
    before = {each.document: each.score for each in plain}
    after = {each.document: each.score for each in found}
    gained = {document: after[document] - before[document] for document in before}
    assert found[0].document == last and gained.pop(last) > 5
    assert all(abs(each) < 1e-9 for each in gained.values())


@pytest.mark.parametrize("query", ["28 I&N Dec. 714", "Matter of A-B-", "bond /s hearing"])
def test_what_is_looked_up_is_left_in_its_order(library: Library, query: str) -> None:
    text = "A bond hearing. See 28 I&N Dec. 714 (BIA 2023)."
    library.add(*(decision(f"{n}", "Matter of A-B-", text) for n in range(3)))
    asked = Backwards()
    assert library.ask(query, meaning=True, reranker=asked).hits
    assert asked.read == []


# --- the model on the disk


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of one layer and random weights, with a vocabulary of a few words."""
    import torch  # noqa: PLC0415 - it takes seconds, which the other tests need not pay
    from transformers import (  # noqa: PLC0415 - as above
        BertConfig,
        BertForSequenceClassification,
        BertTokenizer,
    )

    folder = tmp_path_factory.mktemp("tiny cross-encoder")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "bond", "hearing", "for", "a"]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    torch.manual_seed(1)
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    sizes |= {"intermediate_size": 8, "max_position_embeddings": 64, "num_labels": 1}
    config = BertConfig.from_dict({"vocab_size": len(words), **sizes})
    BertForSequenceClassification(config).save_pretrained(folder, safe_serialization=True)
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def copied(tiny: Path, folder: Path) -> Path:
    for file in tiny.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


def test_a_cross_encoder_is_loaded_from_its_folder_and_scores_each_passage(tiny: Path) -> None:
    loaded = reranker.load(str(tiny))
    one, other = "bond hearing", "a hearing for a bond " * 50
    scores = loaded.score("bond", [one, other])
    assert len(scores) == 2 and scores[0] != scores[1]
    assert scores[0] == pytest.approx(loaded.score("bond", [one])[0], abs=1e-5)
    assert loaded.name == str(tiny)


def test_the_settings_name_it_and_words_alone_never_load_it(tiny: Path, tmp_path: Path) -> None:
    settings = Settings(data=Data(folder=str(tmp_path)), search=Search(reranker=str(tiny)))
    app = App(settings)
    assert app.understanding_words.reranker is None
    assert "reranker" not in vars(app)
    assert app.understanding.reranker is app.reranker
    assert App(Settings(data=Data(folder=str(tmp_path)))).understanding.reranker is None


def test_a_model_that_is_nowhere_is_named_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"\[search\] reranker"):
        reranker.load("nobody/has-this-model")
    with pytest.raises(ModelError, match=r"no config\.json"):
        reranker.load(str(tmp_path))


def test_a_pickle_is_refused(tiny: Path, tmp_path: Path) -> None:
    folder = copied(tiny, tmp_path)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match="safetensors"):
        reranker.load(str(folder))


def test_code_of_its_own_is_refused(tiny: Path, tmp_path: Path) -> None:
    folder = copied(tiny, tmp_path)
    said = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    said["auto_map"] = {"AutoModelForSequenceClassification": "evil.Model"}
    (folder / "config.json").write_text(json.dumps(said), encoding="utf-8")
    (folder / "evil.py").write_text("raise SystemExit", encoding="utf-8")
    with pytest.raises(ModelError, match="code of its own"):
        reranker.load(str(folder))


@pytest.mark.parametrize(
    ("name", "body"), [("config.json", b"{"), ("model.safetensors", b"\x00" * 40)]
)
def test_a_broken_model_says_which(tiny: Path, tmp_path: Path, name: str, body: bytes) -> None:
    folder = copied(tiny, tmp_path)
    (folder / name).write_bytes(body)
    with pytest.raises(ModelError, match=r"cannot be loaded|not valid JSON"):
        reranker.load(str(folder))


def test_a_model_of_several_numbers_is_no_reranker(tiny: Path, tmp_path: Path) -> None:
    from transformers import BertConfig, BertForSequenceClassification  # noqa: PLC0415 - as above

    folder = copied(tiny, tmp_path)
    config = BertConfig.from_pretrained(tiny, num_labels=3)
    BertForSequenceClassification(config).save_pretrained(folder, safe_serialization=True)
    with pytest.raises(ModelError, match="gives 3 numbers"):
        reranker.load(str(folder))
