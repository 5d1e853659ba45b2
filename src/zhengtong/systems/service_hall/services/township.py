"""Passing up: paper originals taken in at a town go to the county unit on a list, and come back with a reason.

The electronic file has been with the county unit since it was handed in: the clock neither waits for the paper nor
begins anew with it (docs/decisions/0024).
"""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.texts import whole_text
from zhengtong.kernel.ui.formats import cn_day
from zhengtong.kernel.uploads import checked_upload
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import BATCH_KIND, OBJECT_KIND, PassedState
from zhengtong.systems.service_hall.models import Application, PassedBatch, PassedPapers
from zhengtong.systems.service_hall.rules import batch_number
from zhengtong.systems.service_hall.services.telling import tell_applicant

REASON_MIN, REASON_MAX = 2, 200  # characters
_PIECES_MAX = 999


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What the receiver says of the papers of one application on a list."""

    state: str
    reason: str = ""


@transaction.atomic
def pass_up(*, actor: Actor, pieces: Mapping[uuid.UUID, int]) -> list[PassedBatch]:
    """Send papers up, given as application → number of pieces: one list for each county unit they belong to.

    Raises Invalid for nothing or no sensible number, Conflict for papers that are on another list already.
    """
    if not pieces:
        raise Invalid(_("请至少选择一件要上报的申请。"), field="applications")
    if any(not 1 <= count <= _PIECES_MAX for count in pieces.values()):
        raise Invalid(_("每件申请的纸质材料份数至少是 1 份。"), field="applications")
    ready = {row.id: row for row in selectors.papers_here(actor=actor)}
    if set(pieces) - set(ready):
        raise Conflict(_("有的申请已经上报，或者不在您的窗口。请刷新后重新选择。"))
    units: dict[uuid.UUID, list[Application]] = {}
    for key in pieces:
        units.setdefault(ready[key].org_id, []).append(ready[key])
    return [_list_for(actor, rows, pieces) for rows in units.values()]


def _list_for(actor: Actor, rows: Sequence[Application], pieces: Mapping[uuid.UUID, int]) -> PassedBatch:
    unit, person_id = _post(actor)
    today = local_date()
    sequence = selectors.lists_of_day(tenant=actor.tenant, org_id=unit, day=today) + 1
    try:
        with transaction.atomic():
            batch = PassedBatch.objects.create(
                tenant=actor.tenant,
                number=batch_number(actor.org_code, today, sequence),
                from_org_id=unit,
                from_org_name=actor.org_name,
                to_org_id=rows[0].org_id,
                to_org_name=rows[0].org_name,
                sent_by_id=person_id,
                sent_by=actor.name,
            )
            for row in rows:
                PassedPapers.objects.create(tenant=row.tenant, batch=batch, application=row, pieces=pieces[row.id])
    except IntegrityError as error:
        raise Conflict(_("有的材料刚刚由同事上报了。请刷新后重新选择。")) from error
    _record(actor, batch, "service_hall.pass_up", {"number": batch.number, "papers": _counts(rows, pieces)})
    for row in rows:
        words = {"from": actor.org_name, "to": row.org_name, "day": cn_day(now())}
        tell_applicant(
            row, _("纸质材料已上报"), _("您交来的纸质材料%(day)s由%(from)s送往%(to)s，办理不等纸质材料。") % words
        )
    return batch


def _counts(rows: Sequence[Application], pieces: Mapping[uuid.UUID, int]) -> list[dict[str, Any]]:
    return [{"application": row.number, "pieces": pieces[row.id]} for row in rows]


def receive_list(
    *, actor: Actor, batch_id: uuid.UUID, verdicts: Mapping[uuid.UUID, Verdict], signature: bytes = b""
) -> PassedBatch:
    """Sign for a list: every line is received, missing or handed back with a reason; the whole list at once.

    Raises NotFound for the lists of other units, NotPermitted for who sent it, Invalid where a line is not decided or a
    reason is wanting, Conflict when it was signed for before.
    """
    found = selectors.list_to_receive(actor=actor, batch_id=batch_id)
    signed = checked_upload(_("签收签名.png"), signature) if signature else None
    with transaction.atomic():
        batch = PassedBatch.objects.select_for_update().get(pk=found.pk)
        if batch.received_at is not None:
            raise Conflict(_("这份清单已由%(name)s签收。") % {"name": batch.received_by})
        if batch.sent_by_id == actor.person_id:
            raise NotPermitted(_("递交人不能签收自己的清单，请由接收单位的另一位同事签收。"))
        lines = list(batch.lines.select_related("application").order_by("created_at"))
        errors = _undecided(lines, verdicts)
        if errors:
            raise Invalid(_("还有没核对完的材料，请逐件选择。"), errors=errors)
        at = now()
        for line in lines:
            verdict = verdicts[line.pk]
            line.state, line.reason, line.decided_at = verdict.state, verdict.reason.strip(), at
            line.save(update_fields=["state", "reason", "decided_at"])
            if verdict.state == PassedState.RETURNED:
                said = _("您交来的纸质材料由%(unit)s退回%(town)s：%(reason)s")
                words = {"unit": batch.to_org_name, "town": batch.from_org_name, "reason": line.reason}
                tell_applicant(line.application, _("纸质材料已退回"), said % words)
        batch.received_by, batch.received_at = actor.name, at
        if signed:
            batch.signature = storage.store_upload(tenant=batch.tenant, upload=signed)
        batch.save(update_fields=["received_by", "received_at", "signature"])
        kept = [{"application": line.application.number, "state": line.state} for line in lines]
        _record(actor, batch, "service_hall.pass_receive", {"number": batch.number, "papers": kept})
        return batch


def _undecided(lines: Sequence[PassedPapers], verdicts: Mapping[uuid.UUID, Verdict]) -> dict[str, str]:
    errors: dict[str, str] = {}
    for line in lines:
        verdict = verdicts.get(line.pk)
        if verdict is None or verdict.state not in (PassedState.RECEIVED, PassedState.MISSING, PassedState.RETURNED):
            errors[f"line-{line.pk}"] = _("请选择收到、没有收到或者退回：%(item)s。") % {
                "item": line.application.item_name
            }
        elif verdict.state != PassedState.RECEIVED and len(verdict.reason.strip()) < REASON_MIN:
            errors[f"line-{line.pk}"] = _("请写明缺什么或者为什么退回：%(item)s。") % {
                "item": line.application.item_name
            }
        else:
            try:
                whole_text(verdict.reason, REASON_MAX, label=_("原因"))
            except Invalid as refusal:
                errors[f"line-{line.pk}"] = refusal.message
    return errors


def _post(actor: Actor) -> tuple[uuid.UUID, uuid.UUID]:
    if actor.kind != "official" or actor.org_id is None or actor.person_id is None:
        raise NotPermitted(_("上报材料由窗口工作人员办理。"))
    return actor.org_id, actor.person_id


def _record(actor: Actor, batch: PassedBatch, act: str, payload: Mapping[str, Any]) -> None:
    """One entry for the list, and one for each application on it, where the applicant can see it."""
    ref = ObjectRef(kind=BATCH_KIND, id=str(batch.id))
    ledger.append(actor=actor, act=act, object_ref=ref, payload=payload)
    for line in batch.lines.all():
        ledger.append(
            actor=actor,
            act=act,
            object_ref=ObjectRef(kind=OBJECT_KIND, id=str(line.application_id)),
            payload={"number": batch.number, "pieces": line.pieces, "state": line.state},
        )
