"""The citator over a store: what was done to whom, whatever the order in which texts came in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from builders import rule, stated, version
from holding import hold, rules
from publisher import NOW, page, visit
from sqlalchemy import insert, select

from index import authorities, citator, derived, ingest, schema, store, treatments
from index.citator import cites, status
from index.database import Database
from index.lookup import look_up
from pipeline.citator.model import (
    Body,
    Finding,
    Forum,
    Status,
    StatusKind,
    Treatment,
    TreatmentForm,
    TreatmentKind,
)
from pipeline.errors import NotHeld
from pipeline.health import Normal
from pipeline.model import Block, BlockKind, DateKind, NoteMark, Version

TODAY = date(2026, 11, 22)
ROW = "99 I&N Dec. 10 (BIA 2018)"


def decision(*texts: str | Block, key: str, name: str, at: str, on: date | None = None) -> Version:
    """An invented precedent; `at` is its citation."""
    return version(
        *texts,
        source="sample",
        key=key,
        kind="ag-precedent" if "A.G." in at else "bia-precedent",
        title=f"Matter of {name}",
        citation=at,
        issuer="Attorney General" if "A.G." in at else "Board of Immigration Appeals",
        url=f"https://example.gov/{key}",
        dates=(stated(DateKind.DECIDED, on),) if on else (),
    )


EARLIER = decision("A keeper must appeal in person.", key="9910", name="S-T-", at=ROW)
OVERRULING = decision(
    "Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), is overruled.",
    key="9920",
    name="U-V-",
    at="99 I&N Dec. 20 (A.G. 2021)",
    on=date(2021, 6, 16),
)
RELYING = decision(
    "A keeper may appeal in writing. Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), followed.",
    key="9915",
    name="W-",
    at="99 I&N Dec. 15 (BIA 2019)",
)
REPORTING = decision(
    "We looked to Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), overruled by Matter of U-V-, "
    "99 I&N Dec. 20 (A.G. 2021).",
    key="9930",
    name="R-",
    at="99 I&N Dec. 30 (BIA 2023)",
)


def asked(database: Database, name: str = ROW) -> Status:
    return status(database, name, None, TODAY)


def deeds(found: Iterable[Finding]) -> list[tuple[str, TreatmentKind]]:
    return [(each.citation, each.treatment.kind) for each in found]


@pytest.mark.parametrize("order", list(permutations((EARLIER, OVERRULING, REPORTING))))
def test_what_was_done_does_not_hang_on_the_order_of_arrival(
    database: Database, order: tuple[Version, ...]
) -> None:
    hold(database, *order)
    found = asked(database)
    assert found.kind is StatusKind.NEGATIVE
    assert deeds(found.findings) == [
        ("99 I&N Dec. 20 (A.G. 2021)", TreatmentKind.OVERRULED),
        ("99 I&N Dec. 30 (BIA 2023)", TreatmentKind.OVERRULED),
    ]


def test_a_report_bears_the_day_of_the_deed_where_the_doer_is_held(database: Database) -> None:
    hold(database, EARLIER, REPORTING, OVERRULING)
    own, report = asked(database).findings
    assert (own.on, own.year, own.court) == (date(2021, 6, 16), 2021, "A.G. 2021")
    assert report.treatment.by == "99 I&N Dec. 20"
    assert (report.on, report.year, report.court) == (date(2021, 6, 16), 2021, "BIA 2023")


def test_a_report_bears_the_year_of_its_citation_where_the_doer_is_not_held(
    database: Database,
) -> None:
    hold(database, REPORTING)
    (report,) = asked(database).findings
    assert (report.on, report.year) == (None, 2021)


def test_a_decision_bears_the_day_on_which_it_was_decided_never_that_of_its_amendment() -> None:
    amended = replace(OVERRULING, dates=(stated(DateKind.AMENDED, date(2022, 1, 3)),))
    assert treatments.decided(amended) is None
    assert treatments.decided(OVERRULING) == date(2021, 6, 16)


def test_a_rule_bears_the_day_of_its_publication_and_says_from_when_it_holds(
    database: Database,
) -> None:
    days = (
        stated(DateKind.EFFECTIVE, date(2024, 7, 1)),
        stated(DateKind.PUBLISHED, date(2024, 5, 6)),
    )
    text = "This rule supersedes the Board's decision in Matter of S-T-, 99 I&N Dec. 10 (BIA 2018)."
    made = rule(text, dates=days)
    hold(database, replace(made, document=replace(made.document, source="sample")))
    (finding,) = asked(database).findings
    assert (finding.on, finding.effective) == (date(2024, 5, 6), date(2024, 7, 1))


def test_a_rebuild_says_the_same_again(database: Database) -> None:
    hold(database, EARLIER, OVERRULING)
    before = asked(database)
    for number in (1, 2):
        assert not ingest.rebuild(database, number, rules([EARLIER, OVERRULING]))
    assert asked(database) == before


def test_a_rebuild_reads_what_an_older_program_did_not(database: Database) -> None:
    hold(database, EARLIER, replace(OVERRULING, blocks=()))
    assert asked(database).kind is StatusKind.NONE_FOUND
    assert not ingest.rebuild(database, 2, rules([OVERRULING]))
    assert asked(database).kind is StatusKind.NEGATIVE


def test_what_an_older_program_took_in_unread_is_said_first(database: Database) -> None:
    hold(database, EARLIER)
    with database.write() as connection:
        derived.set_fact(connection, treatments.FACT, treatments.UNREAD)
    assert asked(database).cautions[0] == citator.UNREAD


def test_a_headnote_that_is_listed_later_counts_from_then_on(database: Database) -> None:
    hold(database, EARLIER, replace(OVERRULING, blocks=()))
    assert asked(database).kind is StatusKind.NONE_FOUND
    hold(database, OVERRULING, first=2)
    assert asked(database).kind is StatusKind.NEGATIVE


def test_words_that_a_new_version_drops_are_told_no_more(database: Database) -> None:
    hold(database, EARLIER, OVERRULING)
    other = decision(
        "A keeper need not appeal.", key="9920", name="U-V-", at="99 I&N Dec. 20 (A.G. 2021)"
    )
    hold(database, other, first=2)
    assert asked(database).kind is StatusKind.NONE_FOUND
    assert not look_up(database, "9920").says
    assert cites(database, ROW).documents == 0
    assert not look_up(database, "9910").cited_by


def test_what_a_document_said_that_its_site_removed_stays_said(database: Database) -> None:
    hold(database, EARLIER, OVERRULING)
    listing = Normal(floor=0, ceiling=10, enumerates=True)
    for days in (10, 12):
        at = NOW + timedelta(days=days)
        said = page({}, at, "https://example.gov/9910")
        visit(database, rules([EARLIER]), at, said, normal=listing)
    with database.read() as connection:
        number = store.known(connection, OVERRULING.document)
        assert number is not None
        assert store.removed_at(connection, number) is not None
    assert asked(database).kind is StatusKind.NEGATIVE


def test_of_two_decisions_that_begin_on_one_page_both_are_told(database: Database) -> None:
    other = decision("A warden may wait.", key="9911", name="X-", at=ROW)
    hold(database, EARLIER, other, OVERRULING)
    with database.read() as connection:
        this = authorities.resolve_all(connection, ["99 I&N Dec. 10"])["99 I&N Dec. 10"]
    assert [each.version.title for each in this.held] == ["Matter of S-T-", "Matter of X-"]
    assert asked(database).kind is StatusKind.NEGATIVE


@pytest.mark.parametrize(
    "name",
    [
        "99 I. & N. Dec. 10",
        "Matter of S-T-, 99 I&N Dec. 10, 12 (BIA 2018)",
        "int. dec. 9910",
        "sample:9910",
        "matter of s-t-",
        "S-T-",
    ],
)
def test_an_authority_is_found_in_any_spelling(database: Database, name: str) -> None:
    hold(database, EARLIER, OVERRULING)
    found = asked(database, name)
    assert (found.authority, found.name) == ("99 I&N Dec. 10", "Matter of S-T-")
    assert found.kind is StatusKind.NEGATIVE


@pytest.mark.parametrize("name", ["X-Y-, 99 I&N Dec. 10", "Matter of X-Y-, 99 I&N Dec. 10"])
def test_a_name_that_is_not_that_of_the_citation_is_said_so(database: Database, name: str) -> None:
    hold(database, EARLIER, OVERRULING)
    words = "name and citation disagree: 99 I&N Dec. 10 is Matter of S-T- in what we hold"
    assert asked(database, name).cautions[0].startswith(words)
    assert cites(database, name).cautions[0].startswith(words)
    assert not cites(database, "S-T- 99 I&N Dec. 10").cautions
    assert not any("disagree" in each for each in asked(database, "S-T- 99 I&N Dec. 10").cautions)


def test_a_later_decision_of_the_name_that_is_not_held_and_was_treated_is_told(
    database: Database,
) -> None:
    def treating(done: str) -> Version:
        text = f"Matter of S-T-, 99 I&N Dec. 18 (A.G. 2019), is {done}."
        return decision(text, key="9921", name="V-", at="99 I&N Dec. 21 (A.G. 2021)")

    told = "a later decision of this name, 99 I&N Dec. 18, is not held"
    hold(database, EARLIER, treating("vacated"))
    assert any(each.startswith(told) for each in asked(database, "99 I&N Dec. 10").cautions)
    hold(database, treating("followed"), first=3)
    assert not any(each.startswith(told) for each in asked(database, "99 I&N Dec. 10").cautions)


def test_the_counterpart_of_a_regulation_is_named_held_or_not(database: Database) -> None:
    text = "A keeper waits. See 8 CFR 208.13(b)(1)."
    hold(database, decision(text, key="9943", name="Q-", at="99 I&N Dec. 43 (BIA 2024)"))
    for name, other in (("8 CFR 208.13", "8 CFR § 1208.13"), ("8 CFR 208", "8 CFR pt. 1208")):
        words = f"its counterpart, {other}, was one text with it until February 28, 2003"
        assert asked(database, name).cautions[0].startswith(words)
        found = cites(database, name)
        assert (found.documents, found.cautions[0].startswith(words)) == (1, True)
    for lost in (asked, cites):
        with pytest.raises(NotHeld, match=r"its counterpart, 8 CFR § 208\.13, was one text"):
            lost(database, "8 CFR 1208.13")


def test_one_of_several_cases_of_the_same_initials_is_never_chosen(database: Database) -> None:
    namesake = decision(
        "A warden may wait.", key="9960", name="S-T-", at="99 I&N Dec. 60 (BIA 2024)"
    )
    hold(database, OVERRULING, namesake)  # that of 2018 is not held, and cited
    with pytest.raises(NotHeld) as told:
        asked(database, "Matter of S-T-")
    assert "99 I&N Dec. 10 (BIA 2018)" in str(told.value)
    assert "99 I&N Dec. 60 (BIA 2024)" in str(told.value)
    assert asked(database, "99 I&N Dec. 60").kind is StatusKind.NONE_FOUND


def test_what_is_not_held_itself_has_a_status_by_what_held_texts_say(database: Database) -> None:
    hold(database, OVERRULING)
    with database.read() as connection:
        this = authorities.resolve_all(connection, ["99 I&N Dec. 10"])["99 I&N Dec. 10"]
    assert not this.held
    assert (this.name, this.called[0].court) == ("Matter of S-T-", "BIA 2018")
    assert asked(database, "Matter of S-T-").kind is StatusKind.NEGATIVE


def test_of_what_nothing_held_speaks_it_is_said_what_we_hold(database: Database) -> None:
    hold(database, EARLIER)
    for name in ("99 I&N Dec. 77", "Matter of Nobody"):
        with pytest.raises(NotHeld, match="we hold 1 precedent decision"):
            asked(database, name)
        with pytest.raises(NotHeld, match="we hold 1 precedent decision"):
            cites(database, name)


def test_what_it_follows_and_was_overruled_later_is_a_warning_of_its_own(
    database: Database,
) -> None:
    hold(database, EARLIER, RELYING, OVERRULING, REPORTING)
    found = asked(database, "99 I&N Dec. 15")
    assert (found.kind, found.findings) == (StatusKind.NONE_FOUND, ())
    (warning,) = found.warnings
    assert (warning.earlier, warning.name) == ("99 I&N Dec. 10", "Matter of S-T-")
    assert warning.relies is not None
    assert warning.relies.treatment.kind is TreatmentKind.FOLLOWED
    assert warning.negative.citation == "99 I&N Dec. 20 (A.G. 2021)"


def test_what_it_merely_cites_is_told_apart_with_the_words(database: Database) -> None:
    words = "Compare the facts of Matter of S-T-, 99 I&N Dec. 10 (BIA 2018)."
    hold(database, replace(RELYING, blocks=(EARLIER.blocks[0], block(words))), OVERRULING)
    (warning,) = asked(database, "99 I&N Dec. 15").warnings
    assert (warning.relies, warning.words) == (None, words)


def test_what_was_overruled_before_it_was_decided_is_no_warning(database: Database) -> None:
    late = replace(RELYING, citation="99 I&N Dec. 90 (BIA 2025)")
    hold(database, late, OVERRULING)
    assert not asked(database, "99 I&N Dec. 90").warnings


def test_a_warning_says_that_the_earlier_one_was_reinstated_since(database: Database) -> None:
    reinstating = decision(
        "Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), is reinstated.",
        key="9990",
        name="Z-",
        at="99 I&N Dec. 90 (A.G. 2025)",
    )
    hold(database, EARLIER, RELYING, OVERRULING, reinstating)
    (warning,) = asked(database, "99 I&N Dec. 15").warnings
    assert warning.restored is not None
    assert warning.restored.citation == "99 I&N Dec. 90 (A.G. 2025)"
    (before,) = status(database, "99 I&N Dec. 15", None, date(2022, 1, 1)).warnings
    assert before.restored is None


def test_a_warning_says_that_it_does_not_bind_in_the_forum(database: Database) -> None:
    hold(database, EARLIER, RELYING, OVERRULING)
    for body, is_elsewhere in ((Body.USCIS, False), (Body.IMMIGRATION_COURT, False)):
        (warning,) = status(database, "99 I&N Dec. 15", Forum(body=body), TODAY).warnings
        assert warning.is_elsewhere is is_elsewhere
    court = version(
        "We reverse Matter of S-T-, 99 I&N Dec. 10 (BIA 2018).",
        source="sample",
        key="9995",
        kind="court-opinion",
        title="Ro v. Barr",
        citation="999 F.4th 1 (9th Cir. 2021)",
        issuer="Ninth Circuit",
        url="https://example.gov/9995",
    )
    hold(database, court, first=5)
    first = Forum(body=Body.IMMIGRATION_COURT, circuit="1")
    told = status(database, "99 I&N Dec. 15", first, TODAY).warnings
    assert sorted(each.is_elsewhere for each in told) == [False] * (len(told) - 1) + [len(told) > 1]


def test_what_it_limits_in_part_it_still_relies_on(database: Database) -> None:
    limiting = decision(
        "Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), overruled in part.",
        key="9916",
        name="L-",
        at="99 I&N Dec. 16 (BIA 2019)",
    )
    hold(database, EARLIER, limiting, OVERRULING)
    (warning,) = asked(database, "99 I&N Dec. 16").warnings
    assert warning.negative.citation == "99 I&N Dec. 20 (A.G. 2021)"


def test_two_names_of_who_did_it_are_one_deed(database: Database) -> None:
    reporting = decision(
        "We looked to Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), overruled by Matter of U-V-, "
        "Interim Decision 9920 (A.G. 2021).",
        key="9930",
        name="R-",
        at="99 I&N Dec. 30 (BIA 2023)",
    )
    hold(database, EARLIER, reporting, OVERRULING)
    told = asked(database)
    assert told.line.count("overruled by") == 1
    assert {each.treatment.by for each in told.findings} == {"", "99 I&N Dec. 20"}


def test_a_report_by_a_body_that_it_does_not_cite_flips_no_chain(database: Database) -> None:
    vacating = decision(
        "Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), is vacated.",
        key="9921",
        name="V-",
        at="99 I&N Dec. 21 (A.G. 2021)",
    )
    telling = decision(
        "Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), was vacated by the Attorney General.",
        key="9922",
        name="T-",
        at="99 I&N Dec. 22 (BIA 2022)",
    )
    reinstating = decision(
        "Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), is reinstated.",
        key="9990",
        name="Z-",
        at="99 I&N Dec. 90 (A.G. 2025)",
    )
    hold(database, EARLIER, vacating, reinstating)
    assert asked(database).kind is StatusKind.CONTESTED
    hold(database, telling, first=4)
    told = asked(database)
    assert len(told.findings) == 3
    assert told.kind is StatusKind.CONTESTED
    alone = decision("", key="9921", name="V-", at="99 I&N Dec. 21 (A.G. 2021)")
    hold(database, replace(alone, blocks=(block("It may wait."),)), first=6)
    assert asked(database).kind is StatusKind.CONTESTED


SECTIONS = decision(
    "A keeper waits. See INA § 208(a)(2)(B).",
    key="9940",
    name="Q-",
    at="99 I&N Dec. 40 (BIA 2023)",
)


def vacate(database: Database, target: str) -> None:
    """Write down that a court vacated a section, as a later reader of texts may have it."""
    said = Treatment(
        kind=TreatmentKind.VACATED,
        form=TreatmentForm.HISTORY,
        target=target,
        name="",
        by="900 F.3d 1",
        by_name="Smith v. Barr",
        by_court="9th Cir. 2019",
        sentence="It was vacated.",
        start=0,
        end=15,
    )
    with database.write() as connection:
        number = connection.execute(select(schema.document.c.current)).scalar_one()
        row = {"version_id": number, "target": target, "by": said.by, "kind": said.kind}
        connection.execute(insert(schema.treatment), {**row, "page": "", "said": said})


def test_what_was_done_to_a_part_is_told_of_the_section_as_of_the_part(database: Database) -> None:
    hold(database, SECTIONS)
    vacate(database, "8 CFR § 208.16(b)(1)")
    told = asked(database, "8 CFR 208.16")
    assert told.kind is StatusKind.NEGATIVE_IN_PART
    assert "vacated in part as to 8 CFR § 208.16(b)(1) by Smith v. Barr" in told.line
    assert asked(database, "8 CFR 208.16(b)").kind is StatusKind.NEGATIVE_IN_PART


def test_what_was_done_to_a_section_is_told_of_its_parts(database: Database) -> None:
    hold(database, SECTIONS)
    vacate(database, "8 CFR § 208.18")
    told = asked(database, "8 CFR 208.18(a)")
    assert "vacated as to 8 CFR § 208.18 as a whole by Smith v. Barr" in told.line


def test_a_section_of_which_a_part_is_cited_is_known(database: Database) -> None:
    hold(database, SECTIONS)
    assert asked(database, "INA 208").kind is StatusKind.NONE_FOUND
    assert asked(database, "8 USC 1158(a)").kind is StatusKind.NONE_FOUND


@pytest.mark.parametrize("typed", ["S T", "matter of st", "ST"])
def test_a_name_nearly_typed_is_asked_for(database: Database, typed: str) -> None:
    hold(database, EARLIER)
    with pytest.raises(NotHeld, match=r"did you mean Matter of S-T-, 99 I&N Dec\. 10"):
        asked(database, typed)


def test_what_we_saw_today_of_this_year_was_done(database: Database) -> None:
    this_year = decision(
        "Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), is overruled.",
        key="9991",
        name="Y-",
        at="99 I&N Dec. 91 (A.G. 2026)",
    )
    hold(database, EARLIER, this_year)
    seen = (NOW + timedelta(days=1)).date()
    assert not status(database, ROW, None, seen).undated
    assert status(database, ROW, None, seen - timedelta(days=5)).undated


def test_what_it_overrules_itself_is_no_warning(database: Database) -> None:
    again = decision(
        "Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), is overruled.",
        key="9990",
        name="Z-",
        at="99 I&N Dec. 90 (A.G. 2025)",
    )
    hold(database, OVERRULING, again)
    assert not asked(database, "99 I&N Dec. 20").warnings


def block(text: str, *, page: str = "", marks: tuple[NoteMark, ...] = (), note: str = "") -> Block:
    kind = BlockKind.FOOTNOTE if note else BlockKind.PARAGRAPH
    return Block(kind=kind, text=text, page=page, marks=marks, label=note)


OPINION = (
    block("A keeper may wait. She waited."),
    block(
        "We begin. As the Board said in Matter of S-T-, 99 I&N Dec. 10, 12 (BIA 2018), a keeper of "
        "the U.S. Department of Keys must appeal in person. The Board agrees.",
        page="41",
        marks=(NoteMark(offset=9, label="*42"),),
    ),
    block("But see Matter of S-T-, 99 I&N Dec. at 13.", page="42", note="1"),
)


def test_who_cites_it_is_told_with_the_whole_sentence_and_its_page(database: Database) -> None:
    full = replace(decision(key="9940", name="Q-", at="99 I&N Dec. 40 (BIA 2024)"), blocks=OPINION)
    hold(database, EARLIER, OVERRULING, full)
    found = cites(database, "Matter of S-T-")
    assert found.documents == 2
    assert [(each.citation, each.page, each.sentence) for each in found.citing] == [
        (
            "99 I&N Dec. 40 (BIA 2024)",
            "42",
            "As the Board said in Matter of S-T-, 99 I&N Dec. 10, 12 (BIA 2018), a keeper of "
            "the U.S. Department of Keys must appeal in person.",
        ),
        ("99 I&N Dec. 40 (BIA 2024)", "42", "But see Matter of S-T-, 99 I&N Dec. at 13."),
        (
            "99 I&N Dec. 20 (A.G. 2021)",
            "",
            "Matter of S-T-, 99 I&N Dec. 10 (BIA 2018), is overruled.",
        ),
    ]
    assert [each.kind for each in found.citing[-1].treatments] == [TreatmentKind.OVERRULED]


def test_the_newest_documents_are_shown_and_all_are_counted(database: Database) -> None:
    hold(database, OVERRULING, REPORTING, RELYING)
    found = cites(database, ROW, 1)
    assert [each.citation for each in found.citing] == ["99 I&N Dec. 30 (BIA 2023)"]
    assert found.documents == 3


def test_what_it_cites_is_told_held_or_not(database: Database) -> None:
    hold(database, REPORTING, OVERRULING)
    held, doer = cites(database, "99 I&N Dec. 30").cited
    assert (held.document, held.name, held.citation) == (None, "Matter of S-T-", "99 I&N Dec. 10")
    assert doer.document == OVERRULING.document
    assert doer.citation == "99 I&N Dec. 20 (A.G. 2021)"


def test_a_citation_sentence_is_quoted_with_what_it_is_cited_for(database: Database) -> None:
    words = "A keeper must appeal in person. See Matter of S-T-, 99 I&N Dec. 10, 12 (BIA 2018)."
    hold(
        database,
        decision(f"We agree. {words}", key="9941", name="Q-", at="99 I&N Dec. 41 (BIA 2024)"),
    )
    assert [each.sentence for each in cites(database, ROW).citing] == [words]


def test_the_twin_of_a_provision_counts_as_the_same_and_is_named(database: Database) -> None:
    text = "Asylum lies under 8 U.S.C. § 1158(b)(1)."
    hold(database, decision(text, key="9942", name="Q-", at="99 I&N Dec. 42 (BIA 2024)"))
    found = cites(database, "INA 208(b)")
    assert "8 USC § 1158(b)" in found.authority.names
    assert [each.canonical for each in found.citing] == ["8 USC § 1158(b)(1)"]


def test_negative_treatment_of_many_documents_is_known_at_once(database: Database) -> None:
    hold(database, EARLIER, RELYING, OVERRULING)
    with database.read() as connection:
        numbers = {
            each.document.key: store.known(connection, each.document)
            for each in (EARLIER, RELYING, OVERRULING)
        }
        found = treatments.treated(connection, [n for n in numbers.values() if n is not None])
    assert {number: deeds(each) for number, each in found.items()} == {
        numbers["9910"]: [("99 I&N Dec. 20 (A.G. 2021)", TreatmentKind.OVERRULED)]
    }


def test_a_document_is_shown_with_what_was_done_to_it_and_what_it_does(database: Database) -> None:
    hold(database, OVERRULING, EARLIER)
    assert deeds(look_up(database, "9910").findings) == [
        ("99 I&N Dec. 20 (A.G. 2021)", TreatmentKind.OVERRULED)
    ]
    assert [each.treatment.target for each in look_up(database, "9920").says] == ["99 I&N Dec. 10"]


def test_many_authorities_are_asked_after_at_once(database: Database) -> None:
    hold(database, EARLIER, OVERRULING)
    with database.read() as connection:
        found = citator.statuses(
            connection, ["99 I&N Dec. 10", "99 I&N Dec. 20", "99 I&N Dec. 77"], None, TODAY
        )
    assert {name: each.kind for name, each in found.items()} == {
        "99 I&N Dec. 10": StatusKind.NEGATIVE,
        "99 I&N Dec. 20": StatusKind.NONE_FOUND,
    }


def test_a_document_that_nothing_cites_by_a_citation_goes_by_its_own_name(
    database: Database,
) -> None:
    bulletin = version(
        "Dates moved.", source="sample", key="b1", kind="visa-bulletin", title="B", citation=""
    )
    hold(database, bulletin)
    assert asked(database, "sample:b1").authority == "sample:b1"


def test_what_we_hold_of_the_reporter_is_counted_by_volume(database: Database) -> None:
    listed = replace(EARLIER, metadata={"text": "headnote only"})
    old = decision("Old.", key="1", name="O-", at="1 I&N Dec. 5 (BIA 1941)")
    hold(database, listed, OVERRULING, old)
    with database.read() as connection:
        found = citator.coverage(connection)
    assert (found.decisions, found.full_texts) == (3, 2)
    assert found.volumes == ((1, 1, 5, 5), (99, 2, 10, 20))
    assert found.as_of is None  # EOIR's listing was never read whole


ABROGATING = decision(
    "Abt v. Vale, 597 U.S. 12, 142 S. Ct. 345, 212 L. Ed. 2d 6 (2022), is not the rule here. "
    "Orrin v. Vale, 143 S. Ct. 345 (2023); Orrin v. Vale, 598 U.S. 77 (2023). "
    "Abt v. Vale, 5 F.4th 1 (2d Cir. 2021), aff'd, 142 S. Ct. 345 (2022).",
    key="9980",
    name="P-",
    at="99 I&N Dec. 80 (BIA 2025)",
)


@pytest.mark.parametrize("name", ["597 U.S. 12", "142 S. Ct. 345", "212 L. Ed. 2d 6"])
def test_parallel_citations_name_one_authority(database: Database, name: str) -> None:
    hold(database, ABROGATING)
    with database.read() as connection:
        this = authorities.resolve_all(connection, [name])[name]
    assert this.names[0] == name
    assert {*this.names} == {"597 U.S. 12", "142 S. Ct. 345", "212 L. Ed. 2d 6"}
    assert this.name == "Abt v. Vale"


def test_what_is_not_printed_side_by_side_is_not_parallel(database: Database) -> None:
    hold(database, ABROGATING)
    with database.read() as connection:
        found = authorities.resolve_all(connection, ["143 S. Ct. 345", "5 F.4th 1"])
    assert [each.names for each in found.values()] == [("143 S. Ct. 345",), ("5 F.4th 1",)]
