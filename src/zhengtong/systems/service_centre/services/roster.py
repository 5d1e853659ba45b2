"""The duty roster: attendants of a hall, half-days at windows, leave and exchanges with the manager's consent."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping

from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.texts import whole_text
from zhengtong.kernel.ui.formats import cn_day
from zhengtong.systems.service_centre.constants import PLACE_KIND, Half, RequestKind, RequestState
from zhengtong.systems.service_centre.models import Attendant, Duty, DutyRequest, Place, Window
from zhengtong.systems.service_centre.permissions import check_manager

_WORDS_LONGEST = 200
_WEEK = dt.timedelta(days=7)


@transaction.atomic
def admit_attendant(*, actor: Actor, place: Place, person_id: uuid.UUID, person_name: str, org_name: str) -> None:
    """Put somebody whom his unit sends on the list of people who work in the hall."""
    check_manager(actor, place)
    Attendant.objects.update_or_create(
        place=place,
        person_id=person_id,
        defaults={"tenant": place.tenant, "person_name": person_name, "org_name": org_name, "active": True},
    )
    _record(actor, "service_centre.admit_attendant", place, {"person": person_id, "unit": org_name})


@transaction.atomic
def dismiss_attendant(*, actor: Actor, place: Place, attendant_id: uuid.UUID) -> None:
    """Take somebody off the list; his half-days to come become gaps."""
    check_manager(actor, place)
    attendant = Attendant.objects.filter(place=place, pk=attendant_id).first()
    if attendant is None:
        raise NotFound(_("没有这名进驻人员。"))
    attendant.active = False
    attendant.save(update_fields=["active"])
    coming = Duty.objects.filter(window__place=place, person_id=attendant.person_id, day__gt=local_date())
    locked = _lock_duties(actor, set(coming.values_list("pk", flat=True)))
    Duty.objects.filter(pk__in=[duty.pk for duty in locked.values()]).delete()
    _record(actor, "service_centre.dismiss_attendant", place, {"person": attendant.person_id})


@transaction.atomic
def set_duties(
    *,
    actor: Actor,
    place: Place,
    days: Collection[dt.date],
    wanted: Iterable[tuple[uuid.UUID, dt.date, str, uuid.UUID]],
) -> None:
    """Replace the roster of the days by (window, day, half, person); Invalid names who would sit at two windows.

    Days that are over stay as they were.
    """
    check_manager(actor, place)
    _alone(place)
    names = dict(Attendant.objects.filter(place=place, active=True).values_list("person_id", "person_name"))
    windows = set(Window.objects.filter(place=place, active=True).values_list("id", flat=True))
    coming = {day for day in days if day >= local_date()}
    target: dict[tuple[uuid.UUID, dt.date, str], uuid.UUID] = {}
    busy: set[tuple[uuid.UUID, dt.date, str]] = set()
    for window_id, day, half, person_id in wanted:
        if window_id not in windows or day not in coming or half not in Half.values or person_id not in names:
            continue
        if (person_id, day, half) in busy:
            words = {"name": names[person_id], "day": cn_day(day), "half": Half(half).label}
            raise Invalid(_("没有保存：%(name)s在%(day)s%(half)s被排到了两个窗口，请改一个。") % words)
        busy.add((person_id, day, half))
        target[window_id, day, half] = person_id
    _write(place, coming, target, names)
    _record(actor, "service_centre.set_duties", place, {"days": sorted(map(str, coming)), "duties": len(target)})


def _alone(place: Place) -> None:
    """One at a time changes the roster of a hall: of half-days that are empty there is no row that could be locked."""
    Place.objects.select_for_update(no_key=True).get(pk=place.pk)


def _write(
    place: Place,
    days: Collection[dt.date],
    target: dict[tuple[uuid.UUID, dt.date, str], uuid.UUID],
    names: dict[uuid.UUID, str],
) -> None:
    """Change only what differs, so that requests keep the half-day they are about."""
    kept = Duty.objects.select_for_update().filter(window__place=place, day__in=days).order_by("pk")
    for duty in kept:
        person_id = target.pop((duty.window_id, duty.day, duty.half), None)
        if person_id is None:
            duty.delete()
        elif person_id != duty.person_id:
            duty.person_id, duty.person_name = person_id, names[person_id]
            duty.save(update_fields=["person_id", "person_name"])
    Duty.objects.bulk_create(
        Duty(tenant=place.tenant, window_id=window, day=day, half=half, person_id=person, person_name=names[person])
        for (window, day, half), person in target.items()
    )
    try:
        # the constraint that one person sits at one window is looked at now, where it can still be told
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set constraints service_centre_duty_person_once immediate")
            cursor.execute("set constraints service_centre_duty_person_once deferred")
    except IntegrityError:
        raise Invalid(_("没有保存：有人同一个半天已经排在其他大厅的窗口，请先在那里调整。")) from None


@transaction.atomic
def copy_week(*, actor: Actor, place: Place, monday: dt.date) -> int:
    """Fill the empty half-days of a week as the week before had them; returns how many were filled."""
    check_manager(actor, place)
    _alone(place)
    week = [monday + dt.timedelta(days=n) for n in range(7)]
    before = Duty.objects.filter(window__place=place, day__in=[day - _WEEK for day in week])
    wanted = {(row.window_id, row.day + _WEEK, row.half): row.person_id for row in before}
    existing = Duty.objects.filter(window__place=place, day__in=week)
    had = {(row.window_id, row.day, row.half): row.person_id for row in existing}
    taken = {(person, day, half) for (_window, day, half), person in had.items()}
    filled = {
        key: person
        for key, person in wanted.items()
        if key not in had and key[1] >= local_date() and (person, key[1], key[2]) not in taken
    }
    merged = had | filled
    set_duties(actor=actor, place=place, days=week, wanted=[(*key, person) for key, person in merged.items()])
    return len(filled)


@transaction.atomic
def ask(*, actor: Actor, duty_id: uuid.UUID, reason: str, other_id: uuid.UUID | None = None) -> DutyRequest:
    """Ask for leave from a half-day, or (``other_id``) to exchange it with a colleague's in the same hall."""
    duties = _lock_duties(actor, {duty_id} | ({other_id} if other_id else set()))
    duty = _known(duties, duty_id)
    if duty.person_id != actor.person_id:
        raise NotPermitted(_("只能为自己的值班提出申请。"))
    if duty.day < local_date():
        raise Conflict(_("这个半天已经过去，不能再请假或换班。"))
    if not reason.strip():
        raise Invalid(_("请写明理由。"), field="reason")
    if DutyRequest.objects.filter(duty=duty, state="asked").exists():
        raise Conflict(_("这个半天已经有一份申请在等批准。"))
    other = _known(duties, other_id) if other_id else None
    if other is not None and not _exchangeable(duty, other):
        raise Invalid(_("只能和本大厅另一位同事以后的值班对换。"), field="other")
    request = DutyRequest.objects.create(
        tenant=duty.tenant,
        place=duty.window.place,
        kind=RequestKind.SWAP if other else RequestKind.LEAVE,
        duty=duty,
        other_duty=other,
        summary=_summary(duty, other),
        person_id=duty.person_id,
        person_name=duty.person_name,
        reason=whole_text(reason, _WORDS_LONGEST, label=_("理由"), field="reason"),
    )
    act = "service_centre.ask_swap" if other else "service_centre.ask_leave"
    _record(actor, act, duty.window.place, {"what": request.summary})
    return request


def _lock_duties(actor: Actor, keys: Collection[uuid.UUID]) -> dict[uuid.UUID | None, Duty]:
    """The half-days, locked in one order; everywhere before the requests that are about them."""
    rows = Duty.objects.select_for_update(of=("self",)).select_related("window__place")
    return {one.pk: one for one in rows.filter(tenant=actor.tenant, pk__in=keys).order_by("pk")}


def _known(duties: Mapping[uuid.UUID | None, Duty], duty_id: uuid.UUID) -> Duty:
    if duty_id not in duties:
        raise NotFound(_("没有这个值班安排，它可能已经调整。"))
    return duties[duty_id]


def _exchangeable(duty: Duty, other: Duty) -> bool:
    same_place = duty.window.place_id == other.window.place_id
    return same_place and other.person_id != duty.person_id and other.day >= local_date()


def _summary(duty: Duty, other: Duty | None) -> str:
    words = {"when": _when(duty), "window": duty.window.number}
    if other is None:
        return _("%(when)s %(window)d 号窗口请假") % words
    words |= {"other": other.person_name, "other_when": _when(other), "other_window": other.window.number}
    return _("%(when)s %(window)d 号窗口，与%(other)s %(other_when)s %(other_window)d 号窗口对换") % words


def _when(duty: Duty) -> str:
    return f"{cn_day(duty.day)}{Half(duty.half).label}"


@transaction.atomic
def decide(*, actor: Actor, request_id: uuid.UUID, approved: bool, answer: str = "") -> DutyRequest:
    """Approve or refuse; leave empties the half-day (a gap that the roster shows), an exchange swaps the two people."""
    own = DutyRequest.objects.filter(tenant=actor.tenant, pk=request_id)
    asked_for = {key for row in own for key in (row.duty_id, row.other_duty_id) if key is not None}
    duties = _lock_duties(actor, asked_for)
    request = _lock_request(actor, request_id)
    check_manager(actor, request.place)
    duty, other = duties.get(request.duty_id), duties.get(request.other_duty_id)
    if not approved and not answer.strip():
        raise Invalid(_("不批准请写明理由，申请人会看到。"), field="answer")
    if approved:
        # the words of the request name both half-days and the colleague: what was not asked for is not approved
        if duty is None or duty.person_id != request.person_id or _summary(duty, other) != request.summary:
            raise Conflict(_("值班表已经变了，这份申请不再适用。请按不批准答复，并请申请人重新提出。"))
        told = [request.person_id]
        if other is None:
            duty.delete()
            request.duty = None
        else:
            told.append(other.person_id)
            _exchange(duty, other)
    else:
        told = [request.person_id]
    _close(request, RequestState.APPROVED if approved else RequestState.REFUSED, actor.name, answer)
    _record(actor, "service_centre.decide_duty_request", request.place, {"what": request.summary, "yes": approved})
    for person_id in told:
        _tell(request, person_id)
    return request


@transaction.atomic
def withdraw(*, actor: Actor, request_id: uuid.UUID) -> DutyRequest:
    """Take one's own request back while nobody has decided."""
    request = _lock_request(actor, request_id)
    if request.person_id != actor.person_id:
        raise NotFound(_("没有这份申请。"))
    _close(request, RequestState.WITHDRAWN, actor.name, "")
    _record(actor, "service_centre.withdraw_duty_request", request.place, {"what": request.summary})
    return request


def _lock_request(actor: Actor, request_id: uuid.UUID) -> DutyRequest:
    rows = DutyRequest.objects.select_for_update(of=("self",)).select_related("place")
    request = rows.filter(tenant=actor.tenant, pk=request_id).first()
    if request is None:
        raise NotFound(_("没有这份申请。"))
    if request.state != RequestState.ASKED:
        raise Conflict(_("这份申请已经处理过了：%(state)s。") % {"state": RequestState(request.state).label})
    return request


def _exchange(duty: Duty, other: Duty) -> None:
    mine, his = (duty.person_id, duty.person_name), (other.person_id, other.person_name)
    (duty.person_id, duty.person_name), (other.person_id, other.person_name) = his, mine
    duty.save(update_fields=["person_id", "person_name"])
    other.save(update_fields=["person_id", "person_name"])
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set constraints service_centre_duty_person_once immediate")
            cursor.execute("set constraints service_centre_duty_person_once deferred")
    except IntegrityError:
        raise Conflict(_("对换后有人会在同一个半天坐两个窗口，没有批准。请先调整值班表。")) from None


def _close(request: DutyRequest, state: str, by: str, answer: str) -> None:
    request.state, request.decided_at, request.decided_by = RequestState(state), now(), by
    request.answer = whole_text(answer, _WORDS_LONGEST, label=_("答复"), field="answer")
    request.save(update_fields=["state", "decided_at", "decided_by", "answer", "duty"])


def _tell(request: DutyRequest, person_id: uuid.UUID) -> None:
    state = RequestState(request.state).label
    notify.send_message(
        tenant=request.tenant,
        person_id=person_id,
        title=_("%(kind)s%(state)s：%(what)s")
        % {"kind": RequestKind(request.kind).label, "state": state, "what": request.summary},
        body=request.answer or _("值班表已经按申请调整。"),
        object_ref=ObjectRef(kind=PLACE_KIND, id=str(request.place_id)),
        link=reverse("service_centre:duty"),
    )


def _record(actor: Actor, act: str, place: Place, payload: dict[str, object]) -> None:
    ledger.append(actor=actor, act=act, object_ref=ObjectRef(kind=PLACE_KIND, id=str(place.id)), payload=payload)
