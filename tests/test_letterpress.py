"""How a digest is set: within its limit, the same bytes everywhere, readable for everybody."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import css_inline
import pytest
from bs4 import BeautifulSoup, Tag
from builders import (
    SINCE,
    TITLES,
    UNTIL,
    change,
    precedent,
    report,
    reworded,
    rule,
    stated,
    subscription,
    tag,
    version,
)
from falling import deadline
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts import digest, press, reachable, render
from alerts.match import match
from alerts.remembered import remembered
from alerts.ways import ways
from pipeline.letter import LetterKind
from pipeline.model import Change, ChangeClass, ChangeKind, DateKind, Deadline, Digest
from pipeline.subscription import Frequency, Schedule, Subscription

EDITED = reworded("The officer [may] deny.", "The officer [must] deny.")
OVERRULING = precedent(
    "The holding.", "Matter of C-D-, 99 I&N Dec. 112 (BIA 2026), overruled.", name="Matter of Z-Z-"
)
AT_ONCE = replace(rule("x", dates=(stated(DateKind.EFFECTIVE, date(2026, 11, 17)),)), metadata={})
URGENT = replace(AT_ONCE, dates=(*AT_ONCE.dates, stated(DateKind.PUBLISHED, date(2026, 11, 17))))
EVERY = (
    change(rule("x", dates=(stated(DateKind.COMMENTS_CLOSE, date(2026, 12, 1)),))),
    change(version("x"), EDITED, id=2),
    change(OVERRULING, id=3),
    change(replace(URGENT, title="Urgent Sample"), id=4),
    change(
        version("x", key="c"),
        id=5,
        kind=ChangeKind.METADATA,
        change_class=ChangeClass.METADATA,
        metadata=(("docket_ids", "A-1", "A-2"),),
    ),
    change(version("x", key="d"), id=6, kind=ChangeKind.REMOVED),
)
COVERED = (
    report(suppressed={"typography": 3}, left_out={"not immigration": 12}),
    report("bia_decisions", failures=("November 18: the site answered 503",)),
    report("federal_register", days_read=0, quiet="nothing new for 9 working days"),
)


def built(
    *changes: Change,
    wanted: tuple[Subscription, ...] = (),
    kind: LetterKind = LetterKind.DIGEST,
    at_once: dict[int, datetime] | None = None,
    unasked: tuple[str, ...] = (),
) -> Digest:
    wanted = wanted or (subscription("ana"),)
    return digest.build(
        wanted,
        match(wanted, changes, TITLES),
        COVERED,
        SINCE,
        UNTIL,
        kind=kind,
        at_once=at_once or {},
        unasked=unasked,
    )


def forms(said: render.Rendered) -> tuple[str, str]:
    html = BeautifulSoup(said.html, "lxml").get_text(" ")
    return " ".join(said.text.split()), " ".join(html.split())


# The limit


def hostile() -> st.SearchStrategy[str]:
    long = st.sampled_from(["&", '"', "<b>", "”", "𝔘", "A\u202e", "x y ", "{{", "\x00\n"])
    return st.builds(lambda sign, times: sign * times, long, st.integers(0, 2_000))


@given(words=hostile(), count=st.integers(0, 60), sources=st.integers(0, 90))
@settings(max_examples=6, deadline=None)
def test_no_digest_outgrows_its_limit(words: str, count: int, sources: int) -> None:
    stated_dates = tuple(
        stated(kind, date(2026, 12, 1), words)
        for kind in (DateKind.EFFECTIVE, DateKind.COMMENTS_CLOSE, DateKind.PRA_COMMENTS_CLOSE)
    )
    changes = [
        change(
            replace(
                rule(words, title=words, number=f"2026-{n}", dates=stated_dates, citation=words),
                metadata={"abstract": words},
            ),
            id=n,
            tags=(tag("asylum", words),),
        )
        for n in range(1, count + 1)
    ]
    covered = [
        replace(
            report(failures=(words,) * 9, suppressed={words: 1}, quiet=words),
            source=f"s{n}",
            title=words,
        )
        for n in range(sources)
    ]
    wanted = tuple(
        replace(subscription(words, "asylum", id=n), name=words, words=words, shown_on=("mail",))
        for n in range(1, 1 + count // 6)
    ) or (subscription("ana"),)
    alerts = match(wanted, changes, TITLES)
    one = digest.build(wanted, alerts, covered, SINCE, UNTIL)
    for each in (one, replace(one, settled=tuple(changes), unasked=(words,) * 90)):
        assert len(render.render(each, TITLES).html.encode()) <= render.LIMIT


def test_what_is_cut_is_counted() -> None:
    changes = [change(OVERRULING, id=n) for n in range(1, 201)]
    one = replace(built(*changes), coverage=COVERED * 40, unasked=("your search No. 1",) * 99)
    for form in forms(render.render(one, TITLES)):
        shown = len(re.findall(r"Why you get this", form))
        assert f"{200 - shown} more changes did not fit" in form.replace(" changes ", " changes ")
        assert "more sources" in form and "more searches" in form and "more decisions" in form


# The same bytes


PROGRAM = """
import sys
sys.path.insert(0, {tests!r})
from test_letterpress import EVERY, TITLES, built
from alerts.render import render
said = render(built(*EVERY), TITLES)
sys.stdout.buffer.write((said.subject + said.html + said.text).encode())
"""


def test_a_digest_told_again_elsewhere_is_byte_for_byte_the_same() -> None:
    around = {"PYTHONHASHSEED": "1", "TZ": "Asia/Kolkata", "LC_ALL": "tr_TR.UTF-8"}
    tests = str(Path(__file__).parent)
    again = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(tests=tests)],
        env={**os.environ, **around},
        capture_output=True,
        check=True,
    )
    said = render.render(built(*EVERY), TITLES)
    assert again.stdout == (said.subject + said.html + said.text).encode()


def test_what_another_reader_was_told_before_alters_no_byte() -> None:
    wanted = (subscription("ben", "asylum", sources=("federal_register",)),)
    alone = render.render(built(*EVERY), TITLES)
    render.render(built(*EVERY, wanted=wanted), {**TITLES, "federal_register": "Other name"})
    assert render.render(built(*EVERY), TITLES) == alone


def test_what_is_remembered_is_forgotten_with_its_object() -> None:
    asked = []

    @remembered
    def length(given: Change) -> int:
        asked.append(given.id)
        return given.id

    first, second = change(rule("x"), id=1), change(rule("x"), id=1)
    assert [length(first), length(first), length(second)] == [1, 1, 1]
    assert asked == [1, 1]  # equal, and not the same: it may know more
    del first
    assert length(change(rule("x"), id=7)) == 7  # whatever memory it came to stand in


# The styles


def test_every_style_stands_in_its_element_as_the_library_sets_it() -> None:
    page = render.render(built(*EVERY), TITLES).html
    bare = re.sub(r' style="[^"]*"', "", page)
    sheet = files("alerts").joinpath("templates/digest.css").read_text("utf-8")
    whole = css_inline.CSSInliner(extra_css=sheet, keep_at_rules=True).inline(bare)
    ours, theirs = (BeautifulSoup(each, "lxml").body for each in (page, whole))
    assert ours is not None and theirs is not None
    told, meant = (
        [(each.name, each.get("style")) for each in whole.find_all() if each.name != "tbody"]
        for whole in (ours, theirs)  # a table's body is one that the library's parser adds
    )
    assert told == meant
    assert len(ours.find_all(style=True)) > 50


# For everybody


def test_a_page_can_be_read_without_seeing_it() -> None:
    for kind in LetterKind.DIGEST, LetterKind.ALERT:
        page = BeautifulSoup(render.render(built(*EVERY, kind=kind), TITLES).html, "lxml")
        assert page.html and page.html["lang"] == "en-US" and page.title and page.title.text
        levels = [int(each.name[1]) for each in page.select("h1, h2, h3, h4")]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(later <= before + 1 for before, later in pairwise(levels))
        for table in page.select("table:not([role=presentation])"):
            assert table.caption and all(cell.get("scope") for cell in table.select("th"))
        assert not page.select("img, script, svg, iframe, form, input, link, base")
        roles = [each["role"] for each in page.select("[role]")]
        assert {"banner", "main", "contentinfo"} <= set(roles)
        names = [each["id"] for each in page.select("[id]")]
        assert len(names) == len(set(names))
        for link in page.select("a"):
            assert len(link.get_text(strip=True)) > 7 and link.get_text(strip=True) != "here"
            where = str(link["href"])
            assert not where.startswith("#") or where[1:] in names


def rules_of(sheet: str) -> dict[str, dict[str, str]]:
    """Of a style sheet: by selector, what it sets."""
    found: dict[str, dict[str, str]] = {}
    for selectors, said in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        for selector in selectors.split(","):
            pairs = (each.split(":", 1) for each in said.split(";") if ":" in each)
            found.setdefault(selector.strip(), {}).update(
                {name.strip(): value.replace("!important", "").strip() for name, value in pairs}
            )
    return found


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    ]
    return sum(w * each for w, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("is_dark", [False, True])
def test_every_colour_can_be_read_on_what_it_stands_on(is_dark: bool) -> None:
    """WCAG 2.2 AA, 1.4.3: 4.5 to 1. Each element with a text, in the colour and on the ground that
    it or its nearest parent gives."""
    folder = files("alerts").joinpath("templates")
    rules = rules_of(folder.joinpath("digest.css").read_text("utf-8"))
    if is_dark:
        screens = folder.joinpath("screens.css").read_text("utf-8")
        dark = screens[screens.index("prefers-color-scheme: dark") :].split("{", 1)[1]
        for selector, said in rules_of(dark).items():
            rules.setdefault(selector, {}).update(said)
    page = BeautifulSoup(render.render(built(*EVERY), TITLES).html, "lxml")

    def of(element: Tag, name: str) -> str:
        for each in (element, *element.parents):
            own = [each.name, *(f".{one}" for one in each.get("class") or ())]
            values = [rules[key][name] for key in own if name in rules.get(key, {})]
            if values:
                return values[-1]
        raise AssertionError(f"{element.name} has no {name}")

    assert page.body is not None
    pairs = {
        (of(each, "color"), of(each, "background"))
        for each in page.body.find_all()
        if any(isinstance(one, str) and one.strip() for one in each.children)
    }
    assert len(pairs) >= 6
    low = {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < 4.5}
    assert not low


# What it tells


def test_a_reader_of_many_subscriptions_sees_which_met_what_and_what_is_private_stays_so() -> None:
    wanted = (
        replace(subscription("ana", "asylum"), name="Asylum cases", matter="M-77", note="secret"),
        replace(
            subscription("ana", sources=("federal_register",), id=2),
            matter="M-88",
            words="flight /s bond",
            note="seen",
            shown_on=("mail",),
        ),
    )
    one = change(rule("asylum"), tags=(tag("asylum", "asylum"),))
    alerts = match((wanted[0], replace(wanted[1], words="")), [one], TITLES)
    made = digest.build(wanted, alerts, COVERED, SINCE, UNTIL)
    for form in forms(render.render(made, TITLES)):
        assert 'Why you get this: “Asylum cases”: topic Asylum: "asylum"; subscription No.' in form
        assert "ubscription No. 2 (matter M-88)" in form and "words: flight /s bond" in form
        assert "note: seen" in form
        assert "M-77" not in form and "secret" not in form


def test_what_was_sent_at_once_is_said_to_have_been() -> None:
    at = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
    said = forms(render.render(built(*EVERY, at_once={4: at, 99: at}), TITLES))
    for form in said:
        assert form.count("Sent to you at once on November 18, 2026, 15:00 UTC.") == 1


def test_an_alert_says_in_its_subject_what_it_is_and_is_short() -> None:
    alert = built(EVERY[3], kind=LetterKind.ALERT)
    said = render.render(alert, TITLES)
    assert said.subject == "Urgent: Urgent Sample, 91 FR 60001"
    for form in forms(said):
        assert "1 change that can’t wait, sent when found" in form
        assert "in force on its publication" in form
        assert "last complete read" not in form.casefold() and "next digest tells it again" in form
    assert len(said.html) < len(render.render(built(EVERY[3]), TITLES).html)
    many = render.render(built(*EVERY[3:5], kind=LetterKind.ALERT), TITLES)
    assert many.subject == "Urgent: Urgent Sample, 91 FR 60001; and 1 more"


def test_an_alert_is_of_subscriptions_of_all_frequencies() -> None:
    daily = replace(subscription(id=2), schedule=Schedule(frequency=Frequency.DAILY))
    wanted = (subscription(), daily)
    alerts = match(wanted, [EVERY[3]], TITLES)
    alert = digest.build(wanted, alerts, (), SINCE, UNTIL, kind=LetterKind.ALERT)
    assert len(alert.alerts) == 1 and alert.subscriptions == wanted


def test_searches_that_could_not_be_asked_are_named_on_the_first_screen() -> None:
    said = render.render(built(unasked=("your search No. 3: the model is not installed",)), TITLES)
    for form in forms(said):
        named = form.casefold().index("could be run")
        assert named < form.index("Last complete read") and "No. 3: the model" in form


def test_new_precedents_have_a_section_of_their_own_with_what_they_did() -> None:
    quiet = change(replace(precedent("Another holding."), title="Matter of Q-Q-"), id=7)
    for form in forms(render.render(built(*EVERY, quiet), TITLES)):
        begins = form.casefold().index("new precedents, and what they did to older ones")
        told = form[begins : begins + 600]
        assert "Overrules Matter of C-D-, 99 I&N Dec. 112 (BIA 2026)" in told
        assert "Matter of Q-Q-" in told and "No treatment of an older decision was found" in told


def test_the_coverage_says_which_rule_left_out_what_and_what_the_rule_is() -> None:
    for form in forms(render.render(built(), TITLES)):
        assert "Differences left out, by rule: “typography” ×3." in form
        assert "Entries not read, by rule: “not immigration” ×12." in form
        assert "“typography”: Only the shape of quotation marks" in form
        assert "FAILED RUN: November 18" in form.replace("Failed run", "FAILED RUN")
        assert "9 working days." in form


def test_whom_it_binds_is_said_as_of_the_day_and_a_rule_to_come_binds_nobody_yet() -> None:
    to_come = rule("x", dates=(stated(DateKind.EFFECTIVE, date(2026, 12, 7)),))
    first = forms(render.render(built(change(to_come)), TITLES))
    then = built(change(to_come))
    until = UNTIL + timedelta(days=21)
    later = forms(render.render(replace(then, until=until), TITLES))
    for before, after in zip(first, later, strict=True):
        assert "Binds nobody yet: it takes effect on December 7, 2026, as stated" in before
        assert "Binds nobody yet" not in after and "Binds all from its effective date" in after


def test_a_phone_is_given_the_publishers_pdf() -> None:
    pdf = "https://www.justice.gov/eoir/media/9/dl"
    one = change(replace(precedent("The holding."), links={"pdf": pdf}))
    page = BeautifulSoup(render.render(built(one), TITLES).html, "lxml")
    assert {link.text: link["href"] for link in page.select("a[href^=http]")} == {
        "Read the source, www.justice.gov": one.new.url,
        "The publisher’s PDF": pdf,
    }


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8765/x",
        "http://localhost/x",
        "http://LOCALHOST./x",
        "http://a.localhost/x",
        "http://[::1]/x",
        "http://10.0.0.7/x",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_leads_nowhere_from_a_phone_is_no_link(url: str) -> None:
    assert reachable.address(url) == ""
    said = render.render(built(change(replace(rule("x"), links={"pdf": url}))), TITLES)
    assert url not in said.html and url not in said.text


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        ("2026-11-16", "2026-11-23", "November 16–22, 2026"),
        ("2026-11-01", "2026-12-01", "November 2026"),
        ("2026-12-01", "2027-01-01", "December 2026"),
        ("2026-11-18", "2026-11-19", "November 18, 2026"),
        ("2026-11-18T08", "2026-11-19T08", "November 18–19, 2026"),
        ("2026-11-18T09:05", "2026-11-18T14", "November 18, 2026, 09:05 to 14:00 UTC"),
        ("2026-12-28", "2027-01-04", "December 28, 2026 – January 3, 2027"),
    ],
)
def test_a_period_is_named_as_people_name_it(since: str, until: str, told: str) -> None:
    first, end = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (since, until))
    one = replace(built(), since=first, until=end)
    assert render.render(one, TITLES).subject.startswith(f"Immigration law, {told}: ")


def test_the_first_screen_is_read_in_a_minute() -> None:
    """At 240 words a minute, however much there is to tell."""
    long = "word " * 200
    changes = [
        change(replace(URGENT, title=long, citation=long, metadata={"abstract": long * 3}), id=n)
        for n in range(1, 40)
    ]
    text = render.render(built(*changes), TITLES).text
    first = text[text.index("WHAT MATTERS MOST") : text.index("WHAT TAKES EFFECT")]
    assert len(first.split()) <= 5 * 100
    usual = render.render(built(*EVERY[:3], *EVERY[4:]), TITLES).text
    assert len(usual[: usual.index("NEW PRECEDENTS")].split()) <= 240


def test_a_date_to_come_is_never_kept_from_the_first_screen_by_one_that_has_passed() -> None:
    days = [*range(17, 23), *range(24, 31)]
    changes = [
        change(
            rule("x", number=f"{n}", dates=(stated(DateKind.EFFECTIVE, date(2026, 11, n)),)), id=n
        )
        for n in days
    ]
    text = render.render(built(*changes), TITLES).text
    first = text[text.index("Within 14 days") : text.index("FURTHER DATES below")]
    assert [int(day) for day in re.findall(r"- November (\d+)", first)] == [*range(24, 30)]
    assert "- and 7 more" in first
    assert len(re.findall(r"November \d+, 2026 \(in", text[text.rindex("FURTHER DATES") :])) == 7


def test_the_templates_name_no_style_by_where_an_element_stands() -> None:
    sheet = files("alerts").joinpath("templates/digest.css").read_text("utf-8")
    assert all(re.fullmatch(r"\.?[a-z][a-z0-9-]*", selector) for selector in rules_of(sheet))
    assert press.styled('<td class="what">x</td>') == press.styled(
        press.styled('<td class="what">x</td>')
    )


# What falls due, told before or not


def dated(**facts: Any) -> Deadline:
    return deadline(**{"on": date(2026, 11, 27), **facts})


def test_a_date_told_before_stands_on_the_first_screen_and_in_the_subject() -> None:
    both = replace(built(EVERY[0]), deadlines=(dated(),))
    said = render.render(both, TITLES)
    assert said.subject.endswith("; next date November 27, 2026")
    for form in forms(said):
        first = form[: form.casefold().index("what you asked for")]
        assert "November 27, 2026" in first and "omments close" in first
        assert first.index("November 27, 2026") < first.index("December 1, 2026")
        assert form.count("in this digest") == 1  # the mark of the other
    page = BeautifulSoup(said.html, "lxml")
    (row,) = [each for each in page.select(".dates tr") if "November 27" in each.get_text()]
    (link,) = row.select("a")
    assert link["href"] == deadline().source and "in this digest" not in row.get_text()


def test_a_quiet_week_tells_the_dates_that_stand_or_that_there_is_none() -> None:
    dates = replace(built(), deadlines=(dated(),))
    none = replace(built(), deadlines=())
    for form in forms(render.render(dates, TITLES)):
        assert "November 27, 2026" in form and "falls due within 30 days" not in form
    for form in forms(render.render(none, TITLES)):
        assert "met before, nothing that lexwatch holds falls due within 30 days" in form
    for form in forms(render.render(built(), TITLES)):  # not looked up: nothing is claimed
        assert "falls due within 30 days" not in form


def test_comment_periods_on_paperwork_told_before_are_counted() -> None:
    paper = [dated(uid=str(n), kind=DateKind.PRA_COMMENTS_CLOSE) for n in range(3)]
    for form in forms(render.render(replace(built(), deadlines=tuple(paper)), TITLES)):
        assert "3 earlier comment periods close within 30 days" in form
        assert "November 27, 2026" not in form


def test_a_date_that_moved_or_is_in_doubt_says_so() -> None:
    moved = dated(was=date(2026, 11, 20), by="91 FR 70001", why="see 91 FR 70002")
    for form in forms(render.render(replace(built(), deadlines=(moved,)), TITLES)):
        assert "oved from November 20, 2026 to November 27, 2026 by 91 FR 70001" in form
        assert "see 91 FR 70002" in form


# The ways out


OPEN = ways("ana@example.com", office="office@firm.example", web="https://l.example", key=b"k" * 32)


@pytest.mark.parametrize("kind", [LetterKind.DIGEST, LetterKind.ALERT])
def test_every_letter_says_how_to_get_no_more_and_where_the_calendar_is(kind: LetterKind) -> None:
    said = render.render(built(*EVERY, kind=kind), TITLES, ways=OPEN)
    for form in (said.html, said.text):
        assert OPEN.unsubscribe in form and OPEN.calendar in form
    for form in forms(said):
        assert "To get no more mail: " in form and "write to office@firm.example" in form
        assert "Your deadlines as a calendar" in form


def test_where_the_world_does_not_reach_us_no_link_is_told() -> None:
    closed = ways("ana@example.com", office="office@firm.example", web="", key=b"k" * 32)
    said = render.render(built(), TITLES, ways=closed)
    for form in (said.html, said.text):
        assert "/unsubscribe/" not in form and "as a calendar" not in form
        assert "write to office@firm.example" in form


def test_the_ways_out_stand_outside_whatever_is_cut() -> None:
    long = [change(rule("x " * 900, number=str(n)), id=n) for n in range(1, 150)]
    said = render.render(built(*long), TITLES, ways=OPEN)
    assert len(said.html.encode()) <= render.LIMIT
    assert OPEN.unsubscribe in said.html and OPEN.unsubscribe in said.text
