"""Write the corpora as a recorded site, so that they come in as a crawl brings them in.

    python -m benchmarks.corpora FOLDER

254 precedents of 2020 to 2026 with their official headnotes on EOIR's volume pages, in the layout
of 2024, and the Federal Register's documents on immigration of the same years. The headnotes are
real; the pages around them are made here. It prints the commands that take them in.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from crawlers.replay import SIMULATED
from crawlers.simulated.corpus import from_corpus
from crawlers.simulator import HOST
from lexwatch.evaluation import library

CORPORA = Path(__file__).parents[2] / "shared" / "corpora"
HEADNOTES = "bia_headnotes.jsonl"
REGISTER = "federal_register_immigration.jsonl"
DAY = "2026-11-22"
EOIR = "https://www.justice.gov/eoir"
# No PDF goes with the headnotes, and topics need no model here.
SETTINGS = """\
[data]
folder = {data}

[topics]
meaning = false

[sources.bia_decisions.options]
pdfs_from_volume = 999
"""

Decision = Mapping[str, Any]  # a row of HEADNOTES


def decisions(corpora: Path = CORPORA) -> tuple[Decision, ...]:
    """The rows of the precedents' headnotes, in the reporter's order."""
    return tuple(sorted(_rows(corpora / HEADNOTES), key=_place))


def volumes(rows: Sequence[Decision]) -> dict[str, str]:
    """The volume pages that list these decisions, and the page that lists the volumes, by their
    addresses; `rows` are in the reporter's order."""
    pages = {
        f"{EOIR}/volume-{number}": library.volume(f"Volume {number}", listed)
        for number, listed in groupby(rows, key=lambda row: _place(row)[0])
    }
    links = "".join(f'<li><a href="{url}">{url.rpartition("/")[2]}</a></li>' for url in pages)
    return {f"{EOIR}/ag-bia-decisions": f"<html><body><ul>{links}</ul></body></html>", **pages}


def write(folder: Path, corpora: Path = CORPORA) -> None:
    """Write what `crawlers.replay` serves: `index.jsonl` and the pages beside it."""
    pages = {
        url: (f"{url.removeprefix('https://')}.html", page.encode(), "text/html", "made of a list")
        for url, page in volumes(decisions(corpora)).items()
    }
    for entry in from_corpus(_rows(corpora / REGISTER)):
        file = f"{HOST}/api/v1/documents/{entry['document_number']}.json"
        said = json.dumps(entry).encode()
        pages[f"https://{file}"] = (file, said, "application/json", f"{SIMULATED}: titles")
    lines = []
    for url, (file, body, form, note) in pages.items():
        place = folder / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(body)
        row = {"url": url, "capture": DAY, "file": file, "status": 200}
        lines.append(json.dumps({**row, "content_type": form, "note": note}))
    (folder / "index.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = SETTINGS.format(data=json.dumps(str(folder / "data")))
    (folder / "config.toml").write_text(settings, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where to write; made if it is not there")
    folder = parser.parse_args().folder.resolve()
    if not (CORPORA / HEADNOTES).is_file():
        sys.exit(f"{CORPORA / HEADNOTES} is absent: the pages are made from what it holds")
    write(folder)
    asked = f"lexwatch --config {folder / 'config.toml'}"
    print(f"{asked} crawl bia_decisions --replay {folder} --day {DAY}")
    print(f"{asked} crawl federal_register --replay {folder} --day {DAY}")
    print(f'{asked} show "27 I&N Dec. 316"')


def _place(row: Decision) -> tuple[int, int]:
    volume, page = re.findall(r"\d+", row["citation"])[:2]
    return int(volume), int(page)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main()
