"""The one sentence of an application: where it is, who has it, until when; of a list with five statements for all."""

import uuid
from collections.abc import Collection

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.clock import local_date
from zhengtong.systems.service_hall.models import Application, SupplementNotice
from zhengtong.systems.service_hall.rules import standing

#: limits that are not those in which the applicant is answered, or answers
_NO_ANSWER = ("statutory", "renewal", "hearing_ask", "hearing_hold")


def sentences_of(rows: Collection[Application]) -> dict[uuid.UUID, str]:
    """The sentences of applications of one tenant; the caller has checked the right to see them."""
    told = {row.case_id: row for row in rows if row.case_id is not None}
    if not told:
        return {row.id: sentence_of(row, None) for row in rows}
    tenant = next(iter(told.values())).tenant
    found = cases.standings_of(tenant=tenant, case_ids=list(told))
    noticed = SupplementNotice.objects.filter(
        application_id__in=[row.id for row in told.values()], answered_at__isnull=True
    )
    waiting = set(noticed.values_list("application_id", flat=True))
    return {
        row.id: sentence_of(row, found[row.case_id] if row.case_id else None, has_notice=row.id in waiting)
        for row in rows
    }


def sentence_of(row: Application, case: cases.CaseStanding | None, *, has_notice: bool = False) -> str:
    """The sentence of an application; ``has_notice``: one waits for the applicant."""
    if case is None:
        return _("还没有提交。填写内容已保存，可以随时继续。")
    return standing(
        phases=[phase for phase, _unit in case.waiting],
        units=list(dict.fromkeys(unit for _phase, unit in case.waiting if unit)),
        answer_by=min((due_on for kind, due_on in case.limits if kind not in _NO_ANSWER), default=None),
        today=local_date(),
        status="closed" if case.status == "closed" else "supplement" if has_notice else row.status,
        outcome=case.outcome_label,
        paused=case.paused,
    )
