"""Set the parts of a manuscript as pieces, with their place in the structure that is read aloud."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reportlab.platypus import Paragraph as Set  # type: ignore[import-untyped]  # it ships no types

from alerts.packet.content import (
    Cell,
    Contents,
    Face,
    Heading,
    Manuscript,
    Paragraph,
    Part,
    Picture,
    Placeholder,
    Run,
    Source,
    Sources,
    Style,
    Table,
)
from alerts.packet.faces import LINK, markup
from alerts.packet.looks import (
    BOXED,
    BULLETS,
    CAPTION,
    ENTRY,
    FIELD,
    FOOTNOTE,
    HEADINGS,
    LEGEND,
    LOOKS,
    MARK,
    SUBJECT,
    TITLE,
    Look,
)
from alerts.packet.notes import Footnote, Footnotes
from alerts.packet.numbering import CONTENTS, Numbered, numbered, places
from alerts.packet.pieces import WIDTH, Figure, Note, Piece, Row, Text
from alerts.packet.tagged import Element

FIGURE = 540.0  # points of height that a picture may have on a page, beside its caption
TOGETHER = 6  # a table of no more rows is not torn


@dataclass(kw_only=True)
class Typesetter:
    """Sets one manuscript; footnotes are counted in the order in which parts are set. `pages` are
    those of headings by their anchors; they are asked for when a page is drawn."""

    manuscript: Manuscript
    root: Element
    pages: Mapping[str, int]
    _notes: Footnotes = field(init=False)
    _headings: Iterator[Numbered] = field(init=False)
    _places: Mapping[str, Numbered] = field(init=False)

    def __post_init__(self) -> None:
        self._notes = Footnotes(sources=self.manuscript.sources)
        self._headings = iter(numbered(self.manuscript.parts))
        self._places = places(self.manuscript.parts)

    def title(self) -> Iterator[Piece]:
        """The subject above, and the title."""
        yield self._text([Run(text=self.manuscript.subject)], SUBJECT)
        yield self._text([Run(text=self.manuscript.title)], TITLE)

    def pieces(self, parts: Sequence[Part]) -> Iterator[Piece]:
        """Parts as pieces: headings, paragraphs, tables, pictures, placeholders. A question stays
        with its alternatives."""
        within, listed = self.root, ""
        for part, after in zip(parts, (*parts[1:], None), strict=False):
            if _list_of(part) != listed:
                listed = _list_of(part)
                within = self.root.add("L") if listed else self.root
            for piece in self._pieces(part, within):
                stays = _is_alternative(after) and isinstance(piece, Text)
                yield replace(piece, stays=True) if stays else piece

    def _pieces(self, part: Part, within: Element) -> Iterator[Piece]:
        if isinstance(part, Heading):
            yield self._heading(part)
        elif isinstance(part, Paragraph):
            yield self._paragraph(part, within)
        elif isinstance(part, Table):
            yield from self._table(part)
        elif isinstance(part, Picture):
            yield from self._picture(part)
        elif isinstance(part, Placeholder):
            yield self._placeholder(part)
        elif isinstance(part, Contents):
            yield from self._contents()
        elif isinstance(part, Sources):
            yield from self._sources()

    def _heading(self, heading: Heading) -> Piece:
        place = next(self._headings)
        look = HEADINGS[heading.level]
        words = f"{place.number}\u00a0 {heading.words}"
        return self._text([Run(text=words)], look, anchor=place.anchor)

    def _paragraph(self, part: Paragraph, within: Element) -> Piece:
        look = LOOKS[part.style]
        mark, notes = self._called(part.notes)
        words = f"{markup(self._resolved(part.runs), look.family)}{mark}"
        is_item = part.style in BULLETS
        element = within.add("LI").add("LBody") if is_item else within.add(look.kind)
        return Text(
            paragraph=Set(words, look.style, bulletText=_bullet(part)),
            element=element,
            above=look.above,
            notes=notes,
            stays=look.stays,
            rule=look.rule,
        )

    def _placeholder(self, part: Placeholder) -> Piece:
        text = self._text([Run(text=part.words, face=Face.EMPHASIS)], BOXED)
        return replace(text, is_boxed=True)

    def _table(self, part: Table) -> Iterator[Piece]:
        within = self.root.add("Table")
        yield self._text([Run(text=part.caption)], CAPTION, within.add("Caption"))
        widths = tuple(WIDTH * width for width in part.widths)
        head = self._row([Cell(runs=(Run(text=words),)) for words in part.head], within, widths)
        yield head
        is_short = len(part.rows) <= TOGETHER
        for at, cells in enumerate(part.rows, 1):
            row = self._row(cells, within, widths, head, part)
            yield replace(row, stays=is_short and at < len(part.rows))

    def _row(
        self,
        cells: Sequence[Cell],
        within: Element,
        widths: tuple[float, ...],
        head: Row | None = None,
        of: Table | None = None,
    ) -> Row:
        row = within.add("TR")
        elements, set_ = [], []
        notes: list[Note] = []
        for at, cell in enumerate(cells):
            is_head = of is None or (of.has_row_heads and at == 0)
            scope = ("Column" if head is None else "Row") if is_head else ""
            elements.append(row.add("TH" if is_head else "TD", scope=scope))
            mark, called = self._called(cell.notes, in_passing=bool(of and of.in_passing))
            words = markup(self._resolved(cell.runs), FIELD.family, strong=is_head)
            set_.append(Set(f"{words}{mark}", FIELD.style))
            notes += called
        return Row(
            cells=tuple(set_),
            elements=tuple(elements),
            widths=widths,
            head=head,
            notes=tuple(notes),
            stays=head is None,
            is_head=head is None,
        )

    def _picture(self, part: Picture) -> Iterator[Piece]:
        figure = self.root.add("Figure", alt=part.alt)
        yield Figure(drawing=part.drawing, element=figure, most=FIGURE)
        yield self._text([Run(text=part.caption)], LEGEND)

    def _contents(self) -> Iterator[Piece]:
        yield self._text([Run(text="Contents")], HEADINGS[1])
        within = self.root.add("TOC")
        for one in numbered(self.manuscript.parts):
            if one.heading.level <= CONTENTS:
                yield self._entry(one, within.add("TOCI"))

    def _entry(self, one: Numbered, element: Element) -> Piece:
        level = one.heading.level
        look = replace(
            ENTRY, left=24.0 * level + 4, hang=28, right=34, above=6 if level == 1 else 2
        )
        words = Run(text=one.heading.words, to=one.anchor)

        def page() -> str:
            return str(self.pages.get(one.anchor, ""))

        return Text(
            paragraph=Set(
                markup([words], look.family, strong=level == 1, colour="rgb(0,0,0)"),
                look.style,
                bulletText=one.number,
            ),
            element=element,
            above=look.above,
            beside=page,
        )

    def _sources(self) -> Iterator[Piece]:
        within = self.root.add("L")
        for source in self.manuscript.sources:
            words = f'<a name="source-{source.number}"/>{markup(_full(source), ENTRY.family)}'
            yield Text(
                paragraph=Set(words, ENTRY.style, bulletText=f"[{source.number}]"),
                element=within.add("LI").add("LBody"),
                above=ENTRY.above,
            )

    def _text(
        self,
        runs: Sequence[Run],
        look: Look,
        element: Element | None = None,
        *,
        anchor: str = "",
    ) -> Text:
        words = markup(self._resolved(runs), look.family, strong=look.is_strong)
        return Text(
            paragraph=Set(words, look.style),
            element=element or self.root.add(look.kind),
            above=look.above,
            stays=look.stays,
            anchor=anchor,
        )

    def _resolved(self, runs: Iterable[Run]) -> Iterator[Run]:
        """Runs, the number of a heading in place of its key."""
        for run in runs:
            if run.to in self._places:
                place = self._places[run.to]
                yield replace(run, text=place.number, to=place.anchor)
            else:
                yield run

    def _called(
        self, numbers: Sequence[int], *, in_passing: bool = False
    ) -> tuple[str, tuple[Note, ...]]:
        """The mark of a footnote on these sources, and the footnote."""
        if not numbers:
            return "", ()
        footnote = self._notes.next(numbers, in_passing=in_passing)
        at = footnote.number
        mark = (
            f'<super rise="3.4" size="7"><a name="call-{at}"/>'
            f'<a href="#note-{at}" color="{LINK}">{at}</a></super>'
        )
        return mark, (_note(footnote),)


def _list_of(part: Part) -> str:
    """Items of one list belong together."""
    return part.style if isinstance(part, Paragraph) and part.style in BULLETS else ""


def _is_alternative(part: Part | None) -> bool:
    return isinstance(part, Paragraph) and part.style is Style.LETTER


def _bullet(part: Paragraph) -> str | None:
    if part.style is Style.LETTER:
        return f"{chr(ord('A') + max(0, part.ordinal - 1) % 26)}."
    return f"{part.ordinal}." if part.style is Style.NUMBER else BULLETS.get(part.style)


def _note(footnote: Footnote) -> Note:
    number, told = footnote.number, [*_told(footnote)]
    return Note(
        number=number,
        mark=(
            f'<super rise="2.8" size="{MARK}"><a name="note-{number}"/>'
            f'<a href="#call-{number}" color="{LINK}">{number}</a></super>'
        ),
        words=markup(told, FOOTNOTE.family),
        text="".join(run.text for run in told),
        is_brief=not any(footnote.opens(mention) for mention in footnote.mentions),
    )


def _told(footnote: Footnote) -> Iterator[Run]:
    for at, mention in enumerate(footnote.mentions):
        source = mention.source
        listed = Run(text=f"[{source.number}]", to=f"source-{source.number}")
        if at:
            yield Run(text=" ")
        if footnote.opens(mention):
            yield from (Run(text="Source "), listed, Run(text=": "), *_full(source))
        else:
            yield from (Run(text=f"{source.short}, source "), listed, Run(text="."))


def _full(source: Source) -> Iterator[Run]:
    yield Run(text=source.full)
    if source.url:
        yield Run(text=" ")
        yield Run(text=source.url, url=source.url)
