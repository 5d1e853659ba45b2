"""What is delivered: no secret among the tracked files, nothing exchanged on its way, nothing licensed otherwise."""

import datetime as dt
import re
import subprocess
from pathlib import Path

import pytest

from tests.fitness.tree import REPOSITORY, files
from tools import dependency_audit

#: what a secret looks like; each with something that must be found, so that the search is known to work
_SHAPES = {
    "private key": (r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*[A-Za-z0-9+/]{40}", "PRIVATE KEY-----\n" + "M" * 60),
    "cloud key": (r"\b(?:AKIA|ASIA|LTAI)[0-9A-Z]{16}\b", "AKIA" + "Q" * 16),
    "access token": (r"\b(?:ghp|gho|ghs|glpat|npm|pypi|sk|xoxb)[-_][A-Za-z0-9_-]{30,}", "ghp_" + "a1" * 18),
    "address with password": (r"\b[a-z+]{3,12}://[^\s:/@{}<>\"'$]+:[^\s@/{}<>\"'$]{3,}@[^\s\"']+\.[a-z]{2,}", ""),
    "password in a setting": (
        r"(?i)^\s*(?:export )?[A-Z_]*(?:PASSWORD|PASSPHRASE|SECRET|API_KEY)\s*=\s*[\"']?[A-Za-z0-9+/_-]{16,}[\"']?\s*$",
        'SMTP_PASSWORD="Xq9dR2mPz7Lk4Ws8"',
    ),
}
_SAMPLES = {
    "private key": "-----BEGIN " + "PRIVATE KEY-----\n" + "M" * 60,
    "address with password": "postgresql://zt_app" + ":hunter2x@db.example/zt",
}
#: published examples of standards and made-up values of tests, looked at one by one
_KNOWN = re.compile(r"@(db|mail|upper)\.example|@127\.0\.0\.1|user:password@|://(u|a|x):\w{1,8}@")


def _tracked() -> list[Path]:
    said = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    named = [REPOSITORY / name for name in said.stdout.split("\0") if name]
    return [path for path in named or files() if path.is_file() and path.stat().st_size < 2_000_000]


def _found(text: str, shape: str) -> list[str]:
    pattern = re.compile(_SHAPES[shape][0], re.MULTILINE)
    return [hit[0] for hit in pattern.finditer(text) if not _KNOWN.search(hit[0])]


@pytest.mark.parametrize("shape", _SHAPES)
def test_the_search_finds_what_it_looks_for(shape: str) -> None:
    sample = _SAMPLES.get(shape, _SHAPES[shape][1])

    assert re.search(_SHAPES[shape][0], sample, re.MULTILINE)


def test_no_secret_is_among_the_tracked_files() -> None:
    here = Path(__file__)
    found = []
    for path in _tracked():
        if path == here:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # pictures and packed samples
        found += [f"{path.relative_to(REPOSITORY)}: {shape}" for shape in _SHAPES if _found(text, shape)]

    assert not found


def test_no_state_and_no_key_file_is_tracked() -> None:
    kept = [path.relative_to(REPOSITORY).as_posix() for path in _tracked()]
    odd = re.compile(r"(^|/)(var|secrets|\.venv|node_modules)/|\.(key|p12|pfx|jks|keystore|env|sealed|dump)$")

    assert kept
    assert not [path for path in kept if odd.search(path)]


def test_every_locked_package_is_known_by_its_digest() -> None:
    assert len(dependency_audit.locked("requirements.txt")) > 30
    assert not dependency_audit.without_digest()


def test_no_package_of_the_platform_brings_a_licence_that_binds_it() -> None:
    assert not dependency_audit.wrong_licences()


@pytest.mark.parametrize(
    ("licence", "wrong"),
    [
        ("GNU Affero General Public License v3", True), ("AGPL-3.0-only", True), ("GPL-3.0-or-later", True),
        ("SSPL-1.0", True), ("", True), ("LGPL-2.1-or-later", False), ("MIT", False),
        ("Apache-2.0 OR BSD-3-Clause", False),
    ],
)  # fmt: skip
def test_the_search_for_licences_can_fail(licence: str, wrong: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependency_audit, "licence_of", lambda _package: licence)

    assert bool(dependency_audit.wrong_licences()) is wrong


def test_an_old_lock_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(dependency_audit, "age_of_locks", lambda _today: ("requirements.txt", 181))
    monkeypatch.setattr(dependency_audit, "known_flaws", lambda: ([], ["PyPI：连不上漏洞通告服务"]))

    assert dependency_audit.main() == 1

    said = capsys.readouterr()
    assert "181 天没有更新" in said.err
    assert "没有查已知漏洞" in said.out


def test_a_known_flaw_stops_and_a_service_that_is_silent_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependency_audit, "age_of_locks", lambda _today: None)
    monkeypatch.setattr(dependency_audit, "known_flaws", lambda: ([], ["npm：连不上漏洞通告服务"]))
    assert dependency_audit.main() == 0

    monkeypatch.setattr(dependency_audit, "known_flaws", lambda: (["django 5.2.0: CVE-2026-1"], []))
    assert dependency_audit.main() == 1


def test_time_frames_for_flaws_are_written_down() -> None:
    text = (REPOSITORY / "docs" / "dependencies.md").read_text(encoding="utf-8")

    assert "## When a flaw becomes known" in text
    assert f"{dependency_audit.MOST_DAYS} days" in text
    assert dt.timedelta(days=dependency_audit.MOST_DAYS) <= dt.timedelta(days=366)
