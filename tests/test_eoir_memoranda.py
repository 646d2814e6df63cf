"""The days in the head of a memorandum of EOIR: which label they stand behind."""

from __future__ import annotations

from datetime import date

import pytest

from crawlers.sources.eoir_memoranda import _dates
from pipeline.model import DateKind

MARCH, APRIL = date(2026, 3, 3), date(2026, 4, 1)


@pytest.mark.parametrize(
    ("lines", "effective"),
    [
        (["Date: March 3, 2026", "Effective Date: April 1, 2026"], APRIL),
        (["Effective Date: April 1, 2026", "Date: March 3, 2026"], APRIL),
        (["Date: March 3, 2026", "Effective Date: Immediately"], MARCH),
        (["DATE: March 3, 2026", "EFFECTIVE: UPON ISSUANCE"], MARCH),
        (["DATE:", "March 3, 2026", "EFFECTIVE DATE:", "April 1, 2026"], APRIL),
        (["Date: March 3, 2026", "Effective: Not immediately"], None),
        (["Date: March 3, 2026", "Date: May 9, 2019"], None),
    ],
)
def test_each_label_gives_its_own_day(lines: list[str], effective: date | None) -> None:
    found = {stated.kind: stated.on for stated in _dates(lines)}
    assert found.pop(DateKind.ANNOUNCED) == MARCH
    assert found == ({DateKind.EFFECTIVE: effective} if effective else {})
