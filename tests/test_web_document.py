"""The page of a document: what stands at its head, its text, notes, pages, links and parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from builders import paragraph, precedent, stated, version
from holding import hold
from hypothesis import example, given
from hypothesis import strategies as some
from lxml import html
from markupsafe import escape
from publisher import NOW
from starlette.testclient import TestClient

from alerts.untrusted import spaced
from index.opened import Place
from lexwatch.app import App
from lexwatch.settings import Settings
from lexwatch.web import text
from lexwatch.web.app import create
from pipeline.model import Block, BlockKind, DateKind, NoteMark, Span, Version

KEY = "/bia_decisions/7001"
ROOM = 100_000  # bytes of a page
CHAPTER = "/uscis_policy_manual/volume-6-part-f-chapter-5"


def decided(number: int, page: int, *texts: str | Block, name: str) -> Version:
    """A precedent of our own, headnotes first."""
    return replace(
        precedent(name=name),
        document=replace(precedent().document, key=str(number)),
        citation=f"99 I&N Dec. {page} (BIA 2026)",
        url=f"https://www.justice.gov/eoir/media/{number}",
        blocks=tuple(paragraph(each) if isinstance(each, str) else each for each in texts),
        dates=(stated(DateKind.DECIDED, date(2026, 9, 14), "Decided September 14, 2026", "list"),),
        metadata={},
    )


FIRST = decided(
    7001,
    112,
    "(1) An arrest report alone proves nothing under 8 C.F.R. § 1003.19(d).",
    Block(kind=BlockKind.HEADING, text="I. BACKGROUND", level=1, page="112"),
    Block(
        kind=BlockKind.PARAGRAPH,
        text="The report named no witness. It led to no charge.",
        trail=("I. BACKGROUND",),
        marks=(NoteMark(offset=28, label="1"), NoteMark(offset=29, label="*113")),
        page="112",
    ),
    Block(kind=BlockKind.FOOTNOTE, text="See <b>nothing</b> & more.", label="1", page="113"),
    name="Matter of SAMPLE-ONE-",
)
SECOND = decided(
    7002,
    140,
    "(1) Matter of SAMPLE-ONE-, 99 I&N Dec. 112 (BIA 2026), overruled in part.",
    "We no longer follow Matter of SAMPLE-ONE-, 99 I&N Dec. 112 (BIA 2026), as to reports.",
    name="Matter of SAMPLE-TWO-",
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder: Path = tmp_path_factory.mktemp("document")
    settings = Settings.model_validate({"data": {"folder": str(folder)}})
    made = App(settings, lambda: NOW + timedelta(days=30))
    long = [paragraph(f"Paragraph {n}. " + "word " * 200, f"{n // 20}. Part") for n in range(300)]
    for n in range(0, 300, 20):
        long.insert(n + n // 20, Block(kind=BlockKind.HEADING, text=f"{n // 20}. Part", level=2))
    hold(made.database, FIRST, SECOND, version(*long, title='Chapter 5 <i>"Advanced"</i>'))
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def client(app: App) -> TestClient:
    return TestClient(create(app), base_url="http://127.0.0.1:8765")


def page(client: TestClient, path: str) -> html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert len(answer.content) < ROOM
    return html.fromstring(answer.text)


def said(found: html.HtmlElement, query: str) -> str:
    return " ".join(" ".join(each.text_content() for each in found.cssselect(query)).split())


def test_the_head_says_what_it_is_whom_it_binds_and_what_was_done_to_it(client: TestClient) -> None:
    found = page(client, f"/document{KEY}")
    assert said(found, "h1") == "Matter of SAMPLE-ONE-"
    assert said(found, ".cite cite") == "Matter of Sample-One-, 99 I&N Dec. 112 (BIA 2026)"
    head = said(found, "header")
    assert "September 14, 2026" in head and "Binds immigration judges" in head
    assert "Negative treatment in part found" in head
    assert "“Matter of SAMPLE-ONE-, 99 I&N Dec. 112 (BIA 2026), overruled in part" in head
    by = {each.text_content() for each in found.cssselect(".deed .facts a")}
    assert by == {"Matter of SAMPLE-TWO-, 99 I&N Dec. 140 (BIA 2026)"}
    assert "Decided: September 14, 2026 (Eastern)" in said(found, ".about")


def test_what_was_never_treated_is_not_called_good_law(client: TestClient) -> None:
    head = said(page(client, "/document/bia_decisions/7002"), "header")
    assert "No negative treatment found in what we hold" in head and "good law" not in head


def test_a_footnote_opens_below_the_paragraph_that_calls_it(client: TestClient) -> None:
    found = page(client, f"/document{KEY}")
    [call] = found.cssselect("sup a")
    [note] = found.cssselect("details.footnote p")
    assert call.get("href") == f"#{note.get('id')}"
    assert note.text_content().startswith("See <b>nothing</b> & more.")
    assert note.cssselect("a")[-1].get("href") == f"#{call.get('id')}"
    assert "charge" in note.getparent().getprevious().text_content()


def test_the_pages_of_the_reporter_are_marked_where_they_begin(client: TestClient) -> None:
    found = page(client, f"/document{KEY}")
    assert [each.text_content() for each in found.cssselect(".star")] == ["*112", "*113"]
    assert "named no witness.1 *113 It led" in said(found, "#b2")


def test_a_cited_authority_is_a_link_with_its_flag(client: TestClient) -> None:
    found = page(client, "/document/bia_decisions/7002")
    links = [each for each in found.cssselect(".text a") if "cite=99" in each.get("href")]
    assert links and all("99+I%26N+Dec.+112" in each.get("href") for each in links)
    [first, *_] = links[0].cssselect(".sign.grave")
    assert first.get("aria-label") == "negative treatment in part found"
    plain = page(client, f"/document{KEY}").cssselect(".text a[href*='1003.19']")
    assert plain and not plain[0].cssselect(".sign")


def test_who_cites_it_is_quoted_with_what_they_do(client: TestClient) -> None:
    found = said(page(client, f"/document{KEY}"), "#cited-by")
    assert "Cited by 1 document that we hold" in found
    assert "“We no longer follow" in found and "Matter of SAMPLE-TWO-" in found


def test_the_words_looked_for_are_marked_and_led_to(client: TestClient) -> None:
    found = page(client, f"/document{KEY}?q=witness")
    assert said(found, ".text mark") == "witness"
    [link] = found.cssselect(".matched a")
    assert link.get("href") == f"/document{KEY}?q=witness&at=2#b2"


def test_what_stands_in_a_title_is_words_and_no_markup(client: TestClient) -> None:
    found = page(client, f"/document{CHAPTER}")
    assert said(found, "h1") == 'Chapter 5 <i>"Advanced"</i>' and not found.cssselect("h1 i")


def test_a_long_text_is_divided_at_headings_and_every_heading_is_led_to(
    client: TestClient,
) -> None:
    first = page(client, f"/document{CHAPTER}")
    links = [each.get("href") for each in first.cssselect(".contents a")]
    assert len(links) == 15
    shown = []
    for link in links:
        there = page(client, link.partition("#")[0] or f"/document{CHAPTER}")
        [heading] = there.cssselect(f".text #{link.partition('#')[2]}")
        shown.append(heading.text_content())
    assert shown == [f"{n}. Part" for n in range(15)]
    parts = int(re.search(r"part 1 of (\d+)", said(first, ".text h2"))[1])  # type: ignore[index]
    words = [
        said(page(client, f"/document{CHAPTER}?part={n}"), ".text p") for n in range(1, parts + 1)
    ]
    assert re.findall(r"Paragraph (\d+)\.", " ".join(words)) == [str(n) for n in range(300)]


def test_a_place_named_by_its_block_is_on_the_page_that_is_shown(client: TestClient) -> None:
    found = page(client, f"/document{CHAPTER}?at=250")
    assert found.cssselect("#b250")
    assert "Its status, dates and who cites it stand with the first" in said(found, ".reading")


@pytest.mark.parametrize("asked", ["at=-1", "at=x", "at=999999999999", "part=99", "at=²", "q=%22"])
def test_what_a_text_does_not_have_leads_nowhere_else(client: TestClient, asked: str) -> None:
    assert client.get(f"/document{CHAPTER}?{asked}").status_code == 200


@pytest.mark.parametrize("asked", ["version=3", "seen_on=2199-01-01", "part=0", "seen_on=soon"])
def test_what_there_is_not_is_said(client: TestClient, asked: str) -> None:
    answer = client.get(f"/document{KEY}?{asked}")
    assert answer.status_code in (400, 404) and "`" not in answer.text


def test_a_day_before_the_first_reading_shows_the_earliest_text_and_says_so(
    client: TestClient,
) -> None:
    found = page(client, f"/document{KEY}?seen_on=1999-01-01")
    assert "is not held: first read on" in said(found, "header .note")
    assert "The report named no witness" in said(found, ".text")


def test_an_unknown_document_is_looked_for(client: TestClient) -> None:
    answer = client.get("/document/bia_decisions/1")
    assert answer.status_code == 404 and "Nothing that is held goes by" in answer.text
    assert 'action="/search"' in answer.text


def test_the_bench_print_has_holding_status_by_forum_and_marked_passages(
    client: TestClient,
) -> None:
    found = page(client, f"/bench{KEY}?q=witness")
    assert said(found, ".forums dt") == "Before: immigration court, USCIS, federal court"
    assert "An arrest report alone proves nothing" in said(
        found, "section[aria-labelledby=holding]"
    )
    passages = said(found, ".passage")
    assert "The report named no witness" in passages
    assert "Cite as Matter of Sample-One-, 99 I&N Dec. 112, 112 (BIA 2026)" in passages
    assert "Printed" in said(found, ".why")


def test_the_forum_that_was_chosen_is_the_one_asked_for(client: TestClient) -> None:
    found = page(client, f"/document{KEY}?forum=immigration+court+9th")
    assert "Asked: before an immigration court" in said(found, "header")
    assert "Binding here" in said(found, ".binds.here")


# The text alone

BLOCKS = some.lists(
    some.builds(
        lambda kind, words, label, page: Block(
            kind=kind,
            text=words,
            label=label,
            page=page,
            level=1,
            marks=(NoteMark(offset=min(3, len(words)), label=label),) if label else (),
        ),
        some.sampled_from(list(BlockKind)),
        some.text(max_size=40),
        some.sampled_from(["", "1", "2", "*9"]),
        some.sampled_from(["", "8", "9"]),
    ),
    max_size=25,
)


@given(BLOCKS)
def test_every_block_is_shown_once_and_every_name_on_a_page_is_one(blocks: list[Block]) -> None:
    divided = text.parts(blocks, {})
    seen = []
    for part in divided:
        shown = html.fromstring(f"<div>{text.Sheet(blocks, part, text.Lit()).html()}</div>")
        names = [name for each in shown.iter() if (name := each.get("id"))]
        assert len(names) == len({*names})
        seen += [int(name[1:]) for name in names if re.fullmatch(r"b\d+", name)]
        for link in shown.cssselect("sup a"):
            assert str(link.get("href")).removeprefix("#") in names
    kinds = [BlockKind.FOOTNOTE, BlockKind.HEADING]
    bare = [n for n in range(len(blocks)) if n not in seen]
    assert len(seen) == len({*seen})
    assert all(blocks[n].kind in kinds and blocks[n].kind is BlockKind.HEADING for n in bare)


@given(
    some.text(min_size=12, max_size=60),
    some.lists(some.tuples(some.integers(0, 12), some.integers(0, 12)), max_size=6),
    some.lists(some.tuples(some.integers(0, 60), some.integers(0, 60)), max_size=6),
    some.lists(some.integers(0, 14), max_size=4),
)
@example("A section of the Act.", [(2, 20), (4, 9)], [(10, 16)], [5])
def test_links_marks_and_notes_leave_the_words_as_they_are(
    words: str,
    cited: list[tuple[int, int]],
    marked: list[tuple[int, int]],
    called: list[int],
) -> None:
    def spans(given: list[tuple[int, int]]) -> list[tuple[int, int]]:
        return sorted((min(pair), min(len(words), max(pair))) for pair in given)

    places = [Place(start=a, end=b, cited="INA § 1") for a, b in spans(cited) if a < b]
    calls = tuple(NoteMark(offset=min(at, len(words)), label="§") for at in sorted(called))
    block = Block(kind=BlockKind.PARAGRAPH, text=words, marks=calls)
    note = Block(kind=BlockKind.FOOTNOTE, text="", label="§")
    marks = [Span(start=a, end=b) for a, b in spans(marked) if a < b]
    lit = text.Lit(places={0: places}, marks={0: marks})
    part = text.Part(first=0, end=1, title="")
    shown = str(text.Sheet([block, note], part, lit).html()).partition("<details")[0]
    assert shown.count("<sup>") == len(calls)
    without = re.sub(r"<sup>.*?</sup>", "", shown)
    assert _squeezed(without) == _squeezed(escape(spaced(words)))
    # A parser mends one link within another, so the letters are looked at.
    links = re.findall(r"</?a\b", shown)
    assert links == ["<a", "</a"] * (len(links) // 2)


@given(BLOCKS)
def test_no_part_is_larger_than_its_room_unless_a_block_alone_is(blocks: list[Block]) -> None:
    given = [replace(block, text=block.text * 400) for block in blocks]
    divided = text.parts(given, {})
    covered = [at for part in divided for at in range(part.first, part.end)]
    assert [*dict.fromkeys(covered)] == [*range(len(given))] == sorted({*covered})
    for part in divided:
        shown = sum(len(given[at].text.encode()) for at in text.shown(given, part))
        alone = max((len(block.text.encode()) for block in given), default=0)
        notes = sum(len(b.text.encode()) for b in given if b.kind is BlockKind.FOOTNOTE)
        assert shown <= text.ROOM + alone + notes


def test_a_block_that_no_page_has_room_for_is_divided_after_sentences_and_loses_no_word() -> None:
    long = "A sentence that is one of very many. " * 3_000
    given = [
        paragraph("Before it."),
        replace(paragraph(long), marks=(NoteMark(offset=9, label="1"),)),
        Block(kind=BlockKind.FOOTNOTE, text="A note.", label="1"),
    ]
    divided = text.parts(given, {})
    sheets = [str(text.Sheet(given, part, text.Lit()).html()) for part in divided]
    assert len(sheets) > 4 and max(map(len, sheets)) < text.ROOM
    said = "".join(re.sub(r"<(sup|details).*?</\1>", "", each) for each in sheets)
    assert _squeezed(said) == _squeezed("Before it." + long)
    assert [each for each in sheets if "A note." in each] == sheets[-1:]
    assert text.holder(given, divided, 1) == 2 and text.holder(given, divided, 2) == len(sheets)
    assert sum("href" in each for each in sheets) == 1


def test_a_text_without_headings_is_divided_too() -> None:
    blocks = [paragraph("word " * 400) for _ in range(100)]
    divided = text.parts(blocks, {})
    assert len(divided) > 4
    assert all(
        sum(len(blocks[0].text) for _ in range(p.first, p.end)) <= text.ROOM for p in divided
    )


def _squeezed(shown: str) -> str:
    """The words alone, as they are escaped."""
    return "".join(re.sub(r"<[^>]*>", "", shown).split())
