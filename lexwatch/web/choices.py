"""What a search can be narrowed to, with how many documents each choice leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alerts.wording import calendar
from index.search import Count, Results
from index.search.counts import COUNTED
from lexwatch.output import hits as told
from lexwatch.web.frame import Frame, query
from lexwatch.web.question import MANY, Question
from pipeline.citator.model import Body

BODIES = {
    Body.IMMIGRATION_COURT: "An immigration court",
    Body.USCIS: "USCIS",
    Body.FEDERAL_COURT: "A federal court",
}
# The filters that are chosen by their counts, and what each is called.
FACETS = {
    "source": "Source",
    "kind": "Kind",
    "topic": "Topic",
    "year": "Year",
    "state": "State of a rule",
    "forum": "Binds before",
}
SHOWN = 6  # choices of a filter before the rest is folded


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A value of a filter: what it is called, how many documents it leaves, and the address's query
    that turns it on or off; `name` and `value` are what a form would add, "" where that is more
    than one thing."""

    title: str
    documents: int
    is_on: bool
    href: str
    name: str = ""
    value: str = ""


def facets(frame: Frame, this: Question, found: Results) -> Mapping[str, list[Choice]]:
    """By what each filter is called its choices, those that are on first."""
    return {
        title: choices
        for name, title in FACETS.items()
        if (choices := [*_facet(frame, this, name, found.counts.get(name, ()))])
        and (len(choices) > 1 or choices[0].is_on)
    }


def kept(frame: Frame, this: Question) -> list[tuple[str, str, str]]:
    """The values of filters that are on, each with its name and what it is called."""
    return [
        (name, value, f"{FACETS[name]}: {told.called(name, _uncounted(value), frame.app.names)}")
        for name in MANY
        for value in this.said[name]
    ]


def chosen(frame: Frame, this: Question) -> list[tuple[str, str]]:
    """What alone is asked for now, a line each, with the query of an address that takes it back."""
    said = this.said
    every = [
        (words, query({**said, name: [each for each in said[name] if each != value]}))
        for name, value, words in kept(frame, this)
    ]
    days = {
        "since": ("From", this.filters.since),
        "until": ("To", this.filters.until),
        "as_of": ("As of", this.filters.as_of),
    }
    every += [
        (f"{words} {calendar(day)}", query({**said, name: ""}))
        for name, (words, day) in days.items()
        if day
    ]
    return every


def counted_of(found: Results) -> str:
    """Of which documents the values were counted, where these are not all."""
    return f"of the first {COUNTED}" if found.documents > COUNTED else ""


def _facet(frame: Frame, this: Question, name: str, counts: tuple[Count, ...]) -> Iterator[Choice]:
    if name == "year":
        yield from (_year(this, each) for each in counts)
    elif name == "forum":
        yield from (_forum(this, each) for each in counts)
    else:
        on = [*this.said[name]]
        known = {each.value: each for each in counts}
        every = [*(known.get(value, _uncounted(value)) for value in on)]
        every += [each for each in counts if each.value not in on]
        yield from (_choice(frame, this, name, each) for each in every)


def _choice(frame: Frame, this: Question, name: str, each: Count) -> Choice:
    on = this.said[name]
    is_on = each.value in on
    left = [one for one in on if one != each.value] if is_on else [*on, each.value]
    return Choice(
        title=told.called(name, each, frame.app.names),
        documents=each.documents,
        is_on=is_on,
        href=query({**this.said, name: left}),
        name=name,
        value=each.value,
    )


def _year(this: Question, each: Count) -> Choice:
    """A year is the days from its first to its last."""
    days = {"since": f"{each.value}-01-01", "until": f"{each.value}-12-31"}
    is_on = all(this.said[name] == day for name, day in days.items())
    wanted = dict.fromkeys(days, "") if is_on else days
    return Choice(
        title=each.value,
        documents=each.documents,
        is_on=is_on,
        href=query({**this.said, **wanted}),
    )


def _forum(this: Question, each: Count) -> Choice:
    """To stand before a body, in the circuit chosen already: that orders and leaves nothing out."""
    here = this.filters.forum
    where = " ".join(filter(None, (each.value, here.circuit if here else "")))
    return Choice(
        title=BODIES[Body(each.value)],
        documents=each.documents,
        is_on=bool(here and here.body == each.value),
        href=query({**this.said, "forum": where}),
        name="forum",
        value=where,
    )


def _uncounted(value: str) -> Count:
    return Count(value=value, title=value, documents=0)
