"""Slots and appointments, tickets of the queue and the counters their numbers come from."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_citizen, of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.service_centre.constants import (
    OPEN_TICKETS,
    QUEUE,
    AppointmentState,
    Standing,
    TicketSource,
    TicketState,
)
from zhengtong.systems.service_centre.models.places import Place, Window, Zone


class Slot(Row):
    """A slot of a zone that somebody has booked or whose number of places was changed; others follow the zone.

    The database lets ``taken`` never pass ``capacity``: the last place is given once.

    Personal data: none.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="slots", verbose_name=_("大厅分区"))
    day = models.DateField(_("日期"))
    starts = models.TimeField(_("开始"))
    ends = models.TimeField(_("结束"))
    capacity = models.PositiveSmallIntegerField(_("名额"))
    taken = models.PositiveSmallIntegerField(_("已约"), default=0)

    class Meta:
        verbose_name = _("预约时段")
        constraints = [
            models.UniqueConstraint(fields=["zone", "day", "starts"], name="service_centre_slot_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="service_centre_slot_not_overbooked"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="service_centre_slot_order"),
        ]


class Appointment(Row):
    """A place in a slot for a person and a matter; ``code`` is shown at the hall. ``holder_id`` is the person or the
    legal person he speaks for.

    Personal data: a pseudonym of the person; kept two years for counting who did not come.
    """

    PERSONAL_DATA = personal(of_citizen("person_id", "holder_id", "reason", activity=QUEUE))

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("预约时段"))
    person_id = models.UUIDField(_("人员标识"))
    holder_id = models.UUIDField(_("预约主体标识"))
    item_code = models.CharField(_("事项编码"), max_length=64)
    item_name = models.CharField(_("事项"), max_length=200)
    org_id = models.CharField(_("办理单位标识"), max_length=36, blank=True)
    application_id = models.UUIDField(_("申请标识"), null=True)
    code = models.CharField(_("预约码"), max_length=8)
    state = models.CharField(_("状态"), max_length=9, choices=AppointmentState, default=AppointmentState.BOOKED)
    state_at = models.DateTimeField(_("状态时间"))
    reason = models.CharField(_("取消原因"), max_length=200, blank=True)
    reminded_at = models.DateTimeField(_("提醒时间"), null=True)

    class Meta:
        verbose_name = _("预约")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="service_centre_appointment_code_once"),
            models.UniqueConstraint(
                fields=["tenant", "holder_id", "item_code"],
                condition=Q(state="booked"),
                name="service_centre_appointment_item_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "person_id", "state"], name="service_centre_appt_person"),
            models.Index(fields=["slot", "state"], name="service_centre_appt_slot"),
        ]


class Ticket(Row):
    """A number in the queue of a zone on a day, from taking it to finishing at a window.

    ``since`` orders it in the queue (later than ``taken_at`` after it was missed and came back); ``code`` lets its
    holder look it up.

    Personal data: a pseudonym where the person was signed in, and as whom he waits; kept two years.
    """

    PERSONAL_DATA = personal(of_citizen("person_id", activity=QUEUE), of_official("operator_id"))

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", verbose_name=_("服务场所"))
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+", verbose_name=_("大厅分区"))
    day = models.DateField(_("日期"))
    no = models.PositiveIntegerField(_("序号"))
    number = models.CharField(_("号码"), max_length=8)
    code = models.CharField(_("查询码"), max_length=8)
    source = models.CharField(_("取号方式"), max_length=6, choices=TicketSource)
    standing = models.CharField(_("优先类别"), max_length=10, choices=Standing, default=Standing.USUAL)
    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, null=True, related_name="ticket", verbose_name=_("预约")
    )
    person_id = models.UUIDField(_("人员标识"), null=True)
    item_code = models.CharField(_("事项编码"), max_length=64, blank=True)
    item_name = models.CharField(_("事项"), max_length=200, blank=True)
    org_id = models.CharField(_("办理单位标识"), max_length=36, blank=True)
    state = models.CharField(_("状态"), max_length=9, choices=TicketState, default=TicketState.WAITING)
    taken_at = models.DateTimeField(_("取号时间"))
    since = models.DateTimeField(_("排队起点"))
    wanted_window = models.ForeignKey(
        Window, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("转往窗口")
    )
    window = models.ForeignKey(Window, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("窗口"))
    operator_id = models.UUIDField(_("操作人标识"), null=True)
    unit_id = models.UUIDField(_("经办单位标识"), null=True)
    unit_name = models.CharField(_("经办单位"), max_length=120, blank=True)
    first_called_at = models.DateTimeField(_("首次叫号时间"), null=True)
    called_at = models.DateTimeField(_("叫号时间"), null=True)
    announced_at = models.DateTimeField(_("最近呼叫时间"), null=True)
    calls = models.PositiveSmallIntegerField(_("呼叫次数"), default=0)
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = _("排队号")
        constraints = [
            models.UniqueConstraint(fields=["place", "day", "number"], name="service_centre_ticket_number_once"),
            models.UniqueConstraint(fields=["tenant", "code"], name="service_centre_ticket_code_once"),
            models.UniqueConstraint(
                fields=["window"], condition=Q(state="called"), name="service_centre_window_one_ticket"
            ),
            models.UniqueConstraint(
                fields=["place", "day", "person_id"],
                condition=Q(state__in=OPEN_TICKETS, person_id__isnull=False, appointment__isnull=True),
                name="service_centre_ticket_one_each",
            ),
            models.CheckConstraint(
                condition=~Q(state="called") | Q(window__isnull=False, called_at__isnull=False),
                name="service_centre_ticket_called",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "day"], condition=Q(state__in=OPEN_TICKETS), name="service_centre_ticket_open"
            ),
            models.Index(fields=["place", "day"], name="service_centre_ticket_day"),
            models.Index(fields=["day"], condition=Q(state__in=OPEN_TICKETS), name="service_centre_ticket_left"),
        ]


class TicketCounter(models.Model):
    """The last number drawn in a zone on a day.

    Personal data: none.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = models.CharField(_("租户"), max_length=12)
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+", verbose_name=_("大厅分区"))
    day = models.DateField(_("日期"))
    last = models.PositiveIntegerField(_("最后的序号"))

    class Meta:
        verbose_name = _("取号计数")
        constraints = [models.UniqueConstraint(fields=["zone", "day"], name="service_centre_counter_once")]
