"""Raising cards: which rules fire for an event, and what a card says."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.contracts.supervision import CardMoved, CardRaised
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.clock import SHANGHAI, local_date, now
from zhengtong.kernel.events import Event
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.ui.formats import cn_date, cn_datetime
from zhengtong.systems.supervision.constants import CARD_KIND, UNIT_ROLES, CardState
from zhengtong.systems.supervision.models import Card, CardAct, RuleVersion, WatchedCase
from zhengtong.systems.supervision.registry import Sighting
from zhengtong.systems.supervision.rules import fires, responsible, sentence
from zhengtong.systems.supervision.services.board import next_card_number

parameters.declare(
    "supervision.explain_limit",
    default=3,
    label="责任单位说明、申诉的期限",
    unit="个工作日",
    source="地方电子监察规则（3 至 5 个工作日）",
    confirmed=False,
)

#: words a rule's text may use besides the fields of its event
EXTRA_WORDS = frozenset({"responsible", "due_on"})
_PRIVATE = frozenset({"person_id"})


def number_of(event: Event) -> uuid.UUID:
    """The event's own number; ValueError for one that the outbox has not numbered."""
    if event.event_id is None:
        raise ValueError("only an event that the outbox has numbered can be watched")
    return event.event_id


def rules_in_force(event: Event) -> list[RuleVersion]:
    """The versions in force when the event happened, for its kind."""
    rows = RuleVersion.objects.filter(tenant=event.tenant, event=event.NAME, valid_from__lte=event.at)
    return list(rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=event.at)).order_by("key"))


def raise_cards(event: Event, seen: Sighting, case: WatchedCase) -> list[Card]:
    """Raise the cards of an event; a card that already stands for the same fact is not raised again."""
    fields = event.data()
    return [
        card
        for rule in rules_in_force(event)
        if fires(rule.condition, fields) and not _stands(rule, event, seen)
        for card in [_raise(rule, event, fields, seen, case)]
    ]


def _stands(rule: RuleVersion, event: Event, seen: Sighting) -> bool:
    same = Q(event_id=number_of(event))
    if seen.deadline_id is not None:
        same |= Q(deadline_id=seen.deadline_id, level=rule.level)
    return Card.objects.filter(same, tenant=event.tenant, rule_key=rule.key).exists()


def _raise(rule: RuleVersion, event: Event, fields: Mapping[str, Any], seen: Sighting, case: WatchedCase) -> Card:
    org_id, org_name = responsible(rule.scope, (seen.org_id, seen.org_name), (seen.step_org_id, seen.step_org_name))
    card = Card.objects.create(
        tenant=event.tenant,
        number=next_card_number(event.tenant),
        rule=rule,
        rule_key=rule.key,
        level=rule.level,
        warning=rule.clears,
        case_id=case.case_id,
        case_number=case.number,
        case_title=case.title,
        step_id=seen.step_id,
        step=seen.step,
        org_id=org_id,
        org_name=org_name,
        raised_at=event.at,
        event_id=number_of(event),
        deadline_id=seen.deadline_id,
        deadline_kind=seen.deadline_kind,
        evidence={"event": event.NAME, "at": event.at.isoformat()}
        | {name: value for name, value in fields.items() if name not in _PRIVATE},
        explanation=sentence(rule.explanation, _words(fields, seen, org_name)),
        arithmetic=seen.arithmetic,
        explain_until=_explain_until(event.tenant),
        state_at=event.at,
    )
    _record_raised(card, rule, event)
    _tell_unit(card)
    return card


def _words(fields: Mapping[str, Any], seen: Sighting, org_name: str) -> dict[str, str]:
    words = {name: _printed(value) for name, value in fields.items()}
    # a limit by days ends at 24:00: the last day is the one before that instant
    last = seen.due_at - dt.timedelta(seconds=1) if seen.due_at else None
    return {**words, "title": seen.title or words.get("title", ""), "responsible": org_name, "due_on": cn_date(last)}


def _printed(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, str):
        return _printed_moment(value)
    return str(value)


def _printed_moment(text: str) -> str:
    """A stored instant or day in our form; any other text as it is."""
    try:
        if "T" in text:
            return cn_datetime(dt.datetime.fromisoformat(text).astimezone(SHANGHAI))
        return cn_date(dt.date.fromisoformat(text)) if text.count("-") == 2 else text
    except ValueError:
        return text


def _explain_until(tenant: str) -> dt.date:
    days = int(parameters.value("supervision.explain_limit", tenant=tenant))
    return cases.calendar_of(tenant).add_workdays(local_date(), days)


def _record_raised(card: Card, rule: RuleVersion, event: Event) -> None:
    ledger.append(
        actor=system(card.tenant),
        act="supervision.raise_card",
        object_ref=ObjectRef(kind=CARD_KIND, id=str(card.id)),
        payload={
            "number": card.number,
            "rule": rule.key,
            "version": rule.version,
            "level": card.level,
            "case": card.case_number,
            "unit": card.org_name,
            "event": str(event.event_id),
        },
        basis=rule.basis or rule.source,
    )
    publish(CardRaised(**event_fields(card), rule_version=rule.version, cause_id=card.event_id, step=card.step))


def event_fields(card: Card) -> dict[str, Any]:
    """What every event of a card carries, its rule's version apart."""
    return {
        "tenant": card.tenant,
        "object_ref": ObjectRef(kind=CARD_KIND, id=str(card.id)),
        "at": now(),
        "card_id": card.id,
        "card_number": card.number,
        "rule_key": card.rule_key,
        "level": card.level,
        "case_id": card.case_id,
        "case_number": card.case_number,
        "org_id": card.org_id,
        "org_name": card.org_name,
    }


def _tell_unit(card: Card) -> None:
    """信号发给经办人和负责人（地方电子监察规则）."""
    told: set[uuid.UUID] = set()
    for role in UNIT_ROLES:
        told |= {found.person_id for found in identity.people_in(card.tenant, card.org_id, role)}
    for person_id in sorted(told):
        notify.send_message(
            tenant=card.tenant,
            person_id=person_id,
            title=_("%(level)s：%(title)s（%(number)s）")
            % {"level": card.get_level_display(), "title": card.case_title, "number": card.case_number},
            body=card.explanation,
            object_ref=ObjectRef(kind=CARD_KIND, id=str(card.id)),
            link=reverse("supervision:card", args=[card.id]),
        )


def clear_warnings(seen: Sighting, case: WatchedCase) -> int:
    """Take away warnings whose limit was met in time, or was passed and so gave a graver card; returns how many."""
    warnings = Card.objects.filter(
        tenant=case.tenant, case_id=case.case_id, warning=True, state__in=[CardState.RAISED, CardState.EXPLAINED]
    )
    why = _("已在期限内办理。")
    if seen.change == "deadline":
        if seen.level not in ("red", "breach"):
            return 0
        warnings = warnings.filter(deadline_id=seen.deadline_id).exclude(level=seen.level)
        why = _("期限已过，不再预警。")
    elif seen.change != "closed":
        of_case = Q(deadline_kind__in=[kind for kind in seen.met if kind != "step"])
        of_step = Q(deadline_kind="step", step_id=seen.step_id) if "step" in seen.met else Q(pk__in=[])
        warnings = warnings.filter(of_case | of_step)
    rows = list(warnings.select_for_update().select_related("rule").order_by("id"))
    for card in rows:
        _clear(card, why)
    return len(rows)


def _clear(card: Card, why: str) -> None:
    card.state, card.state_at = CardState.CLOSED, now()
    card.save(update_fields=["state", "state_at"])
    CardAct.objects.create(
        tenant=card.tenant,
        card=card,
        no=card.acts.count() + 1,
        kind="clear",
        text=why,
        state_after=card.state,
        person_name=_("系统"),
    )
    ledger.append(
        actor=system(card.tenant),
        act="supervision.clear",
        object_ref=ObjectRef(kind=CARD_KIND, id=str(card.id)),
        payload={"number": card.number, "why": why},
    )
    publish(CardMoved(**event_fields(card), rule_version=card.rule.version, act="clear", state=str(card.state)))
