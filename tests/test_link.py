"""Where a reader finds an authority that is not held."""

from __future__ import annotations

import pytest

from pipeline.citator.link import link

USC = (
    "https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title8-section1158&edition=prelim"
)


@pytest.mark.parametrize(
    ("canonical", "address"),
    [
        ("8 CFR § 214.2(h)", "https://www.ecfr.gov/current/title-8/section-214.2"),
        ("8 CFR pt. 292", "https://www.ecfr.gov/current/title-8/part-292"),
        ("8 USC § 1158(a)", USC),
        ("INA § 208(a)(2)", USC),
        ("90 FR 28815", "https://www.federalregister.gov/citation/90-FR-28815"),
        ("FR Doc. 2012-31032", "https://www.federalregister.gov/d/2012-31032"),
        ("Pub. L. 104-208", "https://www.govinfo.gov/link/plaw/104/public/208"),
        ("12 USCIS-PM F.5(H)", "https://www.uscis.gov/policy-manual/volume-12-part-f-chapter-5"),
        ("6 USCIS-PM G", "https://www.uscis.gov/policy-manual/volume-6-part-g"),
        ("Form I-485", "https://www.uscis.gov/I-485"),
        ("USCIS-2021-0013", "https://www.regulations.gov/docket/USCIS-2021-0013"),
        ("29 I&N Dec. 422", "https://www.justice.gov/eoir/volume-29"),
        ("9 I&N Dec. 915", "https://www.justice.gov/eoir/ag-bia-decisions"),
        ("RIN 1615-AB83", ""),
        ("465 F.3d 263", ""),
    ],
)
def test_an_authority_has_the_publishers_address(canonical: str, address: str) -> None:
    assert link(canonical) == address
