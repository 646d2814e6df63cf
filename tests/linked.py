"""What the links of the pages lead to: followed from the bar, a few addresses of each shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml import html
from sites import Answered, Site

from lexwatch.web.frame import PAGES

ALIKE = 2  # addresses of one shape that are asked for
BRANCH = 40  # addresses under one first word of the path
BEGUN = (
    *(address for address, _ in PAGES),
    "/search?q=asylum",
    "/search?q=99+I%26N+Dec.+140",
    "/forum",
)
# Whose watch the pages show: one of the demo's readers, as `lexwatch.web.routes.watch` keeps it.
READER = "lexwatch_reader"
PAT = "pat%40example.com"
# Where things can't be: a page that helps stands there, too.
REFUSED = ("/nowhere", "/search?since=x", "/document/bia_decisions/none")


@dataclass(frozen=True)
class Found:
    """What stands at an address; `linked` is the page that led there, "" for none."""

    address: str
    linked: str
    answer: Answered

    @property
    def is_page(self) -> bool:
        return self.answer.headers.get("content-type", "").startswith("text/html")

    @cached_property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.answer.body.decode())

    @cached_property
    def links(self) -> Sequence[str]:
        """Addresses on this site, with their fragments."""
        base = urljoin("http://here/", self.address)
        whole = (urlsplit(urljoin(base, str(each))) for each in self.tree.xpath("//a/@href"))
        return tuple(
            each._replace(scheme="", netloc="").geturl() for each in whole if each.netloc == "here"
        )

    @cached_property
    def parts(self) -> frozenset[tuple[str, ...]]:
        """What sorts of elements it is made of."""
        return frozenset(
            (str(each.tag), each.get("class", ""), each.get("role", ""), each.get("type", ""))
            for each in self.tree.iter("*")
        )


def linked(site: Site, begun: Sequence[str] = BEGUN) -> Sequence[Found]:
    """Everything that is reached, files too, each address once, in the order of the links."""
    waiting = [(each, "") for each in begun]
    shapes: Counter[object] = Counter()
    branches: Counter[str] = Counter()
    found: dict[str, Found] = {}
    for address, by in waiting:
        branch = address.split("?")[0].split("/")[1]
        is_known = shapes[shape(address)] >= ALIKE or branches[branch] >= BRANCH
        if address in found or is_known:
            continue
        shapes[shape(address)] += 1
        branches[branch] += 1
        answer = site.ask(address, headers={"Cookie": f"{READER}={PAT}"})
        found[address] = each = Found(address, by, answer)
        if each.is_page:
            waiting += [(link.partition("#")[0], address) for link in each.links]
    return tuple(found.values())


def shape(address: str) -> object:
    """Alike are addresses under one word with the same names in the query."""
    parts = urlsplit(address)
    words = [each for each in parts.path.split("/") if each]
    return (*words[:1],), len(words) > 1, frozenset(dict(parse_qsl(parts.query)))


def covering(found: Sequence[Found]) -> Iterator[Found]:
    """The fewest pages, about, that have every sort of element between them."""
    left = {each.address: each for each in found if each.is_page}
    missing = frozenset[tuple[str, ...]]().union(*(each.parts for each in left.values()))
    while missing:
        best = max(left.values(), key=lambda each: len(each.parts & missing))
        missing -= best.parts
        yield left.pop(best.address)


def anchors(found: Sequence[Found]) -> Mapping[str, frozenset[str]]:
    """By the address of a page the names that a fragment may have."""
    return {
        each.address: frozenset(map(str, each.tree.xpath("//@id | //a/@name")))
        for each in found
        if each.is_page
    }
