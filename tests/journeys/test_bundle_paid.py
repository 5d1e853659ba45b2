"""A bundle with fees: five departments on shared papers, one fee paid, part of it returned, the day agrees, decided."""

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.access import check_access
from tests.journeys.steps import (
    ITEM,
    accept,
    agree,
    apply_on_the_phone,
    download,
    grant,
    open_application,
    reload_until,
)
from tests.journeys.town import Town, as_holder_of, sign_in, visitor

FEE = "城镇垃圾处理费（示例）"
OTHER_FEE = "城市道路占用费（示例）"
TOTAL, BACK = "120.00", "12.00"  # yuan: 40 seats at 3.00 each; four of them given up later
LEADER_POST = "审批决定岗 青禾县住房和城乡建设局"

pytestmark = pytest.mark.timeout(600)


def make_out_the_order(page: Page, town: Town, number: str) -> None:
    """One of the two fees; the seats come from the form, the pavement is not used."""
    sign_in(page, town, "clerk.market")
    page.goto(f"{town.base}/services/desk/?q={number}")
    check_access(page)
    page.get_by_role("link", name="开具缴费单").click()
    check_access(page)
    fee = page.get_by_role("group", name=re.compile(re.escape(FEE)))
    expect(fee.get_by_label("数量")).to_have_value("40")
    page.get_by_role("group", name=re.compile(re.escape(OTHER_FEE))).get_by_label("开具这一项").uncheck()
    page.get_by_role("button", name="开具缴费单并通知申请人").click()
    expect(page.locator("main")).to_contain_text(f"已经开具缴费单：青禾县住房和城乡建设局 {TOTAL} 元")


def pay(page: Page, folder: Path) -> None:
    """From the application to the receipt."""
    page.get_by_role("link", name=f"去缴费 {TOTAL} 元").click()
    check_access(page)
    page.get_by_role("button", name=f"缴费 {TOTAL} 元").click()
    expect(page.get_by_role("heading", name="模拟支付")).to_be_visible()
    check_access(page)
    expect(page.get_by_role("radio", name="支付成功", exact=True)).to_be_checked()
    page.get_by_role("button", name="模拟支付").click()
    reload_until(page, "下载缴费凭据")
    check_access(page)
    expect(page.locator("main")).to_contain_text(f"已缴费：{TOTAL} 元")
    assert download(page, "下载缴费凭据", folder / "receipt.pdf").read_bytes().startswith(b"%PDF")


def ask_for_a_refund(page: Page, town: Town) -> str:
    """A part of the one line, with its reason; the refund's number."""
    sign_in(page, town, "clerk.housing")
    page.goto(f"{town.base}/payments/desk/")
    check_access(page)
    page.locator("main").get_by_role("link", name=re.compile(r"^F\d")).first.click()
    check_access(page)
    page.get_by_label(re.compile(re.escape(FEE))).fill("12")
    page.get_by_label("退费原因").fill("实际设置 36 个餐位，多收 4 个餐位的费用")
    page.get_by_role("button", name="按填写的金额申请退费").click()
    expect(page.locator("main")).to_contain_text("退费已经提出")
    found = re.search(r"R\d+", page.get_by_role("heading", level=1).inner_text())
    assert found
    return found.group()


def approve(page: Page, town: Town, refund: str) -> None:
    """A leader of the unit, who has not asked for it, and shows once more that it is he."""
    sign_in(page, town, "leader.window")
    as_holder_of(page, town, LEADER_POST)
    page.goto(f"{town.base}/payments/desk/refunds/")
    check_access(page)
    page.locator("main").get_by_role("link", name=refund).click()
    check_access(page)
    page.get_by_role("button", name="同意退费").click()
    expect(page.locator("main")).to_contain_text("已经批准，系统向支付渠道退款")
    reload_until(page, "退费通知书")


def compare_the_day(page: Page, town: Town) -> None:
    """Today's statement of the gateway holds the payment and the refund, and nothing else."""
    page.goto(f"{town.base}/payments/desk/reconciliation/")
    page.get_by_label("账期").fill(dt.datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat())
    page.get_by_role("button", name="核对", exact=True).click()
    expect(page.locator("main")).to_contain_text("核对 2 笔，差异 0 笔")
    expect(page.locator("main")).to_contain_text("没有差异")
    check_access(page)


def test_a_fee_is_paid_and_partly_returned(town: Town, browser: Browser, paper: Path, tmp_path: Path) -> None:
    with visitor(browser, phone=True) as citizen:
        number, _code = apply_on_the_phone(citizen, town, paper)
        accept(town, browser, number)
        agree(town, browser, number)
        with visitor(browser) as clerk:
            make_out_the_order(clerk, town, number)

        open_application(citizen, town, number)
        pay(citizen, tmp_path)

        with visitor(browser) as collector:
            refund = ask_for_a_refund(collector, town)
            with visitor(browser) as leader:
                approve(leader, town, refund)
            compare_the_day(collector, town)

        citizen.goto(f"{town.base}/payments/")
        check_access(citizen)
        line = citizen.locator("main li").filter(has_text="部分退费")
        expect(line).to_contain_text(f"已退 {BACK} 元")
        line.get_by_role("link", name=re.compile(ITEM)).click()
        notice = download(citizen, "下载退费通知书", tmp_path / "refund.pdf")
        assert notice.read_bytes().startswith(b"%PDF")

        grant(town, browser, number)
        open_application(citizen, town, number)
        reload_until(citizen, "食品经营许可证")
        check_access(citizen)
