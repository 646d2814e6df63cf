"""How authorities are typed, and in which others they lie."""

from __future__ import annotations

import pytest

from pipeline import authority
from pipeline.errors import QueryError


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("8 CFR 208.13(b)(1)", "8 CFR § 208.13(b)(1)"),
        ("8 c.f.r. §208.13", "8 CFR § 208.13"),
        ("8 CFR 208", "8 CFR pt. 208"),
        ("8 CFR part 208", "8 CFR pt. 208"),
        ("INA 212(h)", "INA § 212(h)"),
        ("section 212(h) of the Act", "INA § 212(h)"),
        ("8 USC 1182(h)", "8 USC § 1182(h)"),
        ("Matter of A-B-, 28 I&N Dec. 307", "28 I&N Dec. 307"),
        ("  Matter of A-B-,  28 I. & N. Dec. 307 (A.G. 2021)", "28 I&N Dec. 307"),
        ("6 USCIS-PM F", "6 USCIS-PM F"),
        ("Volume 6, Part F, Chapter 5", "6 USCIS-PM F.5"),
        ("USCIS Policy Manual, Volume 6", "6 USCIS-PM"),
        ("6 USCIS-PM", "6 USCIS-PM"),
    ],
)
def test_an_authority_is_read_in_any_spelling(typed: str, name: str) -> None:
    assert authority.read(typed) == name
    assert authority.read(name) == name


@pytest.mark.parametrize("typed", ["", "asylum", "Matter of A-B-", "8 CFR", "INA 208 and INA 212"])
def test_what_is_no_one_citation_is_refused_with_what_to_type(typed: str) -> None:
    with pytest.raises(QueryError, match="type one such as"):
        authority.read(typed)


@pytest.mark.parametrize(
    ("name", "wholes"),
    [
        (
            "8 CFR § 208.13(b)(1)",
            ("8 CFR § 208.13(b)(1)", "8 CFR § 208.13(b)", "8 CFR § 208.13", "8 CFR pt. 208"),
        ),
        ("INA § 212(h)", ("INA § 212(h)", "INA § 212")),
        (
            "12 USCIS-PM D.3(A)",
            ("12 USCIS-PM D.3(A)", "12 USCIS-PM D.3", "12 USCIS-PM D", "12 USCIS-PM"),
        ),
        ("28 I&N Dec. 307", ("28 I&N Dec. 307",)),
        ("8 CFR pts. 208-209", ("8 CFR pts. 208-209", "8 CFR pt. 208", "8 CFR pt. 209")),
    ],
)
def test_a_part_lies_in_its_wholes(name: str, wholes: tuple[str, ...]) -> None:
    assert authority.wholes(name) == wholes


@pytest.mark.parametrize(
    ("name", "within", "is_within"),
    [
        ("8 CFR § 208.130", "8 CFR § 208.13", False),
        ("8 CFR § 1208.13", "8 CFR pt. 208", False),
        ("INA § 245A", "INA § 245", False),
        ("16 USCIS-PM F.5", "6 USCIS-PM F", False),
        ("8 CFR §§ 208.16-208.18", "8 CFR § 208.17", True),
        ("8 CFR §§ 208.16-208.18", "8 CFR § 208.19", False),
        ("INA §§ 201-205", "INA § 203", True),
        ("8 CFR §§ 208.1-208.99999", "8 CFR § 208.17", False),
    ],
)
def test_like_numbers_are_not_taken_for_parts_and_ranges_hold_what_they_span(
    name: str, within: str, is_within: bool
) -> None:
    assert (within in authority.wholes(name)) is is_within


def test_a_provision_has_two_numbers() -> None:
    assert authority.spellings("INA § 208(b)(1)") == {"INA § 208(b)(1)", "8 USC § 1158(b)(1)"}
