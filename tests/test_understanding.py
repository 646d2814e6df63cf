"""What a question means: by the thesaurus alone, and with a model that is loaded when needed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from fakes import HashingEncoder
from libraries import THESAURUS
from numpy.typing import NDArray

from index.search.learned import Adapter
from index.search.model import Meaning
from index.search.understanding import Understanding

QUESTION = "What may an officer weigh before a bond is set?"


class Loud:
    """A meaning that counts how often it is asked."""

    model = HashingEncoder.digest

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return HashingEncoder().encode(texts)

    def reads(self, text: str) -> int:
        return len(text.split())

    def nearest(self, *_: object) -> list[dict[str, Sequence[tuple[int, float]]]]:
        return [{}, {}]

    def similar(self, *_: object) -> list[dict[int, float]]:
        return [{}, {}]


def loading(meaning: Meaning) -> Understanding:
    return Understanding(lambda: THESAURUS, lambda: meaning)


def test_words_alone_load_no_model() -> None:
    def never() -> Meaning:
        raise AssertionError("a model was loaded")

    understanding = Understanding(lambda: THESAURUS, never)
    assert understanding.of_words.of(QUESTION).rows is None
    assert understanding.of_words.meaning is None


def test_a_model_is_loaded_once_and_asked_for_the_question_each_time() -> None:
    loads = []
    understanding = Understanding(lambda: THESAURUS, lambda: loads.append(1) or Loud())  # type: ignore[func-returns-value]
    understanding.of(QUESTION)
    understanding.of(QUESTION)
    assert len(loads) == 1 and isinstance(understanding.meaning, Loud)
    assert understanding.meaning.asked.count(QUESTION) == 2


def test_the_second_row_is_turned_towards_the_words_of_the_law() -> None:
    understood = loading(Loud()).of("He told them he was a citizen to get a job; green card")
    assert understood.expansions and understood.rows is not None
    own, law = understood.rows
    assert not np.allclose(own, law)
    assert all(abs(float(np.linalg.norm(row)) - 1) < 1e-5 for row in (own, law))


def test_a_question_without_words_of_the_thesaurus_has_one_meaning() -> None:
    understood = loading(Loud()).of("zzz qqq")
    assert understood.rows is not None and understood.expansions == ()
    assert np.array_equal(*understood.rows)


def test_an_adapter_turns_the_rows_of_its_own_model_alone() -> None:
    down = np.full((384, 1), 0.05, dtype=np.float32)
    up = np.full((1, 384), 0.05, dtype=np.float32)
    plain = loading(Loud()).of(QUESTION)

    def turned(model: str) -> bool:
        adapter = Adapter(model=model, down=down, up=up)
        understood = Understanding(lambda: THESAURUS, Loud, lambda: adapter).of(QUESTION)
        assert understood.rows is not None and plain.rows is not None
        return not np.allclose(understood.rows[0], plain.rows[0])

    assert turned(Loud.model) and not turned("another model")


def test_without_an_adapter_nothing_is_turned() -> None:
    understood = Understanding(lambda: THESAURUS, Loud, lambda: None).of(QUESTION)
    assert understood.rows is not None
    [row] = HashingEncoder().encode([QUESTION])
    assert np.allclose(understood.rows[0], row)
