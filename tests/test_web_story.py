"""A morning without JavaScript, in Chromium: from a question to the sheet for the hearing, what is
new, a draft gone through, and being told from now on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from browsers import at_work, opened
from playwright.sync_api import Browser, Page, expect
from sites import Site, serving

from index import subscriptions
from lexwatch.app import App

UMA = "uma@firm.example"
BRIEF = "Counsel relies on Matter of SAMPLE-E-, 99 I&N Dec. 140 (BIA 2026), for the bond."


@pytest.fixture(scope="module")
def office(stocked: App, tmp_path_factory: pytest.TempPathFactory) -> App:
    """A copy of its own, for a subscription is made."""
    data = tmp_path_factory.mktemp("story") / "data"
    shutil.copytree(stocked.settings.folder, data)
    return at_work(data)


@pytest.fixture(scope="module")
def site(office: App) -> Iterator[Site]:
    with serving(office) as found:
        yield found


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with opened(browser, site, java_script_enabled=False) as context:
        context.set_default_timeout(20_000)
        yield context.new_page()


def test_from_a_question_to_the_sheet_for_the_hearing(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Choose where you stand").click()
    page.get_by_label("Before").select_option("An immigration court")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("banner")).to_contain_text("You stand")
    page.get_by_label("A question").fill("arrest report in a bond hearing")
    page.get_by_role("button", name="Search", exact=True).click()
    page.locator(".hit h2 a").first.click()
    title = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Bench print").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.emulate_media(media="print")
    expect(page.get_by_role("banner")).to_be_hidden()
    expect(page.locator("footer")).to_be_hidden()


def test_what_is_new_and_its_whole_redline(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="What changed").click()
    page.locator("main a[href^='/changes/']").filter(has_text="Specialty Occupations").first.click()
    expect(page.locator("del", has_text="general-purpose")).to_be_visible()
    expect(page.locator("ins", has_text="general studies")).to_be_visible()


def test_being_told_from_now_on(page: Page, office: App) -> None:
    page.goto("/watch/reader")
    page.get_by_label("Mail address").fill(UMA)
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="New subscription").click()
    page.get_by_label("Name of who reads").fill("Uma")
    page.get_by_label("Authorities").fill("Matter of SAMPLE-E-, 99 I&N Dec. 140")
    page.get_by_role("button", name="See what it would have told").click()
    expect(page.get_by_role("heading", name="What it would have told")).to_be_visible()
    assert not held(office)
    page.get_by_role("button", name="Begin it").first.click()
    assert held(office) == [("99 I&N Dec. 140",)]


def held(office: App) -> list[tuple[str, ...]]:
    """What Uma's subscriptions ask for."""
    every = subscriptions.held(office.database)
    return [each.authorities for each in every if each.address == UMA]


def test_a_draft_is_gone_through(page: Page) -> None:
    page.goto("/draft")
    page.locator("textarea").first.fill(BRIEF)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("main")).to_contain_text("99 I&N Dec. 140")
    page.goto("/draft")
    page.get_by_label("choose a file").set_input_files(
        {"name": "brief.txt", "mimeType": "text/plain", "buffer": BRIEF.encode()}
    )
    page.get_by_role("button", name="Check").click()
    expect(page.locator("main")).to_contain_text("99 I&N Dec. 140")
