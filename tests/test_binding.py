"""Whom a document binds, and where."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from builders import precedent, rule, version

from alerts.force import AUTHORITIES
from pipeline.binding import NOT_STATED, Whom, rank, whom
from pipeline.citator.forum import Binding, forum
from pipeline.model import Document, State, StateKind, Version

COURT_9 = "immigration court, 9th Circuit"
NINTH = "United States Court of Appeals for the Ninth Circuit"


def of(kind: str, **said: object) -> Version:
    made = version("x", kind=kind)
    return replace(made, **{"citation": "", "title": "A sample", "issuer": "", **said})  # type: ignore[arg-type]  # by name


def binds(document: Version, where: str) -> Binding | None:
    return whom(document, forum(where)).binding


def agency(citation: str) -> Version:
    return of("agency-precedent", citation=citation)


def opinion(issuer: str = NINTH, *, status: str = "", citation: str = "") -> Version:
    metadata = {"status": status} if status else {}
    return of("court-opinion", issuer=issuer, citation=citation, metadata=metadata)


@pytest.mark.parametrize(
    ("document", "court", "uscis", "federal"),
    [
        (of("ag-precedent"), "yes", "yes", "no"),
        (of("bia-precedent"), "yes", "yes", "no"),
        (agency("26 I&N Dec. 884 (AAO 2016)"), "no", "yes", "no"),
        (agency("25 I&N Dec. 1 (DIR 2009)"), "yes", "yes", "no"),
        (agency("22 I&N Dec. 1 (Comm'r 1998)"), "no", "yes", "no"),
        (of("ag-referral"), "no", "no", "no"),
        (of("bia-unpublished"), "no", "no", "no"),
        (of("rule"), "yes", "yes", "yes"),
        (of("regulation"), "yes", "yes", "yes"),
        (of("proposed-rule"), "no", "no", "no"),
        (of("policy-manual-chapter"), "no", "yes", "no"),
        (of("policy-alert"), "no", "yes", "no"),
        (of("uscis-memorandum"), "no", "yes", "no"),
        (of("eoir-memorandum"), "yes", "no", "no"),
        (of("presidential-document"), "yes", "yes", "no"),
        (of("visa-bulletin"), "yes", "yes", "no"),
        (of("oflc-announcement"), "no", "no", "no"),
        (of("notice"), "not stated", "not stated", "not stated"),
        (of("form"), "not stated", "not stated", "not stated"),
        (of("court-order"), "not stated", "not stated", "not stated"),
        (opinion("Supreme Court of the United States"), "yes", "yes", "yes"),
        (opinion(status="Published"), "yes", "in part", "in part"),
        (opinion(citation="90 F.4th 1 (9th Cir. 2026)"), "yes", "in part", "in part"),
        (opinion(status="Unpublished"), "no", "no", "no"),
        (opinion(), "not stated", "not stated", "not stated"),
        (opinion("", citation="90 F.4th 1 (9th Cir. 2026)"), "yes", "in part", "in part"),
        (opinion(status="Precedential"), "yes", "in part", "in part"),
        (opinion(status="Not Precedential"), "no", "no", "no"),
        (opinion(status="Non-Precedential"), "no", "no", "no"),
        (opinion(status="NONPRECEDENTIAL"), "no", "no", "no"),
        (opinion(status="Not for publication"), "no", "no", "no"),
        (opinion(citation="2026 WL 99 (9th Cir. 2026) (unpublished)"), "no", "no", "no"),
        (opinion("Supreme Court of California"), "not stated", "not stated", "not stated"),
        (opinion("", citation="999 U.S. 1 (2026)"), "yes", "yes", "yes"),
        (opinion("", citation="90 F.4th 1"), "not stated", "not stated", "not stated"),
        (agency("26 I&N Dec. 884"), "not stated", "not stated", "not stated"),
        (agency("26 I&N Dec. 884 (2016)"), "not stated", "not stated", "not stated"),
        (opinion("United States District Court"), "not stated", "not stated", "not stated"),
        (of("something-new"), "not stated", "not stated", "not stated"),
    ],
)
def test_whom_each_sort_of_document_binds(
    document: Version, court: str, uscis: str, federal: str
) -> None:
    where = (COURT_9, "uscis", "federal-court")
    assert [binds(document, each) for each in where] == [court, uscis, federal]


def test_a_court_of_appeals_binds_in_its_own_circuit_alone() -> None:
    published = opinion(status="published")
    assert binds(published, "immigration judge in California") is Binding.YES
    assert binds(published, "uscis arizona") is Binding.YES
    assert binds(published, "immigration court, 5th Circuit") is Binding.NO
    assert whom(published).words == "binds courts and agencies in the Ninth Circuit alone"


def test_an_opinion_that_may_be_unpublished_binds_nowhere_else_for_certain() -> None:
    doubtful = opinion()
    assert binds(doubtful, "immigration court, 9th Circuit") is Binding.NOT_STATED
    assert binds(doubtful, "immigration court, 1st Circuit") is Binding.NO
    assert "if it is published, which is not stated" in whom(doubtful).words
    nowhere = whom(opinion("United States Court of Appeals"), forum(COURT_9))
    assert nowhere.binding is Binding.NOT_STATED and "which that is, is not stated" in nowhere.words


def test_no_words_have_a_hole_where_a_circuit_is_not_stated() -> None:
    told = whom(opinion("", citation="90 F.4th 1")).words
    assert "  " not in told and "which that is, is not stated" in told


def test_an_adopted_decision_is_policy_of_uscis_and_no_precedent() -> None:
    title = "Matter of S-A-M-P-, Inc., Adopted Decision 2026-01 (AAO Mar. 2, 2026)"
    adopted = whom(of("uscis-memorandum", title=title), forum(COURT_9))
    assert adopted.binding is Binding.NO
    assert adopted.words.startswith("adopts a decision of the AAO: binds USCIS officers alone")


def test_a_memorandum_that_uscis_stamps_as_superseded_binds_nobody() -> None:
    ended = of("uscis-memorandum", metadata={"status": "Superseded March 2, 2026"})
    assert whom(ended, forum("uscis")) == Whom(
        words="binds nobody any more, as USCIS stamps it", binding=Binding.NO
    )


@pytest.mark.parametrize("kind", [StateKind.FINAL, StateKind.WITHDRAWN, StateKind.DELAYED])
def test_a_rule_that_is_not_in_effect_binds_nobody(kind: StateKind) -> None:
    one = rule("x")
    state = State(kind=kind, since=date(2026, 1, 2), document=one.document, words="")
    assert whom(one, forum("uscis"), state).binding is Binding.NO
    assert whom(one, forum("uscis"), state).words.startswith("binds nobody")
    assert whom(one, None, state).binding is None
    in_effect = replace(state, kind=StateKind.IN_EFFECT)
    assert whom(one, forum("uscis"), in_effect).binding is Binding.YES


def test_a_rule_whose_effective_date_is_not_stated_binds_as_is_not_stated() -> None:
    one = rule("x")
    state = State(kind=StateKind.NOT_STATED, since=None, document=one.document, words="")
    assert whom(one, forum("uscis"), state) == Whom(
        words="binds all from its effective date, which is not stated", binding=Binding.NOT_STATED
    )
    assert whom(one, None, state).binding is None


def test_without_a_forum_nothing_is_said_of_one() -> None:
    told = whom(precedent("x"))
    assert told.binding is None and "8 CFR 1003.1(g)(1)" in told.words and rank(told) == 1.0


def test_what_binds_ranks_before_what_may_and_that_before_what_does_not() -> None:
    ranks = [rank(Whom(words="", binding=each)) for each in Binding]
    assert ranks == [1.0, 0.8, 0.3, 0.5] and [*Binding][2] is Binding.NO


def test_every_sort_that_is_held_has_an_answer() -> None:
    told = {kind: whom(of(kind)).words for kind in AUTHORITIES}
    unknown = {kind for kind, words in told.items() if words == NOT_STATED}
    # Whose precedent and which court it is stands in the citation and the issuer, here empty.
    assert unknown == {"agency-precedent", "court-opinion"}
    assert whom(replace(precedent("x"), document=Document(source="s", key="k", kind="k"))).words


@pytest.mark.parametrize(
    ("kind", "effective", "words"),
    [
        (StateKind.FINAL, date(2026, 12, 7), "it takes effect on December 7, 2026, as stated"),
        (
            StateKind.FINAL,
            None,
            "it is not in effect, and from which day on it will be is not stated",
        ),
        (StateKind.DELAYED, date(2027, 3, 1), "its effect is delayed to March 1, 2027, as stated"),
        (StateKind.DELAYED, None, "its effect is delayed; to which day is not stated"),
    ],
)
def test_from_which_day_a_rule_will_bind_is_said_where_one_is_stated(
    kind: StateKind, effective: date | None, words: str
) -> None:
    said = of("rule")
    state = State(
        kind=kind,
        since=date(2026, 11, 2),
        document=said.document,
        words="Final rule.",
        effective=effective,
    )
    assert whom(said, state=state).words == f"binds nobody yet: {words}"
