"""Appointments and roles; some roles exclude each other: here with a sentence, the fixed ones also by a trigger."""

import datetime as dt
import uuid

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import PERSONAL_ROLES, Role, Scope
from zhengtong.capabilities.identity.events import AppointmentEnded, PersonAppointed, PostRoleChanged
from zhengtong.capabilities.identity.models import Appointment, Person, Post, PostRole
from zhengtong.capabilities.identity.permissions import (
    may_authorise,
    may_revoke,
    require_ending_appointments,
    require_security_administrator,
)
from zhengtong.capabilities.identity.rules import (
    ADMINISTRATORS,
    OPERATORS,
    THREE_ADMINISTRATORS,
    colliding_roles,
    excluding_roles,
    mixed_post,
    parse_pairs,
)
from zhengtong.capabilities.identity.services.administrators import (
    keeping_administrators,
    keeping_administrators_of,
)
from zhengtong.capabilities.identity.services.handover import hand_over_personal_work
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import outbox
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.parameters import declare, value

declare(
    "identity.separate_operators",
    default=["security_operator+application_operator", "security_operator+database_operator"],
    label="除三员外还须由不同的人担任的操作员角色（两个角色以 + 相连）",
    unit="",
    source="五类管理员分工的常见做法（待核实）",
    confirmed=False,
)


def appoint(
    *,
    actor: Actor,
    person_id: uuid.UUID,
    post_id: uuid.UUID,
    valid_from: dt.date | None = None,
    valid_until: dt.date | None = None,
) -> uuid.UUID:
    """Give a person a post from a day (today) on; returns the appointment's id.

    Raises NotPermitted for oneself, Conflict when he holds the post already, would hold two administrator roles
    (三员分立) or be an administrator for a time while nobody is one without end, Invalid for a period that ends
    before it begins.
    """
    require_security_administrator(actor)
    start = valid_from or local_date()
    if actor.person_id == person_id:
        raise NotPermitted(_("不能给自己任职。请由另一位安全管理员办理。"))
    if valid_until is not None and valid_until < start:
        raise Invalid(_("截止日期早于起始日期。请更正任职期限。"), field="valid_until")
    try:
        with keeping_administrators_of(actor.tenant, _roles_of(post_id)):
            person = _locked_person(actor.tenant, person_id)
            post = _post(actor.tenant, post_id)
            _refuse_colliding(person, _roles_of(post), start, valid_until, other_than=post.id)
            row = Appointment.objects.create(
                tenant=actor.tenant, person=person, post=post, valid_from=start, valid_until=valid_until
            )
            _record_appointment(actor, row, post)
    except IntegrityError as error:
        raise _conflict_of(error, person.name) from error
    return row.id


def end_appointment(
    *,
    actor: Actor,
    person_id: uuid.UUID,
    post_id: uuid.UUID,
    last_day: dt.date | None = None,
    receiver_id: uuid.UUID | None = None,
    reason: str = "",
) -> None:
    """The person holds the post until ``last_day`` (yesterday by default, so not any more).

    What he still has in hand goes to ``receiver_id``, somebody of the same organisation, in the same transaction.
    Raises NotFound, Invalid when there is open work and no receiver (or one who cannot take it), NotPermitted for
    one's own post and, but for the security administrator, for that of one of the three administrators, and Conflict
    where nobody would be left in that office.
    """
    require_ending_appointments(actor)
    if actor.person_id == person_id and actor.person_id is not None:
        raise NotPermitted(_("不能结束自己的任职。请由另一位管理员办理。"))
    day = last_day or local_date() - dt.timedelta(days=1)
    with keeping_administrators(actor.tenant, day=day + dt.timedelta(days=1)):
        row = (
            Appointment.objects.select_for_update(of=("self",))
            .select_related("post__organisation")
            .filter(tenant=actor.tenant, person_id=person_id, post_id=post_id)
            .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=local_date()))
            .first()
        )
        if row is None:
            raise NotFound(_("此人现在没有担任这个岗位。"))
        if _roles_of(row.post) & set(THREE_ADMINISTRATORS) and not may_authorise(actor):
            raise NotPermitted(_("系统、安全、审计三个管理员的任职由安全管理员结束。请联系安全管理员办理。"))
        hand_over_personal_work(
            actor=actor, person_id=person_id, post_id=post_id, receiver_id=receiver_id, reason=reason
        )
        if row.valid_from > day:
            row.delete()  # it never took effect for a whole day; the ledger keeps both acts
        else:
            row.valid_until = day
            row.save(update_fields=["valid_until"])
        _record_end(actor, row, day, reason)


def grant_role(*, actor: Actor, post_id: uuid.UUID, role: str, scope: str = "") -> None:
    """Give a post a role, reaching as far as ``scope`` says (the role's default when empty).

    Nothing happens when the post has it already; another ``scope`` than before is taken over. Raises Invalid for a
    role no post can have, NotPermitted for one's own post, Conflict for a role that excludes another one on the
    post or of anybody who holds it.
    """
    require_security_administrator(actor)
    if role not in Role.values or role in PERSONAL_ROLES:
        raise Invalid(_("岗位不能授予这个角色。请从角色清单中选择。"), field="role")
    if scope and scope not in Scope.values:
        raise Invalid(_("没有这种数据范围。请从清单中选择。"), field="scope")
    if actor.post_id == post_id or _holds(actor, post_id):
        raise NotPermitted(_("不能给自己的岗位授予角色。请由另一位安全管理员办理。"))
    try:
        with keeping_administrators_of(actor.tenant, [role]):
            post = _post(actor.tenant, post_id, lock=True)
            held = _roles_of(post)
            if role in held:
                _change_scope(actor, post, role, scope)
                return
            further = _separated(actor.tenant)
            excluded = excluding_roles(role, held, further=further)
            if excluded:
                raise _collision(_("这个岗位"), {role, *excluded})
            for row in post.appointments.select_related("person").exclude(valid_until__lt=local_date()):
                _refuse_colliding(row.person, {role}, row.valid_from, row.valid_until, other_than=post.id)
            if mixed_post({role, *held}):
                raise Conflict(
                    _("没有办理：系统管理员、安全管理员、审计管理员的岗位不能再有其他角色。请另设岗位。"), field="role"
                )
            PostRole.objects.create(tenant=actor.tenant, post=post, role=role, scope=scope)
            _record_role(actor, post, role, scope, granted=True)
    except IntegrityError as error:
        raise _conflict_of(error, _("担任这个岗位的人")) from error


def revoke_role(*, actor: Actor, post_id: uuid.UUID, role: str, reason: str = "") -> None:
    """Take a role from a post; raises NotFound when it has none such, Conflict for the last administrator of a kind.

    The security administrator may do so at once, for an operating role also the administrator who answers for it.
    """
    if not may_revoke(actor, role):
        require_security_administrator(actor)
    with keeping_administrators(actor.tenant):
        post = _post(actor.tenant, post_id, lock=True)
        deleted, _rows = PostRole.objects.filter(post=post, role=role).delete()
        if not deleted:
            raise NotFound(_("这个岗位没有该角色。"))
        _record_role(actor, post, role, "", granted=False, reason=reason)


def _post(tenant: str, post_id: uuid.UUID, *, lock: bool = False) -> Post:
    rows = Post.objects.select_for_update(no_key=True) if lock else Post.objects
    post = rows.filter(tenant=tenant, pk=post_id).first()
    if post is None:
        raise NotFound(_("没有这个岗位。请刷新页面后重新选择。"))
    return post


def _holds(actor: Actor, post_id: uuid.UUID) -> bool:
    """True for any post of the actor's own, now or later, under whichever he acts at the moment."""
    if actor.person_id is None:
        return False
    held = Appointment.objects.filter(tenant=actor.tenant, person_id=actor.person_id, post_id=post_id)
    return bool(held.exclude(valid_until__lt=local_date()).exists())


def _locked_person(tenant: str, person_id: uuid.UUID) -> Person:
    person = Person.objects.select_for_update(no_key=True).filter(tenant=tenant, pk=person_id).first()
    if person is None:
        raise NotFound(_("没有这个人员。请先登记人员。"))
    return person


def _roles_of(post: Post | uuid.UUID) -> set[str]:
    return set(PostRole.objects.filter(post=post).values_list("role", flat=True))


def _separated(tenant: str) -> frozenset[frozenset[str]]:
    """The pairs of operating roles this county keeps apart beside the fixed ones."""
    return parse_pairs(value("identity.separate_operators", tenant=tenant))


def _change_scope(actor: Actor, post: Post, role: str, scope: str) -> None:
    if scope and PostRole.objects.filter(post=post, role=role).exclude(scope=scope).update(scope=scope):
        _record_role(actor, post, role, scope, granted=True)


def _refuse_colliding(
    person: Person, roles: set[str], start: dt.date, end: dt.date | None, *, other_than: uuid.UUID
) -> None:
    if not roles & {*ADMINISTRATORS, *OPERATORS}:
        return
    overlapping = Appointment.objects.filter(person=person).exclude(post_id=other_than).exclude(valid_until__lt=start)
    if end is not None:
        overlapping = overlapping.exclude(valid_from__gt=end)
    held = set(PostRole.objects.filter(post__in=overlapping.values("post")).values_list("role", flat=True))
    colliding = colliding_roles(roles | held, further=_separated(person.tenant))
    if colliding:
        raise _collision(person.name, set(colliding))


def _collision(who: str, roles: set[str]) -> Conflict:
    names = "、".join(str(Role(role).label) for role in (*ADMINISTRATORS, *OPERATORS) if role in roles)
    return Conflict(
        _(
            "没有办理：%(who)s将同时是%(names)s。系统管理员、安全管理员、审计管理员、流程管理员和相互制约的操作员"
            "必须由不同的人担任，请另选人员，或先结束原来的任职。"
        )
        % {"who": who, "names": names}
    )


def _conflict_of(error: IntegrityError, who: str) -> Conflict:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
    if name == "identity_administrators_apart":
        return _collision(who, {*ADMINISTRATORS, *OPERATORS})
    return Conflict(_("%(who)s在这段时间已经担任这个岗位。请先结束原来的任职。") % {"who": who})


def _record_appointment(actor: Actor, row: Appointment, post: Post) -> None:
    ref = ObjectRef(kind="post", id=str(post.id))
    ledger.append(
        actor=actor,
        act="identity.person_appointed",
        object_ref=ref,
        payload={
            "person": str(row.person_id),
            "from": row.valid_from.isoformat(),
            "until": row.valid_until.isoformat() if row.valid_until else "",
        },
    )
    outbox.publish(
        PersonAppointed(
            tenant=actor.tenant,
            object_ref=ref,
            at=now(),
            person_id=row.person_id,
            post_id=post.id,
            org_id=post.organisation_id,
        )
    )


def _record_end(actor: Actor, row: Appointment, day: dt.date, reason: str) -> None:
    ref = ObjectRef(kind="post", id=str(row.post_id))
    payload = {"person": str(row.person_id), "last_day": day.isoformat(), "reason": reason}
    ledger.append(actor=actor, act="identity.appointment_ended", object_ref=ref, payload=payload)
    outbox.publish(
        AppointmentEnded(
            tenant=actor.tenant,
            object_ref=ref,
            at=now(),
            person_id=row.person_id,
            post_id=row.post_id,
            org_id=row.post.organisation_id,
        )
    )


def _record_role(actor: Actor, post: Post, role: str, scope: str, *, granted: bool, reason: str = "") -> None:
    ref = ObjectRef(kind="post", id=str(post.id))
    act = "identity.role_granted" if granted else "identity.role_revoked"
    ledger.append(actor=actor, act=act, object_ref=ref, payload={"role": str(role), "scope": scope, "reason": reason})
    outbox.publish(
        PostRoleChanged(
            tenant=actor.tenant,
            object_ref=ref,
            at=now(),
            post_id=post.id,
            org_id=post.organisation_id,
            role=str(role),
            granted=granted,
        )
    )
