"""A kind of paper more: the notice of a hearing. Words of the program only, nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0006_papers_name_their_item"),
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
                ],
                max_length=32,
                verbose_name="种类",
            ),
        ),
    ]
