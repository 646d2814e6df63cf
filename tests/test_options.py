"""Options of sources: what is refused before anything is asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from goldens import spider

from crawlers.options import number, texts
from crawlers.sources.visa_bulletin import MOST_MONTHS
from lexwatch.app import App
from lexwatch.settings import Data, Settings, Source
from pipeline.errors import SettingsError


def app(folder: Path, name: str, source: Source) -> App:
    return App(Settings(data=Data(folder=str(folder)), sources={name: source}))


@pytest.mark.parametrize(
    ("name", "option", "said"),
    [
        ("uscis_forms", "form", "did you mean forms"),
        ("uscis_pages", "adresses", "did you mean addresses"),
        ("bia_decisions", "pdf_from_volume", "did you mean pdfs_from_volume"),
        ("courts", "court", "did you mean courts"),
        ("visa_bulletin", "years", "it knows months"),
        ("uscis_news", "persons", "it knows individuals"),
        ("federal_register", "agency", "did you mean agencies"),
        ("ecfr_past", "day", "it knows as_of"),
        *(
            (name, "since", "it takes none")
            for name in (
                *("ecfr", "uscis_policy_manual", "uscis_alerts", "eoir_memoranda"),
                *("public_inspection", "uscis_memoranda", "uscis_comment", "visa_news"),
                "oflc_news",
            )
        ),
    ],
)
def test_an_option_that_a_source_does_not_know_is_refused_with_the_nearest(
    tmp_path: Path, name: str, option: str, said: str
) -> None:
    given = app(tmp_path, name, Source(options={option: ["x"]}))
    with pytest.raises(SettingsError, match=f"options of {name} has '{option}': {said}"):
        _ = given.sources


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("federal_register", {"since": "2026-01-01", "agencies": [], "terms": ["visa"]}),
        ("federal_register", {"conditions": []}),
        ("bia_decisions", {"pdfs_from_volume": 1}),
        ("visa_bulletin", {"months": 2}),
        ("uscis_news", {"individuals": True}),
        ("uscis_forms", {"forms": ["I-765"]}),
        ("uscis_pages", {"addresses": ["/x"]}),
        ("courts", {"courts": ["ca9"]}),
        ("ecfr_past", {"as_of": "2019-12-31"}),
        ("ecfr", {"seeds": ["https://www.ecfr.gov/"]}),
    ],
)
def test_every_documented_option_is_known(
    tmp_path: Path, name: str, options: Mapping[str, Any]
) -> None:
    assert name in app(tmp_path, name, Source(options=dict(options))).sources


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("uscis_pages", {"addresses": "citizenship"}),
        ("uscis_pages", {"addresses": [5]}),
        ("uscis_pages", {"addresses": [f"/page-{number}" for number in range(101)]}),
        ("uscis_forms", {"forms": 5}),
        ("uscis_forms", {"forms": "I-765"}),
        ("uscis_forms", {"forms": [f"I-{number}" for number in range(301)]}),
        ("courts", {"courts": [["ca9"]]}),
        ("courts", {"courts": {"ca9": 1}}),
        ("courts", {"courts": ["ca9"] * 20}),
        ("visa_bulletin", {"months": MOST_MONTHS + 1}),
        ("ecfr_past", {"as_of": 5}),
    ],
)
def test_a_value_that_is_none_of_its_option_s_is_refused(
    name: str, options: Mapping[str, Any]
) -> None:
    with pytest.raises(SettingsError, match=f"{name}|{next(iter(options))}"):
        spider(name).question(options)


def test_a_moment_is_no_day() -> None:
    """TOML has both, and a moment passes for a day until it is compared with one."""
    from datetime import datetime  # noqa: PLC0415 - for this test alone

    for name, option in (("ecfr_past", "as_of"), ("federal_register", "since")):
        with pytest.raises(SettingsError, match="is no day"):
            spider(name).question({option: datetime(2026, 1, 31)})  # noqa: DTZ001 - as TOML gives it


def test_plain_values_are_given_as_they_stand() -> None:
    assert texts("sample", {"names": ["b", "a", "b"]}, "names", most=3) == ("b", "a")
    assert texts("sample", {}, "names", most=3, usual=("c",)) == ("c",)
    assert number("sample", {"many": 3}, "many", most=3, usual=1, what="number") == 3


def test_an_interval_is_refused_where_every_visit_reads_the_whole(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"sources\.courts\.full_every_days"):
        _ = app(tmp_path, "courts", Source(full_every_days=7)).sources
    for name, days in (("courts", 0), ("uscis_policy_manual", 7)):
        assert name in app(tmp_path, name, Source(full_every_days=days)).sources
