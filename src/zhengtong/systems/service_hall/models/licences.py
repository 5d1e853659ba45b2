"""What the authority does to licences it issued, and which reminders went out before they end."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import CASE_FILE, of_citizen, of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.service_hall.constants import MeasureKind, MeasureState


class LicenceMeasure(Row):
    """证照处置：签发单位撤销、注销、记载吊销或者更正一份证照，由经办人提出、另一位负责人决定。

    ``corrected`` are registered facts by their label with the right value; ``hear_until`` is the last day on which
    the holder may state his case before a revocation, ``statement`` what he said.

    Personal data: the reason and the statement may name people; kept as long as the licence.
    """

    PERSONAL_DATA = personal(
        of_official("proposed_by_id", "proposed_by", "proposed_for_id", "decided_by_id", "decided_by"),
        of_citizen("reason", "statement", activity=CASE_FILE),
    )

    kind = models.CharField(_("处置"), max_length=8, choices=MeasureKind)
    state = models.CharField(_("状态"), max_length=9, choices=MeasureState, default=MeasureState.PROPOSED)
    document_id = models.UUIDField(_("证照标识"))
    licence_title = models.CharField(_("证照名称"), max_length=200)
    licence_number = models.CharField(_("证照编号"), max_length=120)
    item_code = models.CharField(_("事项编码"), max_length=64, blank=True)
    org_id = models.UUIDField(_("签发单位标识"))
    org_name = models.CharField(_("签发单位"), max_length=200)
    ground = models.CharField(_("情形"), max_length=20)
    reason = models.CharField(_("事实和理由"), max_length=2000)
    relief = models.CharField(_("合法权益的处理"), max_length=1000, blank=True)
    document_no = models.CharField(_("处罚决定书文号"), max_length=120, blank=True)
    corrected = models.JSONField(_("更正内容"), default=dict)
    proposed_by_id = models.UUIDField(_("提出人标识"), null=True)
    proposed_by = models.CharField(_("提出人"), max_length=60)
    proposed_for_id = models.UUIDField(_("所代的人标识"), null=True)
    hear_until = models.DateField(_("陈述申辩截止"), null=True)
    statement = models.CharField(_("持有人陈述申辩"), max_length=2000, blank=True)
    stated_at = models.DateTimeField(_("陈述时间"), null=True)
    decided_by_id = models.UUIDField(_("决定人标识"), null=True)
    decided_by = models.CharField(_("决定人"), max_length=60, blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    note = models.CharField(_("决定意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("证照处置")
        constraints = [
            models.UniqueConstraint(
                fields=["document_id"],
                condition=Q(state=MeasureState.PROPOSED),
                name="service_hall_one_measure_waits",
            ),
            models.CheckConstraint(
                condition=Q(state=MeasureState.PROPOSED, decided_at__isnull=True)
                | (~Q(state=MeasureState.PROPOSED) & Q(decided_at__isnull=False)),
                name="service_hall_measure_decided",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by_id__isnull=True)
                | Q(decided_by_id__isnull=True)
                | Q(state=MeasureState.DROPPED)
                | ~Q(proposed_by_id=models.F("decided_by_id")),
                name="service_hall_measure_two_persons",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "org_id", "state", "-created_at"], name="service_hall_measures_of"),
            models.Index(fields=["document_id"], name="service_hall_measure_licence"),
        ]


class LicenceReminder(Row):
    """到期提醒：一份证照到期以前、过期以后各提醒过哪一次；``stage`` 是到期以前的天数，-1 是过期以后。

    Personal data: none.
    """

    document_id = models.UUIDField(_("证照标识"))
    stage = models.SmallIntegerField(_("到期以前的天数"))

    class Meta:
        verbose_name = _("到期提醒")
        constraints = [
            models.UniqueConstraint(fields=["document_id", "stage"], name="service_hall_reminded_once"),
        ]
