"""Guardians: what they declare opens nothing before the window has verified it; the ward sees it and may contest it."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.identity import api, services
from zhengtong.capabilities.identity.models import Guardianship, Person
from zhengtong.capabilities.identity.rules import guardianship_state, last_day_as_minor
from zhengtong.capabilities.identity.selectors import list_choices, standing_of
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.kernel.actors import Actor, ObjectRef, anonymous
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted

CHILD = "20200229"


@pytest.mark.parametrize(
    ("born", "last"),
    [
        (dt.date(2010, 3, 7), dt.date(2028, 3, 6)),
        (dt.date(2010, 3, 1), dt.date(2028, 2, 29)),
        (dt.date(2008, 2, 29), dt.date(2026, 2, 28)),
        (dt.date(2010, 1, 1), dt.date(2027, 12, 31)),
    ],
)
def test_a_minor_is_of_age_on_his_eighteenth_birthday(born: dt.date, last: dt.date) -> None:
    assert last_day_as_minor(born) == last


@given(st.dates(dt.date(1900, 1, 1), dt.date(2080, 1, 1)))
def test_a_minority_lasts_eighteen_years(born: dt.date) -> None:
    assert 6573 <= (last_day_as_minor(born) - born).days <= 6574


def _child(guardian: Actor, **changed: object) -> uuid.UUID:
    number = factories.citizen_number(born=CHILD)
    told = {"ward_name": "张小一", "ward_citizen_number": number, "evidence": "household_register", **changed}
    return services.declare_guardianship(actor=guardian, **told)  # type: ignore[arg-type]  # keyword pass-through


@pytest.mark.django_db
def test_a_parent_acts_for_his_child_until_it_is_of_age() -> None:
    parent = factories.citizen()
    key = _child(parent)
    person = Person.objects.get(pk=parent.person_id)

    row = Guardianship.objects.get()
    assert row.valid_until == dt.date(2038, 2, 28)
    assert row.assurance == "declared"
    services.verify_guardianship(actor=_clerk(), guardianship_id=key)
    assert f"ward:{key}" in [choice.key for choice in list_choices(person)]
    actor = standing_of(person, f"ward:{key}").actor
    assert (actor.kind, actor.on_behalf_of, actor.ward_id) == ("citizen", "张小一", row.ward_id)
    assert actor.person_id == parent.person_id
    Guardianship.objects.update(valid_from=dt.date(2020, 1, 1), valid_until=local_date() - dt.timedelta(days=1))
    assert standing_of(person, f"ward:{key}").actor.ward_id is None


@pytest.mark.django_db
def test_an_adults_guardian_shows_a_paper_that_names_him() -> None:
    guardian = factories.citizen()
    adult = factories.citizen_number(born="19500101")
    later = local_date() + dt.timedelta(days=365)

    with pytest.raises(Invalid) as refusal:
        _child(guardian, ward_citizen_number=adult)
    assert set(refusal.value.errors) == {"evidence", "valid_until"}
    _child(guardian, ward_citizen_number=adult, evidence="judgment", valid_until=later)

    assert Guardianship.objects.get().valid_until == later


@pytest.mark.django_db
def test_wrong_guardianships_are_refused() -> None:
    number = factories.citizen_number()
    guardian = factories.citizen(number=number)
    child = factories.citizen_number(born=CHILD)

    with pytest.raises(Invalid) as refusal:
        _child(guardian, ward_name="", ward_citizen_number="x", evidence="?", valid_until=dt.date(2020, 1, 1))
    assert set(refusal.value.errors) == {"ward_name", "ward_citizen_number", "evidence", "valid_until"}
    with pytest.raises(Invalid, match="没有登记成功"):
        _child(guardian, ward_citizen_number=number)
    _child(guardian, ward_citizen_number=child)
    with pytest.raises(Conflict, match="已经登记"):
        _child(guardian, ward_citizen_number=child)
    with pytest.raises(Conflict, match="不一致"):
        _child(guardian, ward_name="李四", ward_citizen_number=child)
    with pytest.raises(NotPermitted):
        _child(factories.official("clerk", "clerk"))


@pytest.mark.django_db
def test_a_guardianship_is_verified_at_the_window_and_ended_by_those_it_concerns() -> None:
    guardian, stranger = factories.citizen(), factories.citizen("王三", phone="13900000003")
    clerk = factories.official("clerk", "clerk")
    key = _child(guardian)

    with pytest.raises(NotPermitted):
        services.verify_guardianship(actor=guardian, guardianship_id=key)
    services.verify_guardianship(actor=clerk, guardianship_id=key)
    assert Guardianship.objects.get().assurance == "verified"
    with pytest.raises(NotFound):
        services.end_guardianship(actor=stranger, guardianship_id=key, reason="")
    services.end_guardianship(actor=guardian, guardianship_id=key, reason="改由母亲监护")

    assert "ward:" not in str([choice.key for choice in list_choices(Person.objects.get(pk=guardian.person_id))])
    assert Entry.objects.filter(act__startswith="identity.guardianship").count() == 3


@pytest.mark.django_db
def test_the_choice_of_a_ward_is_in_the_page_and_in_the_ledger(client: Client) -> None:
    guardian = factories.citizen()
    factories.sign_in(client, guardian)
    client.post(
        reverse("account_wards"),
        {"ward_name": "张小一", "ward_citizen_number": factories.citizen_number(born=CHILD), "evidence": "adoption"},
    )
    row = Guardianship.objects.get()
    key = f"ward:{row.pk}"
    services.verify_guardianship(actor=_clerk(), guardianship_id=row.pk)

    client.post(reverse("account_choose_identity"), {"choice": key})
    page = client.get(reverse("account_home"))

    assert page.wsgi_request.actor.on_behalf_of == "张小一"  # type: ignore[attr-defined]  # set by our middleware
    assert "现在的身份" in page.content.decode()
    assert "张小一" in client.get(reverse("account_wards")).content.decode()
    client.post(reverse("account_end_ward", args=[Guardianship.objects.get().pk]))
    assert client.get(reverse("account_home")).wsgi_request.actor.ward_id is None  # type: ignore[attr-defined]  # ours


def _clerk(username: str = "window") -> Actor:
    return factories.official(username, "clerk", name="窗一")


def _claimed(*, name: str = "李四", number: str = "") -> tuple[Actor, Actor, uuid.UUID]:
    """(who claims, the adult with an account he claims to be guardian of, the relation)."""
    number = number or factories.citizen_number(born="19600101")
    victim = factories.citizen(name, number=number, phone="13900000004")
    claimant = factories.citizen("赵坏", phone="13900000009")
    told = {"evidence": "judgment", "valid_until": local_date() + dt.timedelta(days=365)}
    return claimant, victim, _child(claimant, ward_name=name, ward_citizen_number=number, **told)


def _may_act(actor: Actor, key: uuid.UUID) -> bool:
    person = Person.objects.get(pk=actor.person_id)
    listed = f"ward:{key}" in [choice.key for choice in list_choices(person)]
    acts = standing_of(person, f"ward:{key}").actor.ward_id is not None
    assert listed == acts
    return listed


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({}, "declared"),
        ({"verified": True}, "verified"),
        ({"contested": True}, "contested"),
        ({"verified": True, "contested": True}, "contested"),
        ({"verified": True, "contested": True, "until": dt.date(2026, 1, 1)}, "expired"),
        ({"ended": True, "verified": True}, "ended"),
        ({"ended": True, "refused": True, "contested": True}, "refused"),
    ],
)
def test_where_a_relation_stands(given: dict[str, bool], word: str) -> None:
    plain = {"verified": False, "contested": False, "refused": False, "ended": False, "until": dt.date(2027, 1, 1)}

    assert guardianship_state(**{**plain, **given}, today=dt.date(2026, 6, 1)) == word  # type: ignore[arg-type]  # mixed


@pytest.mark.django_db
def test_nothing_is_done_for_a_ward_before_the_window_has_verified_it(client: Client) -> None:
    parent = factories.citizen()
    key = _child(parent)
    ward = Guardianship.objects.get().ward_id
    factories.sign_in(client, parent)

    refused = client.post(reverse("account_choose_identity"), {"choice": f"ward:{key}"})
    session = client.session
    session["identity_choice"] = f"ward:{key}"  # as if the browser had kept it
    session.save()
    seen = client.get(reverse("account_home")).wsgi_request.actor  # type: ignore[attr-defined]  # set by our middleware

    assert not _may_act(parent, key)
    assert refused.status_code == 422
    assert (seen.ward_id, seen.on_behalf_of) == (None, "")
    with pytest.raises(Invalid):
        services.choose_identity(actor=parent, choice=f"ward:{key}")
    with pytest.raises(NotPermitted):
        services.read_contact(actor=seen, person_id=ward, purpose="填表")
    services.verify_guardianship(actor=_clerk(), guardianship_id=key)
    assert _may_act(parent, key)


@pytest.mark.django_db
def test_the_window_refuses_and_the_guardian_reads_why_and_may_declare_anew(client: Client) -> None:
    parent, clerk = factories.citizen(), _clerk()
    number = factories.citizen_number(born=CHILD)
    key = _child(parent, ward_citizen_number=number)

    with pytest.raises(Invalid, match="理由"):
        services.refuse_guardianship(actor=clerk, guardianship_id=key, reason=" ")
    with pytest.raises(NotPermitted):
        services.refuse_guardianship(actor=parent, guardianship_id=key, reason="不通过")
    services.refuse_guardianship(actor=clerk, guardianship_id=key, reason="户口簿上不是父母子女")

    page = factories.sign_in(client, parent).get(reverse("account_wards")).content.decode()
    assert "核验未通过" in page
    assert "户口簿上不是父母子女" in page
    assert not _may_act(parent, key)
    with pytest.raises(NotFound):
        services.verify_guardianship(actor=clerk, guardianship_id=key)
    assert _child(parent, ward_citizen_number=number) != key
    entry = Entry.objects.get(act="identity.guardianship_refused")
    assert entry.object_id == str(key)


@pytest.mark.django_db
def test_whose_number_was_used_sees_it_and_contests_it(client: Client) -> None:
    claimant, victim, key = _claimed()
    factories.sign_in(client, victim)

    home = client.get(reverse("account_home")).content.decode()
    page = client.get(reverse("account_wards")).content.decode()
    assert "有 1 人登记为您的监护人" in home
    assert "赵坏" in page
    assert "等待窗口核验" in page
    there = reverse("account_contest_ward", args=[key])
    assert client.get(there).status_code == 200
    assert client.post(there, {"reason": " "}).status_code == 422
    assert client.post(there, {"reason": "我不认识这个人"}).status_code == 302

    assert "有异议，已暂停使用" in client.get(reverse("account_wards")).content.decode()
    own = factories.sign_in(Client(), claimant).get(reverse("account_wards")).content.decode()
    assert "被监护人本人有异议" in own
    assert "我不认识这个人" not in own
    assert client.post(there, {"reason": "再说一次"}).status_code == 422
    assert Entry.objects.filter(act="identity.guardianship_contested").count() == 1


@pytest.mark.django_db
def test_a_verified_relation_that_is_contested_stops_at_once_and_another_official_decides() -> None:
    claimant, victim, key = _claimed()
    first, second = _clerk(), _clerk("window2")
    services.verify_guardianship(actor=first, guardianship_id=key)
    assert _may_act(claimant, key)

    services.contest_guardianship(actor=victim, guardianship_id=key, reason="判决书是假的")

    assert not _may_act(claimant, key)
    with pytest.raises(NotFound):
        services.end_guardianship(actor=victim, guardianship_id=key, reason="我不要")
    with pytest.raises(Invalid, match="核实"):
        services.verify_guardianship(actor=second, guardianship_id=key)
    with pytest.raises(NotPermitted, match="另一位"):
        services.verify_guardianship(actor=first, guardianship_id=key, words="核对过判决书")
    services.verify_guardianship(actor=second, guardianship_id=key, words="法院已证实判决书")
    assert _may_act(claimant, key)
    services.contest_guardianship(actor=victim, guardianship_id=key, reason="判决已经撤销")
    services.refuse_guardianship(actor=first, guardianship_id=key, reason="判决已经撤销")
    assert not _may_act(claimant, key)


@pytest.mark.django_db
def test_only_the_ward_contests_and_nobody_decides_about_himself() -> None:
    claimant, victim, key = _claimed()
    stranger = factories.citizen("王三", phone="13900000003")

    for other in (claimant, stranger, anonymous(factories.tenant())):
        with pytest.raises(NotFound):
            services.contest_guardianship(actor=other, guardianship_id=key, reason="我反对")
    clerk = _clerk()
    Guardianship.objects.filter(pk=key).update(guardian_id=clerk.person_id)
    for act in (
        lambda: services.verify_guardianship(actor=clerk, guardianship_id=key),
        lambda: services.refuse_guardianship(actor=clerk, guardianship_id=key, reason="不通过"),
    ):
        with pytest.raises(NotPermitted, match="与自己有关"):
            act()
    for role in ("leader", "sec_admin", "sys_admin", "audit_admin", "supervisor"):
        with pytest.raises(NotPermitted):
            services.verify_guardianship(actor=factories.official(f"x.{role[:5]}", role), guardianship_id=key)
    assert victim.person_id


@pytest.mark.django_db
def test_what_stands_already_is_neither_verified_nor_refused_again() -> None:
    parent, clerk = factories.citizen(), _clerk()
    key = _child(parent)
    services.verify_guardianship(actor=clerk, guardianship_id=key)

    with pytest.raises(Conflict, match="已经核验过"):
        services.verify_guardianship(actor=clerk, guardianship_id=key)
    with pytest.raises(Conflict, match="终止"):
        services.refuse_guardianship(actor=clerk, guardianship_id=key, reason="弄错了")
    with pytest.raises(Invalid, match="理由"):
        services.end_guardianship(actor=clerk, guardianship_id=key, reason="")
    services.end_guardianship(actor=clerk, guardianship_id=key, reason="变更监护人")
    assert not _may_act(parent, key)


@pytest.mark.django_db
def test_nobody_declares_without_end() -> None:
    guardian = factories.citizen()
    for _time in range(10):
        _child(guardian)

    with pytest.raises(Conflict, match="没有核验"):
        _child(guardian)


@pytest.mark.django_db
def test_a_wrong_name_for_somebodys_number_does_not_keep_him_from_registering(client: Client) -> None:
    claimant, number = factories.citizen("赵坏", phone="13900000009"), factories.citizen_number(born="19600101")
    told = {"evidence": "judgment", "valid_until": local_date() + dt.timedelta(days=365)}
    _child(claimant, ward_name="假名", ward_citizen_number=number, **told)

    owner = factories.citizen("李真名", number=number, phone="13900000004")

    assert Person.objects.get(pk=owner.person_id).name == "李真名"
    row = Guardianship.objects.get()
    assert (row.ward_id, row.refused) == (owner.person_id, True)
    page = factories.sign_in(client, claimant).get(reverse("account_wards")).content.decode()
    assert "李真名" not in page
    assert "姓名与本人登记的不一致" in page


@pytest.mark.django_db
def test_a_verified_wards_name_is_not_taken_over(client: Client) -> None:
    number = factories.citizen_number(born="19600101")
    told = {"evidence": "judgment", "valid_until": local_date() + dt.timedelta(days=365)}
    key = _child(factories.citizen(), ward_name="李四", ward_citizen_number=number, **told)
    services.verify_guardianship(actor=_clerk(), guardianship_id=key)
    child = factories.citizen_number(born=CHILD)
    _child(factories.citizen("王三", phone="13900000003"), ward_citizen_number=child)

    with pytest.raises(Conflict):
        factories.citizen("冒名者", number=number, phone="13900000004")
    with pytest.raises(Invalid):  # nobody registers as a child below fourteen
        factories.citizen("冒名者", number=child, phone="13900000004")


def _readings(key: uuid.UUID) -> int:
    """How often the ledger says that an official has seen the names of a relation."""
    entries = ledger.entries_of(ObjectRef(kind="guardianship", id=str(key)), factories.tenant())
    return [entry.act for entry in entries].count("identity.guardianship_read")


@pytest.mark.django_db
def test_the_window_finds_by_the_whole_number_only_and_decides_on_the_page(client: Client) -> None:
    parent, number = factories.citizen("张父"), factories.citizen_number(born=CHILD)
    key = _child(parent, ward_name="张小一", ward_citizen_number=number)
    factories.sign_in(client, _clerk())
    there = reverse("account_guardianships")

    assert "张父" not in client.get(there).content.decode()
    assert _readings(key) == 0
    assert "没有找到" in client.post(there, {"citizen_number": number[:-1]}).content.decode()
    found = client.post(there, {"citizen_number": f" {number.lower()} "}).content.decode()
    one = reverse("account_guardianship", args=[key])
    page = client.get(one).content.decode()
    assert "张父" in found
    assert one in found
    assert number not in page
    assert _readings(key) == 2  # found, then opened
    assert client.post(one, {"decision": "refuse", "words": ""}).status_code == 422
    assert client.post(one, {}).status_code == 422
    assert client.post(one, {"decision": "verify"}).status_code == 302
    assert _may_act(parent, key)
    assert "窗一" in client.get(one).content.decode()
    assert client.post(one, {"words": "变更监护人"}).status_code == 302
    assert not _may_act(parent, key)
    assert "提交核验结果" not in client.get(one).content.decode()


@pytest.mark.django_db
def test_contested_relations_wait_at_the_window_with_masked_names(client: Client) -> None:
    _claimant, victim, key = _claimed()
    services.contest_guardianship(actor=victim, guardianship_id=key, reason="我不认识这个人")

    page = factories.sign_in(client, _clerk()).get(reverse("account_guardianships")).content.decode()
    one = client.get(reverse("account_guardianship", args=[key])).content.decode()

    assert "赵*" in page
    assert "赵坏" not in page
    assert "我不认识这个人" in one
    assert _readings(key) == 1  # the list hides the names, the page does not


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["counter", "clerk", "reviewer"])
def test_whoever_has_the_papers_in_hand_verifies_at_the_page(client: Client, role: str) -> None:
    key = _child(factories.citizen())
    factories.sign_in(client, factories.official("window", role))

    assert client.get(reverse("account_guardianships")).status_code == 200
    done = client.post(reverse("account_guardianship", args=[key]), {"decision": "verify", "words": ""})

    assert done.status_code == 302
    assert Guardianship.objects.get().assurance == "verified"
    assert reverse("account_guardianships") in client.get(reverse("account_home")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["leader", "sec_admin", "sys_admin", "audit_admin", "supervisor"])
def test_other_officials_do_not_see_families(client: Client, role: str) -> None:
    key = _child(factories.citizen())
    factories.sign_in(client, factories.official("other", role))

    for name, args in (("account_guardianships", []), ("account_guardianship", [key])):
        assert client.get(reverse(name, args=args)).status_code == 403
        assert client.post(reverse(name, args=args), {"decision": "verify"}).status_code == 403
    assert Guardianship.objects.get().assurance == "declared"


@pytest.mark.django_db
def test_a_relation_of_another_county_is_not_there(client: Client) -> None:
    key = _child(factories.citizen())
    Guardianship.objects.update(tenant="980724")
    factories.sign_in(client, _clerk())

    assert client.get(reverse("account_guardianship", args=[key])).status_code == 404
    with pytest.raises(NotFound):
        services.verify_guardianship(actor=api.find_actor("window"), guardianship_id=key)


@pytest.mark.django_db
def test_a_stranger_neither_reads_nor_contests_a_relation_of_others(client: Client) -> None:
    _claimant, _victim, key = _claimed()
    there = reverse("account_contest_ward", args=[key])

    assert client.get(there).status_code == 302
    factories.sign_in(client, factories.citizen("王三", phone="13900000003"))
    assert client.get(there).status_code == 404
    assert client.post(there, {"reason": "我反对"}).status_code == 404
    assert Guardianship.objects.get().contested_at is None


@pytest.mark.django_db
def test_an_official_ends_no_relation_in_the_guardians_name() -> None:
    key = _child(factories.citizen())
    address = reverse("account_end_ward", args=[key])

    answer = factories.sign_in(Client(), _clerk()).post(address)

    assert answer.status_code == 404
    assert Guardianship.objects.get(pk=key).ended_at is None
