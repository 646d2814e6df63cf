"""A crawl commits every page first, keeps to its manners, and says what it could not do."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from crawls import AGENT, NOW, Crawled, run
from servers import Answer, Asked, Publisher, certificate

from crawlers import reasons
from crawlers.bodies import BROKEN, fault
from crawlers.courtesy import Courtesy
from crawlers.patience import seconds_until
from pipeline.errors import SettingsError

pytestmark = pytest.mark.usefixtures("warm")

SITE = "https://www.publisher.test"
PREFIX = "/www.publisher.test"  # the path under which the mirror holds the publisher
PACKED = gzip.compress(b'{"leads": []}' + bytes(range(256)) * 40)
BOMB = gzip.compress(bytes(3_000_000))
WALL = b"<html><head><title>Challenge Validation</title></head><body></body></html>"


def leads(*follows: str | dict[str, Any]) -> Answer:
    said = [{"url": f} if isinstance(f, str) else f for f in follows]
    return Answer(
        body=json.dumps({"leads": said}).encode(),
        headers={"Content-Type": "application/json", "X-Powered-By": "none of ours"},
    )


def mapped(publisher: Publisher) -> dict[str, str]:
    return {SITE: publisher.base + PREFIX}


def rough(publisher: Publisher) -> None:
    """Routes of a publisher on whose site much goes wrong."""
    pages: dict[str, Any] = {
        "/listing": leads(
            *(
                f"{SITE}/{name}"
                for name in ("missing", "forbidden", "changed", "defect", "failing")
            ),
            *(
                f"{SITE}/{name}"
                for name in ("cut", "cut-gzip", "packed", "brotli", "bomb", "large")
            ),
            *(f"{SITE}/{name}" for name in ("busy", "answers-304", "one#here", "one#there")),
            "not an address",
            {"url": f"{SITE}/one", "context": {"late": True}},
        ),
        "/missing": Answer(status=404, body=b"gone?"),
        "/forbidden": Answer(status=403, body=b"no"),
        "/changed": Answer(body=b'{"changed": true}'),
        "/defect": Answer(body=b'{"defect": true}'),
        "/failing": Answer(status=500, body=b"broken"),
        "/cut": Answer(body=b"half of", cut=100),
        "/cut-gzip": Answer(body=PACKED[:-40], headers={"Content-Encoding": "gzip"}),
        "/packed": Answer(body=PACKED, headers={"Content-Encoding": "gzip"}),
        "/brotli": Answer(body=b"\x0b\x02\x80", headers={"Content-Encoding": "br"}),
        "/bomb": Answer(body=BOMB, headers={"Content-Encoding": "gzip"}),
        "/large": Answer(body=bytes(1_000_001)),
        "/busy": [Answer(status=429, headers={"Retry-After": "1"}), leads()],
        "/answers-304": Answer(status=304),
        "/one": leads(),
    }
    publisher.routes.update({PREFIX + path: answer for path, answer in pages.items()})


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Crawled, Publisher]:
    with Publisher() as publisher:
        rough(publisher)
        archive = tmp_path_factory.mktemp("troubled")
        seeds = [{"url": f"{SITE}/listing", "context": {"volume": 28}}]
        crawled = run(archive, seeds, origins=mapped(publisher), max_bytes=1_000_000)
    return crawled, publisher


def test_page_is_kept_with_its_address_and_context(troubled: tuple[Crawled, Publisher]) -> None:
    crawled, publisher = troubled
    page = crawled.page(f"{SITE}/listing")
    assert page.source == "sample"
    assert page.final_url == page.url
    assert page.asked == f"{publisher.base}{PREFIX}/listing"
    assert page.status == 200
    assert page.context == {"volume": 28}
    assert page.fetched_at == NOW
    assert page.headers["content-type"] == "application/json"
    assert "date" in page.headers
    assert "x-powered-by" not in page.headers


def test_we_say_who_we_are(troubled: tuple[Crawled, Publisher]) -> None:
    _, publisher = troubled
    assert {asked.headers["user-agent"] for asked in publisher.asked} == {AGENT}
    assert not any("cookie" in asked.headers for asked in publisher.asked)


def test_troubled_crawl_is_not_complete(troubled: tuple[Crawled, Publisher]) -> None:
    crawled, _ = troubled
    assert crawled.outcome
    assert not crawled.outcome.complete
    assert not crawled.outcome.blocked
    assert not crawled.error


def test_error_page_is_kept_as_evidence(troubled: tuple[Crawled, Publisher]) -> None:
    crawled, _ = troubled
    assert crawled.page(f"{SITE}/forbidden").status == 403
    assert "answered 403" in crawled.failure(f"{SITE}/forbidden")


def test_address_that_the_site_gives_without_a_page_is_told_apart_from_a_failure(
    troubled: tuple[Crawled, Publisher],
) -> None:
    crawled, _ = troubled
    assert crawled.page(f"{SITE}/missing").status == 404
    assert crawled.outcome
    assert crawled.outcome.gone == (f"{SITE}/missing",)
    assert [told["url"] for told in crawled.told("gone")] == [f"{SITE}/missing"]
    assert not any(f"{SITE}/missing" in line for line in crawled.outcome.failures)


def test_beginning_without_a_page_is_a_failure(tmp_path: Path) -> None:
    with Publisher() as publisher:
        crawled = run(tmp_path, [f"{SITE}/nowhere"], origins=mapped(publisher))
    assert crawled.outcome
    assert crawled.outcome.gone == ()
    assert "answered 404" in crawled.failure(f"{SITE}/nowhere")


def test_other_form_is_asked_where_a_page_cannot_be_read(tmp_path: Path) -> None:
    forms = {"url": f"{SITE}/text.xml", "otherwise": {"url": f"{SITE}/text.html"}}
    with Publisher() as publisher:
        publisher.routes |= {
            f"{PREFIX}/listing": leads(forms),
            f"{PREFIX}/text.xml": Answer(body=b'{"broken": true}'),
            f"{PREFIX}/text.html": leads(),
        }
        crawled = run(tmp_path, [f"{SITE}/listing"], origins=mapped(publisher))
    assert [page.url for page in crawled.pages][1:] == [f"{SITE}/text.xml", f"{SITE}/text.html"]


def test_other_form_is_asked_where_a_page_is_not_there(tmp_path: Path) -> None:
    forms = {
        "url": f"{SITE}/text.xml",
        "settled": True,
        "otherwise": {
            "url": f"{SITE}/text.html",
            "context": {"form": "HTML"},
            "otherwise": {"url": f"{SITE}/text.txt"},
        },
    }
    with Publisher() as publisher:
        publisher.routes |= {
            f"{PREFIX}/listing": leads(forms),
            f"{PREFIX}/text.html": leads(),
        }
        crawled = run(tmp_path, [f"{SITE}/listing"], origins=mapped(publisher))
    assert crawled.outcome
    assert crawled.outcome.complete
    assert [page.status for page in crawled.pages] == [200, 404, 200]
    assert crawled.page(f"{SITE}/text.html").context == {"form": "HTML"}
    assert f"{PREFIX}/text.txt" not in publisher.paths()


def test_server_error_is_kept_once_its_retries_are_spent(
    troubled: tuple[Crawled, Publisher],
) -> None:
    crawled, publisher = troubled
    assert publisher.paths().count(f"{PREFIX}/failing") == 2
    assert crawled.page(f"{SITE}/failing").status == 500
    assert "run again later" in crawled.failure(f"{SITE}/failing")


def test_page_that_lost_its_shape_is_kept_and_the_rest_goes_on(
    troubled: tuple[Crawled, Publisher],
) -> None:
    crawled, _ = troubled
    assert crawled.page(f"{SITE}/changed").status == 200
    assert "has no table" in crawled.failure(f"{SITE}/changed")
    assert crawled.page(f"{SITE}/one").status == 200


def test_defect_of_a_source_costs_one_page(troubled: tuple[Crawled, Publisher]) -> None:
    crawled, _ = troubled
    assert crawled.page(f"{SITE}/defect").status == 200
    assert "KeyError" in crawled.failure(f"{SITE}/defect")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("cut", "broke off"),
        ("cut-gzip", "broke off"),
        ("brotli", "did not ask for"),
        ("bomb", "size limit"),
        ("large", "size limit"),
    ],
)
def test_body_that_is_not_whole_is_no_page(
    troubled: tuple[Crawled, Publisher], path: str, why: str
) -> None:
    crawled, _ = troubled
    assert why in crawled.failure(f"{SITE}/{path}")
    assert not [page for page in crawled.pages if page.url == f"{SITE}/{path}"]


def test_packed_body_is_kept_unpacked(troubled: tuple[Crawled, Publisher]) -> None:
    crawled, _ = troubled
    assert crawled.page(f"{SITE}/packed").body == gzip.decompress(PACKED)


def test_retry_after_is_obeyed(troubled: tuple[Crawled, Publisher]) -> None:
    crawled, _ = troubled
    (wait,) = [told for told in crawled.told("waiting") if told["url"] == f"{SITE}/busy"]
    assert wait["seconds"] == 1.0
    assert crawled.page(f"{SITE}/busy").status == 200


def test_not_modified_without_our_question_is_a_failure(
    troubled: tuple[Crawled, Publisher],
) -> None:
    crawled, _ = troubled
    assert "answered 304" in crawled.failure(f"{SITE}/answers-304")


def test_link_that_is_no_address_is_reported(troubled: tuple[Crawled, Publisher]) -> None:
    crawled, _ = troubled
    assert "no web address" in crawled.failure("not an address")


def test_page_is_asked_for_once_whatever_the_fragment(
    troubled: tuple[Crawled, Publisher],
) -> None:
    crawled, publisher = troubled
    assert publisher.paths().count(f"{PREFIX}/one") == 1
    assert crawled.page(f"{SITE}/one").context == {}


def test_events_count_down_to_the_end(troubled: tuple[Crawled, Publisher]) -> None:
    crawled, publisher = troubled
    assert crawled.outcome
    assert crawled.events[-1]["event"] == "finished"
    assert crawled.events[-1]["queued"] == 0
    assert all({"source", "done", "queued"} <= told.keys() for told in crawled.events)
    assert crawled.events[-1]["done"] == 15
    asked = [told["url"] for told in crawled.told("asked")]
    assert asked[:2] == [f"{SITE}/robots.txt", f"{SITE}/listing"]
    assert crawled.outcome.requests == len(asked) == len(publisher.asked)
    assert crawled.outcome.pages == len(crawled.told("kept")) == len(crawled.pages)
    assert crawled.outcome.bytes > len(PACKED)


def test_mirror_of_our_own_is_asked_without_pauses(troubled: tuple[Crawled, Publisher]) -> None:
    crawled, _ = troubled
    assert crawled.delays["127.0.0.1"] == 0


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Crawled, Crawled, Publisher, int]:
    """Two visits to a publisher whose pages have validators, and where each second one changed."""

    def validated(tag: str, answer: Answer) -> Any:
        def route(asked: Asked) -> Answer:
            if asked.headers.get("if-none-match") == tag:
                return Answer(status=304, headers={"ETag": tag})
            return Answer(body=answer.body, headers={"ETag": tag})

        return route

    settled = {"url": f"{SITE}/settled", "settled": True, "context": {"number": "1"}}
    retold = {"url": f"{SITE}/retold", "settled": True, "context": {"named": "once"}}
    archive = tmp_path_factory.mktemp("visits")
    with Publisher() as publisher:
        publisher.routes |= {
            f"{PREFIX}/listing": validated('"a"', leads(settled, f"{SITE}/edited")),
            f"{PREFIX}/settled": leads({"url": f"{SITE}/annex", "settled": True}),
            f"{PREFIX}/annex": [Answer(status=404), leads()],
            f"{PREFIX}/edited": [leads(), Answer(body=b'{"leads": [], "new": 1}')],
            f"{PREFIX}/retold": validated('"b"', leads()),
        }
        seeds: list[str | dict[str, Any]] = [f"{SITE}/listing", retold]
        first = run(archive, seeds, origins=mapped(publisher))
        asked = len(publisher.asked)
        seeds[1] = {**retold, "context": {"named": "anew"}}
        second = run(archive, seeds, origins=mapped(publisher))
    return first, second, publisher, asked


def test_unchanged_page_is_confirmed_and_followed(
    visits: tuple[Crawled, Crawled, Publisher, int],
) -> None:
    _, second, _, _ = visits
    assert second.outcome
    assert second.outcome.complete
    assert second.outcome.unchanged == 2
    told = [told["url"] for told in second.told("unchanged")]
    assert told == [f"{SITE}/listing", f"{SITE}/retold"]
    assert f"{SITE}/listing" in second.confirmed
    assert f"{SITE}/edited" in [told["url"] for told in second.told("kept")]
    assert len([page for page in second.pages if page.url == f"{SITE}/listing"]) == 1


def test_new_context_on_an_unchanged_body_is_kept(
    visits: tuple[Crawled, Crawled, Publisher, int],
) -> None:
    _, second, _, _ = visits
    before, after = [page for page in second.pages if page.url == f"{SITE}/retold"]
    assert before.body == after.body
    assert after.status == 200
    assert after.headers["etag"] == '"b"'
    assert (before.context, after.context) == ({"named": "once"}, {"named": "anew"})
    assert f"{SITE}/retold" not in second.confirmed  # kept anew instead


def test_settled_page_is_not_asked_again_but_followed(
    visits: tuple[Crawled, Crawled, Publisher, int],
) -> None:
    first, second, publisher, asked = visits
    again = publisher.paths()[asked:]
    assert f"{PREFIX}/settled" not in again
    assert f"{PREFIX}/annex" in again  # the first visit got no more than a 404 for it
    assert first.outcome
    assert not first.outcome.complete
    assert second.outcome
    assert second.outcome.pages == 3  # edited, retold, annex
    assert first.confirmed == []
    assert second.confirmed.count(f"{SITE}/settled") == 1


def stale(body: bytes) -> Any:
    """A publisher's cache that serves one body and confirms it to whoever holds it."""

    def route(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == '"a"':
            return Answer(status=304, headers={"ETag": '"a"'})
        return Answer(body=body, headers={"ETag": '"a"', "Content-Type": "text/html"})

    return route


@pytest.mark.parametrize("settled", [True, False])
@pytest.mark.parametrize("broken", [b'{"broken": true}', b'{"changed": true}', b'{"defect": true}'])
def test_page_that_came_broken_is_asked_anew_until_it_is_whole(
    tmp_path: Path, broken: bytes, settled: bool
) -> None:
    seeds = [{"url": f"{SITE}/page", "settled": settled}]
    with Publisher() as publisher:
        publisher.routes[f"{PREFIX}/page"] = stale(broken)
        crawls = [run(tmp_path, seeds, origins=mapped(publisher)) for _ in range(2)]
        publisher.routes[f"{PREFIX}/page"] = leads()
        crawls.append(run(tmp_path, seeds, origins=mapped(publisher)))
    pages = [asked for asked in publisher.asked if asked.path == f"{PREFIX}/page"]
    assert len(pages) == 3
    assert not any("if-none-match" in asked.headers for asked in pages)
    assert [page.body == broken for page in crawls[-1].pages] == [True, True, False]
    assert crawls[-1].confirmed == []
    assert crawls[-1].outcome
    assert crawls[-1].outcome.complete


def test_wall_that_was_kept_is_a_wall_in_every_run(tmp_path: Path) -> None:
    with Publisher() as publisher:
        publisher.routes[f"{PREFIX}/a"] = stale(WALL)
        crawls = [run(tmp_path, [f"{SITE}/a"], origins=mapped(publisher)) for _ in range(2)]
    assert [crawled.outcome and crawled.outcome.blocked for crawled in crawls] == [True, True]
    assert crawls[-1].confirmed == []


def test_not_modified_that_was_not_asked_for_confirms_nothing(tmp_path: Path) -> None:
    with Publisher() as publisher:
        publisher.routes[f"{PREFIX}/a"] = [Answer(body=b'{"broken": true}'), Answer(status=304)]
        for _ in range(2):
            crawled = run(tmp_path, [f"{SITE}/a"], origins=mapped(publisher))
    assert "answered 304" in crawled.failure(f"{SITE}/a")
    assert crawled.confirmed == []


def test_bot_wall_stops_the_crawl(tmp_path: Path) -> None:
    with Publisher() as publisher:
        publisher.routes |= {
            f"{PREFIX}/a": Answer(status=200, body=WALL, headers={"Content-Type": "text/html"}),
            f"{PREFIX}/b": leads(),
        }
        crawled = run(tmp_path, [f"{SITE}/a", f"{SITE}/b"], origins=mapped(publisher))
        assert f"{PREFIX}/b" not in publisher.paths()
    assert crawled.outcome
    assert crawled.outcome.blocked
    assert not crawled.outcome.complete
    assert "bot wall" in crawled.failure(f"{SITE}/a")
    assert crawled.page(f"{SITE}/a").body == WALL
    assert crawled.told("blocked")


def test_wait_beyond_our_patience_ends_the_run(tmp_path: Path) -> None:
    with Publisher() as publisher:
        publisher.routes |= {
            f"{PREFIX}/a": Answer(status=503, headers={"Retry-After": "86400"}),
            f"{PREFIX}/b": leads(),
        }
        crawled = run(tmp_path, [f"{SITE}/a", f"{SITE}/b"], origins=mapped(publisher))
        assert f"{PREFIX}/b" not in publisher.paths()
    assert crawled.outcome
    assert len(crawled.outcome.failures) == 1
    assert "wait 86400 s" in crawled.failure(f"{SITE}/a")


def test_chosen_addresses_bound_the_visit(tmp_path: Path) -> None:
    with Publisher() as publisher:
        told = {"url": f"{SITE}/b?x=1&y=2", "context": {"told": "by a"}}
        publisher.routes |= {
            f"{PREFIX}/a": leads(told, f"{SITE}/elsewhere"),
            f"{PREFIX}/b?x=1&y=2": leads(),
            f"{PREFIX}/c": leads(f"{SITE}/elsewhere"),
        }
        chosen = [f"{SITE}/c", f"{SITE}/b?y=2&x=1", f"{SITE}/a"]
        seeds = [f"{SITE}/a", f"{SITE}/not-chosen"]
        crawled = run(tmp_path, seeds, chosen=chosen, origins=mapped(publisher))
    assert crawled.outcome
    assert crawled.outcome.complete
    assert [page.url for page in crawled.pages] == [
        f"{SITE}/a",
        f"{SITE}/b?x=1&y=2",
        f"{SITE}/c",
    ]
    assert crawled.page(f"{SITE}/b?x=1&y=2").context == {"told": "by a"}


def test_killed_crawl_goes_on_where_it_was(tmp_path: Path) -> None:
    links = [f"{SITE}/{number}" for number in range(4)]
    settled = [{"url": link, "settled": True} for link in links]
    with Publisher() as publisher:
        publisher.routes |= {PREFIX + link.removeprefix(SITE): leads() for link in links}
        publisher.routes[f"{PREFIX}/listing"] = leads(*settled)
        killed = run(tmp_path, [f"{SITE}/listing"], die_after=3, origins=mapped(publisher))
        assert killed.outcome is None
        assert len(killed.pages) == 3
        crawled = run(tmp_path, [f"{SITE}/listing"], origins=mapped(publisher))
        paths = publisher.paths()
    assert crawled.outcome
    assert crawled.outcome.complete
    assert {page.url for page in crawled.pages} == {f"{SITE}/listing", *links}
    assert [paths.count(f"{PREFIX}/{number}") for number in range(4)] == [1, 1, 1, 1]


def test_archive_that_fails_stops_the_crawl(tmp_path: Path) -> None:
    with Publisher() as publisher:
        publisher.routes |= {f"{PREFIX}/{name}": leads() for name in "abc"}
        seeds = [f"{SITE}/{name}" for name in "abc"]
        crawled = run(tmp_path, seeds, limit=1, origins=mapped(publisher))
        assert f"{PREFIX}/c" not in publisher.paths()
    assert crawled.error == "OSError: no space left in the archive"
    assert len(crawled.pages) == 1


def test_unknown_certificate_is_refused(tmp_path: Path) -> None:
    with Publisher({"/a": leads()}) as publisher:
        publisher.encrypt(*certificate(tmp_path))
        origins = {SITE: f"https://localhost:{publisher.port}"}
        crawled = run(tmp_path / "archive", [f"{SITE}/a"], origins=origins)
        assert publisher.asked == []
    assert "certificate cannot be verified" in crawled.failure(f"{SITE}/a")


def test_visit_without_beginnings_is_a_failure(tmp_path: Path) -> None:
    crawled = run(tmp_path, [])
    assert crawled.outcome
    assert not crawled.outcome.complete
    assert crawled.outcome.failures[0].endswith("there is no page to begin with")


def test_a_day_by_which_nothing_was_recorded_is_said_to_be_one(tmp_path: Path) -> None:
    crawled = run(tmp_path, [], chosen=[])
    assert crawled.outcome and "nothing of this source was recorded" in crawled.outcome.failures[0]


@pytest.mark.parametrize(
    "agent", ["lexwatch/1.0", "Mozilla/5.0 (compatible; lexwatch; +https://example.org)"]
)
def test_user_agent_must_be_ours_and_reachable(agent: str) -> None:
    with pytest.raises(SettingsError, match="user agent"):
        Courtesy(user_agent=agent, clock=lambda: NOW)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", 0.0),
        ("120", 120.0),
        (" 120 ", 120.0),
        ("-5", 0.0),
        ("soon", 0.0),
        ("Wed, 18 Nov 2026 14:06:30 GMT", 90.0),
        ("Wed, 18 Nov 2026 14:06:30 -0000", 90.0),
        ("Wed, 18 Nov 2026 14:00:00 GMT", 0.0),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(header: str, seconds: float) -> None:
    assert seconds_until(header, NOW) == seconds


def test_gzip_body_is_whole_only_with_its_end() -> None:
    large = 10_000_000
    assert fault(PACKED, large) == ""
    assert fault(BOMB, large) == ""
    assert fault(BOMB, 1000) == reasons.TOO_LARGE
    assert {fault(PACKED[:length], large) for length in range(len(PACKED))} == {BROKEN}
    assert fault(PACKED[:-8] + bytes(8), large) == BROKEN
    assert fault(b"<html>", large) == BROKEN
