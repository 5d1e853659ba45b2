"""Consent by a code sent to the person's own telephone: to exactly what was shown, once, for five minutes."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.models import ConfirmationCode, Person
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.capabilities.notify.models import Delivery, SiteMessage
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Sitting
from zhengtong.systems.service_hall.tests import counter_factories as counter
from zhengtong.systems.service_hall.tests import factories as hall
from zhengtong.systems.service_hall.tests import hall_factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def moment() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(hall_factories.MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def clerk(moment: time_machine.Traveller, settings: LazySettings) -> Actor:
    settings.ZHENGTONG_SMS_GATEWAY = "simulated"
    hall.found_county()
    return counter.window()


def last_code() -> str:
    """The code in the latest short message."""
    latest = Delivery.objects.filter(channel="sms").latest("created_at")
    found = re.search(r"验证码 (\d{6})", latest.text)
    assert found
    return found[1]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def verified(clerk: Actor) -> Sitting:
    """A sitting with everything typed, for a person whose telephone is verified."""
    sitting = counter.typed(clerk)
    identity.send_phone_code(actor=clerk, person_id=sitting.application.person_id)
    identity.confirm_phone(actor=clerk, person_id=sitting.application.person_id, code=last_code())
    Delivery.objects.all().delete()  # the next short message is the latest, though the clock stands
    return sitting


def test_what_was_agreed_to_by_code_is_handed_in(clerk: Actor) -> None:
    sitting = verified(clerk)

    sent = api.send_consent_code(actor=clerk, sitting_id=sitting.id)
    code = last_code()
    agreed = api.consent_by_code(actor=clerk, sitting_id=sitting.id, code=f" {code[:3]} {code[3:]} ")
    row = api.submit_application(actor=clerk, application_id=sitting.application_id)

    assert row.status == "submitted"
    assert sent.phone == agreed.consent_phone == "138****0091"
    assert (agreed.consent_kind, agreed.consent_file_id) == ("code", None)
    entry = next(
        entry
        for entry in ledger.entries_of(ObjectRef(kind="application", id=str(row.id)), hall.TENANT)
        if entry.act == "service_hall.counter_consent"
    )
    assert entry.actor_name == clerk.name
    kept = str(list(Entry.objects.values())) + str(list(ConfirmationCode.objects.values()))
    assert code not in kept
    assert not SiteMessage.objects.filter(body__contains=code).exists()


def test_a_code_serves_once(clerk: Actor) -> None:
    sitting = verified(clerk)
    api.send_consent_code(actor=clerk, sitting_id=sitting.id)
    code = last_code()
    api.consent_by_code(actor=clerk, sitting_id=sitting.id, code=code)

    with pytest.raises(Invalid, match="已经用过"):
        api.consent_by_code(actor=clerk, sitting_id=sitting.id, code=code)


def test_five_wrong_tries_close_a_code(clerk: Actor) -> None:
    sitting = verified(clerk)
    api.send_consent_code(actor=clerk, sitting_id=sitting.id)
    code = last_code()

    said = []
    for _try in range(5):
        with pytest.raises(Invalid) as refusal:
            api.consent_by_code(actor=clerk, sitting_id=sitting.id, code=wrong(code))
        said.append(refusal.value.message)

    assert said[0] == "验证码不正确，还可以再试 4 次。"
    assert said[-1] == "验证码不正确，已经作废。请重新发送。"
    with pytest.raises(Invalid, match="输错的次数太多"):
        api.consent_by_code(actor=clerk, sitting_id=sitting.id, code=code)


def test_a_code_is_good_for_five_minutes(clerk: Actor, moment: time_machine.Traveller) -> None:
    sitting = verified(clerk)
    api.send_consent_code(actor=clerk, sitting_id=sitting.id)
    code = last_code()

    moment.shift(dt.timedelta(minutes=5))

    with pytest.raises(Invalid, match="过了有效时间"):
        api.consent_by_code(actor=clerk, sitting_id=sitting.id, code=code)


@pytest.mark.parametrize("change", ["answer", "file", "email"])
def test_a_code_is_bound_to_what_was_shown(clerk: Actor, change: str) -> None:
    sitting = verified(clerk)
    api.send_consent_code(actor=clerk, sitting_id=sitting.id)
    code = last_code()
    if change == "answer":
        api.save_answers(actor=clerk, application_id=sitting.application_id, answers={"content": "改成别的内容。"})
    elif change == "file":
        hall.give(clerk, sitting.application, text="另一份")

    with pytest.raises(Invalid, match="内容又改过"):
        api.consent_by_code(
            actor=clerk, sitting_id=sitting.id, code=code, email="other@example.cn" if change == "email" else ""
        )


def test_what_is_changed_after_the_code_is_not_handed_in(clerk: Actor) -> None:
    sitting = verified(clerk)
    api.send_consent_code(actor=clerk, sitting_id=sitting.id)
    api.consent_by_code(actor=clerk, sitting_id=sitting.id, code=last_code())
    hall.give(clerk, sitting.application, text="另一份")

    with pytest.raises(Conflict, match="内容又改过"):
        api.submit_application(actor=clerk, application_id=sitting.application_id)


def test_a_new_code_makes_the_old_one_void_and_comes_after_a_minute(
    clerk: Actor, moment: time_machine.Traveller
) -> None:
    sitting = verified(clerk)
    api.send_consent_code(actor=clerk, sitting_id=sitting.id)
    first = last_code()
    with pytest.raises(Conflict, match="一分钟以后"):
        api.send_consent_code(actor=clerk, sitting_id=sitting.id)
    moment.shift(dt.timedelta(seconds=61))
    api.send_consent_code(actor=clerk, sitting_id=sitting.id)
    second = last_code()

    if first != second:
        with pytest.raises(Invalid, match="不正确"):
            api.consent_by_code(actor=clerk, sitting_id=sitting.id, code=first)
    assert api.consent_by_code(actor=clerk, sitting_id=sitting.id, code=second).consent_kind == "code"


def test_no_code_goes_to_a_number_nobody_has_proved(clerk: Actor, settings: LazySettings) -> None:
    sitting = counter.typed(clerk)

    with pytest.raises(Conflict, match="没有核验过"):
        api.send_consent_code(actor=clerk, sitting_id=sitting.id)

    settings.ZHENGTONG_SMS_GATEWAY = ""
    with pytest.raises(Conflict, match="没有接入短信"):
        api.send_consent_code(actor=clerk, sitting_id=sitting.id)
    assert not Delivery.objects.filter(channel="sms").exists()


def test_another_number_is_not_verified_by_the_first(clerk: Actor) -> None:
    person_id = verified(clerk).application.person_id
    assert identity.phone_is_verified(hall.TENANT, person_id)

    counter.stranger(clerk, phone="13800000092")

    assert not identity.phone_is_verified(hall.TENANT, person_id)


def test_nobody_in_office_lends_his_telephone(clerk: Actor) -> None:
    sitting = counter.typed(clerk)
    own = Person.objects.get(pk=clerk.person_id)
    person = Person.objects.get(pk=sitting.application.person_id)
    own.phone, own.phone_index = person.phone, person.phone_index
    own.save()

    with pytest.raises(Conflict, match="工作人员的号码"):
        identity.send_phone_code(actor=clerk, person_id=person.id)


def test_a_telephone_is_proved_by_the_person_or_at_a_window(clerk: Actor) -> None:
    person_id = counter.stranger(clerk)
    citizen = hall.people.citizen("李二", phone="13800000002")

    for other in (citizen, hall.people.official("boss", "leader")):
        with pytest.raises(NotPermitted):
            identity.send_phone_code(actor=other, person_id=person_id)
    assert identity.send_phone_code(actor=citizen, person_id=citizen.person_id).phone == "138****0002"


# --- pages


def text_of(response: Any) -> str:
    return response.content.decode()


def test_the_counter_goes_from_the_number_to_the_receipt_by_codes(client: Client, clerk: Actor) -> None:
    hall.people.sign_in(client, clerk)
    sitting = counter.typed(clerk)
    show = reverse("service_hall:counter-show", args=[sitting.application_id])
    phone = reverse("service_hall:counter-phone", args=[sitting.id])

    assert phone in text_of(client.get(show))
    assert "138****0091" in text_of(client.post(phone, {"act": "send"}))
    refused = client.post(phone, {"act": "confirm", "code": wrong(last_code())})
    assert refused.status_code == 422
    assert "还可以再试 4 次" in text_of(refused)
    assert client.post(phone, {"act": "confirm", "code": last_code()}).url == show
    Delivery.objects.all().delete()

    sent = client.post(show, {"act": "send", "notice_email": "zhao@example.cn"})
    assert "验证码已经发到 138****0091" in text_of(sent)
    assert 'value="zhao@example.cn"' in text_of(sent)
    empty = client.post(show, {"act": "code", "notice_email": "zhao@example.cn"})
    assert "请填写申请人手机收到的验证码" in text_of(empty)
    done = client.post(show, {"act": "code", "notice_email": "zhao@example.cn", "code": last_code()})

    assert done.url == reverse("service_hall:counter-receipt", args=[sitting.id])
    sitting.refresh_from_db()
    assert (sitting.state, sitting.consent_kind) == ("done", "code")


def test_without_short_messages_the_page_says_why_there_is_no_code(
    client: Client, clerk: Actor, settings: LazySettings
) -> None:
    settings.ZHENGTONG_SMS_GATEWAY = ""
    hall.people.sign_in(client, clerk)
    sitting = counter.typed(clerk)

    page = text_of(client.get(reverse("service_hall:counter-show", args=[sitting.application_id])))

    assert "还没有接入短信，不能用验证码" in page
    assert 'value="send"' not in page
    said = text_of(client.get(reverse("service_hall:counter-phone", args=[sitting.id])))
    assert "不能核验手机号" in said


@pytest.mark.parametrize("who", ["stranger", "citizen", "leader", "colleague"])
def test_nobody_else_proves_a_telephone(clerk: Actor, who: str) -> None:
    sitting = counter.typed(clerk)
    other = Client()
    if who == "citizen":
        hall.people.sign_in(other, hall.people.citizen())
    elif who == "leader":
        hall.people.sign_in(other, counter.window("leader.market", unit=("G22", hall.UNITS["G22"]), role="leader"))
    elif who == "colleague":
        hall.people.sign_in(other, counter.window("window.two"))

    answer = other.post(reverse("service_hall:counter-phone", args=[sitting.id]), {"act": "send"})

    assert answer.status_code in ({302} if who == "stranger" else {403, 404})
    assert not Delivery.objects.filter(channel="sms").exists()
