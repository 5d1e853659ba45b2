"""Tables of the administrators: history of organisations, delegations, requests for rights."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0008_sign_in_words_checked"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=zhengtong.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="标识",
                    ),
                ),
                ("tenant", zhengtong.kernel.fields.TenantField(max_length=12, verbose_name="租户")),
                (
                    "created_at",
                    models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name="创建时间"),
                ),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None, verbose_name="角色"
                    ),
                ),
                (
                    "item_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50),
                        blank=True,
                        db_default=[],
                        default=list,
                        size=None,
                        verbose_name="事项范围",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="起始日期")),
                ("valid_until", models.DateField(verbose_name="截止日期")),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="收回时间")),
                (
                    "delegate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_received",
                        to="identity.person",
                        verbose_name="受托人",
                    ),
                ),
                (
                    "delegator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_given",
                        to="identity.person",
                        verbose_name="委托人",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to="identity.post",
                        verbose_name="岗位",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.person",
                        verbose_name="收回人",
                    ),
                ),
            ],
            options={
                "verbose_name": "委托代理",
            },
        ),
        migrations.CreateModel(
            name="OrganisationChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=zhengtong.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="标识",
                    ),
                ),
                ("tenant", zhengtong.kernel.fields.TenantField(max_length=12, verbose_name="租户")),
                (
                    "created_at",
                    models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name="创建时间"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("founded", "设立"),
                            ("renamed", "更名"),
                            ("moved", "调整隶属关系"),
                            ("merged", "并入"),
                            ("abolished", "撤销"),
                        ],
                        max_length=10,
                        verbose_name="变更",
                    ),
                ),
                ("effective_on", models.DateField(verbose_name="生效日期")),
                ("document_number", models.CharField(blank=True, default="", max_length=60, verbose_name="批文文号")),
                ("reason", models.CharField(blank=True, default="", max_length=300, verbose_name="说明")),
                ("name_before", models.CharField(blank=True, default="", max_length=100, verbose_name="原名称")),
                ("name_after", models.CharField(blank=True, default="", max_length=100, verbose_name="新名称")),
                ("path_before", models.CharField(blank=True, default="", max_length=200, verbose_name="原路径")),
                ("path_after", models.CharField(blank=True, default="", max_length=200, verbose_name="新路径")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="identity.organisation",
                        verbose_name="机构",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                        verbose_name="相关机构",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.person",
                        verbose_name="登记人",
                    ),
                ),
            ],
            options={
                "verbose_name": "机构沿革",
            },
        ),
        migrations.CreateModel(
            name="RoleRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=zhengtong.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="标识",
                    ),
                ),
                ("tenant", zhengtong.kernel.fields.TenantField(max_length=12, verbose_name="租户")),
                (
                    "created_at",
                    models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name="创建时间"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("appoint", "任职"), ("grant", "授予角色"), ("revoke", "收回角色")],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("citizen", "个人"),
                            ("agent", "法人代理人"),
                            ("clerk", "经办人"),
                            ("reviewer", "审查人"),
                            ("leader", "审批负责人"),
                            ("supervisor", "监察员"),
                            ("sys_admin", "系统管理员"),
                            ("sec_admin", "安全管理员"),
                            ("audit_admin", "审计管理员"),
                            ("process_admin", "流程管理员"),
                            ("host_operator", "主机操作员"),
                            ("network_operator", "网络操作员"),
                            ("database_operator", "数据库操作员"),
                            ("application_operator", "应用操作员"),
                            ("security_operator", "安全操作员"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="角色",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("own", "本人经办"),
                            ("unit", "本单位"),
                            ("subtree", "本单位及下级"),
                            ("county", "全县"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="数据范围",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="起始日期")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="截止日期")),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "待审批"),
                            ("approved", "已批准"),
                            ("refused", "未批准"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审批时间")),
                ("answer", models.CharField(blank=True, default="", max_length=300, verbose_name="审批意见")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.person",
                        verbose_name="审批人",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.person",
                        verbose_name="人员",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="identity.post",
                        verbose_name="岗位",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.person",
                        verbose_name="申请人",
                    ),
                ),
            ],
            options={
                "verbose_name": "权限申请",
            },
        ),
        migrations.AddIndex(
            model_name="delegation",
            index=models.Index(fields=["delegate", "valid_until"], name="identity_delegation_delegate"),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__gt", models.F("valid_from"))), name="identity_delegation_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("delegate", models.F("delegator")), _negated=True),
                name="identity_delegation_two_persons",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("roles__len__gt", 0)), name="identity_delegation_some_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "roles__overlap",
                        [
                            "agent",
                            "application_operator",
                            "audit_admin",
                            "citizen",
                            "database_operator",
                            "host_operator",
                            "network_operator",
                            "process_admin",
                            "sec_admin",
                            "security_operator",
                            "sys_admin",
                        ],
                    ),
                    _negated=True,
                ),
                name="identity_delegation_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", True), _connector="OR"),
                name="identity_delegation_revoked",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("revoked_at__isnull", True)),
                expressions=[
                    ("delegator", "="),
                    ("post", "="),
                    ("delegate", "="),
                    (
                        models.Func(
                            "valid_from",
                            "valid_until",
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_lower=True, inclusive_upper=True
                            ),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="identity_delegation_no_overlap",
            ),
        ),
        migrations.AddIndex(
            model_name="organisationchange",
            index=models.Index(fields=["organisation", "effective_on"], name="identity_organisation_changes"),
        ),
        migrations.AddConstraint(
            model_name="organisationchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["founded", "renamed", "moved", "merged", "abolished"])),
                name="identity_organisation_change_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisationchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("other__isnull", True),
                    models.Q(("other", models.F("organisation")), _negated=True),
                    _connector="OR",
                ),
                name="identity_organisation_change_other",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisationchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "merged"), _negated=True), ("other__isnull", False), _connector="OR"
                ),
                name="identity_organisation_change_heir",
            ),
        ),
        migrations.AddIndex(
            model_name="rolerequest",
            index=models.Index(fields=["tenant", "state", "-created_at"], name="identity_role_request_state"),
        ),
        migrations.AddConstraint(
            model_name="rolerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "appoint"), ("person__isnull", False), ("role", ""), ("valid_from__isnull", False)
                    ),
                    models.Q(
                        ("kind__in", ["grant", "revoke"]),
                        ("person__isnull", True),
                        models.Q(("role", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="identity_role_request_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "pending")),
                    models.Q(("decided_at__isnull", False), ("state", "withdrawn")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state__in", ["approved", "refused"]),
                    ),
                    _connector="OR",
                ),
                name="identity_role_request_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "withdrawn"),
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("requested_by")), _negated=True),
                    _connector="OR",
                ),
                name="identity_role_request_two_persons",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolerequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("person__isnull", True), ("state", "pending")),
                fields=("post", "kind", "role"),
                name="identity_role_request_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolerequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("person__isnull", False), ("state", "pending")),
                fields=("post", "person"),
                name="identity_role_request_person",
            ),
        ),
    ]
