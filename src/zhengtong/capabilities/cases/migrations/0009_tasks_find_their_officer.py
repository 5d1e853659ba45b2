"""Whom a unit's tasks go to, who is away, and a case that ends without a decision."""

import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

DROP = """-- squawk-ignore ban-drop-constraint
alter table cases_workitemmove drop constraint cases_move_words"""
ADD = """
alter table cases_workitemmove add constraint cases_move_words check (kind in (
    'claim', 'release', 'assign', 'transfer', 'ask', 'answer', 'unask', 'reassign', 'hand_over', 'migrate')) not valid
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_hearings_waived"),
    ]

    operations = [
        migrations.CreateModel(
            name="Absence",
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
                ("org_id", models.UUIDField(verbose_name="单位标识")),
                ("person_id", models.UUIDField(verbose_name="人员标识")),
                ("person", models.CharField(max_length=60, verbose_name="人员")),
                ("from_day", models.DateField(verbose_name="起始日期")),
                ("until_day", models.DateField(verbose_name="截止日期")),
                ("substitute_id", models.UUIDField(null=True, verbose_name="代办人标识")),
                ("substitute", models.CharField(blank=True, default="", max_length=60, verbose_name="代办人")),
                ("noted_by", models.CharField(max_length=60, verbose_name="登记人")),
                ("ended_on", models.DateField(null=True, verbose_name="提前返岗日")),
            ],
            options={
                "verbose_name": "人员离岗",
            },
        ),
        migrations.CreateModel(
            name="RoutingRule",
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
                ("org_id", models.UUIDField(verbose_name="单位标识")),
                ("org_name", models.CharField(max_length=120, verbose_name="单位")),
                ("item_code", models.CharField(blank=True, default="", max_length=50, verbose_name="事项编码")),
                ("item_name", models.CharField(blank=True, default="", max_length=200, verbose_name="事项")),
                (
                    "phase",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accept", "受理"),
                            ("supplement", "补正"),
                            ("review", "审查"),
                            ("decide", "决定"),
                            ("issue", "制证送达"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="阶段",
                    ),
                ),
                ("area", models.CharField(blank=True, default="", max_length=12, verbose_name="片区编码")),
                ("area_name", models.CharField(blank=True, default="", max_length=60, verbose_name="片区")),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("fixed", "指定人员（按顺序）"),
                            ("turn", "轮流"),
                            ("load", "在办最少的优先"),
                            ("familiar", "熟悉本事项的优先"),
                        ],
                        max_length=10,
                        verbose_name="派件方式",
                    ),
                ),
                ("officers", models.JSONField(blank=True, default=list, verbose_name="承办人员")),
                ("last_id", models.UUIDField(null=True, verbose_name="轮到的人员标识")),
                ("set_by", models.CharField(max_length=60, verbose_name="设定人")),
            ],
            options={
                "verbose_name": "派件规则",
            },
        ),
        # the wider list below takes its place in the same transaction
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([DROP], [ADD])],
            state_operations=[migrations.RemoveConstraint(model_name="workitemmove", name="cases_move_words")],
        ),
        migrations.AddField(
            model_name="workitem",
            name="hand_note",
            field=models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="分派说明"),
        ),
        migrations.AlterField(
            model_name="case",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "未办结"),
                    ("approved", "准予"),
                    ("rejected", "不予许可"),
                    ("not_accepted", "不予受理"),
                    ("withdrawn", "申请人撤回"),
                    ("terminated", "终止办理"),
                ],
                default="",
                max_length=16,
                verbose_name="结果",
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
                    ("route", "系统分派"),
                ],
                max_length=12,
                verbose_name="方式",
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
                            "route",
                        ],
                    )
                ),
                name="cases_move_words",
            ),
        ),
        migrations.AddIndex(
            model_name="absence",
            index=models.Index(fields=["tenant", "org_id", "until_day"], name="cases_absence_unit"),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_day__gte", models.F("from_day"))), name="cases_absence_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("substitute_id__isnull", True),
                    models.Q(("substitute_id", models.F("person_id")), _negated=True),
                    _connector="OR",
                ),
                name="cases_absence_two_persons",
            ),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.UniqueConstraint(
                fields=("tenant", "org_id", "item_code", "phase", "area"), name="cases_routing_rule_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["fixed", "turn", "load", "familiar"])), name="cases_routing_words"
            ),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("mode", "fixed"), _negated=True),
                    models.Q(("officers", []), _negated=True),
                    _connector="OR",
                ),
                name="cases_routing_fixed_names_somebody",
            ),
        ),
    ]
