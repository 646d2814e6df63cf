"""Structure before likeness: sections, called footnotes and table rows keep to their own."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.diff import edits
from pipeline.model import Block, BlockKind, Edit, EditKind, NoteMark, Span

# Every text here is a sample: no publisher said any of it.
SCOPE, EVIDENCE, FILING = "A. Scope", "B. Evidence", "C. Filing"
REVIEW = "Officers review each request in turn."
MARRIED = "The couple files one joint statement of means for the year before filing."
NOTICE = "A notice of receipt goes out once the payment has cleared with the bank."


def heading(text: str, level: int = 2, anchor: str = "") -> Block:
    return Block(kind=BlockKind.HEADING, text=text, level=level, anchor=anchor)


def paragraph(text: str, *calls: tuple[int, str]) -> Block:
    marks = tuple(NoteMark(offset=offset, label=label) for offset, label in calls)
    return Block(kind=BlockKind.PARAGRAPH, text=text, marks=marks)


def item(text: str) -> Block:
    return Block(kind=BlockKind.ITEM, text=text, level=1)


def note(label: str, text: str) -> Block:
    return Block(kind=BlockKind.FOOTNOTE, text=text, label=label)


def rows(*texts: str) -> list[Block]:
    return [Block(kind=BlockKind.ROW, text=text) for text in texts]


def told(old: Sequence[Block], new: Sequence[Block]) -> list[tuple[str, str, str]]:
    """What happened, to which words, and which words stand there now."""
    return [
        (edit.kind.value, edit.old.text if edit.old else "", edit.new.text if edit.new else "")
        for edit in edits(old, new)
    ]


def marked(edit: Edit) -> tuple[list[str], list[str]]:
    def words(block: Block | None, spans: Sequence[Span]) -> list[str]:
        return [block.text[span.start : span.end] for span in spans] if block else []

    return words(edit.old, edit.deleted), words(edit.new, edit.inserted)


def test_boilerplate_is_missed_in_the_section_that_lost_it() -> None:
    old = [
        *(heading(SCOPE), paragraph(MARRIED), paragraph(REVIEW)),
        *(heading(EVIDENCE), paragraph(NOTICE), paragraph(REVIEW)),
    ]
    for lost in (2, 5):
        (edit,) = edits(old, [*old[:lost], *old[lost + 1 :]])
        assert (edit.kind, edit.old_index) == (EditKind.DELETED, lost)


def test_boilerplate_of_sections_that_changed_places_stays_in_its_own() -> None:
    first = [heading(SCOPE), paragraph(MARRIED), paragraph(REVIEW)]
    second = [heading(EVIDENCE), paragraph(NOTICE), paragraph(REVIEW)]
    found = edits([*first, *second], [*second[:2], *first])
    assert [edit.old_index for edit in found if edit.kind is EditKind.DELETED] == [5]


def test_renumbered_heading_keeps_its_section_together() -> None:
    old = [heading("A. Evidence"), paragraph(REVIEW), heading("B. Filing"), paragraph(NOTICE)]
    new = [
        *(heading(SCOPE), paragraph(MARRIED)),
        *(heading("B. Evidence"), paragraph(REVIEW), heading("C. Filing"), paragraph(NOTICE)),
    ]
    assert told(old, new) == [
        ("inserted", "", SCOPE),
        ("inserted", "", MARRIED),
        ("reworded", "A. Evidence", "B. Evidence"),
        ("reworded", "B. Filing", "C. Filing"),
    ]


def test_retitled_section_is_known_by_what_stands_under_it() -> None:
    old = [
        heading("A. Proof", anchor="S-A"),
        paragraph(MARRIED),
        heading(EVIDENCE),
        paragraph(REVIEW),
    ]
    new = [
        *(heading("A. What to Show", anchor="S-A"), paragraph(REVIEW)),
        *(heading("B. Means of the Household"), paragraph(MARRIED)),
    ]
    assert ("moved", "A. Proof", "B. Means of the Household") in told(old, new)


def test_new_section_under_an_old_anchor_is_no_retitling() -> None:
    """An anchor may be the section's letter, which the next section takes over."""
    old = [heading("A. Proof of Means", anchor="S-A"), paragraph(MARRIED)]
    new = [
        *(heading("A. Where to File", anchor="S-A"), paragraph(NOTICE)),
        *(heading("B. Proof of Means", anchor="S-B"), paragraph(MARRIED)),
    ]
    assert told(old, new) == [
        ("inserted", "", "A. Where to File"),
        ("inserted", "", NOTICE),
        ("reworded", "A. Proof of Means", "B. Proof of Means"),
    ]


def test_anchor_of_another_heading_is_no_retitling() -> None:
    old = [heading("A. Proof of Means", anchor="S-A"), paragraph(MARRIED), paragraph(REVIEW)]
    new = [heading("A. Where to File", anchor="S-A"), paragraph(NOTICE), paragraph(REVIEW)]
    assert ("deleted", "A. Proof of Means", "") in told(old, new)


def test_retitled_section_whose_text_was_rewritten_is_known_by_its_anchor() -> None:
    kept = [heading(EVIDENCE), *(paragraph(f"Sample sentence number {n}.") for n in range(5))]
    old = [heading("A. Proof of Means", anchor="means"), paragraph(MARRIED), *kept]
    new = [*kept, heading("C. Proof of Sufficient Means", anchor="means"), paragraph(NOTICE)]
    assert ("moved", old[0].text, new[6].text) in told(old, new)


def test_of_two_sections_of_one_name_the_one_that_went_is_told() -> None:
    examples = [heading("Example", 3), paragraph(MARRIED), heading("Example", 3), paragraph(NOTICE)]
    for above, later in ((SCOPE, SCOPE), ("A. Old Name", "B. New Title")):
        old, new = [heading(above), *examples], [heading(later), *examples[2:]]
        gone = [edit.old_index for edit in edits(old, new) if edit.kind is EditKind.DELETED]
        assert [at for at in gone if at] == [1, 2]


def test_subsections_of_one_name_stay_under_their_own_headings() -> None:
    first = [heading(SCOPE), heading("1. General", 3), paragraph("Sample sentence one.")]
    second = [heading(FILING), heading("1. General", 3), paragraph("An entirely other text.")]
    changed = [*first[:2], paragraph(MARRIED), paragraph(REVIEW)]
    others = [*second[:2], paragraph(NOTICE)]
    found = edits([*first, *second], [*others, *changed])
    pairs = [(edit.old_index, edit.new_index) for edit in found if edit.kind is EditKind.MOVED]
    assert pairs in ([(0, 3), (1, 4)], [(3, 0), (4, 1)])


def test_renumbered_heading_is_known_elsewhere_though_its_text_was_rewritten() -> None:
    kept = [heading(EVIDENCE), *(paragraph(f"Sample sentence number {n}.") for n in range(5))]
    old = [heading(SCOPE), paragraph(MARRIED), *kept]
    new = [*kept, heading("C. Scope"), paragraph(NOTICE)]
    assert ("moved", SCOPE, "C. Scope") in told(old, new)
    nested = [heading("D. Old Name"), heading("1. General", 3), paragraph(MARRIED), *kept]
    others = [*kept, heading("F. Another Title"), heading("2. General", 3), paragraph(NOTICE)]
    assert ("moved", "1. General", "2. General") in told(nested, others)


def test_paragraphs_under_a_dropped_heading_do_not_move() -> None:
    old = [heading(SCOPE), paragraph(REVIEW), heading(EVIDENCE), paragraph(MARRIED)]
    assert told(old, [*old[:2], old[3]]) == [("deleted", EVIDENCE, "")]


def test_section_that_moved_reads_as_moves_with_the_words_that_changed() -> None:
    moved = [heading(SCOPE), paragraph(MARRIED), paragraph(NOTICE)]
    rest = [heading(EVIDENCE), *(paragraph(f"Sample sentence number {n}.") for n in range(5))]
    later = MARRIED.replace("one joint", "no")
    found = list(edits([*moved, *rest], [*rest, moved[0], paragraph(later), moved[2]]))
    assert [edit.kind for edit in found] == [EditKind.MOVED] * 3
    assert marked(found[1]) == (["one joint"], ["no"])


def test_paragraph_much_amended_in_a_section_that_moved_is_still_the_same() -> None:
    """Elsewhere it would be too little alike to be known."""
    rest = [heading(EVIDENCE), *(paragraph(f"Sample sentence number {n}.") for n in range(5))]
    later = paragraph("The couple files one joint statement of debts, twice, and signs it again.")
    old = [heading(SCOPE), paragraph(MARRIED), paragraph(NOTICE), *rest]
    (_, edit, _) = edits(old, [*rest, heading(SCOPE), later, paragraph(NOTICE)])
    assert (edit.kind, edit.old, edit.new) == (EditKind.MOVED, old[1], later)


def test_moved_and_amended_paragraph_is_found_in_another_section() -> None:
    old = [heading(SCOPE), paragraph(REVIEW), paragraph(MARRIED), heading(EVIDENCE)]
    new = [
        *(heading(SCOPE), paragraph(REVIEW), heading(EVIDENCE)),
        paragraph(MARRIED.replace("files", "must file")),
    ]
    (edit,) = edits(old, new)
    assert edit.kind is EditKind.MOVED
    assert marked(edit) == (["files"], ["must file"])


def test_wholly_rewritten_footnote_called_at_the_same_word_is_reworded() -> None:
    old = [paragraph(REVIEW, (21, "1")), note("1", "See 8 CFR 103.2(a)."), note("2", "Id.")]
    new = [
        paragraph(f"As a rule, officers {REVIEW[9:]}", (32, "4")),
        note("4", "Guidance was withdrawn in June."),
        note("5", "Id."),
    ]
    assert told(old, new)[1:] == [
        ("reworded", "See 8 CFR 103.2(a).", "Guidance was withdrawn in June.")
    ]


def test_footnotes_that_changed_places_under_kept_words_are_both_reworded() -> None:
    text = paragraph(f"{REVIEW} {NOTICE}", (37, "1"), (len(REVIEW) + len(NOTICE) + 1, "2"))
    old = [text, note("1", "See INA 203."), note("2", "See INA 204(a).")]
    new = [text, note("1", "See INA 204(a)."), note("2", "See INA 203.")]
    assert {kind for kind, _, _ in told(old, new)} == {"reworded"}


def test_note_that_went_with_its_sentence_is_not_the_one_of_the_sentence_put_there() -> None:
    """The full stop before both calls is kept by chance."""
    old = [paragraph(f"{MARRIED} {REVIEW}", (112, "1")), note("1", "See INA 203.")]
    new = [
        *(paragraph(f"{MARRIED} Ask us.", (82, "1")), paragraph(REVIEW, (37, "2"))),
        *(note("1", "Guidance was withdrawn."), note("2", "See INA 203.")),
    ]
    assert ("inserted", "", "Guidance was withdrawn.") in told(old, new)


def test_note_of_a_word_that_went_is_not_the_one_of_the_word_put_there() -> None:
    old = [paragraph("Officers review it.", (15, "1")), note("1", "See INA 203.")]
    new = [paragraph("Officers consider it.", (17, "1")), note("1", "Guidance was withdrawn.")]
    assert ("inserted", "", "Guidance was withdrawn.") in told(old, new)


def test_notes_of_one_number_are_not_told_apart_by_one_call() -> None:
    notes = [note("1", "See INA 203."), note("1", "See INA 204(a).")]
    old = [paragraph(REVIEW, (37, "1")), *notes]
    assert {kind for kind, _, _ in told(old, [old[0], *notes[::-1]])} == {"moved"}


def test_note_added_before_one_called_at_the_same_word_is_an_insertion() -> None:
    old = [paragraph(REVIEW, (37, "1")), note("1", "See INA 203.")]
    new = [
        paragraph(REVIEW, (37, "1"), (37, "2")),
        note("1", "See 8 CFR 204.5."),
        note("2", "See INA 203."),
    ]
    assert told(old, new) == [("inserted", "", "See 8 CFR 204.5.")]


def test_repeated_footnotes_are_told_apart_by_where_they_are_called() -> None:
    """The note that went is the one whose call went, though four say the same."""
    calls = [paragraph(f"Sample sentence number {n}.", (10, f"{n}")) for n in range(1, 5)]
    notes = [note(f"{n}", "See INA 203.") for n in range(1, 5)]
    kept = [
        paragraph(block.text, (10, f"{n}"))
        for n, block in enumerate((calls[0], calls[2], calls[3]), start=1)
    ]
    found = list(edits([*calls, *notes], [*kept, *notes[:3]]))
    assert [edit.old_index for edit in found] == [1, 5]


FEES = rows("Form | Fee | Wait", "I-1 | $100 | 3 months", "I-2 | $200 | 3 months", "I-3 | $300 | 9")


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (
            [*FEES[:2], *rows("I-1A | $100 | 3 months"), *FEES[2:]],
            [("inserted", "", "I-1A | $100 | 3 months")],
        ),
        (
            [FEES[0], FEES[1], *rows("I-2B | $200 | 3 months"), FEES[3]],
            [("reworded", "I-2 | $200 | 3 months", "I-2B | $200 | 3 months")],
        ),
        (
            [*FEES[:2], *rows("I-2 | $900 | None at all"), FEES[3]],
            [("reworded", "I-2 | $200 | 3 months", "I-2 | $900 | None at all")],
        ),
        (
            [*rows("Application | Due | Weeks to wait"), *FEES[1:]],
            [("reworded", FEES[0].text, "Application | Due | Weeks to wait")],
        ),
        (
            [FEES[0], *rows("I-7 | $100 | 3 months", "I-8 | $200 | 3 months"), FEES[3]],
            [
                ("reworded", "I-1 | $100 | 3 months", "I-7 | $100 | 3 months"),
                ("reworded", "I-2 | $200 | 3 months", "I-8 | $200 | 3 months"),
            ],
        ),
        (
            [FEES[0], FEES[3], FEES[1], FEES[2]],
            [("moved", FEES[3].text, FEES[3].text)],
        ),
        (
            [FEES[0], *rows("I-3 | $333 | 9"), FEES[1], FEES[2]],
            [("moved", FEES[3].text, "I-3 | $333 | 9")],
        ),
    ],
    ids=[
        "inserted",
        "other key",
        "other cells",
        "other header",
        "two other keys",
        "reordered",
        "reordered and amended",
    ],
)
def test_row_is_compared_with_its_own_row(
    new: list[Block], expected: list[tuple[str, str, str]]
) -> None:
    assert told(FEES, new) == expected


def test_rows_of_one_first_cell_are_told_apart_by_the_next_ones() -> None:
    old = rows("EB-1 | China | Jan. 1 of 2020", "EB-1 | India | 2021", "EB-2 | China | 2019")
    added, moved = rows("EB-1 | Mexico | Jan. 1 of 2020", "EB-1 | China | in March")
    assert told(old, [added, moved, *old[1:]]) == [
        ("inserted", "", "EB-1 | Mexico | Jan. 1 of 2020"),
        ("reworded", "EB-1 | China | Jan. 1 of 2020", "EB-1 | China | in March"),
    ]


def test_tables_of_equal_keys_are_told_apart_by_what_leads_to_them() -> None:
    standard = [paragraph("Standard fees."), *rows("Form | Fee", "I-1 | $100", "I-2 | $200")]
    premium = [paragraph("Premium fees."), *rows("Form | Fee", "I-1 | $900", "I-2 | $800")]
    amended = rows("I-1 | $950")
    assert told([*standard, *premium], [*standard, *premium[:2], *amended, premium[3]]) == [
        ("reworded", "I-1 | $900", "I-1 | $950")
    ]
    turned = [*premium[:2], *amended, premium[3], *standard]
    changed = [one for one in told([*standard, *premium], turned) if one[1] != one[2]]
    assert changed == [("reworded", "I-1 | $900", "I-1 | $950")]
    raised = [premium[0], *rows("Form | Sum", "I-1 | $1", "I-2 | $2")]
    lowered = [standard[0], *rows("Form | Due", "I-1 | $3", "I-2 | $4")]
    pairs = {(one[1], one[2]) for one in told([*standard, *premium], [*raised, *lowered])}
    assert {("I-1 | $900", "I-1 | $1"), ("I-1 | $100", "I-1 | $3")} <= pairs


def test_cell_that_changed_is_marked_and_no_other() -> None:
    (edit,) = edits(rows("I-1 | 8 | 9 | yes"), rows("I-1 | 9 | 8 | yes"))
    assert marked(edit) == (["8", "9"], ["9", "8"])


def test_added_column_is_an_inserted_cell_though_its_neighbour_changed() -> None:
    old = rows("Form | Fee", "I-1 | $100", "I-2 | $200")
    new = rows("Form | Edition | Fee", "I-1 | 01/20/25 | $150", "I-2 | 01/20/25 | $200")
    found = [marked(edit) for edit in edits(old, new)]
    assert found == [
        ([], ["Edition | "]),
        (["$100"], ["01/20/25 | $150"]),
        ([], ["01/20/25 | "]),
    ]


def test_headers_tell_which_cell_is_which_where_all_others_changed() -> None:
    old = rows("Form | Fee | Wait", "I-1 | $100 | 3 weeks")
    new = rows("Form | Edition | Fee | Wait", "I-1 | 01/20/25 | None | 8 months")
    assert marked(list(edits(old, new))[1]) == (
        ["$100", "3 weeks"],
        ["01/20/25 | None", "8 months"],
    )


def test_renamed_column_is_its_header_alone() -> None:
    old = rows("Form | Fee", "I-1 | $100", "I-2 | $200")
    new = rows("Application | Fee", "I-1 | $100", "I-2 | $200")
    (edit,) = edits(old, new)
    assert marked(edit) == (["Form"], ["Application"])


@pytest.mark.parametrize(
    ("joined", "rule"),
    [
        ("The alien must: file; and pay $50.", "layout"),
        ("The alien must: file; or pay $50.", ""),
        ("The alien must: file; and pay $500.", ""),
        ("The alien must: file; and pay 50.", ""),
        ("The alien must: file; and “pay” $50.", ""),
        ("The alien must: and pay $50. file;", ""),
        ("The alien must: file; and pay $50. Or else.", ""),
    ],
)
def test_joined_paragraphs_are_layout_only_where_all_is_kept(joined: str, rule: str) -> None:
    parts = [paragraph("The alien must:"), item("file; and"), item("pay $50.")]
    for old, new in ((parts, [paragraph(joined)]), ([paragraph(joined)], parts)):
        assert all(edit.rule == "layout" for edit in edits(old, new)) is (rule == "layout")
