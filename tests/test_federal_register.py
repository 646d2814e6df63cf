"""The Federal Register: what is asked, what a list leads to, and what its documents say."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

import crawlers
from crawlers.practice import PARTLY, WHOLLY, conditions
from crawlers.replay import ReplayServer
from crawlers.source import Follow, Visit
from crawlers.sources.federal_register import FederalRegisterSpider
from pipeline import fedreg
from pipeline.dates import read_dates
from pipeline.entries import FIELDS, kept
from pipeline.errors import PageChanged, SettingsError
from pipeline.fedreg import Printed
from pipeline.model import BlockKind, DateKind, Page, Reading, Version

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)  # still the 20th in Washington
SITE = "https://www.federalregister.gov"
PUBLISHED = "conditions[publication_date]"
LIST = f"{SITE}/api/v1/documents.json"
XML = f"{SITE}/documents/full_text/xml/2026/11/02/2026-99701.xml"
STORED = Path(__file__).parent / "sources" / "federal_register"
SAMPLE = Path(crawlers.__file__).parent / "sample"


def page(url: str, body: bytes | Mapping[str, Any], **context: Any) -> Page:
    return Page(
        source="federal_register",
        url=url,
        final_url=url,
        asked=url,
        status=200,
        headers={"Content-Type": "text/xml"},
        body=body if isinstance(body, bytes) else json.dumps(body).encode(),
        fetched_at=NOW,
        context=context,
    )


def read(url: str, body: bytes | Mapping[str, Any], **context: Any) -> Reading:
    return FederalRegisterSpider.read(page(url, body, **context))


def rule(xml: str, **context: Any) -> Version:
    """Read one rule, given what stands in its XML."""
    body = f"<RULE>{xml}<FRDOC>[FR Doc. 2026-99701 Filed 10-30-26]</FRDOC></RULE>".encode()
    context = {"publication_date": "2026-11-02", "title": "A Rule", **context}
    (version,) = read(XML, body, **context).versions
    return version


def seeds(**visit: Any) -> list[dict[str, list[str]]]:
    found = FederalRegisterSpider.seeds(Visit(**{"now": NOW, **visit}))
    return [parse_qs(urlsplit(follow.url).query) for follow in found]


def test_first_visit_asks_by_month_from_sixty_days_ago_up_to_today_in_washington() -> None:
    months = {(query[f"{PUBLISHED}[gte]"][0], query[f"{PUBLISHED}[lte]"][0]) for query in seeds()}
    assert sorted(months) == [
        ("2026-09-01", "2026-09-30"),
        ("2026-10-01", "2026-10-31"),
        ("2026-11-01", "2026-11-20"),
    ]


def test_months_that_ended_a_week_ago_are_settled_and_the_last_one_is_not() -> None:
    follows = FederalRegisterSpider.seeds(Visit(now=datetime(2026, 11, 3, 17, tzinfo=UTC)))
    (asked, *_) = [list(each) for each in batches(list(follows), 3)]
    assert [follow.settled for follow in asked] == [True, False, False]  # October ended 3 days ago
    assert [dict(follow.context) for follow in asked] == [{"settled": True}, {}, {}]


def test_next_visit_asks_once_again_for_the_days_before_the_last() -> None:
    last = datetime(2026, 11, 2, 12, tzinfo=UTC)
    queries = seeds(now=datetime(2026, 11, 3, 14, tzinfo=UTC), last_complete=last)
    assert {query[f"{PUBLISHED}[gte]"][0] for query in queries} == {"2026-10-26"}
    assert len(queries) == len(conditions({})) <= 12


def test_every_field_is_named_and_oldest_come_first() -> None:
    for query in seeds():
        assert query["fields[]"] == list(FIELDS)
        assert query["order"] == ["oldest"]


def test_conditions_and_first_day_can_be_set() -> None:
    options = {"conditions": [{"cfr": {"title": 8, "part": 214}, "type": ["RULE"]}]}
    (query,) = seeds(options={**options, "since": "2026-10-31"})
    assert query["conditions[cfr][title]"] == ["8"]
    assert query["conditions[cfr][part]"] == ["214"]
    assert query["conditions[type][]"] == ["RULE"]
    assert query[f"{PUBLISHED}[gte]"] == ["2026-10-31"]
    with pytest.raises(SettingsError, match="since = 'January'"):
        seeds(options={"since": "January"})


def test_agencies_and_words_can_be_set() -> None:
    whole, partly, *_ = conditions(
        {"agencies": ["coast-guard"], "terms": ["visa", "labor certification"]}
    )
    assert whole == {"agencies": ("coast-guard",)}
    assert partly["term"] == 'visa | "labor certification"'


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"agency": ["coast-guard"]}, "options has 'agency'"),
        ({"agencies": "coast-guard"}, "write a list of texts"),
        ({"agencies": ["Coast Guard"]}, "agency 'Coast Guard'"),
        ({"terms": []}, "write a list of texts"),
        ({"terms": ["visa | asylum"]}, "write plain words"),
        ({"conditions": []}, "write a list of tables"),
        ({"conditions": ["visa"]}, "write a table"),
        ({"conditions": [{"terms": "visa"}]}, "condition 'terms'"),
        ({"conditions": [{"publication_date": {"is": "2026-11-02"}}]}, "set `since`"),
        ({"conditions": [{"type": ["Rule"]}]}, "NOTICE, PRESDOCU, PRORULE, RULE"),
        ({"conditions": [{"cfr": {"part": 214}}]}, "the title is needed"),
        ({"conditions": [{"term": "visa"}], "terms": ["visa"]}, "keep one"),
    ],
)
def test_an_option_it_does_not_know_is_refused_by_name(options: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(said)):
        seeds(options=options)


def test_every_agency_is_spelled_as_the_publisher_spells_it(shared: Path) -> None:
    folder = shared / "recorded/2020-08/www.federalregister.gov/api/v1"
    listed = {each["slug"] for each in json.loads((folder / "agencies.json").read_text("utf-8"))}
    assert set(WHOLLY) | set(PARTLY) <= listed


def batches(follows: list[Follow], size: int) -> Iterator[list[Follow]]:
    return (follows[at : at + size] for at in range(0, len(follows), size))


def test_list_leads_to_settled_xml_with_the_entry_as_context() -> None:
    entry = json.loads((STORED / "list.json").read_text("utf-8"))["results"][0]
    body = {"count": 1, "total_pages": 1, "results": [entry]}
    (follow,) = FederalRegisterSpider.follow(page(LIST, body))
    assert follow.settled
    assert follow.context == kept(entry)
    assert not {"excerpts", "page_views", "_sample"} & set(follow.context)


def test_each_document_is_asked_in_its_best_form_and_then_in_the_next() -> None:
    entry = json.loads((STORED / "list.json").read_text("utf-8"))["results"][0]
    assert [(Path(urlsplit(f.url).path).suffix, f.settled) for f in forms(entry)] == [
        (".xml", True),
        (".html", False),
        (".txt", False),
        ("", False),  # JSON
    ]
    assert [bool(f.context) for f in forms(entry)] == [True, True, True, False]
    del entry["full_text_xml_url"]
    assert next(forms(entry)).url == entry["body_html_url"]


def forms(entry: Mapping[str, Any]) -> Iterator[Follow]:
    body = {"count": 1, "total_pages": 1, "results": [entry]}
    (follow,) = FederalRegisterSpider.follow(page(LIST, body))
    form: Follow | None = follow
    while form:
        yield form
        form = form.otherwise


@pytest.mark.parametrize(
    "body",
    [
        {"count": 3},
        {"results": []},
        {"count": 2, "total_pages": 1, "results": [{}, {}]},
        {"count": 10_000, "total_pages": 50, "results": []},
        {"count": 300, "total_pages": 51, "results": []},
        {"count": 500, "total_pages": 50, "next_page_url": LIST, "results": [{}]},
        {"count": 2, "total_pages": 1, "results": []},
        {"count": 1, "total_pages": 1, "results": ["2026-99701"]},
        {"count": 1, "total_pages": "1", "results": []},
        {"count": 1, "total_pages": 2, "next_page_url": 2, "results": []},
        {"status": 400, "message": "Invalid search_after_cursor token"},
        {"errors": {"cfr": "is not a valid field"}},
        b"<html>maintenance</html>",
        b"[" * 100_000,
    ],
)
def test_a_list_that_may_withhold_documents_is_an_error(body: bytes | Mapping[str, Any]) -> None:
    with pytest.raises(PageChanged):
        read(LIST, body)


def test_an_empty_week_is_no_error() -> None:
    assert read(LIST, {"description": "Documents", "count": 0}) == Reading()


def test_quotes_written_another_way_are_no_change() -> None:
    entry = {"type": "Notice", "title": "A", "document_number": "2026-9", "agencies": []}
    entry["publication_date"] = "2026-11-02"
    url = f"{SITE}/api/v1/documents/2026-9.json"
    versions = [
        read(url, {**entry, "abstract": abstract}).versions[0]
        for abstract in ("The “Act” doesn’t", 'The "Act" doesn\'t', "The &quot;Act&quot; doesn't")
    ]
    assert len({(v.text_digest, v.metadata_digest) for v in versions}) == 1


def test_what_churns_is_no_part_of_a_version() -> None:
    entry = json.loads((STORED / "single.json").read_text("utf-8"))
    churned = {**entry, "page_views": {"count": 9}, "excerpts": "x", "dockets": [1]}
    url = f"{SITE}/api/v1/documents/E9-9702.json"
    assert read(url, entry).versions == read(url, churned).versions


def test_words_that_touch_italics_stay_apart_and_figures_stay_raised() -> None:
    version = rule(
        '<SUPLINF><P>see<E T="03">Matter of A,</E>then PM<E T="52">2.5</E> is 10<SU>3</SU>'
        ' or 10<E T="51">4</E> (<E T="03">i.e.,</E> much).</P></SUPLINF>'
    )
    assert version.text == "see Matter of A, then PM2.5 is 10³ or 10⁴ (i.e., much)."


def test_text_beside_blocks_in_one_element_is_kept_in_order() -> None:
    version = rule("<SUPLINF>before<P>one<FTNT><P><SU>1</SU>note</P></FTNT>two</P>after</SUPLINF>")
    assert [block.text for block in version.blocks] == ["before", "one", "note", "two", "after"]


@pytest.mark.parametrize(
    ("action", "subtype"),
    [
        ("Final rule.", "final rule"),
        ("Interim final rule; request for comments.", "interim final rule"),
        ("Interim rule with request for comments.", "interim final rule"),
        ("Direct final rule.", "direct final rule"),
        ("Temporary final rule.", "temporary rule"),
        ("Final rule; correction.", "correction"),
        ("Final rule; delay of effective date.", "delay of effective date"),
        ("Proposed rule; withdrawal.", "withdrawal"),
        ("Proposed rule; reopening of comment period.", "reopening of comment period"),
        ("Notice of proposed rulemaking.", "proposed rule"),
        ("Advance notice of proposed rulemaking.", "advance notice of proposed rulemaking"),
        ("Notice.", None),
    ],
)
def test_subtype_comes_from_the_action_line(action: str, subtype: str | None) -> None:
    xml = f"<PREAMB><ACT><HD SOURCE='HED'>ACTION:</HD><P>{action}</P></ACT></PREAMB>"
    assert rule(xml).metadata.get("subtype") == subtype


def test_where_text_and_interface_differ_both_dates_stand() -> None:
    dates = "<HD SOURCE='HED'>DATES:</HD><P>This rule is effective December 2, 2026.</P>"
    version = rule(f"<PREAMB><DATES>{dates}</DATES></PREAMB>", effective_on="2026-12-03")
    effective = [(d.on, d.read_from) for d in version.dates if d.kind is DateKind.EFFECTIVE]
    assert effective == [
        (date(2026, 12, 2), "DATES"),
        (date(2026, 12, 3), "API effective_on"),
    ]


def test_publication_is_never_passed_off_as_effect() -> None:
    version = rule("<PREAMB><P>No dates.</P></PREAMB>")
    assert version.date(DateKind.PUBLISHED) == date(2026, 11, 2)
    assert version.date(DateKind.EFFECTIVE) is None


@pytest.mark.parametrize("number", ["C1-2023-19312", "E9-969", "03-4935", "R1-2017-02032"])
def test_old_and_correcting_numbers_are_read(number: str) -> None:
    body = f"<NOTICE><PREAMB><SUBJECT>A</SUBJECT></PREAMB><FRDOC>[FR Doc. {number} Filed"
    (version,) = read(XML, f"{body}</FRDOC></NOTICE>".encode()).versions
    assert version.document.key == f"{number}@2026-11-02"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<RULE><P>cut",
        b"<HTML/>",
        b"<RULE>" + b"<P>" * 240 + b"x" + b"</P>" * 240 + b"</RULE>",
        b"<RULE>" + b"<P>" * 9000 + b"x" + b"</P>" * 9000 + b"</RULE>",
        b"<RULE><FRDOC>FR Doc. 2026-1</FRDOC><FRDOC>FR Doc. 2026-2</FRDOC></RULE>",
    ],
)
def test_malformed_xml_is_an_error(body: bytes) -> None:
    with pytest.raises(PageChanged):
        fedreg.read(body)


def test_entities_of_its_own_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    body = f'<!DOCTYPE RULE [<!ENTITY x SYSTEM "{secret.as_uri()}">]><RULE><P>a&x;b</P></RULE>'
    with pytest.raises(PageChanged, match="entities of its own") as refused:
        fedreg.read(body.encode())
    assert "a secret" not in str(refused.value)


TAGS = st.sampled_from(
    [
        *("P", "FP", "HD", "E", "FTNT", "SECTION", "SECTNO", "SUBJECT", "GPOTABLE", "ROW"),
        *("ENT", "TNOTE", "AMDPAR", "REGTEXT", "PART", "SIG", "EXTRACT", "UNKNOWN"),
    ]
)
TREES = st.recursive(
    st.one_of(st.text("ab •—1", max_size=5), st.just("<SU>1</SU><FTREF/>")),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", TAGS, st.lists(inner, max_size=4)
    ),
    max_leaves=25,
)


@given(TREES)
def test_any_tree_is_read_and_no_letter_of_it_is_lost(tree: str) -> None:
    root = f"<RULE><SUPLINF><P>x</P>{tree}</SUPLINF></RULE>"
    (printed,) = fedreg.read(root.encode())
    said = "".join(b.text + b.label + "".join(m.label for m in b.marks) for b in printed.blocks)
    for letter in "ab":
        assert said.count(letter) >= tree.count(letter)


def visit(day: str, last: datetime | None) -> tuple[datetime, list[Version]]:
    """Follow the sample site's lists to the end, as a crawl does."""
    now = datetime.fromisoformat(f"{day}T18:00:00+00:00")
    versions: list[Version] = []
    known: set[str] = set()
    with ReplayServer(SAMPLE, day) as server:
        waiting = list(FederalRegisterSpider.seeds(Visit(now=now, last_complete=last)))
        while waiting:
            follow = waiting.pop()
            if follow.url in known:
                continue
            known.add(follow.url)
            address = urlsplit(follow.url)
            answer = server.answer(f"/{address.netloc}{address.path}?{address.query}")
            asked = page(follow.url, answer.body, **follow.context)
            waiting += FederalRegisterSpider.follow(asked)
            versions += FederalRegisterSpider.read(asked).versions
    return now, versions


def test_sample_site_is_read_over_three_days() -> None:
    first, baseline = visit("2026-10-05", None)
    second, noise = visit("2026-10-06", first)
    _, changes = visit("2026-10-07", second)
    held = {v.document.key: v for v in baseline}
    assert len(baseline) == 4
    assert all(held[v.document.key].metadata_digest == v.metadata_digest for v in noise)
    assert all(held[v.document.key].text_digest == v.text_digest for v in noise)
    dates = {v.document.key: Counter(d.kind for d in v.dates) for v in changes}
    three_dates = dates["2026-99112@2026-10-07"]
    assert three_dates[DateKind.EFFECTIVE] == three_dates[DateKind.COMMENTS_CLOSE] == 2
    assert three_dates[DateKind.PRA_COMMENTS_CLOSE] == 1


@pytest.fixture(scope="module")
def recorded(shared: Path) -> list[tuple[bytes, Printed]]:
    """Every XML document recorded, the 146 of one issue among them."""
    bodies = [path.read_bytes() for path in (shared / "recorded").rglob("*.xml") if path.is_file()]
    return [(body, printed) for body in bodies for printed in fedreg.read(body)]


def test_recorded_xml_reads_with_its_fields(recorded: list[tuple[bytes, Printed]]) -> None:
    assert len(recorded) == 206
    documents = [printed for _, printed in recorded]
    assert Counter(d.kind for d in documents)["notice"] == 133
    assert all(d.number and d.title and d.blocks for d in documents)
    assert sum(bool(d.agencies) for d in documents) == 205  # the President is no agency
    assert all(d.cfr and d.action for d in documents if d.kind == "rule" and d.number[0] != "C")


def test_recorded_notes_are_called_and_stand(recorded: list[tuple[bytes, Printed]]) -> None:
    blocks = [block for _, printed in recorded for block in printed.blocks]
    assert sum(block.kind is BlockKind.FOOTNOTE for block in blocks) >= 2267
    assert sum(len(block.marks) for block in blocks) >= 2267
    assert all(block.label for block in blocks if block.kind is BlockKind.FOOTNOTE)


def test_recorded_dates_sections_are_read(recorded: list[tuple[bytes, Printed]]) -> None:
    silent = []
    for _, printed in recorded:
        states = any(word in printed.dates.lower() for word in ("effective", "comments"))
        if states and not read_dates(printed.dates, "DATES", printed.issued):
            silent.append(printed.dates)
    assert silent == ["Submit either electronic or written comments on FDA guidances at any time."]


def test_recorded_lists_and_documents_are_read(shared: Path) -> None:
    read_as = Counter[str]()
    for asked in recorded_json(shared / "recorded"):
        reading = FederalRegisterSpider.read(asked)
        list(FederalRegisterSpider.follow(asked))
        read_as["documents"] += len(reading.versions)
        read_as["listed"] += len(reading.listed)
    assert read_as == {"documents": 35, "listed": 962 + 129 + 5 + 3 * 20}


def recorded_json(folder: Path) -> Iterator[Page]:
    for row in map(json.loads, (folder / "index.jsonl").read_text("utf-8").splitlines()):
        is_answer = "/api/v1/" in row["url"] and row["status"] == 200
        # Public inspection is another source; the newest page, of 10,000, is rightly refused.
        if is_answer and not re.search("newest-page1|public-inspection", row["url"]):
            yield page(row["url"], (folder / row["file"]).read_bytes())


def test_a_question_spells_its_conditions_once() -> None:
    follow = next(iter(FederalRegisterSpider.seeds(Visit(now=NOW))))
    pairs = parse_qsl(urlsplit(follow.url).query)
    assert len(pairs) == len(set(pairs))
