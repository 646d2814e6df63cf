"""Other channels, through Apprise's own code, to a service on this machine."""

from __future__ import annotations

import json
import logging
import socket
import struct
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from builders import SINCE, UNTIL, change, report, rule, stated, subscription
from hypothesis import given
from hypothesis import strategies as st

from alerts.channels import Channel, inert, letter, sealed
from alerts.deliver import Transport, Unconfirmed, Unreachable
from alerts.mail import enveloped
from lexwatch.alerting.channels import named
from lexwatch.app import App
from lexwatch.settings import Settings
from pipeline.errors import DeliveryError, SettingsError
from pipeline.letter import Letter
from pipeline.model import Alert, Change, DateKind, Digest
from pipeline.subscription import Subscription

SUBJECT = "Immigration law, November 16–22, 2026: 1 new"


class Service:
    """Takes what is posted; answers with `status`, or breaks the line off where that is 0."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.status = 200
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.taken.append((self.path, body))
                if not service.status:
                    linger = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    self.connection.close()
                    self.close_connection = True
                    return
                self.send_response(service.status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port: int = self.server.server_address[1]
        Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def payloads(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.taken]


@pytest.fixture
def service() -> Iterator[Service]:
    started = Service()
    yield started
    started.close()


def channel(service: Service, name: str = "teams") -> Channel:
    return Channel(name=name, url=f"json://office:hush-hush@127.0.0.1:{service.port}/tok-secret")


def a_digest(*changes: Change, own: Subscription | None = None) -> Digest:
    wanted = own or subscription("ana", "asylum")
    return Digest(
        reader="ana",
        address="ana@firm.example",
        since=SINCE,
        until=UNTIL,
        alerts=tuple(Alert(subscription=wanted, change=one, why=("the topic",)) for one in changes),
        coverage=(report("federal_register"),),
        subscriptions=(wanted,),
    )


def a_rule(number: int = 1, title: str = "Fee Schedule") -> Change:
    closing = stated(DateKind.COMMENTS_CLOSE, date(2026, 12, 18))
    effective = stated(DateKind.EFFECTIVE, date(2027, 1, 4))
    citation = f"91 FR {60000 + number}"
    return change(rule("x", title=title, citation=citation, dates=(closing, effective)), id=number)


def begun() -> None:
    """What a ledger notes."""


def sent(service: Service, *changes: Change, own: Subscription | None = None) -> Letter:
    return letter(a_digest(*changes, own=own), SUBJECT, channel(service))


# What leaves


def test_each_change_is_a_line_with_title_citation_class_dates_and_where_it_is(
    service: Service,
) -> None:
    channel(service).send(sent(service, a_rule()), begun)
    (payload,) = service.payloads
    assert payload["title"] == SUBJECT
    _, line = payload["message"].split("\n")
    assert line.startswith("- New: Fee Schedule, 91 FR 60001; ")
    assert "comments close December 18, 2026" in line
    assert "effective date January 4, 2027" in line
    assert line.endswith("https://www.federalregister.gov/documents/2026/11/17/2026-21001/sample")


def test_it_begins_with_what_was_read_and_claims_no_more(service: Service) -> None:
    assert b"We looked: every source was read completely" in sent(service).body
    unread = replace(a_digest(), coverage=(report("federal_register", days_read=0),))
    assert b"NOT READ" in letter(unread, SUBJECT, channel(service)).body


def test_it_says_which_search_could_not_be_asked_and_what_was_sent_before(
    service: Service,
) -> None:
    told = replace(a_digest(a_rule()), unasked=("subscription 4", "“Bond”"), at_once={1: SINCE})
    text = letter(told, SUBJECT, channel(service)).body.decode()
    _, unasked, line = text.split("\n")
    assert unasked == "NOT EVERY SEARCH OF YOURS COULD BE RUN: subscription 4; “Bond”."
    assert "; sent to you at once on November 16, 2026. https://" in line


SECRETS = {
    "matter": "MATTER-2026-114",
    "note": "NOTE-partner-only",
    "words": "WORDS-hidden /s query",
    "meaning": "MEANING-a-sentence",
}


def secretive(*shown_on: str) -> Subscription:
    wanted = subscription("ana", "asylum")
    return replace(
        wanted,
        matter=SECRETS["matter"],
        note=SECRETS["note"],
        words=SECRETS["words"],
        meaning=SECRETS["meaning"],
        shown_on=shown_on,
        channels=("teams",),
    )


def test_matter_note_and_query_stay_here(service: Service) -> None:
    channel(service).send(sent(service, a_rule(), own=secretive("mail", "slack")), begun)
    (_, body) = service.taken[0]
    assert not [secret for secret in SECRETS.values() if secret.encode() in body]


def test_they_go_to_the_channel_on_which_their_reader_shows_them(service: Service) -> None:
    channel(service).send(sent(service, a_rule(), own=secretive("teams")), begun)
    (payload,) = service.payloads
    assert all(secret in payload["message"] for secret in SECRETS.values())


def test_neither_reader_nor_address_nor_attachment_nor_picture_leaves(service: Service) -> None:
    channel(service).send(sent(service, a_rule()), begun)
    (path, body) = service.taken[0]
    assert path == "/tok-secret"
    assert b"ana" not in body and b"github" not in body and b"apprise" not in body.lower()
    assert json.loads(body)["attachments"] == []


def test_a_service_that_could_show_a_picture_is_given_none(service: Service) -> None:
    chat = Channel(name="chat", url=f"mmost://127.0.0.1:{service.port}/{'a' * 26}?image=yes")
    chat.send(letter(a_digest(a_rule()), SUBJECT, chat), begun)
    (payload,) = service.payloads
    assert "icon_url" not in payload and "Fee Schedule" in payload["text"]


@pytest.mark.parametrize("count", [1, 30, 2000])
def test_what_there_is_no_room_for_is_counted(service: Service, count: int) -> None:
    small = Channel(name="sms", url=channel(service).url)
    small._service.body_maxlen = 1000
    text = letter(a_digest(*(a_rule(each) for each in range(count))), SUBJECT, small).body.decode()
    told = text.count("- New: ")
    assert len(text) <= small.room(SUBJECT)
    if told < count:
        assert f"{count - told:,} more changes not shown here for want of room." in text


def test_a_text_for_a_tiny_room_says_that_it_is_cut(service: Service) -> None:
    tiny = Channel(name="sms", url=channel(service).url)
    tiny._service.body_maxlen = 160
    made = sealed(enveloped(a_digest(), "sms"), "Dates", "word " * 100, tiny)
    assert made.body.decode().endswith("… (cut: no room)")
    assert len(made.body.decode()) <= tiny.room("Dates")


def test_the_key_names_the_channel_so_that_mail_and_channel_are_both_sent(
    service: Service,
) -> None:
    keys = {enveloped(a_digest(), name).key for name in ("mail", "teams", "slack")}
    assert len(keys) == 3 and sent(service).key in keys
    assert sent(service).channel == "teams"


@given(st.text())
def test_no_foreign_text_calls_anybody_or_hides_a_link(text: str) -> None:
    safe = inert(text)
    assert not set("<>@`\n\r\x00\u202e") & set(safe) and "](" not in safe


def test_a_hostile_title_reaches_a_service_as_mere_words(service: Service) -> None:
    title = "<!channel> @everyone [free](https://evil.example) \u202e<@U123>"
    channel(service).send(sent(service, a_rule(title=title)), begun)
    assert (
        "‹!channel› (at)everyone [free] (https://evil.example) ‹(at)U123›"
        in (service.payloads[0]["message"])
    )


# What comes back


def test_where_it_went_is_told_without_the_address(service: Service) -> None:
    assert channel(service).send(sent(service), begun) == "channel teams"


@pytest.mark.parametrize("status", [302, 400, 401, 404, 429, 500, 503])
def test_a_refusal_names_the_status_and_may_be_tried_again(service: Service, status: int) -> None:
    service.status = status
    with pytest.raises(
        DeliveryError, match=f"channel teams refused the message with {status}"
    ) as f:
        channel(service).send(sent(service), begun)
    assert not isinstance(f.value, Unconfirmed) and len(service.taken) == 1


@pytest.mark.parametrize("status", [502, 504])
def test_what_stands_before_a_service_cannot_say_whether_it_took_the_message(
    service: Service, status: int
) -> None:
    service.status = status
    with pytest.raises(Unconfirmed, match=f"channel teams broke \\({status}\\) before"):
        channel(service).send(sent(service), begun)


def test_a_line_that_breaks_after_the_message_leaves_it_uncertain(service: Service) -> None:
    service.status = 0
    with pytest.raises(Unconfirmed, match="broke before the service confirmed"):
        channel(service).send(sent(service), begun)
    assert len(service.taken) == 1


def test_a_service_that_was_never_reached_took_nothing(service: Service) -> None:
    made = sent(service)
    service.close()
    with pytest.raises(DeliveryError, match="could not be reached") as failed:
        channel(service).send(made, begun)
    assert isinstance(failed.value, Unreachable)


def test_the_ledger_hears_of_it_just_before_the_service_does(service: Service) -> None:
    taken: list[int] = []
    way: Transport = channel(service)
    way.send(sent(service), lambda: taken.append(len(service.taken)))
    way.close()
    assert taken == [0] and len(service.taken) == 1


@pytest.mark.parametrize("status", [200, 401, 0])
def test_no_log_and_no_error_holds_the_password_or_the_message(
    service: Service, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(1)
    logging.getLogger("apprise").setLevel(1)
    logging.getLogger("urllib3").setLevel(1)
    service.status, said = status, ""
    try:
        channel(service).send(sent(service, a_rule()), begun)
    except DeliveryError as error:
        said = f"{error!r} {error.__cause__!r} {error.__context__!r}"
    for text in (caplog.text, said, repr(channel(service))):
        assert "hush-hush" not in text and "tok-secret" not in text and "Fee Schedule" not in text


def test_logs_go_on_as_before_a_message(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    channel(service).send(sent(service), begun)
    logging.getLogger("apprise").warning("afterwards")
    assert "afterwards" in caplog.text


# Settings


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "no address that Apprise knows"),
        ("hush-hush", "no address that Apprise knows"),
        ("nosuch://office:hush-hush@x.example", "no address that Apprise knows"),
        ("jsons://office:hush-hush@x.example/?verify=no", "verify=no"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/hushIIajkdnlazkcOXrIdevi/%23a/%23b", "names 2 places"),
    ],
)
def test_an_address_that_will_not_do_is_refused_without_being_repeated(url: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as failed:
        Channel(name="teams", url=url).room("x")
    assert "hush" not in str(failed.value) and "teams" in str(failed.value)


def an_app(**channels: dict[str, str]) -> App:
    return App(Settings.model_validate({"channels": channels}))


def test_an_address_comes_from_the_settings_or_from_the_variable_they_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OFFICE_TEAMS", "json://b.example")
    app = an_app(a={"url": "json://a.example"}, b={"env": "OFFICE_TEAMS"})
    assert [named(app, name).url for name in "ab"] == ["json://a.example", "json://b.example"]


@pytest.mark.parametrize(("name", "said"), [("a", "has no OFFICE_TEAMS"), ("b", "no channel 'b'")])
def test_a_channel_without_address_says_what_is_missing(name: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        named(an_app(a={"env": "OFFICE_TEAMS"}), name)
