"""Citations: found where they stand, spelled one way, and looked up from a query."""

from __future__ import annotations

import time

import pytest

from pipeline.act import is_ina
from pipeline.cite import STANDARD, find, lookup, registered


def canonical(text: str) -> list[str]:
    return [citation.canonical for citation in find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Matter of X-Y-, 28 I&N Dec. 714, 716 (BIA 2023)", "28 I&N Dec. 714"),
        ("28 I. & N. Dec. 714", "28 I&N Dec. 714"),
        ("28 I&N Dec 714", "28 I&N Dec. 714"),
        ("28 l&N Dec. 714", "28 I&N Dec. 714"),
        ("28 I&amp;N Dec. 714", "28 I&N Dec. 714"),
        ("28 I&N Dec. at 716", "28 I&N Dec. at 716"),
        ("Interim Decision #4074", "Interim Decision 4074"),
        ("section 240A(b)(1)(D) of the Immigration and Nationality Act", "INA § 240A(b)(1)(D)"),
        ("INA 237(a)(1)(H)", "INA § 237(a)(1)(H)"),
        ("INA § 101(a)(15)(H)(i)(b1)", "INA § 101(a)(15)(H)(i)(b1)"),
        ("Sec. 208(a), I&N Act", "INA § 208(a)"),
        ("8 C.F.R. § 1003.1(e)(4)(i)", "8 CFR § 1003.1(e)(4)(i)"),
        ("8 CFR 274a.12(c)(9) (2024)", "8 CFR § 274a.12(c)(9)"),
        ("8 CFR part 292", "8 CFR pt. 292"),
        ("8 CFR 337", "8 CFR pt. 337"),
        ("8 C.F.R. $$ 1208.16-.18", "8 CFR §§ 1208.16-1208.18"),
        ("8 U.S.C. § 1229a(c)(7)", "8 USC § 1229a(c)(7)"),
        ("8 \u200dU.S.C. §\u200d 1158(d)(6) (2018)", "8 USC § 1158(d)(6)"),
        ("44 U.S.C. chapter 35", "44 USC ch. 35"),
        ("91 Fed. Reg. 12,345", "91 FR 12345"),
        ("[FR Doc. 2026-12345 Filed 6-1-26; 8:45 am]", "FR Doc. 2026-12345"),
        ("RIN: 1615-AC94", "RIN 1615-AC94"),
        ("Regulation Identification Number (RIN) 1615-AC94", "RIN 1615-AC94"),
        ("RIN [Regulation Identifier Number] 1615-AC94", "RIN 1615-AC94"),
        ("Docket CFPB-2014-0019", "CFPB-2014-0019"),
        ("12 USCIS-PM D.3(A)", "12 USCIS-PM D.3(A)"),
        ("USCIS Policy Manual, Volume 6, Part F, Chapter 5", "6 USCIS-PM F.5"),
        ("Public Law 104-208", "Pub. L. 104-208"),
        ("Form I\u2011765", "Form I-765"),
        ("Executive Order 14160", "EO 14160"),
        ("Proclamation 9645", "Proc. 9645"),
        ("PM-602-0187", "PM-602-0187"),
        ("Operating Policies and Procedures Memorandum No. 05-02", "OPPM 05-02"),
        ("9 FAM 302.9-4(B)(3)", "9 FAM 302.9-4(B)(3)"),
        ("Docket No. USCIS-2026-0009", "USCIS-2026-0009"),
        ("411 F.3d 292,\n295 (D.C. Cir. 2005)", "411 F.3d 292"),
        ("106 S.Ct. 2548", "106 S. Ct. 2548"),
        ("404 F. Supp. 3d at 143", "404 F. Supp. 3d at 143"),
        ("28 I&NDec. 714", "28 I&N Dec. 714"),
        ("281&N Dec. 714", "28 I&N Dec. 714"),
        ("28I&N Dec. at 716", "28 I&N Dec. at 716"),
        ("91 FR at 12,345", "91 FR 12345"),
        ("91 Fed. Reg. at 12,345\u201346, 12,350", "91 FR 12345"),
        ("Id. at 12,345", "id. at 12345"),
        ("121 5. Ct. 2271", "121 S. Ct. 2271"),
        ("section 1158(b)(1) of this title", "8 USC § 1158(b)(1)"),
        ("28 I&N Dec.714", "28 I&N Dec. 714"),
        ("Interim Dec. 4074", "Interim Decision 4074"),
        ("section 208 of the Immigration & Nationality Act", "INA § 208"),
        ("I.N.A. § 208(b)", "INA § 208(b)"),
        ("8 U.S.C. 88 1158", "8 USC § 1158"),
        ("8 C.F.R. 98 209.1(e)", "8 CFR § 209.1(e)"),
        ("45 CFR 98 2010", "45 CFR pt. 98"),
        ("8 U.S.C. § 12296(b)(1)", "8 USC § 1229b(b)(1)"),
        ("54 U.S.C. 100101", "54 USC § 100101"),
        ("12 U.S.C. 2801et seq.", "12 USC § 2801"),
        ("section 924(c) of title 18, United States Code", "18 USC § 924(c)"),
        ("part 214 of title 8, Code of Federal Regulations", "8 CFR pt. 214"),
        ("8 Code of Federal Regulations § 208.16", "8 CFR § 208.16"),
        ("Exec. Order No. 14,160", "EO 14160"),
        ("Proclamation No. 10,888", "Proc. 10888"),
        ("PM 602-0187", "PM-602-0187"),
        ("PA-2025-01", "PA-2025-01"),
        ("EOIR DM 22-06", "DM 22-06"),
        ("EOIR Docket No. 19-0022", "EOIR Docket No. 19-0022"),
        ("USCIS-2026-0009", "USCIS-2026-0009"),
        ("Form I485", "Form I-485"),
    ],
)
def test_every_spelling_has_one_canonical_form(text: str, expected: str) -> None:
    assert canonical(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "8 CFR 214.2(h)(2)(i)(F), (h)(5)(i)(A), or (p)(2)(i)",
            [
                "8 CFR § 214.2(h)(2)(i)(F)",
                "8 CFR § 214.2(h)(5)(i)(A)",
                "8 CFR § 214.2(p)(2)(i)",
            ],
        ),
        ("8 CFR 214.2(h)(5) and (6)", ["8 CFR § 214.2(h)(5)", "8 CFR § 214.2(h)(6)"]),
        ("8 U.S.C. 1184(h) and (i)", ["8 USC § 1184(h)", "8 USC § 1184(i)"]),
        ("8 CFR parts 103, 212, and 214", ["8 CFR pt. 103", "8 CFR pt. 212", "8 CFR pt. 214"]),
        ("sections 208 and 241(b)(3) of the Act", ["INA § 208", "INA § 241(b)(3)"]),
        ("8 U.S.C. 1103, 1182; 6 U.S.C. 112", ["8 USC § 1103", "8 USC § 1182", "6 USC § 112"]),
        ("8 CFR 214, 2 years later", ["8 CFR pt. 214"]),
        ("8 U.S.C. 1182, 66 Stat. 163", ["8 USC § 1182", "66 Stat. 163"]),
        ("Forms I-864 and I-864A", ["Form I-864", "Form I-864A"]),
        ("Executive Orders 13767, 13768 and 13780", ["EO 13767", "EO 13768", "EO 13780"]),
        ("Public Laws 104-208 and 109-13", ["Pub. L. 104-208", "Pub. L. 109-13"]),
    ],
)
def test_each_item_of_a_list_is_a_citation_of_its_own(text: str, expected: list[str]) -> None:
    assert canonical(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "section 245(a)(4) of the California Penal Code",
        "section 235 of the William Wilberforce Trafficking Victims Protection Reauthorization Act",
        "paragraph (f) of this section",
        "The Social Security Act (Act) says so in section 205 of the Act.",
        "The plaintiffs petition (Docket No. 1) is denied. In 2018, 12 Members voted.",
        "H-1B and F-1 visas, 30 Days 12",
        "Example v. Sample, 2021 WL 123456, 2021 U.S. Dist. LEXIS 1234",
        "66 U.S.C.",
    ],
)
def test_other_law_and_plain_numbers_are_no_citations(text: str) -> None:
    assert canonical(text) == []


@pytest.mark.parametrize(("printed", "standard"), STANDARD.items())
def test_a_reporter_of_which_eyecite_is_not_asked_is_called_what_eyecite_calls_it(
    printed: str, standard: str
) -> None:
    assert registered(printed) == standard


def test_a_span_is_the_text_as_printed() -> None:
    text = "See 8 \u200dU.S.C. §\u200d 1158, and 28 I&amp;N Dec. 714, 716\u201317 (BIA 2023)."
    found = find(text)
    assert [citation.raw for citation in found] == [
        "8 \u200dU.S.C. §\u200d 1158",
        "28 I&amp;N Dec. 714, 716\u201317",
    ]
    assert all(text[c.start : c.end] == c.raw for c in found)
    assert found[1].pin == "716-17"


def test_a_bare_section_belongs_to_the_code_the_text_cites() -> None:
    text = "convicted under 18 U.S.C. § 922(d); § 922(g) is another matter, § 24 a third"
    assert canonical(text) == ["18 USC § 922(d)", "18 USC § 922(g)"]


def test_a_bare_section_of_another_code_is_left_alone() -> None:
    text = "INA 245(a) applies, and section 245(i); not Penal Code § 245 or section 245 of the Code"
    assert canonical(text) == ["INA § 245(a)", "INA § 245(i)"]


@pytest.mark.parametrize(
    ("query", "kind", "expected"),
    [
        ("Matter of X-Y-, 28 I&N Dec. 714 (BIA 2023)", "case_reporter", "28 I&N Dec. 714"),
        ("28 i&n dec 714", "case_reporter", "28 I&N Dec. 714"),
        ("ID 4074", "interim_decision", "Interim Decision 4074"),
        ("interim decision 4074", "interim_decision", "Interim Decision 4074"),
        ("2026-12345", "fr_docnum", "FR Doc. 2026-12345"),
        ("C1-2023-19312", "fr_docnum", "FR Doc. C1-2023-19312"),
        (" 91 FR 12345 ", "fr_cite", "91 FR 12345"),
        ("6 uscis-pm f.5", "uscis_pm", "6 USCIS-PM F.5"),
        ("8 cfr 214.2(h)", "cfr", "8 CFR § 214.2(h)"),
        ("INA 237(a)(2)", "ina", "INA § 237(a)(2)"),
        ("section 208 of the INA", "ina", "INA § 208"),
        ("1615-AC94", "rin", "RIN 1615-AC94"),
        ("i-765", "form", "Form I-765"),
        ("A v. B, 593 U.S. 155 (2021)", "case_reporter", "593 U.S. 155"),
    ],
)
def test_a_query_that_is_a_citation_is_looked_up(query: str, kind: str, expected: str) -> None:
    citation = lookup(query)
    assert citation is not None
    assert (citation.kind, citation.canonical) == (kind, expected)
    assert query[citation.start : citation.end] == citation.raw == query.strip()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("EO 14160", "EO 14160"),
        ("exec order 14,160", "EO 14160"),
        ("Presidential Proclamation 9645", "Proc. 9645"),
        ("proc 9645", "Proc. 9645"),
        ("9 fam 302.9", "9 FAM 302.9"),
        ("ina 274a(b)", "INA § 274A(b)"),
        ("8 usc 1158", "8 USC § 1158"),
        ("8 USC 1229A(b)", "8 USC § 1229a(b)"),
        ("8 U.S.C. 1101 et seq.", "8 USC § 1101"),
        ("8 CFR 274A.2", "8 CFR § 274a.2"),
        ("int. dec. 3985", "Interim Decision 3985"),
        ("03-4935", "FR Doc. 03-4935"),
        ("rin 1615-ac94", "RIN 1615-AC94"),
        ("uscis-2026-0009", "USCIS-2026-0009"),
        ("Volume 6, Part F, Chapter 5", "6 USCIS-PM F.5"),
        ("USCIS Policy Memorandum PM-602-0187", "PM-602-0187"),
        ("USCIS Policy Alert PA-2025-01", "PA-2025-01"),
        ("pm 25-02", "PM 25-02"),
        ("pub l 104-208", "Pub. L. 104-208"),
        ("form i485", "Form I-485"),
        ("ETA 9089", "Form ETA-9089"),
        ("S-T-, 99 I&N Dec. 10", "99 I&N Dec. 10"),
        ("s-t- 99 I&N Dec. 10", "99 I&N Dec. 10"),
        ("S-T- II, 99 I&N Dec. 10 (A.G. 2021)", "99 I&N Dec. 10"),
        ("Sample-Keeper 99 I&N Dec. 10", "99 I&N Dec. 10"),
    ],
)
def test_what_people_type_is_looked_up(query: str, expected: str) -> None:
    citation = lookup(query)
    assert citation is not None
    assert citation.canonical == expected


@pytest.mark.parametrize("name", ["S-T-", "Sample-Keeper", "Matter of S-T-"])
def test_the_name_that_is_typed_before_a_citation_is_kept(name: str) -> None:
    citation = lookup(f"{name}, 99 I&N Dec. 10 (BIA 2018)")
    assert citation is not None
    assert citation.name == name


def test_a_query_may_have_a_pin_page() -> None:
    citation = lookup("Matter of X-Y-, 28 I. & N. Dec. 714, 716-17 & n.3 (A.G. 2023)")
    assert citation is not None
    assert (citation.canonical, citation.pin) == ("28 I&N Dec. 714", "716-17&n.3")


def test_a_number_glued_to_a_footnotes_is_read_without_it() -> None:
    found = find("177 FR 6194; 95 U.S.C. 553")
    assert [(each.raw, each.canonical) for each in found] == [
        ("77 FR 6194", "77 FR 6194"),
        ("5 U.S.C. 553", "5 USC § 553"),
    ]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("Section 208 of the Immigration and Nationality Act. The REAL ID Act amended it.", True),
        ("The Immigration and Nationality Act (INA or the Act) and the Clean Air Act", True),
        ("removable under section 237(a)(2) of the Act, 8 U.S.C. § 1227(a)(2)", True),
        ("The respondent is a noncitizen. See section 208 of the Act.", True),
        ("The Home Mortgage Disclosure Act (HMDA or the Act) asks lenders.", False),
        ("A visa fee under the Sample Fees Act: section 205 of the Act.", False),
        ('The term "Act" means the Clean Air Act. Aliens breathe air, too.', False),
        ("The rule carries out section 305 of the Act.", False),
    ],
)
def test_a_document_says_which_act_is_the_act(document: str, *, expected: bool) -> None:
    assert is_ina(document) is expected


def test_the_act_of_another_document_is_not_the_ina() -> None:
    assert [each.canonical for each in find("section 205 of the Act")] == ["INA § 205"]
    assert find("section 205 of the Act", act=False) == ()
    named = find("section 205 of the INA", act=False)
    assert [each.canonical for each in named] == ["INA § 205"]


@pytest.mark.parametrize(
    "query",
    [
        *("", "  ", "H-1B", "EB-5", "asylum 8 CFR 208", "INA 212(a)(2) and (3)", "what is new"),
        *("asylum 99 I&N Dec. 10", "Keepers 8 CFR 208.13"),
    ],
)
def test_other_queries_are_no_citation(query: str) -> None:
    assert lookup(query) is None


@pytest.mark.parametrize(
    "piece", [" ", "(", "8 CFR 214.2(a)", "8 U.S.C. 1101, ", "Matter of A ", "§ ", "INA\n", "1 A "]
)
def test_hostile_text_is_read_to_the_end(piece: str) -> None:
    find(piece * (100_000 // len(piece)))


def test_a_name_ends_where_the_number_of_its_decision_begins() -> None:
    assert canonical("Matter of Q-, Interim Decision 1234") == ["Interim Decision 1234"]
    assert canonical("Matter of Q-R-S-, Adopted Decision 2016-01 (AAO Jan. 5, 2016)") == [
        "Matter of Q-R-S-"
    ]


@pytest.mark.parametrize("heading", ["A Matter of Discretion", "As a Matter of Law"])
def test_an_idiom_is_no_case(heading: str) -> None:
    assert canonical(heading) == []
    assert canonical("Matter of Law-Orrin was followed.") == ["Matter of Law-Orrin"]


def test_sections_of_this_title_are_a_list() -> None:
    found = find("under sections 1439 and 1440 of this title, and section 12 of this title")
    assert [(each.raw, each.canonical) for each in found] == [
        ("sections 1439", "8 USC § 1439"),
        ("1440 of this title", "8 USC § 1440"),
    ]


def test_pages_of_the_register_are_pins_without_their_commas() -> None:
    [found] = find("91 Fed. Reg. at 12,345-46, 12,350.")
    assert (found.kind, found.pin) == ("fr_cite", "12345-46,12350")


def test_the_volume_of_a_misread_reporter_is_no_pin() -> None:
    first, second = find("533 U.S. 289, 121 5. Ct. 2271, 2280 (2001)")
    assert (first.canonical, first.pin) == ("533 U.S. 289", "")
    assert (second.canonical, second.pin) == ("121 S. Ct. 2271", "2280")


def test_a_later_section_sign_of_a_list_begins_its_item() -> None:
    text = "sections 208, section 209 of the Act, and § 210(a), § 211 of the Act"
    assert [each.raw for each in find(text)] == [
        *("sections 208", "section 209 of the Act", "§ 210(a)", "§ 211 of the Act"),
    ]


@pytest.mark.parametrize("piece", ["§ 208, ", "section 1158, ", "section 208 and "])
def test_a_list_without_its_code_is_read_once(piece: str) -> None:
    def seconds(pieces: int) -> float:
        started = time.process_time()
        find(piece * pieces)
        return time.process_time() - started

    seconds(100)
    assert seconds(2_400) < 8 * seconds(600) + 0.2


@pytest.mark.parametrize(
    ("text", "raw", "pin"),
    [
        ("Id. at 392, 394.", "Id. at 392, 394", "392,394"),
        ("Id. at 62288.", "Id. at 62288", "62288"),
        ("Id. at 392, 8 C.F.R. § 1.1", "Id. at 392", "392"),
        ("Id. at 392, 26 I&N Dec. 388", "Id. at 392", "392"),
        ("Id. at 392, 30 days later", "Id. at 392", "392"),
        ("Id. at 1003.23(b)", "Id.", ""),  # a section
        ("26 I&N Dec. at 392-93, 394 n.5;", "26 I&N Dec. at 392-93, 394 n.5", "392-93,394n.5"),
        ("5 F.3d at 392, 394.", "5 F.3d at 392, 394", "392,394"),
        ("89 Fed. Reg. 6194, 6200-01 (2024)", "89 Fed. Reg. 6194, 6200-01", "6200-01"),
        ("89 FR 6194, 6200, 6205-06.", "89 FR 6194, 6200, 6205-06", "6200,6205-06"),
        ("89 FR at 6200-01, 6205.", "89 FR at 6200-01, 6205", "6200-01,6205"),
    ],
)
def test_pins_are_read_alike_in_full_and_short_forms(text: str, raw: str, pin: str) -> None:
    assert (find(text)[0].raw, find(text)[0].pin) == (raw, pin)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("Volume 6, Part F, Chapter 5 of the USCIS Policy Manual", "6 USCIS-PM F.5"),
        ("Vol. 2, USCIS Policy Manual, Part F, ch. 5", "2 USCIS-PM F.5"),
        ("9 FAM 40.41", "9 FAM 40.41"),  # the numbers before 2015
        ("Immigration and Nationality Act of 1952, § 243(h)", "INA § 243(h)"),
        ("the Act, section 237(a)(1)(A)", "INA § 237(a)(1)(A)"),
    ],
)
def test_authorities_are_found_in_their_rarer_spellings(text: str, canonical: str) -> None:
    assert [(each.raw, each.canonical) for each in find(text)] == [(text, canonical)]


def test_a_section_behind_another_act_is_not_the_inas() -> None:
    assert find("the Act, section 237(a)(1)(A)", act=False) == ()
