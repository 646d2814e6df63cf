"""Subscriptions matched with what a store holds, meaning too, and tried before they are kept."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import subscription, version
from fakes import HashingEncoder
from holding import hold
from publisher import NOW
from sqlalchemy import select

from index import history, schema
from lexwatch.alerting import matching, nearness
from lexwatch.app import App
from lexwatch.settings import Data, Settings, Topics
from pipeline.errors import ModelError, QueryError
from pipeline.model import Version
from pipeline.subscription import Subscription

SENTENCE = "filing fees of naturalization rise"


def sample(key: str, *texts: str, kind: str = "notice", citation: str = "") -> Version:
    said = version(*texts, source="sample", key=key, kind=kind, title=f"Notice {key}")
    return replace(said, citation=citation)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    settings = Settings(data=Data(folder=str(tmp_path)), topics=Topics(meaning=False))
    made = App(settings, clock=lambda: NOW + timedelta(days=30))
    made.encoder = HashingEncoder()  # stands for the model
    yield made
    made.database.close()


@pytest.fixture
def held(app: App) -> App:
    """A first crawl, then a day each: a notice, another text of it, and a third document."""
    hold(
        app.database,
        sample("old", "Asylum clocks run from filing."),
        sample("fees", "Asylum is free. See 8 CFR 208.13(b).", "The fee stays."),
        sample(
            "fees",
            "Asylum is free. See 8 CFR 208.13(b).",
            "The filing fees of naturalization rise.",
        ),
        sample(
            "case",
            "(1) Matter of X-Y-, 26 I&N Dec. 566 (BIA 2015), overruled.",
            kind="bia-precedent",
            citation="29 I&N Dec. 901 (BIA 2026)",
        ),
    )
    app.vectors.sync()
    return app


def asked(**criteria: Any) -> Subscription:
    return replace(subscription(), **criteria)


def given(app: App, wanted: Subscription) -> list[tuple[str, str]]:
    return [
        (alert.change.document.key, alert.change.difference.kind)
        for alert in matching.back_test(app, wanted)
    ]


def test_a_subscription_is_tried_on_what_is_held_and_a_first_crawl_gives_nothing(held: App) -> None:
    assert given(held, asked(words="asylum")) == [("fees", "new")]
    assert given(held, asked()) == [("fees", "new"), ("fees", "text-changed"), ("case", "new")]
    assert matching.back_test(held, asked(), days=27)[0].change.document.key == "case"


def test_it_is_said_since_when_changes_are_held(app: App) -> None:
    assert matching.held_since(app) is None
    hold(app.database, sample("one", "text"))
    assert matching.held_since(app) == NOW
    assert matching.held_since(app, ("elsewhere",)) is None


def test_what_only_stands_beside_a_change_is_not_cited_anew(held: App) -> None:
    assert given(held, asked(authorities=("8 CFR part 208",))) == [("fees", "new")]


def test_what_the_store_has_of_a_text_is_what_the_text_gives(held: App) -> None:
    from index import grounds  # noqa: PLC0415 - beside the reader that it stands for
    from pipeline.grounds import gather  # noqa: PLC0415

    changes = history.recorded(held.database)
    with held.database.read() as connection:
        found = grounds.gather(connection, changes)
    for each in changes:
        assert found[each.id] == gather(each)
    assert [bool(found[each.id].mentions) for each in changes] == [True, False, True]


def test_a_parallel_name_of_a_document_held_is_its_own(app: App) -> None:
    hold(
        app.database,
        sample("first", "x"),
        sample("4999", "y", kind="bia-precedent", citation="29 I&N Dec. 999 (BIA 2026)"),
        sample("after", "As held in Matter of S-, Interim Decision 4999, bond is set."),
    )
    met = matching.back_test(app, asked(authorities=("29 I&N Dec. 999",)))
    assert [alert.change.document.key for alert in met] == ["4999", "after"]
    assert met[1].why == ("authority 29 I&N Dec. 999: cites 29 I&N Dec. 999",)


def test_who_names_a_decision_otherwise_than_another_reader_is_met_too(app: App) -> None:
    hold(
        app.database,
        sample("first", "x"),
        sample("4999", "y", kind="bia-precedent", citation="29 I&N Dec. 999 (BIA 2026)"),
        sample("number", "As held in Matter of S-, Interim Decision 4999, bond is set."),
        sample("reporter", "As held in Matter of S-, 29 I&N Dec. 999 (BIA 2026), bond is set."),
    )
    by_reporter = asked(id=1, authorities=("29 I&N Dec. 999",))
    by_number = asked(id=2, authorities=("Interim Decision 4999",))
    for each in (by_reporter, by_number):
        alone = matching.matched(app, [each], history.recorded(app.database))
        both = matching.matched(app, [by_reporter, by_number], history.recorded(app.database))
        assert [alert for alert in both if alert.subscription == each] == [*alone]
        assert {"number", "reporter"} <= {alert.change.document.key for alert in alone}


def test_what_is_gathered_once_gives_each_who_asks_what_he_would_get_alone(
    held: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = history.recorded(held.database)
    wanted = [
        asked(id=1, words="asylum"),
        asked(id=2, authorities=("26 I&N Dec. 566",)),
        asked(id=3, meaning=SENTENCE, threshold=0.3),
        asked(id=4),
    ]
    alone = [matching.found(held, [each], changes).alerts for each in wanted]
    assert all(alone)
    monkeypatch.setattr(matching, "BATCH", 1)
    for kept in (0, 1, 10):
        monkeypatch.setattr(matching, "KEPT", kept)
        gathered = matching.Gathered(held, changes, wanted)
        assert [gathered.found([each]).alerts for each in wanted] == alone
        assert [gathered.found([each]).alerts for each in wanted] == alone


def test_what_changes_offer_is_gathered_once_for_all_who_ask(
    held: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered = matching.Gathered(held, history.recorded(held.database))
    first = gathered.found([asked(words="asylum")]).alerts
    with held.database.write() as connection:
        connection.execute(schema.citation.delete())
        connection.execute(schema.vector.delete())
    assert gathered.found([asked(words="asylum")]).alerts == first
    assert gathered.found([asked(authorities=("26 I&N Dec. 566",))]).alerts


def test_no_more_sentences_than_some_are_kept(held: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearness, "KEPT", 2)
    model = nearness.Model(held, ["one", "two", "three"])
    assert model.rows(["four", "five", "six"]).shape[0] == 3
    assert len(nearness._embedded[held.vectors]) == 2


def test_a_sentence_is_met_by_the_nearest_passage_that_changed(held: App) -> None:
    wanted = asked(meaning=SENTENCE, threshold=0.3)
    (alert,) = matching.back_test(held, wanted)
    assert alert.change.difference.kind == "text-changed"
    assert "The filing fees of naturalization rise." in alert.why[0]
    cosine = float(alert.why[0].partition("meaning ")[2][:4])
    assert given(held, replace(wanted, threshold=cosine + 0.01)) == []
    assert given(held, replace(wanted, threshold=cosine - 0.01)) == [("fees", "text-changed")]


def test_a_sentence_is_met_by_what_was_taken_out(app: App) -> None:
    hold(
        app.database,
        sample("old", "x"),
        sample("two", "Asylum is free.", f"The {SENTENCE}."),
        sample("two", "Asylum is free."),
    )
    wanted = asked(meaning=SENTENCE, threshold=0.3)
    new, amended = matching.back_test(app, wanted)
    assert "in what changed" in new.why[0]
    assert "in what was removed or reworded" in amended.why[0]


def test_many_passages_without_vectors_are_not_embedded_in_passing(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(app.database, sample("old", "x"), sample("new", f"The {SENTENCE}."))
    monkeypatch.setattr(nearness, "LACKING", 0)
    with pytest.raises(ModelError, match="run `lexwatch run`"):
        matching.back_test(app, asked(meaning=SENTENCE))
    app.vectors.sync()
    assert given(app, asked(meaning=SENTENCE, threshold=0.3)) == [("new", "new")]


def test_one_embedding_serves_all_who_ask_and_is_written_nowhere(
    held: App, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with held.database.read() as connection:
        before = connection.execute(select(schema.vector.c.digest)).scalars().all()
    wanted = [
        asked(id=number, meaning=SENTENCE, threshold=t) for number, t in ((1, 0.3), (2, 0.99))
    ]
    found = matching.found(held, wanted, history.recorded(held.database))
    assert [alert.subscription.id for alert in found.alerts] == [1]
    with held.database.read() as connection:
        assert connection.execute(select(schema.vector.c.digest)).scalars().all() == before
    assert "naturalization" not in caplog.text


class Broken(HashingEncoder):
    digest = "another model"
    name = "other"


def test_without_the_model_all_else_is_matched_and_that_is_said(held: App) -> None:
    held.vectors.close()
    del vars(held)["vectors"]
    held.encoder = Broken()  # stands for the model
    wanted = [asked(id=1, meaning=SENTENCE), asked(id=2, words="asylum")]
    found = matching.found(held, wanted, history.recorded(held.database))
    assert [alert.subscription.id for alert in found.alerts] == [2]
    (failure,) = found.failures
    assert failure.words.startswith("subscription No. 1 could not be run by meaning: the vectors")
    assert SENTENCE not in failure.words
    with pytest.raises(ModelError):
        matching.back_test(held, wanted[0])


def test_what_cannot_be_read_is_pointed_at_when_it_is_tried(held: App) -> None:
    with pytest.raises(QueryError, match=r"\^"):
        matching.back_test(held, asked(words="bond /x flight"))
    assert matching.found(held, [asked(words="bond /x flight")], ()).failures


def test_an_authority_is_named_as_somebody_types_it(held: App) -> None:
    assert matching.authority(held, "8 cfr 208") == "8 CFR pt. 208"
    assert matching.authority(held, "sample:fees") == "sample:fees"
    assert given(held, asked(authorities=("sample:fees",))) == [
        ("fees", "new"),
        ("fees", "text-changed"),
    ]


def test_changes_are_looked_at_some_at_a_time_with_the_same_result(
    held: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [asked(words="asylum OR overruled"), asked(id=2, meaning=SENTENCE, threshold=0.1)]
    changes = history.recorded(held.database)
    whole = matching.matched(held, wanted, changes)
    monkeypatch.setattr(matching, "BATCH", 1)
    assert matching.matched(held, wanted, iter(changes)) == whole
    assert len({alert.change.id for alert in whole}) > 1
