"""A county with everything in it, made through the services; two of them share codes, names, numbers and people.

What differs is what must never be seen by the other: the county's name, the names of its people and its keys.
"""

import dataclasses
import datetime as dt
import io
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import time_machine
from django.test import Client, override_settings
from PIL import Image

import zhengtong
from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.models import ParameterValue
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api as hall
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.supervision import api as supervision

MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # 10:00 in Shanghai
DATA = Path(zhengtong.__file__).parent / "entry" / "demo" / "data"
ITEM = "1198072300720319364980131801000"
NUMBER = "2026-0001"
REVIEWS = {"H05": "fire", "G11": "signboard", "G10": "housing", "H04": "tobacco"}
UNITS = {
    "G22": "市场监督管理局",
    "H05": "消防救援大队",
    "G11": "城市管理和综合执法局",
    "G10": "住房和城乡建设局",
    "H04": "烟草专卖局",
    "A02": "政务督查室",
    "G26": "大数据局",
}
OFFICES = {
    "clerk": "G22",
    "leader": "G22",
    "process_admin": "G22",
    "supervisor": "A02",
    "sys_admin": "G26",
    "sec_admin": "G26",
    "audit_admin": "G26",
}
_FORM = {
    "title": "开办餐饮店申请表",
    "sections": [
        {
            "title": "经营者",
            "fields": [
                {"key": "principal", "label": "经营者", "kind": "text", "prefill": "name", "personal": True},
                {"key": "shop", "label": "店铺名称", "kind": "text"},
            ],
        }
    ],
}


@dataclasses.dataclass
class County:
    """``code`` is its tenant, ``name`` and ``surname`` mark what belongs to it in every text."""

    code: str
    name: str
    surname: str
    days_off: tuple[str, ...] = ()
    yellow_ratio: float = 0.9
    people: dict[str, Actor] = dataclasses.field(default_factory=dict)
    licensed: Application | None = None
    pending: Application | None = None

    def here(self) -> Any:
        """The installation of this county."""
        return override_settings(ZHENGTONG_TENANT=self.code)

    def client(self, who: str) -> Client:
        """A browser in which this person has signed in; a stranger's for the empty name."""
        client = Client()
        if who:
            factories.sign_in(client, self.people[who])
        return client

    def found(self) -> None:
        """Units, people, calendar, parameters, processes, form, item, rules, seal."""
        boss = system(self.code)
        identity.create_tenant(actor=boss, name=self.name)
        self.name_units()
        text = (DATA / "holidays.csv").read_text(encoding="utf-8").strip()
        off = "".join(f"\n{day},holiday,{self.name}建县日,二,adjusted_off,{self.name}通知" for day in self.days_off)
        cases.import_calendar(actor=boss, text=text + off + "\n")
        ParameterValue.objects.create(
            tenant=self.code,
            key="cases.yellow_ratio",
            value=self.yellow_ratio,
            source=f"{self.name}规则",
            valid_from=dt.date(2026, 1, 1),
        )
        for role, unit in OFFICES.items():
            self.people[role] = self._official(role, unit)
        for unit in REVIEWS:
            self.people[f"clerk.{unit}"] = self._official("clerk", unit)
        number = factories.citizen_number(77)
        self.people["citizen"] = factories.citizen(f"{self.surname}一", number=number, phone="13800000001")
        for key in ("restaurant", "standard"):
            cases.deploy_process(
                actor=self.people["process_admin"],
                approver=self.people["leader"],
                key=key,
                title=f"{self.name}{key}",
                bpmn_xml=(DATA / "processes" / f"{key}.bpmn").read_text(encoding="utf-8"),
            )
        forms.declare_form(actor=boss, key="small", definition=_FORM)
        catalogue.publish_item(actor=boss, draft=self._item())
        rules = json.loads((DATA / "supervision-rules.json").read_text(encoding="utf-8"))
        supervision.install_rules(actor=boss, rows=rules)
        lead = self.people["leader"]
        trust.ensure_seal(actor=boss, org_id=self.unit("G22").id, org_name=lead.org_name, kind="official")

    def name_units(self) -> None:
        """Every unit bears the county's name."""
        rows = [identity.OrganisationRow(org_code=c, name=f"{self.name}{n}", level="县级") for c, n in UNITS.items()]
        identity.import_organisations(actor=system(self.code), rows=rows)

    def unit(self, code: str) -> identity.OrganisationInfo:
        """An organisation."""
        return identity.organisation(self.code, code)

    def apply(self) -> Application:
        """The citizen hands in an application."""
        actor = self.people["citizen"]
        row = hall.start_application(actor=actor, item_code=ITEM)
        hall.save_answers(
            actor=actor,
            application_id=row.id,
            answers={"principal": actor.name, "shop": f"{self.name}老街面馆"},
        )
        out = io.BytesIO()
        Image.new("RGB", (8, 8), "white").save(out, "PNG")
        hall.attach_material(
            actor=actor,
            application_id=row.id,
            material_key="lease",
            name=f"{self.name}合同.png",
            content=out.getvalue(),
        )
        return hall.submit_application(actor=actor, application_id=row.id)

    def do(self, who: str, row: Application, node: str, outcome: str) -> None:
        """Complete the task of a node."""
        assert row.case_id is not None
        case = cases.case_view(actor=system(self.code), case_id=row.case_id)
        item = next(one for one in case.open_items if one.node == node)
        hall.complete_task(
            actor=self.people[who],
            work_item_id=item.id,
            outcome=outcome,
            opinion=f"{self.name}同意",
            command_key=uuid.uuid4().hex,
        )

    def live(self) -> None:
        """One licence issued, one application under review, and one bare case with the number of the other county."""
        self.licensed, self.pending = self.apply(), self.apply()
        for row in (self.licensed, self.pending):
            self.do("clerk", row, "accept", "accept")
        for code, node in REVIEWS.items():
            self.do(f"clerk.{code}", self.licensed, f"review_{node}", "agree")
        self.do("leader", self.licensed, "decide", "approve")
        unit = self.unit("G22")
        cases.open_case(
            actor=self.people["citizen"],
            number=NUMBER,
            title=f"{self.name}事项",
            item_code=ITEM,
            process_key="restaurant",
            owner_org_id=unit.id,
            owner_org_name=unit.name,
            subject_ref=ObjectRef(kind="matter", id=NUMBER),
            limits={"acceptance": cases.Limit.parse("5 WD"), "promised": cases.Limit.parse("8 WD")},
        )
        do_all_work()

    def _official(self, role: str, unit: str) -> Actor:
        return factories.official(
            f"{role}.{unit}.{self.code}".lower(),
            role,
            org_code=unit,
            org_name=f"{self.name}{UNITS[unit]}",
            post=f"{role}岗",
            name=f"{self.surname}{role}",
        )

    def _item(self) -> catalogue.ItemDraft:
        limits = {"H05": "5 WD", "G11": "5 WD", "G10": "7 WD", "H04": "7 WD"}
        return catalogue.ItemDraft(
            code=ITEM,
            name="开办餐饮店一件事",
            power_type="01",
            department=f"{self.name}市场监督管理局",
            legal_basis=f"{self.name}办法 第一条",
            applicant_type="both",
            handling_kind="2",
            statutory_limit="20 WD",
            promised_limit="8 WD",
            online_depth="IV",
            joint_units=tuple(
                catalogue.JointUnit(name=f"{self.name}{UNITS[code]}", limit=limit) for code, limit in limits.items()
            ),
            materials=(catalogue.MaterialDraft(key="lease", name="房屋租赁合同", form="复印件"),),
            result_title="食品经营许可证",
            validity="5年",
            phone="12345",
            process_key="restaurant",
            form_key="small",
        )


@contextmanager
def two_counties() -> Iterator[tuple[County, County]]:
    """Red Soil and White Water; both have issued a licence and have another case under review."""
    first = County("980723", "红土县", "红某")
    second = County("980724", "白水县", "白某", days_off=("2026-11-10", "2026-11-12"), yellow_ratio=0.5)
    cases.forget_calendars()
    with time_machine.travel(MONDAY, tick=False) as clock:
        for county in (first, second):
            with county.here():
                county.found()
        for county in (first, second):
            with county.here():
                county.live()
        clock.shift(dt.timedelta(days=16))
        cases.forget_calendars()
        cases.tick()
        do_all_work()
        yield first, second
    cases.forget_calendars()
