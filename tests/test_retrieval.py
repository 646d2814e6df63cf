"""The documents of a judged set: read from corpora and recordings as their sources would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lexwatch.app import App
from lexwatch.evaluation import library, retrieval
from lexwatch.evaluation.library import Shelved, decision
from lexwatch.settings import Data, Settings
from pipeline.binding import whom
from pipeline.citator.forum import Binding, forum
from pipeline.errors import SettingsError
from pipeline.model import DateKind, Version

HEADNOTE = {
    "eoir_id": 9901,
    "case_name": "S-M-P-",
    "citation": "29 I&N Dec. 901 (BIA 2026)",
    "pdf_url": "/media/9901/dl?inline",
    "headnotes": ["Who paints the <gate> has no sample interest in it.", "It is so."],
}
NOTICE = {
    "document_number": "2026-90001",
    "title": "Sample Lockbox",
    "abstract": "The sample lockbox moves.",
    "publication_date": "2026-02-03",
    "html_url": "https://www.federalregister.gov/documents/2026/02/03/2026-90001/sample",
    "json_url": "https://www.federalregister.gov/api/v1/documents/2026-90001",
}
UNPUBLISHED = {
    "key": "biaunpub:9902",
    "title": "9902-Q-Z--AXXX-XXX-611-BIA-Dec-11-2018-output-1-to-5",
    "text": "The sample appeal is\ndismissed.\nIt is so ordered.",
}
OPINION = {
    "key": "opinion:9903",
    "title": "9903_paula_sample_v_uscis",
    "text": "United States Court of Appeals for the Second Circuit\n"
    "Appeal from the United States District Court.\nThe sample waiver is granted.",
}
SLUG = "volume-93-part-c-chapter-4"
RECORDED = Path(__file__).parent / "evalset/recorded/first/www.uscis.gov/policy-manual"


@pytest.fixture
def shelves(tmp_path: Path) -> Path:
    """A folder with a sample of each corpus, and a chapter that we invented, as recorded."""
    corpora = {
        "bia_headnotes": HEADNOTE,
        "federal_register_immigration": NOTICE,
        "bia_unpublished": UNPUBLISHED,
        "federal_opinions": OPINION,
    }
    (tmp_path / "corpora").mkdir()
    for name, row in corpora.items():
        path = tmp_path / f"corpora/{name}.jsonl"
        path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    chapter = RECORDED / f"{SLUG}.html"
    place = tmp_path / library.CAPTURE
    place.mkdir(parents=True)
    (place / chapter.name).write_bytes(chapter.read_bytes())
    return tmp_path


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App(Settings(data=Data(folder=str(tmp_path / "data"))))


def read(app: App, shelved: Shelved) -> Version:
    source = app.sources.get(shelved.source)
    [first, *_] = (source.read if source else decision)(shelved.page).versions
    return first


def test_every_key_is_a_page_that_its_own_source_reads(app: App, shelves: Path) -> None:
    keys = ["fr:2026-90001", "opinion:9903", "bia:9901", f"pm:{SLUG}", "biaunpub:9902", "bia:9901"]
    told = list(library.library(keys, (shelves,)))
    assert [each.key for each in told] == keys[:-1]
    versions = {each.key: read(app, each) for each in told}
    assert {each.document.kind for each in versions.values()} == {
        "notice",
        "court-opinion",
        "bia-precedent",
        "policy-manual-chapter",
        "bia-unpublished",
    }
    precedent = versions["bia:9901"]
    assert (precedent.title, precedent.citation) == ("Matter of S-M-P-", HEADNOTE["citation"])
    assert "Who paints the <gate>" in precedent.text
    assert versions["fr:2026-90001"].date(DateKind.PUBLISHED) == date(2026, 2, 3)
    assert versions[f"pm:{SLUG}"].text


def test_an_unpublished_decision_has_its_name_and_day_from_the_files_name(
    app: App, shelves: Path
) -> None:
    (shelved,) = library.library(["biaunpub:9902"], (shelves,))
    found = read(app, shelved)
    assert found.title == "Matter of Q-Z- (unpublished)"
    assert found.citation == "Q-Z- (BIA Dec 11, 2018)"
    assert found.date(DateKind.DECIDED) == date(2018, 12, 11)
    assert [block.text for block in found.blocks] == [
        "The sample appeal is dismissed.",
        "It is so ordered.",
    ]


@pytest.mark.parametrize(
    ("head", "issuer"),
    [
        ("UNITED STATES COURT OF APPEALS FOR THE NINTH CIRCUIT", "for the Ninth Circuit"),
        ("United States Court of Appeals for the Second Circuit", "for the Second Circuit"),
        ("Appeal from the United States District Court\nA, B, Circuit Judges.", "Court of Appeals"),
        ("A SAMPLE, United States District Judge.", "United States District Court"),
        ("OPINION", ""),
    ],
)
def test_who_decided_is_told_by_the_head_of_an_opinion(
    app: App, shelves: Path, head: str, issuer: str
) -> None:
    row = {**OPINION, "text": f"{head}\nThe waiver is granted."}
    (shelves / "corpora/federal_opinions.jsonl").write_text(json.dumps(row), encoding="utf-8")
    (shelved,) = library.library(["opinion:9903"], (shelves,))
    found = read(app, shelved)
    assert found.title == "Paula Sample v. Uscis"
    assert found.issuer.endswith(issuer) and bool(found.issuer) == bool(issuer)
    binding = whom(found, forum("immigration court, 9th Circuit")).binding
    assert (binding is Binding.NO) == ("Second" in issuer)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("bia:1", "not in bia_headnotes.jsonl"),
        ("opinion:1", "not in federal_opinions.jsonl"),
        ("xx:1", "begins with none of"),
        ("pm:nowhere", "nowhere"),
    ],
)
def test_a_key_that_is_nowhere_is_named(shelves: Path, key: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        list(library.library([key], (shelves,)))


def test_a_universe_is_searched_by_the_keys_of_the_set(
    app: App, shelves: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fakes import HashingEncoder  # noqa: PLC0415 - it stands for the model here alone

    monkeypatch.setitem(vars(app), "encoder", HashingEncoder())
    keys = ["bia:9901", "fr:2026-90001", "biaunpub:9902", "opinion:9903", f"pm:{SLUG}"]
    listed = shelves / "set/retrieval/universe.txt"
    listed.parent.mkdir(parents=True)
    listed.write_text("\n".join(keys), encoding="utf-8")
    half, useless = (app.settings.folder / "evaluation" / name for name in ("half", "useless"))
    for each in (half, useless):
        each.mkdir(parents=True)
        (each / "lexwatch.db").write_bytes(b"no database")
    (useless / "made").touch()
    held = retrieval.universe(app, shelves / "set", (shelves,))
    try:
        assert sorted(held.keys.values()) == sorted(keys)
        assert not half.exists() and not useless.exists()
        expected: Mapping[str, str] = {
            "29 I&N Dec. 901": "bia:9901",
            "Matter of S-M-P-": "bia:9901",
            "Matter of Q-Z-": "biaunpub:9902",
            "FR Doc. 2026-90001": "fr:2026-90001",
            "Sample v. USCIS (2d Cir.)": "opinion:9903",
            "painted AND gate": "bia:9901",
            "To where does the sample lockbox move?": "fr:2026-90001",
        }
        found: dict[str, Any] = {
            query: retrieval.answer(retrieval.Query(qid="s", query=query), held).keys[0]
            for query in expected
        }
        assert found == expected
    finally:
        held.vectors.close()
        held.database.close()
