"""Real chapters at two dates: every real change is found, and format alone is no substance.

The new sides of `../shared/pairs` come from another extractor: it dropped the footnotes that only
cite, printed the others inside the text, printed table captions, and joined lists and cells. The
adapter here takes notes and captions off both sides; no rule of the product does.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from rapidfuzz import fuzz

from pipeline.diff import compare
from pipeline.model import Block, BlockKind, ChangeClass, Difference, Document, Span, Version
from pipeline.noise import fold

HEADING = re.compile(r"(?:[A-Z]|\d{1,2})\. \S.{0,120}")
STAMP = re.compile(r"(Last Reviewed/Updated:?)\n\s*(\d\d/\d\d/\d{4})")


@dataclass(frozen=True, kw_only=True)
class Sample:
    label: dict[str, Any]
    difference: Difference | None

    @property
    def substantive(self) -> bool:
        found = self.difference
        return found is not None and found.change_class is ChangeClass.SUBSTANTIVE


@pytest.fixture(scope="module")
def samples(shared: Path) -> list[Sample]:
    captions = _captions(shared)
    lines = (shared / "eval/changes/pairs.jsonl").read_text().splitlines()
    labels = [json.loads(line) for line in lines]
    return [
        Sample(label=label, difference=compare(*_sides(shared, label["pair"], captions)))
        for label in labels
        if (shared / "pairs" / label["pair"]).is_dir()
    ]


def test_every_real_change_is_substantive(samples: list[Sample]) -> None:
    real = [sample for sample in samples if sample.label["real_change"]]
    assert len(real) == 5
    assert [s.label["pair"] for s in real if not s.substantive] == []


def test_redline_of_a_real_change_shows_its_phrases(samples: list[Sample]) -> None:
    absent = []
    for sample in samples:
        if sample.label["real_change"] and sample.difference:
            for phrase in sample.label["must_insert"]:
                absent += [] if _shown(sample.difference, phrase, new=True) else [phrase]
            for phrase in sample.label["must_delete"]:
                absent += [] if _shown(sample.difference, phrase, new=False) else [phrase]
    assert absent == []


def test_format_alone_is_no_substance(samples: list[Sample]) -> None:
    controls = [sample for sample in samples if not sample.label["real_change"]]
    alarms = [sample.label["pair"] for sample in controls if sample.substantive]
    assert len(controls) == 34
    assert alarms == []


def _sides(shared: Path, pair: str, captions: dict[str, set[str]]) -> tuple[Version, Version]:
    old, notes = _text(shared, pair, "old")
    new, _ = _text(shared, pair, "new")
    printed = {fold(caption) for caption in captions.get(pair.split("__", maxsplit=1)[0], ())}
    once = [_unrepeated(line, new[at + 1 :]) for at, line in enumerate(new)]
    kept = [line for line in once if fold(line) not in printed and not _is_note(line, notes)]
    return _version(pair, old), _version(pair, kept)


def _text(shared: Path, pair: str, side: str) -> tuple[list[str], list[str]]:
    """The lines of one side and, apart, those under "Footnotes"."""
    text = (shared / "pairs" / pair / f"{side}.txt").read_text()
    body, _, notes = re.sub(r"\nFootnotes?\n", "\n\0\n", STAMP.sub(r"\1 \2", text)).partition("\0")
    return _lines(body), _lines(notes)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _is_note(line: str, notes: list[str]) -> bool:
    said = fold(line)
    return any(
        fuzz.ratio(said, fold(note)) > 90 or (len(note) > 200 and fold(note) in said)
        for note in notes
    )


def _unrepeated(line: str, following: list[str]) -> str:
    """A lead-in without the nested list that the other extractor printed in it and again below."""
    for length in range(2, 8):
        if line.endswith(" " + " ".join(following[:length])):
            return line.removesuffix(" ".join(following[:length])).strip()
    return line


def _version(pair: str, lines: list[str]) -> Version:
    blocks: list[Block] = []
    trail: tuple[str, ...] = ()
    for line in lines:
        is_heading = HEADING.fullmatch(line) is not None and not line.endswith((".", ";", ":"))
        level = (2 if line[0].isalpha() else 3) if is_heading else 0
        above = trail[: level - 2] if is_heading else trail
        kind = BlockKind.HEADING if is_heading else BlockKind.PARAGRAPH
        blocks.append(Block(kind=kind, text=line, level=level, trail=above))
        trail = (*above, line) if is_heading else trail
    return Version(
        document=Document(source="uscis_policy_manual", key=pair, kind="policy-manual-chapter"),
        title=pair,
        citation="",
        issuer="USCIS",
        url="",
        blocks=tuple(blocks),
        seen_at=datetime(2026, 8, 1, tzinfo=UTC),
        parser="sample/1",
    )


def _captions(shared: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for pair in (shared / "pairs").glob("volume-*__2025-10__*"):
        chapter = pair.name.split("__")[0]
        page = shared / f"recorded/2025-10/www.uscis.gov/policy-manual/{chapter}.html"
        soup = BeautifulSoup(page.read_bytes(), "lxml")
        found[chapter] = {caption.get_text(" ", strip=True) for caption in soup("caption")}
    return found


def _shown(difference: Difference, phrase: str, *, new: bool) -> bool:
    """Whether one edit's side holds the phrase with at least one of its words marked."""
    wanted = fold(phrase).replace(" ", "")
    for edit in difference.edits:
        block = edit.new if new else edit.old
        spans = edit.inserted if new else edit.deleted
        if block is not None and wanted in _marked(block.text, spans, wanted):
            return True
    return False


def _marked(text: str, spans: tuple[Span, ...], wanted: str) -> str:
    """The text without white space where some span touches the wanted words; else nothing."""
    bare = fold(text).replace(" ", "")
    touched = any(
        part and (part in wanted or wanted in part)
        for span in spans
        for part in [fold(text[span.start : span.end]).replace(" ", "")]
    )
    return bare if touched else ""
