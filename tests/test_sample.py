"""The sample site: whole, marked as ours, and three days that differ as its README says."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from sampled import pdfs

import crawlers
from crawlers.replay import ReplayServer, days

SAMPLE = Path(crawlers.__file__).parent / "sample"
BASELINE, NOISE, CHANGES = "2026-10-05", "2026-10-06", "2026-10-07"
API = "/www.federalregister.gov/api/v1/documents.json"
MANUAL = "/www.uscis.gov/policy-manual"
VOLUME = "/www.justice.gov/eoir/volume-99"
BULLETIN = "/travel.state.gov/content/travel/en/legal/visa-law0/visa-bulletin"


def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SAMPLE / "index.jsonl").read_text().splitlines()]


def get(day: str, target: str) -> str:
    with ReplayServer(SAMPLE, day) as server:
        answer = server.answer(target)
    assert answer.status == 200, f"{target} on {day}"
    return answer.body.decode()


def documents(day: str) -> list[dict[str, Any]]:
    fields = "".join(
        f"&fields[]={name}" for name in ("document_number", "full_text_xml_url", "title")
    )
    results: list[dict[str, Any]] = json.loads(get(day, f"{API}?per_page=100{fields}"))["results"]
    return results


class Words(HTMLParser):
    """Collects what a piece of markup says."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def words(page: str, start: str, end: str) -> str:
    """Give what stands between two marks in a page, without white space: tags may stand apart."""
    reader = Words()
    reader.feed(page[page.index(start) : page.index(end)])
    return "".join("".join(reader.said).split())


def guidance(day: str, slug: str) -> str:
    return words(get(day, f"{MANUAL}/{slug}"), '<div id="guidance"', '<div id="resources"')


def chapters() -> list[str]:
    pattern = re.compile(r"policy-manual/(volume-\d+-part-\w(?:-chapter-\d+)?)$")
    slugs = {found[1] for row in rows() if (found := pattern.search(row["url"]))}
    return sorted(slug for slug in slugs if "ck-anchor" in get(BASELINE, f"{MANUAL}/{slug}"))


def test_there_are_three_days() -> None:
    assert days(SAMPLE) == (BASELINE, NOISE, CHANGES)


def test_every_row_of_the_index_has_its_file_and_every_file_its_row() -> None:
    files = {path.relative_to(SAMPLE).as_posix() for path in SAMPLE.rglob("*") if path.is_file()}
    listed = {row["file"] for row in rows()}
    assert files - {"README.md", "index.jsonl"} == listed
    assert len({(row["url"], row["capture"]) for row in rows()}) == len(rows())


def test_the_site_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < 700_000


def test_every_file_is_marked_as_a_sample_of_ours() -> None:
    mark = re.compile(b"sample:? written for lexwatch", re.IGNORECASE)
    unmarked = [
        row["file"]
        for row in rows()
        if not mark.search((SAMPLE / row["file"]).read_bytes()) or "sample" not in row["note"]
    ]
    assert not unmarked


def test_the_pdfs_are_those_of_the_texts_beside_their_script() -> None:
    kept = {path.relative_to(SAMPLE).as_posix(): path for path in SAMPLE.rglob("*.pdf")}
    built = pdfs()
    assert kept.keys() == built.keys()
    assert [name for name, path in kept.items() if path.read_bytes() != built[name]] == []


def test_invented_numbers_cannot_be_mistaken_for_real_ones() -> None:
    for each in documents(CHANGES):
        assert re.fullmatch(r"(C1-)?2026-991\d\d", each["document_number"])
        assert each["title"].endswith("(Sample)")
    assert set(re.findall(r"ID (\d+)", get(CHANGES, VOLUME))) == {str(9901 + n) for n in range(6)}
    assert all(int(slug.split("-")[1]) > 90 for slug in chapters())


def test_there_are_at_least_sixteen_documents_on_the_third_day() -> None:
    decisions = set(re.findall(r"ID (\d+)", get(CHANGES, VOLUME)))
    updates = get(CHANGES, f"{MANUAL}/updates").count('class="pm-updates"')
    counts = (len(chapters()), updates, len(decisions), len(documents(CHANGES)))
    assert counts == (7, 5, 6, 11)
    assert sum(counts) >= 16


def test_each_host_asks_for_ten_seconds_between_requests() -> None:
    hosts = ("www.uscis.gov", "www.justice.gov", "www.federalregister.gov", "travel.state.gov")
    for host in hosts:
        assert "Crawl-delay: 10" in get(BASELINE, f"/{host}/robots.txt")


def test_every_page_that_the_contents_name_was_recorded() -> None:
    for day in days(SAMPLE):
        contents = get(day, f"{MANUAL}/table-of-contents")
        named = re.findall(r'href="/policy-manual/(volume-[^"]+)"', contents)
        assert len(named) > 15
        for slug in named:
            get(day, f"{MANUAL}/{slug}")


def test_every_full_text_that_the_lists_name_was_recorded_and_is_well_formed() -> None:
    for day in days(SAMPLE):
        for each in documents(day):
            text = get(day, f"/{each['full_text_xml_url'].split('//')[1]}")
            assert etree.fromstring(text.encode()).tag in {"RULE", "PRORULE", "NOTICE"}


def test_every_page_served_anew_on_the_second_day_differs_in_bytes() -> None:
    same = []
    for row in rows():
        earlier = SAMPLE / row["file"].replace(NOISE, BASELINE, 1)
        if (
            row["file"].startswith(NOISE)
            and earlier.read_bytes() == (SAMPLE / row["file"]).read_bytes()
        ):
            same.append(row["file"])
    assert not same
    assert sum(row["capture"] == NOISE for row in rows()) > 15


def test_no_page_of_the_second_day_says_anything_else() -> None:
    for slug in chapters():
        assert guidance(BASELINE, slug) == guidance(NOISE, slug)
    scope = ("field_body", "node-updated-date")
    assert words(get(BASELINE, VOLUME), *scope) == words(get(NOISE, VOLUME), *scope)
    assert documents(BASELINE) == documents(NOISE)
    for each in documents(NOISE):
        target = f"/{each['full_text_xml_url'].split('//')[1]}"
        before, after = (get(day, target).split() for day in (BASELINE, NOISE))
        assert before == after


def test_three_chapters_read_differently_on_the_third_day_and_four_do_not() -> None:
    changed = [slug for slug in chapters() if guidance(NOISE, slug) != guidance(CHANGES, slug)]
    assert changed == [
        "volume-91-part-b-chapter-3",
        "volume-92-part-h-chapter-2",
        "volume-99-part-d-chapter-3",
    ]


def test_the_retyped_chapter_differs_in_type_only() -> None:
    plain = str.maketrans({"“": '"', "”": '"', "’": "'", "–": "-"})
    before, after = (guidance(day, "volume-91-part-b-chapter-3") for day in (NOISE, CHANGES))
    assert before.translate(plain) == after.translate(plain)


def test_the_amended_chapter_amends_inserts_and_moves_footnotes() -> None:
    before, after = (get(day, f"{MANUAL}/volume-99-part-d-chapter-3") for day in (NOISE, CHANGES))
    notes = [re.findall(r'id="footnote-(\d+)"', page) for page in (before, after)]
    assert (len(notes[0]), len(notes[1])) == (12, 14)
    assert "Officers should request the types of documentation" in before
    assert "that list is not exclusive" in after
    permit = [page.index("reentry permit does") for page in (before, after)]
    section = [page.index('id="S-C"') for page in (before, after)]
    assert permit[0] < section[0]
    assert permit[1] > section[1]


@pytest.mark.parametrize("slug", chapters())
def test_every_footnote_is_called_and_every_call_has_its_footnote(slug: str) -> None:
    for day in days(SAMPLE):
        page = get(day, f"{MANUAL}/{slug}")
        called = re.findall(r'href="#footnote-(\d+)"', page)
        assert called == re.findall(r'id="footnote-(\d+)"', page)
        assert called == [str(number + 1) for number in range(len(called))]


def test_the_third_day_brings_the_documents_that_the_readme_promises() -> None:
    fields = "&fields[]=action&fields[]=document_number&fields[]=regulation_id_numbers"
    asked = f"{API}?conditions[publication_date][is]={CHANGES}&per_page=100{fields}"
    results = json.loads(get(CHANGES, asked))["results"]
    actions = {each["document_number"]: each["action"] for each in results}
    assert actions["2026-99111"] == "Interim final rule; request for comments."
    assert actions["2026-99113"] == "Final rule; delay of effective date."
    assert actions["2026-99114"] == "60-Day notice."
    assert actions["C1-2026-99103"] is None
    assert len(actions) == 7
    paired = json.loads(get(CHANGES, f"{API}?conditions[regulation_id_number]=1615-ZZ01"))
    assert [each["document_number"] for each in paired["results"]] == [
        "2026-99110",  # final
        "2026-99104",  # more time for comments
        "2026-99101",  # proposed
    ]


def test_nothing_appears_before_its_day() -> None:
    assert len(documents(BASELINE)) == len(documents(NOISE)) == 4
    with ReplayServer(SAMPLE, NOISE) as server:
        unknown = server.answer("/www.federalregister.gov/api/v1/documents/2026-99110.json")
    assert unknown.status == 404
    assert "9905" not in get(NOISE, VOLUME)


def test_what_is_on_file_leaves_the_list_on_the_day_it_is_published() -> None:
    path = "/www.federalregister.gov/api/v1/public-inspection-documents/current.json"
    filed = [json.loads(get(day, path))["results"] for day in days(SAMPLE)]
    assert [[each["document_number"] for each in one] for one in filed] == [
        ["2026-99110"],
        ["2026-99110"],
        ["2026-99116"],
    ]
    assert all(each["title"].endswith("(Sample)") for one in filed for each in one)


def test_a_precedent_overrules_another_in_part_and_one_is_referred_with_a_stay() -> None:
    page = " ".join(get(CHANGES, VOLUME).split())
    assert (
        "<em>Matter of SAMPLE-B-</em>, 99 I&amp;N Dec. 112 (BIA 2026), overruled in part." in page
    )
    assert "automatically stayed pending my review" in page


def test_the_third_day_brings_another_months_bulletin() -> None:
    index = f"{BULLETIN}.html"
    month = f"{BULLETIN}/2027/visa-bulletin-for-{{}}-2026.html"
    assert get(BASELINE, index) != get(NOISE, index)
    assert "november" not in get(NOISE, index)
    assert month.format("november").removeprefix("/travel.state.gov") in get(CHANGES, index)
    for name, day in (("october", BASELINE), ("november", CHANGES)):
        said = get(day, month.format(name))
        assert f"<h1>Visa Bulletin For {name.capitalize()} 2026 (Sample)</h1>" in said
        assert "Volume XCIX" in said
        # No real bulletin uses these days; the leftover cell beside the page is one of them.
        assert set(re.findall(r"\b(\d\d)[A-Z]{3}\d\d\b", said)) == {"03", "19"}
