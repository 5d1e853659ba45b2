"""People who draw up, judge and publish items, and a draft on its way through their hands."""

import itertools
from pathlib import Path
from typing import Any

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.capabilities.catalogue.tests import county
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor

TENANT = county.TENANT
REASON = "青政发〔2026〕3 号"
PROCESSES = Path(__file__).parents[3] / "entry" / "demo" / "data" / "processes"
DRAWING = Path(__file__).parents[1] / "static" / "catalogue" / "processes" / "item_review.bpmn"
PEOPLE = {
    "editor": ("G22", ("item_editor",)),
    "colleague": ("G22", ("item_editor",)),
    "stranger": ("G10", ("item_editor",)),
    "leader": ("G22", ("leader",)),
    "lawyer": ("G06", ("legal_reviewer",)),
    "keeper": ("A09", ("item_admin",)),
    "process": ("G25", ("process_admin",)),
    "second": ("G25", ("process_admin",)),
    "clerk": ("G22", ("clerk",)),
}
_keys = itertools.count()


def found_office() -> None:
    """The county, its people, the drawings and one form."""
    county.found_county()
    for name, (unit, roles) in PEOPLE.items():
        account = identity.FirstAccount(
            username=name, display_name=f"{name}甲", org_code=unit, post_title=f"{name}岗", roles=roles
        )
        identity.create_first_accounts(actor=county.BOSS, rows=[account], must_change=False)
    for path in (DRAWING, PROCESSES / "standard.bpmn", PROCESSES / "joint.bpmn"):
        deploy(path.stem, path.read_text(encoding="utf-8"))
    forms.declare_form(actor=county.BOSS, key="general", definition=form("申请表"))


def deploy(key: str, xml: str) -> None:
    """A drawing in force, by the two persons it takes."""
    cases.deploy_process(actor=who("process"), approver=who("second"), key=key, title=key, bpmn_xml=xml)


def form(title: str) -> dict[str, Any]:
    """A small declaration."""
    return {
        "title": title,
        "sections": [{"title": "基本情况", "fields": [{"key": "name", "label": "名称", "kind": "text"}]}],
    }


def who(name: str) -> Actor:
    """One of the people."""
    return identity.find_actor(name, tenant=TENANT)


def whole(**changes: Any) -> api.ItemDraft:
    """A draft that nothing stands against."""
    return county.draft(**{"visits": 0, "quantity": "无数量限制", **changes})


def drafted(by: str = "editor", /, **changes: Any) -> ItemVersion:
    """A draft on the desk of its author."""
    return api.draft_item(actor=who(by), draft=whole(**changes), reason=REASON)


def submitted(**changes: Any) -> ItemVersion:
    """A draft that waits for its leader."""
    row = drafted(**changes)
    api.submit_draft(actor=who("editor"), version_id=row.id)
    return fresh(row)


def judge(row: ItemVersion, name: str, outcome: str, opinion: str = "", **more: Any) -> ItemVersion:
    """What one of the people says of it; the version as it stands then."""
    api.decide_review(
        actor=who(name),
        work_item_id=task(row).id,
        outcome=outcome,
        opinion=opinion,
        command_key=f"key-{next(_keys)}",
        **more,
    )
    return fresh(row)


def task(row: ItemVersion) -> cases.WorkItemView:
    """The open task of its review."""
    row = fresh(row)
    assert row.case_id is not None
    return cases.open_tasks(tenant=TENANT, case_ids=[row.case_id])[0]


def published(**changes: Any) -> ItemVersion:
    """A draft that went all the way."""
    row = submitted(**changes)
    for name, outcome in (("leader", "agree"), ("lawyer", "pass"), ("keeper", "publish")):
        row = judge(row, name, outcome)
    return row


def fresh(row: ItemVersion) -> ItemVersion:
    """The version as it is stored now."""
    return ItemVersion.objects.select_related("item").get(pk=row.pk)
