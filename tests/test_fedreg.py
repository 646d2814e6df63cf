"""What a Federal Register document says, read from its XML or its lesser forms."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from lxml import etree
from lxml.etree import _Element as Element

from pipeline import fedreg, fulltext, typeset
from pipeline.fedreg import Printed
from pipeline.model import BlockKind
from pipeline.normalise import normalise

FIELDS = {"AGENCY", "SUBAGY", "CFR", "DEPDOC", "RIN", "SUBJECT"}  # of a preamble: metadata
NOT_TEXT = {"FRDOC", "FILED", "BILCOD", "TITLE3", "FTREF", "GPH", "MATH"}
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

RAW = """[Federal Register Volume 91, Number 211 (Monday, November 2, 2026)]
[Rules and Regulations]
[Pages 99801-99802]
From the Federal Register Online via the Government Publishing Office [www.gpo.gov]
[FR Doc No: 2026-99901]

-----------------------------------------------------------------------

DEPARTMENT OF SAMPLES

U.S. Sample Services

8 CFR Parts 103 and 274a

[CIS No. 9999-26; DHS Docket No. USCIS-2026-9999]
RIN 1615-ZZ99

A Sample Rule on Speci-
men Forms

AGENCY: U.S. Sample Services.

ACTION: Interim final rule.

-----------------------------------------------------------------------

SUMMARY: A sample.

DATES: This rule is effective November 2, 2026.

SUPPLEMENTARY INFORMATION: See also 9 CFR part 1 and RIN 9999-AA11.

[[Page 99802]]

    Dated: October 28, 2026.
Sam P. Sample,
Sample Official.
[FR Doc. 2026-99901 Filed 10-30-26; 8:45 am]
BILLING CODE 9999-99-P
"""


def printed(xml: str, tag: str = "RULE") -> Printed:
    (only,) = fedreg.read(f"<{tag}>{xml}</{tag}>".encode())
    return only


def rows(table: str) -> list[str]:
    found = printed(f"<SUPLINF><GPOTABLE>{table}</GPOTABLE></SUPLINF>").blocks
    return [block.text for block in found if block.kind is BlockKind.ROW]


def test_the_filing_line_is_kept_and_is_no_text() -> None:
    one = printed("<P>x</P><FRDOC>[FR Doc. 2026-9 Filed 7-9-26; 4:15 pm]</FRDOC>")
    assert one.filed == "[FR Doc. 2026-9 Filed 7-9-26; 4:15 pm]"
    assert [block.text for block in one.blocks] == ["x"]


def test_every_signer_stands_with_the_title() -> None:
    signature = "<NAME>{0},</NAME><TITLE>{1}.</TITLE>"
    both = signature.format("A. Sample, Jr.", "Secretary") + signature.format("B. Sample", "Chief")
    one = printed(f"<SIG><DATED>Dated: May 4, 2026.</DATED>{both}</SIG><P><NAME>Not one</NAME></P>")
    assert one.signers == ("A. Sample, Jr., Secretary", "B. Sample, Chief")


def test_a_head_that_spans_others_stands_before_them() -> None:
    heads = "".join(
        f'<CHED H="{rank}">{head}</CHED>'
        for rank, head in ((1, "Form"), (1, "Fee"), (2, "on paper"), (2, "online"), (1, "Note"))
    )
    assert rows(f"<BOXHD>{heads}</BOXHD><ROW><ENT>X-1</ENT><ENT>9</ENT><ENT>8</ENT></ROW>") == [
        "Form | Fee: on paper; online | Note",
        "X-1 | 9 | 8",
    ]


def test_raw_text_is_read_with_its_fields() -> None:
    one = fulltext.read_raw(RAW.encode())
    assert (one.form, one.kind, one.number) == ("raw text", "rule", "2026-99901")
    assert one.title == "A Sample Rule on Speci-men Forms"
    assert one.agencies == ("DEPARTMENT OF SAMPLES", "U.S. Sample Services")
    assert one.cfr == ("8 CFR 103", "8 CFR 274a")
    assert one.dockets == ("CIS No. 9999-26", "DHS Docket No. USCIS-2026-9999")
    assert one.rins == ("1615-ZZ99",)
    assert one.action == "Interim final rule."
    assert one.dates == "This rule is effective November 2, 2026."
    assert one.signed == ("Dated: October 28, 2026.",)
    assert one.signers == ("Sam P. Sample, Sample Official",)
    assert one.filed == "[FR Doc. 2026-99901 Filed 10-30-26; 8:45 am]"
    assert (one.issued, one.first_page, one.last_page) == (date(2026, 11, 2), "99801", "99802")
    assert "BILLING" not in one.blocks[-1].text


def test_html_is_read_with_what_it_has() -> None:
    body = """<div class="fulltextWrapper doc_rule"><h1>ACTION:</h1><p>Final rule.</p>
    <h1>DATES:</h1><p>Effective May 4, 2026.</p><h1>SUPPLEMENTARY INFORMATION:</h1>
    <p>See RIN 9999-AA11.</p><h1>List of Subjects in 8 CFR Part 214</h1><p>Samples.</p>
    <p>Dated: May 1, 2026.</p><p>Sam P. Sample,</p><p>Sample Official.</p>
    <p class="document_details">[FR Doc. 2026-9 Filed 5-1-26; 8:45 am]</p>
    <p class="document_details">BILLING CODE 9999-99-P</p></div>"""
    one = fulltext.read_html(body.encode(), {"Content-Type": "text/html"})
    assert (one.form, one.kind, one.number, one.action) == ("HTML", "rule", "2026-9", "Final rule.")
    assert (one.cfr, one.rins, one.agencies) == (("8 CFR 214",), (), ())
    assert one.dates == "Effective May 4, 2026."
    assert one.signers == ("Sam P. Sample, Sample Official",)
    assert one.filed == "[FR Doc. 2026-9 Filed 5-1-26; 8:45 am]"


@pytest.fixture(scope="module")
def recorded(shared: Path) -> list[Element]:
    """Every document recorded as XML, alone or in an issue."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    paths = (path for path in (shared / "recorded").rglob("*.xml") if path.is_file())
    roots = [etree.fromstring(path.read_bytes(), parser) for path in paths]
    return [each for root in roots for each in root.iter(*fedreg.KINDS)]


def test_no_letter_of_the_recorded_documents_is_lost_or_doubled(recorded: list[Element]) -> None:
    assert len(recorded) == 206
    for document in recorded:
        said = " ".join(
            " ".join((block.text, block.label, *(mark.label for mark in block.marks)))
            for block in typeset.blocks(document, "")
        )
        assert _letters(said) == _letters(" ".join(_visible(document)))


def test_recorded_documents_say_when_they_were_filed_and_who_signed(shared: Path) -> None:
    """Read at no less than 15 a second, a guard against a rule that doubles back."""
    bodies = [path.read_bytes() for path in (shared / "recorded").rglob("*.xml") if path.is_file()]
    begun = time.process_time()
    documents = [each for body in bodies for each in fedreg.read(body)]
    assert len(documents) / (time.process_time() - begun) > 15
    assert sum(bool(fedreg.FILED.search(each.filed)) for each in documents) == 206
    assert sum(bool(each.signers) for each in documents) >= 203


def _visible(element: Element, above: str = "") -> Iterator[str]:
    if element.tag in NOT_TEXT or (element.tag in FIELDS and above == "PREAMB"):
        return
    yield element.text or ""
    for child in element:
        yield from _visible(child, str(element.tag))
        yield child.tail or ""


def _letters(text: str) -> Counter[str]:
    plain = normalise(text).translate(RAISED).lower()
    return Counter(letter for letter in plain if letter.isalnum())
