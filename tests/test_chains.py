"""The chains of the corpora, as a lawyer would ask of them; docs/accuracy.md explains each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from builders import version

from index import citator
from index.database import Database
from pipeline.citator.forum import forum
from pipeline.citator.model import Coverage, Finding, Status, StatusKind, TreatmentKind
from pipeline.citator.status import status
from pipeline.citator.treatments import treatments
from pipeline.errors import NotHeld
from pipeline.model import Document

pytestmark = pytest.mark.usefixtures("shared")

TODAY = date(2026, 11, 22)
IN_2022 = date(2022, 12, 31)
IN_2019 = date(2019, 12, 31)
NEGATIVE = StatusKind.NEGATIVE
IN_PART = StatusKind.NEGATIVE_IN_PART
CONTESTED = StatusKind.CONTESTED
ELSEWHERE = StatusKind.ELSEWHERE
REINSTATED = StatusKind.REINSTATED
NONE_FOUND = StatusKind.NONE_FOUND

A_B_1, A_B_2, A_B_3 = "27 I&N Dec. 316", "28 I&N Dec. 199", "28 I&N Dec. 307"
S_S_F_M = "29 I&N Dec. 207"
A_R_C_G = "26 I&N Dec. 388"
L_E_A_1, L_E_A_2, L_E_A_3 = "27 I&N Dec. 40", "27 I&N Dec. 581", "28 I&N Dec. 304"
R_E_R_M = "29 I&N Dec. 202"
A_C_A_A_1, A_C_A_A_2 = "28 I&N Dec. 84", "28 I&N Dec. 351"
CASTRO_TUM, CRUZ_VALDEZ = "27 I&N Dec. 271", "28 I&N Dec. 326"
AVETISYAN, W_Y_U, B_N_K = "25 I&N Dec. 688", "27 I&N Dec. 17", "29 I&N Dec. 96"
NEGUSIE_2020, NEGUSIE_2021, NEGUSIE_2025 = "28 I&N Dec. 120", "28 I&N Dec. 399", "29 I&N Dec. 285"
LAPARRA, LAPARRA_DELEON = "28 I&N Dec. 425", "29 I&N Dec. 389"
S_O_G, CORONADO = "27 I&N Dec. 462", "28 I&N Dec. 648"
LAGUERRE = "28 I&N Dec. 437"
Y_L_2002, Y_L_2007 = "23 I&N Dec. 270", "24 I&N Dec. 151"


COVERAGE = Coverage(
    decisions=0, volumes=(), full_texts=0, as_of=datetime(2026, 11, 22, 18, tzinfo=UTC)
)


def asked(corpora: Database, name: str, on: date = TODAY, before: str = "") -> Status:
    return citator.status(corpora, name, forum(before) if before else None, on)


def of_itself(told: Status) -> tuple[str, ...]:
    """The cautions but those that name other decisions of the same name."""
    return tuple(each for each in told.cautions if not each.startswith("other decisions"))


def test_the_precedents_come_in_as_a_crawl_brings_them(corpora: Database) -> None:
    with corpora.read() as connection:
        found = citator.coverage(connection)
    assert (found.decisions, found.full_texts) == (254, 0)
    assert [volume for volume, *_ in found.volumes] == [28, 29]
    assert found.as_of is not None
    assert Document(source="bia_decisions", key="4123", kind="ag-precedent") in [
        each.document for each in asked(corpora, A_B_1).findings
    ]


def test_the_other_decisions_of_a_name_are_told(corpora: Database) -> None:
    told = asked(corpora, L_E_A_1)
    assert told.cautions == (
        f"other decisions of this name: {L_E_A_2}; {L_E_A_3}",
        f"a later decision of this name, {L_E_A_2}, is not held, and others say what became of it; "
        "whether it touches this one is not stated in what we hold",
    )
    assert "; we hold no precedents of volume 27; court decisions" in told.line


def test_an_unpublished_report_fills_what_the_headnotes_leave_open(shared: Path) -> None:
    # 27 I&N Dec. 316 is not held; an unpublished decision tells what it did to A-R-C-G- in 2018.
    found = tuple(_reported(shared, A_R_C_G, TreatmentKind.OVERRULED))
    assert found
    told = status(A_R_C_G, "Matter of A-R-C-G-", found, on=IN_2019, forum=None, coverage=COVERAGE)
    assert told.kind is NEGATIVE
    assert f"overruled by Matter of A-B-, {A_B_1} (A.G. 2018), as reported by" in told.line


@pytest.mark.parametrize(
    ("name", "on", "kind", "by"),
    [
        (A_B_1, IN_2019, NONE_FOUND, ""),
        (A_B_1, IN_2022, NEGATIVE, A_B_3),
        (A_B_1, TODAY, CONTESTED, S_S_F_M),
        (A_B_2, IN_2022, NEGATIVE, A_B_3),
        (A_B_2, TODAY, CONTESTED, S_S_F_M),
        (A_B_3, IN_2022, NONE_FOUND, ""),
        (A_B_3, TODAY, NEGATIVE, S_S_F_M),
        (S_S_F_M, TODAY, NONE_FOUND, ""),
        (A_R_C_G, IN_2022, NONE_FOUND, ""),
        (A_R_C_G, TODAY, NEGATIVE, S_S_F_M),
        (L_E_A_1, TODAY, NONE_FOUND, ""),
        (L_E_A_2, IN_2022, NEGATIVE, L_E_A_3),
        (L_E_A_2, TODAY, CONTESTED, R_E_R_M),
        (L_E_A_3, IN_2022, NONE_FOUND, ""),
        (L_E_A_3, TODAY, NEGATIVE, R_E_R_M),
        (A_C_A_A_1, IN_2022, NEGATIVE, A_C_A_A_2),
        (A_C_A_A_1, TODAY, NEGATIVE, A_C_A_A_2),
        (A_C_A_A_2, TODAY, NONE_FOUND, ""),
        (CASTRO_TUM, IN_2019, NONE_FOUND, ""),
        (CASTRO_TUM, IN_2022, NEGATIVE, CRUZ_VALDEZ),
        (CASTRO_TUM, TODAY, NEGATIVE, CRUZ_VALDEZ),
        (CRUZ_VALDEZ, TODAY, NONE_FOUND, ""),
        (NEGUSIE_2020, IN_2022, NONE_FOUND, ""),
        (NEGUSIE_2020, TODAY, REINSTATED, NEGUSIE_2025),
        (S_O_G, IN_2019, NONE_FOUND, ""),
        (S_O_G, IN_2022, NEGATIVE, CORONADO),
        (S_O_G, TODAY, NEGATIVE, CORONADO),
        (CORONADO, TODAY, NONE_FOUND, ""),
        (LAGUERRE, TODAY, NONE_FOUND, ""),
    ],
)
def test_the_status_of_each_link_by_day(
    corpora: Database, name: str, on: date, kind: StatusKind, by: str
) -> None:
    told = asked(corpora, name, on)
    assert told.kind is kind
    assert by in told.line


@pytest.mark.parametrize(
    "before", ["immigration-court", "1", "9", "uscis", "uscis texas", "federal court, dc"]
)
def test_what_the_attorney_general_did_is_the_same_in_every_forum(
    corpora: Database, before: str
) -> None:
    told = {name: asked(corpora, name, before=before).kind for name in (A_B_1, A_B_3, A_R_C_G)}
    assert told == {A_B_1: CONTESTED, A_B_3: NEGATIVE, A_R_C_G: NEGATIVE}


def test_in_2021_a_day_before_an_undated_vacatur_is_told_as_not_stated(corpora: Database) -> None:
    told = asked(corpora, A_B_1, date(2021, 3, 15))
    assert told.kind is NEGATIVE
    assert "whether by March 15, 2021 is not stated in what we hold" in told.line
    assert [each.citation for each in told.undated] == ["28 I&N Dec. 307 (A.G. 2021)"]


def test_both_sides_of_a_b_are_quoted_in_the_order_of_time(corpora: Database) -> None:
    told = asked(corpora, A_B_1)
    kinds = [(each.treatment.kind, each.treatment.directs) for each in told.findings]
    assert kinds[0] == (TreatmentKind.VACATED, False)
    assert kinds[-1] == (TreatmentKind.FOLLOWED, True)
    assert "told adjudicators to adhere to it" in told.line
    assert "reinstated by" not in told.line


@pytest.mark.parametrize(
    ("name", "overruler", "last"),
    [(A_B_1, A_B_3, S_S_F_M), (A_B_2, A_B_3, S_S_F_M), (L_E_A_2, L_E_A_3, R_E_R_M)],
)
def test_that_the_overruler_was_overruled_is_a_caution(
    corpora: Database, name: str, overruler: str, last: str
) -> None:
    [told] = of_itself(asked(corpora, name))
    assert told.startswith("the decision that vacated it")
    assert overruler in told
    assert last in told


def test_overruling_the_overruler_alone_would_have_revived_nothing(corpora: Database) -> None:
    # S-S-F-M- overrules A-B- III, which had told judges to follow A-R-C-G-: no word gives it back.
    told = asked(corpora, A_R_C_G)
    assert told.kind is NEGATIVE
    assert any(each.treatment.directs for each in told.findings)
    assert "the decision that told adjudicators to adhere to it" in " ".join(told.cautions)


def test_the_words_for_a_whole_class_are_kept_with_what_they_were_said_of(
    corpora: Database,
) -> None:
    [own] = [each for each in asked(corpora, A_R_C_G).findings if each.treatment.reaches]
    assert own.citation.startswith(S_S_F_M)
    assert own.treatment.kind is TreatmentKind.OVERRULED


@pytest.mark.parametrize(
    ("name", "earlier", "by"),
    [
        (A_B_3, A_R_C_G, S_S_F_M),  # it told judges to follow A-R-C-G-
        (A_C_A_A_1, A_B_1, A_B_3),
        (A_C_A_A_1, L_E_A_2, L_E_A_3),
        (A_C_A_A_2, A_B_3, S_S_F_M),
        (A_C_A_A_2, L_E_A_3, R_E_R_M),
    ],
)
def test_what_it_relies_on_and_was_undone_since_is_a_warning_and_no_finding(
    corpora: Database, name: str, earlier: str, by: str
) -> None:
    told = asked(corpora, name)
    warned = {(each.earlier, each.negative.citation.split(" (")[0]) for each in told.warnings}
    assert (earlier, by) in warned
    assert not any(each.treatment.target == earlier for each in told.findings)


def test_a_warning_of_2025_was_none_in_2022(corpora: Database) -> None:
    assert asked(corpora, A_C_A_A_2, IN_2022).warnings == ()
    assert {each.earlier for each in asked(corpora, A_C_A_A_1, IN_2022).warnings} == {
        A_B_1,
        L_E_A_2,
    }


def test_l_e_a_the_first_is_reaffirmed_and_what_the_second_did_to_it_is_not_held(
    corpora: Database,
) -> None:
    told = asked(corpora, L_E_A_1)
    assert [each.treatment.kind for each in told.findings] == [TreatmentKind.REAFFIRMED]
    assert told.line.endswith("court decisions are not fully covered")


def test_administrative_closure_rests_on_a_directive_and_the_boards_later_word(
    corpora: Database,
) -> None:
    for name, later in ((AVETISYAN, set()), (W_Y_U, {TreatmentKind.REAFFIRMED})):
        told = asked(corpora, name)
        assert told.kind is NONE_FOUND
        assert {each.treatment.kind for each in told.findings} == {TreatmentKind.FOLLOWED, *later}
        assert any("except when a court of appeals has held" in each for each in told.cautions)
    assert asked(corpora, B_N_K).kind is NONE_FOUND


def test_negusie_is_in_force_by_the_word_of_2025_and_the_stay_ended_is_no_vacatur(
    corpora: Database,
) -> None:
    told = asked(corpora, NEGUSIE_2020)
    assert [each.treatment.kind for each in told.findings] == [TreatmentKind.REINSTATED]
    assert told.line == (
        f"a stated reinstatement found: reinstated by {told.name}, {NEGUSIE_2025} (A.G. 2025); "
        "what had undone it is not in what we hold"
    )


def test_the_referral_of_negusie_and_its_stay_are_told_beside_the_status_of_2022(
    corpora: Database,
) -> None:
    since, told = of_itself(asked(corpora, NEGUSIE_2020, IN_2022))
    assert since.startswith("later than the day asked about, reinstated by Matter of NEGUSIE")
    assert NEGUSIE_2021 in told
    assert "referred the decision of the Board to the Attorney General" in told
    assert "stayed the decision of the Board" in told
    assert of_itself(asked(corpora, NEGUSIE_2025)) == ()


def test_the_case_that_negusie_overruled_is_not_held_and_never_said_not_to_exist(
    corpora: Database,
) -> None:
    with pytest.raises(
        NotHeld, match=r"nothing we hold is 27 I&N Dec\. 347, cites it or treats it"
    ):
        asked(corpora, "27 I&N Dec. 347")


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        ("", REINSTATED),
        ("1", REINSTATED),
        ("Massachusetts", REINSTATED),
        ("uscis first circuit", REINSTATED),
        ("9", REINSTATED),
        ("federal court in the Second Circuit", REINSTATED),
    ],
)
def test_laparra_by_circuit(corpora: Database, before: str, kind: StatusKind) -> None:
    told = asked(corpora, LAPARRA, before=before)
    assert told.kind is kind
    assert "reinstated in the First Circuit" in told.line
    assert any("“in any circuit without contrary precedent”" in each for each in told.cautions)
    assert "what had undone it is not in what we hold" in " ".join((told.line, *told.cautions))


def test_laparra_before_its_reinstatement_shows_what_we_hold_and_no_more(corpora: Database) -> None:
    assert asked(corpora, LAPARRA, date(2024, 12, 31), "1").kind is NONE_FOUND


def test_laguerre_is_followed_twice(corpora: Database) -> None:
    followed = [each.title.upper() for each in asked(corpora, LAGUERRE).findings]
    assert followed == ["MATTER OF GERMAN SANTOS", "MATTER OF FRIAS ULLOA"]


@pytest.mark.parametrize(
    ("name", "candidates"),
    [
        ("Matter of A-B-", (A_B_1, A_B_2, A_B_3)),
        ("Matter of L-E-A-", (L_E_A_1, L_E_A_2, L_E_A_3)),
        ("Matter of Y-L-", (Y_L_2002, Y_L_2007)),
        ("Matter of Negusie", (NEGUSIE_2020, NEGUSIE_2021, NEGUSIE_2025)),
    ],
)
def test_a_name_that_several_bear_is_never_taken_for_one_of_them(
    corpora: Database, name: str, candidates: tuple[str, ...]
) -> None:
    with pytest.raises(NotHeld, match="may be any of") as refused:
        asked(corpora, name)
    assert all(each in str(refused.value) for each in candidates)
    assert "V-A-B-" not in str(refused.value)


def test_what_was_done_to_one_is_never_told_of_its_namesake(corpora: Database) -> None:
    for name in (A_B_1, A_B_2, A_B_3, L_E_A_1, L_E_A_2, L_E_A_3, Y_L_2002, Y_L_2007):
        told = asked(corpora, name)
        every = (*told.findings, *told.elsewhere, *told.undated)
        assert {each.treatment.target for each in every} <= {name}


def test_thomas_and_thompson_is_neither_held_nor_cited_and_said_so(corpora: Database) -> None:
    with pytest.raises(NotHeld, match="we hold 254 precedent decisions"):
        asked(corpora, "27 I&N Dec. 674")


def test_nothing_in_the_corpora_is_ever_called_good_law_in_our_own_words(
    corpora: Database,
) -> None:
    for name in (A_B_1, A_R_C_G, LAPARRA, LAPARRA_DELEON, LAGUERRE, W_Y_U):
        told = asked(corpora, name, before="9")
        assert "good law" not in " ".join((told.line, *told.cautions)).lower()


def _reported(shared: Path, target: str, kind: TreatmentKind) -> Iterator[Finding]:
    """What unpublished decisions that name a case by its number report of it."""
    with (shared / "corpora" / "bia_unpublished.jsonl").open(encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            if target not in " ".join(row["text"].split()):
                continue
            paragraphs = [text for text in row["text"].split("\n\n") if text.strip()]
            said = version(*paragraphs, source="unpublished", kind="bia-unpublished", citation="")
            for each in treatments(said):
                if each.target == target and each.kind is kind:
                    yield Finding(
                        treatment=each,
                        document=said.document,
                        title=row["title"],
                        citation="",
                        issuer="Board of Immigration Appeals",
                        url="",
                        year=int(each.by_court[-4:]),
                    )
