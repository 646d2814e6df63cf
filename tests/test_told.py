"""An event as readers are told it: once, with one timeline, one set of dates, and what is apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from acts import (
    AMENDED,
    CHAPTER,
    DELAY,
    EDITED,
    EFFECTIVE,
    EVENT,
    EVERY,
    FEES,
    FINAL,
    LATER,
    LONG_AGO,
    NEWS,
    PROPOSAL,
    RULE,
    TOLD,
    part,
    standing,
    told_under,
)
from bs4 import BeautifulSoup
from builders import (
    SINCE,
    TITLES,
    UNTIL,
    change,
    precedent,
    report,
    rule,
    stated,
    subscription,
    tag,
)

from alerts import digest, render
from alerts.match import match
from pipeline.model import (
    Announcement,
    AnnouncementState,
    Change,
    CourtAction,
    DateKind,
    Document,
    Relation,
    RelationKind,
    State,
    StateKind,
    Weight,
)
from pipeline.subscription import Subscription


def rendered(
    *changes: Change,
    wanted: Sequence[Subscription] = (),
    background: Sequence[str] = ("information-collection", "privacy-systems"),
) -> render.Rendered:
    subscriptions = wanted or (subscription("ana"),)
    alerts = match(subscriptions, changes, TITLES)
    one = digest.build(subscriptions, alerts, [report()], SINCE, UNTIL)
    return render.render(one, TITLES, background)


def forms(said: render.Rendered) -> tuple[str, str]:
    """Both forms with their words in a row."""
    html = BeautifulSoup(said.html, "lxml").get_text(" ")
    return " ".join(said.text.split()), " ".join(html.split()).replace(" ,", ",")


# One event


def test_an_event_is_told_once_with_its_documents_below_it() -> None:
    said = rendered(*EVERY)
    for form in forms(said):
        assert form.casefold().count("one event") == 2  # on the first screen, and in its section
        assert form.index("5 documents held") < form.index(f"1. {NEWS.title}")
        assert form.index("2. Sample Fees") < form.index("3. Sample Fees; Delay")
    page = BeautifulSoup(said.html, "lxml")
    assert len(page.select(".event h3")) == 1 and len(page.select(".entry h4")) == 4


def test_documents_of_an_event_stand_together_what_binds_most_first() -> None:
    decision = change(precedent("The holding."), id=9, tags=(FEES,))  # binds less than the rules
    subscriptions = (subscription("ana"),)
    alerts = match(subscriptions, (TOLD, EDITED, decision, LATER, RULE), TITLES)
    one = digest.build(subscriptions, alerts, [report()], SINCE, UNTIL)
    assert [alert.change.id for alert in one.alerts] == [5, 2, 3, 4, 9]
    said = render.render(one, TITLES).text
    titles = (NEWS.title, "Sample Fees", "Sample Fees; Delay", CHAPTER.title, decision.new.title)
    assert all(f"\n{n}. {title}\n" in said for n, title in enumerate(titles, 1))


def test_an_event_gives_its_first_document_the_most_room() -> None:
    edits = [AMENDED] * 9
    chapters = [
        told_under(change(replace(CHAPTER, title=f"Chapter {n}"), *edits, id=n)) for n in (4, 40)
    ]
    many = [
        change(rule("x", number=f"2026-5{n}", title=f"Rule {n}"), id=n, tags=(FEES,))
        for n in range(100, 140)
    ]
    first, second = rendered(*chapters, *many).text.split("Chapter 4\n")[1].split("Chapter 40\n")
    shown = [part.count("[-$380-]") for part in (first, second)]
    assert shown[0] == 9 and shown[1] == 5  # a third of 15, rounded up


def test_the_timeline_says_where_each_document_is_told() -> None:
    for form in forms(rendered(*EVERY)):
        assert "November 17, 2026, published: Rule, 91 FR 60001 (no. 2)" in form
        assert "November 18, 2026, first seen: Policy Manual chapter, 6 USCIS-PM F.5" in form


def test_what_joins_a_document_stands_with_it() -> None:
    for form in forms(rendered(*EVERY)):
        assert form.count("Part of this event: It cites 91 FR 60001.") == 1
        assert form.count("Part of this event:") == 3  # the rule itself is what the others are of


def test_what_joins_a_document_is_not_said_twice() -> None:
    joined = Relation(
        kind=RelationKind.DELAYS,
        earlier=FINAL.document,
        later=DELAY.document,
        evidence=("it cites 91 FR 60001",),
    )
    said = Announcement(
        state=AnnouncementState.ANNOUNCED, entry=NEWS.document, words="It was announced so."
    )
    acting = replace(LATER, relations=(joined,))
    announced = replace(EDITED, announcement=said)
    for form in forms(rendered(RULE, acting, announced, TOLD)):
        assert form.count("Part of this event:") == 1  # of the news item alone
        assert form.count("oined by: it cites 91 FR 60001") == 1


def test_a_document_of_an_earlier_day_that_a_first_crawl_found_came_earlier() -> None:
    found_now = replace(
        EVENT, artefacts=(part(1, PROPOSAL, date(2026, 7, 1)), *EVENT.artefacts[1:])
    )
    for form in forms(rendered(told_under(RULE, found_now))):
        earlier, besides = form.index("Earlier in this event:"), form.index("Also part of it")
        assert earlier < form.index("91 FR 40001") < besides


def test_what_came_before_the_period_is_named_as_earlier() -> None:
    undated = replace(EVENT, artefacts=(part(1, PROPOSAL, seen=LONG_AGO), *EVENT.artefacts[1:]))
    for event, day in (
        (EVENT, "July 1, 2026, published"),
        (undated, "August 18, 2026, first seen"),
    ):
        for form in forms(rendered(told_under(LATER, event))):
            earlier, besides = form.index("Earlier in this event:"), form.index("Also part of it")
            assert earlier < form.index(f"{day}: Proposed rule, 91 FR 40001") < besides


def test_a_document_that_no_subscription_met_is_named_and_not_told() -> None:
    wanted = (subscription("ana", "asylum", sources=("uscis_policy_manual",)),)
    said = rendered(*EVERY, wanted=wanted)
    for form in forms(said):
        besides = form.index("Also part of it, not met by your subscriptions:")
        assert besides < form.index("published: Rule, 91 FR 60001", besides)
        assert "1 change (1 substantive)" in form
    assert "2. " not in said.text.split("ONE EVENT")[1].split("WHAT WAS WATCHED")[0]
    assert "The fee is $410" not in said.text


def test_a_change_that_is_part_of_two_events_is_told_under_the_first_alone() -> None:
    second = replace(EVENT, act=PROPOSAL.document, line="Another act", artefacts=EVENT.artefacts)
    both = replace(EDITED, events=(EVENT, second))
    said = rendered(RULE, both).text
    assert said.count("ONE EVENT") == 1 and said.count("Another act") == 1
    assert "Part of other events too: Another act" in said


def test_the_other_events_of_a_change_are_named_in_a_line() -> None:
    others = [replace(EVENT, act=Document(source="x", key=str(n), kind="rule")) for n in range(5)]
    lines = [replace(each, line=f"Sample act {n}") for n, each in enumerate(others)]
    both = replace(RULE, events=(EVENT, *lines))
    for form in forms(rendered(both)):
        assert (
            "Part of other events too: Sample act 0; Sample act 1; Sample act 2; 2 more events"
            in form
        )
    assert all("other events too" not in form for form in forms(rendered(RULE)))


def test_an_event_of_many_actions_states_and_dates_is_cut_and_its_change_is_told() -> None:
    def order(n: int) -> CourtAction:
        return CourtAction(
            kind=RelationKind.ENJOINS,
            on=date(2026, 1, 1) + timedelta(days=n),
            document=Document(source="orders", key=f"o{n}", kind="court-order"),
            words="The sample court enjoins the rule as applied to the parties. " * 20,
            is_by_hand=True,
        )

    states = tuple(
        State(
            kind=StateKind.DELAYED,
            since=date(2026, 1, 1),
            document=Document(source="x", key=f"d{n}", kind="rule"),
            words="Delayed until further notice. " * 20,
        )
        for n in range(200)
    )
    standings = tuple(
        standing(FINAL, stated(DateKind.EFFECTIVE, date(2027, 1, 1) + timedelta(days=n), "x"))
        for n in range(300)
    )
    long = replace(
        EVENT,
        court_actions=tuple(map(order, range(90))),
        states=states,
        standings=standings,
    )
    said = rendered(replace(RULE, events=(long,)))
    assert len(said.html.encode()) <= render.LIMIT
    for form in forms(said):
        assert "did not fit" not in form
        assert re.search(r"[1-9]\d more court actions on it", form)
        assert re.search(r"[1-9]\d* earlier states: `lexwatch events` names each", form)
        assert re.search(r"and [1-9]\d* more dates", form)
        assert "March 31, 2026" in form or "o89" in form


def test_many_documents_of_an_event_are_counted_where_they_are_cut() -> None:
    long = replace(
        EVENT,
        artefacts=tuple(
            part(n, replace(CHAPTER, title=f"Chapter {n}"), seen=LONG_AGO) for n in range(20, 40)
        ),
    )
    for form in forms(rendered(told_under(RULE, long))):
        assert "and 8 more documents" in form


def test_an_event_too_long_for_the_message_says_what_did_not_fit() -> None:
    edits = [AMENDED] * 4
    chapters = [
        change(replace(CHAPTER, title=f"Chapter {n} {'long ' * 300}"), *edits, id=n)
        for n in range(100, 250)
    ]
    event = replace(EVENT, artefacts=tuple(part(each.id, each.new) for each in chapters))
    said = rendered(*(told_under(each, event) for each in chapters))
    assert len(said.html.encode()) <= render.LIMIT
    shown = len(BeautifulSoup(said.html, "lxml").select(".entry[id]"))
    assert 0 < shown < 150
    assert f"{150 - shown} more changes did not fit" in forms(said)[0]


def test_the_same_changes_in_any_order_give_the_same_message() -> None:
    assert rendered(*EVERY) == rendered(*EVERY[::-1])


# One set of dates


def test_each_date_of_an_event_is_told_once_those_that_hold_first() -> None:
    for form in forms(rendered(*EVERY)):
        its = form[form.index("Its dates:") : form.index(f"1. {NEWS.title}")]
        assert its.count("February 1, 2027 (Eastern)") == 1
        assert its.index("December 7, 2026") < its.index("February 1, 2027 (Eastern)")
        assert its.index("February 1, 2027 (Eastern)") < its.index("already passed")
        assert its.index("already passed") < its.index("pplicable: December 7")
        assert "pplicable: December 7, 2026 (Eastern), no longer in force: delayed" in its
        rest = form[form.index(f"1. {NEWS.title}") :]
        assert "December 7, 2026 (Eastern)" not in rest


def test_a_day_that_one_document_keeps_and_another_lost_is_live_and_to_be_checked() -> None:
    doubt = "heck before relying on it: in 91 FR 60001, it is no longer in force: delayed by"
    for form in forms(rendered(*EVERY)):
        due = form[
            form.casefold().index("what takes effect or closes next") : form.index("How to read")
        ]
        assert doubt in due and doubt in form[form.index("Its dates:") :]


def test_a_date_that_two_documents_of_an_event_state_falls_due_once() -> None:
    filed = replace(FINAL, document=Document(source="pi", key="1", kind="public-inspection"))
    copy = change(filed, id=7, tags=(FEES,))
    plain = replace(EVENT, standings=())
    both = rendered(told_under(RULE, plain), told_under(copy, plain))
    alone = rendered(replace(RULE, events=()), copy)
    assert both.text.split("ASYLUM")[0].count("December 7, 2026 (in 14 days, Eastern)") == 1
    assert alone.text.split("ASYLUM")[0].count("December 7, 2026 (in 14 days, Eastern)") == 2


def test_effect_and_application_on_one_day_are_one_date() -> None:
    alone = rendered(change(FINAL, tags=(FEES,)))
    for form in forms(alone):
        assert form.count("ffective date (applicable the same day)") == 2  # due, and its own
        assert "applicable:" not in form.casefold()
        assert "It applies from December 7, 2026." in form


def test_effect_and_application_stay_apart_where_only_one_holds() -> None:
    one = change(FINAL, tags=(FEES,))
    ended = standing(FINAL, EFFECTIVE, "delayed", live=False)
    said = forms(rendered(replace(one, standings=(ended,))))[0]
    assert "effective date: December 7, 2026 (Eastern), no longer in force: delayed" in said
    assert "applicable: December 7, 2026 (Eastern), “It applies" in said


# States and courts


def test_what_courts_did_stands_under_its_own_heading_by_hand_and_as_reported() -> None:
    for form in forms(rendered(*EVERY)):
        assert "Enjoined by N.D. Cal., No. 3:26-cv-1 (November 19, 2026)" in form
        assert "court orders entered by hand; not verified by lexwatch: enjoined nationwide" in form
        assert "Stayed, as reported by “USCIS Announces Sample Fees”" in form
        reported = "as documents held report it, not from the order itself: A court stayed the rule"
        assert reported in form
        assert (
            "November 18, 2026: delayed, by its text; enjoined November 19, 2026 by court order, "
            "stayed November 20, 2026 as a document held reports (see under Litigation what each "
            "concerns): “is delayed until February 1, 2027” (91 FR 61001)" in form
        )


def test_what_a_court_did_stands_with_the_event_in_its_words_and_is_named_beside_the_rule() -> None:
    enjoined = Relation(
        kind=RelationKind.ENJOINS,
        earlier=FINAL.document,
        later=EVENT.court_actions[0].document,
        evidence=("enjoined nationwide; entered by hand",),
    )
    for form in forms(rendered(replace(RULE, relations=(enjoined,)))):
        assert form.count("enjoined nationwide") == 1
        beside = form[form.index("1. Sample Fees") :]
        assert "Enjoined by N.D. Cal." in beside and "in its words with the event above" in beside


def test_what_is_only_reported_of_a_court_says_so_beside_the_document() -> None:
    reports = Relation(
        kind=RelationKind.REPORTS,
        earlier=FINAL.document,
        later=NEWS.document,
        evidence=("stayed: “A court stayed the rule.”",),
    )
    for form in forms(rendered(replace(RULE, relations=(reports,), events=()))):
        assert "Court action reported by" in form
        assert "as documents held report it, not from the order itself: stayed" in form
        assert "entered by hand" not in form


def test_the_first_screen_names_what_courts_did_to_an_event() -> None:
    for form in forms(rendered(*EVERY)):
        first = form[: form.casefold().index("what takes effect or closes next")]
        assert "Enjoined by N.D. Cal." in first and EVENT.line in first


# What a change turns on


def test_the_class_says_what_it_turns_on() -> None:
    weighed = replace(
        EDITED,
        events=(),
        difference=replace(
            EDITED.difference,
            weights=(Weight.FEE, Weight.OPERATIVE, Weight.DATE, Weight.NUMBER),
        ),
    )
    text, html = forms(rendered(weighed))
    assert "Substantive: a fee, an operative word, a date; text changed." in text
    assert "Substantive A fee, an operative word, a date; text changed." in html
    assert "number" not in text


# Notices on paperwork


def notice(id: int, title: str, *topics: str, kind: str = "notice", **more: object) -> Change:
    closes = stated(DateKind.PRA_COMMENTS_CLOSE, date(2026, 12, 1), "PRA by December 1, 2026")
    one = rule("x", number=f"2026-3{id:04}", kind=kind, title=title, dates=(closes,))
    return change(one, id=id, tags=tuple(tag(each, "information collection") for each in topics))


COLLECTION = notice(
    21, "Agency Information Collection Activities; Sample Form", "asylum", "information-collection"
)


def test_a_paperwork_notice_is_one_line_with_its_deadline_behind_everything_else() -> None:
    said = rendered(COLLECTION, change(FINAL, id=22, tags=(FEES,)))
    for form in forms(said):
        heading = form.casefold().index("notices on paperwork and records systems")
        assert (
            form.casefold().index("1. sample fees" if form[:1] == "L" else "sample fees") < heading
        )
        line = "Agency Information Collection Activities; Sample Form, 91 FR 60001"
        assert form.count(line) == 1 and form.index(line) > heading
        assert "Paperwork Reduction Act comments close December 1, 2026" in form[heading:]
        assert "2 changes (2 new)" in form
    assert said.subject.endswith("; next date December 7, 2026")


def test_a_week_of_nothing_but_paperwork_puts_none_of_it_on_the_first_screen() -> None:
    for form in forms(rendered(COLLECTION)):
        assert "what matters most" not in form.casefold()
        assert "1 change (1 new)" in form


def test_who_asks_for_paperwork_by_name_is_told_it_in_full() -> None:
    wanted = (subscription("ana", "asylum", "information-collection"),)
    said = rendered(COLLECTION, wanted=wanted)
    for form in forms(said):
        assert "what matters most" in form.casefold()
        assert "notices on paperwork" not in form.casefold()


def test_a_rule_or_another_notice_with_a_section_on_paperwork_is_no_such_notice() -> None:
    collecting = notice(
        24, "Sample Information Collection Fees", "asylum", "information-collection", kind="rule"
    )
    designating = notice(25, "Designation of Samplia", "asylum", "information-collection")
    for form in forms(rendered(collecting, designating)):
        assert "notices on paperwork" not in form.casefold()


@pytest.mark.parametrize(
    ("title", "action", "evidence"),
    [
        ("Sample Visa Bond Program", "Notice; comment request.", "comment request"),
        ("Designating Samplians; Visa Bond Rules", "Notice; comment request.", "comment request"),
        ("Extension of Temporary Sample Status; Privacy Act of 1974", "Notice.", ""),
        ("Visa Bonds; New Collection of Information Collection Fees", "Notice.", ""),
    ],
)
def test_a_notice_that_does_something_is_told_in_full_whatever_else_it_announces(
    title: str, action: str, evidence: str
) -> None:
    tags = (
        tag("asylum", "temporary sample status", "visa bond"),
        tag("information-collection", evidence or "information collection"),
        tag("privacy-systems", "Privacy Act of 1974"),
    )
    doing = notice(26, title)
    new = replace(doing.new, metadata={"action": action})
    for form in forms(rendered(replace(doing, new=new, tags=tags))):
        assert "notices on paperwork" not in form.casefold()


def test_a_paperwork_notice_that_another_document_acts_on_is_told_in_full() -> None:
    other = Document(source="federal_register", key="2026-39999", kind="notice")
    for kind, is_kept_back in (
        (RelationKind.CORRECTS, False),
        (RelationKind.SAME_SERIES, True),
        (RelationKind.PUBLISHES, True),
    ):
        done = Relation(kind=kind, earlier=COLLECTION.document, later=other, evidence=("sample",))
        for form in forms(rendered(replace(COLLECTION, relations=(done,)))):
            assert ("notices on paperwork" in form.casefold()) is is_kept_back


def test_a_notice_on_records_is_kept_back_by_the_beginning_of_its_title() -> None:
    records = notice(27, "Privacy Act of 1974; System of Records", "privacy-systems")
    for form in forms(rendered(records)):
        assert "notices on paperwork" in form.casefold()


def test_without_topics_to_keep_back_every_notice_is_told_in_full() -> None:
    said = rendered(COLLECTION, background=())
    assert "\n1. Agency Information Collection" in said.text


def test_many_notices_are_counted_where_they_are_cut() -> None:
    many = [notice(n, f"Information Collection {n}", "information-collection") for n in range(50)]
    for form in forms(rendered(*many)):
        assert "10 more notices" in form
        assert form.count("Paperwork Reduction Act comments close December 1, 2026") == 40
