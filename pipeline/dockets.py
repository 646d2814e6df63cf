"""Know one federal court and one case again, however their name and number are written."""

from __future__ import annotations

import re
from dataclasses import dataclass

# The Bluebook's abbreviations of the states (table T10), in letters alone, by what they stand for.
_WRITTEN = (
    "alabama=ala alaska=alaska arizona=ariz arkansas=ark california=cal colorado=colo "
    "connecticut=conn delaware=del florida=fla georgia=ga hawaii=haw idaho=idaho illinois=ill "
    "indiana=ind iowa=iowa kansas=kan kentucky=ky louisiana=la maine=me maryland=md "
    "massachusetts=mass michigan=mich minnesota=minn mississippi=miss missouri=mo montana=mont "
    "nebraska=neb nevada=nev newhampshire=nh newjersey=nj newmexico=nm newyork=ny "
    "northcarolina=nc northdakota=nd ohio=ohio oklahoma=okla oregon=or pennsylvania=pa "
    "rhodeisland=ri southcarolina=sc southdakota=sd tennessee=tenn texas=tex utah=utah "
    "vermont=vt virginia=va washington=wash westvirginia=wva wisconsin=wis wyoming=wyo "
    "columbia=dc puertorico=pr guam=guam virginislands=vi northernmarianaislands=nmari"
)
_STATES = dict(pair.split("=") for pair in _WRITTEN.split())
_PLACES = {**_STATES, **{short: short for short in _STATES.values()}, "calif": "cal"}
_SIDES = {"northern": "n", "southern": "s", "eastern": "e", "western": "w", "middle": "m",
          "central": "c"}  # fmt: skip
_CIRCUITS = {
    **{"first": "1st", "second": "2d", "2nd": "2d", "third": "3d", "3rd": "3d", "fourth": "4th"},
    **{"fifth": "5th", "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th"},
    **{"tenth": "10th", "eleventh": "11th", "districtcolumbia": "dc", "federal": "fed"},
}
_CIRCUIT = re.compile(r"(1st|2d|3d|[4-9]th|1[01]th|dc|fed)")
_COURT = re.compile(
    r"\b(?:united states|u\. ?s\.|us)(?= (?:district|court))|\busdc\b|\bdistrict court\b|"
    r"\bcourt of appeals\b|\bfor\b|\bthe\b|\bin\b|\bof\b|,"
)
_DISTRICT = re.compile(r"(?P<side>[nsewmc]?)(?:district|dist|d)(?P<place>.+)")
_CASE = re.compile(
    r"(?:(?P<office>\d+):)?(?P<year>\d{4}|\d{2})-?(?P<type>[a-z]{2,4})?-?0*(?P<number>\d+)"
    r"(?:[ -]+\(?[a-z][a-z /()-]*)?"
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case's number as its court counts: the rest says in which office, and before whom."""

    office: str
    year: str
    type: str
    number: str

    def may_be(self, other: Case) -> bool:
        """Whether nothing that both state differs."""
        return (self.year, self.number) == (other.year, other.number) and all(
            one == their or not (one and their)
            for one, their in ((self.office, other.office), (self.type, other.type))
        )


def court(name: str) -> str:
    """A federal district or circuit in one spelling, "ndcal", "9thcir"; "" for a court that we do
    not know by its name."""
    words = " ".join(_COURT.sub(" ", " ".join(name.casefold().split())).split())
    before, is_circuit, _ = words.partition(" cir")
    if is_circuit:
        found = _CIRCUITS.get(_letters(before), _letters(before))
        return f"{found}cir" if _CIRCUIT.fullmatch(found) else ""
    for side, short in _SIDES.items():
        words = re.sub(rf"^{side}\b", short, words)
    district = _DISTRICT.fullmatch(_letters(words))
    place = _PLACES.get(district["place"]) if district else None
    return f"{district['side']}d{place}" if district and place else ""


def case(docket: str) -> Case | None:
    """The case of a docket number: "3:25-cv-01234-JST" and "25-cv-1234" are told by one year and
    number. None where it is of no federal court's form."""
    plain = re.sub(r"[\u2010-\u2015]", "-", " ".join(docket.casefold().split()))
    found = _CASE.fullmatch(plain)
    if found is None:
        return None
    return Case(
        office=found["office"] or "",
        year=found["year"][-2:],
        type=found["type"] or "",
        number=found["number"],
    )


def _letters(words: str) -> str:
    return re.sub(r"\W", "", words)
