"""The main job, whole: from the portal's search to a sealed licence that a stranger verifies, watched throughout."""

import re
import subprocess
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, Page, expect

from tests.journeys.access import check_access
from tests.journeys.steps import (
    ITEM,
    act,
    agree,
    apply_on_the_phone,
    ask_for_supplement,
    download,
    grant,
    open_application,
    open_task,
    reload_until,
    track_as_stranger,
    upload,
)
from tests.journeys.town import Town, sign_in, visitor

pytestmark = pytest.mark.timeout(600)


def test_from_application_to_verified_licence(town: Town, browser: Browser, paper: Path, tmp_path: Path) -> None:
    with visitor(browser, phone=True) as citizen, visitor(browser) as clerk:
        number, code = apply_on_the_phone(citizen, town, paper)

        sign_in(clerk, town, "clerk.market")
        open_task(clerk, town, number)
        ask_for_supplement(clerk, "premises_proof", "租赁合同缺少签字页，请补全后重新上传")

        open_application(citizen, town, number)
        expect(citizen.locator("main")).to_contain_text("缺少签字页")
        check_access(citizen)
        citizen.get_by_role("link", name=re.compile("补正")).first.click()
        upload(citizen, "premises_proof", paper)
        citizen.get_by_role("button", name="提交补正").click()
        expect(citizen.locator("main")).to_contain_text("正在核对材料")

        open_task(clerk, town, number)
        act(clerk, "受理", "材料齐全，符合法定形式")
        agree(town, browser, number)
        grant(town, browser, number)

        open_application(citizen, town, number)
        reload_until(citizen, "食品经营许可证")
        licence = download(citizen, "食品经营许可证", tmp_path / "licence.pdf")
        reload_until(citizen, "评价“办结”的服务")
        rate(citizen, "评价“办结”的服务", "不满意", "现场核查约了三次才来")
        expect(citizen.locator("main")).to_contain_text("联系您")
        answer_bad_rating(clerk, town)
        open_application(citizen, town, number)
        rate(citizen, "已经整改，请再次评价", "满意", "处理得快")

    check_signature(licence, tmp_path)
    verify_as_stranger(town, browser, licence, tmp_path)
    track_as_stranger(town, browser, number, code)
    assert "核验通过" in town.command("ledger", "verify")


def rate(page: Page, link: str, grade: str, words: str) -> None:
    """From the application to a rating."""
    page.get_by_role("link", name=link).click()
    check_access(page)
    page.get_by_role("radio", name=grade, exact=True).check()
    page.get_by_label("还想说什么").fill(words)
    page.get_by_role("button", name="提交评价").click()
    expect(page.locator("main")).to_contain_text(words)


def answer_bad_rating(page: Page, town: Town) -> None:
    """The department that was rated calls, and reports what it has changed."""
    page.goto(f"{town.base}/ratings/desk/")
    check_access(page)
    page.locator("main").get_by_role("link", name=re.compile(ITEM)).first.click()
    expect(page.locator("main")).to_contain_text("现场核查约了三次才来")
    check_access(page)
    page.get_by_label("经过和答复").fill("已经致歉，核查改为一次约定")
    page.get_by_role("button", name="保存回访").click()
    page.get_by_label("整改情况和结果").fill("核查时间由系统预约，改期要经负责人同意")
    page.get_by_role("button", name="报告整改完成").click()
    expect(page.locator("main")).to_contain_text("核查时间由系统预约")


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
