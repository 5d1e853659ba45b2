"""Reading applications: by their applicant, by who takes part in their case, or by number and query code."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.kernel.prepared import prepared
from zhengtong.kernel.ui.formats import mask_name
from zhengtong.systems.service_hall.constants import (
    HEARING_KIND,
    OBJECT_KIND,
    PAUSE_KIND,
    PLEDGE_KIND,
    RELATION_MATERIAL,
    SPECIAL_KIND,
    UNDER_WAY,
    ApplicantKind,
    ApplicationStatus,
    MaterialState,
    Purpose,
)
from zhengtong.systems.service_hall.models import Application, MaterialFile, Pledge, SpecialStep, SupplementNotice
from zhengtong.systems.service_hall.permissions import own, typed_by
from zhengtong.systems.service_hall.rules import material_state, pin_lines
from zhengtong.systems.service_hall.selectors.promised import PROMISED, pledges_with, promised_keys, special_rows
from zhengtong.systems.service_hall.selectors.standings import sentence_of


@dataclasses.dataclass(frozen=True)
class FileView:
    """A file of an application; ``origin`` says where it was taken from when it was not given anew."""

    id: uuid.UUID
    name: str
    size: int
    content_type: str
    uploaded_at: dt.datetime
    replaced: bool
    origin: str = ""


@dataclasses.dataclass(frozen=True)
class LooseFile:
    """A file given for a material that the item no longer asks for; kept with the draft."""

    material: str
    file: FileView


@dataclasses.dataclass(frozen=True)
class MaterialView:
    """A material with its files: ``state`` is one of ``rules.material_state``; ``reason`` comes from an open notice.

    ``condition`` says in words in which case it is needed, empty when it always is.
    """

    key: str
    name: str
    form: str
    tolerable: bool
    copies: str
    note: str
    condition: str
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
class Todo:
    """An application that waits for its applicant: with a notice to answer, or as a draft."""

    row: Application
    notice: NoticeView | None

    @property
    def last_day(self) -> dt.date | None:
        """The last day to answer the notice; its limit ends with that day."""
        if self.notice is None or self.notice.due_at is None:
            return None
        return local_date(self.notice.due_at - dt.timedelta(seconds=1))


@dataclasses.dataclass(frozen=True)
class SiteMessage:
    """A message about an application."""

    title: str
    body: str
    at: dt.datetime


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
    pledges: tuple[Pledge, ...] = ()
    special_steps: tuple[SpecialStep, ...] = ()

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

    @property
    def gaps(self) -> dict[str, str]:
        """What stands against handing in: a sentence per answer by its key, per material by ``material-<key>``."""
        return gaps_of(self.form, self.materials)


def gaps_of(form: forms.SubmissionView, materials: tuple[MaterialView, ...]) -> dict[str, str]:
    """Wrong or missing answers and missing materials, a sentence each."""
    return form.problems() | {
        f"material-{material.key}": _("还缺材料：%(name)s。") % {"name": material.name}
        for material in materials
        if material.state == "missing"
    }


def own_application(*, actor: Actor, application_id: uuid.UUID) -> Application:
    """The actor's own application; NotFound otherwise."""
    row = Application.objects.filter(own(actor), pk=application_id).first() if actor.signed_in else None
    if row is None:
        raise NotFound(_("没有找到这个申请。如果是以另一个身份提交的，请先切换身份。"))
    return row


def application_to_fill(*, actor: Actor, application_id: uuid.UUID) -> Application:
    """The actor's own application, or one he is typing at a counter for somebody else; NotFound otherwise."""
    if actor.kind != "official":
        return own_application(actor=actor, application_id=application_id)
    row = Application.objects.filter(typed_by(actor), pk=application_id).first()
    if row is None:
        raise NotFound(_("没有找到这个申请。窗口代录提交或者放弃以后，就不能再从代录页面打开。"))
    return row


def application_for_official(*, actor: Actor, application_id: uuid.UUID) -> Application:
    """An application whose case the actor may see; NotFound otherwise."""
    row = next(iter(_handed_in("pk", tenant=actor.tenant, key=application_id)), None)
    if row is None or row.case_id is None:
        raise NotFound(_("没有找到这个申请。"))
    cases.check_may_see(actor=actor, case_id=row.case_id)
    return row


def application_of_case(*, actor: Actor, case_id: uuid.UUID) -> Application:
    """The application of a case that the actor may see; NotFound otherwise."""
    cases.check_may_see(actor=actor, case_id=case_id)
    row = next(iter(_handed_in("case_id", tenant=actor.tenant, key=case_id)), None)
    if row is None:
        raise NotFound(_("这个办件不属于办事大厅。"))
    return row


@prepared
def _handed_in(field: str, /, *, tenant: str, key: uuid.UUID) -> "QuerySet[Application]":
    return Application.objects.filter(tenant=tenant, case_id__isnull=False, **{field: key})


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


def open_draft(*, actor: Actor, item_code: str) -> Application | None:
    """The actor's draft to get or renew a licence of an item, of whatever version; None when there is none."""
    rows = Application.objects.filter(
        own(actor), item_code=item_code, status=ApplicationStatus.DRAFT, purpose__in=[Purpose.NEW, Purpose.RENEWAL]
    )
    return rows.order_by("-created_at").first()


def my_todos(*, actor: Actor) -> list[Todo]:
    """What waits for the actor: notices to answer first, the most urgent on top, then drafts."""
    rows = Application.objects.filter(own(actor)).order_by("-created_at")
    notices = (
        SupplementNotice.objects.filter(answered_at__isnull=True, application__in=rows)
        .select_related("application")
        .order_by("due_at")
    )
    waiting = [Todo(notice.application, _notice_view(notice)) for notice in notices]
    return waiting + [Todo(row, None) for row in rows.filter(status=ApplicationStatus.DRAFT)[:5]]


def my_licences(*, actor: Actor, count: int = 6) -> list[documents.IssuedDocument]:
    """The newest licences issued to the actor through the hall, those in force first."""
    return [one.paper for one in _licences(Application.objects.filter(own(actor)), actor.tenant)[:count]]


def renewable_licences(*, actor: Actor, item_code: str) -> list[documents.IssuedDocument]:
    """The actor's licences of an item that still run, are not reported as lost and not asked about, the next to end
    first.
    """
    mine = Application.objects.filter(own(actor), item_code=item_code)
    found = {one.id: one.paper for one in _licences(mine, actor.tenant) if _is_renewable(one)}
    asked = set(
        Application.objects.filter(licence_id__in=found, status__in=UNDER_WAY).values_list("licence_id", flat=True)
    )
    free = [paper for paper in found.values() if paper.id not in asked]
    return sorted(free, key=lambda paper: paper.valid_until or dt.date.max)


def _licences(mine: QuerySet[Application], tenant: str) -> list[documents.LicenceView]:
    closed = mine.filter(status=ApplicationStatus.CLOSED).values_list("id", flat=True)
    return documents.licences_of(tenant=tenant, subject_kind=OBJECT_KIND, subject_ids=[str(key) for key in closed])


def _is_renewable(one: documents.LicenceView) -> bool:
    until = one.paper.valid_until
    return not one.ended and one.lost_at is None and until is not None and until >= local_date()


def messages_about(*, actor: Actor, application_id: uuid.UUID) -> list[SiteMessage]:
    """The messages the actor got about an application, newest first, at most one page."""
    ref = ObjectRef(kind=OBJECT_KIND, id=str(application_id))
    # our messages are one paragraph; what follows it is the link for the mail
    return [
        SiteMessage(row.title, row.body.partition("\n\n")[0], row.created_at)
        for row in notify.inbox(actor=actor, about=ref).rows
    ]


def own_view(*, actor: Actor, application_id: uuid.UUID) -> ApplicationView:
    """Everything of the actor's own application; NotFound for one of another."""
    return view_of(own_application(actor=actor, application_id=application_id), actor=actor)


def view_to_fill(*, actor: Actor, application_id: uuid.UUID) -> ApplicationView:
    """The same of an application the actor may fill in now: his own, or the one he is typing at a counter."""
    return view_of(application_to_fill(actor=actor, application_id=application_id), actor=actor)


def tracked_view(*, actor: Actor, application_id: uuid.UUID) -> ApplicationView:
    """Everything of a submitted application; the caller has checked number and code and shows no personal data."""
    row = Application.objects.filter(tenant=actor.tenant, pk=application_id, case_id__isnull=False).first()
    if row is None:
        raise NotFound(_("没有找到这个申请。"))
    return view_of(row, actor=actor)


def view_of(row: Application, *, actor: Actor) -> ApplicationView:
    """Everything of an application; the caller has checked the right to see it."""
    item = catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    case = None
    if row.case_id is not None:
        case = cases.case_view(actor=actor, case_id=row.case_id, as_applicant=True)
    told, pledges, steps = _notices(key=row.id), pledges_with(row), special_rows(row)
    notices = tuple(_notice_view(notice) for notice in told)
    form = forms.submission(tenant=row.tenant, submission_id=row.form_submission_id)
    return ApplicationView(
        row=row,
        item=item,
        form=form,
        materials=materials_of(row, item, form, notices, pledges),
        notices=notices,
        case=case,
        papers=_papers(row, told, case, [*pledges, *steps]),
        sentence=sentence_of(
            row,
            case.standing if case else None,
            has_notice=any(notice.answered_at is None for notice in notices),
        ),
        pledges=tuple(pledges),
        special_steps=tuple(steps),
    )


@prepared
def _notices(*, key: uuid.UUID) -> "QuerySet[SupplementNotice]":
    return SupplementNotice.objects.filter(application_id=key).order_by("no")


def _papers(
    row: Application,
    told: list[SupplementNotice],
    case: cases.CaseView | None,
    besides: list[Pledge | SpecialStep],
) -> tuple[documents.IssuedDocument, ...]:
    refs = [ObjectRef(kind=OBJECT_KIND, id=str(row.id))]
    refs += [ObjectRef(kind="supplement_notice", id=str(notice.id)) for notice in told]
    refs += [ObjectRef(kind=PAUSE_KIND, id=str(pause.id)) for pause in (case.pauses if case else ())]
    sent = case.hearing.notices if case and case.hearing else 0
    refs += [ObjectRef(kind=HEARING_KIND, id=f"{case.id}:{no + 1}") for no in range(sent) if case]
    kinds = {Pledge: PLEDGE_KIND, SpecialStep: SPECIAL_KIND}
    refs += [ObjectRef(kind=kinds[type(one)], id=str(one.id)) for one in besides]
    found = documents.documents_about(tenant=row.tenant, object_refs=refs)
    return tuple(sorted(found, key=lambda paper: (paper.issued_at, refs.index(paper.object_ref))))


@prepared
def _given(*, key: uuid.UUID) -> "QuerySet[MaterialFile]":
    return MaterialFile.objects.filter(application_id=key).select_related("file").order_by("created_at")


def materials_of(
    row: Application,
    item: catalogue.ItemVersionView,
    form: forms.SubmissionView,
    notices: tuple[NoticeView, ...] = (),
    pledges: Iterable[Pledge] | None = None,
) -> tuple[MaterialView, ...]:
    """The materials of the item version with the files given so far; the answers decide which are needed.

    ``pledges``: the promises of the application, where they were read before.
    """
    files: dict[str, list[FileView]] = {}
    for given in _given(key=row.id):
        files.setdefault(given.material_key, []).append(
            FileView(
                given.id,
                given.file.name,
                given.file.size,
                given.file.content_type,
                given.created_at,
                given.state == MaterialState.REPLACED,
                given.source_note,
            )
        )
    current = {key for key, views in files.items() if any(not view.replaced for view in views)}
    promised = promised_keys(row, pledges)
    reasons = {key: reason for notice in notices if notice.answered_at is None for key, _name, reason in notice.points}
    return tuple(
        MaterialView(
            key=material["key"],
            name=material["name"],
            form=material["form"],
            tolerable=bool(material.get("tolerable")),
            copies=str(material.get("copies") or ""),
            note=material.get("note", ""),
            condition=material.get("condition", ""),
            accept_standard=material.get("accept_standard", ""),
            state=PROMISED
            if material["key"] in promised and material["key"] not in current
            else material_state(
                material,
                given=material["key"] in current,
                applies=form.meets(material.get("when")),
                purpose=row.purpose,
            ),
            files=tuple(files.get(material["key"], ())),
            reason=reasons.get(material["key"], ""),
        )
        for material in item.materials
    )


def loose_files(row: Application, item: catalogue.ItemVersionView) -> list[LooseFile]:
    """Files of an application that belong to none of the item's materials."""
    keys = {material["key"] for material in item.materials} | {RELATION_MATERIAL}
    rows = MaterialFile.objects.filter(application_id=row.id, state=MaterialState.CURRENT).select_related("file")
    return [
        LooseFile(
            given.material_name,
            FileView(
                given.id, given.file.name, given.file.size, given.file.content_type, given.created_at, replaced=False
            ),
        )
        for given in rows.exclude(material_key__in=keys).order_by("created_at")
    ]


def _notice_view(row: SupplementNotice) -> NoticeView:
    points = tuple((point["key"], point["name"], point["reason"]) for point in row.points)
    return NoticeView(row.no, points, row.created_at, row.due_at, row.answered_at)


def material_file(*, application: Application, file_id: uuid.UUID) -> MaterialFile:
    """A file of this application; NotFound for one of another."""
    row = MaterialFile.objects.filter(application_id=application.id, pk=file_id).select_related("file").first()
    if row is None:
        raise NotFound(_("没有找到这份材料。"))
    return row


def material_names(row: Application) -> dict[str, str]:
    """Materials of the application's item version in their order, key to name."""
    item = catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    return {material["key"]: material["name"] for material in item.materials}


def masked_applicants(*, tenant: str, application_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Applicants for a list: the name of a legal person in full, of a natural person only its first character."""
    rows = _applicants(tenant=tenant, keys=tuple(dict.fromkeys(application_ids)))
    return {key: mask_name(name) if kind == ApplicantKind.PERSON else name for key, kind, name in rows}


@prepared
def _applicants(*, tenant: str, keys: tuple[uuid.UUID, ...]) -> "QuerySet[Application, tuple[uuid.UUID, str, str]]":
    rows = Application.objects.filter(tenant=tenant, pk__in=keys)
    return rows.values_list("id", "applicant_kind", "applicant_name")


def case_of_number(*, actor: Actor, number: str) -> uuid.UUID | None:
    """The case of an application's number, None when there is none or the actor may not see it."""
    digits = "".join(ch for ch in number if ch.isdigit())[:50]
    case_id = Application.objects.filter(tenant=actor.tenant, number=digits).values_list("case_id", flat=True).first()
    if case_id is None:
        return None
    try:
        cases.check_may_see(actor=actor, case_id=case_id)
    except NotFound:
        return None
    return case_id


def counts(*, tenant: str) -> dict[str, int]:
    """Public figures: applications handed in and closed."""
    rows = Application.objects.filter(tenant=tenant, number__isnull=False)
    return {"submitted": rows.count(), "closed": rows.filter(status=ApplicationStatus.CLOSED).count()}


def pins_of(row: Application) -> tuple[tuple[str, str], ...]:
    """By which versions and limits an application is judged to its end, as (label, words); empty for a draft."""
    return pin_lines(row.pins)


def drafts_of_item(tenant: str, code: str) -> tuple[str, int]:
    """How many people have begun an application for an item and not sent it."""
    rows = Application.objects.filter(tenant=tenant, item_code=code, status=ApplicationStatus.DRAFT)
    return _("群众填了一半、没有提交的申请"), rows.count()
