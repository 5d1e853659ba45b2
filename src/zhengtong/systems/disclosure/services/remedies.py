"""复议、诉讼: written down by the unit, with what came of them; table 3 of the yearly report counts them."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.systems.disclosure.constants import ActKind, RemedyKind, RemedyResult
from zhengtong.systems.disclosure.models import Remedy
from zhengtong.systems.disclosure.services.taking import unit_takes, words_in
from zhengtong.systems.disclosure.services.telling import record, write_act


@transaction.atomic
def enter_remedy(
    *, actor: Actor, request_id: uuid.UUID, kind: str, body: str, lodged_on: dt.date, case_number: str = ""
) -> Remedy:
    """An answer was contested. Raises Invalid, Conflict before it was answered."""
    row = unit_takes(actor, request_id, "remedy")
    if kind not in RemedyKind.values:
        raise Invalid(_("请选择行政复议还是行政诉讼。"), field="kind")
    first = row.received_on or row.arrived_on
    if not first <= lodged_on <= local_date():
        raise Invalid(_("受理日期在收到申请之日和今天之间。"), field="lodged_on")
    made = Remedy.objects.create(
        tenant=row.tenant,
        request=row,
        kind=kind,
        body=words_in(body, field="body", least=2, most=120),
        lodged_on=lodged_on,
        case_number=case_number.replace("\x00", "").strip()[:80],
        entered_by=actor.name,
    )
    write_act(row, actor, ActKind.REMEDY, f"{made.get_kind_display()}：{made.body}")
    record(actor, row, "disclosure.remedy", {"kind": kind, "lodged_on": lodged_on})
    return made


@transaction.atomic
def enter_result(
    *, actor: Actor, request_id: uuid.UUID, remedy_id: uuid.UUID, result: str, decided_on: dt.date, note: str = ""
) -> Remedy:
    """It was decided. Raises Invalid, Conflict where that was entered before, NotFound."""
    row = unit_takes(actor, request_id, "remedy_result")
    found = row.remedies.select_for_update().filter(pk=remedy_id).first()
    if found is None:
        raise NotFound(_("没有找到这次复议或者诉讼。"))
    if found.result != RemedyResult.PENDING:
        raise Conflict(_("已经登记过结果。"))
    if result not in RemedyResult.values or result == RemedyResult.PENDING:
        raise Invalid(_("请选择结果。"), field="result")
    if not found.lodged_on <= decided_on <= local_date():
        raise Invalid(_("审结日期在受理日期和今天之间。"), field="decided_on")
    found.result, found.decided_on, found.note = result, decided_on, note.replace("\x00", "").strip()[:300]
    found.save(update_fields=["result", "decided_on", "note"])
    write_act(row, actor, ActKind.REMEDY_RESULT, found.get_result_display())
    record(actor, row, "disclosure.remedy_result", {"result": result, "decided_on": decided_on})
    return found
