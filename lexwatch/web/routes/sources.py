"""The pages of what is watched: how well, what failed, what that leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from alerts.untrusted import plain
from index import runs as ledger
from index.faults import Fault, faults, kept
from index.kept import whole
from lexwatch.operating.ailing import ailments
from lexwatch.operating.health import health
from lexwatch.web import asked, sources
from lexwatch.web.frame import Frame, unless_known
from lexwatch.web.sources import LOOKED, Watched
from pipeline.errors import NotHeld
from pipeline.health import Normal

if TYPE_CHECKING:
    from index.runs import Run
    from pipeline.trouble import Ailment

PAGE = 25  # runs, or faults, on a page
PAGES = 1_000
HIGHEST = 2**31 - 1
FAILURES = 10  # of a run; the rest are counted
FORM = "application/octet-stream"  # whatever a publisher called it: nothing opens it by itself


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A run as the page has it; `failures` are the first of all that there were."""

    run: Run
    state: str
    amount: str
    failures: tuple[str, ...]
    more: int


def routes(frame: Frame) -> APIRouter:
    """`/sources`, one of them, and the pages of it that are kept and were not taken in."""
    router = APIRouter()

    @router.get("/sources")
    def every(request: Request) -> Response:
        found = sources.watched(frame)
        return frame.page(
            request,
            "sources.html",
            title="Sources",
            on=[each for each in found if not each.off],
            off=[each for each in found if each.off],
            ails=[each.said for each in _ails(frame) if not each.subject.startswith("source ")],
            LOOKED=LOOKED,
            last_read=sources.last_read,
            amount=sources.amount,
        )

    @router.get("/sources/{name}")
    def one(request: Request, name: str) -> Response:
        return _page(frame, request, sources.one(frame, name))

    @router.get("/sources/{name}/pages/{number}")
    def original(request: Request, name: str, number: str) -> Response:
        sources.named(frame, name)
        if not number.isascii() or not number.isdigit() or int(number[:12]) > HIGHEST:
            raise NotHeld(f"no page {number[:20]!r} is kept: see the page of {name}")
        page = kept(frame.app.database, name, int(number[:12]))
        file = f'attachment; filename="{name}-page-{int(number[:12])}.bin"'
        more = {"Content-Disposition": file, "Content-Security-Policy": "sandbox"}
        return unless_known(request, page.body, FORM, more=more)

    return router


def _ails(frame: Frame) -> tuple[Ailment, ...]:
    """As of this minute: more than a hundred queries stand behind them."""
    minute = frame.app.clock().replace(second=0, microsecond=0)
    with frame.app.database.read() as connection:
        return whole(
            connection,
            f"what ails at {minute}",
            lambda: ailments(health(frame.app), frame.app.settings.operator),
        )


def _page(frame: Frame, request: Request, found: Watched) -> Response:
    name, given = found.report.source, request.query_params
    at, faulty = (asked.number(given, each, 1, PAGES) for each in ("page", "faults"))
    database = frame.app.database
    runs = ledger.runs(database, name, at * PAGE)[(at - 1) * PAGE :]
    pages, total = faults(database, name, limit=PAGE, offset=(faulty - 1) * PAGE)
    return frame.page(
        request,
        "source.html",
        title=found.report.title,
        source=found,
        visits=[_visit(each, found.normal) for each in runs],
        runs=ledger.count(database, name),
        at=at,
        faults=pages,
        fault_count=total,
        faulty=faulty,
        PAGE=PAGE,
        LOOKED=LOOKED,
        last_read=sources.last_read,
        days=_days,
        said=_said,
    )


def _visit(run: Run, normal: Normal) -> Visit:
    return Visit(
        run=run,
        state=sources.state(run),
        amount=sources.amount(run, normal),
        failures=tuple(map(plain, run.failures[:FAILURES])),
        more=max(0, len(run.failures) - FAILURES),
    )


def _days(gap: tuple[date, date]) -> int:
    first, last = gap
    return (last - first).days + 1


def _said(fault: Fault) -> str:
    """Why a page was not taken in."""
    return plain(fault.failure) or f"the publisher answered with status {fault.status}"
