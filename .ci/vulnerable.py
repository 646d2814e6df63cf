"""Say which locked packages have a known vulnerability, by what the package index knows.

    python .ci/vulnerable.py requirements/*.txt

Exits with an error where there is one that nobody has looked at. Where the index in use has no such
data (a mirror seldom does) nothing was checked: that is said, and is no error. pip-audit itself
then says "No known vulnerabilities found", though it looked at none.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence, Set
from typing import Any

# Looked at, by its number, with why it doesn't concern us and until when that is believed.
REVIEWED: Mapping[str, str] = {}


def main(files: Sequence[str]) -> int:
    """Print what is known of the locks; 1 where that is an error."""
    if importlib.util.find_spec("pip_audit") is None:
        sys.exit("pip-audit is not installed here: it is one of requirements/dev.txt")
    found: list[Mapping[str, Any]] = []
    for file in files:
        found += audited(file)
    said, is_bad = judged(found, REVIEWED.keys())
    print("\n".join(said))
    return int(is_bad)


def audited(file: str) -> Sequence[Mapping[str, Any]]:
    """What pip-audit says of each package of a lock; nothing where it can't ask."""
    run = subprocess.run(  # noqa: S603 - the files that CI names
        [sys.executable, "-m", "pip_audit", "--requirement", file, "--no-deps", "--disable-pip",
         "--format", "json", "--progress-spinner", "off"],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    try:
        return json.loads(run.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(f"{file}: {run.stderr.strip().splitlines()[-1:] or run.returncode}")
        return []


def judged(found: Sequence[Mapping[str, Any]], reviewed: Set[str]) -> tuple[Sequence[str], bool]:
    """What to print, and whether that is an error."""
    known = [each for each in found if "skip_reason" not in each]
    if not known:
        return ["NOT CHECKED for known vulnerabilities: the package index has no such data"], False
    said = [f"checked for known vulnerabilities: {len(known)} of {len(found)} packages"]
    bad = [
        f"{each['name']} {each['version']}: {one['id']}, mended in {one.get('fix_versions')}"
        for each in known
        for one in each["vulns"]
        if reviewed.isdisjoint({one["id"], *one.get("aliases", ())})
    ]
    return [*said, *bad], bool(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
