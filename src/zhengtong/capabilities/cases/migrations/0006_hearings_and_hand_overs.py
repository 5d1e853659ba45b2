"""Hearings to their end, hand-overs in batches, and tasks that a new version of a process sends elsewhere."""

import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

DROP = """-- squawk-ignore ban-drop-constraint
alter table cases_workitemmove drop constraint cases_move_words"""
ADD = """
alter table cases_workitemmove add constraint cases_move_words check (kind in (
    'claim', 'release', 'assign', 'transfer', 'ask', 'answer', 'unask', 'reassign', 'hand_over')) not valid
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_without_locks"),
    ]

    operations = [
        migrations.CreateModel(
            name="HandOver",
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
                ("from_org_id", models.UUIDField(verbose_name="移出单位标识")),
                ("from_org_name", models.CharField(max_length=120, verbose_name="移出单位")),
                ("to_org_id", models.UUIDField(verbose_name="承继单位标识")),
                ("to_org_name", models.CharField(max_length=120, verbose_name="承继单位")),
                ("reason", models.CharField(max_length=200, verbose_name="依据")),
                ("asked_by", models.CharField(max_length=60, verbose_name="决定人")),
                ("total", models.PositiveIntegerField(verbose_name="应移交办件数")),
                ("moved", models.PositiveIntegerField(default=0, verbose_name="已移交办件数")),
                ("after", models.UUIDField(null=True, verbose_name="本轮进度")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="移交完成时间")),
            ],
            options={
                "verbose_name": "机构移交",
            },
        ),
        # the wider list below takes its place in the same transaction
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([DROP], [ADD])],
            state_operations=[migrations.RemoveConstraint(model_name="workitemmove", name="cases_move_words")],
        ),
        migrations.AddField(
            model_name="hearing",
            name="decline_reason",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="不组织听证的理由"),
        ),
        migrations.AddField(
            model_name="hearing",
            name="declined_on",
            field=models.DateField(null=True, verbose_name="不组织听证日"),
        ),
        migrations.AddField(
            model_name="hearing",
            name="minutes",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="听证笔录"),
        ),
        migrations.AddField(
            model_name="hearing",
            name="recorded_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="记录人"),
        ),
        migrations.AddField(
            model_name="hearing",
            name="request_text",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="听证请求"),
        ),
        migrations.AddField(
            model_name="hearing",
            name="requested_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="听证申请人"),
        ),
        migrations.AlterField(
            model_name="deadlinemove",
            name="cause",
            field=models.CharField(
                choices=[
                    ("pause", "停止计时"),
                    ("resume", "恢复计时"),
                    ("cap", "停止计时期满"),
                    ("extension", "延长期限"),
                    ("calendar", "工作日历变更"),
                    ("migrate", "迁移到新版流程"),
                ],
                max_length=10,
                verbose_name="原因类别",
            ),
        ),
        migrations.AlterField(
            model_name="workitemmove",
            name="kind",
            field=models.CharField(
                choices=[
                    ("claim", "签收"),
                    ("release", "退回待签收"),
                    ("assign", "指派"),
                    ("transfer", "转办"),
                    ("ask", "请人协办"),
                    ("answer", "协办答复"),
                    ("unask", "收回协办"),
                    ("reassign", "改派"),
                    ("hand_over", "移交"),
                    ("migrate", "随流程换版改由他单位办理"),
                ],
                max_length=12,
                verbose_name="方式",
            ),
        ),
        AddConstraintNotValid(
            model_name="hearing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decline_reason", ""), ("declined_on__isnull", True)),
                    models.Q(
                        ("declined_on__isnull", False),
                        ("held_on__isnull", True),
                        ("requested_on__isnull", False),
                        models.Q(("decline_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="cases_hearing_declined_with_reason",
            ),
        ),
        AddConstraintNotValid(
            model_name="workitemmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "claim",
                            "release",
                            "assign",
                            "transfer",
                            "ask",
                            "answer",
                            "unask",
                            "reassign",
                            "hand_over",
                            "migrate",
                        ],
                    )
                ),
                name="cases_move_words",
            ),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(fields=["tenant", "-created_at"], name="cases_hand_over_newest"),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at__isnull", True)),
                fields=("tenant", "from_org_id"),
                name="cases_hand_over_one_running",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_org_id", models.F("to_org_id")), _negated=True),
                name="cases_hand_over_two_units",
            ),
        ),
    ]
