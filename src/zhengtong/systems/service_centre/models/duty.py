"""Who works in a hall, who sits where in which half-day, and what people on the roster ask for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.service_centre.constants import ROSTER, Half, RequestKind, RequestState
from zhengtong.systems.service_centre.models.places import Place, Window


class Attendant(Row):
    """A member of staff whose unit has sent him to a hall; only attendants are put on its roster.

    Personal data: identifier and name of a member of staff, kept while he works in the hall and two years after.
    """

    PERSONAL_DATA = personal(of_official("person_id", "person_name", activity=ROSTER))

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="attendants", verbose_name=_("服务场所"))
    person_id = models.UUIDField(_("人员标识"))
    person_name = models.CharField(_("姓名"), max_length=60)
    org_name = models.CharField(_("派出单位"), max_length=120)
    active = models.BooleanField(_("在岗"), default=True)

    class Meta:
        verbose_name = _("进驻人员")
        constraints = [models.UniqueConstraint(fields=["place", "person_id"], name="service_centre_attendant_once")]


class Duty(Row):
    """Somebody sits at a window for a half-day.

    Personal data: identifier and name of a member of staff, kept two years.
    """

    PERSONAL_DATA = personal(of_official("person_id", "person_name", activity=ROSTER))

    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="duties", verbose_name=_("服务窗口"))
    day = models.DateField(_("日期"))
    half = models.CharField(_("半天"), max_length=2, choices=Half)
    person_id = models.UUIDField(_("人员标识"))
    person_name = models.CharField(_("姓名"), max_length=60)

    class Meta:
        verbose_name = _("值班安排")
        constraints = [
            models.UniqueConstraint(fields=["window", "day", "half"], name="service_centre_duty_window_once"),
            # checked at the end of the transaction, so that two people can exchange
            models.UniqueConstraint(
                fields=["tenant", "person_id", "day", "half"],
                name="service_centre_duty_person_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]
        indexes = [models.Index(fields=["tenant", "day"], name="service_centre_duty_day")]


class DutyRequest(Row):
    """Leave or an exchange somebody on the roster asks for, and what the manager of the hall decided.

    Personal data: identifiers and names of members of staff and the reason, kept two years.
    """

    PERSONAL_DATA = personal(of_official("person_id", "person_name", "reason", "decided_by", activity=ROSTER))

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", verbose_name=_("服务场所"))
    kind = models.CharField(_("类别"), max_length=5, choices=RequestKind)
    duty = models.ForeignKey(Duty, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("值班安排"))
    other_duty = models.ForeignKey(
        Duty, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("对方的值班安排")
    )
    summary = models.CharField(_("内容"), max_length=200)
    person_id = models.UUIDField(_("申请人标识"))
    person_name = models.CharField(_("申请人"), max_length=60)
    reason = models.CharField(_("理由"), max_length=200)
    state = models.CharField(_("状态"), max_length=9, choices=RequestState, default=RequestState.ASKED)
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    decided_by = models.CharField(_("决定人"), max_length=60, blank=True)
    answer = models.CharField(_("答复"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("值班申请")
        constraints = [
            models.UniqueConstraint(
                fields=["duty"], condition=Q(state="asked"), name="service_centre_request_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="asked") | Q(decided_at__isnull=False), name="service_centre_request_decided"
            ),
        ]
        indexes = [models.Index(fields=["place", "state"], name="service_centre_request_place")]
