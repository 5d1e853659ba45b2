"""Steps of who keeps a site: to write an article, to sign for it."""

import re
from collections.abc import Sequence

from playwright.sync_api import Browser, Page, expect

from tests.journeys.town import Town, sign_in, visitor

#: the own site of the unit whose editor and signer act here
SITE = "青禾县市场监督管理局"


def write_article(page: Page, town: Town, *, column: str, title: str, text: str, site: str = SITE) -> None:
    """An article of one paragraph in a column of a site, saved as a version nobody sees yet."""
    page.goto(f"{town.base}/sites/")
    page.get_by_role("table", name="我管理的网站").get_by_role("link", name=site, exact=True).click()
    # an empty column is not looked through: it offers to begin
    page.get_by_role("link", name=re.compile(f"{column}.(的子页面|添加子页面)")).first.click()
    if "/add/" not in page.url and "add_subpage" not in page.url:
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


def second_module_first(page: Page, town: Town, *, site: str = SITE) -> None:
    """The home of a site with its second module moved to the top, saved as a version nobody sees yet."""
    page.goto(f"{town.base}/sites/")
    sites = page.get_by_role("table", name="我管理的网站")
    home = sites.get_by_role("link", name=site, exact=True).get_attribute("href")
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


def open_topic(page: Page, town: Town, *, unit: str, name: str, code: str) -> None:
    """The keeper of the group opens a site about a topic for a unit."""
    page.goto(f"{town.base}/sites/")
    page.get_by_role("link", name="开通网站").click()
    page.get_by_label("主办单位").select_option(label=unit)
    page.get_by_label("类别").select_option(label="专题网站")
    page.get_by_label("网站名称").fill(name)
    page.get_by_label("网站标识").fill(code)
    page.get_by_role("button", name="开通", exact=True).click()
    expect(page.get_by_text(f"“{name}”已经开通")).to_be_visible()


def offer(page: Page, town: Town, title: str, columns: Sequence[str], *, site: str) -> None:
    """The signer of a published article offers it to columns of other sites, one after the other."""
    _open_published(page, town, title, site)
    for column in columns:
        choices = page.get_by_label("推送到").locator("option")
        page.get_by_label("推送到").select_option(label=choices.filter(has_text=column).first.inner_text())
        page.get_by_role("button", name="推送", exact=True).click()
        expect(page.get_by_text("已推送")).to_be_visible()


def take_all(town: Town, browser: Browser, title: str, number: int) -> None:
    """The keeper of the group takes what is offered to the other sites."""
    with visitor(browser) as page:
        sign_in(page, town, "site.admin")
        for left in range(number, 0, -1):
            page.goto(f"{town.base}/sites/offers/")
            offered = page.locator("section.zs-offer").filter(has_text=title)
            expect(offered).to_have_count(left)
            offered.first.get_by_role("button", name="接收并发布").click()
            expect(page.get_by_text(f"已接收并发布“{title}”")).to_be_visible()


def take_down(page: Page, town: Town, title: str, reason: str, *, site: str = SITE) -> None:
    """The signer takes a published page of a site down."""
    _open_published(page, town, title, site)
    page.get_by_label("理由").fill(reason)
    page.get_by_role("button", name="撤下", exact=True).click()
    expect(page.get_by_text("已经撤下")).to_be_visible()


def _open_published(page: Page, town: Town, title: str, site: str) -> None:
    """A copy on another site of the same unit has the same title."""
    page.goto(f"{town.base}/sites/")
    rows = page.get_by_role("table", name="最近发布").get_by_role("row").filter(has_text=site)
    rows.get_by_role("link", name=title).click()
