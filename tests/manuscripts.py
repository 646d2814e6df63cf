"""A manuscript of invented law, with one of everything that a writer has to set."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.packet.content import Face, Manuscript, Run, Style
from alerts.packet.draft import Draft, cell, strong
from alerts.packet.drawing import Drawing, Fill, Line, Outline, Words, box
from alerts.redline import Mark, Piece

AT = datetime(2026, 11, 22, 9, 30, tzinfo=ZoneInfo("America/New_York"))
DRAWING = Drawing(
    width=300,
    height=80,
    shapes=(
        Line(start=(10, 60), end=(290, 60), is_dashed=True),
        Outline(points=box(40, 20, 12, 12), fill=Fill.BLACK),
        Words(at=(60, 30), text="Sample rule", size=8),
    ),
)
HOSTILE = "A <script>alert(1)</script> | *B* _C_ [D](javascript:e) `F` $1 #G ~~H~~ &amp; \\ \u202eI"
URL = "https://www.example.gov/2099-00001?a=1&b=2"
RULE, CASE = 1, 2


def manuscript() -> Manuscript:
    """One of everything, with the list of its sources."""
    draft = Draft(
        title="Sample Update: “Fees” & Forms",
        subject="Continuing legal education materials, sample",
        at=AT,
        keywords=("asylum", "fees"),
    )
    draft.source(
        "Sample Rule, 99 Fed. Reg. 1 (Jan. 2, 2099)",
        short="99 Fed. Reg. 1",
        url=URL,
        version="Published January 2, 2099; text 0123456789ab",
        retrieved="November 22, 2026, 9:00 am",
    )
    draft.source("Matter of A-B-, 99 I&N Dec. 1 (BIA 2099)", version="Dated May 1, 2099")
    draft.paragraph("Not accredited; claims no credit.", style=Style.SMALL, ours=True)
    draft.page_break()
    draft.contents()
    draft.page_break()
    _development(draft)
    _timeline(draft)
    draft.page_break()
    _test(draft)
    draft.heading("Sources", 1)
    draft.sources()
    return draft.finished()


def _development(draft: Draft) -> None:
    draft.heading("Fees", 1, key="fees")
    draft.heading("Sample Rule", 2, key="rule")
    draft.paragraph("99 Fed. Reg. 1 · Rule · Sample Agency", style=Style.SOURCE, notes=(RULE,))
    draft.paragraph(strong("Urgent: "), "the fee is due.", notes=(RULE,))
    draft.quotation("“The fee is $460.”", notes=(RULE,))
    draft.paragraph("It names another:", style=Style.LEAD, notes=(RULE, CASE))
    draft.redline(
        (
            Piece(mark=Mark.KEPT, text="The officer "),
            Piece(mark=Mark.DELETED, text="may"),
            Piece(mark=Mark.KEPT, text=" "),
            Piece(mark=Mark.INSERTED, text="must"),
            Piece(mark=Mark.KEPT, text=" deny."),
        ),
        notes=(RULE,),
    )
    ended = Run(text="Effective date: May 1, 2099", face=Face.DELETED)
    draft.bullet(ended, ", ended", notes=(RULE,))
    draft.bullet("Comments close: June 1, 2099", notes=(RULE,))
    draft.heading("Its history", 3)
    draft.paragraph(HOSTILE, notes=(CASE,))
    draft.paragraph(Run(text="See the page", url=URL), Run(text=", as it says", face=Face.EMPHASIS))


def _timeline(draft: Draft) -> None:
    draft.heading("Timeline", 1)
    draft.picture(DRAWING, alt="One sample rule in January.", caption="What happened when")
    draft.table(
        "The same in words",
        ("Day", "What"),
        [("January 2, 2099", cell("Sample | rule", notes=(RULE,)))],
        (1, 3),
        has_row_heads=True,
    )


def _test(draft: Draft) -> None:
    draft.heading("Self-test", 1)
    for ordinal, asked in enumerate(("When?", "Who?"), 1):
        draft.paragraph(asked, style=Style.NUMBER, ordinal=ordinal, ours=True)
        for letter, answer in enumerate(("May", "June"), 1):
            draft.paragraph(answer, style=Style.LETTER, ordinal=letter, notes=(RULE,))
    draft.heading("Checklist", 1)
    draft.paragraph("Calendar June 1, 2099.", style=Style.CHECKBOX, notes=(RULE,))
    draft.placeholder("Faculty biographies")
    draft.heading("Table of authorities", 1)
    draft.table(
        "Decisions", ("Authority", "Where"), [("Matter of A-B-", Run(text="", to="rule"))], (3, 1)
    )
