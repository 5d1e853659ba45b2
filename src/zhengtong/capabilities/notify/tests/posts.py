"""What tests of messages share: a real mail server, a simulated gateway, people, kinds of messages."""

import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler
from django.db import transaction

from zhengtong.capabilities.notify import api
from zhengtong.capabilities.notify.engine.line import Line
from zhengtong.capabilities.notify.engine.session import GatewayAccount
from zhengtong.capabilities.notify.engine.simulator import Faults, SimulatedGateway
from zhengtong.capabilities.notify.models import Delivery
from zhengtong.capabilities.notify.registry import MessageKind, message_kinds
from zhengtong.capabilities.notify.services import TextSender
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.ids import new_id

TENANT = "980723"
SECRET = "s3cret"
NEWS = "notify_test.news"
DUTY = "notify_test.duty"


class Postbox(Handler):
    """Keeps what a mail server took; ``refuse`` may answer a recipient with a code of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[Message] = []
        self.refuse: Callable[[str], str | None] = lambda _address: None

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name and signature)
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        refusal = self.refuse(address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: Message) -> None:
        self.received.append(message)

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.received]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(box: Postbox, port: int) -> Iterator[Postbox]:
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def use_mail_port(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port


def declare_kinds() -> None:
    """Two kinds that only tests send; the second is one the law wants told."""
    for key, required in ((NEWS, False), (DUTY, True)):
        if key not in message_kinds:
            kind = MessageKind(
                key=key,
                label="测试消息",
                title="“{item}”有进展",
                body="您的申请“{item}”已由{unit}受理。",
                sms="您的申请“{item}”已受理。",
                variables={"item": ("事项名称", "食品经营许可"), "unit": ("单位", "市场监督管理局")},
                required=required,
            )
            message_kinds.register(key, kind)


def forget_kinds() -> None:
    for key in (NEWS, DUTY):
        message_kinds._items.pop(key, None)


def reader() -> Actor:
    return Actor(tenant=TENANT, kind="citizen", person_id=new_id(), name="张一")


def tell(actor: Actor, *, item: str = "食品经营许可", kind: str = NEWS, **ways: str) -> uuid.UUID:
    assert actor.person_id
    with transaction.atomic():
        return api.send(
            tenant=TENANT,
            person_id=actor.person_id,
            kind=kind,
            values={"item": item, "unit": "市场监督管理局"},
            object_ref=ObjectRef(kind="application", id="1"),
            link="/services/applications/1/",
            **ways,
        )


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def texting(settings: Any, faults: Faults | None = None) -> Iterator[tuple[SimulatedGateway, TextSender, Clock]]:
    """A gateway, and the worker's sender for it, whose seconds the test moves."""
    settings.ZHENGTONG_SMS_GATEWAY = "cmpp"
    settings.ZHENGTONG_SMS_SIGNATURE = "青禾县政务服务"
    clock = Clock()
    with SimulatedGateway(source="901234", secret=SECRET, faults=faults) as gateway:
        line = Line(
            GatewayAccount(host="127.0.0.1", port=gateway.port, source="901234", secret=SECRET, sender="10690000"),
            stamp=lambda: 1123100000,
            clock=clock,
        )
        sender = TextSender(line, clock=clock)
        yield gateway, sender, clock
        sender.close()


def work_until(sender: TextSender, enough: Callable[[], bool], *, rounds: int = 300) -> None:
    """Rounds of the worker until there is enough; the gateway sends reports at its own pace."""
    for _ in range(rounds):
        sender.work()
        if enough():
            return
        socket_pause()
    raise AssertionError(list(Delivery.objects.values_list("channel", "state", "attempts", "last_error")))


def socket_pause() -> None:
    """Let the gateway's thread have its turn: it looks for due reports twenty times a second."""
    left, right = socket.socketpair()
    with left, right:
        left.settimeout(0.01)
        try:
            left.recv(1)
        except TimeoutError:
            return


def states() -> list[str]:
    return list(Delivery.objects.order_by("created_at", "id").values_list("state", flat=True))
