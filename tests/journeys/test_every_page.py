"""Every page type of the platform in a browser: what machines can judge of accessibility and markup, and the width.

A page must also fit where 1280 points are enlarged fourfold (WCAG 2.2, 1.4.10 reflow): 320 points, no scrolling aside.

The types are the named addresses of the resolver. Readers of every role follow links from what they may open to an
example of each; whatever nobody came upon is a file, a part of a page, takes only what is sent, or has a reason here.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import steps
from tests.journeys.access import faults_of, markup_faults
from tests.journeys.addresses import Search, all_addresses, name_of
from tests.journeys.site_steps import write_article
from tests.journeys.test_counter_township import begin as begin_at_the_counter
from tests.journeys.test_counter_township import take_down_the_person
from tests.journeys.test_modeller import copy_of_the_process
from tests.journeys.town import DESK, Town, as_holder_of, running_town, sign_in, visitor
from zhengtong.entry.demo.cast import AGENT, APPLICANT, OWNER, STAFF, WINDOW, WINDOW_LEADER

_CASES = 12
#: page types opened; a few depend on what happened in the county
_AT_LEAST = 240
#: page types a county of a month has no example of, or no reader can come to by links; their own tests open them
_WHY_NOT = {
    "leads elsewhere": """
        sites:group ui-large-print ui-traditional supervision_scores:mine supervision_scores:subject
        supervision:rule_new""",
    "asked by programs, with what only they know": """
        idp:oidc:authorization idp:oidc:userinfo ledger:consistency documents:receipt item trust:status_by_get
        metrics sites:group_map sites:site_map sites:site_map_leaf sites:rss
        sites:atom sites:column_rss sites:column_atom""",
    "shown after something was sent, in the middle of it": """
        mfa_authenticate mfa_view_recovery_codes mfa_reauthenticate_webauthn account_recover_finish
        documents:check-file documents:check-token documents:result complaints:result
        disclosure:result disclosure:result_file disclosure:opinion opinions:receipt opinions:texts
        service_hall:desk-batch service_hall:desk-batch-decisions service_hall:counter-receipt service_hall:counter-show
        service_hall:counter-person service_hall:newer service_hall:commitment service_hall:promise ratings:link
        service_hall:counter-for service_hall:counter-phone service_hall:counter-relation service_hall:scan-page
        service_centre:choose service_centre:book service_centre:here service_centre:kiosk_zone
        service_centre:kiosk_appointment service_centre:kiosk_taken""",
    "nobody has locked, lent, asked for or contested anything": """
        account_remove_passkey account_contest_ward account_guardianship administration:hand_over
        administration:request administration:source administration:unlock_source administration:end_delegation
        administration:revoke_mine trust:application trust:person_application trust:person_request
        service_hall:desk-correction service_hall:desk-erasure service_hall:extension""",
    "nothing was paid for": """
        payments:order payments:return payments:simulated payments:desk-order payments:refund""",
    "no item is under review, no list is being imported": """
        catalogue_desk:desk_review catalogue_desk:desk_file catalogue_desk:desk_withdraw catalogue_desk:desk_cancel
        catalogue_desk:desk_members catalogue_desk:desk_compare catalogue:file catalogue:improvement
        catalogue:import_list catalogue:import_columns catalogue:import_departments catalogue:import_returned
        catalogue:import_json forms:compare processes:compare""",
    "no case has come to this": """
        ratings:follow_up service_hall:supplement service_hall:hearing service_hall:notice service_hall:special
        service_hall:special_photo service_hall:follow_up service_hall:answer_file service_hall:desk-answer
        service_hall:desk-look-answer service_hall:papers-list service_hall:delivery-one
        service_hall:licence-measure service_hall:desk-measure service_hall:desk-decide-measure
        complaints:file disclosure:file disclosure:own_file disclosure:letter""",
    "nothing was scored, tried, drawn or decided in bulk yet": """
        supervision_scores:row supervision_scores:run supervision_scores:target supervision_scores:evidence
        supervision_scores:unit supervision:letter supervision:card_paper supervision:report supervision:report_pdf
        supervision:report_unit supervision:batch supervision:outage supervision:trial
        supervision:trial_live inspections:public_draw inspections:plan inspections:plan_edit inspections:visit
        inspections:file inspections:referral disclosure:report""",
    "the halls may be closed at the hour of the test": """
        service_centre:ticket service_centre:ticket_live service_centre:appointment service_centre:change""",
}
#: 1280 × 1024 enlarged fourfold
ENLARGED = {"width": 320, "height": 256}
#: drawings, which lose their meaning when they are folded (the exception of 1.4.10)
WIDE = frozenset({"processes:draft"})
NOT_OPENED = {name: why for why, names in _WHY_NOT.items() for name in names.split()}

pytestmark = [pytest.mark.full, pytest.mark.timeout(3600)]


@dataclass(frozen=True)
class Reader:
    """Who reads: the account, the roles it has, the post to change into after signing in, and pages
    nobody links to with what they need."""

    account: str = ""
    roles: frozenset[str] = frozenset()
    post: str = ""
    starts: tuple[str, ...] = ()

    @property
    def at_a_desk(self) -> bool:
        """An official, whose pages are made for a wide window."""
        return bool(self.roles - {"citizen", "agent"})


STRANGER = Reader()
#: of the same roles as another reader, and with the same pages
SEES_NOTHING_ELSE = ("clerk.urban", "clerk.tobacco", "supervisor.second", "process.second")
READERS = (
    STRANGER,
    Reader(APPLICANT.phone, frozenset({"citizen"})),
    Reader(OWNER.phone, frozenset({"citizen"})),
    Reader(AGENT.phone, frozenset({"citizen", "agent"}), "一品餐饮"),
    *(Reader(one.username, frozenset(one.roles)) for _, one in STAFF if one.username not in SEES_NOTHING_ELSE),
    *(Reader(one.username, frozenset(one.roles)) for one in (WINDOW, WINDOW_LEADER)),
)


@dataclass
class Round:
    """One round through the county: what is still to be opened, what was wrong, for one table at the end."""

    town: Town
    search: Search
    faults: list[str] = field(default_factory=list)
    markup: dict[str, str] = field(default_factory=dict)

    def walk(self, page: Page, reader: Reader) -> None:
        """All page types this reader comes to first, wide and enlarged fourfold."""
        for path in self.search.pages(page, self.town.base, reader.roles, reader.starts):
            answer = page.goto(self.town.base + path)
            if answer is None or answer.status != 200:
                self.faults.append(f"{path} | {reader.account} | does not open in a browser")
            else:
                self.markup[f"{path} | {reader.account}"] = answer.text()
            self.look(page, reader)
        self.search.prove(page, self.town.base, reader.roles)

    def look(self, page: Page, reader: Reader) -> None:
        """The page that is open."""
        where = f"{page.url.removeprefix(self.town.base)} | {reader.account}"
        for rule, elements in faults_of(page):
            self.faults.extend(f"{where} | {rule} | {element[:300]}" for element in elements)
        page.set_viewport_size(ENLARGED)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > ENLARGED["width"] and name_of(page.url.removeprefix(self.town.base).partition("?")[0]) not in WIDE:
            self.faults.append(f"{where} | {width} wide where it is enlarged fourfold")
        page.set_viewport_size(DESK)

    def came_to(self, page: Page, reader: Reader) -> None:
        """A page one comes to by sending something, not by a link."""
        path = page.url.removeprefix(self.town.base)
        self.search.opened[name_of(path.partition("?")[0])] = path
        self.look(page, reader)


def enter(page: Page, town: Town, reader: Reader) -> None:
    """Sign in, as who the reader is."""
    if reader.account:
        sign_in(page, town, reader.account, official=reader.at_a_desk)
    if reader.post:
        as_holder_of(page, town, reader.post)


def apply(around: Round, browser: Browser, paper: Path) -> None:
    """One is granted, one waits for the decision, one is being drafted; a stranger asks for the first."""
    town = around.town
    with visitor(browser) as citizen, visitor(browser) as stranger:
        granted, code = steps.apply_on_the_phone(citizen, town, paper)
        waiting, _code = steps.apply_on_the_phone(citizen, town, paper)
        steps.apply_on_the_phone(citizen, town, paper)
        steps.open_form(citizen, town, "餐饮店", steps.ITEM)
        citizen.wait_for_url(re.compile("/form/"))
        draft = citizen.url.partition("form/")[0]
        around.came_to(citizen, READERS[1])
        for part in ("materials/", "review/"):
            citizen.goto(draft + part)
            around.came_to(citizen, READERS[1])
        for number in (granted, waiting):
            steps.accept(town, browser, number)
            steps.agree(town, browser, number)
        steps.grant(town, browser, granted)
        stranger.goto(f"{town.base}/services/track/")
        stranger.get_by_label(re.compile("编号")).first.fill(granted)
        stranger.get_by_label("查询码").first.fill(code)
        stranger.locator("main").get_by_role("button", name="查询").click()
        around.came_to(stranger, STRANGER)


def complain(around: Round, browser: Browser, _paper: Path) -> None:
    """With the own name; the receipt is shown once."""
    with visitor(browser) as citizen:
        sign_in(citizen, around.town, APPLICANT.phone, official=False)
        citizen.goto(f"{around.town.base}/complaints/new/")
        citizen.get_by_label("标题").fill("窗口没有告知要带什么")
        citizen.get_by_label("内容").fill("上周三上午去窗口咨询，工作人员没有说清楚要带哪些材料。")
        citizen.get_by_role("radio", name=re.compile("^署名")).check()
        citizen.locator("main").get_by_role("button", name="提交").click()
        citizen.wait_for_url(re.compile("/receipt/"))
        around.came_to(citizen, READERS[1])


def draft_a_process(around: Round, browser: Browser, _paper: Path) -> None:
    """A copy of a process."""
    with visitor(browser) as page:
        sign_in(page, around.town, "process.admin")
        copy_of_the_process(page, around.town)


def draft_an_item(around: Round, browser: Browser, _paper: Path) -> None:
    """A form without questions, an item without contents."""
    with visitor(browser) as page:
        sign_in(page, around.town, "editor.market")
        page.goto(f"{around.town.base}/forms/new/")
        page.get_by_label("表单名称").fill("占道经营申请表")
        page.get_by_role("button", name="建立表单").click()
        page.goto(f"{around.town.base}/items/desk/new/")
        page.get_by_label("事项名称").fill("户外宣传品设置许可")
        page.get_by_label("事项类型").select_option("01")
        page.get_by_role("button", name="建立暂存稿").click()
        page.get_by_role("heading", level=1).first.wait_for()


def watch(around: Round, browser: Browser, _paper: Path) -> None:
    """A report of the month, a rule that is being drafted."""
    with visitor(browser) as page:
        sign_in(page, around.town, "supervisor")
        page.goto(f"{around.town.base}/services/figures/reports/")
        page.get_by_role("button", name="生成月报").click()
        page.goto(f"{around.town.base}/supervision/rules/")
        page.get_by_role("button", name="新建规则").click()
        page.wait_for_url(re.compile("/drafts/"))


def write(around: Round, browser: Browser, _paper: Path) -> None:
    """An article that waits for a signature."""
    with visitor(browser) as page:
        sign_in(page, around.town, "site.editor")
        write_article(page, around.town, column="工作动态", title="写了还没有签发的文章", text="等签发。")


def sit_at_the_counter(around: Round, browser: Browser, _paper: Path) -> None:
    """Somebody whose matter is being typed."""
    with visitor(browser) as page:
        take_down_the_person(page, around.town)
        begin_at_the_counter(page)


DEEDS = (apply, complain, draft_a_process, draft_an_item, watch, write, sit_at_the_counter)


def test_every_page_type(browser: Browser, tmp_path: Path, paper: Path) -> None:
    # Wagtail holds its own screens to the same rules; test_site_building works on those that are open
    wanted = {name: one for name, one in all_addresses().items() if not name.startswith("wagtail")}
    with running_town(tmp_path / "state", cases=_CASES) as town:
        around = Round(town, Search(wanted))
        for deed in DEEDS:
            deed(around, browser, paper)
        for reader in READERS:
            with visitor(browser) as page:
                enter(page, town, reader)
                around.walk(page, reader)

    around.faults += markup_faults(around.markup, tmp_path)
    unknown = [name for name in around.search.missing if name not in NOT_OPENED]
    assert (around.faults, unknown) == ([], []), "\n".join(
        ["address | reader | rule | element", *around.faults, "neither opened nor with a reason:", *unknown]
    )
    assert NOT_OPENED.keys() <= wanted.keys()
    assert len(around.search.opened) >= _AT_LEAST
