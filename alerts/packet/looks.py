"""How each sort of text looks in print."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.lib.colors import HexColor  # type: ignore[import-untyped]  # it ships no types
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]  # it ships no types

from alerts.packet.content import Style
from alerts.packet.faces import SANS, SERIF, Family

NAVY, GREY = "#14263F", "#515C6B"
GOLD, STEEL = "#B08D3E", "#9AA7B8"
BULLETS = {Style.BULLET: "•", Style.NUMBER: "", Style.LETTER: "", Style.CHECKBOX: "☐"}


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a sort of text is set; `rule` is the colour of a line beside it."""

    family: Family = SERIF
    size: float = 10.5
    leading: float = 14.5
    above: float = 7.0
    left: float = 0.0
    hang: float = 0.0
    right: float = 0.0
    colour: str = "#000000"
    is_strong: bool = False
    stays: bool = False
    rule: str = ""
    kind: str = "P"

    @property
    def style(self) -> ParagraphStyle:
        return ParagraphStyle(
            "look",
            fontName=self.family.plain,  # see `faces.markup`
            fontSize=self.size,
            leading=self.leading,
            leftIndent=self.left,
            rightIndent=self.right,
            bulletIndent=self.left - self.hang,
            bulletFontName=self.family.plain,
            bulletFontSize=self.size,
            textColor=HexColor(self.colour),
            allowWidows=0,
            allowOrphans=0,
        )


LOOKS = {
    Style.BODY: Look(),
    Style.LEAD: Look(stays=True),
    Style.QUOTATION: Look(left=27, rule=GOLD, kind="BlockQuote"),
    Style.SOURCE: Look(family=SANS, size=9, leading=12, colour=GREY, stays=True, above=5),
    Style.REDLINE: Look(size=10, leading=14, left=27, rule=STEEL, kind="BlockQuote"),
    Style.BULLET: Look(left=16, hang=12, above=4),
    Style.NUMBER: Look(left=22, hang=20, above=6),
    Style.LETTER: Look(left=42, hang=18, above=3),
    Style.CHECKBOX: Look(left=20, hang=18, above=6),
    Style.SMALL: Look(family=SANS, size=9, leading=12, colour=GREY),
}
HEADINGS = {
    1: Look(size=18, leading=22, above=20, colour=NAVY, is_strong=True, stays=True, kind="H1"),
    2: Look(size=13.5, leading=17, above=16, colour=NAVY, is_strong=True, stays=True, kind="H2"),
    3: Look(size=11.5, leading=15, above=12, colour=NAVY, is_strong=True, stays=True, kind="H3"),
    4: Look(size=10.5, leading=14, above=10, colour=NAVY, is_strong=True, stays=True, kind="H4"),
}
TITLE = Look(size=28, leading=33, above=6, colour=NAVY, is_strong=True, kind="H1")
SUBJECT = Look(family=SANS, size=12.5, leading=16, above=0, colour=GREY)
CAPTION = Look(family=SANS, size=9, leading=12, above=10, is_strong=True, stays=True)
BOXED = Look(left=8, right=8, above=9)
LEGEND = Look(family=SANS, size=9, leading=12, above=4, colour=GREY, kind="Caption")
FIELD = Look(family=SANS, size=8.8, leading=11.6, above=0)
FOOTNOTE = Look(family=SERIF, size=8.2, leading=10.2, above=0)
MARK = 6.0  # the size of a footnote's number
RUNNING = Look(family=SANS, size=8.2, leading=10, colour=GREY)
ENTRY = Look(size=9.5, leading=12.6, left=24, hang=24, above=5)
