"""Every source against stored pages: what it reads is compared with a reviewed expectation.

A stored page is tests/sources/<source>/<name>.(html|json|xml), with its address in
<name>.meta.json and what the referring page said in <name>.context.json, if anything. The
expectation is <name>.golden.json; where it is missing it is written and the test fails until a
person has read it.
"""

from __future__ import annotations

import importlib
import json
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from crawlers.spider import SourceSpider
from pipeline.errors import PageChanged
from pipeline.model import Page

STORED = Path(__file__).parent / "sources"
CONTENT_TYPES = {".html": "text/html", ".json": "application/json", ".xml": "text/xml"}
SIDE_FILES = (".meta.json", ".context.json", ".golden.json")
PAGES = sorted(
    path
    for path in STORED.glob("*/*")
    if path.suffix in CONTENT_TYPES and not path.name.endswith(SIDE_FILES)
)
UNSTATED = ("seen_at", "parser")  # ours, not the page's


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_stored_page_reads_as_reviewed(path: Path) -> None:
    source = spider(path.parent.name)
    said = {
        "read": _outcome(lambda: source.read(stored(path))),
        "follow": _outcome(lambda: list(source.follow(stored(path)))),
    }
    compare(path.with_suffix(".golden.json"), said)


@pytest.mark.parametrize("module", sorted((Path("crawlers") / "sources").glob("[a-z]*.py")))
def test_no_source_goes_without_a_stored_page(module: Path) -> None:
    assert any(path.parent.name == module.stem for path in PAGES)


def spider(name: str) -> type[SourceSpider]:
    module = importlib.import_module(f"crawlers.sources.{name}")
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, SourceSpider) and value is not SourceSpider
    ]
    assert [source.name for source in found] == [name]
    return found[0]


def stored(path: Path) -> Page:
    context = path.with_suffix(".context.json")
    url = json.loads(path.with_suffix(".meta.json").read_text("utf-8"))["url"]
    return page(
        path.parent.name,
        url,
        path.read_bytes(),
        content_type=f"{CONTENT_TYPES[path.suffix]}; charset=utf-8",
        context=json.loads(context.read_text("utf-8")) if context.exists() else {},
    )


def page(
    source: str,
    url: str,
    body: bytes,
    *,
    content_type: str = "text/html; charset=utf-8",
    context: dict[str, Any] | None = None,
) -> Page:
    return Page(
        source=source,
        url=url,
        final_url=url,
        asked=url,
        status=200,
        headers={"Content-Type": content_type},
        body=body,
        fetched_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
        context=context or {},
    )


def compare(golden: Path, said: Any) -> None:
    if not golden.exists():
        golden.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", "utf-8")
        pytest.fail(f"review it: {golden} was written and holds what the source reads now")
    assert said == json.loads(golden.read_text("utf-8"))


def _outcome(read: Any) -> Any:
    try:
        return plain(read())
    except PageChanged as error:
        return {"PageChanged": str(error)}


def plain(value: Any) -> Any:
    """JSON without what is empty or ours, so that a person can read an expectation."""
    if is_dataclass(value):
        named = {f.name: getattr(value, f.name) for f in fields(value) if f.name not in UNSTATED}
        return {name: plain(v) for name, v in named.items() if v not in ("", (), 0, False, {})}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | type(Page.__dataclass_fields__)):
        return {name: plain(v) for name, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value
