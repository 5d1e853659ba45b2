"""Takes the pictures of ``docs/images`` from a freshly founded demonstration county in which people are at work.

Run ``python -m tools.screenshots`` after a page changed, and look at every picture: the pages on the desktop, what
citizens read also on the phone and in large print. ``python -m tools.screenshots sites`` takes those of sites alone.
"""

import io
import os
import re
import sys
import tempfile
from pathlib import Path
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import pikepdf
from PIL import Image
from playwright.sync_api import Browser, FloatRect, Page, expect, sync_playwright

from tests.journeys import site_steps
from tests.journeys import steps as walk
from tests.journeys.test_counter_township import begin, take_down_the_person
from tests.journeys.town import CHROMIUM_FLAGS, DESK, PHONE, Town, chromium, running_town, sign_in, visitor
from zhengtong.kernel import clock

IMAGES = Path(__file__).parents[1] / "docs" / "images"
GUIDE = "/items/1198072300720319364980131801000/"
_CASES = 90
_MOST_BYTES = 300_000
_COLOURS = 256
_OPENING_HOUR = 10


def main() -> None:
    """Found a county, let people work in it, and take the pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_town(Path(folder) / "state", cases=_CASES) as town,
        sync_playwright() as p,
    ):
        # the language of the browser's own parts, such as the fields for dates
        spoken: dict[str, str | float | bool] = {**os.environ, "LANGUAGE": "zh_CN"}
        browser = p.chromium.launch(executable_path=chromium(), args=[*CHROMIUM_FLAGS, "--lang=zh-CN"], env=spoken)
        paper = Path(folder) / "场所证明.pdf"
        with pikepdf.new() as document:
            document.add_blank_page(page_size=(595, 842))
            document.save(paper)
        _go_to_a_working_morning(town)
        if sys.argv[1:] != ["sites"]:
            take_all(town, browser, paper)
        _sites(browser, town)
        browser.close()


def take_all(town: Town, browser: Browser, paper: Path) -> None:
    """Every picture but those of the sites, on a morning when the halls are open."""
    with visitor(browser) as citizen:
        number = _citizen(citizen, town, paper)
        _handling(browser, town, number)
        _licences(citizen, town)
    _counter(browser, town)
    _hall(browser, town)
    _watching(browser, town)


def _go_to_a_working_morning(town: Town) -> None:
    """Halls are closed at night and on Sundays: on to the next morning of Monday to Friday."""
    now = clock.recording_time().astimezone(ZoneInfo("Asia/Shanghai"))
    days = next(n for n in range(1, 8) if (now.weekday() + n) % 7 < 5)
    town.command("demo", "clock", "--forward", f"{days * 24 + _OPENING_HOUR - now.hour}h")


def _citizen(page: Page, town: Town, paper: Path) -> str:
    """Portal, guide, form, tracking; returns the number of the case."""
    _everywhere(page, town.base, "portal")
    _everywhere(page, town.base + GUIDE, "guide", phone_screens=1)
    number, _code = walk.apply_on_the_phone(page, town, paper)
    _everywhere(page, page.url.replace("/receipt/", "/"), "track")
    page.goto(town.base + GUIDE.replace("/items/", "/services/apply/"))
    walk.begin(page)
    page.get_by_role("radio", name="还没有，正在办理").check()
    page.get_by_role("button", name="保存并继续").click()
    expect(page.get_by_role("heading", name="店铺与场所")).to_be_visible()
    _everywhere(page, page.url, "apply")
    return number


def _handling(browser: Browser, town: Town, number: str) -> None:
    """The window's desk, the joint review half done, the leader's decision on the telephone."""
    with visitor(browser) as clerk:
        sign_in(clerk, town, "clerk.market")
        clerk.goto(f"{town.base}/services/desk/?q={number}")
        _shoot(clerk, clerk.url, "desk", screens=1)
        walk.open_task(clerk, town, number)
        walk.act(clerk, "受理", "材料齐全，符合法定形式")
    walk.agree(town, browser, number, walk.REVIEWERS[:2])
    with visitor(browser) as leader:
        sign_in(leader, town, "leader.market")
        leader.goto(f"{town.base}/services/desk/?q={number}")
        leader.get_by_role("link", name=re.compile("联合审查页|各部门审查情况")).click()
        _shoot(leader, leader.url, "joint")
        walk.agree(town, browser, number, walk.REVIEWERS[2:])
        walk.open_task(leader, town, number)
        _shoot(leader, leader.url, "decision", screens=1)
        _shoot(leader, leader.url, "decision", phone=True, screens=1)
        walk.decide(leader, town, number)


def _licences(page: Page, town: Town) -> None:
    page.goto(f"{town.base}/services/licences/")
    walk.reload_until(page, "食品经营许可证", seconds=60)
    _everywhere(page, page.url, "licences")


def _counter(browser: Browser, town: Town) -> None:
    with visitor(browser) as counter:
        take_down_the_person(counter, town)
        begin(counter)
        _shoot(counter, counter.url, "counter")


def _hall(browser: Browser, town: Town) -> None:
    """A window calls the first of those who took a number at the machine."""
    with visitor(browser) as manager, visitor(browser) as window, visitor(browser) as screen:
        sign_in(manager, town, "hall.manager")
        manager.goto(f"{town.base}/centre/desk/place/")
        machine = manager.locator("main a[href*='/centre/kiosk/']").first.get_attribute("href")
        assert machine
        machine = town.base + machine[machine.index("/centre/") :]
        screen.goto(machine)
        key = re.search(r"密钥 ([0-9A-Za-z ]+)", manager.locator("main").inner_text())
        assert key
        screen.locator("#key").fill(key[1].strip())
        screen.locator("button.kiosk-choice-main").click()
        for letter in "AAABABCBA":
            screen.goto(f"{machine}zone/{letter}/")
            screen.get_by_role("button", name="取号", exact=True).click()
        sign_in(window, town, "hall.window")
        window.goto(f"{town.base}/centre/duty/")
        window.locator("main").get_by_role("link", name=re.compile("号窗口|叫号")).first.click()
        window.get_by_role("button", name=re.compile("开放窗口")).click()
        window.get_by_role("button", name=re.compile("叫下一个")).click()
        for _ in range(2):
            window.get_by_role("button", name=re.compile("办结，叫下一个")).click()
        _shoot(screen, f"{town.base}/centre/display/county/", "queue", wait=1500)


def _watching(browser: Browser, town: Town) -> None:
    with visitor(browser) as supervisor:
        sign_in(supervisor, town, "supervisor")
        _shoot(supervisor, f"{town.base}/services/figures/", "statistics")
        _shoot(supervisor, f"{town.base}/supervision/wall/", "wall", wait=3000)


def _sites(browser: Browser, town: Town) -> None:
    """The sites as they are read, and how they are built and watched."""
    with visitor(browser) as reader:
        _everywhere(reader, f"{town.base}/gov/portal/", "site-portal")
        _everywhere(reader, f"{town.base}/gov/g22/", "site-department")
        _shoot(reader, f"{town.base}/gov/t02/", "site-township")
        _shoot(reader, f"{town.base}/gov/business/", "site-topic")
        _shoot(reader, f"{town.base}/search/?q=食品安全", "search")
        _shoot(reader, f"{town.base}/opinions/", "opinions")
    with visitor(browser) as editor:
        sign_in(editor, town, "site.editor")
        _shoot(editor, f"{town.base}/sites/modules/", "site-gallery")
        editor.goto(f"{town.base}/sites/")
        own = editor.get_by_role("table", name="我管理的网站").get_by_role("link", name=site_steps.SITE, exact=True)
        _shoot(editor, f"{town.base}{own.get_attribute('href')}edit/", "site-editor", wait=2500, screens=1)
    town.command("sites", "inspect")
    with visitor(browser) as keeper:
        sign_in(keeper, town, "site.admin")
        _shoot(keeper, f"{town.base}/sites/inspection/", "site-inspection")
        _shoot(keeper, f"{town.base}/sites/open/", "site-opening")


def _everywhere(page: Page, address: str, name: str, *, phone_screens: int = 2) -> None:
    """Desktop, phone, large print."""
    _shoot(page, address, name)
    _shoot(page, address, name, phone=True, screens=phone_screens)
    page.goto(urljoin(address, "/large-print/?on=1"))
    _shoot(page, address, name, suffix="-large")
    page.goto(urljoin(address, "/large-print/?on=0"))
    page.goto(address)


def _shoot(
    page: Page, address: str, name: str, *, phone: bool = False, suffix: str = "", wait: int = 300, screens: int = 2
) -> None:
    """At most so many screens high (one where a bar is fixed to the screen), in as many colours as are needed."""
    size = PHONE if phone else DESK
    page.set_viewport_size(size)
    page.goto(address)
    page.wait_for_timeout(wait)
    height = min(page.evaluate("document.documentElement.scrollHeight"), screens * size["height"])
    clip: FloatRect = {"x": 0, "y": 0, "width": size["width"], "height": height}
    picture = Image.open(io.BytesIO(page.screenshot(full_page=screens > 1, clip=clip)))
    target = IMAGES / f"{name}{'-phone' if phone else suffix}.png"
    picture.convert("RGB").quantize(_COLOURS, kmeans=1, dither=Image.Dither.NONE).save(target, optimize=True)
    assert target.stat().st_size < _MOST_BYTES, target
    page.set_viewport_size(DESK)


if __name__ == "__main__":
    main()
