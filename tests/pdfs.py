"""Sample PDFs in EOIR's formats, with invented content: run as a script to write them anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT  # type: ignore[import-untyped]  # it ships no types
from reportlab.lib.pagesizes import letter  # type: ignore[import-untyped]  # it ships no types
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]  # it ships no types
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]  # it ships no types
from reportlab.platypus import Paragraph  # type: ignore[import-untyped]  # it ships no types

STORED = Path(__file__).parent / "sources"
LEFT, RIGHT = 108.0, 504.0
SUPER = '<super rise="5" size="7">{}</super>'


def style(size: float, **said: object) -> ParagraphStyle:
    given = {"fontName": "Times-Roman", "leading": size * 1.08, "alignment": TA_JUSTIFY}
    return ParagraphStyle("sample", fontSize=size, **(given | said))


CAPTION = style(14, fontName="Times-Bold", alignment=TA_CENTER, spaceAfter=10)
CENTRED = style(13, alignment=TA_CENTER)
DATED = style(13, alignment=TA_CENTER, fontName="Times-Italic", spaceAfter=10)
HEADNOTE = style(11, spaceBefore=11, leftIndent=13.7, firstLineIndent=-13.7)
COUNSEL = style(11, spaceBefore=11, alignment=TA_LEFT)
TEXT = style(13, firstLineIndent=18)
REST = style(13)  # of a paragraph that began on the sheet before
BYLINE = style(13, alignment=TA_LEFT, spaceBefore=20, spaceAfter=12)
HEADING = style(13, alignment=TA_CENTER, spaceBefore=12, spaceAfter=12)
NOTE = style(11)
QUOTATION = style(11, leftIndent=36, rightIndent=36, spaceBefore=9, spaceAfter=9)

Set = tuple[ParagraphStyle, str]


@dataclass(frozen=True, kw_only=True)
class SampleSheet:
    """One sheet: text from the top, notes at the foot below a drawn rule, a page number."""

    text: Sequence[Set]
    notes: Sequence[Set] = field(default_factory=tuple)
    page: str = ""
    head: tuple[str, str] = ("", "")
    rule: bool = True


def built(sheets: Sequence[SampleSheet]) -> bytes:
    body = BytesIO()
    canvas = Canvas(body, pagesize=letter, invariant=1)
    canvas.setTitle("A sample written for lexwatch. No such case was decided.")
    for sheet in sheets:
        canvas.setFont("Times-Roman", 11)
        canvas.drawString(LEFT, 714, sheet.head[0])
        canvas.drawRightString(RIGHT, 714, sheet.head[1])
        canvas.setFont("Times-Roman", 12)
        canvas.drawCentredString(306, 43, sheet.page)
        _draw(canvas, sheet.text, 654)
        if sheet.notes:
            top = 62 + sum(_height(said) for said in sheet.notes)
            if sheet.rule:
                canvas.line(LEFT, top + 4, LEFT + 144, top + 4)
            _draw(canvas, sheet.notes, top)
        canvas.showPage()
    canvas.save()
    return body.getvalue()


def slanted(words: str) -> bytes:
    body = BytesIO()
    canvas = Canvas(body, pagesize=letter, invariant=1)
    canvas.setFont("Times-Roman", 12)
    canvas.drawString(LEFT, 700, "A line of the memorandum.")
    canvas.saveState()
    canvas.translate(200, 300)
    canvas.rotate(45)
    canvas.setFont("Times-Bold", 60)
    canvas.drawString(0, 0, words)
    canvas.restoreState()
    canvas.showPage()
    canvas.save()
    return body.getvalue()


def picture() -> bytes:
    """A scan without a text layer: a drawing and no text."""
    body = BytesIO()
    canvas = Canvas(body, pagesize=letter, invariant=1)
    canvas.rect(100, 100, 400, 600, fill=1)
    canvas.showPage()
    canvas.save()
    return body.getvalue()


def under_picture(words: str) -> bytes:
    """A scan with a text layer, as a machine read it: invisible text."""
    body = BytesIO()
    canvas = Canvas(body, pagesize=letter, invariant=1)
    text = canvas.beginText(LEFT, 700)
    text.setFont("Times-Roman", 12)
    text.setTextRenderMode(3)
    text.textLine(words)
    canvas.drawText(text)
    canvas.showPage()
    canvas.save()
    return body.getvalue()


def turned(words: str) -> bytes:
    """A sheet that is shown turned by 90 degrees, its text upright to the reader."""
    body = BytesIO()
    canvas = Canvas(body, pagesize=letter, invariant=1)
    canvas.setPageRotation(90)
    canvas.translate(100, 100)
    canvas.rotate(90)
    canvas.setFont("Times-Roman", 12)
    canvas.drawString(0, 0, words)
    canvas.drawString(0, -20, "The line below it.")
    canvas.showPage()
    canvas.save()
    return body.getvalue()


def encrypted(words: str) -> bytes:
    body = BytesIO()
    canvas = Canvas(body, pagesize=letter, invariant=1, encrypt="secret")
    canvas.drawString(LEFT, 700, words)
    canvas.showPage()
    canvas.save()
    return body.getvalue()


def _draw(canvas: Canvas, said: Sequence[Set], y: float) -> None:
    for set_in, words in said:
        paragraph = Paragraph(words, set_in)
        _, height = paragraph.wrapOn(canvas, RIGHT - LEFT, 700)
        y -= set_in.spaceBefore
        paragraph.drawOn(canvas, LEFT, y - height)
        y -= height + set_in.spaceAfter


def _height(said: Set) -> float:
    _, height = Paragraph(said[1], said[0]).wrap(RIGHT - LEFT, 700)
    return float(height)


OFFICE = (
    (CENTRED, "U.S. Department of Justice"),
    (CENTRED, "Executive Office for Immigration Review"),
    (CENTRED, "Board of Immigration Appeals"),
)
CHIEF = ((CENTRED, "U.S. Department of Justice"), (CENTRED, "Office of the Attorney General"))


def board() -> bytes:
    """A decision of the Board that became a precedent later: notes, headings, a paragraph and a
    note that run over a page, a quotation above the notes, a dissent."""
    head = ("Cite as 28 I&N Dec. 921 (BIA 2021)", "Interim Decision #9021")
    return built(
        [
            SampleSheet(
                head=head,
                page="921",
                text=(
                    (CAPTION, "Matter of Ada SAMPLE-KEEPER, Respondent"),
                    (DATED, f"Decided by Board March 3, 2021{SUPER.format(1)}"),
                    *OFFICE,
                    (
                        HEADNOTE,
                        "(1) A lighthouse keeper who shows by a preponderance of the"
                        " evidence that the lamp was lit may appeal under section 9 of the Act.",
                    ),
                    (
                        HEADNOTE,
                        "(2) An unlit lamp is no bar. <i>Matter of U-V-</i>, 28 I&amp;N Dec."
                        " 911 (BIA 2020), clarified.",
                    ),
                    (COUNSEL, "FOR THE RESPONDENT: Iris Invented, Esquire, Harbour Town, Maine"),
                    (
                        COUNSEL,
                        "FOR THE DEPARTMENT OF HOMELAND SECURITY: Otto Written, Assistant"
                        " Chief Counsel",
                    ),
                    (
                        COUNSEL,
                        "BEFORE: Board Panel: BEAM, Deputy Chief Appellate Immigration Judge;"
                        " WICK and LENS, Appellate Immigration Judges.",
                    ),
                    (BYLINE, "WICK, Appellate Immigration Judge:"),
                    (
                        TEXT,
                        "In a decision dated May 5, 2020, an Immigration Judge denied the"
                        " request of the respondent, a native of an island that is on no map, to"
                        f" keep the light.{SUPER.format(2)} The respondent appealed, and the appeal"
                        " will be sustained.",
                    ),
                    (HEADING, "I. BACKGROUND"),
                    (
                        TEXT,
                        "The respondent kept the light for ten years, with a short break in"
                        " the winter of the long fog, which the record describes in",
                    ),
                ),
                notes=(
                    (
                        NOTE,
                        f"{SUPER.format(1)} Pursuant to Order No. 9999-2021, dated June 7, 2021,"
                        " the Attorney General designated the Board’s decision in <i>Matter of"
                        " Sample-Keeper</i> (BIA Mar. 3, 2021), as precedent in all proceedings"
                        " that involve the same issue. Editorial changes have been made.",
                    ),
                    (
                        NOTE,
                        f"{SUPER.format(2)} The island is mentioned in a note that is so long"
                        " that it goes on at the foot of the next sheet, as notes in these",
                    ),
                    (style(11, alignment=2), "(continued . . .)"),
                ),
            ),
            SampleSheet(
                head=head,
                page="922",
                rule=False,
                text=(
                    (REST, "detail that no one disputes."),
                    (
                        TEXT,
                        "The Immigration Judge found that the lamp was unlit. The office"
                        " of the keeper is described by its own rules:",
                    ),
                    (
                        QUOTATION,
                        "A keeper keeps. Who keeps is a keeper, by day and by night, in fog"
                        " and in fair weather, whatever the self-appointed say.",
                    ),
                    (HEADING, "II. DISCUSSION"),
                    (
                        TEXT,
                        "We review the find-<br/>ings for clear error. See section 9(a)(1) of"
                        " the Act. The finding stands; it is the conclusion that doesn’t follow.",
                    ),
                    (TEXT, "<b>ORDER:</b> The appeal is sustained."),
                    (HEADING, "DISSENTING OPINION: Board Member LENS"),
                    (
                        TEXT,
                        "The lamp was dark. I would dismiss the appeal, for the findings say so.",
                    ),
                    (QUOTATION, "A small quotation that ends the text."),
                ),
                notes=(
                    (NOTE, "_______________________________"),
                    (NOTE, "decisions do, without a number of its own."),
                    (NOTE, f"{SUPER.format(3)} A note that nothing calls."),
                ),
            ),
        ]
    )


def referral() -> bytes:
    head = ("Cite as 28 I&N Dec. 931 (A.G. 2021)", "Interim Decision #9031")
    return built(
        [
            SampleSheet(
                head=head,
                page="931",
                text=(
                    (CAPTION, "Matter of L-K-, Respondent"),
                    (DATED, "Decided by Attorney General April 1, 2021"),
                    *CHIEF,
                    (
                        COUNSEL,
                        "The Attorney General referred the decision of the Board of"
                        " Immigration Appeals to herself for review of issues relating to whether a"
                        " lamp must be lit, ordering that the case be stayed while she reviews it.",
                    ),
                    (BYLINE, "BEFORE THE ATTORNEY GENERAL"),
                    (
                        TEXT,
                        "Pursuant to 8 C.F.R. § 1003.1(h)(1)(i) (2020), I direct the Board of"
                        " Immigration Appeals to refer this case to me for review of its decision."
                        " The parties may file briefs on whether the lamp must be lit.",
                    ),
                ),
            )
        ]
    )


def amended() -> bytes:
    head = ("Cite as 28 I&N Dec. 903 (A.G. 2021)", "Interim Decision #9003")
    return built(
        [
            SampleSheet(
                head=head,
                page="903",
                text=(
                    (CAPTION, "Matter of L-K-, Respondent"),
                    (
                        DATED,
                        f"Decided as amended May 2, 2021{SUPER.format(1)}<br/>"
                        "Decided by Board January 4, 2019",
                    ),
                    *CHIEF,
                    (
                        HEADNOTE,
                        "(1) A keeper may appeal. <i>Matter of S-T-</i>, 28 I&amp;N Dec. 901"
                        " (BIA 2021), overruled in part.",
                    ),
                    (HEADNOTE, "(2) The order is stayed."),
                    (BYLINE, "BEFORE THE ATTORNEY GENERAL"),
                    (TEXT, "The Board’s decision is vacated, and the keeper may appeal."),
                ),
                notes=(
                    (
                        NOTE,
                        f"{SUPER.format(1)} We amend the order of April 8, 2021, to name the"
                        " right lamp.",
                    ),
                ),
            )
        ]
    )


def memorandum() -> bytes:
    label = style(12, fontName="Times-Bold", alignment=TA_LEFT, leftIndent=90, firstLineIndent=-90)
    plain = style(12, alignment=TA_LEFT, spaceBefore=10)
    title = style(14, fontName="Times-Bold", alignment=TA_CENTER, spaceBefore=14, spaceAfter=14)
    right = style(12, alignment=2)
    return built(
        [
            SampleSheet(
                text=(
                    (right, "OOD"),
                    (right, "PM 99-02"),
                    (right, "Issued: May 4, 2025"),
                    (right, "Effective: Immediately"),
                    (title, "LAMPS IN WAITING ROOMS"),
                    (
                        label,
                        "PURPOSE: Provide guidance on the lamps in the waiting rooms of courts"
                        " that sit by the sea",
                    ),
                    (label, "OWNER: Nemo Nobody, Acting Director"),
                    (label, "AUTHORITY: 8 C.F.R. § 1003.0(b)"),
                    (label, "CANCELLATION: Policy Memorandum 98-07"),
                    (style(12, fontName="Times-Bold", spaceBefore=12), "I. Introduction"),
                    (
                        plain,
                        "This Policy Memorandum says how lamps are lit. It creates no right"
                        f" to a lamp.{SUPER.format(1)}",
                    ),
                    (plain, "Clerks:"),
                    (style(12, leftIndent=36, bulletIndent=18), "• light the lamps at dusk; and"),
                    (style(12, leftIndent=36, bulletIndent=18), "• put them out at dawn."),
                ),
                notes=((style(10), f"{SUPER.format(1)} Nor does it take one away."),),
                page="1",
            ),
            SampleSheet(
                text=(
                    (style(12, fontName="Times-Bold"), "II. Conclusion"),
                    (
                        plain,
                        "Questions go to the keeper of the court. This memorandum is a sample,"
                        " and no such memorandum was issued.",
                    ),
                ),
                page="2",
            ),
        ]
    )


# The last stands under another decision's row.
SAMPLES = {
    "bia_decisions/board": board,
    "bia_decisions/referral": referral,
    "bia_decisions/amended": amended,
    "bia_decisions/linked-wrongly": referral,
    "eoir_memoranda/memorandum": memorandum,
    "eoir_memoranda/scan": picture,
}

if __name__ == "__main__":
    for name, sample in SAMPLES.items():
        (STORED / f"{name}.pdf").write_bytes(sample())
