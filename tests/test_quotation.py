"""Quotations: which citation they belong to, and whether the held text has them."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from builders import paragraph

from pipeline.citator.differing import Differing, turns
from pipeline.citator.draft import Draft, typed
from pipeline.citator.pages import beyond, is_of_parallel, pinned, printed
from pipeline.citator.quotation import Text, Where
from pipeline.citator.quoting import quotations
from pipeline.citator.resolve import citations
from pipeline.model import Block, BlockKind, Citation, NoteMark

# A sample decision, written for these tests; it begins on page 500.
OPINION = (
    Block(
        kind=BlockKind.PARAGRAPH,
        text="A lantern that is carried at noon is a lantern within the meaning of the Act.",
    ),
    Block(
        kind=BlockKind.PARAGRAPH,
        text="We hold that the respondent’s lantern was lit before dawn, and that the gatekeeper "
        "shall not refuse a traveller who carries one. See Matter of Quill, 19 I&N Dec. 1, 4 (BIA "
        "1984). The non-citizen bore the burden of showing oil enough for the night’s journey.",
        page="500",
        marks=(NoteMark(offset=120, label="*501"),),
    ),
    Block(
        kind=BlockKind.PARAGRAPH,
        text="A gate that is closed at dusk opens again at dawn, unless the keeper is asleep.",
        page="502",
    ),
    Block(
        kind=BlockKind.FOOTNOTE,
        text="Oil of olives was the only oil of record in these proceedings.",
        label="3",
        page="502",
    ),
)
HELD = Text(OPINION, is_reported=True)


def belongs(draft: Draft) -> list[tuple[str, str]]:
    """Each quotation of a draft with what it belongs to."""
    cited = citations(draft.blocks)
    return [(each.text, cited[each.citation][1].cited) for each in quotations(draft, cited)]


def first(text: str) -> list[str]:
    return [name for _, name in belongs(typed(text))]


@pytest.mark.parametrize(
    "text",
    [
        "The Board wrote that “the gate opens again at dawn.” Matter of Quill, 29 I&N Dec. 500, "
        "501 (BIA 2026).",
        'It held "the gate opens again at dawn," and so it does. See Matter of Quill, 29 I&N Dec. '
        "500, 501 (BIA 2026).",
        "In Matter of Quill, 29 I&N Dec. 500 (BIA 2026), the Board said “the gate opens at dawn.”",
        "They may sleep. Matter of Quill, 29 I&N Dec. 500 (BIA 2026) (“the gate opens at dawn”).",
        "See Matter of Quill, 29 I&N Dec. 500, 501, Interim Decision #4900 (BIA 2026) (“the gate "
        "opens at dawn”).",
        "“The gate [opens] again ‘at dawn.’” But see, e.g., Matter of Quill, 29 I&N Dec. 500 (BIA "
        "2026); Matter of Other, 20 I&N Dec. 3 (BIA 1990).",
    ],
)
def test_a_quotation_belongs_to_the_citation_of_its_sentence(text: str) -> None:
    assert first(text) == ["29 I&N Dec. 500"]


def test_a_quotation_belongs_to_no_citation_of_a_later_sentence() -> None:
    assert not belongs(
        typed(
            "“The gate opens again at dawn.” That is the rule. The Board held otherwise in Matter "
            "of Quill, 29 I&N Dec. 500 (BIA 2026)."
        )
    )


QUILL = "Matter of Quill, 29 I&N Dec. 500, 501"
OTHER = "Matter of Other, 20 I&N Dec. 3"


def sure(text: str) -> list[bool]:
    draft = typed(text)
    return [each.is_sure for each in quotations(draft, citations(draft.blocks))]


@pytest.mark.parametrize(
    "text",
    [
        "The judge found that “the traveller is not to be believed,” IJ Dec. at 5, contrary to {}.",
        "The traveller said “they took my lamp from me” (Tr. at 45), as in {}.",
        "The traveller said “they took my lamp from me.” Exh. 3 at 4. See {}.",
    ],
)
def test_a_quotation_from_the_record_belongs_to_no_case(text: str) -> None:
    assert not first(text.format(f"{QUILL} (BIA 2026)"))


@pytest.mark.parametrize(
    ("text", "is_sure"),
    [
        ("The keeper’s “gate opens again at dawn” is the rule under {}.", False),
        ("The respondent testified that “they took my lamp from me.” {}.", False),
        ("“They took my lamp from me,” the applicant said. See {}.", False),
        ("It holds “the gate opens again at dawn” so the town built § 99 of its code. {}.", False),
        ("Under {}, the traveller’s “lamp was lit before dawn” in full.", False),
        ("As {} shows, the judge’s finding that “no lamp was lit” is wrong.", False),
        ("The rule that “the gate opens again at dawn,” as the Board held in {}, is old.", True),
        ("{} held that “the gate opens again at dawn.”", True),
        ("He is no “keeper of the town gate,” and {} is not about him.", False),
        ("The Board found that “the gate opens again at dawn.” {}.", True),
        ("They sleep. The Board noted that the judge “was asleep at the gate.” {}.", True),
    ],
)
def test_words_that_are_not_said_to_be_of_a_case_may_be_of_another(
    text: str, is_sure: bool
) -> None:
    said = text.format(f"{QUILL} (BIA 2026)")
    assert first(said) == ["29 I&N Dec. 500"]
    assert sure(said) == [is_sure]


def test_a_case_that_a_sentence_speaks_of_takes_no_quotation_of_the_sentence_before() -> None:
    told = f"In {QUILL}, the Board said that it means “the gate opens again at dawn.” {OTHER}{{}}"
    assert first(told.format(", applied that test.")) == ["29 I&N Dec. 500"]
    assert first(told.format(", 5 (BIA 1990).")) == ["20 I&N Dec. 3"]


@pytest.mark.parametrize(
    "citing", [", 5 (BIA 1990)", ", 5, 7 n.3 (BIA 1990)", " (BIA 1990) (en banc)"]
)
@pytest.mark.parametrize(
    "after", [".", "; Matter of Third, 21 I&N Dec. 9 (BIA 1991).", ", aff’d, 5 F.3d 1."]
)
def test_a_citation_sentence_takes_the_quotation_before_it(citing: str, after: str) -> None:
    assert first(f"{QUILL}, is old. It said “the gate opens at dawn.” {OTHER}{citing}{after}") == [
        "20 I&N Dec. 3"
    ]


def test_the_sentences_of_a_quotation_are_not_those_of_the_draft() -> None:
    text = f"{QUILL}, held that “the gate opens. The keeper wakes” and “the lamp is lit at dawn.”"
    assert first(text) == ["29 I&N Dec. 500"] * 2


def test_id_takes_the_quotation_before_it() -> None:
    text = (
        "“A lantern carried at noon is a lantern.” Matter of Quill, 29 I&N Dec. 500, 501 (BIA "
        "2026). It added that “the keeper shall not refuse a traveller.” Id. at 502."
    )
    assert [name for _, name in belongs(typed(text))] == ["29 I&N Dec. 500"] * 2


def test_short_terms_in_quotation_marks_are_not_judged() -> None:
    assert not first("The “lit lantern” rule is old. Matter of Quill, 29 I&N Dec. 500 (BIA 2026).")


def test_a_block_quotation_belongs_to_the_citation_after_it() -> None:
    text = (
        "The Board explained:\n\n    A gate that is closed at dusk opens\n    again at dawn, "
        "unless the keeper sleeps.\n\nMatter of Quill, 29 I&N Dec. 500, 502 (BIA 2026)."
    )
    [(quoted, name)] = belongs(typed(text))
    assert quoted.startswith("A gate that")
    assert name == "29 I&N Dec. 500"


def test_a_quotation_belongs_to_the_citation_of_the_note_that_its_sentence_calls() -> None:
    said = "The Board wrote that “the gate opens again at dawn.” We agree with it."
    blocks = (
        Block(
            kind=BlockKind.PARAGRAPH,
            text=said,
            marks=(NoteMark(offset=said.index(" We agree"), label="1"),),
        ),
        Block(
            kind=BlockKind.FOOTNOTE,
            text="See Matter of Quill, 29 I&N Dec. 500, 501 (BIA 2026).",
            label="1",
        ),
    )
    assert belongs(Draft(form="Word", blocks=blocks)) == [
        ("the gate opens again at dawn.", "29 I&N Dec. 500")
    ]


@pytest.mark.parametrize(
    "quoted",
    [
        "the gatekeeper shall not refuse a traveller who carries one",
        "[T]he gatekeeper shall not refuse a traveller",
        "the respondent's lantern was lit . . . and that the gatekeeper shall not refuse",
        "the respondent’s lantern was lit … the gatekeeper shall not refuse a traveller",
        "[h]e gatekeeper shall not refuse [anyone] who carries one".replace("[h]e", "the"),
        "the gatekeeper shall not refus[e] a traveller who carries one",
        "THE NONCITIZEN BORE THE BURDEN OF SHOWING OIL",
        "the non-\u00adcitizen bore the burden of showing oil enough",
        "the gatekeeper shall not refuse a traveller (emphasis added)",
    ],
)
def test_typography_brackets_and_dots_are_no_difference(quoted: str) -> None:
    match = HELD.find(quoted)
    assert match is not None
    assert match.differing == ()
    assert match.where is Where.TEXT


def test_words_are_found_on_their_page() -> None:
    match = HELD.find("the burden of showing oil enough for the night's journey")
    assert match is not None
    assert (match.first, match.last) == ("501", "501")
    over = HELD.find("the night’s journey. A gate that is closed at dusk")
    assert over is not None
    assert (over.first, over.last) == ("501", "502")


def test_differences_are_told_word_by_word() -> None:
    match = HELD.find("the gatekeeper may not refuse any traveller who carries one")
    assert match is not None
    assert match.differing == (
        Differing(held="shall", draft="may"),
        Differing(held="a", draft="any"),
    )


def test_a_word_left_out_or_put_in_without_a_mark_is_a_difference() -> None:
    left_out = HELD.find("the gatekeeper shall refuse a traveller who carries one")
    put_in = HELD.find("the gatekeeper shall not ever refuse a traveller who carries one")
    assert left_out and left_out.differing == (Differing(held="not", draft=""),)
    assert put_in and put_in.differing == (Differing(held="", draft="ever"),)


def test_of_words_that_are_put_in_nothing_else_is_told_to_differ() -> None:
    paged = Text(
        [
            Block(kind=BlockKind.PARAGRAPH, text="The oil is the law of all lamps.", page="7"),
            Block(kind=BlockKind.PARAGRAPH, text="So it ends.", page="8"),
        ]
    )
    match = paged.find("the oil is truly and wholly the law of all lamps")
    assert match is not None
    assert match.differing == (Differing(held="", draft="truly and wholly"),)
    assert (match.first, match.last) == ("7", "7")


@pytest.mark.parametrize(
    ("quoted", "held", "draft"),
    [
        ("the gatekeeper shall . . . refuse a traveller who carries one", "not", ""),
        ("the gatekeeper shall[ ] refuse a traveller", "shall not", "shall[ ]"),
        ("the gatekeeper [must] refuse a traveller", "shall not", "[must]"),
        ("[A]t dawn, [if] the keeper is asleep", "unless", "[if]"),
        ("the gatekeeper [never] shall not refuse a traveller", "", "[never]"),
        ("a gate . . . opens again [except] at dawn", "", "[except]"),
        ("and that the gatekeepr shall . . . refuse a traveller who carries one", "not", ""),
    ],
)
def test_a_negation_under_dots_or_brackets_is_told(quoted: str, held: str, draft: str) -> None:
    match = HELD.find(quoted)
    assert match is not None
    assert [each for each in match.covered if turns(each)] == [Differing(held=held, draft=draft)]


def test_what_brackets_at_the_head_stand_for_is_told_where_it_turns_the_rest() -> None:
    no_keeper = Text([paragraph("It is so. No keeper shall refuse a traveller at the gate.")])
    assert (match := no_keeper.find("[The keeper] shall refuse a traveller")) and match.covered
    assert (match := no_keeper.find("[Never] shall refuse a traveller")) and match.covered
    assert (match := HELD.find("[The gate’s] lantern was lit before dawn")) and not match.covered


def test_all_that_dots_leave_out_is_told_and_no_change_of_letters() -> None:
    match = HELD.find("the respondent’s lantern was lit . . . and that the gatekeeper")
    assert match and match.covered == (Differing(held="before dawn", draft=""),)
    assert (match := HELD.find("shall not refus[e] a traveller who")) and not match.covered
    assert not turns(Differing(held="may not", draft="[shall not]"))


def test_a_citation_may_be_left_out_where_the_draft_says_so() -> None:
    quoted = "refuse a traveller who carries one. The non-citizen bore the burden of showing oil"
    assert (match := HELD.find(quoted)) and match.differing
    assert (match := HELD.find(quoted, leaves_out=True)) and not match.differing


def test_headnotes_and_footnotes_are_told_apart_from_the_opinion() -> None:
    headnote = HELD.find("a lantern that is carried at noon is a lantern")
    note = HELD.find("Oil of olives was the only oil of record")
    assert headnote and headnote.where is Where.HEADNOTE
    assert note and (note.where, note.label) == (Where.NOTE, "3")


@pytest.mark.parametrize(
    "quoted",
    [
        "the moon has seas of dust that no traveller has crossed",
        "the gatekeeper shall be paid in silver at every crossing of the river",
        "shall not refuse . . . the moon has seas of dust",
    ],
)
def test_other_words_are_not_found(quoted: str) -> None:
    assert HELD.find(quoted) is None


def test_dots_and_brackets_stand_for_no_more_than_they_may() -> None:
    far = Text([paragraph(f"The keeper sleeps at dusk. {'Oil burns. ' * 300} He wakes at dawn.")])
    assert far.find("The keeper sleeps at dusk . . . He wakes at dawn") is None
    assert far.find("The keeper sleeps [and so] wakes at dawn") is None
    near = Text([paragraph(f"The keeper sleeps at dusk. {'Oil burns. ' * 150} He wakes at dawn.")])
    assert near.find("The keeper sleeps at dusk . . . He wakes at dawn") is not None


def test_half_of_the_words_are_too_few() -> None:
    assert HELD.find("the gatekeeper never sees any traveller but refuses what he carries") is None


def test_what_stands_on_two_pages_is_found_on_the_one_that_is_cited() -> None:
    twice = Text(
        [
            Block(kind=BlockKind.PARAGRAPH, text="The oil is the law of lamps.", page="7"),
            Block(kind=BlockKind.PARAGRAPH, text="The oil is the law of lamps.", page="9"),
        ]
    )
    assert (match := twice.find("the oil is the law", pages={9})) and match.first == "9"
    assert (match := twice.find("the oil is the law")) and match.first == "7"


def citing(canonical: str, pin: str) -> Citation:
    return Citation(raw="", start=0, end=0, kind="case_reporter", canonical=canonical, pin=pin)


@pytest.mark.parametrize(
    ("pin", "pages"),
    [
        ("889", {889}),
        ("888-89", {888, 889}),
        ("888–90, 894 n.5", {888, 889, 890, 894}),
        ("*3", {3}),
        ("320n.12", {320}),
        ("392n.12,394", {392, 394}),
        ("392nn.12-14,394", {392, 394}),
        ("392nn.3,5&n.7,394", {392, 394}),
        ("392,&n.12", {392}),
        ("320,325", {320, 325}),
        ("", set()),
    ],
)
def test_pins_are_read_as_the_bluebook_shortens_them(pin: str, pages: set[int]) -> None:
    assert pinned(citing("29 I&N Dec. 300", pin)) == pages


def test_a_pin_is_shown_as_it_is_printed() -> None:
    [(_, cited)] = citations([paragraph("See 29 I&N Dec. 500, 502 n.12, 504 (BIA 2026).")])
    assert printed(cited) == "502 n.12, 504"
    assert printed(replace(cited, raw="otherwise")) == cited.pin
    assert printed(replace(cited, pin="")) == ""


def test_pages_of_the_federal_register_have_a_comma() -> None:
    assert pinned(citing("84 FR 62280", "62,288")) == {62288}


def test_a_page_before_the_first_or_beyond_the_last_is_none_of_the_decisions() -> None:
    def wrong(pin: str, pages: tuple[int, ...], following: int) -> bool:
        return bool(beyond(citing("29 I&N Dec. 500", pin), pages, following))

    assert wrong("499", (), 0)
    assert wrong("503", (500, 501, 502), 0)
    assert wrong("510", (), 510)
    assert not wrong("502", (500, 501, 502), 0)
    assert not wrong("9999", (), 0)
    assert not beyond(citing("8 CFR § 208.13", "1"), (), 0)


@pytest.mark.parametrize(
    "hostile",
    [
        *('"' * 100_000, "“" * 100_000, "[" * 100_000, ". " * 50_000, "A" * 100_000),
        *("A A " * 25_000, '"a b c d e" ' * 8_000, "“a b c d” at 5, " * 6_000, "((a) " * 20_000),
    ],
)
def test_hostile_drafts_take_no_time(hostile: str) -> None:
    draft = Draft(form="text", blocks=(paragraph(f"{hostile} 29 I&N Dec. 500, 501 {hostile}"),))
    started = time.process_time()
    quotations(draft, citations(draft.blocks))
    assert time.process_time() - started < 5
    started = time.process_time()
    HELD.find(hostile)
    assert time.process_time() - started < 1


def test_a_pin_of_a_parallel_citation_is_known() -> None:
    def of_parallel(printed: str, cited: str) -> bool:
        return is_of_parallel(replace(citing(printed, "12"), authority=cited))

    assert of_parallel("68 S. Ct. at 12", "332 U.S. 388")
    assert not of_parallel("332 U.S. at 390", "332 U.S. 388")
    assert not of_parallel("332 U.S. 388", "332 U.S. 388")
    assert not of_parallel("id. at 390", "332 U.S. 388")


def test_many_quotations_of_one_block_are_read_in_their_number() -> None:
    def taken(times: int) -> float:
        draft = typed(f"It said “a b c d e f” here, {QUILL} (BIA 2026). " * times)
        cited = citations(draft.blocks)
        started = time.process_time()
        assert len(quotations(draft, cited)) == times
        return time.process_time() - started

    assert taken(1_600) < 12 * max(taken(400), 0.005)


def test_a_page_of_a_parallel_citation_is_not_measured_by_the_first() -> None:
    def said(printed: str, cited: str, pin: str) -> str:
        return beyond(replace(citing(printed, pin), kind="case_short", authority=cited), (), 0)

    assert not said("189 S.E. at 323", "167 Va. 475", "323")
    assert not said("id. at 323", "167 Va. 475", "323")  # of either
    assert said("167 Va. at 323", "167 Va. 475", "323")
    assert said("id. at 323", "29 I&N Dec. 475", "323")


def test_spaces_beside_hyphens_are_not_compared() -> None:
    held = Text(
        (paragraph("The keepers should follow pre- L-M- I precedent, pre- and post-dusk."),)
    )
    for quoted in (
        "should follow pre-L-M- I precedent",
        "pre-L-M- I precedent, pre- and post-dusk",
        "keepers should follow pre-L-M-I precedent",
        "and post-dusk",
    ):
        match = held.find(quoted)
        assert match is not None
        assert match.differing == ()


def test_altered_words_are_shown_with_the_hyphens_of_the_draft() -> None:
    held = Text((paragraph("The keepers should always follow early precedent of the town."),))
    match = held.find("The keepers should always follow pre-L-M- precedent of the town.")
    assert match is not None
    assert match.differing == (Differing(held="early", draft="pre-L-M-"),)


def test_a_citation_within_a_quotation_is_no_rival_for_whose_words_it_has() -> None:
    assert first(
        f"{QUILL} (BIA 2026), holds that “{OTHER} (BIA 1990), is overruled in part.” Id. at 502."
    ) == ["29 I&N Dec. 500"]
    assert first(
        f"{QUILL} (BIA 2026), held that “{OTHER} (BIA 1990), is overruled,” and that “the gate "
        "opens again at dawn.”"
    ) == ["29 I&N Dec. 500", "29 I&N Dec. 500"]
    assert first(
        f"The Board wrote that “the gate opens again at dawn” and “{OTHER} is overruled.” {QUILL} "
        "(BIA 2026)."
    ) == ["29 I&N Dec. 500", "29 I&N Dec. 500"]
