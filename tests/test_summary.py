"""The line that tells a whole change: by place, the weightiest first, in the text's own words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import paragraph, version

from pipeline.diff import compare
from pipeline.model import Block, BlockKind, Weight
from pipeline.summary import LENGTH

A, B = "A. Evidence", "B. Filing"


def heading(text: str, level: int = 2) -> Block:
    return Block(kind=BlockKind.HEADING, text=text, level=level)


def note(text: str, label: str) -> Block:
    return Block(kind=BlockKind.FOOTNOTE, text=text, label=label)


def row(text: str, *trail: str) -> Block:
    return Block(kind=BlockKind.ROW, text=text, trail=trail)


def line(old: list[Block], new: list[Block]) -> str:
    found = compare(version(*old), version(*new))
    assert found is not None
    return found.summary


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "The officer must ask.",
            "The officer may ask.",
            '"must" became "may" ("The officer may ask.")',
        ),
        (
            "The officer may ask.",
            "The officer may not ask.",
            'negation added ("The officer may ask." became "The officer may not ask.")',
        ),
        ("The fee is $535.", "The fee is $675.", 'fee "$535" became "$675"'),
        (
            "It is approved unless fraud is found.",
            "It is approved.",
            'exception removed ("unless fraud is found")',
        ),
        ("The employer files.", "The employee files.", '"employer" became "employee"'),
        (
            "The employer must pay a fee of $10.",
            "The employer may pay a fee of $20.",
            '"must" became "may" ("The employer may pay a fee of $20.") and fee "$10" became "$20"',
        ),
    ],
)
def test_a_reworded_paragraph_is_told_by_what_it_turns_on(old: str, new: str, said: str) -> None:
    assert line([paragraph(old, A)], [paragraph(new, A)]) == f"section A: {said}"


def test_what_came_and_went_is_quoted_by_the_sentence_that_binds() -> None:
    old = [paragraph("Some background comes first. USCIS accepts checks in any amount.", A)]
    new = [
        paragraph("Some remarks stand at the beginning of it.", A),
        paragraph("For long there was a choice. USCIS no longer accepts checks by mail.", A),
        paragraph("For more information visit the page on fees that must be paid.", A),
    ]
    assert line(old, new) == (
        'section A: one paragraph removed ("USCIS accepts checks in any amount.") and three'
        ' paragraphs added ("USCIS no longer accepts checks by mail.")'
    )


def test_a_section_that_went_is_told_by_its_heading_and_the_rule_it_opened_with() -> None:
    gone = [
        heading(B),
        paragraph("Such petitions are expedited:", B),
        paragraph("The petitioner must write on top of the first page.", B),
    ]
    stays = [heading(A), paragraph("Stays.", A)]
    assert line([*stays, *gone], stays) == (
        'section B: heading "B. Filing" and two paragraphs removed'
        ' ("The petitioner must write on top of the first page.")'
    )
    opening = replace(gone[1], text="USCIS will expedite such petitions:")
    assert line([*stays, gone[0], opening, gone[2]], stays).endswith(
        'removed ("USCIS will expedite such petitions:" and "The petitioner must write on top of'
        ' the first page.")'
    )


def test_a_long_sentence_is_quoted_about_the_words_that_bind() -> None:
    long = " ".join(["background"] * 40) + " and for that reason the officer must deny it."
    said = line([paragraph("Stays.", A)], [paragraph("Stays.", A), paragraph(long, A)])
    assert "must deny it." in said and said.count("background") < 10 and "… " in said


def test_a_table_row_is_named_by_its_first_cell() -> None:
    old = [row("Form I-130 | $535 | 8 months", A), row("Form I-131 | $575 | 6 months", A)]
    new = [row("Form I-130 | $675 | 8 months", A), row("Form I-131 | $575 | 6 months", A)]
    assert line(old, new) == 'section A: row "Form I-130": fee "$535" became "$675"'


def test_a_reworded_heading_is_quoted_whole() -> None:
    said = line([heading(A), paragraph("x", A)], [heading(f"{A} Now"), paragraph("x", f"{A} Now")])
    assert said == 'section A: heading "A. Evidence" became "A. Evidence Now"'


def test_a_footnote_is_told_by_what_it_cites_now_or_by_its_number() -> None:
    one = paragraph("One.")
    cited = line([one, note("See 8 CFR 103.2(b).", "12")], [one, note("See 8 CFR 103.2(a).", "12")])
    assert cited == 'footnote 12 now cites "8 CFR 103.2(a)"'
    assert line([one], [one, note("See INA 203.", "2")]) == 'footnote 2 added ("See INA 203.")'
    assert line([one, note("See INA 203.", "2"), note("Or INA 204.", "3")], [one]) == (
        'two footnotes removed ("See INA 203." and "Or INA 204.")'
    )


def test_paragraphs_that_moved_are_told_with_where_from() -> None:
    duty = "Officers must weigh each factor of the whole record."
    stays = [paragraph(f"{n} stays where it stands.", A) for n in "ab"]
    more = [paragraph(f"{n} stays where it stands.", B) for n in "cd"]
    old = [heading(A), paragraph(duty, A), *stays, heading(B), *more]
    new = [heading(A), *stays, heading(B), *more, paragraph(duty, B)]
    assert line(old, new) == f'section B: one paragraph moved here from section A ("{duty}")'


def test_places_are_told_in_the_order_of_their_weight() -> None:
    old = [paragraph("The employer files.", A), paragraph("The officer must ask.", B)]
    new = [paragraph("The employee files.", A), paragraph("The officer may ask.", B)]
    assert line(old, new).startswith('section B: "must" became "may"')


def test_several_paragraphs_with_the_same_wording_quote_it() -> None:
    said = line(
        [paragraph("The employer files.", A), paragraph("The employer signs.", A)],
        [paragraph("The employee files.", A), paragraph("The employee signs.", A)],
    )
    assert said == 'section A: two paragraphs reworded ("employer" became "employee")'


def test_a_line_is_bounded_and_says_how_many_places_it_leaves_out() -> None:
    heads = [f"{letter}. Part" for letter in "ABCDEFGHIJKL"]
    texts = [f"The officer in {each} {{}} ask the applicant for evidence of it." for each in heads]
    old = [paragraph(text.format("must"), each) for text, each in zip(texts, heads, strict=True)]
    new = [paragraph(text.format("may"), each) for text, each in zip(texts, heads, strict=True)]
    said = line(old, new)
    assert said.endswith("; changes in six more places") and len(said) < LENGTH + 100


def test_hostile_words_without_white_space_make_no_long_line() -> None:
    assert len(line([paragraph("Stays.")], [paragraph("Stays."), paragraph("a" * 100_000)])) < 200


def test_a_retitled_document_names_both_titles() -> None:
    old = version("One.", title="Sample")
    found = compare(old, replace(old, title="Other"))
    assert found is not None and found.summary == "title: Sample → Other"


def test_terms_that_may_name_other_persons_are_told_and_do_not_bury_the_rest() -> None:
    acts = ["files a form", "signs it", "pays the fee"]
    old = [paragraph(f"The applicant {act} where the applicant resides.") for act in acts]
    new = [paragraph(f"The alien {act} where the alien resides.") for act in acts]
    assert line(old, new) == ('the text: three paragraphs reworded ("applicant" became "alien")')
    assert line([*old, paragraph("The visit must be free.")], new) == (
        'the text: one paragraph removed ("The visit must be free.") and three paragraphs reworded'
        ' ("applicant" became "alien")'
    )


def test_a_sentence_does_not_end_at_an_abbreviation() -> None:
    kept = "The visit ended"
    for words in (
        "other than work for the U.S. employer who sent the worker abroad",
        "except as Sample Goods Inc. Employees know it from the notice",
        "unless Mr. Sample is away from the office on that day",
        "except for days in Matter of A. B. Sample, 1 I&N Dec. 2 of the Board",
    ):
        said = line([paragraph(f"{kept}.", A)], [paragraph(f"{kept}, {words}.", A)])
        assert words in said


def test_a_quotation_that_is_cut_says_so() -> None:
    words = "unless " + " ".join(f"word{n}" for n in range(60))
    said = line([paragraph("It ended.", A)], [paragraph(f"It ended {words}.", A)])
    assert ' …")' in said and "word59" not in said


def test_the_weightiest_turns_of_a_place_are_each_quoted() -> None:
    old = [
        paragraph("The applicant may rebut it by showing that no home was given up.", A),
        paragraph("The officer must ask.", A),
        paragraph("The fee is $10.", A),
    ]
    new = [
        paragraph(
            "The applicant may rebut it by showing, by a preponderance of the evidence, that no"
            " home was given up.",
            A,
        ),
        paragraph("The officer may ask.", A),
        paragraph("The fee is $20.", A),
    ]
    assert line(old, new) == (
        'section A: three paragraphs reworded (burden or standard of proof added ("by a'
        ' preponderance of the evidence"), "must" became "may" ("The officer may ask.") and fee'
        ' "$10" became "$20")'
    )


@pytest.mark.parametrize(
    ("gone", "come"),
    [
        (
            "A holder may not mend a card after it is sent.",
            "From then on a holder may mend a card.",
        ),
        ("The office will accept a cheque.", "The office no longer accepts cheques."),
        ("The form must be signed.", "The form need not be signed."),
    ],
)
def test_of_a_replaced_paragraph_the_sentence_is_quoted_in_which_permission_turned(
    gone: str, come: str
) -> None:
    duty = "A worker must pay the fee of $10 and post everything within 30 days of arriving."
    asks = "Nobody asks for photographs, which officers shall destroy on request by June 2, 2026."
    for first, last in ((gone, come), (come, gone)):
        said = line(
            [paragraph("Stays.", A), paragraph(f"{first} {duty}", A)],
            [paragraph("Stays.", A), paragraph(f"{asks} {last}", A)],
        )
        assert f'one paragraph removed ("{first}")' in said
        assert f'one paragraph added ("{last}")' in said


def test_a_date_that_is_cut_off_a_sentence_that_turned_is_told_first() -> None:
    words = " ".join(["thing"] * 30)
    said = line(
        [paragraph("Stays.", A), paragraph("A holder may not mend a card. Old words.", A)],
        [
            paragraph("Stays.", A),
            paragraph(f"A holder may mend a card {words} from December 7, 2026. All else.", A),
        ],
    )
    assert '("December 7, 2026": "A holder may mend a card' in said


def test_of_several_blocks_the_weightiest_two_are_quoted_and_the_rest_counted() -> None:
    gone = [
        paragraph("Applicants send a letter with it.", A),
        paragraph("The fee is nonrefundable whatever the office decides.", A),
        paragraph("The office may reject the whole package.", A),
    ]
    assert line([paragraph("Stays.", A), *gone], [paragraph("Stays.", A)]) == (
        'section A: three paragraphs removed (among them "The fee is nonrefundable whatever the'
        ' office decides." and "The office may reject the whole package.")'
    )


def rule(verb: str, day: str, *background: str) -> list[Block]:
    """A sample in the order of a rule: dates, preamble, regulatory text."""
    dates, more, part = "DATES:", "SUPPLEMENTARY INFORMATION:", "8 CFR part 999"
    return [
        heading(dates, 1),
        paragraph(f"The rule is effective on {day}.", dates),
        heading(more, 1),
        heading("I. Background"),
        *(paragraph(each, more, "I. Background") for each in background),
        paragraph(f"An applicant {verb} sign the form in ink.", part),
    ]


STAYS = "The office wrote of this before."
DUTY = "Under current practice an applicant must file a second form within 30 days."


def test_the_preamble_of_a_rule_binds_nobody_and_comes_after_its_text() -> None:
    old = version(*rule("must", "June 1, 2026", STAYS, DUTY, "All of it may not be read."))
    new = version(*rule("may", "June 9, 2026", STAYS, "Several asked for less of it."))
    found = compare(old, new)
    assert found is not None
    assert found.weights == (Weight.OPERATIVE, Weight.DATE, Weight.TEXT)
    assert found.reasons[0].startswith('"must" became "may"')
    assert f'The preamble (section I) no longer says: "{DUTY}"' in found.reasons
    places = ('"must" became "may"', 'section "DATES:": date', "the preamble no longer says")
    at = [found.summary.index(each) for each in places]
    assert at == sorted(at)
    assert 'the preamble now says: "Several asked for less of it."' in found.summary
    assert found.summary.endswith("; one more change in the preamble")


def test_a_notice_without_regulatory_text_binds_by_what_it_says() -> None:
    sides = [version(*rule("may", "June 1, 2026", STAYS, *more)[:-1]) for more in ((DUTY,), ())]
    found = compare(*sides)
    assert found is not None and found.weights[0] is Weight.REQUIREMENT
    assert "preamble" not in found.summary


def test_the_numbers_of_two_documents_are_no_difference_between_them() -> None:
    fields = {"document_number": "1", "start_page": "7", "end_page": "9", "action": "Rule."}
    old = version("One.", metadata=fields)
    new = version("One.", metadata={name: f"{value}9" for name, value in fields.items()})
    same = compare(old, new)
    other = compare(old, replace(new, document=replace(new.document, key="other")))
    assert same is not None and "first page" in same.summary
    assert other is not None and other.summary == "action: Rule. → Rule.9"
