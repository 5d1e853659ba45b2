"""A county with a supervisor's office, a unit that is complained about, a unit that handles, and people who write."""

import datetime as dt
import io
from typing import Any

from django.http import HttpResponse
from django.test import Client
from PIL import Image

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.kernel.actors import Actor, anonymous, system
from zhengtong.systems.complaints import api
from zhengtong.systems.complaints.models import Complaint

MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # 10:00 in Shanghai
TENANT = "980723"
ACCUSED = ("G22", "青禾县市场监督管理局")
HANDLER = ("G25", "青禾县政务服务局")
OFFICE = ("A02", "青禾县纪委监委")
NAME, PHONE, ADDRESS = "欧阳秋实", "13977001234", "东河镇柳树巷十七号"
NUMBER = people.citizen_number(711, born="19651203")
#: how the person names himself in his own words
CONTENT = (
    "11 月 3 日上午我到大厅 3 号窗口办小餐饮许可，工作人员说系统坏了，让我明天再来，连来三天都不收材料。"
    f"我是{NAME}，电话 139 7700 1234，身份证 {NUMBER[:6]}-{NUMBER[6:14]}-{NUMBER[14:]}，"
    f"家住{ADDRESS}，可以随时找欧阳先生核实。"
)


def county() -> None:
    """Tenant and units, no decreed holidays."""
    identity.create_tenant(actor=system(people.tenant()), name="青禾县")
    for unit in (ACCUSED, HANDLER, OFFICE):
        people.organisation(*unit)
    cases.forget_calendars()


def official(username: str, *roles: str, org: tuple[str, str] = HANDLER, post: str = "") -> Actor:
    """An official of a unit."""
    return people.official(username, *roles, org_code=org[0], org_name=org[1], post=post)


def supervisor(username: str = "supervisor") -> Actor:
    """One of the supervisor's office."""
    return official(username, "supervisor", org=OFFICE)


def citizen() -> Actor:
    """The person who writes, with an account."""
    return people.citizen(NAME, number=NUMBER, phone=PHONE)


def words(**changes: Any) -> api.Words:
    """A complaint that wants its author kept secret."""
    values: dict[str, Any] = {
        "kind": "complaint",
        "protection": "confidential",
        "title": f"{NAME}反映窗口三天不收材料",
        "content": CONTENT,
        "wish": "请当场收件，并给欧阳秋实一个说法。",
        "name": NAME,
        "phone": PHONE,
        "address": ADDRESS,
        "may_publish": True,
    }
    return api.Words(**{**values, **changes})


def subject(actor: Actor, token: str = f"unit:{ACCUSED[0]}", **more: str) -> api.Subject:
    """What it is about: the unit, unless something else is named."""
    return api.subject_of(actor, token, **more)


def sent(actor: Actor | None = None, token: str = f"unit:{ACCUSED[0]}", **changes: Any) -> api.Receipt:
    """A complaint handed in at the portal."""
    who = actor or anonymous(TENANT)
    return api.submit(actor=who, subject=subject(who, token), words=words(**changes))


def accepted(office: Actor, **more: Any) -> Complaint:
    """One that was accepted."""
    row = sent(**more).row
    return api.accept(actor=office, complaint_id=row.id)


def assigned(office: Actor, org: tuple[str, str] = HANDLER, **more: Any) -> Complaint:
    """One that a unit handles, in the words the platform proposes."""
    return give(office, accepted(office, **more), org)


def give(office: Actor, row: Complaint, org: tuple[str, str] = HANDLER) -> Complaint:
    """Give an accepted one to a unit."""
    title, brief = api.proposed_brief(row)
    return api.assign(actor=office, complaint_id=row.id, org_code=org[0], title=title, brief=brief, checked=True)


def drafted(handler: Actor, row: Complaint, **changes: Any) -> None:
    """The unit reports and proposes an answer."""
    values: dict[str, Any] = {
        "text": "经核实，窗口确有拒收材料的情况，已当面道歉并补收。",
        "finding": "founded",
        "measures": ["rectify", "apology"],
        "facts": "调取了 11 月 3 日至 5 日的大厅录像和取号记录。",
    }
    api.submit_draft(actor=handler, complaint_id=row.id, **{**values, **changes})


def answered(office: Actor, handler: Actor, **more: Any) -> Complaint:
    """One that was answered."""
    row = assigned(office, **more)
    drafted(handler, row)
    return api.approve_answer(actor=office, complaint_id=row.id)


def picture() -> bytes:
    """A small photograph."""
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(made, "PNG")
    return made.getvalue()


def signed_in(actor: Actor) -> Client:
    """A browser in which somebody is signed in."""
    client: Client = people.sign_in(Client(), actor)
    return client


def text_of(response: HttpResponse) -> str:
    """What a page says."""
    return response.content.decode()
