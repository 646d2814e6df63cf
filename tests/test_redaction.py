"""Unpublished decisions are told without names and A-numbers; all names here are invented."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import change, inserted, precedent, reworded, tag, version
from cle_packets import packet, said, section
from test_developments import opinion, status

from alerts.cle.redaction import NUMBER, initials, redact, redacted, redacted_status
from pipeline.citator.model import TreatmentKind
from pipeline.model import Artefact, ChangeKind, Event, Version

ASYLUM = (tag("asylum"),)


def decision(*texts: str, title: str = "Maria Sample ORTEGA", **more: str) -> Version:
    return version(
        *texts,
        source="unpublished",
        key="sample-1",
        kind="bia-unpublished",
        title=title,
        citation=more.get("citation", ""),
        url=more.get("url", "https://example.com/decision"),
    )


CAPTION = "In re: Maria Sample ORTEGA"
FILE = "File: A205 871 959 - Boston, MA"


@pytest.mark.parametrize(
    "number",
    [
        *("A205871959", "A205-871-959", "A 205 871 959", "A# 205-871-959", "A#: 205 871 959"),
        *("A99123456", "AXXX XXX 611", "A No. 205-871-959", "Alien Number 205871959"),
    ],
)
def test_a_numbers_go_in_every_spelling(number: str) -> None:
    (block,) = redact(decision(f"File: {number} - Boston")).blocks
    assert block.text == f"File: {NUMBER} - Boston"


@pytest.mark.parametrize(
    "other", ["Form I-589", "section 212(a)", "29 I&N Dec. 123", "A 12", "2014"]
)
def test_what_is_no_a_number_stays(other: str) -> None:
    assert redact(decision(f"See {other}.")).blocks[0].text == f"See {other}."


def test_the_party_keeps_its_initials_wherever_it_is_named() -> None:
    made = redact(
        decision(CAPTION, "Maria Sample Ortega appeals.", "Ms. Ortega testified.", "ORTEGA fears.")
    )
    assert [block.text for block in made.blocks] == [
        "In re: M-S-O-",
        "M-S-O- appeals.",
        "Ms. O- testified.",
        "O- fears.",
    ]
    assert made.title == "M-S-O-"


def test_who_is_addressed_by_name_is_no_longer() -> None:
    (_, block) = redact(decision(CAPTION, "Mr. Invented spoke to Mrs. Made Up.")).blocks
    assert block.text == "Mr. I- spoke to Mrs. M-U-."


def test_initials_words_and_offices_stay() -> None:
    texts = (
        "Matter of M-G-O-, 29 I&N Dec. 1 (BIA 2026)",
        "Matter of Removal Proceedings",
        "We will dismiss. Immigration Judge Sample decided; Appellate Immigration Judge Example.",
    )
    assert [block.text for block in redact(decision(*texts, title="M-G-O-")).blocks] == [*texts]


def test_a_name_that_is_a_word_too_leaves_the_word() -> None:
    (_, block) = redact(decision("In re: Will Sample", "Will will appeal.")).blocks
    assert block.text == "W- will appeal."


@pytest.mark.parametrize(
    ("name", "said"),
    [("Maria Garcia Ortiz", "M-G-O-"), ("ORTIZ, Maria", "M-O-"), ("Li", "L-")],
)
def test_initials_are_set_as_the_reporter_sets_them(name: str, said: str) -> None:
    assert initials(name) == said


def test_a_published_decision_stays_as_it_is() -> None:
    one = precedent("In re: Maria Sample ORTEGA, A205 871 959.")
    assert redact(one) is one
    assert redacted(change(one)).new is one


def test_an_address_that_spells_the_name_goes() -> None:
    assert redact(decision(CAPTION, url="https://example.com/ortega-2014.pdf")).url == ""
    assert redact(decision(CAPTION)).url == "https://example.com/decision"


def test_nothing_of_a_name_is_anywhere_in_a_packet() -> None:
    one = decision(CAPTION, FILE, "Ortega fears harm.", citation="Ortega, A205 871 959 (BIA 2014)")
    again = change(
        decision(CAPTION, FILE, "Ortega fears harm now."),
        inserted("ORTEGA appeals."),
        old=one,
        id=2,
        tags=ASYLUM,
        metadata=(("title", "Ortega", "Maria Ortega"),),
    )
    gone = change(replace(one, blocks=()), old=one, kind=ChangeKind.REMOVED, id=3, tags=ASYLUM)
    made = packet([change(one, id=1, tags=ASYLUM), again, gone])
    written = [
        said(made.parts),
        *(source.full for source in made.sources),
        *(source.url for source in made.sources),
    ]
    for words in written:
        assert "ortega" not in words.casefold() and "871" not in words
    assert "“O- fears harm.”" in said(made.parts)


def test_an_event_does_not_name_who_is_taken_out() -> None:
    held = decision(CAPTION)
    artefact = Artefact(
        document=held.document,
        title="Maria Sample ORTEGA",
        citation="",
        url="",
        on=None,
        dated=None,
        seen_at=held.seen_at,
        change=9,
        evidence=("it names Ortega",),
    )
    other = precedent("The holding.")
    act = replace(artefact, document=other.document, title=other.title, change=1, evidence=())
    event = Event(act=other.document, line="A decision", artefacts=(act, artefact))
    one = replace(change(other, tags=ASYLUM), events=(event,))
    words = said(section(packet([one]), "One event"))
    assert "Unpublished decision of the Board" in words and "ORTEGA" not in words


def test_what_an_unpublished_decision_says_of_an_authority_names_nobody() -> None:
    held = decision(CAPTION, "Ortega relies on it.", url="https://example.com/ortega.pdf")
    found = opinion(TreatmentKind.NOT_FOLLOWED, "BIA")
    said_so = replace(
        found,
        document=held.document,
        title=held.title,
        url=held.url,
        treatment=replace(found.treatment, sentence="Ms. Ortega’s case is not followed."),
    )
    given = status(said_so, line="negative treatment found: by Maria Sample ORTEGA")
    made = redacted_status(given, {held.document: held})
    assert made.line == "negative treatment found: by M-S-O-"
    (finding,) = made.findings
    assert (finding.title, finding.url) == ("M-S-O-", "")
    assert finding.treatment.sentence == "Ms. O-’s case is not followed."
    assert redacted_status(given, {}) is given


def test_a_name_that_only_the_earlier_text_tells_goes_from_both() -> None:
    old = decision(CAPTION, "It is dismissed.", title="Decision")
    new = decision("Ortega appeals.", title="Decision")
    made = redacted(change(new, inserted("x"), old=old))
    assert made.new.text == "O- appeals."


def test_a_decision_that_changed_keeps_its_redline() -> None:
    before, after = (
        f"We hold that Ortega, who appeals, {said} stay in the United States until then."
        for said in ("may", "must not")
    )
    new, old = decision(CAPTION, after), decision(CAPTION, before)
    made = redacted(change(new, reworded(f"[{before}]", f"[{after}]"), old=old))
    (edit,) = made.difference.edits
    assert edit.old is not None and edit.new is not None
    assert edit.new.text.startswith("We hold that O-, who appeals, must not stay")
    assert [edit.old.text[span.start : span.end] for span in edit.deleted] == ["may"]


def test_no_word_of_a_new_unpublished_decision_is_quoted() -> None:
    letter = "The Board must send this letter to the Law Office of Q. Counsel, if it has one."
    made = packet([change(decision(letter, "Ortega Lopez must appeal."), tags=ASYLUM)])
    words = said(made.parts)
    assert "Counsel" not in words and "must appeal" not in words
    assert "Not quoted: it opens with a cover letter" in words


@pytest.mark.parametrize(("kind", "is_said"), [("bia-unpublished", True), ("bia-precedent", False)])
def test_the_disclaimer_says_what_the_rules_for_names_do_not_know(kind: str, is_said: bool) -> None:
    made = decision("It is dismissed.")
    told = replace(made, document=replace(made.document, kind=kind))
    words = said(packet([change(told, tags=ASYLUM)]).parts)
    assert ("A relative, a witness or a child" in words) is is_said
