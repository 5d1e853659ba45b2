"""The joint review at its worst: a branch is returned, another transferred, a third signed by two; nothing is lost."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.access import check_access
from tests.journeys.steps import (
    accept,
    act,
    apply_on_the_phone,
    decide,
    open_application,
    open_task,
    reload_for,
    reload_until,
)
from tests.journeys.town import Town, as_holder_of, sign_in, visitor

BOSS_OF_THE_CITY = "审批决定岗 青禾县城市管理和综合执法局"
HOUSING, FIRE = "青禾县住房和城乡建设局", "青禾县消防救援大队"
TRANSFERRED = "招牌由住建部门统一审查"
SIGN_TOO = "请核对操作间的可燃物储存"
RETURNED = "申请人已经整改，请复查疏散通道"
SAID = {
    "fire": "疏散通道宽度不足",
    "signer": "储存条件符合要求",
    "tobacco": "零售点布局合理",
    "signboard": "招牌设置符合要求",
    "housing": "房屋安全，排水接入市政管网",
    "fire again": "复查：疏散通道宽度符合要求",
}

pytestmark = pytest.mark.timeout(600)


def arrange(page: Page, name: str) -> None:
    """Open one of the arrangements about a task."""
    page.locator(f"#{name} > summary").click()


def press(page: Page, name: str, done: str) -> None:
    """Its button, which says the same as its heading."""
    page.locator(f"#{name}").get_by_role("button").click()
    expect(page.locator("body")).to_contain_text(done)
    check_access(page)


def transfer(page: Page, town: Town, number: str) -> None:
    """The leader of one department gives its task to another department."""
    sign_in(page, town, "leader.window")
    as_holder_of(page, town, BOSS_OF_THE_CITY)
    page.goto(f"{town.base}/services/desk/?q={number}")
    page.get_by_role("link", name=re.compile("经办与协作.*招牌设置意见")).click()
    check_access(page)
    arrange(page, "transfer")
    page.get_by_label("转给哪个单位").select_option(label=HOUSING)
    page.locator("#transfer").get_by_label("理由").fill(TRANSFERRED)
    press(page, "transfer", "已经转办")


def add_signer(page: Page, town: Town, number: str) -> None:
    """A reviewer asks another department to sign before him."""
    sign_in(page, town, "clerk.tobacco")
    open_task(page, town, number)
    page.get_by_role("link", name=re.compile("经办与协作.*烟草零售布局意见")).click()
    arrange(page, "add_signer")
    page.get_by_label("请哪个单位加签").select_option(label=FIRE)
    page.get_by_role("radio", name=re.compile("前加签")).check()
    page.locator("#add_signer").get_by_label("理由").fill(SIGN_TOO)
    press(page, "add_signer", "已经加签")


def say(page: Page, town: Town, number: str, outcome: str, words: str) -> None:
    """An opinion on the task that waits."""
    open_task(page, town, number)
    act(page, outcome, words)


def return_one_branch(page: Page, town: Town, number: str) -> None:
    """Who decides sends back only what is not settled."""
    sign_in(page, town, "leader.market")
    open_joint_page(page, town, number)
    expect(page.locator("main")).to_contain_text(SAID["fire"])
    row = page.locator(".hall-branch").filter(has_text="消防安全检查意见").first
    row.locator("summary").filter(has_text="只退回这一个分支").click()
    row.get_by_label(re.compile("理由")).fill(RETURNED)
    row.get_by_role("button", name="只退回这一个分支").click()
    expect(page.locator("main")).to_contain_text("1 个还在办理")
    check_access(page)


def open_joint_page(page: Page, town: Town, number: str) -> None:
    """From the desk to the joint review of a case."""
    page.goto(f"{town.base}/services/desk/?q={number}")
    link = page.get_by_role("link", name=re.compile("联合审查页|各部门审查情况"))
    reload_for(page, link)  # the worker routes the next step to who decides
    link.click()
    expect(page.locator(".hall-step")).to_have_text("联合审查")
    check_access(page)


def check_nothing_is_lost(page: Page, town: Town, number: str) -> None:
    """Every word ever said stands on the case, and how the opinions changed on the joint page."""
    open_joint_page(page, town, number)
    joint = page.locator("main")
    for words in (*SAID.values(), RETURNED, "前加签", "结论由“不同意”改为“同意”，意见改写", "以前的意见（1 轮，保留）"):
        expect(joint).to_contain_text(words)
    page.goto(f"{town.base}/services/desk/?q={number}")
    for words in (*SAID.values(), RETURNED):
        expect(page.locator("#opinions")).to_contain_text(words)


def test_a_branch_returned_a_task_transferred_a_signer_added(town: Town, browser: Browser, paper: Path) -> None:
    with visitor(browser, phone=True) as citizen:
        number, _code = apply_on_the_phone(citizen, town, paper)
        accept(town, browser, number)

        with visitor(browser) as fire, visitor(browser) as tobacco, visitor(browser) as housing:
            sign_in(fire, town, "clerk.fire")
            say(fire, town, number, "不同意", SAID["fire"])
            with visitor(browser) as boss:
                transfer(boss, town, number)
            add_signer(tobacco, town, number)
            say(fire, town, number, "同意", SAID["signer"])
            say(tobacco, town, number, "同意", SAID["tobacco"])
            sign_in(housing, town, "clerk.housing")
            say(housing, town, number, "同意", SAID["signboard"])
            say(housing, town, number, "同意", SAID["housing"])
            with visitor(browser) as leader:
                return_one_branch(leader, town, number)
                say(fire, town, number, "同意", SAID["fire again"])
                check_nothing_is_lost(leader, town, number)
                decide(leader, town, number)
                leader.goto(f"{town.base}/services/desk/?q={number}")
                expect(leader.locator("main")).to_contain_text("已办结")
                expect(leader.locator("#hands")).to_have_count(0)
                expect(leader.get_by_role("link", name="去办理")).to_have_count(0)

        open_application(citizen, town, number)
        reload_until(citizen, "食品经营许可证")
    assert "核验通过" in town.command("ledger", "verify")
