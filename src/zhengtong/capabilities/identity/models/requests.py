"""Rights are asked for by one administrator and given by another."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.identity.constants import RequestKind, RequestState, Role, Scope
from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row


class RoleRequest(Row):
    """权限申请：系统管理员申请任职、授予或收回角色、停用管理员账户，安全管理员审批后生效，审计管理员可查。

    Personal data: link between a person and a post; kept as evidence as long as the ledger.
    """

    PERSONAL_DATA = personal(of_official("person", "requested_by", "decided_by"))

    kind = models.CharField(_("类别"), max_length=10, choices=RequestKind.choices)
    post = models.ForeignKey("identity.Post", verbose_name=_("岗位"), on_delete=models.PROTECT, related_name="requests")
    person = models.ForeignKey(
        "identity.Person", verbose_name=_("人员"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices, blank=True, default="")
    scope = models.CharField(_("数据范围"), max_length=10, choices=Scope.choices, blank=True, default="")
    valid_from = models.DateField(_("起始日期"), null=True, blank=True)
    valid_until = models.DateField(_("截止日期"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=300)
    state = models.CharField(_("状态"), max_length=10, choices=RequestState.choices, default=RequestState.PENDING)
    requested_by = models.ForeignKey(
        "identity.Person", verbose_name=_("申请人"), on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(
        "identity.Person", verbose_name=_("审批人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    answer = models.CharField(_("审批意见"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("权限申请")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind=RequestKind.APPOINT, person__isnull=False, valid_from__isnull=False, role="")
                | Q(kind=RequestKind.DISABLE, person__isnull=False, role="")
                | (Q(kind__in=[RequestKind.GRANT, RequestKind.REVOKE], person__isnull=True) & ~Q(role="")),
                name="identity_role_request_form",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.PENDING, decided_at__isnull=True, decided_by__isnull=True)
                | Q(state=RequestState.WITHDRAWN, decided_at__isnull=False)
                | Q(
                    state__in=[RequestState.APPROVED, RequestState.REFUSED],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="identity_role_request_decided",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.WITHDRAWN)
                | Q(decided_by__isnull=True)
                | ~Q(decided_by=F("requested_by")),
                name="identity_role_request_two_persons",
            ),
            models.UniqueConstraint(
                fields=["post", "kind", "role"],
                condition=Q(state=RequestState.PENDING, person__isnull=True),
                name="identity_role_request_once",
            ),
            models.UniqueConstraint(
                fields=["post", "person"],
                condition=Q(state=RequestState.PENDING, person__isnull=False),
                name="identity_role_request_person",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "state", "-created_at"], name="identity_role_request_state")
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.post_id}"
