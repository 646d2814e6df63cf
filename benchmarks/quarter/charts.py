"""The Visa Bulletin's pages, month after month, made of the sample site's first one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import crawlers
from benchmarks.quarter.script import BULLETIN, Act, Script, month

BULLETINS = "/content/travel/en/legal/visa-law0/visa-bulletin"
INDEX = f"{BULLETINS}.html"
_SAMPLE = Path(crawlers.__file__).parent / "sample/2026-10-05/travel.state.gov"
_OCTOBER = f"{BULLETINS}/2027/visa-bulletin-for-october-2026.html"
_LINK = '<li><a href="{path}">{title}</a></li>'


def pages(script: Script, day: date) -> Iterator[tuple[str, Callable[[], Mapping[str, Any]]]]:
    """The index and every bulletin that is posted by a day: path, and what stands there."""
    acts = script.done(day, BULLETIN)
    yield INDEX, lambda: _index(acts)
    for act in acts:
        yield address(act), lambda act=act: _bulletin(act)  # type: ignore[misc]


def address(act: Act) -> str:
    """The path of a bulletin: its folder is the fiscal year, which begins in October."""
    year, name = month(int(act.key))
    fiscal = year + (name in ("October", "November", "December"))
    return f"{BULLETINS}/{fiscal}/visa-bulletin-for-{name.lower()}-{year}.html"


def _index(acts: list[Act]) -> Mapping[str, Any]:
    links = [_LINK.format(path=address(act), title=act.title) for act in reversed(acts)]
    frame = (
        '<!DOCTYPE html><html lang="en"><head><title>The Visa Bulletin</title></head><body>'
        '<div class="tsg-rwd-page-subheader"><h1>The Visa Bulletin</h1></div>'
        '<div class="tsg-rwd-content-page-parsysxxx"><ul id="recent_bulletins">{}</ul>'
        "<ul>{}</ul></div></body></html>"
    )
    body, empty = frame.format("".join(links[:2]), "".join(links)), frame.format("", "")
    return {"body": body.encode(), "empty": empty.encode()}


def _bulletin(act: Act) -> Mapping[str, Any]:
    place = int(act.key)
    (year, name), (_, following) = month(place), month(place + 1)
    said = _october().replace("November", "@next@").replace("NOVEMBER", "@NEXT@")
    said = said.replace("October 2026", f"{name} {year}").replace("October_2026", f"{name}_{year}")
    said = said.replace("October", name).replace("OCTOBER", name.upper())
    said = said.replace("@next@", following).replace("@NEXT@", following.upper())
    said = said.replace("Number 990", f"Number {990 + place}")
    said = said.replace("September 8, 2026", f"{act.on:%B} {act.on.day}, {act.on.year}")
    # The last two digits are years: each month a third of the dates goes on by one.
    dated = re.compile(r"(?<=<td>)(\d\d[A-Z]{3})(\d\d)(?=</td>)")
    moved = dated.sub(lambda found: f"{found[1]}{(int(found[2]) + (place // 3)) % 25:02}", said)
    return {"body": moved.encode(), "acts": frozenset({act.number})}


@cache
def _october() -> str:
    return (_SAMPLE / _OCTOBER.lstrip("/")).read_text("utf-8")
