"""Write a packet as one web page that needs nothing besides itself."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from alerts.packet.content import (
    Heading,
    Manuscript,
    Paragraph,
    Part,
    Picture,
    Style,
    Table,
)
from alerts.packet.numbering import CONTENTS, Numbered, numbered
from alerts.packet.picture import svg

_LISTED = (Style.BULLET, Style.CHECKBOX, Style.NUMBER, Style.LETTER)


def write(manuscript: Manuscript) -> bytes:
    """The packet as a page in UTF-8: no script, nothing asked of anybody, the same for the same
    packet. Notes bear the number of their source, and the list of sources leads back to each."""
    headings = numbered(manuscript.parts)
    sheet = _sheet() + _widths(manuscript.parts)
    view = {
        "manuscript": manuscript,
        "blocks": tuple(_blocks(manuscript.parts, headings)),
        "contents": tuple(one for one in headings if one.heading.level <= CONTENTS),
        "places": {one.heading.key: one for one in headings},
        "mentions": _Mentions(of=_called(manuscript.parts)),
        # Our own file, which autoescape would break.
        "sheet": Markup(sheet),  # noqa: S704
        "allowed": b64encode(sha256(sheet.encode()).digest()).decode(),
    }
    return _environment().get_template("packet.html").render(view).encode()


@dataclass(frozen=True, kw_only=True)
class Item:
    """An item of a list, with the answers under it."""

    paragraph: Paragraph
    answers: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Block:
    """What the template sets at once: a part (with its number, a heading), or a list's items."""

    kind: str
    part: Part | None = None
    heading: Numbered | None = None
    items: tuple[Item, ...] = ()


@dataclass(kw_only=True)
class _Mentions:
    """Names each mention of a source as the template comes to it; `of` is how many there are."""

    of: Mapping[int, int]
    _named: Counter[int] = field(default_factory=Counter, init=False)

    def next(self, source: int) -> str:
        self._named[source] += 1
        return self.name(source, self._named[source])

    def name(self, source: int, mention: int) -> str:
        return f"source-{source}-mention-{mention}"


def _called(parts: Sequence[Part]) -> Counter[int]:
    """How often each source is called."""
    found: Counter[int] = Counter()
    for part in parts:
        if isinstance(part, Paragraph):
            found.update(part.notes)
        elif isinstance(part, Table):
            for row in part.rows:
                for cell in row:
                    found.update(cell.notes)
    return found


def _blocks(parts: Sequence[Part], headings: Sequence[Numbered]) -> Iterator[Block]:
    coming = iter(headings)
    run: list[Paragraph] = []
    for part in parts:
        if run and not (isinstance(part, Paragraph) and _goes_on(run, part)):
            yield _listed(run)
            run = []
        if isinstance(part, Paragraph) and part.style in _LISTED:
            run.append(part)
        elif isinstance(part, Heading):
            yield Block(kind="heading", part=part, heading=next(coming))
        else:
            yield Block(kind=type(part).__name__.lower(), part=part)
    if run:
        yield _listed(run)


def _goes_on(run: Sequence[Paragraph], part: Paragraph) -> bool:
    """Whether a paragraph belongs to the list: lettered answers do to a numbered one."""
    first = run[0].style
    return part.style is first or (first is Style.NUMBER and part.style is Style.LETTER)


def _listed(run: Sequence[Paragraph]) -> Block:
    first = run[0].style
    starts = [at for at, one in enumerate(run) if one.style is first]
    items = (
        Item(paragraph=run[start], answers=tuple(run[start + 1 : end]))
        for start, end in zip(starts, [*starts[1:], len(run)], strict=True)
    )
    return Block(kind=first, items=tuple(items))


def _percent(width: float) -> int:
    return round(width * 100)


def _widths(parts: Sequence[Part]) -> str:
    """The widths that columns have, for which a style attribute would need a laxer policy."""
    used = {_percent(width) for part in parts if isinstance(part, Table) for width in part.widths}
    return "".join(f".w{width} {{ width: {width}%; }}\n" for width in sorted(used))


def _drawn(picture: Picture) -> Markup:
    # Our own shapes, whose words are escaped where they are drawn.
    return Markup(svg(picture.drawing, alt=picture.alt))  # noqa: S704


def _sheet() -> str:
    return files("alerts").joinpath("templates/packet.css").read_text("utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("alerts"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {"percent": _percent, "drawn": _drawn}
    return environment
