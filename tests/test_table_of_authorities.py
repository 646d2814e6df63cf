"""The table of authorities: groups, a brief's forms, where each appears, and its status."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import change, precedent, rule, tag, version
from cle_packets import PRINTED, packet, said, section, shelf
from test_developments import status

from alerts.cle.authorities import table
from alerts.cle.citing import Group, circuit, constitution, form, group
from alerts.cle.development import Authority, Development
from alerts.packet.content import Run, Table
from pipeline import cite
from pipeline.citator.model import StatusKind
from pipeline.model import Document, Relation, RelationKind

ASYLUM = (tag("asylum"),)
TEXT = (
    "See Matter of A-B-, 27 I&N Dec. 316 (A.G. 2018); 593 U.S. 155; 29 F.4th 123; 8 CFR 208.16(c); "
    "8 U.S.C. 1158(a); INA 208(a); 5 U.S.C. 553; 44 U.S.C. 3507; 91 FR 12345; Pub. L. 104-208; "
    "EO 14159; 12 USCIS-PM D.3(A); Form I-589; RIN 1615-AC68; the Fifth Amendment and U.S. Const. "
    "art. I, § 8."
)
ONE = change(rule(TEXT), id=7, tags=ASYLUM)


def found(**held: Any) -> dict[Group, list[str]]:
    items = [Development(number=1, change=ONE)]
    made = table(items, shelf(citations={7: cite.find(TEXT)}, **held))
    return {under: [one.words for one in members] for under, members in made.items()}


def test_authorities_are_grouped_as_lawyers_expect() -> None:
    assert found() == {
        Group.SUPREME_COURT: ["593 U.S. 155"],
        Group.APPEALS: ["29 F.4th 123"],
        Group.UNPLACED: ["27 I&N Dec. 316"],
        Group.CONSTITUTION: ["U.S. Const. amend. V", "U.S. Const. art. I, § 8"],
        Group.STATUTES: [
            "5 U.S.C. § 553",
            "44 U.S.C. § 3507",
            "Immigration and Nationality Act § 208(a), 8 U.S.C. § 1158(a)",
            "Pub. L. No. 104-208",
        ],
        Group.REGULATIONS: ["8 C.F.R. § 208.16(c)"],
        Group.REGISTER: ["91 Fed. Reg. 12,345", "91 Fed. Reg. 60,001"],
        Group.PRESIDENT: ["Exec. Order No. 14,159"],
        Group.AGENCY: ["12 USCIS Policy Manual D.3(A)"],
    }


def test_what_is_known_of_a_case_stands_in_its_citation_and_places_it() -> None:
    known = Authority(canonical="27 I&N Dec. 316", name="Matter of A-B-", court="A.G. 2018")
    made = found(authorities={known.canonical: known})
    assert made[Group.ATTORNEY_GENERAL] == ["Matter of A-B-, 27 I&N Dec. 316 (A.G. 2018)"]
    assert Group.UNPLACED not in made


@pytest.mark.parametrize(
    ("canonical", "words"),
    [
        ("8 USC § 1158", "8 U.S.C. § 1158"),
        ("8 CFR pt. 214", "8 C.F.R. pt. 214"),
        ("91 FR 9999", "91 Fed. Reg. 9999"),
        ("Proc. 10888", "Proclamation No. 10,888"),
        ("INA § 999", "Immigration and Nationality Act § 999"),
        ("PM-602-0142", "PM-602-0142"),
    ],
)
def test_a_brief_spells_an_authority_so(canonical: str, words: str) -> None:
    assert form(Authority(canonical=canonical)) == words


def test_a_part_of_what_is_held_keeps_its_place() -> None:
    chapter = version("x", citation="6 USCIS-PM F.5")
    whole = Authority(canonical="6 USCIS-PM F.5", held=chapter)
    part = Authority(canonical="6 USCIS-PM F.5(B)", held=chapter)
    assert form(whole) == "6 USCIS Policy Manual F.5"
    assert form(part) == "6 USCIS Policy Manual F.5(B)"


def test_a_court_of_appeals_is_named_with_its_circuit() -> None:
    known = Authority(canonical="29 F.4th 123", name="Doe v. Roe", court="9th Cir. 2022")
    assert circuit(known) == "Ninth"
    assert group("case_reporter", known) is Group.APPEALS


def test_amendments_are_provisions_of_the_constitution_only_in_capitals() -> None:
    assert [*constitution("the Fourteenth Amendment, the fifth amendment to the lease")] == [
        "U.S. Const. amend. XIV"
    ]


def rows(made: Any) -> dict[str, tuple[Any, ...]]:
    parts = section(made, "Table of authorities")
    return {row[0].words: row for part in parts if isinstance(part, Table) for row in part.rows}


def test_each_authority_points_to_the_sections_in_which_it_appears() -> None:
    case = precedent("8 CFR 208.16(c) applies.")
    everything = [ONE, change(case, id=8, tags=ASYLUM)]
    cited = {each.id: cite.find(each.new.text) for each in everything}
    made = packet(everything, shelf=shelf(citations=cited))
    where = rows(made)["8 C.F.R. § 208.16(c)"][2].runs
    assert [run.to for run in where if isinstance(run, Run) and run.to] == [
        "development-1",
        "development-2",
    ]
    assert "Form I-589" not in said(section(made, "Table of authorities"))


def test_its_status_is_of_the_day_of_printing_and_says_good_law_of_nothing() -> None:
    known = Authority(canonical="8 CFR § 208.16(c)", status=status())
    held = shelf(citations={7: cite.find(TEXT)}, authorities={known.canonical: known})
    row = rows(packet([ONE], shelf=held))["8 C.F.R. § 208.16(c)"]
    assert row[1].words == ("None found, as of November 22, 2026.")
    lead = section(packet([ONE]), "Table of authorities")[0].words
    assert "no word that it is good law" in lead


def test_a_negative_status_names_its_source() -> None:
    against = status(kind=StatusKind.NEGATIVE, line="negative treatment found: overruled by X")
    known = Authority(canonical="27 I&N Dec. 316", status=against)
    held = shelf(citations={7: cite.find(TEXT)}, authorities={known.canonical: known})
    row = rows(packet([ONE], shelf=held))["27 I&N Dec. 316"]
    assert row[1].words == "Negative treatment found: overruled by X." and row[1].notes


def test_what_later_documents_did_to_a_rule_is_its_status() -> None:
    final = rule("x", number="2026-3", citation="91 FR 12345")
    later = Document(source="federal_register", key="2026-9@2026-11-20", kind="rule")
    delay = Relation(kind=RelationKind.DELAYS, earlier=final.document, later=later, evidence=())
    series = replace(delay, kind=RelationKind.SAME_SERIES)
    known = Authority(
        canonical="91 FR 12345", held=final, status=status(), relations=(delay, series)
    )
    held = shelf(citations={7: cite.find(TEXT)}, authorities={known.canonical: known})
    made = packet([ONE], shelf=held)
    row = next(row for name, row in rows(made).items() if "12,345" in name or "12345" in name)
    assert row[1].words == "Effective date delayed by FR Doc. 2026-9 (November 20, 2026)."
    assert made.sources[row[1].notes[-1] - 1].words.startswith("FR Doc. 2026-9")


def test_what_nothing_held_speaks_of_has_no_status() -> None:
    made = packet([ONE], shelf=shelf(citations={7: cite.find(TEXT)}))
    assert rows(made)["593 U.S. 155"][1].words == "Nothing held says what became of it."
    assert rows(made)["U.S. Const. amend. V"][1].words.startswith("Not looked for")
    assert PRINTED.date() == shelf().on
