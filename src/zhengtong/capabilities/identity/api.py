"""The door of identity: organisations, people in posts, actors, contact data, the grant port."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection

from django.conf import settings

from zhengtong.capabilities.identity.models import Account, Person, Tenant
from zhengtong.capabilities.identity.permissions import check_second_person, is_second_person
from zhengtong.capabilities.identity.registry import GrantQuestion, grant_providers
from zhengtong.capabilities.identity.rules import OPERATORS, THREE_ADMINISTRATORS
from zhengtong.capabilities.identity.selectors import (
    Choice,
    LegalPersonInfo,
    OrganisationInfo,
    PersonInPost,
    StandIn,
    applicant_actor,
    applicant_choices,
    find_heir,
    find_legal_person,
    find_organisation,
    find_organisation_by_name,
    find_organisation_on,
    find_organisations,
    legal_person_by_id,
    list_organisations,
    list_people_in,
    list_stand_ins,
    list_units_of,
    list_units_with_role,
    may_handle_item,
    org_scope_filter,
    same_person,
    standing_of,
    works_in,
)
from zhengtong.capabilities.identity.services import (
    Decree,
    FirstAccount,
    FirstAccountSecret,
    ImportOutcome,
    OrganisationRow,
    PersonContact,
    abolish_organisation,
    appoint,
    authorise_agent,
    create_account,
    create_first_accounts,
    create_post,
    create_staff,
    create_tenant,
    current_totp_code,
    delegate_post,
    disable_idle_accounts,
    end_appointment,
    found_administration,
    found_organisation,
    grant_role,
    hand_over_personal_work,
    import_organisations,
    look_up_person,
    merge_organisations,
    move_organisation,
    read_contact,
    register_legal_person,
    rename_organisation,
    revoke_delegation,
    revoke_role,
    take_in_person,
    tell_posts_used,
)
from zhengtong.capabilities.identity.services import register_citizen as _register_citizen
from zhengtong.capabilities.identity.services.confirmation import (
    SentCode,
    check_confirmation,
    confirm_phone,
    phone_is_verified,
    send_confirmation,
    send_phone_code,
    use_confirmation,
)
from zhengtong.capabilities.identity.services.relations_at_counter import is_minor, take_in_agency, take_in_ward
from zhengtong.capabilities.identity.services.retention import keep_retention
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import simulated_offset
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.fields import blind_index
from zhengtong.kernel.simulation import has_invented_past
from zhengtong.kernel.ui.formats import mask_id, mask_name, mask_phone

__all__ = [
    "OPERATORS",
    "THREE_ADMINISTRATORS",
    "Choice",
    "Decree",
    "FirstAccount",
    "FirstAccountSecret",
    "ImportOutcome",
    "LegalPersonInfo",
    "MaskedPerson",
    "OrganisationInfo",
    "OrganisationRow",
    "PersonContact",
    "PersonInPost",
    "SentCode",
    "StandIn",
    "abolish_organisation",
    "actor_for",
    "applicant_actor",
    "applicant_choices",
    "appoint",
    "authorise_agent",
    "check_confirmation",
    "check_second_person",
    "close_idle_accounts",
    "confirm_phone",
    "create_account",
    "create_first_accounts",
    "create_post",
    "create_staff",
    "create_tenant",
    "delegate_post",
    "end_appointment",
    "find_actor",
    "found_administration",
    "found_organisation",
    "grant_role",
    "hand_over_personal_work",
    "has_grant",
    "heir_of",
    "import_organisations",
    "is_minor",
    "is_second_person",
    "keep_retention",
    "legal_person",
    "legal_person_of",
    "look_up_person",
    "masked",
    "may_handle_item",
    "merge_organisations",
    "move_organisation",
    "org_scope_filter",
    "organisation",
    "organisation_by_name",
    "organisation_on",
    "organisations",
    "organisations_by_code",
    "people_in",
    "person_contact",
    "person_with_phone",
    "phone_is_verified",
    "register_citizen",
    "register_legal_person",
    "rename_organisation",
    "revoke_delegation",
    "revoke_role",
    "same_person",
    "send_confirmation",
    "send_phone_code",
    "stand_ins",
    "take_in_agency",
    "take_in_person",
    "take_in_ward",
    "tell_posts_used",
    "tenants",
    "totp_code",
    "units_of",
    "units_with_role",
    "use_confirmation",
    "works_in",
]


@dataclasses.dataclass(frozen=True)
class MaskedPerson:
    """A person as lists show him: ``张*``, ``350***********0012``, ``138****5678``; no read entry is needed."""

    person_id: uuid.UUID
    name: str
    citizen_number: str
    phone: str


def organisation(tenant: str, code: str) -> OrganisationInfo:
    """The organisation with a code (``G22``); raises NotFound."""
    return find_organisation(tenant, code)


def organisation_by_name(tenant: str, name: str) -> OrganisationInfo:
    """The organisation with that full, short or other name; raises NotFound for none and for a doubtful alias."""
    return find_organisation_by_name(tenant, name)


def organisation_on(tenant: str, code: str, day: dt.date) -> OrganisationInfo:
    """The organisation as it was on a day (name, path, status); raises NotFound when it was not founded yet."""
    return find_organisation_on(tenant, code, day)


def heir_of(tenant: str, org_id: uuid.UUID) -> OrganisationInfo | None:
    """Who carries on the work of an organisation today: itself, or the end of its chain of successors, or nobody."""
    return find_heir(tenant, org_id)


def organisations(
    tenant: str, *, parent: str | None = None, subtree: str | None = None, abolished: bool = False
) -> list[OrganisationInfo]:
    """Organisations of a tenant: all, the children of a code, or everything at and below a path."""
    return list_organisations(tenant, parent=parent, subtree=subtree, abolished=abolished)


def units_of(tenant: str, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """Of several people the paths of the organisations in which they hold posts today; one query."""
    return list_units_of(tenant, person_ids)


def organisations_by_code(tenant: str, codes: Collection[str]) -> dict[str, OrganisationInfo]:
    """The organisations with these codes, with one query; raises NotFound when one is missing."""
    return find_organisations(tenant, codes)


def people_in(tenant: str, org_id: uuid.UUID, role: str) -> list[PersonInPost]:
    """Who holds a post with the role in exactly that organisation today."""
    return list_people_in(tenant, org_id, role)


def stand_ins(tenant: str, org_id: uuid.UUID, role: str, item_code: str = "") -> list[StandIn]:
    """Who acts today in a post of exactly that organisation in its holder's place, for a role and an item."""
    return list_stand_ins(tenant, org_id, role, item_code)


def units_with_role(tenant: str, role: str) -> list[OrganisationInfo]:
    """Organisations in which somebody holds a post with the role today, by code."""
    return list_units_with_role(tenant, role)


def person_contact(person_id: uuid.UUID, *, actor: Actor, purpose: str) -> PersonContact:
    """A person's data in the clear; an official's read becomes an entry in the ledger with its purpose."""
    return read_contact(actor=actor, person_id=person_id, purpose=purpose)


def masked(tenant: str, person_id: uuid.UUID) -> MaskedPerson:
    """A person as a list shows him; raises NotFound."""
    person = Person.objects.filter(tenant=tenant, pk=person_id).first()
    if person is None:
        raise NotFound("没有这个人员。")
    return MaskedPerson(person.id, mask_name(person.name), mask_id(person.citizen_number), mask_phone(person.phone))


def actor_for(
    tenant: str,
    *,
    person_id: uuid.UUID | None = None,
    username: str = "",
    post_id: uuid.UUID | None = None,
    agency_id: uuid.UUID | None = None,
    as_self: bool = False,
) -> Actor:
    """The actor of a person or an account, for jobs, commands and tests; without a choice his first post, else himself.

    Raises NotFound when there is no such person, or when the post or agency is not his today.
    """
    people = Person.objects.filter(tenant=tenant)
    person = (people.filter(pk=person_id) if person_id else people.filter(account__username=username)).first()
    if person is None:
        raise NotFound("没有这个人员或账户。")
    choice = f"post:{post_id}" if post_id else f"agency:{agency_id}" if agency_id else "self" if as_self else ""
    actor = standing_of(person, choice).actor
    if (post_id or agency_id) not in (None, actor.post_id):
        raise NotFound("此人现在没有这个岗位或授权。")
    return actor


def find_actor(username: str, *, tenant: str | None = None) -> Actor:
    """The actor of an active account of the county (that of this installation) by user name; raises NotFound."""
    rows = Account.objects.filter(tenant=tenant or settings.ZHENGTONG_TENANT, username=username, is_active=True)
    account = rows.select_related("person").first()
    if account is None:
        raise NotFound(f"没有用户名为“{username}”的账户。")
    return standing_of(account.person).actor


def legal_person_of(actor: Actor) -> LegalPersonInfo:
    """The legal person a ``legal_agent`` speaks for; raises NotFound for everybody else."""
    return find_legal_person(actor)


def person_with_phone(tenant: str, phone: str) -> uuid.UUID | None:
    """The person with that mobile number, None when there is none; the eldest where a family shares it."""
    index = blind_index(phone)
    rows = Person.objects.filter(tenant=tenant, phone_index=index, merged_into__isnull=True)
    return rows.order_by("created_at").values_list("id", flat=True).first()


def legal_person(tenant: str, legal_person_id: uuid.UUID) -> LegalPersonInfo | None:
    """A legal person by its key, None when there is none such; the caller enters who asked and why."""
    return legal_person_by_id(tenant, legal_person_id)


def has_grant(
    *,
    actor: Actor,
    subject_org: str,
    purpose: str,
    object_ref: ObjectRef | None = None,
    fields: tuple[str, ...] = (),
) -> bool:
    """May the actor see data of the organisation at the path ``subject_org`` for a purpose?

    Inside one's own organisation and below it no grant is needed; across organisations some registered provider
    must confirm one. Without a provider the answer is no.
    """
    if actor.org_path and subject_org.startswith(actor.org_path):
        return True
    if not purpose.strip():
        return False
    question = GrantQuestion(
        actor=actor, subject_org=subject_org, purpose=purpose, object_ref=object_ref, fields=fields
    )
    return any(provider(question) for _key, provider in grant_providers.items())


def register_citizen(
    *, actor: Actor, name: str, citizen_number: str, phone: str, password: str, consent: bool
) -> uuid.UUID:
    """Person and account of a citizen; returns the person's id. See ``services.register_citizen``."""
    account = _register_citizen(
        actor=actor, name=name, citizen_number=citizen_number, phone=phone, password=password, consent=consent
    )
    person_id: uuid.UUID = account.person.id
    return person_id


def tenants() -> list[str]:
    """Division codes of the counties on this installation, for jobs that serve each."""
    return list(Tenant.objects.order_by("code").values_list("code", flat=True))


def close_idle_accounts() -> int:
    """Close the officials' accounts that were idle too long, in every tenant; returns how many.

    Not in a demonstration whose clock stands ahead or that has an invented past: days that nobody lived through are
    no idleness.
    """
    if simulated_offset() or has_invented_past():
        return 0
    return sum(disable_idle_accounts(actor=system(tenant)) for tenant in tenants())


def totp_code(username: str, *, tenant: str) -> str:
    """The code a telephone would show now; only where ``ZHENGTONG_DEMO`` is set."""
    return current_totp_code(tenant=tenant, username=username)
