"""A month of a county, written straight into what supervision has seen: cases, steps, cards, ratings, complaints."""

import datetime as dt
import random
import uuid

from zhengtong.contracts.complaints import ComplaintClosed
from zhengtong.contracts.ratings import RatingGiven
from zhengtong.kernel.actors import system
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.systems.supervision.models import Card, CardAct, RuleVersion, WatchedCase, WatchedEvent, WatchedStep
from zhengtong.systems.supervision.services.score_formulas import install_formulas
from zhengtong.systems.supervision.tests.county import FIRE, LEAD, TENANT, install

MONTH = dt.date(2026, 10, 1)
UNITS = (LEAD, FIRE, (uuid.UUID(int=0x31), "青禾县民政局"))
ITEMS = (("1198", "开办餐饮店一件事"), ("0711", "食品经营许可"))


def prepared(tenant: str = TENANT) -> None:
    """Rules and formulas in force."""
    install(tenant)
    install_formulas(actor=system(tenant))


def at(day: int, hour: int = 10, month: dt.date = MONTH) -> dt.datetime:
    return dt.datetime(month.year, month.month, day, hour, tzinfo=SHANGHAI)


def closed_case(unit=LEAD, *, day=20, promised=25, statutory=30, in_time=True, item=ITEMS[0], number="", tenant=TENANT):
    """A case accepted on the 9th; the limits end with those days."""
    case_id = uuid.uuid4()
    return WatchedCase(
        tenant=tenant,
        case_id=case_id,
        number=number or f"980723-2026-{case_id.hex[:8]}",
        title=item[1],
        item_code=item[0],
        org_id=unit[0],
        org_name=unit[1],
        opened_at=at(9),
        accepted_on=MONTH.replace(day=9),
        closed_at=at(day),
        outcome="approved",
        in_time=in_time,
        promised_due=at(promised, 0) + dt.timedelta(days=1),
        statutory_due=at(statutory, 0) + dt.timedelta(days=1),
    )


def carded(level, unit=FIRE, *, day=12, state="raised", case=None, step=None, warning=False, number=0, tenant=TENANT):
    """A card, with an act where its state needs one."""
    rule = RuleVersion.objects.filter(tenant=tenant, level=level).order_by("key").first()
    rule = rule or RuleVersion.objects.filter(tenant=tenant).order_by("key").first()
    card = Card.objects.create(
        tenant=tenant,
        number=f"2026-{number or uuid.uuid4().int % 10**6:06d}",
        rule=rule,
        rule_key=rule.key,
        level=level,
        warning=warning,
        case_id=case.case_id if case else None,
        case_number=case.number if case else "",
        step_id=step.step_id if step else None,
        org_id=unit[0],
        org_name=unit[1],
        raised_at=at(day),
        event_id=uuid.uuid4(),
        evidence={},
        explanation="超过时限。",
        explain_until=MONTH.replace(day=28),
        state=state,
        state_at=at(day),
        cancel_reason="当日系统故障。" if state == "cancelled" else "",
    )
    kind = "clear" if warning and state == "closed" else {"confirmed": "confirm", "closed": "confirm"}.get(state, "")
    if kind:
        CardAct.objects.create(
            tenant=tenant, card=card, no=1, kind=kind, text="已核实。", state_after=state, person_name="监察员"
        )
    return card


def step_of(case, unit=FIRE, *, post="审查岗", day=15, late=False):
    return WatchedStep(
        tenant=case.tenant,
        case=case,
        step_id=uuid.uuid4(),
        step="消防审查",
        phase="review",
        org_id=unit[0],
        org_name=unit[1],
        post_name=post,
        opened_at=at(10),
        due_at=at(18, 0),
        late_at=at(18, 0) if late else None,
        done_at=at(day),
        outcome="agree",
    )


_POSITION = iter(range(10**9, 2 * 10**9))


def told(name, unit, fields, *, day=16, item="", tenant=TENANT):
    return WatchedEvent(
        position=next(_POSITION),
        tenant=tenant,
        event_id=uuid.uuid4(),
        name=name,
        area="评价",
        occurred_at=at(day),
        org_id=unit[0],
        org_name=unit[1],
        item_code=item,
        fields=fields,
    )


def rated(unit, grade, **more):
    return told(RatingGiven.NAME, unit, {"turn": "first", "grade": grade, "rating_id": str(uuid.uuid4())}, **more)


def complained(unit, finding, **more):
    fields = {"kind": "complaint", "finding": finding, "accused_org_id": str(unit[0]), "accused_org_name": unit[1]}
    return told(ComplaintClosed.NAME, LEAD, fields, **more)


def random_county(seed: int) -> None:
    """A small county at random: every kind of row, late ones, cancelled and cleared cards."""
    chance = random.Random(seed)
    cases = [
        closed_case(
            chance.choice(UNITS[:2]),
            day=chance.randint(10, 30),
            promised=chance.randint(12, 28),
            statutory=chance.randint(20, 31),
            in_time=chance.random() < 0.9,
            item=chance.choice(ITEMS),
        )
        for _ in range(60)
    ]
    WatchedCase.objects.bulk_create(cases)
    steps = [
        step_of(
            case,
            chance.choice(UNITS),
            post=chance.choice(["审查岗", "受理岗"]),
            day=chance.randint(11, 25),
            late=chance.random() < 0.1,
        )
        for case in cases
    ]
    WatchedStep.objects.bulk_create(steps)
    for number in range(1, 31):
        level, step = chance.choice(["hint", "hint", "yellow", "red", "breach"]), chance.choice(steps)
        carded(
            level,
            (step.org_id, step.org_name),
            day=chance.randint(10, 30),
            state=chance.choice(["raised", "confirmed", "closed", "cancelled"]),
            case=step.case,
            step=step,
            warning=chance.random() < 0.3,
            number=number,
        )
    grades = ["very_satisfied", "satisfied", "fairly_satisfied", "dissatisfied"]
    events = [rated(chance.choice(UNITS), chance.choice(grades), item=chance.choice(ITEMS)[0]) for _ in range(20)]
    events += [complained(chance.choice(UNITS), chance.choice(["founded", "unfounded"])) for _ in range(6)]
    WatchedEvent.objects.bulk_create(events)
