"""OFLC's page of announcements, and the wall that was recorded in its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from goldens import page

from crawlers import challenge
from crawlers.sources.oflc_news import HOME, OflcNewsSpider
from pipeline.errors import PageChanged


def announced(main: str) -> list[tuple[str, str, str]]:
    body = f"<html><body><main>{main}</main></body></html>".encode()
    read = OflcNewsSpider.read(page("oflc_news", HOME, body))
    return [(v.document.key, v.title, v.text) for v in read.versions]


def test_a_head_that_runs_into_its_paragraph_is_parted_after_its_sentence() -> None:
    first, rest = "OFLC Announces Widgets.", "It is a sample. " * 30
    assert announced(f"<p>May 9, 2026. {first} {rest}</p>") == [
        ("2026-05-09/oflc-announces-widgets", first, rest.strip())
    ]


def test_two_of_one_day_and_name_are_two_documents() -> None:
    twice = "<h3>May 9, 2026. Same</h3><p>One.</p><h3>May 9, 2026. Same</h3><p>Two.</p>"
    assert [(key, text) for key, _, text in announced(twice)] == [
        ("2026-05-09/same", "One."),
        ("2026-05-09/same#2", "Two."),
    ]


def test_a_page_without_one_main_element_is_refused() -> None:
    with pytest.raises(PageChanged, match="main"):
        OflcNewsSpider.read(page("oflc_news", HOME, b"<html><body>May 9, 2026. X</body></html>"))


def test_the_wall_that_was_recorded_is_a_block_and_never_content(shared: Path) -> None:
    rows = map(json.loads, (shared / "recorded" / "index.jsonl").read_text("utf-8").splitlines())
    (row,) = (row for row in rows if "www.dol.gov" in row["url"])
    wall = page("oflc_news", row["url"], (shared / "recorded" / row["file"]).read_bytes())
    assert challenge.find(wall)
    with pytest.raises(PageChanged):
        OflcNewsSpider.read(wall)
