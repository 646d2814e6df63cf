"""Words: as the index divides and stems them, and what is left whole."""

from __future__ import annotations

import sqlite3
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.query import words

TOKENIZER = "porter unicode61 remove_diacritics 2"
ENDINGS = (
    "s sses ies ed ing eed eing ational tional enci anci izer logi bli alli entli eli ousli ization"
    " ation ator alism iveness fulness ousness aliti iviti biliti icate ative alize iciti ical ful"
    " ness al ance ence er ic able ible ant ement ment ent ion sion ou ism ate iti ous ive ize e y"
    " ll tt"
)
WORDS = st.tuples(
    st.text("abcdeiostyylwxz", min_size=1, max_size=6),
    st.sampled_from(["", *ENDINGS.split()]),
    st.sampled_from(["", *ENDINGS.split()]),
).map("".join)


def indexed(text: str) -> list[str]:
    """The words of a text as the database's own tokenizer has them, in order."""
    with sqlite3.connect(":memory:") as database:
        database.execute(f"CREATE VIRTUAL TABLE t USING fts5(x, tokenize='{TOKENIZER}')")
        database.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, instance)")
        database.execute("INSERT INTO t VALUES (?)", (text,))
        return [term for (term,) in database.execute("SELECT term FROM v ORDER BY offset")]


@given(st.lists(WORDS, min_size=1, max_size=60))
@settings(max_examples=100, deadline=None)
def test_stems_are_those_of_the_database(said: list[str]) -> None:
    text = " ".join(said)
    assert [token.stem for token in words.tokens(text)] == indexed(text)


@pytest.mark.parametrize(
    "text",
    [
        "Removability, removable; the alien's asylum-seekers don't",
        "U.S.C. § 1182(a)(2)(A)(i)(I), I&N Dec., 8 CFR 208.13",
        "Résumé of Señor Núñez, naïve; e\u0301tat; ſtay; 전체",
        "a_b x² ½ “quoted” 2026-11-22 $1,440.50",
        "\u01c0 212\u01c0a\u01c0 208\u01c313\u01c0",
        "relational conditional valency hesitancy digitizer apology analogies conformably radically"
        " differently vilely analogously organization predication operator feudalism decisiveness"
        " hopefulness callousness formality sensitivity sensibility triplicate formative formalize"
        " electricity electrical hopeful goodness adoption cohesion agreed hopping filed falling",
        "x" * 70 + "ing " + "dying tying sky say syzygy yes",
    ],
)
def test_a_text_is_divided_as_the_database_divides_it(text: str) -> None:
    assert [token.stem for token in words.tokens(text)] == indexed(text)


def test_a_token_says_where_it_stands_in_the_text_as_given() -> None:
    text = "The Résumé’s §212(h)"
    assert [text[token.start : token.end] for token in words.tokens(text)] == [
        "The", "Résumé", "s", "212", "h",
    ]  # fmt: skip
    assert [token.word for token in words.tokens(text)][1] == "resume"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("as held in 28 I&N Dec. 733 (A.G. 2023)", ["28 I&N Dec. 733"]),
        ("under 8 CFR 208.13(b)(1)(i)", ["8 CFR 208.13(b)(1)(i)"]),
        ("8 U.S.C. § 1182(a)(2) bars", ["8 U.S.C. § 1182(a)(2)"]),
        ("section 237 of the Act", ["section 237"]),
        ("a 212(h) waiver", ["212(h)"]),
        ("Form I-130, Form I-129F", ["I-130", "I-129F"]),
        ("the stop-time rule", ["stop-time"]),
        ("Matter of A-B-, 27 I&N Dec. 316", ["A-B", "27 I&N Dec. 316"]),
        ("9 F.4th 1043 and 90 Fed. Reg. 1,234", ["9 F.4th 1043", "90 Fed. Reg. 1,234"]),
        ("docket USCIS-2026-0012", ["USCIS-2026-0012"]),
        ("for 5 (five) years, $105.50, in 1996 (the year)", []),
        ("30 percent of 212 aliens", []),
    ],
)
def test_citations_sections_and_forms_are_left_whole(text: str, printed: list[str]) -> None:
    assert [text[whole.start : whole.end] for whole in words.wholes(text)] == printed


@pytest.mark.parametrize(
    ("asked", "text", "finds"),
    [
        ("212(a)", "INA § 212(a)(6)(C)", True),
        ("212(a)(6)", "section 212(a)(6)(C)(ii) of the Act", True),
        ("INA 212(a)", "8 U.S.C. 1182(a)", False),
        ("212(h)", "INA § 212(a)(6)(C)", False),
        ("212(a)(6)(C)", "INA § 212(a)", False),
        ("212(a)(1)", "INA § 212(a)(10)", False),
        ("245(a)", "INA 245A", False),
        ("INA 245A", "section 245(a)", False),
        ("8 CFR 208.13", "8 C.F.R. § 208.13(b)(1)", True),
        ("8 CFR part 208", "8 CFR 208.13", True),
        ("8 CFR 208", "8 CFR 1208.13", False),
        ("208.1", "8 CFR 208.13", False),
        ("8 CFR 212", "INA § 212", False),
        ("§ 237", "section 237(a)(2) of the Act", True),
        ("27 I. & N. Dec. 316", "27 I&N Dec. 316", True),
        ("27 I&N Dec. 31", "27 I&N Dec. 316", False),
        ("90 FR 1234", "90 Fed. Reg. 1,234", True),
        ("I130A", "Form I-130A", False),  # no whole: a word, which the key of the text is too
        ("stop-time", "the stop\u2010time rule", True),
        ("i-130", "Form I-130", True),
        ("M-S-", "Matter of M-S-P-C-", False),
        ("212(a)(19)", "under section 212 (a) (19) of the Act", True),
        ("section 212 (a) (19)", "section 212(a)(19)(B)", True),
        ("241(a)(5)", "section 241(a) (5)", True),
        ("8 CFR 242.1(a)", "8 CFR 242.1 (a)", True),
        ("8 U.S.C. 1182(a)(9)", "8 U.S.C. § 1182 (a)(9)(B)", True),
        ("§ 245 (i)", "section 245(i)", True),
        ("212(a)", "section 212\n(a) An alien", False),
        ("212(a)", "section 212 (as amended)", False),
        ("section 245", "section 245 (1952)", True),
    ],
)
def test_a_section_finds_what_lies_in_it_and_no_other(asked: str, text: str, finds: bool) -> None:
    assert (words.key(asked) in words.keys(text)) is finds


def test_a_form_without_its_hyphen_is_its_key() -> None:
    assert words.keys("Form I-130A, non-immigrant") == ("i130a", "nonimmigrant")
    assert [term.word for term in words.terms("I130A nonimmigrant")] == ["i130a", "nonimmigrant"]


def test_terms_are_what_is_whole_and_the_words_that_say_something() -> None:
    query = "Can my client with a 2012 theft get the 212(h) waiver, or form I-601?"
    assert [query[term.start : term.end] for term in words.terms(query)] == [
        "client", "2012", "theft", "get", "212(h)", "waiver", "form", "I-601",
    ]  # fmt: skip


def test_only_a_text_that_is_one_whole_has_a_key() -> None:
    assert words.key(" I-130 ") == "i130"
    assert words.key("Form I-130") == words.key("waiver") == words.key("") == ""


def test_keys_survive_the_tokenizer() -> None:
    text = " ".join(words.keys("212(e), 212(s), 212(a)(6)(C)(ii), 8 CFR 208.13(b)"))
    assert indexed(text) == text.split()


@pytest.mark.parametrize(
    "part",
    ["212(a)", "1 ", "a-", "8 U", "I & N ", "§ ", "section ", "1", "212(", "(a)", "8 CFR part ",
     "section 1 ", "§ 2 (a) ", "8 CFR 1 (a)  (", "9 F. Supp ", "1,", "section" + " " * 50,
     "8 C.F.R. § 1", "é", "a\u0301", "x" * 50_000 + "-"],
)  # fmt: skip
def test_hostile_text_takes_no_longer_than_its_length(part: str) -> None:
    text = (part * (100_000 // len(part) + 1))[:100_000]
    begun = time.process_time()
    words.keys(text)
    list(words.terms(text))
    assert time.process_time() - begun < 3


def test_a_section_nested_without_end_has_few_keys_and_takes_no_time() -> None:
    began = time.process_time()
    assert len(words.keys("212" + "(a)" * 6_600)) == 9
    assert len(words.keys("1" + "(i)" * 33_000)) == 9
    assert len(words.keys("§ 1" + " (i)" * 33_000)) == 9
    assert time.process_time() - began < 0.3
