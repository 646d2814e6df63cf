"""Topics: what a text or a change is about, by stated rules, with the words found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import inserted, paragraph, version
from publisher import NOW, Reader, page, rules_of, visit

from alerts.force import AUTHORITIES
from index import derived, history, ingest
from index.database import Database
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


def deleted(block: Block) -> Difference:
    difference = changed(block)
    [edit] = difference.edits
    gone = replace(edit, kind=EditKind.DELETED, old=block, new=None, old_index=1, new_index=None)
    return replace(difference, edits=(gone,))


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


def test_what_a_bulletin_leaves_out_of_the_one_before_counts_too(taxonomy: Taxonomy) -> None:
    bulletin = version(
        "Employment authorization under 8 CFR 274a.12 is extended.", title="Bulletin for June"
    )
    gone = paragraph("EB-5 visa numbers under 8 U.S.C. 1153(b)(5) may retrogress.", "EB-5")
    difference = replace(
        changed(kind=ChangeKind.NEXT), edits=(*deleted(gone).edits, inserted("More."))
    )
    tags = {tag.topic: tag for tag in taxonomy.classify(bulletin, difference)}
    assert tags["investor-eb5"].evidence[0].startswith("left out: ")
    assert not tags["work-authorization"].evidence[0].startswith("left out: ")
    kept = taxonomy.classify(bulletin, replace(difference, edits=(inserted("More."),)))
    assert kept == taxonomy.classify(bulletin)


def test_a_change_without_words_keeps_the_documents_topics(taxonomy: Taxonomy) -> None:
    chapter = version("Asylum. The asylum applicant waits.", title="Chapter 1 - Purpose")
    [tag] = taxonomy.classify(chapter, changed(paragraph("The date is now June 1.")))
    assert tag.topic == "asylum"
    assert tag.score < 0.5
    assert tag.evidence == ("document: asylum ×2",)


def test_words_of_a_topic_show_immigration_law_all_the_same(taxonomy: Taxonomy) -> None:
    text = "The obligor of an immigration bond is notified."
    assert "detention-bond" in ids(taxonomy.classify_text("Bond notifications", text))


def test_a_word_of_immigration_law_hides_no_topics_longer_phrase(taxonomy: Taxonomy) -> None:
    tags = taxonomy.classify_text("Immigrant Visa Interviews", "They are held abroad.")
    assert ids(tags) == ["visas-consular"]


def test_an_alien_of_the_tax_law_is_no_immigration(taxonomy: Taxonomy) -> None:
    text = "Withholding on income of a nonresident alien."
    assert ids(taxonomy.classify_text("Comment Request", text)) == ["not-immigration"]


def test_one_hint_alone_shows_nothing_however_often_it_is_said(taxonomy: Taxonomy) -> None:
    text = "An immigration custody matter: bond. A bond is a bond."
    assert taxonomy.classify_text("Bond", "An immigration matter. A bond is a bond.") == ()
    assert ids(taxonomy.classify_text("Bond", text)) == ["detention-bond"]


def test_hints_show_nothing_in_a_text_of_another_law(taxonomy: Taxonomy) -> None:
    title, text = "Study abroad", "Study abroad of an academic student; practical training."
    assert ids(taxonomy.classify_text(title, text)) == ["not-immigration"]
    assert ids(taxonomy.classify_text(title, f"Immigration. {text}")) == ["students-exchange"]


def test_who_issues_a_text_shows_nothing_alone(tmp_path: Path) -> None:
    path = written(
        tmp_path, "[topics.refuge]", "agencies = ['Office of Refuge']", "hints = ['aid']"
    )
    found = load(path)
    alone = found.classify_text("", "An immigration notice of the Office of Refuge.")
    assert alone == ()
    [tag] = found.classify_text(
        "Aid", "Immigration aid from the Office of Refuge. Office of Refuge."
    )
    assert tag.evidence == ("aid ×2", "Office of Refuge")
    assert tag.score == round(4 / 7, 3)


BANNED = "The President suspends the entry of aliens (INA 212(f)); {}"


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("border-enforcement", BANNED.format("officers on duty shall carry out their duties.")),
        ("border-enforcement", BANNED.format("the visa waiver program does not help them.")),
        ("border-enforcement", BANNED.format("no environmental impact statement is needed.")),
        ("border-enforcement", BANNED.format("General Services Administration buys the land.")),
        ("interior-enforcement", "Immigration detainers and the duties of officers."),
        ("victims", "Petitions for U nonimmigrant status soar."),
        ("detention-bond", "An immigration bond, a bond hearing, and a visa bond besides."),
        ("visas-consular", "A consular officer, visa processing, and passport issuance."),
        ("daca-parole", "Humanitarian parole of immigrants is no matter of the Parole Commission."),
    ],
)
def test_no_word_in_passing_hides_a_topic_that_is_shown(
    taxonomy: Taxonomy, topic: str, text: str
) -> None:
    assert topic in ids(taxonomy.classify_text("Sample", text))


def test_an_exclusion_in_the_title_or_among_hints_rules_a_topic_out(taxonomy: Taxonomy) -> None:
    text = "Illegal entry of aliens over the southwest border is answered so."
    title = "Imposing Duties on Imports of Samplia"
    assert "border-enforcement" in ids(taxonomy.classify_text("Sample", text))
    assert "border-enforcement" not in ids(taxonomy.classify_text(title, text))
    hints = "Immigration at the southern border: border security at a port of entry"
    assert ids(taxonomy.classify_text("", hints)) == ["border-enforcement"]
    assert taxonomy.classify_text("", f"{hints}, and a tariff.") == ()


@pytest.mark.parametrize(
    "text",
    [
        "The rule will save money for airlines.",
        "A registration statement on Form F-1 or Form F-3.",
        "Plans file Form M-1 each year.",
        "Dealers hold capital at risk.",
        "A regional center for fisheries opens.",
        "The legalization of cannabis and traffic.",
        "No discrimination by race or citizenship in lending.",
        "Property of persons complicit in torture is blocked.",
        "Courses of temporary programs in the arts.",
    ],
)
def test_plain_words_show_no_topic_in_a_text_of_another_law(taxonomy: Taxonomy, text: str) -> None:
    assert ids(taxonomy.classify_text("Sample", text)) == ["not-immigration"]


def test_citizenship_in_passing_is_no_naturalization(taxonomy: Taxonomy) -> None:
    passing = "A false claim to U.S. citizenship makes a noncitizen inadmissible."
    assert "naturalization-citizenship" not in ids(taxonomy.classify_text("", passing))
    applied = "USCIS revises the application for citizenship."
    assert ids(taxonomy.classify_text("", applied)) == ["naturalization-citizenship"]


def test_no_topics_words_take_a_text_away_from_another(tmp_path: Path) -> None:
    path = office(
        tmp_path,
        """
        [topics.interviews]
        title = "Interviews"
        scope = "Interviews."
        terms = ["asylum officer interview"]
        """,
    )
    text = "Standards of the asylum officer interview."
    assert sorted(ids(load(path).classify_text("", text))) == ["asylum", "interviews"]


def test_words_do_not_speak_in_a_name_of_something_else(taxonomy: Taxonomy) -> None:
    text = "A respondent in conditional parole; the annual asylum fee is paid. Immigration."
    assert {"asylum", "daca-parole"}.isdisjoint(ids(taxonomy.classify_text("", text)))
    assert "detention-bond" in ids(taxonomy.classify_text("", text))


def test_the_only_passage_on_immigration_is_told_when_it_goes(taxonomy: Taxonomy) -> None:
    text, issuer = "Records are kept by the office.", "Sample Office"
    page = version(text, title="Records", kind="uscis-page", issuer=issuer)
    gone = paragraph("An applicant for asylum must file Form I-589.")
    tags = taxonomy.classify(page, deleted(gone))
    assert ids(tags) == ["asylum"]
    gone = paragraph("An immigration matter of no topic.")
    assert taxonomy.classify(page, deleted(gone)) == ()
    other = paragraph("Shelves are dusted on Mondays.")
    assert ids(taxonomy.classify(page, deleted(other))) == ["not-immigration"]


def test_a_changed_passage_needs_no_word_of_immigration_in_a_text_on_it(
    taxonomy: Taxonomy,
) -> None:
    page = version("USCIS says who may apply.", title="Sample", kind="uscis-page")
    tags = taxonomy.classify(page, changed(paragraph("Legalization under that program ends.")))
    assert ids(tags) == ["adjustment"]


def test_what_form_a_document_has_comes_after_what_it_is_on(taxonomy: Taxonomy) -> None:
    title = "Agency Information Collection Activities: Information Collection Request"
    text = "Information collection on asylum."
    tags = taxonomy.classify_text(title, text, kind="notice")
    assert ids(tags) == ["asylum", "information-collection"]
    assert tags[0].score > tags[1].score


def test_notices_of_form_belong_behind_the_others(taxonomy: Taxonomy) -> None:
    assert taxonomy.background == {"information-collection", "privacy-systems"}


def test_every_topic_has_examples_to_be_like(taxonomy: Taxonomy) -> None:
    assert [topic.id for topic in taxonomy.topics if len(topic.examples) < 2] == []


def test_edits_ignored_as_noise_give_no_topic(taxonomy: Taxonomy) -> None:
    chapter = version("The date is June 1.", title="Chapter 1 - Purpose")
    assert taxonomy.classify(chapter, changed(paragraph("Asylum."), rule="reviewed-date")) == ()


def test_another_kind_of_evidence_joins() -> None:
    by_words = Tag(topic="asylum", score=0.6, evidence=("asylum",))
    by_meaning = Tag(topic="asylum", score=0.7, evidence=("meaning",))
    assert merge([by_words], [by_meaning]) == (
        Tag(topic="asylum", score=0.7, evidence=("asylum", "meaning")),
    )


def written(folder: Path, head: str, *lines: str) -> Path:
    """An office's file with a topic of its own, whole but for what `lines` say."""
    path = folder / "topics.toml"
    whole = ("title = 'Refuge'", "scope = 'Refuge.'", "terms = ['place of refuge']")
    path.write_text("\n".join((head, *whole, *lines)), encoding="utf-8")
    return path


def test_an_offices_topic_stands_beside_the_packaged_ones(tmp_path: Path) -> None:
    found = load(written(tmp_path, "[topics.refuge]"))
    assert found.titles.keys() == IDS | {"refuge"}
    tags = found.classify_text("", "Asylum in an immigration matter, a place of refuge.")
    assert set(ids(tags)) == {"asylum", "refuge"}


def office(folder: Path, text: str) -> Path:
    path = folder / "topics.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_office_adds_words_to_a_topic_and_takes_others_out(tmp_path: Path) -> None:
    text = """
        [topics.asylum]
        title = "Refuge"
        terms = ["metering"]
        remove = { terms = ["Refugees"], authorities = ["8 CFR 208"], forms = ["I-589"] }
    """
    found = load(office(tmp_path, text))
    assert found.titles["asylum"] == "Refuge"
    assert ids(found.classify_text("", "The immigration office ends metering.")) == ["asylum"]
    removed = "An immigration matter of a refugee, on Form I-589, under 8 CFR 208.1."
    assert found.classify_text("", removed) == ()


def test_a_rebuild_tags_what_is_held_by_the_edited_topics(
    tmp_path: Path, database: Database
) -> None:
    rules = rules_of(Reader())
    visit(database, rules, NOW, page({"a": "An immigration matter: a place of refuge."}, NOW))
    assert tagged(database) == ()
    edited = replace(rules, taxonomy=load(written(tmp_path, "[topics.refuge]")))
    assert ingest.rebuild(database, 1, edited) == ""
    assert tagged(database) == ("refuge",)


def test_a_rebuild_tags_the_changes_written_down_by_the_edited_topics(
    tmp_path: Path, database: Database
) -> None:
    rules, later = rules_of(Reader()), NOW + timedelta(days=1)
    visit(database, rules, NOW, page({"a": "An immigration matter: asylum."}, NOW))
    text = "An immigration matter: asylum. A place of refuge."
    visit(database, rules, later, page({"a": text}, later))
    edited = replace(rules, taxonomy=load(written(tmp_path, "[topics.refuge]")))
    before = history.recorded(database)
    for number in (1, 2):
        assert ingest.rebuild(database, number, edited) == ""
    [told] = history.recorded(database, topics=["refuge"])
    assert [replace(each, tags=()) for each in history.recorded(database)] == [
        replace(each, tags=()) for each in before
    ]
    assert told.tags == edited.taxonomy.classify(told.new, told.difference)


def tagged(database: Database) -> tuple[str, ...]:
    with database.read() as connection:
        return tuple(tag.topic for tag in derived.topics_of(connection, 1))


def test_an_office_switches_a_topic_off(tmp_path: Path) -> None:
    found = load(office(tmp_path, "[topics.tps]\noff = true"))
    assert found.titles.keys() == IDS - {"tps"}
    assert found.classify_text("", "An immigration notice: temporary protected status.") == ()


def test_an_office_says_what_else_is_immigration_law(tmp_path: Path) -> None:
    text = """
        immigration = ["laissez-passer"]
        remove = { immigration = ["alien"] }
        [topics.tps]
        off = true
    """
    found = load(office(tmp_path, text))
    assert found.classify_text("", "A laissez-passer is issued.") == ()
    assert ids(found.classify_text("", "An alien is named.")) == ["not-immigration"]


NEW = "[topics.a]\ntitle = 'A'\nscope = 'a'\n"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"extra = 1\n{NEW}terms = ['a']", "unknown key 'extra'"),
        (f"{NEW}term = ['a']", "topics.a: unknown key 'term'; did you mean 'terms'"),
        (NEW, "topics.a.terms: a topic without"),
        ("[topics.a]\ntitle = 'A'\nterms = ['a']", "topics.a.scope: a text"),
        ("[topics.asylm]\nterms = ['a']", "topics.asylm.title: a text .* did you mean 'asylum'"),
        (f"{NEW}terms = 'a'", "topics.a.terms: a list"),
        (f"{NEW}terms = ['--']", "topics.a.terms: a list"),
        (f"{NEW}authorities = ['law 7']", "topics.a.authorities: 'law 7' is no"),
        (f"{NEW}terms = ['a']\nneeds = 'luck'", "topics.a.needs: allowed is 'immigration'"),
        (f"{NEW}terms = ['a']\nneeds = []", "topics.a.needs: allowed is 'immigration'"),
        (f"{NEW}terms = ['a']\nfront = 'no'", "topics.a.front: allowed are true and false"),
        ("topics = 3", "topics: tables"),
        ("[topics]\na = 3", "topics.a: a table"),
        ("[topics", "cannot be read"),
        ("[topics.asylm]\noff = true", "no topic 'asylm'; did you mean 'asylum'"),
        ("[topics.not-immigration]\noff = true", "cannot be switched off"),
        (
            "[topics.asylum]\nremove = { terms = ['asylums', 'refuge'] }",
            "topics.asylum.remove.terms: 'refuge' is not in it; did you mean 'refugee'",
        ),
        ("[topics.asylum]\nremove = { term = ['a'] }", "remove: unknown key 'term'; did you mean"),
        ("[topics.asylum]\nremove = ['refugee']", "topics.asylum.remove: a table"),
        (
            "[topics.asylum]\nkinds = ['Notice']",
            "topics.asylum.kinds: no document is of kind 'Notice'; did you mean 'notice'",
        ),
        ("immigration_kinds = ['rules']", "immigration_kinds: no document .* did you mean 'rule'"),
        ("[topics.asylum]\noff = true\nterms = ['a']", "topics.asylum.off: .* has no terms"),
        (
            "[topics.asylum]\ntitle = 'family'",
            "topics.family.title: 'Family' is the title of topics.asylum too",
        ),
        ("remove = { neutral = ['nothing of it'] }", "remove.neutral: 'nothing of it'"),
    ],
)
def test_a_mistake_in_an_offices_file_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsError, match=named) as raised:
        load(office(tmp_path, text), kinds=AUTHORITIES)
    assert str(tmp_path / "topics.toml") in str(raised.value)


def test_a_form_may_be_named_with_the_word_form(tmp_path: Path) -> None:
    found = load(office(tmp_path, f"{NEW}forms = ['Form Q-7']"))
    [tag] = found.classify_text("", "An immigration office accepts Q-7.")
    assert tag.evidence == ("Form Q-7",)
    load(office(tmp_path, "[topics.asylum]\nremove = { forms = ['Form I-589'] }"))


def test_the_packaged_topics_name_kinds_that_there_are() -> None:
    assert load(kinds=AUTHORITIES).titles.keys() == IDS


def test_the_packaged_file_may_not_remove(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="unknown key 'remove'"):
        load(packaged=office(tmp_path, "remove = { neutral = ['a'] }"))
