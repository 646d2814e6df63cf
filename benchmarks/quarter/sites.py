"""What the publishers' sites show on a day, by the script: pages in their formats, invented."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from urllib.parse import urlsplit

from benchmarks.quarter import charts, papers
from benchmarks.quarter.script import (
    DECISIONS,
    FORM_NAMES,
    FORMS,
    MANUAL,
    SUBJECTS,
    Act,
    Deed,
    Script,
)
from crawlers.simulator import HOST as REGISTER_HOST

USCIS, JUSTICE, STATE = "www.uscis.gov", "www.justice.gov", "travel.state.gov"
HOSTS = (USCIS, JUSTICE, STATE, REGISTER_HOST)
BOOK = "/policy-manual"
VOLUME, PART = "volume-95", "volume-95-part-a"
CONTENTS = f"{BOOK}/table-of-contents"
HISTORY = f"{BOOK}/updates"
DECIDED = "/eoir/volume-98"
LISTING = "/eoir/ag-bia-decisions"
SCHEDULE = "/g-1055"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An answer; `acts` are those that it shows, by number, `empty` the same page with an empty
    list where it has one."""

    status: int = 200
    kind: str = HTML
    body: bytes = b""
    acts: frozenset[int] = frozenset()
    empty: bytes = b""
    has_validator: bool = False

    @property
    def validator(self) -> str:
        """Its ETag; "" where the publisher gives none."""
        return f'"{hashlib.sha256(self.body).hexdigest()}"' if self.has_validator else ""


class Sites:
    """All sites on one day."""

    def __init__(self, script: Script, day: date) -> None:
        self.day = day
        self._script = script
        self._register = papers.Register(script, day)
        self._pages: Mapping[tuple[str, str], Callable[[], Shown]] = dict(self._addresses())

    def answer(self, host: str, target: str) -> Shown:
        """Answer for a path with its query on a host."""
        path = urlsplit(target).path
        if path == "/robots.txt":
            return Shown(kind="text/plain", body=b"User-agent: *\nDisallow: /search\n")
        if host == REGISTER_HOST:
            return Shown(**self._register.answer(path, urlsplit(target).query))
        made = self._pages.get((host, path))
        return made() if made else Shown(status=404, body=_page("Not found", "<p>None.</p>"))

    def _addresses(self) -> Iterable[tuple[tuple[str, str], Callable[[], Shown]]]:
        for path in (BOOK, CONTENTS, f"{BOOK}/{VOLUME}", f"{BOOK}/{PART}"):
            yield (USCIS, path), lambda path=path: self._outline(path)  # type: ignore[misc]
        for number in self._chapters:
            path = f"{BOOK}/{PART}-chapter-{number}"
            yield (USCIS, path), lambda number=number: self._chapter(number)  # type: ignore[misc]
        yield (USCIS, HISTORY), self._history
        for form in FORM_NAMES:
            yield (USCIS, f"/{form}"), lambda form=form: self._form(form)  # type: ignore[misc]
        yield (USCIS, SCHEDULE), self._schedule
        yield (JUSTICE, LISTING), self._volumes
        yield (JUSTICE, DECIDED), self._decisions
        for path, made in charts.pages(self._script, self.day):
            yield (STATE, path), lambda made=made: Shown(**made(), has_validator=True)  # type: ignore[misc]

    @property
    def _chapters(self) -> list[int]:
        return [n for n in range(1, len(SUBJECTS) + 1) if not self._is_gone(f"{PART}-chapter-{n}")]

    def _is_gone(self, key: str) -> bool:
        every = (*self._done(MANUAL), *self._done(DECISIONS))
        last = [
            act.deed for act in every if act.key == key and act.deed in (Deed.REMOVED, Deed.BACK)
        ]
        return last[-1:] == [Deed.REMOVED]

    def _done(self, source: str, *deeds: Deed) -> list[Act]:
        return self._script.done(self.day, source, *deeds)

    def _menu(self, label: str = "leftnav-menu") -> str:
        slugs = [VOLUME, PART, *(f"{PART}-chapter-{number}" for number in self._chapters)]
        links = "".join(f'<li><a href="{BOOK}/{slug}">{slug}</a></li>' for slug in slugs)
        return f'<ul class="{label}">{links}</ul>'

    def _outline(self, path: str) -> Shown:
        """A page of the book without guidance of its own."""
        body = '<h1 class="page-title">Sample book</h1><div id="guidance"></div>'
        crumbs = _crumbs(*_CRUMBS[: 2 if path.endswith("-a") else 1]) if VOLUME in path else ""
        made = [self._book(crumbs + menu + body) for menu in (self._menu(), "<ul></ul>")]
        return Shown(body=made[0], empty=made[1])

    def _chapter(self, number: int) -> Shown:
        subject = SUBJECTS[number - 1]
        acts = [a for a in self._done(MANUAL, Deed.AMENDED) if a.key.endswith(f"chapter-{number}")]
        days = 30 + 5 * (len(acts) // 3)
        about = "an applicant for asylum" if "Asylum" in subject else "a customer"
        said = f"<h2>A. General</h2><p>{about.capitalize()} has {days} days to bring a sample.</p>"
        said += "".join(f"<p>{escape(act.said)}</p>" for act in acts)
        title = f"Chapter {number} - {subject} (Sample)"
        body = (
            f'{self._menu()}{_crumbs(*_CRUMBS, title)}<h1 class="page-title">{title}</h1>'
            '<div id="guidance" class="tabcontent"><div class="field--name-body">'
            f"{said}</div></div>"
        )
        return Shown(body=self._book(body), acts=frozenset(act.number for act in acts))

    def _history(self) -> Shown:
        acts = self._done(MANUAL, Deed.NEW)
        entries = [_update(act) for act in reversed(acts)] + [_FIRST_UPDATE]
        title = '<h1 class="page-title">Updates</h1>'
        made = [self._book(self._menu() + title + "".join(some)) for some in (entries, ())]
        return Shown(body=made[0], empty=made[1], acts=frozenset(act.number for act in acts))

    def _book(self, body: str) -> bytes:
        return _page("Policy Manual", f"<main>{body}</main>{self._noise('uscis')}")

    def _form(self, key: str) -> Shown:
        acts = [act for act in self._done(FORMS) if act.key == key]
        on = acts[-1].on if acts else date(2026, 1, 20)
        notes = "".join(f"<p>{escape(act.said)}</p>" for act in acts[-1:])
        said = (
            f"<p>Use this sample to show how a form page reads.</p>{notes}"
            '<div class="accordion content-accordion"><div class="accordion__header">Edition Date'
            f'</div><div class="accordion__panel"><p>{on:%m/%d/%y}.</p></div></div>'
        )
        body = self._article(f"{key.upper()}, {FORM_NAMES[key]}", said)
        return Shown(body=body, acts=frozenset(act.number for act in acts))

    def _schedule(self) -> Shown:
        fees = '<div class="form-fee-title form-fee-listing"><ul><li>I-9901</li></ul></div>'
        return Shown(body=self._article("G-1055, Sample Fee Schedule", f"<p>Fees.</p>{fees}"))

    def _article(self, title: str, said: str) -> bytes:
        body = (
            '<main><div id="block-uscis-design-content"><article><div class="container--main">'
            f'<h1 class="page-title">{title}</h1>{said}</div></article></div></main>'
        )
        return _page(title, body + self._noise("forms"))

    def _volumes(self) -> Shown:
        link = f'<p><a href="{DECIDED}">Volume 98</a></p>'
        made = [_page("Precedents", each + self._noise("eoir")) for each in (link, "<p></p>")]
        return Shown(body=made[0], empty=made[1])

    def _decisions(self) -> Shown:
        shown = [act for act in self._done(DECISIONS, Deed.NEW) if not self._is_gone(act.key)]
        rows = "".join(map(_decision, reversed(shown)))
        made = [
            _page("Volume 98", f'<div class="field_body">{each}</div>{self._noise("eoir")}')
            for each in (rows, "<p></p>")
        ]
        # What came back is the act of that day.
        numbers = frozenset(act.number for act in shown)
        return Shown(body=made[0], empty=made[1], acts=numbers)

    def _noise(self, site: str) -> str:
        """What differs on each day and says nothing."""
        view = hashlib.sha256(f"{site} {self.day}".encode()).hexdigest()
        return f'<footer class="js-view-dom-id-{view}">Pages served: {int(view[:6], 16)}</footer>'


_CRUMBS = ("Volume 95 - Samples (Sample)", "Part A - Counters")
_SECTION = '<p class="affected-sections"><a href="{0}"><span class="citation">{1}</span></a></p>'


def _crumbs(*names: str) -> str:
    return f'<ol class="nav--crumbs">{"".join(f"<li>{name}</li>" for name in names)}</ol>'


def _entry(title: str, on: date, said: str, section: str) -> str:
    return (
        '<div class="pm-updates"><div class="pm-resource__update_header">'
        f"Technical Update - {title}</div>"
        f'<time datetime="{on}T12:00:00Z">{on:%B} {on.day}, {on.year}</time>'
        '<div class="pm-resource__content"><div class="field--name-body">'
        f"<p>{escape(said)}</p></div></div>{section}</div>"
    )


def _update(act: Act) -> str:
    slug = act.key.removeprefix("update of ")
    section = _SECTION.format(f"{BOOK}/{slug}", f"95 USCIS-PM A.{slug[-1]}")
    return _entry(act.title, act.on, act.said, section)


_FIRST_UPDATE = _entry("Opening the Counter (Sample)", date(2026, 6, 1), "It opens.", "")


def _decision(act: Act) -> str:
    about = "An applicant for asylum" if act.is_asylum else "A respondent in bond proceedings"
    page = 101 + 10 * (int(act.key) - 9900)
    return (
        f"<table><tbody><tr><td><strong>{act.title.removeprefix('Matter of ')}, </strong>"
        f"98 I&amp;N Dec. {page} (BIA 2026)</td>"
        f'<td><a href="/d9/{act.key}.pdf">ID {act.key}</a> (PDF)</td></tr></tbody></table>'
        f"<p>{about} must carry the sample home. {escape(act.said)}</p><hr />"
    )


def _page(title: str, body: str) -> bytes:
    mark = "<!-- SAMPLE: written for lexwatch in the publisher's markup. -->"
    head = f"<head><title>{title} | Sample</title></head>"
    return f'<!DOCTYPE html>{mark}<html lang="en">{head}<body>{body}</body></html>'.encode()
