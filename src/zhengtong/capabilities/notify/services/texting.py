"""Short messages through the gateway: one connection in the worker, every answer and report marked by itself."""

import atexit
import logging
import time
import uuid
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.notify.constants import Channel, DeliveryState, PartState
from zhengtong.capabilities.notify.engine import cmpp
from zhengtong.capabilities.notify.engine.line import Line
from zhengtong.capabilities.notify.engine.session import Answered, Closed, Event, GatewayAccount, Lost, Reported
from zhengtong.capabilities.notify.engine.texts import parts_of, shortened, signed
from zhengtong.capabilities.notify.models import Delivery, ShortMessagePart
from zhengtong.capabilities.notify.rules import title_of
from zhengtong.capabilities.notify.services.following import (
    apply_report,
    give_up_overdue,
    locked,
    note_status,
    settle,
    take,
)
from zhengtong.capabilities.notify.services.limits import limits_of
from zhengtong.kernel.actors import system
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import DomainError

log = logging.getLogger(__name__)

_UNKNOWN_REPORT_SECONDS = 60.0
_ANSWER_WAIT = 1.0
#: results of a submit that another try does not mend (CMPP 2.0 7.4.3.2, CMPP 3.0 the same and 10 to 13)
_PERMANENT_RESULTS = frozenset({1, 4, 6, 13})
RESULT_WORDS = {
    1: "消息结构错",
    2: "命令字错",
    3: "消息序号重复",
    4: "消息长度错",
    5: "资费代码错",
    6: "超过最大信息长",
    7: "业务代码错",
    8: "流量控制错",
    9: "本网关不负责服务此号码",
    10: "接入号码错误",
    11: "企业代码错误",
    12: "计费号码错误",
    13: "接收号码错误",
}

_Key = tuple[uuid.UUID, int]


class TextSender:
    """Drives one line: takes what is due as the window allows, marks answers and reports as they come."""

    def __init__(self, line: Line, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._line = line
        self._clock = clock
        self._unknown: list[tuple[Reported, float]] = []
        self._noted: tuple[bool, str] | None = None

    def work(self) -> int:
        """One round; how many things happened. Never raises for what the gateway or the network does."""
        ready = self._line.open()
        self._note(ready=ready)
        if not ready:
            reason = _("短信网关不通：%(problem)s") % {"problem": self._line.problem}
            return give_up_overdue(Channel.SMS, reason)
        taken = take(Channel.SMS, self._line.free) if self._line.free else []
        for row in taken:
            self._hand_over(row)
        events = self._line.poll(_ANSWER_WAIT if self._line.waiting else 0)
        for event in events:
            self._mark(event)
        self._ask_again()
        self._line.flush()
        return len(taken) + len(events)

    def close(self) -> None:
        """Take leave of the gateway."""
        self._line.close()

    def _note(self, *, ready: bool) -> None:
        standing = (ready, self._line.problem)
        if standing != self._noted:
            note_status(Channel.SMS, ok=ready, detail=self._line.problem)
            self._noted = standing

    def _hand_over(self, row: Delivery) -> None:
        """Find the number, write down the parts, then give those to the line that are not at the gateway yet."""
        number = _current_number(row)
        if not number:
            _no_address(row.id)
            return
        text = shortened(signed(row.text, settings.ZHENGTONG_SMS_SIGNATURE), limits_of(row.tenant).most_parts)
        contents = parts_of(text, row.id.int)
        for place in _prepare(row.id, number, len(contents)):
            key: _Key = (row.id, place)
            packet = cmpp.Submit(
                source=self._line.account.source,
                sender=self._line.account.sender,
                service=self._line.account.service,
                numbers=(number,),
                content=contents[place - 1],
                total=len(contents),
                number=place,
                header=len(contents) > 1,
            )
            try:
                self._line.submit(key, packet)
            except cmpp.BadPacket as error:
                _part_failed(key, str(error), permanent=True)

    def _mark(self, event: Event) -> None:
        match event:
            case Answered():
                _answered(event)
            case Lost():
                words = _("网关没有应答，不知道是否收到") if event.sent else _("连接中断，没有发出")
                _part_failed(cast("_Key", event.key), words)
            case Reported():
                self._report(event, self._clock() + _UNKNOWN_REPORT_SECONDS)
            case Closed():
                self._unknown.clear()  # their receipts belong to this connection; the gateway sends them again
            case _:
                pass

    def _report(self, event: Reported, until: float) -> None:
        """Acknowledge a report once it is safe; one that no message fits may be faster than the answer it follows."""
        known = apply_report(message_id=f"{event.report.message_id:016x}", state=event.report.state)
        if known or self._clock() >= until:
            if not known:
                log.warning("a status report fits no message of ours")
            self._line.acknowledge(event.handle)
        else:
            self._unknown.append((event, until))

    def _ask_again(self) -> None:
        waiting, self._unknown = self._unknown, []
        for event, until in waiting:
            self._report(event, until)


def _current_number(row: Delivery) -> str:
    """Where to send; for one that is sent again by hand asked anew: the person may have corrected the number since."""
    sent_again = row.attempts == 1 and row.message is not None and row.parts.exists()
    kept: str = row.address
    return kept if kept and not sent_again else _number_of(row) or kept


@transaction.atomic
def _number_of(row: Delivery) -> str:
    """The number identity knows, kept with the delivery so that it is looked up once; empty when there is none."""
    if row.person_id is None:
        return ""
    purpose = _("发送短信通知：%(title)s") % {"title": title_of(row.message.title if row.message else "")}
    try:
        found = identity.person_contact(row.person_id, actor=system(row.tenant), purpose=purpose).phone
    except DomainError:
        return ""
    if found:
        Delivery.objects.filter(pk=row.pk).update(address=found)
    return found


@transaction.atomic
def _no_address(delivery_id: uuid.UUID) -> None:
    row = locked(delivery_id)
    row.state, row.taken_until, row.last_error = DeliveryState.NO_ADDRESS, None, _("没有登记手机号码")
    row.save()


@transaction.atomic
def _prepare(delivery_id: uuid.UUID, number: str, count: int) -> list[int]:
    """Write down which parts go out now, before they do; those the gateway has already do not go again."""
    row = locked(delivery_id)
    if row.address not in ("", number):
        row.parts.update(state=PartState.WAITING, changed_at=now())  # the former telephone's parts are no use here
    row.address = number
    known = {part.number: part for part in row.parts.all()}
    going = []
    for place in range(1, count + 1):
        part = known.get(place) or ShortMessagePart(tenant=row.tenant, delivery=row, number=place, changed_at=now())
        if part.state in (PartState.WAITING, PartState.FAILED, PartState.SUBMITTED):
            part.state, part.gateway_message_id, part.changed_at = PartState.SUBMITTED, "", now()
            part.save()
            going.append(place)
    row.parts.filter(number__gt=count).delete()  # the limit of parts is a smaller one now
    if not going:
        settle(row, reason="")
    return going


@transaction.atomic
def _answered(event: Answered) -> None:
    """The gateway's answer; a late one for a part that goes again meanwhile changes nothing."""
    delivery_id, place = cast("_Key", event.key)
    row = locked(delivery_id)
    part = row.parts.get(number=place)
    if event.late and (part.state != PartState.FAILED or event.result != 0):
        return
    if event.result == 0:
        part.state, part.gateway_message_id = PartState.ACCEPTED, f"{event.message_id:016x}"
        part.report = ""
    else:
        part.state, part.report = PartState.FAILED, _result_words(event.result)[:40]
    part.changed_at = now()
    part.save()
    settle(row, reason=_result_words(event.result), permanent=event.result in _PERMANENT_RESULTS)


@transaction.atomic
def _part_failed(key: _Key, reason: str, *, permanent: bool = False) -> None:
    row = locked(key[0])
    part = row.parts.get(number=key[1])
    if part.state == PartState.SUBMITTED:
        part.state, part.report, part.changed_at = PartState.FAILED, reason[:40], now()
        part.save()
    settle(row, reason=reason, permanent=permanent)


def _result_words(result: int) -> str:
    return _("网关拒绝：%(words)s（%(result)d）") % {"words": RESULT_WORDS.get(result, "其他错误"), "result": result}


_senders: dict[GatewayAccount, TextSender] = {}


def use_gateway(account: GatewayAccount) -> TextSender:
    """The sender for an account, one in this process."""
    if account not in _senders:
        _senders[account] = TextSender(Line(account, stamp=login_stamp))
        atexit.register(_senders[account].close)
    return _senders[account]


def send_short_messages(account: GatewayAccount | None) -> int:
    """One round with the gateway of this installation; without one, what waits is given up when its time is over."""
    if account is None:
        return give_up_overdue(Channel.SMS, _("没有设置短信网关"))
    return use_gateway(account).work()


def login_stamp() -> int:
    """The time of day in China as a login names it, MMDDhhmmss."""
    return int(f"{now().astimezone(SHANGHAI):%m%d%H%M%S}")


def account_of_settings() -> GatewayAccount:
    """The gateway account as the settings name it."""
    return GatewayAccount(
        host=settings.ZHENGTONG_SMS_HOST,
        port=settings.ZHENGTONG_SMS_PORT,
        source=settings.ZHENGTONG_SMS_SOURCE,
        secret=settings.ZHENGTONG_SMS_SECRET,
        sender=settings.ZHENGTONG_SMS_SENDER,
        service=settings.ZHENGTONG_SMS_SERVICE,
        version=cmpp.V20 if settings.ZHENGTONG_SMS_VERSION.startswith("2") else cmpp.V30,
        window=settings.ZHENGTONG_SMS_WINDOW,
    )
