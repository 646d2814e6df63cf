"""Visit one of the project's own sources over HTTP, in a process of its own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from crawls import AGENT, Crawled, FolderArchive, crawled_apart
from goldens import spider

from crawlers.courtesy import Courtesy
from crawlers.crawl import crawl
from crawlers.source import Visit


def visit(
    source: str,
    archive: Path,
    origins: Mapping[str, str],
    now: datetime,
    *,
    last_complete: datetime | None = None,
    options: Mapping[str, Any] | None = None,
    die_after: int = 10_000,
) -> Crawled:
    """Crawl a source as of `now` into a folder; die after `die_after` pages."""
    job = {
        "source": source,
        "archive": str(archive),
        "origins": dict(origins),
        "now": now.isoformat(),
        "last_complete": last_complete.isoformat() if last_complete else None,
        "options": dict(options or {}),
        "die_after": die_after,
    }
    return crawled_apart(__file__, job, archive, timeout=120)


class RememberingArchive(FolderArchive):
    """Looks pages up in memory: these crawls keep hundreds."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._latest = {page.url: page for page in self.pages() if page.status == 200}

    def keep(self, page: Any) -> None:
        super().keep(page)
        if page.status == 200:
            self._latest[page.url] = page

    def latest(self, url: str) -> Any:
        return self._latest.get(url)


def main() -> None:
    job = json.load(sys.stdin)
    kept = 0

    def tell(event: Mapping[str, Any]) -> None:
        nonlocal kept
        print(json.dumps(dict(event)), flush=True)
        kept += event["event"] == "kept"
        if kept >= job["die_after"]:
            os._exit(9)

    now = datetime.fromisoformat(job["now"])
    last = job["last_complete"] and datetime.fromisoformat(job["last_complete"])
    end: dict[str, Any] = {"outcome": None, "error": ""}
    try:
        outcome = crawl(
            spider(job["source"]),
            Visit(now=now, last_complete=last, options=job["options"]),
            RememberingArchive(Path(job["archive"])),
            Courtesy(
                user_agent=AGENT,
                clock=lambda: now,
                origins=job["origins"],
                timeout=10,
                retries=1,
                backoff=0.001,
            ),
            tell,
        )
        end["outcome"] = asdict(outcome)
    except Exception as error:
        end["error"] = f"{type(error).__name__}: {error}"
    print(json.dumps(end))


if __name__ == "__main__":
    main()
