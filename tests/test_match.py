"""Which subscriptions a change meets, and the reasons a reader is given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import (
    TITLES,
    change,
    inserted,
    paragraph,
    precedent,
    reworded,
    rule,
    subscription,
    tag,
    version,
)

from alerts.match import failures, match
from pipeline import authority
from pipeline.diff import compare
from pipeline.grounds import Grounds, Nearest
from pipeline.model import Change, ChangeClass, ChangeKind, Edit, EditKind
from pipeline.subscription import Subscription

ASYLUM = change(rule("The Department amends 8 CFR 208.3."), tags=(tag("asylum", "8 CFR 208.3"),))


def met(wanted: Subscription, *changes: object) -> tuple[tuple[str, ...], ...]:
    alerts = match([wanted], changes or (ASYLUM,), TITLES)  # type: ignore[arg-type]
    return tuple(alert.why for alert in alerts)


def test_an_empty_subscription_means_everything() -> None:
    assert met(subscription()) == (("every change is asked for; source: Federal Register",),)


@pytest.mark.parametrize(
    ("wanted", "is_met"),
    [
        (subscription("ana", "asylum"), True),
        (subscription("ana", "h1b"), False),
        (subscription("ana", "h1b", "asylum"), True),
        (subscription(sources=("federal_register",)), True),
        (subscription(sources=("bia_decisions",)), False),
        (subscription("ana", "asylum", sources=("bia_decisions",)), False),
        (subscription(classes=("substantive",)), True),
        (subscription(classes=("editorial", "metadata")), False),
    ],
)
def test_topics_sources_and_classes_must_all_agree(wanted: Subscription, is_met: bool) -> None:
    assert bool(met(wanted)) is is_met


def test_what_a_first_crawl_found_is_never_alerted() -> None:
    assert met(subscription(), change(rule("x"), baseline=True)) == ()


def test_noise_is_never_alerted_even_when_asked_for() -> None:
    noise = change(version("x"), reworded("a[ ]b", "ab"), change_class=ChangeClass.NOISE)
    assert met(subscription(classes=("noise",)), noise) == ()


def test_editorial_and_metadata_changes_are_alerted_unless_classes_say_otherwise() -> None:
    for quiet in (ChangeClass.EDITORIAL, ChangeClass.METADATA):
        assert met(subscription(), change(version("x"), change_class=quiet))


def test_the_reason_quotes_the_evidence_and_names_its_section() -> None:
    chapter = change(
        version("x"),
        inserted("Under 8 CFR 208.3 an applicant files here.", "Chapter 2", "B. Filing"),
        tags=(tag("asylum", "8 CFR 208.3"),),
    )
    assert met(subscription("ana", "asylum"), chapter) == (
        ('topic Asylum: in the change: "8 CFR 208.3" in section "B. Filing"',),
    )


def test_evidence_outside_the_change_is_told_apart_and_nothing_is_told_twice() -> None:
    chapter = change(
        version("x"),
        inserted("H-1B petitions."),
        tags=(tag("h1b", "H-1B ×2", "document: H-1B ×7", "document: INA § 212(n)"),),
    )
    assert met(subscription("ana", "h1b"), chapter) == (
        ("topic H-1B: in the change: H-1B ×2; elsewhere in the document: INA § 212(n)",),
    )
    silent = change(version("x"), inserted("y"), tags=(tag("h1b", "document: H-1B ×7"),))
    assert met(subscription("ana", "h1b"), silent) == (
        ("topic H-1B: elsewhere in the document: H-1B ×7",),
    )


def test_a_changed_section_is_named_before_another_that_says_the_same() -> None:
    chapter = change(
        version(paragraph("asylum", "A. Scope")),
        inserted("asylum again", "C. New"),
        tags=(tag("asylum", "asylum"),),
    )
    assert 'in section "C. New"' in met(subscription("ana", "asylum"), chapter)[0][0]


def test_evidence_that_stands_in_no_text_is_not_quoted() -> None:
    tagged = change(rule("x"), tags=(tag("asylum", "CFR part 208 in the publisher's data"),))
    assert met(subscription("ana", "asylum"), tagged) == (
        ("topic Asylum: CFR part 208 in the publisher's data",),
    )


def test_every_condition_that_was_met_is_given() -> None:
    wanted = subscription("ana", "asylum", sources=("federal_register",), classes=("substantive",))
    assert met(wanted) == (
        ('topic Asylum: "8 CFR 208.3"', "source: Federal Register", "class: substantive"),
    )


def asked(**criteria: Any) -> Subscription:
    return replace(subscription(), **criteria)


def why(wanted: Subscription, *changes: Change) -> list[str]:
    return [reason for alert in match([wanted], changes, TITLES) for reason in alert.why]


CHAPTER = change(
    version("x"),
    reworded("Bond is [never] set under 8 CFR 236.1(c)(8).", "Bond is [always] set.",
             trail=("A. Bond",)),
    inserted("See 8 CFR 208.13(b)(1) and INA 212(h).", "Chapter 5", "B. Bars"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("8 CFR 208.13", "authority 8 CFR § 208.13: cites 8 CFR § 208.13(b)(1) in “B. Bars”"),
        ("8 CFR part 208", "authority 8 CFR pt. 208: cites 8 CFR § 208.13(b)(1) in “B. Bars”"),
        ("8 USC 1182(h)", "authority 8 USC § 1182(h): cites INA § 212(h) in “B. Bars”"),
        ("8 CFR 236.1", "authority 8 CFR § 236.1: no longer cites 8 CFR § 236.1(c)(8) in"
                        " “A. Bond”"),
        ("6 USCIS-PM F", "authority 6 USCIS-PM F: is 6 USCIS-PM F.5, which lies in"
                         " 6 USCIS-PM F: text changed"),
        ("6 USCIS-PM F.5(B)", "authority 6 USCIS-PM F.5(B): is 6 USCIS-PM F.5, in which"
                              " 6 USCIS-PM F.5(B) lies: text changed"),
    ],
)  # fmt: skip
def test_an_authority_is_met_by_what_changed(typed: str, reason: str) -> None:
    assert why(asked(authorities=(typed,)), CHAPTER) == [reason]


@pytest.mark.parametrize(
    "typed", ["8 CFR 208.13(b)(2)", "8 CFR 208.130", "INA 245", "7 USCIS-PM F"]
)
def test_an_authority_is_not_met_by_its_like(typed: str) -> None:
    assert why(asked(authorities=(typed,)), CHAPTER) == []


def test_a_paragraph_that_stays_cites_nothing_anew_nor_does_one_that_only_moves() -> None:
    cited = paragraph("See 8 CFR 208.13.")
    moved = Edit(kind=EditKind.MOVED, old=cited, new=cited, old_index=1, new_index=2)
    spaced = reworded("See[  ]8 CFR 208.13.", "See[ ]8 CFR 208.13.", rule="spacing")
    one = change(version("x", cited), inserted("y"), moved, spaced)
    assert why(asked(authorities=("8 CFR 208.13",)), one) == []


def test_a_reworded_paragraph_that_still_cites_it_is_not_told_as_citing_it_no_longer() -> None:
    one = change(version("x"), reworded("See [only] 8 CFR 208.13.", "See [also] 8 CFR 208.13."))
    assert why(asked(authorities=("8 CFR 208.13",)), one) == [
        "authority 8 CFR § 208.13: cites 8 CFR § 208.13"
    ]


def test_a_chapter_is_not_met_by_another_text_of_the_part_in_which_it_lies() -> None:
    part = change(version("x", citation="6 USCIS-PM F"), inserted("y"))
    assert why(asked(authorities=("6 USCIS-PM F.5",)), part) == []
    assert why(asked(authorities=("6 USCIS-PM F",)), part)


def test_what_a_site_no_longer_shows_is_told_as_removed() -> None:
    last = version("Asylum under 8 CFR 208.13.", citation="")
    gone = change(replace(last, blocks=()), old=last, kind=ChangeKind.REMOVED)
    assert why(asked(authorities=("8 CFR 208.13",)), gone) == [
        "authority 8 CFR § 208.13: no longer cites 8 CFR § 208.13"
    ]
    assert why(asked(words="asylum"), gone) == [
        "subscription No. 1: in what was removed or reworded: “Asylum under 8 CFR 208.13.”"
    ]


def test_a_full_text_that_came_late_counts_for_what_its_abstract_did_not_say() -> None:
    abstract = rule("Fees rise.")
    abstract = replace(abstract, metadata={**abstract.metadata, "text": "abstract only"})
    full = rule("Fees rise.", "It amends 8 CFR 106.2.")
    late = change(full, old=abstract, kind=ChangeKind.METADATA)
    assert why(asked(words="amends"), late) and not why(asked(words="fees"), late)
    assert why(asked(authorities=("8 CFR 106",)), late)


def test_all_of_a_new_document_is_looked_at() -> None:
    new = change(rule("First.", "It rests on INA 208(d)(5).", title="Fees under 8 CFR 106.2"))
    assert why(asked(authorities=("INA 208",)), new) == [
        "authority INA § 208: cites INA § 208(d)(5)"
    ]
    assert why(asked(authorities=("8 CFR 106",)), new) == [
        "authority 8 CFR pt. 106: cites 8 CFR § 106.2 in the title"
    ]


def amending(*given: tuple[str, str], kind: str = "rule", **metadata: object) -> Change:
    said = [
        {"section": section, "act": act, "words": f"{act.capitalize()} {section}."}
        for section, act in given
    ]
    new = rule("x", kind=kind)
    return change(replace(new, metadata={**new.metadata, "amends": said, **metadata}))


@pytest.mark.parametrize(
    ("typed", "given", "reason"),
    [
        ("8 CFR 214.2(h)", ("8 CFR 214.2(h)(8)", "revise"),
         "revises 8 CFR § 214.2(h)(8), which lies in 8 CFR § 214.2(h)"),
        ("8 CFR 214.2(h)", ("8 CFR 214.2", "revise"),
         "revises 8 CFR § 214.2, in which 8 CFR § 214.2(h) lies"),
        ("8 CFR 214.2(h)", ("8 CFR 214.2", "amend"), ""),
        ("8 CFR 214.2(h)", ("8 CFR part 214", "amend"), ""),
        ("8 CFR 214.2(h)", ("8 CFR part 214", "remove"),
         "removes 8 CFR pt. 214, in which 8 CFR § 214.2(h) lies"),
        ("8 CFR 214.2(h)", ("8 CFR part 214, subpart B", "add"), ""),
        ("8 CFR 214", ("8 CFR part 214, subpart B", "add"), "adds 8 CFR pt. 214"),
        ("8 CFR 214.2(h)", ("8 CFR 214.2(f)", "revise"), ""),
    ],
)  # fmt: skip
def test_an_instruction_amends_what_it_names_and_what_lies_in_a_whole_it_replaces(
    typed: str, given: tuple[str, str], reason: str
) -> None:
    told = why(asked(authorities=(typed,)), amending(given))
    section, act = given
    name = authority.read(typed)
    words = f"{act.capitalize()} {section}."
    assert told == ([f"authority {name}: {reason}: “{words}”"] if reason else [])


def test_a_proposal_only_proposes_to_amend() -> None:
    proposed = amending(("8 CFR 214.2", "revise"), kind="proposed-rule")
    assert why(asked(authorities=("8 CFR 214.2",)), proposed) == [
        "authority 8 CFR § 214.2: proposes: revises 8 CFR § 214.2: “Revise 8 CFR 214.2.”"
    ]


def test_of_a_rule_whose_instructions_are_not_held_the_publishers_parts_count() -> None:
    new = amending(cfr_references=["8 CFR 214"])
    assert why(asked(authorities=("8 CFR 214.2(h)",)), new) == [
        "authority 8 CFR § 214.2(h): the publisher names 8 CFR pt. 214 among what it amends,"
        " in which 8 CFR § 214.2(h) lies"
    ]


def test_a_decision_that_treats_an_authority_meets_it_and_is_negative_treatment() -> None:
    new = change(
        precedent("(1) Bond is set. Matter of X-Y-, 26 I&N Dec. 566 (BIA 2015), overruled in part.")
    )
    sentence = "Matter of X-Y-, 26 I&N Dec. 566 (BIA 2015), overruled in part"
    told = f"overrules in part Matter of X-Y-, 26 I&N Dec. 566 (BIA 2015): “{sentence}"
    by_name, by_class = (
        why(asked(authorities=("26 I&N Dec. 566",)), new),
        why(asked(classes=("negative treatment",)), new),
    )
    assert by_name[0].startswith(f"authority 26 I&N Dec. 566: {told}")
    assert by_name[1] == "authority 26 I&N Dec. 566: cites 26 I&N Dec. 566"
    assert [each.startswith(f"negative treatment: {told}") for each in by_class] == [True]
    followed = change(precedent("Matter of X-Y-, 26 I&N Dec. 566 (BIA 2015), followed."))
    assert why(asked(classes=("negative treatment",)), followed) == []


def test_litigation_is_what_changed_text_reports_that_a_court_did() -> None:
    said = "On May 1, 2026, the U.S. District Court for the District of Sample vacated the rule."
    wanted = asked(classes=("litigation",))
    alert = version(said, kind="uscis-alert", source="uscis_pages", citation="")
    assert why(wanted, change(alert)) == [f"litigation: reports that a court vacates: “{said}”"]
    edited = change(replace(alert, blocks=(paragraph(said), paragraph("y"))), inserted("y"))
    at_its_place = replace(edited.difference.edits[0], new_index=1)
    elsewhere = replace(edited, difference=replace(edited.difference, edits=(at_its_place,)))
    assert why(wanted, elsewhere) == []
    assert why(wanted, change(version("The rule was published."))) == []


def test_any_of_the_classes_is_enough() -> None:
    both = asked(classes=("litigation", "substantive"))
    assert why(both, CHAPTER) == ["class: substantive"]


def test_words_are_looked_for_in_what_changed_and_the_reason_quotes_it() -> None:
    assert why(asked(words="bond /s always"), CHAPTER) == [
        "subscription No. 1: in what changed, in “A. Bond”: “Bond is always set.”"
    ]
    assert why(asked(words="bars 208.13(b)", name="Bars"), CHAPTER) == []
    assert why(asked(words="208.13(b) 212(h)", name="Bars"), CHAPTER) == [
        "“Bars”: in what changed, in “B. Bars”: “See 8 CFR 208.13(b)(1) and INA 212(h).”"
    ]


def test_words_that_went_are_told_as_removed() -> None:
    assert why(asked(words="bond /s never"), CHAPTER) == [
        "subscription No. 1: in what was removed or reworded, in “A. Bond”: “Bond is never set"
        " under 8 CFR 236.1(c)(8).”"
    ]


def test_words_of_an_unchanged_paragraph_or_of_two_documents_are_not_met() -> None:
    beside = change(version("asylum clock", "x"), inserted("fee"), id=2)
    assert why(asked(words="asylum clock"), beside) == []
    one, other = (
        change(rule(text), id=number) for number, text in enumerate(("asylum", "clock"), 3)
    )
    assert why(asked(words="asylum clock"), one, other) == []


def test_a_sentence_is_met_by_a_passage_that_is_near_enough_and_never_quoted() -> None:
    near = Grounds(near={"my secret": Nearest(cosine=0.617, text="Fees rise. " * 40, place="C")})
    wanted = asked(meaning="my secret", threshold=0.6)
    (alert,) = match([wanted], [CHAPTER], TITLES, {CHAPTER.id: near})
    (reason,) = alert.why
    assert reason.startswith(
        "subscription No. 1: nearness in meaning 0.62, in what changed, in “C”: “Fees rise. Fees"
    )
    assert "secret" not in reason and len(reason) < 250
    assert not match([replace(wanted, threshold=0.62)], [CHAPTER], TITLES, {CHAPTER.id: near})
    assert not match([wanted], [CHAPTER], TITLES)


def test_no_reason_tells_what_was_searched_for() -> None:
    wanted = asked(words="bond /s always OR zebra", matter="4711", note="zebra")
    assert "zebra" not in " ".join(why(wanted, CHAPTER))


def test_all_criteria_that_are_given_must_be_met() -> None:
    wanted = asked(authorities=("8 CFR 208.13",), words="bond", sources=("uscis_policy_manual",))
    assert len(why(wanted, CHAPTER)) == 3
    assert why(replace(wanted, words="zebra"), CHAPTER) == []
    assert why(replace(wanted, sources=("bia_decisions",)), CHAPTER) == []
    assert why(replace(wanted, authorities=("INA 245",)), CHAPTER) == []


def test_what_is_not_about_immigration_is_met_by_who_asks_for_its_words_or_authorities() -> None:
    road = replace(CHAPTER, tags=(tag("not-immigration", "I-285"),))
    assert why(subscription(), road) == []
    assert why(asked(classes=("substantive",)), road) == []
    assert why(asked(words="bond"), road)
    assert why(asked(authorities=("INA 212(h)",)), road)


def test_one_that_cannot_be_read_is_told_as_failed_and_the_others_are_asked() -> None:
    broken = asked(words="bond /x SECRET", id=7)
    lost = asked(authorities=("no SECRET authority",), id=8, name="Lost")
    alerts = match([broken, subscription(), lost], [CHAPTER], TITLES)
    assert [alert.subscription.id for alert in alerts] == [1]
    told = [failure.words for failure in failures([broken, subscription(), lost])]
    assert [each.split(" could not be run")[0] for each in told] == [
        "subscription No. 7",
        "“Lost”",
    ]
    assert "SECRET" not in " ".join(told)


def test_alerts_come_change_by_change_in_the_order_of_subscriptions() -> None:
    other = change(rule("bond"), id=2, tags=(tag("asylum"),))
    wanted = [asked(id=1, words="bond"), asked(id=2, topics=("asylum",)), asked(id=3)]
    met = [(a.change.id, a.subscription.id) for a in match(wanted, [CHAPTER, other], TITLES)]
    assert met == [(1, 1), (1, 3), (2, 1), (2, 2), (2, 3)]


def test_a_title_that_changed_with_the_text_is_searched() -> None:
    old = version("The fee is $100 for each petition that is filed.", title="Fees")
    new = version("The fee is $900 for each petition that is filed.", title="Fees and bonds")
    for kind in (ChangeKind.TEXT, ChangeKind.NEXT):
        difference = compare(old, new)
        assert difference is not None
        found = replace(difference, kind=kind)
        one = replace(change(new, old=old), difference=found)
        (alert,) = match([replace(subscription("ana"), words="bonds")], [one], TITLES)
        assert alert.why == ("subscription No. 1: in what changed, in the title: “Fees and bonds”",)
