"""One plain form of a text, and the way back from it."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.cite import find
from pipeline.legible import legible, plain

# What is written anew, close together: entities and their parts, accents, ligatures, invisible.
PIECES = st.sampled_from(
    [
        *("&amp;", "&", "amp;", "#38;", "&#8203;", "&nbsp;", "&sect;", "&#894;", "&#59;", "&lt;"),
        *(
            "e",
            "\u0301",
            "\u0316",
            "\ufb03",
            "\u200b",
            "\u00ad",
            "\u00a0",
            "\u2011",
            "\u037e",
            "中",
        ),
        *(" ", "\n", "a", "§", "“", "–", "\x00", "\ud800"),
    ]
)


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("28 I&amp;N Dec. 714", "28 I&N Dec. 714"),
        ("28 I&amp;amp;N Dec. 714", "28 I&N Dec. 714"),
        ("8 CFR &sect;&nbsp;214.2&#40;h&#41;", "8 CFR § 214.2(h)"),
        ("of\ufb01ce, a\ufb03davit, \ufb02at", "office, affidavit, flat"),
        ("e\ufb00ect, ba\ufb04e, \ufb05ay, \ufb06ay", "effect, baffle, stay, stay"),
        ("8\u200d U.S.C\u200b.\u00a0§\u202f1158", "8 U.S.C. § 1158"),
        ("Viera\u2011Garcia", "Viera-Garcia"),
        ("two\n lines", "two\n lines"),
        ("“as printed” – ‘and’ — so", "“as printed” – ‘and’ — so"),
        ("&lt;script&gt; and &#60;b&#62;", "&lt;script&gt; and &#60;b&#62;"),
        ("AT&T; R&D; &c.; &unknown;", "AT&T; R&D; &c.; &unknown;"),
    ],
)  # fmt: skip
def test_a_text_has_one_plain_form(printed: str, shown: str) -> None:
    assert plain(printed).text == shown


def test_patterns_see_the_dashes_and_apostrophes_of_a_keyboard() -> None:
    assert legible("Attorney General’s – 8 CFR 1.1—1.3 “so”").text == (
        "Attorney General's - 8 CFR 1.1-1.3 “so”"
    )


@given(st.lists(PIECES, max_size=14).map("".join) | st.text())
def test_the_plain_form_of_a_plain_form_is_the_same(text: str) -> None:
    once = plain(text).text
    assert plain(once).text == once


@example("&#8203;\u037e")
@given(st.lists(PIECES, max_size=14).map("".join))
def test_the_way_back_leads_to_what_says_the_same(text: str) -> None:
    shown = plain(text)
    before = 0
    for offset in range(len(shown.text)):
        start, end = shown.printed(offset, offset + 1)
        assert before <= start < end <= len(text)
        assert shown.text[offset] in plain(text[start:end]).text
        before = start
    if shown.text:
        start, end = shown.printed(0, len(shown.text))
        assert plain(text[start:end]).text == shown.text


@pytest.mark.parametrize(
    ("text", "raw", "canonical"),
    [
        ("See 28 I&amp;N Dec. 714 (BIA 2023).", "28 I&amp;N Dec. 714", "28 I&N Dec. 714"),
        ("re\u0301sume\u0301, INA\u00a0\u200b208(a)", "INA\u00a0\u200b208(a)", "INA § 208(a)"),
        ("o\ufb03cers: 8 CFR &#167;\u200d 1003.1", "8 CFR &#167;\u200d 1003.1", "8 CFR § 1003.1"),
    ],
)  # fmt: skip
def test_a_citation_is_found_where_it_is_printed(text: str, raw: str, canonical: str) -> None:
    (citation,) = find(text)
    assert text[citation.start : citation.end] == citation.raw == raw
    assert citation.canonical == canonical


@pytest.mark.parametrize(
    "text",
    ["&amp;" * 40_000, "&" + "amp;" * 50_000, "&a" * 50_000 + "mp;" * 50_000, "a\u200b" * 100_000,
     "a" + "\u0301\u0316" * 100_000, "&;" * 100_000],
    ids=["entities", "chain", "nest", "invisible", "accents", "ampersands"],
)  # fmt: skip
def test_a_hostile_text_takes_time_in_proportion_to_its_length(text: str) -> None:
    begun = time.process_time()
    plain(text)
    assert time.process_time() - begun < 5  # a square would take minutes


@given(st.text())
def test_letters_with_accents_are_one_character(text: str) -> None:
    assert unicodedata.is_normalized("NFC", plain(text).text)
