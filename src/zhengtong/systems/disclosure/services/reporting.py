"""The yearly report: prepared, then frozen and published by another person."""

import dataclasses
import datetime as dt
import re
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.systems.disclosure.constants import AUTHORITY, LEADER, REPORT, UNIT_ROLES, ReportState
from zhengtong.systems.disclosure.models import YearlyReport
from zhengtong.systems.disclosure.rules import report as rules
from zhengtong.systems.disclosure.selectors.report import MANUAL, desk_report, tables_of

_FIRST_YEAR, _TEXT_MAX = 2019, 5000
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,4})?")


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReportWords:
    """What people add to the figures: numbers the platform does not know, and the words of the report."""

    manual: dict[str, str]
    overview: str = ""
    problems: str = ""
    other: str = ""


@transaction.atomic
def begin_report(*, actor: Actor, year: int, county: bool) -> YearlyReport:
    """A unit's report of a year, or the government's; the second call gives the first one.

    Raises Invalid for a year that has none, NotPermitted.
    """
    if actor.org_id is None or actor.person_id is None or not actor.has_role(AUTHORITY if county else UNIT_ROLES[0]):
        raise NotPermitted(_("本单位的年度报告由经办人编制，政府的由信息公开主管部门编制。"))
    if not _FIRST_YEAR <= year <= local_date().year:
        raise Invalid(_("请选择年度。"), field="year")
    code = "" if county else actor.org_code
    same = YearlyReport.objects.filter(tenant=actor.tenant, year=year, org_code=code)
    if found := same.first():
        return found
    try:
        with transaction.atomic():
            row = YearlyReport.objects.create(
                tenant=actor.tenant,
                year=year,
                org_id=actor.org_id,
                org_code=code,
                org_name=_("本县人民政府") if county else actor.org_name,
                due_on=rules.due_on(year, county=county),
                prepared_by=actor.name,
                prepared_by_id=actor.person_id,
                stood_for_id=actor.delegator_id,
            )
    except IntegrityError:  # somebody was faster
        return same.get()
    _record(actor, row, "disclosure.report")
    return row


@transaction.atomic
def write_report(*, actor: Actor, report_id: uuid.UUID, words: ReportWords) -> YearlyReport:
    """Fill in what people add. Raises Invalid, Conflict once it is published, NotPermitted."""
    row = _locked(actor, report_id)
    if actor.person_id is None:
        raise NotPermitted(_("年度报告由工作人员编制。"))
    manual = {key: words.manual.get(key, "").strip() for key in MANUAL}
    errors = {key: _("请写数字。") for key, value in manual.items() if value and not _NUMBER.fullmatch(value)}
    texts = {name: getattr(words, name).replace("\x00", "").strip() for name in ("overview", "problems", "other")}
    errors |= {name: _("超过 %(n)d 个字。") % {"n": _TEXT_MAX} for name, text in texts.items() if len(text) > _TEXT_MAX}
    if errors:
        raise Invalid(_("还有 %(n)d 处需要改正，已填写的内容都在。") % {"n": len(errors)}, errors=errors)
    row.manual = manual
    for name, text in texts.items():
        setattr(row, name, text)
    row.prepared_by, row.prepared_by_id, row.stood_for_id = actor.name, actor.person_id, actor.delegator_id
    row.save()
    _record(actor, row, "disclosure.report")
    return row


@transaction.atomic
def publish_report(*, actor: Actor, report_id: uuid.UUID) -> YearlyReport:
    """Freeze the tables as they stand and publish, by another person, when the year is over and they balance."""
    row = _locked(actor, report_id)
    if not actor.has_role(LEADER, AUTHORITY) or actor.org_id != row.org_id:
        raise NotPermitted(_("年度报告由编制单位的负责人公布。"))
    own = _("年度报告由另一人公布，编制人不能公布自己编的报告。")
    identity.check_second_person(actor, row.prepared_by_id, row.stood_for_id, own)
    if local_date() <= dt.date(row.year, 12, 31):
        raise Conflict(_("%(year)d 年还没有结束，不能公布年度报告。") % {"year": row.year})
    missing = [label for label, text in ((_("总体情况"), row.overview), (_("问题及改进"), row.problems)) if not text]
    if missing:
        raise Conflict(_("还没有填写：%(what)s。") % {"what": "、".join(missing)})
    tables = tables_of(row)
    if wrong := rules.why_unbalanced(tables.two):
        raise Conflict(_("表二不平衡，不能公布：%(what)s") % {"what": "；".join(wrong)})
    row.frozen, row.state, row.published_at = tables.as_json(), ReportState.PUBLISHED, now()
    row.published_by, row.published_by_id = actor.name, actor.person_id
    row.save()
    _record(actor, row, "disclosure.report_publish")
    return row


def _locked(actor: Actor, report_id: uuid.UUID) -> YearlyReport:
    row = YearlyReport.objects.select_for_update().get(pk=desk_report(actor, report_id).pk)
    if row.state == ReportState.PUBLISHED:
        raise Conflict(_("这份年度报告已经公布，不能再改。"))
    if row.org_id != actor.org_id:
        raise NotPermitted(_("这份年度报告由%(org)s编制。") % {"org": row.org_name})
    return row


def _record(actor: Actor, row: YearlyReport, act: str) -> None:
    ref = ObjectRef(kind=REPORT, id=str(row.id))
    ledger.append(actor=actor, act=act, object_ref=ref, payload={"year": row.year, "org": row.org_code})
