"""Takes the pictures of ``docs/images`` from a freshly founded demonstration county: six pages, desktop and phone.

Run ``python -m tools.screenshots`` after a page changed, and look at every picture.
"""

import tempfile
from pathlib import Path

import pikepdf
from playwright.sync_api import Browser, FloatRect, Page, expect, sync_playwright

from tests.journeys import steps as walk
from tests.journeys.town import CHROMIUM_FLAGS, DESK, PHONE, Town, chromium, running_town, sign_in, visitor

IMAGES = Path(__file__).parents[1] / "docs" / "images"


def main() -> None:
    """Found a county, let people work in it, and take the pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_town(Path(folder) / "state") as town, sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        paper = Path(folder) / "场所证明.pdf"
        with pikepdf.new() as document:
            document.add_blank_page(page_size=(595, 842))
            document.save(paper)
        _public_pages(browser, town)
        numbers = _applications(browser, town, paper)
        _officials(browser, town, numbers)
        browser.close()


def _public_pages(browser: Browser, town: Town) -> None:
    with visitor(browser) as page:
        _shoot(page, town.base, "portal")
        _shoot(page, f"{town.base}/items/1198072300720319364980131801000/", "guide")


def _applications(browser: Browser, town: Town, paper: Path) -> list[str]:
    numbers = []
    with visitor(browser) as citizen:
        numbers.append(walk.apply_on_the_phone(citizen, town, paper)[0])
        _shoot(citizen, citizen.url.replace("/receipt/", "/"), "track")
        numbers.append(walk.apply_on_the_phone(citizen, town, paper)[0])
        citizen.goto(f"{town.base}/services/apply/1198072300720319364980131801000/")
        citizen.get_by_role("button", name="开始填写").click()
        citizen.get_by_role("radio", name="还没有，正在办理").check()
        citizen.get_by_role("button", name="保存并继续").click()
        expect(citizen.get_by_role("heading", name="店铺与场所")).to_be_visible()
        _shoot(citizen, citizen.url, "apply")
    return numbers


def _officials(browser: Browser, town: Town, numbers: list[str]) -> None:
    with visitor(browser) as clerk:
        sign_in(clerk, town, "clerk.market")
        walk.open_task(clerk, town, numbers[0])
        walk.act(clerk, "受理", "材料齐全，符合法定形式")
        _shoot(clerk, f"{town.base}/services/desk/?queue=todo", "desk")
    for name in walk.REVIEWERS[:2]:
        with visitor(browser) as reviewer:
            sign_in(reviewer, town, name)
            walk.open_task(reviewer, town, numbers[0])
            walk.act(reviewer, "同意", "经审查符合要求")
    town.command("demo", "clock", "--forward", "10d")
    with visitor(browser) as supervisor:
        sign_in(supervisor, town, "supervisor")
        walk.reload_until(supervisor, "红牌")
        supervisor.wait_for_timeout(3000)
        _shoot(supervisor, f"{town.base}/supervision/", "board")


def _shoot(page: Page, address: str, name: str) -> None:
    for size, suffix in ((DESK, ""), (PHONE, "-phone")):
        page.set_viewport_size(size)
        page.goto(address)
        page.wait_for_timeout(300)
        height = min(page.evaluate("document.documentElement.scrollHeight"), 2 * size["height"])
        clip: FloatRect = {"x": 0, "y": 0, "width": size["width"], "height": height}
        page.screenshot(path=IMAGES / f"{name}{suffix}.png", full_page=True, clip=clip)
    page.set_viewport_size(DESK)


if __name__ == "__main__":
    main()
