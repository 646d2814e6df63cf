"""Form pages as a source: what moved, where it leads, which addresses are its own."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from goldens import page, stored
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]  # it ships no types

from crawlers.source import Visit
from crawlers.sources.uscis_forms import UscisFormsSpider
from crawlers.sources.uscis_pages import UscisPagesSpider
from pipeline.diff import compare
from pipeline.errors import PageChanged, SettingsError
from pipeline.model import BlockKind, ChangeClass, Page, Version

NAME = "uscis_forms"
SAMPLES = Path(__file__).parent / "sources" / NAME
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FORM = "https://www.uscis.gov/i-1234"
FEES = "https://www.uscis.gov/sites/default/files/document/forms/g-1055.pdf"


def version(read: Page) -> Version:
    (found,) = UscisFormsSpider.read(read).versions
    return found


def sample(name: str, *changed: tuple[str, str]) -> Version:
    given = stored(SAMPLES / f"{name}.html")
    body = given.body.decode()
    for old, new in changed:
        assert old in body
        body = body.replace(old, new)
    return version(page(NAME, given.url, body.encode()))


def printed(*sheets: tuple[str, ...]) -> bytes:
    """A sample of a printed schedule: cells 200 points apart, a line every 20, and its foot."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(612, 792))
    for number, lines in enumerate(sheets, start=1):
        for place, line in enumerate(lines):
            for column, cell in enumerate(line.split(" | ")):
                canvas.drawString(60 + 200 * column, 640 - 20 * place, cell)
        canvas.drawString(60, 30, f"Sample Edition 05/20/26 Page {number} of {len(sheets)}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def test_what_moved_on_a_recorded_form_is_its_payment_rules_and_nothing_else(shared: Path) -> None:
    pair = shared / "pairs" / "page_i-526e__2025-10__2026-04"
    url = "https://www.uscis.gov/i-526e"
    old, new = (
        version(page(NAME, url, (pair / f"{side}.html").read_bytes())) for side in ("old", "new")
    )
    difference = compare(old, new)
    assert difference is not None
    assert difference.change_class is ChangeClass.SUBSTANTIVE
    assert difference.metadata == ()
    places = {block.trail for edit in difference.edits if (block := edit.new or edit.old)}
    assert places == {("Form Details", "Filing Fee")}
    assert [edit.rule for edit in difference.edits] == [""] * len(difference.edits)
    gone = "\n".join(edit.old.text for edit in difference.edits if edit.old)
    come = "\n".join(edit.new.text for edit in difference.edits if edit.new)
    assert "cashier’s check" in gone and "no longer accepts" in come
    assert old.metadata == new.metadata == {"edition_date": "01/20/25"}


def test_a_new_edition_is_said_as_a_fact() -> None:
    new = sample("form", ("03/02/26", "09/15/26"))
    difference = compare(sample("form"), new)
    assert difference is not None
    assert ("edition_date", "03/02/26", "09/15/26") in difference.metadata


def test_a_page_reviewed_again_has_not_changed() -> None:
    again = sample("form", ("05/12/2026", "06/30/2026"), ("2026-05-12T", "2026-06-30T"))
    assert compare(sample("form"), again) is None


def test_a_file_stored_anew_is_noise() -> None:
    difference = compare(sample("form"), sample("form", ("(PDF, 1.5 MB)", "(PDF, 1.6 MB)")))
    assert difference is not None
    assert difference.change_class is ChangeClass.NOISE


def test_an_address_moved_is_told_with_its_place() -> None:
    difference = compare(sample("form"), sample("form", ("P.O. Box 000<br>", "P.O. Box 111<br>")))
    assert difference is not None
    (edit,) = difference.edits
    assert edit.new is not None
    assert edit.new.kind is BlockKind.ROW
    assert edit.new.trail == ("Form Details", "Where to File")


def test_a_visit_begins_at_the_list_and_the_fee_schedule() -> None:
    assert [each.url for each in UscisFormsSpider.seeds(Visit(now=NOW))] == [
        "https://www.uscis.gov/forms/all-forms",
        "https://www.uscis.gov/g-1055",
    ]


def test_forms_that_are_named_are_asked_in_place_of_the_list() -> None:
    visit = Visit(now=NOW, options={"forms": ["I-765", "n-400"]})
    assert [each.url for each in UscisFormsSpider.seeds(visit)] == [
        "https://www.uscis.gov/i-765",
        "https://www.uscis.gov/n-400",
        "https://www.uscis.gov/g-1055",
    ]


@pytest.mark.parametrize("named", ["i-9-central", "765", "../x", "", "i-765-addresses"])
def test_what_is_no_form_is_refused_before_anything_is_asked(named: str) -> None:
    with pytest.raises(SettingsError, match="write its number"):
        UscisFormsSpider.question({"forms": [named]})


@pytest.mark.parametrize(
    "path",
    [
        *("/i-765", "/I-918", "/n-400/", "/g-1055", "/ar-11", "/eoir-29", "/i-485supj"),
        *("/i-765-addresses", "/Certain-VAWA-T-U-Filing-Locations"),
        "/forms/all-forms/direct-filing-addresses-for-form-i-102-sample",
    ],
)
def test_forms_and_their_addresses_are_its_own(path: str) -> None:
    assert UscisFormsSpider.facts.covers(f"https://www.uscis.gov{path}")
    assert not UscisPagesSpider.facts.covers(f"https://www.uscis.gov{path}")


@pytest.mark.parametrize(
    "path",
    [
        *("/i-9-central", "/i-9-central/form-i-9", "/policy-manual/volume-1", "/newsroom/alerts"),
        *("/h-2a", "/eb-5", "/sites/default/files/document/forms/i-765.pdf", "/forms/filing-fees"),
    ],
)
def test_other_pages_of_the_site_are_not(path: str) -> None:
    assert not UscisFormsSpider.facts.covers(f"https://www.uscis.gov{path}")


def test_the_printed_schedule_is_read_line_by_line_without_its_feet() -> None:
    body = printed(
        ("Form | Fee", "I-1234 Sample | Paper: $1,240", "Petition | Online: $980"), ("N-1001 | $0",)
    )
    found = version(page(NAME, FEES, body, content_type="application/pdf"))
    assert found.document.key == "g-1055.pdf"
    assert found.document.kind == "fee-schedule"
    assert [(block.text, block.page) for block in found.blocks] == [
        ("Form | Fee", "1"),
        ("I-1234 Sample | Paper: $1,240", "1"),
        ("Petition | Online: $980", "1"),
        ("N-1001 | $0", "2"),
    ]


def test_a_fee_that_moved_in_the_printed_schedule_is_one_row() -> None:
    old, new = (
        version(page(NAME, FEES, printed(("I-1234 | $1,240", "N-1001 | $0"), (amount,))))
        for amount in ("I-5 | $100", "I-5 | $120")
    )
    difference = compare(old, new)
    assert difference is not None
    assert [edit.new.text for edit in difference.edits if edit.new] == ["I-5 | $120"]


def test_a_schedule_that_is_no_pdf_is_refused() -> None:
    with pytest.raises(PageChanged, match="no PDF"):
        version(page(NAME, FEES, b"<html><body>Sorry</body></html>"))
