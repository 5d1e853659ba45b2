"""A county whose units answer requests: two units, their officers and heads, people and a company that ask."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.test import Client

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.kernel.actors import Actor, anonymous, system
from zhengtong.systems.disclosure import api
from zhengtong.systems.disclosure.models import DisclosureRequest

MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # 10:00 in Shanghai
TENANT = "980723"
UNIT = ("G21", "青禾县自然资源局")
OTHER = ("G22", "青禾县市场监督管理局")
OFFICE = ("A01", "青禾县人民政府办公室")
NAME, PHONE = "欧阳秋实", "13977001234"
NUMBER = people.citizen_number(711, born="19651203")


def county() -> None:
    """Tenant and units, no decreed holidays."""
    identity.create_tenant(actor=system(people.tenant()), name="青禾县")
    for unit in (UNIT, OTHER, OFFICE):
        people.organisation(*unit)
    cases.forget_calendars()


def official(username: str, *roles: str, org: tuple[str, str] = UNIT) -> Actor:
    """An official of a unit."""
    return people.official(username, *roles, org_code=org[0], org_name=org[1])


def citizen() -> Actor:
    """The person who asks, with an account."""
    return people.citizen(NAME, number=NUMBER, phone=PHONE)


def words(**changes: Any) -> api.Words:
    """A request for a plan of land."""
    values: dict[str, Any] = {
        "org_code": UNIT[0],
        "applicant_kind": "person",
        "name": NAME,
        "identity_number": NUMBER,
        "phone": PHONE,
        "title": "东河镇柳树巷地块的规划条件",
        "content": "2025 年柳树巷改造地块的规划条件通知书和附图。",
    }
    return api.Words(**{**values, **changes})


def sent(actor: Actor | None = None, **changes: Any) -> api.Receipt:
    """A request handed in on the platform."""
    return api.submit(actor=actor or anonymous(TENANT), words=words(**changes))


def answer(outcome: str = "provide", **changes: Any) -> api.Answer:
    """An answer that gives the information."""
    values: dict[str, Any] = {"outcome": outcome, "access": "随答复书附上复印件。", "text": "现提供规划条件通知书。"}
    return api.Answer(**{**values, **changes})


def answered(clerk: Actor, head: Actor, row: DisclosureRequest, **changes: Any) -> DisclosureRequest:
    """One that was answered."""
    api.draft_answer(actor=clerk, request_id=row.id, answer=answer(**changes))
    return api.approve_answer(actor=head, request_id=row.id)


def consulted(clerk: Actor, row: DisclosureRequest, **changes: Any) -> Any:
    """One in which a third party is asked."""
    values: dict[str, Any] = {"kind": "third", "party": "青禾建筑公司", "about": "规划条件通知书附图中的设计方案。"}
    return api.consult(actor=clerk, request_id=row.id, **{**values, **changes})


def signed_in(actor: Actor) -> Client:
    """A browser in which somebody is signed in."""
    client: Client = people.sign_in(Client(), actor)
    return client


def text_of(response: HttpResponse) -> str:
    """What a page says."""
    return response.content.decode()
