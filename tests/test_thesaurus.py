"""The thesaurus: what a query's words stand for in the words of the law."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from time import process_time

import pytest

from lexwatch.output.hits import expanded
from pipeline.cite import lookup
from pipeline.errors import SettingsError
from pipeline.query.entry import PACKAGED, Entry, read
from pipeline.query.model import Expansion
from pipeline.query.spoken import stems
from pipeline.query.thesaurus import Thesaurus, load
from pipeline.query.words import STOP

SAMPLE = """
[[entry]]
id = "bond"
terms = ["bond", "custody redetermination"]
short = ["CRH"]
lay = ["bail"]
when = ["get out|released & detention|immigration jail"]
not_when = ["surety bond", "bail jump*"]
law = ["INA § 236(a)"]

[[entry]]
id = "bond-appeal"
terms = ["appeal of a bond decision"]
lay = ["fight the bond decision"]

[[entry]]
id = "waiver-212h"
terms = ["waiver for criminal grounds"]
short = ["212(h)"]
law = ["INA § 212(h)"]
forms = ["I-601"]

[[entry]]
id = "hardship-waiver"
terms = ["hardship waiver"]
law = ["INA § 212(h)", "INA § 212(i)"]
forms = ["I-601"]

[[entry]]
id = "torture"
terms = ["Convention Against Torture", "protection from torture"]
short = ["CAT"]
lay = ["they will torture my son"]
forms = ["I-589"]

[[entry]]
id = "venue"
terms = ["legalization", "general amnesty"]
lay = ["said he was a citizen to get a job"]
weight = 0.5
"""


@pytest.fixture(scope="module")
def packaged() -> Thesaurus:
    return load()


@pytest.fixture
def sample(tmp_path: Path) -> Thesaurus:
    (tmp_path / "sample.toml").write_text(SAMPLE, encoding="utf-8")
    return load(packaged=tmp_path)


def of(found: Iterable[Expansion]) -> dict[str, float]:
    return {expansion.words: expansion.weight for expansion in found}


def ids(found: Iterable[Expansion]) -> set[str]:
    return {expansion.entry for expansion in found}


def test_words_of_a_client_bring_in_those_of_the_law(sample: Thesaurus) -> None:
    found = sample.expand("Can we post bail for him?")
    assert of(found) == {
        "bond": 0.6,
        "custody redetermination": 0.48,
        "CRH": 0.4,
        "INA § 236(a)": 0.4,
    }
    assert {expansion.matched for expansion in found} == {"bail"}


def test_how_clients_say_it_is_never_added(packaged: Thesaurus) -> None:
    only_lay = set(packaged.lay) - set(
        chain.from_iterable((*entry.terms, *entry.short) for entry in packaged.entries)
    )
    for phrase in packaged.lay[::10]:
        assert not only_lay & of(packaged.expand(phrase)).keys()


def test_what_the_query_says_itself_is_not_added(sample: Thesaurus) -> None:
    assert "bond" not in of(sample.expand("bond or bail"))


def test_plural_and_tense_make_no_difference(sample: Thesaurus) -> None:
    assert ids(sample.expand("they tortured my sons, they will torture my son")) == {"torture"}
    assert ids(sample.expand("saying she is a citizen, said he was a citizen to get jobs"))
    assert ids(sample.expand("two bails")) == {"bond"}


def test_pronouns_and_articles_are_passed_over(sample: Thesaurus) -> None:
    assert ids(sample.expand("She said she is a citizen to get the job.")) == {"venue"}


def test_a_denial_is_no_claim(sample: Thesaurus) -> None:
    assert not sample.expand("She said she is not a citizen to get the job.")


def test_one_word_is_not_its_stem(sample: Thesaurus) -> None:
    assert not sample.expand("is it legal")
    assert ids(sample.expand("legalizations")) == {"venue"}


def test_abbreviations_in_capitals_are_met_in_capitals(sample: Thesaurus) -> None:
    assert ids(sample.expand("Is CAT relief left?")) == {"torture"}
    assert not sample.expand("My cat crossed the border.")


def test_abbreviations_are_met_where_case_says_nothing(sample: Thesaurus) -> None:
    assert ids(sample.expand("when is the crh")) == {"bond"}
    assert not sample.expand("where is the cat")


def test_quoted_words_bring_in_nothing(sample: Thesaurus) -> None:
    assert not sample.expand('"bail"')
    assert not sample.expand("the phrase “custody redetermination” alone")
    assert ids(sample.expand('bail and "probation"')) == {"bond"}


def test_no_phrase_goes_over_a_quotation(sample: Thesaurus) -> None:
    assert not sample.expand('hardship "extreme" waiver')


def test_a_match_inside_a_longer_one_does_not_count(sample: Thesaurus) -> None:
    assert ids(sample.expand("fight the bond decision")) == {"bond-appeal"}


def test_words_that_stand_together_bring_in_their_entry(sample: Thesaurus) -> None:
    found = sample.expand("How does he get out of the immigration jail?")
    assert of(found)["bond"] == 0.5
    assert found[0].matched == "get out … immigration jail"


def test_one_word_is_not_two_parts_of_a_pattern(tmp_path: Path) -> None:
    written = '[[entry]]\nid = "a"\nterms = ["far phrase"]\nwhen = ["gps|monitor* & gps|ice"]\n'
    (tmp_path / "a.toml").write_text(written, encoding="utf-8")
    assert not load(packaged=tmp_path).expand("a GPS")
    assert load(packaged=tmp_path).expand("monitored by GPS")


def test_words_far_apart_do_not_stand_together(sample: Thesaurus) -> None:
    assert not sample.expand("released " + "and so on " * 10 + "detention")


def test_what_rules_an_entry_out_does_so_nearby_alone(sample: Thesaurus) -> None:
    assert not sample.expand("convicted of bail jumping, no bail")
    far = "bail jumping once. " + "much later, in another state, " * 6 + "he asks for bail"
    assert ids(sample.expand(far)) == {"bond"}


def test_a_provision_brings_in_the_entry_that_it_names(sample: Thesaurus) -> None:
    for text in ("212(h)", "INA 212(h)", "8 U.S.C. § 1182(h)", "section 212(h) of the Act"):
        assert ids(sample.expand(text)) == {"waiver-212h"}
    assert ids(sample.expand("INA 212(i)")) == {"hardship-waiver"}
    assert not sample.expand("INA 212(a)")


def test_a_form_of_several_entries_brings_in_none(sample: Thesaurus) -> None:
    assert not sample.expand("Form I-601")
    assert ids(sample.expand("Form I-589 or I589")) == {"torture"}


def test_an_entry_states_its_own_weight(sample: Thesaurus) -> None:
    assert of(sample.expand("said he was a citizen to get a job")) == {
        "legalization": 0.3,
        "general amnesty": 0.24,
    }


def test_likeness_counts_where_words_say_nothing(sample: Thesaurus) -> None:
    alike = {"bail": 0.7, "they will torture my son": 0.6}
    found = sample.expand("let him go home", alike)
    assert ids(found) == {"bond"}
    assert found[0].weight == 0.375
    assert found[0].matched == "like “bail”"
    (said,) = expanded(found[:1])
    assert said.endswith("because your words are near in meaning to “bail”")
    assert ids(sample.expand("hardship waiver", alike)) == {"hardship-waiver"}
    assert not sample.expand("let him go home", {"bail": 0.5})


def test_likeness_does_not_override_what_rules_out(sample: Thesaurus) -> None:
    assert not sample.expand("the customs broker's surety bonds", {"bail": 0.9})


def test_no_more_than_three_come_by_likeness(packaged: Thesaurus) -> None:
    found = packaged.expand("xyzzy", dict.fromkeys(packaged.lay, 0.9))
    assert len(ids(found)) <= 3


def test_a_page_of_facts_brings_in_the_surest_24(packaged: Thesaurus) -> None:
    facts = " ".join(packaged.lay[::25])
    found = packaged.expand(facts)
    assert len(found) == 24
    weights = [expansion.weight for expansion in found]
    assert weights == sorted(weights, reverse=True)


def test_nothing_is_said_of_nothing(packaged: Thesaurus) -> None:
    for text in ("", " ", "!!! ???", '""', "“", "\0", "é" * 300):
        assert packaged.expand(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "said he was a citizen " * 5_000,
        "(" * 100_000,
        '"' * 100_001,
        "INA § 212(a)(2) " * 6_000,
        "a-" * 50_000,
        "deport " * 15_000,
    ],
    ids=["phrases", "brackets", "quotes", "citations", "hyphens", "word"],
)
def test_hostile_text_is_read_in_bounded_time(packaged: Thesaurus, text: str) -> None:
    began = process_time()
    packaged.expand(text)
    assert process_time() - began < 2


def made(folder: Path, *written: str) -> Thesaurus:
    entries = "".join(f"[[entry]]\n{each}\n" for each in written)
    (folder / "made.toml").write_text(entries, encoding="utf-8")
    return load(packaged=folder)


def test_a_form_belongs_to_the_entry_that_it_abbreviates(tmp_path: Path) -> None:
    own = 'id = "own"\nterms = ["Employment Eligibility Verification"]\nshort = ["I-9"]'
    other = 'id = "other"\nterms = ["false claim"]\nforms = ["I-9"]'
    assert ids(made(tmp_path, own, other).expand("Form I-9")) == {"own"}


def test_a_shared_word_brings_in_all_its_entries_at_half_weight(tmp_path: Path) -> None:
    written = 'id = "{}"\nterms = ["{} words"]\nshort = ["COS"]\nshared = true'
    found = made(tmp_path, written.format("one", "one"), written.format("two", "two"))
    assert of(found.expand("COS date")) == {"one words": 0.4, "two words": 0.4}


def test_an_entry_adds_no_more_than_six(tmp_path: Path) -> None:
    terms = ", ".join(f'"far{number} phrase"' for number in range(9))
    found = made(tmp_path, f'id = "a"\nterms = [{terms}]\nlay = ["what we say"]')
    assert len(found.expand("what we say")) == 6


def test_a_term_within_another_is_enough(tmp_path: Path) -> None:
    terms = '"bond", "release on bond", "custody redetermination"'
    found = made(tmp_path, f'id = "a"\nterms = [{terms}]\nlay = ["bail"]')
    assert set(of(found.expand("bail"))) == {"bond", "custody redetermination"}


def test_the_surest_way_in_which_an_entry_is_said_counts(tmp_path: Path) -> None:
    written = 'id = "a"\nterms = ["removal", "expulsion"]\nshort = ["RX"]\nwhen = ["sent & back"]'
    assert of(made(tmp_path, written).expand("sent back: RX"))["removal"] == 0.8


def test_words_of_two_entries_count_once_at_the_higher_weight(tmp_path: Path) -> None:
    low = 'id = "low"\nterms = ["same words"]\nlay = ["lay one"]\nweight = 0.5\nshared = true'
    high = 'id = "high"\nterms = ["same words"]\nlay = ["lay two"]'
    assert of(made(tmp_path, low, high).expand("lay one lay two")) == {"same words": 0.6}


def test_a_word_of_a_pattern_is_not_its_stem(tmp_path: Path) -> None:
    found = made(tmp_path, 'id = "a"\nterms = ["far phrase"]\nwhen = ["removal & agents"]')
    assert found.expand("the agents and the removal")
    assert not found.expand("the agents removed it")


def test_an_abbreviation_in_small_letters_is_another_word(sample: Thesaurus) -> None:
    assert not sample.expand("The crh of Berlin")


def test_what_comes_after_2000_words_is_not_read(sample: Thesaurus) -> None:
    assert sample.expand("word " * 1_999 + "bail")
    assert not sample.expand("word " * 2_000 + "bail")


def test_a_key_that_stands_twice_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        made(tmp_path, 'id = "a"\nterms = ["b c"]\nterms = ["d e"]')


def test_an_office_adds_replaces_and_switches_off(tmp_path: Path) -> None:
    (tmp_path / "packaged").mkdir()
    (tmp_path / "packaged" / "sample.toml").write_text(SAMPLE, encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(
        'off = ["bond-appeal"]\n[[entry]]\nid = "bond"\nterms = ["immigration bail"]\n'
        '[[entry]]\nid = "ours"\nterms = ["house word"]\nlay = ["what we call it"]\n',
        encoding="utf-8",
    )
    thesaurus = load(own, tmp_path / "packaged")
    assert {entry.id for entry in thesaurus.entries} == {
        "bond",
        "waiver-212h",
        "hardship-waiver",
        "torture",
        "venue",
        "ours",
    }
    assert not thesaurus.expand("bail")
    assert of(thesaurus.expand("what we call it")) == {"house word": 0.6}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[[entry]]\nid = ", "cannot be read as a thesaurus"),
        ("[[entries]]\n", "unknown key 'entries'; did you mean 'entry'?"),
        ("[entry]\nid = 'a'\n", "tables that begin with [[entry]]"),
        ('[[entry]]\nterms = ["a b"]\n', "entry 1: id: small letters"),
        ('[[entry]]\nid = "A B"\n', "entry 1: id: small letters"),
        ('[[entry]]\nid = "a"\n', "a: terms: at least"),
        ('[[entry]]\nid = "a"\nterm = ["b"]\n', "a: unknown key 'term'; did you mean 'terms'?"),
        ('[[entry]]\nid = "a"\nterms = "b"\n', "a: terms: a list of words is needed"),
        ('[[entry]]\nid = "a"\nterms = []\n', "a: terms: a list of words is needed"),
        ('[[entry]]\nid = "a"\nterms = ["the"]\n', "a: terms: words that say something"),
        ('[[entry]]\nid = "a"\nterms = ["b"]\nforms = ["Form 9"]\n', "a: forms: numbers of forms"),
        ('[[entry]]\nid = "a"\nterms = ["b"]\nwhen = ["c"]\n', "a: when: two or more parts"),
        ('[[entry]]\nid = "a"\nterms = ["b"]\nwhen = ["c & "]\n', "a: when: two or more parts"),
        ('[[entry]]\nid = "a"\nterms = ["b"]\nwhen = ["c & d*e"]\n', "a: when: two or more"),
        ('[[entry]]\nid = "a"\nterms = ["b"]\nweight = 2\n', "a: weight: above 0 and at most 1"),
        ('[[entry]]\nid = "a"\nterms = ["b"]\nshared = 1\n', "a: shared: allowed are true"),
        ('[[entry]]\nid = "a"\nterms = ["b"]\n' * 2, "a: two entries have this id"),
        ('off = ["bound"]\n', "off: there is no entry 'bound'; did you mean 'bond'?"),
        ("off = 1\n", "off: a list of ids is needed"),
    ],
)
def test_a_mistake_is_told_with_file_entry_and_key(tmp_path: Path, written: str, told: str) -> None:
    (tmp_path / "packaged").mkdir()
    (tmp_path / "packaged" / "sample.toml").write_text(SAMPLE, encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(written, encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        load(own, tmp_path / "packaged")
    assert str(own) in str(error.value)
    assert told in str(error.value)


def test_an_id_of_two_packaged_files_is_a_mistake(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text(SAMPLE, encoding="utf-8")
    with pytest.raises(SettingsError, match="another file has this id"):
        load(packaged=tmp_path)


def test_a_missing_office_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read as a thesaurus"):
        load(tmp_path / "none.toml")


@pytest.mark.parametrize("file", sorted(PACKAGED.glob("*.toml")), ids=lambda file: file.stem)
def test_a_packaged_file_is_valid_and_read_as_toml_reads_it(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "own.toml"
    copy.write_bytes(file.read_bytes())
    (tmp_path / "none").mkdir()
    checked = read(copy, tmp_path / "none")
    (tmp_path / "none" / "same.toml").write_bytes(file.read_bytes())
    assert read(packaged=tmp_path / "none") == checked
    raw = tomllib.loads(file.read_text(encoding="utf-8"))["entry"]
    assert [entry.id for entry in checked] == [table["id"] for table in raw]


def test_packaged_laws_are_spelled_as_citations_are_resolved(packaged: Thesaurus) -> None:
    wrong = [
        (entry.id, law)
        for entry in packaged.entries
        for law in entry.law
        if (found := lookup(law)) is None or found.canonical != law
    ]
    assert not wrong


def test_packaged_triggers_belong_to_one_entry(packaged: Thesaurus) -> None:
    owners: dict[tuple[str, ...], set[str]] = {}
    for entry in packaged.entries:
        if not entry.shared:
            for words in (*entry.terms, *entry.short, *entry.lay):
                owners.setdefault(stems(words), set()).add(entry.id)
    assert not {words: ids for words, ids in owners.items() if len(ids) > 1}


def test_no_packaged_trigger_is_a_word_that_says_nothing(packaged: Thesaurus) -> None:
    every = [(entry, words) for entry in packaged.entries for words in _triggers(entry)]
    assert not [(entry.id, words) for entry, words in every if words.lower() in STOP]


def test_the_thesaurus_is_large_and_soon_there(packaged: Thesaurus) -> None:
    assert len(packaged.entries) > 500
    load()
    began = process_time()
    load()
    assert process_time() - began < 0.3


@pytest.mark.parametrize(
    ("query", "entry"),
    [
        ("My uncle paid a coyote and crossed the desert.", "entry-without-inspection"),
        ("does bail exist in immigration jail", "bond-custody-redetermination"),
        ("he came back after being deported", "reinstatement-of-removal"),
        ("checked the US citizen box on the I-9", "false-claim-to-citizenship"),
        ("the notario filed it wrong", "unauthorized-practice-notario"),
        ("missed court because of a flat tire", "in-absentia-order"),
        ("she was convicted of shoplifting twice", "theft-offense"),
        ("relief under 212(h)", "waiver-212h"),
        ("NTA without a time", "notice-to-appear"),
        ("DV misdemeanor and deportability", "domestic-violence-abbreviated"),
        ("DV lottery winner", "diversity-visa"),
        ("unlawful presence of one deported in 2010", "unlawful-presence-bars"),
        ("duress and persecution by a prison guard", "persecutor-bar"),
        ("stay of removal with a petition for review", "judicial-stay-of-removal"),
        ("stay of removal with ICE", "stay-of-removal-ice"),
        ("AOS rejected by NVC", "affidavit-of-support"),
        ("AOS interview", "adjustment-of-status"),
        ("MTR to reconsider", "motion-to-reconsider"),
        ("ACWIA", "acwia-fee"),
        ("her EAD was stolen", "replacement-of-ead"),
        ("her EAD was revoked", "loss-of-ead"),
        ("LPR for five years, deportation court", "five-years-as-a-permanent-resident"),
        ("child turned 21, cancellation hardship", "parent-or-child-ages-out-in-cancellation"),
        ("term of probation", "probation"),
        ("GMC for naturalization", "good-moral-character-naturalization"),
    ],
)
def test_clients_and_lawyers_are_understood(packaged: Thesaurus, query: str, entry: str) -> None:
    assert entry in ids(packaged.expand(query))


@pytest.mark.parametrize(
    ("query", "entry"),
    [
        ("his parole officer called about the ankle", "parole-from-custody"),
        ("the surety bond of a customs broker", "posting-bond"),
        ("the cat sat in the ice", "convention-against-torture"),
        ("bail jumping conviction in 2009", "bond-custody-redetermination"),
        ("special immigrant juvenile and juvenile court", "juvenile-delinquency"),
        ("DV conviction", "diversity-visa"),
        ("DV lottery", "domestic-violence-abbreviated"),
        ("returning green card holder as arriving alien", "arriving-alien"),
        ("on parole for a crime", "probation"),
        ("removal proceedings pending in Boston", "naturalization-while-in-removal-proceedings"),
        ("her EAD was stolen", "loss-of-ead"),
        ("turned 21 while waiting for the visa", "parent-or-child-ages-out-in-cancellation"),
        ("LPR for five years, cancellation", "seven-years-continuous-residence"),
        ("reasonable fear, not credible fear", "credible-fear"),
        ("deported with no hearing, missed court", "expedited-removal"),
        ("AOS rejected by NVC", "adjustment-of-status"),
        ("MTR to reconsider", "motion-to-reopen"),
        ("permanent bar for a frivolous asylum application", "permanent-bar"),
        ("ACWIA", "fraud-prevention-and-detection-fee"),
        ("duress and material support", "persecutor-bar"),
        ("stay of removal with a petition for review", "stay-of-removal-ice"),
        ("first EAD, asylum pending", "automatic-extension-of-ead"),
    ],
)
def test_other_meanings_are_left_alone(packaged: Thesaurus, query: str, entry: str) -> None:
    assert entry not in ids(packaged.expand(query))


def test_what_is_added_is_the_law_of_what_is_asked(packaged: Thesaurus) -> None:
    assert "19 I&N Dec. 609" in of(packaged.expand("motion to suppress"))
    cancellation = of(packaged.expand("good moral character for cancellation"))
    assert "INA § 101(f)" in cancellation and "8 CFR § 316.10" not in cancellation
    assert "INA § 240A(a)(2)" not in of(packaged.expand("has had the green card for five years"))


def _triggers(entry: Entry) -> tuple[str, ...]:
    return (*entry.terms, *entry.short, *entry.lay)
