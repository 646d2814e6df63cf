"""The message: the same digest gives the same bytes, and nothing crawled becomes a header."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from typing import Any

import pytest
from builders import SINCE, UNTIL

from alerts.mail import Letterhead, compose, key
from pipeline.errors import DeliveryError
from pipeline.model import Digest

LETTERHEAD = Letterhead(
    sender="lexwatch@firm.example",
    sender_name="lexwatch",
    list_id="digest.lexwatch.firm.example",
    unsubscribe="library@firm.example",
)


def a_digest(reader: str = "ana", address: str = "ana@firm.example") -> Digest:
    return Digest(reader=reader, address=address, since=SINCE, until=UNTIL, alerts=(), coverage=())


def composed(digest: Digest | None = None, **more: Any) -> EmailMessage:
    given = {"subject": "Immigration law", "html": "<p>§ 1</p>", "text": "§ 1\n", **more}
    return compose(digest or a_digest(), **{"letterhead": LETTERHEAD, **given})


def read_back(message: EmailMessage) -> EmailMessage:
    return message_from_bytes(message.as_bytes(policy=SMTP), policy=default)


def test_the_same_digest_gives_the_same_bytes() -> None:
    assert composed().as_bytes() == composed().as_bytes()


def test_one_message_id_for_each_reader_address_and_period() -> None:
    base = a_digest()
    others = [
        replace(base, reader="ben"),
        replace(base, address="b@firm.example"),
        replace(base, until=SINCE),
    ]
    assert composed(base)["Message-ID"] == composed(base, text="other\n")["Message-ID"]
    assert len({composed(one)["Message-ID"] for one in (base, *others)}) == 4
    assert "ana" not in composed(base)["Message-ID"]
    assert len({key(one) for one in (base, *others)}) == 4


def test_both_forms_are_there_and_the_plain_one_is_real_text() -> None:
    message = read_back(composed())
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert (plain.get_content_type(), plain.get_content()) == ("text/plain", "§ 1\r\n")
    assert html.get_content_type() == "text/html" and "<p>§ 1</p>" in html.get_content()


def test_the_message_says_that_it_comes_from_a_list_and_a_machine() -> None:
    message = read_back(composed())
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<digest.lexwatch.firm.example>"
    assert message["List-Unsubscribe"] == "<mailto:library@firm.example?subject=unsubscribe>"
    assert message["Date"].datetime == UNTIL


@pytest.mark.parametrize("name", ["José Núñez", "李雷", 'O\'Brien, "Pat" <x@y.example>', "a" * 300])
def test_any_readers_name_comes_back_as_it_was(name: str) -> None:
    (to,) = read_back(composed(a_digest(name)))["To"].addresses
    assert (to.display_name, to.addr_spec) == (name, "ana@firm.example")


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "\x0b", "\u2028", "\x00"])
def test_no_name_or_subject_can_add_a_header(line_end: str) -> None:
    evil = f"ana{line_end}Bcc: all@elsewhere.example"
    message = read_back(composed(a_digest(evil), subject=evil))
    assert message["Bcc"] is None and len(message["To"].addresses) == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@",
        "@b.example",
        "a@b, c@d",
        "a@b.example\r\nBcc: x@y",
        "<a@b>",
        "ä@b.example",
    ],
)
def test_what_is_no_address_is_refused_with_the_readers_name(address: str) -> None:
    with pytest.raises(DeliveryError, match="ana"):
        composed(a_digest(address=address))


def test_a_host_in_any_script_is_set_in_ascii() -> None:
    assert "ana@xn--mnchen-3ya.example" in composed(a_digest(address="ana@münchen.example"))["To"]


def test_lines_stay_within_what_mail_allows() -> None:
    long = composed(a_digest("ö" * 400), subject="long " * 80, text="x" * 5000 + "\n")
    assert max(len(line) for line in long.as_bytes().split(b"\r\n")) <= 998
    assert long.as_bytes().isascii()
