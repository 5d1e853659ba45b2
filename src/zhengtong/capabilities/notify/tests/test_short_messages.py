"""Short messages from the queue to the telephone, through a gateway that goes wrong."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import transaction

from zhengtong.capabilities.identity.models import Person
from zhengtong.capabilities.identity.tests.factories import citizen, official
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.capabilities.notify import api
from zhengtong.capabilities.notify.engine import cmpp
from zhengtong.capabilities.notify.engine.session import Closed, Reported
from zhengtong.capabilities.notify.engine.simulator import Arrived, Faults
from zhengtong.capabilities.notify.models import Delivery, ShortMessagePart
from zhengtong.capabilities.notify.services import TextSender, following, send_short_messages
from zhengtong.capabilities.notify.tests import posts
from zhengtong.capabilities.notify.tests.posts import TENANT, reader, states, tell, texting, work_until

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
SENT = "【青禾县政务服务】您的申请“食品经营许可”已受理。"


def test_the_number_identity_knows_is_looked_up_by_the_worker_once_and_entered(settings: Any) -> None:
    with texting(settings) as (gateway, sender, _clock), time_machine.travel(START, tick=False):
        somebody = citizen(phone="13800000007")
        tell(somebody)
        before = Entry.objects.filter(act="identity.contact_read").count()

        work_until(sender, lambda: states() == ["delivered"])

    part = ShortMessagePart.objects.get()
    assert before == 0
    assert Entry.objects.filter(act="identity.contact_read").count() == 1
    assert gateway.arrived == [Arrived("13800000007", SENT)]
    assert (part.state, part.report, len(part.gateway_message_id)) == ("delivered", "DELIVRD", 16)
    assert Entry.objects.filter(act="notify.delivered").count() == 1


def test_without_a_number_the_delivery_says_so(settings: Any) -> None:
    with texting(settings) as (gateway, sender, _clock), time_machine.travel(START, tick=False):
        tell(official("clerk", "clerk"))
        tell(reader())

        work_until(sender, lambda: states() == ["no_address", "no_address"])

    assert gateway.submits == 0


def test_a_refused_submit_goes_again_and_only_the_part_that_was_refused(settings: Any) -> None:
    with (
        texting(settings, Faults(fail=3)) as (gateway, sender, _clock),
        time_machine.travel(START, tick=False) as clock,
    ):
        tell(reader(), item="长" * 150, phone="13800000001")
        work_until(sender, lambda: states() == ["retry"])
        error = Delivery.objects.get().last_error
        clock.shift(30)
        work_until(sender, lambda: states() == ["delivered"])

    assert error == "网关拒绝：流量控制错（8）"
    assert gateway.submits == 4
    assert [one.text for one in gateway.arrived] == [f"【青禾县政务服务】您的申请“{'长' * 150}”已受理。"]
    assert list(ShortMessagePart.objects.values_list("state", flat=True)) == ["delivered"] * 3


def test_a_telephone_that_got_nothing_is_tried_again_later(settings: Any) -> None:
    with (
        texting(settings, Faults(report_fail=1)) as (gateway, sender, _clock),
        time_machine.travel(START, tick=False) as clock,
    ):
        tell(reader(), phone="13800000001")
        work_until(sender, lambda: states() == ["retry"])
        error = Delivery.objects.get().last_error
        gateway.faults.report_fail = 0
        clock.shift(30)
        work_until(sender, lambda: states() == ["delivered"])

    assert error == "手机没有收到：短信不可达（UNDELIV）"
    assert gateway.arrived == [Arrived("13800000001", SENT)]


def test_one_sent_again_by_hand_goes_to_the_number_the_person_has_by_then(settings: Any) -> None:
    operator = official("operator", "application_operator")
    with (
        texting(settings, Faults(report_lose=1)) as (gateway, sender, _clock),
        time_machine.travel(START, tick=False) as clock,
    ):
        somebody = citizen(phone="13800000007")
        tell(somebody)
        work_until(sender, lambda: states() == ["sent"])
        clock.shift(dt.timedelta(hours=49))
        api.watch()
        Person.objects.filter(pk=somebody.person_id).update(phone="13800000008")
        row = Delivery.objects.get()
        api.retry_delivery(actor=operator, delivery_id=row.id, reason="本人换了号码")
        gateway.faults.report_lose = 0
        work_until(sender, lambda: states() == ["delivered"])

    assert gateway.arrived == [Arrived("13800000007", SENT), Arrived("13800000008", SENT)]


def test_a_telephone_that_never_gets_anything_is_given_up_after_eight_paid_tries(settings: Any) -> None:
    with (
        texting(settings, Faults(report_fail=1)) as (gateway, sender, _clock),
        time_machine.travel(START, tick=False) as clock,
    ):
        tell(reader(), phone="13800000001")
        for _ in range(7):
            work_until(sender, lambda: states() == ["retry"])
            clock.shift(1900)
        work_until(sender, lambda: states() == ["given_up"])

    assert gateway.submits == 8
    assert gateway.arrived == []


def test_a_report_that_never_comes_is_given_up_visibly_and_not_sent_again_and_a_late_one_counts(settings: Any) -> None:
    with (
        texting(settings, Faults(report_lose=1)) as (gateway, sender, _clock),
        time_machine.travel(START, tick=False) as clock,
    ):
        tell(reader(), phone="13800000001")
        work_until(sender, lambda: states() == ["sent"])
        clock.shift(dt.timedelta(hours=47))
        assert api.watch() == 0
        clock.shift(dt.timedelta(hours=2))
        assert api.watch() == 1
        sender.work()
        given_up = Delivery.objects.get()
        message_id = ShortMessagePart.objects.get().gateway_message_id
        assert api.apply_report(message_id=message_id, state="DELIVRD")
        assert api.apply_report(message_id=message_id, state="UNDELIV")

    assert (given_up.state, given_up.last_error) == ("given_up", "网关已接收，但一直没有送达报告")
    assert gateway.submits == 1
    assert states() == ["delivered"]


def test_a_swallowed_submit_goes_again_after_its_answer_is_overdue(settings: Any) -> None:
    with (
        texting(settings, Faults(silence=1)) as (gateway, sender, seconds),
        time_machine.travel(START, tick=False) as clock,
    ):
        tell(reader(), phone="13800000001")
        sender.work()
        assert states() == ["sending"]
        gateway.faults.silence = 0
        seconds.now += 31
        work_until(sender, lambda: states() == ["retry"])
        clock.shift(30)
        work_until(sender, lambda: states() == ["delivered"])

    assert gateway.arrived == [Arrived("13800000001", SENT)]


def test_a_cut_connection_is_opened_again(settings: Any) -> None:
    with (
        texting(settings, Faults(drop=1)) as (gateway, sender, seconds),
        time_machine.travel(START, tick=False) as clock,
    ):
        tell(reader(), phone="13800000001")
        work_until(sender, lambda: states() == ["retry"])
        gateway.faults.drop = 0
        clock.shift(30)
        seconds.now += 2
        work_until(sender, lambda: states() == ["delivered"])

    assert gateway.logins == 2
    assert gateway.arrived == [Arrived("13800000001", SENT)]


def test_a_closed_gateway_is_shown_and_what_waited_too_long_is_given_up(settings: Any) -> None:
    with (
        texting(settings, Faults(closed=True)) as (gateway, sender, seconds),
        time_machine.travel(START, tick=False) as clock,
    ):
        tell(reader(), phone="13800000001")
        assert sender.work() == 0
        closed = _sms_summary()
        clock.shift(dt.timedelta(hours=48))
        sender.work()
        given_up = Delivery.objects.get()
        gateway.faults.closed = False
        seconds.now += 100
        sender.work()

    assert closed.ok is False
    assert "认证错" in closed.detail
    assert (given_up.state, given_up.attempts) == ("given_up", 0)
    assert "认证错" in given_up.last_error
    assert _sms_summary().ok is True


def test_a_worker_killed_between_sending_and_marking_doubles_once_at_worst(settings: Any) -> None:
    with texting(settings) as (gateway, sender, _seconds), time_machine.travel(START, tick=False) as clock:
        tell(reader(), phone="13800000001")
        [row] = following.take("sms", 1)
        assert sender._line.open()
        sender._hand_over(row)
        sender._line.flush()  # the gateway has it; the worker dies before the answer is marked
        sender.close()
        clock.shift(following.LEASE + dt.timedelta(seconds=1))
        assert api.watch() == 1
        clock.shift(60)
        work_until(sender, lambda: states() == ["delivered"])

    assert 1 <= len(gateway.arrived) <= 2


def test_codes_go_out_at_night_and_leave_no_message_on_the_site(settings: Any) -> None:
    with (
        texting(settings) as (gateway, sender, _seconds),
        time_machine.travel(dt.datetime(2026, 11, 23, 18, tzinfo=dt.UTC), tick=False),
    ):
        somebody = citizen(phone="13800000001")
        assert somebody.person_id
        api.send_code(tenant=TENANT, person_id=somebody.person_id, phone="13800000001", text="验证码 12345678")
        work_until(sender, lambda: states() == ["delivered"])

    assert gateway.arrived == [Arrived("13800000001", "【青禾县政务服务】验证码 12345678")]
    assert api.unread(actor=somebody) == 0


def test_what_waits_is_given_up_when_the_gateway_is_taken_away(settings: Any) -> None:
    settings.ZHENGTONG_SMS_GATEWAY = "cmpp"
    with time_machine.travel(START, tick=False) as clock:
        tell(reader(), phone="13800000001")
        assert send_short_messages(None) == 0
        clock.shift(dt.timedelta(hours=48))
        assert send_short_messages(None) == 1

    assert Delivery.objects.get().last_error == "没有设置短信网关"


class ScriptedLine:
    """A line that brings what a test has written down, and remembers receipts."""

    free = waiting = 0
    problem = ""

    def __init__(self, *polls: list[Any]) -> None:
        self.polls = list(polls)
        self.acknowledged: list[int] = []

    def open(self) -> bool:
        return True

    def poll(self, _seconds: float) -> list[Any]:
        return self.polls.pop(0) if self.polls else []

    def acknowledge(self, handle: int) -> None:
        self.acknowledged.append(handle)

    def flush(self) -> None:
        """Nothing to send."""


def unknown_report(handle: int) -> Reported:
    report = cmpp.Report(message_id=99, state="DELIVRD", submitted="", done="", number="138")
    return Reported(handle, report)


def test_a_report_that_fits_no_message_is_acknowledged_after_a_minute() -> None:
    line, clock = ScriptedLine([unknown_report(1)]), posts.Clock()
    sender = TextSender(line, clock=clock)  # type: ignore[arg-type]  # as far as a sender needs one

    sender.work()
    clock.now = 59
    sender.work()
    early = list(line.acknowledged)
    clock.now = 61
    sender.work()
    sender.work()

    assert early == []
    assert line.acknowledged == [1]


def test_a_receipt_never_goes_to_another_connection_than_its_report() -> None:
    line, clock = ScriptedLine([unknown_report(1)], [Closed("cut")], []), posts.Clock()
    sender = TextSender(line, clock=clock)  # type: ignore[arg-type]  # as far as a sender needs one

    sender.work()
    sender.work()
    clock.now = 100
    sender.work()

    assert line.acknowledged == []


def test_two_workers_do_not_take_the_same(settings: Any) -> None:
    settings.ZHENGTONG_SMS_GATEWAY = "cmpp"
    with time_machine.travel(START, tick=False):
        for _ in range(3):
            tell(reader(), phone="13800000001")
        first, second = following.take("sms", 2), following.take("sms", 2)

    assert len({row.id for row in first} | {row.id for row in second}) == 3


def test_a_bad_day_every_notice_ends_delivered_or_visibly_given_up_none_doubled_none_lost(settings: Any) -> None:
    """Mail server down for a whole day, gateway failing every third submit and every third report."""
    box, port = posts.Postbox(), posts.free_port()
    posts.use_mail_port(settings, port)
    items = [f"许可{number:02d}" for number in range(24)]
    with (
        texting(settings, Faults(fail=3, report_fail=3)) as (gateway, sender, seconds),
        time_machine.travel(START, tick=False) as clock,
    ):
        for item in items:
            tell(reader(), item=item, email=f"{item}@example.cn", phone="13800000001")
        while clock_hours(START) < 24:
            _round(sender, seconds)
            clock.shift(900)
        down = states_of("mail")
        with posts.mail_server(box, port):
            while Delivery.objects.exclude(state__in=["delivered", "given_up"]).exists():
                assert clock_hours(START) < 72
                _round(sender, seconds)
                clock.shift(900)

    texts = sorted(one.text for one in gateway.arrived)
    arrived = sum(state == "delivered" for state in states_of("sms"))
    assert down == ["retry"] * 24
    assert states_of("mail") == ["delivered"] * 24
    assert len(set(box.ids)) == len(box.ids) == 24
    assert len(set(texts)) == len(texts) == arrived
    assert arrived + sum(state == "given_up" for state in states_of("sms")) == 24
    assert arrived == 24  # eight tries are enough where two of three go well
    assert Entry.objects.filter(act="notify.delivered").count() == 48


def _round(sender: Any, seconds: Any) -> None:
    """A quarter of an hour of the worker."""
    seconds.now += 61
    api.send_mails()
    for _ in range(100):
        sender.work()
        if not Delivery.objects.filter(channel="sms", state__in=["sending", "sent"]).exists():
            break
        posts.socket_pause()
    api.watch()


def clock_hours(start: dt.datetime) -> float:
    from zhengtong.kernel.clock import now

    return (now() - start) / dt.timedelta(hours=1)


def states_of(channel: str) -> list[str]:
    return list(Delivery.objects.filter(channel=channel).values_list("state", flat=True))


def _sms_summary() -> Any:
    return next(one for one in api.channel_summaries(tenant=TENANT) if one.channel == "sms")


def test_the_whole_is_one_transaction_with_the_act(settings: Any) -> None:
    settings.ZHENGTONG_SMS_GATEWAY = "cmpp"

    with transaction.atomic():
        tell(reader(), email="zhang@example.cn", phone="13800000001")
        transaction.set_rollback(True)

    assert not Delivery.objects.exists()
