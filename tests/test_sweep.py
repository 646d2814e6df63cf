"""A term replaced throughout: recognised from the edits, told once, and nothing hidden by it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import SINCE, TITLES, UNTIL, paragraph, subscription, tag, version
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.digest import build
from alerts.render import Rendered, render
from alerts.swept import told
from crawlers.sources.uscis_policy_manual import UscisPolicyManualSpider
from lexwatch.output import show
from lexwatch.output.rows import change_rows
from pipeline.diff import compare
from pipeline.model import (
    Alert,
    Change,
    ChangeClass,
    Page,
    Relation,
    RelationKind,
    Version,
)
from pipeline.sweep import sweeps, told_once

# Invented sentences in the manual's manner; {} is where a term stands.
SAYS = (
    "The officer reviews whether the {} has kept a dwelling place in the United States.",
    "A {} who files late explains why.",
    "Where {}s reside abroad, the officer asks the {} for evidence of each absence.",
    "An interview is scheduled for each {}’s case.",
)
MORE = "The evidence must be filed within 30 days."


def chapter(number: int, term: str, *more: str, says: Iterable[str] = SAYS) -> Version:
    words = [text.replace("{}", term) for text in says]
    article = "An" if term[0] in "aeiou" else "A"
    words = [f"{article}{text[1:]}" if text.startswith("A ") else text for text in words]
    return version(
        *words,
        *more,
        key=f"volume-12-part-d-chapter-{number}",
        citation=f"12 USCIS-PM D.{number}",
        title=f"Chapter {number} - Sample",
    )


def changed(old: Version, new: Version, number: int) -> Change:
    difference = compare(old, new)
    assert difference is not None
    return Change(
        id=number,
        document=new.document,
        old=old,
        new=new,
        difference=difference,
        tags=(tag("asylum", "asylum"),),
        seen_at=new.seen_at,
        recorded_at=new.seen_at,
    )


def swept(old: str, new: str, count: int, *, besides: Iterable[int] = ()) -> list[Change]:
    """So many chapters in which a term became another; in those numbered `besides` a duty came."""
    return [
        changed(chapter(n, old), chapter(n, new, *([MORE] if n in besides else [])), n)
        for n in range(1, count + 1)
    ]


def mailed(changes: Iterable[Change]) -> Rendered:
    reader = subscription()
    alerts = [Alert(subscription=reader, change=each, why=("asked for",)) for each in changes]
    digest = build([reader], alerts, [], SINCE, UNTIL)
    return render(digest, TITLES)


def test_a_known_term_that_became_another_in_many_chapters_is_one_sweep() -> None:
    changes = swept("noncitizen", "alien", 40, besides=(3, 7))
    (sweep,) = sweeps(changes)
    assert (sweep.old, sweep.new, sweep.source) == ("noncitizen", "alien", "uscis_policy_manual")
    assert len(sweep.documents) == 40 and [each.id for each in sweep.besides] == [3, 7]
    assert {each.difference.change_class for each in sweep.only} == {ChangeClass.EDITORIAL}


def test_a_pair_of_terms_that_no_rule_knows_is_a_sweep_and_each_document_is_told_in_full() -> None:
    changes = swept("gender", "sex", 6)
    (sweep,) = sweeps(changes)
    assert (sweep.old, sweep.new, sweep.only) == ("gender", "sex", ())
    assert {each.difference.change_class for each in sweep.besides} == {ChangeClass.SUBSTANTIVE}
    assert told_once([sweep]) == told(changes, TITLES).once == frozenset()
    mail = " ".join(mailed(changes).text.split())
    assert "“gender” became “sex” in 6 documents" in mail
    assert mail.count("Substantive: wording; text changed") == 6
    assert mail.count("[-gender-]") >= 6


def test_a_term_of_several_words_is_learned_with_its_plural_and_possessive() -> None:
    (sweep,) = sweeps(swept("overseas worker", "foreign laborer", 5))
    assert (sweep.old, sweep.new) == ("overseas worker", "foreign laborer")
    assert len(sweep.documents) == 5


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        ("gender", "sex", 4),  # too few chapters for what no rule knows
        ("noncitizen", "alien", 2),
        ("must", "should", 40),  # operative words are told where they stand
        ("30-day period", "60-day period", 40),
        ("fee of $85", "fee of $95", 40),
        ("this", "the", 40),
        # Numbers and periods in words, and opposites.
        ("thirty", "ninety", 6),
        ("five-year visitor", "two-year visitor", 6),
        ("first visit", "third visit", 6),
        ("annually", "monthly", 6),
        ("business week", "business month", 6),
        ("married", "unmarried", 6),
        ("inadmissible", "admissible", 6),
        ("regular entrant", "irregular entrant", 6),
        ("noncitizen", "citizen", 6),
    ],
)
def test_what_is_no_sweep_is_told_chapter_by_chapter(old: str, new: str, count: int) -> None:
    assert sweeps(swept(old, new, count)) == ()


def test_one_block_a_chapter_is_no_sweep_of_terms_that_no_rule_knows() -> None:
    changes = [
        changed(chapter(n, "gender", says=SAYS[:1]), chapter(n, "sex", says=SAYS[:1]), n)
        for n in range(1, 30)
    ]
    assert sweeps(changes) == ()


def test_sources_have_sweeps_of_their_own() -> None:
    changes = swept("gender", "sex", 8)
    other = [
        replace(each, document=replace(each.document, source="bia_decisions"))
        for each in changes[:4]
    ]
    assert sweeps([*other, *changes[4:]]) == ()


def test_a_term_turned_back_in_one_place_is_an_edit_besides() -> None:
    back = changed(
        chapter(9, "noncitizen", "The alien stated is that of the record."),
        chapter(9, "alien", "The fact stated is that of the record."),
        9,
    )
    (sweep,) = sweeps([*swept("noncitizen", "alien", 6), back])
    assert [each.id for each in sweep.besides] == [9]


@pytest.mark.parametrize(
    ("old", "new"), [("clear", "convincing"), ("presumed entrant", "denied entrant")]
)
def test_what_may_be_a_standard_is_in_the_digest_document_by_document(old: str, new: str) -> None:
    changes = swept(old, new, 6)
    assert told(changes, TITLES).once == frozenset()


def test_two_sweeps_through_one_chapter_are_told_in_two_lines() -> None:
    def both(n: int, one: str, other: str) -> Version:
        more = [text.replace("{}", other) for text in SAYS if not text.startswith("A ")]
        return chapter(n, one, *more)

    changes = [
        changed(both(n, "gender", "noncitizen"), both(n, "sex", "alien"), n) for n in range(1, 7)
    ]
    found = sweeps(changes)
    assert {(each.old, each.new) for each in found} == {("gender", "sex"), ("noncitizen", "alien")}
    assert told_once(found) == frozenset()  # no rule knows one of them


def test_a_sweep_hangs_on_no_order() -> None:
    later = [replace(each, id=each.id + 100) for each in swept("noncitizen", "alien", 5)]
    changes = [*swept("gender", "sex", 7), *later]
    assert [(e.old, len(e.documents)) for e in sweeps(changes)] == [
        (e.old, len(e.documents)) for e in sweeps(reversed(changes))
    ]


def test_a_digest_tells_a_sweep_once_and_a_chapter_with_a_duty_in_full() -> None:
    mail = mailed(swept("noncitizen", "alien", 40, besides=(3,)))
    for said in (mail.text, mail.html):
        assert "“noncitizen” became “alien” in 40 documents" in " ".join(said.split())
        assert " ".join(said.split()).count("text that came or went; text changed") == 1
    assert "{+The evidence must be filed within 30 days.+}" in " ".join(mail.text.split())
    assert "(39 editorial)" in " ".join(mail.text.split())
    assert "[-noncitizen-] {+alien+}" in " ".join(mail.text.split())


@settings(max_examples=25, deadline=None)  # each sets a whole digest
@given(
    st.lists(
        st.tuples(
            st.sampled_from([("noncitizen", "alien"), ("gender", "sex"), ("must", "may")]),
            st.booleans(),
        ),
        max_size=14,
    )
)
def test_every_change_is_in_the_digest_by_itself_or_in_a_sweeps_list(
    drawn: list[tuple[tuple[str, str], bool]],
) -> None:
    changes = [
        changed(chapter(n, old), chapter(n, new, *([MORE] if more else [])), n)
        for n, ((old, new), more) in enumerate(drawn, 1)
    ]
    found = told(changes, TITLES)
    listed = {name for sweep in found.sweeps for name in sweep.only}
    mail = " ".join(mailed(changes).text.split())
    for change in changes:
        in_full = f"{change.new.title} {change.new.citation} · Policy Manual chapter" in mail
        assert in_full != (change.id in found.once)
        assert in_full or change.new.citation in listed
        assert change.new.citation in mail
        has_more = any(block.text == MORE for block in change.new.blocks)
        assert in_full or not has_more


def test_a_chapter_on_which_a_court_acted_is_told_in_full() -> None:
    changes = swept("noncitizen", "alien", 6)
    relation = Relation(
        kind=RelationKind.ENJOINS,
        earlier=changes[0].document,
        later=replace(changes[0].document, key="an order", kind="court-order"),
        evidence=("scope: parties",),
    )
    found = told([replace(changes[0], relations=(relation,)), *changes[1:]], TITLES)
    assert found.once == {2, 3, 4, 5, 6}
    assert found.sweeps[0].besides == ("12 USCIS-PM D.1",)


def test_documents_are_listed_in_the_order_of_their_numbers() -> None:
    (sweep,) = told(swept("noncitizen", "alien", 12), TITLES).sweeps
    assert sweep.only[0] == "12 USCIS-PM D.1" and sweep.only[-1] == "12 USCIS-PM D.12"


def test_a_terminal_tells_a_sweep_once_unless_each_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    changes = swept("noncitizen", "alien", 5)
    show.changes(changes, TITLES)
    assert capsys.readouterr().out.count("text changed") == 0
    show.changes(changes, TITLES, each=True)
    assert capsys.readouterr().out.count("text changed") == 5


def test_rows_keep_every_change_and_name_its_sweeps() -> None:
    rows = change_rows(swept("noncitizen", "alien", 5, besides=(2,)))
    assert [row["only_sweeps"] for row in rows] == [True, False, True, True, True]
    assert {tuple(row["sweeps"]) for row in rows} == {("noncitizen → alien",)}


def test_a_sweep_through_the_recorded_manual_hides_no_other_edit(shared: Path) -> None:
    held = list(_recorded(shared))
    changes, touched = [], set()
    for number, now in enumerate(held):
        old = replace(now, blocks=tuple(replace(b, text=_former(b.text)) for b in now.blocks))
        if old == now:
            continue
        more = () if number % 5 else (paragraph(MORE),)
        touched |= {number} if more else set()
        changes.append(changed(old, replace(now, blocks=(*now.blocks, *more)), number))
    found = sweeps(changes)
    (widest, *_) = found
    assert (widest.old, widest.new) == ("noncitizen", "alien")
    assert len(widest.documents) > 15 and not told_once(found) & touched
    assert len(told_once(found)) > 0.9 * (len(changes) - len(touched))


def _recorded(shared: Path) -> Iterable[Version]:
    for line in (shared / "recorded" / "index.jsonl").read_text(encoding="utf-8").splitlines():
        row: Mapping[str, str] = json.loads(line)
        if row["capture"] == "2025-10" and "/policy-manual/volume-12" in row["url"]:
            page = Page(
                source="uscis_policy_manual",
                url=row["url"],
                final_url=row["url"],
                asked=row["url"],
                status=200,
                headers={},
                body=(shared / "recorded" / row["file"]).read_bytes(),
                fetched_at=datetime(2025, 10, 1, tzinfo=UTC),
            )
            yield from UscisPolicyManualSpider.read(page).versions


def _former(text: str) -> str:
    """The text with another term in it, as if the recorded one had been swept in since."""
    for old, new in (("an alien", "a noncitizen"), ("An alien", "A noncitizen"),
                     ("alien", "noncitizen"), ("Alien", "Noncitizen")):  # fmt: skip
        text = text.replace(old, new)
    return text
