"""A limit passes: the card lights by itself, the unit explains, the supervisor judges."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.access import check_access
from tests.journeys.steps import apply_on_the_phone, reload_for
from tests.journeys.town import Town, sign_in, visitor

pytestmark = pytest.mark.timeout(600)


def test_a_limit_that_passes_lights_a_red_card(changed_town: Town, browser: Browser, paper: Path) -> None:
    with visitor(browser, phone=True) as citizen, visitor(browser) as supervisor:
        number, _code = apply_on_the_phone(citizen, changed_town, paper)
        sign_in(supervisor, changed_town, "supervisor")
        supervisor.goto(f"{changed_town.base}/supervision/")
        pulse = supervisor.locator("[data-poll-url]").first
        before = pulse.inner_text()

        changed_town.command("demo", "clock", "--forward", "12d")

        # without a reload: the page itself asks each second; it shows the newest cards of the whole county
        expect(pulse).not_to_have_text(before, use_inner_text=True)
        expect(pulse).to_contain_text("红牌")
        supervisor.goto(f"{changed_town.base}/supervision/cards/?number={number}")
        row = supervisor.locator("main tr").filter(has_text="逾期没有受理答复").filter(has_text=number)
        reload_for(supervisor, row)
        expect(row).to_contain_text("红牌")
        check_access(supervisor)
        row.get_by_role("link").first.click()
        card = supervisor.locator("main")
        for words in (number, "5 个工作日", "青禾县市场监督管理局", "行政许可法"):
            expect(card).to_contain_text(words)

        with visitor(browser) as unit:
            sign_in(unit, changed_town, "clerk.market")
            unit.goto(supervisor.url)
            answer_card(unit, "说明情况", "提交说明", "经办人公出，已安排他人接办")
        supervisor.reload()
        expect(card).to_contain_text("已安排他人接办")
        answer_card(supervisor, "认定", "认定这张牌", "超过受理期限属实，责任清楚")
        expect(card).to_contain_text("责任清楚")


def answer_card(page: Page, title: str, button: str, words: str) -> None:
    """Explain, confirm or close a card with typed words."""
    act = page.locator("details.sup-act").filter(has=page.get_by_text(title, exact=True))
    act.locator("summary").click()
    act.locator("textarea").fill(words)
    act.get_by_role("button", name=button).click()
    expect(page.locator("main")).to_contain_text(words)
