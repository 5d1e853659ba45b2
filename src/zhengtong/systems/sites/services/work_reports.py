"""The yearly work report of a site: begun, filled in, then frozen and published by another person."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.contracts.sites import WorkReportPublished
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.outbox import publish
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import WORK_REPORT_KIND, ReportState
from zhengtong.systems.sites.models import SiteWorkReport
from zhengtong.systems.sites.rules import work_report as rules
from zhengtong.systems.sites.selectors.work_report import figures_of
from zhengtong.systems.sites.services.telling import record

_FIRST_YEAR = 2017


@transaction.atomic
def begin_work_report(*, actor: Actor, site_id: uuid.UUID, year: int) -> SiteWorkReport:
    """The report of a site for a year; the second call gives the first one. Raises Invalid, NotFound, NotPermitted."""
    site = permissions.editable_sites(actor).filter(pk=site_id).first()
    if site is None:
        raise NotFound(_("没有这个网站，或者它不归您管理。"))
    if actor.person_id is None:
        raise NotPermitted(_("工作年度报表由网站的编辑、签发人编制。"))
    if not _FIRST_YEAR <= year <= local_date().year:
        raise Invalid(_("请选择年度。"), field="year")
    row, new = SiteWorkReport.objects.get_or_create(
        site=site,
        year=year,
        defaults={
            "tenant": site.tenant,
            "due_on": rules.due_on(year),
            "prepared_by": actor.name,
            "prepared_by_id": actor.person_id,
            "stood_for_id": actor.delegator_id,
        },
    )
    if new:
        record(actor, "sites.work_report", _ref(row), site=site.name, year=year)
    return row


@transaction.atomic
def write_work_report(*, actor: Actor, report_id: uuid.UUID, manual: Mapping[str, str]) -> SiteWorkReport:
    """Fill in what the platform cannot count. Raises Conflict once it is published, Invalid, NotFound, NotPermitted."""
    row = _locked(actor, report_id)
    if actor.person_id is None:
        raise NotPermitted(_("工作年度报表由网站的编辑、签发人编制。"))
    filled = {key: manual.get(key, "").replace("\x00", "").strip()[:20] for key in rules.BY_HAND}
    errors = rules.wrong(filled)
    if errors:
        raise Invalid(_("还有 %(n)d 处需要改正，已填写的内容都在。") % {"n": len(errors)}, errors=errors)
    row.manual = filled
    row.prepared_by, row.prepared_by_id, row.stood_for_id = actor.name, actor.person_id, actor.delegator_id
    row.save()
    record(actor, "sites.work_report", _ref(row), site=row.site.name, year=row.year, manual=filled)
    return row


@transaction.atomic
def publish_work_report(*, actor: Actor, report_id: uuid.UUID) -> SiteWorkReport:
    """Freeze every figure and publish, by another person, when the year is over and all lines are filled in.

    Raises Conflict, NotFound, NotPermitted.
    """
    row = _locked(actor, report_id)
    permissions.check_may_publish(actor, row.site)
    own = _("工作年度报表由另一人公布，编制人不能公布自己编的报表。")
    identity.check_second_person(actor, row.prepared_by_id, row.stood_for_id, own)
    if local_date() <= dt.date(row.year, 12, 31):
        raise Conflict(_("%(year)d 年还没有结束，不能公布年度报表。") % {"year": row.year})
    missing = rules.missing(row.manual)
    if missing:
        said = "、".join(missing[:5])
        raise Conflict(_("还有 %(n)d 项没有填写：%(said)s。没有的请填 0。") % {"n": len(missing), "said": said})
    row.frozen = dict(figures_of(row))
    row.state, row.published_at = ReportState.PUBLISHED, now()
    row.published_by, row.published_by_id = actor.name, actor.person_id
    row.save()
    record(actor, "sites.publish_work_report", _ref(row), site=row.site.name, year=row.year, figures=row.frozen)
    publish(
        WorkReportPublished(
            tenant=row.tenant,
            object_ref=_ref(row),
            at=row.published_at,
            site_id=row.site_id,
            org_code=row.site.org_code,
            org_name=row.site.org_name,
            year=row.year,
        )
    )
    return row


def _locked(actor: Actor, report_id: uuid.UUID) -> SiteWorkReport:
    reach = permissions.editable_sites(actor).order_by()
    rows = SiteWorkReport.objects.select_for_update(of=("self",)).select_related("site")
    row = rows.filter(pk=report_id, site__in=reach).first()
    if row is None:
        raise NotFound(_("没有找到这份工作年度报表，或者它不归您编制。"))
    if row.state == ReportState.PUBLISHED:
        raise Conflict(_("这份工作年度报表已经公布，不能再改。"))
    return row


def _ref(row: SiteWorkReport) -> ObjectRef:
    return ObjectRef(kind=WORK_REPORT_KIND, id=str(row.pk))
