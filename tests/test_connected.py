"""Terms and connectors over the store: who meets them, in which passages, and in what order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from index import passages, schema
from index.database import Database
from index.search import connected
from index.search.connected import Connected, find
from pipeline.errors import QueryError
from pipeline.query.connectors import And, Near, Node, Or, Without, Word, parse, written


@dataclass(frozen=True)
class Cut:
    """A passage of an invented document; `goes_on`: it begins within the paragraph before."""

    text: str
    goes_on: bool = False


def hold(database: Database, *documents: Sequence[str | Cut], header: str = "") -> None:
    """Put invented documents in the place of those held, numbered from 1."""
    with database.write() as connection:
        for table in (schema.passage, schema.document):
            connection.execute(delete(table))
        for number, texts in enumerate(documents, 1):
            row = {"id": number, "source": "s", "key": str(number), "kind": "chapter"}
            connection.execute(insert(schema.document), row)
            cuts = [each if isinstance(each, Cut) else Cut(each) for each in texts]
            rows = [_row(number, place, cut, header) for place, cut in enumerate(cuts)]
            connection.execute(insert(schema.passage), rows)
        passages.advance(connection)


def _row(number: int, place: int, cut: Cut, header: str) -> dict[str, object]:
    return {
        "id": number * 100 + place, "document_id": number, "digest": f"{number} {place}",
        "ordinal": place, "header": header, "text": cut.text, "trail": [], "anchor": "",
        "page": "", "first_block": place, "start": int(cut.goes_on), "size": len(cut.text.split()),
    }  # fmt: skip


def asked(database: Database, query: str, limit: int = 10) -> Connected:
    with database.read() as connection:
        return find(connection, parse(query), limit)


def met(database: Database, query: str) -> list[int]:
    return sorted(asked(database, query).documents)


def test_and_or_not_are_said_of_a_document(database: Database) -> None:
    hold(database, ["A bond.", "A gang."], ["Bonds alone."], ["Parole for gangs."])
    assert met(database, "bond AND gang") == [1]
    assert met(database, "bond OR gang") == [1, 2, 3]
    assert met(database, "gang BUT NOT parole") == [1]
    assert met(database, "(bond OR parole) AND gang") == [1, 3]


def test_near_is_said_of_sentences_and_paragraphs(database: Database) -> None:
    hold(
        database,
        ["An alien faces removal."],
        ["An alien came. Then removal began."],
        ["An alien came.\nThen removal began."],
        ["An alien came.", "Then removal began."],
    )
    assert met(database, "alien /s removal") == [1]
    assert met(database, "alien /p removal") == [1, 2]
    assert met(database, "alien /3 removal") == [1, 2, 3, 4]
    assert met(database, "alien /2 removal") == [1]
    assert met(database, "removal +9 alien") == []


def test_a_paragraph_that_was_cut_is_one(database: Database) -> None:
    hold(
        database,
        ["An alien came.", Cut("Then removal began.", goes_on=True)],
        ["An alien came and", Cut("saw removal.", goes_on=True)],
        ["An alien came and", "saw removal."],
        ["An alien", Cut("came and saw", goes_on=True), Cut("removal.", goes_on=True)],
    )
    assert met(database, "alien /p removal") == [1, 2, 4]
    assert met(database, "alien /s removal") == [2, 4]
    shown = {each.document: each.passages for each in asked(database, "alien /s removal").answers}
    assert shown == {2: (200, 201), 4: (400, 401, 402)}


def test_a_paragraph_is_followed_to_its_end(database: Database) -> None:
    between = [Cut("and went on.", goes_on=True)] * 9
    hold(
        database,
        ["An alien came", *between, Cut("then removal.", goes_on=True)],
        ["An alien came", *between, "then removal."],
        ["Removal of an alien", *between],
    )
    assert met(database, "alien /p removal") == [1, 3]
    assert asked(database, "alien /p removal").notes == ()


def test_headers_count_for_the_document_and_not_for_what_is_near(database: Database) -> None:
    hold(database, ["An alien faces removal."], header="Bond hearings")
    assert met(database, "bond AND removal") == [1]
    assert met(database, "bond /p removal") == []


def test_quoted_words_are_met_as_spelled(database: Database) -> None:
    hold(database, ["A removal proceeding."], ["Removal proceedings."], ["Removable, proceeding."])
    assert met(database, "removal proceedings") == [1, 2, 3]
    assert met(database, '"removal proceedings"') == [2]
    assert met(database, '"removal"') == [1, 2]


def test_a_section_is_one_word(database: Database) -> None:
    hold(database, ["Under 212(h)(1)."], ["Under 212(a). H follows."], ["In 212. H follows."])
    assert met(database, "212(h)") == [1]
    assert met(database, "212(a)") == [2]
    assert met(database, "212(h) /2 under") == [1]


def test_roots_are_spelled_out_and_said(database: Database) -> None:
    hold(database, ["It accrues."], ["Accrual."], ["Across."], ["A woman."], ["Women."])
    assert met(database, "accru!") == [1, 2]
    assert met(database, "wom*n") == [4, 5]
    assert dict(asked(database, "accru! OR wom*n").expanded) == {
        "accru!": ("accrual", "accrues"),
        "wom*n": ("woman", "women"),
    }
    assert met(database, "zzz! AND accru!") == []


def test_a_root_of_too_many_words_is_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(database, ["remove removed removal removes removing"])
    monkeypatch.setattr("index.search.holders.MOST_SPELLINGS", 4)
    with pytest.raises(QueryError, match=r"remov! stands for more than 4 words.*type more letters"):
        asked(database, "alien /p remov!")


def test_words_with_hyphens_are_found_in_each_spelling(database: Database) -> None:
    hold(database, ["The stop-time rule."], ["The stop time rule."], ["The stoptime rule."])
    assert met(database, "stop-time") == [1, 2, 3]
    assert met(database, "stop-time /s rule") == [1, 2, 3]
    assert met(database, "stop time") == [1, 2]


def test_initials_are_of_their_own_case_alone(database: Database) -> None:
    hold(database, ["Matter of M-S- holds."], ["Matter of M-S-R- holds."], ["Ms. M. S. of Lima."])
    assert met(database, '"Matter of M-S-"') == [1]
    assert met(database, "adv: M-S-") == [1]
    assert met(database, "M-S- /s holds") == [1]


def test_irregular_plurals_are_found_for_each_other(database: Database) -> None:
    hold(database, ["Her child came."], ["Two children came."], ["A man came."])
    assert met(database, "adv: children") == [1, 2]
    assert met(database, "child /s came") == [1, 2]
    assert met(database, '"children"') == [2]


def test_passages_that_meet_come_first(database: Database) -> None:
    hold(database, ["A gang. A bond.", "Bond and bond.", "A gang posts bond.", "Gang."])
    assert asked(database, "bond /s gang").answers[0].passages[0] == 102


def test_rarer_and_more_frequent_words_rank_higher(database: Database) -> None:
    hold(
        database,
        ["A bond is set.", "Filler one.", "Filler two."],
        ["A bond is set.", "The bond stands.", "Bond again."],
        ["A gang is here.", "Filler one.", "Filler two."],
    )
    answers = asked(database, "bond OR gang").answers
    assert [answer.document for answer in answers] == [3, 2, 1]
    assert asked(database, "bond OR gang", limit=1).answers == answers[:1]
    assert answers[0].why == ("meets bond OR gang",)


def test_a_filter_leaves_other_documents_out(database: Database) -> None:
    hold(database, ["Bond."], ["Bond."])
    with database.read() as connection:
        second = select(schema.document.c.id).where(schema.document.c.id == 2)
        assert find(connection, parse("bond"), 10, second).documents == (2,)
        none = select(schema.document.c.id).where(schema.document.c.id == 9)
        assert find(connection, parse("bond BUT NOT gang"), 10, none).documents == ()


def test_where_reading_was_cut_short_it_is_said(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(database, *(["An alien. A removal."] for _ in range(9)))
    monkeypatch.setattr(connected, "MOST_READ", 5)
    assert asked(database, "alien /s removal").notes == (
        "4 passages with words of alien /s removal were not read: more documents may meet it;"
        " narrow it",
    )
    notes = asked(database, "alien BUT NOT alien /s removal").notes
    assert "some of these may hold it" in notes[0]


def test_an_empty_store_has_no_answer(database: Database) -> None:
    assert asked(database, "alien /s remov! BUT NOT 212(h)") == Connected(
        answers=(), documents=(), expanded={"remov!": ()}
    )


def test_passages_that_came_since_are_found(database: Database) -> None:
    hold(database, ["Bond."])
    assert met(database, "bond") == [1]
    hold(database, ["Gang."], ["Bond."], ["Bond."])
    assert met(database, "bond") == [2, 3]


# A plain evaluator, to which every answer is held: no index, no patterns, every pair looked at.
STEMS = {
    "bond": "bond", "bonds": "bond", "gang": "gang", "gangs": "gang", "removal": "remov",
    "removable": "remov", "judge": "judg", "judged": "judg", "the": "the",
}  # fmt: skip


@dataclass(frozen=True)
class Spot:
    word: str
    sentence: int
    line: int


def spots(text: str) -> list[Spot]:
    found: list[Spot] = []
    sentence = 0
    for line, each in enumerate(text.split("\n")):
        sentence += 1
        for typed in each.split(" "):
            if typed[:1].isupper() and found and found[-1].sentence == sentence:
                sentence += 1
            found.append(Spot(typed.strip(".").lower(), sentence, line))
    return found


def says(typed: str, word: str, *, quoted: bool) -> bool:
    if typed.endswith("!"):
        return word.startswith(typed[:-1])
    return word == typed if quoted else STEMS[word] == STEMS[typed]


def stand(node: Node, text: list[Spot], side: str = "any") -> Iterator[tuple[int, int]]:
    match node:
        case Word():
            for at in range(len(text) - len(node.words) + 1):
                here = [spot.word for spot in text[at : at + len(node.words)]]
                pairs = zip(node.words, here, strict=True)
                if all(says(typed, word, quoted=node.quoted) for typed, word in pairs):
                    yield at, at + len(node.words) - 1
        case Or():
            for part in node.parts:
                yield from stand(part, text, side)
        case Near():
            for one in stand(node.first, text, "last" if node.ordered else "any"):
                for other in stand(node.second, text, "first" if node.ordered else "any"):
                    if near(node, one, other, text):
                        yield from [one] * (side != "last" or not node.ordered)
                        yield from [other] * (side != "first" or not node.ordered)


def near(node: Near, one: tuple[int, int], other: tuple[int, int], text: list[Spot]) -> bool:
    left, right = (one, other) if node.ordered or one < other else (other, one)
    if left[1] >= right[0]:
        return False
    begin, end = text[left[1]], text[right[0]]
    match node.unit:
        case "words":
            return right[0] - left[1] <= node.distance
        case "sentence":
            return begin.sentence == end.sentence
        case _:
            return begin.line == end.line


def holds(node: Node, header: str, text: str) -> bool:
    match node:
        case And():
            return all(holds(part, header, text) for part in node.parts)
        case Or():
            return any(holds(part, header, text) for part in node.parts)
        case Without():
            return holds(node.wanted, header, text) and not holds(node.unwanted, header, text)
        case Word():
            apart = [header, *text.split("\n\n")]
            return any(any(True for _ in stand(node, spots(each))) for each in apart)
        case _:
            return any(True for _ in stand(node, spots(text.replace("\n\n", "\n"))))


SPOKEN = st.lists(st.sampled_from(sorted(STEMS)), min_size=3, max_size=4).map(
    lambda words: f"{' '.join(words).capitalize()}."
)
CUTS = st.builds(Cut, st.lists(SPOKEN, min_size=1, max_size=2).map(" ".join), st.booleans())
DOCUMENTS = st.lists(st.lists(CUTS, min_size=1, max_size=3), min_size=1, max_size=4)
LEAVES = st.builds(
    lambda words, quoted: Word(words=(words,), quoted=quoted),
    st.sampled_from([*sorted(STEMS), "rem!", "judge!", "bon!"]),
    st.booleans(),
)
TREES = st.recursive(
    LEAVES,
    lambda parts: (
        st.lists(parts, min_size=2, max_size=3).map(lambda each: And(parts=tuple(each)))
        | st.lists(parts, min_size=2, max_size=3).map(lambda each: Or(parts=tuple(each)))
        | st.builds(lambda a, b: Without(wanted=a, unwanted=b), parts, parts)
        | st.builds(
            lambda a, b, sign: parse(f"({written(a)}) {sign} ({written(b)})"),
            parts,
            parts,
            st.sampled_from(["/s", "+s", "/p", "+p", "/1", "/3", "+2"]),
        )
    ),
    max_leaves=4,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DOCUMENTS, TREES)
def test_answers_are_those_of_a_plain_evaluator(
    database: Database, documents: list[list[Cut]], tree: Node
) -> None:
    hold(database, *documents, header="Judge the bond")
    expected = set()
    for number, cuts in enumerate(documents, 1):
        text = cuts[0].text
        for cut in cuts[1:]:
            text += (" " if cut.goes_on else "\n\n") + cut.text
        if holds(tree, "Judge the bond", text):
            expected.add(number)
    with database.read() as connection:
        assert set(find(connection, tree, 10).documents) == expected, written(tree)
