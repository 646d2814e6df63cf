"""Whether news is about people who came before the law: told from title and summary alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from goldens import recorded

from crawlers.newsroom import rows
from crawlers.sources import uscis_alerts, uscis_news
from pipeline.persons import are_its_subject

# Each a step against somebody in particular, in one of the forms in which offices report it.
LEFT_OUT = [
    ("Harbour Town Man Sentenced for Lantern Fraud", ""),
    ("Lighthouse Teacher Pleads Guilty to Lantern Smuggling", ""),
    ("Lamp Owner Pleads Not Guilty", ""),
    ("Convicted Arsonist in Harbour Town Indicted for Naturalization Fraud", ""),
    ("Five Charged in Marriage Fraud Conspiracy", ""),
    ("Three Charged, One Arrested in Asylum Fraud", ""),
    ("Two Invented Nationals Arrested at Harbour", ""),
    ("USCIS Assists in Arrest of Suspected War Criminal", ""),
    ("USCIS Works With ICE to Arrest Lamp Smuggler", ""),
    ("Federal Jury Convicts Woman of Smuggling", ""),
    ("Grand Jury Charges Pastor", ""),
    ("Fugitive Apprehended at Naturalization Interview", ""),
    ("Man Extradited to Face Charges", ""),
    ("Court Revokes Citizenship of Convicted War Criminal", ""),
    ("Department Moves to Strip Citizenship From 17 Naturalized Arsonists", ""),
    ("Naturalized Citizen Denaturalized After Concealing Fires", ""),
    ("Department Files Denaturalization Complaint Against Former Keeper", ""),
    ("Convicted Arsonist Deported to Farland", ""),
    ("Leader of Lantern Ring Gets 12 Years", ""),
    ("U.S. Attorney Announces Charges Against 11 in Lantern Scheme", ""),
    ("USCIS Work Leads to Two Guilty Pleas", ""),
    ("Fraud Uncovered", "The inquiry resulted in the indictment of two residents."),
    ("Fraud Uncovered", "A Harbour Town woman was charged with lying on her form."),
    ("Fraud Uncovered", "Invented Q. Sample, 52, of Harbour Town, filed false petitions."),
    ("Fraud Uncovered", "More than 20 individuals were arrested in the scheme."),
    ("Fraud Uncovered", "He faces up to 10 years in prison."),
    ("Holder of Temporary Protected Status Sentenced for Violating Lamp Regulations", ""),
    ("Lamp Lawyer Found Guilty", "The lawyer filed false applications for aliens."),
]
KEPT = [
    ("USCIS Celebrates New Citizens", "Ceremonies are held throughout the country."),
    ("Secretary Ends Lantern Parole", "Secretary Invented Person announced the end today."),
    ("Invented Person Sworn In as Director of USCIS", "The Senate confirmed the director."),
    ("USCIS Updates Policy on Notices to Appear", "It covers aliens who were charged."),
    ("Bars to Asylum", "The departments bar aliens convicted of certain offenses."),
    ("Bars to Asylum", "Individuals who have been arrested, charged with, or convicted of it."),
    ("Bars to Asylum", "An alien who is convicted of marriage fraud is barred."),
    ("Bars to Asylum", "Those who fail to depart and are subsequently arrested pay a fee."),
    ("Petitioners Convicted of Offenses May Not Sponsor Relatives", ""),
    ("Benefits Denied to Convicted Sex Offenders", ""),
    ("How Being Convicted of a Crime Affects Naturalization", ""),
    ("How Convictions Affect Good Moral Character", "Two convictions raise a presumption."),
    ("Report on Arrest Histories of Aliens", "Thousands had arrest records."),
    ("Special Agents Will Enforce Immigration Law", "They may arrest those who violate it."),
    ("Officers to Arrest and Remove Criminal Aliens", ""),
    ("Certain FY 2025 Applicants Convicted of Fraud Must Refile", ""),
    ("Reminder to Applicants", "If you have been arrested or convicted, tell us."),
    ("Fees Charged for Certain Requests Rise", "Fees charged by USCIS follow inflation."),
    ("USCIS Adopts Matter of S-A-M-P-L-E-", "The applicant was convicted of fraud."),
    ("Update on Sample v. Doe", "The court enjoined the defendants; USCIS complies."),
    ("A Rule on Lamps", "A man was arrested, and a final rule now bars unlit lamps."),
    ("The Final Rule, 87 FR 55472", "In Harbour Town, Maine, on May 30, 2026, it was signed."),
]


@pytest.mark.parametrize(("title", "summary"), LEFT_OUT)
def test_a_step_against_somebody_in_particular_is_about_people(title: str, summary: str) -> None:
    assert are_its_subject(title, summary)


@pytest.mark.parametrize(("title", "summary"), KEPT)
def test_law_categories_of_the_law_and_officials_are_not(title: str, summary: str) -> None:
    assert not are_its_subject(title, summary)


def test_a_title_that_tells_of_a_proceeding_outweighs_an_instrument_in_the_summary() -> None:
    said = "The sentence follows the policy of the department."
    assert are_its_subject("Keeper Sentenced for Lantern Fraud", said)
    assert not are_its_subject("Policy on Lanterns After a Keeper Was Sentenced", said)


def test_of_the_recorded_news_the_seven_about_people_are_left_out(shared: Path) -> None:
    """Read by us on 6 July 2025's list: 3 items of law or ceremony, 7 of prosecutions."""
    (news,) = (each.page for each in recorded(shared / "recorded", "uscis_news")[:1])
    assert [are_its_subject(row.title, row.summary) for row in rows(news)] == [
        *(False, True, False, True, True, False, True, True, True, True)
    ]
    assert uscis_news.UscisNewsSpider.read(news).left_out == {"about private people": 7}


def test_no_recorded_alert_is_about_people(shared: Path) -> None:
    alerts = recorded(shared / "recorded", uscis_alerts.NAME)[0].page
    assert not any(are_its_subject(row.title, row.summary) for row in rows(alerts))


def test_no_document_of_immigration_law_is_taken_for_news_about_people(shared: Path) -> None:
    """1,162 titles and abstracts of law; none may be left out, though many speak of convictions."""
    file = shared / "corpora" / "federal_register_immigration.jsonl"
    given = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    taken = [one["title"] for one in given if are_its_subject(one["title"], one["abstract"] or "")]
    assert len(given) == 1_162
    assert taken == []


def test_words_without_end_are_judged_by_what_stands_near() -> None:
    assert are_its_subject("A Title", "aliens who are " + "arrested or convicted and " * 4_000)


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("USCIS Suspends Processing of Lantern Requests", "After the arrest of a man, it stopped."),
        ("USCIS Halts All Asylum Decisions After Keeper Charged in Fire", ""),
        ("USCIS Pauses Visa Adjustment", "Invented Q. Sample, 52, of Harbour Town, was charged."),
        ("DHS Announces Termination of Lantern Status", "Who stays may be arrested and deported."),
        ("USCIS Implements New Fee for Lamps", "Failing to pay may lead to charges."),
    ],
)
def test_what_an_agency_does_as_a_government_is_law_whatever_moved_it(
    title: str, summary: str
) -> None:
    assert not are_its_subject(title, summary)


@pytest.mark.parametrize(
    "title",
    ["DHS Announces Arrest of Suspected Arsonist", "USCIS Ends Smuggling Ring; Five Arrested"],
)
def test_an_agencys_act_against_somebody_is_no_act_of_government(title: str) -> None:
    assert are_its_subject(title, "A man was sentenced.")
