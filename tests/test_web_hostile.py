"""Whatever an address, a form or a program says, the site answers in good order: never a 500."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

import pytest
import schemathesis
from browsers import at_work
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from linked import PAT, READER, Found, linked
from schemathesis import checks
from schemathesis.core.result import Ok
from sites import Site, serving

from lexwatch.app import App

SCHEMA = "/api/v1/openapi.json"
FORM = "application/x-www-form-urlencoded"
BOUND = "bound"
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
    files: frozenset[str]  # names of fields; where there are any it is sent in parts


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
        kind = f"multipart/form-data; boundary={BOUND}" if form.files else FORM
        headers = {"Content-Type": kind, "Cookie": form.cookie}
        assert site.ask(form.address, "POST", said, headers).status < 500, (form.address, said)

    holds()


def test_the_interface_for_programs_answers_as_it_says(site: Site) -> None:
    schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{site.port}{SCHEMA}")
    for operation in schema.get_all_operations():
        assert isinstance(operation, Ok)

        @settings(patient, max_examples=12)
        @given(operation.ok().as_strategy())
        def holds(case: Any) -> None:
            case.call_and_validate(checks=PROMISES)

        holds()


def test_what_no_route_of_the_interface_can_match_is_a_problem_in_its_form(site: Site) -> None:
    answer = site.ask("/api/v1/sources/%0A")
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")


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
    if not form.files:
        return urlencode(said, errors="surrogatepass").encode()
    parts = [(name, _file(draw) if name in form.files else ("", value)) for name, value in said]
    return b"".join(_part(name, *part) for name, part in parts) + f"--{BOUND}--\r\n".encode()


def _file(draw: st.DrawFn) -> tuple[str, str]:
    """A file that is not what its name says; its bytes as Latin-1."""
    ending = draw(st.sampled_from((".docx", ".txt", ".pdf", "", ".DOCX")))
    beginning = draw(st.sampled_from(("", "PK\x03\x04", "%PDF-1.7\n", "\xff\xfe")))
    return f"brief{ending}", beginning + draw(st.binary(max_size=400)).decode("latin-1")


def _part(name: str, filename: str, said: str) -> bytes:
    given_ = f'; filename="{filename}"' if filename else ""
    head = f'--{BOUND}\r\nContent-Disposition: form-data; name="{name}"{given_}\r\n\r\n'
    body = said.encode("latin-1") if filename else said.encode(errors="surrogatepass")
    return head.encode() + body + b"\r\n"


def _forms(page: Found) -> Iterator[Form]:
    for each in page.tree.forms:
        if each.method == "POST":
            address = urljoin(page.address, each.get("action") or "")
            visitor = page.answer.headers.get("set-cookie", "").partition(";")[0]
            files = frozenset(map(str, each.xpath(".//input[@type = 'file']/@name")))
            yield Form(
                address=address,
                cookie=f"{visitor}; {READER}={PAT}",
                fields=[(name, value or "") for name, value in each.form_values()]
                + [(name, "") for name in files],
                files=files,
            )
