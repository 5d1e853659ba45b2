"""The mail server is down for a day, the gateway fails every third time: every notice arrives or is visibly given up.

The mail server and the gateway are real ones on the loopback. At the end what they received is compared, notice by
notice, with what the pages say.
"""

import dataclasses
import datetime as dt
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.access import check_access
from tests.journeys.steps import (
    act,
    ask_for_supplement,
    decide,
    fill_in,
    hand_in,
    material_keys,
    open_form,
    open_task,
    upload,
)
from tests.journeys.town import Town, environment, running_town, sign_in, visitor
from zhengtong.capabilities.notify.tests.posts import Postbox, free_port, mail_server
from zhengtong.kernel.calendar import SHANGHAI

ITEM = "食品小经营(小餐饮)许可"
SIGNATURE = "【青禾县政务服务】"
GOOD, DEAD, CORRECTED = "zhangyi@example.cn", "lier@example.cm", "lier@example.cn"
ONE, TWO = "13900000001", "13900000002"
#: received, to be corrected; received, accepted, granted
NOTICES = 5
REFUSED = "550 5.1.1 no such user"

_LINES = """() => [...[...document.querySelectorAll('main table')].pop().querySelectorAll('tbody tr')].map(
  (row) => [row.querySelector('a').pathname, [...row.children].map((cell) => cell.innerText.trim())])"""

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]


@contextmanager
def failing_gateway(folder: Path) -> Iterator[int]:
    """A gateway that refuses every third submit; what telephones got lies in the folder. Its port."""
    words = ["sms", "simulate", "--port", "0", "--fail-every", "3", "--report-after", "0.2", "--out", str(folder)]
    command = [sys.executable, "-m", "zhengtong.entry.main", *words]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            ready = process.stdout.readline()
            found = re.search(r"127\.0\.0\.1:(\d+)", ready)
            assert found, ready
            yield int(found.group(1))
        finally:
            process.terminate()


@pytest.fixture
def telephones(tmp_path: Path) -> Path:
    """Where the gateway keeps what telephones got."""
    return tmp_path / "telephones"


@pytest.fixture
def mail_port() -> int:
    """Where the mail server would be."""
    return free_port()


@pytest.fixture
def bad_town(tmp_path: Path, telephones: Path, mail_port: int) -> Iterator[Town]:
    """A county whose mail server is down and whose gateway fails every third time, at nine in the morning."""
    with (
        failing_gateway(telephones) as gateway,
        running_town(
            tmp_path / "state",
            ZHENGTONG_SMTP_HOST="127.0.0.1",
            ZHENGTONG_SMTP_PORT=str(mail_port),
            ZHENGTONG_SMS_HOST="127.0.0.1",
            ZHENGTONG_SMS_PORT=str(gateway),
            ZHENGTONG_SMS_SOURCE="901234",
            ZHENGTONG_SMS_SECRET="simulated",
        ) as town,
    ):
        present = dt.datetime.now(SHANGHAI)
        morning = (present + dt.timedelta(days=1)).replace(hour=9, minute=0, second=0)
        town.command("demo", "clock", "--forward", f"{int((morning - present).total_seconds() // 60) + 1}m")
        yield town


@dataclasses.dataclass(frozen=True)
class Row:
    """A line of the deliveries page."""

    key: str
    channel: str
    address: str
    state: str
    story: str
    attempts: int

    @property
    def over(self) -> bool:
        """At an end that somebody can rely on."""
        return self.state in {"已送达", "未送达", "已另行告知"}


def lines_of(page: Page, town: Town) -> list[Row]:
    """What the deliveries page says now."""
    page.goto(f"{town.base}/messages/deliveries/")
    found = []
    for link, (_title, channel, address, state, story, attempts, _created) in page.evaluate(_LINES):
        word = re.sub(r"[^\u4e00-\u9fff]", "", state)
        found.append(Row(link.rstrip("/").rpartition("/")[2], channel, address, word, story, int(attempts)))
    return found


def lines_when(page: Page, town: Town, enough: Callable[[list[Row]], bool]) -> list[Row]:
    """The page, loaded again until it says enough."""
    found: list[Row] = []
    for _ in range(60):
        found = lines_of(page, town)
        if enough(found):
            return found
        page.wait_for_timeout(500)
    raise AssertionError(found)


def mails(rows: list[Row]) -> list[Row]:
    """Those that go by mail."""
    return [row for row in rows if row.channel == "邮件"]


def texts(rows: list[Row]) -> list[Row]:
    """Those that go to telephones."""
    return [row for row in rows if row.channel == "短信"]


def tried_again(tried: Mapping[str, int], rows: list[Row]) -> bool:
    """Each mail was tried once more than before, and nothing is just being sent."""
    return all(row.attempts > tried.get(row.key, 0) and row.state != "正在发送" for row in mails(rows))


def a_day_passes(page: Page, town: Town) -> list[Row]:
    """Four times six hours; each time every mail is tried again in vain, and the operator sees why and when next."""
    rows = lines_when(page, town, partial(tried_again, {}))
    for _ in range(4):
        tried = {row.key: row.attempts for row in mails(rows)}
        town.command("demo", "clock", "--forward", "6h")
        rows = lines_when(page, town, partial(tried_again, tried))
        for row in mails(rows):
            assert row.state == "等待重发", row
            assert "连接不上发信服务器" in row.story
            assert "下次发送：" in row.story
    return rows


def apply(page: Page, town: Town, who: str, mail: str, paper: Path) -> str:
    """An application with an address for notices; its number."""
    sign_in(page, town, who, official=False)
    open_form(page, town, "小餐饮", ITEM)
    fill_in(page)
    for key in material_keys(page):
        upload(page, key, paper)
    number, _code = hand_in(page, mail=mail)
    return number


def handle(town: Town, browser: Browser, first: str, second: str) -> None:
    """The first one has to correct a paper, the second one is accepted, examined and granted."""
    with visitor(browser) as clerk:
        sign_in(clerk, town, "clerk.market")
        open_task(clerk, town, first)
        point = clerk.locator("[id^=point-]").first.get_attribute("id") or ""
        ask_for_supplement(clerk, point.removeprefix("point-"), "租赁合同缺少签字页，请补全后重新上传")
        open_task(clerk, town, second)
        act(clerk, "受理", "材料齐全，符合法定形式")
        open_task(clerk, town, second)
        act(clerk, "审查通过", "符合要求")
    with visitor(browser) as leader:
        sign_in(leader, town, "leader.market")
        decide(leader, town, second)


def open_line(page: Page, town: Town, row: Row) -> None:
    """The page of one delivery that was given up."""
    page.goto(f"{town.base}/messages/deliveries/?state=given_up")
    page.locator(f"main a[href$='/{row.key}/']").first.click()
    expect(page.locator("main")).to_contain_text("已停止重发")
    expect(page.locator("main")).to_contain_text("发信服务器拒收这个地址")
    check_access(page)


def send_again(page: Page, *, address: str, reason: str) -> None:
    """By hand, from the page of the delivery."""
    page.get_by_label("改发到").fill(address)
    page.get_by_label("理由").fill(reason)
    page.get_by_role("button", name="重新发送").click()


def see_to_the_dead_address(page: Page, town: Town, refused: list[Row]) -> None:
    """One is corrected and sent again, the next is told by telephone, the third is left."""
    first, second, _third = refused
    open_line(page, town, first)
    send_again(page, address="lier＠example", reason="电话核实")
    expect(page.locator("main")).to_contain_text("应类似 name@example.cn")
    expect(page.get_by_label("改发到")).to_have_value("lier＠example")
    check_access(page)
    send_again(page, address=CORRECTED, reason="电话核实，域名写错了一个字母")
    expect(page.locator("main")).to_contain_text("已重新排队")
    expect(page.locator("main")).to_contain_text("更正过，原来是 l***@example.cm")
    open_line(page, town, second)
    page.get_by_role("radio", name="电话", exact=True).check()
    page.get_by_label("告知情况").fill("上午已电话告知本人")
    page.get_by_role("button", name="登记").click()
    expect(page.locator("main")).to_contain_text("已另行告知")
    check_access(page)


def inbox_of(page: Page, town: Town) -> list[str]:
    """What each of the citizen's own messages says, with how it went out."""
    page.goto(f"{town.base}/messages/")
    check_access(page)
    return page.locator("ul.zt-messages > li").all_inner_texts()


def short_texts(page: Page, town: Town) -> Counter[str]:
    """The short messages that went out by the citizen's own page: the first paragraph of each message."""
    found: Counter[str] = Counter()
    page.goto(f"{town.base}/messages/")
    for item in page.locator("ul.zt-messages > li").all():
        body, standing = item.locator("p").nth(1).inner_text(), item.locator("small").inner_text()
        found[SIGNATURE + body.partition("\n\n")[0]] += "短信：已送达" in standing
    return found


def arrived(folder: Path, number: str) -> Counter[str]:
    """What a telephone got."""
    files = (path.read_text(encoding="utf-8").partition("\n") for path in folder.iterdir())
    return Counter(text.rstrip("\n") for owner, _line, text in files if owner == number)


def test_every_notice_ends_delivered_or_visibly_given_up(
    bad_town: Town, browser: Browser, paper: Path, telephones: Path, mail_port: int
) -> None:
    box = Postbox()
    box.refuse = lambda address: REFUSED if address == DEAD else None
    with visitor(browser, phone=True) as one, visitor(browser, phone=True) as two, visitor(browser) as operator:
        first = apply(one, bad_town, ONE, GOOD, paper)
        second = apply(two, bad_town, TWO, DEAD, paper)
        handle(bad_town, browser, first, second)
        sign_in(operator, bad_town, "operator.app")
        rows = a_day_passes(operator, bad_town)
        expect(operator.locator("main")).to_contain_text("不通：连接不上发信服务器")
        check_access(operator)
        assert {row.state for row in texts(rows)} == {"已送达"}
        assert any(row.attempts > 1 for row in texts(rows)), "the gateway never failed"
        assert len(mails(rows)) == len(texts(rows)) == NOTICES

        with mail_server(box, mail_port):
            bad_town.command("demo", "clock", "--forward", "1h")
            rows = lines_when(operator, bad_town, lambda found: all(row.over for row in found))
            refused = [row for row in mails(rows) if row.state == "未送达"]
            assert all(row.state == "已送达" for row in rows if row not in refused)
            for row in refused:
                assert "发信服务器拒收这个地址（550" in row.story
                assert "可以更正后重新发送，或者换一种方式告知本人" in row.story
            check_access(operator)
            see_to_the_dead_address(operator, bad_town, refused)
            rows = lines_when(operator, bad_town, lambda found: all(row.over for row in found))

        assert Counter(row.state for row in mails(rows)) == {"已送达": 3, "已另行告知": 1, "未送达": 1}
        delivered = [row.key for row in mails(rows) if row.state == "已送达"]
        assert sorted(key.strip("<>").partition("@")[0] for key in box.ids) == sorted(delivered)
        assert {str(mail["To"]) for mail in box.received} == {GOOD, CORRECTED}
        for person, number in ((one, ONE), (two, TWO)):
            assert all("站内消息：已送达" in message for message in inbox_of(person, bad_town))
            assert arrived(telephones, number) == short_texts(person, bad_town)
        assert sum("已另行告知 l***@example.cm" in message for message in inbox_of(two, bad_town)) == 1
    assert "核验通过" in bad_town.command("ledger", "verify")
