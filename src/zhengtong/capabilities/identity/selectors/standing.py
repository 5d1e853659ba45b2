"""As whom a person acts: the posts, the legal persons and the self he can choose from, and the resulting Actor."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import AgencyRole, Assurance, Role, default_scope
from zhengtong.capabilities.identity.models import Agency, Delegation, Guardianship, Person
from zhengtong.capabilities.identity.rules import THREE_ADMINISTRATORS
from zhengtong.capabilities.identity.selectors.people import current_appointments, valid_on
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound

SELF = "self"


@dataclasses.dataclass(frozen=True)
class Choice:
    """One identity a person can act under; ``key`` is ``self``, or post, delegation, agency with an id (``post:…``)."""

    key: str
    title: str
    note: str


@dataclasses.dataclass(frozen=True)
class Standing:
    """The actor of a request; ``official`` when the person holds any post, ``must_choose`` when none is chosen yet."""

    actor: Actor
    official: bool
    must_choose: bool


def standing_of(person: Person, choice: str = "", *, day: dt.date | None = None) -> Standing:
    """The actor for the identity chosen; a choice that is not (or no longer) open falls back to the first one."""
    today = day or local_date()
    posts = _posts(person, today)
    kind, _sep, key = choice.partition(":")
    if kind == "agency":
        agency = _agencies(person, today).filter(pk=_uuid(key)).first()
        if agency is not None:
            return Standing(_agent(person, agency), bool(posts), must_choose=False)
    if kind == "ward":
        guardianship = next((row for row in _wards(person, today) if str(row.pk) == key), None)
        if guardianship is not None:
            return Standing(_guardian(person, guardianship), bool(posts), must_choose=False)
    if kind == "delegation" and _may_stand_in(posts):
        delegate = _delegate(person, _uuid(key), today)
        if delegate is not None:
            return Standing(delegate, official=True, must_choose=False)
    if choice == SELF or not posts:
        return Standing(_citizen(person), bool(posts), must_choose=False)
    chosen = next((row for row in posts if str(row["post_id"]) == key), None) if kind == "post" else None
    must_choose = chosen is None and len(posts) > 1
    return Standing(_official(person, chosen or posts[0]), official=True, must_choose=must_choose)


def list_choices(person: Person) -> list[Choice]:
    """All identities open to a person today: posts, the posts he stands in for, himself, the legal persons."""
    today = local_date()
    posts = _posts(person, today)
    found = [Choice(f"post:{row['post_id']}", row["post__title"], row["post__organisation__name"]) for row in posts]
    for row in delegations_to(person, today) if _may_stand_in(posts) else ():
        title = _("%(post)s（代%(name)s办理）") % {"post": row.post.title, "name": row.delegator.name}
        note = _("%(org)s，受托至 %(until)s") % {"org": row.post.organisation.name, "until": _day(row.valid_until)}
        found.append(Choice(f"delegation:{row.id}", title, note))
    found.append(Choice(SELF, _("本人"), _("以个人身份办理自己的事项")))
    for relation in _wards(person, today):
        title = _("%(name)s（我是监护人）") % {"name": relation.ward.name}
        note = _("监护至 %(until)s") % {"until": _day(relation.valid_until)}
        found.append(Choice(f"ward:{relation.id}", title, note))
    for agency in _agencies(person, today):
        note = str(AgencyRole(agency.role).label)
        if agency.valid_until:
            note = _("%(role)s，授权至 %(until)s") % {"role": note, "until": _day(agency.valid_until)}
        found.append(Choice(f"agency:{agency.id}", agency.legal_person.name, note))
    return found


def applicant_choices(tenant: str, person_id: uuid.UUID) -> list[Choice]:
    """In whose name a person may apply at a counter: his own, his wards', that of legal persons; no posts."""
    person = _person(tenant, person_id)
    offices = ("post:", "delegation:")
    return [choice for choice in list_choices(person) if not choice.key.startswith(offices)]


def applicant_actor(tenant: str, person_id: uuid.UUID, choice: str) -> Actor:
    """The person as he would act himself under a choice of ``applicant_choices``; raises NotFound for any other."""
    person = _person(tenant, person_id)
    actor = standing_of(person, choice).actor
    kind, _sep, _key = choice.partition(":")
    given = {
        SELF: actor.kind == "citizen" and actor.ward_id is None,
        "ward": actor.kind == "citizen" and actor.ward_id is not None,
        "agency": actor.kind == "legal_agent",
    }
    if not given.get(kind, False):
        raise NotFound(_("此人现在不能以这个身份申请：关系没有核验、已经到期或者已经收回。"))
    return actor


def _person(tenant: str, person_id: uuid.UUID) -> Person:
    person = Person.objects.filter(tenant=tenant, pk=person_id).first()
    if person is None:
        raise NotFound(_("没有这个人员。"))
    return person


def delegations_to(person: Person, day: dt.date) -> "QuerySet[Delegation]":
    """Delegations a person may act under on a day: not revoked, and the delegator still holds the post."""
    held = current_appointments(day).filter(person_id=OuterRef("delegator_id"), post_id=OuterRef("post_id"))
    return (
        Delegation.objects.filter(valid_on(day), Exists(held), delegate=person, revoked_at__isnull=True)
        .select_related("post__organisation", "delegator")
        .order_by("valid_from", "id")
    )


@dataclasses.dataclass(frozen=True)
class StandIn:
    """Somebody acts in the post of an officer until a day."""

    delegator_id: uuid.UUID
    delegate_id: uuid.UUID
    delegate: str
    until: dt.date


def list_stand_ins(tenant: str, org_id: uuid.UUID, role: str, item_code: str) -> list[StandIn]:
    """Delegations in force today of posts of exactly that organisation, for a role and an item."""
    today = local_date()
    held = current_appointments(today).filter(person_id=OuterRef("delegator_id"), post_id=OuterRef("post_id"))
    rows = Delegation.objects.filter(
        valid_on(today),
        Exists(held),
        Q(item_codes=[]) | Q(item_codes__contains=[item_code]),
        tenant=tenant,
        post__organisation_id=org_id,
        roles__contains=[role],
        revoked_at__isnull=True,
    ).select_related("delegate")
    return [
        StandIn(row.delegator_id, row.delegate_id, row.delegate.name, row.valid_until)
        for row in rows.order_by("valid_from", "id")
    ]


def _posts(person: Person, today: dt.date) -> list[Mapping[str, Any]]:
    return list(
        current_appointments(today)
        .filter(person=person)
        .order_by("valid_from", "id")
        .values(
            "id",
            "valid_from",
            "post_id",
            "post__title",
            "post__organisation_id",
            "post__organisation__code",
            "post__organisation__name",
            "post__organisation__path",
        )
        .annotate(
            roles=ArrayAgg(
                Concat("post__roles__role", Value(":"), "post__roles__scope"),
                filter=Q(post__roles__isnull=False),
                order_by="post__roles__role",
                default=[],
            )
        )
    )


def _agencies(person: Person, today: dt.date) -> Any:
    own = Q(person=person) | Q(person__merged_into=person)
    rows = Agency.objects.filter(valid_on(today), own, ended_at__isnull=True)
    return rows.select_related("legal_person").order_by("id")


def _wards(person: Person, today: dt.date) -> "QuerySet[Guardianship]":
    """Wards he may act for: verified at the window, and not contested."""
    own = Q(guardian=person) | Q(guardian__merged_into=person)
    rows = Guardianship.objects.filter(
        valid_on(today), own, ended_at__isnull=True, contested_at__isnull=True, assurance=Assurance.VERIFIED
    )
    return rows.select_related("ward").order_by("created_at", "id")


def _official(person: Person, row: Mapping[str, Any]) -> Actor:
    scopes = tuple(_reach(*text.split(":")) for text in row["roles"])
    return Actor(
        tenant=person.tenant,
        kind="official",
        person_id=person.id,
        name=person.name,
        post_id=row["post_id"],
        post_name=row["post__title"],
        org_id=row["post__organisation_id"],
        org_code=row["post__organisation__code"],
        org_name=row["post__organisation__name"],
        org_path=row["post__organisation__path"],
        roles=frozenset(role for role, _scope in scopes),
        scopes=scopes,
    )


def _delegate(person: Person, key: uuid.UUID | None, day: dt.date) -> Actor | None:
    """The person in the delegator's post, with the roles that were delegated as far as the post still has them."""
    row = delegations_to(person, day).filter(pk=key).prefetch_related("post__roles").first() if key else None
    if row is None:
        return None
    organisation = row.post.organisation
    held = sorted(row.post.roles.all(), key=lambda given: given.role)
    scopes = tuple(_reach(given.role, given.scope) for given in held if given.role in row.roles)
    return Actor(
        tenant=person.tenant,
        kind="official",
        person_id=person.id,
        name=person.name,
        post_id=row.post_id,
        post_name=_("%(post)s（代%(name)s办理）") % {"post": row.post.title, "name": row.delegator.name},
        org_id=organisation.id,
        org_code=organisation.code,
        org_name=organisation.name,
        org_path=organisation.path,
        roles=frozenset(role for role, _scope in scopes),
        scopes=scopes,
        delegation_id=row.id,
        delegator_id=row.delegator_id,
        delegated_by=row.delegator.name,
        delegated_items=frozenset(row.item_codes),
    )


def _may_stand_in(posts: Sequence[Mapping[str, Any]]) -> bool:
    """Somebody in office who is none of the three administrators, who see no business data."""
    held = {text.split(":")[0] for row in posts for text in row["roles"]}
    return bool(posts) and held.isdisjoint(THREE_ADMINISTRATORS)


def _reach(role: str, scope: str) -> tuple[str, str]:
    return role, scope or default_scope(role)


def _day(day: dt.date) -> str:
    return _("%(y)d年%(m)d月%(d)d日") % {"y": day.year, "m": day.month, "d": day.day}


def _citizen(person: Person) -> Actor:
    return Actor(
        tenant=person.tenant,
        kind="citizen",
        person_id=person.id,
        name=person.name,
        roles=frozenset({Role.CITIZEN.value}),
    )


def _guardian(person: Person, row: Guardianship) -> Actor:
    """The guardian himself, acting in the ward's name."""
    return dataclasses.replace(_citizen(person), on_behalf_of=row.ward.name, ward_id=row.ward_id)


def _agent(person: Person, agency: Agency) -> Actor:
    return Actor(
        tenant=person.tenant,
        kind="legal_agent",
        person_id=person.id,
        name=person.name,
        post_id=agency.id,
        post_name=str(AgencyRole(agency.role).label),
        roles=frozenset({Role.AGENT.value}),
        legal_person_id=agency.legal_person_id,
        on_behalf_of=agency.legal_person.name,
        delegated_items=frozenset(agency.item_codes),
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
