"""Persons ask for the correction of what is held about them."""

import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("service_hall", "0013_promises_and_special_steps"),
    ]

    operations = [
        migrations.CreateModel(
            name="CorrectionRequest",
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
                ("person_id", models.UUIDField(verbose_name="申请人标识")),
                ("person_name", models.CharField(max_length=60, verbose_name="申请人")),
                ("holding", models.CharField(max_length=40, verbose_name="信息类别")),
                ("holding_label", models.CharField(max_length=120, verbose_name="信息名称")),
                ("wrong", zhengtong.kernel.fields.EncryptedTextField(verbose_name="有误的内容")),
                ("right", zhengtong.kernel.fields.EncryptedTextField(verbose_name="应当更正为")),
                ("org_id", models.UUIDField(verbose_name="保管单位标识")),
                ("org_name", models.CharField(max_length=200, verbose_name="保管单位")),
                ("due_on", models.DateField(verbose_name="答复期限")),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "等待答复"), ("corrected", "已更正"), ("refused", "没有更正")],
                        default="asked",
                        max_length=9,
                        verbose_name="状态",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=1000, verbose_name="答复")),
                ("answered_by", models.CharField(blank=True, max_length=60, verbose_name="答复人")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="答复时间")),
            ],
            options={
                "verbose_name": "个人信息更正申请",
                "indexes": [
                    models.Index(fields=["tenant", "person_id", "-created_at"], name="service_hall_corrections_mine"),
                    models.Index(fields=["tenant", "org_id", "state", "due_on"], name="service_hall_corrections_of"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("state", "asked")),
                            models.Q(
                                models.Q(("state", "asked"), _negated=True),
                                ("answer__gt", ""),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="service_hall_correction_answered",
                    )
                ],
            },
        ),
    ]
