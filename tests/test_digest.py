"""A reader's period: what is in it, in which order, and how it looks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from builders import (
    SINCE,
    TITLES,
    UNTIL,
    change,
    deleted,
    inserted,
    precedent,
    report,
    reworded,
    rule,
    stated,
    subscription,
    tag,
    version,
)

from alerts import digest, render
from alerts.match import match
from pipeline.model import (
    BlockKind,
    Change,
    ChangeClass,
    ChangeKind,
    DateKind,
    Digest,
    Document,
    Edit,
    Relation,
    RelationKind,
    SourceReport,
    Standing,
)
from pipeline.subscription import Subscription

NEW_YORK = ZoneInfo("America/New_York")
EDITED = reworded("The officer [may] deny.", "The officer [must] deny.")


def built(*changes: Change, wanted: tuple[Subscription, ...] = ()) -> Digest:
    subscriptions = wanted or (subscription("ana"),)
    alerts = match(subscriptions, changes, TITLES)
    return digest.build(subscriptions, alerts, [report()], SINCE, UNTIL)


def rendered(*changes: Change, wanted: tuple[Subscription, ...] = ()) -> render.Rendered:
    return render.render(built(*changes, wanted=wanted), TITLES)


def covered(*coverage: SourceReport, changes: Sequence[Change] = ()) -> render.Rendered:
    """A digest of a period in which the sources were read as the reports say."""
    alerts = match((subscription("ana"),), changes, TITLES)
    one = digest.build((subscription("ana"),), alerts, coverage, SINCE, UNTIL)
    return render.render(one, TITLES)


def seen_text(html: str) -> str:
    return " ".join(BeautifulSoup(html, "lxml").get_text().split())


# What is in it


def test_nothing_recorded_after_the_period_is_in_it_and_what_comes_late_is() -> None:
    late, at_start, at_end = (
        replace(change(rule("x"), id=n), recorded_at=at)
        for n, at in ((3, SINCE - timedelta(days=8)), (1, SINCE), (2, UNTIL))
    )
    told = built(late, at_start, at_end).alerts
    assert {alert.change.id for alert in told} == {1, 3}


def test_a_change_that_two_subscriptions_met_appears_once_with_every_reason() -> None:
    wanted = (subscription("ana", "asylum"), subscription(sources=("federal_register",), id=2))
    one = change(rule("asylum"), tags=(tag("asylum", "asylum"),))
    (alert,) = built(one, wanted=wanted).alerts
    assert alert.why == (
        'subscription No. 1: topic Asylum: "asylum"',
        "subscription No. 2: source: Federal Register",
    )


def test_a_reader_is_told_nothing_of_another_readers_changes() -> None:
    wanted = (
        subscription("ana", "asylum"),
        subscription("ben", "h1b", address="ben@firm.example", id=2),
    )
    alerts = match(wanted, [change(rule("x"), tags=(tag("asylum"),))], TITLES)
    ana, ben = (digest.build((one,), alerts, (), SINCE, UNTIL) for one in wanted)
    assert (len(ana.alerts), len(ben.alerts)) == (1, 0)
    assert "asylum" not in render.render(ben, TITLES).text.casefold()


def test_order_is_class_then_the_readers_topics_then_weight_then_date() -> None:
    def made(id: int, new: object, topic: str, **more: object) -> Change:
        return change(new, id=id, tags=(tag(topic),), **more)  # type: ignore[arg-type]

    changes = (
        made(1, version("x"), "h1b", change_class=ChangeClass.EDITORIAL),
        made(2, version("x"), "h1b"),
        made(3, rule("x", kind="notice"), "asylum"),
        made(4, rule("x"), "asylum"),
        made(5, rule("x"), "asylum", seen_at=SINCE + timedelta(days=5)),
        made(6, precedent("x"), "h1b"),
    )
    wanted = (subscription("ana", "h1b", "asylum"),)
    for given in (changes, changes[::-1]):
        ordered = built(*given, wanted=wanted).alerts
        assert [alert.change.id for alert in ordered] == [6, 2, 5, 4, 3, 1]


def test_a_quiet_week_says_that_we_looked() -> None:
    said = rendered()
    for form in (said.text, seen_text(said.html)):
        whole = "Nothing changed on your subjects. We looked: every source was read completely"
        assert whole in " ".join(form.split())
        assert "last complete read" in form.casefold()
    assert said.subject.endswith(": nothing changed on your subjects")


def test_silence_of_sources_that_nobody_read_is_not_called_silence() -> None:
    sources = ("uscis_policy_manual", "bia_decisions", "federal_register")
    said = covered(*(report(source, days_read=0) for source in sources))
    assert said.subject.endswith(": NOT READ: 3 of 3 sources")
    for form in (said.text, seen_text(said.html)):
        assert "NOT READ: 3 of 3 sources. Whether anything changed" in " ".join(form.split())
        assert "We looked" not in form and "nothing changed" not in form.casefold()
    assert covered().subject.endswith(": NOT READ: no source is watched")


@pytest.mark.parametrize("changes", [(), (change(rule("x")),)])
def test_a_source_that_was_not_read_is_named_in_subject_and_first_line(
    changes: Sequence[Change],
) -> None:
    said = covered(
        report(days_read=0), report("bia_decisions"), report("federal_register"), changes=changes
    )
    missing = "2 of 3 sources read; not read: USCIS Policy Manual"
    assert missing in said.subject
    for form in (said.text, seen_text(said.html)):
        assert f"For ana: {missing}." in " ".join(form.split())
        assert "We looked" not in form
    assert ("nothing changed on your subjects in what was read" in said.subject) is (not changes)


def test_names_that_hold_commas_are_told_apart() -> None:
    titles = ("Decisions, EOIR", "Alerts, USCIS", "Rules")
    sources = [
        replace(report(days_read=0), source=f"source-{n}", title=title)
        for n, title in enumerate(titles)
    ]
    said = covered(*sources, report())
    assert "not read: Decisions, EOIR; Alerts, USCIS; and Rules" in said.subject
    two = covered(*sources[:2], report())
    assert "not read: Decisions, EOIR; and Alerts, USCIS" in two.subject


# How it looks


def test_the_redline_survives_the_loss_of_colour_and_marks() -> None:
    said = rendered(change(version("x"), EDITED))
    assert "officer [-may-] {+must+} deny" in said.text
    assert "officer [-may-] {+must+} deny" in seen_text(said.html)
    assert BeautifulSoup(said.html, "lxml").select_one(".line ins").text == "must"  # type: ignore[union-attr]


def test_what_a_noise_rule_explains_is_counted_and_not_shown() -> None:
    from pipeline.weight import NOISE  # noqa: PLC0415 - only this test needs a rule's name

    name = sorted(NOISE)[0]
    noisy = reworded("Last reviewed [then]", "Last reviewed [now]", rule=name)
    said = rendered(change(version("x"), EDITED, noisy)).text
    assert "Last reviewed" not in said
    assert f"Left out as noise, by rule: “{name.replace('-', ' ')}” ×1." in " ".join(said.split())


def test_a_document_first_seen_is_called_new_and_no_reason_is_invented() -> None:
    said = rendered(change(rule("x"), reasons=("no earlier text",)))
    assert said.subject.endswith(": 1 new")
    for form in (said.text, seen_text(said.html)):
        assert "first seen; no earlier text is held." in form.casefold()
        assert "substantive" not in form.casefold() and "Why" in form
    badge = BeautifulSoup(said.html, "lxml").select_one(".badge")
    assert badge is not None and badge.text == "New"


def test_reasons_are_given_where_the_redline_does_not_show_them() -> None:
    swept = reworded("[alien] x", "[noncitizen] x", rule="terminology sweep")
    editorial = change(
        version("x"), swept, change_class=ChangeClass.EDITORIAL, reasons=("Terms alone differ.",)
    )
    assert "Why editorial: Terms alone differ." in rendered(editorial).text
    assert "Why substantive" not in rendered(change(version("x"), EDITED)).text


def test_a_published_correction_is_told_in_words() -> None:
    fields = (("corrections", "not stated", "C1-2026-1"), ("docket_ids", "A-1", "A-2"))
    said = rendered(
        change(
            rule("x"),
            kind=ChangeKind.METADATA,
            change_class=ChangeClass.METADATA,
            metadata=fields,
            summary="summary",
        )
    )
    assert "A correction was published: {+C1-2026-1+}" in said.text
    assert "Docket numbers: [-A-1-] {+A-2+}" in said.text
    assert "not stated" not in said.text.split("Docket numbers")[0].split("Corrected by")[1]


def test_the_first_screen_has_no_numbers_out_of_order() -> None:
    said = rendered(*(change(rule("x", title=f"Rule {n}"), id=n) for n in (1, 2))).text
    first_screen = said[: said.index("WHAT TAKES EFFECT OR CLOSES NEXT")]
    assert "\nRule 1" in first_screen and "\n1. " not in first_screen


def test_a_new_precedent_is_quoted_by_its_headnotes() -> None:
    said = rendered(change(precedent("The first holding.", "The second holding.")))
    for form in (said.text, seen_text(said.html)):
        assert "“The first holding.”" in form and "“The second holding.”" in form


def test_dates_are_given_as_stated_and_their_absence_is_said() -> None:
    one = rule("x", dates=(stated(DateKind.PUBLISHED, date(2026, 11, 17)),))
    said = " ".join(rendered(change(one)).text.split())
    assert "effective date: not stated" in said
    words = "“November 17, 2026” (the document’s DATES section)"
    assert f"published: November 17, 2026 (Eastern), {words}" in said


def test_a_date_stated_in_two_places_is_given_once_in_the_documents_words() -> None:
    twice = (
        stated(DateKind.EFFECTIVE, date(2026, 12, 7), "This rule is effective December 7, 2026."),
        stated(DateKind.EFFECTIVE, date(2026, 12, 7), "2026-12-07", "API effective_on"),
    )
    said = " ".join(rendered(change(rule("x", dates=twice))).text.split())
    words = "“This rule is effective December 7, 2026.” (the document’s DATES section)"
    assert (
        f"effective date: December 7, 2026 (Eastern), {words}; also Federal Register data" in said
    )
    assert (
        "December 7, 2026 (in 14 days, Eastern): effective date, Fee Schedule, 91 FR 60001 "
        "(in this digest: no. 1)" in said
    )
    assert "2026-12-07" not in said


def test_a_date_that_only_the_publishers_data_states_is_not_quoted() -> None:
    bare = stated(DateKind.EFFECTIVE, date(2026, 12, 7), "2026-12-07", "API effective_on")
    said = " ".join(rendered(change(rule("x", dates=(bare,)))).text.split())
    assert "effective date: December 7, 2026 (Eastern), read from Federal Register data" in said
    assert "2026-12-07" not in said


def test_no_date_ahead_is_left_out_and_the_subject_names_the_first() -> None:
    far = (
        stated(DateKind.COMPLIANCE, date(2028, 1, 3), "comply by January 3, 2028"),
        stated(DateKind.EFFECTIVE, date(2027, 3, 1), "effective March 1, 2027"),
    )
    said = rendered(change(rule("x", dates=far)))
    assert said.subject.endswith("; next date March 1, 2027")
    for form in (said.text, seen_text(said.html)):
        assert "Within 30 days" not in form
        further = form.casefold().rindex("further dates")
        assert further < form.index("March 1, 2027", further) < form.index("2028", further)


def test_the_only_date_ahead_is_named_as_the_paperwork_date_it_is() -> None:
    dates = (stated(DateKind.PRA_COMMENTS_CLOSE, date(2026, 12, 1), "PRA by December 1, 2026"),)
    said = rendered(change(rule("x", dates=dates)))
    assert said.subject.endswith("next date December 1, 2026 (Paperwork Reduction Act comments)")
    assert "no date but those on paperwork that falls due from November 16, 2026 on" in seen_text(
        said.html
    )


def test_that_no_date_falls_due_is_said_of_all_time_ahead() -> None:
    past = (stated(DateKind.EFFECTIVE, date(2026, 11, 1)),)
    for dates in ((), past):
        said = rendered(change(rule("x", dates=dates)))
        assert "next date" not in said.subject
        assert "state no date that falls due from November 16, 2026 on." in seen_text(said.html)


def test_dates_stand_in_two_groups_the_further_ones_below_and_paperwork_apart() -> None:
    dates = (
        stated(DateKind.EFFECTIVE, date(2026, 12, 7)),
        stated(DateKind.COMPLIANCE, date(2026, 12, 8)),
        stated(DateKind.EXPIRES, date(2026, 12, 23)),
        stated(DateKind.COMMENTS_CLOSE, date(2026, 12, 24)),
        stated(DateKind.PRA_COMMENTS_CLOSE, date(2026, 12, 1)),
        stated(DateKind.PRA_COMMENTS_CLOSE, date(2027, 1, 4)),
    )
    html = BeautifulSoup(rendered(change(rule("x", dates=dates))).html, "lxml")
    first, second, paperwork, further, _ = html.select("table.dates")
    assert [table.caption.text.split(",")[0] for table in (first, second)] == [  # type: ignore[union-attr]
        "Within 14 days",
        "Within 30 days",
    ]
    days = [
        [" ".join(row.get_text(" ").split()) for row in table.select("th")]
        for table in (first, second, paperwork, further)
    ]
    assert days == [
        ["December 7, 2026 Eastern · in 14 days"],
        ["December 8, 2026 Eastern · in 15 days", "December 23, 2026 Eastern · in 30 days"],
        ["December 1, 2026 Eastern · in 8 days"],
        ["December 24, 2026 Eastern · in 31 days", "January 4, 2027 Eastern · in 42 days"],
    ]
    assert "burden" in paperwork.caption.text  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (
            "Comments close at 11:59 p.m. Eastern Time on December 7, 2026.",
            "11:59 p.m. Eastern Time",
        ),
        ("Comments close December 7, 2026, 5 pm.", "5 pm (zone not stated)"),
        ("By noon (ET) on December 7, 2026.", "noon ET"),
        ("On paper by 5 p.m. ET, online by 11:59 p.m. ET, December 7, 2026.", "Eastern"),
        ("Comments close December 7, 2026.", "Eastern"),
    ],
)
def test_an_hour_is_given_as_the_document_states_it_and_none_is_chosen_of_two(
    words: str, shown: str
) -> None:
    one = rule("x", dates=(stated(DateKind.COMMENTS_CLOSE, date(2026, 12, 7), words),))
    said = rendered(change(one))
    assert f"December 7, 2026 (in 14 days, {shown})" in " ".join(said.text.split())
    assert f"December 7, 2026 {shown} · in 14 days" in seen_text(said.html.replace("<br>", " "))


def test_a_footnote_and_a_deleted_paragraph_are_named_as_such() -> None:
    note = inserted("See 8 CFR 204.5(h).")
    assert note.new is not None
    note = replace(note, new=replace(note.new, kind=BlockKind.FOOTNOTE, label="12"))
    said = rendered(change(version("x"), note, deleted("Gone.", "A. Scope"))).text
    assert "footnote 12:" in said and "{+See 8 CFR 204.5(h).+}" in said
    assert "A. Scope:" in said and "[-Gone.-]" in said


def test_a_document_gone_from_the_site_is_called_no_more_than_that() -> None:
    said = rendered(change(version("x"), kind=ChangeKind.REMOVED, summary="not listed")).text
    assert "Removed from site" in said and "no longer shows it" in said
    assert not any(word in said for word in ("withdrawn", "rescinded", "repealed"))


@pytest.mark.parametrize(
    "gap",
    [
        report(last_complete=None, days_read=0),
        report(last_complete=SINCE - timedelta(days=1), days_read=0),
        report(failures=("November 18: uscis.gov answered 503",)),
    ],
)
def test_a_gap_in_what_was_read_stands_on_the_first_screen(gap: SourceReport) -> None:
    one = digest.build((subscription("ana"),), (), [gap], SINCE, UNTIL)
    said = render.render(one, TITLES)
    head = said.text[:500]
    assert "NOT EVERYTHING COULD BE READ" in head and "USCIS Policy Manual" in head
    assert "Not everything could be read" in seen_text(said.html)


def test_a_first_digest_says_since_when_we_watch() -> None:
    fresh = report(first_complete=SINCE + timedelta(hours=1))
    one = digest.build((subscription("ana"),), (), [fresh], SINCE, UNTIL)
    assert "what changed before then was not seen" in seen_text(render.render(one, TITLES).html)


def test_crawled_markup_scripts_and_overrides_reach_no_reader() -> None:
    evil = "<script>alert(1)</script>\u202e<img src=x onerror=y>{{ 7*7 }}\x1b[31m"
    bad = change(
        replace(version("x", title=evil), url="javascript:alert(1)"),
        reworded(f"[{evil.replace('[', '(')}] a", f"[{evil.replace('[', '(')}!] a"),
        summary=evil,
        reasons=(evil,),
        tags=(tag("asylum", evil),),
    )
    said = rendered(bad, wanted=(subscription("<b>ana</b>", "asylum"),))
    page = BeautifulSoup(said.html, "lxml")
    assert not page.select("script, img, b") and "javascript:" not in said.html
    assert "\x1b" not in said.text + said.html and "\u202e" not in said.text + said.html
    assert "{{ 7*7 }}" in said.text


def test_a_long_digest_stays_under_the_limit_and_counts_what_it_leaves_out() -> None:
    edits: list[Edit] = [EDITED] * 30
    changes = [
        change(version("x", title=f"Chapter {n}"), *edits, id=n, summary="long " * 100)
        for n in range(1, 201)
    ]
    said = rendered(*changes)
    assert len(said.html.encode()) <= render.LIMIT
    shown = len(BeautifulSoup(said.html, "lxml").select(".entry[id]"))
    assert f"{200 - shown} more changes did not fit" in " ".join(said.text.split())
    assert "more edits in this change" in said.text


def test_what_did_not_fit_is_named_in_a_line_each_as_far_as_there_is_room() -> None:
    changes = [
        change(version("x" * 4000, title="A notice", citation=f"91 FR {n}"), EDITED, id=n)
        for n in range(61_001, 61_301)
    ]
    said = rendered(*changes)
    page = BeautifulSoup(said.html, "lxml")
    for form in (" ".join(page.get_text(" ").split()), " ".join(said.text.split())):
        left = int(re.findall(r"(\d+) more changes? did not fit", form)[0])
        told = form[form.index("did not fit") :]
        named = re.findall(r"\b(91 FR \d+) \(", told)
        entries = form[: form.index("did not fit")]
        assert named and len(named) == len(set(named))
        assert not any(f"{each} ·" in entries for each in named)
        assert left == len(named) or f"and {left - len(named)} more" in told


def test_many_dates_and_failures_are_counted_where_they_are_cut() -> None:
    changes = [
        change(
            rule("x", number=f"2026-{n}", dates=(stated(DateKind.EFFECTIVE, date(2026, 12, 1)),)),
            id=n,
        )
        for n in range(1, 301)
    ]
    failing = report(failures=tuple(f"run {n} failed" for n in range(40)))
    subscriptions = (subscription("ana"),)
    alerts = match(subscriptions, changes, TITLES)
    one = digest.build(subscriptions, alerts, [failing], SINCE, UNTIL)
    said = render.render(one, TITLES)
    assert len(said.html.encode()) <= render.LIMIT
    for form in (said.text, seen_text(said.html)):
        assert "270 more dates" in form and "35 more failed runs" in form


def test_the_page_has_the_structure_that_screen_readers_need() -> None:
    html = rendered(change(version("x"), EDITED)).html
    page = BeautifulSoup(html, "lxml")
    assert page.html is not None and page.html["lang"] == "en-US"
    assert len(page.select("h1")) == 1 and page.select("h2 ~ .entry h3, .part h3")
    for table in page.select("table"):
        assert table.get("role") == "presentation" or table.select("th[scope]")
    assert "prefers-color-scheme: dark" in html and 'name="color-scheme"' in html


def test_the_same_input_gives_the_same_digest() -> None:
    changes = (change(version("x"), EDITED, id=1), change(rule("x"), id=2))
    assert rendered(*changes) == rendered(*changes[::-1])


# What is known besides the text


DELAYED = stated(DateKind.EFFECTIVE, date(2026, 12, 7), "effective December 7, 2026")
COMPLY = stated(DateKind.COMPLIANCE, date(2027, 1, 7), "comply by January 7, 2027")


def delayed() -> Change:
    one = change(rule("x", dates=(DELAYED, COMPLY)))
    later = Document(source="federal_register", key="2026-21999@2026-11-20", kind="rule")
    ended = Standing(
        document=one.document, stated=DELAYED, live=False, why="delayed by 91 FR 70001"
    )
    elsewhere = Standing(
        document=later, stated=stated(DateKind.EFFECTIVE, date(2027, 2, 1)), live=True
    )
    evidence = ("cites 91 FR 60001",)
    relation = Relation(
        kind=RelationKind.DELAYS, earlier=one.document, later=later, evidence=evidence
    )
    return replace(one, standings=(ended, elsewhere), relations=(relation,))


def urgently(number: str = "2026-21001", id: int = 1) -> Change:
    on = date(2026, 11, 17)
    dates = (stated(DateKind.PUBLISHED, on), stated(DateKind.EFFECTIVE, on, f"effective {on}"))
    return change(rule("x", number=number, dates=dates), id=id)


def test_a_dead_date_is_marked_and_neither_due_nor_next() -> None:
    said = rendered(delayed())
    assert said.subject.endswith("; next date January 7, 2027")
    words = "effective date: December 7, 2026 (Eastern), no longer in force: delayed by 91 FR 70001"
    assert words in " ".join(said.text.split())
    html = BeautifulSoup(said.html, "lxml")
    assert [struck.get_text() for struck in html.select("s")] == [
        "Effective date: December 7, 2026 (Eastern)"
    ]
    assert "December 7" not in "".join(table.get_text() for table in html.select("table.dates"))


def test_relations_are_told_with_their_evidence_and_what_holds_now() -> None:
    for form in (rendered(delayed()).text, seen_text(rendered(delayed()).html)):
        said = " ".join(form.split())
        assert "Effective date delayed by FR Doc. 2026-21999 (November 20, 2026)" in said
        assert "oined by: cites 91 FR 60001" in said
        assert "ffective date February 1, 2027, FR Doc. 2026-21999" in said


def test_what_is_urgent_comes_first_and_stands_in_the_subject() -> None:
    usual = [change(precedent(f"Holding {n}."), id=n + 10) for n in range(5)]
    said = rendered(*usual, urgently(id=1), urgently("2026-21002", id=2))
    assert said.subject.startswith("Immigration law, November 16–23, 2026: 2 urgent; 7 new")
    assert "For ana: 2 urgent. 7 changes (7 new)." in said.text
    assert said.text.index("URGENT: Rule in force on its publication") < said.text.index("Holding")
    assert said.text.index("\nURGENT\n------") < said.text.index("\n1. Fee Schedule")


def test_many_urgent_documents_are_counted_where_they_are_cut() -> None:
    said = rendered(*(urgently(f"2026-{n}", id=n) for n in range(1, 15)))
    assert "9 more urgent changes: see URGENT below." in said.text
    assert "9 more urgent changes" in seen_text(said.html)


def test_a_removed_document_is_told_by_two_readings_and_its_last_text() -> None:
    old = version("The last words held.", seen_at=SINCE - timedelta(days=10))
    readings = "Two complete readings of the site, on the 16th and on the 18th, do not name it."
    gone = change(
        replace(old, blocks=(), seen_at=SINCE),
        old=old,
        kind=ChangeKind.REMOVED,
        reasons=(readings,),
        summary="removed from site: x",
    )
    said = rendered(gone)
    assert "1 removed from site" in said.subject
    for form in (said.text, seen_text(said.html)):
        told = " ".join(form.split())
        assert f"What this rests on: {readings}" in told
        assert "The last text we hold, as seen November 6, 2026" in told
        assert "“The last words held.”" in told and "not stated" not in told
        assert not any(word in told for word in ("withdrawn", "rescinded", "[-The last"))


def test_a_text_that_came_in_a_fuller_form_is_no_changed_law() -> None:
    new = rule("x", dates=(DELAYED,))
    old = replace(new, dates=(), metadata={**new.metadata, "text": "abstract only"})
    fuller = change(
        new,
        old=old,
        kind=ChangeKind.METADATA,
        change_class=ChangeClass.METADATA,
        metadata=(("effective date", "not stated", "2026-12-07"),),
        reasons=("The full text is held now; before, abstract only.",),
    )
    said = " ".join(rendered(fuller).text.split())
    assert "Metadata: text now held in a fuller form." in said
    assert "What this rests on: The full text is held now; before, abstract only." in said


def test_a_poorer_form_is_said_where_the_text_is_quoted() -> None:
    one = rule("x")
    one = replace(one, metadata={**one.metadata, "text": "abstract only"})
    for form in (rendered(change(one)).text, seen_text(rendered(change(one)).html)):
        assert "Abstract only: the full text is not held." in form


def test_a_source_that_is_too_quiet_is_a_warning_and_no_failure() -> None:
    said = covered(report(quiet="nothing new since 2026-11-02"))
    assert "WARNING: nothing new since 2026-11-02." in said.text
    assert "Warning: nothing new since 2026-11-02." in seen_text(said.html)
    assert "NOT EVERYTHING" not in said.text


def test_a_routine_notice_that_was_asked_for_comes_after_what_is_substantive() -> None:
    notice = rule(
        "x", kind="notice", number="2026-30001", title="Agency Information Collection Activities"
    )
    paper = change(notice, id=1, tags=(tag("asylum"),))
    guidance = change(version("x"), EDITED, id=2, tags=(tag("h1b"),))
    wanted = (subscription("ana", "asylum", "h1b"),)
    alerts = match(wanted, (paper, guidance), TITLES)
    one = digest.build(wanted, alerts, [], SINCE, UNTIL, background=("asylum",))
    assert [alert.change.id for alert in one.alerts] == [2, 1]
    text = render.render(one, TITLES, {"asylum"}).text
    foremost = text.split("WHAT MATTERS MOST")[1].split("DATES THAT FALL DUE")[0]
    assert foremost.index(guidance.new.title) < foremost.index("Agency Information Collection")


def test_a_decision_that_overrules_another_says_so_at_the_top_of_its_entry() -> None:
    overruling = precedent(
        "The holding. Matter of A-B-, 99 I&N Dec. 1 (BIA 2020), followed.",
        "Matter of C-D-, 99 I&N Dec. 112 (BIA 2026), overruled in part.",
        name="Matter of Z-Z-",
    )
    other = precedent("The other holding.", name="Matter of A-A-")
    told = rendered(change(other), change(overruling, id=2))
    overrules = "Overrules in part Matter of C-D-, 99 I&N Dec. 112 (BIA 2026)"
    for said in (told.text, BeautifulSoup(told.html, "lxml").get_text(" ")):
        words = " ".join(said.split())
        top, entry = words.index(overrules), words.rindex(overrules)
        assert words.index("Matter of Z-Z-") < top < words.index("“The holding.")
        assert top < words.index("Matter of A-A-") < entry
        assert entry < words.rindex("Follows Matter of A-B-, 99 I&N Dec. 1 (BIA 2020)")
    assert rendered(change(other)).text.count("Overrules") == 0


def test_what_an_earlier_text_of_a_decision_said_already_is_no_news() -> None:
    tag = "Matter of C-D-, 99 I&N Dec. 112 (BIA 2026), overruled."
    held = precedent("The holding.", tag)
    longer = precedent("The holding.", tag, "Matter of E-F-, 99 I&N Dec. 5 (BIA 2020), overruled.")
    edited = change(longer, inserted(longer.blocks[2]), old=held)
    text = " ".join(rendered(edited).text.split())
    assert "Overrules Matter of E-F-, 99 I&N Dec. 5 (BIA 2020)." in text
    assert "Overrules Matter of C-D-" not in text


def test_a_date_that_a_page_stated_before_is_none_of_its_change() -> None:
    stood, ahead = date(2022, 9, 1), date(2026, 12, 1)
    came = date(2026, 10, 1)
    before, after = (
        version(
            text,
            kind="form",
            dates=tuple(stated(DateKind.EFFECTIVE, on, f"From {on}.") for on in days),
        )
        for text, days in (("old", (stood, ahead)), ("new", (stood, ahead, came)))
    )
    said = " ".join(rendered(change(after, EDITED, old=before)).text.split())
    told = said[said.index("1. ") : said.index("WHAT WAS WATCHED")]
    assert "September 1, 2022" not in told and "October 1, 2026" in told
    assert said.count("it stood there before") == 1
    assert "December 1, 2026 (Eastern), “From 2026-12-01.”" in told
    assert "September 1, 2022" in rendered(change(after)).text


def test_a_bulletins_movements_are_told_once_and_its_name_too() -> None:
    moved = "EB-9 SAMPLELAND, final action: 1 May 2024 → 1 June 2024, advanced 1 month"
    bulletin = version(
        "x",
        source="visa_bulletin",
        kind="visa-bulletin",
        title="Visa Bulletin For May 2099",
        citation="Visa Bulletin for May 2099 (No. 9, Vol. XI)",
    )
    new = change(bulletin, kind=ChangeKind.NEXT, reasons=(moved,), summary=f"new: {moved}")
    said = " ".join(rendered(new).text.split())
    entry = said[said.index("1. Visa Bulletin For May 2099") :]
    assert entry.count("advanced 1 month") == 1 and f"- {moved}" in entry
    screen = said[: said.index("WHAT TAKES EFFECT OR CLOSES NEXT")]
    assert screen.casefold().count("visa bulletin for may 2099") == 1
    silent = replace(new, difference=replace(new.difference, reasons=()))
    assert moved in " ".join(rendered(silent).text.split())
