"""The structure of a PDF, which screen readers follow: headings, lists, tables, pictures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase import pdfdoc  # type: ignore[import-untyped]  # it ships no types
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]  # it ships no types


@dataclass(kw_only=True, eq=False)
class Element:
    """A part of the structure, of a kind in ISO 32000-1, 14.8.4 ("H1", "P", "TD"). `kids` are
    elements, and (page, number) of marked content, pages from 0."""

    kind: str
    alt: str = ""
    scope: str = ""
    kids: list[Element | tuple[int, int]] = field(default_factory=list)

    def add(self, kind: str, *, alt: str = "", scope: str = "") -> Element:
        """A new element within this one."""
        element = Element(kind=kind, alt=alt, scope=scope)
        self.kids.append(element)
        return element


@dataclass(kw_only=True)
class Structure:
    """The structure under way: what is drawn within `content` belongs to an element, what is drawn
    within `furniture` to none, whatever it calls itself."""

    canvas: Canvas
    root: Element = field(default_factory=lambda: Element(kind="Document"))
    _marked: dict[int, list[Element]] = field(default_factory=dict)
    _is_aside: bool = False

    @contextmanager
    def content(self, element: Element) -> Iterator[None]:
        if self._is_aside:
            yield
            return
        page = self.canvas.getPageNumber() - 1
        marked = self._marked.setdefault(page, [])
        self.canvas._code.append(f"/{element.kind} <</MCID {len(marked)}>> BDC")
        element.kids.append((page, len(marked)))
        marked.append(element)
        yield
        self.canvas._code.append("EMC")

    @contextmanager
    def furniture(self) -> Iterator[None]:
        """What is drawn here is not read: rules, page numbers, a table's head on a later page."""
        if self._is_aside:
            yield
            return
        self.canvas._code.append("/Artifact BMC")
        self._is_aside = True
        yield
        self._is_aside = False
        self.canvas._code.append("EMC")

    def write(self) -> None:
        """Put the structure into the file. After this nothing may be drawn."""
        document = self.canvas._doc
        root = pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("StructTreeRoot")})
        above = document.Reference(root)
        written: dict[int, Any] = {}
        root.dict["K"] = self._written(self.root, above, written)
        root.dict["ParentTree"] = document.Reference(self._parents(written))
        document.Catalog.StructTreeRoot = root
        document.Catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": pdfdoc.PDFtrue})

    def _written(self, element: Element, above: Any, written: dict[int, Any]) -> Any:
        document = self.canvas._doc
        entry = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("StructElem"),
                "S": pdfdoc.PDFName(element.kind),
                "P": above,
            }
        )
        here = document.Reference(entry)
        written[id(element)] = here
        if element.alt:
            entry.dict["Alt"] = pdfdoc.PDFString(element.alt)
        if element.scope:
            entry.dict["A"] = pdfdoc.PDFDictionary(
                {"O": pdfdoc.PDFName("Table"), "Scope": pdfdoc.PDFName(element.scope)}
            )
        entry.dict["K"] = pdfdoc.PDFArray(
            [
                self._written(kid, here, written) if isinstance(kid, Element) else self._mark(kid)
                for kid in element.kids
            ]
        )
        return here

    def _mark(self, kid: tuple[int, int]) -> Any:
        page, number = kid
        document = self.canvas._doc
        return pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("MCR"),
                "Pg": document.Reference(document.Pages[page]),
                "MCID": number,
            }
        )

    def _parents(self, written: dict[int, Any]) -> Any:
        """Which element each piece of marked content belongs to, by page."""
        document = self.canvas._doc
        numbers: list[Any] = []
        for page, marked in sorted(self._marked.items()):
            numbers += [page, pdfdoc.PDFArray([written[id(element)] for element in marked])]
            entry = document.Pages[page]
            entry.__NoDefault__ = [*entry.__NoDefault__, "StructParents", "Tabs"]
            entry.StructParents, entry.Tabs = page, pdfdoc.PDFName("S")
        return pdfdoc.PDFDictionary({"Nums": pdfdoc.PDFArray(numbers)})
