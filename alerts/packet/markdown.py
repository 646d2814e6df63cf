"""Write a packet as Markdown with Pandoc's notes, tables and title block."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field

from alerts.packet.content import (
    Cell,
    Contents,
    Face,
    Heading,
    Manuscript,
    PageBreak,
    Paragraph,
    Part,
    Picture,
    Placeholder,
    Run,
    Sources,
    Style,
    Table,
)
from alerts.packet.notes import Footnote, Footnotes
from alerts.packet.numbering import CONTENTS, Numbered, numbered
from alerts.packet.picture import svg

_DASHES = 72  # of a table's rule: their shares are the columns' widths
# What means something to Markdown, to Pandoc or to HTML wherever it stands; "$" is mathematics.
_SIGNS = re.compile(r"([\\`*_\[\]{}|~^$@#])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
# What means something at the beginning of a line alone.
_OPENING = re.compile(r"^([-+=:%])|^(\d+|[A-Za-z]{1,4})([.)])(?=\s|$)")
_ADDRESS = str.maketrans({"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C", "|": "%7C"})
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LISTED = (Style.BULLET, Style.NUMBER, Style.LETTER, Style.CHECKBOX)


def write(manuscript: Manuscript) -> bytes:
    """The packet as Markdown in UTF-8, the same for the same packet. Deleted words stand between
    `~~` and `~~`, inserted ones between `<ins>` and `</ins>`."""
    setter = _Setter(manuscript=manuscript)
    blocks = [_title(manuscript)]
    was: Part | None = None
    for part in manuscript.parts:
        words = setter.set(part)
        if words and _is_listed(part) and _is_listed(was):
            blocks[-1] += f"\n{words}"
        elif words:
            blocks.append(words)
        was = part if words else was
    blocks.extend(setter.footnotes)
    return ("\n\n".join(blocks) + "\n").encode()


@dataclass(kw_only=True)
class _Setter:
    """Sets one part after the other; `headings` are those still to come, `footnotes` those set."""

    manuscript: Manuscript
    footnotes: list[str] = field(default_factory=list, init=False)
    notes: Footnotes = field(init=False)
    headings: list[Numbered] = field(init=False)
    places: dict[str, Numbered] = field(init=False)

    def __post_init__(self) -> None:
        self.notes = Footnotes(sources=self.manuscript.sources)
        self.headings = list(numbered(self.manuscript.parts))
        self.places = {one.heading.key: one for one in self.headings}

    def set(self, part: Part) -> str:
        """A part's block; "" for what Markdown has no words for."""
        match part:
            case Heading():
                words = self._heading(part)
            case Paragraph():
                words = self._paragraph(part)
            case Table():
                words = self._table(part)
            case Picture():
                words = _drawn(part)
            case Placeholder():
                words = f"\\[{escaped(part.words)}\\]"
            case Contents():
                words = self._contents()
            case Sources():
                words = self._sources()
            case PageBreak():
                words = ""
        return words

    def _heading(self, part: Heading) -> str:
        this = self.headings.pop(0)
        return f"{'#' * part.level} {this.number} {escaped(part.words)} {{#{this.anchor}}}"

    def _paragraph(self, part: Paragraph) -> str:
        words = f"{self._runs(part.runs)}{self._mark(part.notes)}"
        match part.style:
            case Style.QUOTATION | Style.REDLINE:
                return f"> {_opened(words)}"
            case Style.BULLET:
                return f"- {_opened(words)}"
            case Style.CHECKBOX:
                return f"- [ ] {words}"
            case Style.NUMBER:
                return f"{part.ordinal or 1}. {_opened(words)}"
            case Style.LETTER:  # a list of letters is Pandoc's alone, so that they are typed
                letter = _LETTERS[max(0, part.ordinal - 1) % len(_LETTERS)]
                return f"    - {letter}\\. {words}"
            case _:
                return _opened(words)

    def _runs(self, runs: Sequence[Run]) -> str:
        ends = (0, len(runs) - 1)
        return "".join(
            self._run(run, is_first=at == ends[0], is_last=at == ends[1])
            for at, run in enumerate(runs)
        )

    def _run(self, run: Run, *, is_first: bool, is_last: bool) -> str:
        if run.to:
            place = self.places[run.to]
            return f"[{place.number}](#{place.anchor})"
        text = escaped(run.text)
        if run.url:
            return f"[{text}]({run.url.translate(_ADDRESS)})"
        return _faced(text, run.face, is_first=is_first, is_last=is_last)

    def _mark(self, notes: Sequence[int], *, in_passing: bool = False) -> str:
        if not notes:
            return ""
        footnote = self.notes.next(notes, in_passing=in_passing)
        self.footnotes.append(_told(footnote))
        return f"[^{footnote.number}]"

    def _table(self, part: Table) -> str:
        dashes = [f"{'-' * max(3, round(width * _DASHES))}" for width in part.widths]
        rows = [[escaped(words) for words in part.head], dashes]
        rows += [[self._cell(cell, part) for cell in row] for row in part.rows]
        lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        return f"Table: {escaped(part.caption)}\n\n{lines}"

    def _cell(self, cell: Cell, of: Table) -> str:
        return f"{self._runs(cell.runs)}{self._mark(cell.notes, in_passing=of.in_passing)}"

    def _contents(self) -> str:
        lines = (
            f"{'    ' * (one.heading.level - 1)}- "
            f"[{one.number} {escaped(one.heading.words)}](#{one.anchor})"
            for one in numbered(self.manuscript.parts)
            if one.heading.level <= CONTENTS
        )
        return "\n".join(lines)

    def _sources(self) -> str:
        return "\n".join(
            f"{source.number}. {escaped(source.full)}{_linked(source.url)}"
            for source in self.manuscript.sources
        )


def escaped(text: str) -> str:
    """Words in which nothing is markup."""
    words = _ENTITY.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
    return _SIGNS.sub(r"\\\1", words)


def _drawn(part: Picture) -> str:
    drawn = b64encode(svg(part.drawing, alt=part.alt).encode()).decode()
    picture = f"![{escaped(part.alt)}](data:image/svg+xml;base64,{drawn})"
    return f"{picture}\n\n{escaped(part.caption)}"


def _opened(words: str) -> str:
    """Words at the beginning of a line, where more means something."""
    return _OPENING.sub(lambda met: f"\\{met[1]}" if met[1] else f"{met[2]}\\{met[3]}", words)


def _faced(text: str, face: Face, *, is_first: bool, is_last: bool) -> str:
    """Words in their face. The signs stand at the words, not at a space beside them; between a
    stop and a letter they are HTML's, because Markdown would not take its own for signs there."""
    core = text.strip()
    if not core or face is Face.PLAIN:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    is_plain = (core[0].isalnum() or bool(before) or is_first) and (
        core[-1].isalnum() or bool(after) or is_last
    )
    signs = {
        Face.STRONG: ("**", "**") if is_plain else ("<strong>", "</strong>"),
        Face.EMPHASIS: ("*", "*") if is_plain else ("<em>", "</em>"),
        Face.DELETED: ("~~", "~~") if is_plain else ("<del>", "</del>"),
        Face.INSERTED: ("<ins>", "</ins>"),
    }
    opening, closing = signs[face]
    return f"{before}{opening}{core}{closing}{after}"


def _told(footnote: Footnote) -> str:
    told = (
        f"Source {each.source.number}: {escaped(each.source.full)}{_linked(each.source.url)}"
        if footnote.opens(each)
        else f"{escaped(each.source.short)}, source {each.source.number}."
        for each in footnote.mentions
    )
    return f"[^{footnote.number}]: {_opened(' '.join(told))}"


def _linked(url: str) -> str:
    return f" <{url.translate(_ADDRESS)}>" if url else ""


def _is_listed(part: Part | None) -> bool:
    return isinstance(part, Paragraph) and part.style in _LISTED


def _title(manuscript: Manuscript) -> str:
    """Pandoc's title block. JSON's strings are YAML's."""
    fields = {
        "title": manuscript.title,
        "subtitle": manuscript.subject,
        "author": "lexwatch",
        "date": manuscript.at.date().isoformat(),
        "lang": manuscript.language,
        "keywords": list(manuscript.keywords),
    }
    lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items())
    return "\n".join(("---", *lines, "---"))
