"""Persons for whom others act, and persons who turned out to be one."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.identity.constants import EVIDENCE, RELATIONS, Assurance, GuardianshipEvidence, MergeState
from zhengtong.kernel.inventory import Category, of_citizen, of_official, personal
from zhengtong.kernel.models import Row


class Guardianship(Row):
    """监护：监护人以被监护人名义办事；未成年人的到其十八周岁生日前一天为止（民法典第十七条、第二十七条）。

    Nothing is done under it before an official has verified it, nor while the ward contests it.

    Personal data: family relation of two persons, one of them often a child (sensitive); kept as long as the cases
    it was used for.
    """

    PERSONAL_DATA = personal(
        of_citizen(
            "guardian",
            "ward",
            "evidence_number",
            "contested_reason",
            "ended_reason",
            activity=RELATIONS,
            category=Category.MINOR,
        ),
        of_official("decided_by"),
    )

    guardian = models.ForeignKey(
        "identity.Person", verbose_name=_("监护人"), on_delete=models.PROTECT, related_name="wards"
    )
    ward = models.ForeignKey(
        "identity.Person", verbose_name=_("被监护人"), on_delete=models.PROTECT, related_name="guardians"
    )
    evidence = models.CharField(_("证明材料"), max_length=20, choices=GuardianshipEvidence.choices)
    evidence_number = models.CharField(_("材料编号"), max_length=60, blank=True, default="")
    valid_from = models.DateField(_("起始日期"))
    valid_until = models.DateField(_("截止日期"))
    assurance = models.CharField(_("核验程度"), max_length=10, choices=Assurance.choices, default=Assurance.DECLARED)
    decided_by = models.ForeignKey(
        "identity.Person",
        verbose_name=_("核验人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # nobody asks what an official has decided
        related_name="+",
    )
    decided_at = models.DateTimeField(_("核验时间"), null=True, blank=True)
    contested_at = models.DateTimeField(_("异议时间"), null=True, blank=True)
    contested_reason = models.CharField(_("异议理由"), max_length=300, blank=True, default="", db_default="")
    refused = models.BooleanField(_("核验未通过"), default=False, db_default=False)
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)
    ended_reason = models.CharField(_("终止原因"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("监护关系")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(evidence__in=GuardianshipEvidence.values) & Q(assurance__in=Assurance.values),
                name="identity_guardianship_words",
            ),
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="identity_guardianship_period"),
            models.CheckConstraint(condition=~Q(guardian=F("ward")), name="identity_guardianship_two_persons"),
            models.CheckConstraint(
                condition=Q(refused=False) | (Q(ended_at__isnull=False) & ~Q(ended_reason="")),
                name="identity_guardianship_refused",
            ),
            models.CheckConstraint(
                condition=Q(contested_at__isnull=True) | ~Q(contested_reason=""),
                name="identity_guardianship_contested",
            ),
            models.UniqueConstraint(
                fields=["guardian", "ward"], condition=Q(ended_at__isnull=True), name="identity_guardianship_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["ward"], name="identity_guardianship_ward")]

    def __str__(self) -> str:
        return f"{self.guardian_id}:{self.ward_id}"


class PersonMerge(Row):
    """重复账户合并：证明两个账户属于同一人后保留一个，另一个指向它；若干天内可以撤销。

    Personal data: that two records belong to one person, who proved it how; kept as evidence as long as the ledger.
    """

    PERSONAL_DATA = personal(
        of_citizen("kept", "merged", "evidence", activity=EVIDENCE),
        of_official("requested_by", "confirmed_by"),
    )

    kept = models.ForeignKey("identity.Person", verbose_name=_("保留"), on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey("identity.Person", verbose_name=_("并入"), on_delete=models.PROTECT, related_name="+")
    evidence = models.CharField(_("依据"), max_length=300)
    state = models.CharField(_("状态"), max_length=10, choices=MergeState.choices, default=MergeState.PENDING)
    requested_by = models.ForeignKey(
        "identity.Person", verbose_name=_("申请人"), on_delete=models.PROTECT, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        "identity.Person", verbose_name=_("确认人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(_("合并时间"), null=True, blank=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    account_was_active = models.BooleanField(_("并入账户原为启用"), default=False)

    class Meta:
        verbose_name = _("重复账户合并")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="identity_merge_two_records"),
            models.CheckConstraint(condition=Q(state__in=MergeState.values), name="identity_merge_words"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("requested_by")),
                name="identity_merge_two_persons",
            ),
            models.UniqueConstraint(
                fields=["merged"],
                condition=Q(state__in=[MergeState.PENDING, MergeState.DONE]),
                name="identity_merge_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id}→{self.kept_id}"
