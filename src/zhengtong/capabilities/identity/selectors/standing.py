"""As whom a person acts: the posts, the legal persons and the self he can choose from, and the resulting Actor."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import AgencyRole, Role
from zhengtong.capabilities.identity.models import Agency, Person
from zhengtong.capabilities.identity.selectors.people import current_appointments, valid_on
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date

SELF = "self"


@dataclasses.dataclass(frozen=True)
class Choice:
    """One identity a person can act under; ``key`` is ``self``, ``post:<id>`` or ``agency:<id>``."""

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
    if choice == SELF or not posts:
        return Standing(_citizen(person), bool(posts), must_choose=False)
    chosen = next((row for row in posts if str(row["post_id"]) == key), None) if kind == "post" else None
    must_choose = chosen is None and len(posts) > 1
    return Standing(_official(person, chosen or posts[0]), official=True, must_choose=must_choose)


def list_choices(person: Person) -> list[Choice]:
    """All identities open to a person today: posts first, then himself, then the legal persons he acts for."""
    today = local_date()
    found = [
        Choice(f"post:{row['post_id']}", row["post__title"], row["post__organisation__name"])
        for row in _posts(person, today)
    ]
    found.append(Choice(SELF, _("本人"), _("以个人身份办理自己的事项")))
    for agency in _agencies(person, today):
        note = str(AgencyRole(agency.role).label)
        if agency.valid_until:
            until = agency.valid_until
            note = _("%(role)s，授权至 %(y)d年%(m)d月%(d)d日") % {
                "role": note,
                "y": until.year,
                "m": until.month,
                "d": until.day,
            }
        found.append(Choice(f"agency:{agency.id}", agency.legal_person.name, note))
    return found


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
        .annotate(roles=ArrayAgg("post__roles__role", filter=Q(post__roles__isnull=False), default=[]))
    )


def _agencies(person: Person, today: dt.date) -> Any:
    return Agency.objects.filter(valid_on(today), person=person).select_related("legal_person").order_by("id")


def _official(person: Person, row: Mapping[str, Any]) -> Actor:
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
        roles=frozenset(row["roles"]),
    )


def _citizen(person: Person) -> Actor:
    return Actor(
        tenant=person.tenant,
        kind="citizen",
        person_id=person.id,
        name=person.name,
        roles=frozenset({Role.CITIZEN.value}),
    )


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
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
