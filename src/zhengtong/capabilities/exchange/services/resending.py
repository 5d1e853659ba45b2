"""What a person sends again: a package that nothing moves by itself, a refused row that was put right."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.exchange.constants import (
    ACT_DOWNLOADED,
    ACT_RESENT,
    ACT_ROW_RESENT,
    PACKAGE_KIND,
    REASON_MAX,
    REASON_MIN,
    ROW_KIND,
    PackageState,
    Verdict,
)
from zhengtong.capabilities.exchange.models import ChangedRow, ReportedRow, ReportPackage, ReportStream
from zhengtong.capabilities.exchange.permissions import may_resend_row, require_operator, visible_rows
from zhengtong.capabilities.exchange.rules import RESENDABLE
from zhengtong.capabilities.exchange.services.answering import succeed
from zhengtong.capabilities.exchange.services.marking import mark_changed
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted


@transaction.atomic
def resend_package(*, actor: Actor, package_id: uuid.UUID, reason: str) -> ReportPackage:
    """人工重发上报包：内容、序号、签名都不变，上级平台已有的不会重复。"""
    require_operator(actor)
    words = checked_reason(reason)
    found = ReportPackage.objects.filter(tenant=actor.tenant, pk=package_id).first()
    if found is None:
        raise NotFound(_("没有找到这个上报包。"))
    stream = ReportStream.objects.select_for_update().get(tenant=actor.tenant, dataset=found.dataset)
    row = ReportPackage.objects.select_for_update().get(pk=found.pk)
    if row.state not in RESENDABLE:
        raise Conflict(_("上级平台已经收到这个上报包，不用重发。个别记录被退回的，请在“退回的记录”中处理。"))
    before = row.state
    row.state, row.taken_until = PackageState.BUILT, None
    row.save(update_fields=["state", "taken_until"])
    succeed(stream)
    ledger.append(
        actor=actor,
        act=ACT_RESENT,
        object_ref=ObjectRef(kind=PACKAGE_KIND, id=str(row.pk)),
        payload={"dataset": row.dataset, "sequence": row.sequence, "before": before, "reason": words},
        purpose=words,
    )
    return row


@transaction.atomic
def resend_rows(*, actor: Actor, row_ids: Collection[uuid.UUID], reason: str) -> int:
    """重报被退回或者暂停上报的记录：以现在的内容进入下一个上报包；几条。"""
    words = checked_reason(reason)
    if not row_ids:
        raise Invalid(_("请选择要重报的记录。"), field="rows")
    refused = ReportedRow.objects.filter(visible_rows(actor), pk__in=row_ids, latest=True, verdict=Verdict.REFUSED)
    held = ChangedRow.objects.filter(visible_rows(actor), pk__in=row_ids, held_at__isnull=False)
    chosen: list[ReportedRow | ChangedRow] = [*refused, *held]
    if len(chosen) != len(set(row_ids)):
        raise Conflict(_("有的记录已经重报或者不由您的单位处理，没有重报。请刷新页面后再选。"))
    for row in chosen:
        if not may_resend_row(actor, row.org_id):
            raise NotPermitted(_("您可以查看这些记录，不能重报。请由责任单位或者应用操作员办理。"))
        mark_changed(tenant=row.tenant, dataset=row.dataset, keys=[row.row_key], forced=True)
        ledger.append(
            actor=actor,
            act=ACT_ROW_RESENT,
            object_ref=ObjectRef(kind=ROW_KIND, id=str(row.pk)),
            payload={"dataset": row.dataset, "key": row.row_key, "reason": words},
            purpose=words,
        )
    return len(chosen)


@transaction.atomic
def record_download(*, actor: Actor, package_id: uuid.UUID, reason: str) -> ReportPackage:
    """下载上报包要写明用途：里面有办件人的信息。"""
    require_operator(actor)
    words = checked_reason(reason)
    row = ReportPackage.objects.filter(tenant=actor.tenant, pk=package_id).first()
    if row is None:
        raise NotFound(_("没有找到这个上报包。"))
    ledger.append(
        actor=actor,
        act=ACT_DOWNLOADED,
        object_ref=ObjectRef(kind=PACKAGE_KIND, id=str(row.pk)),
        payload={"dataset": row.dataset, "sequence": row.sequence, "rows": row.rows},
        purpose=words,
    )
    return row


def checked_reason(reason: str) -> str:
    """The reason in words; raises Invalid for none."""
    words = reason.strip()
    if not REASON_MIN <= len(words) <= REASON_MAX:
        raise Invalid(
            _("请写明理由，%(least)d 到 %(most)d 个字。") % {"least": REASON_MIN, "most": REASON_MAX}, field="reason"
        )
    return words
