"""The footnotes of a Word file, which its library does not write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part, XmlPart
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml

from alerts.packet import wordxml
from alerts.packet.content import Source
from alerts.packet.notes import Footnotes
from alerts.packet.wordxml import add, element

_RULES = 2  # the first two footnotes of a file are the lines that part notes from the text
_FIRST_MARK = 1_000_000  # bookmarks of sources are numbered from here, after those of headings
_TEXT, _MARK = "footnotetext", "footnotereference"


@dataclass(kw_only=True)
class WordNotes:
    """The footnotes of one file, in the order in which they are set."""

    word: WordDocument
    sources: Sequence[Source]
    _numbers: Footnotes = field(init=False)
    _part: XmlPart = field(init=False)

    def __post_init__(self) -> None:
        self._numbers = Footnotes(sources=self.sources)
        self._part = _part(self.word)
        _name_in_settings(self.word)

    def add(self, paragraph: Any, notes: Sequence[int], *, in_passing: bool = False) -> None:
        """Set a mark at the end of the paragraph, and the footnote it calls."""
        if not notes:
            return
        footnote = self._numbers.next(notes, in_passing=in_passing)
        identity = str(footnote.number - 1 + _RULES)
        add(wordxml.run(paragraph, style=_MARK), "footnoteReference", id=identity)
        told = wordxml.paragraph(add(self._part.element, "footnote", id=identity), _TEXT)
        add(wordxml.run(told, style=_MARK), "footnoteRef")
        for mention in footnote.mentions:
            if footnote.opens(mention):
                self._in_full(told, mention.source)
            else:
                _briefly(told, mention.source)

    def _in_full(self, paragraph: Any, source: Source) -> None:
        wordxml.run(paragraph, " Source ")
        _number(paragraph, source)
        wordxml.run(paragraph, f": {source.full}")
        _link(paragraph, self._part, source)


def entered(paragraph: Any, part: Part, source: Source) -> None:
    """Give a source in full: in the list of sources, whose number Word puts before it."""
    wordxml.marked(paragraph, source.full, _bookmark(source), _FIRST_MARK + source.number)
    _link(paragraph, part, source)


def _briefly(paragraph: Any, source: Source) -> None:
    """By its short name and its number in the list of sources."""
    wordxml.run(paragraph, f" {source.short}, source ")
    _number(paragraph, source)
    wordxml.run(paragraph, ".")


def _number(paragraph: Any, source: Source) -> None:
    """The number in the list of sources, which Word keeps right."""
    wordxml.field(paragraph, f"REF {_bookmark(source)} \\r \\h", f"[{source.number}]")


def _link(paragraph: Any, part: Part, source: Source) -> None:
    if source.url:
        wordxml.run(paragraph, " ")
        wordxml.outside(paragraph, part, source.url, source.url)


def _bookmark(source: Source) -> str:
    return f"_Source{source.number}"


def _part(word: WordDocument) -> XmlPart:
    lines: Any = parse_xml(
        f"<w:footnotes {nsdecls('w', 'r')}>"
        '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:type="continuationSeparator" w:id="1"><w:p><w:r>'
        "<w:continuationSeparator/></w:r></w:p></w:footnote></w:footnotes>"
    )
    name = PackURI("/word/footnotes.xml")
    part = XmlPart(name, CONTENT_TYPE.WML_FOOTNOTES, lines, word.part.package)
    word.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    return part


def _name_in_settings(word: WordDocument) -> None:
    lines = (element("footnote", id=str(at)) for at in range(_RULES))
    word.settings.element.find(qn("w:compat")).addprevious(element("footnotePr", *lines))
