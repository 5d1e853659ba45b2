"""What keeps a clerk from blame for a holiday, an outage or a wrong rule: outages with held cards, bulk cancellation."""

import django.db.models.deletion
import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supervision", "0004_card_life")]

    operations = [
        migrations.CreateModel(
            name="BulkCancel",
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
                ("number", models.CharField(max_length=20, verbose_name="批次号")),
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
                ("evidence", models.TextField(verbose_name="证据")),
                ("chosen", models.JSONField(verbose_name="选取条件")),
                ("effect", models.JSONField(verbose_name="对各单位的影响")),
                ("digest", models.CharField(max_length=64, verbose_name="清单摘要")),
                ("total", models.PositiveIntegerField(verbose_name="张数")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="已处理张数")),
                ("cancelled", models.PositiveIntegerField(default=0, verbose_name="已撤销张数")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="完成时间")),
            ],
            options={
                "verbose_name": "批量撤销",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Outage",
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
                ("areas", models.JSONField(default=list, verbose_name="影响的领域")),
                ("starts_at", models.DateTimeField(verbose_name="开始时间")),
                ("ends_at", models.DateTimeField(null=True, verbose_name="恢复时间")),
                ("reason", models.TextField(verbose_name="情况")),
                ("evidence", models.TextField(verbose_name="证据")),
                ("declared_by_id", models.UUIDField(verbose_name="登记人标识")),
                ("declared_by", models.CharField(max_length=60, verbose_name="登记人")),
                ("ended_by", models.CharField(blank=True, max_length=60, verbose_name="登记恢复的人")),
            ],
            options={
                "verbose_name": "系统故障时段",
            },
        ),
        migrations.CreateModel(
            name="BulkCancelCard",
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
                ("outcome", models.CharField(blank=True, max_length=120, verbose_name="处理结果")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cards",
                        to="supervision.bulkcancel",
                        verbose_name="批量撤销",
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supervision.card",
                        verbose_name="亮牌",
                    ),
                ),
            ],
            options={
                "verbose_name": "批量撤销清单",
            },
        ),
        migrations.CreateModel(
            name="HeldCard",
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
                ("event_id", models.UUIDField(verbose_name="触发事件标识")),
                ("org_name", models.CharField(max_length=120, verbose_name="责任单位")),
                ("at", models.DateTimeField(verbose_name="发生时间")),
                ("draft", models.JSONField(verbose_name="牌面内容")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待核定"), ("raised", "已亮牌"), ("dropped", "不亮牌")],
                        default="waiting",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("judged_by", models.CharField(blank=True, max_length=60, verbose_name="核定人")),
                ("judged_at", models.DateTimeField(null=True, verbose_name="核定时间")),
                ("judged_reason", models.TextField(blank=True, verbose_name="核定理由")),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supervision.ruleversion",
                        verbose_name="监察规则",
                    ),
                ),
                (
                    "outage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="held",
                        to="supervision.outage",
                        verbose_name="系统故障时段",
                    ),
                ),
            ],
            options={
                "verbose_name": "故障时段内暂不亮的牌",
            },
        ),
        migrations.AddIndex(
            model_name="bulkcancel",
            index=models.Index(fields=["tenant", "-created_at"], name="supervision_bulk_latest"),
        ),
        migrations.AddConstraint(
            model_name="bulkcancel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by_id__isnull", True),
                    models.Q(("decided_by_id", models.F("proposed_by_id")), _negated=True),
                    _connector="OR",
                ),
                name="supervision_bulkcancel_two_persons",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkcancel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "proposed")),
                    models.Q(models.Q(("state", "proposed"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="supervision_bulkcancel_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkcancel",
            constraint=models.UniqueConstraint(fields=("tenant", "number"), name="supervision_bulk_number_once"),
        ),
        migrations.AddIndex(
            model_name="outage",
            index=models.Index(fields=["tenant", "-starts_at"], name="supervision_outage_latest"),
        ),
        migrations.AddConstraint(
            model_name="outage",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__isnull", True), ("ends_at__gt", models.F("starts_at")), _connector="OR"),
                name="supervision_outage_period",
            ),
        ),
        migrations.AddIndex(
            model_name="bulkcancelcard",
            index=models.Index(fields=["card"], name="supervision_bulk_card"),
        ),
        migrations.AddConstraint(
            model_name="bulkcancelcard",
            constraint=models.UniqueConstraint(fields=("batch", "card"), name="supervision_bulk_card_once"),
        ),
        migrations.AddIndex(
            model_name="heldcard",
            index=models.Index(fields=["outage", "at"], name="supervision_held_order"),
        ),
        migrations.AddIndex(
            model_name="heldcard",
            index=models.Index(fields=["tenant", "event_id"], name="supervision_held_event"),
        ),
        migrations.AddConstraint(
            model_name="heldcard",
            constraint=models.UniqueConstraint(fields=("rule", "event_id"), name="supervision_held_once"),
        ),
        migrations.AddConstraint(
            model_name="heldcard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("judged_at__isnull", True), ("state", "waiting")),
                    models.Q(
                        models.Q(("state", "waiting"), _negated=True),
                        ("judged_at__isnull", False),
                        models.Q(("judged_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="supervision_held_judged",
            ),
        ),
    ]
