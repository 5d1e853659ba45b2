"""What the hall holds about a person, who read it, and his requests to correct it."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page
from zhengtong.kernel.personal_data import Holding, Readable, readables_of
from zhengtong.kernel.prepared import prepared
from zhengtong.systems.service_hall.constants import (
    CORRECTION_KIND,
    ERASURE_KIND,
    OBJECT_KIND,
    SPECIAL_KIND,
    CorrectionState,
)
from zhengtong.systems.service_hall.models import (
    Application,
    CorrectionRequest,
    ErasureRequest,
    MaterialFile,
    PublicObjection,
)
from zhengtong.systems.service_hall.permissions import own

#: acts by which others read what a person gave or was given
READ_ACTS = ("service_hall.read", "service_hall.read_file", "service_hall.consult")
_PAPER_ACTS = ("documents.read", "documents.use")


def holdings_of_hall(actor: Actor) -> list[Holding]:
    """Applications, materials, licences, objections and messages of the actor in his present identity."""
    if actor.person_id is None or actor.kind == "official":
        return []
    rows = Application.objects.filter(own(actor)).order_by("-created_at")
    return [_applications(rows), _materials(rows), _papers(actor, rows), _objections(actor), _messages(actor)]


def _applications(rows: "QuerySet[Application]") -> Holding:
    def listed() -> Iterator[dict[str, Any]]:
        for row in rows:
            form = forms.submission(tenant=row.tenant, submission_id=row.form_submission_id)
            yield {
                "编号": row.number or "",
                "事项": row.title,
                "单位": row.org_name,
                "状态": row.get_status_display(),
                "提交时间": row.submitted_at.isoformat() if row.submitted_at else "",
                "电子邮箱": row.email,
                "填写的内容": {title: {field.label: value for field, value in lines} for title, lines in form.lines()},
            }

    return Holding(
        key="applications",
        label=_("办件和填写的内容"),
        count=rows.count(),
        purpose=_("办理您申请的事项"),
        kept=_("与办件档案一起保存；没有提交的草稿保存一年"),
        rows=listed,
        url="/services/mine/",
    )


def _materials(rows: "QuerySet[Application]") -> Holding:
    given = MaterialFile.objects.filter(application__in=rows).select_related("file", "application")

    def listed() -> Iterator[dict[str, Any]]:
        for one in given:
            yield {
                "办件": one.application.number or "",
                "材料": one.material_name,
                "文件名": one.file.name,
                "提交时间": one.created_at.isoformat(),
                "来源": one.source_note or one.get_source_kind_display(),
                "文件的核对值": one.file.digest,
            }

    def contents() -> Iterator[tuple[str, bytes]]:
        for one in given:
            stored, content = storage.read(tenant=one.tenant, file_id=one.file_id)
            yield f"{one.id}-{stored.name}", content

    return Holding(
        key="materials",
        label=_("提交的材料"),
        count=given.count(),
        purpose=_("办理您申请的事项"),
        kept=_("与办件档案一起保存；没有提交的草稿保存一年"),
        rows=listed,
        files=contents,
        url="/services/mine/",
    )


def _papers(actor: Actor, rows: "QuerySet[Application]") -> Holding:
    ids = [str(key) for key in rows.values_list("id", flat=True)]
    licences = documents.licences_of(tenant=actor.tenant, subject_kind=OBJECT_KIND, subject_ids=ids)

    def listed() -> Iterator[dict[str, Any]]:
        for one in licences:
            yield {"名称": one.paper.title, "编号": one.paper.number, "单位": one.paper.issuing_org_name}

    return Holding(
        key="licences",
        label=_("电子证照"),
        count=len(licences),
        purpose=_("证明您取得的许可，供查验"),
        kept=_("按证照档案的保管期限（永久或者三十年）"),
        rows=listed,
        url="/services/licences/",
    )


def _objections(actor: Actor) -> Holding:
    found = _own_objections(actor).select_related("step__application").order_by("created_at")

    def listed() -> Iterator[dict[str, Any]]:
        for one in found:
            yield {
                "公示的事项": one.step.application.item_name,
                "时间": one.created_at.isoformat(),
                "姓名": one.name,
                "联系电话": one.phone,
                "异议内容": one.text,
                "答复": one.answer,
            }

    return Holding(
        key="objections",
        label=_("对公示提出的异议"),
        count=found.count(),
        purpose=_("核实和答复您的异议"),
        kept=_("与所公示的办件档案一起保存"),
        rows=listed,
    )


def _own_objections(actor: Actor) -> "QuerySet[PublicObjection]":
    if actor.person_id is None:
        return PublicObjection.objects.none()
    return PublicObjection.objects.filter(tenant=actor.tenant, person_id=actor.person_id)


def _messages(actor: Actor) -> Holding:
    def listed() -> Iterator[dict[str, Any]]:
        page = notify.inbox(actor=actor)
        while True:
            for row in page.rows:
                yield {"时间": row.created_at.isoformat(), "标题": row.title, "内容": row.body}
            if not page.has_next:
                return
            page = notify.inbox(actor=actor, page=page.number + 1)

    return Holding(
        key="messages",
        label=_("发给您的消息"),
        count=notify.inbox(actor=actor).total,
        purpose=_("告诉您办事的进展"),
        kept=_("与所涉办件一起保存"),
        rows=listed,
    )


def readables_of_hall(actor: Actor) -> list[Readable]:
    """The actor's applications and the licences issued for them, his objections, what he asked for about his data."""
    if actor.person_id is None or actor.kind == "official":
        return []
    ids = [str(key) for key in Application.objects.filter(own(actor)).values_list("id", flat=True)]
    licences = documents.licences_of(tenant=actor.tenant, subject_kind=OBJECT_KIND, subject_ids=ids)
    return [
        Readable(kind=OBJECT_KIND, ids=ids, acts=READ_ACTS),
        Readable(kind=CORRECTION_KIND, ids=_corrections(actor), acts=("service_hall.read_correction",)),
        Readable(kind=ERASURE_KIND, ids=_erasures(actor), acts=("service_hall.read_erasure",)),
        Readable(
            kind=SPECIAL_KIND,
            ids=[str(key) for key in _own_objections(actor).values_list("step_id", flat=True)],
            acts=("service_hall.read_objections",),
        ),
        Readable(kind="document", ids=[str(one.id) for one in licences], acts=_PAPER_ACTS),
    ]


def _corrections(actor: Actor) -> list[str]:
    return [str(row.id) for row in my_corrections(actor=actor)]


def _erasures(actor: Actor) -> list[str]:
    if actor.person_id is None:
        return []
    rows = ErasureRequest.objects.filter(tenant=actor.tenant, person_id=actor.person_id)
    return [str(key) for key in rows.values_list("id", flat=True)]


def my_readings(*, actor: Actor, page: object = 1) -> Page[ledger.EntryRow]:
    """Who read what is held about the actor, in every app, newest first; his own readings left out."""
    about = [(one.kind, one.ids, one.acts) for one in readables_of(actor)]
    return ledger.readings_about(actor.tenant, about, but_person=actor.person_id, page=page)


def my_corrections(*, actor: Actor) -> list[CorrectionRequest]:
    """The actor's own requests, newest first."""
    if actor.person_id is None:
        return []
    rows = CorrectionRequest.objects.filter(tenant=actor.tenant, person_id=actor.person_id)
    return list(rows.order_by("-created_at")[:50])


def corrections_waiting(*, actor: Actor) -> list[CorrectionRequest]:
    """Requests that wait for the official's unit, the most urgent first."""
    if actor.org_id is None:
        return []
    return _asked(tenant=actor.tenant, org_id=actor.org_id)


@prepared
def _asked(*, tenant: str, org_id: uuid.UUID) -> "QuerySet[CorrectionRequest]":
    rows = CorrectionRequest.objects.filter(tenant=tenant, org_id=org_id, state=CorrectionState.ASKED)
    return rows.order_by("due_on", "created_at")


def unit_correction(*, actor: Actor, request_id: uuid.UUID) -> CorrectionRequest:
    """A request to the official's own unit; NotFound for another."""
    row = CorrectionRequest.objects.filter(tenant=actor.tenant, pk=request_id).first()
    if row is None or row.org_id != actor.org_id:
        raise NotFound(_("没有找到这份更正申请，或者它不由本单位办理。"))
    return row
