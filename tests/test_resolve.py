from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from builders import paragraph

from pipeline import cite
from pipeline.citator.resolve import citations, resolved
from pipeline.citator.samename import Agreement, same_name
from pipeline.model import Block, BlockKind, Citation, NoteMark

# Every decision, name and page here is invented; only the forms of citation are real.
FIRST = "Matter of Q-R-, 27 I&N Dec. 316 (A.G. 2018)"
SECOND = "Matter of Q-R-, 28 I&N Dec. 307 (A.G. 2021)"
COURT = "Abt-Lopez v. Garland, 141 S. Ct. 1474 (2021)"


def named(text: str) -> tuple[str, str]:
    [found] = [each for each in resolved(text) if each.kind == "case_reporter"]
    return found.name, found.court


def last(text: str) -> Citation:
    return resolved(text)[-1]


def note(label: str, text: str) -> Block:
    return Block(kind=BlockKind.FOOTNOTE, text=text, label=label)


def calling(text: str, *labels: str) -> Block:
    """A paragraph that calls notes wherever it says [label]."""
    marks = []
    for label in labels:
        offset = text.index(f"[{label}]")
        text = text.replace(f"[{label}]", "", 1)
        marks.append(NoteMark(offset=offset, label=label))
    return Block(kind=BlockKind.PARAGRAPH, text=text, marks=tuple(marks))


@pytest.mark.parametrize(
    ("text", "name", "court"),
    [
        ("See Matter of Q-R-, 27 I&N Dec. 316 (A.G. 2018).", "Matter of Q-R-", "A.G. 2018"),
        ("Cf. Matter of Q-R -, 27 I&N Dec. 316, 320 n.5 (BIA 2012)", "Matter of Q-R-", "BIA 2012"),
        ("Matter of Q‑R-\u200d ,\n27 I&N Dec. 316", "Matter of Q-R-", ""),
        ("Matter of Orrin (PDF)\n, 20 I&N Dec 949 (BIA 1995)", "Matter of Orrin", "BIA 1995"),
        (
            "Malter of Orrin and Vale, 20 I&N Dec. 949 (BIA 1988; A.G. 1990)",
            "Matter of Orrin and Vale",
            "BIA 1988; A.G. 1990",
        ),
        ("In re Orrin, 20 I. & N. Dec. 949 (B.I.A. 1995)", "In re Orrin", "B.I.A. 1995"),
        ("the Court in Abt v. Garland, 141 S. Ct. 1474 (2021)", "Abt v. Garland", "2021"),
        ("It held. Abt v. Vale, 5 F.4th 7, 9, 12 (2d Cir.2021)", "Abt v. Vale", "2d Cir. 2021"),
        (
            "(quoting Orrin & Co., Inc. v. Vale, 5 F.3d 7 (9th Cir. 1999) (en banc))",
            "Orrin & Co., Inc. v. Vale",
            "9th Cir. 1999",
        ),
        ("See also United States v. Orrin, 5 F.3d 7 (D.C. Cir. 2005)", "United States v. Orrin",
         "D.C. Cir. 2005"),
        ("But Orrin, 27 I&N Dec. 271 (A.G. 2018), said so.", "Orrin", "A.G. 2018"),
        ("the Attorney General, 27 I&N Dec. 271 (A.G. 2018)", "", "A.G. 2018"),
        ("as decided in 27 I&N Dec. 271.", "", ""),
        ("Ry. Execs.' Ass'n v. Vale, 5 F.3d 7 (2d Cir. 1999)", "Ry. Execs.' Ass'n v. Vale",
         "2d Cir. 1999"),
        ("Matter of O-Q- & l-R-, 22 I&N Dec. 23", "Matter of O-Q- & I-R-", ""),
        ("See Liv. Garland, 5 F.3d 6 (2d Cir. 2005)", "", "2d Cir. 2005"),
    ],
)  # fmt: skip
def test_a_case_has_the_name_before_it_and_the_court_behind_it(
    text: str, name: str, court: str
) -> None:
    assert named(text) == (name, court)


def test_parallel_citations_share_name_and_court() -> None:
    found = resolved("Orrin Corp. v. Vale, 477 U.S. 317, 323, 106 S. Ct. 2548 (1986). Id. at 2550.")
    assert {each.name for each in found} == {"Orrin Corp. v. Vale"}
    assert {each.court for each in found} == {"1986"}
    assert found[-1].authority == "477 U.S. 317"


def test_a_history_does_not_give_its_court_to_the_case_before_it() -> None:
    text = "Matter of Orrin, 23 I&N Dec. 621, rev'd, Orrin v. Vale, 4 F.3d 2 (6th Cir. 2006)"
    first, second = resolved(text)
    assert (first.court, second.name) == ("", "Orrin v. Vale")


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        (f"{FIRST}. {SECOND}. 27 I&N Dec. at 320", "27 I&N Dec. 316"),
        (f"{FIRST}. Matter of Vale, 27 I&N Dec. 330. 27 I&N Dec. at 340", "27 I&N Dec. 330"),
        (f"{FIRST}. Matter of Vale, 27 I&N Dec. 330. Matter of Q-R-, 27 I&N Dec. at 340",
         "27 I&N Dec. 316"),
        (f"{FIRST}. Matter of Vale, 27 I&N Dec. at 320", ""),
        (f"{FIRST}. 27 I&N Dec. at 310", ""),
        (f"{FIRST}. 27 I&N Dec. at 900", ""),
        (f"27 I&N Dec. at 320. {FIRST}", ""),
        (f"{COURT}. Abt-Lopez, 141 S. Ct. at 1480", "141 S. Ct. 1474"),
        ("Orrin Int'l, Inc. v. Vale, 572 U.S. 118 (2014). Orrin, 572 U.S. at 127", "572 U.S. 118"),
    ],
)  # fmt: skip
def test_a_page_takes_up_the_nearest_case_before_it_in_its_volume(
    text: str, authority: str
) -> None:
    [short] = [each for each in resolved(text) if " at " in each.canonical]
    assert short.authority == authority


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        (f"{FIRST}. Id. at 320.", "27 I&N Dec. 316"),
        (f"{FIRST}. The respondent agreed. Id.", "27 I&N Dec. 316"),
        (f"{FIRST}; id. at 321", "27 I&N Dec. 316"),
        (f"{FIRST}; {SECOND}. Id.", ""),  # two authorities: Bluebook rule 4.1
        (f"{FIRST}; {SECOND}. Id. at 310.", "28 I&N Dec. 307"),  # on that page only one stands
        (f"{FIRST}. Id. at 5.", ""),
        (f"{FIRST} holds that “{SECOND} is overruled.” Id. at 320.", "27 I&N Dec. 316"),
        (f'{FIRST}. It holds that "{SECOND} is overruled." Id.', "27 I&N Dec. 316"),
        (f"{FIRST}. It says “see {SECOND}. Id. at 310.”", "28 I&N Dec. 307"),
        (f'A 6" lamp, {FIRST}, or a 7" one. Id.', "27 I&N Dec. 316"),
        (f"{FIRST}. Id. at 32,180.", ""),
        (f"{FIRST} (quoting {COURT}). Id. at 320.", "27 I&N Dec. 316"),
        (f"Matter of Q-R-, 27 I&N Dec. 316 (A.G. 2018), aff'd, {COURT}. Id.", "27 I&N Dec. 316"),
        (f"{FIRST}. He said so (Tr. at 31). Id. at 320.", ""),
        (f"{FIRST}. He said so, Orrin v. Vale, 2004 WL 135916. Id.", ""),
        (f"{FIRST}. One said so. Another said so. A third said so. Id.", ""),
        (f"{FIRST}. Id. at 320,180.", ""),
        (f"{FIRST}. Id. ¶ 6.", ""),
        (f"{FIRST}. The court read section 240(b) of the Act otherwise. Id.", ""),
        ("See 8 U.S.C. § 1158(b). Id.", "8 USC § 1158(b)"),
        ("See 8 U.S.C. § 1158(b). Id. § 1231(b)(3)", "8 USC § 1231(b)(3)"),
        ("See INA § 240(b), 8 U.S.C. § 1229a(b). Id.", "INA § 240(b)"),
        ("8 C.F.R. § 1003.2(c)(2); id. at § 1003.23(b)", "8 CFR § 1003.23(b)"),
        ("8 C.F.R. § 1003.2(c)(2). Id. at 1003.23(b).", "8 CFR § 1003.23(b)"),
        ("8 C.F.R. § 1003.2(c)(2). Id. at (d)(3)(iv).", "8 CFR § 1003.2(d)(3)(iv)"),
        (f"8 CFR 1003.2(c). {FIRST}. Id. at § 1003.23(b).", "8 CFR § 1003.23(b)"),
        (f"{FIRST}. Id. at § 1003.23(b).", ""),
        ("8 C.F.R. § 1003.2(c). Id. § 1158(b).", ""),  # a section of another code
        ("8 U.S.C. § 1158(b). Id. § 208.13(a).", ""),
        ("8 U.S.C. § 1158(b). Id., § 321(a)(3).", ""),
        ("8 U.S.C. § 1158(b). It was Pub. L. 104-208, div. C. Id. § 1252.", ""),
        ("91 Fed. Reg. 62,280 (2026). Id. at 62288.", "91 FR 62280"),
        (f"{FIRST}. Form I-589 was filed. Id. at 320.", "27 I&N Dec. 316"),
    ],
)
def test_id_takes_up_the_one_authority_before_it(text: str, authority: str) -> None:
    [*short] = [each for each in resolved(text) if each.canonical.startswith("id.")]
    assert short[-1].authority == authority


def test_id_follows_a_chain_of_short_forms() -> None:
    assert last(
        f"{FIRST}. So he said. Matter of Q-R-, 27 I&N Dec. at 320. Id. at 321."
    ).authority == ("27 I&N Dec. 316")
    assert last("Matter of Vale, 26 I&N Dec. at 5. Id. at 6.").authority == ""


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        (f"{FIRST}. Matter of Q-R- said so.", "27 I&N Dec. 316"),
        (f"{FIRST}. Matter of Q-R-, supra, at 320.", "27 I&N Dec. 316"),
        (f"{FIRST}. {SECOND}. Matter of Q-R- said so.", ""),
        (f"{FIRST}. {SECOND}. Matter of Q-R-, supra, at 310.", "28 I&N Dec. 307"),
        ("Matter of Q-R- said so.", ""),
        ("Matter of Orrin, 19 I&N Dec. 637 (BIA 1988). Orrin, supra.", "19 I&N Dec. 637"),
        ("Matter of Orrin, 19 I&N Dec. 637 (BIA 1988). See Orrin, supra note 3, at 640.",
         "19 I&N Dec. 637"),
        ("Matter of Orrin, 19 I&N Dec. 637 (BIA 1988). Vale, supra.", ""),
        ("Matter of Orrin, 19 I&N Dec. 637 (BIA 1988). The order, supra, stands.", ""),
        ("Wilkinson v. Garland, 601 U.S. 9 (2024). Under Wilkinson, so.", "601 U.S. 9"),
        ("Orrin v. Vale, 5 F.3d 1 (9th Cir. 2010) (en banc) (“Orrin”). Orrin erred.", "5 F.3d 1"),
        ("Orrin v. Vale, 5 F.3d 1 (2010) (plurality opinion) (“Orrin”). Orrin erred.", "5 F.3d 1"),
        (f"{FIRST}. Matter of Q-R- II said so.", ""),
        (f"Matter of Q-R- told that {FIRST} holds.", ""),
        (f"Matter of Q-R- said so. {FIRST}", ""),
        ("Matter of S-T- & U-V-, 27 I&N Dec. 462 (A.G. 2018). Matter of S-T- said so.",
         "27 I&N Dec. 462"),
        ("Matter of Orrin, 20 I&N Dec. 9 (BIA 1990). Orrin v. Vale, 4 F.3d 2 (6th Cir. 1992)."
         " Matter of Orrin said so.", "20 I&N Dec. 9"),
    ],
)  # fmt: skip
def test_a_name_takes_up_the_only_case_of_that_name(text: str, authority: str) -> None:
    short = [each for each in resolved(text) if each.kind == "case_short"]
    assert [each.authority for each in short] == [authority]


def test_what_the_text_calls_a_case_is_found_wherever_it_says_so() -> None:
    defined = f"{FIRST} (“Q-R- I”), and {SECOND} (hereinafter “Q-R- II”)."
    text = "Q-R- II vacated Q-R- I. Matter of Q-R- I erred."
    shorts = [each for each in resolved(f"{defined} {text}") if each.kind == "case_short"]
    assert [(each.raw, each.authority, each.court) for each in shorts] == [
        ("Q-R- II", "28 I&N Dec. 307", "A.G. 2021"),
        ("Q-R- I", "27 I&N Dec. 316", "A.G. 2018"),
        ("Matter of Q-R- I", "27 I&N Dec. 316", "A.G. 2018"),
    ]


def test_a_name_defined_for_two_cases_means_neither() -> None:
    text = f"{FIRST} (“Q-R-”), and {SECOND} (“Q-R-”). Q-R- erred."
    assert not [each for each in resolved(text) if each.authority]


def test_words_quoted_from_a_case_are_no_name_of_it() -> None:
    assert len(resolved(f"{FIRST} (“Persecution”). Persecution is more than that.")) == 1


@pytest.mark.parametrize(
    ("words", "is_case"),
    [
        ("In Abt-Lopez, the Court held so.", True),
        ("Abt-Lopez abrogated that.", True),
        ("Abt-Lopez's holding is plain.", True),
        ("See Abt-Lopez v. Garland.", True),
        ("Abt-Lopez testified.", False),
        ("In Abt-Lopez's case he testified.", False),
        ("In Garland, that was said.", False),
        ("See Abt-Lopez v. Garland, 2019 WL 12345.", False),
    ],
)
def test_a_party_is_the_case_only_where_the_words_speak_of_a_case(
    words: str, *, is_case: bool
) -> None:
    authorities = [each.authority for each in resolved(f"{COURT}. {words}") if each.authority]
    assert authorities == (["141 S. Ct. 1474"] if is_case else [])


def test_a_party_named_before_the_citation_is_no_case() -> None:
    assert [each.kind for each in resolved(f"In Abt-Lopez it ended. {COURT}")] == ["case_reporter"]


def test_the_antecedents_of_a_note_stand_before_its_call() -> None:
    blocks = (
        calling(f"It was held.[1] {FIRST}. Then again.[2]", "1", "2"),
        note("1", "Matter of Q-R-, supra, at 320."),
        note("2", "Matter of Q-R-, supra, at 320."),
    )
    found = [(index, each.authority) for index, each in citations(blocks)]
    assert found == [(0, ""), (1, ""), (2, "27 I&N Dec. 316")]


def test_a_name_may_be_cited_in_the_note_that_its_sentence_calls() -> None:
    named = calling("Matter of Q-R- said so.[1] Then it ended.[2]", "1", "2")
    first, second = note("1", f"{FIRST}."), note("2", f"{SECOND}.")
    assert citations((named, first, note("2", "See there.")))[0][1].authority == "27 I&N Dec. 316"
    assert citations((named, note("1", "See there."), second))[0][1].authority == ""


def test_the_body_and_the_notes_each_have_their_own_id() -> None:
    blocks = (
        calling(f"{FIRST}.[1] It was held. Id. at 320.[2]", "1", "2"),
        note("1", f"{COURT}."),
        note("2", "Id. at 1480."),
    )
    assert [each.authority for _, each in citations(blocks)] == [
        "", "27 I&N Dec. 316", "", "141 S. Ct. 1474",
    ]  # fmt: skip


def test_id_after_a_note_with_two_authorities_is_open() -> None:
    blocks = (
        calling("One.[1] Two.[2]", "1", "2"),
        note("1", f"{FIRST}. See also 8 CFR 208.13."),
        note("2", "Id."),
    )
    assert citations(blocks)[-1][1].authority == ""


def test_id_after_a_note_that_cites_nothing_we_read_is_open() -> None:
    blocks = (
        calling("One.[1] Two.[2] Three.[3]", "1", "2", "3"),
        note("1", f"{FIRST}."),
        note("2", "A treatise on evidence."),
        note("3", "Id."),
    )
    assert citations(blocks)[-1][1].authority == ""


def test_headnotes_give_antecedents_to_the_opinion() -> None:
    blocks = (paragraph(f"{FIRST}, followed."), paragraph("Matter of Q-R- governs."))
    assert [each.authority for _, each in citations(blocks)] == ["", "27 I&N Dec. 316"]


def test_nothing_is_taken_up_from_another_document() -> None:
    citations((paragraph(FIRST),))
    assert [each.authority for _, each in citations((paragraph("27 I&N Dec. at 320"),))] == [""]


def test_the_act_is_what_the_whole_document_calls_so() -> None:
    other = paragraph("The Sample Wages Act (the Act) governs.")
    assert not citations((other, paragraph("See section 212 of the Act.")))


def test_everything_that_cite_finds_stands_there_as_printed() -> None:
    text = "See\u200d Matter of Q‑R- , 27 I&amp;N Dec. 316, at A‑B; id. at 320; 8\u00a0CFR 208.13."
    found = {(each.raw, each.start, each.end, each.canonical) for each in resolved(text)}
    assert found == {(each.raw, each.start, each.end, each.canonical) for each in cite.find(text)}


@pytest.mark.parametrize(
    "text",
    [
        "v. " * 33_000,
        "Matter of A A A " * 6_000,
        ". A" * 33_000,
        "(quoting " * 11_000,
        "A-" * 50_000,
        "27 I&N Dec. 316" + ", 320" * 20_000,
        "Abc, " * 20_000,
    ],
)
def test_hostile_texts_take_little_more_than_finding(text: str) -> None:
    started = time.process_time()
    cite.find(text)
    found = time.process_time()
    resolved(text)
    # A quadratic one takes minutes; `benchmarks/cite.py` measures, on a machine that is quiet.
    assert time.process_time() - found < 10 * (found - started) + 3


def test_time_grows_with_the_length_of_a_document() -> None:
    def seconds(cases: int) -> float:
        text = "".join(f"Abt v. Orrin, 5 F.3d {page}. In Abt, it was. " for page in range(cases))
        started = time.process_time()
        resolved(text)
        return time.process_time() - started

    seconds(100)
    assert seconds(3_200) < 8 * seconds(800) + 0.2


def test_names_are_those_of_the_development_set(shared: Path) -> None:
    rows = map(json.loads, (shared / "eval/citations/spans.jsonl").read_text().splitlines())
    told, right = 0, 0
    for row in rows:
        found = {(each.start, each.end): each.name for each in resolved(row["text"])}
        for label in row["citations"]:
            printed = label.get("case_name")
            if printed and label["type"] == "case_reporter":
                told += 1
                name = found.get((label["start"], label["end"]), "")
                right += same_name(name, printed) is Agreement.MATCH
    assert told > 20
    assert right == told


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        ("91 Fed. Reg. 46,788 (Aug. 3, 2026). Final Rule, 91 Fed. Reg. at 46,795.", "91 FR 46788"),
        ("91 FR 46,788; 91 FR 46,790. 91 FR at 46,789.", "91 FR 46788"),  # begins before that page
        ("91 FR 46,788. 90 FR at 46,795.", ""),
        ("91 FR 46,788. 91 FR at 46,787.", ""),
        ("91 FR 46,788. 91 FR at 48,795.", ""),  # no document is that long
        ("91 FR at 46,795. 91 FR 46,788.", ""),  # cited only later
        ("91 FR 46,788. The rule says so, 91 FR at 46,795. Id. at 46,797.", "91 FR 46788"),
        ("91 FR 46,788. Id. at 46,787.", ""),
    ],
)
def test_a_page_of_the_register_takes_up_the_document_it_lies_in(text: str, authority: str) -> None:
    short = [each for each in resolved(text) if " at " in each.raw]
    assert short[-1].authority == authority


@pytest.mark.parametrize("sign", ["'\"", '"', "”", "'”"])
def test_a_name_begins_behind_the_quotation_before_it(sign: str) -> None:
    told = named(f'It "is for USCIS.{sign} Abt v. Vale, 43 F.4th 832 (5th Cir. 2022).')
    assert told == ("Abt v. Vale", "5th Cir. 2022")
