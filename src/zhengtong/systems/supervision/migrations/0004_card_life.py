"""The life of a card: limits, doubts, accountability, letters; open cards get their limit."""

import django.db.models.deletion
import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.db import migrations, models

# a card that waits for its unit keeps the day it was given
LIMITS = """
insert into supervision_cardlimit
    (id, tenant, created_at, card_id, kind, amount, started_on, due_on, next_at, level, state)
select gen_random_uuid(), tenant, created_at, id, 'explain', 0, (created_at at time zone 'Asia/Shanghai')::date,
    explain_until, (explain_until + 1)::timestamp at time zone 'Asia/Shanghai', '', 'running'
from supervision_card where state = 'raised'
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0003_board_changed_at")]

    operations = [
        migrations.CreateModel(
            name="Accountability",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "待另一人核准"),
                            ("approved", "已核准"),
                            ("refused", "未核准"),
                            ("done", "已完成"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.TextField(verbose_name="理由")),
                ("proposed_by_id", models.UUIDField(verbose_name="提出人标识")),
                ("proposed_by", models.CharField(max_length=60, verbose_name="提出人")),
                ("proposed_post", models.CharField(blank=True, max_length=80, verbose_name="提出人岗位")),
                ("proposed_org", models.CharField(blank=True, max_length=120, verbose_name="提出单位")),
                ("decided_by_id", models.UUIDField(null=True, verbose_name="核准人标识")),
                ("decided_by", models.CharField(blank=True, max_length=60, verbose_name="核准人")),
                ("decided_post", models.CharField(blank=True, max_length=80, verbose_name="核准人岗位")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="核准时间")),
                ("decision", models.TextField(blank=True, verbose_name="核准意见")),
                ("kind", models.CharField(max_length=40, verbose_name="方式")),
                ("post", models.CharField(max_length=80, verbose_name="责任岗位")),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="supervision.card",
                        verbose_name="亮牌",
                    ),
                ),
            ],
            options={
                "verbose_name": "责任追究",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CardLimit",
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
                            ("explain", "说明期限"),
                            ("judge", "核定期限"),
                            ("appeal", "申诉期限"),
                            ("rectify", "整改期限"),
                            ("recheck", "复查期限"),
                            ("reply", "建议书回复期限"),
                        ],
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                ("amount", models.PositiveSmallIntegerField(verbose_name="工作日数")),
                ("started_on", models.DateField(verbose_name="起算日")),
                ("due_on", models.DateField(verbose_name="截止日")),
                ("next_at", models.DateTimeField(null=True, verbose_name="下次变灯时刻")),
                ("level", models.CharField(blank=True, max_length=8, verbose_name="已亮灯")),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "进行中"), ("met", "按期完成"), ("missed", "逾期"), ("ended", "已终止")],
                        default="running",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="limits",
                        to="supervision.card",
                        verbose_name="亮牌",
                    ),
                ),
            ],
            options={
                "verbose_name": "亮牌处理期限",
            },
        ),
        migrations.CreateModel(
            name="Doubt",
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
                    "cause",
                    models.CharField(
                        choices=[
                            ("holiday", "节假日调整"),
                            ("outage", "系统故障"),
                            ("wrong_rule", "规则错误"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="原因类别",
                    ),
                ),
                ("text", models.TextField(verbose_name="说明")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="处理时间")),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="doubts",
                        to="supervision.card",
                        verbose_name="亮牌",
                    ),
                ),
            ],
            options={
                "verbose_name": "亮牌存疑",
            },
        ),
        migrations.CreateModel(
            name="Letter",
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
                ("number", models.CharField(max_length=60, verbose_name="文号")),
                ("findings", models.TextField(verbose_name="查明的情况")),
                ("advice", models.TextField(verbose_name="建议")),
                ("reply_by", models.DateField(verbose_name="回复截止日")),
                ("document_id", models.UUIDField(null=True, verbose_name="文书标识")),
                ("sealed", models.BooleanField(default=False, verbose_name="已加盖印章")),
                ("issued_by", models.CharField(max_length=60, verbose_name="签发人")),
                ("issued_org_id", models.UUIDField(verbose_name="签发单位标识")),
                ("issued_org", models.CharField(max_length=120, verbose_name="签发单位")),
                ("reply", models.TextField(blank=True, verbose_name="回复内容")),
                ("replied_by", models.CharField(blank=True, max_length=60, verbose_name="回复人")),
                ("replied_at", models.DateTimeField(null=True, verbose_name="回复时间")),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="supervision.card",
                        verbose_name="亮牌",
                    ),
                ),
            ],
            options={
                "verbose_name": "监察建议书",
            },
        ),
        migrations.CreateModel(
            name="News",
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
                ("about", models.CharField(max_length=12, verbose_name="事由")),
                ("to_unit", models.BooleanField(default=True, verbose_name="告知责任单位")),
                ("text", models.CharField(blank=True, max_length=200, verbose_name="内容")),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="supervision.card",
                        verbose_name="亮牌",
                    ),
                ),
            ],
            options={
                "verbose_name": "待通知的亮牌消息",
            },
        ),
        migrations.AlterField(
            model_name="card",
            name="state",
            field=models.CharField(
                choices=[
                    ("raised", "待说明"),
                    ("explained", "待核定"),
                    ("confirmed", "已认定，待整改"),
                    ("rectified", "已报整改，待复查"),
                    ("cancelled", "已撤销"),
                    ("closed", "已销号"),
                ],
                default="raised",
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="cardact",
            name="kind",
            field=models.CharField(
                choices=[
                    ("explain", "说明"),
                    ("appeal", "申诉"),
                    ("rectify", "整改报告"),
                    ("confirm", "认定"),
                    ("cancel", "撤销"),
                    ("close", "销号"),
                    ("clear", "自动销号"),
                    ("raise", "人工亮牌"),
                    ("send_back", "复查不通过，退回整改"),
                    ("transfer", "转督查"),
                    ("propose", "发出监察建议书"),
                    ("reply", "回复监察建议书"),
                    ("account", "责任追究"),
                    ("mark", "依据已变"),
                    ("keep", "维持"),
                    ("overdue", "逾期"),
                ],
                max_length=10,
                verbose_name="操作",
            ),
        ),
        migrations.AlterField(
            model_name="cardact",
            name="state_after",
            field=models.CharField(
                choices=[
                    ("raised", "待说明"),
                    ("explained", "待核定"),
                    ("confirmed", "已认定，待整改"),
                    ("rectified", "已报整改，待复查"),
                    ("cancelled", "已撤销"),
                    ("closed", "已销号"),
                ],
                max_length=10,
                verbose_name="操作后状态",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountability",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by_id__isnull", True),
                    models.Q(("decided_by_id", models.F("proposed_by_id")), _negated=True),
                    _connector="OR",
                ),
                name="supervision_accountability_two_persons",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountability",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "proposed")),
                    models.Q(models.Q(("state", "proposed"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="supervision_accountability_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountability",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")), fields=("card", "post"), name="supervision_account_one_open"
            ),
        ),
        migrations.AddIndex(
            model_name="cardlimit",
            index=models.Index(
                condition=models.Q(("state", "running")), fields=["next_at"], name="supervision_limit_next"
            ),
        ),
        migrations.AddIndex(
            model_name="cardlimit",
            index=models.Index(fields=["card", "started_on"], name="supervision_limit_card"),
        ),
        migrations.AddConstraint(
            model_name="cardlimit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")), fields=("card", "kind"), name="supervision_limit_one_running"
            ),
        ),
        migrations.AddConstraint(
            model_name="cardlimit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state", "running")),
                    models.Q(
                        models.Q(("state", "running"), _negated=True),
                        ("ended_at__isnull", False),
                        ("next_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="supervision_limit_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="doubt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("settled_at__isnull", True)),
                fields=("card", "cause"),
                name="supervision_doubt_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(fields=("tenant", "number"), name="supervision_letter_number_once"),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replied_at__isnull", True), ("reply", "")),
                    models.Q(("replied_at__isnull", False), models.Q(("reply", ""), _negated=True)),
                    _connector="OR",
                ),
                name="supervision_letter_replied",
            ),
        ),
        migrations.AddIndex(
            model_name="news",
            index=models.Index(fields=["tenant", "created_at"], name="supervision_news_order"),
        ),
        migrations.RunSQL(LIMITS, migrations.RunSQL.noop),
    ]
