"""Giving ratings: who, once, when; what is told; replies by short message."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.ratings import api
from zhengtong.capabilities.ratings.models import FollowUp, Rating, ReplyInvitation
from zhengtong.capabilities.ratings.selectors.subjects import token_of
from zhengtong.capabilities.ratings.tests.matters import MONDAY, matter, rated
from zhengtong.kernel.actors import ObjectRef, anonymous
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent, ParameterValue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
TENANT = "980723"


def test_a_rating_is_kept_told_and_recorded() -> None:
    owner = people.citizen()
    ref = matter(owner)

    row = rated(owner, "satisfied", ref, tags=("quick", "rude"), text=" 很快 ")

    assert (row.grade, row.tags, row.text, row.org_name) == ("satisfied", ["quick"], "很快", "青禾县市场监督管理局")
    assert (row.person_id, row.own_device) == (owner.person_id, False)
    event = OutboxEvent.objects.get(name="ratings.rating_given.v1")
    assert (event.data["grade"], event.data["bad"], event.data["subject"]["id"]) == ("satisfied", False, ref.id)
    assert "很快" not in str(event.data)
    assert str(owner.person_id) not in str(event.data)
    entry = ledger.entries_of(ObjectRef(kind="rating", id=str(row.id)), TENANT)[0]
    assert entry.act == "ratings.rate"
    assert not FollowUp.objects.exists()


def test_an_event_is_rated_once_and_followed_by_one_more_rating() -> None:
    owner = people.citizen()
    ref = matter(owner)
    rated(owner, "satisfied", ref)

    with pytest.raises(Conflict, match="已经评价过"):
        rated(owner, "dissatisfied", ref)
    rated(owner, "very_satisfied", ref, service="apply")
    rated(owner, "dissatisfied", ref, turn="later", text="后来发现多收了费")
    with pytest.raises(Conflict, match="不能追评"):
        rated(owner, "satisfied", ref, turn="later")

    assert sorted(Rating.objects.values_list("service", "turn")) == [
        ("apply", "first"),
        ("close", "first"),
        ("close", "later"),
    ]
    assert FollowUp.objects.get().rating.turn == "later"


def test_the_database_refuses_to_change_or_delete_a_rating() -> None:
    row = rated(people.citizen())

    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        Rating.objects.filter(pk=row.pk).update(grade="very_satisfied")
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        Rating.objects.filter(pk=row.pk).delete()


def test_what_has_not_happened_or_is_long_ago_is_not_rated(clock) -> None:
    owner = people.citizen()
    ref = matter(owner)

    with pytest.raises(Conflict, match="还没有发生"):
        rated(owner, ref=ref, service="receive")
    clock.move_to(MONDAY + dt.timedelta(days=91))
    with pytest.raises(Conflict, match="期限已经过了"):
        rated(owner, ref=ref)


def test_the_time_to_rate_is_a_parameter_of_the_county(clock) -> None:
    owner = people.citizen()
    ref = matter(owner)
    ParameterValue.objects.create(
        tenant=TENANT, key="ratings.rate_within", value=120, source="本县办法", valid_from=dt.date(2026, 1, 1)
    )
    clock.move_to(MONDAY + dt.timedelta(days=91))

    assert rated(owner, ref=ref).pk


def test_strangers_officials_and_people_of_the_unit_do_not_rate() -> None:
    owner, other = people.citizen(), people.citizen("李二", phone="13800000002")
    ref = matter(owner)
    official = people.official("clerk.fire", "clerk", org_code="H05", org_name="青禾县消防救援大队")
    insider = people.official("clerk.market", "clerk")
    off_duty = people.api.actor_for(TENANT, person_id=insider.person_id, as_self=True)
    mine = matter(off_duty)

    with pytest.raises(NotFound):
        rated(other, ref=ref)
    with pytest.raises(NotPermitted, match="切换为个人身份"):
        rated(official, ref=ref)
    with pytest.raises(NotPermitted, match="任职"):
        rated(off_duty, ref=mine)
    with pytest.raises(NotPermitted, match="任职"):
        api.give_rating(
            actor=insider,
            ref=ref,
            service="close",
            answer=api.Answer("very_satisfied"),
            channel="qr",
            bearer=True,
        )
    with pytest.raises(NotFound):
        rated(owner, ref=ObjectRef(kind="nothing", id="1"))

    assert not Rating.objects.exists()
    assert rated(people.api.actor_for(TENANT, person_id=official.person_id, as_self=True), ref=matter(official)).pk


def test_who_rates_anonymously_is_named_nowhere_the_unit_can_look() -> None:
    owner = people.citizen()
    row = rated(owner, "dissatisfied", anonymous=True, phone="13800000001")

    entry = ledger.entries_of(ObjectRef(kind="rating", id=str(row.id)), TENANT)[0]

    assert row.phone == ""
    assert entry.actor_name != owner.name
    assert row.person_id == owner.person_id


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        (api.Answer("five"), "grade"),
        (api.Answer("satisfied", text="好" * 501), "text"),
        (api.Answer("satisfied", phone="12"), "phone"),
        (api.Answer("satisfied", phone="1" * 30), "phone"),
    ],
)
def test_what_cannot_be_accepted_names_its_field(answer: api.Answer, field: str) -> None:
    owner = people.citizen()

    with pytest.raises(Invalid) as caught:
        api.give_rating(actor=owner, ref=matter(owner), service="close", answer=answer, channel="pc")

    assert caught.value.field == field


def test_the_bearer_of_a_link_need_not_sign_in() -> None:
    ref = matter(people.citizen())

    row = api.give_rating(
        actor=anonymous(TENANT),
        ref=ref,
        service="close",
        answer=api.Answer("very_dissatisfied", phone="138 0000 0001"),
        channel="qr",
        bearer=True,
    )

    assert (row.person_id, row.phone, row.channel) == (None, "13800000001", "qr")
    assert row.follow_up.state == "to_contact"


def test_a_reply_rates_the_matter_the_number_was_asked_about() -> None:
    owner = people.citizen()
    older, newer = matter(owner), matter(owner)
    api.invite_by_message(tenant=TENANT, phone="13800000001", ref=older, service="close")
    with time_machine.travel(MONDAY + dt.timedelta(minutes=1), tick=False):
        text = api.invite_by_message(tenant=TENANT, phone="+86 138 0000 0001", ref=newer, service="close")
        first = api.rate_by_reply(tenant=TENANT, phone="8613800000001", text="４ 等太久")
        second = api.rate_by_reply(tenant=TENANT, phone="13800000001", text="1")
        third = api.rate_by_reply(tenant=TENANT, phone="13800000001", text="1")
        stranger = api.rate_by_reply(tenant=TENANT, phone="13900000009", text="1")

    assert "1非常满意" in text
    assert "/ratings/r/" in text
    assert first.rating is not None
    assert (first.rating.subject_id, first.rating.grade, first.rating.text) == (newer.id, "dissatisfied", "等太久")
    assert "与您联系" in first.words
    assert second.rating is not None
    assert (second.rating.subject_id, second.rating.channel) == (older.id, "sms")
    assert third.rating is stranger.rating is None
    assert "没有等您评价" in third.words
    assert "13800000001" not in str(list(ReplyInvitation.objects.values()))


def test_a_reply_that_is_not_understood_or_comes_twice_is_answered() -> None:
    ref = matter(people.citizen())
    token = token_of(ref, "close")

    lost = api.rate_by_reply(tenant=TENANT, text="谢谢", token=token)
    good = api.rate_by_reply(tenant=TENANT, text="2", token=token)
    again = api.rate_by_reply(tenant=TENANT, text="5", token=token)
    forged = api.rate_by_reply(tenant=TENANT, text="5", token=token[:-3] + "AAA")

    assert "没有看懂" in lost.words
    assert good.rating is not None
    assert "满意" in good.words
    assert (again.rating, forged.rating) == (None, None)
    assert "已经评价过" in again.words
    assert "链接打不开" in forged.words
    assert Rating.objects.count() == 1


def test_an_invitation_needs_a_number() -> None:
    with pytest.raises(Invalid, match="手机号"):
        api.invite_by_message(tenant=TENANT, phone=" ", ref=matter(people.citizen()), service="close")
