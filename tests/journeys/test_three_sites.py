"""A site about a topic is built by officers alone; its article stands in three other sites and leaves all at once."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.journeys import site_steps
from tests.journeys.town import running_town, sign_in, visitor

TOPIC, CODE, TITLE = "夏季餐饮安全", "summer-dining", "剩饭剩菜怎样处理"
COLUMNS = ("政务要闻", "食品安全 › 专题动态", "东河镇人民政府 › 通知公告")
#: where the columns are read
LISTS = ("/gov/portal/news/", "/gov/food-safety/news/", "/gov/t02/notices/")


def test_a_site_is_built_and_its_article_goes_to_three_sites_and_from_all(browser: Browser, tmp_path: Path) -> None:
    with running_town(tmp_path / "state") as town:
        with visitor(browser) as keeper:
            sign_in(keeper, town, "site.admin")
            site_steps.open_topic(keeper, town, unit=site_steps.SITE, name=TOPIC, code=CODE)
        with visitor(browser) as editor:
            sign_in(editor, town, "site.editor")
            site_steps.second_module_first(editor, town, site=TOPIC)
            site_steps.write_article(
                editor, town, site=TOPIC, column="专题动态", title=TITLE, text="隔夜饭菜要彻底加热。"
            )
        site_steps.sign_for(town, browser, TOPIC)
        site_steps.sign_for(town, browser, TITLE)
        with visitor(browser) as reader, visitor(browser) as signer:
            reader.goto(f"{town.base}/gov/{CODE}/")
            expect(reader.get_by_role("heading", level=2).first).to_have_text("专题动态")
            reader.get_by_role("link", name=TITLE).first.click()
            expect(reader.get_by_text("隔夜饭菜要彻底加热")).to_be_visible()
            address = reader.url

            sign_in(signer, town, "site.publisher")
            site_steps.offer(signer, town, TITLE, COLUMNS, site=TOPIC)
            site_steps.take_all(town, browser, TITLE, len(COLUMNS))
            copies = [_read_in(reader, town.base + path) for path in LISTS]
            assert len({*copies, address}) == 4

            site_steps.take_down(signer, town, TITLE, "有一处说法不准确，改好以后重新发布", site=TOPIC)
            for gone in (address, *copies):
                answer = reader.goto(gone)
                assert answer is not None
                assert answer.status == 404, gone
            for path in LISTS:
                reader.goto(town.base + path)
                expect(reader.get_by_role("link", name=TITLE)).to_have_count(0)
        assert town.command("sites", "where", address).strip() == "无"


def _read_in(reader: Page, column: str) -> str:
    """The address of the article as a column of another site leads to it."""
    reader.goto(column)
    reader.get_by_role("link", name=re.compile(TITLE)).first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(reader.get_by_text("隔夜饭菜要彻底加热")).to_be_visible()
    return reader.url
