"""Tenants, organisations, posts and appointments."""

import django.db.models.deletion
from django.db import migrations, models

import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids


class Migration(migrations.Migration):
    """The tree of organisations and who holds which post."""

    dependencies = [("identity", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Organisation",
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
                ("code", models.CharField(max_length=20, verbose_name="机构代码")),
                ("uscc", models.CharField(blank=True, default="", max_length=18, verbose_name="统一社会信用代码")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("short_name", models.CharField(blank=True, default="", max_length=50, verbose_name="简称")),
                ("aliases", models.JSONField(blank=True, default=list, verbose_name="其他名称")),
                ("kind", models.CharField(blank=True, default="", max_length=40, verbose_name="类别")),
                ("level", models.CharField(blank=True, default="", max_length=20, verbose_name="层级")),
                ("path", models.CharField(max_length=200, verbose_name="路径")),
                ("division_code", models.CharField(blank=True, default="", max_length=12, verbose_name="区划代码")),
                ("doc_mark", models.CharField(blank=True, default="", max_length=20, verbose_name="发文机关代字")),
                ("funded", models.BooleanField(default=False, verbose_name="财政供养")),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "在用"), ("abolished", "撤销")],
                        default="active",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="identity.organisation",
                        verbose_name="上级机构",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                        verbose_name="承继机构",
                    ),
                ),
            ],
            options={"verbose_name": "机构"},
        ),
        migrations.CreateModel(
            name="Post",
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
                ("title", models.CharField(max_length=50, verbose_name="岗位名称")),
                ("active", models.BooleanField(default=True, verbose_name="启用")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="identity.organisation",
                        verbose_name="机构",
                    ),
                ),
            ],
            options={"verbose_name": "岗位"},
        ),
        migrations.CreateModel(
            name="Appointment",
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
                ("valid_from", models.DateField(verbose_name="起始日期")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="截止日期")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="identity.person",
                        verbose_name="人员",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="identity.post",
                        verbose_name="岗位",
                    ),
                ),
            ],
            options={"verbose_name": "任职"},
        ),
        migrations.CreateModel(
            name="PostRole",
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
                    "role",
                    models.CharField(
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
                        ],
                        max_length=20,
                        verbose_name="角色",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roles",
                        to="identity.post",
                        verbose_name="岗位",
                    ),
                ),
            ],
            options={"verbose_name": "岗位角色"},
        ),
        migrations.CreateModel(
            name="Tenant",
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
                ("code", models.CharField(max_length=12, unique=True, verbose_name="行政区划代码")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("province", models.CharField(blank=True, default="", max_length=50, verbose_name="省")),
                ("city", models.CharField(blank=True, default="", max_length=50, verbose_name="市")),
                ("calendar_key", models.CharField(default="cn", max_length=40, verbose_name="基准日历")),
            ],
            options={
                "verbose_name": "租户",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tenant", models.F("code"))), name="identity_tenant_is_its_own"
                    )
                ],
            },
        ),
    ]
