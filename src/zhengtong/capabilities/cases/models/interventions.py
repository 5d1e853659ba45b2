"""What a process administrator asks for, and the second person's answer."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.cases.constants import InterventionKind, InterventionState
from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row


class Intervention(Row):
    """A jump, a reassignment or a migration, done only when a second person approves.

    Personal data: ids and names of the two officials, kept with the case.
    """

    PERSONAL_DATA = personal(
        of_official("requested_by", "requested_by_id", "requested_for_id", "decided_by", "decided_by_id")
    )

    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, related_name="interventions", null=True, verbose_name=_("办件")
    )
    kind = models.CharField(_("方式"), max_length=12, choices=InterventionKind)
    detail = models.JSONField(_("内容"))
    summary = models.CharField(_("内容说明"), max_length=300)
    reason = models.TextField(_("理由"))
    state = models.CharField(_("状态"), max_length=10, choices=InterventionState, default=InterventionState.PENDING)
    requested_by = models.CharField(_("申请人员"), max_length=60)
    requested_by_id = models.UUIDField(_("申请人员标识"))
    requested_for_id = models.UUIDField(_("所代的人标识"), null=True)
    decided_by = models.CharField(_("批准人员"), max_length=60, blank=True)
    decided_by_id = models.UUIDField(_("批准人员标识"), null=True)
    decided_at = models.DateTimeField(_("批准时间"), null=True)
    note = models.TextField(_("批准意见"), blank=True)
    outcome = models.JSONField(_("执行结果"), default=dict)

    class Meta:
        verbose_name = _("流程干预")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="pending"), name="cases_intervention_one_pending"
            ),
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True) | ~Q(decided_by_id=F("requested_by_id")),
                name="cases_intervention_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", decided_at__isnull=True)
                | Q(state="taken_back", decided_at__isnull=False)
                | Q(state__in=["done", "refused"], decided_at__isnull=False, decided_by_id__isnull=False),
                name="cases_intervention_decided",
            ),
            models.CheckConstraint(
                condition=Q(kind="migrate_all", case__isnull=True) | (~Q(kind="migrate_all") & Q(case__isnull=False)),
                name="cases_intervention_has_case",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "state", "created_at"], name="cases_intervention_state")]
