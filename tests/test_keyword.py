"""The keyword index: fields, what is whole, what is demanded, and in step with the passages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from builders import paragraph, version
from sqlalchemy import Connection, delete, select

from index import derived, kept, keyword, passages, postings, schema, store
from index.database import Database
from index.layout import order
from index.postings import TERMS
from pipeline.identifiers import identifiers
from pipeline.model import Block, BlockKind, Document, Version
from pipeline.query.model import Term
from pipeline.query.words import tokens


class Shelf:
    """Documents with their passages, by hand."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, key: str, *texts: str | Block, source: str = "sample", **more: object) -> Version:
        document = Document(source=source, key=key, kind="notice")
        blocks = [each if isinstance(each, Block) else paragraph(each) for each in texts]
        held = replace(version(*blocks), document=document, citation="", **more)  # type: ignore[arg-type] # fields by name
        self.put(held)
        return held

    def put(self, held: Version) -> None:
        with self.database.write() as connection:
            number = store.identify(connection, held.document)
            derived.set_identifiers(connection, number, identifiers(held))
            passages.replace(connection, number, held, lambda text: len(text.split()) * 4 // 3)

    def find(self, *terms: Term | str, limit: int = 10, source: str = "") -> dict[str, list[str]]:
        """By source, the keys of the documents found, the best first."""
        wanted = [each if isinstance(each, Term) else Term(words=each) for each in terms]
        table = schema.document
        chosen = select(table.c.id).where(table.c.source == source) if source else None
        with self.database.read() as connection:
            found = keyword.find(connection, wanted, limit, chosen)
            return {
                source: [self.key(number) for number, _ in best] for source, best in found.items()
            }

    def key(self, passage: int) -> str:
        table, document = schema.passage, schema.document
        query = select(document.c.key).join(table, table.c.document_id == document.c.id)
        with self.database.read() as connection:
            return str(connection.execute(query.where(table.c.id == passage)).scalar_one())

    def keys(self, *terms: Term | str) -> list[str]:
        return self.find(*terms).get("sample", [])


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    database = Database(f"sqlite:///{tmp_path / 'lexwatch.db'}")
    with database.write() as connection:
        keyword.prepare(connection)
    return Shelf(database)


def ranked(connection: Connection, terms: Sequence[Term]) -> list[tuple[int, float]]:
    found = keyword.find(connection, terms, 10)
    return [each for source in found.values() for each in source]


def demanded(words: str) -> Term:
    return Term(words=words, demanded=True)


def test_a_score_is_bm25_over_weighted_fields(shelf: Shelf) -> None:
    shelf.add("a", "Bond was denied and bond was refused.", title="On custody")
    shelf.add("b", "Nothing of the kind was decided here at all.", title="Bond")
    shelf.add("c", "Removal proceedings were terminated.", title="On removal")
    with shelf.database.read() as connection:
        said = dict(ranked(connection, [Term(words="bonds", weight=0.5)]))
        rows = connection.execute(select(schema.passage)).all()
    sizes = {row.id: sum(1 for _ in tokens(row.text)) for row in rows}
    mean = sum(sizes.values()) / 3
    telling = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    expected: dict[int, float] = {}
    for row, often in zip(rows, (2.0, postings.WEIGHTS["title"], 0.0), strict=True):
        length = 1 - postings.LENGTH + postings.LENGTH * sizes[row.id] / mean
        score = 0.5 * telling * often * 2.2 / (often + postings.SATURATION * length)
        expected |= {row.id: score} if score else {}
    assert said == pytest.approx(expected)


def test_every_source_has_its_own_best(shelf: Shelf) -> None:
    for number in range(5):
        shelf.add(f"long{number}", "Hardship, hardship and hardship.", source="manual")
    shelf.add("short", "Hardship to a qualifying relative among many other words.", source="board")
    assert shelf.find("hardship", limit=2) == {"manual": ["long0", "long1"], "board": ["short"]}


def test_a_filter_leaves_scores_as_they_are(shelf: Shelf) -> None:
    shelf.add("a", "Bond hearing.")
    shelf.add("b", "Bond.", source="other")
    whole = Term(words="bond")
    documents = select(schema.document.c.id).where(schema.document.c.key == "b")
    with shelf.database.read() as connection:
        everything = keyword.find(connection, [whole], 5)
        assert keyword.find(connection, [whole], 5, documents) == {"other": everything["other"]}
        assert keyword.find(connection, [whole], 5, documents.where(schema.document.c.id < 0)) == {}


def test_a_term_counts_by_its_weight(shelf: Shelf) -> None:
    shelf.add("a", "The bail was set.")
    shelf.add("b", "The bond was set.")
    assert shelf.keys(Term(words="bail", weight=0.4), "bond") == ["b", "a"]
    assert shelf.keys("bail", Term(words="bond", weight=0.4)) == ["a", "b"]


def test_a_common_word_ranks_though_it_tells_little(shelf: Shelf) -> None:
    shelf.add("a", "An alien appeared.")
    shelf.add("b", "An alien and an alien.")
    assert shelf.keys("alien") == ["b", "a"]


def test_what_is_demanded_must_stand_as_it_is_spelled(shelf: Shelf) -> None:
    shelf.add("a", "The rule on stopping time. Stop at any time.")
    shelf.add("b", "The stop-time rule applies.")
    shelf.add("c", "A rule on stops timed otherwise.")
    assert shelf.keys("stop time") == ["b", "c", "a"]
    assert shelf.keys(demanded("stop-time")) == ["b"]
    assert shelf.keys(demanded("stop time"), "rule") == ["b"]
    assert shelf.keys(demanded("stopping"), "rule") == ["a"]
    assert shelf.keys(demanded("never said"), "rule") == []


def test_everything_demanded_is(shelf: Shelf) -> None:
    shelf.add("a", "Bond and custody.")
    shelf.add("b", "Bond alone.")
    assert shelf.keys(demanded("bond"), demanded("custody")) == ["a"]


def test_everything_demanded_may_stand_in_several_passages_of_one_document(shelf: Shelf) -> None:
    shelf.add("a", "Extreme hardship was shown. " * 60, "Good moral character was not. " * 60)
    shelf.add("b", "Extreme hardship alone.")
    assert set(shelf.keys(demanded("extreme hardship"), demanded("moral character"))) == {"a"}
    assert shelf.keys(demanded("extreme hardship"), demanded("never said"), "shown") == []


def test_stems_and_diacritics_meet(shelf: Shelf) -> None:
    shelf.add("a", "The Matter of Núñez: removability was conceded.")
    for asked in ("nunez", "NÚÑEZ", "removable", "concedes"):
        assert shelf.keys(asked) == ["a"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("212(a)", ["a"]),
        ("212(a)(6)(C)", ["a"]),
        ("INA § 212(h)", ["b"]),
        ("I-130", ["c"]),
        ("i130", ["c"]),
        ("8 CFR 208.13", ["d"]),
        ("8 CFR part 208", ["d"]),
        ("nonimmigrant", ["e"]),
        ("non-immigrant", ["e"]),
        ("non immigrant", ["e"]),
        ("27 I&N Dec. 316", ["f"]),
        ("A-B-", ["f"]),
        ("245A", ["h"]),
        ("245(a)", ["g"]),
    ],
)
def test_what_is_whole_is_found_whole(shelf: Shelf, asked: str, found: list[str]) -> None:
    shelf.add("a", "Inadmissible under section 212(a)(6)(C)(i) of the Act; 130 aliens.")
    shelf.add("b", "A waiver under INA § 212(h) of the Act.")
    shelf.add("c", "File Form I-130 by mail.")
    shelf.add("d", "See 8 C.F.R. § 208.13(b)(1).")
    shelf.add("e", "He was a non-immigrant.")
    shelf.add("f", "Matter of A-B-, 27 I. & N. Dec. 316, is vacated.")
    shelf.add("g", "Adjustment under section 245(a).")
    shelf.add("h", "Legalization under INA 245A.")
    assert shelf.keys(asked) == found


def test_a_document_is_found_by_its_names_in_any_passage(shelf: Shelf) -> None:
    long = [
        paragraph(" ".join(f"{part}{number}" for number in range(150))) for part in ("one", "two")
    ]
    held = version(*long)
    shelf.put(replace(held, metadata={**held.metadata, "document_number": "2026-77777"}))
    with shelf.database.read() as connection:
        for asked in ("2026-77777", "FR Doc. 2026-77777"):
            assert len(ranked(connection, [Term(words=asked)])) == 2


def test_names_that_our_own_lookups_spell_are_not_found(shelf: Shelf) -> None:
    held = shelf.add("a", "Some words.")
    with shelf.database.write() as connection:
        number = store.identify(connection, held.document)
        derived.set_identifiers(connection, number, ["paper: secretly", "Form I-999"])
        passages.replace(connection, number, held, len)
    assert shelf.keys("secretly") == []
    assert shelf.keys("I-999") == ["a"]


def test_a_headnote_weighs_more_than_other_text(shelf: Shelf) -> None:
    shelf.add("a", "Conviction for theft.")
    shelf.add("b", "Conviction for theft.", metadata={"text": "headnote only"})
    assert shelf.keys("theft") == ["b", "a"]


def test_the_index_follows_the_passages(shelf: Shelf) -> None:
    held = shelf.add("a", "The old fee.")
    assert shelf.keys("fee") == ["a"]
    shelf.put(replace(held, blocks=(paragraph("The new charge."),)))
    assert shelf.keys("fee") == []
    assert shelf.keys("charge") == ["a"]
    shelf.put(replace(held, blocks=(), title=""))
    assert shelf.keys("charge") == []


def test_a_passage_whose_words_stay_keeps_its_row_under_new_names(shelf: Shelf) -> None:
    held = shelf.add("a", "The same words.")
    assert shelf.keys("2026-88888") == []
    with shelf.database.read() as connection:
        before = connection.execute(select(schema.passage.c.id)).scalars().all()
        generation = passages.generation(connection)
    shelf.put(held)
    with shelf.database.read() as connection:
        assert passages.generation(connection) == generation
    shelf.put(replace(held, metadata={**held.metadata, "document_number": "2026-88888"}))
    assert shelf.keys("2026-88888") == ["a"]
    with shelf.database.read() as connection:
        assert connection.execute(select(schema.passage.c.id)).scalars().all() == before
        assert connection.execute(select(schema.outbox)).all() != []


def test_passages_that_change_places_are_a_new_generation(shelf: Shelf) -> None:
    first, second = (paragraph(f"{word} stands here. " * 60) for word in ("Bond", "Custody"))
    held = shelf.add("a", first, second)
    with shelf.database.read() as connection:
        before, generation = order(connection).numbers.tolist(), passages.generation(connection)
    shelf.put(replace(held, blocks=(second, first)))
    with shelf.database.read() as connection:
        assert passages.generation(connection) > generation
        assert order(connection).numbers.tolist() == _in_order(connection) != before
    shelf.put(replace(held, blocks=(replace(second, page="7"), replace(first, page="7"))))
    with shelf.database.read() as connection:
        assert passages.generation(connection) == generation + 1


def _in_order(connection: Connection) -> list[int]:
    table = schema.passage
    return list(connection.execute(select(table.c.id).order_by(table.c.ordinal)).scalars())


def test_an_order_that_is_not_committed_is_not_remembered(shelf: Shelf) -> None:
    shelf.add("a", "Bond.")
    with pytest.raises(ZeroDivisionError), shelf.database.write() as connection:
        connection.execute(delete(schema.passage))
        passages.advance(connection)
        assert not order(connection).numbers.size
        raise ZeroDivisionError
    shelf.add("b", "Custody.")  # the generation that was rolled back
    with shelf.database.read() as connection:
        assert order(connection).numbers.size == 2


def test_what_stands_nowhere_is_not_kept(shelf: Shelf) -> None:
    shelf.add("a", "Bond.")
    assert shelf.keys("Abogado Pérez", demanded("her client"), "bond") == []
    shelf.find("Abogado Pérez", "bond")
    with shelf.database.read() as connection:
        assert list(postings.postings(connection)._kept) == [("bond", False)]


def test_what_two_read_at_once_is_counted_once(shelf: Shelf) -> None:
    shelf.add("a", "Bond.")
    with shelf.database.read() as connection:
        held, read = postings.postings(connection), postings.Postings._read

        class Slow(postings.Postings):
            """Another reads the same meanwhile."""

            def _read(self, connection: Connection, words: str) -> postings.Posting:
                found = read(self, connection, words)
                if not self._kept:
                    self._kept[words, False], self._size = found, len(found.rows)
                return found

        slow = Slow(connection)
        assert len(slow.posting(connection, "bond").rows) == slow._size == 1
        assert len(held.layout.ids) == 1


def test_what_is_not_committed_is_not_remembered(shelf: Shelf) -> None:
    held = shelf.add("a", "The old fee.")
    other = replace(held, blocks=(paragraph("The new charge."),))
    with pytest.raises(ZeroDivisionError), shelf.database.write() as connection:
        number = store.identify(connection, other.document)
        passages.replace(connection, number, other, len)
        assert ranked(connection, [Term(words="charge")])
        raise ZeroDivisionError
    shelf.add("b", "Other words.")  # the generation that was rolled back, with other passages
    assert shelf.keys("charge") == []
    assert shelf.keys("fee") == ["a"]


def test_rebuild_gives_the_same(shelf: Shelf) -> None:
    shelf.add("a", "Bond under section 236(a).")
    shelf.add("b", "Non-immigrant bond.")
    asked = [Term(words=each) for each in ("bond", "236(a)", "nonimmigrant")]
    with shelf.database.read() as connection:
        before = keyword.find(connection, asked, 5)
    with shelf.database.write() as connection:
        keyword.rebuild(connection)
        assert keyword.find(connection, asked, 5) == before
        assert keyword.spelled(connection, "non", 5) == ("non",)
        assert len(keyword.holding(connection, [["bond"]])) == 2


def test_nothing_that_is_typed_becomes_syntax(shelf: Shelf) -> None:
    shelf.add("a", 'He said "NEAR" OR (bond) AND body:fee *.')
    for asked in (*'"-{§', "NEAR(", "body:fee", "bond*", "a OR", "^x", "\0bond", "", "''"):
        shelf.find(asked, demanded(asked))
        with shelf.database.read() as connection:
            keyword.holding(connection, [[asked], [asked, "bond"]])
            keyword.together(connection, [[[asked]], [["bond"]]])
            keyword.exactly(connection, [asked])
            keyword.spelled(connection, asked, 5)


def test_of_too_many_terms_the_weightiest_count(shelf: Shelf) -> None:
    shelf.add("a", "Bond.")
    many = [Term(words=f"word{number}", weight=0.5) for number in range(TERMS)]
    assert shelf.keys(*many, "bond") == ["a"]


def test_scores_are_those_of_the_search(shelf: Shelf) -> None:
    shelf.add("a", "Bond and custody.")
    shelf.add("b", "Custody.")
    asked = [Term(words="custody"), Term(words="bond", weight=0.5)]
    with shelf.database.read() as connection:
        found = dict(ranked(connection, asked))
        assert keyword.scores(connection, asked, [*found, 99]) == found
        assert keyword.scores(connection, [], list(found)) == dict.fromkeys(found, 0.0)


def test_what_is_asked_twice_is_scored_once_and_other_words_anew(shelf: Shelf) -> None:
    shelf.add("a", "Bond and custody.")
    shelf.add("b", "Custody.")
    once, other = [Term(words="custody")], [Term(words="custody"), Term(words="bond")]
    with shelf.database.read() as connection:
        held = postings.postings(connection)
        first = held.scored(connection, once)
        assert held.scored(connection, list(once)) is first
        assert held.scored(connection, other)[0] > first[0]
        assert held.scored(connection, [Term(words="custody", weight=0.5)])[0] == first[0] / 2
        assert not first.flags.writeable


def test_a_filter_is_read_once_and_anew_when_anything_was_written(shelf: Shelf) -> None:
    shelf.add("a", "Bond.")
    every = select(schema.document.c.id)
    with shelf.database.read() as connection:
        first = postings.chosen(connection, every)
        assert postings.chosen(connection, every) is first
        for number in range(kept.FILTERS):
            postings.chosen(connection, every.where(schema.document.c.id > number))
        assert postings.chosen(connection, every) is not first
    shelf.add("b", "Bond.")
    with shelf.database.read() as connection:
        assert postings.chosen(connection, every).tolist() == [*first.tolist(), 2]


def test_holding_finds_words_that_stand_next_to_each_other(shelf: Shelf) -> None:
    shelf.add("a", "The stop-time rule.", title="Nonimmigrants")
    shelf.add("b", "They stop at the time of service.", title="On rules")
    with shelf.database.read() as connection:

        def keys(*phrases: str, headers: bool = True) -> list[str]:
            asked = [phrase.split() for phrase in phrases]
            found = keyword.holding(connection, asked, headers=headers)
            return [shelf.key(number) for number in found.tolist()]

        assert keys("stop time") == ["a"]
        assert keys("stop", "nothing") == ["a", "b"]
        assert keys("rules") == ["a", "b"]
        assert keys("rules", headers=False) == ["a"]
        assert keys("stoptime", headers=False) == ["a"]
        assert keys("nonimmigrant", headers=False) == []
        assert keys() == []
        assert keys(*(f"word{number}" for number in range(450)), "service") == ["b"]


def test_together_wants_something_of_each_side_in_the_text(shelf: Shelf) -> None:
    shelf.add("a", "An alien in removal proceedings.")
    shelf.add("b", "An alien.", title="Removal")
    with shelf.database.read() as connection:

        def keys(*sides: list[list[str]]) -> list[str]:
            return [shelf.key(number) for number in keyword.together(connection, sides).tolist()]

        assert keys([["alien"], ["noncitizen"]], [["removal", "proceedings"]]) == ["a"]
        many = [["alien"], *([f"word{number}"] for number in range(250))]
        assert keys(many, [["removal"]]) == ["a"]
        assert keys([["alien"]], []) == []
        assert keys() == []


def test_the_vocabulary_is_unstemmed(shelf: Shelf) -> None:
    shelf.add("a", "Divisible, divisibility and divided; DIVISIBLE.", title="Diviner")
    with shelf.database.read() as connection:
        assert keyword.spelled(connection, "divisib", 9) == ("divisibility", "divisible")
        assert keyword.spelled(connection, "divi", 2) == ("divided", "diviner")
        assert keyword.spelled(connection, "x", 9) == ()
        assert len(keyword.exactly(connection, ["divided", "diviner"])) == 1
        assert len(keyword.exactly(connection, ["divide"])) == 0


def test_a_heading_above_is_found_with_its_passage(shelf: Shelf) -> None:
    heading = Block(kind=BlockKind.HEADING, text="Naïve “deference”", level=2)
    shelf.add("a", heading, replace(paragraph("Other words."), trail=(heading.text,)))
    assert shelf.keys("naive") == ["a"]
    assert shelf.keys("deference") == ["a"]
