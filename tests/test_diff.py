"""Comparing versions: exact spans, moves as moves, weight where the law moves, plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipeline.diff import compare
from pipeline.model import (
    Block,
    BlockKind,
    ChangeClass,
    ChangeKind,
    DateKind,
    Difference,
    Document,
    Edit,
    EditKind,
    NoteMark,
    StatedDate,
    Version,
)
from pipeline.quote import field

DOCUMENT = Document(source="uscis_policy_manual", key="volume-6-part-f", kind="chapter")
A, B = "A. Evidence", "B. Filing"


def version(*blocks: Block, title: str = "Sample Chapter", **more: Any) -> Version:
    return Version(
        document=DOCUMENT,
        title=title,
        citation="6 USCIS-PM F.99",
        issuer="USCIS",
        url="https://example.org/sample",
        blocks=blocks,
        seen_at=datetime(2026, 11, 1, tzinfo=UTC),
        parser="sample/1",
        **more,
    )


def heading(text: str, *trail: str, level: int = 2) -> Block:
    return Block(kind=BlockKind.HEADING, text=text, level=level, trail=trail)


def paragraph(text: str, *trail: str) -> Block:
    return Block(kind=BlockKind.PARAGRAPH, text=text, trail=trail)


def row(text: str, *trail: str) -> Block:
    return Block(kind=BlockKind.ROW, text=text, trail=trail)


def note(text: str, label: str = "1") -> Block:
    return Block(kind=BlockKind.FOOTNOTE, text=text, label=label)


def found(old: Iterable[Block], new: Iterable[Block]) -> Difference:
    difference = compare(version(*old), version(*new))
    assert difference is not None
    return difference


def texts(edit: Edit) -> tuple[str | None, str | None]:
    return edit.old.text if edit.old else None, edit.new.text if edit.new else None


def test_same_text_is_no_difference() -> None:
    assert compare(version(paragraph("One.")), version(paragraph("One."))) is None


def test_document_never_seen_is_new() -> None:
    difference = compare(None, version(heading(A), paragraph("One.", A), note("See INA 203.")))
    assert difference is not None
    assert difference.kind is ChangeKind.NEW
    assert difference.change_class is ChangeClass.SUBSTANTIVE
    assert difference.summary == "new: Sample Chapter (1 paragraph, 1 footnote)"


def test_number_changed_in_a_footnote_is_substantive() -> None:
    difference = found(
        [paragraph("One."), note("See 8 CFR 214.2(h).", "11")],
        [paragraph("One."), note("See 8 CFR 214.2(l).", "12")],
    )
    assert difference.change_class is ChangeClass.SUBSTANTIVE


def test_renumbered_footnotes_are_no_change() -> None:
    old = version(paragraph("One."), note("See INA 203.", "1"), note("See INA 204.", "2"))
    new = version(paragraph("One."), note("See INA 203.", "4"), note("See INA 204.", "5"))
    assert compare(old, new) is None


def test_footnote_added_among_others_is_one_insertion() -> None:
    old = [paragraph("One."), note("See INA 203.", "1"), note("See INA 204.", "2")]
    new = [
        paragraph("One."),
        note("See INA 203.", "1"),
        note("See INA 212(a)(9)(B).", "2"),
        note("See INA 204.", "3"),
    ]
    difference = found(old, new)
    assert [texts(edit) for edit in difference.edits] == [(None, "See INA 212(a)(9)(B).")]


def test_paragraph_moved_to_another_section_is_a_move() -> None:
    sentence = "Officers consider the totality of the evidence in the record."
    rest = [paragraph("A one.", A), paragraph("A two.", A)]
    tail = [paragraph("B one.", B), paragraph("B two.", B)]
    difference = found(
        [heading(A), *rest, paragraph(sentence, A), heading(B), *tail],
        [heading(A), *rest, heading(B), *tail, paragraph(sentence, B)],
    )
    assert [edit.kind for edit in difference.edits] == [EditKind.MOVED]
    assert difference.change_class is ChangeClass.SUBSTANTIVE


def test_paragraph_moved_within_its_section_is_editorial() -> None:
    difference = found(
        [heading(A), *(paragraph(f"Number {n} stands.", A) for n in (1, 2, 3))],
        [heading(A), *(paragraph(f"Number {n} stands.", A) for n in (2, 3, 1))],
    )
    assert [(edit.kind, edit.rule) for edit in difference.edits] == [(EditKind.MOVED, "order")]
    assert difference.change_class is ChangeClass.EDITORIAL


def test_moved_and_reworded_paragraph_is_a_move_with_spans() -> None:
    old = "The officer must weigh each factor and then decide whether the petition is approvable."
    new = "The officer may weigh each factor and then decide whether the petition is approvable."
    rest = [paragraph("A one stands here.", A), paragraph("A two stands here.", A)]
    difference = found(
        [heading(A), paragraph(old, A), *rest], [heading(A), *rest, paragraph(new, A)]
    )
    (edit,) = difference.edits
    assert edit.kind is EditKind.MOVED
    assert [old[span.start : span.end] for span in edit.deleted] == ["must"]
    assert difference.change_class is ChangeClass.SUBSTANTIVE


def test_reworded_heading_changes_no_block_below_it() -> None:
    below = ["One stands.", "Two stands.", "Three stands."]
    difference = found(
        [heading(A), *(paragraph(text, A) for text in below)],
        [heading("A. Required Evidence"), *(paragraph(t, "A. Required Evidence") for t in below)],
    )
    assert [texts(edit) for edit in difference.edits] == [(A, "A. Required Evidence")]


def test_table_row_is_compared_with_its_own_row() -> None:
    difference = found(
        [row("Form I-130 | $535 | 8 months"), row("Form I-131 | $575 | 6 months")],
        [
            row("Form I-129 | $460 | 2 months"),
            row("Form I-130 | $675 | 17 months"),
            row("Form I-131 | $575 | 6 months"),
        ],
    )
    assert [texts(edit) for edit in difference.edits] == [
        (None, "Form I-129 | $460 | 2 months"),
        ("Form I-130 | $535 | 8 months", "Form I-130 | $675 | 17 months"),
    ]


def test_joined_list_is_layout() -> None:
    difference = found(
        [paragraph("The alien must:"), paragraph("File; and"), paragraph("Pay the fee.")],
        [paragraph("The alien must: File; and Pay the fee.")],
    )
    assert {edit.rule for edit in difference.edits} == {"layout"}
    assert difference.change_class is ChangeClass.EDITORIAL


def test_word_lost_in_joining_is_substantive() -> None:
    difference = found(
        [paragraph("The alien must:"), paragraph("File; and"), paragraph("Pay the fee.")],
        [paragraph("The alien must: File; or Pay the fee.")],
    )
    assert difference.change_class is ChangeClass.SUBSTANTIVE


def test_applicants_turned_aliens_everywhere_stay_substantive() -> None:
    acts = ["files a form", "signs it", "pays the fee", "attends the interview"]
    old = [paragraph(f"The applicant {act} where the applicant resides.") for act in acts]
    new = [paragraph(f"The alien {act} where the alien resides.") for act in acts]
    difference = found([*old, paragraph("The visit is free.")], new)
    assert [edit.rule for edit in difference.edits] == [""] * 5


def test_two_applicants_turned_aliens_are_no_sweep() -> None:
    difference = found(
        [paragraph("The applicant files."), paragraph("An applicant pays.")],
        [paragraph("The alien files."), paragraph("An alien pays.")],
    )
    assert difference.change_class is ChangeClass.SUBSTANTIVE


def dated(kind: DateKind, *days: int, read_from: str = "DATES") -> Version:
    dates = tuple(
        StatedDate(kind=kind, on=date(2026, 1, day), words="", read_from=read_from) for day in days
    )
    return version(paragraph("One."), dates=dates, metadata={"agencies": ["USCIS", "DHS"]})


@pytest.mark.parametrize(
    "kind",
    [
        *(DateKind.EFFECTIVE, DateKind.APPLICABLE, DateKind.COMPLIANCE, DateKind.EXPIRES),
        *(DateKind.COMMENTS_CLOSE, DateKind.PRA_COMMENTS_CLOSE),
        *(DateKind.BRIEFS_DUE, DateKind.HEARING),
    ],
)
def test_date_that_governs_is_substantive_though_no_word_changed(kind: DateKind) -> None:
    difference = compare(dated(kind, 5), dated(kind, 9))
    assert difference is not None
    assert difference.kind is ChangeKind.METADATA
    assert difference.change_class is ChangeClass.SUBSTANTIVE
    assert difference.metadata == ((f"{kind} date", "2026-01-05", "2026-01-09"),)
    called = field(f"{kind} date", "2026-01-05")
    assert difference.summary == f"{called}: 2026-01-05 → 2026-01-09"
    assert difference.reasons == (f'The {called} changed from "2026-01-05" to "2026-01-09".',)


def test_correction_that_was_published_is_told_in_a_sentence() -> None:
    plain = version(paragraph("One."), metadata={"docket_ids": ["A-1"]})
    difference = compare(
        plain, version(paragraph("One."), metadata={"corrections": ["C1-9"], "docket_ids": ["A-2"]})
    )
    assert difference is not None
    assert difference.summary == "a correction was published: C1-9; docket numbers: A-1 → A-2"
    assert difference.reasons[0] == "A correction was published: C1-9."


def test_footnote_that_came_or_went_is_named_by_its_number() -> None:
    with_note = version(paragraph("One."), note("See 8 CFR 204.5.", "6"))
    without = version(paragraph("One."))
    for old, new, done in ((without, with_note, "added"), (with_note, without, "removed")):
        difference = compare(old, new)
        assert difference is not None
        assert difference.reasons == (f'Footnote 6 was {done}: "See 8 CFR 204.5."',)


@pytest.mark.parametrize(
    "kind", [DateKind.PUBLISHED, DateKind.DECIDED, DateKind.SIGNED, DateKind.ANNOUNCED]
)
def test_date_of_an_agencys_act_is_metadata(kind: DateKind) -> None:
    difference = compare(dated(kind, 5), dated(kind, 9))
    assert difference is not None
    assert difference.change_class is ChangeClass.METADATA


@pytest.mark.parametrize(("before", "after"), [((5,), ()), ((), (5,)), ((5,), (5, 9))])
def test_date_that_is_taken_back_or_added_is_substantive(
    before: tuple[int, ...], after: tuple[int, ...]
) -> None:
    difference = compare(dated(DateKind.EFFECTIVE, *before), dated(DateKind.EFFECTIVE, *after))
    assert difference is not None
    assert difference.change_class is ChangeClass.SUBSTANTIVE


def test_date_that_another_source_of_words_repeats_is_no_change() -> None:
    old = dated(DateKind.EFFECTIVE, 5)
    again = dated(DateKind.EFFECTIVE, 5, read_from="API effective_on")
    assert compare(old, again) is None
    twice = compare(old, replace(old, dates=old.dates + again.dates))
    assert twice is None or (twice.change_class, twice.metadata) == (ChangeClass.NOISE, ())


def test_moved_date_is_told_before_what_else_changed() -> None:
    old = dated(DateKind.EFFECTIVE, 5)
    new = replace(dated(DateKind.EFFECTIVE, 9), blocks=(paragraph("One and a half."),))
    difference = compare(old, new)
    assert difference is not None
    assert difference.reasons[0].startswith("The effective date changed")
    assert len(difference.reasons) == 2


def test_reencoded_quotes_in_a_field_are_noise() -> None:
    old = version(paragraph("One."), metadata={"abstract": 'The "new" rule.'})
    difference = compare(old, replace(old, metadata={"abstract": "The “new” rule."}))
    assert difference is not None
    assert difference.change_class is ChangeClass.NOISE
    assert difference.metadata == ()


def test_closing_hyphen_of_initials_in_a_title_is_noise() -> None:
    old = version(paragraph("One."), title="Matter of D-G-C")
    difference = compare(old, replace(old, title="Matter of D-G-C-"))
    assert difference is not None
    assert difference.change_class is ChangeClass.NOISE


def test_changed_title_is_metadata_and_names_both() -> None:
    old = version(paragraph("One."))
    difference = compare(old, replace(old, title="Another Chapter"))
    assert difference is not None
    assert difference.metadata == (("title", "Sample Chapter", "Another Chapter"),)


def test_removed_sentence_is_marked_with_its_own_full_stop() -> None:
    old = "It is valid. A copy counts too. Keep it."
    (edit,) = found([paragraph(old)], [paragraph("It is valid. Keep it.")]).edits
    assert [old[span.start : span.end] for span in edit.deleted] == ["A copy counts too. "]


def test_footnote_moved_with_its_paragraph_within_a_section_is_editorial() -> None:
    def called(text: str, label: str) -> Block:
        return replace(paragraph(text, A), marks=(NoteMark(offset=1, label=label),))

    difference = found(
        [
            heading(A),
            called("One x.", "1"),
            called("Two y.", "2"),
            note("See a.", "1"),
            note("See b.", "2"),
        ],
        [
            heading(A),
            called("Two y.", "1"),
            called("One x.", "2"),
            note("See b.", "1"),
            note("See a.", "2"),
        ],
    )
    assert {edit.rule for edit in difference.edits} == {"order"}


def item(text: str, level: int = 1) -> Block:
    return Block(kind=BlockKind.ITEM, text=text, level=level, trail=(A,))


EXEMPT, BARRED = paragraph("These are exempt:", A), paragraph("These are barred:", A)
FIRST, SECOND, THIRD, FOURTH = (
    item(f"The {word} workers of a mine.") for word in ("young", "old", "sick", "foreign")
)


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        # Within its list, and a list as a whole.
        ([EXEMPT, FIRST, SECOND, THIRD], [EXEMPT, SECOND, THIRD, FIRST], {"order"}),
        (
            [EXEMPT, FIRST, SECOND, BARRED, THIRD, FOURTH],
            [BARRED, THIRD, FOURTH, EXEMPT, FIRST, SECOND],
            {"order"},
        ),
        # To the other list, and what leads the items in without them.
        ([EXEMPT, FIRST, SECOND, BARRED, THIRD], [EXEMPT, SECOND, BARRED, THIRD, FIRST], {""}),
        # One item from beside another to under it; then all of a list together.
        ([EXEMPT, FIRST, SECOND], [EXEMPT, FIRST, replace(SECOND, level=2)], {""}),
        (
            [EXEMPT, FIRST, SECOND],
            [EXEMPT, replace(FIRST, level=2), replace(SECOND, level=2)],
            {"layout"},
        ),
    ],
)
def test_an_item_belongs_to_what_leads_it_in(
    old: list[Block], new: list[Block], rules: set[str]
) -> None:
    difference = found([heading(A), *old], [heading(A), *new])
    assert {edit.rule for edit in difference.edits} == rules


def test_what_leads_in_two_lists_may_not_change_places_alone() -> None:
    old = [heading(A), EXEMPT, FIRST, SECOND, BARRED, THIRD, FOURTH]
    new = [heading(A), BARRED, FIRST, SECOND, EXEMPT, THIRD, FOURTH]
    difference = found(old, new)
    assert difference.change_class is ChangeClass.SUBSTANTIVE


def test_heading_that_was_only_renumbered_is_editorial() -> None:
    difference = found([heading("A. Evidence")], [heading("B. Evidence")])
    assert [edit.rule for edit in difference.edits] == ["renumbering"]
    assert difference.change_class is ChangeClass.EDITORIAL
    assert "letter or number before a heading" in difference.reasons[0]
    assert found([heading("A. Evidence")], [heading("B. Filing")]).change_class is (
        ChangeClass.SUBSTANTIVE
    )
