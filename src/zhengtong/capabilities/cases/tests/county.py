"""A small county for tests of cases: two units, their people, the restaurant's process."""

import uuid
from pathlib import Path

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import default_scope
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.testing.founding import founded_once

TENANT = "980723"
DRAWINGS = Path(__file__).parents[3] / "entry" / "demo" / "data" / "processes"
UNITS = {
    "G22": "市场监督管理局",
    "H05": "消防救援大队",
    "G11": "城市管理和综合执法局",
    "G10": "住房和城乡建设局",
    "H04": "烟草专卖局",
}
CALENDAR = (DRAWINGS.parent / "holidays.csv").read_text(encoding="utf-8")


def officer(code: str, *roles: str) -> Actor:
    """An official of a unit with roles, without an account."""
    unit = identity.organisation(TENANT, code)
    return Actor(
        tenant=TENANT,
        kind="official",
        person_id=uuid.uuid5(uuid.NAMESPACE_OID, code + ",".join(roles)),
        name=f"{unit.short_name}{'、'.join(roles)}",
        post_name="经办岗",
        org_id=unit.id,
        org_code=code,
        org_name=unit.name,
        org_path=unit.path,
        roles=frozenset(roles),
        scopes=tuple((role, default_scope(role)) for role in roles),
    )


def found_county() -> None:
    """Organisations, calendar and the four processes."""
    api.forget_calendars()
    _found_county()


@founded_once
def _found_county() -> None:
    boss = system(TENANT)
    identity.create_tenant(actor=boss, name="青禾县")
    identity.import_organisations(
        actor=boss,
        rows=[
            identity.OrganisationRow(
                org_code=code, name=f"青禾县{name}", short_name=name, kind="政府工作部门", level="县级"
            )
            for code, name in UNITS.items()
        ],
    )
    api.import_calendar(actor=boss, text=CALENDAR)
    for key in ("standard", "joint", "restaurant", "instant"):
        api.deploy_process(
            actor=officer("G22", "process_admin"),
            approver=officer("G22", "leader"),
            key=key,
            title=key,
            bpmn_xml=(DRAWINGS / f"{key}.bpmn").read_text(encoding="utf-8"),
        )


def citizen() -> Actor:
    """A citizen who applies."""
    return Actor(tenant=TENANT, kind="citizen", person_id=new_id(), name="张一", roles=frozenset({"citizen"}))


def open_restaurant_case(actor: Actor, *, number: str = "980723-2026-1", process_key: str = "restaurant") -> uuid.UUID:
    """A case of 开办餐饮店一件事 as the hall opens it."""
    unit = identity.organisation(TENANT, "G22")
    limits = {
        "acceptance": "5 WD",
        "promised": "8 WD",
        "statutory": "20 WD",
        "delivery": "10 WD",
        "supplement": "15 WD",
    }
    return api.open_case(
        actor=actor,
        number=number,
        title="开办餐饮店一件事",
        item_code="1198072300720319364980131801000",
        process_key=process_key,
        owner_org_id=unit.id,
        owner_org_name=unit.name,
        subject_ref=ObjectRef(kind="application", id=number),
        limits={kind: api.Limit.parse(text) for kind, text in limits.items()},
        departments=["H05", "G11", "G10", "H04"],
        step_limits={code: api.Limit.parse("5 WD") for code in ("H05", "G11")},
    )
