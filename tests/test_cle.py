"""The packet for continuing legal education: what is in it, in which order, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import acts
import pytest
from builders import (
    SINCE,
    TITLES,
    change,
    inserted,
    precedent,
    reworded,
    rule,
    stated,
    tag,
    version,
)
from cle_packets import headings, packet, programme, said

from pipeline.errors import LexwatchError
from pipeline.model import Change, ChangeClass, DateKind

CHAPTER = change(
    version("x"),
    reworded("The officer [may] deny.", "The officer [must] deny.", trail=("B. Evidence",)),
    inserted("Thirty days are allowed.", "B. Evidence"),
    id=1,
    tags=(tag("h1b", "officer"),),
)
RULE = change(
    rule(
        "x",
        dates=(
            stated(DateKind.EFFECTIVE, date(2027, 3, 1), "This rule is effective March 1, 2027."),
            stated(DateKind.PRA_COMMENTS_CLOSE, date(2026, 12, 1)),
        ),
    ),
    id=2,
    tags=(tag("asylum"),),
)
CASE = change(precedent("The holding."), id=3, tags=(tag("asylum"),))
EVERY = (CHAPTER, RULE, CASE)


def test_the_same_input_gives_the_same_packet() -> None:
    assert packet(EVERY) == packet(EVERY)


def test_its_parts_come_in_the_order_of_a_session() -> None:
    found = headings(packet(EVERY))
    order = (
        *("Learning objectives", "Agenda", "What was watched, and what was not", "Timeline"),
        *("Asylum", "H-1B", "Practice checklist", "Table of authorities", "Sources"),
        "For the sponsor to complete",
    )
    places = [found.index(words) for words in order]
    assert places == sorted(places)


def test_developments_are_numbered_as_their_sources_are() -> None:
    made = packet(EVERY)
    numbered = [words for words in headings(made) if words.startswith("Development ")]
    assert [words.split(":")[0] for words in numbered] == [f"Development {n}" for n in (1, 2, 3)]
    assert [source.number for source in made.sources[:3]] == [1, 2, 3]
    assert [f"Development {n}." in made.sources[n - 1].version for n in (1, 2, 3)] == [True] * 3


def test_a_source_gives_citation_version_and_day_of_retrieval() -> None:
    rules = next(each for each in packet(EVERY).sources if "91 F" in each.words)
    assert "effective date March 1, 2027" in rules.version and "text " in rules.version
    assert rules.retrieved == "November 18, 2026, 14:05 UTC"
    assert rules.url.startswith("https://www.federalregister.gov/")


def test_a_changed_text_names_both_texts_that_were_compared() -> None:
    (chapter,) = (each for each in packet(EVERY).sources if "Policy Manual" in each.words)
    assert "Earlier version retrieved November 18, 2026" in chapter.version


def test_two_changes_of_one_text_are_two_sources() -> None:
    twice = (CHAPTER, replace(CHAPTER, id=9))
    assert [source.number for source in packet(twice).sources[:2]] == [1, 2]


def test_an_event_stands_once_above_its_developments() -> None:
    other = change(rule("x", number="2026-1"), id=9, tags=(tag("h1b"),))
    made = packet([*acts.EVERY, other])
    found = headings(made)
    assert [words for words in found if words.startswith("One event")] == [
        "One event: Sample Fees, 91 FR 60001"
    ]
    assert said(made.parts).count(acts.EVENT.line) == 1
    told = [words for words in found if words.startswith("Development")]
    # That a court stayed it comes first; then what binds most.
    in_order = (acts.TOLD, acts.RULE, acts.LATER, acts.EDITED)
    assert told[:4] == [f"Development {n}: {one.new.title}" for n, one in enumerate(in_order, 1)]
    assert found.index("One event: Sample Fees, 91 FR 60001") < found.index(told[0])


def test_other_topics_noise_and_what_a_first_crawl_found_stay_out() -> None:
    noise = replace(CHAPTER.difference, change_class=ChangeClass.NOISE)
    every = (
        *EVERY,
        change(rule("y", number="2026-2"), id=8, baseline=True, tags=(tag("asylum"),)),
        replace(CHAPTER, id=9, difference=noise),
    )
    made = packet(every, programme(topics=("asylum",)))
    assert [words for words in headings(made) if words.startswith("Development")] == [
        "Development 1: Fee Schedule",
        "Development 2: Matter of S-A-M-P-L-E-",
    ]


@pytest.mark.parametrize("empty", [(), (change(rule("x"), baseline=True),)])
def test_an_empty_period_names_the_nearest_days_with_changes(empty: Sequence[Change]) -> None:
    error = (
        "no change on Asylum was seen from November 16, 2026 to November 23, 2026: there is "
        "nothing to teach; 1 of 2 sources were not read completely on every day of it; the last "
        "change before it came on October 1, 2026 and the first after it on November 30, 2026; "
        "widen the period or the topics"
    )
    with pytest.raises(LexwatchError) as refused:
        packet(
            empty,
            programme(topics=("asylum",)),
            near=(date(2026, 10, 1), date(2026, 11, 30)),
        )
    assert str(refused.value) == error


def test_where_nothing_is_held_at_all_that_is_said() -> None:
    with pytest.raises(LexwatchError, match="no change on it is held at all; widen"):
        packet(())


def test_an_unknown_topic_is_an_error_that_lists_the_topics() -> None:
    listed = ", ".join(sorted(TITLES))
    with pytest.raises(LexwatchError, match=f"no topic 'asylm'; the topics are {listed}"):
        packet(EVERY, programme(topics=("asylm",)))


def test_a_period_that_begins_after_today_is_refused() -> None:
    asked = programme(at=SINCE - timedelta(days=2))
    with pytest.raises(LexwatchError, match="begins on November 16, 2026, and today is"):
        packet(EVERY, asked)


def test_a_period_that_ends_after_today_says_so() -> None:
    made = packet(EVERY, programme(at=datetime(2026, 11, 20, tzinfo=UTC)))
    assert (
        "The period ends on November 23, 2026, after the day of printing, November 20, 2026"
        in said(made.parts)
    )


def test_too_few_minutes_are_refused() -> None:
    with pytest.raises(LexwatchError, match="minutes"):
        packet(EVERY, programme(minutes=4))


def test_crawled_controls_are_taken_out() -> None:
    evil = change(version("x", title="A\x0b\x00\u202eB"), inserted("c\x1bd\x00"), id=9)
    text = said(packet([evil]).parts)
    assert "AB" in text and "cd" in text and "\x1b" not in text
