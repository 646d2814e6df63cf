"""A drawing as a file of its own: SVG for the web page, PNG for Word."""

from __future__ import annotations

import io
from html import escape
from typing import TYPE_CHECKING

from alerts.packet.drawing import Anchor, Drawing, Fill, Line, Outline, Shape

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

SCALE = 8  # pixels a point; two by two of them become one, which smooths the edges
FINAL = SCALE // 2
_FILLS = {Fill.WHITE: "#ffffff", Fill.GREY: "#d9dde3", Fill.BLACK: "#000000"}
_PILLOWS = {Anchor.START: "ls", Anchor.MIDDLE: "ms", Anchor.END: "rs"}
_DASH = 3.0


def svg(drawing: Drawing, *, alt: str) -> str:
    """The drawing as an <svg> element on white paper, with `alt` as its name; no style sheet and no
    identifier, so that several may stand in one page."""
    width, height = _number(drawing.width), _number(drawing.height)
    shapes = "".join(map(_element, drawing.shapes))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" '
        f'width="{width}pt" height="{height}pt" aria-label="{escape(alt)}">'
        f"<title>{escape(alt)}</title>"
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>{shapes}</svg>'
    )


def png(drawing: Drawing) -> bytes:
    """The drawing as a PNG of 288 pixels to the inch."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - heavy: only a Word file with a picture needs it

    size = (round(drawing.width * SCALE), round(drawing.height * SCALE))
    image = Image.new("L", size, 255)
    canvas = ImageDraw.Draw(image)
    for shape in drawing.shapes:
        _paint(canvas, shape)
    written = io.BytesIO()
    image.reduce(2).save(written, "PNG", dpi=(72 * FINAL, 72 * FINAL), optimize=True)
    return written.getvalue()


def _element(shape: Shape) -> str:
    if isinstance(shape, Line):
        (x1, y1), (x2, y2) = shape.start, shape.end
        dash = f' stroke-dasharray="{_number(_DASH)}"' if shape.is_dashed else ""
        return (
            f'<line x1="{_number(x1)}" y1="{_number(y1)}" x2="{_number(x2)}" y2="{_number(y2)}" '
            f'stroke="#000000" stroke-width="{_number(shape.width)}"{dash}/>'
        )
    if isinstance(shape, Outline):
        points = " ".join(f"{_number(x)},{_number(y)}" for x, y in shape.points)
        stroke = f' stroke="#000000" stroke-width="{_number(shape.width)}"' if shape.width else ""
        return f'<polygon points="{points}" fill="{_FILLS.get(shape.fill, "none")}"{stroke}/>'
    weight = ' font-weight="bold"' if shape.is_strong else ""
    return (
        f'<text x="{_number(shape.at[0])}" y="{_number(shape.at[1])}" fill="#000000" '
        f'font-family="Source Sans Pro, Arial, sans-serif" font-size="{_number(shape.size)}"'
        f'{weight} text-anchor="{shape.anchor}">{escape(shape.text)}</text>'
    )


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _paint(canvas: ImageDraw, shape: Shape) -> None:
    if isinstance(shape, Line):
        for start, end in _dashes(shape):
            canvas.line([start, end], fill=0, width=_pixels(shape.width))
    elif isinstance(shape, Outline):
        points = [(x * SCALE, y * SCALE) for x, y in shape.points]
        fill = _FILLS.get(shape.fill)
        canvas.polygon(points, fill=fill)
        if shape.width:
            canvas.line([*points, points[0]], fill=0, width=_pixels(shape.width), joint="curve")
    else:
        at = (shape.at[0] * SCALE, shape.at[1] * SCALE)
        face = _face(shape.size * SCALE, strong=shape.is_strong)
        canvas.text(at, shape.text, fill=0, font=face, anchor=_PILLOWS[shape.anchor])


def _dashes(line: Line) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """The line in pixels, or its dashes."""
    (x1, y1), (x2, y2) = line.start, line.end
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    pieces = int(length / _DASH) if line.is_dashed else 1
    steps = range(0, max(1, pieces), 2 if line.is_dashed else 1)

    def at(step: int) -> tuple[float, float]:
        part = min(1.0, step / max(1, pieces))
        return ((x1 + part * (x2 - x1)) * SCALE, (y1 + part * (y2 - y1)) * SCALE)

    return [(at(step), at(step + 1)) for step in steps]


def _pixels(width: float) -> int:
    return max(1, round(width * SCALE))


def _face(size: float, *, strong: bool) -> FreeTypeFont:
    from PIL import ImageFont  # noqa: PLC0415 - see `png`

    from alerts.packet.faces import SANS  # noqa: PLC0415 - see `png`

    return ImageFont.truetype(SANS.strong if strong else SANS.plain, size)


__all__ = ["png", "svg"]
