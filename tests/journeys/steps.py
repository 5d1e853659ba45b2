"""What people do at their browsers in the main job, for all journeys that pass through it."""

import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.access import check_access
from tests.journeys.town import Town, sign_in, visitor

ITEM = "开办餐饮店一件事"
APPLICANT = "13900000001"
PAPERS = ("premises_proof", "layout_plan", "signboard_picture", "rules_list")
REVIEWERS = ("clerk.fire", "clerk.urban", "clerk.housing", "clerk.tobacco")
ANSWERS = {
    "经营者（法定代表人、负责人）": "张一",
    "店铺名称（店招）": "河畔小馆",
    "经营场所地址": "青禾县城关镇滨河路 18 号一层",
    "经营场所面积": "86",
    "餐位数": "40",
}


def answer_section(page: Page) -> None:
    """Fill in what the section asks and is still empty; the first option of every choice."""
    no_licence_yet = page.get_by_role("radio", name="还没有，正在办理")
    if no_licence_yet.count():
        no_licence_yet.check()
    for label, text in ANSWERS.items():
        box = page.get_by_label(label)
        if box.count() and box.first.is_visible() and not box.first.input_value():
            box.first.fill(text)
    main = page.locator("main form").first
    for group in main.locator("fieldset:has(input[type=radio])").all():
        if group.is_visible() and not group.locator("input:checked").count():
            group.locator("input[type=radio]").first.check()
    for choice in main.locator("select").all():
        if choice.is_visible() and not choice.input_value():
            choice.select_option(index=1)
    for box in main.locator("input[type=checkbox]").all():
        if box.is_visible():
            box.check()
    for box in main.locator("input[type=text], input[type=number], input:not([type]), textarea").all():
        if box.is_visible() and box.get_attribute("required") is not None and not box.input_value():
            box.fill("1")


def apply_on_the_phone(page: Page, town: Town, paper: Path) -> tuple[str, str]:
    """Search, guide, form, materials, review, submit; returns number and query code."""
    open_form(page, town, "餐饮店", ITEM)
    fill_in(page)
    for key in PAPERS:
        upload(page, key, paper)
    return hand_in(page)


def apply_for(page: Page, town: Town, words: str, item: str, paper: Path) -> tuple[str, str]:
    """Any item from the search to the receipt, the same file for every material; returns number and query code."""
    open_form(page, town, words, item)
    fill_in(page)
    for key in material_keys(page):
        if not page.locator(f"#material-{key} .hall-file").count():
            upload(page, key, paper)
    return hand_in(page)


def open_form(page: Page, town: Town, words: str, item: str) -> None:
    """From the portal's search by the guide to the form."""
    page.goto(town.base)
    page.get_by_role("combobox").first.fill(words)
    page.get_by_role("button", name="搜索").first.click()
    page.get_by_role("link", name=re.compile(re.escape(item))).first.click()
    expect(page.get_by_role("heading", name=item).first).to_be_visible()
    # on a telephone the first of two links goes as soon as the style sheet has come
    page.wait_for_load_state()
    page.get_by_role("link", name="立即办理").first.click()
    if "/accounts/login/" in page.url:
        sign_in(page, town, APPLICANT, official=False)
    begin(page)


def hand_in(page: Page, *, mail: str = "") -> tuple[str, str]:
    """Read it all again, say where notices go, confirm, submit; returns number and query code."""
    page.get_by_role("link", name=re.compile("核对提交")).last.click()
    if mail:
        page.get_by_label("接收通知的电子邮箱").fill(mail)
    page.locator("main input[type=checkbox]").last.check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("heading", name="申请已经提交")).to_be_visible()
    return receipt_of(page)


def receipt_of(page: Page) -> tuple[str, str]:
    """Number and query code of what was just submitted."""
    text = page.locator("main").inner_text()
    number = re.search(r"(\d{4}\s?){5}", text)
    code = re.search(r"查询码[：\s]*([A-Z0-9]{4}\s?[A-Z0-9]{4})", text)
    assert number, text
    assert code, text
    return re.sub(r"\s", "", number.group()), code.group(1).replace(" ", "")


def begin(page: Page) -> None:
    """A new application, also for one who has applied before, or the draft that is there."""
    another = page.get_by_role("radio", name=re.compile("首次申请，或者另外申请一份"))
    if another.count():
        another.check()
    page.get_by_role("button", name=re.compile("开始填写|接着填写")).click()


def fill_in(page: Page) -> None:
    """Section by section; one that asks more after the first answers is answered again."""
    page.wait_for_url(re.compile("/form/|/materials/"))
    while "/form/" in page.url:
        before = page.url
        for _ in range(2):
            answer_section(page)
            # the page holds the press back until what was typed last is saved
            with page.expect_navigation():
                page.get_by_role("button", name="保存并继续").click()
            if page.url != before:
                break
        assert page.url != before, page.locator("main").inner_text()


def upload(page: Page, key: str, paper: Path) -> None:
    """Give a file for one material."""
    row = page.locator(f"#material-{key}")
    with page.expect_response(lambda answer: f"/materials/{key}/" in answer.url):
        row.locator("input[name=file]").set_input_files(paper)
    expect(row.locator(".hall-file").last).to_contain_text(paper.name)


def material_keys(page: Page) -> list[str]:
    """Keys of the materials that take a file."""
    rows: list[Locator] = page.locator("[id^=material-]:has(input[name=file])").all()
    keys = [(row.get_attribute("id") or "").removeprefix("material-") for row in rows]
    assert keys
    return keys


def open_task(page: Page, town: Town, number: str) -> None:
    """From the desk to the task of a case."""
    page.goto(f"{town.base}/services/desk/?q={number}")
    link = page.get_by_role("link", name="去办理")
    if link.count():
        link.first.click()
    expect(page.locator("#act-form")).to_be_visible()


def act(page: Page, outcome: str, opinion: str) -> None:
    """Complete the task that is open."""
    page.locator("#act-form").locator("textarea[name=opinion]").fill(opinion)
    page.get_by_role("radio", name=outcome, exact=True).check()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("#act-form")).to_have_count(0)


def ask_for_supplement(page: Page, point: str, reason: str) -> None:
    """One notice with one point, on the task that is open."""
    page.get_by_role("radio", name="一次性告知补正", exact=True).check()
    page.locator(f"#point-{point}").check()
    page.locator(f"#reason-{point}").fill(reason)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("#act-form")).to_have_count(0)


def download(page: Page, link: str, target: Path) -> Path:
    """Save what a link gives."""
    with page.expect_download() as started:
        page.get_by_role("link", name=re.compile(link)).first.click()
    started.value.save_as(target)
    return target


def reload_until(page: Page, text: str, *, seconds: int = 20) -> None:
    """The page, loaded again until it says something."""
    for _ in range(seconds):
        if text in page.locator("main").inner_text():
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError(f"{text!r} never came: {page.locator('main').inner_text()[:3000]}")


def reload_for(page: Page, part: Locator, *, seconds: int = 20) -> None:
    """The page, loaded again until something stands on it."""
    for _ in range(seconds):
        if part.count():
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError(f"{part} never came: {page.locator('main').inner_text()[:3000]}")


def open_application(page: Page, town: Town, number: str, item: str = ITEM) -> None:
    """The applicant's page of this application."""
    page.goto(f"{town.base}/services/mine/")
    grouped = " ".join(number[place : place + 4] for place in range(0, len(number), 4))
    row = page.locator("main li, main tr, main article").filter(has_text=re.compile(f"{number}|{grouped}"))
    row.get_by_role("link", name=re.compile(item)).first.click()


def accept(town: Town, browser: Browser, number: str) -> None:
    """The window takes the matter in."""
    with visitor(browser) as clerk:
        sign_in(clerk, town, "clerk.market")
        open_task(clerk, town, number)
        act(clerk, "受理", "材料齐全，符合法定形式")


def agree(town: Town, browser: Browser, number: str, names: Sequence[str] = REVIEWERS) -> None:
    """Each department sees the same papers and gives its opinion."""
    for name in names:
        with visitor(browser) as reviewer:
            sign_in(reviewer, town, name)
            open_task(reviewer, town, number)
            expect(reviewer.locator("main")).to_contain_text("场所证明.pdf")
            check_access(reviewer)
            act(reviewer, "同意", "经审查符合要求")


def decide(page: Page, town: Town, number: str) -> None:
    """Grant, by a leader who is signed in."""
    open_task(page, town, number)
    page.locator("#act-form textarea[name=opinion]").fill("同意")
    page.get_by_role("button", name="准予许可", exact=True).click()
    expect(page.locator("#act-form")).to_have_count(0)


def grant(town: Town, browser: Browser, number: str) -> None:
    """The lead unit decides on the opinions of all, on the telephone."""
    with visitor(browser, phone=True) as leader:
        sign_in(leader, town, "leader.market")
        decide(leader, town, number)


def track_as_stranger(town: Town, browser: Browser, number: str, code: str) -> None:
    """Number and query code show where the matter stands and why this date, without signing in."""
    with visitor(browser, phone=True) as stranger:
        stranger.goto(f"{town.base}/services/track/")
        stranger.get_by_label(re.compile("编号")).first.fill(number)
        stranger.get_by_label("查询码").first.fill(code)
        stranger.locator("main").get_by_role("button", name="查询").click()
        expect(stranger.locator("main")).to_contain_text("已经办结：准予")
        expect(stranger.locator("main")).to_contain_text("个工作日")
        stranger.goto(f"{town.base}/services/track/")
        stranger.get_by_label(re.compile("编号")).first.fill(number)
        stranger.get_by_label("查询码").first.fill("AAAA3333")
        stranger.locator("main").get_by_role("button", name="查询").click()
        expect(stranger.locator("main")).to_contain_text("不符")
