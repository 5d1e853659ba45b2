"""Planning documents, as long as governments write them, are taken over as open information and found by citizens."""

import csv
import html
import io
import re
import urllib.parse
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.town import running_town, sign_in, visitor

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]

#: documents of real governments beside the repository, where they are there
_REAL = Path(__file__).parents[3] / "shared" / "seeds"
_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,5}〔\d{4}〕\s*\d+\s*号")
_RUN = re.compile(r"[\u4e00-\u9fff]{14,}")


def test_documents_are_taken_over_and_found_by_number_and_by_a_piece_of_a_sentence(
    browser: Browser, tmp_path: Path
) -> None:
    documents = {"青禾县数字政府建设三年规划": _own_plan()} | _real_ones()
    with running_town(tmp_path / "state") as town:
        with visitor(browser) as keeper:
            sign_in(keeper, town, "site.admin")
            _take_over(keeper, town.base, _table(documents), len(documents))
        with visitor(browser, phone=True) as reader:
            for title, text in documents.items():
                for words in (_piece(text), *_NUMBER.findall(text[:200])[-1:]):
                    _found(reader, town.base, words, title)


def _take_over(page: Page, base: str, table: bytes, number: int) -> None:
    page.goto(f"{base}/sites/migrations/")
    page.get_by_label("导入到哪个网站").select_option(label="青禾县数据局")
    page.get_by_label("上传旧网站的文件").set_input_files(
        {"name": "plans.csv", "mimeType": "text/csv", "buffer": table}
    )
    page.get_by_role("button", name="下一步：定规则").click()
    page.get_by_label("旧栏目放进哪个新栏目").fill("规划=disclosure")
    page.get_by_role("button", name="保存规则，看样例").click()
    page.get_by_role("button", name="样例没有问题，试运行").click()
    page.get_by_role("button", name="按试运行的结果导入").click(timeout=120_000)
    expect(page.get_by_text("导入完成")).to_be_visible(timeout=120_000)
    expect(page.get_by_role("table", name="逐行报告").get_by_text("已导入")).to_have_count(number)


def _found(page: Page, base: str, words: str, title: str) -> None:
    page.goto(f"{base}/search/?{urllib.parse.urlencode({'q': words})}")
    page.get_by_role("main").get_by_role("link", name=re.compile(re.escape(title[:8]))).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title[:8])
    assert re.sub(r"\s", "", words) in re.sub(r"\s", "", page.get_by_role("main").inner_text())


def _table(documents: dict[str, str]) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("标题", "发布日期", "栏目", "网址", "正文"))
    for no, (title, text) in enumerate(documents.items()):
        body = "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())
        rows.writerow((title, f"2012-04-{no + 10}", "规划", f"/plans/{no}.html", body))
    return out.getvalue().encode()


def _piece(text: str) -> str:
    """Twelve characters from the middle of the document."""
    runs = _RUN.findall(text[len(text) // 3 :])
    return max(runs, key=len)[:12]


def _real_ones() -> dict[str, str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(_REAL.glob("*.txt"))]
    return {text.strip().splitlines()[0].strip()[:60]: text for text in texts}


def _own_plan() -> str:
    """As long as such plans are, without a word of anybody else's."""
    works = ("政务外网覆盖到村", "审批事项全部上网", "电子监察贯通乡镇", "基础数据一数一源", "网站群统一维护")
    head = "青政办〔2026〕31 号\n各乡镇人民政府，县政府各部门：现将规划印发给你们，请结合实际认真组织实施。"
    parts = [
        f"第{no}项任务：{work}，由牵头单位按季度报送完成情况并接受社会监督，第{no}阶段验收合格后转入日常运行维护。"
        for no, work in enumerate(works * 60, start=1)
    ]
    return "\n".join((head, *parts))
