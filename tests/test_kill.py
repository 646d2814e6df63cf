"""Whatever ends a step in its middle, the office ends where an undisturbed one does."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import killable
import killing
import pytest
from killable import Office
from killing import Step, Undisturbed

from index import ledger, runs
from lexwatch import jobs
from lexwatch.app import App
from lexwatch.settings import Index
from pipeline.errors import ModelError

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="a child is forked to be killed: Windows has no fork"
)

KILLS = 20
STEPS = ("crawl", "ingest", "embed", "match", "send", "backup", "migrate")
DISK = 12_000_000  # bytes of a disk that is filled
SPARE = (0, 60_000)  # bytes left on it


@dataclass(frozen=True, kw_only=True)
class Work:
    """An office, its steps, and what an undisturbed one makes of each that was asked for."""

    office: Office
    steps: dict[str, Step]
    folder: Path
    known: dict[str, Undisturbed]

    def undisturbed(self, step: Step) -> Undisturbed:
        if step.name not in self.known:
            (folder := self.folder / f"of {step.name}").mkdir()
            self.known[step.name] = killing.undisturbed(step, folder)
        return self.known[step.name]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    folder = tmp_path_factory.mktemp("work")
    with killable.opened() as office:
        yield Work(office=office, steps=office.steps(folder), folder=folder, known={})


@pytest.fixture(scope="module")
def disk() -> Iterator[Path]:
    """A file system of its own, which only some systems let us have."""
    place = Path(mkdtemp())
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", place],
        check=False,
        capture_output=True,
    )
    if made.returncode:
        place.rmdir()
        pytest.skip("no file system can be mounted here: a full disk is not tried")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)
    place.rmdir()


@pytest.mark.parametrize("name", STEPS)
def test_killed_and_taken_again_a_step_ends_where_an_undisturbed_one_does(
    work: Work, tmp_path: Path, name: str
) -> None:
    step = work.steps[name]
    known = work.undisturbed(step)
    outcome = killing.kill(step, known, tmp_path, KILLS)
    assert len(outcome.killed) == KILLS
    assert not outcome.faults


def test_the_steps_make_what_could_be_lost(work: Work) -> None:
    left = work.undisturbed(work.steps["send"]).state
    few = [name for name, rows in left.items() if not rows]
    assert few == ["relations", "parts", "unread"]  # of one source alone there are none


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("spare", SPARE)
def test_a_full_disk_is_named_and_once_there_is_room_the_step_goes_on(
    work: Work, disk: Path, name: str, spare: int
) -> None:
    step = work.steps[name]
    ended = killing.filled(step, work.undisturbed(step), disk, spare)
    assert not ended.differing
    is_said = "Error: " in ended.at and "room" in ended.at
    assert is_said or (spare and not ended.at), ended.at  # little may suffice


# A model that is gone


def test_without_its_model_pages_wait_and_nothing_is_said_to_have_been_read(
    work: Work, tmp_path: Path
) -> None:
    step = work.steps["ingest"]
    known = work.undisturbed(step)
    folder = killing.copied(step, tmp_path / "data")

    def gone() -> None:
        app = work.office.app(folder)
        given = app.settings.model_copy(update={"index": Index(model=str(tmp_path / "nowhere"))})
        without = App(given, app.clock)
        vars(without)["sources"] = app.sources
        read = jobs.ingest(without, lambda *_: None)
        assert runs.runs(app.database)[0].state == "complete"
        assert "nowhere" in read.faults[0] and not read.changes, read
        (said,) = ledger.coverage(
            app.database, {work.office.source: ""}, app.clock(), app.clock().replace(year=2027)
        )
        assert (said.days_read, said.days_looked) == (0, 0), said
        with pytest.raises(ModelError, match="nowhere"):
            jobs.index(without, lambda *_: None)

    for each in (gone, lambda: step.work(folder)):
        ended = killing.forked(each)
        assert ended == (0, ""), ended[1]
    assert killing.state(step, folder) == known.state
