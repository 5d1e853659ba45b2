"""A county with one published item and an application in it, for tests of the hall's pages."""

import datetime as dt
import io
import uuid
from typing import Any

from django.test import Client
from django.urls import reverse
from PIL import Image

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.cases.tests import county
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.testing.founding import founded_once
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application

TENANT = county.TENANT
ITEM = "1198072300720319364980131801000"
MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # 10:00 in Shanghai
REVIEWS = {"H05": "fire", "G11": "signboard", "G10": "housing", "H04": "tobacco"}

_FORM = {
    "title": "开办餐饮店申请表",
    "sections": [
        {
            "title": "经营者",
            "fields": [
                {"key": "principal", "label": "经营者", "kind": "text", "prefill": "name", "personal": True},
                {"key": "phone", "label": "联系电话", "kind": "phone", "prefill": "phone"},
            ],
        },
        {
            "title": "场所",
            "fields": [
                {"key": "shop", "label": "店铺名称", "kind": "text"},
                {"key": "area", "label": "经营面积", "kind": "number", "unit": "㎡"},
            ],
        },
    ],
}
_ANSWERS = {"principal": "张一", "phone": "13800000001", "shop": "老街面馆", "area": "86"}


def found_hall() -> None:
    """Organisations, calendar, processes, a form and the item 开办餐饮店一件事 with four materials."""
    cases.forget_calendars()
    _found_hall()


@founded_once
def _found_hall() -> None:
    county.found_county()
    boss = system(TENANT)
    forms.declare_form(actor=boss, key="small", definition=_FORM)
    material = catalogue.MaterialDraft
    catalogue.publish_item(
        actor=boss,
        draft=catalogue.ItemDraft(
            code=ITEM,
            name="开办餐饮店一件事",
            power_type="01",
            department="青禾县市场监督管理局",
            legal_basis="食品安全法 第三十五条",
            applicant_type="both",
            handling_kind="2",
            statutory_limit="20 WD",
            promised_limit="8 WD",
            online_depth="IV",
            joint_units=tuple(
                catalogue.JointUnit(name=f"青禾县{county.UNITS[code]}", limit=limit)
                for code, limit in (("H05", "5 WD"), ("G11", "5 WD"), ("G10", "7 WD"), ("H04", "7 WD"))
            ),
            materials=(
                material(key="lease", name="房屋租赁合同", form="复印件", accept_standard="双方已签字"),
                material(key="plan", name="场所布局图", form="原件"),
                material(key="sign", name="招牌效果图", form="原件", tolerable=True),
                material(key="licence", name="营业执照", form="数据共享"),
            ),
            result_title="食品经营许可证",
            validity="5年",
            phone="12345",
            process_key="restaurant",
            form_key="small",
        ),
    )


def clerk(code: str = "G22", *roles: str) -> Actor:
    """An official with an account; a clerk unless other roles are given."""
    words = roles or ("clerk",)
    name = f"青禾县{county.UNITS[code]}"
    return factories.official(f"{'.'.join(words)}.{code.lower()}", *words, org_code=code, org_name=name, name="李二")


def watcher() -> Actor:
    """A supervisor of another unit."""
    return factories.official("supervisor", "supervisor", org_code="A02", org_name="青禾县政务督查室", name="赵四")


def signed_in(actor: Actor) -> Client:
    """A client of its own, signed in."""
    client = Client()
    factories.sign_in(client, actor)
    return client


def picture(colour: str = "white") -> bytes:
    """A small photograph."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(out, "PNG")
    return out.getvalue()


def submitted(applicant: Actor | None = None, *, owes_sign: bool = False) -> Application:
    """An application as a citizen hands it in, complete; ``owes_sign``: he promises to give the sign later."""
    actor = applicant or factories.citizen("张一")
    row = api.start_application(actor=actor, item_code=ITEM)
    api.save_answers(actor=actor, application_id=row.id, answers=_ANSWERS)
    for key in ("lease", "plan") if owes_sign else ("lease", "plan", "sign"):
        attach(actor, row, key, "white")
    row = api.submit_application(actor=actor, application_id=row.id)
    if owes_sign:
        api.sign_tolerance(actor=actor, application_id=row.id, agreed=True)
    return row


def attach(actor: Actor, row: Application, key: str, colour: str) -> uuid.UUID:
    """Give a file for a material."""
    given = api.attach_material(
        actor=actor, application_id=row.id, material_key=key, name=f"{key}.png", content=picture(colour)
    )
    return given.id


def task_of(row: Application, node: str = "accept") -> cases.WorkItemView:
    """The open task of a node of an application's case."""
    case = cases.case_view(actor=system(TENANT), case_id=case_id(row))
    return next(item for item in case.open_items if item.node == node)


def case_id(row: Application) -> uuid.UUID:
    """The case of a submitted application."""
    assert row.case_id is not None
    return row.case_id


def do(actor: Actor, row: Application, node: str, outcome: str, **more: Any) -> None:
    """Complete a task through the service."""
    item = task_of(row, node)
    words = {"opinion": "符合要求", "command_key": uuid.uuid4().hex} | more
    api.complete_task(actor=actor, work_item_id=item.id, outcome=outcome, **words)


def reviewed(row: Application) -> None:
    """Accepted, and all four departments agree."""
    do(clerk(), row, "accept", "accept")
    for code, node in REVIEWS.items():
        do(clerk(code), row, f"review_{node}", "agree")


def task_address(row: Application, node: str = "accept") -> str:
    """The page of an open task."""
    return reverse("service_hall:decision" if node == "decide" else "service_hall:task", args=[task_of(row, node).id])


def case_address(row: Application) -> str:
    """The page of a case."""
    return reverse("service_hall:case", args=[case_id(row)])
