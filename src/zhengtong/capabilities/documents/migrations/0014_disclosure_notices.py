"""One kind of paper more: letters on requests for government information. Words only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0013_rectification_notices"),
    ]

    operations = [
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
                    ("inspection_record", "现场勘验笔录"),
                    ("expert_opinion", "专家评审意见书"),
                    ("public_notice", "公示"),
                    ("termination", "终止办理通知书"),
                    ("pledge", "办事承诺书"),
                    ("payment_receipt", "缴费凭据"),
                    ("refund_notice", "退费通知书"),
                    ("revocation_warning", "拟撤销行政许可告知书"),
                    ("revocation", "撤销行政许可决定书"),
                    ("cancellation", "注销行政许可决定书"),
                    ("correction", "证照更正通知书"),
                    ("report", "统计报告"),
                    ("supervision_letter", "监察建议书"),
                    ("rectification_notice", "督查整改通知书"),
                    ("disclosure_notice", "政府信息公开告知书"),
                ],
                max_length=32,
                verbose_name="种类",
            ),
        ),
    ]
