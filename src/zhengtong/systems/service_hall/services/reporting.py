"""办件月报: made on the first working day, frozen with its figures, made anew only as a new version with a reason."""

import datetime as dt
import uuid
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.service_hall import ReportMade
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.measures import plain
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.ui import compared
from zhengtong.systems.service_hall.constants import RANKED_FROM, REPORT_KIND, REPORT_UNIT
from zhengtong.systems.service_hall.models import CaseFigure, MonthlyReport
from zhengtong.systems.service_hall.rules.figures import GROUPS, MEASURES, Tally
from zhengtong.systems.service_hall.rules.periods import EARLIEST, Period, whole_period
from zhengtong.systems.service_hall.rules.report_words import Compared, UnitTally, report_sentences
from zhengtong.systems.service_hall.selectors import figures

#: who has a report made again; it tells of the whole county
MAKERS = (Role.SUPERVISOR, Role.HALL_MANAGER)
#: whose post makes a unit the issuing one, where none is set
_ISSUERS = (Role.HALL_MANAGER, Role.SUPERVISOR, Role.LEADER)
REASON_MIN = 5  # characters
_ITEMS_KEPT = 50
#: figures of the unit table of the paper and the page
TABLE = ("applied", "decided", "on_time", "median", "p90", "online", "one_trip", "satisfied", "overdue")


def make_due_reports() -> int:
    """Where a working day of the month has begun, the report of the month before, once; returns how many were made."""
    return sum(_make_due(tenant) for tenant in identity.tenants())


def _make_due(tenant: str) -> int:
    today = local_date()
    month = figures.month_before(today)
    begun = cases.calendar_of(tenant).workdays_between(month.end, today) >= 1
    if not begun or MonthlyReport.objects.filter(tenant=tenant, month=month.first).exists():
        return 0
    if not CaseFigure.objects.filter(tenant=tenant, applied_on__lte=month.end).exists():
        return 0  # the hall had not opened yet
    _make(system(tenant), month, reason="")
    return 1


def make_report(*, actor: Actor, month: str, reason: str = "") -> MonthlyReport:
    """The report of a whole month (2026-10); again only with a reason, as a new version. The old one stays.

    Raises NotPermitted, Invalid (no month that has ended, no reason), Conflict when somebody made it just now.
    """
    if actor.kind != "official" or not actor.has_role(*MAKERS):
        raise NotPermitted(_("月报由政务大厅管理员或者监察员生成。"))
    try:
        period = whole_period(month)
    except ValueError:
        period = None
    if period is None or "Q" in month or "-" not in month or not EARLIEST <= period.end < local_date():
        raise Invalid(_("请选择已经结束的月份。"), field="month")
    made = MonthlyReport.objects.filter(tenant=actor.tenant, month=period.first).exists()
    if made and len(reason.strip()) < REASON_MIN:
        raise Invalid(
            _("%(month)s的月报已经生成。重新生成请写明理由（至少 %(n)d 个字），旧的一版保留。")
            % {"month": period.label, "n": REASON_MIN},
            field="reason",
        )
    return _make(actor, period, reason=reason.strip()[:200] if made else "")


def _make(actor: Actor, month: Period, *, reason: str) -> MonthlyReport:
    content, sentences = _content(actor.tenant, month)
    with transaction.atomic():
        # one at a time: there may be no row yet that could be locked
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"report:{actor.tenant}:{month.key}"])
        last = MonthlyReport.objects.filter(tenant=actor.tenant, month=month.first).order_by("-version").first()
        if last is not None and not reason:
            raise Conflict(_("%(month)s的月报刚刚已经生成，请刷新后查看。") % {"month": month.label})
        row = MonthlyReport.objects.create(
            tenant=actor.tenant,
            month=month.first,
            version=last.version + 1 if last else 1,
            figures=content,
            sentences=sentences,
            reason=reason,
            made_by=actor.name,
            made_by_id=actor.person_id,
        )
        ref = ObjectRef(kind=REPORT_KIND, id=month.key)
        ledger.append(
            actor=actor,
            act="service_hall.report",
            object_ref=ref,
            payload={"month": month.key, "version": row.version, "reason": reason},
            purpose=_("生成办件月报"),
        )
        publish(
            ReportMade(
                tenant=row.tenant,
                object_ref=ref,
                at=row.created_at,
                report_id=row.id,
                month=month.key,
                version=row.version,
            )
        )
    return row


def _content(tenant: str, month: Period) -> tuple[dict[str, Any], list[str]]:
    """All that the report shows, as plain values, and in words."""
    boss, county = system(tenant), figures.Place()
    compared = Compared(
        label=month.label,
        now=figures.tally(boss, county, month),
        before=figures.tally(boss, county, month.before()),
        last_year=figures.tally(boss, county, month.last_year()),
    )
    units = figures.by_unit(boss, month)
    smallest = int(parameters.value(RANKED_FROM, tenant=tenant, on=month.last))
    named = [UnitTally(unit.label, unit.tally) for unit in units]
    items = figures.by_item(boss, county, month)[:_ITEMS_KEPT]
    content = {
        "month": month.key,
        "whole": compared.now.to_json(),
        "before": compared.before.to_json(),
        "last_year": compared.last_year.to_json(),
        "units": [{"key": one.key, "label": one.label, "tally": one.tally.to_json()} for one in units],
        "items": [{"key": one.key, "label": one.label, "tally": one.tally.to_json()} for one in items],
        "course": figures.course(boss, county, month),
        "months": figures.months(boss, county, month.last),
    }
    return content, report_sentences(compared, named, smallest=smallest)


def why_no_paper(row: MonthlyReport) -> str:
    """Why a report has no paper although it should, and who can mend it; empty while it is on its way."""
    return "" if row.document_id is not None else documents.why_no_paper(row.tenant, REPORT_UNIT, _ISSUERS)


def check_typesetting(*, actor: Actor, report_id: uuid.UUID) -> MonthlyReport:
    """A report whose paper its makers may ask for once more. Raises NotPermitted, NotFound, Conflict."""
    if actor.kind != "official" or not actor.has_role(*MAKERS):
        raise NotPermitted(_("月报由政务大厅管理员或者监察员生成。"))
    row = MonthlyReport.objects.filter(tenant=actor.tenant, pk=report_id).first()
    if row is None:
        raise NotFound(_("没有找到这份月报。"))
    if row.document_id is not None:
        raise Conflict(_("这份月报已经有文书，不需要重新排版。"))
    if why := why_no_paper(row):
        raise Conflict(why)
    return row


@transaction.atomic
def issue_report(*, tenant: str, report_id: uuid.UUID) -> None:
    """Typeset the report as a paper; a new version replaces the paper of the one before. Safe to repeat."""
    row = MonthlyReport.objects.select_for_update().get(tenant=tenant, pk=report_id)
    if row.document_id is not None:
        return
    # a version made in the meantime has its own paper: an older one is not put over it
    papers = MonthlyReport.objects.filter(tenant=tenant, month=row.month, document_id__isnull=False)
    if papers.filter(version__gt=row.version).exists():
        return
    former = papers.order_by("-version").first()
    month = whole_period(f"{row.month:%Y-%m}")
    issued = documents.issue_report(
        tenant=tenant,
        object_ref=ObjectRef(kind=REPORT_KIND, id=month.key),
        title=_("政务服务办件月报（%(month)s）") % {"month": month.label},
        fields=_paper_fields(row),
        issuer=str(parameters.value(REPORT_UNIT, tenant=tenant)),
        roles=_ISSUERS,
        supersedes=former.document_id if former else None,
        reason=row.reason or _("办件月报"),
    )
    if issued is not None:
        MonthlyReport.objects.filter(pk=row.pk, document_id__isnull=True).update(document_id=issued.id)


def _paper_fields(row: MonthlyReport) -> dict[str, Any]:
    tallies = [Tally.from_json(row.figures[name]) for name in ("whole", "before", "last_year")]
    shown = [one for group in GROUPS for one in MEASURES.values() if one.group == group]
    figures_table = compared.paper_table(_("一、全县主要指标"), shown, tallies)
    units_table = {
        "title": _("二、各单位情况"),
        "heads": [_("单位"), *(_head(key) for key in TABLE)],
        "rows": [
            {"cells": [unit["label"], *(plain(MEASURES[key].of(Tally.from_json(unit["tally"]))) for key in TABLE)]}
            for unit in row.figures["units"]
        ],
    }
    return {
        "opening": row.sentences,
        "tables": [figures_table, *([units_table] if units_table["rows"] else [])],
        "notes": [
            _("第 %(version)d 版，数据截至 %(day)s。") % {"version": row.version, "day": _day(row)},
            *([_("重新生成的理由：%(reason)s") % {"reason": row.reason}] if row.reason else []),
        ],
    }


def _head(key: str) -> str:
    measure = MEASURES[key]
    return f"{measure.label}（{measure.unit}）"


def _day(row: MonthlyReport) -> str:
    made: dt.date = local_date(row.created_at)
    return f"{made.year}年{made.month}月{made.day}日"
