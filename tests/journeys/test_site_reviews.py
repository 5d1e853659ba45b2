"""An article passes three people, comes at its moment and goes at another."""

import datetime as dt
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.journeys import site_steps
from tests.journeys.town import running_town, sign_in, visitor
from zhengtong.kernel.calendar import SHANGHAI

TITLE = "关于公布食品抽检结果的通告"


def test_an_article_is_sent_back_changed_reviewed_by_three_comes_and_goes_at_its_moments(
    browser: Browser, tmp_path: Path
) -> None:
    with running_town(tmp_path / "state") as town:
        present = dt.datetime.now(SHANGHAI)
        up, down = (f"{present + dt.timedelta(hours=hours):%Y-%m-%dT%H:%M}" for hours in (12, 24))
        with visitor(browser) as editor, visitor(browser) as reader:
            sign_in(editor, town, "site.editor")
            site_steps.write_article(editor, town, column="通知公告", title=TITLE, text="共抽检六十批次。")
            address = f"{town.base}/gov/g22/notices/"
            site_steps.send_in(editor, town, TITLE, up=up, down=down)
            site_steps.review(town, browser, "site.reviewer", TITLE, "退回修改", "请写明不合格的批次")

            editor.goto(f"{town.base}/sites/")
            expect(editor.get_by_text("退回修改：网站编辑甲修改")).to_be_visible()
            editor.get_by_role("table", name="我写的文章").get_by_role("link", name=TITLE).click()
            expect(editor.get_by_text("请写明不合格的批次")).to_be_visible()
            editor.get_by_role("link", name="编辑", exact=True).click()
            editor.locator("#id_source").fill("县市场监督管理局食品科")
            editor.get_by_role("button", name="保存草稿").click()
            expect(editor.locator(".messages .success").first).to_be_visible()
            site_steps.send_in(editor, town, TITLE, up=up, down=down)
            site_steps.review(town, browser, "site.reviewer", TITLE, "审核通过")
            site_steps.review(town, browser, "leader.market", TITLE, "审核通过", "同意")
            site_steps.review(town, browser, "site.publisher", TITLE, "同意签发")

            reader.goto(address)
            _listed(reader, address, times=0)
            town.command("demo", "clock", "--forward", "13h")
            _listed(reader, address, times=1)
            town.command("demo", "clock", "--forward", "12h")
            _listed(reader, address, times=0)


def _listed(reader: Page, address: str, *, times: int) -> None:
    """The worker looks every few seconds, so the list is asked for again until it is as it should be."""

    for _again in range(60):
        reader.goto(address)
        if reader.get_by_role("link", name=TITLE).count() == times:
            return
        reader.wait_for_timeout(1000)
    raise AssertionError(f"{TITLE} stands {'nowhere' if times else 'still'} in {address}")
