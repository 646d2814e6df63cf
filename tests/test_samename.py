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
        ("Matter of Orrin-Vale", "Matter of Orrin Vale", Agreement.MATCH),
        ("Peña-Orrín v. Barr", "Pena Orrin v. Garland", Agreement.MATCH),
        ("Matter of Vale", "Matter of Orrin-Vale", Agreement.DIFFERENT),
        ("Matter of Orrin", "Matter of Orrin-Vale", Agreement.DIFFERENT),
        ("Matter of S-T-U-, Respondents", "Matter of S-T-U-, et al.", Agreement.MATCH),
        ("ORRIN-VALE, Respondent", "Matter of Orrin-Vale", Agreement.MATCH),
        ("Matter of Orrin, Applicant/Beneficiary", "Matter of Orrin", Agreement.MATCH),
        ("Orrin, Petitioner-Appellant v. Barr, Respondent", "Orrin v. Barr", Agreement.MATCH),
        ("Matter of S-T-U", "Matter of S-T-U-", Agreement.MATCH),
        ("In re S-T", "Matter of S-T- & U-V-", Agreement.MATCH),
        ("Matter of S-T", "Matter of S-U", Agreement.DIFFERENT),
        # Who bears an official's surname is no official where the other side is one.
        ("Kelly v. Garland", "Wilkinson v. Garland", Agreement.DIFFERENT),
        ("Kelly v. Garland", "Kelly v. U.S. Att'y Gen.", Agreement.MATCH),
        ("United States v. Holder", "United States v. Lynch", Agreement.DIFFERENT),
        ("Holder-Orrin v. Barr", "Lynch v. Barr", Agreement.DIFFERENT),
        ("Wolf Meadow v. Barr", "Sessions Inn v. Barr", Agreement.DIFFERENT),
        ("Garland v. Orrin", "Barr v. Orrin", Agreement.MATCH),
        ("Wilkinson", "Wilkinson v. Garland", Agreement.MATCH),
        ("Garland", "Wilkinson v. Garland", Agreement.NOT_COMPARABLE),
        ("United States v. INS", "DHS v. INS", Agreement.NOT_COMPARABLE),
    ],
)  # fmt: skip
def test_names_are_compared_across_spellings(one: str, other: str, told: Agreement) -> None:
    assert same_name(one, other) is same_name(other, one) is told
