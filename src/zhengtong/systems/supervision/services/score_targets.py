"""年度目标: set by supervisors (one by one or by a table), reported by the unit, reviewed by a supervisor elsewhere;
and deductions of the year for discipline, by two supervisors.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.dates import read_day
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.uploads import checked_upload
from zhengtong.systems.supervision import permissions
from zhengtong.systems.supervision.constants import (
    DEDUCTION_KIND,
    TARGET_KIND,
    UNIT_ROLES,
    ProposalState,
    ReportState,
)
from zhengtong.systems.supervision.engine.target_sheet import UnreadableSheet, read_rows
from zhengtong.systems.supervision.models import Target, TargetReport, YearDeduction
from zhengtong.systems.supervision.rules.score_formulas import default_content
from zhengtong.systems.supervision.rules.score_targets import REPORTED, typed_target
from zhengtong.systems.supervision.selectors.score_targets import measures
from zhengtong.systems.supervision.services.moving import checked
from zhengtong.systems.supervision.services.scores import second_person

#: key → heading of the table of targets
COLUMNS = {
    "year": "年度",
    "period": "考核期",
    "unit_name": "单位",
    "name": "目标名称",
    "measure": "指标",
    "bound": "要求",
    "goal": "目标值",
    "unit": "计量单位",
    "weight": "权重",
    "basis": "依据",
}


@transaction.atomic
def set_target(*, actor: Actor, row: Mapping[str, str]) -> Target:
    """下达一个目标. Raises NotPermitted, Invalid with what is wrong field by field."""
    permissions.check_supervisor(actor)
    target, wrong = _target(actor, row)
    if target is None or wrong:
        raise Invalid(_("目标没有下达，请改正标出的内容。"), errors=wrong)
    if _known(target):
        raise Invalid(_("这个单位在这个考核期已经有同名的目标。"), field="name")
    target.save()
    _record(actor, target, "supervision.set_target", _said(target))
    return target


@transaction.atomic
def import_targets(*, actor: Actor, data: bytes) -> list[Target]:
    """Set all targets of a workbook, or none: Invalid names every line with what is wrong in it."""
    permissions.check_supervisor(actor)
    try:
        lines = read_rows(data, COLUMNS)
    except UnreadableSheet as error:
        raise Invalid(str(error), field="file") from error
    targets: list[Target] = []
    wrong: dict[str, str] = {}
    seen: dict[tuple[Any, ...], int] = {}
    for number, line in lines:
        target, errors = _target(actor, line)
        if target is not None and not errors:
            key = (target.year, target.period, target.org_id, target.name)
            if key in seen:
                errors = {"name": _("与第 %(n)d 行重复。") % {"n": seen[key]}}
            elif _known(target):
                errors = {"name": _("这个单位在这个考核期已经有同名的目标。")}
            seen.setdefault(key, number)
            targets.append(target)
        if errors:
            wrong[_("第 %(n)d 行") % {"n": number}] = "".join(errors.values())
    if wrong:
        text = _("没有导入：%(n)d 行有问题，请在表格中改正后重新导入。") % {"n": len(wrong)}
        raise Invalid(text, errors=wrong, field="file")
    Target.objects.bulk_create(targets, batch_size=500)
    payload = {"count": len(targets), "targets": [_said(target) for target in targets]}
    ledger.append(
        actor=actor,
        act="supervision.import_targets",
        object_ref=ObjectRef(kind=TARGET_KIND, id=str(targets[0].id)),
        payload=payload,
    )
    return targets


def _target(actor: Actor, row: Mapping[str, str]) -> tuple[Target | None, dict[str, str]]:
    found, wrong = typed_target({key: row.get(key, "").strip() for key in COLUMNS}, measures=measures())
    try:
        unit = identity.organisation_by_name(actor.tenant, row.get("unit_name", "").strip())
    except NotFound as error:
        wrong.setdefault("unit_name", error.message)
        return None, wrong
    if wrong:
        return None, wrong
    return Target(tenant=actor.tenant, org_id=unit.id, org_name=unit.name, set_by=actor.name, **found), {}


def _known(target: Target) -> bool:
    return Target.objects.filter(
        tenant=target.tenant, year=target.year, period=target.period, org_id=target.org_id, name=target.name
    ).exists()


def _said(target: Target) -> dict[str, Any]:
    return {
        "year": target.year,
        "period": target.period,
        "org": target.org_name,
        "name": target.name,
        "measure": target.measure,
        "goal": str(target.goal),
        "at_most": target.at_most,
        "weight": str(target.weight),
    }


def report_target(
    *, actor: Actor, target_id: uuid.UUID, value: str, text: str, file: tuple[str, bytes] | None
) -> TargetReport:
    """自报: the unit's own figure with its evidence (PDF or picture), for a supervisor to review."""
    proof = checked_upload(*file) if file is not None else None
    with transaction.atomic():
        target = _locked(actor, target_id)
        if actor.kind != "official" or actor.org_id != target.org_id or not actor.has_role(*UNIT_ROLES):
            raise NotPermitted(_("由%(org)s的经办人、审查人或负责人填报。") % {"org": target.org_name})
        if target.measure != REPORTED:
            raise Conflict(_("这个目标的完成值由系统统计，不用填报。"))
        if target.reports.filter(state=ReportState.REPORTED).exists():
            raise Conflict(_("上一次填报还在等待审核。"))
        number, words = _number(value), checked(text, field="text")
        if proof is None:
            raise Invalid(_("请上传佐证材料（PDF、JPG 或 PNG）。"), field="file")
        stored = storage.store_upload(tenant=actor.tenant, upload=proof)
        report = TargetReport.objects.create(
            tenant=actor.tenant,
            target=target,
            value=number,
            text=words,
            file_id=stored.id,
            file_name=stored.name,
            reported_by=actor.name,
        )
        more = {"value": str(number), "text": words, "file": stored.digest}
        _record(actor, target, "supervision.report_target", more)
        return report


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or not 0 <= number < 10**9 or number != number.quantize(Decimal("0.01")):
        raise Invalid(_("完成值应是数字，最多两位小数。"), field="value")
    return number


@transaction.atomic
def review_report(*, actor: Actor, report_id: uuid.UUID, accepted: bool, review: str) -> TargetReport:
    """审核: a supervisor of another unit accepts what was reported, or returns it with the reason."""
    permissions.check_supervisor(actor)
    report = TargetReport.objects.select_for_update().filter(tenant=actor.tenant, pk=report_id).first()
    if report is None:
        raise NotFound(_("没有找到这次填报。"))
    if report.target.org_id == actor.org_id:
        raise NotPermitted(_("这是您所在单位的目标，应当回避，请由其他监察员审核。"))
    if report.state != ReportState.REPORTED:
        raise Conflict(_("这次填报已经由%(who)s审核。") % {"who": report.reviewed_by})
    report.review = review.strip()[:2000] if accepted else checked(review, field="review")
    report.state = ReportState.ACCEPTED if accepted else ReportState.RETURNED
    report.reviewed_by, report.reviewed_at = actor.name, now()
    report.save()
    more = {"value": str(report.value), "accepted": accepted, "review": report.review}
    _record(actor, report.target, "supervision.review_target", more)
    return report


def _locked(actor: Actor, target_id: uuid.UUID) -> Target:
    target = Target.objects.select_for_update().filter(tenant=actor.tenant, pk=target_id).first()
    if target is None:
        raise NotFound(_("没有找到这个目标。"))
    return target


def _record(actor: Actor, target: Target, act: str, more: Mapping[str, Any]) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind=TARGET_KIND, id=str(target.id)),
        payload={"target": target.name, "org": target.org_name, **more},
    )


def discipline_kinds() -> dict[str, str]:
    """Kinds of discipline that take points from a year: key → label."""
    return {key: str(row["label"]) for key, row in default_content("A")["discipline"].items()}


@transaction.atomic
def propose_deduction(
    *, actor: Actor, org_name: str, decided_on: str, kind: str, persons: str, document: str, reason: str
) -> YearDeduction:
    """提出年度扣分: discipline against so many persons of a unit, by a document; nobody is named."""
    permissions.check_supervisor(actor)
    errors: dict[str, str] = {}
    unit = None
    try:
        unit = identity.organisation_by_name(actor.tenant, org_name.strip())
    except NotFound as error:
        errors["org_name"] = error.message
    try:
        day: dt.date | None = read_day(decided_on)
    except ValueError:
        day = None
    if day is None or day > local_date():
        errors["decided_on"] = _("请填写处分决定的日期，不晚于今天。")
    if kind not in discipline_kinds():
        errors["kind"] = _("请选择处分种类。")
    if not persons.isdecimal() or len(persons) > 3 or not 1 <= int(persons) <= 999:
        errors["persons"] = _("请填写人数。")
    if not 3 <= len(document.strip()) <= 80:
        errors["document"] = _("请填写处分决定文号。")
    if errors or unit is None or day is None:
        raise Invalid(_("没有提出，请改正标出的内容。"), errors=errors)
    try:
        with transaction.atomic():
            row = YearDeduction.objects.create(
                tenant=actor.tenant,
                org_id=unit.id,
                org_name=unit.name,
                decided_on=day,
                kind=kind,
                persons=int(persons),
                document=document.strip(),
                reason=checked(reason),
                proposed_by_id=permissions.person_of(actor),
                proposed_by=actor.name,
                proposed_for_id=actor.delegator_id,
                proposed_post=actor.post_name,
                proposed_org=actor.org_name,
            )
    except IntegrityError:
        raise Invalid(_("同一份处分决定已经登记过这个单位的这种处分。"), field="document") from None
    _deducted(actor, row, "supervision.propose_deduction", row.reason)
    return row


@transaction.atomic
def decide_deduction(*, actor: Actor, deduction_id: uuid.UUID, agreed: bool, reason: str) -> YearDeduction:
    """核准年度扣分: a second supervisor agrees or not."""
    permissions.check_supervisor(actor)
    row = YearDeduction.objects.select_for_update().filter(tenant=actor.tenant, pk=deduction_id).first()
    if row is None:
        raise NotFound(_("没有找到这一条年度扣分。"))
    if row.state != ProposalState.PROPOSED:
        raise Conflict(_("这一条已经由%(who)s处理。") % {"who": row.decided_by})
    second_person(actor, row.proposed_by_id, row.proposed_for_id)
    row.decision = checked(reason)
    row.state = ProposalState.APPROVED if agreed else ProposalState.REFUSED
    row.decided_by_id, row.decided_by, row.decided_post = actor.person_id, actor.name, actor.post_name
    row.decided_at = now()
    row.save()
    _deducted(actor, row, f"supervision.{'approve' if agreed else 'refuse'}_deduction", row.decision)
    return row


def _deducted(actor: Actor, row: YearDeduction, act: str, words: str) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind=DEDUCTION_KIND, id=str(row.id)),
        payload={
            "org": row.org_name,
            "kind": row.kind,
            "persons": row.persons,
            "document": row.document,
            "reason": words,
        },
    )
