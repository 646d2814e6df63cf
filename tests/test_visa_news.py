"""State's visa news: the list, its items, and the day that a page states of itself."""

from __future__ import annotations

import pytest
from goldens import page

from crawlers.sources.visa_news import HOME, VisaNewsSpider
from pipeline.errors import PageChanged

ITEM = HOME.removesuffix(".html") + "/sample.html"


def item(body: str, title: str = "<h1>Sample</h1>") -> bytes:
    return (
        f'<html><body><div class="tsg-rwd-page-subheader">{title}</div>'
        f'<div class="tsg-rwd-content-page-parsysxxx">{body}</div></body></html>'
    ).encode()


@pytest.mark.parametrize(
    ("line", "on"),
    [
        ("November 10, 2026", "2026-11-10"),
        ("Last Updated: Nov. 10, 2026", "2026-11-10"),
        ("Updated Tuesday, November 10, 2026", "2026-11-10"),
        ("Effective November 10, 2026, visas are paused.", ""),
        ("On November 10, 2026", ""),
    ],
)
def test_a_day_counts_as_the_pages_own_only_where_it_stands_alone(line: str, on: str) -> None:
    (version,) = VisaNewsSpider.read(page("visa_news", ITEM, item(f"<p>{line}</p>"))).versions
    assert "".join(stated.on.isoformat() for stated in version.dates) == on
    assert all(stated.words == line for stated in version.dates)


@pytest.mark.parametrize(
    "body", [item(""), item("<p>Text</p>", "<h1></h1>"), item("x", ""), b"<p>"]
)
def test_an_item_without_title_or_text_is_refused(body: bytes) -> None:
    with pytest.raises(PageChanged):
        VisaNewsSpider.read(page("visa_news", ITEM, body))
