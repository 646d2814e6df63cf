from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from lxml import etree
from PIL import Image

from alerts.cle import chart
from alerts.cle.timeline import OTHERS, Entry, alt, charted, draw
from alerts.packet.content import Manuscript, Picture, Table
from alerts.packet.draft import Draft
from alerts.packet.drawing import (
    Drawing,
    Fill,
    Hatch,
    Line,
    Outline,
    Shape,
    Sign,
    Words,
    box,
    sign,
)
from alerts.packet.picture import png, svg

SINCE, UNTIL = date(2026, 4, 1), date(2026, 9, 30)


def entry(
    on: date = date(2026, 5, 4),
    source: str = "Sample Register",
    topic: str = "Asylum",
    what: str = "91 FR 60001",
    note: int = 1,
) -> Entry:
    return Entry(on=on, source=source, topic=topic, what=what, note=note)


def written(entries: Sequence[Entry], since: date = SINCE, until: date = UNTIL) -> Manuscript:
    made = Draft(title="T", subject="S", at=datetime(2026, 11, 22, tzinfo=UTC))
    for each in entries:
        made.source(f"Source {each.note}")
    draw(made, entries, since=since, until=until)
    made.sources()
    return made.finished()


def words(drawing: Drawing) -> list[str]:
    return [shape.text for shape in drawing.shapes if isinstance(shape, Words)]


def points(shape: Shape) -> list[tuple[float, float]]:
    if isinstance(shape, Line):
        return [shape.start, shape.end]
    return list(shape.points) if isinstance(shape, Outline) else [shape.at]


entries_of_a_period = some.integers(0, 800).flatmap(
    lambda days: some.tuples(
        some.just(days),
        some.lists(
            some.builds(
                lambda at, source, topic: entry(
                    on=SINCE + timedelta(days=at), source=f"Source {source}", topic=f"T{topic}"
                ),
                some.integers(0, days),
                some.integers(0, 20),
                some.integers(0, 30),
            ),
            min_size=1,
            max_size=150,
        ),
    )
)


@settings(max_examples=60, deadline=None)
@given(entries_of_a_period)
def test_every_development_is_counted_once_and_the_picture_keeps_to_its_page(
    given: tuple[int, list[Entry]],
) -> None:
    days, entries = given
    drawn = charted(entries, since=SINCE, until=SINCE + timedelta(days=days))
    drawing = drawn.drawing
    assert drawing.height <= 540 and drawing.width == 468
    for shape in drawing.shapes:
        for x, y in points(shape):
            assert -0.01 <= x <= drawing.width + 0.01
            assert -0.01 <= y <= drawing.height + 0.01
    signs = sum(isinstance(shape, Outline) for shape in drawing.shapes) - len(drawn.topics)
    numbers = [
        shape.text
        for shape in drawing.shapes
        if isinstance(shape, Words) and shape.is_strong and shape.size < 7
    ]
    beside = sum(int(said) - 1 for said in numbers if not said.startswith("+"))
    over = sum(int(said) for said in numbers if said.startswith("+"))
    assert signs + beside + over == len(entries)


def test_developments_of_one_day_are_stacked_by_topic_and_counted() -> None:
    day = date(2026, 5, 4)
    entries = [entry(on=day) for _ in range(3)] + [entry(on=day, topic="Fees")]
    drawing = charted(entries, since=day, until=day).drawing
    stacked = [s for s in drawing.shapes if isinstance(s, Outline)][:2]
    (x1, y1), (x2, y2) = (_middle(shape) for shape in stacked)
    assert x1 == pytest.approx(x2) and y1 - y2 == pytest.approx(chart.STEP)
    assert words(drawing).count("3") == 1
    assert "Asylum (3)" in words(drawing) and "Fees (1)" in words(drawing)


def _middle(outline: Outline) -> tuple[float, float]:
    across, down = zip(*outline.points, strict=True)
    return (min(across) + max(across)) / 2, (min(down) + max(down)) / 2


def test_a_stack_too_high_for_the_page_says_how_many_more_there_are() -> None:
    day = date(2026, 5, 4)
    entries = [
        entry(on=day, source=f"Source {source}", topic=f"Topic {topic:02}")
        for source in range(12)
        for topic in range(12)
    ]
    drawing = charted(entries, since=SINCE, until=UNTIL).drawing
    more = [int(said) for said in words(drawing) if said.startswith("+")]
    assert len(more) == 12 and len(set(more)) == 1 and more[0] > 1


def test_no_two_topics_of_a_picture_have_the_same_sign() -> None:
    entries = [entry(topic=f"Topic {at:02}") for at in range(30)]
    drawn = charted(entries, since=SINCE, until=UNTIL)
    assert len(drawn.topics) == 16 and drawn.topics[-1] == OTHERS
    assert len({drawn._sign(topic) for topic in drawn.topics}) == 16


def test_rows_are_by_source_and_those_with_most_come_first() -> None:
    entries = [entry(source="Few"), entry(source="Many"), entry(source="Many")]
    said = words(charted(entries, since=SINCE, until=UNTIL).drawing)
    assert said.index("Many") < said.index("2 developments") < said.index("Few")


def test_months_and_the_day_each_column_begins_with_stand_above() -> None:
    said = words(charted([entry()], since=SINCE, until=UNTIL).drawing)
    assert [name for name in said if name in {"Apr 2026", "May", "Jun", "Jul", "Aug", "Sep"}] == [
        "Apr 2026", "May", "Jun", "Jul", "Aug", "Sep",
    ]  # fmt: skip
    assert said[6:10] == ["1", "8", "15", "22"]
    over = words(charted([entry()], since=SINCE, until=date(2027, 2, 28)).drawing)
    assert "Jan 2027" in over


@pytest.mark.parametrize(
    ("until", "span"),
    [(date(2026, 4, 1), 1), (date(2026, 4, 28), 1), (date(2026, 5, 20), 2), (UNTIL, 7)],
)
def test_a_column_is_as_few_days_as_the_page_has_room_for(until: date, span: int) -> None:
    assert charted([entry(on=SINCE)], since=SINCE, until=until).span == span


def test_the_alternative_text_says_what_the_picture_shows() -> None:
    entries = [
        entry(on=date(2026, 5, 4)),
        entry(on=date(2026, 8, 9), topic="Fees"),
        entry(on=date(2026, 6, 1), source="Sample Manual"),
    ]
    said = alt(charted(entries, since=SINCE, until=UNTIL))
    assert said.startswith("Timeline of 3 developments from April 1, 2026 to September 30, 2026")
    assert "Sample Register: 2 (Asylum 1, Fees 1), the first on May 4, 2026, the last on" in said
    assert "Sample Manual: 1 (Asylum 1), on June 1, 2026." in said


def test_the_table_gives_each_development_with_its_day_and_source() -> None:
    late, early = entry(on=date(2026, 9, 30), note=1), entry(on=SINCE, what="PA-1", note=2)
    picture, table, *_ = written([late, early]).parts
    assert isinstance(picture, Picture) and isinstance(table, Table)
    assert "one day" not in picture.caption and "7 days" in picture.caption
    rows = [[cell.words for cell in row] for row in table.rows]
    assert rows == [
        ["April 1, 2026", "Sample Register", "Asylum", "PA-1"],
        ["September 30, 2026", "Sample Register", "Asylum", "91 FR 60001"],
    ]
    assert [row[-1].notes for row in table.rows] == [(2,), (1,)]


def test_of_many_developments_the_table_counts_by_week_and_source() -> None:
    days = [SINCE + timedelta(days=at) for at in range(100)]
    entries = [
        entry(on=day, note=at, topic="Fees" if at % 3 else "Asylum")
        for at, day in enumerate(days, 1)
    ]
    _, table, *_ = written(entries).parts
    assert isinstance(table, Table) and len(table.rows) == 15
    first, last = table.rows[0], table.rows[-1]
    assert [cell.words for cell in first] == [
        "April 1, 2026 to April 7, 2026", "Sample Register", "Fees 5, Asylum 2",
    ]  # fmt: skip
    assert first[-1].notes == (1, 2, 3, 4, 5, 6, 7) and last[-1].notes == (99, 100)
    assert sum(len(row[-1].notes) for row in table.rows) == 100


def test_counts_by_week_rest_on_our_own_record_of_readings() -> None:
    made = Draft(title="T", subject="S", at=datetime(2026, 11, 22, tzinfo=UTC))
    record = made.source("Record of readings")
    draw(made, [entry(note=1)] * 61, since=SINCE, until=UNTIL, record=record)
    made.sources()
    _, table, *_ = made.finished().parts
    assert isinstance(table, Table)
    assert [row[-1].notes for row in table.rows] == [(record,)]


@pytest.mark.parametrize("on", [date(2026, 3, 31), date(2026, 10, 1)])
def test_a_day_outside_of_the_period_is_an_error(on: date) -> None:
    with pytest.raises(ValueError, match="is not within 2026-04-01 to 2026-09-30"):
        written([entry(on=on)])


@given(some.sampled_from(Sign), some.sampled_from(Hatch), some.floats(4, 30))
def test_hatching_stays_within_its_outline(kind: Sign, hatch: Hatch, size: float) -> None:
    outline, *lines = sign(kind, hatch, (50, 50), size)
    across, down = zip(*points(outline), strict=True)
    for line in lines:
        for x, y in points(line):
            assert min(across) - 0.02 <= x <= max(across) + 0.02
            assert min(down) - 0.02 <= y <= max(down) + 0.02
    assert bool(lines) is (hatch in {Hatch.UPRIGHT, Hatch.LEVEL})


SAMPLE = Drawing(
    width=60,
    height=40,
    shapes=(
        Outline(points=box(10, 10, 20, 20), fill=Fill.BLACK),
        Line(start=(0, 35), end=(60, 35), is_dashed=True),
        Words(at=(35, 20), text="<A & B>"),
    ),
)


def test_svg_is_a_picture_of_its_own_that_says_what_it_shows() -> None:
    drawn = etree.fromstring(svg(SAMPLE, alt='A "box" & more'))
    assert drawn.get("role") == "img" and drawn.get("aria-label") == 'A "box" & more'
    tags = Counter(etree.QName(child).localname for child in drawn)
    assert tags == {"title": 1, "rect": 1, "polygon": 1, "line": 1, "text": 1}
    assert drawn[-1].text == "<A & B>"
    assert "href" not in svg(SAMPLE, alt="") and "style" not in svg(SAMPLE, alt="")


def test_png_shows_the_same_and_has_the_same_bytes() -> None:
    assert png(SAMPLE) == png(SAMPLE)
    with Image.open(io.BytesIO(png(SAMPLE))) as image:
        assert image.size == (240, 160) and image.info["dpi"] == pytest.approx((288, 288), abs=1)
        assert image.getpixel((80, 80)) == 0 and image.getpixel((10, 10)) == 255
        inked = {image.getpixel((x, 140)) for x in range(240)}
        assert 0 in inked and 255 in inked  # dashed


def test_a_month_that_begins_at_the_edge_is_not_named_beyond_it() -> None:
    until = SINCE + timedelta(days=671)
    drawn = charted([entry(on=SINCE)], since=SINCE, until=until).drawing
    names = [shape for shape in drawn.shapes if isinstance(shape, Words) and shape.size == 7.6]
    assert all(shape.at[0] + 4 * len(shape.text) <= drawn.width + 9 for shape in names)
