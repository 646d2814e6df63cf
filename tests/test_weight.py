"""What a difference turns on: said first, in words a lawyer sees at once."""

from __future__ import annotations

import time
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
from pipeline.reworded import MOST
from pipeline.weight import TOLD

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
            'An exception was removed from section A: "unless the officer finds fraud in it".',
        ),
        (
            "The petition is approved.",
            "The petition is approved, provided that the fee is paid.",
            Weight.REQUIREMENT,
            'An exception was added to section A: "provided that the fee is paid".',
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


@pytest.mark.parametrize(
    ("old", "new", "done"),
    [
        ("a preponderance of the evidence", "clear and convincing evidence", "changed in"),
        ("clear and unequivocal evidence", "clear and convincing evidence", "changed in"),
        ("evidence", "evidence beyond a reasonable doubt", "was added to"),
        ("evidence against a rebuttable presumption", "evidence against one", "was removed from"),
    ],
)
def test_a_burden_or_standard_of_proof_weighs_as_a_requirement(
    old: str, new: str, done: str
) -> None:
    said = "They show by {} that it was so."
    found = reworded(said.format(old), said.format(new))
    assert found.weights == (Weight.REQUIREMENT, Weight.OPERATIVE)
    assert found.reasons[0].startswith(f"A burden or standard of proof {done} section A:")


def test_the_burden_of_paperwork_is_no_burden_of_proof() -> None:
    found = reworded("The hours are counted.", "The burden hours are counted.")
    assert found.weights == (Weight.WORDING,)


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


@pytest.mark.parametrize(
    ("old", "new", "weights", "reason"),
    [
        (
            "Aliens may file unless barred by statute, except minors.",
            "Aliens may file except minors.",
            (Weight.REQUIREMENT, Weight.OPERATIVE),
            'An exception was removed from section A: "unless barred by statute,".',
        ),
        (
            "Unless the officer decides otherwise, all must attend.",
            "If the officer decides otherwise, all must attend.",
            (Weight.OPERATIVE,),
            '"Unless" became "If" in section A: "If the officer decides otherwise,',
        ),
        (
            "Notwithstanding the rule above, all must attend.",
            "Despite the rule above, all must attend.",
            (Weight.OPERATIVE,),
            '"Notwithstanding" became "Despite" in section A:',
        ),
        (
            "Workers excluding students may apply.",
            "Workers excepting students may apply.",
            (Weight.OPERATIVE,),
            '"excluding" became "excepting" in section A:',
        ),
        (
            "Workers except students may apply.",
            "Workers students may apply.",
            (Weight.REQUIREMENT, Weight.OPERATIVE),
            'An exception was removed from section A: "except" in "Workers except students may',
        ),
    ],
)
def test_an_exception_is_told_as_removed_only_where_nothing_stands_in_its_place(
    old: str, new: str, weights: tuple[Weight, ...], reason: str
) -> None:
    found = reworded(old, new)
    assert found.weights == weights
    assert found.reasons[0].startswith(reason)


def test_a_duty_whose_words_stand_elsewhere_too_is_told_as_removed() -> None:
    twice = (
        "Parents sign here. They must file it by mail. Children sign. They must file it by mail."
    )
    once = "Parents sign here. They must file it by mail. Children sign."
    for old, new, done in ((twice, once, "removed from"), (once, twice, "added to")):
        found = reworded(old, new)
        assert found.weights == (Weight.REQUIREMENT,)
        assert found.reasons[0].startswith(f"A requirement was {done} section A:")


@pytest.mark.parametrize(
    ("name", "old", "new", "weight"),
    [
        ("fees", ["$100"], ["$200"], Weight.FEE),
        ("edition_date", "01/20/25", "04/01/26", Weight.EDITION),
    ],
)
def test_a_fee_or_an_edition_that_a_form_page_states_is_law(
    name: str, old: object, new: object, weight: Weight
) -> None:
    found = difference(version("One.", metadata={name: old}), version("One.", metadata={name: new}))
    assert found.change_class is ChangeClass.SUBSTANTIVE
    assert found.weights == (weight,)


def test_of_many_edits_the_weightiest_are_told_and_the_rest_counted() -> None:
    old = [paragraph(f"Class {n} pays a fee of ${n} for it.", A) for n in range(900)]
    new = [paragraph(f"Class {n} pays a fee of ${n + 1000} for it.", A) for n in range(900)]
    old.append(paragraph("The officer must ask.", A))
    new.append(paragraph("The officer may ask.", A))
    found = difference(version(*old), version(*new))
    assert found.reasons[0].startswith('"must" became "may"')
    assert len(found.reasons) == TOLD + 1
    assert found.reasons[-1] == "More changes that count are not told one by one: fee 861."


def test_the_same_wording_in_many_blocks_is_told_once_and_counts() -> None:
    acts = ["appeal the denial", "ask for a hearing", "apply again"]
    old = [paragraph(f"The applicant may {act}.", A) for act in acts]
    new = [paragraph(f"The alien may {act}.", A) for act in acts]
    found = difference(version(*old), version(*new))
    assert found.change_class is ChangeClass.SUBSTANTIVE
    assert found.reasons == ('The wording changed in 3 blocks: "applicant" became "alien".',)


def test_what_follows_too_many_changes_in_one_block_is_read_as_one_and_weighs() -> None:
    words = [f"{word} kept stands here still" for word in ["grey"] * (MOST + 50)]
    old, new = " ".join(words), " ".join(words).replace("grey", "blue")
    found = reworded(f"{old} he must ask of it", f"{new} he may ask of it")
    assert found.weights[0] is Weight.OPERATIVE
    assert any(reason.startswith("The last 51 changes of words") for reason in found.reasons)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("A number {} of it", 7),  # figures
        ("he {} ask once more", "must"),  # operative words
        ("he goes {} it rains", "unless"),  # exceptions
    ],
)
def test_a_long_paragraph_of_many_changes_is_read_in_time(old: str, new: object) -> None:
    def told(size: int) -> float:
        texts = [
            " ".join(old.format(f"{one}{n}" if one == 7 else one) for n in range(size))
            for one in (new, "when" if new != 7 else 8)
        ]
        started = time.process_time()
        reworded(*texts)
        return time.process_time() - started

    told(100)
    assert told(4_000) < 2.0  # it was eight times that


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
