"""An office's whole job with a stub encoder, as a program to be killed: `killable.py FOLDER`.

It is the demo's with less to wait for: two of its days, and the three sources that have the most
kinds of pages between them (lists and PDFs, feeds of entries and their texts, chapters).
"""

import sys
from importlib.resources import files
from pathlib import Path

from rehearsed import day, quietly

from crawlers.replay import Capture
from index import runs
from lexwatch import course, jobs, settings
from lexwatch.alerting import sending
from lexwatch.app import App
from lexwatch.course import Course
from lexwatch.settings import Data, Settings, Source

DAYS = ("2026-10-05", "2026-10-07")
SOURCES = ("bia_decisions", "federal_register", "uscis_policy_manual")
FROM, UNTIL = (Capture.named(name) for name in DAYS)


def main(folder: Path) -> None:
    given = office(folder)
    with App(given).at_work():
        for name in left(given):
            with day(given, name) as app:
                read = jobs.crawl(app, (), quietly, at=app.clock())
                assert not read.failed, read.failed
                jobs.index(app, quietly)
                sending.match_changes(app)
        app = App(given, lambda: UNTIL.clock.replace(day=12))  # the Monday after
        assert sending.queue(app, app.clock()).failed == ()
        assert all(not one.error for one in sending.send(app))
        topics: tuple[str, ...] = ()
        wanted = Course(since=FROM.on, until=UNTIL.on, topics=topics, minutes=60, jurisdiction="TX")
        course.write(app, wanted)


def office(folder: Path) -> Settings:
    """The demo's readers, with their data in `folder`."""
    demo = settings.load(Path(str(files("lexwatch") / "demo.toml")))
    data = Data(folder=str(folder))
    off = {name: Source(enabled=False) for name in App(demo).sources if name not in SOURCES}
    return demo.model_copy(update={"data": data, "sources": off})


def left(given: Settings) -> list[str]:
    """The days not read yet, and always the last."""
    done = runs.runs(App(given).database, limit=1)
    return [day for day in DAYS if not done or Capture.named(day).clock >= done[0].started_at]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
