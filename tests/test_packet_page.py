"""A packet as a web page: whole in itself, harmless, and to be read by everybody."""

from __future__ import annotations

import re
from base64 import b64decode
from functools import cache
from hashlib import sha256
from typing import Any

import manuscripts
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.packet import page
from alerts.packet.content import Run
from alerts.packet.draft import Draft


@cache
def made() -> str:
    return page.write(manuscripts.manuscript()).decode()


@cache
def soup() -> Any:
    return BeautifulSoup(made(), "lxml")


def test_the_same_packet_gives_the_same_bytes() -> None:
    assert page.write(manuscripts.manuscript()).decode() == made()


def test_it_runs_nothing_and_asks_nobody() -> None:
    every = soup().find_all(True)
    assert {one.name for one in every}.isdisjoint({"script", "link", "iframe", "object", "img"})
    assert not [key for one in every for key in one.attrs if key.startswith("on")]
    assert not [one for one in every if "style" in one.attrs]
    assert "@import" not in made() and "url(" not in str(soup().style)


def test_its_policy_allows_its_own_style_sheet_and_nothing_more() -> None:
    policy = soup().find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'; ")
    (digest,) = re.findall(r"'sha256-([^']+)'", policy)
    assert b64decode(digest) == sha256(soup().style.string.encode()).digest()


def test_what_a_publisher_writes_is_no_markup() -> None:
    assert "<script>" not in made() and "&lt;script&gt;alert(1)&lt;/script&gt;" in made()
    assert not [one for one in soup().find_all("a") if one["href"].startswith("javascript")]


def test_every_link_inside_leads_somewhere_once() -> None:
    names = [one["id"] for one in soup().find_all(id=True)]
    assert len(set(names)) == len(names)
    inside = [one["href"][1:] for one in soup().find_all("a") if one["href"].startswith("#")]
    assert set(inside) <= set(names)


def test_a_note_leads_to_its_source_and_the_source_back_to_each_note() -> None:
    calls = soup().find_all(attrs={"role": "doc-noteref"})
    backs = soup().find_all(attrs={"role": "doc-backlink"})
    assert sorted(one["href"][1:] for one in backs) == sorted(one["id"] for one in calls)
    first = soup().find(id="source-1")
    assert first.name == "li" and manuscripts.URL in first.get_text()
    assert {one["href"] for one in calls} == {"#source-1", "#source-2"}


def test_headings_are_numbered_and_in_the_contents() -> None:
    told = [one.get_text(" ", strip=True) for one in soup().find_all(re.compile(r"h[2-5]"))]
    assert told[:4] == ["Contents", "1 Fees", "1.1 Sample Rule", "1.1.1 Its history"]
    contents = [one.get_text(strip=True) for one in soup().nav.find_all("a")]
    assert contents[:3] == ["1 Fees", "1.1 Sample Rule", "2 Timeline"]
    assert soup().find("a", string="1.1", href="#section-1.1")


def test_a_redline_is_told_without_colour_too() -> None:
    assert "The officer <del>may</del> <ins>must</ins> deny." in made()
    sheet = str(soup().style)
    assert "[deleted: " in sheet and "[inserted: " in sheet


def test_tables_and_pictures_say_what_they_are() -> None:
    table = soup().table
    assert table.caption.string == "The same in words"
    assert [one["scope"] for one in table.find_all("th")] == ["col", "col", "row"]
    assert soup().svg["role"] == "img" and "One sample rule in January." in str(soup().svg)
    assert soup().html["lang"] == "en-US"


def test_answers_are_lettered_under_their_question() -> None:
    asked = soup().find("li", string=re.compile("When")) or soup().find_all("ol")[0].li
    assert asked["value"] == "1"
    answers = asked.find("ol", type="A").find_all("li")
    assert [one["value"] for one in answers] == ["1", "2"]


def test_a_row_to_be_filled_in_has_room_for_a_hand() -> None:
    begun = Draft(title="T", subject="S", at=manuscripts.AT)
    begun.table("X", ("Name", "Signature"), [["", ""], ["A", ""]], (1, 1), ours=True)
    written: Any = BeautifulSoup(page.write(begun.finished()), "lxml")
    assert [row.get("class") for row in written.tbody.find_all("tr")] == [["blank"], None]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_whatever_a_publisher_writes_stays_words(text: str) -> None:
    begun = Draft(title=text, subject=text, at=manuscripts.AT)
    begun.heading(text, 1)
    begun.paragraph(Run(text=text, url="https://example.gov/x"), f" {text} end")
    begun.table(text, (text,), [[text]], (1,))
    finished = begun.finished()
    set_: Any = BeautifulSoup(page.write(finished), "lxml")
    counts = [len(set_.find_all(name)) for name in ("h1", "h2", "table", "td", "script")]
    assert counts == [1, 1, 1, 1, 0]
    assert " ".join(set_.h1.get_text().split()) == " ".join(finished.title.split())
