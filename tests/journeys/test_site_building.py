"""A unit keeps its site without a technician: writes, rearranges, lets another sign, takes down."""

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.journeys import site_steps
from tests.journeys.town import running_town, sign_in, visitor

TITLE = "校园周边食品安全检查结果公布"


def test_an_officer_writes_another_signs_everybody_reads_until_it_is_taken_down(
    browser: Browser, tmp_path: Path
) -> None:
    with running_town(tmp_path / "state") as town:
        with visitor(browser) as editor:
            sign_in(editor, town, "site.editor")
            site_steps.write_article(
                editor, town, column="工作动态", title=TITLE, text="共检查四十二家，三家限期整改。"
            )
            site_steps.second_module_first(editor, town)
        with visitor(browser) as reader:
            reader.goto(f"{town.base}/gov/g22/")
            expect(reader.get_by_role("heading", level=2).first).to_have_text("工作动态")
            expect(reader.get_by_role("link", name=TITLE)).to_have_count(0)

            site_steps.sign_for(town, browser, TITLE)
            site_steps.sign_for(town, browser, "青禾县市场监督管理局")

            reader.goto(f"{town.base}/gov/g22/")
            expect(reader.get_by_role("heading", level=2).first).to_have_text("通知公告")
            reader.get_by_role("link", name=TITLE).click()
            expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
            expect(reader.get_by_text("共检查四十二家")).to_be_visible()
            address = reader.url
            reader.goto(f"{town.base}/search/?q=校园周边食品安全")
            expect(reader.get_by_role("link", name=re.compile("校园周边"))).to_be_visible()

            with visitor(browser) as publisher:
                sign_in(publisher, town, "site.publisher")
                site_steps.take_down(publisher, town, TITLE, "数据有误，核实以后重新公布")
            answer = reader.goto(address)
            assert answer is not None
            assert answer.status == 404
