"""Loads the demonstration county; repeating it changes nothing and shows no password twice."""

import csv
import json
import secrets
import string
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.trust import api as trust
from zhengtong.entry.demo import cast
from zhengtong.entry.runtime.first_content import FirstAccount
from zhengtong.kernel.actors import Actor, anonymous, system
from zhengtong.kernel.errors import Conflict
from zhengtong.systems.supervision import api as supervision

DATA = Path(__file__).parent / "data"
PROCESSES = {
    "standard": "一般事项办理流程",
    "joint": "多部门联合办理流程",
    "instant": "即办件办理流程",
    "restaurant": "开办餐饮店一件事",
}
_LEAD = "G22"


def load(progress: Callable[[str], None]) -> Iterable[FirstAccount]:
    """Organisations, people, calendar, processes, forms, items, rules, one seal; new accounts with passwords."""
    boss = system(settings.ZHENGTONG_TENANT)
    identity.create_tenant(actor=boss, name="青禾县", province="（演示）", city="禾州市")
    outcome = identity.import_organisations(actor=boss, rows=_rows("organisations.csv"))
    progress(f"机构 {outcome.created + outcome.changed + outcome.same} 个")
    cases.import_calendar(actor=boss, text=(DATA / "holidays.csv").read_text(encoding="utf-8"))
    accounts = [*_citizens(boss.tenant), *_staff(boss)]
    progress(f"新建账号 {len(accounts)} 个")
    _processes(boss.tenant)
    for path in sorted((DATA / "forms").glob("*.json")):
        forms.declare_form(actor=boss, key=path.stem, definition=json.loads(path.read_text(encoding="utf-8")))
    _items(boss, progress)
    rules = json.loads((DATA / "supervision-rules.json").read_text(encoding="utf-8"))
    supervision.install_rules(actor=boss, rows=rules)
    _window_posts(boss)
    unit = identity.organisation(boss.tenant, _LEAD)
    trust.ensure_seal(actor=boss, org_id=unit.id, org_name=unit.name, kind="official")
    progress("流程、表单、监察规则和电子印章已就绪")
    return accounts


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _citizens(tenant: str) -> list[FirstAccount]:
    made = []
    stranger = anonymous(tenant)
    for title, person in (("个人 张一", cast.APPLICANT), ("法定代表人 李二", cast.OWNER), ("经办人 王三", cast.AGENT)):
        password = _password()
        try:
            person_id = identity.register_citizen(
                actor=stranger,
                name=person.name,
                citizen_number=person.citizen_number,
                phone=person.phone,
                password=password,
                consent=True,
            )
        except Conflict:
            continue
        made.append(FirstAccount(title, person.phone, password))
        if person is cast.OWNER:
            name, uscc = cast.COMPANY
            owner = identity.actor_for(tenant, person_id=person_id, as_self=True)
            identity.register_legal_person(actor=owner, name=name, uscc=uscc, representative_name=person.name)
    return made


def _staff(boss: Actor) -> list[FirstAccount]:
    titles = {account.username: title for title, account in cast.STAFF}
    rows = [account for _title, account in cast.STAFF]
    made = identity.create_first_accounts(actor=boss, rows=rows, must_change=False)
    return [FirstAccount(titles[secret.username], secret.username, secret.password) for secret in made]


def _window_posts(boss: Actor) -> None:
    """One clerk and one leader hold a post in every other department with items, so that every item can run."""
    played = {account.org_code for _title, account in cast.STAFF if {"clerk", "leader"} & set(account.roles)}
    units = {option.key for option in catalogue.departments(boss.tenant)} - played
    rows = [
        identity.FirstAccount(username, name, unit, post, (role,))
        for unit in sorted(units)
        for username, name, post, role in (
            (cast.WINDOW, "综窗员甲", "综合窗口岗", "clerk"),
            (cast.WINDOW_LEADER, "审批员甲", "审批决定岗", "leader"),
        )
    ]
    identity.create_first_accounts(actor=boss, rows=rows, must_change=False)


def _processes(tenant: str) -> None:
    drawer = identity.find_actor("process.admin", tenant=tenant)
    approver = identity.find_actor("leader.market", tenant=tenant)
    for key, title in PROCESSES.items():
        drawing = (DATA / "processes" / f"{key}.bpmn").read_text(encoding="utf-8")
        cases.deploy_process(actor=drawer, approver=approver, key=key, title=title, bpmn_xml=drawing)


def _items(boss: Actor, progress: Callable[[str], None]) -> None:
    showcase = json.loads((DATA / "showcase.json").read_text(encoding="utf-8"))
    report = catalogue.import_items(
        actor=boss,
        rows=_rows("service-items.csv"),
        details=showcase.get("details", {}),
        defaults=showcase.get("defaults", {}),
        progress=lambda done, total: progress(f"事项 {done}/{total}"),
    )
    for remark in report.held:
        progress(f"未发布：第 {remark.row} 行 {remark.name}")


def _password() -> str:
    """Fourteen characters of all four kinds, easy to tell apart on a screen."""
    letters = "abcdefghijkmnpqrstuvwxyz"
    kinds = (letters, letters.upper().replace("O", "").replace("L", ""), "23456789", "-_.!")
    picked = [secrets.choice(kind) for kind in kinds] + [secrets.choice(letters + string.digits[2:]) for _ in range(10)]
    secrets.SystemRandom().shuffle(picked)
    return "".join(picked)
