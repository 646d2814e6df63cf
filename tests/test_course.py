"""Course materials from a store: what is gathered, what is written, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from builders import rule, version
from holding import hold
from publisher import NOW
from sqlalchemy import update

from index import history, schema
from lexwatch import course
from lexwatch.app import App
from lexwatch.course import FORMATS, Course, Written
from lexwatch.gathered import shelf
from lexwatch.settings import Cle, Data, Settings, Topics
from pipeline.errors import LexwatchError, SettingsError
from pipeline.model import Version

FIRST = NOW.date()
CITED = "See 8 U.S.C. 1158(a) and Matter of A-B-, 99 I&N Dec. 316 (BIA 2020), on asylum."


def sample(**more: Any) -> Version:
    given: dict[str, Any] = {"source": "sample", "key": "asylum", "title": "Asylum (sample)"}
    return version(CITED, **{**given, **more})


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A store with a chapter that appeared on one day and changed on the next."""
    given = Settings(
        data=Data(folder=str(tmp_path / "data")),
        topics=Topics(meaning=False),
        cle=Cle(folder=str(tmp_path / "cle")),
    )
    made = App(given, lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))
    changed = version(
        f"{CITED} The officer must deny.", source="sample", key="asylum", title="Asylum (sample)"
    )
    hold(made.database, sample(), changed)
    with made.database.write() as connection:
        connection.execute(update(schema.change).values(baseline=False))
    yield made
    made.database.close()


def asked(**more: Any) -> Course:
    given: dict[str, Any] = {
        "since": FIRST,
        "until": date(2026, 11, 20),
        "topics": (),
        "minutes": 60,
        "jurisdiction": "",
        "formats": ("md",),
    }
    return Course(**{**given, **more})


def write(app: App, **more: Any) -> Written:
    return course.write(app, asked(**more))


def test_a_packet_is_written_in_every_format_asked_for(app: App) -> None:
    paths = write(app, formats=FORMATS).paths
    assert [path.suffix for path in paths] == [".docx", ".pdf", ".html", ".md"]
    assert len({path.stem for path in paths}) == 1
    assert all(path.stat().st_size for path in paths)
    assert not [*paths[0].parent.glob("*.partial")]


def test_the_same_packet_on_the_same_day_is_the_same_file(app: App) -> None:
    first = write(app)
    app.clock = lambda: datetime(2026, 11, 22, 20, tzinfo=UTC)
    assert write(app) == first
    assert len([*first.paths[0].parent.iterdir()]) == 1


def test_a_packet_that_was_edited_is_kept(app: App) -> None:
    (path,) = write(app, formats=("docx",)).paths
    path.write_bytes(b"edited by the speaker")
    both = write(app, formats=("docx", "md")).paths
    assert [each.name.endswith(f"-2{each.suffix}") for each in both] == [True, True]
    assert path.read_bytes() == b"edited by the speaker"


def test_a_folder_that_cannot_be_written_is_named(app: App, tmp_path: Path) -> None:
    (tmp_path / "cle").write_text("a file")
    with pytest.raises(SettingsError, match=r"cle\.folder"):
        write(app)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"formats": ("odt",)}, "no format 'odt': the formats are docx, pdf, html, md"),
        ({"topics": ("asylm",)}, "no topic 'asylm'; the topics are"),
        ({"since": date(2027, 1, 1), "until": date(2027, 1, 2)}, "what will change then"),
        ({"since": date(2020, 1, 1), "until": date(2020, 2, 1)}, "the first after it on"),
        ({"minutes": 2}, "minutes"),
        ({"level": "expert"}, "no level 'expert'"),
        ({"jurisdiction": "Atlantis"}, "Atlantis"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_written(
    app: App, more: dict[str, Any], error: str, tmp_path: Path
) -> None:
    with pytest.raises(LexwatchError, match=error):
        write(app, **more)
    assert not (tmp_path / "cle").exists()


def test_progress_is_told(app: App) -> None:
    told: dict[str, int] = {}

    def tell(what: str, done: int, of: int | None) -> None:
        told[what] = done if of else 0

    course.write(app, asked(), tell)
    assert told.pop("writing the packet") == 1
    assert [*told] == [
        *("gathering the changes", "reading what they cite", "asking what became of it"),
    ]


def test_sources_with_gaps_are_told_to_whoever_asked(app: App) -> None:
    cautions = write(app).cautions
    (words,) = (each for each in cautions if "Federal Register" in each)
    assert words.endswith(": never read completely before the period ended.")


def test_more_than_a_handout_holds_is_said_with_what_to_do(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert write(app).crowded == ""
    monkeypatch.setattr(course, "MANY", 1)
    assert write(app).crowded.startswith("2 developments, those beyond the minutes in a line each")
    assert "--all" in write(app).crowded
    assert write(app, every=True).crowded.startswith("2 developments, all in full: choose topics")


def test_what_a_change_cites_is_put_on_the_shelf_with_its_status(app: App) -> None:
    changes = history.recorded(app.database)
    held = shelf(app.database, changes, date(2026, 11, 22), course.silent)
    names = {each.cited for of in held.citations.values() for each in of}
    assert {"8 USC § 1158(a)", "99 I&N Dec. 316"} <= names
    status = held.authorities["99 I&N Dec. 316"].status
    assert status is not None and status.on == held.on
    assert held.authorities["99 I&N Dec. 316"].name == "Matter of A-B-"
    assert held.authorities["INA § 208(a)"].status is not None


def test_of_a_changed_text_only_what_changed_is_read(app: App) -> None:
    *_, changed = history.recorded(app.database)
    (edit,) = changed.difference.edits
    only = replace(
        changed, difference=replace(changed.difference, edits=(replace(edit, new=None),))
    )
    assert not shelf(app.database, [only], FIRST, course.silent).citations[changed.id]


def test_what_a_document_goes_by_is_its_citation(app: App) -> None:
    hold(app.database, rule("x", citation="91 FR 60001"), first=5)
    changes = history.recorded(app.database, baseline=True)
    known = shelf(app.database, changes, FIRST, course.silent).authorities
    assert known["91 FR 60001"].held is not None
