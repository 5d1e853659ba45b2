"""Usual phrases of a unit and of an official."""

from django.db import migrations, models

import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("service_hall", "0007_pins")]

    operations = [
        migrations.CreateModel(
            name="Phrase",
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
                ("person_id", models.UUIDField(null=True, verbose_name="人员标识")),
                (
                    "use",
                    models.CharField(
                        choices=[("opinion", "意见"), ("notice", "补正原因")], max_length=8, verbose_name="用途"
                    ),
                ),
                ("outcome", models.CharField(blank=True, default="", max_length=24, verbose_name="结论")),
                ("item_code", models.CharField(blank=True, default="", max_length=50, verbose_name="事项编码")),
                ("material", models.CharField(blank=True, default="", max_length=200, verbose_name="材料名称")),
                ("text", models.CharField(max_length=300, verbose_name="内容")),
                ("uses", models.PositiveIntegerField(default=0, verbose_name="使用次数")),
                ("kept_by", models.CharField(max_length=60, verbose_name="保存人")),
            ],
            options={
                "verbose_name": "常用语",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "org_id", "person_id", "use", "outcome", "item_code", "material", "text"),
                        name="service_hall_phrase_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("person_id__isnull", True)),
                        fields=("tenant", "org_id", "use", "outcome", "item_code", "material", "text"),
                        name="service_hall_unit_phrase_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("use__in", ["opinion", "notice"])), name="service_hall_phrase_use"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="service_hall_phrase_words"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("use", "notice")),
                            models.Q(("material", ""), ("use", "opinion")),
                            _connector="OR",
                        ),
                        name="service_hall_phrase_of_its_use",
                    ),
                ],
            },
        ),
    ]
