from __future__ import annotations

import pytest

from pipeline.citator.samename import Agreement, same_name


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("Matter of S-T- & U-V-", "Matter of S-T-", Agreement.MATCH),
        ("Matter of ORRIN-VALE", "In re Orrin-Vale", Agreement.MATCH),
        ("Matter of S‑T -", "In the Matter of S-T-", Agreement.MATCH),
        ("Matter of S-T-, U-V- & W-X-", "Matter of S-T-, et al.", Agreement.MATCH),
        ("Matter of Peña", "Matter of Pena", Agreement.MATCH),
        ("Matter of Orrin Dep't of Transp.", "Matter of Orrin Department of Transportation",
         Agreement.MATCH),
        ("Matter of Orrin, Inc.", "Matter of ORRIN", Agreement.MATCH),
        ("Orrin v. Garland", "Orrin v. Barr", Agreement.MATCH),
        ("Orrin", "Matter of Orrin", Agreement.MATCH),
        ("Matter of S-T- I", "Matter of S-T-", Agreement.MATCH),
        ("Matter of S-T- I", "Matter of S-T- II", Agreement.DIFFERENT),
        ("Matter of S-", "Matter of S-T-", Agreement.DIFFERENT),
        ("Matter of T-U-", "Matter of S-T-U-", Agreement.DIFFERENT),
        ("Matter of Orrin", "Orrin v. Garland", Agreement.DIFFERENT),
        ("United States v. Orrin", "United States v. Vale", Agreement.DIFFERENT),
        ("Matter of Orrin", "Matter of J. Orrin", Agreement.NOT_COMPARABLE),
        ("", "Matter of Orrin", Agreement.NOT_COMPARABLE),
    ],
)  # fmt: skip
def test_names_are_compared_across_spellings(one: str, other: str, told: Agreement) -> None:
    assert same_name(one, other) is same_name(other, one) is told
