import datetime as dt
import itertools

import pytest
import time_machine
from django.db import connection, transaction

from zhengtong.capabilities.identity.tests.factories import citizen, official, sign_in
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.capabilities.notify import api
from zhengtong.capabilities.notify.models import Delivery, SiteMessage
from zhengtong.capabilities.notify.services import following
from zhengtong.capabilities.notify.tests import posts
from zhengtong.capabilities.notify.tests.posts import DUTY, NEWS, TENANT, reader, tell
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import simulated
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.ids import new_id

START = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)  # ten in the morning
NIGHT = dt.datetime(2026, 11, 23, 15, tzinfo=dt.UTC)  # eleven at night


def say(actor: Actor, *, email: str = "") -> None:
    with transaction.atomic():
        api.send_message(
            tenant=TENANT,
            person_id=actor.person_id,
            title="申请已收到",
            body="您的申请“开办餐饮店一件事”已收到。",
            object_ref=ObjectRef(kind="application", id="1"),
            link="/services/applications/1/",
            email=email,
        )


@pytest.mark.django_db
def test_mail_reaches_a_real_mail_server_with_the_link(postbox, settings):
    settings.ZHENGTONG_BASE_URL = "https://qinghe.example"
    say(reader(), email="zhang@example.cn")

    assert api.send_mails() == 1
    assert api.send_mails() == 0

    message = postbox.received[0]
    text = message.get_payload(decode=True).decode()
    delivery = Delivery.objects.get()
    assert message["To"] == "zhang@example.cn"
    assert "开办餐饮店一件事" in text
    assert "https://qinghe.example/services/applications/1/" in text
    assert message["Message-ID"].startswith(f"<{delivery.id}@")
    assert delivery.state == "delivered"
    assert delivery.delivered_at
    assert Entry.objects.get(act="notify.delivered").object_id == str(delivery.id)


@pytest.mark.django_db
def test_address_and_text_are_not_readable_in_the_database(settings):
    settings.ZHENGTONG_SMS_GATEWAY = "cmpp"
    tell(reader(), email="zhang@example.cn", phone="13800000001")

    with connection.cursor() as cursor:
        cursor.execute("select string_agg(address || text, '') from notify_mail")
        stored = cursor.fetchone()[0]
    assert "zhang" not in stored
    assert "13800000001" not in stored
    assert "食品" not in stored


@pytest.mark.django_db
def test_a_server_that_is_down_is_tried_again_with_growing_pauses_and_given_up_visibly(settings):
    posts.use_mail_port(settings, posts.free_port())
    with time_machine.travel(START, tick=False) as clock:
        say(reader(), email="zhang@example.cn")
        tries = []
        while (mail := Delivery.objects.get()).state in ("waiting", "retry"):
            clock.move_to(mail.next_try_at)
            assert api.send_mails() == 1
            tries.append(mail.next_try_at)

    waits = [later - earlier for earlier, later in itertools.pairwise(tries)]
    assert waits[:3] == [dt.timedelta(seconds=30), dt.timedelta(seconds=60), dt.timedelta(seconds=120)]
    assert max(waits) == dt.timedelta(minutes=30)
    assert tries[-1] - tries[0] == dt.timedelta(hours=48)
    assert mail.state == "given_up"
    assert mail.last_error == "连接不上发信服务器（对方没有接听）"
    assert Entry.objects.filter(act="notify.given_up").count() == 1
    summary = next(one for one in api.channel_summaries(tenant=TENANT) if one.channel == "mail")
    assert summary.ok is False
    assert summary.since == START
    assert summary.count("given_up") == 1


@pytest.mark.django_db
def test_one_refused_mail_does_not_hold_up_the_next_and_is_given_up_after_three_times(postbox):
    postbox.refuse = lambda address: "550 no such user bad@example.cn" if address.startswith("bad") else None
    with time_machine.travel(START, tick=False) as clock:
        say(reader(), email="bad@example.cn")
        say(reader(), email="good@example.cn")
        api.send_mails()
        refused = Delivery.objects.get(state="retry")
        while Delivery.objects.filter(state="retry").exists():
            clock.shift(3600)
            api.send_mails()

    assert refused.last_error == "发信服务器拒收这个地址（550 no such user （地址略））"
    assert "bad@example.cn" not in refused.last_error
    assert [message["To"] for message in postbox.received] == ["good@example.cn"]
    assert Delivery.objects.get(state="given_up").attempts == 3


@pytest.mark.django_db
def test_an_address_no_mail_can_bear_holds_up_no_other_mail(postbox):
    with time_machine.travel(START, tick=False) as clock:
        say(reader(), email=f"{'长' * 70}@例子.中国")
        say(reader(), email="zhang@example.cn")
        for _ in range(3):
            Delivery.objects.filter(state="retry").update(next_try_at=START)
            clock.shift(dt.timedelta(hours=1))
            api.send_mails()

    assert [message["To"] for message in postbox.received] == ["zhang@example.cn"]
    bad = Delivery.objects.get(state="given_up")
    assert bad.attempts == 3
    assert "格式" in bad.last_error
    assert "长" not in bad.last_error


@pytest.mark.django_db
def test_a_title_in_free_words_fits_its_column_and_its_mail(postbox):
    with transaction.atomic():
        api.send_message(
            tenant=TENANT,
            person_id=reader().person_id,
            title="第一行\n第二行" + "字" * 200,
            body="内容",
            object_ref=ObjectRef(kind="application", id="1"),
            email="zhang@example.cn",
        )

    assert SiteMessage.objects.get().title.startswith("第一行 第二行字")
    assert api.send_mails() == 1
    assert Delivery.objects.get().state == "delivered"


@pytest.mark.django_db
def test_a_refusal_of_the_moment_is_tried_again(postbox):
    postbox.refuse = lambda _address: "451 try again later"
    with time_machine.travel(START, tick=False) as clock:
        say(reader(), email="zhang@example.cn")
        for _ in range(5):
            api.send_mails()
            clock.shift(3600)
        assert posts.states() == ["retry"]
        postbox.refuse = lambda _address: None
        api.send_mails()

    assert posts.states() == ["delivered"]
    assert len(postbox.received) == 1


@pytest.mark.django_db
def test_a_worker_killed_while_sending_loses_nothing(postbox):
    with time_machine.travel(START, tick=False) as clock:
        say(reader(), email="zhang@example.cn")
        following.take("mail", 10)

        assert api.send_mails() == 0
        clock.shift(following.LEASE + dt.timedelta(seconds=1))
        assert api.watch() == 1
        clock.shift(60)
        assert api.send_mails() == 1

    assert posts.states() == ["delivered"]
    assert len(postbox.received) == 1


@pytest.mark.django_db
def test_a_message_without_an_address_stays_on_the_site():
    somebody = reader()
    say(somebody)

    assert not Delivery.objects.exists()
    assert api.unread(actor=somebody) == 1
    assert api.inbox(actor=somebody).rows[0].title == "申请已收到"


@pytest.mark.django_db
def test_without_a_gateway_no_short_message_waits_for_ever():
    tell(reader(), phone="13800000001")

    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_a_simulated_past_sends_nothing_out(settings, tmp_path):
    settings.ZHENGTONG_CLOCK_FILE = str(tmp_path / "clock")
    settings.ZHENGTONG_SMS_GATEWAY = "cmpp"
    somebody = reader()

    with simulated(START - dt.timedelta(days=30)):
        tell(somebody, email="zhang@example.cn", phone="13800000001")

    assert not Delivery.objects.exists()
    assert api.unread(actor=somebody) == 1


@pytest.mark.django_db
def test_a_kind_speaks_in_its_words_and_knows_its_variables(settings):
    settings.ZHENGTONG_SMS_GATEWAY = "cmpp"
    with time_machine.travel(START, tick=False):
        tell(reader(), email="zhang@example.cn", phone="13800000001")

    message = SiteMessage.objects.get()
    assert (message.kind, message.title) == (NEWS, "“食品经营许可”有进展")
    assert Delivery.objects.get(channel="sms").text == "您的申请“食品经营许可”已受理。"
    with pytest.raises(ValueError, match="unit"), transaction.atomic():
        api.send(
            tenant=TENANT,
            person_id=new_id(),
            kind=NEWS,
            values={"item": "x"},
            object_ref=ObjectRef(kind="application", id="1"),
        )


@pytest.mark.django_db
def test_at_night_short_messages_wait_for_the_morning_and_mail_and_codes_do_not(settings):
    settings.ZHENGTONG_SMS_GATEWAY = "cmpp"
    with time_machine.travel(NIGHT, tick=False):
        tell(reader(), email="zhang@example.cn", phone="13800000001")
        api.send_code(tenant=TENANT, person_id=new_id(), phone="13800000002", text="验证码 12345678")

        taken = following.take("sms", 10)
        mails = following.take("mail", 10)

    waiting = Delivery.objects.get(state="waiting")
    assert [row.address for row in taken] == ["13800000002"]
    assert len(mails) == 1
    assert waiting.not_before == waiting.next_try_at == dt.datetime(2026, 11, 23, 23, tzinfo=dt.UTC)
    assert waiting.give_up_at == waiting.not_before + dt.timedelta(hours=48)


@pytest.mark.django_db
def test_what_was_not_sent_in_the_evening_does_not_go_out_at_night(settings):
    settings.ZHENGTONG_SMS_GATEWAY = "cmpp"
    with time_machine.travel(START, tick=False) as clock:
        tell(reader(), phone="13800000001")
        clock.move_to(NIGHT)

        assert following.take("sms", 10) == []
        clock.move_to(NIGHT + dt.timedelta(hours=9))
        assert len(following.take("sms", 10)) == 1


@pytest.mark.django_db
def test_a_channel_switched_off_stays_silent_except_for_what_the_law_wants_told(settings):
    settings.ZHENGTONG_SMS_GATEWAY = "cmpp"
    somebody = citizen()
    api.choose_channels(actor=somebody, mail=True, sms=False)

    tell(somebody, email="zhang@example.cn")
    tell(somebody, kind=DUTY)

    assert list(Delivery.objects.order_by("created_at").values_list("channel", "message__kind")) == [
        ("mail", NEWS),
        ("sms", DUTY),
    ]
    assert Entry.objects.filter(act="notify.channels_chosen").count() == 1


def test_a_message_needs_the_transaction_of_its_act(committed_db):
    with pytest.raises(RuntimeError):
        api.send_message(
            tenant=TENANT, person_id=new_id(), title="x", body="y", object_ref=ObjectRef(kind="application", id="1")
        )


@pytest.mark.django_db
def test_another_persons_message_is_not_found():
    say(reader())

    with pytest.raises(NotFound):
        api.mark_read(actor=reader(), message_id=SiteMessage.objects.get().id)
    assert SiteMessage.objects.get().read_at is None


@pytest.mark.django_db
def test_an_empty_inbox_speaks_to_its_reader(client):
    applicant = sign_in(client, citizen()).get("/messages/").content.decode()
    clerk = sign_in(type(client)(), official("clerk", "clerk")).get("/messages/").content.decode()

    assert "提交申请以后" in applicant
    assert "提交申请" not in clerk
    assert "派给您的工作" in clerk


@pytest.mark.django_db
def test_inbox_shows_own_messages_and_reading_leads_to_the_matter(client):
    somebody = citizen()
    sign_in(client, somebody)
    say(somebody)
    say(reader())

    page = client.get("/messages/").content.decode()
    answer = client.post(f"/messages/{SiteMessage.objects.get(person_id=somebody.person_id).id}/read/")

    assert page.count("申请已收到") == 1
    assert answer.url == "/services/applications/1/"
    assert api.unread(actor=somebody) == 0
    stranger = type(client)()
    assert stranger.get("/messages/").status_code == 302
