"""The draft check: one list of verdicts for each citation, and nothing of the draft kept."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
import sys
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import rule, stated, version
from holding import hold
from publisher import NOW, page
from typer.testing import CliRunner

from crawlers.sources.bia_decisions import BiaDecisionsSpider
from index import drafts, keyword
from index.database import Database
from lexwatch.cli import cli, main
from pipeline.citator.check import Asked, check
from pipeline.citator.draft import typed
from pipeline.citator.held import Authority, Called
from pipeline.citator.model import Coverage, Forum
from pipeline.citator.resolve import citations
from pipeline.citator.verdict import Checked, Level, VerdictKind
from pipeline.citator.worth import worth
from pipeline.errors import StoreError
from pipeline.model import (
    Block,
    BlockKind,
    Citation,
    DateKind,
    Document,
    NoteMark,
    Version,
)

TODAY = date(2026, 11, 22)
CLIENT = "Zebulon Quackenbush"


def decision(*texts: str | Block, key: str, name: str, at: str, form: str = "") -> Version:
    """An invented precedent; `at` is its citation."""
    return version(
        *texts,
        source="sample",
        key=key,
        kind="ag-precedent" if "A.G." in at else "bia-precedent",
        title=f"Matter of {name}",
        citation=at,
        issuer="Attorney General" if "A.G." in at else "Board of Immigration Appeals",
        url=f"https://example.gov/{key}",
        metadata={"text": form} if form else {},
    )


FULL = decision(
    Block(kind=BlockKind.PARAGRAPH, text="A lantern carried at noon is no lantern at all."),
    Block(
        kind=BlockKind.PARAGRAPH,
        text="We hold that the gatekeeper shall not refuse a traveller who carries a lit lantern. "
        "The burden of showing oil enough for the journey rests with the traveller.",
        page="500",
        marks=(NoteMark(offset=84, label="*501"),),
    ),
    key="9950",
    name="Q-L-",
    at="99 I&N Dec. 500 (BIA 2020)",
)
OVERRULED = decision(
    "A keeper must appeal in person.",
    key="9910",
    name="S-T-",
    at="99 I&N Dec. 10 (BIA 2018)",
    form="headnote only",
)
OVERRULING = decision(
    "Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), is overruled. Matter of N-H-, 98 I&N Dec. 7 (BIA "
    "2001), followed.",
    key="9920",
    name="U-V-",
    at="99 I&N Dec. 20 (A.G. 2021)",
    form="headnote only",
)
CITING = decision(
    "Matter of N-H-, 98 I&N Dec. 7 (BIA 2001), reaffirmed.",
    key="9930",
    name="R-",
    at="99 I&N Dec. 30 (BIA 2023)",
    form="headnote only",
)
CHAPTER = version("Officers must count lamps twice.", source="sample", key="chapter")


def paper(published: date, title: str, action: str, effective: date) -> Version:
    """An invented rule of the Federal Register, numbered by its day."""
    number = f"{published:%Y-%m%d}1"
    return replace(
        rule("An invented text about asylum.", title=title, number=number),
        document=Document(source="sample", key=f"{number}@{published}", kind="rule"),
        citation=f"91 FR 4{published:%m%d}",
        dates=(stated(DateKind.PUBLISHED, published), stated(DateKind.EFFECTIVE, effective)),
        metadata={"document_number": number, "action": action},
    )


RULE = paper(date(2026, 8, 3), "Sample Petitioners", "Final rule.", date(2026, 10, 1))
DELAY = paper(
    date(2026, 9, 14),
    "Sample Petitioners; Delay of Effective Date",
    "Final rule; delay of effective date.",
    date(2026, 12, 1),
)


def checked(
    database: Database, text: str, since: date | None = None, forum: Forum | None = None
) -> tuple[Checked, ...]:
    draft = typed(text)
    cited = citations(draft.blocks)
    with drafts.read_only(database) as connection:
        known, coverage = drafts.authorities(connection, cited, forum, TODAY)
    return check(draft, cited, known, Asked(since=since, coverage=coverage))


def kinds(one: Checked) -> list[VerdictKind]:
    return [verdict.kind for verdict in one.verdicts]


def words(one: Checked, kind: VerdictKind) -> str:
    return next(verdict.words for verdict in one.verdicts if verdict.kind is kind)


def test_a_citation_that_agrees_with_what_is_held_needs_nothing(database: Database) -> None:
    hold(database, FULL)
    [one] = checked(database, "See Matter of Q-L-, 99 I. & N. Dec. 500, 501 (BIA 2020).")
    assert kinds(one) == [VerdictKind.HELD, VerdictKind.NONE_FOUND]
    assert one.level is Level.NOTED
    assert words(one, VerdictKind.NONE_FOUND) == "no negative treatment found"


def test_of_a_rule_it_is_not_said_that_it_is_treated(database: Database) -> None:
    hold(database, CHAPTER)
    [one] = checked(database, "See 6 USCIS-PM F.5.")
    assert words(one, VerdictKind.NONE_FOUND) == "nothing found that strikes, limits or replaces it"


def test_a_citation_that_nothing_knows_is_told_by_the_name_that_is_known_elsewhere(
    database: Database,
) -> None:
    hold(database, OVERRULED, OVERRULING, CITING)
    slip, cited, other, *_, court = checked(
        database,
        "Matter of S-T-, 99 I&N Dec. 100 (BIA 2018).\n\nMatter of N-H-, 97 I&N Dec. 70 (BIA 2001)."
        "\n\nMatter of S-T-, 99 I&N Dec. 12 (BIA 2012).\n\nMatter of S-T-, 99 F.4th 11.",
    )
    assert slip.level is cited.level is Level.ATTENTION
    said = words(slip, VerdictKind.RENUMBERED)
    assert "we know Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), which we hold: negative" in said
    assert "overruled by Matter of U-V-" in said
    assert "98 I&N Dec. 7 (BIA 2001), which held documents cite" in words(
        cited, VerdictKind.RENUMBERED
    )
    for each in (other, court):  # of another year, and in another reporter
        assert VerdictKind.RENUMBERED not in kinds(each)


def test_another_name_at_a_place_is_told_with_what_is_known_of_it(database: Database) -> None:
    hold(database, FULL, OVERRULED)
    [one] = checked(database, "See Matter of S-T-, 99 I&N Dec. 500 (BIA 2018).")
    assert words(one, VerdictKind.DISAGREES).endswith(
        "Of that name we know Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), which we hold"
    )


def test_a_short_form_is_told_the_case_of_its_name_that_has_its_page(database: Database) -> None:
    hold(database, FULL, OVERRULED, OVERRULING)
    wrong, fits, beyond = checked(
        database,
        "Matter of S-T-, 98 I&N Dec. 10 (BIA 2018). S-T-, 99 I&N Dec. at 12. S-T-, 99 I&N Dec. at "
        "21.",
    )
    assert VerdictKind.RENUMBERED in kinds(wrong)
    said = words(fits, VerdictKind.UNRESOLVED)
    assert "It fits Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), which we hold: negative" in said
    assert "It fits" not in words(beyond, VerdictKind.UNRESOLVED)


def test_words_of_a_headnote_that_the_draft_altered_are_told(database: Database) -> None:
    hold(database, OVERRULING)
    _, one = checked(
        database,
        "“Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), is affirmed.” Matter of U-V-, 99 I&N Dec. 20, "
        "22 (A.G. 2021).",
    )
    [differs] = [each for each in one.verdicts if each.kind is VerdictKind.HEADNOTE_DIFFERS]
    assert one.level is Level.ATTENTION
    assert differs.held == "Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), is overruled."
    assert [(each.held, each.draft) for each in differs.differing] == [("overruled.", "affirmed")]
    assert VerdictKind.HEADNOTE not in kinds(one)
    assert "page 22; only the headnote is held" in words(one, VerdictKind.PIN_UNCHECKED)


def test_a_pin_of_a_short_form_is_not_passed_where_only_the_headnote_is_held(
    database: Database,
) -> None:
    hold(database, OVERRULED)
    _, short = checked(
        database, "Matter of S-T-, 99 I&N Dec. 10 (BIA 2018). S-T-, 99 I&N Dec. at 12."
    )
    assert words(short, VerdictKind.PIN_UNCHECKED).startswith("the draft cites page 12;")


def test_words_of_a_headnote_cited_to_another_authority_are_told(database: Database) -> None:
    hold(database, OVERRULED, OVERRULING)
    quoted = "“Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), is overruled.” {}"
    _, *wrong = checked(
        database,
        "See Matter of U-V-, 99 I&N Dec. 20 (A.G. 2021).\n\n"
        + quoted.format("Matter of S-T-, 99 I&N Dec. 10, 13 (BIA 2018).")
        + "\n\n"
        + quoted.format("Matter of X-Y-, 97 I&N Dec. 11 (BIA 2011)."),
    )
    told = [
        verdict.words
        for each in wrong
        for verdict in each.verdicts
        if verdict.kind is VerdictKind.MISATTRIBUTED
    ]
    assert len(told) == 2
    assert all("in the headnote of Matter of U-V-, 99 I&N Dec. 20" in each for each in told)
    assert "not in the headnote of Matter of S-T-" in told[0]
    assert "the text of 97 I&N Dec. 11 is not held" in told[1]


def test_a_stated_reinstatement_of_what_nothing_undid_says_for_which_circuit(
    database: Database,
) -> None:
    back = decision(
        "Matter of N-H-, 98 I&N Dec. 7 (BIA 2001), is reinstated in the Court of Appeals for the "
        "First Circuit.",
        key="9940",
        name="W-",
        at="99 I&N Dec. 40 (BIA 2024)",
        form="headnote only",
    )
    hold(database, back)
    one, again = checked(
        database,
        "Matter of N-H-, 98 I&N Dec. 7 (BIA 2001).\n\nMatter of N-H-, 98 I&N Dec. 7 (BIA 2001).",
    )
    [verdict] = [each for each in one.verdicts if each.kind is VerdictKind.REINSTATED]
    assert verdict.label == "a stated reinstatement found in the First Circuit"
    assert words(again, VerdictKind.SAME).endswith(verdict.label)


def test_another_name_than_the_one_held_is_told(database: Database) -> None:
    hold(database, FULL)
    [one] = checked(database, "See Matter of L-E-A-, 99 I&N Dec. 500 (BIA 2020).")
    assert words(one, VerdictKind.DISAGREES) == (
        "the draft calls 99 I&N Dec. 500 Matter of L-E-A-; what we hold there is Matter of Q-L-"
    )


@pytest.mark.parametrize("court", ["BIA 2019", "A.G. 2020"])
def test_another_court_or_year_than_the_one_held_is_told(database: Database, court: str) -> None:
    hold(database, FULL)
    [one] = checked(database, f"See Matter of Q-L-, 99 I&N Dec. 500 ({court}).")
    assert words(one, VerdictKind.DISAGREES) == (
        f"the draft has ({court}); what we hold has (BIA 2020)"
    )


def test_a_name_is_compared_with_what_held_texts_call_what_is_not_held(
    database: Database,
) -> None:
    hold(database, OVERRULING, CITING)
    wrong, right = checked(
        database,
        "See Matter of B-C-, 98 I&N Dec. 7 (BIA 2001).\n\nMatter of N-H-, 98 I&N Dec. 7 (BIA 2001)",
    )
    assert "held documents cite it as Matter of N-H-" in words(wrong, VerdictKind.DISAGREES)
    assert VerdictKind.NOT_HELD in kinds(wrong)
    assert VerdictKind.DISAGREES not in kinds(right)


def test_what_is_not_held_is_never_said_not_to_exist(database: Database) -> None:
    hold(database, FULL)
    said = checked(
        database,
        "Matter of Q-L-, 98 I&N Dec. 3 (BIA 2002). Poe v. Roe, 410 U.S. 113 (1973). INA § 208.",
    )
    first = words(said[0], VerdictKind.NOT_HELD)
    assert "of about 4,150 precedents we hold 1, of volume 98 none" in first
    assert "Of that name we hold Matter of Q-L-, 99 I&N Dec. 500 (BIA 2020)" in first
    assert "court decisions are not held as a rule" in words(said[1], VerdictKind.NOT_HELD)
    assert "statutes are not held as a rule" in words(said[2], VerdictKind.NOT_HELD)
    assert not re.search(r"exist|invalid|wrong|fake", " ".join(map(str, said)))
    assert [each.level for each in said] == [Level.ELSEWHERE] * 3


def test_negative_treatment_is_told_where_it_stands_and_once(database: Database) -> None:
    hold(database, OVERRULED, OVERRULING)
    first, later = checked(
        database,
        "Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), governs.\n\n"
        "See Matter of S-T-, 99 I&N Dec. 10.",
    )
    verdict = first.verdicts[0]
    assert verdict.kind is VerdictKind.NEGATIVE
    assert verdict.status is not None
    assert verdict.status.findings[0].citation == "99 I&N Dec. 20 (A.G. 2021)"
    assert words(later, VerdictKind.SAME) == "99 I&N Dec. 10: see no. 1: treated negatively"


def test_a_quotation_is_found_on_its_page(database: Database) -> None:
    hold(database, FULL)
    right, wrong = checked(
        database,
        "“[T]he gatekeeper shall not refuse a traveller.” Matter of Q-L-, 99 I&N Dec. 500, 500 "
        "(BIA 2020). “The burden of showing oil enough . . . rests with the traveller.” Id. at "
        "500.",
    )
    assert VerdictKind.PIN_RIGHT in kinds(right)
    assert words(wrong, VerdictKind.PIN_WRONG) == (
        "the words quoted stand on page 501; the draft cites page 500"
    )


def test_a_quotation_in_other_words_or_of_other_words_is_told(database: Database) -> None:
    hold(database, FULL, CHAPTER)
    other, absent, headnote = checked(
        database,
        "“[T]he gatekeeper may not refuse a traveller.” Matter of Q-L-, 99 I&N Dec. 500 (BIA 2020)."
        "\n\n“The moon has seas of dust and no water.” Matter of Q-L-, 99 I&N Dec. 500 (BIA 2020)."
        "\n\n“A lantern carried at noon is no lantern.” See Matter of Q-L-, 99 I&N Dec. 500 (BIA "
        "2020).",
    )
    [differs] = [each for each in other.verdicts if each.kind is VerdictKind.DIFFERS]
    assert [(each.held, each.draft) for each in differs.differing] == [("shall", "may")]
    assert VerdictKind.MISQUOTED in kinds(absent)
    assert words(headnote, VerdictKind.HEADNOTE).endswith(
        "no part of the opinion; they are not in the opinion"
    )


def test_words_of_another_authority_of_the_draft_are_told_to_be_its(database: Database) -> None:
    hold(database, FULL, CHAPTER)
    wrong, _ = checked(
        database,
        "“Officers must count lamps twice.” Matter of Q-L-, 99 I&N Dec. 500 (BIA 2020).\n\n"
        "See 6 USCIS-PM F.5.",
    )
    said = words(wrong, VerdictKind.MISATTRIBUTED)
    assert "6 USCIS-PM F.5, which the draft cites too; not in the text" in said


def test_words_that_may_be_of_the_record_are_no_misquotation(database: Database) -> None:
    hold(database, FULL)
    text = "The traveller {} “they took my lamp from me,” contrary to {}."
    [one] = checked(
        database, text.format("testified", "Matter of Q-L-, 99 I&N Dec. 500 (BIA 2020)")
    )
    assert VerdictKind.MISQUOTED not in kinds(one)
    assert "it can't be told whose words are quoted" in words(one, VerdictKind.UNCHECKED)
    assert one.level is Level.ELSEWHERE


def test_quotations_before_several_citations_go_to_those_that_have_them(
    database: Database,
) -> None:
    hold(database, FULL, CHAPTER)
    first, second = checked(
        database,
        "The Board said “the gatekeeper shall not refuse a traveller,” and “Officers must count "
        "lamps twice.” Matter of Q-L-, 99 I&N Dec. 500, 500 (BIA 2020); 6 USCIS-PM F.5.",
    )
    assert VerdictKind.PIN_RIGHT in kinds(first)
    assert VerdictKind.MISQUOTED not in kinds(first)
    assert VerdictKind.QUOTED in kinds(second)


def test_a_not_under_dots_needs_attention(database: Database) -> None:
    hold(database, FULL)
    [one] = checked(
        database,
        "“[T]he gatekeeper shall . . . refuse a traveller.” Matter of Q-L-, 99 I&N Dec. 500, 500 "
        "(BIA 2020).",
    )
    assert words(one, VerdictKind.TURNED) == "words left out: “not”"
    assert VerdictKind.QUOTED not in kinds(one)
    assert one.level is Level.ATTENTION


def test_negative_treatment_stands_before_slips() -> None:
    order = [*VerdictKind]
    assert order[:2] == [VerdictKind.NEGATIVE, VerdictKind.CONTESTED]


def test_names_that_are_empty_are_not_told() -> None:
    called = (
        Called(name="", court="BIA 2001", times=4),
        Called(name="Matter of N-", court="", times=1),
    )
    [verdict, *_] = worth(
        Authority(canonical="5 F.3d 1", called=called),
        Citation(raw="5 F.3d 1", start=0, end=8, kind="case_reporter", canonical="5 F.3d 1"),
        Coverage(decisions=0, volumes=(), full_texts=0, as_of=None),
        None,
    )
    assert verdict.words.endswith("Held documents cite it as Matter of N-")


def test_a_quotation_can_only_be_checked_where_the_text_is_held(database: Database) -> None:
    hold(database, OVERRULED)
    listed, absent = checked(
        database,
        "“Keepers who sleep lose their keys.” Matter of S-T-, 99 I&N Dec. 10, 12 (BIA 2018).\n\n"
        "“Keepers who sleep lose their keys.” Matter of X-X-, 99 I&N Dec. 90, 92 (BIA 2018).",
    )
    assert "only the headnote is held" in words(listed, VerdictKind.UNCHECKED)
    assert "we don't hold its text" in words(absent, VerdictKind.UNCHECKED)


def test_a_quotation_of_which_no_authority_can_be_told_is_not_passed_over(
    database: Database,
) -> None:
    hold(database, FULL)
    [short, _] = checked(
        database,
        "“The burden of showing oil enough for the journey rests with the traveller.” Id. at 501."
        "\n\nMatter of Q-L-, 99 I&N Dec. 500 (BIA 2020).",
    )
    said = words(short, VerdictKind.UNCHECKED)
    assert said.startswith("what is cited for it can't be told; these words stand on page 501 of")


def test_the_page_of_an_altered_quotation_is_that_of_the_nearest_passage(
    database: Database,
) -> None:
    hold(database, FULL)
    [one] = checked(
        database,
        "“[T]he gatekeeper may not refuse a traveller.” Matter of Q-L-, 99 I&N Dec. 500, 500 (BIA "
        "2020).",
    )
    assert words(one, VerdictKind.PIN_RIGHT) == (
        "the passage nearest to the quotation stands on page 500, as cited"
    )


def test_a_page_that_a_decision_does_not_have_is_told(database: Database) -> None:
    hold(database, FULL, OVERRULED, OVERRULING)
    before, after, next_one = checked(
        database,
        "Matter of Q-L-, 99 I&N Dec. 500, 499 (BIA 2020).\n\nMatter of Q-L-, 99 I&N Dec. 500, 502 "
        "(BIA 2020).\n\nMatter of S-T-, 99 I&N Dec. 10, 21 (BIA 2018).",
    )
    assert "begins on page 500" in words(before, VerdictKind.PIN_WRONG)
    assert "ends on page 501" in words(after, VerdictKind.PIN_WRONG)
    assert "on page 20 another decision begins" in words(next_one, VerdictKind.PIN_WRONG)


def test_a_text_that_changed_is_told_with_the_day(database: Database) -> None:
    changed = replace(CHAPTER, blocks=version("Officers may count lamps once a year.").blocks)
    hold(database, CHAPTER, changed)
    cited = "See 6 USCIS-PM F.5."
    since = NOW.date()
    [one] = checked(database, cited, since)
    assert "its text changed in substance since" in words(one, VerdictKind.CHANGED)
    [later] = checked(database, cited, since + timedelta(days=5))
    assert "no change of its text was seen since" in words(later, VerdictKind.LAST_CHANGED)
    [earlier] = checked(database, cited, since - timedelta(days=50))
    assert "is not known here" in words(earlier, VerdictKind.CHANGE_UNKNOWN)
    [undated] = checked(database, cited)
    assert "its text changed last on" in words(undated, VerdictKind.LAST_CHANGED)


def test_what_later_documents_did_to_a_rule_is_told(database: Database) -> None:
    hold(database, RULE, DELAY)
    [one] = checked(database, f"See {RULE.citation}.")
    assert words(one, VerdictKind.ACTED_ON) == "later documents or courts acted on it (delays)"
    assert [each.later.key for each in one.verdicts[0].relations] == [DELAY.document.key]


def test_parallel_citations_that_are_no_twins_are_told(database: Database) -> None:
    wrong, *_ = checked(database, "INA § 208, 8 U.S.C. § 1182, and INA § 208, 8 U.S.C. § 1158.")
    told = words(wrong, VerdictKind.PARALLELS)
    assert "INA § 208 and 8 USC § 1182" in told
    assert told.endswith(": INA § 208 is 8 USC § 1158; 8 USC § 1182 is INA § 212")


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("He is held under INA § 236(a). He came in 1990.", False),
        ("He is held under INA § 236(a), and came on 5 March 2020 with $1990.", False),
        ("He is held under INA § 236(a) and 8 U.S.C. § 1953.", False),
        ("He was excluded under INA § 236(a), 8 U.S.C. § 1226(a) (1994).", True),
        ("He was excluded on June 5, 1996, under INA § 236.", True),
        ("Under former INA § 236 he was excluded.", True),
        ("He seeks a waiver under INA § 212(c).", True),  # nothing stands there today
        ("He was served under 8 C.F.R. § 3.13.", True),
        ("He seeks protected status under 8 U.S.C. § 1254a.", False),
    ],
)
def test_what_stood_under_a_number_is_told_where_it_can_be_meant(
    text: str, *, is_told: bool, database: Database
) -> None:
    one, *_ = checked(database, text)
    assert (VerdictKind.FORMERLY in kinds(one)) is is_told


def test_what_stood_under_a_number_is_told_once(database: Database) -> None:
    cited = checked(
        database, "See INA § 236. Former INA § 236 was of 1952. Until 1997 INA § 236 went on."
    )
    assert [VerdictKind.FORMERLY in kinds(each) for each in cited] == [False, True, False]


def test_a_short_form_that_takes_up_nothing_is_told(database: Database) -> None:
    [short] = checked(database, "27 I&N Dec. at 320.")
    assert kinds(short) == [VerdictKind.UNRESOLVED]
    [same] = checked(database, "Id. at 5.")
    assert kinds(same) == [VerdictKind.UNTRACED]
    assert same.level is Level.ELSEWHERE


def test_a_connection_for_drafts_writes_nothing(database: Database) -> None:
    with pytest.raises(StoreError, match="readonly"), drafts.read_only(database) as connection:
        connection.exec_driver_sql("INSERT INTO fact VALUES ('draft', 'kept')")


def _sampled(given: Version) -> Version:
    return replace(given, document=replace(given.document, source="sample"))


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A settings file whose data folder holds two decisions."""
    folder = tmp_path / "data"
    folder.mkdir()
    database = Database(f"sqlite:///{folder / 'lexwatch.db'}")
    with database.write() as connection:
        keyword.prepare(connection)
    hold(database, FULL, OVERRULED, OVERRULING)
    database.close()
    path = tmp_path / "config.toml"
    path.write_text(f"[data]\nfolder = {json.dumps(str(folder))}\n", encoding="utf-8")
    return path


BRIEF = (
    f"On behalf of {CLIENT}: Matter of S-T-, 99 I&N Dec. 10 (BIA 2018).\n\n"
    "“[T]he gatekeeper may not refuse a traveller.” Matter of Q-L-, 99 I&N Dec. 500, 501 (BIA "
    "2020)."
)


def run(config: Path, *said: str, typed_in: str = "") -> str:
    done = CliRunner().invoke(
        cli, ["--config", str(config), "check-draft", *said], input=typed_in, catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.stdout


def test_what_needs_attention_comes_first_then_every_citation_in_order(office: Path) -> None:
    shown = run(office, "-", typed_in=BRIEF)
    assert "2 need attention" in shown
    assert shown.index("Treated negatively") < shown.index("Quotation differs")
    assert shown.index("no. 1, paragraph 1") < shown.index("1. Matter of S-T-")
    assert shown.index("1. Matter of S-T-") < shown.index("2. Matter of Q-L-")
    assert "“shall” in the text held, “may” in the draft" in shown
    assert "Nothing of the draft was kept" in " ".join(shown.split())


def test_what_must_be_checked_elsewhere_is_listed_by_number(office: Path) -> None:
    text = (
        "“Keepers who sleep lose their keys.” Matter of S-T-, 99 I&N Dec. 10, 12 (BIA 2018).\n\n"
        "Matter of K-M-, 98 I&N Dec. 9 (BIA 2001).\n\nMatter of K-N-, 98 I&N Dec. 5 (BIA 2001)."
    )
    shown = " ".join(run(office, "-", typed_in=text).split())
    assert (
        "3 to check elsewhere (some for more than one reason; some need attention too) "
        "not held: nos. 2, 3 quotation not checked: no. 1 pin page not checked: no. 1 1. Matter"
    ) in shown


def test_what_it_means_that_nothing_was_found_is_said_once(office: Path) -> None:
    text = "Matter of Q-L-, 99 I&N Dec. 500 (BIA 2020). Matter of U-V-, 99 I&N Dec. 20 (A.G. 2021)."
    shown = " ".join(run(office, "-", typed_in=text).split())
    assert shown.count("no negative treatment found") == 3  # of each, and what it means
    assert shown.count("never that something is good law or in force") == 1


def test_a_quotation_is_shown_once_for_each_citation(office: Path) -> None:
    shown = run(office, "-", typed_in=BRIEF)
    assert shown.count("may not refuse a traveller.”") == 1


def test_what_dots_leave_out_is_always_shown(office: Path) -> None:
    text = "“[T]he gatekeeper shall{} . . . a lit lantern.” Matter of Q-L-, 99 I&N Dec. 500, 500."
    shown = " ".join(run(office, "-", typed_in=text.format(" not refuse")).split())
    assert "left out: “a traveller who carries”" in shown
    turned = " ".join(run(office, "-", typed_in=text.format("")).split())
    assert "left out: “not refuse a traveller who carries”" in turned
    assert "a word that denies or limits: words left out: “not”" in turned
    assert "held: “the gatekeeper shall not refuse" in turned


def test_rows_for_programs_have_stable_keys(office: Path, tmp_path: Path) -> None:
    file = tmp_path / "brief.txt"
    file.write_text(BRIEF, encoding="utf-8")
    told: dict[str, Any] = json.loads(run(office, str(file), "--json"))
    assert told["counts"] == {"attention": 2, "elsewhere": 0, "noted": 0}
    one = told["citations"][0]
    assert set(one) == {
        *("number", "place", "level", "words", "kind", "name", "court", "pin", "authority", "link"),
        "verdicts",
    }
    assert set(one["verdicts"][0]) == {
        *("verdict", "label", "level", "words", "quoted", "held", "differing", "covered", "status"),
        "relations",
    }
    assert one["verdicts"][0]["verdict"] == "negative"


def test_a_terminal_is_told_nothing_that_acts(office: Path) -> None:
    hostile = (
        "“The gatekeeper \u202emay not\u009b2J refuse [/bold]a traveller.” Matter of Q-L-, 99 I&N "
        "Dec. 500 (BIA 2020)."
    )
    shown = run(office, "-", typed_in=hostile)
    assert "refuse [/bold]a traveller" in " ".join(shown.split())
    assert not re.search("[\x1b\x9b\u202e]", shown)


def test_nothing_of_a_draft_is_kept(
    office: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    kept, temporary = office.parent / "data", tmp_path / "temporary"
    temporary.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.chdir(tmp_path)
    run(office, "-", typed_in="Nothing is cited here.")  # what any first run leaves
    before = contents(tmp_path)
    with caplog.at_level(logging.DEBUG):
        run(office, "-", typed_in=BRIEF)
        run(office, "-", "--json", "--since", "2026-01-01", typed_in=BRIEF)
    assert contents(tmp_path) == before
    assert not list(temporary.iterdir())
    assert CLIENT not in caplog.text
    assert "gatekeeper may not" not in caplog.text
    assert all(
        CLIENT.encode() not in file.read_bytes() for file in kept.rglob("*") if file.is_file()
    )


def contents(folder: Path) -> dict[str, str]:
    return {
        str(file): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_an_error_quotes_nothing_of_the_draft(
    office: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "brief.pdf"
    file.write_bytes(b"%PDF-1.7 " + CLIENT.encode())
    monkeypatch.setattr(
        sys, "argv", ["lexwatch", "--config", str(office), "check-draft", str(file)]
    )
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert f"{file} can't be checked: this PDF is damaged" in said
    assert CLIENT not in said


def test_a_real_decision_is_quoted_rightly_and_wrongly(shared: Path, database: Database) -> None:
    body = (shared / "recorded/2016-12/www.justice.gov/eoir/page/file/920996.pdf").read_bytes()
    address = "https://www.justice.gov/eoir/page/file/920996/download"
    given = replace(
        page({}, NOW, address),
        source="bia_decisions",
        body=body,
        context={"eoir_id": "3882", "words": "DHANASAR, 26 I&N Dec. 884 (AAO 2016)"},
    )
    [held] = BiaDecisionsSpider.read(given).versions
    hold(database, _sampled(held))
    name = "Matter of Dhanasar, 26 I&N Dec. 884, {} (AAO 2016)."
    opinion = next(block for block in held.blocks if block.page == "892" and block.marks)
    quoted = " ".join(opinion.text.split()[:12])
    right, wrong, altered = checked(
        database,
        f"“{quoted}” {name.format(892)}\n\n“{quoted}” {name.format(885)}\n\n"
        f"“{quoted.replace(quoted.split()[5], 'walrus', 1)}” {name.format(892)}",
    )
    assert VerdictKind.PIN_RIGHT in kinds(right)
    assert VerdictKind.PIN_WRONG in kinds(wrong)
    assert VerdictKind.DIFFERS in kinds(altered)
    assert VerdictKind.DISAGREES not in kinds(right)
