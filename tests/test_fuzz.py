"""Inputs that nobody should send are read, or refused in words of ours, and in bounded time.

LEXWATCH_FUZZ_SECONDS is for how many processor seconds each target is tried, 20 where it isn't set;
`python -m benchmarks.fuzz` tries them for longer, and any one input again.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fuzzed import targets
from fuzzing import Target, fuzz

SECONDS = float(os.environ.get("LEXWATCH_FUZZ_SECONDS", "20"))
KEPT = Path(__file__).resolve().parents[1] / ".fuzz"  # inputs that broke a promise


@pytest.mark.filterwarnings("ignore::bs4.XMLParsedAsHTMLWarning")
@pytest.mark.parametrize("target", targets(), ids=lambda target: target.name)
def test_what_is_damaged_is_read_or_refused(target: Target) -> None:
    tally = fuzz(target, SECONDS, folder=KEPT)
    assert not tally.faults, "\n".join(map(str, tally.faults))
    assert tally.inputs
