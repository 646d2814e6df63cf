"""CI tells a vulnerability that nobody looked at from one that was, and from data not to be had."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

judged = runpy.run_path(str(Path(__file__).parents[1] / ".ci" / "vulnerable.py"))["judged"]
SKIPPED: dict[str, Any] = {"name": "a", "skip_reason": "not found on PyPI"}
SOUND: dict[str, Any] = {"name": "b", "version": "1", "vulns": []}
BAD: dict[str, Any] = {
    "name": "c",
    "version": "2",
    "vulns": [{"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["3"]}],
}


@pytest.mark.parametrize(
    ("found", "reviewed", "words", "is_bad"),
    [
        ([SKIPPED], (), "NOT CHECKED", False),
        ([], (), "NOT CHECKED", False),
        ([SKIPPED, SOUND], (), "1 of 2", False),
        ([SOUND, BAD], (), "c 2: PYSEC-2026-1, mended in ['3']", True),
        ([BAD], ("CVE-2026-1",), "1 of 1", False),
    ],
)
def test_a_vulnerability_that_nobody_looked_at_is_an_error(
    found: list[dict[str, Any]], reviewed: tuple[str, ...], words: str, is_bad: bool
) -> None:
    said, bad = judged(found, set(reviewed))
    assert (words in "\n".join(said), bad) == (True, is_bad)
