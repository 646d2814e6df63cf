"""Recorded pages, read as the crawl's sources read them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from pipeline.model import Block, Document, Page, Reading, Version
from pipeline.normalise import blocks, normalise, parse

RECORDED = "recorded"
TYPES = {  # by the file's ending, since a recording of one page has no header beside it
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".xml": "text/xml",
}
HTML = "text/html; charset=utf-8"

Read = Callable[[Page], Reading | None]
"""Reads a page with the source that covers its address; None where none does."""


def recorded(path: Path, read_page: Read) -> Mapping[str, Version]:
    """Read the documents of `recorded/CAPTURE/HOST/PATH` by their keys.

    A page that no source covers is one document: all its visible text.
    """
    page = _page(path)
    reading = read_page(page)
    versions = (_whole(page),) if reading is None else reading.versions
    return {version.document.key: version for version in versions}


def _page(path: Path) -> Page:
    url = _url(path)
    return Page(
        source="labelled",
        url=url,
        final_url=url,
        asked=url,
        status=200,
        headers={"content-type": TYPES.get(path.suffix, HTML)},
        body=path.read_bytes(),
        fetched_at=datetime.fromtimestamp(0, UTC),
    )


def _url(path: Path) -> str:
    """The address in the recording's index; without one, the address the path is made from."""
    folder = next((above for above in path.parents if above.name == RECORDED), None)
    if folder is None:
        return path.resolve().as_uri()
    file = path.relative_to(folder)
    made = "/".join(file.with_suffix("").parts[1:])
    return _addresses(folder / "index.jsonl").get(file.as_posix(), f"https://{made}")


@cache
def _addresses(index: Path) -> Mapping[str, str]:
    if not index.is_file():
        return {}
    lines = index.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return {row["file"]: row["url"] for row in rows}


def _whole(page: Page) -> Version:
    soup = parse(page.body, page.headers)
    text: tuple[Block, ...] = blocks(soup)
    return Version(
        document=Document(source=page.source, key="page", kind="page"),
        title=normalise(soup.title.get_text()) if soup.title else "",
        citation="",
        issuer="",
        url=page.url,
        blocks=text,
        seen_at=page.fetched_at,
        parser="labelled/1",
    )
