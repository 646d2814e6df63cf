"""Topics: what a text or a change is about, by stated rules, with the words found."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from builders import paragraph, version

from pipeline.errors import SettingsError
from pipeline.model import (
    Block,
    ChangeClass,
    ChangeKind,
    Difference,
    Edit,
    EditKind,
    Tag,
)
from pipeline.topics import Taxonomy, load, merge

IDS = {
    "asylum",
    "removal",
    "detention-bond",
    "criminal-grounds",
    "family",
    "employment-immigrant",
    "investor-eb5",
    "h1b",
    "seasonal-h2",
    "other-nonimmigrant-work",
    "students-exchange",
    "naturalization-citizenship",
    "adjustment",
    "visas-consular",
    "inadmissibility-waivers",
    "public-charge",
    "tps",
    "daca-parole",
    "victims",
    "juveniles-sij",
    "work-authorization",
    "employer-compliance",
    "fees-forms",
    "adjudication-policy",
    "eoir-procedure",
    "border-enforcement",
    "information-collection",
    "privacy-systems",
    "not-immigration",
    "visitors-entry",
    "interior-enforcement",
    "resettlement-benefits",
}


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load()


def ids(tags: Iterable[Tag]) -> list[str]:
    return [tag.topic for tag in tags]


def changed(*blocks: Block, rule: str = "", kind: ChangeKind = ChangeKind.TEXT) -> Difference:
    edits = tuple(
        Edit(
            kind=EditKind.INSERTED, old=None, new=block, old_index=None, new_index=index, rule=rule
        )
        for index, block in enumerate(blocks)
    )
    return Difference(
        kind=kind,
        change_class=ChangeClass.SUBSTANTIVE,
        edits=edits,
        metadata=(),
        reasons=(),
        summary="",
    )


def test_the_packaged_topics_are_complete(taxonomy: Taxonomy) -> None:
    assert taxonomy.titles.keys() == IDS
    assert all(topic.title and topic.scope for topic in taxonomy.topics)


def test_a_tag_shows_the_words_it_rests_on(taxonomy: Taxonomy) -> None:
    [tag] = taxonomy.classify_text(
        "Form I-589 filing", "Applicants for asylum. Asylum under 8 CFR 208.13(b) is discretionary."
    )
    assert tag.topic == "asylum"
    assert set(tag.evidence) == {"Form I-589", "asylum ×2", "8 CFR pt. 208"}
    assert 0.5 < tag.score < 1


def test_title_outweighs_text(taxonomy: Taxonomy) -> None:
    text = "The rule concerns an immigration matter."
    [loud] = taxonomy.classify_text("Temporary Protected Status", text)
    [quiet] = taxonomy.classify_text("A notice", f"{text} Temporary Protected Status.")
    assert loud.topic == quiet.topic == "tps"
    assert loud.score > quiet.score == 0.5


def test_one_mention_in_a_long_text_is_no_topic(taxonomy: Taxonomy) -> None:
    long = "The officer reviews the record. " * 200
    assert taxonomy.classify_text("USCIS guidance", f"{long} See asylum. {long}") == ()


def test_names_of_offices_and_acts_are_no_topic(taxonomy: Taxonomy) -> None:
    text = "U.S. Citizenship and Immigration Services, under the Immigration and Nationality Act."
    assert taxonomy.classify_text("Notice of meeting", text) == ()


def test_the_nearest_authority_decides(taxonomy: Taxonomy) -> None:
    bond = taxonomy.classify_text("", "An immigration matter under 8 C.F.R. § 1003.19(c)(1).")
    court = taxonomy.classify_text("", "An immigration matter under 8 C.F.R. § 1003.3(a).")
    assert ids(bond) == ["detention-bond"]
    assert ids(court) == ["eoir-procedure"]


def test_a_paragraph_designator_is_no_visa_class(taxonomy: Taxonomy) -> None:
    text = "section 212(h) (2) of the Immigration and Nationality Act, and paragraph (B)(2)"
    assert not {"seasonal-h2", "visitors-entry"} & set(ids(taxonomy.classify_text("", text)))


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Pesticide Registration Review", "Registration of several products is announced."),
        ("Voluntary Intermodal Sealift Agreement", "The VISA program holds a meeting."),
        ("Amendment to Duties at Our Southern Border", "Tariff rates on imports of articles."),
        ("Privacy Act of 1974; System of Records", "The FCC modifies its visitors database."),
        ("Proposed Collection; Comment Request", "Under the Paperwork Reduction Act, HUD asks."),
    ],
)
def test_other_subjects_stand_alone(taxonomy: Taxonomy, title: str, text: str) -> None:
    assert ids(taxonomy.classify_text(title, text, kind="notice")) == ["not-immigration"]


def test_a_paperwork_notice_is_tagged_but_a_rule_mentioning_the_act_is_not(
    taxonomy: Taxonomy,
) -> None:
    title, text = "Petition for U Nonimmigrant Status", "USCIS, under the Paperwork Reduction Act."
    assert "information-collection" in ids(taxonomy.classify_text(title, text, kind="notice"))
    assert "information-collection" not in ids(taxonomy.classify_text(title, text, kind="rule"))


def test_the_act_is_named_in_the_evidence_as_it_is_called(taxonomy: Taxonomy) -> None:
    text = "USCIS asks for comments on Form I-485 under the Paperwork Reduction Act."
    tags = taxonomy.classify_text("Comment Request", text, kind="notice")
    evidence = next(tag.evidence for tag in tags if tag.topic == "information-collection")
    assert any(words.startswith("Paperwork Reduction Act") for words in evidence)


def test_the_publishers_fields_count(taxonomy: Taxonomy) -> None:
    metadata = {"cfr_references": ["8 CFR 214.2(f)"], "agencies": ["USCIS"]}
    assert ids(taxonomy.classify_text("Final rule", "", metadata=metadata)) == ["students-exchange"]


def test_a_change_is_tagged_by_what_changed_and_then_by_its_document(taxonomy: Taxonomy) -> None:
    chapter = version(
        "An applicant for naturalization takes the oath of allegiance.",
        "Employment authorization under 8 CFR 274a.12 ends.",
        title="Chapter 2 - Naturalization",
    )
    difference = changed(paragraph("Employment authorization under 8 CFR 274a.12 ends.", "Work"))
    tags = {tag.topic: tag for tag in taxonomy.classify(chapter, difference)}
    assert tags["work-authorization"].evidence[0] == "8 CFR § 274a.12"
    assert any(
        words.startswith("document: ") for words in tags["naturalization-citizenship"].evidence
    )


def test_a_change_without_words_keeps_the_documents_topics(taxonomy: Taxonomy) -> None:
    chapter = version("Asylum. The asylum applicant waits.", title="Chapter 1 - Purpose")
    [tag] = taxonomy.classify(chapter, changed(paragraph("The date is now June 1.")))
    assert tag.topic == "asylum"
    assert tag.score < 0.5
    assert tag.evidence == ("document: asylum ×2",)


def test_edits_ignored_as_noise_give_no_topic(taxonomy: Taxonomy) -> None:
    chapter = version("The date is June 1.", title="Chapter 1 - Purpose")
    assert taxonomy.classify(chapter, changed(paragraph("Asylum."), rule="reviewed-date")) == ()


def test_another_kind_of_evidence_joins() -> None:
    by_words = Tag(topic="asylum", score=0.6, evidence=("asylum",))
    by_meaning = Tag(topic="asylum", score=0.7, evidence=("meaning",))
    assert merge([by_words], [by_meaning]) == (
        Tag(topic="asylum", score=0.7, evidence=("asylum", "meaning")),
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "topics: at least"),
        ("[topics]", "topics: at least"),
        ("extra = 1\n[topics.a]\ntitle = 'A'\nscope = 'a'\nterms = ['a']", "extra"),
        ("[topics.a]\ntitle = 'A'\nscope = 'a'\nterm = ['a']", "term"),
        ("[topics.a]\ntitle = 'A'\nscope = 'a'", "topics.a.terms"),
        ("[topics.a]\ntitle = 'A'\nterms = ['a']", "topics.a.scope"),
        ("[topics.a]\ntitle = 'A'\nscope = 'a'\nterms = 'a'", "topics.a.terms"),
        ("[topics.a]\ntitle = 'A'\nscope = 'a'\nterms = ['--']", "topics.a.terms"),
        ("[topics.a]\ntitle = 'A'\nscope = 'a'\nauthorities = ['law 7']", "law 7"),
        ("[topics.a]\ntitle = 'A'\nscope = 'a'\nterms = ['a']\nneeds = 'luck'", "luck"),
        ("topics = 3", "topics: at least"),
        ("[topics]\na = 3", "topics.a: a table"),
        ("[topics", "cannot be read"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "topics.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=named):
        load(path)
