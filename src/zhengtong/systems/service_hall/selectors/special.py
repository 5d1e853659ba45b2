"""Special steps as pages show them: of a case, of an inspector, on public notice."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.kernel.ui.formats import mask_name
from zhengtong.systems.service_hall.constants import ApplicantKind, SpecialKind, SpecialState
from zhengtong.systems.service_hall.models import Application, PublicObjection, SpecialPhoto, SpecialStep
from zhengtong.systems.service_hall.selectors.promised import special_rows

_HANDLERS = ("clerk", "reviewer", "leader")


@dataclasses.dataclass(frozen=True)
class ObjectionView:
    """An objection as the unit sees it."""

    id: uuid.UUID
    name: str
    phone: str
    text: str
    at: dt.datetime
    answer: str
    answered_by: str
    answered_at: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class SpecialView:
    """A special step; ``may_run`` when the reader may record and end it."""

    id: uuid.UUID
    case_id: uuid.UUID
    application_id: uuid.UUID
    number: str
    item_name: str
    org_name: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    people: tuple[str, ...]
    plan: str
    from_day: dt.date
    until_day: dt.date
    place: str
    stops_clock: bool
    opened_by: str
    findings: str
    result_label: str
    applicant_said: str
    closed_by: str
    closed_at: dt.datetime | None
    photos: tuple[tuple[uuid.UUID, str], ...] = ()
    objections: tuple[ObjectionView, ...] = ()
    may_run: bool = False

    @property
    def open(self) -> bool:
        """Whether it goes on."""
        return self.state == SpecialState.OPEN


@dataclasses.dataclass(frozen=True)
class NoticeOnView:
    """A matter on public notice as anybody sees it: no personal data of a natural person beyond his surname."""

    id: uuid.UUID
    item_name: str
    applicant: str
    org_name: str
    text: str
    place: str
    from_day: dt.date
    until_day: dt.date
    open: bool


def special_steps_of(
    row: Application, *, actor: Actor | None = None, rows: Iterable[SpecialStep] | None = None
) -> tuple[SpecialView, ...]:
    """The special steps of an application, the oldest first; the caller answers for the right to see them.

    ``rows``: they themselves, where they were read before.
    """
    return tuple(_view(one, row, actor) for one in (special_rows(row) if rows is None else rows))


def open_special_step(row: Application) -> str:
    """Which special step a decision has to wait for, in words; empty without one."""
    step = SpecialStep.objects.filter(application=row, state=SpecialState.OPEN).first()
    if step is None:
        return ""
    words = {"kind": step.get_kind_display(), "until": step.until_day.isoformat()}
    return _("%(kind)s还没有结束（%(until)s），结束以后才能作出决定。") % words


def special_for(actor: Actor, step_id: uuid.UUID) -> SpecialView:
    """One step for those who take part in its case and its inspectors; NotFound for all others."""
    step = SpecialStep.objects.select_related("application").filter(tenant=actor.tenant, pk=step_id).first()
    if step is None or step.application.case_id is None:
        raise NotFound(_("没有找到这个特别环节。"))
    if not _is_named(step, actor):
        cases.case_view(actor=actor, case_id=step.application.case_id)
    return _view(step, step.application, actor, deep=True)


def my_inspections(actor: Actor) -> tuple[SpecialView, ...]:
    """What the actor is to inspect, the next day first."""
    rows = SpecialStep.objects.filter(
        tenant=actor.tenant,
        kind=SpecialKind.INSPECTION,
        state=SpecialState.OPEN,
        people__contains=[{"id": str(actor.person_id)}],
    )
    ordered = rows.select_related("application").order_by("from_day", "id")
    return tuple(_view(one, one.application, actor) for one in ordered)


def photo_of(actor: Actor, step_id: uuid.UUID, photo_id: uuid.UUID) -> SpecialPhoto:
    """A photograph of a step the actor may see; NotFound otherwise."""
    special_for(actor, step_id)
    found = (
        SpecialPhoto.objects.select_related("file", "step__application").filter(step_id=step_id, pk=photo_id).first()
    )
    if found is None:
        raise NotFound(_("没有找到这张照片。"))
    return found


def inspector_choices(row: Application, actor: Actor) -> list[tuple[str, str]]:
    """Who can be sent: officials of the units that take part in the case, as (key, name with post and unit)."""
    if row.case_id is None:
        return []
    case = cases.case_view(actor=actor, case_id=row.case_id)
    units: dict[uuid.UUID, str] = {row.org_id: row.org_name}
    units |= {one.org_id: one.org_name for one in case.work_items if one.org_id is not None}
    found: dict[str, str] = {}
    for org_id, org_name in units.items():
        for role in _HANDLERS:
            for one in identity.people_in(row.tenant, org_id, role):
                found.setdefault(str(one.person_id), f"{one.name}（{org_name} {one.post_name}）")
    return list(found.items())


def public_notices(tenant: str, page: object = 1, *, size: int = 20) -> Page[NoticeOnView]:
    """What is on public notice today, the last to end first."""
    today = local_date()
    rows = SpecialStep.objects.filter(
        tenant=tenant,
        kind=SpecialKind.PUBLIC_NOTICE,
        state=SpecialState.OPEN,
        from_day__lte=today,
        until_day__gte=today,
    )
    found = page_of(rows.select_related("application").order_by("-until_day", "id"), page, size=size)
    return dataclasses.replace(found, rows=[_notice(one) for one in found.rows])


def public_notice(tenant: str, step_id: uuid.UUID) -> NoticeOnView:
    """One public notice, while it runs and for its address's sake afterwards; NotFound for any other step."""
    rows = SpecialStep.objects.filter(tenant=tenant, kind=SpecialKind.PUBLIC_NOTICE, pk=step_id)
    step = rows.exclude(state=SpecialState.DROPPED).select_related("application").first()
    if step is None or step.from_day > local_date():
        raise NotFound(_("没有找到这个公示，可能还没有开始或者已经取消。"))
    return _notice(step)


def own_objection(actor: Actor, step_id: uuid.UUID) -> ObjectionView | None:
    """What the actor objected himself, with the answer."""
    if actor.person_id is None:
        return None
    row = PublicObjection.objects.filter(step_id=step_id, person_id=actor.person_id).first()
    return _objection(row) if row else None


def _notice(step: SpecialStep) -> NoticeOnView:
    row, today = step.application, local_date()
    person = row.applicant_kind == ApplicantKind.PERSON
    return NoticeOnView(
        id=step.id,
        item_name=row.item_name,
        applicant=mask_name(row.applicant_name) if person else row.applicant_name,
        org_name=row.org_name,
        text=step.plan,
        place=step.place,
        from_day=step.from_day,
        until_day=step.until_day,
        open=step.state == SpecialState.OPEN and step.from_day <= today <= step.until_day,
    )


def _is_named(step: SpecialStep, actor: Actor) -> bool:
    return actor.kind == "official" and any(one.get("id") == str(actor.person_id) for one in step.people)


def _view(step: SpecialStep, row: Application, actor: Actor | None, *, deep: bool = False) -> SpecialView:
    owns = actor is not None and actor.kind == "official" and actor.org_id == row.org_id and actor.has_role(*_HANDLERS)
    named = actor is not None and _is_named(step, actor)
    return SpecialView(
        id=step.id,
        case_id=row.case_id or row.id,
        application_id=row.id,
        number=row.number or "",
        item_name=row.item_name,
        org_name=row.org_name,
        kind=step.kind,
        kind_label=str(step.get_kind_display()),
        state=step.state,
        state_label=str(step.get_state_display()),
        people=tuple(_person(one) for one in step.people),
        plan=step.plan,
        from_day=step.from_day,
        until_day=step.until_day,
        place=step.place,
        stops_clock=step.pause_id is not None,
        opened_by=step.opened_by,
        findings=step.findings,
        result_label=str(step.get_result_display()) if step.result else "",
        applicant_said=step.applicant_said,
        closed_by=step.closed_by,
        closed_at=step.closed_at,
        photos=tuple(step.photos.order_by("created_at", "id").values_list("id", "note")) if deep else (),
        objections=_objections(step.objections.order_by("created_at", "id")) if deep and owns else (),
        may_run=(owns or named) and step.state == SpecialState.OPEN,
    )


def _person(one: dict[str, str]) -> str:
    return f"{one['name']}（{one['title']}）" if one.get("title") else str(one["name"])


def _objections(rows: Iterable[PublicObjection]) -> tuple[ObjectionView, ...]:
    return tuple(_objection(row) for row in rows)


def _objection(row: PublicObjection) -> ObjectionView:
    return ObjectionView(
        row.id, row.name, row.phone, row.text, row.created_at, row.answer, row.answered_by, row.answered_at
    )
