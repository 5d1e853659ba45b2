"""Drafts of processes and their recorded trial runs."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids


class Migration(migrations.Migration):
    """Two new tables."""

    dependencies = [("cases", "0003_hands_and_interventions")]

    operations = [
        migrations.CreateModel(
            name="ProcessDraft",
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
                ("key", models.CharField(max_length=60, verbose_name="流程")),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                ("bpmn_xml", models.TextField(verbose_name="图纸")),
                ("rev", models.PositiveIntegerField(default=1, verbose_name="修订号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("editing", "绘制中"),
                            ("submitted", "待批准"),
                            ("approved", "已启用"),
                            ("discarded", "已作废"),
                        ],
                        default="editing",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("changed_at", models.DateTimeField(default=zhengtong.kernel.clock.now, verbose_name="修改时间")),
                ("changed_by", models.CharField(max_length=60, verbose_name="修改人")),
                ("changed_by_id", models.UUIDField(verbose_name="修改人标识")),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="报批时间")),
                ("submitted_by", models.CharField(blank=True, max_length=60, verbose_name="报批人")),
                ("submitted_by_id", models.UUIDField(null=True, verbose_name="报批人标识")),
                ("submitted_org_id", models.UUIDField(null=True, verbose_name="报批单位标识")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="批复时间")),
                ("decided_by", models.CharField(blank=True, max_length=60, verbose_name="批复人")),
                ("decided_by_id", models.UUIDField(null=True, verbose_name="批复人标识")),
                ("note", models.TextField(blank=True, verbose_name="批复意见")),
                (
                    "base",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.processversion",
                        verbose_name="所依据的版本",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.processversion",
                        verbose_name="启用的版本",
                    ),
                ),
            ],
            options={
                "verbose_name": "流程草稿",
            },
        ),
        migrations.CreateModel(
            name="ProcessTrial",
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
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                ("moves", models.JSONField(verbose_name="步骤")),
                ("ending", models.CharField(blank=True, max_length=120, verbose_name="结果")),
                ("recorded_by", models.CharField(max_length=60, verbose_name="记录人")),
                ("recorded_by_id", models.UUIDField(verbose_name="记录人标识")),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trials",
                        to="cases.processdraft",
                        verbose_name="流程草稿",
                    ),
                ),
            ],
            options={
                "verbose_name": "试运行记录",
            },
        ),
        migrations.AddIndex(
            model_name="processdraft",
            index=models.Index(fields=["tenant", "state", "-changed_at"], name="cases_draft_state"),
        ),
        migrations.AddConstraint(
            model_name="processdraft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["editing", "submitted"])),
                fields=("tenant", "key"),
                name="cases_draft_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="processdraft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["editing", "discarded"]),
                    models.Q(("submitted_at__isnull", False), ("submitted_by_id__isnull", False)),
                    _connector="OR",
                ),
                name="cases_draft_submitted_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="processdraft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    models.Q(
                        ("decided_by_id__isnull", False),
                        ("version__isnull", False),
                        models.Q(("submitted_by_id", models.F("decided_by_id")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="cases_draft_two_persons",
            ),
        ),
        migrations.AddConstraint(
            model_name="processtrial",
            constraint=models.UniqueConstraint(fields=("draft", "title"), name="cases_trial_title_once"),
        ),
    ]
