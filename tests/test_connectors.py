"""Terms and connectors: what is read as such, how it is read, and where a mistake is pointed at."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import QueryError
from pipeline.query.connectors import (
    And,
    Near,
    Node,
    Or,
    Without,
    Word,
    is_connectors,
    parse,
    written,
)
from pipeline.query.misses import lacks, loosened
from pipeline.query.model import Term
from pipeline.query.places import Reading, is_met, places

CONNECTORS = """
alien /p removal
alien /s removal
alien /5 removal
alien w/5 removal
alien W/P removal
alien w/s removal
alien W/S removal
notice pre/3 appear
notice PRE/3 appear
notice +3 appear
notice +s hearing
notice +p hearing
fee near/4 waiver
fee NEAR/4 waiver
fee onear/4 waiver
fee /para waiver
fee w/sent waiver
"notice to appear" /s defective
“notice to appear” /s defective
"stop-time rule"
“stop-time rule”
 "particular social group"
asylum AND gang
asylum AND NOT gang
asylum BUT NOT gang
asylum OR withholding
bond NOT parole
parole % admission
asylum & withholding
unlawful presence & waiver
persecut! /p gang
persecut! AND gang
deport! proceeding
presence accru!
persecut!
inadmissib!
wom*n
wom*n violence
object*
remov* proceeding
(gang or cartel) and asylum
asylum and (gang or cartel)
(gang OR cartel) AND asylum
(gang cartel) /p asylum
adv: asylum and gang
advanced: asylum or withholding
ADV: bond
212(h) /10 waiver
8 CFR 208.13 /p credible
"8 CFR 208.13(b)(1)" AND nexus
"28 I&N Dec. 733" /p overrul!
I-130 AND I-485
I-130 /s "priority date"
H-1B /p "specialty occupation"
EWI AND VAWA
TPS OR DED
NTA AND EOIR
TPS AND NTA BUT NOT DED
can an alien /p removal
does notice /s defective
what /5 hearing?
material +1 support /p duress
alien /x removal
alien /999 removal
alien /0 removal
alien /p
/p alien
/s
alien /p /s removal
(alien /p removal
alien) /p removal
"notice to appear" /p
"notice to appear" "time and place" /p
"notice to appear
crime +2 "moral turpitude"
theft OR larceny /s "moral turpitude"
visa /p consul! AND NOT student
sham marriage /s evidence AND I-130 BUT NOT K-1
"extreme hardship" AND spouse OR parent
ineffective assistance /p counsel
Lozada /p complian!
Chevron /s deferen! AND BIA
due process AND hearing BUT NOT bond
burden of proof AND government
change of venue /p motion
motion to reopen /p "in absentia"
"motion to reopen" OR "motion to reconsider"
"exceptional circumstances" AND "in absentia"
public charge /p (income! OR resource!)
(theft OR larceny) /s turpitude
asylum /p (gang! OR cartel! OR mara)
duress /p "material support"
cancel! /p "ten years"
wife w/10 abus!
VAWA /p self-petition!
self-petition! /p VAWA
nonimmigrant OR non-immigrant
fraud AND misrepresent!
naturaliz! AND "good moral character"
"good moral character" /p 316.10
fee! /s waive! AND I-485
U visa AND certif!
bond! AND flight
asylum NOT withholding
"credible fear" AND screen*
parolee % refugee
withholding & torture
#perm /5 bar
"""

QUESTIONS = """
can and should an IJ terminate proceedings
can and should an IJ terminate proceedings?
asylum and withholding
asylum or withholding
A or B
and/or
asylum and/or withholding of removal
entry w/o inspection
client came w/o papers
50/50
is a 50/50 marriage bona fide
I/O
9/11
my client entered on 1/2/2020
EWI 9/11 2019
adjustment of status
green card
green card through marriage
what is a stop-time rule
What is the "stop-time rule"?
does the "stop-time rule" apply when the NTA lacks a time and date
"stop-time rule" Pereira
Matter of A-B-
Matter of Silva-Trevino
28 I&N Dec. 733
27 I&N Dec. 316 (A.G. 2018)
I&N Dec.
8 CFR 208.13
8 CFR 208.13(b)(1)
INA 212(h)
212(h)
212(a)(6)(C)(i)
section 237(a)(2)
I-130
I-485/I-130
Form I-130/I-485 concurrent filing
H-1B/L-1 which is better
H-1B / L-1
L-1A/L-1B
Smith & Jones
Barnes & Noble
Q & A
I & N
Matter of M-S- & others
R&R
AT&T
Help!
Please help!
Please help! My client was detained
My client was detained!
He was deported! What can he do
Urgent! Hearing tomorrow
she is a mother w/2 children
my sister w/ 2 kids
mom w/ kids
c/o the embassy
a/k/a
n/a
h/w
https://www.uscis.gov/i-485
www.uscis.gov/forms/all-forms
user@example.com
+1 202 555 0100
+1 (202) 555-0100
5 % fee
50% of the poverty line
100 % of fees
fee is 50%
Is it AND or OR?
Can USCIS AND ICE both deny?
Did the board NOT consider the affidavit?
Does USCIS NOT accept checks?
My client entered without inspection in 2010 AND was convicted of theft
the respondent was ordered removed AND he never got notice of the hearing
CAN AND SHOULD AN IJ TERMINATE
WHO MAY FILE AND WHEN
ADJUSTMENT OF STATUS AND NATURALIZATION
MOTION TO REOPEN OR RECONSIDER
asylum but not withholding
parole but not admission
not inspected but admitted
if not admitted and not paroled, can she adjust
whether the crime is a crime involving moral turpitude
whether (or not) he was admitted
can the alien (or her husband) file
the alien (and her husband) filed
asylum (credible fear)
(asylum) and (withholding)
credible fear interview (CFI)
bail
bond hearing
"
""
said he was a citizen to get a job
two wives and three children, one of them a citizen
client overstayed B-2, married USC, wants to adjust
client is 17, from Honduras; father beat him & mother fled
client (25) and wife (24) or both
s/p deportation
24/7 detention
*important* notice
important notice*
form G-28*
fee schedule 2024
unlawful presence 3/10 year bar
the 3/10-year bar
w/in 30 days
denied w/o hearing
Res. & Dev.
visa bulletin December 2025 EB-2 India
"""


@pytest.mark.parametrize("text", [each for each in CONNECTORS.split("\n") if each.strip()])
def test_terms_and_connectors_are_told_by_their_signs(text: str) -> None:
    assert is_connectors(text)


@pytest.mark.parametrize("text", [each for each in QUESTIONS.split("\n") if each.strip()])
def test_a_question_a_citation_or_a_name_is_none(text: str) -> None:
    assert not is_connectors(text)


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        # Westlaw: phrase, OR, /n from the smallest, /s, /p, AND, BUT NOT; LexisNexis's own example
        # of its order of connectors, with our words.
        ("a or b /5 c and d", "((a OR b) /5 c) AND d"),
        ("a /25 b /3 c", "a /25 (b /3 c)"),
        ("a /3 b /25 c", "(a /3 b) /25 c"),
        ("a /5 b +5 c", "a /5 (b +5 c)"),
        ("a /5 b /5 c", "(a /5 b) /5 c"),
        ("a /p b /s c", "a /p (b /s c)"),
        ("a /s b +s c", "a /s (b +s c)"),
        ("a /p b +p c", "a /p (b +p c)"),
        ("a /s b /50 c", "a /s (b /50 c)"),
        ("a and b or c and d", "a AND (b OR c) AND d"),
        ("a but not b and c", "a BUT NOT (b AND c)"),
        ("a but not b but not c", "(a BUT NOT b) BUT NOT c"),
        ("bankrupt! w/25 discharg! and student or college w/5 loan",
         "(bankrupt! /25 discharg!) AND ((student OR college) /5 loan)"),
        ("unnatural /3 fear /s threat or harm and negligen!",
         "((unnatural /3 fear) /s (threat OR harm)) AND negligen!"),
        # What is said of a whole document is taken out of what is near.
        ("(a and b) /p c", "(a /p c) AND (b /p c)"),
        ("a /p (b but not c)", "(a /p b) BUT NOT (a /p c)"),
        ("((a and b) or c) /s d", "((a /s d) AND (b /s d)) OR (c /s d)"),
        # Spellings.
        ("A w/S B", "A /s B"),
        ("a pre/3 b", "a +3 b"),
        ("a onear/3 b", "a +3 b"),
        ("a near/03 b", "a /3 b"),
        ("a % b", "a BUT NOT b"),
        ("a %b", "a BUT NOT b"),
        ("a and not b", "a BUT NOT b"),
        ("a & not b", "a BUT NOT b"),
        ("a NOT b", "a BUT NOT b"),
        ("a & b", "a AND b"),
        ("adv: a and b", "a AND b"),
        ("accru* /s a", "accru! /s a"),
        ("object*** /s a", "object*** /s a"),
        ("#perm /s a", '"perm" /s a'),
        ("credible fear, /p screening.", "credible fear /p screening"),
        ("28 I & N Dec. 733 /p a", "28 I&N Dec 733 /p a"),
        ("§ 212(h) /p a", "212(h) /p a"),
        ("did not appear /p a", "did not appear /p a"),
        ("“stop-time rule” /s a", '"stop-time rule" /s a'),
    ],
)  # fmt: skip
def test_connectors_bind_as_the_publishers_document(query: str, tree: str) -> None:
    assert parse(query) == parse(tree)
    assert _full(parse(query)) == _full(parse(tree))


def _full(node: Node) -> str:
    """With every parenthesis: what is in which is seen."""
    match node:
        case Word():
            return written(node)
        case And() | Or():
            return f"({type(node).__name__} {' '.join(map(_full, node.parts))})"
        case Without():
            return f"({_full(node.wanted)} - {_full(node.unwanted)})"
        case Near():
            sign = f"{node.unit}{node.distance}{node.ordered}"
            return f"({_full(node.first)} {sign} {_full(node.second)})"


def test_words_stand_next_to_each_other_where_no_connector_does() -> None:
    fear = Word(words=("credible", "fear"))
    assert parse("credible fear /p I-867") == Near(
        first=fear, second=Word(words=("I-867",)), unit="paragraph"
    )
    assert parse("credible fear and bond") == And(parts=(fear, Word(words=("bond",))))
    assert parse('"credible fear"') == Word(words=("credible", "fear"), quoted=True)


@pytest.mark.parametrize(
    ("query", "at", "says"),
    [
        ('a /s "b c', 5, "not closed"),
        ('"" /s a', 0, "nothing stands between"),
        ("(a /s b", 0, "not closed"),
        ("a /s b)", 6, "never opened"),
        ("a /s ()", 6, "nothing stands before"),
        ("a /s", 2, "nothing on its right"),
        ("/s a", 0, "nothing on its left"),
        ("a and or b", 6, "nothing on its left"),
        ("a and (or b)", 7, "nothing on its left"),
        ("NOT a", 0, "what you do want before it"),
        ("a /p NOT b", 5, "what you do want before it"),
        ("a NOT w/5 b", 2, "BUT NOT ("),
        ("a /x b", 2, "no connector /x"),
        ("a /999 b", 2, "from 1 to 255"),
        ("a /0 b", 2, "from 1 to 255"),
        ("a +256 b", 2, "from 1 to 255"),
        ("a /p !", 5, "needs a word"),
        ("a /p ab!", 5, "at least 3 letters"),
        ("a /p x*y", 5, "at least 3 letters"),
        ("a /p rem!oval", 5, "end of a word"),
        ('"a b" c', 6, "a connector is missing"),
        ("(a or b) c", 9, "a connector is missing"),
        ("", 0, "no word"),
        ("§ - ,", 0, "no word"),
    ],
)  # fmt: skip
def test_a_mistake_is_pointed_at(query: str, at: int, says: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(query)
    assert says in raised.value.problem
    assert raised.value.query[raised.value.at :] == query[at:]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("a /p b" + " AND c" * 199, "200 words at most"),
        ("(" * 50 + "a" + ")" * 50, "nested deeper"),
        (" /5 ".join("a" * 60), "nested deeper"),
        (f"({' AND '.join('a' * 21)}) /p ({' AND '.join('b' * 21)})", "too many words"),
    ],
)
def test_a_query_has_limits(query: str, says: str) -> None:
    with pytest.raises(QueryError, match=says):
        parse(query)


def test_a_mistake_is_shown_under_the_query() -> None:
    with pytest.raises(QueryError) as raised:
        parse("alien\n/x removal")
    problem, query, caret = str(raised.value).split("\n")
    assert problem.startswith("there is no connector /x: type /s")
    assert query == "  alien /x removal"
    assert caret.index("^") == query.index("/x")


@pytest.mark.parametrize(
    "piece", ["(", ")", '"', "a ", "a AND ", "/s ", "a/5", "-", "!", "a! ", "*", "(a)", "§", "NOT ",
              "a OR (", "1(a)", "%", "&", "I & N ", "(a and "],
)  # fmt: skip
def test_a_long_query_takes_no_longer_than_it_is_long(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    begun = time.perf_counter()
    is_connectors(text)
    try:
        parse(text)
    except QueryError as error:
        assert len(str(error)) < 400
    assert time.perf_counter() - begun < 5


PIECES = st.sampled_from(
    ['"', "(", ")", "a", "bond", "rem!", "wom*n", "212(h)", "I-130", "/s", "/p", "/5", "+3", "w/7",
     "pre/2", "AND", "or", "NOT", "but", "not", "%", "&", "/x", "!", "*", "§", "I&N", "A-B-", "“",
     "”", "#x", "a)", "(b", "w/o", "adv:", "é", "\n"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map(" ".join) | st.text(max_size=40))
def test_reading_raises_nothing_but_its_own_error(text: str) -> None:
    is_connectors(text)
    try:
        node = parse(text)
    except QueryError as error:
        assert 0 <= error.at <= len(error.query)
    else:
        assert parse(written(node)) == node


WORDS = st.sampled_from(["bond", "asylum", "rem!", "212(h)", "stop-time", "judge's", "C.F.R"])
LEAVES = st.builds(
    lambda words, quoted: Word(words=tuple(words), quoted=quoted),
    st.lists(WORDS, min_size=1, max_size=2),
    st.booleans(),
)
UNITS = st.sampled_from([("words", 1), ("words", 4), ("sentence", 0), ("paragraph", 0)])


def _nears(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.builds(
        lambda first, second, unit, ordered: Near(
            first=first, second=second, unit=unit[0], distance=unit[1], ordered=ordered
        ),
        parts,
        parts,
        UNITS,
        st.booleans(),
    )


def _either(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts.filter(lambda part: not isinstance(part, Or)), min_size=2, max_size=3)
    return several.map(lambda each: Or(parts=tuple(each)))


PLAIN = st.recursive(LEAVES, lambda parts: _nears(parts) | _either(parts), max_leaves=4)
TREES = st.recursive(
    PLAIN,
    lambda parts: (
        st.lists(parts.filter(lambda part: not isinstance(part, And)), min_size=2, max_size=3).map(
            lambda each: And(parts=tuple(each))
        )
        | _either(parts)
        | st.builds(lambda a, b: Without(wanted=a, unwanted=b), parts, parts)
    ),
    max_leaves=6,
)


@given(TREES)
def test_a_tree_typed_and_read_again_is_the_same(tree: Node) -> None:
    assert parse(written(tree)) == tree


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("removal", "He is removable."),
        ("aliens", "the alien's claim"),
        ("alien's", "aliens"),
        ("alien claim", "the alien's claim"),
        ('"removal"', "A removal."),
        ("stop-time", "the stop time rule"),
        ("stop-time", "the stoptime rule"),
        ("stop time", "the stop-time rule"),
        ("stoptime", "the stop-time rule"),
        ("nonimmigrant", "a non-immigrant visa"),
        ("nonimmigrants", "a non\u2011immigrant visa"),
        ("C.F.R.", "8 CFR 208"),
        ("CFR", "8 C.F.R. 208"),
        ("CFR", "8 C. F. R. 208"),
        ("212(h)", "section 212(h) waiver"),
        ("212(h)", "section 212 (h)"),
        ("212(a)", "section 212(a)(6)(C)"),
        ("208.13(b)", "8 CFR 208.13(b)(1)"),
        ("I&N", "28 I. & N. Dec. 733"),
        ("w/o inspection", "entry without inspection"),
        ("accru!", "accrual"),
        ("accru!", "accru"),
        ("wom*n", "women"),
        ("judge**", "judges"),
        ("alien fear claim", "the alien fear's claim"),
        ("resume", "r\u00e9sum\u00e9"),
        ("asy*um", "asylum"),
        ("alien /3 removal", "removal of the alien"),
        ("alien /1 removal", "alien removal"),
        ("212(h) /1 waiver", "a 212(h)(1)(B) waiver"),
        ("alien /s removal", "No. An alien faces removal. Yes."),
        ("garland /s held", "In Niz-Chavez v. Garland the Court held so."),
        ("alien /p removal", "An alien. And removal."),
        ("alien /9 removal", "An alien.\nAnd removal."),
        ("alien +s removal", "alien removal"),
        ("alien /p alien", "One alien and another alien."),
        ("(alien /3 bond) /2 hearing", "hearing alien x y bond"),
        ("alien +2 bond +2 hearing", "alien bond hearing"),
        ("bond BUT NOT parole", "bond"),
    ],
)  # fmt: skip
def test_words_are_met(query: str, text: str) -> None:
    assert is_met(parse(query), Reading(text))
    assert lacks(parse(query), text) == ()


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ('"removal"', "removable"),
        ('"removal proceedings"', "removal proceeding"),
        ("212(h)", "212(a)(1)"),
        ("212(h)", "in 212. H is next"),
        ("245(a)", "under section 245. A person"),
        ("208.13", "208. 13 people"),
        ("accru!", "acc"),
        ("accru!", "reaccrue"),
        ("wom*n", "womn"),
        ("wom*n", "womeen"),
        ("judge**", "judgeship"),
        ("stop-time", "stop the time"),
        ("A-B-", "ab"),
        ("alien /2 removal", "removal of the alien"),
        ("alien +5 removal", "removal of the alien"),
        ("alien /s removal", "An alien came. Then removal."),
        ("alien /p removal", "An alien.\nRemoval."),
        ("alien /p alien", "One alien."),
        ("judge /3 (immigration judge)", "the immigration judge"),
        ("alien +2 bond +2 hearing", "alien hearing bond"),
        ("bond BUT NOT parole", "bond and parole"),
    ],
)
def test_words_are_not_met(query: str, text: str) -> None:
    assert not is_met(parse(query), Reading(text))
    assert lacks(parse(query), text) != ()


def test_places_are_those_of_the_printed_text() -> None:
    text = "\u00c9migr\u00e9s\u2014the stop\u2011time rule (\u201cremoval\u201d)."
    found = places(parse("emigre /p stop-time OR remov!"), Reading(text))
    assert [text[start:end] for start, end in found] == [
        "\u00c9migr\u00e9s", "stop\u2011time", "removal",
    ]  # fmt: skip


@given(st.text(alphabet="aeiouy stnl-(.1\n", max_size=30), st.sampled_from(["a", "/p", "/s", "/2"]))
def test_any_text_is_read(text: str, sign: str) -> None:
    is_met(parse(f"as {sign} nay" if "/" in sign else "as"), Reading(text))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("bond AND gang", ("gang",)),
        ("bond /s gang AND nexus", ("gang", "nexus")),
        ("alien /1 bond", ("alien /1 bond",)),
        ("gang OR nexus", ("gang OR nexus",)),
        ("bond BUT NOT hear!", ("NOT hear!",)),
        ("bond", ()),
    ],
)
def test_what_a_document_lacks_is_said_in_the_querys_words(
    query: str, said: tuple[str, ...]
) -> None:
    assert lacks(parse(query), "The alien has a bond hearing.") == said


def test_what_is_looked_for_instead_leaves_out_what_was_excluded() -> None:
    node = parse('accru! /s "unlawful presence" OR wom*n BUT NOT parole')
    alone = (Term(words="unlawful", weight=0.25), Term(words="presence", weight=0.25))
    assert loosened(node) == (Term(words="accru"), Term(words="unlawful presence"), *alone)
    assert loosened(node, {"accru!": ("accrual", "accrue"), "wom*n": ("women",)}) == (
        Term(words="accrue"), Term(words="accrual"), Term(words="unlawful presence"),
        Term(words="women"), *alone,
    )  # fmt: skip


def test_words_of_a_phrase_that_are_asked_alone_count_in_full() -> None:
    assert loosened(parse('"notice to appear" AND notice')) == (
        Term(words="notice to appear"), Term(words="notice"), Term(words="appear", weight=0.25),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "text", "meets"),
    [
        ('"Matter of M-S-"', "Matter of M-S-, 99 I&N Dec. 1", True),
        ('"Matter of M-S-"', "under Matter of M-S-\u2019s rule", True),
        ('"Matter of M-S-"', "Matter of M-S-R-, 99 I&N Dec. 2", False),
        ('"Matter of M-S-"', "Matter of M S", False),
        ('"M-S-"', "Matter of L-M-S-", False),
        ('"M-S-"', "Ms. M. S. testified", False),
        ('"M-S-"', "the M-S line", False),
        ("adv: m-s-", "Matter of M\u2011S\u2011", True),
        ("adv: E-A-", "(E-A-)", True),
        ("adv: E-A-", "visas E, A", False),
        ("adv: M-S", "Matter of M-S-", True),
        ("adv: M-S", "Matter of M-S-R-", False),
        ('"A-B- II"', "A-B- II", True),
        ('"Matter of S-O- & F-D-"', "Matter of S-O- & F-D-, 99", True),
        ("A-B- /s gang", "A-B- spoke of a gang.", True),
    ],
)
def test_initials_name_their_own_case_alone(query: str, text: str, meets: bool) -> None:
    assert is_met(parse(query), Reading(text)) is meets


def test_initials_are_printed_with_their_last_hyphen() -> None:
    assert written(parse('"Matter of M-S-" AND (A-B-)')) == '"Matter of M-S-" AND A-B-'


@pytest.mark.parametrize(
    ("query", "text", "meets"),
    [
        ("child", "two children", True),
        ("children /s wives", "a child and his wife", True),
        ("criterion", "the criteria", True),
        ("memoranda", "one memorandum", True),
        ('"child"', "two children", False),
        ("#child", "two children", False),
    ],
)
def test_irregular_plurals_are_forms_of_a_word(query: str, text: str, meets: bool) -> None:
    assert is_met(parse(f"adv: {query}"), Reading(text)) is meets


@pytest.mark.parametrize(
    "text",
    [" " * 20_000, "alien AND removal" + " " * 20_000 + "x", "\n" * 20_000, "a AND " * 3_300],
    ids=["spaces", "gap", "lines", "words"],
)
def test_long_queries_are_told_apart_in_no_time(text: str) -> None:
    began = time.process_time()
    is_connectors(text)
    assert time.process_time() - began < 0.3
