"""A full text that follows its abstract: who searches texts is told what he could not find before,
and nobody is told a thing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import TITLES, change, precedent, rule, stated, subscription, tag
from fakes import HashingEncoder
from holding import hold
from hypothesis import given, settings
from hypothesis import strategies as st
from publisher import NOW

from alerts.deadlines import urgent
from alerts.match import match
from index import history
from lexwatch.alerting import matching, sending
from lexwatch.app import App
from lexwatch.settings import Data, Settings, Topics, Watch
from pipeline import diff
from pipeline.model import Alert, Change, ChangeClass, DateKind, Version
from pipeline.subscription import Sort, Subscription

ABSTRACT = "An abstract on asylum."
OVERRULED = "(1) Matter of X-Y-, 26 I&N Dec. 566 (BIA 2015), overruled."
SENTENCE = "officers count every day twice"


def asked(**criteria: Any) -> Subscription:
    return replace(subscription(), **criteria)


def poorer(version: Version, *texts: str) -> Version:
    blocks = rule(*texts).blocks
    return replace(version, blocks=blocks, metadata={**version.metadata, "text": "abstract only"})


def stories(short: tuple[str, ...], full: tuple[str, ...]) -> tuple[Change, Change]:
    """A document that appears as its abstract, and then in full."""
    whole = precedent(*full)
    abstract = poorer(whole, *short)
    tags = (tag("asylum", "asylum"),)
    difference = diff.compare(abstract, whole)
    assert difference is not None
    appeared = replace(change(abstract, tags=tags), difference=diff.appear(abstract))
    late = replace(change(whole, old=abstract, id=2, tags=tags), difference=difference)
    return appeared, late


def told(wanted: Subscription, short: str, full: str) -> list[int]:
    """The changes that a subscription is told of: 1 the abstract, 2 the full text."""
    return [each.change.id for each in match([wanted], stories((short,), (short, full)), TITLES)]


def late(wanted: Subscription, short: str, full: str) -> Alert:
    (alert,) = match([wanted], stories((short,), (short, full))[1:], TITLES)
    return alert


def test_an_authority_that_only_the_full_text_cites_is_told_with_why_it_is_told_now() -> None:
    alert = late(asked(authorities=("8 CFR 208",)), ABSTRACT, "It rests on 8 CFR 208.13(b).")
    assert alert.why == (
        "authority 8 CFR pt. 208: cites 8 CFR § 208.13(b)",
        "told now, since only the full text meets this: before, abstract only was held",
    )
    assert alert.change.difference.change_class is ChangeClass.SUBSTANTIVE


def test_what_the_abstract_met_is_not_told_again() -> None:
    for wanted in (
        asked(authorities=("INA 208",)),
        asked(words="asylum"),
        asked(topics=("asylum",)),
        asked(sources=("bia_decisions",)),
        asked(classes=("substantive",)),
        asked(),
    ):
        assert told(wanted, "Asylum under INA 208(a).", "Asylum. INA 208(b) governs.") == [1]


def test_words_of_which_one_stands_in_the_abstract_and_one_in_the_body_are_met() -> None:
    assert told(asked(words="asylum AND bond"), ABSTRACT, "A bond is set.") == [2]


def test_a_topic_that_was_known_beside_words_that_were_not_is_met_and_explained() -> None:
    wanted = asked(words="bond", topics=("asylum",), classes=("substantive",))
    why = late(wanted, ABSTRACT, "A bond is set.").why
    assert len(why) == 4 and why[1].startswith("topic ") and why[2] == "class: substantive"


def test_what_it_does_to_an_authority_that_the_abstract_only_cites_is_told() -> None:
    wanted = asked(authorities=("26 I&N Dec. 566",))
    short = "The case of Matter of X-Y-, 26 I&N Dec. 566 (BIA 2015), is looked at."
    assert told(wanted, short, OVERRULED) == [1, 2]
    assert "overrules" in late(wanted, short, OVERRULED).why[0]


def test_negative_treatment_that_only_the_full_text_holds_is_told() -> None:
    wanted = asked(classes=(Sort.NEGATIVE,))
    assert told(wanted, ABSTRACT, OVERRULED) == [2]
    assert told(wanted, OVERRULED, "More of it.") == [1]


def test_a_date_that_only_the_full_text_states_is_told_to_all_who_follow_it() -> None:
    first, second = stories((ABSTRACT,), (ABSTRACT, "More."))
    difference = replace(
        second.difference,
        change_class=ChangeClass.SUBSTANTIVE,
        metadata=(("effective date", "not stated", "2026-12-07"),),
    )
    dated = replace(second, difference=difference)
    for wanted in (asked(words="asylum"), asked(topics=("asylum",)), asked()):
        found = match([wanted], [first, dated], TITLES)
        assert [each.change.id for each in found] == [1, 2]
        assert "told now" not in " ".join(found[1].why)


def test_what_cant_wait_is_told_at_once_to_who_only_now_could_find_it() -> None:
    day = date(2026, 11, 17)
    binds = (stated(DateKind.EFFECTIVE, day), stated(DateKind.PUBLISHED, day))
    full = rule(ABSTRACT, "A bond is set.", dates=binds)
    abstract = poorer(full, ABSTRACT)
    difference = diff.compare(abstract, full)
    assert difference is not None
    second = replace(change(full, old=abstract), difference=difference)
    assert urgent(change(abstract)) and not urgent(second)
    (alert,) = match([asked(words="bond")], [second], TITLES)
    assert urgent(alert.change) == urgent(change(abstract))


PARTS = ("bond hearing", "asylum clock", "See 8 CFR 208.13.", "See INA 245(a).", OVERRULED)
WANTED = (
    asked(words="bond hearing"),
    asked(words="asylum AND hearing"),
    asked(words="clock BUT NOT bond"),
    asked(authorities=("8 CFR 208", "INA 245")),
    asked(authorities=("INA 245",), words="clock"),
    asked(authorities=("26 I&N Dec. 566",)),
    asked(classes=(Sort.NEGATIVE,), topics=("asylum",)),
    asked(topics=("asylum",)),
)
SEVERAL = 3


@settings(deadline=None)
@given(st.sets(st.sampled_from(PARTS)), st.sets(st.sampled_from(PARTS)))
def test_whoever_a_full_text_meets_is_told_of_the_document_exactly_once(
    short: set[str], more: set[str]
) -> None:
    """But who asks for several authorities: for 8 CFR 208 first, and then for INA 245."""
    first, second = stories(("x", *sorted(short)), ("x", *sorted(short | more), "y"))
    whole = replace(second, old=None, difference=diff.appear(second.new))
    wanted = [replace(each, id=number) for number, each in enumerate(WANTED)]
    counts = Counter(each.subscription.id for each in match(wanted, [first, second], TITLES))
    apart = [match(wanted, [each], TITLES) for each in (first, whole)]
    assert {*counts} == {alert.subscription.id for alerts in apart for alert in alerts}
    assert all(count == 1 for number, count in counts.items() if number != SEVERAL)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    watched = [
        Watch(reader="Ana", address="ana@example.com", authorities=["8 CFR 208.13"]),
        Watch(reader="Ben", address="ben@example.com", topics=["asylum"]),
    ]
    given_ = Settings(
        data=Data(folder=str(tmp_path)), topics=Topics(meaning=False), subscriptions=watched
    )
    made = App(given_, clock=lambda: NOW + timedelta(days=30))
    made.encoder = HashingEncoder()  # stands for the model
    yield made
    made.database.close()


def sample(key: str, *texts: str) -> Version:
    base = rule(*texts, title=f"Notice {key}")
    return replace(base, document=replace(base.document, source="sample", key=key), dates=())


def test_an_abstract_and_its_full_text_of_one_week_stand_in_the_digest_of_who_each_meets(
    app: App,
) -> None:
    full = sample("fees", ABSTRACT, f"It rests on 8 CFR 208.13(b). The {SENTENCE}.")
    hold(app.database, sample("old", "x"), poorer(full, ABSTRACT), full)
    assert [each.old for each in history.recorded(app.database)] == [None]
    app.vectors.sync()
    app.clock = lambda: NOW + timedelta(days=8)
    assert sending.match_changes(app) == 2
    found = {
        one.reader: [(alert.change.old is None, alert.why) for alert in one.alerts]
        for one in sending.digests(app, app.clock())
    }
    ((is_abstract, why),) = found["Ana"]
    assert not is_abstract and "cites 8 CFR § 208.13(b)" in why[0] and "told now" in why[1]
    ((is_abstract, _),) = found["Ben"]
    assert is_abstract
    (alert,) = matching.back_test(app, asked(meaning=SENTENCE, threshold=0.3))
    assert alert.change.old is not None
    numbers = [alert.change.id]
    with app.database.read() as connection:
        (again,) = history.numbered(connection, numbers)
    assert again.difference.change_class is ChangeClass.SUBSTANTIVE


def test_a_sentence_that_the_abstract_met_is_not_met_again_by_the_full_text(app: App) -> None:
    short = f"The {SENTENCE}."
    full = sample("fees", short, "Asylum is free.")
    hold(app.database, sample("old", "x"), poorer(full, short), full)
    app.vectors.sync()
    alerts = matching.back_test(app, asked(meaning=SENTENCE, threshold=0.3))
    assert [each.change.old is None for each in alerts] == [True]
