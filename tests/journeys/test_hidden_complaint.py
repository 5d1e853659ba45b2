"""Three people complain and want to stay unknown: what they say is handled and answered, who they are nobody learns.

One reports an official from his telephone, one complains at the counter, one by telephone. The people of the units that
handle it are followed into everything their browsers can open.
"""

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import APIResponse, Browser, Page, expect

from tests.journeys import complaining
from tests.journeys.access import check_access
from tests.journeys.addresses import Search, all_addresses
from tests.journeys.complaining import Writer
from tests.journeys.steps import APPLICANT
from tests.journeys.town import Town, sign_in, visitor
from zhengtong.capabilities.identity.tests.factories import citizen_number
from zhengtong.systems.complaints.rules.figures import FEWEST
from zhengtong.systems.complaints.tests import sweep

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]

ACCUSED, SUPERIOR, OTHER = "青禾县市场监督管理局", "青禾县人民政府", "青禾县住房和城乡建设局"
BLOWER = Writer("司徒望舒", "13977002468", citizen_number(712, born="19700412"), "西河镇槐树巷二十六号")
AT_COUNTER = Writer("上官听雨", "13977003579")
BY_PHONE = Writer("欧阳问渠", "13977004680")
SECRETS = (*BLOWER.secrets, *AT_COUNTER.secrets, *BY_PHONE.secrets, "司徒先生", "上官先生", "欧阳先生")
PURPOSE = "核实举报人提供的转账记录，需要与本人联系"
HIDDEN = "［已隐去］"
#: tables of the figures that a complaint of each kind is counted in
Figures = dict[str, dict[str, list[str]]]


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """A picture whose name tells who took it."""
    path = tmp_path / f"{BLOWER.name}拍的收据.png"
    Image.new("RGB", (40, 30), "white").save(path)
    return path


def test_who_wrote_stays_unknown_to_everybody_who_handles_it(town: Town, browser: Browser, photograph: Path) -> None:
    with (
        visitor(browser, phone=True) as writer,
        visitor(browser) as office,
        visitor(browser) as superior,
        visitor(browser) as clerk,
    ):
        sign_in(office, town, "supervisor")
        before = figures(office, town)
        reported = blow_the_whistle(writer, town, photograph)
        told = tell_the_centre(town, browser)

        keys = [decide(office, town, reported[0], SUPERIOR, refused=ACCUSED)]
        keys += [decide(office, town, number, OTHER) for number, _code in told]
        # the first opening of the picture is for the office, which then lets the unit see it
        complaining.open_on_desk(office, town, reported[0])
        office.get_by_role("button", name="已核对，向承办单位开放").click()
        expect(office.locator("main")).to_contain_text("已向承办单位开放")

        sign_in(superior, town, "leader.county")
        sign_in(clerk, town, "clerk.housing")
        handle(superior, town, reported[0], finding="属实", measures=("批评教育", "责令整改"))
        handle(clerk, town, told[0][0], finding="不属实")
        handle(clerk, town, told[1][0], finding="已解答")
        for number in (reported[0], told[0][0], told[1][0]):
            complaining.open_on_desk(office, town, number)
            complaining.approve(office)
        read_the_name(office, town, reported[0])
        assert any(
            secret in said for _where, said in swept(office, town, keys[:1], [reported[0]]) for secret in SECRETS
        )

        rate(browser, town, *reported)
        for page, mine, numbers in ((superior, keys[:1], [reported[0]]), (clerk, keys[1:], [one for one, _ in told])):
            answers = dict(swept(page, town, mine, numbers))
            found = [(where, secret) for where, said in answers.items() for secret in SECRETS if secret in said]
            assert found == []
            # the sweep saw the matter itself, so it would have seen the name
            assert all(HIDDEN in answers[f"/complaints/desk/{key}/"] for key in mine)
        refuse_strangers(town, browser, keys[0], reported[0])
        see_who_looked(writer, town, browser, keys[0])
        after = figures(office, town)

    check_counted(before, after)


def blow_the_whistle(page: Page, town: Town, photograph: Path) -> tuple[str, str]:
    """From the portal, signed in, about the holder of a post."""
    complaining.register(page, town, BLOWER)
    page.goto(town.base)
    page.get_by_role("link", name="我要反映").first.click()
    page.get_by_role("link", name="先选岗位").click()
    check_access(page)
    complaining.choose_unit(page, ACCUSED)
    page.get_by_role("radio", name="窗口受理岗").check()
    complaining.fill(
        page,
        kind="举报",
        title=f"{BLOWER.name}举报窗口收好处费",
        content=f"上周三办食品经营许可，窗口的人让我转账三百元加快办理。{BLOWER.in_his_own_words}",
        wish=f"请退钱，并给{BLOWER.name}一个说法。",
        files=(photograph,),
    )
    page.get_by_label("联系地址").fill(BLOWER.address)
    check_access(page)
    return complaining.receipt(page, "提交")


def tell_the_centre(town: Town, browser: Browser) -> list[tuple[str, str]]:
    """One comes to the counter, one rings; the hall's window types both."""
    with visitor(browser) as page:
        sign_in(page, town, "hall.window")
        page.get_by_role("link", name="登记来件").first.click()
        page.get_by_role("link", name="反映一个单位").click()
        complaining.choose_unit(page, ACCUSED)
        page.get_by_label("怎样收到的").fill("到咨询台当面反映")
        taken = [
            _typed(page, AT_COUNTER, "投诉", "排队叫号叫过了不补叫", "叫号时去了洗手间，回来说过号作废，要重新排。")
        ]
        page.get_by_role("link", name="再登记一件").click()
        page.get_by_role("radio", name="电话", exact=True).check()
        page.get_by_label("怎样收到的").fill("咨询电话来电")
        words = "家里的老房子要加装电梯，想问要哪些人同意、到哪里办。"
        return [*taken, _typed(page, BY_PHONE, "咨询", "老房子加装电梯要办什么手续", words)]


def _typed(page: Page, who: Writer, kind: str, title: str, words: str) -> tuple[str, str]:
    complaining.fill(page, kind=kind, title=title, content=f"{words}{who.in_his_own_words}")
    page.get_by_label("姓名").fill(who.name)
    page.get_by_label("联系电话").fill(who.phone)
    check_access(page)
    return complaining.receipt(page, "登记")


def decide(page: Page, town: Town, number: str, unit: str, *, refused: str = "") -> str:
    """Accepted within its limit and given to a unit, not to the one it is about; its key."""
    key = complaining.open_on_desk(page, town, number)
    check_access(page)
    complaining.accept(page)
    if refused:
        complaining.give(page, refused)
        expect(page.locator("main")).to_contain_text("举报不得转给被举报的单位")
    expect(page.get_by_label("交办内容")).to_have_value(re.compile(HIDDEN))
    complaining.give(page, unit)
    expect(page.locator("main")).to_contain_text("已交办")
    check_access(page)
    return key


def handle(page: Page, town: Town, number: str, *, finding: str, measures: tuple[str, ...] = ()) -> None:
    """A unit reads what it may, and answers."""
    page.goto(f"{town.base}/messages/")
    expect(page.locator("main")).to_contain_text(number)
    complaining.open_on_desk(page, town, number)
    expect(page.locator("main")).to_contain_text("提出人要求保护身份")
    expect(page.locator("main")).to_contain_text(HIDDEN)
    expect(page.get_by_text("查看提出人身份")).to_have_count(0)
    check_access(page)
    facts = "调取了当天的录像和取号记录，并与有关人员谈话核实。"
    complaining.report(
        page, finding=finding, facts=facts, answer=f"经核实，{finding}。具体情况已经核对。", measures=measures
    )


def read_the_name(page: Page, town: Town, number: str) -> None:
    """Only with a written purpose."""
    complaining.open_on_desk(page, town, number)
    expect(page.locator("main")).not_to_contain_text(BLOWER.phone)
    page.get_by_text("查看提出人身份").click()
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.locator("main")).to_contain_text("请写明理由")
    expect(page.locator("main")).not_to_contain_text(BLOWER.phone)
    page.get_by_label("用途").fill(PURPOSE)
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.locator("main")).to_contain_text("本次查看已记录")
    for known in (BLOWER.name, BLOWER.phone, BLOWER.address):
        expect(page.locator("main")).to_contain_text(known)
    check_access(page)


def swept(page: Page, town: Town, keys: list[str], numbers: list[str]) -> Iterator[tuple[str, str]]:
    """Where a session looked, and what it was told: all known addresses and acts, and whatever links lead to."""
    heard: list[tuple[str, APIResponse]] = []
    for key, number in zip(keys, numbers, strict=True):
        heard += [(path, page.request.get(town.base + path)) for path in sweep.addresses(key, number, ACCUSED)]
        token = next(one["value"] for one in page.context.cookies() if one["name"] == "csrftoken")
        for path in sweep.acts(key):
            heads = {"X-CSRFToken": token, "Referer": town.base + path}
            heard.append((f"POST {path}", page.request.post(town.base + path, form={**sweep.TYPED}, headers=heads)))
    around = Search(all_addresses(), hears=lambda path, answer: heard.append((path, answer)))
    list(around.pages(page, town.base, frozenset({"leader", "clerk"}), [f"/complaints/desk/{key}/" for key in keys]))
    for path, answer in heard:
        yield path, sweep.told(answer.headers, answer.body())


def rate(browser: Browser, town: Town, number: str, code: str) -> None:
    """Who has the receipt reads the answer and says whether it satisfies, without signing in."""
    with visitor(browser, phone=True) as page:
        complaining.ask_after(page, town, number, code)
        expect(page.locator("main")).to_contain_text("具体情况已经核对")
        expect(page.locator("main")).to_contain_text(PURPOSE)
        check_access(page)
        page.get_by_role("radio", name="满意", exact=True).check()
        page.get_by_label("补充说明").fill(f"谢谢，{BLOWER.name}")
        page.get_by_role("button", name="提交评价").click()
        expect(page.locator("main")).to_contain_text("谢谢您的评价")
        page.goto(f"{town.base}/complaints/find/")
        page.get_by_label("来件编号").fill(number)
        page.get_by_label("查询码").fill("AAAA3333BB")
        page.locator("main").get_by_role("button", name="查询", exact=True).click()
        expect(page.locator("main")).to_contain_text("对不上")


def refuse_strangers(town: Town, browser: Browser, key: str, number: str) -> None:
    """The accused himself, who leads his unit, another unit, another citizen, and nobody in particular."""
    url = f"{town.base}/complaints/desk/{key}/"
    for name in ("clerk.market", "leader.market", "clerk.fire"):
        with visitor(browser) as page:
            sign_in(page, town, name)
            answer = page.goto(url)
            assert answer
            assert answer.status == 404
            expect(page.locator("main")).to_contain_text("它不由您所在的单位办理")
            page.goto(f"{town.base}/complaints/desk/?number={number}")
            expect(page.locator("main")).to_contain_text("这里没有来件")
    with visitor(browser, phone=True) as page:
        answer = page.goto(url)
        assert "/accounts/login/" in page.url
        sign_in(page, town, APPLICANT, official=False)
        for path, status in ((url, 403), (f"{town.base}/complaints/mine/{key}/", 404)):
            answer = page.goto(path)
            assert answer
            assert answer.status == status
            check_access(page)


def see_who_looked(page: Page, town: Town, browser: Browser, key: str) -> None:
    """The person's own page and the ledger both say who opened the name, and for what."""
    page.goto(f"{town.base}/services/my-data/readings/")
    expect(page.locator("main")).to_contain_text("查看咨询投诉人的身份")
    expect(page.locator("main")).to_contain_text(PURPOSE)
    check_access(page)
    with visitor(browser) as auditor:
        sign_in(auditor, town, "auditadmin")
        auditor.goto(f"{town.base}/ledger/?object_id={key}")
        row = auditor.locator("main tr").filter(has_text=PURPOSE).first
        expect(row).to_contain_text("监察员甲")
        expect(row).to_contain_text("查看咨询投诉人的身份")


def figures(page: Page, town: Town) -> Figures:
    """The tables of the page, and the workbook says the same."""
    page.goto(f"{town.base}/complaints/desk/figures/")
    check_access(page)
    if page.get_by_text("这段时间没有收到来件").count():
        return {}
    found: Figures = {}
    for table in page.locator("main table:has(caption)").all():
        title = table.locator("caption").inner_text().strip()
        if title.startswith("按"):
            lines = [row.locator("th, td").all_inner_texts() for row in table.locator("tbody tr").all()]
            found[title] = {line[0].strip(): [cell.strip().replace("—", "") for cell in line[1:]] for line in lines}
    with page.expect_download() as started:
        page.get_by_role("link", name="导出表格").click()
    book = load_workbook(io.BytesIO(Path(started.value.path()).read_bytes()))
    for title, shown in found.items():
        cells = {
            str(one[0]): ["" if cell is None else str(cell) for cell in one[1:]]
            for one in book[title].iter_rows(min_row=2, values_only=True)
        }
        assert cells == shown
    return found


def check_counted(before: Figures, after: Figures) -> None:
    """Each of the three stands in its kind, unit and outcome; rates are told only of enough complaints."""
    received: dict[str, int] = defaultdict(int)
    for title in ("按类别", "按承办单位", "按结果"):
        for label, line in after[title].items():
            received[label] = int(line[0]) - int(before.get(title, {}).get(label, ["0"])[0])
    for label, more in {
        "举报": 1,
        "投诉": 1,
        "咨询": 1,
        "合计": 3,
        SUPERIOR: 1,
        OTHER: 2,
        "属实": 1,
        "不属实": 1,
    }.items():
        assert received[label] == more, label
    assert received["已解答"] == 1
    head = ["received", "open", "late", "answered", "on_time", "founded", "founded_share", "rated", "satisfaction"]
    for line in after["按类别"].values():
        told = dict(zip(head, line, strict=True))
        assert bool(told["on_time"]) == (int(told["answered"]) >= FEWEST)
        assert bool(told["satisfaction"]) == (int(told["rated"]) >= FEWEST)
