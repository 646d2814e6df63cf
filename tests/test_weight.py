"""What a difference turns on: said first, in words a lawyer sees at once."""

from __future__ import annotations

from datetime import date

import pytest
from builders import paragraph, version

from pipeline.diff import compare
from pipeline.model import (
    Block,
    BlockKind,
    ChangeClass,
    DateKind,
    Difference,
    StatedDate,
    Version,
    Weight,
)

A = "A. Evidence"
LONG = (
    "Officers generally review the totality of the circumstances presented in each case, weigh the"
    " favourable factors against the adverse ones of record, and {} rely on a single factor alone"
    " where the applicant has submitted new evidence of hardship to a relative."
)
REWRITTEN = (
    "Officers consider all the circumstances of each case, balance the positive factors with the"
    " negative ones of record, and {} rely on a single factor alone where an applicant presents"
    " fresh evidence of hardship to a relative."
)


def difference(old: Version, new: Version) -> Difference:
    found = compare(old, new)
    assert found is not None
    return found


def reworded(old: str, new: str) -> Difference:
    return difference(version(paragraph(old, A)), version(paragraph(new, A)))


@pytest.mark.parametrize(
    ("old", "new", "weight", "reason"),
    [
        (
            "The officer must ask.",
            "The officer may ask.",
            Weight.OPERATIVE,
            '"must" became "may" in section A: "The officer may ask."',
        ),
        (
            "The officer may ask.",
            "The officer may not ask.",
            Weight.OPERATIVE,
            "A negation was added to section A:",
        ),
        (
            "It may not be waived.",
            "It may be waived.",
            Weight.OPERATIVE,
            'A negation was removed from section A: "It may not be waived." became',
        ),
        (
            "A parent may only sign once.",
            "A parent may sign once.",
            Weight.OPERATIVE,
            '"only" was removed from section A:',
        ),
        (
            "Both a and b count.",
            "Both a or b count.",
            Weight.OPERATIVE,
            '"and" became "or" in section A:',
        ),
        (
            "The petition is approved unless the officer finds fraud in it.",
            "The petition is approved.",
            Weight.REQUIREMENT,
            'An exception was removed from section A: "unless the officer finds fraud in it."',
        ),
        (
            "The petition is approved.",
            "The petition is approved, provided that the fee is paid.",
            Weight.REQUIREMENT,
            'An exception was added to section A: "provided that the fee is paid."',
        ),
        (
            "The worker, who lives abroad, writes.",
            "The worker writes.",
            Weight.REQUIREMENT,
            'A qualifying clause was removed from section A: "who lives abroad,"',
        ),
        (
            "Keep the records. A copy must be sent to the worker. The file stays open.",
            "Keep the records. The file stays open.",
            Weight.REQUIREMENT,
            'A requirement was removed from section A: "A copy must be sent to the worker."',
        ),
        (
            "The fee is $535.",
            "The fee is $675.",
            Weight.FEE,
            'A fee changed in section A: "$535" became "$675" in "The fee is $675."',
        ),
        (
            "The investment is $800,000 there.",
            "The investment is $900,000 there.",
            Weight.NUMBER,
            'A sum of money changed in section A: "$800,000" became "$900,000"',
        ),
        (
            "File by June 10, 2025.",
            "File by June 12, 2025.",
            Weight.DATE,
            'A date changed in section A: "June 10, 2025" became "June 12, 2025"',
        ),
        (
            "It applies in May 2025 to all.",
            "It applies in June 2025 to all.",
            Weight.DATE,
            'A date changed in section A: "May 2025" became "June 2025"',
        ),
        (
            "Use edition 01/20/25 of it.",
            "Use edition 04/01/25 of it.",
            Weight.EDITION,
            'A form edition changed in section A: "01/20/25" became "04/01/25"',
        ),
        (
            "Reply within 30 days.",
            "Reply within 30 business days.",
            Weight.PERIOD,
            'A period changed in section A: "30 days" became "30 business days"',
        ),
        (
            "A child under 14 years of age signs.",
            "A child under 16 years of age signs.",
            Weight.NUMBER,
            'An age changed in section A: "14 years of age" became "16 years of age"',
        ),
        (
            "See 8 CFR 214.2(h)(1).",
            "See 8 CFR 214.2(h)(2).",
            Weight.AUTHORITY,
            'An authority changed in section A: "8 CFR 214.2(h)(1)" became "8 CFR 214.2(h)(2)"',
        ),
        (
            "Send two letters.",
            "Send three letters.",
            Weight.NUMBER,
            'A number changed in section A: "two" became "three"',
        ),
        (
            "The employer files.",
            "The employee files.",
            Weight.WORDING,
            'The wording changed in section A: "employer" became "employee"',
        ),
        (
            "Noncitizens must file.",
            "Aliens may file.",
            Weight.OPERATIVE,
            '"Noncitizens must" became "Aliens may" in section A:',
        ),
    ],
)
def test_what_moves_the_law_is_said_first_and_quoted(
    old: str, new: str, weight: Weight, reason: str
) -> None:
    found = reworded(old, new)
    assert found.change_class is ChangeClass.SUBSTANTIVE
    assert found.weights == (weight,)
    assert found.reasons[0].startswith(reason)


@pytest.mark.parametrize(("old", "new"), [("may not", "may"), ("must", "may"), ("never", "may")])
def test_one_operative_word_outranks_much_changed_wording_around_it(old: str, new: str) -> None:
    found = reworded(LONG.format(old), REWRITTEN.format(new))
    assert found.weights == (Weight.OPERATIVE, Weight.WORDING)
    assert old in found.reasons[0] and "became" in found.reasons[0]
    assert found.reasons[-1].endswith("more changes of wording.")


def test_an_exception_lost_in_a_rewritten_paragraph_is_told_first() -> None:
    found = reworded(
        LONG.format("may") + " It ends unless a judge extends it.",
        REWRITTEN.format("may") + " It ends.",
    )
    assert found.weights[0] is Weight.REQUIREMENT
    assert found.reasons[0].startswith('An exception was removed from section A: "unless a judge')


def test_every_thing_a_paragraph_turns_on_has_its_own_sentence() -> None:
    found = reworded(
        "The petitioner must pay a fee of $100 within 30 days.",
        "The petitioner may pay a fee of $200 within 60 days.",
    )
    assert found.weights == (Weight.OPERATIVE, Weight.FEE, Weight.PERIOD)
    assert [reason.split(" in section A")[0] for reason in found.reasons] == [
        '"must" became "may"',
        "A fee changed",
        "A period changed",
    ]


@pytest.mark.parametrize(
    ("kind", "text", "weights", "reason"),
    [
        (
            BlockKind.PARAGRAPH,
            "The rest stands. The worker must sign within 10 days.",
            (Weight.REQUIREMENT, Weight.PERIOD, Weight.TEXT),
            'A requirement was {} section A: "The worker must sign within 10 days."',
        ),
        (
            BlockKind.ITEM,
            "Evidence of the marriage; and",
            (Weight.REQUIREMENT, Weight.TEXT),
            'A provision (list item) was {} section A: "Evidence of the marriage; and"',
        ),
        (
            BlockKind.PARAGRAPH,
            "Nobody is required to reply, not even late.",
            (Weight.REQUIREMENT, Weight.TEXT),
            "A provision was {} section A:",
        ),
        (
            BlockKind.ROW,
            "Form I-130 | $535",
            (Weight.FEE, Weight.TEXT),
            'A table row with a fee was {} section A: "Form I-130 | $535"',
        ),
        (
            BlockKind.PARAGRAPH,
            "More stands elsewhere.",
            (Weight.TEXT,),
            'A paragraph was {} section A: "More stands elsewhere."',
        ),
    ],
)
def test_a_block_that_came_or_went_is_called_by_what_it_says(
    kind: BlockKind, text: str, weights: tuple[Weight, ...], reason: str
) -> None:
    with_it = version(paragraph("Stays.", A), Block(kind=kind, text=text, trail=(A,)))
    without = version(paragraph("Stays.", A))
    for old, new, done in ((without, with_it, "added to"), (with_it, without, "removed from")):
        found = difference(old, new)
        assert found.weights == weights
        assert found.reasons[0].startswith(reason.format(done))


def test_a_sentence_that_only_moved_within_its_paragraph_is_no_requirement_that_went() -> None:
    first, second = "There must be no standard rule of it.", "Officers look at the whole record."
    found = reworded(f"{first} {second} End.", f"{second} End. {first}")
    assert Weight.REQUIREMENT not in found.weights
    assert found.change_class is ChangeClass.SUBSTANTIVE


def test_a_duty_in_another_section_is_told_as_moved() -> None:
    duty = "Officers must weigh each factor of the whole record."
    stays = [paragraph(f"{n} stays where it stands.", A) for n in "ab"]
    more = [paragraph(f"{n} stays where it stands.", "B. Filing") for n in "cd"]
    heads = [
        Block(kind=BlockKind.HEADING, text=text, level=2, trail=()) for text in (A, "B. Filing")
    ]
    found = difference(
        version(heads[0], paragraph(duty, A), *stays, heads[1], *more),
        version(heads[0], *stays, heads[1], *more, paragraph(duty, "B. Filing")),
    )
    assert found.weights == (Weight.REQUIREMENT, Weight.TEXT)
    assert found.reasons[0].startswith("A requirement moved from section A to section B:")


def test_a_date_that_governs_weighs_as_a_date_and_other_fields_weigh_nothing() -> None:
    def dated(day: int, docket: str) -> Version:
        stated = StatedDate(kind=DateKind.EFFECTIVE, on=date(2026, 1, day), words="", read_from="")
        return version("One.", dates=(stated,), metadata={"docket_ids": [docket]})

    assert difference(dated(5, "A"), dated(9, "A")).weights == (Weight.DATE,)
    assert difference(dated(5, "A"), dated(5, "B")).weights == ()


def test_a_form_of_a_text_that_states_a_new_date_weighs_as_that_date() -> None:
    stated = StatedDate(kind=DateKind.EFFECTIVE, on=date(2026, 1, 5), words="", read_from="")
    poor = version("One.", metadata={"text": "abstract only"})
    assert difference(poor, version("One. Two.", dates=(stated,))).weights == (Weight.DATE,)
    assert difference(poor, version("One. Two.")).weights == ()


def test_what_a_rule_explains_weighs_nothing() -> None:
    assert reworded("A noncitizen must file.", "An alien must file.").weights == ()
    assert compare(None, version("The officer must ask.")).weights == ()  # type: ignore[union-attr]
