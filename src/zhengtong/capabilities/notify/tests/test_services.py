import datetime as dt
import itertools
import smtplib
import socket

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler
from django.db import transaction

from zhengtong.capabilities.identity.tests.factories import citizen, sign_in
from zhengtong.capabilities.notify import api
from zhengtong.capabilities.notify.constants import MAX_ATTEMPTS
from zhengtong.capabilities.notify.models import Mail, SiteMessage
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.ids import new_id

TENANT = "980723"
START = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)


class Postbox(Handler):
    def __init__(self):
        super().__init__()
        self.received = []

    def handle_message(self, message):
        self.received.append(message)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def postbox(settings):
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield box
    controller.stop()


def tell(actor: Actor, *, email: str = "") -> None:
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


def reader() -> Actor:
    return Actor(tenant=TENANT, kind="citizen", person_id=new_id(), name="张一")


@pytest.mark.django_db
def test_mail_reaches_a_real_mail_server_with_the_link(postbox, settings):
    settings.ZHENGTONG_BASE_URL = "https://qinghe.example"
    tell(reader(), email="zhang@example.cn")

    assert api.send_waiting() == 1
    assert api.send_waiting() == 0

    message = postbox.received[0]
    text = message.get_payload(decode=True).decode()
    assert message["To"] == "zhang@example.cn"
    assert "开办餐饮店一件事" in text
    assert "https://qinghe.example/services/applications/1/" in text
    assert Mail.objects.get().state == "sent"


@pytest.mark.django_db
def test_the_address_is_not_readable_in_the_database():
    tell(reader(), email="zhang@example.cn")

    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select address from notify_mail")
        assert "zhang" not in cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_server_that_is_down_is_tried_again_with_growing_pauses_and_given_up_visibly(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    with time_machine.travel(START, tick=False) as clock:
        tell(reader(), email="zhang@example.cn")
        pauses = []
        for _ in range(MAX_ATTEMPTS):
            assert api.send_waiting() == 1
            mail = Mail.objects.get()
            pauses.append(mail.next_try_at)
            clock.move_to(mail.next_try_at)

    waits = [later - earlier for earlier, later in itertools.pairwise(pauses)]
    assert waits == sorted(waits)
    assert mail.state == "given_up"
    assert "ConnectionRefused" in mail.last_error
    assert api.send_waiting() == 0
    assert api.mail_states(tenant=TENANT) == {"given_up": 1}


@pytest.mark.django_db
def test_one_refused_mail_does_not_hold_up_the_next(monkeypatch, postbox):
    tell(reader(), email="bad@example.cn")
    tell(reader(), email="good@example.cn")
    real = smtplib.SMTP.sendmail

    def refuse(self, sender, recipients, message, *more, **options):
        if "bad@example.cn" in recipients:
            raise smtplib.SMTPRecipientsRefused({"bad@example.cn": (550, b"no such user")})
        return real(self, sender, recipients, message, *more, **options)

    monkeypatch.setattr(smtplib.SMTP, "sendmail", refuse)
    api.send_waiting()

    refused = Mail.objects.get(state="waiting")
    assert "no such user" in refused.last_error
    assert "bad@example.cn" not in refused.last_error
    assert [message["To"] for message in postbox.received] == ["good@example.cn"]
    assert api.mail_states(tenant=TENANT) == {"sent": 1, "waiting": 1}


@pytest.mark.django_db
def test_a_message_without_an_address_stays_on_the_site():
    somebody = reader()
    tell(somebody)

    assert not Mail.objects.exists()
    assert api.unread(actor=somebody) == 1
    assert api.inbox(actor=somebody).rows[0].title == "申请已收到"


def test_a_message_needs_the_transaction_of_its_act(committed_db):
    with pytest.raises(RuntimeError):
        api.send_message(
            tenant=TENANT, person_id=new_id(), title="x", body="y", object_ref=ObjectRef(kind="application", id="1")
        )


@pytest.mark.django_db
def test_another_persons_message_is_not_found():
    tell(reader())

    with pytest.raises(NotFound):
        api.mark_read(actor=reader(), message_id=SiteMessage.objects.get().id)
    assert SiteMessage.objects.get().read_at is None


@pytest.mark.django_db
def test_inbox_shows_own_messages_and_reading_leads_to_the_matter(client):
    somebody = citizen()
    sign_in(client, somebody)
    tell(somebody)
    tell(reader())

    page = client.get("/messages/").content.decode()
    answer = client.post(f"/messages/{SiteMessage.objects.get(person_id=somebody.person_id).id}/read/")

    assert page.count("申请已收到") == 1
    assert answer.url == "/services/applications/1/"
    assert api.unread(actor=somebody) == 0
    stranger = type(client)()
    assert stranger.get("/messages/").status_code == 302
