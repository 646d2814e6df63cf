"""The keys of the pages, in a real browser: along the results, into the box, off where unwanted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsers import opened
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sites import Site

FOUND = "/search?q=asylum"


@pytest.fixture
def window(browser: Browser, served: Site) -> Iterator[BrowserContext]:
    with opened(browser, served) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield context


@pytest.fixture
def page(window: BrowserContext) -> Page:
    found = window.new_page()
    found.goto(FOUND)
    return found


def titles(page: Page) -> list[str]:
    return page.locator(".hit h2 a").all_inner_texts()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent"))


def test_j_and_k_go_along_the_results_and_stay_at_their_ends(page: Page) -> None:
    every = titles(page)
    assert len(every) > 2
    page.keyboard.press("j")
    assert focused(page) == every[0]
    page.keyboard.press("k")
    assert focused(page) == every[0]
    for _ in every:
        page.keyboard.press("j")
    assert focused(page) == every[-1]
    page.keyboard.press("k")
    assert focused(page) == every[-2]


def test_the_result_that_a_key_reached_is_seen_to_be_it(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    here = page.locator(".hit:focus-within")
    assert here.count() == 1
    expect(here).to_be_in_viewport()
    ring = here.locator("h2 a").evaluate("link => getComputedStyle(link).outlineStyle")
    assert ring == "solid"


def test_enter_opens_the_result(page: Page) -> None:
    page.keyboard.press("j")
    address = page.locator(".hit h2 a").first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url("**/document/**")
    assert address and page.url.endswith(address)


def test_c_copies_its_citation(page: Page) -> None:
    hit = page.locator(".hit", has=page.locator("button.copy")).first
    hit.locator("h2 a").focus()
    page.keyboard.press("c")
    expect(hit.locator("button.copy").first).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == hit.locator("button.copy").first.get_attribute("data-copy")


def test_a_slash_goes_to_the_box_and_there_keys_are_letters(page: Page) -> None:
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("jk?")
    assert page.locator("#q").input_value() == "jk?"  # what stood there was selected
    assert not page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") != "q"


def test_a_slash_on_a_page_without_a_box_leads_to_one(page: Page) -> None:
    page.goto("/forum")
    page.keyboard.press("/")
    page.wait_for_url("**/")
    expect(page.locator("#q")).to_be_focused()


def test_a_question_mark_tells_the_keys_and_escape_closes_it(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("j")
    assert not page.locator(".hit:focus-within").count()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_keys_are_turned_off_for_good_and_on_again(window: BrowserContext, page: Page) -> None:
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Single keys do this").uncheck()
    page.get_by_role("button", name="Close").click()
    again = window.new_page()
    again.goto(FOUND)
    again.keyboard.press("j")
    assert not again.locator(".hit:focus-within").count()
    again.get_by_role("button", name="Keys").click()
    assert not again.get_by_label("Single keys do this").is_checked()
    again.get_by_label("Single keys do this").check()
    again.get_by_role("button", name="Close").click()
    again.keyboard.press("j")
    assert again.locator(".hit:focus-within").count() == 1


def test_keys_with_control_are_the_browsers(page: Page) -> None:
    page.keyboard.press("Control+j")
    assert not page.locator(".hit:focus-within").count()


def test_without_scripts_there_is_no_button_that_does_nothing(
    browser: Browser, served: Site
) -> None:
    with opened(browser, served, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(FOUND)
        assert titles(page)
        for name in ("Copy", "Keys"):
            assert page.get_by_role("button", name=name).count() == 0
