"""Everything that is installed with lexwatch may be used and passed on as lexwatch itself may."""

from __future__ import annotations

import importlib.metadata
import re
from importlib.metadata import Distribution, PackageMetadata
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).resolve().parents[1] / "requirements"
# Permissive licences by their SPDX names, and by what packages call them that state none.
PERMITTED = frozenset({
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "CNRI-Python",
    "ISC", "MIT", "MIT-0", "MIT-CMU", "OFL-1.1", "PSF-2.0", "Unlicense", "Zlib", "ZPL-2.1",
})  # fmt: skip
CALLED = {
    **dict.fromkeys(("Apache Software License", "Apache License 2.0", "Apache 2.0"), "Apache-2.0"),
    **dict.fromkeys(("Apache 2.0 License", "Apache License, Version 2.0"), "Apache-2.0"),
    **dict.fromkeys(("BSD License", "3-Clause BSD License"), "BSD-3-Clause"),
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
}
# What was looked at by hand, with why it may stand. MPL 2.0 binds whoever changes its own files,
# which nobody does here: they are installed from the package index as they are.
REVIEWED = {
    "certifi": "MPL-2.0, a list of certificates, unchanged",
    "orjson": "MPL-2.0 for some of its files, unchanged; else Apache-2.0 or MIT",
    "pathspec": "MPL-2.0, unchanged; builds and checks only",
    "hypothesis": "MPL-2.0, unchanged; tests only",
    "tqdm": "MPL-2.0 for some of its files, unchanged; else MIT",
    "pyrage": "states none; its LICENSE file is MIT",
    "pyahocorasick": "states “BSD-3-Clause and Public-Domain”",
    "pypdfium2": "states “BSD-3-Clause, Apache-2.0, dependency licenses”; PDFium's are such",
    "torch": "states LLVM's exception beside Apache-2.0, BSD, BSL and MIT, which allows more",
}  # fmt: skip
REFUSED = re.compile(r"\bA?GPL|(?<!LESSER )GENERAL PUBLIC|SSPL|BUSL|NON-?COMMERCIAL", re.IGNORECASE)


def locked(name: str) -> list[str]:
    """The distributions that a lock file installs on this machine, without those for others."""
    lines = (REQUIREMENTS / f"{name}.txt").read_text("utf-8").splitlines()
    named = (re.match(r"([\w.-]+)==[^\s;]+", line) for line in lines)
    return sorted({found[1] for found in named if found})


def stated(found: Distribution) -> frozenset[str]:
    """The licences that a distribution states for itself, by their SPDX names where they are known:
    its expression, else its classifiers, else its own words."""
    about = found.metadata
    expression = _first(about, "License-Expression")
    if expression:
        return frozenset(re.split(r"\s+(?:AND|OR)\s+|[()]", expression)) - {""}
    classes = [each.rpartition(" :: ")[2] for each in about.get_all("Classifier") or ()
               if each.startswith("License :: OSI Approved :: ")]  # fmt: skip
    said = classes or [_first(about, "License").split("\n")[0].strip()]
    return frozenset(CALLED.get(each, each) for each in said)


def _first(about: PackageMetadata, name: str) -> str:
    return next(iter(about.get_all(name) or ()), "")


def installed(name: str) -> Distribution | None:
    try:
        return importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return None  # for another system


@pytest.mark.parametrize("file", ["lexwatch", "dev"])
def test_every_licence_is_permissive_or_was_looked_at(file: str) -> None:
    unclear = {
        name: sorted(odd)
        for name in (*locked(file), "torch")
        if name not in REVIEWED
        and (found := installed(name))
        and (odd := stated(found) - PERMITTED)
    }
    assert not unclear, "read their licences, then add each to REVIEWED with why, or leave it out"


def test_no_licence_binds_what_is_made_with_it() -> None:
    names = {*locked("lexwatch"), *locked("dev"), "torch"}
    bound = [name for name in names if (found := installed(name))
             and REFUSED.search(" ".join(stated(found)))]  # fmt: skip
    assert not bound


def test_nothing_is_excused_that_is_not_installed_or_needs_no_excuse() -> None:
    names = {*locked("lexwatch"), *locked("dev"), "torch"}
    assert names >= REVIEWED.keys()
    for name in REVIEWED:
        found = installed(name)
        assert found is None or stated(found) - PERMITTED, name


@pytest.mark.parametrize(
    "licence", ["GPL-3.0-or-later", "AGPL-3.0", "GNU General Public License v2"]
)
def test_a_licence_that_binds_is_known_as_such(licence: str) -> None:
    assert REFUSED.search(licence)
