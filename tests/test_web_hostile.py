"""Whatever an address, a form or a program says, the site answers in good order: never a 500."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

import pytest
import schemathesis
from browsers import at_work
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from linked import Found, linked
from schemathesis import checks
from sites import Site, serving

from lexwatch.app import App

SCHEMA = "/api/v1/openapi.json"
FORM = "application/x-www-form-urlencoded"
OURS = frozenset({"token"})  # fields of a form that no reader fills in
# As nobody types it, and as programs that look for holes do.
HOSTILE = (
    "",
    " ",
    "0",
    "-1",
    "1e9",
    "9" * 40,
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "\x00",
    "\ud800",
    "١٢",
    "𝟙",
    "'\"--;",
    '"a /p (b',
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "{{7*7}}",
    "%",
    "a" * 5000,
)
NAMES = ("q", "page", "since", "until", "forum", "source", "topic", "kind", "like", "from", "to")
PROMISES = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
values = st.sampled_from(HOSTILE) | st.text(max_size=40) | st.integers().map(str)
# What is found is told as it is found: that an example takes long says nothing here.
patient = settings(
    deadline=None, max_examples=150, suppress_health_check=[*HealthCheck], database=None
)


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form that writes: where it is sent, whose it is, and what it would say untouched."""

    address: str
    cookie: str
    fields: Sequence[tuple[str, str]]


@pytest.fixture(scope="module")
def site(stocked: App, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """That of an office of its own, for forms are sent."""
    data = tmp_path_factory.mktemp("hostile") / "data"
    shutil.copytree(stocked.settings.folder, data)
    with serving(at_work(data)) as found:
        yield found


@pytest.fixture(scope="module")
def found(site: Site) -> Sequence[Found]:
    return linked(site)


def test_no_address_makes_a_page_fail(site: Site, found: Sequence[Found]) -> None:
    known = [each.address for each in found]

    @patient
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        address = data.draw(_altered(data.draw(st.sampled_from(known))))
        assert site.ask(address).status < 500, address

    holds()


def test_no_form_makes_a_page_fail(site: Site, found: Sequence[Found]) -> None:
    forms = [form for each in found if each.is_page for form in _forms(each)]
    assert forms

    @patient
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        form = data.draw(st.sampled_from(forms))
        said = data.draw(_filled(form))
        headers = {"Content-Type": FORM, "Cookie": form.cookie}
        assert site.ask(form.address, "POST", said, headers).status < 500, (form.address, said)

    holds()


def test_the_interface_for_programs_answers_as_it_says(site: Site) -> None:
    schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{site.port}{SCHEMA}")
    for operation in schema.get_all_operations():

        @settings(patient, max_examples=12)
        @given(operation.ok().as_strategy())
        def holds(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=PROMISES)

        holds()


@st.composite
def _altered(draw: st.DrawFn, address: str) -> str:
    """The same with a word of its path, or some values of its query, replaced."""
    parts = urlsplit(address)
    words, given_ = parts.path.split("/"), parse_qsl(parts.query)
    if len(words) > 2 and draw(st.booleans()):
        words[draw(st.integers(2, len(words) - 1))] = _quoted(draw(values))
    said = [(name, draw(values) if draw(st.booleans()) else value) for name, value in given_]
    if draw(st.booleans()):
        said.append((draw(st.sampled_from(NAMES)), draw(values)))
    query = urlencode(said, errors="surrogatepass")
    return f"{'/'.join(words)}?{query}" if query else "/".join(words)


def _quoted(word: str) -> str:
    return quote(word, safe="", errors="surrogatepass")


@st.composite
def _filled(draw: st.DrawFn, form: Form) -> bytes:
    """What a browser would send, most fields as they were."""
    said = [
        (name, value if name in OURS or draw(st.integers(0, 2)) else draw(values))
        for name, value in form.fields
    ]
    return urlencode(said, errors="surrogatepass").encode()


def _forms(page: Found) -> Iterator[Form]:
    for each in page.tree.forms:
        if each.method == "POST":
            address = urljoin(page.address, each.get("action") or "")
            cookie = page.answer.headers.get("set-cookie", "").partition(";")[0]
            fields = [(name, value or "") for name, value in each.fields.items()]
            yield Form(address=address, cookie=cookie, fields=fields)
