"""The message: the same digest gives the same bytes, and nothing crawled becomes a header."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP, compat32, default
from email.utils import getaddresses
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from aiosmtpd.controller import Controller
from builders import SINCE, UNTIL
from hypothesis import example, given
from hypothesis import strategies as st

from alerts.mail import Envelope, Letterhead, enveloped, key, letter, message, sealed
from alerts.render import Rendered
from alerts.tokens import Purpose, read
from alerts.transports import FileOutbox, Security, Smtp
from alerts.untrusted import plain
from pipeline.errors import DeliveryError
from pipeline.letter import LetterKind
from pipeline.model import Digest

LETTERHEAD = Letterhead(
    sender="lexwatch@firm.example",
    sender_name="lexwatch",
    list_id="digest.lexwatch.firm.example",
    unsubscribe="library@firm.example",
)


REACHED = replace(LETTERHEAD, web="https://lexwatch.firm.example", key=b"k" * 32)
RENDERED = Rendered(subject="Immigration law", html="<p>§ 1</p>", text="§ 1\n")


def a_digest(reader: str = "ana", address: str = "ana@firm.example") -> Digest:
    return Digest(reader=reader, address=address, since=SINCE, until=UNTIL, alerts=(), coverage=())


def composed(digest: Digest | None = None, **more: str) -> EmailMessage:
    return message(enveloped(digest or a_digest()), replace(RENDERED, **more), LETTERHEAD)


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
    back = read_back(composed())
    assert back.get_content_type() == "multipart/alternative"
    plain, html = back.iter_parts()
    assert (plain.get_content_type(), plain.get_content()) == ("text/plain", "§ 1\r\n")
    assert html.get_content_type() == "text/html" and "<p>§ 1</p>" in html.get_content()


def test_the_message_says_that_it_comes_from_a_list_and_a_machine() -> None:
    back = read_back(composed())
    assert back["Auto-Submitted"] == "auto-generated"
    assert back["List-Id"] == "<digest.lexwatch.firm.example>"
    assert back["List-Unsubscribe"] == "<mailto:library@firm.example?subject=unsubscribe>"
    assert back["Date"].datetime == UNTIL


@pytest.mark.parametrize("name", ["José Núñez", "李雷", 'O\'Brien, "Pat" <x@y.example>', "a" * 300])
def test_any_readers_name_comes_back_as_it_was(name: str) -> None:
    (to,) = read_back(composed(a_digest(name)))["To"].addresses
    assert (to.display_name, to.addr_spec) == (name, "ana@firm.example")


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "\x0b", "\u2028", "\x00"])
def test_no_name_or_subject_can_add_a_header(line_end: str) -> None:
    evil = f"ana{line_end}Bcc: all@elsewhere.example"
    back = read_back(composed(a_digest(evil), subject=evil))
    assert back["Bcc"] is None and len(back["To"].addresses) == 1


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
        f"{'a' * 245}@b.example",
    ],
)
def test_what_no_server_takes_for_an_address_is_refused_with_the_readers_name(address: str) -> None:
    with pytest.raises(DeliveryError, match="ana"):
        composed(a_digest(address=address))


def test_a_host_in_any_script_is_set_in_ascii() -> None:
    assert "ana@xn--mnchen-3ya.example" in composed(a_digest(address="ana@münchen.example"))["To"]


def test_lines_stay_within_what_mail_allows() -> None:
    long = composed(a_digest("ö" * 400), subject="long " * 80, text="x" * 5000 + "\n")
    assert max(len(line) for line in long.as_bytes().split(b"\r\n")) <= 998
    assert long.as_bytes().isascii()


# How to be sent no more


def ways_out(letterhead: Letterhead) -> tuple[list[str], str | None]:
    """The addresses of List-Unsubscribe as a mail program reads them, and what may be posted."""
    back = message_from_bytes(letter(a_digest(), RENDERED, letterhead).body, policy=compat32)
    folded = str(back["List-Unsubscribe"])
    return re.findall("<([^>]*)>", folded), back["List-Unsubscribe-Post"]


def test_a_mail_takes_its_reader_off_the_list_even_where_the_world_does_not_reach_us() -> None:
    (mailto,), post = ways_out(replace(REACHED, web=""))
    assert post is None
    parts = urlsplit(mailto)
    assert (parts.scheme, unquote(parts.path)) == ("mailto", "library@firm.example")
    (subject,) = parse_qs(parts.query)["subject"]
    word, token = subject.split(" ")
    assert word == "unsubscribe"
    assert read(REACHED.key, Purpose.UNSUBSCRIBE, token) == "ana@firm.example"


def test_where_the_world_reaches_us_one_click_does_it_and_stands_first() -> None:
    (https, mailto), post = ways_out(REACHED)
    assert post == "List-Unsubscribe=One-Click"
    assert mailto.startswith("mailto:library@firm.example?subject=unsubscribe%20")
    assert https.startswith("https://lexwatch.firm.example/unsubscribe/")
    token = https.rpartition("/")[2]
    assert read(REACHED.key, Purpose.UNSUBSCRIBE, token) == "ana@firm.example"


def test_no_long_address_in_the_head_is_broken_or_encoded() -> None:
    raw = letter(a_digest(address=f"{'a' * 200}@firm.example"), RENDERED, REACHED).body
    (line, more) = re.findall(rb"^(List-Unsubscribe: <[^>]*>,)\r\n( <[^>]*>)\r\n", raw, re.M)[0]
    assert b" " not in line.partition(b": ")[2] and b"=?" not in line + more


def test_an_address_of_ours_too_long_for_a_line_is_refused_and_not_cut() -> None:
    with pytest.raises(DeliveryError, match="List-Unsubscribe"):
        letter(a_digest(), RENDERED, replace(REACHED, web="https://x.example/" + "a" * 990))


def test_reminders_and_alerts_carry_the_same_head_as_digests() -> None:
    for kind in (LetterKind.DIGEST, LetterKind.ALERT, LetterKind.REMINDER):
        one = Envelope(
            key=f"k|{kind}",
            kind=kind,
            reader="ana",
            address="ana@firm.example",
            since=SINCE,
            until=UNTIL,
        )
        made = sealed(one, RENDERED, REACHED)
        assert (made.kind, made.key) == (kind, one.key)
        assert set(HEAD) <= set(message_from_bytes(made.body).keys())


def test_plain_text_alone_where_that_is_wanted() -> None:
    back = message_from_bytes(
        letter(a_digest(), RENDERED, REACHED, plain_text=True).body, policy=default
    )
    assert back.get_content_type() == "text/plain" and not back.is_multipart()
    assert back.get_content() == "§ 1\r\n" and b"<p>" not in back.as_bytes()
    assert set(HEAD) <= set(back.keys())


def test_a_letter_is_the_message_as_it_leaves_with_what_names_it() -> None:
    made = letter(a_digest(), RENDERED, REACHED)
    back = message_from_bytes(made.body, policy=default)
    assert made.subject == back["Subject"] == "Immigration law"
    assert made.message_id == back["Message-ID"]
    assert made.key == key(a_digest())
    assert made == letter(a_digest(), RENDERED, REACHED)


class Inbox:
    """What a mail server took."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.taken.append(envelope.content)
        return "250 OK"


class Server(Controller):
    """A mail server at a port the system chose."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd is untyped


def test_every_header_comes_through_a_mail_server_and_a_file_as_it_was(tmp_path: Path) -> None:
    made = letter(a_digest("Núñez, Ana"), replace(RENDERED, subject="§ 1 – new"), REACHED)
    inbox = Inbox()
    server = Server(inbox, hostname="127.0.0.1", port=0)
    server.start()
    try:
        way = Smtp(host="127.0.0.1", port=server.port, security=Security.NONE)
        way.send(made, lambda: None)
        way.close()
    finally:
        server.stop()
    file = Path(FileOutbox(folder=tmp_path).send(made, lambda: None))
    for raw in (*inbox.taken, file.read_bytes()):
        back = message_from_bytes(raw, policy=default)
        assert {name: str(value) for name, value in back.items()} == {
            "From": "lexwatch <lexwatch@firm.example>",
            "To": '"Núñez, Ana" <ana@firm.example>',
            "Subject": "§ 1 – new",
            "Date": "Mon, 23 Nov 2026 05:00:00 +0000",
            "Message-ID": made.message_id,
            "List-Id": "<digest.lexwatch.firm.example>",
            "List-Unsubscribe": ", ".join(f"<{each}>" for each in ways_out(REACHED)[0]),
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            "MIME-Version": "1.0",
            "Content-Type": str(back["Content-Type"]),
            "Content-Language": "en-US",
        }


# Nothing foreign becomes a header

HEAD = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
)
TRICKS = (
    "\r\nBcc: all@elsewhere.example",
    "\n\n<p>body",
    "\x00",
    "\u202egnp.exe",
    "\u2028",
    "=?utf-8?q?x=0D=0ABcc=3A_all=40elsewhere.example?=",
    "=?utf-8?b?DQpCY2M6IGFsbEBlbHNld2hlcmUuZXhhbXBsZQ==?=",
    "=?us-ascii?q?x=0A?=, (y)",
    "=?",
    '", <x@y.example>, "',
    "\\",
    "(comment)",
    ">, <mailto:x@y.example>",
    "group: a@b.example;",
    "Núñez ",
    "李雷",
    "\U0001f9fe",
    "a" * 120,
    "word " * 40,
    "%0d%0a",
)
FOREIGN = st.lists(st.sampled_from(TRICKS) | st.text(max_size=30), max_size=6).map("".join)


@given(reader=FOREIGN, subject=FOREIGN, sender_name=FOREIGN, text=FOREIGN, html=FOREIGN)
@example(reader=TRICKS[5], subject=TRICKS[6], sender_name=TRICKS[7], text="", html="")
@example(reader="a" * 300, subject="a" * 600, sender_name='"', text="x" * 5000, html="y" * 5000)
def test_whatever_the_words_are_the_head_is_ours_and_says_them_back(
    reader: str, subject: str, sender_name: str, text: str, html: str
) -> None:
    head = replace(REACHED, sender_name=sender_name)
    shown = Rendered(subject=subject, html=plain(html), text=plain(text))
    raw = letter(a_digest(reader), shown, head).body
    assert raw.isascii() and max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
    for policy in (compat32, default):
        back = message_from_bytes(raw, policy=policy)
        assert sorted(back.keys()) == sorted((*HEAD, "Content-Language"))
        assert not back.defects and back.is_multipart()
        for name, said, address in (
            ("To", reader, "ana@firm.example"),
            ("From", sender_name, "lexwatch@firm.example"),
        ):
            ((phrase, found),) = getaddresses([unfolded(raw, name)])
            assert found == address
            assert str(make_header(decode_header(phrase))) == plain(said)[:300].rstrip()
        parts = [one.get_content_type() for one in back.walk()]
        assert parts == ["multipart/alternative", "text/plain", "text/html"]
    said = unfolded(raw, "Subject")
    assert str(make_header(decode_header(said))) == plain(subject)[:500].rstrip()


def unfolded(raw: bytes, name: str) -> str:
    """A header as it stands, on one line (RFC 5322, 2.2.3)."""
    return re.sub(r"\r\n(?=[ \t])", "", str(message_from_bytes(raw, policy=compat32)[name]))


ADDRESS = FOREIGN | st.builds("{}@{}".format, FOREIGN, st.just("firm.example"))


@given(address=ADDRESS)
@example(address="a@b.example>, <x@y.example")
@example(address="a@b.example\r\nBcc: x@y.example")
@example(address="a@b.example ")
@example(address=f"{'a' * 300}@b.example")
def test_an_address_is_one_mailbox_or_refused(address: str) -> None:
    try:
        raw = letter(a_digest(address=address), RENDERED, REACHED).body
    except DeliveryError:
        return
    back = message_from_bytes(raw, policy=compat32)
    ((_, found),) = getaddresses([str(back["To"])])
    assert found == address and "Bcc" not in back
    assert len(re.findall("<[^>]*>", str(back["List-Unsubscribe"]))) == 2


def test_the_link_in_the_body_is_that_of_the_head() -> None:
    out = REACHED.ways("ana@example.com")
    made = message(enveloped(a_digest(address="ana@example.com")), RENDERED, REACHED)
    assert str(made["List-Unsubscribe"]) == f"<{out.unsubscribe}>, <{out.mailto}>"
    assert out.calendar.startswith("https://") and out.calendar.endswith(".ics")
    closed = replace(REACHED, web="").ways("ana@example.com")
    assert (closed.unsubscribe, closed.calendar) == ("", "")
