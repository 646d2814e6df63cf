"""The office's pages as readers see them: the sample site's weeks, served, and a real Chromium.

Imports stand where they are used: every run of any test loads this file.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import missing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext
    from sites import Site

    from lexwatch.app import App

PLACE = "LEXWATCH_CHROMIUM"  # names a Chromium in another place than Debian's
DEBIAN = "/usr/bin/chromium"
NOW = datetime(2026, 10, 19, 14, tzinfo=UTC)  # the Monday after the second week


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; ended with the module, for asyncio runs in no thread that drives one."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - see above

    program = os.environ.get(PLACE, DEBIAN)
    if not Path(program).is_file():
        missing(f"no Chromium at {program}: install it, or name one in {PLACE}", needed="chromium")
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
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _stock(made, _warmed)
        return at_work(made)
    from filelock import FileLock  # noqa: PLC0415 - see above

    whole = tmp_path_factory.getbasetemp().parent / "stocked"
    with FileLock(f"{whole}.lock"):
        if not whole.exists():
            _stock(made, _warmed)
            made.rename(whole)
    shutil.copytree(whole, made)
    return at_work(made)


@pytest.fixture(scope="session")
def served(stocked: App) -> Iterator[Site]:
    """Its pages, as `lexwatch serve` shows them."""
    from sites import serving  # noqa: PLC0415 - see above

    with serving(stocked) as site:
        yield site


@contextmanager
def opened(browser: Browser, site: Site, **given: Any) -> Iterator[BrowserContext]:
    """A browser window for this site alone: relative addresses are its own, and what would leave it
    fails. `given` as Playwright's `new_context` takes it: viewport, color_scheme, …"""
    home = f"http://127.0.0.1:{site.port}"
    context = browser.new_context(base_url=home, **given)
    context.route(lambda url: not url.startswith((home, "data:")), lambda route: route.abort())
    try:
        yield context
    finally:
        context.close()


def at_work(data: Path) -> App:
    """The office on that Monday, with its data in a folder."""
    from fakes import HashingEncoder  # noqa: PLC0415 - see above
    from killable import office  # noqa: PLC0415 - see above

    from lexwatch.app import App  # noqa: PLC0415 - see above

    app = App(office(data), lambda: NOW)
    app.encoder = HashingEncoder()
    return app


def _stock(data: Path, program: str) -> None:
    from killable import office  # noqa: PLC0415 - see above
    from rehearsed import read  # noqa: PLC0415 - see above
    from weeks import FIRST, SECOND, lengthened  # noqa: PLC0415 - see above

    from lexwatch.alerting import sending  # noqa: PLC0415 - see above

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "executable", program)
        sample = lengthened(data.with_name("sample"))
        read(office(data), FIRST[0], FIRST[2], SECOND, folder=sample)
    app = at_work(data)
    sending.queue(app, NOW)
    assert not [one.error for one in sending.send(app) if one.error]
    app.database.close()
