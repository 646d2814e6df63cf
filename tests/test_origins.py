"""A mirror is asked in a publisher's place, no address but the publisher's is seen anywhere else,
and nothing inside a private network is asked unless it is such a mirror."""

from __future__ import annotations

import json
from typing import Any

import pytest
from crawls import Crawled, run
from servers import Answer, Publisher

from crawlers.hosts import is_private
from crawlers.origins import Origins
from pipeline.errors import SettingsError

pytestmark = pytest.mark.usefixtures("warm")

SITE = "https://www.publisher.test"
OTHER = "https://docs.publisher.test"
MIRROR = "http://127.0.0.1:8000/www.publisher.test"


def page(*links: str) -> Answer:
    return Answer(body=json.dumps({"leads": [{"url": link} for link in links]}).encode())


def to(location: str, status: int = 302) -> Answer:
    return Answer(status=status, headers={"Location": location})


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Crawled, Publisher, Publisher]:
    """One crawl of a publisher's two hosts, at a mirror that also redirects in every way."""
    with Publisher() as mirror, Publisher() as inside:
        base = f"{mirror.base}/www"
        names = ("self", "publisher", "path", "publisher-path", "relative", "to-other-host")
        bad = ("elsewhere", "inside", "loop", "malformed", "nowhere", "file")
        routes: dict[str, Any] = {
            "/www/robots.txt": Answer(body=b"User-agent: *\nDisallow: /secret\n"),
            "/www/": page(f"{SITE}/secret", *(f"{SITE}/{name}" for name in names + bad)),
            "/www/self": to(f"{base}/landing?by=self"),
            "/www/publisher": to(f"{SITE}/landing?by=publisher", 301),
            "/www/path": to("/www/landing?by=path", 307),
            "/www/publisher-path": to("/landing?by=publisher-path", 308),
            "/www/relative": to("landing?by=relative", 303),
            "/www/to-other-host": to(f"{OTHER}/landing"),
            **{f"/www/landing?by={name}": page() for name in names},
            "/www/landing?by=self": page(f"{base}/next?page=2"),
            "/www/next?page=2": page(),
            "/docs/landing": page(),
            "/www/elsewhere": to("https://attacker.test/page"),
            "/www/inside": to(f"{inside.base}/admin"),
            "/www/loop": to(f"{SITE}/loop"),
            "/www/malformed": to("http://[broken"),
            "/www/nowhere": Answer(status=302),
            "/www/file": to("file:///etc/passwd"),
        }
        mirror.routes |= routes
        crawled = run(
            tmp_path_factory.mktemp("mirrored"),
            [SITE],
            hosts=["www.publisher.test", "docs.publisher.test"],
            origins={SITE: base, OTHER: f"{mirror.base}/docs/"},
        )
    return crawled, mirror, inside


def test_robots_are_asked_at_the_mirror_of_each_host(
    mirrored: tuple[Crawled, Publisher, Publisher],
) -> None:
    crawled, mirror, _ = mirrored
    assert {path for path in mirror.paths() if "robots" in path} == {
        "/www/robots.txt",
        "/docs/robots.txt",
    }
    assert "/www/secret" not in mirror.paths()
    assert "robots.txt disallows" in crawled.failure(f"{SITE}/secret")


@pytest.mark.parametrize("way", ["self", "publisher", "path", "publisher-path", "relative"])
def test_redirect_is_followed_however_the_mirror_names_it(
    mirrored: tuple[Crawled, Publisher, Publisher], way: str
) -> None:
    crawled, mirror, _ = mirrored
    kept = crawled.page(f"{SITE}/{way}")
    assert kept.final_url == f"{SITE}/landing?by={way}"
    assert kept.asked == f"{mirror.base}/www/landing?by={way}"


def test_redirect_between_the_publishers_hosts_is_followed(
    mirrored: tuple[Crawled, Publisher, Publisher],
) -> None:
    crawled, mirror, _ = mirrored
    kept = crawled.page(f"{SITE}/to-other-host")
    assert kept.final_url == f"{OTHER}/landing"
    assert kept.asked == f"{mirror.base}/docs/landing"


def test_link_that_names_the_mirror_is_the_publishers(
    mirrored: tuple[Crawled, Publisher, Publisher],
) -> None:
    crawled, mirror, _ = mirrored
    kept = crawled.page(f"{SITE}/next?page=2")
    assert kept.asked == f"{mirror.base}/www/next?page=2"


def test_no_address_but_the_publishers_is_told(
    mirrored: tuple[Crawled, Publisher, Publisher],
) -> None:
    crawled, _, _ = mirrored
    told = {event["url"] for event in crawled.events if "url" in event}
    assert all(url.startswith((SITE, OTHER)) for url in told)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("elsewhere", "attacker.test"),
        ("inside", "not among this source's hosts"),
        ("loop", "max redirections"),
        ("malformed", "ValueError"),
        ("nowhere", "answered 302"),
    ],
)
def test_bad_redirect_is_refused_and_reported(
    mirrored: tuple[Crawled, Publisher, Publisher], path: str, why: str
) -> None:
    crawled, _, inside = mirrored
    assert why in crawled.failure(f"{SITE}/{path}")
    assert inside.asked == []


def test_redirect_to_a_file_is_not_followed(
    mirrored: tuple[Crawled, Publisher, Publisher],
) -> None:
    crawled, _, _ = mirrored
    assert crawled.failure(f"{SITE}/file")
    assert not any(b"root:" in kept.body for kept in crawled.pages)


def test_private_address_is_refused_unless_it_is_a_mirror(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """ "127.1" is a name to us and resolves to this machine, as a rebound name would."""
    with Publisher() as inside, Publisher({"/m/a": page()}) as mirror:
        literal, name = f"127.0.0.1:{inside.port}", f"127.1:{inside.port}"
        crawled = run(
            tmp_path_factory.mktemp("private"),
            [f"http://{literal}/a", f"http://{name}/a", f"{SITE}/a"],
            hosts=[literal, name, "www.publisher.test"],
            origins={SITE: f"http://localhost:{mirror.port}/m"},
            delay=0,
        )
    assert "private address" in crawled.failure(f"http://{literal}/a")
    assert "private address" in crawled.failure(f"http://{name}/a")
    assert inside.asked == []
    assert crawled.page(f"{SITE}/a").asked == f"http://localhost:{mirror.port}/m/a"


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "localhost", "a.localhost"),
        "0.0.0.0",  # noqa: S104 - an address to refuse, not to bind
        *("[::1]", "::", "[fe80::1]", "[fd00::1]", "[::ffff:10.0.0.1]", "[::ffff:127.0.0.1]"),
    ],
)
def test_private_host_is_recognised(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize("host", ["1.1.1.1", "[2606:4700::1111]", "www.uscis.gov", "10.example"])
def test_public_host_is_not_private(host: str) -> None:
    assert not is_private(host)


@pytest.mark.parametrize(
    ("url", "wire"),
    [
        (f"{SITE}/robots.txt", f"{MIRROR}/robots.txt"),
        (SITE, f"{MIRROR}/"),
        (f"{SITE}/a?b=c&d", f"{MIRROR}/a?b=c&d"),
        (f"{SITE}?b=c", f"{MIRROR}/?b=c"),
        ("http://www.publisher.test/a", f"{MIRROR}/a"),
        ("https://www.publisher.test.example/a", "https://www.publisher.test.example/a"),
        ("https://other.test/a", "https://other.test/a"),
    ],
)
def test_mapped_origin_is_asked_at_its_base(url: str, wire: str) -> None:
    assert Origins({SITE: f"{MIRROR}/"}).wire(url) == wire


@pytest.mark.parametrize(
    ("url", "restored"),
    [
        (f"{MIRROR}/a?b=c#d", f"{SITE}/a?b=c#d"),
        (MIRROR, SITE),
        (f"{MIRROR}?b=c", f"{SITE}?b=c"),
        (f"{MIRROR}.example/a", f"{MIRROR}.example/a"),
        (f"{SITE}/a", f"{SITE}/a"),
    ],
)
def test_address_at_the_mirror_is_restored(url: str, restored: str) -> None:
    assert Origins({SITE: MIRROR}).restore(url) == restored


def test_mirror_of_http_and_https_stands_for_https() -> None:
    both = Origins({SITE: MIRROR, "http://www.publisher.test": MIRROR})
    assert both.restore(f"{MIRROR}/a") == f"{SITE}/a"


def test_longest_base_wins() -> None:
    nested = Origins({SITE: "http://mirror.test/a", OTHER: "http://mirror.test/a/b"})
    assert nested.restore("http://mirror.test/a/b/c") == f"{OTHER}/c"
    assert nested.restore("http://mirror.test/a/c") == f"{SITE}/c"


@pytest.mark.parametrize(
    "mapping",
    [
        {SITE: "127.0.0.1:8000"},
        {SITE: "ftp://mirror.test"},
        {SITE: "http://user:word@mirror.test"},
        {SITE: "http://mirror.test/?q="},
        {"www.publisher.test": "http://mirror.test"},
        {f"{SITE}/part": "http://mirror.test"},
        {SITE: "http://mirror.test", OTHER: "http://mirror.test/"},
        {SITE: "http://mirror.test", SITE.replace("https", "http"): "http://other.test"},
    ],
)
def test_bad_mapping_is_refused(mapping: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="origins: "):
        Origins(mapping)
