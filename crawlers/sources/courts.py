"""Opinions of the Supreme Court and the courts of appeals that are about immigration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any, ClassVar

from crawlers.feed import FeedSpider, feed_facts, read_feed
from crawlers.options import texts
from crawlers.source import Facts, Follow, Visit
from pipeline.errors import SettingsError
from pipeline.mentions import first_date
from pipeline.model import DateKind, Page, Reading, StatedDate, Version
from pipeline.normalise import normalise

NAME = "courts"
CIRCUITS = (
    *("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth"),
    *("Tenth", "Eleventh"),
)
COURTS = {
    "scotus": "Supreme Court of the United States",
    **{
        f"ca{number}": f"United States Court of Appeals for the {name} Circuit"
        for number, name in enumerate(CIRCUITS, 1)
    },
    "cadc": "United States Court of Appeals for the District of Columbia Circuit",
}
# The courts that have a feed of their own. The others' are CourtListener's, as its page of feeds
# (https://www.courtlistener.com/feeds/) lists them: the twenty opinions filed last.
OWN = {
    "ca5": ("https://www.ca5.uscourts.gov/rss.aspx?Feed=Opinions&Which=All&Style=Detail",),
    "ca9": (
        "https://www.ca9.uscourts.gov/opinions/index.xml",
        "https://www.ca9.uscourts.gov/memoranda/index.xml",
    ),
    "ca10": ("https://www.ca10.uscourts.gov/opinions/new/daily_decisions.rss",),
}
COLLECTED = "https://www.courtlistener.com/feed/court/{}/"
FEEDS = {court: OWN.get(court, (COLLECTED.format(court),)) for court in COURTS}
COURT_OF = {feed: court for court, feeds in FEEDS.items() for feed in feeds}
CLUSTER = re.compile(r"https://www\.courtlistener\.com/opinion/(\d+)/.*")
# What CourtListener puts after an opinion's first words.
WAY_THERE = re.compile(r"Original document\b.{0,10}")
# The Fifth Circuit's entries: docket, name, status, nature of suit, day.
LISTED = re.compile(
    r"(?P<docket>\d\d-\d{2,6})\s+(?P<name>.+?)\s+(?P<status>Published|Unpublished)\b"
    r"(?P<nature>.*?)(?P<day>\d{1,2}/\d{1,2}/\d{4})?"
)

# What makes an opinion ours: an office of immigration among its parties …
OFFICES = re.compile(
    r"\b(?:attorney general|att'?y\.? gen(?:eral)?|homeland sec(?:urity)?|immigration|citizenship"
    r"|naturalization|customs (?:and|&) (?:border|immigration)"
    r"|(?-i:USCIS|INS|EOIR|DHS|ICE|CBP|USDHS))\b",
    re.IGNORECASE,
)
# … or against whoever holds one, by whose name a petition for review is called (8 U.S.C.
# 1252(b)(3)(A); Fed. R. App. P. 43(c)(2)). Who comes after these is added by the option `holders`,
# so a name that is missing here waits for no release. Names that many bear ("Johnson", "Kelly",
# "Yates", "Rodriguez") stand with a given name or not at all.
HOLDERS = (
    # Attorneys General, acting ones too, since 2001
    *("Ashcroft", "Gonzales", "Keisler", "Mukasey", "Filip", "Holder", "Lynch", "Sally Yates"),
    *("Boente", "Sessions", "Whitaker", "Barr", "Rosen", "Wilkinson", "Garland", "McHenry"),
    *("Bondi", "Blanche"),
    # Secretaries of Homeland Security, acting ones too
    *("Tom Ridge", "Chertoff", "Napolitano", "Jeh Johnson", "Jeh Charles Johnson", "John Kelly"),
    *("John F. Kelly", "Elaine Duke", "Elaine C. Duke", "Nielsen", "McAleenan", "Wolf", "Pekoske"),
    *("Mayorkas", "Huffman", "Noem", "Mullin"),
    # heads of USCIS and ICE, sued over delay and detention
    *("Cissna", "Cuccinelli", "Renaud", "Jaddou", "Edlow", "Lechleitner", "Lyons", "Albence"),
    # Secretaries of State, sued over visas; of Agriculture, over benefits of noncitizens
    *("Tillerson", "Pompeo", "Blinken", "Rubio", "Rollins"),
    # Presidents, sued over proclamations
    *("Obama", "Trump", "Biden"),
)
# By these a case may also be called as the government's own: few others bear them.
APPEALING = frozenset(
    ("Mukasey", "Chertoff", "Napolitano", "McAleenan", "Mayorkas", "Noem", "Obama", "Trump")
) | {"Biden"}
MOST_HOLDERS = 100
SURNAME = re.compile(r"[^\W\d_][\w.’' -]{1,39}")
UNITED_STATES = re.compile(
    r"(?:the )?(?:united states(?: of america)?|U\.?S\.?(?:A\.?)?) v", re.IGNORECASE
)
# … or the law itself in what the feed says of it. "Removal" alone is also that of a case.
LAW = re.compile(
    r"\b(?:immigration|asylum|asylee|refugee|noncitizens?|non-citizens?|aliens?|deport\w*"
    r"|naturaliz\w+|inadmissib\w+|removal (?:proceedings?|orders?)|order of removal"
    r"|cancellation of removal|withholding of removal|reinstat\w+ .{0,20}removal"
    r"|convention against torture|green card|visas?|lawful permanent resident"
    r"|(?-i:USCIS|EOIR|BIA|INA|DACA)|temporary protected status"
    r"|(?:unlawful(?:ly)?|illegal(?:ly)?) re-?enter\w*|(?:unlawful|illegal) re-?entry"
    r"|8 U\.? ?S\.? ?C\.?(?: ?§+)? ?1[1-5]\d\d|8 C\.? ?F\.? ?R)\b",
    re.IGNORECASE,
)


class CourtsSpider(FeedSpider):
    """Asks a feed for each court, and keeps what `is_ours` says is about immigration."""

    name = NAME
    kind = "court-opinion"
    issuer = ""
    rule = "shows no immigration law"
    feeds = tuple(COURT_OF)
    options = ("courts", "holders")
    facts: ClassVar[Facts] = feed_facts(
        name=NAME,
        title="Federal appellate opinions",
        publisher="the courts of appeals; Free Law Project (CourtListener)",
        address="https://www.courtlistener.com/feeds/",
        feeds=feeds,
        cadence=timedelta(hours=6),  # a feed of twenty is full after a busy day
        times=("35 1,7,13,19 * * *",),
        floor=0,
        silence=10,
        unverified=(
            "CourtListener's page of feeds and its published source code, and "
            "the addresses by which its collectors ask the courts' own feeds"
        ),
        scope=(
            "Opinions of the Fifth, Ninth and Tenth Circuits as their feeds announce them, and, "
            "where the option courts names them, of the Supreme Court and the other circuits as "
            "CourtListener's do, where parties, holders of office or words show immigration law "
            "(in the Ninth and Tenth Circuits the case's name alone): name, court, day and "
            "opening words, not the opinion; no district courts; a feed holds the last twenty "
            "or a day's, so what leaves one between two visits is missed; CourtListener's "
            "robots.txt, as published in its source code, turns crawlers away, so its feeds are "
            "not asked unless they are named; where it still does, they are not asked then "
            "either, and the run says so"
        ),
    )

    @classmethod
    def question(cls, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask the courts that have a feed of their own, or those chosen, by CourtListener's names;
        `holders` of offices that the settings add are respondents too. Raises `SettingsError`."""
        added = _holders(options)
        return {"courts": _courts(options)} | ({"holders": added} if added else {})

    @classmethod
    def seeds(cls, visit: Visit) -> Iterable[Follow]:
        """Ask the feeds of the courts chosen."""
        added = _holders(visit.options)
        said = {"holders": added} if added else {}
        return [
            Follow(url=url, context=said) for each in _courts(visit.options) for url in FEEDS[each]
        ]

    @classmethod
    def read(cls, page: Page) -> Reading:
        """Read what the feed names now that is about immigration."""
        added = page.context.get("holders", ())
        return read_feed(
            page,
            cls.facts.name,
            cls.kind,
            cls.issuer,
            refine=lambda entry: cls.refine(entry, page.url),
            keeps=lambda entry: is_ours(entry.title, entry.text, added),
            rule=cls.rule,
        )

    @classmethod
    def refine(cls, entry: Version, feed: str) -> Version:
        """Say which court it is of. CourtListener's day is that of filing; a court's own feed gives
        the day on which it posted."""
        court = COURT_OF.get(feed, "")
        entry = replace(
            entry, issuer=COURTS.get(court, ""), metadata={**entry.metadata, "court": court}
        )
        if collected := CLUSTER.fullmatch(entry.url):
            return _collected(entry, collected[1])
        listed = LISTED.fullmatch(normalise(entry.text)) if court == "ca5" else None
        return _listed(entry, listed) if listed else entry


def is_ours(name: str, said: str, added: Iterable[str] = ()) -> bool:
    """Whether a case's name or what is said of it shows immigration law. `added` are holders of
    offices beyond `HOLDERS`. In doubt it is ours: what is something else is told by its topics, and
    what is left out is told to nobody."""
    case = normalise(name)
    # A prosecution is called after the accused, who may bear any name.
    is_office = not UNITED_STATES.match(case) and _is_of_office(case, tuple(added))
    return bool(is_office or OFFICES.search(case) or LAW.search(f"{case}\n{normalise(said)}"))


def _is_of_office(case: str, added: tuple[str, ...]) -> bool:
    """Whether a holder of office is sued, or sues under a name that few others bear."""
    against, by = _parties(added)
    return bool(against.search(case) or by.match(case))


@cache
def _parties(added: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    sued, suing = ("|".join(map(re.escape, names)) for names in ((*HOLDERS, *added), APPEALING))
    given = r"(?:[A-Z][\w.]* ){0,2}?"
    return (
        re.compile(rf"\bv\.?s?\.? {given}(?:{sued})\b", re.IGNORECASE),
        re.compile(rf"{given}(?:{suing})(?:, [^.]{{0,40}})? v", re.IGNORECASE),
    )


def _collected(entry: Version, cluster: str) -> Version:
    """An entry of CourtListener's, by its number: its address ends in the case's name, which is
    corrected now and then."""
    return replace(
        entry,
        document=replace(entry.document, key=f"courtlistener/{cluster}"),
        blocks=tuple(b for b in entry.blocks if not WAY_THERE.fullmatch(b.text)),
        dates=tuple(replace(stated, kind=DateKind.DECIDED) for stated in entry.dates),
    )


def _listed(entry: Version, listed: re.Match[str]) -> Version:
    """An entry of the Fifth Circuit's, whose title is its docket number."""
    said = {"docket": listed["docket"], "status": listed["status"]}
    if nature := listed["nature"].strip():
        said["nature_of_suit"] = nature
    dates = entry.dates
    if listed["day"] and (on := first_date(listed["day"])):
        day = StatedDate(kind=DateKind.DECIDED, on=on, words=listed["day"], read_from="feed")
        dates = (*dates, day)
    return replace(entry, title=listed["name"], metadata={**entry.metadata, **said}, dates=dates)


def _courts(options: Mapping[str, Any]) -> list[str]:
    chosen = texts(NAME, options, "courts", most=len(COURTS), usual=OWN)
    if not chosen or not COURTS.keys() >= set(chosen):
        raise SettingsError(
            f"options of {NAME}: courts = {[*chosen]}; name some of {', '.join(COURTS)}"
        )
    return list(chosen)


def _holders(options: Mapping[str, Any]) -> list[str]:
    added = texts(NAME, options, "holders", most=MOST_HOLDERS)
    if wrong := [each for each in added if not SURNAME.fullmatch(each)]:
        raise SettingsError(
            f'options of {NAME}: holders names {wrong[0]!r}; write surnames, such as "Mayorkas"'
        )
    return list(added)
