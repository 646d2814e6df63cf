"""Names of cases: the known item first, others of the name told apart, what isn't held said."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import pytest
from builders import version
from holding import hold
from libraries import ask, keys

from index.database import Database
from index.search.apart import numeral, parted
from pipeline.model import Version
from pipeline.query.model import Shape


def reported(key: str, name: str, citation: str, *texts: str) -> Version:
    kind = "ag-precedent" if "A.G." in citation else "bia-precedent"
    made = version(*texts, source="bia_decisions", key=key, kind=kind)
    return replace(made, title=name, citation=citation, issuer="", url=f"https://x.gov/{key}")


FIRST = reported(
    "11", "Matter of Z-Q-", "27 I&N Dec. 316 (A.G. 2018)", "Fear of gangs is weighed anew."
)
SECOND = reported("12", "Matter of Z-Q-", "28 I&N Dec. 199 (A.G. 2021)", "Nexus needs a reason.")
THIRD = reported("13", "Matter of Z-Q-", "28 I&N Dec. 307 (A.G. 2021)", "The first is vacated.")
TELLING = reported(
    "14",
    "Matter of O-T-",
    "28 I&N Dec. 351 (A.G. 2021)",
    "Matter of Z-Q-, 27 I&N Dec. 316 (A.G. 2018) (“Z-Q- I”), was vacated by "
    "Matter of Z-Q-, 28 I&N Dec. 307 (A.G. 2021) (“ Z-Q- III ”).",
)


@pytest.mark.parametrize("query", ["Matter of Z-Q-", "In re Z-Q-", "z-q-", "Matter of Z–Q–"])
def test_those_of_the_same_initials_are_all_given_the_newest_first(
    database: Database, query: str
) -> None:
    hold(database, THIRD, FIRST, SECOND, reported("2", "Matter of Z-Q-T-", "28 I&N Dec. 1 (BIA)"))
    found = ask(database, query)
    assert keys(found.hits)[:3] == ["13", "12", "11"]
    assert found.hits[0].why == ("has this name, as 3 documents do; the newest first",)
    assert [hit.citation[-6:] for hit in found.hits[:3]] == [" 2021)", " 2021)", " 2018)"]


@pytest.mark.parametrize(
    ("query", "first"), [("Matter of Z-Q- III", "13"), ("Z-Q- I", "11"), ("Matter of Z-Q- i", "11")]
)
def test_a_number_behind_a_name_is_what_texts_call_it(
    database: Database, query: str, first: str
) -> None:
    hold(database, FIRST, SECOND, THIRD, TELLING)
    found = ask(database, query)
    assert keys(found.hits)[0] == first
    assert found.hits[0].why == ("is called so in texts that are held",)
    assert {hit.why[0] for hit in found.hits[1:3]} == {"has this name, and is another decision"}


def test_a_name_given_without_a_number_tells_of_none(database: Database) -> None:
    short = "So it was in Matter of Z-Q-, 28 I&N Dec. 199 (A.G. 2021) (“Z-Q-”)."
    hold(database, FIRST, SECOND, reported("16", "Matter of O-T-", "28 I&N Dec. 360", short))
    found = ask(database, "Matter of Z-Q- II")
    assert "is not stated" in found.notes[0]
    assert all("called so" not in why for hit in found.hits for why in hit.why)


def test_a_number_that_no_text_gives_is_never_counted_out(database: Database) -> None:
    hold(database, FIRST, SECOND, THIRD)
    found = ask(database, "Matter of Z-Q- II")
    assert keys(found.hits)[:3] == ["13", "12", "11"]
    assert "which of this name is Matter of Z-Q- II is not stated in what is held" in found.notes


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Matter of Z-Q- (A.G. 2018)", "11"),
        ("Z-Q- (2018)", "11"),
        ("Matter of Z-Q- (BIA 2012)", "15"),
        ("Matter of Z-Q- (BIA)", "15"),
    ],
)
def test_a_court_or_year_behind_a_name_tells_which(
    database: Database, query: str, first: str
) -> None:
    hold(database, reported("15", "Matter of Z-Q-", "25 I&N Dec. 9 (BIA 2012)"), FIRST, SECOND)
    found = ask(database, query)
    assert keys(found.hits)[0] == first
    assert found.hits[0].why == ("has this name and court",)


def opinion(issuer: str) -> Version:
    made = version("The plaintiffs ask for a waiver.", source="court_opinions", key="moyo")
    document = replace(made.document, kind="court-opinion")
    title = "Moyo v. United States Department Of Homeland Security"
    return replace(made, document=document, title=title, citation="", issuer=issuer)


@pytest.mark.parametrize("issuer", ["United States Court of Appeals for the Second Circuit", ""])
def test_an_opinion_is_found_by_an_abbreviated_party_and_its_circuit(
    database: Database, issuer: str
) -> None:
    hold(database, opinion(issuer))
    for query in ("Moyo v. DHS (2d Cir.)", "moyo v dhs", "Moyo v. U.S. Dep't of Homeland Sec."):
        (hit,) = ask(database, query).hits
        assert hit.why[0].startswith("has this name") and "another" not in hit.why[0]


def test_an_opinion_of_another_circuit_is_said_to_be_another(database: Database) -> None:
    hold(database, opinion("United States Court of Appeals for the Second Circuit"))
    found = ask(database, "Moyo v. DHS (9th Cir. 2020)")
    assert keys(found.hits) == ["moyo"] and found.hits[0].why == ("has this name",)
    assert "which of this name is 9th Cir. 2020 is not stated in what is held" in found.notes


ACEVEDA = reported(
    "21", "Matter of CORANDO ACEVEDA", "28 I&N Dec. 648 (A.G. 2022)", "Judges may close cases."
)


@pytest.mark.parametrize(
    "query", ["Matter of Corando Aceveda", "Matter of Corando-Aceveda", "corando aceveda"]
)
def test_hyphens_spaces_and_case_make_no_difference(database: Database, query: str) -> None:
    hold(database, ACEVEDA)
    assert ask(database, query).hits[0].why == ("has this name",)


@pytest.mark.parametrize(
    "query", ["Matter of Corando Acebeda", "Corando Acebeda", "matter of corrando aceveda"]
)
def test_a_misspelt_name_finds_what_is_named_nearly_so_and_says_it(
    database: Database, query: str
) -> None:
    hold(database, ACEVEDA)
    found = ask(database, query)
    assert found.hits[0].why == ("is named nearly so",)
    assert found.notes[0] == "nothing held is named just so: these are named nearly so"


@pytest.mark.parametrize("query", ["Matter of Kastro Tumm", "Kastro-Tumm", "matter of kastro-tum"])
def test_a_case_that_is_only_cited_brings_what_cites_it_and_is_said_not_to_be_held(
    database: Database, query: str
) -> None:
    cited = "Under Matter of Kastro-Tumm, 27 I&N Dec. 271 (A.G. 2018), judges may not close cases."
    hold(database, reported("31", "Matter of O-T-", "28 I&N Dec. 326 (A.G. 2021)", cited))
    found = ask(database, query)
    assert keys(found.hits) == ["31"] and found.hits[0].why[0].startswith("cites what")
    assert "Matter of Kastro-Tumm, 27 I&N Dec. 271 (A.G. 2018) itself is not held" in found.notes


def test_a_misspelt_name_is_no_shorter_name_with_a_question_behind(database: Database) -> None:
    other = reported("32", "Matter of KASTRO", "14 I&N Dec. 492 (BIA 1973)", "A bond is set.")
    meant = reported("33", "Matter of KASTRO-TUMM", "27 I&N Dec. 271 (A.G. 2018)", "Cases close.")
    hold(database, other, meant)
    found = ask(database, "Matter of Kastro Tunm")
    assert found.hits[0].document.key == "33" and found.hits[0].why == ("is named nearly so",)
    assert keys(ask(database, "Matter of Kastro bond").hits)[0] == "32"


def test_an_opinion_without_its_citation_may_be_the_one_that_others_cite(
    database: Database,
) -> None:
    said = "See Moyo v. DHS, 975 F.3d 120 (2d Cir. 2020)."
    hold(database, opinion(""), reported("34", "Matter of O-T-", "28 I&N Dec. 5 (BIA 2020)", said))
    found = ask(database, "Moyo v. DHS")
    assert keys(found.hits) == ["moyo", "34"] and found.notes == ()


def test_a_name_that_nothing_bears_or_cites_is_said_to_be_unknown(database: Database) -> None:
    hold(database, ACEVEDA)
    found = ask(database, "Matter of Nobody-Knows")
    assert found.shape is Shape.NAME
    assert found.notes[0] == "nothing held bears the name Matter of Nobody-Knows, or cites it"
    assert not any("name" in why for hit in found.hits for why in hit.why)


def test_a_name_outside_the_filters_is_said_to_be_held(database: Database) -> None:
    hold(database, ACEVEDA)
    found = ask(database, "Matter of Corando Aceveda", sources=["federal_register"])
    assert found.hits == ()
    assert "Matter of Corando Aceveda itself is held, but outside what was asked for" in found.notes


def test_words_behind_a_name_are_asked_beside_it(database: Database) -> None:
    other = reported("41", "Matter of O-T-", "28 I&N Dec. 900 (BIA 2024)", "Bond is for flight.")
    hold(database, ACEVEDA, other)
    assert keys(ask(database, "Matter of Corando Aceveda bond").hits) == ["21", "41"]


def test_ordinary_words_are_no_name(database: Database) -> None:
    hold(
        database,
        reported("51", "Matter of O-T-", "28 I&N Dec. 1 (BIA 2020)", "See Bond v. United States."),
        reported("52", "Matter of MARTIN", "28 I&N Dec. 2 (BIA 2020)", "On bond for the Martins."),
    )
    assert "name" not in ask(database, "bond").hits[0].why[0]


def test_a_name_is_parted_from_its_court_and_number() -> None:
    assert parted("Moyo v. DHS (2d Cir.)") == ("Moyo v. DHS", "2d Cir.")
    assert parted("Matter of A-B-") == ("Matter of A-B-", "")
    assert [numeral(each) for each in ("A-B- III", "A-B- ii", "A-B-", "Viii")] == [
        "III",
        "II",
        "",
        "",
    ]


def test_unpublished_decisions_of_a_name_stand_by_their_year(database: Database) -> None:
    made = reported("61", "Matter of Y-Y-", "Y-Y- (BIA Dec 11, 2018)")
    unpublished = replace(made.document, source="other", kind="bia-unpublished")
    newer = reported("62", "Matter of Y-Y-", "28 I&N Dec. 3 (BIA 2020)")
    hold(database, newer, replace(made, document=unpublished))
    assert keys(ask(database, "Matter of Y-Y-").hits) == ["62", "61"]


@pytest.mark.parametrize("text", [" " * 20_000, ", " * 10_000, "(a) " * 5_000 + "x"])
def test_a_long_query_is_parted_in_no_time(text: str) -> None:
    began = process_time()
    parted(text)
    assert process_time() - began < 0.3
