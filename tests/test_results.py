"""What a reader sees of documents that answer: filters, counts, marks, texts of days gone by."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from builders import paragraph, rule, stated, tag, version
from fakes import HashingEncoder
from holding import hold
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from publisher import NOW
from sqlalchemy import insert, select, update

from index import derived, schema
from index.database import Database
from index.search.counts import counts
from index.search.filter import allowed, notes
from index.search.like import like
from index.search.mark import best, marks, matches, score, wanted, weights
from index.search.model import Answer, Filters, Hit
from index.search.results import hits
from pipeline.calendar import eastern, spelled
from pipeline.citator.forum import Binding, forum
from pipeline.errors import NotHeld
from pipeline.model import DateKind, RelationKind, StateKind, Version
from pipeline.query import connectors, words
from pipeline.query.model import Asked, Expansion, Shape, Term

TODAY = eastern(NOW)
CHAPTER = version("An officer weighs residence abroad. A permit keeps nothing.", key="chapter")
DECISION = replace(
    version(
        "The judge weighs bond. Flight is weighed with danger.",
        source="bia_decisions",
        key="4999",
        kind="bia-precedent",
        title="Matter of S-A-M-P-",
        citation="29 I&N Dec. 999 (BIA 2026)",
        issuer="Board of Immigration Appeals",
    ),
    metadata={"year": 2026, "text": "headnote only"},
)


def ask(text: str, **said: object) -> Asked:
    return Asked(text=text, shape=Shape.QUESTION, **said)  # type: ignore[arg-type]  # by name


def every(database: Database, text: str = "bond", **wanted_: object) -> dict[str, Hit]:
    """All documents that the filters leave, as results."""
    filters = Filters(**wanted_)  # type: ignore[arg-type]  # by name
    with database.read() as connection:
        left = allowed(connection, filters, TODAY)
        table = schema.passage
        query = select(table.c.id, table.c.document_id).order_by(table.c.document_id, table.c.id)
        if left is not None:
            query = query.where(table.c.document_id.in_(left))
        held: dict[int, list[int]] = {}
        for row in connection.execute(query):
            held.setdefault(row.document_id, []).append(row.id)
        answers = [
            Answer(document=number, passages=tuple(passages), score=1.0, why=("matched by words",))
            for number, passages in held.items()
        ]
        found = hits(connection, answers, ask(text), filters, TODAY)
    return {hit.document.key.partition("@")[0]: hit for hit in found}


def tally(database: Database, facet: str, **wanted_: object) -> dict[str, int]:
    filters = Filters(**wanted_)  # type: ignore[arg-type]  # by name
    with database.read() as connection:
        left = allowed(connection, filters, TODAY)
        query = select(schema.document.c.id) if left is None else left
        numbers = connection.execute(query).scalars().all()
        told = counts(connection, numbers, filters, TODAY)[facet]
    return {each.value: each.documents for each in told}


def in_register(
    number: str, on: date, *, kind: str = "rule", effective: date | None = None
) -> Version:
    dates = [stated(DateKind.PUBLISHED, on, read_from="API publication_date")]
    dates += [stated(DateKind.EFFECTIVE, effective)] if effective else []
    made = rule("Fees for bond.", number=number, kind=kind, dates=tuple(dates))
    return replace(made, title=f"Sample {number}", citation=f"91 FR {number[-5:]}")


# --- marks


def marked(text: str, asked: Asked) -> list[str]:
    found = marks(text, matches(text, wanted(asked)))
    return [text[mark.start : mark.end] for mark in found]


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        (
            "bond hearings",
            "A bond hearing; bonds of hearing.",
            ["bond hearing", "bonds", "hearing"],
        ),
        ("the bond of it", "It is the bond of all.", ["bond"]),
        ("212(a)", "See 212(a)(6)(C), not 212(h) or 212.", ["212(a)(6)(C)"]),
        ("28 I&N Dec. 733", "28 I. & N. Dec. 733 and 28 days.", ["28 I. & N. Dec. 733"]),
        ("stop-time", "the stop-time rule, the stop time", ["stop-time", "stop time"]),
        ("cities apply", "A city applies; cite an apple.", ["city applies"]),
        ("a 9 of", "9 or 90 or x9.", ["9"]),
        ("Evidence", "ÉVIDENCE of évidence", ["ÉVIDENCE", "évidence"]),
        ("", "anything", []),
    ],
)
def test_matched_words_are_marked_where_they_stand(query: str, text: str, found: list[str]) -> None:
    assert marked(text, ask(query)) == found


@given(
    pieces=st.lists(
        st.sampled_from(
            ("bond", "Bonds", "“bond", "hearing”", "§ 212(a)(6)", "I-130", "x", "stop-time", "it")
        ),
        max_size=12,
    )
)
def test_whatever_way_a_text_is_read_the_same_is_found(pieces: list[str]) -> None:
    text, told = " ".join(pieces), wanted(ask("bond hearing 212(a) I-130 stop-time"))
    found = matches(text, told)
    assert matches(text, told, words.keys(text)) == found
    assert matches(f"{text} é", told) == found  # word by word: an accent hides how one begins


def test_words_that_the_thesaurus_added_are_marked_too() -> None:
    added = Expansion(
        entry="e", matched="bail", words="custody redetermination", kind="term", weight=0.6
    )
    asked = ask("bail", terms=(Term(words="bail"),), expansions=(added,))
    assert marked("Custody redeterminations, or bail.", asked) == [
        "Custody redeterminations",
        "bail",
    ]
    told = wanted(asked)
    scores = [score(matches(text, told), told.weights) for text in ("bail", "custody", "nothing")]
    assert scores[0] > scores[1] > scores[2] == 0


def test_what_connectors_leave_out_is_not_marked() -> None:
    node = connectors.parse("detain! AND bond BUT NOT parole")
    asked = ask("…", node=node)
    assert marked("Detention: detained on bond, no parole.", asked) == ["detained", "bond"]
    assert marked("A woman, women, womn.", ask("…", node=connectors.parse("wom*n"))) == [
        "woman",
        "women",
    ]


def test_the_best_sentence_holds_the_rarest_of_the_words() -> None:
    texts = ["Bond is bond. Bond turns on danger. It ends.", "Bond.", "Bond again."]
    told = wanted(ask("bond danger"))
    weigh = weights(told, [matches(text, told) for text in texts])

    def chosen(text: str) -> str:
        found = best(text, matches(text, told), weigh)
        return text[found.start : found.end] if found else ""

    assert chosen(texts[0]) == "Bond turns on danger."
    assert chosen("Bond ends. There is danger.") == "There is danger."
    assert chosen("Bond turns on danger.") == chosen("It ends. It began.") == ""


# --- results


def test_a_result_has_its_citation_state_and_whom_it_binds(database: Database) -> None:
    hold(
        database,
        DECISION,
        in_register("2026-20001", TODAY - timedelta(days=90), effective=TODAY - timedelta(days=30)),
    )
    found = every(database, forum=forum("immigration court, 9th Circuit"))
    one, other = found["4999"], found["2026-20001"]
    assert one.bluebook == "Matter of S-A-M-P-, 29 I&N Dec. 999 (BIA 2026)"
    assert one.binding is Binding.YES and one.state is None and one.form == "headnote only"
    assert other.state is not None and other.state.kind is StateKind.IN_EFFECT
    assert other.seen_at is not None and other.binding is Binding.YES
    assert [one.passages[0].text[m.start : m.end] for m in one.passages[0].marks] == ["bond"]
    best_ = one.passages[0].best
    assert best_ is not None
    assert one.passages[0].text[best_.start : best_.end] == "The judge weighs bond."


def test_a_proposal_binds_nobody_and_says_so(database: Database) -> None:
    hold(database, in_register("2026-20002", TODAY - timedelta(days=9), kind="proposed-rule"))
    (hit,) = every(database, forum=forum("uscis")).values()
    assert hit.state is not None and hit.state.kind is StateKind.PROPOSED
    assert hit.binding is Binding.NO and hit.binds == "binds nobody yet: it is proposed"


def test_a_proposal_that_was_made_final_is_in_no_state_and_says_by_what(database: Database) -> None:
    proposed = in_register("2026-20002", TODAY - timedelta(days=90), kind="proposed-rule")
    final = in_register(
        "2026-20003", TODAY - timedelta(days=30), effective=TODAY - timedelta(days=10)
    )
    hold(database, proposed, final)
    with database.write() as connection:
        connection.execute(
            insert(schema.relation).values(
                earlier_id=numbered(database, "2026-20002"),
                later_id=numbered(database, "2026-20003"),
                kind=RelationKind.FINALISES,
                evidence=["it says so"],
            )
        )
    hit = every(database, forum=forum("uscis"))["2026-20002"]
    assert hit.state is None and hit.binding is Binding.NO
    assert hit.binds == "binds nobody: it was proposed, and made final by 91 FR 20003"
    assert set(every(database, states=["in effect"])) == {"2026-20003"}
    assert every(database, states=["not stated"]) == {}
    assert tally(database, "state") == {"in effect": 1}
    then = every(database, as_of=TODAY - timedelta(days=60))["2026-20002"]
    assert then.state is not None and then.state.kind is StateKind.PROPOSED


# --- filters


def test_days_leave_what_may_be_of_them(database: Database) -> None:
    hold(database, DECISION, CHAPTER, in_register("2026-20001", date(2026, 3, 4)))
    assert set(every(database, since=date(2026, 3, 4), until=date(2026, 3, 4))) == {
        "4999",  # of 2026, on a day not stated
        "2026-20001",
    }
    assert set(every(database, since=date(2026, 3, 5))) == {"4999"}
    assert set(every(database, until=date(2025, 12, 31))) == set()
    assert any("no day and no year" in each for each in notes(Filters(since=date(2026, 3, 5))))


def test_a_state_leaves_the_rules_of_that_state(database: Database) -> None:
    past, ahead = TODAY - timedelta(days=40), TODAY + timedelta(days=40)
    hold(
        database,
        in_register("2026-20001", past, effective=TODAY - timedelta(days=1)),
        in_register("2026-20002", past, effective=ahead),
        in_register("2026-20003", past, kind="proposed-rule"),
        DECISION,
    )
    assert set(every(database, states=["in effect"])) == {"2026-20001"}
    assert set(every(database, states=["final, not yet in effect", "proposed"])) == {
        "2026-20002",
        "2026-20003",
    }
    assert every(database, states=["in effect"], sources=["bia_decisions"]) == {}


def test_a_sort_and_a_source_must_both_be_met(database: Database) -> None:
    hold(database, DECISION, CHAPTER)
    assert set(every(database, kinds=["bia-precedent"])) == {"4999"}
    assert every(database, kinds=["bia-precedent"], sources=["uscis_policy_manual"]) == {}


# --- counts


def test_counts_say_what_one_more_choice_would_leave(database: Database) -> None:
    hold(database, DECISION, CHAPTER, in_register("2026-20001", TODAY - timedelta(days=40)))
    with database.write() as connection:
        (number,) = connection.execute(
            select(schema.document.c.id).where(schema.document.c.key == "4999")
        ).scalars()
        derived.set_topics(connection, number, [tag("detention")])
    everything = {"uscis_policy_manual": 1, "bia_decisions": 1, "federal_register": 1}
    assert tally(database, "source") == everything
    assert tally(database, "source", sources=["bia_decisions"]) == {"bia_decisions": 1}
    assert tally(database, "kind", sources=["bia_decisions"]) == {"bia-precedent": 1}
    assert tally(database, "source", topics=["detention"]) == {"bia_decisions": 1}
    assert tally(database, "year") == {"2026": 2}
    assert tally(database, "forum", kinds=["bia-precedent", "policy-manual-chapter"]) == {
        "USCIS": 2,
        "immigration court": 1,
    }


# --- a day gone by


def test_as_of_a_day_the_text_of_that_day_is_shown(database: Database) -> None:
    changed = replace(CHAPTER, blocks=(paragraph("An officer weighs nothing any more."),))
    hold(database, CHAPTER, changed)
    (now,) = every(database, "residence").values()
    assert "any more" in now.passages[0].text and now.stood == ""
    (then,) = every(database, "residence", as_of=TODAY).values()
    assert "residence abroad" in " ".join(each.text for each in then.passages)
    assert then.stood.endswith("it has changed since") and then.seen_at == NOW
    (marked_,) = {p.text[m.start : m.end] for p in then.passages for m in p.marks}
    assert marked_ == "residence"


def test_as_of_a_day_what_came_later_is_left_out(database: Database) -> None:
    later = replace(CHAPTER, document=replace(CHAPTER.document, key="later"))
    hold(database, CHAPTER, later)
    assert set(every(database, as_of=TODAY)) == {"chapter"}
    assert set(every(database, as_of=TODAY + timedelta(days=1))) == {"chapter", "later"}
    assert every(database, as_of=TODAY - timedelta(days=1)) == {}


def test_as_of_a_day_what_states_only_that_year_is_kept_and_that_is_said(
    database: Database,
) -> None:
    hold(database, DECISION)
    assert set(every(database, as_of=date(2026, 1, 2))) == {"4999"}
    assert every(database, as_of=date(2025, 12, 31)) == {}
    assert "its year alone" in notes(Filters(as_of=TODAY))[0]


def test_as_of_a_day_before_any_text_was_seen_the_earliest_is_shown(database: Database) -> None:
    published = in_register("2026-20001", TODAY - timedelta(days=40))
    changed = replace(published, blocks=(paragraph("Bond for others."),))
    hold(database, published, changed)
    (then,) = every(database, as_of=TODAY - timedelta(days=20)).values()
    assert then.passages[0].text == "Fees for bond." and then.seen_at == NOW
    assert then.stood.startswith(f"first seen {spelled(TODAY)}: what it said on")


def test_what_was_published_before_and_first_seen_later_says_that_its_text_is_unknown(
    database: Database,
) -> None:
    hold(database, in_register("2026-20001", TODAY - timedelta(days=40)))
    (hit,) = every(database, as_of=TODAY - timedelta(days=20)).values()
    assert "first seen" in hit.stood and "is not known" in hit.stood
    assert "As of" in notes(Filters(as_of=TODAY))[0]


def numbered(database: Database, key: str) -> int:
    table = schema.document
    with database.read() as connection:
        query = select(table.c.id).where(table.c.key.startswith(key))
        number: int = connection.execute(query).scalar_one()
        return number


def test_as_of_a_day_after_its_removal_a_document_is_left_out(database: Database) -> None:
    hold(database, CHAPTER)
    gone = NOW + timedelta(days=3)
    with database.write() as connection:
        connection.execute(update(schema.document).values(removed_at=gone))
    assert every(database, as_of=TODAY + timedelta(days=3)) == {}
    (then,) = every(database, as_of=TODAY + timedelta(days=2)).values()
    assert then.removed_at == gone


def test_as_of_a_day_no_later_decision_has_overruled_it(database: Database) -> None:
    overruler = replace(
        DECISION,
        document=replace(DECISION.document, key="5001", kind="ag-precedent"),
        title="Matter of O-T-H-E-R-",
        citation="29 I&N Dec. 1101 (A.G. 2026)",
        blocks=(paragraph("Matter of S-A-M-P-, 29 I&N Dec. 999 (BIA 2026), is overruled."),),
        dates=(stated(DateKind.DECIDED, TODAY + timedelta(days=1)),),
    )
    hold(database, DECISION, overruler)
    assert every(database, as_of=TODAY + timedelta(days=1))["4999"].treated
    assert not every(database, as_of=TODAY)["4999"].treated


def test_as_of_a_day_no_later_document_has_delayed_it(database: Database) -> None:
    effective, later = TODAY - timedelta(days=2), TODAY + timedelta(days=1)
    one = in_register("2026-20001", TODAY - timedelta(days=40), effective=effective)
    delay = in_register("2026-20009", later, effective=TODAY + timedelta(days=90))
    hold(database, one, delay)
    with database.write() as connection:
        connection.execute(
            insert(schema.relation).values(
                earlier_id=numbered(database, "2026-20001"),
                later_id=numbered(database, "2026-20009"),
                kind=RelationKind.DELAYS,
                evidence=["it says so"],
            )
        )
    before = every(database, as_of=TODAY)["2026-20001"]
    assert before.state is not None and before.state.kind is StateKind.IN_EFFECT
    assert before.relations == ()
    after = every(database, as_of=later)["2026-20001"]
    assert after.state is not None and after.state.kind is StateKind.DELAYED
    assert [each.kind for each in after.relations] == [RelationKind.DELAYS]


# --- more like this


class Near:
    """Meaning by shared words, over the passages of a database."""

    def __init__(self, database: Database) -> None:
        self._database, self._encoder = database, HashingEncoder()

    @property
    def model(self) -> str:
        return self._encoder.digest

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encoder.encode(texts)

    def reads(self, text: str) -> int:
        return len(text.split())

    def nearest(
        self,
        rows: NDArray[np.float32],
        limit: int,
        documents: Collection[int] | NDArray[np.int64] | None = None,
    ) -> Sequence[Mapping[str, Sequence[tuple[int, float]]]]:
        table = schema.passage
        with self._database.read() as connection:
            held = connection.execute(select(table)).all()
        kept = [each for each in held if documents is None or each.document_id in documents]
        held_rows = self.embed([f"{each.header}\n{each.text}" for each in kept])
        [row] = rows
        ranked = sorted(
            ((each.id, float(one @ row)) for each, one in zip(kept, held_rows, strict=True)),
            key=lambda found: -found[1],
        )
        return [{"all": ranked[:limit]}]

    def similar(
        self, rows: NDArray[np.float32], passages: Collection[int]
    ) -> Sequence[Mapping[int, float]]:
        raise AssertionError(f"asked of {len(rows)} rows and {len(passages)} passages")


def test_more_like_a_document_is_what_is_near_to_it_and_never_itself(database: Database) -> None:
    near = replace(CHAPTER, document=replace(CHAPTER.document, key="near"))
    far = replace(near, document=replace(near.document, key="far"), blocks=(paragraph("Fees."),))
    hold(database, CHAPTER, near, replace(far, title="Other", citation=""), DECISION)
    found = like(database, Near(database), "chapter")
    assert found.notes[0] == f"More like {CHAPTER.title}, {CHAPTER.citation}"
    keys = [hit.document.key for hit in found.hits]
    assert keys[0] == "near" and "chapter" not in keys and len(keys) == 3
    assert found.hits[0].why == ("close in meaning to its opening",)
    only = like(database, Near(database), "chapter", filters=Filters(sources=["bia_decisions"]))
    assert [hit.document.key for hit in only.hits] == ["4999"]
    with pytest.raises(NotHeld):
        like(database, Near(database), "nowhere")


def test_without_vectors_more_like_a_document_is_what_has_its_words(database: Database) -> None:
    near = replace(CHAPTER, document=replace(CHAPTER.document, key="near"))
    hold(database, CHAPTER, near, DECISION)
    found = like(database, None, "chapter")
    assert found.hits[0].document.key == "near"
    assert found.hits[0].why == ("has words of its opening",)
