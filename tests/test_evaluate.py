"""Figures on labelled sets: counted as the sets' rules say, never shown where none were made."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from builders import version
from fakes import HashingEncoder
from rich.console import Console
from typer.testing import CliRunner, Result

from lexwatch import settings
from lexwatch.app import App
from lexwatch.cli import cli
from lexwatch.evaluate import evaluate
from lexwatch.evaluation import Ability, changes, extracts, relations, retrieval, table
from lexwatch.evaluation.score import Score, interval
from pipeline.errors import PageChanged
from pipeline.model import Page, Reading, RelationKind
from pipeline.orders import COURTS

# Every row below is a sample: no publisher said any of this.
FORM = "Form I-900 is filed at the lockbox."
FILES = {
    "old": f"A. Filing\n{FORM}\nThe fee is $100.\nFootnotes\n1. See the sample notice of June.\n",
    "raised": f"A. Filing\n{FORM}\nThe fee is $200.\n",
    "same": f"A. Filing\n{FORM}\nThe fee is $100.\nSee the sample notice of June.\n",
}
TOPICS = [
    {"source": "bia", "title": "Asylum", "text": "An asylum applicant.", "topics": ["asylum"]},
    {
        "source": "fr_enriched",
        "title": "Temporary Protected Status",
        "text": "A designation.",
        "topics": ["tps", "work-authorization"],
    },
]
CITED = "See 8 CFR 214.2(h) and 66 Stat. 163; 8 CFR part 292."
CITATIONS = [
    {
        "text": CITED,
        "citations": [
            {"start": 4, "end": 18, "type": "cfr", "normalized": "8 CFR § 214.2(h)"},
            {
                "start": 23,
                "end": 35,
                "type": "stat",
                "normalized": "66 Stat. 163",
                "extra": True,
            },
            {"start": 4, "end": 9, "type": "form", "normalized": "Form I-1"},
        ],
    }
]
# One decision and its labels: the first has the part wrong, the third is missed.
TREATMENTS: list[dict[str, Any]] = [
    {
        "key": "s:1",
        "title": "Matter of SAMPLE, 29 I&N Dec. 999 (BIA 2026)",
        "text": "So it is. Matter of X-A-, 20 I&N Dec. 901 (BIA 1990), overruled. Zeta v. Garland,"
        " 9 F.4th 903 (9th Cir. 2021), not followed.",
    },
    {
        "key": "s:1",
        "target_citation": "20 I&N Dec. 901",
        "treatment": "overruled",
        "in_part": True,
        "form": "tag",
    },
    {
        "key": "s:1",
        "target_citation": "9 F.4th 903",
        "treatment": "other",
        "detail": "not_followed",
        "form": "tag",
    },
    {
        "key": "s:1",
        "target_citation": "21 I&N Dec. 902",
        "treatment": "followed",
        "form": "operative",
    },
    {
        "key": "s:1",
        "target_citation": "22 I&N Dec. 904",
        "treatment": "followed",
        "form": "discussion",
    },
    {"key": "s:1", "target_citation": "", "treatment": "other", "form": "referral"},
]


HEADNOTE = {
    "eoir_id": 9901,
    "case_name": "S-M-P-",
    "citation": "29 I&N Dec. 901 (BIA 2026)",
    "pdf_url": "/media/9901/dl?inline",
    "headnotes": ["A respondent who paints the courthouse gate has no sample interest in it."],
}
NOTICE = {
    "document_number": "2026-90001",
    "title": "Sample Lockbox for Petitions",
    "abstract": "The sample lockbox moves to another city, and petitions are mailed there.",
    "publication_date": "2026-02-03",
    "html_url": "https://www.federalregister.gov/documents/2026/02/03/2026-90001/sample",
    "json_url": "https://www.federalregister.gov/api/v1/documents/2026-90001",
}
QUERIES = [
    {"qid": "s1", "class": "cite", "query": "29 I&N Dec. 901"},
    {"qid": "s2", "class": "nl", "query": "To which city are petitions mailed now?"},
]
ANCHOR = {"qid": "s2", "key": "fr:2026-90001", "anchor": "moves to another city"}


def rows(path: Path, *labels: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(label)}\n" for label in labels), encoding="utf-8")


def pair(folder: Path, name: str, new: str, **label: Any) -> dict[str, Any]:
    """Write a pair of extracted pages beside the sets, and give its row."""
    place = folder.parent / "pairs" / name
    place.mkdir(parents=True)
    (place / "old.txt").write_text(FILES["old"], encoding="utf-8")
    (place / "new.txt").write_text(FILES[new], encoding="utf-8")
    return {"pair": name, "old": f"pairs/{name}/old.txt", "new": f"pairs/{name}/new.txt", **label}


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App(settings.Settings())


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    folder = tmp_path / "eval"
    folder.mkdir()
    return folder


@pytest.fixture
def searched(tmp_path: Path) -> App:
    """An app without a model, whose evaluation store is made in the test's own folder."""
    data = settings.Data(folder=str(tmp_path / "data"))
    app = App(settings.Settings(data=data, topics=settings.Topics(meaning=False)))
    app.encoder = HashingEncoder()
    return app


@pytest.fixture
def judged(sets: Path) -> Path:
    """Two judged queries over two documents."""
    corpora = sets.parent / "corpora"
    rows(corpora / "bia_headnotes.jsonl", HEADNOTE)
    rows(corpora / "federal_register_immigration.jsonl", NOTICE)
    folder = sets / "retrieval"
    rows(folder / "queries.jsonl", *QUERIES)
    (folder / "universe.txt").write_text("bia:9901\nfr:2026-90001\n", encoding="utf-8")
    rows(folder / "anchors.jsonl", ANCHOR)
    (folder / "qrels.tsv").write_text("s1\tbia:9901\t2\ns2\tfr:2026-90001\t2\n", encoding="utf-8")
    return sets


def run(*words: str, tmp_path: Path) -> Result:
    config = tmp_path / "config.toml"
    config.write_text(f"[data]\nfolder = {json.dumps(str(tmp_path / 'data'))}\n", encoding="utf-8")
    return CliRunner().invoke(cli, ["--config", str(config), "evaluate", *words])


def test_topics_are_counted_by_pair_of_text_and_topic(app: App, sets: Path) -> None:
    rows(sets / "topics/held-out.jsonl", *TOPICS)
    measured = evaluate(app, sets, Ability.TOPICS).figures["topics"]
    assert measured["micro_f1"] == pytest.approx(4 / 5)
    assert measured["micro_f1_natural_mix"] == 1
    assert measured["per_topic"]["work-authorization"] == {
        "n": 1,
        "precision": None,
        "recall": 0,
        "f1": 0,
    }
    [wrong] = measured["wrong"]
    assert (wrong["missed"], wrong["stray"]) == (["work-authorization"], [])


def test_a_citation_counts_by_span_and_type_and_an_extra_one_neither_way(
    app: App, sets: Path
) -> None:
    rows(sets / "citations/some.jsonl", *CITATIONS)
    measured = evaluate(app, sets, Ability.CITATIONS).figures["citations"]
    assert (measured["precision"], measured["recall"], measured["canonical"]) == (0.5, 0.5, 1)
    assert measured["per_type"] == {
        "cfr": {
            "n": 1,
            "precision": 0.5,
            "precision_95": interval(1, 2),
            "recall": 1,
            "recall_95": interval(1, 1),
        },
        "form": {
            "n": 1,
            "precision": None,
            "precision_95": None,
            "recall": 0,
            "recall_95": interval(0, 1),
        },
    }
    assert [(wrong["text"], wrong["is"]) for wrong in measured["wrong"]] == [
        ("8 CFR", "missed"),
        ("8 CFR part 292", "stray"),
    ]


def test_a_real_change_is_found_if_the_redline_shows_its_phrases(app: App, sets: Path) -> None:
    rows(
        sets / "changes/pairs.jsonl",
        pair(sets, "raised", "raised", real_change=True, must_insert=["$200"], must_delete=["100"]),
        pair(sets, "other", "raised", real_change=True, must_insert=["$300", "fee is $200"]),
        pair(sets, "none", "same", real_change=True, must_insert=None),
        pair(sets, "alarm", "raised", real_change=False),
    )
    measured = evaluate(app, sets, Ability.CHANGES).figures["changes"]
    assert (measured["real"], measured["found"], measured["substantive"]) == (3, 1, 2)
    assert (measured["phrases"], measured["phrases_shown"]) == (4, 3)
    assert measured["precision"] == pytest.approx(2 / 3, abs=0.001)
    assert measured["missed"] == {"other": ["$300"], "none": []}
    assert (measured["controls"], measured["alarms"]) == (1, ["alarm"])


def test_notes_and_captions_of_the_two_tools_are_no_change() -> None:
    printed = f"Table of Fees\n{FILES['same']}"
    old, new = extracts.sides("sample", FILES["old"], printed, ["Table of Fees"])
    assert old.text == new.text == f"A. Filing\n{FORM}\nThe fee is $100."


def test_a_page_is_read_by_its_source_and_each_new_document_is_inserted(sets: Path) -> None:
    for capture in ("2026-01", "2026-02"):
        page = sets.parent / f"recorded/{capture}/decisions.example/volume-1.html"
        page.parent.mkdir(parents=True)
        page.write_text(capture, encoding="utf-8")
    label = {"pair": "volume-1", "real_change": True, "must_insert": ["Matter of SAMPLE"]}
    paths = (f"recorded/2026-0{month}/decisions.example/volume-1.html" for month in (1, 2))
    rows(sets / "changes/a.jsonl", {**label, **dict(zip(("old", "new"), paths, strict=True))})

    def read(page: Page) -> Reading:
        assert page.url == "https://decisions.example/volume-1"
        later = page.body == b"2026-02"
        return Reading(versions=(version("Held.", title="Matter of SAMPLE"),) if later else ())

    measured = changes.measure(changes.pairs(sets).labelled, (sets.parent,), read)
    assert (measured["real"], measured["found"]) == (1, 1)


def test_a_page_that_differs_only_in_markup_gives_nothing_at_all(app: App, sets: Path) -> None:
    label = {"real_change": False, "kind": "markup_noise"}
    for name, body in (("a", "<p class=x1>Said."), ("b", "<p class=x2>Said."), ("c", "<p>Other")):
        page = sets.parent / f"recorded/2026-0{ord(name) - 96}/example.org/page.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"<title>Sample</title>{body}</p>", encoding="utf-8")
    first, second, third = (f"recorded/2026-0{n}/example.org/page.html" for n in (1, 2, 3))
    rows(
        sets / "changes/a.jsonl",
        {"pair": "noise", "old": first, "new": second, **label},
        {"pair": "other", "old": first, "new": third, **label},
    )
    assert evaluate(app, sets, Ability.CHANGES).figures["changes"]["alarms"] == ["other"]


def test_a_couple_of_documents_is_right_if_its_relation_is_told(app: App, sets: Path) -> None:
    couple = {
        "earlier": "2026-90001",
        "later": "2026-90002",
        "earlier_title": "Sample Fees for Petitions",
        "later_title": "Meeting of the Sample Council",
        "earlier_date": "2026-01-05",
        "later_date": "2026-02-05",
    }
    rows(
        sets / "changes/couples.jsonl",
        {**couple, "relation": "unrelated"},
        {**couple, "relation": "same-series notice"},
    )
    measured = evaluate(app, sets, Ability.FEDERAL_REGISTER_PAIRS).figures["federal_register_pairs"]
    assert (measured["n"], measured["accuracy"]) == (2, 0.5)
    counted = measured["by_relation"]["same-series"]
    assert (counted["n"], counted["right"], counted["accuracy"]) == (1, 0, 0)
    assert measured["precision_of_relations"] is None  # none was joined
    [wrong] = measured["wrong"]
    assert (wrong["is"], wrong["told"]) == ("same-series", "unrelated")


def test_a_treatment_counts_by_decision_target_and_treatment_and_discussion_apart(
    app: App, sets: Path
) -> None:
    decision, marks = TREATMENTS[0], TREATMENTS[1:]
    rows(sets / "treatments/decisions.jsonl", decision, {**decision, "key": "s:2"})
    rows(sets / "treatments/treatments.jsonl", *marks)
    measured = evaluate(app, sets, Ability.TREATMENTS).figures["treatments"]
    assert (measured["n"], measured["found"], measured["right"]) == (3, 4, 2)
    assert (measured["in_part_accuracy"], measured["without_any"]) == (0.5, 1)
    assert measured["per_treatment"]["not followed"]["recall"] == 1
    assert measured["discussion"]["in running text"]["n"] == 1
    [alarm] = measured["alarms"]
    assert alarm.endswith("decisions.jsonl, line 2")
    assert sorted(
        (each["target"], each["treatment"], each["is"]) for each in measured["wrong"]
    ) == [
        ("20 I&N Dec. 901", "overruled", "stray"),
        ("21 I&N Dec. 902", "followed", "missed"),
        ("9 F.4th 903", "not followed", "stray"),
    ]


def test_a_treatment_of_no_decision_can_not_be_used(app: App, sets: Path) -> None:
    rows(sets / "treatments/decisions.jsonl", TREATMENTS[0], {"key": "s:3"})
    rows(sets / "treatments/treatments.jsonl", {**TREATMENTS[1], "key": "s:9"}, {"treatment": "x"})
    unusable = evaluate(app, sets, Ability.TREATMENTS).figures["treatments"]["unusable"]
    assert [line.partition("treatments/")[2].partition(": ")[0] for line in unusable] == [
        "decisions.jsonl, line 2",
        "treatments.jsonl, line 2",
        "treatments.jsonl, line 1",
    ]


def test_what_is_absent_is_not_measured_and_exits_3(sets: Path, tmp_path: Path) -> None:
    rows(sets / "topics/items.jsonl", *TOPICS)
    done = run("--set", str(sets), tmp_path=tmp_path)
    assert done.exit_code == 3
    assert "NOT MEASURED" in done.stdout
    assert "0.800" in done.stdout
    alone = run("--set", str(sets), "--only", "topics", tmp_path=tmp_path)
    assert (alone.exit_code, "NOT MEASURED" in alone.stdout) == (0, False)


def test_one_that_is_asked_for_and_absent_exits_3(sets: Path, tmp_path: Path) -> None:
    done = run("--set", str(sets), "--only", "retrieval", "--json", tmp_path=tmp_path)
    assert done.exit_code == 3
    assert "NOT MEASURED" in json.loads(done.stdout)["not_measured"]["retrieval"]


def test_search_is_measured_over_the_documents_of_its_universe(searched: App, judged: Path) -> None:
    figures = evaluate(searched, judged, Ability.RETRIEVAL).figures["retrieval"]
    assert (figures["n"], figures["ndcg_10"], figures["recall_10"]) == (2, 1, 1)
    assert (figures["anchor_shown"], figures["unusable"]) == (1, [])
    assert figures["per_class"]["cite"] == {
        "n": 1,
        "ndcg_10": 1,
        "recall_10": 1,
        "first_is_best": 1,
    }
    by_query = {each["qid"]: each["found"][0] for each in figures["queries"]}
    assert by_query == {"s1": "bia:9901", "s2": "fr:2026-90001"}


def test_the_store_of_a_universe_is_kept_for_the_next_time(searched: App, judged: Path) -> None:
    before = evaluate(searched, judged, Ability.RETRIEVAL)
    kept = (searched.settings.folder / "evaluation").iterdir()
    [place] = (each for each in kept if each.is_dir())
    made = (place / "made").stat().st_mtime_ns
    assert evaluate(searched, judged, Ability.RETRIEVAL) == before
    assert (place / "made").stat().st_mtime_ns == made


def test_a_set_without_a_universe_is_searched_in_that_beside_it(
    searched: App, judged: Path, tmp_path: Path
) -> None:
    held_out = tmp_path / "held-out"
    rows(held_out / "retrieval/queries.jsonl", QUERIES[0])
    (held_out / "retrieval/qrels.tsv").write_text("s1\tbia:9901\t2\n", encoding="utf-8")
    assert evaluate(searched, held_out, Ability.RETRIEVAL).figures["retrieval"]["ndcg_10"] == 1


def test_a_query_for_which_nothing_is_judged_counts_in_no_figure(
    searched: App, judged: Path
) -> None:
    rows(judged / "retrieval/queries.jsonl", *QUERIES, {"qid": "s3", "query": "nothing judged"})
    with (judged / "retrieval/qrels.tsv").open("a", encoding="utf-8") as file:
        file.write("s1 without tabs\n")
    figures = evaluate(searched, judged, Ability.RETRIEVAL).figures["retrieval"]
    assert figures["n"] == 2
    useless, unjudged = figures["unusable"]
    assert "qrels.tsv, line 3" in useless
    assert "queries.jsonl, line 3: nothing is judged" in unjudged


@pytest.mark.parametrize(
    ("found", "gain"),
    [
        (("a", "b"), 1.0),
        (("b", "a"), 0.7967),  # (1 + 3 / log2 3) / (3 + 1 / log2 3)
        (("x", "a"), 0.5213),
        (("x", "y"), 0.0),
        ((*"qrstuvwxyz", "a"), 0.0),  # the eleventh is not looked at
    ],
)
def test_gain_is_discounted_by_rank(found: tuple[str, ...], gain: float) -> None:
    assert retrieval.ndcg(found, {"a": 2, "b": 1, "x": 0}) == pytest.approx(gain, abs=1e-4)


def test_figures_count_what_was_found_judged_and_shown() -> None:
    anchor = retrieval.Anchor(qid="s", key="a", anchor="the  very words")
    query = retrieval.Query.model_validate(
        {"qid": "s", "query": "?", "class": "nl", "grades": {"a": 2, "b": 2}, "anchors": [anchor]}
    )
    answered = retrieval.Answered(query=query, keys=("x", "a"), shown={"a": "so the very words"})
    figures = retrieval.figures([answered])
    assert (figures["recall_10"], figures["judged_10"], figures["anchor_shown"]) == (0.5, 0.5, 1)
    assert figures["per_class"]["nl"]["first_is_best"] == 0


def test_json_is_one_object_and_leaves_out_what_was_not_measured(
    sets: Path, tmp_path: Path
) -> None:
    rows(sets / "topics/items.jsonl", *TOPICS)
    told = json.loads(run("--set", str(sets), "--json", tmp_path=tmp_path).stdout)
    assert told.keys() == {"topics", "not_measured"}
    assert told["not_measured"]["citations"].startswith("NOT MEASURED")


def test_a_folder_that_is_none_is_an_absent_set(tmp_path: Path) -> None:
    done = run("--set", str(tmp_path / "nowhere"), "--json", tmp_path=tmp_path)
    assert done.exit_code == 3
    assert "NOT MEASURED" in json.loads(done.stdout)["not_measured"]["changes"]


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{", r"items\.jsonl, line 2 is no JSON"),
        ("[]", r"items\.jsonl, line 2 is no JSON object"),
        ('{"title": "A", "text": "a"}', r"items\.jsonl, line 2: topics: Field required"),
        ('{"title": "A", "text": 7, "topics": []}', r"items\.jsonl, line 2: text: Input should"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_hides_no_other(
    app: App, sets: Path, line: str, named: str
) -> None:
    rows(sets / "topics/items.jsonl", TOPICS[0])
    with (sets / "topics/items.jsonl").open("a", encoding="utf-8") as file:
        file.write(line)
    measured = evaluate(app, sets, Ability.TOPICS).figures["topics"]
    assert measured["n"] == 1
    [unusable] = measured["unusable"]
    assert re.search(named, unusable)


def test_a_file_that_cannot_be_read_is_named_and_hides_no_other(app: App, sets: Path) -> None:
    rows(sets / "topics/items.jsonl", *TOPICS)
    (sets / "topics/worse.jsonl").write_bytes(b"\xff\xfe\x00")
    measured = evaluate(app, sets, Ability.TOPICS).figures["topics"]
    assert measured["n"] == 2
    assert "worse.jsonl cannot be read as UTF-8" in measured["unusable"][0]


def test_a_set_of_which_no_row_can_be_used_is_not_measured(sets: Path, tmp_path: Path) -> None:
    rows(sets / "topics/items.jsonl", {"title": "no label"})
    done = run("--set", str(sets), "--only", "topics", "--json", tmp_path=tmp_path)
    assert done.exit_code == 3
    told = json.loads(done.stdout)["not_measured"]["topics"]
    assert told.startswith("NOT MEASURED: no row") and "items.jsonl, line 1: text" in told


def test_a_page_that_is_nowhere_is_named_with_its_row_and_counts_neither_way(
    app: App, sets: Path
) -> None:
    label = {"pair": "a", "real_change": True, "old": "pairs/a/old.txt", "new": "pairs/a/new.txt"}
    rows(sets / "changes/pairs.jsonl", label, pair(sets, "raised", "raised", real_change=True))
    measured = evaluate(app, sets, Ability.CHANGES).figures["changes"]
    assert (measured["real"], measured["found"]) == (1, 1)
    assert re.search(r"pairs\.jsonl, line 1: pairs/a/old\.txt is in none", measured["unusable"][0])


@pytest.mark.parametrize(("is_real", "counted"), [(True, (1, 0, 0)), (False, (0, 0, 0))])
def test_a_page_that_cannot_be_read_is_a_change_missed_and_no_good_control(
    sets: Path, is_real: bool, counted: tuple[int, int, int]
) -> None:
    page = sets.parent / "recorded/2026-01/decisions.example/volume-1.html"
    page.parent.mkdir(parents=True)
    page.write_text("Sample", encoding="utf-8")
    sides = dict.fromkeys(("old", "new"), str(page.relative_to(sets.parent)))
    rows(sets / "changes/a.jsonl", {"pair": "a", "real_change": is_real, **sides})

    def refuse(page: Page) -> Reading:
        raise PageChanged("the listing has no table")

    measured = changes.measure(changes.pairs(sets).labelled, (sets.parent,), refuse)
    assert (measured["real"], measured["found"], measured["controls"]) == counted
    assert "line 1: the listing has no table" in measured["unusable"][0]


@pytest.mark.parametrize(
    ("part", "whole", "bounds"),
    [(0, 36, (0.0, 0.0964)), (7, 7, (0.6457, 1.0)), (50, 100, (0.4038, 0.5962))],
)
def test_an_interval_is_wilsons(part: int, whole: int, bounds: tuple[float, float]) -> None:
    assert interval(part, whole) == pytest.approx(list(bounds), abs=1e-4)


def test_a_share_of_nothing_is_none() -> None:
    assert (Score().precision, Score().recall, Score().f1) == (None, None, None)
    assert interval(0, 0) is None


def test_a_breakdown_is_a_table_of_its_own() -> None:
    figures = {"topics": {"n": 1, "per_topic": {"asylum": {"n": 1, "f1": None}}, "wrong": []}}
    first, second = table.tables(figures, {"retrieval": "not built"})
    assert (first.row_count, second.title) == (3, "topics, per topic")


def test_a_share_is_shown_with_its_interval() -> None:
    measured = {"n": 7, "recall": 1.0, "recall_95": [0.6457, 1.0], "precision_95": None}
    console = Console(width=200)
    with console.capture() as shown:
        console.print(*table.tables({"changes": measured}, {}))
    assert "1.000 (0.646 to 1.000)" in shown.get()
    assert "95 " in shown.get() and "recall 95" not in shown.get()


def test_text_from_a_set_is_no_markup_on_the_terminal() -> None:
    quoted = "see [/bold] [12 USCIS-PM J]\x1b[2J"
    figures = {"changes": {"missed": {"sample": [quoted]}, "wrong": [{"text": quoted}]}}
    console = Console(width=200)
    with console.capture() as shown:
        console.print(*table.tables(figures, {}))
    assert shown.get().count("[/bold] [12 USCIS-PM J]") == 2
    assert "\x1b[2J" not in shown.get()


def test_every_relation_that_is_read_has_a_name_in_the_set() -> None:
    assert relations.LABELS.keys() == set(RelationKind) - COURTS - {RelationKind.REPORTS}
