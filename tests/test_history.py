"""The history inside citations. All citations but those of statutes are invented."""

import time

import pytest

from pipeline.citator.history import histories
from pipeline.citator.model import Treatment, TreatmentForm
from pipeline.citator.model import TreatmentKind as Kind
from pipeline.citator.resolve import resolved
from pipeline.cite import find

X = "Matter of Qualey, 12 I&N Dec. 345 (BIA 1977)"
Y = "Matter of Rosten, 14 I&N Dec. 56 (BIA 1985)"
V = "Qualey v. INS, 512 F.2d 34 (9th Cir. 1979)"


def told(text: str) -> list[Treatment]:
    return [*histories(text, resolved(text))]


def brief(text: str) -> list[tuple[Kind, str, str]]:
    return [(each.kind, each.target, each.by) for each in told(text)]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("aff’d", Kind.AFFIRMED),
        ("aff'd sub nom.", Kind.AFFIRMED),
        ("aff d", Kind.AFFIRMED),
        ("affd mem.", Kind.AFFIRMED),
        ("rev’d", Kind.REVERSED),
        ("rev'd en banc", Kind.REVERSED),
        ("vacated by", Kind.VACATED),
        ("vacated as moot by", Kind.VACATED),
        ("vacated and remanded by", Kind.VACATED),
        ("opinion withdrawn by", Kind.VACATED),
        ("remanded by", Kind.REMANDED),
        ("overruled by", Kind.OVERRULED),
        ("effectively overruled by", Kind.OVERRULED),
        ("abrogated by", Kind.ABROGATED),
        ("superseded by", Kind.SUPERSEDED),
        ("modified on reh’g by", Kind.MODIFIED),
        ("amended by", Kind.MODIFIED),
        ("reinstated by", Kind.REINSTATED),
        ("disapproved of by", Kind.DISAPPROVED),
        ("called into doubt by", Kind.DISAPPROVED),
        ("clarified by", Kind.CLARIFIED),
        ("limited by", Kind.LIMITED),
        ("reaffirmed in", Kind.REAFFIRMED),
        ("overruled by the Attorney General in", Kind.OVERRULED),
        ("cert. granted, vacated by", Kind.VACATED),
        ("as amended (Jan. 3, 1980), overruled by", Kind.OVERRULED),
        ("aff’d by an equally divided Court,", Kind.AFFIRMED),
        ("vacated and case remanded by", Kind.VACATED),
        ("limited to its facts by", Kind.LIMITED),
    ],
)
def test_each_form_of_the_bluebook_is_read(words: str, kind: Kind) -> None:
    assert brief(f"See {X}, {words} {V}.") == [(kind, "12 I&N Dec. 345", "512 F.2d 34")]


@pytest.mark.parametrize(
    "words",
    [
        "cert. denied,",
        "reh’g granted,",
        "reh’g en banc denied,",
        "appeal dismissed,",
        "quoting",
        "and",
        "followed in spirit.",
        "cited with approval in",
    ],
)
def test_what_says_nothing_of_the_decision_is_no_treatment(words: str) -> None:
    assert brief(f"See {X}, {words} {V}.") == []


def test_the_target_and_who_did_it_are_told_with_names_and_courts() -> None:
    (found,) = told(f"See {X}, overruled by {Y}.")
    assert found.form is TreatmentForm.HISTORY
    assert (found.name, found.court) == ("Matter of Qualey", "BIA 1977")
    assert (found.by_name, found.by_court) == ("Matter of Rosten", "BIA 1985")


def test_the_sentence_is_the_citation_with_its_history() -> None:
    text = f"An alien bears the burden. See {X}, overruled in part by {Y}. The rest is ours."
    (found,) = told(text)
    assert found.sentence == f"{X}, overruled in part by {Y}"
    assert text[found.start : found.end] == found.sentence


def test_in_part_and_other_grounds_are_of_their_own_verb() -> None:
    first, second = told(
        f"{X}, aff’d in part and, on other grounds, vacated in part and remanded, {V}."
    )
    assert (first.kind, first.in_part, first.object) == (Kind.AFFIRMED, True, "")
    assert (second.kind, second.in_part, second.object) == (Kind.VACATED, True, "other grounds")


def test_a_broken_line_changes_nothing() -> None:
    (found,) = told(f"{X}, vacated\nin pertinent part on other\ngrounds by {V}.")
    assert (found.in_part, found.object) == (True, "other grounds")


def test_other_grounds_alone_are_no_part() -> None:
    (found,) = told(f"{X}, rev’d on other grounds, {V}.")
    assert (found.in_part, found.object) == (False, "other grounds")


@pytest.mark.parametrize("words", ["judgment vacated,", "judgment vacated, and case remanded,"])
def test_the_judgment_of_a_decision_is_the_decision(words: str) -> None:
    (found,) = told(f"{V}, cert. granted, {words} 444 U.S. 901 (1980).")
    assert (found.kind, found.object, found.by) == (Kind.VACATED, "", "444 U.S. 901")


def test_a_stay_in_the_history_of_a_decision_is_no_decision() -> None:
    (found,) = told(f"{V}, stay vacated, 444 U.S. 901 (1980).")
    assert found.object == "stay"


@pytest.mark.parametrize(
    "words",
    [
        f"The petitioner argues that {X}, was overruled by {Y}.",
        f"We need not decide whether {X}, is overruled by {Y}.",
        f"Unless {X}, is overruled by {Y}, it binds.",
        f"It is unclear whether {X}, was abrogated by {Y}.",
        f"Was {X} overruled by {Y}?",
        f"Although {X}, was overruled, {Y}, remains binding.",
        f"Because {X}, is vacated, {Y}, is again the operative opinion.",
        f"{X}, is overruled, {Y}, is reinstated.",
    ],
)
def test_a_clause_of_running_text_is_no_history(words: str) -> None:
    assert brief(words) == []


def test_with_whom_it_is_inconsistent_is_not_who_overruled_it() -> None:
    (found,) = told(f"{X}, overruled to the extent inconsistent with {Y}.")
    assert (found.kind, found.in_part) == (Kind.OVERRULED, True)
    assert (found.by, found.by_name, found.by_another) == ("", "", True)


def test_a_chain_that_leaves_names_out_is_read_to_its_end() -> None:
    chain = f"{X}, vacated, 14 I&N Dec. 56 (A.G. 1985), overruled, 15 I&N Dec. 7 (A.G. 1986)."
    assert brief(f"See {chain}") == [
        (Kind.VACATED, "12 I&N Dec. 345", "14 I&N Dec. 56"),
        (Kind.OVERRULED, "14 I&N Dec. 56", "15 I&N Dec. 7"),
    ]


def test_who_has_no_power_over_the_last_link_acts_on_the_one_before() -> None:
    attorney_general = "Matter of Soames, 24 I&N Dec. 71 (A.G. 2009)"
    assert brief(f"{X}, aff’d, {V}, overruled by {attorney_general}.") == [
        (Kind.AFFIRMED, "12 I&N Dec. 345", "512 F.2d 34"),
        (Kind.OVERRULED, "12 I&N Dec. 345", "24 I&N Dec. 71"),
    ]


def test_who_has_power_over_the_last_link_acts_on_it() -> None:
    (_, found) = told(f"{X}, aff’d, {V}, overruled by Soames v. Holder, 444 U.S. 901 (1980).")
    assert found.target == "512 F.2d 34"


@pytest.mark.parametrize(
    "words",
    [
        f"{X}, partially overruled by {Y}.",
        f"{X}, partly overruled by {Y}.",
        f"{X}, largely overruled by {Y}.",
        f"{Y} (overruling, in part, {X}).",
        f"{Y} (partially overruling {X}).",
    ],
)
def test_what_limits_a_verb_may_stand_before_it(words: str) -> None:
    (found,) = told(words)
    assert (found.kind, found.target, found.in_part) == (Kind.OVERRULED, "12 I&N Dec. 345", True)


@pytest.mark.parametrize(
    ("words", "kind"), [("superseded by", Kind.SUPERSEDED), ("rescinded by", Kind.VACATED)]
)
def test_memoranda_have_a_history_too(words: str, kind: Kind) -> None:
    assert brief(f"PM-602-0050, {words} PM-602-0142.") == [(kind, "PM-602-0050", "PM-602-0142")]


def test_each_link_of_a_chain_acts_on_the_one_before() -> None:
    text = (
        f"{X}, aff’d, 512 F.2d 34 (9th Cir. 1979), vacated on other grounds, 444 U.S. 901 (1980)."
    )
    assert brief(text) == [
        (Kind.AFFIRMED, "12 I&N Dec. 345", "512 F.2d 34"),
        (Kind.VACATED, "512 F.2d 34", "444 U.S. 901"),
    ]


def test_after_and_it_is_the_same_as_before() -> None:
    text = (
        "Qualey v. INS, 512 F.2d 34 (9th Cir. 1979), judgment vacated, 444 U.S. 901 (1980),"
        " and opinion reinstated, 615 F.2d 77 (9th Cir. 1980)."
    )
    assert brief(text) == [
        (Kind.VACATED, "512 F.2d 34", "444 U.S. 901"),
        (Kind.REINSTATED, "512 F.2d 34", "615 F.2d 77"),
    ]


def test_a_denied_petition_stands_in_the_way_of_nothing() -> None:
    after = "overruled by Rosten v. INS, 700 F.2d 8 (9th Cir. 1983)"
    text = f"{V}, cert. denied, 444 U.S. 901 (1980), {after}."
    assert brief(text) == [(Kind.OVERRULED, "512 F.2d 34", "700 F.2d 8")]


def test_parallel_citations_are_one_authority() -> None:
    text = (
        "Qualey v. INS, 444 U.S. 901, 100 S. Ct. 22 (1980), superseded by Rosten v. INS,"
        " 470 U.S. 8 (1985)."
    )
    assert brief(text) == [(Kind.SUPERSEDED, "444 U.S. 901", "470 U.S. 8")]


def test_the_first_of_parallel_citations_is_who_did_it() -> None:
    text = f"Rosten v. INS, 444 U.S. 901, 100 S. Ct. 22 (1980) (abrogating {X})."
    assert brief(text) == [(Kind.ABROGATED, "12 I&N Dec. 345", "444 U.S. 901")]


def test_parentheses_between_are_passed_over() -> None:
    text = f"{X} (finding (again) that a gang is no group), overruled by {Y}."
    assert brief(text) == [(Kind.OVERRULED, "12 I&N Dec. 345", "14 I&N Dec. 56")]


def test_the_case_quoted_in_parentheses_is_not_the_one_overruled() -> None:
    text = f"{X} (quoting Matter of Soames, 3 I&N Dec. 4 (BIA 1950)), overruled by {Y}."
    assert brief(text) == [(Kind.OVERRULED, "12 I&N Dec. 345", "14 I&N Dec. 56")]


def test_both_are_the_two_before() -> None:
    text = f"{X}; Matter of Soames, 13 I&N Dec. 4 (BIA 1980), both clarified by {Y}."
    assert brief(text) == [
        (Kind.CLARIFIED, "12 I&N Dec. 345", "14 I&N Dec. 56"),
        (Kind.CLARIFIED, "13 I&N Dec. 4", "14 I&N Dec. 56"),
    ]


def test_a_statute_supersedes_by_its_citation() -> None:
    text = (
        f"{X}, superseded by statute, Omnibus Widget Act, Pub. L. No. 104-208, § 309, 110 Stat."
        f" 3009, as stated in {V}."
    )
    (found,) = told(text)
    assert (found.kind, found.by, found.by_name) == (Kind.SUPERSEDED, "Pub. L. 104-208", "statute")
    assert found.sentence.endswith(V)


def test_who_tells_of_a_statute_is_not_who_did_it() -> None:
    (found,) = told(f"{X}, superseded by regulation on other grounds, as stated in {V}.")
    assert (found.by, found.by_name, found.object) == ("", "regulation", "other grounds")
    assert found.sentence.endswith(V)


def test_a_law_may_be_named_by_its_citation_alone() -> None:
    (found,) = told(f"{X}, superseded by 8 C.F.R. § 1003.18(c).")
    assert (found.kind, found.by) == (Kind.SUPERSEDED, "8 CFR § 1003.18(c)")


def test_what_follows_and_may_be_by_another() -> None:
    assert brief(f"{X}, overruled by {Y}, and abrogated by {V}.") == [
        (Kind.OVERRULED, "12 I&N Dec. 345", "14 I&N Dec. 56"),
        (Kind.ABROGATED, "12 I&N Dec. 345", "512 F.2d 34"),
    ]


@pytest.mark.parametrize("words", ["abrogation recognized by", "abrogated, as recognized in"])
def test_who_recognizes_is_not_who_did_it(words: str) -> None:
    (found,) = told(f"{X}, {words} {V}.")
    assert (found.kind, found.by) == (Kind.ABROGATED, "")
    assert (found.by_name, found.by_another) == ("", True)
    assert found.sentence.endswith(V)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("overruling", Kind.OVERRULED),
        ("abrogating in part", Kind.ABROGATED),
        ("vacating the decision in", Kind.VACATED),
        ("declining to follow", Kind.NOT_FOLLOWED),
        ("distinguishing", Kind.DISTINGUISHED),
        ("rejecting", Kind.NOT_FOLLOWED),
    ],
)
def test_a_participle_in_parentheses_is_the_deed_of_the_case_before(words: str, kind: Kind) -> None:
    (found,) = told(f"See {Y} ({words} {X}).")
    assert (found.kind, found.target, found.by) == (kind, "12 I&N Dec. 345", "14 I&N Dec. 56")
    assert found.in_part == ("in part" in words)


def test_two_may_be_overruled_in_one_parenthesis() -> None:
    text = f"See {Y} (overruling {X}, and Matter of Soames, 13 I&N Dec. 4 (BIA 1980))."
    assert [each.target for each in told(text)] == ["12 I&N Dec. 345", "13 I&N Dec. 4"]


@pytest.mark.parametrize(
    "aside",
    [
        "distinguishing two regulations, as in",
        "rejecting the claim made in",
        "vacating and remanding in light of",
        "following the approach that the parties took under",
        "overruling the objection; see",
    ],
)
def test_a_participle_of_something_else_is_none(aside: str) -> None:
    assert brief(f"See {Y} ({aside} {X}).") == []


def test_prior_history_is_the_deed_of_the_case_before() -> None:
    assert brief(f"{V}, aff’g {X}.") == [(Kind.AFFIRMED, "12 I&N Dec. 345", "512 F.2d 34")]
    assert brief(f"{V}, rev’g in part 12 I&N Dec. 345 (BIA 1977).")[0][0] is Kind.REVERSED


@pytest.mark.parametrize(
    "text",
    [
        f"{X}, followed. {Y}, overruled.",
        f"{X}, overruled; {Y}, followed.",
        f"{X}, modified, {Y}, overruled.",
        f"{Y}, modified, {X}.",
        f"{Y}, and {X}, distinguished.",
        f"{X}, clarified.",
    ],
)
def test_the_tags_of_a_headnote_are_no_history(text: str) -> None:
    assert brief(text) == []


def test_a_case_is_never_treated_by_itself() -> None:
    assert brief("Qualey v. INS, 501 U.S. 77 (1991), aff’d, 501 U.S. 77 (1991).") == []


def test_who_did_it_may_be_named_without_a_citation() -> None:
    (found,) = told(f"{X}, aff’d sub nom. Qualey v. Rogoff, No. 11-1245 (9th Cir. 1979).")
    assert (found.by, found.by_name) == ("", "Qualey v. Rogoff")


def test_the_history_of_a_law_is_none_of_a_case() -> None:
    assert brief("8 U.S.C. § 1182, amended by Pub. L. No. 105-139.") == []


@pytest.mark.parametrize(
    "piece",
    [
        "12 I&N Dec. 345 (BIA 1977), ",
        "12 I&N Dec. 345 ((((((((",
        "12 I&N Dec. 345, vacated and remanded in part ",
        "12 I&N Dec. 345 (BIA 1977), cert. denied, ",
        "12 I&N Dec. 345, superseded by statute, 8 U.S.C. § 1182 ",
        "12 I&N Dec. 345 (overruling the decision in ",
        "vacated in part and remanded in part ",
    ],
)
def test_hostile_texts_take_no_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    cited = find(text)
    started = time.process_time()
    [*histories(text, cited)]
    assert time.process_time() - started < 1.5


def test_a_verb_after_and_belongs_to_the_sentence_and_not_to_the_history() -> None:
    found = told(f"The Attorney General overruled {X}, and restored {Y}.")
    assert [each for each in found if each.target == "12 I&N Dec. 345"] == []
