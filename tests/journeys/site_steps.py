"""Steps of who keeps a site: to write an article, to sign for it."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.journeys.town import Town, sign_in, visitor


def write_article(page: Page, town: Town, *, column: str, title: str, text: str) -> None:
    """An article of one paragraph in a column of the own site, saved as a version nobody sees yet."""
    page.goto(f"{town.base}/sites/")
    page.get_by_role("table", name="我管理的网站").get_by_role("link").first.click()
    page.get_by_role("link", name=re.compile(f"{column}.的子页面")).click()
    page.get_by_role("link", name="添加子页面").first.click()
    page.get_by_role("link", name="文章", exact=True).click()
    page.locator("#id_title").fill(title)
    page.locator("#id_source").fill("县市场监督管理局")
    page.locator("button.c-sf-add-button").last.click()
    page.get_by_role("option", name="正文").click()
    page.locator("[contenteditable=true]").last.click()
    page.keyboard.type(text)
    # the editor hands over what was typed a moment later
    expect(page.locator("input[name='body-0-value']")).to_have_value(re.compile(text))
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_url(re.compile("/edit/"))


def sign_for(town: Town, browser: Browser, title: str) -> None:
    """Another officer opens the version that waits and puts it before the public."""
    with visitor(browser) as page:
        sign_in(page, town, "site.publisher")
        page.goto(f"{town.base}/sites/")
        page.get_by_role("link", name=title).first.click()
        page.get_by_role("button", name=re.compile("签发")).click()
        expect(page.get_by_text(f"“{title}”已经发布。")).to_be_visible()


def second_module_first(page: Page, town: Town) -> None:
    """The home of the own site with its second module moved to the top, saved as a version nobody sees yet."""
    page.goto(f"{town.base}/sites/")
    home = page.get_by_role("table", name="我管理的网站").get_by_role("link").first.get_attribute("href")
    page.goto(f"{town.base}{home}edit/")
    page.get_by_role("button", name=re.compile("上移")).nth(1).click()
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator(".messages .success").first).to_be_visible()


def send_in(page: Page, town: Town, title: str, *, up: str = "", down: str = "") -> None:
    """The author sends his article in, to come and go at moments of the county's time."""
    page.goto(f"{town.base}/sites/")
    page.get_by_role("table", name="我写的文章").get_by_role("link", name=title).click()
    page.get_by_label(re.compile("发布时刻")).fill(up)
    page.get_by_label(re.compile("撤下时刻")).fill(down)
    page.get_by_role("button", name=re.compile("^(重新)?送审$")).click()
    expect(page.get_by_text("已经送审")).to_be_visible()


def review(town: Town, browser: Browser, who: str, title: str, outcome: str, opinion: str = "") -> None:
    """A reviewer opens the page that waits for him and gives his opinion."""
    with visitor(browser) as page:
        sign_in(page, town, who)
        page.goto(f"{town.base}/sites/reviews/")
        page.get_by_role("link", name=title).click()
        page.get_by_label(outcome).check()
        page.get_by_label(re.compile("意见")).fill(opinion)
        page.get_by_role("button", name="提交").click()
        expect(page.get_by_text(re.compile(f"“{title}”：.+已办结"))).to_be_visible()
