"""Tenants, organisations as a tree, posts with their roles, and who holds a post when."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.identity.constants import PERSONAL_ROLES, OrganisationStatus, Role, Scope
from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row


class Tenant(Row):
    """租户：一个县或市；所有业务行都写明属于哪个租户。

    Personal data: none.
    """

    code = models.CharField(_("行政区划代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    province = models.CharField(_("省"), max_length=50, blank=True, default="")
    city = models.CharField(_("市"), max_length=50, blank=True, default="")
    calendar_key = models.CharField(_("基准日历"), max_length=40, default="cn")

    class Meta:
        verbose_name = _("租户")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(tenant=F("code")), name="identity_tenant_is_its_own")
        ]

    def __str__(self) -> str:
        return self.name


class Organisation(Row):
    """机构：按上级关系成树，``path`` 如 ``/C01/G22/``，按前缀取一个机构及其下级。

    Personal data: none.
    """

    code = models.CharField(_("机构代码"), max_length=20)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, default="")
    name = models.CharField(_("名称"), max_length=100)
    short_name = models.CharField(_("简称"), max_length=50, blank=True, default="")
    aliases = models.JSONField(_("其他名称"), default=list, blank=True)
    kind = models.CharField(_("类别"), max_length=40, blank=True, default="")
    level = models.CharField(_("层级"), max_length=20, blank=True, default="")
    parent = models.ForeignKey(
        "self", verbose_name=_("上级机构"), on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(_("路径"), max_length=200)
    division_code = models.CharField(_("区划代码"), max_length=12, blank=True, default="")
    doc_mark = models.CharField(_("发文机关代字"), max_length=20, blank=True, default="")
    funded = models.BooleanField(_("财政供养"), default=False)
    status = models.CharField(
        _("状态"), max_length=10, choices=OrganisationStatus.choices, default=OrganisationStatus.ACTIVE
    )
    successor = models.ForeignKey(
        "self", verbose_name=_("承继机构"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("机构")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "code"], name="identity_organisation_code_once"),
            models.UniqueConstraint(fields=["tenant", "path"], name="identity_organisation_path_once"),
            models.UniqueConstraint(
                fields=["tenant", "uscc"], condition=~Q(uscc=""), name="identity_organisation_uscc_once"
            ),
            models.CheckConstraint(condition=Q(path__regex=r"^/([^/]+/)+$"), name="identity_organisation_path_form"),
            models.CheckConstraint(
                condition=Q(status__in=OrganisationStatus.values), name="identity_organisation_words"
            ),
        ]
        indexes: ClassVar = [
            models.Index("tenant", OpClass("path", name="text_pattern_ops"), name="identity_organisation_path")
        ]

    def __str__(self) -> str:
        return self.name


class Post(Row):
    """岗位：权限跟岗位走，不跟人走。

    Personal data: none.
    """

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("机构"), on_delete=models.PROTECT, related_name="posts"
    )
    title = models.CharField(_("岗位名称"), max_length=50)
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("岗位")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "title"], name="identity_post_title_once")
        ]

    def __str__(self) -> str:
        return self.title


class PostRole(Row):
    """岗位角色：担任这个岗位的人可以做什么、管多大范围（空着取角色的默认范围）；三员互斥由数据库触发器把关。

    Personal data: none.
    """

    post = models.ForeignKey(Post, verbose_name=_("岗位"), on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    scope = models.CharField(_("数据范围"), max_length=10, choices=Scope.choices, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("岗位角色")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "role"], name="identity_post_role_once"),
            models.CheckConstraint(
                condition=Q(role__in=sorted(set(Role.values) - PERSONAL_ROLES)), name="identity_post_role_words"
            ),
            models.CheckConstraint(condition=Q(scope__in=["", *Scope.values]), name="identity_post_role_scope"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "role"], name="identity_post_role_role")]

    def __str__(self) -> str:
        return self.role


class Appointment(Row):
    """任职：某人在一段时间内担任某岗位；同一人在同一岗位的任期不重叠，三员互斥由数据库触发器把关。

    Personal data: link between a person and a post; kept as evidence as long as the ledger.
    """

    PERSONAL_DATA = personal(of_official("person"))

    person = models.ForeignKey(
        "identity.Person", verbose_name=_("人员"), on_delete=models.PROTECT, related_name="appointments"
    )
    post = models.ForeignKey(Post, verbose_name=_("岗位"), on_delete=models.PROTECT, related_name="appointments")
    valid_from = models.DateField(_("起始日期"))
    valid_until = models.DateField(_("截止日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("任职")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="identity_appointment_period",
            ),
            ExclusionConstraint(
                name="identity_appointment_no_overlap",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("post", RangeOperators.EQUAL),
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
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["post", "valid_from"], name="identity_appointment_post")]

    def __str__(self) -> str:
        return f"{self.person_id}:{self.post_id}"
