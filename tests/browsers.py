"""The office's pages as readers see them: the sample site's weeks, served, and a real Chromium."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import missing
from fakes import HashingEncoder
from filelock import FileLock
from killable import office
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from rehearsed import read
from sites import Site, serving
from weeks import FIRST, SECOND, lengthened

from crawlers.replay import Capture
from lexwatch.alerting import sending
from lexwatch.app import App
from pipeline.errors import LexwatchError

PLACE = "LEXWATCH_CHROMIUM"  # names a Chromium in another place than Debian's
DEBIAN = "/usr/bin/chromium"
NOW = Capture.named(SECOND).clock.replace(day=19, hour=14)  # the Monday after
NO_BROWSER = f"no Chromium at {DEBIAN}: install it, or name one in {PLACE}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; ended with the module, for asyncio runs in no thread that drives one."""
    program = os.environ.get(PLACE, DEBIAN)
    if not Path(program).is_file():
        missing(NO_BROWSER, needed="chromium")
    with sync_playwright() as driver:
        # Its sandbox needs rights that a build machine's root has not; it reads our pages alone.
        launched = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory, _warmed: str) -> App:
    """The demo's office after two weeks of the sample site, in the second of which EOIR failed;
    digests were sent. Made once, and copied for each process of tests, which may write."""
    made = tmp_path_factory.mktemp("stocked") / "data"
    if "PYTEST_XDIST_WORKER" in os.environ:
        whole = tmp_path_factory.getbasetemp().parent / "stocked"
        with FileLock(f"{whole}.lock"):
            if not whole.exists():
                _stock(made, _warmed)
                made.rename(whole)
        shutil.copytree(whole, made)
    else:
        _stock(made, _warmed)
    return _at(made)


@pytest.fixture(scope="session")
def served(stocked: App) -> Iterator[Site]:
    """Its pages, as `lexwatch serve` shows them."""
    with serving(stocked) as site:
        yield site


@contextmanager
def opened(browser: Browser, site: Site, **given: object) -> Iterator[BrowserContext]:
    """A browser window for this site alone: relative addresses are its own, and what would leave it
    fails. `given` as Playwright's `new_context` takes it: viewport, color_scheme, …"""
    home = f"http://127.0.0.1:{site.port}"
    context = browser.new_context(base_url=home, **given)  # type: ignore[arg-type]  # passed on
    context.route(lambda url: not url.startswith((home, "data:")), lambda route: route.abort())
    try:
        yield context
    finally:
        context.close()


def _stock(data: Path, program: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "executable", program)
        given = office(data)
        read(given, FIRST[0], FIRST[2], SECOND, folder=lengthened(data.with_name("sample")))
    app = _at(data)
    sending.queue(app, NOW)
    if errors := [one.error for one in sending.send(app) if one.error]:
        raise LexwatchError("\n".join(errors))
    app.database.close()


def _at(data: Path) -> App:
    app = App(office(data), lambda: NOW)
    app.encoder = HashingEncoder()
    return app



