"""A whole installation of its own: database, web, worker, demonstration county; and people at their browsers."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import filelock
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

PHONE: ViewportSize = {"width": 375, "height": 812}
DESK: ViewportSize = {"width": 1280, "height": 900}
_ACCOUNT = re.compile(r"^(?P<title>\S.*?)\s{2,}(?P<name>[\w.@-]+)\s{2,}(?P<password>\S+)$")
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
_OURS = ("DATABASE_", "ZHENGTONG_", "DJANGO_")
OPENING_SECONDS = 900  # twenty where nothing else runs, more than three hundred on a machine under load
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# a page may come late where other tests share the machine
expect.set_options(timeout=15_000)


def chromium() -> str:
    """Path of the installed browser; the tests fail without one."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
    )
    assert found, (
        "no Chromium is installed: sudo apt-get install -y chromium fonts-noto-cjk poppler-utils openssl libnss3-tools"
    )
    return found


@dataclass
class Town:
    """A running installation: its address, its state folder, the passwords of its first accounts."""

    base: str
    state: Path
    passwords: dict[str, str] = field(default_factory=dict)
    _codes: dict[str, str] = field(default_factory=dict)
    _console: "subprocess.Popen[str] | None" = None

    def command(self, *words: str) -> str:
        """What ``zhengtong`` prints for these words."""
        if self._console is None:
            self._console = subprocess.Popen(
                [sys.executable, "-m", "tests.journeys.console", str(self.state)],
                cwd=Path(__file__).parents[2],
                env=environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._console.stdin
        assert self._console.stdout
        print(json.dumps(words), file=self._console.stdin, flush=True)
        answer = self._console.stdout.readline()
        assert answer, f"the console broke on {words}"
        code, said = json.loads(answer)
        assert code == 0, said
        return str(said)

    def code(self, name: str) -> str:
        """The one-time code of an official; who signs in often has to wait for the next one."""
        for _ in range(40):
            code = self.command("demo", "code", name).strip()
            if self._codes.get(name) != code:
                self._codes[name] = code
                return code
            time.sleep(1)
        raise AssertionError(f"the telephone of {name} shows no new code")

    def leave(self) -> None:
        """No more commands."""
        if self._console is not None:
            self._console.communicate(timeout=30)
            self._console = None


def environment(cases: int = 0) -> dict[str, str]:
    """Variables of a process of the demonstration, whatever this one was started with."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(_OURS)}
    return {**kept, "ZHENGTONG_DEMO": "1", "ZHENGTONG_DEMO_CASES": str(cases), "PYTHONUNBUFFERED": "1"}


@contextmanager
def running_town(state: Path, *, cases: int = 0, **settings: str) -> Iterator[Town]:
    """Start everything as ``make run`` does, with so many cases of the last month, and stop it again.

    ``settings`` are further variables of its processes. A plain one moves into a copy of what the first of all workers
    founded: founding takes minutes, and is the same each time.
    """
    if cases or settings:
        with _opened(state, cases, settings) as town:
            yield town
        return
    passwords = _copied(state)
    with _opened(state, cases, settings) as town:
        town.passwords |= passwords
        yield town


def _copied(state: Path) -> dict[str, str]:
    """Copy the state of a county that was founded and stopped; returns the passwords of its first accounts."""
    of_run = state.parents[1].parent if "PYTEST_XDIST_WORKER" in os.environ else state.parents[1]
    founded, told = of_run / "founded" / "state", of_run / "founded" / "passwords.json"
    founded.parent.mkdir(exist_ok=True)
    with filelock.FileLock(founded.parent / "founding.lock"):
        if not told.exists():
            with _opened(founded, 0, {}) as town:
                passwords = dict(town.passwords)
            told.write_text(json.dumps(passwords), encoding="utf-8")
    # the database's files belong to whom the server runs as
    subprocess.run(["cp", "--archive", "--reflink=auto", str(founded), str(state)], check=True)
    return dict(json.loads(told.read_text(encoding="utf-8")))


@contextmanager
def _opened(state: Path, cases: int, settings: Mapping[str, str]) -> Iterator[Town]:
    log = state.with_suffix(".log")
    command = [sys.executable, "-m", "zhengtong.entry.main", "run", "--var", str(state), "--port", str(_first_port())]
    with log.open("w") as out:
        process = subprocess.Popen(
            command, env=environment(cases) | dict(settings), stdout=out, stderr=subprocess.STDOUT
        )
    town: Town | None = None
    try:
        town = _wait_until_open(process, log, state)
        yield town
    finally:
        if town is not None:
            town.leave()
        process.terminate()
        process.wait(timeout=60)


def _first_port() -> int:
    """Where to look for a free port: towns that start at the same moment would both find the same one free."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return 8700 + 20 * int(worker)


def _wait_until_open(process: "subprocess.Popen[bytes]", log: Path, state: Path) -> Town:
    deadline = time.monotonic() + OPENING_SECONDS
    while time.monotonic() < deadline:
        text = log.read_text(encoding="utf-8")
        assert process.poll() is None, text
        if "已就绪" in text and (address := _ADDRESS.search(text[text.index("已就绪") :])):
            town = Town(address.group(), state)
            for line in text.splitlines():
                if account := _ACCOUNT.match(line):
                    town.passwords[account["name"]] = account["password"]
            with urllib.request.urlopen(town.base, timeout=20) as answer:  # a local address of our own
                assert answer.status == 200
            return town
        time.sleep(0.3)
    raise AssertionError("the installation did not open:\n" + log.read_text(encoding="utf-8"))


@contextmanager
def visitor(browser: Browser, *, phone: bool = False) -> Iterator[Page]:
    """A person with a browser of his own."""
    context: BrowserContext = browser.new_context(
        viewport=PHONE if phone else DESK,
        locale="zh-CN",
        has_touch=phone,
        accept_downloads=True,
        # pages that scroll softly would have to be waited for at every step
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console", lambda message: problems.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield page
    context.close()
    assert not problems, problems


def sign_in(page: Page, town: Town, name: str, *, official: bool = True) -> None:
    """Sign in with password, and with the one-time code as officials must."""
    if "/accounts/login/" not in page.url:
        page.goto(f"{town.base}/accounts/login/")
    page.get_by_label(re.compile("账号|用户名|手机号")).first.fill(name)
    page.get_by_label("密码", exact=True).fill(town.passwords[name])
    page.locator("main").get_by_role("button", name="登录", exact=True).click()
    if official:
        page.get_by_label(re.compile("动态口令|验证码|6 位")).first.fill(town.code(name))
        page.get_by_role("button", name="继续").click()
    expect(page.get_by_role("button", name="退出").first).to_be_visible()


def as_holder_of(page: Page, town: Town, post: str) -> None:
    """Go on in another post of the same person."""
    page.goto(f"{town.base}/accounts/identity/")
    page.get_by_role("radio", name=re.compile(post)).check()
    page.get_by_role("button", name="以这个身份继续").click()
