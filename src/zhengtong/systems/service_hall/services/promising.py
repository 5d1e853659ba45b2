"""容缺受理 and 告知承诺: promised by the applicant, followed up by the unit, kept or broken."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.loops import due_first, each
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import (
    COMMITMENT_PROCESS,
    OBJECT_KIND,
    PLEDGE_KIND,
    ApplicationStatus,
    PromiseKind,
    PromiseState,
)
from zhengtong.systems.service_hall.models import Application, BrokenPledge, MaterialFile, Pledge
from zhengtong.systems.service_hall.registry import commitment_broken
from zhengtong.systems.service_hall.rules.promises import next_due, standing
from zhengtong.systems.service_hall.selectors import promises
from zhengtong.systems.service_hall.selectors.promised import live_pledge
from zhengtong.systems.service_hall.services.telling import tell_applicant

_TOLERANCE_BASIS = "容缺受理制度（地方规定）"
_COMMITMENT_BASIS = "优化营商环境条例 第四十条；国办发〔2020〕42号"
_BATCH = 100


@transaction.atomic
def sign_tolerance(*, actor: Actor, application_id: uuid.UUID, agreed: bool) -> Pledge:
    """The applicant promises to hand in later what may follow; a second press gives the promise that stands.

    Raises Invalid without his tick, Conflict where nothing may follow, he broke a promise, or it is accepted already.
    """
    row = _lock_own(actor, application_id)
    stands = live_pledge(row, PromiseKind.TOLERANCE)
    if stands is not None:
        return stands
    offer = promises.tolerance_offer(row)
    if offer.barred:
        raise Conflict(offer.barred)
    if not agreed:
        raise Invalid(_("请先阅读承诺内容，勾选以后再提交。"), field="agreed")
    return _sign(actor, row, PromiseKind.TOLERANCE, offer)


@transaction.atomic
def choose_commitment(*, actor: Actor, application_id: uuid.UUID, agreed: bool) -> Pledge:
    """The applicant chooses 告知承诺 for his draft: what he promises stands for the papers the guide names.

    Raises Invalid without his tick, Conflict where the item does not offer it or he broke a promise.
    """
    row = _lock_own(actor, application_id)
    stands = live_pledge(row, PromiseKind.COMMITMENT)
    if stands is not None:
        return stands
    offer = promises.commitment_offer(row)
    if offer.barred:
        raise Conflict(offer.barred)
    if not agreed:
        raise Invalid(_("请先阅读承诺内容，勾选以后再提交。"), field="agreed")
    return _sign(actor, row, PromiseKind.COMMITMENT, offer)


@transaction.atomic
def leave_commitment(*, actor: Actor, application_id: uuid.UUID) -> None:
    """The applicant goes the ordinary way after all, while his application is a draft."""
    row = _lock_own(actor, application_id)
    stands = live_pledge(row, PromiseKind.COMMITMENT)
    if stands is None:
        return
    if row.status != ApplicationStatus.DRAFT:
        raise Conflict(_("申请已经提交，办理方式不能再改。"))
    _settle(stands, PromiseState.DROPPED, actor.name)
    _record(actor, stands, "service_hall.unpledge", {})


def route(row: Application, process: tuple[str, int | None]) -> tuple[str, int | None]:
    """Key and version of the process of an application: the short one where the applicant promised."""
    if live_pledge(row, PromiseKind.COMMITMENT) is None:
        return process
    key = str(parameters.value(COMMITMENT_PROCESS, tenant=row.tenant))
    version = next((one.version for one in cases.process_versions(row.tenant, key) if one.active), None)
    return process if version is None else (key, version)


def check_outcome(row: Application, phase: str, outcome: str) -> None:
    """Invalid when a matter would be accepted that lacks what may follow, without the applicant's promise.

    Nor is a licence granted while something that was promised for a time after the acceptance has not come.
    """
    accepts = outcome == "accept" or (phase == "decide" and outcome == "approve")
    stands = live_pledge(row, PromiseKind.TOLERANCE) if accepts else None
    waiting = [one.name for one in promises.owed_of(stands.owed) if not one.given] if stands else []
    # the promise begins to run a moment after the acceptance, when its event is delivered
    if stands and waiting and outcome == "approve" and (stands.state != PromiseState.SIGNED or _accepted(row)):
        names = "、".join(waiting)
        raise Invalid(
            _("申请人承诺补交的材料（%(names)s）还没有补齐，补齐以后才能作出准予的决定。") % {"names": names},
            field="outcome",
        )
    if not accepts or stands is not None or _was_settled(row):
        return
    offer = promises.tolerance_offer(row)
    if not offer.owed or (phase == "decide" and _accepted(row)):
        return
    names = "、".join(one.name for one in offer.owed)
    raise Invalid(
        _(
            "还缺可以容缺的材料（%(names)s），申请人没有签署容缺受理承诺。请一次性告知补正，或者请申请人在办件页签署承诺以后再受理。"
        )
        % {"names": names},
        field="outcome",
    )


def awaits(row: Application, material_key: str) -> bool:
    """Whether a promise that stands names the material as one that is still to come."""
    pledge = live_pledge(row, PromiseKind.TOLERANCE)
    return pledge is not None and any(
        one.key == material_key and not one.given for one in promises.owed_of(pledge.owed)
    )


@transaction.atomic
def start_tolerance(*, tenant: str, case_id: uuid.UUID, accepted_on: dt.date) -> None:
    """The case was accepted: from that day the time runs in which the materials are to follow. Safe to repeat."""
    row = Application.objects.filter(tenant=tenant, case_id=case_id).first()
    pledge = live_pledge(row, PromiseKind.TOLERANCE) if row else None
    if row is None or pledge is None or pledge.state != PromiseState.SIGNED:
        return
    item = catalogue.item_version(tenant=tenant, version_id=row.item_version_id)
    within = {material["key"]: str(material.get("within") or "") for material in item.materials}
    given = _given(row, since=None)
    entries = [
        one
        | {
            "due_on": _day(tenant, within.get(one["key"], ""), item, accepted_on).isoformat(),
            "given": one["key"] in given,
        }
        for one in pledge.owed
    ]
    pledge.owed = entries
    _go_on(system(tenant), row, pledge, "service_hall.pledge_runs")


@transaction.atomic
def start_check(*, tenant: str, case_id: uuid.UUID, closed_on: dt.date) -> None:
    """The licence was granted on a promise: it is checked within the guide's time. Safe to repeat."""
    row = Application.objects.filter(tenant=tenant, case_id=case_id).first()
    pledge = live_pledge(row, PromiseKind.COMMITMENT) if row else None
    if row is None or pledge is None or pledge.state != PromiseState.SIGNED:
        return
    commitment = catalogue.item_version(tenant=tenant, version_id=row.item_version_id).commitment
    limit = cases.Limit.parse(commitment.check_within if commitment else "NONE")
    pledge.due_on = cases.last_day_within(tenant, limit, closed_on) or closed_on
    pledge.state = PromiseState.RUNNING
    pledge.save(update_fields=["due_on", "state"])
    _record(system(tenant), pledge, "service_hall.pledge_runs", {"check_until": pledge.due_on})
    _tell_unit(row, _("承诺待核查"), _("“%(item)s”以告知承诺方式准予，请于%(day)s前核查。"), pledge)


@transaction.atomic
def end_with_case(*, tenant: str, case_id: uuid.UUID) -> None:
    """The case ended without a licence: what was promised no longer matters. Safe to repeat."""
    row = Application.objects.filter(tenant=tenant, case_id=case_id).first()
    for pledge in Pledge.objects.filter(application=row, state__in=("signed", "running", "late")) if row else ():
        _settle(pledge, PromiseState.DROPPED, system(tenant).name)


def note_delivery(actor: Actor, row: Application, material_key: str) -> None:
    """A file came for a material; where it was owed, the promise is kept so far. Part of the giving's transaction."""
    pledge = live_pledge(row, PromiseKind.TOLERANCE)
    if pledge is None or all(one["key"] != material_key for one in pledge.owed):
        return
    pledge.owed = [one | {"given": True} if one["key"] == material_key else one for one in pledge.owed]
    if pledge.state == PromiseState.SIGNED:
        pledge.save(update_fields=["owed"])
        return
    _go_on(actor, row, pledge, "service_hall.pledge_kept")


@transaction.atomic
def terminate(*, actor: Actor, pledge_id: uuid.UUID, reason: str, command_key: str) -> Application:
    """终止办理: the materials did not follow in time; the record says that the promise was broken.

    Raises Conflict where it is not late (or was kept meanwhile), Invalid without a reason.
    """
    pledge, row = _locked(actor, pledge_id, PromiseKind.TOLERANCE)
    if standing(promises.owed_of(pledge.owed), local_date()) != "late" or row.case_id is None:
        raise Conflict(_("补交期限还没有届满，或者材料已经补齐，不能终止办理。"))
    if not cases.terminate_case(actor=actor, case_id=row.case_id, reason=reason, command_key=command_key):
        return row
    waiting = "、".join(one.name for one in promises.owed_of(pledge.owed) if not one.given)
    _break(actor, row, pledge, _("逾期没有补交：%(names)s") % {"names": waiting})
    _record(actor, pledge, "service_hall.terminate", {"reason": reason.strip()})
    return row


@transaction.atomic
def record_check(*, actor: Actor, pledge_id: uuid.UUID, kept: bool, findings: str) -> Application:
    """What a check found: the promise is kept, or false; then those who act on it are told (``commitment_broken``).

    Raises Invalid without findings, Conflict before the licence or when it was checked already.
    """
    pledge, row = _locked(actor, pledge_id, PromiseKind.COMMITMENT)
    if pledge.state not in (PromiseState.RUNNING, PromiseState.LATE):
        raise Conflict(_("还没有作出决定，或者已经核查过，不能再登记核查结果。"))
    if not findings.strip():
        raise Invalid(_("请写明核查情况：核查人、时间、方式和发现的问题。"), field="findings")
    pledge.findings = findings.strip()
    if kept:
        _settle(pledge, PromiseState.KEPT, actor.name)
        _record(actor, pledge, "service_hall.pledge_kept", {"findings": pledge.findings})
        return row
    _break(actor, row, pledge, pledge.findings)
    for act in [act for _name, act in commitment_broken.items()]:
        act(actor, row.id, pledge.findings)
    return row


@transaction.atomic
def repair(*, actor: Actor, pledge_id: uuid.UUID, note: str) -> None:
    """信用修复: the leader notes on which ground somebody may promise again."""
    pledge, _row = _locked(actor, pledge_id)
    if not actor.has_role("leader"):
        raise NotPermitted(_("信用修复由本单位负责人登记。"))
    broken = BrokenPledge.objects.select_for_update().filter(pledge=pledge, repaired_on__isnull=True).first()
    if broken is None:
        raise Conflict(_("这项承诺没有失信记录，或者已经修复。"))
    if not note.strip():
        raise Invalid(_("请写明修复的依据，例如已经补交、已经整改。"), field="note")
    broken.repaired_on, broken.repaired_by, broken.repair_note = local_date(), actor.name, note.strip()
    broken.save(update_fields=["repaired_on", "repaired_by", "repair_note"])
    _record(actor, pledge, "service_hall.pledge_repaired", {"note": broken.repair_note})


def tick_pledges() -> int:
    """Say once of every promise whose day has passed that it is late; returns how many."""
    today = local_date()
    due = Pledge.objects.filter(state=PromiseState.RUNNING, due_on__lt=today).order_by("due_on", "id")
    waiting = due_first(_mark_late, due.values_list("id", flat=True), size=_BATCH)
    return each(_mark_late, [(pledge_id, today) for pledge_id in waiting])


@transaction.atomic
def _mark_late(pledge_id: uuid.UUID, today: dt.date) -> int:
    pledge = (
        Pledge.objects.select_for_update().filter(pk=pledge_id, state=PromiseState.RUNNING, due_on__lt=today).first()
    )
    if pledge is None:
        return 0
    row = pledge.application
    pledge.state = PromiseState.LATE
    pledge.save(update_fields=["state"])
    _record(system(row.tenant), pledge, "service_hall.pledge_late", {"due_on": pledge.due_on})
    if pledge.kind == PromiseKind.COMMITMENT:
        _tell_unit(row, _("承诺核查逾期"), _("“%(item)s”的承诺应于%(day)s前核查，已经超过期限，请尽快核查。"), pledge)
        return 1
    body = _("“%(item)s”的容缺材料应于%(day)s前补交，申请人没有补交，可以依法终止办理。")
    _tell_unit(row, _("容缺材料逾期没有补交"), body, pledge)
    names = "、".join(one.name for one in promises.owed_of(pledge.owed) if not one.given)
    said = _("您承诺补交的材料（%(names)s）已经超过期限。请立即补交，否则将依法终止办理。") % {"names": names}
    tell_applicant(row, _("承诺的材料逾期没有补交"), said)
    return 1


def _sign(actor: Actor, row: Application, kind: str, offer: promises.Offer) -> Pledge:
    pledge = Pledge.objects.create(
        tenant=row.tenant,
        application=row,
        kind=kind,
        text=offer.text,
        owed=promises.stored(offer.owed),
        signed_by=actor.name,
        signed_by_id=actor.person_id,  # type: ignore[misc]  # an own application has a person
        signed_at=now(),
    )
    payload = {"kind": kind, "text": offer.text, "materials": [one.key for one in offer.owed]}
    _record(actor, pledge, "service_hall.pledge", payload)
    return pledge


def _go_on(actor: Actor, row: Application, pledge: Pledge, act: str) -> None:
    """Where the promise stands now that something came, or its time began."""
    owed = promises.owed_of(pledge.owed)
    if standing(owed, local_date()) == "kept":
        _settle(pledge, PromiseState.KEPT, actor.name)
        _record(actor, pledge, "service_hall.pledge_kept", {})
        _tell_unit(row, _("容缺材料已经补齐"), _("“%(item)s”承诺补交的材料已经全部补交，请核对。"), pledge)
        return
    pledge.due_on = next_due(owed)
    today = local_date()
    pledge.state = PromiseState.LATE if pledge.due_on is not None and pledge.due_on < today else PromiseState.RUNNING
    pledge.save(update_fields=["owed", "due_on", "state"])
    _record(actor, pledge, act, {"due_on": pledge.due_on})
    if act == "service_hall.pledge_runs":
        lines = "；".join(f"{one.name} {cn_date(one.due_on)}前" for one in owed if not one.given and one.due_on)
        said = _("您的申请“%(item)s”已经容缺受理，请按承诺补交：%(lines)s。逾期没有补交的，将依法终止办理。")
        tell_applicant(row, _("请按承诺补交材料"), said % {"item": row.item_name, "lines": lines})


def _break(actor: Actor, row: Application, pledge: Pledge, reason: str) -> None:
    _settle(pledge, PromiseState.BROKEN, actor.name)
    legal = row.legal_person_id
    BrokenPledge.objects.create(
        tenant=row.tenant,
        pledge=pledge,
        person_id=None if legal else row.ward_id or row.person_id,
        legal_person_id=legal,
        item_code=row.item_code,
        item_name=row.item_name,
        reason=reason,
        noted_by=actor.name,
    )
    _record(actor, pledge, "service_hall.pledge_broken", {"reason": reason})


def _settle(pledge: Pledge, state: str, who: str) -> None:
    pledge.state, pledge.settled_at, pledge.settled_by = state, now(), who[:60]
    pledge.save(update_fields=["state", "owed", "settled_at", "settled_by", "findings"])


def _given(row: Application, *, since: dt.datetime | None) -> set[str]:
    rows = MaterialFile.objects.filter(application=row, state="current")
    return set((rows.filter(created_at__gt=since) if since else rows).values_list("material_key", flat=True))


def _day(tenant: str, within: str, item: catalogue.ItemVersionView, start: dt.date) -> dt.date:
    return cases.last_day_within(tenant, promises.limit_for(tenant, within, item), start) or start


def _was_settled(row: Application) -> bool:
    return Pledge.objects.filter(application=row, kind=PromiseKind.TOLERANCE, state=PromiseState.KEPT).exists()


def _accepted(row: Application) -> bool:
    """Accepted before the decision; an instant matter is accepted by it."""
    if row.case_id is None:
        return False
    return cases.case_view(actor=system(row.tenant), case_id=row.case_id).accepted_on is not None


def _lock_own(actor: Actor, application_id: uuid.UUID) -> Application:
    row = selectors.own_application(actor=actor, application_id=application_id)
    return Application.objects.select_for_update().get(pk=row.pk)


def _locked(actor: Actor, pledge_id: uuid.UUID, kind: str = "") -> tuple[Pledge, Application]:
    """A promise of the actor's unit with its application, both locked; NotFound, NotPermitted."""
    if actor.kind != "official" or not actor.has_role("clerk", "leader"):
        raise NotPermitted(_("承诺由主办单位的经办人或者负责人跟踪。"))
    found = Pledge.objects.filter(tenant=actor.tenant, pk=pledge_id)
    if kind:
        found = found.filter(kind=kind)
    row = Application.objects.select_for_update().filter(pk__in=found.values("application_id")).first()
    if row is None or row.org_id != actor.org_id:
        raise NotFound(_("没有找到这项承诺，或者它不由您所在的单位跟踪。"))
    if not identity.may_handle_item(actor, row.item_code):
        raise NotPermitted(_("%(name)s委托您办理的事项不包括这一项，请由本人办理。") % {"name": actor.delegated_by})
    return Pledge.objects.select_for_update().get(pk=pledge_id), row


def _tell_unit(row: Application, title: str, body: str, pledge: Pledge) -> None:
    day = cn_date(pledge.due_on) if pledge.due_on else ""
    for person_id in _people(row.tenant, row.org_id, ("clerk",)):
        notify.send_message(
            tenant=row.tenant,
            person_id=person_id,
            title=title,
            body=_("办件 %(number)s：") % {"number": row.number} + body % {"item": row.item_name, "day": day},
            object_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)),
            link=reverse("service_hall:follow_up", args=[pledge.id]),
        )


def _people(tenant: str, org_id: uuid.UUID, roles: Iterable[str]) -> list[uuid.UUID]:
    return sorted({one.person_id for role in roles for one in identity.people_in(tenant, org_id, role)})


def _record(actor: Actor, pledge: Pledge, act: str, payload: Mapping[str, Any]) -> None:
    basis = _COMMITMENT_BASIS if pledge.kind == PromiseKind.COMMITMENT else _TOLERANCE_BASIS
    ref = ObjectRef(kind=PLEDGE_KIND, id=str(pledge.id))
    ledger.append(actor=actor, act=act, object_ref=ref, payload=payload, basis=basis)
