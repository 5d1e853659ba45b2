"""How far a role reaches in queries; grants across organisations."""

import dataclasses
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q

from zhengtong.capabilities.identity import api, registry
from zhengtong.capabilities.identity.constants import PERSONAL_ROLES, Role, Scope, default_scope
from zhengtong.capabilities.identity.models import Appointment, Organisation, PostRole
from zhengtong.capabilities.identity.registry import GrantQuestion
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import Actor, ObjectRef, anonymous, system
from zhengtong.kernel.errors import Invalid

pytestmark = pytest.mark.django_db

# the tree: C01 above G22 (with H08 below) and G23
TREE = (("C01", ""), ("G22", "C01"), ("H08", "G22"), ("G23", "C01"))


@pytest.fixture
def clerk() -> Actor:
    """A clerk of the bureau in the middle of the tree."""
    factories.official("clerk", "clerk")
    _grow(factories.tenant())
    return api.find_actor("clerk")


def _grow(tenant: str) -> None:
    rows = [api.OrganisationRow(org_code=code, name=f"机构{code}", parent_org_code=parent) for code, parent in TREE]
    api.import_organisations(actor=system(tenant), rows=rows)


def _with(actor: Actor, scope: str, role: str = "clerk") -> Actor:
    PostRole.objects.filter(post_id=actor.post_id, role=role).update(scope=scope)
    return api.find_actor("clerk")


def _reached(actor: Actor, *roles: str, **columns: str) -> set[str]:
    """Codes of the organisations in the database that the actor's filter lets through."""
    found = Organisation.objects.filter(api.org_scope_filter(actor, *roles, org="id", **columns))
    return set(found.values_list("code", flat=True))


@pytest.mark.parametrize(
    ("scope", "codes"),
    [("", {"G22"}), ("unit", {"G22"}), ("subtree", {"G22", "H08"}), ("county", {"C01", "G22", "H08", "G23"})],
)
def test_each_scope_reaches_its_part_of_the_tree(clerk: Actor, scope: str, codes: set[str]) -> None:
    actor = _with(clerk, scope)

    assert _reached(actor) == codes


def test_own_reaches_what_the_person_has_in_hand(clerk: Actor) -> None:
    factories.official("other", "clerk", org_code="G23", org_name="机构G23")
    actor = _with(clerk, "own")

    mine = Appointment.objects.filter(api.org_scope_filter(actor, org="post__organisation", person="person_id"))

    assert {row.person_id for row in mine} == {clerk.person_id}
    assert _reached(actor) == set()


def test_the_widest_of_the_roles_asked_for_counts(clerk: Actor) -> None:
    api.grant_role(actor=system(clerk.tenant), post_id=clerk.post_id, role="supervisor")  # type: ignore[arg-type]  # an official of a test has a person and a post
    both = api.find_actor("clerk")

    assert _reached(both) == {"C01", "G22", "H08", "G23"}
    assert _reached(both, "clerk") == {"G22"}
    assert _reached(both, "leader") == set()


def test_strangers_citizens_and_other_tenants_reach_nothing_the_platform_everything(clerk: Actor) -> None:
    _grow("980724")

    assert _reached(anonymous(clerk.tenant)) == set()
    assert _reached(factories.citizen()) == set()
    assert _reached(system("980724")) == {"C01", "G22", "H08", "G23"}
    county = _with(clerk, "county")
    everywhere = Organisation.objects.filter(api.org_scope_filter(county, org="id"))
    assert {row.tenant for row in everywhere} == {clerk.tenant}


def test_a_delegation_for_certain_items_reaches_only_these(clerk: Actor) -> None:
    limited = dataclasses.replace(clerk, delegated_items=frozenset({"G22"}))

    assert _reached(limited) == set()
    assert _reached(limited, item="code") == {"G22"}
    assert _reached(dataclasses.replace(clerk, delegated_items=frozenset({"G23"})), item="code") == set()


def test_the_filter_joins_with_others(clerk: Actor) -> None:
    county = _with(clerk, "county")

    joined = Organisation.objects.filter(Q(code__startswith="G") & api.org_scope_filter(county, org="id"))

    assert {row.code for row in joined} == {"G22", "G23"}


@pytest.mark.parametrize("role", sorted(set(Role.values) - PERSONAL_ROLES))
def test_every_role_has_a_default_and_what_it_could_see_before_stays(role: str) -> None:
    wide = role in ("supervisor", "legal_reviewer", "counter") or role.endswith(("_admin", "_operator"))

    assert default_scope(role) == (Scope.COUNTY if wide else Scope.UNIT)


def test_a_scope_is_granted_changed_and_checked(clerk: Actor) -> None:
    post = clerk.post_id
    assert post is not None

    api.grant_role(actor=system(clerk.tenant), post_id=post, role="leader", scope="subtree")
    api.grant_role(actor=system(clerk.tenant), post_id=post, role="leader")
    assert ("leader", "subtree") in api.find_actor("clerk").scopes
    api.grant_role(actor=system(clerk.tenant), post_id=post, role="leader", scope="own")
    assert ("leader", "own") in api.find_actor("clerk").scopes
    with pytest.raises(Invalid, match="数据范围"):
        api.grant_role(actor=system(clerk.tenant), post_id=post, role="leader", scope="planet")
    with pytest.raises(IntegrityError), transaction.atomic():
        PostRole.objects.filter(post_id=post).update(scope="planet")


class Participants:
    """What the case engine brings: being a participant of a case opens that case and no other."""

    def __init__(self, case_id: str, org_id: uuid.UUID) -> None:
        self.case_id, self.org_id = case_id, org_id

    def __call__(self, question: GrantQuestion) -> bool:
        """True for the organisation's people and exactly this case."""
        ref = question.object_ref
        return ref == ObjectRef(kind="case", id=self.case_id) and question.actor.org_id == self.org_id


def test_the_grant_port_denies_without_a_provider_and_opens_the_case_a_unit_takes_part_in(
    clerk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = factories.official("other", "clerk", org_code="G23", org_name="机构G23")
    _grow(clerk.tenant)
    other = api.find_actor("other")
    ask = {"actor": other, "subject_org": clerk.org_path, "purpose": "办件 2026-1"}
    case = ObjectRef(kind="case", id="1")
    monkeypatch.setattr(registry.grant_providers, "_items", {})

    assert not api.has_grant(**ask, object_ref=case)  # type: ignore[arg-type]  # an official of a test has a person and a post
    monkeypatch.setattr(registry.grant_providers, "_items", {"cases": Participants("1", other.org_id)})  # type: ignore[arg-type]  # an official of a test has a person and a post
    assert api.has_grant(**ask, object_ref=case)  # type: ignore[arg-type]  # an official of a test has a person and a post
    assert not api.has_grant(**ask, object_ref=ObjectRef(kind="case", id="2"))  # type: ignore[arg-type]  # an official of a test has a person and a post
    assert not api.has_grant(**ask)  # type: ignore[arg-type]  # an official of a test has a person and a post
    assert not api.has_grant(**{**ask, "purpose": " "}, object_ref=case)  # type: ignore[arg-type]  # an official of a test has a person and a post
    assert not api.has_grant(**{**ask, "actor": anonymous(clerk.tenant)}, object_ref=case)  # type: ignore[arg-type]  # an official of a test has a person and a post
    assert api.has_grant(actor=clerk, subject_org=clerk.org_path, purpose="")
