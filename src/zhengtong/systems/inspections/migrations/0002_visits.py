"""Visits, what was found at each point, the time line."""

import django.db.models.deletion
import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Visit",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="inspections.plan",
                        verbose_name="督查计划",
                    ),
                ),
                ("no", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("number", models.CharField(max_length=30, verbose_name="编号")),
                (
                    "target_kind",
                    models.CharField(
                        choices=[("unit", "单位"), ("window", "窗口"), ("case", "办件")],
                        max_length=8,
                        verbose_name="对象类别",
                    ),
                ),
                ("target_key", models.CharField(max_length=120, verbose_name="对象代号")),
                ("target_name", models.CharField(max_length=120, verbose_name="检查对象")),
                ("org_id", models.UUIDField(verbose_name="被检查单位标识")),
                ("org_name", models.CharField(max_length=120, verbose_name="被检查单位")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "待检查"),
                            ("going", "检查中"),
                            ("done", "待发整改通知"),
                            ("rectify", "整改中"),
                            ("review", "待复查"),
                            ("closed", "已办结"),
                            ("cancelled", "未检查"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[("clean", "未发现问题"), ("passed", "整改到位"), ("referred", "移交电子监察")],
                        default="",
                        max_length=10,
                        verbose_name="办结方式",
                    ),
                ),
                ("place", models.CharField(blank=True, default="", max_length=200, verbose_name="检查地点")),
                ("started_at", models.DateTimeField(null=True, verbose_name="开始时间")),
                ("done_at", models.DateTimeField(null=True, verbose_name="完成时间")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="办结时间")),
            ],
            options={
                "verbose_name": "督查检查",
                "indexes": [
                    models.Index(fields=["tenant", "state"], name="inspections_visit_queue"),
                    models.Index(fields=["tenant", "org_id", "state"], name="inspections_visit_unit"),
                    models.Index(fields=["tenant", "done_at"], name="inspections_visit_done_at"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "no"), name="inspections_visit_no_once"),
                    models.UniqueConstraint(fields=("plan", "target_key"), name="inspections_visit_target_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "planned"), ("state", "cancelled"), ("started_at__isnull", False), _connector="OR"
                        ),
                        name="inspections_visit_started",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", True), ("state__in", ("planned", "going", "cancelled"))),
                            models.Q(
                                ("done_at__isnull", False), ("state__in", ("done", "rectify", "review", "closed"))
                            ),
                            _connector="OR",
                        ),
                        name="inspections_visit_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False),
                                ("state", "closed"),
                                models.Q(("ending", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True),
                                ("closed_at__isnull", True),
                                ("ending", ""),
                            ),
                            _connector="OR",
                        ),
                        name="inspections_visit_ending",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inspector",
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
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspectors",
                        to="inspections.visit",
                        verbose_name="督查检查",
                    ),
                ),
                ("person_id", models.UUIDField(verbose_name="检查人员标识")),
                ("name", models.CharField(max_length=60, verbose_name="检查人员")),
                ("org_id", models.UUIDField(verbose_name="所在单位标识")),
                ("org_name", models.CharField(max_length=120, verbose_name="所在单位")),
                ("target_org_id", models.UUIDField(verbose_name="被检查单位标识")),
                ("signed_at", models.DateTimeField(null=True, verbose_name="签字时间")),
                ("recused_at", models.DateTimeField(null=True, verbose_name="回避时间")),
                ("recused_reason", models.CharField(blank=True, default="", max_length=1000, verbose_name="回避理由")),
            ],
            options={
                "verbose_name": "检查人员",
                "indexes": [models.Index(fields=["tenant", "person_id"], name="inspections_inspector_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "person_id"), name="inspections_inspector_once"),
                    models.CheckConstraint(
                        condition=models.Q(("org_id", models.F("target_org_id")), _negated=True),
                        name="inspections_inspector_not_own_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("recused_at__isnull", True), ("signed_at__isnull", True), _connector="OR"),
                        name="inspections_inspector_recused",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PointResult",
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
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="inspections.visit",
                        verbose_name="督查检查",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.checkpoint",
                        verbose_name="检查要点",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[("good", "合格"), ("bad", "不合格"), ("none", "不适用")],
                        max_length=4,
                        verbose_name="结果",
                    ),
                ),
                ("serious", models.BooleanField(default=False, verbose_name="问题严重")),
                ("remark", models.TextField(blank=True, default="", verbose_name="情况说明")),
                ("place", models.CharField(blank=True, default="", max_length=200, verbose_name="具体位置")),
                ("noted_at", models.DateTimeField(verbose_name="记录时间")),
                ("saved_at", models.DateTimeField(verbose_name="送达时间")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版次")),
                ("person_id", models.UUIDField(verbose_name="记录人标识")),
                ("person_name", models.CharField(max_length=60, verbose_name="记录人")),
            ],
            options={
                "verbose_name": "检查结果",
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "point"), name="inspections_result_once"),
                    models.CheckConstraint(
                        condition=models.Q(("result", "bad"), ("serious", False), _connector="OR"),
                        name="inspections_result_serious",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("remark", ""), ("result", "bad"), _negated=True),
                        name="inspections_result_bad_says_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PointPhoto",
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
                    "result",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="inspections.pointresult",
                        verbose_name="检查结果",
                    ),
                ),
                ("file_id", models.UUIDField(verbose_name="文件标识")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("taken_by", models.CharField(max_length=60, verbose_name="拍摄人")),
            ],
            options={
                "verbose_name": "检查照片",
                "constraints": [models.UniqueConstraint(fields=("result", "digest"), name="inspections_photo_once")],
            },
        ),
        migrations.CreateModel(
            name="Finding",
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
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="inspections.visit",
                        verbose_name="督查检查",
                    ),
                ),
                (
                    "result",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="finding",
                        to="inspections.pointresult",
                        verbose_name="结果",
                    ),
                ),
                ("no", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("title", models.CharField(max_length=80, verbose_name="检查要点")),
                ("text", models.TextField(verbose_name="发现的问题")),
                ("serious", models.BooleanField(default=False, verbose_name="问题严重")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待整改"), ("passed", "整改到位"), ("referred", "移交电子监察")],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
            ],
            options={
                "verbose_name": "督查发现的问题",
                "constraints": [models.UniqueConstraint(fields=("visit", "no"), name="inspections_finding_no_once")],
            },
        ),
        migrations.CreateModel(
            name="InspectionAct",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="inspections.plan",
                        verbose_name="督查计划",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="inspections.visit",
                        verbose_name="督查检查",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("draft", "起草计划"),
                            ("change", "修改计划"),
                            ("submit", "提请批准"),
                            ("return", "退回修改"),
                            ("approve", "批准计划"),
                            ("draw", "随机抽取"),
                            ("finish", "结束计划"),
                            ("recuse", "回避并更换检查人员"),
                            ("cancel", "取消检查"),
                            ("start", "开始检查"),
                            ("sign", "检查人员签字"),
                            ("done", "检查完成"),
                            ("notice", "发出整改通知"),
                            ("acknowledge", "签收整改通知"),
                            ("report", "报送整改情况"),
                            ("review", "复查"),
                            ("warn", "临近期限"),
                            ("overdue", "超过期限"),
                            ("hand_over", "移交承继单位"),
                            ("close", "办结"),
                        ],
                        max_length=12,
                        verbose_name="操作",
                    ),
                ),
                ("text", models.TextField(blank=True, default="", verbose_name="内容")),
                ("person_id", models.UUIDField(null=True, verbose_name="操作人标识")),
                ("person_name", models.CharField(blank=True, max_length=60, verbose_name="操作人")),
                ("org_name", models.CharField(blank=True, max_length=120, verbose_name="单位")),
            ],
            options={
                "verbose_name": "督查办理记录",
                "indexes": [models.Index(fields=["visit", "created_at"], name="inspections_act_visit")],
            },
        ),
    ]
