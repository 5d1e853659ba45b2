"""The history of organisations."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.identity.constants import OrganisationChangeKind
from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row


class OrganisationChange(Row):
    """机构沿革：设立、更名、调整隶属、并入、撤销，各有生效日期和批文文号；只增不改。

    Personal data: who recorded it (an official); kept as long as the organisation's files.
    """

    PERSONAL_DATA = personal(of_official("recorded_by"))

    organisation = models.ForeignKey(
        "identity.Organisation", verbose_name=_("机构"), on_delete=models.PROTECT, related_name="changes"
    )
    kind = models.CharField(_("变更"), max_length=10, choices=OrganisationChangeKind.choices)
    effective_on = models.DateField(_("生效日期"))
    document_number = models.CharField(_("批文文号"), max_length=60, blank=True, default="")
    reason = models.CharField(_("说明"), max_length=300, blank=True, default="")
    name_before = models.CharField(_("原名称"), max_length=100, blank=True, default="")
    name_after = models.CharField(_("新名称"), max_length=100, blank=True, default="")
    path_before = models.CharField(_("原路径"), max_length=200, blank=True, default="")
    path_after = models.CharField(_("新路径"), max_length=200, blank=True, default="")
    other = models.ForeignKey(
        "identity.Organisation",
        verbose_name=_("相关机构"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    recorded_by = models.ForeignKey(
        "identity.Person", verbose_name=_("登记人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("机构沿革")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=OrganisationChangeKind.values), name="identity_organisation_change_words"
            ),
            models.CheckConstraint(
                condition=Q(other__isnull=True) | ~Q(other=F("organisation")),
                name="identity_organisation_change_other",
            ),
            models.CheckConstraint(
                condition=~Q(kind=OrganisationChangeKind.MERGED) | Q(other__isnull=False),
                name="identity_organisation_change_heir",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "effective_on"], name="identity_organisation_changes")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}:{self.kind}"
