"""What the applicant has on the platform already and need not give again: licences, files of earlier applications."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import api as documents
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.service_hall.constants import (
    OBJECT_KIND,
    PAPER_ALIASES,
    REUSE_MONTHS,
    UNDER_WAY,
    ApplicationStatus,
    MaterialSource,
    MaterialState,
)
from zhengtong.systems.service_hall.models import Application, MaterialFile
from zhengtong.systems.service_hall.permissions import own
from zhengtong.systems.service_hall.rules import is_online_form
from zhengtong.systems.service_hall.rules.licences import is_paper_for, plain_name
from zhengtong.systems.service_hall.selectors.applications import ApplicationView, MaterialView

_MONTH = dt.timedelta(days=30.44)
_MOST_EARLIER = 2  # files of earlier applications offered for one material


@dataclasses.dataclass(frozen=True)
class Offer:
    """Something the applicant has: ``kind`` and ``id`` name it, ``file_id`` is the stored file, ``reason`` says why."""

    kind: str
    id: uuid.UUID
    name: str
    file_id: uuid.UUID
    reason: str


def offers_for(*, applicant: Actor, view: ApplicationView) -> dict[str, tuple[Offer, ...]]:
    """By material, what can be used again for an application of the applicant's; licences before earlier files.

    Only what still holds is offered: licences in force and not reported as lost, files handed in within the months
    the county allows. Materials shared between units get the licence as the reason why nothing is asked.
    """
    wanted = [one for one in view.materials if not is_online_form({"key": one.key, "name": one.name})]
    papers = _licences(applicant)
    earlier = _earlier(applicant, view.row, wanted)
    aliases = dict(parameters.value(PAPER_ALIASES, tenant=applicant.tenant))
    found = {}
    for material in wanted:
        held = [_of_licence(paper) for paper in papers if is_paper_for(material.name, paper.title, aliases)]
        given = [_of_file(row) for row in earlier if plain_name(row.material_name) == plain_name(material.name)]
        if held or given:
            found[material.key] = (*held, *given[:_MOST_EARLIER])
    return found


def lapsed_sources(row: Application) -> dict[str, str]:
    """Materials whose licence has ended since it was chosen, a sentence by ``material-<key>``."""
    chosen = MaterialFile.objects.filter(
        application=row, state=MaterialState.CURRENT, source_kind=MaterialSource.LICENCE
    )
    found = {}
    for given in chosen:
        licence = documents.licence_by_id(tenant=row.tenant, document_id=given.source_id) if given.source_id else None
        until = licence.paper.valid_until if licence else None
        if licence is None or licence.ended or licence.lost_at or (until is not None and until < local_date()):
            found[f"material-{given.material_key}"] = _("“%(name)s”已经失效或者挂失，请移除以后重新提交。") % {
                "name": given.material_name
            }
    return found


def _licences(applicant: Actor) -> list[documents.IssuedDocument]:
    mine = Application.objects.filter(own(applicant), status=ApplicationStatus.CLOSED)
    ids = [str(key) for key in mine.values_list("id", flat=True)]
    today = local_date()
    return [
        one.paper
        for one in documents.licences_of(tenant=applicant.tenant, subject_kind=OBJECT_KIND, subject_ids=ids)
        if not one.ended and one.lost_at is None and (one.paper.valid_until is None or one.paper.valid_until >= today)
    ]


def _earlier(applicant: Actor, row: Application, wanted: Sequence[MaterialView]) -> list[MaterialFile]:
    months = int(parameters.value(REUSE_MONTHS, tenant=applicant.tenant))
    if not wanted or not months:
        return []
    rows = MaterialFile.objects.filter(
        application__in=Application.objects.filter(own(applicant), status__in=[*UNDER_WAY, ApplicationStatus.CLOSED]),
        state=MaterialState.CURRENT,
        source_kind=MaterialSource.GIVEN,
        created_at__gte=now() - months * _MONTH,
    ).exclude(application_id=row.id)
    return list(rows.select_related("application", "file").order_by("-created_at")[:200])


def _of_licence(paper: documents.IssuedDocument) -> Offer:
    words = {"title": paper.title, "org": paper.issuing_org_name, "day": cn_date(paper.issued_at)}
    reason = _("您的%(title)s由%(org)s于%(day)s发放，不用再交。") % words
    return Offer(MaterialSource.LICENCE, paper.id, f"{paper.title} {paper.number}", paper.file_id, reason)


def _of_file(row: MaterialFile) -> Offer:
    words = {"day": cn_date(row.created_at), "item": row.application.item_name}
    reason = _("您在%(day)s办理“%(item)s”时交过这份材料，没有变化的可以直接使用。") % words
    return Offer(MaterialSource.EARLIER, row.id, row.file.name, row.file_id, reason)
