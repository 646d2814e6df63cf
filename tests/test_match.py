"""Which subscriptions a change meets, and the reasons a reader is given."""

from __future__ import annotations

import pytest
from builders import TITLES, change, inserted, paragraph, reworded, rule, subscription, tag, version

from alerts.match import match
from pipeline.model import ChangeClass
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
