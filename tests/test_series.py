"""Documents in a series: a new one is compared with the one before it, and months are no news."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from goldens import recorded
from publisher import DAY, NOW, SOURCE, Reader, page, rules_of, visit

from crawlers.sources.visa_bulletin import VisaBulletinSpider
from index import history
from index.database import Database
from index.intake import Rules
from pipeline import series
from pipeline.diff import compare
from pipeline.model import (
    Block,
    BlockKind,
    Change,
    ChangeClass,
    ChangeKind,
    Page,
    Reading,
    Version,
)
from pipeline.series import Month, month_of
from pipeline.succession import correct, succeed

FIRST = datetime(2023, 7, 18, 18, tzinfo=UTC)  # when the first bulletin recorded was published

JUNE, JULY = Month(year=2025, month=6), Month(year=2025, month=7)


class Serial(Reader):
    """Reads {key: text} as the issues of a series: "2025-07" succeeds "2025-06"."""

    def version(self, page: Page, key: str, text: str) -> Version:
        month = Month(year=int(key[:4]), month=int(key[5:]))
        return replace(
            super().version(page, key, text),
            title=f"Notice for {month.name} {month.year}",
            succeeds=str(month.back(1)),
        )


@pytest.fixture
def rules() -> Rules:
    return rules_of(Serial())


def changes(database: Database, *, baseline: bool = False) -> list[Change]:
    return list(history.recorded(database, baseline=baseline, noise=True))


def only(found: list[Change], key: str) -> Change:
    (change,) = [change for change in found if change.document.key == key]
    return change


def url(key: str) -> str:
    return f"https://example.gov/{key}"


def issue(key: str, text: str, day: int) -> Page:
    return page({key: text}, NOW + day * DAY, url(key))


def test_months_go_back_and_on_over_the_years() -> None:
    assert str(Month(year=2024, month=1).back(1)) == "2023-12"
    assert str(Month(year=2023, month=12).back(-1)) == "2024-01"
    assert Month(year=2023, month=12) < Month(year=2024, month=1)
    assert month_of("Visa Bulletin For AUGUST 2023") == Month(year=2023, month=8)
    assert month_of("Visa Bulletin") is None


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("For June, numbers are available.", "For July, numbers are available.", "series-month"),
        ("CATEGORY FOR THE MONTH OF JUNE", "CATEGORY FOR THE MONTH OF JULY", "series-month"),
        ("What will apply in JULY", "What will apply in AUGUST", "series-month"),
        ("received by May 2nd. If not", "received by June 3rd. If not", ""),
        (
            "for demand received by May 2nd. If not",
            "for demand received by June 3rd. If not",
            "series-counted-to",
        ),
        (
            "Number 3 Volume XI Washington, D.C",
            "Number 4 Volume XI Washington, D.C",
            "series-imprint",
        ),
        ("CA/VO: May 2, 2025", "CA/VO: June 3, 2025", "series-imprint"),
        ("D. SPECIAL VISAS", "E. SPECIAL VISAS", "section-letter"),
        ("D. VISAS IN JUNE", "E. VISAS IN JULY", "section-letter"),
        # A day of a month is a date that may govern; so is another month, another year, "may".
        ("It expires on June 30.", "It expires on July 30.", ""),
        ("It expires on 30 June 2025.", "It expires on 30 July 2025.", ""),
        ("It will lapse in June 2025.", "It will lapse in July 2026.", ""),
        ("It lapses in June 2025.", "It lapses in July 2025.", ""),
        ("It is open until June.", "It is open until July.", ""),
        ("No visa is issued after July.", "No visa is issued after August.", ""),
        ("It goes back, effective in June.", "It goes back, effective in July.", ""),
        ("It will lapse in August.", "It will lapse in September.", ""),
        ("Number 3 Volume XI is withdrawn", "Number 4 Volume XI is withdrawn", ""),
        ("For June, 100 numbers.", "For July, 90 numbers.", ""),
    ],
)
def test_what_differs_by_the_month_alone_is_named_by_its_rule(
    old: str, new: str, rule: str
) -> None:
    assert series.explain(old, new, JUNE, JULY) == rule


def test_the_verb_may_is_no_month() -> None:
    may = Month(year=2025, month=5)
    april = may.back(1)
    assert series.explain("It april be", "It may be", april, may) == ""
    assert series.explain("In April, they may", "In May, they may", april, may) == "series-month"


def test_a_new_issue_is_compared_with_the_one_before(database: Database, rules: Rules) -> None:
    visit(database, rules, NOW, issue("2025-06", "In June, officers must act.", 0))
    visit(database, rules, NOW + DAY, issue("2025-07", "In July, officers may act.", 1))
    (change,) = changes(database)
    assert change.old is not None
    assert (change.old.document.key, change.new.document.key) == ("2025-06", "2025-07")
    assert change.difference.kind is ChangeKind.NEXT
    assert change.difference.change_class is ChangeClass.SUBSTANTIVE
    assert '"must" became "may"' in change.difference.summary
    assert change.difference.reasons[0].endswith("in its series: Notice for June 2025.")


def test_an_issue_that_differs_by_its_month_is_news_and_no_substance(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, issue("2025-06", "In June, officers must act.", 0))
    visit(database, rules, NOW + DAY, issue("2025-07", "In July, officers must act.", 1))
    (change,) = changes(database)
    assert change.difference.kind is ChangeKind.NEXT
    assert change.difference.change_class is ChangeClass.EDITORIAL
    assert "no change in what it says" in change.difference.summary


def test_the_same_issue_again_is_nothing_and_a_corrected_one_a_change_of_its_text(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, issue("2025-06", "Officers must act.", 0))
    visit(database, rules, NOW + DAY, issue("2025-07", "Officers must act soon.", 1))
    visit(database, rules, NOW + 2 * DAY, issue("2025-07", "Officers must act soon.", 2))
    assert len(changes(database)) == 1
    visit(database, rules, NOW + 3 * DAY, issue("2025-07", "Officers must not act soon.", 3))
    corrected = changes(database)[-1]
    assert corrected.difference.kind is ChangeKind.TEXT
    assert corrected.old is not None
    assert corrected.old.document.key == "2025-07"


def test_an_issue_after_a_gap_says_that_nothing_was_compared(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, issue("2025-05", "Officers must act.", 0))
    visit(database, rules, NOW + DAY, issue("2025-07", "Officers must act.", 1))
    (change,) = changes(database)
    assert change.old is None
    assert "(2025-06) is not held" in change.difference.reasons[-1]


def test_an_issue_missed_is_told_when_it_is_found_and_what_was_told_after_it_stands(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, issue("2025-05", "Officers must act.", 0))
    visit(database, rules, NOW + DAY, issue("2025-07", "Officers must act.", 1))
    visit(database, rules, NOW + 2 * DAY, issue("2025-06", "Officers may act.", 2))
    found = changes(database)
    assert [change.document.key for change in found] == ["2025-07", "2025-06"]
    assert only(found, "2025-07").old is None
    earlier = only(found, "2025-06").old
    assert earlier is not None
    assert earlier.document.key == "2025-05"


def test_what_came_before_the_first_issue_is_no_news_and_is_compared_with_it(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, issue("2025-07", "Officers must act.", 0))
    visit(database, rules, NOW + DAY, issue("2025-06", "Officers may act.", 1))
    visit(database, rules, NOW + 2 * DAY, issue("2025-05", "Officers shall act.", 2))
    assert changes(database) == []
    found = changes(database, baseline=True)
    july, june = only(found, "2025-07"), only(found, "2025-06")
    assert july.old is not None
    assert july.old.document.key == "2025-06"
    assert '"may" became "must"' in july.difference.summary
    assert june.old is not None
    assert june.old.document.key == "2025-05"


def test_an_older_capture_of_the_first_issue_is_compared_with_the_one_before(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, issue("2025-06", "Officers may act.", 0))
    visit(database, rules, NOW + 3 * DAY, issue("2025-07", "Officers must act.", 3))
    visit(database, rules, NOW + 4 * DAY, issue("2025-07", "Officers shall act.", 2))
    inserted = changes(database, baseline=True)[-1]
    assert inserted.baseline
    assert inserted.old is not None
    assert inserted.old.document.key == "2025-06"


def test_series_of_other_sources_and_single_documents_are_left_alone(database: Database) -> None:
    plain = rules_of(Reader())
    visit(database, plain, NOW, page({"2025-06": "One."}, NOW))
    visit(database, plain, NOW + DAY, page({"2025-07": "Two."}, NOW + DAY))
    (change,) = changes(database)
    assert change.old is None
    assert not any("series" in reason for reason in change.difference.reasons)


def bulletin(india: str, more: str = "Sample.", kind: str = "visa-bulletin") -> Version:
    """An issue with one row, and a sentence after it."""
    chart = (
        "Employment- based | All Chargeability Areas Except Those Listed | INDIA",
        f"2nd | C | {india}",
    )
    made = Serial().version(page({}, NOW, url("2026-10")), "2026-10", more)
    rows = tuple(Block(kind=BlockKind.ROW, text=text) for text in chart)
    document = replace(made.document, kind=kind)
    return replace(made, document=document, blocks=(*rows, *made.blocks))


def test_a_bulletin_corrected_in_place_is_told_by_what_it_moved() -> None:
    said = correct(bulletin("01JUN22"), bulletin("01JUL19"))
    line = "EB-2 India, final action: 1 June 2022 → 1 July 2019, retrogressed 2 years 11 months"
    assert said is not None and said.kind is ChangeKind.TEXT
    assert said.change_class is ChangeClass.SUBSTANTIVE
    assert (said.summary, said.reasons[1:]) == (f"corrected: {line}", (f"{line}.",))


def test_a_correction_tells_its_movements_and_its_other_words() -> None:
    said = correct(
        bulletin("C", "Officers must act within 30 days."),
        bulletin("U", "Officers may act within 30 days."),
    )
    assert said is not None
    assert "became unavailable" in said.summary and '"must" became "may"' in said.summary


def test_a_correction_of_words_alone_and_one_of_another_kind_are_told_as_any_text() -> None:
    words = bulletin("C"), bulletin("C", "Other words.")
    notices = bulletin("C", kind="notice"), bulletin("U", kind="notice")
    for old, new in (words, notices):
        assert correct(old, new) == compare(old, new)
    assert correct(words[0], words[0]) is None


def test_a_bulletin_corrected_in_place_is_taken_in_with_its_movements(database: Database) -> None:
    class Bulletins(Serial):
        def version(self, page: Page, key: str, text: str) -> Version:
            made = bulletin(text)
            document = replace(made.document, key=key)
            return replace(made, document=document, seen_at=page.fetched_at)

    rules = rules_of(Bulletins())
    visit(database, rules, NOW, issue("2026-10", "01JUN22", 0))
    visit(database, rules, NOW + DAY, issue("2026-10", "01JUL19", 1))
    (change,) = changes(database)
    assert change.difference.summary.endswith("retrogressed 2 years 11 months")


@pytest.fixture(scope="module")
def pages(shared: Path) -> tuple[Page, ...]:
    """The recorded bulletins, oldest first, as one visit a month finds them."""
    found = [one.page for one in recorded(shared / "recorded", "visa_bulletin") if _months(one)]
    found.sort(key=lambda page: VisaBulletinSpider.read(page).versions[0].document.key)
    return tuple(
        replace(page, source=SOURCE, fetched_at=FIRST + timedelta(days=30 * n))
        for n, page in enumerate(found)
    )


def _months(one: object) -> bool:
    reading: Reading | None = getattr(one, "reading", None)
    return bool(reading and reading.versions)


@pytest.fixture
def bulletins() -> Rules:
    return replace(rules_of(Reader()), readers={SOURCE: VisaBulletinSpider.read})


def test_24_months_are_23_changes_with_every_movement_and_no_noise_as_substance(
    database: Database, bulletins: Rules, pages: tuple[Page, ...]
) -> None:
    for one in pages:
        visit(database, bulletins, one.fetched_at, one)
        visit(
            database, bulletins, one.fetched_at + DAY, replace(one, fetched_at=one.fetched_at + DAY)
        )
    found = changes(database)
    assert len(found) == 23
    assert {change.difference.kind for change in found} == {ChangeKind.NEXT}
    assert all(c.old and str(month_of(c.old.title)) < c.document.key for c in found)
    for change in found:
        rules = {edit.rule for edit in change.difference.edits}
        assert {"series-month", "series-imprint", "series-counted-to"} <= rules
        assert not any(edit.kind == "moved" for edit in change.difference.edits)
    lines = [line for change in found for line in change.difference.reasons if " → " in line]
    # Areas that moved alike share one, and what came as announced: 1,178 movements.
    assert len(lines) == 604
    json.dumps(lines)


def test_no_edit_of_a_month_counts_that_says_the_same_but_for_the_month(
    pages: tuple[Page, ...],
) -> None:
    issues = [VisaBulletinSpider.read(one).versions[0] for one in pages]
    for old, new in pairwise(issues):
        months = month_of(old.title), month_of(new.title)
        for edit in succeed(old, new).edits:
            if not edit.rule and edit.old and edit.new:
                before = series.neutral(edit.old.text, months[0])
                assert before != series.neutral(edit.new.text, months[1])
