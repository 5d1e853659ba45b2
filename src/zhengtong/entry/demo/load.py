"""Loads the demonstration county; repeating it changes nothing and shows no password twice."""

import csv
import dataclasses
import datetime as dt
import json
import secrets
import string
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import api as trust
from zhengtong.entry.demo import cast
from zhengtong.entry.demo.centre import load_centre
from zhengtong.entry.demo.complaints import load_complaints
from zhengtong.entry.demo.disclosure import load_disclosure
from zhengtong.entry.demo.guides import guide_of
from zhengtong.entry.demo.inspections import load_inspections
from zhengtong.entry.demo.opinions import load_opinions
from zhengtong.entry.demo.sites import load_sites, write_and_review
from zhengtong.entry.runtime.first_accounts import FirstAccount
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor, anonymous, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict
from zhengtong.systems.sites import api as sites
from zhengtong.systems.supervision import api as supervision

DATA = Path(__file__).parent / "data"
PROCESSES = {
    "standard": "一般事项办理流程",
    "joint": "多部门联合办理流程",
    "instant": "即办件办理流程",
    "restaurant": "开办餐饮店一件事",
    "commitment": "告知承诺办件流程",
}
_LEAD = "G22"
_AGENCY = dt.timedelta(days=365)
#: how long before its first start the demonstration's county was set up
_BEFORE = dt.timedelta(days=400)


def load(progress: Callable[[str], None]) -> Iterator[FirstAccount]:
    """Organisations, people, calendar, processes, forms, items, rules, one seal.

    Where the ledger may hold simulated entries all of it is laid into the past, so that a year of cases can have
    happened since. Yields each new account as soon as it is stored, so that no password is lost when a later step
    fails.
    """
    if not ledger.may_simulate():
        yield from _everything(progress)
        return
    with clock.simulated(clock.now() - _BEFORE):
        yield from _everything(progress)


def _everything(progress: Callable[[str], None]) -> Iterator[FirstAccount]:
    boss = system(settings.ZHENGTONG_TENANT)
    identity.create_tenant(actor=boss, name="青禾县", province="（演示）", city="禾州市")
    outcome = identity.import_organisations(actor=boss, rows=_rows("organisations.csv"))
    progress(f"机构 {outcome.created + outcome.changed + outcome.same} 个")
    cases.import_calendar(actor=boss, text=(DATA / "holidays.csv").read_text(encoding="utf-8"))
    with clock.present():
        yield from _citizens(boss.tenant)
    yield from _staff(boss)
    progress("账号已就绪")
    _processes(boss.tenant)
    for path in sorted((DATA / "forms").glob("*.json")):
        forms.declare_form(actor=boss, key=path.stem, definition=_json(path))
    _items(boss, progress)
    rules = _json(DATA / "supervision-rules.json")
    supervision.install_rules(actor=boss, rows=rules)
    supervision.install_formulas(actor=boss)
    yield from _window_posts(boss)
    load_centre(boss)
    load_inspections(boss)
    load_sites(boss, progress)
    if settings.ZHENGTONG_DEMO_CASES:
        load_complaints(boss)
        write_and_review(boss)
        load_disclosure(boss)
        load_opinions(boss)
    unit = identity.organisation(boss.tenant, _LEAD)
    trust.ensure_seal(actor=boss, org_id=unit.id, org_name=unit.name, kind="official")
    progress("流程、表单、监察规则和电子印章已就绪")


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _citizens(tenant: str) -> Iterator[FirstAccount]:
    stranger = anonymous(tenant)
    owner: Actor | None = None
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
        yield FirstAccount(title, person.phone, password)
        if person is cast.OWNER:
            owner = _found_company(tenant, person_id)
        elif person is cast.AGENT and owner is not None:
            identity.authorise_agent(
                actor=owner,
                agent_name=person.name,
                agent_citizen_number=person.citizen_number,
                valid_until=local_date() + _AGENCY,
            )


def _found_company(tenant: str, person_id: uuid.UUID) -> Actor:
    """The demonstration's company; the actor is its legal representative."""
    name, uscc = cast.COMPANY
    owner = identity.actor_for(tenant, person_id=person_id, as_self=True)
    agency_id = identity.register_legal_person(actor=owner, name=name, uscc=uscc, representative_name=cast.OWNER.name)
    return identity.actor_for(tenant, person_id=person_id, agency_id=agency_id)


def _staff(boss: Actor) -> Iterator[FirstAccount]:
    for title, account in cast.STAFF:
        for secret in _appointed(boss, [account]):
            yield FirstAccount(title, secret.username, secret.password)


def _appointed(boss: Actor, rows: list[identity.FirstAccount]) -> list[identity.FirstAccountSecret]:
    """The accounts are of the present, so that their passwords are young; the posts have been held for long."""
    since = local_date()
    with clock.present():
        return identity.create_first_accounts(actor=boss, rows=rows, must_change=False, appointed_on=since)


def _window_posts(boss: Actor) -> Iterator[FirstAccount]:
    """One clerk and one leader hold a post in every other unit that handles items, so that every item can run."""
    played = {account.org_code for _title, account in cast.STAFF if "clerk" in account.roles}
    units = _units_of_items(boss.tenant)
    for title, account, without in (
        ("综合窗口", cast.WINDOW, played),
        ("综合审批", cast.WINDOW_LEADER, {_LEAD}),
    ):
        rows = [dataclasses.replace(account, org_code=unit) for unit in sorted(units - without)]
        for secret in _appointed(boss, rows):
            yield FirstAccount(title, secret.username, secret.password)


def _units_of_items(tenant: str) -> set[str]:
    units = {option.key for option in catalogue.departments(tenant)}
    for summary in catalogue.items(tenant, size=1000).rows:
        item = catalogue.item_version(summary.version_id)
        units |= {unit["org_code"] for unit in item.joint_departments if unit["org_code"]}
    return units


def _processes(tenant: str) -> None:
    drawer = identity.find_actor("process.admin", tenant=tenant)
    approver = identity.find_actor("leader.market", tenant=tenant)
    drawings = {key: (DATA / "processes" / f"{key}.bpmn").read_text(encoding="utf-8") for key in PROCESSES}
    drawings |= {"item_review": catalogue.review_drawing(), "site_review": sites.review_drawing()}
    for key, title in (PROCESSES | {"item_review": "权力事项审核", "site_review": "网页三审"}).items():
        cases.deploy_process(actor=drawer, approver=approver, key=key, title=title, bpmn_xml=drawings[key])


def _items(boss: Actor, progress: Callable[[str], None]) -> None:
    showcase = _json(DATA / "showcase.json")
    rows = _rows("service-items.csv")
    guides = _json(DATA / "guides.json")
    towns = [unit["name"] for unit in _rows("organisations.csv") if unit["kind"] == "乡镇人民政府"]
    modelled = {item.pop("code"): item for item in map(_json, sorted((DATA / "items").glob("*.json")))}
    details = {row["item_code"]: guide_of(row, guides, towns) | modelled.get(row["item_code"], {}) for row in rows}
    for place, code in enumerate(showcase["featured"], start=1):
        details.setdefault(code, {})["featured"] = place
    report = catalogue.import_items(
        actor=boss,
        rows=rows,
        details=details,
        defaults=showcase["defaults"],
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
