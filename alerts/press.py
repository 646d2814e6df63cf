"""The templates of what is sent, and their styles: set inline, as mail programs need them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from alerts import falling, untrusted, wording
from alerts.body import Body
from alerts.redline import Line, text
from alerts.sections import Group
from alerts.story import listed

WIDTH = 76  # columns of plain text
BODIES = 4096  # set ones that are kept: of a week's changes, at each length
_TAG = re.compile(r"<([a-z][a-z0-9]*)((?: [a-z-]+=\"[^\"]*\")*)>")
_CLASSES = re.compile(r" class=\"([^\"]*)\"")
_STYLE = re.compile(r" style=\"([^\"]*)\"")
# Elements that a parser drops where they stand alone.
_WITHIN = {
    **dict.fromkeys(("td", "th"), "<table><tr>{}</tr></table>"),
    **dict.fromkeys(("tr", "caption"), "<table>{}</table>"),
}


def page(name: str, view: Mapping[str, Any]) -> str:
    """A page with its styles in the elements, where the mail program drops those of the head."""
    return styled(_environment.get_template(name).render(view))


def bare(name: str, view: Mapping[str, Any]) -> str:
    """Plain text, for mail programs that show no HTML and readers who want none; or markup without
    styles."""
    return _environment.get_template(name).render(view)


@dataclass(frozen=True, kw_only=True)
class SetGroup:
    """The markup of an event and its entries, and how many bytes each entry takes, the first with
    the event's story."""

    markup: Markup
    sizes: tuple[int, ...]


def group(one: Group) -> SetGroup:
    """Set an event and its entries."""
    story = page("event.html", {"story": one.story}) if one.story else ""
    entries = [page("entry.html", {"entry": each, "story": one.story}) for each in one.entries]
    first, *rest = (len(each.encode()) for each in entries)
    # Autoescaped by the templates.
    markup = Markup(story + "".join(entries))  # noqa: S704
    return SetGroup(markup=markup, sizes=(first + len(story.encode()), *rest))


@lru_cache(maxsize=BODIES)
def size(body: Body) -> int:
    """How many bytes of markup a change takes."""
    return len(_body_page(body).encode())


def styled(markup: str) -> str:
    """Put each element's style beside its class. The markup is ours: no "<" of a publisher stands
    in it. What has a style keeps it, so that a part may be styled before the whole."""
    return _TAG.sub(_with_style, markup)


def _with_style(tag: re.Match[str]) -> str:
    name, attributes = tag[1], tag[2]
    if " style=" in attributes:
        return tag[0]
    classes = _CLASSES.search(attributes)
    style = _style(name, classes[1] if classes else "")
    return f'<{name}{attributes} style="{style}">' if style else tag[0]


@lru_cache(maxsize=512)
def _style(name: str, classes: str) -> str:
    """What the sheet says of an element by its name and classes: it must say nothing by where an
    element stands."""
    given = f' class="{classes}"' if classes else ""
    alone = f"<{name}{given}></{name}>"
    found = _inliner.inline(_WITHIN.get(name, "{}").format(alone))
    set_ = re.search(rf"<{name}\b[^>]*>", found)
    style = _STYLE.search(set_[0]) if set_ else None
    return style[1] if style else ""


@lru_cache(maxsize=BODIES)
def _body_page(body: Body) -> Markup:
    # Autoescaped by the template.
    return Markup(page("body.html", {"body": body}))  # noqa: S704


@lru_cache(maxsize=BODIES)
def _body_text(body: Body) -> str:
    return bare("body.txt", {"body": body})


@lru_cache(maxsize=1024)  # what many readers are told alike; reasons are mostly one reader's own
def _wrapped(words: str, indent: int = 0) -> str:
    """Plain text at a readable width, a list's item hanging; an address is never broken."""
    lead = " " * indent
    return textwrap.fill(
        words,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=lead + ("  " if words.startswith("- ") else ""),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _marked(line: Line) -> str:
    return text(line.pieces, deleted=("[-", "-]"), inserted=("{+", "+}"))


def _sheet(name: str) -> str:
    return files("alerts").joinpath(f"templates/{name}").read_text("utf-8")


_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, extra_css=_sheet("digest.css"))
_environment = Environment(
    loader=PackageLoader("alerts"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    auto_reload=False,
)
_environment.filters |= {
    "plain": untrusted.plain,
    "calendar": wording.calendar,
    "summary": falling.summary,
    "told": falling.told,
    "link": falling.link,
    "moment": wording.moment,
    "counted": wording.counted,
    "initial": wording.initial,
    "sentence": wording.sentence,
    "ruled": wording.ruled,
    "listed": listed,
    "wrapped": _wrapped,
    "cut": wording.shortened,
    "marked": _marked,
    "page": _body_page,
    "text": _body_text,
}
# What depends on the screen can't stand in an element. Our own file, which autoescape would break.
_environment.globals |= {"screens": Markup(_sheet("screens.css"))}  # noqa: S704
