"""People, organisations and sign-ins for tests of this and other apps; built through identity's own services."""

import dataclasses
import itertools
import time
import uuid
from typing import Any

from django.conf import settings
from django.db.models import F

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.models import Account, Person
from zhengtong.kernel.actors import Actor, anonymous, system

PASSWORD = "Kuai-le_2026xyz"  # passes the rule of three classes

_numbers = itertools.count(1)


def tenant() -> str:
    """The tenant of the installation under test."""
    return str(settings.ZHENGTONG_TENANT)


def citizen_number(sequence: int | None = None, *, born: str = "19900307") -> str:
    """A valid number of the fictional county, another one at every call."""
    head = f"980723{born}{(sequence if sequence is not None else next(_numbers)) % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return head + "10X98765432"[sum(w * int(d) for w, d in zip(weights, head, strict=True)) % 11]


def organisation(code: str = "G22", name: str = "青禾县市场监督管理局", parent: str = "") -> api.OrganisationInfo:
    """An organisation of the tenant, below ``parent`` when given."""
    actor = system(tenant())
    api.import_organisations(actor=actor, rows=[api.OrganisationRow(org_code=code, name=name, parent_org_code=parent)])
    return api.organisation(tenant(), code)


def official(
    username: str,
    *roles: str,
    org_code: str = "G22",
    org_name: str = "青禾县市场监督管理局",
    post: str = "",
    name: str = "李二",
) -> Actor:
    """An official with an account, a second factor and a post that has the roles."""
    organisation(org_code, org_name)
    title = post or f"{username}岗"
    row = api.FirstAccount(
        username=username, display_name=name, org_code=org_code, post_title=title, roles=tuple(str(r) for r in roles)
    )
    api.create_first_accounts(actor=system(tenant()), rows=[row], must_change=False)
    return api.find_actor(username)


def citizen(name: str = "张一", *, number: str = "", phone: str = "13800000001", proved: bool = False) -> Actor:
    """A registered citizen, on request with a proved telephone; the password is ``PASSWORD``."""
    person_id = api.register_citizen(
        actor=anonymous(tenant()),
        name=name,
        citizen_number=number or citizen_number(),
        phone=phone,
        password=PASSWORD,
        consent=True,
    )
    if proved:
        Person.objects.filter(pk=person_id).update(verified_phone_index=F("phone_index"))
    return api.actor_for(tenant(), person_id=person_id)


def agent(actor: Actor, *, name: str = "青禾县一品餐饮店", uscc: str = "92341300MA2ABCDEX8") -> Actor:
    """The citizen as legal representative of a legal person."""
    agency = api.register_legal_person(
        actor=actor, name=name, uscc=uscc, representative_name=actor.name, role="legal_representative"
    )
    return api.actor_for(actor.tenant, person_id=actor.person_id, agency_id=agency)


def acting_for(deputy: Actor, principal: Actor) -> Actor:
    """The deputy in the principal's post, as a delegation lets him act."""
    return dataclasses.replace(
        principal,
        person_id=deputy.person_id,
        name=deputy.name,
        delegator_id=principal.person_id,
        delegated_by=principal.name,
    )


def account_of(actor: Actor) -> Account:
    """The account of an actor."""
    return Account.objects.get(person_id=actor.person_id)


def sign_in(client: Any, actor: Actor, *, second_factor: bool = True) -> Any:
    """Sign a test client in as the actor, under the actor's post or legal person; returns the client."""
    account = account_of(actor)
    client.force_login(account)
    session = client.session
    if second_factor:
        session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
        session["account_authentication_methods_user"] = str(account.pk)
    session["identity_choice"] = {
        "official": f"post:{actor.post_id}",
        "legal_agent": f"agency:{actor.post_id}",
    }.get(actor.kind, "self")
    session.save()
    return client


def unknown_id() -> uuid.UUID:
    """An id nothing has."""
    return uuid.UUID(int=0)
