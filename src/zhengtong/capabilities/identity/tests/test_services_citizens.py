"""Agents and merged records."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import api, services
from zhengtong.capabilities.identity.models import Account, Agency, Person, PersonMerge, SignInGuard
from zhengtong.capabilities.identity.selectors import list_choices, suspected_duplicates
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, NotFound, NotPermitted


@pytest.mark.django_db
def test_an_authority_is_limited_confirmed_and_taken_back() -> None:
    number = factories.citizen_number()
    worker = factories.citizen("王三", number=number, phone="13900000003")
    boss = factories.agent(factories.citizen())
    agency = services.authorise_agent(
        actor=boss,
        agent_name="王三",
        agent_citizen_number=number,
        valid_until=local_date() + dt.timedelta(days=30),
        item_codes=["A-01", " ", "A-02"],
        letter_number="青餐授〔2026〕1号",
    )
    actor = api.actor_for(worker.tenant, person_id=worker.person_id, agency_id=agency)
    assert actor.delegated_items == frozenset({"A-01", "A-02"})
    assert Agency.objects.get(pk=agency).confirmed_at is not None

    with pytest.raises(NotPermitted):
        services.end_agency(actor=factories.citizen("赵五", phone="13700000005"), agency_id=agency)
    services.end_agency(actor=boss, agency_id=agency, reason="离职")

    with pytest.raises(NotFound):
        api.actor_for(worker.tenant, person_id=worker.person_id, agency_id=agency)
    with pytest.raises(NotFound):
        services.end_agency(actor=boss, agency_id=agency)


@pytest.mark.django_db
def test_the_representative_confirms_who_declared_himself(client: Client) -> None:
    worker = factories.citizen("王三", phone="13900000003")
    told = {"name": "青禾县一品餐饮店", "uscc": "92341300MA2ABCDEX8", "representative_name": "张一"}
    agency = services.register_legal_person(
        actor=worker, role="agent", valid_until=local_date() + dt.timedelta(days=9), **told
    )
    factories.sign_in(client, factories.agent(factories.citizen()))

    assert "王三" in client.get(reverse("account_agents")).content.decode()
    client.post(reverse("account_change_agent", args=[agency]), {"act": "confirm"})
    assert Agency.objects.get(pk=agency).confirmed_at is not None
    client.post(reverse("account_change_agent", args=[agency]), {"act": "end"})
    assert Agency.objects.get(pk=agency).ended_at is not None


@pytest.mark.django_db
def test_a_representative_who_leaves_makes_room_for_the_next() -> None:
    first = factories.agent(factories.citizen())

    services.end_agency(actor=first, agency_id=first.post_id, reason="变更法定代表人")  # type: ignore[arg-type]  # an id

    assert Agency.objects.get().valid_until == local_date()
    assert factories.agent(factories.citizen("张一", phone="13800000002")).legal_person_id == first.legal_person_id


def _twins() -> tuple[Actor, Actor]:
    """张一 with a citizen number, and 张一 whom staff registered with the telephone only."""
    kept = factories.citizen(phone="13800000001")
    merged = Person.objects.create(tenant=kept.tenant, name="张一", phone="13800000001", phone_index=_index())
    account = Account(tenant=kept.tenant, username="zhang.yi", person=merged)
    account.set_password(factories.PASSWORD)
    account.save()
    return kept, api.actor_for(kept.tenant, person_id=merged.pk)


def _index() -> str:
    return Person.objects.exclude(phone_index="").values_list("phone_index", flat=True)[0]


@pytest.mark.django_db
def test_the_owner_of_two_accounts_makes_them_one(client: Client) -> None:
    kept, merged = _twins()
    other = factories.sign_in(Client(), merged)
    other.get(reverse("account_home"))
    factories.sign_in(client, kept)
    given = {"other_login": "zhang.yi", "other_password": factories.PASSWORD}

    wrong = client.post(reverse("account_merge"), {**given, "other_password": "x"})
    right = client.post(reverse("account_merge"), given)

    assert wrong.status_code == 422
    assert "不正确" in wrong.content.decode()
    assert right.status_code == 302
    assert Person.objects.get(pk=merged.person_id).merged_into_id == kept.person_id
    assert api.same_person(kept.tenant, merged.person_id) == {kept.person_id, merged.person_id}  # type: ignore[arg-type]  # ids
    assert other.get(reverse("account_home")).status_code == 302
    assert not Account.objects.get(username="zhang.yi").is_active


@pytest.mark.django_db
def test_staff_merge_with_two_persons_and_undo_within_a_month() -> None:
    kept, merged = _twins()
    system, security = factories.official("sys", "sys_admin"), factories.official("sec", "sec_admin")
    assert [{p.pk for p in group} for group in suspected_duplicates(kept.tenant)] == [
        {kept.person_id, merged.person_id}
    ]
    told = {"kept_id": kept.person_id, "merged_id": merged.person_id, "evidence": "本人持身份证到场核对"}

    with pytest.raises(NotPermitted):
        services.request_merge(actor=security, **told)  # type: ignore[arg-type]  # keyword pass-through
    row = services.request_merge(actor=system, **told)  # type: ignore[arg-type]  # keyword pass-through
    with pytest.raises(Conflict):
        services.request_merge(actor=system, **told)  # type: ignore[arg-type]  # keyword pass-through
    with pytest.raises(NotPermitted):
        services.confirm_merge(actor=system, merge_id=row)
    services.confirm_merge(actor=security, merge_id=row)
    assert suspected_duplicates(kept.tenant) == []
    services.undo_merge(actor=security, merge_id=row)

    assert Person.objects.get(pk=merged.person_id).merged_into_id is None
    assert Account.objects.get(username="zhang.yi").is_active
    again = services.request_merge(actor=system, **told)  # type: ignore[arg-type]  # keyword pass-through
    services.confirm_merge(actor=security, merge_id=again)
    PersonMerge.objects.filter(pk=again).update(done_at=now() - dt.timedelta(days=31))
    with pytest.raises(Conflict, match="不能再撤销"):
        services.undo_merge(actor=security, merge_id=again)


@pytest.mark.django_db
def test_what_was_merged_before_goes_back_with_the_record_it_was_merged_into() -> None:
    kept, merged = _twins()
    first = Person.objects.create(tenant=kept.tenant, name="张一")
    system, security = factories.official("sys", "sys_admin"), factories.official("sec", "sec_admin")
    evidence = "本人持身份证到场核对"
    steps = [(merged.person_id, first.pk), (kept.person_id, merged.person_id)]
    for into, gone in steps:
        row = services.request_merge(actor=system, kept_id=into, merged_id=gone, evidence=evidence)  # type: ignore[arg-type]  # ids
        services.confirm_merge(actor=security, merge_id=row)
    assert Person.objects.get(pk=first.pk).merged_into_id == kept.person_id

    services.undo_merge(actor=security, merge_id=row)

    assert Person.objects.get(pk=first.pk).merged_into_id == merged.person_id
    assert Person.objects.get(pk=merged.person_id).merged_into_id is None


@pytest.mark.django_db
def test_two_persons_are_never_made_one() -> None:
    kept, merged = _twins()
    system = factories.official("sys", "sys_admin")
    other_name = factories.citizen("王三", phone="13900000003")
    other_number = factories.citizen(phone="13800000009")

    for one, two in (
        (kept, other_name),
        (kept, other_number),
        (merged, kept),  # the record with the number is the one to keep
        (kept, kept),
    ):
        with pytest.raises((Conflict, NotFound)):
            services.request_merge(
                actor=system,
                kept_id=one.person_id,  # type: ignore[arg-type]  # an id
                merged_id=two.person_id,  # type: ignore[arg-type]  # an id
                evidence="核对过证件",
            )


@pytest.mark.django_db
def test_what_the_merged_record_could_do_the_kept_one_can() -> None:
    kept, merged = _twins()
    services.register_legal_person(
        actor=merged, name="青禾县一品餐饮店", uscc="92341300MA2ABCDEX8", representative_name="张一"
    )

    services.merge_own_accounts(actor=kept, other_login="zhang.yi", other_password=factories.PASSWORD)

    assert "青禾县一品餐饮店" in [c.title for c in list_choices(Person.objects.get(pk=kept.person_id))]


@pytest.mark.django_db
def test_passwords_tried_by_merging_count_for_the_address(client: Client) -> None:
    kept, _merged = _twins()
    factories.sign_in(client, kept)

    for login in ("zhang.yi", "nobody"):
        client.post(reverse("account_merge"), {"other_login": login, "other_password": "x"})

    assert SignInGuard.objects.get(kind="source").failures == 2
