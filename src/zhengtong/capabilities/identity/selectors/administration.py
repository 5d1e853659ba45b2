"""What the administrators see: officials with their posts and accounts, requests for rights, delegations."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable

from django.db.models import DateTimeField, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from zhengtong.capabilities.identity.constants import PersonKind, RequestState, SignInOutcome
from zhengtong.capabilities.identity.models import (
    Account,
    Appointment,
    Delegation,
    Organisation,
    Person,
    Post,
    PostRole,
    RoleRequest,
    SignIn,
)
from zhengtong.capabilities.identity.registry import person_work
from zhengtong.capabilities.identity.rules import THREE_ADMINISTRATORS
from zhengtong.capabilities.identity.selectors.open_work import OpenWork, open_personal_work
from zhengtong.capabilities.identity.selectors.people import current_appointments
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import NotFound

# Locks by wrong passwords pass within hours, those by hand last for decades (services.sign_in.LOCKED_BY_HAND).
_PASSING_LOCK = dt.timedelta(days=365)


@dataclasses.dataclass(frozen=True)
class Leaver:
    """Somebody who holds no post in an organisation any more but still has work of it in hand."""

    person_id: uuid.UUID
    name: str
    post_id: uuid.UUID
    post_name: str
    org_name: str
    work: list[OpenWork]


def staff(tenant: str, *, words: str = "", org_code: str = "") -> "QuerySet[Person]":
    """Officials with their accounts, by name; filtered by name, user name or organisation."""
    rows = Person.objects.filter(tenant=tenant, kind=PersonKind.STAFF).select_related("account").order_by("name", "id")
    if words:
        rows = rows.filter(Q(name__contains=words) | Q(account__username__contains=words.lower()))
    if org_code:
        held = current_appointments().filter(person=OuterRef("pk"), post__organisation__code=org_code)
        rows = rows.filter(Exists(held))
    return rows


def find_staff(tenant: str, person_id: uuid.UUID) -> Person:
    """One official; raises NotFound, also for citizens."""
    row = staff(tenant).filter(pk=person_id).first()
    if row is None:
        raise NotFound("没有这个工作人员。")
    return row


def posts_held(tenant: str, people: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Appointment]]:
    """Present and coming appointments of each person, the earliest first (his main post), with one query."""
    rows = (
        Appointment.objects.filter(tenant=tenant, person_id__in=list(people), post__active=True)
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=local_date()))
        .select_related("post__organisation")
        .prefetch_related("post__roles")
        .order_by("valid_from", "id")
    )
    found: dict[uuid.UUID, list[Appointment]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found


def posts(tenant: str, *, org_code: str = "") -> "QuerySet[Post]":
    """Posts in use with organisation and roles, by organisation and title."""
    rows = Post.objects.filter(tenant=tenant, active=True).select_related("organisation").prefetch_related("roles")
    if org_code:
        rows = rows.filter(organisation__code=org_code)
    return rows.order_by("organisation__code", "title")


def find_post(tenant: str, post_id: uuid.UUID) -> Post:
    """One post with organisation and roles, also one that is no longer in use; raises NotFound."""
    rows = Post.objects.filter(tenant=tenant, pk=post_id)
    row = rows.select_related("organisation").prefetch_related("roles").first()
    if row is None:
        raise NotFound("没有这个岗位。")
    return row


def find_organisation_row(tenant: str, code: str) -> Organisation:
    """The organisation with its superior and heir; raises NotFound."""
    row = Organisation.objects.filter(tenant=tenant, code=code).select_related("parent", "successor").first()
    if row is None:
        raise NotFound(f"没有代码为“{code}”的机构。")
    return row


def last_sign_in(account: Account | None) -> dt.datetime | None:
    """When somebody last signed in to the account, None when nobody has."""
    rows = SignIn.objects.filter(account=account, outcome=SignInOutcome.SIGNED_IN) if account else SignIn.objects.none()
    return rows.order_by("-created_at").values_list("created_at", flat=True).first()


def accounts(tenant: str, *, idle_before: dt.datetime | None = None) -> "QuerySet[Account]":
    """Officials' accounts with ``idle_from``, since when nobody signed in; the longest idle first."""
    rows = Account.objects.filter(tenant=tenant, person__kind=PersonKind.STAFF).select_related("person")
    measured = rows.annotate(
        last_signed_in=_last_sign_in("pk"),
        idle_from=Greatest("created_at", "enabled_at", _last_sign_in("pk"), output_field=DateTimeField()),
    ).order_by("idle_from", "id")
    return measured.filter(idle_from__lt=idle_before) if idle_before else measured


def idle_since(tenant: str, moment: dt.datetime) -> list[Account]:
    """Open accounts of officials nobody has signed in to since the moment, the longest idle first."""
    return list(accounts(tenant, idle_before=moment).filter(is_active=True))


def administrator_roles_held(tenant: str, day: dt.date | None = None) -> frozenset[str]:
    """Those of the three kinds that somebody holds on a day (today) with an account that is open.

    One that wrong passwords have locked for half an hour counts, one locked by hand does not.
    """
    roles = _usable(current_appointments(day), tenant).values_list("post__roles__role", flat=True)
    return frozenset(role for role in roles if role in THREE_ADMINISTRATORS)


def administrator_roles_end(tenant: str) -> dict[str, dt.date | None]:
    """Until when each of the three kinds is held, as far as appointments go; None without end.

    Kinds that nobody holds, today or later, are left out.
    """
    appointed = Appointment.objects.filter(post__active=True).exclude(valid_until__lt=local_date())
    ends: dict[str, dt.date] = {}
    for role, until in _usable(appointed, tenant).values_list("post__roles__role", "valid_until"):
        if role in THREE_ADMINISTRATORS:
            ends[role] = max(ends.get(role, dt.date.min), until or dt.date.max)
    return {role: None if until == dt.date.max else until for role, until in ends.items()}


def _usable(rows: "QuerySet[Appointment]", tenant: str) -> "QuerySet[Appointment]":
    """Those of the three administrators whose account is open."""
    usable = Q(person__account__locked_until__isnull=True) | Q(person__account__locked_until__lte=now() + _PASSING_LOCK)
    held = rows.filter(usable, tenant=tenant, person__account__is_active=True)
    return held.filter(post__roles__role__in=THREE_ADMINISTRATORS)


def administrator_post(person_id: uuid.UUID) -> uuid.UUID | None:
    """The post by which a person is one of the three administrators today, None when he is none."""
    held = current_appointments().filter(person_id=person_id, post__roles__role__in=THREE_ADMINISTRATORS)
    return held.order_by("valid_from", "id").values_list("post_id", flat=True).first()


def is_last_administrator(account: Account) -> bool:
    """True when nobody else with a usable account holds an administrator role that this person holds today."""
    held = current_appointments().filter(tenant=account.tenant, post__roles__role__in=THREE_ADMINISTRATORS)
    roles = set(held.filter(person_id=account.person_id).values_list("post__roles__role", flat=True))
    others = (
        held.exclude(person_id=account.person_id)
        .filter(person__account__is_active=True)
        .filter(Q(person__account__locked_until__isnull=True) | Q(person__account__locked_until__lte=now()))
    )
    kept = set(others.values_list("post__roles__role", flat=True))
    return bool((roles & set(THREE_ADMINISTRATORS)) - kept)


def requests(tenant: str, *, state: str = "") -> "QuerySet[RoleRequest]":
    """Requests for rights, newest first."""
    rows = RoleRequest.objects.filter(tenant=tenant).select_related(
        "post__organisation", "person", "requested_by", "decided_by"
    )
    return (rows.filter(state=state) if state in RequestState.values else rows).order_by("-created_at", "-id")


def find_request(tenant: str, request_id: uuid.UUID) -> RoleRequest:
    """One request for a right; raises NotFound."""
    row = requests(tenant).filter(pk=request_id).first()
    if row is None:
        raise NotFound("没有这项申请。")
    return row


def delegations(tenant: str) -> "QuerySet[Delegation]":
    """All delegations, newest first."""
    rows = Delegation.objects.filter(tenant=tenant)
    return rows.select_related("delegator", "delegate", "post__organisation").order_by("-created_at", "-id")


def delegations_of(tenant: str, person_id: uuid.UUID) -> "QuerySet[Delegation]":
    """Delegations a person has given or received, newest first."""
    return delegations(tenant).filter(Q(delegator_id=person_id) | Q(delegate_id=person_id))


def colleagues(tenant: str, org_id: uuid.UUID, *, without: uuid.UUID) -> list[Person]:
    """Who holds a post in the organisation today, by name."""
    held = current_appointments().filter(tenant=tenant, post__organisation_id=org_id, person=OuterRef("pk"))
    return list(Person.objects.filter(Exists(held)).exclude(pk=without).order_by("name", "id"))


def role_holders(tenant: str, roles: Iterable[str]) -> list[PostRole]:
    """Posts with one of the roles, by role and organisation, with the organisation."""
    rows = PostRole.objects.filter(tenant=tenant, role__in=list(roles), post__active=True)
    return list(rows.select_related("post__organisation").order_by("role", "post__organisation__code", "post__title"))


def leavers(tenant: str) -> list[Leaver]:
    """People whose last appointment in an organisation has run out while they still have work of it in hand."""
    if not list(person_work.items()):
        return []
    today = local_date()
    ended = (
        Appointment.objects.filter(tenant=tenant, valid_until__lt=today)
        .filter(~Exists(current_appointments(today).filter(
            person=OuterRef("person"), post__organisation=OuterRef("post__organisation")
        )))
        .select_related("person", "post__organisation")
        .order_by("person_id", "post__organisation_id", "-valid_until")
        .distinct("person_id", "post__organisation_id")
    )  # fmt: skip
    found = []
    for row in ended:
        work = open_personal_work(tenant, row.person_id, row.post.organisation_id)
        if work:
            post = row.post
            found.append(Leaver(row.person_id, row.person.name, post.id, post.title, post.organisation.name, work))
    return found


def _last_sign_in(account: str) -> Subquery:
    signed_in = SignIn.objects.filter(account=OuterRef(account), outcome=SignInOutcome.SIGNED_IN).order_by()
    latest = signed_in.values("account").annotate(latest=Max("created_at")).values("latest")
    return Subquery(latest)
