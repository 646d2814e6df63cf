"""A document over time: its versions, any two compared, and the original as it was fetched."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import paragraph, version
from holding import hold, rules
from hypothesis import given, settings
from hypothesis import strategies as some
from lxml import html
from publisher import NOW, visit
from publisher import page as given_page
from starlette.testclient import TestClient

from alerts.redline import redline
from lexwatch.app import App
from lexwatch.output.compare import compared
from lexwatch.settings import Settings
from lexwatch.web import comparing
from lexwatch.web.app import create
from pipeline import diff
from pipeline.model import Change, Page, Reading
from pipeline.weight import NOISE

KEY = "/uscis_policy_manual/volume-6-part-f-chapter-5"
NAME = "uscis_policy_manual:volume-6-part-f-chapter-5"
ROOM = 100_000  # bytes of a page

OLD = (
    "An officer may approve a petition for a worker of exceptional ability.",
    "The petitioner bears the burden of proof at every stage of the proceeding.",
    "A degree from abroad counts where it is the equivalent of one from here.",
    "Letters from experts are no substitute for the evidence that the rule asks for.",
    "Final merits are weighed once the first step has been met in full.",
    "Nothing in this part changes what a form asks for.",
)
NEW = (OLD[0].replace("may", "must"), *OLD[3:4], *OLD[1:3], *OLD[4:], "An appeal may be taken.")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("versions")
    made = App(
        Settings.model_validate({"data": {"folder": str(folder)}}),
        lambda: NOW + timedelta(days=30),
    )
    hold(made.database, version(*OLD), version(*NEW))
    other = version("Another chapter <script>alert(1)</script>.", title="Chapter 6")
    key = "volume-6-part-f-chapter-6"
    named = replace(other.document, key=key)
    hold(
        made.database,
        replace(other, document=named, citation="6 USCIS-PM F.6", url=f"https://x/{key}"),
    )
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def client(app: App) -> TestClient:
    return TestClient(create(app), base_url="http://127.0.0.1:8765")


def page(client: TestClient, path: str) -> html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert len(answer.content) < ROOM
    return html.fromstring(answer.text)


def said(found: html.HtmlElement, query: str) -> str:
    return " ".join(" ".join(each.text_content() for each in found.cssselect(query)).split())


def test_versions_stand_newest_first_with_what_changed_and_the_original(
    client: TestClient,
) -> None:
    found = page(client, f"/versions{KEY}")
    heads = [each.text_content() for each in found.cssselect(".timeline h2")]
    assert heads == ["Version 2", "Version 1"]
    newest = found.cssselect(".timeline li")[0]
    assert "Substantive" in newest.text_content() and "text changed" in newest.text_content()
    links = [each.get("href") for each in newest.cssselect("a")]
    assert f"/compare{KEY}?from=1&to=2" in links and f"/original{KEY}?version=2" in links


def test_an_older_version_says_that_it_is_one(client: TestClient) -> None:
    found = page(client, f"/document{KEY}?version=1")
    assert "Version 1 of 2" in said(found, "header .note") and OLD[0] in said(found, ".text")
    assert NEW[0] in said(page(client, f"/document{KEY}"), ".text")


def test_what_the_site_showed_on_a_day_is_that_days_text(client: TestClient) -> None:
    day = (NOW - timedelta(hours=1)).date()
    found = page(client, f"/document{KEY}?seen_on={day}")
    assert OLD[0] in said(found, ".text") and "version 1" in said(found, "header .note")


def test_a_fuller_form_is_not_called_the_first_text(app: App, client: TestClient) -> None:
    key = "volume-6-part-f-chapter-8"
    poor = version("Sum.", key=key, citation="6 USCIS-PM F.8", metadata={"text": "abstract only"})
    full = replace(poor, blocks=tuple(map(paragraph, ("Sum.", "And the rest."))), metadata={})
    forms = {"entry": poor, "text": full}

    def read(given: Page) -> Reading:
        said = forms[given.url.rpartition("/")[2]]
        return Reading(versions=(replace(said, seen_at=given.fetched_at),))

    at = NOW + timedelta(days=8)
    pages = [
        given_page({key: each.text}, at + timedelta(minutes=n), f"https://example.gov/{name}")
        for n, (name, each) in enumerate(forms.items())
    ]
    visit(app.database, replace(rules(), readers={"sample": read}), at, *pages)
    path = f"/uscis_policy_manual/{key}"
    newest, first = page(client, f"/versions{path}").cssselect(".timeline li")
    assert "text now held in a fuller form" in newest.text_content()
    assert "no earlier text is held" not in newest.text_content() + first.text_content()
    assert "Abstract only: the full text is not held." in said(
        page(client, f"/compare{path}"), "main"
    )


def test_a_comparison_shows_changes_and_folds_what_is_unchanged(client: TestClient) -> None:
    found = page(client, f"/compare{KEY}")
    assert said(found, ".edit del").split()[0] == "may" and "must" in said(found, ".edit ins")
    assert "An appeal may be taken." in said(found, ".edit ins")
    folded = said(found, "details.same")
    assert OLD[1] in folded and "unchanged" in folded and OLD[1] not in said(found, ".edit")


def test_a_move_is_shown_as_one(client: TestClient) -> None:
    found = page(client, f"/compare{KEY}")
    [moved] = found.cssselect(".edit.moved")
    assert "moved within its section" in moved.text_content()
    assert not moved.cssselect("ins, del")


def test_both_sides_stand_side_by_side(client: TestClient) -> None:
    found = page(client, f"/compare{KEY}?view=side")
    before, after = found.cssselect(".edit .sides")[0].cssselect("p")
    assert before.cssselect("del") and not before.cssselect("ins")
    assert after.cssselect("ins") and not after.cssselect("del")


@pytest.mark.parametrize("asked", ["from=1", "from=1&to=2", "to=2", ""])
def test_any_two_can_be_named(client: TestClient, asked: str) -> None:
    assert page(client, f"/compare{KEY}?{asked}").cssselect(".edit")


def test_backwards_is_a_comparison_too(client: TestClient) -> None:
    assert "must" in said(page(client, f"/compare{KEY}?from=2&to=1"), ".edit del")


def test_a_version_with_itself_has_no_difference(client: TestClient) -> None:
    assert "No difference" in said(page(client, f"/compare{KEY}?from=2&to=2"), "main")


def test_another_document_is_compared(client: TestClient) -> None:
    found = page(client, f"/compare{KEY}?with=6+USCIS-PM+F.6")
    assert "<script>" in said(found, ".edit ins") and not found.cssselect("main script")


def test_one_version_alone_is_compared_with_nothing(client: TestClient) -> None:
    found = page(client, "/compare/uscis_policy_manual/volume-6-part-f-chapter-6")
    assert "One version of it is held" in said(found, "main")


@pytest.mark.parametrize("asked", ["from=x", "from=9", "from=1&to=2026-01-01", "from=2026-99-01"])
def test_what_cannot_be_compared_is_said(client: TestClient, asked: str) -> None:
    answer = client.get(f"/compare{KEY}?{asked}")
    assert answer.status_code in (400, 404) and "--from" not in answer.text


def test_what_governed_on_a_day_is_said_with_its_basis(client: TestClient) -> None:
    assert "read them before relying on it" in said(page(client, f"/governed{KEY}"), ".card")


def test_the_original_is_told_by_hash_host_and_time(app: App, client: TestClient) -> None:
    found = said(page(client, f"/original{KEY}?version=1"), ".particulars")
    body = client.get(f"/download{KEY}?version=1").content
    assert hashlib.sha256(body).hexdigest() in found
    assert "Host actually asked" in found and "HTTP 200" in found


def test_a_download_can_do_nothing_here(client: TestClient) -> None:
    answer = client.get(f"/download{KEY}")
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"


# The comparison alone

TEXTS = some.lists(some.sampled_from([*OLD, *NEW, "See below.", "See above."]), max_size=12)


def changed(old: list[str], new: list[str]) -> Change | None:
    before, after = version(*old), version(*new)
    difference = diff.compare(before, after)
    if difference is None:
        return None
    return Change(
        id=0,
        document=after.document,
        old=before,
        new=after,
        difference=difference,
        tags=(),
        seen_at=after.seen_at,
        recorded_at=after.seen_at,
    )


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_every_edit_and_every_unchanged_block_is_shown_once_in_order(
    old: list[str], new: list[str]
) -> None:
    change = changed(old, new)
    if change is None or not redline(change):
        return
    rows = [row for shown in comparing.pages(change) for row in shown]
    edits = [each for each in change.difference.edits if each.rule not in NOISE]
    assert len([row for row in rows if row.line]) == len(edits)
    kept = [at for row in rows for at in row.same]
    touched = {each.new_index for each in edits}
    assert kept == [at for at in range(len(new)) if at not in touched]


def test_what_is_gone_stands_where_it_stood() -> None:
    change = changed([*OLD], [*OLD[:3], *OLD[4:]])
    assert change
    [shown] = comparing.pages(change)
    assert [row.same or "edit" for row in shown] == [(0, 1, 2), "edit", (3, 4)]


def test_a_long_comparison_is_divided_and_keeps_to_its_room(app: App, client: TestClient) -> None:
    long = [f"Paragraph {n} says that {'many words stand here and ' * 12} end." for n in range(400)]
    other = [each.replace("many", "several") if n % 3 else each for n, each in enumerate(long)]
    key = "volume-6-part-f-chapter-7"
    first = version(*long, key=key, citation="6 USCIS-PM F.7", url=f"https://x/{key}")
    hold(app.database, first, replace(first, blocks=tuple(map(paragraph, other))), first=5)
    path = f"/compare/uscis_policy_manual/{key}"
    seen = 0
    for number in range(1, 40):
        found = page(client, f"{path}?view=side&page={number}")
        seen += len(found.cssselect(".edit"))
        if not found.cssselect("a[rel=next]"):
            break
    assert number > 1 and seen == len([n for n in range(400) if n % 3])
    assert compared(
        app.database, (f"uscis_policy_manual:{key}", None), (None, None), (1, 2), NOW.date()
    )
