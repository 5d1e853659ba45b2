"""What the locked packages are: known by digest, licensed as declared, looked over for known flaws, not too old.

Three questions need no network and always have to pass. The fourth, whether a flaw of a locked version is known, is
answered by advisory services on the network; without one the step says so in a sentence and passes, because a machine
that is cut off cannot know. ``docs/dependencies.md`` says how soon what has to be done.
"""

import datetime as dt
import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
#: the oldest a lock file may become before it has to be made anew, whether flaws are known or not
MOST_DAYS: Final = 180
_SECONDS: Final = 120
_NAME: Final = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)")
#: licences that would bind the platform itself, or that no public body may use
_FORBIDDEN: Final = re.compile(
    r"\bAGPL|Affero|\bSSPL|BUSL|Business Source|Commons Clause|Non-?Commercial", re.IGNORECASE
)
_COPYLEFT: Final = re.compile(r"(?<!L)GPL|(?<!Lesser )GNU General Public", re.IGNORECASE)
_LESSER: Final = re.compile(r"LGPL|Lesser General Public|GCC[- ]exception|with .*exception", re.IGNORECASE)


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Package → (version, number of digests) of a lock file of ours."""
    found: dict[str, tuple[str, int]] = {}
    last = ""
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        match = _NAME.match(line)
        if match:
            last = match[1].lower()
            found[last] = (match[2], line.count("--hash=sha256:"))
        elif last and "--hash=sha256:" in line:
            version, count = found[last]
            found[last] = (version, count + line.count("--hash=sha256:"))
    return found


def without_digest() -> list[str]:
    """Locked packages that could be exchanged on their way: no digest stands beside them."""
    python = [
        f"{name}: {package}"
        for name in ("requirements.txt", "requirements-dev.txt")
        for package, (_version, count) in locked(name).items()
        if not count
    ]
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    return python + [
        f"package-lock.json: {path}"
        for path, entry in lock["packages"].items()
        if path and not str(entry.get("integrity", "")).startswith("sha512-")
    ]


def licence_of(package: str) -> str:
    """The licence an installed package declares: its expression, its classifiers, else its own words (first line)."""
    said = importlib.metadata.metadata(package)
    classified = [one.rpartition("::")[2].strip() for one in said.get_all("Classifier") or [] if "License ::" in one]
    stated = [*(said.get_all("License-Expression") or []), " OR ".join(classified), *(said.get_all("License") or [])]
    return next((one.strip().split("\n")[0] for one in stated if one.strip()), "")


def wrong_licences() -> list[str]:
    """Packages of the platform whose licence is missing, forbidden or would spread to the platform."""
    found = []
    for package in locked("requirements.txt"):
        try:
            licence = licence_of(package)
        except importlib.metadata.PackageNotFoundError:
            continue  # of another system or Python
        spreads = _COPYLEFT.search(licence) and not _LESSER.search(licence)
        if not licence or _FORBIDDEN.search(licence) or spreads:
            found.append(f"{package}: {licence or '没有写明'}")
    return found


def age_of_locks(today: dt.date) -> tuple[str, int] | None:
    """The lock file that was changed longest ago, and how many days that is; None without the history of changes."""
    ages = []
    for name in ("requirements.txt", "package-lock.json"):
        said = _run(["git", "log", "-1", "--format=%cs", "--", name])
        day = said.stdout.strip() if said else ""
        if day:
            ages.append((name, (today - dt.date.fromisoformat(day)).days))
    return max(ages, key=lambda one: one[1]) if ages else None


def known_flaws() -> tuple[list[str], list[str]]:
    """(flaws the advisory services know, what could not be asked and why)."""
    flaws: list[str] = []
    unasked: list[str] = []
    for label, command in (("npm", ["npm", "audit", "--json", "--omit=dev"]), ("PyPI", _python_audit())):
        if shutil.which(command[0]) is None:
            unasked.append(f"{label}：没有安装 {command[0]}")
            continue
        said = _run(command)
        answer = _json(said.stdout) if said else {}
        if label == "npm" and "vulnerabilities" in answer:
            flaws += [f"npm {name}: {one['severity']}" for name, one in answer["vulnerabilities"].items()]
        elif label == "PyPI" and any("vulns" in one for one in answer.get("dependencies", [])):
            flaws += [
                f"{one['name']} {one['version']}: {', '.join(flaw['id'] for flaw in one['vulns'])}"
                for one in answer["dependencies"]
                if one.get("vulns")
            ]
        else:
            unasked.append(f"{label}：连不上漏洞通告服务")
    return flaws, unasked


def _python_audit() -> list[str]:
    return ["pip-audit", "-r", "requirements.txt", "--no-deps", "--disable-pip", "--format", "json", "--timeout", "10"]


def _run(command: list[str]) -> subprocess.CompletedProcess[str] | None:
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return None


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) and "error" not in found else {}


def main() -> int:
    """Print what was found; 1 when something has to be done."""
    faults = [f"没有校验值：{one}" for one in without_digest()]
    faults += [f"许可证不符合要求：{one}" for one in wrong_licences()]
    age = age_of_locks(dt.datetime.now(dt.UTC).date())
    if age and age[1] > MOST_DAYS:
        faults.append(f"{age[0]} 已经 {age[1]} 天没有更新，超过 {MOST_DAYS} 天，请执行 tools/lock.sh 并重新测试。")
    flaws, unasked = known_flaws()
    faults += [f"已知漏洞：{one}" for one in flaws]
    for one in unasked:
        print(f"没有查已知漏洞（{one}）。请在能连到通告服务的机器上再执行一次 tools/dependency_audit.py。")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
