"""A small county and applications in named states for tests of the hall; all made through the doors of the apps."""

import functools
import io
import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.testing.founding import founded_once
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.selectors.promises import missing_tolerable

TENANT = "980723"
DATA = Path(__file__).parents[3] / "entry" / "demo" / "data"
UNITS = {
    "G22": "青禾县市场监督管理局",
    "H05": "青禾县消防救援大队",
    "G11": "青禾县城市管理和综合执法局",
    "G10": "青禾县住房和城乡建设局",
    "H04": "青禾县烟草专卖局",
}
#: a plain item with one material to give, one that may follow and one that is shared
SIMPLE = "119807230072031936498" + "0139999001"
#: the same for natural persons only
PERSONS_ONLY = "119807230072031936498" + "0139999002"
#: 开办餐饮店一件事: four units review at the same time
JOINT = "119807230072031936498" + "0139999003"
REQUIRED, TOLERABLE, SHARED, FORM = "premises", "signboard", "licence", "application_form"

ANSWERS = {
    "address": "青禾县城关镇老街 18 号",
    "content": "在老街 18 号开办一家面馆。",
    "consent_true": "yes",
    "consent_share": "yes",
}
RESTAURANT_ANSWERS = {
    "has_licence": "no",
    "shop_name": "老街面馆",
    "premises": "青禾县城关镇老街 18 号一层",
    "area": "86",
    "seats": "24",
    "business_type": "restaurant",
    "business_items": "热食类食品制售",
    "signboard": "yes",
    "signboard_size": "4.2 米×0.9 米",
    "tobacco": "no",
    "gas": "pipe",
    "fume": "purified",
    "exits": "2",
    "consent_true": "yes",
    "consent_safety": "yes",
    "consent_share": "yes",
}


EXAMPLE_ANSWERS = {
    "for_unit": "no",
    "place": "980723100000",
    "address": "滨河路 18 号",
    "activities": ["show"],
    "first_day": "2026-12-01",
    "period": {"from": "2026-12-02", "to": "2026-12-05"},
    "visitors": "800",
    "ticket": "12.5",
    "guards": [{"who": "李二", "call": "13900000002", "licensed": "no"}],
    "devices": [{"what": "舞台", "kind": "stage", "count": "2", "price": "1500"}],
    "consent_true": "yes",
    "signed": {"name": "张一", "at": "2026-11-22T10:00:00+08:00", "drawn": ""},
}


def form_definition(key: str) -> dict[str, Any]:
    """A form of the demonstration county as JSON."""
    found: dict[str, Any] = json.loads((DATA / "forms" / f"{key}.json").read_text(encoding="utf-8"))
    return found


def found_county(*processes: str) -> None:
    """Units, calendar, forms and items; ``processes`` beside the standard one are deployed too."""
    cases.forget_calendars()
    _found_county(*processes)


@founded_once
def _found_county(*processes: str) -> None:
    boss = system(TENANT)
    identity.create_tenant(actor=boss, name="青禾县")
    rows = [identity.OrganisationRow(org_code=code, name=name, level="县级") for code, name in UNITS.items()]
    identity.import_organisations(actor=boss, rows=rows)
    cases.import_calendar(actor=boss, text=(DATA / "holidays.csv").read_text(encoding="utf-8"))
    for key in {"standard", *processes}:
        cases.deploy_process(
            actor=official("G22", "process_admin"),
            approver=official("G22", "leader"),
            key=key,
            title=key,
            bpmn_xml=(DATA / "processes" / f"{key}.bpmn").read_text(encoding="utf-8"),
        )
    for key in ("general", "restaurant"):
        forms.declare_form(actor=boss, key=key, definition=form_definition(key))
    for draft in (item_draft(), item_draft(code=PERSONS_ONLY, name="个人测试许可", applicant_type="person")):
        catalogue.publish_item(actor=boss, draft=draft)
    if "restaurant" in processes:
        units = [("H05", "5 WD"), ("G11", "5 WD"), ("G10", "7 WD"), ("H04", "7 WD")]
        joint = tuple(catalogue.JointUnit(name=UNITS[code], limit=limit) for code, limit in units)
        catalogue.publish_item(
            actor=boss,
            draft=item_draft(
                code=JOINT,
                name="开办餐饮店一件事",
                joint_units=joint,
                process_key="restaurant",
                form_key="restaurant",
            ),
        )


def item_draft(**changes: Any) -> catalogue.ItemDraft:
    """A plain item of the market supervision bureau."""
    values: dict[str, Any] = {
        "code": SIMPLE,
        "name": "小餐饮测试许可",
        "power_type": "01",
        "department": UNITS["G22"],
        "legal_basis": "食品安全法 第三十六条",
        "applicant_type": "both",
        "handling_kind": "2",
        "statutory_limit": "20 WD",
        "promised_limit": "8 WD",
        "online_depth": "IV",
        "phone": "12345",
        "result_document": "小餐饮经营许可证",
        "validity": "3年",
        "materials": (
            catalogue.MaterialDraft(key=FORM, name="申请表", form="原件"),
            catalogue.MaterialDraft(
                key=REQUIRED, name="场所证明", form="复印件", accept_standard="地址写到门牌号，双方签字。"
            ),
            catalogue.MaterialDraft(key=TOLERABLE, name="招牌效果图", form="原件", tolerable=True),
            catalogue.MaterialDraft(key=SHARED, name="营业执照", form="数据共享"),
        ),
    }
    return catalogue.ItemDraft(**{**values, **changes})


def official(code: str, *roles: str) -> Actor:
    """An official of a unit with roles, without an account; use ``people.official`` where one signs in."""
    unit = identity.organisation(TENANT, code)
    return Actor(
        tenant=TENANT,
        kind="official",
        person_id=uuid.uuid5(uuid.NAMESPACE_OID, code + ",".join(roles)),
        name=f"{UNITS[code]}经办",
        post_name="经办岗",
        org_id=unit.id,
        org_code=code,
        org_name=unit.name,
        org_path=unit.path,
        roles=frozenset(roles),
    )


@functools.cache
def pdf(text: str = "") -> bytes:
    """A small harmless PDF; another text gives another file."""
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(200, 200))
        made.docinfo["/Title"] = text or "场所证明"
        out = io.BytesIO()
        made.save(out)
    return out.getvalue()


@functools.cache
def pdf_with_action() -> bytes:
    """A PDF that would run a script when opened."""
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(200, 200))
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        out = io.BytesIO()
        made.save(out)
    return out.getvalue()


@functools.cache
def photo() -> bytes:
    """A small JPG."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return out.getvalue()


def draft(actor: Actor, code: str = SIMPLE, answers: Mapping[str, str] | None = None) -> Application:
    """A draft with the form filled in and nothing uploaded."""
    row = api.start_application(actor=actor, item_code=code)
    filled = RESTAURANT_ANSWERS if code == JOINT else ANSWERS
    api.save_answers(actor=actor, application_id=row.id, answers={**filled, **(answers or {})})
    return row


def ready_draft(actor: Actor, code: str = SIMPLE, answers: Mapping[str, str] | None = None) -> Application:
    """A draft that can be handed in."""
    row = draft(actor, code, answers)
    give(actor, row)
    return row


def give(actor: Actor, row: Application, key: str = REQUIRED, text: str = "") -> None:
    """Upload a material."""
    api.attach_material(actor=actor, application_id=row.id, material_key=key, name="场所证明.pdf", content=pdf(text))


def submitted(actor: Actor, code: str = SIMPLE, answers: Mapping[str, str] | None = None) -> Application:
    """A complete application that was handed in and waits to be accepted."""
    return complete(actor, ready_draft(actor, code, answers))


def complete(actor: Actor, row: Application) -> Application:
    """Hand in a draft with what might have followed later, too: nothing is promised."""
    for owed in missing_tolerable(row):
        give(actor, row, owed.key)
    return api.submit_application(actor=actor, application_id=row.id)


def handed_in_with_a_file(actor: Actor) -> Application:
    """A submitted application on the example form, with a file among its answers."""
    row = api.start_application(actor=actor, item_code=SIMPLE)
    api.attach_answer(actor=actor, application_id=row.id, path="plan", name="方案.pdf", content=pdf())
    api.save_answers(actor=actor, application_id=row.id, answers=EXAMPLE_ANSWERS)
    give(actor, row)
    return complete(actor, row)


def task(row: Application, *, org_code: str = "G22", role: str = "clerk") -> cases.WorkItemView:
    """The open task of a unit on an application."""
    assert row.case_id is not None
    case = cases.case_view(actor=system(TENANT), case_id=row.case_id)
    unit = identity.organisation(TENANT, org_code)
    return next(item for item in case.open_items if item.org_id == unit.id and item.role == role)


def act(row: Application, outcome: str, *, org_code: str = "G22", role: str = "clerk", **more: Any) -> Application:
    """Complete the open task of a unit on an application."""
    item = task(row, org_code=org_code, role=role)
    api.complete_task(
        actor=official(org_code, role),
        work_item_id=item.id,
        outcome=outcome,
        opinion=more.pop("opinion", "符合要求"),
        command_key=f"test:{item.id}:{outcome}",
        **more,
    )
    row.refresh_from_db()
    return row


def told(actor: Actor, code: str = SIMPLE, points: Mapping[str, str] | None = None) -> Application:
    """A submitted application with a one-time notice that waits for the applicant."""
    return act(submitted(actor, code), "supplement", points=points or {REQUIRED: "第 3 页缺少出租方签字"})


def accepted(actor: Actor, code: str = SIMPLE) -> Application:
    """An accepted application under review."""
    return act(submitted(actor, code), "accept")


__all__ = [
    "ANSWERS",
    "EXAMPLE_ANSWERS",
    "JOINT",
    "PERSONS_ONLY",
    "RESTAURANT_ANSWERS",
    "SIMPLE",
    "accepted",
    "act",
    "complete",
    "draft",
    "found_county",
    "give",
    "official",
    "pdf",
    "people",
    "ready_draft",
    "submitted",
    "task",
    "told",
]
