"""A county with a supervisor's office, a unit that lends people, two units to inspect, and a plan."""

import datetime as dt
import io
import uuid
from typing import Any

from django.db import transaction
from django.test import Client
from PIL import Image

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.contracts.supervision import CardMoved
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.inspections import api
from zhengtong.systems.inspections.models import Plan, Referral, Visit

MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # 10:00 in Shanghai
TENANT = "980723"
OFFICE = ("A02", "青禾县纪委监委")
MARKET = ("G22", "青禾县市场监督管理局")
HOUSING = ("G10", "青禾县住房和城乡建设局")
LENDING = ("G25", "青禾县政务服务局")
POINTS = "一次性告知｜抽看 5 份退件｜告知书照片\n窗口在岗｜到岗时间缺岗\n收费公示"


class Town:
    """The people of the play."""

    def __init__(self) -> None:
        cases.forget_calendars()
        self.office = member("supervisor", "supervisor", org=OFFICE)
        self.second = member("second", "supervisor", org=OFFICE)
        self.lent = member("lent", "clerk", org=LENDING)
        self.market = member("market", "clerk", org=MARKET)
        self.head = member("head", "leader", org=MARKET)
        self.housing = member("housing", "clerk", org=HOUSING)

    def inspectors(self, visit: Visit) -> list[Actor]:
        """Who inspects, in the order of the draw."""
        by_id = {one.person_id: one for one in (self.office, self.second, self.lent)}
        return [by_id[one.person_id] for one in visit.inspectors.filter(recused_at=None).order_by("created_at")]


def member(username: str, *roles: str, org: tuple[str, str]) -> Actor:
    """An official of a unit."""
    return people.official(username, *roles, org_code=org[0], org_name=org[1], name=f"{username}甲")


def words(**changes: Any) -> api.PlanWords:
    """A plan that draws one of two units."""
    values: dict[str, Any] = {
        "kind": "special",
        "subject": "窗口服务作风专项督查",
        "basis": "青禾县政务服务督查办法第八条",
        "starts_on": dt.date(2026, 11, 9),
        "ends_on": dt.date(2026, 12, 9),
        "target_kind": "unit",
        "sample": 1,
        "targets": MARKET[1],
        "points": POINTS,
        "pool": LENDING[1],
    }
    return api.PlanWords(**{**values, **changes})


def approved(town: Town, **changes: Any) -> Plan:
    """A plan somebody else approved."""
    plan = api.draft_plan(actor=town.office, words=words(**changes))
    api.submit_plan(actor=town.office, plan_id=plan.id)
    return api.approve_plan(actor=town.second, plan_id=plan.id)


def drawn(town: Town, **changes: Any) -> Visit:
    """The first visit of a plan that was drawn."""
    plan = approved(town, **changes)
    api.draw(actor=town.office, plan_id=plan.id)
    visit = plan.visits.order_by("no").first()
    assert visit is not None
    return visit


def started(town: Town, **changes: Any) -> tuple[Visit, list[Actor]]:
    """A visit that has begun, and who inspects."""
    visit = drawn(town, **changes)
    pair = town.inspectors(visit)
    api.start_visit(actor=pair[0], visit_id=visit.id, place="政务大厅 3 号窗口")
    return visit, pair


def note(actor: Actor, visit: Visit, no: int, result: str = "good", **more: Any) -> Any:
    """One point is recorded."""
    return api.record_point(actor=actor, visit_id=visit.id, no=no, words=api.PointWords(result=result, **more))


def done(town: Town, *bad: int, **changes: Any) -> tuple[Visit, list[Actor]]:
    """A visit both have signed, with these points not in order."""
    visit, pair = started(town, **changes)
    for no in (1, 2, 3):
        if no in bad:
            note(pair[0], visit, no, "bad", remark=f"第{no}条看到的问题", serious=no == 1)
        else:
            note(pair[1], visit, no)
    for one in pair:
        api.sign_visit(actor=one, visit_id=visit.id)
    visit.refresh_from_db()
    return visit, pair


def noticed(town: Town, *bad: int) -> tuple[Visit, list[Actor]]:
    """One whose unit got and signed for its notice."""
    visit, pair = done(town, *bad)
    api.issue_notice(actor=pair[0], visit_id=visit.id, demand="立即整改，举一反三。")
    api.acknowledge(actor=town.market, visit_id=visit.id)
    return visit, pair


def reported(town: Town, *bad: int) -> tuple[Visit, list[Actor]]:
    """One whose unit has reported on all findings."""
    visit, pair = noticed(town, *bad)
    report(town, visit, *range(1, len(bad) + 1))
    return visit, pair


def report(town: Town, visit: Visit, *numbers: int) -> None:
    """The unit reports on these findings."""
    measures = {no: api.MeasureWords(text="已补发告知书", files=[("a.png", picture())]) for no in numbers}
    api.report(actor=town.market, visit_id=visit.id, text="", measures=measures)


def referred(town: Town, org: Actor | None = None, **changes: Any) -> Referral:
    """A card of the market unit (or of another) that supervision has handed over."""
    unit = org or town.market
    told: dict[str, Any] = {
        "act": "transfer",
        "state": "confirmed",
        "rule_name": "环节超过办理时限",
        "to_inspect": "同一岗位三次超期，请到现场看。",
        "card_id": uuid.uuid4(),
        "card_number": "JC20260001",
        "org_id": unit.org_id,
        "org_name": unit.org_name,
    }
    told |= changes
    move_card(**told)
    return Referral.objects.get(card_id=told["card_id"])


def move_card(**told: Any) -> None:
    """Supervision tells what was done with a card, and everybody hears it."""
    event = CardMoved(
        tenant=TENANT,
        object_ref=ObjectRef(kind="supervision_card", id=str(told["card_id"])),
        at=now(),
        rule_key="21-step-late",
        rule_version=1,
        level="red",
        case_id=uuid.uuid4(),
        case_number="980723-2026-000001",
        **told,
    )
    with transaction.atomic():
        publish(event)
    do_all_work()


def picture(shade: int = 255) -> bytes:
    """A small photograph."""
    made = io.BytesIO()
    Image.new("L", (8, 8), shade).save(made, "PNG")
    return made.getvalue()


def browser(actor: Actor | None) -> Client:
    """A browser in which somebody is signed in, or nobody."""
    return people.sign_in(Client(), actor) if actor else Client()


NOBODY = uuid.UUID(int=7)
