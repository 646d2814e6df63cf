"""Passages: nothing lost, nothing too long, headings and notes kept with their text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.headnote import is_headnote
from pipeline.model import Block, BlockKind, DateKind, Document, NoteMark, StatedDate, Version
from pipeline.passages import split

DOCUMENT = Document(source="uscis_policy_manual", key="volume-6-part-f", kind="chapter")
KINDS = list(BlockKind)


def count(text: str) -> int:
    return len(text.split()) * 4 // 3


def wordpiece(text: str) -> int:
    """A stand-in with special tokens, and one token for every four letters of a word."""
    return 2 + sum((len(word) + 3) // 4 for word in text.split())


def version(*blocks: Block, title: str = "Sample Chapter") -> Version:
    return Version(
        document=DOCUMENT,
        title=title,
        citation="6 USCIS-PM F.99",
        issuer="USCIS",
        url="https://example.org/sample",
        blocks=blocks,
        seen_at=datetime(2026, 11, 1, tzinfo=UTC),
        parser="sample/1",
    )


def heading(text: str, *trail: str, anchor: str = "") -> Block:
    level = 2 + len(trail)
    return Block(kind=BlockKind.HEADING, text=text, level=level, trail=trail, anchor=anchor)


def block(text: str, *trail: str, kind: str = "paragraph", **more: object) -> Block:
    return Block(kind=BlockKind(kind), text=text, trail=trail, **more)  # type: ignore[arg-type] # fields by name


def words(number: int, stem: str = "word") -> str:
    return " ".join(f"{stem}{n}" for n in range(number)) + "."


TEXTS = st.lists(
    st.sampled_from(["alien", "must", "file.", "Form", "I-485", "§", "(a)", "évidence"]),
    max_size=60,
).map(" ".join)
BLOCKS = st.builds(
    Block,
    kind=st.sampled_from(KINDS),
    text=TEXTS,
    level=st.integers(0, 4),
    trail=st.lists(TEXTS, max_size=3).map(tuple),
    label=st.sampled_from(["", "1", "2", "3"]),
    marks=st.lists(
        st.builds(NoteMark, offset=st.just(0), label=st.sampled_from(["1", "2", "9"])), max_size=2
    ).map(tuple),
)


@given(blocks=st.lists(BLOCKS, max_size=12), limit=st.integers(24, 80), title=TEXTS)
@settings(max_examples=150, deadline=None)
def test_every_word_stands_in_a_passage_and_no_passage_is_too_long(
    blocks: list[Block], limit: int, title: str
) -> None:
    for measure in (count, wordpiece):
        passages = split(version(*blocks, title=title), measure, limit)
        said = {word for passage in passages for word in passage.embedded.split()}
        assert {word for held in blocks for word in held.text.split()} <= said
        assert all(measure(passage.embedded) <= limit for passage in passages)
        assert passages == split(version(*blocks, title=title), measure, limit)


def test_header_holds_title_citation_and_headings() -> None:
    passages = split(
        version(heading("A. Evidence"), block(words(120), "A. Evidence", anchor="s-a")), count
    )
    assert [p.header for p in passages] == ["Sample Chapter | 6 USCIS-PM F.99 | A. Evidence"]
    assert passages[0].trail == ("A. Evidence",)


def test_long_sections_do_not_share_a_passage() -> None:
    passages = split(
        version(
            heading("A. One"),
            block(words(80), "A. One"),
            heading("B. Two"),
            block(words(80), "B. Two"),
        ),
        count,
    )
    assert [p.trail for p in passages] == [("A. One",), ("B. Two",)]


def test_small_sections_under_one_parent_share_a_passage_that_names_them() -> None:
    part = "A. Terms"
    passages = split(
        version(
            heading(part),
            heading("1. Spouse", part),
            block("A spouse is a party to a valid marriage.", part, "1. Spouse"),
            heading("2. Child", part),
            block("A child is under 21 years of age.", part, "2. Child"),
            heading("B. Filing"),
            block("File by mail.", "B. Filing"),
        ),
        count,
    )
    assert [p.trail for p in passages] == [(part,), ("B. Filing",)]
    assert "1. Spouse" in passages[0].text
    assert "2. Child" in passages[0].text


def test_footnote_stands_with_the_block_that_calls_it() -> None:
    marks = (NoteMark(offset=5, label="7"),)
    passages = split(
        version(
            heading("A. One"),
            block("First, the fee.", "A. One", marks=marks),
            heading("B. Two"),
            block(words(100), "B. Two"),
            block("See 8 CFR 103.7.", kind="footnote", label="7"),
        ),
        count,
    )
    assert passages[0].text == "First, the fee.\nNote 7: See 8 CFR 103.7."
    assert not any("Note 7" in p.text for p in passages[1:])


def test_long_footnote_stands_apart_with_its_number() -> None:
    marks = (NoteMark(offset=5, label="7"),)
    passages = split(
        version(
            heading("A. One"),
            block(words(150), "A. One", marks=marks),
            block(words(150, "note"), kind="footnote", label="7"),
        ),
        count,
    )
    assert passages[1].text.startswith("Note 7: note0")
    assert passages[1].trail == ("A. One",)
    assert passages[1].first_block == 2


def test_a_long_footnote_says_where_its_later_parts_begin_and_on_which_page() -> None:
    said = " ".join(f"Sentence number {n} of the note stands here." for n in range(40))
    turn = said.index("Sentence number 20")
    note = block(said, kind="footnote", label="7", page="885")
    called = block("Said.7", marks=(NoteMark(offset=4, label="7"),), page="885")
    marked = replace(note, marks=(NoteMark(offset=turn, label="*886"),))
    found = [p for p in split(version(called, marked), count, 64) if p.first_block == 1]
    assert found[0].text.startswith("Note 7: Sentence") and found[0].start == 0
    assert len(found) > 3
    assert all(said[p.start :].startswith(p.text) for p in found[1:])
    assert [p.page for p in found] == [
        "885" if last < turn else "886" if p.start >= turn else "885-886"
        for p in found
        for last in [p.start + len(p.text.removeprefix("Note 7: ")) - 1]
    ]


def test_list_stays_with_its_lead_in() -> None:
    items = [block(words(30, f"item{n}-"), "A", kind="item", level=1) for n in range(3)]
    passages = split(
        version(heading("A"), block(words(130), "A"), block("Evidence includes:", "A"), *items),
        count,
    )
    assert len(passages) == 2
    assert passages[1].text.startswith("Evidence includes:\nitem0-0")
    assert "item2-29" in passages[1].text


def test_giant_paragraph_is_split_at_sentences_first() -> None:
    sentences = " ".join(f"Sentence {words(60, f's{n}-')}" for n in range(8))
    passages = split(version(heading("A"), block(sentences, "A")), count)
    assert len(passages) > 2
    assert all(p.text.startswith("Sentence") and p.text.endswith(".") for p in passages)


def test_version_without_blocks_gives_its_title() -> None:
    passages = split(version(title="Matter of SAMPLE"), count)
    assert [(p.text, p.first_block) for p in passages] == [("Matter of SAMPLE", 0)]


def test_passage_names_the_nearest_anchor_and_its_page() -> None:
    passages = split(
        version(
            heading("A", anchor="s-a"),
            block(words(150), "A", page="721"),
            block(words(150, "more"), "A", page="722"),
        ),
        count,
    )
    assert [(p.anchor, p.page, p.first_block) for p in passages] == [
        ("s-a", "721", 1),
        ("s-a", "722", 2),
    ]


def test_amended_paragraph_leaves_other_sections_passages_alone() -> None:
    def chapter(first: str) -> Version:
        return version(
            heading("A"), block(first, "A"), heading("B"), block(words(100, "kept"), "B")
        )

    old = {p.digest for p in split(chapter(words(100)), count)}
    new = {p.digest for p in split(chapter(words(101)), count)}
    assert len(old & new) == 1


def test_count_is_asked_sparingly() -> None:
    asked: list[str] = []

    def measured(text: str) -> int:
        asked.append(text)
        return count(text)

    blocks = [heading("A"), *(block(words(40, f"p{n}-"), "A") for n in range(50))]
    split(version(*blocks), measured)
    assert len(asked) < 2 * len(blocks)


def test_word_longer_than_the_limit_is_cut() -> None:
    passages = split(version(block("x" * 4000)), wordpiece, 64)
    assert all(wordpiece(p.embedded) <= 64 for p in passages)
    assert "".join(p.text for p in passages) == "x" * 4000


def test_a_passage_says_on_which_pages_of_the_reporter_it_stands() -> None:
    sentences = [f"Sentence number {n} of the opinion stands here." for n in range(30)]
    text = " ".join(sentences)
    turn = text.index("Sentence number 10")
    block = Block(
        kind=BlockKind.PARAGRAPH,
        text=text,
        page="421",
        marks=(NoteMark(offset=turn, label="*422"), NoteMark(offset=turn + 5, label="1")),
    )
    found = split(version(block), lambda said: len(said.split()) + 2, limit=64)
    assert found[0].page == "421"
    assert found[-1].page == "422"
    turning = next(passage for passage in found if "number 9 " in passage.text)
    assert turning.page == ("421-422" if "number 10 " in turning.text else "421")


def decision(*blocks: Block) -> Version:
    made = version(*blocks)
    return replace(made, document=replace(made.document, kind="bia-precedent"))


def test_short_sections_of_a_decision_share_a_passage_on_two_neighbouring_pages_at_most() -> None:
    parts = [
        part
        for n in range(1, 6)
        for part in (
            replace(heading(f"Part {n}", "Top"), page=str(n)),
            block(words(9, f"said{n}w"), "Top", f"Part {n}", page=str(n)),
        )
    ]
    blocks = [heading("Top"), *parts]
    assert [p.page for p in split(version(*blocks), count)] == ["1-5"]
    found = split(decision(*blocks), count)
    assert [p.page for p in found] == ["1-2", "3-4", "5"]
    assert [p.trail for p in found] == [("Top",), ("Top",), ("Top", "Part 5")]


def test_short_paragraphs_of_a_decision_share_a_passage_on_two_neighbouring_pages_at_most() -> None:
    blocks = [block(words(9, f"said{n}w"), page=str(n)) for n in range(1, 6)]
    assert [p.page for p in split(decision(*blocks), count)] == ["1-2", "3-4", "5"]


@given(blocks=st.lists(BLOCKS, max_size=8), limit=st.integers(24, 60))
@settings(max_examples=100, deadline=None)
def test_a_passage_says_where_in_its_block_it_begins(blocks: list[Block], limit: int) -> None:
    for passage in split(version(*blocks), count, limit):
        if passage.start:
            rest = " ".join(blocks[passage.first_block].text[passage.start :].split())
            assert rest.startswith(passage.text.partition("\n")[0])


def test_a_block_that_is_too_long_goes_on_in_other_passages() -> None:
    said = " ".join(f"Sentence {words(30, f's{number}x')}" for number in range(12))
    passages = split(version(block(said)), count, 100)
    assert [p.first_block for p in passages] == [0] * len(passages)
    assert [said[p.start :].startswith(p.text) for p in passages] == [True] * len(passages)
    assert len({p.start for p in passages}) == len(passages) > 1


def test_no_date_and_nothing_that_churns_changes_what_is_embedded() -> None:
    held = version(heading("A. One"), block(words(300), "A. One"))
    effective = StatedDate(
        kind=DateKind.EFFECTIVE, on=date(2026, 12, 7), words="December 7", read_from="DATES"
    )
    dated = replace(
        held,
        dates=(effective,),
        seen_at=datetime(2026, 11, 22, tzinfo=UTC),
        url="https://example.org/moved",
        metadata={"action": "Notice."},
    )
    before, after = split(held, count), split(dated, count)
    assert [p.digest for p in before] == [p.digest for p in after]


def test_an_amended_section_embeds_only_what_changed() -> None:
    sections = [
        (heading(f"{letter}. Part"), block(words(120, letter), f"{letter}. Part"))
        for letter in "ABCDE"
    ]
    old = version(*(each for section in sections for each in section))
    sections[2] = (sections[2][0], block(words(120, "other"), "C. Part"))
    new = version(*(each for section in sections for each in section))
    before, after = ({p.digest for p in split(each, count)} for each in (old, new))
    assert len(before - after) == len(after - before) == 1


def test_a_heading_over_nothing_is_told_though_its_word_stands_elsewhere() -> None:
    passages = split(
        version(
            heading("Exemptions"),
            heading("B. Two"),
            block("Two exemptions, or Exemptions, stand.", "B. Two"),
        ),
        count,
    )
    assert any("Exemptions" in p.embedded.split() for p in passages)


@pytest.mark.parametrize(
    ("metadata", "kind", "source", "blocks", "found"),
    [
        ({"text": "headnote only"}, "bia-precedent", "bia_decisions", ["One."], [True]),
        ({"text": "abstract only"}, "notice", "federal_register", ["One."], [True]),
        ({"text": "HTML"}, "notice", "federal_register", ["One."], [False]),
        ({"headnotes": 1}, "bia-precedent", "bia_decisions", ["One.", "*Two."], [True, False]),
        ({}, "ag-precedent", "bia_decisions", ["One.", "*Two."], [True, False]),
        ({}, "bia-precedent", "bia_decisions", ["*One.", "*Two."], [False]),
    ],
)
def test_headnotes_and_abstracts_sum_a_document_up(
    metadata: dict[str, object], kind: str, source: str, blocks: list[str], found: list[bool]
) -> None:
    """What stands on a reporter's page, marked here with "*", is the opinion."""
    held = replace(
        version(*(block(text.strip("*"), page="9" * text.startswith("*")) for text in blocks)),
        document=Document(source=source, key="1", kind=kind),
        metadata=metadata,
    )
    assert [is_headnote(held, passage) for passage in split(held, count)] == found


def test_a_rules_summary_sums_it_up() -> None:
    held = replace(
        version(
            heading("SUMMARY:"),
            block(words(120), "SUMMARY:"),
            heading("DATES:"),
            block(words(120, "day"), "DATES:"),
        ),
        document=Document(source="federal_register", key="1", kind="rule"),
    )
    assert [is_headnote(held, passage) for passage in split(held, count)] == [True, False]
