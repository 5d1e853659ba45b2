"""Notices, reports, measures, evidence."""

import django.db.models.deletion
import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspections", "0002_visits")]

    operations = [
        migrations.CreateModel(
            name="Rectification",
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
                    "visit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rectification",
                        to="inspections.visit",
                        verbose_name="督查检查",
                    ),
                ),
                ("number", models.CharField(max_length=80, verbose_name="文号")),
                ("document_id", models.UUIDField(verbose_name="文书标识")),
                ("demand", models.TextField(verbose_name="整改要求")),
                ("issued_at", models.DateTimeField(verbose_name="发出时间")),
                ("issued_by", models.CharField(max_length=60, verbose_name="发出人")),
                ("acknowledged_at", models.DateTimeField(null=True, verbose_name="签收时间")),
                ("acknowledged_by", models.CharField(blank=True, default="", max_length=60, verbose_name="签收人")),
                ("turn", models.PositiveSmallIntegerField(default=1, verbose_name="整改次数")),
                ("stage", models.CharField(max_length=8, verbose_name="计时环节")),
                ("amount", models.PositiveSmallIntegerField(verbose_name="期限")),
                ("unit", models.CharField(max_length=6, verbose_name="期限单位")),
                ("started_on", models.DateField(verbose_name="起算日")),
                ("due_on", models.DateField(verbose_name="截止日")),
                ("due_at", models.DateTimeField(verbose_name="截止时刻")),
                ("yellow_at", models.DateTimeField(null=True, verbose_name="预警时刻")),
                ("next_at", models.DateTimeField(null=True, verbose_name="下次变灯时刻")),
                ("level", models.CharField(blank=True, default="", max_length=8, verbose_name="已亮灯")),
                ("projected_on", models.DateField(verbose_name="推算日")),
                ("running", models.BooleanField(default=True, verbose_name="计时中")),
                ("kept", models.BooleanField(default=True, verbose_name="按期")),
            ],
            options={
                "verbose_name": "督查整改通知",
                "indexes": [
                    models.Index(condition=models.Q(("running", True)), fields=["next_at"], name="inspections_next"),
                    models.Index(
                        condition=models.Q(("running", True)), fields=["projected_on"], name="inspections_project"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("turn__gt", 0)), name="inspections_rectification_turn"),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("started_on"))),
                        name="inspections_rectification_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ("rectify", "review"))), name="inspections_rectification_stage"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RectificationReport",
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
                    "rectification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="inspections.rectification",
                        verbose_name="督查整改通知",
                    ),
                ),
                ("turn", models.PositiveSmallIntegerField(verbose_name="整改次数")),
                ("text", models.TextField(blank=True, default="", verbose_name="总体情况")),
                ("by_id", models.UUIDField(verbose_name="报送人标识")),
                ("by_name", models.CharField(max_length=60, verbose_name="报送人")),
                ("in_time", models.BooleanField(verbose_name="按期")),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("passed", "整改到位"), ("again", "继续整改"), ("referred", "移交电子监察")],
                        default="",
                        max_length=10,
                        verbose_name="复查结论",
                    ),
                ),
                ("opinion", models.TextField(blank=True, default="", verbose_name="复查意见")),
                ("reviewed_by_id", models.UUIDField(null=True, verbose_name="复查人标识")),
                ("reviewed_by", models.CharField(blank=True, default="", max_length=60, verbose_name="复查人")),
                ("reviewed_at", models.DateTimeField(null=True, verbose_name="复查时间")),
            ],
            options={
                "verbose_name": "督查整改报告",
                "constraints": [
                    models.UniqueConstraint(fields=("rectification", "turn"), name="inspections_report_once_a_turn"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_by_id__isnull", True), ("verdict", "")),
                            models.Q(
                                models.Q(("verdict", ""), _negated=True),
                                ("reviewed_by_id__isnull", False),
                                models.Q(("reviewed_by_id", models.F("by_id")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="inspections_report_reviewed_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Measure",
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
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="inspections.rectificationreport",
                        verbose_name="督查整改报告",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="inspections.finding",
                        verbose_name="问题",
                    ),
                ),
                ("text", models.TextField(verbose_name="整改措施和结果")),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("passed", "整改到位"), ("again", "继续整改"), ("referred", "移交电子监察")],
                        default="",
                        max_length=10,
                        verbose_name="复查结论",
                    ),
                ),
            ],
            options={
                "verbose_name": "督查整改措施",
                "constraints": [models.UniqueConstraint(fields=("report", "finding"), name="inspections_measure_once")],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
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
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="inspections.measure",
                        verbose_name="整改措施",
                    ),
                ),
                ("file_id", models.UUIDField(verbose_name="文件标识")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
            ],
            options={
                "verbose_name": "督查整改证明材料",
            },
        ),
    ]
