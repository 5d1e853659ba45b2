"""Places, their zones and windows, what windows are named for, and days on which a place stays closed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.service_centre.constants import PlaceLevel, ServiceKind


class Place(Row):
    """A hall people come to: county hall, township centre, village point.

    ``hours`` are seven texts from Monday to Sunday; ``kiosk_key`` binds the browser of its ticket machine;
    ``version`` grows with everything the call display shows.

    Personal data: none (the phone is the hall's).
    """

    slug = models.SlugField(_("网址代号"), max_length=40)
    name = models.CharField(_("名称"), max_length=80)
    level = models.CharField(_("级别"), max_length=8, choices=PlaceLevel)
    division_code = models.CharField(_("行政区划代码"), max_length=12)
    org_id = models.UUIDField(_("管理单位标识"))
    org_name = models.CharField(_("管理单位"), max_length=120)
    address = models.CharField(_("地址"), max_length=200)
    way = models.TextField(_("怎么来"), blank=True)
    phone = models.CharField(_("电话"), max_length=40)
    accessibility = models.TextField(_("无障碍设施"), blank=True)
    hours = models.JSONField(_("开放时间"))
    kiosk_key = models.CharField(_("取号机密钥"), max_length=20)
    position = models.PositiveSmallIntegerField(_("次序"), default=0)
    active = models.BooleanField(_("对外开放"), default=True)
    version = models.PositiveBigIntegerField(_("叫号屏版本"), default=0)

    class Meta:
        verbose_name = _("服务场所")
        constraints = [models.UniqueConstraint(fields=["tenant", "slug"], name="service_centre_place_slug_once")]


class Zone(Row):
    """A part of a hall with one queue: its letter begins the ticket numbers; appointments are given per zone.

    Personal data: none.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="zones", verbose_name=_("服务场所"))
    letter = models.CharField(_("号头"), max_length=1)
    name = models.CharField(_("名称"), max_length=40)
    note = models.CharField(_("办什么"), max_length=200, blank=True)
    slot_minutes = models.PositiveSmallIntegerField(_("每个预约时段的分钟数"), default=30)
    slot_capacity = models.PositiveSmallIntegerField(_("每个时段的预约名额"), default=0)
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("大厅分区")
        constraints = [
            models.UniqueConstraint(fields=["place", "letter"], name="service_centre_zone_letter_once"),
            models.CheckConstraint(condition=Q(letter__regex=r"^[A-Z]$"), name="service_centre_zone_letter"),
            models.CheckConstraint(
                condition=Q(slot_minutes__gte=5, slot_minutes__lte=240), name="service_centre_zone_minutes"
            ),
        ]


class Window(Row):
    """A window of a hall; ``planned`` ones are to be open whenever the hall is. Open only on the day it was opened.

    Personal data: who sits at the window, by identifier and name; replaced with the next person.
    """

    PERSONAL_DATA = personal(of_official("operator_id", "operator_name"))

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="windows", verbose_name=_("服务场所"))
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="windows", verbose_name=_("大厅分区"))
    number = models.PositiveSmallIntegerField(_("窗口号"))
    name = models.CharField(_("名称"), max_length=40)
    planned = models.BooleanField(_("工作时间应开放"), default=True)
    active = models.BooleanField(_("启用"), default=True)
    opened_at = models.DateTimeField(_("开放时间"), null=True)
    operator_id = models.UUIDField(_("操作人标识"), null=True)
    operator_name = models.CharField(_("操作人"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("服务窗口")
        constraints = [
            models.UniqueConstraint(fields=["place", "number"], name="service_centre_window_number_once"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(operator_id__isnull=False),
                name="service_centre_window_operator",
            ),
        ]


class WindowService(Row):
    """What a window is named for: an item by its code, or a unit by its identifier; a window without any is for all.

    Personal data: none.
    """

    window = models.ForeignKey(Window, on_delete=models.CASCADE, related_name="services", verbose_name=_("服务窗口"))
    kind = models.CharField(_("类别"), max_length=4, choices=ServiceKind)
    code = models.CharField(_("事项编码或部门标识"), max_length=64)
    label = models.CharField(_("名称"), max_length=200)

    class Meta:
        verbose_name = _("窗口服务事项")
        constraints = [
            models.UniqueConstraint(fields=["window", "kind", "code"], name="service_centre_window_service_once")
        ]


class Closure(Row):
    """Days, or hours of a day, on which a place is closed besides the statutory calendar.

    Personal data: none.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="closures", verbose_name=_("服务场所"))
    first_day = models.DateField(_("第一天"))
    last_day = models.DateField(_("最后一天"))
    from_time = models.TimeField(_("开始时间"), null=True)
    until_time = models.TimeField(_("结束时间"), null=True)
    reason = models.CharField(_("原因"), max_length=200)
    ended_at = models.DateTimeField(_("撤销时间"), null=True)

    class Meta:
        verbose_name = _("停开安排")
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="service_centre_closure_days"),
            models.CheckConstraint(
                condition=Q(from_time__isnull=True, until_time__isnull=True) | Q(until_time__gt=F("from_time")),
                name="service_centre_closure_hours",
            ),
        ]
        indexes = [models.Index(fields=["place", "last_day"], name="service_centre_closure_place")]
