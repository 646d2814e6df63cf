"""Meaning: the topic that a text is clearly nearest to, where words show none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from builders import paragraph, version
from fakes import HashingEncoder
from numpy.typing import NDArray

from lexwatch.app import App
from lexwatch.settings import Index, Settings
from pipeline.meaning import WORDS, Meaning, telling
from pipeline.model import (
    Block,
    BlockKind,
    ChangeClass,
    ChangeKind,
    Difference,
    Edit,
    EditKind,
)
from pipeline.topics import Taxonomy, load

TOPICS = """
    immigration = ["immigration"]
    [topics.harbour]
    title = "Harbours"
    scope = "Ships."
    terms = ["harbour master"]
    examples = ["A ship waits off the quay for a pilot."]
    [topics.orchard]
    title = "Orchards"
    scope = "Trees."
    terms = ["apple grower"]
    examples = ["Pears ripen late in a cold summer."]
    exclusions = ["cider"]
    [topics.ledger]
    title = "Ledgers"
    scope = "Books."
    terms = ["book of record"]
    examples = ["Every entry is checked against its voucher."]
    front = false
    [topics.not-immigration]
    title = "Not immigration"
    scope = "Nothing."
    examples = ["A comet passes the sun."]
"""


class Counting(HashingEncoder):
    """Notes what it was asked to embed, call by call."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked.append(list(texts))
        return self.encode(texts)


@pytest.fixture
def encode() -> Counting:
    return Counting()


@pytest.fixture
def taxonomy(tmp_path: Path, encode: Counting) -> Taxonomy:
    path = tmp_path / "topics.toml"
    path.write_text(TOPICS, encoding="utf-8")
    return load(packaged=path).understanding(encode)


def test_a_text_without_a_topics_words_gets_the_topic_it_is_like(taxonomy: Taxonomy) -> None:
    [tag] = taxonomy.classify_text("Immigration", "A ship waits off the quay for a pilot.")
    assert tag.topic == "harbour"
    [evidence] = tag.evidence
    assert evidence.startswith("meaning: like “A ship waits off the quay for a pilot.” (0.9")
    assert 0.45 < tag.score < 0.5


def test_words_decide_where_they_find_a_topic(taxonomy: Taxonomy, encode: Counting) -> None:
    text = "The apple grower: a ship waits off the quay for a pilot."
    [tag] = taxonomy.classify_text("Immigration", text)
    assert (tag.topic, tag.evidence) == ("orchard", ("apple grower",))
    assert encode.asked == []


def test_meaning_never_says_that_a_text_is_immigration_law(
    taxonomy: Taxonomy, encode: Counting
) -> None:
    [tag] = taxonomy.classify_text("", "A ship waits off the quay for a pilot.")
    assert tag.topic == "not-immigration"
    assert encode.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "A comet passes the sun.",
        "Every entry is checked against its voucher.",
        "A ship waits off for a pilot. Pears ripen late in a cold summer.",
        "Nobody knows what this is about.",
        "A ship and a quay: the rest of it speaks of other things, of cats and clouds.",
        "Pears ripen late in a cold summer: no cider.",
    ],
    ids=[
        "not-immigration",
        "a matter of form",
        "as near to another",
        "unlike all",
        "little like one",
        "ruled out",
    ],
)
def test_meaning_is_silent_where_it_says_nothing_clear(taxonomy: Taxonomy, text: str) -> None:
    assert taxonomy.classify_text("Immigration", text) == ()


def test_a_changed_passage_without_words_is_understood(taxonomy: Taxonomy) -> None:
    passage = paragraph("Pears ripen late in a cold summer.")
    whole = version("The immigration harbour master.", passage.text, title="Chapter 2")
    edit = Edit(kind=EditKind.INSERTED, old=None, new=passage, old_index=None, new_index=1, rule="")
    difference = Difference(
        kind=ChangeKind.TEXT,
        change_class=ChangeClass.SUBSTANTIVE,
        edits=(edit,),
        metadata=(),
        reasons=(),
        summary="",
    )
    assert [tag.topic for tag in taxonomy.classify(whole, difference)] == ["harbour"]
    shown = Block(kind=BlockKind.PARAGRAPH, text=f"Immigration: {passage.text}")
    edit = Edit(kind=EditKind.INSERTED, old=None, new=shown, old_index=None, new_index=1, rule="")
    difference = Difference(
        kind=ChangeKind.TEXT,
        change_class=ChangeClass.SUBSTANTIVE,
        edits=(edit,),
        metadata=(),
        reasons=(),
        summary="",
    )
    tags = taxonomy.classify(whole, difference)
    assert [tag.topic for tag in tags] == ["orchard", "harbour"]


def test_examples_and_new_texts_are_each_embedded_once_and_together(encode: Counting) -> None:
    meaning = Meaning({"a": ["red"], "b": ["blue"]}, encode)
    first, second, again = meaning.nearest(["a red one", "a blue one", "a red one"])
    assert (first.topic, second.topic, again) == ("a", "b", first)
    meaning.nearest(["a blue one"])
    assert encode.asked == [["red", "blue"], ["a red one", "a blue one"]]


def test_the_lead_is_over_another_topic_not_another_example(encode: Counting) -> None:
    meaning = Meaning({"a": ["red", "red red"], "b": ["blue"]}, encode)
    [near] = meaning.nearest(["red"])
    assert near.lead == pytest.approx(1, abs=0.01)


def test_meaning_is_asked_about_title_headings_and_the_first_words() -> None:
    said = telling(["Title", "Heading"], ["one two", "three " * 1000])
    assert said.startswith("Title Heading one two three")
    assert len(said.split()) == WORDS


@pytest.mark.parametrize(
    ("model", "is_asked"),
    [("sentence-transformers/all-MiniLM-L6-v2", True), ("other-model", False)],
)
def test_meaning_is_off_for_a_model_it_was_not_measured_on(
    caplog: pytest.LogCaptureFixture, model: str, *, is_asked: bool
) -> None:
    office = App(Settings(index=Index(model=model)))
    assert (office.taxonomy.meaning is not None) is is_asked
    assert office.taxonomy is office.taxonomy
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == (not is_asked)
    assert all("by words alone" in words and "other-model" in words for words in told)
