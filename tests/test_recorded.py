"""The real pages in ../shared/recorded: how much of each source is read, and that none is lost.

What is read of each stands, as keys, counts and digests, in sources/<source>/recorded.golden.json,
one page a line. It is compared here since reading the pages takes long, and is done once a process.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import goldens
import pytest
from goldens import STORED, spider

from crawlers import challenge
from crawlers.replay import ReplayServer
from pipeline import diff
from pipeline.model import BlockKind, ChangeClass, Page, Reading, Version
from pipeline.normalise import blocks, is_text, is_unshown, normalise, parse

MODULES = sorted((Path(__file__).parents[1] / "crawlers" / "sources").glob("[a-z]*.py"))
SOURCES = ("bia_decisions", "federal_register", "uscis_policy_manual")
RESERVED = (
    "volume-10-part-a-chapter-5",
    "volume-10-part-b-chapter-4",
    "volume-6-part-b-chapter-8",
)
CALL = re.compile(r"\[\^\w+\]")
CALLS = {
    "anchor": re.compile(rb'<a (?=[^>]*class="ck-anchor")(?=[^>]*href="#footnote-)'),
    "name": re.compile(rb'<a (?=[^>]*name="footnotelink-)(?=[^>]*href="#footnote-)'),
}

Captures = dict[str, dict[str, Reading]]  # by capture, then by address


@pytest.fixture(scope="session")
def recorded(shared: Path) -> Callable[[str], Captures]:
    """Every recorded page of a source as it is read."""

    def read(source: str) -> Captures:
        captures: Captures = {}
        for each in goldens.recorded(shared / "recorded", source):
            assert each.reading, each.page.url
            captures.setdefault(each.capture, {})[each.page.url] = each.reading
        return captures

    return read


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_recorded_pages_read_as_reviewed(module: Path, shared: Path) -> None:
    found = goldens.recorded(shared / "recorded", module.stem)
    said = {f"{each.capture} {each.page.url}": each.summary for each in found}
    assert len(said) == len(found)
    if found:
        goldens.compare_lines(STORED / module.stem / "recorded.golden.json", said)


def test_policy_manual_chapters_and_their_footnotes_are_all_read(
    recorded: Callable[[str], Captures],
) -> None:
    readings = recorded("uscis_policy_manual")["2025-10"]
    versions = _guidance(_versions(readings.values()))
    chapters = [version for version in versions if "chapter" in version.document.key]
    noted = [v for v in versions if any(b.kind is BlockKind.FOOTNOTE for b in v.blocks)]
    assert (len(readings), len(versions), len(chapters), len(noted)) == (261, 242, 234, 228)
    assert {version.document.key for version in versions} <= set(_listed(readings.values()))
    without = {v.document.key: v.metadata.get("status") for v in versions if not v.blocks}
    assert without == dict.fromkeys(RESERVED, "reserved")


def test_an_appendix_says_the_same_on_every_page_it_stands_on(
    recorded: Callable[[str], Captures],
) -> None:
    """21 appendices on 102 pages: the one of 43 pages is one document, and changes once."""
    every = recorded("uscis_policy_manual").values()
    versions = [v for readings in every for v in _versions(readings.values())]
    appended = [v for v in versions if v.document.kind == "policy-manual-appendix"]
    said = {(v.document.key, v.text_digest, v.metadata_digest) for v in appended}
    assert len(appended) == 169
    assert len(said) == len({v.document.key for v in appended}) == 21


def test_footnotes_are_read_from_both_generations_of_markup(
    recorded: Callable[[str], Captures], shared: Path
) -> None:
    """180 pages call their notes by `a.ck-anchor`, 48 by `a[name]` without a class: 228 in all."""
    readings = recorded("uscis_policy_manual")["2025-10"]
    generations: Counter[str] = Counter()
    for each in goldens.recorded(shared / "recorded", "uscis_policy_manual"):
        stored = each.page
        versions = readings[stored.url].versions if each.capture == "2025-10" else ()
        if any(b.kind is BlockKind.FOOTNOTE for v in _guidance(versions) for b in v.blocks):
            found = {name for name, call in CALLS.items() if call.search(stored.body)}
            assert len(found) == 1, stored.url
            generations.update(found)
    assert generations == {"anchor": 180, "name": 48}


def test_every_footnote_is_called_once_and_every_call_has_its_footnote(
    recorded: Callable[[str], Captures],
) -> None:
    captures = recorded("uscis_policy_manual")
    for version in _versions(r for day in captures.values() for r in day.values()):
        called = [mark.label for block in version.blocks for mark in block.marks]
        notes = [block.label for block in version.blocks if block.kind is BlockKind.FOOTNOTE]
        assert sorted(called) == sorted(set(notes)), version.document.name


def test_footnotes_numbered_without_the_sign_are_read(
    recorded: Callable[[str], Captures],
) -> None:
    address = "https://www.uscis.gov/policy-manual/volume-6-part-f-chapter-3"
    (version,) = recorded("uscis_policy_manual")["2026-04"][address].versions
    notes = [block.label for block in version.blocks if block.kind is BlockKind.FOOTNOTE]
    assert list(dict.fromkeys(notes)) == [str(number) for number in range(1, 42)]


def test_policy_manual_history_gives_every_update_once(
    recorded: Callable[[str], Captures],
) -> None:
    versions = _versions(recorded("uscis_policy_manual")["2025-07-06T1347"].values())
    assert len({version.document.key for version in versions}) == len(versions) == 311
    kinds = Counter(version.document.kind for version in versions)
    assert kinds == {"policy-alert": 213, "technical-update": 98}
    assert all(version.dates and version.blocks for version in versions)


@pytest.mark.parametrize(
    ("first", "second"),
    [("2026-04-20a", "2026-04-20b"), ("2025-07-06T1347", "2025-07-06T1409")],
)
def test_captures_that_differ_only_in_bytes_say_the_same(
    recorded: Callable[[str], Captures], first: str, second: str
) -> None:
    captures = recorded("uscis_policy_manual")
    assert _said(captures[first]) == _said(captures[second])


def test_bia_listing_keeps_every_decision_over_three_layouts(
    recorded: Callable[[str], Captures],
) -> None:
    captures = {day: _said(readings) for day, readings in recorded("bia_decisions").items()}
    first, second, third = captures["2021-12"], captures["2023-11"], captures["2024-05"]
    assert first.keys() <= second.keys() <= third.keys()
    assert (len(first), len(third), len(third.keys() - first.keys())) == (49, 90, 41)
    every = [
        v for readings in recorded("bia_decisions").values() for v in _versions(readings.values())
    ]
    assert all(version.blocks and version.citation and "pdf" in version.links for version in every)


def test_a_new_layout_and_new_links_change_no_decision(
    recorded: Callable[[str], Captures],
) -> None:
    captures = recorded("bia_decisions")
    before, after = _said(captures["2023-11"]), _said(captures["2024-05"])
    assert {key: after[key] for key in before} == before


def test_headnotes_of_2021_differ_from_2023_only_in_spacing_and_one_name(
    recorded: Callable[[str], Captures],
) -> None:
    captures = recorded("bia_decisions")
    after = {v.document.key: v for v in _versions(captures["2023-11"].values())}
    for old in _versions(captures["2021-12"].values()):
        new = after[old.document.key]
        assert _letters(old.text) == _letters(new.text)
        assert len(old.blocks) == len(new.blocks)
        assert old.title == new.title or old.document.key == "4017"


def test_headnotes_reset_between_captures_are_noise(
    recorded: Callable[[str], Captures],
) -> None:
    captures = recorded("bia_decisions")
    after = {v.document.key: v for v in _versions(captures["2023-11"].values())}
    classes = Counter(
        difference.change_class
        for old in _versions(captures["2021-12"].values())
        if (difference := diff.compare(old, after[old.document.key]))
    )
    assert classes == {ChangeClass.NOISE: 16}


@pytest.mark.parametrize(
    ("day", "covered"),
    [
        ("2021-12", {"federal_register": 36, "bia_decisions": 1}),
        ("2023-11", {"federal_register": 36, "bia_decisions": 1}),
        ("2024-05", {"federal_register": 37, "bia_decisions": 1}),
        ("2025-10", {"federal_register": 37, "bia_decisions": 1, "uscis_policy_manual": 262}),
        ("2026-04-20b", {"federal_register": 38, "bia_decisions": 1, "uscis_policy_manual": 270}),
    ],
)
def test_a_source_finds_its_own_pages_in_a_recording(
    shared: Path, day: str, covered: dict[str, int]
) -> None:
    seeds = ReplayServer(shared / "recorded", day).seeds
    seen = Counter(name for name in SOURCES for url in seeds if spider(name).facts.covers(url))
    assert seen == covered


def test_every_visible_word_of_the_guidance_is_said_exactly_once(shared: Path) -> None:
    pages = goldens.recorded(shared / "recorded", "uscis_policy_manual")
    for stored in (
        each.page for each in pages[::8]
    ):  # one in eight: the whole takes as long as reading them all
        for scope in parse(stored.body, stored.headers).select("div#guidance"):
            visible = "".join(
                str(node)
                for node in scope.descendants
                if is_text(node) and not any(is_unshown(parent) for parent in node.parents)
            )
            assert _with_calls(stored) == CALL.sub("", _letters(visible)), stored.url


def test_no_recorded_page_is_taken_for_a_bot_wall(shared: Path) -> None:
    for source in SOURCES:
        for each in goldens.recorded(shared / "recorded", source):
            assert challenge.find(each.page) == "", each.page.url


def _versions(readings: Iterable[Reading]) -> list[Version]:
    return [version for reading in readings for version in reading.versions]


def _guidance(versions: Iterable[Version]) -> list[Version]:
    return [version for version in versions if version.document.kind == "policy-manual-chapter"]


def _listed(readings: Iterable[Reading]) -> list[str]:
    return [key for reading in readings for key in reading.listed]


def _said(readings: dict[str, Reading]) -> dict[str, tuple[str, str]]:
    versions = _versions(readings.values())
    return {v.document.key: (v.text_digest, v.metadata_digest) for v in versions}


def _with_calls(stored: Page) -> str:
    """The blocks' text with every footnote's call put back where its mark stands."""
    said = []
    for scope in parse(stored.body, stored.headers).select("div#guidance"):
        for block in blocks(scope):
            text = block.text
            for mark in reversed(block.marks):
                text = f"{text[: mark.offset]}[{mark.label}]{text[mark.offset :]}"
            said.append(text)
    return _letters("".join(said))


def _letters(text: str) -> str:
    return re.sub(r"[\s|]", "", normalise(text))
