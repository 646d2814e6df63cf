"""The named rules: what each ignores, and what none of them may."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import editorial, noise
from pipeline.weight import NOISE, RULES


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("spacing", "the  alien\u200b files", "the alien files"),
        ("spacing", "See Part J [ 12 USCIS-PM J ].", "See Part J [12 USCIS-PM J]."),
        ("spacing", "Form G-1450 , or Form G-1650 .", "Form G-1450, or Form G-1650."),
        ("typography", "the alien’s “fee”", 'the alien\'s "fee"'),
        ("typography", "the rule – as amended — stands", "the rule - as amended - stands"),
        ("mark-spacing", "(“ A-B- I ”) is vacated", "(“A-B- I”) is vacated"),
        ("mark-spacing", 'the term " alien " means', 'the term "alien" means'),
        ("mark-spacing", "under pre- A-B- I precedent", "under pre-A-B- I precedent"),
        ("mark-spacing", "Matter of A-B -, 28 I&N Dec.", "Matter of A-B-, 28 I&N Dec."),
        ("mark-spacing", "an F- 1 student", "an F-1 student"),
        ("mark-spacing", "a 24 -month extension", "a 24-month extension"),
        ("initials", "Matter of D-G-C", "Matter of D-G-C-"),
        ("initials", "Matter of D-G-C and others", "Matter of D-G-C- and others"),
        ("file-format", "See the notice (PDF, 1.2 MB).", "See the notice."),
        ("stamp", "Current as of October 1, 2025", "Current as of November 3, 2025"),
        ("stamp", "Last Reviewed/Updated: 09/24/2025", "Last Reviewed/Updated: 12/29/2025"),
        ("stamp", "", "Page last updated on 2025-01-02."),
        ("counter", "1,204 views", "1,377 views"),
    ],
)
def test_noise_is_named(rule: str, old: str, new: str) -> None:
    assert noise.explain(old, new) == rule
    assert noise.explain(new, old) == rule


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("terminology", "A noncitizen must file.", "An alien must file."),
        ("terminology", "Noncitizens may apply.", "Aliens may apply."),
        ("numeral", "within five years of entry", "within 5 years of entry"),
        ("numeral", "a 90-day or three-month period", "a 90-day or 3-month period"),
        ("citation-form", "See 8 C.F.R. § 214.2(h).", "See 8 CFR 214.2(h)."),
        (
            "cross-reference",
            "See Part E, Civics, Chapter 3, Medical Disability Exception [12 USCIS-PM E.3].",
            "See Part E, Civics, Chapter 3, Medical Certification (Form N-648) [12 USCIS-PM E.3].",
        ),
        ("case", "Eligibility For Adjustment", "Eligibility for adjustment"),
        ("repeated-word", "in the the United States", "in the United States"),
        ("end-mark", "pays the fee;", "pays the fee."),
        ("spelling", "a reasonable accomodation", "a reasonable accommodation"),
        ("spelling", "the govrenment agrees", "the government agrees"),
        ("case", "Who May File", "Who may file"),
        ("case", "STATE RESIDENCE", "State residence"),
        ("case", "file form I-130", "file Form I-130"),
        ("terminology", "the noncitizens' rights", "the aliens' rights"),
    ],
)
def test_wording_is_named(rule: str, old: str, new: str) -> None:
    assert noise.explain(old, new) == ""
    assert editorial.explain(old, new) == rule
    assert editorial.explain(new, old) == rule


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The alien must file.", "The alien may file."),
        ("The alien may file.", "The alien may not file."),
        ("filed by May 1", "filed by may 1"),
        ("the State of residence", "the state of residence"),
        ("five years", "six years"),
        ("5 years", "5 months"),
        ("30 days", "3 0 days"),
        ("See 8 CFR 214.2(h).", "See 8 CFR 214.2(l)."),
        ("See Chapter 3, Waivers [12 USCIS-PM E.3].", "See Chapter 4, Waivers [12 USCIS-PM E.4]."),
        (
            "See Chapter 3, which aliens may follow [12 USCIS-PM E.3].",
            "See Chapter 3, which aliens must follow [12 USCIS-PM E.3].",
        ),
        ("edition 01/20/25", "edition 04/01/25"),
        ("The edition date is 01/20/25.", ""),
        ("Effective October 1, 2025", "Effective November 1, 2025"),
        ("This list of countries is current as of October 1, 2025.", ""),
        ("Matter of A-B-", "Matter of A-C-"),
        ("Matter of A-B- I", "Matter of A-B-I"),
        ("a non immigrant worker", "a non-immigrant worker"),
        ("officers re-sign the form", "officers resign the form"),
        ("the alien re- presents the claim", "the alien represents the claim"),
        ("10 -20 days", "1 0-20 days"),
        ('the "alien" spouse', 'the alien "spouse"'),
        ('a "not admitted" alien', "a not admitted alien"),
        ("martial status", "marital status"),
        ("a discrete group", "a discreet group"),
        ("the petitioner files", "the petitioners files"),
        ("the employer files", "the employee files"),
        ("an admissible alien", "an inadmissible alien"),
        ("the applicant files", "the beneficiary files"),
        ("file; and", "file; or"),
        ("spouses, children and parents", "spouses, children, and parents"),
        ("$1,440", "$1440.00"),
        ("views of the officer", "reviews of the officer"),
        # A national without citizenship is no alien, and a definition is one of the word defined.
        ("noncitizen nationals may apply", "alien nationals may apply"),
        ('the term "noncitizen" means a person', 'the term "alien" means a person'),
        ("A noncitizen includes a national.", "An alien includes a national."),
        # Of a cross-reference only a title is left out, and no level that the bracket lacks.
        ("See Chapter 3, Fee of $500 [12 USCIS-PM E.3].", "See Chapter 3, Fee [12 USCIS-PM E.3]."),
        (
            "See Chapter 3, Waivers, Section A, Scope [12 USCIS-PM E.3].",
            "See Chapter 3, Waivers, Section B, Scope [12 USCIS-PM E.3].",
        ),
        (
            "See Chapter 3, which speaks of filing alone [12 USCIS-PM E.3].",
            "See Chapter 3, which speaks of filing jointly [12 USCIS-PM E.3].",
        ),
        ("See Volume 7, Waivers [12 USCIS-PM E.3].", "See Volume 12, Waivers [12 USCIS-PM E.3]."),
        # Levels of a citation, and words that in small letters are others.
        ("INA 101(a)(15)(H)", "INA 101(a)(15)(h)"),
        ("8 CFR 214.2(l)(1)(I)", "8 CFR 214.2(l)(1)(i)"),
        ("doctors of WHO certify", "doctors of who certify"),
        ("born in May of it, in May", "born in May of it, in may"),
        ("The following are exempt:", "The following are exempt."),
        ("Upload one file (PDF).", "Upload one file."),
        ("a Schedule A a petition", "a Schedule A petition"),
        # No letter of a name is a slip, nor one between two words of the language.
        ("Matter of Gonzallez", "Matter of Gonzalez"),
        ("paragraph (A) or clause (I) of it", "paragraph (a) or clause (i) of it"),
        ("See 8 CFR 214.2 (H) for it", "See 8 CFR 214.2 (h) for it"),
        ("as subparagraphs (A) and (B) say", "as subparagraphs (a) and (b) say"),
        ("under Clause B of it", "under clause b of it"),
        ("A noncitizen is a person who is no citizen.", "An alien is a person who is no citizen."),
        ("Noncitizen shall mean a person.", "Alien shall mean a person."),
        ("The applicant may appeal.", "The alien may appeal."),
        ("a complaint employer", "a compliant employer"),
        ("causally related", "casually related"),
        ("a prefiled form", "a prefilled form"),
        ("within 30 days", "within 30 business days"),
    ],
)
def test_no_rule_accounts_for_a_change_of_the_law(old: str, new: str) -> None:
    assert noise.explain(old, new) == ""
    assert editorial.explain(old, new) == ""


def test_a_slip_in_a_megabyte_without_a_space_is_looked_for_in_time() -> None:
    started = time.process_time()
    assert editorial.explain(";" * 1_000_000, ";." * 500_000) == ""
    assert editorial.explain("x" * 1_000_000, "x" * 999_998 + "yx") == ""
    assert time.process_time() - started < 2.0


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert noise.fold(noise.fold(text)) == noise.fold(text)


@given(st.text(st.sampled_from(' "-ABa1.,'), max_size=20))
def test_folding_marks_twice_changes_nothing(text: str) -> None:
    assert noise.fold(noise.fold(text)) == noise.fold(text)


@given(st.text(st.sampled_from(' "-ABa1.,'), max_size=20))
def test_white_space_between_two_words_always_counts(text: str) -> None:
    for space in re.finditer(r"(?<=[a-zA-Z0-9]) +(?=[a-zA-Z0-9])", text):
        joined = text[: space.start()] + text[space.end() :]
        assert noise.explain(text, joined) == ""


def test_every_rule_says_why_in_a_sentence() -> None:
    assert set(RULES) > set(NOISE)
    assert all(rule.why.endswith(".") for rule in RULES.values())
