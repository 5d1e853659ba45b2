"""Delegation: somebody acts in another official's post for a time."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.identity.rules import NOT_DELEGABLE
from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row


class Delegation(Row):
    """委托代理：委托人把本人岗位的部分角色在一段时间内交给受托人；受托人不得再转委托。

    Personal data: link between two officials and a post; kept as evidence as long as the ledger.
    """

    PERSONAL_DATA = personal(of_official("delegator", "delegate", "revoked_by"))

    delegator = models.ForeignKey(
        "identity.Person", verbose_name=_("委托人"), on_delete=models.PROTECT, related_name="delegations_given"
    )
    post = models.ForeignKey(
        "identity.Post", verbose_name=_("岗位"), on_delete=models.PROTECT, related_name="delegations"
    )
    delegate = models.ForeignKey(
        "identity.Person", verbose_name=_("受托人"), on_delete=models.PROTECT, related_name="delegations_received"
    )
    roles = ArrayField(models.CharField(max_length=20), verbose_name=_("角色"))
    item_codes = ArrayField(
        models.CharField(max_length=50), verbose_name=_("事项范围"), default=list, blank=True, db_default=[]
    )
    valid_from = models.DateField(_("起始日期"))
    valid_until = models.DateField(_("截止日期"))
    reason = models.CharField(_("理由"), max_length=300)
    revoked_at = models.DateTimeField(_("收回时间"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        "identity.Person", verbose_name=_("收回人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("委托代理")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="identity_delegation_period"),
            models.CheckConstraint(condition=~Q(delegate=F("delegator")), name="identity_delegation_two_persons"),
            models.CheckConstraint(condition=Q(roles__len__gt=0), name="identity_delegation_some_role"),
            models.CheckConstraint(
                condition=~Q(roles__overlap=sorted(NOT_DELEGABLE)), name="identity_delegation_words"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=False) | Q(revoked_by__isnull=True), name="identity_delegation_revoked"
            ),
            ExclusionConstraint(
                name="identity_delegation_no_overlap",
                expressions=[
                    ("delegator", RangeOperators.EQUAL),
                    ("post", RangeOperators.EQUAL),
                    ("delegate", RangeOperators.EQUAL),
                    (
                        Func(
                            "valid_from",
                            "valid_until",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(revoked_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["delegate", "valid_until"], name="identity_delegation_delegate"),
        ]

    def __str__(self) -> str:
        return f"{self.delegator_id}:{self.delegate_id}"
