"""Changes: real pages at two dates, of which a person says whether the law on them changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lexwatch.evaluation.extracts import captions, sides
from lexwatch.evaluation.labels import Label, Labelled, Rows, find, read
from lexwatch.evaluation.recorded import Read, recorded
from lexwatch.evaluation.score import interval, share
from pipeline.diff import compare
from pipeline.errors import LexwatchError, SettingsError
from pipeline.model import ChangeClass, ChangeKind, Difference, Span, Version
from pipeline.noise import fold

NOISE = "markup_noise"  # the kind of a pair that says the same, down to the typography
CHAPTERS = "recorded/{capture}/www.uscis.gov/policy-manual/{chapter}.html"

Step = tuple[Version | None, Version]


class Pair(Label):
    """A page at two dates: paths to both sides, and phrases that a redline must show."""

    pair: str
    real_change: bool
    old: str
    new: str
    kind: str = ""
    must_insert: tuple[str, ...] = ()
    must_delete: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Compared:
    """A pair and what differs in its documents, each with its newer version."""

    pair: Pair
    differences: tuple[tuple[Version, Difference], ...]

    @property
    def is_substantive(self) -> bool:
        return any(found.change_class is ChangeClass.SUBSTANTIVE for _, found in self.differences)

    @property
    def is_alarm(self) -> bool:
        return bool(self.differences) if self.pair.kind == NOISE else self.is_substantive

    @property
    def absent(self) -> list[str]:
        """The phrases that the redline does not show."""
        pair = self.pair
        asked = [(phrase, True) for phrase in pair.must_insert]
        asked += [(phrase, False) for phrase in pair.must_delete]
        return [
            phrase
            for phrase, is_new in asked
            if not any(_shown(*one, phrase, is_new=is_new) for one in self.differences)
        ]


def pairs(folder: Path) -> Rows[Pair]:
    """Read the labelled pairs of pages; pairs of Federal Register documents stand beside them."""
    return read(folder / "changes", Pair, lambda row: "earlier" not in row)


def measure(
    rows: Sequence[Labelled[Pair]], folders: tuple[Path, ...], read_page: Read
) -> dict[str, Any]:
    """Count the real changes found, with all their phrases, and the controls that alarm.

    `substantive` counts the real ones that are classed so, whatever phrases are shown. A control
    alarms by a substantive change, markup noise by any. `missed` has the phrases that each missed
    change does not show: none, where no substantive change was seen at all. `unusable` names the
    pairs that can't be compared: one whose page is nowhere counts as neither; a page that can't be
    read is a real change missed, and no control.
    """
    compared, unusable = _compared(rows, folders, read_page)
    real = [one for one in compared if one.pair.real_change]
    controls = [one for one in compared if not one.pair.real_change]
    substantive = sum(one.is_substantive for one in real)
    missed = {one.pair.pair: one.absent for one in real if one.absent or not one.is_substantive}
    alarms = [one.pair.pair for one in controls if one.is_alarm]
    found = len(real) - len(missed)
    asked = sum(len(one.pair.must_insert) + len(one.pair.must_delete) for one in real)
    return {
        "real": len(real),
        "found": found,
        "recall": share(found, len(real)),
        "recall_95": interval(found, len(real)),
        "substantive": substantive,
        "phrases": asked,
        "phrases_shown": asked - sum(len(one.absent) for one in real),
        "controls": len(controls),
        "false_alarms": len(alarms),
        "false_alarm_rate": share(len(alarms), len(controls)),
        "false_alarm_rate_95": interval(len(alarms), len(controls)),
        "precision": share(substantive, substantive + len(alarms)),
        "missed": missed,
        "alarms": alarms,
        "unusable": unusable,
    }


def _compared(
    rows: Sequence[Labelled[Pair]], folders: tuple[Path, ...], read_page: Read
) -> tuple[list[_Compared], list[str]]:
    compared, unusable = [], []
    for row in rows:
        try:
            compared.append(_compare(row, folders, read_page))
        except SettingsError as error:  # a page that is nowhere
            unusable.append(str(error))
        except (LexwatchError, ValueError) as error:
            unusable.append(f"{row.where}: {error}")
            if row.label.real_change:  # what production can't read, it misses
                compared.append(_Compared(pair=row.label, differences=()))
    return compared, unusable


def _compare(row: Labelled[Pair], folders: tuple[Path, ...], read_page: Read) -> _Compared:
    old, new = (find(path, folders, row.where) for path in (row.label.old, row.label.new))
    if (texts := [_text(path) for path in (old, new)]) and all(texts):
        steps = _extracts(row.label.pair, texts, folders)
    else:
        steps = _pages(recorded(old, read_page), recorded(new, read_page))
    differences = ((new_side, compare(old_side, new_side)) for old_side, new_side in steps)
    return _Compared(
        pair=row.label,
        differences=tuple((version, found) for version, found in differences if found),
    )


def _text(path: Path) -> str:
    """The text that was extracted from a page, where it lies beside it; else nothing."""
    extract = path.with_suffix(".txt")
    return extract.read_text(encoding="utf-8") if extract.is_file() else ""


def _extracts(name: str, texts: Sequence[str], folders: tuple[Path, ...]) -> Iterator[Step]:
    chapter, _, captures = name.partition("__")
    path = CHAPTERS.format(capture=captures.partition("__")[0], chapter=chapter)
    page = next((folder / path for folder in folders if (folder / path).is_file()), None)
    yield sides(name, texts[0], texts[1], captions(page) if page else ())


def _pages(old: Mapping[str, Version], new: Mapping[str, Version]) -> Iterator[Step]:
    """Every document of the newer page with what the older one had of it."""
    return ((old.get(key), version) for key, version in new.items())


def _shown(version: Version, difference: Difference, phrase: str, *, is_new: bool) -> bool:
    """Whether one edit's side holds the phrase with at least one of its words marked."""
    wanted = fold(phrase).replace(" ", "")
    if difference.kind is ChangeKind.NEW:  # all of it is inserted
        said = f"{version.title} {version.citation} {version.text}"
        return is_new and wanted in fold(said).replace(" ", "")
    for edit in difference.edits:
        block = edit.new if is_new else edit.old
        spans = edit.inserted if is_new else edit.deleted
        if block is not None and _marks(block.text, spans, wanted):
            return True
    return False


def _marks(text: str, spans: Sequence[Span], wanted: str) -> bool:
    """Whether a text has the wanted words, white space apart, and a span touches them."""
    parts = (fold(text[span.start : span.end]).replace(" ", "") for span in spans)
    touches = any(part and (part in wanted or wanted in part) for part in parts)
    return touches and wanted in fold(text).replace(" ", "")
