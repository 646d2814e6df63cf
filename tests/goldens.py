"""Stored pages and reviewed expectations: what a source reads, as JSON a person can check."""

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
from pipeline.model import Page

STORED = Path(__file__).parent / "sources"
CONTENT_TYPES = {".html": "text/html", ".json": "application/json", ".xml": "text/xml"}
UNSTATED = ("seen_at", "parser")  # ours, not the page's


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
