"""What a Policy Manual document is called stays the same when the site around it moves."""

from __future__ import annotations

import pytest
from goldens import STORED, page

from crawlers.sources.uscis_policy_manual import UPDATES, UscisPolicyManualSpider, key

ENTRY = '<div class="views-row">'


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://www.uscis.gov/policy-manual/volume-12-part-d-chapter-3",
            "volume-12-part-d-chapter-3",
        ),
        ("http://uscis.gov/policy-manual/Volume-12/", "volume-12"),
        (
            "https://www.uscis.gov/policymanual/HTML/PolicyManual-Volume12-PartA-Chapter1.html",
            "volume-12-part-a-chapter-1",
        ),
        ("https://www.uscis.gov/policymanual/HTML/PolicyManual-Volume7.html", "volume-7"),
        ("https://www.uscis.gov/policy-manual/updates", ""),
        ("https://www.uscis.gov/policy-manual/search?q=volume-1", ""),
        ("https://example.org/policy-manual/volume-1", ""),
    ],
)
def test_old_and_new_addresses_have_one_key(url: str, expected: str) -> None:
    assert key(url) == expected


def test_an_update_keeps_its_key_when_its_namesake_is_put_above_it() -> None:
    two = (STORED / "uscis_policy_manual" / "updates.html").read_text("utf-8")
    before, above, first = two.split(ENTRY)
    read = UscisPolicyManualSpider.read
    alone = read(page("uscis_policy_manual", UPDATES, f"{before}{ENTRY}{first}".encode()))
    both = read(page("uscis_policy_manual", UPDATES, two.encode()))
    assert above
    assert both.versions[-1].document == alone.versions[-1].document
    assert len(set(both.listed)) == 3
