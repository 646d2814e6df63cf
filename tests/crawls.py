"""Run one crawl in a process of its own, since a reactor starts once, and bring home all of it.

The source is `sample`: its pages are JSON, `{"leads": [{"url": …, "context": …, "settled": …}]}`,
or `{"changed": true}` for one that lost its shape, `{"defect": true}` for one that the source
stumbles over, `{"broken": true}` for one that it can follow and not read.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawlers.courtesy import Courtesy
from crawlers.crawl import crawl
from crawlers.run import Outcome
from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from pipeline.errors import PageChanged
from pipeline.model import Page, Reading

NOW = datetime(2026, 11, 18, 14, 5, tzinfo=UTC)
AGENT = "lexwatch-tests/1.0 (+mailto:tests@example.org)"


class FolderArchive:
    """Pages as files, one per keep, newest last; `limit` pages fit, the next one fails.

    Beside them `confirmed` lists the addresses of pages that were said to stand, one a line.
    """

    def __init__(self, folder: Path, limit: int = 10_000) -> None:
        self.folder = folder
        self.limit = limit
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, page: Page) -> None:
        kept = self._files()
        if len(kept) >= self.limit:
            raise OSError("no space left in the archive")
        row = asdict(replace(page, body=b"", fetched_at=NOW))
        row |= {"body": base64.b64encode(page.body).decode(), "fetched_at": NOW.isoformat()}
        (self.folder / f"{len(kept):05}.json").write_text(json.dumps(row))

    def latest(self, url: str) -> Page | None:
        good = (page for page in reversed(self.pages()) if page.status == 200)
        return next((page for page in good if page.url == url), None)

    def is_read(self, url: str) -> bool:  # noqa: ARG002 - it reads nothing
        return False

    def is_fresh(self, url: str) -> bool:  # noqa: ARG002 - goes on with no other run
        return False

    def confirm(self, url: str) -> None:
        with (self.folder / "confirmed").open("a") as file:
            file.write(f"{url}\n")

    def confirmed(self) -> list[str]:
        file = self.folder / "confirmed"
        return file.read_text().splitlines() if file.exists() else []

    def pages(self) -> list[Page]:
        rows = (json.loads(file.read_text()) for file in self._files())
        return [
            Page(**{**row, "body": base64.b64decode(row["body"]), "fetched_at": NOW})
            for row in rows
        ]

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.json"))


@dataclass(frozen=True, kw_only=True)
class Crawled:
    """What a crawl left behind."""

    outcome: Outcome | None
    error: str
    events: list[dict[str, Any]]
    delays: dict[str, float]
    pages: list[Page]
    confirmed: list[str]

    def page(self, url: str) -> Page:
        (page,) = [page for page in self.pages if page.url == url]
        return page

    def failure(self, url: str) -> str:
        assert self.outcome
        lines = [line for line in self.outcome.failures if line.startswith(f"{url}: ")]
        (line,) = lines
        return line

    def told(self, event: str) -> list[dict[str, Any]]:
        return [told for told in self.events if told["event"] == event]


def run(
    archive: Path,
    seeds: Iterable[Mapping[str, Any] | str],
    *,
    hosts: Iterable[str] = ("www.publisher.test",),
    chosen: list[str] | None = None,
    limit: int = 10_000,
    die_after: int = 10_000,
    **courtesy: Any,
) -> Crawled:
    """Crawl from `seeds`; `chosen` is the visit's seeds option; die after `die_after` pages."""
    scenario = {
        "archive": str(archive),
        "seeds": [{"url": seed} if isinstance(seed, str) else dict(seed) for seed in seeds],
        "hosts": list(hosts),
        "chosen": chosen,
        "limit": limit,
        "die_after": die_after,
        "courtesy": {"backoff": 0.001, "retries": 1, "timeout": 10, **courtesy},
    }
    return crawled_apart(__file__, scenario, archive, timeout=60)


def crawled_apart(
    program: str, job: Mapping[str, Any], archive: Path, *, timeout: float
) -> Crawled:
    """Run a file of tests as a program that is told `job` as JSON and says its events, then its end
    (`outcome`, `error`, perhaps `delays`), as one JSON object a line."""
    done = subprocess.run(
        [sys.executable, program],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    told: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    died: dict[str, Any] = {"error": done.stderr}
    end = next((line for line in told if "error" in line), died)
    said = end.get("outcome")
    return Crawled(
        outcome=_outcome(said) if said else None,
        error=end["error"],
        events=[line for line in told if "event" in line],
        delays=end.get("delays", {}),
        pages=FolderArchive(archive).pages(),
        confirmed=FolderArchive(archive).confirmed(),
    )


def _outcome(said: Mapping[str, Any]) -> Outcome:
    kept: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in said.items()}
    return Outcome(**kept)


class SampleSpider(SourceSpider):
    """A source whose pages say in JSON what they lead to."""

    name = "sample"
    facts = Facts(
        name="sample",
        title="Sample",
        publisher="Publisher",
        home="https://www.publisher.test/",
        hosts=(),
        delay=7.0,
        cadence=timedelta(days=1),
        floor=0,
        ceiling=10,
        enumerates=False,
        scope="everything",
    )
    begin: tuple[Follow, ...] = ()
    delays: dict[str, float] = {}  # noqa: RUF012 - what the last crawl ended with

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:  # noqa: ARG004 - begins where the test says
        return SampleSpider.begin

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        try:
            said = json.loads(page.body)
        except ValueError:
            return []
        if "changed" in said:
            raise PageChanged("the listing has no table; see whether the layout moved")
        if "defect" in said:
            raise KeyError("defect")
        return [_follow(lead) for lead in said.get("leads", ())]

    @staticmethod
    def read(page: Page) -> Reading:
        if b'"broken"' in page.body:
            raise PageChanged("the text ends in the middle")
        return Reading()

    def closed(self, reason: str) -> None:
        super().closed(reason)
        slots = self.crawler.engine.downloader.slots
        SampleSpider.delays = {key: slot.delay for key, slot in slots.items()}


def _follow(said: Mapping[str, Any]) -> Follow:
    otherwise = said.get("otherwise")
    return Follow(**{**said, "otherwise": _follow(otherwise) if otherwise else None})


def main() -> None:
    scenario = json.load(sys.stdin)
    SampleSpider.facts = replace(SampleSpider.facts, hosts=tuple(scenario["hosts"]))
    SampleSpider.begin = tuple(Follow(**seed) for seed in scenario["seeds"])
    chosen = scenario["chosen"]
    kept = 0

    def tell(event: Mapping[str, Any]) -> None:
        nonlocal kept
        print(json.dumps(dict(event)), flush=True)
        kept += event["event"] == "kept"
        if kept >= scenario["die_after"]:
            os._exit(9)

    end: dict[str, Any] = {"outcome": None, "error": ""}
    try:
        outcome = crawl(
            SampleSpider,
            Visit(now=NOW, options={} if chosen is None else {"seeds": chosen}),
            FolderArchive(Path(scenario["archive"]), scenario["limit"]),
            Courtesy(user_agent=AGENT, clock=lambda: NOW, **scenario["courtesy"]),
            tell,
        )
        end["outcome"] = asdict(outcome)
    except Exception as error:
        end["error"] = f"{type(error).__name__}: {error}"
    print(json.dumps({**end, "delays": SampleSpider.delays}))


if __name__ == "__main__":
    main()
