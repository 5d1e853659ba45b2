"""Plans, targets, checklists, draws."""

import django.db.models.deletion
import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Plan",
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
                ("number", models.CharField(max_length=24, verbose_name="编号")),
                (
                    "kind",
                    models.CharField(
                        choices=[("annual", "年度督查"), ("special", "专项督查")], max_length=8, verbose_name="类别"
                    ),
                ),
                ("subject", models.CharField(max_length=80, verbose_name="督查事项")),
                ("basis", models.CharField(max_length=500, verbose_name="督查依据")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("ends_on", models.DateField(verbose_name="结束日期")),
                (
                    "target_kind",
                    models.CharField(
                        choices=[("unit", "单位"), ("window", "窗口"), ("case", "办件")],
                        max_length=8,
                        verbose_name="抽取的对象",
                    ),
                ),
                ("sample", models.PositiveSmallIntegerField(verbose_name="抽取数量")),
                ("pool", models.JSONField(default=list, verbose_name="抽调检查人员的单位")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "起草中"),
                            ("submitted", "待批准"),
                            ("approved", "待抽取"),
                            ("drawn", "检查中"),
                            ("closed", "已结束"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("org_id", models.UUIDField(verbose_name="督查机构标识")),
                ("org_name", models.CharField(max_length=120, verbose_name="督查机构")),
                ("made_by_id", models.UUIDField(verbose_name="起草人标识")),
                ("made_by", models.CharField(max_length=60, verbose_name="起草人")),
                ("approved_by_id", models.UUIDField(null=True, verbose_name="批准人标识")),
                ("approved_by", models.CharField(blank=True, default="", max_length=60, verbose_name="批准人")),
                ("approved_at", models.DateTimeField(null=True, verbose_name="批准时间")),
                ("returned", models.CharField(blank=True, default="", max_length=1000, verbose_name="退回理由")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="结束时间")),
            ],
            options={
                "verbose_name": "督查计划",
                "indexes": [models.Index(fields=["tenant", "state", "starts_on"], name="inspections_plan_queue")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "number"), name="inspections_plan_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="inspections_plan_period"
                    ),
                    models.CheckConstraint(condition=models.Q(("sample__gt", 0)), name="inspections_plan_sample"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by_id__isnull", True),
                            models.Q(("approved_by_id", models.F("made_by_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="inspections_plan_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_by_id__isnull", True), ("state__in", ("draft", "submitted"))),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_by_id__isnull", False),
                                ("state__in", ("approved", "drawn", "closed")),
                            ),
                            _connector="OR",
                        ),
                        name="inspections_plan_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state", "closed")),
                            models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="inspections_plan_closed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InspectionCounter",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("tenant", models.CharField(max_length=12, verbose_name="租户")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="最后编号")),
            ],
            options={
                "verbose_name": "督查计划编号计数",
                "constraints": [models.UniqueConstraint(fields=("tenant", "year"), name="inspections_counter_once")],
            },
        ),
        migrations.CreateModel(
            name="RiskSignal",
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
                ("kind", models.CharField(max_length=20, verbose_name="类别")),
                ("key", models.CharField(max_length=80, verbose_name="来源标识")),
                ("org_id", models.UUIDField(verbose_name="单位标识")),
                ("case_number", models.CharField(blank=True, max_length=80, verbose_name="办件编号")),
                ("at", models.DateTimeField(verbose_name="发生时间")),
                ("withdrawn", models.BooleanField(default=False, verbose_name="已撤销")),
            ],
            options={
                "verbose_name": "抽取权重来源",
                "indexes": [models.Index(fields=["tenant", "at"], name="inspections_signal_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "kind", "key"), name="inspections_signal_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="inspections.plan",
                        verbose_name="督查计划",
                    ),
                ),
                ("no", models.PositiveIntegerField(verbose_name="序号")),
                ("key", models.CharField(max_length=120, verbose_name="对象代号")),
                ("name", models.CharField(max_length=120, verbose_name="对象")),
                ("org_id", models.UUIDField(verbose_name="单位标识")),
                ("org_name", models.CharField(max_length=120, verbose_name="单位")),
            ],
            options={
                "verbose_name": "督查对象",
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "no"), name="inspections_target_no_once"),
                    models.UniqueConstraint(fields=("plan", "key"), name="inspections_target_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckPoint",
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points",
                        to="inspections.plan",
                        verbose_name="督查计划",
                    ),
                ),
                ("no", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("title", models.CharField(max_length=80, verbose_name="检查要点")),
                ("look_at", models.CharField(blank=True, max_length=500, verbose_name="看什么")),
                ("evidence", models.CharField(blank=True, max_length=200, verbose_name="取什么证据")),
            ],
            options={
                "verbose_name": "检查要点",
                "constraints": [models.UniqueConstraint(fields=("plan", "no"), name="inspections_point_no_once")],
            },
        ),
        migrations.CreateModel(
            name="Draw",
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
                    "plan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draw",
                        to="inspections.plan",
                        verbose_name="督查计划",
                    ),
                ),
                ("method", models.CharField(max_length=40, verbose_name="抽取方法")),
                ("seed", models.CharField(max_length=64, verbose_name="随机种子")),
                ("candidates", models.JSONField(verbose_name="候选对象")),
                ("people", models.JSONField(verbose_name="候选检查人员")),
                ("taken", models.JSONField(verbose_name="抽中的对象")),
                ("drawn_by_id", models.UUIDField(verbose_name="抽取人标识")),
                ("drawn_by", models.CharField(max_length=60, verbose_name="抽取人")),
            ],
            options={
                "verbose_name": "随机抽取记录",
            },
        ),
    ]
