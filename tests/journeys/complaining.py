"""What people do with complaints at their browsers: who writes, who takes in, who handles, who decides."""

import dataclasses
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.access import check_access
from tests.journeys.town import Town

_NUMBER = re.compile(r"TS(?:[\d\s]*\d)")
_CODE = re.compile(r"查询码[：\s]*([A-Z0-9]{4}(?:\s?[A-Z0-9]{1,4})+)")


@dataclasses.dataclass(frozen=True)
class Writer:
    """Somebody who wants to stay unknown to those he writes about."""

    name: str
    phone: str
    citizen_number: str = ""
    address: str = ""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Whatever of him must not be told, in the forms it is likely to be told in."""
        known = (self.name, self.name[2:], self.phone, self.phone[-8:], self.citizen_number, self.address)
        return tuple(word for word in known if word)

    @property
    def in_his_own_words(self) -> str:
        """How people give themselves away in what they write."""
        phone = f"{self.phone[:3]} {self.phone[3:7]} {self.phone[7:]}"
        where = f"，家住{self.address}" if self.address else ""
        return f"我是{self.name}，电话 {phone}{where}，可以随时找{self.name[:2]}先生核实。"


def register(page: Page, town: Town, writer: Writer) -> None:
    """An account of his own; the town knows its password from now on."""
    town.passwords[writer.phone] = "kQ7-heyanlu-shude"
    page.goto(f"{town.base}/accounts/register/")
    page.get_by_label("姓名").fill(writer.name)
    page.get_by_label("公民身份号码").fill(writer.citizen_number)
    page.get_by_label("手机号").fill(writer.phone)
    for box in page.locator("main input[type=password]").all():
        box.fill(town.passwords[writer.phone])
    page.locator("main input[type=checkbox]").check()
    page.get_by_role("button", name="注册", exact=True).click()
    expect(page.get_by_role("button", name="退出").first).to_be_visible()


def choose_unit(page: Page, unit: str) -> None:
    """The unit it is about, before the form."""
    page.get_by_label("单位").select_option(label=unit)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_label("标题")).to_be_visible()


def fill(page: Page, *, kind: str, title: str, content: str, wish: str = "", files: tuple[Path, ...] = ()) -> None:
    """The matter itself; identity is protected unless somebody says otherwise."""
    page.get_by_role("radio", name=kind, exact=True).check()
    page.get_by_label("标题").fill(title)
    page.get_by_label("内容").fill(content)
    page.get_by_label("希望怎样解决").fill(wish)
    if files:
        page.locator("main input[type=file]").set_input_files(list(files))
    expect(page.get_by_role("radio", name=re.compile("^身份保密"))).to_be_checked()


def receipt(page: Page, button: str) -> tuple[str, str]:
    """Hand in; number and query code, which are shown once."""
    page.locator("main").get_by_role("button", name=button, exact=True).click()
    page.wait_for_url(re.compile("/receipt/"))
    check_access(page)
    text = page.locator("main").inner_text()
    number, code = _NUMBER.search(text), _CODE.search(text)
    assert number, text
    assert code, text
    return re.sub(r"\s", "", number.group()), re.sub(r"\s", "", code.group(1))


def open_on_desk(page: Page, town: Town, number: str) -> str:
    """From the desk's search by number to the complaint; its key."""
    page.goto(f"{town.base}/complaints/desk/?number={number}")
    page.locator("main").get_by_role("row").filter(has_text=number).get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text(number)
    return page.url.rstrip("/").rsplit("/", 1)[1]


def accept(page: Page) -> None:
    """The supervisor's office takes it up; the limit to decide on it was kept."""
    page.get_by_role("button", name="受理", exact=True).click()
    expect(page.locator("main")).to_contain_text("已受理")
    expect(page.locator(".zt-limit").first).to_contain_text("按期完成")


def give(page: Page, unit: str) -> None:
    """To a unit, in words that were read through."""
    page.get_by_label("承办单位", exact=True).select_option(label=unit)
    page.get_by_label("我已通读").check()
    page.get_by_role("button", name="交办", exact=True).click()


def report(page: Page, *, finding: str, facts: str, answer: str, measures: tuple[str, ...] = ()) -> None:
    """The handling unit says what it found and how it would answer."""
    page.get_by_label("调查核实的情况").fill(facts)
    page.get_by_role("radio", name=finding, exact=True).check()
    for measure in measures:
        page.get_by_label(measure).check()
    page.get_by_label("给提出人的答复").fill(answer)
    page.get_by_role("button", name="报送监察机构审定").click()
    expect(page.locator("main")).to_contain_text("等监察机构审定")


def approve(page: Page) -> None:
    """The supervisor's office tells the answer."""
    page.get_by_role("button", name="同意，答复提出人").click()
    expect(page.locator("main")).to_contain_text("已审定")


def ask_after(page: Page, town: Town, number: str, code: str) -> None:
    """By number and code, without signing in."""
    page.goto(f"{town.base}/complaints/find/")
    page.get_by_label("来件编号").fill(number)
    page.get_by_label("查询码").fill(code)
    page.locator("main").get_by_role("button", name="查询", exact=True).click()
    expect(page.locator("main")).to_contain_text(number)
