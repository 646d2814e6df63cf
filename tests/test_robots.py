"""robots.txt is obeyed; where it cannot be read, nothing is asked; its pauses are kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from crawls import AGENT, NOW, run
from servers import Answer, Publisher

from crawlers.courtesy import Courtesy
from crawlers.source import Facts

pytestmark = pytest.mark.usefixtures("warm")

SITE = "https://www.publisher.test"
PAGE = Answer(body=b'{"leads": []}')


def rules(text: str) -> Answer:
    return Answer(body=text.encode(), headers={"Content-Type": "text/plain"})


def test_rules_and_pause_addressed_to_us_hold(tmp_path: Path) -> None:
    robots = rules(
        "User-agent: *\nDisallow: /\n\n"
        "User-agent: lexwatch-tests\nDisallow: /private/\nCrawl-delay: 0.2\n"
    )
    with Publisher({"/m/robots.txt": robots, "/m/a": PAGE, "/m/private/a": PAGE}) as publisher:
        crawled = run(
            tmp_path,
            [f"{SITE}/a", f"{SITE}/private/a"],
            origins={SITE: f"{publisher.base}/m"},
            delay=0.1,
        )
        assert publisher.paths() == ["/m/robots.txt", "/m/a"]
    assert crawled.page(f"{SITE}/a").status == 200
    assert "robots.txt disallows" in crawled.failure(f"{SITE}/private/a")
    assert crawled.delays["127.0.0.1"] == 0.2
    (wait,) = crawled.told("waiting")
    assert wait["seconds"] == 0.2


def test_unread_robots_forbid_everything(tmp_path: Path) -> None:
    hosts = {
        "failing": Answer(status=503, body=b"User-agent: *\nAllow: /\n"),
        "busy": Answer(status=429),
        "slow": rules("User-agent: *\nCrawl-delay: 9000\n"),
        "away": Answer(status=302, headers={"Location": "https://attacker.test/robots.txt"}),
        "absent": Answer(status=404, body=b"User-agent: *\nDisallow: /\n"),
        "closed": Answer(status=403, body=b"User-agent: *\nDisallow: /\n"),
    }
    with Publisher() as publisher:
        for name, answer in hosts.items():
            publisher.routes |= {f"/{name}/robots.txt": answer, f"/{name}/a": PAGE}
        dead = Publisher()
        dead._server.server_close()
        origins = {f"https://{name}.test": f"{publisher.base}/{name}" for name in hosts}
        origins["https://dead.test"] = dead.base
        crawled = run(
            tmp_path,
            [f"{origin}/a" for origin in origins],
            hosts=[origin.removeprefix("https://") for origin in origins],
            origins=origins,
        )
        pages = [path for path in publisher.paths() if path.endswith("/a")]
    assert pages == ["/absent/a", "/closed/a"]
    assert "robots.txt answered 503" in crawled.failure("https://failing.test/a")
    assert "robots.txt answered 429" in crawled.failure("https://busy.test/a")
    assert "9000 s between requests" in crawled.failure("https://slow.test/a")
    assert "robots.txt could not be read" in crawled.failure("https://away.test/a")
    assert "robots.txt could not be read" in crawled.failure("https://dead.test/a")
    assert crawled.outcome
    assert not crawled.outcome.complete


@pytest.mark.parametrize(
    ("delay", "crawl_delay", "private", "pace"),
    [
        (None, 0.0, False, 7.0),
        (None, 10.0, False, 10.0),
        (None, 3.0, False, 7.0),
        (2.0, 0.0, False, 2.0),
        (2.0, 10.0, False, 10.0),
        (None, 10.0, True, 0.0),
        (2.0, 0.0, True, 2.0),
        (2.0, 10.0, True, 10.0),
    ],
)
def test_pace_is_the_longer_pause_and_none_at_a_mirror_of_our_own(
    delay: float | None, crawl_delay: float, private: bool, pace: float
) -> None:
    courtesy = Courtesy(user_agent=AGENT, clock=lambda: NOW, delay=delay)
    facts = Facts(
        name="sample",
        title="Sample",
        publisher="Publisher",
        home=SITE,
        hosts=("www.publisher.test",),
        delay=7.0,
        cadence=timedelta(days=1),
        floor=0,
        ceiling=10,
        enumerates=False,
        scope="everything",
    )
    assert courtesy.pace(facts, crawl_delay=crawl_delay, private=private) == pace


def test_robots_know_us_by_our_product_name() -> None:
    assert Courtesy(user_agent=AGENT, clock=lambda: NOW).product == "lexwatch-tests"
