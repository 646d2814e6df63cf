"""The Visa Bulletin as a source: which months are asked for, and that no word of one is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from goldens import page, recorded, stored
from visits import visit

from crawlers.replay import ReplayServer
from crawlers.source import Visit
from crawlers.sources.visa_bulletin import HOME, VisaBulletinSpider
from pipeline.bulletin import Preference, charts
from pipeline.errors import PageChanged, SettingsError
from pipeline.model import Page, Version
from pipeline.normalise import is_text, is_unshown, normalise, parse
from pipeline.series import month_of

STORED = Path(__file__).parent / "sources" / "visa_bulletin"
SAMPLE = Path(__file__).parents[1] / "crawlers" / "sample"
NOW = ReplayServer(SAMPLE, "2026-10-07").clock


def index(**context: int) -> Page:
    return replace(stored(STORED / "index.html"), context=context)


def followed(given: Page) -> list[tuple[str, bool]]:
    """The months that an index leads to, in order, and whether each is settled."""
    found = []
    for follow in VisaBulletinSpider.follow(given):
        month = month_of(follow.url.rsplit("/", 1)[1].replace("-", " "))
        found.append((str(month), follow.settled))
    return found


def edited(name: str, old: str, new: str) -> Page:
    given = stored(STORED / f"{name}.html")
    assert old.encode() in given.body
    return replace(given, body=given.body.replace(old.encode(), new.encode()))


def read(given: Page) -> Version:
    (version,) = VisaBulletinSpider.read(given).versions
    return version


def test_thirteen_months_are_asked_for_the_oldest_first_and_the_newest_two_each_time() -> None:
    found = followed(index())
    assert [month for month, _ in found] == sorted(month for month, _ in found)
    assert (found[0], len(found)) == (("2025-10", True), 14)
    assert found[-3:] == [("2026-09", True), ("2026-10", False), ("2026-11", False)]


def test_as_many_months_are_asked_for_as_the_settings_say() -> None:
    assert followed(index(months=1)) == [("2026-10", False), ("2026-11", False)]
    assert len(followed(index(months=500))) == 36  # all that is named, at older addresses too


def test_the_older_spelling_of_an_address_is_a_month_and_other_pages_are_none() -> None:
    listed = VisaBulletinSpider.read(index()).listed
    assert listed[0] == "2012-10"
    assert len(listed) == 36


@pytest.mark.parametrize("options", [{"months": 0}, {"months": "12"}, {"months": True}])
def test_bad_options_are_refused_before_anything_is_asked(options: Mapping[str, Any]) -> None:
    with pytest.raises(SettingsError, match="options of visa_bulletin"):
        VisaBulletinSpider.question(options)
    with pytest.raises(SettingsError):
        VisaBulletinSpider.seeds(Visit(now=NOW, options=options))


def test_other_months_are_another_question() -> None:
    assert VisaBulletinSpider.question({"seeds": [HOME]}) == VisaBulletinSpider.question({})
    assert VisaBulletinSpider.question({"months": 24}) != VisaBulletinSpider.question({})


def test_what_stands_beside_the_page_is_not_read() -> None:
    given = stored(STORED / "october.html")
    assert b"19MAR85" in given.body
    assert "19MAR85" not in read(given).text


def test_a_bulletin_without_its_imprint_has_no_citation_and_no_date() -> None:
    version = read(edited("october", "Number 990<br>", "<br>"))
    assert (version.citation, version.metadata) == ("", {})
    assert read(edited("october", "CA/VO:", "By")).dates == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tsg-rwd-content-page-parsysxxx", "parsys2", "finds 0 elements"),
        ("Visa Bulletin For October 2026 (Sample)</h1>", "Page Not Found</h1>", "is called"),
        ("Family-<br>", "Family class<br>", "no chart of family final action dates"),
        ("<td>F2B</td>", "<td></td>", "is no row of it"),
        ("<tr><td>F2B</td>", "<tr><td>F1</td>", "is no row of it"),
        ("<td>19JAN06</td>\n", "", "is no row of it"),
        ("DATES FOR FILING", "WHEN TO FILE", "is no row of it"),
    ],
)
def test_a_page_whose_charts_lost_their_shape_is_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(PageChanged, match=said):
        VisaBulletinSpider.read(edited("october", old, new))


def test_a_page_of_another_month_than_its_address_is_refused() -> None:
    given = stored(STORED / "october.html")
    other = replace(given, url=given.url.replace("2027", "2026").replace("october", "september"))
    with pytest.raises(PageChanged, match="is called “Visa Bulletin For October 2026"):
        VisaBulletinSpider.read(other)


def test_a_column_more_is_read_in_the_charts_that_have_it_and_in_no_other() -> None:
    given = stored(STORED / "november.html")
    text, changed = re.subn(
        r"<table(?:(?!</table>).)*Employment-(?:(?!</table>).)*</table>",
        lambda table: table[0].replace("</tr>", "<td>VIETNAM</td></tr>", 1).replace(
            "\n</tr>", "\n<td>03MAY17</td>\n</tr>"
        ),
        given.body.decode(),
        flags=re.DOTALL,
    )  # fmt: skip
    before = {cell.place: cell.value for cell in charts(read(given).blocks)}
    after = {
        cell.place: cell.value for cell in charts(read(replace(given, body=text.encode())).blocks)
    }
    added = {place: value.words for place, value in after.items() if place not in before}
    assert changed == 2 and before.items() <= after.items()
    assert {place[1] for place in added} == {Preference.EMPLOYMENT}
    assert {place[3] for place in added} == {"Vietnam"} and set(added.values()) == {"03MAY17"}


def test_a_bulletin_older_than_the_dates_for_filing_needs_none() -> None:
    """Written after the Department's description of the change of October 2015: never recorded."""
    given = edited("october", "October 2026", "September 2015")
    text = re.sub(
        r'<p style="margin-left: 80px;"><b>B\..*?</table>', "", given.body.decode(), flags=re.DOTALL
    )
    address = given.url.replace("2027", "2015").replace("october-2026", "september-2015")
    assert read(page("visa_bulletin", address, text.encode())).document.key == "2015-09"


def test_a_later_visit_asks_for_the_index_and_the_newest_months_alone(tmp_path: Path) -> None:
    for day in ("2026-10-05", "2026-10-07"):
        with ReplayServer(SAMPLE, day) as server:
            crawled = visit("visa_bulletin", tmp_path, server.origins, server.clock)
        assert crawled.outcome
        assert not crawled.outcome.failures
    asked = [page.url.rsplit("/", 1)[1] for page in crawled.pages]
    month = "visa-bulletin-for-{}-2026.html"
    assert asked == [
        *("visa-bulletin.html", month.format("october")),
        *("visa-bulletin.html", month.format("november")),
    ]
    (unchanged,) = crawled.confirmed
    assert unchanged.endswith(month.format("october"))
    assert crawled.pages[0].context == {"months": 13}


def test_every_visible_word_of_the_recorded_bulletins_is_read_once(shared: Path) -> None:
    months = 0
    for one in recorded(shared / "recorded", "visa_bulletin"):
        if not one.reading or not one.reading.versions:
            continue
        (scope,) = parse(one.page.body, one.page.headers).select(
            "div.tsg-rwd-content-page-parsysxxx"
        )
        visible = " ".join(
            str(node)
            for node in scope.descendants
            if is_text(node)
            and not any(is_unshown(parent) or _beside(parent) for parent in node.parents)
        )
        assert _letters(visible) == _letters(one.reading.versions[0].text), one.page.url
        months += 1
    assert months == 24


def test_a_year_of_recorded_months_is_cited_dated_and_linked(shared: Path) -> None:
    versions = [
        version
        for one in recorded(shared / "recorded", "visa_bulletin")
        if one.reading
        for version in one.reading.versions
    ]
    assert len({version.citation for version in versions}) == 24
    assert all(version.dates and version.links["pdf"] for version in versions)
    headings = Counter(block.text for v in versions for block in v.blocks if block.level == 4)
    assert set(headings.values()) == {24}
    assert len(headings) == 4


def _beside(tag: Any) -> bool:
    return "-10000px" in str(tag.get("style") or "")


def _letters(text: str) -> str:
    return re.sub(r"[\s|]", "", normalise(text))
