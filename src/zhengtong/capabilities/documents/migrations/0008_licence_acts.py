"""Licences are reported as lost, verifications are counted, and the authority's decisions have papers of their own."""

import django.db.models.deletion
from django.db import migrations, models

import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0007_hearing_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="CheckCount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("tenant", models.CharField(max_length=12, verbose_name="租户")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                        verbose_name="文书",
                    ),
                ),
                ("day", models.DateField(verbose_name="日期")),
                (
                    "way",
                    models.CharField(
                        choices=[("code", "查验码"), ("file", "文件比对"), ("token", "离线核验码")],
                        max_length=8,
                        verbose_name="查验方式",
                    ),
                ),
                ("count", models.PositiveIntegerField(verbose_name="次数")),
            ],
            options={
                "verbose_name": "查验次数",
            },
        ),
        migrations.CreateModel(
            name="LossReport",
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
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                        verbose_name="文书",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="遗失经过")),
                ("reported_at", models.DateTimeField(verbose_name="挂失时间")),
                ("lifted_at", models.DateTimeField(null=True, verbose_name="解除时间")),
            ],
            options={
                "verbose_name": "证照挂失",
            },
        ),
        migrations.AlterField(
            model_name="document",
            name="ended_ground",
            field=models.CharField(
                blank=True,
                choices=[
                    ("mistake", "登记内容有误"),
                    ("changed", "登记内容变更，换发新证"),
                    ("renewed", "有效期延续，换发新证"),
                    ("replaced", "遗失或者损毁，补发新证"),
                    ("on_request", "持有人申请"),
                    ("revoked", "许可依法被撤销"),
                    ("cancelled", "许可依法被注销"),
                    ("lifted", "许可证件依法被吊销"),
                    ("other", "其他原因，请向签发单位咨询"),
                ],
                db_default="",
                default="",
                max_length=12,
                verbose_name="替换或者撤回原因",
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[
                    ("licence", "电子证照"),
                    ("acceptance_notice", "受理通知书"),
                    ("supplement_notice", "一次性告知补正通知书"),
                    ("refusal", "不予行政许可决定书"),
                    ("refused_acceptance", "不予受理决定书"),
                    ("receipt", "收件回执"),
                    ("pause_notice", "停止计时告知书"),
                    ("extension_notice", "延长审批期限告知书"),
                    ("hearing_notice", "听证通知书"),
                    ("payment_receipt", "缴费凭据"),
                    ("refund_notice", "退费通知书"),
                    ("revocation_warning", "拟撤销行政许可告知书"),
                    ("revocation", "撤销行政许可决定书"),
                    ("cancellation", "注销行政许可决定书"),
                    ("correction", "证照更正通知书"),
                ],
                max_length=32,
                verbose_name="种类",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkcount",
            constraint=models.UniqueConstraint(fields=("document", "day", "way"), name="documents_check_count_once"),
        ),
        migrations.AddConstraint(
            model_name="lossreport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True)),
                fields=("document",),
                name="documents_lost_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="lossreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("lifted_at__isnull", True), ("lifted_at__gte", models.F("reported_at")), _connector="OR"
                ),
                name="documents_loss_order",
            ),
        ),
    ]
