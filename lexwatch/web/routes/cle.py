"""The pages of course materials: chosen, made in the background, looked at and downloaded."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from alerts.cle.objectives import Level
from lexwatch import course
from lexwatch.course import FORMATS, Course
from lexwatch.options import in_order
from lexwatch.web import asked, previewed
from lexwatch.web.frame import Frame
from lexwatch.web.making import Job, Making
from pipeline.errors import LexwatchError, NotHeld, SettingsError
from pipeline.model import NOT_IMMIGRATION

PERIOD = timedelta(days=182)  # back from today, where nothing else is chosen
LISTED = 20  # packets made before
PREVIEW = "html"
MAKING = "making"  # the folder beside the database that says how far each packet is
MOST = 1000  # parts that an address can name
AGAIN = 2  # seconds until the page of a packet in the making asks again
SHORTEST, LONGEST = 15, 600  # minutes, as the settings have it
CALLED = {"docx": "Word", "pdf": "PDF", "html": "Web page", "md": "Markdown"}
KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}
_FILE = re.compile(rf"cle-[a-z0-9-]+\.({'|'.join(FORMATS)})")
_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Packet:
    """A packet that lies in the office's folder: its name, its formats, when it was made."""

    stem: str
    formats: tuple[str, ...]
    made_at: datetime


def routes(frame: Frame) -> APIRouter:
    """`/cle`, the packet in the making, its preview and its files."""
    router = APIRouter()
    making = Making(partial(course.write, frame.app), frame.app.settings.folder / MAKING)

    @router.get("/cle")
    def choose(request: Request) -> Response:
        return _page(frame, request, _usual(frame))

    @router.post("/cle")
    async def begin(request: Request) -> Response:
        form = await frame.forms.read(request)
        try:
            wanted = await run_in_threadpool(_wanted, frame, form)
        except LexwatchError as error:
            return await run_in_threadpool(
                _page, frame, request, _said(form), 400, problem=str(error)
            )
        job = making.begin(wanted)
        return Response(status_code=303, headers={"Location": f"/cle/making/{job.name}"})

    @router.get("/cle/making/{name}")
    def progress(request: Request, name: str) -> Response:
        return _progress(frame, request, making.known(name))

    @router.get("/cle/preview/{stem}")
    def preview(request: Request, stem: str) -> Response:
        number = asked.number(request.query_params, "part", 1, MOST)
        page = previewed.part(_file(frame, f"{stem}.{PREVIEW}").read_bytes(), number)
        return Response(page, headers={"Content-Type": KINDS[PREVIEW], **_alone(page)})

    @router.get("/cle/files/{name}")
    def file(name: str) -> Response:
        found = _file(frame, name)
        headers = {
            "Content-Type": KINDS[found.suffix[1:]],
            "Content-Disposition": f'attachment; filename="{found.name}"',
            "Content-Security-Policy": "sandbox",
        }
        return Response(found.read_bytes(), headers=headers)

    return router


def _page(
    frame: Frame, request: Request, said: Mapping[str, Any], status: int = 200, /, problem: str = ""
) -> Response:
    return frame.page(
        request,
        "cle.html",
        status,
        title="Course materials",
        said=said,
        problem=problem,
        topics={
            name: words
            for name, words in frame.app.taxonomy.titles.items()
            if name != NOT_IMMIGRATION
        },
        jurisdictions={each.code: each.name for each in course.profiles(frame.app).values()},
        levels=[str(each) for each in Level],
        called=CALLED,
        SHORTEST=SHORTEST,
        LONGEST=LONGEST,
        packets=[*_packets(frame.app.settings.cle_folder)][:LISTED],
    )


def _usual(frame: Frame) -> dict[str, Any]:
    given = frame.app.settings.cle
    today = frame.app.clock().astimezone(frame.zone).date()
    return {
        "since": today - PERIOD,
        "until": today,
        "minutes": given.minutes,
        "jurisdiction": given.jurisdiction,
        "topics": (),
        "formats": FORMATS[:1],
        "title": "",
        "level": "",
    }


def _said(form: FormData) -> dict[str, Any]:
    """What was chosen, to be shown again beside what is wrong with it."""
    words = ("since", "until", "minutes", "jurisdiction", "title", "level")
    chosen = {name: asked.words(form, name) for name in words}
    return {
        **chosen,
        "topics": asked.every(form, "topic"),
        "formats": asked.every(form, "format"),
    }


def _wanted(frame: Frame, form: FormData) -> Course:
    """The packet that is asked for. Raises `LexwatchError` in words that name the field."""
    since, until = asked.day(form, "since"), asked.day(form, "until")
    if since is None or until is None:
        raise SettingsError("say from which day to which")
    in_order(since, until)
    if since > frame.app.clock().astimezone(frame.zone).date():
        raise SettingsError(f"the period begins on {since}, which lies ahead: begin it earlier")
    topics, formats = asked.every(form, "topic"), asked.every(form, "format")
    frame.app.check((), topics)
    course.writers_of(formats)
    minutes = asked.number(form, "minutes", frame.app.settings.cle.minutes, LONGEST)
    if minutes < SHORTEST:
        raise SettingsError(f"a session lasts {SHORTEST} to {LONGEST} minutes, not {minutes}")
    level, jurisdiction = asked.words(form, "level"), asked.words(form, "jurisdiction")
    if level and level not in [*Level]:
        raise SettingsError(f"no level {level[:30]!r}: choose one of the list")
    if jurisdiction and jurisdiction not in course.profiles(frame.app):
        raise SettingsError(f"no jurisdiction {jurisdiction[:30]!r}: choose one of the list")
    return Course(
        since=since,
        until=until,
        topics=topics,
        minutes=minutes,
        jurisdiction=jurisdiction,
        title=asked.words(form, "title"),
        level=level,
        formats=tuple(dict.fromkeys((*formats, PREVIEW))),
    )


def _progress(frame: Frame, request: Request, job: Job | None) -> Response:
    if job is None:
        raise NotHeld(
            "that packet is not in the making: lexwatch may have been started again. What was made "
            "is listed under CLE"
        )
    written = job.written
    response = frame.page(
        request,
        "cle_making.html",
        title="Course materials: " + ("made" if written else "in the making"),
        job=job,
        stem=written.paths[0].stem if written else "",
        files=[path.name for path in written.paths] if written else (),
        called=CALLED,
    )
    if not job.is_over:
        response.headers["Refresh"] = str(AGAIN)
    return response


def _packets(folder: Path) -> Iterator[Packet]:
    """What lies in the folder, the newest first."""
    made: dict[str, list[Path]] = {}
    for path in folder.iterdir() if folder.is_dir() else ():
        if _FILE.fullmatch(path.name):
            made.setdefault(path.stem, []).append(path)
    packets = [_packet(stem, paths) for stem, paths in made.items()]
    yield from sorted(packets, key=lambda each: (each.made_at, each.stem), reverse=True)


def _packet(stem: str, paths: Sequence[Path]) -> Packet:
    held = {path.suffix[1:] for path in paths}
    newest = max(path.stat().st_mtime for path in paths)
    return Packet(
        stem=stem,
        formats=tuple(each for each in FORMATS if each in held),
        made_at=datetime.fromtimestamp(newest).astimezone(),
    )


def _file(frame: Frame, name: str) -> Path:
    """A packet's file by its name. Raises `NotHeld`: also for a name that would lead elsewhere."""
    path = frame.app.settings.cle_folder / name
    if not _FILE.fullmatch(name) or not path.is_file():
        raise NotHeld("no such packet was made, or it was moved: make it again under CLE")
    return path


def _alone(page: bytes) -> dict[str, str]:
    """What lets a packet have its own sheet, known by its hash, and nothing else."""
    sheets = _STYLE.findall(page)
    hashes = (base64.b64encode(hashlib.sha256(each).digest()).decode() for each in sheets)
    style = " ".join(f"'sha256-{each}'" for each in hashes) or "'none'"
    policy = f"default-src 'none'; style-src {style}; img-src data:; sandbox"
    return {"Content-Security-Policy": policy}
