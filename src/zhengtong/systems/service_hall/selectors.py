"""Reading applications: by their applicant, by who takes part in their case, or by number and query code."""

import dataclasses
import datetime as dt
import uuid

from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.forms import api as forms
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.systems.service_hall.constants import OBJECT_KIND, ApplicationStatus, MaterialState
from zhengtong.systems.service_hall.models import Application, MaterialFile, SupplementNotice
from zhengtong.systems.service_hall.rules import missing_materials, standing


@dataclasses.dataclass(frozen=True)
class FileView:
    """A file of an application."""

    id: uuid.UUID
    name: str
    size: int
    content_type: str
    uploaded_at: dt.datetime
    replaced: bool


@dataclasses.dataclass(frozen=True)
class MaterialView:
    """A material with its files: ``state`` is given, shared, may_follow or missing; ``reason`` from an open notice."""

    key: str
    name: str
    form: str
    tolerable: bool
    copies: str
    note: str
    accept_standard: str
    state: str
    files: tuple[FileView, ...]
    reason: str


@dataclasses.dataclass(frozen=True)
class NoticeView:
    """A one-time notice: points are (material name, what is missing)."""

    no: int
    points: tuple[tuple[str, str, str], ...]
    told_at: dt.datetime
    due_at: dt.datetime | None
    answered_at: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class ApplicationView:
    """An application with everything a page shows of it; ``case`` is None while it is a draft."""

    row: Application
    item: catalogue.ItemVersionView
    form: forms.SubmissionView
    materials: tuple[MaterialView, ...]
    notices: tuple[NoticeView, ...]
    case: cases.CaseView | None
    papers: tuple[documents.IssuedDocument, ...]
    sentence: str

    @property
    def id(self) -> uuid.UUID:
        """Key of the application."""
        return self.row.id

    @property
    def open_notice(self) -> NoticeView | None:
        """The notice that waits for the applicant."""
        return next((notice for notice in self.notices if notice.answered_at is None), None)

    @property
    def missing(self) -> tuple[MaterialView, ...]:
        """Materials that must still be given."""
        return tuple(material for material in self.materials if material.state == "missing")


def own(actor: Actor) -> Q:
    """Applications of the person, or of the legal person he speaks for now."""
    if actor.kind == "legal_agent":
        return Q(tenant=actor.tenant, legal_person_id=actor.legal_person_id)
    return Q(tenant=actor.tenant, person_id=actor.person_id, legal_person_id__isnull=True)


def own_application(*, actor: Actor, application_id: uuid.UUID) -> Application:
    """The actor's own application; NotFound otherwise."""
    row = Application.objects.filter(own(actor), pk=application_id).first() if actor.signed_in else None
    if row is None:
        raise NotFound(_("没有找到这个申请。如果是以另一个身份提交的，请先切换身份。"))
    return row


def application_for_official(*, actor: Actor, application_id: uuid.UUID) -> Application:
    """An application whose case the actor may see; NotFound otherwise."""
    row = Application.objects.filter(tenant=actor.tenant, pk=application_id, case_id__isnull=False).first()
    if row is None or row.case_id is None:
        raise NotFound(_("没有找到这个申请。"))
    cases.case_view(actor=actor, case_id=row.case_id)
    return row


def application_by_code(*, tenant: str, number: str, code: str) -> Application:
    """The application with that number and query code; NotFound for any other pair."""
    digits = "".join(ch for ch in number if ch.isdigit())
    typed = "".join(code.split()).upper()
    row = Application.objects.filter(tenant=tenant, number=digits).first() if digits else None
    if row is None or not constant_time_compare(row.query_code, typed):
        raise NotFound(_("编号和查询码不符。请对照收件回执核对后重新输入，查询码是 8 位字母和数字。"))
    return row


def my_applications(*, actor: Actor, page: object = 1, size: int = 10) -> Page[Application]:
    """The actor's applications, newest first."""
    rows: QuerySet[Application] = Application.objects.filter(own(actor)).order_by("-created_at")
    return page_of(rows, page, size=size)


def view_of(row: Application, *, actor: Actor) -> ApplicationView:
    """Everything of an application; the caller has checked the right to see it."""
    item = catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    case = None
    if row.case_id is not None:
        case = cases.case_view(actor=actor, case_id=row.case_id, as_applicant=True)
    notices = tuple(_notice_view(notice) for notice in row.notices.order_by("no"))
    ref = ObjectRef(kind=OBJECT_KIND, id=str(row.id))
    return ApplicationView(
        row=row,
        item=item,
        form=forms.submission(tenant=row.tenant, submission_id=row.form_submission_id),
        materials=materials_of(row, item, notices),
        notices=notices,
        case=case,
        papers=tuple(documents.documents_of(tenant=row.tenant, object_ref=ref)),
        sentence=_sentence(row, case, notices),
    )


def materials_of(
    row: Application, item: catalogue.ItemVersionView, notices: tuple[NoticeView, ...]
) -> tuple[MaterialView, ...]:
    """The materials of the item version with the files given so far."""
    files: dict[str, list[FileView]] = {}
    for given in MaterialFile.objects.filter(application_id=row.id).select_related("file").order_by("created_at"):
        files.setdefault(given.material_key, []).append(
            FileView(
                given.id,
                given.file.name,
                given.file.size,
                given.file.content_type,
                given.created_at,
                given.state == MaterialState.REPLACED,
            )
        )
    current = {key for key, views in files.items() if any(not view.replaced for view in views)}
    missing = {material["key"] for material in missing_materials(item.materials, current)}
    reasons = {key: reason for notice in notices if notice.answered_at is None for key, _name, reason in notice.points}
    return tuple(
        MaterialView(
            key=material["key"],
            name=material["name"],
            form=material["form"],
            tolerable=bool(material.get("tolerable")),
            copies=str(material.get("copies") or ""),
            note=material.get("note", ""),
            accept_standard=material.get("accept_standard", ""),
            state=_material_state(material, current, missing),
            files=tuple(files.get(material["key"], ())),
            reason=reasons.get(material["key"], ""),
        )
        for material in item.materials
    )


def _material_state(material: catalogue.Material, current: set[str], missing: set[object]) -> str:
    if material["key"] in current:
        return "given"
    if material["form"] == "数据共享":
        return "shared"
    return "missing" if material["key"] in missing else "may_follow"


def _notice_view(row: SupplementNotice) -> NoticeView:
    points = tuple((point["key"], point["name"], point["reason"]) for point in row.points)
    return NoticeView(row.no, points, row.created_at, row.due_at, row.answered_at)


def _sentence(row: Application, case: cases.CaseView | None, notices: tuple[NoticeView, ...]) -> str:
    if case is None:
        return _("还没有提交。填写内容已保存，可以随时继续。")
    open_notice = next((notice for notice in notices if notice.answered_at is None), None)
    running = [clock.due_on for clock in case.clocks if clock.running and clock.kind != "statutory" and clock.due_on]
    by = min(running, default=None)
    return standing(
        phases=[item.phase for item in case.open_items],
        units=list(dict.fromkeys(item.org_name for item in case.open_items if item.org_name)),
        answer_by=by,
        status="closed" if case.status == "closed" else "supplement" if open_notice else row.status,
        outcome=case.outcome_label,
        paused=case.paused,
    )


def material_file(*, application: Application, file_id: uuid.UUID) -> MaterialFile:
    """A file of this application; NotFound for one of another."""
    row = MaterialFile.objects.filter(application_id=application.id, pk=file_id).select_related("file").first()
    if row is None:
        raise NotFound(_("没有找到这份材料。"))
    return row


def counts(*, tenant: str) -> dict[str, int]:
    """Public figures: applications handed in and closed."""
    rows = Application.objects.filter(tenant=tenant).exclude(status=ApplicationStatus.DRAFT)
    return {"submitted": rows.count(), "closed": rows.filter(status=ApplicationStatus.CLOSED).count()}
