"""The main job, whole: from the portal's search to a sealed licence that a stranger verifies, watched throughout."""

import re
import subprocess
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, Page, expect

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

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A PDF to hand in."""
    path = tmp_path / "场所证明.pdf"
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(595, 842))
        document.save(path)
    return path


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
    page.goto(town.base)
    page.get_by_role("searchbox").first.fill("餐饮店")
    page.get_by_role("button", name="搜索").first.click()
    page.get_by_role("link", name=re.compile(ITEM)).first.click()
    expect(page.get_by_role("heading", name=ITEM).first).to_be_visible()
    page.get_by_role("link", name="立即办理").first.click()
    if "/accounts/login/" in page.url:
        sign_in(page, town, APPLICANT, official=False)
    another = page.get_by_role("radio", name=re.compile("首次申请，或者另外申请一份"))
    if another.count():
        another.check()
    page.get_by_role("button", name=re.compile("开始填写|接着填写")).click()
    fill_in(page)
    for key in PAPERS:
        upload(page, key, paper)
    page.get_by_role("link", name=re.compile("核对提交")).last.click()
    page.locator("main input[type=checkbox]").last.check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("heading", name="申请已经提交")).to_be_visible()
    text = page.locator("main").inner_text()
    number = re.search(r"(\d{4}\s?){5}", text)
    code = re.search(r"查询码[：\s]*([A-Z0-9]{4}\s?[A-Z0-9]{4})", text)
    assert number, text
    assert code, text
    return re.sub(r"\s", "", number.group()), code.group(1).replace(" ", "")


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


def ask_for_supplement(page: Page) -> None:
    """One notice with one point."""
    page.get_by_role("radio", name="一次性告知补正", exact=True).check()
    page.locator("#point-premises_proof").check()
    page.locator("#reason-premises_proof").fill("租赁合同缺少签字页，请补全后重新上传")
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


def test_from_application_to_verified_licence(town: Town, browser: Browser, paper: Path, tmp_path: Path) -> None:
    with visitor(browser, phone=True) as citizen, visitor(browser) as clerk:
        number, code = apply_on_the_phone(citizen, town, paper)

        sign_in(clerk, town, "clerk.market")
        open_task(clerk, town, number)
        ask_for_supplement(clerk)

        citizen.goto(f"{town.base}/services/mine/")
        citizen.get_by_role("link", name=re.compile(ITEM)).first.click()
        expect(citizen.locator("main")).to_contain_text("缺少签字页")
        citizen.get_by_role("link", name=re.compile("补正")).first.click()
        upload(citizen, "premises_proof", paper)
        citizen.get_by_role("button", name="提交补正").click()
        expect(citizen.locator("main")).to_contain_text("正在核对材料")

        open_task(clerk, town, number)
        act(clerk, "受理", "材料齐全，符合法定形式")

        for name in REVIEWERS:
            with visitor(browser) as reviewer:
                sign_in(reviewer, town, name)
                open_task(reviewer, town, number)
                act(reviewer, "同意", "经审查符合要求")

        with visitor(browser, phone=True) as leader:
            sign_in(leader, town, "leader.market")
            open_task(leader, town, number)
            leader.locator("#act-form textarea[name=opinion]").fill("同意")
            leader.get_by_role("button", name="准予许可", exact=True).click()
            expect(leader.locator("#act-form")).to_have_count(0)

        citizen.goto(f"{town.base}/services/mine/")
        citizen.get_by_role("link", name=re.compile(ITEM)).first.click()
        reload_until(citizen, "食品经营许可证")
        licence = download(citizen, "食品经营许可证", tmp_path / "licence.pdf")

    check_signature(licence, tmp_path)
    verify_as_stranger(town, browser, licence, tmp_path)
    track_as_stranger(town, browser, number, code)
    assert "核验通过" in town.command("ledger", "verify")


def check_signature(licence: Path, folder: Path) -> None:
    """A program of somebody else accepts the signature, and refuses the file with one byte changed."""
    good = subprocess.run(["pdfsig", str(licence)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in good, good
    changed = folder / "changed.pdf"
    content = bytearray(licence.read_bytes())
    place = content.index(b"stream", 200) + 40
    content[place] ^= 1
    changed.write_bytes(content)
    bad = subprocess.run(["pdfsig", str(changed)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" not in bad, bad


def verify_as_stranger(town: Town, browser: Browser, licence: Path, folder: Path) -> None:
    """By file and by QR code, signed out; a changed file is called changed."""
    with visitor(browser) as stranger:
        stranger.goto(f"{town.base}/verify/")
        stranger.locator("input[type=file]").set_input_files(licence)
        stranger.get_by_role("button", name="上传并查验").click()
        expect(stranger.locator("main")).to_contain_text("与签发原件完全一致")
        expect(stranger.locator("main")).to_contain_text("食品经营许可证")
        stranger.goto(f"{town.base}/verify/")
        stranger.locator("input[type=file]").set_input_files(folder / "changed.pdf")
        stranger.get_by_role("button", name="上传并查验").click()
        expect(stranger.locator("main")).to_contain_text("改动")
        stranger.goto(qr_of(licence).replace("http://127.0.0.1:8000", town.base))
        expect(stranger.locator("main")).to_contain_text("食品经营许可证")
        expect(stranger.locator("main")).not_to_contain_text("张一")


def qr_of(licence: Path) -> str:
    """The address in the QR code on the licence, read from the page's picture; beside it stands the offline token."""
    document = pypdfium2.PdfDocument(licence)
    texts = sorted(code.text for code in zxingcpp.read_barcodes(document[0].render(scale=3).to_pil()))
    document.close()
    token, address = texts
    assert token.startswith("EL1:")
    return address


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


def test_a_limit_that_passes_lights_a_red_card(town: Town, browser: Browser, paper: Path) -> None:
    with visitor(browser, phone=True) as citizen, visitor(browser) as supervisor:
        number, _code = apply_on_the_phone(citizen, town, paper)
        sign_in(supervisor, town, "supervisor")
        supervisor.goto(f"{town.base}/supervision/")
        expect(supervisor.locator("main")).not_to_contain_text(number)

        town.command("demo", "clock", "--forward", "12d")

        # without a reload: the page itself asks each second
        expect(supervisor.locator("main")).to_contain_text(number, timeout=10_000)
        expect(supervisor.locator("main")).to_contain_text("红牌")
        supervisor.goto(f"{town.base}/supervision/cards/?number={number}")
        row = supervisor.locator("main tr").filter(has_text="逾期没有受理答复").filter(has_text=number)
        expect(row).to_contain_text("红牌")
        row.get_by_role("link").first.click()
        card = supervisor.locator("main")
        for words in (number, "5 个工作日", "青禾县市场监督管理局", "行政许可法"):
            expect(card).to_contain_text(words)

        with visitor(browser) as unit:
            sign_in(unit, town, "clerk.market")
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
