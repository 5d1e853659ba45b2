"""The main job without a mouse: applied for by a citizen, accepted by a clerk, nothing but keys."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.access import check_access
from tests.journeys.keyboard import choose, follow, give_file, go_to, press, skip_to_content, tab, write
from tests.journeys.steps import ANSWERS, APPLICANT, ITEM, PAPERS, receipt_of
from tests.journeys.town import Town, visitor

NOT_YET = "还没有，正在办理"
_CONTROL = """() => {
  const here = document.activeElement;
  const named = here.type === 'radio' ? [...document.querySelectorAll(`[name="${here.name}"]`)] : [here];
  return {
    kind: here.tagName === 'SELECT' ? 'select' : here.tagName === 'TEXTAREA' ? 'text' : here.type || '',
    words: here.innerText || '',
    label: here.labels && here.labels.length ? here.labels[0].innerText : '',
    options: named.map((one) => (one.labels && one.labels.length ? one.labels[0].innerText : '')),
    answered: here.type === 'radio' || here.type === 'checkbox' ? named.some((one) => one.checked) : here.value !== '',
    required: here.required,
  };
}"""

pytestmark = pytest.mark.timeout(600)


def test_applied_for_and_accepted_with_the_keyboard_alone(town: Town, browser: Browser, paper: Path) -> None:
    with visitor(browser) as citizen:
        find_the_item(citizen, town)
        sign_in(citizen, town, APPLICANT)
        begin(citizen)
        while "/form/" in citizen.url:
            answer_section(citizen)
        for key in PAPERS:
            upload(citizen, key, paper)
        number = hand_in(citizen)

    with visitor(browser) as clerk:
        clerk.goto(f"{town.base}/accounts/login/")
        sign_in(clerk, town, "clerk.market")
        give_the_code(clerk, town, "clerk.market")
        accept(clerk, town, number)


def find_the_item(page: Page, town: Town) -> None:
    """From the start page past its head to the search, the result, the guide."""
    page.goto(town.base)
    skip_to_content(page)
    write(page, page.get_by_role("combobox").first, "餐饮店")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check_access(page)
    skip_to_content(page)
    follow(page, page.locator("main").get_by_role("link", name=re.compile(ITEM)).first)
    expect(page.get_by_role("heading", name=ITEM).first).to_be_visible()
    check_access(page)
    skip_to_content(page)
    follow(page, page.get_by_role("link", name="立即办理").first)


def sign_in(page: Page, town: Town, name: str) -> None:
    """Name and password; Enter in the last field sends them."""
    check_access(page)
    write(page, page.get_by_label(re.compile("账号|用户名|手机号")).first, name)
    write(page, page.get_by_label("密码", exact=True), town.passwords[name])
    with page.expect_navigation():
        page.keyboard.press("Enter")


def give_the_code(page: Page, town: Town, name: str) -> None:
    """The one-time code of an official."""
    write(page, page.get_by_label(re.compile("动态口令|验证码|6 位")).first, town.code(name))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def begin(page: Page) -> None:
    """A new application, also for one who has applied before, or the draft that is there."""
    check_access(page)
    another = page.get_by_role("radio", name=re.compile("首次申请，或者另外申请一份"))
    if another.count():
        choose(page, another)
    follow(page, page.get_by_role("button", name=re.compile("开始填写|接着填写")))
    page.wait_for_url(re.compile("/form/|/materials/"))


def answer_section(page: Page) -> None:
    """Stop by stop from the head of the section to its button; twice where an answer asks for more."""
    before = page.url
    check_access(page)
    for _ in range(2):
        skip_to_content(page)
        while (control := next_control(page))["words"] != "保存并继续":
            answer(page, control)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if page.url != before:
            return
    raise AssertionError(page.locator("main").inner_text())


def next_control(page: Page) -> dict[str, Any]:
    """One stop further, as the person finds it."""
    assert not tab(page)["nowhere"], f"the section has no button to go on: {page.url}"
    control: dict[str, Any] = page.evaluate(_CONTROL)
    return control


def answer(page: Page, control: dict[str, Any]) -> None:
    """The first option of a choice, the words that belong to a label, a 1 where anything will do."""
    kind, keys = control["kind"], page.keyboard
    if kind == "radio" and NOT_YET in [option.strip() for option in control["options"]]:
        keys.press("Space")
        for _ in control["options"]:
            if page.get_by_role("radio", name=NOT_YET).is_checked():
                return
            keys.press("ArrowDown")
    elif control["answered"]:
        return
    elif kind in {"radio", "checkbox"}:
        keys.press("Space")
    elif kind == "select":
        keys.press("ArrowDown")
    elif kind in {"text", "number", "tel"}:
        known = [text for label, text in ANSWERS.items() if control["label"].startswith(label)]
        if known or control["required"]:
            keys.type(known[0] if known else "1")


def upload(page: Page, key: str, paper: Path) -> None:
    """A file for one material; the focus stays near it although the row is drawn anew."""
    row = page.locator(f"#material-{key}")
    with page.expect_response(lambda found: f"/materials/{key}/" in found.url):
        give_file(page, row.locator("input[name=file]"), paper)
    expect(row.locator(".hall-file").last).to_contain_text(paper.name)
    assert tab(page)["inMain"], "after the upload the focus is back at the head of the page"


def hand_in(page: Page) -> str:
    """Read it again, confirm, submit; the number."""
    check_access(page)
    follow(page, page.get_by_role("link", name=re.compile("核对提交")).last)
    check_access(page)
    skip_to_content(page)
    press(page, page.locator("main input[type=checkbox]").last, "Space")
    follow(page, page.get_by_role("button", name="提交申请"))
    expect(page.get_by_role("heading", name="申请已经提交")).to_be_visible()
    check_access(page)
    return receipt_of(page)[0]


def accept(page: Page, town: Town, number: str) -> None:
    """From the desk's search to the acceptance."""
    page.goto(f"{town.base}/services/desk/")
    check_access(page)
    write(page, page.get_by_label("按编号查找办件").first, number)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    to_task: Locator = page.get_by_role("link", name="去办理")
    if to_task.count():
        skip_to_content(page)
        follow(page, to_task.first)
    check_access(page)
    form = page.locator("#act-form")
    choose(page, form.get_by_role("radio", name="受理", exact=True))
    write(page, form.locator("textarea[name=opinion]"), "材料齐全，符合法定形式")
    go_to(page, form.get_by_role("button", name="提交", exact=True))
    page.keyboard.press("Enter")
    expect(page.locator("#act-form")).to_have_count(0)
