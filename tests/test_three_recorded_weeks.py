"""Three weeks of real pages, four readers of different interests, and all that goes wrong: EOIR is
down in the second week, a reader unsubscribes, and the sending of the third is killed.

The captures of ../shared/recorded are set into weeks that follow each other, since they were made
months and years apart; what they say, and the dates they state, stays as it is. What each digest
should hold was worked out from the captures alone, and stands here as numbers and citations.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from firm import Firm, message, on, post, text, to, told
from weeks import Shown, addresses, staged

from index.record import unpack
from lexwatch.app import App
from lexwatch.commands.sent import rebuilt
from lexwatch.settings import Settings, Watch

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is forked to be killed"),
    pytest.mark.usefixtures("warm"),
]

SOURCES = ("bia_decisions", "uscis_forms", "uscis_policy_manual", "visa_bulletin")
# Before the years that the decisions are cited by: of a year that is over they were no news.
BEGINNING, FIRST, SECOND, THIRD = "2021-12-01", "2021-12-08", "2021-12-15", "2021-12-22"
MONDAYS = ("2021-12-13", "2021-12-20", "2021-12-27")

VOLUME = r"/eoir/volume-28$"
BULLETIN = r"/visa-bulletin-for-"
CHAPTERS = r"/policy-manual/volume-6-part-f-chapter-"
FORM = r"/i-526e$"
SHOWN = (
    Shown(day=BEGINNING, capture="2021-12", at=VOLUME),
    Shown(day=BEGINNING, capture="2025-05", at=BULLETIN),
    Shown(day=BEGINNING, capture="2025-10", at=CHAPTERS),
    Shown(day=BEGINNING, capture="2025-10", at=FORM),
    Shown(day=FIRST, capture="2023-11", at=VOLUME),
    Shown(day=FIRST, capture="2025-06", at=BULLETIN),
    Shown(day=SECOND, capture="2023-11", at=VOLUME, status=503),
    Shown(day=SECOND, capture="2025-07", at=BULLETIN),
    Shown(day=SECOND, capture="2026-04", at=r"/policy-manual/volume-"),
    Shown(day=THIRD, capture="2024-05", at=VOLUME),
    Shown(day=THIRD, capture="2026-04", at=FORM),
    Shown(day=THIRD, capture="2026-04-20b", at=CHAPTERS),  # other bytes, the same words
)

# The list of December 2021 ends with no. 4033 of EOIR's, that of November 2023 with 4067 and that
# of May 2024 with 4074; none between is missing. By the pages of 28 I&N Dec. they begin on:
NEW_IN_2023 = (
    *(425, 437, 450, 460, 472, 494, 508, 518, 529, 541, 552, 563, 568, 585, 591, 598, 605, 630),
    *(638, 648, 653, 659, 666, 676, 684, 688, 693, 708, 714, 719, 733, 740, 747, 751),
)
BY_THE_ATTORNEY_GENERAL = (563, 648)
NEW_IN_2024 = (757, 765, 771, 774, 781, 784, 788)
OVERRULING_LIADOV, REAFFIRMING_L_E_A = 714, 757  # each says so at the end of a headnote

JUNE = "Visa Bulletin for June 2025 (No. 3, Vol. XI)"
# Final action dates as the charts of May and June 2025 print them: 15MAR16 and 08JUN16, and so on.
MOVED_IN_JUNE = (
    "F1 China, India and all areas not listed, final action: 15 March 2016 → 8 June 2016",
    "F3 China, India and all areas not listed, final action: 1 April 2011 → 22 June 2011",
)
UNMOVED_IN_JUNE = ("F2A", "F1 Mexico", "F3 Philippines")
# The bulletin of May has a section D on EB-5. Those of June and July have none, and name it nowhere
# else: who follows it hears in June that it went, and of July nothing.

# Of the eight pages of the Policy Manual of April 2026 five state guidance, and one an appendix on
# regional centers. In the guidance of F.5 alone "exceptional ability" and a degree share sentences.
EXCEPTIONAL_ABILITY = "6 USCIS-PM F.5"
# What has no citation, by the first digits of the SHA-256 of its title.
APPENDIX, I_526E = "sha256:c178c7620f53", "sha256:ef0e286c4126"
# How often what went and what came between October 2025 and April 2026 names a form.
PAYMENT = {"Form G-1450": (1, 1), "Form G-1650": (1, 1), "Form G-1651": (0, 1)}

ANA = Watch(reader="Ana", address="ana@firm.example", sources=["bia_decisions"])
BOB = Watch(
    reader="Bob",
    address="bob@firm.example",
    name="Two precedents",
    authorities=["Matter of Liadov, 23 I&N Dec. 990", "Matter of L-E-A-, 27 I&N Dec. 40"],
    matter="2025-114",
)
BOB_ON_INVESTORS = Watch(reader="Bob", address="bob@firm.example", topics=["investor-eb5"])
CLEO = Watch(
    reader="Cleo",
    address="cleo@firm.example",
    words='"exceptional ability" /s degree',
    frequency="daily",
    plain_text=True,
)
DEE = Watch(reader="Dee", address="dee@firm.example", sources=["visa_bulletin", "uscis_forms"])
READERS = (ANA, BOB, BOB_ON_INVESTORS, CLEO, DEE)


@dataclass(frozen=True, kw_only=True)
class Story:
    """What everybody was sent on each Monday, what failed by the day, and how the page that ends
    mail answered."""

    firm: Firm
    sent: Mapping[str, Sequence[EmailMessage]]
    failed: Mapping[str, Sequence[str]]
    ended: int


@pytest.fixture(scope="module")
def story(shared: Path, warm: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("recorded")
    site = staged(folder / "site", shared / "recorded", SHOWN)
    with post() as (inbox, port):
        firm = Firm(
            folder=folder / "data",
            site=site,
            sources=SOURCES,
            readers=READERS,
            inbox=inbox,
            port=port,
        )
        sent, failed = {}, {}
        for name in (BEGINNING, FIRST):
            failed[name] = firm.read(name, seeds(site, name))
        sent[MONDAYS[0]] = firm.send(MONDAYS[0])
        failed[SECOND] = firm.read(SECOND, seeds(site, SECOND))
        ended = firm.unsubscribe(SECOND, to(sent[MONDAYS[0]], DEE)[0])
        sent[MONDAYS[1]] = firm.send(MONDAYS[1])
        failed[THIRD] = firm.read(THIRD, seeds(site, THIRD))
        sent[MONDAYS[2]] = firm.send_killed_once(MONDAYS[2])
        yield Story(firm=firm, sent=sent, failed=failed, ended=ended)


def seeds(site: Path, day: str) -> dict[str, list[str]]:
    """What is shown of each source: the pages that lead there were not all recorded."""
    known, shown = App(Settings()).sources, addresses(site, day)
    return {name: [url for url in shown if known[name].facts.covers(url)] for name in SOURCES}


def decisions(*pages: int) -> set[str]:
    return {f"28 I&N Dec. {page}" for page in pages}


def named(one: EmailMessage) -> set[str]:
    """The changes that a digest tells of, by their citations without the parenthesis of a court,
    or, where they have none, by their titles' digests."""
    return {_name(title, cited) for title, cited in told(one).items()}


def _name(title: str, cited: str) -> str:
    if not any(map(str.isdigit, cited)):
        return f"sha256:{hashlib.sha256(title.encode()).hexdigest()[:12]}"
    return cited.partition(" (BIA ")[0].partition(" (A.G. ")[0]


def of(story: Story, reader: Watch) -> list[set[str]]:
    return [named(one) for name in MONDAYS for one in to(story.sent[name], reader)]


def test_each_digest_holds_exactly_what_its_reader_asked_for(story: Story) -> None:
    assert of(story, ANA)[1:] == [set(), decisions(*NEW_IN_2024)]
    assert of(story, BOB) == [
        {*decisions(OVERRULING_LIADOV), JUNE},
        {APPENDIX},
        {*decisions(REAFFIRMING_L_E_A), I_526E},
    ]
    assert of(story, CLEO) == [set(), {EXCEPTIONAL_ABILITY}, set()]
    assert of(story, DEE) == [{JUNE}]


def test_what_does_not_fit_is_counted_and_on_record(story: Story) -> None:
    first = to(story.sent[MONDAYS[0]], ANA)[0]
    shown = named(first)
    left = len(NEW_IN_2023) - len(shown)
    assert left and shown < decisions(*NEW_IN_2023)
    assert f"{left} more changes did not fit in this message" in text(first)
    assert all(f"- {each} (BIA" in text(first) for each in decisions(*NEW_IN_2023) - shown)
    assert "4 more decisions: read the changes below, as far as they fit there." in text(first)
    assert decisions(*BY_THE_ATTORNEY_GENERAL) < shown
    app = story.firm.app(MONDAYS[2])
    (kept,) = (one for one in app.ledger.deliveries("Ana") if one.message_id == first["Message-ID"])
    alerts = unpack(app.database, app.ledger.record(kept.key) or b"").digest.alerts
    assert {_name("", one.change.new.citation) for one in alerts} == decisions(*NEW_IN_2023)
    app.database.close()


def test_a_digest_says_what_new_decisions_did_to_older_ones(story: Story) -> None:
    first, third = (text(to(story.sent[name], BOB)[0]) for name in (MONDAYS[0], MONDAYS[2]))
    assert "Overrules Matter of Liadov, 23 I&N Dec. 990 (BIA 2006)" in first
    assert "authority 27 I&N Dec. 40: reaffirms Matter of L-E-A-" in third


def test_a_digest_says_what_moved_in_a_chart_and_nothing_that_stayed(story: Story) -> None:
    said = text(to(story.sent[MONDAYS[0]], DEE)[0])
    assert all(f"- {each}, advanced" in said for each in MOVED_IN_JUNE)
    assert not any(f"- {each}, final action" in said for each in UNMOVED_IN_JUNE)
    assert said.count(f"- {MOVED_IN_JUNE[0]}") == 1  # and not in a summary above
    assert "VISA BULLETIN FOR JUNE 2025, VISA" not in said.upper()
    assert "announced: May 2, 2025 (Eastern), “CA/VO: May 2, 2025”" in said


def test_a_redline_shows_what_came_and_what_went(story: Story) -> None:
    said = text(to(story.sent[MONDAYS[2]], BOB)[0])
    gone, come = (re.findall(mark, said) for mark in (r"\[-(.+?)-\]", r"\{\+(.+?)\+\}"))
    assert "it stood there before" in said  # of the one date, which neither came nor went
    counts = {form: (f"{gone}".count(form), f"{come}".count(form)) for form in PAYMENT}
    assert (len(gone[1:]), len(come[1:])) == (3, 5)  # the first explains the marks
    assert counts == PAYMENT


def test_other_bytes_of_the_same_words_are_no_change(story: Story) -> None:
    said = text(to(story.sent[MONDAYS[2]], ANA)[0])
    assert "USCIS Policy Manual: Last complete read: never. 8 documents held; 0 changes" in said


def test_a_source_that_failed_is_named_and_a_quiet_week_is_told(story: Story) -> None:
    assert story.failed == {BEGINNING: [], FIRST: [], SECOND: ["bia_decisions"], THIRD: []}
    for reader in (ANA, BOB, CLEO):
        first, second, third = (to(story.sent[name], reader)[0] for name in MONDAYS)
        assert "not read: EOIR precedent decisions" in second["Subject"]
        assert f"FAILED RUN: {SECOND}" in text(second) and "answered 503" in text(second)
        for other in (first, third):
            assert "not read:" not in other["Subject"] and "FAILED RUN" not in text(other)
    assert "Nothing changed on your subjects" in text(to(story.sent[MONDAYS[1]], ANA)[0])


def test_an_unsubscribe_takes_effect_at_once(story: Story) -> None:
    assert story.ended == 200
    assert [len(to(story.sent[name], DEE)) for name in MONDAYS] == [1, 0, 0]


def test_killed_in_the_third_week_everybody_has_their_one_digest(story: Story) -> None:
    last = story.sent[MONDAYS[2]]
    assert [len(to(last, reader)) for reader in (ANA, BOB, CLEO, DEE)] == [1, 1, 1, 0]
    assert len({each["Message-ID"] for each in last}) == len(last)
    app = story.firm.app(MONDAYS[2])
    assert all(one.outcome == "sent" for one in app.ledger.deliveries())
    app.database.close()


def test_a_matter_is_in_nobodys_mail(story: Story) -> None:
    said = (text(message(one)) for one in story.firm.inbox.messages)
    assert BOB.matter and not any(BOB.matter in each for each in said)


def test_what_was_sent_is_made_again_byte_for_byte(story: Story) -> None:
    app = story.firm.app(MONDAYS[2])
    made = [one for name in (FIRST, SECOND, THIRD) for one in rebuilt(app, on(name).date())]
    assert len(made) >= 10 and all(one.is_same for one in made)
    app.database.close()
