"""Every source against stored pages: what it reads is compared with a reviewed expectation.

A stored page is tests/sources/<source>/<name>.(html|json|xml), with its address in
<name>.meta.json and what the referring page said in <name>.context.json, if anything. The
expectation is <name>.golden.json; where it is missing it is written and the test fails until a
person has read it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from goldens import (
    CONTENT_TYPES,
    STORED,
    compare,
    outcome,
    plain,
    spider,
    stored,
)

MODULES = sorted((Path(__file__).parents[1] / "crawlers" / "sources").glob("[a-z]*.py"))
SIDE_FILES = (".meta.json", ".context.json", ".golden.json")
PAGES = sorted(
    path
    for path in STORED.glob("*/*")
    if path.suffix in CONTENT_TYPES and not path.name.endswith(SIDE_FILES)
)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_stored_page_reads_as_reviewed(path: Path) -> None:
    source = spider(path.parent.name)
    said = {
        "read": outcome(lambda: plain(source.read(stored(path)))),
        "follow": outcome(lambda: plain(list(source.follow(stored(path))))),
    }
    compare(path.with_suffix(".golden.json"), said)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_no_source_goes_without_a_stored_page(module: Path) -> None:
    assert any(path.parent.name == module.stem for path in PAGES)
