"""The answers as they were handed in, kept when a form is opened again for corrections."""

import django.db.models.deletion
from django.db import migrations, models

import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("forms", "0002_drafts_and_files")]

    operations = [
        migrations.CreateModel(
            name="EarlierAnswers",
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
                ("answers", zhengtong.kernel.fields.EncryptedTextField(verbose_name="填写内容")),
                ("handed_in_at", models.DateTimeField(verbose_name="提交时间")),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="forms.formversion",
                        verbose_name="表单版本",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="forms.submission",
                        verbose_name="表单填报",
                    ),
                ),
            ],
            options={
                "verbose_name": "以前提交的内容",
                "constraints": [
                    models.UniqueConstraint(fields=("submission", "handed_in_at"), name="forms_handed_in_once")
                ],
            },
        ),
    ]
