"""Search: words, meaning, names and citations, filters pushed down, and why each hit is one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from builders import paragraph
from libraries import Library, decision, keys

from index import derived, passages
from index.search.search import UNPLACED
from pipeline.errors import QueryError
from pipeline.model import Block, BlockKind, NoteMark, Version


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library(tmp_path)
    yield opened
    opened.vectors.close()


def crowd(size: int) -> list[Version]:
    """Notices that all say more of a bond hearing than any other document does."""
    return [
        decision(f"n{number}", f"Bond hearing notice {number}", "Bond hearing.", source="notices")
        for number in range(size)
    ]


# --- words


def test_a_rare_word_weighs_more_than_a_common_one(library: Library) -> None:
    library.add(
        decision("1", "One", "An alien filed a motion."),
        decision("2", "Two", "An alien filed a petition."),
        decision("3", "Three", "An alien filed a certiorari petition."),
    )
    assert keys(library.find("certiorari petition"))[0] == "3"


def test_a_quoted_phrase_must_occur(library: Library) -> None:
    library.add(
        decision("1", "One", "The bond hearing was brief."),
        decision("2", "Two", "The hearing set no bond, and bond was asked at no hearing."),
    )
    assert keys(library.find("“bond hearing” asked")) == ["1"]
    assert keys(library.find('what is a "bond hearing"?', meaning=True)) == ["1"]
    alone = library.ask('"bond hearing"', meaning=True)
    assert alone.documents == 1 and keys(alone.hits)[0] == "1"
    assert all("nearly" in hit.why[0] for hit in alone.hits[1:])


def test_words_that_stand_in_every_question_are_not_searched(library: Library) -> None:
    library.add(decision("1", "One", "What is it that we have when there is none?"))
    assert library.find("what is it when there is") == ()


@pytest.mark.parametrize("query", ["", " ", "?!", '""', "§ ¶ —", "***", '"-"', "_"])
def test_punctuation_alone_finds_nothing(library: Library, query: str) -> None:
    library.add(decision("1", "One", "A text."))
    assert library.find(query) == ()
    if query != "_":
        assert library.find(query, meaning=True) == ()


@pytest.mark.parametrize(
    "query",
    [
        "header:asylum NEAR(asylum, 2)",
        "asylum'; DROP TABLE passage; --",
        'asylum "\x00"',
        "asylum % _ \\",
        "asylum ^ - : { } [ ]",
        '"asylum' * 500,
    ],
)
def test_what_the_index_takes_for_syntax_is_only_looked_for(library: Library, query: str) -> None:
    library.add(decision("1", "One", "An asylum application."))
    library.find(query)
    assert keys(library.find("asylum")) == ["1"]


@pytest.mark.parametrize(
    "query", ['"a" OR NOT ( *', 'asylum" AND (', "(asylum /p", "as! /s b", "a /0 b"]
)
def test_connectors_that_cannot_be_understood_point_at_the_mistake(
    library: Library, query: str
) -> None:
    library.add(decision("1", "One", "An asylum application."))
    with pytest.raises(QueryError) as told:
        library.find(query)
    assert "^" in str(told.value)


def test_letters_are_found_however_they_are_composed(library: Library) -> None:
    library.add(decision("1", "One", "Counsel Peña appeared."))
    assert keys(library.find("Pen\u0303a")) == ["1"]
    assert keys(library.find("pena")) == ["1"]


# --- words and meaning together


def test_what_both_sides_find_comes_first_and_says_so(library: Library) -> None:
    library.add(
        decision("1", "One", "Detained persons ask for release."),
        decision("2", "Two", "A bond hearing for detained persons."),
    )
    hits = library.find("bond hearing", meaning=True)
    assert keys(hits)[0] == "2"
    assert hits[0].why == ("matched by words", "matched by meaning")
    assert hits[0].score > hits[1].score


def test_a_document_is_one_hit_with_its_best_passages_ten_at_most(library: Library) -> None:
    chapters = [
        paragraph(
            f"Bond {'hearing' * (number == 29)} {number}. " + "The judge weighs danger. " * 60
        )
        for number in range(30)
    ]
    library.add(decision("1", "One", *chapters))
    hits = library.find("bond hearing", meaning=True)
    assert keys(hits) == ["1"]
    assert len(hits[0].passages) == 10
    assert "Bond hearing 29." in hits[0].passages[0].text


def test_of_a_story_the_model_does_not_read_to_its_end_that_is_said(library: Library) -> None:
    library.encoder.longest = 12
    story = "She was held for months without any hearing on bond and asks for one now"
    said = "meaning was asked of the first 10 of its 15 words"
    assert said in library.ask(story, meaning=True).notes[-1]
    for notes in (
        library.ask(story).notes,
        library.ask("Was she held without a hearing?", meaning=True).notes,
    ):
        assert not any(said[:20] in note for note in notes)


def test_limit_counts_documents(library: Library) -> None:
    library.add(*crowd(5))
    assert len(library.find("bond hearing", limit=2)) == 2


# --- filters


@pytest.mark.parametrize("meaning", [False, True])
def test_a_filter_finds_what_a_crowd_of_its_own_source_ranks_ahead_of(
    library: Library, meaning: bool
) -> None:
    library.add(*crowd(260))
    library.add(
        decision(
            "1",
            "Matter of SAMPLE",
            "Once, long ago, the judge held a hearing on bond.",
            source="notices",
        ),
        topic="detention",
    )
    assert "1" not in keys(library.find("bond hearing", meaning=meaning, limit=100))
    assert keys(library.find("bond hearing", meaning=meaning, topics=["detention"])) == ["1"]


@pytest.mark.parametrize("meaning", [False, True])
def test_a_crowd_of_one_source_hides_no_other_source(library: Library, meaning: bool) -> None:
    library.add(*crowd(260))
    library.add(decision("1", "Matter of SAMPLE", "Once the judge held a hearing on bond."))
    assert "1" in keys(library.find("bond hearing", meaning=meaning, limit=50))
    only = library.find("bond hearing", meaning=meaning, sources=["bia_decisions"])
    assert keys(only) == ["1"]


def test_both_filters_must_be_met(library: Library) -> None:
    library.add(decision("1", "One", "Bond hearing."), topic="asylum")
    assert library.find("bond hearing", sources=["bia_decisions"], topics=["detention"]) == ()
    assert library.find("bond", sources=["notices"], meaning=True) == ()


# --- citations


def test_a_citation_finds_the_document_then_who_cites_it_newest_first(library: Library) -> None:
    citing = "As we held in Matter of SAMPLE, 28 I&N Dec. 714 (BIA 2023), it is so."
    undated = replace(decision("pm", "A chapter", citing), dates=())
    library.add(
        decision("old", "Matter of A", citing, on=date(2024, 1, 1)),
        decision("new", "Matter of B", citing, on=date(2026, 1, 1)),
        decision("4074", "Matter of SAMPLE", "We hold.", citation="28 I&N Dec. 714 (BIA 2023)"),
        decision("other", "Matter of C", "Something else."),
        undated,
    )
    hits = library.find("Matter of SAMPLE, 28 I. & N. Dec. 714 (BIA 2023)")
    assert keys(hits) == ["4074", "new", "old", "pm"]
    assert [hit.why for hit in hits[:2]] == [("is 28 I&N Dec. 714",), ("cites 28 I&N Dec. 714",)]
    assert keys(library.find("28 I&N Dec. 714", limit=2)) == ["4074", "new"]


def test_a_citation_in_a_note_shows_the_passage_that_holds_the_note(library: Library) -> None:
    """The note's block is the last of the document; its words stand with the one that calls it."""
    filler = [paragraph("Plain words without any authority. " * 40) for _ in range(4)]
    called = Block(
        kind=BlockKind.PARAGRAPH,
        text="The officer weighs discretion.",
        marks=(NoteMark(offset=30, label="7"),),
    )
    note = Block(kind=BlockKind.FOOTNOTE, label="7", text="See Sample, 28 I&N Dec. 714.")
    library.add(decision("1", "A chapter", filler[0], called, *filler[1:], note))
    (hit,) = library.find("28 I&N Dec. 714")
    (shown,) = hit.passages
    assert "The officer weighs discretion." in shown.text
    assert "28 I&N Dec. 714" in shown.text


def test_a_section_named_after_another_shows_its_own_passage(library: Library) -> None:
    """In "212(a)(2), (3)" the second is printed as "(3)", which stands in many passages."""
    early = paragraph("There are reasons (1), (2), (3). " + "Words that fill the room. " * 60)
    library.add(decision("1", "A chapter", early, "Barred by INA 212(a)(2), (3) since then."))
    (hit,) = library.find("INA 212(a)(3)")
    assert "Barred by" in hit.passages[0].text


def test_a_long_block_shows_the_part_that_cites(library: Library) -> None:
    words = "It is a sentence about nothing at all. " * 60
    library.add(decision("1", "One", paragraph(f"{words}See 28 I&N Dec. 714 here. {words}")))
    (hit,) = library.find("28 I&N Dec. 714")
    assert len(hit.passages) == 1
    assert "28 I&N Dec. 714" in hit.passages[0].text


def test_a_cited_authority_that_is_not_held_is_said_to_be_so(library: Library) -> None:
    library.add(decision("1", "One", "See 28 I&N Dec. 714."))
    found = library.ask("28 I&N Dec. 714")
    assert found.hits[0].why == ("cites 28 I&N Dec. 714",)
    assert found.notes == ("28 I&N Dec. 714 itself is not held",)


def test_words_never_pass_for_a_citation_that_nobody_knows(library: Library) -> None:
    library.add(decision("1", "One", "Volume 28 has 999 pages; Dec. is a month."))
    found = library.ask("28 I&N Dec. 999", meaning=True)
    assert found.hits == () and found.documents == 0
    assert found.notes == ("28 I&N Dec. 999 itself is not held",)


def test_an_authority_that_the_filter_leaves_out_is_said_to_be_held(library: Library) -> None:
    library.add(
        decision("4074", "Matter of SAMPLE", "We hold.", citation="28 I&N Dec. 714 (BIA 2023)"),
        decision("n", "Notice", "See 28 I&N Dec. 714.", source="notices"),
    )
    found = library.ask("28 I&N Dec. 714", sources=["notices"])
    assert keys(found.hits) == ["n"]
    assert found.notes == ("28 I&N Dec. 714 itself is held, but outside what was asked for",)


# --- names


@pytest.mark.parametrize(
    "query", ["Matter of S-E-R-", "matter of s-e-r-", "In re S-E-R-", "In the Matter of S–E–R–"]
)
def test_a_case_is_found_by_its_name_before_those_that_speak_of_it(
    library: Library, query: str
) -> None:
    library.add(
        decision("1", "Matter of S-E-R-", "We dismiss the appeal."),
        decision("2", "Other", "Matter of S-E-R- controls: Matter of S-E-R-, Matter of S-E-R-."),
        decision("3", "Matter of S-E-R-T-", "Matter of S-E-R- is not this."),
    )
    hits = library.find(query)
    assert keys(hits)[0] == "1"
    assert set(keys(hits)) == {"1", "2", "3"}
    assert hits[0].why == ("has this name",)
    assert "dismiss" in hits[0].passages[0].text


def test_cases_of_the_same_initials_are_all_shown_the_newest_first(library: Library) -> None:
    library.add(
        decision("2018", "Matter of A-B-", "First.", on=date(2018, 6, 11)),
        decision("2021", "Matter of A-B-", "Second.", on=date(2021, 1, 14)),
        decision("x", "Matter of X", "See Matter of A-B- and Matter of A-B-."),
    )
    hits = library.find("Matter of A-B-", meaning=True)
    assert keys(hits) == ["2021", "2018", "x"]
    assert "2 documents" in hits[0].why[0]
    assert "newest first" in hits[0].why[0]


def test_a_title_keeps_to_the_filter(library: Library) -> None:
    library.add(decision("1", "Matter of A-B-", "We hold."))
    assert library.find("Matter of A-B-", sources=["notices"]) == ()


# --- hostile queries

LONG = 100_000
HOSTILE = {
    "one letter": "x" * LONG,
    "words": "asylum bond " * (LONG // 12),
    "distinct words": " ".join(f"asylum{number}" for number in range(LONG // 12)),
    "stop words": "the of and to " * (LONG // 14),
    "punctuation": "?!.,;:" * (LONG // 6),
    "parentheses": "(" * LONG,
    "open quotation": '"' + "asylum " * (LONG // 7),
    "quotations": '"a" ' * (LONG // 4),
    "curly quotations": "“a”" * (LONG // 3),
    "connectors": "bond /5 " * (LONG // 8),
    "forced": "adv: " + "a and " * (LONG // 6),
    "roots": "remov! " * (LONG // 7),
    "stars": "*" * LONG,
    "hyphens": "A-" * (LONG // 2),
    "a name": "Matter of " + "A-" * (LONG // 2),
    "names": "a v. " * (LONG // 5),
    "sections": "8 CFR 208.13(b)(1) " * (LONG // 19),
    "open section": "212(a)(" * (LONG // 7),
    "citations": "27 i&n dec. 316 " * (LONG // 16),
    "numbers": "C1-2026-" * (LONG // 8),
    "register": "federal register doc no " * (LONG // 24),
    "control": "".join(chr(number % 32) for number in range(LONG)),
    "escapes": "asylum\x00\x01\x1b[31m bond\x7f" * 3_000,
    "half a pair": "asylum \ud800 bond",
    "right to left": "\u202e" * 1_000 + "asylum",
    "Chinese": "移民法庭庇护申请" * (LONG // 8),
    "Arabic": "طلب اللجوء " * (LONG // 11),
    "accents": "e" + "\u0301" * LONG,
    "pictures": "😀" * (LONG // 2),
    "space": " " * LONG,
}


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    opened = Library(tmp_path_factory.mktemp("some"))
    texts = ("An asylum application for bond.", "See 27 I&N Dec. 316 and 8 CFR 208.13(b)(1).")
    opened.add(*(decision(f"{n}", f"Matter of A-B-{n}-", *texts) for n in range(30)))
    opened.ask("bond", meaning=True)  # what is loaded once
    yield opened
    opened.vectors.close()


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("meaning", [False, True])
def test_whatever_is_typed_brings_results_or_an_error_soon(
    some: Library, query: str, meaning: bool
) -> None:
    begun = time.process_time()
    try:
        found = some.ask(query, meaning=meaning)
    except QueryError as told:
        assert len(str(told)) < 500
    else:
        assert len(found.hits) <= 10 and all(len(note) < 500 for note in found.notes)
    assert time.process_time() - begun < 3


def test_of_a_query_as_long_as_a_document_the_beginning_is_read_and_that_is_said(
    library: Library,
) -> None:
    library.add(decision("1", "One", "Asylum."), decision("2", "Two", "Persecution."))
    found = library.ask("asylum; " + "and so on; " * 3_000 + " persecution")
    assert keys(found.hits) == ["1"]
    assert found.notes[0] == "only the first 20,000 characters of what you typed were read"


def test_until_a_rebuild_it_is_said_that_passages_are_not_placed(library: Library) -> None:
    library.add(decision("one", "Matter of One", "A bond hearing."))
    assert library.ask("bond").notes == ()
    with library.database.write() as connection:
        derived.set_fact(connection, passages.FACT, passages.UNPLACED)
    for query in ("bond", "bond /p hearing", "Matter of One"):
        assert UNPLACED in library.ask(query).notes
    with library.database.write() as connection:
        passages.note_placed(connection)
    assert library.ask("bond").notes == ()
