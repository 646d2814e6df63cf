"""What is normal: small numbers are chance, and what went missing is named with its counts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.health import DOZENS, Tally, emptied, lacking, tally
from pipeline.model import (
    Block,
    BlockKind,
    DateKind,
    Document,
    NoteMark,
    Reading,
    StatedDate,
    Version,
)

NOW = datetime(2026, 11, 18, 14, 5, tzinfo=UTC)
FIELDS = st.dictionaries(st.sampled_from(["citation", "text", "date:published"]), st.floats(0, 1))


def version(key: str = "1", **stated: Any) -> Version:
    nothing: dict[str, Any] = {"title": "", "citation": "", "issuer": "", "url": "", "blocks": ()}
    document = Document(source="sample", key=key, kind="notice")
    return Version(**{**nothing, "document": document, "seen_at": NOW, "parser": "p", **stated})


def page(documents: int, **fields: int) -> Tally:
    """A page that gave the text of so many documents, so many of which stated a field."""
    return Tally(
        keys=tuple(map(str, range(documents))),
        versions=documents,
        fields={name.replace("_", ":"): count for name, count in fields.items() if count},
    )


def listing(documents: int) -> Tally:
    return Tally(keys=tuple(map(str, range(documents))))


def test_a_field_is_counted_once_for_each_document_that_states_it() -> None:
    note = Block(kind=BlockKind.PARAGRAPH, text="Held.", marks=(NoteMark(offset=5, label="1"),) * 2)
    published = StatedDate(
        kind=DateKind.PUBLISHED, on=date(2026, 11, 18), words="today", read_from="listing"
    )
    full = version(
        title="Rule",
        blocks=(note, note),
        dates=(published, published),
        metadata={"docket": "A-1"},
        links={"pdf": "https://www.example.gov/1.pdf"},
    )
    counted = tally(Reading(versions=(full, version("2", title="Notice")), listed=("2", "3")))
    assert counted.keys == ("1", "2", "3")
    assert counted.versions == 2
    assert counted.fields == {
        "date:published": 1,
        "footnotes": 1,
        "link:pdf": 1,
        "metadata:docket": 1,
        "text": 1,
        "title": 2,
    }


def test_a_field_that_is_there_and_says_nothing_is_not_stated() -> None:
    hollow = version(metadata={"sections": [], "note": "", "rin": None}, links={"pdf": ""})
    assert tally(Reading(versions=(hollow,))).fields == {}
    assert tally(Reading(versions=(version(metadata={"pages": 0}),))).fields == {
        "metadata:pages": 1
    }


def test_a_page_without_documents_counts_nothing() -> None:
    assert tally(Reading()) == Tally()


@pytest.mark.parametrize("enumerates", [True, False])
def test_a_page_of_dozens_that_names_none_is_emptied(enumerates: bool) -> None:
    (said,) = emptied(listing(90), listing(0), enumerates=enumerates)
    assert said == "it named 90 documents and now names none"
    assert emptied(listing(DOZENS), listing(0), enumerates=enumerates)
    assert not emptied(listing(DOZENS - 1), listing(0), enumerates=enumerates)


def test_only_where_everything_is_listed_a_page_may_not_lose_half_its_texts() -> None:
    (said,) = emptied(page(90), page(44), enumerates=True)
    assert said == "it gave the text of 90 documents and now of 44"
    assert not emptied(page(90), page(45), enumerates=True)
    assert not emptied(page(90), page(1), enumerates=False)


def test_a_page_whose_list_of_contents_shrinks_has_lost_no_text() -> None:
    assert not emptied(listing(90), listing(30), enumerates=True)


def test_a_listing_that_names_its_documents_and_gives_none_of_their_texts_is_emptied() -> None:
    (said,) = emptied(page(40, text=40), listing(40), enumerates=False)
    assert said == "it gave the text of 40 documents and now of none"


def test_a_page_of_one_document_that_gives_no_text_is_emptied_where_everything_is_listed() -> None:
    (said,) = emptied(page(1, text=1), listing(40), enumerates=True)
    assert said == "it gave the text of 1 document and now of none"
    assert not emptied(page(1, text=1), page(0), enumerates=False)


def test_a_field_that_every_document_stated_and_none_states_is_emptied() -> None:
    (said,) = emptied(page(49, citation=48, text=49), page(50, text=50), enumerates=True)
    assert said == "“citation” was stated in 48 of 49 and now in none of 50"
    assert not emptied(page(49, citation=49), page(50, citation=1), enumerates=True)


def test_a_field_that_some_stated_may_go() -> None:
    assert not emptied(page(50, metadata_note=44), page(50), enumerates=True)


def test_two_documents_without_a_field_are_chance() -> None:
    assert not emptied(page(50, citation=50), page(2), enumerates=False)
    assert emptied(page(50, citation=50), page(4), enumerates=False)


@given(had=st.integers(0, 500), more=st.integers(0, 500), enumerates=st.booleans())
def test_growth_is_health(had: int, more: int, enumerates: bool) -> None:
    before, now = page(had, text=had), page(had + more, text=had + more)
    assert emptied(before, now, enumerates=enumerates) == ()


@given(count=st.integers(0, 300), fills=FIELDS)
def test_a_run_in_which_all_state_everything_lacks_nothing(
    count: int, fills: dict[str, float]
) -> None:
    full = Tally(versions=count, fields=dict.fromkeys(fills, count))
    assert lacking([full, full], fills) == ()


@given(count=st.integers(0, 200), among=st.integers(0, 200), share=st.floats(0, 1))
def test_a_share_that_is_reached_is_no_finding(count: int, among: int, share: float) -> None:
    assume(count <= among and count >= share * among)
    assert lacking([Tally(versions=among, fields={"text": count})], {"text": share}) == ()


def test_what_a_run_lacks_is_counted_over_all_its_pages() -> None:
    pages = [page(40, citation=39), page(60, citation=11)]
    assert lacking(pages, {"citation": 0.9, "text": 0.0}) == (
        "“citation” is stated in 50 of 100 documents where 90% are normal",
    )


def test_few_documents_below_their_share_are_chance() -> None:
    assert not lacking([page(2)], {"citation": 0.9})
    assert not lacking([page(100, citation=85)], {"citation": 0.9})
    assert not lacking([], {"citation": 0.9})


def test_what_all_must_state_is_missed_in_one() -> None:
    assert lacking([page(100, title=99)], {"title": 1.0})
    assert not lacking([page(100, title=100)], {"title": 1.0})


def test_thousands_of_documents_are_no_trouble() -> None:
    assert not lacking([page(20_000, citation=17_990)], {"citation": 0.9})
    assert lacking([page(20_000, citation=17_000)], {"citation": 0.9})
